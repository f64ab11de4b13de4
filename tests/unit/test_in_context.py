"""What the encoder sees of a text, and what it says of the foods in it."""

import pytest

from chef_llm.cookbook import load_cookbook
from chef_llm.reading import in_context
from chef_llm.reading.forms import read_forms
from chef_llm.reading.free_text import read_request
from chef_llm.reading.in_context import logits_in_context, masked
from chef_llm.reading.lexicon import lexicon
from chef_llm.reading.mentions import read_foods
from chef_llm.reading.net import Form
from chef_llm.reading.text import read_text

COOKBOOK = load_cookbook()
WORDS = lexicon(COOKBOOK)
FOOD, DISH = in_context.TOKENS["food"], in_context.TOKENS["dish"]


def form_of(request: str) -> Form:
    text, clauses = read_forms(read_text(request), WORDS)
    form, _ = read_foods(text, clauses, WORDS)
    return form


def logits_by_name(request: str) -> dict[str, float]:
    form = form_of(request)
    return {food.meaning.name: logit for food, logit in logits_in_context(form).items()}


def test_a_food_is_a_token_that_does_not_say_which() -> None:
    parts, foods = masked(form_of("卵はだめ。\n肉じゃがを"))

    assert parts == [FOOD, "はだめ。 ", DISH, "を。 "]
    assert [food.meaning.name for food in foods] == ["卵", "肉じゃが"]


@pytest.mark.parametrize("foods", ["卵と豚肉", "えびと大根", "さばとトマト"])
def test_what_is_said_of_a_food_and_not_its_name_decides(foods: str) -> None:
    refused, wished = foods.split("と")
    named = list(
        logits_in_context(form_of(f"{refused}は体がかゆくなるので、{wished}で夕食を")).values()
    )
    others = list(logits_in_context(form_of("いかは体がかゆくなるので、鶏肉で夕食を")).values())

    assert named == pytest.approx(others)


@pytest.mark.parametrize(
    ("request_", "refused", "wished"),
    [
        ("卵を食べると口の中がイガイガするので、豚肉と大根で夕食を", "卵", "大根"),
        ("夫が海老を見るのもいや。鶏もも肉で", "えび", "鶏もも肉"),
        ("トマトは家族の誰も箸をつけない。なすを使って", "トマト", "なす"),
        ("さばにあたってから体が受けつけません。たらの献立を", "さば", "たら"),
    ],
)
def test_of_two_foods_the_refused_one_is_likelier_to_be(
    request_: str, refused: str, wished: str
) -> None:
    logits = logits_by_name(request_)

    assert logits[refused] > 0 > logits[wished]


def test_nobody_writes_the_token_of_a_food() -> None:
    encoder = in_context._encoder()

    assert FOOD not in encoder.tokens(["<food>は<dish>と</s>"])


def test_a_text_is_read_to_the_end_of_its_second_window(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    vectors = in_context._encoder().vectors

    def counted(tokens: list[int]) -> list[list[float]]:
        asked.append(len(tokens))
        return vectors(tokens)

    monkeypatch.setattr(in_context._encoder(), "vectors", counted)
    request = "卵、" + "今日はとても寒い一日でしたね。" * 200 + "えび"

    assert list(logits_by_name(request)) == ["卵"]
    assert asked == [in_context.WINDOW + 2]


def test_a_food_that_two_windows_share_is_read_once() -> None:
    before = "今日はとても寒い一日でしたね。" * 62
    request = f"{before}卵はアレルギーです。{before[:200]}えびで夕食を"

    logits = logits_by_name(request)

    assert list(logits) == ["卵", "えび"]
    assert logits["卵"] > 0 > logits["えび"]


def test_what_stands_behind_the_windows_is_still_left_out() -> None:
    request = "今日はとても寒い一日でしたね。" * 200 + "卵アレルギーです。夕食を"

    assert "卵" in read_request(request, COOKBOOK).allergens


def test_of_a_plain_wish_the_encoder_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(form: Form) -> dict[object, float]:
        raise AssertionError(form)

    monkeypatch.setattr("chef_llm.reading.second_reader.logits_in_context", fail)

    read_request("豚肉と大根で夕食", COOKBOOK)
