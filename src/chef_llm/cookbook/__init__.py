"""Dishes and ingredients as data (`dishes/*.toml`, `ingredients.tsv`) and what reads them."""

from chef_llm.cookbook.allergens import ALLERGENS, MANDATORY, RECOMMENDED, RULE
from chef_llm.cookbook.loader import CookbookError, load_cookbook
from chef_llm.cookbook.measures import Amount, scale
from chef_llm.cookbook.model import (
    Cookbook,
    Dish,
    DishIngredient,
    Ingredient,
    Nutrients,
    Role,
)

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
    "load_cookbook",
    "scale",
]
