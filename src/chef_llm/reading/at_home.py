"""Reads that nothing is to be bought beside what is there, and of which food there is very much.

「卵と豆腐しかない」, 「買い足しなしで」, 「これだけで」; 「大量消費」, 「箱いっぱいの大根」.
"""

import re
from collections.abc import Collection
from typing import Final

from chef_llm.reading.amounts import SENTENCE
from chef_llm.reading.mentions import Mentions
from chef_llm.reading.patterns import any_of
from chef_llm.reading.text import Text

# All patterns are matched against folded text.
_SHOP: Final = r"(?:買い?(?:物|もの|出し|足し)|すーぱー|店)"
# Said anywhere: nobody goes shopping. 「買い足しは1品まで」 is none.
NO_SHOPPING: Final = re.compile(
    any_of(
        rf"{_SHOP}(?:に|へ|まで)?(?:は|も|を)?(?:な(?:し(?!だと|では)|く)|無し|せず|しな[いく]|したくな|"
        r"でき(?:な|ん|ず|そうにな)|不要|不可|禁止|ぜろ|ng|抜き|行(?:か(?:ず|な|ん|へん)|け(?:な|ず|ん|へん)|きたくな|く"
        r"(?:気|元気|気力|時間|暇|余裕|の(?:が|は|も))[^。\n、]{0,3}(?:な|面倒|めんど|だる|無理|しんど|いや|嫌))|"
        r"する(?:気|元気|時間|暇)[^。\n、]{0,3}な|(?:が|は)?(?:面倒|めんど)|出(?:られな|れな|たくな))",
        r"(?:何も|もう|これ以上|新しく|追加で)買(?:わ(?:ず|な[いく])|いたくな|い足さ)",
        r"買わ(?:ず(?:に|、)|ない(?:で|$|[。、])|んと)[^。\n]{0,12}(?:作|済|なんとか|何とか|でき|晩|夕|昼|朝|ご飯|$)",
        r"買い(?:に(?:行|い)(?:か(?:ず|な)|け(?:な|ず)|きたくな)|足さ(?:ず|な))",
        r"(?:家|うち|冷蔵庫|今|いま|台所|手元)(?:の中)?(?:に)?(?:ある|残ってる)"
        r"(?:もの|物|もん|やつ|食材|材料)(?:だけ|のみ|で(?!すが|も))",
        r"(?:これ|それ|こん)(?:だけ|のみ)で|あり(?:もの|合わせ)で|(?:手持ち|残り)(?:の?(?:もの|物|食材))?"
        r"(?:だけ|のみ)で",
        r"で(?:生き延び|食いつな|しの[ぐげい]|凌)",
    )
)
# Right behind the last food: it is all that there is, or is to do.
_SOME: Final = r"(?:[^。\n、はがをでにしだ]{0,6})?(?:くらい|ぐらい)?"
IS_ALL: Final = re.compile(
    rf"{_SOME}(?:しか(?:な[いくかし]|無[いく]|残って|残っとら|あり?ま?せん|あら|ね[えー]|おら|入って(?:な|い?ま?せん))|"
    r"(?:だけ|のみ)(?:で(?:す(?!か)|した|なんとか|何とか|どうにか|(?:も|、)?(?:作|でき|つく|いけ|済|食べ|夕|晩|昼|朝|夜|今"
    r"|献立|ご飯|ごはん|何|なに|。|$))|なん(?:だ|や|です)|(?:ある|残って))|"
    r"で(?:なんとか|何とか|どうにか))"
)
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
        NO_SHOPPING.search(text.folded) is not None
        or any(IS_ALL.match(text.folded, one.end) for one in foods)
    )


def read_much(text: Text, mentions: Mentions, names: Collection[str]) -> tuple[str, ...]:
    """Return the foods of `names` of which there is very much, by the words."""
    said = [match.span() for match in SENTENCE.finditer(text.folded) if VERY_MUCH.search(match[0])]
    there = [
        (one.start, name) for one in mentions.wished if (name := one.meaning.wish) and name in names
    ]
    of_it = [name for place, name in there if any(start <= place < end for start, end in said)]
    # 「じゃがいもが芽出そう！大量消費」: the sentence names no food, and means those before it.
    return tuple(dict.fromkeys(of_it or [name for _, name in there if said]))
