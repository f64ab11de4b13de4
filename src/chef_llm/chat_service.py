"""Questions and conversations: what a request asks for, its answer, and the forms of that."""

import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final

from chef_llm.chat_template import Message
from chef_llm.engines import Deadline, Grammar, OnText, Sampling
from chef_llm.engines.writer import Writer
from chef_llm.envelope import shown
from chef_llm.errors import DeadlineExceeded, InvalidRequest, ModelNotFound
from chef_llm.generator import Generator, Reply
from chef_llm.json_schemas import json_grammar, texts_of
from chef_llm.menu_service import guaranteed_reply
from chef_llm.menus.orders import Fields
from chef_llm.request_limits import limited, refuse_long_prompt
from chef_llm.schemas import AnswerMessage, ChatRequest, ChatResponse, Choice, GenerateRequest
from chef_llm.server_sent_events import ChatEvents, OnEvent, usage_of
from chef_llm.settings import Settings

WARM_UP_SECONDS: Final = 5.0
# Behind a model's name: the model as itself.
PLAIN: Final = ":plain"


@dataclass(frozen=True)
class Question:
    """What the chef is asked, by whichever route; without `recipes` the cards are left out.

    The answer ends before the first of `stops` that comes up in it.
    """

    messages: Sequence[Message]
    sampling: Sampling
    stops: Sequence[str] = ()
    recipes: bool = True
    form: Grammar | None = None
    # Fields of the request that say what must be kept.
    fields: Fields = field(default_factory=Fields)
    # The model as itself: no chef, no planner, no guarantee.
    plain: bool = False


def answer_generate(
    request: GenerateRequest, chef: Generator, limits: Settings, deadline: Deadline
) -> tuple[str, Reply]:
    """Answer `POST /generate`: its text, with the question before it if that is wanted."""
    field = "input" if request.inputs is None else "inputs"
    if not request.question.strip():
        raise InvalidRequest(f"{field} に質問を書いてください。", param=field)
    refuse_long_prompt(len(request.question), field, limits.most_prompt_characters)
    parameters = request.parameters
    sampling = limited(
        parameters.sampling(chef.model.sampling), parameters.asked_tokens, limits.most_answer_tokens
    )
    question = Question(
        [Message("user", request.question)],
        sampling,
        parameters.stop,
        parameters.recipes,
        fields=merged(request.order_fields(), parameters.order_fields()),
        plain=is_plain(request.model, chef, limits),
    )
    reply = answer(question, chef, deadline)
    text = f"{request.question}\n{reply.text}" if parameters.return_full_text else reply.text
    return text, reply


def answer_chat(
    request: ChatRequest, chef: Generator, limits: Settings, deadline: Deadline
) -> tuple[ChatResponse, Reply]:
    """Answer `POST /v1/chat/completions` in one piece."""
    reply = answer(chat_question(request, chef, limits), chef, deadline)
    message = AnswerMessage(content=reply.text)
    response = ChatResponse(
        id=_new_id(),
        created=int(time.time()),
        model=chef.model.name,
        choices=[Choice(message=message, finish_reason=reply.completion.finish_reason)],
        usage=usage_of(reply.completion),
        timings=reply.completion.raw_timings,
    )
    return response, reply


def stream_chat(
    request: ChatRequest,
    chef: Generator,
    limits: Settings,
    deadline: Deadline,
    on_event: OnEvent,
) -> tuple[str, Reply]:
    """Answer `POST /v1/chat/completions` in events: each to `on_event`, and all of them at last."""
    question = chat_question(request, chef, limits)
    events = ChatEvents(
        answer_id=_new_id(),
        created=int(time.time()),
        model=chef.model.name,
        include_usage=request.includes_usage,
        on_event=on_event,
    )
    reply = answer(question, chef, deadline, events.take)
    events.finish(reply)
    return "".join(events.sent), reply


def answer(
    question: Question,
    chef: Generator,
    deadline: Deadline,
    on_text: OnText = lambda _: False,
) -> Reply:
    """Let the chef answer: by the planner where something has to be guaranteed, else freely.

    `on_text` gets the answer piece by piece, a guaranteed one line by line when it is found.
    Raises `ClientGone` when no one waits for the answer any more.
    """
    writer = Writer(question.stops, on_text)

    def take(text: str) -> bool:
        writer.take(text)
        return writer.is_done

    reply = None
    if not question.plain:
        reply = guaranteed_reply(
            question.messages,
            chef,
            deadline,
            fields=question.fields,
            recipes=question.recipes,
            seed=question.sampling.seed,
        )
    if reply:
        # `any` reads on until the reader has enough.
        any(map(take, reply.text.splitlines(keepends=True)))
    else:
        reply = chef.reply(
            question.messages,
            question.sampling,
            deadline,
            recipes=question.recipes,
            plain=question.plain,
            constraint=question.form,
            on_text=take,
        )
    deadline.require_client()
    return _as_read(reply, writer)


def _as_read(reply: Reply, writer: Writer) -> Reply:
    """Return the reply as far as it was read: to its end, or to a stop string."""
    if not writer.is_done:
        writer.finish()
        return reply
    return replace(
        reply, text=writer.text, completion=replace(reply.completion, finish_reason="stop")
    )


def warm_up(chef: Generator) -> None:
    """Ask for one token, and so do what the first caller would wait for.

    That is: the words of the cookbook are put in order, the model's template is read, its memory is
    touched. A model that takes longer than `WARM_UP_SECONDS` is left as it is.
    """
    question = Question([Message("user", "夕食")], Sampling(max_tokens=1), recipes=False)
    with suppress(DeadlineExceeded):
        answer(question, chef, Deadline.after(WARM_UP_SECONDS))


def chat_question(request: ChatRequest, chef: Generator, limits: Settings) -> Question:
    """Return what a chat request asks; raises `InvalidRequest` that names what is wrong."""
    messages = conversation(request)
    characters = sum(len(message.content) for message in messages)
    refuse_long_prompt(characters, "messages", limits.most_prompt_characters)
    sampling = limited(
        request.sampling(chef.model.sampling), request.asked_tokens, limits.most_answer_tokens
    )
    plain = is_plain(request.model, chef, limits)
    return Question(
        messages,
        sampling,
        request.stop,
        request.recipes,
        wanted_form(request, chef, plain=plain),
        request.order_fields(),
        plain,
    )


def is_plain(asked: str | None, chef: Generator, limits: Settings) -> bool:
    """Tell whether the model is to answer as itself: `"model": "NAME:plain"`, or the setting.

    Raises `ModelNotFound` for a plain model of another name; of the chef's any name will do.
    """
    if asked is None or not asked.endswith(PLAIN):
        return limits.persona == "plain"
    if asked != f"{chef.model.name}{PLAIN}":
        raise ModelNotFound(
            f"モデル {shown(asked)} はありません。使えるモデル: "
            f"{chef.model.name}、{chef.model.name}{PLAIN}。",
            param="model",
        )
    return True


def merged(fields: Fields, others: Fields) -> Fields:
    """Return the fields of a request and of its `parameters` as one; of two the stricter holds."""
    return Fields(
        ingredients=(*fields.ingredients, *others.ingredients),
        servings=fields.servings or others.servings,
        days=fields.days or others.days,
        meals=fields.meals or others.meals,
        allergens=(*fields.allergens, *others.allergens),
        exclude=(*fields.exclude, *others.exclude),
        cuisine=fields.cuisine or others.cuisine,
        max_minutes=min(
            (each.max_minutes for each in (fields, others) if each.max_minutes), default=None
        ),
        season=fields.season or others.season,
        diets=fields.diets | others.diets,
        limits={**others.limits, **fields.limits},
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


def wanted_form(request: ChatRequest, chef: Generator, *, plain: bool) -> Grammar | None:
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
