from pathlib import Path

import pytest

from chef_llm.catalog import DEFAULT, find_model
from chef_llm.chat_template import Message, shipped
from chef_llm.errors import ModelUnavailable
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
