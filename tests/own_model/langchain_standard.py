"""LangChain's own standard tests of a chat model, through `langchain-openai`, of any server.

`test_langchain.py` runs them in an environment of their own, for their plug-ins change every run
of pytest; which server is asked, and for which model, it says in two variables.
"""

import os
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
from langchain_tests.integration_tests import ChatModelIntegrationTests


class TestStandard(ChatModelIntegrationTests):
    @property
    def chat_model_class(self) -> type[BaseChatModel]:
        return ChatOpenAI

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {
            "base_url": os.environ["STANDARD_URL"],
            "model": os.environ["STANDARD_MODEL"],
            "api_key": "none is needed",
            "temperature": 0,
            "max_tokens": 128,
            "max_retries": 0,
            "stream_usage": True,
            # A test over there is to depend on its own prompts, not on those of the tests before.
            "extra_body": {"cache_prompt": False},
        }

    @property
    def supports_json_mode(self) -> bool:
        return True
