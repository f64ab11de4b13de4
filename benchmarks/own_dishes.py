"""How often dishes that no model was trained on are planned where their ingredient is at hand.

    python benchmarks/own_dishes.py

Of each dish of `tests/own_cookbook` 80 dinners are planned, by the shipped model, to one of its
ingredients. Printed is how many have the dish: with the model's weights alone, as a dish that was
added to the package, and as one's own; and whether its full name, in chat and in `/v1/menus`, gets
it.
"""

import os
from pathlib import Path

from chef_llm.chat.chef import Chef, Question, load_chef
from chef_llm.chat.service import answer, whole
from chef_llm.cookbook import Cookbook
from chef_llm.engines import Deadline, Sampling
from chef_llm.reading.conversation import Message
from chef_llm.reading.order import Fields
from chef_llm.reading.reader import read_order

PLANS = 80
SECONDS = 30.0
FOLDER = Path(__file__).parents[1] / "tests" / "own_cookbook"
# A dish, and what is at hand: an ingredient of one's own, or one of many dishes of the package.
ASKED = (
    ("鹿肉とごぼうのみそ炒め", "鹿肉"),
    ("鹿肉とごぼうのみそ炒め", "ごぼう"),
    ("すぐきとキャベツのもみ漬け", "すぐき漬け"),
    ("すぐきとキャベツのもみ漬け", "キャベツ"),
    ("薔薇色のそぼろ丼", "鶏ひき肉"),
    ("薔薇色のそぼろ丼", "玉ねぎ"),
)


def planned(chef: Chef, request: str, fields: Fields, seed: int) -> set[str]:
    """Return the names of the dishes of one plan."""
    order = read_order([Message("user", request)], chef.cookbook, fields)
    plan = chef.plan(order, Deadline.after(SECONDS), seed)
    return {dish.name for meal in plan.meals for dish in meal.dishes}


def main() -> None:
    """Print the tables."""
    os.environ["CHEF_COOKBOOK_URI"] = str(FOLDER)
    chef = load_chef()
    kitchen = chef.cookbook
    in_the_package = Cookbook(kitchen.ingredients, kitchen.dishes, kitchen.products)
    added = Chef(chef.engine, chef.model, in_the_package)
    by_weights = Chef(chef.engine, chef.model, in_the_package)
    by_weights.unlearned = frozenset()
    print("| Dish | at hand | by weights alone | added to the package | one's own |")
    print("|---|---|---|---|---|")
    for dish, food in ASKED:
        fields = Fields(ingredients=[(food, None)], season="冬")
        counts = [
            sum(dish in planned(one, "夕食をお願いします", fields, seed) for seed in range(PLANS))
            for one in (by_weights, added, chef)
        ]
        cells = " | ".join(f"{count} of {PLANS}" for count in counts)
        print(f"| {dish} | {food} | {cells} |", flush=True)
    print("\n| Asked by name | in chat | in `/v1/menus` |\n|---|---|---|")
    for dish in dict.fromkeys(dish for dish, _ in ASKED):
        words = f"{dish}の献立をお願いします"
        question = Question([Message("user", words)], Sampling(max_tokens=256), recipes=False)
        said = whole(answer(question, chef, Deadline.after(SECONDS))).text
        menus = planned(chef, words, Fields(), seed=1)
        print(
            f"| {dish} | {'yes' if dish in said else 'no'} | {'yes' if dish in menus else 'no'} |"
        )


if __name__ == "__main__":
    main()
