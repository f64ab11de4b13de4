"""`POST /v1/recipes`: named dishes for any number of servings, without the model."""

from typing import Any

import pytest

from chef_llm import app
from chef_llm.cookbook import load_cookbook
from chef_llm.menus.way import way_to_table
from over_http import assert_wrong_field, call

COOKBOOK = load_cookbook()
DINNER = ["ご飯", "肉じゃが"]


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "load_chef", lambda: pytest.fail("the model was asked"))


def recipes(**fields: Any) -> dict[str, Any]:
    answer = call("POST", "/v1/recipes", {"dishes": DINNER, **fields})
    assert answer.status == 200, answer.body
    body: dict[str, Any] = answer.body
    return body


def test_dishes_come_with_amounts_for_the_servings_and_what_to_buy() -> None:
    two, six = recipes(servings=2), recipes(servings=6)
    assert [dish["name"] for dish in six["dishes"]] == DINNER
    grams = [[part["grams"] for part in body["dishes"][0]["ingredients"]] for body in (two, six)]
    assert grams[1] == [3 * one for one in grams[0]]
    assert two["dishes"][1]["nutrition"] == six["dishes"][1]["nutrition"]
    assert six["shopping_list"] != two["shopping_list"]
    assert "表示" in six["notice"]


@pytest.mark.parametrize("name", ["五人家族の鍋", "卵アレルギーの人の三人分カレー"])
def test_the_name_of_a_dish_is_a_name_and_no_request(name: str) -> None:
    body = recipes(dishes=[name, "肉じゃが"])
    assert (body["servings"], body["unknown"], body["understood"]) == (2, [name], [])


def test_servings_and_wishes_are_read_from_the_words() -> None:
    body = recipes(request="えびなしで、5人分の夕食")
    assert body["servings"] == 5
    assert {one["kind"]: one["value"] for one in body["understood"]}["allergen"] == "えび"
    assert recipes(request="5人分", servings=3)["servings"] == 3
    assert recipes()["servings"] == 2
    assert recipes()["understood"] == []


def test_the_dishes_of_a_meal_have_an_order_of_work() -> None:
    body = recipes()
    assert body["total_minutes"] == way_to_table([COOKBOOK.dishes[n] for n in DINNER]).total_minutes
    assert {task["dish"] for task in body["work"]} == set(DINNER)
    many = recipes(dishes=[*COOKBOOK.dishes][:20])
    assert (many["total_minutes"], many["work"]) == (None, [])


def test_what_is_at_hand_is_not_bought() -> None:
    def bought(body: dict[str, Any]) -> set[str]:
        return {item["name"] for section in body["shopping_list"] for item in section["items"]}

    assert "じゃがいも" in bought(recipes())
    assert "じゃがいも" not in bought(recipes(ingredients=["じゃがいも"]))


def test_a_dish_that_is_named_twice_is_bought_twice_and_shown_once() -> None:
    once, twice = recipes(dishes=["肉じゃが"]), recipes(dishes=["肉じゃが", "肉じゃが"])
    assert once["dishes"] == twice["dishes"]
    [potato] = [i for s in once["shopping_list"] for i in s["items"] if i["name"] == "じゃがいも"]
    [more] = [i for s in twice["shopping_list"] for i in s["items"] if i["name"] == "じゃがいも"]
    assert more["grams"] == 2 * potato["grams"]


def test_a_name_that_the_cookbook_has_not_is_told() -> None:
    body = recipes(dishes=["肉じゃが", "月の石の煮つけ"])
    assert body["unknown"] == ["月の石の煮つけ"]
    assert [dish["name"] for dish in body["dishes"]] == ["肉じゃが"]


def test_every_dish_of_the_cookbook_can_be_asked_for() -> None:
    names = list(load_cookbook().dishes)[:112]
    assert [dish["name"] for dish in recipes(dishes=names)["dishes"]] == names


@pytest.mark.parametrize(
    ("fields", "param", "wanted", "came"),
    [
        ({"dishes": []}, "dishes", "1個以上", "[]"),
        ({"dishes": ["肉じゃが"] * 113}, "dishes", "112個以下", "肉じゃが"),
        ({"servings": 0}, "servings", "1以上", "0"),
        ({"servings": 13}, "servings", "12以下", "13"),
        ({"day": 2}, "day", "という項目はありません", "2"),
    ],
)
def test_a_wrong_field_is_named(fields: dict[str, Any], param: str, wanted: str, came: str) -> None:
    answer = call("POST", "/v1/recipes", {"dishes": DINNER, **fields})
    assert_wrong_field(answer, param, wanted, came)
