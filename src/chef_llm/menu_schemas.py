"""Request and response of `POST /v1/menus`."""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictStr,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from chef_llm.cookbook import Nutrients
from chef_llm.menus.orders import Fields
from chef_llm.schemas import NUMBER, WORDS, Request, needs_one_of

CUISINES: Final = {
    "和食": "和",
    "洋食": "洋",
    "中華": "中",
    "韓国": "韓",
    "韓国風": "韓",
    "韓国料理": "韓",
}
MEAL_NAMES: Final = {
    "朝": "朝食",
    "昼": "昼食",
    "夕": "夕食",
    "晩": "夕食",
    "夜": "夕食",
    "弁当": "お弁当",
}
NOTICE: Final = (
    "アレルゲンは料理帳の食材表から計算しています。市販品は銘柄によって異なるため、"
    "必ず商品の表示を確かめてください。"
)

Words = Annotated[StrictStr, Field(min_length=1, max_length=100)]
Servings = Annotated[int, Field(ge=1, le=12), NUMBER]
Figure = Annotated[float, Field(ge=0, le=10_000), NUMBER]


def _canonical(names: dict[str, str], *others: str) -> BeforeValidator:
    """Accept the keys of `names` where their values are meant; `others` are meant as they are."""
    spellings = sorted({*names, *names.values(), *others})
    return BeforeValidator(
        lambda value: names.get(value, value) if isinstance(value, str) else value,
        json_schema_input_type=Annotated[
            str, WithJsonSchema({"type": "string", "enum": spellings})
        ],
    )


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Meal = Annotated[Literal["朝食", "昼食", "夕食", "お弁当"], _canonical(MEAL_NAMES)]
DietName = Literal["vegetarian", "vegan", "gluten_free", "low_salt", "high_protein", "low_calorie"]
MealList = Annotated[list[Meal], Field(max_length=4)]
DietList = Annotated[list[DietName], Field(max_length=6)]
Meals = Annotated[MealList, BeforeValidator(_listed, json_schema_input_type=Meal | MealList)]
Diets = Annotated[DietList, BeforeValidator(_listed, json_schema_input_type=DietName | DietList)]


def _named(value: Any) -> Any:
    """Accept a name where an ingredient at hand is meant."""
    if isinstance(value, str):
        return {"name": value}
    if not isinstance(value, dict):
        raise PydanticCustomError("ingredient_type", "a name or an object with a name is wanted")
    return value


class Strict(Request):
    """Base of the request: a field that is not known is an error, for it could be a constraint."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class AtHand(Strict):
    """An ingredient at hand; without `grams` there is enough of it."""

    name: Words
    grams: Annotated[float, Field(gt=0, le=100_000), NUMBER] | None = None


Ingredient = Annotated[AtHand, BeforeValidator(_named, json_schema_input_type=Words | AtHand)]


class Limits(Strict):
    """Least and most of a nutrient in a meal, per serving."""

    min: Figure | None = None
    max: Figure | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise PydanticCustomError("range_order", "min is above max")
        return self


class NutritionLimits(Strict):
    """Limits of a meal, per serving."""

    energy_kcal: Limits | None = None
    protein_g: Limits | None = None
    salt_g: Limits | None = None


class MenuRequest(Strict):
    """What to plan; one of `request` and `ingredients` is needed."""

    model_config = ConfigDict(
        json_schema_extra=needs_one_of(request=WORDS, ingredients={"type": "array", "minItems": 1})
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
    ingredients: Annotated[list[Ingredient], Field(max_length=30)] = Field(default=[])
    servings: Servings | None = None
    days: Annotated[int, Field(ge=1, le=7), NUMBER] | None = None
    meals: Meals = Field(default=[])
    allergens: Annotated[list[Words], Field(max_length=30)] = Field(default=[])
    exclude: Annotated[list[Words], Field(max_length=50)] = Field(default=[])
    cuisine: (
        Annotated[Literal["和", "洋", "中", "韓", "エスニック"], _canonical(CUISINES, "エスニック")]
        | None
    ) = None
    max_minutes: Annotated[int, Field(ge=1, le=240), NUMBER] | None = None
    season: Literal["春", "夏", "秋", "冬"] | None = None
    diet: Diets = Field(default=[])
    nutrition: NutritionLimits = NutritionLimits()
    seed: Annotated[int, Field(ge=0, le=2**32 - 1), NUMBER] | None = None

    def fields(self) -> Fields:
        """Return the fields as the planner takes them."""
        limits = {
            name: (limit.min, limit.max) for name, limit in self.nutrition if limit is not None
        }
        return Fields(
            request=self.request,
            ingredients=[(item.name, item.grams) for item in self.ingredients],
            servings=self.servings,
            days=self.days,
            meals=self.meals,
            allergens=self.allergens,
            exclude=self.exclude,
            cuisine=self.cuisine,
            max_minutes=self.max_minutes,
            season=self.season,
            diets=frozenset(self.diet),
            limits=limits,
        )


class AmountOut(BaseModel):
    """An ingredient for all servings: grams, and the household measure beside it."""

    name: str
    grams: float
    measure: str


class DishOut(BaseModel):
    """A dish: amounts for all servings, nutrition per serving; what it is mainly made of."""

    role: Literal["主食", "主菜", "副菜", "汁物"]
    name: str
    minutes: int
    main_ingredients: list[str]
    allergens: list[str]
    ingredients: list[AmountOut]
    steps: list[str]
    nutrition: Nutrients


class MenuOut(BaseModel):
    """One planned meal; `nutrition` is its total per serving."""

    day: int
    meal: str
    title: str
    comment: str
    dishes: list[DishOut]
    nutrition: Nutrients
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
    items: list[AmountOut]


class UnderstoodOut(BaseModel):
    """One thing that was read from the free text, with the words it was read from."""

    kind: str
    value: str
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
    menus: list[MenuOut]
    ingredients: list[AskedOut]
    shopping_list: list[SectionOut]
    understood: list[UnderstoodOut]
    constraints: list[ConstraintOut]
    unplanned: list[UnplannedOut]
    notice: str = NOTICE
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
    request: Annotated[StrictStr, Field(max_length=2_000)] = ""


class RecipesResponse(BaseModel):
    """The dishes that the cookbook has, what to buy for them, and the names that it has not."""

    servings: int
    dishes: list[DishOut]
    unknown: list[str]
    shopping_list: list[SectionOut]
    understood: list[UnderstoodOut]
    notice: str = NOTICE
