"""What a conversation asks for, and what it says must be kept: by whom, and whether it was agreed.

Users ask; whatever they said, in any turn, holds. System messages are conditions. What the
assistant stated holds too, a question of its own only where the user said yes to it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

from chef_llm.cookbook import Cookbook
from chef_llm.reading.changed_days import ChangedDays, read_changed_days
from chef_llm.reading.changes import (
    Change,
    chosen,
    places_before,
    read_about,
    read_change,
    unknown_dishes,
)
from chef_llm.reading.conditions import asks_for_baby_food
from chef_llm.reading.dangers import asks_for_an_animal, read_emergency
from chef_llm.reading.days import ordered_days
from chef_llm.reading.earlier import Earlier, read_earlier
from chef_llm.reading.free_text import Reading, read_request
from chef_llm.reading.lexicon import lexicon
from chef_llm.reading.order import About
from chef_llm.reading.purpose import NO_ORDER_ABOVE, ORDER_BELOW, talk_logit
from chef_llm.reading.servings import read_servings, read_servings_now
from chef_llm.reading.text import read_text
from chef_llm.reading.week import WEEKDAYS, Places

TURN: Final = "\n\n"
# So many characters of the last turns are what is asked, in a talk longer than most are.
LATEST_CHARACTERS: Final = 2_500
# The assistant's own question of `errors.UnclearExclusion`: what the user says next answers it.
ASKED_WHAT_TO_LEAVE_OUT: Final = "何を外せばよいかわかりませんでした"
# What an answer says of dishes is no statement of what is kept: their lines, tips and cards.
OF_DISHES: Final = re.compile(
    r"^(?:主食|主菜|副菜|汁物|料理|ポイント|確認|考えに入れていないこと)\s*[::].*$|^【.*】$|^■.*",
    re.M | re.S,
)
SENTENCE: Final = re.compile(r"[^。!?!?\n]+[。!?!?\n]*")
YES: Final = re.compile(
    r"\s*(?:はい|うん|ええ|そう|お願い|おねがい|それで|ok|yes|了解|わかり|その通り|もちろん|よろしく|頼)",
    re.I,
)
QUESTION: Final = re.compile(r"[??]|ですか|ますか|でしょうか")


Role = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True)
class ToolCall:
    """What an assistant wants done: `arguments` are an object in JSON."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True)
class Message:
    """One turn of a conversation; a tool's answers the call of that id."""

    role: Role
    content: str
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None


@dataclass(frozen=True)
class Conversation:
    """The readings of a conversation: of what is asked for, and of the conditions beside it."""

    request: str
    asked: Reading
    beside: tuple[Reading, ...]
    # In the last turn no dishes are asked for, or perhaps none.
    is_talk: bool = False
    may_be_talk: bool = False
    is_for_an_animal: bool = False
    # What the last turn makes of the menu of an earlier answer; the reading of it alone.
    change: Change | None = None
    last: Reading | None = None
    # What the last turn asks of dishes beside a menu, and a dish in it that nobody knows.
    about: About | None = None
    unknown_dishes: tuple[str, ...] = ()
    # What is happening to somebody right now, in the words of the last turn.
    emergency: str | None = None

    @property
    def is_guarded(self) -> bool:
        """Tell whether anything must be kept, or is unclear that may have to be."""
        readings = (self.asked, *self.beside)
        return self.must_ask or any(one.is_guarded or one.unclear for one in readings)

    @property
    def must_ask(self) -> bool:
        """Tell whether somebody has an allergy to nobody knows what."""
        return any(one.must_ask for one in (self.asked, *self.beside))


def read_conversation(messages: Sequence[Message], cookbook: Cookbook) -> Conversation:
    """Read all turns of a conversation, each role once.

    Of a long one, what was said last is what is asked; what was said before still holds.
    """
    earlier, last = _parted([turn.content for turn in messages if turn.role == "user"])
    request = TURN.join(last)
    system = TURN.join(turn.content for turn in messages if turn.role == "system")
    answered = _menu_before(messages, cookbook) if last else None
    menu = chosen(answered, last[-1], cookbook) if answered else None
    said_before = TURN.join((*earlier, *last[:-1]))
    days = None
    if menu:
        places = places_before(menu, said_before)
        meals = tuple(dict.fromkeys(slot.meal for slot in menu.meals))
        days = read_changed_days(read_text(last[-1]).folded, places, meals)
    is_of_days = menu is not None and not menu.is_proposals
    asked = read_request(request, cookbook, days.places if days and is_of_days else None)
    if menu and days and is_of_days:
        weekdays = menu.weekdays or ordered_days(read_text(said_before).folded)
        asked = _renumbered(asked, days, weekdays, request)
    beside = [read_request(text, cookbook) for text in (TURN.join(earlier), system) if text.strip()]
    stated = TURN.join(_stated(messages))
    if stated:
        # What was agreed on holds; what an assistant does not understand is no reason to ask.
        beside.append(read_request(stated, cookbook).without_doubts())
    if answers := TURN.join(_answers(messages)):
        told = read_request(f"アレルギー: {answers}", cookbook)
        if told.is_guarded:
            asked = asked.without_doubts()
            beside.append(told.without_doubts())
    logit = talk_logit(last[-1], lexicon(cookbook)) if last else ORDER_BELOW
    change, of_last = None, None
    if menu and days:
        # What it wishes is of the days that it names (`Change.meant`).
        of_last = read_request(last[-1], cookbook, Places(1, (), ()))
        named = [meal for meal in asked.meals if meal not in of_last.meals] or asked.meals
        change = read_change(last[-1], of_last, menu.of_meal(named), cookbook, days)
        before = read_servings(said_before)
        change = replace(change, servings_before=before)
        of_last = replace(of_last, servings=read_servings_now(last[-1], before))
        if change.is_of_some:
            asked = asked.without(of_last)
    said_last = read_text(last[-1] if last else "")
    unknown = tuple(unknown_dishes(said_last, asked, lexicon(cookbook)))
    return Conversation(
        request,
        asked,
        tuple(beside),
        # Who asks how a dish is cooked that nobody knows wants a dish.
        is_talk=(logit > NO_ORDER_ABOVE and not unknown) or asks_for_baby_food(said_last),
        is_for_an_animal=asks_for_an_animal(said_last),
        may_be_talk=logit > ORDER_BELOW and not unknown,
        change=change,
        last=of_last,
        about=read_about(said_last.folded),
        unknown_dishes=unknown,
        emergency=read_emergency(said_last),
    )


def _renumbered(
    reading: Reading, days: ChangedDays, weekdays: Sequence[int], request: str
) -> Reading:
    """Return what was read of the days of a plan, with their numbers in the changed plan.

    `weekdays` are those of the plan before, where they were told.
    """
    numbers = days.numbers
    told = days.weekdays if weekdays else ordered_days(read_text(request).folded)
    told = told if len(told) == len(numbers) else ()
    shares = [
        (one, tuple(numbers[day] for day in one.days if day in numbers)) for one in reading.shares
    ]
    terms = [
        (one, frozenset(numbers[day] for day in one.scope.days or () if day in numbers))
        for one in reading.terms
    ]
    return replace(
        reading,
        # What was said of a day that goes is said of none.
        shares=tuple(replace(one, days=own) for one, own in shares if own or not one.days),
        terms=tuple(
            replace(one, scope=replace(one.scope, days=own)) if one.scope.days else one
            for one, own in terms
            if own or not one.scope.days or one.excluded or one.excluded_dishes
        ),
        weekdays=tuple(WEEKDAYS[day] for day in told),
    )


def _menu_before(messages: Sequence[Message], cookbook: Cookbook) -> Earlier | None:
    """Return the menu that the last question is about, if the answer before it has one."""
    answers = (turn.content for turn in reversed(messages) if turn.role == "assistant")
    return next((menu for text in answers if (menu := read_earlier(text, cookbook))), None)


def _parted(said: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return what was said earlier, and the last turns, which are read in one piece.

    A text is read from its beginning, and only so much of it: the question must not be what is cut.
    """
    characters = 0
    for place in range(len(said) - 1, -1, -1):
        characters += len(said[place]) + len(TURN)
        if characters > LATEST_CHARACTERS and place < len(said) - 1:
            return said[: place + 1], said[place + 1 :]
    return (), said


def _stated(messages: Sequence[Message]) -> Iterator[str]:
    """Yield the assistant's sentences that hold."""
    for turn, following in pairwise(messages):
        if turn.role != "assistant" or ASKED_WHAT_TO_LEAVE_OUT in turn.content:
            continue
        is_agreed = following.role == "user" and bool(YES.match(following.content))
        for sentence in SENTENCE.findall(OF_DISHES.sub("", turn.content)):
            if is_agreed or not QUESTION.search(sentence):
                yield sentence


def _answers(messages: Sequence[Message]) -> Iterator[str]:
    """Yield what the user said when asked what to leave out."""
    for turn, following in pairwise(messages):
        is_question = turn.role == "assistant" and ASKED_WHAT_TO_LEAVE_OUT in turn.content
        if is_question and following.role == "user":
            yield following.content
