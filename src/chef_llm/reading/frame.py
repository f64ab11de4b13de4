"""Reads what frames a meal: for whom, when, how long and of what kitchen."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from chef_llm.reading.mentions import Mentions
from chef_llm.reading.numbers import number_of
from chef_llm.reading.patterns import any_of
from chef_llm.reading.seasons import OF_THE_PAST
from chef_llm.reading.servings import (
    DEFAULT_SERVINGS,
    MENTION,
    MOST_SERVINGS,
    PER_PERSON,
    SINGLE,
    counts_meals,
    is_one_of_them,
    read_servings,
)
from chef_llm.reading.terms import OF_ALL, Scope, Scopes, Term, meals_by_day
from chef_llm.reading.text import Text, right_before
from chef_llm.reading.understood import Found, Understood, UnderstoodKind, found
from chef_llm.reading.week import cells_of, day_of, last_day_before

# All patterns are matched against folded text: hiragana, lower case.
_NUMBER: Final = r"(?:\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
# 「15分以内」, 「30分で」, 「1時間半くらい」; 「30分煮る」 is no limit.
_LIMIT: Final = (
    r"(?:以内|以下|未満|まで|くらい|ぐらい|程度|ほど(?!煮|焼|置|お)|前後|弱|もあれば|あれば|しか|"
    r"だけ|も(?:かけ|かか)|かから|後に|内に|で(?!す|な|は?足)|"
    r"の?(?:料理|献立|れしぴ|めにゅー|ごはん|ご飯|夕食|夕飯|晩|昼|朝|おかず|時短|くっきんぐ|お?弁当|お?つまみ|"
    r"[和洋]食|中華|主菜|副菜|汁物)|"
    r"max|を?(?:超え|切[るら])|が(?:限界|目標|上限|限度|精一杯)|いない(?=[。、!\sでに]|$)|と(?=\d)|[\s、。,)）」・/\]}\"]|$)"
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


def _clock(name: str) -> str:
    """Return a pattern of a time of day, whose groups begin with a name."""
    return (
        rf"(?<!\d)(?P<{name}_hour>\d{{1,2}})(?:時(?:(?P<{name}_half>半)|(?P<{name}_minute>\d{{1,2}})分?)?"
        rf"|:(?P<{name}_digits>\d{{2}}))"
    )


# 「18:40に家着いて19:10には食べさせたい」「作る時間は7時から7時20分」
_HOME: Final = any_of("帰 家 着 つ[いく] 作り始め 作りはじめ 開始 すたーと 始め")
_ON_THE_TABLE: Final = any_of("食べ 食事 いただ 頂 出し 出す 夕食 夕飯 晩ご 夜ご 完成 食卓")
BETWEEN_CLOCKS: Final = re.compile(
    rf"{_clock('first')}(?:に|ごろ|頃|に?は|過ぎ)?[^。\d\n]{{0,4}}{_HOME}[^\d\n]{{0,8}}?"
    rf"{_clock('last')}(?:に|には|までに|から)?(?:は)?{_ON_THE_TABLE}"
    # 「19:15には食べ始めたい（帰宅18:50）」「18時に食べたい、いま17時20分」
    rf"|{_clock('table')}(?:に|には|までに|から)?(?:は)?{_ON_THE_TABLE}"
    rf"[^\d\n]{{0,10}}(?:帰宅|帰り|いま|今|現在)[はが:]?\s?{_clock('home')}"
    rf"|(?:作|料理|調理)[^。\d\n]{{0,8}}{_clock('start')}(?:から|〜|~|-|→){_clock('end')}"
)
LONGEST_BETWEEN_CLOCKS: Final = 120
# 十分 is also "enough": 「十分な量」, 「もう十分です」.
TEN_MINUTES: Final = re.compile(r"以内|以下|くらい|ぐらい|程度|で(?:作|でき|つく|簡単)")
# 「和の朝食」「洋朝食」「和のお弁当」: the cuisine before a meal, which both are read.
OF_A_MEAL: Final = re.compile(
    r"(?<![一-鿿])(?:(?P<cuisine>[和洋])|日本|にほん)の?"
    r"(?=(?:朝|昼|夕|晩|夜)(?:食|ご飯|ごはん|めし|飯)|お?弁当|定食|献立|おかず|お?惣菜"
    # 「和のもの」「和で」
    r"|(?<=の)(?:もの|もん|お?膳|[一ひ]|朝|昼|夜|味|料理)|(?<=[和洋])で(?=[。、!?\s]|$|お願|頼|[一ひ1])"
    # 「20分、和。」「和・汁つき」
    r"|(?<![^、。\s・/:]和)(?=[。、・\s/]|$)|(?<![^、。\s・/:]洋)(?=[。、・\s/]|$))"
)
# 「和食でも洋食でも」: whichever.
_A_CUISINE: Final = r"(?:[和洋](?:食|風)|中華|韓国(?:料理)?|えすにっく|いたりあん|ふれんち)"
EITHER: Final = re.compile(rf"{_A_CUISINE}でも、?{_A_CUISINE}でも")
DECIDED: Final = re.compile(
    "(?:系|っぽいの|のもの|のやつ)?(?:に(?:する|し(?!な|た(?!い))|決)|で(?:お願|頼|いこ|いき)|"
    "が(?:いい|良い|食べた|ほし|欲し)|を(?:お願|作って|食べた))"
)
NO_CUISINE: Final = re.compile(r"鍋|以外|の匂い|はもう|ばっかり|ばかり|(?:に|は)?飽き")
# 夏[野菜], 秋[らし]い, 冬[の]献立
_BEHIND_A_SEASON: Final = (
    "お願|どう|らし|っぽ|の|に|を|が旬|野菜|向|場|先|口|休み|ばて|ならでは|限定|定番|"
    r"めにゅー|献立|れしぴ|[、。\s]|だ|です|は|も|で|$"
)
SEASON: Final = re.compile(
    rf"(?<![一-鿿々])(?:旬の|初|真|晩)?(?P<season>[春夏秋冬])(?!の(?:検査|健診|検診|健康診断|人事|異動|引っ越|決算))(?={_BEHIND_A_SEASON})"
)
# Who comes on a day is more than those who are there: 「土曜は友だちが2人来る」.
ARRIVAL: Final = re.compile(r"(?:が|も)?[^。、\n]{0,3}?(?:来|きま|増え|泊ま|加わ)")
# People of whom one thing is said; they are no number of portions.
OF_NO_MEAL: Final = re.compile(r"(?:は|が)(?:[^。、\n]{0,6})(?:苦手|嫌い|あれるぎー|いな|出張|遅)")
# How many there are wherever one eats: 「水曜は早く、3人家族です」.
OF_A_HOUSEHOLD: Final = ("家族", "暮らし", "世帯")
# 「水木金は私のみ」「昼は自分だけ」「金曜は私と娘だけ」: who eats on that day, or at that meal.
_ONE: Final = (
    r"(?:わたし|あたし|私|僕|ぼく|俺|おれ|自分|夫|妻|嫁|旦那|主人|母|父|祖母|祖父|娘|息子)(?:さん)?"
)
ONE_ALONE: Final = re.compile(
    rf"(?P<persons>(?:{_ONE}[と・])*{_ONE}(?:[と・](?:子ども|子供|こども))?)"
    r"(?:の(?:分|ぶん)|一人|ひとり)?"
    r"(?:だけ|のみ|ひとり|一人)(?!で(?:作|料理|やる)|が(?:作|料理)|の分|別)"
)
# Who is not there on a day: 「水曜は私がいない」「木曜だけ夫が出張」.
ABSENT: Final = re.compile(
    rf"(?:{SINGLE}|(?P<pair>両親|祖父母|夫婦|義父母))(?:が|は|も)?\s?(?:[^。、\n]{{1,4}}で)?"
    r"(?:いない|いなく|いません|おらん|おらず|不在|留守|出張(?!から|料理))"
)
# Over a column of numbers of people.
OVER_PEOPLE: Final = re.compile(r"(?:食べる)?(?:人|人数|食数|何人|だれ|誰)(?:分)?")
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
    text: Text,
    mentions: Mentions,
    named: Sequence[Found],
    *,
    scopes: Scopes,
    of_some_days: Collection[int],
) -> Frame:
    """Return all that frames the meals that are `named`.

    `scopes` are those of the text, `of_some_days` places of what is not of all days.
    """
    meals_of, meals = meals_by_day(scopes, [(place, meal.value) for place, meal in named])
    limits = [
        *_minutes(text, scopes),
        *_between_clocks(text, scopes),
        *_servings(text, scopes),
    ]
    return Frame(
        (*named, *(words for words, _ in limits), *_style(text, mentions, of_some_days, scopes)),
        tuple(term for _, term in limits if term and not term.scope.is_of_all),
        meals_of,
        meals,
        scopes,
    )


def _style(
    text: Text, mentions: Mentions, of_some_days: Collection[int], scopes: Scopes
) -> Iterator[Found]:
    """Yield cuisine and season of all meals."""
    either = {place for match in EITHER.finditer(text.folded) for place in range(*match.span())}
    cuisines = [
        mention
        for mention in mentions.named
        if mention.meaning.kind == "cuisine"
        and mention.start not in either
        and mention.start not in of_some_days
        # 「中華鍋」 is a pan, 「中華以外」 any other cuisine.
        and not NO_CUISINE.match(text.folded, mention.end)
        and scopes.at(mention.start, mention.end).is_of_all
    ]
    # 「昨日は和食だったから今日は中華がいい」
    decided = [one for one in cuisines if DECIDED.match(text.folded, one.end)]
    for mention in decided or cuisines:
        said = text.words(mention.start, mention.end)
        yield mention.start, Understood("cuisine", mention.meaning.name, said)
    for match in OF_A_MEAL.finditer(text.folded):
        if not scopes.at(match.start(), match.end()).is_of_all:
            continue
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
            OF_ALL
            if match["people"] == "家族"
            or counted.startswith(OF_A_HOUSEHOLD, match.end())
            or _is_of_the_rest(text.folded, match.start())
            else scopes.at(match.start(), match.end()),
        )
        for match in MENTION.finditer(counted)
        if not OF_NO_MEAL.match(text.folded, match.end())
        and not is_one_of_them(text.plain, match)
        and not counts_meals(text.plain, match)
    ]
    alone = [
        (match.span(), scope, len(re.findall("[と・]", match["persons"])) + 1)
        for match in ONE_ALONE.finditer(text.folded)
        if not (scope := scopes.at(*match.span())).is_of_all
        if not text.folded.startswith("大人は", max(0, match.start() - 3))
    ]
    yield from _servings_of_rows(text, scopes)
    of_all = [span for span, scope in places if scope.is_of_all]
    rows = [(one.start, one.reach) for one in scopes.mentions if one.is_row]
    of_some = [span for span, scope in places if scope != OF_ALL]
    servings = read_servings(_without(counted, [*of_some, *rows]))
    if servings == 1 and places and not of_all:
        # 「月火は2人分、水木は私だけ」
        servings = None
    if servings is not None:
        start, end = (of_all[0][0], of_all[-1][1]) if of_all else (0, len(text.plain))
        yield (start, Understood("servings", str(servings), text.words(start, end))), None
    for scope, group in groupby(places, key=lambda place: place[1]):
        spans = [span for span, _ in group]
        start, end = spans[0][0], spans[-1][1]
        # 「土曜は夫婦だけ」: what follows tells that it is a number of people.
        end += text.plain.startswith(("だけ", "のみ"), end)
        number = None if scope.is_of_all else read_servings(counted[start:end])
        if number is not None:
            if ARRIVAL.match(text.folded, end):
                number = min((servings or DEFAULT_SERVINGS) + number, MOST_SERVINGS)
            yield _of_some(text, start, end, f"{number}人分"), Term(scope, servings=number)
    told = {scope for _, scope in places}
    for (start, end), scope, number in alone:
        if scope not in told:
            yield _of_some(text, start, end, f"{number}人分"), Term(scope, servings=number)
    told |= {scope for _, scope, _ in alone}
    for match in ABSENT.finditer(text.folded) if servings else ():
        scope = scopes.at(*match.span())
        number = (servings or 0) - (2 if match["pair"] else 1)
        if number > 0 and scope.days and scope not in told:
            yield _of_some(text, *match.span(), f"{number}人分"), Term(scope, servings=number)


def _is_of_the_rest(folded: str, place: int) -> bool:
    """Tell whether something is said of all days but those that have their own: 「あとは5人」."""
    one = day_of(folded, place)
    return one is not None and one.keys[0].kind == "rest"


def _servings_of_rows(text: Text, scopes: Scopes) -> Iterator[tuple[Found, Term]]:
    """Yield the bare numbers in the column of people of a table that has a row for each day."""
    for one in scopes.mentions:
        days = scopes.days_of(one) if one.is_row else None
        for over, start, end in cells_of(text.folded, one) if days else ():
            number = re.fullmatch(r"\s?(\d{1,2})\s?", text.folded[start:end])
            if number and OVER_PEOPLE.fullmatch(over) and int(number[1]) > 0:
                count = min(int(number[1]), MOST_SERVINGS)
                said = _of_some(text, start, end, f"{count}人分")
                yield said, Term(Scope(days), servings=count)


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


def _between_clocks(text: Text, scopes: Scopes) -> Iterator[tuple[Found, Term | None]]:
    """Yield the minutes from one time of day to another, of all meals."""
    for match in BETWEEN_CLOCKS.finditer(text.folded):
        names = (("first", "last"), ("home", "table"), ("start", "end"))
        first, last = next(each for each in names if match[f"{each[0]}_hour"])
        minutes = _minute_of_day(match, last) - _minute_of_day(match, first)
        is_of_all = scopes.at(match.start(), match.end()).is_of_all
        if 0 < minutes <= LONGEST_BETWEEN_CLOCKS and is_of_all:
            yield found(text, match, "max_total_minutes", str(minutes)), None


def _minute_of_day(match: re.Match[str], name: str) -> int:
    half = MINUTES_IN_AN_HOUR // 2 if match[f"{name}_half"] else 0
    written = match[f"{name}_minute"] or match[f"{name}_digits"]
    return MINUTES_IN_AN_HOUR * int(match[f"{name}_hour"]) + half + _number(written)


def _is_of_the_whole(folded: str, start: int, end: int) -> bool:
    """Tell whether minutes are those of a meal, from the first move to the table."""
    before = folded[max(0, start - TOTAL_REACH) : start]
    if OF_EACH.search(before):
        return False
    return bool(BEFORE_A_TOTAL.search(before) or BEHIND_A_TOTAL.match(folded, end))


def _number(written: str | None) -> int:
    return number_of(written) if written else 0
