"""Learns which menus cooks would rather serve (`chef_llm.menus.taste`), from pairs they judged.

    python -m chef_train.taste          # agreement on held-out pairs, then the weights

`judgements/pairs.jsonl` holds pairs of menus that keep the same order, drawn at random, from the
planner's choices, or with a dish or two exchanged; each was judged twice, by two cooks who did not
know of each other, the first with one of six households in mind. One request in seven is held out.
"""

import argparse
import json
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from chef_llm.cookbook import Cookbook, Role, load_cookbook
from chef_llm.menus import taste

PAIRS: Final = Path(__file__).with_name("judgements") / "pairs.jsonl"
HELD_OUT: Final = 7
# Tried: 0.03 to 3; agreement on training folds changes by less than a point around this.
INVERSE_REGULARISATION: Final = 0.1
# A weight smaller than this is left out of the table.
LEAST_WEIGHT: Final = 0.02
Row = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print how often the held-out judgements are met, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    default = Path(taste.__file__).with_name(taste.WEIGHTS)
    parser.add_argument("--to", type=Path, default=default)
    options = parser.parse_args(arguments)
    cookbook = load_cookbook()
    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    held_out = [row for row in rows if is_held_out(row)]
    training = [row for row in rows if not is_held_out(row)]
    names = sorted(
        {name for row in training for side in "ab" for name in of_side(row, side, cookbook)}
    )
    model = fitted(training, names, cookbook)
    weights = dict(zip(names, model.coef_[0], strict=True))
    print(f"{len(training)} pairs to learn from, {len(held_out)} held out, {len(names)} features")
    print_agreement(held_out, weights, cookbook)
    kept = {name: weight for name, weight in weights.items() if abs(weight) >= LEAST_WEIGHT}
    ordered = sorted(kept.items(), key=lambda pair: pair[1])
    text = "".join(f"{name}\t{weight:.3f}\n" for name, weight in ordered)
    options.to.write_text(text, encoding="utf-8")


def is_held_out(row: Row) -> bool:
    """Tell whether a pair is not learned from: all of one request are, or none."""
    return zlib.crc32(row["request"].encode()) % HELD_OUT == 0


def of_side(row: Row, side: str, cookbook: Cookbook) -> dict[str, float]:
    """Return the features of one of the two menus."""
    dishes = [cookbook.dishes[name] for name in row[side]]
    menu = {Role(dish.role): dish for dish in dishes}
    return taste.features(menu, row["meal"], cookbook)


def difference(row: Row, names: Sequence[str], cookbook: Cookbook) -> list[float]:
    """Return the features of a, less those of b."""
    a, b = (of_side(row, side, cookbook) for side in "ab")
    return [a.get(name, 0.0) - b.get(name, 0.0) for name in names]


def fitted(rows: Sequence[Row], names: Sequence[str], cookbook: Cookbook) -> LogisticRegression:
    """Return the regression over all judgements; a sure one counts for more."""
    differences = [difference(row, names, cookbook) for row in rows]
    x, better, weights = [], [], []
    for row, pair in zip(rows, differences, strict=True):
        for judge in ("first", "second"):
            x.append(pair)
            better.append(row[judge]["better"] == "a")
            weights.append(float(row[judge]["sure"]))
    model = LogisticRegression(
        C=INVERSE_REGULARISATION, fit_intercept=False, max_iter=2_000, random_state=0
    )
    return model.fit(np.array(x), np.array(better), sample_weight=np.array(weights))


def print_agreement(rows: Sequence[Row], weights: dict[str, float], cookbook: Cookbook) -> None:
    """Print how often the two cooks agree with each other, and the weights with each of them."""
    names = list(weights)
    line = np.array(list(weights.values()))
    chosen = [
        "a" if float(np.dot(difference(row, names, cookbook), line)) > 0 else "b" for row in rows
    ]
    print("| held-out pairs | count | the cooks with each other | the weights with the cooks |")
    print("| --- | --- | --- | --- |")
    for title, least in (("all", 1), ("both cooks sure", 2), ("both very sure", 3)):
        picked = [
            (row, mine)
            for row, mine in zip(rows, chosen, strict=True)
            if min(row["first"]["sure"], row["second"]["sure"]) >= least
        ]
        agreed = np.mean([row["first"]["better"] == row["second"]["better"] for row, _ in picked])
        met = np.mean(
            [row[judge]["better"] == mine for row, mine in picked for judge in ("first", "second")]
        )
        print(f"| {title} | {len(picked)} | {agreed:.1%} | {met:.1%} |")


if __name__ == "__main__":
    main(sys.argv[1:])
