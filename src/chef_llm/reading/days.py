"""Reads for how many days: numbers of days, days of the week, dates, 「今日と明日」, 「昼3回」."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from chef_llm.reading.numbers import number_of

MOST_DAYS: Final = 14
DAYS_IN_A_WEEK: Final = 7
WEEKDAYS: Final = "月火水木金土日"
ENGLISH: Final = {
    name: place for place, name in enumerate(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])
}
_NUMBER: Final = r"(?:\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_NOT_A_NUMBER: Final = r"(?<![\d./一二三四五六七八九十第])"
_MEAL: Final = (
    r"(?:朝|昼|夜|晩|夕|弁当|お弁当|献立|めにゅー|ごはん|ご飯|食事|めし|飯|おかず|主菜|らんち|予定)"
)
# 「3日分」「五日間」「3日とも」「4日、」「6日 夜だけ」; 「3日目」「2日後」「二日酔い」 are none.
_LASTS: Final = (
    rf"(?:間|分|ぶん|とも|ほど|くらい|ぐらい|ばかり|連続|続けて|だけ|×|[\s、。,)）」・/:\n]|$|"
    rf"(?:の|は|を|で|を?毎日)?{_MEAL}|で(?!き|も)|を|お願い|頼)"
)
DURATION: Final = re.compile(
    rf"{_NOT_A_NUMBER}(?<![月〜~\-ー–])(?<!まで)(?P<days>{_NUMBER})(?:日(?!目|後|前|ぶり|おき|酔|以内|に1|に一|ごと|[〜~\-ー]\d)"
    rf"(?={_LASTS})|連休|連勤|でいず)"
)
# 「夜2回」「昼は3回分」「3晩」「夕飯4日」
TIMES: Final = re.compile(
    rf"(?:朝|昼|夜|晩|夕|夕食|夕飯|弁当|ごはん|ご飯)(?:だけ|のみ|は|を|が)?\s?"
    rf"(?P<times>{_NUMBER})(?:回|日)(?!目|前|後)"
    rf"|{_NOT_A_NUMBER}(?P<evenings>{_NUMBER})(?<!十五)(?:晩|夜)(?!中|勤|更|食)"
)
# 「10日〜14日」「4/3〜4/6」「24日から27日」
DATES: Final = re.compile(
    r"(?:\d{1,2}[月/])?(?P<first>\d{1,2})日?(?:\([月火水木金土日]\))?(?:[〜~\-ー–]|から)"
    r"(?:\d{1,2}[月/])?(?P<last>\d{1,2})(?:日(?!間|分)|(?<=/\d)(?!\d)|(?<=/\d\d))"
)
# 「一週間分」「来週の夕食」; 「一週間います」 and 「今週は丸いものが苦手」 ask for nothing.
_OF_A_WEEK: Final = rf"(?=分|ぶん|の?{_MEAL}|の?(?:お?夕|お?昼|お?朝)|お願い|で?組|で考|[\s、。]|$)"
WEEKS: Final = re.compile(
    rf"{_NOT_A_NUMBER}(?P<weeks>{_NUMBER})週間{_OF_A_WEEK}"
    rf"|(?P<week>(?:今|来)週(?:分|ぶん|間|(?:1週|一週)間)?{_OF_A_WEEK}|週間献立|うぃーくりー)"
)
# 「1日目…3日目」 of a plan that is laid out by its days.
NTH_DAY: Final = re.compile(rf"(?P<nth>{_NUMBER})日目(?=の?(?:朝|昼|夜|晩|夕)|\s?[:=は])")
# 「2泊3日」「今日から3日」
STAY: Final = re.compile(rf"泊(?P<days>{_NUMBER})日|から(?P<more>{_NUMBER})日(?!目|後|前)")
_DAY: Final = rf"[{WEEKDAYS}](?:曜日?)?"
_TO: Final = r"(?:[〜~\-ー–―→]|から)"
RANGE: Final = re.compile(
    rf"(?<![一-鿿\d])(?P<from>[{WEEKDAYS}])(?:曜日?)?{_TO}(?P<to>[{WEEKDAYS}])"
    rf"(?=曜|まで|の|は|で|を|夜|昼|朝|晩|夕|分|[\s、。,)）」・/:\]\n]|\d|$|弁当|お)"
)
# 「月水金」「土日」「火・木・土」「月と木」: two days or more, and no end of a word.
RUN: Final = re.compile(
    rf"(?<![一-鿿\d])(?P<run>{_DAY}(?:[・、,/と&]?\s?{_DAY}){{1,6}})"
    rf"(?=の|は|だけ|で|を|が|も|に|夜|昼|朝|晩|夕|分|以外|[\s、。,)）」・/:\]\n]|$|弁当|お|祝)"
)
NAMED: Final = re.compile(rf"(?P<day>[{WEEKDAYS}])曜")
# 「月：」 at the head of a line, 「[月]」, 「| 月 |」, 「月=」
LISTED: Final = re.compile(
    rf"(?:^|\n|\|\s*|\[|、|,|・)(?P<day>[{WEEKDAYS}])(?:曜日?)?\s?(?:[:\]|=(・…→]|\s(?=\S)|夜|昼|朝|晩)"
)
ENGLISH_RANGE: Final = re.compile(
    r"\b(?P<from>mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?\s?(?:to|[-–〜~])\s?"
    r"(?P<to>mon|tue|wed|thu|fri|sat|sun)"
)
ENGLISH_DAY: Final = re.compile(r"\b(?P<day>mon|tue|wed|thu|fri|sat|sun)(?![a-z]*[a-ce-z]{4})")
WORKDAYS: Final = re.compile(r"平日(?!休|に休|は?(?:忙|遅))")
WEEKEND: Final = re.compile(r"週末(?!に買)")
# Said of a day on which nothing is wanted.
NOT_THEN: Final = re.compile(
    r"(?:曜日?)?(?:の?(?:夜|昼|朝|晩))?(?:は|だけ|が|:|=|→|\s)?[^。\n]{0,12}?"
    r"(?:以外|除|いら|要ら|不要|外食|外で|外に|飲み会|会食|休み|ぱす(?!た)|すきっぷ|skip|break|なしで|買って|"
    r"外だ|帰省|給食|旅行)"
)
# 「今夜と明日」「今日明日明後日」「今晩と、あしたの朝」
_TODAY: Final = r"(?:今日|今夜|今晩|本日|きょう)"
_TOMORROW: Final = r"(?:明日|あした|あす|翌日|翌朝)"
_THEN: Final = r"(?:の?(?:朝|昼|夜|晩)(?:ごはん|ご飯)?)?(?:と、?|、|・|も|\s)?"
IN_A_ROW: Final = re.compile(rf"{_TODAY}{_THEN}{_TOMORROW}(?P<third>{_THEN}(?:明後日|あさって))?")


@lru_cache(maxsize=4)
def read_days(folded: str) -> int | None:
    """Return for how many days a folded text asks, None when it does not say; at most 14."""
    found = next(_counts(folded), None)
    return None if found is None else max(1, min(found, MOST_DAYS))


def _counts(folded: str) -> Iterator[int]:
    """Yield how many days, by what says it most plainly first."""
    named = _named_days(folded)
    # 「和食3日と洋食2日、5日分」: the most is what it lasts in all.
    if lasting := max((number_of(match["days"]) for match in DURATION.finditer(folded)), default=0):
        # 「月〜金、和食を3日」
        yield max(lasting, len(named)) if RANGE.search(folded) else lasting
    if dates := DATES.search(folded):
        count = int(dates["last"]) - int(dates["first"]) + 1
        if 1 < count <= MOST_DAYS:
            yield count
    if WORKDAYS.search(folded) and len(named) < 3:  # noqa: PLR2004  # 「平日、火と木は遅い」
        yield 5
    if len(named) > 1:
        yield len(named)
    if weeks := WEEKS.search(folded):
        yield DAYS_IN_A_WEEK * (number_of(weeks["weeks"]) if weeks["weeks"] else 1)
    if nth := [number_of(match["nth"]) for match in NTH_DAY.finditer(folded)]:
        yield max(nth)
    if stay := STAY.search(folded):
        yield number_of(stay["days"] or stay["more"])
    if times := TIMES.search(folded):
        yield number_of(times["times"] or times["evenings"])
    if WEEKEND.search(folded):
        yield 2
    if in_a_row := IN_A_ROW.search(folded):
        yield 3 if in_a_row["third"] else 2


def ordered_days(folded: str) -> tuple[int, ...]:
    """Return the days of the week that a plan has, in its order, Monday as 0; none if unknown."""
    named = _named_days(folded)
    if WORKDAYS.search(folded) and len(named) < DAYS_IN_A_WEEK:
        named = frozenset(range(5))
    if len(named) != read_days(folded):
        # 「一週間、火曜は魚」: a week begins on Monday.
        return ()
    first = next((WEEKDAYS.index(match["from"]) for match in RANGE.finditer(folded)), 0)
    return tuple(sorted(named, key=lambda day: (day - first) % DAYS_IN_A_WEEK))


@lru_cache(maxsize=4)
def _named_days(folded: str) -> frozenset[int]:
    """Return the days of the week that are named, Monday as 0, less those that are not wanted."""
    found: set[int] = set()
    for match in RANGE.finditer(folded):
        found |= _span(WEEKDAYS.index(match["from"]), WEEKDAYS.index(match["to"]))
    for match in ENGLISH_RANGE.finditer(folded):
        found |= _span(ENGLISH[match["from"]], ENGLISH[match["to"]])
    for match in RUN.finditer(folded):
        found |= {WEEKDAYS.index(day) for day in match["run"] if day in WEEKDAYS}
    unwanted: set[int] = set()
    for pattern in (NAMED, LISTED, ENGLISH_DAY):
        for match in pattern.finditer(folded):
            day = match["day"]
            place = ENGLISH[day] if day in ENGLISH else WEEKDAYS.index(day)
            (unwanted if NOT_THEN.match(folded, match.end("day")) else found).add(place)
    return frozenset(found - unwanted)


def _span(first: int, last: int) -> set[int]:
    """Return the days from one to another: 日〜火 are three."""
    return {(first + step) % DAYS_IN_A_WEEK for step in range((last - first) % DAYS_IN_A_WEEK + 1)}
