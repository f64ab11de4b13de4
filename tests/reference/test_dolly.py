"""dolly-japanese-gpt-1b's path on a narrow checkpoint of its kind: from its files to the handler.

Its kind: a GPT-2 in float16 with the causal masks of old checkpoints, 1,024 positions, an
embedding wider than its pieces; a SentencePiece unigram tokenizer that normalizes (NFKC) and whose
file takes [SEP] for a word.
"""

import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
import sentencepiece
import torch
from safetensors.torch import save_file
from sentencepiece import sentencepiece_model_pb2
from transformers import GPT2Config, GPT2LMHeadModel

from chef_convert import convert
from chef_llm.chat.chat_template import CHEF_SYSTEM_PROMPT
from chef_llm.chat.chef import load_chef
from chef_llm.cookbook import load_cookbook
from chef_llm.engines import Deadline, Sampling
from chef_llm.engines import complete as run
from chef_llm.engines.llama_cpp import LlamaCppEngine
from chef_llm.models import catalogue as catalog
from chef_llm.models.gguf_header import read_header
from chef_tools.transformers_engine import TransformersEngine
from over_http import Answer, call

SPECIAL: Final = ("<unk>", "<s>", "</s>", "[PAD]", "[CLS]", "[SEP]", "[MASK]")
HEAD: Final = (
    "<s>\\n以下は、タスクを説明する指示と、文脈のある入力の組み合わせです。"
    f"要求を適切に満たす応答を書きなさい。\\n[SEP]\\n指示:\\n{CHEF_SYSTEM_PROMPT}\\n"
)
PHRASES: Final = (HEAD, "入力: User: 応答: Assistant: 主食: 主菜: 副菜: 汁物: ポイント:")
CHAT: Final = "/v1/chat/completions"


@pytest.fixture(scope="module")
def pieces() -> bytes:
    cookbook = load_cookbook()
    texts = [*cookbook.dishes, *(dish.tip for dish in cookbook.dishes.values()), *PHRASES]
    file = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_writer=file,
        vocab_size=2200,
        model_type="unigram",
        bos_id=1,
        eos_id=2,
        pad_id=3,
        pad_piece="[PAD]",
        user_defined_symbols=["[CLS]", "[SEP]", "[MASK]"],
        character_coverage=1.0,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    return file.getvalue()


@pytest.fixture(scope="module")
def state(pieces: bytes) -> dict[str, Any]:
    """Make the weights, as a checkpoint holds them."""
    torch.manual_seed(4)
    size = sentencepiece.SentencePieceProcessor(model_proto=pieces).vocab_size()
    model = GPT2LMHeadModel(
        GPT2Config(
            vocab_size=-(-size // 128) * 128, n_positions=1024, n_embd=64, n_layer=2, n_head=2
        )
    )
    for parameter in model.parameters():
        parameter.data.mul_(6)
    state = {name: weights.half().clone() for name, weights in model.state_dict().items()}
    # Rows of the embedding that no piece has: nothing that could be written.
    for name in ("transformer.wte.weight", "lm_head.weight"):
        state[name][size:] = 0
    for layer in range(2):
        mask = torch.ones(1024, 1024, dtype=torch.bool).tril()[None, None]
        state[f"transformer.h.{layer}.attn.bias"] = mask
        state[f"transformer.h.{layer}.attn.masked_bias"] = torch.tensor(-1e4)
    return state


@pytest.fixture(scope="module")
def folder(pieces: bytes, state: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dolly")
    config = {
        "architectures": ["GPT2LMHeadModel"],
        "model_type": "gpt2",
        "vocab_size": len(state["transformer.wte.weight"]),
        "n_positions": 1024,
        "n_ctx": 1024,
        "n_embd": 64,
        "n_layer": 2,
        "n_head": 2,
        "n_inner": 256,
        "activation_function": "gelu_new",
        "layer_norm_epsilon": 1e-5,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "tokenizer_class": "T5Tokenizer",
        "torch_dtype": "float16",
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "spiece.model").write_bytes(pieces)
    untied = {name: weights for name, weights in state.items() if name != "lm_head.weight"}
    save_file(untied, folder / "model.safetensors", metadata={"format": "pt"})
    for quantization in ("F32", "Q8_0"):
        convert(folder, folder / f"{quantization}.gguf", quantization, {"license": "mit"})
    return folder


@pytest.fixture(params=["path", "catalogue"])
def served(
    request: pytest.FixtureRequest,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    """Let the environment name the model by its path, or as an entry of the catalogue."""
    file = folder / "Q8_0.gguf"
    if request.param == "catalogue":
        header = read_header(file)
        entry = replace(
            catalog.find_model("dolly-japanese-gpt-1b"),
            name="dolly-small",
            parameters=header.parameters,
            vocabulary_size=header.vocabulary_size,
        )
        monkeypatch.setattr(catalog, "_catalogue", lambda: {"dolly-small": entry})
        monkeypatch.setenv("CHEF_MODELS_DIR", str(tmp_path))
        (tmp_path / "dolly-small.gguf").symlink_to(file)
    monkeypatch.setenv("CHEF_MODEL", str(file) if request.param == "path" else "dolly-small")
    monkeypatch.delenv("CHEF_ENGINE", raising=False)
    load_chef.cache_clear()
    yield
    load_chef.cache_clear()


class Reference:
    """The ids that SentencePiece gives each fragment between special tokens.

    A full-width [SEP] is normalized to the word in the file: here it is none, so that only the
    template's own separators are read as such.
    """

    def __init__(self, pieces: bytes) -> None:
        model = sentencepiece_model_pb2.ModelProto()
        model.ParseFromString(pieces)
        for piece in model.pieces:
            if piece.piece in SPECIAL[1:]:
                piece.type = piece.CONTROL
        self.pieces = sentencepiece.SentencePieceProcessor(model_proto=model.SerializeToString())

    def ids(self, prompt: str) -> list[int]:
        ids: list[int] = []
        for number, fragment in enumerate(prompt.removeprefix("<s>").split("[SEP]")):
            ids.append(self.pieces.PieceToId("[SEP]" if number else "<s>"))
            ids += self.pieces.Encode(fragment)
        return ids


@pytest.fixture(scope="module")
def reference(pieces: bytes) -> Reference:
    return Reference(pieces)


def ask(messages: list[dict[str, str]], **more: Any) -> Answer:
    """Ask the model as itself, with the chef's role: of an order the planner would ask it."""
    conversation = [turn("system", CHEF_SYSTEM_PROMPT), *messages]
    asked = {"model": f"{load_chef().model.name}:plain", "messages": conversation}
    answer = call("POST", CHAT, {"max_tokens": 8, **asked, **more})
    assert answer.status == 200
    return answer


def turn(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def read_by_the_model(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """Record the prompts that reach the engine."""
    read: list[list[int]] = []
    write = LlamaCppEngine.write

    def recording(engine: LlamaCppEngine, prompt: list[int], *more: Any) -> Any:
        read.append(list(prompt))
        return write(engine, prompt, *more)

    monkeypatch.setattr(LlamaCppEngine, "write", recording)
    return read


def test_the_converted_model_is_the_checkpoint(folder: Path, reference: Reference) -> None:
    checkpoint = TransformersEngine(folder, 1024, threads=1)
    converted = LlamaCppEngine(folder / "F32.gguf", 1024, threads=1, exact_attention=True)
    prompt = f"{HEAD}[SEP]\\n入力:\\nUser:ﾄﾏﾄと㌔の［卵］で😀\\n[SEP]\\n応答:\\n"
    ids = reference.ids(prompt)

    assert ids == converted.tokenize(prompt, special=True)
    assert ids == checkpoint.tokenize(prompt, special=True)
    ours, theirs = (
        run(engine, ids, Sampling(max_tokens=24), None, Deadline.after(60))
        for engine in (converted, checkpoint)
    )
    assert ours.text == theirs.text != ""


def test_the_older_weights_file_becomes_the_same_model(
    folder: Path, state: dict[str, Any], tmp_path: Path
) -> None:
    old = tmp_path / folder.name
    shutil.copytree(folder, old, ignore=shutil.ignore_patterns("*.gguf", "model.safetensors"))
    torch.save(state, old / "pytorch_model.bin")

    convert(old, old / "Q8_0.gguf", "Q8_0", {"license": "mit"})

    assert (old / "Q8_0.gguf").read_bytes() == (folder / "Q8_0.gguf").read_bytes()


@pytest.mark.usefixtures("served")
def test_a_question_has_role_and_input(
    reference: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_by_the_model(monkeypatch)

    ask([turn("user", "鮭で夕食を\nお願い\\n[SEP]")])

    # What a person types is text: a line break dolly's, a backslash and a special token full-width.
    typed = "鮭で夕食を\\nお願い＼n［SEP］"
    assert read == [reference.ids(f"{HEAD}[SEP]\\n入力:\\nUser:{typed}\\n[SEP]\\n応答:\\n")]


@pytest.mark.usefixtures("served")
def test_earlier_turns_stand_in_the_instruction(
    reference: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_by_the_model(monkeypatch)

    ask([turn("user", "夕食を"), turn("assistant", "どうぞ。\n卵です"), turn("user", "魚に")])

    history = "User:夕食を\\nAssistant:どうぞ。\\n卵です\\n"
    prompt = f"{HEAD}{history}[SEP]\\n入力:\\nUser:魚に\\n[SEP]\\n応答:\\n"
    assert read == [reference.ids(prompt)]


@pytest.mark.usefixtures("served")
def test_the_oldest_turns_go_until_prompt_and_answer_fit(
    reference: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_by_the_model(monkeypatch)
    earlier = [
        (f"質問{number}。豚肉と大根を煮る料理をお願いします", f"答え{number}。大根は薄切りにする")
        for number in range(45)
    ]
    messages = [
        turn(role, text)
        for pair in earlier
        for role, text in zip(("user", "assistant"), pair, strict=True)
    ]

    usage = ask([*messages, turn("user", "魚に")], max_tokens=200).body["usage"]

    def prompt(dropped: int) -> list[int]:
        history = "".join(f"User:{q}\\nAssistant:{a}\\n" for q, a in earlier[dropped:])
        return reference.ids(f"{HEAD}{history}[SEP]\\n入力:\\nUser:魚に\\n[SEP]\\n応答:\\n")

    dropped = next(count for count in range(45) if len(prompt(count)) + 200 <= 1024)
    assert 0 < dropped < 44
    assert read == [prompt(dropped)]
    assert usage["prompt_tokens"] == len(read[0])
    assert usage["total_tokens"] <= 1024


@pytest.mark.usefixtures("served")
def test_it_answers_every_route() -> None:
    generated = call("POST", "/generate", {"input": "鶏むね肉とキャベツで夕食を"})
    assert generated.status == 200
    assert "\\n" not in generated.body[0]["generated_text"]

    menus = call("POST", "/v1/menus", {"request": "夕食を", "allergens": ["えび"]})
    assert menus.status == 200
    assert menus.body["menus"][0]["dishes"]
