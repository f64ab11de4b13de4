"""Reads what a later turn makes of the courses of a menu: 「汁物はいらない」「副菜をもう一品」.

What is said of a single day is of its meals alone: 「火曜の汁物はいらない」.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chef_llm.cookbook.model import fold
from chef_llm.cookbook.vocabulary import Role
from chef_llm.reading.changed_days import GOES, course_before
from chef_llm.reading.courses import ADDS_A_MAIN, added_roles, removed_roles, role_places
from chef_llm.reading.earlier import Earlier, Line, named_lines
from chef_llm.reading.free_text import Reading
from chef_llm.reading.week import day_mentions

# All patterns are matched against folded text of the last turn.
# 「トーストのほうを消して」: nothing comes in its place, unless something is asked for in it.
DROPPED: Final = re.compile(
    r"(?:の(?:ほう|方))?(?:は|も|を)?\s?(?:なし|消し|抜き|抜いて|いら|要ら|やめ|不要|外し|はずし|省[いく])"
    r"(?!.{0,12}(?:かわり|代わり|別|ほか|他の|に(?:して|変|替)))"
)
RICE: Final = re.compile("ご飯|ごはん|ぱん|麺")
# 「主菜とお汁だけにして」: the others go.
ENOUGH: Final = re.compile(r"だけ(?:で|に)(?:いい|結構|し|お願|よか|ええ|い[いた])")
# Courses that custom has, too.
USUAL: Final = (
    (Role.STAPLE, Role.MAIN, Role.SIDE, Role.SOUP),
    (Role.STAPLE, Role.SIDE, Role.SOUP),
)


@dataclass(frozen=True)
class ChangedCourses:
    """The courses that go, those that come, and the names of dishes that go with their course."""

    removed: frozenset[Role] = frozenset()
    added: tuple[Role, ...] = ()
    dropped: frozenset[str] = frozenset()
    # 「肉のおかずをもう一品」: beside a main dish it is a side.
    is_of_meat: bool = False

    def __bool__(self) -> bool:
        return bool(self.removed or self.added or self.dropped)

    def staying(self, lines: Sequence[Line], names: Sequence[str]) -> tuple[str, ...]:
        """Return those of the dishes of a meal that stay and whose course does."""
        return tuple(
            line.name
            for line in lines
            if line.name in names
            and line.role not in self.removed
            and line.name not in self.dropped
        )

    def of(self, lines: Sequence[Line]) -> tuple[Role, ...]:
        """Return the courses of a meal as they are now, none where they are the usual ones."""
        there = [line.role for line in lines if line.name not in self.dropped]
        is_beside = self.is_of_meat and Role.MAIN in there
        added = [Role.SIDE if is_beside and role == Role.MAIN else role for role in self.added]
        added = [role for role in added if role == Role.SIDE or role not in there]
        roles = [role for role in there if role not in self.removed] + added
        if not self and tuple(roles) in USUAL:
            return ()
        return tuple(sorted(roles, key=list(Role).index))


def read_changed_courses(folded: str, earlier: Earlier, last: Reading) -> ChangedCourses:
    """Return what the last turn makes of the courses of the meals that it is of."""
    dropped = {
        line.name
        for lines in earlier.meals.values()
        for line, start, end in named_lines(folded, lines, last)
        # 「わかめはやめて」 leaves the soup, with something else in it.
        if DROPPED.match(folded, end) and fold(line.name).endswith(folded[start:end])
    }
    return ChangedCourses(
        frozenset(
            {
                *removed_roles(folded),
                *_not_among_those_that_do(folded),
                *_removed_on_days(folded),
            }
        ),
        tuple(added_roles(folded)),
        frozenset(dropped),
        ADDS_A_MAIN.search(folded) is not None,
    )


def _removed_on_days(folded: str) -> Iterator[Role]:
    """Yield the courses that go on days that are named behind them: 「汁物、水木はなしで」."""
    for one in day_mentions(folded):
        before = course_before(folded, one)
        if before and GOES.match(folded, one.end, one.reach):
            yield from (role for role, _, _ in role_places(before))


def _not_among_those_that_do(folded: str) -> set[Role]:
    """Return the courses that go because others are named as enough."""
    named = [(role, end) for role, _, end in role_places(folded)]
    if not any(ENOUGH.match(folded, end) for _, end in named):
        return set()
    staying = {role for role, _ in named}
    if RICE.search(folded):
        staying.add(Role.STAPLE)
    return set(Role) - staying
