"""Reads what goes with a drink, and what is sweet: おつまみ, デザート, 3時のおやつ.

All patterns are matched against folded text.
"""

import re
from typing import Final

from chef_llm.reading.course_words import COUNT, JOINED_BEFORE, OF_A_MEAL, Counted, count_of
from chef_llm.reading.text import right_before

SNACK: Final = re.compile(
    r"(?:お?つまみ|(?<![一-鿿])肴|(?:酒|びーる|焼酎|わいん|飲み)の?(?:あて|肴)|(?<![一-鿿ぁ-ん])あて(?=[を、。になのがは\s]|$))"
)
_SWEET: Final = (
    r"(?:食後の)?(?:温かい|冷たい|冷たか)?"
    r"(?:でざーと|すいーつ|甘味(?!料)|(?:甘[いか]|あまい)(?:もの|もん|の|やつ)|おやつ|間食|補食|お?茶(?:請|う)け)"
)
_NOT_TO_MAKE: Final = (
    r"いら|要ら|不要|なし|やめ|抜き|い?りません|買|市販|控え|食べ(?:た(?!い)|過ぎ)|持"
)
SWEET: Final = re.compile(
    rf"{_SWEET}(?:{COUNT})"
    rf"|(?<=[とや、・/]){_SWEET}(?P<end>(?=[。\n各1一]|も|だけ(?!は|[^。\n]{{0,4}}(?:買|食べ))"
    r"|の(?:流れ|順|こーす|構成)|$))"
    rf"|{_SWEET}(?=(?:を|も|には|まで|は何|どう|、?お願|各|つき|付き|ほしい|欲しい)(?!.{{0,8}}(?:{_NOT_TO_MAKE})))"
)
NO_SWEET: Final = re.compile(
    rf"(?:{_SWEET}|お菓子)(?:(?:は|も|が)[^。\n、]{{0,10}}(?:{_NOT_TO_MAKE})|を?(?:{_NOT_TO_MAKE}|以外))"
)
# A snack is a meal by itself, and beside another one: 「3時のおやつ、子ども2人」「昼とおやつ」.
_OF_A_DAY: Final = r"(?:[朝昼夜晩夕](?:食|飯|ご飯|ごはん)?|お?弁当|らんち)"
_JOINS: Final = r"\s?(?:と|・|、|/|\+|や)\s?"
MEAL_AND_SWEET: Final = re.compile(
    rf"{_OF_A_DAY}{_JOINS}(?:(?:10|3|三|十)時の)?{_SWEET}|{_SWEET}{_JOINS}{_OF_A_DAY}"
)
_REFUSED: Final = r"苦手|嫌|きらい|だめ|駄目|ng|飽き|控え|避け|食べ(?:過|た(?!い))"
ASKS_FOR_SWEET: Final = re.compile(
    rf"{_SWEET}(?!(?:と[^。、\n]{{1,8}})?[はもがを]?[^。、\n]{{0,3}}?(?:{_REFUSED})|は(?:もう)?配|の(?:時間に|袋|残り|あと)|好き|担当|"
    r"で(?:は)?(?:ね|な)|じゃな|の?代わり)"
)


def read_sweet(folded: str) -> Counted | None:
    """Return the dessert that is asked for, and how many."""
    if NO_SWEET.search(folded):
        return None
    matches = list(SWEET.finditer(folded))
    match = next((one for one in matches if count_of(one)), None) or next(iter(matches), None)
    if match:
        # 「前菜、主菜、デザートの3品」 are three in all.
        is_last = match[0].find("の") >= 0 and right_before(JOINED_BEFORE, folded, match.start())
        return Counted("sweet", 1 if is_last else count_of(match) or 1, match.span())
    beside = MEAL_AND_SWEET.search(folded)
    return Counted("sweet", 1, beside.span()) if beside else None


def read_snack_alone(folded: str) -> Counted | None:
    """Return the snack that is all that is asked for: no meal, and no other dish."""
    if NO_SWEET.search(folded) or OF_A_MEAL.search(folded):
        return None
    asked = ASKS_FOR_SWEET.search(folded)
    return Counted("sweet", 1, asked.span()) if asked else None
