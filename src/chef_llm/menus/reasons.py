"""Why there is no menu: which constraint has to give, and by how much."""

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from chef_llm.cookbook import Cookbook, Dish, Role
from chef_llm.errors import NoMenu
from chef_llm.menus.constraints import DIETS, Constraints, Range
from chef_llm.menus.limits import Limit, as_limits, costs_of, least_total, within_limits
from chef_llm.menus.meals import by_role, candidates, structures

NUTRIENT_WORDS: Final = {
    "energy_kcal": ("エネルギー", "kcal"),
    "protein_g": ("たんぱく質", "g"),
    "salt_g": ("食塩", "g"),
}
SEASONS: Final = ("春", "夏", "秋", "冬")


def no_menu(
    constraints: Constraints,
    meal: str,
    asked: Collection[str],
    cookbook: Cookbook,
    planned_meals: int,
) -> NoMenu:
    """Return the error for a meal that cannot be planned.

    One constraint at a time is let go; the first that would make a menu possible is named, with
    the value at which it would. `planned_meals` were possible before: then the days are too many.
    """
    table = Table(meal, asked, cookbook)
    if table.has_menu(constraints):
        return NoMenu(
            f"条件に合う料理が足りず、料理を重ねずに作れるのは{planned_meals}食分までです。"
            "days か meals を減らすか、条件をゆるめてください。",
            param="days",
        )
    several = ("constraints", "ひとつではなく、複数の条件をゆるめてください。")
    param, words = next(table.what_has_to_give(constraints), several)
    return NoMenu(f"条件をすべて守れる{meal}の献立がありません。{words}", param=param)


@dataclass(frozen=True)
class Table:
    """One meal with no other before it, and what can be served at it."""

    meal: str
    asked: Collection[str]
    cookbook: Cookbook

    def has_menu(self, constraints: Constraints) -> bool:
        """Tell whether any menu keeps `constraints`."""
        limits = as_limits(constraints.meal_limits)
        return any(
            within_limits(pools, costs_of(pools, limits, self.cookbook), limits)
            for pools in self._pools(constraints)
        )

    def what_has_to_give(self, constraints: Constraints) -> Iterator[tuple[str, str]]:
        """Yield (field, what to say) of each constraint that alone is in the way, softest first."""
        if constraints.max_minutes is not None and (minutes := self._least_minutes(constraints)):
            yield "max_minutes", f"max_minutes を{minutes}分以上にすると作れます。"
        if constraints.cuisine is not None and self.has_menu(replace(constraints, cuisine=None)):
            yield "cuisine", "cuisine の指定を外すと作れます。"
        yield from self._limits_in_the_way(constraints)
        for diet in sorted(constraints.diets):
            if self.has_menu(replace(constraints, diets=constraints.diets - {diet})):
                words = self._range_words(constraints, diet)
                yield "diet", f"diet の {diet}（{DIETS[diet].title}）を外すと作れます。{words}"
        for season in SEASONS if constraints.season is not None else ():
            if self.has_menu(replace(constraints, season=season)):
                yield "season", f"season を {season} にすると作れます。"
        for word in sorted(constraints.excluded):
            if self.has_menu(replace(constraints, excluded=constraints.excluded - {word})):
                yield "exclude", f"exclude の「{word}」を使ってよければ作れます。"
        if self.has_menu(replace(constraints, excluded_dishes=frozenset())):
            yield "exclude", "exclude の料理を減らすと作れます。"
        for allergen in sorted(constraints.allergens):
            if self.has_menu(replace(constraints, allergens=constraints.allergens - {allergen})):
                # Never a proposal to serve it: only what stands in the way.
                yield "allergens", f"「{allergen}」を含まない料理が足りません。"

    def _pools(self, constraints: Constraints) -> Iterator[dict[Role, list[Dish]]]:
        dishes = candidates(self.meal, self.asked, constraints, self.cookbook)
        choices = structures(self.meal, self.asked, (), self.cookbook)
        for structure in dict.fromkeys(chain.from_iterable(choices)):
            pools = by_role(dishes, structure, self.meal)
            if all(pools.values()):
                yield pools

    def _least_minutes(self, constraints: Constraints) -> int | None:
        """Return the least time that makes a menu possible."""
        times = sorted({dish.minutes for dish in self.cookbook.dishes.values()})
        return next((t for t in times if self.has_menu(replace(constraints, max_minutes=t))), None)

    def _limits_in_the_way(self, constraints: Constraints) -> Iterator[tuple[str, str]]:
        for nutrient, asked in constraints.limits.items():
            others = {name: one for name, one in constraints.limits.items() if name != nutrient}
            bounds = self._possible_range(replace(constraints, limits=others), nutrient)
            if bounds is not None:
                yield f"nutrition.{nutrient}", _range_sentence(nutrient, bounds, asked)

    def _range_words(self, constraints: Constraints, diet: str) -> str:
        """Say how near to the figures of `diet` a menu comes without it."""
        without = replace(constraints, diets=constraints.diets - {diet})
        return "".join(
            _range_sentence(nutrient, bounds, asked)
            for nutrient, asked in DIETS[diet].limits.items()
            if (bounds := self._possible_range(without, nutrient)) is not None
        )

    def _possible_range(
        self, constraints: Constraints, nutrient: str
    ) -> tuple[float, float] | None:
        """Return the least and the most of `nutrient` that menus inside `constraints` have."""
        # Two limits more, which hold nothing back: how far down and up does it go?
        ends = (Limit(nutrient, 1, math.inf), Limit(nutrient, -1, math.inf))
        limits = (*as_limits(constraints.meal_limits), *ends)
        found: list[float] = []
        for pools in self._pools(constraints):
            costs = costs_of(pools, limits, self.cookbook)
            for index in (len(limits) - 2, len(limits) - 1):
                least = least_total(pools, costs, limits, index)
                if least is not None:
                    found.append(limits[index].sign * least)
        return (min(found), max(found)) if found else None


def _range_sentence(nutrient: str, bounds: tuple[float, float], asked: Range) -> str:
    words, unit = NUTRIENT_WORDS[nutrient]
    # Rounded inwards: what is said to be possible is.
    low, high = math.ceil(bounds[0] * 10) / 10, math.floor(bounds[1] * 10) / 10
    possible = f"1食の{words}は{low:.1f}{unit}から{high:.1f}{unit}の範囲で作れます"
    least, most = asked
    ends = ("" if end is None else f"{end:g}{unit}" for end in (least, most))
    narrow = (least is None or least <= high) and (most is None or most >= low)
    return f"{possible}（指定: {'〜'.join(ends)}）。{'幅を広げてください。' if narrow else ''}"
