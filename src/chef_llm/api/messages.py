"""`POST /v1/messages`: Anthropic's protocol, answered as a chat of OpenAI's is."""

import json
from collections.abc import Generator
from contextlib import closing
from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StrictStr,
    Tag,
)
from pydantic_core import PydanticCustomError

from chef_llm.api.chat import Asked, chat_question, model_name, new_id
from chef_llm.api.events import Spoken, as_event, tool_calls_of
from chef_llm.api.fields import NUMBER, AnyTokens, LongStop, OrderFields, Request, TopP, type_of
from chef_llm.api.openai import (
    CalledFunction,
    ChatMessage,
    ChatRequest,
    Function,
    MessageToolCall,
    NamedFunction,
    NamedTool,
    TextPart,
    Tool,
)
from chef_llm.chat.chef import Chef, Reply
from chef_llm.chat.service import answer, whole
from chef_llm.chat.text_stream import Thought
from chef_llm.engines import Deadline
from chef_llm.settings import Settings

FIELD: Final = "messages"


def _blocks(value: Any) -> Any:
    """Accept a text where blocks are meant."""
    if isinstance(value, str):
        return [{"type": "text", "text": value}]
    if not isinstance(value, list):
        raise PydanticCustomError("content_type", "a string or a list of text blocks is wanted")
    return value


class TextBlock(Request):
    """Text of a turn."""

    type: Literal["text"]
    text: StrictStr


TextBlocks = Annotated[
    list[TextBlock],
    BeforeValidator(_blocks, json_schema_input_type=StrictStr | list[TextBlock]),
]


class ThinkingBlock(Request):
    """What the model thought in an earlier turn; it is not shown to it again."""

    type: Literal["thinking"]


class HiddenThinkingBlock(Request):
    """The same, in no words."""

    type: Literal["redacted_thinking"]


class ToolUseBlock(Request):
    """A call of a tool in an earlier turn."""

    type: Literal["tool_use"]
    id: StrictStr
    name: StrictStr
    input: dict[str, Any] = Field(default={})


class ToolResultBlock(Request):
    """What a tool answered."""

    type: Literal["tool_result"]
    tool_use_id: StrictStr
    content: TextBlocks = Field(default=[])


Block = Annotated[
    Annotated[TextBlock, Tag("<text>")]
    | Annotated[ThinkingBlock, Tag("<thinking>")]
    | Annotated[HiddenThinkingBlock, Tag("<redacted_thinking>")]
    | Annotated[ToolUseBlock, Tag("<tool_use>")]
    | Annotated[ToolResultBlock, Tag("<tool_result>")],
    Discriminator(type_of),
]
Blocks = Annotated[
    list[Block], BeforeValidator(_blocks, json_schema_input_type=StrictStr | list[Block])
]


class AnthropicTurn(Request):
    """One turn of a request."""

    role: Literal["user", "assistant", "system"]
    content: Blocks

    def turns(self) -> list[ChatMessage]:
        """Return the turn as OpenAI has it, where each tool's answer is a turn of its own."""
        results = [
            ChatMessage(role="tool", content=_texts(block.content), tool_call_id=block.tool_use_id)
            for block in self.content
            if isinstance(block, ToolResultBlock)
        ]
        texts = [block for block in self.content if isinstance(block, TextBlock)]
        calls = [
            MessageToolCall(
                id=block.id,
                function=CalledFunction(
                    name=block.name, arguments=json.dumps(block.input, ensure_ascii=False)
                ),
            )
            for block in self.content
            if isinstance(block, ToolUseBlock)
        ]
        if results and not texts:
            return results
        said = ChatMessage(role=self.role, content=_texts(texts), tool_calls=calls)
        return [*results, said]


class AnthropicTool(Request):
    """A tool that the model may call; `input_schema` is JSON Schema."""

    name: Annotated[StrictStr, Field(min_length=1, max_length=128)]
    description: StrictStr = ""
    input_schema: dict[str, Any] | None = None


class AnthropicToolChoice(Request):
    """Whether a tool is called, and which."""

    type: Literal["auto", "any", "tool", "none"]
    name: StrictStr = ""


class Thinking(Request):
    """Whether the model thinks first."""

    type: Literal["enabled", "disabled", "adaptive"]


class MessagesRequest(OrderFields, Request):
    """`POST /v1/messages`, as Anthropic defines it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "model": "kondate",
                    "max_tokens": 256,
                    "messages": [{"role": "user", "content": "豚肉と大根で夕食をお願いします"}],
                }
            ]
        }
    )
    messages: Annotated[list[AnthropicTurn], Field(min_length=1)]
    model: StrictStr | None = None
    max_tokens: AnyTokens | None = None
    system: TextBlocks = Field(default=[])
    stop_sequences: LongStop = Field(default=[])
    temperature: Annotated[float, Field(ge=0, le=2), NUMBER] | None = None
    top_p: TopP | None = None
    top_k: Annotated[int, Field(ge=-1), NUMBER] | None = None
    tools: list[AnthropicTool] = Field(default=[])
    tool_choice: AnthropicToolChoice = AnthropicToolChoice(type="auto")
    thinking: Thinking | None = None
    stream: StrictBool = False
    recipes: StrictBool = True

    def as_chat(self) -> ChatRequest:
        """Return the same question as OpenAI has it."""
        turns = [turn for message in self.messages for turn in message.turns()]
        if self.system:
            turns.insert(0, ChatMessage(role="system", content=_texts(self.system, "\n\n")))
        tools = [
            Tool(
                type="function",
                function=Function(
                    name=tool.name, description=tool.description, parameters=tool.input_schema
                ),
            )
            for tool in self.tools
        ]
        order = {name: getattr(self, name) for name in OrderFields.model_fields}
        effort = {"enabled": "medium", "adaptive": "medium", "disabled": "none"}
        return ChatRequest.model_construct(
            **{
                **order,
                "messages": turns,
                "model": self.model,
                "max_tokens": self.max_tokens,
                "temperature": self.temperature,
                "top_p": self.top_p,
                "top_k": self.top_k,
                "stop": self.stop_sequences,
                "tools": tools,
                "tool_choice": _choice(self.tool_choice),
                "reasoning_effort": effort[self.thinking.type] if self.thinking else None,
                "recipes": self.recipes,
            }
        )


class AnthropicUsage(BaseModel):
    """What the model read and wrote."""

    input_tokens: int
    output_tokens: int


class AnswerTextBlock(BaseModel):
    """Text of an answer."""

    type: Literal["text"] = "text"
    text: str


class AnswerThinkingBlock(BaseModel):
    """What the model thought before its answer; unsigned."""

    type: Literal["thinking"] = "thinking"
    thinking: str
    signature: str = ""


class AnswerToolUseBlock(BaseModel):
    """A tool that the model wants called."""

    type: Literal["tool_use"] = "tool_use"
    id: str
    name: str
    input: Any


StopReason = Literal["end_turn", "max_tokens", "stop_sequence", "tool_use"]


class MessagesResponse(BaseModel):
    """The response of `POST /v1/messages`."""

    id: str
    type: Literal["message"] = "message"
    role: Literal["assistant"] = "assistant"
    model: str
    content: list[AnswerThinkingBlock | AnswerTextBlock | AnswerToolUseBlock]
    stop_reason: StopReason | None
    stop_sequence: str | None = None
    usage: AnthropicUsage


class MessagesEvent(BaseModel):
    """An event of a streamed answer, by its `type`; what else it has goes by that."""

    model_config = ConfigDict(extra="allow")

    type: Literal[
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]


def messages_question(request: MessagesRequest, chef: Chef, settings: Settings) -> Asked:
    """Return what a request asks."""
    return chat_question(request.as_chat(), chef, settings, FIELD)


def answer_messages(
    request: MessagesRequest, asked: Asked, chef: Chef, deadline: Deadline
) -> tuple[MessagesResponse, Reply]:
    """Answer `POST /v1/messages` in one piece."""
    reply = whole(answer(asked.questions[0], chef, deadline))
    answer_id = new_id("msg_")
    thoughts = [AnswerThinkingBlock(thinking=reply.thought)] if reply.thought else []
    calls = _tool_uses(reply, answer_id)
    texts = [AnswerTextBlock(text=reply.text)] if reply.text or not calls else []
    response = MessagesResponse(
        id=answer_id,
        model=model_name(request.model, chef),
        content=[*thoughts, *texts, *calls],
        stop_reason=_stop_reason(reply),
        stop_sequence=reply.stopped_at,
        usage=AnthropicUsage(
            input_tokens=reply.completion.prompt_tokens,
            output_tokens=reply.completion.completion_tokens,
        ),
    )
    return response, reply


def stream_messages(
    request: MessagesRequest, asked: Asked, chef: Chef, deadline: Deadline
) -> Generator[str, None, Reply]:
    """Answer `POST /v1/messages` in events: yield each, and return the reply.

    The first goes out with the first piece and not before: until then an error has its status.
    """
    answering = answer(asked.questions[0], chef, deadline)
    answer_id = new_id("msg_")
    opened: str | None = None
    index = -1
    with closing(answering):
        spoken = Spoken(answering)
        begun = MessagesResponse(
            id=answer_id,
            model=model_name(request.model, chef),
            content=[],
            stop_reason=None,
            usage=AnthropicUsage(input_tokens=0, output_tokens=0),
        )
        yield _event("message_start", message=begun.model_dump())
        for piece in spoken:
            kind = "thinking" if isinstance(piece, Thought) else "text"
            if kind != opened:
                if opened:
                    yield _event("content_block_stop", index=index)
                opened, index = kind, index + 1
                block = (
                    AnswerTextBlock(text="") if kind == "text" else AnswerThinkingBlock(thinking="")
                )
                yield _event("content_block_start", index=index, content_block=block.model_dump())
            delta = {"type": f"{kind}_delta", kind: str(piece)}
            yield _event("content_block_delta", index=index, delta=delta)
        reply = spoken.reply
    if opened:
        yield _event("content_block_stop", index=index)
    for call in _tool_uses(reply, answer_id):
        index += 1
        begun_call = {**call.model_dump(), "input": {}}
        yield _event("content_block_start", index=index, content_block=begun_call)
        written = json.dumps(call.input, ensure_ascii=False)
        delta = {"type": "input_json_delta", "partial_json": written}
        yield _event("content_block_delta", index=index, delta=delta)
        yield _event("content_block_stop", index=index)
    ending = {"stop_reason": _stop_reason(reply), "stop_sequence": reply.stopped_at}
    completion = reply.completion
    usage = AnthropicUsage(
        input_tokens=completion.prompt_tokens, output_tokens=completion.completion_tokens
    )
    yield _event("message_delta", delta=ending, usage=usage.model_dump())
    yield _event("message_stop")
    return reply


def _event(kind: str, **fields: Any) -> str:
    return as_event(json.dumps({"type": kind, **fields}, ensure_ascii=False), kind)


def _tool_uses(reply: Reply, answer_id: str) -> list[AnswerToolUseBlock]:
    return [
        AnswerToolUseBlock(
            id=call.id.replace("call_", "toolu_"),
            name=call.function.name,
            input=json.loads(call.function.arguments),
        )
        for call in tool_calls_of(reply.tool_calls, answer_id)
    ]


def _stop_reason(reply: Reply) -> StopReason:
    if reply.tool_calls:
        return "tool_use"
    if reply.stopped_at is not None:
        return "stop_sequence"
    return "max_tokens" if reply.completion.finish_reason == "length" else "end_turn"


def _choice(choice: AnthropicToolChoice) -> Any:
    if choice.type == "tool":
        return NamedTool(type="function", function=NamedFunction(name=choice.name))
    return {"any": "required"}.get(choice.type, choice.type)


def _texts(blocks: list[TextBlock], between: str = "") -> list[TextPart]:
    return [TextPart(type="text", text=between.join(block.text for block in blocks))]
