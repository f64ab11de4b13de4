"""The reader understands whatever the corpus says, held-out wordings included."""

import random
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Any, Final

import pytest

from chef_llm.cookbook import load_cookbook
from chef_llm.cookbook.model import fold
from chef_llm.cookbook.vocabulary import DIETS
from chef_llm.reading.free_text import Reading, read_request
from chef_train.phrasing import tidy
from chef_train.wording import Half, exclusions, vocabulary, wordings

COOKBOOK = load_cookbook()
HALVES: Final[tuple[Half, Half]] = ("train", "held_out")
VOCABULARY = vocabulary()
FOODS: Final = (
    *("卵", "牛乳", "小麦", "えび", "いか", "そば", "落花生", "豚肉", "きのこ", "玉ねぎ"),
    *("トマト", "なす", "ナッツ", "えび・かに"),
)
WISHES: Final = {
    "鶏むね肉とキャベツ": ("鶏むね肉", "キャベツ"),
    "卵とトマト": ("卵", "トマト"),
    "なすと豚こま": ("なす", "豚こま切れ肉"),
}
OTHERS: Final = "ごぼうとれんこん"
# In every request for others; more are drawn for each phrase.
ALWAYS: Final = ("卵", "牛乳", "小麦", "えび", "玉ねぎ")
FOODS_PER_PHRASE: Final = 3
TEMPLATES_PER_FOOD: Final = 2
REQUESTS_PER_TEMPLATE: Final = 3
DISHES_PER_SENTENCE: Final = 6
# The second reader learns from examples; of wishes it may take so many for refusals.
TAKEN_FOR_REFUSALS: Final = 0.01
ADDED: Final = {"卵": "卵", "豆腐": "木綿豆腐", "えび": "えび", "トマト": "トマト", "なす": "なす"}
# Where nothing parts them from the words before, they say something else.
READ_AT_THE_START: Final = {
    "{ex}ないんよ、じゃけえ使わんで、": "行かない, when it runs on: 「使ったいかないんよ」",
}
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
    """Return the sentences of both halves of a field of `Wordings`."""
    return list(chain.from_iterable(getattr(wordings(half), name) for half in HALVES))


def ways(name: str) -> list[str]:
    """Return the phrases of both halves of a field of `Exclusions`."""
    return list(chain.from_iterable(getattr(exclusions(half), name) for half in HALVES))


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


def styles(reading: Reading) -> set[str | None]:
    """Return the styles, those of the diets included."""
    wished = {thing.value for thing in reading.understood if thing.kind == "style"}
    return wished | {DIETS[diet].style for diet in reading.diets}


def around(phrase: str, *, behind: bool) -> Iterator[tuple[str, str]]:
    """Yield foods with the phrase that leaves them out: all alone, some in requests for others."""
    rng = random.Random(phrase)
    for food in FOODS:
        yield food, phrase.format(ex=food)
    if phrase in READ_AT_THE_START:
        return
    for food in (*ALWAYS, *rng.sample(FOODS, FOODS_PER_PHRASE)):
        said = phrase.format(ex=food)
        place = {"post": f"。{said}"} if behind else {"pre": said}
        for template in rng.sample(TEMPLATES, TEMPLATES_PER_FOOD):
            yield food, request(template, rng, ing=OTHERS, **place)


@cache
def left_out_by(way: str) -> Reading:
    return read(way)


def is_left_out(food: str, text: str, how: str) -> bool:
    reading, meant = read(text), left_out_by(f"{food}{how}")
    return (
        meant.excluded <= reading.excluded
        and meant.allergens <= reading.allergens
        and set(reading.ingredients) <= {"ごぼう", "れんこん"}
    )


@pytest.mark.parametrize(
    ("table", "how", "behind"),
    [
        ("before", "抜き", False),
        ("after", "抜き", True),
        ("allergies_before", "アレルギー", False),
        ("allergies_after", "アレルギー", True),
    ],
)
def test_every_way_to_leave_something_out_is_read(table: str, how: str, *, behind: bool) -> None:
    unread = [
        text
        for phrase in ways(table)
        for food, text in around(phrase, behind=behind)
        if not is_left_out(food, text, how)
    ]

    assert not unread, unread[:20]


def test_what_a_second_turn_leaves_out() -> None:
    unread = [
        text
        for half in HALVES
        for phrase in wordings(half).changes.exclusion
        for food in FOODS
        if not is_left_out(food, text := f"{OTHERS}の夕食\n{phrase.format(ex=food)}", "抜き")
    ]

    assert not unread, unread[:20]


def test_a_wish_leaves_nothing_out() -> None:
    clauses = (*VOCABULARY.seasons, *VOCABULARY.minutes, *chain(*VOCABULARY.styles.values()))
    wrong = []
    for template in TEMPLATES:
        rng = random.Random(template)
        for wished, names in WISHES.items():
            for number in range(REQUESTS_PER_TEMPLATE):
                clause = rng.choice(clauses).format(s="秋", m=20) if number else ""
                text = request(template, rng, ing=wished, pre=clause)
                reading = read(text)
                if not leaves_nothing_out(reading) or reading.ingredients != names:
                    wrong.append((text, reading.ingredients, reading.excluded))

    assert_few(wrong, len(TEMPLATES) * len(WISHES) * REQUESTS_PER_TEMPLATE)


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


@pytest.mark.parametrize("phrase", VOCABULARY.minutes)
def test_minutes(phrase: str) -> None:
    for minutes in (10, 15, 40):
        reading = read(f"{phrase.format(m=minutes)}{OTHERS}の夕食")

        assert reading.max_minutes == minutes
        assert leaves_nothing_out(reading)


@pytest.mark.parametrize("phrase", VOCABULARY.seasons)
def test_seasons(phrase: str) -> None:
    for season in "春夏秋冬":
        assert read(f"{phrase.format(s=season)}{OTHERS}の夕食").season == season


@pytest.mark.parametrize("phrase", VOCABULARY.vegetarian)
def test_vegetarian(phrase: str) -> None:
    assert read(f"{phrase}{OTHERS}の夕食").diets == {"vegetarian"}


@pytest.mark.parametrize(
    ("meal", "word"), [(meal, word) for meal, all_ in VOCABULARY.meals.items() for word in all_]
)
def test_meals(meal: str, word: str) -> None:
    # 献立 and おかず name no meal; dinner is what is planned unasked.
    assert (read(f"{OTHERS}の{word}をお願いします。").meals or ("夕食",)) == (meal,)


@pytest.mark.parametrize(
    ("cuisine", "phrase"),
    [(cuisine, phrase) for cuisine, all_ in VOCABULARY.cuisines.items() for phrase in all_],
)
def test_cuisines(cuisine: str, phrase: str) -> None:
    reading = read(f"{phrase}{OTHERS}の夕食")

    assert reading.cuisine == cuisine
    assert reading.ingredients == ("ごぼう", "れんこん")
    assert leaves_nothing_out(reading)


@pytest.mark.parametrize(
    ("style", "phrase"),
    [(style, phrase) for style, all_ in VOCABULARY.styles.items() for phrase in all_],
)
def test_styles(style: str, phrase: str) -> None:
    reading = read(f"{phrase}{OTHERS}の夕食")

    assert style in styles(reading)
    assert reading.ingredients == ("ごぼう", "れんこん")
    assert leaves_nothing_out(reading)


@pytest.mark.parametrize("aside", VOCABULARY.asides)
def test_an_aside_changes_nothing(aside: str) -> None:
    for text in (f"{aside}鶏むね肉とキャベツで夕食を。", f"鶏むね肉とキャベツで夕食を。{aside}"):
        reading = read(text)

        assert leaves_nothing_out(reading), text
        assert not reading.diets, text
        assert reading.ingredients == ("鶏むね肉", "キャベツ"), text


def test_what_is_off_topic_leaves_nothing_out() -> None:
    fixed = [*both("declines"), *both("greetings"), *both("thanks"), *both("absent_dishes")]
    asked = [
        question.format(x=subject, y="数学")
        for question in both("questions")
        for subject in random.Random(question).sample(both("subjects"), 40)
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
