"""The one seam between the chef and any language model."""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, Self

from chef_llm.errors import ClientGone, PromptTooLong

TokenIds = Sequence[int]
FinishReason = Literal["stop", "length"]


@dataclass(frozen=True)
class Sampling:
    """How to draw the next token; the names are those of Hugging Face and OpenAI.

    `temperature` 0 is greedy. `seed` None draws a new one for each request. `logit_bias` pairs
    tokens with what is added to their scores. `top_logprobs` None tells no probabilities, 0 those
    of the tokens written, a number those of so many others beside each.
    """

    max_tokens: int = 256
    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    stop: tuple[str, ...] = ()
    seed: int | None = None
    logit_bias: tuple[tuple[int, float], ...] = ()
    top_logprobs: int | None = None


@dataclass(frozen=True)
class OneOf:
    """Any one of `options`: the model's own preference decides which."""

    options: tuple["Grammar", ...]


@dataclass(frozen=True)
class InOrder:
    """All of `parts`, one after the other."""

    parts: tuple["Grammar", ...]


@dataclass(frozen=True)
class Repeated:
    """`part`, at least `least` times and at most `most` (None: as often as the model likes)."""

    part: "Grammar"
    least: int = 0
    most: int | None = None


@dataclass(frozen=True)
class OneCharacter:
    r"""Any character of `inside`, as a regular expression has it between [ and ]: `0-9`, `^"\\`."""

    inside: str


@dataclass(frozen=True)
class Blanks:
    """White space that means nothing, as the model likes it: none, one, or a line break and some.

    `usual` is what an engine writes that knows only texts, choices and sequences.
    """

    usual: str


@dataclass(frozen=True)
class Named:
    """What stands under `name` in the `Rules` around it; so a grammar may hold itself."""

    name: str


@dataclass(frozen=True)
class Rules:
    """`start`, with the grammars that it names."""

    start: "Grammar"
    named: tuple[tuple[str, "Grammar"], ...]


# What an answer must look like: a text, a choice, or a sequence of these, and what these are made
# of. An engine turns it into its own constraint, so that the guarantee does not depend on any
# engine's grammar language. One that knows only texts, choices and sequences refuses the others.
Grammar = str | OneOf | InOrder | Repeated | OneCharacter | Blanks | Named | Rules


@dataclass(frozen=True)
class Deadline:
    """A moment on the monotonic clock; it has come at once when no one waits for the answer."""

    at: float
    is_abandoned: Callable[[], bool] = lambda: False

    @classmethod
    def after(cls, seconds: float, is_abandoned: Callable[[], bool] = lambda: False) -> Self:
        """Return the deadline `seconds` from now, or as soon as `is_abandoned` says True."""
        return cls(time.monotonic() + seconds, is_abandoned)

    @property
    def remaining_seconds(self) -> float:
        """Seconds left; negative when it has passed."""
        return self.at - time.monotonic()

    @property
    def passed(self) -> bool:
        """Whether it has passed."""
        return self.remaining_seconds <= 0 or self.is_abandoned()

    def require_client(self) -> None:
        """Raise `ClientGone` if no one waits for the answer any more."""
        if self.is_abandoned():
            raise ClientGone("回答の途中で接続が切れました。")


@dataclass(frozen=True)
class Timings:
    """Where the time of a completion went.

    `prompt_seconds` is the writing of the prompt, `check_seconds` the verifying of planned menus.
    """

    prompt_seconds: float = 0.0
    prefill_seconds: float = 0.0
    decode_seconds: float = 0.0
    check_seconds: float = 0.0
    first_token_seconds: float = 0.0
    cached_tokens: int = 0


@dataclass(frozen=True)
class Chance:
    """A token's text and bytes, and the natural logarithm of its probability."""

    token: str
    logprob: float
    bytes: tuple[int, ...] = ()
    # Which tokens were likeliest in its place.
    likeliest: tuple["Chance", ...] = ()


@dataclass(frozen=True)
class Completion:
    """What the model wrote, and what it took.

    `stopped_by_deadline` goes with the finish reason "length"; `raw_timings` are the engine's own.
    `chances` are there where `Sampling.top_logprobs` asks for them.
    """

    text: str
    finish_reason: FinishReason
    prompt_tokens: int
    completion_tokens: int
    stopped_by_deadline: bool = False
    timings: Timings = Timings()
    raw_timings: dict[str, float] = field(default_factory=dict)
    chances: tuple[Chance, ...] = ()


class Writing:
    """A completion while it is written: iterate for its text, piece by piece.

    Nothing is written before the first piece is asked for. Whoever has enough calls `close`.
    """

    def __init__(
        self, pieces: Generator[str, None, None], completion: Callable[[], Completion]
    ) -> None:
        self._pieces = pieces
        self._completion = completion

    def __iter__(self) -> Iterator[str]:
        return self._pieces

    def close(self) -> None:
        """Write no more; what was written counts as ended by whoever read it."""
        self._pieces.close()

    @property
    def completion(self) -> Completion:
        """What was written and what it took, once nothing more comes."""
        return self._completion()


@dataclass(frozen=True)
class OwnTemplate:
    """The chat template that came with a model (Jinja), and the tokens it may name."""

    source: str
    bos_token: str = ""
    eos_token: str = ""


def require_room(prompt: TokenIds, context_length: int) -> None:
    """Raise `PromptTooLong` unless `prompt` has a token, and the context one more for an answer."""
    if not 0 < len(prompt) < context_length:
        raise PromptTooLong(
            f"プロンプトは1から{context_length - 1}トークンまでにしてください: {len(prompt)}",
            len(prompt),
            context_length,
        )


class Engine(Protocol):
    """A loaded model. Its methods may be called from several threads."""

    @property
    def context_length(self) -> int:
        """The most tokens that prompt and answer may have together."""

    @property
    def own_template(self) -> OwnTemplate | None:
        """The chat template in the model's files, if there is one."""

    @property
    def start_tokens(self) -> list[int]:
        """The tokens with which any text begins for this model; most have none."""

    def embed(self, texts: Sequence[TokenIds], deadline: Deadline) -> list[list[float]] | None:
        """Return the vector of each text, None where the model is not made for it."""

    def tokenize(self, text: str, *, special: bool) -> list[int]:
        """Return the token ids of `text`; with `special` it may hold special tokens."""

    def spelled(self, text: str, *, special: bool) -> list[tuple[int, str | list[int]]]:
        """Return each token's id with what it spells: text, or bytes that are no character."""

    def special_tokens(self, text: str) -> list[str]:
        """Return the special tokens that `tokenize(text, special=True)` reads, in their order."""

    def write(
        self,
        prompt: TokenIds,
        sampling: Sampling,
        constraint: Grammar | None,
        deadline: Deadline,
    ) -> Writing:
        """Continue `prompt`.

        Raises, when the text is asked for, `PromptTooLong` for an empty prompt or one that fills
        the context, and `DeadlineExceeded` when time runs out before the first token; later than
        that the text ends where it is.
        """


def complete(
    engine: Engine,
    prompt: TokenIds,
    sampling: Sampling,
    constraint: Grammar | None,
    deadline: Deadline,
) -> Completion:
    """Continue `prompt` to the end; raises as `Engine.write` does."""
    writing = engine.write(prompt, sampling, constraint, deadline)
    for _ in writing:
        pass
    return writing.completion
