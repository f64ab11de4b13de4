"""What the chef says where conditions stand and nobody asks for dishes: no menu, and no advice."""

from collections.abc import Iterable
from typing import Final

from chef_llm.engines import Completion, Grammar, OneOf
from chef_llm.reading.conditions import conditions

THANKS: Final = "どういたしまして。おいしくできますように。"
NOTHING_ELSE: Final = (
    "申し訳ありません。献立を考えるシェフなので、料理のこと以外はお答えできません。"
)
WHAT_HE_DOES: Final = (
    "料理帳の料理で献立を立て、レシピと買い物リストをお出しします。"
    "アレルギーや病気のこと（検査、治療、食べてよいかどうか）は、医師や専門の窓口にご相談ください。"
    "「卵を使わない夕食をお願いします」のように書いていただければ、その条件を守る献立をお出しします。"
)
OF_ANIMALS: Final = (
    "申し訳ありません。人の食事の献立を考えるシェフなので、動物の食事はお答えできません。"
    "ねぎや玉ねぎ、ぶどう、チョコレートのように、人には食べ物でも動物には毒になるものがあります。"
    "獣医さんにご相談ください。"
)
# The model chooses, as it does among dishes: nothing else can be said.
ANSWERS: Final[Grammar] = OneOf((THANKS, NOTHING_ELSE))


def talk(chosen: Completion) -> str:
    """Return the answer of which the model chose the beginning."""
    said = chosen.text.strip()
    return said if said == THANKS else f"{said}\n{WHAT_HE_DOES}"


def of_whom(names: Iterable[str]) -> str:
    """Return what is said where somebody asks what may be eaten in a condition, by its name.

    Nothing is served, and so nothing was left out of it either.
    """
    rows = conditions()
    sentences = [one for name in sorted(names) for one in rows[name].says.split("。") if one]
    said = "".join(f"{one}。" for one in sentences if not one.endswith("外しました"))
    return f"{said}\n{WHAT_HE_DOES}"
