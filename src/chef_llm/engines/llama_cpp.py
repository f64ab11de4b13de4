"""llama.cpp, in process, through xllamacpp: the engine of production."""

import json
import secrets
import threading
import time
import urllib.request
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from chef_llm.engines import (
    Completion,
    Deadline,
    FinishReason,
    Grammar,
    OnText,
    OwnTemplate,
    Sampling,
    Timings,
    TokenIds,
    require_room,
)
from chef_llm.engines.gbnf import to_gbnf
from chef_llm.errors import DeadlineExceeded, InvalidRequest, ModelUnavailable

# Prompt tokens per batch: after each, llama.cpp reports progress and the deadline is looked at.
BATCH_TOKENS: Final = 256
LOOPBACK_TIMEOUT_SECONDS: Final = 10
# llama.cpp reports ChatML for a file without a template; a model of that format has this token.
CHATML_TOKEN: Final = "<|im_start|>"  # noqa: S105  # no password


class LlamaCppEngine:
    """A GGUF model in llama.cpp's own server, called in process.

    One request decodes at a time; a second waits for its turn or its deadline.
    """

    def __init__(
        self, path: str | Path, context_length: int, threads: int, *, exact_attention: bool = False
    ) -> None:
        """Load the model; raises `ModelUnavailable` when there is none or it is no GGUF.

        `exact_attention` computes attention in 32 bits, as the reference does, with twice the KV
        cache; in llama.cpp's usual 16 bits two tokens nearly as likely may change places.
        """
        if not Path(path).exists():
            raise ModelUnavailable(f"モデルのファイル {Path(path).name} がありません。")
        try:
            import xllamacpp  # noqa: PLC0415  # the only import; costs 50 ms and needs libgomp
        except ImportError as error:
            raise ModelUnavailable("推論エンジン llama.cpp を読み込めません。") from error
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(path)
        parameters.n_ctx = context_length
        parameters.n_batch = parameters.n_ubatch = BATCH_TOKENS
        parameters.n_parallel = 1
        parameters.cpuparams.n_threads = threads
        parameters.cpuparams_batch.n_threads = threads
        parameters.ctx_shift = False
        parameters.use_jinja = False
        parameters.warmup = False
        # Else it keeps the KV cache of each earlier prompt, up to 8 GiB: the function has far less.
        parameters.cache_ram_mib = 0
        parameters.cache_idle_slots = False
        if exact_attention:
            flash = xllamacpp.llama_flash_attn_type
            parameters.flash_attn_type = flash.LLAMA_FLASH_ATTN_TYPE_DISABLED
            parameters.cache_type_k = xllamacpp.ggml_type.GGML_TYPE_F32
            parameters.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
        parameters.verbosity = -1
        # Its HTTP side, used for tokenizing alone, listens on loopback: no one else may use it.
        self._key = secrets.token_hex(16)
        parameters.api_keys = [self._key]
        self._turn = threading.Lock()
        self._is_special: dict[str, bool] = {}
        try:
            self._server = xllamacpp.Server(parameters)
        except RuntimeError as error:
            raise ModelUnavailable(
                f"モデルのファイル {Path(path).name} を読み込めません。"
            ) from error
        self._properties = self._ask("/props")
        # No more than the model was made for; what was asked for may be rounded up.
        given: int = self._properties["default_generation_settings"]["n_ctx"]
        self._context_length = min(context_length, given)

    @property
    def context_length(self) -> int:
        """The most tokens that prompt and answer may have together."""
        return self._context_length

    @cached_property
    def own_template(self) -> OwnTemplate | None:
        """The chat template in the GGUF file, if there is one."""
        template = OwnTemplate(
            self._properties["chat_template"],
            self._properties["bos_token"],
            self._properties["eos_token"],
        )
        if CHATML_TOKEN in template.source and not self.special_tokens(CHATML_TOKEN):
            return None
        return template

    def tokenize(self, text: str, *, special: bool) -> list[int]:
        """Return the token ids of `text`; with `special` it may hold special tokens."""
        return [token["id"] for token in self._tokens(text, special=special)]

    def special_tokens(self, text: str) -> list[str]:
        """Return the special tokens that `tokenize(text, special=True)` reads, in their order."""
        tokens = self._tokens(text, special=True)
        plain = set(self.tokenize(text, special=False))
        # Bytes of a broken character come as a list of numbers: no special token.
        pieces = [token["piece"] for token in tokens if token["id"] not in plain]
        return [piece for piece in pieces if isinstance(piece, str) and self._special(piece)]

    def _special(self, piece: str) -> bool:
        """Tell whether a piece is a special token: only then is it read in two ways."""
        if piece not in self._is_special:
            ids = [self.tokenize(piece, special=special) for special in (True, False)]
            self._is_special[piece] = ids[0] != ids[1]
        return self._is_special[piece]

    def _tokens(self, text: str, *, special: bool) -> list[dict[str, Any]]:
        body = {"content": text, "add_special": False, "parse_special": special}
        tokens: list[dict[str, Any]] = self._ask("/tokenize", body | {"with_pieces": True})[
            "tokens"
        ]
        return tokens

    def _ask(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask llama.cpp's server what its binding has no call for."""
        request = urllib.request.Request(  # noqa: S310  # always http, on loopback
            f"{self._server.listening_address}{path}",
            None if body is None else json.dumps(body).encode(),
            {"content-type": "application/json", "authorization": f"Bearer {self._key}"},
        )
        with urllib.request.urlopen(request, timeout=LOOPBACK_TIMEOUT_SECONDS) as response:  # noqa: S310
            answer: dict[str, Any] = json.load(response)
        return answer

    def complete(
        self,
        prompt: TokenIds,
        sampling: Sampling,
        constraint: Grammar | None,
        deadline: Deadline,
        on_text: OnText,
    ) -> Completion:
        """Continue `prompt`; see `Engine.complete`."""
        require_room(prompt, self._context_length)
        if not self._turn.acquire(timeout=max(0.0, deadline.remaining_seconds)):
            raise DeadlineExceeded("混み合っています。しばらくしてからもう一度お試しください。")
        try:
            body = _body(prompt, sampling, constraint, self._context_length)
            return _Run(deadline, on_text).start(self._server, body)
        finally:
            self._turn.release()


def _body(
    prompt: TokenIds, sampling: Sampling, constraint: Grammar | None, context_length: int
) -> dict[str, Any]:
    body: dict[str, Any] = {
        "prompt": list(prompt),
        "stream": True,
        "return_progress": True,
        "cache_prompt": True,
        "n_predict": sampling.max_tokens,
        "temperature": sampling.temperature,
        "top_k": sampling.top_k,
        "top_p": sampling.top_p,
        "min_p": 0.0,
        "repeat_penalty": sampling.repetition_penalty,
        # The whole context, as Hugging Face does. llama.cpp allocates as much as it is told here.
        "repeat_last_n": context_length,
        "presence_penalty": sampling.presence_penalty,
        "frequency_penalty": sampling.frequency_penalty,
        "stop": list(sampling.stop),
        "seed": secrets.randbits(31) if sampling.seed is None else sampling.seed % 2**32,
    }
    if constraint is not None:
        body["grammar"] = to_gbnf(constraint)
    return body


class _Run:
    """One completion: collects llama.cpp's chunks until it ends or the deadline does."""

    def __init__(self, deadline: Deadline, on_text: OnText) -> None:
        self.deadline = deadline
        self.on_text = on_text
        self.texts: list[str] = []
        self.pieces = 0
        self.started = time.monotonic()
        self.first_token_seconds = 0.0
        self.stopped_by_deadline = False
        self.last: dict[str, Any] = {}
        self.error: dict[str, Any] | None = None

    def start(self, server: Any, body: dict[str, Any]) -> Completion:
        """Run to the end and return the completion."""
        returned = server.handle_completions(body, self._on_chunk)
        error = self.error or (returned or {}).get("error")
        if error:
            raise InvalidRequest(f"モデルがこの指定を受け付けません: {error.get('message')}")
        if self.stopped_by_deadline and not self.pieces:
            raise DeadlineExceeded(
                "時間内に回答を書き始められませんでした。質問を短くしてお試しください。"
            )
        return self._completion(len(body["prompt"]))

    def _on_chunk(self, chunk: dict[str, Any]) -> bool:
        """Take a chunk; returning True stops the decoding."""
        if "error" in chunk:
            self.error = chunk["error"]
            return True
        self.last = chunk
        stop = False
        for choice in chunk.get("choices", ()):
            text = choice.get("text") or ""
            if text:
                if not self.pieces:
                    self.first_token_seconds = time.monotonic() - self.started
                self.pieces += 1
                self.texts.append(text)
                stop = self.on_text(text)
        if self.deadline.passed and not self._finished:
            self.stopped_by_deadline = True
            return True
        return stop

    @property
    def _finished(self) -> bool:
        return any(choice.get("finish_reason") for choice in self.last.get("choices", ()))

    def _completion(self, prompt_tokens: int) -> Completion:
        timings = self.last.get("timings", {})
        usage = self.last.get("usage", {})
        reasons = [choice.get("finish_reason") for choice in self.last.get("choices", ())]
        reason: FinishReason = (
            "length" if self.stopped_by_deadline or "length" in reasons else "stop"
        )
        return Completion(
            text="".join(self.texts),
            finish_reason=reason,
            prompt_tokens=prompt_tokens,
            completion_tokens=usage.get("completion_tokens", self.pieces),
            stopped_by_deadline=self.stopped_by_deadline,
            timings=Timings(
                prefill_seconds=timings.get("prompt_ms", 0.0) / 1000,
                decode_seconds=timings.get("predicted_ms", 0.0) / 1000,
                first_token_seconds=self.first_token_seconds,
                cached_tokens=int(timings.get("cache_n", 0)),
            ),
            raw_timings=timings,
        )
