"""What 300 dinners are made of: how often the commonest dishes come, salt, vegetables, clashes.

    python benchmarks/variety.py

240 requests for one dinner are drawn by a fixed seed from those written by hand
(`chef_train/orders`), and 20 plain ones are asked three times each. Request n is planned with the
seed n, all on one day (30 November), and again spread evenly over a year; and once more with chance
choosing among the menus that are offered, in the place of the model. What a row counts stands in
`ROWS`; plain rice (`plan.EVERYDAY`) is in none of them.
"""

import argparse
import json
import random
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from preference import uniform

from chef_llm.chat.chef import load_chef
from chef_llm.cookbook import Cookbook, Dish, Role
from chef_llm.cookbook.vocabulary import VEGETABLES
from chef_llm.engines import Deadline
from chef_llm.errors import ChefError
from chef_llm.menus.clashes import CLASHES, clashes
from chef_llm.menus.constraints import allowed_dishes
from chef_llm.menus.meals import is_meat_or_fish
from chef_llm.menus.plan import EVERYDAY, Plan
from chef_llm.menus.planner import Planner
from chef_llm.reading.conversation import Message
from chef_llm.reading.order import Order, Slot
from chef_llm.reading.reader import read_order
from chef_train.purpose import ORDERS

BY_HAND: Final = 240
PLAIN: Final = (
    *("今日の晩ご飯何がいい？", "夕食の献立をお願いします", "晩ごはんどうしよう", "今夜の献立"),
    *("2人分の夕食をお願いします", "4人家族の晩ごはん", "夕飯のおすすめある？", "献立考えて"),
    *("何か作りたい。夕食で", "家族の夕食を考えて", "今日のごはん何にしよう", "夜ご飯おまかせ"),
    *("魚の夕食がいいな", "お肉が食べたい。夕飯", "野菜たっぷりの夕食", "簡単に作れる晩ごはん"),
    *("和食の夕食", "鶏肉で晩ごはん", "豚肉を使った夕食", "あっさりした晩ごはんがいい"),
)
ASKED_AGAIN: Final = 3
ONE_DAY: Final = date(2026, 11, 30)
DAYS_OF_A_YEAR: Final = 365
COMMONEST: Final = 15
VEGETABLES_GRAMS: Final = 120.0
SALT_GRAMS: Final = 3.0


@dataclass(frozen=True)
class Dinner:
    """A planned dinner, its order and the cookbook with the figures of its servings."""

    order: Order
    dishes: Sequence[Dish]
    cookbook: Cookbook

    @property
    def salt_grams(self) -> float:
        """The salt of a serving of all dishes."""
        return sum(self.cookbook.nutrition(dish).salt_g for dish in self.dishes)

    @property
    def vegetables_grams(self) -> float:
        """The vegetables of a serving of all dishes."""
        return sum(self.cookbook.limited(dish, VEGETABLES) for dish in self.dishes)

    @property
    def asked_in_main(self) -> bool | None:
        """Whether all meat and fish that is asked for is in what leads the meal.

        None where none is asked for, or so much that no dish has it all that keeps what must hold.
        """
        asked = [one for one in self.order.ingredients if is_meat_or_fish(one, self.cookbook)]
        every = allowed_dishes(self.order.constraints, self.cookbook)
        led = [dish for dish in every if dish.role == Role.MAIN or dish.is_one_bowl]
        if not asked or not any(
            all(self.cookbook.uses(dish, name) for name in asked) for dish in led
        ):
            return None
        main = next((dish for dish in self.dishes if dish.role == Role.MAIN), self.dishes[0])
        return all(self.cookbook.uses(main, name) for name in asked)


def requests(cookbook: Cookbook) -> list[str]:
    """Return the 300 requests: each is read as one dinner of no asked courses."""
    found = set()
    for path in sorted(ORDERS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            expects = row["expects"]
            is_dinner = expects["intent"] == "menu" and expects.get("meals", ["夕食"]) == ["夕食"]
            if is_dinner and expects.get("days", 1) == 1 and _is_one_dinner(row["text"], cookbook):
                found.add(row["text"])
    drawn = random.Random("variety").sample(sorted(found), BY_HAND)
    return [*drawn, *PLAIN * ASKED_AGAIN]


def _is_one_dinner(text: str, cookbook: Cookbook) -> bool:
    try:
        order = read_order([Message("user", text)], cookbook, today=ONE_DAY)
        Planner(cookbook).plan(order, _first_of_all, Deadline.after(10))
    except (ChefError, StopPlanning) as stopped:
        if not isinstance(stopped, StopPlanning):
            return False
    return order.slots == (Slot(1, "夕食"),) and not (order.roles or order.is_talk)


class StopPlanning(Exception):  # no error: there is a menu
    """A menu can be had; which one is not asked."""


def _first_of_all(*_: object) -> None:
    raise StopPlanning


def dinners(
    texts: Sequence[str],
    day_of: Callable[[int], date],
    cookbook: Cookbook,
    plan_of: Callable[[Order, int], Plan],
) -> list[Dinner]:
    """Plan each request with its number as the seed; one that is impossible that day is left."""
    planned = []
    for number, text in enumerate(texts):
        order = read_order([Message("user", text)], cookbook, today=day_of(number))
        try:
            plan = plan_of(order, number)
        except ChefError:
            continue
        served = cookbook.for_servings(order.servings)
        planned.append(Dinner(order, plan.meals[0].from_main, served))
    return planned


def commonest(planned: Sequence[Dinner]) -> list[tuple[str, int]]:
    """Return the fifteen dishes that are served most often, and how often."""
    return _places(planned).most_common(COMMONEST)


def _places(planned: Sequence[Dinner]) -> Counter[str]:
    return Counter(dish.name for one in planned for dish in one.dishes if dish.name not in EVERYDAY)


def _share_of_commonest(planned: Sequence[Dinner]) -> str:
    return f"{sum(n for _, n in commonest(planned)) / _places(planned).total():.1%}"


def _most_served(planned: Sequence[Dinner]) -> str:
    (name, count), *_ = commonest(planned)
    return f"{count} ({name})"


def _soups(planned: Sequence[Dinner]) -> str:
    served = {dish.name for one in planned for dish in one.dishes if dish.role == Role.SOUP}
    every = sum(dish.role == Role.SOUP for dish in planned[0].cookbook.dishes.values())
    return f"{len(served)} of {every}"


def _mains(planned: Sequence[Dinner]) -> str:
    return str(len({one.dishes[0].name for one in planned}))


def _mean_salt(planned: Sequence[Dinner]) -> str:
    return f"{statistics.mean(one.salt_grams for one in planned):.2f} g"


def _share(test: Callable[[Dinner], bool]) -> Callable[[Sequence[Dinner]], str]:
    return lambda planned: f"{sum(map(test, planned)) / len(planned):.1%}"


def _asked_in_main(planned: Sequence[Dinner]) -> str:
    answers = [one.asked_in_main for one in planned if one.asked_in_main is not None]
    return f"{sum(answers)} of {len(answers)}"


def _any_clash(dinner: Dinner) -> bool:
    return bool(clashes(dinner.dishes, dinner.cookbook))


ROWS: Final[dict[str, Callable[[Sequence[Dinner]], str]]] = {
    "dinners": lambda planned: str(len(planned)),
    f"places that the {COMMONEST} commonest dishes fill": _share_of_commonest,
    "the commonest dish": _most_served,
    "different mains": _mains,
    "soups that occur": _soups,
    "mean salt": _mean_salt,
    f"salt of at most {SALT_GRAMS:g} g": _share(lambda one: one.salt_grams <= SALT_GRAMS),
    f"vegetables of at least {VEGETABLES_GRAMS:g} g": _share(
        lambda one: one.vegetables_grams >= VEGETABLES_GRAMS
    ),
    "any clash": _share(_any_clash),
    **{
        f"clash: {kind}": _share(lambda one, kind=kind: kind in clashes(one.dishes, one.cookbook))
        for kind in CLASHES
    },
    "asked meat and fish all in the main": _asked_in_main,
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--list", action="store_true", help="print the commonest dishes, too")
    options = parser.parse_args()
    chef = load_chef()
    planner = Planner(chef.cookbook)
    texts = requests(chef.cookbook)

    def by_model(order: Order, number: int) -> Plan:
        return chef.plan(order, Deadline.after(60), number)

    def by_chance(order: Order, number: int) -> Plan:
        choose = uniform(random.Random(number))
        return planner.plan(replace(order, variety=number), choose, Deadline.after(60))

    def day_of_year(number: int) -> date:
        return ONE_DAY + timedelta(days=number * DAYS_OF_A_YEAR // len(texts))

    columns = {
        "one day": dinners(texts, lambda _: ONE_DAY, chef.cookbook, by_model),
        "over a year": dinners(texts, day_of_year, chef.cookbook, by_model),
        "one day, chosen by chance": dinners(texts, lambda _: ONE_DAY, chef.cookbook, by_chance),
    }
    print("| " + " | ".join(("300 requests for a dinner", *columns)) + " |")
    print("| --- " * (len(columns) + 1) + "|")
    for title, figure in ROWS.items():
        print("| " + " | ".join((title, *map(figure, columns.values()))) + " |")
    if options.list:
        for title, planned in columns.items():
            print(title, commonest(planned))


if __name__ == "__main__":
    main()
