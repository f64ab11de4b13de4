"""Reads a request in free text: what is wished, for whom, and above all what must be left out.

Deterministic code, no model: what it finds, the planner guarantees. Where the words can be read in
two ways, the stricter one counts; a wrong exclusion costs a dish, a missed one may cost a life.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from chef_llm.cookbook import Cookbook
from chef_llm.cookbook.vocabulary import WISHED_GROUPS, Role
from chef_llm.reading.amounts import read_at_hand_in_words, read_use_up
from chef_llm.reading.at_home import buys_nothing, read_much
from chef_llm.reading.budget import Budget, read_budget
from chef_llm.reading.by_whom import read_by_whom
from chef_llm.reading.conditions import read_conditions
from chef_llm.reading.courses import (
    DISH_IS_THERE,
    FITTING,
    FULL,
    Courses,
    is_given,
    read_courses,
)
from chef_llm.reading.dangers import read_foraged
from chef_llm.reading.day_courses import read_courses_of_days
from chef_llm.reading.day_exclusions import of_single_days
from chef_llm.reading.days import ordered_days, read_days
from chef_llm.reading.eaten import had_lately
from chef_llm.reading.every_meal import read_of_every_meal
from chef_llm.reading.figures import Figures, read_figures
from chef_llm.reading.forms import read_forms
from chef_llm.reading.frame import read_frame
from chef_llm.reading.leftovers import Leftover, in_pots, read_leftovers
from chef_llm.reading.lexicon import Meaning, Mention, lexicon
from chef_llm.reading.mentions import LeftOut, Mentions, find_mentions
from chef_llm.reading.named_meals import read_meals
from chef_llm.reading.not_considered import (
    SWEET,
    TOOLS,
    NotConsidered,
    is_outdone,
    is_sparing,
    read_raw_meat,
    read_what_is_not_considered,
)
from chef_llm.reading.order import Share, Variation
from chef_llm.reading.products import is_of_a_product, read_products
from chef_llm.reading.proposals import read_proposals
from chef_llm.reading.rotations import Shared
from chef_llm.reading.seasons import read_implied_season
from chef_llm.reading.shares import METHODS, days_in_all, read_shares
from chef_llm.reading.styles import read_diets, read_styles
from chef_llm.reading.suiting import (
    AT_NIGHT,
    HOW_EATEN,
    read_flavour,
    read_suiting,
    read_told,
)
from chef_llm.reading.terms import Scope, Scopes, Term
from chef_llm.reading.text import Text, read_text
from chef_llm.reading.tools import ToolsRead, read_tools
from chef_llm.reading.understood import (
    Found,
    Understood,
    UnderstoodKind,
    found,
    in_order,
    values,
)
from chef_llm.reading.unread_days import read_unread_days
from chef_llm.reading.variations import VARIATIONS, read_variations
from chef_llm.reading.week import WEEKDAYS, Places, last_day_before
from chef_llm.reading.words import NOT_WISHED_BY

__all__ = ["Reading", "Understood", "read_request"]

# The sides that are a dessert.
SWEETS: Final = re.compile(
    "プリン|ゼリー|(?:バナナ|フルーツ)ヨーグルト|大学いも|甘バター蒸し|りんごのコンポート"
    "|さつまいもとりんごの煮物|きな粉がけ"
)
# Raw fish is mostly told of: it is bought, or eaten already. Who wishes for it says so.
IS_ASKED_FOR: Final = re.compile(
    r"(?:の?盛り?合わせ|定食)?(?:"
    r"(?:が|を|も|でも)?\s?(?:食べた[いく]|食いた|ほし[いく]|欲し[いく]|お願|頼[みむ]|つけて"
    "|出したい|作りた|[1一]品|ひとつ|一つ)"
    r"|(?:が|で)(?:いい|良い|ええ|よか)|にしたい|の(?:夕食|夕飯|献立|夜|晩|昼)"
    r"|で(?:夕食|夕飯|晩|夜|昼|一杯|お願|[。、\n]|$)|(?:と|、)[^。、\nは]{1,8}(?:を(?:お願|作"
    r"|出)|で(?:夕|晩|夜|昼|一杯|お願|[。\n]|$)|が(?:いい|食べ)|[。\n]?$)"
    r"|[。\n]?$)"
)
# Behind a food: somebody has it, or is to eat it.
IS_THERE: Final = re.compile(
    r"[^。\n?!]{0,10}(?:もら|もろ|いただ|頂|余|あまっ|ある(?!か)|あります|あって|残っ|届|買っ"
    "|買う|使[いうっ]|つかい|食べた[いく]|食いた"
    r"|消費|食べき|傷|規格外|[1-9一二三]\s?(?:個|尾|本|匹|枚|袋|玉|きろ|kg|g|つ|箱|缶)"
    "|どっさり|たくさん|大量|山ほど|の(?:季節|天ぷら|煮つけ))"
)
# 「大根の葉」「キャベツの芯」, and not 「里いもの皮をむいて」 or 「なすの皮ごと」.
A_PART: Final = re.compile(
    r"の(?P<part>(?:外)?葉(?:っぱ)?|茎|芯|軸|皮)"
    r"(?=[、。,・()\n]|と(?!.{0,4}むく)|で|や|だけ|$|[がもはを]?(?:大量|たくさん|山ほど|いっぱい|捨て|余|残|使|活|食べ(?:た|ら|き)|"
    r"もら|いただ|届|ある|あり|出(?:た|て|る)|どう|消費))"
)
# The leaves of a root are none of it.
OF_A_ROOT: Final = ("大根", "かぶ", "にんじん")
# In folded text: 「辛くないもの」, 「辛さ控えめ」.
NOT_SPICY: Final = re.compile(
    r"辛く(?:な[いくら]|し(?:な|ませ)|せず)|辛さ(?:控え|ひかえ|なし|ぜろ)"
)


# 「[x]和 [ ]中」「■夜 □朝」: who ticks a box leaves the other ones.
TICKED: Final = re.compile(r"「[x✓✔]」|■|☑")
NOT_TICKED: Final = re.compile(r"(?:「 」|□|☐)\s?[^\s「」□☐■☑。、]{1,10}")


# 「献立、案を三つ」: whole menus to choose from, and not dishes.
NAMES_A_MENU: Final = re.compile(r"献立(?!に(?:困|悩))|定食|御膳")


@dataclass(frozen=True)
class Reading:
    """What a request asks for; names are the cookbook's own, `allergens` words of the rule.

    `excluded` holds names of ingredients and of groups. The group 生 is none of the cookbook: it
    stands for dishes whose method is 生. What the request names and forbids at once is in neither
    `ingredients` nor `dishes`.
    """

    ingredients: tuple[str, ...]
    dishes: tuple[str, ...]
    servings: int | None
    meals: tuple[str, ...]
    days: int | None
    allergens: frozenset[str]
    excluded: frozenset[str]
    excluded_dishes: frozenset[str]
    cuisine: str | None
    max_minutes: int | None
    max_total_minutes: int | None
    season: str | None
    diets: frozenset[str]
    understood: tuple[Understood, ...]
    # The season that an occasion, a date or the weather implies, and the month of it.
    implied_season: str | None = None
    month: int | None = None
    # Words of harm or refusal of which nobody can tell what they leave out, and the foods that are
    # left out only because such words stand beside them.
    unclear: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    # An allergy that is named by no food: nothing can be served before it is.
    must_ask: bool = False
    # The text is longer than what is read of it.
    is_cut: bool = False
    # What no order has a place for yet.
    not_considered: tuple[NotConsidered, ...] = ()
    # The words that ask for meat that is not cooked through.
    raw_meat: str | None = None
    # What somebody found outside, and may be poisonous.
    foraged: str | None = None
    # (whoever does not eat it, the words for it), where it is not the one who writes.
    left_out_by: tuple[tuple[str, str], ...] = ()
    # Words for dishes of which any will do, with those dishes.
    families: Mapping[str, frozenset[str]] = field(default_factory=dict)
    # What is left of a meal, with the dishes that it becomes, if any.
    leftovers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    # What the dish that leads the meal is to taste of.
    flavour: str | None = None
    # Grams of what is said to be at hand, None for enough of it.
    at_hand: Mapping[str, float | None] = field(default_factory=dict)
    # Foods that are to be used up, before others.
    use_up: tuple[str, ...] = ()
    # Nothing is to be bought; of what there is very much.
    buys_nothing: bool = False
    much: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    is_snack: bool = False
    names_a_menu: bool = False
    proposals: int = 1
    shares: tuple[Share, ...] = ()
    # A food that every meal is to have, and its words.
    of_every_meal: tuple[tuple[str, str], ...] = ()
    varied: tuple[Variation, ...] = ()
    # What holds for single days or meals alone; the meals of days that have their own, under 0
    # those of all others; which days of the week are meant.
    terms: tuple[Term, ...] = ()
    meals_of: Mapping[int, frozenset[str]] = field(default_factory=dict)
    weekdays: tuple[str, ...] = ()
    figures: Figures = field(default_factory=Figures)
    budget: Budget | None = None
    tools: ToolsRead = field(default_factory=ToolsRead)
    # Foods of which somebody has the kind that holds more (`Order.uses`).
    uses: frozenset[str] = frozenset()
    # Dishes that suit what the meal is said to be (`suiting.py`).
    suiting: frozenset[str] = frozenset()
    # What is told of those who eat, and of the day.
    told: frozenset[str] = frozenset()
    # Foods that are there or wished for and of which the cookbook has no dish, in their words.
    in_no_dish: tuple[str, ...] = ()
    # Dishes that are there already, and what is asked for goes with.
    given: tuple[str, ...] = ()
    # Names of `conditions.toml`: whom the menu is for.
    conditions: frozenset[str] = frozenset()

    def without_doubts(self) -> "Reading":
        """Return the same with nothing to ask about."""
        return replace(self, unclear=(), unsure=(), must_ask=False)

    def without(self, of_some: "Reading") -> "Reading":
        """Return the same without the minutes and tools that a part of it says of some meals."""
        said, other = self.understood, of_some.understood
        return replace(
            self,
            max_minutes=_least_but(said, other, "max_minutes"),
            max_total_minutes=_least_but(said, other, "max_total_minutes"),
            tools=replace(
                self.tools,
                only=self.tools.only - of_some.tools.only,
                without=self.tools.without - of_some.tools.without,
            ),
        )

    @property
    def is_guarded(self) -> bool:
        """Tell whether anything is named that must be kept: the planner must answer."""
        left_out = self.allergens or self.excluded or self.excluded_dishes
        return bool(left_out or self.diets or self.conditions)


def _least_but(
    all_of_it: Iterable[Understood], a_part: Iterable[Understood], kind: UnderstoodKind
) -> int | None:
    """Return the least number of a kind that is not of the part."""
    numbers = Counter(int(one.value) for one in all_of_it if one.kind == kind)
    numbers.subtract(int(one.value) for one in a_part if one.kind == kind)
    return min((number for number, count in numbers.items() if count > 0), default=None)


@dataclass(frozen=True)
class Refused:
    """What names leave out, in the cookbook's words."""

    allergens: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    excluded_dishes: frozenset[str] = frozenset()
    diets: frozenset[str] = frozenset()


def left_out(meanings: Iterable[Meaning], *, is_allergy: bool) -> Refused:
    """Return what is left out with `meanings`; of an allergy more goes than of a dislike."""
    left = Refused()
    for meaning in meanings:
        more = (meaning.allergy_allergens, meaning.allergy_excluded) if is_allergy else ((), ())
        left = Refused(
            left.allergens.union(meaning.allergens, more[0]),
            left.excluded.union(meaning.excluded, more[1]),
            left.excluded_dishes | meaning.dishes,
            left.diets.union({meaning.diet} if meaning.diet else ()),
        )
    return left


@dataclass(frozen=True)
class _Forbidden:
    """What the text leaves out, asked of the wishes in the same text."""

    cookbook: Cookbook
    allergens: frozenset[str]
    excluded: frozenset[str]
    dishes: frozenset[str]

    def has_ingredient(self, name: str) -> bool:
        """Tell whether nothing is left of what a wish for `name` would be met by."""
        if name in self.excluded:
            return True
        members = [self.cookbook.ingredients[one] for one in self.cookbook.members(name)]
        # Where there is a kind that holds less, recipes name that.
        if name in self.cookbook.products.plain:
            members.append(self.cookbook.ingredients[self.cookbook.products.plain[name].instead])
        return all(
            {one.name, *one.groups} & self.excluded or one.allergens & self.allergens
            for one in members
        )

    def has_dish(self, name: str) -> bool:
        parts = self.cookbook.dishes[name].ingredient_names
        return name in self.dishes or any(map(self.has_ingredient, parts))


def read_request(text: str, cookbook: Cookbook, places: Places | None = None) -> Reading:
    """Return what `text` asks for and what it leaves out, by the names of `cookbook`.

    `places` are the days of a plan that was answered, where the text is of that plan.
    """
    words = lexicon(cookbook)
    request, clauses = read_forms(words.bounded(read_text(text)), words)
    mentions = find_mentions(request, clauses, words)
    of_days = _left_out_on_days(request, mentions, places)
    exclusions, excluded_dishes = _exclusions(request, mentions, cookbook, of_days)
    eaten = set(had_lately(request, mentions.wished))
    leftovers = list(read_leftovers(request, mentions.wished, eaten, cookbook))
    gone = eaten.union((one.mention for one in leftovers), in_pots(request, mentions.wished))
    mentions = replace(mentions, wished=tuple(one for one in mentions.wished if one not in gone))
    exclusions += _not_again(request, gone, mentions)
    forbidden = _Forbidden(
        cookbook,
        frozenset(values(exclusions, "allergen")),
        frozenset(values(exclusions, "exclude")),
        excluded_dishes.union(
            *(one.meaning.dishes for one in _dishes(eaten, mentions)),
            *(one.mention.meaning.dishes - one.becomes for one in leftovers),
        ),
    )
    # What is refused is read of all boxes, in doubt; what is asked for, of those that are ticked.
    ticked = _ticked(request)
    mentions = replace(
        mentions,
        named=tuple(one for one in mentions.named if ticked.folded[one.start] != " "),
        wished=tuple(one for one in mentions.wished if ticked.folded[one.start] != " "),
    )
    meals = list(read_meals(ticked, mentions))
    shared = read_shares(request, mentions, values(meals, "meal") or ("夕食",), places)
    days = places.count if places else days_in_all(request, shared)
    of_some_days = {one.mention.start for one in shared}
    scopes = Scopes(ticked.folded, days or 1, values(meals, "meal") or ("夕食",), places)
    framed = read_frame(ticked, mentions, meals, scopes=scopes, of_some_days=of_some_days)
    courses = read_courses(
        ticked,
        framed.scopes,
        has_given=any(
            one.meaning.kind == "dish"
            and DISH_IS_THERE.match(ticked.folded, one.end)
            and role_of_family(one.meaning.dishes, cookbook) in (Role.MAIN, Role.STAPLE)
            for one in mentions.wished
        ),
    )
    figures = read_figures(request, framed.scopes)
    tools = read_tools(ticked, framed.scopes)
    of_single = read_courses_of_days(
        ticked,
        framed.scopes,
        [one.mention.start for one in shared if one.share.kind == "dish"],
    )
    wishes = list(_wishes(request, mentions, forbidden, shared, courses))
    budget = read_budget(request, framed.scopes)
    proposals = list(read_proposals(request, are_beside=courses.asks_beside))
    whom = list(read_conditions(request))
    frame = [
        *whom,
        *framed.words,
        *read_styles(request, mentions, of_some_days),
        *courses.words,
        *proposals,
        *figures.words,
        *([(budget.start, budget.understood)] if budget else ()),
        *tools.words,
        *of_single.words,
        *(
            (one.mention.start, Understood("share", one.share.value, one.share.words))
            for one in shared
        ),
    ]
    varied = list(read_variations(request))
    frame += [*varied, *(_of_its_days(entry, request) for entry in of_days)]
    named_season = next(iter(values(frame, "season")), None)
    implied = None if named_season else read_implied_season(request, mentions)
    if implied:
        frame.append(implied.found)
    foods, dishes = values(wishes, "ingredient"), values(wishes, "dish")
    known = [name for name in dishes if name in cookbook.dishes]
    ingredients = tuple(name for name in foods if not forbidden.has_ingredient(name))
    words_for_many = {*dishes, *(one.share.value for one in shared)} - {*known}
    families = {
        **_families(mentions, words_for_many, cookbook),
        **_of_the_cuisine(known, values(frame, "cuisine"), mentions, cookbook),
    }
    if courses.is_sweet:
        families[SWEET] = frozenset(name for name in cookbook.dishes if SWEETS.search(name))
    cuisines_shared = {one.share.value for one in shared if one.share.kind == "cuisine"}
    shared_foods = (one.share.value for one in shared if one.share.kind == "food")
    foods_there = {
        *ingredients,
        *(name for name in shared_foods if not forbidden.has_ingredient(name)),
    }
    use_up = read_use_up(request, mentions, ingredients)
    # What is to be used up is there.
    at_hand = dict.fromkeys(use_up) | read_at_hand_in_words(request, mentions, cookbook)
    understood = in_order([*wishes, *exclusions, *frame])
    cuisines = {one.meaning.wish for one in mentions.wished if one.meaning.kind == "cuisine"}
    no_dishes = {*METHODS, SWEET, *cuisines, *(one.share.value for one in shared)}
    return Reading(
        ingredients=ingredients,
        dishes=tuple(
            name for name in known if name not in families and not forbidden.has_dish(name)
        ),
        families=families,
        leftovers=_remade(leftovers, forbidden.dishes),
        flavour=read_flavour(request)[0],
        at_hand={name: grams for name, grams in at_hand.items() if name in foods_there},
        use_up=use_up,
        buys_nothing=buys_nothing(request, mentions),
        much=read_much(request, mentions, ingredients),
        roles=_with_wished(
            _beside_meals(courses, values(frame, "meal")),
            _roles_of(known, families, no_dishes, cookbook),
            has_given=bool(values(wishes, "given")) and not values(frame, "meal"),
        ),
        is_snack=courses.is_snack,
        names_a_menu=NAMES_A_MENU.search(request.folded) is not None,
        proposals=next((int(one.value) for _, one in proposals), 1),
        shares=tuple(one.share for one in shared),
        of_every_meal=tuple(read_of_every_meal(request, mentions, ingredients, at_hand)),
        varied=tuple(name for name in VARIATIONS if name in values(varied, "share")),
        figures=figures,
        budget=budget,
        tools=tools,
        servings=next(map(int, values(frame, "servings")), None),
        meals=values(frame, "meal"),
        days=days,
        terms=(
            *framed.terms,
            *of_single.terms,
            *(_term(entry, days) for entry, days in of_days.items()),
        ),
        meals_of={**framed.meals_of, 0: framed.meals} if framed.meals_of else {},
        weekdays=tuple(
            WEEKDAYS[day] for day in (places.weekdays if places else ordered_days(request.folded))
        ),
        allergens=forbidden.allergens,
        excluded=forbidden.excluded,
        excluded_dishes=forbidden.dishes,
        # What some days are of is no cuisine of all.
        cuisine=_cuisine_of_all(values(frame, "cuisine"), cuisines_shared, proposals),
        max_minutes=min(map(int, values(frame, "max_minutes")), default=None),
        max_total_minutes=min(map(int, values(frame, "max_total_minutes")), default=None),
        season=named_season,
        implied_season=implied.season if implied else None,
        month=implied.month if implied else None,
        diets=frozenset(values(exclusions, "diet")),
        understood=understood,
        unclear=tuple(
            dict.fromkeys(request.words(*signal.sentence) for signal in mentions.unclear)
        ),
        unsure=tuple(
            dict.fromkeys(
                entry.mention.meaning.name for entry in mentions.left_out if entry.is_unclear
            )
        ),
        must_ask=any(signal.is_harm for signal in mentions.unclear),
        is_cut=request.is_cut,
        not_considered=tuple(
            {
                **({TOOLS: NotConsidered(TOOLS, tools.unknown)} if tools.unknown else {}),
                **{
                    one.name: one
                    for one in read_what_is_not_considered(
                        request,
                        mentions,
                        {*(one.kind for one in understood), *of_single.kinds},
                        has_sweet=courses.is_sweet,
                        parts=_parts(request, mentions, cookbook),
                        unread_days=tuple(
                            read_unread_days(request, framed.scopes, [*wishes, *exclusions, *frame])
                        ),
                    )
                },
            }.values()
        ),
        left_out_by=read_by_whom(request, mentions),
        conditions=frozenset(values(whom, "condition")),
        suiting=read_suiting(
            _of_all_meals(request, framed.scopes), cookbook, is_one_day=(days or 1) == 1
        )
        or _of_kitchens(mentions),
        # What is eaten late is no other meal.
        told=read_told(_of_all_meals(request, framed.scopes))
        - ({AT_NIGHT} if values(frame, "meal") else set()),
        in_no_dish=tuple(_in_no_dish(request, mentions)),
        given=tuple(_given(wishes, mentions, cookbook)),
        raw_meat=read_raw_meat(request),
        foraged=read_foraged(request),
        uses=read_products(request, mentions, cookbook.products),
    )


def _ticked(text: Text) -> Text:
    """Return a text with blanks for the choices of a form that are not ticked."""
    if not TICKED.search(text.folded):
        return text
    plain, folded = list(text.plain), list(text.folded)
    for match in NOT_TICKED.finditer(text.folded):
        for written in (plain, folded):
            written[match.start() : match.end()] = " " * len(match[0])
    return replace(text, plain="".join(plain), folded="".join(folded))


def _exclusions(
    request: Text, mentions: Mentions, cookbook: Cookbook, of_days: Collection[LeftOut]
) -> tuple[list[Found], frozenset[str]]:
    """Return what is left out, diets included, and the names of all dishes that are.

    What is left out on single days alone (`of_days`) is not among it.
    """
    things = list(read_diets(request, mentions))
    diets = {place for place, _ in things}
    # 「塩を控えて」 is low_salt and does not forbid salt.
    entries = [
        entry
        for entry in mentions.left_out
        if entry.mention.start not in diets
        and entry not in of_days
        and not is_of_a_product(entry, request, mentions, cookbook.products)
    ]
    for entry in entries:
        things += _exclusion(entry, request)
    things += _meatless(things)
    if not_spicy := NOT_SPICY.search(request.folded):
        things.append(found(request, not_spicy, "exclude", "唐辛子"))
    return things, frozenset().union(*(entry.mention.meaning.dishes for entry in entries))


def _dishes(eaten: Iterable[Mention], mentions: Mentions) -> Iterator[Mention]:
    """Yield the dishes of what was eaten that nobody wishes for besides."""
    wished = {one.meaning.name for one in mentions.wished}
    for one in eaten:
        if one.meaning.kind == "dish" and one.meaning.name not in wished:
            yield one


def _not_again(request: Text, eaten: Iterable[Mention], mentions: Mentions) -> Iterator[Found]:
    """Yield the dishes that were eaten lately as they are left out now."""
    for one in _dishes(eaten, mentions):
        said = request.words(one.start, one.end)
        yield one.start, Understood("exclude_dish", one.meaning.name, said)


def _left_out_on_days(
    request: Text, mentions: Mentions, places: Places | None
) -> Mapping[LeftOut, frozenset[int]]:
    """Return what is left out on single days alone: no allergen, and nothing that makes a diet."""
    scopes = Scopes(request.folded, read_days(request.folded) or 1, ("夕食",), places)
    found = of_single_days(request, mentions.left_out, scopes)
    diets = {place for place, _ in read_diets(request, mentions)}
    return {
        entry: days
        for entry, days in found.items()
        if entry.mention.start not in diets
        and not (entry.mention.meaning.allergens or entry.mention.meaning.diet)
    }


def _term(entry: LeftOut, days: frozenset[int]) -> Term:
    """Return what is left out of the meals of single days."""
    left = left_out([entry.mention.meaning], is_allergy=False)
    return Term(Scope(days), excluded=left.excluded, excluded_dishes=left.excluded_dishes)


def _of_its_days(entry: LeftOut, request: Text) -> Found:
    """Return how what is left out on single days is understood."""
    one = last_day_before(request.folded, entry.mention.start)
    start = one.start if one else entry.start
    words = request.words(start, max(entry.end, entry.mention.end))
    return entry.mention.start, Understood("share", f"{entry.mention.meaning.name}なし", words)


def _meatless(things: list[Found]) -> Iterator[Found]:
    """Yield the vegetarian diet where neither is eaten: 「肉も魚も食べない」."""
    meat = next((each for each in things if each[1].value == "肉"), None)
    if meat and any(thing.value in ("魚", "魚介") for _, thing in things):
        place, thing = meat
        yield place, Understood("diet", "vegetarian", thing.words)


def _exclusion(entry: LeftOut, request: Text) -> Iterator[Found]:
    meaning, place = entry.mention.meaning, entry.mention.start
    said = request.words(entry.start, entry.end)
    left = left_out([meaning], is_allergy=entry.strictness == "allergy")
    for name in sorted(left.allergens):
        yield place, Understood("allergen", name, said)
    for name in sorted(left.excluded):
        yield place, Understood("exclude", name, said)
    if left.excluded_dishes:
        yield place, Understood("exclude_dish", meaning.name, said)
    for diet in left.diets:
        yield place, Understood("diet", diet, said)


def _beside_meals(courses: Courses, meals: Collection[str]) -> Courses:
    """Return the courses with those of the meals that a snack is asked for beside."""
    is_alone = not courses.asks_beside and set(courses.roles) == {Role.SIDE}
    if not (courses.is_sweet and meals and is_alone):
        return courses
    roles = [role for role in FULL if role not in courses.removed]
    return replace(courses, roles=tuple(sorted((*roles, *courses.roles), key=FULL.index)))


def _with_wished(courses: Courses, wished: Sequence[Role], *, has_given: bool) -> tuple[Role, ...]:
    """Return the courses that were asked for with those of dishes that are to be cooked, too.

    Where a dish is there already, what goes with it is all: 「カレーに合うサラダ」.
    """
    if not courses.roles:
        return tuple(sorted(wished, key=list(Role).index)) if has_given else ()
    missing = dict.fromkeys(role for role in wished if role not in courses.roles)
    roles = (*courses.roles, *(role for role in missing if role not in courses.removed))
    return tuple(sorted(roles, key=list(Role).index))


def _roles_of(
    dishes: Iterable[str],
    families: Mapping[str, frozenset[str]],
    no_dishes: Collection[str | None],
    cookbook: Cookbook,
) -> list[Role]:
    """Return the courses of dishes wished for, of a family that which most of it are of."""
    roles = [cookbook.dishes[name].role for name in dishes]
    for word, names in families.items():
        if word not in no_dishes:
            roles.append(role_of_family(names, cookbook))
    return roles


def role_of_family(names: Iterable[str], cookbook: Cookbook) -> Role:
    """Return the course that most dishes of a family are."""
    return Counter(cookbook.dishes[name].role for name in sorted(names)).most_common(1)[0][0]


def _families(
    mentions: Mentions, words: Iterable[str], cookbook: Cookbook
) -> dict[str, frozenset[str]]:
    """Return the dishes that words for many of them stand for: カレー, みそ汁, イタリアン."""
    named = {one.meaning.name: one.meaning.dishes for one in mentions.wished}
    for one in mentions.wished:
        if one.meaning.kind == "cuisine" and one.meaning.wish:
            dishes = (cookbook.dishes[name] for name in one.meaning.dishes)
            leading = (dish for dish in dishes if dish.role == Role.MAIN or dish.is_one_bowl)
            named[one.meaning.wish] = frozenset(dish.name for dish in leading)
    for word in METHODS & named.keys():
        # 「煮物」 is no bowl of noodles.
        named[word] = frozenset(
            name for name in named[word] if cookbook.dishes[name].role != Role.STAPLE
        )
    for word, pattern in NOT_WISHED_BY.items():
        named[word] = frozenset(
            name for name in named.get(word, ()) if not re.search(pattern, name)
        )
    return {word: named[word] for word in words if named.get(word)}


def _remade(leftovers: Iterable[Leftover], forbidden: Collection[str]) -> dict[str, frozenset[str]]:
    """Return what is left of a meal, with what it may become; not what is told as its foods."""
    return {
        one.name: one.becomes.difference(forbidden) for one in leftovers if not one.is_told_as_foods
    }


def _of_the_cuisine(
    dishes: Iterable[str], cuisines: Sequence[str], mentions: Mentions, cookbook: Cookbook
) -> dict[str, frozenset[str]]:
    """Return those of a cuisine that are called like a dish of another one: 和風のハンバーグ."""
    alike = {one.meaning.name: one.meaning.dishes for one in mentions.wished}
    found: dict[str, frozenset[str]] = {}
    for name in dishes if len(cuisines) == 1 else ():
        if cookbook.dishes[name].cuisine != cuisines[0]:
            others = (cookbook.dishes[other] for other in alike.get(name, ()))
            found[name] = frozenset(d.name for d in others if d.cuisine == cuisines[0])
    return {name: others for name, others in found.items() if others}


def _of_kitchens(mentions: Mentions) -> frozenset[str]:
    """Return the dishes of kitchens that are asked for, which suit beside what leads the meal."""
    kitchens = (one.meaning for one in mentions.wished if one.meaning.kind == "cuisine")
    return frozenset().union(*(one.dishes for one in kitchens if one.wish))


def _in_no_dish(text: Text, mentions: Mentions) -> Iterator[str]:
    """Yield the foods that somebody has, or wishes to eat, and that are in no dish."""
    for mention in mentions.wished:
        if _is_of_leaves(text, mention) and (part := _part_of(text, mention)):
            yield text.words(mention.start, part.end())
        if mention.meaning.is_in_no_dish and IS_THERE.match(text.folded, mention.end):
            yield text.words(mention.start, mention.end)


def _part_of(text: Text, mention: Mention) -> re.Match[str] | None:
    """Return which part of a food is named, whether the name of the food holds it or not."""
    is_held = text.folded.endswith("の葉", mention.start, mention.end)
    return A_PART.match(text.folded, mention.end - 2 if is_held else mention.end)


def _is_of_leaves(text: Text, mention: Mention) -> bool:
    """Tell whether the leaves of a root are named: 「大根の葉」 is no wish for the root."""
    part = _part_of(text, mention)
    return part is not None and "葉" in part["part"] and mention.meaning.wish in OF_A_ROOT


def _parts(text: Text, mentions: Mentions, cookbook: Cookbook) -> tuple[str, ...]:
    """Return the parts of vegetables that are named, of which a dish takes the whole."""
    return tuple(
        text.words(one.start, part.end())
        for one in mentions.wished
        if (part := A_PART.match(text.folded, one.end)) and not _is_of_leaves(text, one)
        if any(
            {"野菜", "きのこ"} & {*cookbook.ingredients[name].groups}
            for name in cookbook.members(one.meaning.wish or "")
        )
    )


def _cuisine_of_all(
    named: Sequence[str], shared: Collection[str], proposals: Sequence[Found]
) -> str | None:
    """Return the cuisine of all meals: of some days it is none, nor of one proposal of several."""
    left = [one for one in named if one not in shared]
    return left[0] if left and not (proposals and len(left) > 1) else None


def _of_all_meals(text: Text, scopes: Scopes) -> Text:
    """Return a text with blanks for how single meals are eaten."""
    return replace(text, folded=scopes.of_all(text.folded, HOW_EATEN))


def _given(wishes: Iterable[Found], mentions: Mentions, cookbook: Cookbook) -> Iterator[str]:
    """Yield a dish for each that is there already, of a family the plainest of its kind."""
    families = {one.meaning.wish: one.meaning.dishes for one in mentions.wished}
    for word in values(wishes, "given"):
        names = {word} if word in cookbook.dishes else families.get(word, frozenset())
        dishes = [cookbook.dishes[name] for name in sorted(names)]
        leading = [dish for dish in dishes if dish.role == Role.MAIN or dish.is_one_bowl]
        if found := leading or dishes:
            cuisines = Counter(dish.cuisine for dish in found)
            yield min(found, key=lambda dish: (-cuisines[dish.cuisine], len(dish.name))).name


def _wishes(
    request: Text,
    mentions: Mentions,
    forbidden: _Forbidden,
    shared: Sequence[Shared],
    courses: Courses,
) -> Iterator[Found]:
    """Yield what is asked for, less what the text names again to leave it out.

    What only some of the days are for is no wish of all of them.
    """
    _, flavoured = read_flavour(request)
    of_some_days = {one.mention for one in shared}
    # 「カレーに合うサラダ」 is no menu, but that dish.
    dishes = {one.start for one in mentions.wished if one.meaning.kind == "dish"}
    ends = {mention.end for mention in mentions.wished}
    for mention in mentions.wished:
        if mention in of_some_days:
            continue
        meaning = mention.meaning
        is_left_out = meaning.wish in forbidden.excluded | forbidden.dishes
        if meaning.wish is None or is_left_out or meaning.allergens & forbidden.allergens:
            continue
        if is_sparing(request, mention) or is_outdone(request, mention):
            continue
        if _is_of_leaves(request, mention):
            continue
        # 「肉か魚がほしい」: the first will do.
        before = mention.start - 1
        is_joined = before in ends and request.folded[before] == "か"
        if is_joined and meaning.wish in WISHED_GROUPS:
            continue
        # 「トマト系のパスタ」: it is what that tastes of, and no tomato beside it.
        if mention.start in flavoured:
            continue
        said = request.words(mention.start, mention.end)
        if meaning.is_served_so and not IS_ASKED_FOR.match(request.folded, mention.end):
            continue
        if meaning.kind in ("dish", "cuisine") or meaning.is_served_so:
            # 「ハンバーグに合う副菜」: it is there, and not to be cooked once more. Of a menu that
            # goes with it it is a part.
            fitting = FITTING.match(request.folded, mention.end)
            is_part = fitting and not courses.roles and fitting.end() not in dishes
            is_settled = courses.roles and DISH_IS_THERE.match(request.folded, mention.end)
            is_there = bool(is_settled) or (is_given(request.folded, mention.end) and not is_part)
            kind: UnderstoodKind = "given" if is_there else "dish"
            yield mention.start, Understood(kind, meaning.wish, said)
        else:
            yield mention.start, Understood("ingredient", meaning.wish, said)
