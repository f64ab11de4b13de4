"""The way to the table: in which order one cook makes the dishes of a meal, and how long it takes.

Laid from the table backwards: each block of work as late as the cook's hands, two burners and one
of each machine allow. Of the orders in which the dishes can be laid the shortest are looked at, and
of those the one is taken in which hot food stands least.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice, permutations
from typing import Final

from chef_llm.cookbook import Dish
from chef_llm.cookbook.tools import STOVE
from chef_llm.cookbook.work import Part
from chef_llm.menus.blocks import Block, chain_of

BURNERS: Final = 2
# All orders of four dishes; of more, as many of theirs.
MOST_ORDERS: Final = 24
# What a cook gives for it that hot food is served hot.
SPARE_MINUTES: Final = 2


@dataclass(frozen=True)
class Task:
    """A step of a dish (numbered from 1) at its place on the way.

    `minute` counts from the start of the work. It is None for what is done ahead, so long before
    as `ahead_minutes` say; they are 0 for rice, which is cooked before and not counted. For
    `alone_minutes` the step goes by itself, and the cook is free for something else.
    """

    dish: str
    step: int
    text: str
    minute: int | None
    alone_minutes: int
    ahead_minutes: int | None = None


@dataclass(frozen=True)
class Placed:
    """A part of a step in its `minutes`, the first of which is `minute` from the start."""

    dish: str
    part: Part
    minute: int
    minutes: int


@dataclass(frozen=True)
class Way:
    """The tasks of a meal in the order of their start, what is done ahead first.

    `placed` are the parts of those in a row, which takes `minutes`, short waits among them.
    `ahead_minutes` are worked before a wait of `waiting_minutes`, which nobody waits for:
    overnight, the sand of clams.
    """

    tasks: tuple[Task, ...]
    placed: tuple[Placed, ...]
    minutes: int
    ahead_minutes: int = 0
    waiting_minutes: int = 0

    @property
    def total_minutes(self) -> int:
        """From the first move to the table, waiting counted in, as limits of time count it."""
        return self.ahead_minutes + self.waiting_minutes + self.minutes


def way_to_table(dishes: Sequence[Dish]) -> Way:
    """Return the way to the table for the dishes of a meal; for the same dishes the same."""
    return _way_of(tuple(dishes))


@lru_cache(maxsize=2048)
def _way_of(dishes: tuple[Dish, ...]) -> Way:
    chains = [chain_of(dish) for dish in dishes]
    tasks: list[Task] = []
    ahead_minutes = 0
    leads = sorted({chain.waiting_minutes for chain in chains if chain.ahead}, reverse=True)
    for lead in leads:
        of_lead = [chain.ahead if chain.waiting_minutes == lead else () for chain in chains]
        laid = _shortest(of_lead)
        tasks += [
            replace(task, minute=None) for task in _tasks(dishes, _placed(dishes, laid), lead)
        ]
        ahead_minutes += laid.minutes
    in_a_row = _shortest([chain.in_a_row for chain in chains])
    placed = _placed(dishes, in_a_row)
    tasks += _tasks(dishes, placed, None)
    return Way(tuple(tasks), tuple(placed), in_a_row.minutes, ahead_minutes, max(leads, default=0))


@dataclass(frozen=True)
class _Laid:
    """The blocks of each dish with the minutes from their end to the table."""

    ends: Sequence[Sequence[tuple[Block, int]]]
    minutes: int
    hot_minutes: int


def _shortest(rows: Sequence[Sequence[Block]]) -> _Laid:
    """Return the way on which hot food stands least, of the shortest and those nearly as short."""
    longest_first = sorted(
        (place for place, row in enumerate(rows) if row),
        key=lambda place: -sum(block.minutes for block in rows[place]),
    )
    laid: list[_Laid] = []
    minutes = [sum(block.minutes for block in row) for row in rows]
    most = sum(minutes)
    # Of one dish there are no turns.
    ways = (False, True) if len(longest_first) > 1 else (False,)
    for order in islice(permutations(longest_first), MOST_ORDERS):
        for by_turns in ways:
            found = _lay(rows, minutes, order, most, by_turns=by_turns)
            if found:
                laid.append(found)
                most = min(most, found.minutes + SPARE_MINUTES)
    short = (one for one in laid if one.minutes <= most)
    return min(short, key=lambda one: (one.hot_minutes, one.minutes))


def _lay(
    rows: Sequence[Sequence[Block]],
    minutes: Sequence[int],
    order: Sequence[int],
    most: int,
    *,
    by_turns: bool,
) -> _Laid | None:
    """Lay the dishes in an order, each as a whole or by turns; None where it takes too long.

    `minutes` are those of each row.
    """
    kitchen = _Kitchen()
    ends: list[list[tuple[Block, int]]] = [[] for _ in rows]
    left = [len(row) for row in rows]
    to_do = list(minutes)
    ready = [0] * len(rows)
    waiting = list(order)
    hot_minutes = 0
    while waiting:
        # What can be nearest to the table is laid next, in doubt what comes first.
        dish = min(waiting, key=ready.__getitem__) if by_turns else waiting[0]
        left[dish] -= 1
        block = rows[dish][left[dish]]
        end = kitchen.latest(block, ready[dish])
        ends[dish].insert(0, (block, end))
        ready[dish] = end + block.minutes
        to_do[dish] -= block.minutes
        if ready[dish] + to_do[dish] > most:
            return None
        hot_minutes += end if block.ends_hot else 0
        if not left[dish]:
            waiting.remove(dish)
    return _Laid(ends, max(ready, default=0), hot_minutes)


@dataclass
class _Kitchen:
    """What is busy when: a bit for each minute, counted back from the table."""

    hands: int = 0
    stations: dict[str, list[int]] = field(
        default_factory=lambda: defaultdict(lambda: [0], {STOVE: [0] * BURNERS})
    )

    def latest(self, block: Block, ready: int) -> int:
        """Take a block in as late as can be, at least `ready` minutes before the table.

        Return how many minutes before the table it ends.
        """
        end = ready
        hands, stands = block.hands << end, (1 << block.minutes) - 1 << end
        places = self.stations[block.station] if block.station else [0]
        while True:
            if not self.hands & hands:
                for at, busy in enumerate(places):
                    if not busy & stands:
                        self.hands |= hands
                        places[at] = busy | stands
                        return end
            end += 1
            hands <<= 1
            stands <<= 1


def _placed(dishes: Sequence[Dish], laid: _Laid) -> list[Placed]:
    """Return the parts of all dishes where they are laid, counted from the start."""
    placed = []
    for dish, blocks in zip(dishes, laid.ends, strict=True):
        for block, end in blocks:
            minute = laid.minutes - end - block.minutes
            for part, minutes in block.parts:
                placed.append(Placed(dish.name, part, minute, minutes))
                minute += minutes
    return placed


def _tasks(dishes: Sequence[Dish], placed: Sequence[Placed], lead: int | None) -> list[Task]:
    """Return a task for each step of which there are parts, in the order of their start."""
    places = {dish.name: place for place, dish in enumerate(dishes)}
    steps: dict[tuple[int, int], list[Placed]] = defaultdict(list)
    for one in placed:
        steps[places[one.dish], one.part.step].append(one)
    ordered = sorted(steps.items(), key=lambda item: (item[1][0].minute, item[0]))
    return [
        Task(
            dishes[place].name,
            step,
            dishes[place].steps[step - 1],
            parts[0].minute,
            sum(one.part.minutes for one in parts if one.part.is_alone),
            lead,
        )
        for (place, step), parts in ordered
    ]
