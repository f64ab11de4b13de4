"""Reads what days take turns with: 鶏と豚を1日ずつ, 肉→魚→豆腐の順, 和を3日と洋を1日."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from chef_llm.reading.lexicon import Meaning, Mention
from chef_llm.reading.numbers import number_of
from chef_llm.reading.order import Share, ShareKind
from chef_llm.reading.terms import Scopes
from chef_llm.reading.text import Text
from chef_llm.reading.week import is_plan_of_a_day

# All patterns are matched against folded text.
_NUMBER: Final = r"(?:\d{1,2}|[一二三四五六七])"
JOINT: Final = re.compile(r"(?:料理|もの|類|系|派?の日|派)?\s?(?:と|、|・|/|,|や|→|⇒|->|>)?\s?")
# 「鶏・豚・牛を1回ずつ」「和洋中を一日ずつ」
EACH: Final = re.compile(
    rf"(?:料理|もの|類)?\s?[をでがは]?\s?(?:それぞれ|各)?\s?(?P<count>{_NUMBER})(?:日|回|晩|食|度)?ずつ"
)
IN_ORDER: Final = re.compile(r"(?:料理)?\s?の?順")
# 「肉と魚を交互に」「豚・鶏を1日おき」: each in its turn, again and again.
BY_TURNS: Final = re.compile(
    r"(?:料理|もの|派)?(?:の日)?\s?[をでがは]?\s?(?:交互|かわりばんこ|代わる代わる|ろーてーしょん|"
    r"[1一]日(?:おき|置き)|順繰り|順番に(?!出))"
)
# A cuisine by its one character is read where a number, a list or a day tells so; 「中1」
# is a grade at school.
BARE: Final = re.compile(r"(?<![一-鿿a-z])[和洋中韓]{1,5}(?![一-鿿])|(?<=[和洋中韓])[和洋中韓]")
COUNT: Final = re.compile(
    rf"\s?[をがは:×x]?\s?(?P<count>{_NUMBER})(?:日|回|食|晩|(?=くらい|[\s、。,:・/で和洋中韓]|$))"
)


@dataclass(frozen=True)
class Shared:
    """A share of the days, and the mention that it was read from."""

    share: Share
    mention: Mention


class Item(NamedTuple):
    """Something that days may take turns with."""

    mention: Mention
    kind: ShareKind
    value: str


def bare_cuisines(folded: str) -> list[Item]:
    """Return the cuisines that are named by their one character."""
    return [
        Item(Mention(place, place + 1, Meaning("cuisine", folded[place])), "cuisine", folded[place])
        for run in BARE.finditer(folded)
        for place in range(run.start(), run.end())
    ]


def read_turns(text: Text, items: Sequence[Item], scopes: Scopes) -> Iterator[Shared]:
    """Yield what lists tell of turns: so many days each, or one after the other."""
    for group in _groups(text.folded, items):
        end = group[-1].mention.end
        words = text.words(group[0].mention.start, end)
        if each := EACH.match(text.folded, end):
            for item in group:
                count = number_of(each["count"])
                yield Shared(Share(item.kind, item.value, count, words=words), item.mention)
        elif scopes.places.count > 1 and BY_TURNS.match(text.folded, end):
            for turn, item in enumerate(group):
                days = tuple(range(turn + 1, scopes.places.count + 1, len(group)))
                share = Share(item.kind, item.value, 1, None, days, words)
                yield Shared(share, item.mention)
        elif len(group) <= scopes.places.count and IN_ORDER.match(text.folded, end):
            for day, item in enumerate(group, 1):
                share = Share(item.kind, item.value, 1, None, (day,), words)
                yield Shared(share, item.mention)


def read_bare(
    text: Text, cuisines: Sequence[Item], others: Sequence[Mention], scopes: Scopes
) -> Iterator[Shared]:
    """Yield the shares of cuisines that stand by one character: 「和を4日、洋を3日」「水は和」.

    `others` are those that stand by their names: 「和食3、洋1、中華1」.
    """
    counts = {
        item: number_of(count["count"])
        for item in cuisines
        if (count := COUNT.match(text.folded, item.mention.end))
    }
    named = {one.meaning.name for one in others if COUNT.match(text.folded, one.end)}
    if len(named.union(item.value for item in counts)) > 1:
        for item, days_of_it in counts.items():
            words = text.words(item.mention.start, item.mention.end)
            yield Shared(Share("cuisine", item.value, days_of_it, words=words), item.mention)
        return
    for item in cuisines:
        start, end = item.mention.start, item.mention.end
        days = scopes.at(start, end).days if is_plan_of_a_day(text.folded, start, end) else None
        if days:
            words = text.words(start, end)
            share = Share("cuisine", item.value, 1, None, tuple(sorted(days)), words)
            yield Shared(share, item.mention)


def _groups(folded: str, items: Sequence[Item]) -> Iterator[list[Item]]:
    """Yield the lists of two or more items of one kind that nothing but joints part."""
    group: list[Item] = []
    for item in [*items, None]:
        if item and group and item.kind == group[-1].kind and _is_joined(folded, group[-1], item):
            group.append(item)
            continue
        if len(group) > 1:
            yield group
        group = [item] if item else []


def _is_joined(folded: str, one: Item, other: Item) -> bool:
    return JOINT.fullmatch(folded, one.mention.end, other.mention.start) is not None
