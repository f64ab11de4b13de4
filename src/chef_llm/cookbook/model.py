"""What a dish, an ingredient and the cookbook are."""

import copy
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from chef_llm.cookbook.measures import Amount, Cut, Units, scale
from chef_llm.cookbook.plate import (
    NOODLE_SOUP_GRAMS,
    SOUP_LEFT,
    Way,
    boiled_off_kcal,
    eaten_share,
)
from chef_llm.cookbook.vocabulary import (
    MIXES,
    PRICE,
    VEGETABLES,
    WHITE_FISH,
    WISHED_GROUPS,
    Cuisine,
    Role,
    Season,
)

KINDS_OF_MEAT: Final = frozenset({"牛肉", "豚肉", "鶏肉"})
OFFAL: Final = "内臓"
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
Month = Annotated[int, Field(ge=1, le=12)]
Grams = Annotated[float, Field(gt=0)]
SEASONINGS: Final = "調味料・油"
NO_FOOD_BY_ITSELF: Final = frozenset({SEASONINGS, "粉・製菓"})
# What a noodle soup is made of, and how.
SOUP_LIQUIDS: Final = frozenset({"水", "だし汁", "昆布だし"})
SOUP_METHODS: Final = frozenset({"煮る", "ゆでる"})
# In what vegetables are counted, where a recipe gives their weight; the small ones are weighed.
COUNTED_UNITS: Final = ("個", "本")
COUNTED_GRAMS: Final = 30
# What soups are made of; with this much of it in a serving, a dish is one.
BROTH: Final = frozenset({"水", "だし汁", "昆布だし", "豆乳", "牛乳", "ココナッツミルク"})
SOUPY_GRAMS: Final = 250.0
# What is eaten with its broth by its name has so much less of it.
EATEN_WITH_BROTH: Final = re.compile("チゲ|シチュー|雑煮|南蛮そば")
SOME_BROTH_GRAMS: Final = 150.0
# A pot is one whatever it is filled up with (tomatoes), and noodles come with their broth or dip.
POT_OR_NOODLES: Final = re.compile("鍋$|(?<!焼き)(?:うどん|そば|そうめん)$|冷やし中華")
MAIN_SECTIONS: Final = frozenset({"肉", "魚介", "卵・乳製品", "豆腐・大豆製品", "缶詰・加工品"})
# Three days.
MOST_WAITING_MINUTES: Final = 4320
# Large pots cool too slowly by themselves: 厚生労働省「家庭でできる食中毒予防の6つのポイント」 on
# small, shallow portions, and on Clostridium perfringens of stews.
KEEPING: Final = (
    "作り置き: 浅い容器に小分けするか鍋ごと氷水に当てて手早く冷まし、清潔な容器で冷蔵して"
    "{days}日以内に食べきる。取り分けは清潔な箸で、温めるときは中まで熱くする。"
)
MILLILITRES_IN_A_LITRE: Final = 1000
# What a stock is drawn from keeps a tenth of the water.
WATER_FOR_STOCK: Final = 1.1
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


class Pack(Frozen):
    """One size in which a shop sells a food: a count of a unit, and the edible grams of all."""

    count: Fraction
    unit: str
    grams: Grams


class Yen(Frozen):
    """An estimated price in yen per 100 g of edible part, and the range that it moves in."""

    low: float = Field(ge=0)
    usual: float = Field(ge=0)
    high: float = Field(ge=0)


class Sold(Frozen):
    """One row of the shop table: how an ingredient is cut, sold, and what it costs.

    `form` says how it is sold where that is not how it is eaten (殻つき), `refuse_percent` how much
    of it is shell, bone or peel (廃棄率 of the food tables). `instead` gives what is bought in its
    place, in grams of each for a gram of it (米 for ご飯).
    """

    cut: Cut
    form: str
    refuse_percent: float = Field(ge=0, lt=100)
    packs: tuple[Pack, ...]
    instead: dict[str, Grams]
    yen: Yen


class Ingredient(Frozen):
    """One row of the ingredient table, and its row of the shop table.

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
    sold: Sold

    @cached_property
    def units(self) -> Units:
        """How it is measured; vegetables and fruit that have a piece are counted."""
        counted = (unit for unit in COUNTED_UNITS if self.measures.get(unit, 0) >= COUNTED_GRAMS)
        piece = next(counted, None) if self.section == "野菜・果物" else None
        return Units(self.measures, self.sold.cut, piece)


class DishIngredient(Frozen):
    """An ingredient of a dish: grams per serving, with the household measure beside it."""

    name: str
    grams: Grams
    measure: str


class Dish(Frozen):
    """A dish for one serving; `minutes` is the time that one works, from start to table.

    `waiting` are the minutes beside it in which nothing is done: soaking, marinating, chilling.
    `raw` are its fish, roe, meat and eggs that are not cooked through; `keeps` the days that it
    keeps in a refrigerator. A dish of a feast is served in its `months` alone.
    """

    name: str
    reading: Hiragana
    role: Role
    cuisine: Cuisine
    method: Method
    minutes: int = Field(ge=1, le=240)
    waiting: int = Field(default=0, ge=0, le=MOST_WAITING_MINUTES)
    seasons: frozenset[Season]
    tags: frozenset[Tag]
    keywords: tuple[str, ...] = Field(min_length=1, max_length=3)
    raw: tuple[str, ...] = ()
    keeps: int | None = Field(default=None, ge=1, le=7)
    months: frozenset[Month] = frozenset()
    tip: str
    ingredients: tuple[DishIngredient, ...] = Field(min_length=1)
    steps: tuple[str, ...] = Field(min_length=3, max_length=7)

    @property
    def all_minutes(self) -> int:
        """The minutes from start to table, waiting counted in."""
        return self.minutes + self.waiting

    @property
    def is_one_bowl(self) -> bool:
        """Whether it is 主食 and 主菜 at once: a 丼, a curry, noodles."""
        return "一皿" in self.tags

    @cached_property
    def ingredient_names(self) -> frozenset[str]:
        """The names of all ingredients, seasonings included."""
        return frozenset(ingredient.name for ingredient in self.ingredients)

    def with_foods(self, instead: Mapping[str, str]) -> "Dish":
        """Return the dish with other foods, in its steps too where the new name is another word."""
        if self.ingredient_names.isdisjoint(instead):
            return self
        steps = self.steps
        for old, new in instead.items():
            if old in self.ingredient_names and old not in new:
                steps = tuple(step.replace(old, new) for step in steps)
        parts = tuple(
            part.model_copy(update={"name": instead.get(part.name, part.name)})
            for part in self.ingredients
        )
        keywords = tuple(instead.get(name, name) for name in self.keywords)
        # Built anew: what is cached of the old one is not true of it.
        fields = {name: getattr(self, name) for name in Dish.model_fields}
        return Dish(**fields | {"ingredients": parts, "keywords": keywords, "steps": steps})


class Plain(Frozen):
    """A kind of `food` that holds less, by the name of its label; `said`: the fuller one is used.

    `said` is a pattern of folded text.
    """

    food: str
    instead: str
    said: re.Pattern[str]


class Stock(Frozen):
    """How a stock is drawn, and the granules that many take instead; grams are for a litre."""

    food: str
    drawn_from: tuple[tuple[str, Grams], ...] = Field(min_length=1)
    how: str
    granules: str
    granules_grams: Grams
    # A pattern of folded text: somebody uses granules.
    said: re.Pattern[str]

    def drawing(self, millilitres: float) -> str:
        """Say how so much of it is drawn."""
        parts = "、".join(f"{name}{grams:g}g" for name, grams in self.taken(millilitres))
        water = round(millilitres * WATER_FOR_STOCK, -1)
        return f"{self.food}{millilitres:g}mlのとり方: 水{water:g}ml、{parts}。{self.how}"

    def taken(self, millilitres: float) -> list[tuple[str, float]]:
        """Return what so much of it is drawn from, in grams."""
        return [
            (name, max(1.0, float(round(grams * millilitres / MILLILITRES_IN_A_LITRE))))
            for name, grams in self.drawn_from
        ]

    def of_granules(self, millilitres: float) -> str:
        """Say how so much of it is made of granules."""
        grams = round(self.granules_grams * millilitres / MILLILITRES_IN_A_LITRE, 1)
        return (
            f"{self.food}{millilitres:g}ml: 水{millilitres:g}mlに{self.granules}{grams:g}gを溶く。"
        )


@dataclass(frozen=True)
class Products:
    """What names of the recipes stand for, where shops sell more than one thing under them.

    Read from `products.toml`; both are by the name that recipes have.
    """

    plain: Mapping[str, Plain] = field(default_factory=dict)
    stocks: Mapping[str, Stock] = field(default_factory=dict)


NO_PRODUCTS: Final = Products()


@dataclass(frozen=True)
class ScaledIngredient:
    """An ingredient for all servings: as a kitchen measures it, and its exact share in grams.

    The recipe may say more than the share: an egg is not halved.
    """

    name: str
    amount: Amount
    exact_grams: float


def _is_no_cut(ingredient: Ingredient) -> bool:
    """Tell whether it is what may hold any meat (bacon), or offal: neither is meant by 牛肉."""
    return ingredient.groups >= KINDS_OF_MEAT or OFFAL in ingredient.groups


class Cookbook:
    """All dishes and ingredients, and the questions that the rest of the code asks of them."""

    def __init__(  # noqa: PLR0913, PLR0917  # all that a cookbook is
        self,
        ingredients: dict[str, Ingredient],
        dishes: dict[str, Dish],
        products: Products = NO_PRODUCTS,
        granules: frozenset[str] = frozenset(),
        ways: Mapping[tuple[str, str], Way] | None = None,
        own: frozenset[str] = frozenset(),
    ) -> None:
        """Take all data.

        `granules` are the stocks that are made of granules, not drawn; `ways` gives how an
        ingredient (second) of a dish (first) is treated, if it is. `own` are the dishes that a
        household or shop added to those of the package.
        """
        self.ingredients = ingredients
        self.dishes = dishes
        self.products = products
        self.granules = granules
        self.ways = ways or {}
        self.own = own
        self._known_variants: dict[tuple[frozenset[str], frozenset[str]], Cookbook] = {}
        self._servings: int | None = None
        self._for_servings: dict[int, Cookbook] = {}
        self._known_main_groups: dict[str, frozenset[str]] = {}
        self._known_vegetables: dict[str, float] = {}
        self._known_members: dict[str, frozenset[str]] = {}
        self._known_prices: dict[str, tuple[Dish, Yen]] = {}
        self._known_amounts: dict[tuple[str, int], tuple[Dish, list[ScaledIngredient]]] = {}
        self._known_facts: dict[str, tuple[frozenset[str], frozenset[str], Nutrients]] = {}

    def with_dishes(self, dishes: dict[str, Dish]) -> "Cookbook":
        """Return the same cookbook with these dishes alone."""
        return Cookbook(self.ingredients, dishes, self.products, self.granules, self.ways, self.own)

    def with_products(self, plain: frozenset[str], granules: frozenset[str]) -> "Cookbook":
        """Return the same cookbook, its recipes with other products of the shop.

        For each food of `plain` they name the kind that holds less, and the stocks of `granules`
        count as made of granules. The same is returned again, for a planner asks often.
        """
        if not plain and not granules:
            return self
        key = (plain, granules)
        if key not in self._known_variants:
            instead = {food: self.products.plain[food].instead for food in plain}
            dishes = {name: dish.with_foods(instead) for name, dish in self.dishes.items()}
            of_granules = {food: self._of_granules(self.products.stocks[food]) for food in granules}
            ways = {(dish, instead.get(name, name)): way for (dish, name), way in self.ways.items()}
            self._known_variants[key] = Cookbook(
                self.ingredients | of_granules, dishes, self.products, granules, ways, self.own
            )
        return self._known_variants[key]

    def _of_granules(self, stock: Stock) -> Ingredient:
        """Return the row of a stock that is made of granules."""
        drawn, granules = self.ingredients[stock.food], self.ingredients[stock.granules]
        share = stock.granules_grams / MILLILITRES_IN_A_LITRE
        return drawn.model_copy(
            update={
                "allergens": drawn.allergens | granules.allergens,
                "groups": drawn.groups | granules.groups,
                "per_100g": Nutrients(
                    **{name: figure * share for name, figure in granules.per_100g}
                ),
                "sold": drawn.sold.model_copy(
                    update={"yen": Yen(**{end: yen * share for end, yen in granules.sold.yen})}
                ),
            }
        )

    def allergens(self, dish: Dish) -> frozenset[str]:
        """Return the labelled allergens of `dish`, through every seasoning and stock."""
        return self._facts(dish)[0]

    def groups(self, dish: Dish) -> frozenset[str]:
        """Return the food groups (肉, 魚介, きのこ…) that any ingredient of `dish` belongs to."""
        return self._facts(dish)[1]

    def nutrition(self, dish: Dish) -> Nutrients:
        """Return the nutrients of one serving as it is eaten (`plate`): edible, raw weights."""
        return self._facts(dish)[2]

    def limited(self, dish: Dish, name: str) -> float:
        """Return what a limit of a meal is about: a figure of a serving, or its usual price."""
        if name == PRICE:
            return self.price_yen(dish).usual
        if name == VEGETABLES:
            return float(self.vegetables_grams(dish))
        return float(getattr(self.nutrition(dish), name))

    def figures(self, dish: Dish) -> dict[str, float]:
        """Return all that is told of a serving: nutrients, 糖質 as labels count it, vegetables."""
        nutrition = self.nutrition(dish)
        net = max(0.0, nutrition.carbohydrate_g - nutrition.fibre_g)
        return {
            **dict(nutrition),
            "net_carbohydrate_g": net,
            VEGETABLES: self.vegetables_grams(dish),
        }

    def price_yen(self, dish: Dish) -> Yen:
        """Return what the ingredients of one serving cost, as an estimate, with its range."""
        known = self._known_prices.get(dish.name)
        if known is None or known[0] is not dish:
            known = self._known_prices[dish.name] = (dish, self._price_of(dish))
        return known[1]

    def _price_of(self, dish: Dish) -> Yen:
        prices = [(self.ingredients[part.name].sold.yen, part.grams) for part in dish.ingredients]
        return Yen(
            low=sum(yen.low * grams for yen, grams in prices) / 100,
            usual=sum(yen.usual * grams for yen, grams in prices) / 100,
            high=sum(yen.high * grams for yen, grams in prices) / 100,
        )

    def salt_left_in_soup_g(self, dish: Dish) -> float | None:
        """Return the salt that half of a noodle soup leaves in the bowl, None for another dish."""
        wet = sum(part.grams for part in dish.ingredients if part.name in SOUP_LIQUIDS)
        if wet < NOODLE_SOUP_GRAMS or dish.method not in SOUP_METHODS:
            return None
        if not any("麺" in self._groups_of(name) for name in dish.ingredient_names):
            return None
        seasonings = [
            (self.ingredients[part.name], part.grams)
            for part in dish.ingredients
            if self.ingredients[part.name].section == SEASONINGS
        ]
        salt = sum(one.per_100g.salt_g * grams / 100 for one, grams in seasonings)
        return salt * SOUP_LEFT

    def for_servings(self, servings: int) -> "Cookbook":
        """Return the same cookbook, whose `nutrition` is that of a card for so many.

        An egg is not divided among three: who plans for three counts what their card says.
        """
        if servings not in self._for_servings:
            served = copy.copy(self)
            served._servings = servings
            served._known_facts = {}
            self._for_servings[servings] = served
        return self._for_servings[servings]

    def main_groups(self, dish: Dish) -> frozenset[str]:
        """Return the food groups of what `dish` is mainly made of."""
        if dish.name not in self._known_main_groups:
            groups = (self.ingredients[name].groups for name in dish.keywords)
            self._known_main_groups[dish.name] = frozenset().union(*groups)
        return self._known_main_groups[dish.name]

    def vegetables_grams(self, dish: Dish) -> float:
        """Return the grams of vegetables in one serving."""
        if dish.name not in self._known_vegetables:
            parts = [part for part in dish.ingredients if self._is_vegetable(part.name)]
            self._known_vegetables[dish.name] = sum(part.grams for part in parts)
        return self._known_vegetables[dish.name]

    def _is_vegetable(self, name: str) -> bool:
        """Tell whether it counts among the 350 g of a day; ketchup does not."""
        return "野菜" in self._groups_of(name) and self.ingredients[name].section != SEASONINGS

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
        elif name in MIXES:
            stands_for, _ = MIXES[name]
            yield from sorted(stands_for & self.ingredients.keys())
        elif name in WISHED_GROUPS:
            group, section = WISHED_GROUPS[name]
            for ingredient in self.ingredients.values():
                is_of_it = group in ingredient.groups and ingredient.section == section
                if is_of_it and not (group in KINDS_OF_MEAT and _is_no_cut(ingredient)):
                    yield ingredient.name

    def uses(self, dish: Dish, name: str) -> bool:
        """Tell whether `dish` meets the wish for an ingredient or a group of them."""
        return not self.members(name).isdisjoint(dish.ingredient_names)

    def is_soupy(self, dish: Dish) -> bool:
        """Tell whether a dish has so much broth that no soup is served beside it: 鍋, ラーメン."""
        if dish.role == Role.SOUP:
            return False
        if POT_OR_NOODLES.search(dish.name):
            return dish.method in SOUP_METHODS
        broth = sum(part.grams for part in dish.ingredients if part.name in BROTH)
        least = SOME_BROTH_GRAMS if EATEN_WITH_BROTH.search(dish.name) else SOUPY_GRAMS
        return broth >= least and dish.method == "煮る"

    def is_used(self, name: str, dishes: Iterable[Dish]) -> bool:
        """Tell whether any of some dishes uses an ingredient, or any of a group of them."""
        return any(self.uses(dish, name) for dish in dishes)

    def is_protein(self, name: str) -> bool:
        """Tell whether an ingredient, or a group of them, is what a main dish is made of."""
        return any(self.ingredients[one].section in MAIN_SECTIONS for one in self.members(name))

    def is_seasoning(self, name: str) -> bool:
        """Tell whether an ingredient, or each of a group, is seasoning, oil or flour."""
        return all(self.ingredients[one].section in NO_FOOD_BY_ITSELF for one in self.members(name))

    def amounts(self, dish: Dish, servings: int) -> list[ScaledIngredient]:
        """Return what `dish` takes for all of `servings`, in the order of its recipe."""
        known = self._known_amounts.get((dish.name, servings))
        if known is None or known[0] is not dish:
            known = (dish, self._scaled(dish, servings))
            self._known_amounts[dish.name, servings] = known
        return list(known[1])

    def _scaled(self, dish: Dish, servings: int) -> list[ScaledIngredient]:
        scaled = []
        for part in dish.ingredients:
            units = self.ingredients[part.name].units
            amount = scale(part.grams, part.measure, servings, units)
            scaled.append(ScaledIngredient(part.name, amount, part.grams * servings))
        return scaled

    def notes(self, dish: Dish, servings: int) -> list[str]:
        """Return how the stock of `dish` is made, for all of `servings`, and how it is kept."""
        notes = []
        for part in self.amounts(dish, servings):
            if stock := self.products.stocks.get(part.name):
                make = stock.of_granules if part.name in self.granules else stock.drawing
                notes.append(make(part.amount.grams))
        if dish.keeps:
            notes.append(KEEPING.format(days=dish.keeps))
        return notes

    def bought(self, name: str, grams: float) -> list[tuple[str, float]]:
        """Return what is bought for so much of an ingredient: what stock and ご飯 are made of."""
        stock = self.products.stocks.get(name)
        if stock is None:
            instead = self.ingredients[name].sold.instead or {name: 1.0}
            return [(food, share * grams) for food, share in instead.items()]
        if name in self.granules:
            return [(stock.granules, stock.granules_grams * grams / MILLILITRES_IN_A_LITRE)]
        return [(food, share * grams / MILLILITRES_IN_A_LITRE) for food, share in stock.drawn_from]

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
            grams = self._grams_of_a_serving(part, ingredient)
            way = self.ways.get((dish.name, part.name))
            for nutrient in total:
                per_100g = getattr(ingredient.per_100g, nutrient)
                if nutrient == "energy_kcal":
                    per_100g = max(0.0, per_100g - boiled_off_kcal(part.name, dish.method))
                total[nutrient] += per_100g * eaten_share(nutrient, way) * grams / 100
        return frozenset(allergens), frozenset(groups), Nutrients(**total)

    def _grams_of_a_serving(self, part: DishIngredient, ingredient: Ingredient) -> float:
        """Return the grams in a serving: of what comes in steps, those that the card says."""
        if self._servings is None or ingredient.sold.cut != "steps":
            return part.grams
        return scale(part.grams, part.measure, self._servings, ingredient.units).grams / (
            self._servings
        )

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
