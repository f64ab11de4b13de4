"""Requests that no client library sends: the raw bytes, headers and paths behind the contract."""

import json
from itertools import product
from typing import Any, Final

from fakes import FakeEngine
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from chef_llm.api.envelope import MOST_NESTING
from chef_llm.app import ROUTES
from chef_llm.asgi import http_event
from over_http import Answer, answer_to, is_japanese
from sampled import of_all

POST_PATHS: Final = sorted(path for path, method in ROUTES.items() if method == "POST")
VALID: Final = {
    "/generate": {"input": "卵で\u0000夕食を", "parameters": {"top_k": 5, "stop": ["。"]}},
    "/v1/chat/completions": {"messages": [{"role": "user", "content": "夕食を"}], "seed": 1},
    "/v1/completions": {"prompt": "夕食を", "logit_bias": {"5": 1.5}, "n": 2},
    "/v1/responses": {"input": [{"role": "user", "content": "夕食を"}], "instructions": "短く"},
    "/v1/messages": {"messages": [{"role": "user", "content": "夕食を"}], "max_tokens": 9},
    "/v1/embeddings": {"input": ["夕食を"]},
    "/tokenize": {"content": "夕食を", "with_pieces": True},
    "/v1/menus": {"request": "夕食を", "ingredients": [{"name": "卵", "grams": 1.5}]},
    "/v1/recipes": {"dishes": ["ご飯", "冷や\u0000っこ"], "servings": 3},
}
hostile = settings(
    max_examples=of_all(150, 40),
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def post(path: str, body: bytes, **headers: str) -> Answer:
    headers = {"content-type": "application/json"} | headers
    return answer_to(http_event("POST", path, headers, body))


def is_ours(answer: Answer) -> bool:
    """Tell whether headers, and an error's message, are what we write."""
    headers = [f"{name}{value}" for name, value in answer.headers.items()]
    message = "。" if answer.status == 200 else answer.error["message"]
    return (
        all(header.isascii() and header.isprintable() for header in headers)
        and is_japanese(message)
        and len(message) < 400
    )


def assert_refused_or_answered(answer: Answer, *statuses: int) -> None:
    """Whatever came: an answer, or our one error in our own words."""
    assert answer.status in {200, *statuses}
    assert is_ours(answer), answer


@hostile
@given(path=st.sampled_from(POST_PATHS), body=st.binary(max_size=200))
@example("/generate", b"\xef\xbb\xbf{}")
@example("/generate", b'{"input": "\xed\xa0\x80"}')
@example("/generate", b'{"input": "x", "input": 5}')
@example("/generate", '{"input": "夕食を"}'.encode("utf-16"))
@example("/v1/menus", b'{"request": "x", "seed": 1e400}')
@example("/v1/menus", b'{"request": "x", "seed": 1' + b"0" * 5000 + b"}")
def test_no_bytes_whatsoever_are_a_fault_of_the_server(
    engine: FakeEngine, path: str, body: bytes
) -> None:
    assert_refused_or_answered(post(path, body), 400, 422)


@hostile
@given(data=st.data(), path=st.sampled_from(POST_PATHS))
def test_a_valid_body_with_a_byte_changed_or_its_end_cut_off_is_no_fault(
    engine: FakeEngine, data: Any, path: str
) -> None:
    body = bytearray(json.dumps(VALID[path], ensure_ascii=data.draw(st.booleans())).encode())
    at = data.draw(st.integers(0, len(body) - 1))
    if data.draw(st.booleans()):
        body[at] = data.draw(st.integers(0, 255))
    else:
        del body[at:]
    assert_refused_or_answered(post(path, bytes(body)), 400, 422)


OPENINGS: Final = (b"[", b'{"a":', b'{"request":[', b'{"messages":[{"content":[')
DEPTHS: Final = (MOST_NESTING + 1, 1000, 40_000)


def nested(opening: bytes, times: int, *, closed: bool) -> bytes:
    ends = bytes(reversed(opening.replace(b"[", b"]").replace(b"{", b"}")))
    end = bytes(byte for byte in ends if byte in b"]}")
    return opening * times + (b"1" + end * times if closed else b"")


def test_depth_is_refused(engine: FakeEngine) -> None:
    answers = {
        (path, opening, times, closed): post(path, nested(opening, times, closed=closed))
        for path, opening, times, closed in product(POST_PATHS, OPENINGS, DEPTHS, (False, True))
    }

    assert not {
        case: answer.status
        for case, answer in answers.items()
        if answer.status not in {400, 413, 422} or not is_ours(answer)
    }


HEADER_NAMES: Final = st.sampled_from(
    ["content-type", "Content-Type", "content-encoding", "x-amzn-trace-id", "accept", "host", ""]
)


@hostile
@given(
    path=st.sampled_from([*POST_PATHS, "/health", "/v1/models/kondate", "/openapi.json"]),
    method=st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS", "post", "X\r\nA: b", ""]),
    headers=st.dictionaries(HEADER_NAMES, st.text(max_size=40), max_size=3),
)
@example("/generate", "POST", {"content-type": "application/json\r\nset-cookie: a=b"})
@example("/generate", "POST", {"Content-Type": "text/plain", "content-type": "application/json"})
@example("/generate", "POST", {"content-type": "\ud800"})
@example("/health", "\ud800", {})
def test_no_header_or_method_whatsoever_is_a_fault_of_the_server(
    engine: FakeEngine, path: str, method: str, headers: dict[str, str]
) -> None:
    engine.embeds = True
    body = json.dumps(VALID.get(path, {})).encode()
    answer = answer_to(http_event(method, path, headers, body))
    # HEAD is answered as GET is, without a body.
    method = "GET" if method == "HEAD" else method
    if answer.body is not None:
        assert_refused_or_answered(answer, 405, 415)
    assert (answer.status == 405) == (method.upper() != ROUTES.get(path, "GET"))
    assert ("allow" in answer.headers) == (answer.status == 405)


@hostile
@given(
    # At / is the page, which is no JSON.
    path=st.text(min_size=1, max_size=40).map("/{}".format) | st.text().map("/v1/models/{}".format),
    query=st.text(max_size=40),
    method=st.sampled_from(["GET", "POST"]),
)
@example("/generate\n", "", "POST")
@example("/generate\r\n", "", "POST")
@example("/v1/models/kondate\n", "", "GET")
@example("/v1/models/a/b", "", "GET")
@example("//generate", "", "POST")
@example("/\ud800", "", "GET")
@example("/v1/models/\ud800", "", "GET")
@example("/generate/../health", "%00=%ff&=&;", "GET")
def test_no_path_whatsoever_is_a_fault_of_the_server(
    engine: FakeEngine, path: str, query: str, method: str
) -> None:
    # An error says the path back; Hypothesis may make one of words that `is_ours` looks for.
    assume(is_japanese(f"{path}。"))
    event = http_event(method, path, {}, b"\xff", query)
    assert_refused_or_answered(answer_to(event), 404, 405)
