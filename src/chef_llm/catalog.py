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

    `line_break` is how it writes one; `threads` is how many decode it fastest.
    """

    name: str
    title: str
    path: Path
    licence: str
    context_length: int
    chat_template: str
    line_break: str
    threads: int
    sampling: Sampling


def find_model(name_or_path: str) -> Model:
    """Return the model of that name, or the GGUF file or checkpoint folder at that path.

    A path is served with kondate's template and defaults, the one prompt format there is so far.
    Raises `ModelUnavailable` that names what is known.
    """
    models = _catalogue()
    if name_or_path in models:
        return models[name_or_path]
    path = Path(name_or_path)
    if path.suffix == ".gguf":
        return replace(models[DEFAULT], name=path.stem, path=path, licence="unknown")
    if (path / "config.json").is_file():
        return replace(models[DEFAULT], name=path.name, path=path, licence="unknown")
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
            chat_template=table["chat_template"],
            line_break=table["line_break"],
            threads=table["threads"],
            sampling=Sampling(**table["sampling"]),
        )
        for name, table in tables.items()
    }
