"""What a person may wish for, and the menu that a good cook would answer: kondate's teacher."""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Final

from chef_llm.cookbook import Cookbook, Dish, Role

MEALS: Final = ("夕食", "昼食", "朝食", "お弁当")
MEAL_WEIGHTS: Final = (78, 10, 5, 7)
# One ingredient pair in this many is kept for the evaluation alone.
HOLD_OUT_ONE_PAIR_IN: Final = 8
# A preferred companion is drawn far more often than the fourth best: answers that always look
# for the best fit are learned sooner than a uniform draw.
COMPANION_WEIGHTS: Final = (10, 3, 1, 1)
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


@dataclass(frozen=True)
class Menu:
    """The dishes of one meal by role, in the order in which they are written."""

    dishes: tuple[Dish, ...]

    @cached_property
    def main(self) -> Dish:
        """The dish that the tip speaks of: the 主菜, else the first."""
        return next((dish for dish in self.dishes if dish.role == Role.MAIN), self.dishes[0])


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
        self._companions: dict[tuple[str, Role], list[Dish]] = {}

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
        return wish.minutes is None or dish.minutes <= wish.minutes

    def plan(self, wish: Wish, rng: random.Random, keep: tuple[Dish, ...] = ()) -> Menu | None:
        """Return a menu that keeps every wish, or None when the cookbook has none.

        Every asked ingredient is used, the first one in the 主菜 if it can be. `keep` are dishes
        of an earlier menu that stay.
        """
        chosen: dict[Role, Dish] = {dish.role: dish for dish in keep}
        # Meat, fish, eggs and tofu come first: a 主菜 is built on them.
        missing = sorted(
            (name for name in wish.ingredients if not _used(name, chosen)),
            key=lambda name: not PROTEIN_GROUPS & self.cookbook.ingredients[name].groups,
        )
        one_bowl = self._one_bowl(wish, missing, rng) if not keep else None
        if one_bowl is not None:
            chosen[Role.STAPLE] = one_bowl
            missing = [name for name in missing if name not in one_bowl.ingredient_names]
        roles = [Role.SIDE, Role.SOUP] if one_bowl else [Role.MAIN, Role.SIDE, Role.SOUP]
        roles = [
            role
            for role in roles
            if role not in chosen and not (wish.meal == "お弁当" and role == Role.SOUP)
        ]
        for position, role in enumerate(roles):
            dish = self._choose(role, wish, missing, chosen, rng, last=position == len(roles) - 1)
            if dish is None:
                return None
            chosen[role] = dish
            missing = [name for name in missing if name not in dish.ingredient_names]
        if Role.STAPLE not in chosen:
            staple = self._staple(wish, missing, rng)
            if staple is None:
                return None
            chosen[Role.STAPLE] = staple
            missing = [name for name in missing if name not in staple.ingredient_names]
        if missing:
            return None
        return Menu(tuple(chosen[role] for role in Role if role in chosen))

    def _one_bowl(self, wish: Wish, missing: list[str], rng: random.Random) -> Dish | None:
        """Sometimes answer with a 丼, noodles or curry, which are 主食 and 主菜 at once."""
        pool = [
            dish
            for dish in self.by_role[Role.STAPLE]
            if dish.is_one_bowl
            and self.fits(dish, wish)
            and sum(name in dish.keywords for name in missing) >= min(len(missing), 1)
        ]
        best = max((_score(dish, missing) for dish in pool), default=0)
        pool = [dish for dish in pool if _score(dish, missing) == best]
        likely = {"夕食": 0.12, "昼食": 0.75, "朝食": 0.5, "お弁当": 0}[wish.meal]
        if likely and missing and best >= 2 * len(missing):
            likely = max(likely, 0.3)
        return rng.choice(pool) if pool and rng.random() < likely else None

    def _choose(
        self,
        role: Role,
        wish: Wish,
        missing: list[str],
        chosen: dict[Role, Dish],
        rng: random.Random,
        *,
        last: bool,
    ) -> Dish | None:
        pool = [dish for dish in self.by_role[role] if self.fits(dish, wish)]
        if not pool:
            return None
        scores = [_score(dish, missing) for dish in pool]
        best = max(scores)
        if best > 0 and (role != Role.SIDE or missing):
            top = [dish for dish, score in zip(pool, scores, strict=True) if score == best]
            if role == Role.MAIN or len(missing) > 1 or last or rng.random() < 0.8:
                return self._likely(self._varied(top, chosen) or top, rng)
        return self._companion(role, wish, chosen, pool, rng)

    def _companion(
        self,
        role: Role,
        wish: Wish,
        chosen: dict[Role, Dish],
        pool: list[Dish],
        rng: random.Random,
    ) -> Dish:
        """Return a dish that goes with the main one, from a short list that belongs to it."""
        anchor = chosen.get(Role.MAIN) or chosen.get(Role.STAPLE)
        if anchor is None:
            return rng.choice(pool)
        allowed = {dish.name for dish in pool}
        ranked = [
            dish
            for dish in self._ranked(anchor, role)
            if dish.name in allowed
            and (wish.season or not dish.seasons)
            and (wish.meal == "朝食" or not self._is_fruit(dish))
        ]
        top = (self._varied(ranked, chosen) or ranked or pool)[: len(COMPANION_WEIGHTS)]
        return self._likely(top, rng)

    def _is_fruit(self, dish: Dish) -> bool:
        """Tell whether a dish is fruit, which beside a dinner would surprise who did not ask."""
        return "果物" in self.cookbook.ingredients[dish.keywords[0]].groups

    def _ranked(self, anchor: Dish, role: Role) -> list[Dish]:
        """Rank all dishes of `role` beside `anchor`.

        The same cuisine comes first, in it everyday dishes, and these in a shuffle that belongs to
        the anchor.
        """
        key = (anchor.name, role)
        if key not in self._companions:
            shuffled = sorted(
                self.by_role[role],
                key=lambda dish: hashlib.sha256(f"{anchor.name}|{dish.name}".encode()).digest(),
            )
            near = (
                {anchor.cuisine, "和"}
                if anchor.cuisine in ("韓", "エスニック")
                else {anchor.cuisine}
            )
            if anchor.cuisine in ("韓", "エスニック"):
                near.add("中")
            self._companions[key] = sorted(
                shuffled,
                key=lambda dish: (
                    dish.cuisine not in near,
                    dish.method == anchor.method == "揚げる",
                    dish.name not in self._everyday,
                ),
            )
        return self._companions[key]

    @cached_property
    def _everyday(self) -> frozenset[str]:
        """Quick dishes of all seasons that go beside anything, some of each role and cuisine."""
        counts: dict[tuple[Role, str], int] = {}
        names = set()
        quick = [
            dish
            for dish in self.cookbook.dishes.values()
            if not dish.seasons and dish.minutes <= EVERYDAY_MINUTES
        ]
        for dish in sorted(quick, key=lambda dish: hashlib.sha256(dish.name.encode()).digest()):
            key = (dish.role, dish.cuisine)
            if counts.get(key, 0) < EVERYDAY_DISHES:
                counts[key] = counts.get(key, 0) + 1
                names.add(dish.name)
        return frozenset(names)

    def _staple(self, wish: Wish, missing: list[str], rng: random.Random) -> Dish | None:
        pool = [dish for dish in self.by_role[Role.STAPLE] if self.allows(dish, wish)]
        asked = [
            dish for dish in pool if missing and _score(dish, missing) > 0 and not dish.is_one_bowl
        ]
        if asked:
            return rng.choice(asked)
        plain = [dish for dish in pool if dish.name in ("ご飯", "玄米ご飯", "麦ご飯")]
        if not plain:
            return None
        return next(
            (dish for dish in plain if dish.name == "ご飯" and rng.random() < 0.9),
            rng.choice(plain),
        )

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

    @staticmethod
    def _varied(dishes: list[Dish], chosen: dict[Role, Dish]) -> list[Dish]:
        """Keep the dishes that repeat no main ingredient of those already chosen."""
        seen = {keyword for dish in chosen.values() for keyword in dish.keywords}
        return [dish for dish in dishes if not seen & set(dish.keywords)]

    @staticmethod
    def _likely(dishes: list[Dish], rng: random.Random) -> Dish:
        top = dishes[: len(COMPANION_WEIGHTS)]
        return rng.choices(top, COMPANION_WEIGHTS[: len(top)])[0]

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
        if rng.random() < 0.4:
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
        elif further < 0.22:
            wish = replace(wish, season=rng.choice("春夏秋冬"))
        elif further < 0.38 and len(wish.ingredients) < 3:
            wish = replace(wish, style=rng.choice(STYLES))
        return wish

    def _same(self, excluded: str, ingredient: str) -> bool:
        record = self.cookbook.ingredients[ingredient]
        if excluded == VEGETARIAN:
            return not record.groups.isdisjoint(("肉", "魚介"))
        return excluded == ingredient or excluded in record.groups or excluded in record.allergens


def _used(name: str, chosen: dict[Role, Dish]) -> bool:
    return any(name in dish.ingredient_names for dish in chosen.values())


def _score(dish: Dish, missing: list[str]) -> int:
    """Score how well `dish` uses what is asked: the first ingredient counts a little more."""
    return sum(
        (4 if name in dish.keywords else 2 if name in dish.ingredient_names else 0)
        + (1 if position == 0 and name in dish.keywords else 0)
        for position, name in enumerate(missing)
    )
