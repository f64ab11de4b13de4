"""A learned second reader: it tells of a food by all that surrounds it whether it is refused.

Logistic regression. Its features are hashed: short n-grams of characters, by where they stand (what
is said of this food itself, of its neighbours, in the sentence before, in the labels over it), the
order of the classes of words around it (`signals`), and what the rules made of it. Foods themselves
are one character, so that a list is short and no food is refused for its name.
`chef_train.second_reader` trains it; here are its features and its table, one byte a weight.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chef_llm.reading.hashed import buckets_of, table
from chef_llm.reading.in_context import logits_in_context
from chef_llm.reading.lexicon import Mention
from chef_llm.reading.signals import DECISIVE, REFUSING, TELLING, Signal, find_signals, topics_of

if TYPE_CHECKING:
    from chef_llm.reading.forms import Clause
    from chef_llm.reading.net import Form

FOOD: Final = "◆"
BUCKETS: Final = 1 << 17
GRAMS: Final = (1, 2, 3)
WEIGHTS: Final = "second_reader.bin"
# A food that no rule names is left out above the first, in words of refusal that bind to nothing
# above the second.
REFUSED_ABOVE: Final = -1.75
# Of a dish, which is asked for more often than refused.
DISH_REFUSED_ABOVE: Final = -1.5
# A name that may be part of another word is left out above it.
CERTAIN_ABOVE: Final = 0.5
# Of a food of which a rule reads that it is not refused: 「卵アレルギーはないけど」.
DENIED_REFUSED_ABOVE: Final = 1.0
SUSPECT_ABOVE: Final = -1.5
# Below it a plain rule is overruled, where no label refuses and nobody speaks of harm. By requests
# of writers whom it was not trained on: see docs/menus.md.
WISHED_BELOW: Final = -2.5
# Of a food around which no word speaks of refusal, and which the table takes for wished for, the
# encoder is believed only where the mean is above the second.
WISHED_FOR_BELOW: Final = -2.2
UNSUSPECTED_ABOVE: Final = -0.75
NEVER: Final = -99.0
# Where the table puts no food above it and no rule speaks, the encoder is not asked, which takes
# time: of requests of writers whom it was not trained on, no refused food was lost by that.
LOOKED_AT_ABOVE: Final = -5.0
# So many different foods of a text are looked at: a list for a canteen is far shorter.
MOST_FOODS: Final = 400

LABELS: Final = 3
LONGEST_LABEL: Final = 24
# How much of each part around a food counts.
FAR: Final = 40
NEAR: Final = 30
SIGNALS_BEHIND: Final = 14
SIGNALS_BEFORE: Final = 9
# Beyond this nothing is looked at; it keys what was scored already.
WINDOW_BEFORE: Final = 90
WINDOW_BEHIND: Final = 130
SENTENCE_END: Final = re.compile(r"[。!?\n>]")
PIECE_END: Final = re.compile(r"[◆、,;/ ]")
QUOTES: Final = str.maketrans("", "", "「」")
PARTICLE: Final = re.compile(
    r"[』」]?(は|が|を|も|の|と|で|に|って|なら|だけ|とか|や|、|。|:|→| |抜|なし|あれ|$)?"
)


@dataclass(frozen=True)
class View:
    """A clause as the reader sees it: labels first, each food as one character."""

    characters: str
    foods: Sequence[tuple[Mention, int]]


def view(form: "Form", clause: "Clause") -> View:
    """Return what the reader sees of a clause."""
    parts: list[str] = []
    for start, end in clause.labels[-LABELS:]:
        if start < clause.start:
            shown, _ = _masked(form, start, min(end, start + LONGEST_LABEL))
            parts.append(f"{shown}>")
    offset = sum(map(len, parts))
    shown, foods = _masked(form, clause.start, clause.end)
    return View("".join((*parts, shown)), [(food, place + offset) for food, place in foods])


def _masked(form: "Form", start: int, end: int) -> tuple[str, list[tuple[Mention, int]]]:
    parts: list[str] = []
    places: list[tuple[Mention, int]] = []
    done, length = start, 0
    for food in form.foods_in(start, end):
        if food.end > end:
            break
        parts += [form.text.folded[done : food.start], FOOD]
        length += food.start - done
        places.append((food, length))
        length += 1
        done = food.end
    parts.append(form.text.folded[done:end])
    return "".join(parts), places


def features(
    characters: str, place: int, signals: Sequence[Signal], flags: Collection[str]
) -> set[int]:
    """Return the buckets of all features of the food at `place`.

    `flags` tell what the rules made of it ("rule", "form", "predicate"), that it is named
    "again" where nothing refuses it, and that a rule takes it back ("denied").
    """
    names = [
        *_grams(characters, place),
        *_orders(characters, place, signals, flags),
        *_subjects(characters, place, flags),
    ]
    return buckets_of(names, BUCKETS)


def _grams(characters: str, place: int) -> Iterator[str]:
    before = characters[max(0, place - WINDOW_BEFORE) : place].translate(QUOTES)
    behind = characters[place + 1 : place + WINDOW_BEHIND].translate(QUOTES)
    ends = [match.end() for match in SENTENCE_END.finditer(before)]
    left = before[ends[-1] if ends else 0 :]
    stop = SENTENCE_END.search(behind)
    right = behind[: stop.start() if stop else None]
    own = PIECE_END.search(right)
    own_end = own.start() if own else len(right)
    piece = max((match.end() for match in PIECE_END.finditer(left)), default=0)
    food = right.find(FOOD)
    food = len(right) if food < 0 else food
    parts = (
        right[:own_end],
        right[own_end:][:FAR],
        behind[len(right) :][:FAR],
        left[piece:],
        left[:piece][-NEAR:],
        before[: len(before) - len(left)][-NEAR:],
        right[:food][:FAR],
        right[food:][:FAR],
    )
    for tag, part in zip("abcdefgh", parts, strict=True):
        framed = f"^{part}$"
        for length in GRAMS:
            for at in range(len(framed) - length + 1):
                yield tag + framed[at : at + length]


def _subjects(characters: str, place: int, flags: Collection[str]) -> Iterator[str]:
    """Yield what is spoken of around the food, and how its sentence ends."""
    before = characters[:place].translate(QUOTES)
    behind = characters[place + 1 :].translate(QUOTES)
    stop = SENTENCE_END.search(behind)
    right = behind[: stop.start() if stop else None]
    starts = [match.end() for match in SENTENCE_END.finditer(before)]
    left = before[starts[-1] if starts else 0 :]
    match = PARTICLE.match(characters, place + 1)
    particle = (match and match[1]) or "x"
    food = right.find(FOOD)
    own = right if food < 0 else right[:food]
    told = [
        ("o", topics_of(own)),
        ("r", topics_of(right)),
        ("l", topics_of(left)),
        ("n", topics_of(behind[len(right) :])),
        ("p", topics_of(before[: len(before) - len(left)])),
    ]
    ruled = "".join(sorted(flag[0] for flag in flags))
    for tag, found in told:
        yield f"@{tag}={found}"
        for kind in found:
            yield from (f"@{tag}{kind}", f"@{tag}{kind}{particle}", f"@{tag}{kind}#{ruled}")
    ending = right.rstrip(" 、").rstrip("。!?")
    for length in range(2, 7):
        yield f"@e{ending[-length:]}"
    for length in range(1, 4):
        yield f"@ep{particle}{ending[-length:]}"
    mark = stop[0] if stop else "$"
    yield from (f"@m{mark}", f"@m{mark}{ending[-2:]}")
    earlier = before[: len(before) - len(left)]
    others = (FOOD in left, food >= 0, FOOD in behind[len(right) :], FOOD in earlier)
    nearby = "".join(f"{is_there:d}" for is_there in others)
    yield from (f"@f{nearby}", f"@f{nearby}{particle}", f"@f{nearby}#{ruled}")


def _orders(
    characters: str, place: int, signals: Sequence[Signal], flags: Collection[str]
) -> Iterator[str]:
    behind = [one for one in signals if one.start > place][:SIGNALS_BEHIND]
    before = [one for one in signals if one.end <= place][-SIGNALS_BEFORE:]
    right = "".join(one.kind for one in behind)
    left = "".join(one.kind for one in before)
    match = PARTICLE.match(characters, place + 1)
    particle = (match and match[1]) or "x"
    own = right.split(".")[0]
    said = own.replace("F", "").replace(",", "")
    for length in range(1, 7):
        yield f"~R{right[:length]}"
        yield f"~O{said[:length]}{'$' if len(said) <= length else ''}"
        yield f"~P{particle}{said[:length]}"
    decided = [kind for kind in own if kind in DECISIVE] or ["-"]
    first, last = decided[0], decided[-1]
    later = next((kind for kind in right[len(own) :] if kind in DECISIVE), "-")
    earlier = next((kind for kind in reversed(left) if kind in DECISIVE), "-")
    nearer = next((kind for kind in reversed(left.split(".")[-1]) if kind in DECISIVE), "-")
    turns = "".join(kind for kind in "NBPQ" if kind in said)
    yield from (f"~1{first}", f"~1p{particle}{first}", f"~l{last}", f"~fl{first}{last}")
    yield from (f"~t{particle}{first}{last}{turns}", f"~x{first}{last}{later}")
    yield from (f"~y{first}{nearer}", f"~z{first}{last}{earlier}{nearer}")
    yield f"~all{''.join(sorted({one.kind for one in signals if one.kind in DECISIVE}))}"
    told = "".join(kind for kind in TELLING if kind in right)
    rest = "".join(kind for kind in TELLING if kind in left)
    last_of_all = next((kind for kind in reversed(right) if kind in DECISIVE), "-")
    yield from (f"~v{told}", f"~vf{first}{told}", f"~vl{last_of_all}{told}", f"~vb{rest}")
    yield from (f"~vlf{first}{last_of_all}", f"~vo{'O' in left}{'Z' in right}{'V' in right}")
    for length in range(1, 5):
        yield f"~L{left[-length:]}"
    for length in range(2, 5):
        for at in range(len(right) - length + 1):
            yield f"~r{right[at : at + length]}"
    for flag in flags:
        yield from (f"#{flag}v{told}", f"#{flag}vl{last_of_all}", f"#{flag}vb{rest}")
        yield from (f"#{flag}", f"#{flag}{first}{last}", f"#{flag}{said[:4]}")
        yield f"#{flag}{first}{last}{later}"
    found = "".join(sorted(flag[0] for flag in flags))
    yield from (f"#={found}", f"#={found}{first}{last}{turns}")


def logits_of(
    form: "Form", flags: Mapping[Mention, Collection[str]]
) -> tuple[dict[Mention, float], dict[Mention, float]]:
    """Return the logit of being refused of each food, up to `MOST_FOODS` different ones.

    It is the mean of the regression's and of the encoder's, which err in other places; the second
    value is the higher of the two. The encoder reads lines, and so it is not asked about tables.
    """
    weights = table(WEIGHTS)
    scored: dict[tuple[str, str, tuple[str, ...]], tuple[float, bool]] = {}
    found: dict[Mention, float] = {}
    unsuspected: set[Mention] = set()
    for clause in form.clauses:
        seen = view(form, clause)
        for food, place in seen.foods:
            said = tuple(flags.get(food, ()))
            low = max(0, place - WINDOW_BEFORE)
            key = (
                seen.characters[low:place],
                seen.characters[place : place + WINDOW_BEHIND],
                said,
            )
            if key not in scored:
                if len(scored) >= MOST_FOODS:
                    continue
                around = seen.characters[low : place + WINDOW_BEHIND]
                signals = list(find_signals(around))
                logit = weights.logit(features(around, place - low, signals, said))
                is_spoken_ill_of = any(one.kind in REFUSING for one in signals)
                is_left_out = "rule" in said or "form" in said
                scored[key] = logit, not is_spoken_ill_of and not is_left_out
            found[food], is_unsuspected = scored[key]
            if is_unsuspected and found[food] < WISHED_FOR_BELOW:
                unsuspected.add(food)
    if max(found.values(), default=NEVER) <= LOOKED_AT_ABOVE and not any(flags.values()):
        return found, found
    in_tables = set(_in_tables(form))
    told = {food: logit for food, logit in logits_in_context(form).items() if food not in in_tables}
    mean = {food: (logit + told.get(food, logit)) / 2 for food, logit in found.items()}
    mean |= {food: found[food] for food in unsuspected if mean[food] < UNSUSPECTED_ABOVE}
    return mean, {food: max(logit, told.get(food, logit)) for food, logit in found.items()}


def _in_tables(form: "Form") -> Iterator[Mention]:
    """Yield the foods of tables: what is said of them stands in another line, or in none."""
    for clause in form.clauses:
        if clause.kind == "cell":
            for start, end in (*clause.labels, (clause.start, clause.end)):
                yield from form.foods_in(start, end)
