import pytest
from hypothesis import given
from hypothesis import strategies as st

from chef_llm.cookbook import Role, load_cookbook
from chef_llm.menus.answer import Answer, parse_answer

MENU = """鶏むね肉とキャベツを使った、2人分の夕食です。
主食: ご飯
主菜: 鶏むね肉の照り焼き
副菜: キャベツの浅漬け
汁物: キャベツと油揚げのみそ汁
ポイント: 火を通しすぎないことです。"""
DISHES = (
    ("主食", "ご飯"),
    ("主菜", "鶏むね肉の照り焼き"),
    ("副菜", "キャベツの浅漬け"),
    ("汁物", "キャベツと油揚げのみそ汁"),
)
CARDS = "■ ご飯（2人分・約5分）\n材料\n・ご飯 300g（2杯）\n作り方\n1. 炊く。\n主菜: 肉じゃが"


def test_a_menu_has_a_title_its_dishes_in_order_and_a_tip() -> None:
    title = "鶏むね肉とキャベツを使った、2人分の夕食です。"

    assert parse_answer(MENU) == Answer(title, DISHES, "火を通しすぎないことです。")


def test_what_stands_behind_the_tip_is_no_part_of_the_answer() -> None:
    assert parse_answer(f"{MENU}\n\n{CARDS}") == parse_answer(MENU)


def test_the_summary_is_the_answer_without_tip_and_cards() -> None:
    assert parse_answer(f"{MENU}\n\n{CARDS}").summary == MENU.rpartition("\n")[0]


@pytest.mark.parametrize(
    ("text", "dishes"),
    [
        ("主菜: 肉じゃが", [("主菜", "肉じゃが")]),
        ("主菜：肉じゃが", [("主菜", "肉じゃが")]),
        ("主菜:肉じゃが", [("主菜", "肉じゃが")]),
        ("  主菜 : 肉じゃが  ", [("主菜", "肉じゃが")]),
        ("\u3000主菜：\u3000肉じゃが\u3000", [("主菜", "肉じゃが")]),
        ("主菜: 肉じゃが\r\n副菜: 白あえ", [("主菜", "肉じゃが"), ("副菜", "白あえ")]),
        ("料理: 肉じゃが", [("料理", "肉じゃが")]),
        ("主菜: 肉じゃが\n主菜: 肉じゃが", [("主菜", "肉じゃが")] * 2),
        ("主菜: カレー: 甘口", [("主菜", "カレー: 甘口")]),
        ("主菜: ", []),
        ("主菜", []),
        ("デザート: プリン", []),
        ("きょうの主菜: 肉じゃが", []),
        ("申し訳ありません。料理のこと以外はお答えできません。", []),
        ("", []),
    ],
)
def test_dishes_are_read_from_their_lines_alone(text: str, dishes: list[tuple[str, str]]) -> None:
    assert list(parse_answer(text).dishes) == dishes


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("献立です。\n主菜: 肉じゃが", "献立です。"),
        ("\n\n 献立です。\n主菜: 肉じゃが", "献立です。"),
        ("献立です。\nどうぞ。\n主菜: 肉じゃが", "献立です。"),
        ("主菜: 肉じゃが\nどうぞ。", ""),
        ("", ""),
    ],
)
def test_the_title_is_the_first_line_before_any_dish(text: str, title: str) -> None:
    assert parse_answer(text).title == title


@pytest.mark.parametrize(
    ("text", "tip"),
    [("ポイント：よく焼く。", "よく焼く。"), ("主菜: 肉じゃが", None), ("ポイント: ", None)],
)
def test_the_tip_is_what_stands_behind_its_word(text: str, tip: str | None) -> None:
    assert parse_answer(text).tip == tip


@given(
    st.lists(
        st.tuples(st.sampled_from([*Role]), st.sampled_from(sorted(load_cookbook().dishes))),
        min_size=1,
        max_size=6,
    )
)
def test_a_summary_is_read_as_it_was_written(dishes: list[tuple[Role, str]]) -> None:
    answer = Answer("献立です。", tuple((role.value, name) for role, name in dishes), None)

    assert parse_answer(answer.summary) == answer


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    answer = parse_answer(text)

    assert all(name.strip() == name and name for _, name in answer.dishes)
