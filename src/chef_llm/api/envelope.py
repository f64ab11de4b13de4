"""The HTTP side of a request: what must hold of an event before a route sees it, and errors."""

import base64
import binascii
import json
import re
from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from chef_llm.api.openai import ErrorDetail, ErrorResponse, MessagesError
from chef_llm.errors import (
    BodyTooLarge,
    ChefError,
    DeadlineExceeded,
    InvalidRequest,
    MalformedRequest,
    RouteNotFound,
    UnsupportedMediaType,
)

JSON: Final = "application/json"
EVENT_STREAM: Final = "text/event-stream"
# A chat request is four levels deep. Far more of them would end in Python's recursion limit.
MOST_NESTING: Final = 64
LONGEST_SHOWN: Final = 40
LONGEST_ENGLISH: Final = 160
MESSAGES: Final = "/v1/messages"
# Routes that other servers have too: a wrong field is a 400 there, and errors are in English also.
MODEL_ROUTES: Final = frozenset(
    {
        "/v1/chat/completions",
        "/v1/completions",
        "/v1/embeddings",
        "/v1/responses",
        MESSAGES,
        "/tokenize",
    }
)
# Anthropic's names of errors, by status; any other of a caller's is an `invalid_request_error`.
ANTHROPIC_TYPES: Final[Mapping[int, str]] = {
    404: "not_found_error",
    413: "request_too_large",
    500: "api_error",
    503: "overloaded_error",
}
# What pydantic puts into the place of an error that is no name of a field: which of several types
# it tried. Those that a `type` tells apart are named <type>.
NO_FIELD: Final = re.compile(
    r"<.*>|str|\[key\]|(?:list|dict|literal|constrained-\w+|function-\w+)\[.*\]"
    r"|constrained-\w+|NamedTool|FunctionChoice"
)
# What is said of a wrong field, by pydantic's error type.
WANTED: Final[Mapping[str, str]] = {
    "missing": "が必要です",
    "string_type": "は文字列にしてください",
    "string_too_short": "は{min_length}文字以上にしてください",
    "string_too_long": "は{max_length}文字以下にしてください",
    "bool_type": "は true か false にしてください",
    "int_type": "は整数にしてください",
    "int_from_float": "は整数にしてください",
    "int_parsing_size": "の桁が多すぎます",
    "float_type": "は数にしてください",
    "finite_number": "は有限の数にしてください",
    "greater_than": "は{gt}より大きい数にしてください",
    "greater_than_equal": "は{ge}以上の数にしてください",
    "less_than_equal": "は{le}以下の数にしてください",
    "list_type": "はリスト […] にしてください",
    "too_short": "は{min_length}個以上にしてください",
    "too_long": "は{max_length}個以下にしてください",
    "model_type": "はJSONのオブジェクト {{…}} にしてください",
    "model_attributes_type": "はJSONのオブジェクト {{…}} にしてください",
    "literal_error": "に使えるのは {expected} です",
    "union_tag_invalid": "の type に使えるのは {expected_tags} です",
    "union_tag_not_found": "には type が必要です",
    "int_parsing": "は整数にしてください",
    "extra_forbidden": "という項目はありません。つづりを確かめてください",
    # These are of the schemas beside this module.
    "number_type": "は数にしてください",
    "stop_type": "は文字列か、文字列のリストにしてください",
    "content_type": 'は文字列か、{{"type": "text", "text": "…"}} のリストにしてください',
    "ingredient_type": 'は食材の名前か、{{"name": "…", "grams": …}} にしてください',
    "range_order": "の min は max 以下にしてください",
    "logprobs_missing": "を使うときは、logprobs を true にしてください",
}


def as_request(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event of an HTTP API (payload 2.0) as the routes know it.

    The path is the one that API Gateway matched; a slash at its end and the method HEAD, which asks
    for what GET does without the body, make no route of their own. Raises `MalformedRequest` for an
    event that is none of HTTP, as a test in Lambda's console sends it.
    """
    context = event.get("requestContext")
    http = context.get("http") if isinstance(context, dict) else None
    if not isinstance(http, dict) or not isinstance(event.get("rawPath"), str):
        raise MalformedRequest(
            "API Gateway の HTTP API（ペイロード 2.0）のイベントではありません。"
            "ルートへのHTTPリクエストで呼んでください。"
        )
    request = _with_matched_path(event)
    path = request["rawPath"]
    if len(path) > 1 and path.endswith("/"):
        request = {**request, "rawPath": path.rstrip("/") or "/"}
    if http.get("method") == "HEAD":
        context = {**request["requestContext"], "http": {**http, "method": "GET"}}
        request = {**request, "requestContext": context}
    return request


def is_head(event: Mapping[str, Any]) -> bool:
    """Tell whether an event asks for no body."""
    context = event.get("requestContext")
    http = context.get("http") if isinstance(context, dict) else None
    return isinstance(http, dict) and http.get("method") == "HEAD"


def without_body(response: dict[str, Any]) -> dict[str, Any]:
    """Return a response to HEAD: status and headers alone."""
    return {**response, "body": "", "isBase64Encoded": False}


def _with_matched_path(event: dict[str, Any]) -> dict[str, Any]:
    """Return the event with the path that API Gateway matched in place of the one that was sent.

    The raw path begins with the stage, unless it is $default, and may with the base path of a
    custom domain; of the route / nothing else need be left of it, not even the slash. An event
    without a route of its own ($default) is returned as it is.
    """
    _, _, route = event.get("routeKey", "").partition(" ")
    rest = (event.get("pathParameters") or {}).get("proxy", "")
    path = route.replace("{proxy+}", rest)
    if not path or not (path == "/" or event.get("rawPath", "").endswith(path)):
        return event
    context = {**event["requestContext"], "stage": "$default"}
    return {**event, "rawPath": path, "requestContext": context}


def readable(
    event: dict[str, Any], post_paths: Collection[str], most_body_bytes: int
) -> dict[str, Any]:
    """Return the event of a POST to one of `post_paths` with its body as JSON text, or refuse it.

    Any other event is returned as it is. Raises `RouteNotFound`, `BodyTooLarge`,
    `UnsupportedMediaType`, `MalformedRequest` (no UTF-8, no JSON, too deep) and `InvalidRequest`
    (JSON, but no object).
    """
    request = APIGatewayProxyEventV2(event)
    # Powertools would route it, because a pattern's $ stands before a last line break as well.
    if request.path.endswith("\n"):
        raise RouteNotFound(f"{shown(request.path)} はありません。")
    # Powertools, too, takes a method in any case.
    if request.http_method.upper() != "POST" or request.path not in post_paths:
        return event
    raw = _raw_body(event)
    if len(raw) > most_body_bytes:
        raise BodyTooLarge(f"本文が大きすぎます。{most_body_bytes}バイト以下にしてください。")
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    content_type = headers.get("content-type") or JSON
    if content_type.partition(";")[0].strip().lower() != JSON:
        raise UnsupportedMediaType(
            f"content-type は {JSON} にしてください（受け取った値: {shown(content_type)}）。"
        )
    text = _json_object(raw)
    return {
        **event,
        "headers": {**headers, "content-type": JSON},
        "body": text,
        "isBase64Encoded": False,
    }


def _raw_body(event: dict[str, Any]) -> bytes:
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return body.encode("utf-8", errors="surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedRequest("本文が正しいBase64ではありません。") from error


def _json_object(raw: bytes) -> str:
    """Return the text of a JSON object that everything behind can take."""
    if not raw.strip():
        raise MalformedRequest('本文が空です。{"input": "質問"} のようなJSONを送ってください。')
    try:
        # With or without the mark that some editors put before the text.
        text = raw.decode("utf-8-sig")
        body = json.loads(
            text, parse_constant=_refuse_constant, object_pairs_hook=_without_duplicates
        )
    except UnicodeDecodeError as error:
        raise MalformedRequest("本文が正しいUTF-8ではありません。") from error
    except json.JSONDecodeError as error:
        where = f"{error.lineno}行目の{error.colno}文字目"
        raise MalformedRequest(f"本文をJSONとして読めません（{where}）。") from error
    except ValueError as error:  # Python converts no whole number of more than 4,300 digits
        raise MalformedRequest("本文に桁の多すぎる数があります。") from error
    except RecursionError as error:
        raise _too_deep() from error
    if not isinstance(body, dict):
        came = f"（受け取った値: {_shown_value(body)}）"
        raise InvalidRequest(f"本文はJSONのオブジェクト {{…}} にしてください{came}。", param="body")
    if _nesting(body) > MOST_NESTING:
        raise _too_deep()
    try:
        json.dumps(body, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:  # JSON may spell half a surrogate pair, which is no text
        raise MalformedRequest(
            r"本文に文字ではないもの（\ud800 のような、サロゲートの片方）があります。"
        ) from error
    return text


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name that stands twice: of two lists of allergens one would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        name = shown(next(name for name in names if names.count(name) > 1))
        raise InvalidRequest(
            f"{name} が同じオブジェクトの中に2回以上あります。一つにまとめてください。", param=name
        )
    return found


def _refuse_constant(name: str) -> None:
    raise MalformedRequest(f"{name} はJSONの値ではありません。")


def _too_deep() -> MalformedRequest:
    return MalformedRequest(f"本文の入れ子が深すぎます。{MOST_NESTING}段以下にしてください。")


def _nesting(value: Any) -> int:
    depth, level = 0, [value]
    while level := [item for item in level if isinstance(item, dict | list)]:
        level = [
            inner for item in level for inner in (item.values() if isinstance(item, dict) else item)
        ]
        depth += 1
    return depth


def shown(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Return `text`, shortened for a message; half a surrogate pair, which is no text, as "?"."""
    text = text.encode("utf-8", errors="replace").decode("utf-8")
    return text if len(text) <= longest else f"{text[:longest]}…"


def _shown_value(value: Any) -> str:
    return shown(json.dumps(value, ensure_ascii=False))


def telling(errors: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the one of pydantic's validation errors that tells most.

    It is the first, unless a thing is of another kind than is known: what it lacks is no help then.
    """
    *thing, _ = errors[0]["loc"]
    return next((error for error in errors if [*error["loc"]] == [*thing, "type"]), errors[0])


def wrong_field(error: Mapping[str, Any]) -> InvalidRequest:
    """Return one of pydantic's validation errors as ours: field, what is wanted, what came."""
    steps = [str(step) for step in error["loc"][1:]]
    if error["type"] != "extra_forbidden":  # whose last step is a name of the caller's own
        steps = [step for step in steps if not NO_FIELD.fullmatch(step)]
    param = shown(".".join(steps)) or "body"
    bounds = {
        name: f"{bound:g}" if isinstance(bound, float) else bound
        for name, bound in error.get("ctx", {}).items()
    }
    if "expected_tags" in bounds:
        bounds["expected_tags"] = re.sub("[<>]", "", bounds["expected_tags"])
    if error["type"] == "literal_error":
        bounds["expected"] = bounds["expected"].replace("' or '", "', '")
    wanted = WANTED.get(error["type"], "の値が正しくありません").format(**bounds)
    came = "" if error["type"] == "missing" else f"（受け取った値: {_shown_value(error['input'])}）"
    told = re.sub(r"[<>]| found using type_of\(\)", "", error["msg"])
    english = f"{param}: {shown(told, LONGEST_ENGLISH)}.".replace("….", "...")
    return InvalidRequest(f"{param} {wanted}{came}。", param=param, english=english)


def status_of(error: ChefError, path: str) -> int:
    """Return the status of an error on a route: of a wrong field it is a 400 where OpenAI's is."""
    if error.status == HTTPStatus.UNPROCESSABLE_ENTITY and path in MODEL_ROUTES:
        return int(HTTPStatus.BAD_REQUEST)
    return int(error.status)


def error_headers(error: ChefError) -> dict[str, str]:
    """Return an error's own headers: no client need try again what would take too long again."""
    return {"x-should-retry": "false"} if isinstance(error, DeadlineExceeded) else {}


def error_body(error: ChefError, path: str = "") -> str:
    """Return the error as the JSON that the routes answer with; Anthropic's has more around it."""
    message = f"{error.message} {error.english}" if path in MODEL_ROUTES else error.message
    detail = ErrorDetail(message=message, type=error.type, param=error.param, code=error.code)
    if path != MESSAGES:
        return ErrorResponse(error=detail).model_dump_json()
    detail.type = ANTHROPIC_TYPES.get(status_of(error, path), error.type)
    return MessagesError(error=detail).model_dump_json()


def error_response(error: ChefError, path: str = "") -> dict[str, Any]:
    """Return the error as a payload-2.0 response."""
    return {
        "statusCode": status_of(error, path),
        "headers": {"content-type": JSON, **error_headers(error)},
        "body": error_body(error, path),
        "isBase64Encoded": False,
    }
