"""`response_format`: the schemas that can be kept, and a clear refusal of the others."""

import json
import random
from typing import Any

import pytest
from fakes import FakeEngine

from chef_llm.chat.chef import Chef
from chef_llm.chat.json_grammar import MOST_PARTS, json_grammar
from chef_llm.errors import InvalidRequest
from chef_tools.choices import until_choice, ways_on
from guarantees import random_text
from over_http import assert_wrong_field, call

CHAT = "/v1/chat/completions"
TURNS = [{"role": "system", "content": "選んで"}, {"role": "user", "content": "主菜は何"}]
PLAIN = "kondate:plain"
MEAL = {"type": "string", "enum": ["朝食", "夕食"]}
VALUES = [1, 2.5, None, True, 'a"b\n', [1], {"a": 1}]


def closed(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def nested_lists(depth: int) -> dict[str, Any]:
    """Return the schema of lists of lists: 32 to the power of `depth` items."""
    item = nested_lists(depth - 1) if depth else MEAL
    return {"type": "array", "items": item, "maxItems": 32}


def texts(schema: dict[str, Any]) -> set[str]:
    """Return what a model without weights writes in some hundred tries."""
    grammar = json_grammar(schema, "schema")
    return {random_text(grammar, random.Random(seed)) for seed in range(300)}


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        (MEAL, ["朝食", "夕食"]),
        ({"enum": VALUES}, VALUES),
        ({"const": "魚"}, ["魚"]),
        ({"type": "boolean", "description": "辛いか"}, [True, False]),
        ({"type": "null"}, [None]),
        ({"anyOf": [{"type": "null"}, MEAL]}, [None, "朝食", "夕食"]),
        (closed(), [{}]),
        (closed(食=MEAL, 量={"const": 2}), [{"食": "朝食", "量": 2}, {"食": "夕食", "量": 2}]),
        ({"type": "array", "items": {"const": 1}, "maxItems": 2}, [[], [1], [1, 1]]),
        ({"type": "array", "items": {"const": 1}, "minItems": 1, "maxItems": 2}, [[1], [1, 1]]),
        ({"type": "array", "items": {"const": 1}, "maxItems": 0}, [[]]),
    ],
    ids=str,
)
def test_what_a_schema_lists_is_what_can_be_written(schema: Any, values: list[Any]) -> None:
    written = {json.dumps(json.loads(text)) for text in texts(schema)}
    wanted = {json.dumps(value) for value in values}
    assert written == wanted


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"type": "string"}, ""),
        ({"type": "integer", "minimum": 0}, ""),
        ({}, ""),
        ([], ""),
        ({"$ref": "#/$defs/a"}, ""),
        ({"type": ["string", "null"]}, ""),
        ({"enum": []}, ".enum"),
        ({"enum": "朝食"}, ".enum"),
        ({"anyOf": {}}, ".anyOf"),
        ({"anyOf": [{"type": "string"}]}, ".anyOf.0"),
        ({"enum": [1], "pattern": "a"}, ".pattern"),
        ({"type": "object"}, ".additionalProperties"),
        ({**closed(a=MEAL), "required": []}, ".required"),
        ({**closed(a=MEAL), "required": ["b"]}, ".required"),
        ({**closed(a=MEAL), "required": 5}, ".required"),
        ({**closed(), "properties": []}, ".properties"),
        (closed(a=closed(b={"type": "number"})), ".properties.a.properties.b"),
        ({"type": "array", "items": MEAL}, ".maxItems"),
        ({"type": "array", "items": MEAL, "maxItems": 33}, ".maxItems"),
        ({"type": "array", "items": MEAL, "maxItems": True}, ".maxItems"),
        ({"type": "array", "items": MEAL, "minItems": 3, "maxItems": 2}, ".minItems"),
        ({"type": "array", "maxItems": 2}, ".items"),
        ({"enum": list(range(MOST_PARTS))}, ""),
        (nested_lists(5), ""),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_cannot_be_listed_is_refused_by_its_place(schema: Any, place: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        json_grammar(schema, "schema")
    assert caught.value.param == f"schema{place}"
    assert f"schema{place} は" in caught.value.message
    assert caught.value.message.endswith("。")


def test_an_engine_without_grammars_can_choose_too() -> None:
    text, rest = until_choice(json_grammar(closed(食=MEAL), "schema"))
    assert text == '{"食": '
    assert set(ways_on(rest)) == {'"朝食"}', '"夕食"}'}


# Through the handler


def response_format(schema: Any) -> dict[str, Any]:
    wanted = {"name": "meal", "strict": True, "schema": schema}
    return {"response_format": {"type": "json_schema", "json_schema": wanted}}


@pytest.mark.parametrize("value", ["朝食", "改\n行", r"C:\new"])
def test_an_answer_keeps_the_schema(engine: FakeEngine, value: str) -> None:
    fields = response_format(closed(食={"const": value}))
    answer = call("POST", CHAT, {"messages": TURNS, "model": PLAIN, **fields})
    assert answer.status == 200
    [choice] = answer.body["choices"]
    assert json.loads(choice["message"]["content"]) == {"食": value}
    assert choice["finish_reason"] == "stop"


def test_characters_that_the_model_cannot_write_are_refused(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Chef, "unwritable", lambda _, text: set(text) & {"龘"})
    fields = response_format({"enum": ["龘", "魚"]})
    answer = call("POST", CHAT, {"messages": TURNS, "model": PLAIN, **fields})
    assert_wrong_field(answer, "response_format.json_schema.schema", "書けない文字", "龘")


@pytest.mark.parametrize("wanted", [None, {"type": "text"}])
def test_text_is_as_free_as_without_a_format(engine: FakeEngine, wanted: Any) -> None:
    assert (
        call("POST", CHAT, {"messages": TURNS, "model": PLAIN, "response_format": wanted}).status
        == 200
    )
    assert engine.last.constraint is None


@pytest.mark.parametrize(
    ("wanted", "param", "allowed", "came"),
    [
        ("json", "response_format", "オブジェクト", '"json"'),
        ({}, "response_format.type", "必要", ""),
        ({"type": "xml"}, "response_format.type", "json_schema", "xml"),
        ({"type": "json_object"}, "response_format", "json_schema", "kondate"),
        ({"type": "json_schema"}, "response_format", "json_schema", "kondate"),
        (
            {"type": "json_schema", "json_schema": {"name": "a"}},
            "response_format.json_schema.schema",
            "必要",
            "",
        ),
        (
            response_format({"type": "string"})["response_format"],
            "response_format.json_schema.schema",
            "enum",
            "",
        ),
    ],
    ids=str,
)
def test_a_format_that_cannot_be_kept_is_refused(
    engine: FakeEngine, wanted: Any, param: str, allowed: str, came: str
) -> None:
    answer = call("POST", CHAT, {"messages": TURNS, "model": PLAIN, "response_format": wanted})
    assert_wrong_field(answer, param, allowed, came)


def test_the_chef_himself_answers_in_no_schema(engine: FakeEngine) -> None:
    for turns in (TURNS, TURNS[1:]):
        answer = call("POST", CHAT, {"messages": turns, **response_format(MEAL)})
        assert_wrong_field(answer, "response_format", "/v1/menus", PLAIN)
