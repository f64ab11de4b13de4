"""What a meal's limits of nutrition and price leave: whether any menu keeps them, and which.

A grammar cannot add. So sums are kept before the model chooses: `drawing` lays no menu that breaks
a limit, and what is asked here, of all that may be served, is whether one exists.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from chef_llm.cookbook import Cookbook, Dish
from chef_llm.cookbook.vocabulary import Range
from chef_llm.menus.blocks import hands_minutes
from chef_llm.menus.meals import Course

Cost = tuple[float, ...]
Pools = Mapping[Course, Sequence[Dish]]
# By the identity of a pool: the pool, and those of its dishes that no other beats in every cost.
Fronts = dict[int, tuple[Sequence[Dish], list[Dish]]]
# Dishes that a search for one combination tries at most: about half a second. Only limits from
# both sides, and so close that hardly any meal is between them, come to that.
MOST_STEPS: Final = 150_000
# A combination with this share of the room that there can be is good enough.
ENOUGH_ROOM: Final = 0.8
ROUNDING: Final = 1e-9
# The minutes in which the cook is busy with a dish: of a meal no way to the table takes less.
HANDS: Final = "hands_minutes"


@dataclass(frozen=True)
class Limit:
    """Most of a cost (a nutrient, yen, HANDS): a lower limit is an upper one on the negative."""

    nutrient: str
    sign: int
    most: float


def as_limits(ranges: Mapping[str, Range]) -> list[Limit]:
    """Return (least, most) ranges of nutrients as a list of upper limits."""
    limits = []
    for nutrient, (least, most) in ranges.items():
        if most is not None:
            limits.append(Limit(nutrient, 1, most))
        if least is not None:
            limits.append(Limit(nutrient, -1, -least))
    return limits


def figure_of(dish: Dish, name: str, cookbook: Cookbook) -> float:
    """Return what a limit is about: a figure of a serving, its price, or the hands' work."""
    return float(hands_minutes(dish)) if name == HANDS else cookbook.limited(dish, name)


def costs_of(pools: Pools, limits: Sequence[Limit], cookbook: Cookbook) -> dict[str, Cost]:
    """Return what each dish of `pools` costs of each limit, by its name."""
    return {
        dish.name: tuple(limit.sign * figure_of(dish, limit.nutrient, cookbook) for limit in limits)
        for pool in pools.values()
        for dish in pool
    }


def has_menu(
    pools: Pools,
    costs: Mapping[str, Cost],
    limits: Sequence[Limit],
    known: Fronts | None = None,
) -> bool:
    """Tell whether a dish of each pool can be had that together keep `limits`.

    `costs` gives each dish's cost by limit; `known` keeps what was found of a pool for the next.
    """
    if not all(pools.values()):
        return False
    fronts = _fronts_of(pools, costs, {} if known is None else known) if limits else []
    return not limits or _roomy(fronts, costs, limits, -math.inf) is not None


def roomiest(
    pools: Pools, costs: Mapping[str, Cost], limits: Sequence[Limit]
) -> dict[Course, Dish] | None:
    """Return a combination that keeps the limits and leaves much room below all of them."""
    found = _roomy(_fronts_of(pools, costs, {}), costs, limits, ENOUGH_ROOM * _most_room(limits))
    return None if found is None else dict(zip(pools, found, strict=True))


def _roomy(
    fronts: Sequence[Sequence[Dish]],
    costs: Mapping[str, Cost],
    limits: Sequence[Limit],
    enough: float,
) -> tuple[Dish, ...] | None:
    """Return what keeps the limits and has `enough` room, as a share of them, or the most."""
    scales = _scales(limits)

    def room(total: Cost) -> float:
        sized = zip(limits, total, scales, strict=True)
        return min(((limit.most - cost) / scale for limit, cost, scale in sized), default=math.inf)

    return _search(fronts, costs, limits, room, enough)


def _scales(limits: Sequence[Limit]) -> list[float]:
    return [max(abs(limit.most), 1.0) for limit in limits]


def _most_room(limits: Sequence[Limit]) -> float:
    """Return the room that there can be: between a least and a most, that in the middle."""
    sized = list(zip(limits, _scales(limits), strict=True))
    return min(
        (
            (upper.most + lower.most) / (upper_scale + lower_scale)
            for upper, upper_scale in sized
            for lower, lower_scale in sized
            if upper.nutrient == lower.nutrient and upper.sign > lower.sign
        ),
        default=math.inf,
    )


def least_total(
    pools: Pools, costs: Mapping[str, Cost], limits: Sequence[Limit], index: int
) -> float | None:
    """Return the least total of the cost `index` that keeps all limits but its own, else None."""
    free = [*limits[:index], replace(limits[index], most=math.inf), *limits[index + 1 :]]
    fronts = _fronts_of(pools, costs, {})
    best = _search(fronts, costs, free, lambda total: -total[index], math.inf)
    return None if best is None else sum(costs[dish.name][index] for dish in best)


def _fronts_of(pools: Pools, costs: Mapping[str, Cost], known: Fronts) -> list[list[Dish]]:
    """Return the front of each pool; `known` are those of pools that were looked at before."""
    for pool in pools.values():
        if id(pool) not in known:
            # The pool is kept with it, so that no other takes its place in memory.
            known[id(pool)] = (pool, _front(pool, costs))
    return [known[id(pool)][1] for pool in pools.values()]


def _search(
    fronts: Sequence[Sequence[Dish]],
    costs: Mapping[str, Cost],
    limits: Sequence[Limit],
    score: Callable[[Cost], float],
    enough: float,
) -> tuple[Dish, ...] | None:
    """Return the combination inside `limits` with the highest score, or the first that is `enough`.

    `score` must never rise with a cost: then what the cheapest rest would score bounds a branch.
    """
    most = [limit.most for limit in limits]
    # The least that the roles from each place on can cost.
    rests = [(0.0,) * len(limits)]
    for front in reversed(fronts):
        least = tuple(map(min, zip(*(costs[dish.name] for dish in front), strict=True)))
        rests.insert(0, _total([least, rests[0]]))
    best: tuple[Dish, ...] | None = None
    best_score = -math.inf
    steps = 0
    branches: list[tuple[tuple[Dish, ...], Cost]] = [((), rests[-1])]
    while branches and (best is None or best_score < enough) and steps < MOST_STEPS:
        dishes, spent = branches.pop()
        place = len(dishes)
        grown = []
        for dish in fronts[place]:
            steps += 1
            total = _total([spent, costs[dish.name]])
            bound = _total([total, rests[place + 1]])
            if not keeps(bound, most) or score(bound) <= best_score:
                continue
            if place + 1 == len(fronts):
                best, best_score = (*dishes, dish), score(bound)
            else:
                grown.append((score(bound), dish, total))
        # The most promising branch comes off the stack first.
        grown.sort(key=lambda branch: branch[0])
        branches += [((*dishes, dish), total) for _, dish, total in grown]
    return best


def _front(pool: Sequence[Dish], costs: Mapping[str, Cost]) -> list[Dish]:
    """Return the dishes of `pool` that no other of them beats in every cost."""
    front: list[Dish] = []
    for dish in sorted(pool, key=lambda dish: (sum(costs[dish.name]), dish.name)):
        if not any(_beats(costs[kept.name], costs[dish.name]) for kept in front):
            front.append(dish)
    return front


def _beats(cost: Cost, other: Cost) -> bool:
    return all(map(float.__le__, cost, other))


def _total(costs: Sequence[Cost]) -> Cost:
    return tuple(map(sum, zip(*costs, strict=True)))


def keeps(cost: Cost, most: Sequence[float]) -> bool:
    """Tell whether no cost is above the most that there may be of it."""
    return all(one <= limit + ROUNDING for one, limit in zip(cost, most, strict=True))
