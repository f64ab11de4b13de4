"""The HTTP side of a request: what must hold of an event before a route sees it, and errors."""

import base64
import binascii
import json
from typing import Any, Final

from chef_llm.errors import (
    BodyTooLarge,
    ChefError,
    InvalidRequest,
    MalformedRequest,
    UnsupportedMediaType,
)
from chef_llm.schemas import ErrorDetail, ErrorResponse

JSON: Final = "application/json"


def readable(event: dict[str, Any], most_body_bytes: int) -> dict[str, Any]:
    """Return the event with its body as JSON text, or refuse it.

    Raises `BodyTooLarge`, `UnsupportedMediaType`, `MalformedRequest` (no UTF-8, no JSON) and
    `InvalidRequest` (JSON, but no object).
    """
    if event.get("requestContext", {}).get("http", {}).get("method") != "POST":
        return event
    raw = _raw_body(event)
    if len(raw) > most_body_bytes:
        raise BodyTooLarge(f"本文が大きすぎます: {len(raw)}バイト。{most_body_bytes}バイトまでです。")
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    media_type = headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if media_type != JSON:
        raise UnsupportedMediaType(f"content-type は {JSON} にしてください: {media_type}")
    try:
        text = raw.decode("utf-8")
        body = json.loads(text, parse_constant=_refuse_constant)
        # JSON may spell half of a surrogate pair, which is no text.
        json.dumps(body, ensure_ascii=False).encode("utf-8")
    except UnicodeError as error:
        raise MalformedRequest("本文が正しいUTF-8ではありません。") from error
    except (ValueError, RecursionError) as error:
        raise MalformedRequest(f"本文がJSONとして読めません: {error}") from error
    if not isinstance(body, dict):
        raise InvalidRequest("本文はJSONのオブジェクト {…} にしてください。", param="body")
    return {**event, "body": text, "isBase64Encoded": False}


def _raw_body(event: dict[str, Any]) -> bytes:
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return body.encode("utf-8", errors="surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedRequest("本文が正しいBase64ではありません。") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def error_body(error: ChefError) -> str:
    """Return the error as the JSON that every route answers with."""
    detail = ErrorDetail(
        message=error.message, type=error.type, param=error.param, code=error.code
    )
    return ErrorResponse(error=detail).model_dump_json()


def error_response(error: ChefError) -> dict[str, Any]:
    """Return the error as a payload-2.0 response."""
    return {
        "statusCode": int(error.status),
        "headers": {"content-type": JSON},
        "body": error_body(error),
        "isBase64Encoded": False,
    }
