"""Loads the model that the settings name, from the package, a disk or S3."""

from importlib.metadata import entry_points
from typing import Final

from chef_llm.engines import Engine
from chef_llm.engines.llama_cpp import LlamaCppEngine
from chef_llm.errors import Misconfigured, ModelUnavailable
from chef_llm.models.catalogue import Model, all_models, find_model
from chef_llm.models.from_s3 import model_file
from chef_llm.settings import ModelObject, Settings

# Engines that are not in this package come from others, under this name.
ENGINES_OF_OTHERS: Final = "chef_llm.engines"


def load(settings: Settings) -> tuple[Engine, Model]:
    """Return a loaded engine and the model that it runs; raises `ModelUnavailable`."""
    model = find_model(settings.model)
    threads = settings.threads or model.threads
    if settings.model_object:
        return _from_s3(settings.model_object, model, threads), model
    return _from_disk(settings.engine, model, threads), model


def _from_s3(source: ModelObject, model: Model, threads: int) -> Engine:
    known = all_models()
    if model not in known:
        names = "、".join(entry.name for entry in known)
        raise Misconfigured(
            f"環境変数 CHEF_MODEL_URI を使うとき、CHEF_MODEL は次のどれかにしてください: {names}"
        )
    with model_file(source) as file:
        try:
            # llama.cpp maps the file: it stays in memory, once, when its descriptor is closed.
            return LlamaCppEngine(file.path, model.context_length, threads)
        except ModelUnavailable as error:
            raise ModelUnavailable(
                f"モデル {model.name} を起動できません。", detail=f"{source.uri}: {error.message}"
            ) from error


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
