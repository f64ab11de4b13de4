"""What a plan takes of foods that spoil, what packs leave of these, and how long they keep.

The days are a cook's custom, not the date on a label: raw fish and minced meat are cooked first,
roots and onions wait. A plan is bought for at once, before its first meal.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from chef_llm.cookbook import Cookbook, Dish, Ingredient
from chef_llm.menus.shopping import is_perishable, left_grams

# Days after the shopping by which a food is eaten, by section or group; the first that fits holds.
KEEPS_DAYS: Final[tuple[tuple[str, int], ...]] = (
    ("缶詰・加工品", 14),
    ("塩味", 5),
    ("魚介", 2),
    ("ひき肉", 2),
    ("内臓", 2),
    ("加工肉", 7),
    ("肉", 3),
    ("卵・乳製品", 10),
    ("豆腐・大豆製品", 5),
    ("いも", 14),
    ("根菜", 14),
    ("葉物", 4),
    ("きのこ", 5),
    ("野菜・果物", 6),
)
# Of what has no row: rice, noodles, what is dried.
KEEPS_LONG: Final = 14
# Foods that are bad at waiting though their group is not, and the other way round.
OF_THEIR_OWN: Final[Mapping[str, int]] = {
    **dict.fromkeys(("もやし", "豆もやし", "かいわれ大根"), 2),
    **dict.fromkeys(("キャベツ", "白菜", "玉ねぎ", "かぼちゃ", "にんじん", "大根"), 10),
}


def days_kept(ingredient: Ingredient) -> int:
    """Return by which day of a plan, from 1, a food is best eaten."""
    if ingredient.name in OF_THEIR_OWN:
        return OF_THEIR_OWN[ingredient.name]
    named = {ingredient.section, *ingredient.groups}
    return next((days for name, days in KEEPS_DAYS if name in named), KEEPS_LONG)


def spoiling_grams(dish: Dish, servings: int, cookbook: Cookbook) -> Mapping[str, float]:
    """Return the grams that are bought of what spoils, for a dish for so many."""
    known = _known_grams(cookbook)
    key = (dish.name, servings)
    if key not in known:
        grams: dict[str, float] = {}
        for part in cookbook.amounts(dish, servings):
            taken = max(part.exact_grams, part.amount.grams)
            for name, share in cookbook.bought(part.name, taken):
                if is_perishable(cookbook.ingredients[name]):
                    grams[name] = grams.get(name, 0.0) + share
        known[key] = grams
    return known[key]


def left_in_packs(name: str, grams: float, cookbook: Cookbook) -> float:
    """Return the grams that are over where so many of a food are eaten; to the gram."""
    known = _known_left(cookbook)
    key = (name, round(grams))
    if key not in known:
        known[key] = left_grams(cookbook.ingredients[name], key[1]) if key[1] else 0.0
    return known[key]


@lru_cache(maxsize=16)
def _known_grams(cookbook: Cookbook) -> dict[tuple[str, int], Mapping[str, float]]:  # noqa: ARG001  # it is the key
    return {}


@lru_cache(maxsize=16)
def _known_left(cookbook: Cookbook) -> dict[tuple[str, int], float]:  # noqa: ARG001  # it is the key
    return {}
