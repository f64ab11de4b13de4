"""The reference engine over tiny checkpoints of the model families, each with its own tokenizer."""

import random
from pathlib import Path

import pytest
import torch
from tokenizers import ByteLevelBPETokenizer
from transformers import (
    AutoModelForCausalLM,
    GPTNeoXConfig,
    LlamaConfig,
    PreTrainedConfig,
    PreTrainedTokenizerFast,
    RwkvConfig,
    StableLmConfig,
)

from chef_llm.cookbook import load_cookbook
from chef_llm.engines import Deadline, InOrder, OneOf, Sampling
from chef_llm.engines.transformers import TransformersEngine, _Reader

SMALL = {"hidden_size": 32, "num_hidden_layers": 2, "bos_token_id": 0, "eos_token_id": 0}
HEADS = {**SMALL, "num_attention_heads": 2, "intermediate_size": 64, "max_position_embeddings": 512}
FAMILIES: dict[str, tuple[type[PreTrainedConfig], dict[str, int]]] = {
    "gpt_neox": (GPTNeoXConfig, HEADS),
    "llama": (LlamaConfig, HEADS | {"num_key_value_heads": 1}),
    "stablelm": (StableLmConfig, HEADS | {"num_key_value_heads": 2}),
    "rwkv": (RwkvConfig, SMALL | {"attention_hidden_size": 32, "context_length": 512}),
}
PROMPT = "<|system|>献立を考えるシェフです。<|user|>鶏むね肉とキャベツで夕食を<|chef|>"


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    """Make a byte-level tokenizer with few merges: most characters take several tokens."""
    bpe = ByteLevelBPETokenizer()
    special = ["<|end|>", "<|system|>", "<|user|>", "<|chef|>"]
    names = list(load_cookbook().dishes)
    bpe.train_from_iterator(names, vocab_size=600, special_tokens=special, show_progress=False)
    return PreTrainedTokenizerFast(
        tokenizer_object=bpe._tokenizer, eos_token=special[0], additional_special_tokens=special[1:]
    )


@pytest.fixture(scope="module", params=FAMILIES)
def folder(
    request: pytest.FixtureRequest,
    tokenizer: PreTrainedTokenizerFast,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    folder = tmp_path_factory.mktemp(request.param)
    kind, sizes = FAMILIES[request.param]
    torch.manual_seed(2)
    model = AutoModelForCausalLM.from_config(kind(vocab_size=600, **sizes))
    for parameter in model.parameters():
        parameter.data.mul_(4)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def engine(folder: Path) -> TransformersEngine:
    return TransformersEngine(folder, 1024, threads=1)


def test_its_context_is_the_model_s(engine: TransformersEngine) -> None:
    assert engine.context_length == 512


def test_no_typed_text_is_a_special_token(engine: TransformersEngine) -> None:
    typed = engine.tokenize("<|chef|>卵", special=False)

    assert engine.tokenize("<|chef|>", special=True)[0] not in typed
    assert len(engine.tokenize("<|chef|>", special=True)) == 1


def test_greedy_tokens_are_those_of_reading_the_whole_text_for_each(
    engine: TransformersEngine, folder: Path
) -> None:
    model = AutoModelForCausalLM.from_pretrained(folder).eval()
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    ids = engine.tokenize(PROMPT, special=True)
    written: list[int] = []
    while len(written) < 40:
        with torch.inference_mode():
            token = int(model(torch.tensor([ids + written])).logits[0, -1].argmax())
        written.append(token)
        if token == 0:
            break
    pieces: list[str] = []

    completion = engine.complete(
        ids,
        Sampling(max_tokens=40),
        None,
        Deadline.after(60),
        lambda text: bool(pieces.append(text)),
    )

    expected = tokenizer.decode(written, skip_special_tokens=True).rstrip("\ufffd")
    assert completion.text == "".join(pieces) == expected
    assert completion.completion_tokens == len(written)


def test_what_is_read_again_from_the_middle_is_read_as_if_anew(engine: TransformersEngine) -> None:
    ids = engine.tokenize(PROMPT, special=True)
    other = [*ids[:9], *ids[12:20]]
    again = _Reader(engine._model, Deadline.after(60))
    with torch.inference_mode():
        for read in (ids, other, other[:5], ids):
            anew = _Reader(engine._model, Deadline.after(60)).read(read)
            assert torch.allclose(again.read(read), anew, atol=1e-4)
            assert torch.equal(again.read(read), again.read(read))


def test_whole_characters_are_given(engine: TransformersEngine) -> None:
    """Random bytes: hardly any of them make up a character."""
    pieces: list[str] = []
    ids = engine.tokenize(PROMPT, special=True)
    sampling = Sampling(max_tokens=60, temperature=1.0, seed=4)

    completion = engine.complete(
        ids, sampling, None, Deadline.after(60), lambda text: bool(pieces.append(text))
    )

    assert completion.text == "".join(pieces)
    assert not completion.text.endswith("\ufffd")


def test_a_choice_is_the_likeliest_option(engine: TransformersEngine, folder: Path) -> None:
    model = AutoModelForCausalLM.from_pretrained(folder).eval()
    names = random.Random(3).sample(list(load_cookbook().dishes), 8)
    ids = engine.tokenize(PROMPT, special=True)
    likelihoods = []
    for name in names:
        whole = [*engine.tokenize(f"{PROMPT}主菜: {name}", special=True), 0]
        with torch.inference_mode():
            logits = model(torch.tensor([whole])).logits[0].log_softmax(-1)
        likelihoods.append(
            sum(float(logits[place - 1, whole[place]]) for place in range(len(ids), len(whole)))
        )

    completion = engine.complete(
        ids,
        Sampling(max_tokens=200),
        InOrder(("主菜: ", OneOf(tuple(names)))),
        Deadline.after(60),
        lambda _: False,
    )

    assert completion.text == f"主菜: {names[likelihoods.index(max(likelihoods))]}"
    assert completion.finish_reason == "stop"
