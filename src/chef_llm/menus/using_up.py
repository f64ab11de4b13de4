"""How much of a food that is to be used up some dishes take, and whether more of it is wanted."""

from collections.abc import Sequence
from typing import Final

from chef_llm.cookbook import Cookbook, Dish
from chef_llm.reading.order import Order

# Of a food that is to be used up: when more than this part of it is left, it is wanted again.
STILL_LEFT: Final = 0.2


def grams_in(dish: Dish, name: str, cookbook: Cookbook) -> float:
    """Return the grams of a food, or of a group of them, in a serving."""
    foods = cookbook.members(name)
    return sum(part.grams for part in dish.ingredients if part.name in foods)


def left_of(
    name: str, portions: Sequence[tuple[Dish, int]], order: Order, cookbook: Cookbook
) -> bool:
    """Tell whether more of a food that is to be used up is left than a dish would take."""
    if not any(cookbook.uses(dish, name) for dish, _ in portions):
        return True
    grams = order.at_hand.get(name)
    return grams is not None and grams_left(name, grams, portions, cookbook) > grams * STILL_LEFT


def grams_left(
    name: str, grams: float, portions: Sequence[tuple[Dish, int]], cookbook: Cookbook
) -> float:
    """Return the grams of a food that dishes for so many people leave."""
    return max(grams - grams_taken(name, portions, cookbook), 0.0)


def grams_taken(name: str, portions: Sequence[tuple[Dish, int]], cookbook: Cookbook) -> float:
    """Return the grams of a food, or of a group of them, that dishes for so many people take."""
    names = cookbook.members(name)
    return sum(
        part.amount.grams
        for dish, servings in portions
        for part in cookbook.amounts(dish, servings)
        if part.name in names
    )
