"""The model families: what llama.cpp wants to know of each, and how it wants their tensors."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import gguf
from torch import Tensor

from chef_convert.checkpoint import ROPE_BASE, Config


@dataclass(frozen=True)
class Family:
    """How checkpoints of one `model_type` become GGUF.

    `describe` writes the hyperparameters. `arrange` gets a tensor with its name in the checkpoint,
    and returns it as llama.cpp reads it. Unless `has_own_head`, a head that is the token embedding
    is left out: llama.cpp then takes that.
    """

    architecture: gguf.MODEL_ARCH
    describe: Callable[[gguf.GGUFWriter, Config], None]
    arrange: Callable[[str, Tensor, Config], Tensor]
    has_own_head: bool = False


def _describe_gpt2(writer: gguf.GGUFWriter, config: Config) -> None:
    writer.add_context_length(config["n_positions"])
    writer.add_embedding_length(config["n_embd"])
    writer.add_feed_forward_length(config.get("n_inner") or 4 * config["n_embd"])
    writer.add_block_count(config["n_layer"])
    writer.add_head_count(config["n_head"])
    writer.add_layer_norm_eps(config["layer_norm_epsilon"])


def _describe_rotary(writer: gguf.GGUFWriter, config: Config) -> None:
    """Write what GPT-NeoX, Llama and StableLM have in common."""
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config.key_value_heads)
    writer.add_key_length(config.head_size)
    writer.add_value_length(config.head_size)
    writer.add_rope_freq_base(config.rope("rope_theta", "rotary_emb_base", ROPE_BASE))


def _describe_gpt_neox(writer: gguf.GGUFWriter, config: Config) -> None:
    _describe_rotary(writer, config)
    share = config.rope("partial_rotary_factor", "rotary_pct", 0.25)
    writer.add_rope_dimension_count(int(config.head_size * share))
    writer.add_parallel_residual(config.get("use_parallel_residual", True))
    writer.add_layer_norm_eps(config["layer_norm_eps"])


def _describe_llama(writer: gguf.GGUFWriter, config: Config) -> None:
    _describe_rotary(writer, config)
    writer.add_rope_dimension_count(config.head_size)
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])


def _describe_stablelm(writer: gguf.GGUFWriter, config: Config) -> None:
    _describe_rotary(writer, config)
    share = config.rope("partial_rotary_factor", "rope_pct", 0.25)
    writer.add_rope_dimension_count(int(config.head_size * share))
    writer.add_parallel_residual(config.get("use_parallel_residual", False))
    writer.add_layer_norm_eps(config.get("norm_eps") or config["layer_norm_eps"])


def _as_it_is(name: str, tensor: Tensor, config: Config) -> Tensor:  # noqa: ARG001
    return tensor


def _arrange_gpt2(name: str, tensor: Tensor, config: Config) -> Tensor:  # noqa: ARG001
    """Conv1D stores (in, out); llama.cpp wants (out, in)."""
    if name.endswith(("c_attn.weight", "c_proj.weight", "c_fc.weight")):
        return tensor.T.contiguous()
    return tensor


def _arrange_gpt_neox(name: str, tensor: Tensor, config: Config) -> Tensor:
    """Put the queries of all heads first, then the keys, then the values."""
    if "query_key_value" not in name:
        return tensor
    heads = config["num_attention_heads"]
    by_head = tensor.reshape(heads, 3, -1, *tensor.shape[1:])  # (heads, q k v, head size, …)
    return by_head.transpose(0, 1).reshape(tensor.shape)


def _arrange_llama(name: str, tensor: Tensor, config: Config) -> Tensor:
    """Put the two halves that rotate together side by side, as Llama's own weights have them."""
    heads = {"q_proj": config["num_attention_heads"], "k_proj": config.key_value_heads}
    projection = name.split(".")[-2]
    if projection not in heads:
        return tensor
    halves = tensor.reshape(heads[projection], 2, -1, *tensor.shape[1:])  # (heads, half, pair, …)
    return halves.transpose(1, 2).reshape(tensor.shape)


_STABLELM: Final = Family(
    gguf.MODEL_ARCH.STABLELM, _describe_stablelm, _as_it_is, has_own_head=True
)
# By the `model_type` of config.json; stablelm_epoch is what StableLM was called at first.
FAMILIES: Final = {
    "gpt2": Family(gguf.MODEL_ARCH.GPT2, _describe_gpt2, _arrange_gpt2),
    "gpt_neox": Family(
        gguf.MODEL_ARCH.GPTNEOX, _describe_gpt_neox, _arrange_gpt_neox, has_own_head=True
    ),
    "llama": Family(gguf.MODEL_ARCH.LLAMA, _describe_llama, _arrange_llama),
    "stablelm": _STABLELM,
    "stablelm_epoch": _STABLELM,
}
