"""The parts of a dish as blocks, each of which is done in one go: what stands on a burner stays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from chef_llm.cookbook import Dish
from chef_llm.cookbook.acts import MACHINES
from chef_llm.cookbook.known import once_a_dish
from chef_llm.cookbook.tools import RICE_COOKER, STOVE
from chef_llm.cookbook.work import Part, parts_of

# A wait of so many minutes is not waited for: what comes before it is done ahead.
LEAST_AHEAD_MINUTES: Final = 60
# Served cold, whatever was boiled for it.
COLD_METHODS: Final = frozenset({"生", "あえる", "漬ける"})
# What a rice cooker keeps warm does not stand.
HEATS: Final = frozenset({STOVE, *MACHINES} - {RICE_COOKER})


@dataclass(frozen=True)
class Block:
    """Parts of one dish that follow each other without a gap, with their minutes.

    `hands` has a bit for each minute in which the cook is busy, counted back from the end. Where it
    `ends_hot`, the dish stands from there on until it is on the table.
    """

    parts: tuple[tuple[Part, int], ...]
    minutes: int
    hands: int
    station: str | None
    ends_hot: bool


@dataclass(frozen=True)
class Chain:
    """The blocks of a dish in order: those ahead of a long wait, and those in a row to the table.

    `hands_minutes` are those in which the cook is busy with it, ahead and in a row.
    """

    ahead: tuple[Block, ...]
    in_a_row: tuple[Block, ...]
    waiting_minutes: int
    hands_minutes: int


@once_a_dish
def chain_of(dish: Dish) -> Chain:
    """Return the blocks of a dish."""
    return _chain(parts_of(dish), dish.method in COLD_METHODS)


def hands_minutes(dish: Dish) -> int:
    """Return the minutes in which the cook is busy with a dish."""
    return chain_of(dish).hands_minutes


@lru_cache(maxsize=4096)
def _chain(parts: tuple[Part, ...], is_cold: bool) -> Chain:
    waits = [place for place, part in enumerate(parts) if _is_long(part)]
    begun = waits[-1] + 1 if waits else 0
    ahead = [part for place, part in enumerate(parts) if place < begun or part.uncounted]
    row = [part for part in parts[begun:] if not part.uncounted]
    # What is not heated and not cold comes out of a rice cooker, which keeps it warm till then.
    hot = [at for at, part in enumerate(row) if part.station in HEATS] or [len(row) - 1]
    stays_hot = not is_cold and not any(part.cools for part in row[hot[-1] :])
    return Chain(
        tuple(_blocks(ahead)),
        tuple(_blocks(row, hot[-1] if stays_hot else None)),
        sum(parts[place].minutes for place in waits),
        sum(part.minutes for part in parts if not part.is_alone),
    )


def _blocks(parts: Sequence[Part], hot_at: int | None = None) -> Iterator[Block]:
    """Yield the parts as blocks; at `hot_at` is the last that is heated, if it is served hot."""
    begun = 0
    for place, part in enumerate(parts):
        following = parts[place + 1].station if place + 1 < len(parts) else None
        if part.station != STOVE or following != STOVE:
            is_hot = hot_at is not None and begun <= hot_at <= place
            yield _block(parts[begun : place + 1], ends_hot=is_hot)
            begun = place + 1


def _block(parts: Sequence[Part], *, ends_hot: bool) -> Block:
    lasting = [(part, 0 if _is_long(part) else part.minutes) for part in parts]
    hands = minutes = 0
    for part, lasts in reversed(lasting):
        if not part.is_alone:
            hands |= ((1 << lasts) - 1) << minutes
        minutes += lasts
    return Block(tuple(lasting), minutes, hands, parts[0].station, ends_hot)


def _is_long(part: Part) -> bool:
    return part.is_wait and part.minutes >= LEAST_AHEAD_MINUTES
