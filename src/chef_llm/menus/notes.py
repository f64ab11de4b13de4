"""What an answer says of a finished plan: what it does not have of what was asked, its figures."""

from collections.abc import Iterable, Iterator
from itertools import chain, combinations
from typing import Final

from chef_llm.cookbook import Cookbook, Dish, Role
from chef_llm.cookbook.tools import TOOL_NAMES, tools_of
from chef_llm.cookbook.vocabulary import LIMITED, MIXES, PRICE, VEGETABLES
from chef_llm.menus.at_home import is_of_what_is_there, stand_for, to_buy
from chef_llm.menus.clashes import flavours_of
from chef_llm.menus.meals import STRUCTURES, is_without_soup
from chef_llm.menus.plan import Plan, PlannedMeal, main_ingredient
from chef_llm.menus.tasting import TO_BE_WASHED
from chef_llm.menus.using_up import STILL_LEFT, grams_left
from chef_llm.menus.way import way_to_table
from chef_llm.reading.order import Order, Variation

# Told without digits after the point.
WHOLE: Final = frozenset({"energy_kcal", "calcium_mg", VEGETABLES, PRICE})


def plan_notes(plan: Plan, order: Order, cookbook: Cookbook) -> list[str]:
    """Return, in sentences, what was asked for and is not in the plan."""
    shares = dict.fromkeys(share.words for share in plan.unmet)
    sentences = [f"「{words}」のとおりにできない日がありました。" for words in shares]
    sentences += dict.fromkeys(
        chain.from_iterable(_missed(meal, order, cookbook) for meal in plan.meals)
    )
    sentences += _alike(plan, order, cookbook)
    sentences += _not_served(plan, order, cookbook)
    sentences += _remade(plan, order)
    sentences += _bought(plan, order, cookbook)
    sentences += _instead(plan, order, cookbook)
    sentences += _spent(plan, order, cookbook)
    sentences += _to_wash(plan, order)
    sentences += _not_used_up(plan, order, cookbook)
    sentences += _late(plan, order)
    usual = [meal for meal in plan.meals if not order.roles_of(meal.slot)]
    if any(_is_cut_short(meal, order, cookbook) for meal in usual):
        sentences.append("時間内に食卓に出せるように、品数を減らした献立があります。")
    elif not (is_without_soup(order) or is_of_what_is_there(order)) and any(
        _lacks_soup(meal, cookbook) for meal in usual
    ):
        sentences.append("条件を守れる汁物がないため、付けていない献立があります。")
    return sentences


def figures_line(meal: PlannedMeal, order: Order, cookbook: Cookbook) -> str | None:
    """Return the figures of a meal that were asked for, None where none were."""
    asked_for = {**order.constraints_of(meal.slot).limits, **order.aims_of(meal.slot)}
    if order.average_yen is not None:
        asked_for[PRICE] = (None, order.average_yen)
    asked = [name for name in LIMITED if name in asked_for]
    if not asked:
        return None
    figures = []
    served = cookbook.for_servings(order.servings_of(meal.slot))
    for name in asked:
        known, digits = LIMITED[name], 0 if name in WHOLE else 1
        figures.append(f"{known.label.japanese}{_total(meal, name, served):.{digits}f}{known.unit}")
    return f"栄養（1人分）: {'、'.join(figures)}"


def _missed(meal: PlannedMeal, order: Order, cookbook: Cookbook) -> Iterator[str]:
    """Yield the aims that a meal does not come to."""
    for name, (least, most) in order.aims_of(meal.slot).items():
        total = _total(meal, name, cookbook.for_servings(order.servings_of(meal.slot)))
        label, unit = LIMITED[name].label.japanese, LIMITED[name].unit
        if least is not None and total < least:
            yield f"{label}は、目安の{least:g}{unit}に届かない献立があります。"
        elif most is not None and total > most:
            yield f"{label}は、目安の{most:g}{unit}を超える献立があります。"


def _alike(plan: Plan, order: Order, cookbook: Cookbook) -> Iterator[str]:
    """Yield of what two meals have the same, where it was to be another one each day."""
    for kind in order.varied if not order.is_proposals else ():
        of_meals = [_what(meal, kind, cookbook) for meal in plan.meals]
        if any(one & other for one, other in combinations(of_meals, 2)):
            yield f"{kind}が重なる日があります。"


def _what(meal: PlannedMeal, kind: Variation, cookbook: Cookbook) -> frozenset[str]:
    if kind == "味":
        return flavours_of(meal.main)
    name = meal.main.cuisine if kind == "料理の国" else main_ingredient(meal.main, cookbook)
    return frozenset({name} if name else ())


def _late(plan: Plan, order: Order) -> Iterator[str]:
    """Yield how long meals take of which each dish keeps to the time and all together do not."""
    late: dict[int, list[int]] = {}
    for meal in plan.meals:
        most = order.constraints_of(meal.slot).max_minutes
        total = way_to_table(meal.dishes).total_minutes if most else 0
        if most and total > most:
            late.setdefault(most, []).append(total)
    for most, totals in late.items():
        ends = "〜".join(f"{total}" for total in dict.fromkeys((min(totals), max(totals))))
        which = "かかります" if len(plan.meals) == 1 else "かかる献立があります"
        yield f"どの料理も{most}分以内で作れますが、全部をそろえるには約{ends}分{which}。"


def _is_cut_short(meal: PlannedMeal, order: Order, cookbook: Cookbook) -> bool:
    """Tell whether a meal has fewer courses than custom has, to be on the table in time."""
    if order.constraints_of(meal.slot).max_total_minutes is None:
        return False
    roles = {dish.role for dish in meal.dishes}
    roles |= {Role.SOUP} if cookbook.is_soupy(meal.main) else set()
    roles |= {Role.MAIN} if meal.main.is_one_bowl else set()
    return not any(
        roles >= {course.role for course in structure} for structure in STRUCTURES[meal.slot.meal]
    )


def _spent(plan: Plan, order: Order, cookbook: Cookbook) -> Iterator[str]:
    """Yield what all meals cost together, where the money is for all of them."""
    if order.budget_yen is not None:
        yen = sum(cookbook.price_yen(dish).usual * people for dish, people in plan.portions(order))
        yield f"使う分の材料費の目安は、全部で約{yen:,.0f}円です（予算{order.budget_yen:,.0f}円）。"


def _to_wash(plan: Plan, order: Order) -> Iterator[str]:
    """Yield what there is to wash, where that is to be little."""
    if order.few_to_wash:
        most = max((taken_by(meal) for meal in plan.meals), key=len, default=[])
        yield f"火にかける道具は{'、'.join(most)}です。" if most else "火にかける道具は使いません。"


def taken_by(meal: PlannedMeal) -> list[str]:
    """Return what a meal takes that has to be washed."""
    taken = frozenset[str]().union(*map(tools_of, meal.dishes))
    return [name for name in TOOL_NAMES if name in taken & TO_BE_WASHED]


def _not_served(plan: Plan, order: Order, cookbook: Cookbook) -> Iterator[str]:
    """Yield what was asked for by name and stands in no menu."""
    dishes = [dish for meal in plan.meals for dish in meal.dishes]
    names = {dish.name for dish in dishes}
    shared = {share.value for share in order.shares}
    # 「ハンバーグに合う汁物」: a dish of a course that nobody asked for is there already.
    missing = [
        f"「{name}」"
        for name in order.dishes
        if name not in names and _has_a_place([name], order, cookbook)
    ]
    missing += [
        f"「{word}」"
        for word, family in order.families.items()
        if word not in shared and not family & names and _has_a_place(family, order, cookbook)
    ]
    if missing:
        yield f"{'、'.join(missing)}は、条件に合うものがなく、入れられませんでした。"
    unused = [
        name
        for name in order.ingredients
        if not any(cookbook.uses(dish, name) for dish in dishes)
        and not (is_of_what_is_there(order) and any(_has(dish, name, cookbook) for dish in dishes))
    ]
    if unused:
        yield f"{'、'.join(unused)}は、ここでは使っていません。"


def _has(dish: Dish, name: str, cookbook: Cookbook) -> bool:
    """Tell whether a dish has what another food stands for as well as itself."""
    return not dish.ingredient_names.isdisjoint(stand_for(name, cookbook))


def _remade(plan: Plan, order: Order) -> Iterator[str]:
    """Yield what becomes of that which is left of an earlier meal."""
    served = dict.fromkeys(dish.name for meal in plan.meals for dish in meal.dishes)
    for name, becomes in order.leftovers.items():
        made = "、".join(f"「{dish}」" for dish in served if dish in becomes)
        if made:
            yield (
                f"残りの{name}は{made}に使えます。作り方は一から作るときのものなので、"
                f"{name}がある分だけ、具や調味料を減らしてください。"
            )
        else:
            yield f"残りの{name}を作り替える料理は料理帳にないので、{name}とは別の料理にしました。"


def _bought(plan: Plan, order: Order, cookbook: Cookbook) -> Iterator[str]:
    """Yield what has to be bought where nothing is to be, and what can be left out instead."""
    if not is_of_what_is_there(order):
        return
    dishes = [dish for meal in plan.meals for dish in meal.dishes]
    missing = to_buy(dishes, order, cookbook)
    bought = [name for name, is_garnish in missing.items() if not is_garnish]
    garnishes = [name for name, is_garnish in missing.items() if is_garnish]
    if bought:
        yield (
            f"書かれた食材と、ご飯や調味料だけで作れる組み合わせがなく、{'、'.join(bought)}が要ります。"
        )
    else:
        yield "書かれた食材と、どの家にもあるご飯や調味料だけで作れます。"
    if garnishes:
        yield f"{'、'.join(garnishes)}は、なければ省けます。"


def _instead(plan: Plan, order: Order, cookbook: Cookbook) -> Iterator[str]:
    """Yield in which dishes a bag of several foods stands for which."""
    for name in (one for one in order.ingredients if one in MIXES):
        stands_for = cookbook.members(name)
        for dish in dict.fromkeys(dish for meal in plan.meals for dish in meal.dishes):
            foods = [part.name for part in dish.ingredients if part.name in stands_for]
            if foods:
                yield f"{name}は「{dish.name}」の{'と'.join(foods)}の代わりに使ってください。"


def _not_used_up(plan: Plan, order: Order, cookbook: Cookbook) -> Iterator[str]:
    """Yield what is left of foods that were to be used up, where it is known how much there is."""
    portions = plan.portions(order)
    for name in order.use_up:
        grams = order.at_hand.get(name)
        if grams is None or not any(cookbook.uses(dish, name) for dish, _ in portions):
            continue
        left = grams_left(name, grams, portions, cookbook)
        if left > grams * STILL_LEFT:
            yield f"{name}は{grams:.0f}gのうち約{left:.0f}gが残ります。"


def _has_a_place(dishes: Iterable[str], order: Order, cookbook: Cookbook) -> bool:
    """Tell whether any of some dishes is of a course that the menu is to have."""
    return not order.roles or any(cookbook.dishes[name].role in order.roles for name in dishes)


def _total(meal: PlannedMeal, nutrient: str, cookbook: Cookbook) -> float:
    return sum(cookbook.limited(dish, nutrient) for dish in meal.dishes)


def _lacks_soup(meal: PlannedMeal, cookbook: Cookbook) -> bool:
    if cookbook.is_soupy(meal.main):
        return False
    usual = {course.role for structure in STRUCTURES[meal.slot.meal] for course in structure}
    return Role.SOUP in usual and all(dish.role != Role.SOUP for dish in meal.dishes)
