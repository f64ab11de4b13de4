"""A reply while it is written, as OpenAI streams it: chunks in server-sent events."""

from collections.abc import Generator, Mapping
from contextlib import closing
from typing import Any, Literal

from pydantic import BaseModel

from chef_llm.api.openai import Usage
from chef_llm.chat.chef import Reply
from chef_llm.engines import Completion, FinishReason


class Delta(BaseModel):
    """What a chunk adds to the message: the role in the first, nothing in the last."""

    role: Literal["assistant"] | None = None
    content: str | None = None


class ChunkChoice(BaseModel):
    """The one choice of a chunk."""

    index: int
    delta: Delta
    logprobs: None
    finish_reason: FinishReason | None


class ChatChunk(BaseModel):
    """A piece of a streamed chat response.

    `usage` is there when it was asked for: null but in the last chunk, which has no choice. The
    chunk with the finish reason says too what the headers say of an answer that is not streamed,
    because headers go out before the answer is known.
    """

    id: str
    object: Literal["chat.completion.chunk"]
    created: int
    model: str
    choices: list[ChunkChoice]
    usage: Usage | None = None
    timings: dict[str, float] | None = None
    guaranteed: bool | None = None
    stopped_by_deadline: bool | None = None


def chat_events(
    answering: Generator[str, None, Reply], heading: Mapping[str, Any], *, include_usage: bool
) -> Generator[str, None, Reply]:
    """Yield the events of one answer as it is written, and return its reply.

    `heading` is what all chunks say (id, created, model). The role goes out with the first piece
    and not before: until then an error is still an HTTP error.
    """
    nothing_yet = {"usage": None} if include_usage else {}

    def event(delta: Delta, reason: FinishReason | None = None, **more: Any) -> str:
        choice = ChunkChoice(index=0, delta=delta, logprobs=None, finish_reason=reason)
        return _chunk_event(heading, choices=[choice], **nothing_yet, **more)

    with closing(answering):
        reply: Reply | None = None
        is_begun = False
        while reply is None:
            try:
                piece = next(answering)
            except StopIteration as end:
                piece, reply = "", end.value
            if not is_begun:
                yield event(Delta(role="assistant", content=""))
                is_begun = True
            if piece:
                yield event(Delta(content=piece))
    completion = reply.completion
    yield event(
        Delta(),
        completion.finish_reason,
        timings=completion.raw_timings,
        guaranteed=reply.guaranteed,
        stopped_by_deadline=completion.stopped_by_deadline,
    )
    if include_usage:
        yield _chunk_event(heading, choices=[], usage=usage_of(completion))
    yield as_event("[DONE]")
    return reply


def _chunk_event(heading: Mapping[str, Any], **fields: Any) -> str:
    chunk = ChatChunk(object="chat.completion.chunk", **heading, **fields)
    # What was not said of a chunk is not in it: the last delta is {}.
    return as_event(chunk.model_dump_json(exclude_unset=True))


def usage_of(completion: Completion) -> Usage:
    """Return what the model read and wrote, as OpenAI counts it."""
    return Usage(
        prompt_tokens=completion.prompt_tokens,
        completion_tokens=completion.completion_tokens,
        total_tokens=completion.prompt_tokens + completion.completion_tokens,
    )


def as_event(data: str) -> str:
    """Return `data`, a JSON text of one line, as a server-sent event."""
    return f"data: {data}\n\n"
