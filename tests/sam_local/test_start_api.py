"""`make sam-local` serves what the README says, to the clients that it names."""

from collections.abc import Iterator

import pytest
from local_api import AUTHORIZER, CHEF, LocalApi, integration_tests, running


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalApi]:
    with running(tmp_path_factory.mktemp("open") / "log.txt") as api:
        yield api


def test_the_integration_tests_pass(api: LocalApi) -> None:
    assert integration_tests(api, "tests/integration", "-m", "api") == ""
    assert api.invocations(CHEF) > 1


def test_nobody_needs_a_key(api: LocalApi) -> None:
    assert api.generate().status_code == 200
    assert api.invocations(AUTHORIZER) == 0
