"""The Lambda handler and its routes: parse, one call, return."""

import json
import re
import secrets
import time
from collections.abc import Sequence
from functools import cache, partial
from http import HTTPStatus
from typing import Annotated, Any, Final

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.utilities.typing import LambdaContext

from chef_llm.chat_template import Message
from chef_llm.cookbook import load_cookbook
from chef_llm.engines import Deadline, Grammar, OnText, Sampling
from chef_llm.envelope import (
    EVENT_STREAM,
    JSON,
    error_body,
    error_response,
    readable,
    routed,
    shown,
    wrong_field,
)
from chef_llm.errors import (
    ChefError,
    InvalidRequest,
    MethodNotAllowed,
    ModelNotFound,
    RouteNotFound,
)
from chef_llm.generator import Reply, generator
from chef_llm.json_schemas import json_grammar, texts_of
from chef_llm.menu_schemas import MenuRequest, MenuResponse
from chef_llm.menu_service import answer_menu_request, guaranteed_reply
from chef_llm.observability import logger, metrics, record, record_crash, tracer
from chef_llm.openapi import describe
from chef_llm.recipes import RecipesRequest, RecipesResponse, answer_recipes_request
from chef_llm.request_limits import limited, refuse_long_prompt
from chef_llm.schemas import (
    AnswerMessage,
    ChatRequest,
    ChatResponse,
    Choice,
    GeneratedText,
    GenerateRequest,
    Health,
    ModelCard,
    ModelList,
    Request,
)
from chef_llm.server_sent_events import ChatChunk, ChatEvents, OnEvent, usage_of
from chef_llm.settings import Settings, lambda_initialization
from chef_llm.web import PAGE_ROUTES
from chef_llm.web import router as page

# How Lambda says that it is taking the snapshot of a new version.
SNAP_START: Final = "snap-start"
# Time to send the answer after decoding has been stopped.
RESERVE_SECONDS: Final = 1.0
ROUTES: Final = {
    "/health": "GET",
    "/v1/models": "GET",
    "/v1/models/{model}": "GET",
    "/openapi.json": "GET",
    "/generate": "POST",
    "/v1/chat/completions": "POST",
    "/v1/menus": "POST",
    "/v1/recipes": "POST",
}
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
    return Health(model=generator().model.name)


@app.get("/v1/models")
def models() -> ModelList:
    """List the model that answers."""
    return ModelList(data=[ModelCard(id=generator().model.name)])


@app.get("/v1/models/<model>")
def model_card(model: str) -> ModelCard:
    """Describe the model of that id."""
    served = generator().model.name
    if model != served:
        raise ModelNotFound(
            f"モデル {shown(model)} はありません。使えるモデル: {served}。", param="model"
        )
    return ModelCard(id=served)


@app.post("/generate")
def generate(request: Annotated[GenerateRequest, Body()]) -> Response[list[GeneratedText]]:
    """Answer one question."""
    field = "input" if request.inputs is None else "inputs"
    if not request.question.strip():
        raise InvalidRequest(f"{field} に質問を書いてください。", param=field)
    limits, parameters = Settings.from_env(), request.parameters
    refuse_long_prompt(len(request.question), field, limits.most_prompt_characters)
    sampling = parameters.sampling(generator().model.sampling)
    sampling = limited(sampling, parameters.asked_tokens, limits.most_answer_tokens)
    messages = [Message("user", request.question)]
    reply = answer(request, messages, sampling, recipes=parameters.recipes)
    record("/generate", reply.completion)
    text = reply.text
    if parameters.return_full_text:
        text = f"{request.question}\n{text}"
    return respond([GeneratedText(generated_text=text)], reply)


@app.post("/v1/chat/completions")
def chat(request: Annotated[ChatRequest, Body()]) -> Response[ChatResponse | str]:
    """Answer a conversation, as OpenAI does; with `stream` in server-sent events."""
    messages = conversation(request)
    limits = Settings.from_env()
    characters = sum(len(message.content) for message in messages)
    refuse_long_prompt(characters, "messages", limits.most_prompt_characters)
    sampling = request.sampling(generator().model.sampling)
    sampling = limited(sampling, request.asked_tokens, limits.most_answer_tokens)
    let_answer = partial(
        answer,
        request,
        messages,
        sampling,
        recipes=request.recipes,
        constraint=wanted_form(request, messages),
    )
    answer_id, created = f"chatcmpl-{secrets.token_hex(12)}", int(time.time())
    model = generator().model.name
    if request.stream:
        events = ChatEvents(
            answer_id=answer_id,
            created=created,
            model=model,
            include_usage=request.includes_usage,
            on_event=reader_of_events(),
        )
        reply = let_answer(on_text=events.take)
        events.finish(reply)
        record("/v1/chat/completions", reply.completion)
        return respond("".join(events.sent), reply, EVENT_STREAM)
    reply = let_answer()
    completion = reply.completion
    record("/v1/chat/completions", completion)
    message = AnswerMessage(content=reply.text)
    body = ChatResponse(
        id=answer_id,
        created=created,
        model=model,
        choices=[Choice(message=message, finish_reason=completion.finish_reason)],
        usage=usage_of(completion),
        timings=completion.raw_timings,
    )
    return respond(body, reply)


@app.post("/v1/menus")
def menus(request: Annotated[MenuRequest, Body()]) -> MenuResponse:
    """Plan menus that keep every constraint of the request."""
    response, completion = answer_menu_request(request, generator(), time_left())
    record("/v1/menus", completion)
    return response


@app.post("/v1/recipes")
def recipes(request: Annotated[RecipesRequest, Body()]) -> RecipesResponse:
    """Show named dishes for the asked servings, and what to buy for them; no model is asked."""
    return answer_recipes_request(request, load_cookbook())


@app.get("/openapi.json")
@cache
def openapi() -> dict[str, Any]:
    """Describe all of this, as OpenAPI 3.1."""
    return describe(app, ROUTES, {"/v1/chat/completions": ChatChunk})


def conversation(request: ChatRequest) -> list[Message]:
    """Return the request's messages, refused if no one could answer them."""
    messages = [message.message() for message in request.messages]
    for index, message in enumerate(messages):
        role, content = f"messages.{index}.role", f"messages.{index}.content"
        if message.role == "system" and index > 0:
            raise InvalidRequest(f"{role} の system は最初に一つだけ置けます。", param=role)
        if message.role == "user" and not message.content.strip():
            raise InvalidRequest(f"{content} が空です。質問を書いてください。", param=content)
    if messages[-1].role != "user":
        raise InvalidRequest("messages の最後は role を user にしてください。", param="messages")
    return messages


def wanted_form(request: ChatRequest, messages: Sequence[Message]) -> Grammar | None:
    """Return the grammar of the request's `response_format`, None for plain text."""
    wanted = request.response_format
    if wanted.type == "text":
        return None
    if wanted.type == "json_object" or wanted.json_schema is None:
        raise InvalidRequest(
            f"{generator().model.name} は自由な形のJSONを書けません。response_format は text か、"
            "値を enum で並べた json_schema にしてください。",
            param="response_format",
        )
    if messages[0].role != "system":
        raise InvalidRequest(
            "response_format の json_schema には、自分の system メッセージをつけてください。"
            "条件を守る献立のJSONは /v1/menus で得られます。",
            param="response_format",
        )
    place = "response_format.json_schema.schema"
    grammar = json_grammar(wanted.json_schema.json_schema, place)
    if missing := generator().unwritable("".join(texts_of(grammar))):
        characters = shown("".join(sorted(missing)))
        raise InvalidRequest(
            f"{place} に {generator().model.name} が書けない文字があります: {characters}。",
            param=place,
        )
    return grammar


def reader_of_events() -> OnEvent:
    """Return who reads a streamed answer while it is written: whom the context names.

    Lambda's names no one: behind the HTTP API all events go out together in the response's body.
    """
    reader: OnEvent | None = getattr(app.lambda_context, "on_event", None)
    return reader or (lambda _: False)


def answer(  # noqa: PLR0913  # the last three by name
    request: Request,
    messages: Sequence[Message],
    sampling: Sampling,
    *,
    recipes: bool,
    constraint: Grammar | None = None,
    on_text: OnText = lambda _: False,
) -> Reply:
    """Let the chef answer inside the time that this invocation has left.

    `on_text` gets the answer piece by piece, a guaranteed one line by line when it is found.
    """
    if request.unknown_fields:
        logger.info("unknown fields are left unused", fields=request.unknown_fields)
    deadline, chef = time_left(), generator()
    reply = None
    if messages[0].role != "system":
        reply = guaranteed_reply(messages, chef, deadline, recipes=recipes, seed=sampling.seed)
    if reply:
        # `any` reads on until the reader is gone.
        any(map(on_text, reply.text.splitlines(keepends=True)))
    else:
        reply = chef.reply(
            messages, sampling, deadline, recipes=recipes, constraint=constraint, on_text=on_text
        )
    return reply


def time_left() -> Deadline:
    """Return when an answer must be ready: before the gateway and the function give up."""
    left = app.lambda_context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS
    return Deadline.after(min(Settings.from_env().answer_seconds, left))


def respond(body: Any, reply: Reply, content_type: str = JSON) -> Response[Any]:
    """Return `body`; headers tell of a guaranteed menu, and of an answer cut by the deadline."""
    headers: dict[str, str | list[str]] = {}
    if reply.completion.stopped_by_deadline:
        headers["x-chef-stopped"] = "deadline"
    if reply.guaranteed:
        headers["x-chef-guaranteed"] = "true"
    return Response(200, content_type, body, headers=headers)


def as_chef_error(error: Exception) -> ChefError:
    """Return what the caller may know of `error`, by its type; what is our fault is logged."""
    match error:
        case ChefError():
            if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                reason = error.message
                logger.error("request failed", code=error.code, reason=reason, detail=error.detail)
            return error
        case RequestValidationError():
            return wrong_field(error.errors()[0])
        case _:
            record_crash(error)
            return ChefError("サーバーで予期しないエラーが起きました。")


def on_error(error: Exception) -> Response[str]:
    """Answer an error of a route."""
    known = as_chef_error(error)
    return Response(int(known.status), JSON, error_body(known))


app.exception_handler(Exception)(on_error)


def allowed_method(path: str) -> str | None:
    """Return the one method that `path` may be called with, None where there is no such path."""
    for route, method in {**ROUTES, **PAGE_ROUTES}.items():
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(route)), path):
            return method
    return None


@app.not_found
def on_not_found(_: NotFoundError) -> Response[str]:
    """Tell a wrong path from a wrong method."""
    path, method = app.current_event.path, app.current_event.http_method
    allowed = allowed_method(path)
    if allowed is None:
        return on_error(RouteNotFound(f"{shown(path)} はありません。"))
    wrong = MethodNotAllowed(
        f"{shown(path)} は {allowed} で呼んでください（受け取ったメソッド: {shown(method)}）。"
    )
    return Response(int(wrong.status), JSON, error_body(wrong), headers={"allow": allowed})


# The event is never logged, whatever the environment says: it holds the prompt.
@logger.inject_lambda_context(correlation_id_path="requestContext.requestId", log_event=False)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one API Gateway HTTP API request (payload 2.0); no error leaves it."""
    try:
        request = readable(routed(event), POST_PATHS, Settings.from_env().most_body_bytes)
        return app.resolve(request, context)
    except Exception as error:  # noqa: BLE001  # the edge: a caller always gets our error shape
        return error_response(as_chef_error(error))


def load_in_init(initialization: str | None) -> None:
    """Load the model while Lambda starts this process, so that no caller waits for it.

    Whoever cannot load it says so in the log and answers 503. A version whose snapshot is being
    taken fails instead: its deployment is rolled back, and the alias stays where it is.
    """
    if initialization is None:
        return
    try:
        generator()
    except ChefError as error:
        logger.error("the model cannot be loaded", code=error.code, reason=error.message)
        if initialization == SNAP_START:
            raise


load_in_init(lambda_initialization())
