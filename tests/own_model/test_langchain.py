"""LangChain's standard tests, asked of ours and of llama.cpp's own server with the same weights."""

import os
import subprocess
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import pytest
from differences import FAILS_THERE, LANGCHAIN
from stranger import ANSWER_SECONDS, NAME, ROOT

from required import unavailable

# Made by `make test-own-model`: the plug-ins of these tests would change every other run of pytest.
LANGCHAIN_PYTHON: Final = ROOT / ".venv" / "langchain" / "bin" / "python"
SUITE: Final = Path(__file__).with_name("langchain_standard.py")


def failures(url: str, model: str, folder: Path) -> tuple[set[str], int]:
    """Return the names of the tests that a server does not pass, and how many there are."""
    report = folder / "report.xml"
    # Nothing of this repository's settings, and of its other tests.
    alone = ["-c", os.devnull, "--rootdir", str(folder), "--noconftest", "-p", "no:cacheprovider"]
    # Clients are kept from one test to the next, so their loop has to be.
    alone += ["-o", "asyncio_mode=auto", "-o", "asyncio_default_test_loop_scope=session"]
    alone += ["-o", "asyncio_default_fixture_loop_scope=session"]
    done = subprocess.run(
        [LANGCHAIN_PYTHON, "-m", "pytest", SUITE, *alone, "--junitxml", report],
        env={**os.environ, "STANDARD_URL": f"{url}/v1", "STANDARD_MODEL": model},
        capture_output=True,
        text=True,
        check=False,
    )
    assert report.is_file(), done.stdout + done.stderr
    cases = ElementTree.parse(report).iter("testcase")  # noqa: S314  # pytest's own
    ran = {str(case.get("name")): case for case in cases if case.find("skipped") is None}
    failed = {
        name
        for name, case in ran.items()
        if case.find("failure") is not None or case.find("error") is not None
    }
    return failed, len(ran)


@pytest.mark.timeout(30 * ANSWER_SECONDS)
def test_what_langchain_expects_is_so_unless_a_reason_is_written(
    url: str, llama_server: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if not LANGCHAIN_PYTHON.exists():
        unavailable(
            "there is no .venv/langchain: run `make test-own-model`", "CHEF_REQUIRE_OWN_MODEL"
        )

    here, asked = failures(url, f"{NAME}:plain", tmp_path_factory.mktemp("here"))
    there, _ = failures(llama_server, NAME, tmp_path_factory.mktemp("there"))

    assert asked > len(LANGCHAIN)
    assert here == LANGCHAIN.keys()
    assert there == FAILS_THERE
