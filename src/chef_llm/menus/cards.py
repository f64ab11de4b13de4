"""Recipe cards: what code adds to an answer, from the cookbook, for the asked servings."""

from collections.abc import Iterable
from typing import Final

from chef_llm.cookbook import Cookbook, Dish
from chef_llm.cookbook.vocabulary import FIGURES

# Digits after the point, where it is not one; and the step that an estimated price is told in.
DIGITS: Final = {"energy_kcal": 0, "calcium_mg": 0, "vegetables_g": 0}
YEN_STEP: Final = 10

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
    """Return one card: name, servings, time, 材料, numbered steps, notes, what is in a serving."""
    lines = [f"■ {dish.name}（{servings}人分・{time_words(dish.minutes, dish.waiting)}）", "材料"]
    for part in cookbook.amounts(dish, servings):
        grams = f"{part.amount.grams:g}g"
        beside = "" if part.amount.measure == grams else f"（{part.amount.measure}）"
        lines.append(f"・{part.name} {grams}{beside}")
    lines.append("作り方")
    lines += [f"{number}. {step}" for number, step in enumerate(dish.steps, start=1)]
    lines += cookbook.notes(dish, servings)
    return "\n".join([*lines, _in_a_serving(dish, cookbook.for_servings(servings))])


def _in_a_serving(dish: Dish, cookbook: Cookbook) -> str:
    """Return the figures of one serving as a line, with its estimated price."""
    figures = cookbook.figures(dish)
    told = [
        f"{figure.label.japanese}{figures[name]:.{DIGITS.get(name, 1)}f}{figure.unit}"
        for name, figure in FIGURES.items()
        if name != "carbohydrate_g"
    ]
    yen = round(cookbook.price_yen(dish).usual / YEN_STEP) * YEN_STEP
    line = f"1人分: {'・'.join(told)}・材料費の目安{yen}円"
    left = cookbook.salt_left_in_soup_g(dish)
    return line if left is None else f"{line}（汁を半分残すと食塩は約{left:.1f}g減ります）"
