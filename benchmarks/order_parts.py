"""Judges an order by its right reading, part by part.

Of a change the courses are those that come anew, the others being kept; of what is no whole menu
(dishes, a recipe, a change) courses have to be read that nobody names, so that none is invented.
A staple counts as one of so many dishes where it is named as one; of proposals those of one or of
all of them may be meant.

Days and servings are at most as many as an order may have (the answer says so); proposals are of
one day; a request that gives the meals of each day (`quotas`) asks for these meals; minutes that
are of single days or meals alone are none of all.

Where a number of dishes or a course that is not wanted is said, courses follow of it, as they do of
a snack or a limit of carbohydrate; of an occasion its season. A menu never has a dish twice,
whoever asks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from chef_llm.cookbook import Role, load_cookbook
from chef_llm.cookbook.vocabulary import MEALS, NUTRIENTS, PRICE, VEGETABLES
from chef_llm.menus.constraints import breach
from chef_llm.reading.conditions import conditions
from chef_llm.reading.courses import FULL
from chef_llm.reading.days import MOST_DAYS
from chef_llm.reading.not_considered import (
    COURSES,
    EACH_DAY,
    FIGURES,
    PROPOSALS,
    SPARING,
    SWEET,
    TOOLS,
)
from chef_llm.reading.order import DEFAULT_SERVINGS, Order, Share, Slot
from chef_llm.reading.reader import OF_A_BOWL_OF_RICE
from chef_llm.reading.servings import MOST_SERVINGS
from chef_llm.reading.week import DAYS_IN_A_WEEK, WEEKDAYS

Meant = dict[str, Any]
# A day and a meal of the plan, as the requests' readings name them.
DAY_KEYS: Final = ("weekday", "day")
SHARED_FOODS: Final = {
    "fish": "魚",
    "meat": "肉",
    "chicken": "鶏肉",
    "pork": "豚肉",
    "beef": "牛肉",
    "noodle": "麺",
    "egg": "卵",
    "tofu": "豆腐",
    "bread": "パン",
    "udon": "うどん",
    "pasta": "スパゲッティ",
}
# A food as the readings name it -> what of the cookbook is meant by it.
KINDS_OF: Final = {
    "豆腐": ("木綿豆腐", "絹ごし豆腐"),
    "パン": ("食パン",),
    "ご飯": ("米",),
    "大豆": ("大豆水煮",),
    "大豆製品": ("大豆", "大豆水煮"),
    "パスタ": ("スパゲッティ",),
    "鍋": ("鍋物",),
    "炒め物": ("炒める",),
    "煮物": ("煮る",),
    "さば缶": ("さば水煮缶",),
    "鮭": ("生鮭", "塩鮭"),
    "豚バラ肉": ("豚バラ薄切り肉", "豚バラかたまり肉"),
    "うなぎ": ("うなぎの蒲焼き",),
    "揚げ物": ("揚げる",),
    "鶏の唐揚げ": ("鶏のから揚げ",),
    "唐揚げ": ("から揚げ", "鶏のから揚げ"),
    "麺類": ("麺", "冷たい麺"),
    "麺": ("冷たい麺",),
    "餃子": ("ぎょうざ",),
    "トンカツ": ("とんかつ",),
    "雑煮": ("お雑煮",),
}
# How a day is to be, as the readings tell it -> the style of it.
STYLES_OF: Final = {
    "軽め": "あっさり",
    "さっぱり": "あっさり",
    "がっつり": "こってり",
    "食べごたえ": "こってり",
    "消化がよい": "やわらかい",
    "やわらかい": "やわらかい",
    "ごちそう感": "おもてなし",
    "子どもが喜ぶ": "子ども向け",
    "few_steps": "時短",
    "作り置き": "作り置き",
    # What is made ahead is what can be heated again.
    "温め直せる": "作り置き",
    "胃にやさしい": "やわらかい",
    "晩酌": "おつまみ",
    "温かい": "温まる",
    "辛い": "辛い",
}
# What a quota of no repetition is of, where it is no dish -> what the order calls it.
VARIED: Final = {"taste": "味", "cuisine": "料理の国", "main_ingredient": "主な食材"}
NO_DISH_TWICE: Final = ("dish", "主菜")
NOT_JUDGED: Final = object()
YEN_ROUNDING: Final = 1.0


def days_of(order: Order) -> int:
    """Return for how many days an order is; of proposals one is cooked."""
    return 1 if order.is_proposals else max(slot.day for slot in order.slots)


def meals_of(order: Order, meant: Meant) -> tuple[set[str], set[str]]:
    """Return the meals that are read and meant, those of single days with them.

    A snack is a dessert, by itself or beside a meal.
    """
    of_days = {meal for quota in quotas_of(meant) for meal in quota_meals(quota)}
    wanted = set(meant.get("meals", ())) or of_days or {"夕食"}
    read = {slot.meal for slot in order.slots}
    if SWEET in wanted and SWEET in order.families:
        read = {SWEET} if set(order.roles) == {Role.SIDE} else {*read, SWEET}
    return read, wanted


def quotas_of(meant: Meant) -> list[dict[str, Any]]:
    """Return what is meant for some of the meals only."""
    written = meant.get("quotas", [])
    return [quota for quota in (written if isinstance(written, list) else [written]) if quota]


def quota_meals(quota: dict[str, Any]) -> list[str]:
    """Return the meals that a quota is of, as far as a plan has them."""
    meals = quota.get("meals") or [quota.get("meal")]
    return [meal for meal in meals if meal in MEALS]


def budget_of(order: Order, meant: Meant) -> tuple[float | None, float | None]:
    """Return the yen that a serving of a meal may cost, as read and as meant."""
    read = order.average_yen or order.constraints.limits.get(PRICE, (None, None))[1]
    wanted = meant.get("budget_yen")
    if not isinstance(wanted, dict) or "max" not in wanted:
        return read, None
    a_day = len(order.slots) if order.is_proposals else sum(s.day == 1 for s in order.slots)
    share = {
        "person-meal": 1,
        "meal": order.servings,
        "day": a_day * order.servings,
        "week": order.servings * (7 * a_day if len(order.slots) == a_day else len(order.slots)),
    }[wanted["per"]]
    yen = wanted["max"] / share
    return (yen if read is not None and abs(read - yen) <= YEN_ROUNDING else read), yen


def ages_of(order: Order, meant: Meant) -> tuple[Any, Any]:
    """Return the conditions by age that are read and meant; people of other ages have none."""
    people = [one for one in meant.get("people", ()) if isinstance(one, dict)]
    years = [one["age"] for one in people if isinstance(one.get("age"), int)]
    years += [one["months"] // 12 for one in people if isinstance(one.get("months"), int)]
    wanted = {row.name for row in conditions().values() if any(map(row.is_of_age, years))}
    if people and not wanted:
        return NOT_JUDGED, NOT_JUDGED
    return order.constraints.conditions & wanted, wanted


def slots_of(order: Order, quota: dict[str, Any]) -> list[Slot]:
    """Return the meals of an order that a quota is of."""
    day = quota.get("day")
    # A week of which no day is named begins on Monday.
    is_week = not order.weekdays and days_of(order) == DAYS_IN_A_WEEK
    weekdays = tuple(WEEKDAYS) if is_week else order.weekdays
    if quota.get("weekday") in weekdays:
        day = weekdays.index(quota["weekday"]) + 1
    meals = quota_meals(quota)
    return [
        slot
        for slot in order.slots
        if (day is None or slot.day == day) and (not meals or slot.meal in meals)
    ]


def is_shared(order: Order, value: str, least: int | None, most: int | None) -> bool:
    """Tell whether a share of so many meals is in an order.

    「1回だけ」 is once, and once at most.
    """
    names = {value, f"{value}料理", *KINDS_OF.get(value, ())}
    ends = [(share.least or None, share.most) for share in order.shares if share.value in names]
    count = least if most is None else most
    return (least, most) in ends or (count, count) in ends


def is_shared_of(order: Order, slots: list[Slot], values: list[str], kind: str) -> bool:
    """Tell whether all that some meals are to have is a share of one of these meals.

    Of a change that lets all other meals stay, what is asked for is of those that come anew.
    """
    shares: list[Share] = [
        share for share in order.shares if share.is_bound and any(map(share.is_of, slots))
    ]
    named = {share.value for share in shares if kind != "cuisine" or share.kind == "cuisine"}
    # Of two days whose dishes changed places each has those of the other.
    named |= {name for slot in slots for name in order.kept.get(slot, ())}
    if order.kept and set(slots_anew(order)) <= set(slots):
        named |= {*order.ingredients, *order.dishes, *order.families}
        named |= {name for name in (order.style, order.constraints.cuisine) if name}
    return all(
        named & {value, f"{value}料理", *KINDS_OF.get(value, ()), *load_cookbook().members(value)}
        for value in values
    )


def has_courses(order: Order, slot: Slot, quota: dict[str, Any]) -> bool:
    """Tell whether a meal has the courses that a quota names for it; rice may go with them."""
    read = [role.value for role in slots_anew(order).get(slot, [])]
    staple = Role.STAPLE.value
    if set(read) & set(quota.get("without_roles", ())):
        return False
    # A bowl by itself is one dish.
    dishes = sum(role != staple for role in read) or len(read)
    if "dish_count" in quota and dishes != quota["dish_count"]:
        return False
    wanted = quota.get("roles")
    return wanted is None or {*wanted, staple} == {*read, staple}


def is_by_turns(order: Order, values: list[str]) -> bool:
    """Tell whether the days of a plan are for one thing and another by turns."""
    names = [{value, *KINDS_OF.get(value, ())} for value in values]
    turns = [
        [
            number
            for number, of_it in enumerate(names)
            for share in order.shares
            if share.value in of_it and day in share.days
        ]
        for day in sorted({slot.day for slot in order.slots})
    ]
    are_single = all(len(turn) == 1 for turn in turns)
    return are_single and all(one != other for one, other in pairwise(turns))


def is_left_out(order: Order, slots: list[Slot], names: list[str]) -> Iterator[bool]:
    """Yield, for each food or dish, whether some meals leave it out; perhaps all meals do."""
    cookbook = load_cookbook()
    for name in names:
        of_it = [dish for dish in cookbook.dishes.values() if name in dish.name]
        members = [
            one for kind in (name, *KINDS_OF.get(name, ())) for one in cookbook.members(kind)
        ]
        for slot in slots:
            kept = order.constraints_of(slot)
            served = [dish for dish in of_it if breach(kept, dish, cookbook) is None]
            is_out = members and all(
                {one, *cookbook.ingredients[one].groups} & kept.excluded for one in members
            )
            yield bool(is_out) or (bool(of_it) and not (members or served))


# How the readings name what a figure is of -> the nutrient.
FIGURES_OF: Final = {
    "energy": "energy_kcal",
    "vegetables": VEGETABLES,
    "protein": "protein_g",
    "salt": "salt_g",
    "fat": "fat_g",
    "carbohydrate": "carbohydrate_g",
    "fiber": "fibre_g",
    "calcium": "calcium_mg",
    "iron": "iron_mg",
}


def has_figures(order: Order, slots: list[Slot], quota: dict[str, Any]) -> bool:
    """Tell whether single meals have their own figures, and no other meal has them."""
    for written, said in quota["figures"].items():
        name = FIGURES_OF.get(written, written)
        wanted = _ends_of(said) if isinstance(said, dict) else None
        for slot in order.slots:
            ends = {**order.aims_of(slot), **order.constraints_of(slot).limits}.get(name)
            if slot not in slots and ends is not None and ends == wanted:
                return False
            if slot in slots and (
                ends is None
                or (wanted is not None and ends != wanted)
                or (wanted is None and ends[0 if said == "high" else 1] is None)
            ):
                return False
    return True


def _ends_of(bounds: dict[str, Any]) -> tuple[float | None, float | None]:
    """Return the least and the most of a figure of a meal, of which one of a day is three."""
    parts = 3 if bounds.get("per") == "day" else 1
    about = bounds.get("about")
    ends = (about * 0.9, about * 1.1) if about else (bounds.get("min"), bounds.get("max"))
    return ends[0] and ends[0] / parts, ends[1] and ends[1] / parts


def judged(order: Order, quota: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield what an order has a place for of a quota, and whether it is read right."""
    if any(key in quota for key in (*DAY_KEYS, "meal")):
        yield from _judged_of_a_day(order, quota)
    if "role" in quota and "equipment" in quota:
        # What stays beside that course is cooked as before.
        kept = order.constraints
        yield "tools of a course", kept.lack_tools and bool(kept.of_any_tool)
    if "cuisine" in quota and isinstance(quota.get("days"), int):
        yield "a cuisine on some days", is_shared(order, quota["cuisine"], quota["days"], None)
    if "wish_dishes" in quota and isinstance(quota.get("days"), int):
        named = [is_shared(order, value, quota["days"], None) for value in quota["wish_dishes"]]
        yield "a dish on some days", all(named)
    if "use" in quota and isinstance(quota.get("days"), int):
        named = [is_shared(order, value, quota["days"], None) for value in quota["use"]]
        yield "a food on some days", all(named)
    yield from _judged_of_all_days(order, quota)
    for name, food in SHARED_FOODS.items():
        for key, ends in (
            (f"{name}_days", "="),
            (f"{name}_days_min", ">"),
            (f"{name}_days_max", "<"),
        ):
            if isinstance(count := quota.get(key), int):
                least, most = (None, count) if ends == "<" else (count, None)
                yield "a food on some days", is_shared(order, food, least, most)
    if isinstance(count := quota.get("deep_fried_max"), int):
        is_barred = count == 0 and "揚げる" in "".join(order.constraints.excluded_dishes)
        yield "fried at most", is_barred or is_shared(order, "揚げる", None, count)


def _judged_of_all_days(order: Order, quota: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield what a quota says of how the days are to differ, and whether it is read right."""
    if "alternate" in quota:
        yield "one and the other by turns", is_by_turns(order, quota["alternate"])
    if quota.get("no_repeat") in NO_DISH_TWICE or "same_dish_max" in quota:
        yield "no dish twice", not order.is_proposals
    if (what := quota.get("no_repeat")) in VARIED:
        yield "another each day", VARIED[what] in order.varied
    # The same never leads the meals of two days in a row, whoever asks.
    if quota.get("no_consecutive") == "main_ingredient":
        yield "not two days in a row", not order.is_proposals
    if "days_max" in quota and (name := quota.get("dish") or quota.get("ingredient")):
        kind = "dish" if "dish" in quota else "food"
        yield f"a {kind} on some days", is_shared(order, name, None, quota["days_max"])


def _judged_of_a_day(order: Order, quota: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield what a quota says of one day or meal, and whether it is read right."""
    slots = slots_of(order, quota)
    if "meals" in quota:
        days = {slot.day for slot in slots}
        own = {slot.meal for slot in order.slots if slot.day in days}
        yield "meals of a day", bool(days) and own == set(quota["meals"])
    if isinstance(quota.get("servings"), int):
        wanted = min(quota["servings"], MOST_SERVINGS)
        yield (
            "servings of a day or meal",
            bool(slots) and all(order.servings_of(slot) == wanted for slot in slots),
        )
    if "max_minutes" in quota:
        kept = [order.constraints_of(slot) for slot in slots]
        minutes = [one.max_minutes or one.max_total_minutes for one in kept]
        yield "minutes of a day or meal", bool(minutes) and set(minutes) == {quota["max_minutes"]}
    if "exclude" in quota and not quota.keys() - {*DAY_KEYS, "meal", "exclude"}:
        names = quota["exclude"]
        yield "left out on a day", bool(slots) and all(is_left_out(order, slots, names))
    if any(key in quota for key in ("roles", "without_roles", "dish_count")):
        yield "courses of a day", bool(slots) and all(has_courses(order, s, quota) for s in slots)
    if "figures" in quota:
        yield "figures of a day or meal", bool(slots) and has_figures(order, slots, quota)
    if "equipment" in quota:
        kept = [order.constraints_of(slot) for slot in slots]
        read = {(bool(one.tools_only), bool(one.tools_without)) for one in kept}
        said = quota["equipment"]
        # Who has a microwave alone has no knife, whether it is read or not.
        wanted = (bool(said.get("only")), bool(said.get("without")))
        yield "tools of a day", read in ({wanted}, {(wanted[0], False)} if wanted[0] else {wanted})
    if any(key in quota for key in (*DAY_KEYS, "meal")):
        for key, kind in (("use", "food"), ("wish_dishes", "dish"), ("cuisine", "cuisine")):
            if key in quota:
                values = quota[key] if isinstance(quota[key], list) else [quota[key]]
                yield f"{kind} of a day", is_shared_of(order, slots, values, kind)
        told = (
            one for key in ("taste", "effort", "mood_or_occasion") for one in quota.get(key, ())
        )
        if styles := [STYLES_OF[one] for one in told if one in STYLES_OF]:
            yield "style of a day", is_shared_of(order, slots, styles, "style")


def courses_of(order: Order, meant: Meant) -> tuple[Any, Any]:
    """Return the roles that are read and meant; of a menu the usual ones may stand beside them."""
    named = set(meant.get("roles", ()))
    wanted = named & {*(role.value for role in Role), SWEET}
    if not named:
        if {"dish_count", "without_roles"} & meant.keys() or _follow(order, meant):
            return NOT_JUDGED, NOT_JUDGED
        return ({role.value for role in order.roles} if is_whole_menu(meant) else set()), set()
    read = {role.value for role in anew(order, meant)}
    # The desserts of the cookbook are sides.
    if SWEET in order.families:
        read = (read | {SWEET}) - ({"副菜"} - wanted)
    # Where more dishes are meant than roles are named, the others may be of any.
    is_part = meant["intent"] == "menu" or meant.get("dish_count", 0) > len(meant["roles"])
    return (read & wanted if is_part else read), wanted


def _follow(order: Order, meant: Meant) -> bool:
    """Tell whether courses follow of a snack, or of too little carbohydrate for rice."""
    if SWEET in meant.get("meals", ()):
        return True
    most = {**order.aims, **order.constraints.limits}.get("carbohydrate_g", (None, None))[1]
    return most is not None and most < OF_A_BOWL_OF_RICE


def is_whole_menu(meant: Meant) -> bool:
    """Tell whether a menu is asked for, of which custom says what it is made of."""
    return meant["intent"] == "menu" and "keep" not in meant


def anew(order: Order, meant: Meant) -> set[Role]:
    """Return the courses that are planned, without those that are kept of an earlier answer.

    Of a change of some dishes those of meals that stay as they are come to nothing.
    """
    found = {role for roles in slots_anew(order).values() for role in roles}
    return found - unknown_roles(meant)


def slots_anew(order: Order) -> dict[Slot, list[Role]]:
    """Return the meals of which anything is planned anew, with its courses."""
    cookbook = load_cookbook()
    # The answers before were written at no date: a dish is not out of season today.
    constraints = replace(order.constraints, season=None, month=None)
    found: dict[Slot, list[Role]] = {}
    for slot in order.slots:
        roles = list(order.roles_of(slot) or FULL)
        for name in order.kept.get(slot, ()):
            dish = cookbook.dishes[name]
            # Beside a bowl there is no main dish, unless one was asked for.
            if dish.is_one_bowl and Role.MAIN in roles and not order.roles_of(slot):
                roles.remove(Role.MAIN)
            if dish.role in roles and breach(constraints, dish, cookbook) is None:
                roles.remove(dish.role)
        if roles:
            found[slot] = roles
    return found


def unknown_roles(meant: Meant) -> set[Role]:
    """Return the courses before a change whose dishes the cookbook lacks, and that were to stay.

    Those cannot: others come in their places, and the answer says so.
    """
    return {role for role in meant["unknown"] if role not in meant.get("roles", ())}


def count_of(order: Order, meant: Meant) -> tuple[int | None, int | None]:
    """Return how many dishes are read and meant."""
    wanted = meant.get("dish_count")
    if wanted is None:
        is_said = bool({"roles", "without_roles"} & meant.keys()) or not is_whole_menu(meant)
        is_said = is_said or _follow(order, meant)
        return (None if is_said else _dishes_of(order.roles, meant)), None
    read = _dishes_of(order.roles, meant)
    all_of_them = read and read * len(order.slots)
    return (wanted if order.is_proposals and all_of_them == wanted else read), wanted


def _dishes_of(roles: tuple[Role, ...], meant: Meant) -> int | None:
    # 「丼ひとつで」 is one dish.
    has_staple = "主食" in meant.get("roles", ()) or set(roles) == {Role.STAPLE}
    return sum(has_staple or role != Role.STAPLE for role in roles) or None


def portions_of(order: Order, meant: Meant) -> tuple[Any, Any]:
    """Return for how many all meals are; where each has a number of its own, that is judged."""
    own = [one for one in quotas_of(meant) if isinstance(one, dict) and "servings" in one]
    of_each = {slot for quota in own for slot in slots_of(order, quota)}
    if "servings" not in meant and of_each == {*order.slots}:
        return NOT_JUDGED, NOT_JUDGED
    return order.servings, min(meant.get("servings", DEFAULT_SERVINGS), MOST_SERVINGS)


def figures_of(order: Order, meant: Meant) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the limits and aims with numbers that are read and meant, of a meal."""
    read = {**order.aims, **order.constraints.limits}
    # What a serving costs is a part of its own.
    read.pop(PRICE, None)
    wanted = {}
    for name, bounds in meant.get("figures", {}).items():
        if isinstance(bounds, dict) and name in NUTRIENTS:
            parts = 3 if bounds.get("per") == "day" else 1
            about = bounds.get("about")
            ends = (about * 0.9, about * 1.1) if about else (bounds.get("min"), bounds.get("max"))
            wanted[name] = tuple(None if end is None else round(end / parts, 3) for end in ends)
    rounded = {
        name: tuple(None if end is None else round(end, 3) for end in ends)
        for name, ends in read.items()
        if name in wanted or "figures" not in meant
    }
    return rounded, wanted


def at_hand_of(order: Order, meant: Meant) -> tuple[set[str], set[str]]:
    """Return the foods at hand that are read and meant, as far as the cookbook has them."""
    cookbook = load_cookbook()
    names = {*meant.get("at_hand", ()), *(name for one in amounts(meant) for name in one)}
    wanted = {name for name in names if cookbook.members(name)} - {"ご飯", "米"}
    return set(order.at_hand) & wanted, wanted


def use_up_of(order: Order, meant: Meant) -> tuple[Any, Any]:
    """Return whether anything is to be used up; where the cookbook has none of it, nothing."""
    said = meant.get("use_up")
    names = said if isinstance(said, list) else [*meant.get("use", ()), *meant.get("at_hand", ())]
    names = [*names, *(name for one in amounts(meant) for name in one)]
    if said and not any(load_cookbook().members(name) for name in names):
        return NOT_JUDGED, NOT_JUDGED
    return bool(order.use_up), bool(said)


def amounts(meant: Meant) -> list[dict[str, Any]]:
    """Return the amounts of a request, as a list of them or as one table."""
    written = meant.get("amounts", [])
    return [written] if isinstance(written, dict) else written


def season_of(order: Order, meant: Meant) -> tuple[Any, Any]:
    """Return the season that is read and meant; that of an occasion follows of it."""
    if "season" not in meant and "mood_or_occasion" in meant:
        return NOT_JUDGED, NOT_JUDGED
    return order.named_season, meant.get("season")


def tools_of(order: Order, meant: Meant) -> tuple[Any, Any]:
    """Return whether anything is read and meant that alone can, or cannot, be cooked with.

    Who has a microwave alone has no fire, whether he says it or not. 「フライパンひとつで」 is
    effort to those who wrote the readings, and means the pan.
    """
    read = bool(order.constraints.tools_only), bool(order.constraints.tools_without)
    said = meant.get("equipment", {})
    is_only = bool(said.get("only")) or ("one_pan" in meant.get("effort", ()) and read[0])
    if is_only and read[0] and not said.get("without"):
        return (True, False), (True, False)
    return read, (is_only, bool(said.get("without")))


# Part of an order -> (what is read, what is meant).
PARTS: Final[dict[str, Callable[[Order, Meant], tuple[Any, Any]]]] = {
    "days": lambda order, meant: (days_of(order), min(meant.get("days", 1), MOST_DAYS)),
    "weekdays": lambda order, meant: (set(order.weekdays), set(meant.get("weekdays", ()))),
    "meals": meals_of,
    "servings": portions_of,
    "people (ages that decide what is served)": ages_of,
    "budget_yen (of a serving)": budget_of,
    "use_up (of foods that the cookbook has)": use_up_of,
    # Of each dish or of the meal: what was written does not tell them apart.
    "max_minutes": lambda order, meant: (
        order.constraints.max_minutes or order.constraints.max_total_minutes,
        meant.get("max_minutes"),
    ),
    "cuisine": lambda order, meant: (order.constraints.cuisine, meant.get("cuisine")),
    "season": season_of,
    "allergens (all meant, perhaps more)": lambda order, meant: (
        set(meant.get("allergens", ())) & order.constraints.allergens,
        set(meant.get("allergens", ())),
    ),
    "roles (those meant, in dishes alone no others)": courses_of,
    "without_roles": lambda order, meant: (
        {role.value for role in order.roles or FULL} & set(meant.get("without_roles", ())),
        set[str](),
    ),
    "dish_count": count_of,
    "proposals": lambda order, meant: (
        len(order.slots) if order.is_proposals else 1,
        meant.get("proposals", 1),
    ),
    "figures (numbers of them)": figures_of,
    "equipment": tools_of,
    "at_hand and amounts (foods that the cookbook has)": at_hand_of,
}


# The names in `Order.not_considered` that say that a part is left aside.
TOLD_AS: Final[dict[str, frozenset[str]]] = {
    "meals": frozenset({SWEET}),
    "roles": frozenset({COURSES, SWEET}),
    "dish_count": frozenset({COURSES, SWEET}),
    "proposals": frozenset({PROPOSALS}),
    "figures": frozenset({FIGURES, "栄養の数値"}),
    "equipment": frozenset({TOOLS}),
    "quotas": frozenset({EACH_DAY, SPARING}),
}


def is_said(name: str, meant: Meant) -> bool:
    """Tell whether a request says a part."""
    return bool(set(name.partition(" (")[0].split(" and ")) & meant.keys())


@dataclass(frozen=True)
class Fault:
    """A part of an order that is misread, and whether it was said and passed over in silence.

    It is passed over where an order without any reading would hold the same, and the answer does
    not say that it is left aside.
    """

    part: str
    is_dropped: bool


# The name of quotas of a kind that no order has a place for.
NO_PLACE: Final = "a quota of a kind without a place"


def parts_of(order: Order, meant: Meant, before: Order | None) -> Iterator[tuple[str, Any, Any]]:
    """Yield every part that can be judged, as it is read and as it is meant.

    What the turns `before` said still stands, whether the reading of the last one names it or not.
    """
    for name, part in PARTS.items():
        read, wanted = part(order, meant)
        stands = before is not None and not is_said(name, meant) and part(before, meant)[0] == read
        if wanted is not NOT_JUDGED and not stands:
            yield name, read, wanted


def faults(order: Order, meant: Meant, before: Order | None) -> Iterator[Fault]:
    """Yield every part of an order that is not as it is meant, quotas included."""
    aside = {one.name for one in order.not_considered}
    for name, read, wanted in parts_of(order, meant, before):
        if read == wanted:
            continue
        is_told = bool(TOLD_AS.get(name.partition(" (")[0], frozenset()) & aside)
        unread = PARTS[name](Order(request=order.request), meant)[0]
        yield Fault(name, is_said(name, meant) and read == unread and not is_told)
    for quota in quotas_of(meant):
        found = list(judged(order, quota)) if isinstance(quota, dict) else [(NO_PLACE, False)]
        for name, is_right in found or [(NO_PLACE, False)]:
            if not is_right:
                yield Fault(name, not aside & TOLD_AS["quotas"])
