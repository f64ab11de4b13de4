"""The opening line of an answer: it says back, in the cookbook's words, what was understood."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chef_llm.menus.servings import DEFAULT_SERVINGS

CUISINE_NAMES: Final = {
    "和": "和食",
    "洋": "洋食",
    "中": "中華",
    "韓": "韓国風",
    "エスニック": "エスニック",
}
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
            line += f"{'と'.join(self.excluded)}は使いません。"
        if self.minutes is not None:
            line += f"どれも{self.minutes}分以内で作れます。"
        if self.cuisine is not None:
            line += f"{CUISINE_NAMES[self.cuisine]}でまとめました。"
        if self.season is not None:
            line += f"{self.season}らしい献立です。"
        if self.style is not None:
            line += STYLE_SENTENCES[self.style]
        return line
