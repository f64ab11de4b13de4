"""The models that the chef knows (`models.toml`) or was told of, and where their files are."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import ConfigDict, Field, TypeAdapter

from chef_llm.engines import OwnTemplate, Sampling
from chef_llm.errors import Misconfigured, ModelUnavailable
from chef_llm.models.gguf_header import GgufHeader, read_header
from chef_llm.models.own import OwnFile, read_own
from chef_llm.settings import ModelChoices, Settings

DEFAULT: Final = "kondate"
# Bytes per weight, scales included: https://github.com/ggml-org/llama.cpp, ggml-common.h.
BYTES_PER_WEIGHT: Final = {"F32": 4.0, "Q8_0": 34 / 32, "Q4_0": 18 / 32}
KV_BYTES: Final = 2  # llama.cpp keeps keys and values in 16 bits

# More of a model's own context is served on demand alone: it costs memory, and on a function's CPU
# reading it takes longer than an answer may.
MOST_CONTEXT: Final = 8192
# What a model of one's own is asked with, where neither its file nor the operator says otherwise.
TEMPERATURE: Final = 0.7
TOP_P: Final = 0.95
# Converters count a head that is the embedding once or twice; the next size is further off.
SIZE_FACTOR: Final = 1.3
# Threads that share busy cores wait for each other, and a small model gains little by a second.
SMALL_MODEL: Final = 500_000_000

# Those of the catalogue; a model of one's own may have any other.
Quantization = Annotated[str, Field(pattern="^(F32|Q8_0|Q4_0)$")]
Architecture = Annotated[str, Field(pattern="^(gpt2|gpt_neox|llama|stablelm|qwen[23]|rwkv)$")]
Positive = Annotated[int, Field(gt=0)]


@dataclass(frozen=True)
class Model:
    """A model of the catalogue, or one of the operator's own (`is_own`).

    `path` is its GGUF file, or the folder of its checkpoint; `file` the one inside this package.
    `hub_files` are patterns of what is pulled from `hub_id`; `revision` is the commit, where it is
    known, and None is `main` at the first pull: the lock file keeps it from then on.
    `context_length` is what we serve, `trained_context_length` what the model was made for.
    `chat_template` is one of `chat/templates`, or None for the one in the model's own files;
    `chosen_template` is what the operator has put in its place, `template_file` its text where
    that is a file. `vocabulary_size` 0 is not known.
    `kv_width` is the width of a layer's keys. `quantizations` go from the best to the smallest;
    `threads` is how many decode it fastest; `writes_menus` tells that it was trained to write them.
    `unverified` names the fields that we could not look up.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    name: str
    title: str
    licence: str
    commercial_use: Literal["yes", "no", "conditional"]
    licence_note: str
    parameters: Positive
    architecture: Architecture
    layers: Positive
    kv_width: Annotated[int, Field(ge=0)]
    context_length: Positive
    trained_context_length: Positive
    threads: Positive
    quantizations: Annotated[tuple[Quantization, ...], Field(min_length=1)]
    sampling: Sampling
    vocabulary_size: Annotated[int, Field(ge=0)] = 0
    chat_template: str | None = None
    lambda_memory_mb: Annotated[int, Field(ge=512, le=10_240)] | None = None
    path: Path = Path()
    file: str | None = None
    hub_id: str | None = None
    revision: Annotated[str, Field(pattern="^[0-9a-f]{40}$")] | None = None
    hub_files: tuple[str, ...] = ()
    gated: bool = False
    engine: Literal["llama_cpp", "transformers"] = "llama_cpp"
    writes_menus: bool = False
    run_with_real_weights: bool = False
    unverified: tuple[str, ...] = field(default=())
    chosen_template: str | None = None
    template_file: OwnTemplate | None = None
    is_own: bool = False

    @property
    def is_published_gguf(self) -> bool:
        """Whether the hub has a GGUF file, so that nothing need be converted."""
        return any(pattern.endswith(".gguf") for pattern in self.hub_files)

    @property
    def kv_cache_bytes(self) -> int:
        """Bytes of the keys and values of a full context."""
        return 2 * KV_BYTES * self.layers * self.kv_width * self.context_length

    def file_bytes(self, quantization: Quantization) -> int:
        """Return about how many bytes its file has; of one's own, how many exactly."""
        if self.is_own:
            return self.path.stat().st_size
        return round(self.parameters * BYTES_PER_WEIGHT[quantization])

    def differences(self, header: GgufHeader) -> list[str]:
        """Return what a file has that is not this model's, a phrase each, for people."""
        found = []
        if header.architecture != self.architecture.replace("_", ""):
            found.append(f"構造は {header.architecture}（{self.name} は {self.architecture}）")
        if self.vocabulary_size and header.vocabulary_size != self.vocabulary_size:
            found.append(f"語彙は {header.vocabulary_size:,}（{self.vocabulary_size:,}）")
        ratio = header.parameters / self.parameters
        if not 1 / SIZE_FACTOR < ratio < SIZE_FACTOR:
            found.append(f"パラメーターは {header.parameters:,}（{self.parameters:,}）")
        if self.chat_template is None and not header.chat_template:
            found.append("チャットテンプレートがない")
        return found

    def with_choices(self, choices: ModelChoices) -> Self:
        """Return the model as the operator wants it; raises `Misconfigured` for what it cannot."""
        length = choices.context_length or self.context_length
        if length > self.trained_context_length:
            raise Misconfigured(
                f"環境変数 CHEF_CONTEXT_LENGTH は、{self.name} のコンテキスト "
                f"{self.trained_context_length} 以下にしてください（今の値: {length}。Lambda では "
                "ContextLength、chef models add では --context-length）"
            )
        temperature, top_p = choices.temperature, choices.top_p
        return replace(
            self,
            context_length=length,
            sampling=replace(
                self.sampling,
                temperature=self.sampling.temperature if temperature is None else temperature,
                top_p=self.sampling.top_p if top_p is None else top_p,
            ),
            chosen_template=choices.chat_template or self.chosen_template,
        )


def find_model(name_or_path: str, models_folder: Path | None = None) -> Model:
    """Return the model of that name, or the GGUF file or checkpoint folder at that path.

    A model of the catalogue is looked for in `models_folder`, by default that of the settings; its
    file need not be there. What was added to that folder is found there, too. A checkpoint's
    folder is served with its own chat template, and with kondate's defaults.
    Raises `ModelUnavailable` that names what is known.
    """
    models, folder = _catalogue(), models_folder or Settings.from_env().models_folder
    if name_or_path in models:
        return _placed(models[name_or_path], folder)
    if own := read_own(folder).get(name_or_path):
        return added_model(name_or_path, own)
    path = Path(name_or_path)
    name = path.name.removesuffix(".gguf")
    if path.suffix == ".gguf" and path.is_file():
        return model_of_file(name, path)
    is_checkpoint = (path / "config.json").is_file()
    if path.suffix == ".gguf" or is_checkpoint:
        return replace(
            models[DEFAULT],
            name=name,
            path=path,
            licence="unknown",
            chat_template=None,
            writes_menus=not is_checkpoint,
        )
    known = "、".join([*models, *read_own(folder)])
    raise ModelUnavailable(
        f"モデル {name_or_path!r} はありません。使えるもの: {known}、または .gguf ファイルか"
        "チェックポイントのフォルダ（config.json があるもの）のパス。自分のモデルは "
        "`chef models add` で足せます"
    )


def added_model(name: str, own: OwnFile) -> Model:
    """Return a model that was added; raises `ModelUnavailable` when its file is another now."""
    own.require(name)
    return model_of_file(name, own.path).with_choices(own.choices)


def catalogue_entry(name: str) -> Model | None:
    """Return the entry of that name, wherever its file may be."""
    return _catalogue().get(name)


def model_of_file(name: str, path: Path) -> Model:
    """Return what a GGUF file says of itself as a model of that name.

    A file that an entry of the catalogue recognises is asked as that model is.
    """
    header = read_header(path)
    trained = header.context_length or MOST_CONTEXT
    length = min(trained, MOST_CONTEXT)
    own = Model(
        name=name,
        title=header.title or name,
        licence=header.licence or "unknown",
        commercial_use="conditional",
        licence_note="ライセンスは、モデルの配布元で確かめてください。",
        parameters=header.parameters,
        architecture=header.architecture,
        layers=header.layers,
        kv_width=header.kv_width,
        vocabulary_size=header.vocabulary_size,
        context_length=length,
        trained_context_length=trained,
        threads=1 if header.parameters < SMALL_MODEL else 2,
        quantizations=(header.quantization,),
        sampling=Sampling(
            max_tokens=length,  # the operator's limit is shorter
            temperature=header.temperature if header.temperature is not None else TEMPERATURE,
            top_p=header.top_p if header.top_p is not None else TOP_P,
            top_k=header.top_k or 0,
        ),
        path=path,
        is_own=True,
    )
    for entry in _catalogue().values():
        if not entry.differences(header) and (
            entry.chat_template is None or not header.chat_template
        ):
            return replace(
                own,
                context_length=entry.context_length,
                threads=entry.threads,
                sampling=entry.sampling,
                chat_template=entry.chat_template,
                writes_menus=entry.writes_menus,
            )
    return own


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
