"""Reads a request: from what was said and what stands in its fields to the one `Order`."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final, TypeVar

from chef_llm.cookbook import Cookbook
from chef_llm.cookbook.vocabulary import DIETS, MEALS, MIXES, PRICE, Range, Role
from chef_llm.errors import Emergency, InvalidRequest, UnclearExclusion
from chef_llm.reading.at_home import MUCH_GRAMS
from chef_llm.reading.changes import Change
from chef_llm.reading.conditions import conditions
from chef_llm.reading.conversation import Conversation, Message, read_conversation
from chef_llm.reading.days import MOST_DAYS
from chef_llm.reading.field_entries import read_allergen, read_at_hand, read_exclusion, shortened
from chef_llm.reading.figures import merged
from chef_llm.reading.free_text import Reading, Refused
from chef_llm.reading.not_considered import COURSES, PROPOSALS, NotConsidered
from chef_llm.reading.order import (
    AS_FOR_ALL,
    DEFAULT_SERVINGS,
    NO_FIELDS,
    About,
    Constraints,
    Fields,
    Order,
    Share,
    ShareKind,
    Slot,
    Terms,
)
from chef_llm.reading.seasons import season_of_month
from chef_llm.reading.servings import MOST_SERVINGS
from chef_llm.reading.terms import Term
from chef_llm.reading.text import MOST_CHARACTERS

Value = TypeVar("Value")
# Grams of carbohydrate in the rice of a meal: who wants less gets a side dish instead.
OF_A_BOWL_OF_RICE: Final = 55.0
# 農林水産省「お弁当づくりによる食中毒を予防するために」
PACKING: Final = (
    "お弁当のおかずは中まで火を通し、ご飯もおかずも完全に冷ましてから、汁気をきって、"
    "素手で触らず清潔な箸で詰めてください。添えの生野菜は詰めません。涼しい所に置き、暑い時期は保冷剤を添えて、"
    "早めに食べてください。"
)
NO_SOUP_IN_A_BOX: Final = "お弁当に詰められる汁物はないので、副菜にしました。"
NUMBER: Final = re.compile(r"\d{1,4}")
# What is to cost less costs so much of what the menu before did.
LESS_OF_IT: Final = 0.9
JAPAN: Final = timezone(timedelta(hours=9))
# With children of these ages a meal is theirs, too, where nothing else is wished for.
YOUNG: Final = frozenset({"3歳未満の子", "3〜5歳の子"})
TOOTHLESS: Final = frozenset({"乳児", "3歳未満の子"})
SOFT: Final = "やわらかい"
CHEAP: Final = "節約"
WARMING: Final = "温まる"
# Who keeps one of these eats nothing of a bag of seafood.
MEATLESS: Final = frozenset({"vegetarian", "vegan"})
# What is told, and the style that it asks for where no other is asked for.
OF_THE_TOLD: Final = {
    "病気": SOFT,
    "胃もたれ": SOFT,
    "来客": "おもてなし",
    "節約": CHEAP,
    "寒い": WARMING,
}


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
    what, and `Emergency` where somebody is in danger now.
    """
    conversation = read_conversation(messages, cookbook)
    if conversation.emergency is not None:
        raise Emergency(conversation.emergency)
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
    asked_season = fields.season or _first(one.season for one in said)
    implied = None if asked_season else _first(one for one in said if one.implied_season)
    named_season = asked_season or (implied.implied_season if implied else None)
    day = today or datetime.now(UTC).astimezone(JAPAN).date()
    readings: tuple[Reading | Refused, ...] = (*said, *excluded, *allergens, *at_hand.refused)
    change = conversation.change
    slots, is_proposals = _slots(fields, said)
    if change and not change.is_proposals:
        # One of several that there were may have been chosen.
        slots, is_proposals = change.slots, False
    terms = {} if is_proposals else _terms(fields, reading, slots)
    # What is left out on a day that the plan does not have by its name is left out of all.
    is_own_plan = not (is_proposals or fields.days or fields.meals or conversation.change)
    of_all_days = [
        term
        for one in said
        for term in one.terms
        if not (is_own_plan and one is reading and _is_of_any(term, slots))
    ]
    servings = (
        fields.servings
        or _first(one.servings for one in said)
        or _mostly(terms.values(), slots)
        or DEFAULT_SERVINGS
    )
    people = [terms[slot].servings or servings if slot in terms else servings for slot in slots]
    at_hand_grams = {**reading.at_hand, **at_hand.grams}
    budget, average_yen = _budget(said, people, slots, is_proposals=is_proposals)
    constraints = Constraints(
        allergens=frozenset().union(*(one.allergens for one in readings)),
        excluded=frozenset().union(
            *(one.excluded for one in readings), *(one.excluded for one in of_all_days)
        ),
        excluded_dishes=frozenset().union(
            *(one.excluded_dishes for one in readings),
            *(one.excluded_dishes for one in of_all_days),
        ),
        diets=fields.diets.union(*(one.diets for one in readings)),
        conditions=frozenset().union(*(one.conditions for one in said)),
        cuisine=fields.cuisine or _first(one.cuisine for one in said),
        max_minutes=_least(fields.max_minutes, *(one.max_minutes for one in said)),
        max_total_minutes=_least(
            fields.max_total_minutes, *(one.max_total_minutes for one in said)
        ),
        season=named_season or season_of(day),
        month=implied.month if implied else None if named_season else day.month,
        of_any_season=frozenset[str]() if asked_season else _wished_in_any_season(wished, reading),
        limits=merged([fields.limits, budget, *(one.figures.limits for one in said)]),
        tools_only=frozenset(fields.only_tools) or _first_set(one.tools.only for one in said),
        tools_without=frozenset(fields.without_tools).union(*(one.tools.without for one in said)),
    )
    barred = [name for name in wished if _is_barred_mix(name, constraints, terms, cookbook)]
    wished = tuple(name for name in wished if name not in barred)
    order = Order(
        request=conversation.request or _in_words(wished, fields),
        constraints=constraints,
        slots=slots,
        terms=terms,
        weekdays=reading.weekdays
        if (1 if is_proposals else len({slot.day for slot in slots})) == len(reading.weekdays)
        else (),
        ingredients=wished,
        dishes=reading.dishes,
        families=reading.families,
        leftovers=reading.leftovers,
        flavour=reading.flavour,
        roles=_in_a_box(_roles(fields, reading, wished, cookbook), slots),
        is_proposals=is_proposals,
        shares=(*reading.shares, *_of_every_meal(reading, slots, is_proposals=is_proposals)),
        varied=reading.varied,
        aims=reading.figures.aims,
        servings=servings,
        style=_style(constraints, reading),
        suiting=reading.suiting,
        told=frozenset().union(*(one.told for one in said)),
        given=reading.given,
        named_season=named_season,
        average_yen=average_yen,
        at_hand=at_hand_grams,
        use_up=tuple(name for name in reading.use_up if name in wished),
        buys_nothing=reading.buys_nothing,
        much=_much(reading, wished, at_hand_grams, servings),
        unknown_ingredients=at_hand.unknown,
        unknown_dishes=conversation.unknown_dishes,
        understood=reading.understood,
        about=_about(conversation),
        has_shopping_list=conversation.about == "shopping_list",
        has_work=conversation.about == "work",
        notes=(
            *_notes(conversation, *said),
            *_of_boxes(slots, reading.roles or fields.roles),
            *(f"{name}は、使わないものが入っているので、献立に入れていません。" for name in barred),
        ),
        not_considered=tuple(_not_considered(reading, is_proposals=is_proposals or bool(change))),
        variety=day.toordinal(),
        few_to_wash=any(one.tools.few_to_wash for one in said),
        uses=frozenset().union(*(one.uses for one in said)),
        is_guarded=conversation.is_guarded or fields.say_something,
        is_talk=conversation.is_talk,
        is_for_an_animal=conversation.is_for_an_animal,
        may_be_talk=conversation.may_be_talk,
    )
    return _changed(order, conversation, cookbook)


def _changed(order: Order, conversation: Conversation, cookbook: Cookbook) -> Order:
    """Return the order with what stays of an earlier answer.

    Who asks for fish now wants no chicken any more, whatever he said before.
    """
    change, last = conversation.change, conversation.last
    if change is None or last is None:
        return order
    asked = [name for name in last.ingredients if name not in change.unwished]
    proteins = [name for name in asked if cookbook.is_protein(name)]
    wished = [
        name
        for name in order.ingredients
        if name not in change.unwished
        and (not proteins or name in last.ingredients or not cookbook.is_protein(name))
    ]
    # What stays of an earlier answer stays when the season has turned since.
    staying = frozenset(name for names in change.kept.values() for name in names)
    constraints = order.constraints
    if order.named_season is None:
        of_any_season = constraints.of_any_season | staying
        constraints = replace(constraints, of_any_season=of_any_season)
    constraints = replace(constraints, of_any_tool=change.of_any_tool)
    average_yen = order.average_yen
    if change.yen_before is not None and last.budget is None:
        # One meal of several may cost more than another.
        yen = change.yen_before * LESS_OF_IT
        if len(change.slots) > 1 and not change.is_proposals:
            average_yen = yen
        else:
            limits = merged([constraints.limits, {PRICE: (None, yen)}])
            constraints = replace(constraints, limits=limits)
    return replace(
        order,
        constraints=constraints,
        average_yen=average_yen,
        # How it is to be now goes before how the menu before was.
        style=_style_now(order, change, last),
        slots=change.slots,
        is_proposals=change.is_proposals,
        # What a change does to courses is not passed over.
        not_considered=tuple(one for one in order.not_considered if one.name != COURSES),
        roles=change.roles,
        kept=change.kept,
        avoided=change.avoided,
        about=change.about,
        ingredients=tuple(wished),
        notes=(*order.notes, *map(_unknown, change.unknown)),
        dishes=last.dishes,
        families=last.families,
        servings=_servings_now(order, change, last),
        terms=_terms_now(order, change, last),
        shares=(
            *(one for one in order.shares if one.value not in change.unwished),
            *_shares_now(order, change, last),
        ),
    )


def _style_now(order: Order, change: Change, last: Reading) -> str | None:
    """Return how the changed menu is to be, if nothing is said of that how it was."""
    if any(one.kind == "style" for one in last.understood):
        return _style(order.constraints, last)
    return order.style if change.yen_before is None else CHEAP


def _shares_now(order: Order, change: Change, last: Reading) -> Iterator[Share]:
    """Yield what a change of single days wishes, as what these days are for."""
    if not change.is_of_some:
        return
    days = tuple(sorted({slot.day for slot in change.meant}))
    wishes: list[tuple[ShareKind, str]] = [
        *(("food", name) for name in last.ingredients if name not in change.unwished),
        *(("dish", name) for name in (*last.dishes, *last.families)),
        *(("style", one.value) for one in last.understood if one.kind == "style"),
        *(("cuisine", name) for name in (last.cuisine,) if name),
    ]
    told = {share.value for share in order.shares if share.is_bound}
    words = {one.value: one.words for one in last.understood}
    yield from (
        Share(kind, name, 1, days=days, words=words.get(name, name))
        for kind, name in wishes
        if name not in told
    )


def _servings_now(order: Order, change: Change, last: Reading) -> int:
    """Return for how many the changed plan is: a number that is said of some meals is theirs."""
    if last.servings and change.is_of_some and order.servings == last.servings:
        return change.servings_before or DEFAULT_SERVINGS
    is_of_single = any(own.servings for own in order.terms.values())
    if last.servings and not (change.is_of_some or change.adds_people or is_of_single):
        return last.servings
    return min(order.servings * change.times, MOST_SERVINGS)


def _terms_now(order: Order, change: Change, last: Reading) -> dict[Slot, Terms]:
    """Return what holds for single meals: people, minutes and tools of those that it is of."""
    terms = dict(order.terms)
    for slot in change.meant if change.is_of_some else ():
        own = terms.get(slot, AS_FOR_ALL)
        terms[slot] = replace(
            own,
            # What is said of its courses is said of those that it had.
            roles=change.roles_of.get(slot, ()),
            max_minutes=last.max_minutes or own.max_minutes,
            max_total_minutes=last.max_total_minutes or own.max_total_minutes,
            tools_only=last.tools.only or own.tools_only,
            tools_without=last.tools.without or own.tools_without,
        )
    is_of_one_day = len({slot.day for slot in change.meant}) == 1 and not change.adds_people
    for slot in change.meant if change.is_of_some and last.servings else ():
        own = terms.get(slot, AS_FOR_ALL)
        if own.servings is None or is_of_one_day:
            terms[slot] = replace(own, servings=last.servings)
    return {slot: own for slot, own in terms.items() if own != AS_FOR_ALL}


def season_of(day: date) -> str:
    """Return the season of a day in Japan: spring is March to May."""
    return season_of_month(day.month)


def _of_every_meal(
    reading: Reading, slots: Sequence[Slot], *, is_proposals: bool
) -> Iterator[Share]:
    """Yield what every meal is to have, where they are several of one kind."""
    if is_proposals or len(slots) == 1 or len({slot.meal for slot in slots}) > 1:
        return
    for name, words in reading.of_every_meal:
        yield Share("food", name, len(slots), words=words)


def _about(conversation: Conversation) -> About | None:
    """Return what is asked of dishes that are named, where no menu is: how 肉じゃが is cooked."""
    asked = conversation.asked
    is_menu = len(asked.roles) > 1 or asked.days or asked.meals or asked.proposals > 1
    return conversation.about if asked.dishes and not is_menu else None


def _not_considered(reading: Reading, *, is_proposals: bool) -> Iterator[NotConsidered]:
    """Yield what no plan is made from: of several days there are no proposals, too."""
    yield from reading.not_considered
    for one in reading.understood:
        if one.kind == "proposals" and not is_proposals:
            yield NotConsidered(PROPOSALS, one.words)


def _notes(conversation: Conversation, *readings: Reading) -> Iterator[str]:
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
    yield from map(_unknown, conversation.unknown_dishes)
    in_no_dish = dict.fromkeys(words for reading in readings for words in reading.in_no_dish)
    if in_no_dish:
        names = "".join(f"「{words}」" for words in in_no_dish)
        yield f"{names}を使う料理は料理帳にないので、献立には入っていません。"
    by_whom = dict.fromkeys(pair for reading in readings for pair in reading.left_out_by)
    if by_whom:
        names = "、".join(f"{what}（{who}）" for who, what in by_whom)
        yield f"{names}は、全員の献立から外しました。"
    if many := next((one for reading in readings for one in _too_many(reading)), None):
        yield (
            f"分量は{MOST_SERVINGS}人分までしか計算できないため、{MOST_SERVINGS}人分でお出しします"
            f"（「{shortened(many)}」）。何度かに分けて作ってください。"
        )
    for words in dict.fromkeys(reading.raw_meat for reading in readings if reading.raw_meat):
        yield f"「{words}」はお出しできません。生や半生の肉は食中毒のおそれがあります。"
    for words in dict.fromkeys(reading.foraged for reading in readings if reading.foraged):
        yield (
            f"「{shortened(words)}」は、毒のあるものと見分けられないことがあり、命に関わります。"
            "店で買ったものだけで作ってください。食べられるかどうかは、保健所などに確かめてください。"
        )
    named = frozenset().union(*(reading.conditions for reading in readings))
    yield from (row.says for name, row in conditions().items() if name in named)
    if any(reading.is_cut for reading in readings):
        yield f"文章が長いため、はじめの{MOST_CHARACTERS:,}文字だけを読みました。"


def _too_many(reading: Reading) -> Iterator[str]:
    """Yield the words for more people than amounts are given for."""
    for one in reading.understood:
        if one.kind == "servings" and one.value == str(MOST_SERVINGS):
            numbers = [
                int(number) for number in NUMBER.findall(unicodedata.normalize("NFKC", one.words))
            ]
            if sum(numbers) > MOST_SERVINGS or ("十" in one.words and "十二" not in one.words):
                yield one.words


def _unknown(dish: str) -> str:
    return f"「{dish}」は料理帳にありません。別の料理でお答えします。"


def _of_boxes(slots: Iterable[Slot], roles: Iterable[Role]) -> Iterator[str]:
    """Yield how a lunch box is packed, where there is one."""
    meals = {slot.meal for slot in slots}
    if "お弁当" in meals:
        yield PACKING
    if meals == {"お弁当"} and Role.SOUP in roles:
        yield NO_SOUP_IN_A_BOX


def _in_a_box(roles: tuple[Role, ...], slots: Iterable[Slot]) -> tuple[Role, ...]:
    """Return the courses that are asked for, with a side dish in the place of a box's soup."""
    if {slot.meal for slot in slots} != {"お弁当"}:
        return roles
    return tuple(Role.SIDE if role == Role.SOUP else role for role in roles)


def _first(values: Iterable[Value | None]) -> Value | None:
    """Return the first value that says something."""
    return next((value for value in values if value), None)


def _least(*values: int | None) -> int | None:
    return min((value for value in values if value is not None), default=None)


def _is_barred_mix(
    name: str, constraints: Constraints, terms: Mapping[Slot, Terms], cookbook: Cookbook
) -> bool:
    """Tell whether a bag of several foods holds any that is left out, if of one meal alone."""
    if name not in MIXES:
        return False
    _, holds = MIXES[name]
    rows = [conditions()[one] for one in constraints.conditions]
    left = constraints.excluded.union(
        *(row.without for row in rows), *(term.excluded for term in terms.values())
    )
    held = [cookbook.ingredients[one] for one in sorted(holds & cookbook.ingredients.keys())]
    return bool(constraints.diets & MEATLESS) or any(
        {one.name, *one.groups} & left or one.allergens & constraints.allergens for one in held
    )


def _much(
    reading: Reading, wished: Iterable[str], at_hand: Mapping[str, float | None], servings: int
) -> tuple[str, ...]:
    """Return the foods of which there is more than a dish takes, by the words or their grams."""
    return tuple(
        name
        for name in wished
        if name in reading.much or (at_hand.get(name) or 0.0) >= MUCH_GRAMS * servings
    )


def _wished_in_any_season(wished: Iterable[str], reading: Reading) -> frozenset[str]:
    """Return the foods and dishes that are asked for, which have no season then."""
    families = frozenset[str]().union(*reading.families.values(), *reading.leftovers.values())
    shared = (share.value for share in reading.shares if share.kind == "food")
    return families.union(wished, reading.dishes, shared)


def _first_set(values: Iterable[frozenset[str]]) -> frozenset[str]:
    return _first(values) or frozenset()


def _budget(
    said: Sequence[Reading], people: Sequence[int], slots: Sequence[Slot], *, is_proposals: bool
) -> tuple[dict[str, Range], float | None]:
    """Return what a serving of a meal may cost, as a limit, or on average over the plan.

    `people` are for how many each of the `slots` is.
    """
    budget = _first(one.budget for one in said)
    if budget is None:
        return {}, None
    of_a_day = 1 if is_proposals else sum(slot.day == slots[0].day for slot in slots)
    meals = 1 if is_proposals else len(slots)
    yen = budget.yen_of_a_serving(sum(people) / len(people), of_a_day, meals)
    return ({}, yen) if budget.is_of_the_plan and meals > 1 else ({PRICE: (None, yen)}, None)


def _slots(fields: Fields, said: Sequence[Reading]) -> tuple[tuple[Slot, ...], bool]:
    """Return the meals, and whether they are proposals of which one is chosen."""
    days = fields.days or min(_first(one.days for one in said) or 1, MOST_DAYS)
    proposals = fields.proposals or said[0].proposals
    if fields.proposals and fields.proposals > 1 and days > 1:
        raise InvalidRequest(
            f"proposals は1日の献立にだけ使えます（days は{days}です）。", param="proposals"
        )
    named = set(fields.meals or _first(one.meals for one in said) or ("夕食",))
    meals = [meal for meal in MEALS if meal in named]
    if days == 1 and proposals > 1:
        return tuple(Slot(number, meals[0]) for number in range(1, proposals + 1)), True
    of_days = {} if fields.meals or fields.days else said[0].meals_of
    return tuple(
        Slot(day, meal)
        for day in range(1, days + 1)
        for meal in meals
        if meal in of_days.get(day, of_days.get(0, named))
    ), False


def _mostly(terms: Iterable[Terms], slots: Sequence[Slot]) -> int | None:
    """Return for how many half of the meals or more are, where no number is said of all.

    Of one meal alone nothing is said of the others.
    """
    counts = Counter(term.servings for term in terms if term.servings)
    servings, count = next(iter(counts.most_common(1)), (None, 0))
    return servings if count > 1 and count * 2 >= len(slots) else None


def _terms(fields: Fields, reading: Reading, slots: Iterable[Slot]) -> dict[Slot, Terms]:
    """Return what holds for single meals; a field holds for all, and is kept where stricter."""
    found: dict[Slot, Terms] = {}
    for slot in slots:
        terms = [term for term in reading.terms if term.holds_for(slot.day, slot.meal)]
        minutes = _stricter(fields.max_minutes, [term.max_minutes for term in terms])
        total = _stricter(fields.max_total_minutes, [term.max_total_minutes for term in terms])
        servings = _first(term.servings for term in reversed(terms))
        own = Terms(
            minutes,
            total,
            None if fields.servings else servings,
            excluded=frozenset().union(*(term.excluded for term in terms)),
            excluded_dishes=frozenset().union(*(term.excluded_dishes for term in terms)),
            roles=()
            if fields.roles
            else _in_a_box(_first(term.roles for term in terms) or (), [slot]),
            tools_only=_first_set(term.tools_only for term in terms),
            tools_without=frozenset().union(*(term.tools_without for term in terms)),
            limits=tuple(merged(dict(term.limits) for term in terms).items()),
            aims=tuple(merged(dict(term.aims) for term in terms).items()),
        )
        if own != AS_FOR_ALL:
            found[slot] = own
    return found


def _is_of_any(term: Term, slots: Iterable[Slot]) -> bool:
    return any(term.holds_for(slot.day, slot.meal) for slot in slots)


def _stricter(of_all: int | None, own: Sequence[int | None]) -> int | None:
    """Return the minutes of a meal that has its own, a field's where they are fewer."""
    minutes = _least(*own)
    return None if minutes is None else _least(of_all, minutes)


def _roles(
    fields: Fields, reading: Reading, wished: Iterable[str], cookbook: Cookbook
) -> tuple[Role, ...]:
    """Return the courses of a meal, where they were asked for.

    Dishes to choose from are one each, not menus: a 主菜 where it is for meat or fish.
    """
    roles = tuple(fields.roles) or reading.roles or _beside_a_bowl(reading, cookbook)
    carbohydrate_grams = reading.figures.most("carbohydrate_g")
    if not roles and carbohydrate_grams is not None and carbohydrate_grams < OF_A_BOWL_OF_RICE:
        return (Role.MAIN, Role.SIDE, Role.SIDE, Role.SOUP)
    of_a_meal = reading.meals or reading.days or reading.names_a_menu
    if roles or reading.proposals == 1 or of_a_meal:
        return roles
    is_main = any(cookbook.is_protein(name) for name in wished) or not reading.ingredients
    return (Role.MAIN,) if is_main else (Role.SIDE,)


def _beside_a_bowl(reading: Reading, cookbook: Cookbook) -> tuple[Role, ...]:
    """Return the courses that go with a bowl that is there: no rice, and no soup beside noodles."""
    bowls = [cookbook.dishes[name] for name in reading.given if cookbook.dishes[name].is_one_bowl]
    if not bowls:
        return ()
    return (Role.MAIN, Role.SIDE) if cookbook.is_soupy(bowls[0]) else (Role.SIDE, Role.SOUP)


def _style(constraints: Constraints, reading: Reading) -> str | None:
    """Return the one style that leads and that the opening line names.

    What is soft goes before a diet's, and that before any other that is wished.
    """
    diets = (DIETS[name].style for name in sorted(constraints.diets))
    wished = [one.value for one in reading.understood if one.kind == "style"]
    snack = ("おつまみ",) if reading.is_snack else ()
    young = ("子ども向け",) if constraints.conditions & YOUNG else ()
    wished = [style for style in wished if style != WARMING or not reading.told & {"猫舌"}]
    wished += [style for told, style in OF_THE_TOLD.items() if told in reading.told]
    # A child's birthday is a feast of what children like.
    wished = [*young, *wished] if reading.suiting else wished
    # Whose teeth are coming needs it softer than whatever children like.
    wished = [SOFT, *wished] if constraints.conditions & TOOTHLESS else wished
    # Who cannot chew is served what is soft; the limits of a diet are kept all the same.
    soft = [style for style in wished[:1] if style == SOFT]
    styles = (*soft, *diets, *snack, *wished, *young)
    return next((style for style in styles if style is not None), None)


def _in_words(wished: Iterable[str], fields: Fields) -> str:
    """Return fields alone in words, for the model that chooses; nothing reads them again."""
    names = "と".join(wished)
    meal = "".join(fields.meals[:1]) or "夕食"
    servings = fields.servings or DEFAULT_SERVINGS
    return f"{f'{names}で、' if names else ''}{servings}人分の{meal}をお願いします"
