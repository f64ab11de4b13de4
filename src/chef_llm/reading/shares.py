"""Reads what only some days are for: 和食3日・洋食2日, 魚を週2回, 揚げ物は週1まで, 火曜は魚."""

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from chef_llm.cookbook.vocabulary import MEALS
from chef_llm.reading.days import MOST_DAYS, read_days
from chef_llm.reading.lexicon import Meaning, Mention
from chef_llm.reading.mentions import Mentions
from chef_llm.reading.numbers import number_of
from chef_llm.reading.order import Share, ShareKind
from chef_llm.reading.rotations import JOINT, Item, Shared, bare_cuisines, read_bare, read_turns
from chef_llm.reading.styles import STYLES
from chef_llm.reading.terms import Scopes
from chef_llm.reading.text import Text, right_before
from chef_llm.reading.week import Places

# All patterns are matched against folded text.
_NUMBER: Final = r"(?:\d{1,2}|[一二三四五六七])"
_TIMES: Final = r"(?:日|回|食|度|晩|(?=[:、,で。\n)まを]|$))(?!目|前|後|分)"
_DAYS: Final = rf"(?:{_NUMBER}日のうち|週に?|[1一]週間に)?\s?(?P<count>{_NUMBER})\s?{_TIMES}"
_MOST: Final = r"(?:まで|以内|以下|だけに|が限度|が上限|を?超え(?:な|ず))"
_LEAST: Final = r"(?:以上|は(?:必ず|欲し|ほし|入れ|食べ)|は?少なくとも)"
# 「和食を3日」「魚は週2回」「揚げ物:1まで」
BEHIND: Final = re.compile(
    rf"(?:料理|もの|類|系|のおかず|の日)?\s?(?:[をはがも:：=…・×]|>=|≧|≥|(?P<at_most><=|≦|≤|は?(?:多くて(?:も)?|せいぜい)))?\s?(?:最低(?:でも)?|少なくとも|必ず|せめて|だいたい|大体)?\s?{_DAYS}(?:(?P<most>{_MOST})|(?P<only>だけ|のみ)|(?P<least>{_LEAST}))?"
)
# 「週2回は魚」「3日は和食で」
BEFORE: Final = re.compile(
    rf"(?:週に?)?(?P<count>{_NUMBER})(?:日|回|食|晩)(?:分|ほど|くらい)?(?:は|を|だけ|に)\s?(?:お)?$|"
    rf"(?:[日回]のうち|どこか|どっか)(?:で)?(?P<of_all>{_NUMBER})(?:日|回|食|晩)(?:は|だけ)?[^。、\n]{{0,12}}$"
)
# 「2日に1回は魚」「1日おきに魚」
EVERY: Final = re.compile(
    rf"(?:(?P<every>{_NUMBER})日に[1一](?:回|度)(?:は|くらい|ぐらい|くらいは)?|"
    r"[1一]日(?:おき|置き)(?:くらい|ぐらい)?(?:に|で))\s?$"
)
WHAT_IS_LEFT: Final = re.compile(
    r"(?:残り|のこり|あと|ほか|他|それ以外)(?:の?(?:[1-9一二三四五六]?日|平日))?は\s?"
    r"(?:しっかり|がっつり|全部|ぜんぶ|みんな|なるべく|だいたい)?$"
)
# 「鮭は土曜の夜に」「揚げ物は火曜だけ」「魚の日を火曜と金曜に固定」
# So many names of days behind a food are looked at: a week, and some by the way.
MOST_DAYS_BEHIND: Final = 12
TO_ITS_DAY: Final = re.compile(r"[^。、\nはをも]{0,10}[はをも][^。、\n]{0,16}$")
ON_THAT_DAY: Final = re.compile(
    r"(?:の?[朝昼夜晩])?(?:だけ|(?=[、。])|に(?!は|来|な[るっ])|で(?:半分|使)|(?:使|つか)[うお]|食べ(?:る|た[いく]|て)|回す)"
)
# 「魚多め」, 「和食中心」: on half of the days at least.
MUCH: Final = re.compile(
    r"(?:料理|のおかず)?(?:を|は|が)?(?:多め|多く|中心|めいん(?!に使)|よく食べ)"
)
OFTEN: Final = frozenset({"魚", "魚介", "肉", "鶏肉", "豚肉", "牛肉", "豆腐", "大豆", "卵", "麺"})
# 「2枚を1枚ずつ」「明日とあさってに半分ずつ」「半分は今夜、半分は明日」: of one food some each day.
PORTIONED: Final = re.compile(
    r"(?:半分|半量|(?:\d{1,3}|[一二三四五六])\s?(?:枚|切れ|きれ|匹|尾|本|個|玉|丁|ぱっく|袋|缶|g|ぐらむ))ずつ|"
    r"半分(?:は|を)[^。、\n]{1,8}、\s?(?:残り(?:の半分)?|半分)(?:は|を)"
)
# 「月曜はつまみっぽいのはなし」「木曜は辛いもの以外で」
REFUSED: Final = re.compile(
    r"(?:っぽい|い|な)?(?:料理|もの|もん|やつ|系|の)?(?:は|を|も)?(?:なし|抜き|い?らな|要らな|避け|やめ|だめ|駄目|以外|ng|控え)"
)
FOR_EACH_PERSON: Final = re.compile(r"(?:[1一]人|ひとり|各自|それぞれの皿)(?:に|、|あたり)?$")
REACH: Final = 24
# What is no wish of a whole menu, and may be of some days.
NO_WISH_OF_ALL: Final = {"魚料理": "魚", "ご飯": "米", "米": "米"}
METHODS: Final = frozenset({"揚げる", "炒める", "煮る", "蒸す"})


def read_shares(
    text: Text, mentions: Mentions, meals: Sequence[str], places: Places | None = None
) -> tuple[Shared, ...]:
    """Return what only some days or `meals` are for; what is for all of them is no share.

    `places` are the days of a plan that was answered, where the text is of that plan.
    """
    scopes = Scopes(text.folded, read_days(text.folded) or 1, meals, places)
    cuisines = [mention for mention in mentions.named if mention.meaning.kind == "cuisine"]
    items = [
        Item(mention, *kind_and_value)
        for mention in sorted({*mentions.wished, *cuisines}, key=lambda one: one.start)
        if (kind_and_value := _what(mention))
    ]
    bare = bare_cuisines(text.folded)
    in_turn = [*read_turns(text, items, scopes), *read_turns(text, bare, scopes)]
    taken = {one.mention for one in in_turn}
    found = [*in_turn, *([] if in_turn else read_bare(text, bare, cuisines, scopes))]
    for item in items:
        if item.mention not in taken:
            share = _share(text, item, scopes) or _often(text, item)
            found += [Shared(share, item.mention)] if share else []
    found += _portioned(text, items, scopes)
    count = places.count if places else days_in_all(text, found) or 1
    found += _of_what_is_left(text, items, found, count)
    shares = [
        one
        for one in found
        if one.share.is_bound or one.share.most is not None or one.share.least < count
    ]
    return (*shares, *_in_turn(text, cuisines, found, count), *_styles(text, mentions, scopes))


def _portioned(text: Text, items: Sequence[Item], scopes: Scopes) -> Iterator[Shared]:
    """Yield the foods of which some is for each day: 「鮭が4切れ、火曜と金曜に2切れずつ」.

    They are wished for besides, and may be to be used up.
    """
    for match in PORTIONED.finditer(text.folded) if scopes.places.count > 1 else ():
        before = [one for one in items if one.kind == "food" and one.mention.end <= match.start()]
        if not before or right_before(FOR_EACH_PERSON, text.folded, match.start()):
            continue
        days = scopes.at(*match.span()).days or range(1, scopes.places.count + 1)
        words = text.words(*match.span())
        value = before[-1].value
        share = Share("food", value, 1, days=tuple(sorted(days)), words=words)
        yield Shared(share, Mention(*match.span(), Meaning("ordinary", value)))


def _of_what_is_left(
    text: Text, items: Sequence[Item], found: Sequence[Shared], days: int
) -> list[Shared]:
    """Return what the days are for that are left of the shares: 「残りは洋食」."""
    shared = {one.mention for one in found}
    named = {day for one in found for day in one.share.days}
    left = days - sum(one.share.least for one in found if not one.share.is_bound) - len(named)
    # 「木曜だけ魚、あとは肉で」 is of each of the others.
    are_all = all(one.share.days for one in found)
    others = tuple(day for day in range(1, days + 1) if day not in named) if are_all else ()
    return [
        Shared(
            Share(item.kind, item.value, 1 if others else left, days=others, words=words),
            item.mention,
        )
        for item in items
        if found and left > 0 and item.mention not in shared
        if right_before(WHAT_IS_LEFT, text.folded, item.mention.start)
        if not text.folded.startswith("か", item.mention.end)
        if (words := text.words(item.mention.start, item.mention.end))
    ]


def _styles(text: Text, mentions: Mentions, scopes: Scopes) -> Iterator[Shared]:
    """Yield how single days and meals are to be: 「月曜は軽め、火曜はがっつり」「夜は軽く」.

    「木曜は辛いもの抜き」 is none.
    """
    if scopes.places.count == 1 and len(scopes.meals) == 1:
        return
    refused = {
        place
        for entry in mentions.left_out
        for place in range(entry.mention.start, entry.mention.end)
    }
    for style, pattern in STYLES.items():
        for match in pattern.finditer(text.folded):
            if match.start() in refused or REFUSED.match(text.folded, match.end()):
                continue
            if share := _bound(text, "style", style, match.span(), scopes):
                yield Shared(share, Mention(*match.span(), Meaning("ordinary", style)))


def _bound(
    text: Text, kind: ShareKind, value: str, place: tuple[int, int], scopes: Scopes
) -> Share | None:
    """Return what is said of single days or meals alone, None where it is said of all."""
    scope = scopes.at(*place)
    if scope.is_of_all:
        return None
    start, end = place
    if scope.days:
        first = max(one.start for one in scopes.mentions if one.end <= start)
        start = first if end - first <= REACH else start
    return Share(
        kind,
        value,
        1,
        days=tuple(sorted(scope.days or ())),
        words=text.words(start, end),
        meals=tuple(meal for meal in MEALS if meal in (scope.meals or ())),
    )


def days_in_all(text: Text, found: Sequence[Shared]) -> int | None:
    """Return for how many days a text asks, None where it does not say.

    「和食3日・洋食2日」 are five.
    """
    cuisines = [one.share.least for one in found if one.share.kind == "cuisine"]
    of_cuisines = sum(cuisines) if len(cuisines) > 1 else 0
    return max(read_days(text.folded) or 0, min(of_cuisines, MOST_DAYS)) or None


def _in_turn(
    text: Text, cuisines: Sequence[Mention], found: Sequence[Shared], days: int
) -> Iterator[Shared]:
    """Yield even shares where several cuisines are named for several days, and no numbers."""
    names = dict.fromkeys(mention.meaning.name for mention in cuisines)
    if len(names) < 2 or days < 2 or any(one.share.kind == "cuisine" for one in found):  # noqa: PLR2004
        return
    for mention in cuisines:
        words = text.words(mention.start, mention.end)
        share = Share("cuisine", mention.meaning.name, days // len(names), words=words)
        yield Shared(share, mention)


def _what(mention: Mention) -> tuple[ShareKind, str] | None:
    """Return what a share of a mention would be of."""
    meaning = mention.meaning
    if meaning.kind == "cuisine":
        return "cuisine", meaning.name
    if meaning.kind == "dish" or meaning.is_served_so:
        return ("method", meaning.name) if meaning.name in METHODS else ("dish", meaning.name)
    wish = meaning.wish or NO_WISH_OF_ALL.get(meaning.name)
    return ("food", wish) if wish else None


def _share(text: Text, item: Item, scopes: Scopes) -> Share | None:
    folded = text.folded
    mention, kind, value = item
    before = folded[max(0, mention.start - REACH) : mention.start]
    if behind := BEHIND.match(folded, mention.end):
        count = number_of(behind["count"])
        words = text.words(mention.start, behind.end())
        most = count if behind["most"] or behind["at_most"] else None
        least = 0 if most is not None else count
        return Share(kind, value, least, count if behind["only"] else most, words=words)
    if share := _bound(text, kind, value, (mention.start, mention.end), scopes):
        return share
    if days := _days_behind(folded, mention, scopes):
        words = text.words(mention.start, days[1])
        return Share(kind, value, 1, days=tuple(sorted(days[0])), words=words)
    if every := EVERY.search(before):
        words = text.words(mention.start - len(every[0]), mention.end)
        count = max(1, scopes.places.count // number_of(every["every"] or "2"))
        return Share(kind, value, count, words=words)
    if ahead := BEFORE.search(before):
        words = text.words(mention.start - len(ahead[0]), mention.end)
        return Share(kind, value, number_of(ahead["count"] or ahead["of_all"]), words=words)
    return None


def _days_behind(
    folded: str, mention: Mention, scopes: Scopes
) -> tuple[frozenset[int], int] | None:
    """Return the days that stand behind what is theirs, and where they end."""
    found: frozenset[int] = frozenset()
    end = mention.end
    first = bisect_left(scopes.mentions, end, key=lambda one: one.start)
    for place in range(first, min(first + MOST_DAYS_BEHIND, len(scopes.mentions))):
        one = scopes.mentions[place]
        is_next = TO_ITS_DAY if end == mention.end else JOINT
        if one.start < end or not is_next.fullmatch(folded, end, one.start):
            continue
        found |= scopes.days_of(one) or frozenset()
        end = one.end
        if ON_THAT_DAY.match(folded, end):
            return (found, end) if found else None
    return None


def _often(text: Text, item: Item) -> Share | None:
    """Return the share of what there is to be much of, where a menu is of several days."""
    mention, kind, value = item
    much = MUCH.match(text.folded, mention.end)
    days = read_days(text.folded) or 1
    if much is None or days == 1 or not (kind == "cuisine" or value in OFTEN):
        return None
    return Share(kind, value, math.ceil(days / 2), words=text.words(mention.start, much.end()))
