"""Prints what of the cookbook's figures the rules of the plate change, and what dishes cost.

Run: .venv/bin/python benchmarks/plate.py

The tables of docs/cookbook.md are its output.
"""

import statistics
from collections import Counter
from typing import Final

from chef_llm.cookbook import Cookbook, Dish, Role, load_cookbook
from chef_llm.cookbook.plate import ALCOHOL_G, EATEN

# From here on a rule changes more than the rounding of a recipe.
MUCH: Final = 0.10
SAME: Final = 1e-9


def raw(cookbook: Cookbook, dish: Dish, nutrient: str) -> float:
    """Return a nutrient of a serving of which all is eaten."""
    return sum(
        float(getattr(cookbook.ingredients[part.name].per_100g, nutrient)) * part.grams / 100
        for part in dish.ingredients
    )


def print_changes(cookbook: Cookbook) -> None:
    """Print how many dishes each rule is about, and how far energy and salt move."""
    ways = Counter(way for _, way in {(dish, way) for (dish, _), way in cookbook.ways.items()})
    alcohol = sum(not ALCOHOL_G.keys().isdisjoint(d.ingredient_names) for d in dishes_of(cookbook))
    print("| Rule | Dishes |\n|---|---|")
    print(f"| みりん、酒、ワイン | {alcohol} |")
    for way in EATEN:
        print(f"| {way} | {ways[way]} |")
    print("\n| | Dishes that change | by over 10% |\n|---|---|---|")
    for nutrient in ("energy_kcal", "salt_g"):
        changes = []
        for dish in dishes_of(cookbook):
            before = raw(cookbook, dish, nutrient)
            after = float(getattr(cookbook.nutrition(dish), nutrient))
            if abs(after - before) > SAME:
                changes.append(abs(after - before) / before)
        much = sum(change > MUCH for change in changes)
        print(f"| `{nutrient}` | {len(changes)} of {len(cookbook.dishes)} | {much} |")


def print_prices(cookbook: Cookbook) -> None:
    """Print what a serving of a dish costs, by role: the median, and a tenth on either side."""
    print("\n| Role | Median | 10% cost less than | 10% cost more than |\n|---|---|---|---|")
    for role in Role:
        yen = [cookbook.price_yen(dish).usual for dish in dishes_of(cookbook) if dish.role == role]
        tenths = statistics.quantiles(yen, n=10)
        median = statistics.median(yen)
        print(f"| {role.value} | {median:.0f} yen | {tenths[0]:.0f} yen | {tenths[-1]:.0f} yen |")


def dishes_of(cookbook: Cookbook) -> list[Dish]:
    """Return all dishes."""
    return list(cookbook.dishes.values())


if __name__ == "__main__":
    print_changes(load_cookbook())
    print_prices(load_cookbook())
