"""Requests and responses of the HTTP API."""

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictStr
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError

from chef_llm.chat_template import Message
from chef_llm.engines import Sampling
from chef_llm.request_fields import NUMBER, OrderFields, Request


def _stop_strings(value: Any) -> Any:
    """Accept one stop string where a list is meant, as OpenAI does."""
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        raise PydanticCustomError("stop_type", "a string or a list of strings is wanted")
    return value


def _text_parts(value: Any) -> Any:
    """Accept a text where its parts are meant, and null, as OpenAI clients send it, for none."""
    if value is None:
        return []
    if isinstance(value, str):
        return [{"type": "text", "text": value}]
    if not isinstance(value, list):
        raise PydanticCustomError("content_type", "a string or a list of text parts is wanted")
    return value


def needs_one_of(**fields: JsonSchemaValue) -> JsonSchemaValue:
    """Return what JSON Schema says of an object that needs one of `fields`, as it is described."""
    return {
        "anyOf": [
            {"required": [name], "properties": {name: described}}
            for name, described in fields.items()
        ]
    }


# A text that says something.
WORDS: Final = {"type": "string", "pattern": r"\S"}

StopString = Annotated[StrictStr, Field(min_length=1, max_length=64)]
StopStrings = Annotated[list[StopString], Field(max_length=4)]
Stop = Annotated[
    StopStrings, BeforeValidator(_stop_strings, json_schema_input_type=StopString | StopStrings)
]
Tokens = Annotated[int, Field(ge=1, le=1024), NUMBER]
OnlyOne = Annotated[int, Field(ge=1, le=1), NUMBER]
Temperature = Annotated[float, Field(ge=0, le=2), NUMBER]
TopP = Annotated[float, Field(gt=0, le=1), NUMBER]
Penalty = Annotated[float, Field(ge=-2, le=2), NUMBER]


@dataclass(frozen=True)
class AskedTokens:
    """The length of answer that a request asks for by itself, and the field that says so."""

    param: str
    count: int


class GenerateParameters(OrderFields, Request):
    """`parameters` of `POST /generate`, by their Hugging Face names."""

    max_new_tokens: Tokens | None = None
    do_sample: StrictBool | None = None
    temperature: Temperature | None = None
    top_k: Annotated[int, Field(ge=0, le=1000), NUMBER] | None = None
    top_p: TopP | None = None
    repetition_penalty: Annotated[float, Field(ge=1, le=2), NUMBER] | None = None
    stop: Stop = Field(default=[])
    seed: Annotated[int, Field(ge=0, le=2**32 - 1), NUMBER] | None = None
    return_full_text: StrictBool = False
    num_return_sequences: OnlyOne = 1
    recipes: StrictBool = True

    @property
    def asked_tokens(self) -> AskedTokens | None:
        """How long an answer this request asks for."""
        if self.max_new_tokens is None:
            return None
        return AskedTokens("parameters.max_new_tokens", self.max_new_tokens)

    def sampling(self, default: Sampling) -> Sampling:
        """Return how to sample: `do_sample` False is greedy, whatever the temperature says.

        `stop` is not in it: it ends the answer, recipe cards and all, and not the model's turn.
        """
        wanted = {"do_sample", "temperature", "top_k", "top_p"} & self.model_fields_set
        sampled = self.do_sample if self.do_sample is not None else bool(wanted)
        temperature = self.temperature if self.temperature is not None else 1.0
        return Sampling(
            max_tokens=self.max_new_tokens or default.max_tokens,
            temperature=(temperature if sampled else 0.0) if wanted else default.temperature,
            top_k=self.top_k if self.top_k is not None else default.top_k,
            top_p=self.top_p if self.top_p is not None else default.top_p,
            repetition_penalty=self.repetition_penalty or default.repetition_penalty,
            stop=default.stop,
            seed=self.seed,
        )


class GenerateRequest(OrderFields, Request):
    """`POST /generate`: the question as `input`, or LangChain's `inputs` with `parameters`."""

    model_config = ConfigDict(
        json_schema_extra=needs_one_of(input=WORDS, inputs=WORDS)
        | {
            "examples": [
                {"input": "豚肉と大根で、3人分の夕食をお願いします"},
                {"inputs": "豚汁の作り方", "parameters": {"max_new_tokens": 128, "recipes": False}},
            ]
        }
    )
    input: StrictStr | None = None
    inputs: StrictStr | None = None
    model: StrictStr | None = None
    parameters: GenerateParameters = GenerateParameters()

    @property
    def question(self) -> str:
        """The question, under whichever name it came; empty when there is none."""
        return next((text for text in (self.input, self.inputs) if text and text.strip()), "")

    @property
    def unknown_fields(self) -> list[str]:
        """The names of fields that this server does not know, those of `parameters` too."""
        return super().unknown_fields + self.parameters.unknown_fields


class GeneratedText(BaseModel):
    """One answer of `POST /generate`."""

    generated_text: str


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
        """Return the turn as the generator knows it; OpenAI's `developer` is the system."""
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
    messages: list[ChatMessage] = Field(min_length=1, max_length=100)
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


class Choice(BaseModel):
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
    choices: list[Choice]
    usage: Usage
    timings: dict[str, float]


class ModelCard(BaseModel):
    """A model of `GET /v1/models`."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "chef_llm"


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
