"""The models that the chef knows (`models.toml`), and where their files are."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from chef_llm.engines import Sampling
from chef_llm.errors import ModelUnavailable
from chef_llm.settings import Settings

DEFAULT: Final = "kondate"
# Bytes per weight, scales included: https://github.com/ggml-org/llama.cpp, ggml-common.h.
BYTES_PER_WEIGHT: Final = {"F32": 4.0, "Q8_0": 34 / 32, "Q4_0": 18 / 32}
KV_BYTES: Final = 2  # llama.cpp keeps keys and values in 16 bits

Quantization = Literal["F32", "Q8_0", "Q4_0"]
Positive = Annotated[int, Field(gt=0)]


@dataclass(frozen=True)
class Model:
    """A model of the catalogue.

    `path` is its GGUF file, or the folder of its checkpoint; `file` the one inside this package.
    `hub_files` are patterns of what is pulled from `hub_id`; `revision` is the commit, where it is
    known, and None is `main` at the first pull: the lock file keeps it from then on.
    `context_length` is what we serve, `trained_context_length` what the model was made for.
    `chat_template` is one of `chat/templates`, or None for the one in the model's own files;
    `kv_width` is the width of a layer's keys. `quantizations` go from the best to the smallest;
    `threads` is how many decode it fastest.
    `unverified` names the fields that we could not look up.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    name: str
    title: str
    licence: str
    commercial_use: Literal["yes", "no", "conditional"]
    licence_note: str
    parameters: Positive
    architecture: Literal["gpt2", "gpt_neox", "llama", "stablelm", "qwen2", "qwen3", "rwkv"]
    layers: Positive
    kv_width: Annotated[int, Field(ge=0)]
    context_length: Positive
    trained_context_length: Positive
    threads: Positive
    quantizations: Annotated[tuple[Quantization, ...], Field(min_length=1)]
    sampling: Sampling
    chat_template: str | None = None
    lambda_memory_mb: Annotated[int, Field(ge=512, le=10_240)] | None = None
    path: Path = Path()
    file: str | None = None
    hub_id: str | None = None
    revision: Annotated[str, Field(pattern="^[0-9a-f]{40}$")] | None = None
    hub_files: tuple[str, ...] = ()
    gated: bool = False
    engine: Literal["llama_cpp", "transformers"] = "llama_cpp"
    run_with_real_weights: bool = False
    unverified: tuple[str, ...] = field(default=())

    @property
    def is_published_gguf(self) -> bool:
        """Whether the hub has a GGUF file, so that nothing need be converted."""
        return any(pattern.endswith(".gguf") for pattern in self.hub_files)

    @property
    def kv_cache_bytes(self) -> int:
        """Bytes of the keys and values of a full context."""
        return 2 * KV_BYTES * self.layers * self.kv_width * self.context_length

    def file_bytes(self, quantization: Quantization) -> int:
        """Return about how many bytes its file has."""
        return round(self.parameters * BYTES_PER_WEIGHT[quantization])


def find_model(name_or_path: str, models_folder: Path | None = None) -> Model:
    """Return the model of that name, or the GGUF file or checkpoint folder at that path.

    A model of the catalogue is looked for in `models_folder`, by default that of the settings; its
    file need not be there. A path is served with its own chat template, and with kondate's
    defaults. Raises `ModelUnavailable` that names what is known.
    """
    models = _catalogue()
    if name_or_path in models:
        return _placed(models[name_or_path], models_folder or Settings.from_env().models_folder)
    path = Path(name_or_path)
    if path.suffix == ".gguf" or (path / "config.json").is_file():
        name = path.name.removesuffix(".gguf")
        return replace(models[DEFAULT], name=name, path=path, licence="unknown", chat_template=None)
    known = "、".join(models)
    raise ModelUnavailable(
        f"モデル {name_or_path!r} はありません。使えるもの: {known}、または .gguf ファイルか"
        "チェックポイントのフォルダ（config.json があるもの）のパス"
    )


def all_models(models_folder: Path | None = None) -> list[Model]:
    """Return every model of the catalogue."""
    return [find_model(name, models_folder) for name in _catalogue()]


def read_catalogue(tables: Mapping[str, Mapping[str, Any]]) -> dict[str, Model]:
    """Return the models of a catalogue; raises pydantic's `ValidationError` for a wrong field."""
    named = {name: {"name": name, **table} for name, table in tables.items()}
    return TypeAdapter(dict[str, Model]).validate_python(named)


@cache
def _catalogue() -> dict[str, Model]:
    text = files("chef_llm.models").joinpath("models.toml").read_text(encoding="utf-8")
    return read_catalogue(tomllib.loads(text))


def _placed(model: Model, models_folder: Path) -> Model:
    """Return the model with the path of its file: in this package, or where it is pulled to."""
    if model.file:
        return replace(model, path=Path(str(files("chef_llm"))) / model.file)
    checkpoint = models_folder / model.name
    converted = models_folder / f"{model.name}.gguf"
    return replace(model, path=checkpoint if model.engine == "transformers" else converted)
