"""What was eaten lately is no wish, and does not come again; what is left of it may."""

import pytest

from chef_llm.cookbook import load_cookbook
from chef_llm.reading.conversation import Message
from chef_llm.reading.reader import read_order

COOKBOOK = load_cookbook()


@pytest.mark.parametrize(
    ("text", "dishes"),
    [
        ("大根が1本。おでんはきのうおわった", {"おでん"}),
        ("昨日はしょうが焼き。今日も豚肉で夕食", {"豚肉のしょうが焼き"}),
        ("昨日はしょうが焼きで、昨日と同じだと文句を言われます", {"豚肉のしょうが焼き"}),
        (
            "前の二回はから揚げとえびフライでした。同じものはもう出せません",
            {"鶏のから揚げ", "えびフライ"},
        ),
        ("昨日の晩は鍋だった。今日の夕飯は？", {"寄せ鍋", "おでん"}),
        ("昨日は鍋、今日は別のもので", {"寄せ鍋"}),
        ("ゆうべ肉じゃがだった。今夜2人", {"肉じゃが"}),
        ("鮭で夕飯。昨日はムニエルにした", {"鮭のムニエル"}),
        ("子どもの給食が豚汁と生姜焼きだった。夕飯", {"豚汁", "豚肉のしょうが焼き"}),
        ("お好み焼きと肉じゃがは先週作りました。夕食", {"お好み焼き", "肉じゃが"}),
        ("お昼に焼きそばを食べた。晩ごはん", {"あんかけ焼きそば"}),
    ],
)
def test_what_was_eaten_lately_does_not_come_again(text: str, dishes: set[str]) -> None:
    order = read_order([Message("user", text)], COOKBOOK)
    assert dishes <= order.constraints.excluded_dishes
    assert not dishes & {
        *order.dishes,
        *(name for names in order.families.values() for name in names),
    }


@pytest.mark.parametrize(
    "text",
    [
        "昨日のカレーの残りで昼",
        "昨日カレーを作りすぎた。何かにして",
        "昨日作ったカレーが残ってる。リメイクしたい",
        "前回のカレーがおいしかったからまた作りたい",
        "昨日はカレーが食べたいと言ってたのに。今日はカレーにして",
        "昨日はカレーでした。今日もカレーがいい",
        "昼はカレー。夜は魚で、2食分",
        "昼はカレーだったらうれしい",
        "カレーの夕食",
    ],
)
def test_what_is_left_of_it_or_wished_for_again_may_come(text: str) -> None:
    order = read_order([Message("user", text)], COOKBOOK)
    assert "チキンカレー" not in order.constraints.excluded_dishes


@pytest.mark.parametrize(
    ("text", "wished", "no_wish"),
    [
        ("さばは先週食べました。魚で夕食", {"魚"}, "さば"),
        ("先週さんまを食べた。鶏肉で夕食", {"鶏肉"}, "さんま"),
        ("さっき豚肉を冷凍庫から出した。夕食", {"豚肉"}, ""),
        ("昨日買った豚肉で夕食", {"豚肉"}, ""),
    ],
)
def test_a_food_that_was_eaten_lately_is_no_wish(text: str, wished: set[str], no_wish: str) -> None:
    order = read_order([Message("user", text)], COOKBOOK)
    assert wished <= {*order.ingredients}
    assert no_wish not in order.ingredients
    assert not order.constraints.excluded
