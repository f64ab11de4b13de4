"""Which products of the shop an order's recipes name, and what to mind of them.

Where a bought food may hold what somebody must avoid, the recipes name the kind without it. Stock
is meant to be drawn; who says that he uses granules gets theirs counted.
"""

from collections.abc import Iterable, Iterator

from chef_llm.cookbook import ALLERGENS, Cookbook, Dish, Ingredient
from chef_llm.cookbook.vocabulary import DIETS
from chef_llm.reading.order import Constraints, Order


def cookbook_for(order: Order, cookbook: Cookbook) -> Cookbook:
    """Return `cookbook` with recipes that name the products of this order."""
    products, constraints = cookbook.products, order.constraints
    plain = frozenset(
        food
        for food, kind in products.plain.items()
        if food not in order.uses | constraints.excluded
        and _avoided(food, kind.instead, constraints, cookbook)
    )
    return cookbook.with_products(plain, order.uses.intersection(products.stocks))


def cautions(dishes: Iterable[Dish], order: Order, cookbook: Cookbook) -> list[str]:
    """Return what to mind of the products in `dishes`, as far as the order avoids anything."""
    names = frozenset().union(*(dish.ingredient_names for dish in dishes))
    return list(dict.fromkeys(_cautions(names, order.constraints, cookbook)))


def _cautions(names: frozenset[str], constraints: Constraints, cookbook: Cookbook) -> Iterator[str]:
    for food, stock in cookbook.products.stocks.items():
        if food not in names - cookbook.granules:
            continue
        if held := _avoided(stock.granules, food, constraints, cookbook):
            drawn_from = "と".join(name for name, _ in stock.drawn_from)
            yield (
                f"{food}は{drawn_from}からとってください。{stock.granules}には"
                f"{'・'.join(held)}が含まれます。"
            )
    for kind in cookbook.products.plain.values():
        if kind.instead not in names:
            continue
        if held := _avoided(kind.food, kind.instead, constraints, cookbook):
            yield (
                f"{kind.food}は「{kind.instead}」を選んでください。"
                f"{kind.food}には{'・'.join(held)}を含むものがあります。"
            )


def _avoided(food: str, other: str, constraints: Constraints, cookbook: Cookbook) -> list[str]:
    """Return what `food` holds more than `other` and the constraints leave out."""
    more = _held(cookbook.ingredients[food]) - _held(cookbook.ingredients[other])
    diets = [DIETS[name] for name in constraints.diets]
    left_out = constraints.allergens.union(
        constraints.excluded,
        *(diet.without_allergens | diet.without_groups for diet in diets),
    )
    found = more & left_out
    return [*(name for name in ALLERGENS if name in found), *sorted(found - set(ALLERGENS))]


def _held(ingredient: Ingredient) -> frozenset[str]:
    return ingredient.allergens | ingredient.groups
