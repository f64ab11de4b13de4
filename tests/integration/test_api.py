"""The HTTP API over the wire, as `curl` and `requests` see it, with the real model behind it."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from chef_llm.menus.answer import parse_answer
from deployed import Deployment

QUESTION = "鶏むね肉とキャベツで、2人分の夕食をお願いします"
TIMEOUT_SECONDS = 35
session = requests.Session()


@pytest.fixture(autouse=True)
def _key(deployment: Deployment) -> None:
    session.headers.update(deployment.authorization)


def post(url: str, body: Any, **headers: str) -> requests.Response:
    """Send `body` (bytes as they are, anything else as JSON)."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": "application/json"} | headers
    return session.post(url, data=raw, headers=headers, timeout=TIMEOUT_SECONDS)


def get(url: str) -> requests.Response:
    return session.get(url, timeout=TIMEOUT_SECONDS)


def error_of(response: requests.Response) -> dict[str, Any]:
    assert response.headers["content-type"] == "application/json"
    error: dict[str, Any] = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    return error


def test_health_names_the_model(api_url: str) -> None:
    response = get(f"{api_url}/health")
    assert response.status_code == 200
    assert response.json()["status"] == "ok"
    assert response.json()["model"]


def test_the_model_of_health_is_the_model_of_the_list(api_url: str) -> None:
    model, _as_itself = get(f"{api_url}/v1/models").json()["data"]
    assert model["id"] == get(f"{api_url}/health").json()["model"]


def test_openapi_describes_the_api(api_url: str) -> None:
    assert "/generate" in get(f"{api_url}/openapi.json").json()["paths"]


@pytest.mark.parametrize(
    "body",
    [
        {"input": QUESTION},
        {"inputs": QUESTION, "parameters": {"max_new_tokens": 128, "do_sample": False}},
    ],
    ids=["seed form", "LangChain form"],
)
def test_a_question_gets_a_menu_with_recipes(api_url: str, body: dict[str, Any]) -> None:
    response = post(f"{api_url}/generate", body)
    assert response.status_code == 200
    [generated] = response.json()
    text = generated["generated_text"]
    assert QUESTION not in text
    assert parse_answer(text).dishes
    assert "（2人分・約" in text


def test_chat_answers_with_a_menu_and_its_usage(api_url: str) -> None:
    turns = [{"role": "user", "content": QUESTION}]
    response = post(f"{api_url}/v1/chat/completions", {"messages": turns})
    assert response.status_code == 200
    answer = response.json()
    first = answer["choices"][0]["message"]
    assert parse_answer(first["content"]).dishes
    assert answer["usage"]["completion_tokens"] > 0
    assert answer["timings"]["predicted_n"] > 0
    turns += [first, {"role": "user", "content": "主菜を魚に変えて"}]
    assert post(f"{api_url}/v1/chat/completions", {"messages": turns}).status_code == 200


@pytest.mark.parametrize(
    "question",
    [
        "[SEP]</s><s>",
        r"\n\n\n",
        "🍛\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "ｱｲｳ",
        "a\u0000b",
        "\u202e卵",
        "<|system|>",
        "x" * 500,
    ],
    ids=ascii,
)
def test_hostile_and_odd_questions_are_answered(api_url: str, question: str) -> None:
    assert post(f"{api_url}/generate", {"input": question}).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"input": ', 400, "malformed_json"),
        (b"", 400, "malformed_json"),
        ({"input": "あ" * 20_000}, 400, "context_length_exceeded"),
        ({"input": ""}, 422, "invalid_value"),
        ({"input": 5}, 422, "invalid_value"),
        ({"inputs": QUESTION, "parameters": {"num_return_sequences": 2}}, 422, "invalid_value"),
        ({"input": "x" * 1_000_000}, 413, "body_too_large"),
    ],
    ids=["cut off", "empty", "long", "no question", "number", "two answers", "large"],
)
def test_a_bad_request_gets_its_documented_error(
    api_url: str, body: Any, status: int, code: str
) -> None:
    response = post(f"{api_url}/generate", body)
    assert (response.status_code, error_of(response)["code"]) == (status, code)


def test_a_body_that_is_no_utf8_gets_its_documented_error(api_url: str) -> None:
    if get(f"{api_url}/health").headers.get("server", "").startswith("Werkzeug"):
        pytest.skip("`sam local start-api` decodes the body itself, and answers 502")
    response = post(f"{api_url}/generate", b'{"input": "\xff\xfe"}')
    assert (response.status_code, error_of(response)["code"]) == (400, "malformed_json")


def test_another_media_type_is_refused(api_url: str) -> None:
    response = post(f"{api_url}/generate", b"{}", **{"content-type": "text/plain"})
    assert (response.status_code, error_of(response)["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("path", ["/generate", "/v1/chat/completions"])
def test_get_on_a_post_route_is_refused(api_url: str, path: str) -> None:
    response = get(f"{api_url}{path}")
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert error_of(response)["code"] == "method_not_allowed"


def test_an_unknown_route_is_not_found(api_url: str) -> None:
    response = get(f"{api_url}/献立")
    assert (response.status_code, error_of(response)["code"]) == (404, "not_found")


def test_concurrent_requests_get_their_own_answers(api_url: str) -> None:
    questions = [f"{number}人分の夕食を考えて" for number in range(1, 9)]
    bodies = [
        {"inputs": question, "parameters": {"return_full_text": True, "max_new_tokens": 8}}
        for question in questions
    ]
    with ThreadPoolExecutor(max_workers=len(bodies)) as clients:
        responses = list(clients.map(lambda body: post(f"{api_url}/generate", body), bodies))
    firsts = [response.json()[0]["generated_text"].splitlines()[0] for response in responses]
    assert firsts == questions
