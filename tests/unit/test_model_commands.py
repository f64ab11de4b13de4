"""`chef models show`, `plan` and `pull`, by what they print; and docs/models.md beside them."""

import json
import re
from pathlib import Path

import pytest

from chef_llm.models.catalogue import all_models, find_model
from chef_tools.cli import main
from chef_tools.model_commands import markdown_table, plan_text
from chef_tools.sizing import estimate

PAGE = Path(__file__).parents[2] / "docs" / "models.md"


@pytest.fixture(autouse=True)
def models_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHEF_MODELS_DIR", str(tmp_path))
    return tmp_path


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["models", *words]) == 0
    return capsys.readouterr().out


def test_show_says_licence_doubts_and_what_was_not_verified(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = printed(capsys, "show", "elyza-llama-2-7b-instruct")

    assert "ライセンス: Llama 2 Community License・商用は条件つき" in text
    assert "7億人" in text
    assert "コミット: 最初の取得で記録" in text
    assert "本物の重みで: 動かしていない" in text
    assert "未確認の項目: hub_files、gated" in text


def test_show_as_json_has_every_field(capsys: pytest.CaptureFixture[str]) -> None:
    shown = json.loads(printed(capsys, "show", "qwen3-0.6b", "--json"))

    assert shown["hub_id"] == "Qwen/Qwen3-0.6B-GGUF"
    assert shown["pulled"] is False
    assert shown["sampling"]["top_k"] == 20


def test_a_model_without_lambda_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Lambda: 動かせません" in printed(capsys, "show", "rwkv-4-169m-pile")
    assert "CHEF_ENGINE=transformers が要り" in printed(capsys, "plan", "rwkv-4-169m-pile")


def test_plan_says_what_fits_how_fast_it_is_and_on_what_that_rests(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = printed(capsys, "plan", "dolly-japanese-gpt-1b", "--memory", "3008")

    assert text.startswith(
        "dolly-japanese-gpt-1b を 3008 MB（1.70 vCPU）の Lambda で動かす見積もり"
    )
    assert "量子化: Q8_0（1.38 GB、見積もり）" in text
    assert re.search(r"メモリー: \d+ MB 必要、収まります", text)
    assert "28秒の制限に間に合います" in text
    assert "初期化130秒に収まります" in text
    assert re.search(r"1,000回の答え: 約\$\d+\.\d\d\n前提\n・1 vCPU = 1769 MB", text)


def test_plan_warns_of_what_does_not_fit_is_late_or_loads_too_long() -> None:
    dolly = find_model("dolly-japanese-gpt-1b")

    text = plan_text(dolly, estimate(dolly, "Q8_0", 1769, 10**10), is_measured_size=True)

    assert "（10.00 GB、実物）" in text
    assert re.search(r"MB 必要、【収まりません】", text)
    assert "28秒の制限に【間に合いません】約" in text
    assert "初期化130秒に【収まりません】" in text


def test_plan_without_memory_takes_the_recommended(capsys: pytest.CaptureFixture[str]) -> None:
    plan = json.loads(printed(capsys, "plan", "sarashina2.2-3b-instruct", "--json"))

    assert plan["memory_mb"] == find_model("sarashina2.2-3b-instruct").lambda_memory_mb
    assert plan["fits"]
    assert len(plan["assumptions"]) == 6


def test_plan_counts_with_the_file_that_was_pulled(
    capsys: pytest.CaptureFixture[str], models_folder: Path
) -> None:
    source = models_folder / "tinyswallow-1.5b-instruct-q8_0.gguf"
    source.write_bytes(b"GGUF" + bytes(1000))
    printed(capsys, "pull", "tinyswallow-1.5b-instruct", "--from", str(source))

    plan = json.loads(printed(capsys, "plan", "tinyswallow-1.5b-instruct", "--json"))

    assert plan["file_bytes"] == 1004


def test_pull_says_where_the_file_is_its_checksum_and_its_licence(
    capsys: pytest.CaptureFixture[str], models_folder: Path
) -> None:
    source = models_folder / "tinyswallow-1.5b-instruct-q8_0.gguf"
    source.write_bytes(b"GGUF")

    text = printed(capsys, "pull", "tinyswallow-1.5b-instruct", "--from", str(source))

    assert f"{models_folder}/tinyswallow-1.5b-instruct.gguf" in text
    assert re.search(r"sha256: [0-9a-f]{64}\n", text)
    assert "商用は条件つき" in text
    assert text.endswith("使い方: CHEF_MODEL=tinyswallow-1.5b-instruct chef ask\n")


@pytest.mark.parametrize("command", ["show", "pull", "plan"])
def test_an_unknown_model_is_named_with_the_known_ones(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert main(["models", command, "gpt-4"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("エラー: モデル 'gpt-4' は一覧にありません。一覧にあるもの: kondate、")


@pytest.mark.parametrize("memory", ["127", "10241", "3 GB", "-1", "²"])
def test_memory_that_lambda_does_not_have_is_a_wrong_command_line(
    capsys: pytest.CaptureFixture[str], memory: str
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["models", "plan", "kondate", f"--memory={memory}"])
    assert caught.value.code == 2
    assert repr(memory) in capsys.readouterr().err


def test_the_page_has_the_table_of_the_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    table = printed(capsys, "list", "--markdown")

    assert table.strip() == markdown_table(all_models())
    # Written anew with: chef models list --markdown
    assert f"<!-- models -->\n\n{table}\n<!-- /models -->" in PAGE.read_text(encoding="utf-8")


def test_the_page_names_every_model_whose_licence_has_conditions() -> None:
    _, licences = PAGE.read_text(encoding="utf-8").split("## Licences and doubts")
    conditional = [model.name for model in all_models() if model.commercial_use != "yes"]

    assert conditional
    assert not [name for name in conditional if f"**`{name}`**" not in licences]
