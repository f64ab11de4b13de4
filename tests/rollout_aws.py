"""Lambda and CodeDeploy as the hook of a roll-out meets them: one HTTP server that remembers."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import unquote

VERSION: Final = "arn:aws:lambda:us-east-1:123456789012:function:chef:7"
HOOK_EVENT: Final = {"DeploymentId": "d-ABC", "LifecycleEventHookExecutionId": "hook-1"}
Event = dict[str, Any]


class FunctionFailed(Exception):
    """Raised by an answer in place of a function that crashes."""


@dataclass
class RolloutAws:
    """`answer` is the new version: event in, response out; None never answers.

    What was called is remembered.
    """

    answer: Callable[[Event], Event] | None
    has_verdict: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, str]] = field(default_factory=list)
    verdicts: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def invoke(self, path: str, body: bytes) -> tuple[dict[str, str], Any] | None:
        event = json.loads(body)
        version = unquote(path.split("/functions/")[1].split("/", maxsplit=1)[0])
        self.asked.append((version, event["rawPath"]))
        if self.answer is None:
            self.has_verdict.wait()
            return None
        try:
            return {}, self.answer(event)
        except FunctionFailed as error:
            return {"x-amz-function-error": "Unhandled"}, {"errorMessage": str(error)}

    def reported(self, body: bytes) -> dict[str, str]:
        self.verdicts.append(json.loads(body))
        self.has_verdict.set()
        return {"lifecycleEventHookExecutionId": "hook-1"}

    def environment(self, answer_seconds: float) -> dict[str, str]:
        """Return the environment of a hook that calls this server."""
        return {
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_ENDPOINT_URL_LAMBDA": self.url,
            "AWS_ENDPOINT_URL_CODEDEPLOY": self.url,
            "CHEF_NEW_VERSION": VERSION,
            "CHEF_ANSWER_SECONDS": str(answer_seconds),
        }


def verdict(status: str) -> dict[str, str]:
    """Return what CodeDeploy is told."""
    return {
        "deploymentId": HOOK_EVENT["DeploymentId"],
        "lifecycleEventHookExecutionId": HOOK_EVENT["LifecycleEventHookExecutionId"],
        "status": status,
    }


@contextmanager
def rollout_aws(answer: Callable[[Event], Event] | None) -> Iterator[RolloutAws]:
    """Serve both services on this machine."""
    aws = RolloutAws(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.path.startswith("/2015-03-31/functions/"):
                answered = aws.invoke(self.path, body)
            else:
                target = self.headers["x-amz-target"]
                assert target == "CodeDeploy_20141006.PutLifecycleEventHookExecutionStatus"
                answered = {}, aws.reported(body)
            if answered is None:
                return
            headers, payload = answered
            sent = json.dumps(payload).encode()
            self.send_response(200)
            for name, value in {**headers, "content-length": str(len(sent))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        aws.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield aws
        finally:
            server.shutdown()
