"""The model does the work: with random weights in its place the same request yields no menu."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chef_llm.menus.answer import parse_answer
from chef_llm.models.catalogue import find_model

QUESTION = "鶏むね肉とキャベツで、2人分の夕食をお願いします"


def ask(model: str | Path) -> str:
    """Return what the handler answers in a fresh process."""
    done = subprocess.run(
        [Path(sys.executable).with_name("chef"), "ask", "--seed", "1", QUESTION],
        env=os.environ | {"CHEF_MODEL": str(model)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def answer() -> str:
    """Return the trained model's answer."""
    return ask("kondate")


def test_the_trained_model_writes_a_menu(answer: str) -> None:
    assert parse_answer(answer).dishes


def test_a_copy_of_the_trained_model_elsewhere_writes_the_same(answer: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.gguf"
    copy.write_bytes(find_model("kondate").path.read_bytes())
    assert ask(copy) == answer


def test_random_weights_serve_whole_menus_all_the_same(random_model: Path) -> None:
    answer = ask(random_model)
    assert "鶏むね肉とキャベツを使った、2人分の夕食です。" in answer
    assert parse_answer(answer).dishes
    assert "材料" in answer
