"""An ingredient line of a recipe, as foods of the cookbook, grams and a measure.

「★鶏もも肉（皮つき）…300g」, 「塩・こしょう 各少々」, 「玉ねぎ 1/2個(100g)」. What cannot be read
for certain is left out, and asked for.
"""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from chef_llm.cookbook import Cookbook, Ingredient
from chef_llm.cookbook.measures import (
    LITTLE,
    ML,
    PINCH,
    count_text,
    parse_measure,
)
from chef_llm.cookbook.model import fold
from chef_llm.reading.entries import read_entry
from chef_llm.reading.lexicon import lexicon

MARKS: Final = re.compile(r"^(?:[\s・\-*★☆◎○●◇◆□■▲△※►▶]|[A-E](?=[\s.)）・]))+")
ASIDE: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
GRAMS_ASIDE: Final = re.compile(r"\((?:正味|約)?(?P<count>\d+(?:\.\d+)?)\s*(?P<unit>kg|g|グラム)\)")
_COUNT: Final = r"\d+(?:\.\d+)?(?:\s*/\s*\d+)?(?:\s*(?:と|\s)\s*\d+\s*/\s*\d+)?"
_UNCOUNTED: Final = "少々|少量|適量|適宜|お好みで|ひとつまみ|一つまみ|ふたつまみ|ひとかけ|一かけ"
AMOUNT: Final = re.compile(
    rf"(?:各|約|およそ)*(?:(?P<prefix>大さじ|小さじ|カップ)\s*(?:各|約)?(?P<spoons>{_COUNT})(?P<half>半)?"
    rf"|(?P<count>{_COUNT})\s*(?P<unit>[^\d\s~〜()]+)|(?P<words>{_UNCOUNTED}))"
)
JOINTS: Final = re.compile(r"[…‥:：=]+|\.{2,}|\s+$")
PARTED: Final = re.compile(r"[、,・&＆]|(?<=[^\s])と(?=[^\s])")
SPELLED: Final = {
    **dict.fromkeys(("グラム", "ｇ", "gr"), "g"),
    **dict.fromkeys(("cc", "ミリリットル", "mL", "ML"), "ml"),
    **dict.fromkeys(("リットル", "L"), "l"),
    **dict.fromkeys(("コ", "こ", "ケ", "ヶ", "玉"), "個"),
    **dict.fromkeys(("片", "カケ", "欠片"), "かけ"),
}
WEIGHTS: Final = {"g": 1, "kg": 1000}
VOLUMES_ML: Final = {"ml": 1, "l": 1000, "カップ": 200, "合": 180}
SPOON_WORDS: Final = {"大匙": "大さじ", "小匙": "小さじ", "おおさじ": "大さじ", "こさじ": "小さじ"}
ONE: Final = {"ひとかけ": "1かけ", "一かけ": "1かけ", "一つまみ": PINCH, "少量": LITTLE}
# A pinch with two fingers is an eighth of a 小さじ.
LITTLE_OF_A_TEASPOON: Final = 8


@dataclass(frozen=True)
class Part:
    """A food of a line, as its words, with the grams of all servings; None is what is unclear.

    `count` and `unit` are how the recipe measures it, where the food has that unit.
    """

    words: str
    food: str | None
    grams: float | None
    count: Fraction | None = None
    unit: str | None = None
    said: str = ""

    def measure(self, servings: int) -> str:
        """Return the measure of one serving, as the cookbook writes it."""
        if self.count is not None and self.unit and self.unit not in ("g", LITTLE, PINCH):
            return count_text(self.count / servings, self.unit)
        if self.unit in (LITTLE, PINCH) and servings == 1:
            return self.unit
        return f"{(self.grams or 0) / servings:.3g}g"


def read_line(line: str, cookbook: Cookbook, food: str | None = None) -> list[Part]:
    """Return the foods of a line, each with its amount; of a line without words, none.

    With `food` the line is about that ingredient, whatever its words.
    """
    text = MARKS.sub("", unicodedata.normalize("NFKC", line).replace("⁄", "/")).strip()
    for spelled, unit in SPOON_WORDS.items():
        text = text.replace(spelled, unit)
    weighed = GRAMS_ASIDE.search(text)
    bare = ASIDE.sub(" ", text)
    amount = AMOUNT.search(bare)
    name = JOINTS.sub(" ", bare[: amount.start()] if amount else bare).strip()
    if not name and amount:  # 「2個 卵」
        name = bare[amount.end() :].strip()
    if not name:
        return []
    said = text[len(name) :].strip(" …:") if amount else ""
    meant = food or food_of(name, cookbook)
    foods: list[tuple[str, str | None]] = [(name, meant)] if meant else []
    if not foods:
        names = [piece.strip() for piece in PARTED.split(name) if piece.strip()]
        foods = [(piece, food_of(piece, cookbook)) for piece in names]
        if len(names) > 1 and not all(food for _, food in foods):
            foods = [(name, None)]
    return [_part(words, food, amount, weighed, said, cookbook) for words, food in foods]


def food_of(words: str, cookbook: Cookbook) -> str | None:
    """Return the one ingredient that words mean, None where they may mean another or none."""
    if name := cookbook.spellings.get(fold(words)):
        return name
    entry = read_entry(words, lexicon(cookbook))
    wishes = {meaning.wish for meaning in entry.meanings if meaning.kind == "food"}
    if entry.unread or entry.refuses or len(entry.meanings) != 1 or len(wishes) != 1:
        return None
    members = cookbook.members(next(iter(wishes)) or "")
    return next(iter(members)) if len(members) == 1 else None


def _part(  # noqa: PLR0913, PLR0917  # what one line says
    words: str,
    food: str | None,
    amount: re.Match[str] | None,
    weighed: re.Match[str] | None,
    said: str,
    cookbook: Cookbook,
) -> Part:
    if food is None:
        return Part(words, None, None, said=said)
    ingredient = cookbook.ingredients[food]
    grams = float(weighed["count"]) * WEIGHTS[_unit(weighed["unit"])] if weighed else None
    if amount is None:
        return Part(words, food, grams, said=said)
    if amount["words"]:
        written = ONE.get(amount["words"], amount["words"])
        if written in (LITTLE, PINCH):
            return Part(words, food, grams or _little(ingredient, written), None, written, said)
        if parsed := _counted(written):
            return _measured(words, ingredient, *parsed, grams, said)
        return Part(words, food, grams, said=said)
    count = _fraction(amount["spoons"] or amount["count"])
    if amount["half"]:
        count += Fraction(1, 2)
    unit = amount["prefix"] or _unit(amount["unit"])
    return _measured(words, ingredient, count, unit, grams, said)


def _measured(  # noqa: PLR0913, PLR0917  # what one line says
    words: str,
    ingredient: Ingredient,
    count: Fraction,
    unit: str,
    grams: float | None,
    said: str,
) -> Part:
    """Return the part of a counted measure; what stands in grams beside it is believed first."""
    food, known = ingredient.name, ingredient.measures
    if unit in WEIGHTS:
        return Part(words, food, float(count) * WEIGHTS[unit], said=said)
    unit = next((one for one in known if one == unit or unit.startswith(one)), unit)
    if unit in known:
        exact = float(count) * known[unit]
        if grams is None:
            return Part(words, food, exact, count, unit, said)
        # 「玉ねぎ 1/2個(60g)」: a small one; the unit is not the cookbook's.
        return Part(words, food, grams, said=said)
    if grams is None and unit in VOLUMES_ML:
        millilitres = float(count) * VOLUMES_ML[unit]
        spoon = next(((known[one] / ML[one]) for one in ("大さじ", "小さじ") if one in known), None)
        grams = millilitres * spoon if spoon is not None else None
    return Part(words, food, grams, said=said)


def _counted(words: str) -> tuple[Fraction, str] | None:
    try:
        return parse_measure(words)
    except ValueError:
        return None


def _little(ingredient: Ingredient, written: str) -> float | None:
    if written in ingredient.measures:
        return ingredient.measures[written]
    teaspoon = ingredient.measures.get("小さじ")
    return None if teaspoon is None else round(teaspoon / LITTLE_OF_A_TEASPOON, 2)


def _unit(written: str) -> str:
    return SPELLED.get(written, written)


def _fraction(written: str) -> Fraction:
    """Read 1, 0.5, 1/2, 1と1/2, 1 1/2."""
    pieces = re.split(r"と|\s+(?=\d+\s*/)", written.strip())
    return sum((Fraction(piece.replace(" ", "")) for piece in pieces if piece), Fraction(0))
