"""`POST /v1/recipes`: named dishes for any number of servings, from the cookbook alone."""

from chef_llm.cookbook import Cookbook
from chef_llm.menu_schemas import RecipesRequest, RecipesResponse
from chef_llm.menu_service import dish_out, sections_out, understood_out
from chef_llm.menus.orders import Fields, make_order


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
