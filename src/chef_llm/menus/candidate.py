"""A menu that may stand in a plan, with all that is asked of it while it is placed."""

from collections.abc import Mapping
from dataclasses import dataclass

from chef_llm.cookbook import Cookbook, Dish, Role
from chef_llm.menus.clashes import ANOTHER_FORM, flavours_of
from chef_llm.menus.meals import leading_course
from chef_llm.menus.packs import days_kept, spoiling_grams
from chef_llm.menus.plan import EVERYDAY, Menu, main_ingredient, protein_of
from chef_llm.menus.setting import Setting, wished_dishes
from chef_llm.menus.shares import is_met
from chef_llm.menus.tasting import Tasted, Taster
from chef_llm.menus.using_up import grams_taken
from chef_llm.reading.order import Order, Slot


@dataclass(frozen=True, eq=False)
class Candidate:
    """A menu and its facts, for one meal or any that is like it.

    `leading` is the dish that leads it, `names` are its dishes but those of every day, `main` the
    ingredient that leads it, `sides` what its side dishes are mainly made of and how, `flavours`
    what its leading dish tastes of, `asked` how much it has of each thing that is asked for
    (`asks_of`), `shares` whether it meets each share of the order, `grams` what is bought of what
    spoils, `used_up` the grams of each food that is to be used up, `keeps_days` how long each of
    its main foods keeps, `yen` what all servings cost.
    """

    menu: Menu
    leading: Dish
    faults: int
    taste: float
    names: frozenset[str]
    main: str | None
    sides: frozenset[str]
    protein: str
    method: str
    cuisine: str
    flavours: frozenset[str]
    asked: tuple[int, ...]
    shares: tuple[bool, ...]
    grams: Mapping[str, float]
    used_up: tuple[float, ...]
    keeps_days: tuple[int, ...]
    minutes: int
    yen: float


def asks_of(order: Order, slot: Slot) -> list[Setting]:
    """Return each thing that is asked for once in a plan, as a meal that is to have it alone."""
    foods = [Setting(order, slot, wanted=(name,)) for name in order.ingredients]
    return [*foods, *(Setting(order, slot, wished=(one,)) for one in wished_dishes(order))]


def candidate(tasted: Tasted, setting: Setting, taster: Taster) -> Candidate:
    """Return a menu with its facts, for the servings of a meal."""
    cookbook, menu = taster.cookbook, tasted.menu
    order, slot = setting.order, setting.slot
    leading = menu[leading_course(tuple(menu))]
    dishes = [leading, *(dish for dish in menu.values() if dish is not leading)]
    servings = order.servings_of(slot)
    portions = [(dish, servings) for dish in dishes]
    clashes, missed = tasted.faults
    return Candidate(
        menu=menu,
        leading=leading,
        faults=clashes + missed,
        taste=tasted.taste,
        names=frozenset(dish.name for dish in dishes) - EVERYDAY,
        main=main_ingredient(leading, cookbook),
        sides=frozenset(_kind_of(dish) for dish in dishes if dish.role == Role.SIDE),
        protein=protein_of(leading, cookbook),
        method=leading.method,
        cuisine=leading.cuisine,
        flavours=flavours_of(leading),
        asked=tuple(taster.use(ask, menu) for ask in asks_of(order, slot)),
        shares=tuple(is_met(share, dishes, order, cookbook) for share in order.shares),
        grams=_grams(menu, servings, cookbook),
        used_up=tuple(grams_taken(name, portions, cookbook) for name in order.use_up),
        keeps_days=tuple(
            days_kept(cookbook.ingredients[name]) for dish in dishes for name in dish.keywords
        ),
        minutes=max(dish.all_minutes for dish in dishes),
        yen=sum(cookbook.price_yen(dish).usual for dish in dishes) * servings,
    )


def _kind_of(dish: Dish) -> str:
    """Return what a dish is mainly made of, and how it is cooked: 大根の煮物 is ふろふき大根."""
    first = dish.keywords[0]
    return f"{ANOTHER_FORM.get(first, first)} {dish.method}"


def _grams(menu: Menu, servings: int, cookbook: Cookbook) -> dict[str, float]:
    total: dict[str, float] = {}
    for dish in menu.values():
        for name, grams in spoiling_grams(dish, servings, cookbook).items():
            total[name] = total.get(name, 0.0) + grams
    return total
