"""Reads what frames a meal: for whom, when, how long and of what kitchen."""

import re
from collections.abc import Iterator
from typing import Final

from chef_llm.reading.mentions import Mentions
from chef_llm.reading.servings import KANJI_DIGITS, MENTION, PER_PERSON, read_servings
from chef_llm.reading.text import Text
from chef_llm.reading.understood import Found, Understood, found

# All patterns are matched against folded text: hiragana, lower case.
_NUMBER: Final = r"(?:\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
# 「15分以内」, 「30分で」, 「1時間半くらい」; 「30分煮る」 is no limit.
_LIMIT: Final = (
    r"(?:以内|以下|未満|まで|くらい|ぐらい|程度|ほど(?!煮|焼|置|お)|前後|弱|もあれば|あれば|しか|"
    r"だけ|も(?:かけ|かか)|かから|後に|内に|で(?!す|な|は?足)|"
    r"の?(?:料理|献立|れしぴ|めにゅー|ごはん|ご飯|夕食|夕飯|晩|昼|朝|おかず|時短|くっきんぐ))"
)
TIME_LIMIT: Final = re.compile(
    r"(?<![\d.一二三四五六七八九十])(?:"
    rf"小?(?P<hours>{_NUMBER})時間(?:(?P<half>半)|(?P<more>{_NUMBER})分)?"
    rf"|(?P<minutes>{_NUMBER})分|(?P<half_hour>半時間))(?=\s?{_LIMIT})"
)
# 十分 is also "enough": 「十分な量」, 「もう十分です」.
TEN_MINUTES: Final = re.compile(r"以内|以下|くらい|ぐらい|程度|で(?:作|でき|つく|簡単)")
DAYS: Final = re.compile(
    rf"(?<![\d.])(?P<days>{_NUMBER})日(?:間|分|ぶん|の(?:献立|夕食|晩|夕飯|めにゅー|お弁当))"
    rf"|(?P<weeks>{_NUMBER})週間(?!前|後|ぶり|ほど前|以内)"
    r"|(?P<week>(?:今|来)週(?:分|ぶん|間|の|は)|週間献立)"
)
# 夏[野菜], 秋[らし]い, 冬[の]献立
_BEHIND_A_SEASON: Final = (
    "お願|どう|らし|っぽ|の|に|を|が旬|野菜|向|場|先|口|休み|ばて|ならでは|限定|定番|"
    r"めにゅー|献立|れしぴ|[、。\s]|だ|です|は|も|で|$"
)
SEASON: Final = re.compile(
    rf"(?<![一-鿿々])(?:旬の|初|真|晩)?(?P<season>[春夏秋冬])(?={_BEHIND_A_SEASON})"
)
NO_SUCH_MEAL: Final = re.compile(r"(?:は|を)?(?:なし|抜き|いら|要ら|不要|以外)")
TONIGHT: Final = ("今夜", "今晩")
MINUTES_IN_AN_HOUR: Final = 60
DAYS_IN_A_WEEK: Final = 7
MOST_DAYS: Final = 31


def read_frame(text: Text, mentions: Mentions) -> Iterator[Found]:
    """Yield all that frames the meal."""
    yield from _servings(text)
    yield from _meals(text, mentions)
    yield from _minutes(text)
    for mention in mentions.named:
        if mention.meaning.kind == "cuisine":
            said = text.words(mention.start, mention.end)
            yield mention.start, Understood("cuisine", mention.meaning.name, said)
    for match in SEASON.finditer(text.folded):
        if not mentions.covers(match.start("season"), match.end()):
            yield found(text, match, "season", match["season"])


def read_days(text: Text) -> int | None:
    """Return for how many days, None when the text does not say."""
    match = DAYS.search(text.folded)
    if match is None:
        return None
    if match["week"]:
        return DAYS_IN_A_WEEK
    days = _number(match["days"]) + DAYS_IN_A_WEEK * _number(match["weeks"])
    return min(days, MOST_DAYS) or None


def _servings(text: Text) -> Iterator[Found]:
    servings = read_servings(text.plain)
    if servings is None:
        return
    counted = PER_PERSON.sub(lambda match: " " * len(match[0]), text.plain)
    places = [match.span() for match in MENTION.finditer(counted)] or [(0, len(text.plain))]
    start, end = places[0][0], places[-1][1]
    yield start, Understood("servings", str(servings), text.words(start, end))


def _meals(text: Text, mentions: Mentions) -> Iterator[Found]:
    named = [
        (mention, text.words(mention.start, mention.end))
        for mention in mentions.named
        if mention.meaning.kind == "meal" and not NO_SUCH_MEAL.match(text.folded, mention.end)
    ]
    # 「今夜は…の昼食」: the meal is named by its name.
    clear = [each for each in named if each[1] not in TONIGHT]
    for mention, said in clear or named:
        for meal in mention.meaning.name.split():
            yield mention.start, Understood("meal", meal, said)


def _minutes(text: Text) -> Iterator[Found]:
    for match in TIME_LIMIT.finditer(text.folded):
        if match["minutes"] == "十" and not TEN_MINUTES.match(text.folded, match.end()):
            continue
        minutes = _number(match["minutes"]) + _number(match["more"])
        minutes += MINUTES_IN_AN_HOUR * _number(match["hours"])
        if match["half"] or match["half_hour"]:
            minutes += MINUTES_IN_AN_HOUR // 2
        if minutes:
            yield found(text, match, "max_minutes", str(minutes))


def _number(written: str | None) -> int:
    if not written:
        return 0
    if "十" in written:
        tens, _, ones = written.partition("十")
        return KANJI_DIGITS.get(tens, 1) * 10 + KANJI_DIGITS.get(ones, 0)
    return KANJI_DIGITS.get(written) or int(written)
