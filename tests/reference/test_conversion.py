"""The converted model against its references: SentencePiece for ids, transformers for tokens."""

import json
from pathlib import Path

import gguf
import pytest
import torch
from reference_prompts import has_tie, prompts
from transformers import GPT2LMHeadModel

from chef_convert import ConversionError, convert
from chef_convert.conversion import gguf_names
from chef_llm.cookbook import load_cookbook
from chef_llm.engines import Deadline, Sampling
from chef_llm.engines import complete as run
from chef_llm.engines.llama_cpp import LlamaCppEngine
from chef_train.tokenizer import SPECIAL_TOKENS, Tokenizer

HARD_STRINGS = [
    "ＡＢＣ　１２３　全角の文字",
    "ﾊﾝｶｸｶﾅでﾄﾘﾑﾈ",
    "😀🍣を食べたい🍺",
    "[SEP]</s><s>[PAD]",
    "  空白が  二つ ",
    "㍻①㈱",
    "か\u3099は濁点つき",
    "改行\nとタブ\t",
    "\\n\\n",
    "𠮷野家の牛丼",
    "",
]


def test_held_out_prompts_have_the_ids_of_sentencepiece(
    engine: LlamaCppEngine, tokenizer: Tokenizer
) -> None:
    for prompt in prompts(60):
        assert engine.tokenize(prompt, special=True) == tokenizer.encode(prompt), prompt


@pytest.mark.parametrize("text", HARD_STRINGS)
def test_hard_strings_have_the_ids_of_sentencepiece(
    engine: LlamaCppEngine, tokenizer: Tokenizer, text: str
) -> None:
    assert engine.tokenize(text, special=False) == list(tokenizer.pieces.Encode(text))


def test_special_tokens_keep_the_ids_of_dolly(tokenizer: Tokenizer) -> None:
    assert [tokenizer.pieces.IdToPiece(index) for index in range(7)] == list(SPECIAL_TOKENS)


def test_every_character_of_the_cookbook_has_a_piece(tokenizer: Tokenizer) -> None:
    unknown = tokenizer.pieces.unk_id()
    for dish in load_cookbook().dishes.values():
        for text in (dish.name, dish.tip, *dish.steps):
            assert unknown not in tokenizer.pieces.Encode(text), text


def test_every_dish_is_one_piece(tokenizer: Tokenizer) -> None:
    for name in load_cookbook().dishes:
        ids = tokenizer.encode_answer(name)
        assert len(ids) == 2, name  # the dish and </s>


def test_greedy_tokens_are_those_of_transformers(
    checkpoint: Path, engine: LlamaCppEngine, tokenizer: Tokenizer
) -> None:
    reference = GPT2LMHeadModel.from_pretrained(checkpoint).eval()
    clear = [ids for ids in map(tokenizer.encode, prompts(8)) if not has_tie(reference, ids, 24)]
    assert len(clear) >= 10  # of 16
    for ids in clear:
        written = reference.generate(
            torch.tensor([ids]),
            attention_mask=torch.ones(1, len(ids)),
            max_new_tokens=24,
            do_sample=False,
            pad_token_id=tokenizer.pad,
            eos_token_id=tokenizer.end,
        )[0][len(ids) :].tolist()
        if tokenizer.end in written:
            written = written[: written.index(tokenizer.end)]
        expected = "".join(_surface(tokenizer, token) for token in written)
        completion = run(engine, ids, Sampling(max_tokens=24), None, Deadline.after(30))
        assert completion.text.strip() == expected.strip()


def _surface(tokenizer: Tokenizer, token: int) -> str:
    """Return what llama.cpp prints for a token: its piece with spaces, nothing for a special."""
    piece = tokenizer.pieces.IdToPiece(token)
    return "" if piece in SPECIAL_TOKENS else piece.replace("▁", " ")


def test_a_grammar_can_ask_for_a_character_that_no_piece_covers(
    engine: LlamaCppEngine, tokenizer: Tokenizer
) -> None:
    assert tokenizer.pieces.unk_id() in tokenizer.pieces.Encode("龘")
    completion = run(
        engine,
        engine.tokenize(prompts(1)[0], special=True),
        Sampling(max_tokens=32),
        "\\n主菜: 龘の煮つけ",
        Deadline.after(30),
    )
    assert completion.text.strip() == "\\n主菜: 龘の煮つけ"


@pytest.mark.parametrize("quantization", ["Q8_0", "Q4_0"])
def test_a_quantized_file_loads_and_writes(checkpoint: Path, quantization: str) -> None:
    engine = LlamaCppEngine(checkpoint / f"{quantization}.gguf", 1024, threads=1)
    prompt = engine.tokenize(prompts(1)[0], special=True)
    completion = run(engine, prompt, Sampling(max_tokens=8), None, Deadline.after(30))
    assert 1 <= completion.completion_tokens <= 8


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("transformer.wte.weight", "token_embd.weight"),
        ("transformer.h.11.attn.c_attn.bias", "blk.11.attn_qkv.bias"),
        ("h.0.mlp.c_proj.weight", "blk.0.ffn_down.weight"),
        ("transformer.ln_f.bias", "output_norm.bias"),
    ],
)
def test_tensor_names(name: str, expected: str) -> None:
    assert gguf_names(gguf.MODEL_ARCH.GPT2, [name]) == {name: expected}


def test_an_unknown_tensor_is_named() -> None:
    with pytest.raises(ConversionError, match="rotary"):
        gguf_names(gguf.MODEL_ARCH.GPT2, ["transformer.h.0.rotary.weight"])


@pytest.mark.parametrize("family", ["rwkv", "qwen2", None])
def test_another_family_is_refused_with_those_that_are_known(
    tmp_path: Path, family: str | None
) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": family}))
    with pytest.raises(ConversionError, match=rf"{family}.*gpt2, gpt_neox, llama, stablelm"):
        convert(tmp_path, tmp_path / "out.gguf")


def test_a_missing_tokenizer_is_named(checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text((checkpoint / "config.json").read_text())
    with pytest.raises(ConversionError, match=r"spiece\.model"):
        convert(tmp_path, tmp_path / "out.gguf")


def test_masks_and_a_tied_head_are_left_out_of_the_file(checkpoint: Path, tmp_path: Path) -> None:
    for name in ("config.json", "spiece.model"):
        (tmp_path / name).write_bytes((checkpoint / name).read_bytes())
    state = GPT2LMHeadModel.from_pretrained(checkpoint).state_dict()
    state["transformer.h.0.attn.bias"] = torch.ones(1, 1, 8, 8)
    state["transformer.h.0.attn.masked_bias"] = torch.tensor(-1e4)
    torch.save(state, tmp_path / "pytorch_model.bin")
    convert(tmp_path, tmp_path / "old.gguf", "Q8_0", {"license": "mit"})
    old, new = (tmp_path / "old.gguf").stat().st_size, (checkpoint / "Q8_0.gguf").stat().st_size
    assert abs(old - new) < 256  # only the model's name differs
