"""Recipe of schema.org in JSON-LD: found in a page or a file, and made of a dish."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from chef_llm.cookbook import ALLERGENS, Amount, Cookbook, Dish
from chef_llm.errors import InvalidRequest

PAGE_SECONDS: Final = 20.0
MOST_PAGE_BYTES: Final = 8 * 1024 * 1024
CONTEXT: Final = "https://schema.org"
SCHEMES: Final = ("http://", "https://")
NO_EXTRACTOR: Final = (
    "HTMLのページからレシピを取り出すには extruct が要ります: pip install 'chef-llm[recipes]'"
    "（JSON-LD だけのファイルは、なくても読めます）"
)


def find_recipes(source: str) -> list[dict[str, Any]]:
    """Return every Recipe in the page at a URL or in a file; raises `InvalidRequest`."""
    text = _page(source) if source.startswith(SCHEMES) else _file(source)
    try:
        values = json.loads(text)
    except json.JSONDecodeError:
        values = _embedded(text)
    found = list(_recipes_in(values))
    if not found:
        raise InvalidRequest(f"{source} に schema.org の Recipe（JSON-LD）がありません。")
    return found


def _page(url: str) -> str:
    request = urllib.request.Request(url, headers={"accept": "text/html, application/ld+json"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=PAGE_SECONDS) as response:  # noqa: S310
            data: bytes = response.read(MOST_PAGE_BYTES + 1)
            encoding = response.headers.get_content_charset() or "utf-8"
    except (OSError, ValueError) as error:
        raise InvalidRequest(f"{url} を読めません: {error}") from error
    if len(data) > MOST_PAGE_BYTES:
        raise InvalidRequest(f"{url} は大きすぎます（{MOST_PAGE_BYTES // 1024 // 1024}MBまで）。")
    return data.decode(encoding, "replace")


def _file(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"{path} を読めません: {error}") from error


def _embedded(page: str) -> Any:
    try:
        import extruct  # noqa: PLC0415  # an extra: files of JSON alone need none
    except ImportError as error:
        raise InvalidRequest(NO_EXTRACTOR) from error
    return extruct.extract(page, syntaxes=["json-ld"], errors="ignore")["json-ld"]


def _recipes_in(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the Recipes of a document, wherever they stand (a list, `@graph`, `mainEntity`)."""
    if isinstance(value, list):
        for one in value:
            yield from _recipes_in(one)
    elif isinstance(value, dict):
        kinds = value.get("@type", ())
        if "Recipe" in (kinds if isinstance(kinds, list) else [kinds]):
            yield value
            return
        for one in value.values():
            if isinstance(one, list | dict):
                yield from _recipes_in(one)


def recipe_of(dish: Dish, servings: int, cookbook: Cookbook) -> dict[str, Any]:
    """Return a dish as a Recipe; the allergens stand with its nutrition, for it has no field."""
    figures = cookbook.nutrition(dish)
    held = cookbook.allergens(dish)
    allergens = "・".join(name for name in ALLERGENS if name in held) or "なし"
    return {
        "@context": CONTEXT,
        "@type": "Recipe",
        "name": dish.name,
        "alternateName": dish.reading,
        "description": dish.tip,
        "inLanguage": "ja",
        "recipeYield": f"{servings}人分",
        "recipeCategory": dish.role.value,
        "recipeCuisine": CUISINE_NAMES[dish.cuisine],
        "cookingMethod": dish.method,
        "totalTime": f"PT{dish.all_minutes}M",
        "keywords": sorted(dish.tags),
        "recipeIngredient": [
            _line(part.name, part.amount) for part in cookbook.amounts(dish, servings)
        ],
        "recipeInstructions": [{"@type": "HowToStep", "text": step} for step in dish.steps],
        "nutrition": {
            "@type": "NutritionInformation",
            "servingSize": "1人分",
            "calories": f"{figures.energy_kcal:.0f} kcal",
            "proteinContent": f"{figures.protein_g:.1f} g",
            "fatContent": f"{figures.fat_g:.1f} g",
            "carbohydrateContent": f"{figures.carbohydrate_g:.1f} g",
            "fiberContent": f"{figures.fibre_g:.1f} g",
            "sodiumContent": f"{figures.salt_g / SALT_OF_SODIUM * 1000:.0f} mg",
            "description": f"アレルゲン: {allergens}",
        },
    }


def _line(name: str, amount: Amount) -> str:
    grams = f"{amount.grams:g}g"
    if "cm" in amount.measure:  # the depth of oil, the length of an onion: no amount by itself
        return f"{name} {grams}({amount.measure})"
    return f"{name} {grams}" if amount.measure == grams else f"{name} {amount.measure}({grams})"


# Of schema.org's example values; a dish has a letter for each.
CUISINE_NAMES: Final = {
    "和": "和食",
    "洋": "洋食",
    "中": "中華",
    "韓": "韓国料理",
    "エスニック": "エスニック",
}
# 食塩相当量 is sodium times this (食品表示基準).
SALT_OF_SODIUM: Final = 2.54
