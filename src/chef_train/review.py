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


# A wait of so many minutes stands by itself; in a shorter one a cook does something else.
LEAST_WAITING_MINUTES: Final = 15
OVERNIGHT_MINUTES: Final = 360
SAND_MINUTES: Final = 120
# 「冷蔵庫で30分おく」, 「20分ほど浸し」; what is cooked meanwhile is no wait.
WAIT: Final = re.compile(
    r"(?P<count>\d+)(?P<unit>分|時間)(?:ほど|以上|くらい)?"
    r"(?:おいて|おく|おき|漬け|浸し|浸す|つけて|水きり|水切り|冷やす|冷やして|戻す|休ませ|ねかせ|味をなじ)"
)
NIGHT: Final = re.compile("(?:一|ひと)晩|半日")
SAND: Final = re.compile("砂を?(?:抜|出)")
# Of fish that is bought to be eaten raw, and of eggs that are left soft.
RAW_FISH: Final = re.compile("刺身用|生食用|刺身")
SOFT_EGG: Final = re.compile("温泉卵|卵黄(?:をのせ|を落と|を中央)|生卵|半熟(?:のまま|に仕上|で火を止|で取り出|卵)|とろとろ")
EYES_OF_POTATOES: Final = re.compile("芽")
# Written out in docs/cookbook.md.
CHOKING: Final = frozenset(
    ["こんにゃく", "しらたき", "うずら卵水煮", "餅", "枝豆", "そら豆", "グリーンピース"]
    + ["大豆水煮", "蒸し大豆", "ミックスビーンズ", "ひよこ豆水煮", "黒豆水煮", "酒粕"]
)
HOT: Final = frozenset(["粉唐辛子", "赤唐辛子", "七味唐辛子", "豆板醤", "コチュジャン", "ラー油"])
NOT_SOFT: Final = frozenset(
    ["こんにゃく", "しらたき", "油揚げ", "焼きのり", "わかめ", "ごぼう", "れんこん", "餅", "もやし"]
    + ["豆もやし", "たけのこ水煮", "セロリ", "水菜", "いか", "たこ", "ミニトマト", "赤パプリカ"]
    + ["ピーマン", "いんげん", "さやえんどう", "にら", "小松菜", "枝豆", "きくらげ", "切り干し大根"]
)
NOT_SOFT_GROUPS: Final = frozenset({"きのこ", "ナッツ"})
# Meat that is not minced is soft after so long.
BRAISED_MINUTES: Final = 60
UNCOOKED_METHODS: Final = frozenset({"生", "あえる", "漬ける"})
NOT_PACKED_METHODS: Final = frozenset({"生"})
NOT_PACKED: Final = frozenset({"マヨネーズ", "絹ごし豆腐"})


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
        yield from _waiting(dish)
        yield from _raw(dish, cookbook)
        yield from _tags(dish, cookbook)
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


def _waiting(dish: Dish) -> Iterator[Finding]:
    """Yield what the steps wait for, where the dish does not say that one waits so long."""
    text = "".join(dish.steps)
    waits = [
        int(match["count"]) * (60 if match["unit"] == "時間" else 1)
        for match in WAIT.finditer(text)
    ]
    waits += [OVERNIGHT_MINUTES] * bool(NIGHT.search(text)) + [SAND_MINUTES] * bool(SAND.search(text))
    longest = max(waits, default=0)
    if longest >= LEAST_WAITING_MINUTES and dish.waiting < longest:
        yield Finding(dish.name, "waiting", f"{dish.waiting} of {longest} minutes")


def _raw(dish: Dish, cookbook: Cookbook) -> Iterator[Finding]:
    """Yield what looks as if it was not cooked through, and the dish does not say so."""
    text = "".join(dish.steps)
    roe = [
        name
        for name in dish.ingredient_names
        if "魚卵" in cookbook.ingredients[name].groups and dish.method in UNCOOKED_METHODS
    ]
    if not dish.raw and (RAW_FISH.search(text) or roe):
        yield Finding(dish.name, "raw", "fish")
    if "卵" in dish.ingredient_names and "卵" not in dish.raw and SOFT_EGG.search(text):
        yield Finding(dish.name, "raw", "egg")


def _tags(dish: Dish, cookbook: Cookbook) -> Iterator[Finding]:
    """Yield what a dish holds against the criteria of its tags, and potatoes with their eyes."""
    names, text = dish.ingredient_names, "".join(dish.steps)
    if "じゃがいも" in names and not EYES_OF_POTATOES.search(text):
        yield Finding(dish.name, "potatoes", "their eyes stay in")
    if "子ども向け" in dish.tags:
        for name in sorted(names & (CHOKING | HOT) | frozenset(dish.raw)):
            yield Finding(dish.name, "子ども向け", name)
        for name in sorted(names & {"ミニトマト"}):
            if "輪切り" not in text and "4等分" not in text:
                yield Finding(dish.name, "子ども向け", f"whole {name}")
    if "やわらかい" in dish.tags:
        for name in sorted(names):
            if name in NOT_SOFT or _is_hard(name, dish, cookbook):
                yield Finding(dish.name, "やわらかい", name)
    if "弁当" in dish.tags:
        for name in sorted(names & NOT_PACKED | frozenset(dish.raw)):
            yield Finding(dish.name, "弁当", name)
        if dish.method in NOT_PACKED_METHODS:
            yield Finding(dish.name, "弁当", dish.method)
    if ("作り置き" in dish.tags) != (dish.keeps is not None):
        yield Finding(dish.name, "作り置き", f"keeps {dish.keeps} days")
    if "行事" in dish.tags and dish.months and not dish.seasons:
        yield Finding(dish.name, "行事", "months without a season")


def _is_hard(name: str, dish: Dish, cookbook: Cookbook) -> bool:
    ingredient = cookbook.ingredients[name]
    if ingredient.groups & NOT_SOFT_GROUPS:
        return True
    is_cut = ingredient.section == "肉" and "ひき肉" not in ingredient.groups
    return is_cut and dish.minutes < BRAISED_MINUTES


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
