"""Measure a corpus: how much it holds, and what it shares with the held-out requests.

python benchmarks/corpus.py build/corpus.jsonl build/spiece.model
"""

import argparse
import json
import re
from collections import Counter
from itertools import combinations
from pathlib import Path

from tqdm import tqdm

from chef_llm.cookbook import load_cookbook
from chef_train.heldout import HeldOut
from chef_train.tokenizer import Tokenizer
from chef_train.wishes import is_held_out
from chef_train.wording import wordings

PER_CLASS = 50
PAIRS = 200
TITLE = re.compile(r"^(.*?)を使った、")
REQUEST = re.compile(r"User:((?:(?!User:).)*?)\\n\[SEP\]")


def held_out_texts() -> set[str]:
    """Return what the two held-out sets of `make eval` ask."""
    cookbook = load_cookbook()
    cases = [*HeldOut(cookbook).cases(PER_CLASS), *HeldOut(cookbook, "pairs").cases(PAIRS)]
    return {case.messages[-1].content for case in cases if len(case.messages) == 1}


def template_words() -> list[list[str]]:
    """Return, of each held-out template, the words between its slots."""
    templates = (*wordings("held_out").menus, *wordings("held_out").recipes)
    return [[word.strip("。") for word in re.split(r"\{\w+\}", one)] for one in templates]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("tokenizer", type=Path)
    arguments = parser.parse_args()
    tokenizer = Tokenizer(arguments.tokenizer)
    templates = template_words()
    ingredients = list(load_cookbook().ingredients)
    kinds: Counter[str] = Counter()
    requests: set[str] = set()
    pairs: set[frozenset[str]] = set()
    prompt_tokens = answer_tokens = of_templates = 0
    with arguments.corpus.open(encoding="utf-8") as file:
        for line in tqdm(file):
            record = json.loads(line)
            kinds[record["kind"]] += 1
            prompt_tokens += len(tokenizer.encode(record["prompt"]))
            answer_tokens += len(tokenizer.encode_answer(record["answer"]))
            request = REQUEST.findall(record["prompt"])[-1]
            requests.add(request)
            if "Assistant:" not in record["prompt"]:
                of_templates += any(all(word in request for word in words) for words in templates)
            if title := TITLE.match(record["answer"]):
                named = f"と{title[1]}と"
                names = [name for name in ingredients if f"と{name}と" in named]
                pairs |= {frozenset(pair) for pair in combinations(names, 2)}
    total = kinds.total()
    rows = {
        "conversations": f"{total:,}",
        "of them " + ", ".join(kinds): ", ".join(f"{n / total:.0%}" for n in kinds.values()),
        "distinct last turns": f"{len(requests):,}",
        "distinct ingredient pairs": f"{len(pairs):,}",
        "tokens of prompts": f"{prompt_tokens:,}",
        "tokens of answers": f"{answer_tokens:,}",
        "requests that are in the held-out set": f"{len(requests & held_out_texts()):,}",
        "requests in a held-out template": f"{of_templates:,}",
        "held-out ingredient pairs": f"{sum(is_held_out(*pair) for pair in pairs):,}",
    }
    print("| corpus | |\n| --- | --- |")
    for name, value in rows.items():
        print(f"| {name} | {value} |")


if __name__ == "__main__":
    main()
