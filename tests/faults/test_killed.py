"""The handler's process, killed in the middle of an answer: the next request gets its answer."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fresh_handler import QUESTION, post

import emulator
from emulator import Emulator
from required import required

# Some processor time of a request that takes much more.
BUSY_SECONDS = 0.05
LONG = post("/v1/menus", {"request": "7日分の朝食と昼食と夕食を", "allergens": ["えび"]})


@pytest.fixture(scope="module")
def chef(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    package = required(emulator.built_package)
    required(emulator.find_python)
    required(emulator.find_emulator)
    client = emulator.install_runtime_client(tmp_path_factory.mktemp("runtime"))
    with emulator.run(package, client, tmp_path_factory.mktemp("emulator") / "log.txt") as running:
        yield running


def processor_seconds(process_id: int) -> float:
    figures = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return int(figures[11]) / os.sysconf("SC_CLK_TCK")


def wait_until_busy(process_id: int) -> None:
    until = processor_seconds(process_id) + BUSY_SECONDS
    while processor_seconds(process_id) < until:
        time.sleep(0.002)


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_process_killed_in_mid_answer_is_replaced(chef: Emulator, by: signal.Signals) -> None:
    assert chef.invoke(post("/generate", QUESTION))["statusCode"] == 200
    killed = chef.handler_process_id
    answers: list[dict[str, Any]] = []
    asking = threading.Thread(target=lambda: answers.append(chef.invoke(LONG)))
    asking.start()
    wait_until_busy(killed)
    os.kill(killed, by)
    asking.join()
    [answer] = answers
    assert answer["errorType"] == "Runtime.ExitError"
    assert chef.invoke(post("/generate", QUESTION))["statusCode"] == 200
    assert chef.handler_process_id != killed
