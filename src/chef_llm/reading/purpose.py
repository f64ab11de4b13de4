"""Whether somebody asks for dishes, or asks what an allergy is, says thanks, talks of a film.

Logistic regression over short n-grams of characters, trained on requests that people wrote by hand
(`chef_train.purpose`). In doubt it is an order: that a menu comes to who wanted none does no harm.
"""

from collections.abc import Iterator
from typing import Final

from chef_llm.reading.hashed import buckets_of, table
from chef_llm.reading.lexicon import Lexicon
from chef_llm.reading.text import read_text

BUCKETS: Final = 1 << 15
WEIGHTS: Final = "purpose.bin"
# `benchmarks/orders.py`: above this stand nearly half of all talk, and 3 of 788 orders.
NO_ORDER_ABOVE: Final = 0.0
# Below this stand 98 of 100 orders, and a third of all talk.
ORDER_BELOW: Final = -1.5
# Foods and dishes are one character, so that none of them is a reason by itself.
FOOD: Final = "◆"
GRAMS: Final = (1, 2, 3, 4)
# A purpose is told at the beginning and at the end.
LONGEST_READ: Final = 400
END: Final = 14
END_GRAMS: Final = (2, 3, 4)
LENGTHS: Final = (8, 16, 40, 100)


def talk_logit(text: str, lexicon: Lexicon) -> float:
    """Return the logit of a turn being talk: no wish for dishes, or for a change of those proposed.

    `NO_ORDER_ABOVE` and `ORDER_BELOW` part what is talk, what is an order, and what may be either.
    """
    return table(WEIGHTS).logit(features(text, lexicon))


def features(text: str, lexicon: Lexicon) -> set[int]:
    """Return the buckets of all features of a turn."""
    read = _masked(read_text(text).folded[:LONGEST_READ], lexicon)
    return buckets_of(_named(read), BUCKETS)


def _named(read: str) -> Iterator[str]:
    framed = f"^{read}$"
    for length in GRAMS:
        for at in range(len(framed) - length + 1):
            yield framed[at : at + length]
    end = framed[-END:]
    for length in END_GRAMS:
        for at in range(len(end) - length + 1):
            yield f"$ {end[at : at + length]}"
    yield f"# {sum(len(read) >= length for length in LENGTHS)}"


def _masked(folded: str, lexicon: Lexicon) -> str:
    shown: list[str] = []
    place = 0
    while place < len(folded):
        ends = [
            mention.end
            for mention in lexicon.at(folded, place)
            if mention.meaning.kind in ("food", "dish")
        ]
        end = max(ends, default=0)
        if end - place > 1:
            shown.append(FOOD)
            place = end
        else:
            shown.append(folded[place])
            place += 1
    return "".join(shown)
