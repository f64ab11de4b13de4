"""OpenAI's protocol: chat requests, responses, models and errors, as its clients know them."""

from typing import Annotated, Any, Final, Literal, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictStr,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from chef_llm import __version__
from chef_llm.api.fields import (
    NUMBER,
    AnyTokens,
    LogitBias,
    LongStop,
    OrderFields,
    Penalty,
    ReasoningEffort,
    Request,
    Seed,
    Temperature,
    TopP,
    token_count,
)
from chef_llm.engines import Sampling
from chef_llm.reading.conversation import Message, Role, ToolCall

# Which code answers, for whoever compares answers to the same seed.
FINGERPRINT: Final = f"chef_llm-{__version__}"


# So many answers to one question, one after the other.
MOST_ANSWERS: Final = 8
# As many as OpenAI tells of each token.
MOST_LOGPROBS: Final = 20


def _text_parts(value: Any) -> Any:
    """Accept a text where its parts are meant, and null, as OpenAI clients send it, for none."""
    if value is None:
        return []
    if isinstance(value, str):
        return [{"type": "text", "text": value}]
    if not isinstance(value, list):
        raise PydanticCustomError("content_type", "a string or a list of text parts is wanted")
    return [_refusal_as_text(part) for part in value]


def _refusal_as_text(part: Any) -> Any:
    is_refusal = isinstance(part, dict) and part.get("type") == "refusal"
    return {"type": "text", "text": part.get("refusal")} if is_refusal else part


class TextPart(BaseModel):
    """A part of a message's content, by its name in any of OpenAI's protocols; all are text."""

    type: Literal["text", "input_text", "output_text"]
    text: StrictStr


Content = Annotated[
    list[TextPart],
    BeforeValidator(_text_parts, json_schema_input_type=StrictStr | list[TextPart] | None),
]


class CalledFunction(Request):
    """The function of a tool call; `arguments` are JSON in a text."""

    name: StrictStr
    arguments: StrictStr = "{}"


class MessageToolCall(Request):
    """A tool call of an assistant's turn."""

    id: StrictStr = ""
    type: Literal["function"] = "function"
    function: CalledFunction


class ChatMessage(Request):
    """One turn of a chat request; without content it says nothing."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Content = Field(default=[])
    tool_calls: list[MessageToolCall] = Field(default=[])
    tool_call_id: StrictStr | None = None

    def message(self) -> Message:
        """Return the turn as a conversation holds it; OpenAI's `developer` is the system."""
        # Parts are one text that was cut somewhere, in a word even.
        text = "".join(part.text for part in self.content)
        calls = tuple(
            ToolCall(call.id, call.function.name, call.function.arguments)
            for call in self.tool_calls
        )
        role = {"developer": "system", "function": "tool"}.get(self.role, self.role)
        return Message(cast(Role, role), text, calls, self.tool_call_id)


Answers = Annotated[int, Field(ge=1, le=MOST_ANSWERS), NUMBER]


class StreamOptions(Request):
    """`stream_options` of a chat request."""

    include_usage: StrictBool = False


class NamedSchema(Request):
    """`json_schema` of a response format; `schema` is JSON Schema."""

    name: StrictStr
    json_schema: dict[str, Any] = Field(alias="schema")


class Function(Request):
    """A function that the model may call; `parameters` are JSON Schema."""

    name: Annotated[StrictStr, Field(min_length=1, max_length=128)]
    description: StrictStr = ""
    parameters: dict[str, Any] | None = None


class Tool(Request):
    """A tool of a chat request."""

    type: Literal["function"]
    function: Function


class NamedFunction(Request):
    """The function of a `tool_choice`."""

    name: StrictStr


class NamedTool(Request):
    """A `tool_choice` of one tool."""

    type: Literal["function"]
    function: NamedFunction


class ResponseFormat(Request):
    """`response_format` of a chat request."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: NamedSchema | None = None


class ModelFields(OrderFields, Request):
    """What chat and text completions have in common: who answers, and how tokens are drawn."""

    model: StrictStr | None = None
    temperature: Temperature | None = None
    top_p: TopP | None = None
    top_k: Annotated[int, Field(ge=-1), NUMBER] | None = None
    min_p: TopP | None = None
    presence_penalty: Penalty | None = None
    frequency_penalty: Penalty | None = None
    logit_bias: LogitBias = Field(default={})
    stop: LongStop = Field(default=[])
    seed: Seed | None = None
    n: Answers = 1
    stream: StrictBool = False
    stream_options: StreamOptions | None = None
    recipes: StrictBool = True

    @property
    def includes_usage(self) -> bool:
        """Whether a streamed answer ends with its usage."""
        return self.stream_options is not None and self.stream_options.include_usage

    def sampled(
        self, default: Sampling, most_tokens: int | None, top_logprobs: int | None
    ) -> Sampling:
        """Return how to sample; what the request leaves open is the model's default.

        `stop` is not in it: it ends the answer, recipe cards and all, and not the model's turn.
        """
        return Sampling(
            max_tokens=token_count(most_tokens, default.max_tokens),
            temperature=self.temperature if self.temperature is not None else default.temperature,
            top_k=max(0, self.top_k) if self.top_k is not None else default.top_k,
            top_p=self.top_p if self.top_p is not None else default.top_p,
            min_p=self.min_p if self.min_p is not None else default.min_p,
            repetition_penalty=default.repetition_penalty,
            presence_penalty=self.presence_penalty or 0.0,
            frequency_penalty=self.frequency_penalty or 0.0,
            stop=default.stop,
            seed=self.seed,
            logit_bias=tuple(self.logit_bias.items()),
            top_logprobs=top_logprobs,
        )


class ChatRequest(ModelFields):
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
    max_tokens: AnyTokens | None = None
    max_completion_tokens: AnyTokens | None = None
    logprobs: StrictBool = False
    top_logprobs: Annotated[int, Field(ge=0, le=MOST_LOGPROBS), NUMBER] | None = None
    response_format: ResponseFormat = ResponseFormat(type="text")
    tools: list[Tool] = Field(default=[])
    tool_choice: Literal["none", "auto", "required"] | NamedTool = "auto"
    parallel_tool_calls: StrictBool = True
    chat_template_kwargs: dict[str, Any] = Field(default={})
    reasoning_effort: ReasoningEffort | None = None

    @field_validator("top_logprobs")
    @classmethod
    def _beside_logprobs(cls, value: int | None, info: ValidationInfo) -> int | None:
        """Refuse others beside probabilities that nobody asked for, as OpenAI does."""
        if value and info.data.get("logprobs") is False:
            raise PydanticCustomError("logprobs_missing", "top_logprobs needs logprobs true")
        return value

    def sampling(self, default: Sampling) -> Sampling:
        """Return how to sample; of two limits of tokens OpenAI's newer one goes first."""
        newer = self.max_completion_tokens
        most_tokens = self.max_tokens if newer is None else newer
        return self.sampled(
            default, most_tokens, (self.top_logprobs or 0) if self.logprobs else None
        )

    @property
    def template_variables(self) -> dict[str, Any]:
        """What a model's own template may know beside the conversation: whether to think first."""
        thinking: dict[str, Any] = {}
        if self.reasoning_effort is not None:
            thinking["enable_thinking"] = self.reasoning_effort != "none"
            thinking["reasoning_effort"] = self.reasoning_effort
        # The conversation itself stands in other fields, where it is checked.
        own = {"messages", "tools", "add_generation_prompt", "bos_token", "eos_token"}
        given = self.chat_template_kwargs
        return thinking | {name: given[name] for name in given if name not in own}


class AnswerToolCall(BaseModel):
    """A tool that the model wants called."""

    id: str
    type: Literal["function"] = "function"
    function: CalledFunction


class AnswerMessage(BaseModel):
    """The assistant's turn of a chat response; what it thought before stands apart."""

    role: Literal["assistant"] = "assistant"
    content: str | None
    refusal: None = None
    reasoning_content: str | None = None
    tool_calls: list[AnswerToolCall] | None = None


class TokenChance(BaseModel):
    """A token, and the natural logarithm of its probability."""

    token: str
    logprob: float
    bytes: list[int]


class WrittenToken(TokenChance):
    """A token of the answer, with the likeliest ones in its place."""

    top_logprobs: list[TokenChance]


class ChoiceLogprobs(BaseModel):
    """How likely the tokens of an answer were."""

    content: list[WrittenToken]


class AnswerChoice(BaseModel):
    """One choice of a chat response."""

    index: int = 0
    message: AnswerMessage
    logprobs: ChoiceLogprobs | None = None
    finish_reason: Literal["stop", "length", "tool_calls"]


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
    system_fingerprint: str = FINGERPRINT
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


class MessagesError(ErrorResponse):
    """The same, as Anthropic's clients know it."""

    type: Literal["error"] = "error"
