"""The command `chef` and `make run`, as a terminal sees them."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from chef_llm.cookbook import load_cookbook
from chef_llm.menus.answer import parse_answer
from chef_llm.models.catalogue import find_model
from chef_tools.cli import main
from guarantees import allergens_by_dish

COOKBOOK: Final = load_cookbook()
CHEF: Final = Path(sys.executable).with_name("chef")
Chef = Callable[..., "subprocess.CompletedProcess[str]"]
# One process that runs many commands, so that few tests wait for its imports and its model.
MANY_COMMANDS: Final = """
import json, sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from chef_tools.cli import main

for arguments in sys.stdin:
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        try:
            code = main(json.loads(arguments))
        except SystemExit as exit:
            code = exit.code
    print(json.dumps([code, out.getvalue(), err.getvalue()]), flush=True)
"""


def environment(**changes: str) -> dict[str, str]:
    """Return the environment of a terminal, in which nobody asked for logs."""
    clean = {name: text for name, text in os.environ.items() if not name.startswith("POWERTOOLS_")}
    return clean | changes


def new_chef(*arguments: str, **changes: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in a process of its own."""
    return subprocess.run(
        [CHEF, *arguments],
        env=environment(**changes),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def chef() -> Iterator[Chef]:
    """Give what runs a command as a terminal does, all in one process."""
    with subprocess.Popen(
        [sys.executable, "-c", MANY_COMMANDS],
        env=environment(PYTHONIOENCODING="utf-8"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdin
        assert process.stdout
        asked, told = process.stdin, process.stdout

        def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
            print(json.dumps(arguments), file=asked, flush=True)
            return subprocess.CompletedProcess(arguments, *json.loads(told.readline()))

        yield run
        asked.close()


def test_who_reads_no_more_than_a_line_sees_no_trace() -> None:
    command = [Path(sys.executable).with_name("chef"), "dish", "肉じゃが"]
    with subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""


def test_ask_prints_the_menu_and_nothing_else() -> None:
    done = new_chef("ask", "鮭と白菜で、4人分の夕食")
    assert (done.returncode, done.stderr) == (0, "")
    answer = parse_answer(done.stdout)
    assert answer.dishes
    assert done.stdout.startswith(answer.title)
    assert "（4人分・約" in done.stdout
    assert "{" not in done.stdout


def test_ask_without_a_question_has_one_of_its_own(chef: Chef) -> None:
    done = chef("ask")
    assert (done.returncode, done.stderr) == (0, "")
    assert parse_answer(done.stdout).dishes


@pytest.mark.parametrize(
    ("question", "told"),
    [("", "input に質問を書いてください。"), ("あ" * 20_000, "長すぎます")],
    ids=["empty", "too long"],
)
def test_ask_tells_an_error_on_stderr(chef: Chef, question: str, told: str) -> None:
    done = chef("ask", question)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("エラー: ")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_ask_without_a_model_tells_so() -> None:
    done = new_chef("ask", CHEF_MODEL="no/such/model.gguf")
    assert (done.returncode, done.stdout) == (1, "")
    assert "モデルのファイル model.gguf がありません。" in done.stderr
    assert done.stderr.count("\n") == 1


def test_ask_keeps_the_logs_that_its_caller_wants() -> None:
    done = new_chef("ask", POWERTOOLS_LOG_LEVEL="INFO", POWERTOOLS_METRICS_DISABLED="false")
    assert '"message":"answered"' in done.stdout
    assert '"ColdStart":[1.0]' in done.stdout


def test_ask_keeps_what_the_question_rules_out(chef: Chef) -> None:
    done = chef("ask", "えびアレルギーの子がいます。4人分の夕食をお願いします")
    assert (done.returncode, done.stderr) == (0, "")
    dishes = [name for _, name in parse_answer(done.stdout).dishes]
    assert dishes
    for name in dishes:
        assert "えび" not in allergens_by_dish()[name]


def test_menu_lays_out_menus_constraints_and_shopping_list(chef: Chef) -> None:
    done = chef(
        *("menu", "--servings", "4", "--allergen", "えび", "--days", "3", "--seed", "2"),
        "鶏肉と野菜で",
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    for day in (1, 2, 3):
        [title] = [line for line in lines if line.startswith(f"【{day}日目 夕食】")]
        assert "4人分の夕食です。えびは使いません。" in title
    found = re.findall(r"^  (主食|主菜|副菜|汁物): (.+?)（約\d+分", done.stdout, flags=re.M)
    dishes = [name for _, name in found]
    mains = [name for role, name in found if role == "主菜"]
    # Beside a hotpot there is no soup.
    courses = [
        role
        for main in mains
        for role in ("主食", "主菜", "副菜", "汁物")
        if role != "汁物" or not COOKBOOK.is_soupy(COOKBOOK.dishes[main])
    ]
    assert len(mains) == 3
    assert [role for role, _ in found] == courses
    for name in dishes:
        assert "えび" not in allergens_by_dish()[name]
    assert any(line.startswith("  アレルギー えび: ") for line in lines)
    assert "買い物リスト（4人分）" in lines
    assert "鶏肉: " in done.stdout
    assert "必ず商品の表示を確かめてください。" in lines[-1]
    assert "{" not in done.stdout


def test_menu_as_json_is_the_response_of_the_api(chef: Chef) -> None:
    command = ["menu", "--json", "--meal", "昼", "--ingredient", "キャベツ", "--exclude", "きのこ"]
    command += ["--cuisine", "和食", "--minutes", "30", "--diet", "low_salt", "--season", "春"]
    first, second = (chef(*command, "--seed", "7") for _ in range(2))
    assert (first.returncode, first.stderr) == (0, "")
    plan = json.loads(first.stdout)
    assert plan["menus"] == json.loads(second.stdout)["menus"]
    [menu] = plan["menus"]
    assert menu["meal"] == "昼食"
    assert menu["nutrition"]["salt_g"] <= 2.5
    assert all(dish["minutes"] <= 30 for dish in menu["dishes"])
    kept = {one["constraint"] for one in plan["constraints"]}
    assert kept == {"exclude", "diet", "max_minutes", "cuisine", "season"}


def test_menu_without_words_plans_a_dinner(chef: Chef) -> None:
    done = chef("menu")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("【1日目 夕食】2人分の夕食です。")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--minutes", "2"], "分以上にすると作れます。"),
        (["--allergen", "コーラ"], "落花生"),
        (["--exclude", "ズンドコ"], "ズンドコ"),
        (["--days", "15"], "days は14以下の数にしてください"),
        (["--cuisine", "宇宙"], "'エスニック'"),
        (["--meal", "おやつ"], "'お弁当'"),
    ],
)
def test_a_menu_that_cannot_be_is_told_on_stderr(
    chef: Chef, arguments: list[str], told: str
) -> None:
    done = chef("menu", *arguments, "夕食を")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("エラー: ")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["cook"],
        ["menu", "--servings", "four"],
        ["menu", "--such"],
        ["dish"],
        ["models", "pull"],
    ],
    ids=str,
)
def test_a_wrong_command_line_is_exit_code_2(chef: Chef, arguments: list[str]) -> None:
    done = chef(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: chef" in done.stderr


def test_dish_prints_its_recipe_card(chef: Chef) -> None:
    done = chef("dish", "肉じゃが", "--servings", "4")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("■ 肉じゃが（4人分・約35分）\n材料\n・")
    assert "\n作り方\n1. " in done.stdout


def test_dish_as_json_is_the_dish_of_the_cookbook(chef: Chef) -> None:
    dish = json.loads(chef("dish", "肉じゃが", "--json").stdout)
    assert (dish["name"], dish["role"]) == ("肉じゃが", "主菜")


def test_an_unknown_dish_gets_a_hint(chef: Chef) -> None:
    done = chef("dish", "じゃが")
    assert (done.returncode, done.stdout) == (1, "")
    assert "「じゃが」は料理帳にありません。" in done.stderr
    assert "似た名前: " in done.stderr
    assert "じゃがバター" in done.stderr
    assert "似た名前" not in chef("dish", "ズンドコ").stderr


def test_a_dish_is_found_by_its_reading_too(chef: Chef) -> None:
    assert chef("dish", "にくじゃが").stdout.startswith("■ 肉じゃが（2人分")


@pytest.mark.parametrize("command", [["models"], ["models", "list"]], ids=str)
def test_models_lists_the_catalogue(chef: Chef, command: list[str]) -> None:
    done = chef(*command)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0].startswith("kondate\tMIT\t商用可\t取得済み\t")
    first = json.loads(chef(*command, "--json").stdout)[0]
    assert (first["name"], first["licence"], first["pulled"]) == ("kondate", "MIT", True)


def test_a_model_that_is_not_pulled_yet_says_how_to(tmp_path: Path) -> None:
    done = new_chef("ask", CHEF_MODEL="dolly-japanese-gpt-1b", CHEF_MODELS_DIR=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert "`chef models pull dolly-japanese-gpt-1b` で取得してください。" in done.stderr


def test_another_model_s_file_does_not_answer_under_a_catalogue_s_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By hand comes the file of kondate, in the place of another model of its kind."""
    model = find_model("kondate").path
    monkeypatch.setenv("CHEF_MODELS_DIR", str(tmp_path))
    assert main(["models", "pull", "dolly-japanese-gpt-1b", "--from", str(model)]) == 0
    assert f"{tmp_path}/dolly-japanese-gpt-1b.gguf" in capsys.readouterr().out

    done = new_chef("ask", CHEF_MODEL="dolly-japanese-gpt-1b", CHEF_THREADS="1")

    assert (done.returncode, done.stdout) == (1, "")
    assert "dolly-japanese-gpt-1b のファイルではありません: 語彙は 8,967（44,928）" in done.stderr
    assert "カタログにない名前" in done.stderr


def test_an_added_model_answers_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = find_model("kondate").path
    monkeypatch.setenv("CHEF_MODELS_DIR", str(tmp_path))
    assert main(["models", "add", str(model), "--name", "my-model"]) == 0

    done = new_chef("ask", "--model", "my-model", "鮭と白菜で、4人分の夕食", CHEF_THREADS="1")

    assert (done.returncode, done.stderr) == (0, "")
    assert parse_answer(done.stdout).dishes


def test_pulling_without_a_network_says_what_to_do_by_hand(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = f"http://127.0.0.1:{server.getsockname()[1]}"
    names = {"HF_ENDPOINT": closed, "CHEF_MODELS_DIR": str(tmp_path), "NO_PROXY": "127.0.0.1"}
    done = new_chef("models", "pull", "dolly-japanese-gpt-1b", **names)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("エラー: ハブから inu-ai/dolly-japanese-gpt-1b を取得できません")
    assert "chef models pull dolly-japanese-gpt-1b --from フォルダ" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_server_says_that_its_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "uvicorn", "chef_llm.asgi:application", "--port", port]
        done = subprocess.run(
            [*command, "--log-level", "warning"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode != 0
    assert f"('127.0.0.1', {port})" in done.stderr
    assert "address already in use" in done.stderr
    assert "Traceback" not in done.stderr
