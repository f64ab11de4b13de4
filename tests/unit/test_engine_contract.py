"""The contract of an engine, kept by the fake and by llama.cpp with the embedded model."""

import pytest
from fakes import FakeEngine

from chef_llm.catalog import find_model
from chef_llm.engines import Engine
from chef_llm.engines.llama_cpp import LlamaCppEngine
from engine_contract import EngineContract, ModelContract


@pytest.fixture(scope="module")
def llama_cpp() -> LlamaCppEngine:
    return LlamaCppEngine(find_model("kondate").path, 512, threads=1)


class TestFake(EngineContract):
    @pytest.fixture
    def engine(self) -> Engine:
        return FakeEngine()


class TestLlamaCpp(ModelContract):
    @pytest.fixture
    def engine(self, llama_cpp: LlamaCppEngine) -> Engine:
        return llama_cpp
