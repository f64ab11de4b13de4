"""What an order asks of a whole plan: no dish twice, everything asked for in it, shares of days.

Each rule looks at the other meals and a place among them and returns the price of a menu there.
What a rule of `must` charges for is in no plan that goes out; of `wishes` as little as can be.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Final

from chef_llm.menus.candidate import Candidate, asks_of
from chef_llm.menus.using_up import STILL_LEFT
from chef_llm.reading.order import Order, Share, Variation

Others = Sequence[Candidate | None]
Price = Callable[[Candidate], float]
Rule = Callable[[Others, int], Price]

# A yen too much, against a dish that stands twice.
A_YEN: Final = 0.001
ROUNDING: Final = 1e-6
# A day later for what is asked for, and a fault of a menu, against a wish that is not met.
A_DAY_LATER: Final = 0.01
A_FAULT: Final = 0.1


class OrderRules:
    """The rules of one order."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.slots = order.slots
        self.varied = order.varied
        self.staying = {name for names in order.kept.values() for name in names}
        self.asks = range(len(asks_of(order, order.slots[0])))

    @property
    def must(self) -> list[Rule]:
        """The rules that hold in every plan; proposals may be of one ingredient."""
        rules: list[Rule] = [self._twice] if self.order.is_proposals else [self._twice, self._near]
        return rules if self.order.budget_yen is None else [*rules, self._over_budget]

    @property
    def wishes(self) -> list[Rule]:
        """The rules of which as much is kept as can be; what is not asked for is not looked at."""
        rules: list[Rule] = [self._faults]
        if self.asks:
            rules.append(self._of_each if self.order.is_proposals else self._asked)
        if any(self.order.at_hand.get(name) for name in self.order.use_up):
            rules.append(self._not_used_up)
        rules += [self._varied] if self.order.varied and not self.order.is_proposals else []
        return [*rules, self._shares] if self.order.shares else rules

    @property
    def anywhere(self) -> list[Rule]:
        """The rules that charge the same for two menus wherever each of them stands."""
        return [
            self._twice,
            self._over_budget,
            self._faults,
            self._of_each,
            self._not_used_up,
            self._varied,
        ]

    def _twice(self, others: Others, place: int) -> Price:  # noqa: ARG002
        """Charge for dishes that another meal has; what stays of an earlier answer may be twice."""
        taken = Counter(name for one in others if one for name in one.names - self.staying)
        return lambda one: sum(taken[name] for name in one.names & taken.keys())

    def _near(self, others: Others, place: int) -> Price:
        """Charge for meals of this and the neighbouring days that the same ingredient leads."""
        day = self.slots[place].day
        mains = Counter(
            one.main
            for slot, one in zip(self.slots, others, strict=True)
            if one and abs(slot.day - day) <= 1 and one.leading.name not in self.staying
        )
        del mains[None]
        return lambda one: 0 if one.leading.name in self.staying else mains[one.main]

    def _over_budget(self, others: Others, place: int) -> Price:  # noqa: ARG002
        """Charge for the yen by which the plan costs more than all of it may."""
        budget = (self.order.budget_yen or 0.0) + ROUNDING
        spent = sum(one.yen for one in others if one)
        over = max(0.0, spent - budget)
        return lambda one: A_YEN * (max(0.0, spent + one.yen - budget) - over)

    def _faults(self, others: Others, place: int) -> Price:  # noqa: ARG002
        """Charge for what is wrong with a menu by itself."""
        return lambda one: A_FAULT * one.faults

    def _of_each(self, others: Others, place: int) -> Price:  # noqa: ARG002
        """Reward all that a proposal has of what is asked for: each is to have it."""
        return lambda one: -sum(one.asked)

    def _asked(self, others: Others, place: int) -> Price:
        """Reward what is asked for and less of which is in the other meals, early before late."""
        day, never = self.slots[place].day, self.slots[-1].day + 1
        there = [(slot.day, one) for slot, one in zip(self.slots, others, strict=True) if one]
        most = [max((one.asked[ask] for _, one in there), default=0) for ask in self.asks]
        first = [min((d for d, one in there if one.asked[ask]), default=never) for ask in self.asks]

        def price(one: Candidate) -> float:
            return -sum(
                max(0, value - had) + A_DAY_LATER * max(0, since - day)
                for value, had, since in zip(one.asked, most, first, strict=True)
                if value
            )

        return price

    def _not_used_up(self, others: Others, place: int) -> Price:  # noqa: ARG002
        """Charge for the part that is left, where it is more than a little, of what is used up."""
        wholes = [self.order.at_hand.get(name) for name in self.order.use_up]
        taken = [sum(one.used_up[n] for one in others if one) for n in range(len(wholes))]

        def left(whole: float, grams: float) -> float:
            part = max(0.0, whole - grams) / whole
            return part if part > STILL_LEFT else 0.0

        return lambda one: sum(
            left(whole, had + more) - left(whole, had)
            for whole, had, more in zip(wholes, taken, one.used_up, strict=True)
            if whole
        )

    def _varied(self, others: Others, place: int) -> Price:  # noqa: ARG002
        """Charge for what another meal has, too, of that which is to be another one each day."""
        there = [one for one in others if one]
        taken = {kind: Counter(chain(*(_what(one, kind) for one in there))) for kind in self.varied}
        return lambda one: sum(
            counts[name] for kind, counts in taken.items() for name in _what(one, kind)
        )

    def _shares(self, others: Others, place: int) -> Price:
        """Charge for the shares of days that are missed by one meal more, or by one fewer met."""
        slot = self.slots[place]
        prices = [
            (
                number,
                _of_its_meal(share) if share.is_bound else self._of_any_day(share, number, others),
            )
            for number, share in enumerate(self.order.shares)
            if not share.is_bound or share.is_of(slot)
        ]
        return lambda one: sum(price[one.shares[number]] for number, price in prices)

    def _of_any_day(self, share: Share, number: int, others: Others) -> tuple[float, float]:
        met = sum(one.shares[number] for one in others if one)

        def missing(count: int) -> float:
            too_many = 0 if share.most is None else max(0, count - share.most)
            return float(max(0, share.least - count) + too_many)

        return 0.0, missing(met + 1) - missing(met)


def _what(one: Candidate, kind: Variation) -> frozenset[str]:
    """Return what a menu is of one kind."""
    if kind == "味":
        return one.flavours
    return frozenset(filter(None, (one.cuisine if kind == "料理の国" else one.main,)))


def _of_its_meal(share: Share) -> tuple[float, float]:
    """Return the price of not meeting and of meeting what is said of a meal or its day."""
    return float(share.least > 0), float(share.most == 0)
