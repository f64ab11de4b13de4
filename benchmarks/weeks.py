"""What the dinners of 20 weeks are like as one plan: proteins in turn, packs used up, minutes.

    python benchmarks/weeks.py

Each request of `REQUESTS` is planned with so many seeds. The requests name the days, so that it is
known which of them are weekdays. What a row counts stands in `ROWS`; what is bought is bought once,
for the whole week.
"""

import argparse
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from chef_llm.chat.chef import load_chef
from chef_llm.cookbook import Cookbook, Dish, Role
from chef_llm.engines import Deadline
from chef_llm.menus.shopping import left_over, shopping_list
from chef_llm.menus.taste import score
from chef_llm.reading.conversation import Message
from chef_llm.reading.order import Order
from chef_llm.reading.reader import read_order

REQUESTS: Final = (
    "月曜から日曜の夕食を2人分",
    "月〜日の夕食、4人家族です",
    "月〜日の夕食を2人分。魚を週2回、揚げ物は週1まで",
    "月曜から日曜の夕食を3人分。冷蔵庫に生鮭とキャベツと豆腐があります",
)
SEEDS: Final = 5
TODAY: Final = date(2026, 11, 30)
WORKDAYS: Final = frozenset("月火水木金")
PROTEINS: Final = ("魚介", "肉", "卵", "大豆")
GRAINS: Final = "米・パン・麺"
SOON_SPOILT: Final = frozenset({"ひき肉", "魚", "貝", "もやし"})
LONG_MINUTES: Final = 30


@dataclass(frozen=True)
class Week:
    """A planned week: its order, the dishes of each dinner, the main one first."""

    order: Order
    dinners: Sequence[Sequence[Dish]]
    unmet: int
    cookbook: Cookbook

    @property
    def mains(self) -> list[Dish]:
        """What leads each dinner."""
        return [dinner[0] for dinner in self.dinners]

    @property
    def proteins(self) -> list[str]:
        """What the main of each dinner is made of: 魚介, 肉, 卵, 大豆, "" of none."""
        return [next(filter(self._groups(main).__contains__, PROTEINS), "") for main in self.mains]

    @property
    def left_grams(self) -> float:
        """The grams that are over of the opened packs of what spoils."""
        dishes = [dish for dinner in self.dinners for dish in dinner]
        sections = shopping_list(dishes, self.order.servings, self.order.at_hand, self.cookbook)
        return sum(item.left_grams for item in left_over(sections))

    @property
    def workday_minutes(self) -> list[int]:
        """The minutes of the slowest dish of each dinner from Monday to Friday."""
        return [
            max(dish.all_minutes for dish in dinner)
            for day, dinner in zip(self.order.weekdays, self.dinners, strict=True)
            if day in WORKDAYS
        ]

    @property
    def day_of_fresh_fish(self) -> list[int]:
        """The days, from 1, of the dinners that fresh fish leads, or minced meat."""
        return [
            day
            for day, main in enumerate(self.mains, 1)
            if any(self._is_soon_spoilt(name) for name in main.keywords)
        ]

    @property
    def taste(self) -> float:
        """What the taste says of a dinner, on average."""
        return statistics.fmean(
            score({dish.role: dish for dish in dinner}, "夕食", self.cookbook)
            for dinner in self.dinners
        )

    def _groups(self, main: Dish) -> frozenset[str]:
        """Return the groups of the first thing that a dish is made of and that is no grain."""
        foods = [self.cookbook.ingredients[name] for name in main.keywords]
        groups = (food.groups for food in foods if food.section != GRAINS)
        return next(groups, frozenset())

    def _is_soon_spoilt(self, name: str) -> bool:
        food = self.cookbook.ingredients[name]
        return food.section in ("肉", "魚介") and not SOON_SPOILT.isdisjoint(food.groups)


def of_all(weeks: Sequence[Week], values: Callable[[Week], Sequence[float]]) -> float:
    """Return the mean over all values of all weeks."""
    return statistics.fmean(value for week in weeks for value in values(week))


ROWS: Final[dict[str, Callable[[Sequence[Week]], str]]] = {
    "weeks": lambda weeks: str(len(weeks)),
    "dishes that stand twice (plain rice apart)": lambda weeks: str(
        sum(
            sum(count - 1 for count in Counter(_names(week)).values() if count > 1)
            for week in weeks
        )
    ),
    "one protein on neighbouring days, a week": lambda weeks: _mean(
        [sum(one == other for one, other in pairwise(week.proteins)) for week in weeks]
    ),
    "one method of the main on neighbouring days, a week": lambda weeks: _mean(
        [sum(o.method == p.method for o, p in pairwise(week.mains)) for week in weeks]
    ),
    "left in opened packs of what spoils, a week": lambda weeks: (
        f"{statistics.fmean(week.left_grams for week in weeks):.0f} g"
    ),
    "minutes of the slowest dish on a weekday": lambda weeks: (
        f"{of_all(weeks, lambda week: week.workday_minutes):.1f}"
    ),
    "weekday dinners of more than 30 minutes": lambda weeks: (
        f"{of_all(weeks, lambda w: [one > LONG_MINUTES for one in w.workday_minutes]):.1%}"
    ),
    "mean day of fresh fish and minced meat (1 to 7)": lambda weeks: (
        f"{of_all(weeks, lambda week: week.day_of_fresh_fish):.2f}"
    ),
    "wishes for some days that are not met": lambda weeks: str(sum(week.unmet for week in weeks)),
    "taste of a dinner (mean)": lambda weeks: _mean([week.taste for week in weeks]),
}


def _names(week: Week) -> list[str]:
    return [
        dish.name
        for dinner in week.dinners
        for dish in dinner
        if dish.role != Role.STAPLE or dish.is_one_bowl
    ]


def _mean(values: Sequence[float]) -> str:
    return f"{statistics.fmean(values):.2f}"


def planned(seeds: int) -> list[Week]:
    """Plan every request with every seed."""
    chef = load_chef()
    weeks = []
    for text in REQUESTS:
        order = read_order([Message("user", text)], chef.cookbook, today=TODAY)
        for seed in range(1, seeds + 1):
            plan = chef.plan(order, Deadline.after(60), seed)
            dinners = [meal.from_main for meal in plan.meals]
            weeks.append(Week(order, dinners, len(plan.unmet), chef.cookbook))
    return weeks


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=SEEDS)
    weeks = planned(parser.parse_args().seeds)
    print("| dinners of a week, with kondate | |")
    print("| --- | --- |")
    for name, count in ROWS.items():
        print(f"| {name} | {count(weeks)} |")


if __name__ == "__main__":
    main()
