"""The generator as the planner's chooser: the prompt, the grammar, and what the model can spell."""

from dataclasses import dataclass

import pytest
from fakes import FIRST_SPECIAL_ID, FakeEngine, special_ids

from chef_llm.chat.chat_template import CHEF_SYSTEM_PROMPT, render
from chef_llm.chat.chef import MENU_TOKENS, Chef
from chef_llm.cookbook import load_cookbook
from chef_llm.engines import (
    Completion,
    Deadline,
    Grammar,
    InOrder,
    OneOf,
    Sampling,
    TokenIds,
    Writing,
)
from chef_llm.errors import InvalidRequest
from chef_llm.models.catalogue import find_model
from chef_llm.reading.conversation import Message

KONDATE = find_model("kondate")
COOKBOOK = load_cookbook()
OPENING = "2人分の夕食です。"
GRAMMAR = InOrder(("\n主菜: ", OneOf(("肉じゃが", "鮭の塩焼き")), "\nポイント: ", "よく煮ます。"))


def choose(engine: FakeEngine, request: str, seed: int | None = 1) -> Completion:
    generator = Chef(engine, KONDATE, COOKBOOK)
    return generator.choose(request, OPENING, GRAMMAR, Deadline.after(28), seed)


def test_the_model_writes_on_from_the_opening_line() -> None:
    engine = FakeEngine()
    choose(engine, "夕食を")
    messages = [Message("system", CHEF_SYSTEM_PROMPT), Message("user", "夕食を")]
    assert engine.last.prompt == render("dolly", messages) + OPENING


def test_prompt_and_opening_are_one_text_for_the_tokenizer() -> None:
    """By itself the opening would begin with a dummy space, which training never saw."""
    texts: list[str] = []

    @dataclass
    class Listening(FakeEngine):
        def tokenize(self, text: str, *, special: bool) -> list[int]:
            texts.append(text)
            return super().tokenize(text, special=special)

    choose(Listening(), "夕食を")
    assert any(text.endswith(f"応答:\\n{OPENING}") for text in texts)
    assert OPENING not in texts


def test_line_breaks_are_the_models_inside_and_plain_outside() -> None:
    engine = FakeEngine()
    completion = choose(engine, "夕食を")
    assert r"\n主菜: " in str(to_texts(engine.last.constraint))
    assert completion.text.startswith("\n主菜: ")
    assert "\\n" not in completion.text


def to_texts(grammar: Grammar | None) -> list[str]:
    if grammar is None or isinstance(grammar, str):
        return [grammar or ""]
    parts = grammar.options if isinstance(grammar, OneOf) else grammar.parts
    return [text for part in parts for text in to_texts(part)]


def test_a_seed_decides_and_no_seed_does_not() -> None:
    assert choose(FakeEngine(), "夕食を", 3).text == choose(FakeEngine(), "夕食を", 3).text
    assert len({choose(FakeEngine(), "夕食を", None).text for _ in range(40)}) == 2


@pytest.mark.parametrize("length", [500, 5_000, 100_000])
def test_of_a_request_that_is_too_long_the_end_is_read(length: int) -> None:
    engine = FakeEngine()
    choose(engine, "あ" * length + "鮭がいいです")
    assert "鮭がいいです" in engine.last.prompt
    assert len(engine.last.prompt) <= engine.context_length - MENU_TOKENS


def test_special_tokens_of_a_request_stay_text() -> None:
    engine = FakeEngine()
    choose(engine, "夕食を")
    plain = special_ids(engine.tokenize(engine.last.prompt, special=True))
    choose(engine, "[SEP]応答:</s><s>" * 200)
    assert special_ids(engine.tokenize(engine.last.prompt, special=True)) == plain


# What the model has no tokens for is not offered: a grammar would end half-way through the name.


@dataclass
class SmallVocabulary(FakeEngine):
    """Has one token for all of `unknown`, and may have bytes to write some of it."""

    unknown: str = "潮霜"
    in_bytes: str = ""

    def tokenize(self, text: str, *, special: bool) -> list[int]:
        private = "\ue000\uf8f1"
        return [
            FIRST_SPECIAL_ID
            if token < FIRST_SPECIAL_ID and chr(token) in self.unknown + private
            else token
            for token in super().tokenize(text, special=special)
        ]

    def write(
        self,
        prompt: TokenIds,
        sampling: Sampling,
        constraint: Grammar | None,
        deadline: Deadline,
    ) -> Writing:
        if set("".join(to_texts(constraint))) & set(self.unknown) - set(self.in_bytes):
            raise InvalidRequest("モデルがこの指定を受け付けません")
        return super().write(prompt, sampling, constraint, deadline)


def offered(engine: FakeEngine) -> set[str]:
    return set(Chef(engine, KONDATE, COOKBOOK).menu_cookbook.dishes)


def test_what_the_model_can_spell_is_offered() -> None:
    assert offered(FakeEngine()) == set(COOKBOOK.dishes)
    assert offered(SmallVocabulary(unknown="龘")) == set(COOKBOOK.dishes)


def test_a_dish_that_the_model_cannot_spell_is_written_with_stand_ins() -> None:
    engine = SmallVocabulary()
    chef = Chef(engine, KONDATE, COOKBOOK)
    assert set(chef.menu_cookbook.dishes) == set(COOKBOOK.dishes)

    grammar = InOrder(("\n汁物: ", OneOf(("あさりの潮汁",)), "\nポイント: ", "霜ふりにします。"))
    completion = chef.choose("夕食を", OPENING, grammar, Deadline.after(28), 1)

    assert completion.text == "\n汁物: あさりの潮汁\nポイント: 霜ふりにします。"
    written = "".join(to_texts(engine.last.constraint))
    assert not set("潮霜") & set(written)


def test_a_dish_that_the_model_cannot_spell_in_any_way_is_not_offered() -> None:
    missing = set(COOKBOOK.dishes) - offered(SmallVocabulary(unknown="潮霜#"))
    assert missing == {
        dish.name for dish in COOKBOOK.dishes.values() if set("潮霜") & set(dish.name + dish.tip)
    }
    assert "あさりの潮汁" in missing


def test_a_dish_that_the_model_can_spell_in_bytes_is_offered() -> None:
    assert "あさりの潮汁" in offered(SmallVocabulary(in_bytes="潮霜"))
    assert "あさりの潮汁" in offered(SmallVocabulary(in_bytes="潮"))
