"""What is done in the steps of a recipe, act by act: by the cook, or by itself, and on what.

A step is parted where it names minutes. What the minutes are for is told by the next verb (煮る,
おく), what a dish stands on by the last words for it (フライパン, レンジ) that no other ones (盛る,
ざる) took it from. Texts are matched in NFKC.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chef_llm.cookbook.tools import ALTERNATIVE, FIRE, KNIFE, RICE_COOKER, STOVE, TOOLS

MINUTES_IN_AN_HOUR: Final = 60
SECONDS_IN_A_MINUTE: Final = 60
# docs/cookbook.md: 一晩 = 8 hours, 半日 = 6.
NIGHT_MINUTES: Final = 480
HALF_DAY_MINUTES: Final = 360
# What cooks for less is stood by; what browns in an open pan is looked at sooner.
LEAST_ALONE_MINUTES: Final = 2
LEAST_BROWNING_MINUTES: Final = 4
# What coming to the boil, or cooling, counts beside words of handiwork, which count by length.
COUNTED_AS_LETTERS: Final = 24
MACHINES: Final = ("電子レンジ", "トースター", "オーブン", "魚焼きグリル", RICE_COOKER)

# 「2分の1」「ゆで上がる3分前に」「5分おきに」「表示より1分長く」「はじめの2分は」 are no times.
DURATION: Final = re.compile(
    r"(?<!はじめの)(?<!最初の)(?<!最後の)(?<![\d/.])"
    r"(?:(?P<hours>\d+)時間(?P<half_hour>半)?(?:(?P<rest>\d+)分)?"
    r"|(?:\d+(?:分半?)?[〜~-])?(?P<minutes>\d+)分(?P<half>半)?(?:(?P<and_seconds>\d+)秒)?"
    r"|(?:\d+[〜~-])?(?P<seconds>\d+)秒"
    r"|(?P<half_day>半日)(?:(?:[〜~]|から)(?:一|ひと)晩)?|(?P<night>(?:一|ひと)晩))"
    r"(?!の[\d一二三四五]|前に|おきに|ごと|[長短]く|早[くめ])"
)
BOTH_SIDES: Final = re.compile("(?:両面|片面|表裏|各面)[^、。]{0,4}$")
EACH: Final = re.compile("(?:ほど|くらい)?ずつ")
# What is done only where it is not yet done: 「赤い所があれば20秒ずつ加熱し」.
IF_NEEDED: Final = re.compile("(?:あれば|なければ|ときは|場合は)[^、。]*$")
# The first verb behind the minutes tells what they are for.
VERBS: Final[Mapping[str, str]] = {
    "rests": "お(?:い[てた]|く|き(?!に))|さら[すしせ]|(?<!を)つけ|浸[すしけ]|漬[けか]|戻[すし]|"
    "水[きけ切]り|冷や|冷ま|さま[すしせ]|[ね寝]かせ|休ませ|なじませ|蒸ら[すし]|含ませ|砂を?抜|塩抜き|乾か",
    "simmers": "煮|ゆで|蒸し?|炊",
    "browns": "焼",
    "by_hand": "炒|揚げ|練|からめ|いり|煎|とば|温め|加熱|熱[しす]",
    "cold": "混ぜ|こす|も[むみ]|たた|洗|こね",
}
VERB: Final = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in VERBS.items()))
ENDING: Final = re.compile("[ぁ-ん]{0,3}")
# What a machine does, and a time without a verb.
OF_MACHINES: Final = frozenset({"", "焼", "加熱", "温め", "炊", "蒸", "蒸し", "熱し"})
# Simmering that is stood by.
WATCHED: Final = re.compile(
    "(?:混ぜ|返し|転がし|かけ|揺すり|ゆすり|ほぐし|取り)ながら"
    "|からめ|煮つめ|煮詰|炒り煮|いり煮|絶えず"
)
# 「ときどき底から混ぜながら」
NOW_AND_THEN: Final = re.compile("(?:ときどき|時々)[^、。]{0,12}ながら")
LID: Final = re.compile("ふた|蒸し焼き|弱火|ホイル")
# Comes to the boil, or cools, by itself, for as long as it takes.
BOILS: Final = re.compile(
    "煮立(?!てな|てず|たせ|たな|つ直前)|沸騰(?!させ)|沸か|わかし|蒸気の上が|湯気が"
)
COOLS: Final = re.compile("冷ま(?!した)|さます|さまし|粗熱|冷め|自然に")
# What is off the fire then.
OFF: Final = re.compile(
    "火を止|火から|取り出|ざる|器に|皿に|碗に|ボウル|バット|冷水|水にと|水に取|湯をき|湯を捨|盛|あえ|"
    "敷|包み|包む|粗熱|冷ま|さま|水気|水け|食べ|すりおろ|まぶ|を作る"
)
ON_THE_FIRE: Final = re.compile(
    rf"{TOOLS['フライパン'].pattern}|{TOOLS['鍋'].pattern}|圧力鍋|{FIRE.pattern}"
)
# Cooked before all work, and not counted (docs/cookbook.md): the rice that ご飯 stands for.
UNCOUNTED: Final = re.compile("調理時間に含め|炊いておく")
# How it is packed and kept is no work for the table.
ADVICE: Final = re.compile("弁当|保存|持ち歩|日以内")
SENTENCE: Final = re.compile("[^。]+")
CLAUSE: Final = re.compile("[^、。（）()]+")


@dataclass(frozen=True)
class Act:
    """What is done in a step (numbered from 1), by the cook or `is_alone`.

    `minutes` are those that are named; else it weighs as its `letters` do. `station` is コンロ (a
    burner), one of MACHINES, or None. What `cools` is no longer hot then; what is `uncounted` is
    done before all work.
    """

    step: int
    is_alone: bool
    station: str | None
    minutes: float | None = None
    letters: int = 0
    cools: bool = False
    uncounted: bool = False


def read_acts(steps: Sequence[str]) -> list[Act]:
    """Return what is done in the steps of a recipe, in order, at least one act for each."""
    return list(_Reader(steps).acts())


class _Reader:
    """Reads steps in order; `station` is what the dish stands on at each place."""

    def __init__(self, steps: Sequence[str]) -> None:
        self.steps = steps
        self.station: str | None = None
        # What heated it last: 「再びラップをかけて50秒加熱し」.
        self.machine: str | None = None

    def acts(self) -> Iterator[Act]:
        for number, written in enumerate(self.steps, start=1):
            step = unicodedata.normalize("NFKC", written)
            step = ALTERNATIVE.sub(lambda match: match["first"], step)
            if UNCOUNTED.search(step):
                yield Act(number, is_alone=False, station=None, minutes=0.0, uncounted=True)
                continue
            sentences = [text for text in SENTENCE.findall(step) if not ADVICE.search(text)]
            found = [act for text in sentences for act in self._sentence(number, text)]
            yield from found or [Act(number, is_alone=False, station=None, letters=len(step))]

    def _sentence(self, number: int, text: str) -> Iterator[Act]:
        begun = 0
        times = [
            time for time in DURATION.finditer(text) if not IF_NEEDED.search(text[: time.start()])
        ]
        for place, time in enumerate(times):
            yield from self._unnamed(number, text[begun : time.start()])
            until = times[place + 1].start() if place + 1 < len(times) else len(text)
            verb = VERB.search(text, time.end())
            if verb:
                words = text[begun : max(until, verb.end())]
                ending = ENDING.match(text, verb.end(), until)
                begun = ending.end() if ending else until
            else:
                # 「普通に炊く（約45分）」
                verb = next(reversed(list(VERB.finditer(text, begun, time.start()))), None)
                words, begun = text[begun:until], time.end()
            yield self._named(number, _minutes(text, time), verb, words)
        yield from self._unnamed(number, text[begun:])

    def _named(self, number: int, minutes: float, verb: re.Match[str] | None, words: str) -> Act:
        """Return what is done in so many minutes, by its verb and the words around it."""
        kind, does = (verb.lastgroup, verb[0]) if verb else (None, "")
        if kind == "rests":
            self.station = None
            return Act(number, is_alone=True, station=None, minutes=minutes)
        is_of_before = self.station is None and does == "加熱"
        machine = self.machine if is_of_before else self.station
        browns_in_a_microwave = machine == "電子レンジ" and kind == "browns"
        if machine in MACHINES and does in OF_MACHINES and not browns_in_a_microwave:
            return Act(number, is_alone=True, station=machine, minutes=minutes)
        if kind in ("simmers", "browns", "by_hand"):
            is_rice = does == "炊" and self.station is None
            self.station = RICE_COOKER if is_rice else STOVE
        is_alone = minutes >= LEAST_ALONE_MINUTES and not WATCHED.search(
            NOW_AND_THEN.sub("", words)
        )
        if kind == "browns" and not LID.search(words):
            is_alone = is_alone and minutes >= LEAST_BROWNING_MINUTES
        return Act(number, is_alone and kind in ("simmers", "browns"), self.station, minutes)

    def _unnamed(self, number: int, text: str) -> Iterator[Act]:
        """Yield what is done in no named time."""
        for clause in CLAUSE.findall(text):
            self._move(clause)
            if self.station == STOVE and BOILS.search(clause):
                yield Act(number, is_alone=True, station=STOVE, letters=COUNTED_AS_LETTERS)
            elif self.station is None and COOLS.search(clause):
                yield Act(
                    number, is_alone=True, station=None, letters=COUNTED_AS_LETTERS, cools=True
                )
            else:
                station = STOVE if self.station == STOVE else None
                yield Act(number, is_alone=False, station=station, letters=len(clause))

    def _move(self, clause: str) -> None:
        """Take the dish on the heat or off it, as the last words of a clause say."""
        off = max(_last(OFF, clause), _last(KNIFE, clause))
        machine = next((name for name in MACHINES if _last(TOOLS[name], clause) > off), None)
        if machine:
            self.station = self.machine = machine
        elif _last(ON_THE_FIRE, clause) > off:
            self.station = STOVE
        elif off >= 0:
            self.station = None


def _last(pattern: re.Pattern[str], text: str) -> int:
    """Return where the last match of a pattern begins, -1 where there is none."""
    return max((match.start() for match in pattern.finditer(text)), default=-1)


def _minutes(text: str, time: re.Match[str]) -> float:
    """Return the minutes that are named; of a range the longer, of both sides twice as much."""
    if time["night"]:
        return NIGHT_MINUTES
    if time["half_day"]:
        return HALF_DAY_MINUTES
    hours = int(time["hours"] or 0) + (0.5 if time["half_hour"] else 0)
    minutes = int(time["minutes"] or time["rest"] or 0) + (0.5 if time["half"] else 0)
    seconds = int(time["seconds"] or time["and_seconds"] or 0)
    total = hours * MINUTES_IN_AN_HOUR + minutes + seconds / SECONDS_IN_A_MINUTE
    is_twice = EACH.match(text, time.end()) and BOTH_SIDES.search(text[: time.start()])
    return total * 2 if is_twice else total
