"""Reads of which courses single days or meals are, what there is to cook with, and their figures.

「水曜は丼だけ」「月と木は汁物だけ」「火曜と木曜はレンジで」「昼は500kcal、夜は野菜多め」. What is
said of a day is read by the same rules as what is said of all days.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from chef_llm.cookbook.vocabulary import Role
from chef_llm.reading.courses import COURSE, FULL, read_courses
from chef_llm.reading.figures import SAID as FIGURES_SAID
from chef_llm.reading.figures import read_figures
from chef_llm.reading.terms import Scope, Scopes, Term
from chef_llm.reading.text import Text
from chef_llm.reading.tools import SAID, read_tools
from chef_llm.reading.understood import Found, Understood, UnderstoodKind

# Before what is said of a day: a whole meal is what it is said of.
OF_A_MEAL: Final = "夕食 "
# 「木曜だけ汁つき」: no other day has it.
SOUP_THEN: Final = re.compile(
    r"(?:だけ|のみ)は?(?:汁物?|みそ汁|味噌汁|すーぷ)(?:つき|付き?|あり|も|を(?:つけ|付け|足し|追加))"
)


@dataclass(frozen=True)
class OfSingleDays:
    """What holds for single days or meals, the words for it, and of what kind it is."""

    terms: tuple[Term, ...]
    words: tuple[Found, ...]
    kinds: frozenset[UnderstoodKind]


def read_courses_of_days(text: Text, scopes: Scopes, dishes: Collection[int]) -> OfSingleDays:
    """Return the courses of single days or meals, the tools that there are then, and figures.

    `dishes` are the places of dishes that are for some days: 「親子丼と副菜1品」 has no main dish.
    """
    found = [*_courses(text, scopes, dishes), *_tools(text, scopes), *_figures(text, scopes)]
    return OfSingleDays(
        tuple(term for term, _, _ in found),
        tuple(words for _, words, _ in found),
        frozenset(kind for _, _, kind in found),
    )


def _courses(
    text: Text, scopes: Scopes, dishes: Collection[int]
) -> Iterator[tuple[Term, Found, UnderstoodKind]]:
    for scope, start, end in scopes.clauses(COURSE):
        if scope.days and SOUP_THEN.match(text.folded, start):
            others = frozenset(range(1, scopes.places.count + 1)) - scope.days
            roles = tuple(role for role in FULL if role != Role.SOUP)
            yield *_of(text, Term(Scope(others), roles=roles), start, end, "汁物"), "roles"
            continue
        read = read_courses(_clause(text, start, end, before=OF_A_MEAL))
        has_dish = any(start <= place < end for place in dishes)
        if read.roles and not read.is_sweet and not (has_dish and Role.MAIN in read.roles):
            value = "・".join(read.roles)
            yield *_of(text, Term(scope, roles=read.roles), start, end, value), "roles"


def _tools(text: Text, scopes: Scopes) -> Iterator[tuple[Term, Found, UnderstoodKind]]:
    for scope, start, end in scopes.clauses(SAID):
        read = read_tools(_clause(text, start, end))
        if read.only or read.without:
            term = Term(scope, tools_only=read.only, tools_without=read.without)
            yield *_of(text, term, start, end, read.words[0][1].value), "tools"


def _figures(text: Text, scopes: Scopes) -> Iterator[tuple[Term, Found, UnderstoodKind]]:
    for scope, start, end in scopes.clauses(FIGURES_SAID):
        read = read_figures(_clause(text, start, end))
        if read.limits or read.aims:
            term = Term(scope, limits=tuple(read.limits.items()), aims=tuple(read.aims.items()))
            value = "、".join(one.value for _, one in read.words)
            yield *_of(text, term, start, end, value), "nutrition"


def _clause(text: Text, start: int, end: int, before: str = "") -> Text:
    """Return a part of a text by itself, perhaps behind other words."""
    plain, folded = before + text.plain[start:end], before + text.folded[start:end]
    return Text(plain, plain, folded, tuple(range(len(folded))))


def _of(text: Text, term: Term, start: int, end: int, value: str) -> tuple[Term, Found]:
    return term, (start, Understood("share", value, text.words(start, end)))
