"""How much of an order is read, on requests that nothing was tuned on.

Run: .venv/bin/python benchmarks/orders.py

`frozen/orders_*.jsonl` hold requests written by hand with their right reading, by writers of their
own, frozen before anything was trained on orders. A part counts as right where what is read equals
what is meant; where a request does not say it, nothing may be read. What is not read and said to be
left aside (`Order.not_considered`) is counted by itself: it is wrong, and not in silence.

Of a change the courses are those that come anew, the others being kept; of what is no whole menu
(dishes, a recipe, a change) courses have to be read that nobody names, so that none is invented.
A staple counts as one of so many dishes where it is named as one; of proposals those of one or of
all of them may be meant.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from chef_llm.cookbook import Cookbook, Role, load_cookbook
from chef_llm.cookbook.vocabulary import NUTRIENTS
from chef_llm.errors import InvalidRequest
from chef_llm.menus.constraints import breach
from chef_llm.reading.changes import read_earlier
from chef_llm.reading.conversation import Message
from chef_llm.reading.courses import FULL
from chef_llm.reading.days import MOST_DAYS
from chef_llm.reading.lexicon import lexicon
from chef_llm.reading.not_considered import COURSES, FIGURES, PROPOSALS, SWEET, TOOLS
from chef_llm.reading.order import DEFAULT_SERVINGS, Order
from chef_llm.reading.purpose import NO_ORDER_ABOVE, ORDER_BELOW, talk_logit
from chef_llm.reading.reader import read_order

FROZEN: Final = Path(__file__).with_name("frozen")
TALK: Final = frozenset({"advice", "courtesy", "outside"})
Meant = dict[str, Any]
# What an order has no place for yet.
WITHOUT_A_PLACE: Final = (
    *("weekdays", "people", "use_up", "budget_yen", "effort", "mood_or_occasion", "quotas", "keep"),
)


def days_of(order: Order) -> int:
    """Return for how many days an order is."""
    return max(slot.day for slot in order.slots)


def courses_of(order: Order, meant: Meant) -> tuple[set[str], set[str]]:
    """Return the roles that are read and meant; of a menu the usual ones may stand beside them."""
    named = set(meant.get("roles", ()))
    wanted = named & {*(role.value for role in Role), SWEET}
    if not named:
        return ({role.value for role in order.roles} if is_whole_menu(meant) else set()), set()
    read = {role.value for role in anew(order, meant)}
    # The desserts of the cookbook are sides.
    if SWEET in order.families:
        read = (read | {SWEET}) - ({"副菜"} - wanted)
    # Where more dishes are meant than roles are named, the others may be of any.
    is_part = meant["intent"] == "menu" or meant.get("dish_count", 0) > len(meant["roles"])
    return (read & wanted if is_part else read), wanted


def is_whole_menu(meant: Meant) -> bool:
    """Tell whether a menu is asked for, of which custom says what it is made of."""
    return meant["intent"] == "menu" and "keep" not in meant


def anew(order: Order, meant: Meant) -> set[Role]:
    """Return the courses that are planned, without those that are kept of an earlier answer.

    Of a change of some dishes those of meals that stay as they are come to nothing.
    """
    cookbook = load_cookbook()
    # The answers before were written at no date: a dish is not out of season today.
    constraints = replace(order.constraints, season=None, month=None)
    found: set[Role] = set()
    for slot in order.slots:
        roles = list(order.roles or FULL)
        for name in order.kept.get(slot, ()):
            dish = cookbook.dishes[name]
            if dish.role in roles and breach(constraints, dish, cookbook) is None:
                roles.remove(dish.role)
        found |= set(roles)
    return found - unknown_roles(meant)


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
        return (None if is_said else _dishes_of(order.roles, meant)), None
    read = _dishes_of(order.roles, meant)
    all_of_them = read and read * len(order.slots)
    return (wanted if order.is_proposals and all_of_them == wanted else read), wanted


def _dishes_of(roles: tuple[Role, ...], meant: Meant) -> int | None:
    has_staple = "主食" in meant.get("roles", ())
    return sum(has_staple or role != Role.STAPLE for role in roles) or None


def figures_of(order: Order, meant: Meant) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the limits and aims with numbers that are read and meant, of a meal."""
    read = {**order.aims, **order.constraints.limits}
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


def amounts(meant: Meant) -> list[dict[str, Any]]:
    """Return the amounts of a request, as a list of them or as one table."""
    written = meant.get("amounts", [])
    return [written] if isinstance(written, dict) else written


# Part of an order -> (what is read, what is meant); (None, None) where it does not apply.
PARTS: Final[dict[str, Callable[[Order, Meant], tuple[Any, Any]]]] = {
    "days": lambda order, meant: (days_of(order), min(meant.get("days", 1), MOST_DAYS)),
    "meals": lambda order, meant: (
        {slot.meal for slot in order.slots},
        set(meant.get("meals", ["夕食"])),
    ),
    "servings": lambda order, meant: (order.servings, meant.get("servings", DEFAULT_SERVINGS)),
    "max_minutes": lambda order, meant: (order.constraints.max_minutes, meant.get("max_minutes")),
    "cuisine": lambda order, meant: (order.constraints.cuisine, meant.get("cuisine")),
    "season": lambda order, meant: (order.named_season, meant.get("season")),
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
    "equipment": lambda order, meant: (
        (bool(order.constraints.tools_only), bool(order.constraints.tools_without)),
        (
            # 「フライパンひとつで」 is effort to those who wrote the readings, and means the pan.
            bool(meant.get("equipment", {}).get("only"))
            or ("one_pan" in meant.get("effort", ()) and bool(order.constraints.tools_only)),
            bool(meant.get("equipment", {}).get("without")),
        ),
    ),
    "at_hand and amounts (foods that the cookbook has)": at_hand_of,
}


# The names in `Order.not_considered` that say that a part is left aside.
TOLD_AS: Final[dict[str, frozenset[str]]] = {
    "roles": frozenset({COURSES, SWEET}),
    "dish_count": frozenset({COURSES, SWEET}),
    "proposals": frozenset({PROPOSALS}),
    "figures": frozenset({FIGURES, "栄養の数値"}),
    "equipment": frozenset({TOOLS}),
}


def rows_of(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield all frozen requests."""
    for path in sorted(folder.glob("orders_*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def meant_of(row: dict[str, Any], cookbook: Cookbook) -> Meant:
    """Return the right reading of a request, with the courses before it that nobody knows."""
    answers = [turn["content"] for turn in row.get("turns", ()) if turn["role"] == "assistant"]
    earlier = read_earlier(answers[-1], cookbook) if answers else None
    lines = [line for meal in earlier.meals.values() for line in meal] if earlier else []
    return {**row["expects"], "unknown": {line.role for line in lines if line.dish is None}}


def messages_of(row: dict[str, Any]) -> list[Message]:
    """Return a request with the turns before it."""
    turns = [Message(turn["role"], turn["content"]) for turn in row.get("turns", ())]
    return [*turns, Message("user", row["text"])]


def main() -> None:
    """Print the tables."""
    cookbook = load_cookbook()
    rows = list(rows_of(FROZEN))
    print_purpose(rows, cookbook)
    print_parts([row for row in rows if row["expects"]["intent"] not in TALK], cookbook)


def print_purpose(rows: list[dict[str, Any]], cookbook: Cookbook) -> None:
    """Print how talk and orders are told apart."""
    words = lexicon(cookbook)
    print("| last turns | count | seen as talk | as either | as an order |")
    print("| --- | --- | --- | --- | --- |")
    for title, is_talk in (("talk: advice, courtesy, other subjects", True), ("orders", False)):
        texts = [row["text"] for row in rows if (row["expects"]["intent"] in TALK) == is_talk]
        logits = [talk_logit(text, words) for text in texts]
        talk = sum(logit > NO_ORDER_ABOVE for logit in logits)
        order = sum(logit <= ORDER_BELOW for logit in logits)
        counts = (talk, len(texts) - talk - order, order)
        cells = " | ".join(share(count, len(texts)) for count in counts)
        print(f"| {title} | {len(texts)} | {cells} |")
    print()


def print_parts(rows: list[dict[str, Any]], cookbook: Cookbook) -> None:
    """Print each part: where it is said, how often it is right; where not, how often invented."""
    said, right, told, unsaid, invented = (defaultdict[str, int](int) for _ in range(5))
    refused = 0
    for row in rows:
        meant = meant_of(row, cookbook)
        try:
            order = read_order(messages_of(row), cookbook)
        except InvalidRequest:
            refused += 1
            continue
        for name, part in PARTS.items():
            read, wanted = part(order, meant)
            short = name.partition(" (")[0]
            if set(short.split(" and ")) & meant.keys():
                said[name] += 1
                right[name] += read == wanted
                aside = {one.name for one in order.not_considered}
                told[name] += read != wanted and bool(TOLD_AS.get(short, set()) & aside)
            else:
                unsaid[name] += 1
                invented[name] += read != wanted
    print("| part | said | read right | not, and said so | not said | read all the same |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name in PARTS:
        print(
            f"| {name} | {said[name]} | {share(right[name], said[name])} | {told[name]} | "
            f"{unsaid[name]} | {share(invented[name], unsaid[name])} |"
        )
    print(f"\nasked back or refused: {refused} of {len(rows)}")
    counts = [sum(name in row["expects"] for row in rows) for name in WITHOUT_A_PLACE]
    said_in_vain = ", ".join(
        f"{name} {count}" for name, count in zip(WITHOUT_A_PLACE, counts, strict=True)
    )
    print(f"said, with no place in an order yet: {said_in_vain}")


def share(count: int, total: int) -> str:
    """Return a count with its share."""
    return f"{count} ({count / total:.1%})" if total else "-"


if __name__ == "__main__":
    main()
