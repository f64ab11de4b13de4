"""How well the dishes of a meal go together, as cooks judged it.

A line of named features, each with a weight that can be read (`taste.tsv`, a table of it in
docs/menus.md). The weights were learned from pairs of menus of which cooks said which they would
rather serve (`chef_train.taste`). Nothing here keeps a constraint: it orders what is allowed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain, combinations
from typing import Final

from chef_llm.cookbook import Cookbook, Dish, Role

WEIGHTS: Final = "taste.tsv"
# Food groups that one meal should not be made of twice.
PROTEINS: Final = ("肉", "魚介", "卵", "大豆")
STARCHES: Final = ("いも", "麺", "米", "パン")
SIDE_GROUPS: Final = frozenset({"野菜", "いも", "きのこ", "海藻"})
FLOUR: Final = frozenset({"小麦粉もの", "パン"})
WET_METHODS: Final = frozenset({"煮る"})
WET_STAPLES: Final = ("雑炊", "かゆ", "茶漬け", "リゾット")
# From here on there is too little or too much of something, per serving.
MUCH_SALT_GRAMS: Final = (3.0, 4.0, 5.0)
FEW_VEGETABLES_GRAMS: Final = (60.0, 120.0, 180.0)
LITTLE_PROTEIN_GRAMS: Final = 20.0
WEAK_MAIN_PROTEIN_GRAMS: Final = 10.0
USUAL_KCAL: Final = (450.0, 850.0)
LONG_MINUTES: Final = (30, 60)

Menu = Mapping[Role, Dish]


def score(menu: Menu, meal: str, cookbook: Cookbook, more: Sequence[Dish] = ()) -> float:
    """Return how gladly a cook would serve `menu`; only the difference of two scores says much.

    `more` are further dishes of its roles, a second 副菜.
    """
    weights = _weights()
    found = features(menu, meal, cookbook, more)
    return sum(weights.get(name, 0.0) * value for name, value in found.items())


def features(
    menu: Menu, meal: str, cookbook: Cookbook, more: Sequence[Dish] = ()
) -> dict[str, float]:
    """Return the features of a menu by name; what is not named is 0."""
    dishes = [*menu.values(), *more]
    found: dict[str, float] = defaultdict(float)
    named = (
        *(_cuisines(menu), _staple(menu), _wetness(menu)),
        *(_side(menu, cookbook), _meal(menu, meal, cookbook)),
    )
    for name in chain.from_iterable(named):
        found[name] += 1
    for name, value in _repeated(dishes, cookbook):
        found[name] += value
    for name, value in _figures(menu, dishes, cookbook):
        found[name] += value
    return found


def _cuisines(menu: Menu) -> Iterator[str]:
    """Yield which cuisines meet: of each pair of courses, and how many in all."""
    of_role = {role: dish.cuisine for role, dish in menu.items() if not _is_plain(dish)}
    for (one, first), (other, second) in combinations(of_role.items(), 2):
        if first != second:
            yield f"{one.value}と{other.value}: {first}と{second}"
    yield f"料理の国: {len(set(of_role.values()))}"


def _is_plain(dish: Dish) -> bool:
    """Tell whether a staple goes with anything: plain rice."""
    return dish.role == Role.STAPLE and dish.name in ("ご飯", "玄米ご飯", "麦ご飯")


def _staple(menu: Menu) -> Iterator[str]:
    """Yield the staple by its name where a main stands beside it."""
    staple = menu.get(Role.STAPLE)
    if staple is not None and Role.MAIN in menu:
        yield f"主食: {staple.name}"


def _wetness(menu: Menu) -> Iterator[str]:
    """Yield what is wet beside a soup."""
    if Role.SOUP not in menu:
        return
    main, staple, side = (menu.get(role) for role in (Role.MAIN, Role.STAPLE, Role.SIDE))
    if main is not None and main.method in WET_METHODS:
        yield "煮物の主菜に汁物"
    if side is not None and side.method in WET_METHODS:
        yield "煮物の副菜に汁物"
    if staple is not None and any(word in staple.name for word in WET_STAPLES):
        yield "汁けのある主食に汁物"
    if staple is not None and staple.is_one_bowl and staple.method in WET_METHODS:
        yield "汁けのある一皿に汁物"


def _side(menu: Menu, cookbook: Cookbook) -> Iterator[str]:
    """Yield what a side dish is made of where that is no vegetable, and what it is made for."""
    side = menu.get(Role.SIDE)
    if side is None:
        return
    groups = cookbook.main_groups(side)
    if groups.isdisjoint(SIDE_GROUPS):
        yield "野菜・いも・きのこ・海藻でない副菜"
    if not groups.isdisjoint(FLOUR):
        yield "粉ものの副菜"
    if "おつまみ" in side.tags:
        yield "おつまみにもなる副菜"


def _meal(menu: Menu, meal: str, cookbook: Cookbook) -> Iterator[str]:
    """Yield what suits the meal or does not."""
    side = menu.get(Role.SIDE)
    if side is not None:
        groups = cookbook.main_groups(side)
        if "果物" in groups and "野菜" not in groups:
            yield "朝食の果物" if meal == "朝食" else "果物の副菜"
    if meal == "朝食" and all("朝食" not in dish.tags for dish in menu.values()):
        yield "朝食らしい料理がない"
    if len({dish.method for dish in menu.values() if dish.role != Role.STAPLE}) == 1:
        yield "同じ調理法ばかり"
    main = menu.get(Role.MAIN)
    if main is not None and side is not None and main.method == side.method:
        yield f"主菜も副菜も: {main.method}"


def _repeated(dishes: Sequence[Dish], cookbook: Cookbook) -> Iterator[tuple[str, float]]:
    """Yield what stands in several dishes: main ingredients, proteins, starches."""
    keywords = Counter(name for dish in dishes for name in dish.keywords)
    yield "同じ食材", float(sum(count - 1 for count in keywords.values()))
    groups_of_dishes = [cookbook.main_groups(dish) for dish in dishes]
    for kind, groups in (("主菜になる食材", PROTEINS), ("いも・麺・米・パン", STARCHES)):
        for group in groups:
            count = sum(group in main for main in groups_of_dishes)
            if count > 1:
                yield f"重なる{kind}: {group}", float(count - 1)


def _figures(menu: Menu, dishes: Sequence[Dish], cookbook: Cookbook) -> Iterator[tuple[str, float]]:
    """Yield how far figures are from what is usual."""
    nutrition = [cookbook.nutrition(dish) for dish in dishes]
    salt_grams = sum(one.salt_g for one in nutrition)
    for most in MUCH_SALT_GRAMS:
        yield f"食塩が{most:g}gを超える分", max(0.0, salt_grams - most)
    vegetables_grams = sum(cookbook.vegetables_grams(dish) for dish in dishes)
    for least in FEW_VEGETABLES_GRAMS:
        yield f"野菜が{least:g}gに足りない分（100g）", max(0.0, least - vegetables_grams) / 100
    protein_grams = sum(one.protein_g for one in nutrition)
    yield "たんぱく質が20gに足りない分（10g）", max(0.0, LITTLE_PROTEIN_GRAMS - protein_grams) / 10
    energy_kcal = sum(one.energy_kcal for one in nutrition)
    low, high = USUAL_KCAL
    yield "450kcalに足りない分（100kcal）", max(0.0, low - energy_kcal) / 100
    yield "850kcalを超える分（100kcal）", max(0.0, energy_kcal - high) / 100
    if Role.MAIN in menu:
        of_main = cookbook.nutrition(menu[Role.MAIN]).protein_g
        yield (
            "主菜のたんぱく質が10gに足りない分（10g）",
            max(0.0, WEAK_MAIN_PROTEIN_GRAMS - of_main) / 10,
        )
    longest = max(dish.all_minutes for dish in dishes)
    for minutes in LONG_MINUTES:
        yield f"{minutes}分を超える分（10分）", max(0, longest - minutes) / 10


@cache
def _weights() -> dict[str, float]:
    text = files("chef_llm.menus").joinpath(WEIGHTS).read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return {name: float(weight) for name, weight in rows}
