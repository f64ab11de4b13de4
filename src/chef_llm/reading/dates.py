"""Finds the dates that a plan is made of: 「13日の夜と14日の朝」「29、30、31の晩」.

A number of days and a date are written alike (3日); a date is believed where a span, a list or the
meals of several of them tell of it, and they follow one another.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from chef_llm.reading.numbers import number_of

# All patterns are matched against folded text.
MOST_DATES: Final = 14
# From here on no number of days is meant.
SURELY_A_DATE: Final = 15
LONGEST_MONTH: Final = 31
NEAR_ITS_END: Final = 28
_NUMBER: Final = r"(?:\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_APART: Final = r"(?<![\d./:一二三四五六七八九十第])"
_WEEKDAY: Final = r"(?:\([月火水木金土日]\))?"
_NAMED: Final = {"元日": 1, "元旦": 1, "大晦日": 31, "大みそか": 31}
# 「10日〜14日」「4/3〜4/6」「24日から27日」
DATES: Final = re.compile(
    rf"(?:\d{{1,2}}[月/])?(?P<first>\d{{1,2}})日?{_WEEKDAY}(?:[〜~\-ー–]|から)"
    r"(?:\d{1,2}[月/])?(?P<last>\d{1,2})(?:日(?!間|分)|(?<=/\d)(?!\d)|(?<=/\d\d))"
)
_OF_A_DATE: Final = r"(?:の?(?:朝|昼|夜|晩|夕|[三3]食)|は|だけ|のみ|も)"
# 「四日、五日、六日の晩」「29と30は」「14日の昼は」
RUN: Final = re.compile(
    rf"{_APART}(?P<days>(?:{_NUMBER}日?(?:[・、,]|と、?)){{0,6}}{_NUMBER}日?|{'|'.join(_NAMED)})"
    rf"(?={_OF_A_DATE})(?!日?は?(?:休|くらい|ほど|連続))"
)
WRITTEN: Final = re.compile(rf"{_NUMBER}(?P<is_day>日)?")


class Dates(NamedTuple):
    """Dates that are named together, and their place."""

    start: int
    end: int
    numbers: tuple[int, ...]


@lru_cache(maxsize=4)
def dates_of_a_plan(folded: str) -> tuple[int, ...]:
    """Return the days of the month that a plan has, in a row; none where no dates are told."""
    found: set[int] = set()
    is_told = False
    if span := DATES.search(folded):
        row = _dates_from(int(span["first"]), int(span["last"]))
        found, is_told = {*row}, 1 < len(row) <= MOST_DATES
        if is_told and row[0] > row[-1]:
            # 「31日から2日まで」
            return row
    runs = list(_runs(folded))
    for run in runs:
        written = [bool(each["is_day"]) for each in WRITTEN.finditer(folded[run.start : run.end])]
        is_list = len(run.numbers) > 1 and (all(written) or len(written) > 2)  # noqa: PLR2004
        is_told = is_told or is_list or run.numbers[0] >= SURELY_A_DATE
        is_told = is_told or sum(len(one.numbers) == 1 for one in runs) > 1
    if not is_told:
        return ()
    # 「盆の三日は精進。13日から16日まで」: those three days are no date.
    near = {day + step for day in found for step in (-1, 0, 1)}
    told = {number for run in runs for number in run.numbers}
    found |= told & near if found else told
    every = range(min(found), max(found) + 1)
    return tuple(every) if 1 < len(every) <= MOST_DATES and found == {*every} else ()


def _dates_from(first: int, last: int) -> tuple[int, ...]:
    """Return the dates from one to another, over the end of a month of 31 days where it ends so."""
    if first <= last:
        return tuple(range(first, last + 1))
    return (*range(first, LONGEST_MONTH + 1), *range(1, last + 1)) if first >= NEAR_ITS_END else ()


def named_dates(folded: str) -> Iterator[Dates]:
    """Yield the dates of a plan where something is said of them."""
    planned = set(dates_of_a_plan(folded))
    for run in _runs(folded) if planned else ():
        if set(run.numbers) <= planned:
            yield run


def _runs(folded: str) -> Iterator[Dates]:
    for match in RUN.finditer(folded):
        if match[0] in _NAMED:
            yield Dates(*match.span(), (_NAMED[match[0]],))
            continue
        if "日" not in match[0] and not folded.startswith(("の", "は"), match.end()):
            continue
        written = re.findall(_NUMBER, match["days"])
        numbers = tuple(dict.fromkeys(map(number_of, written)))
        # A number by itself is none: 「3は」.
        if "日" in match[0] or len(numbers) > 1:
            yield Dates(*match.span(), numbers)
