"""What a dish must hold to for its tags, its waiting and what it calls raw (docs/cookbook.md).

As far as steps and ingredients tell; what is right all the same is explained for `review`.
"""

import re
from collections.abc import Iterator
from typing import Final

from chef_llm.cookbook import Cookbook, Dish

# (rule, what it is about)
Fault = tuple[str, str]


def _foods(spelled: str) -> frozenset[str]:
    return frozenset(spelled.split())


# A wait of so many minutes stands by itself; in a shorter one a cook does something else.
LEAST_WAITING_MINUTES: Final = 15
MINUTES_IN_AN_HOUR: Final = 60
OVERNIGHT_MINUTES: Final = 360
SAND_MINUTES: Final = 120
# 「冷蔵庫で30分おく」, 「20分ほど浸し」; what is cooked meanwhile is no wait.
WAIT: Final = re.compile(
    r"(?P<count>\d+)(?P<unit>分|時間)(?:ほど|以上|くらい)?"
    r"(?:おいて|おく|おき|漬け|浸し|浸す|つけて|水きり|水切り|冷や[しす]|さら[しす]|戻す|休ませ|ねかせ"
    r"|味をなじ)"
)
NIGHT: Final = re.compile("(?:一|ひと)晩|半日")
SAND: Final = re.compile("砂を?(?:抜|出)")
# Of fish that is bought to be eaten raw, and of eggs that are left soft.
RAW_FISH: Final = re.compile("刺身|生食用")
SOFT_EGG: Final = re.compile(
    "温泉卵|生卵|とろとろ|卵黄(?:をのせ|を落と)|半熟(?:のまま|に仕上|で火を止|で取り出|卵)"
)
COOKED_EGG: Final = re.compile("ゆで|焼|炒|固ま")
UNCOOKED_METHODS: Final = frozenset({"生", "あえる", "漬ける"})
WHOLE_BEANS: Final = _foods(
    "枝豆 そら豆 グリーンピース 大豆水煮 蒸し大豆 ミックスビーンズ ひよこ豆水煮 黒豆水煮"
)
CHOKING: Final = WHOLE_BEANS | _foods("こんにゃく しらたき うずら卵水煮 餅")
HOT: Final = _foods("粉唐辛子 赤唐辛子 七味唐辛子 豆板醤 コチュジャン ラー油 酒粕")
CUT_TOMATO: Final = re.compile("輪切り|4等分|四つ")
# What neither chopsticks part nor gums crush.
NOT_SOFT: Final = WHOLE_BEANS | _foods(
    "こんにゃく しらたき 油揚げ 焼きのり わかめ ごぼう れんこん 餅 もやし 豆もやし たけのこ水煮 "
    "セロリ 水菜 いか たこ ミニトマト 赤パプリカ ピーマン いんげん さやえんどう にら 小松菜 "
    "きくらげ 切り干し大根"
)
NOT_SOFT_GROUPS: Final = frozenset({"きのこ", "ナッツ"})
# Meat that is not minced is soft after so long.
BRAISED_MINUTES: Final = 60
NOT_PACKED: Final = frozenset({"マヨネーズ", "絹ごし豆腐"})


def broken(dish: Dish, cookbook: Cookbook) -> Iterator[Fault]:
    """Yield what a dish does not hold to."""
    yield from _waiting(dish)
    yield from _raw(dish, cookbook)
    if "じゃがいも" in dish.ingredient_names and "芽" not in "".join(dish.steps):
        yield "potatoes", "their eyes stay in"
    if "子ども向け" in dish.tags:
        yield from _for_children(dish)
    if "やわらかい" in dish.tags:
        yield from (("やわらかい", name) for name in _hard(dish, cookbook))
    if "弁当" in dish.tags:
        yield from _packed(dish)
    if ("作り置き" in dish.tags) != (dish.keeps is not None):
        yield "作り置き", f"keeps {dish.keeps} days"


def _waiting(dish: Dish) -> Iterator[Fault]:
    """Yield what the steps wait for, where the dish does not say that one waits so long."""
    text = "".join(dish.steps)
    waits = [
        int(match["count"]) * (MINUTES_IN_AN_HOUR if match["unit"] == "時間" else 1)
        for match in WAIT.finditer(text)
    ]
    waits += [OVERNIGHT_MINUTES] * bool(NIGHT.search(text))
    waits += [SAND_MINUTES] * bool(SAND.search(text))
    longest = max(waits, default=0)
    if longest >= LEAST_WAITING_MINUTES and dish.waiting < longest:
        yield "waiting", f"{dish.waiting} of {longest} minutes"


def _raw(dish: Dish, cookbook: Cookbook) -> Iterator[Fault]:
    """Yield what looks as if it was not cooked through, and the dish does not say so."""
    text = "".join(dish.steps)
    has_roe = "魚卵" in cookbook.groups(dish) and dish.method in UNCOOKED_METHODS
    if not dish.raw and (has_roe or RAW_FISH.search(text)):
        yield "raw", "fish"
    is_cooked = dish.method not in UNCOOKED_METHODS or COOKED_EGG.search(text)
    is_soft = not is_cooked or SOFT_EGG.search(text)
    if "卵" in dish.ingredient_names and "卵" not in dish.raw and is_soft:
        yield "raw", "egg"


def _for_children(dish: Dish) -> Iterator[Fault]:
    for name in sorted(dish.ingredient_names & (CHOKING | HOT) | set(dish.raw)):
        yield "子ども向け", name
    if "ミニトマト" in dish.ingredient_names and not CUT_TOMATO.search("".join(dish.steps)):
        yield "子ども向け", "whole ミニトマト"


def _hard(dish: Dish, cookbook: Cookbook) -> Iterator[str]:
    """Yield the ingredients that are not soft in the end."""
    for name in sorted(dish.ingredient_names):
        ingredient = cookbook.ingredients[name]
        is_cut = ingredient.section == "肉" and "ひき肉" not in ingredient.groups
        if (
            name in NOT_SOFT
            or ingredient.groups & NOT_SOFT_GROUPS
            or (is_cut and dish.minutes < BRAISED_MINUTES)
        ):
            yield name


def _packed(dish: Dish) -> Iterator[Fault]:
    for name in sorted(dish.ingredient_names & NOT_PACKED | set(dish.raw)):
        yield "弁当", name
    if dish.method == "生":
        yield "弁当", dish.method
