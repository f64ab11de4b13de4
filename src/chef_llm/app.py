"""The Lambda handler and its routes: parse, one call, return."""

import json
import re
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from functools import cache, partial
from http import HTTPStatus
from typing import Annotated, Any, Final, TypeVar

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel

from chef_llm.api.chat import Asked, answer_chat, chat_question, stream_chat
from chef_llm.api.completions import (
    CompletionRequest,
    CompletionResponse,
    answer_completion,
    completion_question,
    stream_completion,
)
from chef_llm.api.embeddings import (
    EmbeddingsRequest,
    EmbeddingsResponse,
    TokenizeRequest,
    TokenizeResponse,
    answer_embeddings,
    answer_tokenize,
)
from chef_llm.api.envelope import (
    EVENT_STREAM,
    JSON,
    as_request,
    error_body,
    error_headers,
    error_response,
    is_head,
    readable,
    shown,
    status_of,
    telling,
    without_body,
    wrong_field,
)
from chef_llm.api.events import ChatChunk
from chef_llm.api.fields import Request
from chef_llm.api.generate import GeneratedText, GenerateRequest, answer_generate
from chef_llm.api.menu_answers import answer_menu_request
from chef_llm.api.menus import MenuRequest, MenuResponse, RecipesRequest, RecipesResponse
from chef_llm.api.messages import (
    MessagesEvent,
    MessagesRequest,
    MessagesResponse,
    answer_messages,
    messages_question,
    stream_messages,
)
from chef_llm.api.openai import ChatRequest, ChatResponse, Health, ModelCard, ModelList
from chef_llm.api.openapi import describe
from chef_llm.api.persona import model_cards
from chef_llm.api.recipes import answer_recipes_request
from chef_llm.api.responses import (
    ResponsesEvent,
    ResponsesRequest,
    ResponsesResponse,
    answer_responses,
    responses_question,
    stream_responses,
)
from chef_llm.chat.chef import Chef, Reply, load_chef
from chef_llm.chat.service import warm_up
from chef_llm.cookbook import load_cookbook
from chef_llm.engines import Deadline
from chef_llm.errors import (
    ChefError,
    ClientGone,
    DeadlineExceeded,
    MethodNotAllowed,
    ModelNotFound,
    RouteNotFound,
)
from chef_llm.observability import (
    logger,
    metrics,
    record,
    record_crash,
    record_error,
    record_request,
    tracer,
)
from chef_llm.settings import SNAP_START, Settings, lambda_initialization
from chef_llm.web import PAGE_ROUTES
from chef_llm.web import router as page

# Time to send the answer after decoding has been stopped.
RESERVE_SECONDS: Final = 1.0
ROUTES: Final = {
    "/health": "GET",
    "/v1/models": "GET",
    "/v1/models/{model}": "GET",
    "/openapi.json": "GET",
    "/generate": "POST",
    "/v1/chat/completions": "POST",
    "/v1/completions": "POST",
    "/v1/responses": "POST",
    "/v1/messages": "POST",
    "/v1/embeddings": "POST",
    "/tokenize": "POST",
    "/v1/menus": "POST",
    "/v1/recipes": "POST",
}
# What is counted of a path that is no route.
NO_ROUTE: Final = "none"
# Its files are counted together.
THE_PAGE: Final = "/"
ALL_ROUTES: Final = {**ROUTES, **PAGE_ROUTES}
NO_HEADERS: Final[Mapping[str, str]] = {}
# The requests of other servers' protocols: each is answered whole or in events.
R = TypeVar("R", ChatRequest, CompletionRequest, ResponsesRequest, MessagesRequest)
POST_PATHS: Final = frozenset(path for path, method in ROUTES.items() if method == "POST")

app = APIGatewayHttpResolver(
    enable_validation=True,
    # An answer of ours that does not fit its own schema is our fault, not the caller's.
    response_validation_error_http_code=500,
    serializer=partial(json.dumps, ensure_ascii=False),
    # Whatever the environment says: debugging prints prompts and answers with stack traces.
    debug=False,
)
app.include_router(page)


@app.get("/health")
def health() -> Health:
    """Tell whether the model is loaded and which."""
    return Health(model=load_chef().model.name)


@app.get("/v1/models")
def models() -> ModelList:
    """List the model that answers: as the chef, and as itself."""
    return ModelList(data=model_cards(load_chef(), Settings.from_env()))


@app.get("/v1/models/<model>")
def model_card(model: str) -> ModelCard:
    """Describe the model of that id."""
    for card in model_cards(load_chef(), Settings.from_env()):
        if card.id == model:
            return card
    raise not_served(model)


@app.post("/generate")
def generate(request: Annotated[GenerateRequest, Body()]) -> Response[list[GeneratedText]]:
    """Answer one question."""
    log_unknown_fields(request)
    chef = load_chef()
    text, reply = answer_generate(request, chef, Settings.from_env(), time_left())
    record("/generate", chef.model.name, reply.completion)
    return respond([GeneratedText(generated_text=text)], reply)


@app.post("/v1/chat/completions")
def chat(request: Annotated[ChatRequest, Body()]) -> Response[ChatResponse | str]:
    """Answer a conversation, as OpenAI does; with `stream` in server-sent events."""
    return answered("/v1/chat/completions", request, chat_question, answer_chat, stream_chat)


@app.post("/v1/completions")
def completions(
    request: Annotated[CompletionRequest, Body()],
) -> Response[CompletionResponse | str]:
    """Answer a prompt, as OpenAI's older protocol does; the plain model goes on with it."""
    return answered(
        "/v1/completions", request, completion_question, answer_completion, stream_completion
    )


@app.post("/v1/responses")
def responses(
    request: Annotated[ResponsesRequest, Body()],
) -> Response[ResponsesResponse | str]:
    """Answer a conversation, as OpenAI's newer protocol does; nothing is stored."""
    return answered(
        "/v1/responses", request, responses_question, answer_responses, stream_responses
    )


@app.post("/v1/messages")
def messages(
    request: Annotated[MessagesRequest, Body()],
) -> Response[MessagesResponse | str]:
    """Answer a conversation, as Anthropic does."""
    return answered("/v1/messages", request, messages_question, answer_messages, stream_messages)


@app.post("/v1/embeddings")
def embeddings(request: Annotated[EmbeddingsRequest, Body()]) -> EmbeddingsResponse:
    """Return the vector of each text, of a model that is made for it."""
    log_unknown_fields(request)
    return answer_embeddings(request, load_chef(), Settings.from_env(), time_left())


@app.post("/tokenize")
def tokenize(request: Annotated[TokenizeRequest, Body()]) -> TokenizeResponse:
    """Return the tokens of a text, as llama-server does."""
    log_unknown_fields(request)
    return answer_tokenize(request, load_chef(), Settings.from_env())


@app.post("/v1/menus")
def menus(request: Annotated[MenuRequest, Body()]) -> MenuResponse:
    """Plan menus that keep every constraint of the request."""
    deadline = time_left()
    response, completion = answer_menu_request(request, load_chef(), deadline)
    deadline.require_client()
    record("/v1/menus", response.model, completion)
    return response


@app.post("/v1/recipes")
def recipes(request: Annotated[RecipesRequest, Body()]) -> RecipesResponse:
    """Show named dishes for the asked servings, and what to buy for them; no model is asked."""
    return answer_recipes_request(request, load_cookbook())


@app.get("/openapi.json")
@cache
def openapi() -> dict[str, Any]:
    """Describe all of this, as OpenAPI 3.1."""
    streamed: dict[str, type[BaseModel]] = {
        "/v1/chat/completions": ChatChunk,
        "/v1/completions": CompletionResponse,
        "/v1/responses": ResponsesEvent,
        "/v1/messages": MessagesEvent,
    }
    return describe(app, ROUTES, streamed)


def answered(
    route: str,
    request: R,
    question: Callable[[R, Chef, Settings], Asked],
    answer: Callable[[R, Asked, Chef, Deadline], tuple[BaseModel, Reply]],
    stream: Callable[[R, Asked, Chef, Deadline], Generator[str, None, Reply]],
) -> Response[Any]:
    """Answer a request of another server's protocol, whole or with `stream` in events."""
    log_unknown_fields(request)
    chef, deadline = load_chef(), time_left()
    asked = question(request, chef, Settings.from_env())
    if asked.unused:
        logger.info("fields are left unused", fields=asked.unused)
    if request.stream:
        events, reply = sent(stream(request, asked, chef, deadline), asked.headers)
        record(route, chef.model.name, reply.completion)
        return respond(events, reply, EVENT_STREAM, asked.headers)
    body, reply = answer(request, asked, chef, deadline)
    record(route, chef.model.name, reply.completion)
    return respond(body, reply, more_headers=asked.headers)


def log_unknown_fields(request: Request) -> None:
    """Log the names of the fields that are left unused."""
    if request.unknown_fields:
        logger.info("unknown fields are left unused", fields=request.unknown_fields)


def sent(events: Generator[str, None, Reply], headers: Mapping[str, str]) -> tuple[str, Reply]:
    """Send each event to whom the context names, and return all of them with the reply.

    `headers` are what is known before the first. Lambda's context names no one: behind the HTTP
    API all events go out together in the response's body. A reader who has gone ends the answer:
    `ClientGone`.
    """
    if begin := getattr(app.lambda_context, "on_headers", None):
        begin(headers)
    is_unread = getattr(app.lambda_context, "on_event", None) or (lambda _: False)
    texts = []
    with closing(events):
        while True:
            try:
                texts.append(next(events))
            except StopIteration as end:
                return "".join(texts), end.value
            if is_unread(texts[-1]):
                raise ClientGone("回答の途中で接続が切れました。")


def time_left() -> Deadline:
    """Return when an answer must be ready: before gateway and function give up, or the client."""
    left = app.lambda_context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS
    return Deadline.after(min(Settings.from_env().answer_seconds, left), client_is_gone)


def client_is_gone() -> bool:
    """Tell whether the client went away; Lambda's own context never knows."""
    return bool(getattr(app.lambda_context, "client_is_gone", bool)())


def respond(
    body: Any,
    reply: Reply,
    content_type: str = JSON,
    more_headers: Mapping[str, str] = NO_HEADERS,
) -> Response[Any]:
    """Return `body`; headers tell whether it is guaranteed, and of one cut by the deadline."""
    headers: dict[str, str | list[str]] = {
        **more_headers,
        "x-chef-guaranteed": "true" if reply.guaranteed else "false",
    }
    if reply.completion.stopped_by_deadline:
        headers["x-chef-stopped"] = "deadline"
    return Response(200, content_type, body, headers=headers)


def as_chef_error(error: Exception) -> ChefError:
    """Return what the caller may know of `error`, by its type; what is our fault is logged."""
    match error:
        case ChefError():
            known = error
            if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                reason = error.message
                logger.error("request failed", code=error.code, reason=reason, detail=error.detail)
        case RequestValidationError():
            known = wrong_field(telling(error.errors()))
        case _:
            record_crash(error)
            known = ChefError("サーバーで予期しないエラーが起きました。")
    record_error(known)
    return known


def on_error(error: Exception) -> Response[str]:
    """Answer an error of a route."""
    if isinstance(error, DeadlineExceeded) and client_is_gone():
        error = ClientGone(error.message)
    known = as_chef_error(error)
    path = app.current_event.path
    headers: dict[str, str | list[str]] = {**error_headers(known)}
    return Response(status_of(known, path), JSON, error_body(known, path), headers=headers)


app.exception_handler(Exception)(on_error)


def not_served(model: str) -> ModelNotFound:
    """Return the error of a model that does not answer here."""
    served = load_chef().model.name
    return ModelNotFound(
        f"モデル {shown(model)} はありません。使えるモデル: {served}。", param="model"
    )


def route_of(path: str) -> str | None:
    """Return the route that `path` belongs to, None where there is no such path."""
    for route in ALL_ROUTES:
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(route)), path):
            return route
    return None


@app.not_found
def on_not_found(_: NotFoundError) -> Response[str]:
    """Tell a wrong path from a wrong method."""
    path, method = app.current_event.path, app.current_event.http_method
    route = route_of(path)
    if route is None:
        return on_error(RouteNotFound(f"{shown(path)} はありません。"))
    allowed = ALL_ROUTES[route]
    # Powertools takes only some characters for what stands in braces.
    if allowed == method and route in PAGE_ROUTES:
        return on_error(RouteNotFound(f"{shown(path)} はありません。"))
    if allowed == method:
        return on_error(not_served(path.rpartition("/")[2]))
    response = on_error(
        MethodNotAllowed(
            f"{shown(path)} は {allowed} で呼んでください（受け取ったメソッド: {shown(method)}）。"
        )
    )
    response.headers["allow"] = allowed
    return response


# The event is never logged, whatever the environment says: it holds the prompt.
@logger.inject_lambda_context(correlation_id_path="requestContext.requestId", log_event=False)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one API Gateway HTTP API request (payload 2.0); no error leaves it."""
    route = NO_ROUTE
    try:
        request = as_request(event)
        route = route_of(request["rawPath"]) or NO_ROUTE
        request = readable(request, POST_PATHS, Settings.from_env().most_body_bytes)
        response = app.resolve(request, context)
    except Exception as error:  # noqa: BLE001  # the edge: a caller always gets our error shape
        response = error_response(as_chef_error(error), route)
    finally:
        record_request(THE_PAGE if route in PAGE_ROUTES else route)
    if correlation := logger.get_correlation_id():
        response["headers"]["x-request-id"] = correlation
    return without_body(response) if is_head(event) else response


def load_model(initialization: str | None = None) -> None:
    """Load the model while the process starts, so that no caller waits for it.

    Whoever cannot load it says so in the log and answers 503. A version whose snapshot is being
    taken fails instead: its deployment is rolled back, and the alias stays where it is.
    """
    try:
        warm_up(load_chef())
    except ChefError as error:
        reason = error.message
        logger.error("the chef cannot start", code=error.code, reason=reason, detail=error.detail)
        if initialization == SNAP_START:
            raise


if (initialization := lambda_initialization()) is not None:
    load_model(initialization)
