import itertools
import re
from collections.abc import Iterator

import pytest

from chef_llm.cookbook import (
    Cookbook,
    Dish,
    DishIngredient,
    Ingredient,
    Nutrients,
    Role,
    Yen,
    load_cookbook,
)
from chef_llm.cookbook.model import Sold
from chef_llm.menus.answer import named_dishes
from chef_llm.menus.cards import recipe_card, recipe_cards
from sampled import sample

COOKBOOK = load_cookbook()


def names(answer: str) -> list[str]:
    return [dish.name for dish in named_dishes(answer, COOKBOOK)]


def test_named_dishes_are_those_of_the_dish_lines_in_their_order() -> None:
    assert names("献立です。\n主菜: 肉じゃが\n主食: ご飯\n料理: 卵焼き") == [
        "肉じゃが",
        "ご飯",
        "卵焼き",
    ]


def test_an_unknown_dish_gets_no_card_and_no_invented_one() -> None:
    assert names("主食: ご飯\n主菜: くじらの竜田揚げ") == ["ご飯"]
    assert recipe_cards([], 2, COOKBOOK) == ""


@pytest.mark.parametrize("line", ["主菜: 肉じゃがの残り", "主菜: 特製肉じゃが", "主菜: 肉 じゃが"])
def test_a_name_that_is_only_like_a_dish_gets_no_card(line: str) -> None:
    assert names(line) == []


def test_a_dish_that_is_named_twice_gets_one_card() -> None:
    assert names("主菜: 肉じゃが\n副菜: 肉じゃが\n主菜：肉じゃが") == ["肉じゃが"]


def test_a_dish_that_is_named_in_a_sentence_gets_no_card() -> None:
    assert names("肉じゃがはいかがですか。") == []


def cookbook_of(dish: Dish) -> Cookbook:
    """Return a cookbook of one dish; its ingredients are all alike."""
    nothing = Nutrients(**dict.fromkeys(Nutrients.model_fields, 0))
    ingredients = {
        part.name: Ingredient(
            name=part.name,
            reading="よみ",
            aliases=(),
            section="野菜・果物",
            food_number="-",
            per_100g=nothing,
            allergens=frozenset(),
            groups=frozenset(),
            measures={"大さじ": 18, "小さじ": 6, "個": 60, "ひとつまみ": 0.5, "少々": 0.3},
            sold=Sold(
                cut="steps" if part.name == "卵" else "parts",
                form="",
                refuse_percent=0,
                packs=(),
                instead={},
                yen=Yen(low=10, usual=50, high=90),
            ),
        )
        for part in dish.ingredients
    }
    return Cookbook(ingredients, {dish.name: dish})


OMELETTE = Dish(
    name="ねぎの卵焼き",
    reading="ねぎのたまごやき",
    role=Role.SIDE,
    cuisine="和",
    method="焼く",
    minutes=15,
    seasons=frozenset(),
    tags=frozenset(),
    keywords=("卵",),
    tip="弱火で焼きます。",
    ingredients=(
        DishIngredient(name="卵", grams=90, measure="1と1/2個"),
        DishIngredient(name="ねぎ", grams=20, measure="20g"),
        DishIngredient(name="しょうゆ", grams=6, measure="小さじ1"),
        DishIngredient(name="塩", grams=0.3, measure="少々"),
    ),
    steps=("卵をほぐす。", "ねぎと調味料をまぜる。", "焼く。"),
)


def test_a_card_has_servings_minutes_amounts_and_numbered_steps() -> None:
    assert recipe_card(OMELETTE, 3, cookbook_of(OMELETTE)) == (
        "■ ねぎの卵焼き（3人分・約15分）\n"
        "材料\n"
        "・卵 300g（5個）\n"
        "・ねぎ 60g（1個）\n"
        "・しょうゆ 18g（大さじ1）\n"
        "・塩 0.9g（ふたつまみ）\n"
        "作り方\n"
        "1. 卵をほぐす。\n"
        "2. ねぎと調味料をまぜる。\n"
        "3. 焼く。\n"
        "1人分: エネルギー0kcal・たんぱく質0.0g・脂質0.0g・糖質0.0g・食物繊維0.0g・"
        "カルシウム0mg・鉄0.0mg・食塩0.0g・野菜0g・材料費の目安60円"
    )


def test_cards_stand_apart_by_an_empty_line() -> None:
    cookbook = cookbook_of(OMELETTE)
    card = recipe_card(OMELETTE, 2, cookbook)

    assert recipe_cards([OMELETTE, OMELETTE], 2, cookbook) == f"{card}\n\n{card}"


@pytest.mark.parametrize(
    ("dish", "time"),
    [
        ("卵焼き", "約12分"),
        ("大根の浅漬け", "約10分＋待ち時間30分"),
        ("あさりのみそ汁", "約15分＋待ち時間2時間"),
        ("タンドリーチキン", "約25分＋待ち時間8時間"),
    ],
)
def test_a_card_says_how_long_one_waits(dish: str, time: str) -> None:
    title = recipe_card(COOKBOOK.dishes[dish], 2, COOKBOOK).splitlines()[0]
    assert title == f"■ {dish}（2人分・{time}）"


def test_a_card_says_how_many_days_its_dish_keeps() -> None:
    note = recipe_card(COOKBOOK.dishes["大根なます"], 2, COOKBOOK).splitlines()[-2]
    assert note.startswith("作り置き: ")
    assert "4日以内" in note


def test_a_card_says_how_its_stock_is_made() -> None:
    soup = COOKBOOK.dishes["豆腐とわかめのみそ汁"]
    assert (
        recipe_card(soup, 2, COOKBOOK)
        .splitlines()[-2]
        .startswith("だし汁300mlのとり方: 水330ml、昆布3g、かつお節6g。水に昆布を")
    )
    granules = COOKBOOK.with_products(frozenset(), frozenset({"だし汁"}))
    note = recipe_card(soup, 2, granules).splitlines()[-2]
    assert note == "だし汁300ml: 水300mlに顆粒和風だし2.1gを溶く。"


def faults_of_card(dish: Dish, servings: int) -> Iterator[str]:
    """Yield what a card leaves out of its dish, or says otherwise."""
    title, *lines = recipe_card(dish, servings, COOKBOOK).split("\n")
    cut = lines.index("作り方")
    waited = r"(?:＋待ち時間(?:\d+時間)?(?:\d+分)?)" if dish.waiting else ""
    time = rf"約{dish.minutes}分{waited}"
    if not re.fullmatch(rf"■ {re.escape(dish.name)}（{servings}人分・{time}）", title):
        yield title
    steps = [f"{n}. {step}" for n, step in enumerate(dish.steps, 1)]
    if lines[cut + 1 : cut + 1 + len(steps)] != steps:
        yield f"{dish.name}: its steps"
    notes = [part.name for part in dish.ingredients if part.name in ("だし汁", "昆布だし")]
    notes += ["作り置き: "] * bool(dish.keeps)
    for line, begins in itertools.zip_longest(lines[cut + 1 + len(steps) : -1], notes):
        if not begins or not (line or "").startswith(begins):
            yield f"{dish.name}: how its stock is drawn and how it keeps: {line}"
    energy = round(COOKBOOK.for_servings(servings).nutrition(dish).energy_kcal)
    if not lines[-1].startswith(f"1人分: エネルギー{energy}kcal・"):
        yield lines[-1]
    for line, part in itertools.zip_longest(lines[1:cut], dish.ingredients):
        shown = re.fullmatch(r"・(.+) ([\d.]+)g(（[^（）]+）)?", line or "")
        # Rounded to what a scale shows; an egg may be up to half of one more or less.
        is_stepped = part and COOKBOOK.ingredients[part.name].sold.cut == "steps"
        slack = 50 if is_stepped else 0.5
        if (
            not (shown and part)
            or shown[1] != part.name
            or float(shown[2]) != pytest.approx(part.grams * servings, abs=slack)
        ):
            yield f"{dish.name} for {servings}: {line} of {part}"


@pytest.mark.sampled
def test_every_dish_of_the_cookbook_has_a_whole_card() -> None:
    faults = [
        fault
        for name, servings in sample(itertools.product(COOKBOOK.dishes, (1, 2, 5, 12)), 8)
        for fault in faults_of_card(COOKBOOK.dishes[name], servings)
    ]

    assert not faults, faults[:10]
