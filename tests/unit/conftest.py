import gc
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fakes import FakeEngine
from hypothesis import settings

from chef_llm import app
from chef_llm.chat import chef
from chef_llm.chat.chef import Chef
from chef_llm.cookbook import load_cookbook
from chef_llm.models.catalogue import find_model
from chef_llm.observability import logger
from sampled import of_all

# No deadline for an example: the first one may load the cookbook, and the machine may be busy.
settings.register_profile("chef", deadline=None, max_examples=of_all(200, 25))
settings.load_profile("chef")


def pytest_collection_finish() -> None:
    """Keep what is there before the first test out of every search for garbage: half a million."""
    gc.freeze()


@pytest.fixture(autouse=True)
def no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the same words get the same menu: a test is no lottery."""
    monkeypatch.setattr(chef, "chance", lambda: 1)


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeEngine], FakeEngine]:
    """Let the handler answer with an engine of the test's."""

    def with_engine(engine: FakeEngine) -> FakeEngine:
        cook = Chef(engine, find_model("kondate"), load_cookbook())
        monkeypatch.setattr(app, "load_chef", lambda: cook)
        return engine

    return with_engine


@pytest.fixture
def engine(serve: Callable[[FakeEngine], FakeEngine]) -> FakeEngine:
    return serve(FakeEngine())


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the model answer as itself: what it writes is the answer."""
    monkeypatch.setenv("CHEF_PERSONA", "plain")


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Return what was logged so far."""
    stream = io.StringIO()
    handler = logger.registered_handler
    previous = handler.setStream(stream)  # type: ignore[attr-defined]
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    handler.setStream(previous)  # type: ignore[attr-defined]
