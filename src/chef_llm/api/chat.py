"""`POST /v1/chat/completions`: an OpenAI request becomes questions, a reply OpenAI's response."""

import secrets
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from chef_llm.api.envelope import shown
from chef_llm.api.events import chat_events, ending_of, logprobs_of, tool_calls_of, usage_of
from chef_llm.api.openai import (
    FINGERPRINT,
    AnswerChoice,
    AnswerMessage,
    ChatRequest,
    ChatResponse,
    NamedTool,
)
from chef_llm.api.operator_limits import capped, refuse_long_prompt
from chef_llm.api.persona import PLAIN, is_plain
from chef_llm.chat.chef import Chef, Question, Reply
from chef_llm.chat.json_grammar import ANY_OBJECT, json_grammar, texts_of
from chef_llm.chat.service import answer, as_one, several
from chef_llm.engines import Deadline, Grammar, Sampling
from chef_llm.errors import InvalidRequest
from chef_llm.reading.conversation import Message
from chef_llm.settings import Settings


@dataclass(frozen=True)
class Asked:
    """What a request of OpenAI's asks: the same question once or more often.

    `most_tokens` is the operator's limit where the caller asks for more; `unused` are the fields
    that change nothing about this answer.
    """

    questions: tuple[Question, ...]
    most_tokens: int | None = None
    unused: tuple[str, ...] = ()

    @property
    def headers(self) -> dict[str, str]:
        """What an answer's headers say of the question."""
        return {} if self.most_tokens is None else {"x-chef-max-tokens": str(self.most_tokens)}


def answer_chat(
    request: ChatRequest, asked: Asked, chef: Chef, deadline: Deadline
) -> tuple[ChatResponse, Reply]:
    """Answer `POST /v1/chat/completions` in one piece."""
    replies = several(asked.questions, chef, deadline)
    reply, answer_id = as_one(replies), new_id("chatcmpl-")
    choices = [
        AnswerChoice(
            index=index,
            message=_message(one, f"{answer_id}{index or ''}"),
            logprobs=logprobs_of(one.completion.chances),
            finish_reason=ending_of(one),
        )
        for index, one in enumerate(replies)
    ]
    response = ChatResponse(
        id=answer_id,
        created=int(time.time()),
        model=model_name(request.model, chef),
        choices=choices,
        usage=usage_of(reply.completion),
        timings=reply.completion.raw_timings,
    )
    return response, reply


def stream_chat(
    request: ChatRequest, asked: Asked, chef: Chef, deadline: Deadline
) -> Generator[str, None, Reply]:
    """Answer `POST /v1/chat/completions` in events: yield each, and return the reply."""
    heading = {
        "id": new_id("chatcmpl-"),
        "created": int(time.time()),
        "model": model_name(request.model, chef),
        "system_fingerprint": FINGERPRINT,
    }
    answerings = (answer(question, chef, deadline) for question in asked.questions)
    return chat_events(answerings, heading, include_usage=request.includes_usage)


def chat_question(
    request: ChatRequest, chef: Chef, settings: Settings, field: str = "messages"
) -> Asked:
    """Return what a chat request asks; raises `InvalidRequest` that names what is wrong.

    `field` is where its messages stood, in whichever protocol they came.
    """
    plain = is_plain(request.model, chef, settings)
    messages = conversation([turn.message() for turn in request.messages], field, plain=plain)
    refuse_long_prompt(characters_of(messages), field, settings.most_prompt_characters)
    sampling = request.sampling(capped(chef.model.sampling, settings.most_answer_tokens))
    tools = usable_tools(request, chef, plain=plain)
    question = Question(
        messages,
        capped(sampling, settings.most_answer_tokens),
        request.stop,
        request.recipes,
        wanted_form(request, chef, plain=plain),
        request.order_fields(),
        plain,
        variables=request.template_variables if plain else {},
        tools=tools,
        must_call=must_call(request) if tools else (),
    )
    unused = ("tools",) if request.tools and not tools else ()
    return asked_times(question, request.n, sampling, settings, unused)


def asked_times(
    question: Question,
    times: int,
    wanted: Sampling,
    settings: Settings,
    unused: tuple[str, ...] = (),
) -> Asked:
    """Return a question as often as it is asked, each time with a seed of its own.

    `wanted` is how the caller would have it sampled, before the operator's limit.
    """
    # The chef's menu is the same all day, unless a seed asks for another.
    first = wanted.seed
    seeds = [first] + [
        secrets.randbits(31) if first is None else first + index for index in range(1, times)
    ]
    questions = tuple(
        replace(question, sampling=replace(question.sampling, seed=one)) for one in seeds
    )
    most = settings.most_answer_tokens
    return Asked(questions, most if wanted.max_tokens > most else None, unused)


def characters_of(messages: Sequence[Message]) -> int:
    """Return how much text a conversation has."""
    return sum(
        len(turn.content) + sum(len(call.name) + len(call.arguments) for call in turn.tool_calls)
        for turn in messages
    )


def conversation(messages: Sequence[Message], field: str, *, plain: bool) -> list[Message]:
    """Return a request's messages as the chef reads them, refused if no one could answer them.

    A plain model gets them as they are. To the chef a tool's words are conditions, as the
    system's are; he begins an answer anew instead of going on with one.
    """
    turns = list(messages)
    if not plain:
        turns = [replace(turn, role="system") if turn.role == "tool" else turn for turn in turns]
        while turns and turns[-1].role == "assistant":
            turns.pop()
        if turns and all(turn.role != "user" for turn in turns):
            turns[-1] = replace(turns[-1], role="user")
    if not turns:
        raise InvalidRequest(
            f"{field} に role が user の質問を入れてください。",
            param=field,
            english=f"{field} must have a question of the user's.",
        )
    asking = [index for index, turn in enumerate(turns) if turn.role == "user"]
    if asking and not any(turns[index].content.strip() for index in asking):
        content = f"{field}.{asking[-1]}.content"
        raise InvalidRequest(
            f"{content} が空です。質問を書いてください。",
            param=content,
            english=f"{content} is empty. Please write a question.",
        )
    if not plain and turns[-1].role != "user":
        # What is said behind the question is a condition of it.
        last = asking[-1]
        turns = [*turns[:last], *turns[last + 1 :], turns[last]]
    return turns


def usable_tools(request: ChatRequest, chef: Chef, *, plain: bool) -> list[dict[str, object]]:
    """Return the tools that the model is told of; raises `InvalidRequest` where it must call one.

    The chef calls none, and of a plain model its own template must know of tools.
    """
    if not request.tools:
        refuse_call_of_nothing(request)
        return []
    if request.tool_choice == "none":
        return []
    named = must_call(request)
    unknown = [name for name in named if name not in {one.function.name for one in request.tools}]
    if unknown:
        raise InvalidRequest(
            f"tool_choice の {shown(unknown[0])} は tools にありません。",
            param="tool_choice",
            english=f"tool_choice names {shown(unknown[0])}, which is not in tools.",
        )
    if plain and chef.prompts.call_form:
        return [one.model_dump(exclude_unset=True) for one in request.tools]
    if named and plain:
        raise InvalidRequest(
            f"{chef.model.name} のチャットテンプレートには、ここで読める形のツールがありません。"
            "tool_choice は auto か none にしてください。",
            param="tool_choice",
            english=f"The chat template of {chef.model.name} has no tools in a form that is read "
            "here: tool_choice must be auto or none.",
        )
    if named:
        raise InvalidRequest(
            "シェフはツールを呼びません。tool_choice は auto か none に、"
            f'モデルに呼ばせるときは "model": "{chef.model.name}{PLAIN}" にしてください。',
            param="tool_choice",
            english="The chef calls no tools: tool_choice must be auto or none, or the model "
            f"{chef.model.name}{PLAIN}.",
        )
    return []


def refuse_call_of_nothing(request: ChatRequest) -> None:
    """Raise `InvalidRequest` where a tool must be called and there is none."""
    if request.tool_choice in ("none", "auto"):
        return
    raise InvalidRequest(
        "tool_choice を none と auto 以外にするときは、tools が必要です。",
        param="tool_choice",
        english="tool_choice is only allowed when tools are specified.",
    )


def must_call(request: ChatRequest) -> list[str]:
    """Return the names of the tools of which one must be called, none where none must be."""
    if isinstance(request.tool_choice, NamedTool):
        return [request.tool_choice.function.name]
    if request.tool_choice == "required":
        return [one.function.name for one in request.tools]
    return []


def wanted_form(request: ChatRequest, chef: Chef, *, plain: bool) -> Grammar | None:
    """Return the grammar of the request's `response_format`, None for plain text."""
    wanted = request.response_format
    if wanted.type == "text":
        return None
    if not plain:
        raise InvalidRequest(
            f"response_format の {wanted.type} は、"
            f'"model": "{chef.model.name}{PLAIN}" とだけ使えます。'
            "条件を守る献立のJSONは /v1/menus で得られます。",
            param="response_format",
            english=f"Only {chef.model.name}{PLAIN} answers in JSON. "
            "For menus as JSON, with guarantees, there is /v1/menus.",
        )
    if wanted.type == "json_object":
        return writable(ANY_OBJECT, "response_format", chef)
    if wanted.json_schema is None:
        raise InvalidRequest(
            "response_format.json_schema が必要です。",
            param="response_format.json_schema",
            english="response_format.json_schema is missing.",
        )
    place = "response_format.json_schema.schema"
    return writable(json_grammar(wanted.json_schema.json_schema, place), place, chef)


def writable(grammar: Grammar, place: str, chef: Chef) -> Grammar:
    """Return a grammar all of whose texts the model can write, or raise `InvalidRequest`."""
    if missing := chef.unwritable("".join(texts_of(grammar))):
        characters = shown("".join(sorted(missing)))
        raise InvalidRequest(
            f"{place} に {chef.model.name} が書けない文字があります: {characters}。",
            param=place,
            english=f"{place} has characters that {chef.model.name} cannot write: {characters}",
        )
    return grammar


def model_name(asked: str | None, chef: Chef) -> str:
    """Return the name under which an answer goes out: as itself where it was asked as itself."""
    return asked if asked == f"{chef.model.name}{PLAIN}" else chef.model.name


def new_id(prefix: str) -> str:
    """Return an id that no other answer has."""
    return f"{prefix}{secrets.token_hex(12)}"


def _message(reply: Reply, answer_id: str) -> AnswerMessage:
    calls = tool_calls_of(reply.tool_calls, answer_id) or None
    return AnswerMessage(
        content=None if calls and not reply.text else reply.text,
        reasoning_content=reply.thought or None,
        tool_calls=calls,
    )
