"""LiteLLM and Anthropic's SDK, OpenAI's newer and older routes, and a model that has tools.

The clients are the real ones. Against the deployed API they get the chef; what a plain model of
another kind does is asked of kondate's weights that say of themselves that they have tools.
"""

import json
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, Final

import anthropic
import openai
import pytest
import requests
from anthropic import Anthropic
from described_anew import write_described_anew
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from openai import OpenAI
from pydantic import BaseModel, Field

from chef_llm.menus.answer import parse_answer
from chef_llm.models.catalogue import find_model
from deployed import Deployment
from local_server import local_server

# It warns of its own code, at import and later.
of_litellm = pytest.mark.filterwarnings("ignore")
QUESTION: Final = "豚肉と大根で、3人分の夕食をお願いします"
TURN: Final[Any] = {"role": "user", "content": QUESTION}
MEAN_POOLING: Final = 1
TIMEOUT_SECONDS: Final = 60
# As Qwen's own: a call between two tags.
TEMPLATE: Final = """
{%- if tools %}ツール: {% for tool in tools %}{{ tool | tojson }}{% endfor %}
{% endif %}
{%- for message in messages %}{{ message.role }}: {{ message.content }}
{%- for call in message.tool_calls or [] %}
<tool_call>
{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}
</tool_call>
{%- endfor %}
{% endfor %}
{%- if add_generation_prompt %}assistant: {% endif %}"""


Food = Annotated[str, Field(max_length=12)]
Grams = Annotated[int, Field(ge=1, le=500)]


@tool
def buy(food: Food, grams: Grams) -> str:
    """Buy food."""
    return f"{food} {grams} g"


class Dish(BaseModel):
    """A dish as a program wants it."""

    name: str = Field(max_length=12)
    minutes: int = Field(ge=1, le=240)
    is_spicy: bool


# The chef, by whichever client


@pytest.fixture
def anthropic_client(deployment: Deployment) -> Iterator[Anthropic]:
    token = deployment.key or "none is needed"
    with Anthropic(base_url=deployment.url, auth_token=token, max_retries=0) as client:
        yield client


@pytest.fixture
def openai_client(deployment: Deployment) -> Iterator[OpenAI]:
    key = deployment.key or "none is needed"
    with OpenAI(base_url=f"{deployment.url}/v1", api_key=key, max_retries=0) as client:
        yield client


@pytest.fixture(scope="module")
def litellm() -> ModuleType:
    """Give LiteLLM, as it is without a network."""
    # Else it looks on GitHub for newer prices than its own, again and again.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    with warnings.catch_warnings():  # it deprecates things of its own while it is imported
        warnings.simplefilter("ignore")
        import litellm  # noqa: PLC0415  # four seconds to import
    return litellm


@pytest.fixture
def through_litellm(deployment: Deployment) -> dict[str, Any]:
    """Say to LiteLLM where the API is."""
    key = deployment.key or "none is needed"
    place = {"api_base": f"{deployment.url}/v1", "api_key": key, "num_retries": 0}
    return {"model": "openai/kondate", **place}


def test_anthropics_client_gets_a_menu_that_keeps_its_system_message(
    anthropic_client: Anthropic,
) -> None:
    answer = anthropic_client.messages.create(
        model="kondate", max_tokens=256, system="卵アレルギーです。", messages=[TURN]
    )
    [block] = answer.content
    assert block.type == "text"
    assert parse_answer(block.text).dishes
    assert "卵は使いません" in block.text
    assert (answer.stop_reason, answer.usage.output_tokens > 0) == ("end_turn", True)


def test_anthropics_client_streams_what_it_gets_at_once_otherwise(
    anthropic_client: Anthropic,
) -> None:
    asked: dict[str, Any] = {"model": "kondate:plain", "max_tokens": 256, "messages": [TURN]}
    whole = anthropic_client.messages.create(**asked)
    with anthropic_client.messages.stream(**asked) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    assert whole.content[0].type == "text"
    assert text == whole.content[0].text
    # The same name may be written in pieces of other lengths.
    assert final.usage.output_tokens > 0
    assert final.stop_reason == "end_turn"


def test_anthropics_client_stops_at_a_stop_sequence(anthropic_client: Anthropic) -> None:
    answer = anthropic_client.messages.create(
        model="kondate", max_tokens=256, messages=[TURN], stop_sequences=["副菜"]
    )
    assert (answer.stop_reason, answer.stop_sequence) == ("stop_sequence", "副菜")


def test_anthropics_client_raises_its_own_errors(anthropic_client: Anthropic) -> None:
    with pytest.raises(anthropic.BadRequestError) as caught:
        anthropic_client.messages.create(
            model="kondate", max_tokens=9, messages=[TURN], extra_body={"temperature": 9}
        )
    assert "temperature" in caught.value.message
    with pytest.raises(anthropic.NotFoundError):
        anthropic_client.messages.create(model="other:plain", max_tokens=9, messages=[TURN])


def test_openais_responses_are_menus(openai_client: OpenAI) -> None:
    answer = openai_client.responses.create(
        model="kondate", input=QUESTION, instructions="卵アレルギーです。"
    )
    assert parse_answer(answer.output_text).dishes
    assert "卵は使いません" in answer.output_text
    assert (answer.status, answer.error) == ("completed", None)


def test_openais_responses_stream(openai_client: OpenAI) -> None:
    asked: dict[str, Any] = {"model": "kondate:plain", "input": QUESTION, "temperature": 0}
    whole = openai_client.responses.create(**asked)
    with openai_client.responses.stream(**asked) as stream:
        deltas = [event.delta for event in stream if event.type == "response.output_text.delta"]
        final = stream.get_final_response()
    assert "".join(deltas) == whole.output_text == final.output_text


def test_an_earlier_response_is_refused_to_openai(openai_client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        openai_client.responses.create(
            model="kondate", input=QUESTION, previous_response_id="resp_1"
        )
    assert caught.value.param == "previous_response_id"


def test_openais_completions_are_menus(openai_client: OpenAI) -> None:
    asked: dict[str, Any] = {
        "model": "kondate",
        "prompt": f"卵アレルギーです。{QUESTION}",
        "seed": 1,
    }
    answer = openai_client.completions.create(**asked)
    assert parse_answer(answer.choices[0].text).dishes
    assert "卵は使いません" in answer.choices[0].text
    chunks = list(openai_client.completions.create(**asked, stream=True))
    assert "".join(chunk.choices[0].text for chunk in chunks) == answer.choices[0].text


def test_openai_may_send_everything_that_other_servers_take(openai_client: OpenAI) -> None:
    raw = openai_client.chat.completions.with_raw_response.create(
        model="kondate",
        messages=[
            {"role": "system", "content": "短く答えてください。"},
            {"role": "developer", "content": "卵は使わないでください。"},
            TURN,
            {"role": "assistant", "content": "主菜: 豚バラ大根"},
            {"role": "system", "content": "魚にしてください。"},
        ],
        max_tokens=100_000,
        n=2,
        logit_bias={"5": -1},
        logprobs=True,
        top_logprobs=2,
        reasoning_effort="low",
        tools=[{"type": "function", "function": {"name": "buy", "parameters": {}}}],
        tool_choice="auto",
        parallel_tool_calls=True,
        stop=["a" * 100, "b", "c", "d", "e"],
        service_tier="auto",
        metadata={"a": "b"},
        extra_body={"top_k": 5, "min_p": 0.1, "chat_template_kwargs": {"enable_thinking": True}},
    )
    assert int(raw.headers["x-chef-max-tokens"]) < 100_000
    assert raw.headers["x-request-id"]
    answer = raw.parse()
    assert answer._request_id == raw.headers["x-request-id"]
    assert answer.system_fingerprint
    assert len(answer.choices) == 2


def test_embeddings_of_a_model_that_makes_none_are_refused(openai_client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        openai_client.embeddings.create(model="kondate", input="献立")
    assert "does not make embeddings" in caught.value.message


@of_litellm
def test_litellm_gets_a_menu(litellm: ModuleType, through_litellm: dict[str, Any]) -> None:
    answer = litellm.completion(**through_litellm, messages=[TURN], temperature=0)
    assert parse_answer(answer.choices[0].message.content).dishes
    assert answer.usage.completion_tokens > 0
    chunks = list(litellm.completion(**through_litellm, messages=[TURN], stream=True))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert parse_answer(text).dishes


@of_litellm
def test_litellm_knows_a_full_context_and_a_bad_request(
    litellm: ModuleType, through_litellm: dict[str, Any]
) -> None:
    long = [{"role": "user", "content": "あ" * 20_000}]
    with pytest.raises(litellm.ContextWindowExceededError):
        litellm.completion(**through_litellm, messages=long)
    with pytest.raises(litellm.BadRequestError):
        litellm.completion(**through_litellm, messages=[TURN], temperature=9)


@of_litellm
def test_litellm_speaks_anthropics_protocol_too(
    litellm: ModuleType, deployment: Deployment
) -> None:
    answer = litellm.completion(
        model="anthropic/kondate",
        api_base=deployment.url,
        api_key=deployment.key or "none is needed",
        extra_headers=deployment.authorization,
        messages=[{"role": "system", "content": "卵アレルギーです。"}, TURN],
        max_tokens=256,
    )
    assert "卵は使いません" in answer.choices[0].message.content


# A plain model whose file says that it has tools and makes vectors


@pytest.fixture(scope="module")
def other_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve kondate's weights as a model of another name, with a template that has tools."""
    folder = tmp_path_factory.mktemp("other")
    model = folder / "other.gguf"
    said = {"tokenizer.chat_template": TEMPLATE, "gpt2.pooling_type": MEAN_POOLING}
    write_described_anew(Path(find_model("kondate").path), model, said)
    environment = {**os.environ, "CHEF_MODEL": str(model)}
    with local_server(folder / "log.txt", environment) as url:
        yield url


@pytest.fixture
def other(other_url: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{other_url}/v1", api_key="none", max_retries=0) as client:
        yield client


@pytest.fixture
def other_langchain(other_url: str) -> ChatOpenAI:
    return ChatOpenAI(
        model="other:plain",
        base_url=f"{other_url}/v1",
        api_key="none",  # type: ignore[arg-type]
        max_retries=0,
        seed=1,
    )


# What LangChain's own standard tests (`ChatModelIntegrationTests`) ask of a model.


def test_langchain_invokes_streams_and_batches(other_langchain: ChatOpenAI) -> None:
    answer = other_langchain.invoke("夕食")
    assert isinstance(answer, AIMessage)
    assert answer.text
    assert answer.usage_metadata is not None
    assert answer.usage_metadata["total_tokens"] > 0
    assert answer.response_metadata["model_name"] == "other:plain"
    assert len(list(other_langchain.stream("夕食"))) > 1
    assert len(other_langchain.batch(["夕食", "朝食"])) == 2


@pytest.mark.parametrize(
    "turns",
    [
        [SystemMessage("短く"), HumanMessage("夕食"), AIMessage("はい"), HumanMessage("魚で")],
        [HumanMessage("夕食"), HumanMessage("魚で")],
        [HumanMessage([{"type": "text", "text": "夕食"}])],
        [HumanMessage("夕食", name="someone")],
        [
            HumanMessage("買って"),
            AIMessage("", tool_calls=[{"name": "buy", "args": {"food": "魚"}, "id": "1"}]),
            ToolMessage("ありません", tool_call_id="1", name="buy", status="error"),
            AIMessage("ありませんでした"),
            HumanMessage("では肉で"),
        ],
        [
            HumanMessage("買って"),
            AIMessage(
                [
                    {"type": "text", "text": "では"},
                    {"type": "tool_use", "id": "1", "name": "buy", "input": {"food": "魚"}},
                ],
                tool_calls=[{"name": "buy", "args": {"food": "魚"}, "id": "1"}],
            ),
            ToolMessage([{"type": "text", "text": "ありません"}], tool_call_id="1"),
        ],
    ],
    ids=["a conversation", "two in a row", "parts", "a name", "a tool", "a tool in parts"],
)
def test_langchains_conversations_are_answered(
    other_langchain: ChatOpenAI, turns: list[Any]
) -> None:
    assert other_langchain.bind_tools([buy]).invoke(turns).response_metadata


def test_langchain_gets_the_call_that_it_wants(other_langchain: ChatOpenAI) -> None:
    for choice in ("any", "buy"):
        answer = other_langchain.bind_tools([buy], tool_choice=choice, strict=True).invoke(
            "魚を買って"
        )
        assert isinstance(answer, AIMessage)
        [made] = answer.tool_calls
        assert (made["name"], set(made["args"])) == ("buy", {"food", "grams"})


@pytest.mark.parametrize("method", ["json_schema", "function_calling"])
def test_langchain_gets_what_it_wants_in_a_type(other_langchain: ChatOpenAI, method: Any) -> None:
    model = other_langchain.with_structured_output(Dish, method=method, include_raw=True)
    answer: Any = model.invoke("魚の料理")
    assert isinstance(answer["parsed"], Dish), answer


def test_an_enumerated_call_is_always_whole(other: OpenAI) -> None:
    schema = {
        "type": "object",
        "properties": {
            "food": {"enum": ["卵", "魚"]},
            "grams": {"type": "integer", "minimum": 1, "maximum": 9},
        },
        "required": ["food", "grams"],
    }
    tools: Any = [{"type": "function", "function": {"name": "buy", "parameters": schema}}]
    asked: dict[str, Any] = {"model": "other:plain", "messages": [TURN], "tools": tools}
    for seed in range(5):
        answer = other.chat.completions.create(**asked, tool_choice="required", seed=seed)
        [choice] = answer.choices
        assert choice.finish_reason == "tool_calls"
        [made] = choice.message.tool_calls or []
        assert made.type == "function"
        arguments = json.loads(made.function.arguments)
        assert arguments["food"] in {"卵", "魚"}
        assert arguments["grams"] in range(1, 10)


def test_sampling_reaches_llama_cpp(other: OpenAI) -> None:
    asked: dict[str, Any] = {
        "model": "other:plain",
        "messages": [TURN],
        "temperature": 0,
        "max_tokens": 4,
    }
    answer = other.chat.completions.create(**asked, logprobs=True, top_logprobs=3)
    assert answer.choices[0].logprobs is not None
    first, *_ = written = answer.choices[0].logprobs.content or []
    assert answer.usage is not None
    assert len(written) == answer.usage.completion_tokens
    assert [one.logprob for one in first.top_logprobs] == sorted(
        (one.logprob for one in first.top_logprobs), reverse=True
    )
    assert first.token == first.top_logprobs[0].token
    # What is likeliest is never written where it is forbidden.
    pieces = requests.post(
        str(other.base_url).replace("/v1/", "/tokenize"),
        json={"content": first.token, "with_pieces": True},
        timeout=TIMEOUT_SECONDS,
    ).json()["tokens"]
    bias = {str(piece["id"]): -100 for piece in pieces}
    other_answer = other.chat.completions.create(**asked, logit_bias=bias, logprobs=True)
    assert other_answer.choices[0].logprobs is not None
    assert (other_answer.choices[0].logprobs.content or [])[0].token != first.token


def test_a_model_that_can_makes_vectors(other: OpenAI) -> None:
    answer = other.embeddings.create(model="other", input=["豚肉と大根", "鮭"])
    vectors = [one.embedding for one in answer.data]
    assert [one.index for one in answer.data] == [0, 1]
    assert len(vectors[0]) == len(vectors[1]) == 256
    assert sum(number**2 for number in vectors[0]) == pytest.approx(1, abs=1e-3)
    assert vectors[0] != vectors[1]


def test_the_plain_model_goes_on_with_a_prompt_and_with_a_turn(other: OpenAI) -> None:
    text = other.completions.create(
        model="other:plain", prompt="主菜: 豚", max_tokens=8, temperature=0
    )
    assert text.choices[0].text
    assert text.usage is not None
    assert text.usage.completion_tokens <= 8
    chat = other.chat.completions.create(
        model="other:plain",
        messages=[TURN, {"role": "assistant", "content": "主菜: 豚"}],
        max_tokens=8,
    )
    assert chat.choices[0].message.content is not None


def test_the_chef_answers_with_any_model(other: OpenAI) -> None:
    answer = other.chat.completions.create(
        model="other",
        messages=[{"role": "user", "content": f"卵アレルギーです。{QUESTION}"}],
    )
    assert "卵は使いません" in (answer.choices[0].message.content or "")
