"""The recorded events go through the built function, in a container as Lambda would run it."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError
from local_api import ANSWER_SECONDS, ROOT, START_SECONDS, environment, free_port, stop

from recorded import EVENTS, REFUSED, status_of

SAM: Final = ROOT / ".venv" / "bin" / "sam"
OPTIONS: Final = os.environ.get("SAM_LOCAL_OPTIONS", "").split()
Invoke = Callable[[Path], dict[str, Any]]


@pytest.fixture(scope="module")
def invoke(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Invoke]:
    """Give what sends an event to one container that stays: `sam local invoke` starts one each."""
    port, log = free_port(), tmp_path_factory.mktemp("lambda") / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                SAM,
                "local",
                "start-lambda",
                "--port",
                str(port),
                "--warm-containers",
                "LAZY",
                *OPTIONS,
            ],
            cwd=ROOT,
            env=environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    client = boto3.client(
        "lambda",
        "us-east-1",
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id="nobody",
        aws_secret_access_key="nothing",
        config=Config(read_timeout=START_SECONDS, retries={"max_attempts": 0}),
    )

    def send(event: Path) -> dict[str, Any]:
        deadline = time.monotonic() + ANSWER_SECONDS
        while True:
            try:
                answer = client.invoke(FunctionName="ChefFunction", Payload=event.read_bytes())
            except EndpointConnectionError:  # it has not started yet
                assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
                time.sleep(0.2)
            else:
                response: dict[str, Any] = json.loads(answer["Payload"].read())
                return response

    try:
        yield send
    finally:
        stop(process)


def test_there_are_events() -> None:
    assert {event.stem for event in EVENTS} > REFUSED.keys()


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.stem)
def test_an_event_is_answered(event: Path, invoke: Invoke) -> None:
    response = invoke(event)
    assert response["statusCode"] == status_of(event), response


def test_an_event_is_answered_by_the_command_that_the_documents_name() -> None:
    done = subprocess.run(
        [SAM, "local", "invoke", "ChefFunction", "--event", "events/menus.json", *OPTIONS],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # The last line that the SAM CLI prints is what the function answers.
    assert json.loads(done.stdout.splitlines()[-1])["statusCode"] == 200
