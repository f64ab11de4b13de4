"""A grammar one choice at a time, and text on its way to the reader."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chef_llm.engines import Grammar, InOrder, OneOf
from chef_llm.engines.choices import until_choice, ways_on
from chef_llm.engines.writer import Writer

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


@given(
    text=st.text("ab。", max_size=30),
    stops=st.lists(st.text("ab。", max_size=4), max_size=3),
    seed=st.integers(0, 999),
)
def test_a_reader_gets_the_text_before_the_first_stop_string_whatever_the_pieces(
    text: str, stops: list[str], seed: int
) -> None:
    pieces: list[str] = []
    writer = Writer(stops, lambda piece: bool(pieces.append(piece)))
    rng = random.Random(seed)
    left = text
    while left and not writer.is_done:
        size = rng.randint(1, 4)
        writer.take(left[:size])
        left = left[size:]
    writer.finish()

    places = [text.find(stop) for stop in stops if stop and stop in text]
    assert writer.is_done == bool(places)
    # Of two stop strings the one that is whole first ends the text.
    assert text.startswith(writer.text)
    assert not any(stop in writer.text for stop in stops if stop)
    if len(places) == 1 or not places:
        assert writer.text == (text[: places[0]] if places else text)
    assert "".join(pieces) == writer.text


@pytest.mark.parametrize("stop", ["以上", "以"])
def test_no_part_of_a_stop_string_is_given(stop: str) -> None:
    pieces: list[str] = []
    writer = Writer([stop], lambda piece: bool(pieces.append(piece)))
    for piece in ("献立です。", "以", "上", "です"):
        if not writer.is_done:
            writer.take(piece)

    assert pieces == ["献立です。"]


def test_what_began_like_a_stop_string_is_given_when_it_is_none() -> None:
    pieces: list[str] = []
    writer = Writer(["\n\n"], lambda piece: bool(pieces.append(piece)))
    for piece in ("a", "\n", "b", "\n"):
        writer.take(piece)
    assert pieces == ["a", "\nb"]

    writer.finish()
    assert writer.text == "a\nb\n"


def test_a_reader_who_has_enough_gets_nothing_more() -> None:
    pieces: list[str] = []
    writer = Writer([], lambda piece: bool(pieces.append(piece) or True))
    writer.take("a")
    writer.finish()

    assert writer.is_done
    assert pieces == ["a"]
