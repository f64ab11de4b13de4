"""`POST /v1/recipes`: named dishes for any number of servings, from the cookbook alone."""

from typing import Annotated

from pydantic import BaseModel, Field, StrictStr

from chef_llm.cookbook import Cookbook
from chef_llm.menu_schemas import (
    NOTICE,
    DishOut,
    Ingredient,
    SectionOut,
    Servings,
    Strict,
    UnderstoodOut,
    Words,
)
from chef_llm.menu_service import dish_out, sections_out, understood_out
from chef_llm.menus.orders import Fields, make_order


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


def answer_recipes_request(request: RecipesRequest, cookbook: Cookbook) -> RecipesResponse:
    """Answer `POST /v1/recipes`; a dish that is named twice is bought twice and shown once."""
    ordered = make_order(
        Fields(
            # An order needs words; the names of the dishes are as good as any.
            request=request.request or "、".join(request.dishes),
            servings=request.servings,
            ingredients=[(item.name, item.grams) for item in request.ingredients],
        ),
        cookbook,
    )
    servings = ordered.order.servings
    named = [cookbook.dishes[name] for name in request.dishes if name in cookbook.dishes]
    once = {dish.name: dish for dish in named}.values()
    return RecipesResponse(
        servings=servings,
        dishes=[dish_out(dish, servings, cookbook) for dish in once],
        unknown=[name for name in dict.fromkeys(request.dishes) if name not in cookbook.dishes],
        shopping_list=sections_out(named, servings, ordered.at_hand, cookbook),
        understood=understood_out(ordered.reading) if request.request else [],
    )
