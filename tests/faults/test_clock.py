"""The system's clock jumps, back and forth, in the middle of answers: deadlines do not move."""

import json
import time
from collections.abc import Callable, Generator
from types import SimpleNamespace
from typing import Any, Final

import pytest
from fresh_handler import QUESTION, post

from chef_llm import engines
from chef_llm.app import lambda_handler
from chef_llm.asgi import LocalContext
from chef_llm.chat.chef import load_chef
from chef_llm.engines import Deadline, Sampling, Writing

DAY_SECONDS: Final = 86_400
TURN: Final = {"role": "user", "content": "鮭と白菜で、2人分の夕食を"}
Jump = Callable[[float], None]


@pytest.fixture
def jump(monkeypatch: pytest.MonkeyPatch) -> Jump:
    """Return how to set the system's clock; the monotonic clock, as always, takes no notice."""
    real, away = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: real() + away[0])
    return lambda seconds: away.__setitem__(0, away[0] + seconds)


@pytest.mark.parametrize("seconds", [DAY_SECONDS, -DAY_SECONDS, -100 * 365 * DAY_SECONDS])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/generate", QUESTION),
        ("/v1/chat/completions", {"messages": [TURN]}),
        ("/v1/chat/completions", {"messages": [TURN], "stream": True}),
        ("/v1/menus", {"request": "えびアレルギーです。3日分の夕食を"}),
    ],
    ids=["generate", "chat", "stream", "menus"],
)
def test_an_answer_is_whole_when_the_clock_jumps_in_its_middle(
    path: str, body: dict[str, Any], seconds: float, jump: Jump, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = load_chef().engine
    write, jumps = engine.write, 0

    def write_while_jumping(*arguments: Any) -> Writing:
        writing = write(*arguments)

        def jumping() -> Generator[str, None, None]:
            nonlocal jumps
            for piece in writing:
                jumps += 1
                jump(seconds * (-1) ** jumps)
                yield piece

        return Writing(jumping(), lambda: writing.completion)

    monkeypatch.setattr(engine, "write", write_while_jumping)
    response = lambda_handler(post(path, body), LocalContext())
    assert jumps > 0
    assert response["statusCode"] == 200
    assert "x-chef-stopped" not in response["headers"]
    assert "deadline" not in response["body"].replace('"stopped_by_deadline":false', "")


def test_the_deadline_strikes_all_the_same_when_the_clock_goes_back(
    jump: Jump, monkeypatch: pytest.MonkeyPatch
) -> None:
    monotonic_seconds = 0.0
    monkeypatch.setattr(engines, "time", SimpleNamespace(monotonic=lambda: monotonic_seconds))

    engine = load_chef().engine
    prompt = engine.tokenize("夕食を", special=False)
    writing = engine.write(prompt, Sampling(), None, Deadline.after(60))
    for _ in writing:
        # A minute later, and a day earlier.
        monotonic_seconds += 60
        jump(-DAY_SECONDS)
    completion = writing.completion
    assert completion.stopped_by_deadline
    assert completion.finish_reason == "length"


def test_the_times_of_a_menu_do_not_count_the_jump(jump: Jump) -> None:
    jump(-DAY_SECONDS)
    response = lambda_handler(post("/v1/menus", {"request": "夕食を"}), LocalContext())
    timings = json.loads(response["body"])["timings"]
    assert all(0 <= seconds < 60 for seconds in timings.values())
