"""Whole menus for a meal, out of what may be served: the best to a cook's taste, and which differ.

Of each setting a sample of menus is drawn; those that have most of what is asked for, few things to
wash and no clash stay, and are put in order by how well their dishes go together.
"""

import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Final

from chef_llm.cookbook import Dish, Role
from chef_llm.cookbook.tools import tools_of
from chef_llm.cookbook.vocabulary import VEGETABLES
from chef_llm.menus.at_home import is_of_what_is_there, worth
from chef_llm.menus.clashes import FLAVOURS, flavours_of, marks_of_foods
from chef_llm.menus.constraints import meal_limits
from chef_llm.menus.drawing import DINNER, Drawn, Plate, draw
from chef_llm.menus.figures import Limit
from chef_llm.menus.hurry import Draws, in_time, nearest
from chef_llm.menus.meals import Course, leading_course
from chef_llm.menus.plan import EVERYDAY, Menu
from chef_llm.menus.pools import Larder
from chef_llm.menus.setting import Setting
from chef_llm.menus.taste import score
from chef_llm.menus.using_up import grams_in
from chef_llm.reading.order import Order, Slot

# How many of the menus that are offered may share a side dish.
MOST_OFFERED: Final = 2
# Meat or fish in the main dish counts for as much more as other foods anywhere.
IN_THE_MAIN: Final = 2
# What a food counts that is a dish's own.
OF_A_FOOD: Final = 2
# So much of a vegetable in a serving is more than a garnish.
MUCH_OF_A_VEGETABLE_GRAMS: Final = 25.0
WHOLE_GRAMS: Final = 100.0
# Foods that are asked for are sooner cooked as one dish than shared out; in units of the taste.
OF_THE_LEADING: Final = 0.6
# Of what there is very much, for 100 g a serving, up to so many grams.
OF_MUCH: Final = 0.8
MOST_OF_MUCH_GRAMS: Final = 300.0
# Two dishes of potatoes leave less room for vegetables.
VEGETABLES_BESIDE_MUCH: Final = 0.5
# Unasked, households cook these less often; in units of the taste, a logit.
RARE_CUISINES: Final[Mapping[str, float]] = {"エスニック": 1.5, "韓": 0.7}
# How far chance reaches into the taste, whose unit is the logit of preferring one of two menus: 0
# would serve its favourites daily.
CHANCE: Final = 0.8
# Where a course has so many dishes, one in so many is drawn from.
MANY_DISHES: Final = 40
ONE_IN: Final = 4
# Of what is there alone all menus are looked at, of so many dishes of a course.
FEW_DISHES: Final = 4
# A hotpot is not to win by having no soup that the taste could dislike. With 1.5 some 7% of 150
# dinners, to no food or one, were hotpots; with 0 it was 29%.
OF_A_SOUP: Final = 1.5
# Vegetables of a box, whose one side dish may be of anything.
OF_A_BOX_GRAMS: Final = 50.0
# Where fewer dishes than this lead the menus of a feast, these may be a little salty, or have few
# vegetables: better than the same one every time.
FEWEST_LEADING: Final = 4
TO_BE_WASHED: Final = frozenset(
    {"フライパン", "鍋", "圧力鍋", "魚焼きグリル", "オーブン", "ミキサー"}
)


def _often() -> dict[str, float]:
    text = files("chef_llm.menus").joinpath("often.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return {name: float(weight) for name, weight in rows}


# What goes beside nearly everything would be served every other day: so much it loses of the taste
# (`chef_train.often` measures it).
OFTEN: Final = _often()


@dataclass(frozen=True)
class Tasted:
    """A menu that may be served, its faults, and its taste, into which chance reaches."""

    menu: Menu
    faults: tuple[int, int]
    taste: float


class Taster:
    """Finds the best menus of what a larder has."""

    def __init__(self, larder: Larder) -> None:
        self.larder = larder
        self.cookbook = larder.cookbook

    def to_a_cooks_taste(
        self,
        setting: Setting,
        menus: Sequence[Mapping[Course, Sequence[Dish]]],
        limits: Sequence[Limit],
        rng: random.Random,
        samples: int = 1,
    ) -> list[Tasted]:
        """Return the best of the menus that may be served, by taste; none where none is drawn.

        They keep `limits`. Of very many a sample is looked at, or several; those stay that use most
        of what is asked for.
        """
        order, slot = setting.order, setting.slot
        own = self.larder.own_that_is_asked(setting)
        of_own = [
            menu
            for menu in menus
            if any(all(dish.name in own for dish in dishes) for dishes in menu.values())
        ]
        served = self.cookbook.for_servings(order.servings_of(slot))
        plate = _plate_of(order, slot)
        if setting.much:
            twice = marks_of_foods(setting.much, self.cookbook)
            least = (plate.least_vegetables_grams or 0.0) * VEGETABLES_BESIDE_MUCH
            plate = replace(plate, may_come_twice=twice, least_vegetables_grams=least)
        at_home = is_of_what_is_there(order)
        if at_home:
            menus = [_few_of(menu, rng) for menu in menus]
        drawn: list[Drawn] = []
        for _ in range(samples):
            some = menus if limits or at_home else [_some_of(menu, rng) for menu in menus]
            for pools in filter(None, (some, of_own)):
                drawn += draw(pools, plate, served, rng, limits)
        best = self._fullest(setting, drawn) if drawn else []
        if not at_home and all(any(one.faults) for one in best):
            # All dishes are looked at where of some of them every menu that is best has a fault.
            drawn += draw(menus, plate, served, rng, limits)
        asked = order.constraints_of(slot)
        drawn = in_time(drawn, asked, Draws(menus, limits, served, plate), rng)
        if not drawn:
            return []
        fullest = self._fullest(setting, drawn)
        with_own = [one for one in fullest if any(d.name in own for d in one.menu.values())]
        fullest = nearest(with_own or fullest, asked.max_minutes)
        if at_home:
            worths = [worth(one.menu.values(), slot.meal, self.cookbook) for one in fullest]
            pairs = zip(fullest, worths, strict=True)
            fullest = [one for one, each in pairs if each == max(worths)]
        if order.few_to_wash:
            fewest = min(washing(one.menu.values()) for one in fullest)
            fullest = [one for one in fullest if washing(one.menu.values()) == fewest]
        often = _often_in([one.menu for one in fullest])
        best = _best_of(fullest, FEWEST_LEADING if order.suiting or setting.much else 1)
        tasted = [
            Tasted(
                one.menu,
                one.faults,
                self._taste(one.menu, slot.meal)
                + OF_THE_LEADING * self._led_by(setting, one.menu)
                + OF_MUCH * self._much_in(setting, one.menu)
                - _rare(setting, one.menu)
                - often(one.menu)
                + chance(rng),
            )
            for one in best
        ]
        return sorted(tasted, key=lambda one: -one.taste)

    def _fullest(self, setting: Setting, drawn: Sequence[Drawn]) -> list[Drawn]:
        """Return the menus that use most of what is asked for.

        Where much is told that is there, one food in four may stay there for a menu without a
        clash, and any seasoning.
        """
        used = [self.use(setting, one.menu) for one in drawn]
        most = max(used)
        pairs = list(zip(drawn, used, strict=True))
        enough = most - OF_A_FOOD * self.larder.may_stay(setting)
        fitting = [count for one, count in pairs if count >= enough and not one.clashes]
        if fitting and not is_of_what_is_there(setting.order):
            most = max(fitting)
            return [one for one, count in pairs if count == most and not one.clashes]
        return [one for one, count in pairs if count == most]

    def use(self, setting: Setting, menu: Menu) -> int:
        """Return how much a menu has of what is asked for.

        A food counts twice where it is what a dish is made of; meat and fish belong into the main,
        and what is wished for leads the meal where it can.
        """
        wanted, dishes = setting.wanted, menu.values()
        leading, uses = menu[leading_course(tuple(menu))], self.cookbook.uses
        return (
            sum(self.cookbook.is_used(name, dishes) for name in wanted)
            + sum(self._is_made_of(name, dishes) for name in wanted)
            + sum(any(dish.name in names for dish in dishes) for names in setting.wished)
            + sum(IN_THE_MAIN for names in setting.wished if leading.name in names)
            + sum(IN_THE_MAIN for name in self.larder.meats(wanted) if uses(leading, name))
            + (leading.name in setting.order.suiting)
        )

    def _is_made_of(self, name: str, dishes: Iterable[Dish]) -> bool:
        """Tell whether any dish is made of a food: an omelette of eggs, and no crust.

        Of a seasoning it tastes; of a vegetable it may hold much, and be named for others.
        """
        foods = self.cookbook.members(name)
        flavours = {flavour for flavour, (of, *_) in FLAVOURS.items() if not of.isdisjoint(foods)}
        if flavours and self.cookbook.is_seasoning(name):
            return any(flavours & flavours_of(dish) for dish in dishes)
        return any(self._centres_on(dish, name, foods) for dish in dishes)

    def _centres_on(self, dish: Dish, name: str, foods: frozenset[str]) -> bool:
        if not foods.isdisjoint(dish.keywords):
            return True
        grams = sum(part.grams for part in dish.ingredients if part.name in foods)
        return grams >= MUCH_OF_A_VEGETABLE_GRAMS and not self.cookbook.is_protein(name)

    def _led_by(self, setting: Setting, menu: Menu) -> float:
        """Return how much of the foods that are asked for what leads a menu is made of.

        Of a vegetable what a serving holds counts, and what a dish is named for first half more.
        """
        leading = menu[leading_course(tuple(menu))]
        return sum(
            self._share_in(leading, name)
            for name in setting.wanted
            if not self.cookbook.is_seasoning(name)
        )

    def _much_in(self, setting: Setting, menu: Menu) -> float:
        """Return how much a menu takes of each food of which there is very much, in 100 g."""
        return sum(
            min(MOST_OF_MUCH_GRAMS, sum(grams_in(d, name, self.cookbook) for d in menu.values()))
            / WHOLE_GRAMS
            for name in setting.much
        )

    def _share_in(self, dish: Dish, name: str) -> float:
        foods = self.cookbook.members(name)
        grams = grams_in(dish, name, self.cookbook)
        first = 0.5 if dish.keywords[0] in foods else 0.0
        is_whole = self.cookbook.is_protein(name) and not foods.isdisjoint(dish.keywords)
        return first + (1.0 if is_whole else min(1.0, grams / WHOLE_GRAMS))

    def _taste(self, menu: Menu, meal: str) -> float:
        """Return how well the first dishes of each role go together, and the others with them."""
        more = [dish for course, dish in menu.items() if course.number > 1]
        first = {course.role: dish for course, dish in menu.items() if course.number == 1}
        has_pot = Role.SOUP not in first and any(map(self.cookbook.is_soupy, menu.values()))
        return score(first, meal, self.cookbook, more) - has_pot * OF_A_SOUP


def by_lot(menus: Sequence[Menu], unlearned: frozenset[str], rng: random.Random) -> Sequence[Menu]:
    """Return one menu with a dish that the model never saw, or all those without one.

    Each of the former has the chance that it would have if all were drawn; of what the model knows
    it chooses as it does otherwise.
    """
    drawn = rng.choice(menus)
    if any(dish.name in unlearned for dish in drawn.values()):
        return [drawn]
    known = [m for m in menus if all(d.name not in unlearned for d in m.values())]
    return known or [drawn]


def apart(menus: Sequence[Menu]) -> list[Menu]:
    """Return the menus with those first that share neither main nor much else with one before.

    So that the choice among the best is one of different menus, not of one with another soup.
    """
    first: list[Menu] = []
    later: list[Menu] = []
    seen: Counter[str] = Counter()
    for menu in menus:
        leading = menu[leading_course(tuple(menu))]
        others = [dish for dish in menu.values() if dish is not leading]
        is_known = seen[leading.name] or any(
            seen[dish.name] >= MOST_OFFERED and dish.name not in EVERYDAY for dish in others
        )
        (later if is_known else first).append(menu)
        if not is_known:
            seen.update(dish.name for dish in menu.values())
    return [*first, *later]


def _some_of(
    menu: Mapping[Course, Sequence[Dish]], rng: random.Random
) -> dict[Course, Sequence[Dish]]:
    """Return a fourth of the dishes that lie beside the leading one, another fourth each time.

    So no side dish that goes with everything is served every other day.
    """
    leading = leading_course(tuple(menu))
    return {
        course: dishes
        if course == leading or len(dishes) < MANY_DISHES
        else rng.sample(dishes, len(dishes) // ONE_IN)
        for course, dishes in menu.items()
    }


def _few_of(
    menu: Mapping[Course, Sequence[Dish]], rng: random.Random
) -> dict[Course, Sequence[Dish]]:
    """Return so few dishes of each course that all menus of them are looked at."""
    return {
        course: rng.sample(dishes, min(len(dishes), FEW_DISHES)) for course, dishes in menu.items()
    }


def _often_in(menus: Sequence[Menu]) -> Callable[[Menu], float]:
    """Return what a menu loses of the taste for what would be served every other day.

    Without a course it loses what menus with one do on average: a hotpot is not to win by having
    no soup.
    """
    lost: dict[Role, list[float]] = {}
    for menu in menus:
        for course, dish in menu.items():
            lost.setdefault(course.role, []).append(OFTEN.get(dish.name, 0.0))
    usual = {role: sum(each) / len(each) for role, each in lost.items()}

    def often(menu: Menu) -> float:
        missing = usual.keys() - {course.role for course in menu}
        there = sum(OFTEN.get(dish.name, 0.0) for dish in menu.values())
        return there + sum(usual[role] for role in missing)

    return often


def _rare(setting: Setting, menu: Menu) -> float:
    """Return how much less often a household cooks of a cuisine that nobody asks for."""
    if setting.order.constraints.cuisine is not None or setting.wished:
        return 0.0
    return RARE_CUISINES.get(menu[leading_course(tuple(menu))].cuisine, 0.0)


def chance(rng: random.Random) -> float:
    """Return what added to scores makes the best of them a draw by softmax (Gumbel's noise)."""
    return -CHANCE * math.log(-math.log(max(rng.random(), 1e-12)))


def washing(dishes: Iterable[Dish]) -> int:
    """Return how many pans, pots and machines there are to wash."""
    return len(frozenset[str]().union(*map(tools_of, dishes)) & TO_BE_WASHED)


def _best_of(drawn: Sequence[Drawn], fewest_leading: int) -> list[Drawn]:
    """Return the menus with the fewest faults; where few dishes lead these, with one end more."""
    least = min(one.faults for one in drawn)
    best = [one for one in drawn if one.faults == least]
    if len({one.menu[leading_course(tuple(one.menu))].name for one in best}) >= fewest_leading:
        return best
    clashes, missed = least
    return [one for one in drawn if one.clashes == clashes and one.missed <= missed + 1]


def _plate_of(order: Order, slot: Slot) -> Plate:
    """Return what a dinner should have at most and at least where nobody says otherwise."""
    cuisine = order.constraints.cuisine
    if slot.meal == "お弁当":
        return Plate(None, OF_A_BOX_GRAMS, cuisine)
    if slot.meal != "夕食":
        return Plate(cuisine=cuisine)
    asked = meal_limits(order.constraints_of(slot)) | dict(order.aims_of(slot))
    return Plate(
        None if "salt_g" in asked else DINNER.most_salt_grams,
        None if VEGETABLES in asked else DINNER.least_vegetables_grams,
        cuisine,
    )
