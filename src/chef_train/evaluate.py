"""Measure how well a model plans menus on requests it has never seen.

    make eval                                     # the embedded model; writes docs/kondate.md
    python -m chef_train.evaluate --model build/kondate/kondate-Q8_0.gguf

The score is the model's own, decoding freely: no grammar, planner or recipe card helps it. Beside
it stand the service around that model, retrieval without a model, and another model if one is
named by `--beside`.
"""

import argparse
import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from chef_llm.chat.chef import Chef
from chef_llm.cookbook import Cookbook, load_cookbook
from chef_llm.engines.llama_cpp import LlamaCppEngine
from chef_llm.models.catalogue import find_model
from chef_train.answerers import Answerer, model_alone, retrieval, service
from chef_train.heldout import Case, HeldOut, judge, keeps_exclusion, uses_all

EXAMPLES_SHOWN: Final = 10


def wilson(right: int, total: int) -> tuple[float, float]:
    """Return the 95% confidence interval of a rate (Wilson score, 1927)."""
    if not total:
        return 0.0, 1.0
    z, rate = 1.96, right / total
    centre = (rate + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(rate * (1 - rate) / total + z * z / (4 * total**2)) / (1 + z * z / total)
    return centre - half, centre + half


def rate(right: int, total: int) -> str:
    """Return a rate with its count and 95% confidence interval."""
    low, high = wilson(right, total)
    return f"{right / total:.1%} ({right}/{total}; {low:.1%} to {high:.1%})"


def load(name_or_path: str, threads: int, **sampling: Any) -> Chef:
    """Load a model of the catalogue or a GGUF file; `sampling` replaces some of its defaults."""
    model = find_model(name_or_path)
    model = replace(model, sampling=replace(model.sampling, **sampling))
    engine = LlamaCppEngine(model.path, model.context_length, threads=threads)
    return Chef(engine, model, load_cookbook())


def pairs(answer: Answerer, cookbook: Cookbook, count: int) -> str:
    """Measure how often two ingredients are both used, and how often an exclusion is kept."""
    cases = list(HeldOut(cookbook, "pairs").cases(count, ("two ingredients", "exclusion")))
    texts = [answer(case)[0] for case in tqdm(cases, desc="pairs")]
    both = list(zip(cases, texts, strict=True))
    two = [uses_all(*one, cookbook) for one in both if one[0].kind == "two ingredients"]
    kept = [keeps_exclusion(*one, cookbook) for one in both if one[0].kind == "exclusion"]
    return "\n".join(
        [
            "| held-out requests | rate (count; 95% interval) |",
            "| --- | --- |",
            f"| three dishes or more that use both ingredients | {rate(sum(two), len(two))} |",
            f"| what is to be left out is left out | {rate(sum(kept), len(kept))} |",
        ]
    )


class Results:
    """The faults of one answerer's answers to all cases."""

    def __init__(self, name: str, answer: Answerer, cases: Sequence[Case], cookbook: Cookbook):
        self.name = name
        self.cases = cases
        self.cookbook = cookbook
        self.texts: list[str] = []
        self.faults: list[list[str]] = []
        for case in tqdm(cases, desc=name):
            text, ended = answer(case)
            self.texts.append(text)
            self.faults.append(judge(case, text, cookbook, ended=ended))

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return right answers and all, by class."""
        total = Counter(case.kind for case in self.cases)
        right = Counter(
            case.kind for case, faults in zip(self.cases, self.faults, strict=True) if not faults
        )
        return {kind: (right[kind], count) for kind, count in total.items()}

    def overall(self) -> tuple[int, int]:
        """Return right answers and all."""
        return sum(not faults for faults in self.faults), len(self.cases)

    def kept(self) -> tuple[int, int]:
        """Return the answers that hold nothing that was to be left out, and all that may not."""
        asked = [
            keeps_exclusion(case, text, self.cookbook)
            for case, text in zip(self.cases, self.texts, strict=True)
            if case.wish is not None and case.wish.excluded is not None
        ]
        return sum(asked), len(asked)

    def failures(self) -> str:
        """Return the failed cases, one JSON object a line."""
        rows = [
            {
                "class": case.kind,
                "turns": [turn.content for turn in case.messages],
                "answer": text,
                "faults": faults,
            }
            for case, text, faults in zip(self.cases, self.texts, self.faults, strict=True)
            if faults
        ]
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

    def examples(self) -> str:
        """Return every so-manieth case with its answer as it came, right or wrong."""
        blocks = []
        for index in range(0, len(self.cases), len(self.cases) // EXAMPLES_SHOWN):
            turns = "\n".join(f"> {turn.content}" for turn in self.cases[index].messages)
            verdict = "; ".join(self.faults[index]) or "no fault"
            blocks.append(f"{turns}\n{self.texts[index]}\n# {verdict}")
        return "```text\n" + "\n\n".join(blocks[:EXAMPLES_SHOWN]) + "\n```"


def table(columns: Sequence[Results]) -> str:
    """Return a table of all classes; the first column stands with its interval."""
    first, *others = columns
    lines = ["| class | " + " | ".join(column.name for column in columns) + " |"]
    lines.append("| --- |" + " --- |" * len(columns))
    for kind, (right, total) in first.counts().items():
        shares = "".join(f" | {column.counts()[kind][0] / total:.0%}" for column in others)
        lines.append(f"| {kind} | {rate(right, total)}{shares} |")
    right, total = first.overall()
    shares = "".join(f" | {column.overall()[0] / total:.1%}" for column in others)
    lines.append(f"| all | {rate(right, total)}{shares} |")
    kept = "".join(f" | {rate(*column.kept())}" for column in columns)
    lines.append(f"| nothing that was to be left out{kept} |")
    return "\n".join([*lines, "", f"Overall: {right / total:.1%} ({right}/{total})"])


def write_card(card: Path, blocks: dict[str, str]) -> None:
    """Put each block between its marks `<!-- name -->` and `<!-- /name -->` in a document."""
    text = card.read_text(encoding="utf-8")
    for name, block in blocks.items():
        marks = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)
        if not marks.search(text):
            raise ValueError(f"{card} has no marks <!-- {name} --> and <!-- /{name} -->")
        text = marks.sub(lambda _, block=block: f"\n{block}\n\n", text)
    card.write_text(text, encoding="utf-8")


def main() -> None:
    """Print the tables, and write them into the model's card."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="kondate")
    parser.add_argument("--beside", help="another model to compare with")
    parser.add_argument("--per-class", type=int, default=50)
    parser.add_argument("--pairs", type=int, default=200, help="requests with two ingredients")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--temperature", type=float, default=None)
    parser.add_argument("--repetition-penalty", type=float, default=None)
    parser.add_argument("--alone", action="store_true", help="the model's own score and no other")
    parser.add_argument("--failures", type=Path, help="write the failed cases here, as JSON lines")
    parser.add_argument("--card", type=Path, help="the document that holds the results")
    arguments = parser.parse_args()
    names = ("temperature", "repetition_penalty")
    sampling = {name: value for name in names if (value := getattr(arguments, name)) is not None}
    generator = load(arguments.model, arguments.threads, **sampling)
    cookbook = generator.cookbook
    cases = list(HeldOut(cookbook).cases(arguments.per_class))
    columns = [Results("the model alone", model_alone(generator), cases, cookbook)]
    if not arguments.alone:
        columns.append(Results("with the service", service(generator), cases, cookbook))
        columns.append(Results("retrieval, no model", retrieval(cookbook), cases, cookbook))
    if arguments.beside:
        other = model_alone(load(arguments.beside, arguments.threads))
        columns.append(Results(Path(arguments.beside).stem, other, cases, cookbook))
    two = pairs(model_alone(generator), cookbook, arguments.pairs) if arguments.pairs else ""
    blocks = {"pairs": two, "classes": table(columns), "examples": columns[0].examples()}
    if arguments.card:
        write_card(arguments.card, blocks)
    if arguments.failures:
        arguments.failures.write_text(columns[0].failures(), encoding="utf-8")
    print(f"model: {generator.model.path.name}\n\n{blocks['pairs']}\n\n{blocks['classes']}")


if __name__ == "__main__":
    main()
