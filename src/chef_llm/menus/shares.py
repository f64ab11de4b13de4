"""Which of the days get what only some of them ask for: 和食 on three, fish twice, fried once.

Wishes, not constraints: where a day cannot have what is its turn, it gets another menu, and the
answer says so (`unmet`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chef_llm.cookbook import Cookbook, Dish
from chef_llm.reading.order import Order, Share, Slot


@dataclass(frozen=True)
class Due:
    """What a meal should be, and what it should not."""

    wanted: tuple[Share, ...] = ()
    barred: tuple[Share, ...] = ()

    @property
    def foods(self) -> list[str]:
        """The foods that the meal should use."""
        return [share.value for share in self.wanted if share.kind == "food"]


def is_met(share: Share, dishes: Sequence[Dish], order: Order, cookbook: Cookbook) -> bool:
    """Tell whether a meal is what a share asks for: by what leads it, or by any dish's way."""
    if share.kind == "cuisine":
        return dishes[0].cuisine == share.value
    if share.kind == "food":
        return any(cookbook.uses(dish, share.value) for dish in dishes[:1])
    if share.kind == "style":
        return share.value in dishes[0].tags
    if share.kind == "method":
        return any(dish.method == share.value for dish in dishes)
    return any(dish.name in order.families.get(share.value, ()) for dish in dishes)


def due(
    slot: Slot, order: Order, served: Sequence[tuple[Slot, Sequence[Dish]]], cookbook: Cookbook
) -> Due:
    """Return what the meal of `slot` should be, after what is `served`, leading dishes first.

    Where a number of days is asked for, they are spread evenly; of two that would be due the one
    that lacks more goes first, and of one kind a meal is given one.
    """
    wanted: dict[str, tuple[float, Share]] = {}
    barred = []
    total, place = len(order.slots), len(served)
    for share in order.shares:
        met = sum(is_met(share, dishes, order, cookbook) for _, dishes in served)
        if share.days:
            if slot.day in share.days and share.least:
                wanted[share.kind] = (float("inf"), share)
            elif slot.day in share.days and share.most == 0:
                barred.append(share)
            continue
        if share.most is not None and met >= share.most:
            barred.append(share)
        lack = share.least - met
        pace = (place + 1) * share.least / total - met
        must = lack >= total - place
        if lack > 0 and (pace > 0 or must):
            urgency = pace + (total if must else 0)
            if share.kind not in wanted or wanted[share.kind][0] < urgency:
                wanted[share.kind] = (urgency, share)
    return Due(tuple(share for _, share in wanted.values()), tuple(barred))


def unmet(
    order: Order, served: Sequence[tuple[Slot, Sequence[Dish]]], cookbook: Cookbook
) -> list[Share]:
    """Return the shares that a finished plan does not have."""
    missing = []
    for share in order.shares:
        meals = [dishes for slot, dishes in served if not share.days or slot.day in share.days]
        met = sum(is_met(share, dishes, order, cookbook) for dishes in meals)
        least = len(meals) if share.days and share.least else min(share.least, len(meals))
        if met < least or (share.most is not None and met > share.most):
            missing.append(share)
    return missing
