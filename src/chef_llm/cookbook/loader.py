"""Reads the cookbook from its data files and refuses what cannot be right."""

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final, cast

from pydantic import ValidationError

from chef_llm.cookbook.measures import FRACTION, parse_measure
from chef_llm.cookbook.model import (
    NO_PRODUCTS,
    Cookbook,
    Dish,
    DishIngredient,
    Ingredient,
    Nutrients,
    Pack,
    Plain,
    Products,
    Sold,
    Stock,
    Yen,
    fold,
)
from chef_llm.cookbook.plate import EATEN, Way
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


class CookbookError(Exception):
    """The cookbook's data is wrong; the message names the file and the dish or ingredient."""


@cache
def load_cookbook() -> Cookbook:
    """Return the cookbook of this package, read and checked once per process."""
    folder = files("chef_llm.cookbook")
    return read_cookbook(folder)


def read_cookbook(folder: Traversable) -> Cookbook:
    """Read `ingredients.tsv`, `shop.tsv`, `dishes/*.toml`, and what else there is of the folder.

    That is `plate.tsv` and `products.toml`.


    Raises `CookbookError` for an unknown ingredient, a missing step, a doubtful amount, a name
    that stands twice, or anything else that is not as `docs/cookbook.md` describes.
    """
    sold = _read_sold(folder / "shop.tsv")
    ingredients = _read_ingredients(folder / "ingredients.tsv", sold)
    _check_sold(sold, ingredients, "shop.tsv")
    products = _read_products(folder / "products.toml", ingredients)
    cookbook = Cookbook(ingredients, dishes={}, products=products)
    for path in sorted((folder / "dishes").iterdir(), key=lambda path: path.name):
        if not path.name.endswith(".toml"):
            continue
        for dish in _read_dishes(path):
            _check_dish(dish, cookbook, path.name)
            if dish.name in cookbook.dishes:
                raise CookbookError(f"{path.name}: {dish.name}: this name stands twice")
            cookbook.dishes[dish.name] = dish
    ways = _read_ways(folder / "plate.tsv", cookbook.dishes)
    return Cookbook(ingredients, cookbook.dishes, products, ways=ways)


def _read_ways(path: Traversable, dishes: Mapping[str, Dish]) -> dict[tuple[str, str], Way]:
    """Return what is not eaten whole, by dish and ingredient; a folder may have no such file."""
    ways: dict[tuple[str, str], Way] = {}
    for row in _rows(path) if path.is_file() else ():
        where = f"{path.name}: {row['dish']}"
        if row["dish"] not in dishes:
            raise CookbookError(f"{where}: no dish has this name")
        way = cast(Way, row["way"])
        if way not in EATEN:
            raise CookbookError(f"{where}: unknown way {way!r}, known: {'、'.join(EATEN)}")
        for name in _words(row["ingredients"]):
            if name not in dishes[row["dish"]].ingredient_names:
                raise CookbookError(f"{where}: {name!r} is no ingredient of it")
            if (row["dish"], name) in ways:
                raise CookbookError(f"{where}: {name} stands twice")
            ways[row["dish"], name] = way
    return ways


def _rows(path: Traversable) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t")


def _read_sold(path: Traversable) -> dict[str, Sold]:
    found: dict[str, Sold] = {}
    for row in _rows(path):
        where = f"{path.name}: {row.get('name')}"
        if row["name"] in found:
            raise CookbookError(f"{where}: this name stands twice")
        try:
            found[row["name"]] = Sold(
                cut=row["cut"],
                form=row["form"],
                refuse_percent=float(row["refuse_percent"]),
                packs=tuple(map(_pack, _words(row["sold"]))),
                instead=_grams_by_word(row["instead"]),
                yen=Yen(low=row["yen_low"], usual=row["yen"], high=row["yen_high"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise CookbookError(f"{where}: {_reason(error)}") from error
    return found


def _pack(words: str) -> Pack:
    """Read one size (1/2個=500, 本（1L）=1030)."""
    label, _, grams = words.rpartition("=")
    count = re.match(FRACTION, label)
    unit = label[count.end() :] if count else label
    return Pack(count=Fraction(count[0]) if count else Fraction(1), unit=unit, grams=float(grams))


def _check_sold(
    sold: Mapping[str, Sold], ingredients: Mapping[str, Ingredient], file_name: str
) -> None:
    for name, one in sold.items():
        where = f"{file_name}: {name}"
        if name not in ingredients:
            raise CookbookError(f"{where}: no ingredient has this name")
        for other in one.instead:
            if other not in ingredients:
                raise CookbookError(f"{where}: unknown ingredient {other!r}")
        if not one.yen.low <= one.yen.usual <= one.yen.high:
            raise CookbookError(f"{where}: {one.yen.usual:g} yen are outside their range")


def _read_ingredients(path: Traversable, sold: Mapping[str, Sold]) -> dict[str, Ingredient]:
    ingredients: dict[str, Ingredient] = {}
    owners: dict[str, str] = {}
    for row in _rows(path):
        if row["name"] not in sold:
            raise CookbookError(f"shop.tsv: {row['name']}: this ingredient has no row")
        ingredient = _ingredient(row, sold[row["name"]], path.name)
        where = f"{path.name}: {ingredient.name}"
        if ingredient.name in ingredients:
            raise CookbookError(f"{where}: this name stands twice")
        if unknown := ingredient.allergens - set(ALLERGENS):
            raise CookbookError(f"{where}: unknown allergen {'、'.join(sorted(unknown))}")
        for spelling in {fold(word) for word in (ingredient.name, *ingredient.aliases)}:
            owner = owners.setdefault(spelling, ingredient.name)
            if owner != ingredient.name:
                raise CookbookError(f"{where}: {spelling!r} also means {owner}")
        ingredients[ingredient.name] = ingredient
    return ingredients


def _ingredient(row: dict[str, str], sold: Sold, file_name: str) -> Ingredient:
    try:
        return Ingredient(
            name=row["name"],
            reading=row["reading"],
            aliases=_words(row["aliases"]),
            section=row["section"],
            food_number=row["food_number"],
            per_100g=Nutrients(**{key: float(row[key]) for key in Nutrients.model_fields}),
            allergens=frozenset(_words(row["allergens"])),
            groups=frozenset(_words(row["groups"])),
            measures=_grams_by_word(row["measures"]),
            sold=sold,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CookbookError(f"{file_name}: {row.get('name')}: {_reason(error)}") from error


def _read_products(path: Traversable, ingredients: dict[str, Ingredient]) -> Products:
    if not path.is_file():
        return NO_PRODUCTS
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        said = tables["said"]["granules"]
        plain = [Plain(**table) for table in tables["plain"]]
        stocks = [Stock(**table, said=said) for table in tables["stock"]]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValidationError) as error:
        raise CookbookError(f"{path.name}: {_reason(error)}") from error
    drawn_from = [name for stock in stocks for name, _ in stock.drawn_from]
    named = [name for one in plain for name in (one.food, one.instead)]
    for name in (*named, *drawn_from, *(x for one in stocks for x in (one.food, one.granules))):
        if name not in ingredients:
            raise CookbookError(f"{path.name}: unknown ingredient {name!r}")
    return Products({one.food: one for one in plain}, {one.food: one for one in stocks})


def _words(cell: str) -> tuple[str, ...]:
    return tuple(word for word in cell.split("|") if word)


def _grams_by_word(cell: str) -> dict[str, float]:
    pairs = (pair.partition("=") for pair in _words(cell))
    return {word: float(grams) for word, _, grams in pairs}


def _read_dishes(path: Traversable) -> list[Dish]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))["dish"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise CookbookError(f"{path.name}: {error}") from error
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise CookbookError(f"{path.name}: dishes are wanted, each below a line [[dish]]")
    return [_dish(table, path.name) for table in tables]


def _dish(table: dict[str, Any], file_name: str) -> Dish:
    try:
        parts = [
            DishIngredient(name=name, grams=grams, measure=measure)
            for name, grams, measure in table["ingredients"]
        ]
        return Dish(**{**table, "ingredients": parts})
    except (KeyError, TypeError, ValueError) as error:
        raise CookbookError(f"{file_name}: {table.get('name')}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)


def _check_dish(dish: Dish, cookbook: Cookbook, file_name: str) -> None:
    where = f"{file_name}: {dish.name}"
    for part in dish.ingredients:
        if part.name not in cookbook.ingredients:
            raise CookbookError(f"{where}: unknown ingredient {part.name!r}")
        _check_amount(part, cookbook.ingredients[part.name], where)
    if len(dish.ingredient_names) != len(dish.ingredients):
        raise CookbookError(f"{where}: an ingredient stands twice")
    for keyword in dish.keywords:
        if keyword not in dish.ingredient_names:
            raise CookbookError(f"{where}: keyword {keyword!r} is no ingredient of it")
    for name in dish.raw:
        if name not in dish.ingredient_names:
            raise CookbookError(f"{where}: raw {name!r} is no ingredient of it")
    for step in dish.steps:
        if not step.strip():
            raise CookbookError(f"{where}: an empty step")
    _check_serving(cookbook.nutrition(dish), where)


def _check_amount(part: DishIngredient, ingredient: Ingredient, where: str) -> None:
    most = MOST_GRAMS_OF_ONE_INGREDIENT
    if part.name in LIQUIDS:
        most = MOST_GRAMS_OF_A_LIQUID
    elif ingredient.section == "調味料・油":
        most = MOST_GRAMS_OF_A_SEASONING
    if part.grams > most:
        raise CookbookError(
            f"{where}: {part.grams:g} g of {part.name} in a serving, at most {most}"
        )
    try:
        parsed = parse_measure(part.measure)
    except ValueError as error:
        raise CookbookError(f"{where}: {part.name}: {error}") from error
    if parsed is None:
        return
    count, unit = parsed
    unit_grams = 1.0 if unit == "g" else ingredient.measures.get(unit)
    if unit_grams is None:
        known = "、".join(ingredient.measures) or "g"
        raise CookbookError(f"{where}: {part.name}: unknown unit {unit!r}, known: {known}")
    measured = float(count) * unit_grams
    if abs(measured - part.grams) > MEASURE_TOLERANCE * part.grams + 0.2:
        raise CookbookError(
            f"{where}: {part.name}: {part.measure} are {measured:g} g, not {part.grams:g} g"
        )


def _check_serving(nutrition: Nutrients, where: str) -> None:
    if nutrition.salt_g > MOST_SALT_GRAMS:
        raise CookbookError(f"{where}: {nutrition.salt_g:.1f} g of salt in a serving")
    if nutrition.energy_kcal > MOST_ENERGY_KCAL:
        raise CookbookError(f"{where}: {nutrition.energy_kcal:.0f} kcal in a serving")
