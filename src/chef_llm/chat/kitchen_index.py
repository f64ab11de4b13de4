"""Finds what is written down of a question of the kitchen, by the characters of how it is asked.

A question and the ways of asking for an entry become pieces of one to three characters, in which
every food is the same one: what is asked (代わり, 何日, ゆで) tells the kind of entry, and the
foods that are named tell which of them. No piece is known by hand; `benchmarks/knowledge.py`
prints how often the right entry is found.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from operator import itemgetter
from typing import Final

from chef_llm.cookbook.kitchen import ANY_FOOD, Entry
from chef_llm.reading.boundaries import Boundaries
from chef_llm.reading.lexicon import FOODS, Lexicon, Mention
from chef_llm.reading.patterns import any_of
from chef_llm.reading.text import KANJI, Text, read_text

FOOD: Final = "◆"
GAP: Final = "_"
LENGTHS: Final = (1, 2, 3)
# What says nothing by itself.
SILENT: Final = frozenset(
    {FOOD, GAP, "^", "$", f"^{FOOD}", f"{FOOD}$", f"{FOOD}{GAP}", f"{GAP}{FOOD}"}
)
MARKS: Final = re.compile(r"[\s、,・「」『』()~〜…♪!?。]")
# How a sentence is rounded off; what is asked stands before it.
ROUNDINGS: Final = re.compile(
    any_of(
        "ですか ますか でしょうか ください 教えて ました ましょう たいです ますが ですが んだけど",
        "んですが のですが けど ちゃった てしまった てしまい ちゃって って とき 場合 とは です",
        "ます したら すれば すると すべき たら れば なら",
    )
)
# One word in several spellings, folded; also what is asked in several words.
SPELLINGS: Final = tuple(
    tuple(pair.split("="))
    for line in (
        "茹=ゆ 硬=固 堅=固 軟ら=柔ら やわらか=柔らか しょっぱ=塩辛 替わり=代わり かわり=代わり",
        "どのくらい=どれくらい どのぐらい=どれくらい どれぐらい=どれくらい どんくらい=どれくらい",
        "作りおき=作り置き つくりおき=作り置き れんちん=れんじ 電子れんじ=れんじ 持ちます=もちます",
        "日持ち=何日もつ どうやって=どう どうして=なぜ なんで=なぜ とり方=取り方 よいです=いいです",
        "仕方=しかた 方法=しかた やり方=しかた ぐらむ=g せんち=cm 大匙=大さじ 小匙=小さじ",
    )
    for pair in line.split()
)
KANA: Final = re.compile(f"[ぁ-ゖー^${FOOD}{GAP}]+")
# Grammar is written in kana, what is asked mostly in kanji. All of these were tried on
# `benchmarks/kitchen/tuning.tsv`; each changes little.
KANA_WEIGHT: Final = 0.6
UNKNOWN_WEIGHT: Final = 0.6
# What these words say is no food that is asked about: 生で, 水につける, 油がはねる, 何日もつ, 半熟.
NO_FOODS: Final = frozenset({"生もの", "水", "油", "内臓", "半熟"})
# A question of fewer pieces is as if it had more that nothing is known of.
LEAST_WEIGHT: Final = 40.0
OF_ITS_KIND: Final = 0.3
# A piece speaks for a kind if so much of its use is there.
LEAST_SHARE: Final = 0.25
# The first food of a question is what it is about; 「卵の代わりに豆腐」.
ABOUT_THE_FIRST: Final = 1.25
ABOUT_ANOTHER: Final = 1.1
ABOUT_ITS_GROUP: Final = 0.95
BOTH_NAME_NOTHING: Final = 0.9
NAMES_NOTHING: Final = 0.75
ABOUT_NOTHING: Final = 0.5
# 「もち粉の代用」 may name a food that nobody knows: where no food is shared, there has to be a
# piece that so few entries have.
FEW: Final = 3
# So many entries are looked at, and so many of them closely.
COVERED: Final = 80
LIKELY: Final = 12


@dataclass(frozen=True)
class Asked:
    """A sentence as it is compared: its pieces, and the names of each food in it, in order."""

    pieces: frozenset[str]
    foods: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class _Known:
    """An entry as it is compared."""

    entry: Entry
    ways: tuple[frozenset[str], ...]
    pieces: frozenset[str]
    # What it is about, and what is related to that or named beside it.
    about: frozenset[str]
    beside: frozenset[str]


class KitchenIndex:
    """All entries by the pieces of their ways of asking."""

    def __init__(self, entries: Iterable[Entry], words: Lexicon) -> None:
        self._words = words
        self._known = [self._read_entry(entry) for entry in entries]
        counts = Counter(piece for known in self._known for piece in known.pieces)
        self._rarest = math.log(len(self._known) + 1)
        self._weights = {
            piece: math.log((len(self._known) + 1) / count) * _of_its_script(piece)
            for piece, count in counts.items()
        }
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, known in enumerate(self._known):
            for piece in known.pieces:
                self._places[piece].append(place)
        self._lengths = [[self._length(way) for way in known.ways] for known in self._known]
        self._kinds = dict(self._kinds_of_pieces())

    def find(self, sentence: str) -> list[tuple[float, Entry]]:
        """Return the likeliest entries of a sentence, the likeliest first, each with its score."""
        asked = self.read(sentence)
        total = max(sum(map(self._weight, asked.pieces)), LEAST_WEIGHT)
        covered: dict[int, float] = defaultdict(float)
        kinds: dict[str, float] = defaultdict(float)
        for piece in asked.pieces & self._weights.keys():
            weight = self._weights[piece] / total
            for place in self._places[piece]:
                covered[place] += weight
            for kind, share in self._kinds[piece]:
                kinds[kind] += weight * share
        likely = []
        for place, share in nlargest(COVERED, covered.items(), key=itemgetter(1)):
            known = self._known[place]
            nearness = _nearness(asked.foods, known)
            if nearness is None:
                continue
            of_kind = kinds[known.entry.kind] if nearness >= ABOUT_ANOTHER else 0.0
            likely.append((nearness * (share + OF_ITS_KIND * of_kind), place, nearness, of_kind))
        likely.sort(reverse=True)
        found = []
        for _, place, nearness, of_kind in likely[:LIKELY]:
            if nearness < ABOUT_ITS_GROUP and not self._shares_a_rare_piece(asked, place):
                continue
            alike = (covered[place] + self._likeness(asked, place)) / 2
            score = nearness * (alike + OF_ITS_KIND * of_kind) / (1 + OF_ITS_KIND)
            found.append((score, self._known[place].entry))
        return sorted(found, key=lambda pair: -pair[0])

    def read(self, sentence: str) -> Asked:
        """Return what of a sentence is compared."""
        text = read_text(sentence)
        at = {
            each.start: each
            for each in foods_in(text, self._words)
            if each.meaning.name not in NO_FOODS
        }
        shown, foods, place = [], [], 0
        while place < len(text.folded):
            if (mention := at.get(place)) is None:
                shown.append(MARKS.sub("", text.folded[place]))
                place += 1
            else:
                shown.append(FOOD)
                foods.append(frozenset({mention.meaning.name, mention.meaning.wish or ""} - {""}))
                place = mention.end
        return Asked(_pieces("".join(shown)), tuple(foods))

    def _read_entry(self, entry: Entry) -> _Known:
        asked = [self.read(phrasing) for phrasing in entry.phrasings]
        ways = [one.pieces for one in asked]
        if entry.foods or entry.dishes:
            ways += [_pieces_of_any(way) for way in entry.asked_of_any]
        about, beside = set(entry.foods), set[str]()
        for food in entry.foods:
            beside |= self._words.cookbook.ingredients[food].groups
        # A substitute is about what is not there alone, and not about what takes its place.
        named = beside if entry.is_substitute else about
        named.update(entry.dishes, *(names for one in asked for names in one.foods))
        pieces = frozenset().union(*ways)
        return _Known(entry, tuple(ways), pieces, frozenset(about), frozenset(beside))

    def _kinds_of_pieces(self) -> Iterator[tuple[str, list[tuple[str, float]]]]:
        """Yield for each piece the kinds that it speaks for, as large as they are."""
        ways = Counter(known.entry.kind for known in self._known for _ in known.ways)
        used: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for known in self._known:
            kind = known.entry.kind
            for way in known.ways:
                for piece in way:
                    used[piece][kind] += 1 / ways[kind]
        for piece, kinds in used.items():
            total = sum(kinds.values())
            shares = ((kind, use / total) for kind, use in kinds.items())
            yield piece, [(kind, share) for kind, share in shares if share > LEAST_SHARE]

    def _shares_a_rare_piece(self, asked: Asked, place: int) -> bool:
        shared = asked.pieces & self._known[place].pieces
        return any(len(piece) > 1 and len(self._places[piece]) <= FEW for piece in shared)

    def _likeness(self, asked: Asked, place: int) -> float:
        """Return the cosine between a question and the nearest way of asking for an entry."""
        length = self._length(asked.pieces)
        return max(
            sum(self._weights[piece] ** 2 for piece in asked.pieces & way) / (length * way_length)
            for way, way_length in zip(self._known[place].ways, self._lengths[place], strict=True)
        )

    def _length(self, pieces: frozenset[str]) -> float:
        return math.sqrt(sum(self._weight(piece) ** 2 for piece in pieces)) or 1.0

    def _weight(self, piece: str) -> float:
        known = self._weights.get(piece)
        return self._rarest * UNKNOWN_WEIGHT * _of_its_script(piece) if known is None else known


def foods_in(text: Text, words: Lexicon, *, hidden: bool = False) -> Iterator[Mention]:
    """Yield the foods and dishes of a text, the longest at each place, not inside one another.

    With `hidden` also those in kanji that are part of another word: 卵 in 卵液.
    """
    mentions = list(words.find(text.folded))
    names = [each for each in mentions if each.meaning.kind in FOODS]
    ordinary = [each for each in mentions if each.meaning.kind == "ordinary"]
    boundaries = Boundaries(text, names, ordinary)
    place = 0
    for each in names:
        has_kanji = KANJI.search(text.folded[each.start : each.end])
        is_word = (len(each) > 1 or has_kanji) and not boundaries.hides(each)
        if each.start >= place and (
            (is_word and boundaries.stands_alone(each)) or (hidden and has_kanji)
        ):
            yield each
            place = each.end


@lru_cache(maxsize=256)
def _pieces_of_any(way: str) -> frozenset[str]:
    parts = (MARKS.sub("", read_text(part).folded) for part in way.split(ANY_FOOD))
    return _pieces(FOOD.join(parts))


def _pieces(shown: str) -> frozenset[str]:
    for written, meant in SPELLINGS:
        shown = shown.replace(written, meant)
    framed = f"^{ROUNDINGS.sub(GAP, shown)}$"
    pieces = {
        framed[at : at + length] for length in LENGTHS for at in range(len(framed) - length + 1)
    }
    return frozenset(pieces - SILENT)


def _of_its_script(piece: str) -> float:
    return KANA_WEIGHT if KANA.fullmatch(piece) else 1.0


def _nearness(foods: Sequence[frozenset[str]], known: _Known) -> float | None:
    """Return what foods do to the score of an entry, None where it speaks of others: no answer."""
    if not foods:
        return NAMES_NOTHING if known.about else BOTH_NAME_NOTHING
    if not known.about.isdisjoint(foods[0]):
        return ABOUT_THE_FIRST
    if any(not known.about.isdisjoint(names) for names in foods):
        return ABOUT_ANOTHER
    if any(not known.beside.isdisjoint(names) for names in foods):
        return ABOUT_ITS_GROUP
    return None if known.about else ABOUT_NOTHING
