"""What the files of a Hugging Face checkpoint say, beside its weights."""

import json
from pathlib import Path
from typing import Any


def template_source(folder: Path) -> str | None:
    """Return the checkpoint's chat template (Jinja), if it has one.

    It stands in `chat_template.jinja`, or in `tokenizer_config.json`: as a text, or as several
    with names, of which "default" is the one to converse with.
    """
    file = folder / "chat_template.jinja"
    if file.is_file():
        return file.read_text(encoding="utf-8")
    templates = tokenizer_config(folder).get("chat_template")
    if isinstance(templates, list):
        templates = {one["name"]: one["template"] for one in templates}.get("default")
    return templates


def tokenizer_config(folder: Path) -> dict[str, Any]:
    """Return `tokenizer_config.json`, empty if there is none."""
    file = folder / "tokenizer_config.json"
    if not file.is_file():
        return {}
    config: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return config
