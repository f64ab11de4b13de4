"""The reference engine: held against llama.cpp, and both to the one contract of an engine."""

import itertools
import json
import random
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from reference_prompts import prompts

from chef_llm.catalog import find_model
from chef_llm.cookbook import load_cookbook
from chef_llm.engines import Completion, Deadline, Engine, Grammar, InOrder, OneOf, Sampling
from chef_llm.engines.gbnf import spell
from chef_llm.engines.llama_cpp import LlamaCppEngine
from chef_llm.engines.transformers import TransformersEngine
from chef_llm.errors import DeadlineExceeded, InvalidRequest, ModelUnavailable, NoMenu
from chef_llm.generator import Generator, generator
from chef_llm.menus.planner import Planner
from chef_train.tokenizer import Tokenizer
from guarantees import random_order

GREEDY = Sampling(max_tokens=24)
WARM = Sampling(max_tokens=24, temperature=1.0, top_k=50, top_p=0.95, seed=7)


@pytest.fixture(scope="module")
def reference(checkpoint: Path) -> TransformersEngine:
    return TransformersEngine(checkpoint, 1024, threads=1)


@pytest.fixture(params=["transformers", "llama_cpp"])
def either(
    request: pytest.FixtureRequest, reference: TransformersEngine, engine: LlamaCppEngine
) -> Engine:
    """Both engines, one after the other."""
    return reference if request.param == "transformers" else engine


def complete(
    engine: Engine,
    sampling: Sampling = GREEDY,
    constraint: Grammar | None = None,
    prompt: str | None = None,
    seconds: float = 60,
) -> Completion:
    ids = engine.tokenize(prompt or prompts(1)[0], special=True)
    return engine.complete(ids, sampling, constraint, Deadline.after(seconds), lambda _: False)


# The same as llama.cpp.


def test_prompts_have_the_ids_that_llama_cpp_gives_them(
    reference: TransformersEngine, engine: LlamaCppEngine
) -> None:
    for prompt in [*prompts(40), "<unk>卵[SEP][CLS]、</s>魚", "龘の煮つけ", "ﾊﾝｶｸ　全角"]:
        for special in (True, False):
            ids = reference.tokenize(prompt, special=special)
            assert ids == engine.tokenize(prompt, special=special), prompt


@pytest.mark.parametrize(
    "sampling",
    [
        GREEDY,
        Sampling(max_tokens=24, repetition_penalty=1.3),
        Sampling(max_tokens=24, presence_penalty=0.8, frequency_penalty=0.4),
    ],
    ids=["plain", "repetition", "presence and frequency"],
)
def test_greedy_text_is_that_of_llama_cpp(
    reference: TransformersEngine, engine: LlamaCppEngine, sampling: Sampling
) -> None:
    for prompt in prompts(6):
        ours, theirs = (complete(one, sampling, None, prompt) for one in (reference, engine))
        assert ours.text == theirs.text
        assert ours.finish_reason == theirs.finish_reason
        assert ours.prompt_tokens == theirs.prompt_tokens
        assert ours.completion_tokens == theirs.completion_tokens


def test_a_grammar_with_one_text_is_written_as_it_is(either: Engine) -> None:
    text = "\\n主菜: 龘の煮つけ"

    assert complete(either, constraint=text).text.strip() == text


# The contract.


def test_it_says_what_it_took(either: Engine) -> None:
    completion = complete(either)

    assert 1 <= completion.completion_tokens <= 24
    assert completion.prompt_tokens == len(either.tokenize(prompts(1)[0], special=True))
    assert not completion.stopped_by_deadline
    assert completion.timings.first_token_seconds > 0
    assert completion.timings.decode_seconds > 0
    assert {"prompt_ms", "predicted_ms"} <= completion.raw_timings.keys()


@pytest.mark.parametrize("most", [1, 2, 7])
def test_no_more_tokens_are_written_than_asked_for(either: Engine, most: int) -> None:
    completion = complete(either, Sampling(max_tokens=most, temperature=1.0, seed=1))

    assert completion.completion_tokens <= most
    assert completion.finish_reason == "length"


def test_the_pieces_make_up_the_text(either: Engine) -> None:
    pieces: list[str] = []
    ids = either.tokenize(prompts(1)[0], special=True)

    completion = either.complete(
        ids, WARM, None, Deadline.after(60), lambda text: bool(pieces.append(text))
    )

    assert "".join(pieces) == completion.text
    assert len(pieces) > 1
    assert all(pieces)


def test_the_reader_stops_the_writing(either: Engine) -> None:
    pieces: list[str] = []

    def read(text: str) -> bool:
        pieces.append(text)
        return len(pieces) == 3

    ids = either.tokenize(prompts(1)[0], special=True)
    sampling = Sampling(max_tokens=200, temperature=1.0, seed=1)
    completion = either.complete(ids, sampling, None, Deadline.after(60), read)

    assert len(pieces) == 3
    assert completion.text == "".join(pieces)
    assert completion.finish_reason == "stop"


@pytest.mark.parametrize("length", [1, 2, 3, 5])
def test_a_stop_string_ends_the_text_before_it_and_shows_no_part(
    either: Engine, length: int
) -> None:
    whole = complete(either, WARM).text
    place = len(whole) // 2
    stop = whole[place : place + length]
    pieces: list[str] = []
    ids = either.tokenize(prompts(1)[0], special=True)
    sampling = Sampling(**{**vars(WARM), "stop": ("決して出ない", stop)})

    completion = either.complete(
        ids, sampling, None, Deadline.after(60), lambda text: bool(pieces.append(text))
    )

    assert completion.text == "".join(pieces) == whole[: whole.index(stop)]
    assert completion.finish_reason == "stop"


def test_a_seed_gives_the_same_text_again_and_another_one_another(either: Engine) -> None:
    def text(seed: int) -> str:
        return complete(either, Sampling(max_tokens=24, temperature=1.5, seed=seed)).text

    assert text(3) == text(3)
    assert len({text(seed) for seed in range(5)}) > 1


def test_out_of_time_before_the_first_token_is_an_error(either: Engine) -> None:
    for constraint in (None, OneOf(("ご飯", "パン"))):
        with pytest.raises(DeadlineExceeded):
            complete(either, constraint=constraint, seconds=-1)


def test_out_of_time_while_writing_returns_the_text_so_far(either: Engine) -> None:
    def read(text: str) -> bool:
        time.sleep(0.02)
        return False

    ids = either.tokenize(prompts(1)[0], special=True)
    # A text without an end: what a model of random weights writes when it is warm.
    sampling = Sampling(max_tokens=800, temperature=3.0, seed=1)
    completion = either.complete(ids, sampling, None, Deadline.after(0.5), read)

    assert completion.stopped_by_deadline
    assert completion.finish_reason == "length"
    assert completion.text
    assert completion.completion_tokens < 800


def test_one_who_waits_too_long_for_his_turn_is_told_so(either: Engine) -> None:
    writing, read = threading.Event(), threading.Event()

    def hold(text: str) -> bool:
        writing.set()
        return read.wait(10)

    ids = either.tokenize(prompts(1)[0], special=True)
    first = threading.Thread(
        target=either.complete, args=(ids, WARM, None, Deadline.after(60), hold)
    )
    first.start()
    assert writing.wait(30)
    try:
        with pytest.raises(DeadlineExceeded):
            complete(either, seconds=0.05)
    finally:
        read.set()
        first.join()


@pytest.mark.parametrize("length", [1024, 3000])
def test_a_prompt_that_fills_the_context_is_refused(either: Engine, length: int) -> None:
    with pytest.raises(InvalidRequest):
        either.complete([10] * length, GREEDY, None, Deadline.after(60), lambda _: False)


def test_writing_stops_where_the_context_ends(checkpoint: Path) -> None:
    sampling = Sampling(max_tokens=500, temperature=3.0, seed=1)
    for engine in (
        TransformersEngine(checkpoint, 256, threads=1),
        LlamaCppEngine(checkpoint / "F32.gguf", 256, threads=1),
    ):
        ids = engine.tokenize(prompts(1)[0], special=True)
        prompt = (ids * 10)[:250]
        completion = engine.complete(prompt, sampling, None, Deadline.after(60), lambda _: False)

        assert completion.completion_tokens <= 6
        assert completion.finish_reason == "length"


def test_a_longer_context_than_the_model_s_is_cut_to_it(checkpoint: Path) -> None:
    assert TransformersEngine(checkpoint, 4096, threads=1).context_length == 1024


# Grammars.


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


@pytest.mark.parametrize("seed", range(12))
def test_every_answer_is_a_text_of_its_grammar(either: Engine, seed: int) -> None:
    rng = random.Random(seed)
    grammar = InOrder(("\\n主食: ", random_grammar(rng), "。"))
    allowed = set(itertools.islice(texts_of(grammar), 50_000))
    for temperature in (0.0, 1.0):
        sampling = Sampling(max_tokens=400, temperature=temperature, seed=seed)

        completion = complete(either, sampling, grammar)

        assert completion.text.strip() in allowed
        assert completion.finish_reason == "stop"


def test_the_likeliest_option_is_chosen(
    reference: TransformersEngine, tokenizer: Tokenizer
) -> None:
    """Against a plain forward pass over each whole answer."""
    model = reference._model  # the weights, for a second look
    names = random.Random(1).sample(list(load_cookbook().dishes), 12)
    for prompt in prompts(3):
        likelihoods = []
        for name in names:
            ids = [*tokenizer.encode(f"{prompt}\\n主菜: {name}"), tokenizer.end]
            with torch.inference_mode():
                logits = model(torch.tensor([ids])).logits[0].log_softmax(-1)
            start = len(tokenizer.encode(f"{prompt}"))
            likelihoods.append(
                sum(float(logits[place - 1, ids[place]]) for place in range(start, len(ids)))
            )
        likeliest = names[likelihoods.index(max(likelihoods))]

        completion = complete(
            reference, GREEDY, InOrder(("\\n主菜: ", OneOf(tuple(names)))), prompt
        )

        assert completion.text == f"\\n主菜: {likeliest}"


def test_what_is_written_after_a_dish_does_not_decide_for_it(
    reference: TransformersEngine, tokenizer: Tokenizer
) -> None:
    """Its likelihood is that of the pieces which a whole answer has."""
    model = reference._model
    names = random.Random(2).sample(list(load_cookbook().dishes), 12)
    sides = OneOf(("春雨サラダ", "ほうれん草のごま和え"))
    grammar = OneOf(tuple(InOrder((f"\\n主菜: {name}", "\\n副菜: ", sides)) for name in names))
    for prompt in prompts(3):
        likelihoods = []
        for name in names:
            # The side dish is one piece.
            ids = tokenizer.encode(f"{prompt}\\n主菜: {name}\\n副菜: 春雨サラダ")[:-1]
            with torch.inference_mode():
                logits = model(torch.tensor([ids])).logits[0].log_softmax(-1)
            start = len(tokenizer.encode(prompt))
            likelihoods.append(
                sum(float(logits[place - 1, ids[place]]) for place in range(start, len(ids)))
            )
        likeliest = names[likelihoods.index(max(likelihoods))]

        text = complete(reference, GREEDY, grammar, prompt).text

        assert text.startswith(f"\\n主菜: {likeliest}\\n副菜: ")


def test_options_that_begin_alike_are_told_apart_by_what_follows(
    reference: TransformersEngine,
) -> None:
    together = OneOf(("\\n主食: ご飯", "\\n主食: うどん", "\\n主食: トースト"))
    apart = OneOf(
        tuple(InOrder(("\\n主食: ", OneOf((name,)))) for name in ("ご飯", "うどん", "トースト"))
    )

    assert (
        complete(reference, constraint=together).text == complete(reference, constraint=apart).text
    )


def test_a_temperature_draws_and_its_seed_repeats(either: Engine) -> None:
    grammar = OneOf(tuple(load_cookbook().dishes))

    def text(seed: int) -> str:
        sampling = Sampling(max_tokens=64, temperature=2.0, seed=seed)
        return complete(either, sampling, grammar).text

    assert text(3) == text(3)
    assert len({text(seed) for seed in range(6)}) > 1


def test_few_options_at_a_time_are_scored_like_all_at_once(
    reference: TransformersEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    grammar = InOrder(("\\n主菜: ", OneOf(tuple(load_cookbook().dishes))))
    at_once = complete(reference, constraint=grammar).text
    monkeypatch.setattr("chef_llm.engines.transformers.SCORING_BYTES", 1)

    assert complete(reference, constraint=grammar).text == at_once


def test_a_grammar_too_long_for_its_tokens_is_cut_before_a_choice(either: Engine) -> None:
    grammar = InOrder(tuple(OneOf(("\\n主菜: 肉じゃが", "\\n主菜: 筑前煮")) for _ in range(9)))

    completion = complete(either, Sampling(max_tokens=8), grammar)

    assert completion.finish_reason == "length"
    assert completion.completion_tokens <= 8


def test_no_order_is_broken_by_a_model_that_knows_nothing(reference: TransformersEngine) -> None:
    cookbook = load_cookbook()
    chef, planner = Generator(reference, find_model("kondate"), cookbook), Planner(cookbook)
    rng = random.Random(5)
    planned = 0
    for seed in range(20):
        order = random_order(rng, cookbook)

        def choose(
            request: str, opening: str, grammar: Grammar, deadline: Deadline, seed: int = seed
        ) -> Completion:
            completion = chef.choose(request, opening, grammar, deadline, seed)
            assert completion.text in Texts(grammar)
            return completion

        try:
            plan = planner.plan(order, choose, Deadline.after(120))  # `verify` looks at each
        except NoMenu:
            continue
        planned += len(plan.meals)
        assert not plan.unplanned
    assert planned > 10


class Texts:
    """The texts of a grammar, to ask whether one is among them."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar

    def __contains__(self, text: object) -> bool:
        assert isinstance(text, str)
        return len(text) in self._ends(self.grammar, text, {0})

    def _ends(self, grammar: Grammar, text: str, starts: set[int]) -> set[int]:
        if isinstance(grammar, str):
            return {s + len(grammar) for s in starts if text.startswith(grammar, s)}
        if isinstance(grammar, OneOf):
            return {end for one in grammar.options for end in self._ends(one, text, starts)}
        for part in grammar.parts:
            starts = self._ends(part, text, starts) if starts else starts
        return starts


# Loading.


def test_the_setting_picks_the_engine(checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHEF_ENGINE", "transformers")
    monkeypatch.setenv("CHEF_MODEL", str(checkpoint))
    monkeypatch.setenv("CHEF_THREADS", "1")
    generator.cache_clear()
    try:
        chef = generator()
    finally:
        generator.cache_clear()

    assert isinstance(chef.engine, TransformersEngine)
    assert chef.model.name == checkpoint.name


def test_a_folder_without_a_checkpoint_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=tmp_path.name):
        TransformersEngine(tmp_path, 1024, threads=1)


class Evil:
    """Runs code where it is unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return (pytest.fail, ("code of a checkpoint ran",))


@pytest.mark.parametrize("damage", ["truncated", "missing", "part", "code", "pickle", "tokenizer"])
def test_a_checkpoint_that_is_not_whole_is_refused(
    checkpoint: Path, tmp_path: Path, damage: str
) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(checkpoint, folder, ignore=shutil.ignore_patterns("*.gguf"))
    weights = folder / "model.safetensors"
    if damage == "truncated":
        weights.write_bytes(weights.read_bytes()[:-1000])
    elif damage == "missing":
        weights.unlink()
    elif damage == "part":
        config = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps({**config, "n_layer": 3}))
    elif damage == "code":
        config = {"model_type": "evil", "auto_map": {"AutoModelForCausalLM": "evil.Evil"}}
        (folder / "config.json").write_text(json.dumps(config))
        (folder / "evil.py").write_text("raise SystemExit('code of a checkpoint ran')")
    elif damage == "pickle":
        weights.unlink()
        torch.save({"transformer.wte.weight": Evil()}, folder / "pytorch_model.bin")
    else:
        (folder / "spiece.model").write_bytes(b"nonsense")

    with pytest.raises(ModelUnavailable, match="broken"):
        TransformersEngine(folder, 1024, threads=1)


def test_half_precision_in_the_older_file_format_is_read_as_float32(
    checkpoint: Path, tmp_path: Path, reference: TransformersEngine
) -> None:
    shutil.copytree(checkpoint, tmp_path / "old", ignore=shutil.ignore_patterns("*.gguf", "model*"))
    state = {name: weights.half() for name, weights in reference._model.state_dict().items()}
    torch.save(state, tmp_path / "old" / "pytorch_model.bin")

    old = TransformersEngine(tmp_path / "old", 1024, threads=1)

    assert {weights.dtype for weights in old._model.parameters()} == {torch.float32}
    assert complete(old).completion_tokens > 0


def test_a_line_break_of_the_model_s_survives_a_grammar(reference: TransformersEngine) -> None:
    grammar = spell(
        InOrder(("\n主食: ", OneOf(("ご飯", "うどん")), "\n主菜: 鮭の塩焼き")), "\n", "\\n"
    )

    assert "\\n主菜: 鮭の塩焼き" in complete(reference, constraint=grammar).text
