"""Finds what a request asks for and an order has no place for yet, so that it can be said.

A part that is read into the order one day leaves this table.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chef_llm.reading.lexicon import Mention
from chef_llm.reading.mentions import Mentions
from chef_llm.reading.servings import MOST_SERVINGS, read_people
from chef_llm.reading.text import Text
from chef_llm.reading.understood import UnderstoodKind

_NUMBER: Final = r"(?:\d[\d,.]{0,9}|[一二三四五六七八九十百千]{1,9})"
_TOOL: Final = (
    r"(?:電子れんじ|れんじ|とーすたー|ふらいぱん|鍋|炊飯器|ih|こんろ|おーぶん|ぐりる|"
    r"ほっとぷれーと|けとる|圧力鍋|えあふらいやー|みきさー|包丁|火|がす)"
)
# No diet of the cookbook looks at these (`styles.DIETS` has salt, protein and energy).
_NUTRIENT: Final = (
    r"(?:食物(?:繊維|せんい)|鉄分?|かるしうむ|かるしゅうむ|葉酸|亜鉛|びたみん[a-z]?|みねらる|かりうむ|"
    r"炭水化物|糖質|ぷりん体|これすてろーる)"
)
_A_LOT: Final = (
    r"(?:を|が|は|も|の)?(?:多[めいく]?|しっかり|たっぷり|豊富|補|摂|とれ|とり|取れ|取り|足り|不足)"
)
_LITTLE: Final = (
    r"(?:を|が|は|も|の)?(?:控えめ?|ひかえめ?|少なめ?|すくなめ?|抑え|おさえ|減ら|へら|低め)"
)
COURSES: Final = "品数や組み合わせ"
PROPOSALS: Final = "案の数"
EACH_PROPOSAL: Final = "案ごとの指定"
FIGURES: Final = "栄養の目安"
EACH_DAY: Final = "日ごとの指定"
AGE: Final = "年齢"
MANY_PEOPLE: Final = f"{MOST_SERVINGS}人より多い人数"
SPARING: Final = "控えめにすること"
TOOLS: Final = "使える道具"
SWEET: Final = "おやつ"
PARTS: Final = "野菜のどの部分か"
# So many of one kind are told with their words.
MOST_TOLD: Final = 3
# What stands behind a food: 「肉は少なめで」「麺は週2までに」; 「魚を週2回」 is a wish.
SPARINGLY: Final = re.compile(
    r"(?:類|もの|系)?(?:[はをがも]|だけは)?[^。\n、,はがを]{0,4}?"
    r"(?:少な[めくい]|すくなめ|控えめ?|ひかえめ?|減ら|へら|抑え|おさえ|ほどほど|"
    r"(?:週に?)?(?:\d{1,2}|[一二三四五六七])(?:回|日|食|個)?(?:まで|以内|以下|だけ))"
)
RATHER: Final = re.compile(r"(?:類|もの|系)?(?:なんか|とか)?より(?:は|も)?(?!多|たくさん|いっぱい)")
# Health authorities warn of each: campylobacter, hepatitis E, E. coli. 「生の鶏肉がある」 is none.
_MEAT: Final = r"(?:鶏|とり|豚|ぶた|れば[ーぁ]?|鹿|猪|いのしし|じびえ|ひき肉)"
RAW_MEAT: Final = re.compile(
    rf"{_MEAT}肉?の?(?:刺し|刺身|ゆっけ|わさ(?!び)|たたき(?!ごぼう))|"
    rf"{_MEAT}肉?(?:[をはも]|って)?(?:生で|生のまま|半生で)[食喰いたイ]"
)
# What it is called, and how it is told in folded text.
PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    "予算": re.compile(
        rf"予算(?=[^。\n]{{0,12}}(?:{_NUMBER}|少|低|厳|余裕|安|内で))[^。\n、]{{0,12}}|{_NUMBER}円(?!分?で買|玉|も?した|だった)[^。\n、]{{0,6}}|"
        rf"{_NUMBER}(?:えん|\byen)\b|わんこいん"
    ),
    "栄養の数値": re.compile(
        rf"(?:塩分?|食塩|たんぱく質|蛋白質?|糖質|脂質|炭水化物|野菜|食物繊維|p)[^。\n、]{{0,6}}?"
        rf"{_NUMBER}\s?(?:g|ぐらむ)(?:以[上下内]|未満|まで|くらい|程度|は|を|\b)|"
        rf"{_NUMBER}\s?(?:kcal|きろかろりー|かろりー)[^。\n、]{{0,4}}|糖質(?:制限|おふ|控え|少な|を?減ら)"
    ),
    FIGURES: re.compile(
        rf"{_NUTRIENT}{_A_LOT}|(?:{_NUTRIENT}|脂(?:質|肪|分)?|油|糖分|砂糖|飽和脂肪酸?){_LITTLE}"
    ),
    TOOLS: re.compile(
        rf"{_TOOL}(?:が|は|も|を|ひとつ|一つ|1つ|1口|一口)?(?:だけ|のみ|しか|ない|なし|無し|使わ|使え|壊れ|"
        rf"一つで|1つで|ひとつで|1台)[^。\n、]{{0,6}}|{_TOOL}(?:で(?!き|も|火)|か{_TOOL})|"
        r"れんちん|わんぱん|火を?使わ|火な[しく]"
    ),
    COURSES: re.compile(
        r"[1-9一二三四五六]品(?!目)|一汁[一二三]菜|汁物?(?:は|も)?(?:なし|無し|不要|いら|要ら|抜き)|"
        r"(?:主菜|副菜|おかず|汁物|さらだ)(?:だけ|のみ|を?[2-9二三四五](?:つ|品|種))|"
        r"主食(?:は)?(?:なし|いら|不要|抜き)|ご飯(?:は)?(?:なし|いらな|抜き)"
    ),
    PROPOSALS: re.compile(
        r"[2-9二三四五六]\s?(?:案|ぱたーん|通り|つの?候補|択)|候補を[2-9二三四五]"
    ),
    # 「和・洋・中で1案ずつ」「安く済む案とちょっと贅沢な案」「2案（肉1、魚1）」
    EACH_PROPOSAL: re.compile(
        r"[^。\n、]{1,16}(?:1|一|ひと)案ずつ|(?:1|一)案は[^。\n]{1,16}|"
        r"[^。\n、]{1,8}[ぁ-ん]案と[^。\n]{1,12}[ぁ-ん]案|[2-4二三四]案\([^)\n]{2,}\)"
    ),
    EACH_DAY: re.compile(
        r"週(?:に)?[1-7一二三四五](?:回|日|まで)|(?:魚|肉|麺|揚げ物|ぱん)[はを]?[1-7一二三四五六](?:日|回)|"
        r"1日おき|一日おき|日替わり|[1一]日ずつ"
    ),
    # What an age decides stands in `conditions.toml`; of all others it is said here.
    AGE: re.compile(
        r"(?<![\d一-十])(?:[6-9]|[1-5]\d|6[0-4]|[六七八九]|[一二三四五]?十[一-九]?)\s?(?:歳|才(?!能))"
    ),
    SWEET: re.compile(
        r"(?:おやつ(?!の時間に食|に食べて)|でざーと|すいーつ)"
        r"(?!(?:は|も|を)?\s?(?:なし|いら|要ら|い?りません|不要|抜き|やめ|結構))"
    ),
    "表の形": re.compile(r"表(?:形式|組み)|(?<![裏一-鿿])表(?:で|に(?:し|まと))(?!現)"),
    # The cookbook has a few desserts; what is baked it has not.
    "焼き菓子": re.compile(
        r"お菓子(?:を?作|づくり|が?作|を[1-9一二三])|焼き菓子|くっきー|(?<!ほっと)けーき(?!みっくす|は買)|ちょこれーとを"
    ),
}


@dataclass(frozen=True)
class NotConsidered:
    """One thing that was asked for and is in no order: what it is called, and its words."""

    name: str
    words: str


# What of the order has to be understood so that a part is not missing.
UNDERSTOOD_AS: Final[Mapping[str, UnderstoodKind]] = {
    "予算": "budget",
    "栄養の数値": "nutrition",
    FIGURES: "nutrition",
    TOOLS: "tools",
    COURSES: "roles",
    PROPOSALS: "proposals",
    EACH_DAY: "share",
}


def read_what_is_not_considered(  # noqa: PLR0913  # all that is told
    text: Text,
    mentions: Mentions,
    kinds: Collection[UnderstoodKind],
    *,
    has_sweet: bool = False,
    unread_days: Sequence[str] = (),
    parts: Sequence[str] = (),
) -> Iterator[NotConsidered]:
    """Yield what an order has no place for, each kind once, less the `kinds` that were understood.

    `unread_days` are the words for single days that nothing was made of, `parts` those for parts of
    vegetables (キャベツの芯).
    """
    first: dict[str, str] = {}
    for name, pattern in PATTERNS.items():
        match = pattern.search(text.folded)
        if has_sweet and name == SWEET:
            continue
        if match and UNDERSTOOD_AS.get(name) not in kinds:
            first[name] = text.words(match.start(), match.end()).strip()
    if unread_days:
        first[EACH_DAY] = "、".join(unread_days[:MOST_TOLD])
    if parts:
        first[PARTS] = "、".join(parts[:MOST_TOLD])
    people = read_people(text.plain)
    if people is not None and people > MOST_SERVINGS:
        first[MANY_PEOPLE] = f"{people}人分"
    sparing = (mention for mention in mentions.wished if is_sparing(text, mention))
    is_said = first.keys() & {EACH_DAY, FIGURES} or {"share", "nutrition"} & {*kinds}
    if not is_said and (mention := next(sparing, None)):
        limit = SPARINGLY.match(text.folded, mention.end)
        first[SPARING] = text.words(mention.start, limit.end() if limit else mention.end)
    yield from (NotConsidered(name, words) for name, words in first.items())


def is_sparing(text: Text, mention: Mention) -> bool:
    """Tell whether there should be little of a food, or seldom: it is no wish for it."""
    return SPARINGLY.match(text.folded, mention.end) is not None


def is_outdone(text: Text, mention: Mention) -> bool:
    """Tell whether another food is preferred to it: 「肉より魚がいい」 is no wish for meat."""
    return RATHER.match(text.folded, mention.end) is not None


def read_raw_meat(text: Text) -> str | None:
    """Return the words that ask for meat that is not cooked through; none of it is served."""
    match = RAW_MEAT.search(text.folded)
    return text.words(match.start(), match.end()) if match else None
