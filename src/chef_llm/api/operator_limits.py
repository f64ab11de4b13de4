"""What one request may ask for: the operator's limits, inside the bounds of the schemas."""

from collections.abc import Sequence
from dataclasses import replace

from chef_llm.api.fields import AskedTokens, as_sampled
from chef_llm.engines import Sampling
from chef_llm.errors import InvalidRequest


def refuse_long_prompt(characters: int, param: str, most_characters: int) -> None:
    """Raise `InvalidRequest` for a prompt of more than `most_characters`."""
    if characters > most_characters:
        raise InvalidRequest(
            f"{param} は{most_characters}文字以下にしてください"
            f"（受け取った長さ: {characters}文字）。",
            param=param,
            # Words that clients look for, as those of `PromptTooLong`.
            english=f"The prompt is too long: {param} has {characters} characters, and may have "
            f"{most_characters}.",
        )


def refuse_empty(text: str | Sequence[int], param: str) -> None:
    """Raise `InvalidRequest` for a text that says nothing."""
    if not text or (isinstance(text, str) and not text.strip()):
        raise InvalidRequest(f"{param} が空です。", param=param, english=f"{param} is empty.")


def capped(sampling: Sampling, most_tokens: int) -> Sampling:
    """Return `sampling` with an answer of at most `most_tokens`, however many are asked for."""
    return as_sampled(replace(sampling, max_tokens=min(sampling.max_tokens, most_tokens)))


def limited(sampling: Sampling, asked: AskedTokens | None, most_tokens: int) -> Sampling:
    """Return `sampling` with an answer of at most `most_tokens`.

    Who asks for more by himself gets `InvalidRequest`; a default is lowered without a word.
    """
    if asked and asked.count > most_tokens:
        raise InvalidRequest(
            f"{asked.param} は{most_tokens}以下の数にしてください（受け取った値: {asked.count}）。",
            param=asked.param,
        )
    return as_sampled(replace(sampling, max_tokens=min(sampling.max_tokens, most_tokens)))
