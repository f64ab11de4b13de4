"""Finds the days and meals that a text names, and how far what is said of each reaches.

「月〜金の夕食、木曜だけ15分」: fifteen minutes are of Thursday alone. What stands behind a day's
name is said of it up to the next name, the end of the sentence, or a comma that begins something
new.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from chef_llm.reading.dates import named_dates
from chef_llm.reading.numbers import number_of

WEEKDAYS: Final = "月火水木金土日"
DAYS_IN_A_WEEK: Final = 7
LAST: Final = -1
MIDDLE: Final = -2
_ENGLISH_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ENGLISH: Final = r"(?:mon|tue|wed|thu|fri|sat|sun)"
_NUMBER: Final = r"(?:\d{1,2}|[一二三四五六七])"
_DAY: Final = rf"[{WEEKDAYS}]"
# Of a day that is named with it: 「7/22(火)〜7/25(金)」.
_DATE: Final = r"(?:\d{1,2}[/月])?\d{1,2}日?"
_TO: Final = r"(?:[〜~\-ー–―→]|から)"
_JOINT: Final = r"(?:[・、,/と&]\s?|と、)?"
# Behind a day of one character: what such a day is said with. 「火を使わない」 is none.
_BEHIND: Final = (
    r"(?=の?(?:朝|昼|夜|晩|夕|弁当|お弁当|お?ひる|[三3]食)|だけ|のみ|以外|まで|[\s、。,)）」・/:|=\]>→…]|$|祝|"
    r"は(?!な|無|かけ|出|あ[るり]|いくら|使|止|気に|飲)|さっぱり|がっつり|あっさり|こってり|軽[めく]|\*\*)"
)
# 「その日だけ」, 「曜日:」 and 「6g/日」 are no Sunday, 「1か月」 no Monday.
_NO_DAY: Final = r"(?<![ぁ-ん曜]日)(?<![gl\d]/日)(?<![かヶケヵ]月)(?<![迎送]え火)(?<!送り火)"
# Whole words, by what tells most of them first.
_NAMES: Final = (
    rf"(?P<from>{_DAY})(?:曜日?)?(?:の?(?P<from_meal>[朝昼晩夜]))?\)?{_TO}(?:{_DATE}\()?(?P<to>{_DAY})"
    rf"(?(from_meal)(?:曜日?)?の?(?P<to_meal>[朝昼晩夜])(?:ごはん|ご飯)?(?:まで)?|"
    rf"(?:曜日?|(?=まで|の|は|で|を|夜|昼|朝|晩|夕|分|[\s、。,(（)）」・/:\]\n]|\d|$|弁当|お|禁止|在宅|出社|出勤|連続)))",
    rf"(?<![a-z])(?P<e_from>{_ENGLISH})[a-z]*\.?\s?(?:to|{_TO})\s?(?P<e_to>{_ENGLISH})[a-z]*",
    rf"(?P<run>{_DAY}(?:曜日?)?(?:{_JOINT}{_DAY}(?:曜日?)?)+)"
    r"(?=の|は|だけ|しか|で|を|が|も|に|と(?!き)|夜|昼|朝|晩|夕|分|以外|\d日|や|だ|な|[\s、。,)）」・/:\]\n→=]|$|弁当|お|祝)",
    rf"(?P<day>{_DAY})(?:曜日?|{_NO_DAY}{_BEHIND})",
    rf"(?<![a-z])(?P<e_day>{_ENGLISH})(?:day|s|sday|nesday|rsday|urday)?s?(?![a-z])",
    r"(?P<workdays>平日)(?!休|に休)|(?P<weekend>土日|週末(?!に?[^。\n]{0,14}(?:来[るまて]|くる|きます|遊びに|集ま|招|呼[びん]|泊ま)))",
    rf"(?P<nth>{_NUMBER}(?:(?:[・、,と&]|日[目め]と){_NUMBER}){{0,4}})(?:日[目め]|[夜晩]目)|(?<![a-z])day\s?(?P<day_in_english>\d{{1,2}})(?!\d)|(?P<first>初日)|(?P<last>最終日|最後の日(?!曜))|(?P<middle>中日)(?=の|だけ|は)",
    r"(?P<rest>(?:ほか|他|あと|残り|それ以外|そのほか)の(?:日|曜日|平日)|(?:それ以外|ほか|他|残り)(?=は(?!い[らり]|要))|ふだん|普段|"
    # 「月曜だけ1人、あとは2人」
    rf"あと(?=は[^、。\n]{{0,10}}(?:{_NUMBER}|ひと|ふた)(?:人|り)))",
)
_FROM_TODAY: Final = (
    r"(?P<today>今日|今夜|今晩|本日|きょう)|(?P<tomorrow>明日|あした|あす(?!ぱら))|(?:その)?(?P<next>翌[日朝](?!曜)|次の[日朝](?!曜))"
    r"|(?P<eve>前日)(?=の(?:朝|昼|夜|晩|夕|お?弁当)|と当日)|(?P<same>当日)(?=の(?:\d日|朝|昼|夜|晩|夕|お?弁当))"
    r"|(?P<fourth>しあさって|明明後日)|(?P<third>明後日|(?<!し)あさって)"
    # A day that was named before: 「夜勤が火と金で、その日は」「この2日は」.
    rf"|(?:その|この)(?:(?P<so_many>{_NUMBER})日(?!間|分|ぶん|[もほ])|(?P<that>[日晩夜](?=[はのも]|だけ|、)))"
)
# A character of a word before it (「三月」, 「休日」) makes no day; that of a day or a meal does.
DAY: Final = re.compile(
    rf"{_FROM_TODAY}|(?:(?<![一-鿿\d])|(?<=[週末朝昼夜晩曜分]))(?:{'|'.join(_NAMES)})"
)
OF_A_WEEK: Final = ("from", "e_from", "run", "day", "e_day", "workdays", "weekend")
# A character that a day has in common with water, fire, wood, gold and earth.
WEAK: Final = re.compile(r"(?<!\()[月火水木金土日](?=[\s、。,)）」・/:|=\]>→…は]|$)")
MEAL: Final = re.compile(
    r"(?P<朝食>朝(?:食|ごはん|ご飯|めし|飯)?|翌朝|もーにんぐ|breakfast)"
    r"|(?P<お弁当>お?弁当)"
    r"|(?P<昼食>お?昼(?:食|ごはん|ご飯|めし|飯)?|らんち|lunch)"
    r"|(?P<夕食>(?:今)?(?:夕|晩)(?:食|ごはん|ご飯|めし|飯|はん)?|(?:今)?夜(?:ごはん|ご飯|めし)?(?![勤中更])|でぃなー|dinner)"
)
TIMES: Final = {"朝": "朝食", "昼": "昼食", "晩": "夕食", "夜": "夕食"}
SENTENCE_END: Final = re.compile(r"[。\n!?！？;；]")
# One at the end of a cell parts nothing.
COMMA: Final = re.compile(r"[、,](?!\s?。)")
# A clause that ends so goes on behind its comma: 「会議が長引くので、15分で」.
GOES_ON: Final = re.compile(
    r"(?:ので|から|ため|て|(?<!ま)で|し|けど|けん|けえ|さかい|が|は|とき|時|日|場合|"
    r"[曜日目月火水木金土](?:の[朝昼夜晩])?(?:だけ|のみ))$"
)
A_DATE: Final = re.compile(r"\s*\d{1,2}/\d{1,2}(?![\d/個本])")
TO_ITS_PLAN: Final = re.compile(r"(?:の?[朝昼晩夜])?(?:は|が|に|:|=|→|…|\s|\]){1,2}")
# A day by itself in its cell, or over what stands under it.
ROW_HEAD: Final = re.compile(r"(?:曜日?)?\s?:?\s?。\n")
# Over the rows of a table: 「曜日 | 人数 | 備考」「日 | 昼 | 夜」.
OVER_DAYS: Final = re.compile(r"(?:曜日?|日(?:付|にち|程)?|月日|いつ|day|date)。?")
OVER_CELLS: Final = re.compile(
    r"(?:食べる)?(?:人|人数|食数|何人)|食事|献立|めにゅー|料理|備考|めも|予定|希望|要望|条件|帰宅|時間帯?|朝食?|昼食?|夜|夕食?|晩|"
    r"主菜|副菜|汁物?|主食|内容|勤務|状況|ほしい食事|だれ|誰|理由|やること"
)
BEFORE_A_LABEL: Final = re.compile(r"\W{0,4}(?:\d{1,2}(?:/\d{1,2}|日)\W{0,2})?")
BEHIND_A_LABEL: Final = re.compile(
    r"(?:\)|\*\*)?(?:の?[朝昼晩夜夕](?:食|飯|ご飯|ごはん)?)?\s?(?:[:=…→|\])]|\s(?=\S))"
)
# 「在宅の日は」「夫の番だけ」「夜勤の晩の」: days by what was said of them before.
LONGEST_KIND: Final = 5
MOST_BESIDE: Final = 8
OF_A_KIND: Final = re.compile(
    rf"(?P<word>[一-鿿々ァ-ヶーぁ-ん]{{1,{LONGEST_KIND}}})の(?:番の日|番|日|夜|晩)(?=[のはもだ、(])"
)
BESIDE_A_DAY: Final = re.compile(r"[\s:\])」(がはの、=→…]*")
AHEAD_OF_A_DAY: Final = re.compile(
    r"(?P<word>[^\s、。:()はがのを\n]{1,5})(?:の番|の日|日)?[がはの(:=]{1,2}$"
)
ALL_THAT_IS_SAID: Final = re.compile(
    r"(?:料理)?(?:で(?:す|お願い)?|が(?:いい|良い)|を)?(?:[、,。\n\s)/]|$)"
)
Kind = Literal["week", "from today", "nth", "date", "rest", "that", "next"]


class Key(NamedTuple):
    """A day as it is named: of the week from Monday as 0, so far from today, the nth, a date.

    Of `that` the number is how many days were named before, 0 where it is not told. `next` is the
    day after the one that was named last.
    """

    kind: Kind
    number: int


@dataclass(frozen=True)
class DayMention:
    """A name of days, its place, and where what is said of them ends."""

    start: int
    end: int
    reach: int
    keys: tuple[Key, ...]
    # From a day to another: 月〜金.
    is_span: bool = False
    # The first and the last meal of such a span: 「金曜の晩から日曜の昼まで」.
    ends: tuple[str, str] | None = None
    # At the head of a row of a table, or of a line (「火：4人、鍋」): all that stands there is said
    # of it.
    is_row: bool = False
    is_label: bool = False


@lru_cache(maxsize=4)
def day_mentions(folded: str) -> tuple[DayMention, ...]:
    """Return the names of days in a folded text, in their order."""
    named = _named(folded)
    more = [*_by_their_kind(folded, named), *_by_date(folded)]
    mentions = sorted([*named, *more], key=lambda one: one.start)
    ends = [one.start for one in mentions[1:]] + [len(folded)]
    return tuple(
        one if one.reach <= end else replace(one, reach=end)
        for one, end in zip(mentions, ends, strict=False)
    )


def _by_date(folded: str) -> Iterator[DayMention]:
    """Yield the days that are named by their date, where a plan is told by dates."""
    for one in named_dates(folded):
        end = SENTENCE_END.search(folded, one.end)
        reach = end.start() if end else len(folded)
        keys = tuple(Key("date", number) for number in one.numbers)
        yield DayMention(one.start, one.end, reach, keys)


def _by_their_kind(folded: str, named: Sequence[DayMention]) -> Iterator[DayMention]:
    """Yield days that are named by what was said of them: 「月水は在宅。在宅の日は」."""
    days: dict[str, dict[Key, None]] = {}
    for one in named:
        keys = dict.fromkeys(key for key in one.keys if key.kind in ("week", "nth"))
        for word in _words_beside(folded, one) if keys else ():
            days.setdefault(word, {}).update(keys)
    places = {place for one in named for place in range(one.start, one.end)} if days else set()
    for match in OF_A_KIND.finditer(folded) if days else ():
        written = match["word"]
        words = [written[place:] for place in range(len(written)) if written[place:] in days]
        if words and match.end("word") - 1 not in places:
            word = max(words, key=lambda one: len(days[one]))
            end = SENTENCE_END.search(folded, match.end())
            reach = end.start() if end else len(folded)
            yield DayMention(match.end("word") - len(word), match.end(), reach, tuple(days[word]))


def _words_beside(folded: str, one: DayMention) -> Iterator[str]:
    """Yield what may be the word for days: what follows their name, or stands before it."""
    follows = BESIDE_A_DAY.match(folded, one.end, min(one.reach, one.end + MOST_BESIDE))
    behind = folded[follows.end() : one.reach] if follows else ""
    if ahead := AHEAD_OF_A_DAY.search(folded, max(0, one.start - MOST_BESIDE), one.start):
        yield ahead["word"]
    yield from (behind[:length] for length in range(1, min(LONGEST_KIND, len(behind)) + 1))


def _named(folded: str) -> list[DayMention]:
    """Return the days that are named as days."""
    matches = _told([match for match in DAY.finditer(folded) if any(_keys(match))])
    if len(matches) > 1 and _is_over_a_table(folded, matches[0], matches[1]):
        matches = matches[1:]
    rows = [ROW_HEAD.match(folded, match.end()) is not None for match in matches]
    starts = [match.start() for match in matches] + [len(folded)]
    mentions: list[DayMention] = []
    for place, match in enumerate(matches):
        next_start = starts[place + 1]
        end = SENTENCE_END.search(folded, match.end(), next_start)
        reach = end.start() if end else next_start
        if rows[place]:
            is_last = place + 1 == len(rows) or not rows[place + 1]
            lines = folded.count("\n", starts[place - 1], starts[place]) if any(rows[:place]) else 1
            reach = _end_of_row(folded, match.end(), next_start, lines) if is_last else next_start
        is_span = bool(match["from"] or match["e_from"])
        keys = _of_before(tuple(_keys(match)), mentions)
        times = (match["from_meal"], match["to_meal"])
        meals = (TIMES[times[0]], TIMES[times[1]]) if times[0] else None
        if keys:
            span = match.start(), match.end(), reach
            mentions.append(
                DayMention(*span, keys, is_span, meals, rows[place], _is_label(folded, match))
            )
    return mentions


def _is_over_a_table(folded: str, match: re.Match[str], following: re.Match[str]) -> bool:
    """Tell whether a name of days is the head of a column: 「日 | 人数 | 備考」."""
    if match[0] != "日" or not (
        ROW_HEAD.match(folded, match.end()) and ROW_HEAD.match(folded, following.end())
    ):
        return False
    cells = folded[match.end() : following.start()].strip("。\n").split("。\n")
    return all(OVER_CELLS.fullmatch(cell.strip()) for cell in cells)


@lru_cache(maxsize=4)
def columns(folded: str) -> tuple[str, ...]:
    """Return what stands over the cells of a table that has a row for each day, if anything."""
    row = next((one for one in day_mentions(folded) if one.is_row), None)
    if row is None:
        return ()
    cells = folded.count("\n", row.start, row.reach)
    before = folded[: row.start].split("\n")[:-1]
    over = [cell.rstrip("。") for cell in before[-cells:]] if cells else []
    is_head = len(over) == cells > 1 and OVER_DAYS.fullmatch(over[0])
    return tuple(over) if is_head else ()


def cells_of(folded: str, row: DayMention) -> Iterator[tuple[str, int, int]]:
    """Yield the cells of a row with what stands over each, and its place."""
    start = row.start
    for over in columns(folded):
        end = folded.find("\n", start)
        if end < 0 or start >= row.reach:
            return
        yield over, start, end - (folded[end - 1] == "。")
        start = end + 1


def _is_label(folded: str, match: re.Match[str]) -> bool:
    """Tell whether the name of a day stands at the head of its line, apart from what follows."""
    line = folded.rfind("\n", 0, match.start()) + 1
    is_first = BEFORE_A_LABEL.fullmatch(folded, line, match.start()) is not None
    return is_first and BEHIND_A_LABEL.match(folded, match.end()) is not None


def _end_of_row(folded: str, start: int, end: int, lines: int) -> int:
    """Return where the last row of a table ends, which has as many lines as the one before."""
    for _ in range(lines):
        start = folded.find("\n", start, end) + 1 or end
    return start


def _of_before(keys: tuple[Key, ...], mentions: Sequence[DayMention]) -> tuple[Key, ...]:
    """Return the days that were named last in the place of 「その日」 and 「この2日」."""
    if keys[0].kind == "next":
        return _day_after(mentions[-1].keys[-1] if mentions else None)
    if keys[0].kind != "that":
        return keys
    if not mentions or (keys[0].number and keys[0].number != len(mentions[-1].keys)):
        return ()
    return mentions[-1].keys


def _day_after(key: Key | None) -> tuple[Key, ...]:
    """Return the day after one that was named last; where none was, it is tomorrow, the second."""
    is_counted = key is not None and key.kind in ("from today", "nth") and key.number >= 0
    if key and is_counted:
        return (Key(key.kind, key.number + 1),)
    return (Key("from today", 1), *(() if key else (Key("nth", 2),)))


def _told(matches: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return the names of days without what only looks like one: 「水、卵」「火は使わない」.

    A day by one character is believed where another day stands, or what only a day is said with.
    """
    weak = [match for match in matches if match["day"] and WEAK.match(match.string, match.start())]
    is_alone = len(weak) == 1 and not any(
        match[name] for match in matches if match is not weak[0] for name in OF_A_WEEK
    )
    return [match for match in matches if match is not weak[0]] if is_alone else matches


def _keys(match: re.Match[str]) -> Iterator[Key]:
    named = match.groupdict()
    if named["from"]:
        yield from _span(WEEKDAYS.index(named["from"]), WEEKDAYS.index(named["to"]))
    elif named["e_from"]:
        yield from _span(_ENGLISH_DAYS.index(named["e_from"]), _ENGLISH_DAYS.index(named["e_to"]))
    elif run := named["run"] or named["day"]:
        found = [character for character in re.sub("曜日?", "", run) if character in WEEKDAYS]
        yield from (Key("week", WEEKDAYS.index(day)) for day in dict.fromkeys(found))
    elif named["e_day"]:
        yield Key("week", _ENGLISH_DAYS.index(named["e_day"]))
    elif named["workdays"]:
        yield from (Key("week", day) for day in range(5))
    elif named["weekend"]:
        yield from (Key("week", day) for day in (5, 6))
    elif named["so_many"]:
        yield Key("that", number_of(named["so_many"]))
    elif named["day_in_english"]:
        yield Key("nth", int(named["day_in_english"]))
    elif named["nth"]:
        # 「1・3日目」
        numbers = re.findall(_NUMBER, named["nth"])
        yield from (Key("nth", number_of(number)) for number in dict.fromkeys(numbers))
    else:
        others = {
            "today": Key("from today", 0),
            # 「模試の前日と当日」 are two days in a row, as today and tomorrow.
            "eve": Key("from today", 0),
            "same": Key("from today", 1),
            "tomorrow": Key("from today", 1),
            "third": Key("from today", 2),
            "fourth": Key("from today", 3),
            "first": Key("nth", 1),
            "last": Key("nth", LAST),
            "middle": Key("nth", MIDDLE),
            "that": Key("that", 0),
            "next": Key("next", 1),
            "rest": Key("rest", 0),
        }
        yield from (key for name, key in others.items() if named[name])


def _span(first: int, last: int) -> Iterator[Key]:
    """Yield the days from one to another: 日〜火 are three."""
    for step in range((last - first) % DAYS_IN_A_WEEK + 1):
        yield Key("week", (first + step) % DAYS_IN_A_WEEK)


def day_of(folded: str, place: int) -> DayMention | None:
    """Return the days of which something at a place is said, None where it is of all of them."""
    one = last_day_before(folded, place)
    if one is None or place >= one.reach:
        return None
    is_all = one.is_row or one.is_label
    return one if is_all or is_said_of(folded, one.start, place) else None


def last_day_before(folded: str, place: int) -> DayMention | None:
    """Return the last name of days that ends before a place."""
    mentions = day_mentions(folded)
    number = bisect_right(mentions, place, key=lambda one: one.end)
    return mentions[number - 1] if number else None


def is_said_of(folded: str, start: int, place: int) -> bool:
    """Tell whether no comma between two places begins something new, but within brackets."""
    opened = folded.rfind("(", start, place)
    if opened > folded.rfind(")", start, place):
        place = opened
    clauses = COMMA.split(folded[start:place])[:-1]
    return all(GOES_ON.search(clause.strip()) for clause in clauses)


def begins_with_a_day(line: str) -> bool:
    """Tell whether a folded line begins with a day's name or date, as in a plan of days."""
    match = A_DATE.match(line) or DAY.match(line.lstrip())
    return match is not None


def is_plan_of_a_day(folded: str, start: int, end: int) -> bool:
    """Tell whether a food is all that is said of a day: 「月：魚」, 「火曜が魚です」."""
    if not ALL_THAT_IS_SAID.match(folded, end):
        return False
    one = last_day_before(folded, start)
    if one and one.is_row and start < one.reach:
        # A cell by itself, or behind its label: 「夕食=和」.
        return folded[start - 1] in "\n "
    return one is not None and TO_ITS_PLAN.fullmatch(folded, one.end, start) is not None


class Places:
    """The days of a plan, by every name that they may have: the third of 月〜金 is 水."""

    def __init__(
        self,
        count: int,
        weekdays: Sequence[int],
        from_today: Sequence[int],
        numbers: Sequence[int] = (),
        dates: Sequence[int] = (),
    ) -> None:
        """Take the days of the week, those from today, which of all are planned, and dates."""
        self.count = count
        self.weekdays = tuple(weekdays)
        self.from_today = tuple(from_today)
        self._last = max(numbers, default=count)
        self._keys = [
            {
                Key("nth", numbers[day - 1] if numbers else day),
                *([Key("week", weekdays[day - 1])] if weekdays else []),
                *([Key("from today", from_today[day - 1])] if from_today else []),
                *([Key("date", dates[day - 1])] if dates else []),
            }
            for day in range(1, count + 1)
        ]

    def of(self, mention: DayMention, others: Sequence[DayMention] = ()) -> frozenset[int]:
        """Return the days of the plan, from 1, that are named.

        「ほかの日」 are none of `others`.
        """
        every = frozenset(range(1, self.count + 1))
        if any(key.kind == "rest" for key in mention.keys):
            named = [self.of(one) for one in others if all(key.kind != "rest" for key in one.keys)]
            return every.difference(*(days for days in named if days != every))
        told = {LAST: self._last, MIDDLE: (self._last + 1) // 2}
        wanted = {
            Key("nth", told.get(key.number, key.number)) if key.kind == "nth" else key
            for key in mention.keys
        }
        return frozenset(day for day, keys in enumerate(self._keys, 1) if keys & wanted)
