"""What makes the meals of several days go well after one another, in units of the taste.

Proteins and methods turn, what spoils first is eaten first, opened packs are used up, a workday has
quick meals, and what is asked of some days is spread over them.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from chef_llm.cookbook import Cookbook, Role
from chef_llm.menus.candidate import Candidate
from chef_llm.menus.order_rules import Others, Price, Rule
from chef_llm.menus.packs import left_in_packs
from chef_llm.reading.order import Order

# A menu that is drawn has about one more or less of the taste than another.
SAME_PROTEIN_NEXT_DAY: Final = 4.0
SAME_PROTEIN_NEXT_MEAL: Final = 1.0
SAME_METHOD_NEXT_DAY: Final = 1.5
SAME_METHOD_NEXT_MEAL: Final = 0.5
SAME_CUISINE_IN_A_ROW: Final = 0.5
# What leads a meal leads none two days later (the day after is barred), and a side dish comes in no
# other form the day after.
SAME_MAIN_TWO_DAYS_LATER: Final = 3.0
SAME_SIDE_NEXT_DAY: Final = 2.0
# Nobody puts the pot on the table on two of so many days, who does not ask for it.
ANOTHER_POT: Final = 3.0
DAYS_BETWEEN_POTS: Final = 3
HUNDRED_GRAMS_LEFT: Final = 0.35
A_DAY_TOO_LATE: Final = 0.25
TEN_MINUTES_TOO_LONG: Final = 0.5
A_MEAL_OUT_OF_PACE: Final = 0.5
# On a workday a meal is on the table after so many minutes.
WORKDAY_MINUTES: Final = 30
WORKDAYS: Final = frozenset("月火水木金")
# Later than this is as bad as this: who plans two weeks shops twice.
MOST_DAYS_LATE: Final = 4


class Balance:
    """The rules of one order's plan; proposals, of which one is cooked, have the taste alone."""

    def __init__(self, order: Order, cookbook: Cookbook) -> None:
        self.order = order
        self.cookbook = cookbook
        self.slots = order.slots
        self._at_hand = {
            one: grams for name, grams in order.at_hand.items() for one in cookbook.members(name)
        }
        # A search asks the same of the same menus a hundred times.
        self._left = cache(self._left_of)
        self._bought = cache(self._bought_for)
        self._days_late = cache(_days_late)
        wished = {*order.dishes}.union(*order.families.values())
        asks_for_pots = any(cookbook.is_soupy(cookbook.dishes[name]) for name in wished)
        self._price_of_a_pot = 0.0 if asks_for_pots else ANOTHER_POT
        self._next_day = [list(self._places(place)) for place in range(len(order.slots))]

    @property
    def rules(self) -> list[Rule]:
        """The rules that look at anything here."""
        if self.order.is_proposals:
            return [self._taste]
        rules: list[Rule] = [self._taste, self._out_of_turn, self._alike]
        rules += [self._left_over, self._too_late]
        if self.order.weekdays:
            rules.append(self._too_long)
        spread = any(not share.is_bound and share.least for share in self.order.shares)
        return [*rules, self._out_of_pace] if spread else rules

    @property
    def anywhere(self) -> list[Rule]:
        """The rules that charge the same for two menus wherever each of them stands."""
        return [self._taste, self._left_over]

    def _taste(self, others: Others, place: int) -> Price:  # noqa: ARG002
        """Charge for how little a cook would like to serve a menu."""
        return lambda one: -one.taste

    def _out_of_turn(self, others: Others, place: int) -> Price:
        """Charge for what leads the meals before and after, and the same meal of other days."""
        proteins: dict[str, float] = defaultdict(float)
        methods: dict[str, float] = defaultdict(float)
        for other in (place - 1, place + 1):
            if 0 <= other < len(others) and (one := others[other]):
                proteins[one.protein] += SAME_PROTEIN_NEXT_MEAL
                methods[one.method] += SAME_METHOD_NEXT_MEAL
        for other in self._next_day[place]:
            if one := others[other]:
                proteins[one.protein] += SAME_PROTEIN_NEXT_DAY
                methods[one.method] += SAME_METHOD_NEXT_DAY
        cuisines = list(self._cuisines_of_two(others, place))
        return lambda one: (
            proteins.get(one.protein, 0.0)
            + methods.get(one.method, 0.0)
            + SAME_CUISINE_IN_A_ROW * cuisines.count(one.cuisine)
        )

    def _alike(self, others: Others, place: int) -> Price:
        """Charge for what leads a meal of the days around, and for the side of the next."""
        of_pots = 0.0
        mains: dict[str | None, float] = defaultdict(float)
        sides: dict[str, float] = defaultdict(float)
        day = self.slots[place].day
        for slot, one in zip(self.slots, others, strict=True):
            days = abs(slot.day - day)
            if one and 0 < days <= DAYS_BETWEEN_POTS and self._is_of_a_pot(one):
                of_pots += self._price_of_a_pot
            if one and days <= 1:
                for side in one.sides:
                    sides[side] += SAME_SIDE_NEXT_DAY
            elif one and days == 2:  # noqa: PLR2004
                mains[one.main] += SAME_MAIN_TWO_DAYS_LATER
        mains.pop(None, None)
        kinds = sides.keys()

        def price(one: Candidate) -> float:
            of_main = mains.get(one.main, 0.0)
            if of_pots and self._is_of_a_pot(one):
                of_main += of_pots
            if kinds.isdisjoint(one.sides):
                return of_main
            return of_main + sum(sides[side] for side in one.sides if side in sides)

        return price

    def _is_of_a_pot(self, one: Candidate) -> bool:
        """Tell whether a meal is led by a main dish in its soup."""
        return one.leading.role == Role.MAIN and self.cookbook.is_soupy(one.leading)

    def _places(self, place: int) -> Iterator[int]:
        """Yield the places of the same meal on the days before and after."""
        slot = self.slots[place]
        for other, one in enumerate(self.slots):
            if one.meal == slot.meal and abs(one.day - slot.day) == 1:
                yield other

    def _cuisines_of_two(self, others: Others, place: int) -> Iterator[str]:
        """Yield the cuisines that two meals have of which the third in a row stands at a place."""
        for a, b in ((-2, -1), (-1, 1), (1, 2)):
            if place + a >= 0 and place + b < len(others):
                one, two = others[place + a], others[place + b]
                if one and two and one.cuisine == two.cuisine:
                    yield one.cuisine

    def _left_over(self, others: Others, place: int) -> Price:  # noqa: ARG002
        """Charge for what spoils and is left in opened packs when all is eaten."""
        total: dict[str, float] = defaultdict(float)
        for one in others:
            if one:
                for name, grams in one.grams.items():
                    total[name] += grams
        left = {name: self._left(name, grams) for name, grams in total.items()}

        def price(one: Candidate) -> float:
            more = 0.0
            for name, grams, alone in self._bought(one):
                # Of most foods no other meal takes any.
                if name in left:
                    more += self._left(name, total[name] + grams) - left[name]
                else:
                    more += alone
            return HUNDRED_GRAMS_LEFT * more / 100

        return price

    def _bought_for(self, one: Candidate) -> list[tuple[str, float, float]]:
        """Return what is bought for a menu, with what packs leave of it where it comes alone."""
        return [(name, grams, self._left(name, grams)) for name, grams in one.grams.items()]

    def _left_of(self, name: str, grams: float) -> float:
        """Return what packs leave of a food, of which what is at hand is eaten first."""
        if name in self._at_hand:
            there = self._at_hand[name]
            grams = 0.0 if there is None else max(0.0, grams - there)
        return left_in_packs(name, grams, self.cookbook)

    def _too_late(self, others: Others, place: int) -> Price:  # noqa: ARG002
        """Charge for the days that what a meal is made of has waited longer than it keeps."""
        day = self.slots[place].day
        return lambda one: A_DAY_TOO_LATE * self._days_late(one, day)

    def _too_long(self, others: Others, place: int) -> Price:  # noqa: ARG002
        """Charge for the minutes of a workday's meal over what there is time for."""
        days = sorted({slot.day for slot in self.slots})
        weekday = self.order.weekdays[days.index(self.slots[place].day)]
        if weekday not in WORKDAYS:
            return lambda one: 0.0  # noqa: ARG005
        return lambda one: TEN_MINUTES_TOO_LONG * max(0, one.minutes - WORKDAY_MINUTES) / 10

    def _out_of_pace(self, others: Others, place: int) -> Price:
        """Charge for what some of the days are for where it comes all at once."""
        prices = []
        for number, share in enumerate(self.order.shares):
            if not share.is_bound and share.least:
                met = [bool(one and one.shares[number]) for one in others]
                with_it = [*met[:place], True, *met[place + 1 :]]
                more = _apart(with_it, share.least) - _apart(met, share.least)
                prices.append((number, A_MEAL_OUT_OF_PACE * more))
        return lambda one: sum(price for number, price in prices if one.shares[number])


def _days_late(one: Candidate, day: int) -> int:
    """Return the days that the main foods of a menu have waited too long on a day, all together."""
    return sum(min(day - days, MOST_DAYS_LATE) for days in one.keeps_days if days < day)


def _apart(met: Sequence[bool], least: int) -> float:
    """Return by how many meals more than one what is met runs before or behind an even pace."""
    so_far, total = 0, 0.0
    for place, one in enumerate(met, 1):
        so_far += one
        total += max(0.0, abs(so_far - least * place / len(met)) - 1)
    return total
