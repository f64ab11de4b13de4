"""The models that the chef knows (`models.toml`), and where their files are."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from chef_llm.engines import Sampling
from chef_llm.errors import ModelUnavailable

DEFAULT: Final = "kondate"


@dataclass(frozen=True)
class Model:
    """A model of the catalogue.

    `chat_template` is one of `chef_llm/templates`, or None for the one in the model's own files;
    `threads` is how many decode it fastest.
    """

    name: str
    title: str
    path: Path
    licence: str
    context_length: int
    chat_template: str | None
    threads: int
    sampling: Sampling


def find_model(name_or_path: str) -> Model:
    """Return the model of that name, or the GGUF file or checkpoint folder at that path.

    A path is served with its own chat template, and with kondate's defaults.
    Raises `ModelUnavailable` that names what is known.
    """
    models = _catalogue()
    if name_or_path in models:
        return models[name_or_path]
    path = Path(name_or_path)
    if path.suffix == ".gguf" or (path / "config.json").is_file():
        name = path.name.removesuffix(".gguf")
        return replace(models[DEFAULT], name=name, path=path, licence="unknown", chat_template=None)
    known = "、".join(models)
    raise ModelUnavailable(
        f"モデル {name_or_path!r} はありません。使えるもの: {known}、または .gguf ファイルか"
        "チェックポイントのフォルダ（config.json があるもの）のパス"
    )


def all_models() -> list[Model]:
    """Return every model of the catalogue."""
    return list(_catalogue().values())


@cache
def _catalogue() -> dict[str, Model]:
    package = Path(str(files("chef_llm")))
    tables = tomllib.loads((package / "models.toml").read_text(encoding="utf-8"))
    return {
        name: Model(
            name=name,
            title=table["title"],
            path=package / table["file"],
            licence=table["licence"],
            context_length=table["context_length"],
            chat_template=table.get("chat_template"),
            threads=table["threads"],
            sampling=Sampling(**table["sampling"]),
        )
        for name, table in tables.items()
    }
