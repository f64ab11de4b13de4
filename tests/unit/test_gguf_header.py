from pathlib import Path
from typing import Any

import pytest
from tiny_gguf import SMALL, TENSORS, gguf, written

from chef_llm.errors import ModelUnavailable
from chef_llm.models.catalogue import find_model
from chef_llm.models.gguf_header import read_header

HEADS = ("llama__attention__head_count", "llama__attention__head_count_kv")


def test_a_file_says_what_it_is(tmp_path: Path) -> None:
    header = read_header(written(tmp_path))

    assert (header.architecture, header.title, header.licence) == ("llama", "Small", "mit")
    assert (header.layers, header.context_length, header.vocabulary_size) == (2, 4096, 4)
    # Two heads of 64 / 4.
    assert header.kv_width == 32
    assert (header.bos_token, header.eos_token) == ("<s>", "</s>")
    assert header.chat_template == SMALL["tokenizer.chat_template"]
    assert (header.parameters, header.quantization) == (64 * 4 + 64, "Q4_0")
    assert header.temperature is None


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"llama__attention__head_count_kv": [1, 2]}, "kv_width", 32),
        ({"llama__attention__head_count_kv": None}, "kv_width", 64),
        ({"llama__attention__key_length": 40}, "kv_width", 80),
        (
            {"llama__attention__head_count": None, "llama__attention__head_count_kv": None},
            "kv_width",
            0,
        ),
        ({"tokenizer__ggml__bos_token_id": None}, "bos_token", ""),
        ({"tokenizer__ggml__eos_token_id": 99}, "eos_token", ""),
        ({"tokenizer__chat_template": None}, "chat_template", ""),
        ({"general__sampling__temp": 0.5}, "temperature", 0.5),
        ({"general__sampling__top_k": 20}, "top_k", 20),
    ],
    ids=str,
)
def test_what_a_file_leaves_out_or_adds(
    tmp_path: Path, changes: dict[str, Any], field: str, value: Any
) -> None:
    assert getattr(read_header(written(tmp_path, **changes)), field) == value


def test_the_shipped_model_is_read_as_the_catalogue_has_it() -> None:
    kondate = find_model("kondate")

    header = read_header(kondate.path)

    assert kondate.differences(header) == []
    assert header.parameters == kondate.parameters
    assert (header.layers, header.kv_width) == (kondate.layers, kondate.kv_width)
    assert header.context_length == kondate.trained_context_length


def test_a_file_that_ends_anywhere_before_its_tensors_end_is_refused(tmp_path: Path) -> None:
    whole, path = gguf(), tmp_path / "cut.gguf"
    for length in range(1, len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(ModelUnavailable):
            read_header(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04" + bytes(100),
        gguf(version=1),
        gguf(version=0x03000000),
        gguf({name: value for name, value in SMALL.items() if "architecture" not in name}),
        gguf({name: value for name, value in SMALL.items() if "tokens" not in name}),
        gguf(tensors={"much": ((1,) * 9, 0)}),
    ],
    ids=["empty", "zip", "version 1", "big-endian", "no kind", "no vocabulary", "9 dimensions"],
)
def test_what_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(content)

    with pytest.raises(ModelUnavailable, match=r"mine\.gguf は GGUF として読めません"):
        read_header(path)


@pytest.mark.parametrize(
    ("fact", "value", "told"),
    [
        ("split__count", 3, "llama-gguf-split --merge"),
        ("general__type", "adapter", "言語モデルの本体ではありません（adapter）"),
        ("general__type", "mmproj", "言語モデルの本体ではありません（mmproj）"),
    ],
)
def test_a_part_or_an_addition_is_no_model(
    tmp_path: Path, fact: str, value: Any, told: str
) -> None:
    with pytest.raises(ModelUnavailable, match=told):
        read_header(written(tmp_path, **{fact: value}))


def test_a_type_of_weights_that_is_newer_than_this_reader_is_named(tmp_path: Path) -> None:
    path = tmp_path / "new.gguf"
    path.write_bytes(gguf(tensors=TENSORS | {"blk.0.ffn_up.weight": ((64, 640), 99)}))

    assert read_header(path).quantization == "type 99"
