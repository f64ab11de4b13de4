"""Reads what every meal of a plan is to be of: 「朝食をパンで5日分」「毎晩魚」「昼は麺がいい」."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from chef_llm.reading.mentions import Mentions
from chef_llm.reading.shares import OFTEN
from chef_llm.reading.text import Text

# What a meal stands on, beside rice, which it has unless something else is asked for.
STAPLES: Final = frozenset(
    {"食パン", "フランスパン", "ロールパン", "麺", "うどん", "そうめん", "そば", "中華麺"}
    | {"スパゲッティ", "ビーフン", "フォー", "オートミール", "餅"}
)
FOODS: Final = OFTEN | {"木綿豆腐", "青魚", "白身魚", "納豆"}
# Behind a food, in folded text: it is what the meals are to be of.
OF_ALL: Final = re.compile(
    r"(?:料理|類|もの)?(?:派|系|縛り|づくし|尽くし|おんりー|固定|中心|めいん|べーす|希望|統一"
    r"|(?:だけ|のみ|ばかり|ばっかり)(?:で|に|が|を|の)|で(?!き|も|は|す(?!か)|、?(?:余|安))"
    r"|の(?:[朝昼夕晩夜](?:食|飯|ご飯|ごはん)|らんち|献立|毎日)"
    r"|が(?:いい|良い|ええ)|食(?:[がでの、。]|$)|に(?:して|した|しよう))"
)
# Before it: 「毎日」「3日とも」.
EVERY: Final = re.compile(
    r"(?:毎[日朝昼晩夜食回]|全部|ぜんぶ|ずっと|全[日食]|すべて|どの日も|[2-9二三四五六七]日とも)"
    r"(?:の?[朝昼夕晩][食飯]?(?:ご飯|ごはん)?)?[はもを、]?\s?$"
)
LONGEST_BEFORE: Final = 14
# 「パンでなくても」「麺でもいい」, 「1回はパンで」
NOT_OF_ALL: Final = re.compile(
    r"(?:たま|時々|ときどき|[1-9一二三]\s?[日回食度](?:は|だけ|くらい|ぐらい|に))[^。、\n]{0,6}$"
)


def read_of_every_meal(
    text: Text, mentions: Mentions, names: Collection[str], at_hand: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield a food that every meal is to have, with its words: of `names`, those wished for.

    One staple, or the only food that is asked for. What is there may be used up by one meal.
    """
    staples = [name for name in names if name in STAPLES]
    for mention in mentions.wished:
        name = mention.meaning.wish
        if name is None or name not in names or name in at_hand:
            continue
        if staples != [name] and not (list(names) == [name] and name in FOODS):
            continue
        before = text.folded[max(0, mention.start - LONGEST_BEFORE) : mention.start]
        if NOT_OF_ALL.search(before):
            continue
        if EVERY.search(before) or OF_ALL.match(text.folded, mention.end):
            yield name, text.words(mention.start, mention.end)
            return
