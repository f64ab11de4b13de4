"""The local server's side: HTTP in, payload-2.0 event to the handler, HTTP out."""

import asyncio
import base64
import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from fakes import FakeEngine

from chef_llm import app
from chef_llm.asgi import LocalContext, application
from chef_llm.chat.chef import load_chef
from chef_llm.engines import Completion, Deadline, Grammar, Sampling, TokenIds, Writing
from over_http import call

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


async def request(
    scope: dict[str, Any], *parts: bytes, is_gone: asyncio.Event | None = None
) -> list[dict[str, Any]]:
    """Send one request, its body in `parts`, and return the messages that come back.

    The client stays until the end, or until `is_gone` is set.
    """
    coming = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    coming.append({"type": "http.request", "body": b"", "more_body": False})
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not coming:
            await (is_gone or asyncio.Event()).wait()
            return {"type": "http.disconnect"}
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


def test_the_operator_may_give_an_answer_more_time_than_the_gateway_does(
    monkeypatch: pytest.MonkeyPatch, serve: Callable[[FakeEngine], FakeEngine]
) -> None:
    engine = serve(FakeEngine())
    monkeypatch.setenv("CHEF_ANSWER_SECONDS", "60")
    asyncio.run(request(connection(), json.dumps({"input": "豆腐で夕食を"}).encode()))
    assert 55 < engine.last.deadline.remaining_seconds <= 60


def test_a_broken_setting_is_told_in_the_shape_of_every_error(
    monkeypatch: pytest.MonkeyPatch, serve: Callable[[FakeEngine], FakeEngine]
) -> None:
    serve(FakeEngine())
    monkeypatch.setenv("CHEF_MOST_BODY_BYTES", "many")
    start, body = asyncio.run(request(connection(), b'{"input": "\xe5\xa4\x95\xe9\xa3\x9f"}'))
    assert start["status"] == 503
    assert json.loads(body["body"])["error"]["code"] == "misconfigured"


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


def test_events_go_out_while_the_handler_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def handler(event: Event, context: LocalContext) -> dict[str, Any]:
        assert context.on_event is not None
        assert not any(map(context.on_event, ["data: 献\n\n", "data: 立\n\n"]))
        return answer(body="the same events at once")

    monkeypatch.setattr(app, "lambda_handler", handler)
    start, *bodies = asyncio.run(request(connection()))
    assert start["status"] == 200
    assert (b"content-type", b"text/event-stream") in start["headers"]
    assert [(body["body"].decode(), body["more_body"]) for body in bodies] == [
        ("data: 献\n\n", True),
        ("data: 立\n\n", True),
        ("", False),
    ]


def test_what_is_known_before_a_stream_stands_in_its_headers(
    serve: Callable[[FakeEngine], FakeEngine],
) -> None:
    serve(FakeEngine())
    fields = {"model": "kondate:plain", "max_tokens": 10**6, "stream": True}
    turn = {"role": "user", "content": "豆腐で夕食を"}
    body = json.dumps({**fields, "messages": [turn]}).encode()
    start, *_ = asyncio.run(request(connection(path="/v1/chat/completions"), body))
    assert (b"content-type", b"text/event-stream") in start["headers"]
    assert (b"x-chef-max-tokens", b"1024") in start["headers"]


def test_an_error_in_the_middle_of_a_stream_is_its_last_event(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def handler(event: Event, context: LocalContext) -> dict[str, Any]:
        assert context.on_event is not None
        context.on_event("data: 献\n\n")
        return answer(500, '{"error": {}}')

    monkeypatch.setattr(app, "lambda_handler", handler)
    start, _, last = asyncio.run(request(connection()))
    assert (start["status"], last["more_body"]) == (200, False)
    assert last["body"] == b'event: error\ndata: {"error": {}}\n\n'


def test_a_client_that_goes_away_ends_the_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    events = 0

    async def leave_after_the_first_event() -> None:
        loop, is_gone = asyncio.get_running_loop(), asyncio.Event()

        def handler(event: Event, context: LocalContext) -> dict[str, Any]:
            nonlocal events
            assert context.on_event is not None
            until = time.monotonic() + 10
            while not context.on_event("data: 献\n\n"):
                events += 1
                loop.call_soon_threadsafe(is_gone.set)
                assert time.monotonic() < until, "the handler was never told"
            return answer()

        monkeypatch.setattr(app, "lambda_handler", handler)
        await request(connection(), is_gone=is_gone)

    asyncio.run(leave_after_the_first_event())
    assert events >= 1


def test_a_client_that_goes_away_before_the_first_event_ends_the_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended: list[bool] = []

    async def leave_while_the_handler_works() -> list[dict[str, Any]]:
        loop, is_gone = asyncio.get_running_loop(), asyncio.Event()

        def handler(event: Event, context: LocalContext) -> dict[str, Any]:
            assert not context.client_is_gone()
            loop.call_soon_threadsafe(is_gone.set)
            until = time.monotonic() + 10
            while not context.client_is_gone():
                assert time.monotonic() < until, "the handler was never told"
            ended.append(True)
            return answer()

        monkeypatch.setattr(app, "lambda_handler", handler)
        return await request(connection(), is_gone=is_gone)

    asyncio.run(leave_while_the_handler_works())
    assert ended == [True]


def test_a_request_whose_client_left_while_it_was_queued_never_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handled: list[str] = []
    is_running, may_end = threading.Event(), threading.Event()

    def handler(event: Event, context: LocalContext) -> dict[str, Any]:
        handled.append(event["rawPath"])
        is_running.set()
        assert may_end.wait(10)
        return answer()

    async def leave_the_queue() -> None:
        first = asyncio.create_task(request(connection(path="/first")))
        assert await asyncio.to_thread(is_running.wait, 10)
        is_gone = asyncio.Event()
        is_gone.set()
        # It ends before the first does, and with nothing sent.
        left = await asyncio.wait_for(request(connection(path="/left"), is_gone=is_gone), 10)
        assert left == []
        third = asyncio.create_task(request(connection(path="/third")))
        may_end.set()
        await asyncio.gather(first, third)

    monkeypatch.setattr(app, "lambda_handler", handler)
    asyncio.run(leave_the_queue())
    assert handled == ["/first", "/third"]


def test_a_request_whose_client_left_before_its_end_never_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def handler(event: Event, context: LocalContext) -> dict[str, Any]:
        raise AssertionError("there is no one to answer")

    coming = [
        {"type": "http.request", "body": b'{"input": "', "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, Any]:
        return coming.pop(0)

    async def send(message: dict[str, Any]) -> None:
        raise AssertionError("there is no one to answer")

    monkeypatch.setattr(app, "lambda_handler", handler)
    asyncio.run(application(connection(), receive, send))
    assert coming == []


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/generate", {"input": "豚こまで夕食を"}),
        ("/generate", {"input": "卵アレルギーです。夕食を"}),
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": "豆腐で夕食を"}]}),
        (
            "/v1/chat/completions",
            {"messages": [{"role": "user", "content": "卵なしの夕食を"}], "stream": True},
        ),
        ("/v1/menus", {"request": "夕食を"}),
    ],
)
@pytest.mark.parametrize("looks", [0, 1, 2, 5])
def test_an_answer_that_no_one_waits_for_is_ended_and_no_fault(
    serve: Callable[[FakeEngine], FakeEngine],
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    fields: dict[str, Any],
    looks: int,
) -> None:
    """The client leaves before the engine is asked, or while it writes: seen at a later look."""
    recorded: list[Any] = []
    monkeypatch.setattr(app, "record", lambda *figures: recorded.append(figures))
    engine = serve(FakeEngine())
    looked = itertools.count()
    context = LocalContext(client_is_gone=lambda: next(looked) >= looks)
    answered = call("POST", path, fields, context=context)
    assert (answered.status, answered.error["code"]) == (408, "client_gone")
    assert len(engine.requests) <= 1
    assert recorded == []


def test_a_week_is_not_planned_on_for_no_one(serve: Callable[[FakeEngine], FakeEngine]) -> None:
    """The first meal is there when the client leaves: a plan, but for no one."""
    engine = serve(FakeEngine())
    context = LocalContext(client_is_gone=lambda: len(engine.requests) == 2)
    answered = call("POST", "/v1/menus", {"request": "夕食を", "days": 7}, context=context)
    assert (answered.status, answered.error["code"]) == (408, "client_gone")
    assert len(engine.requests) == 2


@dataclass
class EndlessEngine(FakeEngine):
    """An engine that writes until its reader has gone; it says when it began and has ended."""

    began: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def write(
        self,
        prompt: TokenIds,
        sampling: Sampling,
        constraint: Grammar | None,
        deadline: Deadline,
    ) -> Writing:
        tokens = 0

        def pieces() -> Generator[str, None, None]:
            nonlocal tokens
            self.began.set()
            try:
                while not deadline.passed:
                    tokens += 1
                    yield "あ"
                    time.sleep(0.001)
            finally:
                if deadline.remaining_seconds > 0:
                    self.ended.set()

        return Writing(pieces(), lambda: Completion("あ" * tokens, "stop", len(prompt), tokens))


@pytest.fixture
def port() -> Iterator[int]:
    """Run a real server in a thread; give its port."""
    server = uvicorn.Server(uvicorn.Config(application, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


@pytest.mark.usefixtures("plain")
def test_hanging_up_on_a_real_server_ends_the_decoding(
    serve: Callable[[FakeEngine], FakeEngine], port: int
) -> None:
    engine = EndlessEngine()
    serve(engine)
    fields = {"stream": True, "messages": [{"role": "user", "content": "豆腐で夕食を"}]}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(
        "POST", "/v1/chat/completions", json.dumps(fields), {"content-type": "application/json"}
    )
    response = connection.getresponse()
    assert response.getheader("content-type") == "text/event-stream"
    assert response.readline().startswith(b'data: {"id":"chatcmpl-')
    assert not engine.ended.is_set()
    response.close()
    connection.close()
    assert engine.ended.wait(20)


def test_hanging_up_before_the_answer_on_a_real_server_ends_the_decoding(
    serve: Callable[[FakeEngine], FakeEngine], port: int
) -> None:
    engine = EndlessEngine()
    serve(engine)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(
        "POST",
        "/generate",
        json.dumps({"input": "豆腐で夕食を"}),
        {"content-type": "application/json"},
    )
    assert engine.began.wait(20)
    connection.close()
    assert engine.ended.wait(20)


def test_a_websocket_is_closed() -> None:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(application({"type": "websocket"}, receive, send))
    assert sent == [{"type": "websocket.close"}]


def start_and_stop() -> list[str]:
    """Return what the application answers when the server starts and when it stops."""
    coming = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent: list[str] = []

    async def receive() -> dict[str, Any]:
        return coming.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message["type"])

    asyncio.run(application({"type": "lifespan"}, receive, send))
    return sent


STARTED_AND_STOPPED = ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_the_model_is_loaded_and_has_written_when_the_server_starts(
    serve: Callable[[FakeEngine], FakeEngine],
) -> None:
    engine = serve(FakeEngine())
    assert start_and_stop() == STARTED_AND_STOPPED
    written, *planned = engine.requests
    assert written.sampling.max_tokens == 1
    assert planned
    assert all(request.constraint is not None for request in planned)


def test_a_model_too_slow_to_write_at_once_is_served_all_the_same(
    serve: Callable[[FakeEngine], FakeEngine],
) -> None:
    serve(FakeEngine(pieces_in_time=0))
    assert start_and_stop() == STARTED_AND_STOPPED
    assert call("GET", "/health").status == 200


def test_a_server_without_a_model_starts_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHEF_MODEL", "no-such-model")
    monkeypatch.setattr(app, "load_chef", load_chef.__wrapped__)
    assert start_and_stop() == STARTED_AND_STOPPED
    answered = call("GET", "/health")
    assert (answered.status, answered.error["code"]) == (503, "model_unavailable")
