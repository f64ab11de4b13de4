"""The authorizer, over a Secrets Manager that the test controls."""

import hmac
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from chef_authorizer import app, keys
from chef_authorizer.keys import KEPT_SECONDS, KeyRing, KeysUnreadable, read_keys

FIRST, SECOND, THIRD = "first-key", "second-key", "third-key"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:ApiKey-x"


@dataclass
class FakeSecretsManager:
    """Keeps the two newest values of one secret, as Secrets Manager labels them."""

    values: list[str] = field(default_factory=lambda: [FIRST])
    failure: Exception | None = None
    reads: int = 0

    def put_secret_value(self, value: str) -> None:
        self.values.append(value)

    def get_secret_value(self, SecretId: str, VersionStage: str) -> dict[str, str]:  # noqa: N803
        self.reads += 1
        assert SecretId == SECRET
        if self.failure:
            raise self.failure
        labelled = dict(zip(("AWSCURRENT", "AWSPREVIOUS"), reversed(self.values), strict=False))
        if VersionStage not in labelled:
            raise client_error("ResourceNotFoundException")
        return {"SecretString": labelled[VersionStage]}


@dataclass
class FakeClock:
    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


def client_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "GetSecretValue")


@pytest.fixture
def secrets() -> FakeSecretsManager:
    return FakeSecretsManager()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(autouse=True)
def key_ring(
    secrets: FakeSecretsManager, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[KeyRing]:
    ring = KeyRing(lambda: read_keys(secrets, SECRET), clock)
    monkeypatch.setattr(app, "key_ring", lambda: ring)
    yield ring


def authorize(header: str | None, name: str = "authorization") -> bool:
    """Return what the authorizer says to a request with that header, as API Gateway asks it."""
    event = {
        "version": "2.0",
        "type": "REQUEST",
        "routeKey": "POST /generate",
        "identitySource": [header, "POST /generate"],
        "headers": {"host": "example.com"} | ({} if header is None else {name: header}),
    }
    response = app.lambda_handler(event, None)
    assert set(response) == {"isAuthorized"}
    return response["isAuthorized"]


# Which keys open


def test_the_current_key_is_let_in_and_a_wrong_one_is_not() -> None:
    assert authorize(f"Bearer {FIRST}")
    assert not authorize("Bearer wrong-key")


def test_no_key_is_not_let_in_and_nothing_is_read(secrets: FakeSecretsManager) -> None:
    assert not authorize(None)
    assert app.lambda_handler({}, None) == {"isAuthorized": False}
    assert app.lambda_handler({"headers": None}, None) == {"isAuthorized": False}
    assert secrets.reads == 0


def test_after_a_change_the_new_key_and_the_one_before_are_let_in(
    secrets: FakeSecretsManager,
) -> None:
    secrets.put_secret_value(SECOND)
    assert authorize(f"Bearer {SECOND}")
    assert authorize(f"Bearer {FIRST}")


def test_after_a_second_change_the_first_key_is_revoked(secrets: FakeSecretsManager) -> None:
    secrets.put_secret_value(SECOND)
    secrets.put_secret_value(THIRD)
    allowed = [key for key in (FIRST, SECOND, THIRD) if authorize(f"Bearer {key}")]
    assert allowed == [SECOND, THIRD]


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
@pytest.mark.parametrize("name", ["authorization", "Authorization", "AUTHORIZATION"])
def test_case_of_header_and_scheme_does_not_matter(name: str, scheme: str) -> None:
    assert authorize(f"{scheme} {FIRST}", name)


@pytest.mark.parametrize(
    "header",
    [
        "",
        " ",
        "Bearer",
        "Bearer ",
        FIRST,
        f"Basic {FIRST}",
        f"Bearer{FIRST}",
        f"Bearer\t{FIRST}",
        f" Bearer {FIRST}",
        f"Bearer {FIRST} ",
        f"Bearer {FIRST}\n",
        f"Bearer {FIRST},Bearer other",
        f"Bearer {FIRST} {FIRST}",
        f"Bearer {FIRST.upper()}",
        f"Bearer {FIRST[:-1]}",
        f"Bearer {FIRST}x",
        f'Bearer "{FIRST}"',
        "Bearer 鍵",
        "Bearer \ud800",
        "Bearer " + "x" * 100_000,
    ],
)
def test_what_is_not_exactly_a_bearer_token_is_not_let_in(header: str) -> None:
    assert not authorize(header)


def test_a_header_that_stands_twice_is_not_let_in() -> None:
    headers = {"authorization": f"Bearer {FIRST}", "Authorization": f"Bearer {FIRST}"}
    assert app.lambda_handler({"headers": headers}, None) == {"isAuthorized": False}


# Time


def test_every_valid_key_is_compared_in_constant_time(
    secrets: FakeSecretsManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[bytes, bytes]] = []
    really_compare = hmac.compare_digest

    def compare(offered: bytes, valid: bytes) -> bool:
        compared.append((offered, valid))
        return really_compare(offered, valid)

    monkeypatch.setattr(keys.hmac, "compare_digest", compare)
    secrets.put_secret_value(SECOND)
    # The first comparison succeeds, and the second is made all the same.
    assert authorize(f"Bearer {SECOND}")
    assert len(compared) == 2
    # Hashes: their length tells nothing of a key's.
    assert {len(value) for pair in compared for value in pair} == {32}


def test_keys_are_read_again_only_after_a_while(
    secrets: FakeSecretsManager, clock: FakeClock
) -> None:
    authorize(f"Bearer {FIRST}")
    reads = secrets.reads
    clock.seconds += KEPT_SECONDS - 0.1
    authorize(f"Bearer {FIRST}")
    authorize("Bearer wrong-key")
    assert secrets.reads == reads
    clock.seconds += 0.1
    authorize(f"Bearer {FIRST}")
    assert secrets.reads > reads


def test_a_revoked_key_is_refused_once_the_keys_are_read_again(
    secrets: FakeSecretsManager, clock: FakeClock
) -> None:
    assert authorize(f"Bearer {FIRST}")
    secrets.put_secret_value(SECOND)
    secrets.put_secret_value(THIRD)
    clock.seconds += KEPT_SECONDS
    assert not authorize(f"Bearer {FIRST}")


# A secret that cannot be read


@pytest.mark.parametrize(
    ("failure", "logged"),
    [
        (client_error("AccessDeniedException"), "AccessDeniedException"),
        (client_error("ResourceNotFoundException"), "ResourceNotFoundException"),
        (ConnectTimeoutError(endpoint_url="https://secretsmanager"), "timeout"),
    ],
)
def test_while_the_keys_cannot_be_read_nobody_is_let_in_and_the_log_says_why(
    secrets: FakeSecretsManager,
    caplog: pytest.LogCaptureFixture,
    failure: Exception,
    logged: str,
) -> None:
    secrets.failure = failure
    assert not authorize(f"Bearer {FIRST}")
    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert SECRET in record.getMessage()
    assert logged in record.getMessage()
    assert FIRST not in caplog.text


def test_keys_that_were_read_before_are_not_believed_beyond_their_time(
    secrets: FakeSecretsManager, clock: FakeClock
) -> None:
    assert authorize(f"Bearer {FIRST}")
    secrets.failure = client_error("AccessDeniedException")
    assert authorize(f"Bearer {FIRST}")
    clock.seconds += KEPT_SECONDS
    assert not authorize(f"Bearer {FIRST}")
    secrets.failure = None
    assert authorize(f"Bearer {FIRST}")


def test_a_failure_to_read_the_previous_key_is_no_missing_key(secrets: FakeSecretsManager) -> None:
    def get_secret_value(SecretId: str, VersionStage: str) -> dict[str, str]:  # noqa: N803
        if VersionStage == "AWSPREVIOUS":
            raise client_error("ThrottlingException")
        return {"SecretString": FIRST}

    secrets.get_secret_value = get_secret_value  # type: ignore[method-assign]
    with pytest.raises(KeysUnreadable, match="AWSPREVIOUS"):
        read_keys(secrets, SECRET)


def test_no_key_is_ever_logged(
    secrets: FakeSecretsManager, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for header in (f"Bearer {FIRST}", "Bearer wrong-key", f"Basic {FIRST}"):
        authorize(header)
    secrets.failure = client_error("AccessDeniedException")
    authorize(f"Bearer {FIRST}")
    assert "denied" in caplog.text
    assert FIRST not in caplog.text
    assert "wrong-key" not in caplog.text


# The real client


@pytest.fixture
def in_lambda(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_ENDPOINT_URL_SECRETS_MANAGER": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)


def test_the_client_asks_at_the_address_of_the_environment(in_lambda: None) -> None:
    assert keys.secrets_manager().meta.endpoint_url == "http://127.0.0.1:9"


def test_the_clients_requests_are_those_of_secrets_manager(
    in_lambda: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []

    def answer(request: Any, **_: Any) -> Any:
        sent.append(json.loads(request.body))
        return FakeHttpResponse(json.dumps({"SecretString": f"key {len(sent)}"}).encode())

    client = keys.secrets_manager()
    client.meta.events.register("before-send.secrets-manager.GetSecretValue", answer)
    assert read_keys(client, SECRET) == ["key 1", "key 2"]
    assert sent == [
        {"SecretId": SECRET, "VersionStage": "AWSCURRENT"},
        {"SecretId": SECRET, "VersionStage": "AWSPREVIOUS"},
    ]


@dataclass
class FakeHttpResponse:
    content: bytes
    status_code: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def test_nothing_listens_at_a_wrong_address_and_the_keys_are_unreadable(in_lambda: None) -> None:
    with pytest.raises(KeysUnreadable, match="Could not connect"):
        read_keys(keys.secrets_manager(), SECRET)
