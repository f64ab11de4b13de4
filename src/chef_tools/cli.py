"""The chef in a terminal: `chef ask`, `menu`, `dish`, `cookbook`, `models`, `cost`.

Questions go through the real Lambda handler, as API Gateway events. Exit codes: 0 for an answer,
1 for an error of the request or the model, 2 for a wrong command line.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from chef_llm.asgi import LocalContext, http_event
from chef_llm.cookbook import load_cookbook
from chef_llm.cookbook.model import fold
from chef_llm.cookbook.vocabulary import CUISINES, DIETS, MEALS, PARTS, SEASONS
from chef_llm.errors import ChefError
from chef_llm.menus.cards import recipe_card, time_words
from chef_llm.menus.shopping import amount_text
from chef_llm.settings import choose_model, quiet_observability
from chef_tools.cookbook_commands import add_cookbook_commands
from chef_tools.costs.estimates import attacks, million_menus
from chef_tools.costs.report import MEASURED, report
from chef_tools.costs.stack import BadTemplate, Stack
from chef_tools.model_commands import add_model_commands

DEFAULT_QUESTION: Final = "鶏むね肉とキャベツで、2人分の夕食をお願いします"
# Of a checkout: the package that ships has no template.
TEMPLATE: Final = Path(__file__).parents[2] / "template.yaml"
DEFAULT_ORDER: Final = "献立をお願いします"
OK: Final = 200
# The timeout of a Lambda function has no more.
MOST_SECONDS: Final = 900


class RequestFailed(Exception):
    """The handler answered with an error; the message is for people."""


def ask(arguments: argparse.Namespace) -> str:
    """Return the answer to one question, menu and recipe cards."""
    parameters = {} if arguments.seed is None else {"seed": arguments.seed}
    answer = _post("/generate", {"input": arguments.question, "parameters": parameters})
    return _json(answer) if arguments.json else str(answer[0]["generated_text"])


def menu(arguments: argparse.Namespace) -> str:
    """Return planned menus that keep every constraint given."""
    body: dict[str, Any] = {
        "request": arguments.request,
        "ingredients": arguments.ingredient,
        "servings": arguments.servings,
        "days": arguments.days,
        "meals": arguments.meal,
        "allergens": arguments.allergen,
        "exclude": arguments.exclude,
        "cuisine": arguments.cuisine,
        "max_minutes": arguments.minutes,
        "max_total_minutes": arguments.total_minutes,
        "season": arguments.season,
        "diet": arguments.diet,
        "seed": arguments.seed,
    }
    plan = _post(
        "/v1/menus", {name: value for name, value in body.items() if value not in (None, "", [])}
    )
    return _json(plan) if arguments.json else _menu_text(plan)


def dish(arguments: argparse.Namespace) -> str:
    """Return the recipe card of one dish of the cookbook."""
    cookbook = load_cookbook()
    wanted = fold(arguments.name.strip())
    found = cookbook.dishes.get(arguments.name) or next(
        (dish for dish in cookbook.dishes.values() if fold(dish.reading) == wanted), None
    )
    if found is None:
        near = [
            dish.name
            for dish in cookbook.dishes.values()
            if wanted and (wanted in fold(dish.name) or wanted in fold(dish.reading))
        ][:10]
        hint = f" 似た名前: {'、'.join(near)}" if near else ""
        raise RequestFailed(f"「{arguments.name}」は料理帳にありません。{hint}")
    if arguments.json:
        return _json(found.model_dump(mode="json"))
    return recipe_card(found, arguments.servings, cookbook)


def cost(arguments: argparse.Namespace) -> str:
    """Return what the stack of a template costs: a million menus, and attacks."""
    try:
        stack = Stack.read(arguments.template, dict(arguments.parameter))
    except BadTemplate as error:
        raise RequestFailed(str(error)) from error
    measured = MEASURED
    if arguments.seconds is not None:
        measured = replace(measured, menu_seconds=arguments.seconds)
    if not arguments.json:
        return report(stack, measured)
    lines = [asdict(line) | {"usd": line.usd} for line in million_menus(stack, measured)]
    return _json({"menus": lines, "attacks": [asdict(one) for one in attacks(stack, measured)]})


def _post(path: str, body: dict[str, Any]) -> Any:
    """Send `body` as an API Gateway event through the Lambda handler."""
    quiet_observability()
    from chef_llm.app import lambda_handler  # noqa: PLC0415  # after the logs are quiet

    event = http_event(
        "POST", path, {"content-type": "application/json"}, json.dumps(body).encode()
    )
    response = lambda_handler(event, LocalContext())
    answer = json.loads(response["body"])
    if response["statusCode"] != OK:
        raise RequestFailed(answer["error"]["message"])
    return answer


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _menu_text(plan: dict[str, Any]) -> str:
    """Lay out a plan for a terminal: menus, what was kept, what to buy."""
    lines = []
    for one in plan["menus"]:
        lines.append(f"【{one['day']}日目 {one['meal']}】{one['title']}")
        for each in one["dishes"]:
            allergens = "・".join(each["allergens"]) or "なし"
            time = time_words(each["minutes"], each["waiting_minutes"])
            facts = f"{time}・アレルゲン: {allergens}"
            lines.append(f"  {each['role']}: {each['name']}（{facts}）")
        worked = one["total_minutes"] - one["waiting_minutes"]
        lines.append(f"  調理時間: 全部で{time_words(worked, one['waiting_minutes'])}")
        total = one["nutrition"]
        lines.append(
            f"  1人分: {total['energy_kcal']:.0f}kcal たんぱく質{total['protein_g']:.1f}g "
            f"脂質{total['fat_g']:.1f}g 糖質{total['net_carbohydrate_g']:.1f}g "
            f"食物繊維{total['fibre_g']:.1f}g カルシウム{total['calcium_mg']:.0f}mg "
            f"鉄{total['iron_mg']:.1f}mg 食塩{total['salt_g']:.1f}g "
            f"野菜{total['vegetables_g']:.0f}g 材料費の目安{one['price_yen']['usual']:.0f}円"
        )
        lines.append(f"  ポイント: {one['comment']}")
    for slot in plan["unplanned"]:
        lines.append(f"【{slot['day']}日目 {slot['meal']}】時間内に作れませんでした。")
    lines += _section("使いたいもの", [_use(asked) for asked in plan["ingredients"]])
    lines += _section(
        "守った条件",
        [_kept(one) for one in plan["constraints"]],
    )
    lines += _section(
        f"買い物リスト（{plan['servings']}人分）",
        [
            f"{section['section']}: {'、'.join(map(_amount, section['items']))}"
            for section in plan["shopping_list"]
        ],
    )
    if plan["left_over"]:
        lines.append(f"  余り: {'、'.join(map(_amount, plan['left_over']))}")
    if plan["shopping_list"]:
        yen = plan["shopping_price_yen"]
        lines.append(
            f"  全部買うと約{yen['usual']:.0f}円（{yen['low']:.0f}〜{yen['high']:.0f}円、目安）"
        )
    return "\n".join([*lines, "", plan["price_notice"], plan["notice"]])


def _section(title: str, items: list[str]) -> list[str]:
    return ["", title, *(f"  {item}" for item in items)] if items else []


def _use(asked: dict[str, Any]) -> str:
    if not asked["known"]:
        return f"{asked['name']}: 料理帳にありません"
    return f"{asked['name']}: {'、'.join(asked['dishes']) or '使っていません'}"


def _kept(one: dict[str, Any]) -> str:
    label = PARTS[one["constraint"]].japanese
    # What is said of a diet begins with its Japanese name.
    value = "" if one["constraint"] == "diet" else f" {one['value']}"
    return f"{label}{value}: {one['how']}"


def _amount(item: dict[str, Any]) -> str:
    return amount_text(item["name"], item["grams"], item["measure"])


def _parameter(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError(f"名前=値 の形で書いてください: {text}")
    return name, value


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"0より大きく{MOST_SECONDS}以下の秒数: {text}")
    return seconds


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="chef", description="献立シェフ")
    commands = parser.add_subparsers(dest="command", required=True)

    asking = commands.add_parser("ask", help="料理や献立を相談する")
    asking.add_argument("question", nargs="?", default=DEFAULT_QUESTION)
    asking.add_argument("--seed", type=int, help="同じ数なら同じ献立")
    asking.set_defaults(run=ask)

    planning = commands.add_parser("menu", help="条件を必ず守る献立を立てる")
    planning.add_argument("request", nargs="?", default=DEFAULT_ORDER)
    planning.add_argument("--servings", type=int, help="人数（1-12）")
    planning.add_argument("--days", type=int, help="日数（1-14）")
    planning.add_argument("--meal", action="append", default=[], help="・".join(MEALS))
    planning.add_argument("--ingredient", action="append", default=[], help="家にある食材")
    planning.add_argument("--allergen", action="append", default=[], help="避けるアレルゲン")
    planning.add_argument("--exclude", action="append", default=[], help="使わない食材や料理")
    planning.add_argument("--cuisine", help="・".join(CUISINES))
    planning.add_argument("--season", help=f"{'・'.join(SEASONS)}（なければ今の季節）")
    planning.add_argument("--minutes", type=int, help="1品にかけられる分数")
    planning.add_argument("--total-minutes", type=int, help="食卓に出すまでの分数")
    planning.add_argument("--diet", action="append", default=[], help=", ".join(DIETS))
    planning.add_argument("--seed", type=int, help="同じ数なら同じ献立")
    planning.set_defaults(run=menu)

    recipe = commands.add_parser("dish", help="料理のレシピを見る")
    recipe.add_argument("name")
    recipe.add_argument("--servings", type=int, default=2, choices=range(1, 13), metavar="1-12")
    recipe.set_defaults(run=dish)

    own = commands.add_parser("cookbook", help="自分の料理帳を確かめる・足す・書き出す")
    add_cookbook_commands(own)

    models = commands.add_parser("models", help="モデルの一覧・取得・見積もり")
    add_model_commands(models)

    costing = commands.add_parser("cost", help="AWSでの費用を見積もる（献立100万食、攻撃）")
    costing.add_argument("--seconds", type=_seconds, help="1食にかかる秒数（なければ測った値）")
    costing.add_argument("--template", type=Path, default=TEMPLATE, help="SAMのテンプレート")
    costing.add_argument(
        "--parameter",
        type=_parameter,
        action="append",
        default=[],
        metavar="名前=値",
        help="テンプレートのパラメーター（MemorySize=3008 など）",
    )
    costing.set_defaults(run=cost)

    for command in (asking, planning):
        command.add_argument("--model", help="答えるモデル（なければ環境変数 CHEF_MODEL）")

    for command in (asking, planning, recipe, own, models, costing):
        command.add_argument("--json", action="store_true", help="JSONで出力する")
    return parser


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line; returns its exit code."""
    arguments = _parser().parse_args(words)
    if name := getattr(arguments, "model", None):
        choose_model(name)
    try:
        print(arguments.run(arguments), flush=True)
    except BrokenPipeError:
        # Who reads has read enough (`| head`); what Python would still write at exit goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (RequestFailed, ChefError) as error:
        print(f"エラー: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
