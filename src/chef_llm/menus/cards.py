"""Recipe cards: what code adds to an answer, from the cookbook, for the asked servings."""

from collections.abc import Iterable

from chef_llm.cookbook import Cookbook, Dish, scale
from chef_llm.menus.answer import parse_answer


def named_dishes(answer: str, cookbook: Cookbook) -> list[Dish]:
    """Return the cookbook's dishes that the dish lines of `answer` name, each once.

    A name that the cookbook does not have is passed over: no card is better than an invented one.
    """
    names = dict.fromkeys(name for _, name in parse_answer(answer).dishes)
    return [cookbook.dishes[name] for name in names if name in cookbook.dishes]


def recipe_cards(dishes: Iterable[Dish], servings: int, cookbook: Cookbook) -> str:
    """Return the cards of `dishes` for `servings`, parted by empty lines."""
    return "\n\n".join(recipe_card(dish, servings, cookbook) for dish in dishes)


def recipe_card(dish: Dish, servings: int, cookbook: Cookbook) -> str:
    """Return one card: name, servings, minutes, 材料 with grams and measure, numbered steps."""
    lines = [f"■ {dish.name}（{servings}人分・約{dish.minutes}分）", "材料"]
    for part in dish.ingredients:
        unit_grams = cookbook.ingredients[part.name].measures
        amount = scale(part.name, part.grams, part.measure, servings, unit_grams)
        grams = f"{amount.grams:g}g"
        beside = "" if amount.measure == grams else f"（{amount.measure}）"
        lines.append(f"・{part.name} {grams}{beside}")
    lines.append("作り方")
    lines += [f"{number}. {step}" for number, step in enumerate(dish.steps, start=1)]
    return "\n".join(lines)
