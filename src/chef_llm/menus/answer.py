"""The chef's answer in text: an opening line, a line per dish, one tip; written, and read again."""

import re
from dataclasses import dataclass
from typing import Final

from chef_llm.cookbook import Cookbook, Dish
from chef_llm.menus.cards import recipe_cards
from chef_llm.menus.planner import Plan, PlannedMeal
from chef_llm.menus.products import cautions, cookbook_for
from chef_llm.reading.order import Order

# 料理 stands in the place of a role when one recipe was asked for.
DISH_LINE: Final = re.compile(r"(主食|主菜|副菜|汁物|料理)\s*[:：]\s*(\S.*)")
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
    dishes = {dish.name: dish for meal in plan.meals for dish in meal.dishes}.values()
    parts = [_meal_text(meal, with_day=len(order.slots) > 1) for meal in plan.meals]
    parts += [
        f"【{slot.day}日目 {slot.meal}】時間内に作れませんでした。" for slot in plan.unplanned
    ]
    text = "\n\n".join(parts) + "".join(
        f"\n確認: {note}" for note in (*order.notes, *cautions(dishes, order, cookbook))
    )
    if order.not_considered:
        left_aside = "、".join(f"{one.name}（「{one.words}」）" for one in order.not_considered)
        text += f"\n考えに入れていないこと: {left_aside}"
    if recipes:
        text += f"\n\n{recipe_cards(dishes, order.servings, cookbook)}"
    return text


def _meal_text(meal: PlannedMeal, *, with_day: bool) -> str:
    lines = [f"【{meal.slot.day}日目 {meal.slot.meal}】"] if with_day else []
    lines += [meal.title, *(f"{dish.role.value}: {dish.name}" for dish in meal.dishes)]
    return "\n".join([*lines, f"ポイント: {meal.comment}"])


def named_dishes(answer: str, cookbook: Cookbook) -> list[Dish]:
    """Return the cookbook's dishes that the dish lines of `answer` name, each once.

    A name that the cookbook does not have is passed over: no card is better than an invented one.
    """
    names = dict.fromkeys(name for _, name in parse_answer(answer).dishes)
    return [cookbook.dishes[name] for name in names if name in cookbook.dishes]
