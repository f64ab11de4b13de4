"""Requests that training never sees, in classes, and the judge of the answers to them.

The wording is a held-out one (`wordings/*.toml`) and, where a request names two ingredients or
more, one pair of them is held out (`wishes.is_held_out`). The judge reads the cookbook's data
itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from chef_llm.chat.talk import NOTHING_ELSE
from chef_llm.cookbook import Cookbook, Dish, Ingredient, Role
from chef_llm.menus.answer import Answer, parse_answer
from chef_llm.reading.conversation import Message
from chef_train.corpus import Corpus, Example
from chef_train.phrasing import UNKNOWN_DISH, Writer
from chef_train.wishes import ALLERGIES, STYLES, VEGETARIAN, Wish
from chef_train.wording import Half, exclusions

FEWEST_DISHES: Final = 3
DIETS: Final = (
    Wish(excluded=VEGETARIAN),
    Wish(style="減塩"),
    Wish(style="高たんぱく"),
    Wish(style="ヘルシー"),
)


@dataclass(frozen=True)
class Case:
    """A held-out conversation: what is asked, and by which the answer is judged."""

    kind: str
    messages: tuple[Message, ...]
    wish: Wish | None = None
    dish: str | None = None


class HeldOut:
    """Draws held-out cases of each class; the same seed draws the same cases.

    With `half` "train" the ingredient pairs stay those that training never saw, but the wording is
    training's: what is lost between the two is lost to unfamiliar words.
    """

    def __init__(
        self, cookbook: Cookbook, seed: int | str = "evaluation", half: Half = "held_out"
    ) -> None:
        self.corpus = Corpus(cookbook, seed, held_out=True)
        self.corpus.writer = Writer(cookbook, half)
        self.corpus.wordings = self.corpus.writer.wordings
        self.unseen = Writer(cookbook, half)
        self.unseen.exclusions = exclusions(half)
        self.rng = self.corpus.rng

    def cases(self, per_class: int, kinds: tuple[str, ...] = ()) -> Iterator[Case]:
        """Yield `per_class` distinct cases of every class, or of those named."""
        for kind, draw in self._classes().items():
            if kinds and kind not in kinds:
                continue
            seen: set[str] = set()
            while len(seen) < per_class:
                example = draw()
                text = example.messages[-1].content
                if text in seen:
                    continue
                seen.add(text)
                yield Case(kind, example.messages, example.wish, example.dish)

    def _classes(self) -> dict[str, Callable[[], Example]]:
        plain = Wish()
        choose = self.rng.choice
        excludable = [name for name in self.corpus.teacher.excludable if name != VEGETARIAN]
        allergies = [name for name in excludable if name in ALLERGIES]
        return {
            "two ingredients": lambda: self._menu(plain),
            "three ingredients": lambda: self._menu(plain, third=True),
            "exclusion": lambda: self._menu(replace(plain, excluded=choose(excludable))),
            "allergy": lambda: self._menu(
                replace(plain, excluded=choose(allergies), is_allergy=True)
            ),
            "exclusion in unseen words": lambda: self._menu(
                replace(plain, excluded=choose(excludable), is_allergy=choose((True, False))),
                writer=self.unseen,
            ),
            "minutes": lambda: self._menu(replace(plain, minutes=choose((15, 20, 30, 40)))),
            "cuisine": lambda: self._menu(replace(plain, cuisine=choose(("和", "洋", "中")))),
            "season": lambda: self._menu(replace(plain, season=choose("春夏秋冬"))),
            "diet": lambda: self._menu(choose(DIETS)),
            "style": lambda: self._menu(replace(plain, style=choose(STYLES))),
            "bento": lambda: self._menu(replace(plain, meal="お弁当")),
            "recipe": self._recipe,
            "second turn": lambda: next(self.corpus.examples({"change": 1})),
            "out of scope": lambda: next(self.corpus.examples({"decline": 1})),
            "kana and slips": lambda: self._menu(plain, kana=True),
        }

    def _recipe(self) -> Example:
        while True:
            example = next(self.corpus.examples({"recipe": 1}))
            if example.dish is not None:
                return example

    def _menu(
        self,
        wish: Wish,
        *,
        third: bool = False,
        kana: bool = False,
        writer: Writer | None = None,
    ) -> Example:
        """Draw a request for `wish` with a held-out pair, for which the cookbook has a menu."""
        corpus = self.corpus
        names = list(corpus.teacher.askable)
        while True:
            drawn = next(corpus.teacher.wishes(self.rng, held_out=True))
            ingredients = drawn.ingredients
            if third:
                ingredients = (*ingredients, self.rng.choice(names))
            full = replace(wish, ingredients=ingredients, servings=drawn.servings)
            if len(set(ingredients)) < len(ingredients) or self._contradicts(full):
                continue
            if corpus.teacher.plan(full, self.rng) is None:
                continue
            text = (writer or corpus.writer).request(full, self.rng)
            if kana and not self._varied(text, ingredients):
                continue
            return Example((Message("user", text),), "", "menu", wish=full)

    def _contradicts(self, wish: Wish) -> bool:
        rows = [self.corpus.cookbook.ingredients[name] for name in wish.ingredients]
        return wish.excluded is not None and any(_is_excluded(row, wish.excluded) for row in rows)

    @staticmethod
    def _varied(text: str, ingredients: tuple[str, ...]) -> bool:
        """Tell whether neither ingredient stands in `text` under its own name."""
        return not any(name in text for name in ingredients)


def judge(case: Case, text: str, cookbook: Cookbook, *, ended: bool) -> list[str]:
    """Return what is wrong with the answer `text` to `case`; empty when nothing is.

    `ended` tells whether the model stopped by itself.
    """
    answer = parse_answer(text)
    faults = [] if ended else ["does not stop"]
    if case.kind == "out of scope":
        declined = text.startswith((NOTHING_ELSE, UNKNOWN_DISH)) and not answer.dishes
        return faults + ([] if declined else ["does not decline"])
    unknown = [name for _, name in answer.dishes if name not in cookbook.dishes]
    if unknown:
        return [*faults, f"unknown dish {unknown[0]}"]
    dishes = [cookbook.dishes[name] for _, name in answer.dishes]
    if case.dish is not None:
        if [dish.name for dish in dishes] != [case.dish]:
            faults.append(f"not the recipe of {case.dish}")
    elif case.wish is not None:
        faults += _form_faults(answer, dishes) + _wish_faults(case.wish, dishes, cookbook, text)
    if answer.tip not in {dish.tip for dish in dishes}:
        faults.append("the tip fits no dish")
    return faults


def uses_all(case: Case, text: str, cookbook: Cookbook) -> bool:
    """Tell whether the answer is a menu of three dishes or more that uses all that was asked."""
    names = [name for _, name in parse_answer(text).dishes if name in cookbook.dishes]
    dishes = [cookbook.dishes[name] for name in dict.fromkeys(names)]
    asked = case.wish.ingredients if case.wish else ()
    return len(dishes) >= FEWEST_DISHES and not [
        name for name in asked if not any(name in dish.ingredient_names for dish in dishes)
    ]


def keeps_exclusion(case: Case, text: str, cookbook: Cookbook) -> bool:
    """Tell whether no named dish holds what the request leaves out."""
    names = [name for _, name in parse_answer(text).dishes if name in cookbook.dishes]
    excluded = case.wish.excluded if case.wish else None
    return excluded is None or not any(
        _holds(cookbook.dishes[name], excluded, cookbook, text) for name in names
    )


def _form_faults(answer: Answer, dishes: list[Dish]) -> list[str]:
    faults = []
    if len(dishes) < FEWEST_DISHES:
        faults.append(f"only {len(dishes)} dishes")
    if len({dish.name for dish in dishes}) < len(dishes):
        faults.append("a dish stands twice")
    if any(
        role != cookbook_dish.role
        for (role, _), cookbook_dish in zip(answer.dishes, dishes, strict=True)
    ):
        faults.append("a dish in the wrong role")
    return faults


def _wish_faults(wish: Wish, dishes: list[Dish], cookbook: Cookbook, text: str) -> list[str]:
    faults = [
        f"{name} is not used"
        for name in wish.ingredients
        if not any(name in dish.ingredient_names for dish in dishes)
    ]
    for dish in dishes:
        if wish.excluded is not None and _holds(dish, wish.excluded, cookbook, text):
            faults.append(f"{dish.name} holds {wish.excluded}")
        if wish.minutes is not None and dish.all_minutes > wish.minutes:
            faults.append(f"{dish.name} takes {dish.all_minutes} minutes")
        if wish.season is not None and dish.seasons and wish.season not in dish.seasons:
            faults.append(f"{dish.name} is not of {wish.season}")
    leading = [dish for dish in dishes if dish.role == Role.MAIN] or dishes[:1]
    if wish.cuisine is not None and all(dish.cuisine != wish.cuisine for dish in leading):
        faults.append(f"the main dish is not {wish.cuisine}")
    if wish.style is not None and all(wish.style not in dish.tags for dish in leading):
        faults.append(f"the main dish is not {wish.style}")
    return faults


def _holds(dish: Dish, excluded: str, cookbook: Cookbook, text: str) -> bool:
    """Tell whether a dish holds what is excluded, from the rows of the ingredient table.

    Where the answer says to take the kind of a product without it, the recipe names that kind.
    """
    plain = {
        food: kind.instead
        for food, kind in cookbook.products.plain.items()
        if f"{food}は「{kind.instead}」を選んでください。" in text
    }
    rows = [cookbook.ingredients[plain.get(part.name, part.name)] for part in dish.ingredients]
    return any(_is_excluded(row, excluded) for row in rows)


def _is_excluded(row: Ingredient, excluded: str) -> bool:
    if excluded == VEGETARIAN:
        return not row.groups.isdisjoint(("肉", "魚介"))
    return excluded in {row.name, *row.groups, *row.allergens}
