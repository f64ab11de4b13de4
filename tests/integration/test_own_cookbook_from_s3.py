"""A cookbook of one's own in S3: read once, beside the package's, and refused with a reason."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import boto3
import pytest

from chef_llm.app import lambda_handler
from chef_llm.asgi import LocalContext, http_event
from chef_llm.chat.chef import load_chef
from chef_llm.cookbook import load_cookbook
from chef_llm.errors import Misconfigured

BUCKET: Final = "secret-kitchen"
OWN: Final = Path(__file__).parents[1] / "own_cookbook"
VENISON: Final = "鹿肉とごぼうのみそ炒め"


@pytest.fixture
def s3(s3_server: tuple[str, int], s3_environment: pytest.MonkeyPatch) -> Iterator[Any]:
    """Put the folder into S3 and set what an operator sets."""
    s3_environment.setenv("AWS_ENDPOINT_URL_S3", "http://{}:{}".format(*s3_server))
    client = boto3.Session().client("s3")
    client.create_bucket(Bucket=BUCKET)
    # As a console makes a folder.
    client.put_object(Bucket=BUCKET, Key="ours/", Body=b"")
    for path in OWN.rglob("*"):
        if path.is_file():
            key = f"ours/{path.relative_to(OWN).as_posix()}"
            client.put_object(Bucket=BUCKET, Key=key, Body=path.read_bytes())
    client.put_object(Bucket=BUCKET, Key="other/dishes/x.toml", Body=b"[[dish")
    s3_environment.setenv("CHEF_COOKBOOK_URI", f"s3://{BUCKET}/ours/")
    load_chef.cache_clear()
    yield client
    load_chef.cache_clear()


def menus(body: dict[str, Any]) -> dict[str, Any]:
    sent = json.dumps(body).encode()
    event = http_event("POST", "/v1/menus", {"content-type": "application/json"}, sent)
    response = lambda_handler(event, LocalContext())  # type: ignore[arg-type]
    assert response["statusCode"] == 200, response["body"]
    return dict(json.loads(response["body"]))


def test_a_dish_in_s3_is_planned_with(s3: Any) -> None:
    plan = menus({"request": "夕食", "ingredients": ["鹿肉"]})
    assert VENISON in [dish["name"] for dish in plan["menus"][0]["dishes"]]
    assert plan["ingredients"] == [
        {**plan["ingredients"][0], "name": "鹿肉", "known": True, "dishes": [VENISON]}
    ]


def test_it_is_read_once_for_each_process(s3: Any) -> None:
    before = load_cookbook()
    s3.put_object(Bucket=BUCKET, Key="ours/dishes/uchi.toml", Body=b"[[dish")
    assert load_cookbook() is before


@pytest.mark.parametrize(
    ("prefix", "said"),
    [
        ("other/", "x.toml"),
        ("nothing/", "ファイルがありません"),
    ],
)
def test_what_cannot_be_read_is_said_without_the_address(
    s3: Any, monkeypatch: pytest.MonkeyPatch, prefix: str, said: str
) -> None:
    monkeypatch.setenv("CHEF_COOKBOOK_URI", f"s3://{BUCKET}/{prefix}")
    with pytest.raises(Misconfigured, match=said) as error:
        load_cookbook()
    assert BUCKET not in error.value.message
    assert BUCKET in str(error.value.detail)


def test_a_bucket_that_is_not_there_is_said(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHEF_COOKBOOK_URI", "s3://no-such-kitchen/ours/")
    with pytest.raises(Misconfigured, match="バケットがありません") as error:
        load_cookbook()
    assert "s3://no-such-kitchen/ours/" in str(error.value.detail)


def test_a_folder_that_is_too_large_is_refused(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chef_llm.s3.MOST_OBJECTS", 2)
    # Not the address that other tests have read already.
    monkeypatch.setenv("CHEF_COOKBOOK_URI", f"s3://{BUCKET}/")
    with pytest.raises(Misconfigured, match="大きすぎます"):
        load_cookbook()
