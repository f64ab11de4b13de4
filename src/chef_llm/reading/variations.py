"""Reads what is to be another each day: 「味は毎日変えて」「3日とも違う国」."""

import re
from collections.abc import Iterator
from typing import Final

from chef_llm.reading.order import Variation
from chef_llm.reading.text import Text
from chef_llm.reading.understood import Found, found

# All patterns are matched against folded text.
_ANOTHER: Final = (
    r"(?:は|が|を|も|だけ)?(?:毎[日回朝晩]|全部|ぜんぶ|それぞれ|日ごとに|なるべく)?"
    r"(?:違[うっえ]|ちが[うっえ]|変え(?!な)|替え|か[えぶ]|被[らっ]|重な[らっ]|似[なず]|ばらばら|日替わ?り)"
)
_OTHER: Final = r"(?:(?:違|ちが)う|別の|異なる)"
VARIATIONS: Final[dict[Variation, re.Pattern[str]]] = {
    "味": re.compile(
        rf"(?<![一-鿿])味(?:付け|つけ)?{_ANOTHER}|{_OTHER}味|"
        r"同じ味(?:付け|つけ)?(?:は|が|ばかりは?)?(?:いや|嫌|続|だめ|飽|避け|なし)|"
        r"味(?:付け|つけ)?(?:ばかり|ばっかり?)に(?:なら|し)(?:な|ん)"
    ),
    "料理の国": re.compile(rf"(?:国籍|(?<![一-鿿])国){_ANOTHER}|{_OTHER}国"),
    "主な食材": re.compile(
        rf"(?:めいん|主役|主)の?(?:食材|たんぱく源|素材){_ANOTHER}|{_OTHER}(?:めいん|主)の?(?:食材|たんぱく源)|"
        rf"毎[日回晩食]、?{_OTHER}(?:お?肉|お?魚|食材|素材|具材)|(?:お?肉|食材|具材)の?(?:種類)?[はを]毎[日回晩](?:変え(?!な)|替え)"
    ),
}
# 「味は変えられる」 asks for nothing.
IS_POSSIBLE: Final = re.compile(r"(?:えられ|られ|ても(?:いい|構わ|ok))")


def read_variations(text: Text) -> Iterator[Found]:
    """Yield what is to be another each day."""
    for value, pattern in VARIATIONS.items():
        match = pattern.search(text.folded)
        if match and not IS_POSSIBLE.match(text.folded, match.end()):
            yield found(text, match, "share", value)
