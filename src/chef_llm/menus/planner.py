"""Plans meals: code decides what may be served, the model chooses among it.

For each meal the cookbook is cut down to what breaks no constraint, a grammar is built from what is
left, and the model writes the menu inside that grammar, in one call. So no weights and no words of
a request can put a forbidden dish on the table; `verify` looks once more before the plan goes out.
"""

import math
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from chef_llm.cookbook import Cookbook, Dish, Nutrients, Role
from chef_llm.engines import Completion, Deadline, Grammar, InOrder, OneOf
from chef_llm.errors import DeadlineExceeded
from chef_llm.menus.answer import parse_answer
from chef_llm.menus.constraints import Constraints
from chef_llm.menus.limits import Limit, as_limits, within_limits
from chef_llm.menus.reasons import no_menu
from chef_llm.menus.title import Title

# (request, opening line, grammar, deadline) -> what the model wrote inside the grammar.
Choose = Callable[[str, str, Grammar, Deadline], Completion]
# A household eats these every day; any other dish stands once in a plan.
EVERYDAY: Final = frozenset({"ご飯", "玄米ご飯", "麦ご飯"})
# With fewer dishes than this to choose from, balance across days gives way to choice.
FEWEST_FOR_BALANCE: Final = 8
TITLE_INGREDIENTS: Final = 3
PROTEINS: Final = ("魚介", "肉", "卵", "大豆")
FULL: Final = (Role.STAPLE, Role.MAIN, Role.SIDE, Role.SOUP)
# The 主食 is a bowl that needs no 主菜, or at breakfast rice or bread.
ONE_BOWL: Final = (Role.STAPLE, Role.SIDE, Role.SOUP)
BOX: Final = (Role.STAPLE, Role.MAIN, Role.SIDE)
STRUCTURES: Final[Mapping[str, tuple[tuple[Role, ...], ...]]] = {
    "朝食": (ONE_BOWL, FULL),
    "昼食": (ONE_BOWL, FULL),
    "夕食": (FULL,),
    "お弁当": (BOX,),
}


@dataclass(frozen=True)
class Slot:
    """A meal to plan: `day` counts from 1."""

    day: int
    meal: str


@dataclass(frozen=True)
class Order:
    """All that a plan is made from; `style` is a wish and no constraint."""

    request: str
    constraints: Constraints
    slots: tuple[Slot, ...] = (Slot(1, "夕食"),)
    ingredients: tuple[str, ...] = ()
    servings: int = 2
    excluded_words: tuple[str, ...] = ()
    style: str | None = None


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


@dataclass(frozen=True)
class Plan:
    """The planned meals, and those for which time ran out."""

    meals: tuple[PlannedMeal, ...]
    unplanned: tuple[Slot, ...] = ()
    check_seconds: float = 0.0


class Planner:
    """Plans menus from one cookbook."""

    def __init__(self, cookbook: Cookbook) -> None:
        self.cookbook = cookbook

    def plan(self, order: Order, choose: Choose, deadline: Deadline) -> Plan:
        """Plan every slot of `order`.

        Raises `NoMenu`, naming what has to give, when a meal cannot be had, and
        `DeadlineExceeded` when there is no time for even one; later ones are reported unplanned.
        """
        meals: list[PlannedMeal] = []
        unplanned: tuple[Slot, ...] = ()
        for slot in order.slots:
            try:
                meals.append(self._meal(order, slot, meals, choose, deadline))
            except DeadlineExceeded:
                if not meals:
                    raise
                unplanned = order.slots[len(meals) :]
                break
        started = time.monotonic()
        verify(meals, order.constraints, self.cookbook)
        return Plan(tuple(meals), unplanned, time.monotonic() - started)

    def _meal(
        self,
        order: Order,
        slot: Slot,
        before: Sequence[PlannedMeal],
        choose: Choose,
        deadline: Deadline,
    ) -> PlannedMeal:
        menus = self._menus(order, slot, before)
        title = str(self._title(order, slot, before))
        if deadline.passed:
            raise DeadlineExceeded("時間内に献立を作り終えられませんでした。")
        completion = choose(order.request, title, meal_grammar(menus), deadline)
        answer = parse_answer(f"{title}\n{completion.text}")
        if completion.stopped_by_deadline or answer.tip is None:
            raise DeadlineExceeded("時間内に献立を作り終えられませんでした。")
        dishes = tuple(self.cookbook.dishes[name] for _, name in answer.dishes)
        return PlannedMeal(slot, title, dishes, answer.tip, completion)

    def _title(self, order: Order, slot: Slot, before: Sequence[PlannedMeal]) -> Title:
        """Say what this meal should use: what is asked for and not yet on the table."""
        used = {name for meal in before for dish in meal.dishes for name in dish.ingredient_names}
        return Title(
            ingredients=[name for name in order.ingredients if name not in used][
                :TITLE_INGREDIENTS
            ],
            servings=order.servings,
            meal=slot.meal,
            excluded=order.excluded_words,
            minutes=order.constraints.max_minutes,
            cuisine=order.constraints.cuisine,
            season=order.constraints.season,
            style=order.style,
        )

    def _menus(
        self, order: Order, slot: Slot, before: Sequence[PlannedMeal]
    ) -> list[dict[Role, list[Dish]]]:
        """Return, for each structure that the meal may have, the dishes of each role.

        Every combination of them keeps every constraint.
        """
        limits = as_limits(order.constraints.meal_limits)
        dishes = self._allowed(order, slot, before)
        costs = {dish.name: _cost(self.cookbook.nutrition(dish), limits) for dish in dishes}
        structures = self._structures(order, slot)
        menus = []
        for roles in structures:
            pools = {
                role: [
                    dish for dish in dishes if dish.role == role and _has_place(dish, slot, roles)
                ]
                for role in roles
            }
            leading = _leading(roles)
            pools[leading] = self._arrangeable(pools[leading], order.slots, len(before))
            kept = within_limits(pools, costs, limits) if all(pools.values()) else None
            if kept is not None:
                kept[leading] = self._balanced(kept[leading], before)
                menus.append(kept)
        if not menus:
            raise no_menu(order.constraints, structures, self.cookbook, len(before))
        return menus

    def _structures(self, order: Order, slot: Slot) -> tuple[tuple[Role, ...], ...]:
        """Return the structures of a meal: for dinner a bowl if only bowls hold what is asked."""
        for name in order.ingredients if slot.meal == "夕食" else ():
            holding = [dish for dish in self.cookbook.dishes.values() if name in dish.keywords]
            if holding and all(dish.is_one_bowl for dish in holding):
                return (ONE_BOWL,)
        return STRUCTURES[slot.meal]

    def _allowed(self, order: Order, slot: Slot, before: Sequence[PlannedMeal]) -> list[Dish]:
        """Return the dishes that may stand in this meal, those with asked ingredients first."""
        served = {dish.name for meal in before for dish in meal.dishes} - EVERYDAY
        near = {
            main_ingredient(meal.main, self.cookbook)
            for meal in before
            if slot.day - meal.slot.day <= 1
        } - {None}
        asked = set(order.ingredients)
        dishes = [
            dish
            for dish in self.cookbook.dishes.values()
            if dish.name not in served
            and order.constraints.breach(dish, self.cookbook) is None
            and order.constraints.fits(dish)
            and main_ingredient(dish, self.cookbook) not in near
            and (slot.meal == "朝食" or asked & dish.ingredient_names or not self._is_fruit(dish))
        ]
        return sorted(dishes, key=lambda dish: -len(asked & dish.ingredient_names))

    def _is_fruit(self, dish: Dish) -> bool:
        """Tell whether a dish is fruit alone: beside a dinner it would surprise."""
        groups = [self.cookbook.ingredients[name].groups for name in dish.keywords]
        return all("果物" in each and "野菜" not in each for each in groups)

    def _arrangeable(self, dishes: list[Dish], slots: Sequence[Slot], planned: int) -> list[Dish]:
        """Drop what would leave too little for the days to come.

        A main ingredient comes once in two days. Where the dishes just suffice for that, one of
        the most common main ingredient must be taken now.
        """
        left = len(slots) - planned
        counts = Counter(main_ingredient(dish, self.cookbook) for dish in dishes)
        window = 2 * max(Counter(slot.day for slot in slots).values())
        most_each = math.ceil(left / window)
        if left == 1 or sum(min(count, most_each) for count in counts.values()) > left:
            return dishes
        most = max(counts.values(), default=0)
        return [dish for dish in dishes if counts[main_ingredient(dish, self.cookbook)] == most]

    def _balanced(self, dishes: list[Dish], before: Sequence[PlannedMeal]) -> list[Dish]:
        """Prefer, while there is choice, another protein, method and cuisine than of late."""
        if not before:
            return dishes
        last = before[-1].main
        tests: tuple[Callable[[Dish], bool], ...] = (
            lambda dish: self._protein(dish) != self._protein(last),
            lambda dish: dish.method != last.method,
            lambda dish: any(dish.cuisine != meal.main.cuisine for meal in before[-2:]),
        )
        for test in tests:
            kept = [dish for dish in dishes if test(dish)]
            dishes = kept if len(kept) >= FEWEST_FOR_BALANCE else dishes
        return dishes

    def _protein(self, dish: Dish) -> str:
        name = main_ingredient(dish, self.cookbook)
        groups = self.cookbook.ingredients[name].groups if name else frozenset[str]()
        return next((group for group in PROTEINS if group in groups), "")


def main_ingredient(dish: Dish, cookbook: Cookbook) -> str | None:
    """Return the first keyword of a 主菜 or a bowl that is not its grain; else None."""
    if dish.role != Role.MAIN and not dish.is_one_bowl:
        return None
    sections = ((name, cookbook.ingredients[name].section) for name in dish.keywords)
    return next((name for name, section in sections if section != "米・パン・麺"), None)


def meal_grammar(menus: Sequence[Mapping[Role, Sequence[Dish]]]) -> Grammar:
    """Return the form of an answer after its opening line: dish lines by role, then a tip.

    The tip is one of the leading dish's own, so that it fits the menu and names nothing else.
    """
    return OneOf(tuple(_structure_grammar(menu) for menu in menus))


def _structure_grammar(menu: Mapping[Role, Sequence[Dish]]) -> Grammar:
    leading = _leading(tuple(menu))
    head: list[Grammar] = []
    tail: list[Grammar] = []
    for role, dishes in menu.items():
        if role == leading:
            continue
        line = InOrder((f"\n{role.value}: ", OneOf(tuple(dish.name for dish in dishes))))
        (head if role == Role.STAPLE else tail).append(line)
    rest = InOrder((*tail, "\nポイント: "))
    led = OneOf(tuple(InOrder((dish.name, rest, dish.tip)) for dish in menu[leading]))
    return InOrder((*head, f"\n{leading.value}: ", led))


def _leading(roles: Sequence[Role]) -> Role:
    return Role.MAIN if Role.MAIN in roles else Role.STAPLE


def _has_place(dish: Dish, slot: Slot, roles: Sequence[Role]) -> bool:
    """Tell whether a dish suits the structure: beside a 主菜 the 主食 is a plain one."""
    if slot.meal == "お弁当" and "弁当" not in dish.tags:
        return False
    if dish.role != Role.STAPLE:
        return True
    if Role.MAIN in roles:
        return not dish.is_one_bowl
    return dish.is_one_bowl or slot.meal == "朝食"


def _cost(nutrition: Nutrients, limits: Sequence[Limit]) -> tuple[float, ...]:
    return tuple(limit.sign * float(getattr(nutrition, limit.nutrient)) for limit in limits)


def verify(meals: Sequence[PlannedMeal], constraints: Constraints, cookbook: Cookbook) -> None:
    """Check a finished plan against every hard constraint; raises `AssertionError` if one breaks.

    The grammar keeps them all. This is the second look before a plan goes out.
    """
    served: list[str] = []
    for meal in meals:
        roles = tuple(dish.role for dish in meal.dishes)
        bowl = roles == ONE_BOWL and (meal.main.is_one_bowl or meal.slot.meal == "朝食")
        if not bowl and roles not in STRUCTURES[meal.slot.meal]:
            raise AssertionError(f"{meal.slot}: the structure {roles} is not complete")
        for dish in meal.dishes:
            if breach := constraints.breach(dish, cookbook):
                raise AssertionError(f"{meal.slot}: {dish.name} breaks {breach}")
        for limit in as_limits(constraints.meal_limits):
            total = sum(getattr(cookbook.nutrition(dish), limit.nutrient) for dish in meal.dishes)
            if limit.sign * total > limit.most + 1e-6:
                raise AssertionError(f"{meal.slot}: {limit.nutrient} is {total:.1f}")
        served += [dish.name for dish in meal.dishes if dish.name not in EVERYDAY]
    if len(set(served)) < len(served):
        raise AssertionError("a dish stands twice in the plan")
    for earlier, later in combinations(meals, 2):
        ingredient = main_ingredient(later.main, cookbook)
        repeated = ingredient and ingredient == main_ingredient(earlier.main, cookbook)
        if repeated and abs(later.slot.day - earlier.slot.day) <= 1:
            raise AssertionError(f"{later.slot}: {ingredient} again on a neighbouring day")
