"""Offline conversion of Hugging Face checkpoints to GGUF."""
