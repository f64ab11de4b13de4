"""What may be served at a meal: pools of dishes, of which every combination keeps what must hold.

The cookbook is cut down to what breaks no constraint and stands nowhere else in the plan, parted by
courses, and narrowed to what is asked for while any is left.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Final

from chef_llm.cookbook import Cookbook, Dish, Role
from chef_llm.cookbook.tools import tools_of
from chef_llm.cookbook.vocabulary import VEGETABLES
from chef_llm.menus.at_home import (
    STRUCTURES_AT_HOME,
    is_of_what_is_there,
    to_buy_least,
    with_least_bought,
)
from chef_llm.menus.clashes import (
    IS_BREAD,
    IS_OF_THE_EAST,
    MADE,
    clashes,
    cuisine_of,
    flavours_of,
    has_rice,
    is_rice,
    marks_of,
)
from chef_llm.menus.constraints import allowed_dishes, meal_limits
from chef_llm.menus.figures import Cost, Fronts, Limit, as_limits, costs_of, has_menu
from chef_llm.menus.fitting import SOFT, is_soft, leads_by, told_of, unfit_dishes
from chef_llm.menus.hurry import ready_pools
from chef_llm.menus.meals import (
    ONE_BOWL,
    Course,
    Structure,
    by_course,
    courses,
    fewer_courses,
    has_protein_of_a_main,
    is_at_night,
    is_for_the_morning,
    is_meat_or_fish,
    is_nibble,
    is_of_a_feast,
    is_of_bowls,
    is_of_the_morning,
    leading_course,
    structures,
    suiting,
    with_fitting_staples,
    with_one_soup,
    with_plain_rice,
)
from chef_llm.menus.plan import EVERYDAY, main_ingredient, protein_of
from chef_llm.menus.setting import Setting
from chef_llm.menus.shares import is_met, is_of_rice
from chef_llm.menus.using_up import grams_in
from chef_llm.reading.figures import merged
from chef_llm.reading.order import AS_FOR_ALL, Constraints, Order, Slot, Terms
from chef_llm.reading.suiting import BY_HAND

# With fewer dishes than this to choose from, custom and balance give way to choice.
FEWEST_FOR_CHOICE: Final = 5
# Of what fits those who eat a few dishes are choice enough beside what leads, and one to lead.
FEWEST_THAT_FIT: Final = 2
# Of what is in season beside what leads a meal there must be some of each cuisine.
FEWEST_OF_THE_DAY: Final = 12
# Where what is asked for goes that the main dish does not use, in this order.
PLACED_IN: Final = (Role.MAIN, Role.SIDE, Role.SOUP, Role.STAPLE)
# The meals for which there are few dishes of any style.
FEW_FOR: Final = ("朝食", "お弁当")
SNACK: Final = "おつまみ"
# With drinks every dish is to go, for guests to be festive, for the old to be soft, for a child to
# be what a child likes, and who has no time has none for the soup: not the main one alone.
OF_ALL_DISHES: Final = frozenset(
    {SNACK, "おもてなし", "やわらかい", "子ども向け", "時短", "あっさり"}
)
# Who wants many vegetables is to see them: so many grams in the main dish, and in the side dish.
FULL_OF_VEGETABLES: Final[Mapping[Role, float]] = {Role.MAIN: 80.0, Role.SIDE: 60.0}
# Raw fish is served of fish that is eaten so: of what has more than so many cooked dishes for each
# raw one, slices are for the pan.
COOKED_FOR_EACH_RAW: Final = 2
ALL_SEASONS: Final = 4
# Of what there is very much a dish takes so much of what any takes.
MUCH_OF_IT: Final = 0.6
# Of so many foods that are there one may stay there; so many are enough for a meal.
ONE_OF: Final = 4
FRAGRANT: Final = frozenset(
    {
        "三つ葉",
        "青じそ",
        "みょうが",
        "小ねぎ",
        "パセリ",
        "バジル",
        "パクチー",
        "しょうが",
        "にんにく",
    }
)
MOST_FOODS: Final = 4


@dataclass(frozen=True)
class _Room:
    """The limits of a meal, what each dish costs of them, and what was `known` before."""

    limits: Sequence[Limit]
    costs: Mapping[str, Cost]
    known: Fronts

    def has_menu(self, pools: Mapping[Course, Sequence[Dish]]) -> bool:
        """Tell whether any menu of these dishes keeps the limits."""
        return has_menu(pools, self.costs, self.limits, self.known)


class Larder:
    """What one cookbook has for a meal."""

    def __init__(self, cookbook: Cookbook) -> None:
        self.cookbook = cookbook
        # The dishes that break no constraint, for the order before, by what holds for a meal alone.
        self._known: tuple[Constraints, dict[Terms, list[Dish]]] | None = None

    def menus(self, setting: Setting) -> tuple[list[dict[Course, list[Dish]]], Sequence[Limit]]:
        """Return, for each structure that the meal may have, the dishes of each role.

        Every combination of them keeps every constraint but the limits of sums, which come with
        them: of each structure some combination keeps these. There are none where none may be had.
        """
        order, meal = setting.order, setting.slot.meal
        dishes = self._left(setting)
        wished_names = frozenset[str]().union(*setting.wished)
        wished = [dish for dish in dishes if dish.name in wished_names]
        if not wished and not setting.wanted:
            # What suits a feast may be a bowl: ちらし寿司.
            wished = [dish for dish in dishes if dish.name in order.suiting]
        staying = self.staying(setting)
        wanted = setting.wanted
        has_rice = any(is_rice(dish) for dish in dishes)
        choices = structures(order, meal, wanted, staying or wished, self.cookbook, has_rice)
        only = order.constraints_of(setting.slot).tools_only
        cooked = {d.role for d in dishes if tools_of(d) & only and (d.is_one_bowl or _is_main(d))}
        if cooked == {Role.STAPLE} and not order.roles and meal != "お弁当":
            # In a rice cooker a bowl is cooked, and no main dish.
            choices = [(ONE_BOWL,), (courses((Role.STAPLE, Role.SIDE)),), *choices]
        if is_of_what_is_there(order):
            choices = [STRUCTURES_AT_HOME, *choices]
        places = set(courses(dish.role for dish in staying))
        hard = meal_limits(order.constraints_of(setting.slot))
        aims = order.aims_of(setting.slot)
        aimed = merged([hard, aims])
        served = self.cookbook.for_servings(order.servings_of(setting.slot))
        total = order.constraints_of(setting.slot).max_total_minutes
        found: tuple[list[dict[Course, list[Dish]]], Sequence[Limit]] | None = None
        # What is aimed at is let go before anything that must be kept.
        for limits, choice in product((aimed, hard) if aims else (hard,), choices):
            menus = []
            kept = as_limits(limits)
            for structure in choice:
                # What stays of an earlier answer must have its place.
                if places <= set(structure):
                    menus += self._of_structure(
                        setting, structure, dishes, kept, at_home=choice is STRUCTURES_AT_HOME
                    )
            if choice is STRUCTURES_AT_HOME:
                menus = with_least_bought(menus, order, self.cookbook)
            elif ONE_BOWL not in choice and places <= set(ONE_BOWL):
                menus += self._of_own_bowls(setting, dishes, kept)
            if menus := ready_pools(menus, total, kept, served):
                found = found or (self._with_most_wishes(setting, menus), kept)
                # Less is served with it before what is asked for is left out, and no soup before
                # one of another cuisine.
                if choice is STRUCTURES_AT_HOME or (
                    self._has_all_meat(setting, menus, dishes)
                    and (not fewer_courses(order, meal) or any(map(_has_its_soup, menus)))
                ):
                    return self._with_most_wishes(setting, menus), kept
        return found or ([], [])

    def _has_all_meat(
        self,
        setting: Setting,
        menus: Iterable[Mapping[Course, Sequence[Dish]]],
        dishes: Sequence[Dish],
    ) -> bool:
        """Tell whether there is a menu of each meat or fish that is asked for and in `dishes`."""
        pools = [pool for menu in menus for pool in menu.values()]
        return all(
            any(all(self.cookbook.uses(dish, name) for dish in pool) for pool in pools)
            for name in self.meats(setting.wanted)
            if self.cookbook.is_used(name, dishes)
        )

    def _of_own_bowls(
        self, setting: Setting, dishes: Sequence[Dish], limits: Sequence[Limit]
    ) -> list[dict[Course, list[Dish]]]:
        """Return menus that a bowl of one's own leads which uses what is asked for."""
        own = self.own_that_is_asked(setting)
        if setting.order.roles or setting.slot.meal == "お弁当":
            return []
        if not any(dish.is_one_bowl and dish.name in own for dish in dishes):
            return []
        others = [dish for dish in dishes if dish.name in own or dish.role != Role.STAPLE]
        return self._of_structure(setting, ONE_BOWL, others, limits)

    def _with_most_wishes(
        self, setting: Setting, menus: list[dict[Course, list[Dish]]]
    ) -> list[dict[Course, list[Dish]]]:
        """Return the menus of which every combination has most of the dishes wished for."""
        wished = setting.wished
        counts = [
            sum(
                any(all(dish.name in names for dish in dishes) for dishes in menu.values())
                for names in wished
            )
            for menu in menus
        ]
        most = max(counts)
        return [menu for menu, count in zip(menus, counts, strict=True) if count == most]

    def _of_structure(
        self,
        setting: Setting,
        structure: Structure,
        dishes: Sequence[Dish],
        limits: Sequence[Limit],
        *,
        at_home: bool = False,
    ) -> list[dict[Course, list[Dish]]]:
        order = setting.order
        pools = by_course(dishes, structure, setting.slot.meal, is_light=is_at_night(order))
        leading = leading_course(structure)
        wished = frozenset[str]().union(*setting.wished)
        pools = with_fitting_staples(pools, setting.slot.meal, wished)
        if setting.slot.meal == "朝食" and order.constraints.cuisine == "洋":
            # A Western breakfast is of bread.
            staple = Course(Role.STAPLE)
            bread = [dish for dish in pools.get(staple, ()) if dish.name not in EVERYDAY]
            pools = {**pools, staple: bread} if bread else pools
        elif not limits:
            # Meat and fish are for the main dish.
            in_rice = set(setting.wanted) - set(self.meats(setting.wanted))
            asked = {
                dish.name
                for dish in dishes
                if is_rice(dish) and in_rice.intersection(dish.keywords)
            }
            pools = with_plain_rice(pools, wished | asked, order.style)
        pools = self._with_what_stays(setting, self._as_due(setting, pools, leading))
        if at_home:
            pools = to_buy_least(pools, order, wished, self.cookbook)
        variants = [pools] if order.roles else with_one_soup(pools, self.cookbook, wished)
        # A soup that stays of an earlier answer is served beside no hotpot.
        staying = set(courses(dish.role for dish in self.staying(setting)))
        variants = [variant for variant in variants if staying <= variant.keys()]
        served = self.cookbook.for_servings(order.servings_of(setting.slot))
        room = _Room(limits, costs_of(pools, limits, served), {})
        placed = [
            menu for variant in variants for menu in self._placed(setting, variant, room, leading)
        ]
        # What leads the meal is as asked where no limit leaves that to the dishes beside it.
        for is_beside in (True, False):
            preferred = self._preferred(setting, placed, leading, is_beside=is_beside)
            if fitting := [menu for menu in preferred if room.has_menu(menu)]:
                return fitting
        return placed

    def _placed(
        self,
        setting: Setting,
        pools: dict[Course, list[Dish]],
        room: "_Room",
        leading: Course,
    ) -> list[dict[Course, list[Dish]]]:
        """Return the pools narrowed to what is asked for, as far as the limits leave a menu."""
        wished = self._with_wished_dishes(pools, setting.wished)
        base = next((menu for menu in (wished, pools) if room.has_menu(menu)), None)
        if base is None:
            return []
        narrowed = list(self._with_what_is_asked(setting, base, leading))
        if room.limits or self.may_stay(setting):
            # What leads the meal may be as asked where there is no place for more of it.
            narrowed += [{**base, leading: menu[leading]} for menu in narrowed]
        return [menu for menu in narrowed if room.has_menu(menu)] or [base]

    def _as_due(
        self, setting: Setting, pools: dict[Course, list[Dish]], leading: Course
    ) -> dict[Course, list[Dish]]:
        """Return the pools of a day that is to be of a cuisine, fried, or neither, where it can."""
        order, today = setting.order, setting.due
        for share in today.wanted:
            if share.kind in ("cuisine", "method", "style"):
                pool = [d for d in pools[leading] if is_met(share, [d], order, self.cookbook)]
                pools = {**pools, leading: pool or pools[leading]}
            if is_of_rice(share) and (staples := pools.get(Course(Role.STAPLE))):
                of_rice = [dish for dish in staples if has_rice(dish)]
                pools = {**pools, Course(Role.STAPLE): of_rice or staples}
        for share in today.barred:
            for course in [leading] if share.kind in ("cuisine", "food") else list(pools):
                pool = [d for d in pools[course] if not is_met(share, [d], order, self.cookbook)]
                pools = {**pools, course: pool or pools[course]}
        return pools

    def _with_what_stays(
        self, setting: Setting, pools: dict[Course, list[Dish]]
    ) -> dict[Course, list[Dish]]:
        """Return the pools with what stays of an earlier answer alone in its place."""
        staying = self.staying(setting)
        for course, dish in zip(courses(dish.role for dish in staying), staying, strict=True):
            pools = {**pools, course: [dish]}
        return pools

    def staying(self, setting: Setting) -> list[Dish]:
        """Return what stays of an earlier answer, as far as it breaks no constraint now."""
        order = setting.order
        allowed = {dish.name: dish for dish in self.allowed(order, setting.slot)}
        return [allowed[name] for name in order.kept.get(setting.slot, ()) if name in allowed]

    def _with_wished_dishes(
        self, pools: Mapping[Course, list[Dish]], wished: Sequence[frozenset[str]]
    ) -> dict[Course, list[Dish]]:
        """Return the pools with each wish for dishes met in one of its places.

        That is what leads the meal if it can be, else where there are most of them.
        """
        narrowed = dict(pools)
        leading = leading_course(tuple(pools))
        open_places = list(pools)
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
        self, setting: Setting, menu: dict[Course, list[Dish]], leading: Course
    ) -> Iterator[dict[Course, list[Dish]]]:
        """Yield a menu's dishes narrowed to those that use what is asked for.

        Its meat or fish leads the meal where it can. Once with the main dishes that use most of it,
        once with whatever uses the meat or fish of it, and once with any of its proteins, where the
        rest is left to the other courses; and once for each course in which a dish of one's own
        uses any of it.
        """
        wanted = setting.wanted
        proteins = [name for name in wanted if self.cookbook.is_protein(name)]
        of_meat = self._using(setting, menu[leading], self.meats(wanted))
        narrowed = {}
        # Of what is there alone as much goes into one dish as can be.
        by_fewer = (self.meats(wanted) or proteins, proteins)
        for names in (wanted,) if is_of_what_is_there(setting.order) else (wanted, *by_fewer):
            mains = self._with_much(setting, self._using(setting, of_meat, names))
            narrowed[tuple(dish.name for dish in mains)] = mains
        own = self.own_that_is_asked(setting)
        of_own = {
            course: [dish for dish in dishes if dish.name in own] for course, dishes in menu.items()
        }
        placed = [*((leading, mains) for mains in narrowed.values()), *of_own.items()]
        for first, using in placed:
            if not using:
                continue
            variant = {**menu, first: using}
            left = [*self._left_by(wanted, using), *setting.much]
            for course in sorted(menu, key=lambda course: PLACED_IN.index(course.role)):
                if course != first:
                    variant[course] = self._using(setting, menu[course], left)
                    # Of what there is very much two dishes are enough.
                    if not setting.much.isdisjoint(left):
                        variant[course] = self._with_much(setting, variant[course])
                    left = self._left_by(left, variant[course])
            yield variant

    def _using(self, setting: Setting, dishes: list[Dish], names: Sequence[str]) -> list[Dish]:
        """Return the dishes that use most of `names`; where one is wished for by name, all."""
        if any(dish.name in names for names in setting.wished for dish in dishes):
            return dishes
        counts = [self._count(dish, names) for dish in dishes]
        best = max(counts, default=0)
        return [dish for dish, count in zip(dishes, counts, strict=True) if count == best]

    def _with_much(self, setting: Setting, dishes: list[Dish]) -> list[Dish]:
        """Return those of some dishes that take most of that of which there is very much."""
        grams = [
            sum(grams_in(dish, name, self.cookbook) for name in setting.much) for dish in dishes
        ]
        least = MUCH_OF_IT * max(grams, default=0.0)
        return [dish for dish, count in zip(dishes, grams, strict=True) if count >= least]

    def _left_by(self, names: Iterable[str], dishes: Sequence[Dish]) -> list[str]:
        """Return what not all of `dishes` use."""
        return [
            name for name in names if not all(self.cookbook.uses(dish, name) for dish in dishes)
        ]

    def _count(self, dish: Dish, names: Iterable[str]) -> int:
        return sum(self.cookbook.uses(dish, name) for name in names)

    def own_that_is_asked(self, setting: Setting) -> frozenset[str]:
        """Return the dishes of one's own that use any of what the meal should use."""
        dishes = self.cookbook.dishes
        return frozenset(
            name
            for name in self.cookbook.own & dishes.keys()
            if self._count(dishes[name], setting.wanted) > 0
        )

    def may_stay(self, setting: Setting) -> int:
        """Return how many of the foods asked for may be left for a menu without a clash."""
        wanted = setting.wanted
        seasonings = [name for name in wanted if self._only_tastes(name)]
        foods = len(wanted) - len(seasonings)
        return len(seasonings) + max(foods // ONE_OF, foods - MOST_FOODS)

    def _only_tastes(self, name: str) -> bool:
        """Tell whether a food is seasoning, or smells: 三つ葉."""
        return self.cookbook.is_seasoning(name) or name in FRAGRANT

    def meats(self, names: Iterable[str]) -> list[str]:
        """Return those of some foods, or groups of them, that are meat or fish."""
        return [name for name in names if is_meat_or_fish(name, self.cookbook)]

    def _left(self, setting: Setting) -> list[Dish]:
        """Return the dishes for this meal that the others of the plan leave."""
        order, slot = setting.order, setting.slot
        allowed = self.allowed(order, slot)
        wished = frozenset[str]().union(*setting.wished)
        elsewhere = setting.taken | order.avoided
        return [
            dish
            for dish in suiting(slot.meal, order.ingredients, allowed, self.cookbook)
            if dish.name not in elsewhere
            and (dish.name in wished or not self._is_raw_of(dish, setting.wanted))
            and main_ingredient(dish, self.cookbook) not in setting.near
        ]

    def _is_raw_of(self, dish: Dish, names: Iterable[str]) -> bool:
        """Tell whether a dish has raw what is asked for and mostly cooked: slices of ぶり."""
        return bool(dish.raw) and any(
            food in dish.raw and food in self._mostly_cooked
            for name in names
            for food in self.cookbook.members(name)
        )

    @cached_property
    def _mostly_cooked(self) -> frozenset[str]:
        """The fish that more dishes cook than serve raw."""
        raw: Counter[str] = Counter()
        cooked: Counter[str] = Counter()
        for dish in self.cookbook.dishes.values():
            raw.update(dish.raw)
            cooked.update(set(dish.keywords) - set(dish.raw))
        return frozenset(
            food
            for food, count in raw.items()
            if self.cookbook.ingredients[food].section == "魚介"
            and cooked[food] > COOKED_FOR_EACH_RAW * count
        )

    def allowed(self, order: Order, slot: Slot) -> list[Dish]:
        """Return the dishes that break no constraint of a meal; looked up once for each kind."""
        if self._known is None or self._known[0] is not order.constraints:
            self._known = (order.constraints, {})
        by_terms, terms = self._known[1], replace(order.terms.get(slot, AS_FOR_ALL), servings=None)
        if terms not in by_terms:
            by_terms[terms] = allowed_dishes(order.constraints_of(slot), self.cookbook)
        return by_terms[terms]

    def _preferred(
        self,
        setting: Setting,
        menus: list[dict[Course, list[Dish]]],
        leading: Course,
        *,
        is_beside: bool,
    ) -> list[dict[Course, list[Dish]]]:
        """Prefer, while there is choice, what suits meal and style; beside what leads it, too."""
        order, style = setting.order, setting.order.style
        told = told_of(order, setting.slot)
        dishes = [dish for menu in menus for dish in menu[leading]]
        tests: list[Callable[[Dish], bool]] = []
        wished = self.own_that_is_asked(setting).union(*setting.wished)
        # Ham and fish cakes may be anywhere.
        meats = [
            name
            for name in self.meats(setting.wanted)
            if not any(
                self.cookbook.ingredients[food].groups & MADE
                for food in self.cookbook.members(name)
            )
        ]
        meats += [name for name in setting.wanted if is_of_bowls(name, self.cookbook)]
        # A hotpot of something else is no dinner of what is asked for, and pilaf none of noodles;
        # of one dish alone, none is.
        foods = setting.wanted if menus and len(menus[0]) == 1 else meats
        of_meat = [dish for dish in dishes if dish.name in wished or self._count(dish, foods)]
        dishes = of_meat or dishes
        dishes = self._fitting(dishes, told, wished, order.suiting, 1)
        if order.flavour:
            dishes = [d for d in dishes if order.flavour in flavours_of(d)] or dishes
        if only := order.constraints_of(setting.slot).tools_only:
            # Who names a tool means what is cooked in it.
            dishes = [dish for dish in dishes if tools_of(dish) & only] or dishes
        if tags := leads_by(told):
            tests.append(lambda dish: not tags.isdisjoint(dish.tags))
        tests += self._of_a_dinner(setting)
        if style is not None:
            tests.append(
                lambda dish: self._is_of(dish, style) or self._count(dish, order.ingredients) > 0
            )
        if setting.slot.meal == "朝食":
            # Of these there are few, and whatever is left of them suits the morning best.
            usual = [dish for dish in dishes if "朝食" in dish.tags or dish.name in EVERYDAY]
            dishes = usual or dishes
        tests += self._of_the_day(setting, leading.role)
        if order.given:
            tests += self._beside_what_is_there(order)
        # What suits the day is dearer than its season: 花見 has more than asparagus.
        dishes = [dish for dish in dishes if dish.name in order.suiting] or dishes
        for test in tests:
            dishes = _with_choice(dishes, lambda dish: test(dish) or dish.name in wished)  # noqa: B023
        # Of what uses the foods that are asked for, of the morning, for a box, or soft, few may be
        # of the style: they will do.
        of_style = [dish for dish in dishes if self._is_of(dish, style)]
        has_few = order.ingredients or setting.slot.meal in FEW_FOR or style == SOFT
        dishes = of_style if has_few and of_style else dishes
        names = {dish.name for dish in dishes}
        led = [(menu, [dish for dish in menu[leading] if dish.name in names]) for menu in menus]
        if not is_beside:
            return [{**menu, leading: leads} for menu, leads in led if leads]
        return [self._laid_beside(setting, menu, leading, leads) for menu, leads in led if leads]

    def _laid_beside(
        self,
        setting: Setting,
        menu: Mapping[Course, list[Dish]],
        leading: Course,
        leads: list[Dish],
    ) -> dict[Course, list[Dish]]:
        """Return a menu's pools with what is preferred beside what leads it.

        A soup is of the cuisine of what leads the meal: what has none goes while anything else
        leads.
        """
        soups: list[Dish] = []
        pools = {}
        wished = self.own_that_is_asked(setting).union(*setting.wished)
        if leads and all(IS_BREAD in marks_of(dish, self.cookbook) for dish in leads):
            menu = self._beside_bread(menu, leading, wished, needs_soup=bool(setting.order.roles))
        for course, dishes in menu.items():
            if course.role == Role.SOUP and course != leading:
                leads, soups = self._with_soups(setting, leads, dishes)
            pools[course] = soups if course.role == Role.SOUP else dishes
        return {
            course: leads
            if course == leading
            else (
                dishes if course.role == Role.SOUP else self._beside(setting, course.role, dishes)
            )
            for course, dishes in pools.items()
        }

    def _beside_bread(
        self,
        menu: Mapping[Course, list[Dish]],
        leading: Course,
        wished: Collection[str],
        *,
        needs_soup: bool,
    ) -> dict[Course, list[Dish]]:
        """Return a menu's pools without what goes with rice; without soup where all of it does."""
        pools = dict(menu)
        for course, dishes in menu.items():
            if course == leading:
                continue
            fitting = [
                dish
                for dish in dishes
                if dish.name in wished or IS_OF_THE_EAST not in marks_of(dish, self.cookbook)
            ]
            if fitting:
                pools[course] = fitting
            elif course.role == Role.SOUP and not needs_soup:
                del pools[course]
        return pools

    def _with_soups(
        self, setting: Setting, leads: list[Dish], soups: list[Dish]
    ) -> tuple[list[Dish], list[Dish]]:
        """Return what leads and has soups of its cuisine, with these; all where nothing has."""
        fitting = self._fitting_beside(setting, soups)
        cuisines = {cuisine_of(dish) for dish in leads}
        groups = [group for group in _by_cuisine(fitting) if group[0].cuisine in cuisines]
        style, foods = setting.order.style, self._foods_beside(setting)
        wished = self.own_that_is_asked(setting).union(*setting.wished)
        of_style = [
            [
                dish
                for dish in group
                if self._is_of(dish, style) or dish.name in wished or self._count(dish, foods)
            ]
            for group in groups
        ]
        of_style = [group for group in of_style if len(group) >= FEWEST_THAT_FIT]
        for some in (of_style, groups) if style in OF_ALL_DISHES else (groups,):
            narrowed = [
                dish for group in some for dish in self._suiting_beside(setting, Role.SOUP, group)
            ]
            there = {None, *(dish.cuisine for dish in narrowed)}
            if kept := [dish for dish in leads if cuisine_of(dish) in there]:
                return kept, narrowed or fitting
        return leads, self._suiting_beside(setting, Role.SOUP, fitting)

    def _beside(self, setting: Setting, role: Role, dishes: list[Dish]) -> list[Dish]:
        """Prefer, while there is choice, what suits meal and style beside what leads it."""
        dishes = self._fitting_beside(setting, dishes)
        return dishes if role == Role.STAPLE else self._suiting_beside(setting, role, dishes)

    def _fitting_beside(self, setting: Setting, dishes: list[Dish]) -> list[Dish]:
        order = setting.order
        wished = self.own_that_is_asked(setting).union(*setting.wished)
        return self._fitting(dishes, told_of(order, setting.slot), wished, order.suiting)

    def _foods_beside(self, setting: Setting) -> set[str]:
        """Return what is asked for beside what leads: meat and fish are in that."""
        return set(setting.wanted) - set(self.meats(setting.wanted))

    def _suiting_beside(self, setting: Setting, role: Role, dishes: list[Dish]) -> list[Dish]:
        """Return the dishes that suit meal, style and day, as far as they leave a choice."""
        order, style = setting.order, setting.order.style
        wished = self.own_that_is_asked(setting).union(*setting.wished)
        # The second of two main dishes is one, too.
        tests = list(self._of_a_dinner(setting)) if role == Role.MAIN else []
        is_nibbled = style == SNACK or BY_HAND in order.told
        if not is_nibbled and setting.slot.meal in ("昼食", "夕食") and self._is_meal(order):
            tests.append(lambda dish: not is_nibble(dish, self.cookbook))
        if style in OF_ALL_DISHES:
            tests.append(lambda dish: self._is_of(dish, style))
        if setting.slot.meal == "朝食":
            tests.append(is_for_the_morning)
        of_the_day = list(self._of_the_day(setting, role))
        tests += of_the_day
        if order.given:
            tests += self._beside_what_is_there(order)
        if order.suiting:
            tests.append(lambda dish: dish.name in order.suiting)
        foods = self._foods_beside(setting)
        for test in tests:
            # Soups are of one cuisine already.
            is_of_the_day = test in of_the_day and role != Role.SOUP
            dishes = _with_choice(
                dishes,
                lambda dish: (
                    test(dish)  # noqa: B023
                    or dish.name in wished
                    or self._count(dish, foods) > 0
                ),
                FEWEST_OF_THE_DAY if is_of_the_day else FEWEST_FOR_CHOICE,
            )
        return dishes

    def _of_a_dinner(self, setting: Setting) -> Iterator[Callable[[Dish], bool]]:
        """Yield what a main dish of a dinner is: no eggs of the morning, no handful of clams."""
        if setting.slot.meal == "夕食":
            asked = [name for name in setting.order.ingredients if self.cookbook.is_protein(name)]
            yield lambda dish: not is_of_the_morning(dish)
            yield (
                lambda dish: (
                    has_protein_of_a_main(dish, self.cookbook) or self._count(dish, asked) > 0
                )
            )
            if asked:
                yield lambda dish: self._is_led_by(dish, asked)

    def _is_led_by(self, dish: Dish, asked: Collection[str]) -> bool:
        """Tell whether no meat or fish leads a dish unasked: no チキン南蛮 for eggs."""
        main = main_ingredient(dish, self.cookbook)
        is_asked = any(main in self.cookbook.members(name) for name in asked)
        return is_asked or not protein_of(dish, self.cookbook)

    def _is_of(self, dish: Dish, style: str | None) -> bool:
        """Tell whether a dish is of a style: by its tag, or soft by how it is cooked."""
        return style in dish.tags or (style == SOFT and is_soft(dish, self.cookbook))

    def _fitting(
        self,
        dishes: list[Dish],
        told: frozenset[str],
        wished: Collection[str],
        of_the_feast: Collection[str],
        fewest: int = FEWEST_THAT_FIT,
    ) -> list[Dish]:
        """Return the dishes that fit what is told of those who eat, all where too few do.

        What is of a feast fits no other day.
        """
        of_other_feasts = self._of_feasts.difference(of_the_feast)
        unfit = (unfit_dishes(told, self.cookbook) | of_other_feasts).difference(wished)
        return _with_choice(dishes, lambda dish: dish.name not in unfit, fewest)

    @cached_property
    def _of_feasts(self) -> frozenset[str]:
        """The dishes of one feast of the year."""
        return frozenset(name for name, d in self.cookbook.dishes.items() if is_of_a_feast(d))

    def _beside_what_is_there(self, order: Order) -> Iterator[Callable[[Dish], bool]]:
        """Yield what goes with dishes that are not to be cooked: no clash, and of their cuisine."""
        there = [self.cookbook.dishes[name] for name in order.given]
        yield lambda dish: not clashes([*there, dish], self.cookbook)
        yield lambda dish: dish.cuisine == there[0].cuisine

    def _is_meal(self, order: Order) -> bool:
        """Tell whether a whole meal is asked for, and not some side dishes."""
        return not order.roles or Role.MAIN in order.roles

    def _of_the_day(self, setting: Setting, role: Role) -> Iterator[Callable[[Dish], bool]]:
        """Yield what no feast is that nobody named, a season that was, and many vegetables."""
        order = setting.order
        of_other_feasts = self._of_feasts.difference(order.suiting)
        yield lambda dish: dish.name not in of_other_feasts
        # Who is cold wants it hot, whatever the season of what is in it.
        if (season := order.named_season) is not None and "寒い" not in order.told:
            yield lambda dish: season in dish.seasons and len(dish.seasons) < ALL_SEASONS
            yield lambda dish: dish.seasons == {season}
        if VEGETABLES in order.aims_of(setting.slot) and (least := FULL_OF_VEGETABLES.get(role)):
            yield lambda dish: self.cookbook.vegetables_grams(dish) >= least


def _is_main(dish: Dish) -> bool:
    return dish.role == Role.MAIN


def _by_cuisine(dishes: Iterable[Dish]) -> list[list[Dish]]:
    """Return the dishes of each cuisine."""
    groups: dict[str, list[Dish]] = {}
    for dish in dishes:
        groups.setdefault(dish.cuisine, []).append(dish)
    return list(groups.values())


def _has_its_soup(menu: Mapping[Course, Sequence[Dish]]) -> bool:
    """Tell whether any dish that leads has a soup of its own cuisine, or no soup beside it."""
    leading = leading_course(tuple(menu))
    soups = [course for course in menu if course.role == Role.SOUP and course != leading]
    cuisines = {cuisine_of(dish) for dish in menu[leading]}
    return all(None in cuisines or any(d.cuisine in cuisines for d in menu[c]) for c in soups)


def _with_choice(
    dishes: list[Dish], test: Callable[[Dish], bool], fewest: int = FEWEST_FOR_CHOICE
) -> list[Dish]:
    """Return the dishes of which `test` holds, or all where that leaves no choice of them."""
    kept = [dish for dish in dishes if test(dish)]
    return kept if len(kept) >= fewest else dishes
