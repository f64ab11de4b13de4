"""List what looks doubtful in the cookbook, dish by dish; what is right all the same is explained.

    make review        # or: python -m chef_train.review

A row is a dish, a rule and what it is about. Balance is a rule too: what every supermarket has
(`common_ingredients.txt`) is used by at least 4 dishes of at least 2 roles. Explanations stand in
`review_explained.toml`; the command fails while a row has none, and names explanations that no row
needs any more.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from chef_llm.cookbook import Cookbook, Dish, Role, load_cookbook
from chef_llm.cookbook.model import fold
from chef_train.criteria import broken

COMMON: Final = Path(__file__).with_name("common_ingredients.txt")
FEWEST_DISHES: Final = 4
FEWEST_ROLES: Final = 2
EXPLAINED: Final = Path(__file__).with_name("review_explained.toml")
ONE_BOWL: Final = "一皿"
# The usual energy of a serving in kcal: the ranges that the dishes were written to.
ENERGY_KCAL: Final = {
    Role.STAPLE.value: (150, 620),
    ONE_BOWL: (280, 850),
    Role.MAIN.value: (90, 600),
    Role.SIDE.value: (10, 260),
    Role.SOUP.value: (10, 280),
}
# The usual grams of one ingredient in a serving, by section.
MOST_GRAMS: Final = {
    "肉": 180,
    "魚介": 160,
    "卵・乳製品": 220,
    "豆腐・大豆製品": 220,
    "野菜・果物": 220,
    "乾物・海藻": 60,
    "缶詰・加工品": 160,
    "粉・製菓": 80,
    "米・パン・麺": 260,
    "調味料・油": 40,
}
LIQUIDS: Final = frozenset({"水", "だし汁", "昆布だし", "牛乳", "豆乳", "ココナッツミルク"})
# Inside other words: たら stands in ゆでたら, かに in 静かに.
SHORT_KANA: Final = re.compile("[ぁ-ん]{1,2}|.|ふぉー")
WET: Final = LIQUIDS | {"酒", "トマト水煮缶", "白ワイン", "赤ワイン", "トマト", "生クリーム"}
LEAST_SOUP_GRAMS: Final = 90
LEAST_BRAISE_GRAMS: Final = 25
SEASONINGS: Final = "調味料・油"
# Words of a step that stand for seasonings mixed before or listed together.
TOGETHER: Final = (
    "調味料",
    "合わせだれ",
    "たれ",
    "ソース",
    "ドレッシング",
    "残り",
    "材料",
    "すべて",
)


class Finding(NamedTuple):
    """One row: what is doubtful about a dish."""

    dish: str
    rule: str
    subject: str


def findings(cookbook: Cookbook) -> Iterator[Finding]:
    """Yield everything that looks doubtful, in the cookbook's order."""
    for dish in cookbook.dishes.values():
        yield from _amounts(dish, cookbook)
        yield from _energy(dish, cookbook)
        yield from _liquids(dish)
        yield from _steps(dish, cookbook)
        for rule, subject in broken(dish, cookbook):
            yield Finding(dish.name, rule, subject)
    yield from _balance(cookbook)


def _amounts(dish: Dish, cookbook: Cookbook) -> Iterator[Finding]:
    for part in dish.ingredients:
        section = cookbook.ingredients[part.name].section
        if part.name not in LIQUIDS and part.grams > MOST_GRAMS[section]:
            yield Finding(dish.name, "amount", f"{part.name} {part.grams:g}g")


def _energy(dish: Dish, cookbook: Cookbook) -> Iterator[Finding]:
    energy = cookbook.nutrition(dish).energy_kcal
    low, high = ENERGY_KCAL[ONE_BOWL if dish.is_one_bowl else dish.role.value]
    if not low <= energy <= high:
        yield Finding(dish.name, "energy", f"{energy:.0f}kcal")


def _liquids(dish: Dish) -> Iterator[Finding]:
    wet = sum(part.grams for part in dish.ingredients if part.name in WET)
    if dish.role == Role.SOUP and wet < LEAST_SOUP_GRAMS:
        yield Finding(dish.name, "liquid", f"{wet:g}g")
    if dish.role == Role.MAIN and dish.method == "煮る" and wet < LEAST_BRAISE_GRAMS:
        yield Finding(dish.name, "liquid", f"{wet:g}g")


def _steps(dish: Dish, cookbook: Cookbook) -> Iterator[Finding]:
    text = fold("".join(dish.steps))
    named, rest = _named(text, cookbook)
    for name in named - dish.ingredient_names - {"水"}:
        if not _is_kind_of(name, dish, cookbook):
            yield Finding(dish.name, "step names what is not listed", name)
    for name in sorted(dish.ingredient_names - named):
        if cookbook.ingredients[name].section == SEASONINGS and any(w in text for w in TOGETHER):
            continue
        if not any(word in rest for word in _short_names(name, cookbook)):
            yield Finding(dish.name, "no step names it", name)


def common_ingredients() -> list[str]:
    """Return the ingredients that a Japanese supermarket always has."""
    return COMMON.read_text(encoding="utf-8").split()


def _balance(cookbook: Cookbook) -> Iterator[Finding]:
    for name in common_ingredients():
        using = [dish for dish in cookbook.dishes.values() if name in dish.ingredient_names]
        roles = {dish.role for dish in using}
        if len(using) < FEWEST_DISHES or len(roles) < FEWEST_ROLES:
            yield Finding(name, "balance", f"{len(using)} dishes of {len(roles)} roles")


def _named(text: str, cookbook: Cookbook) -> tuple[set[str], str]:
    """Return the ingredients whose spellings stand in `text`, the longest first, and the rest."""
    named = set()
    for spelling in sorted(cookbook.spellings, key=len, reverse=True):
        if not SHORT_KANA.fullmatch(spelling) and spelling in text:
            named.add(cookbook.spellings[spelling])
            text = text.replace(spelling, f"/{spelling[:1]}")
    return named, text


def _is_kind_of(name: str, dish: Dish, cookbook: Cookbook) -> bool:
    """Tell whether a listed ingredient shares a food group with it: 豚肉 for 豚バラ薄切り肉."""
    groups = cookbook.ingredients[name].groups
    return any(groups & cookbook.ingredients[other].groups for other in dish.ingredient_names)


def _short_names(name: str, cookbook: Cookbook) -> Iterator[str]:
    """Yield what a step may call an ingredient: any two or more characters of its name in a row."""
    yield name[0]
    for word in (name, cookbook.ingredients[name].reading):
        for start in range(len(word) - 1):
            yield fold(word[start : start + 2])


def explanations() -> dict[Finding, str]:
    """Return the reason why a row is right, for every row that has one."""
    rows = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))["row"]
    return {Finding(row["dish"], row["rule"], row["subject"]): row["reason"] for row in rows}


def main() -> None:
    """Print the rows without an explanation; exit with 1 if there are any."""
    found, explained = set(findings(load_cookbook())), explanations()
    for finding in sorted(found - explained.keys()):
        print("\t".join(finding))
    for finding in sorted(explained.keys() - found):
        print("\t".join(finding), "is explained, but no longer found")
    print(f"{len(found)} rows, {len(found & explained.keys())} explained", file=sys.stderr)
    sys.exit(found != explained.keys())


if __name__ == "__main__":
    main()
