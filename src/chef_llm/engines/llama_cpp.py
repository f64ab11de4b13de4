"""llama.cpp, in process, through xllamacpp: the engine of production, and what runs encoders."""

import json
import queue
import secrets
import threading
import time
import urllib.request
from collections.abc import Generator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from chef_llm.engines import (
    Chance,
    Completion,
    Deadline,
    Grammar,
    OwnTemplate,
    Sampling,
    Timings,
    TokenIds,
    Writing,
    require_room,
)
from chef_llm.engines.gbnf import to_gbnf
from chef_llm.errors import DeadlineExceeded, InvalidRequest, ModelUnavailable

# Prompt tokens per batch: after each, llama.cpp reports progress and the deadline is looked at.
BATCH_TOKENS: Final = 256
LOOPBACK_TIMEOUT_SECONDS: Final = 30
# The longest text of an encoder, start and end with it.
ENCODER_TOKENS: Final = 512
# In llama.cpp's error for a model whose file says of no way to make a text's vector.
NO_POOLING: Final = "Pooling type 'none'"
# The logarithm of the probability of what cannot be; JSON has no infinity.
NO_CHANCE: Final = -9999.0
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
        xllamacpp = _binding()
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(path)
        parameters.n_ctx = context_length
        parameters.n_batch = parameters.n_ubatch = BATCH_TOKENS
        parameters.n_parallel = 1
        parameters.cpuparams.n_threads = threads
        parameters.cpuparams_batch.n_threads = threads
        parameters.ctx_shift = False
        # Of a model that is made for it; the others say that they are not, and write as before.
        parameters.embedding = True
        if exact_attention:
            flash = xllamacpp.llama_flash_attn_type
            parameters.flash_attn_type = flash.LLAMA_FLASH_ATTN_TYPE_DISABLED
            parameters.cache_type_k = xllamacpp.ggml_type.GGML_TYPE_F32
            parameters.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
        self._key = secrets.token_hex(16)
        self._turn = threading.Lock()
        self._is_special: dict[str, bool] = {}
        self._server = _served(parameters, self._key, path)
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

    def spelled(self, text: str, *, special: bool) -> list[tuple[int, str | list[int]]]:
        """Return each token's id with what it spells: text, or bytes that are no character."""
        return [(token["id"], token["piece"]) for token in self._tokens(text, special=special)]

    @cached_property
    def start_tokens(self) -> list[int]:
        """The tokens with which any text begins for this model."""
        tokens: list[int] = self._ask("/tokenize", {"content": "", "add_special": True})["tokens"]
        # Some models have one for the end as well; it follows the text.
        return tokens[:1]

    def embed(self, texts: Sequence[TokenIds], deadline: Deadline) -> list[list[float]] | None:
        """Return the vector of each text, None where the model is not made for it.

        One text after the other, so that the deadline is looked at between them.
        """
        if not self._turn.acquire(timeout=max(0.0, deadline.remaining_seconds)):
            raise busy()
        vectors = []
        try:
            for text in texts:
                if deadline.passed:
                    raise DeadlineExceeded("時間内に全部の文章をベクトルにできませんでした。")
                answer = self._server.handle_embeddings({"input": list(text)})
                if error := answer.get("error"):
                    if NO_POOLING in error["message"]:
                        return None
                    raise refused(error)
                vectors.append(answer["data"][0]["embedding"])
        finally:
            self._turn.release()
        return vectors

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
        answer: dict[str, Any] = _asked(self._server, self._key, path, body)
        return answer

    def write(
        self,
        prompt: TokenIds,
        sampling: Sampling,
        constraint: Grammar | None,
        deadline: Deadline,
    ) -> Writing:
        """Continue `prompt`; see `Engine.write`."""
        require_room(prompt, self._context_length)
        body = _body(prompt, sampling, constraint, self._context_length)
        decoding = _Decoding(self._server, self._turn, body, deadline)
        return Writing(decoding.pieces(), decoding.completion)


class TokenVectors:
    """An encoder in a GGUF file: a vector for each token of a text, in the context of all others.

    It answers whoever asks in turn.
    """

    def __init__(self, path: str | Path, threads: int) -> None:
        """Load the encoder; raises `ModelUnavailable` when there is none or it is no GGUF."""
        xllamacpp = _binding()
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(path)
        # All tokens of a text see each other, so they have to be in one batch.
        parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = ENCODER_TOKENS
        parameters.n_parallel = 1
        parameters.cpuparams.n_threads = threads
        parameters.cpuparams_batch.n_threads = threads
        parameters.embedding = True
        parameters.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_NONE
        self._key = secrets.token_hex(16)
        self._server = _served(parameters, self._key, path)

    def tokens(self, parts: Sequence[str | int]) -> list[int]:
        """Return the token ids of a text of which some tokens are given."""
        body = {"content": list(parts), "add_special": False, "parse_special": False}
        tokens: list[int] = self._asked("/tokenize", body)["tokens"]
        return tokens

    def vectors(self, tokens: TokenIds) -> list[list[float]]:
        """Return (tokens, hidden size): what the last layer says of each."""
        answer = self._asked("/embedding", {"content": list(tokens), "embd_normalize": -1})
        vectors: list[list[float]] = answer[0]["embedding"]
        return vectors

    def _asked(self, path: str, body: dict[str, Any]) -> Any:
        return _asked(self._server, self._key, path, body)


def _binding() -> Any:
    try:
        import xllamacpp  # noqa: PLC0415  # the only import; costs 50 ms and needs libgomp
    except ImportError as error:
        raise ModelUnavailable("推論エンジン llama.cpp を読み込めません。") from error
    return xllamacpp


def _served(parameters: Any, key: str, path: str | Path) -> Any:
    """Return llama.cpp's server of a model; raises `ModelUnavailable` for a file that is none."""
    parameters.warmup = False
    parameters.use_jinja = False
    # Else it keeps the KV cache of each earlier prompt, up to 8 GiB: the function has far less.
    parameters.cache_ram_mib = 0
    parameters.cache_idle_slots = False
    parameters.verbosity = -1
    # Its HTTP side, for what the binding has no call for, listens on loopback: no one else may.
    parameters.api_keys = [key]
    try:
        server = _binding().Server(parameters)
    except RuntimeError as error:
        raise ModelUnavailable(f"モデルのファイル {Path(path).name} を読み込めません。") from error
    # Answered by its loop, so that the loop runs from here on: a server that is destroyed
    # before its loop has begun waits for ever for one that begins after it was told to stop.
    _asked(server, key, "/slots")
    return server


def _asked(server: Any, key: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Ask llama.cpp's server what its binding has no call for."""
    request = urllib.request.Request(  # noqa: S310  # always http, on loopback
        f"{server.listening_address}{path}",
        None if body is None else json.dumps(body).encode(),
        {"content-type": "application/json", "authorization": f"Bearer {key}"},
    )
    with urllib.request.urlopen(request, timeout=LOOPBACK_TIMEOUT_SECONDS) as response:  # noqa: S310
        return json.load(response)


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
        "min_p": sampling.min_p,
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
    if sampling.logit_bias:
        body["logit_bias"] = [list(pair) for pair in sampling.logit_bias]
    if sampling.top_logprobs is not None:
        # Of none llama.cpp would not tell the token's own.
        body["n_probs"] = max(1, sampling.top_logprobs)
    return body


def _chances(choice: dict[str, Any], most: int) -> Generator[Chance, None, None]:
    """Yield what a chunk says of its tokens' probabilities, with `most` others beside each."""
    for token in (choice.get("logprobs") or {}).get("content", ()):
        likeliest = tuple(_chance(other) for other in token["top_logprobs"][:most])
        yield replace(_chance(token), likeliest=likeliest)


def _chance(token: dict[str, Any]) -> Chance:
    # Of a token that could not be llama.cpp says null.
    logprob = token["logprob"] if token["logprob"] is not None else NO_CHANCE
    return Chance(token["token"], logprob, tuple(token["bytes"]))


def busy() -> DeadlineExceeded:
    """Return the error of a request whose turn never came."""
    return DeadlineExceeded(
        "混み合っています。しばらくしてからもう一度お試しください。",
        english="The model is busy with another request. Please try again later.",
    )


def refused(error: dict[str, Any]) -> InvalidRequest:
    """Return an error of llama.cpp's own as ours."""
    message = error.get("message")
    return InvalidRequest(
        f"モデルがこの指定を受け付けません: {message}", english=f"The model refuses this: {message}"
    )


class _Decoding:
    """One completion: llama.cpp decodes in a thread of its own, in step with whoever reads.

    It goes on to the next token when the next piece is asked for, and ends with the text, with the
    deadline, or when nobody reads on.
    """

    def __init__(
        self, server: Any, turn: threading.Lock, body: dict[str, Any], deadline: Deadline
    ) -> None:
        self._server = server
        self._turn = turn
        self._body = body
        self._deadline = deadline
        # None is put last.
        self._written: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._wanted = threading.Semaphore(0)
        self._texts: list[str] = []
        self._chances: list[Chance] = []
        self._last_chunk: dict[str, Any] = {}
        self._error: dict[str, Any] | None = None
        self._crash: Exception | None = None
        self._started = 0.0
        self._first_token_seconds = 0.0
        self._is_stopped_by_deadline = False
        self._is_closed = False

    def pieces(self) -> Generator[str, None, None]:
        """Yield the text as it is written, when it is this completion's turn."""
        if not self._turn.acquire(timeout=max(0.0, self._deadline.remaining_seconds)):
            raise busy()
        self._started = time.monotonic()
        thread = threading.Thread(target=self._decode, name="decoding", daemon=True)
        try:
            thread.start()
            while (piece := self._written.get()) is not None:
                yield piece
                self._wanted.release()
        finally:
            self._is_closed = True
            self._wanted.release()
            thread.join()
            self._turn.release()
        self._raise_what_failed()

    def _decode(self) -> None:
        try:
            returned = self._server.handle_completions(self._body, self._on_chunk)
            self._error = self._error or (returned or {}).get("error")
        except Exception as crash:  # noqa: BLE001  # raised again in the thread that reads
            self._crash = crash
        finally:
            self._written.put(None)

    def _on_chunk(self, chunk: dict[str, Any]) -> bool:
        """Take a chunk; returning True stops the decoding."""
        if "error" in chunk:
            self._error = chunk["error"]
            return True
        self._last_chunk = chunk
        for choice in chunk.get("choices", ()):
            self._chances += _chances(choice, self._body.get("n_probs", 0))
            if text := choice.get("text"):
                if not self._texts:
                    self._first_token_seconds = time.monotonic() - self._started
                self._texts.append(text)
                self._written.put(text)
                self._wanted.acquire()
        if self._deadline.passed and not any(self._finish_reasons):
            self._is_stopped_by_deadline = True
        return self._is_stopped_by_deadline or self._is_closed

    def _raise_what_failed(self) -> None:
        if self._crash:
            raise self._crash
        if self._error:
            raise refused(self._error)
        if self._is_stopped_by_deadline and not self._texts:
            raise DeadlineExceeded(
                "時間内に回答を書き始められませんでした。質問を短くしてお試しください。"
            )

    @property
    def _finish_reasons(self) -> list[str | None]:
        return [choice.get("finish_reason") for choice in self._last_chunk.get("choices", ())]

    def completion(self) -> Completion:
        """Return what was written, and what it took."""
        timings = self._last_chunk.get("timings", {})
        usage = self._last_chunk.get("usage", {})
        is_cut = self._is_stopped_by_deadline or "length" in self._finish_reasons
        return Completion(
            text="".join(self._texts),
            finish_reason="length" if is_cut else "stop",
            prompt_tokens=len(self._body["prompt"]),
            completion_tokens=usage.get("completion_tokens", len(self._texts)),
            stopped_by_deadline=self._is_stopped_by_deadline,
            timings=Timings(
                prefill_seconds=timings.get("prompt_ms", 0.0) / 1000,
                decode_seconds=timings.get("predicted_ms", 0.0) / 1000,
                first_token_seconds=self._first_token_seconds,
                cached_tokens=int(timings.get("cache_n", 0)),
            ),
            raw_timings=timings,
            chances=tuple(self._chances),
        )
