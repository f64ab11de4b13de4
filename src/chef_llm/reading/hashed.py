"""A trained table of weights, one byte each, for features that are hashed into it.

Logistic regression with as many weights as there are buckets: it needs no library at run time.
`chef_train.hashed` fits one and writes its file.
"""

import zlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Table:
    """The weights, in steps of `step` logits."""

    weights: Sequence[int]
    bias: float
    step: float

    def logit(self, buckets: Iterable[int]) -> float:
        """Return the logit of what has the features in `buckets`."""
        return self.bias + self.step * sum(self.weights[bucket] for bucket in buckets)


def buckets_of(features: Iterable[str], count: int) -> set[int]:
    """Return the buckets of named features; `count`, a power of two, is the table's length."""
    return {zlib.crc32(name.encode("utf-8", "replace")) & (count - 1) for name in features}


@cache
def table(name: str) -> Table:
    """Return a shipped table: deflated, eight bytes of bias and step as floats, then weights."""
    data = zlib.decompress(files("chef_llm.reading").joinpath(name).read_bytes())
    head = array("f", data[:8])
    return Table(array("b", data[8:]), head[0], head[1])
