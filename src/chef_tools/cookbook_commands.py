"""`chef cookbook`: check a folder of one's own, add recipes to it, export dishes."""

import argparse
import json
import sys
from pathlib import Path
from typing import Final

from chef_llm.cookbook import ALLERGENS, Cookbook, CookbookError, load_cookbook, package_cookbook
from chef_llm.cookbook.loader import read_cookbook
from chef_llm.cookbook.own import own_folder
from chef_llm.errors import InvalidRequest
from chef_llm.settings import cookbook_uri
from chef_tools.recipes.dishes import dish_of
from chef_tools.recipes.files import add_dish
from chef_tools.recipes.json_ld import find_recipes, recipe_of
from chef_tools.recipes.questions import Questions

UNCLEAR: Final = (
    "はっきりしないことがあります。--answer 'キー=答え' で答えるか、端末で実行してください。"
)


def check(arguments: argparse.Namespace) -> str:
    """Return a summary of a folder; raises `InvalidRequest` with all of its faults."""
    try:
        cookbook = read_cookbook(own_folder(arguments.path), package_cookbook())
    except CookbookError as error:
        raise _wrong(arguments.path, error) from error
    if arguments.json:
        dishes = [cookbook.dishes[name].model_dump(mode="json") for name in sorted(cookbook.own)]
        return json.dumps(dishes, ensure_ascii=False, indent=2)
    return _summary(arguments.path, cookbook)


def _wrong(path: str, error: CookbookError) -> InvalidRequest:
    lines = [f"{path} に{len(error.faults)}件の誤りがあります。", *error.faults]
    return InvalidRequest("\n".join(lines))


def _summary(path: str, cookbook: Cookbook) -> str:
    package = package_cookbook()
    foods = [name for name in cookbook.ingredients if name not in package.ingredients]
    lines = [f"{path}: 料理{len(cookbook.own)}品、食材{len(foods)}種類。誤りはありません。"]
    for name in (name for name in cookbook.dishes if name in cookbook.own):
        dish = cookbook.dishes[name]
        figures = cookbook.nutrition(dish)
        lines.append(
            f"  {dish.role.value} {name}（アレルゲン: {_held(cookbook.allergens(dish))}、"
            f"1人分 {figures.energy_kcal:.0f}kcal 食塩{figures.salt_g:.1f}g）"
        )
    for name in foods:
        lines.append(f"  食材 {name}（アレルゲン: {_held(cookbook.ingredients[name].allergens)}）")
    lines.append(f"使うには: CHEF_COOKBOOK_URI={path}")
    return "\n".join(lines)


def _held(allergens: frozenset[str]) -> str:
    return "・".join(name for name in ALLERGENS if name in allergens) or "なし"


def add(arguments: argparse.Namespace) -> str:
    """Write the Recipe of a page or file into the folder; raises `InvalidRequest` if unclear."""
    folder = _folder(arguments.into)
    try:
        cookbook = package_cookbook()
        if (folder / "dishes").is_dir():
            cookbook = read_cookbook(folder, cookbook)
    except CookbookError as error:
        raise _wrong(str(folder), error) from error
    recipes = find_recipes(arguments.source)
    if len(recipes) > 1:
        names = "、".join(str(one.get("name")) for one in recipes)
        recipes = [one for one in recipes if one.get("name") == arguments.name]
        if len(recipes) != 1:
            raise InvalidRequest(f"レシピがいくつもあります。--name で1つ選んでください: {names}")
    questions = Questions(dict(arguments.answer), sys.stdin.isatty())
    new = dish_of(recipes[0], cookbook, questions)
    if unknown := set(questions.given) - questions.used:
        questions.open += [f"{key}: この問いはありません" for key in sorted(unknown)]
    if questions.open:
        raise InvalidRequest("\n  ".join([UNCLEAR, *questions.open]))
    try:
        path = add_dish(folder, new, arguments.source, package_cookbook())
    except CookbookError as error:
        raise _wrong("このレシピを足した料理帳", error) from error
    after = read_cookbook(folder, package_cookbook())
    dish = after.dishes[new.fields["name"]]
    if arguments.json:
        return json.dumps(dish.model_dump(mode="json"), ensure_ascii=False, indent=2)
    told = [f"{path} に「{dish.name}」を書きました。読んで確かめてください。"]
    told += [f"  {part.name} {part.grams:g}g（{part.measure}）" for part in dish.ingredients]
    return "\n".join([*told, f"  アレルゲン: {_held(after.allergens(dish))}"])


def _folder(into: Path | None) -> Path:
    uri = cookbook_uri()
    if into is None and (uri is None or uri.startswith("s3:")):
        raise InvalidRequest("書き込むフォルダを --into で指定してください。")
    return into or Path(str(uri)).expanduser()


def export(arguments: argparse.Namespace) -> str:
    """Return a dish as a Recipe in JSON-LD."""
    cookbook = load_cookbook()
    dish = cookbook.dishes.get(arguments.name)
    if dish is None:
        raise InvalidRequest(f"「{arguments.name}」は料理帳にありません。")
    recipe = recipe_of(dish, arguments.servings, cookbook)
    return json.dumps(recipe, ensure_ascii=False, indent=2)


def _answer(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError(f"キー=答え の形で書いてください: {text}")
    return key.strip(), value


def add_cookbook_commands(parser: argparse.ArgumentParser) -> None:
    """Add the commands under `chef cookbook`."""
    commands = parser.add_subparsers(dest="cookbook_command", required=True)

    checking = commands.add_parser("check", help="自分の料理帳の誤りをすべて挙げる")
    checking.add_argument("path", help="フォルダか s3://バケット/フォルダ/")
    checking.set_defaults(run=check)

    adding = commands.add_parser("add", help="schema.org のレシピを自分の料理帳に足す")
    adding.add_argument("source", help="ページのURLか、HTML・JSON-LD のファイル")
    adding.add_argument("--into", type=Path, help="フォルダ（なければ CHEF_COOKBOOK_URI）")
    adding.add_argument("--name", help="レシピがいくつもあるとき、その名前")
    adding.add_argument(
        "--answer", type=_answer, action="append", default=[], metavar="キー=答え",
        help="はっきりしないことの答え",
    )  # fmt: skip
    adding.set_defaults(run=add)

    exporting = commands.add_parser("export", help="料理を schema.org のレシピ（JSON-LD）にする")
    exporting.add_argument("name", help="料理の名前")
    exporting.add_argument("--servings", type=int, default=2, choices=range(1, 13), metavar="1-12")
    exporting.set_defaults(run=export)

    for command in (checking, adding, exporting):
        # Not to undo a --json before the command's name.
        command.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help="JSONで出力する"
        )
