"""Checkpoints in all the forms that they come in, and those that are refused by name."""

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import sentencepiece
import torch
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM

from chef_convert import ConversionError, convert
from chef_convert.__main__ import main
from chef_convert.tokenizers import PRE_TOKENIZERS
from chef_llm.cookbook import load_cookbook
from chef_llm.engines.llama_cpp import LlamaCppEngine

CONFIG = LlamaConfig(
    vocab_size=1008,
    hidden_size=64,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    intermediate_size=96,
    max_position_embeddings=256,
)
MODELS = {
    "llama 2": {"model_type": "bpe", "add_dummy_prefix": True},
    "no dummy prefix": {"model_type": "bpe", "add_dummy_prefix": False},
    "unigram": {"model_type": "unigram", "add_dummy_prefix": True},
}


def pieces(**how: Any) -> bytes:
    """Train a SentencePiece model on the names of the cookbook."""
    file = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(list(load_cookbook().dishes) * 20),
        model_writer=file,
        vocab_size=1000,
        byte_fallback=how["model_type"] == "bpe",
        remove_extra_whitespaces=False,
        normalization_rule_name="identity",
        character_coverage=1.0,
        hard_vocab_limit=False,
        minloglevel=2,
        **how,
    )
    return file.getvalue()


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("llama")
    torch.manual_seed(3)
    LlamaForCausalLM(CONFIG).save_pretrained(folder)
    (folder / "tokenizer.model").write_bytes(pieces(**MODELS["llama 2"]))
    return folder


@pytest.fixture
def copy(llama: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(llama, tmp_path / "copy"))


def change(file: Path, **changes: Any) -> None:
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | changes))


@pytest.mark.parametrize("how", MODELS.values(), ids=MODELS)
def test_a_sentencepiece_tokenizer_gives_the_ids_of_sentencepiece(
    copy: Path, how: dict[str, Any]
) -> None:
    (copy / "tokenizer.model").write_bytes(pieces(**how))
    convert(copy, copy / "F32.gguf", "F32")
    engine = LlamaCppEngine(copy / "F32.gguf", 256, threads=1)
    reference = sentencepiece.SentencePieceProcessor(model_file=str(copy / "tokenizer.model"))

    for text in [*list(load_cookbook().dishes)[:80], "鶏むね肉 と卵", "主菜  と副菜"]:
        assert engine.tokenize(text, special=False) == reference.Encode(text), text


@pytest.mark.parametrize(
    "pattern", [None, *PRE_TOKENIZERS], ids=["gpt-2", *PRE_TOKENIZERS.values()]
)
def test_a_byte_level_tokenizer_gives_the_ids_of_tokenizers(
    copy: Path, pattern: str | None
) -> None:
    (copy / "tokenizer.model").unlink()
    tokenizer = Tokenizer(models.BPE())
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=pattern is None)
    split = [pre_tokenizers.Split(Regex(pattern), "isolated")] if pattern else []
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([*split, byte_level])
    texts = [*load_cookbook().dishes, "It's 12345 g.\n\n  We'LL see  \r\n", "A\tb 3人分で １２３"]
    trainer = trainers.BpeTrainer(
        vocab_size=1000,
        special_tokens=["<|end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.save(str(copy / "tokenizer.json"))
    convert(copy, copy / "F32.gguf", "F32")
    engine = LlamaCppEngine(copy / "F32.gguf", 256, threads=1)

    for text in [*texts[-2:], *texts[:40], "龘😀 don't", "<|end|>"]:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        assert engine.tokenize(text, special=True) == ids, text


def test_tokens_that_are_added_to_the_pieces_are_special(copy: Path) -> None:
    size = sentencepiece.SentencePieceProcessor(
        model_file=str(copy / "tokenizer.model")
    ).vocab_size()
    added = [
        {"id": size, "content": "<|user|>", "special": True},
        {"id": size + 1, "content": "<tool>", "special": False},
    ]
    (copy / "tokenizer.json").write_text(json.dumps({"added_tokens": added}))
    convert(copy, copy / "F32.gguf", "F32")
    engine = LlamaCppEngine(copy / "F32.gguf", 256, threads=1)

    assert engine.special_tokens("<s><|user|>卵<tool></s>") == ["<s>", "<|user|>", "</s>"]
    assert engine.tokenize("<|user|>", special=True) == [size]


@pytest.mark.parametrize("safe", [True, False], ids=["safetensors", "pickle"])
def test_weights_in_several_files_are_those_in_one(llama: Path, copy: Path, *, safe: bool) -> None:
    model = LlamaForCausalLM.from_pretrained(llama)
    (copy / "model.safetensors").unlink()
    if safe:
        model.save_pretrained(copy, max_shard_size="100KB")
        assert len(list(copy.glob("model-*.safetensors"))) > 1
    else:
        halves: list[dict[str, Any]] = [{}, {}]
        for number, (name, weights) in enumerate(model.state_dict().items()):
            halves[number % 2][name] = weights
        for number, half in enumerate(halves):
            torch.save(half, copy / f"pytorch_model-{number}.bin")
        weight_map = {
            name: f"pytorch_model-{number}.bin"
            for number, half in enumerate(halves)
            for name in half
        }
        index = copy / "pytorch_model.bin.index.json"
        index.write_text(json.dumps({"weight_map": weight_map}))
    change(copy / "config.json", _name_or_path="same")
    whole = Path(shutil.copytree(llama, copy.parent / "whole"))
    change(whole / "config.json", _name_or_path="same")

    for folder in (copy, whole):
        convert(folder, folder / "F32.gguf", "F32")

    assert (copy / "F32.gguf").read_bytes() == (whole / "F32.gguf").read_bytes()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"rope_parameters": {"rope_type": "llama3", "factor": 8.0}}, "rope of type 'llama3'"),
        ({"rope_parameters": None, "rope_scaling": {"type": "linear"}}, "rope of type 'linear'"),
        ({"vocab_size": 100}, "vocab_size 100"),
        ({"model_type": "mamba"}, "'mamba' cannot be converted, only gpt2, gpt_neox"),
    ],
)
def test_a_configuration_that_would_be_converted_wrongly_is_refused(
    copy: Path, changes: dict[str, Any], told: str
) -> None:
    change(copy / "config.json", **changes)

    with pytest.raises(ConversionError, match=told):
        convert(copy, copy / "F32.gguf", "F32")


def test_a_missing_value_of_the_configuration_is_named(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    del config["rms_norm_eps"]
    (copy / "config.json").write_text(json.dumps(config))

    with pytest.raises(ConversionError, match="'rms_norm_eps' is missing"):
        convert(copy, copy / "F32.gguf", "F32")


BYTE_PAIRS = {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}


@pytest.mark.parametrize(
    ("tokenizer", "told"),
    [
        ({"model": {"type": "WordPiece"}}, "model of type 'WordPiece'"),
        ({"model": BYTE_PAIRS, "normalizer": {"type": "Lowercase"}}, "normalizer of type 'Lowerc"),
        ({"model": BYTE_PAIRS, "pre_tokenizer": {"type": "Metaspace"}}, "unknown pre_tokenizer"),
        (
            {
                "model": BYTE_PAIRS,
                "pre_tokenizer": {"type": "ByteLevel"},
                "added_tokens": [{"id": 9, "content": "<x>", "special": True}],
            },
            "no token has the id 2",
        ),
    ],
)
def test_a_tokenizer_that_llama_cpp_does_not_have_is_refused(
    copy: Path, tokenizer: dict[str, Any], told: str
) -> None:
    (copy / "tokenizer.model").unlink()
    (copy / "tokenizer.json").write_text(json.dumps(tokenizer))

    with pytest.raises(ConversionError, match=told):
        convert(copy, copy / "F32.gguf", "F32")


def test_a_unigram_model_without_a_dummy_prefix_is_refused(copy: Path) -> None:
    (copy / "tokenizer.model").write_bytes(pieces(model_type="unigram", add_dummy_prefix=False))

    with pytest.raises(ConversionError, match="without a dummy prefix"):
        convert(copy, copy / "F32.gguf", "F32")


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.model"])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()

    with pytest.raises(ConversionError, match=name):
        convert(copy, copy / "F32.gguf", "F32")


def test_the_command_converts_or_says_why_not(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = copy / "out.gguf"
    monkeypatch.setattr("sys.argv", ["chef_convert", str(copy), str(output), "--type", "F32"])
    main()
    assert LlamaCppEngine(output, 256, threads=1).context_length == 256

    (copy / "config.json").unlink()
    with pytest.raises(SystemExit, match=r"chef_convert: .*config\.json is missing"):
        main()
