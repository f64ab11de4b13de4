"""OpenAI's protocol: chat requests, responses, models and errors, as its clients know them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictStr
from pydantic_core import PydanticCustomError

from chef_llm.api.fields import (
    NUMBER,
    AskedTokens,
    OnlyOne,
    OrderFields,
    Penalty,
    Request,
    Stop,
    Temperature,
    Tokens,
    TopP,
)
from chef_llm.engines import Sampling
from chef_llm.reading.conversation import Message


def _text_parts(value: Any) -> Any:
    """Accept a text where its parts are meant, and null, as OpenAI clients send it, for none."""
    if value is None:
        return []
    if isinstance(value, str):
        return [{"type": "text", "text": value}]
    if not isinstance(value, list):
        raise PydanticCustomError("content_type", "a string or a list of text parts is wanted")
    return value


class TextPart(BaseModel):
    """A part of a message's content; only text is understood."""

    type: Literal["text"]
    text: StrictStr


Content = Annotated[
    list[TextPart],
    BeforeValidator(_text_parts, json_schema_input_type=StrictStr | list[TextPart] | None),
]


class ChatMessage(BaseModel):
    """One turn of a chat request."""

    role: Literal["system", "developer", "user", "assistant"]
    content: Content

    def message(self) -> Message:
        """Return the turn as a conversation holds it; OpenAI's `developer` is the system."""
        # Parts are one text that was cut somewhere, in a word even.
        text = "".join(part.text for part in self.content)
        return Message("system" if self.role == "developer" else self.role, text)


class StreamOptions(Request):
    """`stream_options` of a chat request."""

    include_usage: StrictBool = False


class NamedSchema(Request):
    """`json_schema` of a response format; `schema` is JSON Schema."""

    name: StrictStr
    json_schema: dict[str, Any] = Field(alias="schema")


class ResponseFormat(Request):
    """`response_format` of a chat request."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: NamedSchema | None = None


class ChatRequest(OrderFields, Request):
    """`POST /v1/chat/completions`, as OpenAI defines it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"messages": [{"role": "user", "content": "肉じゃがの作り方を教えてください"}]},
                {
                    "messages": [
                        {"role": "user", "content": "鮭と白菜で、2人分の夕食をお願いします"},
                        {"role": "assistant", "content": "主菜: 鮭の塩焼き"},
                        {"role": "user", "content": "主菜を肉に変えて"},
                    ],
                    "stream": True,
                    "stream_options": {"include_usage": True},
                },
            ]
        }
    )
    messages: list[ChatMessage] = Field(min_length=1)
    model: StrictStr | None = None
    max_tokens: Tokens | None = None
    max_completion_tokens: Tokens | None = None
    temperature: Temperature | None = None
    top_p: TopP | None = None
    presence_penalty: Penalty | None = None
    frequency_penalty: Penalty | None = None
    stop: Stop = Field(default=[])
    seed: Annotated[int, Field(ge=-(2**63), le=2**63 - 1), NUMBER] | None = None
    n: OnlyOne = 1
    response_format: ResponseFormat = ResponseFormat(type="text")
    stream: StrictBool = False
    stream_options: StreamOptions | None = None
    recipes: StrictBool = True

    @property
    def includes_usage(self) -> bool:
        """Whether a streamed answer ends with its usage."""
        return self.stream_options is not None and self.stream_options.include_usage

    @property
    def asked_tokens(self) -> AskedTokens | None:
        """How long an answer this request asks for; OpenAI's newer field goes first."""
        for param in ("max_completion_tokens", "max_tokens"):
            if count := getattr(self, param):
                return AskedTokens(param, count)
        return None

    def sampling(self, default: Sampling) -> Sampling:
        """Return how to sample; what the request leaves open is the model's default.

        `stop` is not in it: it ends the answer, recipe cards and all, and not the model's turn.
        """
        return Sampling(
            max_tokens=self.max_completion_tokens or self.max_tokens or default.max_tokens,
            temperature=self.temperature if self.temperature is not None else default.temperature,
            top_k=default.top_k,
            top_p=self.top_p if self.top_p is not None else default.top_p,
            repetition_penalty=default.repetition_penalty,
            presence_penalty=self.presence_penalty or 0.0,
            frequency_penalty=self.frequency_penalty or 0.0,
            stop=default.stop,
            seed=self.seed,
        )


class AnswerMessage(BaseModel):
    """The assistant's turn of a chat response."""

    role: Literal["assistant"] = "assistant"
    content: str


class AnswerChoice(BaseModel):
    """The one choice of a chat response."""

    index: int = 0
    message: AnswerMessage
    finish_reason: Literal["stop", "length"]


class Usage(BaseModel):
    """What the model read and wrote; recipe cards are not the model's and do not count."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatResponse(BaseModel):
    """The response of `POST /v1/chat/completions`; `timings` are llama.cpp's own."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[AnswerChoice]
    usage: Usage
    timings: dict[str, float]


class ModelCard(BaseModel):
    """A model of `GET /v1/models`: who answers under this name (`persona`), and what that means.

    `context_length` is the most tokens that prompt and answer may have together.
    """

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "chef_llm"
    persona: Literal["chef", "plain"]
    description: str
    context_length: int


class ModelList(BaseModel):
    """The response of `GET /v1/models`."""

    object: Literal["list"] = "list"
    data: list[ModelCard]


class Health(BaseModel):
    """The response of `GET /health`."""

    status: Literal["ok"] = "ok"
    model: str


class ErrorDetail(BaseModel):
    """What went wrong: `param` names the field, `code` is for programs, `message` for people."""

    message: str
    type: str
    param: str | None
    code: str


class ErrorResponse(BaseModel):
    """The one shape of every error, OpenAI's."""

    error: ErrorDetail
