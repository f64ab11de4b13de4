"""Sets of dishes of which every combination keeps a meal's limits of nutrition.

A grammar cannot add. So the limits are kept before the model chooses: around a combination that
keeps them all, the room that it leaves is shared out among the courses, and each gets the dishes
that fit into its share. Whatever the model then picks from each set, the meal is inside its limits.
A salty 主菜 leaves room for other side dishes than a mild one does: so there is a family of sets
for each of a few groups of 主菜.
"""

import math
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from chef_llm.cookbook import Cookbook, Dish
from chef_llm.cookbook.vocabulary import Range
from chef_llm.menus.meals import Course, leading_course

Cost = tuple[float, ...]
Pools = Mapping[Course, Sequence[Dish]]
# By the identity of a pool: the pool, and those of its dishes that no other beats in every cost.
Fronts = dict[int, tuple[Sequence[Dish], list[Dish]]]
# Dishes that a search for one combination tries at most: about half a second. Only limits from
# both sides, and so close that hardly any meal is between them, come to that.
MOST_STEPS: Final = 150_000
# A combination with this share of the room that there can be is good enough.
ENOUGH_ROOM: Final = 0.8
# Into so many groups the 主菜 are parted, each with side dishes of its own.
GROUPS: Final = 10
ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class Limit:
    """Most of a cost (a nutrient, or yen): a lower limit is an upper one on the negative."""

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


def costs_of(pools: Pools, limits: Sequence[Limit], cookbook: Cookbook) -> dict[str, Cost]:
    """Return what each dish of `pools` costs of each limit, by its name."""
    return {
        dish.name: tuple(limit.sign * cookbook.limited(dish, limit.nutrient) for limit in limits)
        for pool in pools.values()
        for dish in pool
    }


def within_limits(
    pools: Pools,
    costs: Mapping[str, Cost],
    limits: Sequence[Limit],
    wished: Collection[str] = frozenset(),
) -> list[dict[Course, list[Dish]]]:
    """Return parts of the pools of which every combination keeps `limits`; none if none does.

    `costs` gives each dish's cost by limit. Dishes named in `wished` stay where they can.
    """
    if not all(pools.values()):
        return []
    if not limits:
        return [{course: list(pool) for course, pool in pools.items()}]
    leading = leading_course(tuple(pools))
    ordered = sorted(pools[leading], key=lambda dish: costs[dish.name])
    size = math.ceil(len(ordered) / GROUPS)
    groups = (ordered[start : start + size] for start in range(0, len(ordered), size))
    # The other pools are the same lists for each group of main dishes.
    fronts: Fronts = {}
    families = (
        _family({**pools, leading: group}, costs, limits, wished, fronts) for group in groups
    )
    return [family for family in families if family is not None]


def _family(
    pools: Pools,
    costs: Mapping[str, Cost],
    limits: Sequence[Limit],
    wished: Collection[str],
    fronts: Fronts,
) -> dict[Course, list[Dish]] | None:
    narrowed = {
        course: [dish for dish in pool if dish.name in wished] or pool
        for course, pool in pools.items()
    }
    seed = _roomiest(narrowed, costs, limits, fronts) or _roomiest(pools, costs, limits, fronts)
    if seed is None:
        return None
    return _grown(dict(zip(pools, seed, strict=True)), pools, costs, limits)


def _grown(
    seed: Mapping[Course, Dish],
    pools: Pools,
    costs: Mapping[str, Cost],
    limits: Sequence[Limit],
) -> dict[Course, list[Dish]]:
    """Add dishes to those of `seed`, role by role in turn, while the worst combination fits."""
    most = [limit.most for limit in limits]
    room = [
        max(limit - cost, ROUNDING)
        for limit, cost in zip(
            most, _total([costs[dish.name] for dish in seed.values()]), strict=True
        )
    ]

    def taken(dish: Dish, first: Dish) -> float:
        """Return the share of the room that `dish` takes in the place of `first`."""
        pairs = zip(costs[dish.name], costs[first.name], room, strict=True)
        return max((cost - base) / left for cost, base, left in pairs)

    kept = {course: [dish] for course, dish in seed.items()}
    worst = {course: costs[dish.name] for course, dish in seed.items()}
    waiting = {
        course: deque(
            sorted(
                (dish for dish in pool if dish is not seed[course]),
                key=lambda dish, first=seed[course]: taken(dish, first),  # type: ignore[misc]
            )
        )
        for course, pool in pools.items()
    }
    while any(waiting.values()):
        for course, queue in waiting.items():
            if not queue:
                continue
            dish = queue.popleft()
            raised = tuple(map(max, worst[course], costs[dish.name]))
            if _keeps(
                _total([raised, *(worst[other] for other in worst if other != course)]), most
            ):
                kept[course].append(dish)
                worst[course] = raised
    return kept


def least_total(
    pools: Pools, costs: Mapping[str, Cost], limits: Sequence[Limit], index: int
) -> float | None:
    """Return the least total of the cost `index` that keeps all limits but its own, else None."""
    free = [*limits[:index], replace(limits[index], most=math.inf), *limits[index + 1 :]]
    fronts = _fronts_of(pools, costs, {})
    best = _search(fronts, costs, free, lambda total: -total[index], math.inf)
    return None if best is None else sum(costs[dish.name][index] for dish in best)


def _roomiest(
    pools: Pools, costs: Mapping[str, Cost], limits: Sequence[Limit], fronts: Fronts
) -> tuple[Dish, ...] | None:
    """Return a combination that keeps the limits and leaves much room below all of them."""
    scales = [max(abs(limit.most), 1.0) for limit in limits]

    def room(total: Cost) -> float:
        return min(
            (limit.most - cost) / scale
            for limit, cost, scale in zip(limits, total, scales, strict=True)
        )

    # Between a least and a most there is never more room than in the middle.
    middles = (
        (upper.most + lower.most) / (upper_scale + lower_scale)
        for upper, upper_scale in zip(limits, scales, strict=True)
        for lower, lower_scale in zip(limits, scales, strict=True)
        if upper.nutrient == lower.nutrient and upper.sign > lower.sign
    )
    ordered = _fronts_of(pools, costs, fronts)
    return _search(ordered, costs, limits, room, ENOUGH_ROOM * min(middles, default=math.inf))


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
    while branches and best_score < enough and steps < MOST_STEPS:
        dishes, spent = branches.pop()
        place = len(dishes)
        grown = []
        for dish in fronts[place]:
            steps += 1
            total = _total([spent, costs[dish.name]])
            bound = _total([total, rests[place + 1]])
            if not _keeps(bound, most) or score(bound) <= best_score:
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


def _keeps(cost: Cost, most: Sequence[float]) -> bool:
    return all(one <= limit + ROUNDING for one, limit in zip(cost, most, strict=True))
