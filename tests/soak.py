"""Soak the built package under Lambda's runtime emulator: memory must not grow, no answer be wrong.

    make soak
    python tests/soak.py --requests 500 --seed 7
    python tests/soak.py --write    # the report of docs/operations.md

The requests are of every kind (tests/soak_requests.py), one after the other, as one Lambda
environment gets them. Resident memory is that of the handler's process, read after each. The exit
code is 1 when an answer was not the expected one, the process was started anew, or memory grew.
"""

import argparse
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import emulator
from emulator import Emulator
from reports import as_table, machine, write_report
from soak_requests import soak_cases

# By then what is loaded lazily is, and the allocator has seen the largest requests several times.
WARM_UP: Final = 1000
# A slope is fitted to the means of so many requests, because neighbours resemble each other.
MEAN_OF: Final = 25
# Memory that grows faster is no noise of an allocator's: a leak of 1 KB a request.
MOST_KB_PER_THOUSAND: Final = 1024


@dataclass
class Soak:
    """What came of the requests: statuses by kind, memory after each, and what was wrong."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    resident_kb: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    peak_kb: int = 0
    seconds: float = 0.0

    @property
    def table(self) -> str:
        """How often each kind of request was answered with each status."""
        statuses = sorted({status for _, status in self.statuses})
        kinds = sorted({kind for kind, _ in self.statuses})
        return as_table(
            ["Requests", *map(str, statuses)],
            [[kind, *(str(self.statuses[kind, one] or "") for one in statuses)] for kind in kinds],
        )


@dataclass(frozen=True)
class Slope:
    """KB per 1,000 requests, with twice its standard error."""

    kb: float
    margin_kb: float

    def __str__(self) -> str:
        return f"{self.kb:+,.0f} ± {self.margin_kb:,.0f} KB per 1,000 requests"


def memory_slope(resident_kb: Sequence[int]) -> Slope:
    """Fit a line to memory by least squares, through the means of `MEAN_OF` requests each."""
    blocks = range(0, len(resident_kb) - MEAN_OF + 1, MEAN_OF)
    means = [statistics.mean(resident_kb[start : start + MEAN_OF]) for start in blocks]
    thousands = [(start + MEAN_OF / 2) / 1000 for start in blocks]
    slope, intercept = statistics.linear_regression(thousands, means)
    middle = statistics.mean(thousands)
    misses = sum(
        (mean - intercept - slope * at) ** 2 for at, mean in zip(thousands, means, strict=True)
    )
    spread = sum((at - middle) ** 2 for at in thousands)
    return Slope(slope, 2 * (misses / (len(means) - 2) / spread) ** 0.5)


def soak(chef: Emulator, requests: int, seed: int) -> Soak:
    """Ask them all, one after the other."""
    result, started = Soak(), time.monotonic()
    process_id = None
    for number, case in enumerate(soak_cases(requests, seed), start=1):
        response = chef.invoke(case.event)
        result.statuses[case.kind, response.get("statusCode", 0)] += 1
        if fault := case.fault(response):
            result.faults.append(fault)
            print(fault, file=sys.stderr)
        if process_id not in (None, chef.handler_process_id):
            result.faults.append(f"the process was started anew at request {number}")
        process_id = chef.handler_process_id
        result.resident_kb.append(memory_kb(process_id, "VmRSS"))
        if number % 200 == 0:
            print(f"{number} requests, {result.resident_kb[-1]:,} KB", file=sys.stderr)
    result.peak_kb = memory_kb(process_id, "VmHWM")
    result.seconds = time.monotonic() - started
    return result


def memory_kb(process_id: int | None, figure: str) -> int:
    """Return a figure of /proc/PID/status in KB."""
    [kb] = re.findall(rf"{figure}:\s+(\d+) kB", Path(f"/proc/{process_id}/status").read_text())
    return int(kb)


def report(result: Soak, slope: Slope, seed: int) -> str:
    """Return the block of Markdown."""
    resident = result.resident_kb[WARM_UP:]
    return (
        f"`make soak`, which runs `python tests/soak.py --requests {len(resident)} --seed {seed}`:"
        f"\n\n{result.table}\n\n"
        f"Answers other than the expected one: **{len(result.faults)}**. Resident memory of the "
        f"handler's process, after a warm-up of {WARM_UP:,} requests: **{slope}** (least squares "
        f"through the means of {MEAN_OF} requests each, twice the standard error), from "
        f"{resident[0] / 1024:,.1f} to {resident[-1] / 1024:,.1f} MB, at most "
        f"{result.peak_kb / 1024:,.1f} MB. {result.seconds:.0f} s. {machine()}; "
        "the handler's Python is 3.13."
    )


def main() -> None:
    """Soak, print the report, and put it into the document if it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=2000, help="after the warm-up")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="put the report into the document")
    arguments = parser.parse_args()
    if arguments.requests < 4 * MEAN_OF:
        parser.error(f"--requests is too small for a slope: at least {4 * MEAN_OF}")
    try:
        package = emulator.built_package()
        emulator.find_emulator()
        emulator.find_python()
    except emulator.MissingError as error:
        sys.exit(str(error))
    with tempfile.TemporaryDirectory() as folder:
        client = emulator.install_runtime_client(Path(folder, "runtime"))
        with emulator.run(package, client, Path(folder, "log.txt")) as chef:
            result = soak(chef, WARM_UP + arguments.requests, arguments.seed)
    slope = memory_slope(result.resident_kb[WARM_UP:])
    block = report(result, slope, arguments.seed)
    print(block)
    if arguments.write:
        write_report("soak", block)
    grows = slope.kb - slope.margin_kb > MOST_KB_PER_THOUSAND
    sys.exit(1 if result.faults or grows else 0)


if __name__ == "__main__":
    main()
