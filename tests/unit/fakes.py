"""A language model without a language model: it says what the test told it to."""

import random
import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from chef_llm.chat.text_stream import StopStrings, through
from chef_llm.engines import (
    Chance,
    Completion,
    Deadline,
    Grammar,
    OwnTemplate,
    Sampling,
    TokenIds,
    Writing,
    require_room,
)
from chef_llm.errors import DeadlineExceeded
from guarantees import random_text

# Spelled as dolly's tokenizer spells them.
SPECIAL_TOKENS: Final = ("<unk>", "<s>", "</s>", "[PAD]", "[CLS]", "[SEP]", "[MASK]")
# Ids from here on are special; below, an id is the code point of its character.
FIRST_SPECIAL_ID: Final = 0x110000
# As kondate writes it: a line break is the two characters backslash and n.
MENU: Final = (
    r"鶏むね肉とキャベツの献立です。\n主食: ご飯\n主菜: 鶏むね肉の照り焼き\n"
    r"副菜: キャベツの浅漬け\n汁物: キャベツと油揚げのみそ汁\nポイント: 火を通しすぎないことです。"
)


@dataclass(frozen=True)
class Request:
    """What the engine was asked for, the prompt as text."""

    prompt: str
    sampling: Sampling
    constraint: Grammar | None
    deadline: Deadline


@dataclass
class FakeWriting:
    """What is written of `answer`: to its end, a stop string, the deadline or its last token."""

    answer: str | Sequence[str]
    room: int
    pieces_in_time: int | None
    sampling: Sampling
    deadline: Deadline
    texts: list[str] = field(default_factory=list)
    tokens: int = 0
    out_of_time: bool = False
    is_ended: bool = False

    def pieces(self) -> Generator[str, None, None]:
        if self.deadline.passed or self.pieces_in_time == 0:
            raise DeadlineExceeded("時間内に回答を書き始められませんでした。")
        stops = StopStrings(self.sampling.stop)
        try:
            for piece in through(self._tokens(), stops):
                self.texts.append(piece)
                yield piece
        except GeneratorExit:
            self.is_ended = True
            raise
        self.is_ended = stops.is_done
        self.out_of_time &= not stops.is_done

    def _tokens(self) -> Iterator[str]:
        for piece in self.answer[: self.room]:
            self.tokens += 1
            yield piece
            if self.tokens == self.pieces_in_time or self.deadline.passed:
                self.out_of_time = self.tokens < len(self.answer)
                return

    def completion(self, prompt_tokens: int) -> Completion:
        out_of_tokens = not self.is_ended and self.tokens == self.room < len(self.answer)
        return Completion(
            text="".join(self.texts),
            finish_reason="length" if self.out_of_time or out_of_tokens else "stop",
            prompt_tokens=prompt_tokens,
            completion_tokens=self.tokens,
            stopped_by_deadline=self.out_of_time,
            chances=self._chances(),
            raw_timings={"prompt_ms": 1.0, "predicted_ms": 2.0},
        )

    def _chances(self) -> tuple[Chance, ...]:
        """Return a chance for each piece, as sure as can be."""
        if (beside := self.sampling.top_logprobs) is None:
            return ()
        pieces = list(self.answer[: self.tokens])
        return tuple(
            Chance(one, 0.0, tuple(one.encode()), (Chance(one, 0.0),) * min(1, beside))
            for one in pieces
        )


@dataclass
class FakeEngine:
    """An `Engine` that writes `answer` and remembers what it was asked for.

    An answer given as one text is written character by character, else piece by piece; a piece
    counts as a token, and `max_tokens` of them end with the finish reason "length". After
    `pieces_in_time` pieces the deadline strikes: 0 is before the first. Inside a grammar it writes
    any text of it, the same one for the same seed. Otherwise it keeps the contract of an engine.
    """

    answer: str | Sequence[str] = MENU
    context_length: int = 1024
    pieces_in_time: int | None = None
    own_template: OwnTemplate | None = None
    special: tuple[str, ...] = SPECIAL_TOKENS
    embeds: bool = False
    requests: list[Request] = field(default_factory=list)
    written: list[FakeWriting] = field(default_factory=list)

    def tokenize(self, text: str, *, special: bool) -> list[int]:
        spellings = "|".join(map(re.escape, self.special)) if special else "(?!)"
        pieces = re.findall(f"{spellings}|.", text, flags=re.DOTALL)
        return [
            ord(piece) if len(piece) == 1 else FIRST_SPECIAL_ID + self.special.index(piece)
            for piece in pieces
        ]

    def detokenize(self, tokens: TokenIds) -> str:
        """Return the text again that `tokenize` made `tokens` of."""
        return "".join(
            chr(token) if token < FIRST_SPECIAL_ID else self.special[token - FIRST_SPECIAL_ID]
            for token in tokens
        )

    @property
    def start_tokens(self) -> list[int]:
        return []

    def embed(self, texts: Sequence[TokenIds], deadline: Deadline) -> list[list[float]] | None:
        return [[float(len(text)), 0.5] for text in texts] if self.embeds else None

    def spelled(self, text: str, *, special: bool) -> list[tuple[int, str | list[int]]]:
        return [(token, self.detokenize([token])) for token in self.tokenize(text, special=special)]

    def special_tokens(self, text: str) -> list[str]:
        found = special_ids(self.tokenize(text, special=True))
        return [self.special[token - FIRST_SPECIAL_ID] for token in found]

    def write(
        self,
        prompt: TokenIds,
        sampling: Sampling,
        constraint: Grammar | None,
        deadline: Deadline,
    ) -> Writing:
        require_room(prompt, self.context_length)
        self.requests.append(Request(self.detokenize(prompt), sampling, constraint, deadline))
        answer = self.answer
        if constraint is not None:
            answer = random_text(constraint, random.Random(sampling.seed))
        room = min(sampling.max_tokens, self.context_length - len(prompt))
        writing = FakeWriting(answer, room, self.pieces_in_time, sampling, deadline)
        self.written.append(writing)
        return Writing(writing.pieces(), lambda: writing.completion(len(prompt)))

    @property
    def last(self) -> Request:
        """The newest request."""
        return self.requests[-1]


@dataclass
class CrashingEngine(FakeEngine):
    """An engine that fails in words which quote the prompt."""

    def write(
        self,
        prompt: TokenIds,
        sampling: Sampling,
        constraint: Grammar | None,
        deadline: Deadline,
    ) -> Writing:
        raise RuntimeError(f"cannot go on after {self.detokenize(prompt)}")


def special_ids(tokens: TokenIds) -> list[int]:
    """Return the special ids among `tokens`."""
    return [token for token in tokens if token >= FIRST_SPECIAL_ID]
