"""A text on its way to whoever reads it: stop strings, line breaks and white space, in pieces."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chef_llm.chat.text_stream import LineBreaks, StopStrings, Trimmed, through


@given(
    text=st.text("ab。", max_size=30),
    stops=st.lists(st.text("ab。", max_size=4), max_size=3),
    seed=st.integers(0, 999),
)
def test_a_reader_gets_the_text_before_the_first_stop_string_whatever_the_pieces(
    text: str, stops: list[str], seed: int
) -> None:
    rng, pieces, left = random.Random(seed), [], text
    while left:
        size = rng.randint(1, 4)
        pieces.append(left[:size])
        left = left[size:]
    stage = StopStrings(stops)

    read = "".join(through(pieces, stage))

    places = [text.find(stop) for stop in stops if stop and stop in text]
    assert stage.is_done == bool(places)
    # Of two stop strings the one that is whole first ends the text.
    assert text.startswith(read)
    assert not any(stop in read for stop in stops if stop)
    if len(places) == 1 or not places:
        assert read == (text[: places[0]] if places else text)


@pytest.mark.parametrize("stop", ["以上", "以"])
def test_no_part_of_a_stop_string_is_given(stop: str) -> None:
    assert list(through(["献立です。", "以", "上", "です"], StopStrings([stop]))) == ["献立です。"]


def test_what_began_like_a_stop_string_is_given_when_it_is_none() -> None:
    pieces = list(through(["a", "\n", "b", "\n"], StopStrings(["\n\n"])))

    assert pieces == ["a", "\nb", "\n"]


def test_behind_a_stop_string_nothing_is_read_on() -> None:
    pieces = iter(["献立", "以上", "です"])

    assert list(through(pieces, StopStrings(["以上"]))) == ["献立"]
    assert list(pieces) == ["です"]


def test_stages_work_one_after_the_other() -> None:
    pieces = ["  献", "立\\", "n主菜", " \\n以", "上"]

    read = through(pieces, LineBreaks("\\n"), Trimmed(), StopStrings(["\n以上"]))

    assert "".join(read) == "献立\n主菜 "


@pytest.mark.parametrize("spelling", ["\\n", "\n", "<br>", "aab"])
@given(data=st.data())
def test_a_line_break_is_found_however_the_text_is_cut(spelling: str, data: st.DataObject) -> None:
    pieces = data.draw(
        st.lists(st.sampled_from([spelling, *spelling, "\\", "卵", "\n", "主菜: "]), max_size=20)
    )
    text = "".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=10)))
    breaks = LineBreaks(spelling)

    read = [
        breaks.feed(text[start:end])
        for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)
    ]

    assert "".join([*read, breaks.finish()]) == text.replace(spelling, "\n")
    assert breaks.finish() == ""


def test_only_the_start_of_a_line_break_is_held_back() -> None:
    breaks = LineBreaks("\\n")

    assert [breaks.feed(piece) for piece in ("献立", "です\\", "n主", "\\", "卵")] == [
        "献立",
        "です",
        "\n主",
        "",
        "\\卵",
    ]
