"""Answers a question of the kitchen (代用, 保存, 火の通り) with what is written down of it.

No order is answered so, and nothing medical. What the conversation excludes and the answer names
is said beside it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from chef_llm.chat.kitchen_index import NO_FOODS, KitchenIndex, foods_in
from chef_llm.cookbook import Cookbook
from chef_llm.cookbook.kitchen import Entry, load_knowledge
from chef_llm.cookbook.model import fold
from chef_llm.cookbook.vocabulary import DIETS
from chef_llm.reading.conversation import Message
from chef_llm.reading.lexicon import Meaning, lexicon
from chef_llm.reading.order import Constraints, Fields, Order
from chef_llm.reading.purpose import NO_ORDER_ABOVE, ORDER_BELOW, talk_logit
from chef_llm.reading.text import read_text

# Above which logit of being talk (`reading.purpose`) how alike an entry has to be; below them all a
# turn is an order, whatever it is like. `benchmarks/knowledge.py` prints what comes of it.
LEAST_ALIKE: Final = ((NO_ORDER_ABOVE, 0.25), (ORDER_BELOW, 0.32), (-3.0, 0.40), (-4.0, 0.50))
# A longer turn tells a story, and wants more than a sentence of advice.
LONGEST_QUESTION: Final = 160
MOST_SENTENCES: Final = 3
SHORTEST_SENTENCE: Final = 6
SENTENCE_END: Final = re.compile(r"[。!?！？\n]+")
# What a doctor is asked, unless the entry itself is asked so.
MEDICAL: Final = re.compile(
    "アレルギ|妊娠|妊婦|授乳|母乳|離乳|赤ちゃん|乳児|[0-9０-９]+ ?[かヶカケ]月|病気|病院|医者|薬|"
    "治[るり療]|症状|検査|腹痛|下痢|嘔吐|吐い|熱が出|痛[いくむ]|体調|便が|糖尿|腎|血圧|貧血|ダイエット"
)
# Who says one of these wants a meal, whatever he says of what is in the fridge.
MENU: Final = re.compile(
    "献立|メニュー|[夕昼朝晩夜](?:食|飯|めし|ご飯|ごはん|御飯)(?!の?残り)|人分|人前"
)
# So does who says how many eat, for what meals, or of what courses.
OF_A_MEAL: Final = frozenset({"servings", "meal", "roles", "proposals", "share", "budget"})
ALLERGY: Final = "アレルギ"
# 「ケチャップがない。代わりは？」 is asked in two sentences, of which neither says it.
INSTEAD: Final = re.compile(
    r"(?:^|[。、\n])(?P<food>[^。、\n]{1,12}?)(?:が|は|を|も)?(?:もう)?(?:ない|無い|なか|切れ|切らし|なくて|ありません|買い忘れ)"
    r"[^。\n]{0,10}[。、,!?！？\n\s]+(?:何か)?(?:代わり|かわり|代用)[^。\n]{0,12}[?？。]?$"
)
SPOON: Final = re.compile("[大小]さじ|カップ[0-9]")
FOR_TASTE_ALONE: Final = (
    "味や役割の代わりで、アレルギーに安全とは限りません。"
    "アレルギーのある方は、必ず原材料の表示を確かめてください。"
)


def kitchen_answer(
    messages: Sequence[Message], fields: Fields, order: Order, cookbook: Cookbook
) -> str | None:
    """Return the answer to the last turn where it is a question of the kitchen, else None.

    Fields that ask for dishes make an order of it; those that leave something out do not.
    """
    asks_for_dishes = replace(fields, allergens=(), exclude=(), diets=frozenset()).say_something
    if not messages or messages[-1].role != "user" or asks_for_dishes:
        return None
    last = messages[-1].content
    said_now = {one.kind for one in order.understood if one.words in last}
    is_of_a_meal = bool(MENU.search(last)) or bool(said_now & OF_A_MEAL and not order.is_talk)
    if (order.kept and order.about) or is_of_a_meal:
        return None
    entry = find(last, cookbook)
    return None if entry is None else answer_of(entry, order.constraints, cookbook)


def find(question: str, cookbook: Cookbook) -> Entry | None:
    """Return the entry that a turn asks for, None for an order, other talk, and in doubt."""
    if len(question) > LONGEST_QUESTION:
        return None
    logit = talk_logit(question, lexicon(cookbook))
    least = next((alike for above, alike in LEAST_ALIKE if logit > above), None)
    if least is None:
        return None
    found = [pair for part in _parts(question) for pair in _index(cookbook).find(part)[:1]]
    alike, entry = max(found, key=lambda pair: pair[0], default=(0.0, None))
    if entry is None or alike < least:
        return None
    return None if _is_medical(question, entry) else entry


def answer_of(entry: Entry, constraints: Constraints, cookbook: Cookbook) -> str:
    """Return an entry's text, with what of it the conversation excludes."""
    said = [entry.answer]
    broken = list(dict.fromkeys(_broken(entry, constraints, cookbook)))
    if broken:
        names = "".join(f"「{name}」" for name in broken)
        said.append(
            f"ご注意：{names}は、うかがっているアレルギーや使わない食材に当たるか、"
            "当たるものがあるので、使わないでください。"
        )
    if entry.is_substitute and any(cookbook.ingredients[food].allergens for food in entry.foods):
        said.append(FOR_TASTE_ALONE)
    return "\n".join(said)


@lru_cache(maxsize=1)
def _index(cookbook: Cookbook) -> KitchenIndex:
    known = (entry for entry in load_knowledge() if cookbook.ingredients.keys() >= set(entry.foods))
    return KitchenIndex(known, lexicon(cookbook))


def _parts(question: str) -> list[str]:
    """Return the turn, its sentences, and what it asks across two of them."""
    if missing := INSTEAD.search(question):
        return [f"{missing['food']}の代わり", question]
    sentences = [part for part in SENTENCE_END.split(question) if len(part) >= SHORTEST_SENTENCE]
    more = sentences if len(sentences) <= MOST_SENTENCES else []
    return list(dict.fromkeys([question, *more]))


def _is_medical(question: str, entry: Entry) -> bool:
    asked = set(MEDICAL.findall(question)) - set(MEDICAL.findall("".join(entry.phrasings)))
    if entry.is_substitute:
        asked.discard(ALLERGY)
    return bool(asked)


def _broken(entry: Entry, constraints: Constraints, cookbook: Cookbook) -> Iterator[str]:
    """Yield what an answer is about or names, as it does, and may not be eaten."""
    if not entry.is_substitute:
        for name in (*entry.foods, *entry.dishes):
            named = next(lexicon(cookbook).at(fold(name), 0), None)
            if named is not None and _breaks(named.meaning, constraints, cookbook):
                yield name
    # 「みそ大さじ1」: the food ends where the spoon begins.
    text = read_text(SPOON.sub(r" \g<0>", entry.answer))
    for mention in foods_in(text, lexicon(cookbook), hidden=True):
        is_replaced = entry.is_substitute and mention.meaning.name in entry.foods
        is_food = mention.meaning.name not in NO_FOODS
        if is_food and not is_replaced and _breaks(mention.meaning, constraints, cookbook):
            yield text.plain[mention.start : mention.end]


def _breaks(meaning: Meaning, constraints: Constraints, cookbook: Cookbook) -> bool:
    """Tell whether a food, or one of a group that may be meant, is excluded."""
    if meaning.kind == "dish" and meaning.name in cookbook.dishes:
        members = cookbook.dishes[meaning.name].ingredient_names
    else:
        members = cookbook.members(meaning.wish or meaning.name)
    foods = [cookbook.ingredients[name] for name in members]
    names = {meaning.name, *meaning.excluded, *(food.name for food in foods)}
    groups = names.union(*(food.groups for food in foods))
    allergens = meaning.allergens.union(
        meaning.allergy_allergens, *(food.allergens for food in foods)
    )
    diets = [DIETS[name] for name in constraints.diets]
    return bool(
        allergens & constraints.allergens
        or groups & constraints.excluded
        or meaning.name in constraints.excluded_dishes
        or any(groups & diet.without_groups or allergens & diet.without_allergens for diet in diets)
    )
