"""What no cook puts on one table where there is anything else: two soups, two fried dishes.

Nothing that must be kept: `drawing` offers a menu without a clash wherever there is one.
"""

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, combinations
from typing import Final

from chef_llm.cookbook import Cookbook, Dish, Role
from chef_llm.cookbook.known import once_a_dish, once_in_a_cookbook
from chef_llm.cookbook.tools import RICE_COOKER, tools_of
from chef_llm.cookbook.vocabulary import PLAIN_RICE

TWO_SOUPY: Final = "two soupy"
ONE_PROTEIN: Final = "two of one protein source"
TWO_FRIED: Final = "two fried"
TWO_SIMMERED: Final = "two simmered"
THREE_CUISINES: Final = "three cuisines"
FOREIGN: Final = "soup or seasoned rice of another cuisine than what leads the meal"
DESSERT: Final = "dessert as side"
STRANGE_CUISINES: Final = "cuisines that do not go together"
ONE_COOKER: Final = "two in one rice cooker"
ONE_FOOD: Final = "one food in two dishes"
ONE_FLAVOUR: Final = "one flavour in two dishes"
STRANGE_BESIDE: Final = "bread beside rice, butter beside a Japanese main, fish beside sweet toast"
SECOND_MAIN: Final = "soup of meat or fish beside a main of it"
CLASHES: Final = (
    *(TWO_SOUPY, ONE_PROTEIN, TWO_FRIED, TWO_SIMMERED, THREE_CUISINES, FOREIGN, DESSERT),
    *(STRANGE_CUISINES, ONE_FOOD, ONE_FLAVOUR, ONE_COOKER, STRANGE_BESIDE),
    SECOND_MAIN,
)
# Of these a meal has one dish.
ONCE: Final = (TWO_SOUPY, TWO_FRIED, TWO_SIMMERED, ONE_COOKER)
MOST_CUISINES: Final = 2
JAPANESE: Final = "和"
OF_THE_EAST: Final = frozenset({"和", "中", "韓"})
WESTERN: Final = "洋"
# The cuisines of which a meal may have two: a cook who mixes others has to know why.
TOGETHER: Final = frozenset(
    frozenset(pair) for pair in (("和", "洋"), ("和", "中"), ("和", "韓"), ("中", "韓"))
) | {frozenset({"洋", "エスニック"})}
# Fish sauce and coconut are at home in a meal that they lead, and beside no other.
LEADS_OR_IS_NOT_THERE: Final = "エスニック"
# Rice that is as wet as a soup.
WET_STAPLES: Final = ("雑炊", "かゆ", "がゆ", "茶漬け", "リゾット", "雑煮")
# What a dish tastes of: with so many grams of any of these a serving, or with the word in its name.
FLAVOURS: Final[Mapping[str, tuple[frozenset[str], float, str]]] = {
    "みそ": (frozenset({"みそ", "白みそ", "甜麺醤"}), 5, "みそ"),
    "カレー": (frozenset({"カレー粉", "カレールウ"}), 0.5, "カレー"),
    "キムチ": (frozenset({"白菜キムチ"}), 10, "キムチ"),
    "ココナッツ": (frozenset({"ココナッツミルク"}), 10, "ココナッツ"),
    "トマト": (
        frozenset({"トマト水煮缶", "トマトケチャップ"}),
        12,
        "トマト|ケチャップ",
    ),
    "クリーム": (
        frozenset({"牛乳", "生クリーム", "豆乳"}),
        60,
        "クリーム(?!チーズ)|ポタージュ|グラタン",
    ),
    "酢": (
        frozenset({"酢", "すし酢"}),
        7,
        "甘酢|酢の物|マリネ|ラペ|レモン(?!煮)|らっきょう|南蛮|ピクルス|なます|サンラ|酢豚|ポン酢",
    ),
    "マヨネーズ": (frozenset({"マヨネーズ"}), 7, "マヨ"),
    "にんにく": (frozenset({"にんにく"}), 4, "ガーリック|にんにく|ペペロン|アヒージョ"),
    "梅": (frozenset({"梅干し"}), 3, "梅"),
    "チーズ": (
        frozenset({"ピザ用チーズ", "粉チーズ", "クリームチーズ", "モッツァレラチーズ"}),
        6,
        "チーズ|グラタン|ピザ|カプレーゼ",
    ),
    "しょうが": (frozenset({"しょうが"}), 12, "しょうが"),
    "ごま": (frozenset({"すりごま", "ねりごま"}), 4, "ごま(?!油)"),
}
# What fills as rice does is one food, whatever it is called.
STARCHY: Final = "いも"
PUMPKINS: Final = frozenset({"かぼちゃ"})
# One food in two forms.
ANOTHER_FORM: Final[Mapping[str, str]] = {
    "切り干し大根": "大根",
    "豆もやし": "もやし",
    "コーン缶": "とうもろこし",
    "ミニトマト": "トマト",
    "トマト水煮缶": "トマト",
    "干ししいたけ": "しいたけ",
    "サニーレタス": "レタス",
}
# These are in too many dishes to be noticed twice.
UNNOTICED: Final = frozenset(
    {"玉ねぎ", "長ねぎ", "小ねぎ", "にんじん", "しょうが", "にんにく", "米"}
)
# What is sold as itself holds one of the first, what is made of several the second.
MEATS: Final = frozenset({"鶏肉", "豚肉", "牛肉"})
SEAFOOD: Final = frozenset({"魚", "貝", "甲殻類", "いか・たこ"})
MADE: Final = frozenset({"加工肉", "練り物"})
# Made of fish, and still eaten as fish.
FISH_BALLS: Final = frozenset({"つみれ"})
PROTEIN_SOURCES: Final = MEATS | SEAFOOD | MADE | {"卵", "大豆"}
FOOD: Final = "food: "
FLAVOUR: Final = "flavour: "
# What is strange beside what: a mark, and those that no other dish of the meal is to have.
IS_FILLING: Final = "rice, or a bowl"
IS_DOUGH: Final = "dough"
IS_MILKY: Final = "milky"
LEADS_IN_JAPANESE: Final = "leads in Japanese"
LEADS_IN_SAUCE: Final = "leads in cream or tomatoes"
LEADS_IN_CREAM: Final = "leads in cream"
LEADS_ABROAD: Final = "leads in a cuisine that is not Japanese"
LEADS_IN_MEAT: Final = "leads in meat or fish"
IS_A_MAIN_IN_SOUP: Final = "soup of much meat or fish"
IS_RICH: Final = "side in mayonnaise"
IS_GRATIN: Final = "side baked with cream or cheese"
IS_TEMPURA: Final = "tempura beside the main"
IS_JAPANESE: Final = "Japanese side"
IS_OF_SOY: Final = "Japanese side of soy, miso or stock"
IS_BREAD: Final = "bread"
IS_OF_THE_EAST: Final = "side or soup for rice"
IS_SWEET_TOAST: Final = "sweet toast"
IS_SAVOURY: Final = "savoury"
_BESIDE: Final = (
    (IS_FILLING, IS_DOUGH),
    (LEADS_IN_CREAM, IS_RICH),
    (LEADS_IN_SAUCE, IS_GRATIN),
    (LEADS_ABROAD, IS_TEMPURA),
    (LEADS_IN_JAPANESE, IS_MILKY),
    (LEADS_IN_JAPANESE, IS_DOUGH),
    (LEADS_IN_SAUCE, IS_JAPANESE),
    (IS_MILKY, IS_OF_SOY),
    (IS_BREAD, IS_OF_THE_EAST),
    (IS_SWEET_TOAST, IS_SAVOURY),
    (IS_SWEET_TOAST, IS_DOUGH),
)
# A soup of fish, or of meat on the bone, is served where the rest is light.
_HEAVY: Final = ((LEADS_IN_MEAT, IS_A_MAIN_IN_SOUP),)


def _barring(*pairs: tuple[str, str]) -> Mapping[str, frozenset[str]]:
    """Return for each mark those that are strange beside it."""
    return {
        mark: frozenset(b for pair in pairs for a, b in (pair, pair[::-1]) if a == mark)
        for mark in dict.fromkeys(chain.from_iterable(pairs))
    }


STRANGE: Final = _barring(*_BESIDE, *_HEAVY)
RICES: Final = PLAIN_RICE | {"米", "もち米"}
# What fills as rice does, in a side dish or soup: by its name, or what it is mainly made of. Gyoza
# skins and dumplings do not, and a salad of macaroni stands beside many a cutlet.
FILLING: Final = re.compile(
    "パン(?!粉)|餅|もち$|マカロニ(?!サラダ)|オートミール|押し麦|ピザ|そうめん"
)
BREADS: Final = frozenset({"食パン", "フランスパン", "ロールパン", "餅"})
# Butter, cream or cheese that is tasted.
MILKY: Final[Mapping[str, float]] = {
    "バター": 4,
    "牛乳": 40,
    "生クリーム": 10,
    "ピザ用チーズ": 8,
    "粉チーズ": 4,
    "クリームチーズ": 10,
    "モッツァレラチーズ": 10,
    "プレーンヨーグルト": 30,
}
CREAM: Final = "クリーム"
SAUCES: Final = frozenset({"クリーム", "トマト"})
STEWED: Final = re.compile("シチュー|グラタン|ドリア|ストロガノフ|ラザニア|トマト鍋")
SOY: Final = frozenset({"しょうゆ", "薄口しょうゆ", "みそ", "白みそ", "だし汁", "昆布だし"})
SOY_GRAMS: Final = 3.0
SOUR: Final = re.compile("マリネ|ラペ|ピクルス|ガーリック|にんにく|ペペロン")
SWEET_TOAST: Final = re.compile("バナナ|小倉|フレンチトースト|ホットケーキ|ナッツとクリームチーズ")
# So much meat or fish is more than the taste of it.
TASTED_GRAMS: Final = 20.0
# A soup of meat or fish with so much protein is a second main dish.
OF_A_MAIN: Final = MEATS | {"魚"}
OF_A_SECOND_MAIN_GRAMS: Final = 9.0
GRATIN: Final = re.compile("グラタン|チーズ焼き|ピザ")
TEMPURA: Final = re.compile("天ぷら|かき揚げ|磯辺揚げ")
# Of these alone a dessert is made, of fruit at least.
SWEET: Final = frozenset({"果物", "乳", "卵", "大豆", "いも"})
DESSERT_SALT_GRAMS: Final = 0.4
# Sweets of potatoes alone.
SWEET_POTATOES: Final = re.compile("大学いも|甘バター蒸し")


def clashes(
    dishes: Iterable[Dish], cookbook: Cookbook, may_come_twice: Collection[str] = ()
) -> list[str]:
    """Return the kinds of clash between the dishes of a meal.

    What `may_come_twice` are marks of that of which there is very much (`marks_of_foods`).
    """
    dishes = list(dishes)
    leading = leading_dish(dishes)
    marks_of_dishes = [marks_of(dish, cookbook) for dish in dishes]
    marks = [mark for marks in marks_of_dishes for mark in marks]
    cuisines: set[str] = set()
    for dish in dishes:
        if (cuisine := cuisine_of(dish)) is not None:
            cuisines.add(cuisine)
    twice = {mark for mark in marks if marks.count(mark) > 1}.difference(may_come_twice)
    found: list[str] = [kind for kind in ONCE if kind in twice]
    if twice & PROTEIN_SOURCES:
        found.append(ONE_PROTEIN)
    if any(mark.startswith(FOOD) for mark in twice):
        found.append(ONE_FOOD)
    if any(mark.startswith(FLAVOUR) for mark in twice):
        found.append(ONE_FLAVOUR)
    if len(cuisines) > MOST_CUISINES:
        found.append(THREE_CUISINES)
    elif not go_together(cuisines, cuisine_of(leading)):
        found.append(STRANGE_CUISINES)
    if any(follows_the_main(dish) and is_foreign(dish, leading) for dish in dishes):
        found.append(FOREIGN)
    if DESSERT in marks and IS_SWEET_TOAST not in marks:
        found.append(DESSERT)
    strange = {
        mark
        for one, other in combinations(marks_of_dishes, 2)
        for mark in bars_of(one).intersection(other)
    }
    heavy = strange.intersection(*_HEAVY)
    if strange - heavy:
        found.append(STRANGE_BESIDE)
    if heavy:
        found.append(SECOND_MAIN)
    return found


@cache
def bars_of(marks: frozenset[str]) -> frozenset[str]:
    """Return the marks that no dish is to have beside one with `marks`."""
    return frozenset[str]().union(*(STRANGE.get(mark, ()) for mark in marks))


def leading_dish(dishes: Sequence[Dish]) -> Dish:
    """Return the 主菜, or the 主食 that stands for one, or what there is."""
    mains = (dish for dish in dishes if dish.role == Role.MAIN)
    bowls = (dish for dish in dishes if dish.is_one_bowl)
    return next(mains, None) or next(bowls, None) or dishes[0]


def go_together(cuisines: Collection[str], leading: str | None) -> bool:
    """Tell whether dishes of these cuisines make one meal that one of `leading` leads."""
    if len(cuisines) < MOST_CUISINES:
        return True
    is_at_home = LEADS_OR_IS_NOT_THERE not in cuisines or leading in (None, LEADS_OR_IS_NOT_THERE)
    return is_at_home and frozenset(cuisines) in TOGETHER


def follows_the_main(dish: Dish) -> bool:
    """Tell whether a dish is to be of the main's cuisine: a soup, or rice that is seasoned."""
    is_rice = dish.role == Role.STAPLE and not dish.is_one_bowl and dish.name not in PLAIN_RICE
    return dish.role == Role.SOUP or is_rice


def is_foreign(dish: Dish, leading: Dish) -> bool:
    """Tell whether a dish is of another cuisine than what leads the meal."""
    return cuisine_of(leading) not in (None, dish.cuisine)


def cuisine_of(dish: Dish) -> str | None:
    """Return the cuisine of a dish, None of plain rice, which goes with any."""
    return None if dish.name in PLAIN_RICE else dish.cuisine


@once_in_a_cookbook
def marks_of(dish: Dish, cookbook: Cookbook) -> frozenset[str]:
    """Return what a meal should have once at most: two dishes with one mark clash."""
    marks = set(proteins_of(dish, cookbook))
    marks |= {FOOD + name for name in _noticed(dish, cookbook)}
    marks |= {FLAVOUR + name for name in flavours_of(dish)}
    if RICE_COOKER in tools_of(dish):
        marks.add(ONE_COOKER)
    if dish.role == Role.SOUP or is_wet(dish, cookbook):
        marks.add(TWO_SOUPY)
    if dish.method == "揚げる":
        marks.add(TWO_FRIED)
    if dish.method == "煮る" and dish.role in (Role.MAIN, Role.SIDE):
        marks.add(TWO_SIMMERED)
    if is_dessert(dish, cookbook):
        marks.add(DESSERT)
    if is_a_main_in_soup(dish, cookbook):
        marks.add(IS_A_MAIN_IN_SOUP)
    return frozenset(marks | set(_beside(dish, marks)))


def is_rice(dish: Dish) -> bool:
    """Tell whether a dish is the rice beside a main dish, plain or seasoned or porridge."""
    return dish.role == Role.STAPLE and not dish.is_one_bowl and has_rice(dish)


def is_bread(dish: Dish) -> bool:
    """Tell whether bread is what the meal stands on."""
    foods = dish.ingredient_names
    return dish.role == Role.STAPLE and not BREADS.isdisjoint(foods) and "餅" not in foods


def has_rice(dish: Dish) -> bool:
    """Tell whether there is rice in a dish."""
    return not RICES.isdisjoint(dish.ingredient_names)


def _beside(dish: Dish, marks: Collection[str]) -> Iterator[str]:
    """Yield what decides how strange a dish is beside another (`STRANGE`)."""
    if dish.role in (Role.MAIN, Role.STAPLE):
        yield from _at_the_head(dish, marks)
    else:
        yield from _at_the_side(dish, marks)


def _at_the_head(dish: Dish, marks: Collection[str]) -> Iterator[str]:
    """Yield the kinds of a main dish, a bowl, rice or bread."""
    if dish.role == Role.STAPLE:
        if SWEET_TOAST.search(dish.name):
            yield IS_SWEET_TOAST
        if is_bread(dish):
            yield IS_BREAD
        if dish.is_one_bowl or is_rice(dish):
            yield IS_FILLING
    if dish.role == Role.MAIN or dish.is_one_bowl:
        if dish.cuisine == JAPANESE:
            yield LEADS_IN_JAPANESE
        else:
            yield LEADS_ABROAD
        if not (MEATS | SEAFOOD).isdisjoint(marks):
            yield LEADS_IN_MEAT
        sauces = SAUCES & flavours_of(dish)
        is_saucy = CREAM in sauces or (sauces and dish.method == "煮る")
        if dish.cuisine == WESTERN and (is_saucy or STEWED.search(dish.name)):
            yield LEADS_IN_SAUCE
        if CREAM in sauces:
            yield LEADS_IN_CREAM


def _at_the_side(dish: Dish, marks: Collection[str]) -> Iterator[str]:
    """Yield the kinds of a side dish or soup."""
    if any(part.grams >= MILKY.get(part.name, math.inf) for part in dish.ingredients):
        yield IS_MILKY
    if dish.role == Role.SIDE and FLAVOUR + "マヨネーズ" in marks:
        yield IS_RICH
    if dish.role == Role.SIDE and GRATIN.search(dish.name):
        yield IS_GRATIN
    if dish.role == Role.SIDE and TEMPURA.search(dish.name):
        yield IS_TEMPURA
    soy_grams = sum(part.grams for part in dish.ingredients if part.name in SOY)
    if dish.cuisine == JAPANESE and dish.role == Role.SIDE:
        yield IS_JAPANESE
    if dish.cuisine == JAPANESE and soy_grams >= SOY_GRAMS:
        yield IS_OF_SOY
    if dish.cuisine in OF_THE_EAST:
        yield IS_OF_THE_EAST
    if FILLING.search(dish.name) or not BREADS.isdisjoint(dish.keywords):
        yield IS_DOUGH
    has_meat = not (MEATS | SEAFOOD).isdisjoint(marks)
    is_sour = SOUR.search(dish.name) or FLAVOUR + "酢" in marks
    if has_meat or dish.cuisine != WESTERN or is_sour:
        yield IS_SAVOURY


@once_in_a_cookbook
def is_wet(dish: Dish, cookbook: Cookbook) -> bool:
    """Tell whether a dish is a soup by itself: a hotpot, noodles in broth, porridge."""
    return dish.role in (Role.MAIN, Role.STAPLE) and (
        cookbook.is_soupy(dish) or any(word in dish.name for word in WET_STAPLES)
    )


@once_in_a_cookbook
def proteins_of(dish: Dish, cookbook: Cookbook) -> frozenset[str]:
    """Return the sources of protein that a dish is mainly made of: 鶏肉, 魚, 卵, 大豆.

    In a side dish meat counts where it is tasted, whatever that is named for: かぶのそぼろあん.
    """
    found: set[str] = set()
    for part in dish.ingredients if dish.role == Role.SIDE else ():
        food = cookbook.ingredients[part.name]
        if food.section == "肉" and part.grams >= TASTED_GRAMS and not food.groups & MADE:
            found |= food.groups & MEATS
    for name in dish.keywords:
        ingredient = cookbook.ingredients[name]
        groups = ingredient.groups
        if name in FISH_BALLS:
            found.add("魚")
        elif made := groups & MADE:
            found |= made
        elif ingredient.section == "肉":
            found |= groups & MEATS
        elif ingredient.section == "魚介" or name.endswith("缶"):
            found |= groups & SEAFOOD
        elif ingredient.section == "卵・乳製品":
            found |= groups & {"卵"}
        elif "豆" in groups:
            found |= groups & {"大豆"}
    return frozenset(found)


def is_a_main_in_soup(dish: Dish, cookbook: Cookbook) -> bool:
    """Tell whether a soup has the fish or meat of a main dish: かす汁, a soup of wings."""
    return (
        dish.role == Role.SOUP
        and not OF_A_MAIN.isdisjoint(proteins_of(dish, cookbook))
        and cookbook.nutrition(dish).protein_g >= OF_A_SECOND_MAIN_GRAMS
    )


@once_a_dish
def flavours_of(dish: Dish) -> frozenset[str]:
    """Return what a dish tastes of, of `FLAVOURS`."""
    return frozenset(
        name
        for name, (foods, grams, words) in FLAVOURS.items()
        if re.search(words, dish.name)
        or sum(part.grams for part in dish.ingredients if part.name in foods) >= grams
    )


def _noticed(dish: Dish, cookbook: Cookbook) -> Iterator[str]:
    """Yield the main foods of a dish that would be noticed in a second one."""
    for name in dish.keywords:
        is_protein = cookbook.is_protein(name)
        if not is_protein and name not in UNNOTICED:
            yield _noticed_as(name, cookbook)


def _noticed_as(name: str, cookbook: Cookbook) -> str:
    is_starchy = name in PUMPKINS or "いも" in cookbook.ingredients[name].groups
    return STARCHY if is_starchy else ANOTHER_FORM.get(name, name)


@cache
def marks_of_foods(names: Collection[str], cookbook: Cookbook) -> frozenset[str]:
    """Return the marks by which two dishes of one of some foods clash."""
    members = [one for name in sorted(names) for one in cookbook.members(name)]
    groups = frozenset[str]().union(*(cookbook.ingredients[one].groups for one in members))
    return frozenset(FOOD + _noticed_as(one, cookbook) for one in members) | (
        groups & PROTEIN_SOURCES
    )


def is_dessert(dish: Dish, cookbook: Cookbook) -> bool:
    """Tell whether a 副菜 is sweet: fruit, or milk and eggs, with no vegetable and no salt."""
    if dish.role != Role.SIDE:
        return False
    if SWEET_POTATOES.search(dish.name):
        return True
    groups = [cookbook.ingredients[name].groups for name in dish.keywords]
    is_sweet = all(SWEET & each and "野菜" not in each for each in groups)
    has_cheese = any(name.endswith("チーズ") for name in dish.keywords)
    has_fruit = any("果物" in each and not each & {"塩味", "酸味"} for each in groups)
    return (
        is_sweet
        and has_fruit
        and not has_cheese
        and cookbook.nutrition(dish).salt_g < DESSERT_SALT_GRAMS
    )
