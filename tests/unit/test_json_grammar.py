"""`response_format`: the schemas that can be kept, and a clear refusal of the others."""

import json
import random
from typing import Any

import pytest
from fakes import FakeEngine
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel, Field

from chef_llm.chat.chef import Chef
from chef_llm.chat.json_grammar import MOST_PARTS, json_grammar
from chef_llm.errors import InvalidRequest
from chef_tools.choices import can_be_listed, until_choice, ways_on
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
        ({"type": "integer", "minimum": 2, "exclusiveMaximum": 4}, [2, 3]),
        ({"type": "integer", "minimum": 1, "maximum": 9, "multipleOf": 4}, [4, 8]),
        ({"type": "integer", "minimum": -2, "maximum": 1}, [-2, -1, 0, 1]),
        ({"type": "integer", "minimum": 98, "maximum": 101}, [98, 99, 100, 101]),
        ({"type": "integer", "minimum": 2.5, "maximum": 3.5}, [3]),
        ({"type": ["boolean", "null"], "format": "x"}, [True, False, None]),
        ({"allOf": [MEAL]}, ["朝食", "夕食"]),
        ({"oneOf": [{"const": 1}, {"const": 2}]}, [1, 2]),
        ({"$ref": "#/$defs/meal", "$defs": {"meal": MEAL}}, ["朝食", "夕食"]),
        ({"$ref": "#/$defs/a~1b", "$defs": {"a/b": MEAL}}, ["朝食", "夕食"]),
        # What need not be there is there too.
        ({"type": "object", "properties": {"食": {"const": 1}}}, [{"食": 1}]),
        ({"properties": {"食": {"const": 1}}, "required": []}, [{"食": 1}]),
    ],
    ids=str,
)
def test_what_a_schema_lists_is_what_can_be_written(schema: Any, values: list[Any]) -> None:
    written = {json.dumps(json.loads(text)) for text in texts(schema)}
    wanted = {json.dumps(value) for value in values}
    assert written == wanted


TREE = {
    "$defs": {
        "node": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "inside": {"type": "array", "items": {"$ref": "#/$defs/node"}},
            },
            "required": ["name"],
        }
    },
    "$ref": "#/$defs/node",
}


class Ingredient(BaseModel):
    """As pydantic describes what programs want."""

    name: str = Field(min_length=1, max_length=20)
    grams: float = Field(ge=0)
    pieces: int | None = None


class Recipe(BaseModel):
    title: str
    servings: int = Field(default=2, ge=1, le=12)
    ingredients: list[Ingredient] = Field(min_length=1)
    notes: dict[str, str] = {}
    about: Any = None


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "object"},
        {"type": "array"},
        {"type": "string"},
        {"type": "string", "minLength": 2, "maxLength": 4},
        {"type": "integer"},
        {"type": "integer", "minimum": 0},
        {"type": "integer", "exclusiveMinimum": 0},
        {"type": "integer", "exclusiveMinimum": -1000, "exclusiveMaximum": 1000},
        {"type": "integer", "minimum": 37, "maximum": 12345},
        {"type": "integer", "maximum": -37},
        {"type": "number"},
        {"type": "number", "minimum": -1, "maximum": 1},
        {"type": "number", "minimum": 1.5, "exclusiveMaximum": 1000},
        {"type": "number", "maximum": -3},
        {"type": "number", "minimum": 0},
        {"type": "number", "exclusiveMinimum": 0},
        {"type": ["string", "null"], "maxLength": 3},
        {"type": "array", "items": {"type": "number"}, "minItems": 2},
        {"type": "array", "items": MEAL, "maxItems": 100},
        {"type": "object", "additionalProperties": {"type": "integer"}},
        {"anyOf": [{"type": "string"}, {"type": "number"}]},
        TREE,
        Recipe.model_json_schema(),
    ],
    ids=lambda value: str(value)[:60],
)
def test_whatever_is_written_keeps_the_schema(schema: dict[str, Any]) -> None:
    validator = Draft202012Validator(schema)
    written = texts(schema)
    assert [text for text in written if not validator.is_valid(json.loads(text))] == []
    assert len(written) > 5


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ([], ""),
        ({"type": "integer", "minimum": "5"}, ".minimum"),
        ({"type": "integer", "minimum": 1, "maximum": 0}, ""),
        ({"type": "number", "minimum": 0.2, "maximum": 0.8}, ""),
        ({"type": "integer", "multipleOf": 5}, ".multipleOf"),
        ({"type": "string", "pattern": "a"}, ".pattern"),
        ({"type": "string", "minLength": 3, "maxLength": 2}, ".minLength"),
        ({"type": "text"}, ""),
        ({"$ref": "#/$defs/a"}, ".$ref"),
        ({"$ref": "https://example.com/schema"}, ".$ref"),
        ({"$ref": "#"}, ".$ref"),
        ({"type": []}, ".type"),
        ({"allOf": [MEAL, MEAL]}, ".allOf"),
        ({"enum": []}, ".enum"),
        ({"enum": "朝食"}, ".enum"),
        ({"anyOf": {}}, ".anyOf"),
        ({"anyOf": [{"type": "string", "pattern": "a"}]}, ".anyOf.0.pattern"),
        ({"enum": [1], "pattern": "a"}, ".pattern"),
        ({"not": {}}, ".not"),
        ({**closed(a=MEAL), "required": ["b"]}, ".required"),
        ({**closed(a=MEAL), "required": 5}, ".required"),
        ({**closed(), "properties": []}, ".properties"),
        (closed(a=closed(b={"type": "date"})), ".properties.a.properties.b"),
        ({"type": "array", "items": MEAL, "maxItems": 1001}, ".maxItems"),
        ({"type": "array", "items": MEAL, "maxItems": True}, ".maxItems"),
        ({"type": "array", "items": MEAL, "minItems": 3, "maxItems": 2}, ".minItems"),
        ({"type": "array", "uniqueItems": True}, ".uniqueItems"),
        ({"enum": list(range(MOST_PARTS))}, ""),
        (nested_lists(5), ""),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_cannot_be_kept_is_refused_by_its_place(schema: Any, place: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        json_grammar(schema, "schema")
    assert caught.value.param == f"schema{place}"
    assert f"schema{place} は" in caught.value.message
    assert caught.value.message.endswith("。")


@given(least=st.integers(-12_000, 12_000), width=st.integers(0, 3_000), draw=st.integers())
def test_a_range_of_whole_numbers_is_that_range(least: int, width: int, draw: int) -> None:
    schema = {"type": "integer", "minimum": least, "maximum": least + width}
    text = random_text(json_grammar(schema, "schema"), random.Random(draw))
    assert least <= int(text) <= least + width
    assert text == str(int(text))


@pytest.mark.parametrize("schema", [closed(食=MEAL, 量=closed()), {}, {"type": "array"}], ids=str)
def test_white_space_is_the_models_own_choice(schema: dict[str, Any]) -> None:
    written = texts(schema)
    assert any("{" in text and "\n" not in text for text in written)
    assert any("\n    " in text for text in written)


def test_an_engine_without_grammars_knows_what_it_cannot_choose() -> None:
    assert can_be_listed(json_grammar(closed(食=MEAL), "schema"))
    assert not can_be_listed(json_grammar(closed(食={"type": "string"}), "schema"))


def test_an_engine_without_grammars_can_choose_too() -> None:
    listed = {"type": "array", "items": MEAL, "minItems": 2, "maxItems": 2}
    text, rest = until_choice(json_grammar(closed(食=listed), "schema"))
    assert text == '{"食": ['
    ways = ways_on(rest)
    assert set(ways) == {'"朝食", ', '"夕食", '}
    assert set(ways_on(ways['"朝食", '])) == {'"朝食"]}', '"夕食"]}'}


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
        ({"type": "json_schema"}, "response_format.json_schema", "必要", ""),
        (
            {"type": "json_schema", "json_schema": {"name": "a"}},
            "response_format.json_schema.schema",
            "必要",
            "",
        ),
        (
            response_format({"type": "string", "pattern": "a"})["response_format"],
            "response_format.json_schema.schema.pattern",
            "使えません",
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
