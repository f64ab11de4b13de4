"""Dishes, ingredients, products and knowledge of the kitchen as data, and what one asks of them.

They stand in `dishes/*.toml`, `ingredients.tsv`, `shop.tsv`, `plate.tsv`, `products.toml` and
`knowledge/*.toml`.

Read `vocabulary` (the words of menus), `model` (what a dish is, the `Cookbook`), `measures`
(household measures), `plate` (what of a recipe is eaten), `loader` (how the files become a
cookbook), with `checks` and `faults` (what is refused, and how it is said) and `own` (where the
operator's own dishes are), `tools`, `acts` and `work` (what a dish takes of a kitchen and of its
cook, read from its steps), `kitchen` (what people ask beside menus).
"""

from chef_llm.cookbook.faults import CookbookError
from chef_llm.cookbook.loader import load_cookbook, package_cookbook
from chef_llm.cookbook.measures import Amount, scale
from chef_llm.cookbook.model import (
    Cookbook,
    Dish,
    DishIngredient,
    Ingredient,
    Nutrients,
    ScaledIngredient,
    Yen,
)
from chef_llm.cookbook.vocabulary import ALLERGENS, MANDATORY, RECOMMENDED, RULE, Role

__all__ = [
    "ALLERGENS",
    "MANDATORY",
    "RECOMMENDED",
    "RULE",
    "Amount",
    "Cookbook",
    "CookbookError",
    "Dish",
    "DishIngredient",
    "Ingredient",
    "Nutrients",
    "Role",
    "ScaledIngredient",
    "Yen",
    "load_cookbook",
    "package_cookbook",
    "scale",
]
