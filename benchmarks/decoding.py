"""Which temperature and repetition penalty kondate answers best with, on held-out requests.

python benchmarks/decoding.py
"""

from itertools import product

from chef_llm.cookbook import load_cookbook
from chef_train.answerers import model_alone
from chef_train.evaluate import Results, load, rate
from chef_train.heldout import HeldOut

PER_CLASS = 25
TEMPERATURES = (0.0, 0.3, 0.7, 1.0)
PENALTIES = (1.0, 1.1)


def main() -> None:
    """Print a table of overall scores, all on the same requests."""
    cookbook = load_cookbook()
    cases = list(HeldOut(cookbook, "decoding").cases(PER_CLASS))
    print("| temperature | repetition penalty | without a fault |\n| --- | --- | --- |")
    for temperature, penalty in product(TEMPERATURES, PENALTIES):
        generator = load("kondate", 1, temperature=temperature, repetition_penalty=penalty, seed=1)
        name = f"{temperature}/{penalty}"
        results = Results(name, model_alone(generator), cases, cookbook)
        print(f"| {temperature:g} | {penalty:g} | {rate(*results.overall())} |", flush=True)


if __name__ == "__main__":
    main()
