"""What a dish takes to cook it: what heats it, and whether it needs a knife. Read from its steps.

A step that offers two ways (グリルかフライパンで) needs neither for sure: the first counts.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Literal, get_args

from chef_llm.cookbook.known import once_a_dish
from chef_llm.cookbook.model import Dish

STOVE: Final = "コンロ"
RICE_COOKER: Final = "炊飯器"
_WORDS: Final[Mapping[str, str]] = {
    "電子レンジ": r"レンジ",
    "トースター": r"トースター",
    "オーブン": r"オーブン(?!トースター|シート|ペーパー)",
    "魚焼きグリル": r"グリル",
    "圧力鍋": r"圧力鍋",
    "フライパン": r"フライパン|卵焼き器",
    "鍋": r"(?<!圧力)鍋|せいろ|蒸し器|湯をわかし|湯を沸か|熱湯でゆで|揚げ油を\d|油を1[6-9]\d",
    RICE_COOKER: r"炊飯",
    "ミキサー": r"ミキサー|フードプロセッサー|ブレンダー",
}
ToolName = Literal[
    "コンロ",
    "電子レンジ",
    "トースター",
    "オーブン",
    "魚焼きグリル",
    "圧力鍋",
    "フライパン",
    "鍋",
    "炊飯器",
    "ミキサー",
    "包丁",
]
TOOL_NAMES: Final[tuple[str, ...]] = get_args(ToolName)
TOOLS: Final = {tool: re.compile(words) for tool, words in _WORDS.items()}
ALTERNATIVE: Final = re.compile(
    rf"(?P<first>{'|'.join(_WORDS.values())})(?:か|または|や)(?:{'|'.join(_WORDS.values())})"
)
KNIFE: Final = re.compile(
    r"(?<![水汁油湯粉]け)(?<![水汁油湯粉気])(?<![水汁油湯粉]をよく)(?<![水汁油湯粉気け]を)(?<!こま)(?<!ひと)切(?:り(?!身|もち|餅|干|れ込)|る|って|ら)"
    r"|刻|みじん|そぎ|ささがき|千切り|せん切り|皮をむ|半分に切|ぶつ切|くし形|石づきを"
)
# Something is on the fire, whatever it is in.
FIRE: Final = re.compile(r"[弱中強]火|煮立|沸騰|火にかけ|(?<!塩)ゆで(?:る|て|、|上)")
# What a way of cooking takes where no step names it.
OF_METHODS: Final[Mapping[str, str]] = {
    "焼く": "フライパン",
    "炒める": "フライパン",
    "煮る": "鍋",
    "揚げる": "鍋",
    "蒸す": "鍋",
    "ゆでる": "鍋",
    "炊く": RICE_COOKER,
    "電子レンジ": "電子レンジ",
}
HEATING: Final = frozenset(OF_METHODS.values()) | {
    "トースター",
    "オーブン",
    "魚焼きグリル",
    "圧力鍋",
}
# What stands on the fire, or has one of its own.
ON_THE_STOVE: Final = frozenset({"フライパン", "鍋", "圧力鍋", "魚焼きグリル"})


@once_a_dish
def tools_of(dish: Dish) -> frozenset[str]:
    """Return the tools that `dish` takes: of TOOLS, コンロ where there is a fire, and 包丁."""
    return _tools_of("".join(dish.steps), dish.method)


@lru_cache(maxsize=4096)
def _tools_of(steps: str, method: str) -> frozenset[str]:
    steps = ALTERNATIVE.sub(lambda match: match["first"], steps)
    found = {tool for tool, pattern in TOOLS.items() if pattern.search(steps)}
    if not found & HEATING and method in OF_METHODS:
        found.add(OF_METHODS[method])
    if not found & ON_THE_STOVE and FIRE.search(steps):
        found.add("鍋")
    if found & ON_THE_STOVE:
        found.add(STOVE)
    if KNIFE.search(steps):
        found.add("包丁")
    return frozenset(found)
