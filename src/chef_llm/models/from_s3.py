"""A model's file, from S3 into memory: nothing is written to a disk, nothing unchecked is used."""

import hashlib
import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import BufferedRandom
from pathlib import Path
from typing import Any, Final

from chef_llm.engines import Deadline
from chef_llm.errors import Misconfigured, ModelUnavailable
from chef_llm.s3 import client
from chef_llm.settings import S3_URI, ModelObject

# SnapStart gives an init 130 s; what is left is for loading the model.
MOST_SECONDS: Final = 110.0
PART_BYTES: Final = 8 * 1024 * 1024
PARTS_AT_ONCE: Final = 10
# What is read and waits to be written is memory beside the file's: 48 MB with boto3's own values
# (256 KiB, 100 chunks), 4 to 8 MB with these (docs/decisions/0011).
CHUNK_BYTES: Final = 64 * 1024
WAITING_CHUNKS: Final = 8
# A request that S3 does not answer is made anew with growing pauses (`s3.REQUEST_ATTEMPTS`); a part
# that breaks off, at once. Both together: a part is given up after 3 x 3 x 10 s without an answer.
PART_ATTEMPTS: Final = 3
MOST_TEMPLATE_BYTES: Final = 1024 * 1024
# What a caller reads of an answer of S3 other than 200; the rest stands in the log.
REFUSALS: Final = {
    403: "モデルのファイルを読む権限がありません（ファイルがないときも、こうなることがあります）。",
    404: "モデルのファイルがありません。環境変数 CHEF_MODEL_URI を確かめてください。",
    412: "モデルのファイルが読み込み中に差し替えられました。もう一度お試しください。",
}
# KMS refuses with a 400 of its own where its key is disabled, deleted or not there.
KMS_REFUSAL: Final = (
    "モデルのファイルを復号できません。バケットの KMS の鍵が有効か、確かめてください。"
)
BROKEN: Final = "モデルのファイルを読み込めません。しばらくしてからもう一度お試しください。"


@dataclass(frozen=True)
class ModelFile:
    """A file in memory, at a path that this process alone can open, and how long it took."""

    path: Path
    size_bytes: int
    seconds: float


@contextmanager
def model_file(source: ModelObject, most_seconds: float = MOST_SECONDS) -> Iterator[ModelFile]:
    """Yield the file, whole and with the right SHA-256.

    Its memory is given back after the block, or later, when nothing maps the file any more.
    Raises `ModelUnavailable`; the object's name stands only in the error's `detail`.
    """
    if sys.platform != "linux":
        raise ModelUnavailable(
            "CHEF_MODEL_URI は Linux でだけ使えます。ほかでは CHEF_MODEL にファイルのパスを"
            "指定してください。"
        )
    started = time.monotonic()
    with os.fdopen(os.memfd_create("chef-model"), "w+b") as file:
        progress = _Progress(source, most_seconds)
        _download(source, file, progress)
        size_bytes = file.seek(0, os.SEEK_END)
        _check(source, file, size_bytes, progress.received_bytes)
        seconds = time.monotonic() - started
        yield ModelFile(Path(f"/proc/self/fd/{file.fileno()}"), size_bytes, seconds)


class _Progress:
    """Counts the bytes of all parts, a part begun anew but once; ends what takes too long."""

    def __init__(self, source: ModelObject, most_seconds: float) -> None:
        self.received_bytes = 0
        self._source = source
        self._most_seconds = most_seconds
        self._deadline = Deadline.after(most_seconds)
        self._lock = threading.Lock()

    def __call__(self, more_bytes: int) -> None:
        """Take what a thread has read; what this raises ends the download."""
        with self._lock:
            self.received_bytes += more_bytes
        if self._deadline.passed:
            raise ModelUnavailable(
                f"モデルのファイルを{self._most_seconds:g}秒以内に読み込めませんでした。",
                detail=f"{self._source.uri}: {self.received_bytes} bytes had come by then",
            )


def _download(source: ModelObject, file: BufferedRandom, progress: _Progress) -> None:
    """Write the object into `file`; the first error ends all parts and is the one raised."""
    # Here, so that a start without CHEF_MODEL_URI does not pay for boto3 (0.2 s with its client).
    from boto3.s3.transfer import TransferConfig  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415
    from s3transfer.exceptions import (  # noqa: PLC0415
        RetriesExceededError,
        S3DownloadFailedError,
        S3ValidationError,
    )
    from urllib3.exceptions import HTTPError  # noqa: PLC0415

    parts = TransferConfig(
        multipart_threshold=PART_BYTES,
        multipart_chunksize=PART_BYTES,
        max_concurrency=PARTS_AT_ONCE,
        num_download_attempts=PART_ATTEMPTS,
        io_chunksize=CHUNK_BYTES,
        max_io_queue=WAITING_CHUNKS,
        preferred_transfer_client="classic",
    )
    try:
        with closing(client(PARTS_AT_ONCE)) as s3:
            s3.download_fileobj(source.bucket, source.key, file, Callback=progress, Config=parts)
    except ClientError as error:
        raise _unavailable(source, error, _refusal(error.response)) from error
    except S3DownloadFailedError as error:  # how boto3 reports the answer 412
        raise _unavailable(source, error, REFUSALS[412]) from error
    except RetriesExceededError as error:
        raise _unavailable(source, error.last_exception, BROKEN) from error
    except (BotoCoreError, S3ValidationError, HTTPError, OSError) as error:
        raise _unavailable(source, error, BROKEN) from error


def template_text(source: ModelObject, template: str) -> str:
    """Return a chat template that is an object: at `s3://bucket/key`, or beside the model's.

    Raises `Misconfigured` when it cannot be read; the object's name stands in `detail` alone.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    place = S3_URI.fullmatch(template)
    bucket = place[1] if place else source.bucket
    key = place[2] if place else f"{source.key.rpartition('/')[0]}/{template}".lstrip("/")
    try:
        with (
            closing(client(PARTS_AT_ONCE)) as s3,
            closing(s3.get_object(Bucket=bucket, Key=key)["Body"]) as body,
        ):
            text: str = body.read(MOST_TEMPLATE_BYTES).decode("utf-8")
            return text
    except (BotoCoreError, ClientError, UnicodeDecodeError) as error:
        raise Misconfigured(
            "環境変数 CHEF_CHAT_TEMPLATE のファイルを S3 から読めません。",
            detail=f"s3://{bucket}/{key}: {type(error).__name__}: {error}",
        ) from error


def _refusal(response: Mapping[str, Any]) -> str:
    """Return what a caller reads of an answer of S3 that is an error."""
    if response["Error"]["Code"].startswith("KMS."):
        return KMS_REFUSAL
    return REFUSALS.get(response["ResponseMetadata"]["HTTPStatusCode"], BROKEN)


def _check(source: ModelObject, file: BufferedRandom, size_bytes: int, received_bytes: int) -> None:
    """Refuse a file with a hole, and one that is not what its SHA-256 says."""
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if received_bytes != size_bytes or sha256 != source.sha256:
        raise ModelUnavailable(
            "モデルのファイルが環境変数 CHEF_MODEL_SHA256 と一致しません。",
            detail=f"{source.uri}: got {received_bytes} of {size_bytes} bytes, SHA-256 {sha256}",
        )


def _unavailable(source: ModelObject, error: Exception, message: str) -> ModelUnavailable:
    return ModelUnavailable(message, detail=f"{source.uri}: {type(error).__name__}: {error}")
