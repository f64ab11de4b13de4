"""Limits of nutrition: every menu that is drawn keeps them, and one is if there is any."""

import itertools
import math
import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chef_llm.cookbook import Dish, Role, load_cookbook
from chef_llm.menus.drawing import DINNER, draw
from chef_llm.menus.figures import Limit, as_limits, costs_of, has_menu, least_total, roomiest
from chef_llm.menus.meals import FULL, Course, by_course, candidates
from chef_llm.reading.order import Constraints

COOKBOOK = load_cookbook()
DISHES = list(COOKBOOK.dishes.values())[:40]
ROLES = FULL
NUTRIENTS = ("energy_kcal", "protein_g", "salt_g")
Table = tuple[dict[Role, list[Dish]], dict[str, tuple[float, ...]], list[Limit]]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Draw small pools, ranges for up to three nutrients, and what each dish has of them."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    names = iter(DISHES)
    pools = {role: [next(names) for _ in range(size)] for role, size in zip(ROLES, sizes)}  # noqa: B905
    amounts = st.integers(0, 20).map(float)
    ranges = {}
    for nutrient in draw(st.lists(st.sampled_from(NUTRIENTS), max_size=3, unique=True)):
        least, most = draw(st.none() | amounts), draw(st.none() | amounts.map(lambda x: 2 * x))
        ranges[nutrient] = (least, most)
    has = {
        (dish.name, nutrient): draw(amounts)
        for pool in pools.values()
        for dish in pool
        for nutrient in ranges
    }
    limits = as_limits(ranges)
    costs = {
        dish.name: tuple(limit.sign * has[dish.name, limit.nutrient] for limit in limits)
        for pool in pools.values()
        for dish in pool
    }
    return pools, costs, limits


def keeps(
    dishes: Sequence[Dish], costs: dict[str, tuple[float, ...]], limits: Sequence[Limit]
) -> bool:
    return all(
        sum(costs[dish.name][index] for dish in dishes) <= limit.most + 1e-6
        for index, limit in enumerate(limits)
    )


@given(table=tables())
def test_a_menu_is_found_exactly_where_there_is_one(table: Table) -> None:
    pools, costs, limits = table
    possible = any(keeps(dishes, costs, limits) for dishes in itertools.product(*pools.values()))
    assert has_menu(pools, costs, limits) == possible
    found = roomiest(pools, costs, limits)
    assert (found is not None) == possible
    if found is not None:
        assert list(found) == list(pools)
        assert keeps(list(found.values()), costs, limits)


@given(table=tables())
def test_the_least_total_is_that_of_trying_everything(table: Table) -> None:
    pools, costs, limits = table
    for index in range(len(limits)):
        others = [
            Limit(limit.nutrient, limit.sign, math.inf if place == index else limit.most)
            for place, limit in enumerate(limits)
        ]
        totals = [
            sum(costs[dish.name][index] for dish in dishes)
            for dishes in itertools.product(*pools.values())
            if keeps(dishes, costs, others)
        ]
        assert least_total(pools, costs, limits, index) == min(totals, default=None)


def test_a_role_without_dishes_has_no_menu() -> None:
    assert not has_menu({Course(Role.MAIN): DISHES[:3], Course(Role.SIDE): []}, {}, [])


def test_ranges_are_upper_limits_with_a_sign() -> None:
    ranges = {"salt_g": (None, 2.5), "protein_g": (25.0, None), "energy_kcal": (None, None)}
    assert as_limits(ranges) == [Limit("salt_g", 1, 2.5), Limit("protein_g", -1, -25.0)]


@pytest.mark.parametrize(
    "ranges",
    [
        {"salt_g": (None, 2.5)},
        {"energy_kcal": (None, 500.0)},
        {"protein_g": (25.0, None)},
        {"energy_kcal": (500.0, 700.0)},
        {"energy_kcal": (500.0, 700.0), "salt_g": (None, 3.0), "protein_g": (20.0, None)},
    ],
    ids=str,
)
def test_the_usual_limits_leave_a_choice_of_everything_but_rice(
    ranges: dict[str, tuple[float | None, float | None]],
) -> None:
    limits = as_limits(ranges)
    constraints = Constraints(limits=ranges)
    pools = by_course(candidates("夕食", (), constraints, COOKBOOK), FULL, "夕食")
    drawn = draw([pools], DINNER, COOKBOOK, random.Random(1), limits)
    for role in (Role.MAIN, Role.SIDE, Role.SOUP):
        assert len({one.menu[Course(role)].name for one in drawn}) >= 5, role
    for one in drawn:
        totals = {
            limit: sum(COOKBOOK.limited(dish, limit.nutrient) for dish in one.menu.values())
            for limit in limits
        }
        assert all(limit.sign * total <= limit.most + 1e-6 for limit, total in totals.items())


@given(table=tables())
def test_every_drawn_menu_keeps_every_limit_and_there_is_one_if_any_does(table: Table) -> None:
    pools, _, limits = table
    menu = {Course(role): dishes for role, dishes in zip(Role, pools.values(), strict=False)}
    costs = costs_of(menu, limits, COOKBOOK)
    # Forty times the same dishes, so that a sample is drawn.
    many = {course: dishes * 40 for course, dishes in menu.items()}
    drawn = draw([many], DINNER, COOKBOOK, random.Random(1), limits)
    assert bool(drawn) == has_menu(menu, costs, limits)
    assert all(keeps(list(one.menu.values()), costs, limits) for one in drawn)
