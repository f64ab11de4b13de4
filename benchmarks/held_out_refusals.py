"""What is served of the requests of writers on whom neither reader was trained.

    python benchmarks/held_out_refusals.py     # some minutes; trains a second reader

The encoder never saw the requests of one fold of writers (`chef_train.in_context.HELD_OUT`). A
second reader is trained without them, too, and they are read with both and judged as `refusals.py`
judges. The rules were written with these files in view; of them the figure is flattered. Nothing of
`frozen/` is read.
"""

import json
from collections import defaultdict
from typing import Final

import numpy as np
import refusals

import chef_llm.reading.second_reader as reader
from chef_llm.cookbook import load_cookbook
from chef_llm.reading.hashed import Table
from chef_train.folds import FOLDS, TWINS, WRITERS, fold_of
from chef_train.hashed import fitted, matrix_of
from chef_train.in_context import HELD_OUT
from chef_train.second_reader import (
    FOLDER,
    INVERSE_REGULARISATION,
    from_orders,
    from_wordings,
    hand_written,
)

GROUPS: Final = {
    "told in every way, indirect ones too (e to l)": "efghijkl",
    "as people ordinarily write (n, r to z)": "nrstuvwxyz",
    "each beside a twin that refuses nothing (aa and on)": TWINS,
}


def main() -> None:
    """Print the table."""
    examples = [*hand_written(), *from_orders(), *from_wordings()]
    matrix = matrix_of([one.buckets for one in examples], reader.BUCKETS)
    labels = np.array([one.is_refused for one in examples])
    weights = np.array([one.weight for one in examples])
    folds = np.array([fold_of(one.request) for one in examples])
    cookbook = load_cookbook()
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * 5)
    kept = folds != HELD_OUT
    model = fitted(matrix[kept], labels[kept], weights[kept], INVERSE_REGULARISATION)
    trained = Table(model.coef_[0].tolist(), float(model.intercept_[0]), 1.0)
    reader.table = lambda _: trained  # type: ignore[assignment]
    for writer in WRITERS[HELD_OUT::FOLDS]:
        rows = [
            json.loads(row) for row in (FOLDER / f"{writer}.jsonl").read_text("utf-8").splitlines()
        ]
        for form in ("sentence", "structured"):
            of_form = [row for row in rows if row["form"] == form]
            score = refusals.scored(of_form, cookbook, show=False)
            group = next(name for name, writers in GROUPS.items() if writer in writers)
            found = (
                *(score.refusals, score.served, score.asked),
                *(score.near_misses, score.left_out),
            )
            counts[group, form] = [
                one + more for one, more in zip(counts[group, form], found, strict=True)
            ]
    print("| writers | form | refusals | may be served | asked back | near misses | left out |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for (group, form), (told, served, asked, near, left_out) in sorted(counts.items()):
        print(
            f"| {group} | {form} | {told} | {refusals.share(served, told)} | "
            f"{refusals.share(asked, told)} | {near} | {refusals.share(left_out, near)} |"
        )


if __name__ == "__main__":
    main()
