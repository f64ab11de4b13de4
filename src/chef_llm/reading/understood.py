"""What was understood of a request, one thing at a time."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from chef_llm.reading.text import Text

UnderstoodKind = Literal[
    "ingredient",
    "servings",
    "allergen",
    "exclude",
    "exclude_dish",
    "cuisine",
    "max_minutes",
    "max_total_minutes",
    "season",
    "diet",
    "meal",
    "style",
    "condition",
    "dish",
    "given",
    "roles",
    "proposals",
    "share",
    "tools",
    "effort",
    "nutrition",
    "budget",
    "occasion",
]


@dataclass(frozen=True)
class Understood:
    """One thing that was understood: its canonical `value`, and the `words` it was read from."""

    kind: UnderstoodKind
    value: str
    words: str


# (place in the text, what was understood)
Found = tuple[int, Understood]


def found(text: Text, match: re.Match[str], kind: UnderstoodKind, value: str) -> Found:
    """Return what a match means, with its words."""
    return match.start(), Understood(kind, value, text.words(match.start(), match.end()))


def values(things: Iterable[Found], kind: UnderstoodKind) -> tuple[str, ...]:
    """Return the values of a kind in the order of the text, each once."""
    return tuple(thing.value for thing in in_order(things) if thing.kind == kind)


def in_order(things: Iterable[Found]) -> tuple[Understood, ...]:
    """Return what was understood in the order of the text, each thing once."""
    once: dict[tuple[str, str], Understood] = {}
    for _, thing in sorted(things, key=lambda each: each[0]):
        once.setdefault((thing.kind, thing.value), thing)
    return tuple(once.values())
