"""Which of the days get what only some of them ask for: 和食 on three, fish twice, fried once.

Wishes, not constraints: where a day cannot have what is its turn, it gets another menu, and the
answer says so (`unmet`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chef_llm.cookbook import Cookbook, Dish, Role
from chef_llm.menus.clashes import has_rice
from chef_llm.reading.order import Order, Share, Slot

UNCOOKED_RICE: Final = "米"


@dataclass(frozen=True)
class Due:
    """What a meal should be, and what it should not."""

    wanted: tuple[Share, ...] = ()
    barred: tuple[Share, ...] = ()

    @property
    def foods(self) -> list[str]:
        """The foods that the meal should use."""
        return [
            share.value for share in self.wanted if share.kind == "food" and not is_of_rice(share)
        ]


NOTHING_DUE: Final = Due()


def is_of_rice(share: Share) -> bool:
    """Tell whether rice is meant as what a meal stands on: 「昼は麺、夜はごはん」."""
    return share.kind == "food" and share.value == UNCOOKED_RICE


def is_met(share: Share, dishes: Sequence[Dish], order: Order, cookbook: Cookbook) -> bool:
    """Tell whether a meal is what a share asks for: by what leads it, or by any dish's way."""
    if share.kind == "cuisine":
        return dishes[0].cuisine == share.value
    if is_of_rice(share):
        return any(dish.role == Role.STAPLE and has_rice(dish) for dish in dishes)
    if share.kind == "food":
        return any(cookbook.uses(dish, share.value) for dish in dishes[:1])
    if share.kind == "style":
        return share.value in dishes[0].tags
    if share.kind == "method":
        return any(dish.method == share.value for dish in dishes)
    return any(dish.name in order.families.get(share.value, ()) for dish in dishes)


def due_of(slot: Slot, order: Order) -> Due:
    """Return what a meal is to be whatever the others are: of one kind it is given one.

    That is what is said of it or its day, and what there are too few meals for to do without it.
    """
    bound = [share for share in order.shares if share.is_bound and share.is_of(slot)]
    of_any = [share for share in order.shares if not share.is_bound]
    of_all = [share for share in of_any if share.least >= len(order.slots)]
    wanted: dict[str, Share] = {}
    for share in (
        *(share for share in reversed(bound) if share.least),
        *sorted(of_all, key=lambda share: -share.least),
    ):
        if share.least:
            wanted.setdefault(share.kind, share)
    barred = [share for share in (*bound, *of_any) if share.most == 0 and not share.least]
    return Due(tuple(wanted.values()), tuple(barred))


def unmet(
    order: Order, served: Sequence[tuple[Slot, Sequence[Dish]]], cookbook: Cookbook
) -> list[Share]:
    """Return the shares that a finished plan does not have."""
    missing = []
    for share in order.shares:
        meals = [dishes for slot, dishes in served if share.is_of(slot)]
        met = sum(is_met(share, dishes, order, cookbook) for dishes in meals)
        least = len(meals) if share.is_bound and share.least else min(share.least, len(meals))
        if met < least or (share.most is not None and met > share.most):
            missing.append(share)
    return missing
