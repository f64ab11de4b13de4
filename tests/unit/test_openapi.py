"""The OpenAPI document says of a request what the handler does with it."""

from typing import Any

import pytest
from fakes import FakeEngine
from jsonschema import Draft202012Validator

from over_http import call

GENERATE = "/generate"
CHAT = "/v1/chat/completions"
MENUS = "/v1/menus"
TURNS = [{"role": "user", "content": "夕食を"}]


def fits_document(path: str, body: dict[str, Any]) -> bool:
    document = call("GET", "/openapi.json").body
    content = document["paths"][path]["post"]["requestBody"]["content"]
    return Draft202012Validator(document | content["application/json"]["schema"]).is_valid(body)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (GENERATE, {"input": "夕食を"}),
        (GENERATE, {"inputs": "夕食を", "input": None}),
        (GENERATE, {"input": "", "inputs": "夕食を"}),
        (GENERATE, {"input": "夕食を", "inputs": " "}),
        (GENERATE, {"input": "夕食を", "parameters": None}),
        (GENERATE, {"input": "夕食を", "parameters": {"recipes": None, "stop": None}}),
        (GENERATE, {"input": "夕食を", "parameters": {"stop": "。"}, "more": 1}),
        (CHAT, {"messages": TURNS, "n": None, "stream": None, "response_format": None}),
        (CHAT, {"messages": TURNS, "seed": 2**63 - 1}),
        (CHAT, {"messages": [{"role": "assistant", "content": None}, *TURNS]}),
        (MENUS, {"request": "夕食を", "ingredients": None, "nutrition": {"salt_g": None}}),
        (MENUS, {"request": " ", "ingredients": ["キャベツ"]}),
        (MENUS, {"request": "夕食を", "meals": "夜", "diet": "low_salt", "cuisine": "和食"}),
        (MENUS, {"request": "夕食を", "meals": ["朝", "弁当"], "cuisine": "洋"}),
    ],
    ids=str,
)
def test_what_is_answered_fits_the_document(
    engine: FakeEngine, path: str, body: dict[str, Any]
) -> None:
    assert call("POST", path, body).status == 200
    assert fits_document(path, body)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (GENERATE, {}),
        (GENERATE, {"input": " \n　", "inputs": None}),
        (GENERATE, {"input": "夕食を", "parameters": {"recipes": 1}}),
        (CHAT, {"messages": None}),
        (CHAT, {"messages": TURNS, "seed": 2**63}),
        (MENUS, {"request": "", "ingredients": []}),
        (MENUS, {"request": "夕食を", "meals": "夜食"}),
        (MENUS, {"request": "夕食を", "cuisine": "北欧風"}),
        (MENUS, {"request": "夕食を", "ingredients": [{"name": None}]}),
        (MENUS, {"request": "夕食を", "alergens": None}),
        (MENUS, {"request": "夕食を", "nutrition": {"salt_g": {"most": None}}}),
        (CHAT, {"messages": TURNS, "response_format": {"type": None}}),
    ],
    ids=str,
)
def test_what_is_refused_does_not_fit_the_document(
    engine: FakeEngine, path: str, body: dict[str, Any]
) -> None:
    assert call("POST", path, body).status == 422
    assert not fits_document(path, body)


@pytest.mark.parametrize(
    ("path", "name"),
    [(GENERATE, "GenerateRequest"), (CHAT, "ChatRequest"), (MENUS, "MenuRequest")],
)
def test_every_request_has_examples_and_they_are_answered(
    engine: FakeEngine, path: str, name: str
) -> None:
    document = call("GET", "/openapi.json").body
    examples = document["components"]["schemas"][name]["examples"]
    # Events are no JSON.
    answered = [call("POST", path, one).status for one in examples if not one.get("stream")]

    assert answered
    assert set(answered) == {200}
