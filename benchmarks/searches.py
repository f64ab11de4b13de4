"""How good the search for a whole plan is: what a plan costs, beside less search and more.

    python benchmarks/searches.py

The same drawn menus are put into plans by each of `SEARCHES`; the cost is the part that is told in
units of the taste (`menus/weighing.py`), less is better. No model chooses here.
"""

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import chef_llm.menus.week as week_module
from chef_llm.cookbook import load_cookbook
from chef_llm.menus.planner import Planner
from chef_llm.menus.supply import Supply
from chef_llm.menus.week import Week
from chef_llm.menus.weighing import Weighing
from chef_llm.reading.order import Constraints, Order, Slot

DAYS_OF_THE_WEEK: Final = tuple("月火水木金土日")
MORE: Final = 4
RESTARTS: Final = 15


@dataclass(frozen=True)
class Size:
    """A plan of so many days and meals, planned so often."""

    name: str
    days: int
    meals: tuple[str, ...]
    times: int

    def order(self, seed: int) -> Order:
        """Return the order of one plan."""
        days = range(1, self.days + 1)
        return Order(
            "献立",
            Constraints(),
            tuple(Slot(day, meal) for day in days for meal in self.meals),
            weekdays=(DAYS_OF_THE_WEEK * 2)[: self.days],
            variety=seed,
        )


SIZES: Final = (
    Size("seven dinners", 7, ("夕食",), 8),
    Size("14 days, three meals", 14, ("朝食", "昼食", "夕食"), 2),
)


def in_turn(week: Week, rng: random.Random) -> None:  # noqa: ARG001
    """Put the best menu at each place in turn, once: a meal at a time."""
    for place in range(len(week.placed)):
        week.fill(place)


def mended(week: Week, rng: random.Random) -> None:  # noqa: ARG001
    """Go on until no other menu and no exchange makes it better."""
    week.mend()


def shaken(week: Week, rng: random.Random) -> None:
    """Search as the planner does."""
    week.search(rng)


def shaken_longer(week: Week, rng: random.Random) -> None:
    """Search as the planner does, so many times as long."""
    usual = week_module.SHAKEN
    week_module.SHAKEN = usual * MORE  # type: ignore[misc]
    week.search(rng)
    week_module.SHAKEN = usual  # type: ignore[misc]


def restarted(week: Week, rng: random.Random) -> None:
    """Mend plans of any menus, and keep the best."""
    found = []
    for _ in range(RESTARTS):
        week.placed = [rng.choice(menus) for menus in week.supply]
        week.mend()
        found.append((week.cost, list(week.placed)))
    week.placed = min(found, key=lambda pair: pair[0])[1]


SEARCHES: Final[dict[str, Callable[[Week, random.Random], None]]] = {
    "a meal at a time": in_turn,
    "mended until nothing is better": mended,
    "shaken and mended, as it ships": shaken,
    f"{MORE} times as long": shaken_longer,
    f"best of {RESTARTS} plans of any menus, mended": restarted,
}


def main() -> None:
    """Print a table for each size of plan."""
    cookbook = load_cookbook()
    planner = Planner(cookbook)
    print("| plan | search | cost | seconds of this core |")
    print("| --- | --- | --- | --- |")
    for size in SIZES:
        costs: dict[str, list[float]] = {name: [] for name in SEARCHES}
        seconds: dict[str, list[float]] = {name: [] for name in SEARCHES}
        for seed in range(size.times):
            order = size.order(seed)
            supply = Supply(order, planner.taster).of_places()
            for name, search in SEARCHES.items():
                week = Week(list(supply), Weighing(order, cookbook))
                started = time.process_time()
                search(week, random.Random(seed))
                seconds[name].append(time.process_time() - started)
                costs[name].append(week.cost.rest)
        for name in SEARCHES:
            cost, spent = statistics.fmean(costs[name]), statistics.median(seconds[name])
            print(f"| {size.name} | {name} | {cost:.1f} | {spent:.2f} |")


if __name__ == "__main__":
    main()
