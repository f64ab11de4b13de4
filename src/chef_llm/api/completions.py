"""`POST /v1/completions`: a text to go on with, as OpenAI's older protocol has it.

The chef answers a prompt as a question. The plain model goes on with it, in no template.
"""

import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr

from chef_llm.api.chat import Asked, asked_times, conversation, model_name, new_id
from chef_llm.api.events import Spoken, as_event, usage_of
from chef_llm.api.fields import NUMBER, AnyTokens
from chef_llm.api.openai import FINGERPRINT, MOST_ANSWERS, MOST_LOGPROBS, ModelFields, Usage
from chef_llm.api.operator_limits import capped, refuse_empty, refuse_long_prompt
from chef_llm.api.persona import is_plain
from chef_llm.chat.chef import Chef, Question, Reply
from chef_llm.chat.service import answer, as_one, several
from chef_llm.engines import Chance, Deadline, FinishReason, require_room
from chef_llm.errors import InvalidRequest
from chef_llm.reading.conversation import Message
from chef_llm.settings import Settings

TokenList = Annotated[list[Annotated[int, Field(ge=0, lt=2**31, strict=True)]], Field(min_length=1)]
Prompt = StrictStr | TokenList
Prompts = Annotated[list[Prompt], Field(min_length=1, max_length=MOST_ANSWERS)]


class CompletionRequest(ModelFields):
    """`POST /v1/completions`, as OpenAI defines it; a prompt may be token ids."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"prompt": "豚肉と大根で、3人分の夕食をお願いします"},
                {"model": "kondate:plain", "prompt": "豚肉と大根の", "max_tokens": 16},
            ]
        }
    )
    prompt: StrictStr | TokenList | Prompts
    max_tokens: AnyTokens | None = None
    logprobs: Annotated[int, Field(ge=0, le=MOST_LOGPROBS), NUMBER] | None = None
    echo: StrictBool = False
    suffix: StrictStr = ""

    @property
    def prompts(self) -> list[str | list[int]]:
        """Each prompt by itself."""
        if isinstance(self.prompt, str):
            return [self.prompt]
        texts: list[str | list[int]] = [one for one in self.prompt if not isinstance(one, int)]
        return texts or [[one for one in self.prompt if isinstance(one, int)]]


class TextLogprobs(BaseModel):
    """How likely the tokens of an answer were, as the older protocol has it."""

    tokens: list[str]
    token_logprobs: list[float]
    top_logprobs: list[dict[str, float]]
    text_offset: list[int]


class TextChoice(BaseModel):
    """One choice of a completion."""

    text: str
    index: int
    logprobs: TextLogprobs | None = None
    finish_reason: FinishReason | None = None


class CompletionResponse(BaseModel):
    """The response of `POST /v1/completions`, and each of its chunks."""

    id: str
    object: Literal["text_completion"] = "text_completion"
    created: int
    model: str
    system_fingerprint: str = FINGERPRINT
    choices: list[TextChoice]
    usage: Usage | None = None


def completion_question(request: CompletionRequest, chef: Chef, settings: Settings) -> Asked:
    """Return what a request asks, each prompt as often as it wants answers."""
    plain = is_plain(request.model, chef, settings)
    if request.suffix:
        raise InvalidRequest(
            "suffix は使えません。", param="suffix", english="suffix is not supported."
        )
    if len(request.prompts) * request.n > MOST_ANSWERS:
        raise InvalidRequest(
            f"prompt と n を合わせて、回答は{MOST_ANSWERS}個以下にしてください。",
            param="n",
            english=f"At most {MOST_ANSWERS} answers: prompts times n.",
        )
    default = capped(chef.model.sampling, settings.most_answer_tokens)
    sampling = request.sampled(default, request.max_tokens, request.logprobs)
    asked = []
    for index, prompt in enumerate(request.prompts):
        field = "prompt" if request.prompts == [request.prompt] else f"prompt.{index}"
        if request.echo and not isinstance(prompt, str):
            raise InvalidRequest(
                f"echo を使うときは、{field} を文字列にしてください。",
                param="echo",
                english=f"echo needs {field} as text.",
            )
        question = Question(
            _messages(prompt, field, settings, plain=plain),
            capped(sampling, settings.most_answer_tokens),
            request.stop,
            request.recipes,
            fields=request.order_fields(),
            plain=plain,
            beginning=prompt if plain else None,
        )
        if not isinstance(prompt, str):
            require_room(prompt, chef.engine.context_length)
        asked.append(asked_times(question, request.n, sampling, settings))
    return Asked(tuple(one for each in asked for one in each.questions), asked[0].most_tokens)


def _messages(
    prompt: str | list[int], field: str, settings: Settings, *, plain: bool
) -> list[Message]:
    if isinstance(prompt, str):
        refuse_empty(prompt, field)
        refuse_long_prompt(len(prompt), field, settings.most_prompt_characters)
        if plain:
            return [Message("user", prompt)]
        return conversation([Message("user", prompt)], field, plain=False)
    if not plain:
        raise InvalidRequest(
            f"{field} は文字列にしてください。シェフはトークン番号を読みません。",
            param=field,
            english=f"{field} must be text: the chef reads no token ids.",
        )
    return [Message("user", "")]


def answer_completion(
    request: CompletionRequest, asked: Asked, chef: Chef, deadline: Deadline
) -> tuple[CompletionResponse, Reply]:
    """Answer `POST /v1/completions` in one piece."""
    replies = several(asked.questions, chef, deadline)
    reply = as_one(replies)
    choices = [
        TextChoice(
            text=_echo(request, index) + one.text,
            index=index,
            logprobs=_logprobs(one.completion.chances, len(_echo(request, index))),
            finish_reason=one.completion.finish_reason,
        )
        for index, one in enumerate(replies)
    ]
    heading = _heading(request, chef)
    return CompletionResponse(**heading, choices=choices, usage=usage_of(reply.completion)), reply


def stream_completion(
    request: CompletionRequest, asked: Asked, chef: Chef, deadline: Deadline
) -> Generator[str, None, Reply]:
    """Answer `POST /v1/completions` in events: yield each, and return the replies as one."""
    heading, replies = _heading(request, chef), list[Reply]()
    for index, question in enumerate(asked.questions):
        answering = answer(question, chef, deadline)
        echoed = _echo(request, index)
        with closing(answering):
            spoken = Spoken(answering)
            if echoed:
                yield _chunk(heading, TextChoice(text=echoed, index=index))
            for piece in spoken:
                yield _chunk(heading, TextChoice(text=piece, index=index))
            reply = spoken.reply
        replies.append(reply)
        last = TextChoice(
            text="",
            index=index,
            logprobs=_logprobs(reply.completion.chances, len(echoed)),
            finish_reason=reply.completion.finish_reason,
        )
        yield _chunk(heading, last)
    whole = as_one(replies)
    if request.includes_usage:
        yield _chunk(heading, usage=usage_of(whole.completion))
    yield as_event("[DONE]")
    return whole


def _heading(request: CompletionRequest, chef: Chef) -> dict[str, Any]:
    name = model_name(request.model, chef)
    return {"id": new_id("cmpl-"), "created": int(time.time()), "model": name}


def _echo(request: CompletionRequest, index: int) -> str:
    prompt = request.prompts[index // request.n]
    return prompt if request.echo and isinstance(prompt, str) else ""


def _chunk(heading: Mapping[str, Any], *choices: TextChoice, usage: Usage | None = None) -> str:
    chunk = CompletionResponse(**heading, choices=list(choices), usage=usage)
    return as_event(chunk.model_dump_json())


def _logprobs(chances: Sequence[Chance], echoed_characters: int) -> TextLogprobs | None:
    if not chances:
        return None
    offsets, place = [], echoed_characters
    for one in chances:
        offsets.append(place)
        place += len(one.token)
    return TextLogprobs(
        tokens=[one.token for one in chances],
        token_logprobs=[one.logprob for one in chances],
        top_logprobs=[{other.token: other.logprob for other in one.likeliest} for one in chances],
        text_offset=offsets,
    )
