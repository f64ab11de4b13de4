"""`CHEF_ENGINE` picks the engine, and a model that does not fit it is named."""

import sys
from pathlib import Path

import pytest

from chef_llm.chat.chef import load_chef
from chef_llm.errors import Misconfigured, ModelUnavailable
from chef_llm.models.catalogue import find_model
from chef_llm.settings import Settings


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    folder = tmp_path / "dolly-small"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    return folder


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let the test set the environment, and no generator of another test stand in the way."""
    load_chef.cache_clear()
    return monkeypatch


@pytest.mark.parametrize(
    ("value", "engine"),
    [
        (None, "llama_cpp"),
        ("", "llama_cpp"),
        ("llama_cpp", "llama_cpp"),
        ("transformers", "transformers"),
    ],
)
def test_llama_cpp_is_the_engine_unless_another_is_set(value: str | None, engine: str) -> None:
    environment = {} if value is None else {"CHEF_ENGINE": value}

    assert Settings.from_env(environment).engine == engine


@pytest.mark.parametrize("value", ["vllm", "Transformers", " llama_cpp"])
def test_an_unknown_engine_is_an_error_that_names_the_known_ones(value: str) -> None:
    with pytest.raises(Misconfigured, match=rf"CHEF_ENGINE.*llama_cpp、transformers.*'{value}'"):
        Settings.from_env({"CHEF_ENGINE": value})


def test_a_checkpoint_folder_is_a_model_with_a_template_of_its_own(checkpoint: Path) -> None:
    model = find_model(str(checkpoint))

    assert (model.name, model.path) == ("dolly-small", checkpoint)
    assert model.licence == "unknown"
    assert model.chat_template is None


def test_a_folder_without_a_config_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"config\.json"):
        find_model(str(tmp_path))


def test_transformers_asks_for_a_checkpoint_folder(load: pytest.MonkeyPatch) -> None:
    load.setenv("CHEF_ENGINE", "transformers")
    load.setenv("CHEF_MODEL", "kondate")

    with pytest.raises(ModelUnavailable, match=r"CHEF_MODEL.*フォルダ"):
        load_chef()


def test_llama_cpp_says_what_to_do_with_a_checkpoint_folder(
    load: pytest.MonkeyPatch, checkpoint: Path
) -> None:
    load.delenv("CHEF_ENGINE", raising=False)
    load.setenv("CHEF_MODEL", str(checkpoint))

    with pytest.raises(ModelUnavailable, match="CHEF_ENGINE=transformers"):
        load_chef()


def test_transformers_without_torch_says_what_to_install(
    load: pytest.MonkeyPatch, checkpoint: Path
) -> None:
    load.setenv("CHEF_ENGINE", "transformers")
    load.setenv("CHEF_MODEL", str(checkpoint))
    load.setitem(sys.modules, "torch", None)
    load.delitem(sys.modules, "chef_tools.transformers_engine", raising=False)

    with pytest.raises(ModelUnavailable, match=r"torch.*pip install"):
        load_chef()
