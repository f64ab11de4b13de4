"""How much of an order is read, on requests that nothing was tuned on.

Run: .venv/bin/python benchmarks/orders.py

`frozen/orders_*.jsonl` hold requests written by hand with their right reading, by writers of their
own, frozen before anything was trained on orders. A part counts as right where what is read equals
what is meant; where a request does not say it, nothing may be read. What is not read and said to be
left aside (`Order.not_considered`) is counted by itself: it is wrong, and not in silence. How each
part is judged stands in `order_parts.py`.

With --development the same is printed for the requests of `src/chef_train/orders/`, with --requests
for those of another file, and with the name of a part the requests that it is misread in, unless
they are the frozen ones.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from math import sqrt
from pathlib import Path
from typing import Any, Final

from order_parts import (
    PARTS,
    TOLD_AS,
    Meant,
    faults,
    is_said,
    judged,
    parts_of,
    quotas_of,
)

from chef_llm.cookbook import Cookbook, load_cookbook
from chef_llm.errors import InvalidRequest
from chef_llm.reading.conversation import Message
from chef_llm.reading.earlier import read_earlier
from chef_llm.reading.lexicon import lexicon
from chef_llm.reading.order import Order
from chef_llm.reading.purpose import NO_ORDER_ABOVE, ORDER_BELOW, talk_logit
from chef_llm.reading.reader import read_order

FROZEN: Final = Path(__file__).with_name("frozen")
DEVELOPMENT: Final = Path(__file__).parent.parent / "src" / "chef_train" / "orders"
TALK: Final = frozenset({"advice", "courtesy", "outside"})
# What an order has no place for yet.
WITHOUT_A_PLACE: Final = ("effort", "mood_or_occasion", "keep")
# Of a normal distribution, for an interval of 95%.
DEVIATIONS: Final = 1.96


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the requests of a file, or those of all files of a folder."""
    for one in sorted(path.glob("orders_*.jsonl" if path == FROZEN else "*.jsonl")) or [path]:
        for line in one.read_text(encoding="utf-8").splitlines():
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


def orders_of(row: dict[str, Any], cookbook: Cookbook) -> tuple[Order, Order | None]:
    """Return the order of a request, and that of the turns before it; raises `InvalidRequest`."""
    messages = messages_of(row)
    order = read_order(messages, cookbook)
    return order, read_order(messages[:-1], cookbook) if len(messages) > 1 else None


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--development", action="store_true")
    parser.add_argument("--requests", type=Path, help="another file of requests")
    parser.add_argument("part", nargs="?", help="print what it is misread in, not of the frozen")
    arguments = parser.parse_args()
    cookbook = load_cookbook()
    is_development = arguments.development or arguments.part is not None
    rows = list(rows_of(arguments.requests or (DEVELOPMENT if is_development else FROZEN)))
    orders = [row for row in rows if row["expects"]["intent"] not in TALK]
    if arguments.part:
        print_misread(arguments.part, orders, cookbook)
        return
    print_purpose(rows, cookbook)
    print_parts(orders, cookbook)
    print_whole(orders, cookbook)


def print_misread(start: str, rows: list[dict[str, Any]], cookbook: Cookbook) -> None:
    """Print the requests in which a part, or a quota, is misread; `start` begins its name."""
    for row in rows:
        meant = meant_of(row, cookbook)
        try:
            order, before = orders_of(row, cookbook)
        except InvalidRequest:
            continue
        for name, read, wanted in parts_of(order, meant, before):
            if name.startswith(start) and read != wanted:
                print(f"{row['id']} {is_said(name, meant)} {read} {wanted} {row['text']!r}")
        for quota in quotas_of(meant):
            for name, is_right in judged(order, quota) if isinstance(quota, dict) else ():
                if name.startswith(start) and not is_right:
                    print(f"{row['id']} {quota} {row['text']!r}")


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
    quotas, kept = Counter[str](), Counter[str]()
    without_a_place = 0
    for row in rows:
        meant = meant_of(row, cookbook)
        try:
            order, before = orders_of(row, cookbook)
        except InvalidRequest:
            refused += 1
            continue
        for name, read, wanted in parts_of(order, meant, before):
            short = name.partition(" (")[0]
            if is_said(name, meant):
                said[name] += 1
                right[name] += read == wanted
                aside = {one.name for one in order.not_considered}
                told[name] += read != wanted and bool(TOLD_AS.get(short, set()) & aside)
            else:
                unsaid[name] += 1
                invented[name] += read != wanted
        for quota in quotas_of(meant):
            found = list(judged(order, quota)) if isinstance(quota, dict) else []
            without_a_place += not found
            quotas.update(name for name, _ in found)
            kept.update(name for name, is_right in found if is_right)
    print("| part | said | read right | not, and said so | not said | read all the same |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name in PARTS:
        print(
            f"| {name} | {said[name]} | {share(right[name], said[name])} | {told[name]} | "
            f"{unsaid[name]} | {share(invented[name], unsaid[name])} |"
        )
    print("\n| of some days or meals only (`quotas`) | said | read right |")
    print("| --- | --- | --- |")
    for name, count in quotas.most_common():
        print(f"| {name} | {count} | {share(kept[name], count)} |")
    print(f"\nquotas of a kind that no order has a place for: {without_a_place}")
    print(f"\nasked back or refused: {refused} of {len(rows)}")
    counts = [sum(name in row["expects"] for row in rows) for name in WITHOUT_A_PLACE]
    said_in_vain = ", ".join(
        f"{name} {count}" for name, count in zip(WITHOUT_A_PLACE, counts, strict=True)
    )
    print(f"said, with no place in an order yet: {said_in_vain}")


def print_whole(rows: list[dict[str, Any]], cookbook: Cookbook) -> None:
    """Print how many orders are right in every part, and what spoils the others."""
    spoils, alone = Counter[str](), Counter[str]()
    right = silent = 0
    for row in rows:
        try:
            order, before = orders_of(row, cookbook)
        except InvalidRequest:
            continue
        found = list(faults(order, meant_of(row, cookbook), before))
        names = {fault.part for fault in found}
        right += not names
        silent += any(fault.is_dropped for fault in found)
        spoils.update(names)
        alone.update(names if len(names) == 1 else ())
    print(f"\nright in every part: {with_interval(right, len(rows))}")
    print(f"without a part dropped in silence: {with_interval(len(rows) - silent, len(rows))}\n")
    print("| part | orders it spoils | alone |")
    print("| --- | --- | --- |")
    for name, count in spoils.most_common():
        print(f"| {name} | {count} | {alone[name]} |")


def with_interval(count: int, total: int) -> str:
    """Return a count with its share and the interval of Wilson's score that holds it, 95%."""
    square = DEVIATIONS**2
    middle = (count + square / 2) / (total + square)
    half = DEVIATIONS * sqrt(count * (total - count) / total + square / 4) / (total + square)
    return f"{share(count, total)}, 95% interval {middle - half:.1%} to {middle + half:.1%}"


def share(count: int, total: int) -> str:
    """Return a count with its share."""
    return f"{count} ({count / total:.1%})" if total else "-"


if __name__ == "__main__":
    main()
