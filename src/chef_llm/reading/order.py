"""What is asked for: the one value that words and fields become, and that a plan is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from chef_llm.cookbook.vocabulary import WISHED_GROUPS, Range, Role
from chef_llm.reading.figures import merged
from chef_llm.reading.not_considered import NotConsidered
from chef_llm.reading.servings import DEFAULT_SERVINGS
from chef_llm.reading.understood import Understood

__all__ = ["DEFAULT_SERVINGS"]


@dataclass(frozen=True)
class Slot:
    """A meal to plan: `day` counts from 1."""

    day: int
    meal: str


@dataclass(frozen=True)
class Fields:
    """The fields of a request, as they came; `ingredients` are (words, grams at hand)."""

    ingredients: Sequence[tuple[str, float | None]] = ()
    servings: int | None = None
    days: int | None = None
    meals: Sequence[str] = ()
    allergens: Sequence[str] = ()
    exclude: Sequence[str] = ()
    cuisine: str | None = None
    max_minutes: int | None = None
    max_total_minutes: int | None = None
    season: str | None = None
    diets: frozenset[str] = frozenset()
    limits: Mapping[str, Range] = field(default_factory=dict)
    roles: Sequence[Role] = ()
    proposals: int | None = None
    only_tools: Sequence[str] = ()
    without_tools: Sequence[str] = ()

    @property
    def say_something(self) -> bool:
        """Tell whether any field is given."""
        return any(vars(self).values())


NO_FIELDS: Final = Fields()


# What a share of the days is of: a cuisine, a food or group of foods, a way of cooking, dishes.
ShareKind = Literal["cuisine", "food", "method", "dish", "style"]
# What is to be another one each day.
Variation = Literal["味", "料理の国", "主な食材"]
# What may be asked about dishes beside a menu of them.
About = Literal["shopping_list", "nutrition", "work", "recipes"]


@dataclass(frozen=True)
class Share:
    """What some of the meals are to be: 和食 on three days, fish on Tuesday, fried once at most.

    A meal counts when what leads it is so. `days` are those that are named, from 1, `meals` those
    that alone are meant (「昼は麺で」); without either it is any `least` of the meals. `words` are
    those that said so.
    """

    kind: ShareKind
    value: str
    least: int = 0
    most: int | None = None
    days: tuple[int, ...] = ()
    words: str = ""
    meals: tuple[str, ...] = ()

    @property
    def is_bound(self) -> bool:
        """Tell whether it is said of single days or meals, and of all of these."""
        return bool(self.days or self.meals)

    def is_of(self, slot: Slot) -> bool:
        """Tell whether it is said of a meal, where it is bound to some."""
        is_its_day = not self.days or slot.day in self.days
        return is_its_day and (not self.meals or slot.meal in self.meals)


@dataclass(frozen=True)
class Constraints:
    """What a menu must keep; `excluded` holds ingredient and food group names.

    `conditions` are names of `conditions.toml`: whom the menu is for.

    `max_minutes` are those of each dish, `max_total_minutes` those of a meal, from the first move
    to the table. `limits` are those of one meal, per serving: nutrient name, or `price_yen` for a
    budget, to (least, most). Dishes that centre on something `of_any_season`, or are of it, are
    served whatever the season: who has cod at hand has it now; those of a feast only where they are
    named themselves. `month` is that of an occasion, or of today where no season was asked for.
    `tools_only` are those that there are, none where there are all, `tools_without` those that
    there are not (names of `cookbook.tools`); dishes `of_any_tool` stay of an earlier answer, and
    the tools were said of what comes beside them.
    """

    allergens: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    excluded_dishes: frozenset[str] = frozenset()
    diets: frozenset[str] = frozenset()
    conditions: frozenset[str] = frozenset()
    cuisine: str | None = None
    max_minutes: int | None = None
    max_total_minutes: int | None = None
    season: str | None = None
    month: int | None = None
    of_any_season: frozenset[str] = frozenset()
    limits: Mapping[str, Range] = field(default_factory=dict)
    tools_only: frozenset[str] = frozenset()
    tools_without: frozenset[str] = frozenset()
    of_any_tool: frozenset[str] = frozenset()

    @property
    def lack_tools(self) -> bool:
        """Tell whether not everything can be cooked with."""
        return bool(self.tools_only or self.tools_without)


@dataclass(frozen=True)
class Terms:
    """What holds for one meal alone; None where it is as for all.

    `excluded` and `excluded_dishes` are left out beside what is left out of all meals, and so are
    `tools_without`; `roles` are the courses of the meal, `tools_only` the tools that there are.
    `limits` and `aims` of its figures are kept beside those of all, the tighter of two.
    """

    max_minutes: int | None = None
    max_total_minutes: int | None = None
    servings: int | None = None
    excluded: frozenset[str] = frozenset()
    excluded_dishes: frozenset[str] = frozenset()
    roles: tuple[Role, ...] = ()
    tools_only: frozenset[str] = frozenset()
    tools_without: frozenset[str] = frozenset()
    limits: tuple[tuple[str, Range], ...] = ()
    aims: tuple[tuple[str, Range], ...] = ()


AS_FOR_ALL: Final = Terms()


@dataclass(frozen=True)
class Order:
    """All that a plan is made from; `ingredients`, `dishes`, `families` and `style` are wishes.

    `families` are dishes of which any will do, by the word for them (カレー, みそ汁), `leftovers`
    what is left of an earlier meal, with the dishes that it becomes. What leads the meal is to
    taste of `flavour`. `roles` are
    the courses of a meal, one for each dish, where they were asked for. With `is_proposals` one of
    the slots will be cooked: each is to have what is asked for. `kept` are dishes of an earlier
    answer that stay, by slot, and `avoided` those that are not to come again. `terms` are what
    holds for single meals alone, `weekdays` the days of the week that the days of the plan are.
    `request` are the words for the model that chooses. `suiting` are dishes that suit what the meal
    is said to be (ひな祭り, おふくろの味), of which any will do, `told` what is told of
    those who eat (`suiting.TOLD`), `given` dishes that are there already, which the others go with.
    `named_season` is the season that was asked for, by name, by
    an occasion or the weather, not one that is just there. `average_yen` is what a serving may cost
    on average where the money is for all meals together, of which one may cost more than another.
    `at_hand` are grams, None for enough of it, `use_up` foods of which as much as can be goes into
    the first meals. With `buys_nothing` a meal is of what there is alone, and what everybody has;
    `much` are foods of which there is more than one dish takes.
    `notes` are sentences for whoever asked: what was left out in doubt, what was not understood;
    `not_considered` is what was asked for and no plan is made from. Of the same order another
    `variety` gives another choice; it changes with the day. `varied` is what is to be another one
    in each meal. With `few_to_wash` menus that take few
    tools go first. `uses` are foods of which somebody has the kind that holds more: stock of
    granules, みそ with stock in it. `is_guarded` tells that something must be kept, so that the
    planner has to answer, and `is_talk` that no dishes are asked for: an allergy is named to ask
    what it is, or a menu to say thanks. What `is_for_an_animal` is no order for people either.
    """

    request: str
    constraints: Constraints = Constraints()
    slots: tuple[Slot, ...] = (Slot(1, "夕食"),)
    terms: Mapping[Slot, Terms] = field(default_factory=dict)
    weekdays: tuple[str, ...] = ()
    ingredients: tuple[str, ...] = ()
    dishes: tuple[str, ...] = ()
    families: Mapping[str, frozenset[str]] = field(default_factory=dict)
    leftovers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    flavour: str | None = None
    roles: tuple[Role, ...] = ()
    is_proposals: bool = False
    shares: tuple[Share, ...] = ()
    varied: tuple[Variation, ...] = ()
    kept: Mapping[Slot, tuple[str, ...]] = field(default_factory=dict)
    avoided: frozenset[str] = frozenset()
    aims: Mapping[str, Range] = field(default_factory=dict)
    about: About | None = None
    has_shopping_list: bool = False
    has_work: bool = False
    servings: int = DEFAULT_SERVINGS
    style: str | None = None
    suiting: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    given: tuple[str, ...] = ()
    named_season: str | None = None
    average_yen: float | None = None
    at_hand: Mapping[str, float | None] = field(default_factory=dict)
    use_up: tuple[str, ...] = ()
    buys_nothing: bool = False
    much: tuple[str, ...] = ()
    unknown_ingredients: tuple[str, ...] = ()
    unknown_dishes: tuple[str, ...] = ()
    understood: tuple[Understood, ...] = ()
    notes: tuple[str, ...] = ()
    not_considered: tuple[NotConsidered, ...] = ()
    variety: int = 0
    few_to_wash: bool = False
    uses: frozenset[str] = frozenset()
    is_guarded: bool = True
    is_talk: bool = False
    is_for_an_animal: bool = False
    may_be_talk: bool = False

    def servings_of(self, slot: Slot) -> int:
        """Return for how many people a meal is."""
        return self.terms.get(slot, AS_FOR_ALL).servings or self.servings

    @property
    def budget_yen(self) -> float | None:
        """What all meals of the plan may cost together, None where nothing is said of it."""
        if self.average_yen is None:
            return None
        return self.average_yen * sum(self.servings_of(slot) for slot in self.slots)

    def constraints_of(self, slot: Slot) -> Constraints:
        """Return what one meal must keep: minutes of its own stand in the place of those of all."""
        terms, of_all = self.terms.get(slot, AS_FOR_ALL), self.constraints
        if terms == AS_FOR_ALL:
            return of_all
        return replace(
            of_all,
            max_minutes=of_all.max_minutes if terms.max_minutes is None else terms.max_minutes,
            max_total_minutes=of_all.max_total_minutes
            if terms.max_total_minutes is None
            else terms.max_total_minutes,
            excluded=of_all.excluded | terms.excluded,
            excluded_dishes=of_all.excluded_dishes | terms.excluded_dishes,
            tools_only=terms.tools_only or of_all.tools_only,
            tools_without=of_all.tools_without | terms.tools_without,
            limits=merged([of_all.limits, dict(terms.limits)]) if terms.limits else of_all.limits,
        )

    def aims_of(self, slot: Slot) -> Mapping[str, Range]:
        """Return what the figures of one meal are to come to; its own go before those of all."""
        return {**self.aims, **dict(self.terms.get(slot, AS_FOR_ALL).aims)}

    def roles_of(self, slot: Slot) -> tuple[Role, ...]:
        """Return the courses of a meal, where they were asked for."""
        return self.terms.get(slot, AS_FOR_ALL).roles or self.roles

    def as_for(self, slot: Slot) -> "Order":
        """Return the order with the courses of one meal as those that are asked for."""
        roles = self.roles_of(slot)
        return self if roles == self.roles else replace(self, roles=roles)

    @property
    def is_for_dishes(self) -> bool:
        """Tell whether dishes are asked for beyond doubt: then they are planned, whatever it is.

        Of what may be talk the words alone do not decide, but what stands in the order does.
        """
        if self.is_guarded or self.uses or len(self.slots) > 1 or self.kept or self.terms:
            return True
        if self.is_talk:
            return False
        is_limited = (
            self.constraints.limits
            or self.constraints.lack_tools
            or self.constraints.max_minutes
            or self.constraints.max_total_minutes
            or self.constraints.cuisine
            or self.named_season
            or self.style
            or self.few_to_wash
        )
        says_more = self.families or self.leftovers or self.roles or self.shares or self.aims
        of_a_group = any(name in WISHED_GROUPS for name in self.ingredients)
        is_told = self.not_considered or self.unknown_dishes
        return bool(not self.may_be_talk or is_limited or says_more or of_a_group or is_told)
