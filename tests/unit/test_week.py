"""A plan over days is one plan: what stands where, and what is left to the model of it."""

import random
from dataclasses import replace
from itertools import combinations, pairwise, permutations

import pytest

from chef_llm.cookbook import Dish, load_cookbook
from chef_llm.engines import Deadline
from chef_llm.menus.candidate import Candidate
from chef_llm.menus.meals import Course
from chef_llm.menus.order_rules import Others
from chef_llm.menus.plan import Plan, protein_of
from chef_llm.menus.planner import Planner
from chef_llm.menus.supply import Supply
from chef_llm.menus.week import Week
from chef_llm.menus.weighing import Cost, Weighing
from chef_llm.reading.order import Constraints, Order, Share, Slot
from guarantees import choosing_at_random

COOKBOOK = load_cookbook()
PLANNER = Planner(COOKBOOK)
MAIN = COOKBOOK.dishes["肉じゃが"]
LATER = Deadline.after(3600)


def menu(name: str, **facts: object) -> Candidate:
    """Return a menu of one main dish of its own, of which `facts` are told."""
    dish = MAIN.model_copy(update={"name": name})
    plain = Candidate(
        menu={Course(dish.role): dish},
        leading=dish,
        faults=0,
        taste=0.0,
        names=frozenset({name}),
        main=None,
        sides=frozenset(),
        protein="",
        method=name,
        cuisine=name,
        flavours=frozenset({name}),
        asked=(),
        shares=(),
        grams={},
        used_up=(),
        keeps_days=(),
        minutes=20,
        yen=300.0,
    )
    return replace(plain, **facts)  # type: ignore[arg-type]


def dinners(days: int, **more: object) -> Order:
    slots = tuple(Slot(day, "夕食") for day in range(1, days + 1))
    return Order("夕食", Constraints(), slots, **more)  # type: ignore[arg-type]


def searched(order: Order, *menus: Candidate) -> list[str]:
    """Return the names of the menus of a plan, out of menus that may stand anywhere."""
    supply = list(menus)
    week = Week([supply for _ in order.slots], Weighing(order, COOKBOOK))
    week.search(random.Random(1))
    return [one.leading.name for one in week.placed if one]


def plan(order: Order, seed: int = 1) -> Plan:
    order = replace(order, variety=seed)
    return PLANNER.plan(order, choosing_at_random(random.Random(seed)), Deadline.after(60))


FISH = {"protein": "魚介"}
MEAT = {"protein": "肉"}


@pytest.mark.parametrize(
    ("order", "menus", "expected"),
    [
        pytest.param(
            dinners(3),
            [menu("a", **MEAT, taste=2), menu("b", **MEAT, taste=1), menu("c", **FISH, taste=-1)],
            [["a", "c", "b"], ["b", "c", "a"]],
            id="proteins turn",
        ),
        pytest.param(
            dinners(3),
            [menu(n, method=m) for n, m in (("a", "煮る"), ("b", "煮る"), ("c", "焼く"))],
            [["a", "c", "b"], ["b", "c", "a"]],
            id="methods turn",
        ),
        pytest.param(
            dinners(2),
            [menu("roots", keeps_days=(14,)), menu("fish", keeps_days=(1,))],
            [["fish", "roots"]],
            id="what spoils first is eaten first",
        ),
        pytest.param(
            dinners(2),
            [
                menu("half a cabbage", grams={"キャベツ": 250.0}, taste=1),
                menu("the other half", grams={"キャベツ": 250.0}),
                menu("a little tastier", taste=0.3),
            ],
            [["half a cabbage", "the other half"], ["the other half", "half a cabbage"]],
            id="opened packs are used up",
        ),
        pytest.param(
            dinners(2, at_hand={"キャベツ": 250.0}),
            [
                menu("what is at hand", grams={"キャベツ": 250.0}, taste=1),
                menu("more of it", grams={"キャベツ": 250.0}),
                menu("a little tastier", taste=0.3),
            ],
            [["what is at hand", "a little tastier"], ["a little tastier", "what is at hand"]],
            id="for what is at hand no pack is opened",
        ),
        pytest.param(
            dinners(2, weekdays=("金", "土")),
            [menu("slow", minutes=90, taste=1), menu("quick", minutes=15)],
            [["quick", "slow"]],
            id="a weekday is quick and a weekend is not",
        ),
        pytest.param(
            dinners(2, weekdays=("土", "日")),
            [menu("slow", minutes=90, taste=2), menu("quick"), menu("tasty", minutes=60, taste=1)],
            [["slow", "tasty"], ["tasty", "slow"]],
            id="on a weekend there is time",
        ),
        pytest.param(
            dinners(3, ingredients=("生鮭", "大根")),
            [
                menu("nice", taste=3, asked=(0, 0)),
                menu("nicer", taste=4, asked=(0, 0)),
                menu("salmon", taste=-3, asked=(3, 0)),
                menu("radish", taste=-4, asked=(0, 1)),
            ],
            [["salmon", "radish", "nicer"]],
            id="what is asked for is somewhere, and early",
        ),
        pytest.param(
            dinners(
                2, ingredients=("鶏もも肉",), use_up=("鶏もも肉",), at_hand={"鶏もも肉": 600.0}
            ),
            [
                menu("nice", taste=3, asked=(0,), used_up=(0.0,)),
                menu("some", asked=(3,), used_up=(300.0,)),
                menu("the rest", asked=(3,), used_up=(250.0,)),
            ],
            [["some", "the rest"], ["the rest", "some"]],
            id="what is to be used up comes until little is left",
        ),
        pytest.param(
            dinners(2, average_yen=250.0, servings=2),
            [
                menu("dear", yen=600.0, taste=3),
                menu("dearer", yen=900.0, taste=5),
                menu("cheap", yen=400.0, taste=-1),
                menu("too much beside it", yen=450.0, taste=2),
            ],
            [["dear", "cheap"], ["cheap", "dear"]],
            id="the money is for all together",
        ),
        pytest.param(
            dinners(4, shares=(Share("food", "魚", 2), Share("method", "揚げる", 0, 1))),
            [
                menu("fried", taste=4, shares=(False, True)),
                menu("fried too", taste=4, shares=(False, True)),
                menu("meat", taste=1, shares=(False, False)),
                menu("fish", shares=(True, False)),
                menu("fish too", shares=(True, False)),
            ],
            list(map(list, permutations(("fried", "meat", "fish", "fish too"))))
            + list(map(list, permutations(("fried too", "meat", "fish", "fish too")))),
            id="fish as often and fried dishes as seldom as asked",
        ),
        pytest.param(
            dinners(4, shares=(Share("food", "魚", 1, None, (3,)),)),
            [
                *(menu(name, taste=2, shares=(False,)) for name in "abc"),
                menu("fish", shares=(True,)),
            ],
            [[a, b, "fish", c] for a, b, c in permutations("abc")],
            id="what is said of a day is on that day",
        ),
    ],
)
def test_a_plan_is_weighed_as_a_whole(
    order: Order, menus: list[Candidate], expected: list[list[str]]
) -> None:
    assert searched(order, *menus) in expected
    assert searched(order, *menus[::-1]) in expected


def random_menus(rng: random.Random, order: Order, count: int) -> list[Candidate]:
    """Return menus of which every fact is drawn, so that they have much in common."""
    return [
        menu(
            f"menu {number}",
            faults=rng.randint(0, 1),
            taste=rng.gauss(0, 1),
            names=frozenset(rng.sample("abcdefghijkl", 2)),
            main=rng.choice(["生鮭", "卵", None]),
            protein=rng.choice(["肉", "卵", ""]),
            method=rng.choice(["煮る", "焼く"]),
            cuisine=rng.choice("和洋"),
            asked=tuple(rng.randint(0, 3) for _ in order.ingredients),
            shares=tuple(rng.random() < 0.5 for _ in order.shares),
            grams={
                name: rng.uniform(20, 400) for name in rng.sample(("キャベツ", "大根", "卵"), 2)
            },
            used_up=tuple(rng.uniform(0, 300) for _ in order.use_up),
            keeps_days=tuple(rng.randint(1, 6) for _ in range(2)),
            minutes=rng.randint(5, 90),
        )
        for number in range(count)
    ]


ORDERS = (
    dinners(5),
    dinners(5, weekdays=tuple("水木金土日")),
    dinners(5, ingredients=("生鮭", "大根"), use_up=("大根",), at_hand={"大根": 500.0}),
    dinners(5, shares=(Share("food", "魚", 2, 3), Share("cuisine", "和", 1, None, (2, 4)))),
    dinners(5, ingredients=("生鮭",), is_proposals=True),
)


@pytest.mark.parametrize("order", ORDERS)
def test_a_plan_costs_the_same_in_whatever_order_it_is_filled(order: Order) -> None:
    """So what a change at one place saves, the whole plan saves."""
    weighing = Weighing(order, COOKBOOK)
    for seed in range(10):
        rng = random.Random(seed)
        menus = random_menus(rng, order, 5)
        totals = []
        for places in rng.sample(list(permutations(range(5))), 6):
            placed: list[Candidate | None] = [None] * 5
            total = Cost(0, 0, 0)
            for place in places:
                total = total.plus(weighing.beside(placed, place).cost(menus[place]))
                placed[place] = menus[place]
            totals.append(total)
        assert all(total == pytest.approx(totals[0]) for total in totals)


@pytest.mark.parametrize("order", ORDERS)
def test_the_lightest_menu_costs_least_of_all(order: Order) -> None:
    weighing = Weighing(order, COOKBOOK)
    for seed in range(20):
        rng = random.Random(seed)
        menus = random_menus(rng, order, 30)
        others: Others = [*menus[:4], None]
        scales = weighing.beside(others, 4)
        cost, best = scales.lightest(menus)
        assert cost == scales.cost(best) == min(map(scales.cost, menus))


@pytest.mark.parametrize("order", ORDERS)
def test_no_exchange_and_no_other_menu_makes_a_searched_plan_better(order: Order) -> None:
    for seed in range(5):
        supply = random_menus(random.Random(seed), order, 12)
        week = Week([supply for _ in order.slots], Weighing(order, COOKBOOK))
        week.search(random.Random(seed))
        found = list(week.placed)

        week.mend()

        assert week.placed == found


def test_a_longer_search_is_never_worse_and_better_than_the_first_plan() -> None:
    gained = []
    for seed in range(5):
        supply = random_menus(random.Random(seed), ORDERS[0], 12)
        week = Week([supply for _ in range(5)], Weighing(ORDERS[0], COOKBOOK))
        week.mend()
        first = week.cost
        week.search(random.Random(seed))
        assert week.cost <= first
        gained.append(week.cost < first)
    assert any(gained)


def test_meals_that_share_their_only_dishes_are_told_apart_from_those_that_fit() -> None:
    week = Week([[menu("a")], [menu("a")], [menu("b")]], Weighing(dinners(3), COOKBOOK))
    week.search(random.Random(1))
    assert week.clashing == [0, 1]
    assert week.most_that_fit == 2


def test_for_places_with_something_twice_more_is_drawn_beside_the_rest() -> None:
    week = Week([[menu("a")], [menu("a")], [menu("b")]], Weighing(dinners(3), COOKBOOK))
    week.search(random.Random(1))
    asked: list[set[str]] = []

    def more(place: int, others: Others) -> list[Candidate]:
        asked.append({name for one in others if one for name in one.names})
        return [menu("c")]

    week.repair(more, random.Random(1), LATER)

    assert not week.clashing
    assert all("b" in names for names in asked)


def test_a_repair_ends_at_the_deadline_and_where_there_is_nothing_more() -> None:
    drawn = 0

    def nothing(place: int, others: Others) -> list[Candidate]:
        nonlocal drawn
        drawn += 1
        return []

    for deadline, most in ((Deadline.after(-1), 0), (LATER, 100)):
        drawn = 0
        week = Week([[menu("a")], [menu("a")]], Weighing(dinners(2), COOKBOOK))
        week.search(random.Random(1))
        week.repair(nothing, random.Random(1), deadline)
        assert week.clashing == [0, 1]
        assert drawn <= most


WEEK_OF_ALL = tuple(Slot(day, meal) for day in range(1, 5) for meal in ("朝食", "昼食", "夕食"))


@pytest.mark.parametrize(
    "order",
    [
        dinners(5, ingredients=("生鮭", "キャベツ"), shares=(Share("food", "魚", 2),)),
        Order("", Constraints(), WEEK_OF_ALL, dishes=("カレーライス",)),
        Order("", Constraints(cuisine="韓"), WEEK_OF_ALL[:6]),
        dinners(3, ingredients=("豆腐",), is_proposals=True),
    ],
)
def test_whatever_is_offered_leaves_a_plan_of_which_all_holds(order: Order) -> None:
    supply = Supply(order, PLANNER.taster)
    week = Week(supply.of_places(), Weighing(order, COOKBOOK))
    week.search(random.Random(1))
    week.repair(supply.more, random.Random(1), LATER)
    assert not week.clashing
    for place in range(len(order.slots)):
        found = list(week.placed)
        offered = week.alternatives(place)
        assert offered
        for one in offered:
            week.placed = [*found[:place], one, *found[place + 1 :]]
            assert not week.clashing
        week.placed = found
        week.settle(place, list(random.Random(place).choice(offered).menu.values()))
        assert not week.clashing


@pytest.mark.parametrize(
    ("order", "used"),
    [
        (dinners(3, ingredients=("生鮭", "キャベツ")), ("生鮭", "キャベツ")),
        (
            Order("", Constraints(), WEEK_OF_ALL, ingredients=("鶏もも肉", "大根", "木綿豆腐")),
            ("鶏もも肉", "大根", "木綿豆腐"),
        ),
    ],
)
def test_what_is_asked_for_is_in_the_plan_and_on_its_first_days(
    order: Order, used: tuple[str, ...]
) -> None:
    for seed in range(2):
        days = {
            name: [
                meal.slot.day
                for meal in plan(order, seed).meals
                if any(COOKBOOK.uses(dish, name) for dish in meal.dishes)
            ]
            for name in used
        }
        assert all(found and min(found) <= 2 for found in days.values()), days


def leading(order: Order, seed: int) -> list[Dish]:
    return [meal.main for meal in plan(order, seed).meals]


def test_seven_dinners_have_another_protein_each_day_whatever_the_model_chooses() -> None:
    for seed in range(4):
        proteins = [protein_of(dish, COOKBOOK) for dish in leading(dinners(7), seed)]
        assert all(one != other for one, other in pairwise(proteins)), proteins


def test_weekday_dinners_are_quicker_than_those_of_the_weekend_may_be() -> None:
    minutes: dict[bool, list[int]] = {True: [], False: []}
    order = dinners(7, weekdays=tuple("月火水木金土日"))
    for seed in range(4):
        for meal in plan(order, seed).meals:
            is_workday = meal.slot.day <= 5
            minutes[is_workday].append(max(dish.all_minutes for dish in meal.dishes))
    mean = {is_workday: sum(each) / len(each) for is_workday, each in minutes.items()}
    assert mean[True] < 32 < mean[False]


def test_the_same_seed_gives_the_same_plan_and_another_seed_another() -> None:
    def names(seed: int) -> list[str]:
        return [dish.name for meal in plan(dinners(5), seed).meals for dish in meal.dishes]

    assert names(1) == names(1)
    assert names(1) != names(2)


def test_fourteen_days_of_three_meals_have_no_dish_twice_and_no_main_on_neighbouring_days() -> None:
    slots = tuple(Slot(day, meal) for day in range(1, 15) for meal in ("朝食", "昼食", "夕食"))
    result = plan(Order("", Constraints(), slots))
    assert tuple(meal.slot for meal in result.meals) == slots
    for one, other in combinations(result.meals, 2):
        shared = {dish.name for dish in one.dishes} & {dish.name for dish in other.dishes}
        assert shared <= {"ご飯", "玄米ご飯", "麦ご飯"}
