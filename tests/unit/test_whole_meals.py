"""What a cook would not serve together, or day after day."""

import random
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from chef_llm.cookbook import Dish, Role, load_cookbook
from chef_llm.engines import Deadline
from chef_llm.menus.clashes import IS_OF_THE_EAST, is_bread, marks_of
from chef_llm.menus.constraints import breach
from chef_llm.menus.plan import main_ingredient
from chef_llm.menus.planner import Planner
from chef_llm.reading.conversation import Message
from chef_llm.reading.reader import read_order
from guarantees import choosing_at_random

COOKBOOK = load_cookbook()
PLANNER = Planner(COOKBOOK)


def meals_of(text: str, day: int = 1) -> list[list[Dish]]:
    order = read_order([Message("user", text)], COOKBOOK, today=date(2026, 12, day))
    choose = choosing_at_random(random.Random(day))
    plan = PLANNER.plan(replace(order, variety=day), choose, Deadline.after(60))
    return [list(meal.dishes) for meal in plan.meals]


@pytest.mark.parametrize("day", [1, 2, 3])
@pytest.mark.parametrize("text", ["朝食、パンで。10分以内", "朝ごはん3日分、パン派。10分以内で"])
def test_beside_bread_stands_nothing_that_goes_with_rice(text: str, day: int) -> None:
    for dishes in meals_of(text, day):
        assert is_bread(dishes[0])
        assert not any(IS_OF_THE_EAST in marks_of(dish, COOKBOOK) for dish in dishes[1:])


@pytest.mark.parametrize("text", ["朝ごはん 5分で作れるやつ", "朝食を5分以内で"])
def test_a_breakfast_can_be_made_in_five_minutes(text: str) -> None:
    [dishes] = meals_of(text)

    assert max(dish.all_minutes for dish in dishes) <= 5


@pytest.mark.parametrize("day", [1, 2, 3])
def test_no_two_dinners_of_a_week_are_hotpots_within_three_days(day: int) -> None:
    meals = meals_of("月曜から金曜までの夕飯の献立", day)
    pots = [
        number
        for number, dishes in enumerate(meals)
        if any(dish.role == Role.MAIN and COOKBOOK.is_soupy(dish) for dish in dishes)
    ]

    assert all(later - earlier > 3 for earlier, later in pairwise(pots))


@pytest.mark.parametrize("text", ["もやし2袋と卵で食べごたえある夕食", "卵で晩ごはん"])
def test_no_meat_leads_a_dinner_for_which_eggs_are_asked(text: str) -> None:
    [dishes] = meals_of(text)
    main = next(dish for dish in dishes if dish.role == Role.MAIN or dish.is_one_bowl)

    assert COOKBOOK.uses(main, "卵")
    assert "肉" not in COOKBOOK.ingredients[main_ingredient(main, COOKBOOK) or "卵"].groups


def test_who_eats_nothing_raw_is_served_no_fish_that_is_only_dipped_into_a_pot() -> None:
    order = read_order([Message("user", "妊娠中です。生ものは避けています。夕食を")], COOKBOOK)

    assert breach(order.constraints, COOKBOOK.dishes["ぶりしゃぶ"], COOKBOOK)
