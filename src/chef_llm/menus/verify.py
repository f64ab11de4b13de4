"""The second look before a plan goes out: every hard constraint, checked dish by dish."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from chef_llm.cookbook import Cookbook, Role
from chef_llm.menus.at_home import STRUCTURES_AT_HOME, is_of_what_is_there
from chef_llm.menus.clashes import is_bread, is_wet
from chef_llm.menus.constraints import breach, meal_limits
from chef_llm.menus.figures import as_limits
from chef_llm.menus.meals import (
    ONE_BOWL,
    STRUCTURES,
    Course,
    box_of_an_outing,
    courses,
    fewer_courses,
)
from chef_llm.menus.plan import EVERYDAY, PlannedMeal, main_ingredient
from chef_llm.menus.way import way_to_table
from chef_llm.reading.order import Order


def verify(meals: Sequence[PlannedMeal], order: Order, cookbook: Cookbook) -> None:
    """Check a finished plan against every hard constraint; raises `AssertionError` if one breaks.

    The grammar keeps them all. This is the second look before a plan goes out.
    """
    served: list[str] = []
    for meal in meals:
        constraints = order.constraints_of(meal.slot)
        portions = cookbook.for_servings(order.servings_of(meal.slot))
        roles = courses(dish.role for dish in meal.dishes)
        asked = order.roles_of(meal.slot)
        bowl = roles == ONE_BOWL and (meal.main.is_one_bowl or meal.slot.meal == "朝食")
        complete = (courses(asked),) if asked else STRUCTURES[meal.slot.meal]
        complete = (
            *complete,
            *fewer_courses(order.as_for(meal.slot), meal.slot.meal),
            *box_of_an_outing(order, meal.slot.meal),
            *(STRUCTURES_AT_HOME if is_of_what_is_there(order) else ()),
        )
        # Bread has a soup where one goes with it.
        if any(is_wet(dish, cookbook) or is_bread(dish) for dish in meal.dishes):
            soup = Course(Role.SOUP)
            complete = (*complete, *(tuple(c for c in each if c != soup) for each in complete))
            bowl = bowl or roles == courses((Role.STAPLE, Role.SIDE))
        if set(roles) not in map(set, complete) and not (bowl and not asked):
            raise AssertionError(f"{meal.slot}: the structure {roles} is not complete")
        for dish in meal.dishes:
            if broken := breach(constraints, dish, cookbook):
                raise AssertionError(f"{meal.slot}: {dish.name} breaks {broken}")
        most = constraints.max_total_minutes
        if most is not None and way_to_table(meal.dishes).total_minutes > most:
            raise AssertionError(f"{meal.slot}: not on the table in {most} minutes")
        for limit in as_limits(meal_limits(constraints)):
            total = sum(portions.limited(dish, limit.nutrient) for dish in meal.dishes)
            if limit.sign * total > limit.most + 1e-6:
                raise AssertionError(f"{meal.slot}: {limit.nutrient} is {total:.1f}")
        served += [dish.name for dish in meal.dishes if dish.name not in EVERYDAY]
    _verify_cost(meals, order, cookbook)
    staying = {name for names in order.kept.values() for name in names}
    if any(count > 1 and name not in staying for name, count in Counter(served).items()):
        raise AssertionError("a dish stands twice in the plan")
    if order.is_proposals:
        return
    for earlier, later in combinations(meals, 2):
        ingredient = main_ingredient(later.main, cookbook)
        repeated = ingredient and ingredient == main_ingredient(earlier.main, cookbook)
        is_new = not staying & {earlier.main.name, later.main.name}
        if repeated and is_new and abs(later.slot.day - earlier.slot.day) <= 1:
            raise AssertionError(f"{later.slot}: {ingredient} again on a neighbouring day")


def _verify_cost(meals: Sequence[PlannedMeal], order: Order, cookbook: Cookbook) -> None:
    """Check that all meals together cost no more than they may."""
    spent = sum(
        cookbook.price_yen(dish).usual * order.servings_of(meal.slot)
        for meal in meals
        for dish in meal.dishes
    )
    if order.budget_yen is not None and spent > order.budget_yen + 1e-3:
        raise AssertionError(f"the plan costs {spent:.0f} yen")
