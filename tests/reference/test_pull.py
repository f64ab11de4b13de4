"""A checkpoint of dolly's kind, from a folder to an answer, as `chef models pull` does it."""

import json
import shutil
from pathlib import Path

import gguf
import pytest
import torch
from transformers import GPT2LMHeadModel

from chef_convert import ConversionError, convert
from chef_llm.engines import Deadline, Sampling
from chef_llm.engines import complete as run
from chef_llm.engines.llama_cpp import LlamaCppEngine
from chef_llm.errors import ModelUnavailable
from chef_llm.models.catalogue import find_model
from chef_tools.downloads.pull import ModelFolder

DOLLY = "dolly-japanese-gpt-1b"


def answer_of(path: Path) -> str:
    engine = LlamaCppEngine(path, 1024, threads=1)
    prompt = engine.tokenize("鮭と白菜で、2人分の夕食", special=False)
    return run(engine, prompt, Sampling(max_tokens=8), None, Deadline.after(30)).text


@pytest.fixture
def published(checkpoint: Path, tmp_path: Path) -> Path:
    """Return the checkpoint as its makers would publish it."""
    folder = tmp_path / "published"
    folder.mkdir()
    for name in ("config.json", "model.safetensors", "spiece.model"):
        shutil.copyfile(checkpoint / name, folder / name)
    return folder


def test_a_pulled_checkpoint_answers_like_the_conversion_by_hand(
    checkpoint: Path, published: Path, tmp_path: Path
) -> None:
    model = find_model(DOLLY, tmp_path / "models")

    record = ModelFolder(tmp_path / "models").pull(model, "Q8_0", published)

    assert record.quantization == "Q8_0"
    assert answer_of(model.path) == answer_of(checkpoint / "Q8_0.gguf")
    fields = gguf.GGUFReader(model.path).fields
    assert fields["general.license"].contents() == "MIT"


def test_a_pickle_is_read_as_data_alone(published: Path, tmp_path: Path) -> None:
    state = GPT2LMHeadModel.from_pretrained(published).state_dict()
    (published / "model.safetensors").unlink()
    torch.save(state, published / "pytorch_model.bin")
    convert(published, tmp_path / "data.gguf", "Q8_0")
    assert answer_of(tmp_path / "data.gguf")


class Code:
    """Touches `mark` when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.mark,)


@pytest.mark.parametrize("content", ["code", "nothing"])
def test_a_pickle_with_code_or_a_broken_one_is_refused_and_not_run(
    published: Path, tmp_path: Path, content: str
) -> None:
    mark = tmp_path / "was-run"
    (published / "model.safetensors").unlink()
    if content == "code":
        torch.save({"transformer.wte.weight": Code(mark)}, published / "pytorch_model.bin")
    else:
        (published / "pytorch_model.bin").write_bytes(b"")

    with pytest.raises(ConversionError, match=r"pytorch_model\.bin"):
        convert(published, tmp_path / "out.gguf", "Q8_0")
    assert not mark.exists()


def test_a_conversion_that_fails_is_told_and_leaves_nothing(
    published: Path, tmp_path: Path
) -> None:
    (published / "spiece.model").unlink()

    with pytest.raises(ModelUnavailable, match=r"neither spiece\.model nor"):
        models = tmp_path / "models"
        ModelFolder(models).pull(find_model(DOLLY, models), local=published)
    assert not list((tmp_path / "models").iterdir())


def test_the_converter_is_picked_by_the_architecture(published: Path, tmp_path: Path) -> None:
    config = json.loads((published / "config.json").read_text()) | {"model_type": "mamba"}
    (published / "config.json").write_text(json.dumps(config))

    with pytest.raises(ConversionError, match="'mamba'"):
        convert(published, tmp_path / "out.gguf", "Q8_0")


def test_the_catalogue_describes_the_embedded_model() -> None:
    model = find_model("kondate")
    reader = gguf.GGUFReader(model.path)

    assert sum(tensor.n_elements for tensor in reader.tensors) == model.parameters
    for key, value in {
        "gpt2.block_count": model.layers,
        "gpt2.embedding_length": model.kv_width,
        "gpt2.context_length": model.trained_context_length,
    }.items():
        assert reader.fields[key].contents() == value
