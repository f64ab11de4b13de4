"""The reader understands whatever the corpus says, held-out wordings included."""

import random
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

import pytest

from chef_llm.cookbook import load_cookbook
from chef_llm.cookbook.model import fold
from chef_llm.cookbook.vocabulary import DIETS
from chef_llm.reading.free_text import Reading, read_request
from chef_train.phrasing import tidy
from chef_train.wording import Half, vocabulary, wordings
from sampled import sample

pytestmark = pytest.mark.sampled

COOKBOOK = load_cookbook()
HALVES: Final[tuple[Half, Half]] = ("train", "held_out")
VOCABULARY = vocabulary()
WISHES: Final = {
    "鶏むね肉とキャベツ": ("鶏むね肉", "キャベツ"),
    "卵とトマト": ("卵", "トマト"),
    "なすと豚こま": ("なす", "豚こま切れ肉"),
}
OTHERS: Final = "ごぼうとれんこん"
REQUESTS_PER_TEMPLATE: Final = 3
SUBJECTS_PER_QUESTION: Final = 8
DISHES_PER_SENTENCE: Final = 3
# The second reader learns from examples; of wishes it may take so many for refusals.
TAKEN_FOR_REFUSALS: Final = 0.01
ADDED: Final = {"卵": "卵", "豆腐": "木綿豆腐", "えび": "えび", "トマト": "トマト", "なす": "なす"}
# Sentences outside the kitchen that must not go unread, or cannot be told from one inside it.
READ_ALL_THE_SAME: Final = {
    "卵アレルギーの検査はどこで受けられますか?": "names an allergy, whatever it asks",
    "韓国をやめたい": "韓国 is how one calls that cuisine, too",
    "生物をやめたい": "生物 is also written for なまもの",
}
# Named as an ingredient that nobody means by naming it.
NO_DISH_BY_ITS_NAME: Final = {"ご飯"}


def read(text: str) -> Reading:
    return read_request(text, COOKBOOK)


def both(name: str) -> list[str]:
    """Return the sentences of both halves of a field of `Wordings`, or a sample of them."""
    return sample(chain.from_iterable(getattr(wordings(half), name) for half in HALVES), 6)


TEMPLATES: Final = both("menus")


def request(template: str, rng: random.Random, **parts: str) -> str:
    """Fill a template of menus; what `parts` leave out is drawn."""
    drawn = {
        "n": rng.choice(("", "4人分の")),
        "meal": rng.choice([word for words in VOCABULARY.meals.values() for word in words]),
        "ask": rng.choice(VOCABULARY.asks),
        "pre": "",
        "post": "",
    }
    return tidy(template.format(**{**drawn, **parts}))


def assert_few(wrong: list[Any], total: int) -> None:
    """Assert that the second reader took few enough of `total` wishes for refusals."""
    assert len(wrong) <= TAKEN_FOR_REFUSALS * total, f"{len(wrong)} of {total}: {wrong[:20]}"


def leaves_nothing_out(reading: Reading) -> bool:
    return not (reading.allergens or reading.excluded or reading.excluded_dishes)


def is_of(reading: Reading, *names: str) -> bool:
    """Tell whether all that a reading has of foods is the wish for `names`."""
    return reading.ingredients == names and leaves_nothing_out(reading)


def styles(reading: Reading) -> set[str | None]:
    """Return the styles, those of the diets included."""
    wished = {thing.value for thing in reading.understood if thing.kind == "style"}
    return wished | {DIETS[diet].style for diet in reading.diets}


def test_a_wish_leaves_nothing_out() -> None:
    clauses = (*VOCABULARY.seasons, *VOCABULARY.minutes, *chain(*VOCABULARY.styles.values()))
    wrong = []
    for template in TEMPLATES:
        rng = random.Random(template)
        clauses_before = ("", rng.choice(clauses).format(s="秋", m=20))
        for (wished, names), clause in zip(
            rng.sample(list(WISHES.items()), 2), clauses_before, strict=True
        ):
            text = request(template, rng, ing=wished, pre=clause)
            reading = read(text)
            if not is_of(reading, *names):
                wrong.append((text, reading.ingredients, reading.excluded))

    assert_few(wrong, len(TEMPLATES) * 2)


def test_a_request_without_foods_names_none() -> None:
    wrong = []
    for template in both("open_menus"):
        rng = random.Random(template)
        texts = [request(template, rng) for _ in range(REQUESTS_PER_TEMPLATE)]
        wrong += [
            text
            for text in texts
            if not leaves_nothing_out(reading := read(text)) or reading.ingredients
        ]

    assert_few(wrong, len(both("open_menus")) * REQUESTS_PER_TEMPLATE)


def test_what_a_second_turn_adds_is_wished() -> None:
    wrong = [
        text
        for half in HALVES
        for phrase in wordings(half).changes.addition
        for food, name in ADDED.items()
        if not leaves_nothing_out(reading := read(text := phrase.format(x=food)))
        or reading.ingredients != (name,)
    ]

    assert_few(wrong, sum(len(wordings(half).changes.addition) for half in HALVES) * len(ADDED))


def second_turns(half: Half) -> Iterator[str]:
    """Yield the phrases that change a menu and leave no ingredient out."""
    changes = wordings(half).changes
    yield from chain(*changes.role.values(), changes.all, changes.servings)


def test_what_a_second_turn_changes_leaves_no_ingredient_out() -> None:
    wrong = [
        text
        for half in HALVES
        for phrase in second_turns(half)
        if (reading := read(text := phrase.format(n="三人"))).excluded or reading.allergens
    ]

    assert_few(wrong, sum(1 for half in HALVES for _ in second_turns(half)))


def test_minutes() -> None:
    texts = {
        f"{phrase.format(m=minutes)}{OTHERS}の夕食": minutes
        for phrase in VOCABULARY.minutes
        for minutes in (10, 15, 40)
    }

    readings = {text: read(text) for text in texts}

    assert {text: reading.max_minutes for text, reading in readings.items()} == texts
    assert not [text for text, reading in readings.items() if not leaves_nothing_out(reading)]


def test_seasons() -> None:
    texts = {
        f"{phrase.format(s=season)}{OTHERS}の夕食": season
        for phrase in VOCABULARY.seasons
        for season in "春夏秋冬"
    }

    assert {text: read(text).season for text in texts} == texts


def test_vegetarian() -> None:
    texts = [f"{phrase}{OTHERS}の夕食" for phrase in VOCABULARY.vegetarian]

    assert {text: read(text).diets for text in texts} == {text: {"vegetarian"} for text in texts}


def test_meals() -> None:
    texts = {
        f"{OTHERS}の{word}をお願いします。": (meal,)
        for meal, words in VOCABULARY.meals.items()
        for word in words
    }

    # 献立 and おかず name no meal; dinner is what is planned unasked.
    assert {text: read(text).meals or ("夕食",) for text in texts} == texts


def test_cuisines() -> None:
    wrong = [
        (text, reading)
        for cuisine, phrases in VOCABULARY.cuisines.items()
        for phrase in phrases
        if (reading := read(text := f"{phrase}{OTHERS}の夕食")).cuisine != cuisine
        or not is_of(reading, "ごぼう", "れんこん")
    ]

    assert not wrong, wrong[:10]


def test_styles() -> None:
    wrong = [
        (text, reading)
        for style, phrases in VOCABULARY.styles.items()
        for phrase in phrases
        if style not in styles(reading := read(text := f"{phrase}{OTHERS}の夕食"))
        or not is_of(reading, "ごぼう", "れんこん")
    ]

    assert not wrong, wrong[:10]


def test_an_aside_changes_nothing() -> None:
    request = "鶏むね肉とキャベツで夕食を。"
    wrong = [
        text
        for aside in VOCABULARY.asides
        for text in (f"{aside}{request}", f"{request}{aside}")
        if not is_of(reading := read(text), "鶏むね肉", "キャベツ") or reading.diets
    ]

    assert not wrong, wrong[:10]


def test_what_is_off_topic_leaves_nothing_out() -> None:
    fixed = [*both("declines"), *both("greetings"), *both("thanks"), *both("absent_dishes")]
    asked = [
        question.format(x=subject, y="数学")
        for question in both("questions")
        for subject in random.Random(question).sample(both("subjects"), SUBJECTS_PER_QUESTION)
    ]
    read_anyway = [text for text in (*fixed, *asked) if not leaves_nothing_out(read(text))]

    assert_few([text for text in read_anyway if text not in READ_ALL_THE_SAME], len(asked))
    assert not any(leaves_nothing_out(read(text)) for text in READ_ALL_THE_SAME)


def test_a_recipe_is_asked_for_by_the_name_of_its_dish() -> None:
    names = sorted(set(COOKBOOK.dishes) - NO_DISH_BY_ITS_NAME)
    wrong = []
    for sentence in both("recipes"):
        for dish in random.Random(sentence).sample(names, DISHES_PER_SENTENCE):
            text = sentence.format(dish=dish, n="2人分の")
            reading = read(text)
            # とろろ is an ingredient as much as a dish.
            food = COOKBOOK.spellings.get(fold(dish))
            is_named = reading.dishes == (dish,) or reading.ingredients == (food,)
            if not is_named or not leaves_nothing_out(reading):
                wrong.append((text, reading.dishes, reading.ingredients))

    assert_few(wrong, len(both("recipes")) * DISHES_PER_SENTENCE)
