"""Lambda's own loop around a built package: no container, no account.

The runtime interface emulator inside aws-sam-cli runs the handler with nothing but the package, the
runtime's client and CPython 3.13 on the path. Its first request starts the handler's process, and
so does the next one after that process has died.
"""

import filecmp
import os
import platform
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import requests
from aws_xray_sdk.core.models.traceid import TraceId

from cloudformation import SAM

ROOT: Final = Path(__file__).parents[1]
SOURCE: Final = ROOT / "src" / "chef_llm"
BUILD: Final = ROOT / ".aws-sam" / "build"
PACKAGE: Final = BUILD / "ChefFunction"
START_SECONDS: Final = 30
# What an invocation may take: the time of an answer, and to load the model before the first.
ANSWER_SECONDS: Final = 28
LOAD_SECONDS: Final = 7
INVOKE_SECONDS: Final = ANSWER_SECONDS + LOAD_SECONDS


class MissingError(Exception):
    """Something that the emulator needs is not there; the message says how to get it."""


def built_package(package: Path = PACKAGE, source: Path = SOURCE) -> Path:
    """Return a function's package; raises `MissingError` if the source is another by now."""
    if not package.is_dir():
        raise MissingError("there is no built package in .aws-sam/build: run `make sam-build`")
    sources = [path for path in source.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    for path in sources:
        twin = package / path.relative_to(source.parent)
        if not twin.is_file() or not filecmp.cmp(path, twin, shallow=False):
            raise MissingError(
                f"the built package has another {twin.name}: run `make sam-build` again"
            )
    return package


def find_emulator() -> Path:
    """Find the emulator, in the environment of aws-sam-cli."""
    found = list(SAM.glob("lib/python3*/site-packages/samcli/local/rapid/aws-lambda-rie-x86_64"))
    if not found:
        raise MissingError("there is no aws-sam-cli in .venv/sam: run `make sam-build`")
    return found[0]


def find_python() -> str:
    """Find a CPython 3.13 on Linux and x86_64: the package's wheels are for nothing else."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise MissingError("the package runs on Linux and x86_64 only")
    # pyenv's python3.13 on the PATH may be a shim without an interpreter, so each is tried.
    pyenv = Path.home().glob(".pyenv/versions/3.13*/bin/python3.13")
    found = [os.environ.get("CHEF_PYTHON313"), sys.executable, shutil.which("python3.13"), *pyenv]
    for candidate in map(str, filter(None, found)):
        report = subprocess.run(
            [candidate, "--version"], capture_output=True, text=True, check=False
        )
        if report.stdout.startswith("Python 3.13."):
            return candidate
    raise MissingError("there is no Python 3.13: name one in CHEF_PYTHON313")


def install_runtime_client(folder: Path) -> Path:
    """Install the runtime's client for Python 3.13, in the version that the tests pin."""
    pinned = f"awslambdaric=={version('awslambdaric')}"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for_lambda = ["--python-version", "3.13", "--only-binary=:all:", "--target", str(folder)]
    subprocess.run([*pip, *for_lambda, pinned], check=True)
    return folder


@dataclass(frozen=True)
class Emulator:
    """A running emulator: where it is asked, and what it printed."""

    url: str
    process_id: int
    log: Path
    invoke_seconds: float

    def invoke(self, event: bytes | Mapping[str, Any]) -> dict[str, Any]:
        """Return what the handler makes of an event, or the emulator's error where it died.

        Each invocation has a trace of its own, as on Lambda: X-Ray's SDK keeps all subsegments of
        one trace.
        """
        trace = f"Root={TraceId().to_id()};Parent={secrets.token_hex(8)};Sampled=0"
        response = requests.post(
            self.url,
            headers={"x-amzn-trace-id": trace},
            data=event if isinstance(event, bytes) else None,
            json=None if isinstance(event, bytes) else event,
            timeout=self.invoke_seconds,
        )
        answer: dict[str, Any] = response.json()
        return answer

    @property
    def handler_process_id(self) -> int:
        """The process that the handler runs in: the emulator's only child."""
        children = Path(f"/proc/{self.process_id}/task").glob("*/children")
        [handler] = [int(child) for task in children for child in task.read_text().split()]
        return handler


@contextmanager
def run(
    package: Path,
    runtime_client: Path,
    log: Path,
    environment: Mapping[str, str] | None = None,
    handler: str = "chef_llm.app.lambda_handler",
) -> Iterator[Emulator]:
    """Run `package` under the emulator, with `environment` beside what Lambda sets."""
    invoke_at, runtime_at = (f"127.0.0.1:{port}" for port in free_ports(2))
    command = [str(find_emulator()), "--runtime-interface-emulator-address", invoke_at]
    command += ["--runtime-api-address", runtime_at]
    # -S: whatever that Python has installed must not make up for what the package lacks.
    command += [find_python(), "-S", "-m", "awslambdaric", handler]
    lambdas = {
        "PATH": os.defpath,
        "PYTHONPATH": f"{package}:{runtime_client}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LD_LIBRARY_PATH": f"{package}/lib",
        "LAMBDA_TASK_ROOT": str(package),  # as on Lambda, where the tracer is on
        "CHEF_THREADS": "1",  # as the template has it
    }
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            cwd=package,
            env={**lambdas, **(environment or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            wait_until_open(invoke_at, process, log)
            path = "/2015-03-31/functions/function/invocations"
            seconds = float((environment or {}).get("CHEF_ANSWER_SECONDS", ANSWER_SECONDS))
            url = f"http://{invoke_at}{path}"
            yield Emulator(url, process.pid, log, seconds + LOAD_SECONDS)
        finally:
            process.terminate()


def free_ports(count: int) -> list[int]:
    """Return ports of loopback that nothing listens at."""
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in taken]
    for server in taken:
        server.close()
    return ports


def wait_until_open(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return when the emulator listens; raises `RuntimeError` with what it printed, if never."""
    host, port = address.split(":")
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection((host, int(port))).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"the emulator does not listen; it printed:\n{log.read_text()}")
