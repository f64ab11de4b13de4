"""The same handler behind a local HTTP server: an HTTP request becomes a payload-2.0 event."""

import asyncio
import base64
import threading
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from chef_llm.errors import Misconfigured
from chef_llm.settings import Settings

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
# One invocation at a time, as in a Lambda environment: Powertools keeps the request that it
# answers on a class, and two at once would answer each other's.
INVOCATIONS: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="invocation")
STREAM_HEADERS: Final = {"content-type": "text/event-stream", "cache-control": "no-cache"}


@dataclass
class LocalContext:
    """What the handler asks of the Lambda context.

    `on_headers` gets what the headers of a streamed answer say of it, before `on_event` gets the
    answer while it is written; True from that ends the writing.
    `client_is_gone` is asked again and again; True ends all work, also before the first event.
    """

    function_name: str = "chef-local"
    function_version: str = "$LATEST"
    invoked_function_arn: str = "arn:aws:lambda:local:000000000000:function:chef-local"
    memory_limit_in_mb: int = 0
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    seconds: float = 29.0
    started: float = field(default_factory=time.monotonic)
    on_headers: Callable[[Mapping[str, str]], None] | None = None
    on_event: Callable[[str], bool] | None = None
    client_is_gone: Callable[[], bool] = lambda: False

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds that are left of `seconds`."""
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
    # Not at the top: what only makes an event or a context needs no Powertools.
    from chef_llm.app import RESERVE_SECONDS, lambda_handler  # noqa: PLC0415

    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    settings = _settings()
    body = await _body(receive, settings.most_body_bytes)
    if body is None:
        return
    event = http_event(
        scope["method"], scope["path"], headers, body, scope["query_string"].decode("latin-1")
    )
    response = LiveResponse(receive, send, event["requestContext"]["requestId"])
    # Made now: a request that waits for its turn waits on its own time.
    context = LocalContext(
        seconds=settings.answer_seconds + RESERVE_SECONDS,
        on_headers=response.on_headers,
        on_event=response.on_event,
        client_is_gone=response.client_is_gone,
    )
    await response.follow(partial(lambda_handler, event, context))


def _settings() -> Settings:
    """Return the settings, the defaults in the place of wrong ones: the handler says what is."""
    try:
        return Settings.from_env()
    except Misconfigured:
        return Settings()


class LiveResponse:
    """The response to one connection: whole, or event by event while the handler still runs."""

    def __init__(self, receive: Receive, send: Send, request_id: str) -> None:
        self._receive = receive
        self._send = send
        self._stream_headers = {**STREAM_HEADERS, "x-request-id": request_id}
        self._loop = asyncio.get_running_loop()
        # None is put last. A queue, so that a client that reads slowly holds up no one else.
        self._events: asyncio.Queue[str | None] = asyncio.Queue()
        self._client_is_gone = threading.Event()

    def on_headers(self, headers: Mapping[str, str]) -> None:
        """Take what the headers say of a stream; no event has come yet."""
        self._stream_headers.update(headers)

    def on_event(self, event: str) -> bool:
        """Take an event from the handler's thread; True says that the client went away."""
        self._loop.call_soon_threadsafe(self._events.put_nowait, event)
        return self._client_is_gone.is_set()

    def client_is_gone(self) -> bool:
        """Tell the handler's thread whether the client went away."""
        return self._client_is_gone.is_set()

    async def follow(self, invoke: Callable[[], dict[str, Any]]) -> None:
        """Run the handler in its thread and send what it makes."""
        waiting = INVOCATIONS.submit(invoke)
        running = asyncio.wrap_future(waiting)
        running.add_done_callback(lambda _: self._events.put_nowait(None))
        watching = asyncio.create_task(self._watch(waiting))
        try:
            is_streamed = await self._send_events()
        finally:
            self._client_is_gone.set()
            watching.cancel()
        if running.cancelled():
            return
        response = running.result()
        if not is_streamed:
            await self._start(response["statusCode"], response.get("headers", {}))
            await self._send_body(response.get("body", ""))
            return
        # A stream has all but an error that came in the middle of it.
        failed = response["statusCode"] != HTTPStatus.OK
        await self._send_body(f"event: error\ndata: {response['body']}\n\n" if failed else "")

    async def _send_events(self) -> bool:
        """Send events until the handler is done; tell whether there were any."""
        is_started = False
        while (event := await self._events.get()) is not None:
            if not is_started:
                await self._start(HTTPStatus.OK, self._stream_headers)
                is_started = True
            await self._send_body(event, more=True)
        return is_started

    async def _start(self, status: int, headers: Mapping[str, str]) -> None:
        pairs = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in headers.items()
        ]
        await self._send({"type": "http.response.start", "status": int(status), "headers": pairs})

    async def _send_body(self, text: str, *, more: bool = False) -> None:
        await self._send({"type": "http.response.body", "body": text.encode(), "more_body": more})

    async def _watch(self, waiting: Future[dict[str, Any]]) -> None:
        """Wait until the client goes away: nothing else comes after a body.

        A handler that still waits for its turn never gets it then; one that runs is told.
        """
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._client_is_gone.set()
        waiting.cancel()


async def _body(receive: Receive, most_bytes: int) -> bytes | None:
    """Read the body, but keep no more than a byte past the limit: the handler refuses it then.

    It is read to its end, because a client that is still sending would not see the refusal. None
    is a client that went away before the end.
    """
    body = b""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body = (body + message.get("body", b""))[: most_bytes + 1]
        more = message.get("more_body", False)
    return body


async def _lifespan(receive: Receive, send: Send) -> None:
    """Load the model before the server listens: the first request finds it there."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await asyncio.get_running_loop().run_in_executor(INVOCATIONS, _load_model)
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _load_model() -> None:
    from chef_llm.app import load_model  # noqa: PLC0415  # see `application`

    load_model()
