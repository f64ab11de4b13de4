"""What a recipe must keep, beyond its form: amounts that can be right, names that are known."""

import re
from collections.abc import Iterator
from typing import Final

from chef_llm.cookbook.measures import parse_measure
from chef_llm.cookbook.model import Cookbook, Dish, DishIngredient, Ingredient, Nutrients, fold
from chef_llm.cookbook.vocabulary import ALLERGENS

# Bounds of one serving. Past them a figure is more likely a slip of the pen than a recipe.
MOST_GRAMS_OF_ONE_INGREDIENT: Final = 350
MOST_GRAMS_OF_A_SEASONING: Final = 60
MOST_GRAMS_OF_A_LIQUID: Final = 500
MOST_SALT_GRAMS: Final = 6.5
MOST_ENERGY_KCAL: Final = 1100
# How far the household measure may be from the grams beside it.
MEASURE_TOLERANCE: Final = 0.35
LIQUIDS: Final = frozenset({"水", "だし汁", "昆布だし", "牛乳", "豆乳", "ココナッツミルク"})
# Sections whose foods nobody may miss when the group of that name is left out.
SECTION_GROUPS: Final = ("肉", "魚介")
# A group of what is made of soy; oil and soy sauce in other foods are labelled, and no such food.
LABELLED_ALONE: Final = "大豆"
NEAR_NAMES: Final = 5

# A pattern of the line at which it stands, and what is wrong.
Reasons = Iterator[tuple[str, str]]


def wrong_with_dish(dish: Dish, cookbook: Cookbook) -> Reasons:
    """Yield what cannot be right of a dish as a whole; `cookbook` has its ingredients."""
    if len(dish.ingredient_names) != len(dish.ingredients):
        yield "ingredients", "同じ食材が2回あります"
    for field, names in (("keywords", dish.keywords), ("raw", dish.raw)):
        for name in names:
            if name not in dish.ingredient_names:
                known = "、".join(part.name for part in dish.ingredients)
                yield field, f"{field} の「{name}」は材料にありません（材料: {known}）"
    if any(not step.strip() for step in dish.steps):
        yield "steps", "空の手順があります"
    if dish.ingredient_names <= cookbook.ingredients.keys():
        nutrition = cookbook.nutrition(dish)
        yield from (("ingredients", reason) for reason in _wrong_with_serving(nutrition))


def wrong_with_part(part: DishIngredient, cookbook: Cookbook) -> Reasons:
    """Yield what cannot be right of one ingredient of a dish."""
    ingredient = cookbook.ingredients.get(part.name)
    if ingredient is None:
        hint = near(part.name, cookbook)
        yield _line_of(part.name), f"食材「{part.name}」は食材の表にありません{hint}"
    else:
        reasons = _wrong_with_amount(part, ingredient)
        yield from ((_line_of(part.name), reason) for reason in reasons)


def _line_of(name: str) -> str:
    return rf'\["{re.escape(name)}",\s*[\d.]'


def near(name: str, cookbook: Cookbook) -> str:
    """Return the ingredients that a name may mean, "" where there are none like it."""
    if owner := cookbook.spellings.get(fold(name)):
        return f"（「{owner}」の別名です。「{owner}」と書いてください）"
    alike = [known for known in cookbook.ingredients if name in known or known in name]
    return f"（似た名前: {'、'.join(alike[:NEAR_NAMES])}）" if alike else ""


def _wrong_with_amount(part: DishIngredient, ingredient: Ingredient) -> Iterator[str]:
    most = MOST_GRAMS_OF_ONE_INGREDIENT
    if part.name in LIQUIDS:
        most = MOST_GRAMS_OF_A_LIQUID
    elif ingredient.section == "調味料・油":
        most = MOST_GRAMS_OF_A_SEASONING
    if part.grams > most:
        yield f"{part.name}が1人分に{part.grams:g}gあります（{most}gまで）"
    try:
        parsed = parse_measure(part.measure)
    except ValueError:
        yield (
            f"{part.name}の分量「{part.measure}」を読めません"
            "（大さじ1と1/2、1/2個、100g、少々 のように書いてください）"
        )
        return
    if parsed is None:
        return
    count, unit = parsed
    unit_grams = 1.0 if unit == "g" else ingredient.measures.get(unit)
    if unit_grams is None:
        known = "、".join((*ingredient.measures, "g"))
        yield f"{part.name}の単位「{unit}」はわかりません（使える単位: {known}）"
        return
    measured = float(count) * unit_grams
    if abs(measured - part.grams) > MEASURE_TOLERANCE * part.grams + 0.2:
        yield f"{part.name}の{part.measure}は{measured:g}gで、{part.grams:g}gではありません"


def _wrong_with_serving(nutrition: Nutrients) -> Iterator[str]:
    if nutrition.salt_g > MOST_SALT_GRAMS:
        yield f"1人分の食塩が{nutrition.salt_g:.1f}gです（{MOST_SALT_GRAMS:g}gまで）"
    if nutrition.energy_kcal > MOST_ENERGY_KCAL:
        yield f"1人分が{nutrition.energy_kcal:.0f}kcalです（{MOST_ENERGY_KCAL}kcalまで）"


def wrong_with_ingredient(ingredient: Ingredient) -> Iterator[str]:
    """Yield what cannot be right of an ingredient by itself."""
    if unknown := ingredient.allergens - set(ALLERGENS):
        yield (
            f"アレルゲン「{'、'.join(sorted(unknown))}」は表示のきまりにありません"
            f"（使える名前: {'、'.join(ALLERGENS)}）"
        )


def wrong_with_own_ingredient(ingredient: Ingredient, base: Cookbook) -> Iterator[str]:
    """Yield where an ingredient of one's own would slip through what people leave out.

    Whoever leaves out 魚介, or 卵, does so by these groups and allergens: a misspelt one is
    missed in silence.
    """
    known = sorted({group for one in base.ingredients.values() for group in one.groups})
    for group in sorted(ingredient.groups - set(known)):
        yield f"分類「{group}」はありません（使える分類: {'、'.join(known)}）"
    if ingredient.section in SECTION_GROUPS and ingredient.section not in ingredient.groups:
        yield f"売り場が「{ingredient.section}」なら、groups に「{ingredient.section}」が要ります"
    for name in sorted((ingredient.groups & set(ALLERGENS)) - ingredient.allergens):
        yield f"groups に「{name}」があるので、allergens にも「{name}」が要ります"
    for name in sorted(ingredient.allergens & set(known) - ingredient.groups - {LABELLED_ALONE}):
        yield f"allergens に「{name}」があるので、groups にも「{name}」が要ります"
