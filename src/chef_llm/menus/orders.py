"""From what was asked, in fields and in words, to the order that the planner carries out."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final, TypeVar

from chef_llm.cookbook import ALLERGENS, Cookbook
from chef_llm.cookbook.model import fold
from chef_llm.errors import InvalidRequest, UnclearExclusion
from chef_llm.menus.constraints import DIETS, Constraints, Range
from chef_llm.menus.conversation import Conversation
from chef_llm.menus.language.entries import Entry, read_entry
from chef_llm.menus.language.lexicon import lexicon
from chef_llm.menus.language.marks import HARM_STEMS
from chef_llm.menus.language.text import MOST_CHARACTERS
from chef_llm.menus.meals import Slot
from chef_llm.menus.planner import Order
from chef_llm.menus.reading import Left, Reading, left_out, read_request
from chef_llm.menus.servings import DEFAULT_SERVINGS

Value = TypeVar("Value")
JAPAN: Final = timezone(timedelta(hours=9))
MEALS: Final = ("朝食", "昼食", "夕食", "お弁当")
MOST_DAYS: Final = 7
# What an opening line says is left out, at most.
MOST_EXCLUDED_WORDS: Final = 6


# Between the names of an entry that holds more than one.
PARTS: Final = re.compile(r"[^\w・=＝\-－]|[とや、，,;/／]")
LONGEST_SHOWN: Final = 40


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

    @property
    def say_something(self) -> bool:
        """Tell whether any field is given."""
        return any(vars(self).values())


NO_FIELDS: Final = Fields()


@dataclass(frozen=True)
class Ordered:
    """The order, with what was read from the words and what is at hand."""

    order: Order
    reading: Reading
    at_hand: Mapping[str, float | None]
    unknown_ingredients: tuple[str, ...]
    # Sentences for whoever asked: what was left out in doubt, what was not understood.
    notes: tuple[str, ...] = ()


def make_order(
    fields: Fields,
    cookbook: Cookbook,
    today: date | None = None,
    conversation: Conversation | None = None,
) -> Ordered:
    """Merge fields and words; where they disagree on a constraint, the stricter one wins.

    A `conversation` was read already, and its conditions hold beside what is asked for.
    Raises `InvalidRequest` where nothing is asked for, and for an allergen or exclusion that the
    cookbook does not know: one that cannot be kept must not be passed over. Raises
    `UnclearExclusion` for an allergy of which neither words nor fields say to what.
    """
    if not fields.request.strip() and not fields.ingredients:
        raise InvalidRequest("request か ingredients のどちらかが必要です。", param="request")
    if conversation is None:
        conversation = Conversation(fields.request, read_request(fields.request, cookbook), ())
    reading, beside = conversation.asked, conversation.beside
    if conversation.must_ask and not (fields.allergens or fields.exclude):
        raise UnclearExclusion(*(words for one in (reading, *beside) for words in one.unclear))
    excluding = [
        _read_exclusion(word, index, cookbook) for index, word in enumerate(fields.exclude)
    ]
    allergens = [
        _read_allergen(word, index, cookbook) for index, word in enumerate(fields.allergens)
    ]
    at_hand, unknown, refused = _at_hand(fields.ingredients, cookbook)
    wished = dict.fromkeys((*at_hand, *reading.ingredients))
    said = (reading, *beside)
    named_season = fields.season or _first(one.season for one in said)
    readings: tuple[Reading | Left, ...] = (*said, *excluding, *allergens, *refused)
    constraints = Constraints(
        allergens=frozenset().union(*(one.allergens for one in readings)),
        excluded=frozenset().union(*(one.excluded for one in readings)),
        excluded_dishes=frozenset().union(*(one.excluded_dishes for one in readings)),
        diets=fields.diets.union(*(one.diets for one in readings)),
        cuisine=fields.cuisine or _first(one.cuisine for one in said),
        max_minutes=_least(fields.max_minutes, *(one.max_minutes for one in said)),
        season=named_season or season_of(today or datetime.now(UTC).astimezone(JAPAN).date()),
        of_any_season=frozenset[str]() if named_season else frozenset(wished),
        limits=fields.limits,
    )
    order = Order(
        request=fields.request or _in_words(wished, fields, reading),
        constraints=constraints,
        slots=_slots(fields, said),
        ingredients=tuple(wished),
        dishes=reading.dishes,
        servings=fields.servings or _first(one.servings for one in said) or DEFAULT_SERVINGS,
        excluded_words=_excluded_words(constraints, cookbook),
        style=_style(constraints, reading),
        named_season=named_season,
    )
    return Ordered(order, reading, at_hand, tuple(unknown), tuple(_notes(*said)))


def _notes(*readings: Reading) -> Iterator[str]:
    """Yield what the answer has to say of how the words were read."""
    unsure = dict.fromkeys(name for reading in readings for name in reading.unsure)
    if unsure:
        names = "、".join(f"「{name}」" for name in unsure)
        yield (
            f"{names}は、使ってよいかはっきりしなかったので外しました。"
            "使ってよければそう書いてください。"
        )
    for words in dict.fromkeys(words for reading in readings for words in reading.unclear):
        yield (
            f"「{shortened(words)}」は、何を外せばよいかわかりませんでした。食材の名前で教えてください。"
        )
    if any(reading.is_cut for reading in readings):
        yield f"文章が長いため、はじめの{MOST_CHARACTERS:,}文字だけを読みました。"


def shortened(text: str) -> str:
    """Return a text as a message shows it."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def season_of(day: date) -> str:
    """Return the season of a day in Japan: spring is March to May."""
    return "冬春夏秋"[day.month % 12 // 3]


def _read_exclusion(word: str, index: int, cookbook: Cookbook) -> Left:
    """Read an entry of `exclude`; a name of the cookbook is left out whatever else it may mean."""
    entry = read_entry(word, lexicon(cookbook))
    # Nothing of it is known, or only what parts names: that is said otherwise than a part of it.
    if not entry.meanings and entry.unread in ("", word.strip()):
        raise InvalidRequest(
            f"exclude の「{shortened(word)}」は料理帳の食材・料理・食品群のどれにも当たりません。"
            "別の書き方をお試しください。",
            param=f"exclude.{index}",
        )
    entry = _read_whole(word, f"exclude.{index}", cookbook)
    strictly = HARM_STEMS.search(fold(word)) is not None
    return left_out(entry.meanings, is_allergy=strictly)


def _read_allergen(word: str, index: int, cookbook: Cookbook) -> Left:
    entry = _read_whole(word, f"allergens.{index}", cookbook)
    left = left_out(entry.meanings, is_allergy=True)
    if not left.allergens:
        raise InvalidRequest(
            f"allergens の「{shortened(word)}」は表示ルールの品目にありません。"
            f"使えるもの: {'、'.join(ALLERGENS)}",
            param=f"allergens.{index}",
        )
    return left


def _read_whole(word: str, param: str, cookbook: Cookbook) -> Entry:
    """Read an entry, and refuse one of which a part would be passed over."""
    entry = read_entry(word, lexicon(cookbook))
    if entry.unread:
        field = param.partition(".")[0]
        known = f"使えるもの: {'、'.join(ALLERGENS)}" if field == "allergens" else ""
        raise InvalidRequest(
            f"{field} の「{shortened(word)}」のうち「{shortened(entry.unread)}」がわかりません。"
            f"食材・料理・食品群の名前を一つずつ書いてください。{known}",
            param=param,
        )
    return entry


def _at_hand(
    asked: Iterable[tuple[str, float | None]], cookbook: Cookbook
) -> tuple[dict[str, float | None], list[str], list[Left]]:
    """Return what is at hand, the names that nobody knows, and what an entry refuses instead."""
    known: dict[str, float | None] = {}
    unknown: list[str] = []
    refused: list[Left] = []
    for index, (words, grams) in enumerate(asked):
        names, left = _ingredients(words, index, cookbook)
        if left is not None:
            refused.append(left)
        elif not names:
            unknown.append(words)
        for name in names:
            before = known.get(name, 0.0)
            # The same again is added up; of what there is enough of, there is enough.
            known[name] = None if grams is None or before is None else before + grams
    return known, unknown, refused


def _ingredients(words: str, index: int, cookbook: Cookbook) -> tuple[list[str], Left | None]:
    """Return the ingredients of one entry, or what it leaves out: 「卵アレルギー」."""
    param = f"ingredients.{index}"
    if name := cookbook.spellings.get(fold(words.strip())):
        return [name], None
    entry = read_entry(words, lexicon(cookbook))
    if entry.refuses:
        entry = _read_whole(words, param, cookbook)
        return [], left_out(entry.meanings, is_allergy=bool(HARM_STEMS.search(fold(words))))
    # A name that nobody knows is said to be unknown; beside known ones it would be lost.
    if entry.unread and not PARTS.search(words.strip()):
        return [], None
    entry = _read_whole(words, param, cookbook)
    return [one.wish for one in entry.meanings if one.wish in cookbook.ingredients], None


def _first(values: Iterable[Value | None]) -> Value | None:
    """Return the first value that says something."""
    return next((value for value in values if value), None)


def _slots(fields: Fields, said: Sequence[Reading]) -> tuple[Slot, ...]:
    days = fields.days or min(_first(one.days for one in said) or 1, MOST_DAYS)
    named = set(fields.meals or _first(one.meals for one in said) or ("夕食",))
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
