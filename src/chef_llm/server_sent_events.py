"""A reply while it is written, as OpenAI streams it: chunks in server-sent events."""

from collections.abc import Callable
from typing import Any, Literal

from pydantic import BaseModel

from chef_llm.engines import Completion, FinishReason
from chef_llm.generator import Reply
from chef_llm.schemas import Usage

# Gets each event as it is made; returning True says that no one reads any more.
OnEvent = Callable[[str], bool]


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


class ChatEvents:
    """The events of one reply: given to `on_event` as they are made, and kept in `sent`."""

    def __init__(
        self, *, answer_id: str, created: int, model: str, include_usage: bool, on_event: OnEvent
    ) -> None:
        self.sent: list[str] = []
        self._heading = {"id": answer_id, "created": created, "model": model}
        self._include_usage = include_usage
        self._on_event = on_event
        self._reader_is_gone = False

    def take(self, text: str) -> bool:
        """Send the next piece of text; True says that no one reads any more.

        The role goes out with the first piece and not before: until then an error is still an
        HTTP error.
        """
        if not self.sent:
            self._send_choice(Delta(role="assistant", content=""), None)
        return self._send_choice(Delta(content=text), None)

    def finish(self, reply: Reply) -> None:
        """Send why the text ended, the usage if it was asked for, and that nothing follows."""
        completion = reply.completion
        if not self.sent:
            self._send_choice(Delta(role="assistant", content=""), None)
        self._send_choice(
            Delta(),
            completion.finish_reason,
            timings=completion.raw_timings,
            guaranteed=reply.guaranteed,
            stopped_by_deadline=completion.stopped_by_deadline,
        )
        if self._include_usage:
            self._send_chunk(choices=[], usage=usage_of(completion))
        self._send("[DONE]")

    def _send_choice(self, delta: Delta, reason: FinishReason | None, **more: Any) -> bool:
        choice = ChunkChoice(index=0, delta=delta, logprobs=None, finish_reason=reason)
        nothing_yet = {"usage": None} if self._include_usage else {}
        return self._send_chunk(choices=[choice], **nothing_yet, **more)

    def _send_chunk(self, **fields: Any) -> bool:
        chunk = ChatChunk(object="chat.completion.chunk", **self._heading, **fields)
        # What was not said of a chunk is not in it: the last delta is {}.
        return self._send(chunk.model_dump_json(exclude_unset=True))

    def _send(self, data: str) -> bool:
        self.sent.append(as_event(data))
        if not self._reader_is_gone:
            self._reader_is_gone = self._on_event(self.sent[-1])
        return self._reader_is_gone


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
