"""What the courses of a meal are called, and how so many of one are counted: 副菜2品, 汁物を3種.

All patterns are matched against folded text.
"""

import re
from dataclasses import dataclass
from typing import Final

from chef_llm.cookbook.vocabulary import Role
from chef_llm.reading.numbers import FEW, number_of
from chef_llm.reading.patterns import any_of

# What a hotpot or an evening ends with: 「すき焼きの〆」, and no 〆さば.
SHIME: Final = r"〆(?!さば|鯖|切)|(?<=の)(?:しめ|締め)(?=[はにをの、。]|$)"
_STAPLE: Final = rf"主食|(?:ご飯|ごはん|めし)(?:もの|もん|物)|{SHIME}"
MAIN: Final = (
    r"主菜(?!にした(?:い|く))|"
    # 「鶏メイン」 is what it is made of.
    r"(?<![がを一-鿿])めいん(?:でぃっしゅ|料理|のおかず)?(?!食材|材料|の?(?:人|席|会場|夕|献立|晩))"
)
_SIDE: Final = any_of(
    "副菜 小鉢(?:っこ)? 小皿 付け?合わ?せ つけあわせ 箸休め 香の物 和え物 あえ物 (?:和え|あえ)もん",
    "さいど(?:めにゅー|でぃっしゅ) さぶ(?:めにゅー|の?おかず|(?=[1-9一二三](?:品|つ|皿)))",
    "前菜(?:っぽい)?(?:もの|の(?=[1-9一二三]))? (?:野菜|葉物)の?おかず",
    r"さらだ(?=を?だけ|(?:系|っぽいの?)?[をはが]?\s?(?:[1-9一二三]|ひと|ふた)(?:つ|品|種))",
    r"さいど(?=を?\s?[1-9一二三])",
)
# 「汁」 as a course, and not in 豚汁, 肉汁, 汁気, 汁なし麺.
_NO_SOUP_BEFORE: Final = (
    "(?<![一-鿿])(?<!だご)(?<!あら)(?<!(?<![向む])けの)(?<!かす)"
    "(?<!せん)(?<!なら)(?<!残り)(?<!麺\\()"
)
_BARE_SOUP: Final = (
    _NO_SOUP_BEFORE
    + "お?汁(?:っこ|もん)?"
    + "(?="
    + any_of(
        "つき 付 だけ の(?:中|なか|具|実) も(?!れ) は(?!ね) を ば いら 不 と 一 $ [二三]つ",
        "な(?!し(?:の|で)?(?:麺|らーめん|そば|うどん|担|坦)) で(?!る) に(?!入|は) を?飲[みむ]",
        r"[、。\s,/\d())・:=] が(?!飛|出|で[なる]|漏|もれ|垂|た|は|こぼ|染|しみ)",
        r"(?<=[と・]汁)(?![気粉物も椀がの])",
    )
    + ")"
)

_SOUP: Final = any_of(
    "お?汁物 汁もの 汁もん しるもの お?吸い?(?:物|もん|もの) お?味噌汁 お?みそ汁 みそしる",
    r"(?<!こーん)すーぷ(?!の素|が?出|ば?飲|じゃ) お?つゆ(?:物|(?=[のをは]))",
    r"お?椀(?:物|もの|もん)?(?=[をはも、。・とにだの\sが?]|$|ある)",
    _BARE_SOUP,
)
ROLES: Final = {
    Role.STAPLE: _STAPLE,
    Role.MAIN: MAIN,
    Role.SIDE: _SIDE,
    Role.SOUP: _SOUP,
}
ANY_ROLE: Final = "|".join(f"(?P<{role.name}>{words})" for role, words in ROLES.items())
# Of a few things, as they are counted: 3, 三, ひとつ.
A_FEW: Final = rf"(?:{FEW}|(?:ひと|ふた|みっ|よっ|いつ)(?=[つ品皿種]))"
FEW_WORDS: Final = {"ひと": 1, "ふた": 2, "みっ": 3, "よっ": 4, "いつ": 5}
_NOT_DISHES: Final = (
    r"(?!\d|案|択|候補|ぱたーん|人|回|日|g|食|杯|月|歳|時|分|目|週|%|円|年|丁|本|玉|袋|枚|"
    r"kcal|つ目|まで)"
)
COUNTER: Final = rf"(?:品|つ|種類?|個|皿|ずつ)?{_NOT_DISHES}"
# 「副菜になるのを3つ」「小鉢っぽいの5つ」「サラダ系2つ」
_OF_ITS_KIND: Final = (
    r"(?:(?:になる|っぽい|みたいな|らしい)(?:の|もの|もん|やつ)?|系(?:の(?:もの|やつ))?)"
)
COUNT: Final = (
    rf"(?:{_OF_ITS_KIND}?(?:だけ|のみ|ばっかり|ばかり)?(?:を|は|が|の|も|ば|に|、(?!\s?(?:あと|もう)))?\s?[x×:：=]?\s?(?:各|あと)?(?P<count>{A_FEW}){COUNTER}"
    rf"|は[^。\n、,\d]{{1,8}}?(?P<later>{A_FEW})(?:品|つ|種)(?!目))"
)
MENTION: Final = re.compile(rf"(?:{ANY_ROLE})(?!.{{0,2}}の素){COUNT}?")
JOINT: Final = r"\s?(?:と、?|、|・|\+|/|,|,)\s?"
A_COURSE: Final = "|".join((*ROLES.values(), "おかず"))
JOINED_BEFORE: Final = re.compile(r"[とや、・]$")
# A meal is meant, and not single dishes of it.
OF_A_MEAL: Final = re.compile(
    r"献立|(?<!さいど)(?<!さぶ)めにゅー|夕食|夕飯|夕ご?はん|晩ご?はん|晩ご飯|夕ご飯|昼食|朝食|お?弁当|定食|御膳|お膳|食事(?!で|の|は普通|中|制限|療法|会)"
)


@dataclass(frozen=True)
class Counted:
    """So many dishes of no course, by the kind of `COUNTED` that they are counted as."""

    kind: str
    count: int
    place: tuple[int, int]


def few_of(written: str) -> int:
    """Return the number of a few things: 3, 三, ひと."""
    return FEW_WORDS.get(written) or number_of(written)


def count_of(match: re.Match[str]) -> int | None:
    """Return the number that stands by a course."""
    written = match["count"] or match["later"]
    return few_of(written) if written else None


def role_of(match: re.Match[str]) -> Role:
    """Return the course that a match names."""
    return next(role for role in Role if match[role.name])
