"""What the fields of all requests are made of, and those that say what a menu must keep."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StrictStr,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from chef_llm.cookbook.tools import TOOL_NAMES, ToolName
from chef_llm.cookbook.vocabulary import (
    CUISINES,
    MEALS,
    PRICE,
    Cuisine,
    DietName,
    Label,
    Meal,
    Role,
    Season,
    canonical,
)
from chef_llm.engines import Sampling
from chef_llm.reading.courses import MOST_DISHES
from chef_llm.reading.order import Fields
from chef_llm.reading.proposals import MOST_PROPOSALS

# What is said about unknown fields in a log: their names, so many and so much of each.
MOST_NAMES: Final = 20
LONGEST_NAME: Final = 40
# A field's name as servers have them; anything else may be words of a person's.
FIELD_NAME: Final = re.compile("[A-Za-z_][A-Za-z0-9_]*")
NO_NAME: Final = "(no name)"
NULL: Final = {"type": "null"}


def _number(value: Any) -> Any:
    """Refuse true and "3" where a number is meant: a slip there would go unnoticed."""
    if isinstance(value, bool | str):
        raise PydanticCustomError("number_type", "a number is wanted")
    return value


# Last in an annotation, so that the bounds before it stand in the OpenAPI document.
NUMBER: Final = BeforeValidator(_number)


def _or_null(field: JsonSchemaValue) -> JsonSchemaValue:
    """Return the description of a field that takes null, too."""
    about = {key: value for key, value in field.items() if key in {"title", "default"}}
    options = field.get("anyOf") or [{key: field[key] for key in field if key not in about}]
    return {"anyOf": options if NULL in options else [*options, NULL], **about}


class Request(BaseModel):
    """Base of the requests: unknown fields are taken and left unused, as clients expect.

    A null is a field that was not given: clients send it for what they leave open.
    """

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, fields: Any) -> Any:
        if not isinstance(fields, dict):
            return fields
        known = {field.alias or name for name, field in cls.model_fields.items()}
        return {
            name: value for name, value in fields.items() if value is not None or name not in known
        }

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe that a field which may be left out may be null."""
        reference = handler(core_schema)
        described = handler.resolve_ref_schema(reference)
        fields = described.get("properties", {})
        for name in fields.keys() - set(described.get("required", [])):
            fields[name] = _or_null(fields[name])
        return reference

    @property
    def unknown_fields(self) -> list[str]:
        """The names of fields that this server does not know, fit for the log."""
        names = {
            name[:LONGEST_NAME] if FIELD_NAME.fullmatch(name) else NO_NAME
            for name in self.model_extra or {}
        }
        return sorted(names)[:MOST_NAMES]


class Strict(Request):
    """Base of what may hold a constraint: a field that is not known is an error."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


Words = Annotated[StrictStr, Field(min_length=1, max_length=100)]
Servings = Annotated[int, Field(ge=1, le=12), NUMBER]
Figure = Annotated[float, Field(ge=0, le=10_000), NUMBER]


def _canonical(labels: Mapping[str, Label]) -> BeforeValidator:
    """Accept every spelling of `labels` where their names are meant."""
    names = canonical(labels)
    spellings = sorted(names)
    return BeforeValidator(
        lambda value: names.get(value, value) if isinstance(value, str) else value,
        json_schema_input_type=Annotated[
            str, WithJsonSchema({"type": "string", "enum": spellings})
        ],
    )


def _listed(value: Any) -> Any:
    """Accept one text where a list is meant."""
    return [value] if isinstance(value, str) else value


def _named(value: Any) -> Any:
    """Accept a name where an ingredient at hand is meant."""
    if isinstance(value, str):
        return {"name": value}
    if not isinstance(value, dict):
        raise PydanticCustomError("ingredient_type", "a name or an object with a name is wanted")
    return value


RoleName = Literal["主食", "主菜", "副菜", "汁物"]
MealName = Annotated[Meal, _canonical(MEALS)]
MealList = Annotated[list[MealName], Field(max_length=4)]
DietList = Annotated[list[DietName], Field(max_length=6)]
Meals = Annotated[MealList, BeforeValidator(_listed, json_schema_input_type=MealName | MealList)]
Diets = Annotated[DietList, BeforeValidator(_listed, json_schema_input_type=DietName | DietList)]


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
    fat_g: Limits | None = None
    carbohydrate_g: Limits | None = None
    fibre_g: Limits | None = None
    salt_g: Limits | None = None
    calcium_mg: Limits | None = None
    iron_mg: Limits | None = None
    vegetables_g: Limits | None = None


class OrderFields(BaseModel):
    """The fields that say what a menu must keep, the same on every route that answers with one."""

    ingredients: Annotated[list[Ingredient], Field(max_length=30)] = Field(default=[])
    servings: Servings | None = None
    days: Annotated[int, Field(ge=1, le=14), NUMBER] | None = None
    meals: Meals = Field(default=[])
    allergens: Annotated[list[Words], Field(max_length=30)] = Field(default=[])
    exclude: Annotated[list[Words], Field(max_length=50)] = Field(default=[])
    cuisine: Annotated[Cuisine, _canonical(CUISINES)] | None = None
    # Of each dish, and of a meal from the first move to the table.
    max_minutes: Annotated[int, Field(ge=1, le=240), NUMBER] | None = None
    max_total_minutes: Annotated[int, Field(ge=1, le=240), NUMBER] | None = None
    season: Season | None = None
    diet: Diets = Field(default=[])
    nutrition: NutritionLimits = NutritionLimits()
    # Of one meal, per serving; the prices are estimates.
    budget_yen: Annotated[int, Field(ge=1, le=100_000), NUMBER] | None = None
    roles: Annotated[list[RoleName], Field(max_length=MOST_DISHES + 1)] = Field(default=[])
    proposals: Annotated[int, Field(ge=1, le=MOST_PROPOSALS), NUMBER] | None = None
    only_tools: Annotated[list[ToolName], Field(max_length=len(TOOL_NAMES))] = Field(default=[])
    without_tools: Annotated[list[ToolName], Field(max_length=len(TOOL_NAMES))] = Field(default=[])

    def order_fields(self) -> Fields:
        """Return the fields as the planner takes them, without words."""
        limits = {
            name: (limit.min, limit.max) for name, limit in self.nutrition if limit is not None
        }
        if self.budget_yen is not None:
            limits[PRICE] = (None, float(self.budget_yen))
        return Fields(
            ingredients=[(item.name, item.grams) for item in self.ingredients],
            servings=self.servings,
            days=self.days,
            meals=self.meals,
            allergens=self.allergens,
            exclude=self.exclude,
            cuisine=self.cuisine,
            max_minutes=self.max_minutes,
            max_total_minutes=self.max_total_minutes,
            season=self.season,
            diets=frozenset(self.diet),
            limits=limits,
            roles=[Role(role) for role in self.roles],
            proposals=self.proposals,
            only_tools=self.only_tools,
            without_tools=self.without_tools,
        )


def type_of(item: Any) -> str:
    """Return the `type` of an item of several kinds, as its place in an error names it."""
    found = item.get("type") if isinstance(item, dict) else getattr(item, "type", None)
    return f"<{found}>"


def _stop_strings(value: Any) -> Any:
    """Accept one stop string where a list is meant, as OpenAI does."""
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        raise PydanticCustomError("stop_type", "a string or a list of strings is wanted")
    return value


def needs_one_of(**fields: JsonSchemaValue) -> JsonSchemaValue:
    """Return what JSON Schema says of an object that needs one of `fields`, as it is described."""
    return {
        "anyOf": [
            {"required": [name], "properties": {name: described}}
            for name, described in fields.items()
        ]
    }


# A text that says something.
SAYS_SOMETHING: Final = {"type": "string", "pattern": r"\S"}

StopString = Annotated[StrictStr, Field(min_length=1, max_length=64)]
StopStrings = Annotated[list[StopString], Field(max_length=4)]
Stop = Annotated[
    StopStrings, BeforeValidator(_stop_strings, json_schema_input_type=StopString | StopStrings)
]
# Where other servers have no bounds: they are for the operator to set, and a longer list or text
# than these is no list of stop strings.
LongStopStrings = Annotated[
    list[Annotated[StrictStr, Field(max_length=4096)]], Field(max_length=64)
]
LongStop = Annotated[
    LongStopStrings,
    BeforeValidator(_stop_strings, json_schema_input_type=StrictStr | LongStopStrings),
]
# -1 is as much as the operator allows.
AnyTokens = Annotated[int, Field(ge=-1), NUMBER]
Seed = Annotated[int, Field(ge=-(2**63), le=2**63 - 1), NUMBER]
Bias = Annotated[float, Field(ge=-100, le=100), NUMBER]
LogitBias = Annotated[dict[Annotated[int, Field(ge=0, lt=2**31)], Bias], Field(max_length=300)]
ReasoningEffort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]
# More than any operator allows.
WITHOUT_BOUND: Final = 2**31
Tokens = Annotated[int, Field(ge=1, le=1024), NUMBER]
OnlyOne = Annotated[int, Field(ge=1, le=1), NUMBER]
Temperature = Annotated[float, Field(ge=0, le=2), NUMBER]
TopP = Annotated[float, Field(ge=0, le=1), NUMBER]
Penalty = Annotated[float, Field(ge=-2, le=2), NUMBER]


def token_count(asked: int | None, default: int) -> int:
    """Return how many tokens an answer may have, as the caller asks."""
    if asked is None:
        return default
    return WITHOUT_BOUND if asked < 0 else asked


@dataclass(frozen=True)
class AskedTokens:
    """The length of answer that a request asks for by itself, and the field that says so."""

    param: str
    count: int


def as_sampled(sampling: Sampling) -> Sampling:
    """Return `sampling` as an engine takes it: of no probability the likeliest token is left."""
    return replace(sampling, temperature=0.0, top_p=1.0) if sampling.top_p == 0 else sampling
