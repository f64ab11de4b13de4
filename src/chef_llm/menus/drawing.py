"""Draws whole menus from what may be served, none with a clash or too salty where another exists.

A course after the other is laid on the table, what leads the meal first; a dish is passed over if
with what lies there it clashes, or leaves no room for the rest. So what custom and health ask of a
meal holds as limits do, as long as the wishes leave a menu of which it holds.
"""

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice, product
from typing import Final, NamedTuple

from chef_llm.cookbook import Cookbook, Dish, Role
from chef_llm.menus.clashes import MOST_CUISINES, clashes, cuisine_of, marks_of
from chef_llm.menus.meals import Course, leading_course

Menu = dict[Course, Dish]
Pools = Mapping[Course, Sequence[Dish]]
# Of so many menus all are looked at. Else of so many mains at most, another choice of them each
# time, with one menu for each, or more where there are fewer mains, out of so many tries for each.
MOST_LOOKED_AT: Final = 120
MAINS_DRAWN: Final = 14
MENUS_DRAWN: Final = 42
TRIES: Final = 5
# Dishes that are tried for one course, and which part of the next courses' dishes must still fit.
PICKS: Final = 6
CHOICE_LEFT: Final = 3
# With fewer mains than this by chance, menus are searched for, round so many of them.
FEW_MAINS: Final = 8
MAINS_SEARCHED: Final = 16
# Dishes that are laid round one main before it is thought impossible, and the mains in turn of
# which that is thought before it is asked of no more.
MOST_STEPS: Final = 100
MOST_IN_VAIN: Final = 6
ROUNDING: Final = 1e-9
# Where what leads the meal lies, the others follow: the side dish makes up for vegetables.
LAID: Final = (Role.MAIN, Role.STAPLE, Role.SOUP, Role.SIDE)


@dataclass(frozen=True)
class Plate:
    """What a meal should have at most and at least, grams a serving; None asks for nothing.

    Who asks for a cuisine gets all dishes of one.
    """

    most_salt_grams: float | None = None
    least_vegetables_grams: float | None = None
    most_cuisines: int = MOST_CUISINES

    @property
    def most_salt(self) -> float:
        """The bound for sums, open where nothing is asked for."""
        return math.inf if self.most_salt_grams is None else self.most_salt_grams + ROUNDING

    @property
    def least_vegetables(self) -> float:
        """The bound for sums, open where nothing is asked for."""
        least = self.least_vegetables_grams
        return -ROUNDING if least is None else least - ROUNDING


# Salt: two fifths of the 7.5 g of a day for men (日本人の食事摂取基準 2025), for dinner is the
# largest meal. Vegetables: a third of the day's 350 g (健康日本21).
DINNER: Final = Plate(most_salt_grams=3.0, least_vegetables_grams=120.0)


@dataclass(frozen=True)
class Drawn:
    """A menu, how many clashes it has and how many ends of the plate it misses."""

    menu: Menu
    clashes: int
    missed: int

    @property
    def faults(self) -> tuple[int, int]:
        """What of two menus makes the worse one, before any taste."""
        return self.clashes, self.missed


@dataclass(frozen=True)
class _Facts:
    """What drawing asks of a dish; `may_be` tells that it is out of place on no table."""

    dish: Dish
    may_be: bool
    is_soup: bool
    marks: frozenset[str]
    cuisine: frozenset[str]
    salt_grams: float
    vegetables_grams: float


class _OnTable(NamedTuple):
    """What lies on a table already; `leading` is the cuisine of what leads the meal."""

    leading: frozenset[str]
    marks: frozenset[str] = frozenset()
    cuisines: frozenset[str] = frozenset()
    salt_grams: float = 0.0
    vegetables_grams: float = 0.0

    def with_dish(self, one: _Facts) -> "_OnTable":
        return _OnTable(
            self.leading,
            self.marks | one.marks,
            self.cuisines | one.cuisine,
            self.salt_grams + one.salt_grams,
            self.vegetables_grams + one.vegetables_grams,
        )

    def may_have(self, one: _Facts, most_cuisines: int) -> bool:
        """Tell whether a dish goes beside what is there; 0 cuisines stand for whatever comes."""
        return not most_cuisines or (
            one.may_be
            and self.marks.isdisjoint(one.marks)
            and len(self.cuisines | one.cuisine) <= most_cuisines
            and not (one.is_soup and self.leading and self.leading != one.cuisine)
        )

    def keeps(self, needs: "_Needs") -> bool:
        return (
            self.salt_grams <= needs.most_salt and self.vegetables_grams >= needs.least_vegetables
        )


@dataclass
class _Needs:
    """What is asked of a table; `in_vain` counts the mains in turn round which it was not found."""

    most_cuisines: int
    most_salt: float
    least_vegetables: float
    in_vain: int = 0


def _needs(plate: Plate) -> Iterator[_Needs]:
    """Yield what is asked of a table, all of it first, and then less and less."""
    salt, vegetables = plate.most_salt_grams, plate.least_vegetables_grams
    for cuisines in sorted({plate.most_cuisines, MOST_CUISINES}):
        for one in dict.fromkeys((plate, Plate(salt), Plate(None, vegetables), Plate())):
            yield _Needs(cuisines, one.most_salt, one.least_vegetables)
    yield _Needs(0, math.inf, 0.0)


def draw(
    menus: Sequence[Pools], plate: Plate, cookbook: Cookbook, rng: random.Random
) -> list[Drawn]:
    """Return menus with a dish for each course, out of pools of which any combination may be.

    Of few all are returned, of many a sample. `cookbook` gives the figures of the servings.
    """
    if sum(math.prod(map(len, menu.values())) for menu in menus) <= MOST_LOOKED_AT:
        every: Iterator[Menu] = (
            dict(zip(menu, dishes, strict=True))
            for menu in menus
            for dishes in product(*menu.values())
        )
    else:
        every = _sampled(menus, plate, cookbook, rng)
    # Two courses of one role may have the same dish.
    once = {
        tuple(dish.name for dish in menu.values()): menu
        for menu in every
        if len({dish.name for dish in menu.values()}) == len(menu)
    }
    return [_judged(menu, plate, cookbook) for menu in once.values()]


def _judged(menu: Menu, plate: Plate, cookbook: Cookbook) -> Drawn:
    facts = [_facts(dish, cookbook) for dish in menu.values()]
    missed = (sum(one.salt_grams for one in facts) > plate.most_salt) + (
        sum(one.vegetables_grams for one in facts) < plate.least_vegetables
    )
    found = len(clashes(menu.values(), cookbook))
    cuisines = len(frozenset().union(*(one.cuisine for one in facts)))
    return Drawn(menu, found + (cuisines > plate.most_cuisines), missed)


def _sampled(
    menus: Sequence[Pools], plate: Plate, cookbook: Cookbook, rng: random.Random
) -> Iterator[Menu]:
    """Yield menus round a sample of what leads a meal.

    As they come first, so that of those that may be each is as likely. Where hardly any comes by
    chance it is searched for: round whatever is asked for the best that there is stands among them.
    """
    tables = [_Table(pools, plate, cookbook, rng) for pools in menus]
    led = [(table, leading) for table in tables for leading in table.leading]
    rng.shuffle(led)
    each = math.ceil(MENUS_DRAWN / len(led))
    mains = 0
    for table, leading in led:
        laid = list(islice(table.by_chance(leading, TRIES * each), each))
        yield from laid
        table.mains += bool(laid)
        mains += bool(laid)
        if mains == MAINS_DRAWN:
            break
    few = [table for table in tables if table.mains < FEW_MAINS]
    for table in few:
        count = min(len(table.leading), math.ceil(MAINS_SEARCHED / len(few)))
        for leading in rng.sample(table.leading, count):
            yield from filter(None, (table.searched(leading) for _ in range(each)))


class _Table:
    """The pools of a meal, shuffled; `mains` is round how many of its mains a menu was found."""

    def __init__(self, pools: Pools, plate: Plate, cookbook: Cookbook, rng: random.Random) -> None:
        first = leading_course(tuple(pools))
        rest = sorted((c for c in pools if c != first), key=lambda c: LAID.index(c.role))
        self.courses = tuple(pools)
        self.order = (first, *rest)
        self.rng = rng
        self.leading = [_facts(dish, cookbook) for dish in pools[first]]
        self.pools = [
            [_facts(dish, cookbook) for dish in rng.sample(pools[course], len(pools[course]))]
            for course in rest
        ]
        # What the courses from each place on have at least of salt, at most of vegetables.
        self.least_salt = [0.0]
        self.most_vegetables = [0.0]
        # What they have where there is still some choice.
        self.usual_salt = [0.0]
        for pool in reversed(self.pools):
            few = sorted(one.salt_grams for one in pool)[len(pool) // CHOICE_LEFT]
            self.usual_salt.insert(0, self.usual_salt[0] + few)
            self.least_salt.insert(0, self.least_salt[0] + min(one.salt_grams for one in pool))
            self.most_vegetables.insert(
                0, self.most_vegetables[0] + max(one.vegetables_grams for one in pool)
            )
        self.needs = list(_needs(plate))
        self.mains = 0

    def by_chance(self, leading: _Facts, tries: int) -> Iterator[Menu]:
        """Yield those of so many random menus round `leading` of which all holds that should."""
        needs = self.needs[0]
        for _ in range(tries):
            on_table = _OnTable(leading.cuisine).with_dish(leading)
            laid = [leading]
            for place, pool in enumerate(self.pools):
                room = needs.most_salt - on_table.salt_grams - self.usual_salt[place + 1]
                for _ in range(PICKS):
                    one = pool[int(self.rng.random() * len(pool))]
                    if one.salt_grams <= room and on_table.may_have(one, needs.most_cuisines):
                        on_table = on_table.with_dish(one)
                        laid.append(one)
                        break
                else:
                    break
            if len(laid) > len(self.pools) and on_table.keeps(needs):
                yield self._menu(laid)

    def searched(self, leading: _Facts) -> Menu | None:
        """Return a menu round `leading`, of the best kind that there is."""
        for needs in self.needs:
            if needs.in_vain < MOST_IN_VAIN:
                found = self._found(leading, needs)
                needs.in_vain = 0 if found else needs.in_vain + 1
                if found:
                    return self._menu([leading, *found])
        return None

    def _menu(self, laid: Sequence[_Facts]) -> Menu:
        by_course = dict(zip(self.order, laid, strict=True))
        return {course: by_course[course].dish for course in self.courses}

    def _found(self, leading: _Facts, needs: _Needs) -> list[_Facts] | None:
        """Search depth first from a random place of each pool; None where nothing was found."""
        steps = 0

        def rest(place: int, on_table: _OnTable) -> list[_Facts] | None:
            nonlocal steps
            if place == len(self.pools):
                return []
            room = needs.most_salt - on_table.salt_grams - self.least_salt[place + 1]
            lack = (
                needs.least_vegetables - on_table.vegetables_grams - self.most_vegetables[place + 1]
            )
            pool = self.pools[place]
            start = self.rng.randrange(len(pool))
            for one in chain(islice(pool, start, None), islice(pool, start)):
                if one.salt_grams > room or one.vegetables_grams < lack:
                    continue
                if not on_table.may_have(one, needs.most_cuisines):
                    continue
                steps += 1
                if steps > MOST_STEPS:
                    return None
                found = rest(place + 1, on_table.with_dish(one))
                if found is not None:
                    return [one, *found]
            return None

        return rest(0, _OnTable(leading.cuisine).with_dish(leading))


def _facts(dish: Dish, cookbook: Cookbook) -> _Facts:
    known = _known_facts(cookbook)
    if dish.name not in known:
        cuisine = cuisine_of(dish)
        known[dish.name] = _Facts(
            dish,
            not clashes([dish], cookbook),
            dish.role == Role.SOUP,
            marks_of(dish, cookbook),
            frozenset() if cuisine is None else frozenset({cuisine}),
            cookbook.nutrition(dish).salt_g,
            cookbook.vegetables_grams(dish),
        )
    return known[dish.name]


@lru_cache(maxsize=16)
def _known_facts(cookbook: Cookbook) -> dict[str, _Facts]:  # noqa: ARG001  # it is the key
    return {}
