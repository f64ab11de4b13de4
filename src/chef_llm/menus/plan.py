"""What comes out of the room: a plan of meals; and what is known of a dish's place in one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chef_llm.cookbook import Cookbook, Dish, Role
from chef_llm.cookbook.known import once_in_a_cookbook
from chef_llm.cookbook.vocabulary import PLAIN_RICE
from chef_llm.engines import Completion
from chef_llm.menus.meals import Course
from chef_llm.reading.order import Order, Share, Slot

# One dish for each course.
Menu = Mapping[Course, Dish]
# A household eats these every day; any other dish stands once in a plan.
EVERYDAY: Final = PLAIN_RICE
PROTEINS: Final = ("魚介", "肉", "卵", "大豆")


@dataclass(frozen=True)
class PlannedMeal:
    """One planned meal; `comment` is the tip that the model chose."""

    slot: Slot
    title: str
    dishes: tuple[Dish, ...]
    comment: str
    completion: Completion

    @property
    def main(self) -> Dish:
        """The 主菜, or the 主食 that stands for one."""
        return next((dish for dish in self.dishes if dish.role == Role.MAIN), self.dishes[0])

    @property
    def from_main(self) -> list[Dish]:
        """The dishes, what leads the meal first."""
        return [self.main, *(dish for dish in self.dishes if dish is not self.main)]


@dataclass(frozen=True)
class Plan:
    """The planned meals, those for which time ran out, and the shares of days that are not met."""

    meals: tuple[PlannedMeal, ...]
    unplanned: tuple[Slot, ...] = ()
    unmet: tuple[Share, ...] = ()
    check_seconds: float = 0.0

    def portions(self, order: Order) -> list[tuple[Dish, int]]:
        """Return every dish of every meal, with the servings of the meal."""
        return [(dish, order.servings_of(meal.slot)) for meal in self.meals for dish in meal.dishes]


@once_in_a_cookbook
def main_ingredient(dish: Dish, cookbook: Cookbook) -> str | None:
    """Return the first keyword of a 主菜 or a bowl that is not its grain; else None."""
    if dish.role != Role.MAIN and not dish.is_one_bowl:
        return None
    sections = ((name, cookbook.ingredients[name].section) for name in dish.keywords)
    return next((name for name, section in sections if section != "米・パン・麺"), None)


def protein_of(dish: Dish, cookbook: Cookbook) -> str:
    """Return what kind of protein a 主菜 or a bowl is mainly made of, "" where it is of none."""
    name = main_ingredient(dish, cookbook)
    groups = cookbook.ingredients[name].groups if name else frozenset[str]()
    return next((group for group in PROTEINS if group in groups), "")
