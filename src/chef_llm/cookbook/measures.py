"""Household measures: reading them (大さじ1と1/2) and scaling them to the asked servings."""

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
# A cook does not keep half of one of these.
INDIVISIBLE: Final = frozenset({"卵", "うずら卵水煮"})
NUMBER: Final = r"(?:(?P<whole>\d+)(?:と(?P<part>\d+/\d+))?|(?P<fraction>\d+/\d+)|(?P<decimal>\d+\.\d+))"
PREFIXED: Final = re.compile(rf"(?P<unit>{'|'.join(PREFIX_UNITS)}){NUMBER}")
POSTFIXED: Final = re.compile(rf"{NUMBER}(?P<unit>\D+)")
KITCHEN_FRACTIONS: Final = tuple(
    Fraction(*pair) for pair in [(0, 1), (1, 4), (1, 3), (1, 2), (2, 3), (3, 4), (1, 1)]
)
SMALLEST: Final = tuple(Fraction(1, n) for n in (10, 8, 6, 5))


@dataclass(frozen=True)
class Amount:
    """What a recipe asks for: grams, and the household measure beside them."""

    grams: float
    measure: str


def parse_measure(measure: str) -> tuple[Fraction, str] | None:
    """Return count and unit of a measure ("大さじ1と1/2" -> 3/2, "大さじ").

    None for a measure without a count (少々). Raises `ValueError` for one that cannot be read.
    """
    if measure in UNCOUNTED:
        return None
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

    The measure is rounded to what a kitchen can measure: quarters and thirds, whole eggs, spoons
    carried over from 小さじ to 大さじ. `unit_grams` are the grams of the ingredient's units.
    """
    total = grams * servings
    parsed = parse_measure(measure)
    if parsed is None:
        return Amount(_round_grams(total), measure if measure == "適量" else _little(measure, total))
    count, unit = parsed
    if unit == "g":
        return Amount(_round_grams(total), f"{_round_grams(total):g}g")
    if name in INDIVISIBLE:
        whole = max(1, math.floor(count * servings + Fraction(1, 2)))
        return Amount(_round_grams(float(whole / count) * grams), f"{whole}{unit}")
    if unit in SPOONS and all(spoon in unit_grams for spoon in SPOONS):
        return Amount(_round_grams(total), _spoons(count * servings, unit))
    return Amount(_round_grams(total), _write(_kitchen(count * servings), unit))


def _spoons(count: Fraction, unit: str) -> str:
    """Write teaspoons and tablespoons as one would: three 小さじ are a 大さじ."""
    teaspoons = count * (3 if unit == "大さじ" else 1)
    if teaspoons < 3 and not (unit == "大さじ" and count.denominator == 2):
        return _write(_kitchen(teaspoons), "小さじ")
    tablespoons = teaspoons / 3
    if tablespoons.denominator in (1, 2):
        return _write(tablespoons, "大さじ")
    whole, rest = divmod(_kitchen(teaspoons), 3)
    if tablespoons > 4 or rest == 0:
        return _write(_kitchen(tablespoons), "大さじ")
    return _write(Fraction(whole), "大さじ") + "と" + _write(rest, "小さじ")


def _little(measure: str, grams: float) -> str:
    """Say a little more for many: past half a teaspoon of salt 少々 would mislead."""
    return measure if grams < 2 else f"{_round_grams(grams):g}g"


def _kitchen(count: Fraction) -> Fraction:
    if count < Fraction(9, 40):
        return min(SMALLEST, key=lambda fraction: abs(fraction - count))
    if count >= 10:
        return Fraction(round(count))
    if count >= 4:
        return Fraction(round(count * 2), 2)
    whole = math.floor(count)
    return whole + min(KITCHEN_FRACTIONS, key=lambda fraction: abs(whole + fraction - count))


def _write(count: Fraction, unit: str) -> str:
    whole, part = divmod(count, 1)
    number = "と".join(str(piece) for piece in (whole, part) if piece) or "0"
    return f"{unit}{number}" if unit in PREFIX_UNITS else f"{number}{unit}"


def _round_grams(grams: float) -> float:
    """Round as a kitchen scale shows: below 10 g to a tenth, above to the gram."""
    return round(grams, 1) if grams < 10 else float(round(grams))
