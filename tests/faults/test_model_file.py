"""A model's file that is missing, cut off, another one, or put right while the process runs."""

import json
import random
from pathlib import Path
from typing import Any, Final

import pytest
from fresh_handler import QUESTION, ask_fresh_handler, post

from chef_llm.models.catalogue import find_model

SHIPPED: Final = find_model("kondate").path
ASK: Final = post("/generate", QUESTION)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Return a copy of the shipped model, to be spoilt."""
    copy = tmp_path / "model.gguf"
    copy.write_bytes(SHIPPED.read_bytes())
    return copy


def assert_unavailable(answer: dict[str, Any]) -> None:
    assert answer["statusCode"] == 503
    error = json.loads(answer["body"])["error"]
    assert error["code"] == "model_unavailable"
    assert "model.gguf" in error["message"]
    assert "/" not in error["message"], "a caller learns no path of the server's"


def test_a_missing_file_is_a_503_at_every_request(model: Path) -> None:
    model.unlink()
    for answer in ask_fresh_handler([ASK, ASK], {"CHEF_MODEL": str(model)}):
        assert_unavailable(answer)


@pytest.mark.parametrize("share", [0.0, 0.00001, 0.01, 0.5, 0.99999])
def test_a_file_that_is_cut_off_is_a_503(model: Path, share: float) -> None:
    whole = model.read_bytes()
    model.write_bytes(whole[: int(len(whole) * share)])
    [answer] = ask_fresh_handler([ASK], {"CHEF_MODEL": str(model)})
    assert_unavailable(answer)


@pytest.mark.parametrize(
    "content",
    [
        b"no model at all\n" * 1000,
        random.Random(1).randbytes(100_000),
        b"GGUF" + random.Random(2).randbytes(100_000),
        SHIPPED.read_bytes().replace(b"gpt2", b"gpt9"),
    ],
    ids=["text", "noise", "noise with a GGUF's first bytes", "unknown architecture"],
)
def test_another_file_is_a_503(model: Path, content: bytes) -> None:
    model.write_bytes(content)
    [answer] = ask_fresh_handler([ASK], {"CHEF_MODEL": str(model)})
    assert_unavailable(answer)


@pytest.mark.parametrize("seed", range(4))
def test_a_file_with_wrong_bytes_ends_no_process(model: Path, seed: int) -> None:
    """Its metadata are in the first bytes; wrong weights cannot be told from right ones."""
    rng, content = random.Random(seed), bytearray(SHIPPED.read_bytes())
    for at in rng.sample(range(4, 4000), 4):
        content[at] = rng.randrange(256)
    model.write_bytes(content)
    [answer] = ask_fresh_handler([ASK], {"CHEF_MODEL": str(model)})
    assert answer["statusCode"] in {200, 503}


def test_a_file_that_is_put_right_is_loaded_by_the_next_request(model: Path) -> None:
    model.unlink()
    put_right = f"import shutil; shutil.copy({str(SHIPPED)!r}, {str(model)!r})"
    before, after = ask_fresh_handler([ASK, put_right, ASK], {"CHEF_MODEL": str(model)})
    assert_unavailable(before)
    assert after["statusCode"] == 200


def test_a_loaded_model_goes_on_when_its_file_is_replaced(model: Path) -> None:
    other = model.with_name("other")
    other.write_bytes(b"no model at all")
    replace = f"import os; os.replace({str(other)!r}, {str(model)!r})"
    before, after = ask_fresh_handler([ASK, replace, ASK], {"CHEF_MODEL": str(model)})
    assert (before["statusCode"], after["statusCode"]) == (200, 200)
    assert before["body"] == after["body"]
