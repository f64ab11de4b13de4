"""Reads a request: from what was said and what stands in its fields to the one `Order`."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final, TypeVar

from chef_llm.cookbook import Cookbook
from chef_llm.cookbook.vocabulary import DIETS, MEALS
from chef_llm.errors import UnclearExclusion
from chef_llm.reading.conditions import conditions
from chef_llm.reading.conversation import Message, read_conversation
from chef_llm.reading.days import MOST_DAYS
from chef_llm.reading.field_entries import read_allergen, read_at_hand, read_exclusion, shortened
from chef_llm.reading.free_text import Reading, Refused
from chef_llm.reading.order import DEFAULT_SERVINGS, NO_FIELDS, Constraints, Fields, Order, Slot
from chef_llm.reading.text import MOST_CHARACTERS

Value = TypeVar("Value")
# 農林水産省「お弁当づくりによる食中毒を予防するために」
PACKING: Final = (
    "お弁当のおかずは中まで火を通し、ご飯もおかずも完全に冷ましてから、汁気をきって、"
    "素手で触らず清潔な箸で詰めてください。添えの生野菜は詰めません。涼しい所に置き、暑い時期は保冷剤を添えて、"
    "早めに食べてください。"
)
JAPAN: Final = timezone(timedelta(hours=9))


def read_order(
    messages: Sequence[Message],
    cookbook: Cookbook,
    fields: Fields = NO_FIELDS,
    today: date | None = None,
) -> Order:
    """Read a conversation, each role once, and the fields of the request beside it.

    Where they disagree on a constraint, the stricter one wins. Raises `InvalidRequest` for an
    allergen or exclusion that the cookbook does not know: one that cannot be kept must not be
    passed over. Raises `UnclearExclusion` for an allergy of which neither words nor fields say to
    what.
    """
    conversation = read_conversation(messages, cookbook)
    reading, beside = conversation.asked, conversation.beside
    said = (reading, *beside)
    if (
        conversation.must_ask
        and not conversation.is_talk
        and not (fields.allergens or fields.exclude)
    ):
        raise UnclearExclusion(*(words for one in said for words in one.unclear))
    excluded = [
        read_exclusion(entry, place, cookbook) for place, entry in enumerate(fields.exclude)
    ]
    allergens = [
        read_allergen(entry, place, cookbook) for place, entry in enumerate(fields.allergens)
    ]
    at_hand = read_at_hand(fields.ingredients, cookbook)
    wished = tuple(dict.fromkeys((*at_hand.grams, *reading.ingredients)))
    named_season = fields.season or _first(one.season for one in said)
    day = today or datetime.now(UTC).astimezone(JAPAN).date()
    readings: tuple[Reading | Refused, ...] = (*said, *excluded, *allergens, *at_hand.refused)
    constraints = Constraints(
        allergens=frozenset().union(*(one.allergens for one in readings)),
        excluded=frozenset().union(*(one.excluded for one in readings)),
        excluded_dishes=frozenset().union(*(one.excluded_dishes for one in readings)),
        diets=fields.diets.union(*(one.diets for one in readings)),
        conditions=frozenset().union(*(one.conditions for one in said)),
        cuisine=fields.cuisine or _first(one.cuisine for one in said),
        max_minutes=_least(fields.max_minutes, *(one.max_minutes for one in said)),
        season=named_season or season_of(day),
        month=None if named_season else day.month,
        of_any_season=frozenset[str]() if named_season else frozenset((*wished, *reading.dishes)),
        limits=fields.limits,
    )
    slots = _slots(fields, said)
    return Order(
        request=conversation.request or _in_words(wished, fields),
        constraints=constraints,
        slots=slots,
        ingredients=wished,
        dishes=reading.dishes,
        servings=fields.servings or _first(one.servings for one in said) or DEFAULT_SERVINGS,
        style=_style(constraints, reading),
        named_season=named_season,
        at_hand=at_hand.grams,
        unknown_ingredients=at_hand.unknown,
        understood=reading.understood,
        notes=(*_notes(*said), *_of_boxes(slots)),
        not_considered=reading.not_considered,
        variety=day.toordinal(),
        uses=frozenset().union(*(one.uses for one in said)),
        is_guarded=conversation.is_guarded or fields.say_something,
        is_talk=conversation.is_talk,
        may_be_talk=conversation.may_be_talk,
    )


def season_of(day: date) -> str:
    """Return the season of a day in Japan: spring is March to May."""
    return "冬春夏秋"[day.month % 12 // 3]


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
            f"「{shortened(words)}」は、何を外せばよいかわかりませんでした。"
            "食材の名前で教えてください。"
        )
    for words in dict.fromkeys(reading.raw_meat for reading in readings if reading.raw_meat):
        yield f"「{words}」はお出しできません。生や半生の肉は食中毒のおそれがあります。"
    named = frozenset().union(*(reading.conditions for reading in readings))
    yield from (row.says for name, row in conditions().items() if name in named)
    if any(reading.is_cut for reading in readings):
        yield f"文章が長いため、はじめの{MOST_CHARACTERS:,}文字だけを読みました。"


def _of_boxes(slots: Iterable[Slot]) -> Iterator[str]:
    """Yield how a lunch box is packed, where there is one."""
    if any(slot.meal == "お弁当" for slot in slots):
        yield PACKING


def _first(values: Iterable[Value | None]) -> Value | None:
    """Return the first value that says something."""
    return next((value for value in values if value), None)


def _least(*values: int | None) -> int | None:
    return min((value for value in values if value is not None), default=None)


def _slots(fields: Fields, said: Sequence[Reading]) -> tuple[Slot, ...]:
    days = fields.days or min(_first(one.days for one in said) or 1, MOST_DAYS)
    named = set(fields.meals or _first(one.meals for one in said) or ("夕食",))
    meals = [meal for meal in MEALS if meal in named]
    return tuple(Slot(day, meal) for day in range(1, days + 1) for meal in meals)


def _style(constraints: Constraints, reading: Reading) -> str | None:
    """Return the one style that the opening line names: that of a diet, else one that is wished."""
    diets = (DIETS[name].style for name in sorted(constraints.diets))
    wished = (one.value for one in reading.understood if one.kind == "style")
    return next((style for style in (*diets, *wished) if style is not None), None)


def _in_words(wished: Iterable[str], fields: Fields) -> str:
    """Return fields alone in words, for the model that chooses; nothing reads them again."""
    names = "と".join(wished)
    meal = "".join(fields.meals[:1]) or "夕食"
    servings = fields.servings or DEFAULT_SERVINGS
    return f"{f'{names}で、' if names else ''}{servings}人分の{meal}をお願いします"
