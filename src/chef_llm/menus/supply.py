"""The menus among which a plan of several meals is searched for: so many for each place.

Meals that are alike (two dinners of as many people and minutes) are drawn for at once. Beside menus
of whatever there is, some are drawn around what is asked for and around what only some of the days
are for, so that there are such menus to place.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from chef_llm.cookbook import Dish
from chef_llm.menus.candidate import Candidate, candidate
from chef_llm.menus.setting import (
    Setting,
    costing_of_the_average,
    wished_dishes,
    wished_today,
    with_all_that_is_asked,
)
from chef_llm.menus.shares import Due, due_of
from chef_llm.menus.tasting import IN_THE_MAIN, Taster
from chef_llm.menus.using_up import left_of
from chef_llm.reading.order import AS_FOR_ALL, Order, Share, Slot, Terms

# Where what is asked for is placed, this meal before that.
ASKED_IN: Final = ("夕食", "昼食", "お弁当", "朝食")
# A sample more for each so many places that are alike.
PLACES_A_SAMPLE: Final = 2
MOST_SAMPLES: Final = 6
# Where a budget is for all meals together, one may cost so much of the average.
MOST_OF_THE_AVERAGE: Final = 1.6
# Of what is drawn at once so many stay, the tastiest, and so many for each place.
LEAST_KEPT: Final = 12
KEPT_A_PLACE: Final = 6
# So often menus are drawn around what is asked for, and around shares of days, for one plan.
MOST_AROUND_WISHES: Final = 8


@dataclass(frozen=True)
class _Kind:
    """What meals have in common that are drawn for at once."""

    meal: str
    terms: Terms
    staying: tuple[str, ...]
    due: Due


class Supply:
    """Draws the menus for the places of one order's plan."""

    def __init__(self, order: Order, taster: Taster) -> None:
        # Where the money is for all meals together one may cost more than its part of it; the menus
        # that do not see to it that there is a plan.
        self.order = costing_of_the_average(order, MOST_OF_THE_AVERAGE)
        self.frugal = costing_of_the_average(order, 1.0)
        self.taster = taster
        self.kinds = [self._kind(slot) for slot in order.slots]
        self._drawn: dict[_Kind, dict[tuple[str, ...], Candidate]] = {}
        self._times = 0

    def of_places(self) -> list[list[Candidate]]:
        """Return the menus for each place of the plan; none where there is no menu for it."""
        self._drawn = {kind: {} for kind in self.kinds}
        for kind in self._drawn:
            samples = min(1 + self.kinds.count(kind) // PLACES_A_SAMPLE, MOST_SAMPLES)
            self._draw(kind, self._setting(kind), samples)
            if self.order.average_yen is not None:
                self._draw(kind, replace(self._setting(kind), order=self.frugal), samples)
        if not self.order.is_proposals:
            self._draw_around_what_is_asked()
            for number, (kind, shares) in enumerate(self._of_shares()):
                if number < MOST_AROUND_WISHES:
                    self._draw(kind, self._sharing(kind, shares))
        by_kind = {kind: list(found.values()) for kind, found in self._drawn.items()}
        return [by_kind[kind] for kind in self.kinds]

    def more(self, place: int, others: Sequence[Candidate | None]) -> list[Candidate]:
        """Return menus for a place of dishes that no other meal has, and main ingredients apart."""
        slots, slot = self.order.slots, self.order.slots[place]
        there = [(other, one) for other, one in zip(slots, others, strict=True) if one]
        taken = frozenset[str]().union(*(one.names for _, one in there))
        near = {
            one.main
            for other, one in there
            if one.main and abs(other.day - slot.day) <= 1 and not self.order.is_proposals
        }
        setting = self._setting(self.kinds[place])
        return self._found(
            replace(
                setting, order=self.frugal.as_for(setting.slot), taken=taken, near=frozenset(near)
            )
        )

    def _kind(self, slot: Slot) -> _Kind:
        terms = self.order.terms.get(slot, AS_FOR_ALL)
        staying = tuple(self.order.kept.get(slot, ()))
        return _Kind(slot.meal, terms, staying, due_of(slot, self.order))

    def _setting(self, kind: _Kind) -> Setting:
        """Return the setting of a meal whatever the others have; proposals have all that is asked.

        What only some days may have is left to the menus that are drawn around it.
        """
        slot = self.order.slots[self.kinds.index(kind)]
        if self.order.is_proposals:
            return with_all_that_is_asked(self.order, slot)
        limited = [one for one in self.order.shares if one.most is not None and not one.is_bound]
        due = Due(kind.due.wanted, tuple(dict.fromkeys((*kind.due.barred, *limited))))
        foods, dishes = tuple(kind.due.foods), tuple(wished_today(self.order, kind.due))
        return Setting(self.order.as_for(slot), slot, foods, dishes, due)

    def _draw_around_what_is_asked(self) -> None:
        """Draw menus that use most of what is asked for, then such as use what these leave, ...

        Of what is to be used up it is asked until little is left.
        """
        portions: list[tuple[Dish, int]] = []
        taken = frozenset[str]()
        had = [0] * (len(self.order.ingredients) + len(wished_dishes(self.order)))
        kinds = sorted(self._drawn, key=lambda kind: ASKED_IN.index(kind.meal))
        rounds = (kind for kind in kinds for _ in range(self.kinds.count(kind)))
        for number, kind in enumerate(rounds):
            foods, dishes = self._missing(had, portions)
            if number == MOST_AROUND_WISHES or not (foods or dishes):
                return
            setting = self._setting(kind)
            setting = replace(
                setting,
                wanted=(*setting.wanted, *foods),
                wished=(*setting.wished, *dishes),
                taken=taken,
            )
            for best in self._draw(kind, setting)[:1]:
                taken |= best.names
                servings = self.order.servings_of(setting.slot)
                portions += [(dish, servings) for dish in best.menu.values()]
                had = list(map(max, had, best.asked))

    def _missing(
        self, had: Sequence[int], portions: Sequence[tuple[Dish, int]]
    ) -> tuple[list[str], list[frozenset[str]]]:
        """Return the foods and dishes that are asked for and in no menu yet."""
        order, cookbook = self.order, self.taster.cookbook
        foods, dishes = list(order.ingredients), wished_dishes(order)
        meats = self.taster.larder.meats(foods)
        missing = [
            name
            for name, value in zip(foods, had, strict=False)
            if value < (1 + IN_THE_MAIN if name in meats else 1)
        ]
        left = [name for name in order.use_up if left_of(name, portions, order, cookbook)]
        unserved = [
            names for names, value in zip(dishes, had[len(foods) :], strict=True) if not value
        ]
        return list(dict.fromkeys((*left, *missing))), unserved

    def _of_shares(self) -> Iterator[tuple[_Kind, tuple[Share, ...]]]:
        """Yield what only some of the days are for, and for which meals, one alone and two at once.

        Those of named days are in the settings of these days already.
        """
        shares = [share for share in self.order.shares if not share.is_bound and share.most != 0]
        kinds = sorted(self._drawn, key=lambda kind: ASKED_IN.index(kind.meal))
        for share in shares:
            yield from ((kind, (share,)) for kind in kinds)
        for one, other in combinations(shares, 2):
            if one.kind != other.kind and one.least and other.least:
                yield kinds[0], (one, other)

    def _sharing(self, kind: _Kind, shares: tuple[Share, ...]) -> Setting:
        setting = self._setting(kind)
        due = Due(
            (*setting.due.wanted, *shares),
            tuple(share for share in setting.due.barred if share not in shares),
        )
        foods = [share.value for share in shares if share.kind == "food"]
        dishes = wished_today(self.order, Due(shares))
        return replace(
            setting,
            due=due,
            wanted=(*setting.wanted, *foods),
            wished=(*setting.wished, *dishes),
        )

    def _draw(self, kind: _Kind, setting: Setting, samples: int = 1) -> list[Candidate]:
        """Draw menus for a kind of meal and keep them; a menu that is there already once."""
        found = self._found(setting, samples)
        for one in found[: LEAST_KEPT + KEPT_A_PLACE * self.kinds.count(kind)]:
            self._drawn[kind].setdefault(tuple(dish.name for dish in one.menu.values()), one)
        return found

    def _found(self, setting: Setting, samples: int = 1) -> list[Candidate]:
        self._times += 1
        order, slot = self.order, setting.slot
        rng = random.Random(f"{order.request} {slot} {order.variety} {self._times}")
        pools, limits = self.taster.larder.menus(setting)
        if not pools:
            return []
        best = self.taster.to_a_cooks_taste(setting, pools, limits, rng, samples)
        return [candidate(one, setting, self.taster) for one in best]
