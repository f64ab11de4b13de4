"""Reads for how many days: numbers of days, days of the week, dates, 「今日と明日」, 「昼3回」."""

import re
from collections.abc import Iterator, Set
from functools import lru_cache
from typing import Final

from chef_llm.reading.dates import dates_of_a_plan
from chef_llm.reading.numbers import DAYS_AS_SAID, number_of
from chef_llm.reading.servings import SINGLE
from chef_llm.reading.wanted_days import (
    IT_IS,
    is_unwanted,
    named_days,
    number_of_unwanted,
)
from chef_llm.reading.week import DAYS_IN_A_WEEK, WEEKDAYS, DayMention, day_mentions

MOST_DAYS: Final = 14
WORKDAYS_IN_A_WEEK: Final = 5
MEALS_BY_THEMSELVES: Final = ("今夜", "今晩", "翌朝")
# 「今日明日でやっつけたい」: by when, not for how many days.
LIMIT: Final = re.compile(r"で(?!食べ(?:き|切)|使い?(?:き|切))|中に|まで|に")
_NUMBER: Final = r"(?:\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_NOT_A_NUMBER: Final = r"(?<![\d./一二三四五六七八九十第])"
_MEAL: Final = (
    r"(?:朝|昼|夜|晩|夕|弁当|お弁当|献立|めにゅー|ごはん|ご飯|食事|めし|飯|おかず|主菜|らんち|予定)"
)
# 「3日分」「五日間」「3日とも」「4日、」「6日 夜だけ」; 「3日目」「2日後」「二日酔い」 are none.
_LASTS: Final = (
    rf"(?:間|分|ぶん|とも|ほど|くらい|ぐらい|ばかり|連続|れんぞく|続けて|だけ|に分け|×|[\s、。,)）」・/:\n]|$|\((?![月火水木金土日][^はのが])|"
    rf"(?:の|は|を|で|を?毎日)?{_MEAL}|で(?!き|も)|を|お願い|頼|しの[ぐぎ]|乗り切|もたせ|いきたい|過ごす)"
)
DURATION: Final = re.compile(
    rf"{_NOT_A_NUMBER}(?<![月〜~\-–])(?<!\dー)(?<!日ー)(?<![肉魚麺鶏豚牛卵菜豆ん]の日)(?<!まで)(?<![けれ]てから)(?:(?P<days>{_NUMBER})(?:日(?!目|後|前|ぶり|おき|酔|以内|に1|に一|ごと|[〜~\-ー]\d)"
    rf"(?={_LASTS})|連休|連勤|でいず)"
    # As they are said: 「みっかぶん」.
    rf"|(?P<said>{'|'.join(DAYS_AS_SAID)})(?=か?間|かん|分|ぶん))"
)
# A number of days so great is a date, unless it is said to last: 「二十日の昼」「15日間」.
LASTING: Final = re.compile(r"間|分|ぶん|連続|れんぞく")
# Of several numbers the one that is asked for: 「10日あるけど、まず3日」「やっぱり5日で」.
FIRST_OF_ALL: Final = re.compile(
    rf"(?:まず|とりあえず|ひとまず|最初の|はじめの|やっぱり|今回は)(?:は|この|前半|の|夜|昼|晩|夕食){{0,3}}\s?(?P<first>{_NUMBER})日"
    # 「夕飯、魚は2日でいい」 is of the fish.
    rf"(?!目|後|前|おき)|(?<![はもを])(?P<changed>{_NUMBER})日(?:\([^()\n]{{1,8}}\))?(?:に(?:短縮|変更|減)|でいい|で良い|で足り)"
)
# 「来週の晩5回」「8日間のうち夜6回」
SO_MANY_TIMES: Final = re.compile(
    rf"(?:(?:朝|昼|夜|晩|夕|夕食|夕飯|弁当|ごはん|ご飯)(?:だけ|を|は)?|[要い]るのは|まで)\s?"
    rf"(?:(?P<times>{_NUMBER})回(?!目|前|後|戻|まで|とも)|週\s?(?P<a_week>{_NUMBER})回分)"
)
# 「夜2回」「昼は3回分」「3晩」「夕飯4日」
TIMES: Final = re.compile(
    rf"(?:朝|昼|夜|晩|夕|夕食|夕飯|弁当|ごはん|ご飯)(?:だけ|のみ|は|を|が)?\s?"
    rf"(?P<times>{_NUMBER})(?:回|日)(?!目|前|後|とも)"
    rf"|{_NOT_A_NUMBER}(?P<evenings>{_NUMBER})(?<!十五)(?:晩|夜)(?!中|勤|更|食)"
    # 「朝と夜、2日ずつ」
    rf"|(?:朝|昼|夜|晩|夕|食|飯|弁当|ごはん)(?:を|は)?、?\s?(?:それぞれ)?(?P<each>{_NUMBER})[日回]ずつ"
    rf"|(?<!明日の)(?<!今日の)(?:朝|昼|夜|晩|夕食|夕飯|弁当)[×x](?P<count>{_NUMBER})(?!人)"
)
# 「13日の夜」: a date, where no plan has so many days.
A_DATE_OF: Final = re.compile(r"日の(?:朝|昼|夜|晩)")
# 「一週間分」「来週の夕食」; 「一週間います」 and 「今週は丸いものが苦手」 ask for nothing.
_OF_A_WEEK: Final = (
    rf"(?=分|ぶん|だけ|で(?:消費|使い切|食べ切|食べき)|の?{_MEAL}|の?(?:お?夕|お?昼|お?朝)|お願い|で?組|で考|"
    r"[\s、。]|$)"
)
WEEKS: Final = re.compile(
    rf"{_NOT_A_NUMBER}(?<!て)(?P<weeks>{_NUMBER})週間(?!だけ(?:止|や)め){_OF_A_WEEK}"
    rf"|(?<!は)(?P<week>(?:今|来)週(?:分|ぶん|間|(?:1週|一週)間)?(?!、|だけ){_OF_A_WEEK}|週間献立|うぃーくりー)"
)
# 「1日目…3日目」 of a plan that is laid out by its days.
NTH_DAY: Final = re.compile(
    rf"(?P<nth>{_NUMBER})日目(?=の?(?:朝|昼|夜|晩|夕)|\s?[:=は])"
    r"|(?<![a-z])day\s?(?P<in_english>\d{1,2})(?!\d)"
)
OTHERS: Final = re.compile(r"(?:ほか|他|あと|残り|それ以外)(?:の日|の平日)?は(?!要|い[らり])")
FEW_DAYS: Final = 4
OF_SOMETHING: Final = re.compile(rf"(?:の|れー|なべ|鍋|おでん){_NUMBER}日目")
# 「2泊3日」「今日から3日」
STAY: Final = re.compile(
    rf"泊(?P<days>{_NUMBER})日|(?P<nights>{_NUMBER})泊(?!\s?{_NUMBER}日|め|目)|(?<![けれ]て)から(?P<more>{_NUMBER})日(?!目|後|前|ぶり)"
    rf"|日数\s?[:=は]\s?(?P<labelled>{_NUMBER})"
)
# Lines that begin with 5/3, 5/4, 5/5.
DATED_LINE: Final = re.compile(r"(?m)^\W{0,3}(?:\d{1,2}/)(?P<date>\d{1,2})(?!\d|/)")
WORKDAYS: Final = re.compile(
    r"平日(?!休|に休|は?(?:忙|遅)|(?:は|が)?(?:ng|だめ|禁止)|な(?:ので|のに|の[、。]|ら)|だ(?:から|し|けど)|です(?:が|し|けど))"
)
# 「1週間分の夕食。平日は30分以内」
OF_WORKDAYS: Final = re.compile(r"平日[は=](?!の?(?:朝|昼|夜|晩|夕|お?弁当)(?:だけ|のみ))")
# 「平日の夜4日」
WORKDAYS_OF_A_WEEK: Final = re.compile(
    r"平日(?:の|夜|晩|夕|昼|朝|は|だけ){0,3}(?P<days>[2-5二三四五])日(?!目|は)"
)
# 「週末に友達が来る」 is one meal.
WEEKEND: Final = re.compile(
    r"週末(?!に(?:買|仕込|作り置|作って|まとめ)|の?(?:買い|まとめ買|作り置|仕込)|前|なら|に?[^。\n]{0,14}(?:来[るまて]|くる|きます|遊びに|集ま|招|呼[びん]|泊ま))"
)
# 「週末の朝昼晩」「週末2日分」
WEEKEND_OF_A_PLAN: Final = re.compile(
    r"週末(?:の?(?:2|二)日間?)?(?:は|の|、)?(?:分|献立|食事|ごはん|ご飯|朝|昼|夜|晩|夕|お?弁当|三食|3食)(?!に)"
)
# 「月曜と金曜は肉なし、あいだの3日は自由に」
BETWEEN: Final = re.compile(rf"(?:あいだ|間|途中)の(?P<days>{_NUMBER})日(?!目)")
# 「水曜から3日」
FROM_A_DAY: Final = re.compile(
    rf"(?P<from>[{WEEKDAYS}])曜日?から(?P<days>[2-7二三四五六七])(?:日|晩)(?!目|後|前)"
)
# Between two days that are named one after the other: 「明日とあさって」.
NEXT_TO_IT: Final = re.compile(r"[と、・,や&+/]?\s?")
UNTIL: Final = re.compile(r"の?(?:夜|昼|朝|晩)?まで")
# What says that a day counted from today is to have a meal.
OF_A_MEAL: Final = re.compile(
    rf"(?:の|も|は|、|\s)*(?:{SINGLE}の)?(?:朝|昼|夜|晩|夕|お?弁当|分(?!か)|{_MEAL}|なに|何)(?!に[回使残ま])"
)
NIGHT_AND_MORNING: Final = re.compile(
    r"(?:夜|晩)(?:ごはん|ご飯)?(?:[^。\n]{0,8}?翌朝|[と、・+]\s?(?:明日|あした|次の日|翌日)の?朝)"
)
# 「木曜までの4日分」
SO_MANY_UNTIL: Final = re.compile(
    rf"(?P<last>[{WEEKDAYS}])曜日?までの?(?P<days>[2-7二三四五六七])日"
)


@lru_cache(maxsize=4)
def read_days(folded: str) -> int | None:
    """Return for how many days a folded text asks, None when it does not say; at most 14."""
    found = next(_counts(folded), None)
    return None if found is None else max(1, min(found, MOST_DAYS))


def _counts(folded: str) -> Iterator[int]:  # noqa: PLR0912, PLR0915  # a list of ways to say it
    """Yield how many days, by what says it most plainly first."""
    named, unwanted, are_all = named_days(folded)
    if are_all and len(named) > 1:
        yield len(named)
    if of_week := WORKDAYS_OF_A_WEEK.search(folded):
        left = 5 - sum(day < 5 for day in unwanted)  # noqa: PLR2004
        yield min(number_of(of_week["days"]), left)
    if begun := FROM_A_DAY.search(folded):
        yield number_of(begun["days"])
    if first := FIRST_OF_ALL.search(folded):
        yield number_of(first["first"] or first["changed"])
    if times := SO_MANY_TIMES.search(folded):
        yield number_of(times["times"] or times["a_week"])
    spans = [len(one.keys) for one in day_mentions(folded) if one.is_span]
    # 「和食3日と洋食2日、5日分」: the most is what it lasts in all.
    durations = list(_durations(folded))
    lasting = max((_days_in(match) for match in durations), default=0)
    dates = dates_of_a_plan(folded)
    if lasting < len(dates):
        # 「29、30、31の晩。肉1日、魚1日で」
        yield len(dates)
    weeks = WEEKS.search(folded)
    is_said = any(LASTING.match(folded, match.end()) for match in durations)
    if weeks and weeks["weeks"] and lasting < DAYS_IN_A_WEEK and not is_said:
        # 「1週間分、肉3日、魚3日」 is of all seven.
        lasting = 0
    if lasting:
        # 「4日分、2日目は要らない」
        lasting -= number_of_unwanted(folded)
        if listed := _listed_days(folded, lasting):
            yield len(listed - unwanted) or lasting
        # 「月〜金、和食を3日」, 「月〜金の5日分、水曜は外食」
        if lasting not in spans and (spans or lasting < _longest_list(folded)):
            yield max(lasting, len(named))
        yield len(named) if lasting in spans else lasting
    if dated := _dated_lines(folded):
        yield dated
    if (told := _first_and_count(folded)) and len(named) < 2:  # noqa: PLR2004
        yield told[1]
    # 「一週間、平日はパン、土日はご飯」 is of all seven.
    is_whole_week = weeks is not None and (
        named == frozenset((5, 6)) or bool(weeks["weeks"] and OF_WORKDAYS.search(folded))
    )
    if WORKDAYS.search(folded) and len(named) < 3 and not is_whole_week:  # noqa: PLR2004  # 「平日、火と木は遅い」
        yield 5 - sum(day < 5 for day in unwanted)  # noqa: PLR2004
    # 「来週の夕食、火曜と金曜は15分、あとは30分」 is of all days.
    is_of_all = weeks and len(named) < FEW_DAYS and OTHERS.search(folded)
    if between := _with_those_between(folded, named):
        yield len(between)
    if len(named) > 1 and not (is_of_all or is_whole_week):
        yield len(named)
    if weeks:
        of_one = DAYS_IN_A_WEEK - len(unwanted)
        yield DAYS_IN_A_WEEK * number_of(weeks["weeks"]) if weeks["weeks"] else of_one
    if stay := STAY.search(folded):
        nights = number_of(stay["nights"]) + 1 if stay["nights"] else 0
        yield nights or number_of(stay["days"] or stay["more"] or stay["labelled"])
    nth = [number_of(match["nth"] or match["in_english"]) for match in NTH_DAY.finditer(folded)]
    # 「旅行の2日目の夜」 is one day of something.
    if len(nth) > 1 or (nth and not OF_SOMETHING.search(folded)):
        yield max(nth) - number_of_unwanted(folded)
    if times := TIMES.search(folded):
        yield number_of(times["times"] or times["evenings"] or times["count"] or times["each"])
    is_of_both = not named or (named <= {5, 6} and not are_all and WEEKEND_OF_A_PLAN.search(folded))
    if WEEKEND.search(folded) and is_of_both:
        yield 2
    if len(offsets := days_from_today(folded)) > 1:
        yield len(offsets)


def _longest_list(folded: str) -> int:
    """Return how many days are named one after another: 「水・木・金の夕食、魚は1日だけ」."""
    return max((len(one.keys) for one in day_mentions(folded) if _is_list(folded, one)), default=0)


def _is_list(folded: str, one: DayMention) -> bool:
    is_named = folded[one.start : one.end] not in ("平日", "週末", "土日")
    return is_named and one.keys[0].kind == "week" and not is_unwanted(folded, one)


def _dated_lines(folded: str) -> int:
    """Return how many lines begin with a date, where these follow one another."""
    dated = [int(match["date"]) for match in DATED_LINE.finditer(folded)]
    is_row = len(dated) > 1 and dated == [*range(dated[0], dated[0] + len(dated))]
    return len(dated) if is_row else 0


def _days_in(match: re.Match[str]) -> int:
    """Return how many days a number of them stands for, by its digits or as it is said."""
    return DAYS_AS_SAID.get(match["said"]) or number_of(match["days"])


def _durations(folded: str) -> Iterator[re.Match[str]]:
    """Yield the numbers of days; 「16日の晩」 is a date."""
    dates = dates_of_a_plan(folded)
    for match in DURATION.finditer(folded):
        number = _days_in(match)
        is_great = number > DAYS_IN_A_WEEK and A_DATE_OF.match(folded, match.end("days"))
        is_date = number in dates or is_great
        is_few = number <= MOST_DAYS and not is_date
        if is_few or LASTING.match(folded, match.end()):
            yield match


def ordered_days(folded: str) -> tuple[int, ...]:
    """Return the days of the week that a plan has, in its order, Monday as 0; none if unknown."""
    if begun := FROM_A_DAY.search(folded):
        return _days_in_a_row(WEEKDAYS.index(begun["from"]), number_of(begun["days"]))
    count = read_days(folded) or 1
    if until := SO_MANY_UNTIL.search(folded):
        return _days_in_a_row(WEEKDAYS.index(until["last"]) - count + 1, count)
    if (row := _first_and_count(folded)) and row[1] == count:
        return _days_in_a_row(*row)
    named, unwanted, _ = named_days(folded)
    if between := _with_those_between(folded, named):
        named = between
    if len(named) == count > 1:
        pass
    elif listed := _listed_days(folded, count):
        named = listed
    elif WORKDAYS.search(folded) and len(named) < DAYS_IN_A_WEEK:
        named = frozenset(range(5)) - unwanted
    elif WEEKEND.search(folded) and named <= {5, 6} and (not named or count > 1):
        named = frozenset((5, 6))
    elif not named and unwanted and count == DAYS_IN_A_WEEK - len(unwanted):
        # 「今週6日、日曜以外」
        named = frozenset(range(DAYS_IN_A_WEEK)) - unwanted
    if len(named) != count == WORKDAYS_IN_A_WEEK and _are_of_workdays(folded, named, unwanted):
        # 「来週の昼を5日分。木曜は麺」
        named = frozenset(range(WORKDAYS_IN_A_WEEK))
    if len(named) != count:
        # 「一週間、火曜は魚」: a week begins on Monday.
        return ()
    spans = (one.keys[0].number for one in day_mentions(folded) if one.is_span)
    first = next(spans, None)
    if first is None:
        # 「土日月」 begin on Saturday, where they are told in their order.
        told = [
            key.number for one in day_mentions(folded) for key in one.keys if key.kind == "week"
        ]
        told = list(dict.fromkeys(day for day in told if day in named))
        from_first = [(day - told[0]) % DAYS_IN_A_WEEK for day in told] if told else []
        are_all = len(told) == len(named) and from_first == sorted(from_first)
        first = told[0] if are_all else 0
    return tuple(sorted(named, key=lambda day: (day - first) % DAYS_IN_A_WEEK))


def _are_of_workdays(folded: str, named: Set[int], unwanted: Set[int]) -> bool:
    """Tell whether the five days of a plan are those of a week, as days of the week are named."""
    others = {key.kind for one in day_mentions(folded) for key in one.keys} - {"week", "rest"}
    is_of_them = all(day < WORKDAYS_IN_A_WEEK for day in named)
    return bool(named) and is_of_them and not (unwanted or others)


def _listed_days(folded: str, count: int) -> frozenset[int]:
    """Return the days that stand in one list or span of as many as are asked for, if any do.

    「平日の夕食、火・水・木の3日」: what else is named is told by the way.
    """
    for one in day_mentions(folded):
        days = frozenset(key.number for key in one.keys if key.kind == "week")
        if len(days) == count > 1 and _is_list(folded, one):
            return days
    return frozenset()


def days_from_today(folded: str) -> tuple[int, ...]:
    """Return the days that are named by how far they are from today, today as 0."""
    mentions = [one for one in day_mentions(folded) if one.keys[0].kind == "from today"]
    found: set[int] = set()
    for place, one in enumerate(mentions):
        is_followed = place + 1 < len(mentions) and _is_next(folded, one, mentions[place + 1])
        is_of_a_meal = folded[one.start : one.end] in MEALS_BY_THEMSELVES
        is_of_a_meal = is_of_a_meal or OF_A_MEAL.match(folded, one.end) is not None
        in_a_row = place and _is_next(folded, mentions[place - 1], one)
        is_wanted = is_followed or is_of_a_meal or (in_a_row and not LIMIT.match(folded, one.end))
        if is_wanted and not is_unwanted(folded, one):
            found.add(one.keys[0].number)
    if NIGHT_AND_MORNING.search(folded):
        found |= {0, 1}
    return tuple(sorted(found))


def _is_next(folded: str, one: DayMention, other: DayMention) -> bool:
    return NEXT_TO_IT.fullmatch(folded, one.end, other.start) is not None


def _with_those_between(folded: str, named: frozenset[int]) -> frozenset[int]:
    """Return two days that are named with those between them, where these are wanted, too."""
    between = BETWEEN.search(folded) if len(named) == 2 else None  # noqa: PLR2004
    if between is None:
        return frozenset()
    told = [key.number for one in day_mentions(folded) for key in one.keys if key.kind == "week"]
    row = _days_in_a_row(told[0], number_of(between["days"]) + 2)
    return frozenset(row) if row[-1] in named and row[-1] != row[0] else frozenset()


def _days_in_a_row(first: int, count: int) -> tuple[int, ...]:
    return tuple((first + step) % DAYS_IN_A_WEEK for step in range(count))


def _first_and_count(folded: str) -> tuple[int, int] | None:
    """Return the first day and how many there are to another, where it is told which today is."""
    today = IT_IS.search(folded)
    until = next((one for one in day_mentions(folded) if UNTIL.match(folded, one.end)), None)
    if today is None or until is None or until.keys[-1].kind != "week":
        return None
    first = WEEKDAYS.index(today["day"] or today["before"]) + ("明日から" in folded)
    return first, (until.keys[-1].number - first) % DAYS_IN_A_WEEK + 1
