"""A copy of a GGUF model that says something else of itself; its weights stay as they are."""

import struct
from collections.abc import Mapping
from pathlib import Path

from random_weights import STRING, UINT32, read_header, read_string, read_value

ALIGNMENT = 32


def write_described_anew(model: Path, copy: Path, described: Mapping[str, str | int]) -> None:
    """Write `model` to `copy` with the metadata of `described`, whole numbers as 32 bits."""
    with model.open("rb") as file:
        _, data_start = read_header(file)
        file.seek(0)
        magic, version, tensor_count, metadata_count = struct.unpack("<4sIQQ", file.read(24))
        kept = []
        for _ in range(metadata_count):
            start = file.tell()
            key = read_string(file).decode()
            [value_type] = struct.unpack("<I", file.read(4))
            read_value(file, value_type)
            end = file.tell()
            if key not in described:
                file.seek(start)
                kept.append(file.read(end - start))
        tensors_start = file.tell()
        tensors = file.read(tensors_end(file, tensor_count) - tensors_start)
        file.seek(data_start)
        data = file.read()
    written = [*kept, *(_entry(key, value) for key, value in described.items())]
    header = struct.pack("<4sIQQ", magic, version, tensor_count, len(written))
    head = header + b"".join(written) + tensors
    copy.write_bytes(head + b"\0" * (-len(head) % ALIGNMENT) + data)


def tensors_end(file, tensor_count: int) -> int:  # type: ignore[no-untyped-def]
    """Return where the list of tensors ends; the file is read on from where it began."""
    start = file.tell()
    for _ in range(tensor_count):
        read_string(file)
        [dimensions] = struct.unpack("<I", file.read(4))
        file.read(8 * dimensions + 12)
    end: int = file.tell()
    file.seek(start)
    return end


def _entry(key: str, value: str | int) -> bytes:
    name = key.encode()
    head = struct.pack("<Q", len(name)) + name
    if isinstance(value, int):
        return head + struct.pack("<II", UINT32, value)
    text = value.encode()
    return head + struct.pack("<IQ", STRING, len(text)) + text
