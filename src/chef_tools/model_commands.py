"""`chef models`: list, show, add, pull and plan."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Final

from chef_llm.errors import ModelUnavailable
from chef_llm.models.catalogue import BYTES_PER_WEIGHT, Model, added_model, all_models
from chef_llm.models.own import read_own
from chef_llm.settings import Settings
from chef_tools.downloads.lock import read_lock
from chef_tools.downloads.pull import ModelFolder
from chef_tools.own_models import add_arguments, template_name
from chef_tools.sizing import (
    ANSWER_SECONDS,
    ANSWER_TOKENS,
    ANSWERS,
    MB_PER_VCPU,
    MOST_MEMORY_MB,
    SNAPSTART_SECONDS,
    Sizing,
    assumptions,
    best_sizing,
)

COMMERCIAL_USE: Final = {"yes": "商用可", "no": "商用不可", "conditional": "商用は条件つき"}
# Of the table in docs/models.md.
ENGLISH_USE: Final = {"yes": "yes", "no": "no", "conditional": "with conditions"}
NEW_ACCOUNT_MB: Final = 3_008  # what new accounts are often held to


def list_models(arguments: argparse.Namespace) -> str:
    """Return the models of the catalogue, and those that were added, one a line."""
    known = all_models()
    if arguments.markdown:
        return markdown_table(known)
    known += _added()
    if arguments.json:
        return _json([_as_json(model) for model in known])
    return "\n".join(
        "\t".join(
            [
                model.name,
                model.licence,
                COMMERCIAL_USE[model.commercial_use],
                "取得済み" if model.path.exists() else "未取得",
                model.title,
            ]
        )
        for model in known
    )


def show_model(arguments: argparse.Namespace) -> str:
    """Return all that the catalogue says of a model."""
    model = _named(arguments.name)
    if arguments.json:
        return _json(_as_json(model))
    tested = "動かした" if model.run_with_real_weights else "動かしていない（構造だけ確認）"
    if model.is_own:
        tested = "足した人しだい（make test-own-model GGUF=ファイル で確かめられます）"
    plan = best_sizing(model, model.lambda_memory_mb) if model.lambda_memory_mb else None
    advice = (
        f"{plan.memory_mb} MB、{plan.quantization}（{plan.needed_mb} MB を使う見積もり）"
        if plan
        else f"`chef models plan {model.name}` で見積もれます"
        if model.is_own
        else f"動かせません（CHEF_ENGINE={model.engine} が要ります）"
    )
    rows = {
        "モデル": f"{model.name}（{model.title}）",
        "ハブ": model.hub_id or ("足したモデル" if model.is_own else "パッケージに入っています"),
        "コミット": model.revision or ("なし" if model.is_own else "最初の取得で記録"),
        "ライセンス": f"{model.licence}・{COMMERCIAL_USE[model.commercial_use]}",
        "注意": model.licence_note,
        "パラメーター": f"{model.parameters:,}",
        "構造": model.architecture,
        "コンテキスト": f"{model.context_length}（学習時 {model.trained_context_length}）",
        "テンプレート": template_name(model),
        "量子化": "、".join(model.quantizations),
        "Lambda": advice,
        "本物の重みで": tested,
        "未確認の項目": "、".join(model.unverified) or "なし",
        "ファイル": f"{model.path}（{'あり' if model.path.exists() else 'なし'}）",
    }
    return "\n".join(f"{label}: {text}" for label, text in rows.items())


def pull_model(arguments: argparse.Namespace) -> str:
    """Get a model, and return where it is and what to do with it."""
    model = _named(arguments.name)
    folder = ModelFolder(Settings.from_env().models_folder, say=_say)
    record = folder.pull(model, arguments.quantization, arguments.source, update=arguments.update)
    if arguments.json:
        return _json({"name": model.name, "path": str(model.path)} | asdict(record))
    lines = [f"{model.name} の用意ができました: {model.path}"]
    if record.gguf:
        lines.append(f"sha256: {record.gguf.sha256}")
    lines.append(f"ライセンス: {model.licence}（{COMMERCIAL_USE[model.commercial_use]}）")
    lines.append(f"  {model.licence_note}")
    engine = "" if model.engine == "llama_cpp" else f"CHEF_ENGINE={model.engine} "
    lines.append(f"使い方: {engine}CHEF_MODEL={model.name} chef ask")
    return "\n".join(lines)


def plan_model(arguments: argparse.Namespace) -> str:
    """Return whether a model fits into a function, how fast it will answer and what that costs."""
    model = _named(arguments.name)
    memory_mb = arguments.memory or model.lambda_memory_mb or NEW_ACCOUNT_MB
    record = read_lock(Settings.from_env().models_folder).get(model.name)
    known = {
        quantization: record.gguf.bytes
        for quantization in model.quantizations
        if record and record.gguf and record.quantization == quantization
    }
    if model.is_own:
        known = {model.quantizations[0]: model.path.stat().st_size}
    plan = best_sizing(model, memory_mb, known)
    if arguments.json:
        verdicts = {"fits": plan.fits, "in_time": plan.in_time, "loads_in_time": plan.loads_in_time}
        return _json(
            {"name": model.name} | asdict(plan) | verdicts | {"assumptions": assumptions(plan)}
        )
    return plan_text(model, plan, is_measured_size=plan.quantization in known)


def plan_text(model: Model, plan: Sizing, *, is_measured_size: bool) -> str:
    """Lay a plan out for people, warnings and assumptions included."""
    size = "実物" if is_measured_size else "見積もり"
    fits = "収まります" if plan.fits else "【収まりません】"
    in_time = (
        "間に合います"
        if plan.in_time
        else f"【間に合いません】約{plan.tokens_in_time}トークンで切れます"
    )
    loads = "収まります" if plan.loads_in_time else "【収まりません】"
    lines = [
        f"{model.name} を {plan.memory_mb} MB（{plan.memory_mb / MB_PER_VCPU:.2f} vCPU）の "
        "Lambda で動かす見積もり",
        f"量子化: {plan.quantization}（{plan.file_bytes / 1e9:.2f} GB、{size}）",
        f"メモリー: {plan.needed_mb} MB 必要、{fits}",
        f"{ANSWER_TOKENS}トークンの答え: 約{plan.answer_seconds:.1f}秒、"
        f"{ANSWER_SECONDS:g}秒の制限に{in_time}",
        f"S3 からの読み込み: 約{plan.load_seconds:.0f}秒、SnapStart の初期化"
        f"{SNAPSTART_SECONDS:g}秒に{loads}",
        f"{ANSWERS:,}回の答え: 約${plan.dollars_per_1000:.2f}",
    ]
    if model.engine != "llama_cpp":
        lines.append(
            f"【注意】このモデルには CHEF_ENGINE={model.engine} が要り、Lambda のパッケージには"
            "入っていません。"
        )
    return "\n".join([*lines, "前提", *(f"・{text}" for text in assumptions(plan))])


def markdown_table(known: list[Model]) -> str:
    """Return the catalogue as the table of docs/models.md."""
    header = [
        "Model",
        "Hub",
        "Licence",
        "Commercial use",
        "Parameters",
        "Architecture",
        "Context",
        "Chat template",
        "Lambda (needed)",
        "256 tokens",
        "Run with real weights",
    ]
    rows = [header, ["---"] * len(header), *map(_markdown_row, known)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _markdown_row(model: Model) -> list[str]:
    plan = best_sizing(model, model.lambda_memory_mb) if model.lambda_memory_mb else None
    return [
        f"`{model.name}`",
        f"`{model.hub_id}`" if model.hub_id else "in the package",
        model.licence,
        ENGLISH_USE[model.commercial_use],
        f"{model.parameters / 1e6:,.0f}M",
        model.architecture,
        f"{model.context_length:,}",
        f"`{model.chat_template}`" if model.chat_template else "its own",
        f"{plan.memory_mb} MB, {plan.quantization} ({plan.needed_mb} MB)" if plan else "no",
        f"{plan.answer_seconds:.0f} s" if plan else "-",
        "yes" if model.run_with_real_weights else "no",
    ]


def _named(name: str) -> Model:
    models = {model.name: model for model in [*all_models(), *_added()]}
    if name not in models:
        raise ModelUnavailable(
            f"モデル {name!r} は一覧にありません。一覧にあるもの: {'、'.join(models)}"
        )
    return models[name]


def _added() -> list[Model]:
    """Return the models that were added and are still there."""
    own = read_own(Settings.from_env().models_folder)
    return [added_model(name, file) for name, file in own.items() if file.path.is_file()]


def _as_json(model: Model) -> dict[str, object]:
    return asdict(model) | {"path": str(model.path), "pulled": model.path.exists()}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _memory(text: str) -> int:
    if not text.isdecimal() or not 128 <= int(text) <= MOST_MEMORY_MB:  # noqa: PLR2004  # Lambda's
        raise argparse.ArgumentTypeError(f"128から{MOST_MEMORY_MB}までの整数（MB）: {text!r}")
    return int(text)


def add_model_commands(parser: argparse.ArgumentParser) -> None:
    """Add the commands under `chef models`; without one it lists."""
    parser.set_defaults(run=list_models, markdown=False)
    commands = parser.add_subparsers(dest="models_command")

    listing = commands.add_parser("list", help="使えるモデルの一覧")
    listing.add_argument("--markdown", action="store_true", help="docs/models.md の表")
    listing.set_defaults(run=list_models)

    showing = commands.add_parser("show", help="モデルの詳細")
    showing.set_defaults(run=show_model)

    pulling = commands.add_parser("pull", help="モデルを取得して変換する")
    pulling.add_argument(
        "--from", dest="source", type=Path, help="ハブの代わりに使うフォルダか .gguf ファイル"
    )
    pulling.add_argument(
        "--quantization", choices=BYTES_PER_WEIGHT, help="なければモデルのいちばん良いもの"
    )
    pulling.add_argument(
        "--update", action="store_true", help="記録を捨てて、今あるものを新しく記録する"
    )
    pulling.set_defaults(run=pull_model)

    planning = commands.add_parser("plan", help="Lambda でのメモリー・時間・料金の見積もり")
    planning.add_argument("--memory", type=_memory, help="関数のメモリー（MB）")
    planning.set_defaults(run=plan_model)

    adding = commands.add_parser("add", help="自分の GGUF ファイルを名前を付けて足す")
    add_arguments(adding)

    for command in (showing, pulling, planning):
        command.add_argument("name", help="モデルの名前")
    for command in (listing, showing, adding, pulling, planning):
        # Not to undo a --json before the command's name.
        command.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help="JSONで出力する"
        )
