"""Reads what a later turn makes of the days of a plan: some go, some come, two change places.

「水曜は外食になったから消して」「日曜の昼も追加で」「あと2日足して」「3日に減らして」「月曜と木曜を入れ替えて」.
A day that is only named is one that something else is said of.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chef_llm.reading.days import MOST_DAYS, WEEKS, read_days
from chef_llm.reading.numbers import number_of
from chef_llm.reading.patterns import any_of
from chef_llm.reading.wanted_days import ELSEWHERE
from chef_llm.reading.week import (
    DAYS_IN_A_WEEK,
    MEAL,
    DayMention,
    Places,
    day_mentions,
    day_of,
    last_day_before,
)

# All patterns are matched against folded text.
_NUMBER: Final = r"(?:\d{1,2}|[一二三四五六七八九十])"
_OF_IT: Final = (
    r"(?:の|お?(?:朝|昼|夜|晩|夕)(?:食|ごはん|ご飯|めし|飯)?|お?弁当|分|ぶん|献立|予定|"
    r"ごはん|ご飯)*"
)
_GO: Final = any_of(
    "消[しすせ] けし なくし なくす 無くし なし(?=で|に|[。、\\s!]|$) 削 取り消 取りやめ とりやめ",
    "中止 きゃんせる すきっぷ ぱす(?!た) 外し(?!て食) はずし い?らな い?らん いりま[せへ]",
    "要り?ま[せへ] 不要 除い 抜い やめ(?=て(?:[。、!]|$|くだ|お)) 省い けずっ かっと",
)
# 「水曜なくして」「2日目の分はもう要らない」「金曜の夜はキャンセルで」
GOES: Final = re.compile(
    rf"{_OF_IT}(?:は|を|も|だけ|が|って|,|\s)*(?:もう|やっぱり?|丸ごと|まるごと|全部)?\s?{_GO}|"
    # 「2日目の晩は宿で出るので不要でした」
    rf"(?!の(?![夜昼朝晩夕])[^。、\n]{{1,10}}[はもが])[^。\n]{{0,30}}?(?:ので|から|けん|けど|、)\s?(?:もう)?{_GO}"
)
# 「土曜は外で食べることになった」; 「土曜は飲み会だから軽いものにして」 asks for it.
IS_ELSEWHERE: Final = re.compile(
    rf"{_OF_IT}(?:は|が|だけ|も|に|、)*[^。、\n]{{0,14}}?(?:{ELSEWHERE}|外食|外で食べ|外に食べ|出前|食べて(?:くる|帰))"
    rf"(?![^。\n]*(?:に(?:して|変え|替え|かえ|しと)|で(?:お願|いい|頼)))(?:[^。\n]*(?P<goes>{_GO}))?"
)
SETTLED: Final = re.compile(r"決ま|決定|休み(?!だか)|空け|空欄|対象外")
# 「月曜と木曜を入れ替えて」「1日目と2日目、逆にして」
EXCHANGED: Final = re.compile(
    r"[^。\n]{0,8}?(?:入れ(?:替|換|か)|いれか|取り?(?:替|換)|交換|逆に|ひっくり|すわっぷ|順番を?(?:変|替|逆|入))"
)
BETWEEN_TWO: Final = re.compile(rf"{_OF_IT}(?:と|、|,|・|\s|⇔|↔|<->)*{_OF_IT}")
# 「日曜の昼も追加で」「木曜を入れてください」「明日も考えて」
COMES: Final = re.compile(
    rf"{_OF_IT}(?P<also>も)?(?:を|が)?\s?[^。、\n]{{0,12}}?"
    r"(?P<added>追加|足し|たして|増や|入れて|いれて|加え|ぷらす|必要)|"
    rf"{_OF_IT}も\s?(?:同じ[^。、\n]{{0,8}})?(?:お願|おねが|考え|頼[むみん]|たの[むみん]|ほし|欲し|決め|作って|つくって|くださ|下さ|[。!]|$)"
)
A_MEAL_MORE: Final = re.compile(
    r"(?:の|は|も|に|だけ|、)*(?P<meals>(?:お?(?:朝|昼|夜|晩|夕)(?:食|ごはん|ご飯|めし|飯)?|お?弁当|と|・|、)+)(?:分|ぶん)?"
    r"(?:も(?=[^。\n]{0,10}(?:追加|足|増や|お願|いる|要|ほし|欲し|考え|頼|必要|[。]|$))|[をも]?[^。、\n]{0,6}、?(?:追加|足し|増やし|加え))"
)
ALSO: Final = re.compile(rf"{_OF_IT}も")
PAST: Final = re.compile(r"食べた(?![いく])|だった|でした|作った|使った|食った")
# 「朝の分はいりません」
A_MEAL_GOES: Final = re.compile(rf"(?:の分|のぶん|分)?(?:は|も|を|だけ)(?:もう|やっぱり?)?\s?{_GO}")
# 「汁物、毎日だとしんどい。水木はなしにして」
COURSE_BEFORE: Final = re.compile(
    r"(?:主食|主菜|副菜|汁物|味噌汁|みそ汁|すーぷ|でざーと|小鉢)(?:は|も|、|が|って|を)[^\n]{0,16}$"
)
MOST_BEFORE: Final = 24
# 「1日目だけでいい」「月火だけにして」
ALONE: Final = re.compile(
    rf"{_OF_IT}(?:だけ|のみ)(?:を?残し|で(?:い[いー]|ok|お願|おねが|結構|ええ|よか|よい|良い|足り|十分)|に(?:して|し[たま]|変更|減ら))"
)
# 「あと2日足して」「もう1日ぶんお願い」「2日分増やして」
MORE: Final = re.compile(
    rf"(?:(?:あと|もう|さらに|ぷらす|\+)\s?(?P<more>{_NUMBER})日(?!目)(?:間)?(?:分|ぶん)?(?!だけで)|"
    rf"(?<!日を)(?P<added>{_NUMBER})日(?:間)?(?:分|ぶん)?(?:を|ほど|だけ)?\s?(?:追加|足し|増や|延ば|伸ば|延長))"
)
# 「あと4日分追加して」
ADDED: Final = re.compile(r"[をも]?\s?(?:追加|足し|増や|延ば|伸ば|延長)")
FEWER: Final = re.compile(rf"(?P<fewer>{_NUMBER})日(?:分|ぶん)?(?:だけ|ほど)?\s?(?:減ら|短く|削)")
# 「やっぱり7日じゃなくて3日で」「5日分に増やして」「1日延びて4日分必要になりました」
IN_ALL: Final = re.compile(
    rf"(?<!その)(?<!ほかの)(?<!他の)(?<!残り)(?<!残りの)(?<!あと)(?<![\d月/第])(?P<days>{_NUMBER})日(?:間)?(?:分|ぶん)?(?:だけ)?"
    r"(?:で(?:い[いー]|ええ|えぇ|よか|良い|足り|お願|おねが|十分|結構|頼)|"
    r"に(?:して|した[いく]|減ら|増や|変更|短縮|延ば|伸ば|縮め|広げ|ひろげ|のば|なり|なっ)|(?<=[分ん])(?:を)?(?:必要|ほし|欲し|お願|作っ|考え))"
)


@dataclass(frozen=True)
class ChangedDays:
    """The days of a plan by their numbers, those that come last, and which of them stay or come.

    `exchanged` are two days whose dishes change places.
    """

    places: Places
    days: tuple[int, ...]
    exchanged: tuple[int, int] | None = None
    # Meals that come on a day of the plan: 「土曜は昼も追加で」.
    more_meals: tuple[tuple[int, str], ...] = ()
    # Meals that go on all days: 「朝の分はいりません」.
    meals_gone: frozenset[str] = frozenset()

    @property
    def numbers(self) -> dict[int, int]:
        """Return the number that each day has in the changed plan."""
        return {day: number for number, day in enumerate(self.days, 1)}

    @property
    def weekdays(self) -> tuple[int, ...]:
        """Return the days of the week of the changed plan, if they are known."""
        known = self.places.weekdays
        return tuple(known[day - 1] for day in self.days) if known else ()


def read_changed_days(folded: str, places: Places, meals: Sequence[str]) -> ChangedDays:
    """Return what the last turn makes of the days of a plan of so many days and `meals`."""
    mentions = day_mentions(folded)
    every = frozenset(range(1, places.count + 1))
    if pair := _exchanged(folded, mentions, places):
        return ChangedDays(places, tuple(sorted(every)), pair)
    wider, count = _with_more(folded, mentions, places, meals)
    gone: set[int] = set()
    elsewhere: set[int] = set()
    alone: set[int] = set()
    told: set[int] = set()
    for one in mentions:
        days = places.of(one, mentions)
        if not days or days == every or course_before(folded, one):
            continue
        if GOES.match(folded, one.end, one.reach):
            gone |= days
        elif ALONE.match(folded, one.end):
            alone |= days
        elif _is_elsewhere(folded, one):
            elsewhere |= days
        else:
            told |= days
    # 「三日目は外で済ませるとか。その日は私ひとり」: something is wanted then.
    staying = (alone or every) - gone - (elsewhere - told) or every
    if count < places.count:
        staying = {day for day in staying if day <= count} or staying
    added = range(places.count + 1, count + 1)
    more_meals = tuple(
        (day, meal)
        for one in mentions
        if (match := A_MEAL_MORE.match(folded, one.end, one.reach))
        for day in sorted(places.of(one) & staying)
        for each in MEAL.finditer(match["meals"])
        if (meal := each.lastgroup)
    )
    gone_meals = {
        match.lastgroup or ""
        for match in MEAL.finditer(folded)
        if A_MEAL_GOES.match(folded, match.end()) and day_of(folded, match.start()) is None
    }
    meals_gone = frozenset(gone_meals) if gone_meals < {*meals} else frozenset[str]()
    return ChangedDays(wider, (*sorted(staying), *added), None, more_meals, meals_gone)


def course_before(folded: str, one: DayMention) -> str | None:
    """Return the words for a course that is what is said of days: 「汁物、水木はなしにして」."""
    before = COURSE_BEFORE.search(folded, max(0, one.start - MOST_BEFORE), one.start)
    other = last_day_before(folded, one.start)
    is_of_another = before and other and other.end > before.start()
    return before[0] if before and not is_of_another else None


def _is_elsewhere(folded: str, one: DayMention) -> bool:
    """Tell whether nobody eats at home on a day that is named, and nothing is asked for."""
    found = IS_ELSEWHERE.match(folded, one.end)
    return found is not None and (bool(found["goes"]) or not SETTLED.search(found[0]))


def _exchanged(
    folded: str, mentions: Sequence[DayMention], places: Places
) -> tuple[int, int] | None:
    """Return two days of a plan that change places, if any do."""
    for place, one in enumerate(mentions):
        days = sorted(places.of(one))
        second = mentions[place + 1] if place + 1 < len(mentions) else None
        end = one.end
        if len(days) == 1 and second and BETWEEN_TWO.fullmatch(folded, end, second.start):
            days += sorted(places.of(second))
            end = second.end
        if len(days) == 2 and EXCHANGED.match(folded, end):  # noqa: PLR2004
            return days[0], days[1]
    return None


def _with_more(
    folded: str, mentions: Sequence[DayMention], places: Places, meals: Sequence[str]
) -> tuple[Places, int]:
    """Return the days with those that come, and how many are asked for now."""
    new = [one for one in mentions if _comes(folded, one, places, meals)]
    weekdays, from_today = list(places.weekdays), list(places.from_today)
    # 「4日目を足して」
    numbers = [key.number for one in new for key in one.keys if key.kind == "nth"]
    count = max(places.count, *numbers, 0)
    for one in new:
        for key in one.keys:
            if key.kind in ("week", "from today"):
                (weekdays if key.kind == "week" else from_today).append(key.number)
                count += 1
    if not new:
        count = _count(folded, places)
    count = max(1, min(count, MOST_DAYS))
    of_both = max(count, places.count)
    wider = Places(
        of_both,
        _going_on(weekdays, of_both) if places.weekdays else (),
        from_today if len(from_today) == of_both else (),
    )
    return wider, count


def _going_on(weekdays: list[int], count: int) -> tuple[int, ...]:
    """Return so many days of the week: those that are known, and the ones that follow."""
    while len(weekdays) < count:
        weekdays.append((weekdays[-1] + 1) % DAYS_IN_A_WEEK)
    return tuple(weekdays[:count])


def _comes(folded: str, one: DayMention, places: Places, meals: Sequence[str]) -> bool:
    """Tell whether a day that is named is none of the plan, and is to be one now."""
    kinds = {key.kind for key in one.keys}
    if places.of(one) or not kinds <= {"week", "nth", "from today"}:
        return False
    match = COMES.match(folded, one.end, one.reach)
    if match is None:
        # 「日曜も泊まれることになった」
        also = ALSO.match(folded, one.end) and kinds == {"week"}
        return bool(also and places.weekdays and not PAST.search(folded, one.end, one.reach))
    if one.keys[0].kind == "from today" and not match["added"]:
        # 「明日の分もお願い」 is another plan.
        return False
    return {each.lastgroup for each in MEAL.finditer(match[0])} <= set(meals)


def _count(folded: str, places: Places) -> int:
    """Return for how many days the plan is now, by the numbers that are told."""
    # 「7日じゃなくて3日でいい」: the last one holds.
    if in_all := list(IN_ALL.finditer(folded)):
        return number_of(in_all[-1]["days"])
    more = MORE.search(folded)
    if more and (more["added"] or places.count > 1 or ADDED.match(folded, more.end())):
        return places.count + number_of(more["more"] or more["added"])
    if fewer := FEWER.search(folded):
        return places.count - number_of(fewer["fewer"])
    return (WEEKS.search(folded) and read_days(folded)) or places.count
