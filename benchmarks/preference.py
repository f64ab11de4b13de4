"""Whether the model's preference matters: its choices against uniform ones from the same grammar.

    python benchmarks/preference.py

Held-out requests that ask for a style (あっさり, 節約), of which the planner is not told; both
sides choose inside the very same grammar, so that all of the difference is the model's. The
interval is that of the paired difference (normal, 95%).
"""

import math
import random
import statistics

from chef_llm.chat.chef import load_chef
from chef_llm.cookbook import load_cookbook
from chef_llm.engines import Completion, Deadline, Grammar, OneOf
from chef_llm.menus.plan import Plan
from chef_llm.menus.planner import Choose, Planner
from chef_llm.reading.order import Constraints, Order
from chef_train.heldout import HeldOut

REQUESTS = 300


def uniform(rng: random.Random) -> Choose:
    """Return a model without preferences: every dish of a choice is as likely."""

    def write(grammar: Grammar) -> str:
        if isinstance(grammar, str):
            return grammar
        if isinstance(grammar, OneOf):
            return write(rng.choice(grammar.options))
        return "".join(write(part) for part in grammar.parts)

    return lambda request, opening, grammar, deadline: Completion(write(grammar), "stop", 1, 1)


def suits(plan: Plan, style: str) -> float:
    """Return 1 where the main dish is of the asked style, else 0."""
    return float(style in plan.meals[0].main.tags)


def main() -> None:
    """Print both shares and their difference."""
    cookbook, chef = load_cookbook(), load_chef()
    planner, rng = Planner(cookbook), random.Random("preference")
    by_model, by_chance = [], []
    for number, case in enumerate(HeldOut(cookbook, "preference").cases(REQUESTS, ("style",))):
        assert case.wish is not None
        assert case.wish.style is not None
        # The planner is not told of the style: only the model reads the words.
        order = Order(case.messages[0].content, Constraints(), variety=number)
        chosen = planner.plan(
            order,
            lambda r, o, g, d, n=number: chef.choose(r, o, g, d, n),  # type: ignore[misc]
            Deadline.after(60),
        )
        by_model.append(suits(chosen, case.wish.style))
        by_chance.append(
            suits(planner.plan(order, uniform(rng), Deadline.after(60)), case.wish.style)
        )
    differences = [model - chance for model, chance in zip(by_model, by_chance, strict=True)]
    half = 1.96 * statistics.stdev(differences) / math.sqrt(len(differences))
    mean = statistics.mean(differences)
    print(f"main dishes of the style that was asked for, {len(differences)} requests")
    print(f"  the model's choice: {statistics.mean(by_model):.1%}")
    print(f"  a uniform choice:   {statistics.mean(by_chance):.1%}")
    print(f"  difference:         {mean:.1%} (95% interval {mean - half:.1%} to {mean + half:.1%})")


if __name__ == "__main__":
    main()
