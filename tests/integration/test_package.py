"""What would be deployed: the packages of `make sam-build`, run.

Without a package (or Python 3.13) the tests are skipped, with CHEF_REQUIRE_PACKAGE=1 they fail.
"""

import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, Final

import boto3
import pytest
import requests

import emulator
from chef_llm.menus.answer import parse_answer
from emulator import INVOKE_SECONDS, ROOT, Emulator
from required import required
from rollout_aws import (
    HOOK_EVENT,
    VERSION,
    Event,
    FunctionFailed,
    RolloutAws,
    rollout_aws,
    verdict,
)

EVENTS: Final = ROOT / "events"
MOST_PACKAGE_BYTES: Final = 200 * 1000 * 1000
# All of botocore's services would be six times as much.
MOST_SMALL_BYTES: Final = 6 * 1000 * 1000


@pytest.fixture(scope="module")
def package() -> Path:
    return required(emulator.built_package)


@pytest.fixture(scope="module")
def authorizer_package() -> Path:
    return required(
        emulator.built_package,
        emulator.BUILD / "AuthorizerFunction",
        ROOT / "authorizer" / "chef_authorizer",
    )


@pytest.fixture(scope="module")
def python() -> str:
    return required(emulator.find_python)


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
def hook_package() -> Path:
    return required(
        emulator.built_package,
        emulator.BUILD / "RolloutHookFunction",
        ROOT / "rollout_hook" / "chef_rollout",
    )


@pytest.fixture(scope="module")
def runtime_client(python: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    required(emulator.find_emulator)
    return emulator.install_runtime_client(tmp_path_factory.mktemp("runtime"))


@pytest.fixture(scope="module")
def chef(
    package: Path, runtime_client: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Emulator]:
    """Run the package under the emulator."""
    log = tmp_path_factory.mktemp("emulator") / "log.txt"
    with emulator.run(package, runtime_client, log) as running:
        yield running


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
    [port] = emulator.free_ports(1)
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
            emulator.wait_until_open(f"127.0.0.1:{port}", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def invoke(chef: Emulator, event: str) -> dict[str, Any]:
    """Return the payload-2.0 response to an event of `events/`."""
    response = chef.invoke((EVENTS / f"{event}.json").read_bytes())
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


def test_the_packaged_chef_writes_a_menu(chef: Emulator) -> None:
    response = invoke(chef, "generate")
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
def test_the_packaged_handler_answers_each_event(chef: Emulator, event: str, status: int) -> None:
    response = invoke(chef, event)
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
        "from chef_llm.models.from_s3 import model_file\n"
        "from chef_llm.settings import ModelObject\n"
        f"source = ModelObject('models', 'model', {sha256(content).hexdigest()!r})\n"
        "with model_file(source) as file:\n"
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
    runtime_client: Path,
    log: Path,
    answer_seconds: float = INVOKE_SECONDS,
) -> tuple[RolloutAws, str]:
    """Run the packaged hook on a version; return what AWS saw, and the hook's log."""
    with rollout_aws(version) as aws:
        environment = aws.environment(answer_seconds)
        handler = "chef_rollout.app.lambda_handler"
        with emulator.run(hook_package, runtime_client, log, environment, handler) as hook:
            done = hook.invoke(HOOK_EVENT)
    assert done == {"status": aws.verdicts[0]["status"]}
    return aws, log.read_text(encoding="utf-8")


def test_the_packaged_hook_passes_the_packaged_chef(
    chef: Emulator, hook_package: Path, runtime_client: Path, tmp_path: Path
) -> None:
    aws, _ = verdict_on(chef.invoke, hook_package, runtime_client, tmp_path / "log.txt")
    assert aws.verdicts == [verdict("Succeeded")]
    assert aws.asked == [(VERSION, "/health"), (VERSION, "/v1/menus")]


def test_the_packaged_hook_fails_a_version_that_breaks_the_guarantee(
    chef: Emulator, hook_package: Path, runtime_client: Path, tmp_path: Path
) -> None:
    def careless(event: Event) -> Event:
        response = chef.invoke(event)
        body = json.loads(response["body"])
        for menu in body.get("menus", []):
            menu["dishes"][0]["ingredients"].append({"name": "マヨネーズ"})
        return {**response, "body": json.dumps(body)}

    aws, log = verdict_on(careless, hook_package, runtime_client, tmp_path / "log.txt")
    assert aws.verdicts == [verdict("Failed")]
    assert "マヨネーズ, which may contain 卵" in log


def test_the_packaged_hook_fails_a_version_that_does_not_answer_in_time(
    hook_package: Path, runtime_client: Path, tmp_path: Path
) -> None:
    aws, log = verdict_on(
        None, hook_package, runtime_client, tmp_path / "log.txt", answer_seconds=0.2
    )
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
    hook_package: Path,
    runtime_client: Path,
    tmp_path: Path,
    version: Callable[[Event], Event],
    told: str,
) -> None:
    aws, log = verdict_on(version, hook_package, runtime_client, tmp_path / "log.txt")
    assert aws.verdicts == [verdict("Failed")]
    assert told in log
