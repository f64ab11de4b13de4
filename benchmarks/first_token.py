"""How long a client of `make run` waits for the first piece of a streamed answer.

Run: .venv/bin/python benchmarks/first_token.py

A server is started as `make run` does. The time is from sending the request, on a connection of its
own, to the first delta with text in it.
"""

import http.client
import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

WARM_UPS: Final = 5
RUNS: Final = 30
START_SECONDS: Final = 60
QUESTION: Final = "鶏むね肉とキャベツで、2人分の夕食をお願いします"
# What is measured -> the model that is named, and the question.
ASKED: Final = {
    "the model as itself": ("kondate:plain", QUESTION),
    "a menu": ("kondate", QUESTION),
    "a menu with an allergy": ("kondate", f"卵アレルギーがあります。{QUESTION}"),
}


@contextmanager
def server() -> Iterator[int]:
    """Run the server; give its port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "chef_llm.asgi:application"]
    command += ["--port", str(port), "--log-level", "warning"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            wait_until_open(port)
            yield port
        finally:
            process.terminate()


def wait_until_open(port: int) -> None:
    """Return when the server listens."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.01)
        else:
            return
    raise TimeoutError(f"the server did not listen within {START_SECONDS} s")


def first_token_seconds(port: int, model: str, question: str, seed: int) -> float:
    """Return the seconds until the first text of one streamed answer, and read it to its end."""
    messages = [{"role": "user", "content": question}]
    body = json.dumps({"model": model, "stream": True, "seed": seed, "messages": messages})
    started = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", "/v1/chat/completions", body, {"content-type": "application/json"})
    response = connection.getresponse()
    assert response.status == 200, response.read()
    for line in response:
        if line.startswith(b"data: {"):
            delta = json.loads(line.removeprefix(b"data: "))["choices"][0]["delta"]
            if delta.get("content"):
                waited = time.perf_counter() - started
                response.read()
                connection.close()
                return waited
    raise AssertionError("no text came")


def main() -> None:
    """Print a table: the first request after the start, and the median of those that follow."""
    print("| first text after (s) | first request | median | least | most |\n|---|---|---|---|---|")
    for name, (model, question) in ASKED.items():
        with server() as port:
            first = first_token_seconds(port, model, question, 0)
            for seed in range(WARM_UPS):
                first_token_seconds(port, model, question, seed)
            runs = [first_token_seconds(port, model, question, seed) for seed in range(RUNS)]
        figures = (first, statistics.median(runs), min(runs), max(runs))
        print(f"| {name} | {' | '.join(f'{seconds:.3f}' for seconds in figures)} |")


if __name__ == "__main__":
    main()
