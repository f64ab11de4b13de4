"""What would be deployed: the packages of `make sam-build`, run.

The runtime interface emulator inside aws-sam-cli runs Lambda's own loop around the handler: no
container, and nothing but the package, the runtime's client and CPython 3.13 on the path. Without
a package (or Python 3.13) the tests are skipped, with CHEF_REQUIRE_PACKAGE=1 they fail.
"""

import filecmp
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar, Final

import boto3
import pytest
import requests

from chef_llm.menus.answer import parse_answer
from cloudformation import SAM
from required import unavailable
from rollout_aws import (
    HOOK_EVENT,
    VERSION,
    Event,
    FunctionFailed,
    RolloutAws,
    rollout_aws,
    verdict,
)

ROOT: Final = Path(__file__).parents[2]
SOURCE: Final = ROOT / "src" / "chef_llm"
BUILD: Final = ROOT / ".aws-sam" / "build"
PACKAGE: Final = BUILD / "ChefFunction"
EVENTS: Final = ROOT / "events"
MOST_PACKAGE_BYTES: Final = 200 * 1000 * 1000
# All of botocore's services would be six times as much.
MOST_SMALL_BYTES: Final = 6 * 1000 * 1000
START_SECONDS: Final = 30
INVOKE_SECONDS: Final = 35


@pytest.fixture(scope="module")
def package() -> Path:
    return built(PACKAGE, SOURCE)


@pytest.fixture(scope="module")
def authorizer_package() -> Path:
    return built(BUILD / "AuthorizerFunction", ROOT / "authorizer" / "chef_authorizer")


@pytest.fixture(scope="module")
def hook_package() -> Path:
    return built(BUILD / "RolloutHookFunction", ROOT / "rollout_hook" / "chef_rollout")


def built(package: Path, source: Path) -> Path:
    """Return a function's package, if it was built from the source as it is now."""
    if not package.is_dir():
        unavailable("there is no built package in .aws-sam/build: run `make sam-build`")
    sources = [path for path in source.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    for path in sources:
        twin = package / path.relative_to(source.parent)
        if not twin.is_file() or not filecmp.cmp(path, twin, shallow=False):
            unavailable(f"the built package has another {twin.name}: run `make sam-build` again")
    return package


@pytest.fixture(scope="module")
def sam() -> Path:
    """Find the environment of aws-sam-cli: its own, because its pins are not the project's."""
    if not SAM.is_dir():
        unavailable("there is no aws-sam-cli in .venv/sam: run `make sam-build`")
    return SAM


@pytest.fixture(scope="module")
def python() -> str:
    """Find a CPython 3.13 on Linux and x86_64: the package's wheels are for nothing else."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        unavailable("the package runs on Linux and x86_64 only")
    # pyenv's python3.13 on the PATH may be a shim without an interpreter, so each is tried.
    pyenv = Path.home().glob(".pyenv/versions/3.13*/bin/python3.13")
    found = [os.environ.get("CHEF_PYTHON313"), sys.executable, shutil.which("python3.13"), *pyenv]
    for candidate in map(str, filter(None, found)):
        report = subprocess.run(
            [candidate, "--version"], capture_output=True, text=True, check=False
        )
        if report.stdout.startswith("Python 3.13."):
            return candidate
    return unavailable("there is no Python 3.13: name one in CHEF_PYTHON313")


def run(python: str, package: Path, code: str) -> str:
    """Return what `code` prints with the package, and nothing else, on the paths."""
    aws = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    environment = aws | {
        "PYTHONPATH": str(package),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LD_LIBRARY_PATH": f"{package}/lib",
    }
    return subprocess.check_output([python, "-S", "-c", code], env=environment, text=True)


@pytest.fixture(scope="module")
def runtime_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the runtime's client for Python 3.13, in the version that the tests pin."""
    folder = tmp_path_factory.mktemp("runtime")
    pinned = f"awslambdaric=={version('awslambdaric')}"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for_lambda = ["--python-version", "3.13", "--only-binary=:all:", "--target", str(folder)]
    subprocess.run([*pip, *for_lambda, pinned], check=True)
    return folder


@dataclass(frozen=True)
class Emulator:
    """Lambda's runtime interface emulator, around a handler of a built package."""

    program: Path
    python: str
    runtime_client: Path
    logs: Path

    @contextmanager
    def run(self, package: Path, handler: str, environment: dict[str, str]) -> Iterator[str]:
        """Yield the address that invokes the handler."""
        log = self.logs / f"{package.name}.txt"
        invoke_at, runtime_at = (f"127.0.0.1:{port}" for port in free_ports(2))
        command = [str(self.program), "--runtime-interface-emulator-address", invoke_at]
        command += ["--runtime-api-address", runtime_at]
        # -S: whatever that Python has installed must not make up for what the package lacks.
        command += [self.python, "-S", "-m", "awslambdaric", handler]
        own = {
            "PATH": os.defpath,
            "PYTHONPATH": f"{package}:{self.runtime_client}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "LD_LIBRARY_PATH": f"{package}/lib",
            "LAMBDA_TASK_ROOT": str(package),  # as on Lambda, where the tracer is on
        }
        with (
            log.open("wb") as output,
            subprocess.Popen(
                command, cwd=package, env=own | environment, stdout=output, stderr=subprocess.STDOUT
            ) as process,
        ):
            try:
                wait_until_open(invoke_at, process, log)
                yield f"http://{invoke_at}/2015-03-31/functions/function/invocations"
            finally:
                process.terminate()

    def log_of(self, package: Path) -> str:
        """Return what the handler of a package has printed."""
        return (self.logs / f"{package.name}.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def emulator(
    sam: Path, python: str, runtime_client: Path, tmp_path_factory: pytest.TempPathFactory
) -> Emulator:
    [program] = sam.glob("lib/python3*/site-packages/samcli/local/rapid/aws-lambda-rie-x86_64")
    return Emulator(program, python, runtime_client, tmp_path_factory.mktemp("emulator"))


@pytest.fixture(scope="module")
def function_url(package: Path, emulator: Emulator) -> Iterator[str]:
    """Run the chef's package; yield the address that invokes its handler."""
    # As the template has it.
    with emulator.run(package, "chef_llm.app.lambda_handler", {"CHEF_THREADS": "1"}) as url:
        yield url


@pytest.fixture(scope="module")
def streaming_url(
    package: Path, python: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Start the package's run.sh as the adapter's wrapper does on Lambda; yield its address."""
    folder = tmp_path_factory.mktemp("streaming")
    # Lambda's python3 has nothing installed either.
    interpreter = folder / "python3"
    interpreter.write_text(f'#!/bin/sh\nexec {python} -S "$@"\n')
    interpreter.chmod(0o755)
    [port] = free_ports(1)
    environment = {
        "PATH": f"{folder}:{os.defpath}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LD_LIBRARY_PATH": f"{package}/lib",
        "LAMBDA_TASK_ROOT": str(package),
        "AWS_LAMBDA_FUNCTION_NAME": "streaming",
        "AWS_LWA_PORT": str(port),
        "CHEF_THREADS": "1",
        "CHEF_ANSWER_SECONDS": "60",
        "POWERTOOLS_TRACE_DISABLED": "true",
    }
    log = folder / "log.txt"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [package / "run.sh"],
            cwd=package,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            wait_until_open(f"127.0.0.1:{port}", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def free_ports(count: int) -> list[int]:
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in taken]
    for server in taken:
        server.close()
    return ports


def wait_until_open(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return when a process listens; fail with what it printed when it never does."""
    host, port = address.split(":")
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection((host, int(port))).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"{address} is never open; the process printed:\n{log.read_text()}")


def invoke(function_url: str, event: str) -> dict[str, Any]:
    """Return the payload-2.0 response to an event of `events/`."""
    sent = (EVENTS / f"{event}.json").read_bytes()
    response: dict[str, Any] = requests.post(function_url, sent, timeout=INVOKE_SECONDS).json()
    assert "statusCode" in response, response
    return response


def test_the_package_is_under_200_mb(package: Path) -> None:
    total = sum(path.lstat().st_size for path in package.rglob("*") if path.is_file())
    assert total < MOST_PACKAGE_BYTES


@pytest.mark.parametrize(
    ("fixture", "requirements"),
    [
        ("package", "src/requirements.txt"),
        ("authorizer_package", "authorizer/requirements.txt"),
        ("hook_package", "rollout_hook/requirements.txt"),
    ],
)
def test_the_package_holds_what_is_pinned_and_nothing_else(
    fixture: str, requirements: str, request: pytest.FixtureRequest
) -> None:
    package: Path = request.getfixturevalue(fixture)
    lines = (ROOT / requirements).read_text().splitlines()
    pinned = {line for line in lines if line and not line.startswith("#")}
    folders = package.glob("*.dist-info")
    installed = {folder.name.removesuffix(".dist-info").replace("-", "==") for folder in folders}
    assert {normal(name) for name in installed} == {normal(name) for name in pinned}


def normal(requirement: str) -> str:
    return requirement.lower().replace("-", "_")


@pytest.mark.parametrize("name", ["torch", "transformers", "sentencepiece", "sentencepiece.libs"])
def test_the_package_holds_no_training_library(package: Path, name: str) -> None:
    assert not (package / name).exists()


def test_the_package_holds_model_and_openmp_but_no_bytecode(package: Path) -> None:
    assert (package / "chef_llm" / "models" / "kondate.gguf").is_file()
    assert (package / "lib" / "libgomp.so.1").is_file()
    assert not list(package.rglob("__pycache__"))


def test_the_packaged_chef_writes_a_menu(function_url: str) -> None:
    response = invoke(function_url, "generate")
    assert response["statusCode"] == 200
    [answer] = json.loads(response["body"])
    assert len(parse_answer(answer["generated_text"]).dishes) >= 3
    assert "材料" in answer["generated_text"]


@pytest.mark.parametrize(
    ("event", "status"),
    [
        ("health", 200),
        ("models", 200),
        ("openapi", 200),
        ("generate_langchain", 200),
        ("chat", 200),
        ("bad_json", 400),
    ],
)
def test_the_packaged_handler_answers_each_event(
    function_url: str, event: str, status: int
) -> None:
    response = invoke(function_url, event)
    assert response["statusCode"] == status
    assert ("error" in json.loads(response["body"])) == (status >= 400)


def test_the_packaged_server_streams_a_menu(streaming_url: str) -> None:
    fields = {"stream": True, "messages": [{"role": "user", "content": "豚肉と大根で夕食を"}]}
    with requests.post(
        f"{streaming_url}/v1/chat/completions", json=fields, stream=True, timeout=INVOKE_SECONDS
    ) as response:
        assert response.headers["content-type"] == "text/event-stream"
        # Its length is not known when it begins.
        assert response.headers["transfer-encoding"] == "chunked"
        *events, done = [line.decode() for line in response.iter_lines() if line]
    assert done == "data: [DONE]"
    chunks = [json.loads(event.removeprefix("data: ")) for event in events]
    deltas = [chunk["choices"][0]["delta"].get("content", "") for chunk in chunks]
    assert len(parse_answer("".join(deltas)).dishes) >= 3
    assert len(deltas) > 10


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/health", 200), ("GET", "/nowhere", 404), ("POST", "/v1/chat/completions", 400)],
)
def test_the_packaged_server_answers_what_does_not_stream(
    streaming_url: str, method: str, path: str, status: int
) -> None:
    response = requests.request(method, streaming_url + path, timeout=INVOKE_SECONDS)
    assert response.status_code == status


def test_the_packaged_llama_cpp_uses_the_packaged_openmp(package: Path, python: str) -> None:
    maps = run(python, package, "import xllamacpp; print(open('/proc/self/maps').read())")
    libraries = {line.split()[-1] for line in maps.splitlines() if "libgomp" in line}
    assert libraries == {str(package / "lib" / "libgomp.so.1")}


def test_the_packaged_tracer_has_its_service_of_botocore(package: Path, python: str) -> None:
    code = (
        "from aws_xray_sdk.core.sampling.connector import ServiceConnector\n"
        "print(ServiceConnector()._xray_client.meta.service_model.operation_names)"
    )
    assert "GetSamplingRules" in run(python, package, code)


def test_the_packaged_boto3_reads_a_model_from_s3(
    package: Path, python: str, s3_server: tuple[str, int], s3_environment: pytest.MonkeyPatch
) -> None:
    url, content = "http://{}:{}".format(*s3_server), b"GGUF"
    s3 = boto3.Session().client("s3", endpoint_url=url)
    s3.create_bucket(Bucket="models")
    s3.put_object(Bucket="models", Key="model", Body=content)
    code = (
        "from chef_llm.model_store import fetch\n"
        "from chef_llm.settings import ModelObject\n"
        f"with fetch(ModelObject('models', 'model', {sha256(content).hexdigest()!r})) as file:\n"
        "    print(file.path.read_bytes())"
    )
    s3_environment.setenv("AWS_ENDPOINT_URL_S3", url)
    assert run(python, package, code).strip() == str(content)


class SecretsManager(BaseHTTPRequestHandler):
    """Secrets Manager with one secret, which was changed once."""

    keys: ClassVar = {"AWSCURRENT": "current-key", "AWSPREVIOUS": "previous-key"}

    def do_POST(self) -> None:
        assert self.headers["x-amz-target"] == "secretsmanager.GetSecretValue"
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        body = json.dumps({"SecretString": self.keys[asked["VersionStage"]]}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


AUTHORIZE: Final = """
from chef_authorizer.app import lambda_handler

for key in ("current-key", "previous-key", "older-key"):
    print(lambda_handler({"headers": {"authorization": f"Bearer {key}"}}, None)["isAuthorized"])
print(lambda_handler({"headers": {}}, None)["isAuthorized"])
"""


def test_the_packaged_authorizer_lets_in_the_two_newest_keys(
    authorizer_package: Path, python: str
) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), SecretsManager) as server:
        threading.Thread(target=server.serve_forever).start()
        environment = {
            "PYTHONPATH": str(authorizer_package),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": f"http://127.0.0.1:{server.server_port}",
            "CHEF_KEY_SECRET": "ApiKey",
        }
        # -S: nothing but the package, so that what was trimmed off is known to be of no use.
        command = [python, "-S", "-c", AUTHORIZE]
        try:
            printed = subprocess.check_output(command, env=environment, text=True)
        finally:
            server.shutdown()
    assert printed.split() == ["True", "True", "False", "False"]


@pytest.mark.parametrize("fixture", ["authorizer_package", "hook_package"])
def test_a_package_without_a_model_is_small(fixture: str, request: pytest.FixtureRequest) -> None:
    package: Path = request.getfixturevalue(fixture)
    total = sum(path.lstat().st_size for path in package.rglob("*") if path.is_file())
    assert total < MOST_SMALL_BYTES


# The hook of a roll-out, with Lambda and CodeDeploy on this machine


def verdict_on(
    version: Callable[[Event], Event] | None,
    hook_package: Path,
    emulator: Emulator,
    answer_seconds: float = INVOKE_SECONDS,
) -> tuple[RolloutAws, str]:
    """Run the packaged hook on a version; return what AWS saw, and the hook's log."""
    with (
        rollout_aws(version) as aws,
        emulator.run(
            hook_package, "chef_rollout.app.lambda_handler", aws.environment(answer_seconds)
        ) as hook_url,
    ):
        done = requests.post(hook_url, json=HOOK_EVENT, timeout=3 * INVOKE_SECONDS).json()
    assert done == {"status": aws.verdicts[0]["status"]}
    return aws, emulator.log_of(hook_package)


def test_the_packaged_hook_passes_the_packaged_chef(
    function_url: str, hook_package: Path, emulator: Emulator
) -> None:
    def chef(event: Event) -> Event:
        response: Event = requests.post(function_url, json=event, timeout=INVOKE_SECONDS).json()
        return response

    aws, _ = verdict_on(chef, hook_package, emulator)
    assert aws.verdicts == [verdict("Succeeded")]
    assert aws.asked == [(VERSION, "/health"), (VERSION, "/v1/menus")]


def test_the_packaged_hook_fails_a_version_that_breaks_the_guarantee(
    function_url: str, hook_package: Path, emulator: Emulator
) -> None:
    def careless(event: Event) -> Event:
        response: Event = requests.post(function_url, json=event, timeout=INVOKE_SECONDS).json()
        body = json.loads(response["body"])
        for menu in body.get("menus", []):
            menu["dishes"][0]["ingredients"].append({"name": "マヨネーズ"})
        return {**response, "body": json.dumps(body)}

    aws, log = verdict_on(careless, hook_package, emulator)
    assert aws.verdicts == [verdict("Failed")]
    assert "マヨネーズ, which may contain 卵" in log


def test_the_packaged_hook_fails_a_version_that_does_not_answer_in_time(
    hook_package: Path, emulator: Emulator
) -> None:
    aws, log = verdict_on(None, hook_package, emulator, answer_seconds=0.2)
    assert aws.verdicts == [verdict("Failed")]
    assert aws.asked == [(VERSION, "/health")]
    assert "Read timeout" in log


def crashing(event: Event) -> Event:
    raise FunctionFailed("Runtime exited with error: signal: killed")


def unready(event: Event) -> Event:
    error = {"error": {"message": "", "type": "", "param": None, "code": "model_unavailable"}}
    return {"statusCode": 503, "headers": {}, "body": json.dumps(error)}


@pytest.mark.parametrize(
    ("version", "told"),
    [(crashing, "the function failed (Unhandled)"), (unready, "status 503, model_unavailable")],
)
def test_the_packaged_hook_fails_a_version_that_answers_an_error(
    hook_package: Path, emulator: Emulator, version: Callable[[Event], Event], told: str
) -> None:
    aws, log = verdict_on(version, hook_package, emulator)
    assert aws.verdicts == [verdict("Failed")]
    assert told in log
