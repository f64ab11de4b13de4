"""`POST /v1/responses`: OpenAI's newer protocol, answered as a chat is; nothing is stored."""

import json
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
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
from chef_llm.api.events import Spoken, as_event, logprobs_of, suffix_of, tool_calls_of
from chef_llm.api.fields import (
    NUMBER,
    AnyTokens,
    OrderFields,
    ReasoningEffort,
    Request,
    Temperature,
    TopP,
    type_of,
)
from chef_llm.api.openai import (
    MOST_LOGPROBS,
    CalledFunction,
    ChatMessage,
    ChatRequest,
    Content,
    Function,
    MessageToolCall,
    NamedFunction,
    NamedSchema,
    NamedTool,
    ResponseFormat,
    TextPart,
    Tool,
    WrittenToken,
)
from chef_llm.chat.chef import Chef, Reply
from chef_llm.chat.service import answer, whole
from chef_llm.chat.text_stream import Thought
from chef_llm.engines import Deadline
from chef_llm.errors import InvalidRequest
from chef_llm.settings import Settings

# What is kept at OpenAI between two requests; here each request says all there is to know.
STORED: Final = ("previous_response_id", "conversation", "prompt")
# Of what `include` may name, all that there is here; the rest is of tools that OpenAI runs itself.
LOGPROBS: Final = "message.output_text.logprobs"


def _items(value: Any) -> Any:
    """Accept a text where items are meant, and a message without its type."""
    if isinstance(value, str):
        return [{"type": "message", "role": "user", "content": value}]
    if not isinstance(value, list):
        raise PydanticCustomError("content_type", "a string or a list of items is wanted")
    return [
        {"type": "message", **item} if isinstance(item, dict) and "role" in item else item
        for item in value
    ]


class MessageItem(Request):
    """A turn of the conversation."""

    type: Literal["message"]
    role: Literal["system", "developer", "user", "assistant"]
    content: Content = Field(default=[])


class CallItem(Request):
    """A call of a function, as an earlier answer had it."""

    type: Literal["function_call"]
    call_id: StrictStr
    name: StrictStr
    arguments: StrictStr = "{}"


class ResultItem(Request):
    """What a function answered."""

    type: Literal["function_call_output"]
    call_id: StrictStr
    output: Content = Field(default=[])


class ReasoningItem(Request):
    """What the model thought in an earlier turn; it is not shown to it again."""

    type: Literal["reasoning"]


Item = Annotated[
    Annotated[MessageItem, Tag("<message>")]
    | Annotated[CallItem, Tag("<function_call>")]
    | Annotated[ResultItem, Tag("<function_call_output>")]
    | Annotated[ReasoningItem, Tag("<reasoning>")],
    Discriminator(type_of),
]
ItemList = Annotated[list[Item], Field(min_length=1)]
Items = Annotated[ItemList, BeforeValidator(_items, json_schema_input_type=StrictStr | ItemList)]


class FunctionTool(Function):
    """A tool of a request: a function of the caller's."""

    type: Literal["function"]


class FunctionChoice(Request):
    """A `tool_choice` of one function."""

    type: Literal["function"]
    name: StrictStr


class TextFormat(Request):
    """The form of an answer; `schema` is JSON Schema."""

    type: Literal["text", "json_object", "json_schema"]
    name: StrictStr = "answer"
    json_schema: dict[str, Any] | None = Field(default=None, alias="schema")


class TextOptions(Request):
    """`text` of a request."""

    format: TextFormat = TextFormat(type="text")


class Reasoning(Request):
    """`reasoning` of a request."""

    effort: ReasoningEffort | None = None


class ResponsesRequest(OrderFields, Request):
    """`POST /v1/responses`, as OpenAI defines it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"input": "豚肉と大根で夕食をお願いします"}]}
    )
    input: Items
    model: StrictStr | None = None
    instructions: StrictStr = ""
    max_output_tokens: AnyTokens | None = None
    temperature: Temperature | None = None
    top_p: TopP | None = None
    top_logprobs: Annotated[int, Field(ge=0, le=MOST_LOGPROBS), NUMBER] | None = None
    text: TextOptions = TextOptions()
    tools: list[FunctionTool] = Field(default=[])
    tool_choice: Literal["none", "auto", "required"] | FunctionChoice = "auto"
    reasoning: Reasoning = Reasoning()
    include: list[StrictStr] = Field(default=[])
    stream: StrictBool = False
    background: StrictBool = False
    previous_response_id: StrictStr | None = None
    conversation: Any = None
    prompt: Any = None
    recipes: StrictBool = True

    def as_chat(self) -> ChatRequest:
        """Return the same question as a chat request has it."""
        turns = [turn for item in self.input if (turn := _turn(item)) is not None]
        if self.instructions:
            turns.insert(0, ChatMessage(role="system", content=_parts(self.instructions)))
        order = {name: getattr(self, name) for name in OrderFields.model_fields}
        return ChatRequest.model_construct(
            **{
                **order,
                "messages": turns,
                "model": self.model,
                "max_tokens": self.max_output_tokens,
                "temperature": self.temperature,
                "top_p": self.top_p,
                "logprobs": self.top_logprobs is not None or LOGPROBS in self.include,
                "top_logprobs": self.top_logprobs,
                "tools": [_tool(tool) for tool in self.tools],
                "tool_choice": _choice(self.tool_choice),
                "response_format": _response_format(self.text.format),
                "reasoning_effort": self.reasoning.effort,
                "recipes": self.recipes,
            }
        )


Status = Literal["in_progress", "completed", "incomplete"]


class OutputText(BaseModel):
    """Text of an answer."""

    type: Literal["output_text"] = "output_text"
    text: str
    annotations: list[Any] = []
    logprobs: list[WrittenToken] = []


class ReasoningText(BaseModel):
    """What the model thought before its answer."""

    type: Literal["reasoning_text"] = "reasoning_text"
    text: str


class OutputItem(BaseModel):
    """An item of an answer: its message, what was thought before, or a call of a function."""

    model_config = ConfigDict(extra="allow")

    id: str
    type: Literal["message", "reasoning", "function_call"]
    status: Status = "completed"


class TokenDetails(BaseModel):
    """How much of what was read was known, or of what was written was thought; not counted."""

    cached_tokens: int = 0
    reasoning_tokens: int = 0


class ResponsesUsage(BaseModel):
    """What the model read and wrote."""

    input_tokens: int
    input_tokens_details: TokenDetails = TokenDetails()
    output_tokens: int
    output_tokens_details: TokenDetails = TokenDetails()
    total_tokens: int


class IncompleteDetails(BaseModel):
    """Why an answer is cut."""

    reason: Literal["max_output_tokens"] = "max_output_tokens"


class ResponsesResponse(BaseModel):
    """The response of `POST /v1/responses`."""

    id: str
    object: Literal["response"] = "response"
    created_at: int
    status: Status
    model: str
    output: list[OutputItem]
    instructions: str | None = None
    previous_response_id: None = None
    error: None = None
    incomplete_details: IncompleteDetails | None = None
    parallel_tool_calls: bool = True
    tool_choice: Any = "auto"
    tools: list[Any] = []
    temperature: float | None = None
    top_p: float | None = None
    store: bool = False
    metadata: dict[str, str] = {}
    usage: ResponsesUsage | None = None


class ResponsesEvent(BaseModel):
    """An event of a streamed answer, by its `type`; what else it has goes by that."""

    model_config = ConfigDict(extra="allow")

    type: str
    sequence_number: int


def responses_question(request: ResponsesRequest, chef: Chef, settings: Settings) -> Asked:
    """Return what a request asks; raises `InvalidRequest` for what would have to be stored."""
    for field in STORED:
        if getattr(request, field) is not None:
            raise InvalidRequest(
                f"{field} は使えません。回答は保存していません。"
                "これまでのやりとりをすべて input に入れてください。",
                param=field,
                english=f"{field} is not supported: no response is stored. "
                "Please send the whole conversation as input.",
            )
    if request.background:
        raise InvalidRequest(
            "background は使えません。回答は保存していません。",
            param="background",
            english="background is not supported: no response is stored.",
        )
    asked = chat_question(request.as_chat(), chef, settings, "input")
    of_others = ("include",) if set(request.include) - {LOGPROBS} else ()
    return replace(asked, unused=(*asked.unused, *of_others))


def answer_responses(
    request: ResponsesRequest, asked: Asked, chef: Chef, deadline: Deadline
) -> tuple[ResponsesResponse, Reply]:
    """Answer `POST /v1/responses` in one piece."""
    reply = whole(answer(asked.questions[0], chef, deadline))
    heading = _heading(request, chef)
    return _finished(heading, reply), reply


def stream_responses(
    request: ResponsesRequest, asked: Asked, chef: Chef, deadline: Deadline
) -> Generator[str, None, Reply]:
    """Answer `POST /v1/responses` in events: yield each, and return the reply.

    The first goes out with the first piece and not before: until then an error has its status.
    """
    answering = answer(asked.questions[0], chef, deadline)
    heading = _heading(request, chef)
    events = _Events()
    begun = ResponsesResponse(**heading, status="in_progress", output=[]).model_dump()
    item = _item_id(heading, "msg")
    said: list[str] = []
    with closing(answering):
        spoken = Spoken(answering)
        yield events.made("response.created", response=begun)
        yield events.made("response.in_progress", response=begun)
        for piece in spoken:
            # What is thought comes with the whole.
            if isinstance(piece, Thought):
                continue
            if not said:
                yield from _text_opened(events, item)
            said.append(piece)
            yield events.made(
                "response.output_text.delta", **_place(item), delta=piece, logprobs=[]
            )
        reply = spoken.reply
    response = _finished(heading, reply)
    if said:
        yield from _text_closed(events, response.output[0].model_dump())
    first = 1 if said else 0
    for place, one in enumerate(response.output):
        if one.type == "function_call":
            yield from _call_events(events, one.model_dump(), max(first, place))
    kind = "response.completed" if response.status == "completed" else "response.incomplete"
    yield events.made(kind, response=response.model_dump())
    return reply


class _Events:
    """Numbers the events of one answer."""

    def __init__(self) -> None:
        self._count = 0

    def made(self, kind: str, **fields: Any) -> str:
        event = {"type": kind, "sequence_number": self._count, **fields}
        self._count += 1
        return as_event(json.dumps(event, ensure_ascii=False), kind)


def _place(item: str) -> dict[str, Any]:
    return {"item_id": item, "output_index": 0, "content_index": 0}


def _text_opened(events: _Events, item: str) -> Iterator[str]:
    message = _message(item, "", "in_progress").model_dump() | {"content": []}
    yield events.made("response.output_item.added", output_index=0, item=message)
    part = OutputText(text="").model_dump()
    yield events.made("response.content_part.added", **_place(item), part=part)


def _text_closed(events: _Events, message: Mapping[str, Any]) -> Iterator[str]:
    place, [part] = _place(message["id"]), message["content"]
    said = {"text": part["text"], "logprobs": part["logprobs"]}
    yield events.made("response.output_text.done", **place, **said)
    yield events.made("response.content_part.done", **place, part=part)
    yield events.made("response.output_item.done", output_index=0, item=message)


def _call_events(events: _Events, call: Mapping[str, Any], index: int) -> Iterator[str]:
    begun = {**call, "arguments": "", "status": "in_progress"}
    yield events.made("response.output_item.added", output_index=index, item=begun)
    place = {"item_id": call["id"], "output_index": index}
    written = call["arguments"]
    yield events.made("response.function_call_arguments.delta", **place, delta=written)
    done = {"name": call["name"], "arguments": written}
    yield events.made("response.function_call_arguments.done", **place, **done)
    yield events.made("response.output_item.done", output_index=index, item=call)


def _heading(request: ResponsesRequest, chef: Chef) -> dict[str, Any]:
    return {
        "id": new_id("resp_"),
        "created_at": int(time.time()),
        "model": model_name(request.model, chef),
        "instructions": request.instructions or None,
        "tools": [tool.model_dump(exclude_unset=True) for tool in request.tools],
        "tool_choice": request.model_dump()["tool_choice"],
        "temperature": request.temperature,
        "top_p": request.top_p,
    }


def _finished(heading: Mapping[str, Any], reply: Reply) -> ResponsesResponse:
    is_cut, completion = _is_cut(reply), reply.completion
    return ResponsesResponse(
        **heading,
        status="incomplete" if is_cut else "completed",
        output=list(_output(heading, reply)),
        incomplete_details=IncompleteDetails() if is_cut else None,
        usage=ResponsesUsage(
            input_tokens=completion.prompt_tokens,
            output_tokens=completion.completion_tokens,
            total_tokens=completion.prompt_tokens + completion.completion_tokens,
        ),
    )


def _is_cut(reply: Reply) -> bool:
    return reply.completion.finish_reason == "length" and not reply.tool_calls


def _output(heading: Mapping[str, Any], reply: Reply) -> Iterator[OutputItem]:
    if reply.text or not reply.tool_calls:
        logprobs = logprobs_of(reply.completion.chances)
        tokens = logprobs.content if logprobs else []
        status: Status = "incomplete" if _is_cut(reply) else "completed"
        yield _message(_item_id(heading, "msg"), reply.text, status, tokens)
    for call in tool_calls_of(reply.tool_calls, heading["id"]):
        yield OutputItem(
            id=call.id.replace("call_", "fc_"),
            type="function_call",
            **{
                "call_id": call.id,
                "name": call.function.name,
                "arguments": call.function.arguments,
            },
        )
    if reply.thought:
        thought = ReasoningText(text=reply.thought).model_dump()
        yield OutputItem(
            id=_item_id(heading, "rs"), type="reasoning", **{"summary": [], "content": [thought]}
        )


def _message(
    item: str, text: str, status: Status, logprobs: Sequence[WrittenToken] = ()
) -> OutputItem:
    content = [OutputText(text=text, logprobs=list(logprobs)).model_dump()]
    return OutputItem(
        id=item, type="message", status=status, **{"role": "assistant", "content": content}
    )


def _item_id(heading: Mapping[str, Any], kind: str) -> str:
    return f"{kind}_{suffix_of(heading['id'])}"


def _turn(item: Item) -> ChatMessage | None:
    match item:
        case MessageItem():
            return ChatMessage.model_construct(
                **{**_NO_TURN, "role": item.role, "content": item.content}
            )
        case CallItem():
            function = CalledFunction(name=item.name, arguments=item.arguments)
            calls = [MessageToolCall(id=item.call_id, function=function)]
            return ChatMessage.model_construct(
                **{**_NO_TURN, "role": "assistant", "tool_calls": calls}
            )
        case ResultItem():
            return ChatMessage.model_construct(
                **{
                    **_NO_TURN,
                    "role": "tool",
                    "content": item.output,
                    "tool_call_id": item.call_id,
                }
            )
    return None


_NO_TURN: Final[Mapping[str, Any]] = {"content": [], "tool_calls": [], "tool_call_id": None}


def _parts(text: str) -> list[TextPart]:
    return [TextPart(type="text", text=text)]


def _tool(tool: FunctionTool) -> Tool:
    function = Function(name=tool.name, description=tool.description, parameters=tool.parameters)
    return Tool(type="function", function=function)


def _choice(choice: str | FunctionChoice) -> Any:
    if isinstance(choice, FunctionChoice):
        return NamedTool(type="function", function=NamedFunction(name=choice.name))
    return choice


def _response_format(wanted: TextFormat) -> ResponseFormat:
    if wanted.json_schema is None:
        return ResponseFormat(type=wanted.type)
    named = NamedSchema.model_validate({"name": wanted.name, "schema": wanted.json_schema})
    return ResponseFormat(type=wanted.type, json_schema=named)
