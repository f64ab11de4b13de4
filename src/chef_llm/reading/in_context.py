"""A pretrained encoder beside the second reader: each food in the whole of its text.

Six layers of multilingual-e5-small (MIT), which has read Japanese of all kinds, trained on by
`chef_train.in_context` on the requests of the second reader; llama.cpp runs it. Each food is one
token that says no more than what kind of name it is, so that none is refused for its name. What
comes out at that token, weighed, is the logit of being refused.
"""

from array import array
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import as_file, files
from operator import mul
from typing import TYPE_CHECKING, Final

from chef_llm.engines.llama_cpp import TokenVectors
from chef_llm.reading.lexicon import Mention

if TYPE_CHECKING:
    from chef_llm.reading.net import Form

WEIGHTS: Final = "in_context.gguf"
# Bias and weights of what comes out of it, as floats of four bytes.
HEAD: Final = "in_context.bin"
# The tokens of a name: what it is of.
TOKENS: Final = {"food": 4, "dish": 5}
OTHER_TOKEN: Final = 6
START_TOKEN: Final = 0
END_TOKEN: Final = 2
THREADS: Final = 1
# Positions that it knows, less those of start and end.
WINDOW: Final = 510
# A longer text is read in windows that share some of it, and no more of it than so many.
STEP: Final = 384
MOST_WINDOWS: Final = 2

Part = str | int


def masked(form: "Form") -> tuple[list[Part], list[Mention]]:
    """Return a text with each food as its token, and the foods in their order."""
    folded = form.text.folded.replace("\n", " ")
    parts: list[Part] = []
    foods: list[Mention] = []
    done = 0
    for food in form.foods:
        if food.start < done:
            continue
        if food.start > done:
            parts.append(folded[done : food.start])
        parts.append(TOKENS.get(food.meaning.kind, OTHER_TOKEN))
        foods.append(food)
        done = food.end
    if done < len(folded):
        parts.append(folded[done:])
    return parts, foods


def logits_in_context(form: "Form") -> dict[Mention, float]:
    """Return the logit of being refused of each food within the first `MOST_WINDOWS` windows."""
    parts, foods = masked(form)
    return dict(zip(foods, _logits(tuple(parts)), strict=False))


@lru_cache(maxsize=8)
def _logits(parts: tuple[Part, ...]) -> list[float]:
    """Return the logits of the names among the parts, from the first on."""
    encoder, (bias, *weights) = _encoder(), _head()
    tokens = encoder.tokens(parts)
    places = [place for place, token in enumerate(tokens) if token in _NAMES]
    found: dict[int, float] = {}
    for start, end in _windows(len(tokens)):
        inside = [place for place in places if start <= place < end]
        if not inside:
            continue
        vectors = encoder.vectors([START_TOKEN, *tokens[start:end], END_TOKEN])
        for place in inside:
            # Where two windows share it, the later one has seen more of what follows.
            if place not in found or place - start >= (WINDOW - STEP) // 2:
                vector = vectors[place - start + 1]
                found[place] = bias + sum(map(mul, weights, vector))
    return [found[place] for place in places if place in found]


def _windows(length: int) -> Iterator[tuple[int, int]]:
    for number in range(MOST_WINDOWS):
        start = number * STEP
        yield start, min(length, start + WINDOW)
        if start + WINDOW >= length:
            return


_NAMES: Final = frozenset((*TOKENS.values(), OTHER_TOKEN))


@cache
def _encoder() -> TokenVectors:
    with as_file(files("chef_llm.reading").joinpath(WEIGHTS)) as path:
        return TokenVectors(path, THREADS)


@cache
def _head() -> Sequence[float]:
    return array("f", files("chef_llm.reading").joinpath(HEAD).read_bytes())
