"""The HTTP API as an OpenAPI 3.1 document."""

import json
from collections.abc import Mapping
from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from pydantic import BaseModel

from chef_llm import __version__
from chef_llm.api.completions import CompletionRequest
from chef_llm.api.embeddings import EmbeddingsRequest, TokenizeRequest
from chef_llm.api.envelope import EVENT_STREAM, MESSAGES, MODEL_ROUTES
from chef_llm.api.generate import GenerateRequest
from chef_llm.api.menus import MenuRequest, RecipesRequest
from chef_llm.api.messages import MessagesRequest
from chef_llm.api.openai import ChatRequest, ErrorResponse, MessagesError
from chef_llm.api.responses import ResponsesRequest

COMPONENTS: Final = "#/components/schemas/"
REQUESTS: Final = (
    GenerateRequest,
    ChatRequest,
    CompletionRequest,
    ResponsesRequest,
    MessagesRequest,
    EmbeddingsRequest,
    TokenizeRequest,
    MenuRequest,
    RecipesRequest,
)
WRONG_FIELD: Final = 422
GET_ERRORS: Final = {
    500: "A fault of this server",
    503: "The model is not available, or time ran out before the first token",
}
POST_ERRORS: Final = {
    400: "Malformed JSON, or a prompt longer than the context",
    413: "The body is over the limit",
    415: "The body is not JSON",
    WRONG_FIELD: "A field is wrong; param names it",
    **GET_ERRORS,
}
MODEL_ERRORS: Final = {
    **{status: POST_ERRORS[status] for status in POST_ERRORS if status != WRONG_FIELD},
    400: "Malformed JSON, a wrong field (param names it), or a prompt longer than the context",
    404: "There is no plain model of that name",
}


def describe(
    app: APIGatewayHttpResolver, routes: Mapping[str, str], streamed: Mapping[str, type[BaseModel]]
) -> dict[str, Any]:
    """Return the document of `routes` (path to method), each with its errors in our one shape.

    `streamed` names the routes that may answer in events too, and what each event holds.
    The errors that Powertools puts there, in shapes of its own, are taken out; and requests are
    described anew, because it rounds their bounds and leaves out what it does not know.
    """
    document: dict[str, Any] = json.loads(
        app.get_openapi_json_schema(title="献立シェフ", version=__version__)
    )
    for path, method in routes.items():
        operation = document["paths"][path][method.lower()]
        errors = POST_ERRORS if method == "POST" else GET_ERRORS
        errors = dict(sorted(MODEL_ERRORS.items())) if path in MODEL_ROUTES else errors
        error = MessagesError if path == MESSAGES else ErrorResponse
        shape = {"application/json": {"schema": {"$ref": f"{COMPONENTS}{error.__name__}"}}}
        if "{" in path:
            errors = {404: "There is no such thing", **errors}
        operation["responses"] = {"200": operation["responses"]["200"]} | {
            str(status): {"description": description, "content": shape}
            for status, description in errors.items()
        }
    schemas = document["components"]["schemas"]
    for path, chunk in streamed.items():
        content = document["paths"][path]["post"]["responses"]["200"]["content"]
        # Powertools knows one media type: the events are the second of two shapes of its JSON.
        whole, _ = content["application/json"]["schema"].pop("anyOf")
        content["application/json"]["schema"] = whole
        content[EVENT_STREAM] = {"schema": event_of(chunk)}
        schemas |= schemas_of(chunk)
    for name in ("HTTPValidationError", "ValidationError", "ResponseValidationError"):
        del schemas[name]
    for model in (*REQUESTS, ErrorResponse, MessagesError):
        schemas |= schemas_of(model)
    return document


def event_of(chunk: type[BaseModel]) -> dict[str, Any]:
    """Return the schema of one server-sent event: a chunk, an error in mid-answer, or the end."""
    names = (chunk.__name__, ErrorResponse.__name__)
    end: dict[str, Any] = {"const": "[DONE]"}
    held: dict[str, Any] = {
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": {"anyOf": [{"$ref": COMPONENTS + name} for name in names]},
    }
    data = {"anyOf": [end, held]}
    return {"type": "object", "required": ["data"], "properties": {"data": data}}


def schemas_of(model: type[BaseModel]) -> dict[str, Any]:
    """Return the schema of `model` and of those in it, by name."""
    described = model.model_json_schema(ref_template=COMPONENTS + "{model}")
    return {**described.pop("$defs", {}), model.__name__: described}
