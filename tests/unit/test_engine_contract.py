"""The contract of an engine, kept by the fake and by llama.cpp with the embedded model."""

import pytest
from fakes import FakeEngine

from chef_llm.engines import Engine
from chef_llm.engines.llama_cpp import LlamaCppEngine
from chef_llm.models.catalogue import find_model
from engine_contract import EngineContract, ModelContract, complete


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

    def test_no_prompt_but_the_last_is_kept_in_memory(self, engine: Engine) -> None:
        first, second = "鶏むね肉とキャベツで夕食を" * 3, "今日はどこかへ出かけましょうか" * 3

        def cached_tokens(prompt: str) -> int:
            return complete(engine, prompt=prompt).timings.cached_tokens

        cached_tokens(first)
        assert cached_tokens(first) > 10
        cached_tokens(second)
        assert cached_tokens(first) <= 1  # the space that both begin with
