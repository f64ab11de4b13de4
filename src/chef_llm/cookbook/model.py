"""What a dish, an ingredient and the cookbook are."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from chef_llm.cookbook.measures import Amount, scale
from chef_llm.cookbook.vocabulary import (
    WHITE_FISH,
    WISHED_GROUPS,
    Cuisine,
    Role,
    Season,
)

Method = Literal[
    "焼く",
    "炒める",
    "煮る",
    "揚げる",
    "蒸す",
    "ゆでる",
    "あえる",
    "生",
    "炊く",
    "電子レンジ",
    "漬ける",
]
Tag = Literal[
    "一皿",
    "弁当",
    "作り置き",
    "子ども向け",
    "やわらかい",
    "減塩",
    "高たんぱく",
    "節約",
    "時短",
    "おもてなし",
    "おつまみ",
    "朝食",
    "ヘルシー",
    "あっさり",
    "こってり",
    "辛い",
    "温まる",
    "行事",
]
Section = Literal[
    "野菜・果物",
    "肉",
    "魚介",
    "卵・乳製品",
    "豆腐・大豆製品",
    "米・パン・麺",
    "乾物・海藻",
    "缶詰・加工品",
    "調味料・油",
    "粉・製菓",
]
Hiragana = Annotated[str, Field(pattern=r"^[ぁ-んー]+$")]
Grams = Annotated[float, Field(gt=0)]
# What soups are made of; with this much of it in a serving, a dish is one.
BROTH: Final = frozenset({"水", "だし汁", "昆布だし", "豆乳", "牛乳", "ココナッツミルク"})
SOUPY_GRAMS: Final = 220.0
MAIN_SECTIONS: Final = frozenset({"肉", "魚介", "卵・乳製品", "豆腐・大豆製品", "缶詰・加工品"})
KATAKANA_TO_HIRAGANA: Final = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


class Frozen(BaseModel):
    """Base of the cookbook's types: immutable, and a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Nutrients(Frozen):
    """Energy and nutrients; of an ingredient per 100 g, of a dish per serving."""

    energy_kcal: float = Field(ge=0)
    protein_g: float = Field(ge=0)
    fat_g: float = Field(ge=0)
    carbohydrate_g: float = Field(ge=0)
    fibre_g: float = Field(ge=0)
    salt_g: float = Field(ge=0)
    calcium_mg: float = Field(ge=0)
    iron_mg: float = Field(ge=0)


class Ingredient(Frozen):
    """One row of the ingredient table.

    `food_number` and `per_100g` are those of the Standard Tables of Food Composition in Japan 2020
    (日本食品標準成分表2020年版（八訂）, MEXT), per 100 g of edible portion. `measures` gives the
    grams of one household unit, such as `{"大さじ": 18, "小さじ": 6}`.
    """

    name: str
    reading: Hiragana
    aliases: tuple[str, ...]
    section: Section
    food_number: str
    per_100g: Nutrients
    allergens: frozenset[str]
    groups: frozenset[str]
    measures: dict[str, Grams]


class DishIngredient(Frozen):
    """An ingredient of a dish: grams per serving, with the household measure beside it."""

    name: str
    grams: Grams
    measure: str


class Dish(Frozen):
    """A dish for one serving; `minutes` is the time from start to table."""

    name: str
    reading: Hiragana
    role: Role
    cuisine: Cuisine
    method: Method
    minutes: int = Field(ge=1, le=240)
    seasons: frozenset[Season]
    tags: frozenset[Tag]
    keywords: tuple[str, ...] = Field(min_length=1, max_length=3)
    tip: str
    ingredients: tuple[DishIngredient, ...] = Field(min_length=1)
    steps: tuple[str, ...] = Field(min_length=3, max_length=7)

    @property
    def is_one_bowl(self) -> bool:
        """Whether it is 主食 and 主菜 at once: a 丼, a curry, noodles."""
        return "一皿" in self.tags

    @cached_property
    def ingredient_names(self) -> frozenset[str]:
        """The names of all ingredients, seasonings included."""
        return frozenset(ingredient.name for ingredient in self.ingredients)


@dataclass(frozen=True)
class ScaledIngredient:
    """An ingredient for all servings: as a kitchen measures it, and its exact share in grams.

    The recipe may say more than the share: an egg is not halved.
    """

    name: str
    amount: Amount
    exact_grams: float


class Cookbook:
    """All dishes and ingredients, and the questions that the rest of the code asks of them."""

    def __init__(self, ingredients: dict[str, Ingredient], dishes: dict[str, Dish]) -> None:
        self.ingredients = ingredients
        self.dishes = dishes
        self._known_main_groups: dict[str, frozenset[str]] = {}
        self._known_vegetables: dict[str, float] = {}
        self._known_members: dict[str, frozenset[str]] = {}
        self._known_facts: dict[str, tuple[frozenset[str], frozenset[str], Nutrients]] = {}

    def allergens(self, dish: Dish) -> frozenset[str]:
        """Return the labelled allergens of `dish`, through every seasoning and stock."""
        return self._facts(dish)[0]

    def groups(self, dish: Dish) -> frozenset[str]:
        """Return the food groups (肉, 魚介, きのこ…) that any ingredient of `dish` belongs to."""
        return self._facts(dish)[1]

    def nutrition(self, dish: Dish) -> Nutrients:
        """Return the nutrients of one serving: raw weights, edible portion, no cooking loss."""
        return self._facts(dish)[2]

    def main_groups(self, dish: Dish) -> frozenset[str]:
        """Return the food groups of what `dish` is mainly made of."""
        if dish.name not in self._known_main_groups:
            groups = (self.ingredients[name].groups for name in dish.keywords)
            self._known_main_groups[dish.name] = frozenset().union(*groups)
        return self._known_main_groups[dish.name]

    def vegetables_grams(self, dish: Dish) -> float:
        """Return the grams of vegetables in one serving."""
        if dish.name not in self._known_vegetables:
            parts = [part for part in dish.ingredients if "野菜" in self._groups_of(part.name)]
            self._known_vegetables[dish.name] = sum(part.grams for part in parts)
        return self._known_vegetables[dish.name]

    def _groups_of(self, name: str) -> frozenset[str]:
        return self.ingredients[name].groups

    def members(self, name: str) -> frozenset[str]:
        """Return what meets a wish: the ingredient itself, or any of a group (豚肉, きのこ)."""
        if name not in self._known_members:
            self._known_members[name] = frozenset(self._members_of(name))
        return self._known_members[name]

    def _members_of(self, name: str) -> Iterator[str]:
        if name in self.ingredients:
            yield name
        elif name == "白身魚":
            yield from sorted(WHITE_FISH & self.ingredients.keys())
        elif name in WISHED_GROUPS:
            group, section = WISHED_GROUPS[name]
            for ingredient in self.ingredients.values():
                if group in ingredient.groups and ingredient.section == section:
                    yield ingredient.name

    def uses(self, dish: Dish, name: str) -> bool:
        """Tell whether `dish` meets the wish for an ingredient or a group of them."""
        return not self.members(name).isdisjoint(dish.ingredient_names)

    def is_soupy(self, dish: Dish) -> bool:
        """Tell whether a dish has so much broth that no soup is served beside it: 鍋, ラーメン."""
        broth = sum(part.grams for part in dish.ingredients if part.name in BROTH)
        return broth >= SOUPY_GRAMS and dish.method == "煮る" and dish.role != Role.SOUP

    def is_protein(self, name: str) -> bool:
        """Tell whether an ingredient, or a group of them, is what a main dish is made of."""
        return any(self.ingredients[one].section in MAIN_SECTIONS for one in self.members(name))

    def amounts(self, dish: Dish, servings: int) -> list[ScaledIngredient]:
        """Return what `dish` takes for all of `servings`, in the order of its recipe."""
        scaled = []
        for part in dish.ingredients:
            units = self.ingredients[part.name].measures
            amount = scale(part.name, part.grams, part.measure, servings, units)
            scaled.append(ScaledIngredient(part.name, amount, part.grams * servings))
        return scaled

    def _facts(self, dish: Dish) -> tuple[frozenset[str], frozenset[str], Nutrients]:
        """Return allergens, groups and nutrients; computed once, for a planner asks often."""
        if dish.name not in self._known_facts:
            self._known_facts[dish.name] = self._facts_of(dish)
        return self._known_facts[dish.name]

    def _facts_of(self, dish: Dish) -> tuple[frozenset[str], frozenset[str], Nutrients]:
        total = dict.fromkeys(Nutrients.model_fields, 0.0)
        allergens: set[str] = set()
        groups: set[str] = set()
        for part in dish.ingredients:
            ingredient = self.ingredients[part.name]
            allergens |= ingredient.allergens
            groups |= ingredient.groups
            for nutrient in total:
                total[nutrient] += getattr(ingredient.per_100g, nutrient) * part.grams / 100
        return frozenset(allergens), frozenset(groups), Nutrients(**total)

    @cached_property
    def spellings(self) -> dict[str, str]:
        """Every way to write an ingredient (name, reading, alias), folded, to its name.

        Names win over aliases and aliases over readings, so that a reading shared by two
        ingredients never hides a name.
        """
        found: dict[str, str] = {}
        for ingredient in self.ingredients.values():
            found.setdefault(fold(ingredient.name), ingredient.name)
        for ingredient in self.ingredients.values():
            for alias in ingredient.aliases:
                found.setdefault(fold(alias), ingredient.name)
        for ingredient in self.ingredients.values():
            found.setdefault(fold(ingredient.reading), ingredient.name)
        return found


def fold(text: str) -> str:
    """Return `text` with width, case and the two kana scripts made equal, for comparison only."""
    return unicodedata.normalize("NFKC", text).lower().translate(KATAKANA_TO_HIRAGANA)
