"""What is asked for: the one value that words and fields become, and that a plan is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from chef_llm.cookbook.vocabulary import WISHED_GROUPS, Range
from chef_llm.reading.not_considered import NotConsidered
from chef_llm.reading.understood import Understood

DEFAULT_SERVINGS: Final = 2


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
    season: str | None = None
    diets: frozenset[str] = frozenset()
    limits: Mapping[str, Range] = field(default_factory=dict)

    @property
    def say_something(self) -> bool:
        """Tell whether any field is given."""
        return any(vars(self).values())


NO_FIELDS: Final = Fields()


@dataclass(frozen=True)
class Constraints:
    """What a menu must keep; `excluded` holds ingredient and food group names.

    `limits` are those of one meal, per serving: nutrient name to (least, most). Dishes that centre
    on something `of_any_season` are served whatever the season: who has cod at hand has it now.
    """

    allergens: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    excluded_dishes: frozenset[str] = frozenset()
    diets: frozenset[str] = frozenset()
    cuisine: str | None = None
    max_minutes: int | None = None
    season: str | None = None
    of_any_season: frozenset[str] = frozenset()
    limits: Mapping[str, Range] = field(default_factory=dict)


@dataclass(frozen=True)
class Order:
    """All that a plan is made from; `ingredients`, `dishes` and `style` are wishes.

    `request` are the words for the model that chooses. `named_season` is the season that was asked
    for, not one that is just there. `at_hand` are grams, None for enough of it. `notes` are
    sentences for whoever asked: what was left out in doubt, what was not understood;
    `not_considered` is what was asked for and no plan is made from. Of the same order another
    `variety` gives another choice; it changes with the day.
    `is_guarded` tells that something must be kept, so that the planner has to answer, and `is_talk`
    that no dishes are asked for: an allergy is named to ask what it is, or a menu to say thanks.
    """

    request: str
    constraints: Constraints = Constraints()
    slots: tuple[Slot, ...] = (Slot(1, "夕食"),)
    ingredients: tuple[str, ...] = ()
    dishes: tuple[str, ...] = ()
    servings: int = DEFAULT_SERVINGS
    style: str | None = None
    named_season: str | None = None
    at_hand: Mapping[str, float | None] = field(default_factory=dict)
    unknown_ingredients: tuple[str, ...] = ()
    understood: tuple[Understood, ...] = ()
    notes: tuple[str, ...] = ()
    not_considered: tuple[NotConsidered, ...] = ()
    variety: int = 0
    is_guarded: bool = True
    is_talk: bool = False
    may_be_talk: bool = False

    def needs_planning(self, *, is_first: bool, model_writes_menus: bool = True) -> bool:
        """Tell whether the model alone would not do: it writes one meal, of foods that it knows.

        Of a change of what was answered (not the first turn) it knows what stays. A model that
        never learned to write menus is left to talk alone.
        """
        if self.is_guarded or len(self.slots) > 1:
            return True
        if not model_writes_menus:
            return bool(self.ingredients or self.dishes) or not self.may_be_talk
        of_a_group = any(name in WISHED_GROUPS for name in self.ingredients)
        names_nothing = not (self.ingredients or self.dishes or self.may_be_talk)
        return is_first and (of_a_group or names_nothing or bool(self.not_considered))
