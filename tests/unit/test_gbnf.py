"""Grammars in llama.cpp's language."""

import pytest

from chef_llm.cookbook import Role, load_cookbook
from chef_llm.engines import Blanks, InOrder, OneOf
from chef_llm.engines.gbnf import spell, to_gbnf
from chef_llm.menus.meals import Course
from chef_llm.menus.pools import Larder
from chef_llm.menus.setting import Setting
from chef_llm.menus.writing import meal_grammar
from chef_llm.reading.order import Constraints, Order, Slot


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("ご飯", '"ご飯"'),
        ("\n主食: ", r'"\n主食: "'),
        (r"\n主食: ", r'"\\n主食: "'),
        ('卵"0"個', r'"卵\"0\"個"'),
        ("a\\", r'"a\\"'),
        ("\t", r'"\t"'),
        ("", '""'),
        ("| ::= [^\n]* root", r'"| ::= [^\n]* root"'),
    ],
)
def test_a_text_is_one_literal_whatever_it_holds(text: str, literal: str) -> None:
    assert to_gbnf(text) == f"root ::= {literal}"


def test_choices_and_sequences_are_rules() -> None:
    grammar = InOrder(("主菜: ", OneOf(("肉じゃが", "麻婆豆腐"))))
    assert to_gbnf(grammar).splitlines() == [
        "root ::= r1",
        'r0 ::= "肉じゃが" | "麻婆豆腐"',
        'r1 ::= "主菜: " r0',
    ]


def test_blanks_are_none_one_or_a_line_break_with_its_indentation_and_no_more() -> None:
    grammar = InOrder(("{", Blanks(""), "}"))
    assert to_gbnf(grammar).splitlines() == [
        "root ::= r1",
        r'r0 ::= "" | " " | "\n" [ \t]{0,20}',
        'r1 ::= "{" r0 "}"',
    ]


def test_a_part_that_stands_in_several_places_is_one_rule() -> None:
    tail = InOrder(("\n汁物: ", OneOf(("みそ汁", "すまし汁"))))
    led = OneOf(tuple(InOrder((dish, tail)) for dish in ("肉じゃが", "麻婆豆腐", "鮭の塩焼き")))
    written = to_gbnf(led)
    assert written.count("すまし汁") == 1
    assert len(written.splitlines()) == 7  # root, the choice, three 主菜, their tail, its 汁物


def test_the_line_break_is_spelled_as_the_model_writes_it() -> None:
    grammar = InOrder(("\n主食: ", OneOf(("ご飯", InOrder(("パン", "\nポイント: 焼く"))))))
    assert spell(grammar, "\n", "\\n") == InOrder(
        ("\\n主食: ", OneOf(("ご飯", InOrder(("パン", "\\nポイント: 焼く")))))
    )
    assert r'"\\n主食: "' in to_gbnf(spell(grammar, "\n", "\\n"))
    assert spell(grammar, "\n", "\n") == grammar


def test_the_grammar_of_a_dinner_holds_every_allowed_dish_once_and_no_other() -> None:
    cookbook = load_cookbook()
    order = Order("夕食", Constraints(allergens=frozenset({"卵"})))
    menus, _ = Larder(cookbook).menus(Setting(order, Slot(1, "夕食")))
    written = to_gbnf(meal_grammar(menus))
    assert "root ::= " in written
    for dish in cookbook.dishes.values():
        is_there = f'"{dish.name}"' in written
        assert is_there == any(dish in menu.get(Course(dish.role), []) for menu in menus), dish.name
        assert not (is_there and "卵" in cookbook.allergens(dish))
        if dish.role == Role.MAIN:
            assert written.count(f'"{dish.name}"') == is_there
