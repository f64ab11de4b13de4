"""The search over a whole plan: which of the drawn menus stands where.

It begins with the best menu for each place in turn, and goes on with whatever makes the plan
better: another menu at one place, or the menus of two places exchanged. Where dishes are so few
that two meals still have the same, some places are emptied and more is drawn for them, beside the
rest.
"""

import random
from collections.abc import Callable, Sequence
from itertools import combinations
from operator import itemgetter
from typing import Final

from chef_llm.cookbook import Dish
from chef_llm.engines import Deadline
from chef_llm.menus.candidate import Candidate
from chef_llm.menus.weighing import Cost, Scales, Weighing

# (place, the other meals) -> menus of what these leave.
DrawMore = Callable[[int, Sequence[Candidate | None]], list[Candidate]]
# Times that every place is looked at again, or every two.
MOST_SWEEPS: Final = 8
# So many places in all get any menu, so many at once, before the plan is mended again.
SHAKEN: Final = 84
SHAKEN_AT_ONCE: Final = 3
# Times that places are emptied because two meals have the same, and menus drawn for that in all.
MOST_REPAIRS: Final = 12
MOST_DRAWN: Final = 60
# What may be offered in the place of a planned menu: it costs so much more than the best, in units
# of the taste.
NEAR_THE_BEST: Final = 1.5
# When a menu is chosen, so many places after it are looked at again.
MENDED_AFTER: Final = 6


class Week:
    """A plan that is being searched for: `placed` are its menus."""

    def __init__(self, supply: list[list[Candidate]], weighing: Weighing) -> None:
        self.supply = supply
        self.weighing = weighing
        self.placed: list[Candidate | None] = [None] * len(supply)

    def search(self, rng: random.Random) -> None:
        """Fill every place and mend the plan; then shake it again and again, and keep the best."""
        self.mend()
        best, least, places = list(self.placed), self.cost, range(len(self.placed))
        for _ in range(SHAKEN // len(places)):
            for place in rng.sample(places, min(SHAKEN_AT_ONCE, len(places))):
                self.placed[place] = rng.choice(self.supply[place])
            self.mend()
            if (cost := self.cost) < least:
                best, least = list(self.placed), cost
            self.placed = list(best)

    def mend(self) -> None:
        """Put another menu at a place, or exchange two, until nothing makes the plan better."""
        places = range(len(self.placed))
        for _ in range(MOST_SWEEPS):
            is_better = [self.fill(place) for place in places]
            if not any(is_better):
                is_better = [self._exchange(*two) for two in combinations(places, 2)]
            if not any(is_better):
                break

    @property
    def cost(self) -> Cost:
        """What the whole plan costs."""
        filled: list[Candidate | None] = [None] * len(self.placed)
        total = Cost(0.0, 0.0, 0.0)
        for place, one in enumerate(self.placed):
            if one is not None:
                total = total.plus(self.weighing.beside(filled, place).cost(one))
                filled[place] = one
        return total

    def repair(self, more: DrawMore, rng: random.Random, deadline: Deadline) -> None:
        """Draw again for places where the plan has something twice, and for more and more beside.

        What comes first is chosen from most freely: so the places with the fewest menus come first.
        At the deadline it leaves the plan as it is.
        """
        drawn = 0
        for number in range(MOST_REPAIRS):
            clashing, before = self.clashing, list(self.placed)
            if not clashing or drawn > MOST_DRAWN or deadline.passed:
                return
            rest = [place for place in range(len(before)) if place not in clashing]
            emptied = [*clashing, *rng.sample(rest, min(number, len(rest)))]
            rng.shuffle(emptied)
            emptied.sort(key=lambda place: len(self.supply[place]))
            for place in emptied:
                self.placed[place] = None
            for place in emptied:
                self.supply[place] = [*self.supply[place], *more(place, self.placed)]
                self.fill(place)
            drawn += len(emptied)
            self.mend()
            if len(self.clashing) > len(clashing):
                self.placed = before

    @property
    def clashing(self) -> list[int]:
        """The places whose meal has what another has, too."""
        return [
            place
            for place, one in enumerate(self.placed)
            if one is not None and self._scales(place).cost(one).must > 0
        ]

    @property
    def most_that_fit(self) -> int:
        """How many meals can be had, one after the other, with nothing that one before has."""
        kept: list[Candidate | None] = [None] * len(self.placed)
        for place, menus in enumerate(self.supply):
            cost, one = self.weighing.beside(kept, place).lightest(menus)
            if cost.must == 0:
                kept[place] = one
        return sum(one is not None for one in kept)

    def alternatives(self, place: int) -> list[Candidate]:
        """Return what may stand at a place, the best first: all that must hold does with each.

        They leave as few wishes unmet as the best, and are nearly as good beside the rest.
        """
        scales = self._scales(place)
        best, _ = scales.lightest(self.supply[place])
        may_be = [one for one in self.supply[place] if scales.is_as_good(one, best)]
        priced = sorted(((scales.cost(one).rest, one) for one in may_be), key=itemgetter(0))
        return [one for rest, one in priced if rest <= best.rest + NEAR_THE_BEST]

    def settle(self, place: int, dishes: Sequence[Dish]) -> None:
        """Let the menu of these dishes stand at a place, and mend what comes next for it."""
        names = [dish.name for dish in dishes]
        self.placed[place] = next(
            one for one in self.supply[place] if [dish.name for dish in one.menu.values()] == names
        )
        for later in range(place + 1, min(place + 1 + MENDED_AFTER, len(self.placed))):
            self.fill(later)

    def _scales(self, place: int) -> Scales:
        others = [*self.placed[:place], None, *self.placed[place + 1 :]]
        return self.weighing.beside(others, place)

    def fill(self, place: int) -> bool:
        """Put the best menu at a place; tell whether it is another one."""
        scales, there = self._scales(place), self.placed[place]
        cost, best = scales.lightest(self.supply[place])
        if there is not None and cost >= scales.cost(there):
            return False
        self.placed[place] = best
        return True

    def _exchange(self, one: int, other: int) -> bool:
        """Exchange the menus of two places that are alike where that is better; tell whether."""
        first, second = self.placed[one], self.placed[other]
        if self.supply[one] is not self.supply[other] or first is None or second is None:
            return False
        if self._cost_of(one, second, other, first) < self._cost_of(one, first, other, second):
            self.placed[one], self.placed[other] = second, first
            return True
        return False

    def _cost_of(self, one: int, first: Candidate, other: int, second: Candidate) -> Cost:
        others = list(self.placed)
        others[one] = others[other] = None
        cost = self.weighing.beside(others, one, is_exchange=True).cost(first)
        others[one] = first
        return cost.plus(self.weighing.beside(others, other, is_exchange=True).cost(second))
