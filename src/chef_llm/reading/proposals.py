"""Reads how many menus or dishes there are to be to choose from: 3案, 候補を2つ, いくつか.

All patterns are matched against folded text.
"""

import re
from collections.abc import Iterator
from typing import Final

from chef_llm.reading.course_words import A_FEW, few_of
from chef_llm.reading.numbers import FEW
from chef_llm.reading.patterns import any_of
from chef_llm.reading.text import Text
from chef_llm.reading.understood import Found, Understood

MOST_PROPOSALS: Final = 6
# 「何案か」「候補をいくつか」
SOME: Final = 3
# What one chooses from, and how several of it are counted or shown.
_CHOICES: Final = any_of(
    "候補 案 選択肢 れしぴ 献立 (?<!さいど)(?<!さぶ)めにゅー あいであ 食べ方 使い方 使い道",
    "提案 しかた 仕方 せっと おすすめ ぱたーん",
)
_OTHER_CHOICES: Final = any_of("例 料理 以外")
_SEVERAL: Final = any_of("いくつか 何個か 複数 数個 何(?:案|ぱたーん|通り|種類|件)か")
_SHOW: Final = any_of("教え 挙げ 列挙 提案 提示 出し りすと")
_ABOUT_SO_MANY: Final = r"(?:ほど|くらい|ぐらい|ばかり)?"
_UP_TO: Final = rf"(?:{FEW}[、〜~\-])?"
PROPOSALS: Final = re.compile(
    rf"(?P<count>{A_FEW})\s?(?:案|ぱたーん|通り|とおり|つの?(?:案|候補)|候補|択|選(?!手|挙|ん|び|択)|"
    rf"種類(?=の?(?:献立|めにゅー|れしぴ)))(?!目)"
    rf"|(?:{_CHOICES})」?(?:を|は|が|で)?\s?(?:[x×]\s?)?{_UP_TO}(?P<things>{A_FEW})(?:つ|案|種類?|こ|個|パターン|通り)(?!目)"
    rf"|{_OTHER_CHOICES}(?:を|で|に)?\s?(?P<any>{A_FEW})(?:つ|種類?)(?!目|の(?!案))"
    rf"|{_UP_TO}(?P<before>{A_FEW})(?:つ|個)の?(?:候補|案|選択肢)"
    rf"|(?:さらだ|副菜|主菜|汁物|すーぷ|小鉢)(?:だけ|のみ)(?:を)?\s?(?P<alone>[3-9三四五六])(?:つ|種類?|品)?(?!目)"
    rf"|(?:の|なん|やつ|副菜|主菜|汁物)(?:を|ば)\s?(?P<shown>{A_FEW})つ{_ABOUT_SO_MANY}(?={_SHOW})"
    rf"|(?P<told>{A_FEW})(?:つ|個){_ABOUT_SO_MANY}(?=提案|提示|挙げ)"
    r"|(?:proposals?|options?|候補|選択肢|案)\"?\s?[:=]?\s?(?P<labelled>[2-6])(?=$|[\s。、,}])"
    rf"|(?P<some>何(?:案|ぱたーん|通り|種類)か|{_SEVERAL}の?{_CHOICES}|{_CHOICES}(?:を|は|が)?{_SEVERAL}|"
    rf"いくつか(?:{_SHOW})|複数案)"
    rf"|(?P<pot>{FEW})種類(?=$|[。\s])(?<=鍋.種類)"
)
# 「和・洋・中で1案ずつ」: as many as are named.
ONE_OF_EACH: Final = re.compile(
    r"(?:^|[。、\n\s])(?P<list>(?:[^。\n、・はをと/]{1,8}(?:・|、|/|と)){1,4}[^。\n、・はをと/]{1,8}?)"
    r"[をで]?\s?(?:それぞれ)?(?:1|一|ひと)案ずつ"
)
JOINT: Final = re.compile(r"・|、|/|と")
CHOSEN: Final = re.compile(r"(?:目|のほう|の方|に決|で決|を選)")


def read_proposals(text: Text, *, are_beside: bool = False) -> Iterator[Found]:
    """Yield how many menus or dishes to choose from are wanted, where it is more than one.

    Where they `are_beside` a main dish that is there, 「副菜だけ3つ」 are to be served together.
    """
    if each := ONE_OF_EACH.search(text.folded):
        count = min(len(JOINT.findall(each["list"])) + 1, MOST_PROPOSALS)
        said = text.words(each.start("list"), each.end())
        yield each.start(), Understood("proposals", str(count), said)
        return
    match = PROPOSALS.search(text.folded)
    if match is None or (are_beside and match["alone"]):
        return
    written = next(filter(None, match.groupdict().values()))
    count = SOME if match["some"] else min(few_of(written), MOST_PROPOSALS)
    # 「2の案で」「案1で」 chooses one of those that there were.
    if count > 1 and not CHOSEN.match(text.folded, match.end()):
        said = text.words(match.start(), match.end())
        yield match.start(), Understood("proposals", str(count), said)
