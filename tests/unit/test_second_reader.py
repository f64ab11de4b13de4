"""The second reader: its table, what it sees, and that nobody trained it on what measures it."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from chef_llm.cookbook import load_cookbook
from chef_llm.reading.forms import read_forms
from chef_llm.reading.free_text import read_request
from chef_llm.reading.hashed import table
from chef_llm.reading.lexicon import lexicon
from chef_llm.reading.mentions import read_foods
from chef_llm.reading.second_reader import (
    BUCKETS,
    FOOD,
    MOST_FOODS,
    REFUSED_ABOVE,
    WEIGHTS,
    features,
    logits_of,
    view,
)
from chef_llm.reading.signals import STEMS, find_signals, topics_of
from chef_llm.reading.text import read_text
from chef_train.folds import FOLDS, fold_of

COOKBOOK = load_cookbook()
ROOT = Path(__file__).parents[2]


def rows(folder: str) -> list[dict[str, Any]]:
    paths = sorted((ROOT / folder).glob("*.jsonl"))
    assert paths, folder
    return [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]


def logits(text: str) -> dict[str, float]:
    words = lexicon(COOKBOOK)
    canonical, clauses = read_forms(read_text(text), words)
    form, flags = read_foods(canonical, clauses, words)
    found, _ = logits_of(form, flags)
    return {food.meaning.name: logit for food, logit in found.items()}


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).lower()))


def test_nothing_of_the_frozen_sets_is_trained_on() -> None:
    trained = {letters(row["text"]) for row in rows("src/chef_train/refusals")}

    assert not [row["id"] for row in rows("benchmarks/frozen") if letters(row["text"]) in trained]


def test_the_frozen_sets_are_as_large_as_was_asked_for() -> None:
    kinds = [row["kind"] for row in rows("benchmarks/frozen")]

    assert kinds.count("refusal") >= 1_000
    assert kinds.count("near_miss") >= 300


def test_the_table_has_a_byte_for_each_bucket() -> None:
    assert len(table(WEIGHTS).weights) == BUCKETS


@pytest.mark.parametrize(
    ("refused", "wished"),
    [
        ("卵は高いので今日は使いません", "卵が安かったので今日は使います"),
        ("トマトがどうしても食べられません", "トマトがどうしても食べたいです"),
        ("ゴーヤは苦くて好きじゃないです", "ゴーヤは苦いけど好きです"),
    ],
)
def test_a_refusal_weighs_more_than_a_wish_in_like_words(refused: str, wished: str) -> None:
    [no], [yes] = logits(refused).values(), logits(wished).values()

    assert no > REFUSED_ABOVE
    assert no > yes


def test_a_food_is_not_refused_for_its_name() -> None:
    one, other = logits("ピーマンは苦手です"), logits("セロリは苦手です")

    assert list(one.values()) == list(other.values())


def test_all_foods_are_one_character_to_it() -> None:
    words = lexicon(COOKBOOK)
    text, clauses = read_forms(read_text("鶏むね肉とキャベツで夕食"), words)
    form, _ = read_foods(text, clauses, words)

    seen = view(form, clauses[0])

    assert seen.characters == f"{FOOD}と{FOOD}で夕食"
    assert [place for _, place in seen.foods] == [0, 2]


def test_features_are_the_same_each_time_and_inside_the_table() -> None:
    characters = f"{FOOD}は苦手です"
    first = features(characters, 0, list(find_signals(characters)), ("rule",))

    assert first == features(characters, 0, list(find_signals(characters)), ("rule",))
    assert first
    assert all(0 <= bucket < BUCKETS for bucket in first)


def test_so_many_foods_are_looked_at_and_no_more() -> None:
    names = list(COOKBOOK.ingredients)
    text = "。".join(f"{name}は{number}番目に苦手" for number, name in enumerate(names * 2))

    assert len(logits(text[:10_000])) <= MOST_FOODS


def test_the_longest_stem_at_a_place_is_the_signal() -> None:
    assert [(each.kind, each.start) for each in find_signals("使わない。好き")] == [
        ("R", 0),
        (".", 4),
        ("W", 5),
    ]
    assert all(stem == read_text(stem).folded for stem in STEMS if stem not in "、,・;/。!\n:>")


@pytest.mark.parametrize(
    ("text", "foods"),
    [
        ("食べられないもの 卵", ["卵"]),
        ("柔らかいものと卵", ["卵"]),
        ("卵で喉がかゆい", ["卵"]),
        ("卵でまぶたが腫れる", ["卵"]),
        ("医師コメント：卵は陰性", ["卵"]),
        ("卵をつなぎに使う", ["卵"]),
    ],
)
def test_what_says_something_of_a_food_is_no_food(text: str, foods: list[str]) -> None:
    assert list(logits(text)) == foods


@pytest.mark.parametrize("text", ["いもの煮物と卵", "かゆに卵", "豚こまとフォーと卵"])
def test_a_short_name_is_still_a_food(text: str) -> None:
    assert len(logits(text)) > 1


def test_it_hears_what_is_spoken_of() -> None:
    assert topics_of("唇が腫れて泣く娘") == "eis"
    assert topics_of("晩ごはん") == ""
    assert topics_of("保健師さんから") == topics_of("園の先生から") == "d"


# A rule refuses each, and the second reader is sure of a wish.
OVERRULED = (
    "チーズがない人生なんて考えられない！チーズたっぷりのピザを作りたい",
    "夫が生姜の入ってない汁物は物足りないと言って残します。豚汁は里芋入りで生姜たっぷりをお願いします",
)


@pytest.mark.parametrize("text", OVERRULED)
def test_a_plain_rule_gives_way_where_the_second_reader_is_sure_of_a_wish(text: str) -> None:
    reading = read_request(text, COOKBOOK)

    assert not (reading.allergens or reading.excluded)


def test_nothing_overrules_a_rule_where_harm_is_spoken_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for bound in ("WISHED_BELOW", "REFUSED_ABOVE", "SUSPECT_ABOVE"):
        monkeypatch.setattr(f"chef_llm.reading.mentions.{bound}", 99.0)

    assert not read_request("納豆は苦手です", COOKBOOK).excluded
    assert read_request("納豆は苦手です。蕁麻疹が出ます", COOKBOOK).excluded == {"納豆"}
    assert read_request("納豆が苦手で、食べると蕁麻疹が出ます", COOKBOOK).excluded
    assert read_request("納豆アレルギーです", COOKBOOK).excluded


def test_no_writer_is_in_two_folds_and_the_corpus_in_none() -> None:
    letters = {path.stem for path in (ROOT / "src/chef_train/refusals").glob("*.jsonl")}
    names = [row["id"] for row in rows("src/chef_train/refusals")]
    folds = {
        letter: {fold_of(name) for name in names if name.lower().startswith(f"{letter}-")}
        for letter in letters
    }

    assert all(len(numbers) == 1 for numbers in folds.values())
    assert folds["m"] == {fold_of("corpus-7")} == {FOLDS}
    assert set().union(*folds.values()) == set(range(FOLDS + 1))
