"""Trains what tells an order from talk (`chef_llm.reading.purpose`).

    python -m chef_train.purpose          # cross-validation, then the weights

`orders/*.jsonl` hold requests written by hand with their right reading; the requests of
`refusals/*.jsonl`, all of them orders, join them. Nothing of `benchmarks/frozen` is read here.
"""

import argparse
import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from chef_llm.cookbook import load_cookbook
from chef_llm.reading import purpose
from chef_llm.reading.lexicon import lexicon
from chef_train.hashed import fitted, matrix_of, write_table
from chef_train.wording import statements, wordings

ORDERS: Final = Path(__file__).with_name("orders")
REFUSALS: Final = Path(__file__).with_name("refusals")
# What is asked for where no dishes are.
NO_ORDERS: Final = frozenset({"advice", "courtesy", "outside"})
FOLDS: Final = 5
# Tried: 0.3, 1 and 3; with more, fewer orders are taken for talk, and less talk is seen.
INVERSE_REGULARISATION: Final = 1.0
# Every third of them: they are many, and none is talk.
REFUSALS_TAKEN: Final = 3
REFUSAL_WEIGHT: Final = 0.5
CORPUS_WEIGHT: Final = 0.3
# They are many, and all short: with more, short wishes would be taken along.
OTHER_SUBJECTS_WEIGHT: Final = 0.02
STATEMENTS_WEIGHT: Final = 0.1


@dataclass(frozen=True)
class Turn:
    """One last turn: who wrote it, whether it is talk, and how much it counts."""

    writer: str
    text: str
    is_talk: bool
    weight: float = 1.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the cross-validation and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    default = Path(purpose.__file__).with_name(purpose.WEIGHTS)
    parser.add_argument("--to", type=Path, default=default)
    options = parser.parse_args(arguments)
    words = lexicon(load_cookbook())
    turns = [*hand_written(), *refusals(), *of_the_corpus()]
    matrix = matrix_of([purpose.features(turn.text, words) for turn in turns], purpose.BUCKETS)
    talk = np.array([turn.is_talk for turn in turns])
    weights = np.array([turn.weight for turn in turns])
    print(f"{len(turns)} turns, {talk.sum()} of them talk")
    cross_validate(turns, matrix, talk, weights)
    write_table(fitted(matrix, talk, weights, INVERSE_REGULARISATION), options.to)


def hand_written() -> Iterator[Turn]:
    """Yield the last turns of `orders/`."""
    for path in sorted(ORDERS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            # A person writes several: all of one person's stand in one fold.
            writer = f"{path.stem} {row['who']}"
            yield Turn(writer, row["text"], row["expects"]["intent"] in NO_ORDERS)


def refusals() -> Iterator[Turn]:
    """Yield requests that leave something out."""
    for path in sorted(REFUSALS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines()[::REFUSALS_TAKEN]:
            row = json.loads(line)
            yield Turn(row["id"], row["text"], is_talk=False, weight=REFUSAL_WEIGHT)


def of_the_corpus() -> Iterator[Turn]:
    """Yield greetings and thanks of the corpus, what it declines, and conditions without a wish."""
    for sentence in wordings("train").greetings:
        yield Turn(sentence, sentence, is_talk=True, weight=CORPUS_WEIGHT)
    for sentence in wordings("train").declines:
        yield Turn(sentence, sentence, is_talk=True, weight=OTHER_SUBJECTS_WEIGHT)
    for sentence in statements():
        yield Turn(sentence, sentence, is_talk=False, weight=STATEMENTS_WEIGHT)


def cross_validate(turns: Sequence[Turn], matrix: Any, talk: Any, weights: Any) -> None:
    """Print what is seen of talk, and how many orders are taken for it, by people not known."""
    folds = np.array([zlib.crc32(turn.writer.encode()) % FOLDS for turn in turns])
    logits = np.zeros(len(turns))
    for number in range(FOLDS):
        kept = folds != number
        model = fitted(matrix[kept], talk[kept], weights[kept], INVERSE_REGULARISATION)
        logits[~kept] = model.decision_function(matrix[~kept])
    by_hand, orders = talk & (weights == 1.0), ~talk & (weights == 1.0)
    for threshold in (-1.0, -0.5, 0.0, 0.5):
        seen, lost = (np.mean(logits[which] > threshold) for which in (by_hand, orders))
        print(f"threshold {threshold:4}: talk seen {seen:.1%}, orders taken for talk {lost:.2%}")


if __name__ == "__main__":
    main(sys.argv[1:])
