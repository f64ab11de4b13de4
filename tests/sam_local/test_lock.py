"""The lock in front of the API: the real authorizer, as `sam local` runs it with AuthMode=key.

Its keys are in a Secrets Manager on this machine (moto), which rotates them as AWS's does.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import boto3
import pytest
import requests
from local_api import ANSWER_SECONDS, AUTHORIZER, CHEF, LocalApi, integration_tests, running
from moto.server import ThreadedMotoServer

# The name of this machine inside a container, on every system that Docker runs on.
HOST: Final = "aws.local"
# In the order in which they were valid.
REVOKED, OLDER, CURRENT = KEYS = ("revoked-key", "older-key", "current-key")


@pytest.fixture(scope="module")
def secrets_port() -> Iterator[int]:
    """Start Secrets Manager, where containers reach it too; yield its port."""
    server = ThreadedMotoServer(ip_address="0.0.0.0", port=0, verbose=False)
    server.start()
    yield server.get_host_and_port()[1]
    server.stop()


@pytest.fixture(scope="module")
def secret_arn(secrets_port: int) -> str:
    """Make a secret with three keys, one after another: the first is revoked by that."""
    client = boto3.client(
        "secretsmanager",
        endpoint_url=f"http://127.0.0.1:{secrets_port}",
        region_name="us-east-1",
        aws_access_key_id="none",
        aws_secret_access_key="none",
    )
    arn: str = client.create_secret(Name="ApiKey", SecretString=KEYS[0])["ARN"]
    for key in KEYS[1:]:
        client.put_secret_value(SecretId=arn, SecretString=key)
    return arn


@pytest.fixture(scope="module")
def api(
    secrets_port: int, secret_arn: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalApi]:
    folder: Path = tmp_path_factory.mktemp("closed")
    variables = {
        "CHEF_KEY_SECRET": secret_arn,
        "AWS_ENDPOINT_URL_SECRETS_MANAGER": f"http://{HOST}:{secrets_port}",
    }
    env_vars = folder / "variables.json"
    env_vars.write_text(json.dumps({"AuthorizerFunction": variables}), encoding="utf-8")
    options = ("--parameter-overrides", "AuthMode=key", "--env-vars", str(env_vars))
    with running(folder / "log.txt", *options, "--add-host", f"{HOST}:host-gateway") as api:
        yield api


@pytest.mark.parametrize(
    ("headers", "status", "authorized"),
    [
        pytest.param({}, 401, 0, id="no key"),
        pytest.param({"authorization": "Bearer wrong-key"}, 403, 1, id="a wrong key"),
        pytest.param({"authorization": f"Bearer {REVOKED}"}, 403, 1, id="a revoked key"),
    ],
)
def test_a_stranger_is_refused_before_the_model_function(
    api: LocalApi, headers: dict[str, str], status: int, authorized: int
) -> None:
    before = api.invocations(AUTHORIZER), api.invocations(CHEF)
    assert api.generate(**headers).status_code == status
    assert api.invocations(AUTHORIZER) == before[0] + authorized
    assert api.invocations(CHEF) == before[1]


@pytest.mark.parametrize("key", [OLDER, CURRENT])
def test_both_valid_keys_are_served(api: LocalApi, key: str) -> None:
    before = api.invocations(AUTHORIZER), api.invocations(CHEF)
    assert api.generate(authorization=f"Bearer {key}").status_code == 200
    assert api.invocations(AUTHORIZER) == before[0] + 1
    assert api.invocations(CHEF) == before[1] + 1


def test_health_is_open_and_asks_no_authorizer(api: LocalApi) -> None:
    before = api.invocations(AUTHORIZER)
    assert requests.get(f"{api.url}/health", timeout=ANSWER_SECONDS).status_code == 200
    assert api.invocations(AUTHORIZER) == before


def test_the_integration_tests_of_a_closed_api_pass(api: LocalApi) -> None:
    assert integration_tests(api, "tests/integration/test_locked.py", CHEF_API_KEY=CURRENT) == ""


def test_no_key_stands_in_what_the_functions_print(api: LocalApi) -> None:
    for key in (*KEYS, "wrong-key"):
        api.generate(authorization=f"Bearer {key}")
    printed = api.printed_with("denied: the key is not valid")
    assert not [key for key in (*KEYS, "wrong-key") if key in printed]
