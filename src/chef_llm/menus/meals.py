"""What a meal is made of: its courses, and the dishes that have a place in it."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from chef_llm.cookbook import Cookbook, Dish, Role
from chef_llm.cookbook.known import once_in_a_cookbook
from chef_llm.cookbook.vocabulary import DIETS, OTHER_RICE, RICE, WISHED_GROUPS
from chef_llm.menus.clashes import OF_A_MAIN, OF_A_SECOND_MAIN_GRAMS, is_wet
from chef_llm.menus.constraints import allowed_dishes
from chef_llm.reading.order import Constraints, Order
from chef_llm.reading.suiting import AT_NIGHT, BY_HAND, OUTING, QUICK


class Course(NamedTuple):
    """A place in a meal: of 一汁三菜 the second 副菜 is (Role.SIDE, 2)."""

    role: Role
    number: int = 1


Structure = tuple[Course, ...]


def courses(roles: Iterable[Role]) -> Structure:
    """Return the places that `roles` stand for, one for each time that a role is named."""
    count: Counter[Role] = Counter()
    places = []
    for role in roles:
        count[role] += 1
        places.append(Course(role, count[role]))
    return tuple(places)


FULL: Final = courses((Role.STAPLE, Role.MAIN, Role.SIDE, Role.SOUP))
# The 主食 is a bowl that needs no 主菜, or at breakfast rice or bread.
ONE_BOWL: Final = courses((Role.STAPLE, Role.SIDE, Role.SOUP))
# Late at night, where no other meal is planned.
ONE_THING: Final = courses((Role.STAPLE,))
BOX: Final = courses((Role.STAPLE, Role.MAIN, Role.SIDE))
# The box of an outing, and of one that so many eat from.
BOX_OF_AN_OUTING: Final = courses((*(Role.STAPLE, Role.MAIN), *[Role.SIDE] * 2))
BOX_OF_MANY: Final = courses((*(Role.STAPLE, Role.MAIN), *[Role.SIDE] * 3))
MANY: Final = 4
STRUCTURES: Final[Mapping[str, tuple[Structure, ...]]] = {
    "朝食": (ONE_BOWL, FULL),
    "昼食": (ONE_BOWL, FULL),
    "夕食": (FULL,),
    "お弁当": (BOX,),
}


# A main dish with less is a side dish: of 322 some ten, oysters and clams among them.
LEAST_PROTEIN_GRAMS: Final = 12.5
MEAT_OR_FISH: Final = frozenset({"肉", "魚介"})
# 主食 that are a meal in the hand.
IN_THE_HAND: Final = re.compile("にぎり|餅|おはぎ|茶漬け|(?<!ガーリック)トースト|ブルスケッタ")
# Side dishes of one of these are for a dinner where they hold so much of vegetables.
NIBBLED: Final = frozenset({"おつまみ", "朝食"})
OF_VEGETABLES_GRAMS: Final = 20.0
DOUGH: Final = "米・パン・麺"
QUICK_MINUTES: Final = 10
QUICK_METHODS: Final = frozenset({"生", "ゆでる", "あえる", "電子レンジ"})
PLAIN_METHODS: Final = ("ゆでる", "漬ける")
# What a meal may be where nothing whole can be had.
# In so little time nobody makes a soup for breakfast.
NO_TIME_MINUTES: Final = 5
FEWER: Final = (
    courses((Role.STAPLE, Role.MAIN, Role.SIDE)),
    courses((Role.STAPLE, Role.SIDE)),
    courses((Role.STAPLE, Role.MAIN)),
    courses((Role.STAPLE,)),
)

# What is eaten by hand has no rice in a bowl, and no soup.
OF_THE_HAND: Final = (courses((Role.STAPLE, Role.SIDE)), courses((Role.STAPLE,)))


def fewer_courses(order: Order, meal: str) -> tuple[Structure, ...]:
    """Return what a meal may do without: soup where figures ask for it, more for tools or time."""
    if order.roles:
        return ()
    if is_at_night(order):
        return (ONE_THING,)
    if BY_HAND in order.told:
        return OF_THE_HAND
    totals = [order.constraints.max_total_minutes]
    totals += [terms.max_total_minutes for terms in order.terms.values()]
    lacking = any(one.tools_only or one.tools_without for one in order.terms.values())
    if order.constraints.lack_tools or lacking or any(totals):
        return FEWER
    has_limits = (
        order.constraints.limits
        or any(one.limits for one in order.terms.values())
        or order.average_yen is not None
        or any(DIETS[diet].limits for diet in order.constraints.diets)
    )
    minutes = order.constraints.max_minutes
    if meal == "朝食" and minutes is not None and minutes <= NO_TIME_MINUTES:
        return FEWER[1:2]
    return FEWER[:1] if has_limits and meal == "夕食" else ()


def box_of_an_outing(order: Order, meal: str) -> tuple[Structure, ...]:
    """Return the boxes of an outing (運動会, 花見), the larger first; none of any other meal."""
    if meal != "お弁当" or OUTING not in order.told:
        return ()
    boxes = (BOX_OF_MANY, BOX_OF_AN_OUTING)
    return boxes if order.servings >= MANY else boxes[1:]


def structures(  # noqa: PLR0913, PLR0917  # all that decides
    order: Order,
    meal: str,
    asked: Iterable[str],
    wished: Iterable[Dish],
    cookbook: Cookbook,
    has_rice: bool = True,
) -> list[tuple[Structure, ...]]:
    """Return the structures that a meal may have, the better choices first.

    Where roles were asked for, it is made of them. Where a bowl is `wished`, or only bowls hold
    what is `asked` for, it is a bowl if it can be; where there is no rice, it may be one.
    """
    if order.roles:
        return [(courses(order.roles),)]
    if is_at_night(order):
        return [(ONE_THING,), (ONE_BOWL,)]
    if BY_HAND in order.told:
        return [OF_THE_HAND, STRUCTURES[meal]]
    bowls = [name for name in asked if is_of_bowls(name, cookbook)]
    leading = {dish.role for dish in wished if dish.is_one_bowl or dish.role == Role.MAIN}
    if leading == {Role.STAPLE, Role.MAIN} and not bowls and meal != "お弁当":
        # Of what is fried, or of curries, both a bowl and a main dish will do.
        usual = [(ONE_BOWL, *STRUCTURES[meal])]
    elif boxes := box_of_an_outing(order, meal):
        usual = [*((each,) for each in boxes), STRUCTURES[meal]]
    elif meal == "昼食" and QUICK in {order.style, *order.told}:
        # Who has no time at noon has one bowl.
        usual = [(ONE_BOWL,), STRUCTURES[meal]]
    elif bowls or Role.STAPLE in leading:
        usual = [(ONE_BOWL,), STRUCTURES[meal]] if meal != "お弁当" else [STRUCTURES[meal]]
    elif not has_rice and ONE_BOWL not in STRUCTURES[meal] and meal != "お弁当":
        usual = [(ONE_BOWL, *STRUCTURES[meal])]
    else:
        usual = [STRUCTURES[meal]]
    return [*usual, *((each,) for each in fewer_courses(order, meal))]


def candidates(
    meal: str, asked: Collection[str], constraints: Constraints, cookbook: Cookbook
) -> list[Dish]:
    """Return the dishes that break no constraint and suit the meal."""
    return suiting(meal, asked, allowed_dishes(constraints, cookbook), cookbook)


def suiting(
    meal: str, asked: Collection[str], dishes: Iterable[Dish], cookbook: Cookbook
) -> list[Dish]:
    """Return those of `dishes` that suit the meal."""
    return [
        dish
        for dish in dishes
        if (meal != "お弁当" or "弁当" in dish.tags)
        and (
            meal == "朝食"
            or not _is_for_breakfast_alone(dish, cookbook)
            # Of eggs that are there a dinner is cooked, and none is boiled beside it.
            or (
                any(cookbook.uses(dish, name) for name in asked)
                and not (meal in ("昼食", "夕食") and _is_plain_egg(dish))
            )
        )
    ]


def is_at_night(order: Order) -> bool:
    """Tell whether something light is eaten late at night, and no meal of several courses."""
    return AT_NIGHT in order.told and len({slot.meal for slot in order.slots}) == 1


def is_without_soup(order: Order) -> bool:
    """Tell whether a meal has no soup whatever can be had: late at night, or eaten by hand."""
    return is_at_night(order) or BY_HAND in order.told


def by_course(
    dishes: Iterable[Dish], structure: Structure, meal: str, *, is_light: bool = False
) -> dict[Course, list[Dish]]:
    """Return the dishes for each course; beside a 主菜 the 主食 is a plain one.

    What `is_light` may be rice in the hand or with tea.
    """
    pools: dict[Course, list[Dish]] = {course: [] for course in structure}
    roles = {course.role for course in structure}
    # Of a meal that was asked for without a 主菜 the 主食 may be any.
    takes_any = is_light or (Role.MAIN not in roles and structure not in (ONE_BOWL, *FEWER))
    for dish in dishes:
        if dish.role == Role.STAPLE and not (
            takes_any
            or dish.is_one_bowl != (Role.MAIN in roles)
            or (meal == "朝食" and not dish.is_one_bowl)
        ):
            continue
        for course in structure:
            if course.role == dish.role:
                pools[course].append(dish)
    return pools


def with_fitting_staples(
    pools: dict[Course, list[Dish]], meal: str, wished: Collection[str] = ()
) -> dict[Course, list[Dish]]:
    """Return the pools without what is a meal in the hand beside a 主菜, unless it is `wished`."""
    if leading_course(tuple(pools)).role != Role.MAIN or meal not in ("昼食", "夕食"):
        return pools
    fitting = {
        course: [
            dish for dish in dishes if dish.name in wished or not IN_THE_HAND.search(dish.name)
        ]
        for course, dishes in pools.items()
        if course.role == Role.STAPLE
    }
    return {course: fitting.get(course) or dishes for course, dishes in pools.items()}


def with_plain_rice(
    pools: dict[Course, list[Dish]], wished: Collection[str], style: str | None
) -> dict[Course, list[Dish]]:
    """Return the pools with plain rice beside a main dish, where nobody asks for other rice.

    That is served where it is `wished` for, or of the `style` that is.
    """
    staple = Course(Role.STAPLE)
    dishes = pools.get(staple, [])
    if leading_course(tuple(pools)).role != Role.MAIN or RICE not in {d.name for d in dishes}:
        return pools
    kept = [
        dish
        for dish in dishes
        if dish.name == RICE
        or dish.name in wished
        or (dish.name in OTHER_RICE and style in dish.tags)
    ]
    return {**pools, staple: kept}


def with_one_soup(
    pools: dict[Course, list[Dish]], cookbook: Cookbook, wished: Collection[str] = ()
) -> list[dict[Course, list[Dish]]]:
    """Return the pools without what is a soup by itself, and with it and no other soup.

    Where porridge is `wished` for, it is the soup.
    """
    leading, staple = leading_course(tuple(pools)), Course(Role.STAPLE)
    soups = [course for course in pools if course.role == Role.SOUP]
    soupy: list[Dish] = []
    rest: list[Dish] = []
    for dish in pools[leading]:
        (soupy if is_wet(dish, cookbook) else rest).append(dish)
    alone = {course: dishes for course, dishes in pools.items() if course not in soups}
    wet = [d for d in pools.get(staple, ()) if d.name in wished and is_wet(d, cookbook)]
    if wet and rest and leading != staple:
        return [{**alone, leading: rest, staple: wet}]
    if not soups or not soupy or leading in soups:
        return [pools]
    return [{**pools, leading: rest}, {**alone, leading: soupy}]


def leading_course(structure: Sequence[Course]) -> Course:
    """Return what the meal is named for: the 主菜, the 主食 that stands for one, or the first."""
    by_role = {course.role: course for course in reversed(structure)}
    return by_role.get(Role.MAIN) or by_role.get(Role.STAPLE) or structure[0]


def is_meat_or_fish(name: str, cookbook: Cookbook) -> bool:
    """Tell whether a food, or any of a group of them, is sold as meat or fish, or fish in a can."""
    foods = [cookbook.ingredients[one] for one in cookbook.members(name)]
    return any(
        food.section in MEAT_OR_FISH or (food.name.endswith("缶") and "魚" in food.groups)
        for food in foods
    )


def is_of_bowls(name: str, cookbook: Cookbook) -> bool:
    """Tell whether an ingredient leads bowls alone, as spaghetti does, or is any noodle."""
    if name in WISHED_GROUPS and WISHED_GROUPS[name][1] == "米・パン・麺":
        return True
    members = cookbook.members(name)
    led = [dish for dish in cookbook.dishes.values() if not members.isdisjoint(dish.keywords)]
    return bool(led) and all(dish.is_one_bowl for dish in led)


def is_of_the_morning(dish: Dish) -> bool:
    """Tell whether a main dish is eggs as for breakfast, or a bowl is for it: toast, 卵かけご飯."""
    return "朝食" in dish.tags and (dish.keywords[0] == "卵" or dish.is_one_bowl)


def is_for_the_morning(dish: Dish) -> bool:
    """Tell whether a dish beside what leads a breakfast is of it, or cooked in a few minutes."""
    is_quick = dish.all_minutes <= QUICK_MINUTES and dish.method in QUICK_METHODS
    return "朝食" in dish.tags or (is_quick and dish.role == Role.SIDE)


def is_of_a_feast(dish: Dish) -> bool:
    """Tell whether a dish is of one feast of the year: 栗きんとん, お雑煮, 七夕のそうめん汁."""
    return "行事" in dish.tags and bool(dish.months)


def has_protein_of_a_main(dish: Dish, cookbook: Cookbook) -> bool:
    """Tell whether a dish has the protein of a main dish: no handful of clams."""
    return cookbook.nutrition(dish).protein_g >= LEAST_PROTEIN_GRAMS


@once_in_a_cookbook
def is_nibble(dish: Dish, cookbook: Cookbook) -> bool:
    """Tell whether a side is for drinks or toast: without vegetables, of dough, a second main."""
    first = cookbook.ingredients[dish.keywords[0]]
    is_a_main = bool(first.groups & OF_A_MAIN) and (
        cookbook.nutrition(dish).protein_g >= OF_A_SECOND_MAIN_GRAMS
    )
    is_of_dough = any(cookbook.ingredients[name].section == DOUGH for name in dish.keywords)
    return (
        dish.role == Role.SIDE
        and bool(dish.tags & NIBBLED)
        and (is_of_dough or is_a_main or cookbook.vegetables_grams(dish) < OF_VEGETABLES_GRAMS)
    )


@once_in_a_cookbook
def _is_for_breakfast_alone(dish: Dish, cookbook: Cookbook) -> bool:
    """Tell whether a dish is fruit, a plain egg or of oatmeal."""
    return _is_fruit(dish, cookbook) or _is_plain_egg(dish) or _is_of_oatmeal(dish)


def _is_plain_egg(dish: Dish) -> bool:
    """Tell whether a side dish is an egg by itself, as with toast."""
    return dish.role == Role.SIDE and dish.keywords == ("卵",) and dish.method in PLAIN_METHODS


def _is_of_oatmeal(dish: Dish) -> bool:
    """Tell whether a dish is made of oatmeal, which is for the morning."""
    return "オートミール" in dish.keywords


def _is_fruit(dish: Dish, cookbook: Cookbook) -> bool:
    """Tell whether a dish is fruit, with yoghurt or without: beside a dinner it would surprise."""
    groups = [cookbook.ingredients[name].groups for name in dish.keywords]
    fruit = ["果物" in each and "野菜" not in each for each in groups]
    others = {"乳", "大豆", "卵"}
    return any(fruit) and all(
        is_fruit or others & each for is_fruit, each in zip(fruit, groups, strict=True)
    )
