"""Draws whole menus from what may be served, none with a clash or too salty where another exists.

A course after the other is laid on the table, what leads the meal first; a dish is passed over if
with what lies there it clashes, or leaves no room for the rest. A limit that was asked for is kept
by every menu; what custom and health ask of a meal is kept, too, as long as the wishes leave a menu
of which it holds.
"""

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from itertools import chain, islice, product
from operator import add, le, sub
from typing import Final, NamedTuple

from chef_llm.cookbook import Cookbook, Dish, Role
from chef_llm.cookbook.vocabulary import VEGETABLES
from chef_llm.menus.clashes import (
    IS_SWEET_TOAST,
    STRANGE,
    bars_of,
    clashes,
    cuisine_of,
    follows_the_main,
    go_together,
    marks_of,
)
from chef_llm.menus.figures import (
    ROUNDING,
    Cost,
    Limit,
    costs_of,
    figure_of,
    roomiest,
)
from chef_llm.menus.meals import Course, leading_course

Menu = dict[Course, Dish]
Pools = Mapping[Course, Sequence[Dish]]
# Of so many menus all are looked at. Else of so many mains at most, another choice of them each
# time, with one menu for each, or more where there are fewer mains, out of so many tries for each.
MOST_LOOKED_AT: Final = 200
MAINS_DRAWN: Final = 14
MENUS_DRAWN: Final = 28
TRIES: Final = 5
# What is a little salty (肉じゃが, とんかつ) has few dishes beside it, which hardly come by chance:
# round so many of those a menu is sought. With all of them the same few soups come beside each.
SOUGHT: Final = 0.3
# Dishes that are tried for one course, and which part of the next courses' dishes must still fit.
PICKS: Final = 24
CHOICE_LEFT: Final = 3
# With fewer mains than this by chance, menus are searched for, round so many of them.
FEW_MAINS: Final = 8
MAINS_SEARCHED: Final = 16
# Dishes that are laid round one main before it is thought impossible, and the mains in turn of
# which that is thought before it is asked of no more.
MOST_STEPS: Final = 100
MOST_IN_VAIN: Final = 6
# Where limits are asked for, which leave less.
MOST_STEPS_OF_LIMITS: Final = 400
# Where what leads the meal lies, the others follow: the side dish makes up for vegetables.
LAID: Final = (Role.MAIN, Role.STAPLE, Role.SOUP, Role.SIDE)


@dataclass(frozen=True)
class Plate:
    """What a meal should have at most and at least, grams a serving; None asks for nothing.

    Who asks for a `cuisine` gets all dishes of it. `may_come_twice` are marks of foods of which
    there is very much.
    """

    most_salt_grams: float | None = None
    least_vegetables_grams: float | None = None
    cuisine: str | None = None
    may_come_twice: frozenset[str] = frozenset()

    @property
    def limits(self) -> tuple[Limit, Limit]:
        """Return both as limits, open where nothing is asked for."""
        salt, vegetables = self.most_salt_grams, self.least_vegetables_grams
        return (
            Limit("salt_g", 1, math.inf if salt is None else salt),
            Limit(VEGETABLES, -1, math.inf if vegetables is None else -vegetables),
        )


# Salt: two fifths of the 7.5 g of a day for men (日本人の食事摂取基準 2025), for dinner is the
# largest meal. Vegetables: a third of the day's 350 g (健康日本21).
DINNER: Final = Plate(most_salt_grams=3.0, least_vegetables_grams=120.0)


@dataclass(frozen=True)
class Drawn:
    """A menu, how many clashes it has and how many ends of the plate it misses.

    `minutes` are those of its way to the table, where anybody asked for minutes.
    """

    menu: Menu
    clashes: int
    missed: int
    minutes: int = 0

    @property
    def faults(self) -> tuple[int, int]:
        """What of two menus makes the worse one, before any taste."""
        return self.clashes, self.missed


@dataclass(frozen=True)
class _Facts:
    """What drawing asks of a dish; `may_be` tells that it is out of place on no table.

    `marks` are those that a meal has once, `kinds` those that decide what is strange beside what,
    `bars` the kinds that nothing beside it is to be of.
    """

    dish: Dish
    may_be: bool
    follows: bool
    marks: frozenset[str]
    kinds: frozenset[str]
    bars: frozenset[str]
    cuisine: frozenset[str]


# A dish and what it costs of each limit: first of those that must be kept, then of the plate's.
_Priced = tuple[_Facts, Cost]


class _OnTable(NamedTuple):
    """What lies on a table already; `leading` is the cuisine of what leads the meal."""

    leading: frozenset[str]
    spent: Cost
    marks: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    cuisines: frozenset[str] = frozenset()

    def with_dish(self, one: _Facts, spent: Cost) -> "_OnTable":
        return _OnTable(
            self.leading,
            spent,
            self.marks | one.marks,
            self.kinds | one.kinds,
            self.cuisines | one.cuisine,
        )

    def may_have(self, one: _Facts, custom: "_Custom") -> bool:
        """Tell whether a dish goes beside what is there."""
        if custom == _Custom.NONE:
            return True
        cuisines = self.cuisines | one.cuisine
        return (
            (one.may_be or IS_SWEET_TOAST in self.kinds)
            and self.marks.isdisjoint(one.marks)
            and self.kinds.isdisjoint(one.bars)
            and not (one.follows and self.leading and self.leading != one.cuisine)
            and (
                custom == _Custom.ANY_CUISINES
                or go_together(cuisines, next(iter(self.leading), None))
            )
        )


class _Custom(IntEnum):
    """What of custom is kept: no clash of dishes, and of cuisines; or whatever comes."""

    NONE = 0
    ANY_CUISINES = 1
    ALL = 2


@dataclass
class _Needs:
    """What is asked of a table; `in_vain` counts the mains in turn round which it was not found."""

    custom: _Custom
    # All dishes are to be of it.
    cuisine: frozenset[str] | None
    most: Cost
    in_vain: int = 0

    def lets(self, one: _Facts, on_table: _OnTable) -> bool:
        """Tell whether a dish may be laid beside what is there."""
        return (self.cuisine is None or one.cuisine <= self.cuisine) and on_table.may_have(
            one, self.custom
        )


def _needs(plate: Plate, limits: Sequence[Limit]) -> Iterator[_Needs]:
    """Yield what is asked of a table, all of it first, and then less and less but the limits.

    Each end has room for the rounding of sums.
    """
    kept = tuple(limit.most + ROUNDING for limit in limits)
    salt, vegetables = (limit.most + ROUNDING for limit in plate.limits)
    ends = ((salt, vegetables), (salt, math.inf), (math.inf, vegetables), (math.inf, math.inf))
    asked = None if plate.cuisine is None else frozenset({plate.cuisine})
    for cuisine in dict.fromkeys((asked, None)):
        for end in dict.fromkeys(ends):
            yield _Needs(_Custom.ALL, cuisine, (*kept, *end))
    for end in dict.fromkeys(ends):
        yield _Needs(_Custom.ANY_CUISINES, None, (*kept, *end))
    yield _Needs(_Custom.NONE, None, (*kept, math.inf, math.inf))


def draw(
    menus: Sequence[Pools],
    plate: Plate,
    cookbook: Cookbook,
    rng: random.Random,
    limits: Sequence[Limit] = (),
) -> list[Drawn]:
    """Return menus with a dish for each course that keep `limits`; none where none does.

    Of few all are returned, of many a sample. `cookbook` gives the figures of the servings.
    """
    costs = _costs_of(limits, cookbook)
    if sum(math.prod(map(len, menu.values())) for menu in menus) <= MOST_LOOKED_AT:
        every: Iterator[Menu] = (
            dict(zip(menu, dishes, strict=True))
            for menu in menus
            for dishes in product(*menu.values())
        )
    else:
        every = _sampled(menus, _Drawing(plate, limits, costs, cookbook, rng))
    # Two courses of one role may have the same dish.
    once = {
        tuple(dish.name for dish in menu.values()): menu
        for menu in every
        if len({dish.name for dish in menu.values()}) == len(menu)
    }
    drawn = (judged(menu, plate, limits, cookbook) for menu in once.values())
    return [one for one in drawn if one is not None]


def judged(menu: Menu, plate: Plate, limits: Sequence[Limit], cookbook: Cookbook) -> Drawn | None:
    """Return a menu with its faults, None where it breaks a limit."""
    costs = _costs_of(limits, cookbook)
    spent = list(map(sum, zip(*map(costs.of, menu.values()), strict=True)))
    for cost, limit in zip(spent, limits, strict=False):
        if cost > limit.most + ROUNDING:
            return None
    missed = sum(
        cost > limit.most + ROUNDING
        for cost, limit in zip(spent[len(limits) :], plate.limits, strict=True)
    )
    found = len(clashes(menu.values(), cookbook, plate.may_come_twice))
    others = {cuisine_of(dish) for dish in menu.values()} - {None, plate.cuisine}
    return Drawn(menu, found + (plate.cuisine is not None and bool(others)), missed)


@dataclass(frozen=True)
class _Drawing:
    """What menus are drawn by: what they should have and must keep, and what a dish costs of it."""

    plate: Plate
    limits: Sequence[Limit]
    costs: "_Costs"
    cookbook: Cookbook
    rng: random.Random

    def priced(self, dish: Dish) -> _Priced:
        """Return a dish with what it costs."""
        facts = _facts(dish, self.cookbook)
        if self.plate.may_come_twice:
            facts = replace(facts, marks=facts.marks - self.plate.may_come_twice)
        return facts, self.costs.of(dish)


def _sampled(menus: Sequence[Pools], by: _Drawing) -> Iterator[Menu]:
    """Yield menus round a sample of what leads a meal.

    As they come first, so that of those that may be each is as likely. Where hardly any comes by
    chance it is searched for: round whatever is asked for the best that there is stands among them.
    """
    tables = [_Table(pools, by) for pools in menus]
    led = [(table, leading) for table in tables for leading in table.leading]
    by.rng.shuffle(led)
    each = math.ceil(MENUS_DRAWN / max(len(led), 1))
    mains = 0
    for table, leading in led:
        laid = list(islice(table.by_chance(leading, TRIES * each), each))
        has_few = len(table.leading) <= FEW_MAINS
        if not laid and (has_few or by.rng.random() < SOUGHT):
            laid = table.sought(leading)
        yield from laid
        table.mains += bool(laid)
        mains += bool(laid)
        if mains == MAINS_DRAWN:
            break
    few = [table for table in tables if table.mains < FEW_MAINS]
    for table in few:
        count = min(len(table.leading), math.ceil(MAINS_SEARCHED / len(few)))
        found = 0
        for leading in by.rng.sample(table.leading, count):
            for menu in filter(None, (table.searched(leading) for _ in range(each))):
                found += 1
                yield menu
        if not found and not table.mains:
            yield from filter(None, [table.roomiest()])


class _Table:
    """The pools of a meal, shuffled; `mains` is round how many of its mains a menu was found."""

    def __init__(self, pools: Pools, by: _Drawing) -> None:
        first = leading_course(tuple(pools))
        rest = sorted((c for c in pools if c != first), key=lambda c: LAID.index(c.role))
        self.given = pools
        self.by = by
        self.courses = tuple(pools)
        self.order = (first, *rest)
        self.rng = by.rng
        self.steps = MOST_STEPS_OF_LIMITS if by.limits else MOST_STEPS
        self.pools: list[list[_Priced]] = [
            [by.priced(dish) for dish in self.rng.sample(pools[c], len(pools[c]))] for c in rest
        ]
        size = len(by.limits) + len(by.plate.limits)
        # What the courses from each place on cost at least of each limit, and where there is still
        # some choice.
        self.least: list[Cost] = [(0.0,) * size]
        self.usual: list[Cost] = [(0.0,) * size]
        for pool in reversed(self.pools):
            columns = [sorted(column) for column in zip(*(c for _, c in pool), strict=True)]
            few = len(pool) // CHOICE_LEFT
            self.least.insert(0, _sum(self.least[0], [column[0] for column in columns]))
            self.usual.insert(0, _sum(self.usual[0], [column[few] for column in columns]))
        self.needs = list(_needs(by.plate, by.limits))
        # What no rest makes a menu of is asked of no more.
        self.leading = [
            by.priced(dish)
            for dish in pools[first]
            if _fits(_sum(by.costs.of(dish), self.least[0]), self.needs[-1].most)
        ]
        self.mains = 0

    def by_chance(self, leading: _Priced, tries: int) -> Iterator[Menu]:
        """Yield those of so many random menus round `leading` of which all holds that should."""
        needs = self.needs[0]
        most = needs.most
        if not needs.lets(leading[0], _OnTable(frozenset(), leading[1])):
            return
        for _ in range(tries):
            on_table = _OnTable(leading[0].cuisine, leading[1]).with_dish(*leading)
            laid = [leading[0]]
            for pool, usual in zip(self.pools, self.usual[1:], strict=True):
                room = tuple(map(sub, most, map(add, on_table.spent, usual)))
                for _ in range(PICKS):
                    one, cost = pool[int(self.rng.random() * len(pool))]
                    if _fits(cost, room) and needs.lets(one, on_table):
                        on_table = on_table.with_dish(one, _sum(on_table.spent, cost))
                        laid.append(one)
                        break
                else:
                    break
            if len(laid) > len(self.pools) and _fits(on_table.spent, most):
                yield self._menu(laid)

    def sought(self, leading: _Priced) -> list[Menu]:
        """Return a menu round `leading` of which all holds that should, if there is one."""
        found = self._found(leading, self.needs[0])
        return [self._menu([leading[0], *found])] if found else []

    def searched(self, leading: _Priced) -> Menu | None:
        """Return a menu round `leading`, of the best kind that there is."""
        for needs in self.needs:
            if needs.in_vain < MOST_IN_VAIN:
                found = self._found(leading, needs)
                needs.in_vain = 0 if found else needs.in_vain + 1
                if found:
                    return self._menu([leading[0], *found])
        return None

    def roomiest(self) -> Menu | None:
        """Return the menu with most room below the limits, of whatever kind it is."""
        limits = self.by.limits
        return roomiest(self.given, costs_of(self.given, limits, self.by.cookbook), limits)

    def _menu(self, laid: Sequence[_Facts]) -> Menu:
        by_course = dict(zip(self.order, laid, strict=True))
        return {course: by_course[course].dish for course in self.courses}

    def _found(self, leading: _Priced, needs: _Needs) -> list[_Facts] | None:
        """Search depth first from a random place of each pool; None where nothing was found."""
        steps = 0

        def rest(place: int, on_table: _OnTable) -> list[_Facts] | None:
            nonlocal steps
            if place == len(self.pools):
                return []
            spent = map(add, on_table.spent, self.least[place + 1])
            room = tuple(map(sub, needs.most, spent))
            pool = self.pools[place]
            start = self.rng.randrange(len(pool))
            for one, cost in chain(islice(pool, start, None), islice(pool, start)):
                if not _fits(cost, room) or not needs.lets(one, on_table):
                    continue
                steps += 1
                if steps > self.steps:
                    return None
                on_it = on_table.with_dish(one, _sum(on_table.spent, cost))
                found = rest(place + 1, on_it)
                if found is not None:
                    return [one, *found]
            return None

        if not needs.lets(leading[0], _OnTable(frozenset(), leading[1])):
            return None
        return rest(0, _OnTable(leading[0].cuisine, leading[1]).with_dish(*leading))


def _sum(one: Sequence[float], other: Sequence[float]) -> Cost:
    return tuple(map(add, one, other))


def _fits(cost: Cost, room: Cost) -> bool:
    return all(map(le, cost, room))


class _Costs:
    """What a dish costs of each of some limits, and of the plate's after them."""

    def __init__(self, cookbook: Cookbook, limits: Sequence[tuple[str, int]]) -> None:
        self.cookbook = cookbook
        self.limits = (*limits, *((limit.nutrient, limit.sign) for limit in DINNER.limits))
        self.known: dict[str, Cost] = {}

    def of(self, dish: Dish) -> Cost:
        """Return what a serving costs; looked up once."""
        cost = self.known.get(dish.name)
        if cost is None:
            cost = tuple(sign * figure_of(dish, name, self.cookbook) for name, sign in self.limits)
            self.known[dish.name] = cost
        return cost


def _costs_of(limits: Sequence[Limit], cookbook: Cookbook) -> _Costs:
    return _costs(cookbook, tuple((limit.nutrient, limit.sign) for limit in limits))


@lru_cache(maxsize=64)
def _costs(cookbook: Cookbook, limits: tuple[tuple[str, int], ...]) -> _Costs:
    return _Costs(cookbook, limits)


def _facts(dish: Dish, cookbook: Cookbook) -> _Facts:
    known = _known_facts(cookbook)
    if dish.name not in known:
        cuisine = cuisine_of(dish)
        marks = marks_of(dish, cookbook)
        known[dish.name] = _Facts(
            dish,
            not clashes([dish], cookbook),
            follows_the_main(dish),
            marks - STRANGE.keys(),
            marks & STRANGE.keys(),
            bars_of(marks),
            frozenset() if cuisine is None else frozenset({cuisine}),
        )
    return known[dish.name]


@lru_cache(maxsize=16)
def _known_facts(cookbook: Cookbook) -> dict[str, _Facts]:  # noqa: ARG001  # it is the key
    return {}
