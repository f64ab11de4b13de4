"""The Hugging Face hub, through `huggingface_hub`: the only import of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chef_llm.errors import ModelUnavailable
from chef_llm.models.catalogue import Model


def fetch(model: Model, folder: Path, revision: str | None, endpoint: str | None = None) -> str:
    """Download the model's files into `folder` and return the commit that they are of.

    `revision` is that of the lock file; without it the catalogue's is taken, else `main`.
    Raises `ModelUnavailable` that says what to do.
    """
    if model.hub_id is None:
        raise ModelUnavailable(f"{model.name} はパッケージに入っています。取得は要りません。")
    files = HubFiles(model.hub_id, model.hub_files, _by_hand(model), revision or model.revision)
    return fetch_files(files, folder, endpoint)


@dataclass(frozen=True)
class HubFiles:
    """Files of a repository, by their patterns, of a commit or of `main`.

    `by_hand` says what to do where the hub cannot be reached.
    """

    hub_id: str
    patterns: Sequence[str]
    by_hand: str
    revision: str | None = None


def fetch_files(wanted: HubFiles, folder: Path, endpoint: str | None = None) -> str:
    """Download files into `folder` and return the commit that they are of.

    A cut connection is taken up where it broke off, and files that are there already are kept. A
    token for gated models is read from HF_TOKEN. Raises `ModelUnavailable` that says what to do.
    """
    try:
        # Lazily: only who pulls has it.
        from httpx2 import HTTPError  # noqa: PLC0415  # what the hub's client raises
        from huggingface_hub import HfApi, errors  # noqa: PLC0415
    except ImportError as error:
        raise ModelUnavailable(
            "ダウンロードには huggingface_hub が要ります: pip install -e '.[models]'"
        ) from error
    hub = HfApi(endpoint=endpoint)
    try:
        # Asked even for a known commit: without an answer this fails at once, and what follows
        # tries again for half a minute.
        commit = str(hub.model_info(wanted.hub_id, revision=wanted.revision).sha)
        hub.snapshot_download(
            wanted.hub_id, revision=commit, allow_patterns=list(wanted.patterns), local_dir=folder
        )
    except errors.GatedRepoError as error:
        raise ModelUnavailable(
            f"{wanted.hub_id} は利用条件への同意が必要です。"
            f"https://huggingface.co/{wanted.hub_id} で同意し、"
            "アクセストークンを環境変数 HF_TOKEN に入れてください。"
        ) from error
    except (errors.RepositoryNotFoundError, errors.RevisionNotFoundError) as error:
        at = f"のコミット {wanted.revision}" if wanted.revision else ""
        raise ModelUnavailable(f"{wanted.hub_id} {at}はハブにありません。") from error
    # What is left: no connection, no answer, no space on the disk.
    except (HTTPError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise ModelUnavailable(
            f"ハブから {wanted.hub_id} を取得できません（{reason}）。{wanted.by_hand}"
        ) from error
    return commit


def matching(folder: Path, patterns: Sequence[str]) -> list[str]:
    """Return the names of the files of `folder` that a pattern matches."""
    found = {path.name for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    return sorted(found)


def _by_hand(model: Model) -> str:
    """Return what to put where when the hub cannot be reached."""
    return (
        "手で取得するには、ネットワークにつながるコンピューターで "
        f"https://huggingface.co/{model.hub_id}/tree/{model.revision or 'main'} を開き、"
        f"次のファイルを1つのフォルダに置きます: {'、'.join(model.hub_files)}。"
        f"そのあと `chef models pull {model.name} --from フォルダ` を実行してください。"
    )
