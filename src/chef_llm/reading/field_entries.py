"""Reads the fields of a request that hold names: each entry whole, or it is refused by name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from chef_llm.cookbook import ALLERGENS, Cookbook
from chef_llm.cookbook.model import fold
from chef_llm.errors import InvalidRequest
from chef_llm.reading.entries import Entry, read_entry
from chef_llm.reading.free_text import Refused, left_out
from chef_llm.reading.lexicon import lexicon
from chef_llm.reading.marks import HARM_STEMS

# Between the names of an entry that holds more than one.
PARTS: Final = re.compile(r"[^\w・=＝\-－]|[とや、，,;/／]")
LONGEST_SHOWN: Final = 40


@dataclass(frozen=True)
class AtHandEntries:
    """What is at hand by name (grams, None for enough of it), and what the entries say besides.

    `unknown` are names that nobody knows, `refused` what an entry leaves out: 「卵アレルギー」.
    """

    grams: dict[str, float | None]
    unknown: tuple[str, ...]
    refused: tuple[Refused, ...]


def read_exclusion(word: str, index: int, cookbook: Cookbook) -> Refused:
    """Read an entry of `exclude`; a name of the cookbook is left out whatever else it may mean."""
    entry = read_entry(word, lexicon(cookbook))
    # Nothing of it is known, or only what parts names: that is said otherwise than a part of it.
    if not entry.meanings and entry.unread in ("", word.strip()):
        raise InvalidRequest(
            f"exclude の「{shortened(word)}」は料理帳の食材・料理・食品群のどれにも当たりません。"
            "別の書き方をお試しください。",
            param=f"exclude.{index}",
        )
    entry = _read_whole(word, f"exclude.{index}", cookbook)
    strictly = HARM_STEMS.search(fold(word)) is not None
    return left_out(entry.meanings, is_allergy=strictly)


def read_allergen(word: str, index: int, cookbook: Cookbook) -> Refused:
    """Read an entry of `allergens`; one that the labelling rule does not name is refused."""
    entry = _read_whole(word, f"allergens.{index}", cookbook)
    left = left_out(entry.meanings, is_allergy=True)
    if not left.allergens:
        raise InvalidRequest(
            f"allergens の「{shortened(word)}」は表示ルールの品目にありません。"
            f"使えるもの: {'、'.join(ALLERGENS)}",
            param=f"allergens.{index}",
        )
    return left


def read_at_hand(asked: Iterable[tuple[str, float | None]], cookbook: Cookbook) -> AtHandEntries:
    """Read the entries of `ingredients`, each (words, grams)."""
    known: dict[str, float | None] = {}
    unknown: list[str] = []
    refused: list[Refused] = []
    for index, (words, grams) in enumerate(asked):
        names, left = _ingredients(words, index, cookbook)
        if left is not None:
            refused.append(left)
        elif not names:
            unknown.append(words)
        for name in names:
            before = known.get(name, 0.0)
            # The same again is added up; of what there is enough of, there is enough.
            known[name] = None if grams is None or before is None else before + grams
    return AtHandEntries(known, tuple(unknown), tuple(refused))


def shortened(text: str) -> str:
    """Return a text as a message shows it."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _read_whole(word: str, param: str, cookbook: Cookbook) -> Entry:
    """Read an entry, and refuse one of which a part would be passed over."""
    entry = read_entry(word, lexicon(cookbook))
    if entry.unread:
        field = param.partition(".")[0]
        known = f"使えるもの: {'、'.join(ALLERGENS)}" if field == "allergens" else ""
        raise InvalidRequest(
            f"{field} の「{shortened(word)}」のうち「{shortened(entry.unread)}」がわかりません。"
            f"食材・料理・食品群の名前を一つずつ書いてください。{known}",
            param=param,
        )
    return entry


def _ingredients(words: str, index: int, cookbook: Cookbook) -> tuple[list[str], Refused | None]:
    """Return the ingredients of one entry, or what it leaves out: 「卵アレルギー」."""
    param = f"ingredients.{index}"
    if name := cookbook.spellings.get(fold(words.strip())):
        return [name], None
    entry = read_entry(words, lexicon(cookbook))
    if entry.refuses:
        entry = _read_whole(words, param, cookbook)
        return [], left_out(entry.meanings, is_allergy=bool(HARM_STEMS.search(fold(words))))
    # A name that nobody knows is said to be unknown; beside known ones it would be lost.
    if entry.unread and not PARTS.search(words.strip()):
        return [], None
    entry = _read_whole(words, param, cookbook)
    wishes = [one.wish for one in entry.meanings if one.wish is not None]
    return [wish for wish in wishes if cookbook.members(wish)], None
