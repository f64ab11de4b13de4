"""From what was asked, in fields and in words, to the order that the planner carries out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from chef_llm.cookbook import ALLERGENS, Cookbook
from chef_llm.cookbook.model import fold
from chef_llm.errors import InvalidRequest
from chef_llm.menus.constraints import DIETS, Constraints, Range
from chef_llm.menus.meals import Slot
from chef_llm.menus.planner import Order
from chef_llm.menus.reading import Reading, read_request
from chef_llm.menus.servings import DEFAULT_SERVINGS

JAPAN: Final = timezone(timedelta(hours=9))
MEALS: Final = ("朝食", "昼食", "夕食", "お弁当")
MOST_DAYS: Final = 7
# What an opening line says is left out, at most.
MOST_EXCLUDED_WORDS: Final = 6


@dataclass(frozen=True)
class Fields:
    """The fields of a menu request, as they came; `ingredients` are (words, grams at hand)."""

    request: str = ""
    ingredients: Sequence[tuple[str, float | None]] = ()
    servings: int | None = None
    days: int | None = None
    meals: Sequence[str] = ()
    allergens: Sequence[str] = ()
    exclude: Sequence[str] = ()
    cuisine: str | None = None
    max_minutes: int | None = None
    season: str | None = None
    diets: frozenset[str] = frozenset()
    limits: Mapping[str, Range] = field(default_factory=dict)


@dataclass(frozen=True)
class Ordered:
    """The order, with what was read from the words and what is at hand."""

    order: Order
    reading: Reading
    at_hand: Mapping[str, float | None]
    unknown_ingredients: tuple[str, ...]


def make_order(fields: Fields, cookbook: Cookbook, today: date | None = None) -> Ordered:
    """Merge fields and words; where they disagree on a constraint, the stricter one wins.

    Raises `InvalidRequest` where nothing is asked for, and for an allergen or exclusion that the
    cookbook does not know: one that cannot be kept must not be passed over.
    """
    if not fields.request.strip() and not fields.ingredients:
        raise InvalidRequest("request か ingredients のどちらかが必要です。", param="request")
    reading = read_request(fields.request, cookbook)
    excluding = [
        _read_exclusion(word, index, cookbook) for index, word in enumerate(fields.exclude)
    ]
    allergens = [
        _read_allergen(word, index, cookbook) for index, word in enumerate(fields.allergens)
    ]
    at_hand, unknown = _at_hand(fields.ingredients, cookbook)
    wished = dict.fromkeys((*at_hand, *reading.ingredients))
    named_season = fields.season or reading.season
    readings = (reading, *excluding, *allergens)
    constraints = Constraints(
        allergens=frozenset().union(*(one.allergens for one in readings)),
        excluded=frozenset().union(*(one.excluded for one in readings)),
        excluded_dishes=frozenset().union(*(one.excluded_dishes for one in readings)),
        diets=fields.diets.union(*(one.diets for one in readings)),
        cuisine=fields.cuisine or reading.cuisine,
        max_minutes=_least(fields.max_minutes, reading.max_minutes),
        season=named_season or season_of(today or datetime.now(UTC).astimezone(JAPAN).date()),
        of_any_season=frozenset[str]() if named_season else frozenset(wished),
        limits=fields.limits,
    )
    order = Order(
        request=fields.request or _in_words(wished, fields, reading),
        constraints=constraints,
        slots=_slots(fields, reading),
        ingredients=tuple(wished),
        dishes=reading.dishes,
        servings=fields.servings or reading.servings or DEFAULT_SERVINGS,
        excluded_words=_excluded_words(constraints, cookbook),
        style=_style(constraints, reading),
        named_season=named_season,
    )
    return Ordered(order, reading, at_hand, tuple(unknown))


def season_of(day: date) -> str:
    """Return the season of a day in Japan: spring is March to May."""
    return "冬春夏秋"[day.month % 12 // 3]


def _read_exclusion(word: str, index: int, cookbook: Cookbook) -> Reading:
    """Read a word of `exclude`; a name of the cookbook is left out whatever else it may mean."""
    reading = read_request(f"{word}抜き", cookbook)
    spelling = fold(word.strip())
    foods = {cookbook.spellings[spelling]} if spelling in cookbook.spellings else frozenset[str]()
    dishes = {
        dish.name
        for dish in cookbook.dishes.values()
        if spelling in (fold(dish.name), fold(dish.reading))
    }
    reading = replace(
        reading,
        excluded=reading.excluded | foods,
        excluded_dishes=reading.excluded_dishes | dishes,
    )
    if not reading.is_guarded:
        raise InvalidRequest(
            f"exclude の「{word[:40]}」は料理帳の食材・料理・食品群のどれにも当たりません。"
            "別の書き方をお試しください。",
            param=f"exclude.{index}",
        )
    return reading


def _read_allergen(word: str, index: int, cookbook: Cookbook) -> Reading:
    reading = read_request(f"{word}アレルギー", cookbook)
    if word in ALLERGENS:
        reading = replace(reading, allergens=reading.allergens | {word})
    if not reading.allergens:
        raise InvalidRequest(
            f"allergens の「{word[:40]}」は表示ルールの品目にありません。"
            f"使えるもの: {'、'.join(ALLERGENS)}",
            param=f"allergens.{index}",
        )
    return reading


def _at_hand(
    asked: Iterable[tuple[str, float | None]], cookbook: Cookbook
) -> tuple[dict[str, float | None], list[str]]:
    known: dict[str, float | None] = {}
    unknown: list[str] = []
    for words, grams in asked:
        name = cookbook.spellings.get(fold(words.strip())) or _usual(words, cookbook)
        if name is None:
            unknown.append(words)
            continue
        before = known.get(name, 0.0)
        # The same again is added up; of what there is enough of, there is enough.
        known[name] = None if grams is None or before is None else before + grams
    return known, unknown


def _usual(words: str, cookbook: Cookbook) -> str | None:
    """Return what the name of a kind of food usually means (豆腐, ひき肉), None if unclear."""
    meant = read_request(f"{words}を使って", cookbook).ingredients
    return meant[0] if len(meant) == 1 else None


def _slots(fields: Fields, reading: Reading) -> tuple[Slot, ...]:
    days = fields.days or min(reading.days or 1, MOST_DAYS)
    named = set(fields.meals or reading.meals or ("夕食",))
    meals = [meal for meal in MEALS if meal in named]
    return tuple(Slot(day, meal) for day in range(1, days + 1) for meal in meals)


def _least(*values: int | None) -> int | None:
    return min((value for value in values if value is not None), default=None)


def _excluded_words(constraints: Constraints, cookbook: Cookbook) -> tuple[str, ...]:
    """Return what the opening line says is left out, allergens first.

    A food with an allergen that its name says (かに缶 beside かに) goes without saying.
    """

    def goes_without_saying(name: str) -> bool:
        food = cookbook.ingredients.get(name)
        named = food.allergens & constraints.allergens if food else ()
        return name in constraints.allergens or any(allergen in name for allergen in named)

    foods = [name for name in sorted(constraints.excluded) if not goes_without_saying(name)]
    return (*sorted(constraints.allergens), *foods)[:MOST_EXCLUDED_WORDS]


def _style(constraints: Constraints, reading: Reading) -> str | None:
    """Return the one style that the opening line names: that of a diet, else one that is wished."""
    diets = (DIETS[name].style for name in sorted(constraints.diets))
    wished = (one.value for one in reading.understood if one.kind == "style")
    return next((style for style in (*diets, *wished) if style is not None), None)


def _in_words(wished: Iterable[str], fields: Fields, reading: Reading) -> str:
    """Return the request in words, for a model that gets fields alone."""
    names = "と".join(wished)
    servings = fields.servings or reading.servings or DEFAULT_SERVINGS
    meal = "".join(fields.meals[:1]) or "夕食"
    return f"{f'{names}で、' if names else ''}{servings}人分の{meal}をお願いします"
