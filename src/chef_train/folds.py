"""Which writer's requests the second reader is measured on by a table that never saw them."""

from typing import Final

# Each file is a writer's, and none is in two folds. File m, written after what the others lose was
# read, is always trained on.
TWINS: Final = tuple(letter * 2 for letter in "abcdefghijklmnopqrsuv")
WRITERS: Final = (*"efghijklnrstuvwxyz", *TWINS)
FOLDS: Final = 6


def fold_of(request: str) -> int:
    """Return the fold of a request: its writer's. The corpus, in none, is always trained on."""
    writer = request.partition("-")[0].lower()
    return WRITERS.index(writer) % FOLDS if writer in WRITERS else FOLDS
