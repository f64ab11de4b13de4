"""How the integration tests find a deployed stack."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from deployed import Deployment, find_deployment

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:ApiKey-x"


@pytest.fixture
def clients() -> Iterator[tuple[Any, Stubber, Any, Stubber]]:
    options = {
        "region_name": "eu-west-1",
        "aws_access_key_id": "test",
        "aws_secret_access_key": "test",
    }
    cloudformation = boto3.client("cloudformation", **options)
    secrets_manager = boto3.client("secretsmanager", **options)
    with Stubber(cloudformation) as stack, Stubber(secrets_manager) as secret:
        yield cloudformation, stack, secrets_manager, secret


def stack_with(**outputs: str) -> dict[str, Any]:
    return {
        "Stacks": [
            {
                "StackName": "chef-llm",
                "CreationTime": 0,
                "StackStatus": "CREATE_COMPLETE",
                "Outputs": [
                    {"OutputKey": name, "OutputValue": value} for name, value in outputs.items()
                ],
            }
        ]
    }


def test_a_closed_stack_gives_its_url_and_its_key(
    clients: tuple[Any, Stubber, Any, Stubber],
) -> None:
    cloudformation, stack, secrets_manager, secret = clients
    outputs = stack_with(ApiUrl="https://api.example/", ApiKeySecret=SECRET)
    stack.add_response("describe_stacks", outputs, {"StackName": "chef-llm"})
    secret.add_response("get_secret_value", {"SecretString": "the-key"}, {"SecretId": SECRET})
    found = find_deployment("chef-llm", cloudformation, secrets_manager)
    assert found == Deployment("https://api.example", "the-key")
    assert found.authorization == {"authorization": "Bearer the-key"}


def test_an_open_stack_has_no_key(clients: tuple[Any, Stubber, Any, Stubber]) -> None:
    cloudformation, stack, secrets_manager, _ = clients
    stack.add_response("describe_stacks", stack_with(ApiUrl="https://api.example"))
    found = find_deployment("chef-llm", cloudformation, secrets_manager)
    assert (found, found.authorization) == (Deployment("https://api.example"), {})


def test_another_kind_of_stack_is_named(clients: tuple[Any, Stubber, Any, Stubber]) -> None:
    cloudformation, stack, secrets_manager, _ = clients
    stack.add_response("describe_stacks", stack_with(Other="x"))
    with pytest.raises(KeyError, match=r"chef-llm has no output ApiUrl, only \['Other'\]"):
        find_deployment("chef-llm", cloudformation, secrets_manager)
