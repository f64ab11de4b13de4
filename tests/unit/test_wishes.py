"""What is wanted on the table, as it is served: late at night, cold, for less, of proposals one."""

import random

import pytest

from chef_llm.cookbook import Role, load_cookbook
from chef_llm.cookbook.vocabulary import PRICE
from chef_llm.engines import Deadline
from chef_llm.menus.plan import Plan
from chef_llm.menus.planner import Planner
from chef_llm.reading.conversation import Message
from chef_llm.reading.order import Order, Slot
from chef_llm.reading.reader import read_order
from guarantees import choosing_at_random

COOKBOOK = load_cookbook()
PLANNER = Planner(COOKBOOK)
DEAR = "2人分の夕食です。\n主食: ご飯\n主菜: ステーキ\n副菜: コーンバター\n汁物: コーンスープ"
TWO = (
    "【案1】\n主食: ご飯\n主菜: 肉じゃが\n副菜: 白菜の浅漬け\n汁物: わかめスープ\n"
    "【案2】\n主食: ご飯\n主菜: さばのみそ煮\n副菜: もやしのナムル\n汁物: かきたま汁"
)


def read(*said: str) -> Order:
    """Return the order of what the user and the assistant said by turns."""
    roles = ("user", "assistant")
    turns = [Message(roles[place % 2], words) for place, words in enumerate(said)]  # type: ignore[arg-type]
    return read_order(turns, COOKBOOK)


def plan(order: Order, seed: int = 1) -> Plan:
    return PLANNER.plan(order, choosing_at_random(random.Random(seed)), Deadline.after(60))


@pytest.mark.parametrize(
    "text", ["夜食", "受験生の夜食、1人分", "夜中に食べる軽いもの", "夜中に何かほしい"]
)
def test_late_at_night_there_is_one_light_bowl(text: str) -> None:
    [meal] = plan(read(text)).meals
    assert [dish.role for dish in meal.dishes] == [Role.STAPLE]


@pytest.mark.parametrize(
    "text", ["魚を今夜食べたい", "夕食を。夜食はいりません", "夜食じゃなくてちゃんとした晩飯"]
)
def test_a_dinner_is_no_late_snack(text: str) -> None:
    [meal] = plan(read(text)).meals
    assert len(meal.dishes) > 1


def test_late_at_night_a_bowl_is_of_what_is_asked_for() -> None:
    [meal] = plan(read("夜食にうどん")).meals
    assert "うどん" in meal.main.name


@pytest.mark.parametrize("text", ["冷たい麺がいい", "お昼は冷たい麺", "冷やし麺の夕食"])
def test_cold_noodles_are_cold_whatever_the_season(text: str) -> None:
    order = read(f"12月です。{text}")
    for seed in range(3):
        [meal] = plan(order, seed).meals
        assert meal.main.name in order.families["冷たい麺"]


def test_rice_and_a_dish_is_plain_rice() -> None:
    order = read("2日間、昼は麺、夜はごはんとおかずで")
    dinners = [meal for meal in plan(order).meals if meal.slot.meal == "夕食"]
    assert {meal.dishes[0].name for meal in dinners} == {"ご飯"}


@pytest.mark.parametrize(
    "said",
    [
        "もっと安くならない？",
        "もう少し節約したい",
        "ちょっと高いかな",
        "高すぎ",
        "予算オーバーです",
    ],
)
def test_what_is_to_be_cheaper_costs_less(said: str) -> None:
    order = read("ステーキの夕食、2人分", DEAR, said)
    before = sum(
        COOKBOOK.price_yen(COOKBOOK.dishes[name]).usual
        for name in ("ご飯", "ステーキ", "コーンバター", "コーンスープ")
    )
    assert order.style == "節約"
    [meal] = plan(order).meals
    assert sum(COOKBOOK.price_yen(dish).usual for dish in meal.dishes) < before


@pytest.mark.parametrize(
    "said", ["塩分が高いので薄味に", "卵が安くなってたので卵を使って", "カロリーが高すぎる"]
)
def test_not_all_that_is_high_is_a_price(said: str) -> None:
    assert PRICE not in read("夕食、2人分", DEAR, said).constraints.limits


@pytest.mark.parametrize(
    ("said", "main"),
    [
        ("1つ目でお願いします", "肉じゃが"),
        ("2つ目にします。仕切り直しはなしで", "さばのみそ煮"),
        ("案2がいいです", "さばのみそ煮"),
        ("最初の案でお願い。汁物はいらない", "肉じゃが"),
        ("後者で", "さばのみそ煮"),
        ("一番安くできるのはどれ？それで決まり", "さばのみそ煮"),
    ],
)
def test_a_proposal_that_is_chosen_is_the_menu(said: str, main: str) -> None:
    order = read("夕食を2案", TWO, said)
    assert not order.is_proposals
    assert not order.not_considered
    assert main in order.kept[Slot(1, "夕食")]


@pytest.mark.parametrize("said", ["1つ目の主菜を魚に変えて", "1つ目と2つ目がいいです"])
def test_a_proposal_that_is_named_is_not_chosen(said: str) -> None:
    assert read("夕食を2案", TWO, said).is_proposals


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("副菜だけ2つ教えて。主菜は刺身があるので", (Role.SIDE,) * 2),
        ("副菜だけ3つください。主菜は刺身買ってきたので", (Role.SIDE,) * 3),
    ],
)
def test_sides_beside_a_main_dish_are_served_together(text: str, roles: tuple[Role, ...]) -> None:
    order = read(text)
    assert (order.roles, len(order.slots)) == (roles, 1)


def test_more_proposals_are_others() -> None:
    order = read("夕食、2人分", DEAR, "あと2案ほしい")
    assert (order.is_proposals, len(order.slots)) == (True, 2)
    assert "ステーキ" in order.avoided
    assert not order.kept


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("夕飯4品で、ひとつはサラダ", (Role.STAPLE, Role.MAIN, Role.SIDE, Role.SIDE, Role.SOUP)),
        ("同じ主菜は出さないで。7日分の夕食", ()),
        ("昨日の残り汁がある。今夜の献立", ()),
        ("汁が出ないおかずの弁当", ()),
        ("前菜、メイン、デザートの流れで夕食", (Role.MAIN, Role.SIDE, Role.SIDE)),
        ("メイン1、スープ1、デザート1の3品", (Role.MAIN, Role.SIDE, Role.SOUP)),
        ("おやつ2種類。1つは冷たいの、1つはしょっぱいの", (Role.SIDE, Role.SIDE)),
        ("夕食、主菜と副菜と汁。被りなし", (Role.MAIN, Role.SIDE, Role.SOUP)),
    ],
)
def test_dishes_are_counted_once(text: str, roles: tuple[Role, ...]) -> None:
    assert read(text).roles == roles


@pytest.mark.parametrize(
    ("said", "roles"),
    [
        ("足りなそう。もう一品肉のおかず追加で", {Role.STAPLE, Role.MAIN, Role.SIDE}),
        ("もう一品追加で", {Role.STAPLE, Role.SIDE}),
    ],
)
def test_a_dish_of_meat_that_is_added_is_a_main_dish(said: str, roles: set[Role]) -> None:
    bowl = "2人分の昼食です。\n主食: 焼きうどん\n副菜: 冷やしトマト"
    assert set(read("昼ごはん", bowl, said).roles) == roles


@pytest.mark.parametrize(
    ("text", "only", "without"),
    [
        ("オーブンは壊れてるので、フライパンでできるもの", set(), {"オーブン"}),
        ("オーブンは今月は封印。夕食", set(), {"オーブン"}),
        ("火は使えない。レンジで", {"電子レンジ"}, {"コンロ"}),
        ("作り置き、レンチンで食べられるもの", set(), set()),
        ("5日分の昼。火を使わない日を1日は作りたい", set(), set()),
        ("メインはオーブン使わず鶏に。夕食", set(), set()),
        ("停電するかもしれないので冷凍庫のものを使う", set(), set()),
    ],
)
def test_tools_are_those_of_every_dish(text: str, only: set[str], without: set[str]) -> None:
    kept = read(text).constraints
    assert (kept.tools_only, kept.tools_without) == (only, without)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("19:15には食べ始めたい（帰宅18:50）。夕食", 25),
        ("18時に食べ始めたい、いま17時20分。夕食", 40),
        ("7時に帰る。7時半には食べたい。夕食", 30),
        ("帰ってから40分が限度。夕食", 40),
        ("つくれるやつ１０分いない", 10),
    ],
)
def test_minutes_are_read_in_any_order(text: str, minutes: int) -> None:
    kept = read(text).constraints
    assert (kept.max_total_minutes or kept.max_minutes) == minutes


@pytest.mark.parametrize(
    ("text", "cuisine"),
    [
        ("和食でも洋食でも、夕食", None),
        ("洋食でも中華でもいい", None),
        ("和食派2、洋食派2、決裂。中華にする", "中"),
        ("昨日は和食、今日は洋食がいい", "洋"),
        ("和食でお願い", "和"),
    ],
)
def test_cuisines_that_are_all_the_same_are_none(text: str, cuisine: str | None) -> None:
    assert read(text).constraints.cuisine == cuisine


def test_the_spring_of_a_check_up_is_no_season() -> None:
    assert read("春の検査でくるみがだめとわかった。夕食").named_season is None
