"""The same handler behind a local HTTP server: an HTTP request becomes a payload-2.0 event."""

import asyncio
import base64
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chef_llm.settings import Settings

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass
class LocalContext:
    """What the handler asks of the Lambda context."""

    function_name: str = "chef-local"
    function_version: str = "$LATEST"
    invoked_function_arn: str = "arn:aws:lambda:local:000000000000:function:chef-local"
    memory_limit_in_mb: int = 0
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    seconds: float = 29.0
    started: float = field(default_factory=time.monotonic)

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds that are left of the gateway's time."""
        return int(1000 * (self.seconds - (time.monotonic() - self.started)))


def http_event(
    method: str, path: str, headers: Mapping[str, str], body: bytes, query: str = ""
) -> dict[str, Any]:
    """Return the event that an API Gateway HTTP API sends for this request."""
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": dict(headers),
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "stage": "$default",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"},
        },
        "body": base64.b64encode(body).decode("ascii"),
        "isBase64Encoded": True,
    }


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one ASGI connection; the handler runs in a thread."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    # Not at the top: the server answers its port before the model's libraries are loaded.
    from chef_llm.app import lambda_handler  # noqa: PLC0415

    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    body = await _body(receive, Settings.from_env().most_body_bytes)
    event = http_event(
        scope["method"], scope["path"], headers, body, scope["query_string"].decode("latin-1")
    )
    response = await asyncio.to_thread(lambda_handler, event, LocalContext())
    await send(
        {
            "type": "http.response.start",
            "status": response["statusCode"],
            "headers": [
                (name.lower().encode("latin-1"), value.encode("latin-1"))
                for name, value in response.get("headers", {}).items()
            ],
        }
    )
    await send({"type": "http.response.body", "body": response.get("body", "").encode()})


async def _body(receive: Receive, most_bytes: int) -> bytes:
    """Read the body, and no further than a byte past the limit: the handler refuses it then."""
    body = b""
    while len(body) <= most_bytes:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return body[: most_bytes + 1]


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
