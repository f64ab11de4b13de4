"""What was pulled, and its checksums: `models.lock.toml` in the models folder.

The first pull of a model writes its files down; every later one must find the same.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import Field, TypeAdapter, ValidationError

from chef_llm.errors import ModelUnavailable

LOCK_FILE: Final = "models.lock.toml"
HEADER: Final = "# Written by `chef models pull`. Whoever has this file gets the same models.\n"


class ChecksumMismatch(ModelUnavailable):
    """A file is not the one that was recorded; the message names it and what is wrong."""


@dataclass(frozen=True)
class FileRecord:
    """Size and checksum of a file."""

    bytes: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]

    @classmethod
    def of(cls, path: Path) -> Self:
        """Read the file and record it."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return cls(path.stat().st_size, digest)


@dataclass(frozen=True)
class ModelRecord:
    """What was pulled for a model: the hub's commit (None: from a disk), its files, our GGUF file.

    `quantization` is that of `gguf`.
    """

    source: dict[str, FileRecord]
    revision: Annotated[str, Field(pattern="^[0-9a-f]{40}$")] | None = None
    quantization: str | None = None
    gguf: FileRecord | None = None


def read_lock(models_folder: Path) -> dict[str, ModelRecord]:
    """Return the records of the folder; raises `ModelUnavailable` when the file is broken."""
    path = models_folder / LOCK_FILE
    if not path.exists():
        return {}
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return TypeAdapter(dict[str, ModelRecord]).validate_python(tables)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise ModelUnavailable(f"{path} を読めません: {error}") from error


def write_lock(models_folder: Path, records: Mapping[str, ModelRecord]) -> None:
    """Write all records, in one move: an interrupted pull leaves the old file."""
    blocks = [HEADER, *("\n".join(_lines(name, records[name])) + "\n" for name in sorted(records))]
    new = models_folder / f"{LOCK_FILE}.new"
    new.write_text("\n".join(blocks), encoding="utf-8")
    new.replace(models_folder / LOCK_FILE)


def record_files(folder: Path, names: Iterable[str]) -> dict[str, FileRecord]:
    """Return the records of files of `folder`, by name."""
    return {name: FileRecord.of(folder / name) for name in sorted(names)}


def check_files(found: Mapping[str, FileRecord], expected: Mapping[str, FileRecord]) -> None:
    """Raise `ChecksumMismatch` that names the first file that is missing, new or changed."""
    for name in sorted(found.keys() | expected.keys()):
        if name not in found:
            raise ChecksumMismatch(f"{name} がありません（{LOCK_FILE} に記録されています）。")
        if name not in expected:
            raise ChecksumMismatch(f"{name} は {LOCK_FILE} に記録されていないファイルです。")
        if found[name] != expected[name]:
            raise ChecksumMismatch(
                f"{name} が記録と違います。記録: {_described(expected[name])}、"
                f"今のファイル: {_described(found[name])}。途中で切れたか、差し替えられています。"
            )


def _described(record: FileRecord) -> str:
    return f"{record.bytes}バイト sha256 {record.sha256}"


def _lines(name: str, record: ModelRecord) -> Iterator[str]:
    # JSON's strings are TOML's too.
    key = json.dumps(name)
    yield f"[{key}]"
    if record.revision:
        yield f'revision = "{record.revision}"'
    if record.quantization:
        yield f'quantization = "{record.quantization}"'
    if record.gguf:
        yield f"gguf = {_inline(record.gguf)}"
    yield f"[{key}.source]"
    for file_name, file in sorted(record.source.items()):
        yield f"{json.dumps(file_name, ensure_ascii=False)} = {_inline(file)}"


def _inline(record: FileRecord) -> str:
    return f'{{ bytes = {record.bytes}, sha256 = "{record.sha256}" }}'
