"""Convert a GPT-2 checkpoint with a SentencePiece tokenizer to GGUF.

    python -m chef_convert.gpt2 CHECKPOINT_FOLDER OUTPUT.gguf --type Q8_0

The checkpoint is a Hugging Face folder: `config.json`, the weights (`model.safetensors` or
`pytorch_model.bin`) and the SentencePiece model (`spiece.model`). This is the shape of both
`kondate` and `inu-ai/dolly-japanese-gpt-1b`; llama.cpp's own converter refuses it, because it
expects a GPT-2 to come with a byte-pair tokenizer.
"""

import argparse
import json
import pickle
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import gguf
import numpy as np
import sentencepiece
import torch
from safetensors import safe_open
from sentencepiece import sentencepiece_model_pb2

from chef_convert import ConversionError

# Hugging Face names on the left, GGUF names on the right; `h.N.` becomes `blk.N.`.
TENSOR_NAMES: Final = {
    "wte": "token_embd",
    "wpe": "position_embd",
    "ln_f": "output_norm",
    "ln_1": "attn_norm",
    "ln_2": "ffn_norm",
    "attn.c_attn": "attn_qkv",
    "attn.c_proj": "attn_output",
    "mlp.c_fc": "ffn_up",
    "mlp.c_proj": "ffn_down",
}
# Conv1D stores (in, out); llama.cpp wants (out, in).
CONV1D_WEIGHTS: Final = ("c_attn.weight", "c_proj.weight", "c_fc.weight")
# Buffers of old checkpoints that are no parameters: the causal masks.
MASKS: Final = re.compile(r"\.attn\.(masked_bias|bias)$")
BYTE_PIECE: Final = re.compile("<0x[0-9A-F]{2}>")
SPECIAL_TOKENS: Final = ("<unk>", "<s>", "</s>", "[PAD]", "[CLS]", "[SEP]", "[MASK]")
QUANTIZATIONS: Final = {
    "F32": (gguf.GGMLQuantizationType.F32, gguf.LlamaFileType.ALL_F32),
    "Q8_0": (gguf.GGMLQuantizationType.Q8_0, gguf.LlamaFileType.MOSTLY_Q8_0),
    "Q4_0": (gguf.GGMLQuantizationType.Q4_0, gguf.LlamaFileType.MOSTLY_Q4_0),
}


def convert(
    checkpoint: Path,
    output: Path,
    quantization: str = "Q8_0",
    notes: Mapping[str, str] | None = None,
) -> None:
    """Write the checkpoint in `checkpoint` as a GGUF file to `output`.

    `quantization` is F32, Q8_0 or Q4_0; vectors and the position table stay float32 whatever it
    is. `notes` are written as `general.*` strings (licence, data hash, commit). Raises
    `ConversionError` for a missing file, an unknown tensor or a tokenizer that does not fit the
    embedding.
    """
    if quantization not in QUANTIZATIONS:
        raise ConversionError(f"quantization {quantization!r}: choose {', '.join(QUANTIZATIONS)}")
    config = json.loads(_required(checkpoint / "config.json").read_text(encoding="utf-8"))
    if config.get("model_type") != "gpt2":
        raise ConversionError(f"{checkpoint}/config.json: model_type is not gpt2")
    quantization_type, file_type = QUANTIZATIONS[quantization]

    writer = gguf.GGUFWriter(output, "gpt2")
    writer.add_name(config.get("_name_or_path") or checkpoint.name)
    writer.add_context_length(config["n_positions"])
    writer.add_embedding_length(config["n_embd"])
    writer.add_feed_forward_length(config.get("n_inner") or 4 * config["n_embd"])
    writer.add_block_count(config["n_layer"])
    writer.add_head_count(config["n_head"])
    writer.add_layer_norm_eps(config["layer_norm_epsilon"])
    writer.add_file_type(file_type)
    for key, value in (notes or {}).items():
        writer.add_string(f"general.{key}", value)
    _add_tokenizer(writer, _required(checkpoint / "spiece.model"), config["vocab_size"])
    for name, weights in _gguf_tensors(checkpoint):
        if weights.ndim == 1 or name.startswith("position_embd"):
            writer.add_tensor(name, weights)
        else:
            data = gguf.quants.quantize(weights, quantization_type)
            writer.add_tensor(name, data, raw_dtype=quantization_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file(progress=False)
    writer.close()


def gguf_tensor_name(name: str) -> str:
    """Return llama.cpp's name of a GPT-2 tensor; raises `ConversionError` for an unknown one."""
    stem, _, suffix = name.removeprefix("transformer.").rpartition(".")
    block = re.fullmatch(r"h\.(\d+)\.(.+)", stem)
    prefix, key = (f"blk.{block[1]}.", block[2]) if block else ("", stem)
    if key not in TENSOR_NAMES:
        raise ConversionError(f"unknown tensor {name!r}")
    return f"{prefix}{TENSOR_NAMES[key]}.{suffix}"


def _gguf_tensors(checkpoint: Path) -> Iterator[tuple[str, "np.ndarray[Any, Any]"]]:
    for name, tensor in _checkpoint_tensors(checkpoint):
        if MASKS.search(name):
            continue
        weights = tensor.to(torch.float32)
        if name == "lm_head.weight":
            yield "output.weight", weights.numpy()
            continue
        if name.endswith(CONV1D_WEIGHTS):
            weights = weights.T.contiguous()
        yield gguf_tensor_name(name), weights.numpy()


def _checkpoint_tensors(checkpoint: Path) -> Iterator[tuple[str, torch.Tensor]]:
    """Yield the named weights, with the tied head spelled out once.

    GPT-2 ties the head to the token embedding; llama.cpp falls back to it when no
    `output.weight` is there, so a tied head is left out and an own head is kept.
    """
    safetensors = checkpoint / "model.safetensors"
    if safetensors.exists():
        with safe_open(safetensors, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    else:
        # weights_only: a checkpoint is data, and never runs code of its own.
        path = _required(checkpoint / "pytorch_model.bin")
        try:
            tensors = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
        except (pickle.UnpicklingError, RuntimeError) as error:
            # torch's own message tells how to run the code in it.
            raise ConversionError(f"{path} is broken, or holds more than weights") from error
    embedding = tensors.get("transformer.wte.weight", tensors.get("wte.weight"))
    head = tensors.get("lm_head.weight")
    if head is not None and embedding is not None and torch.equal(head, embedding):
        tensors = {name: tensor for name, tensor in tensors.items() if name != "lm_head.weight"}
    yield from tensors.items()


def _add_tokenizer(writer: gguf.GGUFWriter, path: Path, vocabulary_size: int) -> None:
    """Write the SentencePiece unigram model as llama.cpp's `t5` tokenizer (Verified: same ids)."""
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString(path.read_bytes())
    if model.trainer_spec.model_type != model.trainer_spec.UNIGRAM:
        raise ConversionError(f"{path}: not a unigram model")
    if len(model.pieces) > vocabulary_size:
        raise ConversionError(f"{path}: {len(model.pieces)} pieces, embedding {vocabulary_size}")
    pieces = [(p.piece, p.score, _token_type(p)) for p in model.pieces]
    # A checkpoint may round its embedding up; the rest of its rows are no tokens.
    for index in range(len(pieces), vocabulary_size):
        pieces.append((f"<unused_{index}>", -1000.0, gguf.TokenType.UNUSED))
    writer.add_tokenizer_model("t5")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([piece.encode() for piece, _, _ in pieces])
    writer.add_token_scores([score for _, score, _ in pieces])
    writer.add_token_types([kind for _, _, kind in pieces])
    writer.add_add_space_prefix(True)
    writer.add_remove_extra_whitespaces(model.normalizer_spec.remove_extra_whitespaces)
    if model.normalizer_spec.precompiled_charsmap:
        writer.add_precompiled_charsmap(model.normalizer_spec.precompiled_charsmap)
    processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
    writer.add_bos_token_id(processor.PieceToId("<s>"))
    writer.add_eos_token_id(processor.PieceToId("</s>"))
    writer.add_unk_token_id(processor.unk_id())
    writer.add_pad_token_id(processor.PieceToId("[PAD]"))
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)


def _token_type(piece: Any) -> gguf.TokenType:
    if piece.piece == "<unk>":
        return gguf.TokenType.UNKNOWN
    # The Hugging Face tokenizer of dolly treats all of them as special, whatever the piece's type.
    if piece.piece in SPECIAL_TOKENS:
        return gguf.TokenType.CONTROL
    # kondate's bytes are unused to SentencePiece, so that it reads an unknown character as <unk>
    # like llama.cpp; as bytes, llama.cpp can write them where a grammar asks for a new character.
    if BYTE_PIECE.fullmatch(piece.piece):
        return gguf.TokenType.BYTE
    return gguf.TokenType(piece.type)


def _required(path: Path) -> Path:
    if not path.exists():
        raise ConversionError(f"{path} is missing")
    return path


def main() -> None:
    """Convert from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--type", choices=QUANTIZATIONS, default="Q8_0")
    arguments = parser.parse_args()
    convert(arguments.checkpoint, arguments.output, arguments.type)


if __name__ == "__main__":
    main()
