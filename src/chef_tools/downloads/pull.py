"""A model, from where it is published to a file that the chef can run."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from chef_llm.errors import ModelUnavailable
from chef_llm.models.catalogue import Model, Quantization
from chef_tools.downloads.hub import fetch, matching
from chef_tools.downloads.lock import (
    ChecksumMismatch,
    FileRecord,
    ModelRecord,
    check_files,
    read_lock,
    record_files,
    write_lock,
)

GGUF_MAGIC: Final = b"GGUF"
WEIGHTS: Final = (".safetensors", ".bin", ".gguf")


class Converter(Protocol):
    """Writes a checkpoint as GGUF."""

    def __call__(
        self, folder: Path, output: Path, quantization: str, metadata: Mapping[str, str]
    ) -> None:
        """Raise `ModelUnavailable` when it cannot."""


@dataclass(frozen=True)
class Source:
    """The files of a model as published: in `folder`, of the hub's commit `revision` if known."""

    folder: Path
    files: dict[str, FileRecord]
    revision: str | None = None

    @property
    def gguf_name(self) -> str | None:
        """The GGUF file among them."""
        return next((name for name in self.files if name.endswith(".gguf")), None)


def run_converter(
    folder: Path, output: Path, quantization: str, metadata: Mapping[str, str]
) -> None:
    """Convert in a process of its own: `chef_convert` needs torch, and the memory of a model."""
    notes = [f"--note={key}={value}" for key, value in metadata.items()]
    command = [sys.executable, "-m", "chef_convert", str(folder), str(output)]
    done = subprocess.run(  # noqa: S603  # no shell, and our own module
        [*command, "--type", quantization, *notes], capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = done.stderr.strip().splitlines()
        raise ModelUnavailable(f"{folder} を変換できません: {reason[-1] if reason else '理由不明'}")


@dataclass(frozen=True)
class ModelFolder:
    """The models folder, and what fills it.

    `say` gets what is being done, for people; `endpoint` None is the hub itself.
    """

    folder: Path
    convert: Converter = run_converter
    say: Callable[[str], None] = lambda _: None
    endpoint: str | None = None

    def pull(
        self,
        model: Model,
        quantization: Quantization | None = None,
        local: Path | None = None,
        *,
        update: bool = False,
    ) -> ModelRecord:
        """Get a model from the hub, or from the folder or GGUF file `local`, ready to run.

        What the lock file knows of it must be found again, unless `update` says to forget that.
        The result lies at `model.path`; its record is returned. Raises `ChecksumMismatch` for a
        file that has changed, and `ModelUnavailable` for what is missing or cannot be converted.
        """
        if model.file:
            raise ModelUnavailable(f"{model.name} はパッケージに入っています。取得は要りません。")
        if quantization not in (None, *model.quantizations):
            raise ModelUnavailable(
                f"{model.name} に {quantization} はありません: {'、'.join(model.quantizations)}"
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        records = read_lock(self.folder)
        known = None if update else records.get(model.name)
        if local:
            source = _from_disk(model, local)
        else:
            source = self._from_hub(model, known.revision if known else None)
        if known:
            _check_source(source, known)
        record = self._place(model, source, quantization or model.quantizations[0], known)
        write_lock(self.folder, records | {model.name: record})
        return record

    def _from_hub(self, model: Model, revision: str | None) -> Source:
        folder = self.folder / model.name
        commit = fetch(model, folder, revision, self.endpoint)
        return Source(folder, _records(model, folder), commit)

    def _place(
        self,
        model: Model,
        source: Source,
        quantization: Quantization,
        known: ModelRecord | None,
    ) -> ModelRecord:
        """Put what the engine reads at `model.path`, and check it there."""
        if model.engine == "transformers":
            _copy_checkpoint(source, model.path)
            return ModelRecord(source.files, source.revision)
        if name := source.gguf_name:
            _copy_gguf(source.folder / name, model.path)
            copied = FileRecord.of(model.path)
            check_files({name: copied}, {name: source.files[name]})
            published = model.quantizations[0] if model.is_published_gguf else None
            return ModelRecord(source.files, source.revision, published, copied)
        if not _is_converted(model, quantization, known):
            self.say(f"{source.folder} を {quantization} の GGUF に変換しています。")
            _convert(model, source, quantization, self.convert)
        converted = FileRecord.of(model.path)
        return ModelRecord(source.files, source.revision, quantization, converted)


def _from_disk(model: Model, local: Path) -> Source:
    if local.is_file() and local.suffix == ".gguf":
        return Source(local.parent, record_files(local.parent, [local.name]))
    if not local.is_dir():
        raise ModelUnavailable(f"{local} はフォルダでも .gguf ファイルでもありません。")
    return Source(local, _records(model, local))


def _records(model: Model, folder: Path) -> dict[str, FileRecord]:
    names = matching(folder, model.hub_files)
    missing = [] if model.is_published_gguf or "config.json" in names else ["config.json"]
    if not any(name.endswith(WEIGHTS) for name in names):
        missing.append("重みのファイル")
    if missing:
        raise ModelUnavailable(
            f"{folder} に{'と'.join(missing)}がありません。"
            f"{model.name} に要るのは次のファイルです: {'、'.join(model.hub_files)}"
        )
    return record_files(folder, names)


def _check_source(source: Source, known: ModelRecord) -> None:
    if source.gguf_name and known.gguf and source.gguf_name not in known.source:
        # The result of an earlier conversion, brought from elsewhere.
        check_files(source.files, {source.gguf_name: known.gguf})
    else:
        check_files(source.files, known.source)


def _is_converted(model: Model, quantization: str, known: ModelRecord | None) -> bool:
    return (
        known is not None
        and known.quantization == quantization
        and model.path.is_file()
        and FileRecord.of(model.path) == known.gguf
    )


def _convert(model: Model, source: Source, quantization: str, convert: Converter) -> None:
    metadata = {"license": model.licence}
    if model.hub_id and source.revision:
        metadata["source.huggingface.repository"] = model.hub_id
        metadata["source.revision"] = source.revision
    new = model.path.with_suffix(".gguf.new")
    try:
        convert(source.folder, new, quantization, metadata)
        _check_gguf(new)
        new.replace(model.path)
    finally:
        new.unlink(missing_ok=True)


def _copy_gguf(source: Path, target: Path) -> None:
    _check_gguf(source)
    if target.exists() and target.samefile(source):
        return
    new = target.with_suffix(".gguf.new")
    shutil.copyfile(source, new)
    new.replace(target)


def _copy_checkpoint(source: Source, target: Path) -> None:
    if source.folder.resolve() == target.resolve():
        return
    target.mkdir(parents=True, exist_ok=True)
    for name in source.files:
        shutil.copyfile(source.folder / name, target / name)
    check_files(record_files(target, source.files), source.files)


def _check_gguf(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(len(GGUF_MAGIC)) != GGUF_MAGIC:
            raise ChecksumMismatch(f"{path.name} は GGUF ファイルではありません。")
