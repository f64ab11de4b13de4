"""Prompts that no training has seen."""

from functools import cache

from chef_llm.chat_template import CHEF_SYSTEM_PROMPT, Message, render
from chef_llm.cookbook import load_cookbook
from chef_train.heldout import HeldOut


@cache
def prompts(count: int) -> list[str]:
    cases = HeldOut(load_cookbook(), "reference").cases(count, ("two ingredients", "second turn"))
    system = Message("system", CHEF_SYSTEM_PROMPT)
    return [render("dolly", (system, *case.messages)) for case in cases]
