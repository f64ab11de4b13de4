"""Models of one's own: added, named, planned, and refused where name and file do not agree."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from fake_hub import COMMIT, FakeHub
from tiny_gguf import gguf, written

from chef_llm.errors import Misconfigured, ModelUnavailable
from chef_llm.models.catalogue import find_model, model_of_file
from chef_llm.models.loading import load
from chef_llm.models.own import read_own
from chef_llm.settings import ModelChoices, Settings
from chef_tools.cli import main
from chef_tools.own_models import add
from chef_tools.sizing import assumptions, best_sizing

NO_CHOICES: Final = ModelChoices()


@pytest.fixture(autouse=True)
def models_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "models"
    monkeypatch.setenv("CHEF_MODELS_DIR", str(folder))
    return folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path)


@pytest.fixture
def here(file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in the folder of the file."""
    monkeypatch.chdir(file.parent)
    return file.parent


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["models", *words]) == 0
    return capsys.readouterr().out


# Adding


def test_an_added_file_is_a_model_under_its_name(
    capsys: pytest.CaptureFixture[str], file: Path, models_folder: Path
) -> None:
    text = printed(capsys, "add", str(file), "--name", "mine")

    assert f"mine を足しました: {file}" in text
    own = read_own(models_folder)["mine"]
    assert (own.path, own.bytes) == (file, file.stat().st_size)
    assert own.sha256 in text
    model = find_model("mine")
    assert (model.name, model.path, model.is_own) == ("mine", file, True)
    assert (model.architecture, model.quantizations) == ("llama", ("Q4_0",))
    assert (model.context_length, model.trained_context_length) == (4096, 4096)
    assert model.licence == "mit"


def test_it_is_listed_shown_and_planned(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    printed(capsys, "add", str(file), "--name", "mine")

    assert "\nmine\tmit\t商用は条件つき\t取得済み\tSmall" in printed(capsys, "list")
    shown = printed(capsys, "show", "mine")
    assert "構造: llama" in shown
    assert "本物の重みで: 足した人しだい" in shown
    plan = json.loads(printed(capsys, "plan", "mine", "--json", "--memory", "1769"))
    assert plan["file_bytes"] == file.stat().st_size
    assert plan["fits"]


def test_what_was_decided_when_it_was_added_holds(
    capsys: pytest.CaptureFixture[str], file: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.jinja").write_text("{{ messages[-1].content }}!", encoding="utf-8")
    words = ["--context-length", "1024", "--temperature", "0", "--top-p", "0.5"]
    printed(capsys, "add", str(file), "--name", "mine", *words, "--chat-template", "mine.jinja")

    model = find_model("mine")

    assert model.context_length == 1024
    assert (model.sampling.temperature, model.sampling.top_p) == (0.0, 0.5)
    assert model.chosen_template == str(tmp_path / "mine.jinja")
    assert model.with_choices(ModelChoices(temperature=1.5)).sampling.temperature == 1.5


def test_without_a_name_it_has_its_files(tmp_path: Path, models_folder: Path) -> None:
    path = written(tmp_path, "日本 Some model (v2).Q4_0.gguf")

    assert add(str(path), None, NO_CHOICES, models_folder).model.name == "Some-model-v2-.Q4_0"


def test_a_file_of_the_hub_is_fetched_first(models_folder: Path) -> None:
    hub = FakeHub("me/mine-GGUF", {"sub/mine.gguf": gguf(), "other.gguf": b""})
    with hub.serving() as endpoint:
        added = add("hf:me/mine-GGUF/sub/mine.gguf", None, NO_CHOICES, models_folder, endpoint)

    assert added.file.path == models_folder / "me--mine-GGUF" / "sub" / "mine.gguf"
    assert added.file.path.read_bytes() == gguf()
    assert [path for _, path, _ in hub.asked if f"/resolve/{COMMIT}/other" in path] == []


@pytest.mark.parametrize(
    ("source", "words", "told"),
    [
        ("gone.gguf", [], "gone.gguf というファイルはありません"),
        ("hf:me/mine", [], "hf:持ち主/リポジトリ/ファイル.gguf の形に"),
        ("small.gguf", ["--name", "kondate"], "カタログのモデルの名前です"),
        ("small.gguf", ["--name", "mine:plain"], "英数字と . _ -"),
        ("small.gguf", ["--context-length", "9999"], "コンテキスト 4096 以下"),
        ("small.gguf", ["--context-length", "9999"], "--context-length"),
        ("small.gguf", ["--chat-template", "nobodys"], "dolly、dolly_v2"),
        ("small.gguf", ["--chat-template", "broken.jinja"], "1行目を読めません"),
        ("small.gguf", ["--chat-template", "gone.jinja"], "gone.jinja がありません"),
        ("text.gguf", [], "GGUF として読めません"),
    ],
)
def test_what_cannot_be_added_is_said(
    here: Path, capsys: pytest.CaptureFixture[str], source: str, words: list[str], told: str
) -> None:
    (here / "text.gguf").write_text("GGUF?", encoding="utf-8")
    (here / "broken.jinja").write_text("{{ messages", encoding="utf-8")

    assert main(["models", "add", source, *words]) == 1

    assert told in capsys.readouterr().err
    assert read_own(here / "models") == {}


@pytest.mark.parametrize(
    ("option", "value"),
    [("--context-length", "100"), ("--temperature", "2.5"), ("--top-p", "x"), ("--top-p", "1.1")],
)
def test_a_number_that_none_may_have_is_a_wrong_command_line(
    capsys: pytest.CaptureFixture[str], file: Path, option: str, value: str
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["models", "add", str(file), option, value])
    assert caught.value.code == 2
    assert repr(value) in capsys.readouterr().err


def test_a_file_that_changed_or_went_is_named(file: Path, models_folder: Path) -> None:
    add(str(file), "mine", NO_CHOICES, models_folder)

    file.write_bytes(file.read_bytes() + b"more")
    with pytest.raises(ModelUnavailable, match=r"chef models add .*small\.gguf --name mine"):
        find_model("mine")
    file.unlink()
    with pytest.raises(ModelUnavailable, match=r"mine のファイルがありません"):
        find_model("mine")


def test_a_list_that_cannot_be_read_is_named(models_folder: Path) -> None:
    models_folder.mkdir()
    (models_folder / "models.own.toml").write_text("[mine]\npath = 1\n", encoding="utf-8")

    with pytest.raises(ModelUnavailable, match=r"models\.own\.toml を読めません"):
        find_model("mine")


# What a file says


def test_a_long_context_is_served_on_demand_alone(tmp_path: Path) -> None:
    model = model_of_file("mine", written(tmp_path, llama__context_length=131_072))

    assert (model.context_length, model.trained_context_length) == (8192, 131_072)
    assert model.with_choices(ModelChoices(context_length=32_768)).context_length == 32_768
    with pytest.raises(Misconfigured, match=r"CHEF_CONTEXT_LENGTH .* 131072 以下"):
        model.with_choices(ModelChoices(context_length=131_073))


def test_the_files_own_way_to_draw_is_taken(tmp_path: Path) -> None:
    facts = {"general__sampling__temp": 0.25, "general__sampling__top_k": 20}
    sampling = model_of_file("mine", written(tmp_path, **facts)).sampling

    assert (sampling.temperature, sampling.top_k, sampling.top_p) == (0.25, 20, 0.95)


def test_a_file_that_the_catalogue_recognises_is_asked_as_its_entry_is(tmp_path: Path) -> None:
    kondate = find_model("kondate")
    copy = tmp_path / "my-copy.gguf"
    copy.write_bytes(kondate.path.read_bytes())

    model = find_model(str(copy))

    assert model.name == "my-copy"
    assert (model.sampling, model.chat_template) == (kondate.sampling, "dolly")
    assert model.writes_menus


def test_a_model_that_was_never_taught_menus_does_not_write_them(file: Path) -> None:
    assert not find_model(str(file)).writes_menus


@pytest.mark.parametrize(
    ("quantization", "told"),
    [
        (2, "Q4_0 は2コアで"),
        (12, "Q4_K（測っていないので Q4_0 の速さとします）"),
        (1, "F32 の速さ"),
    ],
)
def test_a_plan_says_whose_speed_it_takes(tmp_path: Path, quantization: int, told: str) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(gguf(tensors={"token_embd.weight": ((64, 4), quantization)}))

    plan = best_sizing(model_of_file("mine", path), 3008, {})
    assert told in " ".join(assumptions(plan))


# A name of the catalogue with another file


@pytest.fixture
def placed(models_folder: Path, tmp_path: Path) -> Iterator[Any]:
    """Give what puts a file where the catalogue's model is looked for."""
    models_folder.mkdir()

    def place(name: str, **changes: Any) -> Settings:
        written(models_folder, f"{name}.gguf", **changes)
        return Settings(model=name)

    yield place


@pytest.mark.parametrize(
    ("name", "changes", "told"),
    [
        ("qwen3-0.6b", {}, "構造は llama（qwen3-0.6b は qwen3）、語彙は 4（151,936）"),
        ("qwen3-0.6b", {"tokenizer__chat_template": None}, "チャットテンプレートがない"),
        (
            "elyza-llama-2-7b-instruct",
            {},
            "語彙は 4（32,000）、パラメーターは 320（6,738,415,616）",
        ),
    ],
)
def test_another_file_under_a_catalogue_s_name_is_refused_with_what_to_set(
    placed: Any, name: str, changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(Misconfigured) as caught:
        load(placed(name, **changes))

    assert f"CHEF_MODEL={name} のファイルではありません" in caught.value.message
    assert told in caught.value.message
    assert "CHEF_MODEL（Lambda では Model）をカタログにない名前" in caught.value.message


def test_a_template_file_that_is_not_there_is_named(file: Path) -> None:
    choices = ModelChoices(chat_template="gone.jinja")
    with pytest.raises(Misconfigured, match=r"CHEF_CHAT_TEMPLATE のファイルを読めません: .*gone"):
        load(Settings(model=str(file), choices=choices))
