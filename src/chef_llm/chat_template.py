"""From a conversation to a prompt: the chef's system prompt and the models' Jinja templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from jinja2 import Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

CHEF_SYSTEM_PROMPT: Final = "あなたは献立を考えるシェフです。"


@dataclass(frozen=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


def render(template: str, messages: Sequence[Message]) -> str:
    """Return the prompt for `messages` (system first, if any; a user's turn last).

    `template` names a file of `chef_llm/templates`, without its ending.
    """
    prompt: str = _template(template).render(messages=messages)
    return prompt


@cache
def _template(name: str) -> Template:
    # Sandboxed, because a template may one day come with a downloaded model.
    environment = ImmutableSandboxedEnvironment(keep_trailing_newline=False)
    source = files("chef_llm.templates").joinpath(f"{name}.jinja").read_text(encoding="utf-8")
    return environment.from_string(source)
