"""A Hugging Face folder: its configuration and its weights, read one by one."""

import json
import pickle
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import torch
from safetensors import safe_open

# The first that is there is read; an index names the files of a checkpoint in several.
INDICES: Final = ("model.safetensors.index.json", "pytorch_model.bin.index.json")
WEIGHT_FILES: Final = ("model.safetensors", "pytorch_model.bin")
ROPE_BASE: Final = 10_000.0


class ConversionError(Exception):
    """The checkpoint cannot be converted; the message names the file and what is wrong with it."""


class Config(dict[str, Any]):
    """`config.json`; asking for what it lacks is a `ConversionError` that names it."""

    def __missing__(self, key: str) -> Any:
        raise ConversionError(f"config.json: {key!r} is missing")

    @classmethod
    def read(cls, folder: Path) -> "Config":
        """Read it from a checkpoint's folder."""
        return cls(json.loads(required(folder / "config.json").read_text(encoding="utf-8")))

    @property
    def head_size(self) -> int:
        """Values of one attention head."""
        size = self.get("head_dim") or self["hidden_size"] // self["num_attention_heads"]
        return int(size)

    @property
    def key_value_heads(self) -> int:
        """Heads of keys and values, of which several queries may share one."""
        return int(self.get("num_key_value_heads") or self["num_attention_heads"])

    def rope(self, key: str, old_key: str, default: float) -> float:
        """Return a value of the rotary embedding, by its name of today or of older files.

        Raises `ConversionError` for a scaled one, which would need more than these.
        """
        rope = self.get("rope_parameters") or self.get("rope_scaling") or {}
        kind = rope.get("rope_type", rope.get("type", "default"))
        if kind != "default":
            raise ConversionError(f"config.json: rope of type {kind!r}; only 'default' is known")
        return float(rope.get(key, self.get(key, self.get(old_key, default))))


class Weights:
    """The tensors of a checkpoint, each read when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._readers: dict[str, Callable[[], torch.Tensor]] = {}
        for path in _weight_files(folder):
            if path.suffix == ".safetensors":
                file = safe_open(path, framework="pt")
                self._readers |= {name: partial(file.get_tensor, name) for name in file.keys()}  # noqa: SIM118
            else:
                state = _unpickled(path)
                self._readers |= {name: partial(state.get, name) for name in state}

    @property
    def names(self) -> list[str]:
        """The tensors' names, in an order that does not depend on the files they come in."""
        return sorted(self._readers)

    def read(self, name: str) -> torch.Tensor:
        """Return a tensor in float32."""
        return self._readers[name]().to(torch.float32)


def required(path: Path) -> Path:
    """Return `path`; raises `ConversionError` when there is no such file."""
    if not path.is_file():
        raise ConversionError(f"{path} is missing")
    return path


def _unpickled(path: Path) -> dict[str, torch.Tensor]:
    """Read a pickle as data alone: a checkpoint never runs code of its own.

    torch's own words advise to allow it: they are not passed on.
    """
    try:
        state: dict[str, torch.Tensor] = torch.load(
            path, map_location="cpu", weights_only=True, mmap=True
        )
    except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
        raise ConversionError(f"{path} holds more than weights, or is broken") from error
    return state


def _weight_files(folder: Path) -> list[Path]:
    for name in INDICES:
        if (folder / name).is_file():
            index = json.loads((folder / name).read_text(encoding="utf-8"))
            return [required(folder / part) for part in sorted(set(index["weight_map"].values()))]
    for name in WEIGHT_FILES:
        if (folder / name).is_file():
            return [folder / name]
    raise ConversionError(f"{folder}: neither {' nor '.join(WEIGHT_FILES)} is there")
