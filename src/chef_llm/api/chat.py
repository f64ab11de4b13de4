"""`POST /v1/chat/completions`: an OpenAI request becomes a question, a reply OpenAI's response."""

import secrets
import time
from collections.abc import Generator

from chef_llm.api.envelope import shown
from chef_llm.api.events import chat_events, usage_of
from chef_llm.api.openai import AnswerChoice, AnswerMessage, ChatRequest, ChatResponse
from chef_llm.api.operator_limits import limited, refuse_long_prompt
from chef_llm.api.persona import PLAIN, is_plain
from chef_llm.chat.chef import Chef, Question, Reply
from chef_llm.chat.json_grammar import json_grammar, texts_of
from chef_llm.chat.service import answer, whole
from chef_llm.engines import Deadline, Grammar
from chef_llm.errors import InvalidRequest
from chef_llm.reading.conversation import Message
from chef_llm.settings import Settings


def answer_chat(
    request: ChatRequest, chef: Chef, settings: Settings, deadline: Deadline
) -> tuple[ChatResponse, Reply]:
    """Answer `POST /v1/chat/completions` in one piece."""
    reply = whole(answer(chat_question(request, chef, settings), chef, deadline))
    message = AnswerMessage(content=reply.text)
    response = ChatResponse(
        id=_new_id(),
        created=int(time.time()),
        model=chef.model.name,
        choices=[AnswerChoice(message=message, finish_reason=reply.completion.finish_reason)],
        usage=usage_of(reply.completion),
        timings=reply.completion.raw_timings,
    )
    return response, reply


def stream_chat(
    request: ChatRequest, chef: Chef, settings: Settings, deadline: Deadline
) -> Generator[str, None, Reply]:
    """Answer `POST /v1/chat/completions` in events: yield each, and return the reply."""
    question = chat_question(request, chef, settings)
    heading = {"id": _new_id(), "created": int(time.time()), "model": chef.model.name}
    answering = answer(question, chef, deadline)
    return chat_events(answering, heading, include_usage=request.includes_usage)


def chat_question(request: ChatRequest, chef: Chef, settings: Settings) -> Question:
    """Return what a chat request asks; raises `InvalidRequest` that names what is wrong."""
    messages = conversation(request)
    characters = sum(len(message.content) for message in messages)
    refuse_long_prompt(characters, "messages", settings.most_prompt_characters)
    sampling = limited(
        request.sampling(chef.model.sampling), request.asked_tokens, settings.most_answer_tokens
    )
    plain = is_plain(request.model, chef, settings)
    return Question(
        messages,
        sampling,
        request.stop,
        request.recipes,
        wanted_form(request, chef, plain=plain),
        request.order_fields(),
        plain,
    )


def conversation(request: ChatRequest) -> list[Message]:
    """Return the request's messages, refused if no one could answer them."""
    messages = [message.message() for message in request.messages]
    for index, message in enumerate(messages):
        content = f"messages.{index}.content"
        if message.role == "user" and not message.content.strip():
            raise InvalidRequest(f"{content} が空です。質問を書いてください。", param=content)
    if messages[-1].role != "user":
        raise InvalidRequest("messages の最後は role を user にしてください。", param="messages")
    return messages


def wanted_form(request: ChatRequest, chef: Chef, *, plain: bool) -> Grammar | None:
    """Return the grammar of the request's `response_format`, None for plain text."""
    wanted = request.response_format
    if wanted.type == "text":
        return None
    if wanted.type == "json_object" or wanted.json_schema is None:
        raise InvalidRequest(
            f"{chef.model.name} は自由な形のJSONを書けません。response_format は text か、"
            "値を enum で並べた json_schema にしてください。",
            param="response_format",
        )
    if not plain:
        raise InvalidRequest(
            "response_format の json_schema は、"
            f'"model": "{chef.model.name}{PLAIN}" とだけ使えます。'
            "条件を守る献立のJSONは /v1/menus で得られます。",
            param="response_format",
        )
    place = "response_format.json_schema.schema"
    grammar = json_grammar(wanted.json_schema.json_schema, place)
    if missing := chef.unwritable("".join(texts_of(grammar))):
        characters = shown("".join(sorted(missing)))
        raise InvalidRequest(
            f"{place} に {chef.model.name} が書けない文字があります: {characters}。", param=place
        )
    return grammar


def _new_id() -> str:
    return f"chatcmpl-{secrets.token_hex(12)}"
