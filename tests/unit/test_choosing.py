"""A choice among texts by what tells them apart, and who writes menus."""

from dataclasses import replace
from typing import Final

import pytest
from fakes import FakeEngine

from chef_llm.chat.chef import Chef, Question
from chef_llm.chat.choosing import choose_text, texts_inside
from chef_llm.chat.service import answer, whole
from chef_llm.cookbook import load_cookbook
from chef_llm.engines import Deadline, InOrder, OneOf, Sampling
from chef_llm.errors import DeadlineExceeded
from chef_llm.menus.answer import parse_answer
from chef_llm.models.catalogue import find_model
from chef_llm.reading.conversation import Message

TEXTS: Final = [
    "主食: ご飯\n主菜: 焼き鮭",
    "主食: ご飯\n主菜: 肉じゃが",
    "主食: パン\n主菜: オムレツ",
]
# One that no one has taught to write menus.
OTHER: Final = replace(find_model("kondate"), name="other", writes_menus=False)


def choose(engine: FakeEngine, texts: list[str], seed: int = 1, seconds: float = 5) -> str:
    return choose_text(
        engine,
        lambda begun: engine.tokenize(f"献立を。\n{begun}", special=True),
        texts,
        Sampling(seed=seed),
        Deadline.after(seconds),
    ).text


def test_one_of_the_texts_is_chosen_whole_and_every_one_can_be() -> None:
    chosen = {choose(FakeEngine(), TEXTS, seed) for seed in range(40)}

    assert chosen == set(TEXTS)


def test_what_all_have_in_common_is_read_and_not_written() -> None:
    engine = FakeEngine()
    completion = choose_text(
        engine,
        lambda begun: engine.tokenize(f"献立を。\n{begun}", special=True),
        TEXTS,
        Sampling(seed=1),
        Deadline.after(5),
    )

    assert engine.requests[0].prompt == "献立を。\n主食: "
    assert completion.completion_tokens == len(engine.requests) <= 2
    assert completion.prompt_tokens == len("献立を。\n主食: ")
    assert completion.finish_reason == "stop"


@pytest.mark.parametrize("texts", [["ご飯"], ["ご飯", "ご飯"]])
def test_of_one_text_no_model_is_asked(texts: list[str]) -> None:
    engine = FakeEngine()

    assert choose(engine, texts) == "ご飯"
    assert engine.requests == []


def test_a_text_that_another_begins_with_can_be_chosen() -> None:
    chosen = {choose(FakeEngine(), ["鮭", "鮭の塩焼き"], seed) for seed in range(20)}

    assert chosen == {"鮭", "鮭の塩焼き"}


def test_time_that_runs_out_is_an_error() -> None:
    with pytest.raises(DeadlineExceeded):
        choose(FakeEngine(pieces_in_time=0), TEXTS)


def test_the_texts_of_a_grammar_are_all_of_it() -> None:
    grammar = InOrder(("主菜: ", OneOf(("鮭", InOrder(("肉", OneOf(("じゃが", "豆腐"))))))))

    assert texts_inside(grammar) == ["主菜: 鮭", "主菜: 肉じゃが", "主菜: 肉豆腐"]


def chefs_reply(question: str, engine: FakeEngine) -> tuple[str, bool]:
    chef = Chef(engine, OTHER, load_cookbook())
    asked = Question([Message("user", question)], Sampling(seed=1), recipes=False)
    reply = whole(answer(asked, chef, Deadline.after(20)))
    return reply.text, reply.guaranteed


@pytest.mark.parametrize(
    "question",
    [
        "鮭と白菜で、2人分の夕食",
        "豆腐で夕食を",
        "卵アレルギーです。夕食を",
        "夕食をお願いします",
    ],
)
def test_an_order_to_a_model_that_writes_no_menus_is_planned(question: str) -> None:
    text, guaranteed = chefs_reply(question, FakeEngine("ほら話です。"))

    assert guaranteed
    assert len(parse_answer(text).dishes) >= 3


def test_it_may_talk() -> None:
    assert chefs_reply("こんにちは", FakeEngine("こんにちは。")) == ("こんにちは。", False)
