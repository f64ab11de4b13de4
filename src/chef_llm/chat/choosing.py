"""Lets a model choose one of several texts by writing no more than what tells them apart.

A model that was not trained to write menus would be driven through each name by the grammar, piece
by piece, and with a large vocabulary every piece costs tens of milliseconds. What all texts that
are left have in common is put into the prompt instead, where it is read at once.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from os.path import commonprefix

from chef_llm.engines import (
    Completion,
    Deadline,
    Engine,
    Grammar,
    InOrder,
    OneOf,
    Sampling,
    Timings,
    TokenIds,
)


def choose_text(
    engine: Engine,
    prompt_before: Callable[[str], TokenIds],
    texts: list[str],
    sampling: Sampling,
    deadline: Deadline,
) -> Completion:
    """Return one of `texts` as a completion; its figures are those of all that was asked.

    `prompt_before` gives the prompt that goes on with a text. Raises as `Engine.write` does.
    """
    steps: list[Completion] = []
    left = list(dict.fromkeys(texts))
    while len(left) > 1:
        begun = commonprefix(left)  # noqa: RUF071  # no paths
        rest = OneOf(tuple(text[len(begun) :] for text in left))
        writing = engine.write(prompt_before(begun), sampling, rest, deadline)
        # Whole characters: a token may be a part of one.
        piece = next(iter(writing), "")
        writing.close()
        steps.append(writing.completion)
        left = [text for text in left if text.startswith(begun + piece)] if piece else [begun]
    return _as_one(left[0], steps)


def texts_inside(grammar: Grammar) -> list[str]:
    """Return every text of `grammar`, which is of few; raises `TypeError` for another kind."""
    if isinstance(grammar, str):
        return [grammar]
    if isinstance(grammar, OneOf):
        return [text for option in grammar.options for text in texts_inside(option)]
    if not isinstance(grammar, InOrder):
        raise TypeError(f"{type(grammar).__name__} is no list of texts")
    return ["".join(texts) for texts in product(*map(texts_inside, grammar.parts))]


def _as_one(text: str, steps: list[Completion]) -> Completion:
    if not steps:
        return Completion(text, "stop", 0, 0)
    return Completion(
        text=text,
        finish_reason="stop",
        prompt_tokens=steps[0].prompt_tokens,
        completion_tokens=sum(step.completion_tokens for step in steps),
        timings=replace(
            Timings(),
            prefill_seconds=sum(step.timings.prefill_seconds for step in steps),
            decode_seconds=sum(step.timings.decode_seconds for step in steps),
            first_token_seconds=steps[0].timings.first_token_seconds,
            cached_tokens=steps[0].timings.cached_tokens,
        ),
        raw_timings=steps[-1].raw_timings,
    )
