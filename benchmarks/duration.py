"""What one request takes through the Lambda handler: the measured side of `chef cost`.

    python benchmarks/duration.py          # a table
    python benchmarks/duration.py --json

Seconds are CPU time, medians over interleaved rounds in one process: the function has one thread
on one vCPU, so that this is its duration on a machine like this, however busy it is now. Bytes of
logs are those that the handler prints as it does on Lambda.
"""

import argparse
import json
import os
import subprocess
import sys
from typing import Final

ROUNDS: Final = 15
# For another number of servings each time, so that the model has not just read the same.
QUESTION: Final = "鶏むね肉とキャベツで、{}人分の夕食をお願いします"
ROWS: Final = {
    "init_seconds": "import and load the model",
    "generate_seconds": "POST /generate",
    "menus_seconds": "POST /v1/menus, one dinner",
    "other_seconds": "GET /nothing, a 404",
    "response_bytes": "answer of /v1/menus",
    "log_bytes": "log of /v1/menus",
}
# What a fresh interpreter does; the last line that it prints is the measurement.
MEASURE: Final = """
import contextlib, io, json, statistics, sys, time
question, rounds = sys.argv[1], int(sys.argv[2])
logs = io.StringIO()
with contextlib.redirect_stdout(logs):
    started = time.process_time()
    from chef_llm.app import lambda_handler, load_chef
    load_chef()
    init_seconds = time.process_time() - started
    from chef_llm.asgi import LocalContext, http_event

    def ask(method, path, body):
        headers = {"content-type": "application/json"}
        event = http_event(method, path, headers, json.dumps(body).encode())
        began, logged = time.process_time(), logs.tell()
        response = lambda_handler(event, LocalContext())
        seconds = time.process_time() - began
        return seconds, response["statusCode"], len(response["body"].encode()), logs.tell() - logged

    answers = {"generate": [], "menus": [], "other": []}
    for number in range(rounds):
        asked = question.format(1 + number % 12)
        answers["generate"].append(ask("POST", "/generate", {"input": asked}))
        answers["menus"].append(ask("POST", "/v1/menus", {"request": asked}))
        answers["other"].append(ask("GET", "/nothing", {}))
statuses = {name: {answer[1] for answer in found} for name, found in answers.items()}
assert statuses == {"generate": {200}, "menus": {200}, "other": {404}}, statuses
seconds = {name: statistics.median(a[0] for a in found) for name, found in answers.items()}
print(json.dumps({
    "init_seconds": init_seconds,
    **{f"{name}_seconds": value for name, value in seconds.items()},
    "response_bytes": round(statistics.median(answer[2] for answer in answers["menus"])),
    "log_bytes": round(statistics.median(answer[3] for answer in answers["menus"])),
}))
"""


def measure() -> dict[str, float]:
    """Measure a fresh interpreter with the function's own settings."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, QUESTION, str(ROUNDS)],
        env=os.environ | {"CHEF_THREADS": "1", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def main() -> None:
    """Print the measurement."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    measured = measure()
    if parser.parse_args().json:
        print(json.dumps(measured))
        return
    print(f"| one request, medians of {ROUNDS} | |\n|---|---|")
    for name, label in ROWS.items():
        unit = "bytes" if name.endswith("bytes") else "s"
        print(f"| {label} | {measured[name]:.4g} {unit} |")


if __name__ == "__main__":
    main()
