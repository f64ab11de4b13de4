"""S3 on loopback: moto's server, behind a proxy that spoils the answers a test wants spoilt."""

import os
import re
import socket
import struct
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any, Final

HANDED_ON: Final = ("host", "range", "if-match", "authorization", "x-amz-date")
# Closing with a linger of zero resets the connection instead of ending it in good order.
RESET: Final = struct.pack("ii", 1, 0)


@dataclass
class Answer:
    """What the store answered to one GET."""

    status: int
    headers: dict[str, str]
    body: bytes


class Exchange(BaseHTTPRequestHandler):
    """A request of the client's; a fault decides what becomes of it."""

    protocol_version = "HTTP/1.1"
    server: "FaultyS3"

    def do_GET(self) -> None:
        first_byte = re.match(r"bytes=(\d+)", self.headers.get("range", ""))
        self.offset = int(first_byte[1]) if first_byte else 0
        with self.server.lock:
            self.server.attempts[self.offset] += 1
            self.attempt = self.server.attempts[self.offset]
        self.server.fault(self)

    def ask(self) -> Answer:
        """Return what the store has to say."""
        store = HTTPConnection(*self.server.store)
        headers = {name: self.headers[name] for name in HANDED_ON if name in self.headers}
        store.request("GET", self.path, headers=headers)
        response = store.getresponse()
        named = {name.lower(): value for name, value in response.getheaders()}
        answer = Answer(response.status, named, response.read())
        store.close()
        return answer

    def begin(self, answer: Answer) -> None:
        """Send status and headers, and say that no further request can come this way."""
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            if name not in {"connection", "date", "server"}:
                self.send_header(name, value)
        self.send_header("connection", "close")
        self.end_headers()

    def send(self, answer: Answer) -> None:
        """Send all of the answer."""
        self.begin(answer)
        self.wfile.write(answer.body)

    def reset(self) -> None:
        """Let the connection break."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        # Python's own close() would wait for the files that it made of the socket.
        os.close(self.connection.detach())

    def wait_until_the_client_is_gone(self) -> None:
        self.close_connection = True
        self.connection.recv(1)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
        """Print nothing."""


Fault = Callable[[Exchange], None]


class FaultyS3(ThreadingHTTPServer):
    """The proxy; `attempts` counts the requests for each first byte."""

    daemon_threads = True

    def __init__(self, store: tuple[str, int]) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        self.store = store
        self.fault: Fault = sound
        self.attempts: Counter[int] = Counter()
        self.lock = Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Print nothing: clients hang up here because that is what is tested."""


def sound(exchange: Exchange) -> None:
    """Hand on what the store says."""
    exchange.send(exchange.ask())


def at(offset: int, times: int, fault: Fault) -> Fault:
    """Return a fault of the first `times` requests for the part that begins at `offset`."""

    def spoil(exchange: Exchange) -> None:
        hit = exchange.offset == offset and exchange.attempt <= times
        (fault if hit else sound)(exchange)

    return spoil


def cut(exchange: Exchange) -> None:
    """Break the connection half-way."""
    answer = exchange.ask()
    exchange.begin(answer)
    exchange.wfile.write(answer.body[: len(answer.body) // 2])
    exchange.reset()


def cut_before_the_answer(exchange: Exchange) -> None:
    """Break the connection before a word is said."""
    exchange.reset()


def end_early(exchange: Exchange) -> None:
    """Close in good order with half of the promised bytes."""
    answer = exchange.ask()
    exchange.begin(answer)
    exchange.wfile.write(answer.body[: len(answer.body) // 2])
    exchange.close_connection = True


def promise_less(exchange: Exchange) -> None:
    """Send half of the part and call that the answer, headers and all."""
    answer = exchange.ask()
    answer.body = answer.body[: len(answer.body) // 2]
    total = answer.headers["content-range"].split("/")[1]
    last = exchange.offset + len(answer.body) - 1
    answer.headers |= {
        "content-length": str(len(answer.body)),
        "content-range": f"bytes {exchange.offset}-{last}/{total}",
    }
    exchange.send(answer)


def flip_a_bit(exchange: Exchange) -> None:
    """Change one bit of the part."""
    answer = exchange.ask()
    answer.body = bytes([answer.body[0] ^ 1]) + answer.body[1:]
    exchange.send(answer)


def stall(exchange: Exchange) -> None:
    """Send half of the part, then nothing more."""
    answer = exchange.ask()
    exchange.begin(answer)
    exchange.wfile.write(answer.body[: len(answer.body) // 2])
    exchange.wait_until_the_client_is_gone()


def refuse(status: int, code: str) -> Fault:
    """Return a fault that answers as S3 does when it says no."""
    body = f"<Error><Code>{code}</Code><Message>{code}, says S3</Message></Error>".encode()

    def say_no(exchange: Exchange) -> None:
        headers = {"content-type": "application/xml", "content-length": str(len(body))}
        exchange.send(Answer(status, headers, body))

    return say_no
