"""The shopping list of a plan: merged, less what is at hand, by section and as a shop sells it."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import repeat
from typing import Final, get_args

from chef_llm.cookbook import Cookbook, Dish, Ingredient
from chef_llm.cookbook.measures import count_text, frying_depth_cm, in_pieces
from chef_llm.cookbook.model import Pack, Section, Yen

NOT_BOUGHT: Final = frozenset({"水"})
# Oil to fry in: a pan of 20 cm across, and the grams of a ml of oil.
PAN_CM2: Final = 314
OIL_GRAMS_OF_ML: Final = 0.92
# Packs of these sections say nothing of their weight.
COUNTED_SECTION: Final = "野菜・果物"
WEIGHED_UNITS: Final = frozenset({"パック", "袋", "箱", "瓶", "さく"})
# Grams of a pack are labelled in steps of ten.
LABEL_STEP: Final = 10
# What is left of these does not keep for long, and is told; so is bread.
PERISHABLE: Final = frozenset(
    {"野菜・果物", "肉", "魚介", "卵・乳製品", "豆腐・大豆製品", "缶詰・加工品"}
)
BREAD: Final = ("米・パン・麺", "パン")
# Less than this is no leftover that anyone plans with.
LEAST_LEFT_GRAMS: Final = 10
# In what a leftover is counted.
LEFT_UNITS: Final = ("丁", "個", "本", "切れ", "尾", "枚", "缶", "玉", "杯")
# An estimate is told in steps of ten yen.
YEN_STEP: Final = 10
# Sums of grams are off by less than this.
ROUNDING: Final = 1e-6
SECTIONS: Final[tuple[str, ...]] = get_args(Section)


@dataclass(frozen=True)
class Taken:
    """What to take from the shelf for some grams: in the words of the shop, and how much it is."""

    measure: str
    grams: float


@dataclass(frozen=True)
class ShoppingItem:
    """One thing to buy.

    `grams` are the edible grams that the recipes lack, `measure` what to take in the shop ("" where
    grams must do), `bought_grams` the edible grams of that, `left_grams` what is over of it and
    does not keep, `left_measure` the same in pieces. `yen` is the estimated price of all of it.
    """

    name: str
    grams: float
    measure: str
    bought_grams: float
    left_grams: float
    left_measure: str
    yen: Yen


def shopping_list(
    dishes: Iterable[Dish],
    servings: int | Sequence[int],
    at_hand: Mapping[str, float | None],
    cookbook: Cookbook,
) -> dict[str, list[ShoppingItem]]:
    """Return what to buy for all `dishes`, by shop section in the order of a shop.

    `servings` are those of every dish, or of each.

    `at_hand` gives the grams that are there; None means enough of it. In the place of ご飯 and
    だし汁 stands what they are made of.
    """
    portions = (
        zip(dishes, repeat(servings), strict=False)
        if isinstance(servings, int)
        else zip(dishes, servings, strict=True)
    )
    needed = _needed(portions, cookbook)
    missing, at_hand_left = _less(needed, at_hand, cookbook)
    raw: dict[str, float] = defaultdict(float)
    for name, grams in missing.items():
        for other, share in cookbook.bought(name, grams):
            raw[other] += share
    bought = raw.keys() - missing.keys()
    still, _ = _less({name: raw[name] for name in bought}, at_hand_left, cookbook)
    sections: dict[str, list[ShoppingItem]] = {section: [] for section in SECTIONS}
    for name, grams in raw.items():
        lacking = still.get(name, 0.0) if name in bought else grams
        if lacking > ROUNDING and name not in NOT_BOUGHT:
            ingredient = cookbook.ingredients[name]
            sections[ingredient.section].append(_item(ingredient, lacking))
    return {section: items for section, items in sections.items() if items}


def left_over(sections: Mapping[str, Iterable[ShoppingItem]]) -> list[ShoppingItem]:
    """Return the things of a list of which something is left that does not keep."""
    return [item for items in sections.values() for item in items if item.left_grams]


def total_yen(sections: Mapping[str, Iterable[ShoppingItem]]) -> Yen:
    """Return what a whole list costs, as an estimate."""
    prices = [item.yen for items in sections.values() for item in items]
    return Yen(
        low=sum(yen.low for yen in prices),
        usual=sum(yen.usual for yen in prices),
        high=sum(yen.high for yen in prices),
    )


def amount_text(name: str, grams: float, measure: str) -> str:
    """Return a thing to buy as a line has it: 合いびき肉 160g（1パック、200g）."""
    said = measure.replace("（", "、").replace("）", "")
    return f"{name} {grams:g}g（{said}）" if said else f"{name} {grams:g}g"


def remarks(sections: Mapping[str, Iterable[ShoppingItem]]) -> list[str]:
    """Return what stands below a list: what is left over, and what all of it costs."""
    left = [amount_text(i.name, i.left_grams, i.left_measure) for i in left_over(sections)]
    yen = total_yen(sections)
    low, usual, high = (round(one / YEN_STEP) * YEN_STEP for one in (yen.low, yen.usual, yen.high))
    said = [f"余り: {'、'.join(left)}"] if left else []
    if usual:
        said.append(f"全部買うと約{usual}円（{low}〜{high}円、2026年11月を想定した目安）")
    return said


def _needed(portions: Iterable[tuple[Dish, int]], cookbook: Cookbook) -> dict[str, float]:
    """Return the grams that the cards ask for; the oil of one pan does for all that is fried."""
    needed: dict[str, float] = defaultdict(float)
    fried: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for dish, servings in portions:
        for part in cookbook.amounts(dish, servings):
            grams = max(part.exact_grams, part.amount.grams)
            if depth := frying_depth_cm(part.amount.measure):
                fried[part.name].append((depth * PAN_CM2 * OIL_GRAMS_OF_ML, grams))
            else:
                needed[part.name] += grams
    for name, pans in fried.items():
        needed[name] += max(*(pan for pan, _ in pans), sum(eaten for _, eaten in pans))
    return needed


def _less(
    needed: Mapping[str, float], at_hand: Mapping[str, float | None], cookbook: Cookbook
) -> tuple[dict[str, float], dict[str, float | None]]:
    """Return what is lacking, and what is at hand beyond; a group (豚肉) is shared out."""
    lacking = dict(needed)
    left: dict[str, float | None] = {}
    for name, grams in at_hand.items():
        rest = grams
        for one in sorted(cookbook.members(name) & needed.keys(), key=list(needed).index):
            taken = lacking[one] if rest is None else min(rest, lacking[one])
            lacking[one] -= taken
            rest = None if rest is None else rest - taken
        left[name] = rest
    return {name: grams for name, grams in lacking.items() if grams > ROUNDING}, left


def _item(ingredient: Ingredient, grams: float) -> ShoppingItem:
    taken = _take(ingredient, grams)
    left = left_grams(ingredient, grams)
    price = ingredient.sold.yen
    return ShoppingItem(
        name=ingredient.name,
        grams=_grams_to_buy(grams),
        measure=taken.measure,
        bought_grams=_grams_to_buy(taken.grams),
        left_grams=float(math.floor(left + ROUNDING)),
        left_measure=_left_measure(ingredient, left) if left else "",
        yen=Yen(
            low=price.low * taken.grams / 100,
            usual=price.usual * taken.grams / 100,
            high=price.high * taken.grams / 100,
        ),
    )


def left_grams(ingredient: Ingredient, grams: float) -> float:
    """Return what is over of the packs that are bought for so many grams, where it spoils."""
    if not is_perishable(ingredient) or not ingredient.sold.packs:
        return 0.0
    packs = _fewest_packs(ingredient.sold.packs, grams)
    left = sum(pack.grams * number for pack, number in packs.items()) - grams
    return left if left >= LEAST_LEFT_GRAMS else 0.0


def is_perishable(ingredient: Ingredient) -> bool:
    """Tell whether what is left of it does not keep for long."""
    section, group = BREAD
    is_bread = ingredient.section == section and group in ingredient.groups
    return ingredient.section in PERISHABLE or is_bread


def _grams_to_buy(grams: float) -> float:
    """Round up: to the gram, and less than one to a tenth."""
    tenths = math.ceil(grams * 10 - ROUNDING)
    return float(math.ceil(grams - ROUNDING)) if grams >= 1 else tenths / 10


def _take(ingredient: Ingredient, grams: float) -> Taken:
    """Return the packs that hold `grams` and leave the least; by weight where there are none."""
    sold = ingredient.sold
    if not sold.packs:
        whole = _grams_to_buy(_with_refuse(ingredient, grams))
        is_more = whole > _grams_to_buy(grams)
        return Taken(f"{sold.form}{whole:g}g" if sold.form or is_more else "", grams)
    packs = _fewest_packs(sold.packs, grams)
    return Taken(
        _packs_text(packs, ingredient),
        sum(pack.grams * number for pack, number in packs.items()),
    )


def _fewest_packs(packs: Sequence[Pack], grams: float) -> dict[Pack, int]:
    """Return the packs that hold `grams` and leave the least, of those the fewest."""
    return min(
        _combinations(packs, grams),
        key=lambda chosen: (
            sum(pack.grams * number for pack, number in chosen.items()),
            sum(chosen.values()),
        ),
    )


def _combinations(packs: Iterable[Pack], grams: float) -> Iterator[dict[Pack, int]]:
    """Yield packs that hold at least `grams`: some of one size, and of one other for the rest."""
    sizes = list(packs)
    for pack in sizes:
        enough = math.ceil((grams - ROUNDING) / pack.grams)
        yield {pack: enough}
        rest = grams - (enough - 1) * pack.grams
        for other in sizes:
            if enough > 1 and other is not pack:
                yield {pack: enough - 1, other: math.ceil((rest - ROUNDING) / other.grams)}


def _packs_text(packs: Mapping[Pack, int], ingredient: Ingredient) -> str:
    """Write packs as one asks for them: 1と1/2個, 2パック（各200g）, 1パック（殻つき300g）."""
    counts: dict[str, Fraction] = defaultdict(Fraction)
    grams: dict[str, float] = {}
    for pack, number in packs.items():
        counts[pack.unit] += pack.count * number
        grams[pack.unit] = pack.grams
    texts = []
    for unit, count in counts.items():
        bare, paren, inside = unit.partition("（")
        form = ingredient.sold.form
        if unit in WEIGHED_UNITS and (ingredient.section != COUNTED_SECTION or form):
            whole = _with_refuse(ingredient, grams[unit])
            each = "各" if count > 1 else ""
            step = LABEL_STEP if whole >= 10 * LABEL_STEP else 1
            paren, inside = "（", f"{each}{form}{round(whole / step) * step}g）"
        texts.append(f"{count_text(count, bare)}{paren}{inside}")
    return "と".join(texts)


def _with_refuse(ingredient: Ingredient, grams: float) -> float:
    """Return the weight in the shop, with shells, bones and peel."""
    return grams / (1 - ingredient.sold.refuse_percent / 100)


def _left_measure(ingredient: Ingredient, grams: float) -> str:
    unit = next((unit for unit in LEFT_UNITS if unit in ingredient.measures), None)
    return "" if unit is None else in_pieces(grams, unit, ingredient.units)
