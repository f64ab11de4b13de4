from collections.abc import Callable

import pytest
from fakes import FakeEngine
from hypothesis import settings

from chef_llm import app
from chef_llm.catalog import find_model
from chef_llm.cookbook import load_cookbook
from chef_llm.generator import Generator

# No deadline for an example: the first one may load the cookbook, and the machine may be busy.
settings.register_profile("chef", deadline=None)
settings.load_profile("chef")


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeEngine], FakeEngine]:
    """Let the handler answer with an engine of the test's."""

    def with_engine(engine: FakeEngine) -> FakeEngine:
        chef = Generator(engine, find_model("kondate"), load_cookbook())
        monkeypatch.setattr(app, "generator", lambda: chef)
        return engine

    return with_engine


@pytest.fixture
def engine(serve: Callable[[FakeEngine], FakeEngine]) -> FakeEngine:
    return serve(FakeEngine())
