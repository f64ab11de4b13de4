"""How three cooks judge sixty menus, blind, beside those of the planner of 22 November.

    python benchmarks/judged_menus.py

`judged/menus.jsonl` holds the requests, both answers, and of each judge what he says of both, which
he would rather serve, and why; `why` calls A what was shown first. The answers are of the commit
"Train the encoder on with what was written since, at a lower rate", so they are no measure of what
was mended since.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any, Final

JUDGED: Final = Path(__file__).with_name("judged") / "menus.jsonl"
JUDGES: Final = (
    "a mother who cooks for four",
    "a man of 29 who cooks for two",
    "a retired school dietitian",
)
MAJORITY: Final = 2


def main() -> None:
    """Print the table, and what two of three say."""
    rows = [json.loads(line) for line in JUDGED.read_text(encoding="utf-8").splitlines()]
    print("| judge | this planner: good, odd, bad | the former | preferred this |")
    print("| --- | --- | --- | --- |")
    for number, judge in enumerate(JUDGES):
        said = [row["verdicts"][number] for row in rows]
        prefers = sum(one["prefers"] == "answer" for one in said)
        print(
            f"| {judge} | {counts(said, 'answer')} | {counts(said, 'former')} | "
            f"{prefers} of {len(said)} |"
        )
    every = [one for row in rows for one in row["verdicts"]]
    good = sum(one["answer"] == "good" for one in every)
    prefers = sum(one["prefers"] == "answer" for one in every)
    print()
    print(f"good {good / len(every):.1%}, preferred {prefers / len(every):.1%}")
    print("by two of three:", dict(Counter(map(verdict, rows))))


def counts(said: list[dict[str, Any]], of: str) -> str:
    """Return how often an answer is good, odd and bad."""
    count = Counter(one[of] for one in said)
    return ", ".join(str(count[word]) for word in ("good", "odd", "bad"))


def verdict(row: dict[str, Any]) -> str:
    """Return what most judges say of the answer, odd where they do not agree."""
    (word, count), *_ = Counter(one["answer"] for one in row["verdicts"]).most_common()
    return word if count >= MAJORITY else "odd"


if __name__ == "__main__":
    main()
