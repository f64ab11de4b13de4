"""The reader understands whatever the corpus says, held-out wordings included."""

import random
from collections.abc import Iterator
from itertools import chain
from typing import Final

import pytest

from chef_llm.cookbook import load_cookbook
from chef_llm.cookbook.model import fold
from chef_llm.menus.constraints import DIETS
from chef_llm.menus.reading import Reading, read_request
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
REQUESTS_PER_TEMPLATE: Final = 6
TEMPLATES_PER_PHRASE: Final = 3
DISHES_PER_SENTENCE: Final = 12
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


def leaves_nothing_out(reading: Reading) -> bool:
    return not (reading.allergens or reading.excluded or reading.excluded_dishes)


def styles(reading: Reading) -> set[str | None]:
    """Return the styles, those of the diets included."""
    wished = {thing.value for thing in reading.understood if thing.kind == "style"}
    return wished | {DIETS[diet].style for diet in reading.diets}


def around(phrase: str, *, behind: bool) -> Iterator[tuple[str, str]]:
    """Yield each food with the phrase that leaves it out, alone and in requests for others."""
    rng = random.Random(phrase)
    templates = both("menus")
    for food in FOODS:
        said = phrase.format(ex=food)
        yield food, said
        place = {"post": f"。{said}"} if behind else {"pre": said}
        for template in rng.sample(templates, TEMPLATES_PER_PHRASE):
            yield food, request(template, rng, ing=OTHERS, **place)


def assert_left_out(food: str, text: str, how: str) -> None:
    reading, meant = read(text), read(f"{food}{how}")

    assert meant.excluded <= reading.excluded, text
    assert meant.allergens <= reading.allergens, text
    assert set(reading.ingredients) <= {"ごぼう", "れんこん"}, text


@pytest.mark.parametrize("phrase", ways("before"))
def test_what_is_left_out_before_a_request(phrase: str) -> None:
    for food, text in around(phrase, behind=False):
        assert_left_out(food, text, "抜き")


@pytest.mark.parametrize("phrase", ways("after"))
def test_what_is_left_out_behind_a_request(phrase: str) -> None:
    for food, text in around(phrase, behind=True):
        assert_left_out(food, text, "抜き")


@pytest.mark.parametrize("phrase", ways("allergies_before"))
def test_an_allergy_before_a_request(phrase: str) -> None:
    for food, text in around(phrase, behind=False):
        assert_left_out(food, text, "アレルギー")


@pytest.mark.parametrize("phrase", ways("allergies_after"))
def test_an_allergy_behind_a_request(phrase: str) -> None:
    for food, text in around(phrase, behind=True):
        assert_left_out(food, text, "アレルギー")


@pytest.mark.parametrize("half", HALVES)
def test_what_a_second_turn_leaves_out(half: Half) -> None:
    for phrase in wordings(half).changes.exclusion:
        for food in FOODS:
            assert_left_out(food, f"{OTHERS}の夕食\n{phrase.format(ex=food)}", "抜き")


@pytest.mark.parametrize("template", both("menus"))
def test_a_wish_leaves_nothing_out(template: str) -> None:
    rng = random.Random(template)
    clauses = (*VOCABULARY.seasons, *VOCABULARY.minutes, *chain(*VOCABULARY.styles.values()))
    for wished, names in WISHES.items():
        for number in range(REQUESTS_PER_TEMPLATE):
            clause = rng.choice(clauses).format(s="秋", m=20) if number else ""
            text = request(template, rng, ing=wished, pre=clause)
            reading = read(text)

            assert leaves_nothing_out(reading), text
            assert reading.ingredients == names, text


@pytest.mark.parametrize("template", both("open_menus"))
def test_a_request_without_foods_names_none(template: str) -> None:
    rng = random.Random(template)
    for _ in range(REQUESTS_PER_TEMPLATE):
        text = request(template, rng)
        reading = read(text)

        assert leaves_nothing_out(reading), text
        assert reading.ingredients == (), text


def test_what_a_second_turn_adds_is_wished() -> None:
    for half in HALVES:
        for phrase in wordings(half).changes.addition:
            reading = read(phrase.format(x="卵"))

            assert leaves_nothing_out(reading), phrase
            assert reading.ingredients == ("卵",), phrase


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

    assert set(read_anyway) <= set(READ_ALL_THE_SAME)
    assert not any(leaves_nothing_out(read(text)) for text in READ_ALL_THE_SAME)


@pytest.mark.parametrize("sentence", both("recipes"))
def test_a_recipe_is_asked_for_by_the_name_of_its_dish(sentence: str) -> None:
    names = sorted(set(COOKBOOK.dishes) - NO_DISH_BY_ITS_NAME)
    for dish in random.Random(sentence).sample(names, DISHES_PER_SENTENCE):
        text = sentence.format(dish=dish, n="2人分の")
        reading = read(text)
        # とろろ is an ingredient as much as a dish.
        food = COOKBOOK.spellings.get(fold(dish))

        assert leaves_nothing_out(reading), text
        assert reading.dishes == (dish,) or reading.ingredients == (food,), text
