"""`POST /v1/recipes`: named dishes for any number of servings, from the cookbook alone."""

from typing import Final

from chef_llm.api.menu_answers import (
    dish_out,
    notice,
    shopping_out,
    understood_out,
    work_out,
)
from chef_llm.api.menus import RecipesRequest, RecipesResponse
from chef_llm.cookbook import Cookbook
from chef_llm.menus.products import cookbook_for
from chef_llm.reading.conversation import Message
from chef_llm.reading.courses import MOST_DISHES
from chef_llm.reading.order import Fields
from chef_llm.reading.reader import read_order

MOST_IN_A_MEAL: Final = MOST_DISHES + 1


def answer_recipes_request(request: RecipesRequest, cookbook: Cookbook) -> RecipesResponse:
    """Answer `POST /v1/recipes`; a dish that is named twice is bought twice and shown once."""
    fields = Fields(
        servings=request.servings,
        ingredients=[(item.name, item.grams) for item in request.ingredients],
        allergens=request.allergens,
        exclude=request.exclude,
        diets=frozenset(request.diet),
    )
    order = read_order([Message("user", request.request)], cookbook, fields)
    cookbook = cookbook_for(order, cookbook)
    named = [cookbook.dishes[name] for name in request.dishes if name in cookbook.dishes]
    once = list({dish.name: dish for dish in named}.values())
    return RecipesResponse(
        servings=order.servings,
        dishes=[dish_out(dish, order.servings, cookbook) for dish in once],
        unknown=[name for name in dict.fromkeys(request.dishes) if name not in cookbook.dishes],
        **(work_out(once) if len(once) <= MOST_IN_A_MEAL else {"work": []}),
        **shopping_out(named, order.servings, order.at_hand, cookbook),
        understood=understood_out(order),
        notice=notice(named, order, cookbook),
    )
