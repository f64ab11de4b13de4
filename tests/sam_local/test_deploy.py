"""`sam deploy` as far as no AWS account is needed: against an S3 and a CloudFormation of moto.

All packages are uploaded and a change set is made of the packaged template. moto does not carry
out SAM's transform and makes no resource: that the packaged template transforms is shown apart.
"""

import io
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import boto3
import pytest
from local_api import ROOT, environment
from moto.server import ThreadedMotoServer

from cloudformation import STREAMING_LAYER, CloudFormationLoader, Translator

SAM: Final = ROOT / ".venv" / "bin" / "sam"
BUCKET: Final = "artifacts"
CREDENTIALS: Final = {
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@dataclass(frozen=True)
class Aws:
    """AWS's services on this machine."""

    url: str

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=CREDENTIALS["AWS_DEFAULT_REGION"],
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )

    def artifact(self, key: str) -> bytes:
        body: bytes = self.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return body


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    # By its name: of an address moto would take the first number for a bucket.
    yield Aws(f"http://localhost:{server.get_host_and_port()[1]}")
    server.stop()


@pytest.fixture(scope="module")
def deployed(aws: Aws) -> str:
    """Run `sam deploy` to where it would change the stack; return what it prints."""
    aws.client("s3").create_bucket(Bucket=BUCKET)
    options = ["--no-resolve-s3", "--s3-bucket", BUCKET, "--no-progressbar"]
    options += ["--no-execute-changeset", "--no-confirm-changeset"]
    done = subprocess.run(
        [SAM, "deploy", *options],
        cwd=ROOT,
        env=environment(AWS_ENDPOINT_URL=aws.url, **CREDENTIALS),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def template(aws: Aws, deployed: str) -> str:
    """Return the packaged template that `sam deploy` has uploaded."""
    objects = aws.client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]
    [key] = [one["Key"] for one in objects if one["Key"].endswith(".template")]
    return aws.artifact(key).decode()


def code_uris(template: str) -> dict[str, str]:
    """Map the functions of a packaged template to where their packages are."""
    resources = CloudFormationLoader(template).get_single_data()["Resources"]
    return {
        name: resource["Properties"]["CodeUri"]
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


@pytest.mark.parametrize(
    ("function", "held"),
    [
        ("ChefFunction", {"chef_llm/app.py", "chef_llm/models/kondate.gguf", "lib/libgomp.so.1"}),
        ("AuthorizerFunction", {"chef_authorizer/app.py", "botocore/__init__.py"}),
        ("RolloutHookFunction", {"chef_rollout/app.py", "botocore/__init__.py"}),
    ],
)
def test_a_package_is_uploaded_whole(
    aws: Aws, template: str, function: str, held: set[str]
) -> None:
    key = code_uris(template)[function].removeprefix(f"s3://{BUCKET}/")
    package = zipfile.ZipFile(io.BytesIO(aws.artifact(key)))
    assert package.testzip() is None
    assert held <= set(package.namelist())
    built = ROOT / ".aws-sam" / "build" / function
    assert len(package.namelist()) == sum(path.is_file() for path in built.rglob("*"))


def test_a_change_set_adds_the_stack(aws: Aws, deployed: str) -> None:
    assert "Changeset created successfully" in deployed
    cloudformation = aws.client("cloudformation")
    [change_set] = cloudformation.list_change_sets(StackName="chef-llm")["Summaries"]
    described = cloudformation.describe_change_set(
        StackName="chef-llm", ChangeSetName=change_set["ChangeSetName"]
    )
    changes = [change["ResourceChange"] for change in described["Changes"]]
    assert {change["Action"] for change in changes} == {"Add"}
    assert {"ChefApi", "ChefFunction", "ApiKey"} <= {one["LogicalResourceId"] for one in changes}


def test_the_packaged_template_transforms(template: str, tmp_path: Path) -> None:
    packaged = tmp_path / "template.yaml"
    packaged.write_text(template, encoding="utf-8")
    with Translator(packaged) as translator:
        streaming = translator.stack(StreamingAdapterLayerArn=STREAMING_LAYER)
        functions = streaming.of_type("AWS::Lambda::Function")
    uris = {
        name: f"s3://{function['Code']['S3Bucket']}/{function['Code']['S3Key']}"
        for name, function in functions.items()
    }
    assert uris == code_uris(template)
    assert uris["StreamingFunction"] == uris["ChefFunction"]
