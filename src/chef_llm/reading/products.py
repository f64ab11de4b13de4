"""Reads which kind of a product somebody uses: 「だしは顆粒です」, 「みそはだし入りです」."""

import re
from collections.abc import Iterator
from typing import Final

from chef_llm.cookbook.model import Products
from chef_llm.reading.mentions import LeftOut, Mentions
from chef_llm.reading.text import Text

# Behind the words, in folded text: they are not what is used. In doubt they are.
NOT_USED: Final = re.compile(
    r"[」)]?(?:の?もの)?(?:を|は|も|が|では|じゃ|で)?"
    r"(?:使わ(?:ない(?!と)|ず)|使いません|使ってい?(?:ない|ません)|使えない|使いたくな|"
    r"ない(?!と)|ありません|なし|無し|抜き|不使用|以外|禁止|ng|切ら|やめ)"
)
STOCK: Final = "だし"


def read_products(text: Text, mentions: Mentions, products: Products) -> frozenset[str]:
    """Return the foods of which the kind that holds more is used."""
    return frozenset(food for food, _, _ in _used(text, mentions, products))


def is_of_a_product(entry: LeftOut, text: Text, mentions: Mentions, products: Products) -> bool:
    """Tell whether stock is named to say what it is made of, as in 「だしは顆粒です」."""
    return entry.mention.meaning.name == STOCK and any(
        start <= entry.mention.start < end for _, start, end in _used(text, mentions, products)
    )


def _used(text: Text, mentions: Mentions, products: Products) -> Iterator[tuple[str, int, int]]:
    """Yield each such food with the place that says so."""
    kinds = [(food, kind.said, food) for food, kind in products.plain.items()]
    kinds += [(food, stock.said, stock.granules) for food, stock in products.stocks.items()]
    for food, said, fuller in kinds:
        refused = [
            (entry.mention.start, entry.mention.end)
            for entry in mentions.left_out
            if entry.mention.meaning.name == fuller
        ]
        for match in said.finditer(text.folded):
            is_refused = any(start < match.end() and match.start() < end for start, end in refused)
            if not is_refused and not NOT_USED.match(text.folded, match.end()):
                yield food, match.start(), match.end()
