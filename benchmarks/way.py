"""How long meals take to the table: beside their dishes, and where minutes are asked for.

    python benchmarks/way.py

Dinners are planned on one day (30 November) with the seeds 0 to 39, by the shipped model. "Drawn"
are the menus among which a plan is chosen where nobody prefers quick ones, all of whose dishes keep
to the minutes.
"""

import random
import statistics
from datetime import date
from typing import Final

from chef_llm.chat.chef import Chef, load_chef
from chef_llm.cookbook.acts import read_acts
from chef_llm.cookbook.work import parts_of
from chef_llm.engines import Deadline
from chef_llm.errors import NoMenu
from chef_llm.menus.drawing import DINNER, draw
from chef_llm.menus.meals import STRUCTURES
from chef_llm.menus.plan import PlannedMeal
from chef_llm.menus.pools import Larder
from chef_llm.menus.setting import with_all_that_is_asked
from chef_llm.menus.way import least_minutes, way_to_table
from chef_llm.reading.conversation import Message
from chef_llm.reading.order import Order
from chef_llm.reading.reader import read_order

DAY: Final = date(2026, 11, 30)
SEEDS: Final = range(40)
MINUTES: Final = (10, 15, 20, 30, 40, 60)


def main() -> None:
    """Print three tables."""
    chef = load_chef()
    of_the_steps(chef)
    of_dinners(chef)
    of_minutes(chef)


def ordered(words: str, chef: Chef) -> Order:
    """Return what words ask for on the day."""
    return read_order([Message("user", words)], chef.cookbook, today=DAY)


def dinner(words: str, chef: Chef, seed: int) -> PlannedMeal | None:
    """Return a planned dinner, None where there is none."""
    try:
        return chef.plan(ordered(words, chef), Deadline.after(60), seed).meals[0]
    except NoMenu:
        return None


def of_the_steps(chef: Chef) -> None:
    """Print what the steps of the cookbook name of its minutes."""
    dishes = list(chef.cookbook.dishes.values())
    named = alone = 0.0
    given_way = 0
    for dish in dishes:
        acts = read_acts(dish.steps)
        of_dish = sum(act.minutes or 0 for act in acts)
        named += min(of_dish, dish.all_minutes)
        alone += sum(part.minutes for part in parts_of(dish) if part.is_alone)
        given_way += of_dish > dish.all_minutes
    every = sum(dish.all_minutes for dish in dishes)
    print("| the cookbook's dishes | |")
    print("| --- | --- |")
    print(f"| dishes, steps | {len(dishes)}, {sum(len(dish.steps) for dish in dishes)} |")
    print(f"| of their minutes the steps name | {named / every:.0%} |")
    print(f"| of their minutes go by themselves | {alone / every:.0%} |")
    print(f"| dishes whose steps name more than they take | {given_way} |\n")


def of_dinners(chef: Chef) -> None:
    """Print how long dinners take, between their longest dish and all of them in turn."""
    meals = [meal.dishes for seed in SEEDS if (meal := dinner("夕食の献立", chef, seed))]
    rows = {
        "the longest dish": [max(dish.all_minutes for dish in meal) for meal in meals],
        "the longest dish, or all the hands' work": [least_minutes(meal) for meal in meals],
        "the way to the table": [way_to_table(meal).total_minutes for meal in meals],
        "all dishes in turn": [sum(dish.all_minutes for dish in meal) for meal in meals],
    }
    print(f"| {len(meals)} dinners for which nobody asks for minutes | median minutes |")
    print("| --- | --- |")
    for name, minutes in rows.items():
        print(f"| {name} | {statistics.median(minutes):.0f} |")
    print()


def of_minutes(chef: Chef) -> None:
    """Print how many dinners are on the table in the minutes that are asked for."""
    print(
        "| N | menus drawn | 「N分以内の夕食」 | 「全部でN分の夕食」 | of these with fewer dishes |"
    )
    print("| --- | --- | --- | --- | --- |")
    for most in MINUTES:
        each = [dinner(f"{most}分以内の夕食", chef, seed) for seed in SEEDS]
        whole = [dinner(f"全部で{most}分の夕食", chef, seed) for seed in SEEDS]
        print(
            f"| {most} | {drawn_in_time(most, chef):.0%} | {in_time(each, most)} | "
            f"{in_time(whole, most)} | {sum(map(is_small, whole))} |"
        )


def drawn_in_time(most: int, chef: Chef) -> float:
    """Return how many of the menus that are drawn are on the table in time."""
    order = ordered(f"{most}分以内の夕食", chef)
    menus, limits = Larder(chef.cookbook).menus(with_all_that_is_asked(order, order.slots[0]))
    served = chef.cookbook.for_servings(order.servings)
    drawn = [
        one for seed in SEEDS for one in draw(menus, DINNER, served, random.Random(seed), limits)
    ]
    ready = sum(way_to_table(list(one.menu.values())).total_minutes <= most for one in drawn)
    return ready / len(drawn)


def in_time(meals: list[PlannedMeal | None], most: int) -> str:
    """Return how many are on the table in time, of all that were asked for."""
    planned = [meal for meal in meals if meal]
    ready = sum(way_to_table(meal.dishes).total_minutes <= most for meal in planned)
    return f"{ready} of {len(meals)}"


def is_small(meal: PlannedMeal | None) -> bool:
    """Tell whether a dinner has fewer dishes than custom has; a hotpot is its soup."""
    return meal is not None and len(meal.dishes) < len(STRUCTURES["夕食"][0]) - 1


if __name__ == "__main__":
    main()
