"""What the pages show is what happens: their commands, their code, and what `make ask` prints."""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from chef_llm.menus.answer import parse_answer
from deployed import Deployment

ROOT: Final = Path(__file__).parents[2]
DOCUMENTED_URL: Final = "http://127.0.0.1:3000"
BLOCK: Final = re.compile(r"^```(?P<language>sh|json|python)\n(?P<code>.*?)^```$", re.M | re.S)
# One process for all examples, each with names of its own: the clients take seconds to import.
MANY_EXAMPLES: Final = """
import json, sys, traceback
from contextlib import redirect_stdout
from io import StringIO

for code in sys.stdin:
    trouble = ""
    with redirect_stdout(StringIO()) as out:
        try:
            exec(json.loads(code), {"__name__": "__main__"})
        except BaseException:
            trouble = traceback.format_exc()
    print(json.dumps([out.getvalue(), trouble]), flush=True)
"""
# Each page with its Japanese double.
PAGES: Final = {"README.md": "README.ja.md", "docs/api.md": "docs/api.ja.md"}


def blocks(page: str) -> list[tuple[str, str]]:
    """Return (language, code) of every block that is meant to be run or to be answered."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [(found["language"], found["code"]) for found in BLOCK.finditer(text)]


BLOCKS: Final = [block for page in PAGES for block in blocks(page)]
CURLS: Final = [
    # The JSON block behind a command is its answer.
    pytest.param(code, answer if following == "json" else None, id=code.splitlines()[0])
    for (language, code), (following, answer) in zip(BLOCKS, [*BLOCKS[1:], ("", "")], strict=True)
    if language == "sh" and code.startswith("curl -s ")
]
STREAMED_CURLS: Final = [code for language, code in BLOCKS if code.startswith("curl -sN ")]
PYTHONS: Final = [
    pytest.param(code, id=code.splitlines()[0]) for language, code in BLOCKS if language == "python"
]


def with_key(code: str, deployment: Deployment) -> str:
    """Return an example of the READMEs for another API than that of `make run`."""
    code = code.replace(DOCUMENTED_URL, deployment.url)
    if not deployment.key:
        return code
    header = f"{deployment.authorization}"
    code = re.sub("^(curl -sN?) ", rf"\1 -H 'authorization: Bearer {deployment.key}' ", code)
    code = code.replace('/generate")', f'/generate", headers={header})')
    return code.replace('api_key="none"', f'api_key="{deployment.key}"')


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_show_the_same_commands_and_code(page: str) -> None:
    assert blocks(page)
    assert blocks(PAGES[page]) == blocks(page)


def test_there_are_examples_of_each_kind() -> None:
    assert CURLS
    assert STREAMED_CURLS
    assert PYTHONS


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
@pytest.mark.parametrize(("command", "answer"), CURLS)
def test_a_curl_example_answers_as_shown(
    command: str, answer: str | None, deployment: Deployment
) -> None:
    command = with_key(command, deployment)
    response = json.loads(subprocess.check_output(command, shell=True))  # noqa: S602
    if answer is None:
        assert not (isinstance(response, dict) and response.get("error"))
    else:
        assert response == json.loads(answer)


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
@pytest.mark.parametrize("command", STREAMED_CURLS)
def test_a_streamed_curl_example_prints_events(command: str, deployment: Deployment) -> None:
    printed = subprocess.check_output(  # noqa: S602
        with_key(command, deployment), shell=True, encoding="utf-8"
    )
    *events, done = [line.removeprefix("data: ") for line in printed.splitlines() if line]
    assert done == "[DONE]"
    choices = [choice for event in events for choice in json.loads(event)["choices"]]
    text = "".join(choice["delta"].get("content", "") for choice in choices)
    assert parse_answer(text).dishes


@pytest.fixture(scope="module")
def printed_by() -> Iterator[Callable[[str], str]]:
    """Give what runs an example and returns what it prints."""
    with subprocess.Popen(
        [sys.executable, "-c", MANY_EXAMPLES],
        # LiteLLM looks on GitHub for newer prices than its own, again and again.
        env=os.environ | {"PYTHONIOENCODING": "utf-8", "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdin
        assert process.stdout
        asked, told = process.stdin, process.stdout

        def run(code: str) -> str:
            print(json.dumps(code), file=asked, flush=True)
            printed, trouble = json.loads(told.readline())
            assert not trouble, trouble
            return str(printed)

        yield run
        asked.close()


@pytest.mark.parametrize("code", PYTHONS)
def test_a_python_example_prints_a_menu(
    code: str, deployment: Deployment, printed_by: Callable[[str], str]
) -> None:
    assert parse_answer(printed_by(with_key(code, deployment))).dishes


@pytest.mark.skipif(platform.machine() != "x86_64", reason="other processors may round otherwise")
def test_the_readmes_show_what_make_ask_prints() -> None:
    check = [sys.executable, ROOT / "tests" / "refresh_readme.py", "--check"]
    done = subprocess.run(check, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
