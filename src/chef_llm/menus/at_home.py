"""What has to be bought for a dish beside what is there, where nothing is to be.

Seasonings, rice and what keeps in every kitchen are there; a food that another one stands for is,
too. A garnish that is not may be left out.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Final

from chef_llm.cookbook import Cookbook, Dish, Role
from chef_llm.menus.clashes import ONE_FLAVOUR, ONE_FOOD, ONE_PROTEIN, clashes
from chef_llm.menus.meals import (
    FEWER,
    FULL,
    ONE_BOWL,
    Course,
    Structure,
    courses,
    is_of_the_morning,
    leading_course,
)
from chef_llm.reading.order import Order

Pools = dict[Course, list[Dish]]
# Beside rice and all that is seasoning or flour.
IN_EVERY_KITCHEN: Final = frozenset(
    {"ご飯", "米", "しょうが", "にんにく", "いりごま", "すりごま", "かつお節", "青のり"}
)
# Of these one is as good as the other.
AS_GOOD: Final = (
    frozenset({"長ねぎ", "小ねぎ"}),
    frozenset({"木綿豆腐", "絹ごし豆腐"}),
    frozenset({"ミニトマト", "トマト"}),
    frozenset({"レタス", "サニーレタス"}),
)
# So little of what only smells is a garnish.
GARNISHES: Final = frozenset({"香味野菜", "ねぎ類", "海藻", "柑橘"})
GARNISH_GRAMS: Final = 8.0
# What a dish less is better than: egg beside egg is worse than cabbage beside cabbage.
LOST_BY: Final = {ONE_PROTEIN: 1.5, ONE_FOOD: 0.5, ONE_FLAVOUR: 0.5}
LOST_IN_SOUP: Final = 1.0
# A dinner of what is there may have fewer courses; what has more goes first.
STRUCTURES_AT_HOME: Final[tuple[Structure, ...]] = (
    FULL,
    ONE_BOWL,
    *FEWER[:1],
    courses((Role.STAPLE, Role.MAIN, Role.SOUP)),
    *FEWER[1:],
)


def is_of_what_is_there(order: Order) -> bool:
    """Tell whether a meal is to be made of what is there alone.

    Of one meal, for more there is less; a dish that is named is cooked as it is.
    """
    is_whole = not (order.roles or order.dishes) and order.slots[0].meal != "お弁当"
    return order.buys_nothing and len(order.slots) == 1 and is_whole


def there(order: Order, cookbook: Cookbook) -> frozenset[str]:
    """Return the ingredients that are there, and those that they stand for."""
    return _there(frozenset((*order.ingredients, *order.at_hand)), cookbook)


def stand_for(name: str, cookbook: Cookbook) -> frozenset[str]:
    """Return what meets a wish where nothing is bought: 小ねぎ, where there is 長ねぎ."""
    found = cookbook.members(name)
    return found.union(*(alike for alike in AS_GOOD if alike & found))


@lru_cache(maxsize=16)
def _there(names: Collection[str], cookbook: Cookbook) -> frozenset[str]:
    return frozenset[str]().union(*(stand_for(name, cookbook) for name in names))


def bought_for(dish: Dish, has: Collection[str], cookbook: Cookbook) -> Iterator[str]:
    """Yield the foods of a dish that are not there, garnishes among them."""
    for part in dish.ingredients:
        name = part.name
        if name not in has and name not in IN_EVERY_KITCHEN and not cookbook.is_seasoning(name):
            yield name


def is_garnish(dish: Dish, name: str, cookbook: Cookbook) -> bool:
    """Tell whether a dish can do without a food: a little of what only smells."""
    grams = sum(part.grams for part in dish.ingredients if part.name == name)
    return (
        name not in dish.keywords
        and grams <= GARNISH_GRAMS
        and bool(cookbook.ingredients[name].groups & GARNISHES)
    )


@lru_cache(maxsize=16)
def _foods_to_buy(has: frozenset[str], cookbook: Cookbook) -> Mapping[str, int]:
    """Return for each dish how many foods have to be bought for it, garnishes left out."""
    return {
        dish.name: sum(
            not is_garnish(dish, name, cookbook) for name in bought_for(dish, has, cookbook)
        )
        for dish in cookbook.dishes.values()
    }


def to_buy_least(pools: Pools, order: Order, wished: Collection[str], cookbook: Cookbook) -> Pools:
    """Return the pools with what leads for which least is bought, and beside it nothing that is.

    What is `wished` for by name stays. Of a course for which something would be bought nothing is
    left, so that no menu has it.
    """
    count = _foods_to_buy(there(order, cookbook), cookbook)
    costs = {
        dish.name: 0 if dish.name in wished else count[dish.name]
        for dishes in pools.values()
        for dish in dishes
    }
    leading = leading_course(tuple(pools))
    least = min((costs[dish.name] for dish in pools[leading]), default=0)
    return {
        course: [d for d in dishes if costs[d.name] == (least if course == leading else 0)]
        for course, dishes in pools.items()
    }


def with_least_bought(menus: Sequence[Pools], order: Order, cookbook: Cookbook) -> list[Pools]:
    """Return the menus for which least is bought."""
    count = _foods_to_buy(there(order, cookbook), cookbook)
    costs = [count[menu[leading_course(tuple(menu))][0].name] for menu in menus]
    return [menu for menu, cost in zip(menus, costs, strict=True) if cost == min(costs)]


def worth(menu: Iterable[Dish], meal: str, cookbook: Cookbook) -> tuple[float, int]:
    """Return how many dishes a menu has, less what clashes, and how many it has.

    Of three foods a cook makes two dishes and a soup, and no egg beside an egg.
    """
    dishes = list(menu)
    lost = sum(_lost_by(*pair, cookbook) for pair in combinations(dishes, 2))
    courses_of_it = len(dishes) + sum(map(cookbook.is_soupy, dishes))
    # Toast, and rice with a raw egg, are no dinner where anything else can be cooked.
    is_cold = any(d.is_one_bowl and is_of_the_morning(d) and d.method != "煮る" for d in dishes)
    return courses_of_it - lost - (is_cold and meal == "夕食"), courses_of_it


def _lost_by(one: Dish, other: Dish, cookbook: Cookbook) -> float:
    is_in_soup = Role.SOUP in (one.role, other.role)
    return sum(
        LOST_IN_SOUP if is_in_soup and kind == ONE_PROTEIN else LOST_BY.get(kind, 1.0)
        for kind in clashes((one, other), cookbook)
    )


def to_buy(dishes: Iterable[Dish], order: Order, cookbook: Cookbook) -> Mapping[str, bool]:
    """Return the foods of some dishes that are not there, and whether each is a garnish alone."""
    has, found = there(order, cookbook), dict[str, bool]()
    for dish in dishes:
        for name in bought_for(dish, has, cookbook):
            found[name] = found.get(name, True) and is_garnish(dish, name, cookbook)
    return found
