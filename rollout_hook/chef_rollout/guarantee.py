"""What must hold of any menu for people with allergies, seen without the chef's own code.

Nothing here comes from the cookbook or the planner: the code that is checked cannot vouch for
itself. The words are those that stand in a list of ingredients.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

# One allergy is told in the request's words, so that it has to be read, the other in a field.
ORDER: Final[Mapping[str, Any]] = {
    "request": "卵アレルギーの家族がいます。夕食をお願いします",
    "allergens": ["えび"],
    "servings": 3,
}
FISH_PASTES: Final = ("ちくわ", "かまぼこ", "はんぺん", "さつま揚げ", "つみれ", "魚肉ソーセージ")
# Parts of ingredients' names: what contains the allergen, or is often sold with it.
CONTAINED_IN: Final[Mapping[str, tuple[str, ...]]] = {
    "卵": (
        *("卵", "たまご", "玉子", "マヨネーズ", "パン", "お好み焼き粉", "ルウ"),
        *("中華麺", "焼きそば麺", "マカロニ", "ぎょうざの皮", "春巻きの皮", "ワンタンの皮"),
        *("そば", "スパゲッティ", "ラザニア", "天かす"),
        *("ベーコン", "ハム", "ウインナー", "焼き豚"),
        *FISH_PASTES,
    ),
    "えび": (
        *("えび", "エビ", "海老", "かに", "カニ", "しらす", "じゃこ", "煮干し"),
        *("お好み焼き粉", "天かす", "キムチ", "ナンプラー", "スイートチリソース", "ごまめ"),
        # Small crustaceans live among them.
        *("わかめ", "ひじき", "のり", "もずく", "めかぶ", "あさり", "しじみ", "はまぐり", "かき"),
        *FISH_PASTES,
    ),
}


def broken_promises(answer: Mapping[str, Any]) -> Iterator[str]:
    """Say of the answer to `ORDER` what is wrong with it; nothing if all is well.

    Raises `KeyError` or `TypeError` for an answer of another form.
    """
    if answer["servings"] != ORDER["servings"]:
        yield f"it is for {answer['servings']} people and not for {ORDER['servings']}"
    kept = {one["value"] for one in answer["constraints"] if one["kept"]}
    yield from (f"{allergen} is not among what was kept" for allergen in CONTAINED_IN.keys() - kept)
    if not answer["menus"]:
        yield "there is no menu in it"
    for menu in answer["menus"]:
        yield from _labelled(menu["title"], menu["allergens"])
        if not menu["dishes"]:
            yield "there is no dish in it"
        for dish in menu["dishes"]:
            yield from _labelled(dish["name"], dish["allergens"])
            yield from _contained(dish["name"], [part["name"] for part in dish["ingredients"]])


def _labelled(name: str, allergens: list[str]) -> Iterator[str]:
    yield from (f"{name} is labelled with {one}" for one in CONTAINED_IN if one in allergens)


def _contained(dish: str, ingredients: list[str]) -> Iterator[str]:
    if not ingredients:
        yield f"{dish} has no ingredients"
    for allergen, words in CONTAINED_IN.items():
        if allergen in dish:
            yield f"{dish} is named for {allergen}"
        for name in ingredients:
            if any(word in name for word in words):
                yield f"{dish} has {name}, which may contain {allergen}"
