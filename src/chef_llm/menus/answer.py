"""Reads the chef's free-text answer: an opening line, a line per dish, one tip."""

import re
from dataclasses import dataclass
from typing import Final

# 料理 stands in the place of a role when one recipe was asked for.
DISH_LINE: Final = re.compile(r"(主食|主菜|副菜|汁物|料理)\s*[:：]\s*(\S.*)")
TIP_LINE: Final = re.compile(r"ポイント\s*[:：]\s*(\S.*)")


@dataclass(frozen=True)
class Answer:
    """A parsed answer; `dishes` are (role, dish name) in order, as the model wrote them."""

    title: str
    dishes: tuple[tuple[str, str], ...]
    tip: str | None

    @property
    def summary(self) -> str:
        """The opening line and the dish lines: what a later prompt holds of this answer."""
        return "\n".join([self.title, *(f"{role}: {name}" for role, name in self.dishes)])


def parse_answer(text: str) -> Answer:
    """Parse what the model wrote, with or without recipe cards behind it.

    Lines of any other form are passed over; text without a dish line has no dishes.
    """
    title, tip = "", None
    dishes: list[tuple[str, str]] = []
    for line in map(str.strip, text.splitlines()):
        if match := DISH_LINE.match(line):
            dishes.append((match[1], match[2]))
        elif match := TIP_LINE.match(line):
            tip = match[1]
            break
        elif not title and not dishes:
            title = line
    return Answer(title, tuple(dishes), tip)
