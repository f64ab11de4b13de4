"""`POST /generate`: one question as `input`, or LangChain's `inputs` with `parameters`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr

from chef_llm.api.fields import (
    NUMBER,
    SAYS_SOMETHING,
    AskedTokens,
    OnlyOne,
    OrderFields,
    Request,
    Stop,
    Temperature,
    Tokens,
    TopP,
    needs_one_of,
)
from chef_llm.api.operator_limits import limited, refuse_long_prompt
from chef_llm.api.persona import is_plain
from chef_llm.chat.chef import Chef, Question, Reply
from chef_llm.chat.service import answer, whole
from chef_llm.engines import Deadline, Sampling
from chef_llm.errors import InvalidRequest
from chef_llm.reading.conversation import Message
from chef_llm.reading.order import Fields
from chef_llm.settings import Settings


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
        json_schema_extra=needs_one_of(input=SAYS_SOMETHING, inputs=SAYS_SOMETHING)
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


def answer_generate(
    request: GenerateRequest, chef: Chef, settings: Settings, deadline: Deadline
) -> tuple[str, Reply]:
    """Answer `POST /generate`: its text, with the question before it if that is wanted."""
    field = "input" if request.inputs is None else "inputs"
    if not request.question.strip():
        raise InvalidRequest(f"{field} に質問を書いてください。", param=field)
    refuse_long_prompt(len(request.question), field, settings.most_prompt_characters)
    parameters = request.parameters
    sampling = limited(
        parameters.sampling(chef.model.sampling),
        parameters.asked_tokens,
        settings.most_answer_tokens,
    )
    question = Question(
        [Message("user", request.question)],
        sampling,
        parameters.stop,
        parameters.recipes,
        fields=merged(request.order_fields(), parameters.order_fields()),
        plain=is_plain(request.model, chef, settings),
    )
    reply = whole(answer(question, chef, deadline))
    text = f"{request.question}\n{reply.text}" if parameters.return_full_text else reply.text
    return text, reply


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
        max_minutes=_least(fields.max_minutes, others.max_minutes),
        max_total_minutes=_least(fields.max_total_minutes, others.max_total_minutes),
        season=fields.season or others.season,
        diets=fields.diets | others.diets,
        limits={**others.limits, **fields.limits},
    )


def _least(*minutes: int | None) -> int | None:
    return min((one for one in minutes if one is not None), default=None)
