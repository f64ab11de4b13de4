"""Every model family, as a tiny checkpoint: the engines over it, and the handler over those."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import ByteLevelBPETokenizer
from transformers import (
    AutoModelForCausalLM,
    GPT2Config,
    GPTNeoXConfig,
    LlamaConfig,
    PreTrainedConfig,
    PreTrainedTokenizerFast,
    RwkvConfig,
    StableLmConfig,
)

from chef_convert import convert
from chef_convert.families import FAMILIES as CONVERTIBLE
from chef_llm.chat.chef import load_chef
from chef_llm.cookbook import load_cookbook
from chef_llm.engines import Deadline, InOrder, OneOf, Sampling
from chef_llm.engines import complete as run
from chef_llm.engines.llama_cpp import LlamaCppEngine
from chef_tools.transformers_engine import TransformersEngine, _Memory
from over_http import call

SMALL = {"hidden_size": 64, "num_hidden_layers": 2, "bos_token_id": 0, "eos_token_id": 0}
HEADS = {**SMALL, "num_attention_heads": 4, "intermediate_size": 64, "max_position_embeddings": 512}
# The heads share keys and values or do not, rotate by a part of their values or by all.
FAMILIES: dict[str, tuple[type[PreTrainedConfig], dict[str, Any]]] = {
    "gpt2": (GPT2Config, {"n_embd": 64, "n_layer": 2, "n_head": 4, "n_positions": 512}),
    "gpt_neox": (GPTNeoXConfig, HEADS),
    "gpt_neox serial": (
        GPTNeoXConfig,
        HEADS | {"use_parallel_residual": False, "tie_word_embeddings": True},
    ),
    "llama": (LlamaConfig, HEADS | {"num_key_value_heads": 2}),
    "llama tied": (LlamaConfig, HEADS | {"tie_word_embeddings": True, "head_dim": 32}),
    "stablelm": (StableLmConfig, HEADS | {"num_key_value_heads": 2}),
    "stablelm parallel": (
        StableLmConfig,
        HEADS | {"num_key_value_heads": 4, "use_parallel_residual": True, "use_qkv_bias": True},
    ),
    "rwkv": (RwkvConfig, SMALL | {"attention_hidden_size": 64, "context_length": 512}),
}
TEMPLATE = (
    "{% for message in messages %}"
    "{{ ('<|chef|>' if message.role == 'assistant' else '<|' + message.role + '|>')"
    " + message.content + eos_token }}{% endfor %}<|chef|>"
)
PROMPT = "<|system|>献立を考えるシェフです。<|user|>鶏むね肉とキャベツで夕食を<|chef|>"


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    """Make a byte-level tokenizer with few merges: most characters take several tokens."""
    bpe = ByteLevelBPETokenizer()
    special = ["<|end|>", "<|system|>", "<|user|>", "<|chef|>"]
    names = list(load_cookbook().dishes)
    bpe.train_from_iterator(names, vocab_size=600, special_tokens=special, show_progress=False)
    return PreTrainedTokenizerFast(
        tokenizer_object=bpe._tokenizer,
        eos_token=special[0],
        additional_special_tokens=special[1:],
        chat_template=TEMPLATE,
    )


@pytest.fixture(scope="module", params=FAMILIES)
def folder(
    request: pytest.FixtureRequest,
    tokenizer: PreTrainedTokenizerFast,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    family = request.param
    folder = tmp_path_factory.mktemp(family.replace(" ", "-"))
    kind, sizes = FAMILIES[family]
    torch.manual_seed(2)
    config = kind(**{"vocab_size": 608, "bos_token_id": 0, "eos_token_id": 0} | sizes)
    model = AutoModelForCausalLM.from_config(config)
    for parameter in model.parameters():
        parameter.data.mul_(6)
    head = model.get_output_embeddings().weight.data
    head[[token for token in range(608) if not is_text(tokenizer, token)]] = 0
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    if config.model_type in CONVERTIBLE:
        convert(folder, folder / "F32.gguf", "F32")
    return folder


def is_text(tokenizer: PreTrainedTokenizerFast, token: int) -> bool:
    """Tell whether a token has whole characters: text that two engines can be compared by."""
    return 0 < token < 600 and "\ufffd" not in tokenizer.decode([token])


@pytest.fixture(scope="module")
def engine(folder: Path) -> TransformersEngine:
    return TransformersEngine(folder, 1024, threads=1)


@pytest.fixture(scope="module")
def llama_cpp(folder: Path) -> LlamaCppEngine:
    file = folder / "F32.gguf"
    if not file.exists():
        pytest.skip("llama.cpp does not run RWKV-4")
    return LlamaCppEngine(file, 1024, threads=1, exact_attention=True)


# The reference engine.


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

    writing = engine.write(ids, Sampling(max_tokens=40), None, Deadline.after(60))
    pieces = list(writing)
    completion = writing.completion

    expected = tokenizer.decode(written, skip_special_tokens=True).rstrip("\ufffd")
    assert completion.text == "".join(pieces) == expected
    assert completion.completion_tokens == len(written)


def test_what_is_read_again_from_the_middle_is_read_as_if_anew(engine: TransformersEngine) -> None:
    ids = engine.tokenize(PROMPT, special=True)
    other = [*ids[:9], *ids[12:20]]
    again = _Memory(engine._model, Deadline.after(60))
    with torch.inference_mode():
        for read in (ids, other, other[:5], ids):
            anew = _Memory(engine._model, Deadline.after(60)).read(read)
            assert torch.allclose(again.read(read), anew, atol=1e-4)
            assert torch.equal(again.read(read), again.read(read))


def test_whole_characters_are_given(engine: TransformersEngine) -> None:
    """Random bytes: hardly any of them make up a character."""
    pieces: list[str] = []
    ids = engine.tokenize(PROMPT, special=True)
    sampling = Sampling(max_tokens=60, temperature=5.0, seed=4)

    writing = engine.write(ids, sampling, None, Deadline.after(60))
    pieces = list(writing)
    completion = writing.completion

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

    completion = run(
        engine,
        ids,
        Sampling(max_tokens=200),
        InOrder(("主菜: ", OneOf(tuple(names)))),
        Deadline.after(60),
    )

    assert completion.text == f"主菜: {names[likelihoods.index(max(likelihoods))]}"
    assert completion.finish_reason == "stop"


# llama.cpp with the converted file.

TEXTS = [
    PROMPT,
    "<|user|>A b  C 12345 !? don't\n\n　全角 龘😀<|chef|>",
    "卵",
    "<|end|><|chef|>",
]


@pytest.mark.parametrize("special", [True, False])
def test_a_converted_tokenizer_gives_the_same_ids(
    engine: TransformersEngine, llama_cpp: LlamaCppEngine, special: bool
) -> None:
    for text in TEXTS:
        assert llama_cpp.tokenize(text, special=special) == engine.tokenize(text, special=special)
        assert llama_cpp.special_tokens(text) == engine.special_tokens(text)


def test_a_converted_model_writes_the_greedy_tokens_of_transformers(
    engine: TransformersEngine, llama_cpp: LlamaCppEngine
) -> None:
    for text in TEXTS:
        ids = engine.tokenize(text, special=True)
        ours, theirs = (
            run(one, ids, Sampling(max_tokens=24), None, Deadline.after(60))
            for one in (llama_cpp, engine)
        )
        assert ours.text == theirs.text != ""
        assert ours.completion_tokens == theirs.completion_tokens


def test_a_converted_file_has_the_template_and_the_context_of_its_checkpoint(
    engine: TransformersEngine, llama_cpp: LlamaCppEngine
) -> None:
    ours, theirs = llama_cpp.own_template, engine.own_template

    assert ours is not None
    assert theirs is not None
    assert (
        (ours.source, ours.eos_token)
        == (theirs.source, theirs.eos_token)
        == (
            TEMPLATE,
            "<|end|>",
        )
    )
    assert llama_cpp.context_length == engine.context_length


# The handler, with the model that the environment names.

QUESTION = "鶏むね肉とキャベツで、2人分の夕食をお願いします"


@pytest.fixture(params=["transformers", "llama_cpp"])
def served(
    request: pytest.FixtureRequest, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Let the environment name the model; give the name that the chef should know it by."""
    path = folder if request.param == "transformers" else folder / "F32.gguf"
    if not path.exists():
        pytest.skip("llama.cpp does not run RWKV-4")
    monkeypatch.setenv("CHEF_ENGINE", request.param)
    monkeypatch.setenv("CHEF_MODEL", str(path))
    monkeypatch.setenv("CHEF_THREADS", "1")
    load_chef.cache_clear()
    yield path.name.removesuffix(".gguf")
    load_chef.cache_clear()


def test_every_route_answers(served: str, tokenizer: PreTrainedTokenizerFast) -> None:
    health = call("GET", "/health")
    assert (health.status, health.body["model"]) == (200, served)

    # As itself: of an order the planner would ask it.
    plain = {"model": f"{served}:plain"}
    parameters = {"max_new_tokens": 8, "do_sample": False}
    generated = call("POST", "/generate", {"inputs": QUESTION, "parameters": parameters, **plain})
    assert generated.status == 200
    assert generated.body[0]["generated_text"]

    turns = [{"role": "user", "content": QUESTION}]
    fields = {"messages": turns, "max_tokens": 8, "temperature": 0, **plain}
    chat = call("POST", "/v1/chat/completions", fields)
    assert chat.status == 200
    assert chat.body["choices"][0]["message"]["content"].startswith(
        generated.body[0]["generated_text"]
    )
    prompt = tokenizer.apply_chat_template(turns, return_dict=False)
    assert chat.body["usage"]["prompt_tokens"] == len(prompt)
    assert 1 <= chat.body["usage"]["completion_tokens"] <= 8

    menus = call("POST", "/v1/menus", {"request": QUESTION, "allergens": ["卵"]})
    assert menus.status == 200
    [menu] = menus.body["menus"]
    assert {dish["role"] for dish in menu["dishes"]} >= {"主食", "主菜", "副菜", "汁物"}
    assert "卵" not in menu["allergens"]
