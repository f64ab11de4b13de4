"""What a cook serves to nobody of whom something is told, and what is told."""

import random
from dataclasses import replace

import pytest

from chef_llm.cookbook import Dish, load_cookbook
from chef_llm.engines import Deadline
from chef_llm.menus.fitting import told_of, unfit_dishes
from chef_llm.menus.planner import Planner
from chef_llm.reading.conversation import Message
from chef_llm.reading.reader import read_order
from guarantees import choosing_at_random

COOKBOOK = load_cookbook()
PLANNER = Planner(COOKBOOK)
SEEDS = 8


def served(text: str, seed: int) -> list[Dish]:
    order = replace(read_order([Message("user", text)], COOKBOOK), variety=seed)
    plan = PLANNER.plan(order, choosing_at_random(random.Random(seed)), Deadline.after(60))
    return [dish for meal in plan.meals for dish in meal.dishes]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("熱ある嫁に夕食を", {"病気"}),
        ("受験生に風邪ひかせられん。夕食", set()),
        ("はらもたれてんねん", {"胃もたれ"}),
        ("牛乳でお腹を壊すので豆乳で夕食", set()),
        ("猫舌なので熱々でない夕食", {"猫舌"}),
        ("今日は寒うてかないません", {"寒い"}),
        ("外 -8℃。夕食", {"寒い"}),
        ("冷凍えびで夕食", set()),
        ("寒天で何か", set()),
        ("月末の3日だけ質素に", {"節約"}),
        ("電気代節約したい夕食", set()),
        ("包丁は中学の家庭科以来です。夕食", {"初心者"}),
        ("冷たい副菜を三つ", {"冷たい"}),
        ("ぶりの切り身で夕食", {"切り身"}),
        ("子ども2人と夕食", {"子ども"}),
    ],
)
def test_what_is_told_of_those_who_eat(text: str, told: set[str]) -> None:
    assert read_order([Message("user", text)], COOKBOOK).told == told


@pytest.mark.parametrize(
    "text",
    [
        "熱がある妻に夕食を",
        "胃もたれしてるので夕食はやさしいもの",
        "猫舌です。夕食",
        "寒い！夕食",
        "節約したい夕食",
        "料理初心者です。夕食",
        "4歳の子と夕食",
        "80歳の母と夕食",
        "朝食",
        "キャンプの夕食",
    ],
)
def test_what_does_not_fit_is_not_served_where_there_is_a_choice(text: str) -> None:
    order = read_order([Message("user", text)], COOKBOOK)
    unfit = unfit_dishes(told_of(order, order.slots[0]), COOKBOOK)
    assert unfit
    for seed in range(SEEDS):
        assert not {dish.name for dish in served(text, seed)} & unfit


def test_who_is_cold_gets_something_hot() -> None:
    assert all("温まる" in served("寒い。夕食", seed)[1].tags for seed in range(SEEDS))


def test_where_there_is_no_rice_a_japanese_dinner_is_of_noodles() -> None:
    for seed in range(SEEDS):
        names = {dish.name for dish in served("和食の夕食、米なしで", seed)}
        assert "ガーリックトースト" not in names


def test_a_food_that_no_dish_has_is_named() -> None:
    notes = read_order([Message("user", "マンゴーをもらった。夕食に使いたい")], COOKBOOK).notes
    assert any("「マンゴー」" in note for note in notes)
    assert not read_order([Message("user", "鮭をもらった。夕食に使いたい")], COOKBOOK).notes
