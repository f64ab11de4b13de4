"""Reads of which dish something is left, and what a cook makes of it: 昨日のカレーが余ってる.

It is no wish for the same once more. Where the cookbook has a dish that it becomes, that is wished
for; else the answer says that there is none.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chef_llm.cookbook import Cookbook
from chef_llm.reading.lexicon import Mention
from chef_llm.reading.patterns import any_of
from chef_llm.reading.text import Text, right_before

# What is left, by its name or that of its family, and what it becomes; both are patterns of names.
BECOMES: Final = (
    ("カレー", "^カレーうどん$|^ドリア$|^ひき肉カレートースト$"),
    ("肉じゃが|豚肉じゃが", "^コロッケ$|^スペイン風オムレツ$"),
    ("すき焼き", "^肉うどん$|^牛丼$|^他人丼$"),
    ("おでん", "^雑炊$|^みそ煮込みうどん$"),
    ("鍋", "^雑炊$|^鍋焼きうどん$|^みそ煮込みうどん$|^かき玉うどん$"),
    ("シチュー|クリーム煮|ストロガノフ", "^ドリア$|^マカロニグラタン$"),
    ("ポトフ", "^ミネストローネ$|^ホワイトシチュー$|^カレーライス$"),
    ("ミートソース", "^ミートドリア$|^ラザニア$|^ミートオムレツ$"),
    ("ポテトサラダ|マッシュポテト", "^コロッケ$|グラタン$"),
    ("カツ(?!丼|オ)|とんかつ", "^カツ丼$"),
    ("から揚げ", "^チキン南蛮$|^親子丼$"),
    ("麻婆豆腐", "^麻婆丼$"),
    ("天ぷら|かき揚げ", "^天丼$"),
    ("焼肉", "^焼肉丼$|^チャーハン$"),
    ("ハンバーグ", "^煮込みハンバーグ$|^ロコモコ丼$"),
    ("豚汁", "^みそ煮込みうどん$|^カレーうどん$"),
    ("筑前煮|煮しめ|ひじきの煮物|切り干し大根の煮物|きんぴら", "^五目ちらし寿司$|^炊き込みご飯$"),
)
# All patterns are matched against folded text. Behind the dish: something is left of it.
_SOME: Final = r"(?:[^。、\n来]{0,12}?)"
_IS: Final = any_of(
    "残って 残っちゃ 残りました 残った(?!ら) 余って 余っちゃ 余りました 余った(?!ら) 余らせ",
    "食べ切れ 食べきれ 作り?すぎ",
)
_REMADE: Final = any_of("りめいく 作り(?:替|か)え 化けさせ 変身させ 使い?回し あれんじ")
IS_LEFT: Final = re.compile(
    "(?:ぱ|ぱーてぃー?)?(?:"
    r"の(?:残り(?!の?(?:[日月火水木金土\d]|じゃが|野菜))|余り|あまり(?=[をがで]))"
    f"|(?:が|は|を|も)?{_SOME}{_IS}|(?:が|は|を|も|の|って)?{_SOME}{_REMADE})"
)
# It is to be another dish, by other words.
TO_BE_ANOTHER: Final = re.compile(f"{_REMADE}|別の(?:料理|もの|もん|おかず|姿)|違う(?:料理|もの)")
# Right before it: 「残ったカレー」.
LEFT_BEFORE: Final = re.compile(
    r"(?:残(?:った|ってる|っている)|余(?:った|ってる|っている)|残りの|余りの)$"
)
# What is left is told as foods: 「鍋の残り：白菜1/6」.
AS_FOODS: Final = re.compile(r"[^。]{0,4}?(?::|。?\n)[\s・]*")
# The same once more, or for somebody else.
NOT_REMADE: Final = re.compile(
    r"[^。\n]{0,10}(?:これは|そのまま|温め(?:て|直)|明日の弁当|触らな|食べる(?:から|ので))"
)


# 「お鍋[に半分あります]」: it is what something stands in, and no hotpot.
IN_A_POT: Final = re.compile(
    r"に(?:まだ|は)?(?:半分|少し|ちょっと|いっぱい|たっぷり|[^。、\n]{0,6}(?:残|余|入っ|入れ|あ[るり]))"
)


def in_pots(text: Text, wished: Sequence[Mention]) -> Iterator[Mention]:
    """Yield the pots that something stands in."""
    for mention in wished:
        is_pot = text.folded[mention.start : mention.end] in ("鍋", "お鍋")
        if is_pot and IN_A_POT.match(text.folded, mention.end):
            yield mention


@dataclass(frozen=True)
class Leftover:
    """What is left of a dish: its place and name, and the dishes that it becomes, if any."""

    mention: Mention
    becomes: frozenset[str]
    # Its foods are named, so that it is they that are cooked with.
    is_told_as_foods: bool = False

    @property
    def name(self) -> str:
        """What is left, as it is called."""
        return self.mention.meaning.name


def read_leftovers(
    text: Text, wished: Sequence[Mention], eaten: Collection[Mention], cookbook: Cookbook
) -> Iterator[Leftover]:
    """Yield the dishes of which something is left; what was `eaten` up is none."""
    foods = {one.start for one in wished if one.meaning.kind == "food"}
    for mention in wished:
        if mention in eaten:
            continue
        if mention.meaning.kind != "dish" or mention.meaning.is_served_so:
            continue
        said = IS_LEFT.match(text.folded, mention.end)
        is_before = right_before(LEFT_BEFORE, text.folded, mention.start) is not None
        if said is None and not is_before:
            continue
        end = said.end() if said else mention.end
        if NOT_REMADE.match(text.folded, end):
            continue
        name = mention.meaning.name
        pattern = next((to for of, to in BECOMES if re.search(of, name)), "(?!)")
        becomes = {dish for dish in cookbook.dishes if re.search(pattern, dish)}
        if not (becomes or TO_BE_ANOTHER.search(text.folded)):
            continue
        yield Leftover(
            mention,
            frozenset(becomes - {name}),
            (behind := AS_FOODS.match(text.folded, end)) is not None and behind.end() in foods,
        )
