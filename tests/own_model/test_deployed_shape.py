"""A file of one's own in S3, the built packages under Lambda's runtime loop, what is refused."""

import json
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import boto3
import pytest
from stranger import ANSWER_SECONDS, NAME, ROOT

import emulator
from chef_llm.asgi import http_event
from chef_llm.menus.answer import parse_answer
from emulator import Emulator
from required import required

BUCKET: Final = "my-models"
KEY: Final = "mine.gguf"
API_KEY: Final = "k" * 48


@pytest.fixture(scope="module")
def s3_url(weights: Path) -> Iterator[str]:
    """Run moto's S3 with the file in it; yield its address."""
    from moto.moto_server.threaded_moto_server import (  # noqa: PLC0415  # a second to import
        ThreadedMotoServer,
    )

    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    s3 = boto3.client(
        "s3",
        "us-east-1",
        endpoint_url=address,
        aws_access_key_id="nobody",
        aws_secret_access_key="nothing",
    )
    s3.create_bucket(Bucket=BUCKET)
    s3.upload_file(str(weights), BUCKET, KEY)
    s3.put_object(Bucket=BUCKET, Key="mine.jinja", Body=b"{{ messages[-1].content }}\n=>")
    yield address
    server.stop()


@pytest.fixture(scope="module")
def environment(weights: Path, s3_url: str) -> dict[str, str]:
    """Return what the template sets for such a model, and where S3 is."""
    return {
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL_S3": s3_url,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "CHEF_MODEL": NAME,
        "CHEF_MODEL_URI": f"s3://{BUCKET}/{KEY}",
        "CHEF_MODEL_SHA256": sha256(weights.read_bytes()).hexdigest(),
        "CHEF_ANSWER_SECONDS": str(ANSWER_SECONDS),
    }


@pytest.fixture(scope="module")
def runtime_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    required(emulator.find_emulator)
    return emulator.install_runtime_client(tmp_path_factory.mktemp("runtime"))


@pytest.fixture(scope="module")
def chef(
    runtime_client: Path, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Emulator]:
    package = required(emulator.built_package)
    log = tmp_path_factory.mktemp("emulator") / "log.txt"
    with emulator.run(package, runtime_client, log, environment) as running:
        yield running


@pytest.fixture(scope="module")
def authorizer(
    runtime_client: Path, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Emulator]:
    """Run the lock with a key in moto's Secrets Manager, which is at the address of its S3."""
    folder, source = emulator.BUILD / "AuthorizerFunction", ROOT / "authorizer" / "chef_authorizer"
    package = required(emulator.built_package, folder, source)
    url = environment["AWS_ENDPOINT_URL_S3"]
    secrets = boto3.client(
        "secretsmanager",
        "us-east-1",
        endpoint_url=url,
        aws_access_key_id="nobody",
        aws_secret_access_key="nothing",
    )
    secrets.create_secret(Name="ApiKey", SecretString=API_KEY)
    own = {"AWS_ENDPOINT_URL_SECRETS_MANAGER": url, "CHEF_KEY_SECRET": "ApiKey"}
    log = tmp_path_factory.mktemp("authorizer") / "log.txt"
    handler = "chef_authorizer.app.lambda_handler"
    with emulator.run(package, runtime_client, log, environment | own, handler) as running:
        yield running


def call(chef: Emulator, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    sent = b"" if body is None else json.dumps(body).encode()
    response = chef.invoke(http_event(method, path, {"content-type": "application/json"}, sent))
    return response["statusCode"], json.loads(response["body"])


def test_the_packaged_function_answers_as_the_model_itself(chef: Emulator) -> None:
    assert call(chef, "GET", "/health") == (200, {"status": "ok", "model": NAME})

    status, answer = call(
        chef,
        "POST",
        "/v1/chat/completions",
        {
            "model": f"{NAME}:plain",
            "max_tokens": 8,
            "messages": [{"role": "user", "content": "Name three fruits."}],
        },
    )

    assert status == 200
    assert answer["choices"][0]["message"]["content"]


@pytest.mark.parametrize(("key", "is_let_in"), [(API_KEY, True), ("another", False)])
def test_the_packaged_lock_in_front_lets_in_who_has_the_key(
    authorizer: Emulator, key: str, is_let_in: bool
) -> None:
    verdict = authorizer.invoke({"headers": {"authorization": f"Bearer {key}"}})

    assert verdict["isAuthorized"] is is_let_in


def test_the_packaged_function_is_the_chef(chef: Emulator) -> None:
    status, [answer] = call(chef, "POST", "/generate", {"input": "えびアレルギーです。夕食を"})

    assert status == 200
    assert len(parse_answer(answer["generated_text"]).dishes) >= 3


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"CHEF_MODEL": "kondate"}, "カタログにない名前"),
        ({"CHEF_MODEL": "qwen3-0.6b"}, "構造は llama（qwen3-0.6b は qwen3）"),
        ({"CHEF_MODEL": "my model"}, "英数字と . _ -"),
        ({"CHEF_CONTEXT_LENGTH": "999999"}, "CHEF_CONTEXT_LENGTH"),
        ({"CHEF_CHAT_TEMPLATE": "chatml"}, "次のどれか"),
        ({"CHEF_CHAT_TEMPLATE": "gone.jinja"}, "S3 から読めません"),
        ({"CHEF_MODEL_SHA256": "0" * 64}, "CHEF_MODEL_SHA256 と一致しません"),
    ],
    ids=lambda value: value if isinstance(value, str) else ",".join(value.values())[:20],
)
def test_what_does_not_fit_is_refused_with_what_to_set(
    runtime_client: Path,
    environment: dict[str, str],
    tmp_path: Path,
    changed: dict[str, str],
    told: str,
) -> None:
    package = required(emulator.built_package)
    with emulator.run(
        package, runtime_client, tmp_path / "log.txt", environment | changed
    ) as running:
        status, body = call(running, "GET", "/health")

    assert status == 503
    assert told in body["error"]["message"]
    assert BUCKET not in json.dumps(body)


def test_a_template_beside_the_model_is_read(
    runtime_client: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    package = required(emulator.built_package)
    chosen = {"CHEF_CHAT_TEMPLATE": "mine.jinja", "CHEF_CONTEXT_LENGTH": "1024"}
    with emulator.run(
        package, runtime_client, tmp_path / "log.txt", environment | chosen
    ) as running:
        status, answer = call(
            running,
            "POST",
            "/v1/chat/completions",
            {
                "model": f"{NAME}:plain",
                "max_tokens": 4,
                "messages": [{"role": "user", "content": "one two three"}],
            },
        )

    assert status == 200
    # The words, a line break and the arrow: the file's own format has more than twenty.
    assert answer["usage"]["prompt_tokens"] < 10
