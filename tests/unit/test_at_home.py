"""Meals of what is there alone, of that of which there is very much, and of a bag of seafood."""

import random
from dataclasses import replace
from datetime import date

import pytest

from chef_llm.cookbook import Dish, Role, load_cookbook
from chef_llm.engines import Deadline
from chef_llm.menus.at_home import to_buy
from chef_llm.menus.notes import plan_notes
from chef_llm.menus.plan import Plan
from chef_llm.menus.planner import Planner
from chef_llm.menus.using_up import grams_in
from chef_llm.reading.conversation import Message
from chef_llm.reading.order import Fields, Order
from chef_llm.reading.reader import read_order
from guarantees import choosing_at_random

COOKBOOK = load_cookbook()
PLANNER = Planner(COOKBOOK)
DECEMBER = date(2026, 12, 1)


def order_of(text: str) -> Order:
    return read_order([Message("user", text)], COOKBOOK, today=DECEMBER)


def planned(order: Order, seed: int = 0) -> Plan:
    choose = choosing_at_random(random.Random(seed))
    return PLANNER.plan(replace(order, variety=seed), choose, Deadline.after(60))


def dishes_of(text: str, seed: int = 0) -> list[Dish]:
    return [dish for meal in planned(order_of(text), seed).meals for dish in meal.dishes]


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("卵と豆腐とねぎしかないです。夕食", True),
        ("買い足しなしで。キャベツと豚こまで夕食", True),
        ("もやし2袋、ちくわ、卵でなんとかならん?", True),
        ("冷蔵庫に白菜と豚バラだけある。夕飯", True),
        ("玉ねぎと卵くらいしかあらへん。昼", True),
        ("じゃがいもとツナ缶。これだけで晩ごはん", True),
        ("買い物に行く気力がない。卵と豆腐で夕食", True),
        ("スーパー行けないから大根とツナ缶で", True),
        ("うちにあるもので。にんじんと卵", True),
        ("卵と小松菜だけで作れる夕食", True),
        ("何も買わずに、豚肉とキャベツで", True),
        ("食材は豆腐、もやしのみで何か", True),
        ("卵と豆腐で夕食", False),
        ("卵と豆腐で。買い物リストもください", False),
        ("豚肉しか食べない息子に夕食", False),
        ("30分しかない。豚肉で夕食", False),
        ("フライパンしかない寮で、卵の夕食", False),
        ("買い物は土曜に行きます。鶏肉で夕食", False),
        ("買い足しなしで夕食", False),
        ("豚肉だけでなく野菜も食べたい。夕食", False),
        ("鶏もも3枚しかないのに今日7人。厚揚げともやしはある。夕食", False),
        ("卵2個と豆腐1丁しかない。夕食", True),
        ("冷蔵庫にハム、卵、にんじん。今晩はこれで何とか", True),
    ],
)
def test_that_nothing_is_to_be_bought(text: str, nothing: bool) -> None:
    assert order_of(text).buys_nothing == nothing


@pytest.mark.parametrize(
    "text",
    [
        "卵と豆腐とねぎしかないです。給料日前なので買い足しなしで",
        "もやし2袋、ちくわ、卵でなんとかならん?",
        "冷蔵庫に卵とうどんだけ。買い物行かずに昼ごはん",
        "食パンと卵しかない。昼ごはん",
        "卵しかない。夕飯",
    ],
)
def test_what_is_there_is_all_that_a_meal_takes(text: str) -> None:
    order = order_of(text)
    for seed in range(4):
        plan = planned(order, seed)
        missing = to_buy([d for meal in plan.meals for d in meal.dishes], order, COOKBOOK)
        assert all(missing.values()), missing
        assert "書かれた食材と、どの家にもあるご飯や調味料だけで作れます。" in plan_notes(
            plan, order, COOKBOOK
        )


def test_what_has_to_be_bought_all_the_same_is_said() -> None:
    order = order_of("冷蔵庫にキャベツと豚こまだけ。買い物行かずに夕飯")
    for seed in range(4):
        plan = planned(order, seed)
        main = plan.meals[0].main
        assert COOKBOOK.uses(main, "キャベツ")
        assert COOKBOOK.uses(main, "豚こま切れ肉")
        [said] = [one for one in plan_notes(plan, order, COOKBOOK) if "要ります" in one]
        assert said.count("、") == 2


@pytest.mark.parametrize(
    ("text", "much"),
    [
        ("じゃがいもが芽出そう!大量消費できる晩ごはん教えて", {"じゃがいも"}),
        ("白菜丸ごと1個もらった。たくさん使いたい", {"白菜"}),
        ("大根が3本ある。夕食", {"大根"}),
        ("段ボールいっぱいのキャベツ。夕食", {"キャベツ"}),
        ("大量のなすと、豚肉少しで夕食", {"なす", "豚肉"}),
        ("大根が半分ある。夕食", set()),
        ("じゃがいもで夕食", set()),
    ],
)
def test_of_what_there_is_very_much(text: str, much: set[str]) -> None:
    assert set(order_of(text).much) == much


@pytest.mark.parametrize(
    ("text", "food"),
    [
        ("じゃがいもが芽出そう!大量消費できる晩ごはん教えて", "じゃがいも"),
        ("大根が3本ある。大量消費レシピ", "大根"),
        ("白菜丸ごと1個もらった。たくさん使いたい", "白菜"),
        ("キャベツを大量消費したい。夕食", "キャベツ"),
    ],
)
def test_two_dishes_take_much_of_it(text: str, food: str) -> None:
    for seed in range(6):
        grams = [grams_in(dish, food, COOKBOOK) for dish in dishes_of(text, seed)]
        assert sum(each > 0 for each in grams) >= 2
        assert sum(grams) >= 150


@pytest.mark.parametrize(
    ("text", "is_used"),
    [
        ("冷凍のシーフードミックスと牛乳があるから温かいもの作りたい", True),
        ("シーフードミックスで夕食", True),
        ("海鮮ミックスを使った夕食。卵アレルギー", True),
        ("シーフードミックスで夕食。えびアレルギーです", False),
        ("シーフードミックスで夕食。いかは苦手です", False),
        ("シーフードミックスで夕食。貝は食べられません", False),
        ("シーフードミックスで2歳の子と夕食", False),
        ("シーフードミックスは嫌い。夕食", False),
    ],
)
def test_a_bag_of_seafood_stands_for_what_is_in_it(text: str, is_used: bool) -> None:
    order = order_of(text)
    assert ("シーフードミックス" in order.ingredients) == is_used
    if is_used:
        plan = planned(order)
        assert COOKBOOK.uses(plan.meals[0].main, "シーフードミックス")
        assert any("の代わりに使って" in note for note in plan_notes(plan, order, COOKBOOK))


def test_a_bag_of_seafood_is_not_used_against_a_field() -> None:
    order = read_order(
        [Message("user", "シーフードミックスで夕食")], COOKBOOK, Fields(allergens=("えび",))
    )
    assert not order.ingredients
    assert any("シーフードミックス" in note for note in order.notes)


def test_rice_alone_is_no_side_dish() -> None:
    roles = [dish.role for dish in dishes_of("卵と豆腐とねぎしかない。夕食")]
    assert roles == [Role.STAPLE, Role.MAIN, Role.SIDE, Role.SOUP]


@pytest.mark.parametrize(
    ("text", "out_of_season"),
    [
        ("冷蔵庫に卵と豆腐と小松菜がある。夕食", {"ゴーヤ", "なす"}),
        ("豚こまとキャベツがある。夕食", {"なす", "にら", "ゴーヤ"}),
        ("鶏もも肉と玉ねぎがある。夕食", {"なす", "オクラ", "ズッキーニ"}),
    ],
)
def test_what_is_there_all_year_brings_no_vegetable_of_another_season(
    text: str, out_of_season: set[str]
) -> None:
    for seed in range(6):
        for dish in dishes_of(text, seed):
            assert not (dish.seasons and "冬" not in dish.seasons), dish.name
            assert not out_of_season.intersection(dish.keywords) or not dish.seasons


def test_what_is_there_is_cooked_whatever_its_season() -> None:
    dishes = [dish for seed in range(6) for dish in dishes_of("なすとひき肉がある。夕食", seed)]
    assert any("なす" in dish.keywords and "冬" not in dish.seasons for dish in dishes)
