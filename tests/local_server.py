"""The server of `make run`, in a process of its own on a free port of loopback."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import requests

START_SECONDS: Final = 60


class NotStartedError(RuntimeError):
    """The server does not answer; the message has what it printed."""


@contextmanager
def local_server(log: Path, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run what `make run` runs, with `environment` if it is given; yield its URL when it answers.

    What it prints goes into `log`. Raises `NotStartedError`.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "uvicorn", "chef_llm.asgi:application"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, env=environment, stdout=output, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            wait_until_up(url, process, log)
            yield url
        finally:
            process.terminate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def wait_until_up(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return when the server answers, be it that it has no model."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            requests.get(f"{url}/health", timeout=START_SECONDS)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    raise NotStartedError(f"the server at {url} does not answer; it printed:\n{log.read_text()}")
