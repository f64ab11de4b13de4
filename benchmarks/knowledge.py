"""How often the right entry answers a question of the kitchen, and what is answered wrongly.

Run: .venv/bin/python benchmarks/knowledge.py

`kitchen/tuning.tsv` holds questions that the numbers were chosen on, `kitchen/heldout.tsv` others,
written afterwards and not looked at: an entry and a way of asking for it. Nothing may be answered
to the requests of `chef_train/orders` (half of them were looked at, by a hash of their ids) and of
`frozen/` that are orders or other talk; those that ask for advice are left out.
"""

import json
import statistics
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import chef_train
from chef_llm.chat.kitchen_index import KitchenIndex
from chef_llm.chat.kitchen_talk import find
from chef_llm.cookbook import Cookbook, load_cookbook
from chef_llm.cookbook.kitchen import load_knowledge
from chef_llm.reading.lexicon import lexicon

HERE: Final = Path(__file__).parent
ORDERS: Final = Path(chef_train.__file__).with_name("orders")
ADVICE: Final = "advice"
OTHER_TALK: Final = frozenset({"courtesy", "outside"})
LOOKED_AT: Final = "looked at"
HELD_OUT: Final = "held out"


def main() -> None:
    """Print the tables."""
    cookbook = load_cookbook()
    words = lexicon(cookbook)
    entries = load_knowledge()
    started = time.perf_counter()
    index = KitchenIndex(entries, words)
    built = time.perf_counter() - started
    find("卵の代用", cookbook)
    print(f"{len(entries)} entries, {sum(len(entry.phrasings) for entry in entries)} phrasings\n")
    print("| questions of the kitchen | count | nearest is right | answered rightly | wrongly |")
    print("| --- | --- | --- | --- | --- |")
    for name, title in (("tuning", LOOKED_AT), ("heldout", HELD_OUT)):
        print_questions(f"{name}.tsv", title, index, cookbook)
    print("\n| nothing may be answered | count | answered |")
    print("| --- | --- | --- |")
    requests = [*requests_of(ORDERS), *requests_of(HERE / "frozen")]
    for title in (LOOKED_AT, HELD_OUT, "frozen"):
        for what, is_talk in (("orders", False), ("other talk", True)):
            texts = [text for part, talk, text in requests if (part, talk) == (title, is_talk)]
            answered = sum(find(text, cookbook) is not None for text in texts)
            print(f"| {what}, {title} | {len(texts)} | {share(answered, len(texts))} |")
    print_times(built, cookbook)


def print_questions(name: str, title: str, index: KitchenIndex, cookbook: Cookbook) -> None:
    """Print how many questions of a file are answered, and how."""
    rows = list(questions(name))
    nearest = sum(
        entry.id == wanted for wanted, question in rows for _, entry in index.find(question)[:1]
    )
    found = [(wanted, find(question, cookbook)) for wanted, question in rows]
    right = sum(entry is not None and entry.id == wanted for wanted, entry in found)
    wrong = sum(entry is not None and entry.id != wanted for wanted, entry in found)
    cells = " | ".join(share(count, len(rows)) for count in (nearest, right, wrong))
    print(f"| {title} | {len(rows)} | {cells} |")


def questions(name: str) -> Iterator[tuple[str, str]]:
    """Yield the entry that is meant and the question."""
    for line in (HERE / "kitchen" / name).read_text(encoding="utf-8").splitlines():
        wanted, _, question = line.partition("\t")
        yield wanted, question


def requests_of(folder: Path) -> Iterator[tuple[str, bool, str]]:
    """Yield requests that are no question of the kitchen: which part, whether talk, the text."""
    for path in sorted(folder.glob("orders_*.jsonl" if folder != ORDERS else "*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            intent = row["expects"]["intent"]
            if intent != ADVICE:
                half = HELD_OUT if zlib.crc32(row["id"].encode()) % 2 else LOOKED_AT
                yield half if folder == ORDERS else "frozen", intent in OTHER_TALK, row["text"]


def print_times(built: float, cookbook: Cookbook) -> None:
    """Print how long the index takes, once, and a question."""
    seconds = []
    for _, question in questions("heldout.tsv"):
        started = time.perf_counter()
        find(question, cookbook)
        seconds.append(time.perf_counter() - started)
    middle = statistics.median(seconds) * 1000
    slow = statistics.quantiles(seconds, n=20)[-1] * 1000
    print(
        f"\nindex {built:.1f} s, once; a question {middle:.1f} ms, of 20 the slowest {slow:.1f} ms"
    )


def share(count: int, total: int) -> str:
    """Return a count with its share."""
    return f"{count} ({count / total:.1%})" if total else "-"


if __name__ == "__main__":
    main()
