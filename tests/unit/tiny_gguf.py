"""A GGUF file of a few hundred bytes: what a header says, and no weights behind it."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

SMALL: Final[Mapping[str, Any]] = {
    "general.architecture": "llama",
    "general.name": "Small",
    "general.license": "mit",
    "llama.block_count": 2,
    "llama.context_length": 4096,
    "llama.embedding_length": 64,
    "llama.attention.head_count": 4,
    "llama.attention.head_count_kv": 2,
    "tokenizer.ggml.tokens": ["<unk>", "<s>", "</s>", "a"],
    "tokenizer.ggml.bos_token_id": 1,
    "tokenizer.ggml.eos_token_id": 2,
    "tokenizer.chat_template": "{{ messages[-1].content }}",
}
# Dimensions and type: 2 is Q4_0.
TENSORS: Final = {"token_embd.weight": ((64, 4), 2), "blk.0.attn_norm.weight": ((64,), 0)}


def gguf(
    facts: Mapping[str, Any] = SMALL,
    tensors: Mapping[str, tuple[Sequence[int], int]] = TENSORS,
    version: int = 3,
) -> bytes:
    """Return the file; a fact is a whole number, a float, a text, or a list of one of these."""
    parts = [b"GGUF", struct.pack("<IQQ", version, len(tensors), len(facts))]
    for name, value in facts.items():
        parts += [text(name), typed(value)]
    for name, (dimensions, kind) in tensors.items():
        parts += [text(name), struct.pack("<I", len(dimensions))]
        parts += [struct.pack("<Q", size) for size in dimensions]
        parts += [struct.pack("<IQ", kind, 0)]
    return b"".join(parts)


def written(folder: Path, name: str = "small.gguf", **changes: Any) -> Path:
    """Write the small file into `folder`, with facts whose dots are underscores twice changed."""
    facts = dict(SMALL) | {key.replace("__", "."): value for key, value in changes.items()}
    path = folder / name
    path.write_bytes(gguf({key: value for key, value in facts.items() if value is not None}))
    return path


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def typed(value: Any) -> bytes:
    kind, data = plain(value)
    return struct.pack("<I", kind) + data


def plain(value: Any) -> tuple[int, bytes]:
    if isinstance(value, str):
        return 8, text(value)
    if isinstance(value, float):
        return 6, struct.pack("<f", value)
    if isinstance(value, int):
        return 4, struct.pack("<I", value)
    members = [plain(one) for one in value]
    data = b"".join(one for _, one in members)
    return 9, struct.pack("<IQ", members[0][0], len(members)) + data
