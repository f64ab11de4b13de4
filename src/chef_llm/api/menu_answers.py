"""`POST /v1/menus`: fields and words become an order, its plan a response."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chef_llm.api.menus import (
    NOTICE,
    AmountOut,
    AskedOut,
    ConstraintOut,
    DishOut,
    MenuOut,
    MenuRequest,
    MenuResponse,
    NotConsideredOut,
    NutritionOut,
    SectionOut,
    ShoppingItemOut,
    TaskOut,
    TimingsOut,
    UnderstoodOut,
    UnplannedOut,
)
from chef_llm.chat.chef import Chef
from chef_llm.chat.service import completion_of
from chef_llm.cookbook import Cookbook, Dish, Yen
from chef_llm.cookbook.vocabulary import FIGURES
from chef_llm.engines import Completion, Deadline
from chef_llm.errors import InvalidRequest
from chef_llm.menus.constraints import how_kept
from chef_llm.menus.notes import plan_notes
from chef_llm.menus.plan import PlannedMeal
from chef_llm.menus.products import cautions, cookbook_for
from chef_llm.menus.shopping import ShoppingItem, left_over, shopping_list, total_yen
from chef_llm.menus.way import way_to_table
from chef_llm.reading.conversation import Message
from chef_llm.reading.order import Order
from chef_llm.reading.reader import read_order


def answer_menu_request(
    request: MenuRequest, chef: Chef, deadline: Deadline
) -> tuple[MenuResponse, Completion]:
    """Answer `POST /v1/menus`; the completion holds the model's figures of all meals."""
    started = time.monotonic()
    if not request.request.strip() and not request.ingredients:
        raise InvalidRequest("request か ingredients のどちらかが必要です。", param="request")
    cookbook = chef.cookbook
    order = read_order([Message("user", request.request)], cookbook, request.order_fields())
    plan = chef.plan(order, deadline, request.seed)
    cookbook = cookbook_for(order, cookbook)
    completion = completion_of(plan)
    dishes = [dish for meal in plan.meals for dish in meal.dishes]
    served = cookbook.for_servings(order.servings)
    kept = how_kept(order.constraints, [meal.dishes for meal in plan.meals], served)
    response = MenuResponse(
        servings=order.servings,
        menus=[_menu(meal, order.servings_of(meal.slot), cookbook) for meal in plan.meals],
        ingredients=list(_asked(order, dishes, cookbook)),
        **shopping_out(
            dishes, [count for _, count in plan.portions(order)], order.at_hand, cookbook
        ),
        understood=understood_out(order),
        notes=[*order.notes, *plan_notes(plan, order, cookbook)],
        proposals=order.is_proposals,
        not_considered=[
            NotConsideredOut(name=one.name, words=one.words) for one in order.not_considered
        ],
        constraints=[
            ConstraintOut(constraint=one.field, value=one.value, kept=True, how=one.how)
            for one in kept
        ],
        notice=notice(dishes, order, cookbook),
        unplanned=[UnplannedOut(day=slot.day, meal=slot.meal) for slot in plan.unplanned],
        model=chef.model.name,
        timings=TimingsOut(
            prefill_seconds=completion.timings.prefill_seconds,
            decode_seconds=completion.timings.decode_seconds,
            check_seconds=plan.check_seconds,
            total_seconds=time.monotonic() - started,
        ),
    )
    return response, completion


def _menu(meal: PlannedMeal, servings: int, cookbook: Cookbook) -> MenuOut:
    dishes = [dish_out(dish, servings, cookbook) for dish in meal.dishes]
    served = cookbook.for_servings(servings)
    total = nutrition_out(meal.dishes, served)
    return MenuOut(
        day=meal.slot.day,
        meal=meal.slot.meal,
        title=meal.title,
        comment=meal.comment,
        dishes=dishes,
        **work_out(meal.dishes),
        nutrition=total,
        of_day_percent={
            name: round(100 * getattr(total, name) / figure.a_day, 1)
            for name, figure in FIGURES.items()
            if figure.a_day is not None
        },
        price_yen=price_out(map(cookbook.price_yen, meal.dishes)),
        allergens=sorted({allergen for dish in dishes for allergen in dish.allergens}),
    )


def dish_out(dish: Dish, servings: int, cookbook: Cookbook) -> DishOut:
    """Return a dish for the response: amounts for all servings, nutrition per serving."""
    amounts = [
        AmountOut(name=part.name, grams=part.amount.grams, measure=part.amount.measure)
        for part in cookbook.amounts(dish, servings)
    ]
    left = cookbook.salt_left_in_soup_g(dish)
    return DishOut(
        role=dish.role.value,
        name=dish.name,
        minutes=dish.minutes,
        waiting_minutes=dish.waiting,
        main_ingredients=list(dish.keywords),
        allergens=sorted(cookbook.allergens(dish)),
        ingredients=amounts,
        steps=list(dish.steps),
        notes=cookbook.notes(dish, servings),
        nutrition=nutrition_out([dish], cookbook.for_servings(servings)),
        salt_left_in_soup_g=None if left is None else round(left, 2),
        price_yen=price_out([cookbook.price_yen(dish)]),
    )


def work_out(dishes: Sequence[Dish]) -> dict[str, Any]:
    """Return the fields of a response that tell of the work for a meal."""
    way = way_to_table(dishes)
    return {
        "total_minutes": way.total_minutes,
        "waiting_minutes": way.waiting_minutes,
        "work": [
            TaskOut(
                minute=task.minute,
                dish=task.dish,
                step=task.step,
                text=task.text,
                alone_minutes=task.alone_minutes,
                ahead_minutes=task.ahead_minutes,
            )
            for task in way.tasks
        ],
    }


def notice(dishes: Sequence[Dish], order: Order, cookbook: Cookbook) -> str:
    """Return what must be said of labels, and of the products in these dishes."""
    return NOTICE + "".join(cautions(dishes, order, cookbook))


def shopping_out(
    dishes: Sequence[Dish],
    servings: int | Sequence[int],
    at_hand: Mapping[str, float | None],
    cookbook: Cookbook,
) -> dict[str, Any]:
    """Return the fields of a response that tell of shopping: list, what is left over, price."""
    sections = shopping_list(dishes, servings, at_hand, cookbook)
    return {
        "shopping_list": [
            SectionOut(section=section, items=list(map(_item_out, items)))
            for section, items in sections.items()
        ],
        "left_over": [
            AmountOut(name=item.name, grams=item.left_grams, measure=item.left_measure)
            for item in left_over(sections)
        ],
        "shopping_price_yen": price_out([total_yen(sections)]),
    }


def _item_out(item: ShoppingItem) -> ShoppingItemOut:
    return ShoppingItemOut(
        name=item.name,
        grams=item.grams,
        measure=item.measure,
        bought_grams=item.bought_grams,
        left_grams=item.left_grams,
        price_yen=price_out([item.yen]),
    )


def understood_out(order: Order) -> list[UnderstoodOut]:
    """Return what was read from the words, for the response."""
    return [
        UnderstoodOut(kind=one.kind, value=one.value, words=one.words) for one in order.understood
    ]


def nutrition_out(dishes: Sequence[Dish], cookbook: Cookbook) -> NutritionOut:
    """Return the nutrients of a serving of all `dishes`, to two places."""
    figures = dict.fromkeys(NutritionOut.model_fields, 0.0)
    for dish in dishes:
        # Each dish as it is told, so that a menu is the sum of what stands below it.
        for name, value in cookbook.figures(dish).items():
            figures[name] += round(value, 2)
    return NutritionOut(**{name: round(value, 2) for name, value in figures.items()})


def price_out(prices: Iterable[Yen]) -> Yen:
    """Return the sum of estimated prices, in whole yen."""
    each = list(prices)
    return Yen(
        low=round(sum(yen.low for yen in each)),
        usual=round(sum(yen.usual for yen in each)),
        high=round(sum(yen.high for yen in each)),
    )


def _asked(order: Order, dishes: Sequence[Dish], cookbook: Cookbook) -> Iterator[AskedOut]:
    for name in order.ingredients:
        using = [dish.name for dish in dishes if cookbook.uses(dish, name)]
        yield AskedOut(name=name, known=True, used=bool(using), dishes=using)
    for name in order.dishes:
        served = [dish.name for dish in dishes if dish.name == name]
        yield AskedOut(name=name, known=True, used=bool(served), dishes=served)
    for words in order.unknown_ingredients:
        yield AskedOut(name=words, known=False, used=False, dishes=[])
