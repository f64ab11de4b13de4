"""A model's file from S3 into memory: boto3 against moto's server, with faults in between."""

import hashlib
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any, Final

import boto3
import faulty_s3
import pytest
from faulty_s3 import Exchange, Fault, FaultyS3, at

from chef_llm.errors import ModelUnavailable
from chef_llm.models import from_s3 as model_store
from chef_llm.models.from_s3 import model_file
from chef_llm.settings import ModelObject, Settings

BUCKET: Final = "secret-bucket"
KEY: Final = "models/dolly.gguf"
PART: Final = 1024 * 1024
# Three whole parts and a bit, none like another.
CONTENT: Final = random.Random(1).randbytes(3 * PART + 12_345)
SHA256: Final = hashlib.sha256(CONTENT).hexdigest()
SOURCE: Final = ModelObject(BUCKET, KEY, SHA256)

ALWAYS: Final = 1000
BROKEN: Final = "モデルのファイルを読み込めません。しばらくしてからもう一度お試しください。"
CHANGED: Final = "モデルのファイルが読み込み中に差し替えられました。もう一度お試しください。"
MISMATCH: Final = "モデルのファイルが環境変数 CHEF_MODEL_SHA256 と一致しません。"
MISSING: Final = "モデルのファイルがありません。環境変数 CHEF_MODEL_URI を確かめてください。"
UNDECIPHERED: Final = (
    "モデルのファイルを復号できません。バケットの KMS の鍵が有効か、確かめてください。"
)
DENIED: Final = (
    "モデルのファイルを読む権限がありません（ファイルがないときも、こうなることがあります）。"
)


@pytest.fixture(scope="module")
def client(s3_server: tuple[str, int]) -> Any:
    """Return a client of the store itself, without the proxy."""
    client = boto3.client(
        "s3",
        "us-east-1",
        endpoint_url="http://{}:{}".format(*s3_server),
        aws_access_key_id="nobody",
        aws_secret_access_key="nothing",
    )
    client.create_bucket(Bucket=BUCKET)
    return client


@pytest.fixture
def s3(client: Any, s3_environment: pytest.MonkeyPatch) -> Any:
    """Return the client of a store that has the object."""
    client.put_object(Bucket=BUCKET, Key=KEY, Body=CONTENT)
    return client


@pytest.fixture
def proxy(
    s3_server: tuple[str, int], s3: Any, s3_environment: pytest.MonkeyPatch
) -> Iterator[FaultyS3]:
    """Put the proxy where the code under test looks for S3."""
    with FaultyS3(s3_server) as server:
        s3_environment.setenv("AWS_ENDPOINT_URL_S3", server.url)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_store, "PART_BYTES", PART)


@pytest.fixture(autouse=True)
def no_file_is_left_in_memory() -> Iterator[None]:
    assert memory_files() == []
    yield
    assert memory_files() == []


def memory_files() -> list[str]:
    links = (link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink())
    return [str(target) for target in links if "chef-model" in str(target)]


def failure(source: ModelObject = SOURCE, **limits: float) -> ModelUnavailable:
    with pytest.raises(ModelUnavailable) as caught, model_file(source, **limits):
        pytest.fail("a file was given out")
    return caught.value


def test_the_file_is_there_byte_by_byte_while_it_is_used_and_gone_afterwards(
    proxy: FaultyS3,
) -> None:
    with model_file(SOURCE) as file:
        assert file.path.read_bytes() == CONTENT
        assert file.size_bytes == len(CONTENT)
        assert file.seconds > 0
        assert len(memory_files()) == 1

    assert proxy.attempts == {0: 1, PART: 1, 2 * PART: 1, 3 * PART: 1}


def test_an_object_smaller_than_a_part_is_one_request(s3: Any, proxy: FaultyS3) -> None:
    s3.put_object(Bucket=BUCKET, Key="small", Body=b"GGUF")

    with model_file(ModelObject(BUCKET, "small", hashlib.sha256(b"GGUF").hexdigest())) as file:
        assert file.path.read_bytes() == b"GGUF"

    assert proxy.attempts == {0: 1}


@pytest.mark.parametrize(
    ("fault", "requests"),
    [
        (at(PART, 2, faulty_s3.cut), 3),
        (at(PART, 2, faulty_s3.end_early), 3),
        (at(PART, 1, faulty_s3.cut_before_the_answer), 2),
        (at(PART, 1, faulty_s3.refuse(500, "InternalError")), 2),
        (at(PART, 1, faulty_s3.refuse(503, "SlowDown")), 2),
    ],
    ids=["cut twice", "short read twice", "no answer", "500", "503"],
)
def test_a_part_that_fails_is_read_again_until_it_is_right(
    proxy: FaultyS3, fault: Fault, requests: int
) -> None:
    proxy.fault = fault

    with model_file(SOURCE) as file:
        assert file.path.read_bytes() == CONTENT

    assert proxy.attempts[PART] >= requests


@pytest.mark.parametrize(
    ("fault", "message", "detail", "most_requests"),
    [
        (at(PART, ALWAYS, faulty_s3.cut), BROKEN, "ResponseStreamingError", 3),
        (at(PART, ALWAYS, faulty_s3.end_early), BROKEN, "IncompleteRead", 3),
        (at(0, ALWAYS, faulty_s3.cut_before_the_answer), BROKEN, "ConnectionClosedError", 3),
        (at(PART, ALWAYS, faulty_s3.refuse(500, "InternalError")), BROKEN, "InternalError", 3),
        (at(0, ALWAYS, faulty_s3.refuse(403, "AccessDenied")), DENIED, "AccessDenied", 1),
        (at(PART, ALWAYS, faulty_s3.refuse(403, "ExpiredToken")), DENIED, "ExpiredToken", 1),
        (at(PART, ALWAYS, faulty_s3.promise_less), MISMATCH, f"of {len(CONTENT)} bytes", 1),
        (at(3 * PART, ALWAYS, faulty_s3.promise_less), MISMATCH, "SHA-256", 1),
        (at(2 * PART, ALWAYS, faulty_s3.flip_a_bit), MISMATCH, "SHA-256", 1),
    ],
    ids=[
        "cut", "short read", "no answer", "500", "403 at once", "403 half-way",
        "short part", "short last part", "flipped bit",
    ],
)  # fmt: skip
def test_what_stays_wrong_is_an_error_after_a_few_requests(
    proxy: FaultyS3, fault: Fault, message: str, detail: str, most_requests: int
) -> None:
    proxy.fault = fault

    error = failure()

    assert error.message == message
    assert error.detail
    assert error.detail.startswith(f"s3://{BUCKET}/{KEY}: ")
    assert detail in error.detail
    assert max(proxy.attempts.values()) <= most_requests


@pytest.mark.parametrize("times", [1, ALWAYS], ids=["once", "always"])
def test_a_part_that_stalls_is_read_again_and_given_up_in_the_end(
    proxy: FaultyS3, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    # Short, because the test waits for it; a sound part that is late is only read again.
    monkeypatch.setattr("chef_llm.s3.READ_TIMEOUT_SECONDS", 0.5)
    proxy.fault = at(PART, times, faulty_s3.stall)

    if times == 1:
        with model_file(SOURCE) as file:
            assert file.path.read_bytes() == CONTENT
        assert proxy.attempts[PART] >= 2
    else:
        error = failure()
        assert error.message == BROKEN
        assert "ReadTimeoutError" in str(error.detail)
        assert proxy.attempts[PART] == 3


@pytest.mark.parametrize(
    ("source", "message", "detail"),
    [
        (ModelObject(BUCKET, "nothing", SHA256), MISSING, "NoSuchKey"),
        (ModelObject("no-such-bucket", KEY, SHA256), MISSING, "NoSuchBucket"),
        (ModelObject(BUCKET, KEY, "0" * 64), MISMATCH, f"SHA-256 {SHA256}"),
        (ModelObject(BUCKET, "empty", SHA256), MISMATCH, "0 of 0 bytes"),
        (ModelObject(BUCKET, "truncated", SHA256), MISMATCH, f"{PART} of {PART} bytes"),
    ],
    ids=["no key", "no bucket", "wrong checksum", "empty", "truncated"],
)
def test_a_wrong_object_is_an_error_that_names_it_for_the_operator_alone(
    s3: Any, proxy: FaultyS3, source: ModelObject, message: str, detail: str
) -> None:
    s3.put_object(Bucket=BUCKET, Key="empty", Body=b"")
    s3.put_object(Bucket=BUCKET, Key="truncated", Body=CONTENT[:PART])

    error = failure(source)

    assert error.message == message
    assert error.detail
    assert source.uri in error.detail
    assert detail in error.detail


OTHER_ACCOUNT: Final = "210987654321"


@pytest.mark.parametrize("encryption", ["AES256", "aws:kms", "aws:kms:dsse"])
def test_an_object_that_s3_encrypts_is_read_as_it_was(
    s3: Any, proxy: FaultyS3, s3_server: tuple[str, int], encryption: str
) -> None:
    kms = boto3.client("kms", endpoint_url="http://{}:{}".format(*s3_server))
    key = kms.create_key()["KeyMetadata"]["Arn"]
    named = {} if encryption == "AES256" else {"SSEKMSKeyId": key}
    s3.put_object(
        Bucket=BUCKET, Key="encrypted", Body=CONTENT, ServerSideEncryption=encryption, **named
    )

    with model_file(ModelObject(BUCKET, "encrypted", SHA256)) as file:
        assert file.path.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        # The role may not use the key; S3 says so as it says all of what is forbidden.
        (403, "AccessDenied", DENIED),
        (400, "KMS.DisabledException", UNDECIPHERED),
        (400, "KMS.NotFoundException", UNDECIPHERED),
        (400, "KMS.KMSInvalidStateException", UNDECIPHERED),
    ],
)
def test_a_key_that_does_not_open_it_is_an_error_that_says_so(
    proxy: FaultyS3, status: int, code: str, message: str
) -> None:
    proxy.fault = at(0, ALWAYS, faulty_s3.refuse(status, code))

    error = failure()

    assert error.message == message
    assert code in str(error.detail)


@pytest.fixture
def foreign(s3_server: tuple[str, int], s3_environment: pytest.MonkeyPatch) -> Any:
    """Return a client of another account, which has a bucket with the object."""
    client = boto3.client("s3", endpoint_url="http://{}:{}".format(*s3_server))
    client.meta.events.register(
        "before-sign.s3",
        lambda request, **_: request.headers.add_header("x-moto-account-id", OTHER_ACCOUNT),
    )
    client.create_bucket(Bucket="their-bucket")
    client.put_object(Bucket="their-bucket", Key=KEY, Body=CONTENT)
    return client


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_the_policy_of_another_accounts_bucket_decides(
    foreign: Any, proxy: FaultyS3, effect: str
) -> None:
    statement = {
        "Effect": effect,
        "Principal": {"AWS": "*"},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::their-bucket/{KEY}",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    foreign.put_bucket_policy(Bucket="their-bucket", Policy=json.dumps(policy))
    theirs = ModelObject("their-bucket", KEY, SHA256)

    if effect == "Deny":
        assert failure(theirs).message == DENIED
        return
    with model_file(theirs) as file:
        assert file.path.read_bytes() == CONTENT


def test_a_key_may_have_as_many_characters_as_s3_takes(s3: Any, proxy: FaultyS3) -> None:
    key = "k" * (1024 - len(f"s3://{BUCKET}/"))
    s3.put_object(Bucket=BUCKET, Key=key, Body=CONTENT)
    settings = Settings.from_env(
        {"CHEF_MODEL_URI": f"s3://{BUCKET}/{key}", "CHEF_MODEL_SHA256": SHA256}
    )
    assert settings.model_object

    with model_file(settings.model_object) as file:
        assert file.path.read_bytes() == CONTENT


def test_an_object_replaced_in_mid_download_is_noticed(s3: Any, proxy: FaultyS3) -> None:
    def replace(exchange: Exchange) -> None:
        if exchange.offset == 2 * PART:
            s3.put_object(Bucket=BUCKET, Key=KEY, Body=CONTENT[::-1])
        faulty_s3.sound(exchange)

    proxy.fault = replace

    assert failure().message == CHANGED


def test_a_download_that_takes_too_long_is_ended(proxy: FaultyS3) -> None:
    error = failure(most_seconds=0.0)

    assert error.message == "モデルのファイルを0秒以内に読み込めませんでした。"
    assert error.detail
    assert SOURCE.uri in error.detail
    # The parts that had not begun are not asked for any more.
    assert proxy.attempts == {0: 1}


def test_a_failure_is_followed_by_a_new_try(proxy: FaultyS3) -> None:
    proxy.fault = at(0, 1, faulty_s3.refuse(403, "AccessDenied"))
    assert failure().message == DENIED

    with model_file(SOURCE) as file:
        assert file.path.read_bytes() == CONTENT


def test_a_host_without_credentials_is_an_error_that_says_so(
    proxy: FaultyS3, s3_environment: pytest.MonkeyPatch
) -> None:
    s3_environment.delenv("AWS_ACCESS_KEY_ID")

    error = failure()

    assert error.message == BROKEN
    assert "NoCredentialsError" in str(error.detail)


def test_no_server_at_all_is_an_error(s3_environment: pytest.MonkeyPatch) -> None:
    s3_environment.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")

    assert failure().message == BROKEN


def test_another_system_than_linux_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")

    assert "CHEF_MODEL にファイルのパス" in failure().message


# A process that reads one file; it prints the most memory that it had itself, and the file's, whose
# pages are none of its own until they are mapped.
MEASURE: Final = """
import os, sys
from chef_llm.models.from_s3 import model_file
from chef_llm.settings import ModelObject, Settings

descriptors = os.listdir("/proc/self/fd")
with model_file(ModelObject(*sys.argv[1:])) as file:
    [line] = [line for line in open("/proc/self/status") if line.startswith("VmHWM:")]
    print(int(line.split()[1]) * 1024, os.stat(file.path).st_blocks * 512)
assert os.listdir("/proc/self/fd") == descriptors
"""


def test_peak_memory_stays_near_the_file_s_size_and_no_descriptor_is_left(
    s3: Any, s3_server: tuple[str, int], s3_environment: pytest.MonkeyPatch
) -> None:
    s3_environment.setenv("AWS_ENDPOINT_URL_S3", "http://{}:{}".format(*s3_server))

    def peak_bytes(content: bytes) -> tuple[int, int]:
        s3.put_object(Bucket=BUCKET, Key="measured", Body=content)
        source = [BUCKET, "measured", hashlib.sha256(content).hexdigest()]
        command = [sys.executable, "-c", MEASURE, *source]
        process_bytes, file_bytes = subprocess.check_output(command, text=True, timeout=120).split()
        return int(process_bytes), int(file_bytes)

    big = random.Random(2).randbytes(PART) * 64
    # Python and boto3 take as much for a file of one page.
    least_bytes, _ = peak_bytes(big[:4096])
    process_bytes, file_bytes = peak_bytes(big)

    assert file_bytes == len(big)
    assert process_bytes - least_bytes + file_bytes <= 1.15 * len(big)
