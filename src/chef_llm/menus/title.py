"""The opening line of an answer: it says back, in the cookbook's words, what was understood."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chef_llm.cookbook import Cookbook
from chef_llm.cookbook.vocabulary import CUISINES
from chef_llm.menus.constraints import RAW
from chef_llm.reading.order import DEFAULT_SERVINGS, Constraints

# An opening line names every allergen, and with them so many foods at most.
MOST_EXCLUDED_WORDS: Final = 6
AND_MORE: Final = "など"
# More names than these are a list.
MOST_JOINED: Final = 4
# How a group is called that has no noun for its name.
CALLED: Final = {RAW: "生のもの"}
STYLE_SENTENCES: Final = {
    "あっさり": "あっさりと仕上げます。",
    "こってり": "食べごたえのある献立です。",
    "ヘルシー": "ヘルシーにまとめました。",
    "減塩": "塩分を控えました。",
    "高たんぱく": "たんぱく質をしっかりとれます。",
    "節約": "お財布にやさしい献立です。",
    "子ども向け": "お子さんにも食べやすい献立です。",
    "やわらかい": "やわらかく食べやすい献立です。",
    "温まる": "体が温まる献立です。",
    "作り置き": "作り置きできるおかずです。",
    "時短": "手早く作れます。",
    "おもてなし": "おもてなしにも向きます。",
    "辛い": "ピリッと辛い献立です。",
    "おつまみ": "お酒に合います。",
}


@dataclass(frozen=True)
class Title:
    """What an opening line names; `excluded` are words for people (卵, えび・かに, きのこ)."""

    ingredients: Sequence[str] = ()
    servings: int | None = None
    meal: str = "夕食"
    excluded: Sequence[str] = ()
    minutes: int | None = None
    cuisine: str | None = None
    season: str | None = None
    style: str | None = None

    def __str__(self) -> str:
        """Return the line; kondate learned to write it in just this order."""
        servings = f"{self.servings or DEFAULT_SERVINGS}人分の{self.meal}です。"
        names = "と".join(self.ingredients)
        line = f"{names}を使った、{servings}" if names else servings
        if self.excluded:
            joint = "と" if len(self.excluded) <= MOST_JOINED else "、"
            words = joint.join(word for word in self.excluded if word != AND_MORE)
            line += f"{words}{AND_MORE if AND_MORE in self.excluded else ''}は使いません。"
        if self.minutes is not None:
            line += f"どれも{self.minutes}分以内で作れます。"
        if self.cuisine is not None:
            line += f"{CUISINES[self.cuisine].japanese}でまとめました。"
        if self.season is not None:
            line += f"{self.season}らしい献立です。"
        if self.style is not None:
            line += STYLE_SENTENCES[self.style]
        return line


def excluded_words(constraints: Constraints, cookbook: Cookbook) -> tuple[str, ...]:
    """Return what the opening line says is left out, allergens first.

    A food with an allergen that its name says (かに缶 beside かに) goes without saying.
    """

    def goes_without_saying(name: str) -> bool:
        food = cookbook.ingredients.get(name)
        named = food.allergens & constraints.allergens if food else ()
        return name in constraints.allergens or any(allergen in name for allergen in named)

    foods = [name for name in sorted(constraints.excluded) if not goes_without_saying(name)]
    allergens = sorted(constraints.allergens)
    room = max(0, MOST_EXCLUDED_WORDS - len(allergens))
    words = (*allergens, *foods[:room], *([AND_MORE] if foods[room:] else []))
    return tuple(CALLED.get(word, word) for word in words)
