"""Tells what is left out on single days alone: 「火曜はごみの日前なので魚を出さない」.

Only what is told so beyond doubt: of a weekday or a day by its number, with no comma that could
begin something new, as a plan and not because somebody cannot eat it, and left out nowhere else.
All else is left out of all days.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from chef_llm.reading.mentions import LeftOut
from chef_llm.reading.terms import Scopes
from chef_llm.reading.text import Text
from chef_llm.reading.week import DayMention, day_of

# From a day to what is left out: but for a reason no comma stands between them.
NO_COMMA: Final = re.compile(r"(?:[^、,。\n]*(?:ので|から|ため|けん|けえ|だけ)、)?[^、,。\n]*")
PLANNED: Final = re.compile(
    r"(?:類|系|もの|料理)?(?:は|を|も)?(?:なし|抜き|以外|や(?:め(?:て|と)|めに)|避け|外し|"
    r"(?:使|出|入れ|つか)[わさ]?(?:な|ま|ず))"
)
OF_SOMEBODY: Final = re.compile(
    r"苦手|嫌|きらい|あれるぎ|アレルギ|食べ(?:ら?れ|な)|だめ|駄目|無理|体質|かゆ|妊娠|医|検査|ng"
)


def of_single_days(
    text: Text, entries: Sequence[LeftOut], scopes: Scopes
) -> Mapping[LeftOut, frozenset[int]]:
    """Return what is left out on some days of the plan alone, with these days."""
    of_name: dict[str, set[frozenset[int] | None]] = {}
    planned: set[str] = set()
    for entry in entries:
        name, days = entry.mention.meaning.name, _days_of(text.folded, entry, scopes)
        of_name.setdefault(name, set()).add(days)
        if days and PLANNED.match(text.folded, entry.mention.end):
            planned.add(name)
    # 「給食がカレーなので、その日はカレーをやめて」: each time of the same day.
    single = {name: next(iter(days)) for name, days in of_name.items() if len(days) == 1}
    return {
        entry: days
        for entry in entries
        if entry.mention.meaning.name in planned
        and (days := single.get(entry.mention.meaning.name))
    }


def _days_of(folded: str, entry: LeftOut, scopes: Scopes) -> frozenset[int] | None:
    """Return the days that something is left out on, None where that is not beyond doubt."""
    start, end = entry.mention.start, entry.mention.end
    one = day_of(folded, start)
    if one is None or entry.strictness != "plain" or entry.is_unclear or not _is_fixed(one):
        return None
    is_said_of_it = NO_COMMA.fullmatch(folded, one.end, start) is not None
    if not is_said_of_it or OF_SOMEBODY.search(folded, one.end, max(one.reach, end)):
        return None
    return scopes.days_of(one)


def _is_fixed(one: DayMention) -> bool:
    """Tell whether a day is one of the plan by its name: 「今日は肉なしで」 may be of all."""
    return all(key.kind in ("week", "nth") for key in one.keys)
