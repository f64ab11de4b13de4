"""What a meal is made of: its roles, and the dishes that have a place in it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from chef_llm.cookbook import Cookbook, Dish, Role
from chef_llm.cookbook.vocabulary import WISHED_GROUPS
from chef_llm.menus.constraints import allowed_dishes
from chef_llm.reading.order import Constraints

Structure = tuple[Role, ...]
FULL: Final = (Role.STAPLE, Role.MAIN, Role.SIDE, Role.SOUP)
# The 主食 is a bowl that needs no 主菜, or at breakfast rice or bread.
ONE_BOWL: Final = (Role.STAPLE, Role.SIDE, Role.SOUP)
BOX: Final = (Role.STAPLE, Role.MAIN, Role.SIDE)
STRUCTURES: Final[Mapping[str, tuple[Structure, ...]]] = {
    "朝食": (ONE_BOWL, FULL),
    "昼食": (ONE_BOWL, FULL),
    "夕食": (FULL,),
    "お弁当": (BOX,),
}


def structures(
    meal: str, asked: Iterable[str], wished: Iterable[Dish], cookbook: Cookbook
) -> list[tuple[Structure, ...]]:
    """Return the structures that a meal may have, the better choices first.

    Where a bowl is `wished`, or only bowls hold what is `asked` for, it is a bowl if it can be.
    """
    bowls = [name for name in asked if _is_of_bowls(name, cookbook)]
    if bowls or any(dish.is_one_bowl for dish in wished):
        return [(ONE_BOWL,), STRUCTURES[meal]] if meal != "お弁当" else [STRUCTURES[meal]]
    return [STRUCTURES[meal]]


def candidates(
    meal: str, asked: Collection[str], constraints: Constraints, cookbook: Cookbook
) -> list[Dish]:
    """Return the dishes that break no constraint and suit the meal."""
    return suiting(meal, asked, allowed_dishes(constraints, cookbook), cookbook)


def suiting(
    meal: str, asked: Collection[str], dishes: Iterable[Dish], cookbook: Cookbook
) -> list[Dish]:
    """Return those of `dishes` that suit the meal."""
    return [
        dish
        for dish in dishes
        if (meal != "お弁当" or "弁当" in dish.tags)
        and (
            meal == "朝食"
            or any(cookbook.uses(dish, name) for name in asked)
            or not _is_fruit(dish, cookbook)
        )
    ]


def by_role(dishes: Iterable[Dish], structure: Structure, meal: str) -> dict[Role, list[Dish]]:
    """Return the dishes of each role; beside a 主菜 the 主食 is a plain one."""
    pools: dict[Role, list[Dish]] = {role: [] for role in structure}
    for dish in dishes:
        if dish.role in pools and (
            dish.role != Role.STAPLE
            or dish.is_one_bowl != (Role.MAIN in structure)
            or (meal == "朝食" and not dish.is_one_bowl)
        ):
            pools[dish.role].append(dish)
    return pools


def leading_role(structure: Sequence[Role]) -> Role:
    """Return the role that the meal is named for: the 主菜, or the 主食 that stands for one."""
    return Role.MAIN if Role.MAIN in structure else Role.STAPLE


def _is_of_bowls(name: str, cookbook: Cookbook) -> bool:
    """Tell whether an ingredient leads bowls alone, as spaghetti does, or is any noodle."""
    if name in WISHED_GROUPS and WISHED_GROUPS[name][1] == "米・パン・麺":
        return True
    members = cookbook.members(name)
    led = [dish for dish in cookbook.dishes.values() if not members.isdisjoint(dish.keywords)]
    return bool(led) and all(dish.is_one_bowl for dish in led)


def _is_fruit(dish: Dish, cookbook: Cookbook) -> bool:
    """Tell whether a dish is fruit, with yoghurt or without: beside a dinner it would surprise."""
    groups = [cookbook.ingredients[name].groups for name in dish.keywords]
    fruit = ["果物" in each and "野菜" not in each for each in groups]
    return any(fruit) and all(
        is_fruit or "乳" in each for is_fruit, each in zip(fruit, groups, strict=True)
    )
