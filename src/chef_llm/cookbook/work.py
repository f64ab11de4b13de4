"""How long each part of a dish takes, by the minutes that its steps name and those of the dish.

What no step names (cutting, mixing, serving) is shared out of what `Dish.minutes` leaves, by the
words that there are for it. So all parts of a dish together take its `all_minutes`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from chef_llm.cookbook.acts import Act, read_acts
from chef_llm.cookbook.model import Dish

# A wait of so many minutes stands in `Dish.waiting`, a shorter one in `Dish.minutes`.
LEAST_WAITING_MINUTES: Final = 15
# Of a dish's minutes at least this part goes to what names none: nothing is cut in no time.
LEAST_UNNAMED: Final = 0.15


@dataclass(frozen=True)
class Part:
    """A piece of a step (numbered from 1) in whole minutes, done by the cook or `is_alone`.

    `station` is コンロ (a burner), one of `acts.MACHINES`, or None. What `cools` is no longer hot
    then; what `is_wait` stands in `Dish.waiting`; what is `uncounted` is done before all work.
    """

    step: int
    minutes: int
    is_alone: bool
    station: str | None
    cools: bool = False
    is_wait: bool = False
    uncounted: bool = False


def parts_of(dish: Dish) -> tuple[Part, ...]:
    """Return what there is to do for a dish, in order; together it takes its `all_minutes`.

    Every step has at least one part, of 0 minutes where there is no time for it.
    """
    return _parts_of(dish.steps, dish.minutes, dish.waiting)


@lru_cache(maxsize=4096)
def _parts_of(steps: tuple[str, ...], minutes: int, waiting: int) -> tuple[Part, ...]:
    acts = read_acts(steps)
    waits = _waits(acts, waiting)
    if waiting and not waits:
        acts, place = _with_a_wait(acts)
        waits = [place]
    working = [at for at, act in enumerate(acts) if at not in waits and not act.uncounted]
    given = dict.fromkeys(range(len(acts)), 0)
    given.update(zip(waits, _shared(waiting, [acts[at].minutes or 1 for at in waits]), strict=True))
    weights = _weights([acts[at] for at in working], minutes)
    given.update(zip(working, _shared(minutes, weights), strict=True))
    return tuple(
        _joined(
            Part(
                act.step,
                given[at],
                act.is_alone,
                act.station,
                cools=act.cools,
                is_wait=at in waits,
                uncounted=act.uncounted,
            )
            for at, act in enumerate(acts)
        )
    )


def _waits(acts: Sequence[Act], waiting: int) -> list[int]:
    """Return the places of the rests that make up the waiting, the longest first taken."""
    named = {
        place: act.minutes
        for place, act in enumerate(acts)
        if act.is_alone and act.station is None and (act.minutes or 0) >= LEAST_WAITING_MINUTES
    }
    found: list[int] = []
    left = float(waiting)
    for place, minutes in sorted(named.items(), key=lambda one: (-(one[1] or 0), one[0])):
        if left > 0 and (not found or (minutes or 0) <= left):
            found.append(place)
            left -= minutes or 0
    return sorted(found)


def _with_a_wait(acts: list[Act]) -> tuple[list[Act], int]:
    """Return the acts with a wait that no step names, and its place: what cools, else the first.

    Clams are bought with the sand in them, and 「砂抜きしたあさり」 says nothing of hours.
    """
    cooling = [place for place, act in enumerate(acts) if act.cools]
    if cooling:
        return acts, cooling[-1]
    return [Act(1, is_alone=True, station=None), *acts], 0


def _weights(acts: Sequence[Act], minutes: int) -> list[float]:
    """Return how the minutes of a dish are shared: those that are named, the rest by words."""
    named = sum(act.minutes or 0 for act in acts)
    letters = sum(act.letters for act in acts if act.minutes is None)
    unnamed = max(minutes - named, LEAST_UNNAMED * minutes) if letters else 0
    kept = min((minutes - unnamed) / named, 1) if named else 0
    return [
        unnamed * act.letters / letters if act.minutes is None else act.minutes * kept
        for act in acts
    ]


def _shared(total: int, weights: Sequence[float]) -> list[int]:
    """Return whole numbers that come to `total`, nearest to the weights (largest remainders)."""
    of_all = sum(weights)
    exact = [total * (one / of_all if of_all else 1 / len(weights)) for one in weights]
    whole = [int(one) for one in exact]
    by_rest = sorted(range(len(exact)), key=lambda place: (whole[place] - exact[place], place))
    for place in by_rest[: total - sum(whole)]:
        whole[place] += 1
    return whole


def _joined(parts: Iterator[Part]) -> list[Part]:
    """Return the parts without those of no minutes, like ones of a step as one; of each one."""
    kept: list[Part] = []
    for part in parts:
        last = kept[-1] if kept and kept[-1].step == part.step else None
        if last and not part.minutes and not part.uncounted:
            kept[-1] = replace(last, cools=last.cools or part.cools)
        elif last and not last.minutes and not last.uncounted:
            kept[-1] = replace(part, cools=last.cools or part.cools)
        elif last and replace(last, minutes=part.minutes) == part:
            kept[-1] = replace(last, minutes=last.minutes + part.minutes)
        else:
            kept.append(part)
    return kept
