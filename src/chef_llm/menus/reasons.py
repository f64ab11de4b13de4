"""Why there is no menu: which constraint has to give, and by how much."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from chef_llm.cookbook import Cookbook, Dish, Role
from chef_llm.errors import NoMenu
from chef_llm.menus.constraints import DIETS, Constraints
from chef_llm.menus.limits import as_limits, within_limits

NUTRIENT_WORDS: Final = {
    "energy_kcal": ("エネルギー", "kcal"),
    "protein_g": ("たんぱく質", "g"),
    "salt_g": ("食塩", "g"),
}


def no_menu(
    constraints: Constraints,
    structures: Sequence[Sequence[Role]],
    cookbook: Cookbook,
    planned_meals: int,
) -> NoMenu:
    """Return the error for a meal that cannot be planned.

    One constraint at a time is let go; the first that would make a menu possible is named, with
    the value at which it would. `planned_meals` were possible before: then the days are too many.
    """
    roles = structures[-1]
    if _possible(constraints, roles, cookbook):
        return NoMenu(
            f"条件に合う料理が足りず、{planned_meals}食分までしか重ならずに作れません。"
            "days か meals を減らすか、条件をゆるめてください。",
            param="days",
        )
    for param, looser, words in _looser(constraints, roles, cookbook):
        if _possible(looser, roles, cookbook):
            return NoMenu(f"条件をすべて守れる献立がありません。{words}", param=param)
    return NoMenu(
        "条件をすべて守れる献立がありません。ひとつではなく、複数の条件をゆるめてください。",
        param="constraints",
    )


def _looser(
    constraints: Constraints, roles: Sequence[Role], cookbook: Cookbook
) -> Iterator[tuple[str, Constraints, str]]:
    """Yield (field, constraints with one thing let go, what to say), the softest first."""
    if constraints.max_minutes is not None:
        free = replace(constraints, max_minutes=None)
        minutes = _least_minutes(free, roles, cookbook)
        yield "max_minutes", free, f"max_minutes を{minutes}分以上にすると作れます。"
    if constraints.cuisine is not None:
        yield "cuisine", replace(constraints, cuisine=None), "cuisine の指定を外すと作れます。"
    if constraints.season is not None:
        yield "season", replace(constraints, season=None), "season の指定を外すと作れます。"
    yield from _looser_limits(constraints, roles, cookbook)
    for diet in sorted(constraints.diets):
        free = replace(constraints, diets=constraints.diets - {diet})
        yield "diet", free, f"diet の {diet}（{DIETS[diet].title}）を外すと作れます。"
    for word in sorted(constraints.excluded):
        free = replace(constraints, excluded=constraints.excluded - {word})
        yield "exclude", free, f"exclude の「{word}」を使ってよければ作れます。"
    for allergen in sorted(constraints.allergens):
        free = replace(constraints, allergens=constraints.allergens - {allergen})
        # Never a proposal to serve it: only what stands in the way.
        yield "allergens", free, f"「{allergen}」を含まない料理が足りません。"


def _looser_limits(
    constraints: Constraints, roles: Sequence[Role], cookbook: Cookbook
) -> Iterator[tuple[str, Constraints, str]]:
    for nutrient, (least, most) in constraints.limits.items():
        free = replace(
            constraints,
            limits={key: value for key, value in constraints.limits.items() if key != nutrient},
        )
        words, unit = NUTRIENT_WORDS[nutrient]
        pools = _pools(free, roles, cookbook)
        if not all(pools.values()):
            continue
        lowest = sum(
            min(_value(dish, nutrient, cookbook) for dish in pool) for pool in pools.values()
        )
        highest = sum(
            max(_value(dish, nutrient, cookbook) for dish in pool) for pool in pools.values()
        )
        yield (
            f"nutrition.{nutrient}",
            free,
            f"1食の{words}は{lowest:.1f}{unit}から{highest:.1f}{unit}の範囲で作れます"
            f"（指定: {_range(least, most, unit)}）。",
        )


def _range(least: float | None, most: float | None, unit: str) -> str:
    low = "" if least is None else f"{least:g}{unit}"
    high = "" if most is None else f"{most:g}{unit}"
    return f"{low}〜{high}"


def _value(dish: Dish, nutrient: str, cookbook: Cookbook) -> float:
    return float(getattr(cookbook.nutrition(dish), nutrient))


def _possible(constraints: Constraints, roles: Sequence[Role], cookbook: Cookbook) -> bool:
    pools = _pools(constraints, roles, cookbook)
    if not all(pools.values()):
        return False
    limits = as_limits(constraints.meal_limits)
    costs = {
        dish.name: tuple(limit.sign * _value(dish, limit.nutrient, cookbook) for limit in limits)
        for pool in pools.values()
        for dish in pool
    }
    return within_limits(pools, costs, limits) is not None


def _pools(
    constraints: Constraints, roles: Sequence[Role], cookbook: Cookbook
) -> dict[Role, list[Dish]]:
    """Return the dishes of each role that a single meal may have."""
    return {
        role: [
            dish
            for dish in cookbook.dishes.values()
            if dish.role == role
            and dish.is_one_bowl == (role == Role.STAPLE and Role.MAIN not in roles)
            and constraints.breach(dish, cookbook) is None
            and constraints.fits(dish)
        ]
        for role in roles
    }


def _least_minutes(constraints: Constraints, roles: Sequence[Role], cookbook: Cookbook) -> int:
    """Return the least time in which every role has a dish."""
    pools = _pools(constraints, roles, cookbook)
    return max(
        (min((dish.minutes for dish in pool), default=0) for pool in pools.values()), default=0
    )
