"""Whether the model's preference matters: its choices against uniform ones from the same grammar.

    python benchmarks/preference.py

Held-out requests with two ingredients; both sides choose inside the very same grammar, so that all
of the difference is the model's. The interval is that of the paired difference (normal, 95%).
"""

import math
import random
import statistics

from chef_llm.chat.chef import load_chef
from chef_llm.cookbook import load_cookbook
from chef_llm.engines import Completion, Deadline, Grammar, OneOf
from chef_llm.menus.planner import Choose, Plan, Planner
from chef_llm.reading.order import Constraints, Order, Slot
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


def used(plan: Plan, order: Order) -> float:
    """Return the share of the asked ingredients that the menu uses."""
    names = {name for dish in plan.meals[0].dishes for name in dish.ingredient_names}
    return sum(name in names for name in order.ingredients) / len(order.ingredients)


def main() -> None:
    """Print both shares and their difference."""
    cookbook, chef = load_cookbook(), load_chef()
    planner, rng = Planner(cookbook), random.Random("preference")
    cases = list(HeldOut(cookbook, "preference").cases(REQUESTS, ("two ingredients",)))
    by_model, by_chance = [], []
    for number, case in enumerate(cases):
        assert case.wish is not None
        order = Order(
            case.messages[0].content,
            Constraints(),
            slots=(Slot(1, "夕食"),),
            ingredients=case.wish.ingredients,
            servings=case.wish.servings or 2,
        )
        deadline = Deadline.after(60)
        chosen = planner.plan(
            order,
            lambda r, o, g, d, n=number: chef.choose(r, o, g, d, n),
            deadline,  # type: ignore[misc]
        )
        by_model.append(used(chosen, order))
        by_chance.append(used(planner.plan(order, uniform(rng), deadline), order))
    differences = [model - chance for model, chance in zip(by_model, by_chance, strict=True)]
    half = 1.96 * statistics.stdev(differences) / math.sqrt(len(differences))
    mean = statistics.mean(differences)
    print(f"asked ingredients used, {len(cases)} requests with two each")
    print(f"  the model's choice: {statistics.mean(by_model):.1%}")
    print(f"  a uniform choice:   {statistics.mean(by_chance):.1%}")
    print(f"  difference:         {mean:.1%} (95% interval {mean - half:.1%} to {mean + half:.1%})")


if __name__ == "__main__":
    main()
