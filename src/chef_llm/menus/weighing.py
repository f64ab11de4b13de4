"""What a menu costs at its place in a plan, beside the other meals: lexicographic, in three parts.

What `must` not be is in no plan that goes out; of `wishes` as few are unmet as can be
(`order_rules` has both); and among what is left the `rest` decides, in units of the taste
(`balance`).
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from chef_llm.cookbook import Cookbook
from chef_llm.menus.balance import Balance
from chef_llm.menus.candidate import Candidate
from chef_llm.menus.order_rules import OrderRules, Others, Price
from chef_llm.reading.order import Order

ROUNDING: Final = 1e-9


class Cost(NamedTuple):
    """What a menu costs at its place: what must not be, wishes that are unmet, and the rest."""

    must: float
    wishes: float
    rest: float

    def plus(self, other: "Cost") -> "Cost":
        """Return both together."""
        return Cost(self.must + other.must, self.wishes + other.wishes, self.rest + other.rest)


class Scales(NamedTuple):
    """Weighs menus for one place: by how much the plan costs more with them than without."""

    must: Sequence[Price]
    wishes: Sequence[Price]
    rest: Sequence[Price]

    def cost(self, one: Candidate) -> Cost:
        """Return the cost of a menu."""
        return Cost(_sum(self.must, one), _sum(self.wishes, one), _sum(self.rest, one))

    def lightest(self, menus: Iterable[Candidate]) -> tuple[Cost, Candidate]:
        """Return the menu of the least cost, the first of several."""
        return min(self._promising(menus), key=lambda pair: pair[0])

    def is_as_good(self, one: Candidate, best: Cost) -> bool:
        """Tell whether a menu is as the best one in what must not be and what is wished."""
        return (
            _sum(self.must, one) <= best.must and _sum(self.wishes, one) <= best.wishes + ROUNDING
        )

    def _promising(self, menus: Iterable[Candidate]) -> Iterator[tuple[Cost, Candidate]]:
        """Yield the menus that may be the lightest: the rest of most need not be looked at."""
        least = (math.inf, math.inf)
        for one in menus:
            must = _sum(self.must, one)
            if must > least[0]:
                continue
            wishes = _sum(self.wishes, one)
            if (must, wishes) <= least:
                least = (must, wishes)
                yield Cost(must, wishes, _sum(self.rest, one)), one


def _sum(prices: Sequence[Price], one: Candidate) -> float:
    """Return what a menu costs by some rules; a plan asks it a million times."""
    total = 0.0
    for price in prices:
        total += price(one)
    return total


class Weighing:
    """Weighs the menus of one order's plan."""

    def __init__(self, order: Order, cookbook: Cookbook) -> None:
        rules, balance = OrderRules(order), Balance(order, cookbook)
        self._rules = (rules.must, rules.wishes, balance.rules)
        anywhere = [*rules.anywhere, *balance.anywhere]
        self._of_places = tuple(
            [rule for rule in each if rule not in anywhere] for each in self._rules
        )

    def beside(self, others: Others, place: int, *, is_exchange: bool = False) -> Scales:
        """Return the scales for a place beside the other meals of the plan.

        Where menus are exchanged, what they cost at whatever place is left out.
        """
        rules = self._of_places if is_exchange else self._rules
        return Scales(*([rule(others, place) for rule in each] for each in rules))
