"""Recipe cards: what code adds to an answer, from the cookbook, for the asked servings."""

from collections.abc import Iterable

from chef_llm.cookbook import Cookbook, Dish


def recipe_cards(dishes: Iterable[Dish], servings: int, cookbook: Cookbook) -> str:
    """Return the cards of `dishes` for `servings`, parted by empty lines."""
    return "\n\n".join(recipe_card(dish, servings, cookbook) for dish in dishes)


def recipe_card(dish: Dish, servings: int, cookbook: Cookbook) -> str:
    """Return one card: name, servings, minutes, 材料 with grams and measure, numbered steps."""
    lines = [f"■ {dish.name}（{servings}人分・約{dish.minutes}分）", "材料"]
    for part in cookbook.amounts(dish, servings):
        grams = f"{part.amount.grams:g}g"
        beside = "" if part.amount.measure == grams else f"（{part.amount.measure}）"
        lines.append(f"・{part.name} {grams}{beside}")
    lines.append("作り方")
    lines += [f"{number}. {step}" for number, step in enumerate(dish.steps, start=1)]
    lines += cookbook.stock_notes(dish, servings)
    return "\n".join(lines)
