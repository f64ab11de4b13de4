"""The engines side by side, in one run, on a GPT-2 of dolly-japanese-gpt-1b's full shape.

    python benchmarks/engines.py --write    # the table of docs/models.md
    python benchmarks/engines.py --small    # a tiny model: shows that it runs, measures nothing

The full shape takes about 8 minutes on two idle cores, 14 GB of memory and 7 GB of disk (TMPDIR).

The weights are random: how fast a model is does not depend on what it knows. Every variant comes
from the same checkpoint and is a process of its own, so that its peak memory is its own; all of
them stay loaded, and each answers once in every round.
"""

import argparse
import io
import json
import multiprocessing
import os
import platform
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

# What one variant needs is imported where it is used: none carries the memory of another's.
# ruff: noqa: PLC0415

THREADS: Final = 2
PROMPT_TOKENS: Final = 64
ANSWER_TOKENS: Final = 256
WARM_UP_TOKENS: Final = 4
CONTEXT_TOKENS: Final = 1024
# The two of transformers by the type of their weights, then ours by their quantization.
SKETCH: Final = "float32"
VARIANTS: Final = {
    SKETCH: "the sketch: `transformers` pipeline, float32",
    "bfloat16": "`transformers` pipeline, bfloat16",
    "Q8_0": "this project: llama.cpp, Q8_0",
    "Q4_0": "this project: llama.cpp, Q4_0",
}
QUANTIZED: Final = ("Q8_0", "Q4_0")
COLUMNS: Final = (
    "Engine and weights",
    "Read per token (GB)",
    "Load (s)",
    "Peak memory (MB)",
    "Prefill (tokens/s)",
    "Decode (tokens/s)",
    f"{ANSWER_TOKENS} tokens (s)",
    "Share of memory bandwidth",
    "Times as fast as the sketch",
)
# Larger than any cache, and read several times: the fastest is the machine's.
BANDWIDTH_BYTES: Final = 2**30
BANDWIDTH_PASSES: Final = 5
# GPT-2 begins its training with weights of this spread.
SPREAD: Final = 0.02
END_TOKEN: Final = 2
DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "models.md"
BLOCK: Final = re.compile(
    r"(?<=<!-- engines: written by benchmarks/engines\.py -->\n).*?(?=<!-- /engines -->\n)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Shape:
    """What decides how fast a GPT-2 is."""

    layers: int
    width: int
    heads: int
    vocabulary: int

    @property
    def config(self) -> dict[str, Any]:
        """The checkpoint's `config.json`."""
        return {
            "model_type": "gpt2",
            "architectures": ["GPT2LMHeadModel"],
            "n_layer": self.layers,
            "n_embd": self.width,
            "n_head": self.heads,
            "n_positions": CONTEXT_TOKENS,
            "vocab_size": self.vocabulary,
            "layer_norm_epsilon": 1e-5,
            "bos_token_id": 1,
            "eos_token_id": END_TOKEN,
        }


DOLLY: Final = Shape(layers=24, width=2048, heads=16, vocabulary=44_928)
SMALL: Final = Shape(layers=2, width=64, heads=2, vocabulary=4_096)


@dataclass(frozen=True)
class Answer:
    """One answer of a variant; the prefill ends with the first token."""

    prefill_seconds: float
    decode_seconds: float
    tokens: int
    peak_mb: float

    @property
    def prefill_rate(self) -> float:
        """Tokens of the prompt a second."""
        return PROMPT_TOKENS / self.prefill_seconds

    @property
    def decode_rate(self) -> float:
        """Tokens a second after the first, which the prefill has paid for."""
        return (self.tokens - 1) / self.decode_seconds

    @property
    def seconds(self) -> float:
        """From the question to the last token."""
        return self.prefill_seconds + self.decode_seconds


# 1. The checkpoint, as dolly's is: float16, with a SentencePiece unigram tokenizer.


def write_checkpoint(folder: Path, shape: Shape) -> int:
    """Write a checkpoint of random weights; return how many of them a token reads."""
    from safetensors.torch import save_file

    state = random_state(shape)
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "spiece.model").write_bytes(pieces(shape.vocabulary))
    tokenizer = {"tokenizer_class": "T5Tokenizer", "extra_ids": 0, "pad_token": "[PAD]"}
    (folder / "config.json").write_text(json.dumps(shape.config))
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer))
    # Of the positions one row is read; the token embedding is read whole, as the head.
    return sum(weights.numel() for name, weights in state.items() if ".wpe." not in name)


def random_state(shape: Shape) -> dict[str, Any]:
    """Return weights of that shape, always the same ones."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    with torch.device("meta"):
        model = GPT2LMHeadModel(GPT2Config(**shape.config))
    draw = torch.Generator().manual_seed(0)
    state = {}
    for name, parameter in model.named_parameters():  # the head is the token embedding
        if parameter.ndim > 1:
            weights = torch.randn(parameter.shape, generator=draw) * SPREAD
        else:
            weights = torch.full(parameter.shape, float(name.endswith(".weight")))  # layer norms
        state[name] = weights.half()
    # Its logit is 0, and the largest of so many others is above: the answer never ends early.
    state["transformer.wte.weight"][END_TOKEN] = 0
    return state


def pieces(size: int) -> bytes:
    """Return a SentencePiece model of the cookbook's words, filled up with unused pieces."""
    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2

    file = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(dish_names()),
        model_writer=file,
        vocab_size=1500,
        model_type="unigram",
        unk_id=0,
        bos_id=1,
        eos_id=END_TOKEN,
        pad_id=3,
        pad_piece="[PAD]",
        hard_vocab_limit=False,
        minloglevel=2,
    )
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString(file.getvalue())
    for number in range(len(model.pieces), size):
        kind = sentencepiece_model_pb2.ModelProto.SentencePiece.UNUSED
        model.pieces.add(piece=f"<unused_{number}>", score=-1000.0, type=kind)
    return bytes(model.SerializeToString())


def dish_names() -> list[str]:
    """Return the words that tokenizer and prompts are made of."""
    from chef_llm.cookbook import load_cookbook

    return list(load_cookbook().dishes)


def weight_bytes(folder: Path, weights: int) -> dict[str, int]:
    """Return the bytes of weights that each variant reads for a token."""
    from gguf import GGUFReader

    sizes = {"float32": 4 * weights, "bfloat16": 2 * weights}
    for name in QUANTIZED:
        tensors = GGUFReader(folder / f"{name}.gguf").tensors
        sizes[name] = sum(
            int(tensor.n_bytes) for tensor in tensors if tensor.name != "position_embd.weight"
        )
    return sizes


# 2. A variant, in a process of its own: a text and a number of tokens in, an `Answer` out.


def serve_variant(name: str, folder: Path, questions: Connection) -> None:
    """Load a variant, say so, and answer until this process is ended."""
    load = load_engine if name in QUANTIZED else load_pipeline
    answer = load(name, folder)
    questions.send("loaded")
    while True:
        questions.send(answer(*questions.recv()))


def load_pipeline(name: str, folder: Path) -> Callable[[str, int], Answer]:
    """Return what the sketch did, with weights of that type."""
    import torch
    from transformers import pipeline
    from transformers.utils import logging

    torch.set_num_threads(THREADS)
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    write = pipeline("text-generation", model=str(folder), dtype=getattr(torch, name), device="cpu")
    cut = {"truncation": True, "max_length": PROMPT_TOKENS}

    def answer(text: str, tokens: int) -> Answer:
        clock = TokenClock()
        started = time.perf_counter()
        write(
            text,
            tokenizer_encode_kwargs=cut,
            add_special_tokens=False,
            max_new_tokens=tokens,
            do_sample=False,
            streamer=clock,
        )
        prompt, *written = clock.counts
        require_length(prompt, sum(written), tokens)
        first, last = clock.times[1], clock.times[-1]
        return Answer(first - started, last - first, tokens, peak_mb())

    return answer


class TokenClock:
    """Notes when transformers has read the prompt's ids, and each token as it comes."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.counts: list[int] = []

    def put(self, ids: Any) -> None:
        """Take the ids of the prompt, or the next token."""
        self.times.append(time.perf_counter())
        self.counts.append(ids.numel())

    def end(self) -> None:
        """Take the end, of which nothing is measured."""


def load_engine(name: str, folder: Path) -> Callable[[str, int], Answer]:
    """Return the engine of production, with a file of that quantization."""
    from chef_llm.engines import Deadline, Sampling
    from chef_llm.engines import complete as run
    from chef_llm.engines.llama_cpp import LlamaCppEngine

    engine = LlamaCppEngine(folder / f"{name}.gguf", CONTEXT_TOKENS, THREADS)

    def answer(text: str, tokens: int) -> Answer:
        started = time.perf_counter()
        prompt = engine.tokenize(text, special=False)[:PROMPT_TOKENS]
        written = run(engine, prompt, Sampling(max_tokens=tokens), None, Deadline.after(600))
        seconds = time.perf_counter() - started
        # At most the space before the first word is known from the prompt before.
        assert written.timings.cached_tokens <= 1, written.timings
        require_length(len(prompt), written.completion_tokens, tokens)
        decode_seconds = written.timings.decode_seconds  # llama.cpp's, from the first token on
        return Answer(seconds - decode_seconds, decode_seconds, tokens, peak_mb())

    return answer


def require_length(prompt_tokens: int, written_tokens: int, tokens: int) -> None:
    """Raise `RuntimeError` unless that much was read and written: rates would mean nothing."""
    if (prompt_tokens, written_tokens) != (PROMPT_TOKENS, tokens):
        raise RuntimeError(
            f"read {prompt_tokens} and wrote {written_tokens} tokens, "
            f"not {PROMPT_TOKENS} and {tokens}"
        )


def peak_mb() -> float:
    """Return the most memory that this process has held, pages of mapped files included."""
    [peak_kb] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return int(peak_kb) / 1024


# 3. The rounds.


@dataclass
class Variant:
    """A loaded variant, and what it has answered so far."""

    process: Connection
    load_seconds: float
    answers: list[Answer]

    def ask(self, text: str, tokens: int) -> Answer:
        """Let it write that many tokens; raises `EOFError` when it has died."""
        self.process.send((text, tokens))
        answer: Answer = self.process.recv()
        return answer


@contextmanager
def loaded_variant(name: str, folder: Path) -> Iterator[Variant]:
    """Start the process of a variant; `load_seconds` count from there, imports and all."""
    fresh = multiprocessing.get_context("spawn")
    ours, theirs = fresh.Pipe()
    process = fresh.Process(target=serve_variant, args=(name, folder, theirs))
    started = time.perf_counter()
    process.start()
    theirs.close()
    try:
        ours.recv()
        yield Variant(ours, time.perf_counter() - started, [])
    finally:
        process.kill()
        process.join()


def prompt_text(draw: random.Random) -> str:
    """Return a text of more than `PROMPT_TOKENS` that no variant has read before."""
    return "、".join(draw.sample(dish_names(), PROMPT_TOKENS))


def run_rounds(variants: dict[str, Variant], rounds: int, tokens: int) -> float:
    """Let every variant answer once in each round; return the median bandwidth in bytes/s."""
    draw = random.Random(0)
    bandwidths = []
    for number in range(rounds + 1):
        print(f"round {number} of {rounds}" if number else "warm-up", file=sys.stderr)
        text = prompt_text(draw)
        for variant in variants.values():
            answer = variant.ask(text, tokens if number else WARM_UP_TOKENS)
            if number:
                variant.answers.append(answer)
        if number:
            bandwidths.append(read_bandwidth())
    return statistics.median(bandwidths)


def read_bandwidth() -> float:
    """Return how many bytes a second the same number of threads reads from memory."""
    import torch

    torch.set_num_threads(THREADS)
    numbers = torch.ones(BANDWIDTH_BYTES // 4)
    seconds = []
    for _ in range(BANDWIDTH_PASSES):
        started = time.perf_counter()
        numbers.sum()
        seconds.append(time.perf_counter() - started)
    return BANDWIDTH_BYTES / min(seconds)


# 4. The table.


def median_of(variant: Variant, figure: str) -> float:
    """Return the median over the rounds of a figure of `Answer`."""
    figures: list[float] = [getattr(answer, figure) for answer in variant.answers]
    return statistics.median(figures)


def table(variants: dict[str, Variant], read_bytes: dict[str, int], bandwidth: float) -> list[str]:
    """Return the table, a line for each variant."""
    rows: list[Sequence[str]] = [COLUMNS, ["---"] * len(COLUMNS)]
    sketch_rate = median_of(variants[SKETCH], "decode_rate")
    for name, variant in variants.items():
        prefill_rate = median_of(variant, "prefill_rate")
        decode_rate = median_of(variant, "decode_rate")
        seconds = median_of(variant, "prefill_seconds") + (ANSWER_TOKENS - 1) / decode_rate
        rows.append(
            (
                VARIANTS[name],
                f"{read_bytes[name] / 1e9:.2f}",
                f"{variant.load_seconds:.1f}",
                f"{max(answer.peak_mb for answer in variant.answers):,.0f}",
                f"{prefill_rate:.0f}",
                f"{decode_rate:.1f}",
                f"{seconds:.1f}",
                f"{read_bytes[name] * decode_rate / bandwidth:.0%}",
                f"{decode_rate / sketch_rate:.1f}",
            )
        )
    return [f"| {' | '.join(row)} |" for row in rows]


def facts(shape: Shape, bandwidth: float, rounds: int, tokens: int) -> str:
    """Return under which conditions the table came about."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("torch", "transformers"))
    return (
        f"{shape.layers} layers x {shape.width}, vocabulary {shape.vocabulary:,}, random weights; "
        f"medians of {rounds} interleaved rounds of {PROMPT_TOKENS} tokens read and {tokens} "
        f"written, {THREADS} threads. {processor()}; its memory is read at "
        f"{bandwidth / 1e9:.1f} GB/s in the same rounds. Python {platform.python_version()}, "
        f"{packages}, xllamacpp {version('xllamacpp')}."
    )


def processor() -> str:
    """Return the processor's name and how many of it there are."""
    names = re.findall(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores"


def whole_answers(variants: dict[str, Variant]) -> str:
    """Let our engine write answers of full length; return what they took."""
    text = prompt_text(random.Random(1))
    took = [
        f"{variants[name].ask(text, ANSWER_TOKENS).seconds:.1f} s at {name}" for name in QUANTIZED
    ]
    return (
        f"The seconds for {ANSWER_TOKENS} tokens are computed from the rates. Written in full, "
        f"once each by this project's engine, they took {' and '.join(took)}."
    )


def measure(shape: Shape, rounds: int, tokens: int) -> str:
    """Make the model, run all variants, and return the block of Markdown."""
    from chef_convert import convert

    with tempfile.TemporaryDirectory() as scratch, ExitStack() as running:
        folder = Path(scratch)
        print("writing the checkpoint and converting it", file=sys.stderr)
        weights = write_checkpoint(folder, shape)
        for name in QUANTIZED:
            convert(folder, folder / f"{name}.gguf", name)
        os.sync()  # else the disk is still being written while the variants load
        variants = {}
        for name in VARIANTS:
            print(f"loading {name}", file=sys.stderr)
            variants[name] = running.enter_context(loaded_variant(name, folder))
        bandwidth = run_rounds(variants, rounds, tokens)
        lines = table(variants, weight_bytes(folder, weights), bandwidth)
        about = (facts(shape, bandwidth, rounds, tokens), whole_answers(variants))
    return "\n".join(["", *lines, "", about[0], "", about[1], "", ""])


def main() -> None:
    """Print the block, or put it into docs/models.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=48, help="how many to write in a round")
    parser.add_argument("--small", action="store_true", help="a tiny model, to see that it runs")
    parser.add_argument("--write", action="store_true", help="put the table into docs/models.md")
    arguments = parser.parse_args()
    if arguments.small and arguments.write:
        parser.error("--write takes the full shape: what --small measures means nothing")
    if arguments.rounds < 1 or arguments.tokens < 2:
        parser.error("--rounds is at least 1 and --tokens at least 2")
    block = measure(SMALL if arguments.small else DOLLY, arguments.rounds, arguments.tokens)
    print(block)
    if arguments.write:
        text, count = BLOCK.subn(lambda _: block, DOCUMENT.read_text(encoding="utf-8"))
        assert count == 1, f"{DOCUMENT} has {count} places for the table"
        DOCUMENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
