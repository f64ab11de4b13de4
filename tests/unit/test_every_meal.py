from datetime import date

import pytest

from chef_llm.cookbook import load_cookbook
from chef_llm.reading.conversation import Message
from chef_llm.reading.order import Order
from chef_llm.reading.reader import read_order

COOKBOOK = load_cookbook()


def order_of(text: str) -> Order:
    return read_order([Message("user", text)], COOKBOOK, today=date(2026, 12, 1))


@pytest.mark.parametrize(
    ("text", "food", "meals"),
    [
        ("朝食をパンで5日分", "食パン", 5),
        ("パンの朝食を3日分", "食パン", 3),
        ("朝ごはん3日分、パン派です", "食パン", 3),
        ("3日分の朝ごはん。パンがいい", "食パン", 3),
        ("昼ごはん4日分、うどんにしてください", "うどん", 4),
        ("5日分の夕食、魚で", "魚", 5),
        ("3日分の夕食を毎晩豆腐で", "木綿豆腐", 3),
        ("一週間の朝食、パン中心で", "食パン", 7),
        ("4日分の昼食は麺で", "麺", 4),
    ],
)
def test_what_all_meals_are_to_be_of_is_asked_of_each(text: str, food: str, meals: int) -> None:
    order = order_of(text)

    assert [(one.value, one.least) for one in order.shares if not one.is_bound] == [(food, meals)]


@pytest.mark.parametrize(
    "text",
    [
        # One meal has it anyway.
        "朝食をパンで",
        # What is there is eaten once.
        "食パンが余ってるので3日分の朝食",
        # Of one day, or now and then.
        "3日分の朝食、1日はパンで",
        "5日分の朝食、たまにパンで",
        # One of several foods.
        "3日分の夕食、鶏肉とキャベツで",
        # It may be, and need not.
        "3日分の朝食、パンでもいい",
    ],
)
def test_what_one_meal_may_be_of_is_asked_of_none_of_the_others(text: str) -> None:
    order = order_of(text)

    assert not [one for one in order.shares if one.least >= len(order.slots) > 1]
