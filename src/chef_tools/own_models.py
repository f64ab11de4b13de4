"""`chef models add`: a GGUF file, from a disk or the hub, becomes a model under a name."""

import argparse
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chef_llm.chat.chat_template import ChatTemplate
from chef_llm.chat.prompts import chosen_template
from chef_llm.errors import ModelUnavailable
from chef_llm.models.catalogue import Model, added_model, catalogue_entry
from chef_llm.models.gguf_header import read_header
from chef_llm.models.loading import OWN_NAME, TEMPLATE_SUFFIX
from chef_llm.models.own import OWN_FILE, OwnFile, read_own
from chef_llm.settings import DECIMAL, FEWEST_CONTEXT, MOST_TEMPERATURE, ModelChoices, Settings
from chef_tools.downloads.hub import HubFiles, fetch_files
from chef_tools.downloads.lock import FileRecord

HEADER: Final = "# Written by `chef models add`; a table may be deleted to forget its model.\n"
HUB_FILE: Final = re.compile(r"hf:([\w.-]+/[\w.-]+)/(.+\.gguf)")


@dataclass(frozen=True)
class Added:
    """What was added: the model as it will answer, and its file."""

    model: Model
    file: OwnFile


def add(
    source: str,
    name: str | None,
    choices: ModelChoices,
    models_folder: Path,
    endpoint: str | None = None,
) -> Added:
    """Write an entry for a GGUF file, which stays where it is; one from the hub is downloaded.

    `source` is a path or `hf:OWNER/REPOSITORY/FILE.gguf`, `endpoint` None the hub itself. Raises
    `ModelUnavailable` for what is no model, and for a name that is taken.
    """
    models_folder.mkdir(parents=True, exist_ok=True)
    path = _file_of(source, models_folder, endpoint)
    chosen = name or _name_of(path)
    if not OWN_NAME.fullmatch(chosen):
        raise ModelUnavailable(f"名前は英数字と . _ - の64文字までにしてください: {chosen!r}")
    if catalogue_entry(chosen):
        raise ModelUnavailable(
            f"{chosen} はカタログのモデルの名前です。--name で別の名前を付けてください。"
        )
    read_header(path)  # before its checksum, which takes a while
    record = FileRecord.of(path)
    file = OwnFile(
        path,
        record.bytes,
        record.sha256,
        choices.context_length,
        choices.temperature,
        choices.top_p,
        _template_of(choices.chat_template, path),
    )
    added = Added(added_model(chosen, file), file)
    _write(models_folder, read_own(models_folder) | {chosen: file})
    return added


def _file_of(source: str, models_folder: Path, endpoint: str | None) -> Path:
    if source.startswith("hf:"):
        place = HUB_FILE.fullmatch(source)
        if not place:
            raise ModelUnavailable(
                f"ハブのファイルは hf:持ち主/リポジトリ/ファイル.gguf の形にしてください: {source}"
            )
        hub_id, file = place.groups()
        folder = models_folder / hub_id.replace("/", "--")
        by_hand = (
            f"https://huggingface.co/{hub_id}/blob/main/{file} を手で取得し、"
            "`chef models add ファイル.gguf` を実行してください。"
        )
        fetch_files(HubFiles(hub_id, [file], by_hand), folder, endpoint)
        path = folder / file
    else:
        path = Path(source).expanduser().resolve()
    if not path.is_file():
        raise ModelUnavailable(f"{source} というファイルはありません。")
    return path


def _name_of(path: Path) -> str:
    """Return the file's name as a model's: what may not stand in one is parted by a hyphen."""
    stem = path.name.removesuffix(".gguf")
    return re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("._-")[:64] or "my-model"


def _template_of(chosen: str | None, model: Path) -> str | None:
    """Return the choice of a template; a file's path in full, so that it is found from anywhere.

    Raises `Misconfigured` for a name that there is not, `ModelUnavailable` for a file that there is
    not or that is no template.
    """
    if not chosen:
        return None
    if not chosen.endswith(TEMPLATE_SUFFIX):
        chosen_template(chosen)
        return chosen
    for path in (Path(chosen).expanduser(), model.parent / chosen):
        if path.is_file():
            ChatTemplate(path.read_text(encoding="utf-8"))
            return str(path.resolve())
    raise ModelUnavailable(f"テンプレートのファイル {chosen} がありません。")


def _write(models_folder: Path, files: Mapping[str, OwnFile]) -> None:
    """Write all entries, in one move."""
    blocks = [HEADER, *("\n".join(_lines(name, files[name])) + "\n" for name in sorted(files))]
    new = models_folder / f"{OWN_FILE}.new"
    new.write_text("\n".join(blocks), encoding="utf-8")
    new.replace(models_folder / OWN_FILE)


def _lines(name: str, file: OwnFile) -> Iterator[str]:
    # JSON's strings and numbers are TOML's too.
    yield f"[{json.dumps(name)}]"
    values = {"path": str(file.path), "bytes": file.bytes, "sha256": file.sha256}
    for key, value in (values | vars(file.choices)).items():
        if value is not None:
            yield f"{key} = {json.dumps(value, ensure_ascii=False)}"


def add_model(arguments: argparse.Namespace) -> str:
    """Add a model of one's own, and say what it is and what to do with it."""
    choices = ModelChoices(
        arguments.context_length, arguments.temperature, arguments.top_p, arguments.chat_template
    )
    folder = Settings.from_env().models_folder
    added = add(arguments.source, arguments.name, choices, folder)
    model, file = added.model, added.file
    if arguments.json:
        facts = {"name": model.name, "path": str(file.path), "bytes": file.bytes}
        return json.dumps(
            facts | {"sha256": file.sha256, "architecture": model.architecture},
            ensure_ascii=False,
            indent=2,
        )
    return "\n".join(
        [
            f"{model.name} を足しました: {file.path}",
            f"sha256: {file.sha256}（{file.bytes:,}バイト）",
            f"構造: {model.architecture}・{model.quantizations[0]}・"
            f"パラメーター {model.parameters:,}・語彙 {model.vocabulary_size:,}",
            f"コンテキスト: {model.context_length}（学習時 {model.trained_context_length}）",
            f"テンプレート: {template_name(model)}",
            f"ライセンス: {model.licence}。{model.licence_note}",
            f"使い方: chef ask --model {model.name}、make run MODEL={model.name}、"
            f"chef models plan {model.name}",
        ]
    )


def template_name(model: Model) -> str:
    """Return which chat template a model is asked in, for people."""
    return model.chosen_template or model.chat_template or "モデルのファイルのもの"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `chef models add` takes."""
    parser.add_argument("source", help="GGUF ファイルのパスか、hf:持ち主/リポジトリ/ファイル.gguf")
    parser.add_argument("--name", help="付ける名前（なければファイルの名前）")
    parser.add_argument("--context-length", type=_context, help="コンテキスト（トークン）")
    parser.add_argument("--temperature", type=_up_to(MOST_TEMPERATURE), help="0から2まで")
    parser.add_argument("--top-p", type=_up_to(1.0), help="0から1まで")
    parser.add_argument(
        "--chat-template",
        help="chat/templates にある名前か、.jinja ファイル（なければモデルのもの）",
    )
    parser.set_defaults(run=add_model)


def _context(text: str) -> int:
    if not text.isdecimal() or int(text) < FEWEST_CONTEXT:
        raise argparse.ArgumentTypeError(f"{FEWEST_CONTEXT}以上の整数: {text!r}")
    return int(text)


def _up_to(most: float) -> Callable[[str], float]:
    def number(text: str) -> float:
        if not DECIMAL.fullmatch(text) or float(text) > most:
            raise argparse.ArgumentTypeError(f"0から{most:g}までの数: {text!r}")
        return float(text)

    return number
