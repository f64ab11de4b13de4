"""Household measures: reading them (大さじ1と1/2) and scaling them to the asked servings.

A measure is what a kitchen can measure, so it may be a fifth off; the grams beside it are exact.
"""

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

SPOONS: Final = ("大さじ", "小さじ")
# Written before the number; every other unit stands behind it.
PREFIX_UNITS: Final = ("大さじ", "小さじ", "カップ")
# Measures that say "a little", at any number of servings.
UNCOUNTED: Final = ("少々", "ひとつまみ", "適量")
# From here on "a little" would mislead: it is a third of a 小さじ of salt.
MORE_THAN_A_LITTLE_GRAMS: Final = 2
# A cook does not keep half of one of these.
INDIVISIBLE: Final = frozenset({"卵", "うずら卵水煮"})
FRACTION: Final = r"\d+/[1-9]\d*"
NUMBER: Final = (
    rf"(?:(?P<whole>\d+)(?:と(?P<part>{FRACTION}))?|(?P<fraction>{FRACTION})|(?P<decimal>\d+\.\d+))"
)
PREFIXED: Final = re.compile(rf"(?P<unit>{'|'.join(PREFIX_UNITS)}){NUMBER}")
POSTFIXED: Final = re.compile(rf"{NUMBER}(?P<unit>\D+)")
BOTH_SPOONS: Final = re.compile(r"(大さじ\d+)と(小さじ.+)")
KITCHEN_FRACTIONS: Final = tuple(
    Fraction(*pair) for pair in [(0, 1), (1, 4), (1, 3), (1, 2), (2, 3), (3, 4), (1, 1)]
)
# Of a 大さじ: what 大さじ and 小さじ measure together (1/6 is 小さじ1/2).
SPOON_FRACTIONS: Final = tuple(
    Fraction(*pair) for pair in [(0, 1), (1, 6), (1, 3), (1, 2), (2, 3), (1, 1)]
)
# From here on a count is rounded to halves, and from there on to whole ones.
ROUNDED_TO_HALVES: Final = 4
ROUNDED_TO_WHOLES: Final = 10
TEASPOONS_IN_A_TABLESPOON: Final = 3
SMALLEST: Final = tuple(Fraction(1, n) for n in (10, 8, 6, 5))


@dataclass(frozen=True)
class Amount:
    """What a recipe asks for: grams, and the household measure beside them."""

    grams: float
    measure: str


def parse_measure(measure: str) -> tuple[Fraction, str] | None:
    """Return count and unit of a measure ("大さじ1と1/2" -> 3/2, "大さじ").

    Two kinds of spoon are counted in the smaller ("大さじ1と小さじ1" -> 4, "小さじ"). None for a
    measure without a count (少々). Raises `ValueError` for one that cannot be read.
    """
    if measure in UNCOUNTED:
        return None
    if both := BOTH_SPOONS.fullmatch(measure):
        return _read(both[1])[0] * TEASPOONS_IN_A_TABLESPOON + _read(both[2])[0], "小さじ"
    return _read(measure)


def _read(measure: str) -> tuple[Fraction, str]:
    match = PREFIXED.fullmatch(measure) or POSTFIXED.fullmatch(measure)
    if match is None:
        raise ValueError(f"cannot read the measure {measure!r}")
    if match["decimal"]:
        return Fraction(match["decimal"]), match["unit"]
    count = Fraction(match["fraction"] or match["whole"])
    return count + (Fraction(match["part"]) if match["part"] else 0), match["unit"]


def scale(
    name: str, grams: float, measure: str, servings: int, unit_grams: dict[str, float]
) -> Amount:
    """Return the amount of the ingredient `name` for `servings`, from that of one serving.

    The measure is rounded to what a kitchen can measure: quarters and thirds, whole eggs, three
    小さじ to a 大さじ, many 大さじ to a カップ. `unit_grams` are the grams of the ingredient's
    units.
    """
    total = grams * servings
    parsed = parse_measure(measure)
    if parsed is None:
        return Amount(
            _round_grams(total), measure if measure == "適量" else _little(measure, total)
        )
    count, unit = parsed
    if unit == "g":
        return Amount(_round_grams(total), f"{_round_grams(total):g}g")
    if name in INDIVISIBLE:
        whole = max(1, math.floor(count * servings + Fraction(1, 2)))
        return Amount(_round_grams(float(whole / count) * grams), f"{whole}{unit}")
    if unit in SPOONS and all(spoon in unit_grams for spoon in SPOONS):
        return Amount(_round_grams(total), _spoons(count * servings, unit, unit_grams))
    return Amount(_round_grams(total), _write(_kitchen(count * servings), unit))


def _spoons(count: Fraction, unit: str, unit_grams: dict[str, float]) -> str:
    """Write spoons as one would: three 小さじ are a 大さじ, many 大さじ a カップ."""
    tablespoons = count if unit == "大さじ" else count / TEASPOONS_IN_A_TABLESPOON
    cups = tablespoons * Fraction(unit_grams["大さじ"] / unit_grams.get("カップ", math.inf))
    if cups >= 1:
        return _write(_kitchen(cups), "カップ")
    if tablespoons >= ROUNDED_TO_HALVES:
        return _write(_kitchen(tablespoons), "大さじ")
    teaspoons = _kitchen(tablespoons * TEASPOONS_IN_A_TABLESPOON)
    # 大さじ1/2 is a spoon of its own; 大さじ1/3 is 小さじ1.
    if teaspoons < TEASPOONS_IN_A_TABLESPOON and (unit == "小さじ" or count != Fraction(1, 2)):
        return _write(teaspoons, "小さじ")
    whole, part = divmod(_nearest(tablespoons, SPOON_FRACTIONS), 1)
    if part in (0, Fraction(1, 2)):
        return _write(whole + part, "大さじ")
    teaspoons = part * TEASPOONS_IN_A_TABLESPOON
    return f"{_write(Fraction(whole), '大さじ')}と{_write(teaspoons, '小さじ')}"


def _little(measure: str, grams: float) -> str:
    """Keep 少々 for a few servings and say the grams for many."""
    return measure if grams < MORE_THAN_A_LITTLE_GRAMS else f"{_round_grams(grams):g}g"


def _kitchen(count: Fraction) -> Fraction:
    if count < Fraction(9, 40):
        return min(SMALLEST, key=lambda fraction: abs(fraction - count))
    if count >= ROUNDED_TO_WHOLES:
        return Fraction(math.floor(count + Fraction(1, 2)))
    if count >= ROUNDED_TO_HALVES:
        return Fraction(math.floor(count * 2 + Fraction(1, 2)), 2)
    return _nearest(count, KITCHEN_FRACTIONS)


def _nearest(count: Fraction, fractions: tuple[Fraction, ...]) -> Fraction:
    """Return the nearest to `count` among `fractions` on top of its whole part."""
    whole = math.floor(count)
    return whole + min(fractions, key=lambda fraction: abs(whole + fraction - count))


def _write(count: Fraction, unit: str) -> str:
    whole, part = divmod(count, 1)
    number = "と".join(str(piece) for piece in (whole, part) if piece) or "0"
    return f"{unit}{number}" if unit in PREFIX_UNITS else f"{number}{unit}"


def _round_grams(grams: float) -> float:
    """Round as a kitchen scale shows: below 10 g to a tenth, above to the gram."""
    return round(grams, 1) if grams < 10 else float(round(grams))  # noqa: PLR2004
