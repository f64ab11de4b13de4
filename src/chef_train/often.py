"""Measures which dishes would be served every other day, and writes how much less they are to win.

    python -m chef_train.often

What has little salt and many vegetables goes beside nearly everything: of plain dinners over a
year, with and without foods that are asked for, the same few dishes come again and again. Each that
comes, in its seasons, more than `USUAL` times as often as the mean of its course loses as much of
the taste as makes it come about so often; what it loses stands in `menus/often.tsv`, in units of
the taste.
"""

import argparse
import math
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Final

from chef_llm.chat.chef import Chef, load_chef
from chef_llm.engines import Deadline
from chef_llm.errors import ChefError
from chef_llm.menus.plan import EVERYDAY
from chef_llm.menus.tasting import OFTEN
from chef_llm.reading.conversation import Message
from chef_llm.reading.reader import read_order

PLAIN: Final = 360
EACH: Final = 6
FOODS: Final = [
    "鶏もも肉",
    "鶏むね肉",
    "豚こま切れ肉",
    "豚バラ肉",
    "ひき肉",
    "牛肉",
    "鮭",
    "さば",
    "たら",
    "ぶり",
    "卵",
    "豆腐",
    "キャベツ",
    "白菜",
    "大根",
    "にんじん",
    "じゃがいも",
    "ほうれん草",
    "小松菜",
    "なす",
    "トマト",
    "きのこ",
    "もやし",
    "ブロッコリー",
    "魚",
    "肉",
]
MANNERS: Final = [
    "あっさりした",
    "こってりした",
    "簡単な",
    "節約した",
    "ヘルシーな",
    "和食の",
    "洋食の",
    "中華の",
    "温まる",
    "子どもが喜ぶ",
    "やわらかい",
    "薄味の",
    "おもてなしの",
]
FIRST_DAY: Final = date(2026, 1, 3)
DAYS_OF_A_YEAR: Final = 365
USUAL: Final = 1.6
STEP: Final = 0.8
MOST: Final = 2.5


def requests() -> Iterator[str]:
    """Yield the requests; none of them is one of the benchmarks."""
    yield from ["夕食を考えてください"] * PLAIN
    for food in FOODS:
        yield from [f"{food}で夕食を考えてください"] * EACH
    for manner in MANNERS:
        yield from [f"{manner}夕食を考えてください"] * EACH


def served(chef: Chef, seed: int) -> Counter[str]:
    """Return how often each dish is served."""
    texts = list(requests())
    found: Counter[str] = Counter()
    for number, text in enumerate(texts):
        day = FIRST_DAY + timedelta(days=number * 7919 % DAYS_OF_A_YEAR)
        order = read_order([Message("user", text)], chef.cookbook, today=day)
        try:
            plan = chef.plan(order, Deadline.after(60), seed + number)
        except ChefError:
            continue
        found.update(dish.name for dish in plan.meals[0].dishes if dish.name not in EVERYDAY)
    return found


def main() -> None:
    """Write the table; each round starts from what the last one left."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    chef = load_chef()
    path = Path(str(files("chef_llm.menus").joinpath("often.tsv")))
    for number in range(options.rounds):
        found = served(chef, 100_000 * (number + 1))
        total = found.total()
        top = sum(count for _, count in found.most_common(15)) / total
        print(f"round {number + 1}: the fifteen commonest fill {top:.1%}")
        by_role: dict[str, list[str]] = {}
        for name in found:
            by_role.setdefault(chef.cookbook.dishes[name].role, []).append(name)
        for names in by_role.values():
            # What is of one season has a quarter of the year to come too often in.
            seasons = {name: len(chef.cookbook.dishes[name].seasons) or 1 for name in names}
            usual = USUAL * sum(found[name] for name in names) / sum(seasons.values())
            for name in names:
                change = STEP * math.log(found[name] / seasons[name] / usual)
                OFTEN[name] = min(MOST, max(0.0, OFTEN.get(name, 0.0) + change))
        rows = sorted(((w, n) for n, w in OFTEN.items() if w >= 0.1), reverse=True)
        path.write_text("".join(f"{n}\t{w:.2f}\n" for w, n in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
