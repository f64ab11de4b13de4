"""The shopping list of a plan: everything merged, by shop section, less what is at hand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final, get_args

from chef_llm.cookbook import Cookbook, Dish, Ingredient
from chef_llm.cookbook.model import Section

NOT_BOUGHT: Final = frozenset({"水"})
# How shops sell, packs before pieces; a spoon is no unit to buy in.
SHOP_UNITS: Final = (
    "パック",
    "個",
    "本",
    "枚",
    "束",
    "株",
    "丁",
    "袋",
    "切れ",
    "尾",
    "缶",
    "玉",
    "杯",
    "かけ",
)
# What weighs as much (a cabbage, a 大根) is sold in halves too.
SOLD_IN_HALVES_GRAMS: Final = 500
# Nuts and clams are weighed and not counted.
COUNTED_GRAMS: Final = 5
# Sums of grams are off by less than this.
ROUNDING: Final = 1e-6
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
        for part in cookbook.amounts(dish, servings):
            needed[part.name] += max(part.exact_grams, part.amount.grams)
    needed = _without_stock(needed, at_hand, cookbook)
    there = _taken_from(needed, at_hand, cookbook)
    sections: dict[str, list[ShoppingItem]] = {section: [] for section in SECTIONS}
    for name, grams in needed.items():
        missing = grams - there[name]
        if missing <= ROUNDING or name in NOT_BOUGHT:
            continue
        ingredient = cookbook.ingredients[name]
        item = ShoppingItem(name, _grams_to_buy(missing), _shop_measure(ingredient, missing))
        sections[ingredient.section].append(item)
    return {section: items for section, items in sections.items() if items}


def _without_stock(
    needed: Mapping[str, float], at_hand: Mapping[str, float | None], cookbook: Cookbook
) -> dict[str, float]:
    """Return what is needed, with what stock is made of in place of what is missing of it."""
    there = _taken_from(needed, at_hand, cookbook)
    made: dict[str, float] = defaultdict(float)
    for name, grams in needed.items():
        if name in cookbook.products.stocks:
            grams -= there[name]  # noqa: PLW2901
        for food, share in cookbook.bought(name, grams):
            made[food] += share
    return made


def _taken_from(
    needed: Mapping[str, float], at_hand: Mapping[str, float | None], cookbook: Cookbook
) -> Mapping[str, float]:
    """Return how much of each ingredient is there; a group (豚肉) is shared out among its own."""
    taken: dict[str, float] = defaultdict(float)
    for name, grams in at_hand.items():
        left = grams
        for one in cookbook.members(name) & needed.keys():
            more = needed[one] - taken[one] if left is None else min(left, needed[one] - taken[one])
            taken[one] += more
            left = None if left is None else left - more
    return taken


def _grams_to_buy(grams: float) -> float:
    """Round up: to the gram, and less than one to a tenth."""
    tenths = ceil(grams * 10 - ROUNDING)
    return float(ceil(grams - ROUNDING)) if grams >= 1 else tenths / 10


def _shop_measure(ingredient: Ingredient, grams: float) -> str:
    unit = next((unit for unit in SHOP_UNITS if unit in ingredient.measures), None)
    if unit is None or (unit == "個" and ingredient.measures[unit] < COUNTED_GRAMS):
        return ""
    count = grams / ingredient.measures[unit]
    if ingredient.measures[unit] < SOLD_IN_HALVES_GRAMS:
        return f"{ceil(count - ROUNDING)}{unit}"
    whole, half = divmod(ceil(count * 2 - ROUNDING), 2)
    return "と".join([str(whole)] * (whole > 0) + ["1/2"] * half) + unit
