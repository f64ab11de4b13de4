import dataclasses
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from pydantic import ValidationError

from chef_llm.chat.chat_template import Message, shipped
from chef_llm.errors import ModelUnavailable
from chef_llm.models.catalogue import (
    BYTES_PER_WEIGHT,
    DEFAULT,
    Model,
    all_models,
    find_model,
    read_catalogue,
)
from chef_llm.settings import Settings


def test_the_default_model_is_embedded_in_the_package() -> None:
    model = find_model(Settings().model)

    assert model.name == DEFAULT == "kondate"
    assert model.path.name == "kondate.gguf"
    assert model.path.parts[-3:-1] == ("chef_llm", "models")
    assert model.licence == "MIT"


def test_the_default_model_is_greedy_and_leaves_room_for_a_prompt() -> None:
    model = find_model("kondate")

    assert model.sampling.temperature == 0
    assert model.sampling.seed is None
    assert model.sampling.max_tokens < model.context_length == 1024


def test_the_template_of_a_model_exists_and_writes_its_line_break() -> None:
    model = find_model("kondate")

    assert model.chat_template == "dolly"
    assert shipped("dolly").line_break == "\\n"
    assert "\\n" in shipped("dolly").render([Message("user", "夕食を")])


@pytest.mark.parametrize("path", ["/opt/dolly-q4.gguf", "build/dolly-q4.gguf", "dolly-q4.gguf"])
def test_a_gguf_file_has_its_own_template_and_the_default_s_settings(path: str) -> None:
    model, default = find_model(path), find_model(DEFAULT)

    assert model.name == "dolly-q4"
    assert model.path == Path(path)
    assert model.licence == "unknown"
    assert model.chat_template is None
    assert model.context_length == default.context_length
    assert model.sampling == default.sampling


@pytest.mark.parametrize("name", ["gpt-4", "", "kondate ", "kondate.bin", "gguf"])
def test_an_unknown_model_is_an_error_that_names_it_and_the_known_ones(name: str) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        find_model(name)
    assert f"モデル {name!r} はありません。使えるもの: kondate" in caught.value.message


# What a checkpoint consists of: data, and never code.
DATA = (".safetensors", ".gguf", ".bin", ".json", ".model")


def faults_of(model: Model) -> Iterator[str]:
    """Yield what a model's table lacks to be served, or to be pulled without danger."""
    suffixes = {Path(name).suffix for name in model.hub_files}
    listed = [name for name in BYTES_PER_WEIGHT if name in model.quantizations]
    rules = {
        "title": bool(model.title),
        "licence note": model.licence_note.endswith("。"),
        "context": model.context_length <= model.trained_context_length,
        "room for an answer": 0 < model.sampling.max_tokens < model.context_length,
        "quantizations in their order": list(model.quantizations) == listed,
        "template": not model.chat_template
        or bool(shipped(model.chat_template).render([Message("user", "夕食を")])),
        "one origin": (model.file is None) != (model.hub_id is None),
        "files of the hub": bool(model.hub_files) == bool(model.hub_id),
        "only data is pulled": all(pattern.endswith(DATA) for pattern in model.hub_files),
        "a pickle only where there is nothing else": not {".bin", ".safetensors"} <= suffixes,
        "one published file": not model.is_published_gguf
        or len(model.hub_files) == len(model.quantizations) == 1,
        "unverified fields": set(model.unverified)
        <= {field.name for field in dataclasses.fields(Model)},
    }
    yield from (f"{model.name}: {rule}" for rule, is_kept in rules.items() if not is_kept)


def test_every_model_can_be_served_and_pulled_without_danger() -> None:
    faults = [fault for model in all_models() for fault in faults_of(model)]

    assert len(all_models()) > 1
    assert not faults


def test_only_the_model_of_the_package_was_run_with_its_weights() -> None:
    assert [model.name for model in all_models() if model.run_with_real_weights] == [DEFAULT]


def test_every_promised_family_is_there() -> None:
    families = {model.architecture for model in all_models()}
    assert families == {"gpt2", "gpt_neox", "llama", "stablelm", "rwkv", "qwen2", "qwen3"}


def test_a_pulled_model_is_found_in_the_models_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEF_MODELS_DIR", str(tmp_path))

    assert find_model("qwen3-0.6b").path == tmp_path / "qwen3-0.6b.gguf"
    # The reference engine reads checkpoints.
    assert find_model("rwkv-4-169m-pile").path == tmp_path / "rwkv-4-169m-pile"


CATALOGUE = files("chef_llm.models").joinpath("models.toml").read_text(encoding="utf-8")
KONDATE = tomllib.loads(CATALOGUE)["kondate"]


@pytest.mark.parametrize(
    "change",
    [
        {"commercial_use": "maybe"},
        {"revision": "main"},
        {"parameters": 0},
        {"quantizations": []},
        {"quantizations": ["Q2_K"]},
        {"lambda_memory_mb": 20_000},
        {"architecture": "bert"},
        {"sampling": {"temprature": 1}},
        {"licens": "MIT"},
    ],
    ids=str,
)
def test_a_wrong_field_is_refused_by_name(change: dict[str, object]) -> None:
    [name] = change
    with pytest.raises(ValidationError, match=f"broken.*{name}"):
        read_catalogue({"broken": KONDATE | change})


def test_a_missing_field_is_refused_by_name() -> None:
    table = {name: value for name, value in KONDATE.items() if name != "licence"}
    with pytest.raises(ValidationError, match="licence"):
        read_catalogue({"broken": table})
