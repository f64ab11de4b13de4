"""The client of S3 that all of this package uses, and small folders of texts read with it."""

import io
import zipfile
from contextlib import closing
from typing import Any, Final

from chef_llm.errors import Misconfigured

CONNECT_TIMEOUT_SECONDS: Final = 5.0
READ_TIMEOUT_SECONDS: Final = 10.0
# A request that S3 does not answer is made anew with growing pauses.
REQUEST_ATTEMPTS: Final = 3
# Of a folder of texts. The package's own cookbook has 20 files and 1 MB.
MOST_OBJECTS: Final = 500
MOST_FOLDER_BYTES: Final = 16 * 1024 * 1024
REFUSALS: Final = {
    403: "環境変数 CHEF_COOKBOOK_URI の料理帳を読む権限がありません。",
    404: "環境変数 CHEF_COOKBOOK_URI のバケットがありません。",
}
UNREADABLE: Final = (
    "環境変数 CHEF_COOKBOOK_URI の料理帳を S3 から読めません。"
    "しばらくしてからもう一度お試しください。"
)


def client(connections: int = 10) -> Any:
    """Return a client of S3 that gives up in time."""
    # Here, so that a start without S3 does not pay for boto3 (0.2 s with its client).
    from boto3 import Session  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    options = Config(
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        read_timeout=READ_TIMEOUT_SECONDS,
        retries={"mode": "standard", "total_max_attempts": REQUEST_ATTEMPTS},
        max_pool_connections=connections,
        # A model's SHA-256 covers it all. This spares the HEAD, too: its errors come without a
        # reason.
        response_checksum_validation="when_required",
    )
    return Session().client("s3", config=options)


def folder_of_objects(bucket: str, prefix: str) -> zipfile.Path:
    """Return what is below `prefix` (it ends in a slash) as a folder in memory.

    Raises `Misconfigured` where it cannot be read, is empty or too large; bucket and prefix stand
    only in the error's `detail`.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    place = f"s3://{bucket}/{prefix}"
    try:
        with closing(client()) as s3:
            return _folder(s3, bucket, prefix)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        message = REFUSALS.get(status, UNREADABLE)
        raise Misconfigured(message, detail=f"{place}: {error}") from error
    except BotoCoreError as error:
        detail = f"{place}: {type(error).__name__}: {error}"
        raise Misconfigured(UNREADABLE, detail=detail) from error


def _folder(s3: Any, bucket: str, prefix: str) -> zipfile.Path:
    found: dict[str, int] = {}
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        found |= {one["Key"]: one["Size"] for one in page.get("Contents", ())}
        if len(found) > MOST_OBJECTS or sum(found.values()) > MOST_FOLDER_BYTES:
            raise Misconfigured(
                "環境変数 CHEF_COOKBOOK_URI の料理帳が大きすぎます"
                f"（{MOST_OBJECTS}ファイル、{MOST_FOLDER_BYTES // 1024 // 1024}MBまで）",
                detail=f"s3://{bucket}/{prefix}",
            )
    # What a console makes for a folder is an object without content, named as the folder.
    keys = [key for key in found if not key.endswith("/")]
    if not keys:
        raise Misconfigured(
            "環境変数 CHEF_COOKBOOK_URI のところにファイルがありません",
            detail=f"s3://{bucket}/{prefix}",
        )
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for key in keys:
            with closing(s3.get_object(Bucket=bucket, Key=key)["Body"]) as body:
                archive.writestr(key.removeprefix(prefix), body.read())
    return zipfile.Path(zipfile.ZipFile(memory))
