"""The opening line says back what was understood."""

import pytest

from chef_llm.cookbook.vocabulary import CUISINES
from chef_llm.menus.title import STYLE_SENTENCES, Title


@pytest.mark.parametrize(
    ("title", "line"),
    [
        (Title(), "2人分の夕食です。"),
        (Title(servings=4, meal="お弁当"), "4人分のお弁当です。"),
        (Title(ingredients=["生鮭"]), "生鮭を使った、2人分の夕食です。"),
        (
            Title(ingredients=["生鮭", "キャベツ", "卵"], servings=1, meal="朝食"),
            "生鮭とキャベツと卵を使った、1人分の朝食です。",
        ),
        (Title(excluded=["卵", "えび"]), "2人分の夕食です。卵とえびは使いません。"),
        (Title(minutes=15), "2人分の夕食です。どれも15分以内で作れます。"),
        (
            Title(excluded=["卵"], minutes=20, cuisine="和", season="春", style="減塩"),
            "2人分の夕食です。卵は使いません。どれも20分以内で作れます。和食でまとめました。"
            "春らしい献立です。塩分を控えました。",
        ),
    ],
)
def test_the_line_is_the_one_that_the_model_learned_to_write(title: Title, line: str) -> None:
    assert str(title) == line


def test_every_cuisine_has_a_name() -> None:
    lines = {
        f"{one.japanese}でまとめました。": str(Title(cuisine=name))
        for name, one in CUISINES.items()
    }

    assert not {told: line for told, line in lines.items() if told not in line}


def test_every_style_is_a_sentence() -> None:
    lines = {style: str(Title(style=style)) for style in STYLE_SENTENCES}

    assert not [style for style, line in lines.items() if not line.endswith("。") or "\n" in line]
