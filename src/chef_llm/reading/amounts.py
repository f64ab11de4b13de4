"""Reads how much of a food is at hand: 鶏もも肉300g, 卵3個, 冷蔵庫に大根がある."""

import re
from collections.abc import Iterator
from typing import Final

from chef_llm.cookbook import Cookbook
from chef_llm.cookbook.model import fold
from chef_llm.reading.lexicon import Mention
from chef_llm.reading.mentions import Mentions
from chef_llm.reading.numbers import KANJI_DIGITS
from chef_llm.reading.text import Text

# Right behind a food, in folded text: 「が300g」「1/2本」「半分」「3個」.
AMOUNT: Final = re.compile(
    r"(?:の残り|が|は|を|も|:|\(|\s|約|×|x){0,3}"
    r"(?:(?P<top>\d{1,2})/(?P<bottom>\d)|(?P<number>\d{1,4}(?:\.\d)?)|(?P<kanji>[一二三四五六七八九])|(?P<half>半))"
    r"\s?(?P<unit>kg|きろ|g|ぐらむ|ml|cc|l|りっとる|[ぁ-んー一-鿿]{1,3})"
)
# Said of what is there: it need not be bought.
THERE: Final = re.compile(
    r"が?あ(?:る|り(?:ます|まし|まっせ)|った)|残って|残り|余って|余り|余った|冷蔵庫|冷凍庫|"
    r"もら(?:った|い)|いただ(?:いた|き)|頂い|買って(?:ある|あり|しま|き)|買い過ぎ|使い切|消費|届い|採れ"
)
SENTENCE: Final = re.compile(r"[^。\n]+")
LITRE_GRAMS: Final = 1000.0
GRAMS: Final = {
    **dict.fromkeys(("g", "ぐらむ", "ml", "cc"), 1.0),
    **dict.fromkeys(("kg", "きろ", "l", "りっとる"), LITRE_GRAMS),
}
MOST_GRAMS: Final = 50_000.0


def read_at_hand_in_words(
    text: Text, mentions: Mentions, cookbook: Cookbook
) -> dict[str, float | None]:
    """Return the grams of each food that is at hand, None for enough of it."""
    found: dict[str, float | None] = {}
    there = [match.span() for match in SENTENCE.finditer(text.folded) if THERE.search(match[0])]
    for mention in mentions.wished:
        name = mention.meaning.wish
        if mention.meaning.kind != "food" or name is None:
            continue
        if (grams := _grams(text, mention, name, cookbook)) is not None:
            found[name] = min(grams, MOST_GRAMS)
        elif any(start <= mention.start < end for start, end in there):
            found.setdefault(name, None)
    return found


def _grams(text: Text, mention: Mention, name: str, cookbook: Cookbook) -> float | None:
    match = AMOUNT.match(text.folded, mention.end)
    if match is None:
        return None
    if match["half"]:
        count = 0.5
    elif match["kanji"]:
        count = float(KANJI_DIGITS[match["kanji"]])
    elif match["top"]:
        count = int(match["top"]) / max(int(match["bottom"]), 1)
    else:
        count = float(match["number"])
    return next(
        (count * grams for unit, grams in _units(name, cookbook) if match["unit"].startswith(unit)),
        None,
    )


def _units(name: str, cookbook: Cookbook) -> Iterator[tuple[str, float]]:
    """Yield the units of a food, folded, with their grams."""
    yield from GRAMS.items()
    ingredient = cookbook.ingredients.get(name)
    if ingredient is not None:
        yield from ((fold(unit), grams) for unit, grams in ingredient.measures.items())
