"""An allergy told by its food alone: 「その子は落花生」, 「ダブルっ子です。卵と小麦。」.

No word of such a clause refuses anything. Nobody is a peanut, so where the text speaks of an
allergy, and of none that is denied or over, a clause that says of somebody nothing but foods says
what he must not eat; and so does a sentence of allergens alone beside one that names none.
"""

import re
from collections.abc import Iterator
from typing import Final

from chef_llm.reading import marks
from chef_llm.reading.lexicon import Mention
from chef_llm.reading.net import JOINED, Caught, Form
from chef_llm.reading.patterns import PEOPLE, any_of

# Words of an allergy that `marks.HARM` lacks, since they also stand in other sentences.
SPOKEN_OF: Final = re.compile(
    f"{marks.HARM}|(?:完全)?除去(?!し)|(?:だぶる|とりぷる)っ子|あれ(?:っ子|持ち)|負荷試験"
)
_ONE_OF_SOME: Final = any_of(
    "[そこあ]の子 [上下]の子 [上下]のほう 真ん中の子 もう[1一]人 [1-9一二三四五]人[目め]",
    "[a-z]家 [a-z](?:さん|君|くん|ちゃん) 子(?:ども|供)?[1-9] うち お?(?:となり|隣)(?:の子)? 片方",
    "[0-9]{1,2}(?:歳|才)(?:児|の子)? [年小中][長中少1-6](?:の子)?",
)
# 「ハウスダストアレルギー」
LONGEST_CAUSE: Final = 8
# Who it is told of, up to what is told: 「妹のほうは」, 「長女: 」, 「次男「」.
SUBJECT: Final = re.compile(
    rf"(?:(?<=[。、\n・\s(「\-*])|^)(?:うちの|私の)?(?:{PEOPLE}|{_ONE_OF_SOME})"
    r"(?:さん|ちゃん|くん|様)?(?:の(?:ほう|方))?\s?(?:は|が|も|:|→|=|「)、?\s?"
)
# Behind the foods: 「卵です。」, 「乳で、」, 「卵の子1人」, 「卵(完全除去)」.
END: Final = re.compile(
    r"[」)]?(?:の子\d?人?|持ち|だけ|のみ)?"
    r"(?:です|なの|なん(?:です|だ)|だ|や|じゃ)?(?:ね|よ)?(?:から|ので|んで|けん|さかい|で(?!す|も)|し)?\s*"
    r"(?=[。、!」)(\n]|$)"
)
# 「トリプルっ子です（乳卵小麦）」
BEHIND: Final = re.compile(r"(?:っ子|持ち)?(?:です|で|なので|が)?[、\s]?[(「]")
BLANK: Final = re.compile(r"[\s・\-*「(]*")


def told_by_food_alone(form: Form) -> Iterator[Caught]:
    """Yield the foods that are told of somebody who has an allergy, and nothing else with them."""
    folded = form.text.folded
    spoken = [one.span() for one in SPOKEN_OF.finditer(folded) if _holds(form, *one.span())]
    if not spoken:
        return
    starts = {food.start: food for food in form.foods}
    for subject in SUBJECT.finditer(folded):
        foods, end = _foods_at(form, starts, subject.end())
        if foods and END.match(folded, end):
            yield from (Caught(food, True, subject.start(), end) for food in foods)
    for start, end in spoken:
        if behind := BEHIND.match(folded, end):
            foods, stop = _foods_at(form, starts, behind.end())
            if foods and END.match(folded, stop):
                yield from (Caught(food, True, start, stop) for food in foods)
        sentence = form.sentence_at(start)
        if not form.foods_in(*sentence):
            yield from _beside(form, starts, sentence[1])


def _holds(form: Form, start: int, end: int) -> bool:
    """Tell whether an allergy that is spoken of is to a food, and neither denied nor over."""
    is_of_no_food = marks.NO_FOOD.search(form.text.folded, max(0, start - LONGEST_CAUSE), start)
    return not (is_of_no_food or marks.DENIED.match(form.text.folded, end) or form.is_over(end))


def _beside(form: Form, starts: dict[int, Mention], end: int) -> Iterator[Caught]:
    """Yield the allergens of the sentence that begins behind `end`, if it holds nothing else."""
    folded = form.text.folded
    while end < len(folded) and folded[end] in "。!?\n ":
        end += 1
    first = BLANK.match(folded, end)
    place = first.end() if first else end
    foods, stop = _foods_at(form, starts, place)
    is_all = END.match(folded, stop) and all(food.meaning.allergens for food in foods)
    if foods and is_all:
        yield from (Caught(food, True, place, stop) for food in foods)


def _foods_at(form: Form, starts: dict[int, Mention], place: int) -> tuple[list[Mention], int]:
    """Return the foods that stand there one behind the other, and where the last one ends."""
    foods: list[Mention] = []
    end = place
    while food := starts.get(place):
        foods.append(food)
        end = food.end
        joint = JOINED.match(form.text.folded, end)
        place = joint.end() if joint else end
        if place not in starts:
            break
    return foods, end
