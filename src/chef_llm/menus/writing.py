"""What a model writes a meal inside: the opening line, a grammar of menus, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from chef_llm.cookbook import Cookbook, Dish, Role
from chef_llm.cookbook.vocabulary import DIETS
from chef_llm.engines import Grammar, InOrder, OneOf
from chef_llm.menus.meals import Course, leading_course
from chef_llm.menus.plan import PlannedMeal
from chef_llm.menus.pools import SNACK
from chef_llm.menus.title import Title, excluded_words
from chef_llm.reading.not_considered import SWEET
from chef_llm.reading.order import Constraints, Order, Slot

TITLE_INGREDIENTS: Final = 3
# More courses than this are called a meal.
MOST_NAMED: Final = 2


def opening_of(order: Order, slot: Slot, wanted: Sequence[str], cookbook: Cookbook) -> Title:
    """Return the first line of a meal, which uses the foods `wanted`."""
    return Title(
        ingredients=wanted[:TITLE_INGREDIENTS],
        servings=order.servings_of(slot),
        meal=_name_of(slot, order),
        excluded=excluded_words(order.constraints, cookbook),
        minutes=order.constraints_of(slot).max_minutes,
        cuisine=order.constraints.cuisine,
        season=order.named_season,
        style=order.style,
    )


def true_title(
    opening: Title, meal: PlannedMeal, used: Sequence[str], constraints: Constraints
) -> Title:
    """Return `opening` without what the model passed over: the title names what is there."""
    styles = meal.main.tags | {DIETS[name].style for name in constraints.diets}
    return replace(
        opening,
        ingredients=used,
        style=opening.style if opening.style in styles else None,
    )


def _name_of(slot: Slot, order: Order) -> str:
    """Return what an opening line calls the meal: courses alone are called by their names."""
    order = order.as_for(slot)
    if order.style == SNACK and Role.STAPLE not in order.roles:
        return SNACK
    if SWEET in order.families and set(order.roles) == {Role.SIDE}:
        return SWEET
    named = list(dict.fromkeys(order.roles))
    is_meal = not named or Role.STAPLE in named or len(named) > MOST_NAMED
    return slot.meal if is_meal else "と".join(named)


def meal_grammar(menus: Sequence[Mapping[Course, Sequence[Dish]]]) -> Grammar:
    """Return the form of an answer after its opening line: dish lines by role, then a tip.

    The tip is one of the leading dish's own, so that it fits the menu and names nothing else.
    """
    return OneOf(tuple(_structure_grammar(menu) for menu in menus))


def _structure_grammar(menu: Mapping[Course, Sequence[Dish]]) -> Grammar:
    leading = leading_course(tuple(menu))
    head: list[Grammar] = []
    tail: list[Grammar] = []
    for course, dishes in menu.items():
        if course == leading:
            continue
        line = InOrder((f"\n{course.role.value}: ", OneOf(tuple(dish.name for dish in dishes))))
        (head if course.role == Role.STAPLE else tail).append(line)
    rest = InOrder((*tail, "\nポイント: "))
    led = OneOf(tuple(InOrder((dish.name, rest, dish.tip)) for dish in menu[leading]))
    return InOrder((*head, f"\n{leading.role.value}: ", led))


def chosen(text: str, cookbook: Cookbook) -> tuple[tuple[Dish, ...], str]:
    """Return the dishes and the tip that a model wrote inside `meal_grammar`, whole."""
    *lines, last = text.strip("\n").split("\n")
    names = [line.partition(": ")[2] for line in lines]
    return tuple(cookbook.dishes[name] for name in names), last.partition(": ")[2]
