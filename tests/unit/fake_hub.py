"""A hub on loopback: the few endpoints that `huggingface_hub` asks when it downloads a model."""

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "a" * 40
INFO = re.compile(r"/api/models/([^/]+/[^/]+?)(?:/revision/(.+))?")
TREE = re.compile(r"/api/models/([^/]+/[^/]+)/tree/([^?]+)(?:\?.*)?")
FILE = re.compile(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)")


@dataclass
class FakeHub:
    """A repository of the hub; `cut_after` bytes of a file its first answer breaks off.

    `refusal` is a status and the hub's error code for every request of a file, `asked` what was
    requested: method, path, range.
    """

    hub_id: str
    files: dict[str, bytes]
    commit: str = COMMIT
    cut_after: dict[str, int] = field(default_factory=dict)
    refusal: tuple[HTTPStatus, str] | None = None
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)

    def asked_for(self, name: str) -> list[str | None]:
        """Return the ranges of the downloads of a file."""
        return [
            span
            for method, path, span in self.asked
            if method == "GET" and path.endswith(f"/resolve/{self.commit}/{name}")
        ]

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve the repository; yields the endpoint."""
        hub = self

        class Handler(_Handler):
            repository = hub

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


class _Handler(BaseHTTPRequestHandler):
    repository: FakeHub
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # the library's name
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self) -> None:
        hub = self.repository
        hub.asked.append((self.command, self.path, self.headers.get("range")))
        if file := FILE.fullmatch(self.path):
            self._file(hub, *file.groups())
        elif tree := TREE.fullmatch(self.path):
            entries = [
                {"type": "file", "path": name, "size": len(data), "oid": _oid(data)}
                for name, data in hub.files.items()
            ]
            self._json(entries if tree[2] == hub.commit else None)
        elif info := INFO.fullmatch(self.path):
            known = info[1] == hub.hub_id and info[2] in (None, "main", hub.commit)
            error = "RepoNotFound" if info[1] != hub.hub_id else "RevisionNotFound"
            body = {"id": hub.hub_id, "sha": hub.commit, "siblings": []}
            self._json(body if known else None, error)
        else:
            self._json(None)

    def _json(self, body: object, error: str = "EntryNotFound") -> None:
        data = json.dumps({} if body is None else body).encode()
        self.send_response(HTTPStatus.OK if body is not None else HTTPStatus.NOT_FOUND)
        if body is None:
            self.send_header("X-Error-Code", error)
        self.send_header("Content-Type", "application/json")
        self._send(data)

    def _file(self, hub: FakeHub, _: str, commit: str, name: str) -> None:
        if hub.refusal:
            status, code = hub.refusal
            self.send_response(status)
            self.send_header("X-Error-Code", code)
            self._send(b"")
            return
        if commit != hub.commit or name not in hub.files:
            self._json(None)
            return
        whole = hub.files[name]
        span = re.fullmatch(r"bytes=(\d+)-", self.headers.get("range", ""))
        start = int(span[1]) if span else 0
        self.send_response(HTTPStatus.PARTIAL_CONTENT if span else HTTPStatus.OK)
        if span:
            self.send_header("Content-Range", f"bytes {start}-{len(whole) - 1}/{len(whole)}")
        self.send_header("ETag", f'"{_oid(whole)}"')
        self.send_header("X-Repo-Commit", hub.commit)
        self.send_header("Accept-Ranges", "bytes")
        self._send(whole[start:], hub.cut_after.pop(name, None) if self.command == "GET" else None)

    def _send(self, data: bytes, cut_after: int | None = None) -> None:
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command == "HEAD":
            return
        self.wfile.write(data[:cut_after])
        if cut_after is not None:
            self.close_connection = True


def _oid(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()
