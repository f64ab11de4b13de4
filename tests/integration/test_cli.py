"""`chef ask` and `make run`, as a terminal sees them."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from chef_llm.menus.answer import parse_answer

CHEF = Path(sys.executable).with_name("chef")


def chef(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: text for name, text in os.environ.items() if not name.startswith("POWERTOOLS_")}
    return subprocess.run(
        [CHEF, *arguments],
        env=clean | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_ask_prints_the_menu_and_nothing_else() -> None:
    done = chef("ask", "鮭と白菜で、4人分の夕食")
    assert (done.returncode, done.stderr) == (0, "")
    answer = parse_answer(done.stdout)
    assert answer.dishes
    assert done.stdout.startswith(answer.title)
    assert "（4人分・約" in done.stdout
    assert "{" not in done.stdout


def test_ask_without_a_question_has_one_of_its_own() -> None:
    done = chef("ask")
    assert (done.returncode, done.stderr) == (0, "")
    assert parse_answer(done.stdout).dishes


@pytest.mark.parametrize(
    ("question", "told"),
    [("", "input に質問を書いてください。"), ("あ" * 20_000, "長すぎます")],
    ids=["empty", "too long"],
)
def test_ask_tells_an_error_on_stderr(question: str, told: str) -> None:
    done = chef("ask", question)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("エラー: ")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_ask_without_a_model_tells_so() -> None:
    done = chef("ask", CHEF_MODEL="no/such/model.gguf")
    assert (done.returncode, done.stdout) == (1, "")
    assert "モデルのファイル model.gguf がありません。" in done.stderr
    assert done.stderr.count("\n") == 1


def test_ask_keeps_the_logs_that_its_caller_wants() -> None:
    done = chef("ask", POWERTOOLS_LOG_LEVEL="INFO", POWERTOOLS_METRICS_DISABLED="false")
    assert '"message":"answered"' in done.stdout
    assert '"ColdStart":[1.0]' in done.stdout


def test_the_server_says_that_its_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "uvicorn", "chef_llm.asgi:application", "--port", port]
        done = subprocess.run(
            [*command, "--log-level", "warning"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode != 0
    assert f"('127.0.0.1', {port})" in done.stderr
    assert "address already in use" in done.stderr
    assert "Traceback" not in done.stderr
