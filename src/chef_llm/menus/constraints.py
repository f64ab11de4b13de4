"""What a menu must keep, a class for each kind: what breaks it, how it was kept, how it may give.

A new one is a class here and its place in `IN_ORDER` and `SOFTEST_FIRST`.
"""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar, Final

from chef_llm.cookbook import Cookbook, Dish, Role
from chef_llm.cookbook.tools import HEATING, RICE_COOKER, STOVE, tools_of
from chef_llm.cookbook.vocabulary import DIETS, LIMITED, PRICE, SEASONS, Range
from chef_llm.menus.way import way_to_table
from chef_llm.reading.conditions import conditions
from chef_llm.reading.figures import merged
from chef_llm.reading.order import Constraints

# No food groups: "生" leaves out all that is eaten raw, "生もの" fish, roe, meat and eggs alone.
RAW: Final = "生"
RAW_ANIMAL: Final = "生もの"


@dataclass(frozen=True)
class Served:
    """A finished plan, as far as its constraints ask: the dishes of each meal."""

    meals: Sequence[Sequence[Dish]]
    cookbook: Cookbook
    candidate_count: int

    def figures(self, nutrient: str) -> str:
        """Say how much of a nutrient the meals have."""
        totals = [
            sum(self.cookbook.limited(dish, nutrient) for dish in dishes) for dishes in self.meals
        ]
        digits = 0 if nutrient == PRICE else 1
        ends = dict.fromkeys(f"{total:.{digits}f}" for total in (min(totals), max(totals)))
        known = LIMITED[nutrient]
        return f"1食あたりの{known.label.japanese}は{'〜'.join(ends)}{known.unit}です。"

    @property
    def choice(self) -> str:
        """Say how many dishes there were to choose from."""
        every = len(self.cookbook.dishes)
        return f"{every}品から条件に合う{self.candidate_count}品だけを候補にしました。"


@dataclass(frozen=True)
class Kept:
    """One constraint, by its field and value, and how it was kept."""

    field: str
    value: str
    how: str


@dataclass(frozen=True)
class Relaxed:
    """Constraints of which one gives, and what to say where a menu is possible then.

    Of `figures` (nutrient to what was asked) the possible range is said too.
    """

    field: str
    constraints: Constraints
    words: str
    figures: Mapping[str, Range] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Rule(ABC):
    """One kind of constraint, with all that were asked for; by itself it asks for nothing."""

    asked: Constraints

    # Its field in `POST /v1/menus`.
    field = ""
    # The values of `Constraints` that it is about.
    about: ClassVar[tuple[str, ...]] = ()

    @property
    def asks(self) -> bool:
        """Tell whether it is about anything here: most orders ask for few kinds."""
        return any(getattr(self.asked, name) not in (None, frozenset()) for name in self.about)

    @abstractmethod
    def breaks(self, dish: Dish, cookbook: Cookbook) -> bool:
        """Tell whether `dish` alone breaks it."""

    @property
    def limits(self) -> Sequence[Mapping[str, Range]]:
        """Limits of a whole meal, per serving; `figures.within_limits` keeps them."""
        return ()

    @abstractmethod
    def kept(self, served: Served) -> Iterator[Kept]:
        """Yield how it was kept; the plan has been verified before."""

    @abstractmethod
    def relaxed(self, cookbook: Cookbook) -> Iterator[Relaxed]:
        """Yield the ways in which it may give, the smallest first."""


class Allergens(Rule):
    """No dish holds a labelled allergen, in no seasoning either."""

    field = "allergens"
    about = ("allergens",)

    def breaks(self, dish: Dish, cookbook: Cookbook) -> bool:
        """Look at every ingredient of `dish`."""
        return not self.asked.allergens.isdisjoint(cookbook.allergens(dish))

    def kept(self, served: Served) -> Iterator[Kept]:
        """Yield each allergen."""
        for name in sorted(self.asked.allergens):
            yield Kept(self.field, name, served.choice)

    def relaxed(self, cookbook: Cookbook) -> Iterator[Relaxed]:  # noqa: ARG002
        """Never propose to serve it: say only what stands in the way."""
        for name in sorted(self.asked.allergens):
            without = replace(self.asked, allergens=self.asked.allergens - {name})
            yield Relaxed(self.field, without, f"「{name}」を含まない料理が足りません。")


class Exclusions(Rule):
    """Foods, food groups and dishes that are not served."""

    field = "exclude"
    about = ("excluded", "excluded_dishes")

    def breaks(self, dish: Dish, cookbook: Cookbook) -> bool:
        """Look at names, groups and, of what is raw, the method."""
        excluded = self.asked.excluded
        return (
            not excluded.isdisjoint(dish.ingredient_names)
            or not excluded.isdisjoint(cookbook.groups(dish))
            or (RAW in excluded and (dish.method == RAW or bool(dish.raw)))
            or dish.name in self.asked.excluded_dishes
        )

    def kept(self, served: Served) -> Iterator[Kept]:
        """Yield each name; who is allergic to eggs also leaves out eggs, which is said once."""
        names = sorted(self.asked.excluded - self.asked.allergens)
        for name in (*names, *sorted(self.asked.excluded_dishes)):
            yield Kept(self.field, name, served.choice)

    def relaxed(self, cookbook: Cookbook) -> Iterator[Relaxed]:  # noqa: ARG002
        """Yield each food, then all dishes."""
        for name in sorted(self.asked.excluded):
            without = replace(self.asked, excluded=self.asked.excluded - {name})
            yield Relaxed(self.field, without, f"exclude の「{name}」を使ってよければ作れます。")
        if self.asked.excluded_dishes:
            without = replace(self.asked, excluded_dishes=frozenset())
            yield Relaxed(self.field, without, "exclude の料理を減らすと作れます。")


class Diets(Rule):
    """Diets: what they leave out, and their limits of a meal."""

    field = "diet"
    about = ("diets",)

    def breaks(self, dish: Dish, cookbook: Cookbook) -> bool:
        """Look at groups and allergens."""
        groups, allergens = cookbook.groups(dish), cookbook.allergens(dish)
        diets = [DIETS[name] for name in self.asked.diets]
        return any(
            groups & diet.without_groups or allergens & diet.without_allergens for diet in diets
        )

    @property
    def limits(self) -> Sequence[Mapping[str, Range]]:
        """The limits of all diets."""
        return [DIETS[name].limits for name in sorted(self.asked.diets)]

    def kept(self, served: Served) -> Iterator[Kept]:
        """Yield each diet with its figures."""
        for name in sorted(self.asked.diets):
            figures = "、".join(map(served.figures, DIETS[name].limits))
            label = DIETS[name].label.japanese
            yield Kept(self.field, name, f"{label}: {figures or served.choice}")

    def relaxed(self, cookbook: Cookbook) -> Iterator[Relaxed]:  # noqa: ARG002
        """Yield each diet let go."""
        for name in sorted(self.asked.diets):
            without = replace(self.asked, diets=self.asked.diets - {name})
            words = f"diet の {name}（{DIETS[name].label.japanese}）を外すと作れます。"
            yield Relaxed(self.field, without, words, DIETS[name].limits)


class Conditions(Rule):
    """Whom the menu is for: what is not for them, and the tag that every dish must have."""

    field = "condition"
    about = ("conditions",)

    def breaks(self, dish: Dish, cookbook: Cookbook) -> bool:
        """Look at names and groups, at what is not cooked through, and at the tag."""
        if not self.asked.conditions:
            return False
        held = dish.ingredient_names | cookbook.groups(dish)
        if dish.raw:
            held |= {RAW_ANIMAL}
        rows = [conditions()[name] for name in self.asked.conditions]
        return any(
            not row.without.isdisjoint(held)
            or not row.without_tags.isdisjoint(dish.tags)
            or (row.only is not None and row.only not in dish.tags)
            for row in rows
        )

    def kept(self, served: Served) -> Iterator[Kept]:
        """Yield each of them."""
        for name in sorted(self.asked.conditions):
            yield Kept(self.field, name, served.choice)

    def relaxed(self, cookbook: Cookbook) -> Iterator[Relaxed]:  # noqa: ARG002
        """Never propose to pass over one: say only what stands in the way."""
        for name in sorted(self.asked.conditions):
            without = replace(self.asked, conditions=self.asked.conditions - {name})
            yield Relaxed(self.field, without, f"「{name}」に合う料理が足りません。")


class Minutes(Rule):
    """The time that any one dish may take."""

    field = "max_minutes"
    about = ("max_minutes",)

    def breaks(self, dish: Dish, cookbook: Cookbook) -> bool:  # noqa: ARG002
        """Look at the dish's minutes, waiting counted in."""
        return self.asked.max_minutes is not None and dish.all_minutes > self.asked.max_minutes

    def kept(self, served: Served) -> Iterator[Kept]:
        """Say how long the slowest dish takes."""
        if self.asked.max_minutes is not None:
            longest = max(dish.all_minutes for dishes in served.meals for dish in dishes)
            how = f"いちばん時間のかかる料理で{longest}分です。"
            yield Kept(self.field, str(self.asked.max_minutes), how)

    def relaxed(self, cookbook: Cookbook) -> Iterator[Relaxed]:
        """Yield more and more time."""
        if self.asked.max_minutes is None:
            return
        for minutes in sorted({dish.all_minutes for dish in cookbook.dishes.values()}):
            if minutes > self.asked.max_minutes:
                more = replace(self.asked, max_minutes=minutes)
                words = f"max_minutes を{minutes}分以上にすると作れます。"
                yield Relaxed(self.field, more, words)


class TotalMinutes(Rule):
    """The time from the first move to the table; `hurry` finds the menus that keep it."""

    field = "max_total_minutes"
    about = ("max_total_minutes",)

    def breaks(self, dish: Dish, cookbook: Cookbook) -> bool:  # noqa: ARG002
        """Look at the dish's minutes: no meal is ready before its longest dish."""
        most = self.asked.max_total_minutes
        return most is not None and dish.all_minutes > most

    def kept(self, served: Served) -> Iterator[Kept]:
        """Say how long the longest meal takes."""
        if self.asked.max_total_minutes is not None:
            longest = max(way_to_table(dishes).total_minutes for dishes in served.meals)
            how = f"段取りよく作ると、1食は全部で{longest}分までです。"
            yield Kept(self.field, str(self.asked.max_total_minutes), how)

    def relaxed(self, cookbook: Cookbook) -> Iterator[Relaxed]:  # noqa: ARG002
        """Let it go; how long a meal takes then is said by who looks for one (`reasons`)."""
        if self.asked.max_total_minutes is not None:
            yield Relaxed(self.field, replace(self.asked, max_total_minutes=None), "")


class Figures(Rule):
    """Limits of a meal's nutrients and of its estimated price, as they were asked for."""

    field = "nutrition"

    def breaks(self, dish: Dish, cookbook: Cookbook) -> bool:  # noqa: ARG002
        """Say no: a matter of the whole meal."""
        return False

    @property
    def limits(self) -> Sequence[Mapping[str, Range]]:
        """The limits that were asked for."""
        return [self.asked.limits]

    def kept(self, served: Served) -> Iterator[Kept]:
        """Yield what each nutrient came to."""
        for nutrient, ends in self.asked.limits.items():
            if ends != (None, None):
                value = "〜".join("" if end is None else f"{end:g}" for end in ends)
                yield Kept(self._field_of(nutrient), value, served.figures(nutrient))

    def relaxed(self, cookbook: Cookbook) -> Iterator[Relaxed]:  # noqa: ARG002
        """Yield each limit let go."""
        for nutrient, ends in self.asked.limits.items():
            others = {name: one for name, one in self.asked.limits.items() if name != nutrient}
            without = replace(self.asked, limits=others)
            yield Relaxed(self._field_of(nutrient), without, "", {nutrient: ends})

    def _field_of(self, nutrient: str) -> str:
        return "budget_yen" if nutrient == PRICE else f"{self.field}.{nutrient}"


class OneCuisine(Rule):
    """The cuisine of what leads a meal; plain rice, side dishes and soups go with any."""

    field = "cuisine"
    about = ("cuisine",)

    def breaks(self, dish: Dish, cookbook: Cookbook) -> bool:  # noqa: ARG002
        """Look at 主菜 and bowls."""
        leads = dish.role == Role.MAIN or dish.is_one_bowl
        return leads and self.asked.cuisine not in (None, dish.cuisine)

    def kept(self, served: Served) -> Iterator[Kept]:  # noqa: ARG002
        """Say where it counts."""
        if self.asked.cuisine is not None:
            yield Kept(self.field, self.asked.cuisine, "主菜と一皿ものをこの中から選びました。")

    def relaxed(self, cookbook: Cookbook) -> Iterator[Relaxed]:  # noqa: ARG002
        """Let it go."""
        if self.asked.cuisine is not None:
            without = replace(self.asked, cuisine=None)
            yield Relaxed(self.field, without, "cuisine の指定を外すと作れます。")


GROWN_OR_CAUGHT: Final = frozenset({"野菜・果物", "魚介"})


@lru_cache(maxsize=4)
def _of_a_season(cookbook: Cookbook) -> frozenset[str]:
    """Return the vegetables and fish that mostly stand in dishes of a season: なす, no 玉ねぎ."""
    counts: dict[str, list[bool]] = {}
    for dish in cookbook.dishes.values():
        for name in dish.keywords:
            counts.setdefault(name, []).append(bool(dish.seasons))
    return frozenset(
        name
        for name, of_one in counts.items()
        if cookbook.ingredients[name].section in GROWN_OR_CAUGHT and 2 * sum(of_one) > len(of_one)
    )


class OneSeason(Rule):
    """The season of all dishes that have one, but for those around something at hand.

    The dishes of a feast are served at its time.
    """

    field = "season"
    about = ("season", "month")

    def breaks(self, dish: Dish, cookbook: Cookbook) -> bool:
        """Look at the dish's seasons and months."""
        if dish.name in self.asked.of_any_season:
            return False
        if self.asked.month is not None and dish.months:
            return self.asked.month not in dish.months
        if self.asked.season is None or not dish.seasons or self.asked.season in dish.seasons:
            return False
        # Who has tofu has no bitter melon now.
        of_a_season = _of_a_season(cookbook).intersection(dish.keywords)
        is_wished = not self.asked.of_any_season.isdisjoint(of_a_season or dish.keywords)
        return bool(dish.months) or not is_wished

    def kept(self, served: Served) -> Iterator[Kept]:  # noqa: ARG002
        """Say what was left out."""
        if self.asked.season is not None:
            but = "、頼まれた食材のもののほかは" if self.asked.of_any_season else "を"
            how = f"ほかの季節の料理{but}候補から外しました。"
            yield Kept(self.field, self.asked.season, how)

    def relaxed(self, cookbook: Cookbook) -> Iterator[Relaxed]:  # noqa: ARG002
        """Yield the other seasons."""
        for season in SEASONS if self.asked.season is not None else ():
            other = replace(self.asked, season=season, month=None)
            yield Relaxed(self.field, other, f"season を {season} にすると作れます。")


class Tools(Rule):
    """What there is to cook with; the rice is boiled all the same where only a pan is left."""

    field = "tools"
    about = ("tools_only", "tools_without")

    def breaks(self, dish: Dish, cookbook: Cookbook) -> bool:  # noqa: ARG002
        """Look at what the dish's steps take."""
        if not self.asked.lack_tools or dish.name in self.asked.of_any_tool:
            return False
        needed = tools_of(dish)
        if needed & self.asked.tools_without:
            return True
        left = needed & (HEATING | {STOVE}) - {RICE_COOKER} - self.asked.tools_only
        return bool(self.asked.tools_only and left)

    @property
    def _but(self) -> str:
        """What it is not said of."""
        return "（そのままの料理を除く）" if self.asked.of_any_tool else ""

    def kept(self, served: Served) -> Iterator[Kept]:
        """Say what is used and what is not."""
        if self.asked.tools_only:
            names = "・".join(sorted(self.asked.tools_only))
            yield Kept(self.field, f"{names}だけ{self._but}", served.choice)
        for name in sorted(self.asked.tools_without):
            yield Kept(self.field, f"{name}なし{self._but}", served.choice)

    def relaxed(self, cookbook: Cookbook) -> Iterator[Relaxed]:  # noqa: ARG002
        """Let them go."""
        if self.asked.lack_tools:
            without = replace(self.asked, tools_only=frozenset(), tools_without=frozenset())
            yield Relaxed(self.field, without, "使える道具の指定を外すと作れます。")


# As they are told of, and as the first of them is named that a dish breaks.
IN_ORDER: Final = (
    *(Allergens, Exclusions, Diets, Conditions),
    *(Minutes, TotalMinutes, Tools, Figures, OneCuisine, OneSeason),
)
# As they are let go when there is no menu.
SOFTEST_FIRST: Final = (
    *(TotalMinutes, Minutes, OneCuisine, Figures, Tools, Diets, OneSeason),
    *(Exclusions, Conditions, Allergens),
)


def breach(constraints: Constraints, dish: Dish, cookbook: Cookbook) -> str | None:
    """Return the field of the first constraint that `dish` alone breaks, None when it may be."""
    for kind in IN_ORDER:
        if kind(constraints).breaks(dish, cookbook):
            return kind.field
    return None


def allowed_dishes(constraints: Constraints, cookbook: Cookbook) -> list[Dish]:
    """Return the dishes that break no constraint."""
    dishes = list(cookbook.dishes.values())
    for rule in (kind(constraints) for kind in IN_ORDER):
        if rule.asks:
            dishes = [dish for dish in dishes if not rule.breaks(dish, cookbook)]
    return dishes


def meal_limits(constraints: Constraints) -> dict[str, Range]:
    """Return the limits of a meal, those of diets included: of two the tighter holds."""
    return merged(limits for kind in IN_ORDER for limits in kind(constraints).limits)


def how_kept(
    constraints: Constraints, meals: Sequence[Sequence[Dish]], cookbook: Cookbook
) -> list[Kept]:
    """Return how each constraint was kept by a verified plan."""
    served = Served(meals, cookbook, len(allowed_dishes(constraints, cookbook)))
    return [kept for kind in IN_ORDER for kept in kind(constraints).kept(served)]


def ways_to_give(constraints: Constraints, cookbook: Cookbook) -> Iterator[Relaxed]:
    """Yield the constraints with one of them let go, the softest first."""
    for kind in SOFTEST_FIRST:
        yield from kind(constraints).relaxed(cookbook)
