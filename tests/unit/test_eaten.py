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
        ("土鍋買ったから鍋以外にも使ってみたい", {"寄せ鍋", "おでん"}),
        ("カレー以外にも子どもが喜ぶ夕食を", {"カレーライス", "キーマカレー"}),
        ("最近鍋ばかりで飽きた。夕食", {"寄せ鍋"}),
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
    ("text", "left", "becomes"),
    [
        ("昨日のカレーが少し余ってる。今日の昼に別の料理にしたい", "カレーライス", "カレーうどん"),
        ("昨日のカレーの残りで昼", "チキンカレー", "ドリア"),
        ("昨日カレーを作りすぎた。何かにして", "カレーライス", "ひき肉カレートースト"),
        ("昨日作ったカレーが残ってる。リメイクしたい", "カレーライス", "カレーうどん"),
        ("肉じゃがの残りをリメイクしたい。夕食", "肉じゃが", "コロッケ"),
        ("昨日の鍋の残りで昼ごはん", "寄せ鍋", "雑炊"),
        ("残ったシチューを使って夕食", "ホワイトシチュー", "ドリア"),
        ("余ってるポテトサラダをアレンジして夕食", "ポテトサラダ", "コロッケ"),
        ("とんかつが余った。夕食", "とんかつ", "カツ丼"),
        ("豚の角煮が余った。リメイクして夕食", "豚の角煮", None),
    ],
)
def test_what_is_left_becomes_another_dish(text: str, left: str, becomes: str | None) -> None:
    order = read_order([Message("user", text)], COOKBOOK)
    assert not (order.dishes or order.families)
    assert left in order.constraints.excluded_dishes
    [made] = order.leftovers.values()
    assert (becomes in made) if becomes else not made
    assert not made & order.constraints.excluded_dishes


@pytest.mark.parametrize(
    "text",
    [
        "カレーの夕食。肉が余ってるので使って",
        "カレーは余ったら冷凍します。カレーで夕食",
        "カレーを多めに作りたい。残りは明日食べる",
        "火曜は鍋、残りの日はおまかせで3日分",
        "昨日のポテトサラダが残ってるけど、これは明日の弁当に。夕食は魚で",
    ],
)
def test_what_is_not_left_is_not_remade(text: str) -> None:
    order = read_order([Message("user", text)], COOKBOOK)
    assert not any(order.leftovers.values())


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
