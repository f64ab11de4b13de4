"""A copy of a GGUF model with every weight drawn at random; the rest stays as it is."""

import math
import random
import struct
from pathlib import Path
from typing import BinaryIO, Final

# GGUF, as https://github.com/ggml-org/ggml/blob/master/docs/gguf.md describes it.
VALUE_BYTES: Final = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
UINT32, STRING, ARRAY = 4, 8, 9
F32, F16, Q4_0, Q8_0 = 0, 1, 2, 8
# Tensor type: (weights per block, bytes per block, whether a block begins with a float16 scale).
BLOCKS: Final = {
    F32: (1, 4, False),
    F16: (1, 2, False),
    Q4_0: (32, 18, True),
    Q8_0: (32, 34, True),
}
# GPT-2 begins its training with weights of this spread.
SPREAD: Final = 0.02


def write_random_copy(model: Path, copy: Path) -> None:
    """Write `model` to `copy` with random weights: a model that knows nothing."""
    copy.write_bytes(model.read_bytes())
    draw = random.Random(0)
    with copy.open("r+b") as file:
        tensors, data_start = read_header(file)
        for tensor_type, weights, offset in tensors:
            file.seek(data_start + offset)
            file.write(random_tensor(tensor_type, weights, draw))


def read_header(file: BinaryIO) -> tuple[list[tuple[int, int, int]], int]:
    """Return the tensors as (type, number of weights, offset), and where their data starts."""
    magic, _, tensor_count, metadata_count = struct.unpack("<4sIQQ", file.read(24))
    assert magic == b"GGUF"
    alignment = 32
    for _ in range(metadata_count):
        key = read_string(file)
        [value_type] = struct.unpack("<I", file.read(4))
        value = read_value(file, value_type)
        if key == b"general.alignment":
            [alignment] = struct.unpack("<I", value)
    tensors = []
    for _ in range(tensor_count):
        read_string(file)
        [dimensions] = struct.unpack("<I", file.read(4))
        shape = struct.unpack(f"<{dimensions}Q", file.read(8 * dimensions))
        tensor_type, offset = struct.unpack("<IQ", file.read(12))
        tensors.append((tensor_type, math.prod(shape), offset))
    return tensors, -(-file.tell() // alignment) * alignment


def read_string(file: BinaryIO) -> bytes:
    [length] = struct.unpack("<Q", file.read(8))
    return file.read(length)


def read_value(file: BinaryIO, value_type: int) -> bytes:
    if value_type == STRING:
        return read_string(file)
    if value_type != ARRAY:
        return file.read(VALUE_BYTES[value_type])
    item_type, count = struct.unpack("<IQ", file.read(12))
    return b"".join(read_value(file, item_type) for _ in range(count))


def random_tensor(tensor_type: int, weights: int, draw: random.Random) -> bytes:
    """Return the bytes of a tensor whose weights spread about as widely as `SPREAD`."""
    block_weights, block_bytes, has_scale = BLOCKS[tensor_type]
    blocks = weights // block_weights
    if not has_scale:
        code = "f" if tensor_type == F32 else "e"
        return struct.pack(f"<{blocks}{code}", *(draw.gauss(0, SPREAD) for _ in range(blocks)))
    tensor = bytearray(draw.randbytes(blocks * block_bytes))
    # Random whole numbers spread by 0.58 of the largest of them: 127 at Q8_0, 8 at Q4_0.
    scale = struct.pack("<e", SPREAD / (0.58 * (127 if tensor_type == Q8_0 else 8)))
    for place, byte in enumerate(scale):
        tensor[place::block_bytes] = bytes([byte]) * blocks
    return bytes(tensor)
