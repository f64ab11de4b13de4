"""For how many people: read from the words of a request (「二人」「4人前」「家族5人」)."""

import math
import re
import unicodedata
from typing import Final

from chef_llm.reading.numbers import KANJI_DIGITS

DEFAULT_SERVINGS: Final = 2
MOST_SERVINGS: Final = 12
WORDS: Final = {"ひとり": 1, "独り": 1, "ふたり": 2, "さんにん": 3, "よにん": 4, "ごにん": 5}
CHILDREN: Final = ("子ども", "子供", "こども", "幼児", "園児", "小学生", "中学生", "高校生")
ADULTS: Final = ("大人", "おとな", "夫婦", "両親", "祖父母", "男性", "女性")
# 「大人は2人、子どもが1人」
_KIND: Final = rf"(?:(?P<kind>{'|'.join(ADULTS + CHILDREN)})[がは]?)?"
_NUMBER: Final = (
    r"(?P<number>(?<![\d.])\d{1,9}(?:\.\d{1,9})?"
    r"|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
)
# 人 must not run on into 人参, 人気 or 二人目, nor にん into にんじん.
_COUNTER: Final = r"(?:人前|人(?![参気間形物種目])|にん(?!じん|にく)|名(?![物前])|食分)"
_WORD: Final = rf"(?P<word>{'|'.join(WORDS)})(?!じん|にく)"
# 「大人2子4」「家族6」: people are counted without a counter, too; 「子ども3歳」 counts none.
_BARE: Final = (
    rf"(?P<people>{'|'.join(ADULTS + CHILDREN)}|(?<![一-鿿])子|家族|全員で)[:：=]?\s?"
    r"(?P<bare>\d{1,2})(?![\d.]|\s?(?:人|にん|名|歳|才|さい|か月|ヶ月|カ月|年|時|つ|品|g|円|日|回|食|度|/))"
)
MENTION: Final = re.compile(
    rf"{_KIND}(?:{_NUMBER}\s?{_COUNTER}|{_WORD})(?:分|ぶん)?|(?P<couple>夫婦)(?=[とでの、])|{_BARE}"
)
# Between the kinds of people that are added up.
JOINT: Final = re.compile(r"[と、,・+&\s]*")
# 「一人あたり500円」 and 「1人500kcal」 measure a serving; they count no one.
PER_PERSON: Final = re.compile(
    r"(?<![\d.一二三四五六七八九十])(?:[1一]人|ひとり)"
    r"(?:(?:分|前)?(?:[あ当]たり|当り|につき|ずつ)|\d)"
)


def read_servings(text: str) -> int | None:
    """Return the number of servings that `text` asks for, or None when it says nothing.

    The last number wins (「2人分、やっぱり4人分で」) and kinds of people are added up (「大人2人と
    子ども1人」). The number is kept between 1 and 12.
    """
    folded = PER_PERSON.sub("", unicodedata.normalize("NFKC", text))
    servings: int | None = None
    # Where the last kind of people ended; a number of people of no kind takes it away.
    kind_end: int | None = None
    for mention in MENTION.finditer(folded):
        kind = mention["kind"] or mention["couple"] or _kind(mention["people"])
        is_added = kind and kind_end and JOINT.fullmatch(folded, kind_end, mention.start())
        kind_end = mention.end() if kind else None
        if servings is None or is_added:
            servings = (servings or 0) + _value(mention)
        # 「4人家族、子どもは2人」, 「4人分。1人は卵が苦手」: these are counted already.
        elif kind not in CHILDREN and not folded.startswith("は", mention.end()):
            servings = _value(mention)
    return None if servings is None else max(1, min(MOST_SERVINGS, servings))


def _kind(people: str | None) -> str | None:
    """Return the kind of people that a bare number counts, None where it counts all."""
    if people == "子":
        return CHILDREN[0]
    return people if people in ADULTS + CHILDREN else None


def _value(mention: re.Match[str]) -> int:
    if mention["bare"]:
        return int(mention["bare"])
    if mention["couple"]:
        return 2
    if mention["word"]:
        return WORDS[mention["word"]]
    number = mention["number"]
    if "十" in number:
        tens, _, ones = number.partition("十")
        return KANJI_DIGITS.get(tens, 1) * 10 + KANJI_DIGITS.get(ones, 0)
    return KANJI_DIGITS.get(number) or math.ceil(float(number))
