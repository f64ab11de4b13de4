"""transformers (torch, on the CPU): the reference engine, and for what llama.cpp cannot run.

Nothing that ships needs it: `CHEF_ENGINE=transformers` picks it, and `CHEF_MODEL` is then the
folder of a Hugging Face checkpoint.
"""

import copy
import pickle
import re
import secrets
import threading
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import sentencepiece
import torch
from google.protobuf.message import DecodeError
from safetensors import SafetensorError
from sentencepiece import sentencepiece_model_pb2
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    LogitsProcessor,
    LogitsProcessorList,
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)
from transformers.utils import logging

from chef_llm.chat.text_stream import StopStrings, through
from chef_llm.engines import (
    Completion,
    Deadline,
    FinishReason,
    Grammar,
    OwnTemplate,
    Sampling,
    Timings,
    TokenIds,
    Writing,
    require_room,
)
from chef_llm.errors import DeadlineExceeded, InvalidRequest, ModelUnavailable
from chef_tools.checkpoint import template_source
from chef_tools.choices import Rest, can_be_listed, until_choice, ways_on

# Prompt tokens that are read between two looks at the deadline.
BATCH_TOKENS: Final = 256
# Memory for the options that are scored at once: each takes a copy of the KV cache.
SCORING_BYTES: Final = 512 * 2**20
FLOAT32_BYTES: Final = 4
# Tokens of the prompt before an answer, so that the answer's first piece keeps its space.
TAIL_TOKENS: Final = 4
# Those of rinna/japanese-gpt-1b, dolly and kondate: special whatever type the piece has.
SPECIAL_TOKENS: Final = ("<unk>", "<s>", "</s>", "[PAD]", "[CLS]", "[SEP]", "[MASK]")
SPECIAL_PATTERN: Final = re.compile(f"({'|'.join(map(re.escape, SPECIAL_TOKENS))})")
BYTE_PIECE: Final = re.compile("<0x([0-9A-F]{2})>")
# Of private use, so no piece has it: stands for a character that was read as <unk>.
UNKNOWN_CHARACTER: Final = "\ue000"
BROKEN_CHARACTER: Final = "\ufffd"


class TransformersEngine:
    """A checkpoint in float32; one request decodes at a time, as with llama.cpp.

    `threads` are torch's, and so those of the whole process.
    """

    def __init__(self, folder: Path, context_length: int, threads: int) -> None:
        """Load the checkpoint; raises `ModelUnavailable` when there is none or it is not whole."""
        torch.set_num_threads(threads)
        self._model = _load_model(folder)
        self._tokenizer, self._own_template = _load_tokenizer(folder)
        config = self._model.config
        self._context_length = min(
            context_length, getattr(config, "max_position_embeddings", None) or context_length
        )
        self._ends = _end_tokens(self._model)
        self._turn = threading.Lock()

    @property
    def context_length(self) -> int:
        """The most tokens that prompt and answer may have together."""
        return self._context_length

    @property
    def own_template(self) -> OwnTemplate | None:
        """The chat template in the checkpoint's folder, if there is one."""
        return self._own_template

    def tokenize(self, text: str, *, special: bool) -> list[int]:
        """Return the token ids of `text`; with `special` it may hold special tokens."""
        return self._tokenizer.encode(text, special=special)

    @property
    def start_tokens(self) -> list[int]:
        """The tokens with which any text begins: templates write them themselves."""
        return []

    def embed(
        self,
        texts: Sequence[TokenIds],  # noqa: ARG002  # the protocol's
        deadline: Deadline,  # noqa: ARG002
    ) -> list[list[float]] | None:
        """Return None: no checkpoint is loaded for this."""
        return None

    def spelled(self, text: str, *, special: bool) -> list[tuple[int, str | list[int]]]:
        """Return each token's id with what it spells."""
        ids = self._tokenizer.encode(text, special=special)
        return [(token, self._tokenizer.spelling(token)) for token in ids]

    def special_tokens(self, text: str) -> list[str]:
        """Return the special tokens that `tokenize(text, special=True)` reads, in their order."""
        ids = self._tokenizer.encode(text, special=True)
        return [
            self._tokenizer.spelling(token) for token in ids if token in self._tokenizer.special
        ]

    def write(
        self,
        prompt: TokenIds,
        sampling: Sampling,
        constraint: Grammar | None,
        deadline: Deadline,
    ) -> Writing:
        """Continue `prompt`; see `Engine.write`.

        Inside a constraint `temperature` and `seed` count, the other ways to sample do not, and
        `max_tokens` ends the answer before the text that would not fit.
        """
        require_room(prompt, self._context_length)
        if constraint is not None and not can_be_listed(constraint):
            raise InvalidRequest(
                "このエンジンでは、値を数えあげられる形のJSONだけを書けます。",
                english="This engine writes only JSON whose values can be listed.",
            )
        memory = _Memory(self._model, deadline)
        room = self._context_length - len(prompt)
        decoding = _TorchDecoding(memory, self._tokenizer, self._ends, sampling, room)
        pieces = self._in_turn(decoding.pieces(list(prompt), constraint), deadline)
        return Writing(pieces, decoding.completion)

    def _in_turn(
        self, pieces: Generator[str, None, None], deadline: Deadline
    ) -> Generator[str, None, None]:
        if not self._turn.acquire(timeout=max(0.0, deadline.remaining_seconds)):
            raise DeadlineExceeded("混み合っています。しばらくしてからもう一度お試しください。")
        try:
            yield from pieces
        finally:
            self._turn.release()


def _load_model(folder: Path) -> Any:
    if not (folder / "config.json").is_file():
        raise ModelUnavailable(
            f"{folder} はチェックポイントのフォルダではありません: config.json がありません。"
        )
    logging.disable_progress_bar()
    try:
        model, report = AutoModelForCausalLM.from_pretrained(
            folder,
            dtype=torch.float32,
            local_files_only=True,
            trust_remote_code=False,
            weights_only=True,
            output_loading_info=True,
        )
    except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
        raise ModelUnavailable(f"{folder.name} を読み込めません: {error}") from error
    except (SafetensorError, pickle.UnpicklingError, EOFError) as error:
        raise ModelUnavailable(f"{folder.name} の重みのファイルが壊れています。") from error
    # transformers fills what a checkpoint lacks with random weights.
    if report["missing_keys"]:
        missing = "、".join(sorted(report["missing_keys"])[:3])
        raise ModelUnavailable(f"{folder.name} の重みが足りません: {missing}")
    return model.eval()


def _end_tokens(model: Any) -> list[int]:
    for config in (model.generation_config, model.config):
        ends = getattr(config, "eos_token_id", None)
        if ends is not None:
            return list(ends) if isinstance(ends, list) else [ends]
    return []


class _Memory:
    """A model and what it has read so far: the KV cache, and the logits after the last token."""

    def __init__(self, model: Any, deadline: Deadline) -> None:
        self.deadline = deadline
        self._model = model
        # RWKV has no keys and values, but a state that knows no way back.
        self._memory_name = "state" if model.config.model_type == "rwkv" else "past_key_values"
        self._ids: list[int] = []
        self._memory: Any = None
        self._logits: Any = None

    def read(self, ids: list[int]) -> Any:
        """Read `ids`, of which the beginning may be known; return the logits after them, (1, V).

        Raises `DeadlineExceeded` when there is no time to read on.
        """
        known = len(self._ids) if ids[: len(self._ids)] == self._ids else _shared([self._ids, ids])
        if known == len(ids) < len(self._ids):
            known -= 1
        self._forget(known)
        for start in range(len(self._ids), len(ids), BATCH_TOKENS):
            batch = ids[start : start + BATCH_TOKENS]
            output = self._forward(torch.tensor([batch]), self._memory)
            self._memory = output[self._memory_name]
            self._logits = output.logits[:, -1]
            self._ids += batch
        return self._logits

    def scores(self, candidates: Sequence[list[int]]) -> Any:
        """Return the log-probability of each candidate after what all of them share, (options,).

        A candidate that is the beginning of all others counts its last token with theirs.
        """
        shared = min(_shared(candidates), min(map(len, candidates)) - 1)
        if not shared:
            return torch.zeros(len(candidates))
        first = self.read(candidates[0][:shared]).log_softmax(-1)[0]
        rows = [candidate[shared:] for candidate in candidates]
        scores = first[[row[0] for row in rows]]
        longer = [number for number, row in enumerate(rows) if len(row) > 1]
        for numbers in _batches(longer, self._row_bytes(max(map(len, rows)), len(first))):
            scores[numbers] += self._scores_after_first([rows[number] for number in numbers])
        return scores

    def _scores_after_first(self, rows: Sequence[list[int]]) -> Any:
        width = max(map(len, rows)) - 1
        # Padding stands at the end of a row, where no other token sees it.
        read = torch.tensor([_padded(row[:-1], width) for row in rows])  # (rows, width)
        written = torch.tensor([_padded(row[1:], width) for row in rows])  # (rows, width)
        logits = self._forward(read, _repeated(self._memory, len(rows))).logits
        each = logits.log_softmax(-1).gather(2, written.unsqueeze(2)).squeeze(2)
        lengths = torch.tensor([len(row) - 1 for row in rows]).unsqueeze(1)
        return each.masked_fill(torch.arange(width) >= lengths, 0.0).sum(1)

    def _forward(self, ids: Any, memory: Any) -> Any:
        if self.deadline.passed:
            raise DeadlineExceeded(
                "時間内に回答を書き始められませんでした。質問を短くしてお試しください。"
            )
        with torch.no_grad():
            return self._model(ids, use_cache=True, **{self._memory_name: memory})

    def _forget(self, known: int) -> None:
        """Go back to the first `known` tokens, or to none where that cannot be done."""
        if known == len(self._ids):
            return
        if known and getattr(self._memory, "is_croppable", False):
            self._memory.crop(known - len(self._ids))
            self._ids = self._ids[:known]
        else:
            self._memory, self._ids = None, []

    def _row_bytes(self, width: int, vocabulary_size: int) -> int:
        # Two of the logits: as they come, and as log-probabilities.
        return _bytes_of(self._memory) + 2 * FLOAT32_BYTES * width * vocabulary_size


class _TorchDecoding:
    """One completion."""

    def __init__(
        self,
        memory: _Memory,
        tokenizer: "_Tokenizer",
        ends: Sequence[int],
        sampling: Sampling,
        room: int,
    ) -> None:
        self.memory = memory
        self.tokenizer = tokenizer
        self.ends = ends
        self.sampling = sampling
        self.room = room
        self.most_tokens = min(sampling.max_tokens, room)
        seed = secrets.randbits(31) if sampling.seed is None else sampling.seed % 2**32
        self.random = torch.Generator().manual_seed(seed)
        self.processors = _processors(sampling)
        self.prompt_tokens = 0
        self.tokens = 0
        self.texts: list[str] = []
        self.finish_reason: FinishReason = "length"
        self.is_stopped_by_deadline = False
        self.started = time.monotonic()
        self.prefilled: float | None = None
        self.first_token: float | None = None

    def pieces(self, prompt: list[int], constraint: Grammar | None) -> Generator[str, None, None]:
        """Yield what is written, to the end, the limit, a stop string or the deadline."""
        stops = StopStrings(self.sampling.stop)
        self.prompt_tokens = len(prompt)
        try:
            for piece in through(self._written(prompt, constraint), stops):
                self.texts.append(piece)
                yield piece
        except DeadlineExceeded:
            if not self.tokens:
                raise
            self.is_stopped_by_deadline = True
        except GeneratorExit:
            self.finish_reason = "stop"
            raise
        if stops.is_done:
            self.finish_reason = "stop"

    def _written(self, prompt: list[int], constraint: Grammar | None) -> Iterator[str]:
        self.memory.read(prompt)
        self.prefilled = time.monotonic()
        if constraint is None:
            yield from self._write(prompt)
        else:
            yield from self._choose(prompt, constraint)

    def _write(self, prompt: list[int]) -> Iterator[str]:
        """Write freely, token by token."""
        written: list[int] = []
        given = 0
        while len(written) < self.most_tokens:
            logits = self.memory.read(prompt + written)
            written.append(self._draw(prompt + written, logits))
            self._count(len(written))
            if written[-1] in self.ends:
                self.finish_reason = "stop"
                return
            # A character may take several tokens: until the last of them it is a broken one.
            text = self.tokenizer.text_after(prompt, written).rstrip(BROKEN_CHARACTER)
            yield text[given:]
            given = max(given, len(text))

    def _draw(self, ids: list[int], logits: Any) -> int:
        logits = self.processors(torch.tensor([ids]), logits)
        if self.sampling.temperature == 0:
            return int(logits.argmax())
        return int(torch.multinomial(logits.softmax(-1), 1, generator=self.random))

    def _choose(self, prompt: list[int], constraint: Grammar) -> Iterator[str]:
        """Write inside the grammar: at each choice the way on that the model finds likeliest."""
        answer, rest = until_choice(constraint)
        while True:
            ways: dict[str, Rest] = ways_on(rest) if rest else {"": ()}
            text = self._way(prompt, answer, ways)
            [ids] = self._ids_after(prompt, [answer + text])
            if len(ids) - len(prompt) > self.most_tokens:
                return
            # What stands before the first choice is given with it, and so after the first token.
            piece = text if self.tokens else answer + text
            answer, rest = answer + text, ways[text]
            self._count(max(1, len(ids) - len(prompt)))
            yield piece
            if not rest:
                self.finish_reason = "stop"
                return

    def _way(self, prompt: list[int], answer: str, ways: dict[str, Rest]) -> str:
        """Choose by the sum of log-probabilities; a way that ends the answer ends it with </s>."""
        texts = list(ways)
        if len(texts) == 1:
            return texts[0]
        whole = self._ids_after(prompt, [answer + text for text in texts])
        settled = self._settled(prompt, answer, texts)
        longest = len(prompt) + self.room
        candidates = [
            (settled[number] if ways[text] else [*whole[number], *self.ends[:1]])[:longest]
            for number, text in enumerate(texts)
        ]
        scores = self.memory.scores(candidates)
        if self.sampling.temperature == 0:
            return texts[int(scores.argmax())]
        shares = (scores / self.sampling.temperature).softmax(0)
        return texts[int(torch.multinomial(shares, 1, generator=self.random))]

    def _settled(self, prompt: list[int], answer: str, texts: Sequence[str]) -> list[list[int]]:
        """Return for each text the ids that stay, whatever is written after it.

        A text that ends in "副菜: " is spelled as no text that goes on is: those unlikely pieces
        would decide for or against the dish before them.
        """
        one, other = (
            self._ids_after(prompt, [answer + text + following for text in texts])
            for following in (UNKNOWN_CHARACTER, "卵")
        )
        return [ids[: _shared((ids, others))] for ids, others in zip(one, other, strict=True)]

    def _ids_after(self, prompt: list[int], answers: Sequence[str]) -> list[list[int]]:
        """Return the ids of prompt and answer for each, tokenized as one text.

        Alone an answer would begin with a dummy space, and a piece that spans the seam (as in
        training) would be two.
        """
        start = 1 + max(
            (place for place, token in enumerate(prompt) if token in self.tokenizer.special),
            default=-1,
        )
        before = self.tokenizer.source(prompt[start:])
        if self.tokenizer.encode(before, special=False) == prompt[start:]:
            joined = [self.tokenizer.encode(before + answer, special=False) for answer in answers]
            together = [prompt[:start] + ids for ids in joined]
            if all(ids[:1] == prompt[:1] for ids in together):
                return together
        return [prompt + self.tokenizer.encode(answer, special=False) for answer in answers]

    def _count(self, tokens: int) -> None:
        self.first_token = self.first_token or time.monotonic()
        self.tokens = tokens

    def completion(self) -> Completion:
        """Return what was written, and what it took."""
        now = time.monotonic()
        prefilled = self.prefilled or now
        timings = Timings(
            prefill_seconds=prefilled - self.started,
            decode_seconds=now - prefilled,
            first_token_seconds=(self.first_token or self.started) - self.started,
        )
        return Completion(
            text="".join(self.texts),
            finish_reason="length" if self.is_stopped_by_deadline else self.finish_reason,
            prompt_tokens=self.prompt_tokens,
            completion_tokens=self.tokens,
            stopped_by_deadline=self.is_stopped_by_deadline,
            timings=timings,
            # llama.cpp's names.
            raw_timings={
                "prompt_n": self.prompt_tokens,
                "prompt_ms": 1000 * timings.prefill_seconds,
                "predicted_n": self.tokens,
                "predicted_ms": 1000 * timings.decode_seconds,
            },
        )


class _CountPenalties(LogitsProcessor):  # type: ignore[misc]
    """OpenAI's presence and frequency penalties, over prompt and answer as llama.cpp has them."""

    def __init__(self, presence: float, frequency: float) -> None:
        self.presence = presence
        self.frequency = frequency

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        counts = torch.bincount(input_ids[0], minlength=scores.shape[-1])
        return scores - self.frequency * counts - self.presence * (counts > 0)


class _Bias(LogitsProcessor):  # type: ignore[misc]  # no types without torch
    """Adds to the scores of some tokens."""

    def __init__(self, bias: dict[int, float]) -> None:
        self.bias = bias

    def __call__(self, input_ids: Any, scores: Any) -> Any:  # noqa: ARG002  # transformers'
        for token, bias in self.bias.items():
            if token < scores.shape[-1]:
                scores[:, token] += bias
        return scores


def _processors(sampling: Sampling) -> Any:
    """Return what shapes the logits, in the order of `transformers.generate`."""
    processors = LogitsProcessorList()
    if sampling.logit_bias:
        processors.append(_Bias(dict(sampling.logit_bias)))
    if sampling.repetition_penalty != 1:
        processors.append(RepetitionPenaltyLogitsProcessor(sampling.repetition_penalty))
    if sampling.presence_penalty or sampling.frequency_penalty:
        processors.append(_CountPenalties(sampling.presence_penalty, sampling.frequency_penalty))
    if sampling.temperature:
        processors.append(TemperatureLogitsWarper(float(sampling.temperature)))
        if sampling.top_k > 0:
            processors.append(TopKLogitsWarper(sampling.top_k))
        if sampling.top_p < 1:
            processors.append(TopPLogitsWarper(sampling.top_p))
        if sampling.min_p:
            processors.append(MinPLogitsWarper(sampling.min_p))
    return processors


class _Tokenizer(Protocol):
    """Text to ids and back."""

    special: frozenset[int]
    bos_token: str
    eos_token: str

    def spelling(self, token: int) -> str:
        """Return how a special token is written."""

    def encode(self, text: str, *, special: bool) -> list[int]:
        """Return the ids of `text`; only with `special` are special tokens in it read as such."""

    def text_after(self, before: Sequence[int], ids: Sequence[int]) -> str:
        """Return what `ids` say after `before`: U+FFFD for broken UTF-8, "" for a special token."""

    def source(self, ids: Sequence[int]) -> str:
        """Return a text that has these ids, none of them special; not always the one they had."""


def _load_tokenizer(folder: Path) -> tuple[_Tokenizer, OwnTemplate | None]:
    pieces = folder / "spiece.model"
    try:
        tokenizer = _Pieces(pieces.read_bytes()) if pieces.is_file() else _Fast(folder)
        source = template_source(folder)
    except (OSError, ValueError, RuntimeError, KeyError, ImportError, DecodeError) as error:
        raise ModelUnavailable(f"{folder.name} のトークナイザーを読み込めません。") from error
    if source is None:
        return tokenizer, None
    return tokenizer, OwnTemplate(source, tokenizer.bos_token, tokenizer.eos_token)


class _Pieces:
    """A SentencePiece model; text between special tokens stands by itself, as in llama.cpp."""

    bos_token = "<s>"  # noqa: S105  # no password
    eos_token = "</s>"  # noqa: S105

    def __init__(self, data: bytes) -> None:
        proto = sentencepiece_model_pb2.ModelProto()
        proto.ParseFromString(data)
        for piece in proto.pieces:
            # So that no plain text is read as one of them (dolly's [SEP] is a word to its file).
            if piece.piece in SPECIAL_TOKENS[1:]:
                piece.type = piece.CONTROL
        self._pieces = sentencepiece.SentencePieceProcessor(model_proto=proto.SerializeToString())
        self._ids = {
            piece.piece: number
            for number, piece in enumerate(proto.pieces)
            if piece.piece in SPECIAL_TOKENS
        }
        self._bytes = [self._spelling(piece) for piece in proto.pieces]
        self._unknown = self._pieces.unk_id()
        self.special = frozenset(self._ids.values()) - {self._unknown}

    def encode(self, text: str, *, special: bool) -> list[int]:
        ids: list[int] = []
        for fragment in SPECIAL_PATTERN.split(text) if special else [text]:
            if special and fragment in self._ids:
                ids.append(self._ids[fragment])
            elif fragment:
                ids += self._pieces.Encode(fragment)
        return ids

    def spelling(self, token: int) -> str:
        piece: str = self._pieces.IdToPiece(token)
        return piece

    def text_after(self, before: Sequence[int], ids: Sequence[int]) -> str:  # noqa: ARG002
        # A checkpoint may round its embedding up; the rest of its rows are no tokens.
        known = (self._bytes[token] for token in ids if token < len(self._bytes))
        return b"".join(known).decode(errors="replace")

    def source(self, ids: Sequence[int]) -> str:
        # What was read as <unk> is read as that again.
        unknown = UNKNOWN_CHARACTER.encode()
        texts = (unknown if token == self._unknown else self._bytes[token] for token in ids)
        return b"".join(texts).decode(errors="replace").removeprefix(" ")

    @staticmethod
    def _spelling(piece: Any) -> bytes:
        if piece.piece in SPECIAL_TOKENS:
            return b""
        if byte := BYTE_PIECE.fullmatch(piece.piece):
            return bytes([int(byte[1], 16)])
        spelling: str = piece.piece.replace("▁", " ")
        return spelling.encode()


class _Fast:
    """The tokenizer that transformers finds in the checkpoint."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = AutoTokenizer.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
        added = self._tokenizer.added_tokens_decoder.items()
        self.special = frozenset(
            {*self._tokenizer.all_special_ids, *(number for number, one in added if one.special)}
        )
        self.bos_token = self._tokenizer.bos_token or ""
        self.eos_token = self._tokenizer.eos_token or ""
        # Whether special tokens are split is set on the tokenizer, not passed to it.
        self._lock = threading.Lock()

    def encode(self, text: str, *, special: bool) -> list[int]:
        with self._lock:
            ids: list[int] = self._tokenizer(
                text, add_special_tokens=False, split_special_tokens=not special
            )["input_ids"]
        return ids

    def spelling(self, token: int) -> str:
        spelling: str = self._tokenizer.convert_ids_to_tokens(token)
        return spelling

    def text_after(self, before: Sequence[int], ids: Sequence[int]) -> str:
        # Some tokenizers drop the space of a first piece: let it not be the first.
        tail = list(before[-TAIL_TOKENS:])
        return self._decoded([*tail, *ids])[len(self._decoded(tail)) :]

    def source(self, ids: Sequence[int]) -> str:
        return self._decoded(list(ids))

    def _decoded(self, ids: list[int]) -> str:
        text: str = self._tokenizer.decode(
            ids, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return text


def _shared(sequences: Sequence[list[int]]) -> int:
    """Return how many ids all of the sequences have in common at their beginning."""
    for place, ids in enumerate(zip(*sequences, strict=False)):
        if len(set(ids)) > 1:
            return place
    return min(map(len, sequences))


def _padded(ids: list[int], width: int) -> list[int]:
    return ids + [0] * (width - len(ids))


def _batches(numbers: list[int], row_bytes: int) -> Iterator[list[int]]:
    most = max(1, SCORING_BYTES // row_bytes)
    for start in range(0, len(numbers), most):
        yield numbers[start : start + most]


def _repeated(memory: Any, times: int) -> Any:
    """Return a copy of the KV cache (or RWKV's state) for a batch of that many."""
    if isinstance(memory, list):
        return [state.repeat_interleave(times, dim=0) for state in memory]
    memory = copy.deepcopy(memory)
    memory.batch_repeat_interleave(times)
    return memory


def _bytes_of(memory: Any) -> int:
    tensors: Iterable[Any] = (
        memory
        if isinstance(memory, list)
        else (tensor for layer in memory.layers for tensor in (layer.keys, layer.values))
    )
    return sum(tensor.nbytes for tensor in tensors)
