"""Limits of nutrition: what is let in keeps them in every combination."""

import itertools
import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chef_llm.cookbook import Dish, Role, load_cookbook
from chef_llm.menus.figures import Limit, as_limits, costs_of, least_total, within_limits
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
def test_every_combination_keeps_every_limit(table: Table) -> None:
    pools, costs, limits = table
    for family in within_limits(pools, costs, limits):
        assert list(family) == list(pools)
        assert all(family.values())
        for dishes in itertools.product(*family.values()):
            assert keeps(dishes, costs, limits)


@given(table=tables())
def test_nothing_is_found_only_where_nothing_is(table: Table) -> None:
    pools, costs, limits = table
    possible = any(keeps(dishes, costs, limits) for dishes in itertools.product(*pools.values()))
    assert bool(within_limits(pools, costs, limits)) == possible


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


@given(table=tables(), wished=st.sets(st.sampled_from([dish.name for dish in DISHES[:16]])))
def test_a_wish_takes_no_menu_away(table: Table, wished: set[str]) -> None:
    pools, costs, limits = table
    wishing = within_limits(pools, costs, limits, wished)
    assert bool(wishing) == bool(within_limits(pools, costs, limits))
    possible = any(
        keeps(dishes, costs, limits) and all(dish.name in wished for dish in dishes)
        for dishes in itertools.product(*pools.values())
    )
    served = {dish.name for family in wishing for pool in family.values() for dish in pool}
    assert not possible or served & wished


def test_without_limits_everything_stays() -> None:
    pools = {Course(Role.MAIN): DISHES[:3], Course(Role.SIDE): DISHES[3:5]}
    assert within_limits(pools, {dish.name: () for dish in DISHES}, []) == [pools]


def test_a_role_without_dishes_has_no_menu() -> None:
    assert within_limits({Course(Role.MAIN): DISHES[:3], Course(Role.SIDE): []}, {}, []) == []


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
    families = within_limits(pools, costs_of(pools, limits, COOKBOOK), limits)
    for role in (Course(Role.MAIN), Course(Role.SIDE), Course(Role.SOUP)):
        assert len({dish.name for family in families for dish in family[role]}) >= 5, role
