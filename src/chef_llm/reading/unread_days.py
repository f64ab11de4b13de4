"""Finds what is said of single days or meals and was not read, so that the answer can say it.

What is read of such a clause, but for all days (a food that is left out, a tool), is said, too: it
is kept on more days than it was meant for.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Final

from chef_llm.reading.terms import Scopes
from chef_llm.reading.text import Text
from chef_llm.reading.understood import Found
from chef_llm.reading.wanted_days import is_unwanted
from chef_llm.reading.week import COMMA, GOES_ON, DayMention

# What a clause begins with, behind the name of its day, that says nothing of it.
BEGINNING: Final = re.compile(
    r"(?:の|は|が|も|だけ|のみ|に|を|と|から|まで|以降|[:=→|・…\s()「」【】\]\[○◎☑■-]|曜日?|"
    r"(?:[朝昼夜晩夕](?:食|飯|ご飯|ごはん|めし)?|お?弁当|らんち))*"
)
# Nothing that a plan could keep: as on any other day, or asked for politely.
PLAIN: Final = re.compile(
    r"(?:\d{1,2}/\d{1,2}|普通|ふつう|通常|(?:なん|何)でも|おまかせ|お?任せる?|特に|とくに|なし|同じ|普段|ふだん|いつも|"
    r"お願い|おねがい|頼|たの|ください|下さい|ほし|欲し|考え|決め|教え|作っ|組[んみ]|埋め|分|ぶん|です|ます|で|を|の|も|か|"
    r"ね|よ|わ|な|し|て|が|に|は|と|いい|良い|よろしく|ok|どおり|通り|献立|めにゅー|ご飯|ごはん|回|日間?|食|人|[\d\s、,・:/()「」?!ー。-])*"
)
# What is kept for one day alone where it is said of one; of all others it holds for all days.
OF_SINGLE_DAYS: Final = frozenset({"share", "meal"})
LONGEST: Final = 24


def read_unread_days(text: Text, scopes: Scopes, read: Iterable[Found]) -> Iterator[str]:
    """Yield the words for single days that nothing was made of, or that hold for all days now."""
    found = sorted((place, one.kind) for place, one in read)
    for mention in scopes.mentions:
        if scopes.days_of(mention) is None or is_unwanted(text.folded, mention):
            continue
        end = _end_of(text.folded, mention)
        begin = BEGINNING.match(text.folded, mention.end, end)
        start = begin.end() if begin else mention.end
        if PLAIN.fullmatch(text.folded, start, end):
            continue
        first = bisect_left(found, (mention.start, ""))
        last = bisect_left(found, (end, ""))
        kinds = {kind for _, kind in found[first:last]}
        if not kinds & OF_SINGLE_DAYS or kinds - OF_SINGLE_DAYS:
            yield text.words(mention.start, min(end, mention.start + LONGEST))


def _end_of(folded: str, mention: DayMention) -> int:
    """Return where the clause of a day ends: at the comma that begins something new."""
    end = mention.end
    for comma in COMMA.finditer(folded, mention.end, mention.reach):
        clause = folded[end : comma.start()].strip()
        if clause and not GOES_ON.search(clause):
            return comma.start()
        end = comma.end()
    return mention.reach
