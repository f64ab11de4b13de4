"""Recipe cards: what code adds to an answer, from the cookbook, for the asked servings."""

from collections.abc import Iterable
from typing import Final

from chef_llm.cookbook import Cookbook, Dish

MINUTES_IN_AN_HOUR: Final = 60


def recipe_cards(dishes: Iterable[Dish], servings: int, cookbook: Cookbook) -> str:
    """Return the cards of `dishes` for `servings`, parted by empty lines."""
    return "\n\n".join(recipe_card(dish, servings, cookbook) for dish in dishes)


def time_words(minutes: int, waiting: int) -> str:
    """Return how long a dish takes: 約20分, 約20分＋待ち時間1時間30分."""
    if not waiting:
        return f"約{minutes}分"
    hours, rest = divmod(waiting, MINUTES_IN_AN_HOUR)
    waited = f"{hours}時間" * (hours > 0) + f"{rest}分" * (rest > 0)
    return f"約{minutes}分＋待ち時間{waited}"


def recipe_card(dish: Dish, servings: int, cookbook: Cookbook) -> str:
    """Return one card: name, servings, minutes, 材料 with grams and measure, numbered steps."""
    lines = [f"■ {dish.name}（{servings}人分・{time_words(dish.minutes, dish.waiting)}）", "材料"]
    for part in cookbook.amounts(dish, servings):
        grams = f"{part.amount.grams:g}g"
        beside = "" if part.amount.measure == grams else f"（{part.amount.measure}）"
        lines.append(f"・{part.name} {grams}{beside}")
    lines.append("作り方")
    lines += [f"{number}. {step}" for number, step in enumerate(dish.steps, start=1)]
    lines += cookbook.notes(dish, servings)
    return "\n".join(lines)
