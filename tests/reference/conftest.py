"""A small checkpoint as kondate's is, and what reads it."""

from pathlib import Path

import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel

from chef_convert import convert
from chef_llm.cookbook import load_cookbook
from chef_llm.engines.llama_cpp import LlamaCppEngine
from chef_train.corpus import Corpus
from chef_train.tokenizer import SPECIAL_TOKENS, Tokenizer, build


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small GPT-2 of random weights with a tokenizer made as kondate's is."""
    folder = tmp_path_factory.mktemp("checkpoint")
    corpus = Corpus(load_cookbook(), "reference")
    corpus.writer.unfamiliar_share = 0.0
    examples = corpus.examples()
    texts = [turn.content for _ in range(2000) for turn in next(examples).messages]
    (folder / "spiece.model").write_bytes(build(texts, load_cookbook()))
    torch.manual_seed(1)
    config = GPT2Config(
        vocab_size=Tokenizer(folder / "spiece.model").size,
        n_positions=1024,
        n_embd=64,
        n_layer=2,
        n_head=2,
        bos_token_id=1,
        eos_token_id=2,
    )
    model = GPT2LMHeadModel(config)
    # Weights that are far from equal make far from equal logits: no ties between tokens.
    for parameter in model.parameters():
        parameter.data.mul_(6)
    # The bytes' logits are zero: random bytes would be no text to compare.
    model.transformer.wte.weight.data[len(SPECIAL_TOKENS) : len(SPECIAL_TOKENS) + 256] = 0
    model.save_pretrained(folder)
    for quantization in ("F32", "Q8_0", "Q4_0"):
        convert(folder, folder / f"{quantization}.gguf", quantization, {"license": "mit"})
    return folder


@pytest.fixture(scope="session")
def engine(checkpoint: Path) -> LlamaCppEngine:
    return LlamaCppEngine(checkpoint / "F32.gguf", 1024, threads=1, exact_attention=True)


@pytest.fixture(scope="session")
def tokenizer(checkpoint: Path) -> Tokenizer:
    return Tokenizer(checkpoint / "spiece.model")
