"""A household's or shop's own dishes: a folder on a disk, or what is below a prefix in S3."""

from importlib.resources.abc import Traversable
from pathlib import Path

from chef_llm.errors import Misconfigured
from chef_llm.s3 import folder_of_objects
from chef_llm.settings import S3_PREFIX


def own_folder(uri: str) -> Traversable:
    """Return the folder at a path or at `s3://bucket/prefix/`.

    Raises `Misconfigured` where there is none; the address stands only in the error's `detail`.
    """
    if place := S3_PREFIX.fullmatch(uri):
        return folder_of_objects(place[1], place[2])
    if uri.startswith("s3:"):
        raise Misconfigured(
            "環境変数 CHEF_COOKBOOK_URI は s3://バケット/フォルダ/ の形にしてください",
            detail=f"CHEF_COOKBOOK_URI={uri!r}",
        )
    folder = Path(uri).expanduser()
    if not folder.is_dir():
        raise Misconfigured(
            "環境変数 CHEF_COOKBOOK_URI のフォルダがありません", detail=f"CHEF_COOKBOOK_URI={uri!r}"
        )
    return folder
