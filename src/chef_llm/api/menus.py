"""Request and response of `POST /v1/menus`."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictStr

from chef_llm.api.fields import (
    NUMBER,
    SAYS_SOMETHING,
    Diets,
    Ingredient,
    OrderFields,
    Servings,
    Strict,
    Words,
    needs_one_of,
)
from chef_llm.cookbook import RULE, Nutrients, Yen

NOTICE: Final = (
    "アレルゲンは料理帳の食材表から計算しています。市販品は銘柄によって異なるため、"
    "必ず商品の表示を確かめてください。"
    f"品目は{RULE}によります。改正前の表示の商品には、カシューナッツやピスタチオが"
    "書かれていないことがあります。"
)

PRICE_NOTICE: Final = (
    "価格は目安です。2026年11月の店頭を想定したこのプロジェクトの推定で、"
    "統計でも実際の値段でもありません。"
)


class MenuRequest(OrderFields, Strict):
    """What to plan; one of `request` and `ingredients` is needed."""

    model_config = ConfigDict(
        json_schema_extra=needs_one_of(
            request=SAYS_SOMETHING, ingredients={"type": "array", "minItems": 1}
        )
        | {
            "examples": [
                {"request": "子どもも食べやすい夕食を", "allergens": ["卵", "えび"]},
                {
                    "ingredients": [{"name": "鶏むね肉", "grams": 300}, "キャベツ"],
                    "servings": 4,
                    "days": 3,
                    "exclude": ["ピーマン"],
                    "max_minutes": 40,
                    "nutrition": {"salt_g": {"max": 3}},
                },
            ]
        }
    )
    request: Annotated[StrictStr, Field(max_length=2_000)] = ""
    seed: Annotated[int, Field(ge=0, le=2**32 - 1), NUMBER] | None = None


class AmountOut(BaseModel):
    """An ingredient for all servings: grams, and the household measure beside it."""

    name: str
    grams: float
    measure: str


class ShoppingItemOut(AmountOut):
    """One thing to buy: the edible grams that are needed, and how the shop sells them.

    `bought_grams` are the edible grams of what `measure` says, `left_grams` what is over of them.
    """

    bought_grams: float
    left_grams: float
    price_yen: Yen


class NutritionOut(Nutrients):
    """Nutrients as they are eaten, with 糖質 and the grams of vegetables."""

    net_carbohydrate_g: float
    vegetables_g: float


class DishOut(BaseModel):
    """A dish: amounts for all servings, nutrition and estimated price per serving.

    `salt_left_in_soup_g` is the salt that stays in the bowl when half of a noodle soup does.
    """

    role: Literal["主食", "主菜", "副菜", "汁物"]
    name: str
    minutes: int
    # Beside them: soaking, marinating, chilling.
    waiting_minutes: int
    main_ingredients: list[str]
    allergens: list[str]
    ingredients: list[AmountOut]
    steps: list[str]
    # How stock is made, and how the dish is kept.
    notes: list[str]
    nutrition: NutritionOut
    salt_left_in_soup_g: float | None
    price_yen: Yen


class TaskOut(BaseModel):
    """A step of a dish in the order of work: `minute` from the start, None for what is done ahead.

    So long ahead as `ahead_minutes` say: 0 for rice, which is cooked before. For `alone_minutes`
    it goes by itself.
    """

    minute: int | None
    dish: str
    step: int
    text: str
    alone_minutes: int
    ahead_minutes: int | None


class MenuOut(BaseModel):
    """One planned meal; nutrition and price are its totals per serving.

    `total_minutes` are those of the meal, from the first move to the table; `waiting_minutes` of
    them nobody waits for. `of_day_percent` is the share of an adult's day (docs/cookbook.md).
    """

    day: int
    meal: str
    title: str
    comment: str
    dishes: list[DishOut]
    total_minutes: int
    waiting_minutes: int
    work: list[TaskOut]
    nutrition: NutritionOut
    of_day_percent: dict[str, float]
    price_yen: Yen
    allergens: list[str]


class AskedOut(BaseModel):
    """An asked ingredient or dish, and the dishes that use it; `known`: the cookbook has it."""

    name: str
    known: bool
    used: bool
    dishes: list[str]


class SectionOut(BaseModel):
    """What to buy in one section of the shop."""

    section: str
    items: list[ShoppingItemOut]


class UnderstoodOut(BaseModel):
    """One thing that was read from the free text, with the words it was read from."""

    kind: str
    value: str
    words: str


class NotConsideredOut(BaseModel):
    """One thing that was asked for and that no plan is made from, with its words."""

    name: str
    words: str


class ConstraintOut(BaseModel):
    """A constraint, and how it was kept."""

    constraint: str
    value: str
    kept: bool
    how: str


class TimingsOut(BaseModel):
    """Where the time went, in seconds; prefill and decode are the model's share."""

    prefill_seconds: float
    decode_seconds: float
    check_seconds: float
    total_seconds: float


class UnplannedOut(BaseModel):
    """A meal for which time ran out."""

    day: int
    meal: str


class MenuResponse(BaseModel):
    """The planned menus with everything that a cook needs."""

    servings: int
    # Of the menus one is to be chosen: `day` numbers them.
    proposals: bool = False
    menus: list[MenuOut]
    ingredients: list[AskedOut]
    shopping_list: list[SectionOut]
    # What is over of it and does not keep, in edible grams.
    left_over: list[AmountOut]
    shopping_price_yen: Yen
    understood: list[UnderstoodOut]
    # What was left out in doubt, and what was not understood, in sentences.
    notes: list[str]
    # What was asked for and no plan is made from, with its words.
    not_considered: list[NotConsideredOut]
    constraints: list[ConstraintOut]
    unplanned: list[UnplannedOut]
    notice: str = NOTICE
    price_notice: str = PRICE_NOTICE
    model: str
    timings: TimingsOut


class RecipesRequest(Strict):
    """Which dishes to show; `request` holds the words that they answer, if there are any.

    Servings that no field gives are read from the words, as a menu's are.
    """

    # A week of four meals of four dishes each.
    dishes: Annotated[list[Words], Field(min_length=1, max_length=112)]
    servings: Servings | None = None
    ingredients: Annotated[list[Ingredient], Field(max_length=30)] = Field(default=[])
    # What must be kept decides which products the recipes name.
    allergens: Annotated[list[Words], Field(max_length=30)] = Field(default=[])
    exclude: Annotated[list[Words], Field(max_length=50)] = Field(default=[])
    diet: Diets = Field(default=[])
    request: Annotated[StrictStr, Field(max_length=2_000)] = ""


class RecipesResponse(BaseModel):
    """The dishes that the cookbook has, what to buy for them, and the names that it has not."""

    servings: int
    dishes: list[DishOut]
    unknown: list[str]
    # Of the dishes as one meal, where they are no more than a meal has.
    total_minutes: int | None = None
    waiting_minutes: int | None = None
    work: list[TaskOut]
    shopping_list: list[SectionOut]
    left_over: list[AmountOut]
    shopping_price_yen: Yen
    understood: list[UnderstoodOut]
    notice: str = NOTICE
    price_notice: str = PRICE_NOTICE
