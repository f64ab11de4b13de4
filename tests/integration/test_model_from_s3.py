"""The whole way: a model in S3, two variables, and the handler answers."""

import hashlib
import io
import json
from collections.abc import Iterator
from typing import Any, Final

import boto3
import pytest

from chef_llm.app import lambda_handler
from chef_llm.asgi import LocalContext, http_event
from chef_llm.chat.chef import load_chef
from chef_llm.models.catalogue import find_model
from chef_llm.observability import logger
from chef_llm.reading.conversation import Message

BUCKET: Final = "secret-bucket"
KEY: Final = "models/kondate.gguf"
QUESTION: Final = {
    "input": "鶏むね肉とキャベツで、2人分の夕食をお願いします",
    "parameters": {"seed": 1},
}
GGUF: Final = find_model("kondate").path.read_bytes()
SHA256: Final = hashlib.sha256(GGUF).hexdigest()
NO_MODEL: Final = b"GGUF, but for the rest"


@pytest.fixture
def environment(
    s3_server: tuple[str, int], s3_environment: pytest.MonkeyPatch
) -> Iterator[pytest.MonkeyPatch]:
    """Put kondate's file into S3 and set what an operator sets; load it anew for this test."""
    url = "http://{}:{}".format(*s3_server)
    s3_environment.setenv("AWS_ENDPOINT_URL_S3", url)
    s3_environment.delenv("CHEF_ENGINE", raising=False)
    s3_environment.setenv("CHEF_MODEL", "kondate")
    s3_environment.setenv("CHEF_MODEL_URI", f"s3://{BUCKET}/{KEY}")
    s3_environment.setenv("CHEF_MODEL_SHA256", SHA256)
    s3 = boto3.Session().client("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=GGUF)
    s3.put_object(Bucket=BUCKET, Key="no-model", Body=NO_MODEL)
    load_chef.cache_clear()
    yield s3_environment
    load_chef.cache_clear()


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logger.registered_handler
    previous = handler.setStream(stream)  # type: ignore[attr-defined]
    yield stream
    handler.setStream(previous)  # type: ignore[attr-defined]


def call(method: str, path: str, body: Any = None) -> tuple[int, Any]:
    sent = b"" if body is None else json.dumps(body).encode()
    event = http_event(method, path, {"content-type": "application/json"}, sent)
    response = lambda_handler(event, LocalContext())  # type: ignore[arg-type]
    return response["statusCode"], json.loads(response["body"])


def test_a_model_from_s3_answers_as_the_same_file_on_disk_does(
    environment: pytest.MonkeyPatch,
) -> None:
    assert call("GET", "/health") == (200, {"status": "ok", "model": "kondate"})
    from_s3 = call("POST", "/generate", QUESTION)
    assert load_chef().model.licence == "MIT"

    environment.delenv("CHEF_MODEL_URI")
    environment.delenv("CHEF_MODEL_SHA256")
    load_chef.cache_clear()
    assert call("POST", "/generate", QUESTION) == from_s3
    assert from_s3[0] == 200


def test_a_file_may_have_any_name_of_ones_own(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("CHEF_MODEL", "my-model")

    assert call("GET", "/health") == (200, {"status": "ok", "model": "my-model"})
    assert [card["id"] for card in call("GET", "/v1/models")[1]["data"]] == [
        "my-model",
        "my-model:plain",
    ]
    assert call("POST", "/generate", QUESTION)[0] == 200


@pytest.mark.parametrize("place", ["mine.jinja", f"s3://{BUCKET}/models/mine.jinja"])
def test_a_template_may_lie_beside_the_model_or_anywhere_in_s3(
    environment: pytest.MonkeyPatch, place: str
) -> None:
    boto3.Session().client("s3").put_object(
        Bucket=BUCKET, Key="models/mine.jinja", Body="{{ bos_token }}私: {{ messages[-1].content }}"
    )
    environment.setenv("CHEF_CHAT_TEMPLATE", place)

    assert load_chef().prompts.write([Message("user", "夕食を")]) == "<s>私: 夕食を"


def test_a_wrong_checksum_is_503_everywhere_until_it_is_put_right(
    environment: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    environment.setenv("CHEF_MODEL_SHA256", "0" * 64)

    for answer in (call("GET", "/health"), call("POST", "/generate", QUESTION)):
        status, body = answer
        assert status == 503
        assert body["error"]["code"] == "model_unavailable"
        assert "CHEF_MODEL_SHA256" in body["error"]["message"]
        assert BUCKET not in json.dumps(body)
    [line, _] = [json.loads(text) for text in log.getvalue().splitlines()]
    assert line["level"] == "ERROR"
    assert line["detail"].startswith(f"s3://{BUCKET}/{KEY}: got {len(GGUF)} of {len(GGUF)} bytes")
    assert line["detail"].endswith(SHA256)

    environment.setenv("CHEF_MODEL_SHA256", SHA256)
    assert call("GET", "/health")[0] == 200


@pytest.mark.parametrize(
    ("variable", "value", "code", "part_of_message"),
    [
        ("CHEF_MODEL_URI", f"s3://{BUCKET}/nothing", "model_unavailable", "ファイルがありません"),
        ("CHEF_MODEL_URI", f"https://{BUCKET}/model", "misconfigured", "CHEF_MODEL_URI"),
        ("CHEF_MODEL_SHA256", "", "misconfigured", "CHEF_MODEL_SHA256"),
        ("CHEF_MODEL", "models/mine.gguf", "misconfigured", "CHEF_MODEL はモデルの名前"),
        ("CHEF_MODEL", "mine:plain", "misconfigured", "CHEF_MODEL はモデルの名前"),
        ("CHEF_MODEL", "qwen3-0.6b", "misconfigured", "カタログにない名前"),
        ("CHEF_CONTEXT_LENGTH", "2048", "misconfigured", "1024 以下"),
        ("CHEF_CHAT_TEMPLATE", "gone.jinja", "misconfigured", "CHEF_CHAT_TEMPLATE"),
        ("CHEF_CHAT_TEMPLATE", "gone", "misconfigured", "次のどれか"),
        ("CHEF_ENGINE", "transformers", "misconfigured", "CHEF_ENGINE=llama_cpp"),
    ],
)
def test_what_the_operator_set_wrong_is_named_without_the_bucket(
    environment: pytest.MonkeyPatch, variable: str, value: str, code: str, part_of_message: str
) -> None:
    environment.setenv(variable, value)

    status, body = call("GET", "/health")

    assert (status, body["error"]["code"]) == (503, code)
    assert part_of_message in body["error"]["message"]
    assert BUCKET not in json.dumps(body)


def test_a_file_that_is_no_model_is_named_by_the_catalogue_s_name(
    environment: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    environment.setenv("CHEF_MODEL_URI", f"s3://{BUCKET}/no-model")
    environment.setenv("CHEF_MODEL_SHA256", hashlib.sha256(NO_MODEL).hexdigest())

    status, body = call("GET", "/health")

    assert (status, body["error"]["message"]) == (503, "モデル kondate を起動できません。")
    assert f"s3://{BUCKET}/no-model" in log.getvalue()
