"""What the guarantee tests share: a model that chooses at random, and a second look at allergens.

The second look reads the data files itself, with nothing of the planner's code.
"""

import csv
import random
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

import chef_llm
from chef_llm.cookbook import ALLERGENS, Cookbook, Dish, Role
from chef_llm.cookbook.vocabulary import DIETS as DIET_RULES
from chef_llm.engines import (
    Blanks,
    Completion,
    Deadline,
    Grammar,
    InOrder,
    Named,
    OneCharacter,
    OneOf,
    Repeated,
    Rules,
)
from chef_llm.menus.plan import EVERYDAY, Plan, main_ingredient
from chef_llm.menus.planner import Choose
from chef_llm.menus.way import way_to_table
from chef_llm.reading.conditions import conditions
from chef_llm.reading.order import Constraints, Order, Share, Slot

# Orders that say which courses they want, and what only some of the days are for.
COURSES: Final = (
    (Role.STAPLE, Role.MAIN, Role.SIDE, Role.SIDE, Role.SOUP),
    (Role.MAIN, Role.SIDE),
    (Role.SIDE, Role.SIDE, Role.SIDE),
    (Role.SOUP,),
)
SHARES: Final = (
    (Share("cuisine", "和", 2), Share("cuisine", "洋", 1)),
    (Share("food", "魚", 1, None, (2,)), Share("method", "揚げる", 0, 1)),
)
STOVE_WORDS: Final = re.compile(r"フライパン|(?<!圧力)鍋|[弱中強]火")
FOLDER: Final = Path(chef_llm.__file__).parent / "cookbook"
DIETS: Final = ("vegetarian", "vegan", "gluten_free", "low_salt", "high_protein", "low_calorie")
# Of which a model without weights makes words, and how deep what holds itself may go.
CHARACTERS: Final = 'aZ0123456789 -.,"\\/\n卵🍣'
DEEPEST: Final = 24
# What people cannot eat, more often than the rest of the rule.
COMMON: Final = ("卵", "乳", "小麦", "えび", "かに", "落花生", "そば", "大豆", "くるみ", "ごま")


def random_text(grammar: Grammar, rng: random.Random) -> str:
    """Return any text of `grammar`, every choice as likely: what a model without weights writes."""
    named: dict[str, Grammar] = {}

    def text_of(part: Grammar, depth: int) -> str:  # noqa: PLR0911  # one for each kind
        match part:
            case str():
                return part
            case Blanks(usual):
                return rng.choice((usual, "", " ", "\n", "\n    "))
            case OneOf(options):
                # What holds itself comes to an end: deep down only what holds least is chosen.
                wanted = options if depth < DEEPEST else options[-1:]
                return text_of(rng.choice(wanted), depth + 1)
            case InOrder(parts):
                return "".join(text_of(one, depth + 1) for one in parts)
            case Repeated(one, least, most):
                few = least if depth >= DEEPEST else least + 3
                times = rng.randint(least, few if most is None else min(most, few))
                return "".join(text_of(one, depth + 1) for _ in range(times))
            case OneCharacter(inside):
                return rng.choice(re.findall(f"[{inside}]", CHARACTERS))
            case Rules(start, names):
                named.update(names)
                return text_of(start, depth + 1)
            case Named(name):
                return text_of(named[name], depth + 1)

    return text_of(grammar, 0)


def choosing_at_random(rng: random.Random) -> Choose:
    """Return a model that knows nothing and obeys the grammar."""

    def choose(request: str, opening: str, grammar: Grammar, deadline: Deadline) -> Completion:
        return Completion(random_text(grammar, rng), "stop", len(request), 1)

    return choose


def random_order(rng: random.Random, cookbook: Cookbook) -> Order:
    """Return an order as strict as people's are: from nothing at all to many things at once."""
    days = rng.choice((1, 1, 1, 1, 2, 3, 7))
    meals = rng.choice((("夕食",), ("夕食",), ("昼食",), ("朝食",), ("お弁当",), ("昼食", "夕食")))
    limits = {}
    if rng.random() < 0.15:
        limits["energy_kcal"] = (None, float(rng.choice((500, 600, 700, 900))))
    if rng.random() < 0.1:
        limits["salt_g"] = (None, rng.choice((2.0, 2.5, 3.0, 4.0)))
    if rng.random() < 0.1:
        limits["protein_g"] = (float(rng.choice((15, 20, 25, 30))), None)
    if rng.random() < 0.1:
        limits["price_yen"] = (None, float(rng.choice((350, 450, 600))))
    names = list(cookbook.ingredients)
    groups = (
        "肉",
        "魚介",
        "きのこ",
        "豚肉",
        "牛肉",
        "ナッツ",
        "ねぎ類",
        "アルコール",
        "唐辛子",
        "生",
    )
    return Order(
        request="夕食をお願いします",
        constraints=Constraints(
            allergens=frozenset(
                rng.sample(COMMON, rng.choice((0, 0, 1, 1, 2, 3)))
                + rng.sample(ALLERGENS, rng.choice((0, 0, 0, 1, 2)))
            ),
            excluded=frozenset(
                rng.sample(names, rng.choice((0, 0, 1, 2, 5)))
                + rng.sample(groups, rng.choice((0, 0, 0, 1)))
            ),
            excluded_dishes=frozenset(rng.sample(list(cookbook.dishes), rng.choice((0, 0, 3)))),
            diets=frozenset(rng.sample(DIETS, rng.choice((0, 0, 0, 1, 1, 2)))),
            cuisine=rng.choice((None, None, None, "和", "洋", "中", "韓")),
            max_minutes=rng.choice((None, None, None, 10, 15, 20, 30, 45)),
            season=rng.choice((None, "春", "夏", "秋", "冬")),
            limits=limits,
            tools_without=frozenset(rng.sample(("コンロ",), rng.choice((0, 0, 0, 0, 0, 1)))),
            conditions=frozenset(rng.sample(list(conditions()), rng.choice((0, 0, 0, 0, 0, 1)))),
            month=rng.choice((None, None, 1, 2, 3, 7, 11, 12)),
            max_total_minutes=rng.choice((*[None] * 9, 15, 25, 40)),
        ),
        roles=rng.choice(((), (), (), (), *COURSES)),
        aims=rng.choice(({}, {}, {}, {"iron_mg": (3.5, None)}, {"energy_kcal": (450.0, 550.0)})),
        shares=rng.choice(((), (), (), *SHARES)),
        slots=tuple(Slot(day, meal) for day in range(1, days + 1) for meal in meals),
        ingredients=tuple(rng.sample(names, rng.choice((0, 1, 2, 3)))),
        dishes=tuple(rng.sample(list(cookbook.dishes), rng.choice((0, 0, 0, 1, 2)))),
        servings=rng.randint(1, 12),
        average_yen=rng.choice((None, None, None, 300.0, 420.0)) if days > 1 else None,
    )


@cache
def allergens_by_dish() -> dict[str, set[str]]:
    """Return the allergens of every dish, straight from the two data files."""
    with (FOLDER / "ingredients.tsv").open(encoding="utf-8", newline="") as file:
        table = {row["name"]: row for row in csv.DictReader(file, delimiter="\t")}
    found: dict[str, set[str]] = {}
    for path in (FOLDER / "dishes").glob("*.toml"):
        for dish in tomllib.loads(path.read_text(encoding="utf-8"))["dish"]:
            found[dish["name"]] = {
                allergen
                for name, _, _ in dish["ingredients"]
                for allergen in table[name]["allergens"].split("|")
                if allergen
            }
    return found


def minutes_on_the_way(dishes: Sequence[Dish]) -> int:
    """Return how long it is to the table, on a way that one cook in one kitchen can go."""
    way = way_to_table(dishes)
    busy: Counter[tuple[str, int]] = Counter()
    for one in way.placed:
        taken = range(one.minute, one.minute + one.minutes)
        busy.update(("hands", minute) for minute in taken if not one.part.is_alone)
        busy.update((one.part.station, minute) for minute in taken if one.part.station)
    assert all(count <= (2 if place == "コンロ" else 1) for (place, _), count in busy.items())
    assert all(0 <= minute < way.minutes for _, minute in busy)
    in_a_row = [dish for dish in dishes if dish.waiting < 60 and dish.name != "ご飯"]
    for dish in in_a_row:
        placed = sum(one.minutes for one in way.placed if one.dish == dish.name)
        assert placed == dish.all_minutes, dish.name
    return way.total_minutes


def assert_kept(order: Order, result: Plan, cookbook: Cookbook) -> None:
    """Check a plan from the dishes' data alone; `planner.verify` is not asked."""
    wanted = order.constraints
    without_groups = set(wanted.excluded).union(
        *(DIET_RULES[d].without_groups for d in wanted.diets)
    )
    without_allergens = set(wanted.allergens).union(
        *(DIET_RULES[diet].without_allergens for diet in wanted.diets)
    )
    assert [meal.slot for meal in result.meals] == list(order.slots)
    for meal in result.meals:
        roles = {dish.role for dish in meal.dishes}
        if order.roles:
            assert sorted(dish.role for dish in meal.dishes) == sorted(order.roles)
        elif not wanted.lack_tools and wanted.max_total_minutes is None:
            is_porridge = any(
                word in dish.name
                for dish in meal.dishes
                for word in ("雑炊", "かゆ", "がゆ", "茶漬け", "リゾット", "雑煮")
                if dish.role == Role.STAPLE
            )
            is_soupy = cookbook.is_soupy(meal.main) or is_porridge
            assert len(roles) == len(meal.dishes) >= 3 - is_soupy
            assert Role.STAPLE in roles
            assert Role.SIDE in roles
            assert Role.MAIN in roles or meal.main.is_one_bowl or meal.slot.meal == "朝食"
            has_limits = (
                wanted.limits
                or order.average_yen
                or any(DIET_RULES[diet].limits for diet in wanted.diets)
            )
            assert Role.SOUP in roles or meal.slot.meal == "お弁当" or has_limits or is_soupy
        if wanted.max_total_minutes is not None:
            assert minutes_on_the_way(meal.dishes) <= wanted.max_total_minutes
        assert meal.comment == meal.main.tip
        for dish in meal.dishes:
            assert not allergens_by_dish()[dish.name] & without_allergens, dish.name
            assert dish.name not in wanted.excluded_dishes
            for part in dish.ingredients:
                assert part.name not in wanted.excluded, dish.name
                assert not cookbook.ingredients[part.name].groups & without_groups, dish.name
            assert wanted.max_minutes is None or dish.all_minutes <= wanted.max_minutes
            total = wanted.max_total_minutes
            assert total is None or dish.all_minutes <= total
            assert not ("生" in wanted.excluded and (dish.method == "生" or dish.raw))
            assert wanted.month is None or not dish.months or wanted.month in dish.months
            for row in (conditions()[name] for name in wanted.conditions):
                held = {part.name for part in dish.ingredients}.union(
                    *(cookbook.ingredients[part.name].groups for part in dish.ingredients)
                )
                assert not row.without & held, (row.name, dish.name)
                assert not ("生もの" in row.without and dish.raw), (row.name, dish.name)
                assert row.only is None or row.only in dish.tags, (row.name, dish.name)
            if wanted.tools_without == {"コンロ"}:
                assert not STOVE_WORDS.search("".join(dish.steps)), dish.name
        every = (wanted.limits, *(DIET_RULES[diet].limits for diet in wanted.diets))
        for nutrient, (least, most) in (pair for one in every for pair in one.items()):
            served = cookbook.for_servings(order.servings)
            total = sum(served.limited(dish, nutrient) for dish in meal.dishes)
            assert most is None or total <= most + 1e-6
            assert least is None or total >= least - 1e-6
    if order.average_yen is not None:
        yen = [cookbook.price_yen(dish).usual for meal in result.meals for dish in meal.dishes]
        assert sum(yen) <= order.average_yen * len(result.meals) + 1e-6
    served = Counter(dish.name for meal in result.meals for dish in meal.dishes)
    assert all(count == 1 for name, count in served.items() if name not in EVERYDAY)
    for day in {meal.slot.day for meal in result.meals}:
        near = [
            main_ingredient(meal.main, cookbook)
            for meal in result.meals
            if meal.slot.day in (day, day + 1)
        ]
        named = [name for name in near if name is not None]
        assert len(set(named)) == len(named)
