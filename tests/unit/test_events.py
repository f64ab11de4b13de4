"""A reply as OpenAI's stream of chunks: by itself, and through the handler."""

import json
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any

import pytest
from fakes import FakeEngine

from chef_llm.api.events import chat_events
from chef_llm.app import lambda_handler
from chef_llm.asgi import LocalContext, http_event
from chef_llm.chat.chef import Reply
from chef_llm.engines import Completion
from over_http import assert_wrong_field, call

CHAT = "/v1/chat/completions"
TURN = {"role": "user", "content": "鶏むね肉とキャベツで、2人分の夕食をお願いします"}
# What names an allergen is answered by the planner.
GUARDED = {"role": "user", "content": "卵アレルギーがあります。鶏むね肉で夕食をお願いします"}
REPLY = Reply("献立です。", Completion("献立です。", "stop", prompt_tokens=7, completion_tokens=3))


def data_of(stream: str) -> list[Any]:
    """Return what the events of a complete stream hold, without the [DONE] that ends it."""
    *events, rest = stream.split("\n\n")
    assert rest == ""
    assert events.pop() == "data: [DONE]"
    assert all(event.startswith("data: ") and "\n" not in event for event in events)
    return [json.loads(event.removeprefix("data: ")) for event in events]


def text_of(chunks: list[Any]) -> str:
    choices = [choice for chunk in chunks for choice in chunk["choices"]]
    return "".join(choice["delta"].get("content", "") for choice in choices)


def events_of(*pieces: str, reply: Reply = REPLY, include_usage: bool = False) -> list[Any]:
    def answering() -> Generator[str, None, Reply]:
        yield from pieces
        return reply

    heading = {"id": "chatcmpl-1", "created": 5, "model": "kondate", "system_fingerprint": "x"}
    return data_of("".join(chat_events([answering()], heading, include_usage=include_usage)))


# By itself


def test_the_role_comes_first_then_the_text_then_the_reason() -> None:
    choices = [chunk["choices"] for chunk in events_of("献立", "です。\n")]
    rest: dict[str, Any] = {"index": 0, "logprobs": None, "finish_reason": None}
    assert choices == [
        [{**rest, "delta": {"role": "assistant", "content": ""}}],
        [{**rest, "delta": {"content": "献立"}}],
        [{**rest, "delta": {"content": "です。\n"}}],
        [{**rest, "delta": {}, "finish_reason": "stop"}],
    ]


def test_an_answer_without_text_has_role_and_reason() -> None:
    first, last = events_of()
    assert first["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert last["choices"][0]["finish_reason"] == "stop"


@pytest.mark.parametrize("include_usage", [False, True])
def test_what_names_the_answer_is_the_same_in_every_chunk(include_usage: bool) -> None:
    for chunk in events_of("献立", "です", include_usage=include_usage):
        assert (chunk["id"], chunk["created"], chunk["model"]) == ("chatcmpl-1", 5, "kondate")
        assert chunk["object"] == "chat.completion.chunk"


def test_usage_comes_last_and_alone_when_it_is_asked_for() -> None:
    *chunks, last = events_of("献立", include_usage=True)
    assert [chunk["usage"] for chunk in chunks] == [None] * 3
    usage = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
    assert (last["choices"], last["usage"]) == ([], usage)


def test_usage_is_left_out_when_nobody_asks() -> None:
    assert not any("usage" in chunk for chunk in events_of("献立"))


@pytest.mark.parametrize("guaranteed", [False, True])
@pytest.mark.parametrize("stopped", [False, True])
def test_the_chunk_with_the_reason_says_what_headers_say_otherwise(
    guaranteed: bool, stopped: bool
) -> None:
    completion = replace(REPLY.completion, stopped_by_deadline=stopped, finish_reason="length")
    last = events_of("献立", reply=Reply("献立", completion, guaranteed))[-1]
    assert last["choices"][0]["finish_reason"] == "length"
    assert (last["guaranteed"], last["stopped_by_deadline"]) == (guaranteed, stopped)


# Through the handler


def stream(
    fields: dict[str, Any], context: LocalContext | None = None
) -> tuple[dict[str, str], list[Any]]:
    """Ask for a stream; return the response's headers and the chunks."""
    body = json.dumps({"messages": [TURN], "stream": True, **fields}).encode()
    event = http_event("POST", CHAT, {"Content-Type": "application/json"}, body)
    response = lambda_handler(event, context or LocalContext())
    assert response["statusCode"] == 200
    headers = {name.lower(): value for name, value in response["headers"].items()}
    assert headers["content-type"] == "text/event-stream"
    assert not response["isBase64Encoded"]
    return headers, data_of(response["body"])


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"recipes": False},
        {"stop": "副菜"},
        {"stop": ["副菜: キャ", "汁物"]},
        {"max_tokens": 9},
        {"messages": [{"role": "system", "content": "短く"}, TURN]},
        {"messages": [GUARDED], "seed": 1},
        {"messages": [GUARDED], "seed": 1, "recipes": False},
    ],
    ids=str,
)
def test_a_stream_holds_what_a_whole_answer_does(
    engine: FakeEngine, fields: dict[str, Any]
) -> None:
    whole = call("POST", CHAT, {"messages": [TURN], **fields})
    headers, chunks = stream({**fields, "stream_options": {"include_usage": True}})
    [choice] = whole.body["choices"]
    assert text_of(chunks) == choice["message"]["content"]
    assert chunks[-2]["choices"][0]["finish_reason"] == choice["finish_reason"]
    assert chunks[-1]["usage"] == whole.body["usage"]
    assert headers.get("x-chef-guaranteed") == whole.headers.get("x-chef-guaranteed")
    assert len({chunk["id"] for chunk in chunks}) == 1


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("answer", ["  献立 です。\n \n", "\n\n", "献立", [" ", "献", " ", "立 "]])
def test_white_space_around_an_answer_is_streamed_as_little_as_it_is_returned(
    serve: Callable[[FakeEngine], FakeEngine], answer: str | list[str]
) -> None:
    serve(FakeEngine(answer=answer))
    assert text_of(stream({})[1]) == "".join(answer).strip()


@pytest.mark.usefixtures("plain")
def test_no_part_of_a_stop_string_is_streamed(
    serve: Callable[[FakeEngine], FakeEngine],
) -> None:
    serve(FakeEngine(answer="主菜: 副菜は副菜: なし"))
    assert text_of(stream({"stop": ["副菜: ", "なし"]})[1]) == "主菜: 副菜は"


def test_a_guaranteed_answer_comes_line_by_line(engine: FakeEngine) -> None:
    _, chunks = stream({"messages": [GUARDED]})
    deltas = [chunk["choices"][0]["delta"].get("content") for chunk in chunks[1:-1]]
    assert len(deltas) > 4
    assert all(delta.endswith("\n") for delta in deltas[:-1])
    assert chunks[-1]["guaranteed"]


@pytest.mark.usefixtures("plain")
def test_a_deadline_in_the_middle_ends_the_stream_with_length(
    serve: Callable[[FakeEngine], FakeEngine],
) -> None:
    serve(FakeEngine(pieces_in_time=3))
    headers, chunks = stream({})
    assert chunks[-1]["choices"][0]["finish_reason"] == "length"
    assert chunks[-1]["stopped_by_deadline"]
    assert headers["x-chef-stopped"] == "deadline"


def test_a_deadline_before_the_first_token_is_an_error_and_no_stream(
    serve: Callable[[FakeEngine], FakeEngine],
) -> None:
    serve(FakeEngine(pieces_in_time=0))
    answer = call("POST", CHAT, {"messages": [TURN], "stream": True})
    assert (answer.status, answer.error["code"]) == (503, "deadline")


def test_a_server_that_streams_gets_the_events_as_they_are_made(engine: FakeEngine) -> None:
    read: list[str] = []
    context = LocalContext(on_event=lambda event: bool(read.append(event)))
    _, chunks = stream({}, context)
    assert data_of("".join(read)) == chunks


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("events_read", [1, 2, 5])
def test_a_reader_that_goes_away_ends_the_writing_with_that_token(
    serve: Callable[[FakeEngine], FakeEngine], events_read: int
) -> None:
    engine = serve(FakeEngine(answer="あ" * 100))
    read: list[str] = []

    def on_event(event: str) -> bool:
        read.append(event)
        return len(read) == events_read

    body = json.dumps({"messages": [TURN], "stream": True}).encode()
    event = http_event("POST", CHAT, {"Content-Type": "application/json"}, body)
    response = lambda_handler(event, LocalContext(on_event=on_event))
    assert len(read) == events_read
    assert json.loads(response["body"])["error"]["code"] == "client_gone"
    assert engine.written[-1].tokens == max(1, events_read - 1)


@pytest.mark.parametrize(
    ("fields", "param", "wanted", "came"),
    [
        ({"stream": "no"}, "stream", "true か false", '"no"'),
        ({"stream": 1}, "stream", "true か false", "1"),
        ({"stream_options": 1}, "stream_options", "オブジェクト", "1"),
        (
            {"stream_options": {"include_usage": "yes"}},
            "stream_options.include_usage",
            "true か false",
            '"yes"',
        ),
    ],
)
def test_a_wrong_field_about_streaming_is_named(
    engine: FakeEngine, fields: dict[str, Any], param: str, wanted: str, came: str
) -> None:
    answer = call("POST", CHAT, {"messages": [TURN], **fields})
    assert_wrong_field(answer, param, wanted, came)
