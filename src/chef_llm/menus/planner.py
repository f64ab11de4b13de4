"""Plans menus: code decides what may be served, the model chooses among it.

What may be served at a meal (`pools`) keeps every constraint; whole menus of it are drawn and put
in order by a cook's taste (`tasting`). One meal is written at once; of several a whole plan is
searched for first (`supply`, `week`), and then each meal in turn is left to the model, among menus
with which the rest of the plan stands. So no weights and no words of a request can put a forbidden
dish on the table; `verify` looks once more before the plan goes out.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from chef_llm.cookbook import Cookbook, Dish
from chef_llm.engines import Completion, Deadline, Grammar
from chef_llm.errors import DeadlineExceeded, NoMenu
from chef_llm.menus.plan import Menu, Plan, PlannedMeal
from chef_llm.menus.pools import Larder
from chef_llm.menus.reasons import no_menu
from chef_llm.menus.setting import costing_of_the_average, with_all_that_is_asked
from chef_llm.menus.shares import due_of, unmet
from chef_llm.menus.supply import Supply
from chef_llm.menus.tasting import Taster, apart, by_lot
from chef_llm.menus.verify import verify
from chef_llm.menus.week import Week
from chef_llm.menus.weighing import Weighing
from chef_llm.menus.writing import chosen, meal_grammar, opening_of, true_title
from chef_llm.reading.order import Order, Slot

# (request, opening line, grammar, deadline) -> what the model wrote inside the grammar.
Choose = Callable[[str, str, Grammar, Deadline], Completion]
# The best menus, among which the model chooses.
OFFERED: Final = 4
OUT_OF_TIME: Final = "時間内に献立を作り終えられませんでした。"


@dataclass(frozen=True)
class Offer:
    """The menus among which the model chooses a meal, and the foods that it should name."""

    order: Order
    slot: Slot
    menus: Sequence[Menu]
    wanted: Sequence[str]


class Planner:
    """Plans menus from one cookbook; `unlearned` are dishes that the model that chooses never saw.

    It would never choose them. Of one's own those are planned where what they hold is asked for,
    and all have the share of the menus that the taste gives them.
    """

    def __init__(self, cookbook: Cookbook, unlearned: frozenset[str] = frozenset()) -> None:
        self.cookbook = cookbook
        self.unlearned = unlearned
        self.larder = Larder(cookbook)
        self.taster = Taster(self.larder)

    def plan(self, order: Order, choose: Choose, deadline: Deadline) -> Plan:
        """Plan every slot of `order`.

        Raises `NoMenu`, naming what has to give, when a meal cannot be had, and
        `DeadlineExceeded` when there is no time for even one; later ones are reported unplanned.
        """
        meals: list[PlannedMeal] = []
        try:
            for meal in self._meals(order, choose, deadline):
                meals.append(meal)  # of those before the deadline none is lost
        except DeadlineExceeded:
            if not meals:
                raise
        started = time.monotonic()
        verify(meals, order, self.cookbook)
        seconds = time.monotonic() - started
        served = [(meal.slot, meal.from_main) for meal in meals]
        missing = tuple(unmet(order, served, self.cookbook))
        return Plan(tuple(meals), order.slots[len(meals) :], missing, seconds)

    def _meals(self, order: Order, choose: Choose, deadline: Deadline) -> Iterator[PlannedMeal]:
        """Yield one meal after the other, as the model chooses it of what may stand there."""
        _require_time(deadline)
        if len(order.slots) == 1:
            yield self._written(self._offer_of_one(order), choose, deadline)
            return
        week = self._searched(order, deadline)
        served: list[Dish] = []
        for place in range(len(order.slots)):
            offer = self._offer_of_several(order, week, place, served)
            meal = self._written(offer, choose, deadline)
            week.settle(place, meal.dishes)
            served += meal.dishes
            yield meal

    def _offer_of_one(self, order: Order) -> Offer:
        """Return the best menus that have all that is asked for."""
        [slot] = order.slots
        order = costing_of_the_average(order, 1.0)
        rng = random.Random(f"{order.request} {slot} {order.variety}")
        setting = with_all_that_is_asked(order, slot)
        pools, limits = self.larder.menus(setting)
        best = self.taster.to_a_cooks_taste(setting, pools, limits, rng) if pools else []
        if not best:
            raise self._no_menu(order, slot, 0)
        menus = by_lot(apart([one.menu for one in best])[:OFFERED], self.unlearned, rng)
        return Offer(order, slot, menus, setting.wanted)

    def _searched(self, order: Order, deadline: Deadline) -> Week:
        """Return a whole plan, in which all that must hold does."""
        supply = Supply(order, self.taster)
        of_places = supply.of_places()
        for slot, found in zip(order.slots, of_places, strict=True):
            if not found:
                raise self._no_menu(supply.frugal, slot, 0)
        week = Week(of_places, Weighing(order, self.cookbook))
        rng = random.Random(f"{order.request} {order.variety}")
        week.search(rng)
        week.repair(supply.more, rng, deadline)
        if clashing := week.clashing:
            _require_time(deadline)
            raise self._no_menu(supply.frugal, order.slots[clashing[-1]], week.most_that_fit)
        return week

    def _offer_of_several(
        self, order: Order, week: Week, place: int, served: Sequence[Dish]
    ) -> Offer:
        """Return the menus of a place with which the rest of the plan stands."""
        slot = order.slots[place]
        rng = random.Random(f"{order.request} {slot} {order.variety}")
        ordered = apart([one.menu for one in week.alternatives(place)])
        menus = by_lot(ordered[:OFFERED], self.unlearned, rng)
        wanted = (*due_of(slot, order).foods, *order.ingredients)
        if order.is_proposals:
            return Offer(order, slot, menus, order.ingredients)
        left = [name for name in dict.fromkeys(wanted) if not self.cookbook.is_used(name, served)]
        return Offer(order, slot, menus, left)

    def _written(self, offer: Offer, choose: Choose, deadline: Deadline) -> PlannedMeal:
        """Return the meal that the model writes, one of those offered."""
        _require_time(deadline)
        order, slot = offer.order, offer.slot
        offered = [dish for menu in offer.menus for dish in menu.values()]
        named = [name for name in offer.wanted if self.cookbook.is_used(name, offered)]
        opening = opening_of(order, slot, named, self.cookbook)
        grammar = meal_grammar([{c: [dish] for c, dish in menu.items()} for menu in offer.menus])
        completion = choose(order.request, str(opening), grammar, deadline)
        if completion.finish_reason != "stop":
            raise DeadlineExceeded(OUT_OF_TIME)
        dishes, tip = chosen(completion.text, self.cookbook)
        meal = PlannedMeal(slot, str(opening), dishes, tip, completion)
        used = [name for name in opening.ingredients if self.cookbook.is_used(name, dishes)]
        return replace(meal, title=str(true_title(opening, meal, used, order.constraints)))

    def _no_menu(self, order: Order, slot: Slot, planned: int) -> NoMenu:
        """Return the error for a meal that cannot be had where so many others can."""
        of_slot = replace(order.as_for(slot), constraints=order.constraints_of(slot))
        served = self.cookbook.for_servings(order.servings_of(slot))
        return no_menu(of_slot, slot.meal, served, planned)


def _require_time(deadline: Deadline) -> None:
    if deadline.passed:
        raise DeadlineExceeded(OUT_OF_TIME)
