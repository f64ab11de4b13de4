"""The order of work as it is told: with a menu, about one that is there, of named dishes."""

import re

import pytest
from fakes import FakeEngine

from chef_llm.chat.chef import Chef, Question
from chef_llm.chat.service import answer, whole
from chef_llm.cookbook import Dish, load_cookbook
from chef_llm.engines import Deadline, Sampling
from chef_llm.menus.answer import parse_answer
from chef_llm.menus.way import way_to_table
from chef_llm.menus.work_text import time_line, work_text
from chef_llm.models.catalogue import find_model
from chef_llm.reading.conversation import Message
from chef_llm.reading.reader import read_order

COOKBOOK = load_cookbook()
CHEF = Chef(FakeEngine(), find_model("kondate"), COOKBOOK)
FIRST = "卵アレルギーです。鶏肉の夕食"


def said(*turns: str, recipes: bool = False) -> str:
    roles = ["user", "assistant"] * len(turns)
    messages = [Message(role, text) for role, text in zip(roles, turns, strict=False)]
    question = Question(messages, Sampling(seed=1), recipes=recipes)
    return whole(answer(question, CHEF, Deadline.after(60))).text


def dishes(*names: str) -> list[Dish]:
    return [COOKBOOK.dishes[name] for name in names]


def served(text: str) -> list[Dish]:
    return dishes(*(name for _, name in parse_answer(text).dishes))


def test_every_step_stands_at_its_minute() -> None:
    meal = dishes("さばのみそ煮", "ほうれん草のごまあえ", "豆腐とわかめのみそ汁")
    lines = work_text(meal).splitlines()
    way = way_to_table(meal)
    assert lines[0] == f"■ 段取り（全部で約{way.minutes}分）"
    assert len(lines) == 1 + sum(len(dish.steps) for dish in meal)
    minutes = [int(re.match(r"(\d+)分 ", line)[1]) for line in lines[1:]]
    assert minutes == sorted(minutes)
    simmering = next(line for line in lines if "落としぶたをし、中火で8分煮る" in line)
    assert simmering.endswith("（約8分は手があく）")


@pytest.mark.parametrize(
    ("names", "heads"),
    [
        (("ご飯", "ほうれん草のごまあえ"), ["先に", "始めてから"]),
        (("味玉", "ほうれん草のごまあえ"), ["前の晩に", "始めてから"]),
        (("ご飯", "味玉", "あさりの酒蒸し"), ["前の晩に", "2時間前までに", "先に", "始めてから"]),
        (("ほうれん草のごまあえ",), []),
    ],
)
def test_what_is_done_ahead_is_told_apart(names: tuple[str, ...], heads: list[str]) -> None:
    lines = work_text(dishes(*names)).splitlines()[1:]
    assert [line for line in lines if not re.match(r"・|\d+分 ", line)] == heads


def test_a_long_wait_is_told_beside_the_time() -> None:
    way = way_to_table(dishes("味玉"))
    worked = way.total_minutes - 480
    assert time_line(dishes("味玉")) == f"調理時間: 全部で約{worked}分＋待ち時間8時間"


@pytest.mark.parametrize(
    ("words", "recipes"), [("夕食", True), ("30分以内の夕食", False), ("全部で40分の夕食", False)]
)
def test_a_menu_says_how_long_it_takes_where_somebody_cooks_it(words: str, recipes: bool) -> None:
    text = said(words, recipes=recipes)
    assert time_line(served(text)) in text.splitlines()
    assert "調理時間" not in said("夕食")


def test_the_order_of_work_comes_with_a_menu_where_it_is_asked_for() -> None:
    text = said("夕食の献立と段取りを教えて")
    assert work_text(served(text)) in text
    assert "段取り" not in said("夕食の献立を教えて", recipes=True)


@pytest.mark.parametrize(
    "words", ["段取りを教えて", "え神🥹まじ簡単そう、作る順番おしえて", "何から作ればいい？"]
)
def test_the_order_of_work_is_that_of_the_menu_that_is_there(words: str) -> None:
    """Whoever has an allergy gets no thanks for it."""
    for first in ("鶏肉の夕食", FIRST):
        menu = said(first)
        assert said(first, menu, words) == work_text(served(menu))


def test_each_of_several_meals_has_its_work() -> None:
    menu = said("2日分の夕食")
    text = said("2日分の夕食", menu, "段取りを教えて")
    assert re.findall(r"^【.*】$", text, re.MULTILINE) == ["【1日目 夕食】", "【2日目 夕食】"]
    assert text.count("■ 段取り") == 2


def test_named_dishes_have_their_recipes_and_one_order_of_work() -> None:
    names = ("肉じゃが", "豚汁", "ほうれん草のごまあえ")
    text = said(f"{'と'.join(names)}の段取りを教えて")
    assert work_text(dishes(*names)) in text
    # Of one dish the order is its recipe.
    assert "■ 段取り" not in said("赤飯を炊く段取りを教えて", recipes=True)
    assert "■ 赤飯" in said("赤飯を炊く段取りを教えて", recipes=True)


def test_nothing_of_it_is_read_as_what_somebody_said() -> None:
    """納豆（たれは使わない） is no refusal, and no minutes of a step a limit."""
    work = work_text(dishes("ご飯", "納豆", "豆腐とわかめのみそ汁"))
    turns = [Message("user", "夕食"), Message("assistant", work), Message("user", "魚の夕食")]
    constraints = read_order(turns, COOKBOOK).constraints
    assert constraints == read_order([Message("user", "魚の夕食")], COOKBOOK).constraints
