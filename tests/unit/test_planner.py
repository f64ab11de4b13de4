"""The planner's guarantees, whatever the model would rather serve."""

import itertools
import os
import random
from dataclasses import replace

import pytest

from chef_llm.cookbook import Role, load_cookbook
from chef_llm.engines import Completion, Deadline, Grammar
from chef_llm.errors import DeadlineExceeded, NoMenu
from chef_llm.menus.meals import Course, candidates
from chef_llm.menus.plan import EVERYDAY, Plan, main_ingredient
from chef_llm.menus.planner import Planner
from chef_llm.menus.pools import Larder
from chef_llm.menus.setting import Setting
from chef_llm.reading.order import Constraints, Order, Slot
from few_dishes import few_dishes
from guarantees import allergens_by_dish, assert_kept, choosing_at_random, random_order, random_text

COOKBOOK = load_cookbook()
RAW_ALLERGENS = allergens_by_dish()
PLANNER = Planner(COOKBOOK)
FEW = Planner(few_dishes())
# `make test-guarantees` runs fifty times as many, CI ten times.
ORDERS = int(os.environ.get("CHEF_TEST_ORDERS", "100"))
# So that no test of `make test-guarantees` lasts five minutes, and each has enough that can be had.
CHUNKS = min(20, ORDERS // 20)


def plan(order: Order, seed: int = 1, planner: Planner = PLANNER) -> Plan:
    order = replace(order, variety=seed)
    return planner.plan(order, choosing_at_random(random.Random(seed)), Deadline.after(60))


def test_no_meal_is_planned_once_no_one_waits() -> None:
    asked: list[str] = []
    choose = choosing_at_random(random.Random(1))

    def choose_once(request: str, opening: str, grammar: Grammar, until: Deadline) -> Completion:
        asked.append(opening)
        return choose(request, opening, grammar, until)

    order = Order("夕食", Constraints(), slots=tuple(Slot(day, "夕食") for day in range(1, 8)))
    deadline = Deadline.after(60, lambda: len(asked) == 2)
    result = PLANNER.plan(order, choose_once, deadline)
    assert len(asked) == len(result.meals) == 2
    assert len(result.unplanned) == 5


def dinner(**constraints: object) -> Order:
    return Order("夕食をお願いします", Constraints(**constraints))  # type: ignore[arg-type]


def test_a_meal_leaves_to_a_later_one_what_that_cannot_do_without() -> None:
    slots = (Slot(1, "朝食"), Slot(1, "お弁当"))
    order = Order("エスニックで", Constraints(cuisine="エスニック"), slots=slots)
    planned = {seed: tuple(meal.slot for meal in plan(order, seed).meals) for seed in range(30)}

    assert not {seed: meals for seed, meals in planned.items() if meals != slots}


def ingredient_groups(name: str) -> frozenset[str]:
    return COOKBOOK.ingredients[name].groups


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_no_random_order_gets_a_plan_that_breaks_a_constraint(chunk: int) -> None:
    planned = 0
    for number in range(chunk * ORDERS // CHUNKS, (chunk + 1) * ORDERS // CHUNKS):
        rng = random.Random(f"order {number}")
        order = random_order(rng, COOKBOOK)
        try:
            result = PLANNER.plan(order, choosing_at_random(rng), Deadline.after(60))
        except NoMenu:
            continue
        planned += 1
        assert_kept(order, result, COOKBOOK)
    # A test that only ever met impossible orders would prove nothing.
    assert planned > ORDERS / CHUNKS / 3


@pytest.mark.parametrize("allergen", ["卵", "乳", "小麦", "えび", "大豆", "鶏肉", "さば"])
def test_an_allergen_is_in_no_dish_of_a_week(allergen: str) -> None:
    order = Order(
        "一週間の夕食",
        Constraints(allergens=frozenset({allergen})),
        slots=tuple(Slot(day, "夕食") for day in range(1, 8)),
    )
    for meal in plan(order).meals:
        for dish in meal.dishes:
            assert allergen not in RAW_ALLERGENS[dish.name]


def test_soy_allergy_excludes_miso_soup() -> None:
    for seed in range(30):
        for dish in plan(dinner(allergens=frozenset({"大豆"})), seed).meals[0].dishes:
            assert "みそ" not in dish.ingredient_names


def test_vegetarians_get_no_fish_stock() -> None:
    for seed in range(30):
        for dish in plan(dinner(diets=frozenset({"vegetarian"})), seed).meals[0].dishes:
            assert not {"だし汁", "コンソメ", "鶏がらスープの素"} & dish.ingredient_names


@pytest.mark.parametrize(
    ("constraints", "param", "told"),
    [
        ({"max_minutes": 2}, "max_minutes", "max_minutes を"),
        ({"limits": {"salt_g": (None, 0.5)}}, "nutrition.salt_g", "1食の食塩は"),
        ({"limits": {"energy_kcal": (None, 150.0)}}, "nutrition.energy_kcal", "エネルギーは"),
        ({"limits": {"protein_g": (200.0, None)}}, "nutrition.protein_g", "たんぱく質は"),
        ({"cuisine": "韓", "diets": frozenset({"vegan"})}, "cuisine", "cuisine の指定を外すと"),
        (
            {"excluded": frozenset({"米", "パン", "麺", "大麦"})},
            "exclude",
            "「米」を使ってよければ",
        ),
        (
            {"excluded": frozenset({"米", "パン", "麺", "大麦"}), "max_minutes": 2},
            "constraints",
            "複数の条件",
        ),
    ],
)
def test_an_impossible_order_names_what_has_to_give(
    constraints: dict[str, object], param: str, told: str
) -> None:
    with pytest.raises(NoMenu) as caught:
        plan(dinner(**constraints), planner=FEW)
    assert caught.value.param == param
    assert told in caught.value.message


def test_too_many_days_for_the_dishes_names_the_days() -> None:
    order = Order(
        "一週間",
        Constraints(diets=frozenset({"vegan"}), max_minutes=30),
        slots=tuple(Slot(day, "夕食") for day in range(1, 8)),
    )
    with pytest.raises(NoMenu) as caught:
        plan(order, planner=FEW)
    assert caught.value.param == "days"


def test_what_cannot_be_planned_in_time_is_reported() -> None:
    slots = tuple(Slot(day, "夕食") for day in range(1, 8))
    rng = random.Random(1)
    calls = 0

    def slow(request: str, opening: str, grammar: Grammar, deadline: Deadline) -> Completion:
        nonlocal calls
        calls += 1
        if calls > 3:
            raise DeadlineExceeded("時間切れ")
        return Completion(random_text(grammar, rng), "stop", 1, 1)

    result = PLANNER.plan(Order("一週間", Constraints(), slots=slots), slow, Deadline.after(60))
    assert len(result.meals) == 3
    assert result.unplanned == slots[3:]


def test_no_time_for_even_one_meal_is_an_error() -> None:
    with pytest.raises(DeadlineExceeded):
        PLANNER.plan(dinner(), choosing_at_random(random.Random(1)), Deadline.after(-1))


def test_a_dinner_of_what_only_bowls_hold_is_a_bowl() -> None:
    order = Order("スパゲッティで", Constraints(), ingredients=("スパゲッティ",))
    assert plan(order).meals[0].main.is_one_bowl


def test_a_week_changes_protein_from_day_to_day() -> None:
    slots = tuple(Slot(day, "夕食") for day in range(1, 8))
    proteins = []
    for meal in plan(Order("一週間", Constraints(), slots=slots)).meals:
        name = main_ingredient(meal.main, COOKBOOK)
        groups = ingredient_groups(name) if name else frozenset()
        proteins.append(next((g for g in ("魚介", "肉", "卵", "大豆") if g in groups), ""))
    assert all(first != second for first, second in itertools.pairwise(proteins))


def test_asked_ingredients_are_named_to_the_model_until_they_are_used() -> None:
    openings: list[str] = []
    rng = random.Random(3)

    def choose(request: str, opening: str, grammar: Grammar, deadline: Deadline) -> Completion:
        openings.append(opening)
        return Completion(random_text(grammar, rng), "stop", 1, 1)

    slots = tuple(Slot(day, "夕食") for day in range(1, 3))
    order = Order("", Constraints(), slots=slots, ingredients=("生鮭", "キャベツ"), servings=4)
    result = PLANNER.plan(order, choose, Deadline.after(60))
    assert openings[0] == "生鮭とキャベツを使った、4人分の夕食です。"
    used = {name for dish in result.meals[0].dishes for name in dish.ingredient_names}
    assert ("生鮭" in openings[1]) == ("生鮭" not in used)


def fruit_for(meal: str, *asked: str) -> set[str]:
    """Return the dishes of fruit, be it with yoghurt, that suit a meal."""
    groups = {
        dish.name: [COOKBOOK.ingredients[name].groups for name in dish.keywords]
        for dish in candidates(meal, asked, Constraints(), COOKBOOK)
    }
    return {
        name
        for name, each in groups.items()
        if any("果物" in one and "野菜" not in one for one in each)
        and all({"果物", "乳"} & one and "野菜" not in one for one in each)
    }


def test_fruit_is_for_breakfast_or_for_who_asks_for_it() -> None:
    assert fruit_for("朝食") >= {"フルーツヨーグルト", "りんごのコンポート"}
    assert "りんごのコンポート" in fruit_for("夕食", "りんご")
    assert not fruit_for("夕食") | fruit_for("昼食") | fruit_for("お弁当")

    asked = Order("バナナで", Constraints(), ingredients=("バナナ", "りんご"))
    served = (
        dish.name for seed in range(300) for meal in plan(asked, seed).meals for dish in meal.dishes
    )
    assert any(name in fruit_for("朝食") for name in served)


def test_a_breakfast_is_one() -> None:
    order = Order("朝食", Constraints(), (Slot(1, "朝食"), Slot(2, "朝食")))
    for seed in range(30):
        for meal in plan(order, seed).meals:
            assert "朝食" in meal.main.tags or meal.main.name in EVERYDAY


def test_a_wished_style_leads_while_there_is_choice() -> None:
    order = Order("簡単に", Constraints(), style="時短")
    for seed in range(30):
        [meal] = plan(order, seed).meals
        assert "時短" in meal.main.tags
        assert meal.title.endswith("手早く作れます。")


def test_a_title_does_not_praise_what_is_not_there() -> None:
    order = Order("やわらかく", Constraints(max_minutes=10), style="おもてなし")
    titles = {plan(order, seed).meals[0].title for seed in range(30)}
    assert not any("おもてなし" in title for title in titles)


def test_a_dish_that_is_wished_by_name_is_served_once() -> None:
    slots = tuple(Slot(day, "夕食") for day in range(1, 4))
    order = Order("肉じゃが", Constraints(), slots, dishes=("肉じゃが", "ほうれん草のおひたし"))
    for seed in range(10):
        names = [dish.name for meal in plan(order, seed).meals for dish in meal.dishes]
        assert names.count("肉じゃが") == names.count("ほうれん草のおひたし") == 1


@pytest.mark.parametrize("wished", ["ほうれん草のおひたし", "大根サラダ", "冷ややっこ"])
def test_of_two_side_dishes_the_first_is_the_one_that_is_wished_for(wished: str) -> None:
    """In every process, or a seed would give one menu here and another there."""
    side = Role.SIDE
    order = Order("夕食", Constraints(), roles=(Role.STAPLE, Role.MAIN, side, side))
    setting = Setting(order, order.slots[0], wished=(frozenset({wished}),))
    pools, _ = Larder(COOKBOOK).menus(setting)
    assert all([dish.name for dish in each[Course(side, 1)]] == [wished] for each in pools)


def test_an_answer_that_is_cut_is_no_meal() -> None:
    """A name that ends half-way would be another dish, or none."""
    rng = random.Random(1)

    def cut(request: str, opening: str, grammar: Grammar, deadline: Deadline) -> Completion:
        return Completion(random_text(grammar, rng)[:-1], "length", 1, 1)

    with pytest.raises(DeadlineExceeded):
        PLANNER.plan(dinner(), cut, Deadline.after(60))


@pytest.mark.parametrize(
    "asked",
    [("豚肉", "大根"), ("魚",), ("きのこ", "鶏肉"), ("白身魚",), ("ひき肉", "木綿豆腐")],
    ids="と".join,
)
def test_what_is_asked_for_is_used_and_meat_and_fish_in_the_main(asked: tuple[str, ...]) -> None:
    for seed in range(5):
        [meal] = plan(Order("夕食", Constraints(), ingredients=asked), seed).meals
        unused = [
            name for name in asked if not any(COOKBOOK.uses(dish, name) for dish in meal.dishes)
        ]
        assert not unused
        assert any(COOKBOOK.uses(meal.main, name) for name in asked)
        assert all(name in meal.title for name in asked)


def test_any_of_a_group_will_do_but_no_trace_of_it() -> None:
    assert "生鮭" in COOKBOOK.members("魚")
    assert "納豆" not in COOKBOOK.members("魚")
    assert COOKBOOK.members("卵") == {"卵"}
    assert COOKBOOK.members("まぼろし") == frozenset()
