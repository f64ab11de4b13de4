"""`make sam-local`, started as a user starts it, where no AWS credentials can be found.

These tests need Docker, and SAM_LOCAL_OPTIONS=--skip-pull-image where Lambda's image is there
already. They are not part of `make test`: `make test-sam-local` runs them.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
import requests

ROOT: Final = Path(__file__).parents[2]
CHEF: Final = "chef_llm.app.lambda_handler"
AUTHORIZER: Final = "chef_authorizer.app.lambda_handler"
# To pull an image, to start a container, to load a model: only against waiting for ever.
START_SECONDS: Final = 300
ANSWER_SECONDS: Final = 60
STOP_SECONDS: Final = 60


@dataclass(frozen=True)
class LocalApi:
    """The API of `sam local start-api`, and what it prints."""

    url: str
    log: Path

    def invocations(self, handler: str) -> int:
        """Return how often a function was invoked so far, `/health` of the start included."""
        return self.printed.count(f"Invoking {handler} ")

    @property
    def printed(self) -> str:
        """What the SAM CLI and the functions have printed so far."""
        return self.log.read_text(encoding="utf-8")

    def printed_with(self, words: str) -> str:
        """Return what was printed once `words` are in it: functions' logs come with a delay."""
        deadline = time.monotonic() + ANSWER_SECONDS
        while words not in self.printed and time.monotonic() < deadline:
            time.sleep(0.1)
        assert words in self.printed
        return self.printed

    def generate(self, **headers: str) -> requests.Response:
        """Ask for a menu, as short as it can be."""
        body = {"inputs": "2人分の夕食", "parameters": {"max_new_tokens": 8, "recipes": False}}
        url = f"{self.url}/generate"
        return requests.post(url, json=body, headers=headers, timeout=ANSWER_SECONDS)


def environment(**others: str) -> dict[str, str]:
    """Return an environment without AWS credentials, and with `others`."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("AWS_")}
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    return kept | nowhere | {"SAM_CLI_TELEMETRY": "0"} | others


@contextmanager
def running(log: Path, *options: str) -> Iterator[LocalApi]:
    """Run `make sam-local` with more options of `sam local start-api`, then stop it."""
    port = free_port()
    options = (os.environ.get("SAM_LOCAL_OPTIONS", ""), *options)
    command = ["make", "sam-local", f"PORT={port}", f"SAM_LOCAL_OPTIONS={' '.join(options)}"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        api = LocalApi(f"http://127.0.0.1:{port}", log)
        wait_until_healthy(api, process)
        yield api
    finally:
        stop(process)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def wait_until_healthy(api: LocalApi, process: "subprocess.Popen[bytes]") -> None:
    """Return when the API answers; fail with what it printed when it never does."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(f"{api.url}/health", timeout=ANSWER_SECONDS).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    pytest.fail(f"`make sam-local` does not answer; it printed:\n{api.printed}")


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Stop make, which stops the SAM CLI, which stops its containers."""
    process.terminate()
    process.wait(STOP_SECONDS)


def integration_tests(api: LocalApi, *arguments: str, **variables: str) -> str:
    """Run tests of tests/integration against an API; return what pytest prints if they fail."""
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    variables = {"CHEF_API_URL": api.url} | variables
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(**variables),
        capture_output=True,
        text=True,
        check=False,
    )
    sys.stdout.write(done.stdout)
    return done.stdout + done.stderr if done.returncode else ""
