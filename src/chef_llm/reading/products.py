"""Reads which kind of a product somebody uses: 「だしは顆粒です」, 「みそはだし入りです」."""

import re
from typing import Final

from chef_llm.cookbook.model import Products
from chef_llm.reading.mentions import Mentions
from chef_llm.reading.text import Text

# Behind the words, in folded text: they are not what is used. In doubt they are.
NOT_USED: Final = re.compile(
    r"[」)]?(?:の?もの)?(?:を|は|も|が|では|じゃ|で)?"
    r"(?:使わ(?:ない(?!と)|ず)|使いません|使ってい?(?:ない|ません)|使えない|使いたくな|"
    r"ない(?!と)|ありません|なし|無し|抜き|不使用|以外|禁止|ng|切ら|やめ)"
)


def read_products(text: Text, mentions: Mentions, products: Products) -> frozenset[str]:
    """Return the foods of which the kind that holds more is used."""
    left_out = [(entry.mention.start, entry.mention.end) for entry in mentions.left_out]
    words = {food: kind.said for food, kind in products.plain.items()}
    words |= {food: stock.said for food, stock in products.stocks.items()}
    return frozenset(
        food
        for food, said in words.items()
        if any(
            not NOT_USED.match(text.folded, match.end())
            and not any(start < match.end() and match.start() < end for start, end in left_out)
            for match in said.finditer(text.folded)
        )
    )
