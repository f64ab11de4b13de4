"""Reads what frames a meal: for whom, when, how long and of what kitchen."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from chef_llm.reading.mentions import Mentions
from chef_llm.reading.numbers import number_of
from chef_llm.reading.seasons import OF_THE_PAST
from chef_llm.reading.servings import (
    DEFAULT_SERVINGS,
    MENTION,
    MOST_SERVINGS,
    PER_PERSON,
    is_one_of_them,
    read_servings,
)
from chef_llm.reading.terms import IN_A_DAY, OF_ALL, Scopes, Term, meals_by_day
from chef_llm.reading.text import Text, right_before
from chef_llm.reading.understood import Found, Understood, UnderstoodKind, found, values
from chef_llm.reading.week import day_mentions, day_of, last_day_before

# All patterns are matched against folded text: hiragana, lower case.
_NUMBER: Final = r"(?:\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
# 「15分以内」, 「30分で」, 「1時間半くらい」; 「30分煮る」 is no limit.
_LIMIT: Final = (
    r"(?:以内|以下|未満|まで|くらい|ぐらい|程度|ほど(?!煮|焼|置|お)|前後|弱|もあれば|あれば|しか|"
    r"だけ|も(?:かけ|かか)|かから|後に|内に|で(?!す|な|は?足)|"
    r"の?(?:料理|献立|れしぴ|めにゅー|ごはん|ご飯|夕食|夕飯|晩|昼|朝|おかず|時短|くっきんぐ|お?弁当|お?つまみ|"
    r"[和洋]食|中華|主菜|副菜|汁物)|"
    r"max|を?(?:超え|切[るら])|が(?:限界|目標|上限)|と(?=\d)|[\s、。,)）」・/\]}\"]|$)"
)
# 「全部で30分」「合計調理時間30分」「食卓まで40分」「30分で全部」: of a meal as a whole.
_WHOLE: Final = (
    r"全部で|ぜんぶで|すべてで|全て?で|合計|とーたる|総(?:調理)?時間|全体で|合わせて|あわせて|(?:1|一)食|"
    r"食卓|てーぶるに|食べ始め|食べはじめ|いただきます|できあがり|出来上がり|仕上がり"
)
BEFORE_A_TOTAL: Final = re.compile(rf"(?:{_WHOLE})[^\d。\n]{{0,8}}$")
BEHIND_A_TOTAL: Final = re.compile(
    r"\s?(?:以内|くらい|ぐらい|ほど|程度)?(?:で|に|には|までに)?\s?"
    r"(?:全部|ぜんぶ|すべて|全て|全品|食卓|てーぶる|食べ始め|食べはじめ|食べられ|食べれ|いただ|並べ|揃|そろ)"
)
# Each dish by itself: 「1品30分以内」.
OF_EACH: Final = re.compile(
    r"(?:それぞれ|各々?|どれも|どの(?:料理|品|おかず)も|(?:1|一|ひと)品)[^\d。\n]{0,6}$"
)
TOTAL_REACH: Final = 20
# Minutes of something else: a walk, a break, a clock.
_OF_ELSE: Final = (
    r"(?<![\d.一二三四五六七八九十〜~-])(?<!時)(?<!徒歩)(?<!片道)(?<!車で)(?<!電車)(?<!休憩)(?<!休みが)"
    r"(?<!腹)(?<!残業)(?<!自転車で)(?<!□)(?<!mを)"
)
TIME_LIMIT: Final = re.compile(
    rf"{_OF_ELSE}(?:"
    rf"小?(?P<hours>{_NUMBER})時間(?:(?P<half>半)|(?P<more>{_NUMBER})分)?"
    rf"|(?P<minutes>{_NUMBER})\s?(?:分|min(?:utes?|s)?(?![a-z]))|(?P<half_hour>半時間))(?=\s?{_LIMIT})"
    r"|(?:max_?(?:time|min(?:ute)?s?)|(?:cook_?)?time(?:_limit|_max)?(?:_min(?:utes)?)?|時間|何分(?:まで)?)"
    r"[\"']?\s?(?:[:=→]|<=?|(?<=time)\s)\s?[(\"]?\s?(?P<data>\d{1,3})(?=\s*(?:[,})\n;&。」/\"]|$))"
)
# 十分 is also "enough": 「十分な量」, 「もう十分です」.
TEN_MINUTES: Final = re.compile(r"以内|以下|くらい|ぐらい|程度|で(?:作|でき|つく|簡単)")
# 「和の朝食」「洋朝食」「和のお弁当」: the cuisine before a meal, which both are read.
OF_A_MEAL: Final = re.compile(
    r"(?<![一-鿿])(?:(?P<cuisine>[和洋])|日本|にほん)の?"
    r"(?=(?:朝|昼|夕|晩|夜)(?:食|ご飯|ごはん|めし|飯)|お?弁当|定食|献立|おかず|お?惣菜"
    # 「和のもの」「和で」
    r"|(?<=の)(?:もの|もん|お?膳|[一ひ]|朝|昼|夜|味|料理)|(?<=[和洋])で(?=[。、!?\s]|$|お願|頼))"
)
# 夏[野菜], 秋[らし]い, 冬[の]献立
_BEHIND_A_SEASON: Final = (
    "お願|どう|らし|っぽ|の|に|を|が旬|野菜|向|場|先|口|休み|ばて|ならでは|限定|定番|"
    r"めにゅー|献立|れしぴ|[、。\s]|だ|です|は|も|で|$"
)
SEASON: Final = re.compile(
    rf"(?<![一-鿿々])(?:旬の|初|真|晩)?(?P<season>[春夏秋冬])(?={_BEHIND_A_SEASON})"
)
NO_SUCH_MEAL: Final = re.compile(r"(?:は|を)?(?:なし|抜き|いら|要ら|不要|以外|じゃな|ではな)")
# 「お昼のお弁当」 is the lunch box alone.
PACKED: Final = re.compile(r"(?:の|用の|に持って(?:いく|行く))お?(?:弁当|べんとう)")
TONIGHT: Final = ("今夜", "今晩")
# 「昼を5日分」「夜だけ」「給食ない日の昼」「明日の朝と昼」: a time of day that stands for its meal.
_ANOTHER_DAY: Final = r"(?:翌日?の?|次の日の|明日の|あしたの|[月火水木金土日](?:曜日?)?の?)?"
_NEXT_MEAL: Final = rf"[とやも・、,/]?\s?{_ANOTHER_DAY}(?:朝|昼|夜|晩|夕|おやつ|間食)"
_MEAL_FOLLOWS: Final = (
    rf"(?={_NEXT_MEAL}|の?(?:分|ぶん|回|献立|おかず|まかない|丼|汁)|は|を|だけ|のみ|が|も|に|"
    r"で(?!き)|\d|[\s。、,)）」・:/;!?\n]|$|なに|何|どう|お願|頼|限定|用|作|一品|ひとり|ふたり|[一二三四五六]人)"
)
BARE_MEALS: Final = {
    "朝食": re.compile(rf"(?<![毎今早])(?:翌|毎)?朝(?:餉|げ)?{_MEAL_FOLLOWS}|日の出前|明け方に食"),
    "昼食": re.compile(rf"(?<![真])(?:昼餉|昼|(?<![ぁ-んー])ひる){_MEAL_FOLLOWS}"),
    "夕食": re.compile(rf"(?<![今徹深前])(?:夕餉|夜|晩|夕|(?<![ぁ-んー])よる){_MEAL_FOLLOWS}"),
}
# Beside a meal that is named in full, a time of day is a meal in a list alone: 「夕飯と明日の朝」.
IN_A_LIST: Final = re.compile(
    rf"(?:朝|昼|夜|晩|夕)(?:{_NEXT_MEAL}|[とや・]\s?{_ANOTHER_DAY}お?(?:弁当|夕飯|夕食|昼食|朝食|晩ご?飯)|"
    r"の?(?:分|ぶん|\d?回分)|\d回)"
)
BEHIND_A_LIST: Final = re.compile(
    rf"(?:夕飯|夕食|昼食|朝食|弁当|晩ご?飯|ごはん|ご飯)\d?[個つ]?分?[と+&・、]\s?{_ANOTHER_DAY}$"
)
# 「夜だけ決めて」「晩飯だけ頼む」: no other meal, whatever is said of them.
THIS_ALONE: Final = re.compile(
    r"(?:ごはん|ご飯|めし|飯)?(?:だけ|のみ)(?=でい|でお|です|で良|お願|頼|たの|決め|考え|組|埋め|出|[\s。、)!?(]|$)"
)
# 「昼は社食」「夜は外で食べます」「朝はパンで決まり」
NOT_WANTED: Final = re.compile(
    r"(?:ごはん|ご飯)?(?:は|が|も)?[^。\n、,!?]{0,12}?"
    r"(?:社食|別会計|学食|給食|外食|外で|食堂|出る|出ます|いら|要ら|いりま|不要|以外|抜き|抜く|決ま|決定|食べな|食べません|済ま|"
    r"なしで|食べた|食べて|いったけ|いってもう|取って|とって|取った|各自|飛ばし|参考|のこ?り(?:が|を)?ある|いつも|買い置き|"
    r"仕込|出かけ|買い出)|屋|に(?:も)?回"
)
# Who comes on a day is more than those who are there: 「土曜は友だちが2人来る」.
ARRIVAL: Final = re.compile(r"(?:が|も)?[^。、\n]{0,3}?(?:来|きま|増え|泊ま|加わ)")
# People of whom one thing is said; they are no number of portions.
OF_NO_MEAL: Final = re.compile(r"(?:は|が)(?:[^。、\n]{0,6})(?:苦手|嫌い|あれるぎー|いな|出張|遅)")
MEAL_REACH: Final = 16
MINUTES_IN_AN_HOUR: Final = 60


@dataclass(frozen=True)
class Frame:
    """What frames the meals: the words for it, and what holds for single days or meals alone.

    `meals_of` are the meals of days that have their own, `meals` those of all others; `scopes`
    tells of which days something is said.
    """

    words: tuple[Found, ...]
    terms: tuple[Term, ...]
    meals_of: Mapping[int, frozenset[str]]
    meals: frozenset[str]
    scopes: Scopes


def read_frame(
    text: Text, mentions: Mentions, *, days: int | None, of_some_days: Collection[int]
) -> Frame:
    """Return all that frames the meals; `of_some_days` are places of what is not of all days."""
    named = list(_meals(text, mentions))
    scopes = Scopes(text.folded, days or 1, values(named, "meal") or ("夕食",))
    meals_of, meals = meals_by_day(scopes, [(place, meal.value) for place, meal in named])
    limits = [*_minutes(text, scopes), *_servings(text, scopes)]
    return Frame(
        (*named, *(words for words, _ in limits), *_style(text, mentions, of_some_days)),
        tuple(term for _, term in limits if term and not term.scope.is_of_all),
        meals_of,
        meals if named else frozenset(),
        scopes,
    )


def _style(text: Text, mentions: Mentions, of_some_days: Collection[int]) -> Iterator[Found]:
    """Yield cuisine and season."""
    for mention in mentions.named:
        if mention.meaning.kind == "cuisine" and mention.start not in of_some_days:
            said = text.words(mention.start, mention.end)
            yield mention.start, Understood("cuisine", mention.meaning.name, said)
    for match in OF_A_MEAL.finditer(text.folded):
        yield found(text, match, "cuisine", match["cuisine"] or "和")
    for match in SEASON.finditer(text.folded):
        is_past = right_before(OF_THE_PAST, text.folded, match.start()) is not None
        if not is_past and not mentions.covers(match.start("season"), match.end()):
            yield found(text, match, "season", match["season"])


def _servings(text: Text, scopes: Scopes) -> Iterator[tuple[Found, Term | None]]:
    """Yield for how many people all meals are, and those that are for another number."""
    counted = PER_PERSON.sub(lambda match: " " * len(match[0]), text.plain)
    places = [
        (
            match.span(),
            OF_ALL if match["people"] == "家族" else scopes.at(match.start(), match.end()),
        )
        for match in MENTION.finditer(counted)
        if not OF_NO_MEAL.match(text.folded, match.end()) and not is_one_of_them(text.plain, match)
    ]
    of_all = [span for span, scope in places if scope.is_of_all]
    servings = read_servings(_without(counted, [span for span, scope in places if scope != OF_ALL]))
    if servings == 1 and places and not of_all:
        # 「月火は2人分、水木は私だけ」
        servings = None
    if servings is not None:
        start, end = (of_all[0][0], of_all[-1][1]) if of_all else (0, len(text.plain))
        yield (start, Understood("servings", str(servings), text.words(start, end))), None
    for scope, group in groupby(places, key=lambda place: place[1]):
        spans = [span for span, _ in group]
        start, end = spans[0][0], spans[-1][1]
        number = None if scope.is_of_all else read_servings(counted[start:end])
        if number is not None:
            if ARRIVAL.match(text.folded, end):
                number = min((servings or DEFAULT_SERVINGS) + number, MOST_SERVINGS)
            yield _of_some(text, start, end, f"{number}人分"), Term(scope, servings=number)


def _without(plain: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a text with blanks in the place of spans."""
    for start, end in spans:
        plain = plain[:start] + " " * (end - start) + plain[end:]
    return plain


def _of_some(text: Text, start: int, end: int, value: str) -> Found:
    """Return what is said of single days or meals, with their names."""
    before = text.folded.rfind("\n", 0, start) + 1
    one = last_day_before(text.folded, start)
    begin = one.start if one else start
    return start, Understood("share", value, text.words(max(before, begin), end))


def _meals(text: Text, mentions: Mentions) -> Iterator[Found]:
    named = [
        (mention, text.words(mention.start, mention.end))
        for mention in mentions.named
        if mention.meaning.kind == "meal"
        and not NO_SUCH_MEAL.match(text.folded, mention.end)
        and not NOT_WANTED.match(text.folded, mention.end)
        and not PACKED.match(text.folded, mention.end)
    ]
    # 「今夜は…の昼食」: the meal is named by its name.
    clear = [each for each in named if each[1] not in TONIGHT]
    meals = [
        (mention.start, Understood("meal", meal, said))
        for mention, said in clear or named
        for meal in mention.meaning.name.split()
    ]
    names = values(meals, "meal")
    days = day_mentions(text.folded)
    for place, meal in _times_of_day(text):
        behind = BEHIND_A_LIST.search(text.folded, max(0, place - MEAL_REACH), place)
        is_listed = behind is not None or IN_A_LIST.match(text.folded, place) is not None
        # A lunch that is packed is one meal.
        is_packed = meal.value == "昼食" and "お弁当" in names
        one = last_day_before(text.folded, place)
        is_of_a_day = one is not None and text.folded[one.end : place] in ("", "の", "は")
        is_listed = is_listed or (is_of_a_day and text.folded[place + 1 : place + 2] != "に")
        if not clear or (is_listed and meal.value not in names and not is_packed):
            meals.append((place, meal))
    spans = [one for one in days if one.ends]
    if spans and len(spans[0].keys) > 1:
        # 「金曜の晩から日曜の昼まで」: every meal between them.
        said = text.words(spans[0].start, spans[0].end)
        meals += [(spans[0].start, Understood("meal", meal, said)) for meal in IN_A_DAY]
    yield from _alone(meals, text) or meals


def _alone(meals: list[Found], text: Text) -> list[Found]:
    """Return the meals that are asked for and no others: 「昼と夜だけ」."""
    alone: list[Found] = []
    meals = sorted(meals, key=lambda meal: meal[0])
    for number, (place, meal) in enumerate(meals):
        end = place + len(meal.words)
        if THIS_ALONE.match(text.folded, end) and day_of(text.folded, place) is None:
            alone.append(meals[number])
            for before in meals[number - 1 :: -1] if number else ():
                if place - before[0] - len(before[1].words) > 1:
                    break
                alone.append(before)
                place = before[0]  # noqa: PLW2901  # the next one is joined to this
    return alone


def _times_of_day(text: Text) -> Iterator[Found]:
    """Yield the meals that are named by their time alone."""
    for meal, pattern in BARE_MEALS.items():
        for match in pattern.finditer(text.folded):
            if not NOT_WANTED.match(text.folded, match.end()):
                yield found(text, match, "meal", meal)


def _minutes(text: Text, scopes: Scopes) -> Iterator[tuple[Found, Term | None]]:
    """Yield the minutes of all meals, and those of some alone."""
    for match in TIME_LIMIT.finditer(text.folded):
        if match["minutes"] == "十" and not TEN_MINUTES.match(text.folded, match.end()):
            continue
        minutes = _number(match["minutes"] or match["data"]) + _number(match["more"])
        minutes += MINUTES_IN_AN_HOUR * _number(match["hours"])
        if match["half"] or match["half_hour"]:
            minutes += MINUTES_IN_AN_HOUR // 2
        scope = scopes.at(match.start(), match.end())
        is_whole = _is_of_the_whole(text.folded, match.start(), match.end())
        if minutes and scope.is_of_all:
            kind: UnderstoodKind = "max_total_minutes" if is_whole else "max_minutes"
            yield found(text, match, kind, str(minutes)), None
        elif minutes:
            words = _of_some(text, match.start(), match.end(), f"{minutes}分")
            total, each = (minutes, None) if is_whole else (None, minutes)
            yield words, Term(scope, max_minutes=each, max_total_minutes=total)


def _is_of_the_whole(folded: str, start: int, end: int) -> bool:
    """Tell whether minutes are those of a meal, from the first move to the table."""
    before = folded[max(0, start - TOTAL_REACH) : start]
    if OF_EACH.search(before):
        return False
    return bool(BEFORE_A_TOTAL.search(before) or BEHIND_A_TOTAL.match(folded, end))


def _number(written: str | None) -> int:
    return number_of(written) if written else 0
