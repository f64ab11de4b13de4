"""A reply while it is written, as OpenAI streams it: chunks in server-sent events."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any, Literal

from pydantic import BaseModel

from chef_llm.api.openai import (
    AnswerToolCall,
    CalledFunction,
    ChoiceLogprobs,
    TokenChance,
    Usage,
    WrittenToken,
)
from chef_llm.chat.chef import Reply
from chef_llm.chat.service import as_one
from chef_llm.chat.text_stream import Thought
from chef_llm.engines import Chance, Completion
from chef_llm.errors import DeadlineExceeded
from chef_llm.reading.conversation import ToolCall

Ending = Literal["stop", "length", "tool_calls"]


class ToolCallDelta(AnswerToolCall):
    """A tool call of a chunk, whole: the arguments are checked before anyone sees them."""

    index: int


class Delta(BaseModel):
    """What a chunk adds to the message: the role in the first, nothing in the last."""

    role: Literal["assistant"] | None = None
    content: str | None = None
    reasoning_content: str | None = None
    tool_calls: list[ToolCallDelta] | None = None


class ChunkChoice(BaseModel):
    """The one choice of a chunk."""

    index: int
    delta: Delta
    logprobs: ChoiceLogprobs | None
    finish_reason: Ending | None


class ChatChunk(BaseModel):
    """A piece of a streamed chat response.

    `usage` is there when it was asked for: null but in the last chunk, which has no choice. The
    chunk with the finish reason says too what the headers say of an answer that is not streamed,
    because headers go out before the answer is known, and has the `logprobs` of all its tokens.
    """

    id: str
    object: Literal["chat.completion.chunk"]
    created: int
    model: str
    system_fingerprint: str
    choices: list[ChunkChoice]
    usage: Usage | None = None
    timings: dict[str, float] | None = None
    guaranteed: bool | None = None
    stopped_by_deadline: bool | None = None


def chat_events(
    answerings: Iterable[Generator[str, None, Reply]],
    heading: Mapping[str, Any],
    *,
    include_usage: bool,
) -> Generator[str, None, Reply]:
    """Yield the events of one or more answers as they are written, and return them as one.

    `heading` is what all chunks say (id, created, model). The role goes out with the first piece
    and not before: until then an error is still an HTTP error.
    """
    nothing_yet = {"usage": None} if include_usage else {}
    replies: list[Reply] = []
    for index, answering in enumerate(answerings):
        try:
            reply = yield from _choice_events(answering, heading, index, nothing_yet)
        except DeadlineExceeded:
            if not replies:
                raise
            break
        replies.append(reply)
    reply = as_one(replies)
    if include_usage:
        yield _chunk_event(heading, choices=[], usage=usage_of(reply.completion))
    yield as_event("[DONE]")
    return reply


class Spoken:
    """An answer while it is given: its pieces, and then the `reply` as a whole.

    The first piece is waited for at once: what goes out before it is said of an answer that has
    begun, and an error before it is raised here.
    """

    def __init__(self, answering: Generator[str, None, Reply]) -> None:
        self._answering = answering
        self._reply: Reply | None = None
        self._first = self._next()

    def __iter__(self) -> Iterator[str]:
        """Yield the pieces that say something."""
        piece = self._first
        while piece is not None:
            if piece:
                yield piece
            piece = self._next()

    @property
    def reply(self) -> Reply:
        """The whole answer, once its pieces are through; raises `RuntimeError` before."""
        if self._reply is None:
            raise RuntimeError("the answer is not finished yet")
        return self._reply

    def _next(self) -> str | None:
        try:
            return next(self._answering)
        except StopIteration as end:
            self._reply = end.value
            return None


def _choice_events(
    answering: Generator[str, None, Reply],
    heading: Mapping[str, Any],
    index: int,
    nothing_yet: Mapping[str, None],
) -> Generator[str, None, Reply]:
    def event(delta: Delta, reason: Ending | None = None, **more: Any) -> str:
        logprobs = more.pop("logprobs", None)
        choice = ChunkChoice(index=index, delta=delta, logprobs=logprobs, finish_reason=reason)
        return _chunk_event(heading, choices=[choice], **nothing_yet, **more)

    with closing(answering):
        spoken = Spoken(answering)
        yield event(Delta(role="assistant", content=""))
        for piece in spoken:
            if isinstance(piece, Thought):
                yield event(Delta(reasoning_content=piece))
            else:
                yield event(Delta(content=piece))
        reply = spoken.reply
    if reply.tool_calls:
        deltas = [
            ToolCallDelta(index=place, **call.model_dump())
            for place, call in enumerate(tool_calls_of(reply.tool_calls, heading["id"]))
        ]
        yield event(Delta(tool_calls=deltas))
    completion = reply.completion
    yield event(
        Delta(),
        ending_of(reply),
        logprobs=logprobs_of(completion.chances),
        timings=completion.raw_timings,
        guaranteed=reply.guaranteed,
        stopped_by_deadline=completion.stopped_by_deadline,
    )
    return reply


def _chunk_event(heading: Mapping[str, Any], **fields: Any) -> str:
    chunk = ChatChunk(object="chat.completion.chunk", **heading, **fields)
    # What was not said of a chunk is not in it: the last delta is {}.
    return as_event(chunk.model_dump_json(exclude_unset=True))


def ending_of(reply: Reply) -> Ending:
    """Return why an answer ends, as OpenAI names it."""
    return "tool_calls" if reply.tool_calls else reply.completion.finish_reason


def suffix_of(answer_id: str) -> str:
    """Return what tells an answer's id from others: its parts have it in theirs."""
    return answer_id.replace("_", "-").rpartition("-")[2]


def tool_calls_of(calls: Sequence[ToolCall], answer_id: str) -> list[AnswerToolCall]:
    """Return an answer's tool calls, each under an id of its own."""
    return [
        AnswerToolCall(
            id=f"call_{suffix_of(answer_id)}{place}",
            function=CalledFunction(name=call.name, arguments=call.arguments),
        )
        for place, call in enumerate(calls)
    ]


def logprobs_of(chances: Sequence[Chance]) -> ChoiceLogprobs | None:
    """Return what an engine says of its tokens, None where it was not asked."""
    if not chances:
        return None
    return ChoiceLogprobs(
        content=[
            WrittenToken(
                **_chance(one),
                top_logprobs=[TokenChance(**_chance(other)) for other in one.likeliest],
            )
            for one in chances
        ]
    )


def _chance(chance: Chance) -> dict[str, Any]:
    return {"token": chance.token, "logprob": chance.logprob, "bytes": list(chance.bytes)}


def usage_of(completion: Completion) -> Usage:
    """Return what the model read and wrote, as OpenAI counts it."""
    return Usage(
        prompt_tokens=completion.prompt_tokens,
        completion_tokens=completion.completion_tokens,
        total_tokens=completion.prompt_tokens + completion.completion_tokens,
    )


def as_event(data: str, name: str | None = None) -> str:
    """Return `data`, a JSON text of one line, as a server-sent event, of a name or of none."""
    return f"event: {name}\ndata: {data}\n\n" if name else f"data: {data}\n\n"
