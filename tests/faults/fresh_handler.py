"""The handler in a process of its own: what ends that process does not end the tests."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from chef_llm.asgi import http_event

# Answers each event of its standard input; a line that is no event is Python to run in between.
LOOP: Final = """
import json, sys
from chef_llm.app import lambda_handler
from chef_llm.asgi import LocalContext

for line in sys.stdin:
    order = json.loads(line)
    if isinstance(order, str):
        exec(order)
    else:
        print("answer", json.dumps(lambda_handler(order, LocalContext())), flush=True)
"""
QUESTION: Final = {"input": "豚汁の作り方", "parameters": {"max_new_tokens": 64}}


def post(path: str, body: Any) -> dict[str, Any]:
    raw = json.dumps(body).encode()
    return http_event("POST", path, {"content-type": "application/json"}, raw)


def ask_fresh_handler(
    orders: Sequence[dict[str, Any] | str],
    environment: Mapping[str, str] | None = None,
    *,
    may_write_files: bool = True,
) -> list[dict[str, Any]]:
    """Return the responses of a new process, which must end well.

    `orders` are events, and Python to run between them. Where it may write no files, each write
    to one fails as on a full disk.
    """

    def limit() -> None:
        if not may_write_files:
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    run = subprocess.run(
        [sys.executable, "-c", LOOP],
        input="".join(f"{json.dumps(order)}\n" for order in orders),
        env={**os.environ, **(environment or {})},
        preexec_fn=limit,  # one thread, one call
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, f"the process ended with {run.returncode}:\n{run.stderr}"
    answers = [line for line in run.stdout.splitlines() if line.startswith("answer ")]
    return [json.loads(line.removeprefix("answer ")) for line in answers]
