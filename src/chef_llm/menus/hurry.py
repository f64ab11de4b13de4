"""Menus that are on the table in time: of those that may be served, the quickest ones first.

How long a meal takes is no sum of its dishes: its way (`way`) is laid, for as few menus as will do.
But no way is shorter than the hands' work of all dishes, which is one: where of the menus that are
drawn too few are ready in time others are drawn inside it, and where that is not enough menus are
looked at by it, the least first.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import islice
from typing import Final

from chef_llm.cookbook import Cookbook, Dish
from chef_llm.menus.blocks import hands_minutes
from chef_llm.menus.drawing import Drawn, Menu, Plate, Pools, draw, judged
from chef_llm.menus.figures import HANDS, Limit
from chef_llm.menus.meals import Course
from chef_llm.menus.way import way_to_table
from chef_llm.reading.order import Constraints

NO_PLATE: Final = Plate()
# Menus whose way is laid before it is thought that none is quick enough.
MOST_TRIED: Final = 60
MOST_LOOKED_AT: Final = 3_000
# As many in time without a fault leave a choice; of the quickest where none is, so many.
ENOUGH: Final = 8
NEAREST: Final = 24
# Of the minutes the hands' work may take so much where menus are drawn anew: less and less.
SHARES_OF_HANDS: Final = (1.0, 0.85)


@dataclass(frozen=True)
class Draws:
    """What menus are drawn of: pools, limits of sums, and what a meal should have besides."""

    menus: Sequence[Pools]
    limits: Sequence[Limit]
    cookbook: Cookbook
    plate: Plate = NO_PLATE

    def judged(self, menu: Menu) -> Drawn | None:
        """Return a menu with its faults, None where it breaks a limit."""
        return judged(menu, self.plate, self.limits, self.cookbook)

    def within(self, hands: float, rng: random.Random) -> list[Drawn]:
        """Return menus of which the hands' work takes so many minutes at most."""
        limits = (*self.limits, Limit(HANDS, 1, hands))
        return draw(self.menus, self.plate, self.cookbook, rng, limits)


def ready_pools(
    menus: Sequence[dict[Course, list[Dish]]],
    minutes: int | None,
    limits: Sequence[Limit],
    cookbook: Cookbook,
) -> list[dict[Course, list[Dish]]]:
    """Return those of the pools of which a menu is on the table in so many minutes."""
    if minutes is None:
        return list(menus)
    return [pools for pools in menus if any(_ready(Draws([pools], limits, cookbook), minutes))]


def quickest_minutes(draws: Draws) -> int | None:
    """Return how long the quickest menu takes that is found, None where there is none."""
    return min((one.minutes for one in _quickest_first(draws)), default=None)


def in_time(
    drawn: Sequence[Drawn], asked: Constraints, draws: Draws, rng: random.Random
) -> list[Drawn]:
    """Return the drawn menus with their minutes, and quicker ones where few of them keep to time.

    Minutes of the meal are kept by all of them, those of its dishes by as many as there are.
    Where nobody asks for minutes, nothing is laid.
    """
    limits = [one for one in (asked.max_minutes, asked.max_total_minutes) if one is not None]
    if not limits:
        return list(drawn)
    most = min(limits)
    timed = list(map(_timed, drawn))
    for share in SHARES_OF_HANDS:
        if sum(one.minutes <= most and not any(one.faults) for one in timed) >= ENOUGH:
            break
        timed += map(_timed, draws.within(share * most, rng))
    if all(one.minutes > most for one in timed):
        timed += _ready(draws, most)
    if asked.max_total_minutes is not None:
        return [one for one in timed if one.minutes <= asked.max_total_minutes]
    if all(one.minutes > most for one in timed):
        timed += islice(_quickest_first(draws), NEAREST)
    return timed


def nearest(drawn: Sequence[Drawn], minutes: int | None) -> list[Drawn]:
    """Return the menus that are on the table in so many minutes, else those that are nearest."""
    if minutes is None:
        return list(drawn)
    over = [max(one.minutes - minutes, 0) for one in drawn]
    least = min(over)
    return [one for one, late in zip(drawn, over, strict=True) if late == least]


def _timed(drawn: Drawn) -> Drawn:
    return replace(drawn, minutes=way_to_table(list(drawn.menu.values())).total_minutes)


def _ready(draws: Draws, minutes: int) -> Iterator[Drawn]:
    """Yield menus that are on the table in time."""
    return (one for one in _quickest_first(draws, minutes) if one.minutes <= minutes)


def _quickest_first(draws: Draws, minutes: int | None = None) -> Iterator[Drawn]:
    """Yield menus with their minutes by the hands' work that they take; MOST_TRIED of them.

    Best first: of a menu those come next that have in one course the dish that comes next. Each
    comes once: after it no course is moved on that stands before one that was.
    """
    most = math.inf if minutes is None else minutes
    tables = [_sorted(pools, minutes) for pools in draws.menus]
    waiting: list[tuple[int, int, tuple[int, ...]]] = []

    def wait(work: int, table: int, places: tuple[int, ...]) -> None:
        if work <= most:
            heappush(waiting, (work, table, places))

    for table, pools in enumerate(tables):
        if all(pools):
            wait(sum(pool[0][0] for pool in pools), table, (0,) * len(pools))
    tried = looked_at = 0
    while waiting and tried < MOST_TRIED and looked_at < MOST_LOOKED_AT:
        work, table, places = heappop(waiting)
        looked_at += 1
        dishes = [pool[at][2] for at, pool in zip(places, tables[table], strict=True)]
        for course, pool in reversed(list(enumerate(tables[table]))):
            at = places[course]
            if at + 1 < len(pool):
                more = work - pool[at][0] + pool[at + 1][0]
                wait(more, table, (*places[:course], at + 1, *places[course + 1 :]))
            if at:
                break
        if len({dish.name for dish in dishes}) == len(dishes):
            one = draws.judged(dict(zip(draws.menus[table], dishes, strict=True)))
            if one is not None:
                tried += 1
                yield _timed(one)


def _sorted(pools: Pools, minutes: int | None) -> list[list[tuple[int, str, Dish]]]:
    """Return the dishes of each course by the hands' work that they take."""
    return [
        sorted(
            (hands_minutes(dish), dish.name, dish)
            for dish in pool
            if minutes is None or dish.all_minutes <= minutes
        )
        for pool in pools.values()
    ]
