"""Finds what a request asks for and an order has no place for yet, so that it can be said.

A part that is read into the order one day leaves this table.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from chef_llm.reading.text import Text

_NUMBER: Final = r"(?:\d[\d,.]*|[一二三四五六七八九十百千]+)"
_TOOL: Final = (
    r"(?:電子れんじ|れんじ|とーすたー|ふらいぱん|鍋|炊飯器|ih|こんろ|おーぶん|ぐりる|"
    r"ほっとぷれーと|けとる|圧力鍋|えあふらいやー|みきさー|包丁|火|がす)"
)
# What it is called, and how it is told in folded text.
PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    "予算": re.compile(
        rf"予算[^。\n、]{{0,12}}|{_NUMBER}円(?!分?で買|玉|も?した|だった)[^。\n、]{{0,6}}|"
        rf"{_NUMBER}(?:えん|\byen)\b|わんこいん"
    ),
    "栄養の数値": re.compile(
        rf"(?:塩分?|食塩|たんぱく質|蛋白質?|糖質|脂質|炭水化物|野菜|食物繊維|p)[^。\n、]{{0,6}}?"
        rf"{_NUMBER}\s?(?:g|ぐらむ)(?:以[上下内]|未満|まで|くらい|程度|は|を|\b)|"
        rf"{_NUMBER}\s?(?:kcal|きろかろりー|かろりー)[^。\n、]{{0,4}}|糖質(?:制限|おふ|控え|少な|を?減ら)"
    ),
    "使える道具": re.compile(
        rf"{_TOOL}(?:が|は|も|を|ひとつ|一つ|1つ|1口|一口)?(?:だけ|のみ|しか|ない|なし|無し|使わ|使え|壊れ|"
        rf"一つで|1つで|ひとつで|1台)[^。\n、]{{0,6}}|{_TOOL}(?:で(?!き|も|火)|か{_TOOL})|"
        r"れんちん|わんぱん|火を?使わ|火な[しく]"
    ),
    "品数や組み合わせ": re.compile(
        r"[1-9一二三四五六]品(?!目)|一汁[一二三]菜|汁物?(?:は|も)?(?:なし|無し|不要|いら|要ら|抜き)|"
        r"(?:主菜|副菜|おかず|汁物|さらだ)(?:だけ|のみ|を?[2-9二三四五](?:つ|品|種))|"
        r"主食(?:は)?(?:なし|いら|不要|抜き)|ご飯(?:は)?(?:なし|いらな|抜き)"
    ),
    "案の数": re.compile(
        r"[2-9二三四五六]\s?(?:案|ぱたーん|通り|つの?候補|択)|候補を[2-9二三四五]"
    ),
    "日ごとの指定": re.compile(
        r"[月火水木金土日]曜日?(?:だけ|は|の夜は|には)[^。\n、]{1,14}|"
        r"週(?:に)?[1-7一二三四五](?:回|日|まで)|(?:魚|肉|麺|揚げ物|和食|洋食|中華|ぱん)[はを]?[1-7一二三四五六](?:日|回)|"
        r"[1-9一二三]日目は|1日おき|一日おき|日替わり"
    ),
    "使いきること": re.compile(
        r"使い(?:切|き)[りるっれ]|消費したい|消費し(?:き|たく)|余ら(?:せ|さ)"
    ),
    "年齢や体調": re.compile(
        r"(?:\d{1,2}|[一二三])\s?(?:歳|才|さい(?!ん))|\d{1,2}(?:か|ヶ|カ|ヵ)月の(?:子|娘|息子|赤)|妊娠|妊婦|授乳|離乳食|"
        r"糖尿病|腎臓病|透析|痛風|嚥下|とろみ|飲み込|術後|手術(?:の|を)?(?:後|し)"
    ),
    "おやつ": re.compile(r"おやつ(?!の時間に食|に食べて)|でざーと|すいーつ|お菓子を?作"),
}


@dataclass(frozen=True)
class NotConsidered:
    """One thing that was asked for and is in no order: what it is called, and its words."""

    name: str
    words: str


def read_what_is_not_considered(text: Text) -> Iterator[NotConsidered]:
    """Yield what an order has no place for, each kind once."""
    for name, pattern in PATTERNS.items():
        if match := pattern.search(text.folded):
            yield NotConsidered(name, text.words(match.start(), match.end()).strip())
