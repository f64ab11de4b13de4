"""The local server's side: HTTP in, payload-2.0 event to the handler, HTTP out."""

import asyncio
import base64
import threading
import time
from typing import Any

import pytest

from chef_llm import app
from chef_llm.asgi import LocalContext, application

Event = dict[str, Any]


def connection(method: str = "POST", path: str = "/generate") -> dict[str, Any]:
    headers = [(b"content-type", b"application/json"), (b"x-name", "é".encode("latin-1"))]
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"a=1",
        "headers": headers,
    }


async def request(scope: dict[str, Any], *parts: bytes) -> list[dict[str, Any]]:
    """Send one request, its body in `parts`, and return the messages that come back."""
    coming = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    coming.append({"type": "http.request", "body": b"", "more_body": False})
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return coming.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await application(scope, receive, send)
    assert coming == [], "the body is read to its end"
    return sent


def answer(status: int = 200, body: str = "{}") -> dict[str, Any]:
    return {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": body}


def test_a_request_becomes_an_event_and_its_answer_a_response(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    events: list[Event] = []

    def handler(event: Event, context: LocalContext) -> dict[str, Any]:
        events.append(event)
        assert 28_000 < context.get_remaining_time_in_millis() <= 29_000
        return answer(422, '{"a": "献立"}')

    monkeypatch.setattr(app, "lambda_handler", handler)
    start, body = asyncio.run(request(connection(), b"\xff", b"\xfe"))
    [event] = events
    assert (event["version"], event["rawPath"], event["rawQueryString"]) == (
        "2.0",
        "/generate",
        "a=1",
    )
    assert event["requestContext"]["http"]["method"] == "POST"
    assert event["headers"] == {"content-type": "application/json", "x-name": "é"}
    assert base64.b64decode(event["body"]) == b"\xff\xfe"
    assert (start["status"], start["headers"]) == (422, [(b"content-type", b"application/json")])
    assert body["body"] == '{"a": "献立"}'.encode()


def test_of_a_body_over_the_limit_one_byte_too_many_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lengths: list[int] = []

    def handler(event: Event, context: LocalContext) -> dict[str, Any]:
        lengths.append(len(base64.b64decode(event["body"])))
        return answer(413)

    monkeypatch.setattr(app, "lambda_handler", handler)
    monkeypatch.setenv("CHEF_MOST_BODY_BYTES", "10")
    asyncio.run(request(connection(), *[b"12345"] * 100))
    assert lengths == [11]


def test_one_request_is_handled_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    running = threading.Lock()

    def handler(event: Event, context: LocalContext) -> dict[str, Any]:
        assert running.acquire(blocking=False), "two at once would mix their requests"
        time.sleep(0.01)
        running.release()
        return answer(body=event["rawPath"])

    async def all_at_once() -> list[list[dict[str, Any]]]:
        paths = [f"/{number}" for number in range(5)]
        return await asyncio.gather(*(request(connection(path=path)) for path in paths))

    monkeypatch.setattr(app, "lambda_handler", handler)
    bodies = [messages[1]["body"] for messages in asyncio.run(all_at_once())]
    assert bodies == [b"/0", b"/1", b"/2", b"/3", b"/4"]


def test_waiting_for_a_turn_takes_of_the_requests_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[int] = []

    def handler(event: Event, context: LocalContext) -> dict[str, Any]:
        left.append(context.get_remaining_time_in_millis())
        time.sleep(0.1)
        return answer()

    async def both() -> None:
        await asyncio.gather(request(connection()), request(connection()))

    monkeypatch.setattr(app, "lambda_handler", handler)
    asyncio.run(both())
    first, second = left
    assert first - second >= 50


def test_a_websocket_is_closed() -> None:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(application({"type": "websocket"}, receive, send))
    assert sent == [{"type": "websocket.close"}]


def test_the_server_may_start_and_stop() -> None:
    coming = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent: list[str] = []

    async def receive() -> dict[str, Any]:
        return coming.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message["type"])

    asyncio.run(application({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
