"""Reads who of those who eat leaves something out: 「パパはトマトだめ、子どもは辛いの無理」.

All of it is left out of everybody's menu; the answer says so.
"""

import re
from typing import Final

from chef_llm.reading.mentions import Mentions
from chef_llm.reading.patterns import PEOPLE, any_of
from chef_llm.reading.text import Text

# Who writes speaks of what he cooks for all.
THE_WRITER: Final = re.compile(r"(?:私|わたし|僕|自分|俺|おれ|うち|全員|みんな|家族)$")
_MORE_PEOPLE: Final = any_of("ぱぱ まま じいじ ばあば 舅 姑 上司 先輩 後輩 赤ちゃん")
# 「パパはトマトだめ」「下の子が卵アレルギーで」: the nearest before the food, in its clause.
WHO: Final = re.compile(
    rf"(?<![一-鿿])(?P<who>(?:うちの|上の|下の|[長次三]男の|義理の)?(?:{PEOPLE}|{_MORE_PEOPLE})(?:たち|さん|ちゃん|くん|君)?)"
    r"(?:\([^)]{1,10}\))?(?:は|が|も|だけ|って|には)[^。\n、はがも]{0,10}$"
)
REACH: Final = 32


def read_by_whom(text: Text, mentions: Mentions) -> tuple[tuple[str, str], ...]:
    """Return (person, food) for what is left out by somebody who is named, in their words."""
    said: dict[tuple[str, str], None] = {}
    for entry in sorted(mentions.left_out, key=lambda one: one.mention.start):
        start = entry.mention.start
        match = WHO.search(text.folded, max(0, start - REACH), start)
        if match and not THE_WRITER.search(match["who"]):
            who = text.words(match.start("who"), match.end("who"))
            said[who, text.words(start, entry.mention.end)] = None
    return tuple(said)
