"""Menus that are on the table in time: for a meal as a whole, or of dishes that each keep to it."""

import random
import re

import pytest
from fakes import FakeEngine

from chef_llm.chat.chef import Chef, Question
from chef_llm.chat.service import answer, whole
from chef_llm.cookbook import Role, load_cookbook
from chef_llm.engines import Deadline, Sampling
from chef_llm.errors import NoMenu
from chef_llm.menus import hurry, verify
from chef_llm.menus.answer import parse_answer
from chef_llm.menus.hurry import Draws, quickest_minutes, ready_pools
from chef_llm.menus.plan import Plan
from chef_llm.menus.pools import Larder
from chef_llm.menus.setting import with_all_that_is_asked
from chef_llm.menus.way import way_to_table
from chef_llm.models.catalogue import find_model
from chef_llm.reading.conversation import Message
from chef_llm.reading.order import Fields, Order
from chef_llm.reading.reader import read_order

COOKBOOK = load_cookbook()
CHEF = Chef(FakeEngine(), find_model("kondate"), COOKBOOK)


def order_of(words: str, **fields: object) -> Order:
    return read_order([Message("user", words)], COOKBOOK, Fields(**fields))


def planned(words: str, seed: int = 1, **fields: object) -> Plan:
    return CHEF.plan(order_of(words, **fields), Deadline.after(60), seed)


def totals(plan: Plan) -> list[int]:
    return [way_to_table(meal.dishes).total_minutes for meal in plan.meals]


def said(words: str) -> str:
    question = Question([Message("user", words)], Sampling(seed=1), recipes=False)
    return whole(answer(question, CHEF, Deadline.after(60))).text


@pytest.mark.parametrize(
    ("words", "fields", "most"),
    [
        ("全部で30分以内の夕食", {}, 30),
        ("食卓まで20分の夕食", {}, 20),
        ("夕食", {"max_total_minutes": 25}, 25),
        ("3日分の夕食、全部で30分", {}, 30),
        ("30分で全部作れる和食の夕食", {"allergens": ("卵",)}, 30),
        ("全部で40分、一汁三菜の夕食", {}, 40),
        ("夕食の案を3つ。全部で30分", {}, 30),
        ("全部で20分のお弁当", {}, 20),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_minutes_of_a_meal_are_kept_by_all_its_dishes_together(
    words: str, fields: dict[str, object], most: int, seed: int
) -> None:
    assert max(totals(planned(words, seed, **fields))) <= most


def test_minutes_of_one_day_are_kept_on_that_day() -> None:
    order = order_of("月〜水の夕食、水曜だけ全部で15分")
    plan = CHEF.plan(order, Deadline.after(60), 1)
    assert totals(plan)[2] <= 15


def test_in_a_great_hurry_a_meal_has_fewer_dishes_and_says_so() -> None:
    """What cannot be had in time is left out, not served late."""
    plan = planned("全部で5分の夕食")
    assert max(totals(plan)) <= 5
    assert "時間内に食卓に出せるように、品数を減らした献立があります。" in said("全部で5分の夕食")
    assert "品数を減らした" not in said("全部で60分の夕食")


@pytest.mark.parametrize("fields", [{}, {"roles": [*Role]}])
def test_where_no_meal_is_ready_in_time_the_minutes_are_named_at_which_one_is(
    fields: dict[str, object],
) -> None:
    with pytest.raises(NoMenu) as caught:
        planned("夕食", max_total_minutes=4, **fields)
    assert caught.value.param == "max_total_minutes"
    match = re.search(r"max_total_minutes を(\d+)分以上にすると作れます", caught.value.message)
    assert match is not None
    minutes = int(match[1])
    assert max(totals(planned("夕食", max_total_minutes=minutes, **fields))) <= minutes


@pytest.mark.parametrize("words", ["30分以内の夕食", "20分以内の夕食", "20分以内の朝食"])
def test_menus_are_preferred_that_are_on_the_table_in_the_minutes_of_their_dishes(
    words: str,
) -> None:
    """Who says 30分以内 means the meal."""
    order = order_of(words)
    assert order.constraints.max_minutes is not None
    for seed in range(5):
        plan = planned(words, seed)
        assert max(totals(plan)) <= order.constraints.max_minutes
        assert "全部をそろえるには" not in said(words)


def test_where_none_is_it_is_said_how_long_the_nearest_takes() -> None:
    text = said("10分以内の夕食")
    dishes = [COOKBOOK.dishes[name] for _, name in parse_answer(text).dishes]
    total = way_to_table(dishes).total_minutes
    assert max(dish.all_minutes for dish in dishes) <= 10 < total
    assert f"どの料理も10分以内で作れますが、全部をそろえるには約{total}分かかります。" in text


def test_foods_that_are_asked_for_come_before_the_minutes_of_the_meal() -> None:
    """Each dish keeps to the time in any case."""
    plan = planned("30分以内で鶏肉と大根の夕食")
    assert any(COOKBOOK.uses(dish, "鶏肉") for dish in plan.meals[0].dishes)


def test_without_minutes_nothing_is_laid(monkeypatch: pytest.MonkeyPatch) -> None:
    """One dinner is as fast as before."""

    def laid(*_: object) -> None:
        pytest.fail("a way was laid")

    monkeypatch.setattr(hurry, "way_to_table", laid)
    monkeypatch.setattr(verify, "way_to_table", laid)
    assert planned("夕食").meals


def test_pools_without_a_menu_in_time_are_let_go() -> None:
    order = order_of("夕食")
    menus, limits = Larder(COOKBOOK).menus(with_all_that_is_asked(order, order.slots[0]))
    quickest = quickest_minutes(Draws(menus, limits, COOKBOOK))
    assert quickest is not None
    assert ready_pools(menus, quickest, limits, COOKBOOK)
    assert ready_pools(menus, 3, limits, COOKBOOK) == []
    assert ready_pools(menus, None, limits, COOKBOOK) == menus


def test_a_limit_of_sums_is_kept_by_the_quickest_menus_too() -> None:
    """Of both together."""
    limits = {"energy_kcal": (None, 450.0), "protein_g": (20.0, None)}
    for seed in range(3):
        [meal] = planned("夕食", seed, max_total_minutes=25, limits=limits).meals
        served = COOKBOOK.for_servings(2)
        assert way_to_table(meal.dishes).total_minutes <= 25
        assert sum(served.nutrition(dish).energy_kcal for dish in meal.dishes) <= 450
        assert sum(served.nutrition(dish).protein_g for dish in meal.dishes) >= 20


def test_another_day_another_quick_menu() -> None:
    """The quickest are not always the same ones."""
    rng = random.Random(0)
    menus = {
        frozenset(
            dish.name for dish in planned("全部で25分の夕食", rng.randrange(99)).meals[0].dishes
        )
        for _ in range(6)
    }
    assert len(menus) > 2
