"""Why there is no menu: which constraint has to give, and by how much."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from chef_llm.cookbook import Cookbook, Dish
from chef_llm.cookbook.vocabulary import LIMITED, PRICE, Range
from chef_llm.errors import NoMenu
from chef_llm.menus.constraints import Relaxed, TotalMinutes, meal_limits, ways_to_give
from chef_llm.menus.figures import Limit, as_limits, costs_of, has_menu, least_total
from chef_llm.menus.hurry import Draws, quickest_minutes, ready_pools
from chef_llm.menus.meals import (
    Course,
    by_course,
    candidates,
    structures,
    with_fitting_staples,
    with_one_soup,
)
from chef_llm.reading.order import Constraints, Order


def no_menu(order: Order, meal: str, cookbook: Cookbook, planned_meals: int) -> NoMenu:
    """Return the error for a meal that cannot be planned.

    One constraint at a time is let go; the first that would make a menu possible is named, with
    the value at which it would. `planned_meals` were possible before: then the days are too many.
    """
    table = Table(meal, order, cookbook)
    if table.has_menu(order.constraints):
        return NoMenu(
            f"条件に合う料理が足りず、料理を重ねずに作れるのは{planned_meals}食分までです。"
            "days か meals を減らすか、条件をゆるめてください。",
            param="days",
        )
    param, words = "constraints", "ひとつではなく、複数の条件をゆるめてください。"
    for relaxed in ways_to_give(order.constraints, cookbook):
        if table.has_menu(relaxed.constraints):
            param, words = relaxed.field, relaxed.words + table.possible(relaxed)
            break
    return NoMenu(f"条件をすべて守れる{meal}の献立がありません。{words}", param=param)


@dataclass(frozen=True)
class Table:
    """One meal with no other before it, and what can be served at it."""

    meal: str
    order: Order
    cookbook: Cookbook

    def has_menu(self, constraints: Constraints) -> bool:
        """Tell whether any menu keeps `constraints`."""
        minutes, limits = constraints.max_total_minutes, as_limits(meal_limits(constraints))
        return any(
            ready_pools([pools], minutes, limits, self.cookbook)
            for pools in self._possible(constraints)
        )

    def possible(self, relaxed: Relaxed) -> str:
        """Say how near to the asked figures, or the asked time, a menu comes when it gives."""
        if relaxed.field == TotalMinutes.field:
            limits = as_limits(meal_limits(relaxed.constraints))
            pools = list(self._possible(relaxed.constraints))
            minutes = quickest_minutes(Draws(pools, limits, self.cookbook))
            return f"max_total_minutes を{minutes}分以上にすると作れます。" if minutes else ""
        return "".join(
            _range_sentence(nutrient, bounds, asked)
            for nutrient, asked in relaxed.figures.items()
            if (bounds := self._possible_range(relaxed.constraints, nutrient)) is not None
        )

    def _possible(self, constraints: Constraints) -> Iterator[dict[Course, list[Dish]]]:
        """Yield the pools of which a menu keeps the limits."""
        limits = as_limits(meal_limits(constraints))
        for pools in self._pools(constraints):
            if has_menu(pools, costs_of(pools, limits, self.cookbook), limits):
                yield pools

    def _pools(self, constraints: Constraints) -> Iterator[dict[Course, list[Dish]]]:
        asked = self.order.ingredients
        dishes = candidates(self.meal, asked, constraints, self.cookbook)
        choices = structures(self.order, self.meal, asked, (), self.cookbook)
        for structure in dict.fromkeys(chain.from_iterable(choices)):
            pools = with_fitting_staples(by_course(dishes, structure, self.meal), self.meal)
            variants = [pools] if self.order.roles else with_one_soup(pools, self.cookbook)
            yield from (variant for variant in variants if all(variant.values()))

    def _possible_range(
        self, constraints: Constraints, nutrient: str
    ) -> tuple[float, float] | None:
        """Return the least and the most of `nutrient` that menus inside `constraints` have."""
        # Two limits more, which hold nothing back: how far down and up does it go?
        ends = (Limit(nutrient, 1, math.inf), Limit(nutrient, -1, math.inf))
        limits = (*as_limits(meal_limits(constraints)), *ends)
        found: list[float] = []
        for pools in self._pools(constraints):
            costs = costs_of(pools, limits, self.cookbook)
            for index in (len(limits) - 2, len(limits) - 1):
                least = least_total(pools, costs, limits, index)
                if least is not None:
                    found.append(limits[index].sign * least)
        return (min(found), max(found)) if found else None


def _range_sentence(nutrient: str, bounds: tuple[float, float], asked: Range) -> str:
    words, unit = LIMITED[nutrient].label.japanese, LIMITED[nutrient].unit
    digits = 0 if nutrient == PRICE else 1
    # Rounded inwards: what is said to be possible is.
    low = math.ceil(bounds[0] * 10**digits) / 10**digits
    high = math.floor(bounds[1] * 10**digits) / 10**digits
    possible = f"1食の{words}は{low:.{digits}f}{unit}から{high:.{digits}f}{unit}の範囲で作れます"
    least, most = asked
    ends = ("" if end is None else f"{end:g}{unit}" for end in (least, most))
    narrow = (least is None or least <= high) and (most is None or most >= low)
    return f"{possible}（指定: {'〜'.join(ends)}）。{'幅を広げてください。' if narrow else ''}"
