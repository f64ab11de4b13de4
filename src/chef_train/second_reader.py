"""Trains the second reader (`chef_llm.reading.second_reader`) on labelled requests.

    python -m chef_train.second_reader          # cross-validation, then the weights

`refusals/*.jsonl` hold requests written by hand, each with what it refuses and what is fine; the
wordings of the corpus join them. Nothing of `benchmarks/frozen` is read here.
"""

import argparse
import json
import random
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.metrics import roc_auc_score

import chef_llm.reading.second_reader as reader
from chef_llm.cookbook import Cookbook, load_cookbook
from chef_llm.cookbook.model import fold
from chef_llm.reading.forms import read_forms
from chef_llm.reading.in_context import Part, masked
from chef_llm.reading.lexicon import Mention, lexicon
from chef_llm.reading.mentions import read_foods
from chef_llm.reading.signals import find_signals
from chef_llm.reading.text import read_text
from chef_llm.reading.words import DISH_WORDS
from chef_train.folds import FOLDS, TWINS, fold_of
from chef_train.hashed import fitted, matrix_of, write_table
from chef_train.phrasing import Writer, tidy
from chef_train.wishes import VEGETARIAN, Teacher
from chef_train.wording import exclusions, vocabulary, wordings

FOLDER: Final = Path(__file__).with_name("refusals")
# Labels that are no names of the cookbook, and by what a mention of them is known.
TASTES: Final = {"辛いもの": "唐辛子", "生もの": "生", "チーズ": "ピザ用チーズ"}
# Tried: 0.02 to 0.5; the area under the curve changes in the third digit.
INVERSE_REGULARISATION: Final = 0.07
# Ordinary requests (files r and on) count double: they are what is mostly asked. So do the twins:
# each refusal beside a request in like words that refuses nothing.
ORDINARY: Final = frozenset((*"rstuvwxyz", *TWINS))
ORDINARY_WEIGHT: Final = 2.0
# File n holds the sentences of the tests.
OWN_WEIGHT: Final = 5.0
# Of these readings a part is what follows of who eats, and stands in no word.
ORDER_WEIGHT: Final = 1.0
# The corpus has many sentences out of few frames.
CORPUS_WEIGHT: Final = 0.5
DRAWN: Final = 2500
REFUSED: Final = (
    *("卵", "牛乳", "小麦", "えび", "いか", "そば", "落花生", "豚肉", "きのこ", "玉ねぎ", "トマト"),
    *("なす", "ナッツ", "ピーマン", "納豆", "さば", "チーズ", "にんにく", "マヨネーズ", "魚"),
)
WISHED: Final = (
    *("鶏むね肉とキャベツ", "卵とトマト", "なすと豚こま", "豆腐", "鮭、白菜、しめじ", "大根と豚肉"),
    *("牛肉やじゃがいも", "えびとブロッコリー", "ひき肉 なす", "卵", "さば", "もやしとにら"),
)


@dataclass(frozen=True)
class Example:
    """One food of one request: its features, whether it is refused, and where it is from.

    `parts` is the whole request as `in_context` sees it, and `number` which of its foods this is
    (None: it is in no part of its own).
    """

    request: str
    kind: str
    word: str
    parts: tuple[Part, ...]
    number: int | None
    buckets: tuple[int, ...]
    is_refused: bool
    is_flagged: bool
    weight: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the cross-validation and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    default = Path(reader.__file__).with_name(reader.WEIGHTS)
    parser.add_argument("--to", type=Path, default=default)
    options = parser.parse_args(arguments)
    examples = [*hand_written(), *from_orders(), *from_wordings()]
    matrix = matrix_of([one.buckets for one in examples], reader.BUCKETS)
    refused = np.array([one.is_refused for one in examples])
    weights = np.array([one.weight for one in examples])
    print(f"{len(examples)} foods of {len({one.request for one in examples})} requests")
    cross_validate(examples, matrix, refused, weights)
    write_table(fitted(matrix, refused, weights, INVERSE_REGULARISATION), options.to)


def hand_written() -> Iterator[Example]:
    """Yield the foods of the requests in `refusals/`."""
    cookbook = load_cookbook()
    for path in sorted(FOLDER.glob("*.jsonl")):
        weight = (
            OWN_WEIGHT if path.stem == "n" else ORDINARY_WEIGHT if path.stem in ORDINARY else 1.0
        )
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield from examples_of(row, cookbook, weight)


def from_orders() -> Iterator[Example]:
    """Yield the foods of the requests of `orders/`: what people wish for while they plan and list.

    What a reading leaves out, of all days or of one, is refused; all else that is named is fine.
    """
    cookbook = load_cookbook()
    for path in sorted(FOLDER.with_name("orders").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            meant = (row := json.loads(line))["expects"]
            if meant["intent"] == "outside":
                continue
            of_days = [one for one in _listed(meant.get("quotas")) if isinstance(one, dict)]
            refused = [
                name
                for part in (meant, *of_days)
                for key in ("exclude", "allergens")
                for name in _listed(part.get(key))
            ]
            told = {"id": f"order-{row['id']}", "text": row["text"], "refused": refused, "fine": []}
            yield from examples_of({"kind": "wish", **told}, cookbook, ORDER_WEIGHT)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def from_wordings() -> Iterator[Example]:
    """Yield the foods of the corpus' own ways to leave something out and to wish for it."""
    cookbook = load_cookbook()
    rng = random.Random(20_260_401)
    for number, row in enumerate(
        [
            *_drawn(cookbook, rng),
            *_phrases(rng),
            *_frames(rng),
            *_recipes(cookbook, rng),
            *_dishes(cookbook, rng),
        ]
    ):
        row["id"] = f"corpus-{number}"
        yield from examples_of(row, cookbook, CORPUS_WEIGHT)


def _drawn(cookbook: Cookbook, rng: random.Random) -> Iterator[dict[str, Any]]:
    """Yield requests as kondate learns them."""
    writer = Writer(cookbook, "train")
    left = {True: DRAWN, False: DRAWN}
    for wish in Teacher(cookbook).wishes(rng, held_out=False):
        is_refusal = wish.excluded is not None
        if wish.excluded == VEGETARIAN or not left[is_refusal]:
            if not any(left.values()):
                return
            continue
        left[is_refusal] -= 1
        refused = ["えび", "かに"] if wish.excluded == "甲殻類" else [wish.excluded or ""]
        yield {
            "kind": "refusal" if is_refusal else "wish",
            "text": writer.request(wish, rng),
            "refused": refused if is_refusal else [],
            "fine": wish.ingredients,
        }


def _phrases(rng: random.Random) -> Iterator[dict[str, Any]]:
    """Yield each way to leave something out, by itself and beside a wish."""
    ways, frames = exclusions("train"), wordings("train").menus
    phrases = [(phrase, False) for phrase in (*ways.before, *ways.allergies_before)]
    phrases += [(phrase, True) for phrase in (*ways.after, *ways.allergies_after)]
    phrases += [(phrase, True) for phrase in wordings("train").changes.exclusion]
    for phrase, is_behind in phrases:
        for food in rng.sample(REFUSED, 3):
            said = phrase.format(ex=food)
            row = {"kind": "refusal", "refused": [food], "fine": ["ごぼう", "れんこん"]}
            yield row | {"text": said}
            place = {"post": f"。{said}"} if is_behind else {"pre": said}
            yield row | {"text": _filled(rng.choice(frames), rng, "ごぼうとれんこん", **place)}


def _frames(rng: random.Random) -> Iterator[dict[str, Any]]:
    """Yield each frame of a wish with conditions of all kinds, and what is added to a menu."""
    words = vocabulary()
    clauses = [*words.seasons, *words.minutes, *chain.from_iterable(words.styles.values())]
    row: dict[str, Any] = {"kind": "wish", "refused": [], "fine": []}
    for frame in (*wordings("train").menus, *wordings("train").open_menus):
        for wished in rng.sample(WISHED, 2):
            clause = rng.choice(("", rng.choice(clauses))).format(s="秋", m=20)
            yield row | {"text": _filled(frame, rng, wished, pre=clause)}
    for aside in words.asides:
        yield row | {"text": f"{aside}{rng.choice(WISHED)}で夕食を。{rng.choice(words.asides)}"}
    for phrase in wordings("train").changes.addition:
        for food in rng.sample(REFUSED, 4):
            yield row | {"text": phrase.format(x=food)}


def _dishes(cookbook: Cookbook, rng: random.Random) -> Iterator[dict[str, Any]]:
    """Yield dishes asked for without something: 「肉じゃが、卵抜きで」."""
    ways, names = exclusions("train"), sorted({*cookbook.dishes, *DISH_WORDS})
    for phrase in (*ways.after, *wordings("train").changes.exclusion):
        dish, food = rng.choice(names), rng.choice(REFUSED)
        joint = rng.choice(["、", "。", "を", "で、"])
        text = f"{dish}{joint}{phrase.format(ex=food)}"
        yield {"kind": "refusal", "refused": [food], "fine": [dish], "text": text}
    for phrase in (*ways.before, *ways.allergies_before):
        dish, food = rng.choice(names), rng.choice(REFUSED)
        text = f"{phrase.format(ex=food)}{dish}{rng.choice(('', 'を', 'で夕食を', 'が食べたい'))}"
        yield {"kind": "refusal", "refused": [food], "fine": [dish], "text": text}


def _recipes(cookbook: Cookbook, rng: random.Random) -> Iterator[dict[str, Any]]:
    """Yield recipes asked for, and talk of other things."""
    row: dict[str, Any] = {"kind": "wish", "refused": [], "fine": []}
    names = sorted(cookbook.dishes)
    for sentence in wordings("train").recipes:
        for dish in rng.sample(names, 4):
            yield row | {"text": sentence.format(dish=dish, n="2人分の")}
    for sentence in (*wordings("train").declines, *wordings("train").greetings):
        yield row | {"text": sentence}


def _filled(frame: str, rng: random.Random, foods: str, **parts: str) -> str:
    words = vocabulary()
    drawn = {"n": rng.choice(("", "4人分の")), "ask": rng.choice(words.asks), "pre": "", "post": ""}
    drawn["meal"] = rng.choice([one for meal in words.meals.values() for one in meal])
    return tidy(frame.format(**{"ing": foods, **drawn, **parts}))


def examples_of(row: dict[str, Any], cookbook: Cookbook, weight: float) -> Iterator[Example]:
    """Yield each food of a request that its labels speak of."""
    words = lexicon(cookbook)
    text, clauses = read_forms(read_text(row["text"]), words)
    form, flags = read_foods(text, clauses, words)
    parts, foods = masked(form)
    numbers = {food: number for number, food in enumerate(foods)}
    for clause in clauses:
        seen = reader.view(form, clause)
        for food, place in seen.foods:
            spelled = form.text.folded[food.start : food.end]
            refused = means(food, spelled, row["refused"], cookbook)
            fine = means(food, spelled, row.get("fine", ()), cookbook)
            if row["kind"] == "refusal" and refused == fine:
                continue
            low = max(0, place - reader.WINDOW_BEFORE)
            around = seen.characters[low : place + reader.WINDOW_BEHIND]
            said = flags.get(food, ())
            buckets = reader.features(around, place - low, list(find_signals(around)), said)
            yield Example(
                row["id"],
                row["kind"],
                food.meaning.name,
                tuple(parts),
                numbers.get(food),
                tuple(sorted(buckets)),
                refused,
                bool({"rule", "form"} & set(said)),
                weight,
            )


def means(  # noqa: PLR0911  # one a likeness
    food: Mention, spelled: str, names: Collection[str], cookbook: Cookbook
) -> bool:
    """Tell whether a mention is one of the labelled names, a part of one or its group."""
    meaning = food.meaning
    if any(spelled == fold(name) for name in names):
        return True
    own = {meaning.name, meaning.wish, meaning.diet} | meaning.excluded | meaning.allergens
    for name in names:
        if name in own or TASTES.get(name) in meaning.excluded:
            return True
        if meaning.kind == "dish" and fold(name) in fold(meaning.name):
            return True
        if name == "グルテン" and (meaning.diet == "gluten_free" or "小麦" in meaning.allergens):
            return True
        for part in (meaning.name, meaning.wish, *meaning.excluded):
            ingredient = cookbook.ingredients.get(part or "")
            if ingredient and (name in ingredient.groups or name in ingredient.allergens):
                return True
        ingredient = cookbook.ingredients.get(name)
        if ingredient and (
            ingredient.groups & meaning.excluded or ingredient.allergens & meaning.allergens
        ):
            return True
    return False


def cross_validate(
    examples: Sequence[Example], matrix: csr_matrix, refused: Any, weights: Any
) -> None:
    """Print what would be missed and what be left out in vain, of writers not trained on."""
    folds = np.array([fold_of(one.request) for one in examples])
    logits = np.zeros(len(examples))
    for number in range(FOLDS):
        kept = folds != number
        model = fitted(matrix[kept], refused[kept], weights[kept], INVERSE_REGULARISATION)
        logits[~kept] = model.decision_function(matrix[~kept])
    held_out = folds < FOLDS
    examples = [one for one, is_held_out in zip(examples, held_out, strict=True) if is_held_out]
    refused, logits = refused[held_out], logits[held_out]
    print(f"area under the curve: {roc_auc_score(refused, logits):.4f}")
    for threshold in (-1.6, -1.3, -1.0, -0.5):
        print(f"threshold {threshold:4}: {shares_at(threshold, logits, examples)}")


def shares_at(threshold: float, logits: Any, examples: Sequence[Example]) -> str:
    """Tell what is missed above a threshold, beside the rules, and what is left out in vain."""
    refused = np.array([one.is_refused for one in examples])
    left = (logits > threshold) | np.array([one.is_flagged for one in examples])
    missed = np.sum(~left & refused) / np.sum(refused)
    shares = [f"of refused foods missed {missed:.1%}"]
    for kind in ("near_miss", "wish"):
        of_kind = {one.request for one in examples if one.kind == kind}
        hit = {
            one.request
            for one, out in zip(examples, left, strict=True)
            if one.kind == kind and out and not one.is_refused
        }
        shares.append(f"{kind} {len(hit) / max(1, len(of_kind)):.1%}")
    return ", ".join(shares)


if __name__ == "__main__":
    main(sys.argv[1:])
