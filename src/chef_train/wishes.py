"""What a person may wish for, and the menu that a good cook would answer: kondate's teacher."""

import hashlib
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Final

from chef_llm.cookbook import Cookbook, Dish, Role

MEALS: Final = ("夕食", "昼食", "朝食", "お弁当")
MEAL_WEIGHTS: Final = (78, 10, 5, 7)
# One ingredient pair in this many is kept for the evaluation alone.
HOLD_OUT_ONE_PAIR_IN: Final = 8
# How much likelier a dish becomes for a reason, in logits: reasons add up, as they do in a model.
USES_AS_MAIN_INGREDIENT: Final = 6.0
USES: Final = 4.5
USES_FIRST: Final = 1.5
OF_ASKED_SEASON: Final = 1.5
OTHER_CUISINE: Final = -4.0
OTHER_CUISINE_THOUGH_ASKED_FOR: Final = -1.0
NOT_EVERYDAY: Final = -3.0
SAME_INGREDIENT_AGAIN: Final = -4.0
FRIED_TWICE: Final = -4.0
FRUIT: Final = -6.0
# The likeliest of equals is this much likelier than the least likely.
TASTE_RANGE: Final = 4.0
# Choices less likely than this beside the best one are left out, and beyond so many.
LEAST_LIKELY: Final = 0.01
MOST_CHOICES: Final = 24
PLAIN_STAPLES: Final = {"ご飯": 0.9, "玄米ご飯": 0.05, "麦ご飯": 0.05}
ASKED_STAPLE_SHARE: Final = 0.5
# How often a meal is one bowl where the request does not call for one.
ONE_BOWL_SHARES: Final = {"夕食": 0.12, "昼食": 0.75, "朝食": 0.5, "お弁当": 0.0}
ONE_BOWL_SHARE_IF_BEST: Final = 0.3
# The tip is that of the main dish, or now and then that of another.
TIP_OF_MAIN: Final = 0.7
# What stands beside a main dish unasked comes from the everyday dishes of its cuisine, so many of
# each role: of dishes that it writes often a model learns what is in them, and so what to leave
# out.
EVERYDAY_DISHES: Final = 20
EVERYDAY_MINUTES: Final = 20
# Food groups that people leave out by name, and what they call them.
EXCLUDABLE_GROUPS: Final = {
    "肉": "肉",
    "魚介": "魚介類",
    "きのこ": "きのこ",
    "乳": "乳製品",
    "豚肉": "豚肉",
    "牛肉": "牛肉",
    "鶏肉": "鶏肉",
    "ナッツ": "ナッツ",
    "大豆": "大豆",
    "甲殻類": "えび・かに",
    "ねぎ類": "ねぎ",
    "小麦": "小麦",
    "かに": "かに",
    "そば": "そば",
    "落花生": "落花生",
    "くるみ": "くるみ",
    "肉と魚介": "肉と魚介類",
}
# What a vegetarian leaves out: two groups at once.
VEGETARIAN: Final = "肉と魚介"
# What people say they are allergic to; the allergen takes in whatever is made of it.
ALLERGIES: Final = frozenset(
    {"卵", "乳", "小麦", "えび", "かに", "そば", "落花生", "くるみ", "大豆", "甲殻類", "ナッツ"}
    | {"魚介", "ごま油", "いか", "さば", "いくら", "牛乳"}
)
ALLERGY_SHARE: Final = 0.6
# Ingredients that people leave out most.
OFTEN_EXCLUDED: Final = [
    "卵",
    "牛乳",
    "えび",
    "トマト",
    "ピーマン",
    "なす",
    "玉ねぎ",
    "にんじん",
    "しいたけ",
    "しょうが",
    "にんにく",
    "納豆",
    "セロリ",
    "パクチー",
    "ごま油",
    "ベーコン",
    "マヨネーズ",
    "バター",
    "チーズ",
    "じゃがいも",
    "豆腐",
    "油揚げ",
    "大根",
    "ごぼう",
    "れんこん",
    "いか",
    "かき",
    "あさり",
    "さば",
    "鶏むね肉",
    "鶏もも肉",
    "キャベツ",
    "長ねぎ",
    "きゅうり",
    "ほうれん草",
    "もやし",
]
STYLES: Final = (
    "あっさり",
    "こってり",
    "ヘルシー",
    "減塩",
    "高たんぱく",
    "節約",
    "子ども向け",
    "やわらかい",
    "温まる",
    "作り置き",
    "時短",
    "おもてなし",
    "辛い",
)
SEASONINGS: Final = ("調味料・油", "粉・製菓")
PROTEIN_GROUPS: Final = frozenset({"肉", "魚介", "卵", "大豆"})


@dataclass(frozen=True)
class Wish:
    """What one request asks for; names are the cookbook's own.

    `is_allergy` tells how the request says what is left out.
    """

    ingredients: tuple[str, ...] = ()
    servings: int | None = None
    meal: str = "夕食"
    excluded: str | None = None
    minutes: int | None = None
    cuisine: str | None = None
    season: str | None = None
    style: str | None = None
    is_allergy: bool = False


# Dishes (or tips) that would do in one place, with their shares, which add up to 1.
Choices = dict[str, float]


@dataclass(frozen=True)
class Menu:
    """The dishes of one meal by role, in the order in which they are written.

    `choices` has, for each dish, what might have stood in its place after those before it.
    """

    dishes: tuple[Dish, ...]
    choices: tuple[Choices, ...]

    @cached_property
    def main(self) -> Dish:
        """The dish that the tip speaks of: the 主菜, else the first."""
        return next((dish for dish in self.dishes if dish.role == Role.MAIN), self.dishes[0])

    @property
    def tips(self) -> Choices:
        """The tips that fit this menu: mostly the main dish's, else that of any dish."""
        tips = {self.main.tip: TIP_OF_MAIN}
        others = [dish.tip for dish in self.dishes if dish is not self.main]
        for tip in others:
            tips[tip] = tips.get(tip, 0.0) + (1 - TIP_OF_MAIN) / len(others)
        return tips


def is_held_out(first: str, second: str) -> bool:
    """Tell whether this ingredient pair is kept for the evaluation, whatever the seed."""
    digest = hashlib.sha256("|".join(sorted((first, second))).encode()).digest()
    return int.from_bytes(digest[:4]) % HOLD_OUT_ONE_PAIR_IN == 0


def holds_out(ingredients: tuple[str, ...]) -> bool:
    """Tell whether any pair among `ingredients` is held out."""
    return any(is_held_out(*pair) for pair in combinations(ingredients, 2))


class Teacher:
    """Draws wishes and plans the menus that kondate learns to plan."""

    def __init__(self, cookbook: Cookbook) -> None:
        self.cookbook = cookbook
        self.by_role = {
            role: [dish for dish in cookbook.dishes.values() if dish.role == role] for role in Role
        }
        self._groups = {dish.name: cookbook.groups(dish) for dish in cookbook.dishes.values()}
        self._allergens = {dish.name: cookbook.allergens(dish) for dish in cookbook.dishes.values()}

    @cached_property
    def askable(self) -> dict[str, float]:
        """Ingredients that a request may name, with their weights: those that dishes centre on."""
        counts: dict[str, int] = {}
        for dish in self.cookbook.dishes.values():
            for keyword in dish.keywords:
                if self.cookbook.ingredients[keyword].section not in SEASONINGS:
                    counts[keyword] = counts.get(keyword, 0) + 1
        for staple in ("ご飯", "玄米ご飯", "米", "もち米", "水"):
            counts.pop(staple, None)
        return {name: count**0.5 for name, count in counts.items()}

    @cached_property
    def excludable(self) -> list[str]:
        """Ingredients and groups that a request may leave out."""
        names = [name for name in OFTEN_EXCLUDED if name in self.cookbook.ingredients]
        return names + list(EXCLUDABLE_GROUPS)

    def has(self, dish: Dish, excluded: str) -> bool:
        """Tell whether `dish` holds `excluded`: an ingredient, a food group or an allergen."""
        if excluded == VEGETARIAN:
            return not self._groups[dish.name].isdisjoint(("肉", "魚介"))
        return (
            excluded in dish.ingredient_names
            or excluded in self._groups[dish.name]
            or excluded in self._allergens[dish.name]
        )

    def allows(self, dish: Dish, wish: Wish) -> bool:
        """Tell whether `dish` breaks none of the hard wishes (what to leave out, the time)."""
        if wish.excluded is not None and self.has(dish, wish.excluded):
            return False
        return wish.minutes is None or dish.all_minutes <= wish.minutes

    def plan(
        self,
        wish: Wish,
        rng: random.Random,
        keep: tuple[Dish, ...] = (),
        wanted: Callable[[Dish], bool] = lambda _: True,
    ) -> Menu | None:
        """Return a menu that keeps every wish, or None when the cookbook has none.

        The dishes are drawn in the order in which they are written, each among those after which
        the rest can still use whatever was asked. `keep` are dishes of an earlier menu that stay;
        what joins them must be `wanted`.
        """
        table = _Table(self, wish, keep, wanted)
        choices: dict[Role, Choices] = {dish.role: {dish.name: 1.0} for dish in keep}
        for role in Role:
            if role in table.chosen or role not in table.roles(table.chosen.get(Role.STAPLE)):
                continue
            logits = self._staples(table) if role == Role.STAPLE else self._logits(role, table)
            if not logits:
                return None
            choices[role] = _shares(logits)
            name = rng.choices(list(choices[role]), list(choices[role].values()))[0]
            table.serve(self.cookbook.dishes[name])
        if table.missing:
            return None
        written = [role for role in Role if role in table.chosen]
        return Menu(
            tuple(table.chosen[role] for role in written), tuple(choices[role] for role in written)
        )

    def _staples(self, table: "_Table") -> dict[str, float]:
        """Weigh plain rice, rice with something asked in it, and meals in one bowl."""
        shares: dict[str, float] = {}
        pool = [dish for dish in self.by_role[Role.STAPLE] if self.allows(dish, table.wish)]
        plain = {dish.name: PLAIN_STAPLES[dish.name] for dish in pool if dish.name in PLAIN_STAPLES}
        asked = [
            dish.name for dish in pool if not dish.is_one_bowl and _score(dish, table.missing) > 0
        ]
        bowls, bowl_share = self._one_bowls(table)
        for names, share in ((plain, 1 - bowl_share), (bowls, bowl_share)):
            left = {name: part for name, part in names.items() if table.can_go_on(name)}
            for name, part in left.items():
                shares[name] = share * part / sum(left.values())
        asked = [name for name in asked if table.can_go_on(name) and not set(shares) & {name}]
        rest = sum(shares.values())
        for name in asked:
            shares[name] = (rest or 1.0) * ASKED_STAPLE_SHARE / len(asked)
        return {name: math.log(share) for name, share in shares.items() if share > 0}

    def _one_bowls(self, table: "_Table") -> tuple[dict[str, float], float]:
        """Return the 丼, noodles and curries that use most of what is asked, and their share."""
        if Role.MAIN in table.chosen:
            return {}, 0.0
        pool = [
            dish
            for dish in table.fitting(Role.STAPLE)
            if dish.is_one_bowl
            and sum(name in dish.keywords for name in table.missing) >= min(len(table.missing), 1)
        ]
        best = max((_score(dish, table.missing) for dish in pool), default=0)
        names = {
            dish.name: math.exp(self._taste(dish, None))
            for dish in pool
            if _score(dish, table.missing) == best
        }
        share = ONE_BOWL_SHARES[table.wish.meal]
        if share and table.missing and best >= 2 * len(table.missing):
            share = max(share, ONE_BOWL_SHARE_IF_BEST)
        return names, share if names else 0.0

    def _logits(self, role: Role, table: "_Table") -> dict[str, float]:
        """Weigh the dishes of a role that keep the wish: every reason adds to a dish's logit."""
        anchor = table.chosen.get(Role.MAIN) or table.chosen[Role.STAPLE]
        beside = anchor if anchor.role == Role.MAIN or anchor.is_one_bowl else None
        seen = {keyword for dish in table.chosen.values() for keyword in dish.keywords}
        logits = {}
        for dish in table.fitting(role):
            if not table.can_go_on(dish.name):
                continue
            asked = sum(
                USES_AS_MAIN_INGREDIENT if name in dish.keywords else USES
                for name in table.missing
                if name in dish.ingredient_names
            )
            if table.missing and table.missing[0] in dish.keywords:
                asked += USES_FIRST
            logits[dish.name] = (
                self._taste(dish, beside)
                + asked
                + self._companionship(dish, beside, table.wish, is_asked=asked > 0)
                + (SAME_INGREDIENT_AGAIN if seen & set(dish.keywords) else 0.0)
            )
        return logits

    def _companionship(
        self, dish: Dish, beside: Dish | None, wish: Wish, *, is_asked: bool
    ) -> float:
        """Weigh how well a dish goes with the main one and with the season."""
        logit = OF_ASKED_SEASON if wish.season and wish.season in dish.seasons else 0.0
        if beside is not None and dish.cuisine not in _near(beside.cuisine):
            logit += OTHER_CUISINE_THOUGH_ASKED_FOR if is_asked else OTHER_CUISINE
        if is_asked:
            return logit
        if dish.name not in self._everyday:
            logit += NOT_EVERYDAY
        if beside is not None and dish.method == beside.method == "揚げる":
            logit += FRIED_TWICE
        if wish.meal != "朝食" and self._is_fruit(dish):
            logit += FRUIT
        return logit

    def _taste(self, dish: Dish, beside: Dish | None) -> float:
        """Return how much a dish is liked beside what another is made of: chance, but steady."""
        made_of = "".join(sorted(self._groups[beside.name] & PROTEIN_GROUPS)) if beside else ""
        digest = hashlib.sha256(f"{made_of}|{dish.name}".encode()).digest()
        return TASTE_RANGE * int.from_bytes(digest[:4]) / 2**32

    def _is_fruit(self, dish: Dish) -> bool:
        """Tell whether a dish is fruit, which beside a dinner would surprise who did not ask."""
        return "果物" in self.cookbook.ingredients[dish.keywords[0]].groups

    @cached_property
    def _everyday(self) -> frozenset[str]:
        """Quick dishes of all seasons that go beside anything, some of each role and cuisine."""
        counts: dict[tuple[Role, str], int] = {}
        names = set()
        quick = [
            dish
            for dish in self.cookbook.dishes.values()
            if not dish.seasons and dish.all_minutes <= EVERYDAY_MINUTES
        ]
        for dish in sorted(quick, key=lambda dish: hashlib.sha256(dish.name.encode()).digest()):
            key = (dish.role, dish.cuisine)
            if counts.get(key, 0) < EVERYDAY_DISHES:
                counts[key] = counts.get(key, 0) + 1
                names.add(dish.name)
        return frozenset(names)

    def fits(self, dish: Dish, wish: Wish) -> bool:
        """Tell whether `dish` keeps the hard wishes and the wished cuisine, season and style."""
        if not self.allows(dish, wish):
            return False
        if wish.cuisine and dish.cuisine != wish.cuisine and dish.role in (Role.MAIN, Role.STAPLE):
            return False
        if wish.season and dish.seasons and wish.season not in dish.seasons:
            return False
        if wish.style and dish.role in (Role.MAIN, Role.STAPLE) and wish.style not in dish.tags:
            return False
        if not wish.season and dish.seasons and not set(dish.keywords) & set(wish.ingredients):
            return False
        return wish.meal != "お弁当" or "弁当" in dish.tags

    def wishes(self, rng: random.Random, *, held_out: bool) -> Iterator[Wish]:
        """Draw wishes without end; with `held_out` only pairs that training never sees."""
        names, weights = list(self.askable), list(self.askable.values())
        while True:
            count = rng.choices((0, 1, 2, 3), (7, 15, 38, 40))[0] if not held_out else 2
            ingredients = tuple(dict.fromkeys(rng.choices(names, weights, k=count)))
            if len(ingredients) < count or holds_out(ingredients) != held_out:
                continue
            yield self._decorate(Wish(ingredients=ingredients), rng)

    def _decorate(self, wish: Wish, rng: random.Random) -> Wish:
        """Add servings, meal and at most two further conditions."""
        wish = replace(
            wish,
            servings=rng.choice((1, 2, 2, 2, 3, 3, 4, 4, 4, 5, 6)) if rng.random() < 0.6 else None,
            meal=rng.choices(MEALS, MEAL_WEIGHTS)[0],
        )
        if rng.random() < 0.45:
            excluded = rng.choice(self.excludable)
            if not any(self._same(excluded, name) for name in wish.ingredients):
                is_allergy = excluded in ALLERGIES and rng.random() < ALLERGY_SHARE
                wish = replace(wish, excluded=excluded, is_allergy=is_allergy)
        if rng.random() < 0.12:
            wish = replace(wish, minutes=rng.choice((10, 15, 20, 20, 30, 30, 40)))
        further = rng.random()
        if further < 0.14:
            wish = replace(
                wish, cuisine=rng.choice(("和", "和", "洋", "洋", "中", "中", "韓", "エスニック"))
            )
        elif further < 0.26:
            wish = replace(wish, season=rng.choice("春夏秋冬"))
        elif further < 0.42 and len(wish.ingredients) < 3:
            wish = replace(wish, style=rng.choice(STYLES))
        return wish

    def _same(self, excluded: str, ingredient: str) -> bool:
        record = self.cookbook.ingredients[ingredient]
        if excluded == VEGETARIAN:
            return not record.groups.isdisjoint(("肉", "魚介"))
        return excluded == ingredient or excluded in record.groups or excluded in record.allergens


class _Table:
    """A meal that is being planned: what is on it, and what is still asked for.

    `missing` begins with what a 主菜 is built on.
    """

    def __init__(
        self,
        teacher: Teacher,
        wish: Wish,
        keep: tuple[Dish, ...],
        wanted: Callable[[Dish], bool],
    ) -> None:
        self.teacher = teacher
        self.wish = wish
        self._wanted = wanted
        self.chosen: dict[Role, Dish] = {}
        rows = teacher.cookbook.ingredients
        self.missing = sorted(
            wish.ingredients, key=lambda name: not PROTEIN_GROUPS & rows[name].groups
        )
        self._fitting: dict[Role, list[Dish]] = {}
        self._covers: dict[Role, set[frozenset[str]]] = {}
        self._reachable: dict[tuple[frozenset[str], tuple[Role, ...]], bool] = {}
        for dish in keep:
            self.serve(dish)

    def serve(self, dish: Dish) -> None:
        """Put a dish on the table."""
        self.chosen[dish.role] = dish
        self.missing = [name for name in self.missing if name not in dish.ingredient_names]

    def roles(self, staple: Dish | None) -> tuple[Role, ...]:
        """Return the roles of a meal with this 主食: a one-bowl dish is 主菜 too."""
        without = {Role.SOUP} if self.wish.meal == "お弁当" else set()
        if staple is not None and staple.is_one_bowl:
            without.add(Role.MAIN)
        return tuple(role for role in Role if role not in without)

    def fitting(self, role: Role) -> list[Dish]:
        """Return the dishes of a role that keep the wish."""
        if role not in self._fitting:
            pool = self.teacher.by_role[role]
            self._fitting[role] = [
                dish for dish in pool if self._wanted(dish) and self.teacher.fits(dish, self.wish)
            ]
        return self._fitting[role]

    def can_go_on(self, name: str) -> bool:
        """Tell whether the roles after this dish can use all that it leaves."""
        dish = self.teacher.cookbook.dishes[name]
        staple = dish if dish.role == Role.STAPLE else self.chosen.get(Role.STAPLE)
        taken = {*self.chosen, dish.role}
        after = tuple(role for role in self.roles(staple) if role not in taken)
        return self._can_cover(frozenset(self.missing) - dish.ingredient_names, after)

    def _can_cover(self, missing: frozenset[str], roles: tuple[Role, ...]) -> bool:
        if not roles:
            return not missing
        key = (missing, roles)
        if key not in self._reachable:
            self._reachable[key] = any(
                self._can_cover(missing - cover, roles[1:]) for cover in self._cover(roles[0])
            )
        return self._reachable[key]

    def _cover(self, role: Role) -> set[frozenset[str]]:
        """Return each set of asked ingredients that some dish of the role uses."""
        if role not in self._covers:
            asked = frozenset(self.wish.ingredients)
            self._covers[role] = {asked & dish.ingredient_names for dish in self.fitting(role)}
        return self._covers[role]


def _near(cuisine: str) -> set[str]:
    """Return the cuisines whose dishes go beside a dish of this one."""
    return {cuisine, "和", "中"} if cuisine in ("韓", "エスニック") else {cuisine}


def _shares(logits: dict[str, float]) -> Choices:
    """Return the softmax of `logits`, the likeliest first, without the unlikely."""
    best = max(logits.values())
    weights = {name: math.exp(logit - best) for name, logit in logits.items()}
    likely = sorted(weights, key=lambda name: -weights[name])[:MOST_CHOICES]
    kept = {name: weights[name] for name in likely if weights[name] >= LEAST_LIKELY}
    return {name: weight / sum(kept.values()) for name, weight in kept.items()}


def _score(dish: Dish, missing: list[str]) -> int:
    """Score how well `dish` uses what is asked: the first ingredient counts a little more."""
    return sum(
        (4 if name in dish.keywords else 2 if name in dish.ingredient_names else 0)
        + (1 if position == 0 and name in dish.keywords else 0)
        for position, name in enumerate(missing)
    )
