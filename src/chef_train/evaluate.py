"""Measure how well a model plans menus on requests it has never seen.

    make eval                     # the embedded model, 12 classes
    python -m chef_train.evaluate --model build/kondate/kondate-Q8_0.gguf --pairs 200

The score is the model's own, decoding freely: no grammar, planner or recipe card helps it.
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tqdm import tqdm

from chef_llm.catalog import find_model
from chef_llm.cookbook import Cookbook, load_cookbook
from chef_llm.engines import Deadline
from chef_llm.engines.llama_cpp import LlamaCppEngine
from chef_llm.generator import Generator
from chef_train.heldout import Case, HeldOut, judge, keeps_exclusion, uses_all


def wilson(right: int, total: int) -> tuple[float, float]:
    """Return the 95% confidence interval of a rate (Wilson score, 1927)."""
    if not total:
        return 0.0, 1.0
    z, rate = 1.96, right / total
    centre = (rate + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(rate * (1 - rate) / total + z * z / (4 * total**2)) / (1 + z * z / total)
    return centre - half, centre + half


def answers(generator: Generator, cases: Iterable[Case]) -> Iterable[tuple[Case, str, bool]]:
    """Let the model answer each case; yields the case, the text, and whether it stopped itself."""
    for case in cases:
        reply = generator.reply(
            case.messages, generator.model.sampling, Deadline.after(60), recipes=False
        )
        yield case, reply.text, reply.completion.finish_reason == "stop"


def row(name: str, right: int, total: int) -> str:
    """Return one line of the table: rate, count and confidence interval."""
    low, high = wilson(right, total)
    return f"| {name} | {right / total:.1%} | {right}/{total} | {low:.1%} to {high:.1%} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="kondate")
    parser.add_argument("--per-class", type=int, default=50)
    parser.add_argument("--pairs", type=int, default=200, help="requests with two ingredients")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--failures", type=Path, help="write the failed cases here, as JSON lines")
    arguments = parser.parse_args()
    model, cookbook = find_model(arguments.model), load_cookbook()
    engine = LlamaCppEngine(model.path, model.context_length, threads=arguments.threads)
    generator = Generator(engine, model, cookbook)
    print(f"model: {model.path.name}\n")
    pairs(generator, cookbook, arguments.pairs)
    classes(generator, cookbook, arguments.per_class, arguments.failures)


def pairs(generator: Generator, cookbook: Cookbook, count: int) -> None:
    """Print how often a request with two ingredients gets a menu that uses both."""
    cases = list(HeldOut(cookbook, "pairs").cases(count, ("two ingredients", "exclusion")))
    results = list(tqdm(answers(generator, cases), total=len(cases), desc="pairs"))
    two = [result for result in results if result[0].kind == "two ingredients"]
    excluding = [result for result in results if result[0].kind == "exclusion"]
    print("| held-out requests | rate | count | 95% interval |\n| --- | --- | --- | --- |")
    used = sum(uses_all(case, text, cookbook) for case, text, _ in two)
    print(row("three dishes or more that use both ingredients", used, len(two)))
    kept = sum(keeps_exclusion(case, text, cookbook) for case, text, _ in excluding)
    print(row("what is to be left out is left out", kept, len(excluding)) + "\n")


def classes(
    generator: Generator, cookbook: Cookbook, per_class: int, failures: Path | None
) -> None:
    """Print the share of answers without any fault, by class."""
    cases = list(HeldOut(cookbook).cases(per_class))
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    failed = []
    for case, text, ended in tqdm(answers(generator, cases), total=len(cases), desc="classes"):
        faults = judge(case, text, cookbook, ended=ended)
        total[case.kind] += 1
        right[case.kind] += not faults
        if faults:
            turns = [turn.content for turn in case.messages]
            failed.append({"class": case.kind, "turns": turns, "answer": text, "faults": faults})
    print("| class | rate | count | 95% interval |\n| --- | --- | --- | --- |")
    for kind, count in total.items():
        print(row(kind, right[kind], count))
    sum_right, sum_total = right.total(), total.total()
    print(f"\nOverall: {sum_right / sum_total:.1%} ({sum_right}/{sum_total})")
    if failures:
        lines = (json.dumps(failure, ensure_ascii=False) for failure in failed)
        failures.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
