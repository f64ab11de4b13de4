"""What is wrong in the files of a cookbook, said so that whoever wrote them finds it."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from pydantic import ValidationError

# pydantic's kinds of error, as they are told to cooks.
WANTED: Final[Mapping[str, str]] = {
    "missing": "がありません",
    "extra_forbidden": "という項目はありません。つづりを確かめてください",
    "literal_error": "に使えるのは {expected} です",
    "enum": "に使えるのは {expected} です",
    "string_type": "は文字列にしてください",
    "string_pattern_mismatch": "は {pattern} の形にしてください",
    "tuple_type": "はリスト […] にしてください",
    "frozen_set_type": "はリスト […] にしてください",
    "model_type": 'は ["食材", 1人分のg, "分量"] の形にしてください',
    "too_short": "は{min_length}個以上にしてください",
    "too_long": "は{max_length}個以下にしてください",
    "int_type": "は整数にしてください",
    "int_parsing": "は整数にしてください",
    "int_from_float": "は整数にしてください",
    "float_type": "は数にしてください",
    "float_parsing": "は数にしてください",
    "finite_number": "は有限の数にしてください",
    "greater_than": "は{gt}より大きい数にしてください",
    "greater_than_equal": "は{ge}以上の数にしてください",
    "less_than": "は{lt}より小さい数にしてください",
    "less_than_equal": "は{le}以下の数にしてください",
}
HIRAGANA_ALONE: Final = "はひらがなと「ー」だけで書いてください"
DISH_HEAD: Final = re.compile(r"^\s*\[\[\s*dish\s*\]\]", re.MULTILINE)
TOML_PLACE: Final = re.compile(r"^(?P<what>.*?) \(at (?:line (?P<line>\d+), column \d+|end .*)\)$")
LONGEST_SHOWN: Final = 40


class CookbookError(Exception):
    """The cookbook's data is wrong; each of `faults` names file, line, and dish or ingredient."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Where:
    """A place in a file: its line, from 1, and the dish or ingredient that it is about."""

    file: str
    line: int | None = None
    name: str | None = None

    def __str__(self) -> str:
        line = "" if self.line is None else f":{self.line}"
        return f"{self.file}{line}: " + (f"{self.name}: " if self.name else "")


class Faults:
    """Collects what is wrong, so that all of it can be mended at once."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, where: Where, reason: str) -> None:
        """Note one fault."""
        self.found.append(f"{where}{reason}")

    @contextmanager
    def noted(
        self, where: Where, line_of: Callable[[str], int | None] | None = None
    ) -> Iterator[None]:
        """Note what is wrong with the values of a block; `line_of` knows the line of a field."""
        try:
            yield
        except ValidationError as error:
            for field, reason in of_values(error):
                line = line_of(field) if line_of else where.line
                self.add(Where(where.file, line, where.name), reason)
        except ValueError as error:
            self.add(where, str(error))

    def require_none(self) -> None:
        """Raise `CookbookError` with all that was noted, if anything was."""
        if self.found:
            raise CookbookError(*self.found)


@dataclass(frozen=True)
class DishLines:
    """Finds the lines of a file of dishes, which its parsed tables know nothing of."""

    text: str

    def line(self, number: int, pattern: str = "") -> int | None:
        """Return the first line of the dish of that number, from 0, in which a pattern is found.

        Where it is nowhere in the dish, that is the dish's own line.
        """
        heads = self._heads
        if number >= len(heads):
            return None
        end = heads[number + 1] if number + 1 < len(heads) else len(self.text)
        first = self.text.count("\n", 0, heads[number]) + 1
        lines = self.text[heads[number] : end].splitlines()
        found = (count for count, line in enumerate(lines) if re.search(pattern, line))
        return first + next(found, 0)

    @cached_property
    def _heads(self) -> list[int]:
        """Where each dish begins; looked for once, for every dish is asked after."""
        return [match.start() for match in DISH_HEAD.finditer(self.text)]


def of_toml(error: tomllib.TOMLDecodeError) -> tuple[int | None, str]:
    """Return line and reason of a file that is no TOML."""
    place = TOML_PLACE.match(str(error))
    line = int(place["line"]) if place and place["line"] else None
    return line, f"TOMLとして読めません（{place['what'] if place else error}）"


def of_values(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Yield the field of each wrong value, and what is wanted there."""
    for one in error.errors():
        field = str(one["loc"][0]) if one["loc"] else ""
        yield field, f"{'.'.join(map(str, one['loc']))} {_wanted(one)}"


def _wanted(one: Any) -> str:
    context = {
        name: f"{value:g}" if isinstance(value, float) else value
        for name, value in one.get("ctx", {}).items()
    }
    if "expected" in context:
        context["expected"] = re.sub(r"'| or ", " ", context["expected"]).replace(" , ", " ")
        context["expected"] = " ".join(context["expected"].replace(",", " ").split())
    wanted = WANTED.get(one["type"], "の値が正しくありません").format(**context)
    if one["type"] == "string_pattern_mismatch" and "ぁ" in context["pattern"]:
        wanted = HIRAGANA_ALONE
    if one["type"] in ("missing", "extra_forbidden"):
        return wanted
    return f"{wanted}（今の値: {shown(one['input'])}）"


def shown(value: object) -> str:
    """Return a value as it is quoted in a message."""
    text = str(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
