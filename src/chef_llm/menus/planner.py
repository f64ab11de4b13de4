"""Plans meals: code decides what may be served, the model chooses among it.

For each meal the cookbook is cut down to what breaks no constraint, a grammar is built from what is
left, and the model writes the menu inside that grammar, in one call. So no weights and no words of
a request can put a forbidden dish on the table; `verify` looks once more before the plan goes out.
"""

import math
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Final

from chef_llm.cookbook import Cookbook, Dish, Role
from chef_llm.cookbook.tools import tools_of
from chef_llm.cookbook.vocabulary import DIETS, VEGETABLES
from chef_llm.engines import Completion, Deadline, Grammar, InOrder, OneOf
from chef_llm.errors import DeadlineExceeded, NoMenu
from chef_llm.menus.clashes import is_wet
from chef_llm.menus.constraints import allowed_dishes, breach, meal_limits
from chef_llm.menus.drawing import DINNER, Drawn, Plate, draw
from chef_llm.menus.figures import Cost, Fronts, Limit, as_limits, costs_of, has_menu
from chef_llm.menus.hurry import Draws, in_time, nearest, ready_pools
from chef_llm.menus.meals import (
    ONE_BOWL,
    OTHER_RICE,
    RICE,
    STRUCTURES,
    Course,
    Structure,
    by_course,
    courses,
    fewer_courses,
    is_meat_or_fish,
    leading_course,
    leads_a_dinner,
    structures,
    suiting,
    with_fitting_staples,
    with_one_soup,
    with_plain_rice,
)
from chef_llm.menus.reasons import no_menu
from chef_llm.menus.shares import Due, due, is_met, unmet
from chef_llm.menus.taste import score
from chef_llm.menus.title import Title, excluded_words
from chef_llm.menus.way import way_to_table
from chef_llm.reading.figures import merged
from chef_llm.reading.not_considered import SWEET
from chef_llm.reading.order import Constraints, Order, Share, Slot

# (request, opening line, grammar, deadline) -> what the model wrote inside the grammar.
Choose = Callable[[str, str, Grammar, Deadline], Completion]
# A household eats these every day; any other dish stands once in a plan.
EVERYDAY: Final = frozenset({RICE, *OTHER_RICE})
# With fewer dishes than this to choose from, custom and balance give way to choice.
FEWEST_FOR_CHOICE: Final = 5
TITLE_INGREDIENTS: Final = 3
# The best menus, among which the model chooses, and how many of them may share a side dish.
OFFERED: Final = 6
MOST_OFFERED: Final = 2
# Where what is asked for goes that the main dish does not use, in this order.
PLACED_IN: Final = (Role.MAIN, Role.SIDE, Role.SOUP, Role.STAPLE)
# Meat or fish in the main dish counts for as much more as other foods anywhere.
IN_THE_MAIN: Final = 2
# More courses than this are called a meal.
MOST_NAMED: Final = 2
# How far chance reaches into the taste, whose unit is the logit of preferring one of two menus: 0
# would serve its favourites daily.
CHANCE: Final = 0.8
ONE_OF: Final = 4
MANY_DISHES: Final = 40
# A hotpot is not to win by having no soup that the taste could dislike. With 1.5 some 7% of 150
# dinners, to no food or one, were hotpots; with 0 it was 29%.
OF_A_SOUP: Final = 1.5
SNACK: Final = "おつまみ"
# With drinks every dish is to go, for guests to be festive, for the old to be soft: not the main
# one alone.
OF_ALL_DISHES: Final = frozenset({SNACK, "おもてなし", "やわらかい"})
TO_BE_WASHED: Final = frozenset(
    {"フライパン", "鍋", "圧力鍋", "魚焼きグリル", "オーブン", "ミキサー"}
)
# A meal may take what a later one cannot do without: so often another is tried in its place.
MOST_DEAD_ENDS: Final = 12
# Of a food that is to be used up: when more than this part of it is left, it is wanted again.
STILL_LEFT: Final = 0.2
PROTEINS: Final = ("魚介", "肉", "卵", "大豆")


@dataclass(frozen=True)
class PlannedMeal:
    """One planned meal; `comment` is the tip that the model chose."""

    slot: Slot
    title: str
    dishes: tuple[Dish, ...]
    comment: str
    completion: Completion

    @property
    def main(self) -> Dish:
        """The 主菜, or the 主食 that stands for one."""
        return next((dish for dish in self.dishes if dish.role == Role.MAIN), self.dishes[0])

    @property
    def from_main(self) -> list[Dish]:
        """The dishes, what leads the meal first."""
        return [self.main, *(dish for dish in self.dishes if dish is not self.main)]


@dataclass(frozen=True)
class NextMeal:
    """One meal to plan, after the meals `before` it; `barred` are main dishes not to serve."""

    order: Order
    slot: Slot
    before: Sequence[PlannedMeal] = ()
    barred: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Room:
    """The limits of a meal, what each dish costs of them, and what was `known` before."""

    limits: Sequence[Limit]
    costs: Mapping[str, Cost]
    known: Fronts

    def has_menu(self, pools: Mapping[Course, Sequence[Dish]]) -> bool:
        """Tell whether any menu of these dishes keeps the limits."""
        return has_menu(pools, self.costs, self.limits, self.known)


@dataclass(frozen=True)
class Plan:
    """The planned meals, those for which time ran out, and the shares of days that are not met."""

    meals: tuple[PlannedMeal, ...]
    unplanned: tuple[Slot, ...] = ()
    unmet: tuple[Share, ...] = ()
    check_seconds: float = 0.0

    def portions(self, order: Order) -> list[tuple[Dish, int]]:
        """Return every dish of every meal, with the servings of the meal."""
        return [(dish, order.servings_of(meal.slot)) for meal in self.meals for dish in meal.dishes]


class Planner:
    """Plans menus from one cookbook; `unlearned` are dishes that the model that chooses never saw.

    It would never choose them. Of one's own those are planned where what they hold is asked for,
    and all have the share of the menus that the taste gives them.
    """

    def __init__(self, cookbook: Cookbook, unlearned: frozenset[str] = frozenset()) -> None:
        self.cookbook = cookbook
        self.unlearned = unlearned
        # The dishes that break no constraint, for the order before, by the minutes of a meal.
        self._known: tuple[Constraints, dict[tuple[int | None, ...], list[Dish]]] | None = None

    def plan(self, order: Order, choose: Choose, deadline: Deadline) -> Plan:
        """Plan every slot of `order`.

        Raises `NoMenu`, naming what has to give, when a meal cannot be had, and
        `DeadlineExceeded` when there is no time for even one; later ones are reported unplanned.
        """
        meals: list[PlannedMeal] = []
        unplanned: tuple[Slot, ...] = ()
        # Main dishes that, served in a slot, left too little for a later one.
        barred: dict[Slot, frozenset[str]] = {}
        dead_ends: list[NoMenu] = []
        while len(meals) < len(order.slots):
            slot = order.slots[len(meals)]
            try:
                next_meal = NextMeal(order, slot, tuple(meals), barred.get(slot, frozenset()))
                meals.append(self._meal(next_meal, choose, deadline))
            except DeadlineExceeded:
                if not meals:
                    raise
                unplanned = order.slots[len(meals) :]
                break
            except NoMenu as dead_end:
                dead_ends.append(dead_end)
                if not meals or len(dead_ends) > MOST_DEAD_ENDS:
                    raise dead_ends[0] from None
                last = meals.pop()
                barred.pop(slot, None)
                barred[last.slot] = barred.get(last.slot, frozenset()) | {last.main.name}
        started = time.monotonic()
        verify(meals, order, self.cookbook)
        seconds = time.monotonic() - started
        missing = tuple(unmet(order, _served(meals), self.cookbook))
        return Plan(tuple(meals), unplanned, missing, seconds)

    def _meal(self, next_meal: NextMeal, choose: Choose, deadline: Deadline) -> PlannedMeal:
        order = next_meal.order
        menus = self._to_a_cooks_taste(next_meal, *self.menus(next_meal))
        opening = self._opening(next_meal, menus)
        if deadline.passed:
            raise DeadlineExceeded("時間内に献立を作り終えられませんでした。")
        completion = choose(order.request, str(opening), meal_grammar(menus), deadline)
        if completion.finish_reason != "stop":
            raise DeadlineExceeded("時間内に献立を作り終えられませんでした。")
        dishes, tip = chosen(completion.text, self.cookbook)
        meal = PlannedMeal(next_meal.slot, str(opening), dishes, tip, completion)
        used = [name for name in opening.ingredients if self._is_used(name, dishes)]
        return replace(meal, title=str(_true(opening, meal, used, order.constraints)))

    def _to_a_cooks_taste(
        self,
        next_meal: NextMeal,
        menus: Sequence[Mapping[Course, Sequence[Dish]]],
        limits: Sequence[Limit],
    ) -> list[dict[Course, list[Dish]]]:
        """Return the best of the menus that may be served, each with one dish a role.

        They keep `limits`. Of very many a sample is looked at, another one each day; of those that
        use most of what is asked for, the best by taste are left to the model.
        """
        order, slot = next_meal.order, next_meal.slot
        own = self._own_that_is_asked(next_meal)
        of_own = [
            menu
            for menu in menus
            if any(all(dish.name in own for dish in dishes) for dishes in menu.values())
        ]
        rng = random.Random(f"{order.request} {slot} {order.variety}")
        served = self.cookbook.for_servings(order.servings_of(slot))
        plate = _plate_of(order, slot.meal)
        some = menus if limits else [_some_of(menu, rng) for menu in menus]
        drawn: list[Drawn] = []
        for pools in (some, of_own, menus):
            # All are looked at where of some of them every menu clashes.
            if pools and (pools is not menus or all(one.clashes for one in drawn)):
                drawn += draw(pools, plate, served, rng, limits)
        asked = order.constraints_of(slot)
        drawn = in_time(drawn, asked, Draws(menus, limits, served, plate), rng)
        if not drawn:
            raise no_menu(_of(slot, order), slot.meal, self.cookbook, len(next_meal.before))
        fullest = self._fullest(next_meal, drawn)
        with_own = [one for one in fullest if any(d.name in own for d in one.menu.values())]
        fullest = nearest(with_own or fullest, asked.max_minutes)
        if order.few_to_wash:
            fewest = min(washing(one.menu.values()) for one in fullest)
            fullest = [one for one in fullest if washing(one.menu.values()) == fewest]
        least = min(one.faults for one in fullest)
        best = [one.menu for one in fullest if one.faults == least]
        ordered = sorted(best, key=lambda menu: -self._taste(menu, slot.meal) - chance(rng))
        offered = self._by_lot(_apart(ordered)[:OFFERED], rng)
        return [{course: [dish] for course, dish in menu.items()} for menu in offered]

    def _fullest(self, next_meal: NextMeal, drawn: Sequence[Drawn]) -> list[Drawn]:
        """Return the menus that use most of what is asked for.

        Where much is told that is there, one food in four may stay there for a menu without a
        clash, and any seasoning.
        """
        used = [self._use(next_meal, one.menu) for one in drawn]
        most = max(used)
        pairs = list(zip(drawn, used, strict=True))
        for spared in range(self._may_stay(next_meal) + 1):
            found = [one for one, count in pairs if count == most - spared and not one.clashes]
            if found:
                return found
        return [one for one, count in pairs if count == most]

    def _may_stay(self, next_meal: NextMeal) -> int:
        """Return how many of the foods asked for may be left for a menu without a clash."""
        wanted = self._wanted(next_meal)
        seasonings = [name for name in wanted if self.cookbook.is_seasoning(name)]
        return len(seasonings) + (len(wanted) - len(seasonings)) // ONE_OF

    def _own_that_is_asked(self, next_meal: NextMeal) -> frozenset[str]:
        """Return the dishes of one's own that use any of what is asked for and not yet served."""
        dishes = self.cookbook.dishes
        wanted = self._wanted(next_meal)
        return frozenset(
            name
            for name in self.cookbook.own & dishes.keys()
            if self._count(dishes[name], wanted) > 0
        )

    def _by_lot(
        self, menus: Sequence[Mapping[Course, Dish]], rng: random.Random
    ) -> Sequence[Mapping[Course, Dish]]:
        """Return one menu with a dish that the model never saw, or all those without one.

        Each of the former has the chance that it would have if all were drawn; of what the model
        knows it chooses as it does otherwise.
        """
        drawn = rng.choice(menus)
        if any(dish.name in self.unlearned for dish in drawn.values()):
            return [drawn]
        known = [m for m in menus if all(d.name not in self.unlearned for d in m.values())]
        return known or [drawn]

    def _use(self, next_meal: NextMeal, menu: Mapping[Course, Dish]) -> int:
        """Return how much a menu has of what is asked for; meat and fish belong into its main."""
        wanted, dishes = self._wanted(next_meal), menu.values()
        leading = menu[leading_course(tuple(menu))]
        return (
            sum(self._is_used(name, dishes) for name in wanted)
            + sum(any(dish.name in names for dish in dishes) for names in self._wished(next_meal))
            + sum(IN_THE_MAIN for name in self._meats(wanted) if self._is_used(name, [leading]))
        )

    def _meats(self, names: Iterable[str]) -> list[str]:
        """Return those of some foods, or groups of them, that are meat or fish."""
        return [name for name in names if is_meat_or_fish(name, self.cookbook)]

    def _taste(self, menu: Mapping[Course, Dish], meal: str) -> float:
        """Return how well the first dishes of each role go together, and the others with them."""
        more = [dish for course, dish in menu.items() if course.number > 1]
        first = {course.role: dish for course, dish in menu.items() if course.number == 1}
        has_pot = Role.SOUP not in first and any(map(self.cookbook.is_soupy, menu.values()))
        return score(first, meal, self.cookbook, more) - has_pot * OF_A_SOUP

    def _opening(
        self, next_meal: NextMeal, menus: Sequence[Mapping[Course, Sequence[Dish]]]
    ) -> Title:
        """Say what this meal should use: what is asked for, can be had, and is not yet served."""
        order = next_meal.order
        offered = [dish for menu in menus for dishes in menu.values() for dish in dishes]
        wanted = [name for name in self._wanted(next_meal) if self._is_used(name, offered)]
        return Title(
            ingredients=wanted[:TITLE_INGREDIENTS],
            servings=order.servings_of(next_meal.slot),
            meal=_name_of(next_meal.slot, order),
            excluded=excluded_words(order.constraints, self.cookbook),
            minutes=order.constraints_of(next_meal.slot).max_minutes,
            cuisine=order.constraints.cuisine,
            season=order.named_season,
            style=order.style,
        )

    def _wanted(self, next_meal: NextMeal) -> list[str]:
        """Return what is asked for and not yet served, and what this day is to have."""
        order = next_meal.order
        if order.is_proposals:
            return list(order.ingredients)
        served = [dish for meal in next_meal.before for dish in meal.dishes]
        missing = [name for name in order.ingredients if not self._is_used(name, served)]
        portions = [
            (dish, order.servings_of(meal.slot))
            for meal in next_meal.before
            for dish in meal.dishes
        ]
        left = [name for name in order.use_up if left_of(name, portions, order, self.cookbook)]
        if left:
            dishes = self._left(next_meal)
            first = [name for name in left if self._is_used(name, dishes)]
            is_last = len(order.slots) - len(next_meal.before) == 1
            missing = [*first, *missing] if is_last or not first else first
        return list(dict.fromkeys((*self._due(next_meal).foods, *missing)))

    def _due(self, next_meal: NextMeal) -> Due:
        """Return what this meal is to be where only some of the days are."""
        return due(next_meal.slot, next_meal.order, _served(next_meal.before), self.cookbook)

    def _is_used(self, name: str, dishes: Iterable[Dish]) -> bool:
        return any(self.cookbook.uses(dish, name) for dish in dishes)

    def menus(self, next_meal: NextMeal) -> tuple[list[dict[Course, list[Dish]]], Sequence[Limit]]:
        """Return, for each structure that the meal may have, the dishes of each role.

        Every combination of them keeps every constraint but the limits of sums, which come with
        them: of each structure some combination keeps these.
        """
        order, meal = next_meal.order, next_meal.slot.meal
        dishes = self._left(next_meal)
        wished_names = frozenset[str]().union(*self._wished(next_meal))
        wished = [dish for dish in dishes if dish.name in wished_names]
        staying = self._staying(next_meal)
        wanted = self._wanted(next_meal)
        choices = structures(order, meal, wanted, staying or wished, self.cookbook)
        places = set(courses(dish.role for dish in staying))
        hard = meal_limits(order.constraints)
        aimed = merged([hard, order.aims])
        served = self.cookbook.for_servings(order.servings_of(next_meal.slot))
        total = order.constraints_of(next_meal.slot).max_total_minutes
        found: tuple[list[dict[Course, list[Dish]]], Sequence[Limit]] | None = None
        # What is aimed at is let go before anything that must be kept.
        for limits, choice in product((aimed, hard) if order.aims else (hard,), choices):
            menus = []
            kept = as_limits(limits)
            for structure in choice:
                # What stays of an earlier answer must have its place.
                if places <= set(structure):
                    menus += self._of_structure(next_meal, structure, dishes, kept)
            if ONE_BOWL not in choice and places <= set(ONE_BOWL):
                menus += self._of_own_bowls(next_meal, dishes, kept)
            if menus := ready_pools(menus, total, kept, served):
                found = found or (self._with_most_wishes(next_meal, menus), kept)
                # Less is served with it before what is asked for is left out.
                if self._has_all_meat(next_meal, menus):
                    return self._with_most_wishes(next_meal, menus), kept
        if found:
            return found
        raise no_menu(_of(next_meal.slot, order), meal, served, len(next_meal.before))

    def _has_all_meat(
        self, next_meal: NextMeal, menus: Iterable[Mapping[Course, Sequence[Dish]]]
    ) -> bool:
        """Tell whether there is a menu of each meat or fish that is asked for and can be had."""
        can_be_had = [
            name
            for name in self._meats(self._wanted(next_meal))
            if self._is_used(name, self._left(next_meal))
        ]
        return all(
            any(
                all(self.cookbook.uses(dish, name) for dish in pool)
                for menu in menus
                for pool in menu.values()
            )
            for name in can_be_had
        )

    def _of_own_bowls(
        self, next_meal: NextMeal, dishes: Sequence[Dish], limits: Sequence[Limit]
    ) -> list[dict[Course, list[Dish]]]:
        """Return menus that a bowl of one's own leads which uses what is asked for."""
        own = self._own_that_is_asked(next_meal)
        if next_meal.order.roles or next_meal.slot.meal == "お弁当":
            return []
        if not any(dish.is_one_bowl and dish.name in own for dish in dishes):
            return []
        others = [dish for dish in dishes if dish.name in own or dish.role != Role.STAPLE]
        return self._of_structure(next_meal, ONE_BOWL, others, limits)

    def _with_most_wishes(
        self, next_meal: NextMeal, menus: list[dict[Course, list[Dish]]]
    ) -> list[dict[Course, list[Dish]]]:
        """Return the menus of which every combination has most of the dishes wished for."""
        wished = self._wished(next_meal)
        counts = [
            sum(
                any(all(dish.name in names for dish in dishes) for dishes in menu.values())
                for names in wished
            )
            for menu in menus
        ]
        most = max(counts)
        return [menu for menu, count in zip(menus, counts, strict=True) if count == most]

    def _wished(self, next_meal: NextMeal) -> list[frozenset[str]]:
        """Return what is asked for by name, and by words for dishes that are not yet served.

        Of each set any dish will do.
        """
        order = next_meal.order
        served = {dish.name for meal in next_meal.before for dish in meal.dishes}
        shared = {share.value for share in order.shares if share.kind == "dish"}
        due_today = {share.value for share in self._due(next_meal).wanted if share.kind == "dish"}
        wished = [frozenset({name}) for name in order.dishes]
        for word, names in order.families.items():
            is_open = word in due_today if word in shared else not names & served
            if is_open or order.is_proposals:
                wished.append(names)
        return wished

    def _of_structure(
        self,
        next_meal: NextMeal,
        structure: Structure,
        dishes: Sequence[Dish],
        limits: Sequence[Limit],
    ) -> list[dict[Course, list[Dish]]]:
        order = next_meal.order
        pools = by_course(dishes, structure, next_meal.slot.meal)
        leading = leading_course(structure)
        wished = frozenset[str]().union(*self._wished(next_meal))
        pools = with_fitting_staples(pools, next_meal.slot.meal, wished)
        if not limits:
            asked = {dish.name for dish in dishes if self._count(dish, self._wanted(next_meal))}
            pools = with_plain_rice(pools, wished | asked, order.style)
        if not order.is_proposals:
            left = self._arrangeable(pools[leading], order.slots, len(next_meal.before))
            pools[leading] = left
        pools = self._with_what_stays(next_meal, self._as_due(next_meal, pools, leading))
        variants = [pools] if order.roles else with_one_soup(pools, self.cookbook, wished)
        # A soup that stays of an earlier answer is served beside no hotpot.
        staying = set(courses(dish.role for dish in self._staying(next_meal)))
        variants = [variant for variant in variants if staying <= variant.keys()]
        served = self.cookbook.for_servings(order.servings_of(next_meal.slot))
        room = _Room(limits, costs_of(pools, limits, served), {})
        placed = [
            menu for variant in variants for menu in self._placed(next_meal, variant, room, leading)
        ]
        preferred = self._preferred(next_meal, placed, leading)
        return [menu for menu in preferred if room.has_menu(menu)] or placed

    def _placed(
        self,
        next_meal: NextMeal,
        pools: dict[Course, list[Dish]],
        room: "_Room",
        leading: Course,
    ) -> list[dict[Course, list[Dish]]]:
        """Return the pools narrowed to what is asked for, as far as the limits leave a menu."""
        wished = self._with_wished_dishes(pools, self._wished(next_meal))
        base = next((menu for menu in (wished, pools) if room.has_menu(menu)), None)
        if base is None:
            return []
        narrowed = list(self._with_what_is_asked(next_meal, base, leading))
        if room.limits or self._may_stay(next_meal):
            # What leads the meal may be as asked where there is no place for more of it.
            narrowed += [{**base, leading: menu[leading]} for menu in narrowed]
        return [menu for menu in narrowed if room.has_menu(menu)] or [base]

    def _as_due(
        self, next_meal: NextMeal, pools: dict[Course, list[Dish]], leading: Course
    ) -> dict[Course, list[Dish]]:
        """Return the pools of a day that is to be of a cuisine, fried, or neither, where it can."""
        order, today = next_meal.order, self._due(next_meal)
        for share in today.wanted:
            if share.kind in ("cuisine", "method", "style"):
                pool = [d for d in pools[leading] if is_met(share, [d], order, self.cookbook)]
                pools = {**pools, leading: pool or pools[leading]}
        for share in today.barred:
            for course in [leading] if share.kind in ("cuisine", "food") else list(pools):
                pool = [d for d in pools[course] if not is_met(share, [d], order, self.cookbook)]
                pools = {**pools, course: pool or pools[course]}
        return pools

    def _with_what_stays(
        self, next_meal: NextMeal, pools: dict[Course, list[Dish]]
    ) -> dict[Course, list[Dish]]:
        """Return the pools with what stays of an earlier answer alone in its place."""
        staying = self._staying(next_meal)
        for course, dish in zip(courses(dish.role for dish in staying), staying, strict=True):
            pools = {**pools, course: [dish]}
        return pools

    def _staying(self, next_meal: NextMeal) -> list[Dish]:
        """Return what stays of an earlier answer, as far as it breaks no constraint now."""
        order = next_meal.order
        allowed = {dish.name: dish for dish in self._allowed(order, next_meal.slot)}
        return [allowed[name] for name in order.kept.get(next_meal.slot, ()) if name in allowed]

    def _with_wished_dishes(
        self, pools: Mapping[Course, list[Dish]], wished: Sequence[frozenset[str]]
    ) -> dict[Course, list[Dish]]:
        """Return the pools with each wish for dishes met in one of its places.

        That is what leads the meal if it can be, else where there are most of them.
        """
        narrowed = dict(pools)
        leading = leading_course(tuple(pools))
        open_places = set(pools)
        for names in wished:
            counts = {
                course: sum(dish.name in names for dish in pools[course]) for course in open_places
            }
            place = max(
                counts, key=lambda course: (course == leading, counts[course]), default=leading
            )
            if not counts.get(place):
                place = max(counts, key=counts.__getitem__, default=leading)
            if counts.get(place):
                narrowed[place] = [dish for dish in pools[place] if dish.name in names]
                open_places.remove(place)
        return narrowed

    def _with_what_is_asked(
        self, next_meal: NextMeal, menu: dict[Course, list[Dish]], leading: Course
    ) -> Iterator[dict[Course, list[Dish]]]:
        """Yield a menu's dishes narrowed to those that use what is asked for.

        Once with the main dishes that use most of it, once with those that use the meat or fish of
        it, and once with any of its proteins, where the rest is left to the other courses; and once
        for each course in which a dish of one's own uses any of it.
        """
        wanted = self._wanted(next_meal)
        proteins = [name for name in wanted if self.cookbook.is_protein(name)]
        narrowed = {}
        for names in (wanted, self._meats(wanted) or proteins, proteins):
            mains = self._using(next_meal, menu[leading], names)
            narrowed[tuple(dish.name for dish in mains)] = mains
        own = self._own_that_is_asked(next_meal)
        of_own = {
            course: [dish for dish in dishes if dish.name in own] for course, dishes in menu.items()
        }
        placed = [*((leading, mains) for mains in narrowed.values()), *of_own.items()]
        for first, using in placed:
            if not using:
                continue
            variant = {**menu, first: using}
            left = self._left_by(wanted, using)
            for course in sorted(menu, key=lambda course: PLACED_IN.index(course.role)):
                if course != first:
                    variant[course] = self._using(next_meal, menu[course], left)
                    left = self._left_by(left, variant[course])
            yield variant

    def _using(self, next_meal: NextMeal, dishes: list[Dish], names: Sequence[str]) -> list[Dish]:
        """Return the dishes that use most of `names`; where one is wished for by name, all."""
        if any(dish.name in names for names in self._wished(next_meal) for dish in dishes):
            return dishes
        counts = [self._count(dish, names) for dish in dishes]
        best = max(counts, default=0)
        return [dish for dish, count in zip(dishes, counts, strict=True) if count == best]

    def _left_by(self, names: Iterable[str], dishes: Sequence[Dish]) -> list[str]:
        """Return what not all of `dishes` use."""
        return [
            name for name in names if not all(self.cookbook.uses(dish, name) for dish in dishes)
        ]

    def _count(self, dish: Dish, names: Iterable[str]) -> int:
        return sum(self.cookbook.uses(dish, name) for name in names)

    def _left(self, next_meal: NextMeal) -> list[Dish]:
        """Return the dishes for this meal that the meals before it leave."""
        order, slot = next_meal.order, next_meal.slot
        served = {dish.name for meal in next_meal.before for dish in meal.dishes} - EVERYDAY
        near = {
            main_ingredient(meal.main, self.cookbook)
            for meal in next_meal.before
            if slot.day - meal.slot.day <= 1 and not order.is_proposals
        } - {None}
        allowed = self._allowed(order, slot)
        return [
            dish
            for dish in suiting(slot.meal, order.ingredients, allowed, self.cookbook)
            if dish.name not in served | next_meal.barred | order.avoided
            and main_ingredient(dish, self.cookbook) not in near
        ]

    def _allowed(self, order: Order, slot: Slot) -> list[Dish]:
        """Return the dishes that break no constraint of a meal; looked up once for each kind."""
        if self._known is None or self._known[0] is not order.constraints:
            self._known = (order.constraints, {})
        constraints, by_minutes = order.constraints_of(slot), self._known[1]
        minutes = (constraints.max_minutes, constraints.max_total_minutes)
        if minutes not in by_minutes:
            by_minutes[minutes] = allowed_dishes(constraints, self.cookbook)
        return by_minutes[minutes]

    def _arrangeable(self, dishes: list[Dish], slots: Sequence[Slot], planned: int) -> list[Dish]:
        """Drop what would leave too little for the days to come.

        A main ingredient comes once in two days. Where the dishes just suffice for that, one of
        the most common main ingredient must be taken now.
        """
        left = len(slots) - planned
        counts = Counter(main_ingredient(dish, self.cookbook) for dish in dishes)
        window = 2 * max(Counter(slot.day for slot in slots).values())
        most_each = math.ceil(left / window)
        if left == 1 or sum(min(count, most_each) for count in counts.values()) > left:
            return dishes
        most = max(counts.values(), default=0)
        return [dish for dish in dishes if counts[main_ingredient(dish, self.cookbook)] == most]

    def _preferred(
        self, next_meal: NextMeal, menus: list[dict[Course, list[Dish]]], leading: Course
    ) -> list[dict[Course, list[Dish]]]:
        """Prefer, while there is choice, what suits meal and style and differs from before."""
        order, before = next_meal.order, next_meal.before
        dishes = [dish for menu in menus for dish in menu[leading]]
        tests: list[Callable[[Dish], bool]] = []
        if next_meal.slot.meal == "夕食":
            proteins = [name for name in order.ingredients if self.cookbook.is_protein(name)]
            tests.append(
                lambda dish: leads_a_dinner(dish, self.cookbook) or self._count(dish, proteins) > 0
            )
        if order.style is not None:
            tests.append(
                lambda dish: order.style in dish.tags or self._count(dish, order.ingredients) > 0
            )
        if before:
            last = before[-1].main
            tests += [
                lambda dish: self._protein(dish) != self._protein(last),
                lambda dish: dish.method != last.method,
                lambda dish: any(dish.cuisine != meal.main.cuisine for meal in before[-2:]),
            ]
        if next_meal.slot.meal == "朝食":
            # Of these there are few, and whatever is left of them suits the morning best.
            usual = [dish for dish in dishes if "朝食" in dish.tags or dish.name in EVERYDAY]
            dishes = usual or dishes
        for test in tests:
            kept = [dish for dish in dishes if test(dish)]
            dishes = kept if len(kept) >= FEWEST_FOR_CHOICE else dishes
        # Of what uses the foods that are asked for, or of the morning, few may be of the style:
        # they will do.
        of_style = [dish for dish in dishes if order.style in dish.tags]
        has_few = order.ingredients or next_meal.slot.meal == "朝食"
        dishes = of_style if has_few and of_style else dishes
        names = {dish.name for dish in dishes}
        narrowed = [
            {**menu, leading: [dish for dish in menu[leading] if dish.name in names]}
            for menu in menus
        ]
        if order.style in OF_ALL_DISHES:
            narrowed = [
                {course: _with_tag(dishes, order.style) for course, dishes in menu.items()}
                for menu in narrowed
            ]
        return [menu for menu in narrowed if menu[leading]]

    def _protein(self, dish: Dish) -> str:
        name = main_ingredient(dish, self.cookbook)
        groups = self.cookbook.ingredients[name].groups if name else frozenset[str]()
        return next((group for group in PROTEINS if group in groups), "")


def _some_of(
    menu: Mapping[Course, Sequence[Dish]], rng: random.Random
) -> dict[Course, Sequence[Dish]]:
    """Return half of the dishes that lie beside the leading one, another half each time.

    So no side dish that goes with everything is served every other day.
    """
    leading = leading_course(tuple(menu))
    return {
        course: dishes
        if course == leading or len(dishes) < MANY_DISHES
        else rng.sample(dishes, len(dishes) // 2)
        for course, dishes in menu.items()
    }


def chance(rng: random.Random) -> float:
    """Return what added to scores makes the best of them a draw by softmax (Gumbel's noise)."""
    return -CHANCE * math.log(-math.log(max(rng.random(), 1e-12)))


def washing(dishes: Iterable[Dish]) -> int:
    """Return how many pans, pots and machines there are to wash."""
    return len(frozenset[str]().union(*map(tools_of, dishes)) & TO_BE_WASHED)


def left_of(
    name: str, portions: Sequence[tuple[Dish, int]], order: Order, cookbook: Cookbook
) -> bool:
    """Tell whether more of a food that is to be used up is left than a dish would take."""
    if not any(cookbook.uses(dish, name) for dish, _ in portions):
        return True
    grams = order.at_hand.get(name)
    return grams is not None and grams_left(name, grams, portions, cookbook) > grams * STILL_LEFT


def grams_left(
    name: str, grams: float, portions: Sequence[tuple[Dish, int]], cookbook: Cookbook
) -> float:
    """Return the grams of a food that dishes for so many people leave."""
    names = cookbook.members(name)
    taken = sum(
        part.amount.grams
        for dish, servings in portions
        for part in cookbook.amounts(dish, servings)
        if part.name in names
    )
    return max(grams - taken, 0.0)


def main_ingredient(dish: Dish, cookbook: Cookbook) -> str | None:
    """Return the first keyword of a 主菜 or a bowl that is not its grain; else None."""
    if dish.role != Role.MAIN and not dish.is_one_bowl:
        return None
    sections = ((name, cookbook.ingredients[name].section) for name in dish.keywords)
    return next((name for name, section in sections if section != "米・パン・麺"), None)


def _plate_of(order: Order, meal: str) -> Plate:
    """Return what a dinner should have at most and at least where nobody says otherwise."""
    cuisine = order.constraints.cuisine
    if meal != "夕食":
        return Plate(cuisine=cuisine)
    asked = meal_limits(order.constraints) | dict(order.aims)
    return Plate(
        None if "salt_g" in asked else DINNER.most_salt_grams,
        None if VEGETABLES in asked else DINNER.least_vegetables_grams,
        cuisine,
    )


def _apart(menus: Sequence[Mapping[Course, Dish]]) -> list[Mapping[Course, Dish]]:
    """Return the menus with those first that share neither main nor much else with one before.

    So that the choice among the best is one of different menus, not of one with another soup.
    """
    first: list[Mapping[Course, Dish]] = []
    later: list[Mapping[Course, Dish]] = []
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


def _true(
    opening: Title, meal: PlannedMeal, used: Sequence[str], constraints: Constraints
) -> Title:
    """Return `opening` without what the model passed over: the title names what is there."""
    styles = meal.main.tags | {DIETS[name].style for name in constraints.diets}
    return replace(
        opening,
        ingredients=used,
        style=opening.style if opening.style in styles else None,
    )


def _of(slot: Slot, order: Order) -> Order:
    """Return the order of one meal, with what holds for it alone."""
    return replace(order, constraints=order.constraints_of(slot))


def _with_tag(dishes: list[Dish], tag: str) -> list[Dish]:
    """Return the dishes that have a tag, or all where there is no choice of them."""
    tagged = [dish for dish in dishes if tag in dish.tags]
    return tagged if len(tagged) >= FEWEST_FOR_CHOICE else dishes


def _served(meals: Iterable[PlannedMeal]) -> list[tuple[Slot, list[Dish]]]:
    return [(meal.slot, meal.from_main) for meal in meals]


def _name_of(slot: Slot, order: Order) -> str:
    """Return what an opening line calls the meal: courses alone are called by their names."""
    if order.style == SNACK and Role.STAPLE not in order.roles:
        return SNACK
    if SWEET in order.families and set(order.roles) == {Role.SIDE}:
        return SWEET
    named = list(dict.fromkeys(order.roles))
    is_meal = not named or Role.STAPLE in named or len(named) > MOST_NAMED
    return slot.meal if is_meal else "と".join(named)


def meal_grammar(menus: Sequence[Mapping[Course, Sequence[Dish]]]) -> Grammar:
    """Return the form of an answer after its opening line: dish lines by role, then a tip.

    The tip is one of the leading dish's own, so that it fits the menu and names nothing else.
    """
    return OneOf(tuple(_structure_grammar(menu) for menu in menus))


def _structure_grammar(menu: Mapping[Course, Sequence[Dish]]) -> Grammar:
    leading = leading_course(tuple(menu))
    head: list[Grammar] = []
    tail: list[Grammar] = []
    for course, dishes in menu.items():
        if course == leading:
            continue
        line = InOrder((f"\n{course.role.value}: ", OneOf(tuple(dish.name for dish in dishes))))
        (head if course.role == Role.STAPLE else tail).append(line)
    rest = InOrder((*tail, "\nポイント: "))
    led = OneOf(tuple(InOrder((dish.name, rest, dish.tip)) for dish in menu[leading]))
    return InOrder((*head, f"\n{leading.role.value}: ", led))


def chosen(text: str, cookbook: Cookbook) -> tuple[tuple[Dish, ...], str]:
    """Return the dishes and the tip that a model wrote inside `meal_grammar`, whole."""
    *lines, last = text.strip("\n").split("\n")
    names = [line.partition(": ")[2] for line in lines]
    return tuple(cookbook.dishes[name] for name in names), last.partition(": ")[2]


def verify(meals: Sequence[PlannedMeal], order: Order, cookbook: Cookbook) -> None:
    """Check a finished plan against every hard constraint; raises `AssertionError` if one breaks.

    The grammar keeps them all. This is the second look before a plan goes out.
    """
    served: list[str] = []
    for meal in meals:
        constraints = order.constraints_of(meal.slot)
        portions = cookbook.for_servings(order.servings_of(meal.slot))
        roles = courses(dish.role for dish in meal.dishes)
        bowl = roles == ONE_BOWL and (meal.main.is_one_bowl or meal.slot.meal == "朝食")
        complete = (courses(order.roles),) if order.roles else STRUCTURES[meal.slot.meal]
        complete = (*complete, *fewer_courses(order, meal.slot.meal))
        if any(is_wet(dish, cookbook) for dish in meal.dishes):
            soup = Course(Role.SOUP)
            complete = (*complete, *(tuple(c for c in each if c != soup) for each in complete))
            bowl = bowl or roles == courses((Role.STAPLE, Role.SIDE))
        if set(roles) not in map(set, complete) and not (bowl and not order.roles):
            raise AssertionError(f"{meal.slot}: the structure {roles} is not complete")
        for dish in meal.dishes:
            if broken := breach(constraints, dish, cookbook):
                raise AssertionError(f"{meal.slot}: {dish.name} breaks {broken}")
        most = constraints.max_total_minutes
        if most is not None and way_to_table(meal.dishes).total_minutes > most:
            raise AssertionError(f"{meal.slot}: not on the table in {most} minutes")
        for limit in as_limits(meal_limits(constraints)):
            total = sum(portions.limited(dish, limit.nutrient) for dish in meal.dishes)
            if limit.sign * total > limit.most + 1e-6:
                raise AssertionError(f"{meal.slot}: {limit.nutrient} is {total:.1f}")
        served += [dish.name for dish in meal.dishes if dish.name not in EVERYDAY]
    staying = {name for names in order.kept.values() for name in names}
    if any(count > 1 and name not in staying for name, count in Counter(served).items()):
        raise AssertionError("a dish stands twice in the plan")
    if order.is_proposals:
        return
    for earlier, later in combinations(meals, 2):
        ingredient = main_ingredient(later.main, cookbook)
        repeated = ingredient and ingredient == main_ingredient(earlier.main, cookbook)
        is_new = not staying & {earlier.main.name, later.main.name}
        if repeated and is_new and abs(later.slot.day - earlier.slot.day) <= 1:
            raise AssertionError(f"{later.slot}: {ingredient} again on a neighbouring day")
