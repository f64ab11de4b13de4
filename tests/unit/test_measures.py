import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chef_llm.cookbook import Amount, Dish, DishIngredient, load_cookbook, scale
from chef_llm.cookbook.checks import MEASURE_TOLERANCE
from chef_llm.cookbook.measures import UNCOUNTED, Units, frying_depth_cm, parse_measure
from sampled import sample

COOKBOOK = load_cookbook()
SOY_SAUCE = COOKBOOK.ingredients["しょうゆ"].units
MISO = COOKBOOK.ingredients["みそ"].units
# A measure is this far from the exact amount at most, by the larger of the two.
WITHIN = Fraction(1, 5)


@pytest.mark.parametrize(
    ("measure", "count", "unit"),
    [
        ("大さじ1", 1, "大さじ"),
        ("大さじ1/2", Fraction(1, 2), "大さじ"),
        ("大さじ1と1/2", Fraction(3, 2), "大さじ"),
        ("小さじ2/3", Fraction(2, 3), "小さじ"),
        ("大さじ1と小さじ1", 4, "小さじ"),
        ("大さじ2と小さじ1/2", Fraction(13, 2), "小さじ"),
        ("カップ3/4", Fraction(3, 4), "カップ"),
        ("1/4個", Fraction(1, 4), "個"),
        ("2と1/2枚", Fraction(5, 2), "枚"),
        ("12本", 12, "本"),
        ("100g", 100, "g"),
        ("2.5cm", Fraction(5, 2), "cm"),
    ],
)
def test_a_measure_is_read_as_count_and_unit(
    measure: str, count: Fraction | int, unit: str
) -> None:
    assert parse_measure(measure) == (count, unit)


@pytest.mark.parametrize("measure", [*UNCOUNTED, "深さ2cm", "深さ3cmの揚げ油から吸う分"])
def test_a_little_has_no_count(measure: str) -> None:
    assert parse_measure(measure) is None


@pytest.mark.parametrize(
    "measure", ["", "大さじ", "個", "少し", "大さじ1と小さじ", "1/0個", "-1個", "大さじ 1"]
)
def test_a_measure_that_cannot_be_read_is_an_error_that_names_it(measure: str) -> None:
    with pytest.raises(ValueError, match=f"'{measure}'"):
        parse_measure(measure)


@pytest.mark.parametrize(
    ("name", "grams", "measure", "servings", "scaled"),
    [
        # Spoons are carried over to the next larger one.
        ("しょうゆ", 6, "小さじ1", 1, Amount(6, "小さじ1")),
        ("しょうゆ", 6, "小さじ1", 2, Amount(12, "小さじ2")),
        ("しょうゆ", 6, "小さじ1", 3, Amount(18, "大さじ1")),
        ("しょうゆ", 6, "小さじ1", 4, Amount(24, "大さじ1と小さじ1")),
        ("しょうゆ", 9, "大さじ1/2", 1, Amount(9, "大さじ1/2")),
        ("しょうゆ", 9, "大さじ1/2", 3, Amount(27, "大さじ1と1/2")),
        ("しょうゆ", 3, "小さじ1/2", 3, Amount(9, "小さじ1と1/2")),
        ("しょうゆ", 4, "小さじ2/3", 7, Amount(28, "大さじ1と1/2")),
        ("しょうゆ", 3, "小さじ1/2", 7, Amount(21, "大さじ1と小さじ1/2")),
        ("しょうゆ", 13.5, "大さじ3/4", 1, Amount(14, "小さじ2")),
        ("しょうゆ", 1, "小さじ1/6", 1, Amount(1, "少々")),
        # From 大さじ4 on: a liquid in ml, else cups, else grams.
        ("しょうゆ", 6, "小さじ1", 12, Amount(72, "60ml")),
        ("しょうゆ", 45, "大さじ2と1/2", 5, Amount(225, "190ml")),
        ("みそ", 18, "大さじ1", 5, Amount(90, "90g")),
        ("小麦粉", 9, "大さじ1", 6, Amount(54, "カップ1/2")),
        ("だし汁", 60, "大さじ4", 2, Amount(120, "120ml")),
        ("だし汁", 150, "カップ3/4", 3, Amount(450, "450ml")),
        ("水", 170, "170g", 7, Amount(1190, "1200ml")),
        # Pieces in the fractions that a cook says; else in a smaller unit, or in grams.
        ("玉ねぎ", 100, "1/2個", 3, Amount(300, "1と1/2個")),
        ("玉ねぎ", 20, "1/10個", 2, Amount(40, "1/4個")),
        ("玉ねぎ", 20, "1/10個", 1, Amount(20, "20g")),
        ("玉ねぎ", 80, "80g", 2, Amount(160, "3/4個")),
        ("玉ねぎ", 67, "1/3個", 4, Amount(268, "1と1/2個")),
        ("玉ねぎ", 150, "3/4個", 7, Amount(1050, "5個")),
        ("にんじん", 15, "1/10本", 1, Amount(15, "1.5cm")),
        ("にんじん", 15, "1/10本", 5, Amount(75, "1/2本")),
        ("長ねぎ", 15, "15g", 1, Amount(15, "5cm")),
        ("三つ葉", 5, "1/8束", 1, Amount(5, "3本")),
        ("レモン", 13, "1/8個", 1, Amount(13, "13g")),
        ("にんにく", 4, "2/3かけ", 4, Amount(16, "2と1/2かけ")),
        ("ミニトマト", 24, "2個", 3, Amount(72, "6個")),
        # What is too small for any measure.
        ("焼きのり", 0.3, "1/10枚", 1, Amount(0.3, "少々")),
        # Half an egg or whole ones, and the grams follow them.
        ("卵", 50, "1個", 3, Amount(150, "3個")),
        ("卵", 25, "1/2個", 1, Amount(25, "1/2個")),
        ("卵", 25, "1/2個", 3, Amount(100, "2個")),
        ("卵", 10, "1/5個", 1, Amount(25, "1/2個")),
        ("卵", 10, "1/5個", 4, Amount(50, "1個")),
        ("ローリエ", 0.1, "1/2枚", 3, Amount(0.4, "2枚")),
        ("うずら卵水煮", 20, "2個", 2, Amount(40, "4個")),
        # Grams.
        ("鶏むね肉", 80, "80g", 3, Amount(240, "240g")),
        ("わかめ", 2.5, "2.5g", 3, Amount(7.5, "7.5g")),
        # A little grows: two fingers, three, twice, and then a spoon.
        ("塩", 0.3, "少々", 1, Amount(0.3, "少々")),
        ("塩", 0.3, "少々", 2, Amount(0.6, "ひとつまみ")),
        ("塩", 0.3, "少々", 3, Amount(0.9, "ふたつまみ")),
        ("塩", 0.5, "ひとつまみ", 3, Amount(1.5, "小さじ1/4")),
        ("塩", 0.5, "ひとつまみ", 6, Amount(3, "小さじ1/2")),
        ("塩", 0.6, "小さじ1/10", 1, Amount(0.6, "ひとつまみ")),
        ("こしょう", 0.1, "少々", 3, Amount(0.3, "少々")),
        ("こしょう", 0.1, "少々", 12, Amount(1.2, "小さじ2/3")),
        ("とろろ昆布", 2, "ひとつまみ", 4, Amount(8, "8g")),
        ("サラダ油", 5, "適量", 4, Amount(20, "適量")),
        # The pan's oil is as deep for any number; the grams are what is eaten.
        ("サラダ油", 13, "深さ2cm", 4, Amount(52, "深さ2cmの揚げ油から吸う分")),
    ],
)
def test_a_measure_is_scaled_to_what_a_cook_says(
    name: str, grams: float, measure: str, servings: int, scaled: Amount
) -> None:
    assert scale(grams, measure, servings, COOKBOOK.ingredients[name].units) == scaled


SAID_BELOW_ONE = {"1/4", "1/3", "1/2", "2/3", "3/4"}
FRACTIONS = re.compile(r"\d+/\d+")
SPOON_ML = {"大さじ": 15, "小さじ": 5}
CONTINUOUS = {*SPOON_ML, "カップ", "g", "ml", "cm"}


def faults(part: DishIngredient, servings: int, amount: Amount) -> Iterator[str]:
    """Yield what no cook would say or measure in a line of a card."""
    units = COOKBOOK.ingredients[part.name].units
    if not set(FRACTIONS.findall(amount.measure)) <= SAID_BELOW_ONE:
        yield "a fraction that nobody says"
    exact = part.grams * servings
    if units.cut != "steps" and abs(amount.grams - exact) > (0.5 if exact >= 9.95 else 0.051):
        yield f"not {exact:g} g"
    parsed = parse_measure(amount.measure)
    if parsed is not None:
        yield from faults_of_count(*parsed, part.name, amount)
    elif frying_depth_cm(amount.measure) is None:
        # Two pinches at most, or a fifth of a 小さじ, or what weighs next to nothing.
        little = max(0.5, units.grams.get("小さじ", 0) / 5, units.grams.get("ひとつまみ", 0) * 2.4)
        if amount.grams > little + 0.05:
            yield "a little that is much"


def faults_of_count(count: Fraction, unit: str, name: str, amount: Amount) -> Iterator[str]:
    units = COOKBOOK.ingredients[name].units
    if unit not in CONTINUOUS:
        if count > 1 and count % 1 not in (0, Fraction(1, 2)):
            yield "a fraction above one that is no half"
        if count > 5 and count % 1:
            yield "a part of many"
        if units.cut == "whole" and count % 1:
            yield "what is not cut is cut"
    if unit in SPOON_ML and count * SPOON_ML[unit] >= 60:
        yield "more spoons than anyone counts"
    if units.cut == "ml" and unit == "カップ":
        yield "a liquid that is not in ml"
    if name == "塩" and amount.grams >= 2 and unit not in SPOON_ML:
        yield "salt without a spoon"
    of_one = {"g": 1.0, "ml": units.grams.get("大さじ", 15) / 15}.get(unit) or units.grams[unit]
    # A fifth off the recipe's own measure, which may be as far off as the loader lets it.
    off = abs(float(count) * of_one - amount.grams)
    if off > (MEASURE_TOLERANCE + 0.27) * amount.grams + 0.2:
        yield f"{float(count) * of_one:g} g measured"


@pytest.mark.sampled
def test_no_card_of_any_dish_for_1_to_12_says_what_no_cook_would_say() -> None:
    found = [
        f"{dish.name} x{servings}: {part.name} {scaled.amount}: {fault}"
        for name, servings in sample(product(COOKBOOK.dishes, range(1, 13)), 8)
        for dish in [COOKBOOK.dishes[name]]
        for part, scaled in zip(dish.ingredients, COOKBOOK.amounts(dish, servings), strict=True)
        for fault in faults(part, servings, scaled.amount)
    ]

    assert not found, (len(found), found[:10])


def test_a_little_grows_with_the_servings() -> None:
    for name in ("塩", "こしょう", "粗びき黒こしょう"):
        units = COOKBOOK.ingredients[name].units
        for servings in range(1, 13):
            total = 0.3 * servings
            said = scale(0.3, "少々", servings, units).measure
            if total >= units.grams["小さじ"] / 5:
                assert said.startswith("小さじ"), (name, servings, said)


@pytest.mark.parametrize("name", ["塩", "しょうゆ", "みそ", "小麦粉"])
@pytest.mark.parametrize("measure", ["小さじ1/10", "小さじ1", "大さじ1/2", "大さじ1と1/3"])
def test_more_servings_never_measure_less(name: str, measure: str) -> None:
    units = COOKBOOK.ingredients[name].units
    parsed = parse_measure(measure)
    assert parsed is not None
    grams = float(parsed[0]) * units.grams[parsed[1]]
    measured = []
    for servings in range(1, 13):
        said = parse_measure(scale(grams, measure, servings, units).measure)
        if said is not None:
            of_one = {"g": 1.0, "ml": units.grams["大さじ"] / 15}.get(said[1])
            measured.append(float(said[0]) * (of_one or units.grams[said[1]]))

    assert len(measured) >= 8
    assert measured == sorted(measured)


def fried() -> list[Dish]:
    return [
        dish
        for dish in COOKBOOK.dishes.values()
        if any(frying_depth_cm(part.measure) for part in dish.ingredients)
    ]


def test_oil_to_fry_in_is_as_deep_as_the_step_says() -> None:
    assert len(fried()) >= 31
    for dish in fried():
        [depth] = filter(None, (frying_depth_cm(part.measure) for part in dish.ingredients))
        said = re.findall(r"油を深さ(\d)cm", "".join(dish.steps))
        assert said in ([], [str(depth)]), dish.name


def test_what_is_fried_has_its_oil_as_a_depth() -> None:
    deep = [
        dish.name
        for dish in COOKBOOK.dishes.values()
        if dish.method == "揚げる" and dish not in fried()
    ]
    assert not deep, deep


KITCHEN_COUNTS = st.fractions(min_value=Fraction(1, 10), max_value=30, max_denominator=10)


@given(
    count=KITCHEN_COUNTS, servings=st.integers(1, 12), unit=st.sampled_from(["大さじ", "小さじ"])
)
def test_spoons_of_any_number_stay_true_and_readable(
    count: Fraction, servings: int, unit: str
) -> None:
    for units in (SOY_SAUCE, MISO):
        exact = float(count * servings) * units.grams[unit]
        amount = scale(exact / servings, _written(count, unit), servings, units)
        parsed = parse_measure(amount.measure)
        if parsed is None:
            assert exact <= units.grams["小さじ"] / 5
            continue
        of_one = {"g": 1.0, "ml": units.grams["大さじ"] / 15}.get(parsed[1])
        measured = float(parsed[0]) * (of_one or units.grams[parsed[1]])
        assert abs(measured - exact) <= float(WITHIN) * max(measured, exact) + 1e-6


@given(count=KITCHEN_COUNTS, servings=st.integers(1, 12))
def test_pieces_of_any_number_stay_true_and_readable(count: Fraction, servings: int) -> None:
    grams = float(count * 200)
    amount = scale(grams, _written(count, "個"), servings, Units({"個": 200}))
    parsed = parse_measure(amount.measure)

    assert parsed is not None
    of_one = {"g": 1, "個": 200}[parsed[1]]
    exact = grams * servings
    measured = float(parsed[0]) * of_one
    assert abs(measured - exact) <= float(WITHIN) * max(measured, exact) + 1e-6
    assert parsed[0].denominator in (1, 2, 3, 4, 10)


@given(grams=st.floats(0.1, 350), servings=st.integers(1, 12))
def test_grams_are_exact_to_what_a_scale_shows(grams: float, servings: int) -> None:
    amount = scale(grams, "1個", servings, Units({"個": 200}))

    assert abs(amount.grams - grams * servings) <= (0.051 if grams * servings < 10 else 0.5)


def _written(count: Fraction, unit: str) -> str:
    whole, part = divmod(count, 1)
    number = "と".join(str(piece) for piece in (whole, part) if piece)
    return f"{unit}{number}" if unit in ("大さじ", "小さじ") else f"{number}{unit}"
