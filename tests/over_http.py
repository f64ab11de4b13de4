"""Calls of the Lambda handler as API Gateway makes them."""

import json
from dataclasses import dataclass
from typing import Any

from chef_llm.app import lambda_handler
from chef_llm.asgi import LocalContext, http_event


@dataclass(frozen=True)
class Answer:
    """What a caller gets; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def error(self) -> dict[str, Any]:
        """The error, in the one shape of all errors."""
        assert set(self.body) - {"type"} == {"error"}
        error: dict[str, Any] = self.body["error"]
        assert set(error) == {"message", "type", "param", "code"}
        assert self.headers["content-type"] == "application/json"
        return error


def answer_to(event: dict[str, Any], context: LocalContext | None = None) -> Answer:
    response = lambda_handler(event, context or LocalContext())
    headers = {name.lower(): value for name, value in response["headers"].items()}
    # The answer to HEAD has no body.
    body = json.loads(response["body"]) if response["body"] else None
    return Answer(response["statusCode"], headers, body)


def call(
    method: str,
    path: str,
    body: Any = None,
    *,
    content_type: str = "application/json",
    context: LocalContext | None = None,
) -> Answer:
    """Send `body` (bytes as they are, anything else as JSON) to a route."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    raw = b"" if body is None else raw
    return answer_to(http_event(method, path, {"Content-Type": content_type}, raw), context)


def assert_wrong_field(answer: Answer, param: str, wanted: str, came: str) -> None:
    # In English, too, where OpenAI's servers answer 400.
    message = answer.error["message"]
    japanese, _, english = message.rpartition("。")
    assert (answer.status, answer.error["code"]) == (400 if english else 422, "invalid_value")
    assert answer.error["type"] == "invalid_request_error"
    assert answer.error["param"] == param
    assert param in message
    assert wanted in message
    assert came in message
    assert is_japanese(f"{japanese}。")
    assert not english or english.isascii() or came
    assert len(japanese) < 200


def is_japanese(message: str) -> bool:
    """Whether `message` is a sentence of ours and none of a library's."""
    japanese, end, _ = message.rpartition("。")
    return bool(end) and "Input" not in japanese and "の値が正しく" not in japanese
