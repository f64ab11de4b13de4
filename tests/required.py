"""What some tests need beyond `make test`: without it they are skipped, in CI they fail."""

import os
from collections.abc import Callable
from typing import NoReturn, ParamSpec, TypeVar

import pytest

from emulator import MissingError

P = ParamSpec("P")
T = TypeVar("T")


def unavailable(what: str, required_by: str = "CHEF_REQUIRE_PACKAGE") -> NoReturn:
    """Skip, or fail where the variable `required_by` says that it must be there."""
    if os.environ.get(required_by) == "1":
        pytest.fail(f"{what} ({required_by}=1)")
    pytest.skip(what)


def required(find: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Return what `find` finds; what it misses is unavailable."""
    try:
        return find(*arguments, **named)
    except MissingError as error:
        unavailable(str(error))
