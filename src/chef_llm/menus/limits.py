"""Sets of dishes of which every combination keeps a meal's limits of nutrition.

A grammar cannot add. So the limits are kept before the model chooses: from one combination that
keeps them all, dishes are added role by role as long as the worst combination still does. Whatever
the model then picks from each set, the meal is inside its limits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from chef_llm.cookbook import Dish, Role

Cost = tuple[float, ...]
# Combinations that the search for a first one looks at, at most.
MOST_COMBINATIONS: Final = 400_000
ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class Limit:
    """Most of a cost: a lower limit is an upper one on the negative."""

    nutrient: str
    sign: int
    most: float


def as_limits(ranges: Mapping[str, tuple[float | None, float | None]]) -> list[Limit]:
    """Return (least, most) ranges of nutrients as a list of upper limits."""
    limits = []
    for nutrient, (least, most) in ranges.items():
        if most is not None:
            limits.append(Limit(nutrient, 1, most))
        if least is not None:
            limits.append(Limit(nutrient, -1, -least))
    return limits


def within_limits(
    pools: Mapping[Role, Sequence[Dish]], costs: Mapping[str, Cost], limits: Sequence[Limit]
) -> dict[Role, list[Dish]] | None:
    """Return a part of each pool so that every combination keeps `limits`, None if none does.

    `costs` gives each dish's cost by limit. Earlier dishes of a pool are let in first.
    """
    if not limits:
        return {role: list(pool) for role, pool in pools.items()}
    seed = _seed(pools, costs, limits)
    if seed is None:
        return None
    chosen = {role: [dish] for role, dish in seed.items()}
    worst = {role: costs[dish.name] for role, dish in seed.items()}
    waiting = {
        role: [dish for dish in pool if dish is not seed[role]] for role, pool in pools.items()
    }
    while any(waiting.values()):
        for role, queue in waiting.items():
            if not queue:
                continue
            dish = queue.pop(0)
            raised = tuple(map(max, worst[role], costs[dish.name]))
            others = [worst[other] for other in worst if other != role]
            if _fits(_total([raised, *others]), limits):
                chosen[role].append(dish)
                worst[role] = raised
    return chosen


def least_possible(
    pools: Mapping[Role, Sequence[Dish]], costs: Mapping[str, Cost], index: int
) -> float:
    """Return the least total of the cost `index` that any combination has."""
    return sum(min(costs[dish.name][index] for dish in pool) for pool in pools.values())


def _seed(
    pools: Mapping[Role, Sequence[Dish]], costs: Mapping[str, Cost], limits: Sequence[Limit]
) -> dict[Role, Dish] | None:
    """Return the combination with the most room left among those that keep the limits.

    Only dishes that no other of their role beats in every cost can be needed.
    """
    fronts = {role: _front(pool, costs) for role, pool in pools.items()}
    best: tuple[float, tuple[Dish, ...]] | None = None
    for count, dishes in enumerate(product(*fronts.values())):
        if count >= MOST_COMBINATIONS:
            break
        total = _total([costs[dish.name] for dish in dishes])
        if _fits(total, limits):
            room = min(
                (limit.most - cost) / max(abs(limit.most), 1.0)
                for cost, limit in zip(total, limits, strict=True)
            )
            if best is None or room > best[0]:
                best = room, dishes
    return dict(zip(fronts, best[1], strict=True)) if best else None


def _front(pool: Sequence[Dish], costs: Mapping[str, Cost]) -> list[Dish]:
    front: list[Dish] = []
    for dish in sorted(pool, key=lambda dish: (sum(costs[dish.name]), dish.name)):
        cost = costs[dish.name]
        if not any(all(map(float.__le__, costs[kept.name], cost)) for kept in front):
            front.append(dish)
    return front


def _total(costs: Sequence[Cost]) -> Cost:
    return tuple(map(sum, zip(*costs, strict=True)))


def _fits(total: Cost, limits: Sequence[Limit]) -> bool:
    return all(cost <= limit.most + ROUNDING for cost, limit in zip(total, limits, strict=True))
