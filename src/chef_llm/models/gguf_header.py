"""What a GGUF file says of itself: its metadata and tensors, read without loading a weight.

The form is https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. llama.cpp's server tells
neither architecture nor layers, and only once it has loaded them; the `gguf` package needs numpy.
"""

import mmap
import struct
from collections import Counter
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, Final

from chef_llm.errors import ModelUnavailable

MAGIC: Final = b"GGUF"
VERSIONS: Final = (2, 3)
# Types of metadata, as struct has them; 8 is a string, 9 an array.
SCALARS: Final = dict(zip((*range(8), 10, 11, 12), "BbHhIif?Qqd", strict=True))
STRING: Final = 8
ARRAY: Final = 9
# Of https://github.com/ggml-org/ggml/blob/master/include/ggml.h, enum ggml_type.
TENSOR_TYPES: Final = {
    **dict(enumerate(["F32", "F16", "Q4_0", "Q4_1"])),
    **dict(enumerate(["Q5_0", "Q5_1", "Q8_0", "Q8_1"], start=6)),
    **dict(enumerate(["Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "Q8_K"], start=10)),
    **dict(enumerate(["IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL"], start=16)),
    **dict(enumerate(["IQ3_S", "IQ2_S", "IQ4_XS"], start=21)),
    **{29: "IQ1_M", 30: "BF16", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4"},
}
MOST_DIMENSIONS: Final = 4


@dataclass(frozen=True)
class GgufHeader:
    """A model's own description; 0, "" and None stand for what the file does not say.

    `kv_width` is the width of a layer's keys; `quantization` the type of most of its weights.
    """

    architecture: str
    title: str
    licence: str
    parameters: int
    layers: int
    kv_width: int
    context_length: int
    vocabulary_size: int
    quantization: str
    chat_template: str
    bos_token: str
    eos_token: str
    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None


def read_header(path: Path) -> GgufHeader:
    """Read the file at `path`; raises `ModelUnavailable` when it is no whole model in GGUF."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            cursor = _Cursor(data)
            if cursor.take("4s") != MAGIC or cursor.take("I") not in VERSIONS:
                raise ValueError("neither version 2 nor version 3 of GGUF")
            tensor_count, fact_count = cursor.take("Q"), cursor.take("Q")
            facts = {cursor.text(): cursor.value() for _ in range(fact_count)}
            weights = _weights(cursor, tensor_count)
            return _described(facts, weights)
    except (struct.error, UnicodeDecodeError, ValueError, TypeError, KeyError, OSError) as error:
        raise ModelUnavailable(
            f"モデルのファイル {path.name} は GGUF として読めません。",
            detail=f"{type(error).__name__}: {error}",
        ) from error


class _Cursor:
    """A place in the file that moves on; what runs past the end is a `struct.error`."""

    def __init__(self, data: mmap.mmap, place: int = 0) -> None:
        self._data = data
        self._place = place

    def take(self, form: str) -> Any:
        """Return the next number, of that form of struct's."""
        [value] = struct.unpack_from(f"<{form}", self._data, self._place)
        self._place += struct.calcsize(f"<{form}")
        return value

    def string(self) -> bytes:
        """Return the next string; a token may be half a character."""
        length = self.take("Q")
        start, self._place = self._place, self._place + length
        if self._place > len(self._data):
            raise struct.error("a string runs past the end")
        return self._data[start : self._place]

    def text(self) -> str:
        """Return the next string as text."""
        return self.string().decode("utf-8")

    def value(self) -> Any:
        """Return the next value of the metadata with its type before it."""
        kind = self.take("I")
        if kind == STRING:
            return self.text()
        if kind != ARRAY:
            return self.take(SCALARS[kind])
        kind, count = self.take("I"), self.take("Q")
        if kind == STRING:
            strings = _Strings(self._data, self._place, count)
            for _ in range(count):
                self.string()
            return strings
        start = self._place
        self._place += count * struct.calcsize(f"<{SCALARS[kind]}")
        return struct.unpack_from(f"<{count}{SCALARS[kind]}", self._data, start)


@dataclass(frozen=True)
class _Strings:
    """An array of strings, as a vocabulary is: counted, and read again for one of them."""

    data: mmap.mmap
    place: int
    count: int

    def at(self, index: int) -> str:
        """Return the one at `index`, as text."""
        cursor = _Cursor(self.data, self.place)
        for _ in range(index):
            cursor.string()
        return cursor.string().decode("utf-8", errors="replace")


def _weights(cursor: _Cursor, tensor_count: int) -> Counter[str]:
    """Return how many weights there are of each type."""
    weights: Counter[str] = Counter()
    for _ in range(tensor_count):
        cursor.string()
        dimensions = cursor.take("I")
        if dimensions > MOST_DIMENSIONS:
            raise ValueError(f"a tensor of {dimensions} dimensions")
        size = prod(cursor.take("Q") for _ in range(dimensions))
        kind = cursor.take("I")
        weights[TENSOR_TYPES.get(kind, f"type {kind}")] += size
        cursor.take("Q")  # where it lies
    return weights


def _described(facts: dict[str, Any], weights: Counter[str]) -> GgufHeader:
    if facts.get("split.count", 1) > 1:
        raise ModelUnavailable(
            "このファイルは分割された GGUF の一部です。llama-gguf-split --merge で1つのファイルに"
            "してください。"
        )
    if (kind := facts.get("general.type", "model")) != "model":
        raise ModelUnavailable(f"このファイルは言語モデルの本体ではありません（{kind}）。")
    architecture: str = facts["general.architecture"]

    def fact(name: str, default: Any = 0) -> Any:
        return facts.get(f"{architecture}.{name}", default)

    heads = _most(fact("attention.head_count"))
    heads_of_keys = _most(fact("attention.head_count_kv", heads))
    width = fact("attention.key_length") or (fact("embedding_length") // heads if heads else 0)
    tokens: _Strings = facts["tokenizer.ggml.tokens"]

    def spelled(end: str) -> str:
        token = facts.get(f"tokenizer.ggml.{end}_token_id")
        return tokens.at(token) if token is not None and token < tokens.count else ""

    return GgufHeader(
        architecture=architecture,
        title=facts.get("general.name", ""),
        licence=facts.get("general.license", ""),
        parameters=weights.total(),
        layers=fact("block_count"),
        kv_width=heads_of_keys * width,
        context_length=fact("context_length"),
        vocabulary_size=tokens.count,
        quantization=weights.most_common(1)[0][0] if weights else "",
        chat_template=facts.get("tokenizer.chat_template", ""),
        bos_token=spelled("bos"),
        eos_token=spelled("eos"),
        temperature=facts.get("general.sampling.temp"),
        top_k=facts.get("general.sampling.top_k"),
        top_p=facts.get("general.sampling.top_p"),
    )


def _most(count: Any) -> int:
    """Return the largest, where the layers differ."""
    return int(max(count) if isinstance(count, tuple) else count)
