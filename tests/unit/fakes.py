"""A language model without a language model: it says what the test told it to."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from chef_llm.engines import (
    Completion,
    Deadline,
    Grammar,
    OnText,
    OwnTemplate,
    Sampling,
    TokenIds,
    require_room,
)
from chef_llm.engines.writer import Writer
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
    requests: list[Request] = field(default_factory=list)

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

    def special_tokens(self, text: str) -> list[str]:
        found = special_ids(self.tokenize(text, special=True))
        return [self.special[token - FIRST_SPECIAL_ID] for token in found]

    def complete(
        self,
        prompt: TokenIds,
        sampling: Sampling,
        constraint: Grammar | None,
        deadline: Deadline,
        on_text: OnText,
    ) -> Completion:
        require_room(prompt, self.context_length)
        self.requests.append(Request(self.detokenize(prompt), sampling, constraint, deadline))
        if deadline.passed or self.pieces_in_time == 0:
            raise DeadlineExceeded("時間内に回答を書き始められませんでした。")
        answer = self.answer
        if constraint is not None:
            answer = random_text(constraint, random.Random(sampling.seed))
        room = min(sampling.max_tokens, self.context_length - len(prompt))
        writer = Writer(sampling.stop, on_text)
        out_of_time, tokens = False, 0
        for piece in answer[:room]:
            writer.take(piece)
            tokens += 1
            out_of_time = tokens == self.pieces_in_time or deadline.passed
            if writer.is_done or out_of_time:
                break
        out_of_time = out_of_time and not writer.is_done and tokens < len(answer)
        out_of_tokens = not writer.is_done and tokens == room < len(answer)
        writer.finish()
        return Completion(
            text=writer.text,
            finish_reason="length" if out_of_time or out_of_tokens else "stop",
            prompt_tokens=len(prompt),
            completion_tokens=tokens,
            stopped_by_deadline=out_of_time,
            raw_timings={"prompt_ms": 1.0, "predicted_ms": 2.0},
        )

    @property
    def last(self) -> Request:
        """The newest request."""
        return self.requests[-1]


@dataclass
class CrashingEngine(FakeEngine):
    """An engine that fails in words which quote the prompt."""

    def complete(
        self,
        prompt: TokenIds,
        sampling: Sampling,
        constraint: Grammar | None,
        deadline: Deadline,
        on_text: OnText,
    ) -> Completion:
        raise RuntimeError(f"cannot go on after {self.detokenize(prompt)}")


def special_ids(tokens: TokenIds) -> list[int]:
    """Return the special ids among `tokens`."""
    return [token for token in tokens if token >= FIRST_SPECIAL_ID]
