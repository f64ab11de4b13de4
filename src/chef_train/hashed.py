"""Fits the tables of `chef_llm.reading.hashed`, and writes their files."""

import zlib
from array import array
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

STEPS: Final = 127


def matrix_of(examples: Sequence[Collection[int]], count: int) -> csr_matrix:
    """Return (examples, `count` buckets), 1 where an example has the feature."""
    columns = np.concatenate([np.array(sorted(one), dtype=np.int32) for one in examples])
    ends = np.cumsum([0, *map(len, examples)])
    ones = np.ones(len(columns), dtype=np.float32)
    return csr_matrix((ones, columns, ends), shape=(len(examples), count))


def fitted(
    matrix: csr_matrix, labels: Any, weights: Any, inverse_regularisation: float
) -> LogisticRegression:
    """Return the trained regression."""
    model = LogisticRegression(C=inverse_regularisation, solver="liblinear", random_state=0)
    return model.fit(matrix, labels, sample_weight=weights)


def write_table(model: LogisticRegression, path: Path) -> None:
    """Write bias, step and one byte a weight, deflated, and say how much that is."""
    step = float(np.abs(model.coef_).max()) / STEPS
    weights = np.rint(model.coef_[0] / step).astype(np.int8)
    data = array("f", [float(model.intercept_[0]), step]).tobytes() + weights.tobytes()
    path.write_bytes(zlib.compress(data, level=9))
    size, used = path.stat().st_size, np.count_nonzero(weights)
    print(f"{path.name}: {size} bytes, {used} weights that are not 0")
