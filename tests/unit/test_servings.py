import pytest
from hypothesis import given
from hypothesis import strategies as st

from chef_llm.reading.servings import MOST_SERVINGS, read_servings


@pytest.mark.parametrize(
    ("text", "servings"),
    [
        # Digits and counters.
        ("鶏むね肉とキャベツで、2人分の夕食をお願いします", 2),
        ("4人前の晩ごはん", 4),
        ("家族5人の献立", 5),
        ("5人家族です", 5),
        ("1人暮らしのごはん", 1),
        ("３人分でお願いします", 3),
        ("１０人で集まります", 10),
        ("2 人分", 2),
        ("3名です", 3),
        ("3名様のおもてなし", 3),
        ("2食分つくりたい", 2),
        ("6人くらいで", 6),
        ("4人前後で", 4),
        ("1.5人前", 2),
        ("4にんぶん", 4),
        # Kanji and kana.
        ("二人", 2),
        ("二人分のお弁当", 2),
        ("二人暮らしの夕飯", 2),
        ("一人前だけ", 1),
        ("お一人様ごはん", 1),
        ("おひとりさまの夜食", 1),
        ("ひとり分", 1),
        ("独り身です", 1),
        ("ふたり分のお昼", 2),
        ("ふたり暮らし", 2),
        ("さんにん分", 3),
        ("よにん家族", 4),
        ("十人", 10),
        ("十一人", 11),
        # A range is cooked for its upper end.
        ("二、三人分", 3),
        ("2〜3人分", 3),
        ("3~4人前", 4),
        # Kinds of people are added up, their sum is not.
        ("大人2人と子ども1人", 3),
        ("大人2人、子ども2人の夕食", 4),
        ("大人二人と子供三人で", 5),
        ("大人2人分と子ども1人分", 3),
        ("大人は2人、子どもは1人です", 3),
        ("夫婦2人と小学生1人", 3),
        ("大人2人と中学生1人と幼児1人", 4),
        ("夫婦の夕食", 2),
        ("夫婦ふたりの食卓", 2),
        ("夫婦と子ども2人", 4),
        ("夫婦と子どもの3人家族", 3),
        ("大人2人と子ども2人の4人分", 4),
        # The last word counts, but those who are told of are no new guests.
        ("2人分、やっぱり4人分で", 4),
        ("4人家族ですが今日は2人です", 2),
        ("4人家族で、子どもが2人います", 4),
        ("4人分お願いします。1人は卵アレルギーです", 4),
        ("共働き夫婦です。4人分を30分で", 4),
        ("4人分、1人あたり500円で", 4),
        ("4人分、一人500kcalまで", 4),
        # More than a kitchen cooks for, and fewer.
        ("二十人の宴会", MOST_SERVINGS),
        ("100人前", MOST_SERVINGS),
        ("0人分", 1),
    ],
)
def test_servings_are_read_from_the_words_of_a_request(text: str, servings: int) -> None:
    assert read_servings(text) == servings


@pytest.mark.parametrize(
    "text",
    [
        "",
        "鶏むね肉とキャベツで夕食をお願いします",
        "人参2本と玉ねぎ1個",
        "2人参",
        "にんじん3本",
        "たくさんにんじんがあります",
        "りんごとごにんにく",
        "一人当たり500円で",
        "3日分の作り置き",
        "10分で作れるもの",
        "卵2個と豆腐1丁",
        "大人気の料理",
        "一人気のメニュー",
        "二人目の子が生まれました",
        "名物料理を1つ",
        "共働き夫婦なので簡単に",
        "2回分",
    ],
)
def test_a_request_without_a_number_of_people_has_no_servings(text: str) -> None:
    assert read_servings(text) is None


@given(st.text(alphabet="一二十人前分名様食にんふたりひ大子どもと、は夫婦0159. 参あ"))
def test_servings_of_any_words_stay_inside_the_bounds(text: str) -> None:
    servings = read_servings(text)

    assert servings is None or 1 <= servings <= MOST_SERVINGS


@pytest.mark.parametrize("text", ["9", "9 ", "人", " ", "大人", "2人は", "大人2人と"])
def test_a_long_text_is_read_in_linear_time(text: str) -> None:
    assert read_servings(text * 100_000) in (None, 2, MOST_SERVINGS)
