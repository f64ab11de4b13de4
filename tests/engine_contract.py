"""What every engine keeps to: the fake, llama.cpp and transformers run the same tests.

`EngineContract` holds for all. `ModelContract` adds what takes a model: likelihoods, randomness,
a context that fills up.
"""

import itertools
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from chef_llm.chat.chat_template import Message, render
from chef_llm.cookbook import load_cookbook
from chef_llm.engines import Completion, Deadline, Engine, Grammar, InOrder, OneOf, Sampling
from chef_llm.engines import complete as run
from chef_llm.errors import DeadlineExceeded, PromptTooLong

PROMPT = render("dolly", [Message("user", "鶏むね肉とキャベツで夕食を")])
GREEDY = Sampling(max_tokens=24)
WARM = Sampling(max_tokens=24, temperature=1.0, top_k=50, top_p=0.95, seed=7)
# Far from greedy: a text of many tokens, and hardly ever an end.
ENDLESS = Sampling(max_tokens=400, temperature=3.0, seed=1)


@dataclass
class Alarm:
    """A deadline that strikes when the test says so."""

    passed: bool = False
    remaining_seconds: float = 60.0


def complete(
    engine: Engine,
    sampling: Sampling = GREEDY,
    constraint: Grammar | None = None,
    prompt: str = PROMPT,
    seconds: float = 60,
) -> Completion:
    ids = engine.tokenize(prompt, special=True)
    return run(engine, ids, sampling, constraint, Deadline.after(seconds))


def pieces_of(engine: Engine, sampling: Sampling) -> tuple[list[str], Completion]:
    ids = engine.tokenize(PROMPT, special=True)
    writing = engine.write(ids, sampling, None, Deadline.after(60))
    pieces = list(writing)
    return pieces, writing.completion


class EngineContract:
    """A subclass gives the fixture `engine`."""

    # Tokens.

    @pytest.mark.parametrize("text", ["鶏むね肉で夕食を", "A b  C", ""])
    def test_plain_text_has_no_special_token(self, engine: Engine, text: str) -> None:
        assert engine.special_tokens(text) == []
        assert engine.tokenize(text, special=True) == engine.tokenize(text, special=False)

    def test_special_tokens_are_read_where_they_may_be(self, engine: Engine) -> None:
        typed = "<s>卵[SEP]魚</s>"

        assert engine.special_tokens(typed) == ["<s>", "[SEP]", "</s>"]
        for token in ("<s>", "[SEP]", "</s>"):
            [special] = engine.tokenize(token, special=True)
            assert special not in engine.tokenize(typed, special=False)
            assert special in engine.tokenize(typed, special=True)

    # Usage.

    def test_it_says_what_it_took(self, engine: Engine) -> None:
        completion = complete(engine)

        assert 1 <= completion.completion_tokens <= 24
        assert completion.prompt_tokens == len(engine.tokenize(PROMPT, special=True))
        assert not completion.stopped_by_deadline
        assert {"prompt_ms", "predicted_ms"} <= completion.raw_timings.keys()

    @pytest.mark.parametrize("most", [1, 2, 7])
    def test_no_more_tokens_are_written_than_asked_for(self, engine: Engine, most: int) -> None:
        completion = complete(engine, replace(ENDLESS, max_tokens=most))

        assert 1 <= completion.completion_tokens <= most
        assert completion.finish_reason == "length"

    # Sampling.

    @pytest.mark.parametrize(
        "way",
        [
            {"temperature": 0.7},
            {"temperature": 1.0, "top_k": 3},
            {"temperature": 1.0, "top_p": 0.5},
            {"repetition_penalty": 1.3},
            {"presence_penalty": 0.5},
            {"frequency_penalty": -0.5},
            {"seed": 2**40},
        ],
        ids=str,
    )
    def test_each_way_to_sample_is_known_by_its_name(
        self, engine: Engine, way: dict[str, float]
    ) -> None:
        sampling = replace(Sampling(max_tokens=4), **way)

        assert 1 <= complete(engine, sampling).completion_tokens <= 4

    def test_a_seed_gives_the_same_text_again(self, engine: Engine) -> None:
        assert complete(engine, WARM).text == complete(engine, WARM).text

    # The reader.

    def test_the_pieces_make_up_the_text(self, engine: Engine) -> None:
        pieces, completion = pieces_of(engine, WARM)

        assert "".join(pieces) == completion.text
        assert len(pieces) > 1
        assert all(pieces)

    def test_the_reader_stops_the_writing(self, engine: Engine) -> None:
        ids = engine.tokenize(PROMPT, special=True)
        writing = engine.write(ids, ENDLESS, None, Deadline.after(60))
        pieces = list(itertools.islice(writing, 3))
        writing.close()
        completion = writing.completion

        assert len(pieces) == 3
        assert completion.text == "".join(pieces)
        assert completion.finish_reason == "stop"

    @pytest.mark.parametrize("length", [1, 2, 3, 5])
    def test_a_stop_string_ends_the_text_before_it_and_shows_no_part(
        self, engine: Engine, length: int
    ) -> None:
        whole = complete(engine, WARM).text
        place = len(whole) // 2
        stop = whole[place : place + length]

        pieces, completion = pieces_of(engine, replace(WARM, stop=("決して出ない", stop)))

        assert completion.text == "".join(pieces) == whole[: whole.index(stop)]
        assert completion.finish_reason == "stop"

    # Deadlines.

    @pytest.mark.parametrize("constraint", [None, OneOf(("ご飯", "パン"))], ids=["free", "grammar"])
    def test_out_of_time_before_the_first_token_is_an_error(
        self, engine: Engine, constraint: Grammar | None
    ) -> None:
        with pytest.raises(DeadlineExceeded):
            complete(engine, constraint=constraint, seconds=-1)

    def test_out_of_time_while_writing_returns_the_text_so_far(self, engine: Engine) -> None:
        deadline, pieces = Alarm(), []
        ids = engine.tokenize(PROMPT, special=True)
        writing = engine.write(ids, ENDLESS, None, deadline)  # type: ignore[arg-type]
        for piece in writing:
            pieces.append(piece)
            deadline.passed = len(pieces) == 3
        completion = writing.completion

        assert completion.stopped_by_deadline
        assert completion.finish_reason == "length"
        assert completion.text == "".join(pieces)
        assert completion.completion_tokens < ENDLESS.max_tokens

    @pytest.mark.parametrize("constraint", [None, OneOf(("ご飯", "パン"))], ids=["free", "grammar"])
    def test_nothing_is_written_for_no_one(
        self, engine: Engine, constraint: Grammar | None
    ) -> None:
        ids = engine.tokenize(PROMPT, special=True)
        read: list[str] = []
        writing = engine.write(ids, ENDLESS, constraint, Deadline.after(60, lambda: True))

        with pytest.raises(DeadlineExceeded):
            read.extend(writing)

        assert read == []

    # The context.

    @pytest.mark.parametrize("excess", [0, 1, 2000])
    def test_a_prompt_that_fills_the_context_is_refused(self, engine: Engine, excess: int) -> None:
        ids = engine.tokenize("卵", special=False)[-1:] * (engine.context_length + excess)

        with pytest.raises(PromptTooLong):
            run(engine, ids, GREEDY, None, Deadline.after(60))

    def test_an_empty_prompt_is_refused(self, engine: Engine) -> None:
        with pytest.raises(PromptTooLong):
            run(engine, [], GREEDY, None, Deadline.after(60))

    def test_writing_stops_where_the_context_ends(self, engine: Engine) -> None:
        ids = engine.tokenize("卵", special=False)[-1:] * (engine.context_length - 3)

        completion = run(engine, ids, ENDLESS, None, Deadline.after(60))

        assert completion.completion_tokens <= 3
        assert completion.finish_reason == "length"

    # Grammars.

    def test_a_grammar_with_one_text_is_written_as_it_is(self, engine: Engine) -> None:
        text = "\\n主菜: 龘の煮つけ"

        assert complete(engine, constraint=text).text.strip() == text

    @pytest.mark.parametrize("seed", range(6))
    def test_every_answer_is_a_text_of_its_grammar(self, engine: Engine, seed: int) -> None:
        rng = random.Random(seed)
        grammar = InOrder(("\\n主食: ", random_grammar(rng), "。"))
        allowed = set(itertools.islice(texts_of(grammar), 50_000))
        for temperature in (0.0, 1.0):
            sampling = Sampling(max_tokens=400, temperature=temperature, seed=seed)

            completion = complete(engine, sampling, grammar)

            assert completion.text.strip() in allowed
            assert completion.finish_reason == "stop"

    def test_a_grammar_too_long_for_its_tokens_is_cut(self, engine: Engine) -> None:
        grammar = InOrder(tuple(OneOf(("\\n主菜: 肉じゃが", "\\n主菜: 筑前煮")) for _ in range(9)))

        completion = complete(engine, Sampling(max_tokens=8), grammar)

        assert completion.finish_reason == "length"
        assert completion.completion_tokens <= 8


class ModelContract(EngineContract):
    """What a model of its own weights does beyond the fake."""

    def test_it_measures_its_time(self, engine: Engine) -> None:
        timings = complete(engine).timings

        assert timings.first_token_seconds > 0
        assert timings.decode_seconds > 0

    def test_another_seed_gives_another_text(self, engine: Engine) -> None:
        sampling = Sampling(max_tokens=24, temperature=1.5)

        assert len({complete(engine, replace(sampling, seed=seed)).text for seed in range(5)}) > 1

    def test_a_temperature_draws_inside_a_grammar_and_its_seed_repeats(
        self, engine: Engine
    ) -> None:
        grammar = OneOf(tuple(load_cookbook().dishes))

        def text(seed: int) -> str:
            sampling = Sampling(max_tokens=64, temperature=2.0, seed=seed)
            return complete(engine, sampling, grammar).text

        assert text(3) == text(3)
        assert len({text(seed) for seed in range(6)}) > 1

    def test_one_who_waits_too_long_for_his_turn_is_told_so(self, engine: Engine) -> None:
        writing, may_end = threading.Event(), threading.Event()

        def hold() -> None:
            ids = engine.tokenize(PROMPT, special=True)
            for _ in engine.write(ids, WARM, None, Deadline.after(60)):
                writing.set()
                may_end.wait(30)

        first = threading.Thread(target=hold)
        first.start()
        assert writing.wait(30)
        try:
            with pytest.raises(DeadlineExceeded):
                complete(engine, seconds=0.05)
        finally:
            may_end.set()
            first.join()


def random_grammar(rng: random.Random, depth: int = 3) -> Grammar:
    texts = ("ご飯", "\\n主菜: ", "肉じゃが", "肉", "卵", "A b", "\\n", "!?", "龘", "")
    kind = rng.choice(("text", "choice", "order", "order")) if depth else "text"
    if kind == "text":
        return rng.choice(texts)
    parts = tuple(random_grammar(rng, depth - 1) for _ in range(rng.randint(1, 4)))
    return OneOf(parts) if kind == "choice" else InOrder(parts)


def texts_of(grammar: Grammar) -> Iterator[str]:
    """Yield every text of `grammar`."""
    if isinstance(grammar, str):
        yield grammar
    elif isinstance(grammar, OneOf):
        for option in grammar.options:
            yield from texts_of(option)
    else:
        for parts in itertools.product(*(list(texts_of(part)) for part in grammar.parts)):
            yield "".join(parts)
