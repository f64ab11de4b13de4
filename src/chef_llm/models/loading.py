"""Loads the model that the settings name, from the package, a disk or S3."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

from chef_llm.engines import Engine, OwnTemplate
from chef_llm.engines.llama_cpp import LlamaCppEngine
from chef_llm.errors import Misconfigured, ModelUnavailable
from chef_llm.models.catalogue import Model, catalogue_entry, find_model, model_of_file
from chef_llm.models.from_s3 import model_file, template_text
from chef_llm.models.gguf_header import read_header
from chef_llm.settings import ModelObject, Settings

# Engines that are not in this package come from others, under this name.
ENGINES_OF_OTHERS: Final = "chef_llm.engines"
# It stands in metrics, in answers and before ":plain".
OWN_NAME: Final = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
TEMPLATE_SUFFIX: Final = ".jinja"


def load(settings: Settings) -> tuple[Engine, Model]:
    """Return a loaded engine and the model that it runs; raises `ModelUnavailable`."""
    if settings.model_object:
        return _from_s3(settings.model_object, settings)
    model = find_model(settings.model).with_choices(settings.choices)
    if model.path.is_file():
        _refuse_another(model, model.path)
        model = _with_template_file(model, model.path, _beside(model.path))
    return _from_disk(settings.engine, model, settings.threads or model.threads), model


def _from_s3(source: ModelObject, settings: Settings) -> tuple[Engine, Model]:
    name = settings.model
    if not OWN_NAME.fullmatch(name):
        raise Misconfigured(
            "環境変数 CHEF_MODEL_URI を使うとき、CHEF_MODEL はモデルの名前にしてください"
            f"（英数字と . _ - の64文字まで。今の値: {name[:80]!r}）"
        )
    with model_file(source) as file:
        try:
            entry = catalogue_entry(name)
            model = entry or model_of_file(name, file.path)
            _refuse_another(model, file.path)
            model = model.with_choices(settings.choices)
            model = _with_template_file(model, file.path, partial(template_text, source))
            # llama.cpp maps the file: it stays in memory, once, when its descriptor is closed.
            threads = settings.threads or model.threads
            return LlamaCppEngine(file.path, model.context_length, threads), model
        except ModelUnavailable as error:
            raise ModelUnavailable(
                f"モデル {name} を起動できません。",
                detail=f"{source.uri}: {error.message} {error.detail or ''}".rstrip(),
            ) from error


def _refuse_another(model: Model, path: Path) -> None:
    """Raise `Misconfigured` unless the file is one that the catalogue's entry recognises."""
    if model.is_own:
        return
    if differences := model.differences(read_header(path)):
        raise Misconfigured(
            f"CHEF_MODEL={model.name} のファイルではありません: {'、'.join(differences)}。"
            "このファイルを動かすには、CHEF_MODEL（Lambda では Model）をカタログにない名前"
            "（たとえば my-model）にしてください。"
        )


def _with_template_file(model: Model, path: Path, text_of: Callable[[str], str]) -> Model:
    """Return the model with the text of the template that was chosen, if that is a file."""
    if not model.chosen_template or not model.chosen_template.endswith(TEMPLATE_SUFFIX):
        return model
    header = read_header(path)
    text = text_of(model.chosen_template)
    return replace(model, template_file=OwnTemplate(text, header.bos_token, header.eos_token))


def _beside(path: Path) -> Callable[[str], str]:
    """Return the function that reads a template at a path, or beside the model at `path`."""

    def text_of(name: str) -> str:
        template = path.parent / name
        try:
            return template.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Misconfigured(
                f"環境変数 CHEF_CHAT_TEMPLATE のファイルを読めません: {template}"
            ) from error

    return text_of


def _from_disk(name: str, model: Model, threads: int) -> Engine:
    if model.hub_id and not model.path.exists():
        raise ModelUnavailable(
            f"モデル {model.name} はまだ取得していません。"
            f"`chef models pull {model.name}` で取得してください。"
        )
    is_checkpoint = model.path.is_dir()
    if name == "llama_cpp":
        if is_checkpoint:
            raise ModelUnavailable(
                f"{model.path} はチェックポイントのフォルダです。CHEF_ENGINE=transformers を"
                "指定するか、chef_convert で .gguf に変換してください。"
            )
        return LlamaCppEngine(model.path, model.context_length, threads)
    if not is_checkpoint:
        raise ModelUnavailable(
            f"CHEF_ENGINE={name} には、CHEF_MODEL にチェックポイントのフォルダを指定してください: "
            f"{model.path} はフォルダではありません。"
        )
    try:
        [found] = entry_points(group=ENGINES_OF_OTHERS, name=name)
        engine = found.load()
    except (ImportError, ValueError) as error:
        raise ModelUnavailable(
            f"CHEF_ENGINE={name} には torch と transformers が要ります: pip install -e '.[train]'"
        ) from error
    loaded: Engine = engine(model.path, model.context_length, threads)
    return loaded
