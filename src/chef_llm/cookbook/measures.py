"""Household measures: reading them (大さじ1と1/2) and scaling them to the asked servings.

A measure is what a kitchen can measure and a cook would say, so it may be a fifth off; the grams
beside it are exact. Where no measure comes so near, the grams stand alone.
"""

import math
import re
from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

SPOONS: Final = ("大さじ", "小さじ")
# Written before the number; every other unit stands behind it.
PREFIX_UNITS: Final = ("大さじ", "小さじ", "カップ")
# Measures without a number; a pinch is taken with two fingers (少々) or three.
LITTLE: Final = "少々"
PINCH: Final = "ひとつまみ"
TWO_PINCHES: Final = "ふたつまみ"
UNCOUNTED: Final = (LITTLE, PINCH, TWO_PINCHES, "適量")
# Oil to fry in: its depth in the pan, while the grams are what the food takes up of it.
DEPTH: Final = re.compile(r"深さ(?P<cm>\d+)cm(?:の揚げ油から吸う分)?")
FRACTION: Final = r"\d+/[1-9]\d*"
NUMBER: Final = (
    rf"(?:(?P<whole>\d+)(?:と(?P<part>{FRACTION}))?|(?P<fraction>{FRACTION})|(?P<decimal>\d+\.\d+))"
)
PREFIXED: Final = re.compile(rf"(?P<unit>{'|'.join(PREFIX_UNITS)}){NUMBER}")
POSTFIXED: Final = re.compile(rf"{NUMBER}(?P<unit>\D+)")
BOTH_SPOONS: Final = re.compile(r"(大さじ\d+)と(小さじ.+)")
ML: Final[Mapping[str, int]] = {"小さじ": 5, "大さじ": 15, "カップ": 200}
TEASPOONS_IN_A_TABLESPOON: Final = 3

# How an ingredient may be parted: not at all, in halves, in the fractions that a cook says; only
# in steps that the grams and the nutrition follow (eggs, bay leaves); or poured and read off in ml.
Cut = Literal["whole", "halves", "parts", "steps", "ml"]
HALF: Final = Fraction(1, 2)
COOKS_FRACTIONS: Final = tuple(Fraction(*pair) for pair in [(1, 4), (1, 3), (1, 2), (2, 3), (3, 4)])
# What is less than one piece, by how it may be cut; above one there are halves at most.
BELOW_ONE: Final[Mapping[Cut, tuple[Fraction, ...]]] = {
    "whole": (),
    "halves": (HALF,),
    "parts": COOKS_FRACTIONS,
    "steps": (HALF,),
    "ml": COOKS_FRACTIONS,
}
# From here on nobody counts halves.
COUNTED_WHOLE: Final = 5
# A measure that is further off than this, by the larger of the two, is none.
TOLERANCE: Final = Fraction(1, 5)
# What spoons measure, counted in 小さじ: below 大さじ1 with fractions of a 小さじ, from there on
# with half and whole 小さじ and half 大さじ beside.
TEASPOONS: Final = (
    *COOKS_FRACTIONS,
    *(Fraction(*pair) for pair in [(1, 1), (5, 4), (4, 3), (3, 2), (2, 1), (5, 2)]),
    *(
        3 * whole + Fraction(*part)
        for whole in (1, 2, 3)
        for part in [(0, 1), (1, 2), (1, 1), (3, 2), (2, 1)]
    ),
    Fraction(12),
)
# Below it 小さじ1/4 is more than a fifth off.
LEAST_TEASPOONS: Final = COOKS_FRACTIONS[0] * (1 - TOLERANCE)
# From the middle between 大さじ3と小さじ2 and 大さじ4 on, spoons are no measure any more.
MOST_TEASPOONS: Final = Fraction(23, 2)
# Pinches: halfway from one to two, and as far as two may stand for.
PINCHES: Final = (1.5, 2.4)
# 大さじ4: from here on a measuring jug is at hand.
LEAST_ML: Final = 60
# Rounding of ml, from so many on.
ML_STEPS: Final = ((1000, 50), (100, 10), (0, 5))
# A ruler beside a 大根: half centimetres up to here.
HALF_CENTIMETRES: Final = 3
# Where less is called for and no piece is so small, a cook takes a little.
A_LITTLE_GRAMS: Final = 0.5
# Pieces that are lighter than this are not cut, when a recipe counts in larger ones.
SMALL_PIECE_GRAMS: Final = 15
# A slice of a lemon is no small wedge of it.
OF_ANOTHER_SHAPE: Final = ("枚", "cm角")
# So many of them at most are counted in the place of a larger unit.
MOST_SMALL_PIECES: Final = 12


@dataclass(frozen=True)
class Amount:
    """What a recipe asks for: grams, and the household measure beside them."""

    grams: float
    measure: str


@dataclass(frozen=True)
class Units:
    """How an ingredient is measured: the grams of its units, and how it may be cut.

    `piece` is the unit that it is counted in even where a recipe gives its weight (玉ねぎ: 個).
    """

    grams: Mapping[str, float]
    cut: Cut = "parts"
    piece: str | None = None


def parse_measure(measure: str) -> tuple[Fraction, str] | None:
    """Return count and unit of a measure ("大さじ1と1/2" -> 3/2, "大さじ").

    Two kinds of spoon are counted in the smaller ("大さじ1と小さじ1" -> 4, "小さじ"). None for a
    measure without a count (少々, 深さ2cm). Raises `ValueError` for one that cannot be read.
    """
    if measure in UNCOUNTED or DEPTH.fullmatch(measure):
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


def frying_depth_cm(measure: str) -> int | None:
    """Return how deep the oil of a measure stands in the pan, None for any other measure."""
    match = DEPTH.fullmatch(measure)
    return int(match["cm"]) if match else None


def scale(grams: float, measure: str, servings: int, units: Units) -> Amount:
    """Return the amount of an ingredient for `servings`, from that of one serving.

    The measure is one that a cook says: 小さじ1/4, 大さじ1と小さじ1, 1/2個, 300ml. Where none comes
    within a fifth, the grams are the measure.
    """
    total = grams * servings
    if depth := frying_depth_cm(measure):
        return Amount(_round_grams(total), f"深さ{depth}cmの揚げ油から吸う分")
    parsed = parse_measure(measure)
    if parsed is None:
        is_free = measure == "適量"
        return Amount(_round_grams(total), measure if is_free else _little(total, units))
    count, unit = parsed
    if units.cut == "steps" and unit != "g":
        steps = _stepped(count * servings)
        return Amount(_round_grams(float(steps / count) * grams), count_text(steps, unit))
    return Amount(_round_grams(total), _measure(total, count * servings, unit, units))


def in_pieces(grams: float, unit: str, units: Units) -> str:
    """Return so many grams in a unit of the ingredient, "" where no cook would count it so."""
    pieces = _countable(_count_of(grams, unit, units), units.cut, unit)
    return "" if pieces is None else count_text(pieces, unit)


def _stepped(count: Fraction) -> Fraction:
    """Half an egg, or whole ones: the grams follow, so it need not be near."""
    if count < Fraction(3, 4):
        return HALF
    return Fraction(math.floor(count + HALF))


def _measure(total: float, count: Fraction, unit: str, units: Units) -> str:
    if units.cut == "ml" and (poured := _ml(total, count, unit, units)) is not None:
        return poured
    if unit in SPOONS:
        teaspoons = count * TEASPOONS_IN_A_TABLESPOON if unit == "大さじ" else count
        return _spoons(teaspoons, total, units, is_half=count % 1 == HALF and unit == "大さじ")
    if unit == "g" and units.piece is None:
        return f"{_round_grams(total):g}g"
    if unit == "g" and units.piece is not None:
        count, unit = _count_of(total, units.piece, units), units.piece
    if unit == "カップ":
        return _cups(count, total)
    return _pieces(total, count, unit, units)


def _ml(total: float, count: Fraction, unit: str, units: Units) -> str | None:
    """Return a liquid in ml, None where a spoon is the better measure."""
    if unit in ML:
        exact = count * ML[unit]
    elif "大さじ" in units.grams:
        exact = _count_of(total, "大さじ", units) * ML["大さじ"]
    else:
        return None
    if unit in SPOONS and exact < LEAST_ML * (1 - TOLERANCE / 5):
        return None
    step = next(step for least, step in ML_STEPS if exact >= least)
    return f"{max(step, math.floor(exact / step + HALF) * step)}ml"


def _spoons(teaspoons: Fraction, total: float, units: Units, *, is_half: bool) -> str:
    """Write spoons as one would: three 小さじ are a 大さじ, many 大さじ a カップ or grams."""
    if teaspoons < LEAST_TEASPOONS:
        return _little(total, units)
    if teaspoons >= MOST_TEASPOONS:
        if "カップ" in units.grams:
            return _cups(_count_of(total, "カップ", units), total)
        return f"{_round_grams(total):g}g"
    above = bisect(TEASPOONS, teaspoons)
    near = TEASPOONS[max(above - 1, 0) : above + 1]
    nearest = min(near, key=lambda spoons: abs(spoons - teaspoons))
    whole = nearest // TEASPOONS_IN_A_TABLESPOON
    part = nearest - whole * TEASPOONS_IN_A_TABLESPOON
    # 大さじ1/2 is a spoon of its own.
    if part == Fraction(3, 2) and (whole or is_half):
        return count_text(whole + HALF, "大さじ")
    spoons = [(Fraction(whole), "大さじ"), (part, "小さじ")]
    return "と".join(count_text(number, unit) for number, unit in spoons if number)


def _cups(count: Fraction, total: float) -> str:
    cups = _countable(count, "parts")
    return f"{_round_grams(total):g}g" if cups is None else count_text(cups, "カップ")


def _little(total: float, units: Units) -> str:
    """Say 少々 and ひとつまみ of what is less than a spoon: they grow with the servings."""
    pinch = units.grams.get(PINCH)
    teaspoon = units.grams.get("小さじ")
    if pinch is not None:
        if total < (units.grams.get(LITTLE, 0) + pinch) / 2:
            return LITTLE
        one, two = PINCHES
        if total < pinch * two:
            return PINCH if total < pinch * one else TWO_PINCHES
    elif total < (A_LITTLE_GRAMS if teaspoon is None else teaspoon * float(LEAST_TEASPOONS)):
        return LITTLE
    if teaspoon is None:
        return f"{_round_grams(total):g}g"
    spoons = max(_count_of(total, "小さじ", units), LEAST_TEASPOONS)
    return _spoons(spoons, total, units, is_half=False)


def _pieces(total: float, count: Fraction, unit: str, units: Units) -> str:
    """Count pieces, if need be in a smaller unit of the ingredient (束 -> 本, 本 -> cm)."""
    if (pieces := _countable(count, units.cut, unit)) is not None:
        return count_text(pieces, unit)
    grams_of_one = total / float(count)
    for smaller, grams in sorted(units.grams.items(), key=lambda item: -item[1]):
        if grams >= grams_of_one or smaller in (*PREFIX_UNITS, PINCH, LITTLE, *OF_ANOTHER_SHAPE):
            continue
        cut: Cut = "whole" if grams < SMALL_PIECE_GRAMS else "halves"
        pieces = _countable(_count_of(total, smaller, units), cut, smaller)
        if pieces is not None and pieces <= MOST_SMALL_PIECES:
            return count_text(pieces, smaller)
    return LITTLE if total < A_LITTLE_GRAMS else f"{_round_grams(total):g}g"


def _countable(count: Fraction, cut: Cut, unit: str = "") -> Fraction | None:
    """Return the count that a cook would say, None where it is more than a fifth off."""
    if unit == "cm":
        step = HALF if count < HALF_CENTIMETRES else Fraction(1)
        said = max(Fraction(1), Fraction(math.floor(count / step + HALF)) * step)
    elif count < 1:
        said = min((*BELOW_ONE[cut], Fraction(1)), key=lambda part: abs(part - count))
    elif cut == "whole" or count >= COUNTED_WHOLE:
        said = Fraction(math.floor(count + HALF))
    else:
        said = Fraction(math.floor(count * 2 + HALF), 2)
    return said if abs(said - count) <= TOLERANCE * max(said, count) else None


def _count_of(total: float, unit: str, units: Units) -> Fraction:
    return Fraction(total) / Fraction(units.grams[unit])


def count_text(count: Fraction, unit: str) -> str:
    """Write a count of a unit: 1と1/2個, 大さじ2, 1.5cm."""
    if unit == "cm":
        return f"{float(count):g}cm"
    whole, part = divmod(count, 1)
    number = "と".join(str(piece) for piece in (whole, part) if piece) or "0"
    return f"{unit}{number}" if unit in PREFIX_UNITS else f"{number}{unit}"


def _round_grams(grams: float) -> float:
    """Round as a kitchen scale shows: below 10 g to a tenth, above to the gram."""
    return round(grams, 1) if grams < 10 else float(round(grams))  # noqa: PLR2004
