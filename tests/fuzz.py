"""Fuzz the HTTP API: schemathesis against the server of `make run`, by its own OpenAPI document.

    make fuzz
    python tests/fuzz.py --examples 1000 --seed 7
    python tests/fuzz.py --write    # the report of docs/operations.md

Every check of schemathesis is on (tests/schemathesis.toml). What it finds, it prints, and the exit
code is 1; the same seed finds the same.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Self

import requests

from local_server import local_server
from reports import as_table, machine, write_report

CONFIGURATION: Final = Path(__file__).with_name("schemathesis.toml")
# Of each of the operations, so that there are some 2,000 requests.
DEFAULT_EXAMPLES: Final = 200
DEFAULT_SEED: Final = 1
OTHER_METHODS: Final = "another method"


@dataclass
class Findings:
    """What came of a run: cases by operation and status, by phase, and the failed checks."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    phases: Counter[str] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)

    @classmethod
    def read(cls, events: Path, operations: set[str]) -> Self:
        """Read schemathesis' report of its events."""
        findings = cls()
        for phase, recorder in scenarios(events):
            for number, interaction in recorder.get("interactions", {}).items():
                case = recorder["cases"][number]["value"]
                operation = f"{case['method']} {case['path']}"
                operation = operation if operation in operations else OTHER_METHODS
                # No response: the client itself would not send this.
                status = (interaction["response"] or {}).get("status_code", 0)
                findings.statuses[operation, status] += 1
                findings.phases[phase] += 1
                for check in recorder["checks"].get(number, ()):
                    findings.checks[check["name"]] += 1
                    if check["status"] == "failure":
                        findings.failures[check["name"]] += 1
        return findings

    @property
    def table(self) -> str:
        """How often each operation answered with each status."""
        statuses = sorted({status for _, status in self.statuses})
        rows = [
            [f"`{name}`" if " /" in name else name]
            + [str(self.statuses[name, status] or "") for status in statuses]
            for name in sorted({name for name, _ in self.statuses}, key=by_path)
        ]
        return as_table(["Operation", *map(str, statuses)], rows)


def by_path(operation: str) -> str:
    return operation.partition(" /")[2] or "~"


def scenarios(events: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the phase and the cases of each scenario."""
    with events.open(encoding="utf-8") as lines:
        for line in lines:
            [(kind, event)] = json.loads(line).items()
            if kind == "ScenarioFinished":
                yield event["phase"], event["recorder"]


def fuzz(url: str, examples: int, seed: int, events: Path) -> int:
    """Run schemathesis; return its exit code."""
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION)]
    command += ["run", f"{url}/openapi.json", "--checks", "all", "--no-color"]
    command += ["--max-examples", str(examples), "--seed", str(seed)]
    command += ["--report", "ndjson", "--report-ndjson-path", str(events)]
    return subprocess.run(command, check=False).returncode


def operations_of(url: str) -> set[str]:
    """Return the documented operations, as `POST /generate`."""
    document = requests.get(f"{url}/openapi.json", timeout=30).json()
    return {f"{method.upper()} {path}" for path, one in document["paths"].items() for method in one}


def report(findings: Findings, seconds: float, examples: int, seed: int, *, failed: bool) -> str:
    """Return the block of Markdown."""
    phases = ", ".join(f"{count:,} {name}" for name, count in findings.phases.items())
    found = ", ".join(f"{count} {name}" for name, count in findings.failures.items())
    verdict = found or ("schemathesis failed, see its output" if failed else "no failure")
    return (
        f"`make fuzz`, which is `python tests/fuzz.py --examples {examples} --seed {seed}`:\n\n"
        f"{findings.table}\n\n"
        f"{findings.statuses.total():,} cases ({phases}) and {len(findings.checks)} checks, "
        f"{findings.checks.total():,} times in all: **{verdict}**. "
        f"{seconds:.0f} s. schemathesis {version('schemathesis')}. {machine()}."
    )


def main() -> None:
    """Fuzz, print the report, and put it into the document if it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--examples", type=int, default=DEFAULT_EXAMPLES, help="of an operation")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--write", action="store_true", help="put the report into the document")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        events = Path(folder, "events.ndjson")
        with local_server(Path(folder, "server.txt")) as url:
            operations, started = operations_of(url), time.monotonic()
            code = fuzz(url, arguments.examples, arguments.seed, events)
            seconds = time.monotonic() - started
        findings = Findings.read(events, operations)
    block = report(findings, seconds, arguments.examples, arguments.seed, failed=bool(code))
    print(f"\n{block}")
    if arguments.write:
        write_report("fuzz", block)
    sys.exit(code)


if __name__ == "__main__":
    main()
