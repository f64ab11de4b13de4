"""How much of a long table, or of what has no end, a run looks at.

`make test` looks at a sample; `make test-guarantees`, and with it CI, at all (`CHEF_TEST_ALL=1`),
in the tests that have the mark `sampled`, and in Hypothesis' own.
"""

import os
from collections.abc import Iterable
from typing import Final, TypeVar
from zlib import crc32

T = TypeVar("T")
ALL: Final = bool(os.environ.get("CHEF_TEST_ALL"))


def sample(cases: Iterable[T], one_in: int) -> list[T]:
    """Return all cases, or one in so many: by its own words, so that a new case moves no other."""
    return [case for case in cases if ALL or crc32(repr(case).encode()) % one_in == 0]


def of_all(count: int, part: int) -> int:
    """Return how many of something to draw: `count` of all, else `part`."""
    return count if ALL else part
