"""Train kondate: corpus, tokenizer, GPT-2, GGUF. One recipe, read top to bottom.

    make train                                    # or, with its parts:
    python -m chef_train.train --minutes 98 --compile --output build/kondate
    python -m chef_train.train --start kondate.gguf --output build/kondate-2   # go on from a file

1. examples are written once, tokenized, and kept in memory;
2. a GPT-2 learns to write the answers (loss on the answer only, no packing, many small steps);
   where an answer names a dish, it learns what share each dish that would do has, not only the one
   that was drawn;
3. matrices are optimised with Muon, the rest with AdamW;
4. a checkpoint every few minutes, from which an interrupted run goes on;
5. the result is a Hugging Face folder, converted to GGUF with the facts of its making.

On an accelerator the same recipe runs with more tokens a second.
"""

import argparse
import hashlib
import json
import math
import random
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import sentencepiece
import torch
from gguf import GGUFReader
from gguf.quants import dequantize
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm
from transformers import GPT2Config, GPT2LMHeadModel

from chef_convert import convert
from chef_train.tokenizer import Tokenizer
from chef_train.wishes import MOST_CHOICES

CHECKPOINT: Final = "checkpoint.pt"
TOKENS: Final = "tokenizer.ggml.tokens"
# Parts of the model's names of its tensors -> llama.cpp's.
GGUF_NAMES: Final = {
    "attn_c_proj": "attn_output",
    "mlp_c_proj": "ffn_down",
    "c_attn": "attn_qkv",
    "c_fc": "ffn_up",
    "ln_1": "attn_norm",
    "ln_2": "ffn_norm",
    "ln_f": "output_norm",
    "wte": "token_embd",
    "wpe": "position_embd",
    "h.": "blk.",
}
POSITIONS: Final = 1024
# Pieces that may stand in one place: as many as there are choices, each with its first.
MOST_PIECES: Final = MOST_CHOICES
# Prompts of ten that are cut into drawn pieces instead of the likeliest.
SAMPLED_IN_TEN: Final = 3
SAMPLING_SEED: Final = 1


@dataclass(frozen=True)
class Recipe:
    """What a run depends on, besides the corpus.

    Both rates fall in a line to zero. Held flat, the loss of a run stopped falling after eight
    minutes; what was tried stands in `docs/kondate.md`.
    """

    width: int = 256
    layers: int = 4
    heads: int = 4
    examples_per_step: int = 64
    muon_learning_rate: float = 0.01
    adam_learning_rate: float = 0.02
    weight_decay: float = 0.01
    warmup_steps: int = 100
    # The last part of the run, in which the rates fall; before it they stand flat.
    cooldown_share: float = 1.0
    # Most conversations are short: shifted starts teach the later positions too.
    shifted_share: float = 0.15
    seed: int = 1


@dataclass(frozen=True)
class Batch:
    """The examples of one step.

    `ids` (examples, length); `positions` (1, length); `answers` (answer pieces), where in the
    flattened ids the piece before each piece of an answer stands; `pieces` and `shares` (answer
    pieces, MOST_PIECES), what may come there. Shares add up to 1; padding has none.
    """

    ids: Tensor
    positions: Tensor
    answers: Tensor
    pieces: Tensor
    shares: Tensor

    def on(self, device: str) -> tuple[Tensor, ...]:
        """Return the tensors in order, on a device."""
        tensors = (self.ids, self.positions, self.answers, self.pieces, self.shares)
        return tuple(tensor.to(device) for tensor in tensors)


class Examples:
    """The tokenized corpus: ids of each example, where its prompt ends, and its choices."""

    def __init__(self, corpus: Path, tokenizer: Tokenizer) -> None:
        self.ids: list[np.ndarray] = []
        self.prompt_lengths: list[int] = []
        # For each example, by the place of the chosen piece: the pieces and their shares.
        self.choices: list[dict[int, tuple[np.ndarray, np.ndarray]]] = []
        self.tokenizer = tokenizer
        sentencepiece.set_random_generator_seed(SAMPLING_SEED)
        with corpus.open(encoding="utf-8") as file:
            for line in tqdm(file, desc="tokenize", unit=" examples", mininterval=2):
                self._add(json.loads(line))

    def _add(self, record: dict[str, Any]) -> None:
        sampled = len(self.ids) % 10 < SAMPLED_IN_TEN
        prompt = self.tokenizer.encode(record["prompt"], sampled=sampled)
        answer = self.tokenizer.encode_answer(record["answer"])
        places = self.tokenizer.choice_positions(answer)
        choices = {}
        for place, names in zip(places, record["choices"], strict=True):
            if len(names) > 1:
                choices[len(prompt) + place] = self._shares(names)
        self.ids.append(np.array(prompt + answer, dtype=np.int32))
        self.prompt_lengths.append(len(prompt))
        self.choices.append(choices)

    def _shares(self, names: dict[str, float]) -> tuple[np.ndarray, np.ndarray]:
        """Return the first pieces of what may be chosen, with their shares."""
        shares: dict[int, float] = {}
        for name, share in names.items():
            piece = self.tokenizer.first_piece(name)
            shares[piece] = shares.get(piece, 0.0) + share
        pieces = list(shares)
        parts = np.array([shares[piece] for piece in pieces], dtype=np.float32)
        return np.array(pieces, dtype=np.int32), parts / parts.sum()

    def batches(self, recipe: Recipe, start_step: int) -> Iterator[Batch]:
        """Yield the batch of one step each, for ever.

        Examples of one step are near in length, so that little is padding.
        """
        step = 0
        for epoch in range(1_000_000):
            rng = random.Random(f"{recipe.seed}/{epoch}")
            order = list(range(len(self.ids)))
            rng.shuffle(order)
            size = recipe.examples_per_step
            for pool_start in range(0, len(order) - size * 50 + 1, size * 50):
                pool = sorted(
                    order[pool_start : pool_start + size * 50], key=lambda i: len(self.ids[i])
                )
                steps = [pool[i : i + size] for i in range(0, len(pool), size)]
                rng.shuffle(steps)
                for rows in steps:
                    step += 1
                    shift = rng.random() < recipe.shifted_share
                    if step > start_step:
                        yield self._batch(rows, rng, shift)

    def _batch(self, rows: list[int], rng: random.Random, shift: bool) -> Batch:
        longest = max(len(self.ids[row]) for row in rows)
        ids = np.full((len(rows), longest), self.tokenizer.pad, dtype=np.int64)
        answers: list[int] = []
        written = sum(len(self.ids[row]) - self.prompt_lengths[row] for row in rows)
        pieces = np.zeros((written, MOST_PIECES), dtype=np.int64)
        shares = np.zeros((written, MOST_PIECES), dtype=np.float32)
        for index, row in enumerate(rows):
            tokens, prompt = self.ids[row], self.prompt_lengths[row]
            ids[index, : len(tokens)] = tokens
            first = len(answers)
            pieces[first : first + len(tokens) - prompt, 0] = tokens[prompt:]
            shares[first : first + len(tokens) - prompt, 0] = 1.0
            for place, (likely, parts) in self.choices[row].items():
                pieces[first + place - prompt, : len(likely)] = likely
                shares[first + place - prompt, : len(likely)] = parts
            start = index * longest - 1
            answers += range(start + prompt, start + len(tokens))
        shifted = rng.randrange(POSITIONS - longest) if shift else 0
        positions = np.arange(shifted, shifted + longest)[None]
        arrays = (ids, positions, np.array(answers), pieces, shares)
        return Batch(*(torch.from_numpy(array) for array in arrays))


class Block(nn.Module):
    """A GPT-2 block; weights are laid out as nn.Linear and transposed on export."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.ln_1 = nn.LayerNorm(width)
        self.c_attn = nn.Linear(width, 3 * width)
        self.attn_c_proj = nn.Linear(width, width)
        self.ln_2 = nn.LayerNorm(width)
        self.c_fc = nn.Linear(width, 4 * width)
        self.mlp_c_proj = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:  # (B, T, C)
        """Return the block's output, of the same shape."""
        batch, length, width = x.shape
        q, k, v = self.c_attn(self.ln_1(x)).split(width, dim=2)
        q, k, v = (
            t.view(batch, length, self.heads, -1).transpose(1, 2) for t in (q, k, v)
        )  # (B, H, T, D)
        mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.attn_c_proj(mixed.transpose(1, 2).reshape(batch, length, width))
        return x + self.mlp_c_proj(functional.gelu(self.c_fc(self.ln_2(x)), approximate="tanh"))


class Kondate(nn.Module):
    """GPT-2 with a tied head; the loss looks at the answers' positions only."""

    def __init__(self, recipe: Recipe, vocabulary_size: int) -> None:
        super().__init__()
        self.wte = nn.Embedding(vocabulary_size, recipe.width)
        self.wpe = nn.Embedding(POSITIONS, recipe.width)
        self.h = nn.ModuleList(Block(recipe.width, recipe.heads) for _ in range(recipe.layers))
        self.ln_f = nn.LayerNorm(recipe.width)
        for name, parameter in self.named_parameters():
            if parameter.ndim == 2:
                nn.init.normal_(parameter, std=0.02)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def forward(
        self, ids: Tensor, positions: Tensor, answers: Tensor, pieces: Tensor, shares: Tensor
    ) -> Tensor:
        """Return how far the model is from the shares, the mean over the answers' pieces.

        It is the Kullback-Leibler divergence in nats: 0 is perfect, whatever is left to chance.
        """
        x = self.wte(ids) + self.wpe(positions)  # (B, T, C)
        for block in self.h:
            x = block(x)
        x = self.ln_f(x.flatten(0, 1)[answers])  # (N, C)
        logits = functional.linear(x, self.wte.weight)  # (N, V)
        log_shares = functional.log_softmax(logits.float(), dim=1).gather(1, pieces)  # (N, K)
        return (torch.xlogy(shares, shares) - shares * log_shares).sum(1).mean()


@dataclass(frozen=True)
class Run:
    """A finished run: its model, and what it took; `loss` is a running mean over the last steps."""

    model: Kondate
    steps: int
    tokens: int
    seconds: float
    loss: float


def start_from(model: Kondate, pieces: Sequence[str], path: Path) -> None:
    """Give `model` the weights of a GGUF file of the same shape, whatever pieces that one has.

    `pieces` are the model's own, in the order of their ids. One that the file lacks begins as the
    mean of those of the file that it would be cut into, the longest first. Raises RuntimeError
    where the shapes differ.
    """
    file = GGUFReader(path)
    weights = {
        one.name: torch.tensor(dequantize(one.data, one.tensor_type)) for one in file.tensors
    }
    known = {piece: row for row, piece in enumerate(file.fields[TOKENS].contents())}
    cut = [[known[piece]] if piece in known else cut_into(piece, known) for piece in pieces]
    embedding = weights["token_embd.weight"]
    weights["token_embd.weight"] = torch.stack(
        [embedding[rows].mean(0) if rows else embedding.mean(0) for rows in cut]
    )
    model.load_state_dict({name: weights[gguf_name(name)] for name in model.state_dict()})


def gguf_name(name: str) -> str:
    """Return llama.cpp's name of one of the model's tensors."""
    for own, theirs in GGUF_NAMES.items():
        name = name.replace(own, theirs)
    return name


def cut_into(text: str, known: Mapping[str, int]) -> list[int]:
    """Return the rows of the known pieces of `text`, the longest first; what is unknown is none."""
    rows, start = [], 0
    while start < len(text):
        ends = range(len(text), start, -1)
        end = next((end for end in ends if text[start:end] in known), None)
        if end is not None:
            rows.append(known[text[start:end]])
        start = end or start + 1
    return rows


def optimizers(model: Kondate, recipe: Recipe) -> list[torch.optim.Optimizer]:
    """Muon for the matrices of the blocks, AdamW for embeddings, norms and biases."""
    matrices = [p for name, p in model.named_parameters() if p.ndim == 2 and name.startswith("h.")]
    others = [p for name, p in model.named_parameters() if p.ndim < 2 or not name.startswith("h.")]
    return [
        torch.optim.Muon(
            matrices,
            lr=recipe.muon_learning_rate,
            weight_decay=recipe.weight_decay,
            momentum=0.95,
        ),
        torch.optim.AdamW(
            others, lr=recipe.adam_learning_rate, betas=(0.9, 0.95), weight_decay=0.0
        ),
    ]


def train(
    examples: Examples,
    vocabulary_size: int,
    recipe: Recipe,
    folder: Path,
    minutes: float,
    *,
    start: Path | None = None,
    compiled: bool = False,
) -> Run:
    """Train for `minutes` in all, interrupted runs counted in.

    `start` is the GGUF file of an earlier run that this one begins with; `compiled` needs a C++
    compiler and makes a step faster.
    """
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(recipe.seed)
    model = Kondate(recipe, vocabulary_size)
    if start is not None:
        start_from(model, examples.tokenizer.names(), start)
    model.to(device)
    optimisers = optimizers(model, recipe)
    loss_of = torch.compile(model, dynamic=True) if compiled else model
    rates = [[group["lr"] for group in optimiser.param_groups] for optimiser in optimisers]
    checkpoint = folder / CHECKPOINT
    step, seen_tokens, spent_seconds = 0, 0, 0.0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        for optimiser, saved in zip(optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(saved)
        step, seen_tokens, spent_seconds = (
            state["step"],
            state["seen_tokens"],
            state["spent_seconds"],
        )
    total_seconds = minutes * 60
    started = saved_at = time.monotonic()
    smooth_loss = math.nan
    bar = tqdm(total=round(total_seconds), initial=round(spent_seconds), unit="s", mininterval=5)
    for batch in examples.batches(recipe, step):
        elapsed = spent_seconds + time.monotonic() - started
        if elapsed >= total_seconds:
            break
        left = 1 - elapsed / total_seconds
        factor = min(1.0, (step + 1) / recipe.warmup_steps, left / recipe.cooldown_share)
        for optimiser, base in zip(optimisers, rates, strict=True):
            for group, rate in zip(optimiser.param_groups, base, strict=True):
                group["lr"] = rate * factor
        with torch.autocast(device, dtype=torch.bfloat16):
            loss = loss_of(*batch.on(device))
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimiser in optimisers:
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        step += 1
        seen_tokens += int((batch.ids != examples.tokenizer.pad).sum())
        smooth_loss = (
            loss.item() if math.isnan(smooth_loss) else 0.98 * smooth_loss + 0.02 * loss.item()
        )
        now = time.monotonic()
        speed = seen_tokens / (spent_seconds + now - started)
        bar.n = round(spent_seconds + now - started)
        bar.set_postfix(step=step, loss=f"{smooth_loss:.3f}", tok_s=f"{speed:.0f}", refresh=False)
        bar.update(0)
        if now - saved_at > 180:
            saved_at = now
            state = {
                "model": model.state_dict(),
                "optimisers": [optimiser.state_dict() for optimiser in optimisers],
                "step": step,
                "seen_tokens": seen_tokens,
                "spent_seconds": spent_seconds + now - started,
            }
            torch.save(state, checkpoint.with_suffix(".part"))
            checkpoint.with_suffix(".part").replace(checkpoint)
    bar.close()
    seconds = spent_seconds + time.monotonic() - started
    return Run(model, step, seen_tokens, seconds, smooth_loss)


def export(model: Kondate, recipe: Recipe, tokenizer: Tokenizer, folder: Path) -> None:
    """Write the model as a Hugging Face GPT-2 checkpoint."""
    reference = GPT2LMHeadModel(
        GPT2Config(
            vocab_size=tokenizer.size,
            n_positions=POSITIONS,
            n_embd=recipe.width,
            n_layer=recipe.layers,
            n_head=recipe.heads,
            bos_token_id=1,
            eos_token_id=2,
        )
    )
    renamed = {}
    for name, weights in model.state_dict().items():
        if ".c_" in name or "_c_proj" in name:
            name = name.replace("c_attn", "attn.c_attn").replace("c_fc", "mlp.c_fc")
            name = name.replace("attn_c_proj", "attn.c_proj").replace("mlp_c_proj", "mlp.c_proj")
            # Conv1D keeps (in, out).
            weights = weights.T.contiguous() if weights.ndim == 2 else weights
        renamed[f"transformer.{name}"] = weights.float().cpu()
    reference.load_state_dict({**renamed, "lm_head.weight": renamed["transformer.wte.weight"]})
    reference.save_pretrained(folder)


def provenance(
    recipe: Recipe, corpus: Path, minutes: float, start: Path | None = None
) -> dict[str, str]:
    """Return what the GGUF's metadata says of its making; of an earlier run, its own notes."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    notes = {
        "license": "mit",
        "training.recipe": json.dumps(asdict(recipe)),
        "training.minutes": f"{minutes:g}",
        "training.corpus_sha256": hashlib.sha256(corpus.read_bytes()).hexdigest(),
        "training.commit": commit or "unknown",
    }
    if start is not None:
        fields = GGUFReader(start).fields
        notes["training.started_from"] = json.dumps(
            {name: fields[f"general.{name}"].contents() for name in notes if name != "license"}
        )
    return notes


def main() -> None:
    """Run the whole recipe from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=Path("build/corpus.jsonl"))
    parser.add_argument("--tokenizer", type=Path, default=Path("build/spiece.model"))
    parser.add_argument("--output", type=Path, default=Path("build/kondate"))
    parser.add_argument("--start", type=Path, help="the GGUF file of a run to go on from")
    parser.add_argument("--minutes", type=float, default=98)
    parser.add_argument("--compile", action="store_true", help="needs a C++ compiler")
    for name, default in asdict(Recipe()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    arguments: dict[str, Any] = vars(parser.parse_args())
    recipe = Recipe(**{name: arguments[name] for name in asdict(Recipe())})
    folder: Path = arguments["output"]
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer(arguments["tokenizer"])
    examples = Examples(arguments["corpus"], tokenizer)
    run = train(
        examples,
        tokenizer.size,
        recipe,
        folder,
        arguments["minutes"],
        start=arguments["start"],
        compiled=arguments["compile"],
    )
    print(f"steps {run.steps}, tokens {run.tokens / 1e6:.1f} M, loss {run.loss:.4f}")
    export(run.model, recipe, tokenizer, folder)
    (folder / "spiece.model").write_bytes(arguments["tokenizer"].read_bytes())
    notes = provenance(recipe, arguments["corpus"], arguments["minutes"], arguments["start"])
    for quantization in ("F32", "Q8_0"):
        convert(folder, folder / f"kondate-{quantization}.gguf", quantization, notes)


if __name__ == "__main__":
    main()
