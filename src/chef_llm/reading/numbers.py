"""Numbers as people write them: 3, 三, 十二."""

from typing import Final

KANJI_DIGITS: Final = {digit: number for number, digit in enumerate("一二三四五六七八九", 1)}
ENGLISH: Final = {
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7},
    **{"eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12},
}
# How many days are counted in words of their own.
DAYS_AS_SAID: Final = {"ふつか": 2, "みっか": 3, "よっか": 4, "いつか": 5, "むいか": 6, "なのか": 7}
# Of a few things: matched in folded text.
FEW: Final = r"(?:[1-9]|[一二三四五六七八九])"


def number_of(written: str) -> int:
    """Return the number that digits, kanji below 100 or English words to twelve stand for."""
    if written in ENGLISH:
        return ENGLISH[written]
    if "十" in written:
        tens, _, ones = written.partition("十")
        return KANJI_DIGITS.get(tens, 1) * 10 + KANJI_DIGITS.get(ones, 0)
    return KANJI_DIGITS.get(written) or int(written)
