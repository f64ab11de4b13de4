"""Reads one entry of a field, as `allergens: ["卵・えび"]`: all of it, or nothing.

An entry is names of foods, what stands between them, and words that only say why they are there. A
character that is none of these may be a food that nobody understood: the entry is refused then.
"""

import re
from dataclasses import dataclass
from typing import Final

from chef_llm.reading.lexicon import Lexicon, Meaning
from chef_llm.reading.patterns import any_of
from chef_llm.reading.text import read_text

NAMES: Final = ("food", "dish", "cuisine")
_JOINTS: Final = any_of(
    "と や か も に とか やら だの および 及び 並びに ならびに または 又は もしくは 若しくは",
    "あるいは それと それから そして あと また かつ 他 ほか and or plus nor と他",
)
# Marks, blanks and joints between two names.
BETWEEN: Final = re.compile(rf"[^\w]+|_+|[ー]{{1,3}}(?=$|\W)|{_JOINTS}")
_REFUSALS: Final = any_of(
    "あれるぎー 不耐症? 過敏症? 抜き ぬき なし 無し 不使用 除去 除外 禁止 不可 厳禁 ng だめ 駄目",
    "無理 苦手 嫌い きらい 食べられない 食べれない 使わない 使わないで 入れない 入れないで 避ける",
    "避けて 避けたい いらない 要らない 不要 のぞく 除く 以外 allergy allergic free",
)
_ENDINGS: Final = any_of("です だ の な あり 有り? がある があります ください もの")
# Said of a name that is left out, and no name itself.
REFUSING: Final = re.compile(f"(?:(?:の|に|は|が|を|も)?{_REFUSALS}{_ENDINGS}*)|x|ばつ")
_ASIDES: Final = any_of(
    "含むもの 含む 含んだもの 使ったもの 使った料理 使用したもの 入ったもの 入り 入りのもの",
    "全般 全部 すべて 全て すべての 類 系 製品 加工品 食品 成分 由来 など 等 のみ だけ",
    "少量 微量 加熱 生 重度 軽度 重い ひどい 強い その他の? もの 料理 特に 絶対 一切",
)
# Nothing by itself: 「えび(加熱も)」, 「乳製品全般」, 「卵を含むもの」.
ASIDE: Final = re.compile(f"(?:を|の|が|も)?{_ASIDES}(?:も|は|の)?")
COUNTED: Final = re.compile(r"\d+")


@dataclass(frozen=True)
class Entry:
    """What an entry names; `unread` is the part that nothing explains, as it was written."""

    meanings: tuple[Meaning, ...]
    refuses: bool
    unread: str


def read_entry(entry: str, lexicon: Lexicon) -> Entry:
    """Read an entry whole: of all ways to cut it into words, the one with the fewest."""
    text = read_text(entry)
    folded = text.folded
    # At each place the best way to have read what stands behind it: (pieces, next place, meaning).
    best: list[tuple[int, int, Meaning | None] | None] = [None] * len(folded)
    best.append((0, len(folded), None))
    farthest_unread = len(folded)
    for place in range(len(folded) - 1, -1, -1):
        options = []
        for end, meaning in _pieces(folded, place, lexicon):
            behind = best[end]
            if behind is not None:
                options.append((behind[0] + 1, end, meaning))
        best[place] = min(options, key=lambda option: option[0]) if options else None
    if best[0] is None:
        place = _readable_until(folded, lexicon)
        return Entry((), bool(REFUSING.search(folded)), text.words(place, farthest_unread))
    meanings: list[Meaning] = []
    place = 0
    while place < len(folded) and (step := best[place]):
        if step[2] is not None:
            meanings.append(step[2])
        place = step[1]
    return Entry(tuple(meanings), bool(REFUSING.search(folded)), "")


def _pieces(folded: str, place: int, lexicon: Lexicon) -> list[tuple[int, Meaning | None]]:
    """Return the words that may stand at `place`: where each ends, and what it names."""
    pieces: list[tuple[int, Meaning | None]] = [
        (mention.end, mention.meaning)
        for mention in lexicon.at(folded, place)
        if mention.meaning.kind in NAMES
    ]
    for pattern in (BETWEEN, REFUSING, ASIDE, COUNTED):
        if match := pattern.match(folded, place):
            pieces.append((match.end(), None))
    return pieces


def _readable_until(folded: str, lexicon: Lexicon) -> int:
    """Return how far an entry can be read from its beginning."""
    reached = {0}
    for place in range(len(folded)):
        if place in reached:
            reached |= {end for end, _ in _pieces(folded, place, lexicon)}
    return max(reached)
