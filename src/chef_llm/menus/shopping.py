"""The shopping list of a plan: everything merged, by shop section, less what is at hand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final, get_args

from chef_llm.cookbook import Cookbook, Dish, Ingredient
from chef_llm.cookbook.model import Section

# From the tap, or made of other rows of the list.
NOT_BOUGHT: Final = frozenset({"水"})
# How shops sell; a spoon is no unit to buy in.
SHOP_UNITS: Final = (
    "個",
    "本",
    "枚",
    "束",
    "株",
    "丁",
    "パック",
    "袋",
    "切れ",
    "尾",
    "缶",
    "玉",
    "杯",
    "かけ",
)
SECTIONS: Final[tuple[str, ...]] = get_args(Section)


@dataclass(frozen=True)
class ShoppingItem:
    """One thing to buy; `measure` is in units of the shop, rounded up, "" where grams must do."""

    name: str
    grams: float
    measure: str


def shopping_list(
    dishes: Iterable[Dish], servings: int, at_hand: Mapping[str, float | None], cookbook: Cookbook
) -> dict[str, list[ShoppingItem]]:
    """Return what to buy for all `dishes`, by shop section in the order of a shop.

    `at_hand` gives the grams that are there; None means enough of it.
    """
    needed: dict[str, float] = defaultdict(float)
    for dish in dishes:
        for part in dish.ingredients:
            needed[part.name] += part.grams * servings
    sections: dict[str, list[ShoppingItem]] = {section: [] for section in SECTIONS}
    for name, grams in needed.items():
        missing = grams - (at_hand[name] or grams if name in at_hand else 0)
        if missing <= 0 or name in NOT_BOUGHT:
            continue
        ingredient = cookbook.ingredients[name]
        grams_shown = float(ceil(missing)) if missing >= 1 else round(missing, 1)
        item = ShoppingItem(name, grams_shown, _shop_measure(ingredient, missing))
        sections[ingredient.section].append(item)
    return {section: items for section, items in sections.items() if items}


def _shop_measure(ingredient: Ingredient, grams: float) -> str:
    unit = next((unit for unit in SHOP_UNITS if unit in ingredient.measures), None)
    if unit is None:
        return ""
    count = Fraction(grams) / Fraction(ingredient.measures[unit])
    # Half a cabbage can be bought, half a leaf cannot.
    halves = ceil(count * 2)
    if unit in ("個", "本", "束", "丁") and halves % 2 and ingredient.measures[unit] >= 100:  # noqa: PLR2004
        whole = f"{halves // 2}と1/2" if halves > 1 else "1/2"
        return f"{whole}{unit}"
    return f"{ceil(count)}{unit}"
