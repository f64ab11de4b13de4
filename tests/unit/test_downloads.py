"""Models from a hub on loopback and from disk: checked against what was recorded."""

import hashlib
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import pytest
from fake_hub import COMMIT, FakeHub
from huggingface_hub.utils import disable_progress_bars

from chef_llm.errors import ModelUnavailable
from chef_llm.models.catalogue import Model, find_model
from chef_tools.downloads.lock import (
    LOCK_FILE,
    ChecksumMismatch,
    FileRecord,
    ModelRecord,
    read_lock,
    write_lock,
)
from chef_tools.downloads.pull import ModelFolder, run_converter

GGUF_NAME = "tinyswallow-1.5b-instruct-q8_0.gguf"
CHECKPOINT = {
    "config.json": b'{"model_type": "gpt2"}',
    "model.safetensors": b"weights" * 1000,
    "spiece.model": b"pieces",
}
# What a repository may hold besides, and what must never be fetched.
UNWANTED = {"modeling_dolly.py": b"import os", "pytorch_model.bin": b"pickle", "README.md": b"#"}
OTHER_COMMIT = "b" * 40

Serve = Callable[[FakeHub], str]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Serve a fake hub until the end of the test; returns its endpoint."""
    disable_progress_bars()
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("huggingface_hub.file_download.time.sleep", lambda _: None)
    with ExitStack() as servers:
        yield lambda hub: servers.enter_context(hub.serving())


@pytest.fixture
def swallow(tmp_path: Path) -> Model:
    """Return a model that is published as GGUF."""
    return find_model("tinyswallow-1.5b-instruct", tmp_path)


@pytest.fixture
def dolly(tmp_path: Path) -> Model:
    """Return a model that must be converted, at the newest commit."""
    return replace(find_model("dolly-japanese-gpt-1b", tmp_path), revision=None)


class FakeConverter:
    """Writes a GGUF file of its arguments, and counts."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Mapping[str, str]]] = []

    def __call__(
        self, folder: Path, output: Path, quantization: str, metadata: Mapping[str, str]
    ) -> None:
        self.calls.append((quantization, metadata))
        weights = (folder / "model.safetensors").read_bytes()
        output.write_bytes(b"GGUF" + quantization.encode() + weights)


def published(model: Model, files: dict[str, bytes]) -> FakeHub:
    assert model.hub_id
    return FakeHub(model.hub_id, files)


def folder_of(files: Mapping[str, bytes], folder: Path) -> Path:
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def test_a_published_gguf_is_fetched_recorded_and_found(
    swallow: Model, serve: Serve, tmp_path: Path
) -> None:
    data = b"GGUF" + os.urandom(50_000)
    hub = published(swallow, {GGUF_NAME: data, "tinyswallow-1.5b-instruct-q5_k_m.gguf": b"GGUF"})

    record = ModelFolder(tmp_path, endpoint=serve(hub)).pull(swallow)

    expected = FileRecord(len(data), hashlib.sha256(data).hexdigest())
    assert record == ModelRecord({GGUF_NAME: expected}, COMMIT, "Q8_0", expected)
    assert read_lock(tmp_path) == {swallow.name: record}
    found = find_model(swallow.name, tmp_path).path
    assert found == tmp_path / "tinyswallow-1.5b-instruct.gguf"
    assert found.read_bytes() == data


def test_only_data_is_fetched_and_never_code(dolly: Model, serve: Serve, tmp_path: Path) -> None:
    hub = published(dolly, CHECKPOINT | UNWANTED)
    convert = FakeConverter()

    record = ModelFolder(tmp_path, convert, endpoint=serve(hub)).pull(dolly, "Q4_0")

    assert record.source.keys() == CHECKPOINT.keys()
    assert not [path for _, path, _ in hub.asked if path.endswith(tuple(UNWANTED))]
    assert convert.calls == [
        (
            "Q4_0",
            {
                "license": "MIT",
                "source.huggingface.repository": dolly.hub_id,
                "source.revision": COMMIT,
            },
        )
    ]
    assert dolly.path.read_bytes() == b"GGUFQ4_0" + CHECKPOINT["model.safetensors"]
    assert record.gguf == FileRecord.of(dolly.path)


def test_a_second_pull_fetches_and_converts_nothing_again(
    dolly: Model, serve: Serve, tmp_path: Path
) -> None:
    hub = published(dolly, CHECKPOINT)
    convert = FakeConverter()
    folder = ModelFolder(tmp_path, convert, endpoint=serve(hub))

    first, second = folder.pull(dolly), folder.pull(dolly)

    assert first == second
    assert len(hub.asked_for("model.safetensors")) == len(convert.calls) == 1


@pytest.mark.parametrize("spoil", ["quantization", "file"])
def test_another_quantization_or_a_spoilt_file_is_converted_again(
    dolly: Model, serve: Serve, tmp_path: Path, spoil: str
) -> None:
    convert = FakeConverter()
    folder = ModelFolder(tmp_path, convert, endpoint=serve(published(dolly, CHECKPOINT)))
    folder.pull(dolly, "Q8_0")
    if spoil == "file":
        dolly.path.write_bytes(b"GGUF, but cut")

    record = folder.pull(dolly, "Q4_0" if spoil == "quantization" else "Q8_0")

    assert len(convert.calls) == 2
    assert FileRecord.of(dolly.path) == record.gguf


def test_a_cut_download_is_taken_up_where_it_broke_off(
    swallow: Model, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = b"GGUF" + os.urandom(200_000)
    hub = published(swallow, {GGUF_NAME: data})
    hub.cut_after[GGUF_NAME] = 75_000
    # Whole chunks are kept, of 10 MB outside of this test.
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 10_000)

    ModelFolder(tmp_path, endpoint=serve(hub)).pull(swallow)

    first, second = hub.asked_for(GGUF_NAME)
    assert first is None
    assert second == "bytes=70000-"
    assert swallow.path.read_bytes() == data


def test_a_file_that_changed_on_the_hub_is_named(
    swallow: Model, serve: Serve, tmp_path: Path
) -> None:
    hub = published(swallow, {GGUF_NAME: b"GGUF one"})
    endpoint = serve(hub)
    ModelFolder(tmp_path / "mine", endpoint=endpoint).pull(swallow)
    # Another machine, with the same lock file.
    (tmp_path / "theirs").mkdir()
    lock = (tmp_path / "mine" / LOCK_FILE).read_bytes()
    (tmp_path / "theirs" / LOCK_FILE).write_bytes(lock)
    hub.files[GGUF_NAME] = b"GGUF two"

    with pytest.raises(ChecksumMismatch) as caught:
        ModelFolder(tmp_path / "theirs", endpoint=endpoint).pull(swallow)

    message = caught.value.message
    assert message.startswith(f"{GGUF_NAME} が記録と違います。")
    assert hashlib.sha256(b"GGUF one").hexdigest() in message
    assert hashlib.sha256(b"GGUF two").hexdigest() in message
    assert (tmp_path / "theirs" / LOCK_FILE).read_bytes() == lock


def test_a_file_that_changed_on_disk_is_named(dolly: Model, serve: Serve, tmp_path: Path) -> None:
    folder = ModelFolder(tmp_path, FakeConverter(), endpoint=serve(published(dolly, CHECKPOINT)))
    folder.pull(dolly)
    (tmp_path / dolly.name / "spiece.model").write_bytes(b"others")

    with pytest.raises(ChecksumMismatch, match=r"spiece\.model が記録と違います"):
        folder.pull(dolly)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"generation_config.json": b"{}"}, "generation_config.json は models.lock.toml に"),
        ({"spiece.model": None}, "spiece.model がありません"),
    ],
    ids=["one more", "one less"],
)
def test_a_file_more_or_less_than_recorded_is_named(
    dolly: Model, tmp_path: Path, change: dict[str, bytes | None], told: str
) -> None:
    folder = ModelFolder(tmp_path, FakeConverter())
    folder.pull(dolly, local=folder_of(CHECKPOINT, tmp_path / "first"))
    files = {name: data for name, data in (CHECKPOINT | change).items() if data is not None}

    with pytest.raises(ChecksumMismatch, match=told):
        folder.pull(dolly, local=folder_of(files, tmp_path / "second"))


def test_the_recorded_commit_is_asked_for_and_not_the_newest(
    dolly: Model, serve: Serve, tmp_path: Path
) -> None:
    hub = published(dolly, CHECKPOINT)
    folder = ModelFolder(tmp_path, FakeConverter(), endpoint=serve(hub))
    folder.pull(dolly)
    hub.commit = OTHER_COMMIT

    with pytest.raises(
        ModelUnavailable, match=f"{dolly.hub_id} のコミット {COMMIT}はハブにありません"
    ):
        folder.pull(dolly)

    assert folder.pull(dolly, update=True).revision == OTHER_COMMIT
    assert read_lock(tmp_path)[dolly.name].revision == OTHER_COMMIT


def test_the_catalogue_s_commit_is_asked_for(dolly: Model, serve: Serve, tmp_path: Path) -> None:
    pinned = find_model(dolly.name, tmp_path)
    hub = published(dolly, CHECKPOINT)
    assert pinned.revision
    hub.commit = pinned.revision

    assert (
        ModelFolder(tmp_path, FakeConverter(), endpoint=serve(hub)).pull(pinned).revision
        == hub.commit
    )


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        ((HTTPStatus.FORBIDDEN, "GatedRepo"), "環境変数 HF_TOKEN"),
        ((HTTPStatus.INTERNAL_SERVER_ERROR, ""), "--from フォルダ"),
    ],
)
def test_a_refusal_says_what_to_do(
    swallow: Model, serve: Serve, tmp_path: Path, refusal: tuple[HTTPStatus, str], told: str
) -> None:
    hub = published(swallow, {GGUF_NAME: b"GGUF"})
    hub.refusal = refusal

    with pytest.raises(ModelUnavailable, match=told):
        ModelFolder(tmp_path, endpoint=serve(hub)).pull(swallow)

    assert not (tmp_path / LOCK_FILE).exists()


def test_a_repository_that_is_gone_is_named(swallow: Model, serve: Serve, tmp_path: Path) -> None:
    endpoint = serve(FakeHub("someone/else", {}))

    with pytest.raises(ModelUnavailable, match=f"{swallow.hub_id} はハブにありません"):
        ModelFolder(tmp_path, endpoint=endpoint).pull(swallow)


def test_without_a_network_the_error_says_what_to_put_where(
    dolly: Model, serve: Serve, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed_port = server.getsockname()[1]

    with pytest.raises(ModelUnavailable) as caught:
        ModelFolder(tmp_path, endpoint=f"http://127.0.0.1:{closed_port}").pull(dolly)

    message = caught.value.message
    assert message.startswith(f"ハブから {dolly.hub_id} を取得できません（")
    assert f"https://huggingface.co/{dolly.hub_id}/tree/main" in message
    assert all(name in message for name in dolly.hub_files)
    assert f"chef models pull {dolly.name} --from フォルダ" in message


def test_a_folder_is_a_source_too(dolly: Model, tmp_path: Path) -> None:
    folder = folder_of(CHECKPOINT | UNWANTED, tmp_path / "by-hand")
    convert = FakeConverter()

    record = ModelFolder(tmp_path / "models", convert).pull(
        find_model(dolly.name, tmp_path / "models"), local=folder
    )

    assert record.revision is None
    assert record.source.keys() == CHECKPOINT.keys()
    assert convert.calls == [("Q8_0", {"license": "MIT"})]


def test_a_gguf_file_is_a_source_too(dolly: Model, tmp_path: Path) -> None:
    file = tmp_path / "mine.gguf"
    file.write_bytes(b"GGUF mine")

    record = ModelFolder(tmp_path / "models").pull(
        find_model(dolly.name, tmp_path / "models"), local=file
    )

    assert record.quantization is None
    assert read_lock(tmp_path / "models") == {dolly.name: record}
    assert find_model(dolly.name, tmp_path / "models").path.read_bytes() == b"GGUF mine"


def test_a_conversion_of_the_same_record_is_taken_from_another_machine(
    dolly: Model, tmp_path: Path
) -> None:
    folder = ModelFolder(tmp_path, FakeConverter())
    converted = folder.pull(dolly, local=folder_of(CHECKPOINT, tmp_path / "by-hand")).gguf
    copy = tmp_path / "copy.gguf"
    copy.write_bytes(dolly.path.read_bytes())

    assert folder.pull(dolly, local=copy).gguf == converted
    copy.write_bytes(b"GGUF changed")
    with pytest.raises(ChecksumMismatch, match=r"copy\.gguf が記録と違います"):
        folder.pull(dolly, local=copy, update=False)


def test_a_model_of_the_reference_engine_is_kept_as_a_checkpoint(tmp_path: Path) -> None:
    rwkv = find_model("rwkv-4-169m-pile", tmp_path / "models")
    files = {"config.json": b"{}", "pytorch_model.bin": b"pickle", "tokenizer.json": b"{}"}

    record = ModelFolder(tmp_path / "models").pull(rwkv, local=folder_of(files, tmp_path / "rwkv"))

    assert record.gguf is None
    assert read_lock(tmp_path / "models") == {rwkv.name: record}
    assert {file.name: file.read_bytes() for file in rwkv.path.iterdir()} == files


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "config.jsonと重みのファイルがありません"),
        ({"config.json": b"{}"}, "に重みのファイルがありません"),
        ({"model.safetensors": b""}, "にconfig.jsonがありません"),
    ],
)
def test_what_a_folder_lacks_is_named(
    dolly: Model, tmp_path: Path, files: dict[str, bytes], told: str
) -> None:
    with pytest.raises(ModelUnavailable, match=told) as caught:
        ModelFolder(tmp_path).pull(dolly, local=folder_of(files, tmp_path / "folder"))
    assert "spiece.model" in caught.value.message


@pytest.mark.parametrize("name", ["nothing", "weights.txt"])
def test_a_source_that_is_neither_is_named(dolly: Model, tmp_path: Path, name: str) -> None:
    (tmp_path / "weights.txt").write_bytes(b"GGUF")

    with pytest.raises(ModelUnavailable, match=f"{name} はフォルダでも"):
        ModelFolder(tmp_path).pull(dolly, local=tmp_path / name)


def test_a_file_that_is_no_gguf_is_named(dolly: Model, tmp_path: Path) -> None:
    (tmp_path / "page.gguf").write_bytes(b"<html>")

    with pytest.raises(ChecksumMismatch, match=r"page\.gguf は GGUF ファイルではありません"):
        ModelFolder(tmp_path).pull(dolly, local=tmp_path / "page.gguf")
    assert not dolly.path.exists()


def test_a_failed_conversion_leaves_no_file_and_no_record(dolly: Model, tmp_path: Path) -> None:
    def fail(folder: Path, output: Path, quantization: str, metadata: Mapping[str, str]) -> None:
        output.write_bytes(b"half")
        raise ModelUnavailable("変換できません")

    folder = folder_of(CHECKPOINT, tmp_path / "by-hand")
    with pytest.raises(ModelUnavailable, match="変換できません"):
        ModelFolder(tmp_path / "models", fail).pull(
            find_model(dolly.name, tmp_path / "models"), local=folder
        )
    assert not list((tmp_path / "models").iterdir())


@pytest.fixture
def stand_in_converter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a program in the place of `python -m chef_convert`, which needs torch."""

    def put(program: str) -> None:
        package = tmp_path / "stand-in" / "chef_convert"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "__main__.py").write_text(program, encoding="utf-8")
        monkeypatch.setenv("PYTHONPATH", str(package.parent))

    return put


def test_the_converter_runs_in_a_process_of_its_own_with_type_and_notes(
    tmp_path: Path, stand_in_converter: Callable[[str], None]
) -> None:
    stand_in_converter("import sys, pathlib; pathlib.Path(sys.argv[2]).write_text(str(sys.argv))")
    output = tmp_path / "out.gguf"

    run_converter(tmp_path / "in", output, "Q4_0", {"license": "MIT", "source.revision": COMMIT})

    told = output.read_text()
    for word in (str(tmp_path / "in"), "'--type', 'Q4_0'", f"--note=source.revision={COMMIT}"):
        assert word in told


def test_the_converter_s_last_line_says_why_it_failed(
    tmp_path: Path, stand_in_converter: Callable[[str], None]
) -> None:
    stand_in_converter("import sys; print('warning', file=sys.stderr); sys.exit('unknown mamba')")

    with pytest.raises(ModelUnavailable, match=r"in を変換できません: unknown mamba$"):
        run_converter(tmp_path / "in", tmp_path / "out.gguf", "Q8_0", {})


def test_the_model_of_the_package_need_not_be_pulled(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="kondate はパッケージに入っています"):
        ModelFolder(tmp_path).pull(find_model("kondate"))


def test_a_quantization_that_there_is_not_is_named(swallow: Model, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="Q4_0 はありません: Q8_0"):
        ModelFolder(tmp_path).pull(swallow, "Q4_0")


def test_a_lock_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = FileRecord(3, "0" * 64)
    records = {
        "qwen3-0.6b": ModelRecord({'a"b.gguf': file, "日本語.json": file}, COMMIT, "Q8_0", file),
        "by-hand": ModelRecord({"x.gguf": file}, None, None, file),
        "rwkv": ModelRecord({"config.json": file}, COMMIT),
    }

    write_lock(tmp_path, records)

    assert read_lock(tmp_path) == records
    assert [path.name for path in tmp_path.iterdir()] == [LOCK_FILE]


@pytest.mark.parametrize(
    "text",
    ["[", "[a]\nrevision = 1", '[a.source]\n"x" = { bytes = 1, sha256 = "short" }', "[a]"],
)
def test_a_broken_lock_file_is_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    (tmp_path / LOCK_FILE).write_text(text)

    with pytest.raises(ModelUnavailable, match=LOCK_FILE):
        read_lock(tmp_path)
