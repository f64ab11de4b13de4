import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chef_llm.cookbook import Amount, DishIngredient, load_cookbook, scale
from chef_llm.cookbook.measures import INDIVISIBLE, UNCOUNTED, parse_measure

COOKBOOK = load_cookbook()
SOY_SAUCE = COOKBOOK.ingredients["しょうゆ"].measures
STOCK = COOKBOOK.ingredients["だし汁"].measures
# What can be measured with the tools of a kitchen is this far from the exact amount at most.
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


@pytest.mark.parametrize("measure", UNCOUNTED)
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
        ("しょうゆ", 6, "小さじ1", 12, Amount(72, "大さじ4")),
        ("しょうゆ", 9, "大さじ1/2", 1, Amount(9, "大さじ1/2")),
        ("しょうゆ", 9, "大さじ1/2", 3, Amount(27, "大さじ1と1/2")),
        ("しょうゆ", 9, "大さじ1/2", 4, Amount(36, "大さじ2")),
        ("しょうゆ", 3, "小さじ1/2", 3, Amount(9, "小さじ1と1/2")),
        ("しょうゆ", 3, "小さじ1/2", 7, Amount(21, "大さじ1と小さじ1/2")),
        ("しょうゆ", 4, "小さじ2/3", 7, Amount(28, "大さじ1と1/2")),
        ("しょうゆ", 13.5, "大さじ3/4", 1, Amount(14, "小さじ2と1/4")),
        ("しょうゆ", 1.2, "小さじ1/5", 2, Amount(2.4, "小さじ1/3")),
        ("しょうゆ", 45, "大さじ2と1/2", 5, Amount(225, "大さじ13")),
        # Many spoons are a cup where the ingredient is measured in cups.
        ("だし汁", 60, "大さじ4", 2, Amount(120, "大さじ8")),
        ("だし汁", 60, "大さじ4", 4, Amount(240, "カップ1と1/4")),
        ("だし汁", 150, "カップ3/4", 3, Amount(450, "カップ2と1/4")),
        # Pieces in quarters and thirds, larger numbers in halves and then whole.
        ("玉ねぎ", 100, "1/2個", 2, Amount(200, "1個")),
        ("玉ねぎ", 100, "1/2個", 3, Amount(300, "1と1/2個")),
        ("玉ねぎ", 20, "1/10個", 2, Amount(40, "1/5個")),
        ("玉ねぎ", 40, "1/5個", 2, Amount(80, "1/3個")),
        ("玉ねぎ", 67, "1/3個", 4, Amount(268, "1と1/3個")),
        ("玉ねぎ", 150, "3/4個", 7, Amount(1050, "5と1/2個")),
        ("玉ねぎ", 300, "1と1/2個", 7, Amount(2100, "11個")),
        # Eggs are whole, and the grams follow them.
        ("卵", 50, "1個", 3, Amount(150, "3個")),
        ("卵", 25, "1/2個", 1, Amount(50, "1個")),
        ("卵", 25, "1/2個", 3, Amount(100, "2個")),
        ("卵", 10, "1/5個", 2, Amount(50, "1個")),
        ("うずら卵水煮", 20, "2個", 2, Amount(40, "4個")),
        # Grams.
        ("鶏むね肉", 80, "80g", 3, Amount(240, "240g")),
        ("わかめ", 2.5, "2.5g", 3, Amount(7.5, "7.5g")),
        # A little stays a little until it is none.
        ("こしょう", 0.1, "少々", 4, Amount(0.4, "少々")),
        ("塩", 0.5, "ひとつまみ", 2, Amount(1, "ひとつまみ")),
        ("塩", 0.5, "ひとつまみ", 6, Amount(3, "3g")),
        ("サラダ油", 5, "適量", 4, Amount(20, "適量")),
    ],
)
def test_a_measure_is_scaled_to_what_a_kitchen_can_measure(
    name: str, grams: float, measure: str, servings: int, scaled: Amount
) -> None:
    unit_grams = COOKBOOK.ingredients[name].measures

    assert scale(name, grams, measure, servings, unit_grams) == scaled


def parts() -> list[DishIngredient]:
    """Return each different ingredient line of the shipped cookbook."""
    lines = (part for dish in COOKBOOK.dishes.values() for part in dish.ingredients)
    return list(dict.fromkeys(lines))


def is_true(part: DishIngredient, servings: int, amount: Amount) -> bool:
    """Tell whether a scaled line of a dish is what the dish asks for, as far as a kitchen can."""
    unit_grams = COOKBOOK.ingredients[part.name].measures
    was, is_now = parse_measure(part.measure), parse_measure(amount.measure)
    if "." in amount.measure and not amount.measure.endswith("g"):
        return False
    if was is None:
        return amount.measure == part.measure or is_now == (Fraction(str(amount.grams)), "g")
    if is_now is None:
        return False
    exact, measured = was[0] * servings, is_now[0]
    if was[1] != is_now[1]:
        exact *= Fraction(unit_grams[was[1]]) / Fraction(unit_grams[is_now[1]])
    if part.name in INDIVISIBLE:
        # No more than half an egg off, but never none.
        return abs(measured - exact) <= Fraction(1, 2) or (exact < 1 and measured == 1)
    return abs(measured - exact) <= WITHIN * exact


def test_every_measure_of_the_cookbook_scales_to_one_that_is_true() -> None:
    wrong = []
    for part, servings in itertools.product(parts(), range(1, 13)):
        unit_grams = COOKBOOK.ingredients[part.name].measures
        amount = scale(part.name, part.grams, part.measure, servings, unit_grams)
        if not is_true(part, servings, amount):
            wrong.append(f"{part.name} {part.measure} x {servings} = {amount}")

    assert not wrong, wrong[:10]


KITCHEN_COUNTS = st.fractions(min_value=Fraction(1, 10), max_value=30, max_denominator=10)


@given(
    count=KITCHEN_COUNTS, servings=st.integers(1, 12), unit=st.sampled_from(["大さじ", "小さじ"])
)
def test_spoons_of_any_number_stay_true_and_readable(
    count: Fraction, servings: int, unit: str
) -> None:
    for unit_grams in (SOY_SAUCE, STOCK):
        amount = scale("しょうゆ", 1, _written(count, unit), servings, unit_grams)
        parsed = parse_measure(amount.measure)

        assert parsed is not None
        exact = float(count * servings) * unit_grams[unit]
        measured = float(parsed[0]) * unit_grams[parsed[1]]
        assert measured == pytest.approx(exact, rel=float(WITHIN))


@given(count=KITCHEN_COUNTS, servings=st.integers(1, 12))
def test_pieces_of_any_number_stay_true_and_readable(count: Fraction, servings: int) -> None:
    amount = scale("玉ねぎ", 1, _written(count, "個"), servings, {"個": 200})
    parsed = parse_measure(amount.measure)

    assert parsed is not None
    assert abs(parsed[0] - count * servings) <= WITHIN * count * servings
    assert parsed[0].denominator in (1, 2, 3, 4, 5, 6, 8, 10)


@given(grams=st.floats(0.1, 350), servings=st.integers(1, 12))
def test_grams_are_exact_to_what_a_scale_shows(grams: float, servings: int) -> None:
    amount = scale("玉ねぎ", grams, "1個", servings, {"個": 200})

    assert abs(amount.grams - grams * servings) <= (0.051 if grams * servings < 10 else 0.5)


@pytest.mark.parametrize("name", ["しょうゆ", "だし汁"])
@pytest.mark.parametrize("measure", ["小さじ1", "大さじ1/2", "小さじ2/3", "大さじ1と1/3"])
def test_more_servings_never_take_less(name: str, measure: str) -> None:
    unit_grams = COOKBOOK.ingredients[name].measures
    amounts = [
        parse_measure(scale(name, 1, measure, servings, unit_grams).measure)
        for servings in range(1, 13)
    ]
    grams = [float(count) * unit_grams[unit] for count, unit in filter(None, amounts)]

    assert len(grams) == 12
    assert grams == sorted(grams)


def _written(count: Fraction, unit: str) -> str:
    whole, part = divmod(count, 1)
    number = "と".join(str(piece) for piece in (whole, part) if piece)
    return f"{unit}{number}" if unit in ("大さじ", "小さじ") else f"{number}{unit}"
