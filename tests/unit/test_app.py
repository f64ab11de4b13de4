"""The handler, from payload-2.0 event to payload-2.0 response, over a fake engine."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from fakes import CrashingEngine, FakeEngine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chef_llm import app
from chef_llm.api.envelope import MOST_NESTING
from chef_llm.api.generate import GenerateParameters
from chef_llm.api.openai import ChatRequest
from chef_llm.app import ROUTES, lambda_handler
from chef_llm.asgi import LocalContext, http_event
from chef_llm.chat.chat_template import CHEF_SYSTEM_PROMPT
from chef_llm.chat.chef import load_chef
from chef_llm.engines import Sampling
from chef_llm.errors import ModelUnavailable
from chef_llm.models.catalogue import find_model
from chef_llm.settings import Settings
from over_http import answer_to, assert_wrong_field, call, is_japanese
from sampled import of_all

GENERATE = "/generate"
CHAT = "/v1/chat/completions"
QUESTION = "鶏むね肉とキャベツで、2人分の夕食をお願いします"
TURN = {"role": "user", "content": QUESTION}
# A word that no code of ours would write by itself.
MARKER = "まぼろしの合言葉ズンドコ"


# The routes


def test_health_names_the_model(engine: FakeEngine) -> None:
    answer = call("GET", "/health")
    assert (answer.status, answer.body) == (200, {"status": "ok", "model": "kondate"})


@pytest.mark.parametrize("path", ["/health", "/v1/models", "/v1/models/kondate", "/openapi.json"])
def test_head_is_answered_as_get_is_without_the_body(engine: FakeEngine, path: str) -> None:
    head, got = (
        lambda_handler(http_event(method, path, {}, b""), LocalContext())
        for method in ("HEAD", "GET")
    )
    assert (head["statusCode"], head["body"]) == (200, "")
    for response in (head, got):
        del response["headers"]["x-request-id"]
    assert head["headers"] == got["headers"]
    assert got["body"]


def test_head_of_what_is_not_there_has_no_body_either(engine: FakeEngine) -> None:
    head = lambda_handler(http_event("HEAD", "/nothing", {}, b""), LocalContext())
    assert (head["statusCode"], head["body"]) == (404, "")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/health/", None),
        ("GET", "/v1/models/", None),
        ("GET", "/openapi.json/", None),
        ("POST", "/generate/", {"input": QUESTION}),
        ("POST", "/v1/chat/completions/", {"messages": [TURN]}),
    ],
)
def test_a_slash_at_the_end_of_a_path_changes_nothing(
    engine: FakeEngine, method: str, path: str, body: Any
) -> None:
    assert call(method, path, body).status == 200


def test_a_byte_order_mark_before_json_is_no_part_of_it(engine: FakeEngine) -> None:
    body = b"\xef\xbb\xbf" + json.dumps({"input": QUESTION}).encode()
    assert call("POST", GENERATE, body).status == 200


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"key1": "value1", "key2": "value2"},
        {"requestContext": None},
        {"requestContext": {"http": None}, "rawPath": "/health"},
        {"requestContext": {"stage": "prod"}, "path": "/health", "httpMethod": "GET"},
        {"requestContext": {"http": {"method": "GET"}}},
        {"Records": []},
    ],
    ids=str,
)
def test_an_event_that_is_no_request_gets_a_clear_400(event: dict[str, Any]) -> None:
    answer = answer_to(event)
    assert answer.status == 400
    assert "HTTP API" in answer.error["message"]
    assert is_japanese(answer.error["message"])


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("turns", [51, 300])
def test_of_many_short_messages_the_oldest_are_dropped(engine: FakeEngine, turns: int) -> None:
    talk = [
        {"role": role, "content": f"{text}{turn}"}
        for turn in range(turns)
        for role, text in (("user", "夕食は"), ("assistant", "はい"))
    ]
    answer = call("POST", CHAT, {"messages": [*talk, TURN]})
    assert answer.status == 200
    assert QUESTION in engine.last.prompt
    assert f"夕食は{turns - 1}" in engine.last.prompt
    assert "夕食は0" not in engine.last.prompt


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize(
    ("path", "body"),
    [
        (GENERATE, {"input": QUESTION, "parameters": {"top_p": 0, "do_sample": True}}),
        (CHAT, {"messages": [TURN], "top_p": 0, "temperature": 1}),
    ],
)
def test_of_no_probability_the_likeliest_token_is_left(
    engine: FakeEngine, path: str, body: dict[str, Any]
) -> None:
    assert call("POST", path, body).status == 200
    assert (engine.last.sampling.temperature, engine.last.sampling.top_p) == (0.0, 1.0)


def test_models_is_an_openai_list_of_the_chef_and_the_model_as_itself(engine: FakeEngine) -> None:
    answer = call("GET", "/v1/models")
    assert (answer.status, answer.body["object"]) == (200, "list")
    assert [(model["id"], model["object"]) for model in answer.body["data"]] == [
        ("kondate", "model"),
        ("kondate:plain", "model"),
    ]


def test_a_model_is_found_by_its_id(engine: FakeEngine) -> None:
    for listed in call("GET", "/v1/models").body["data"]:
        answer = call("GET", f"/v1/models/{listed['id']}")
        assert (answer.status, answer.body) == (200, listed)


@pytest.mark.parametrize(
    "model",
    ["gpt-4o", "kondate2", "Kondate", "x" * 5000, "献立", "a b", "a|b", 'a"b', "a#1", "²", "\x1b"],
)
def test_another_model_is_not_found(engine: FakeEngine, model: str) -> None:
    answer = call("GET", f"/v1/models/{model}")
    assert (answer.status, answer.error["code"]) == (404, "model_not_found")
    assert answer.error["param"] == "model"
    assert "kondate" in answer.error["message"]
    assert len(answer.error["message"]) < 100


@pytest.mark.parametrize(
    "body",
    [
        {"input": QUESTION},
        {"inputs": QUESTION},
        {"inputs": QUESTION, "parameters": {}},
        {"input": QUESTION, "inputs": None, "parameters": None},
    ],
    ids=["seed form", "LangChain form", "LangChain form with parameters", "nulls"],
)
def test_generate_answers_without_the_prompt_and_with_cards(
    engine: FakeEngine, body: dict[str, Any]
) -> None:
    answer = call("POST", GENERATE, body)
    assert answer.status == 200
    [generated] = answer.body
    assert set(generated) == {"generated_text"}
    assert QUESTION not in generated["generated_text"]
    assert "\n主菜: " in generated["generated_text"]
    assert "材料" in generated["generated_text"]
    assert QUESTION in engine.last.prompt


def test_generate_leaves_the_cards_out_when_told(engine: FakeEngine) -> None:
    answer = call("POST", GENERATE, {"inputs": QUESTION, "parameters": {"recipes": False}})
    assert "材料" not in answer.body[0]["generated_text"]


def test_return_full_text_puts_the_question_first(engine: FakeEngine) -> None:
    answer = call("POST", GENERATE, {"inputs": QUESTION, "parameters": {"return_full_text": True}})
    assert answer.body[0]["generated_text"].startswith(
        f"{QUESTION}\n鶏むね肉とキャベツを使った、2人分の夕食です。\n"
    )


@pytest.mark.usefixtures("plain")
def test_chat_answers_as_openai_does(engine: FakeEngine) -> None:
    answer = call("POST", CHAT, {"model": "kondate", "messages": [TURN]})
    assert answer.status == 200
    body = answer.body
    assert (body["object"], body["model"]) == ("chat.completion", "kondate")
    assert body["id"].startswith("chatcmpl-")
    [choice] = body["choices"]
    assert (choice["index"], choice["finish_reason"]) == (0, "stop")
    assert choice["message"]["role"] == "assistant"
    assert "主菜: 鶏むね肉の照り焼き" in choice["message"]["content"]
    usage = body["usage"]
    assert usage["completion_tokens"] == len(engine.answer)
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert body["timings"] == {"prompt_ms": 1.0, "predicted_ms": 2.0}


def test_chat_takes_parts_for_content_and_developer_for_system(engine: FakeEngine) -> None:
    parts = [{"type": "text", "text": "魚で"}, {"type": "text", "text": "夕食を"}]
    turns = [{"role": "developer", "content": "短く"}, {"role": "user", "content": parts}]
    assert call("POST", CHAT, {"messages": turns, "model": "kondate:plain"}).status == 200
    assert "短く" in engine.last.prompt
    # Parts are one text, cut wherever the client cut it.
    assert "魚で夕食を" in engine.last.prompt
    assert CHEF_SYSTEM_PROMPT not in engine.last.prompt


@pytest.mark.usefixtures("plain")
def test_chat_takes_nulls_as_openai_clients_send_them(engine: FakeEngine) -> None:
    turns = [TURN, {"role": "assistant", "content": None, "tool_calls": None}, TURN]
    open_fields = ("max_tokens", "temperature", "top_p", "stop", "seed", "n", "stream", "tools")
    answer = call("POST", CHAT, {"messages": turns, **dict.fromkeys(open_fields)})
    assert answer.status == 200
    assert engine.last.sampling == find_model("kondate").sampling


def test_an_event_of_plain_text_is_taken_too(engine: FakeEngine) -> None:
    event = http_event("POST", GENERATE, {}, b"")
    event |= {"body": json.dumps({"input": QUESTION}, ensure_ascii=False), "isBase64Encoded": False}
    del event["headers"]
    assert answer_to(event).status == 200


@pytest.mark.parametrize("content_type", ["Application/JSON", "application/json; charset=UTF-8"])
def test_any_spelling_of_the_media_type_is_taken(engine: FakeEngine, content_type: str) -> None:
    answer = call("POST", GENERATE, {"input": QUESTION}, content_type=content_type)
    assert answer.status == 200


# Sampling


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, {"temperature": 0.0, "max_tokens": 128}),
        ({"temperature": None}, {"temperature": 0.0}),
        ({"temperature": 0.7}, {"temperature": 0.7}),
        ({"temperature": 0.7, "do_sample": False}, {"temperature": 0.0}),
        ({"do_sample": True}, {"temperature": 1.0}),
        ({"top_k": 50, "top_p": 0.95}, {"temperature": 1.0, "top_k": 50, "top_p": 0.95}),
        ({"max_new_tokens": 7, "seed": 1}, {"max_tokens": 7, "seed": 1}),
        ({"repetition_penalty": 1.2}, {"repetition_penalty": 1.2}),
        ({"num_return_sequences": 1}, {"temperature": 0.0}),
    ],
)
def test_generate_parameters_mean_what_they_mean_at_hugging_face(
    engine: FakeEngine, parameters: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert call("POST", GENERATE, {"inputs": QUESTION, "parameters": parameters}).status == 200
    sampling = engine.last.sampling
    assert {name: getattr(sampling, name) for name in expected} == expected


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"temperature": 0.3, "top_p": 0.5}, {"temperature": 0.3, "top_p": 0.5}),
        ({"max_tokens": 9}, {"max_tokens": 9}),
        ({"max_tokens": 9, "max_completion_tokens": 8}, {"max_tokens": 8}),
        ({"presence_penalty": -1, "frequency_penalty": 1}, {"presence_penalty": -1.0}),
        ({"presence_penalty": 2, "frequency_penalty": -2}, {"frequency_penalty": -2.0}),
        ({"stop": "副菜", "n": 1}, {"stop": ()}),
        ({"seed": 2**63 - 1}, {"seed": 2**63 - 1}),
        ({"seed": -(2**63)}, {"seed": -(2**63)}),
    ],
)
def test_chat_fields_mean_what_they_mean_at_openai(
    engine: FakeEngine, fields: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert call("POST", CHAT, {"messages": [TURN], **fields}).status == 200
    sampling = engine.last.sampling
    assert {name: getattr(sampling, name) for name in expected} == expected


GUARDED_TURN = {"role": "user", "content": "卵アレルギーがあります。鶏むね肉で夕食をお願いします"}


def chat_choice(**fields: Any) -> dict[str, Any]:
    answer = call("POST", CHAT, {"messages": [TURN], **fields})
    assert answer.status == 200
    [choice] = answer.body["choices"]
    return {"text": choice["message"]["content"], "reason": choice["finish_reason"]}


@pytest.mark.parametrize("stop", ["副菜", ["汁物", "副菜"], ["どこにもない", "副菜"]], ids=str)
@pytest.mark.parametrize("turn", [TURN, GUARDED_TURN], ids=["free", "guaranteed"])
def test_an_answer_ends_before_its_first_stop_string_and_no_card_follows(
    engine: FakeEngine, turn: dict[str, str], stop: str | list[str]
) -> None:
    whole = chat_choice(messages=[turn], seed=1)
    cut = chat_choice(messages=[turn], seed=1, stop=stop)
    assert cut == {"text": whole["text"].partition("副菜")[0], "reason": "stop"}


@pytest.mark.parametrize("turn", [TURN, GUARDED_TURN], ids=["free", "guaranteed"])
def test_a_stop_string_ends_the_recipe_cards_too(engine: FakeEngine, turn: dict[str, str]) -> None:
    whole = chat_choice(messages=[turn], seed=1)
    cut = chat_choice(messages=[turn], seed=1, stop="作り方\n")
    assert cut == {"text": whole["text"].partition("作り方\n")[0], "reason": "stop"}
    assert "材料" in cut["text"]


def test_the_callers_stop_strings_do_not_take_the_place_of_the_models_own() -> None:
    own = Sampling(stop=("\n<human>:",))
    fields = {"messages": [TURN], "stop": "副菜"}
    assert ChatRequest.model_validate(fields).sampling(own).stop == own.stop
    assert GenerateParameters(stop=["副菜"]).sampling(own).stop == own.stop


def test_generate_knows_stop_strings_as_well(engine: FakeEngine) -> None:
    parameters = {"stop": ["副菜", "汁物"], "return_full_text": True}
    answer = call("POST", GENERATE, {"inputs": QUESTION, "parameters": parameters})
    [text] = answer.body
    assert "\n主菜: " in text["generated_text"]
    assert "副菜: " not in text["generated_text"]


@pytest.mark.usefixtures("plain")
def test_an_answer_of_few_tokens_says_that_it_was_cut(engine: FakeEngine) -> None:
    cut = chat_choice(max_tokens=5)
    assert cut == {"text": "鶏むね肉と", "reason": "length"}


def test_a_guaranteed_menu_comes_whole_however_few_tokens_are_asked_for(
    engine: FakeEngine,
) -> None:
    whole = chat_choice(messages=[GUARDED_TURN], seed=1)
    assert chat_choice(messages=[GUARDED_TURN], seed=1, max_tokens=1) == whole
    assert whole["reason"] == "stop"


# Fields that nobody knows


def test_unknown_fields_are_left_unused_and_logged_by_name(
    engine: FakeEngine, logs: Callable[[], list[dict[str, Any]]]
) -> None:
    body = {"inputs": QUESTION, "options": {"a": MARKER}, "parameters": {"typical_p": MARKER}}
    assert call("POST", GENERATE, body).status == 200
    assert call("POST", CHAT, {"messages": [TURN], "user": MARKER}).status == 200
    named = [line["fields"] for line in logs() if "fields" in line]
    assert named == [["options", "typical_p"], ["user"]]
    assert MARKER not in json.dumps(logs(), ensure_ascii=False)


def test_names_of_unknown_fields_are_logged_shortened(
    engine: FakeEngine, logs: Callable[[], list[dict[str, Any]]]
) -> None:
    body = {"input": QUESTION, **{f"{index:03}{'x' * 1000}": 1 for index in range(100)}}
    assert call("POST", GENERATE, body).status == 200
    [named] = [line["fields"] for line in logs() if "fields" in line]
    assert len(json.dumps(named)) < 1000


@pytest.mark.parametrize(
    "body",
    [
        '{"input": "x", "input": "y"}',
        '{"input": "夕食", "allergens": ["卵"], "allergens": ["えび"]}',
        '{"inputs": "夕食", "parameters": {"exclude": ["卵"], "exclude": []}}',
    ],
)
def test_a_field_that_stands_twice_is_refused_for_one_of_them_would_be_lost(
    engine: FakeEngine, body: str
) -> None:
    answer = call("POST", GENERATE, body.encode())
    assert (answer.status, answer.error["code"]) == (422, "invalid_value")
    assert answer.error["param"] in ("input", "allergens", "exclude")
    assert engine.requests == []


# Errors: whatever comes in, the documented status in the one shape


def nested(depth: int) -> bytes:
    return b'{"input": "x", "y": ' + b"[" * depth + b"]" * depth + b"}"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed_json"),
        (b"  \n", 400, "malformed_json"),
        (b'{"input": "x"', 400, "malformed_json"),
        (b"{'input': 'x'}", 400, "malformed_json"),
        (b'{"input": "\xff\xfe"}', 400, "malformed_json"),
        ('{"input": "献立"}'.encode("cp932"), 400, "malformed_json"),
        (b'{"input": "x", "y": NaN}', 400, "malformed_json"),
        (b'{"input": "x", "y": [-Infinity]}', 400, "malformed_json"),
        (rb'{"input": "\ud800"}', 400, "malformed_json"),
        (rb'{"\udc00": 1, "input": "x"}', 400, "malformed_json"),
        (b'{"input": "x", "y": ' + b"9" * 5000 + b"}", 400, "malformed_json"),
        (nested(MOST_NESTING), 400, "malformed_json"),
        (nested(950), 400, "malformed_json"),  # just inside of Python's recursion limit
        (nested(100_000), 400, "malformed_json"),
        (b"[]", 422, "invalid_value"),
        (b'[{"input": "x"}]', 422, "invalid_value"),
        (b"null", 422, "invalid_value"),
        (b"3", 422, "invalid_value"),
        ('"献立"'.encode(), 422, "invalid_value"),
        (b'{"input": "' + b"x" * 300_000 + b'"}', 413, "body_too_large"),
    ],
    ids=[
        "nothing",
        "white space",
        "cut off",
        "single quotes",
        "invalid UTF-8",
        "Shift_JIS",
        "NaN",
        "Infinity",
        "half a surrogate pair",
        "half a surrogate pair in a name",
        "5,000 digits",
        "a level too deep",
        "950 levels",
        "100,000 levels",
        "empty list",
        "list",
        "null",
        "number",
        "string",
        "too large",
    ],
)
@pytest.mark.parametrize("path", [GENERATE, CHAT])
def test_a_body_that_is_no_request_is_refused(
    engine: FakeEngine, path: str, body: bytes, status: int, code: str
) -> None:
    answer = call("POST", path, body)
    here = 400 if status == 422 and path == CHAT else status
    assert (answer.status, answer.error["code"]) == (here, code)
    assert answer.error["type"] == "invalid_request_error"
    assert answer.error["param"] == ("body" if status == 422 else None)
    assert is_japanese(answer.error["message"])
    assert engine.requests == []


def test_nesting_up_to_the_limit_is_taken(engine: FakeEngine) -> None:
    assert call("POST", GENERATE, nested(MOST_NESTING - 1)).status == 200


def test_a_body_that_is_no_base64_is_refused(engine: FakeEngine) -> None:
    event = http_event("POST", GENERATE, {}, b"") | {"body": "献立"}
    assert (answer_to(event).status, answer_to(event).error["code"]) == (400, "malformed_json")


def test_a_surrogate_in_the_event_itself_is_refused(engine: FakeEngine) -> None:
    event = http_event("POST", GENERATE, {}, b"")
    event |= {"body": '{"input": "\udcff"}', "isBase64Encoded": False}
    assert (answer_to(event).status, answer_to(event).error["code"]) == (400, "malformed_json")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonl"]
)
def test_a_body_that_is_not_declared_as_json_is_refused(
    engine: FakeEngine, content_type: str
) -> None:
    answer = call("POST", GENERATE, {"input": QUESTION}, content_type=content_type)
    assert (answer.status, answer.error["code"]) == (415, "unsupported_media_type")
    assert content_type in answer.error["message"]


def test_the_limit_of_the_body_is_the_operators(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEF_MOST_BODY_BYTES", "20")
    answer = call("POST", GENERATE, {"input": QUESTION})
    assert (answer.status, answer.error["code"]) == (413, "body_too_large")
    assert "20バイト以下" in answer.error["message"]


@pytest.mark.parametrize("body", [{"input": "あ" * 20_000}, {"inputs": "あ" * 20_000}])
def test_a_prompt_longer_than_the_context_is_refused(
    engine: FakeEngine, body: dict[str, Any]
) -> None:
    answer = call("POST", GENERATE, body)
    assert (answer.status, answer.error["code"]) == (400, "context_length_exceeded")
    assert is_japanese(answer.error["message"])
    assert engine.requests == []


# (parameters of /generate, the named field, what the message says is wanted, and what came)
WRONG_PARAMETERS: Sequence[tuple[dict[str, Any], str, str, str]] = [
    ({"temperature": 5}, "temperature", "2以下", "5"),
    ({"temperature": -0.1}, "temperature", "0以上", "-0.1"),
    ({"temperature": "0.5"}, "temperature", "数", '"0.5"'),
    ({"temperature": True}, "temperature", "数", "true"),
    ({"temperature": []}, "temperature", "数", "[]"),
    ({"temperature": 10**400}, "temperature", "数", "1000"),
    ({"temperature": {"x": "あ" * 100}}, "temperature", "数", "…"),
    ({"top_p": -0.1}, "top_p", "0以上", "-0.1"),
    ({"top_p": 1.5}, "top_p", "1以下", "1.5"),
    ({"top_k": -1}, "top_k", "0以上", "-1"),
    ({"top_k": 1.5}, "top_k", "整数", "1.5"),
    ({"top_k": False}, "top_k", "数", "false"),
    ({"top_k": {}}, "top_k", "整数", "{}"),
    ({"max_new_tokens": 0}, "max_new_tokens", "1以上", "0"),
    ({"max_new_tokens": 100_000}, "max_new_tokens", "1024以下", "100000"),
    ({"repetition_penalty": 0.5}, "repetition_penalty", "1以上", "0.5"),
    ({"num_return_sequences": 2}, "num_return_sequences", "1以下", "2"),
    ({"num_return_sequences": True}, "num_return_sequences", "数", "true"),
    ({"do_sample": "yes"}, "do_sample", "true か false", '"yes"'),
    ({"return_full_text": 1}, "return_full_text", "true か false", "1"),
    ({"recipes": "no"}, "recipes", "true か false", '"no"'),
    ({"seed": -1}, "seed", "0以上", "-1"),
    ({"seed": 2**32}, "seed", "4294967295以下", "4294967296"),
    ({"stop": 5}, "stop", "文字列のリスト", "5"),
    ({"stop": [5]}, "stop.0", "文字列", "5"),
    ({"stop": [""]}, "stop.0", "1文字以上", '""'),
    ({"stop": ["あ" * 65]}, "stop.0", "64文字以下", "…"),
    ({"stop": list("abcde")}, "stop", "4個以下", "a"),
]


@pytest.mark.parametrize(("parameters", "param", "wanted", "came"), WRONG_PARAMETERS)
def test_a_wrong_parameter_is_named_with_its_value_and_what_is_wanted(
    engine: FakeEngine, parameters: dict[str, Any], param: str, wanted: str, came: str
) -> None:
    answer = call("POST", GENERATE, {"inputs": QUESTION, "parameters": parameters})
    assert_wrong_field(answer, f"parameters.{param}", wanted, came)


def test_a_number_too_large_for_a_float_is_refused(engine: FakeEngine) -> None:
    answer = call("POST", GENERATE, b'{"input": "x", "parameters": {"temperature": 1e999}}')
    assert_wrong_field(answer, "parameters.temperature", "有限の数", "Infinity")


@pytest.mark.parametrize(
    ("body", "param", "wanted", "came"),
    [
        ({}, "input", "質問", ""),
        ({"input": ""}, "input", "質問", ""),
        ({"input": " \n　"}, "input", "質問", ""),
        ({"inputs": ""}, "inputs", "質問", ""),
        ({"prompt": QUESTION}, "input", "質問", ""),
        ({"input": 5}, "input", "文字列", "5"),
        ({"input": [QUESTION]}, "input", "文字列", QUESTION[:5]),
        ({"inputs": {"text": QUESTION}}, "inputs", "文字列", "text"),
        ({"input": QUESTION, "parameters": []}, "parameters", "オブジェクト {…}", "[]"),
        ({"input": QUESTION, "parameters": "x"}, "parameters", "オブジェクト {…}", '"x"'),
    ],
)
def test_a_wrong_field_of_generate_is_named(
    engine: FakeEngine, body: dict[str, Any], param: str, wanted: str, came: str
) -> None:
    assert_wrong_field(call("POST", GENERATE, body), param, wanted, came)


SYSTEM = {"role": "system", "content": "短く"}
ASSISTANT = {"role": "assistant", "content": "はい"}


@pytest.mark.parametrize(
    ("fields", "param", "wanted", "came"),
    [
        ({"messages": None}, "messages", "必要", ""),
        ({"messages": []}, "messages", "1個以上", "[]"),
        ({"messages": "x"}, "messages", "リスト", '"x"'),
        ({"messages": ["x"]}, "messages.0", "オブジェクト", '"x"'),
        ({"messages": [{"content": "x"}]}, "messages.0.role", "必要", ""),
        ({"messages": [{"role": "user"}]}, "messages.0.content", "空", ""),
        ({"messages": [{"role": "cook", "content": "x"}]}, "messages.0.role", "user", "cook"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages.0.content", "文字列", "5"),
        ({"messages": [{"role": "user", "content": ""}]}, "messages.0.content", "空", ""),
        ({"messages": [{"role": "user", "content": None}]}, "messages.0.content", "空", ""),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]},
            "messages.0.content.0.type",
            "text",
            "image_url",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "text"}]}]},
            "messages.0.content.0.text",
            "必要",
            "",
        ),
        ({"messages": [ASSISTANT]}, "messages", "user", ""),
        ({"n": 9}, "n", "8以下", "9"),
        ({"n": True}, "n", "数", "true"),
        ({"stream": "no"}, "stream", "true か false", '"no"'),
        ({"model": 5}, "model", "文字列", "5"),
        ({"temperature": 2.1}, "temperature", "2以下", "2.1"),
        ({"presence_penalty": -3}, "presence_penalty", "-2以上", "-3"),
        ({"stop": {"a": 1}}, "stop", "文字列のリスト", "a"),
        ({"max_completion_tokens": "9"}, "max_completion_tokens", "数", '"9"'),
    ],
)
def test_a_wrong_field_of_chat_is_named(
    engine: FakeEngine, fields: dict[str, Any], param: str, wanted: str, came: str
) -> None:
    answer = call("POST", CHAT, {"messages": [TURN], **fields})
    assert_wrong_field(answer, param, wanted, came)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(
    max_examples=of_all(150, 40),
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_no_json_whatsoever_is_a_fault_of_the_server(engine: FakeEngine, data: Any) -> None:
    names = {
        GENERATE: st.sampled_from(["input", "inputs", "parameters"]),
        CHAT: st.sampled_from(["messages", "temperature", "n", "stop", "stream", "seed", "model"]),
    }
    path = data.draw(st.sampled_from(sorted(names)))
    valid = {"input": "x"} if path == GENERATE else {"messages": [TURN]}
    fields = data.draw(st.dictionaries(names[path] | st.text(), JSON_VALUES))
    if data.draw(st.booleans()):
        parameter = st.sampled_from([name for wrong in WRONG_PARAMETERS for name in wrong[0]])
        fields["parameters"] = data.draw(st.dictionaries(parameter, JSON_VALUES))
    answer = call("POST", path, {**valid, **fields})
    assert answer.status in ({200, 400} if path == CHAT else {200, 400, 422})
    if answer.status != 200:
        assert is_japanese(answer.error["message"])


# Routes and methods


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_route_is_not_found(engine: FakeEngine, method: str) -> None:
    answer = call(method, "/v1/images", b"no JSON")
    assert (answer.status, answer.error["code"]) == (404, "not_found")
    assert "/v1/images" in answer.error["message"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        (method, path)
        for path, allowed in ROUTES.items()
        for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS")
        if method != allowed
    ],
)
def test_another_method_is_not_allowed(engine: FakeEngine, method: str, path: str) -> None:
    answer = call(method, path)
    assert (answer.status, answer.error["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == ROUTES[path]
    assert method in answer.error["message"]


@pytest.mark.parametrize("body", [b'{"input": "x"}', b"\xff", b"x" * 1_000_000])
def test_a_line_break_behind_a_route_is_no_way_round_the_bodys_checks(
    engine: FakeEngine, body: bytes
) -> None:
    answer = call("POST", f"{GENERATE}\n", body)
    assert (answer.status, answer.error["code"]) == (404, "not_found")


def test_a_method_in_lower_case_is_no_way_round_the_bodys_checks(engine: FakeEngine) -> None:
    answer = call("post", GENERATE, b"\xff")
    assert (answer.status, answer.error["code"]) == (400, "malformed_json")


def test_a_long_path_is_shown_shortened(engine: FakeEngine) -> None:
    answer = call("GET", "/" + "x" * 5000)
    assert answer.status == 404
    assert len(answer.error["message"]) < 100


def test_a_named_stage_is_no_part_of_the_route(engine: FakeEngine) -> None:
    event = http_event("POST", "/prod/generate", {}, b'{"input": "\xff"}')
    event["requestContext"]["stage"] = "prod"
    assert answer_to(event).error["code"] == "malformed_json"


@pytest.mark.parametrize(
    ("stage", "raw_path"),
    [
        ("$default", "/generate"),
        ("prod", "/prod/generate"),  # the stage's name comes before the route
        ("$default", "/kitchen/chef/generate"),  # the base path of a custom domain may, too
        ("prod", "/kitchen/chef/generate"),
        ("generate", "/generate/generate"),
    ],
)
def test_the_route_that_the_gateway_matched_is_answered(
    engine: FakeEngine, stage: str, raw_path: str
) -> None:
    event = http_event("POST", raw_path, {}, json.dumps({"input": QUESTION}).encode())
    event["routeKey"] = "POST /generate"
    event["requestContext"]["stage"] = stage
    assert answer_to(event).status == 200


@pytest.mark.parametrize("raw_path", ["/v1/nothing", "/prod/v1/nothing", "/kitchen/v1/nothing"])
def test_of_the_gateways_catch_all_the_error_names_the_rest_of_the_path(
    engine: FakeEngine, raw_path: str
) -> None:
    event = http_event("GET", raw_path, {}, b"")
    event |= {"routeKey": "GET /{proxy+}", "pathParameters": {"proxy": "v1/nothing"}}
    event["requestContext"]["stage"] = "prod"
    answer = answer_to(event)
    assert (answer.status, answer.error["code"]) == (404, "not_found")
    assert answer.error["message"].startswith("/v1/nothing ")


# The operator's limits


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        (GENERATE, {"input": "鮭と白菜で夕食を"}, "input"),
        (GENERATE, {"inputs": "鮭と白菜で夕食を"}, "inputs"),
        (CHAT, {"messages": [{"role": "user", "content": "鮭と白菜で夕食を"}]}, "messages"),
        (CHAT, {"messages": [{"role": "user", "content": "鮭で"}] * 4}, "messages"),
    ],
)
def test_a_prompt_of_too_many_characters_is_refused_before_the_model_sees_it(
    engine: FakeEngine,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    body: dict[str, Any],
    param: str,
) -> None:
    monkeypatch.setenv("CHEF_MOST_PROMPT_CHARACTERS", "7")
    answer = call("POST", path, body)
    assert_wrong_field(answer, param, "7文字以下", "8文字")
    assert engine.requests == []
    monkeypatch.setenv("CHEF_MOST_PROMPT_CHARACTERS", "8")
    assert call("POST", path, body).status == 200


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        (GENERATE, {"parameters": {"max_new_tokens": 65}}, "parameters.max_new_tokens"),
    ],
)
def test_who_asks_for_too_many_tokens_is_refused(
    engine: FakeEngine,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    body: dict[str, Any],
    param: str,
) -> None:
    monkeypatch.setenv("CHEF_MOST_ANSWER_TOKENS", "64")
    valid = {"input": QUESTION} if path == GENERATE else {"messages": [TURN]}
    assert_wrong_field(call("POST", path, {**valid, **body}), param, "64以下", "65")
    assert engine.requests == []
    monkeypatch.setenv("CHEF_MOST_ANSWER_TOKENS", "65")
    assert call("POST", path, {**valid, **body}).status == 200
    assert engine.last.sampling.max_tokens == 65


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("path", [GENERATE, CHAT])
def test_who_asks_for_nothing_gets_no_more_than_the_operator_allows(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("CHEF_MOST_ANSWER_TOKENS", "64")
    body = {"input": QUESTION} if path == GENERATE else {"messages": [TURN]}
    assert call("POST", path, body).status == 200
    assert engine.last.sampling.max_tokens == 64


# Start-up


def test_the_open_route_never_asks_the_engine(engine: FakeEngine) -> None:
    assert call("GET", "/health").status == 200
    assert engine.requests == []


def test_a_snapshot_without_a_model_fails_the_deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHEF_MODEL", "no-such-model")
    monkeypatch.setattr(app, "load_chef", load_chef.__wrapped__)
    with pytest.raises(ModelUnavailable, match="no-such-model"):
        app.load_model("snap-start")


def test_without_a_snapshot_init_goes_on_and_the_log_says_why(
    monkeypatch: pytest.MonkeyPatch, logs: Callable[[], list[dict[str, Any]]]
) -> None:
    monkeypatch.setenv("CHEF_MODEL", "no-such-model")
    monkeypatch.setattr(app, "load_chef", load_chef.__wrapped__)
    app.load_model("on-demand")
    [line] = logs()
    assert (line["level"], line["code"]) == ("ERROR", "model_unavailable")
    assert "no-such-model" in line["reason"]


@pytest.mark.parametrize(
    ("variables", "is_loaded"),
    [
        ({}, False),
        ({"AWS_LAMBDA_FUNCTION_NAME": "chef"}, True),
        (
            {
                "AWS_LAMBDA_FUNCTION_NAME": "chef",
                "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start",
            },
            True,
        ),
    ],
    ids=["elsewhere", "on demand", "snapshot"],
)
def test_the_model_is_loaded_with_the_handler_on_lambda_and_nowhere_else(
    variables: dict[str, str], is_loaded: bool
) -> None:
    code = "import sys, chef_llm.app; print('xllamacpp' in sys.modules)"
    environment = {**os.environ, **variables}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{is_loaded}\n"


# Time and the model


def test_out_of_time_before_the_first_token_is_unavailable(
    serve: Callable[[FakeEngine], FakeEngine], logs: Callable[[], list[dict[str, Any]]]
) -> None:
    serve(FakeEngine(pieces_in_time=0))
    answer = call("POST", GENERATE, {"input": QUESTION})
    assert (answer.status, answer.error["code"]) == (503, "deadline")
    assert answer.error["type"] == "service_unavailable"
    assert [line["code"] for line in logs() if line["level"] == "ERROR"] == ["deadline"]


def test_an_invocation_without_time_left_is_unavailable(engine: FakeEngine) -> None:
    answer = call("POST", GENERATE, {"input": QUESTION}, context=LocalContext(seconds=0.5))
    assert (answer.status, answer.error["code"]) == (503, "deadline")


@pytest.mark.usefixtures("plain")
def test_out_of_time_while_decoding_returns_what_is_there(
    serve: Callable[[FakeEngine], FakeEngine],
) -> None:
    serve(FakeEngine(pieces_in_time=5))
    answer = call("POST", GENERATE, {"input": QUESTION})
    assert (answer.status, answer.headers["x-chef-stopped"]) == (200, "deadline")
    assert answer.body == [{"generated_text": "鶏むね肉と"}]
    answer = call("POST", CHAT, {"messages": [TURN]})
    assert (answer.status, answer.headers["x-chef-stopped"]) == (200, "deadline")
    assert answer.body["choices"][0]["finish_reason"] == "length"


def test_an_answer_in_time_has_no_such_header(engine: FakeEngine) -> None:
    assert "x-chef-stopped" not in call("POST", GENERATE, {"input": QUESTION}).headers


@pytest.mark.parametrize(("left_seconds", "deadline_seconds"), [(300, 28), (29, 28), (10, 9)])
def test_the_deadline_is_that_of_the_invocation_and_of_the_gateway(
    engine: FakeEngine, left_seconds: float, deadline_seconds: float
) -> None:
    call("POST", GENERATE, {"input": QUESTION}, context=LocalContext(seconds=left_seconds))
    seconds = engine.last.deadline.remaining_seconds
    assert deadline_seconds - 2 < seconds <= deadline_seconds


@pytest.mark.parametrize("model", ["no/such/model.gguf", "no-such-model"])
@pytest.mark.parametrize("path", ["/health", "/v1/models", GENERATE])
def test_without_a_model_the_service_is_unavailable(
    monkeypatch: pytest.MonkeyPatch, path: str, model: str
) -> None:
    monkeypatch.setenv("CHEF_MODEL", model)
    monkeypatch.setattr(app, "load_chef", load_chef.__wrapped__)
    body = {"input": QUESTION} if path == GENERATE else None
    answer = call(ROUTES[path], path, body)
    assert (answer.status, answer.error["code"]) == (503, "model_unavailable")


# A fault of ours


def test_an_unexpected_error_is_a_500_that_tells_nothing_and_is_logged(
    serve: Callable[[FakeEngine], FakeEngine], logs: Callable[[], list[dict[str, Any]]]
) -> None:
    serve(CrashingEngine())
    answer = call("POST", GENERATE, {"input": QUESTION})
    assert answer.status == 500
    assert answer.error == {
        "message": "サーバーで予期しないエラーが起きました。",
        "type": "server_error",
        "param": None,
        "code": "internal_error",
    }
    [line] = [line for line in logs() if line["level"] == "ERROR"]
    assert line["error_type"] == "builtins.RuntimeError"
    assert "in write" in line["stack"][-1]


def test_an_answer_that_breaks_its_own_schema_is_our_fault(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "respond", lambda body, reply: app.Response(200, body={"x": 1}))
    assert call("POST", GENERATE, {"input": QUESTION}).error["code"] == "internal_error"


def test_a_broken_setting_is_our_fault(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHEF_MOST_BODY_BYTES", "many")
    answer = call("GET", "/health")
    assert (answer.status, answer.error["code"]) == (503, "misconfigured")


# The contract in a document


def test_openapi_lists_every_route_with_its_errors(engine: FakeEngine) -> None:
    answer = call("GET", "/openapi.json")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    document = answer.body
    assert document["openapi"].startswith("3.1.")
    operations = {
        path: {method: set(operation["responses"]) for method, operation in methods.items()}
        for path, methods in document["paths"].items()
    }
    post = {"200", "400", "413", "415", "422", "500", "503"}
    # A wrong field is a 400 there.
    of_others = (post - {"422"}) | {"404"}
    assert operations == {
        "/health": {"get": {"200", "500", "503"}},
        "/v1/models": {"get": {"200", "500", "503"}},
        "/v1/models/{model}": {"get": {"200", "404", "500", "503"}},
        "/openapi.json": {"get": {"200", "500", "503"}},
        "/generate": {"post": post},
        "/v1/chat/completions": {"post": of_others},
        "/v1/completions": {"post": of_others},
        "/v1/responses": {"post": of_others},
        "/v1/messages": {"post": of_others},
        "/v1/embeddings": {"post": of_others},
        "/tokenize": {"post": of_others},
        "/v1/menus": {"post": post},
        "/v1/recipes": {"post": post},
    }
    assert set(operations) == set(ROUTES)


def test_openapi_gives_every_error_the_one_shape(engine: FakeEngine) -> None:
    document = call("GET", "/openapi.json").body
    for path, methods in document["paths"].items():
        shape = "MessagesError" if path == "/v1/messages" else "ErrorResponse"
        for operation in methods.values():
            for status, response in operation["responses"].items():
                schema = response["content"]["application/json"]["schema"]
                is_error = schema.get("$ref") == f"#/components/schemas/{shape}"
                assert is_error == (status != "200")


def test_openapi_tells_both_forms_of_a_chat_answer(engine: FakeEngine) -> None:
    document = call("GET", "/openapi.json").body
    content = document["paths"]["/v1/chat/completions"]["post"]["responses"]["200"]["content"]
    assert set(content) == {"application/json", "text/event-stream"}
    whole, event = (form["schema"] for form in content.values())
    assert whole["$ref"].endswith("/ChatResponse")
    [end, data] = event["properties"]["data"]["anyOf"]
    assert end == {"const": "[DONE]"}
    assert [option["$ref"].split("/")[-1] for option in data["contentSchema"]["anyOf"]] == [
        "ChatChunk",
        "ErrorResponse",
    ]


def test_openapi_refers_to_nothing_that_it_does_not_hold(engine: FakeEngine) -> None:
    document = call("GET", "/openapi.json").body
    text = json.dumps(document)
    for name in document["components"]["schemas"]:
        text = text.replace(f'"#/components/schemas/{name}"', "")
    assert "#/components/schemas/" not in text


def test_openapi_states_the_bounds(engine: FakeEngine) -> None:
    schemas = call("GET", "/openapi.json").body["components"]["schemas"]
    [temperature, _] = schemas["GenerateParameters"]["properties"]["temperature"]["anyOf"]
    assert temperature == {"type": "number", "minimum": 0, "maximum": 2}
    [seed, _] = schemas["ChatRequest"]["properties"]["seed"]["anyOf"]
    assert seed == {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1}


def test_settings_allow_less_time_than_the_gateway_does() -> None:
    assert Settings().answer_seconds <= 28
