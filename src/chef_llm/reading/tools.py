"""Reads what can be cooked with: 電子レンジだけ, オーブンなし, 火を使わない, 包丁いらず."""

import re
from dataclasses import dataclass
from typing import Final

from chef_llm.reading.text import Text
from chef_llm.reading.understood import Found, Understood

# What people call a tool, in folded text, and what of `cookbook.tools` it can do. Of a fire
# anything may be cooked that stands on one.
NAMES: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "電子レンジ": (r"(?:電子)?れんじ", frozenset({"電子レンジ"})),
    "トースター": (r"(?:おーぶん)?とーすたー", frozenset({"トースター"})),
    "オーブン": (r"おーぶん(?!とーすたー)", frozenset({"オーブン"})),
    "魚焼きグリル": (r"(?:魚焼き)?ぐりる", frozenset({"魚焼きグリル", "コンロ"})),
    "炊飯器": (r"炊飯(?:器|ジャー)", frozenset({"炊飯器"})),
    "圧力鍋": (r"圧力鍋", frozenset({"圧力鍋", "鍋", "コンロ"})),
    "フライパン": (r"ふらいぱん", frozenset({"フライパン", "コンロ"})),
    "ホットプレート": (r"ほっとぷれーと", frozenset({"フライパン", "コンロ"})),
    "鍋": (
        r"(?<!圧力)(?:片手|両手|大|小)?鍋(?=[1一]つ|ひとつ|だけ|しか|のみ)",
        frozenset({"鍋", "コンロ"}),
    ),
    "ミキサー": (r"(?:みきさー|ふーどぷろせっさー|ぶれんだー)", frozenset({"ミキサー"})),
    "包丁": (r"包丁|ほうちょう", frozenset({"包丁"})),
    "コンロ": (
        r"(?:かせっと|がす|ih|電気)?(?:こんろ|くっきんぐひーたー)|火口",
        frozenset({"コンロ", "フライパン", "鍋", "圧力鍋", "魚焼きグリル"}),
    ),
}
_ANY: Final = "|".join(words for words, _ in NAMES.values())
_LIST: Final = rf"(?P<tools>(?:{_ANY})(?:(?:か|と|や|とか|・|、|/|,|＋|\+|および)(?:{_ANY}))*)"
ONLY: Final = re.compile(
    rf"{_LIST}(?:調理|加熱)?(?:だけ|のみ|しか|おんりー|で(?:ちん|でき(?!な|ま?せん)|作れ(?!な|ません)|つくれ|作る|完結|調理)|"
    r"(?:が|は)?\s?(?:ひと|1|一)(?:つ|個|台)(?:で|だけ|しか|のみ|$|[。、\n]))"
    r"|(?P<chin>れんちん|れんじちん|ちんするだけ)"
)
WITHOUT: Final = re.compile(
    rf"{_LIST}(?:など)?(?:は|が|も|を|で)?\s?(?:使わ(?!せて)|使い?(?:たくな|ません)|使えな|使え(?:ない|ません)|使用(?:不可|しな|でき)|"
    r"なし(?!で(?:も|は))|無し|無い|な[いく](?!と)|ありません|壊れ|故障|持って(?:い)?な|不可|禁止|だめ|いらず|不要|ng|握れ|握りた|怖|触れ|"
    r"[=:：×✕]\s?(?:0|なし|無|不可|×)|[×✕])"
    r"|(?P<fire>火(?:は|を|も|が)?(?:一切)?(?:使わ|使い?(?:たくな|ません)|使えな|使うな|なし|無し|な[くい](?!と)|禁止|気(?:使用)?(?:不可|厳禁|禁止)|つけ(?:ない|ず)))"
)
FIRE: Final = frozenset({"コンロ"})
MICROWAVE: Final = frozenset({"電子レンジ"})
# What is meant where no tool is named: 「レンチンで」「火を使わずに」.
FIRST_OF: Final = {"だけ": "電子レンジ", "を使わない": "火"}


@dataclass(frozen=True)
class ToolsRead:
    """What may be used alone (none where all may), and what may not be used."""

    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    words: tuple[Found, ...] = ()


def read_tools(text: Text) -> ToolsRead:
    """Return what a text says can be cooked with."""
    only: set[str] = set()
    without: set[str] = set()
    words: list[Found] = []
    for match in WITHOUT.finditer(text.folded):
        named = _named(match["tools"] or "")
        # Without a fire nothing that stands on one can be used; without a knife, the knife.
        without |= FIRE if match["fire"] else {name for name, _ in named}
        words.append(_found(text, match, "を使わない"))
    for match in ONLY.finditer(text.folded):
        if any(match.start() < start < match.end() for start, _ in words):
            continue
        found = _named(match["tools"] or "")
        able = frozenset().union(*(able for _, able in found)) if not match["chin"] else MICROWAVE
        # A knife, a mixer: who has only those cooks nothing with them.
        if able - {"包丁", "ミキサー"}:
            only |= able
            words.append(_found(text, match, "だけ"))
    return ToolsRead(frozenset(only - without), frozenset(without), tuple(words))


def _named(written: str) -> list[tuple[str, frozenset[str]]]:
    return [
        (name, able)
        for name, (words, able) in NAMES.items()
        if re.search(words.partition("(?=")[0], written)
    ]


def _found(text: Text, match: re.Match[str], how: str) -> Found:
    names = "・".join(name for name, _ in _named(match["tools"] or ""))
    value = (names or (FIRST_OF[how])) + how
    return match.start(), Understood("tools", value, text.words(match.start(), match.end()))
