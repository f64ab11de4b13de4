"""From a Hugging Face checkpoint to one GGUF file.

The checkpoint is a folder: `config.json`, the weights (`*.safetensors` or `pytorch_model*.bin`)
and a tokenizer (`spiece.model`, `tokenizer.model` or `tokenizer.json`). llama.cpp's own converter
refuses a GPT-2 with a SentencePiece tokenizer, which kondate and dolly-japanese-gpt-1b are.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import gguf
import numpy as np
import torch

from chef_convert.checkpoint import Config, ConversionError, Weights
from chef_convert.families import FAMILIES, Family
from chef_convert.tokenizers import add_tokenizer

# Buffers of old checkpoints that are no parameters: causal masks and rotary frequencies.
BUFFERS: Final = re.compile(r"\.(attn|attention)\.(masked_)?bias$|rotary_emb\.inv_freq$")
EMBEDDING, HEAD = "token_embd.weight", "output.weight"
QUANTIZATIONS: Final = {
    "F32": (gguf.GGMLQuantizationType.F32, gguf.LlamaFileType.ALL_F32),
    "Q8_0": (gguf.GGMLQuantizationType.Q8_0, gguf.LlamaFileType.MOSTLY_Q8_0),
    "Q4_0": (gguf.GGMLQuantizationType.Q4_0, gguf.LlamaFileType.MOSTLY_Q4_0),
}


def convert(
    folder: Path,
    output: Path,
    quantization: str = "Q8_0",
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write the checkpoint in `folder` as a GGUF file to `output`.

    `quantization` is F32, Q8_0 or Q4_0; vectors and the position table stay float32 whatever it
    is. `metadata` is written as `general.*` strings (licence, data hash, commit). Raises
    `ConversionError` for another family, a missing file, an unknown tensor or a tokenizer that
    does not fit the embedding.
    """
    if quantization not in QUANTIZATIONS:
        raise ConversionError(f"quantization {quantization!r}: choose {', '.join(QUANTIZATIONS)}")
    config = Config.read(folder)
    if config.get("model_type") not in FAMILIES:
        raise ConversionError(
            f"{folder / 'config.json'}: model_type {config.get('model_type')!r} cannot be "
            f"converted, only {', '.join(FAMILIES)}"
        )
    family = FAMILIES[config["model_type"]]
    quantization_type, file_type = QUANTIZATIONS[quantization]
    # What is quantized waits on the disk: it is written behind a header that must know all of it.
    writer = gguf.GGUFWriter(output, gguf.MODEL_ARCH_NAMES[family.architecture], use_temp_file=True)
    writer.add_name(config.get("_name_or_path") or folder.name)
    family.describe(writer, config)
    writer.add_file_type(file_type)
    for key, value in (metadata or {}).items():
        writer.add_string(f"general.{key}", value)
    add_tokenizer(writer, folder, config)
    for name, weights in _tensors(folder, family, config):
        is_float = weights.ndim == 1 or name.startswith("position_embd")
        kind = gguf.GGMLQuantizationType.F32 if is_float else quantization_type
        writer.add_tensor(name, _quantized(name, weights, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file(progress=False)
    writer.close()


def _quantized(
    name: str, weights: "np.ndarray[Any, Any]", kind: gguf.GGMLQuantizationType
) -> "np.ndarray[Any, Any]":
    try:
        return gguf.quants.quantize(weights, kind)
    except gguf.QuantError as error:
        raise ConversionError(f"{name} of {weights.shape}: {error}") from error


def _tensors(
    folder: Path, family: Family, config: Config
) -> Iterator[tuple[str, "np.ndarray[Any, Any]"]]:
    """Yield each tensor of the GGUF file, in float32."""
    weights = Weights(folder)
    names = gguf_names(family.architecture, weights.names)
    places = {gguf_name: name for name, gguf_name in names.items()}
    embedding, head = places.get(EMBEDDING), places.get(HEAD)
    if embedding is None:
        raise ConversionError(f"{folder}: there is no token embedding among the weights")
    if head and not family.has_own_head:
        if torch.equal(weights.read(head), weights.read(embedding)):
            del names[head]
    elif not head and family.has_own_head:
        yield HEAD, weights.read(embedding).numpy()
    for name, gguf_name in names.items():
        yield gguf_name, family.arrange(name, weights.read(name), config).numpy()


def gguf_names(architecture: gguf.MODEL_ARCH, names: list[str]) -> dict[str, str]:
    """Return llama.cpp's name for each tensor; raises `ConversionError` for an unknown one."""
    layers = max(
        (int(number) + 1 for name in names for number in re.findall(r"\.(\d+)\.", name)), default=0
    )
    known = gguf.get_tensor_name_map(architecture, layers)
    found: dict[str, str] = {}
    for name in names:
        if BUFFERS.search(name):
            continue
        gguf_name = known.get_name(name, try_suffixes=(".weight", ".bias"))
        if gguf_name is None:
            raise ConversionError(f"unknown tensor {name!r}")
        found[name] = gguf_name
    return found
