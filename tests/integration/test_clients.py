"""The clients that people have already: LangChain's (AmazonAPIGateway, ChatOpenAI) and OpenAI's."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Literal

import openai
import pytest
from langchain_community.llms import AmazonAPIGateway
from langchain_openai import ChatOpenAI
from openai import OpenAI
from pydantic import BaseModel

from chef_llm.menus.answer import parse_answer
from deployed import Deployment

QUESTION = "豚肉と大根で、3人分の夕食をお願いします"
# From LangChain's own documentation of AmazonAPIGateway.
DOCUMENTED_PARAMETERS = {
    "max_new_tokens": 100,
    "num_return_sequences": 1,
    "top_k": 50,
    "top_p": 0.95,
    "do_sample": False,
    "return_full_text": True,
    "temperature": 0.2,
}


# LangChain

LangChain = Callable[..., AmazonAPIGateway]


@pytest.fixture
def langchain(deployment: Deployment) -> LangChain:
    """Give what makes a client of `/generate`."""
    url, headers = f"{deployment.url}/generate", deployment.authorization
    return partial(AmazonAPIGateway, api_url=url, headers=headers)


def test_langchains_documented_example_works(langchain: LangChain) -> None:
    llm = langchain()
    llm.model_kwargs = DOCUMENTED_PARAMETERS
    prompt = "what day comes after Friday?"
    answer = llm.invoke(prompt)
    assert answer.startswith(prompt)  # return_full_text
    assert len(answer) > len(prompt) + 1


def test_langchain_gets_a_menu(langchain: LangChain) -> None:
    llm = langchain()
    answer = llm.invoke(QUESTION)
    assert parse_answer(answer).dishes
    assert "（3人分・約" in answer


def test_answers_to_langchain_of_one_seed_are_the_same_each_time(
    langchain: LangChain,
) -> None:
    llm = langchain(model_kwargs=DOCUMENTED_PARAMETERS | {"seed": 1})
    assert llm.invoke(QUESTION) == llm.invoke(QUESTION)


def test_langchain_cuts_at_a_stop_word_on_its_own_side(
    langchain: LangChain,
) -> None:
    llm = langchain()
    assert "材料" not in llm.invoke(QUESTION, stop=["材料"])


def test_langchain_raises_on_an_error_although_it_looks_at_no_status(
    langchain: LangChain,
) -> None:
    llm = langchain(model_kwargs={"temperature": 9})
    with pytest.raises(ValueError, match="Error raised by the service"):
        llm.invoke(QUESTION)


ChatLangChain = Callable[..., ChatOpenAI]


@pytest.fixture
def chat_langchain(deployment: Deployment) -> ChatLangChain:
    """Give what makes a client of `/v1/chat/completions`."""
    key = deployment.key or "none is needed"
    return partial(
        ChatOpenAI, model="kondate", base_url=f"{deployment.url}/v1", api_key=key, max_retries=0
    )


def test_langchains_chat_gets_a_menu_with_its_usage(chat_langchain: ChatLangChain) -> None:
    answer = chat_langchain(temperature=0).invoke(QUESTION)
    assert parse_answer(answer.text).dishes
    assert answer.response_metadata["finish_reason"] == "stop"
    assert answer.usage_metadata is not None
    assert answer.usage_metadata["output_tokens"] > 0


def test_langchains_chat_streams_what_it_gets_at_once_otherwise(
    chat_langchain: ChatLangChain,
) -> None:
    llm = chat_langchain(temperature=0, seed=3, stream_usage=True)
    chunks = list(llm.stream(QUESTION))
    assert len(chunks) > 10
    assert "".join(chunk.text for chunk in chunks) == llm.invoke(QUESTION).text
    usages = [chunk.usage_metadata for chunk in chunks if chunk.usage_metadata]
    assert [usage["output_tokens"] > 0 for usage in usages] == [True]


def test_langchains_chat_continues_a_conversation(chat_langchain: ChatLangChain) -> None:
    turns = [
        ("human", "卵アレルギーがあります。夕食をお願いします"),
        ("ai", "鶏肉を使った、2人分の夕食です。"),
        ("human", "魚に変えてください"),
    ]
    assert parse_answer(chat_langchain().invoke(turns).text).dishes


def test_langchains_chat_stops_at_a_stop_word(chat_langchain: ChatLangChain) -> None:
    answer = chat_langchain(stop=["副菜"], temperature=0).invoke(QUESTION)
    assert "副菜" not in answer.text
    assert "主菜" in answer.text


def test_langchains_chat_raises_openais_errors(chat_langchain: ChatLangChain) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        chat_langchain(presence_penalty=9).invoke(QUESTION)
    assert caught.value.param == "presence_penalty"


# OpenAI


@pytest.fixture
def client(deployment: Deployment) -> Iterator[OpenAI]:
    key = deployment.key or "none is needed"
    with OpenAI(base_url=f"{deployment.url}/v1", api_key=key, max_retries=0) as client:
        yield client


def test_openai_lists_the_model(client: OpenAI) -> None:
    model, _as_itself = client.models.list().data
    assert (model.object, model.owned_by) == ("model", "chef_llm")


def test_openai_gets_a_menu(client: OpenAI) -> None:
    completion = client.chat.completions.create(
        model="kondate", messages=[{"role": "user", "content": QUESTION}]
    )
    [choice] = completion.choices
    assert (choice.finish_reason, choice.message.role) == ("stop", "assistant")
    assert parse_answer(choice.message.content or "").dishes
    assert completion.usage is not None
    assert completion.usage.completion_tokens > 0


def test_openai_may_say_everything_that_it_usually_says(client: OpenAI) -> None:
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[
            {"role": "system", "content": "短く答えてください。"},
            {"role": "user", "content": [{"type": "text", "text": QUESTION}]},
        ],
        max_completion_tokens=20,
        temperature=0.5,
        top_p=0.9,
        presence_penalty=0.1,
        frequency_penalty=0.1,
        seed=7,
        stop=["ポイント"],
        n=1,
        stream=False,
        user="someone",
        extra_body={"recipes": False},
    )
    # A group of foods is planned: the limit is of what the model writes by itself.
    assert completion.usage is not None
    assert parse_answer(completion.choices[0].message.content or "").dishes


STREAMED = {
    "a menu": {"messages": [{"role": "user", "content": QUESTION}], "seed": 3},
    "a guaranteed menu": {
        "messages": [{"role": "user", "content": "卵アレルギーです。鶏肉で夕食をお願いします"}],
        "seed": 3,
    },
    "the plain model": {
        "model": "kondate:plain",
        "messages": [
            {"role": "system", "content": "短く答えてください。"},
            {"role": "user", "content": QUESTION},
        ],
        "seed": 3,
    },
}


@pytest.mark.parametrize("request_fields", STREAMED.values(), ids=STREAMED)
def test_openai_streams_what_it_gets_at_once_otherwise(
    client: OpenAI, request_fields: dict[str, Any]
) -> None:
    asked = {"model": "kondate", "temperature": 0, **request_fields}
    whole = client.chat.completions.create(**asked)
    chunks = list(
        client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True})
    )
    *written, last = chunks
    assert (last.choices, last.usage) == ([], whole.usage)
    [first] = written[0].choices
    assert first.delta.role == "assistant"
    text = "".join(chunk.choices[0].delta.content or "" for chunk in written)
    assert text == whole.choices[0].message.content
    assert [chunk.choices[0].finish_reason for chunk in written[-2:]] == [
        None,
        whole.choices[0].finish_reason,
    ]
    assert {(chunk.id, chunk.created, chunk.model) for chunk in chunks} == {
        (last.id, last.created, last.model)
    }
    assert not any("\ufffd" in chunk.model_dump_json() for chunk in chunks)


def test_a_character_of_several_tokens_comes_whole(client: OpenAI) -> None:
    """Of these the model writes each byte as a token of its own."""
    wanted = "🍣と𠮷野家"
    chunks = client.chat.completions.create(
        model="kondate:plain",
        messages=[
            {"role": "system", "content": "選んでください。"},
            {"role": "user", "content": QUESTION},
        ],
        response_format={
            "type": "json_schema",
            "json_schema": {"name": "dish", "schema": {"const": wanted}},
        },
        stream=True,
    )
    deltas = [chunk.choices[0].delta.content or "" for chunk in chunks]
    assert len([delta for delta in deltas if delta]) > 2
    assert not any("\ufffd" in delta for delta in deltas)
    assert json.loads("".join(deltas)) == wanted


def test_openai_may_leave_a_stream_and_ask_again(client: OpenAI) -> None:
    asked: dict[str, Any] = {
        "model": "kondate:plain",
        "messages": [
            {"role": "system", "content": "短く答えてください。"},
            {"role": "user", "content": QUESTION},
        ],
    }
    for _ in range(3):
        with client.chat.completions.create(**asked, stream=True) as chunks:
            assert next(iter(chunks)).choices[0].delta.role == "assistant"
    assert client.chat.completions.create(**asked, max_tokens=1).choices


def test_a_wrong_value_in_a_stream_is_a_bad_request_too(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(
            model="kondate",
            messages=[{"role": "user", "content": QUESTION}],
            stream=True,
            temperature=9,
        )
    assert caught.value.param == "temperature"


def test_openai_gets_json_that_keeps_its_schema(client: OpenAI) -> None:
    listed = {"type": "string", "enum": ["豚の角煮", "さばの塩焼き", "鶏のから揚げ"]}
    schema = {
        "type": "object",
        "properties": {"主菜": listed, "辛い": {"type": "boolean"}},
        "required": ["主菜", "辛い"],
        "additionalProperties": False,
    }
    completion = client.chat.completions.create(
        model="kondate:plain",
        messages=[
            {"role": "system", "content": "選んでください。"},
            {"role": "user", "content": QUESTION},
        ],
        response_format={
            "type": "json_schema",
            "json_schema": {"name": "dish", "strict": True, "schema": schema},
        },
    )
    answer = json.loads(completion.choices[0].message.content or "")
    assert answer["主菜"] in listed["enum"]
    assert type(answer["辛い"]) is bool
    assert len(answer) == 2


class MainDish(BaseModel):
    """What a program wants to know of an answer."""

    name: Literal["豚の角煮", "さばの塩焼き", "鶏のから揚げ"]
    is_spicy: bool


def test_openai_parses_an_answer_into_a_type(client: OpenAI) -> None:
    completion = client.chat.completions.parse(
        model="kondate:plain",
        messages=[
            {"role": "system", "content": "選んでください。"},
            {"role": "user", "content": QUESTION},
        ],
        response_format=MainDish,
    )
    assert isinstance(completion.choices[0].message.parsed, MainDish)


def test_json_of_the_chefs_is_refused_to_openai(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(
            model="kondate",
            messages=[{"role": "user", "content": QUESTION}],
            response_format={"type": "json_object"},
        )
    assert caught.value.param == "response_format"
    assert "/v1/menus" in caught.value.message


def test_an_image_is_refused_to_openai(client: OpenAI) -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(
            model="kondate",
            messages=[{"role": "user", "content": [{"type": "text", "text": QUESTION}, image]}],
        )
    assert caught.value.param == "messages.0.content.1.type"


@pytest.mark.parametrize(
    "question", [QUESTION, "卵アレルギーです。鶏肉で夕食を"], ids=["free", "guaranteed"]
)
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_no_answer_to_openai_goes_past_its_stop_string(
    client: OpenAI, question: str, stream: bool
) -> None:
    answer: Any = client.chat.completions.create(
        model="kondate",
        messages=[{"role": "user", "content": question}],
        stop=["材料", "どこにもない"],
        stream=stream,
    )
    choices = [chunk.choices[0] for chunk in answer] if stream else [answer.choices[0]]
    contents = [choice.delta.content if stream else choice.message.content for choice in choices]
    text = "".join(content or "" for content in contents)
    assert parse_answer(text).dishes
    assert "材料" not in text
    assert choices[-1].finish_reason == "stop"


def test_openai_finds_the_model_by_its_id(client: OpenAI) -> None:
    for model in client.models.list().data:
        assert client.models.retrieve(model.id) == model
    with pytest.raises(openai.NotFoundError) as caught:
        client.models.retrieve("gpt-4o")
    assert caught.value.code == "model_not_found"


def test_a_wrong_value_is_a_bad_request_to_openai(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(
            model="kondate", messages=[{"role": "user", "content": QUESTION}], temperature=9
        )
    error = caught.value
    assert (error.param, error.code, error.type) == (
        "temperature",
        "invalid_value",
        "invalid_request_error",
    )
    assert "2以下" in error.message


def test_a_long_conversation_is_a_bad_request_to_openai(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(
            model="kondate", messages=[{"role": "user", "content": "あ" * 20_000}]
        )
    assert caught.value.code == "context_length_exceeded"


def test_a_missing_route_is_not_found_to_openai(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        client.images.generate(model="kondate", prompt="献立")
    assert caught.value.code == "not_found"
