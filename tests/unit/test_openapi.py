"""The OpenAPI document says of a request what the handler does with it."""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
from fakes import FakeEngine
from jsonschema import Draft202012Validator

from chef_llm.api.envelope import MODEL_ROUTES
from over_http import call

ROOT: Final = Path(__file__).parents[2]
GENERATE = "/generate"
CHAT = "/v1/chat/completions"
MENUS = "/v1/menus"
COMPLETIONS = "/v1/completions"
RESPONSES = "/v1/responses"
MESSAGES = "/v1/messages"
EMBEDDINGS = "/v1/embeddings"
TOKENIZE = "/tokenize"
TURNS = [{"role": "user", "content": "夕食を"}]
TEXT = {"type": "text", "text": "夕食を"}
TOOL = {"type": "function", "function": {"name": "buy", "parameters": {"type": "object"}}}


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
        (CHAT, {"messages": TURNS, "max_tokens": -1, "stop": ["", "あ" * 200], "top_k": -1}),
        (CHAT, {"messages": TURNS, "logit_bias": {"5": -100}, "tools": [TOOL]}),
        (COMPLETIONS, {"prompt": "夕食を", "logprobs": 2, "echo": True}),
        (COMPLETIONS, {"prompt": ["夕食を", "朝食を"], "max_tokens": 0}),
        (COMPLETIONS, {"prompt": [22805, 39135], "model": "kondate:plain"}),
        (RESPONSES, {"input": "夕食を", "instructions": "卵は使わないでください"}),
        (RESPONSES, {"input": [{"type": "message", **TURNS[0]}], "text": None}),
        (MESSAGES, {"messages": TURNS, "max_tokens": 64, "system": "短く"}),
        (MESSAGES, {"messages": [{"role": "user", "content": [TEXT]}], "stop_sequences": ["。"]}),
        (TOKENIZE, {"content": "夕食を", "with_pieces": True}),
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
        (CHAT, {"messages": TURNS, "max_tokens": -2}),
        (CHAT, {"messages": TURNS, "top_logprobs": 21}),
        (CHAT, {"messages": TURNS, "tools": [{"type": "function"}]}),
        (COMPLETIONS, {}),
        (COMPLETIONS, {"prompt": []}),
        (COMPLETIONS, {"prompt": [-1]}),
        (RESPONSES, {"input": []}),
        (RESPONSES, {"input": [{"type": "image_generation_call"}]}),
        (MESSAGES, {"messages": []}),
        (MESSAGES, {"messages": [{"role": "user", "content": [{"type": "image"}]}]}),
        (EMBEDDINGS, {"input": []}),
        (TOKENIZE, {"content": None}),
    ],
    ids=str,
)
def test_what_is_refused_does_not_fit_the_document(
    engine: FakeEngine, path: str, body: dict[str, Any]
) -> None:
    assert call("POST", path, body).status == (400 if path in MODEL_ROUTES else 422)
    assert not fits_document(path, body)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (GENERATE, "GenerateRequest"),
        (CHAT, "ChatRequest"),
        (COMPLETIONS, "CompletionRequest"),
        (RESPONSES, "ResponsesRequest"),
        (MESSAGES, "MessagesRequest"),
        (EMBEDDINGS, "EmbeddingsRequest"),
        (TOKENIZE, "TokenizeRequest"),
        (MENUS, "MenuRequest"),
    ],
)
def test_every_request_has_examples_and_they_are_answered(
    engine: FakeEngine, path: str, name: str
) -> None:
    engine.embeds = True
    document = call("GET", "/openapi.json").body
    examples = document["components"]["schemas"][name]["examples"]
    # Events are no JSON.
    answered = [call("POST", path, one).status for one in examples if not one.get("stream")]

    assert answered
    assert set(answered) == {200}


def test_the_reference_names_every_route_and_every_field_of_a_request(engine: FakeEngine) -> None:
    document = call("GET", "/openapi.json").body
    reference = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    named = set(re.findall(r'[`"]([a-z_]+)(?:\.[a-z]+)?[`"]', reference))
    fields = {
        f"{path}: {field}"
        for path, operations in document["paths"].items()
        for operation in operations.values()
        if "requestBody" in operation
        for schema in names_in(operation["requestBody"])
        for field in document["components"]["schemas"][schema]["properties"]
        if field not in named
    }

    assert not [
        path for path in document["paths"] if path.replace("{model}", "{id}") not in reference
    ]
    assert not fields


def names_in(body: dict[str, Any]) -> set[str]:
    """Return the schemas that a request's body is one of."""
    return set(re.findall(r"#/components/schemas/(\w+)", json.dumps(body)))
