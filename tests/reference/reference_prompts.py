"""Prompts that no training has seen."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import torch
from transformers import LogitsProcessorList

from chef_llm.chat.chat_template import CHEF_SYSTEM_PROMPT, render
from chef_llm.cookbook import load_cookbook
from chef_llm.reading.conversation import Message
from chef_train.heldout import HeldOut

# Two logits nearer than this, in a range of 40, may change places with the order in which float32
# is added up: 0.0007 did, 0.0019 did not.
TIE: Final = 0.005


@cache
def prompts(count: int) -> list[str]:
    cases = HeldOut(load_cookbook(), "reference").cases(count, ("two ingredients", "second turn"))
    system = Message("system", CHEF_SYSTEM_PROMPT)
    return [render("dolly", (system, *case.messages)) for case in cases]


def has_tie(
    model: Any, prompt_ids: Sequence[int], count: int, processors: LogitsProcessorList | None = None
) -> bool:
    """Tell whether two tokens are as good as equal somewhere in the first `count` greedy ones."""
    ids = list(prompt_ids)
    for _ in range(count):
        with torch.inference_mode():
            logits = model(torch.tensor([ids])).logits[:, -1]
        if processors:
            logits = processors(torch.tensor([ids]), logits)
        best = logits[0].topk(2)
        if best.values[0] - best.values[1] < TIE:
            return True
        ids.append(int(best.indices[0]))
    return False
