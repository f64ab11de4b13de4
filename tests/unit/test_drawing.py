"""Which menus are drawn for a cook's taste and the model's choice."""

import random
from dataclasses import replace

import pytest

from chef_llm.cookbook import Cookbook, Dish, Role, load_cookbook
from chef_llm.cookbook.vocabulary import OTHER_RICE
from chef_llm.engines import Deadline
from chef_llm.menus.clashes import clashes
from chef_llm.menus.drawing import DINNER, Plate, draw
from chef_llm.menus.meals import FULL, by_course
from chef_llm.menus.planner import Planner
from chef_llm.reading.conversation import Message
from chef_llm.reading.order import Constraints, Order
from chef_llm.reading.reader import read_order
from few_dishes import few_dishes
from guarantees import choosing_at_random

COOKBOOK = load_cookbook()
SEEDS = 25


def served(text: str, seed: int) -> tuple[Dish, ...]:
    """Plan the one dinner of a request, the model choosing at random among what is offered."""
    order = replace(read_order([Message("user", text)], COOKBOOK), variety=seed)
    choose = choosing_at_random(random.Random(seed))
    return Planner(COOKBOOK).plan(order, choose, Deadline.after(60)).meals[0].dishes


def salt_grams(dishes: tuple[Dish, ...]) -> float:
    return sum(COOKBOOK.for_servings(2).nutrition(dish).salt_g for dish in dishes)


def vegetables_grams(dishes: tuple[Dish, ...]) -> float:
    return sum(COOKBOOK.vegetables_grams(dish) for dish in dishes)


@pytest.mark.parametrize("text", ["今日の晩ご飯何がいい？", "鶏むね肉で夕食", "魚の夕食"])
def test_a_dinner_has_little_salt_enough_vegetables_and_no_clash(text: str) -> None:
    for seed in range(SEEDS):
        dishes = served(text, seed)
        assert salt_grams(dishes) <= 3.0
        assert vegetables_grams(dishes) >= 120.0
        assert clashes(dishes, COOKBOOK) == []


def test_a_figure_that_is_asked_for_stands_above_what_is_usual() -> None:
    for seed in range(SEEDS):
        assert vegetables_grams(served("野菜250g以上の夕食", seed)) >= 250.0
        assert salt_grams(served("塩分2g以下の夕食", seed)) <= 2.0


def test_what_is_wished_for_is_served_where_it_is_salty() -> None:
    salty = tuple(
        max(
            (
                dish
                for dish in COOKBOOK.dishes.values()
                if dish.role == role and not COOKBOOK.is_soupy(dish)
            ),
            key=lambda dish: COOKBOOK.nutrition(dish).salt_g,
        )
        for role in (Role.MAIN, Role.SIDE, Role.SOUP)
    )
    assert salt_grams(salty) > 3.0
    order = Order("夕食", Constraints(), dishes=tuple(dish.name for dish in salty))
    plan = Planner(COOKBOOK).plan(order, choosing_at_random(random.Random(1)), Deadline.after(60))
    assert {*salty} <= {*plan.meals[0].dishes}


def test_who_asks_for_a_cuisine_gets_all_dishes_of_it() -> None:
    for seed in range(SEEDS):
        dishes = served("韓国料理の夕食", seed)
        assert {
            dish.cuisine for dish in dishes if dish.name not in ("ご飯", "麦ご飯", "玄米ご飯")
        } == {"韓"}


@pytest.mark.parametrize(
    "text",
    [
        "鶏もも肉、小松菜、えのき、豆腐で夕食",
        "かつおと青のりで夕食",
        "いかとセロリの夕食",
    ],
)
def test_asked_meat_and_fish_lead_the_meal(text: str) -> None:
    asked = text.split("、", maxsplit=1)[0].split("と", maxsplit=1)[0]
    for seed in range(SEEDS):
        main = next(dish for dish in served(text, seed) if dish.role == Role.MAIN)
        assert COOKBOOK.uses(main, asked)


def pools_of(cookbook: Cookbook) -> dict[object, list[Dish]]:
    return by_course(cookbook.dishes.values(), FULL, "夕食")  # type: ignore[return-value]


def test_the_only_menu_without_a_fault_is_found_among_very_many() -> None:
    pools = pools_of(COOKBOOK)
    main, side, soup = (
        COOKBOOK.dishes[name] for name in ("鮭のフライ", "大根サラダ", "コーンスープ")
    )
    fried = [dish for dish in COOKBOOK.dishes.values() if dish.method == "揚げる"]
    sides = [dish for dish in fried if dish.role == Role.SIDE]
    assert sides
    by_role = {Role.MAIN: [main], Role.SIDE: [*sides * 40, side], Role.SOUP: [soup] * 40}
    menu = {course: by_role.get(course.role, pools[course]) for course in pools}

    drawn = draw([menu], Plate(), COOKBOOK, random.Random(1))  # type: ignore[list-item]

    best = [one for one in drawn if one.faults == (0, 0)]
    assert best
    assert all(side in one.menu.values() for one in best)


def test_where_every_menu_clashes_there_is_one_all_the_same() -> None:
    cookbook = few_dishes()
    names = ("ご飯", "鮭のフライ", "フライドポテト", "豆腐とわかめのみそ汁")
    menu = {
        course: [
            cookbook.dishes[name] for name in names if cookbook.dishes[name].role == course.role
        ]
        for course in FULL
    }
    (drawn,) = draw([menu], DINNER, cookbook, random.Random(1))
    assert drawn.clashes
    assert [dish.name for dish in drawn.menu.values()] == list(names)


def test_the_same_words_get_many_mains_and_a_seed_always_the_same() -> None:
    mains = [
        next(dish.name for dish in served("今日の晩ご飯何がいい？", seed) if dish.role == Role.MAIN)
        for seed in range(SEEDS)
    ]
    assert len(set(mains)) > SEEDS * 2 / 3
    assert served("今日の晩ご飯何がいい？", 3) == served("今日の晩ご飯何がいい？", 3)


def test_asked_meat_is_served_without_a_soup_before_it_is_left_out() -> None:
    for seed in range(SEEDS):
        dishes = served("鶏むね肉で、500kcal以下の夕食", seed)
        assert any(COOKBOOK.uses(dish, "鶏むね肉") for dish in dishes)
        assert sum(COOKBOOK.for_servings(2).nutrition(dish).energy_kcal for dish in dishes) <= 500.0


def test_tight_limits_leave_a_choice_of_main_dishes() -> None:
    mains = {
        next(dish.name for dish in served("500kcal以下の夕食", seed) if dish.role == Role.MAIN)
        for seed in range(SEEDS)
    }
    assert len(mains) >= 5


def test_porridge_that_is_wished_for_has_no_soup_beside_it() -> None:
    for seed in range(SEEDS):
        dishes = served("おかゆの夕食", seed)
        assert "おかゆ" in {dish.name for dish in dishes}
        assert clashes(dishes, COOKBOOK) == []


@pytest.mark.parametrize(
    ("text", "is_served"),
    [
        ("今日の夕食", False),
        ("鮭で夕食", False),
        ("玄米ご飯と鮭の夕食", True),
        ("ヘルシーな夕食", True),
    ],
)
def test_brown_rice_is_for_whom_asks_for_it_or_for_what_is_light(
    text: str, is_served: bool
) -> None:
    names = {dish.name for seed in range(SEEDS) for dish in served(text, seed)}
    assert bool(names & OTHER_RICE) == is_served


def test_slices_of_fish_that_is_mostly_cooked_are_not_served_raw() -> None:
    for seed in range(SEEDS):
        assert not any("ぶり" in dish.raw for dish in served("ぶりの切り身で夕食", seed))
    assert any(
        "まぐろ" in dish.raw for seed in range(SEEDS) for dish in served("まぐろで夕食", seed)
    )


@pytest.mark.parametrize(
    ("text", "style"), [("小学生2人の夕食", "子ども向け"), ("残業でへとへと。夕食を", "時短")]
)
def test_of_some_styles_every_dish_is(text: str, style: str) -> None:
    for seed in range(SEEDS):
        dishes = [dish for dish in served(text, seed) if dish.role != Role.STAPLE]
        assert all(style in dish.tags for dish in dishes)


def test_a_season_that_is_named_shows_in_what_leads_the_meal() -> None:
    for seed in range(SEEDS):
        main = next(dish for dish in served("春らしい夕食を", seed) if dish.role == Role.MAIN)
        assert main.seasons == {"春"}


def test_a_western_breakfast_is_of_bread_and_a_dinner_of_eggs_is_cooked() -> None:
    for seed in range(SEEDS):
        names = {dish.name for dish in served("洋風の朝食", seed)}
        assert names.isdisjoint({"ご飯", *OTHER_RICE})
        assert "味玉" not in names
        dinner = {dish.name for dish in served("卵で夕食", seed)}
        assert dinner.isdisjoint({"ゆで卵", "味玉", "目玉焼き", "スクランブルエッグ"})


def test_what_is_a_little_salty_comes_unasked() -> None:
    mains = [served("今日の晩ご飯何がいい？", seed)[0:2] for seed in range(SEEDS * 2)]
    assert any(COOKBOOK.nutrition(dish).salt_g >= 1.5 for dishes in mains for dish in dishes)


def test_what_is_asked_for_is_sooner_one_dish_than_shared_out() -> None:
    foods = ("じゃがいも", "玉ねぎ", "にんじん")
    mains = [
        next(dish for dish in served("と".join(foods) + "で夕食", seed) if dish.role == Role.MAIN)
        for seed in range(SEEDS)
    ]
    together = [all(COOKBOOK.uses(main, food) for food in foods) for main in mains]
    assert sum(together) > SEEDS / 2
