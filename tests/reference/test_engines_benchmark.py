"""The benchmark of the engines runs: on a tiny model, whose figures mean nothing."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "benchmarks" / "engines.py"
WEIGHTS = ("float32", "bfloat16", "Q8_0", "Q4_0")
COLUMNS = (
    "Engine and weights",
    "Read per token (GB)",
    "Load (s)",
    "Peak memory (MB)",
    "Prefill (tokens/s)",
    "Decode (tokens/s)",
    "256 tokens (s)",
    "Share of memory bandwidth",
    "Times as fast as the sketch",
)


def test_the_table_has_all_rows_and_columns() -> None:
    command = [sys.executable, SCRIPT, "--small", "--rounds", "1", "--tokens", "4"]
    printed = subprocess.check_output(command, text=True)

    lines = [line.strip("|") for line in printed.splitlines() if line.startswith("|")]
    header, rule, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    assert tuple(header) == COLUMNS
    assert rule == ["---"] * len(COLUMNS)
    for weights, row in zip(WEIGHTS, rows, strict=True):
        assert row[0].endswith(weights)
        assert len(row) == len(COLUMNS)
        assert all(re.fullmatch(r"[\d,.]+%?", figure) for figure in row[1:]), row
    assert rows[0][-1] == "1.0"
    assert re.search(r"took [\d.]+ s at Q8_0 and [\d.]+ s at Q4_0\.", printed)


def test_the_document_has_one_place_for_the_table() -> None:
    block = runpy.run_path(str(SCRIPT))["BLOCK"]
    document = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
    [place] = block.findall(document)
    assert document.index("## Engines side by side") < document.index(place)


def test_figures_of_the_tiny_model_are_never_written() -> None:
    done = subprocess.run(
        [sys.executable, SCRIPT, "--small", "--write"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "--write" in done.stderr
