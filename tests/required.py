"""What some tests need beyond `make test`: without it they are skipped, in CI they fail."""

import os
from typing import NoReturn

import pytest


def unavailable(what: str) -> NoReturn:
    """Skip, or fail where the package is required."""
    if os.environ.get("CHEF_REQUIRE_PACKAGE") == "1":
        pytest.fail(f"{what} (CHEF_REQUIRE_PACKAGE=1)")
    pytest.skip(what)
