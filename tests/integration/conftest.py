"""Where the API is that the integration tests ask: given, deployed, or started here."""

import os
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from random_weights import write_random_copy

from chef_llm.models.catalogue import find_model
from deployed import Deployment, find_deployment
from local_server import local_server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks an API: `pytest -m api` is all that a deployed stack needs to be tested by."""
    for item in items:
        if "deployment" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.api)


@pytest.fixture(scope="session")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Find the API: at `CHEF_API_URL`, else in the stack `AWS_SAM_STACK_NAME`, else start one.

    With `CHEF_API_URL` goes `CHEF_API_KEY`, if a key is wanted there; of a stack only the name is
    needed. The server that is started is the one of `make run`, on a free port.
    """
    if url := os.environ.get("CHEF_API_URL"):
        yield Deployment(url.rstrip("/"), os.environ.get("CHEF_API_KEY"))
    elif stack := os.environ.get("AWS_SAM_STACK_NAME"):
        clients = map(boto3.client, ("cloudformation", "secretsmanager"))
        yield find_deployment(stack, *clients)
    else:
        with local_server(tmp_path_factory.mktemp("server") / "log.txt") as url:
            yield Deployment(url)


@pytest.fixture(scope="session")
def api_url(deployment: Deployment) -> str:
    """Return the base URL of the API."""
    return deployment.url


@pytest.fixture(scope="session")
def random_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the shipped model with random weights."""
    copy = tmp_path_factory.mktemp("model") / "random.gguf"
    write_random_copy(find_model("kondate").path, copy)
    return copy


@pytest.fixture
def s3_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Give boto3 an account of nobody's, and keep it from the user's own."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    return monkeypatch


@pytest.fixture(scope="session")
def s3_server() -> Iterator[tuple[str, int]]:
    """Run moto's S3 on loopback; give its host and port."""
    from moto.moto_server.threaded_moto_server import (  # noqa: PLC0415  # a second to import
        ThreadedMotoServer,
    )

    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    yield server.get_host_and_port()
    server.stop()
