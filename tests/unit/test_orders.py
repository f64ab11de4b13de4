"""From fields and words to an order: the stricter wins, and nothing is lost."""

from datetime import date
from functools import cache
from typing import Any

import pytest

from chef_llm.cookbook import ALLERGENS, Dish, load_cookbook
from chef_llm.errors import InvalidRequest
from chef_llm.menus.constraints import breach
from chef_llm.menus.title import Title, excluded_words
from chef_llm.reading.conversation import LATEST_CHARACTERS, Message
from chef_llm.reading.order import Constraints, Fields, Order, Slot
from chef_llm.reading.reader import read_order, season_of
from chef_llm.reading.text import MOST_CHARACTERS

COOKBOOK = load_cookbook()
TODAY = date(2026, 7, 1)


def ordered(request: str = "夕食を", **fields: Any) -> Order:
    return read_order([Message("user", request)], COOKBOOK, Fields(**fields), TODAY)


@pytest.mark.parametrize(
    ("request_text", "field", "minutes"),
    [
        ("30分以内で", None, 30),
        ("夕食を", 20, 20),
        ("30分以内で", 20, 20),
        ("15分以内で", 20, 15),
        ("夕食を", None, None),
    ],
)
def test_the_shorter_time_wins(request_text: str, field: int | None, minutes: int | None) -> None:
    assert ordered(request_text, max_minutes=field).constraints.max_minutes == minutes
    total = ordered(request_text.replace("分以内", "分以内に全部"), max_total_minutes=field)
    assert total.constraints.max_total_minutes == minutes


def test_allergens_exclusions_and_diets_of_words_and_fields_add_up() -> None:
    constraints = ordered(
        "えびアレルギーです。きのこ抜きで、減塩で",
        allergens=("卵",),
        exclude=("セロリ", "肉じゃが"),
        diets=frozenset({"high_protein"}),
    ).constraints
    assert {"えび", "卵"} <= constraints.allergens
    assert {"きのこ", "セロリ"} <= constraints.excluded
    assert "肉じゃが" in constraints.excluded_dishes
    assert constraints.diets == {"low_salt", "high_protein"}


def test_words_take_no_constraint_of_a_field_away() -> None:
    constraints = ordered(
        "卵は大丈夫です。何でも食べられます。60分以内で",
        allergens=("卵",),
        exclude=("きのこ",),
        max_minutes=15,
        diets=frozenset({"vegan"}),
    ).constraints
    assert "卵" in constraints.allergens
    assert "きのこ" in constraints.excluded
    assert constraints.max_minutes == 15
    assert "vegan" in constraints.diets


@pytest.mark.parametrize("allergen", ALLERGENS)
def test_every_allergen_of_the_rule_is_one_of_the_field(allergen: str) -> None:
    assert allergen in ordered(allergens=(allergen,)).constraints.allergens


def breaks(name: str, dish: Dish) -> bool:
    """Tell whether who excludes `name` is not served `dish`."""
    return breach(excluding(name), dish, COOKBOOK) is not None


@cache
def excluding(name: str) -> Constraints:
    return ordered(exclude=(name,)).constraints


def test_every_ingredient_can_be_excluded() -> None:
    served = [
        (name, dish.name)
        for name in COOKBOOK.ingredients
        for dish in COOKBOOK.dishes.values()
        if name in dish.ingredient_names and not breaks(name, dish)
    ]
    assert not served


def test_every_dish_can_be_excluded() -> None:
    assert not [name for name, dish in COOKBOOK.dishes.items() if not breaks(name, dish)]


def test_an_unknown_allergen_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(InvalidRequest) as caught:
        ordered(allergens=("卵", "コーラ"))
    assert caught.value.param == "allergens.1"
    assert "コーラ" in caught.value.message
    assert all(allergen in caught.value.message for allergen in ALLERGENS)


def test_an_unknown_exclusion_is_refused_and_named() -> None:
    with pytest.raises(InvalidRequest) as caught:
        ordered(exclude=("きのこ", "ズンドコ"))
    assert caught.value.param == "exclude.1"
    assert "ズンドコ" in caught.value.message


def test_of_a_long_conversation_the_last_turn_is_what_is_asked_and_the_first_still_holds() -> None:
    told = [Message("user", "卵アレルギーがあります。")]
    talk = [Message("user", f"今日は雨です。{'とても長い話です。' * 90}") for _ in range(15)]
    asked = [Message("user", "4人分のお弁当をお願いします。")]
    assert sum(len(turn.content) for turn in talk) > MOST_CHARACTERS > LATEST_CHARACTERS
    order = read_order([*told, *talk, *asked], COOKBOOK, today=TODAY)
    assert (order.servings, [slot.meal for slot in order.slots]) == (4, ["お弁当"])
    assert "卵" in order.constraints.allergens


def test_an_unknown_ingredient_is_reported_and_not_lost() -> None:
    result = ordered(
        "", ingredients=[("ドラゴンフルーツ", 200.0), ("豚こま", None), ("たまご", 100.0)]
    )
    assert result.unknown_ingredients == ("ドラゴンフルーツ",)
    assert result.at_hand == {"豚こま切れ肉": None, "卵": 100.0}
    assert result.ingredients == ("豚こま切れ肉", "卵")


@pytest.mark.parametrize(
    ("words", "name"), [("豆腐", "木綿豆腐"), ("ひき肉", "ひき肉"), ("葱", "長ねぎ")]
)
def test_an_ingredient_by_its_everyday_name_is_the_usual_one(words: str, name: str) -> None:
    assert ordered("", ingredients=[(words, None)]).ingredients == (name,)


def test_the_same_ingredient_twice_is_added_up() -> None:
    assert ordered("", ingredients=[("たまご", 100.0), ("卵", 50.0)]).at_hand == {"卵": 150.0}
    assert ordered("", ingredients=[("たまご", None), ("卵", 50.0)]).at_hand == {"卵": None}


def test_ingredients_of_words_and_field_are_both_wished_but_only_one_is_at_hand() -> None:
    result = ordered("キャベツを使って", ingredients=[("豚こま", None)])
    assert set(result.ingredients) == {"豚こま切れ肉", "キャベツ"}
    assert set(result.at_hand) == {"豚こま切れ肉"}


@pytest.mark.parametrize(
    ("month", "season"),
    [
        (1, "冬"),
        (2, "冬"),
        (3, "春"),
        (5, "春"),
        (6, "夏"),
        (8, "夏"),
        (9, "秋"),
        (11, "秋"),
        (12, "冬"),
    ],
)
def test_a_month_has_its_season(month: int, season: str) -> None:
    assert season_of(date(2026, month, 1)) == season


def test_the_season_is_todays_unless_it_is_asked_for() -> None:
    assert ordered().constraints.season == "夏"
    assert ordered().named_season is None
    assert ordered("冬らしい献立を").constraints.season == "冬"
    assert ordered("冬らしい献立を").named_season == "冬"
    assert ordered("冬らしい献立を", season="春").named_season == "春"


@pytest.mark.parametrize(
    ("request_text", "is_served"),
    [("たらとブロッコリーで夕食を", True), ("夏らしく、たらとブロッコリーで夕食を", False)],
)
def test_todays_season_forbids_no_dish_of_what_was_asked_for(
    request_text: str, is_served: bool
) -> None:
    constraints = ordered(request_text).constraints
    assert constraints.season == "夏"
    of_winter = [dish for dish in COOKBOOK.dishes.values() if dish.seasons == {"冬"}]
    with_cod = [dish for dish in of_winter if "たら" in dish.keywords]
    assert with_cod
    assert all((breach(constraints, dish, COOKBOOK) is None) is is_served for dish in with_cod)
    others = [dish for dish in of_winter if not {"たら", "ブロッコリー"} & set(dish.keywords)]
    assert not any(breach(constraints, dish, COOKBOOK) is None for dish in others)


@pytest.mark.parametrize(
    ("request_text", "fields", "slots"),
    [
        ("お願いします", {}, ((1, "夕食"),)),
        ("お昼ごはんを", {}, ((1, "昼食"),)),
        ("お昼ごはんを", {"meals": ["夕食"]}, ((1, "夕食"),)),
        ("お願いします", {"meals": ["夕食", "朝食"]}, ((1, "朝食"), (1, "夕食"))),
        ("2日分", {"meals": ["お弁当"]}, ((1, "お弁当"), (2, "お弁当"))),
        ("3日分", {"days": 2}, ((1, "夕食"), (2, "夕食"))),
        ("一週間分", {}, tuple((day, "夕食") for day in range(1, 8))),
        ("20日分", {}, tuple((day, "夕食") for day in range(1, 15))),
        ("月〜金の夕食", {}, tuple((day, "夕食") for day in range(1, 6))),
        ("土日の昼を", {}, ((1, "昼食"), (2, "昼食"))),
        ("平日の夜だけ", {}, tuple((day, "夕食") for day in range(1, 6))),
        ("10日〜12日の晩", {}, tuple((day, "夕食") for day in range(1, 4))),
        ("今夜と明日の夕食", {}, ((1, "夕食"), (2, "夕食"))),
        (
            "三日間、朝と夜",
            {},
            tuple((day, meal) for day in (1, 2, 3) for meal in ("朝食", "夕食")),
        ),
        ("木曜だけ帰りが遅い。夕食を", {}, ((1, "夕食"),)),
        ("昨日から3日目のカレー。夕食を", {}, ((1, "夕食"),)),
        ("二日酔いです。昼ごはんを", {}, ((1, "昼食"),)),
    ],
)
def test_days_and_meals_become_slots(
    request_text: str, fields: dict[str, Any], slots: tuple[tuple[int, str], ...]
) -> None:
    assert ordered(request_text, **fields).slots == tuple(Slot(*slot) for slot in slots)


@pytest.mark.parametrize(
    ("request_text", "field", "servings"),
    [("夕食を", None, 2), ("4人分", None, 4), ("4人分", 3, 3), ("20人分", None, 12)],
)
def test_servings_are_those_of_the_field_then_of_the_words(
    request_text: str, field: int | None, servings: int
) -> None:
    assert ordered(request_text, servings=field).servings == servings


def test_fields_alone_become_words_for_the_model() -> None:
    order = ordered("", ingredients=[("生鮭", None), ("白菜", None)], servings=4, meals=["昼食"])
    assert order.request == "生鮭と白菜で、4人分の昼食をお願いします"


def test_what_the_opening_line_leaves_out_names_allergens_first() -> None:
    order = ordered(allergens=("卵", "えび"), exclude=("きのこ",))
    assert excluded_words(order.constraints, COOKBOOK)[:2] == ("えび", "卵")
    assert "きのこ" in excluded_words(order.constraints, COOKBOOK)


def test_the_opening_line_names_every_allergen_however_many_they_are() -> None:
    told = "えび・かに・そば・落花生・くるみ・卵・乳・小麦の8つを抜いて。きのこ、なすもなしで"
    words = excluded_words(ordered(told).constraints, COOKBOOK)

    assert set(words) == {"えび", "かに", "そば", "落花生", "くるみ", "卵", "乳", "小麦", "など"}
    assert "えび、かに、くるみ、そば、乳、卵、小麦、落花生などは使いません" in str(
        Title(excluded=words)
    )


@pytest.mark.parametrize(
    ("request_text", "words"),
    [
        ("かにアレルギーです", ("かに",)),
        ("乳アレルギーで、牛乳がだめです", ("乳",)),
        ("かに缶は使わないで", ("かに",)),
        ("卵アレルギーです。きのこも抜いて", ("卵", "きのこ")),
        ("乳アレルギーです。豆乳もだめです", ("乳", "豆乳")),
    ],
)
def test_the_opening_line_names_no_food_of_an_allergen_that_it_names(
    request_text: str, words: tuple[str, ...]
) -> None:
    assert excluded_words(ordered(request_text).constraints, COOKBOOK) == words


def test_the_style_is_that_of_the_diet_before_that_of_the_words() -> None:
    assert ordered("簡単に").style == "時短"
    assert ordered("簡単に", diets=frozenset({"low_salt"})).style == "減塩"
    assert ordered().style is None


def test_a_dish_that_is_asked_for_by_name_is_wished() -> None:
    assert ordered("肉じゃがが食べたい").dishes == ("肉じゃが",)
