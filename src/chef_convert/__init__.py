"""Offline conversion of Hugging Face checkpoints to GGUF."""

from chef_convert.checkpoint import ConversionError
from chef_convert.conversion import QUANTIZATIONS, convert

__all__ = ["QUANTIZATIONS", "ConversionError", "convert"]
