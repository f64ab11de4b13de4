"""Reads for whom a menu is, where that decides what may be served: 「妊娠中です」, 「2歳の子と」.

The table is `conditions.toml`: what names a condition, what it leaves out, and what the answer says
that it cannot do. It promises no more than what stands there.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import BaseModel, ConfigDict

from chef_llm.reading.numbers import number_of
from chef_llm.reading.text import Text
from chef_llm.reading.understood import Found, found

TABLE: Final = "conditions.toml"
MONTHS_IN_A_YEAR: Final = 12
KANJI_DIGITS: Final = "〇一二三四五六七八九"
AGE: Final = re.compile(
    r"(?<![\d.])(?:(?P<years>\d{1,3})|(?P<ten>[一二三四五六七八九]?十)?(?P<one>[一二三四五六七八九〇])?)"
    r"\s?(?:歳|才(?!能|覚|色)|さい(?=[)、。\s・]|の|$))(?P<half>半)?"
    # 「3歳から食べられる」 is of a dish; 「20歳以上」 of a rule.
    r"(?!から(?:ok|食べ)|以上|未満の方はお断)"
)
# 「義母（74）」, 「長女（5・年中）」, 「山本さん(84)」; 「子ども（2）」 are two of them.
_RELATIVE: Final = (
    r"(?:お?[父母]|(?:お(?:とう|かあ|じい|ばあ)|じい|ばあ)(?:さん|ちゃん)|祖[父母]|夫|妻|主人|家内|[長次三][女男]|娘|息子|"
    r"姉|兄|弟|妹|孫|姑|舅|甥|姪|叔[父母]|伯[父母]|[上下]の子|私|わたし|僕|彼女?|両親|夫婦)(?:さん|ちゃん)?"
)
IN_BRACKETS: Final = re.compile(
    rf"(?:{_RELATIVE}|[一-鿿]{{1,3}}(?:さん|様))\((?P<years>\d{{1,3}})(?=[)・、,歳])"
    # 「ばあちゃん86で」「どっちも67」: so old is nobody but by years.
    rf"|(?:{_RELATIVE}\s?|どっちも|どちらも|ともに)(?P<old>[6-9]\d)(?![\d人名円g%]|時|分|日|回|\s?(?:歳|才|さい|代))"
)
# 「孫(5つと3つ)」「九つと五つ」: children are counted so, among them none above ten.
IN_PIECES: Final = re.compile(
    r"(?:孫|子|娘|息子|[上下])[^。\n()]{0,6}\((?P<first>[1-9]|[一二三四五六七八九])つ(?:[と・、](?P<second>[1-9]|[一二三四五六七八九])つ)?\)"
)
# 「七十二になりました」「八十過ぎ」
IN_TENS: Final = re.compile(
    r"(?<![一二三四五六七八九十百])(?P<ten>[六七八九]十|百)(?P<one>[一二三四五六七八九])?(?:を?(?:過ぎ|すぎ|超え)|に(?:な[りっる]|も)|(?<=百)歳|の(?:じい|じじ|ばあ|ばば|[祖義]?[父母]))"
    r"|(?<!\d)(?P<years>[6-9]\d)(?:を?(?:過ぎ|すぎ|超え(?:た|て))|に(?:な[りっ]|もな))"
)
DECADE: Final = re.compile(r"(?<!\d)(?P<years>[6-9]0)代(?!前半の頃|の頃)")
MONTHS: Final = re.compile(
    r"(?<!\d)(?P<months>\d{1,2})\s?(?:か|ヶ|ヵ|箇|個|カ|ケ|け)月(?=の?(?:子|娘|息子|赤|乳|ベビー|べびー)|児|から離乳|[、)・]?[^。\n]{0,4}(?:みるく|母乳|離乳))"
    r"|(?:赤ちゃん|乳児|べびー)\(?(?P<baby>\d{1,2})\s?(?:か|ヶ|ヵ|箇|個|ケ|け)月"
    r"|生後(?P<after>\d{1,2})"
)
# Behind the words: nobody has the condition.
DENIED: Final = re.compile(
    r"(?:中|症|病|食)?(?:では|じゃ|は|を|も)?(?:して(?:い)?(?:ない(?!と)|ません|おりません)|な(?:い|く)(?!と)|"
    r"ありません|なし|無し|前|以前|卒業|終わ(?:った|り)|の(?:心配|予定)[はも]?(?:な|あ))"
)


# Food for a baby alone, of which the cookbook has none; beside it nobody else is to eat.
BABY_FOOD: Final = re.compile(
    r"離乳食(?!(?:期|中|後期|中期|初期|完了期)?の(?:子|赤|娘|息子|弟|妹|孫))"
)
OTHERS_EAT: Final = re.compile(
    r"家族|大人|親子|夫|妻|私|僕|俺|自分|みんな|全員|取り?分け|人分|人前|[夕朝昼晩夜](?:食|飯|ご飯|ごはん)"
)


class Condition(BaseModel):
    """A row of the table; `without` are foods and groups, `ages` in whole years.

    `without_tags` are the tags of dishes that are not served, `only` the one that all have.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    said: re.Pattern[str] | None = None
    ages: tuple[int, int] | None = None
    without: frozenset[str]
    without_tags: frozenset[str] = frozenset()
    only: str | None = None
    says: str
    source: str

    def is_of_age(self, years: int) -> bool:
        """Tell whether somebody of so many years has it."""
        return self.ages is not None and self.ages[0] <= years <= self.ages[1]


@cache
def conditions() -> dict[str, Condition]:
    """Return the table by name, in its order."""
    text = files("chef_llm.reading").joinpath(TABLE).read_text("utf-8")
    rows = [Condition(**row) for row in tomllib.loads(text)["condition"]]
    return {row.name: row for row in rows}


def asks_for_baby_food(text: Text) -> bool:
    """Tell whether only what a baby eats is asked for: 「10か月の子の離乳食メニュー」."""
    return bool(BABY_FOOD.search(text.folded)) and not OTHERS_EAT.search(text.folded)


def read_conditions(text: Text) -> Iterator[Found]:
    """Yield the conditions that a text names, by words or by age."""
    ages = [*_ages(text)]
    for condition in conditions().values():
        for match in condition.said.finditer(text.folded) if condition.said else ():
            if not DENIED.match(text.folded, match.end()):
                yield found(text, match, "condition", condition.name)
        for match, years in ages:
            if condition.is_of_age(years):
                yield found(text, match, "condition", condition.name)


def _ages(text: Text) -> Iterator[tuple[re.Match[str], int]]:
    for match in AGE.finditer(text.folded):
        if match["years"]:
            yield match, int(match["years"])
        elif match["ten"] or match["one"]:
            ten = match["ten"] or ""
            tens = (KANJI_DIGITS.find(ten[0]) if len(ten) > 1 else 1) * 10 if ten else 0
            yield match, tens + (KANJI_DIGITS.find(match["one"]) if match["one"] else 0)
    for match in DECADE.finditer(text.folded):
        yield match, int(match["years"])
    for match in IN_BRACKETS.finditer(text.folded):
        yield match, int(match["years"] or match["old"])
    for match in IN_PIECES.finditer(text.folded):
        for written in filter(None, match.groups()):
            yield match, number_of(written)
    for match in IN_TENS.finditer(text.folded):
        yield match, int(match["years"] or number_of(match["ten"].replace("百", "九十")))
    for match in MONTHS.finditer(text.folded):
        yield match, int(match["months"] or match["after"] or match["baby"]) // MONTHS_IN_A_YEAR
