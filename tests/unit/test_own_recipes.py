"""Recipes of others as own dishes, own dishes as recipes: lines, questions, files, the commands."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from chef_llm.cookbook import ALLERGENS, package_cookbook
from chef_llm.cookbook.loader import read_cookbook
from chef_tools.cli import main
from chef_tools.recipes.json_ld import find_recipes, recipe_of
from chef_tools.recipes.lines import read_line

PACKAGE = package_cookbook()
OWN = Path(__file__).parents[1] / "own_cookbook"
RECIPE: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": ["Recipe"],
    "name": "ラム肉のクミン炒め",
    "description": "クミンは最初に油で香りを出します。簡単です。",
    "recipeYield": ["2", "2人分"],
    "totalTime": "PT20M",
    "recipeCategory": "主菜",
    "recipeCuisine": "中華",
    "recipeIngredient": [
        "ラム肉 200g",
        "玉ねぎ…1/2個",
        "★しょうゆ 大さじ1",
        "塩・こしょう 各少々",
        "サラダ油（炒め用） 適量",
    ],
    "recipeInstructions": [
        {
            "@type": "HowToSection",
            "itemListElement": [
                {"@type": "HowToStep", "text": "1. ラム肉と玉ねぎを切る"},
                {"@type": "HowToStep", "text": "フライパンに油を熱し、玉ねぎを炒める。"},
            ],
        },
        {"@type": "HowToStep", "text": "ラム肉を加え、中まで火が通るまで炒める。"},
    ],
}
# What the recipe leaves unclear, answered.
ANSWERS = {
    "food.1": "新しい食材",
    "reading.1": "らむにく",
    "section.1": "肉",
    "like.1": "牛こま切れ肉",
    "allergens.1": "なし",
    "grams.5": "12",
    "raw": "なし",
    "reading": "らむにくのくみんいため",
}


def page(*values: Any) -> str:
    scripts = "".join(
        f'<script type="application/ld+json">{json.dumps(value)}</script>' for value in values
    )
    return f"<!doctype html><html><head>{scripts}</head><body>レシピ</body></html>"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Write the page of a recipe, as blogs have them."""
    path = tmp_path / "page.html"
    graph = {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, RECIPE]}
    path.write_text(page({"@type": "Organization"}, graph), encoding="utf-8")
    return path


def add(source: Path | str, into: Path, answers: dict[str, str], *more: str) -> int:
    words = [f"--answer={key}={value}" for key, value in answers.items()]
    return main(["cookbook", "add", str(source), "--into", str(into), *words, *more])


# Lines


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("鶏もも肉 300g", [("鶏もも肉", 300, "150g")]),
        ("玉ねぎ…1/2個", [("玉ねぎ", 100, "1/4個")]),
        ("★しょうゆ 大さじ1と1/2", [("しょうゆ", 27, "大さじ3/4")]),
        ("A みりん　大さじ２", [("みりん", 36, "大さじ1")]),
        ("・粉チーズ 大さじ 1 1/2", [("粉チーズ", 9, "大さじ3/4")]),
        ("砂糖 大さじ1半", [("砂糖", 13.5, "大さじ3/4")]),
        ("塩・こしょう 各少々", [("塩", 0.3, "0.15g"), ("こしょう", 0.1, "0.05g")]),
        ("にんにく（みじん切り） 1片", [("にんにく", 6, "1/2かけ")]),
        ("牛乳 200cc", [("牛乳", 200, "100g")]),
        ("水 1カップ", [("水", 200, "カップ1/2")]),
        ("絹豆腐 1丁", [("絹ごし豆腐", 300, "1/2丁")]),
        ("牛こま切れ肉 250グラム", [("牛こま切れ肉", 250, "125g")]),
        # A small one: the grams beside it are believed.
        ("玉ねぎ 1/2個（60g）", [("玉ねぎ", 60, "30g")]),
        # Two servings of what is not measured are asked for.
        ("サラダ油（炒め用） 適量", [("サラダ油", None, None)]),
        ("カレールー 1/2箱", [("カレールウ", None, None)]),
        # No one food, or none that is known.
        ("豚肉 200g", [(None, None, None)]),
        ("ラム肉 200g", [(None, None, None)]),
        ("塩こしょう 少々", [(None, None, None)]),
        ("卵不使用マヨネーズ 大さじ1", [(None, None, None)]),
        ("", []),
    ],
)
def test_a_line_is_read_as_foods_grams_and_measure_or_left_unclear(
    line: str, parts: list[tuple[str | None, float | None, str | None]]
) -> None:
    read = [
        (part.food, part.grams, part.measure(2) if part.grams else None)
        for part in read_line(line, PACKAGE)
    ]
    assert read == [
        (food, None if grams is None else pytest.approx(grams), measure)
        for food, grams, measure in parts
    ]


# Adding


def test_what_is_unclear_is_listed_and_refused_without_a_terminal(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "ours"
    assert add(source, folder, {}) == 1
    said = capsys.readouterr().err
    assert "food.1: 「ラム肉 200g」の「ラム肉」はどの食材ですか" in said
    assert "grams.5: 「サラダ油（炒め用） 適量」のサラダ油は、全部で何gですか" in said
    assert "reading: 「ラム肉のクミン炒め」の読み" in said
    assert not folder.exists()


def test_a_recipe_becomes_a_dish_that_the_cookbook_takes(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "ours"
    assert add(source, folder, ANSWERS) == 0, capsys.readouterr().err

    cookbook = read_cookbook(folder, PACKAGE)
    dish = cookbook.dishes["ラム肉のクミン炒め"]
    grams = {part.name: (part.grams, part.measure) for part in dish.ingredients}
    assert grams["ラム肉"] == (100, "100g")
    assert grams["しょうゆ"] == (9, "大さじ1/2")
    assert grams["サラダ油"] == (6, "6g")
    assert (dish.role, dish.cuisine, dish.method, dish.minutes) == ("主菜", "中", "炒める", 20)
    assert dish.keywords == ("ラム肉", "玉ねぎ")
    assert dish.steps[0] == "ラム肉と玉ねぎを切る。"
    assert dish.tip == "クミンは最初に油で香りを出します。"
    assert cookbook.allergens(dish) == {"小麦", "大豆"}
    # It is like beef, and no beef.
    assert cookbook.ingredients["ラム肉"].groups == {"肉"}
    assert main(["cookbook", "check", str(folder)]) == 0
    assert "ラム肉のクミン炒め（アレルゲン: 小麦・大豆" in capsys.readouterr().out


def test_an_allergen_that_nobody_knows_is_contained(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ours"
    assert add(source, folder, {**ANSWERS, "allergens.1": "不明"}) == 0
    cookbook = read_cookbook(folder, PACKAGE)
    lamb = cookbook.ingredients["ラム肉"]
    assert lamb.allergens == set(ALLERGENS)
    assert {"肉", "魚介", "甲殻類", "乳", "卵"} <= lamb.groups


def test_in_a_terminal_it_is_asked_until_the_answer_will_do(
    source: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    prompts: list[str] = []

    def answer(prompt: str) -> str:
        prompts.append(prompt)
        key = prompt.splitlines()[-1].removesuffix(" > ")
        return ANSWERS[key] if key in ANSWERS and key != "reading" else next(typed)

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", answer)
    # A wrong reading first.
    typed = iter(["ラム肉", "らむにくのくみんいため"])
    assert add(source, tmp_path / "ours", {}) == 0, capsys.readouterr().err
    [again] = [prompt for prompt in prompts if prompt.startswith("  ひらがな")]
    assert again.splitlines() == ["  ひらがなと「ー」だけで答えてください", "reading > "]
    assert "らむにくのくみんいため" in (
        tmp_path / "ours" / "dishes" / "ラム肉のクミン炒め.toml"
    ).read_text(encoding="utf-8")


def test_a_recipe_that_cannot_be_right_leaves_the_folder_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = {**RECIPE, "recipeIngredient": ["塩 大さじ4", "キャベツ 2枚"]}
    source = tmp_path / "recipe.json"
    source.write_text(json.dumps(recipe), encoding="utf-8")
    folder = tmp_path / "ours"
    assert add(source, folder, {"reading": "らむ"}) == 1
    assert "1人分の食塩が" in capsys.readouterr().err
    assert not folder.exists()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({**ANSWERS, "section.1": "お肉"}, "次のどれかで答えてください: 野菜・果物、肉"),
        ({**ANSWERS, "allergens.1": "牛乳"}, "allergens.1: "),
        ({**ANSWERS, "like.1": "羊"}, "「羊」という食材はありません"),
        ({**ANSWERS, "food.9": "卵"}, "food.9: この問いはありません"),
    ],
)
def test_an_answer_that_will_not_do_is_refused(
    source: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    answers: dict[str, str],
    said: str,
) -> None:
    assert add(source, tmp_path / "ours", answers) == 1
    assert said in capsys.readouterr().err


def test_of_several_recipes_one_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "two.json"
    source.write_text(json.dumps([RECIPE, {**RECIPE, "name": "別の料理"}]), encoding="utf-8")
    assert add(source, tmp_path / "ours", ANSWERS) == 1
    assert "--name で1つ選んでください: ラム肉のクミン炒め、別の料理" in capsys.readouterr().err
    assert add(source, tmp_path / "ours", ANSWERS, "--name", "ラム肉のクミン炒め") == 0


@pytest.fixture
def site(source: Path) -> Iterator[str]:
    """Serve the page on loopback."""
    body = source.read_bytes()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/recipe"
            self.send_response(200 if found else 404)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body if found else b"")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_recipe_is_read_from_a_page_on_the_web(site: str, tmp_path: Path) -> None:
    assert [one["name"] for one in find_recipes(f"{site}/recipe")] == [RECIPE["name"]]
    assert add(f"{site}/recipe", tmp_path / "ours", ANSWERS) == 0


def test_a_page_that_is_not_there_or_has_no_recipe_is_said(
    site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(f"{site}/nothing", tmp_path / "ours", {}) == 1
    assert "404" in capsys.readouterr().err
    empty = tmp_path / "empty.html"
    empty.write_text(page({"@type": "WebPage"}), encoding="utf-8")
    assert add(empty, tmp_path / "ours", {}) == 1
    assert "schema.org の Recipe（JSON-LD）がありません" in capsys.readouterr().err


# Checking


def test_check_prints_every_fault_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "dishes").mkdir()
    text = (OWN / "dishes" / "uchi.toml").read_text(encoding="utf-8")
    (tmp_path / "dishes" / "uchi.toml").write_text(text, encoding="utf-8")
    # Without the table of its ingredients.
    assert main(["cookbook", "check", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said.count("食材の表にありません") == 2
    assert f"{tmp_path} に2件の誤りがあります" in said


def test_check_tells_the_allergens_of_each_dish(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cookbook", "check", str(OWN)]) == 0
    said = capsys.readouterr().out
    assert "料理3品、食材2種類。誤りはありません" in said
    assert "主菜 鹿肉とごぼうのみそ炒め（アレルゲン: 小麦・さば・大豆、" in said


# Exporting


def test_a_dish_is_exported_and_comes_back_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cookbook", "export", "肉じゃが", "--servings", "4"]) == 0
    recipe = json.loads(capsys.readouterr().out)
    assert recipe["recipeYield"] == "4人分"
    assert recipe["nutrition"]["description"] == "アレルゲン: 小麦・牛肉・大豆"
    source = tmp_path / "exported.json"
    source.write_text(json.dumps({**recipe, "name": "隣の肉じゃが"}), encoding="utf-8")

    answers = {"reading": "となりのにくじゃが", "raw": "なし"}
    assert add(source, tmp_path / "ours", answers) == 0, capsys.readouterr().err

    ours = read_cookbook(tmp_path / "ours", PACKAGE).dishes["隣の肉じゃが"]
    first = PACKAGE.dishes["肉じゃが"]
    assert ours.ingredient_names == first.ingredient_names
    assert PACKAGE.allergens(ours.model_copy(update={"name": "x"})) == PACKAGE.allergens(first)
    for part in first.ingredients:
        [other] = [one for one in ours.ingredients if one.name == part.name]
        assert other.grams == pytest.approx(part.grams, rel=0.05), part.name


def test_every_line_of_every_exported_dish_can_be_read_again() -> None:
    for dish in PACKAGE.dishes.values():
        lines = recipe_of(dish, 4, PACKAGE)["recipeIngredient"]
        for line, amount in zip(lines, PACKAGE.amounts(dish, 4), strict=True):
            [part] = read_line(line, PACKAGE)
            assert part.food == amount.name, (dish.name, line)
            grams = pytest.approx(amount.amount.grams, rel=0.01, abs=0.05)
            assert part.grams == grams, (dish.name, line)


def test_a_dish_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cookbook", "export", "ない料理"]) == 1
    assert "「ない料理」は料理帳にありません" in capsys.readouterr().err
