"""For how many people: read from the words of a request (「二人」「4人前」「家族5人」)."""

import re
import unicodedata
from typing import Final

DEFAULT_SERVINGS: Final = 2
MOST_SERVINGS: Final = 12
KANJI_DIGITS: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
WORDS: Final = {"ひとり": 1, "独り": 1, "ふたり": 2, "さんにん": 3, "よにん": 4}
# The counter must not run on into 人参, 人気 or 人間.
COUNTER: Final = re.compile(
    r"(?P<number>\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])\s*"
    r"(?:人(?![参気間形物])|名(?:様|分|前)|人前|食分)"
)
WORD: Final = re.compile("|".join(WORDS))


def read_servings(text: str) -> int | None:
    """Return the number of servings that `text` asks for, or None when it says nothing.

    The last number wins (「2人分、やっぱり4人分で」); it is kept between 1 and 12.
    """
    folded = unicodedata.normalize("NFKC", text)
    found = [(match.start(), _value(match["number"])) for match in COUNTER.finditer(folded)]
    found += [(match.start(), WORDS[match[0]]) for match in WORD.finditer(folded)]
    if not found:
        return None
    return max(1, min(MOST_SERVINGS, max(found)[1]))


def _value(number: str) -> int:
    if number.isdecimal():
        return int(number)
    if "十" in number:
        tens, _, ones = number.partition("十")
        return KANJI_DIGITS.get(tens, 1) * 10 + KANJI_DIGITS.get(ones, 0)
    return KANJI_DIGITS[number]
