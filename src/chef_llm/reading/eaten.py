"""Reads what was eaten lately, and is not served again: 昨日はしょうが焼き, カレーは先週やった.

Who tells what there was yesterday does not ask for it. A dish is left out then; a food is only no
wish. What is left of it is to be used, and what was good may come again.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from chef_llm.reading.lexicon import Mention
from chef_llm.reading.patterns import any_of
from chef_llm.reading.text import Text, right_before

# All patterns are matched against folded text.
_PAST: Final = any_of(
    "昨日 きのう 昨夜 昨晩 ゆうべ 夕べ おととい 一昨日 先週 先日 この前 この間 こないだ 前回",
    "さっき 前の[1-9一二三]回 ここ(?:数日|最近) 給食",
)
_MEAL: Final = r"(?:の(?:夜|晩|夕|昼|朝|お昼|夕飯|晩ご?飯|晩ごはん|給食|[朝昼夕]食))?"
_OF_IT: Final = r"(?:(?:に)?[はもが]|に|、)?\s?$"
# 「昨日の晩は」「前の二回は」, right before the first; of 「昼は」 it may be still to come.
PAST_BEFORE: Final = re.compile(rf"{_PAST}{_MEAL}{_OF_IT}")
EARLIER_BEFORE: Final = re.compile(rf"(?:今朝|(?<!毎)(?<!明日の)朝|お?昼|らんち){_OF_IT}")
_HAD: Final = any_of(
    "(?:食べ|食っ|使っ|やっ|作っ|つくっ|出し|し|済ん|終わっ|おわっ|飽き|続い|頼ん|食べちゃっ)[ただ]"
    "(?![いくらり]|のが?(?:残|余|あ)|分|やつ)",
    "(?:食べ|やり|作り|つくり|出し|し|終わり)ました",
)
# Behind the last: 「は先週食べました」「をもうやった」.
HAD_LATELY: Final = re.compile(
    rf"(?:は|を|も|が|って)?\s?(?:もう|{_PAST})(?:に|も|は)?\s?(?:[1-9一二三]回)?"
    rf"[^。\n、]{{0,4}}?{_HAD}"
)
# Behind the last where it is said before when that was: 「昨日は…だった」.
_WAS: Final = (
    rf"(?:は|を|も|が|に)?(?:[1-9一二三]回)?(?:だった(?!ら)|でした(?!ら)|やった(?!ら)|{_HAD})"
)
IT_WAS: Final = re.compile(_WAS)
IT_WAS_OR_ENDS: Final = re.compile(
    rf"{_WAS}|で(?=[、。])|なので|だから|、(?=今日|今夜|今晩|だから)|(?=[。\n]|$)"
)
# 「土鍋を買ったので鍋以外にも使いたい」: this time it is to be another dish.
ANOTHER: Final = re.compile(r"(?:料理)?(?:以外に?も|ばかり(?:で|に|じゃ|だ)|ばっか)")
JOINT: Final = re.compile(r"\s?(?:と|や|、|・|に)\s?")
OF_A_FOOD: Final = re.compile("食|使っ|続い|だった|でした")
# Something is left of it, or it is to come once more.
ONCE_MORE: Final = re.compile(
    any_of(
        "残|余[っり] 残って りめいく 作り?すぎ 使い切 あれんじ また もう(?:一度|いちど|一回|1回)",
        "(?:美味し|おいし|うま)(?:かった|くて)(?:から|ので|し) 忘れられ 続きで 同じ(?:の|もの)で",
        "(?:今日|今夜|今回)も(?:同じ|それ|これ|食べ|お?願|いい|で)",
    )
)
SENTENCE_END: Final = re.compile(r"[。!?\n]")
# So far behind the words another sentence may ask for it once more.
REACH: Final = 24
BEFORE: Final = 6


def had_lately(text: Text, wished: Sequence[Mention]) -> Iterator[Mention]:
    """Yield what is named as what was eaten lately."""
    for row in _rows(text.folded, wished):
        if (told := _had(text.folded, row)) is not None:
            # A food that was taken out or prepared is there.
            is_prepared = OF_A_FOOD.search(told) is None
            yield from (one for one in row if one.meaning.kind == "dish" or not is_prepared)


def _rows(folded: str, wished: Sequence[Mention]) -> Iterator[list[Mention]]:
    """Yield the mentions that stand together: 「から揚げとえびフライ」."""
    row: list[Mention] = []
    for mention in wished:
        if mention.meaning.kind not in ("food", "dish"):
            continue
        if row and not JOINT.fullmatch(folded, row[-1].end, mention.start):
            yield row
            row = []
        row.append(mention)
    if row:
        yield row


def _had(folded: str, row: Sequence[Mention]) -> str | None:
    """Return the words that tell that what stands together was eaten, if they do."""
    start, end = row[0].start, row[-1].end
    if (other := ANOTHER.match(folded, end)) is not None:
        return other[0]
    told = HAD_LATELY.match(folded, end)
    if told is None and right_before(PAST_BEFORE, folded, start):
        told = IT_WAS_OR_ENDS.match(folded, end)
    if told is None and right_before(EARLIER_BEFORE, folded, start):
        told = IT_WAS.match(folded, end)
    if told is None:
        return None
    behind = SENTENCE_END.search(folded, told.end(), told.end() + REACH)
    stop = behind.start() if behind else told.end() + REACH
    is_wanted = ONCE_MORE.search(folded, max(0, start - BEFORE), stop)
    return None if is_wanted else told[0]
