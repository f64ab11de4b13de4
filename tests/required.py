"""What some tests need beyond `make test`: without it they are skipped, in CI they fail."""

import os
from typing import NoReturn

import pytest


def unavailable(what: str, required_by: str = "CHEF_REQUIRE_PACKAGE") -> NoReturn:
    """Skip, or fail where the variable `required_by` says that it must be there."""
    if os.environ.get(required_by) == "1":
        pytest.fail(f"{what} ({required_by}=1)")
    pytest.skip(what)
