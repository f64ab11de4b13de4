"""What is lost to unfamiliar words: the same classes in training's wording and in the held-out one.

    python benchmarks/wordings.py src/chef_llm/models/kondate.gguf build/other.gguf

The ingredient pairs are held out in both columns of each file; the seed is not that of `make eval`.
"""

import argparse
from pathlib import Path
from typing import get_args

from chef_llm.cookbook import load_cookbook
from chef_train.answerers import model_alone
from chef_train.evaluate import Results, load, rate
from chef_train.heldout import HeldOut
from chef_train.wording import Half

SEED = "wordings"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="+")
    parser.add_argument("--per-class", type=int, default=50)
    arguments = parser.parse_args()
    cookbook = load_cookbook()
    halves: tuple[Half, ...] = get_args(Half)
    columns = []
    for name in arguments.models:
        answer = model_alone(load(name, threads=1))
        for half in halves:
            cases = list(HeldOut(cookbook, SEED, half).cases(arguments.per_class))
            title = f"{Path(name).stem}, {half.replace('_', '-')} words"
            columns.append(Results(title, answer, cases, cookbook))
    print("| class | " + " | ".join(column.name for column in columns) + " |")
    print("| --- |" + " --- |" * len(columns))
    for kind in columns[0].counts():
        shares = [right / total for right, total in (c.counts()[kind] for c in columns)]
        print(f"| {kind} | " + " | ".join(f"{share:.0%}" for share in shares) + " |")
    print("| all | " + " | ".join(rate(*column.overall()) for column in columns) + " |")


if __name__ == "__main__":
    main()
