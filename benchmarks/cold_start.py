"""How long a fresh process takes until its first answer, and how much memory it holds then.

Run: .venv/bin/python benchmarks/cold_start.py
"""

import json
import statistics
import subprocess
import sys
from typing import Final

RUNS: Final = 7
# Row of the table: what is measured.
ROWS: Final = {
    "import_seconds": "import chef_llm.app (s)",
    "load_seconds": "load the model (s)",
    "answer_seconds": "first answer (s)",
    "rss_mb": "resident memory (MB)",
}
# What a fresh interpreter does; the last line that it prints is the measurement.
COLD_START: Final = """
import json, os, time
os.environ.setdefault("POWERTOOLS_METRICS_DISABLED", "true")
os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "CRITICAL")
started = time.perf_counter()
from chef_llm.app import lambda_handler, load_chef
imported = time.perf_counter()
load_chef()
loaded = time.perf_counter()
from chef_llm.asgi import LocalContext, http_event
body = json.dumps({"input": "鶏むね肉とキャベツで、2人分の夕食をお願いします"}).encode()
event = http_event("POST", "/generate", {"content-type": "application/json"}, body)
response = lambda_handler(event, LocalContext())
answered = time.perf_counter()
assert response["statusCode"] == 200, response["body"]
with open("/proc/self/status", encoding="ascii") as status:
    [rss_kb] = [int(line.split()[1]) for line in status if line.startswith("VmRSS:")]
print(json.dumps({
    "import_seconds": imported - started,
    "load_seconds": loaded - imported,
    "answer_seconds": answered - loaded,
    "rss_mb": rss_kb / 1024,
}))
"""


def cold_start() -> dict[str, float]:
    """Measure one fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", COLD_START], capture_output=True, text=True, check=True
    )
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def main() -> None:
    """Print a table of medians, with the smallest and the largest of all runs beside them."""
    cold_start()  # fills the page cache and writes the bytecode
    runs = [cold_start() for _ in range(RUNS)]
    print(f"| fresh process, {RUNS} runs | median | least | most |\n|---|---|---|---|")
    for name, label in ROWS.items():
        values = [run[name] for run in runs]
        digits = 0 if name == "rss_mb" else 2
        figures = (statistics.median(values), min(values), max(values))
        print(f"| {label} | " + " | ".join(f"{figure:.{digits}f}" for figure in figures) + " |")


if __name__ == "__main__":
    main()
