"""What would be deployed: the packages of `make sam-build`, run.

Without a package (or Python 3.13) the tests are skipped, with CHEF_REQUIRE_PACKAGE=1 they fail.
"""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, Final

import boto3
import pytest

import emulator
from chef_llm.menus.answer import parse_answer
from emulator import ROOT, Emulator
from required import required

EVENTS: Final = ROOT / "events"
MOST_PACKAGE_BYTES: Final = 200 * 1000 * 1000
# All of botocore's services would be six times as much.
MOST_AUTHORIZER_BYTES: Final = 6 * 1000 * 1000


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
def chef(
    package: Path, python: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Emulator]:
    """Run the package under the emulator."""
    required(emulator.find_emulator)
    client = emulator.install_runtime_client(tmp_path_factory.mktemp("runtime"))
    with emulator.run(package, client, tmp_path_factory.mktemp("emulator") / "log.txt") as running:
        yield running


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
    [("package", "src/requirements.txt"), ("authorizer_package", "authorizer/requirements.txt")],
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


def test_the_authorizers_package_is_small(authorizer_package: Path) -> None:
    total = sum(path.lstat().st_size for path in authorizer_package.rglob("*") if path.is_file())
    assert total < MOST_AUTHORIZER_BYTES
