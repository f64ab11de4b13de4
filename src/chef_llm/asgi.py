"""The same handler behind a local HTTP server: an HTTP request becomes a payload-2.0 event."""

import asyncio
import base64
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from chef_llm.settings import Settings

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
# One invocation at a time, as in a Lambda environment: Powertools keeps the request that it
# answers on a class, and two at once would answer each other's.
INVOCATIONS: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="invocation")


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
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
            },
        },
        "body": base64.b64encode(body).decode("ascii"),
        "isBase64Encoded": True,
    }


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one ASGI connection; the handler runs in a thread."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    if scope["type"] == "websocket":
        await send({"type": "websocket.close"})
        return
    # Not at the top: the server answers its port before the model's libraries are loaded.
    from chef_llm.app import lambda_handler  # noqa: PLC0415

    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    body = await _body(receive, Settings.from_env().most_body_bytes)
    event = http_event(
        scope["method"], scope["path"], headers, body, scope["query_string"].decode("latin-1")
    )
    # Made now: a request that waits for its turn waits on its own time.
    context = LocalContext()
    response = await asyncio.get_running_loop().run_in_executor(
        INVOCATIONS, lambda_handler, event, context
    )
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
    """Read the body, but keep no more than a byte past the limit: the handler refuses it then.

    It is read to its end, because a client that is still sending would not see the refusal.
    """
    body = b""
    more = True
    while more:
        message = await receive()
        body = (body + message.get("body", b""))[: most_bytes + 1]
        more = message.get("more_body", False)
    return body


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
