"""Checkpoints of the Hugging Face hub, converted to GGUF for llama.cpp."""

import json
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Final

# The module that converts a checkpoint, by the `model_type` of its config.json. Each has a function
# `convert(checkpoint, output, quantization, notes)`; it is imported when it is needed.
CONVERTERS: Final = {"gpt2": "chef_convert.gpt2"}

Convert = Callable[[Path, Path, str, Mapping[str, str] | None], None]


class ConversionError(Exception):
    """The checkpoint cannot be converted; the message names the file and what is wrong with it."""


def convert(
    folder: Path, output: Path, quantization: str, metadata: Mapping[str, str] | None = None
) -> None:
    """Write the checkpoint in `folder` as a GGUF file to `output`.

    `metadata` becomes `general.*` strings of the file. Raises `ConversionError` for a folder
    without a readable config.json and for an architecture that nothing here converts.
    """
    path = folder / "config.json"
    try:
        model_type = json.loads(path.read_text(encoding="utf-8"))["model_type"]
    except (OSError, ValueError, KeyError) as error:
        raise ConversionError(f"{path}: no model_type can be read") from error
    if model_type not in CONVERTERS:
        known = ", ".join(sorted(CONVERTERS))
        raise ConversionError(
            f"model_type {model_type!r} is not convertible here (only {known}): use a published "
            "GGUF file, or llama.cpp's convert_hf_to_gguf.py"
        )
    convert_checkpoint: Convert = import_module(CONVERTERS[model_type]).convert
    convert_checkpoint(folder, output, quantization, metadata)
