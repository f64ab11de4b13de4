"""The way to the table: what one cook with one stove can do, in which order."""

import random
from collections import Counter
from itertools import pairwise

import pytest

from chef_llm.cookbook import Dish, package_cookbook
from chef_llm.cookbook.tools import STOVE
from chef_llm.menus.blocks import hands_minutes
from chef_llm.menus.way import BURNERS, way_to_table

COOKBOOK = package_cookbook()
MEALS = 200


def dishes(*names: str) -> list[Dish]:
    """Return dishes of the cookbook."""
    return [COOKBOOK.dishes[name] for name in names]


def least_minutes(meal: list[Dish]) -> int:
    """Return a bound below which no way comes: one cook's hands, and the longest dish."""
    return max([sum(map(hands_minutes, meal)), *(dish.all_minutes for dish in meal)])


def made_of(name: str, *steps: str, minutes: int, waiting: int = 0) -> Dish:
    """Return a dish of these steps."""
    dish = COOKBOOK.dishes["肉じゃが"]
    fields = {"name": name, "steps": steps, "minutes": minutes, "waiting": waiting}
    return dish.model_copy(update=fields)


def some_meals() -> list[list[Dish]]:
    """Return meals of one to six dishes, whatever they are."""
    rng = random.Random(17)
    every = list(COOKBOOK.dishes.values())
    return [rng.sample(every, rng.randint(1, 6)) for _ in range(MEALS)]


def test_the_way_keeps_to_what_one_cook_and_one_kitchen_can_do() -> None:
    """Steps in their order, hands once, two burners, one of each machine, nothing left out."""
    for meal in some_meals():
        way = way_to_table(meal)
        busy: Counter[tuple[str, int]] = Counter()
        for one in way.placed:
            taken = range(one.minute, one.minute + one.minutes)
            busy.update(("hands", minute) for minute in taken if not one.part.is_alone)
            busy.update((one.part.station, minute) for minute in taken if one.part.station)
        assert all(
            count <= (BURNERS if station == STOVE else 1) for (station, _), count in busy.items()
        )
        assert all(0 <= minute < way.minutes for _, minute in busy)
        for dish in meal:
            parts = [one for one in way.placed if one.dish == dish.name]
            assert all(a.minute + a.minutes <= b.minute for a, b in pairwise(parts)), dish.name
            told = {task.step for task in way.tasks if task.dish == dish.name}
            assert told == set(range(1, len(dish.steps) + 1))


def test_what_is_on_a_burner_stays_there_until_it_is_done() -> None:
    """No pan waits for its next step."""
    for meal in some_meals():
        for a, b in pairwise(way_to_table(meal).placed):
            if a.dish == b.dish and a.part.station == b.part.station == STOVE:
                assert a.minute + a.minutes == b.minute


def test_a_meal_takes_as_long_as_its_longest_dish_and_no_longer_than_all_in_turn() -> None:
    """Waiting counted in; one dish alone takes its own time."""
    for meal in some_meals():
        total = way_to_table(meal).total_minutes
        assert least_minutes(meal) <= total <= sum(dish.all_minutes for dish in meal)
    alone = [
        dish.name
        for dish in COOKBOOK.dishes.values()
        if way_to_table([dish]).total_minutes != dish.all_minutes
    ]
    assert alone == []


def test_the_same_dishes_have_the_same_way() -> None:
    """Nothing is left to chance."""
    for meal in some_meals()[:20]:
        assert way_to_table(meal) == way_to_table(meal)


def test_one_cuts_while_something_simmers() -> None:
    """The salad is made in the minutes of the stew."""
    stew = made_of("煮込み", "肉を切る。", "鍋で20分煮る。", "器に盛る。", minutes=30)
    salad = made_of("サラダ", "野菜を切る。", "ボウルで混ぜる。", "盛りつける。", minutes=10)
    way = way_to_table([stew, salad.model_copy(update={"method": "生"})])
    assert way.total_minutes == 30
    [simmering] = [one for one in way.placed if one.part.is_alone and one.minutes >= 20]
    cut = next(one for one in way.placed if one.dish == "サラダ")
    assert simmering.minute <= cut.minute < simmering.minute + simmering.minutes


def test_two_dishes_of_one_toaster_go_in_after_each_other() -> None:
    """And those of a stove at once."""
    toast = made_of("甲", "パンを切る。", "トースターで10分焼く。", "器に盛る。", minutes=14)
    pot = made_of("丙", "大根を切る。", "鍋で10分煮る。", "器に盛る。", minutes=14)
    assert way_to_table([toast, toast.model_copy(update={"name": "乙"})]).minutes >= 20
    assert way_to_table([pot, pot.model_copy(update={"name": "丁"})]).minutes < 20


def test_a_third_pot_waits_for_a_burner() -> None:
    """There are two."""
    pots = [
        made_of(name, "大根を切る。", "鍋で20分煮る。", "器に盛る。", minutes=23)
        for name in "甲乙丙"
    ]
    assert way_to_table(pots).minutes >= 40


def test_hot_dishes_come_last() -> None:
    """What is served cold is ready before them."""
    way = way_to_table(dishes("大根サラダ", "ぶりの照り焼き"))
    last = {task.dish: task.minute for task in way.tasks}
    assert last["大根サラダ"] < last["ぶりの照り焼き"]


@pytest.mark.parametrize(
    ("name", "waiting", "first"),
    [("味玉", 480, "味玉"), ("あさりの酒蒸し", 120, "あさりの酒蒸し")],
)
def test_what_waits_for_hours_is_done_ahead(name: str, waiting: int, first: str) -> None:
    """It is told apart, counts as the dish's own time does, and nobody stands in the kitchen."""
    meal = dishes("ご飯", name, "豆腐とわかめのみそ汁")
    way = way_to_table(meal)
    assert (way.tasks[0].dish, way.tasks[0].minute) == (first, None)
    assert (way.tasks[0].ahead_minutes, way.waiting_minutes) == (waiting, waiting)
    assert way.minutes < 60
    assert way.total_minutes == way.minutes + way.ahead_minutes + waiting


def test_rice_is_cooked_before_and_not_counted() -> None:
    """As a limit of time has it (docs/cookbook.md); the first thing to be told all the same."""
    way = way_to_table(dishes("ご飯", "ほうれん草のごまあえ"))
    first = way.tasks[0]
    assert (first.dish, first.minute, first.ahead_minutes) == ("ご飯", None, 0)
    assert (way.waiting_minutes, way.ahead_minutes) == (0, 0)


def test_a_party_of_many_dishes_has_a_way_too() -> None:
    """Of more than four not all orders are tried."""
    meal = list(COOKBOOK.dishes.values())[:11]
    assert way_to_table(meal).total_minutes >= least_minutes(meal)


def test_no_dish_has_no_way() -> None:
    """Nothing is done in no time."""
    assert way_to_table([]).total_minutes == 0
