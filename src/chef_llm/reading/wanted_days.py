"""Tells which of the days that a text names are to be planned: 「木曜は外食」「火木土の晩だけ」.

A list of days with a meal is what a plan is made of (「火〜金の夕飯」); what is told of other days
beside it is told by the way (「買い物は日曜に済ます」).
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from chef_llm.reading.servings import SINGLE
from chef_llm.reading.text import right_before
from chef_llm.reading.week import (
    LAST,
    MEAL,
    WEEKDAYS,
    DayMention,
    Key,
    cells_of,
    day_mentions,
    is_said_of,
)

_MEAL: Final = r"(?:の?(?:夜|昼|朝|晩|夕|[三3](?=食))(?:ごはん|ご飯|飯|食)?(?:と|・|も)?)*"
# Said of a day by what happens on it: somebody eats out, or has decided what there is.
ELSEWHERE: Final = (
    r"(?:外食|(?<!以)外(?:で|に(?!出てい)|飲み|だ|(?=[。、,\n\s)]|$))|飲み会|飲みに|会食|休み(?![のたやなだ])|(?:焼き?肉|寿司|すし|らーめん|うなぎ|鰻|そば)屋(?!さん?(?:の(?:味|よう)|風|みたい)|の味|のよう|風|みたい|っぽい)|居酒屋(?!風|みたい|っぽい|め|の)|(?:別の|ほかの|違う)(?:もの|もん|やつ)を?(?:食べ|食う)|ふぁみれす(?!風|みたい|っぽい|の)|skip|break|買って|帰省|"
    r"給食あり|旅行|実家|送別会|は(?:実?家|うち)に帰|空欄|空けと|対象外|決まり|決まっと|決定済|仕出し)"
)
# Said of what nobody needs: of the day itself, and of no dish of it (「水曜は汁物いらない」).
NEEDLESS: Final = (
    r"(?:を?除|い?らな|い?らん|いりま(?!す|し)|要り?ま?[らせ]|不要|抜き|抜いて|なし(?=で|[。、,\n\s()]|$)|ぱす(?!た)|すきっぷ|"
    r"考えな|考えんで|決めな|作らな(?:い(?!と|け)|く(?!て?は|ちゃ))|作りません|作らん(?!と))"
)
REASON: Final = r"(?:ので|から|んで|ため|けん|けえ|けど|き|で|し|て|→|、|[()])"
NOT_THEN: Final = re.compile(
    rf"{_MEAL}(?:以外|いがい|(?:分|ぶん)?(?:は|だけ|が|も|を|に|[:=→…|\-\s])*{NEEDLESS}"
    rf"|(?:は|だけ|が|:|=|→|\s)?[^。、\n]{{0,12}}?{ELSEWHERE}"
    rf"|(?!の(?![夜昼朝晩夕])[^。、\n]{{1,10}}[はも])[^。\n]{{0,40}}?{REASON}\s?{NEEDLESS})"
    # 「日曜に2時間とってまとめて仕込む」
    r"|に?(?:まとめて)?(?:買い?(?:う|物|出|に)|仕込|作り置き|作って)"
    r"|に[^。、\n]{0,12}まとめて(?:作|仕込|買|調理)"
)
# 「火曜はデイサービスがあるので昼はいりません」, where no other meal is planned.
NO_SUCH_MEAL: Final = re.compile(
    rf"(?!の(?![夜昼朝晩夕])[^。、\n]{{1,10}}[はも])[^。\n]{{0,30}}?{REASON}、?\s?"
    rf"お?(?:朝|昼|夜|晩|夕)(?:食|ごはん|ご飯|飯)?(?:は|も)\s?{NEEDLESS}"
)
# 「木曜だけ汁つき、火曜はいらない」: the soup of it.
OF_ANOTHER_DAY: Final = re.compile(r"だけ[^。、\n]{1,10}、$")
# 「汁物は火曜だけいらない」
OF_A_COURSE: Final = re.compile(
    r"(?:主食|主菜|副菜|汁物?|味噌汁|みそ汁|すーぷ|さらだ|でざーと)(?:は|を|も)、?$"
)
# Told by the way: 「買い物は木曜」「木曜に面接だから」.
ASIDE_BEFORE: Final = re.compile(r"(?:買い?物|買い出し|生協|宅配|ごみ(?:の日)?|収集)日?[はが]$")
ASIDE: Final = re.compile(
    r"(?:の?[朝昼晩夜])?に(?:とってお|取ってお|とっとく|取っとく)|に(?:は)?(?:面接|歯医者|病院|通院|退院|入院|健診|検診|健康診断|検査|試験|模試|面談|届[くけ])|から毎日"
)
# Somebody is out, and somebody is not: 「土曜は娘が外で食べるので私ひとり分」.
_PERSON: Final = rf"(?:{SINGLE}|子ども|子供|こども|大人|おとな)"
_SO_MANY: Final = r"(?:ひとり|ふたり|(?:\d{1,2}|[一二三四五六七八九十])人)"
WHO_IS_THERE: Final = re.compile(
    rf"{_SO_MANY}(?:分|ぶん|前|で|だけ|のみ|に|[。、()\s]|$)|"
    # 「水曜は夫が飲み会なので、私と子どもだけ」
    rf"(?:{_PERSON}(?:さん|たち)?(?:と|・|、))*{_PERSON}(?:さん|たち)?(?:の(?:分|ぶん))?(?:だけ|のみ)"
)
# 「火: 3人(パパ飲み会)」: so many eat at home, and in brackets is told why.
SO_MANY_AND_WHY: Final = re.compile(rf"[^。、\n(]{{0,6}}{_SO_MANY}(?:分|ぶん|前)?\s?\([^()\n]*$")
CELL: Final = re.compile(r"[^\n]+")
CELL_OF_NOTHING: Final = re.compile(rf"(?:[^:。]{{1,6}}:\s?)?(?:{ELSEWHERE}|(?!なし){NEEDLESS})")
# A row that begins with so many cells has one of its own, behind the mark that ends its head.
MOST_CELLS: Final = 3
NOTHING_AT_ALL: Final = re.compile(rf"{NEEDLESS}|[×✕xー−–—-]\s?(?:$|[(。])")
IS_NOTHING: Final = re.compile(rf"{CELL_OF_NOTHING.pattern}|(?:なし|×|✕|x|-|–|—|ー|−|)\s*$")
# 「?のところを」「○だけ埋めて」
MARKED: Final = re.compile(r"(?<!と)(?P<mark>[?○])[」]?(?:だけ|のところ(?!と)|の日|を|は)")
# 「火木土の晩だけ」, 「夕飯いるのは水木金だけです」: of no other day.
ONLY: Final = re.compile(
    rf"{_MEAL}(?:だけ|のみ)(?=です|でい(?!さ)|でよ|で良|で、|でお願|お願|頼|たの|決め|考え|組|埋め|自宅|家|ね|よ|$|[\n。])"
)
# The same where it is told for how many: 「月曜と金曜の夜だけ、2人分」.
ONLY_FOR: Final = re.compile(rf"{_MEAL}(?:だけ|のみ)、(?:\d|[一二三四五六]|ひと|ふた)(?:人|り)")
# What a plan is made of: 「月〜木の晩」「火・木・金の夕食」.
OF_A_PLAN: Final = re.compile(
    r"(?:まで)?[の、\s]?(?:[2-7二三四五六七]日間?の?)?(?:毎日)?(?:朝|昼|夜|晩|夕|お?弁当|献立)(?!に)"
)
BEFORE_ITS_DAYS: Final = re.compile(
    r"(?:朝|昼|夜|晩|夕|朝食|昼食|夕食|夕飯|弁当|献立|ご飯|ごはん|おやつ|期間|対象)(?:だけ)?[\s(:=→はを…]{1,2}$"
)
# 「月火水の3食」「土日の朝と夜」: what is said of one of its meals leaves the others.
OF_SEVERAL_MEALS: Final = re.compile(
    r"[のは]?(?:[三3]食(?!分)|(?:朝|昼)(?:食|ごはん|ご飯)?[と・、も]?(?:昼|夜|晩|夕))"
)
# Of a day beside it: 「土曜は昼も」「日曜の朝」.
OF_A_MEAL: Final = re.compile(
    r"(?:も|(?:[のは:=→]|だけ|\s)?\s?(?:朝|昼|夜|晩|夕|お?弁当|[三3]食(?!分))(?![に)]))"
)
# 「今日は月曜」, 「今日(月)」: the day on which it is written is no day of the plan.
IT_IS: Final = re.compile(
    rf"今日[はな]?[((、]?(?P<day>[{WEEKDAYS}])(?:曜|[)）])|(?P<before>[{WEEKDAYS}])曜の今日"
)
IN_A_LIST: Final = re.compile(r"(?:の?(?:夜|昼|朝|晩|[三3]食))*(?:と|、|・|,|/|\s)?")
ALL_AS_THEY_ARE: Final = ("平日", "週末")


class NamedDays(NamedTuple):
    """Days of the week, Monday as 0; of those that are wanted it may be said that they are all."""

    wanted: frozenset[int]
    unwanted: frozenset[int]
    are_all: bool = False


def is_unwanted(folded: str, one: DayMention) -> bool:
    """Tell whether nothing is wanted on a day that is named."""
    mark = _mark(folded)
    if mark and one.end < mark[1]:
        return mark[0] not in _said(folded, one)
    if one.is_row:
        return _is_unwanted_row(folded, one)
    if one.keys[0].kind != "week" and folded.startswith("から", one.end):
        # 「明日から夏休み」
        return False
    reason = NOT_THEN.match(folded, one.end, one.reach)
    if reason is None and len(_meals_named(folded)) == 1:
        reason = NO_SUCH_MEAL.match(folded, one.end, one.reach)
    if reason is None:
        return False
    of_courses = (OF_ANOTHER_DAY, OF_A_COURSE)
    is_of_a_course = any(right_before(each, folded, one.start) for each in of_courses)
    if is_of_a_course or SO_MANY_AND_WHY.match(folded, one.end, reason.end()):
        return False
    there = WHO_IS_THERE.search(folded, reason.end(), one.reach)
    return there is None or not is_said_of(folded, reason.end(), there.start())


def _is_unwanted_row(folded: str, row: DayMention) -> bool:
    """Tell whether a row of a table says that nothing is wanted, of any meal that has a column."""
    if meals := meals_of_row(folded, row):
        # 「月 | いらない | 魚」 under 「曜日 | 昼 | 夜」 is of the evening.
        return not any(is_wanted for _, is_wanted in meals)
    cells = CELL.findall(folded, row.end, row.reach)
    # 「水｜なし（半日）」: all that is said of the day.
    is_nothing = len(cells) < MOST_CELLS and any(map(NOTHING_AT_ALL.match, cells))
    return is_nothing or any(map(CELL_OF_NOTHING.match, cells))


def meals_of_row(folded: str, row: DayMention) -> list[tuple[str, bool]]:
    """Return the meals over the cells of a row, and whether anything is wanted in each."""
    return [
        (meal.lastgroup or "", not IS_NOTHING.match(folded, start, end))
        for over, start, end in cells_of(folded, row)
        if (meal := MEAL.fullmatch(over))
    ]


@lru_cache(maxsize=4)
def _mark(folded: str) -> tuple[str, int] | None:
    """Return what marks the days that are asked for, and where that is said: 「?だけ埋めて」."""
    match = MARKED.search(folded)
    said = [_said(folded, one) for one in day_mentions(folded)]
    is_there = match is not None and any(match["mark"] in words for words in said)
    return (match["mark"], match.start()) if match and is_there else None


def _said(folded: str, one: DayMention) -> str:
    """Return what is said of days, with the mark that ends it."""
    return folded[one.end : one.reach + (not one.is_row)]


@lru_cache(maxsize=4)
def named_days(folded: str) -> NamedDays:
    """Return the days of the week that are named, and those that are not wanted."""
    found: set[int] = set()
    planned: set[int] = set()
    beside: set[int] = set()
    only: set[int] = set()
    only_for: set[int] = set()
    unwanted: set[int] = set()
    with_a_meal: set[int] = set()
    without_a_meal: set[int] = set()
    with_people: set[int] = set()
    before: set[int] = set()
    end = 0
    it_is = [match.span() for match in IT_IS.finditer(folded)]
    for one in day_mentions(folded):
        days = {key.number for key in one.keys if key.kind == "week"}
        is_today = any(start <= one.start < end for start, end in it_is)
        is_aside = ASIDE.match(folded, one.end) or right_before(ASIDE_BEFORE, folded, one.start)
        if is_today or is_aside or folded[one.start : one.end] in ALL_AS_THEY_ARE:
            continue
        # 「火の夜・水の朝だけ」: of a list its end is told of all.
        before = before | days if IN_A_LIST.fullmatch(folded[end : one.start]) else days
        end = one.end
        has_meal = OF_A_MEAL.match(folded, one.end) is not None
        if is_unwanted(folded, one):
            # 「日曜の昼は外」 leaves the other meals of a day that has some.
            (without_a_meal if has_meal else unwanted).update(days)
            continue
        if ONLY.match(folded, one.end, one.reach):
            only |= before
            continue
        if ONLY_FOR.match(folded, one.end, one.reach):
            only_for |= before
        found |= days
        is_of_a_plan = OF_A_PLAN.match(folded, one.end) or right_before(
            BEFORE_ITS_DAYS, folded, one.start
        )
        if len(before) > 1 and is_of_a_plan:
            planned |= before
        elif has_meal:
            beside |= days
        has_several = OF_SEVERAL_MEALS.match(folded, one.end) is not None
        if (has_meal and len(days) == 1) or one.ends or has_several:
            with_a_meal |= days
        if WHO_IS_THERE.search(folded, one.end, one.reach):
            with_people |= days
    unwanted = (unwanted | without_a_meal) - with_a_meal - with_people
    # 「月〜金の夕食2人分。水曜だけ、4人」 is of all five.
    if not only and only_for and not only_for < planned:
        only = only_for
    if only:
        return NamedDays(frozenset(only), frozenset(unwanted - only), are_all=True)
    # 「火木土の晩だけ」 leaves the other days out that are named beside it.
    wanted = planned | beside if planned else found
    return NamedDays(frozenset(wanted - unwanted), frozenset(unwanted))


def _is_of_one_of_its_meals(folded: str, one: DayMention) -> bool:
    """Tell whether a meal of a day is named, beside others: 「朝・昼・夜、3日目の夜は外」."""
    behind = MEAL.match(folded, one.end + folded.startswith("の", one.end))
    return behind is not None and bool(_meals_named(folded) - {behind.lastgroup})


@lru_cache(maxsize=4)
def _meals_named(folded: str) -> frozenset[str | None]:
    return frozenset(match.lastgroup for match in MEAL.finditer(folded))


def number_of_unwanted(folded: str) -> int:
    """Return how many days are not wanted, of those that are told by number or from today."""
    return len(_unwanted(folded))


def numbers_of_days(folded: str, count: int) -> tuple[int, ...]:
    """Return which of all days are planned where some are not: 「2日目は外食」; else nothing."""
    unwanted = _unwanted(folded)
    every = count + len(unwanted)
    left_out = {every if key.number == LAST else key.number for key in unwanted}
    numbers = tuple(day for day in range(1, every + 1) if day not in left_out)
    return numbers if unwanted and len(numbers) == count else ()


@lru_cache(maxsize=4)
def _unwanted(folded: str) -> frozenset[Key]:
    """Return the days by their numbers, or from today, on which nothing is wanted."""
    wanted: set[Key] = set()
    unwanted: set[Key] = set()
    before: set[Key] = set()
    end = 0
    for one in day_mentions(folded):
        keys = {key for key in one.keys if key.kind in ("nth", "from today")}
        before = before | keys if IN_A_LIST.fullmatch(folded[end : one.start]) else keys
        end = one.end
        if is_unwanted(folded, one):
            unwanted |= set() if _is_of_one_of_its_meals(folded, one) else before
        elif OF_A_MEAL.match(folded, one.end) or WHO_IS_THERE.search(folded, one.end, one.reach):
            wanted |= keys
    return frozenset(unwanted - wanted)
