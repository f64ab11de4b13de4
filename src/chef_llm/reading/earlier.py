"""Reads the menu of an earlier answer, as it stands in the conversation's own text.

A line for each dish, under headers that name its day and meal. Nothing is stored.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from chef_llm.cookbook import Cookbook, Dish
from chef_llm.cookbook.model import fold
from chef_llm.cookbook.vocabulary import MEALS, Role
from chef_llm.reading.free_text import Reading
from chef_llm.reading.order import Slot
from chef_llm.reading.week import MEAL, WEEKDAYS, Key, day_mentions

# 「【1日目 夕食】」「【土曜 夕食】」「【案1】」, a day before its dishes, or by itself in its line.
HEADER: Final = re.compile(
    r"【案(?P<proposal>\d)】|【(?P<label>[^】]{1,16})】|(?P<head>[^\s:：【】]{1,6})(?:\s+(?P<of>[^\s:：]{1,3}))?\s+(?=(?:主食|主菜|副菜|汁物|料理)\s*[:：])|"
    rf"(?P<line>(?:\d{{1,2}}日目|[{WEEKDAYS}]曜日?)(?:\s?の?[朝昼夕夜晩]食?)?)[:：]?$"
)
BY_ONE_CHARACTER: Final = re.compile(rf"^[{WEEKDAYS}](?=[\s朝昼夕夜晩]|$)")
_ROLE: Final = r"(?P<role>主食|主菜|副菜|汁物|料理)\s*[:：]\s*"
DISH: Final = re.compile(
    rf"\s*{_ROLE}(?P<name>\S.*?)\s*(?=\s(?:主食|主菜|副菜|汁物|料理)\s*[:：]|$)"
)
# In the opening line of an answer: 「2人分の夕食です」「冷めてもおいしいお弁当です」.
NAMED_MEAL: Final = re.compile(rf"(?P<meal>{'|'.join(MEALS)})(?=です|を|の献立|、|は|[。\s]|$)")
DISHES_BELOW: Final = re.compile(r"(?:主食|主菜|副菜|汁物|料理)\s*[:：]")
# What several dishes are called, and no name of one.
KINDS: Final = (
    "さらだ",
    "すーぷ",
    "みそ汁",
    "味噌汁",
    "ごはん",
    "の煮物",
    "の炒め",
    "炒め物",
    "和え物",
)
LEAST_PART: Final = 3


@dataclass(frozen=True)
class Line:
    """A line of a menu: `dish` is None where the cookbook has none of that name."""

    role: Role
    name: str
    dish: Dish | None

    def holds(self, food: str, words: str, cookbook: Cookbook) -> bool:
        """Tell whether a food, as it is called in `words`, is in the dish or its name."""
        if words in fold(self.name):
            return True
        return self.dish is not None and cookbook.uses(self.dish, food)


@dataclass(frozen=True)
class Earlier:
    """A menu as it stands in an answer, line by line."""

    meals: Mapping[Slot, tuple[Line, ...]]
    is_proposals: bool
    names_its_meal: bool = True
    # The days of the week, where the headers name them.
    weekdays: tuple[int, ...] = ()

    def of_meal(self, asked: Sequence[str]) -> "Earlier":
        """Return the menu, of the meal that was asked for where it does not name its own."""
        if self.names_its_meal or len(asked) != 1:
            return self
        return replace(
            self, meals={Slot(slot.day, asked[0]): lines for slot, lines in self.meals.items()}
        )


def read_earlier(answer: str, cookbook: Cookbook) -> Earlier | None:
    """Return the menu of an earlier answer, None where there is none of dishes that are known."""
    named = NAMED_MEAL.search(DISHES_BELOW.split(answer, 1)[0])
    slot = Slot(1, named["meal"] if named else "夕食")
    meals: dict[Slot, list[Line]] = {}
    is_proposals, is_named = False, named is not None
    numbers: dict[Key, int] = {}
    for line in answer.splitlines():
        start = 0
        if header := HEADER.match(line.strip()):
            is_proposals = is_proposals or header["proposal"] is not None
            label = fold(
                header["label"] or f"{header['head'] or header['line']} {header['of'] or ''}"
            )
            meal = MEAL.search(label) if header["proposal"] is None else None
            is_named = is_named or meal is not None
            day = _number_of_day(label, numbers) if header["proposal"] is None else None
            number = int(header["proposal"] or day or slot.day)
            if header["proposal"] or day or meal:
                slot = Slot(number, (meal.lastgroup if meal else None) or slot.meal)
                start = line.find(header[0]) + header.end() if header["head"] else start
        for match in _dishes_of_line(line, start):
            dish = cookbook.dishes.get(match["name"])
            # A recipe stands under no role.
            role = dish.role if dish else next((r for r in Role if r == match["role"]), Role.MAIN)
            meals.setdefault(slot, []).append(Line(role, match["name"], dish))
    if not any(line.dish for lines in meals.values() for line in lines):
        return None
    read = {slot: tuple(lines) for slot, lines in meals.items()}
    weekdays = tuple(key.number for key in numbers if key.kind == "week")
    are_all = len(weekdays) == max(slot.day for slot in read)
    return Earlier(
        read, is_proposals, names_its_meal=is_named, weekdays=weekdays if are_all else ()
    )


def _number_of_day(label: str, numbers: dict[Key, int]) -> int | None:
    """Return the number of the day that a header names: 「3日目」, or 「日曜」 as the second."""
    # 「【土】」, where no other day stands by which one character is believed.
    mentions = day_mentions(BY_ONE_CHARACTER.sub(r"\g<0>曜", label))
    if len(mentions) != 1 or len(mentions[0].keys) != 1:
        return None
    key = mentions[0].keys[0]
    if key.kind == "nth":
        return key.number if key.number > 0 else None
    return numbers.setdefault(key, len(numbers) + 1)


def _dishes_of_line(line: str, start: int) -> Iterator[re.Match[str]]:
    """Yield the dishes of a line that begins with a course: 「主菜: 鮭の塩焼き 副菜: 白あえ」."""
    while match := DISH.match(line, start):
        if not match["name"].startswith("なし"):
            yield match
        start = match.end()


def named_lines(
    folded: str, lines: Sequence[Line], last: Reading
) -> Iterator[tuple[Line, int, int]]:
    """Yield the dishes of a meal that a text names, and where their name or a part of it stands.

    The part is one that no other dish of the meal has, and no food that is asked for.
    """
    foods = [fold(one.words) for one in last.understood if one.kind == "ingredient"]
    names = [fold(line.name) for line in lines]
    for line, name in zip(lines, names, strict=True):
        others = [other for other in names if other != name]
        for part in _parts(name):
            if any(part in other for other in (*others, *foods, *KINDS)):
                continue
            place = folded.find(part)
            if place >= 0:
                yield line, place, place + len(part)
                break


def _parts(name: str) -> Iterator[str]:
    """Yield the parts of a name, the longest first; 「煮」 is in any sentence."""
    for length in range(len(name), LEAST_PART - 1, -1):
        yield from (name[start : start + length] for start in range(len(name) - length + 1))
