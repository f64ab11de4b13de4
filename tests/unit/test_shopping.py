"""What to buy: merged, in the order of a shop, less what is at hand, never too little."""

import random
import re
from fractions import Fraction
from typing import get_args

import pytest

from chef_llm.cookbook import Dish, load_cookbook, scale
from chef_llm.cookbook.model import Section
from chef_llm.menus.shopping import SHOP_UNITS, ShoppingItem, shopping_list

COOKBOOK = load_cookbook()
DISHES = list(COOKBOOK.dishes.values())
# Grams for a litre.
STOCKS = {"だし汁": {"昆布": 10, "かつお節": 20}, "昆布だし": {"昆布": 10}}


def dishes(*names: str) -> list[Dish]:
    return [COOKBOOK.dishes[name] for name in names]


def items(
    bought: list[Dish], servings: int, at_hand: dict[str, float | None] | None = None
) -> dict[str, ShoppingItem]:
    sections = shopping_list(bought, servings, at_hand or {}, COOKBOOK)
    return {item.name: item for section in sections.values() for item in section}


def needed(name: str, bought: list[Dish], servings: int) -> float:
    """Return the grams that the recipes ask for: an egg is not halved."""
    units = COOKBOOK.ingredients[name].measures
    parts = [part for dish in bought for part in dish.ingredients if part.name == name]
    return sum(
        max(part.grams * servings, scale(name, part.grams, part.measure, servings, units).grams)
        for part in parts
    )


def drawn(name: str, bought: list[Dish], servings: int, at_hand: dict[str, float | None]) -> float:
    """Return the grams of an ingredient that the stock of the recipes is drawn from."""
    total = 0.0
    for stock, grams_of_a_litre in STOCKS.items():
        there = at_hand.get(stock, 0.0)
        missing = 0.0 if there is None else max(0.0, needed(stock, bought, servings) - there)
        total += missing / 1000 * grams_of_a_litre.get(name, 0)
    return total


def bought_grams(item: ShoppingItem) -> float:
    """Return the grams that an item's measure stands for."""
    match = re.fullmatch(r"(?:(\d+)(?:と(1/2))?|(1/2))(\D+)", item.measure)
    assert match, item.measure
    whole, half, only_half, unit = match.groups()
    count = Fraction(whole or 0) + Fraction(half or 0) + Fraction(only_half or 0)
    assert unit in SHOP_UNITS
    return float(count * Fraction(COOKBOOK.ingredients[item.name].measures[unit]))


def test_an_ingredient_of_several_dishes_stands_once() -> None:
    both = dishes("キャベツの浅漬け", "キャベツと油揚げのみそ汁")
    names = [
        item.name for section in shopping_list(both, 2, {}, COOKBOOK).values() for item in section
    ]
    assert len(names) == len(set(names))
    assert items(both, 2)["キャベツ"].grams == needed("キャベツ", both, 2)


def test_sections_come_in_the_order_of_a_shop_and_none_is_empty() -> None:
    sections = shopping_list(DISHES, 2, {}, COOKBOOK)
    assert list(sections) == [name for name in get_args(Section) if name in sections]
    assert all(sections.values())
    elsewhere = {
        item.name: section
        for section, bought in sections.items()
        for item in bought
        if COOKBOOK.ingredients[item.name].section != section
    }
    assert not elsewhere


def test_water_is_not_bought() -> None:
    assert any("水" in dish.ingredient_names for dish in DISHES)
    assert "水" not in items(DISHES, 2)


def test_what_is_at_hand_is_not_bought() -> None:
    soup = dishes("キャベツと油揚げのみそ汁")
    grams = needed("キャベツ", soup, 4)
    assert "キャベツ" not in items(soup, 4, {"キャベツ": None})
    assert "キャベツ" not in items(soup, 4, {"キャベツ": grams})
    assert items(soup, 4, {"キャベツ": grams - 30})["キャベツ"].grams == 30
    assert items(soup, 4, {"にんじん": None})["キャベツ"].grams == grams


def test_stock_is_bought_as_what_it_is_drawn_from() -> None:
    soup = dishes("豆腐とわかめのみそ汁")
    bought = items(soup, 4)
    assert "だし汁" not in bought
    assert (bought["昆布"].grams, bought["かつお節"].grams) == (6.0, 12.0)
    assert not {"だし汁", "昆布", "かつお節"} & items(soup, 4, {"だし汁": None}).keys()
    assert items(soup, 4, {"だし汁": 300.0, "昆布": 1.0})["昆布"].grams == 2.0
    granules = COOKBOOK.with_products(frozenset(), frozenset({"だし汁"}))
    made = shopping_list(soup, 4, {}, granules)["調味料・油"]
    assert "顆粒和風だし" in [item.name for item in made]


def test_nobody_buys_half_an_egg() -> None:
    """A recipe for one says a whole egg where half of one is meant: two recipes are two eggs."""
    halved = [
        dish
        for dish in DISHES
        for part in dish.ingredients
        if (part.name, part.measure) == ("卵", "1/2個")
    ][:2]
    assert len(halved) == 2
    assert items(halved, 1)["卵"] == ShoppingItem("卵", 100.0, "2個")


@pytest.mark.parametrize(
    ("name", "grams", "measure"),
    [
        ("キャベツ", 60, "1/2個"),
        ("キャベツ", 501, "1個"),
        ("キャベツ", 1001, "1と1/2個"),
        ("玉ねぎ", 60, "1個"),
        ("卵", 150, "3個"),
        ("卵", 150.00000000000003, "3個"),
        ("卵", 151, "4個"),
        ("豚こま切れ肉", 160, "1パック"),
        ("しょうゆ", 36, ""),
    ],
)
def test_a_measure_is_one_of_the_shop_rounded_up(name: str, grams: float, measure: str) -> None:
    dish = DISHES[0].model_copy(
        update={
            "ingredients": (
                DISHES[0]
                .ingredients[0]
                .model_copy(update={"name": name, "grams": grams, "measure": f"{grams:g}g"}),
            )
        }
    )
    item = items([dish], 1)[name]
    assert item.measure == measure
    assert item.grams == pytest.approx(grams)


def test_never_less_than_the_recipes_ask_for() -> None:
    rng = random.Random("shopping")
    wrong = []
    for _ in range(100):
        bought = rng.sample(DISHES, rng.randint(1, 28))
        servings = rng.randint(1, 12)
        at_hand: dict[str, float | None] = {
            name: rng.choice((None, 10.0, 250.0))
            for name in rng.sample(list(COOKBOOK.ingredients), 5)
        }
        for item in items(bought, servings, at_hand).values():
            there = at_hand.get(item.name, 0.0)
            asked = needed(item.name, bought, servings) + drawn(
                item.name, bought, servings, at_hand
            )
            missing = asked - (there or 0.0)
            is_listed = missing - 1e-6 <= item.grams < missing + 1
            is_bought = not item.measure or bought_grams(item) >= missing - 1e-6
            if there is None or not (is_listed and is_bought):
                wrong.append((item, missing))

    assert not wrong, wrong[:10]
