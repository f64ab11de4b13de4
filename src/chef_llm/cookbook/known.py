"""Facts of a dish that are worked out once: a planner asks for the same ones a thousand times."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from chef_llm.cookbook.model import Cookbook, Dish

Fact = TypeVar("Fact")


def once_a_dish(of: Callable[[Dish], Fact]) -> Callable[[Dish], Fact]:
    """Let a function work out what it tells of a dish once; of another of its name it does anew."""
    known: dict[str, tuple[Dish, Fact]] = {}

    @wraps(of)
    def fact(dish: Dish) -> Fact:
        found = known.get(dish.name)
        if found is None or found[0] is not dish:
            found = known[dish.name] = (dish, of(dish))
        return found[1]

    return fact


def once_in_a_cookbook(
    of: Callable[[Dish, Cookbook], Fact],
) -> Callable[[Dish, Cookbook], Fact]:
    """Let a function work out once what it tells of a dish as it is in a cookbook."""

    @lru_cache(maxsize=16)
    def known_of(cookbook: Cookbook) -> dict[str, tuple[Dish, Fact]]:  # noqa: ARG001  # the key
        return {}

    @wraps(of)
    def fact(dish: Dish, cookbook: Cookbook) -> Fact:
        known = known_of(cookbook)
        found = known.get(dish.name)
        if found is None or found[0] is not dish:
            found = known[dish.name] = (dish, of(dish, cookbook))
        return found[1]

    return fact
