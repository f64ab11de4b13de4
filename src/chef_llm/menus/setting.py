"""One meal that is to be had: what it should have, and what the rest of a plan leaves to it."""

from dataclasses import dataclass, replace

from chef_llm.cookbook.vocabulary import PRICE
from chef_llm.menus.shares import NOTHING_DUE, Due, due_of
from chef_llm.reading.figures import merged
from chef_llm.reading.order import Order, Slot


@dataclass(frozen=True)
class Setting:
    """A meal that should use the foods `wanted`, and a dish of each set of `wished`.

    `due` is what it is to be where only some of the meals are. `taken` are dishes that stand in
    other meals of the plan, `near` main ingredients of meals on neighbouring days.
    """

    order: Order
    slot: Slot
    wanted: tuple[str, ...] = ()
    wished: tuple[frozenset[str], ...] = ()
    due: Due = NOTHING_DUE
    taken: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()

    @property
    def much(self) -> frozenset[str]:
        """The foods that it should use of which there is very much."""
        return frozenset(self.order.much).intersection(self.wanted)


def with_all_that_is_asked(order: Order, slot: Slot) -> Setting:
    """Return the setting of a meal that has all that is asked for to itself."""
    due = due_of(slot, order)
    foods = () if order.is_proposals else (*due.foods, *order.use_up)
    wanted = tuple(dict.fromkeys((*foods, *order.ingredients)))
    return Setting(
        order.as_for(slot), slot, wanted, (*wished_dishes(order), *wished_today(order, due)), due
    )


def wished_dishes(order: Order) -> list[frozenset[str]]:
    """Return what is asked for by name, and by words for dishes; of each set any dish will do."""
    shared = {share.value for share in order.shares if share.kind == "dish"}
    of_words = [names for word, names in order.families.items() if word not in shared]
    remade = [names for names in order.leftovers.values() if names]
    return [*(frozenset({name}) for name in order.dishes), *of_words, *remade]


def wished_today(order: Order, due: Due) -> list[frozenset[str]]:
    """Return the dishes that a meal is to have where only some of the meals are."""
    words = [share.value for share in due.wanted if share.kind == "dish"]
    return [order.families[word] for word in words if word in order.families]


def costing_of_the_average(order: Order, part: float) -> Order:
    """Return the order with a limit of each meal: such a part of what a meal may cost on average.

    It is the same order where the money is not for all meals together.
    """
    if order.average_yen is None:
        return order
    limits = merged([order.constraints.limits, {PRICE: (None, part * order.average_yen)}])
    return replace(order, constraints=replace(order.constraints, limits=limits))
