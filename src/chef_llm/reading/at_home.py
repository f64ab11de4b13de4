"""Reads that nothing is to be bought beside what is there, and of which food there is very much.

「卵と豆腐しかない」, 「買い足しなしで」, 「これだけで」; 「大量消費」, 「箱いっぱいの大根」.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from chef_llm.reading.amounts import SENTENCE
from chef_llm.reading.lexicon import Mention
from chef_llm.reading.mentions import Mentions
from chef_llm.reading.patterns import any_of
from chef_llm.reading.text import Text

# All patterns are matched against folded text.
_SHOP: Final = "(?:買い?(?:物|もの|出し|足し)|すーぱー|店)(?:に|へ|まで)?(?:は|も|を|が)?"
# 「買い足しは1品まで」 is none of these.
_NOT_DONE: Final = any_of(
    "なし(?!だと|では) なく 無し せず しな[いく] したくな でき(?:な|ん|ず|そうにな) 不要 不可 禁止",
    "ぜろ ng 抜き 行か(?:ず|な|ん|へん) 行け(?:な|ず|ん|へん) 行きたくな 面倒 めんど",
    "出(?:られな|れな|たくな)",
    "(?:行く|する)(?:気力?|元気|時間|暇|余裕|の)(?:が|は|も)?[^。\n、]{0,3}(?:な|面倒|めんど|だる|無理|しんど|嫌)",
)
_MANAGED: Final = any_of("なんとか 何とか どうにか 乗り切 作れ(?!ま?せん|な) 済ま")
# Said anywhere: nobody goes shopping.
NO_SHOPPING: Final = re.compile(
    any_of(
        f"{_SHOP}{_NOT_DONE}",
        "(?:何も|もう|これ以上|新しく|追加で)買(?:わ(?:ず|な[いく])|いたくな|い足さ)",
        "買わ(?:ず(?:に|、)|ないで|んと)[^。\n]{0,12}(?:作|済|なんとか|何とか|でき|晩|夕|昼|朝)",
        "買い(?:に(?:行|い)(?:か(?:ず|な)|け(?:な|ず)|きたくな)|足さ(?:ず|な))",
        "(?:家|うち|冷蔵庫|今|いま|台所|手元)(?:の中)?に?(?:ある|残ってる)"
        "(?:もの|物|もん|やつ|食材|材料)(?:だけ|のみ|で(?!すが|も))",
        "(?:これ|それ|こん)(?:だけ|のみ)で あり(?:もの|合わせ)で",
        "で(?:生き延び|食いつな|しの[ぐげい]|凌)",
        "(?:手持ち|残り)(?:の?(?:もの|物|食材))?(?:だけ|のみ)で",
        f"(?:これ|それ|この(?:食材|材料|中身))ら?で{_MANAGED}",
    )
)
# Right behind the last food: it is all that there is, or is to do.
_SOME: Final = "(?:[^。\n、はがをでにしだ]{0,6})?(?:くらい|ぐらい)?"
_NO_MORE: Final = "しか" + any_of(
    "な[いかくし] 無[いく] 残って 残っとら あり?ま?せん あら ね[えー] おら 入って(?:な|い?ま?せん)"
)
_THAT_ALONE: Final = "(?:だけ|のみ)" + any_of(
    f"で{_MANAGED} で(?:も|、)?(?:作|でき|つく|いけ|済|食べ|[夕晩昼朝夜今何]|献立|ご飯|なに|。|$)",
    "です(?!か) でした なん(?:だ|や|です) ある 残って",
)
IS_ALL: Final = re.compile(f"{_SOME}(?:{_NO_MORE}|{_THAT_ALONE}|で(?:なんとか|何とか|どうにか))")
COUNTED: Final = re.compile(r"[\d一二三四五六七八九半]")
# Between two foods of one row: 「卵2個と豆腐」.
LONGEST_JOINT: Final = 8
# There is very much of it.
_LOTS: Final = "(?:たくさん|いっぱい|どっさり|山ほど|山盛り|売るほど|ごっそり|たんまり)"
_IS_THERE: Final = any_of(
    "の あり? ある あっ もら もろ いただ 頂 届 採 とれ 獲 余 残 使 消費 送 買 入れ",
    "食べ(?:たい|られ|切)",
)
VERY_MUCH: Final = re.compile(
    any_of(
        rf"大量(?!に?作|生産) {_LOTS}{_IS_THERE} (?:丸|まる)ごと(?:[1-9一二]|使|もら|余|ある|買)",
        "(?:段ぼーる|だんぼーる|箱)(?:[1-9一二三]つ|い?っぱい|で(?:届|もら|送|買)|1箱|一箱|分)",
        "[1-9一二三四五]きろ 使い道に困 山(?:積み|のよう) 食べても減ら 一気に(?:使|消費|減|片)",
    )
)
# So many grams for each who eats are more than a dish takes.
MUCH_GRAMS: Final = 300.0


def buys_nothing(text: Text, mentions: Mentions) -> bool:
    """Tell whether a meal is to be made of what is there alone."""
    foods = [one for one in mentions.wished if one.meaning.kind == "food" and one.meaning.wish]
    return bool(foods) and (
        NO_SHOPPING.search(text.folded) is not None or any(_are_all(text, foods))
    )


def _are_all(text: Text, foods: Sequence[Mention]) -> Iterator[bool]:
    """Yield whether each food ends what is all that there is.

    Of one food there may be too little, with others beside it: 「鶏もも3枚しかない」.
    """
    for before, one in zip((None, *foods), foods, strict=False):
        said = IS_ALL.match(text.folded, one.end)
        is_counted = said is not None and COUNTED.search(said[0]) is not None
        is_in_a_row = before is not None and one.start - before.end <= LONGEST_JOINT
        yield said is not None and (is_in_a_row or not is_counted)


def read_much(text: Text, mentions: Mentions, names: Collection[str]) -> tuple[str, ...]:
    """Return the foods of `names` of which there is very much, by the words."""
    said = [match.span() for match in SENTENCE.finditer(text.folded) if VERY_MUCH.search(match[0])]
    there = [
        (one.start, name) for one in mentions.wished if (name := one.meaning.wish) and name in names
    ]
    of_it = [name for place, name in there if any(start <= place < end for start, end in said)]
    # 「じゃがいもが芽出そう！大量消費」: the sentence names no food, and means those before it.
    return tuple(dict.fromkeys(of_it or [name for _, name in there if said]))
