"""Menus with guarantees: order, plan, and the response or text that they become."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from chef_llm.chat_template import Message
from chef_llm.cookbook import Cookbook, Dish, Nutrients, scale
from chef_llm.engines import Completion, Deadline, Timings
from chef_llm.errors import UnclearExclusion
from chef_llm.generator import Generator, Reply
from chef_llm.menu_schemas import (
    AmountOut,
    AskedOut,
    ConstraintOut,
    DishOut,
    MenuOut,
    MenuRequest,
    MenuResponse,
    SectionOut,
    TimingsOut,
    UnderstoodOut,
    UnplannedOut,
)
from chef_llm.menus.cards import recipe_cards
from chef_llm.menus.constraints import DIETS, Constraints
from chef_llm.menus.conversation import Conversation, read_conversation
from chef_llm.menus.orders import NO_FIELDS, Fields, Ordered, make_order
from chef_llm.menus.planner import Plan, PlannedMeal, Planner
from chef_llm.menus.reading import Reading
from chef_llm.menus.reasons import NUTRIENT_WORDS
from chef_llm.menus.shopping import shopping_list


def plan_menus(
    fields: Fields,
    generator: Generator,
    deadline: Deadline,
    seed: int | None,
    conversation: Conversation | None = None,
) -> tuple[Ordered, Plan]:
    """Plan what `fields` ask for, in a `conversation` that was read already.

    Raises `NoMenu`, `InvalidRequest` and `DeadlineExceeded`.
    """
    ordered = make_order(fields, generator.cookbook, conversation=conversation)
    planner = Planner(generator.menu_cookbook)
    plan = planner.plan(
        ordered.order,
        lambda request, opening, grammar, until: generator.choose(
            request, opening, grammar, until, seed
        ),
        deadline,
    )
    return ordered, plan


def answer_menu_request(
    request: MenuRequest, generator: Generator, deadline: Deadline
) -> tuple[MenuResponse, Completion]:
    """Answer `POST /v1/menus`; the completion holds the model's figures of all meals."""
    started = time.monotonic()
    ordered, plan = plan_menus(request.fields(), generator, deadline, request.seed)
    order, cookbook = ordered.order, generator.cookbook
    completion = _completion(plan)
    dishes = [dish for meal in plan.meals for dish in meal.dishes]
    response = MenuResponse(
        servings=order.servings,
        menus=[_menu(meal, order.servings, cookbook) for meal in plan.meals],
        ingredients=list(_asked(ordered, dishes)),
        shopping_list=sections_out(dishes, order.servings, ordered.at_hand, cookbook),
        understood=understood_out(ordered.reading),
        notes=list(ordered.notes),
        constraints=list(_constraints(order.constraints, plan, cookbook)),
        unplanned=[UnplannedOut(day=slot.day, meal=slot.meal) for slot in plan.unplanned],
        model=generator.model.name,
        timings=TimingsOut(
            prefill_seconds=completion.timings.prefill_seconds,
            decode_seconds=completion.timings.decode_seconds,
            check_seconds=plan.check_seconds,
            total_seconds=time.monotonic() - started,
        ),
    )
    return response, completion


def guaranteed_reply(  # noqa: PLR0913  # three by name
    messages: Sequence[Message],
    generator: Generator,
    deadline: Deadline,
    *,
    fields: Fields = NO_FIELDS,
    recipes: bool,
    seed: int | None,
) -> Reply | None:
    """Return the planner's answer in the free-text form, None where nothing has to be guaranteed.

    All turns count, whoever spoke: an allergy of the first turn holds in the third. `fields` are
    those of the request beside its words. Where it cannot be told what to leave out, the answer
    asks, and serves nothing.
    """
    conversation = read_conversation(messages, generator.cookbook)
    if not conversation.is_guarded and not fields.say_something:
        return None
    fields = replace(fields, request=conversation.request)
    try:
        ordered, plan = plan_menus(fields, generator, deadline, seed, conversation)
    except UnclearExclusion as question:
        return Reply(question.message, Completion("", "stop", 0, 0), guaranteed=True)
    parts = [_text(meal, len(ordered.order.slots) > 1) for meal in plan.meals]
    parts += [
        f"【{slot.day}日目 {slot.meal}】時間内に作れませんでした。" for slot in plan.unplanned
    ]
    text = "\n\n".join(parts)
    text += "".join(f"\n確認: {note}" for note in ordered.notes)
    completion = _completion(plan)
    if recipes:
        dishes = {dish.name: dish for meal in plan.meals for dish in meal.dishes}.values()
        text += f"\n\n{recipe_cards(dishes, ordered.order.servings, generator.cookbook)}"
    return Reply(text, completion, guaranteed=True)


def _text(meal: PlannedMeal, with_day: bool) -> str:
    lines = [f"【{meal.slot.day}日目 {meal.slot.meal}】"] if with_day else []
    lines += [meal.title, *(f"{dish.role.value}: {dish.name}" for dish in meal.dishes)]
    return "\n".join([*lines, f"ポイント: {meal.comment}"])


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
    amounts = []
    for part in dish.ingredients:
        unit_grams = cookbook.ingredients[part.name].measures
        amount = scale(part.name, part.grams, part.measure, servings, unit_grams)
        amounts.append(AmountOut(name=part.name, grams=amount.grams, measure=amount.measure))
    return DishOut(
        role=dish.role.value,
        name=dish.name,
        minutes=dish.minutes,
        main_ingredients=list(dish.keywords),
        allergens=sorted(cookbook.allergens(dish)),
        ingredients=amounts,
        steps=list(dish.steps),
        nutrition=_rounded(cookbook.nutrition(dish)),
    )


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


def understood_out(reading: Reading) -> list[UnderstoodOut]:
    """Return what was read from the words, for the response."""
    return [
        UnderstoodOut(kind=one.kind, value=one.value, words=one.words) for one in reading.understood
    ]


def _total(parts: Iterable[Nutrients]) -> Nutrients:
    total = dict.fromkeys(Nutrients.model_fields, 0.0)
    for part in parts:
        for name in total:
            total[name] += getattr(part, name)
    return Nutrients(**total)


def _rounded(nutrients: Nutrients) -> Nutrients:
    return Nutrients(**{name: round(value, 2) for name, value in nutrients})


def _asked(ordered: Ordered, dishes: Sequence[Dish]) -> Iterator[AskedOut]:
    for name in ordered.order.ingredients:
        using = [dish.name for dish in dishes if name in dish.ingredient_names]
        yield AskedOut(name=name, known=True, used=bool(using), dishes=using)
    for name in ordered.order.dishes:
        served = [dish.name for dish in dishes if dish.name == name]
        yield AskedOut(name=name, known=True, used=bool(served), dishes=served)
    for words in ordered.unknown_ingredients:
        yield AskedOut(name=words, known=False, used=False, dishes=[])


def _constraints(
    constraints: Constraints, plan: Plan, cookbook: Cookbook
) -> Iterator[ConstraintOut]:
    """Say of each constraint how it was kept; the plan has been verified before."""
    count = sum(constraints.breach(dish, cookbook) is None for dish in cookbook.dishes.values())
    left = f"{len(cookbook.dishes)}品から条件に合う{count}品だけを候補にしました。"
    for value in sorted(constraints.allergens):
        yield _kept("allergens", value, left)
    # Who is allergic to eggs also leaves out eggs: that is said once.
    for value in sorted(constraints.excluded - constraints.allergens):
        yield _kept("exclude", value, left)
    for value in sorted(constraints.excluded_dishes):
        yield _kept("exclude", value, left)
    for name in sorted(constraints.diets):
        figures = "、".join(_figures(plan, one, cookbook) for one in DIETS[name].limits)
        yield _kept("diet", name, f"{DIETS[name].title}: {figures or left}")
    if constraints.max_minutes is not None:
        longest = max(dish.minutes for meal in plan.meals for dish in meal.dishes)
        how = f"いちばん時間のかかる料理で{longest}分です。"
        yield _kept("max_minutes", str(constraints.max_minutes), how)
    for nutrient, ends in constraints.limits.items():
        if ends != (None, None):
            value = "〜".join("" if end is None else f"{end:g}" for end in ends)
            yield _kept(f"nutrition.{nutrient}", value, _figures(plan, nutrient, cookbook))
    if constraints.cuisine is not None:
        yield _kept("cuisine", constraints.cuisine, "主菜と一皿ものをこの中から選びました。")
    if constraints.season is not None:
        but = "、頼まれた食材のもののほかは" if constraints.of_any_season else "を"
        how = f"ほかの季節の料理{but}候補から外しました。"
        yield _kept("season", constraints.season, how)


def _kept(constraint: str, value: str, how: str) -> ConstraintOut:
    return ConstraintOut(constraint=constraint, value=value, kept=True, how=how)


def _figures(plan: Plan, nutrient: str, cookbook: Cookbook) -> str:
    """Say how much of a nutrient the planned meals have."""
    words, unit = NUTRIENT_WORDS[nutrient]
    totals = [
        sum(getattr(cookbook.nutrition(dish), nutrient) for dish in meal.dishes)
        for meal in plan.meals
    ]
    ends = dict.fromkeys(f"{total:.1f}" for total in (min(totals), max(totals)))
    return f"1食あたりの{words}は{'〜'.join(ends)}{unit}です。"


def _completion(plan: Plan) -> Completion:
    """Return the figures of all calls as those of one, cut off if meals are left unplanned."""
    completions = [meal.completion for meal in plan.meals]
    return Completion(
        text="\n".join(one.text for one in completions),
        finish_reason="length" if plan.unplanned else "stop",
        stopped_by_deadline=bool(plan.unplanned),
        prompt_tokens=sum(one.prompt_tokens for one in completions),
        completion_tokens=sum(one.completion_tokens for one in completions),
        timings=Timings(
            prompt_seconds=sum(one.timings.prompt_seconds for one in completions),
            prefill_seconds=sum(one.timings.prefill_seconds for one in completions),
            decode_seconds=sum(one.timings.decode_seconds for one in completions),
            check_seconds=plan.check_seconds,
            first_token_seconds=completions[0].timings.first_token_seconds,
            cached_tokens=sum(one.timings.cached_tokens for one in completions),
        ),
        raw_timings=completions[-1].raw_timings,
    )
