"""Width and depth: models of several shapes trained for the same few minutes, from nothing.

    python benchmarks/shapes.py build/corpus.jsonl build/spiece.model --minutes 1.5

Each run falls to a rate of zero by its end, as the long one does; the machine should be idle. So
short a run says what learns fastest, not what learns most.
"""

import argparse
import tempfile
from pathlib import Path

from chef_convert import convert
from chef_llm.cookbook import load_cookbook
from chef_train.answerers import model_alone
from chef_train.evaluate import Results, load, rate
from chef_train.heldout import HeldOut
from chef_train.tokenizer import Tokenizer
from chef_train.train import Examples, Recipe, export, train

SHAPES = (
    Recipe(width=128),
    Recipe(width=256, layers=2),
    Recipe(width=256),
    Recipe(width=256, layers=6),
    Recipe(width=384, heads=6),
)
PER_CLASS = 10


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("tokenizer", type=Path)
    parser.add_argument("--minutes", type=float, default=1.5)
    arguments = parser.parse_args()
    tokenizer = Tokenizer(arguments.tokenizer)
    examples = Examples(arguments.corpus, tokenizer)
    cookbook = load_cookbook()
    cases = list(HeldOut(cookbook, "shapes").cases(PER_CLASS))
    print("| width | layers | M parameters | tokens/s | M tokens | loss | without a fault |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for recipe in SHAPES:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            run = train(examples, tokenizer.size, recipe, folder, arguments.minutes)
            export(run.model, recipe, tokenizer, folder)
            (folder / "spiece.model").write_bytes(arguments.tokenizer.read_bytes())
            convert(folder, folder / "model.gguf", "F32", {"license": "mit"})
            answer = model_alone(load(str(folder / "model.gguf"), threads=1))
            right, total = Results("shape", answer, cases, cookbook).overall()
        weights = sum(weight.numel() for weight in run.model.parameters()) / 1e6
        print(
            f"| {recipe.width} | {recipe.layers} | {weights:.1f} | {run.tokens / run.seconds:.0f} "
            f"| {run.tokens / 1e6:.2f} | {run.loss:.3f} | {rate(right, total)} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
