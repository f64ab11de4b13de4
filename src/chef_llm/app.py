"""The Lambda handler and its routes: parse, one call, return."""

import json
import secrets
import time
from collections.abc import Sequence
from functools import cache, partial
from typing import Annotated, Any, Final

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.utilities.typing import LambdaContext

from chef_llm import __version__
from chef_llm.chat_template import Message
from chef_llm.engines import Deadline
from chef_llm.envelope import JSON, error_body, error_response, readable
from chef_llm.errors import ChefError, InvalidRequest, MethodNotAllowed, RouteNotFound
from chef_llm.generator import Reply, generator
from chef_llm.observability import logger, metrics, record, tracer
from chef_llm.schemas import (
    AnswerMessage,
    ChatRequest,
    ChatResponse,
    Choice,
    ErrorResponse,
    GeneratedText,
    GenerateRequest,
    Health,
    ModelCard,
    ModelList,
    Request,
    Usage,
)
from chef_llm.settings import Settings

# Time to send the answer after decoding has been stopped.
RESERVE_SECONDS: Final = 1.0
ROUTES: Final = {
    "/health": "GET",
    "/v1/models": "GET",
    "/openapi.json": "GET",
    "/generate": "POST",
    "/v1/chat/completions": "POST",
}
POST_ERRORS: Final[Any] = {
    status: {"description": text, "content": {JSON: {"model": ErrorResponse}}}
    for status, text in {
        400: "Malformed JSON, or a prompt longer than the context",
        413: "The body is over the limit",
        415: "The body is not JSON",
        422: "A field is wrong; param names it",
        503: "The model is not available, or time ran out before the first token",
    }.items()
}
OK: Final[Any] = {200: {"description": "OK"}}

app = APIGatewayHttpResolver(
    enable_validation=True, serializer=partial(json.dumps, ensure_ascii=False)
)


@app.get("/health", responses={**OK, 503: POST_ERRORS[503]})
def health() -> Health:
    """Tell whether the model is loaded and which."""
    return Health(model=generator().model.name)


@app.get("/v1/models", responses={**OK, 503: POST_ERRORS[503]})
def models() -> ModelList:
    """List the model that answers."""
    return ModelList(data=[ModelCard(id=generator().model.name)])


@app.post("/generate", responses={**OK, **POST_ERRORS})
def generate(request: Annotated[GenerateRequest, Body()]) -> Response[list[GeneratedText]]:
    """Answer one question."""
    question = request.question
    if question is None or not question.strip():
        raise InvalidRequest("質問を input か inputs に書いてください。", param="input")
    sampling = request.parameters.sampling(generator().model.sampling)
    messages = [Message("user", question)]
    reply = answer("/generate", request, messages, sampling, recipes=request.parameters.recipes)
    text = f"{question}\n{reply.text}" if request.parameters.return_full_text else reply.text
    return respond([GeneratedText(generated_text=text)], reply)


@app.post("/v1/chat/completions", responses={**OK, **POST_ERRORS})
def chat(request: Annotated[ChatRequest, Body()]) -> Response[ChatResponse]:
    """Answer a conversation, as OpenAI does."""
    messages = conversation(request)
    sampling = request.sampling(generator().model.sampling)
    reply = answer("/v1/chat/completions", request, messages, sampling, recipes=request.recipes)
    completion = reply.completion
    body = ChatResponse(
        id=f"chatcmpl-{secrets.token_hex(12)}",
        created=int(time.time()),
        model=generator().model.name,
        choices=[
            Choice(message=AnswerMessage(content=reply.text), finish_reason=completion.finish_reason)
        ],
        usage=Usage(
            prompt_tokens=completion.prompt_tokens,
            completion_tokens=completion.completion_tokens,
            total_tokens=completion.prompt_tokens + completion.completion_tokens,
        ),
        timings=completion.raw_timings,
    )
    return respond(body, reply)


@app.get("/openapi.json", responses=OK)
def openapi() -> Response[str]:
    """Describe all of this, as OpenAPI 3.1."""
    return Response(200, JSON, openapi_json())


@cache
def openapi_json() -> str:
    """Return the OpenAPI document; it never changes while the process lives."""
    return app.get_openapi_json_schema(title="献立シェフ", version=__version__)


def conversation(request: ChatRequest) -> list[Message]:
    """Return the request's messages, refused if no one could answer them."""
    messages = [message.message() for message in request.messages]
    for index, message in enumerate(messages):
        where = f"messages.{index}"
        if message.role == "system" and index > 0:
            raise InvalidRequest("system は最初に一つだけ置けます。", param=f"{where}.role")
        if message.role == "user" and not message.content.strip():
            raise InvalidRequest("user の content が空です。", param=f"{where}.content")
    if messages[-1].role != "user":
        raise InvalidRequest("最後の messages は user にしてください。", param="messages")
    return messages


def answer(
    route: str, request: Request, messages: Sequence[Message], sampling: Any, *, recipes: bool
) -> Reply:
    """Let the chef answer inside the time that this invocation has left."""
    if request.unknown_fields:
        logger.info("unknown fields are left unused", fields=request.unknown_fields)
    limit = Settings.from_env().answer_seconds
    left = app.lambda_context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS
    reply = generator().reply(
        messages, sampling, Deadline.after(min(limit, left)), recipes=recipes
    )
    record(route, reply.completion)
    return reply


def respond(body: Any, reply: Reply) -> Response[Any]:
    """Return `body`, with a header when the deadline cut the answer short."""
    stopped = reply.completion.stopped_by_deadline
    return Response(200, JSON, body, headers={"x-chef-stopped": "deadline"} if stopped else {})


@app.exception_handler(ChefError)
def on_chef_error(error: ChefError) -> Response[str]:
    """Answer with the status that belongs to the error's type."""
    if error.status >= 500:  # noqa: PLR2004
        logger.error("request failed", code=error.code, reason=error.message)
    return Response(int(error.status), JSON, error_body(error))


@app.exception_handler(RequestValidationError)
def on_validation_error(error: RequestValidationError) -> Response[str]:
    """Name the first wrong field, what it was and what is wanted."""
    first = error.errors()[0]
    param = ".".join(str(part) for part in first["loc"] if part != "body") or "body"
    return on_chef_error(InvalidRequest(f"{param}: {first['msg']}", param=param))


@app.not_found
def on_not_found(error: NotFoundError) -> Response[str]:
    """Tell a wrong path from a wrong method."""
    path, method = app.current_event.path, app.current_event.http_method
    if path in ROUTES and method != ROUTES[path]:
        wrong = MethodNotAllowed(f"{path} は {ROUTES[path]} で呼んでください: {method}")
        return Response(405, JSON, error_body(wrong), headers={"allow": ROUTES[path]})
    return on_chef_error(RouteNotFound(f"{path} はありません。"))


@logger.inject_lambda_context(correlation_id_path="requestContext.requestId")
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one API Gateway HTTP API request (payload 2.0)."""
    try:
        readable_event = readable(event, Settings.from_env().most_body_bytes)
    except ChefError as error:
        return error_response(error)
    return app.resolve(readable_event, context)
