"""`POST /v1/menus`: fields and words become an order, its plan a response."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    SectionOut,
    TimingsOut,
    UnderstoodOut,
    UnplannedOut,
)
from chef_llm.chat.chef import Chef
from chef_llm.chat.service import completion_of
from chef_llm.cookbook import Cookbook, Dish, Nutrients
from chef_llm.engines import Completion, Deadline
from chef_llm.errors import InvalidRequest
from chef_llm.menus.constraints import how_kept
from chef_llm.menus.notes import plan_notes
from chef_llm.menus.planner import PlannedMeal
from chef_llm.menus.products import cautions, cookbook_for
from chef_llm.menus.shopping import shopping_list
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
    kept = how_kept(order.constraints, [meal.dishes for meal in plan.meals], cookbook)
    response = MenuResponse(
        servings=order.servings,
        menus=[_menu(meal, order.servings, cookbook) for meal in plan.meals],
        ingredients=list(_asked(order, dishes, cookbook)),
        shopping_list=sections_out(dishes, order.servings, order.at_hand, cookbook),
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
    return MenuOut(
        day=meal.slot.day,
        meal=meal.slot.meal,
        title=meal.title,
        comment=meal.comment,
        dishes=dishes,
        nutrition=_rounded(_total(dish.nutrition for dish in dishes)),
        allergens=sorted({allergen for dish in dishes for allergen in dish.allergens}),
    )


def dish_out(dish: Dish, servings: int, cookbook: Cookbook) -> DishOut:
    """Return a dish for the response: amounts for all servings, nutrition per serving."""
    amounts = [
        AmountOut(name=part.name, grams=part.amount.grams, measure=part.amount.measure)
        for part in cookbook.amounts(dish, servings)
    ]
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
        nutrition=_rounded(cookbook.nutrition(dish)),
    )


def notice(dishes: Sequence[Dish], order: Order, cookbook: Cookbook) -> str:
    """Return what must be said of labels, and of the products in these dishes."""
    return NOTICE + "".join(cautions(dishes, order, cookbook))


def sections_out(
    dishes: Sequence[Dish], servings: int, at_hand: Mapping[str, float | None], cookbook: Cookbook
) -> list[SectionOut]:
    """Return the shopping list for the response."""
    return [
        SectionOut(
            section=section,
            items=[AmountOut(name=i.name, grams=i.grams, measure=i.measure) for i in items],
        )
        for section, items in shopping_list(dishes, servings, at_hand, cookbook).items()
    ]


def understood_out(order: Order) -> list[UnderstoodOut]:
    """Return what was read from the words, for the response."""
    return [
        UnderstoodOut(kind=one.kind, value=one.value, words=one.words) for one in order.understood
    ]


def _total(parts: Iterable[Nutrients]) -> Nutrients:
    total = dict.fromkeys(Nutrients.model_fields, 0.0)
    for part in parts:
        for name in total:
            total[name] += getattr(part, name)
    return Nutrients(**total)


def _rounded(nutrients: Nutrients) -> Nutrients:
    return Nutrients(**{name: round(value, 2) for name, value in nutrients})


def _asked(order: Order, dishes: Sequence[Dish], cookbook: Cookbook) -> Iterator[AskedOut]:
    for name in order.ingredients:
        using = [dish.name for dish in dishes if cookbook.uses(dish, name)]
        yield AskedOut(name=name, known=True, used=bool(using), dishes=using)
    for name in order.dishes:
        served = [dish.name for dish in dishes if dish.name == name]
        yield AskedOut(name=name, known=True, used=bool(served), dishes=served)
    for words in order.unknown_ingredients:
        yield AskedOut(name=words, known=False, used=False, dishes=[])
