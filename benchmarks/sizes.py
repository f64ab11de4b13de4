"""Score, bytes and speed of kondate in several quantizations, side by side.

    python benchmarks/sizes.py build/kondate       # the folder that training wrote

Answers are interleaved over the files; seconds are medians of whole answers with their cards.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from chef_convert import convert
from chef_llm.chat.chef import Question
from chef_llm.chat.service import whole
from chef_llm.cookbook import load_cookbook
from chef_llm.engines import Deadline
from chef_train.answerers import model_alone
from chef_train.evaluate import Results, load, rate
from chef_train.heldout import HeldOut

PER_CLASS = 25
TIMED = 60
QUANTIZATIONS = ("F32", "Q8_0", "Q4_0")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    folder = parser.parse_args().checkpoint
    cookbook = load_cookbook()
    cases = list(HeldOut(cookbook, "sizes").cases(PER_CLASS))
    with tempfile.TemporaryDirectory() as scratch:
        files = {name: Path(scratch) / f"{name}.gguf" for name in QUANTIZATIONS}
        for name, path in files.items():
            convert(folder, path, name, {"license": "mit"})
        generators = {name: load(str(path), threads=1) for name, path in files.items()}
        seconds: dict[str, list[float]] = {name: [] for name in files}
        for case in cases[:: len(cases) // TIMED]:
            for name, generator in generators.items():
                started = time.perf_counter()
                whole(
                    generator.reply(
                        Question(case.messages, generator.model.sampling), Deadline.after(60)
                    )
                )
                seconds[name].append(time.perf_counter() - started)
        print("| quantization | MB | seconds an answer | without a fault |")
        print("| --- | --- | --- | --- |")
        for name, generator in generators.items():
            score = Results(name, model_alone(generator), cases, cookbook).overall()
            size = files[name].stat().st_size / 1e6
            median = statistics.median(seconds[name])
            print(f"| {name} | {size:.1f} | {median:.3f} | {rate(*score)} |", flush=True)


if __name__ == "__main__":
    main()
