"""The server that the browser tests ask: that of `make run`, with what a test may put in front."""

import asyncio
import json
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

from chef_llm.app import lambda_handler
from chef_llm.asgi import INVOCATIONS, LocalContext, application, http_event

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
START_SECONDS = 30
# The stage of the API that stands below this path, as API Gateway would have it.
STAGE = "/prod"


@dataclass
class Kitchen:
    """An ASGI application around the real one.

    `key` locks /v1 as the authorizer does. `unfinished` is a streamed answer that never ends: it
    goes out piece by piece, and `is_left` is set when the reader goes away.
    """

    url: str = ""
    key: str | None = None
    unfinished: list[str] = field(default_factory=list)
    is_left: threading.Event = field(default_factory=threading.Event)
    paths: list[str] = field(default_factory=list)

    def reset(self) -> None:
        self.key, self.unfinished, self.is_left = None, [], threading.Event()
        self.paths.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        path = scope["path"]
        self.paths.append(path)
        if self.key and path.startswith("/v1/") and (status := self._refusal(scope)):
            await respond(send, status, {"message": "Unauthorized"})
        elif self.unfinished and path == "/v1/chat/completions":
            await self._stream(receive, send)
        elif path == STAGE or path.startswith(f"{STAGE}/"):
            await below_a_stage(scope, receive, send)
        else:
            await application(scope, receive, send)

    def _refusal(self, scope: Scope) -> int | None:
        sent = dict(scope["headers"]).get(b"authorization")
        if sent is None:
            return 401
        return None if sent == f"Bearer {self.key}".encode() else 403

    async def _stream(self, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for text in self.unfinished:
            choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
            event = f"data: {json.dumps({'choices': [choice]})}\n\n".encode()
            await send({"type": "http.response.body", "body": event, "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass
        self.is_left.set()


async def respond(send: Send, status: int, body: Any) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


async def below_a_stage(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer as a stage of API Gateway: the path is the whole one, the route the matched one."""
    method, path = scope["method"], scope["path"]
    rest = path.removeprefix(STAGE).lstrip("/")
    body = b""
    while (message := await receive()).get("more_body"):
        body += message["body"]
    body += message.get("body", b"")
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    event = http_event(method, path, headers, body, scope["query_string"].decode())
    route = f"{method} /{{proxy+}}" if rest else f"{method} /"
    event |= {"routeKey": route, "pathParameters": {"proxy": rest}}
    event["requestContext"] |= {"stage": STAGE.strip("/"), "routeKey": route}
    loop = asyncio.get_running_loop()
    answer = await loop.run_in_executor(INVOCATIONS, lambda_handler, event, LocalContext())
    sent = [(name.lower().encode(), value.encode()) for name, value in answer["headers"].items()]
    await send({"type": "http.response.start", "status": answer["statusCode"], "headers": sent})
    await send({"type": "http.response.body", "body": answer["body"].encode()})


@contextmanager
def serving(kitchen: Kitchen) -> Iterator[Kitchen]:
    """Serve on a free port until the tests are done."""
    server = uvicorn.Server(uvicorn.Config(kitchen, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        kitchen.url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield kitchen
        finally:
            server.should_exit = True
            server.force_exit = True
            thread.join(START_SECONDS)
