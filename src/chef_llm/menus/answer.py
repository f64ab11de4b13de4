"""The chef's answer in text: an opening line, a line per dish, one tip; written, and read again."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chef_llm.cookbook import Cookbook, Dish
from chef_llm.cookbook.vocabulary import NUTRIENTS
from chef_llm.menus.cards import recipe_cards
from chef_llm.menus.notes import figures_line, plan_notes
from chef_llm.menus.plan import Plan, PlannedMeal
from chef_llm.menus.products import cautions, cookbook_for
from chef_llm.menus.shopping import amount_text, remarks, shopping_list
from chef_llm.menus.work_text import time_line, work_text
from chef_llm.reading.order import Order, Slot

# 料理 stands in the place of a role when one recipe was asked for.
DISH_LINE: Final = re.compile(r"(主食|主菜|副菜|汁物|料理)\s*[:：]\s*(\S.*)")
# What is said of a meal's nutrition where no figure was named.
SAID_OF_A_MEAL: Final = ("energy_kcal", "protein_g", "fat_g", "carbohydrate_g", "salt_g")
TIP_LINE: Final = re.compile(r"ポイント\s*[:：]\s*(\S.*)")


@dataclass(frozen=True)
class Answer:
    """A parsed answer; `dishes` are (role, dish name) in order, as the model wrote them."""

    title: str
    dishes: tuple[tuple[str, str], ...]
    tip: str | None

    @property
    def summary(self) -> str:
        """The opening line and the dish lines: what a later prompt holds of this answer."""
        return "\n".join([self.title, *(f"{role}: {name}" for role, name in self.dishes)])


def parse_answer(text: str) -> Answer:
    """Parse what the model wrote, with or without recipe cards behind it.

    Lines of any other form are passed over; text without a dish line has no dishes.
    """
    title, tip = "", None
    dishes: list[tuple[str, str]] = []
    for line in map(str.strip, text.splitlines()):
        if match := DISH_LINE.match(line):
            dishes.append((match[1], match[2]))
        elif match := TIP_LINE.match(line):
            tip = match[1]
            break
        elif not title and not dishes:
            title = line
    return Answer(title, tuple(dishes), tip)


def answer_text(plan: Plan, order: Order, cookbook: Cookbook, *, recipes: bool) -> str:
    """Return a plan in text, with its notes, and with `recipes` the cards of its dishes."""
    cookbook = cookbook_for(order, cookbook)
    dishes = list({dish.name: dish for meal in plan.meals for dish in meal.dishes}.values())
    parts = [_meal_text(meal, order, cookbook, recipes=recipes) for meal in plan.meals]
    parts += [f"{_header(slot, order)}時間内に作れませんでした。" for slot in plan.unplanned]
    notes = (*cautions(dishes, order, cookbook), *plan_notes(plan, order, cookbook))
    text = "\n".join(["\n\n".join(parts), *_asides(order, notes)])
    if order.has_shopping_list:
        text += f"\n\n{shopping_text(plan, order, cookbook)}"
    if order.has_work:
        text += f"\n\n{_work(plan, order)}"
    if recipes:
        text += f"\n\n{_cards(plan, order, cookbook)}"
    return text


def recipes_text(order: Order, cookbook: Cookbook, *, recipes: bool) -> str:
    """Return the answer to who asks how dishes are cooked that he names."""
    dishes = [cookbook.dishes[name] for name in order.dishes]
    names = "と".join(dish.name for dish in dishes)
    lines = [f"{names}の作り方です。", *(f"料理: {dish.name}" for dish in dishes)]
    text = "\n".join([*lines, f"ポイント: {dishes[0].tip}", *_asides(order, ())])
    if order.about == "work" and len(dishes) > 1:
        text += f"\n\n{work_text(dishes)}"
    return f"{text}\n\n{recipe_cards(dishes, order.servings, cookbook)}" if recipes else text


def about_text(plan: Plan, order: Order, cookbook: Cookbook) -> str:
    """Return what was asked about a menu that stays as it is."""
    if order.about == "shopping_list":
        return shopping_text(plan, order, cookbook)
    if order.about == "work":
        return _work(plan, order)
    if order.about == "nutrition":
        return "\n\n".join(_nutrition(meal, order, cookbook) for meal in plan.meals)
    dishes = {dish.name: dish for meal in plan.meals for dish in meal.dishes}
    named = {name for name in order.dishes if name in dishes}
    return _cards(plan, order, cookbook, named or dishes.keys())


def shopping_text(plan: Plan, order: Order, cookbook: Cookbook) -> str:
    """Return the shopping list of a plan."""
    portions = plan.portions(order)
    servings = [count for _, count in portions]
    lines = [f"買い物リスト（{'・'.join(f'{count}人分' for count in dict.fromkeys(servings))}）"]
    sections = shopping_list([dish for dish, _ in portions], servings, order.at_hand, cookbook)
    for section, items in sections.items():
        lines.append(section)
        lines += [f"・{amount_text(item.name, item.grams, item.measure)}" for item in items]
    return "\n".join([*lines, *remarks(sections)])


def _work(plan: Plan, order: Order) -> str:
    """Return the order of work for each meal."""
    return "\n\n".join(
        "\n".join(filter(None, (_header(meal.slot, order), work_text(meal.dishes))))
        for meal in plan.meals
    )


def _cards(
    plan: Plan, order: Order, cookbook: Cookbook, names: Collection[str] | None = None
) -> str:
    """Return the cards of a plan's dishes, each once, for as many as its first meal is."""
    portions: dict[str, tuple[Dish, int]] = {}
    for dish, count in plan.portions(order):
        portions.setdefault(dish.name, (dish, count))
    return "\n\n".join(
        recipe_cards([dish], count, cookbook)
        for dish, count in portions.values()
        if names is None or dish.name in names
    )


def _nutrition(meal: PlannedMeal, order: Order, cookbook: Cookbook) -> str:
    """Return the figures of a meal and of each of its dishes, per person."""
    header = _header(meal.slot, order)
    lines = [header] if header else []
    served = cookbook.for_servings(order.servings_of(meal.slot))
    total = dict.fromkeys(SAID_OF_A_MEAL, 0.0)
    for dish in meal.dishes:
        figures = {name: getattr(served.nutrition(dish), name) for name in SAID_OF_A_MEAL}
        lines.append(f"{dish.name}: {_figures(figures)}")
        total = {name: total[name] + figures[name] for name in total}
    return "\n".join([*lines, f"合計（1人分）: {_figures(total)}"])


def _figures(figures: Mapping[str, float]) -> str:
    return "、".join(
        f"{NUTRIENTS[name].label.japanese}{value:.{0 if name == 'energy_kcal' else 1}f}"
        f"{NUTRIENTS[name].unit}"
        for name, value in figures.items()
    )


def _asides(order: Order, notes: Sequence[str]) -> list[str]:
    """Return the lines that say what is left out in doubt, missing, or not considered."""
    lines = [f"確認: {note}" for note in (*order.notes, *notes)]
    if order.not_considered:
        left_aside = "、".join(f"{one.name}（「{one.words}」）" for one in order.not_considered)
        lines.append(f"考えに入れていないこと: {left_aside}")
    return lines


def _header(slot: Slot, order: Order) -> str:
    """Return what stands over one of several meals, "" over the only one."""
    if len(order.slots) == 1:
        return ""
    return f"【案{slot.day}】" if order.is_proposals else f"【{slot.day}日目 {slot.meal}】"


def _meal_text(meal: PlannedMeal, order: Order, cookbook: Cookbook, *, recipes: bool) -> str:
    header = _header(meal.slot, order)
    lines = [header] if header else []
    lines += [meal.title, *(f"{dish.role.value}: {dish.name}" for dish in meal.dishes)]
    lines.append(f"ポイント: {meal.comment}")
    if figures := figures_line(meal, order, cookbook):
        lines.append(figures)
    asked = order.constraints_of(meal.slot)
    if recipes or order.has_work or asked.max_minutes or asked.max_total_minutes:
        lines.append(time_line(meal.dishes))
    return "\n".join(lines)


def named_dishes(answer: str, cookbook: Cookbook) -> list[Dish]:
    """Return the cookbook's dishes that the dish lines of `answer` name, each once.

    A name that the cookbook does not have is passed over: no card is better than an invented one.
    """
    names = dict.fromkeys(name for _, name in parse_answer(answer).dishes)
    return [cookbook.dishes[name] for name in names if name in cookbook.dishes]
