"""Reads figures of a meal from words: 500kcal以下, 塩分2g未満, たんぱく質25g以上, 鉄分多め.

What has a number and a bound is a limit, which is kept. What is about so much, or is to be high or
low without a number, is an aim: kept where a menu can.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from chef_llm.cookbook.vocabulary import LIMITED, VEGETABLES, Range
from chef_llm.reading.patterns import any_of
from chef_llm.reading.terms import Scopes
from chef_llm.reading.text import Text, right_before
from chef_llm.reading.understood import Found, Understood

# All patterns are matched against folded text.
_A_NUMBER: Final = r"(?=\s?[≧≦<>=:]?\s?\d)"
NAMES: Final[Mapping[str, str]] = {
    "energy_kcal": r"(?:kcal|きろかろりー|かろりー|えねるぎー)",
    "protein_g": rf"(?:たんぱく質?|蛋白質?|たんぱくしつ|ぷろていん|protein|(?<![a-z])p{_A_NUMBER})",
    "salt_g": r"(?:食塩相当量|食塩|塩分|えんぶん|塩|(?<![a-z])salt)",
    "fat_g": rf"(?:脂質|脂肪|(?<![a-z])fat|(?<![a-z])f{_A_NUMBER})",
    "carbohydrate_g": rf"(?:糖質|炭水化物|(?<![a-z])carbs?|(?<![a-z])c{_A_NUMBER})",
    "fibre_g": r"食物(?:繊維|せんい)",
    "calcium_mg": r"かる[しじ]うむ",
    "iron_mg": r"鉄分?",
    VEGETABLES: r"野菜(?:の?(?:量|摂取量))?",
}
_DIGITS: Final = r"(?:\d{1,2},\d{3}|\d{1,4})"
_NUMBER: Final = rf"(?P<number>{_DIGITS}(?:\.\d{{1,2}})?)"
_UNIT: Final = r"\s?(?:kcal|きろかろりー|かろりー|mg|g|ぐらむ|みりぐらむ|きろ)?"
# Between the name and its number: 「塩分は1食」「"kcal": ">=」「たんぱく質:」
_BETWEEN: Final = (
    r"(?:_(?:kcal|g|mg))?[\"'は:をがも・=\s]{0,4}(?P<day>(?:1|一)日(?:あたり|に|で|は)?)?"
    r"(?P<per>(?:1|一)?(?:食|人)(?:あたり|につき|分)?(?:で|は)?)?"
    r"(?:両方|どちらも|どっちも|それぞれ|各)?(?P<sign>[≧≦≥≤<>]=?|=<|=>|~|約|目安(?:は|:)?|ちゃんと|しっかり|最低(?:でも)?|せめて)?[\s\"']{0,2}"
)
_MOST: Final = any_of(
    "以内 以下 未満 まで を?(?:切|超え(?:な|ず)) いか",
    # 「500kcalくらいに抑えた」
    "(?:くらい|ぐらい|程度|ほど|前後)?に?(?:抑|おさえ|収|おさめ|とどめ|留め)",
    r"台 切り 手前 ↓ max [)\]]?以下",
)
_WANTED: Final = (
    "要る い(?:る|ります) 必要 最低 食べたい 超え(?!な|ず) 超(?!え) 欲し ほし とりたい とれる 摂 "
    "死守 ちゃれんじ 確保 きーぷ いける 入れ"
)
_LEAST: Final = rf"(?:以上|(?:は|を|以上)?{any_of(_WANTED)}|から|いじょう|↑|\+|min)"
_TARGET: Final = rf"{_NUMBER}{_UNIT}\s?(?:(?P<most>{_MOST})|(?P<least>{_LEAST}))?"
NUMBERS: Final[Mapping[str, re.Pattern[str]]] = {
    name: re.compile(rf"{words}{_BETWEEN}{_TARGET}") for name, words in NAMES.items()
}
# 「500kcal以内」: the unit says what it is.
ENERGY: Final = re.compile(
    rf"(?P<sign>[≧≦≥≤<>]=?|約)?\s?(?:(?P<low>{_DIGITS})\s?[~〜\-–]\s?|(?P<middle>{_DIGITS})\s?±\s?)?(?<![\d,]){_NUMBER}\s?(?:kcal|きろかろりー|かろりー|きろ(?=で|く|以|ま|台))\s?"
    rf"(?:(?P<most>{_MOST})|(?P<least>{_LEAST})|±\s?(?P<spread>\d{{2,3}}))?"
)
# 「塩だけは気をつけて。1食2.5g以内」: so few grams with a bound are of the salt that was named.
GRAMS_OF_SALT: Final = re.compile(
    rf"(?<![\d.])(?P<day>(?:1|一)日(?:あたり|に|で|は)?)?(?P<per>(?:1|一)?食(?:で|は)?)?(?P<sign>約)?"
    rf"{_NUMBER}g(?:(?P<most>{_MOST})|(?P<least>以上(?=の塩)))"
)
SALT: Final = re.compile(
    r"食塩|塩分|(?<![食岩藻])塩(?!麹|こうじ|鮭|さば|昆布|胡椒|こしょう|だれ|焼|味|気|水|むすび|系|辛|ゆで|揉|も)"
)
OTHER_GRAMS: Final = re.compile(
    "|".join(words for name, words in NAMES.items() if name not in ("energy_kcal", "salt_g"))
)
RANGE_END: Final = re.compile(rf"\s?(?:[~〜\-–]|から)\s?(?P<high>{_DIGITS}(?:\.\d{{1,2}})?)")
SIGNS: Final = {
    **dict.fromkeys(("≦", "≤", "<", "<=", "=<"), "most"),
    **dict.fromkeys(("≧", "≥", ">", ">=", "=>"), "least"),
    **dict.fromkeys(("ちゃんと", "しっかり", "最低", "最低でも", "せめて"), "least"),
}
ABOUT_SIGNS: Final = ("~", "約", "目安", "目安は", "目安:")
A_DAY: Final = re.compile(r"\s?[/／]\s?日")
OF_A_DAY: Final = re.compile(
    r"(?:1|一)日(?:に|の|あたり|分|で)?[^。\n、,]{0,8}$|(?:3|三)食(?:で|合わせて|合計で?)\s?$"
)
# Between two figures of one day: 「1日2000kcal たんぱく質120g」.
STILL_OF_THAT_DAY: Final = re.compile(r"[^。\n食朝昼夜晩夕]{0,12}")
# Eaten already: 「昼に900kcal食べた」.
EATEN: Final = re.compile(
    r"(?:を|は|も)?(?:食べ|食っ|食い|と[っり]|取[っり]|摂[っり]|飲)(?:た(?!い|く)|て(?!お|欲|ほ)|ん|過|すぎ)"
)
# 「350gの3分の1」「350g÷3」: the day's figure, of which a meal gets its share.
A_THIRD: Final = re.compile(
    rf"\s?(?:の|/|÷)?\s?(?:3分の1|三分の一|1/3|(?<=÷)3)\s?(?:の量|ほど|くらい)?"
    rf"(?:(?P<most>{_MOST})|(?P<least>{_LEAST}))?"
)
MEALS_OF_A_DAY: Final = 3
# So much nobody eats at one meal: it is of a day.
OF_NO_MEAL: Final = {"energy_kcal": 1400, "salt_g": 5}
# So far above and below may be what is about so much.
ABOUT: Final = 0.1
# A number that is no figure of a meal: the salt of a day is below it, its energy above.
PLAUSIBLE: Final[Mapping[str, tuple[float, float]]] = {
    "energy_kcal": (100, 3500),
    "protein_g": (3, 150),
    "salt_g": (0.3, 12),
    "fat_g": (2, 120),
    "carbohydrate_g": (5, 400),
    "fibre_g": (1, 40),
    "calcium_mg": (50, 1500),
    "iron_mg": (1, 30),
    VEGETABLES: (20, 700),
}
_A_LOT: Final = (
    r"(?:を|が|は|も|の)?(?:多[めいく]?|しっかり|たっぷり|豊富|補|摂|とれ|とり|取れ|取り|足り|不足)"
)
_LESS: Final = "控え ひかえ 少な すくな 抑え おさえ 減ら へら 低 おふ 制限 かっと かからな"
_LITTLE: Final = rf"(?:を|が|は|も|の)?{any_of(_LESS)}"
# A third of a day for adults (日本人の食事摂取基準 2025): iron 10.5 mg, calcium 650 mg, fibre 21 g;
# fat a fifth of 650 kcal. Half of a day's 350 g of vegetables (健康日本21). Carbohydrate: a bowl of
# rice less than usual; 40 g is what ロカボ calls low, and leaves no room for a staple.
AIMS: Final[tuple[tuple[str, Range, re.Pattern[str]], ...]] = (
    ("iron_mg", (3.5, None), re.compile(rf"鉄分?{_A_LOT}|貧血")),
    ("calcium_mg", (220.0, None), re.compile(rf"かる[しじ]うむ{_A_LOT}|骨を(?:強|丈夫)")),
    ("fibre_g", (7.0, None), re.compile(rf"食物(?:繊維|せんい){_A_LOT}|便秘|お通じ")),
    (
        VEGETABLES,
        (175.0, None),
        re.compile(
            rf"野菜(?:類)?{_A_LOT}|野菜(?:が|を|の|も)?(?:いっぱい|どっさり|もりもり|山盛り|ごろごろ|"
            r"めいん|中心)"
        ),
    ),
    (
        "fat_g",
        (None, 15.0),
        re.compile(
            rf"(?:脂質|脂肪|油|あぶら|脂){_LITTLE}|低脂(?:質|肪)|脂っこくな|油っこくな|"
            r"(?:これすてろーる|中性脂肪)(?:が|の|を|で|も)"
        ),
    ),
    ("carbohydrate_g", (None, 40.0), re.compile(r"糖質(?:制限|おふ|かっと)|ろかぼ|低糖質")),
    ("carbohydrate_g", (None, 70.0), re.compile(rf"(?:糖質|炭水化物){_LITTLE}|血糖値")),
    ("carbohydrate_g", (90.0, None), re.compile(rf"(?:糖質|炭水化物){_A_LOT}")),
)
# Whatever names a figure or an aim of a meal; 「夜は軽く 1日3500kcal」 is of no night.
SAID: Final = re.compile(
    r"(?<!\d)(?<!1日)(?<!一日)(?<!1日の)(?<!一日の)(?<!1日に)(?<!一日に)(?:"
    + "|".join(
        (
            *NAMES.values(),
            rf"(?<!\d){_DIGITS}\s?(?:kcal|きろかろりー)",
            "脂っこく",
            "油っこく",
            "油",
            "脂",
        )
    )
    + ")"
)
# 「卵は1日1個、脂質異常症」: no aim is meant by the name of an illness.
NOT_MEANT: Final = re.compile(
    r"\s?(?:異常|検査|は?気にし(?:な|ませ)|どうでも|い?(?:の?もの|の)?(?:は|も)?(?:避け|減ら|控え|抜き|なし|だめ))"
)


@dataclass(frozen=True)
class Figures:
    """Limits of a meal and aims, by nutrient as (least, most), with the words that said so."""

    limits: Mapping[str, Range] = field(default_factory=dict)
    aims: Mapping[str, Range] = field(default_factory=dict)
    # Those that were said of a day, of which a meal gets a third.
    of_a_day: frozenset[str] = frozenset()
    words: tuple[Found, ...] = ()

    def most(self, nutrient: str) -> float | None:
        """Return the most of a nutrient, whether it must be kept or is aimed at."""
        return {**self.aims, **self.limits}.get(nutrient, (None, None))[1]


def read_figures(text: Text, scopes: Scopes | None = None) -> Figures:
    """Return the figures that a text names for every meal, per person."""
    text = replace(text, folded=scopes.of_all(text.folded, SAID)) if scopes else text
    limits: dict[str, Range] = {}
    aims: dict[str, Range] = {}
    of_a_day: set[str] = set()
    words: list[Found] = []
    # Where the last figure of a day ended.
    day_end: int | None = None
    for name, match in sorted(_numbers(text.folded), key=lambda one: one[1].start()):
        if (figure := _figure(text.folded, name, match, day_end)) is None:
            continue
        if figure.is_of_a_day:
            of_a_day.add(name)
            day_end = match.end()
        ends = figure.ends
        if figure.is_limit:
            limits[name] = ends = _tighter(limits.get(name, (None, None)), ends)
        else:
            aims[name] = ends
        words.append(_found(text, match.start(), figure.end, name, ends))
    for name, ends, pattern in AIMS:
        aim = pattern.search(text.folded)
        if aim and name not in {**limits, **aims} and not NOT_MEANT.match(text.folded, aim.end()):
            aims[name] = ends
            words.append(_found(text, aim.start(), aim.end(), name, ends))
    return Figures(limits, aims, frozenset(of_a_day), tuple(words))


class Figure(NamedTuple):
    """A number of a nutrient as the ends of what is asked for, and where its words end."""

    ends: Range
    is_limit: bool
    is_of_a_day: bool
    end: int


def _figure(folded: str, name: str, match: re.Match[str], day_end: int | None) -> Figure | None:
    """Return what a number asks for, None where it is no figure of a meal."""
    number = _float(match["number"])
    groups = match.groupdict()
    ends: Range
    if groups.get("middle"):
        middle = _float(match["middle"])
        return Figure((middle - number, middle + number), True, False, match.end())
    low, high = PLAUSIBLE[name]
    if not low <= number <= high or _is_passed_over(folded, match):
        return None
    # 「300kcal台」「2g台」: up to the next hundred, or the next gram.
    if match["most"] == "台":
        number += 99 if name == "energy_kcal" else 0.9
    third = A_THIRD.match(folded, match.end())
    is_of_a_day = third is not None or _is_of_a_day(folded, match, day_end)
    is_of_a_day = is_of_a_day or (
        not groups.get("per") and number >= OF_NO_MEAL.get(name, high + 1)
    )
    if groups.get("spread"):
        parts = MEALS_OF_A_DAY if is_of_a_day else 1
        spread = _float(match["spread"]) / parts
        ends = (number / parts - spread, number / parts + spread)
        return Figure(ends, True, is_of_a_day, match.end())
    if is_of_a_day:
        number /= MEALS_OF_A_DAY
    bound = _bound(match, third)
    if name == VEGETABLES and not bound:
        # 「冷凍野菜200g」 are at hand; who names a day or a meal wants so much of them.
        if not is_of_a_day and not match["per"]:
            return None
        bound = "least"
    if name == "salt_g" and not bound and match["sign"] not in ABOUT_SIGNS:
        # Nobody has to eat so much salt.
        bound = "most"
    last = third.end() if third else match.end()
    end = RANGE_END.match(folded, match.end())
    if groups.get("low") and _float(groups["low"]) < number:
        ends = (_float(groups["low"]), number)
    elif end and _float(end["high"]) > number and not bound:
        ends = (number, _float(end["high"]))
    elif bound:
        ends = (None, number) if bound == "most" else (number, None)
    else:
        ends = (number * (1 - ABOUT), number * (1 + ABOUT))
        return Figure(ends, False, is_of_a_day, last)
    return Figure(ends, True, is_of_a_day, last)


def _float(written: str) -> float:
    """Return the number of digits: 1,950."""
    return float(written.replace(",", ""))


def _is_of_a_day(folded: str, match: re.Match[str], day_end: int | None) -> bool:
    """Tell whether a figure is said of a day, itself or after another that was."""
    said = (
        match.groupdict().get("day")
        or right_before(OF_A_DAY, folded, match.start())
        or A_DAY.match(folded, match.end())
    )
    if said or day_end is None or match.groupdict().get("per"):
        return bool(said)
    return STILL_OF_THAT_DAY.fullmatch(folded, day_end, max(day_end, match.start())) is not None


def _bound(match: re.Match[str], third: re.Match[str] | None) -> str | None:
    """Return which end a number is, by the words behind it or by a sign before it."""
    for one in (match, third):
        if one and (one["most"] or one["least"]):
            return "most" if one["most"] else "least"
    return SIGNS.get(match["sign"])


def _numbers(folded: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield every number of a nutrient; a place is read once."""
    taken: list[tuple[int, int]] = []
    for name, pattern in (*NUMBERS.items(), ("energy_kcal", ENERGY)):
        for match in pattern.finditer(folded):
            if not any(start < match.end("number") <= end for start, end in taken):
                taken.append((match.start(), match.end("number")))
                yield name, match
    yield from (("salt_g", match) for match in _grams_of_salt(folded, taken))


def _grams_of_salt(folded: str, taken: Sequence[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """Yield the grams of no nutrient that are of the salt named before them."""
    grams = list(GRAMS_OF_SALT.finditer(folded))
    if not grams:
        return
    read = {end for _, end in taken}
    # What was named last, by where it ends.
    named = sorted(
        [
            *((match.end(), True) for match in SALT.finditer(folded)),
            *((match.end(), False) for match in OTHER_GRAMS.finditer(folded)),
        ]
    )
    for match in grams:
        last = bisect_right(named, (match.start(), True)) - 1
        if last >= 0 and named[last][1] and match.end("number") not in read:
            yield match


def _is_passed_over(folded: str, match: re.Match[str]) -> bool:
    """Tell whether the number counts something else: 「塩小さじ1」「鉄鍋1つ」「塩3つまみ」."""
    between = folded[match.start() : match.start("number")]
    unit = folded[match.end("number") : match.end("number") + 3]
    return (
        "さじ" in between
        or EATEN.match(folded, match.end()) is not None
        or re.match(r"\s?(?:つ|個|人|品|日|回|分|時|円|杯|%|丁|枚)", unit) is not None
    )


def merged(parts: Iterable[Mapping[str, Range]]) -> dict[str, Range]:
    """Return limits put together: of two the tighter holds."""
    together: dict[str, Range] = {}
    for limits in parts:
        for name, ends in limits.items():
            together[name] = _tighter(together.get(name, (None, None)), ends)
    return together


def _tighter(one: Range, other: Range) -> Range:
    least = [end for end in (one[0], other[0]) if end is not None]
    most = [end for end in (one[1], other[1]) if end is not None]
    return max(least, default=None), min(most, default=None)


def _found(text: Text, start: int, end: int, name: str, ends: Range) -> Found:
    written = "〜".join("" if one is None else f"{one:.3g}" for one in ends)
    value = f"{LIMITED[name].label.japanese} {written}{LIMITED[name].unit}"
    return start, Understood("nutrition", value, text.words(start, end))
