"""The reference engine: held to the contract of an engine, and against llama.cpp."""

import json
import random
import shutil
from pathlib import Path

import pytest
import torch
from reference_prompts import has_tie, prompts

from chef_llm.chat.chef import Chef, load_chef
from chef_llm.cookbook import load_cookbook
from chef_llm.engines import Completion, Deadline, Engine, Grammar, InOrder, OneOf, Sampling
from chef_llm.engines.gbnf import spell
from chef_llm.engines.llama_cpp import LlamaCppEngine
from chef_llm.errors import ModelUnavailable, NoMenu
from chef_llm.menus.planner import Planner
from chef_llm.models.catalogue import find_model
from chef_tools.transformers_engine import TransformersEngine, _processors
from chef_train.tokenizer import Tokenizer
from engine_contract import GREEDY, ModelContract, complete
from guarantees import random_order


@pytest.fixture(scope="module")
def reference(checkpoint: Path) -> TransformersEngine:
    return TransformersEngine(checkpoint, 1024, threads=1)


class TestTransformers(ModelContract):
    @pytest.fixture
    def engine(self, reference: TransformersEngine) -> Engine:
        return reference


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
    processors = _processors(sampling)
    clear = [
        prompt
        for prompt in prompts(6)
        if not has_tie(reference._model, reference.tokenize(prompt, special=True), 24, processors)
    ]
    assert len(clear) >= 8  # of 12
    for prompt in clear:
        ours, theirs = (complete(one, sampling, None, prompt) for one in (reference, engine))
        assert ours.text == theirs.text
        assert ours.finish_reason == theirs.finish_reason
        assert ours.prompt_tokens == theirs.prompt_tokens
        assert ours.completion_tokens == theirs.completion_tokens


def test_a_longer_context_than_the_model_s_is_cut_to_it(checkpoint: Path) -> None:
    assert TransformersEngine(checkpoint, 4096, threads=1).context_length == 1024
    assert LlamaCppEngine(checkpoint / "F32.gguf", 4096, threads=1).context_length == 1024


# Grammars.


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


def test_few_options_at_a_time_are_scored_like_all_at_once(
    reference: TransformersEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    grammar = InOrder(("\\n主菜: ", OneOf(tuple(load_cookbook().dishes))))
    at_once = complete(reference, constraint=grammar).text
    monkeypatch.setattr("chef_tools.transformers_engine.SCORING_BYTES", 1)

    assert complete(reference, constraint=grammar).text == at_once


def test_no_order_is_broken_by_a_model_that_knows_nothing(reference: TransformersEngine) -> None:
    cookbook = load_cookbook()
    chef, planner = Chef(reference, find_model("kondate"), cookbook), Planner(cookbook)
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
    load_chef.cache_clear()
    try:
        chef = load_chef()
    finally:
        load_chef.cache_clear()

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
