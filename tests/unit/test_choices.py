"""A grammar one choice at a time."""

from hypothesis import given
from hypothesis import strategies as st

from chef_llm.engines import Grammar, InOrder, OneOf
from chef_tools.choices import until_choice, ways_on

TEXTS = st.sampled_from(["", "\n主菜: ", "肉", "肉じゃが", "卵"])
GRAMMARS: st.SearchStrategy[Grammar] = st.recursive(
    TEXTS,
    lambda part: (
        st.builds(OneOf, st.lists(part, min_size=1, max_size=3).map(tuple))
        | st.builds(InOrder, st.lists(part, max_size=3).map(tuple))
    ),
    max_leaves=10,
)


def texts_of(grammar: Grammar) -> set[str]:
    if isinstance(grammar, str):
        return {grammar}
    if isinstance(grammar, OneOf):
        return {text for option in grammar.options for text in texts_of(option)}
    texts = {""}
    for part in grammar.parts:
        texts = {text + more for text in texts for more in texts_of(part)}
    return texts


def reachable(text: str, rest: tuple[Grammar, ...]) -> set[str]:
    if not rest:
        return {text}
    return {
        whole
        for way, remaining in ways_on(rest).items()
        for whole in reachable(text + way, remaining)
    }


@given(grammar=GRAMMARS)
def test_choice_by_choice_leads_to_every_text_of_a_grammar_and_to_no_other(
    grammar: Grammar,
) -> None:
    assert reachable(*until_choice(grammar)) == texts_of(grammar)


def test_text_is_taken_up_to_the_next_choice() -> None:
    choice = OneOf(("ご飯", "パン"))

    assert until_choice(InOrder(("主食: ", InOrder(("白い", choice)), "。"))) == (
        "主食: 白い",
        (choice, "。"),
    )


def test_options_that_begin_alike_are_one_way() -> None:
    staples = OneOf(
        (InOrder(("\n主食: ", OneOf(("ご飯",)))), InOrder(("\n主食: ", OneOf(("パン", "うどん")))))
    )
    [(text, rest)] = ways_on((staples,)).items()

    assert text == "\n主食: "
    assert set(ways_on(rest)) == {"ご飯", "パン", "うどん"}
