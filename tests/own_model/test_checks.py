"""What llama-server documents, asked of ours and of llama.cpp's own out of the same wheel."""

import pytest
from checks import CHECKS, Server
from differences import OURS_ALONE, THEIRS_ALONE, UNMET
from stranger import NAME


@pytest.fixture(scope="module")
def ours(url: str) -> Server:
    return Server(url, f"{NAME}:plain")


@pytest.fixture(scope="module")
def theirs(llama_server: str) -> Server:
    return Server(llama_server, NAME)


def keeps(server: Server, check: str) -> str:
    """Return nothing where a server passes a check, else what it did otherwise."""
    try:
        CHECKS[check](server)
    except (AssertionError, KeyError, ValueError, IndexError, TypeError) as wrong:
        return f"{type(wrong).__name__}: {wrong}"[:300] or "otherwise"
    return ""


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_passes_here_and_there_unless_a_reason_is_written(
    check: str, ours: Server, theirs: Server
) -> None:
    here, there = keeps(ours, check), keeps(theirs, check)

    assert bool(here) == (check in {**THEIRS_ALONE, **UNMET}), here
    assert bool(there) == (check in {**OURS_ALONE, **UNMET}), there
