"""What the handler puts into metrics, logs and traces, and what it never does."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from aws_lambda_powertools.metrics.provider import cold_start
from fakes import CrashingEngine, FakeEngine

from chef_llm.app import ROUTES, lambda_handler, tracer
from chef_llm.asgi import LocalContext, http_event
from chef_llm.custom_metrics import CUSTOM_METRICS, OF_AN_ANSWER
from chef_llm.engines import Deadline, Grammar, Sampling, Timings, TokenIds, Writing
from chef_llm.settings import metrics_namespace
from over_http import call

GENERATE = "/generate"
CHAT = "/v1/chat/completions"
MENUS = "/v1/menus"
QUESTION = "鶏むね肉とキャベツで、2人分の夕食をお願いします"
# Words that no code of ours would write by itself.
MARKER = "まぼろしの合言葉ズンドコ"
Line = dict[str, Any]


@dataclass
class TimedEngine(FakeEngine):
    def write(
        self,
        prompt: TokenIds,
        sampling: Sampling,
        constraint: Grammar | None,
        deadline: Deadline,
    ) -> Writing:
        writing = super().write(prompt, sampling, constraint, deadline)
        timings = Timings(prefill_seconds=0.2, decode_seconds=0.5, first_token_seconds=0.25)
        pieces = (piece for piece in writing)
        return Writing(pieces, lambda: replace(writing.completion, timings=timings))


@pytest.fixture
def emitted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[], list[Line]]:
    """Return what was printed: lines of CloudWatch's embedded metric format."""
    monkeypatch.setattr(cold_start, "is_cold_start", False)
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def series(line: Line) -> dict[str, tuple[str, dict[str, str], list[float]]]:
    """Map the name of each metric in a line to its unit, its dimensions and its values."""
    return {
        metric["Name"]: (
            metric["Unit"],
            {name: line[name] for name in dimensions},
            line[metric["Name"]],
        )
        for directive in line["_aws"]["CloudWatchMetrics"]
        for dimensions in directive["Dimensions"]
        for metric in directive["Metrics"]
    }


def counted(line: Line) -> dict[str, float]:
    """Map each metric of a line but the memory to its one value."""
    values = {name: values for name, (_, _, values) in series(line).items()}
    assert all(len(one) == 1 for one in values.values())
    return {name: value for name, [value] in values.items() if name != "ResidentMemory"}


# Metrics


@pytest.mark.usefixtures("plain")
def test_the_metrics_of_an_answer_go_out_in_one_line_with_units_and_dimensions(
    serve: Callable[[FakeEngine], FakeEngine],
    monkeypatch: pytest.MonkeyPatch,
    emitted: Callable[[], list[Line]],
) -> None:
    monkeypatch.setattr(cold_start, "is_cold_start", True)
    engine = serve(TimedEngine())
    call("POST", GENERATE, {"input": QUESTION})
    [line] = emitted()
    found = series(line)
    [megabytes] = found.pop("ResidentMemory")[2]
    tokens = len(engine.answer)
    prompt = len(engine.tokenize(engine.last.prompt, special=True))
    of_model = {"service": "chef_llm", "model": "kondate"}
    assert found == {
        "Requests": ("Count", {"service": "chef_llm", "route": GENERATE}, [1]),
        "Answers": ("Count", {"service": "chef_llm", "finish_reason": "stop"}, [1]),
        "PromptTokens": ("Count", of_model, [prompt]),
        "CompletionTokens": ("Count", of_model, [tokens]),
        "TimeToFirstToken": ("Milliseconds", of_model, [250]),
        "TokensPerSecond": ("Count/Second", of_model, [2 * tokens]),
        "ColdStart": ("Count", {"service": "chef_llm"}, [1]),
    }
    # Of a Python process with the cookbook: more than 20 MB, and less than Lambda can give.
    assert 20 < megabytes < 10_240


@pytest.mark.usefixtures("plain")
def test_a_line_of_metrics_has_units_and_dimensions_of_the_table(
    serve: Callable[[FakeEngine], FakeEngine], emitted: Callable[[], list[Line]]
) -> None:
    table = {metric.name: (metric.unit, metric.dimensions) for metric in CUSTOM_METRICS}
    serve(TimedEngine(pieces_in_time=3))
    call("POST", GENERATE, {"input": QUESTION})
    call("POST", MENUS, {"nothing": 1})
    found: set[str] = set()
    for line in emitted():
        for name, (unit, dimensions, _) in series(line).items():
            assert (unit, list(dimensions)) == table[name]
            found.add(name)
    assert found == set(table) - {"ColdStart", "SnapStartRestore"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (GENERATE, {"input": QUESTION}),
        (CHAT, {"messages": [{"role": "user", "content": QUESTION}]}),
        (MENUS, {"request": "夕食をお願いします"}),
    ],
)
def test_every_answer_has_what_the_costs_count(
    serve: Callable[[FakeEngine], FakeEngine],
    emitted: Callable[[], list[Line]],
    path: str,
    body: dict[str, Any],
) -> None:
    serve(TimedEngine())
    call("POST", path, body)
    [line] = emitted()
    assert set(series(line)) == {metric.name for metric in OF_AN_ANSWER}
    assert line["route"] == path


@pytest.mark.parametrize(
    ("method", "path", "route"),
    [
        *((method, path, path) for path, method in ROUTES.items() if "{" not in path),
        ("GET", "/v1/models/kondate", "/v1/models/{model}"),
        ("GET", f"/{MARKER}", "none"),
        ("PUT", "/", "/"),
        ("PUT", "/nowhere", "none"),
        ("PUT", "/health", "/health"),
    ],
)
def test_each_request_is_counted_by_its_route(
    engine: FakeEngine, emitted: Callable[[], list[Line]], method: str, path: str, route: str
) -> None:
    call(method, path, {})
    [line] = emitted()
    assert series(line)["Requests"][1]["route"] == route


@pytest.mark.parametrize(
    ("engine", "path", "body", "code", "stops"),
    [
        (FakeEngine(), "/nothing", {}, "not_found", None),
        (FakeEngine(), GENERATE, b"{", "malformed_json", None),
        (FakeEngine(), GENERATE, {"input": 1}, "invalid_value", None),
        (FakeEngine(), "/health", {}, "method_not_allowed", None),
        (FakeEngine(), MENUS, {"max_minutes": 1, "request": "x"}, "no_menu", None),
        (FakeEngine(pieces_in_time=0), GENERATE, {"input": "x"}, "deadline", 1),
        (CrashingEngine(), GENERATE, {"input": "x"}, "internal_error", None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_error_is_counted_once_by_its_code(  # noqa: PLR0913, PLR0917  # a row of a table
    serve: Callable[[FakeEngine], FakeEngine],
    emitted: Callable[[], list[Line]],
    engine: FakeEngine,
    path: str,
    body: Any,
    code: str,
    stops: int | None,
) -> None:
    serve(engine)
    assert call("POST", path, body).error["code"] == code
    [line] = emitted()
    assert series(line)["Errors"] == ("Count", {"service": "chef_llm", "code": code}, [1])
    assert counted(line).get("DeadlineStops") == stops


def test_an_event_of_another_kind_is_counted_too(
    engine: FakeEngine, emitted: Callable[[], list[Line]]
) -> None:
    lambda_handler({"Records": []}, LocalContext())
    [line] = emitted()
    assert (line["route"], line["code"]) == ("none", "malformed_json")


@pytest.mark.usefixtures("plain")
def test_an_answer_that_the_deadline_cut_off_is_counted_as_one(
    serve: Callable[[FakeEngine], FakeEngine], emitted: Callable[[], list[Line]]
) -> None:
    serve(FakeEngine(pieces_in_time=3))
    assert call("POST", GENERATE, {"input": QUESTION}).status == 200
    [line] = emitted()
    assert counted(line)["DeadlineStops"] == 1
    assert series(line)["Answers"][1]["finish_reason"] == "length"


def test_meals_left_unplanned_are_a_stop_of_the_deadline(
    serve: Callable[[FakeEngine], FakeEngine], emitted: Callable[[], list[Line]]
) -> None:
    @dataclass
    class OneMealEngine(FakeEngine):
        def write(self, *arguments: Any) -> Writing:
            writing = super().write(*arguments)
            self.pieces_in_time = 0
            return writing

    serve(OneMealEngine())
    answer = call("POST", MENUS, {"request": "夕食をお願いします", "days": 2})
    assert (answer.status, len(answer.body["unplanned"])) == (200, 1)
    [line] = emitted()
    assert counted(line)["DeadlineStops"] == 1


@pytest.mark.parametrize(
    ("initialization", "metric"),
    [(None, "ColdStart"), ("on-demand", "ColdStart"), ("snap-start", "SnapStartRestore")],
)
def test_a_restore_is_told_apart_from_a_cold_start_and_counted_once(
    engine: FakeEngine,
    monkeypatch: pytest.MonkeyPatch,
    emitted: Callable[[], list[Line]],
    initialization: str | None,
    metric: str,
) -> None:
    monkeypatch.setattr(cold_start, "is_cold_start", True)
    if initialization:
        monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "chef")
        monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", initialization)
    call("GET", "/health")
    call("GET", "/health")
    first, second = emitted()
    assert counted(first) == {"Requests": 1, metric: 1}
    assert counted(second) == {"Requests": 1}


def test_nothing_carries_over_to_the_next_request(
    engine: FakeEngine, emitted: Callable[[], list[Line]]
) -> None:
    call("POST", GENERATE, {"input": 1})
    call("POST", GENERATE, {"input": QUESTION})
    call("GET", "/health")
    _, answered, health = emitted()
    assert "code" not in answered
    assert not {"model", "finish_reason", "code"} & health.keys()
    assert len(answered["PromptTokens"]) == 1


def test_disabled_metrics_are_never_printed(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, emitted: Callable[[], list[Line]]
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
    monkeypatch.setattr(cold_start, "is_cold_start", True)
    for _ in range(101):  # at a hundred values Powertools prints them, disabled or not
        call("GET", "/health")
    call("POST", GENERATE, {"input": "x", "parameters": {"recipes": False}})
    assert emitted() == []


@pytest.mark.parametrize(
    ("environment", "namespace"),
    [({}, "ChefLlm"), ({"POWERTOOLS_METRICS_NAMESPACE": "chef-llm-prod"}, "chef-llm-prod")],
)
def test_each_stack_has_a_namespace_of_its_own(environment: dict[str, str], namespace: str) -> None:
    assert metrics_namespace(environment) == namespace


# Traces


def test_a_trace_is_annotated_with_the_stages_of_the_answer(
    serve: Callable[[FakeEngine], FakeEngine], monkeypatch: pytest.MonkeyPatch
) -> None:
    annotations: dict[str, Any] = {}
    monkeypatch.setattr(tracer, "put_annotation", annotations.__setitem__)
    serve(TimedEngine())
    call("POST", MENUS, {"request": "夕食をお願いします"})
    assert (annotations["route"], annotations["model"]) == (MENUS, "kondate")
    assert (annotations["prefill_seconds"], annotations["decode_seconds"]) == (0.2, 0.5)
    assert {"prompt_seconds", "check_seconds", "prompt_tokens", "completion_tokens"} <= set(
        annotations
    )
    # X-Ray takes letters, digits and underscores, and no values but these.
    assert all(name.replace("_", "").isalnum() for name in annotations)
    assert all(isinstance(value, str | int | float) for value in annotations.values())


def test_the_stages_of_an_answer_are_measured(
    serve: Callable[[FakeEngine], FakeEngine], logs: Callable[[], list[Line]]
) -> None:
    serve(FakeEngine())
    call("POST", MENUS, {"request": "夕食をお願いします", "days": 7})
    [line] = [line for line in logs() if line["message"] == "answered"]
    assert line["prompt_seconds"] > 0
    assert line["check_seconds"] >= 0


# Logs


def bodies(marker: str) -> Iterator[tuple[str, str, Any]]:
    """Yield a request for each place that a caller's words can stand in."""
    turn = {"role": "user", "content": marker}
    yield "POST", GENERATE, {"input": marker}
    yield "POST", GENERATE, {"inputs": marker, "parameters": {"return_full_text": True}}
    yield "POST", GENERATE, {"input": {"text": marker}}
    yield "POST", GENERATE, {"input": marker * 10_000}
    yield "POST", GENERATE, {"input": "x", "parameters": {"temperature": marker}}
    yield "POST", GENERATE, {"input": "x", "parameters": {marker: 1}, marker: {"a": marker}}
    yield "POST", GENERATE, f'{{"input": "{marker}'.encode()
    yield "POST", CHAT, {"messages": [turn]}
    yield "POST", CHAT, {"messages": [turn], "stream": True}
    yield "POST", CHAT, {"messages": [turn, {"role": marker, "content": marker}]}
    yield "POST", CHAT, {"messages": [turn], "user": marker, "metadata": {marker: marker}}
    yield "POST", CHAT, {"messages": [turn], "stop": marker, "model": marker}
    yield "POST", CHAT, {"messages": [turn], "response_format": {"type": marker}}
    yield "POST", MENUS, {"request": marker}
    yield "POST", MENUS, {"request": f"{marker}。卵アレルギーです。"}
    yield "POST", MENUS, {"request": marker, "ingredients": [marker], "exclude": [marker]}
    yield "POST", MENUS, {"request": marker, "max_minutes": 1}
    yield "POST", MENUS, {"request": "x", "allergens": [marker]}
    yield "POST", MENUS, {marker: marker}
    yield "GET", f"/v1/models/{marker}", None
    yield "GET", f"/{marker}", None
    yield "PUT", "/health", {marker: marker}
    for path, method in ROUTES.items():
        yield method, path, {marker: marker}


@pytest.mark.parametrize(
    "engine",
    [FakeEngine(answer=f"{MARKER}です。"), CrashingEngine(), FakeEngine(pieces_in_time=0)],
    ids=["answers", "crashes", "is too late"],
)
def test_no_log_line_and_no_metric_holds_a_word_of_the_caller_or_of_the_answer(  # noqa: PLR0913, PLR0917  # fixtures
    serve: Callable[[FakeEngine], FakeEngine],
    logs: Callable[[], list[Line]],
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    engine: FakeEngine,
) -> None:
    annotations: list[str] = []
    monkeypatch.setattr(tracer, "put_annotation", lambda *pair: annotations.append(str(pair)))
    serve(engine)
    headers = {"content-type": "application/json", "user-agent": MARKER, "authorization": MARKER}
    seen_routes = set()
    for method, path, body in bodies(MARKER):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        lambda_handler(http_event(method, path, headers, raw, query=MARKER), LocalContext())
        seen_routes.add(path)
    captured = capsys.readouterr()
    everything = captured.out + captured.err + caplog.text + "".join(annotations)
    everything += json.dumps(logs(), ensure_ascii=False)
    assert len(captured.out.splitlines()) == len(list(bodies(MARKER)))
    assert MARKER not in everything
    assert json.dumps(MARKER)[1:-1] not in everything
    assert base64.b64encode(MARKER.encode()).decode() not in everything
    assert seen_routes >= set(ROUTES)


def test_the_marker_comes_back_in_the_answer_so_that_it_was_read(
    serve: Callable[[FakeEngine], FakeEngine],
) -> None:
    serve(FakeEngine(answer=f"{MARKER}です。"))
    assert MARKER in call("POST", GENERATE, {"input": MARKER}).body[0]["generated_text"]


def test_log_and_metrics_of_a_request_have_its_correlation_id(
    engine: FakeEngine,
    logs: Callable[[], list[Line]],
    emitted: Callable[[], list[Line]],
) -> None:
    event = http_event("POST", GENERATE, {}, json.dumps({"input": QUESTION}).encode())
    lambda_handler(event, LocalContext())
    [answered] = [line for line in logs() if line["message"] == "answered"]
    [metrics] = emitted()
    asked = event["requestContext"]["requestId"]
    assert answered["correlation_id"] == metrics["correlation_id"] == asked
    assert answered["route"] == GENERATE
    assert answered["prompt_tokens"] and answered["completion_tokens"]


ASK_IN_DEBUG_MODE = """
import json
from chef_llm.app import lambda_handler
from chef_llm.asgi import LocalContext, http_event
body = json.dumps({"input": "MARKER"}).encode()
event = http_event("POST", "/generate", {}, body)
event |= {"body": body.decode(), "isBase64Encoded": False}
response = lambda_handler(event, LocalContext())
print("status", response["statusCode"])
"""


def test_no_debug_setting_of_powertools_prints_the_prompt() -> None:
    environment = {
        **os.environ,
        "POWERTOOLS_DEV": "true",
        "POWERTOOLS_LOGGER_LOG_EVENT": "true",
        "POWERTOOLS_LOG_LEVEL": "DEBUG",
        "CHEF_MODEL": "no/such/model.gguf",
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK_IN_DEBUG_MODE.replace("MARKER", "zundoko-marker")],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "status 503" in done.stdout
    assert "zundoko-marker" not in done.stdout + done.stderr
