"""Reads what the food may cost: 1食400円以内, 予算は1人300円, 3日分で3000円まで, ワンコインで.

An amount is a budget where a word for one stands before it, or a bound or a meal behind it; prices
of what was bought are none. It becomes a limit of one meal, per serving, or of all meals on
average, once the order says for how many it is (`Budget.yen_of_a_serving`).
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from chef_llm.reading.numbers import KANJI_DIGITS
from chef_llm.reading.patterns import any_of
from chef_llm.reading.terms import Scopes
from chef_llm.reading.text import Text, right_before
from chef_llm.reading.understood import Understood

# Of what time it is: one meal, a day, a week, or all that is planned.
Time = Literal["meal", "day", "week", "all"]
TIME_WORDS: Final = {"meal": "1食", "day": "1日", "week": "1週間", "all": "全部"}
DAYS_IN_A_WEEK: Final = 7
# All patterns are matched against folded text.
COIN_YEN: Final = 500
_DIGITS: Final = r"(?<![\d.,])\d{1,3}(?:,\d{3})+|(?<![\d.,])\d{1,6}"
_KANJI: Final = r"[一二三四五六七八九]?[百千万]"
_YEN: Final = r"(?:円|えん(?![どぴ])|\s?yen\b)"
AMOUNT: Final = re.compile(
    # 「¥350」 is a sum as 「350円」 is.
    rf"(?P<coin>わんこいん)|(?:(?P<sign>[¥￥]\s?)?(?P<digits>{_DIGITS})(?P<unit>[千万])?|(?P<kanji>{_KANJI}))"
    rf"(?P<yen>{_YEN})?(?P<about>台)?"
)
KANJI_UNITS: Final = {"百": 100, "千": 1000, "万": 10_000}
# 「【予算】1000円」「食費は週に5000円」: words for it, in the same clause.
_NAMES: Final = any_of(
    "予算 食費 食材費 材料費 材料代 食材代 費用 こすと 金額 会費 残金 財布 所持金 手持ち 軍資金",
    "(?<![a-z])budget(?:_yen)?",
)
NAMED: Final = re.compile(rf"{_NAMES}[^。\n]*$")
# 「金額=2200まで」: then the number needs no 円.
NAMED_RIGHT_BEFORE: Final = re.compile(
    rf"{_NAMES}(?:の?残り)?[】\]\s=:はが\"']{{0,4}}(?:\d{{1,2}}人で|全部で|合計|1回)?$"
)
# 「1日400円、」「3品ぜんぶで500円」: who says for what it is to do needs no bound.
SHARED_RIGHT_BEFORE: Final = re.compile(
    r"(?:(?:1|一)(?:日|食|人)(?:分|前|あたり)?|合計|全部|ぜんぶ|(?<![毎今来先])週|(?<![\d一-鿿])(?:1|一)?週間|残り|あと)(?:で|に|は|が)?$"
)
# Money for what is lacking beside the food that is there; a menu's price counts that, too.
FOR_THE_REST: Final = re.compile(r"買い?足[しす][^。\n]{0,6}$")
_ABOUT: Final = r"(?:くらい|ぐらい|程度|ほど|前後|ちょうど)?"
_BOUND: Final = any_of(
    "以内 以下 未満 まで 内 いかん いない いか",
    "ぽっきり きっかり ぴったり あれば しか(?:な[いくか]|使え|出せ|残って|持って)",
    r"(?:に|で)?(?:抑|おさえ|収|おさめ) を?(?:切|超え(?:な|ず)|こえ(?:な|ず)) (?:が|を)?上限",
)
_MEAL: Final = any_of(
    "(?:夕|昼|朝|晩|夜)(?:食|飯|ご?はん|ご飯) お?弁当 らんち でぃなー",
    "献立 めにゅー ごはん ご飯 食事 料理 れしぴ おかず 主菜 副菜 作 つく できる",
)
BOUNDED: Final = re.compile(
    rf"{_ABOUT}(?:{_BOUND}|(?:まで)?出(?:す|せ|し(?:て|ま))|(?:の|な)?{_MEAL}|で(?![すしあも]))"
)
# What it cost, and what there is to have at a price: no budget.
OF_A_PRICE: Final = re.compile(
    rf"(?:分)?{_ABOUT}(?:以上|(?:を|も)?(?:超|越|こ)え(?:た|て(?!は)|る)|から|玉|札|引|おふ|均一|しょっぷ|せーる|も?(?:した|する)|"
    r"だった|でした|もしな|で(?:つい|山盛|これ|どっさり)|(?:で|に)?(?:値|安|特売|買|購入|売|手に入|げっと|もら)|の(?:肉|魚|野菜|ぱっく|豚|鶏|牛))"
)
_ONE: Final = r"(?<![\d一二三四五六七八九十月])(?:1|一)"
A_PERSON: Final = re.compile(rf"(?:{_ONE}人|ひとり)(?!暮|ぐらし)|各自|/人")
# 「ふたりで一食500円」 is of both.
TOGETHER: Final = re.compile(r"(?:[2-9二三四五六]人|ふたり|夫婦|家族|みんな|全員)で[^。\n、]{0,6}$")
A_MEAL: Final = re.compile(rf"{_ONE}(?:食|個|折|箱|膳)|毎食|{_ONE}回の?食事|/食")
# (pattern, time): the one nearest to the amount holds.
TIMES: Final[tuple[tuple[re.Pattern[str], Time], ...]] = (
    (re.compile(r"合計|全部|ぜんぶ|とーたる|合わせて|総額|全体|すべて"), "all"),
    (re.compile(r"(?:[2-9二三四五六七八九]|\d{2})\s?(?:日|食)(?:分|間|で)"), "all"),
    (re.compile(r"(?<!\d)(?:1|一)?週間?|/週"), "week"),
    (re.compile(rf"{_ONE}日|毎日|日に|/日"), "day"),
)
# What a piece or a weight costs is a price: 「100g150円以下の肉」「1パック120円で」.
PRICE_RIGHT_BEFORE: Final = re.compile(
    r"(?:\d\s?g|(?:[1一]|ひと)(?:ぱっく|袋|本|玉|束|匹|尾|枚|切れ|丁|缶|きろ|kg))(?:あたり|当たり|で|が|、)?\s?$"
)
# What is left has to do for all that is planned.
ALL_THERE_IS: Final = re.compile(
    r"(?:残り|あと)(?:は|が|[:\s])*$|(?:残金|財布|所持金|手持ち|軍資金)[^。\n]*$"
)
# 「500円で一日三食」
A_DAY_BEHIND: Final = re.compile(r"で(?:1|一)日(?:三食|3食|分)")
# Of the menu before: 「もっと安くならない？」「もう少し節約したい」「ちょっと高いな」,
# and no 「豚こまが安くなってた」 or 「塩分が高すぎる」.
_LESS: Final = any_of(
    r"(?<!一番)(?<!いちばん)(?<!最も)安く(?=$|[。、!?]|し(?!たら)|な(?:ら|り(?:ま(?:せ|す)|そう))|でき|作|上が|あが|お願|まと|抑|おさ|なる?\?)",
    "安く(?:て)?(?:すむ|済む|すま|済ま)(?!順) 安め 安上がり (?<!代)節約(?!じゃ|術)",
    "安い(?:の|もの|もん|やつ|献立|料理|食材|主菜|おかず)",
    "(?:予算|食費|費用|材料費|こすと)[はがを]?(?:おーばー|超え|下げ|抑|おさえ|減ら|足り|だうん)",
    "(?:予算|食費|家計)が(?:きびしい|厳しい|きつい)(?!ので|から|し|けど)",
    "お金[をがはも]?かか(?:ら|り(?:すぎ|過ぎ))",
    "(?:値段|価格)[をがは]?(?:下げ|抑|おさえ|もう少し|もっと)",
)
_DEAR: Final = (
    r"(?:(?:^|[。、!?\n])\s?(?:(?:ちょっと|少し|さすがに|これ|それ|値段|材料費|うちには)[はが]?)*|値段が?|材料費が?)"
    r"(?:お?高(?:い(?:です)?(?=[なねかよわ。、!?]|$|です|ので|から|もう|もっと)|すぎ|過ぎ|くない(?:\?|です|か)|くつ[くい]))"
)
LESS: Final = re.compile(rf"{_LESS}|{_DEAR}")
CLAUSE_END: Final = re.compile(r"[。\n]")
# So much of a clause is looked at before each number, that a text of numbers is read in time.
LONGEST_CLAUSE: Final = 200
# So far before an amount and behind it stands what it is of.
REACH: Final = 14
REACH_BEHIND: Final = 5
# What nobody means by a budget.
LEAST_YEN: Final = 30


@dataclass(frozen=True)
class Budget:
    """An amount in yen, and for whom and how long it is to do."""

    yen: float
    time: Time = "meal"
    of_one_serving: bool = False
    start: int = 0
    words: str = ""

    @property
    def is_of_the_plan(self) -> bool:
        """Whether it is for several days together, of which one may cost more than another."""
        return self.time in ("week", "all")

    def yen_of_a_serving(self, servings: float, meals_of_a_day: int, meals: int) -> float:
        """Return the yen that a serving of one meal may cost, where `meals` are planned in all.

        Where the meals are not all for as many, `servings` is their mean.
        """
        # One day is a seventh of a week; more of them are what the week's money is for (平日5日).
        of_a_week = DAYS_IN_A_WEEK * meals_of_a_day if meals == meals_of_a_day else meals
        shared_by = {"meal": 1, "day": meals_of_a_day, "week": of_a_week, "all": meals}[self.time]
        return self.yen / shared_by / (1 if self.of_one_serving else servings)

    @property
    def understood(self) -> Understood:
        """What was understood, for the answer."""
        whom = "1人分" if self.of_one_serving else "人数分"
        value = f"{TIME_WORDS[self.time]}・{whom}{self.yen:g}円以内"
        return Understood("budget", value, self.words)


def asks_for_less(folded: str) -> bool:
    """Tell whether a menu is to cost less than the one before."""
    return LESS.search(folded) is not None


def read_budget(text: Text, scopes: Scopes | None = None) -> Budget | None:
    """Return the budget that a text names, the last where there are several.

    What may be spent on a single day is none of all: 「毎日1000円以内、金曜は1500円まで」.
    """
    found = None
    for match in AMOUNT.finditer(text.folded):
        nearby = text.folded[max(0, match.start() - LONGEST_CLAUSE) : match.start()]
        before = CLAUSE_END.split(nearby)[-1]
        bounded = BOUNDED.match(text.folded, match.end())
        is_bare = not (match["yen"] or match["coin"] or match["sign"])
        named = (NAMED_RIGHT_BEFORE if is_bare else NAMED).search(before)
        if not is_bare:
            named = named or SHARED_RIGHT_BEFORE.search(before)
        if _yen(match) < LEAST_YEN or OF_A_PRICE.match(text.folded, match.end()):
            continue
        if FOR_THE_REST.search(before) or PRICE_RIGHT_BEFORE.search(before):
            continue
        if scopes and scopes.places.count > 1 and scopes.at(*match.span()).days is not None:
            continue
        if named or match["coin"] or (bounded and not is_bare):
            found = _budget(text, match, before, bounded.end() if bounded else match.end())
    return found


def _budget(text: Text, match: re.Match[str], before: str, end: int) -> Budget:
    behind = text.folded[match.end() : match.end() + REACH_BEHIND]
    # 「ひとり150円×5人=750円」: what another amount is of.
    around = before[-REACH:].rpartition("円")[2] + (behind if behind.startswith(("/", "(")) else "")
    is_of_a_meal = A_MEAL.search(around) is not None
    is_of_all = right_before(TOGETHER, before, len(before)) is not None
    times = [(one.end(), time) for pattern, time in TIMES for one in pattern.finditer(around)]
    if not times and ALL_THERE_IS.search(before):
        times.append((0, "all"))
    if A_DAY_BEHIND.match(text.folded, match.end()):
        times.append((len(around), "day"))
    return Budget(
        yen=_yen(match),
        time="meal" if is_of_a_meal or not times else max(times)[1],
        of_one_serving=(is_of_a_meal and not is_of_all) or A_PERSON.search(around) is not None,
        start=match.start(),
        words=text.words(match.start(), end),
    )


def _yen(match: re.Match[str]) -> float:
    if match["coin"]:
        return COIN_YEN
    if match["kanji"]:
        digit, unit = match["kanji"][:-1], match["kanji"][-1]
        yen = KANJI_DIGITS.get(digit, 1) * KANJI_UNITS[unit]
    else:
        yen = int(match["digits"].replace(",", "")) * KANJI_UNITS.get(match["unit"] or "", 1)
    # 「300円台」: up to the next hundred.
    step = 1000 if yen >= 1000 else 100  # noqa: PLR2004
    return yen + step - 1 if match["about"] else yen
