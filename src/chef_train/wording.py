"""How requests are worded (`wordings/*.toml`): what training draws from, and what is held out."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Final, Literal

FOLDER: Final = Path(__file__).with_name("wordings")
Half = Literal["train", "held_out"]
Words = tuple[str, ...]


@dataclass(frozen=True)
class Changes:
    """Second turns, by what they change."""

    role: Mapping[str, Words]
    all: Words
    protein: Mapping[str, Words]
    servings: Words
    exclusion: Words
    addition: Words
    style: Words


@dataclass(frozen=True)
class Exclusions:
    """Ways to say what to leave out, before the request and behind it."""

    before: Words
    after: Words
    allergies_before: Words
    allergies_after: Words


@dataclass(frozen=True)
class Wordings:
    """One half of the sentences; no sentence stands in both."""

    menus: Words
    open_menus: Words
    recipes: Words
    declines: Words
    subjects: Words
    questions: Words
    greetings: Words
    thanks: Words
    absent_dishes: Words
    changes: Changes


@dataclass(frozen=True)
class Vocabulary:
    """Words that both halves share, as they share the names of ingredients."""

    asides: Words
    asks: Words
    minutes: Words
    seasons: Words
    vegetarian: Words
    meals: Mapping[str, Words]
    cuisines: Mapping[str, Words]
    styles: Mapping[str, Words]


@cache
def wordings(half: Half) -> Wordings:
    """Return the sentences of one half."""
    menus, declines, topics = _read("menus"), _read("declines"), _read("topics")
    changes = _read("changes")
    return Wordings(
        menus=tuple(menus[half]),
        open_menus=tuple(menus[f"open_{half}"]),
        recipes=tuple(_read("recipes")[half]),
        declines=tuple(declines[half]),
        subjects=tuple(topics["subjects"][half]),
        questions=tuple(topics["questions"][half]),
        greetings=tuple(declines["greetings"][half]),
        thanks=tuple(declines["thanks"][half]),
        absent_dishes=tuple(declines["absent_dishes"][half]),
        changes=Changes(
            role={role: tuple(words[half]) for role, words in changes["role"].items()},
            protein={group: tuple(words[half]) for group, words in changes["protein"].items()},
            **{
                name: tuple(changes[name][half])
                for name in ("all", "servings", "exclusion", "addition", "style")
            },
        ),
    )


@cache
def exclusions(half: Half) -> Exclusions:
    """Return the ways of one half to say what to leave out."""
    table = _read("conditions")
    return Exclusions(
        before=tuple(table["exclusions_before"][half]),
        after=tuple(table["exclusions_after"][half]),
        allergies_before=tuple(table["allergies_before"][half]),
        allergies_after=tuple(table["allergies_after"][half]),
    )


@cache
def vocabulary() -> Vocabulary:
    """Return the words that training and evaluation share."""
    table = _read("conditions")
    return Vocabulary(
        asides=tuple(_read("menus")["asides"]),
        **{name: tuple(table[name]) for name in ("asks", "minutes", "seasons", "vegetarian")},
        **{
            name: {key: tuple(words) for key, words in table[name].items()}
            for name in ("meals", "cuisines", "styles")
        },
    )


@cache
def statements() -> Words:
    """Return sentences that only say how things stand, where a meal is asked for all the same."""
    table = _read("statements")
    stated = product(table["conditions"], table["endings"])
    return tuple("".join(words) for words in (*stated, *product(table["people"], table["comings"])))


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
