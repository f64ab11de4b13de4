"""Every word that a request may be read by, with its meaning; built once per cookbook."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from typing import Final, Literal

from chef_llm.cookbook import ALLERGENS, Cookbook, Ingredient, Role
from chef_llm.cookbook.model import fold
from chef_llm.reading import words
from chef_llm.reading.patterns import any_of
from chef_llm.reading.text import KANJI, Text

Kind = Literal["food", "dish", "cuisine", "meal", "ordinary"]
FOODS: Final = ("food", "dish")
MORE_WORDS: Final = "more_words.tsv"
# A 主食 with fewer ingredients is no meal by itself, as rice.
INGREDIENTS_OF_A_MEAL: Final = 5
# So many names, overlapping ones too, are read of a text.
MOST_NAMES: Final = 1_000
# A line of foods alone is shorter than this. Between them stand marks and amounts.
LONGEST_LIST: Final = 120
_MARKS: Final = r"[\s、,，.。・/／+＋&＆|;；()\[\]「」『』【】*`~_\-–—:→×✕❌🚫○☑□■✓✔]+"
_JOINTS: Final = any_of(
    "と や か も および 及び または 又は and or 類 など 等 製品 料理 系 少々 適量"
)
# 「大さじ1/2」, 「約200g」
_AMOUNT: Final = (
    r"(?:約|大さじ|小さじ)?\d+(?:/\d+)?(?:\.\d+)?\s?"
    "(?:kg|g|ml|l|個|本|枚|丁|束|袋|ぱっく|缶|玉|株|切れ|尾|匹|ぐらむ)?"
)
BETWEEN_NAMES: Final = re.compile(f"{_MARKS}|{_JOINTS}|{_AMOUNT}")


@dataclass(frozen=True)
class Meaning:
    """What a word stands for: asked for (`wish`, `dish`) and left out (all other fields)."""

    kind: Kind
    name: str
    wish: str | None = None
    excluded: frozenset[str] = frozenset()
    allergens: frozenset[str] = frozenset()
    # These go too when the words are of an allergy.
    allergy_excluded: frozenset[str] = frozenset()
    allergy_allergens: frozenset[str] = frozenset()
    dishes: frozenset[str] = frozenset()
    diet: str | None = None
    # A food that no dish has: there is nothing to leave out, and nothing to serve.
    is_in_no_dish: bool = False

    @property
    def is_phrase(self) -> bool:
        """Tell whether it is read wherever it stands: no name of a food hides in other words."""
        return self.kind not in ("food", "dish")

    @property
    def is_served_so(self) -> bool:
        """Tell whether it is a way of serving food, and so a dish to who wishes for it: 刺身."""
        return self.kind == "food" and bool(self.dishes)

    @property
    def is_typical_allergen(self) -> bool:
        """Tell whether it is expected in a list of allergens; 鶏肉 is mostly asked for."""
        return bool(self.allergens - {"鶏肉", "豚肉", "牛肉"})


@dataclass(frozen=True)
class Mention:
    """A place in the folded text that names something."""

    start: int
    end: int
    meaning: Meaning

    def __len__(self) -> int:
        return self.end - self.start


class Lexicon:
    """Every word that can be read, folded, with its meaning."""

    def __init__(self, cookbook: Cookbook) -> None:
        self.cookbook = cookbook
        self.meanings: dict[str, Meaning] = {}
        # The words in the script that they are usually written in.
        self.written: set[str] = set()
        self._add_foods()
        self._add_dishes()
        for meals, spelled in words.MEALS.items():
            self._add(spelled.split(), Meaning("meal", meals))
        for cuisine, spelled in words.CUISINES.items():
            meaning = Meaning("cuisine", cuisine, dishes=self._dishes_of(cuisine))
            self._add_kitchens(meaning)
            self._add([*spelled.split(), *_of_their_homes(cuisine)], meaning)
        for spelled, meant in words.ENGLISH.items():
            # A cookbook of one's own may lack it.
            if fold(meant) in self.meanings:
                self._add(spelled.split(), self.meanings[fold(meant)])
        self._add(words.ORDINARY_WORDS, Meaning("ordinary", ""))
        self._add_more()
        lengths: dict[str, set[int]] = {}
        for word in self.meanings:
            lengths.setdefault(word[0], set()).add(len(word))
        # A text is looked through by several readers, one after the other.
        self._places = lru_cache(maxsize=2)(self._every_place)
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def find(self, folded: str) -> Iterator[Mention]:
        """Yield every place where a word stands, from the left, the longest first."""
        yield from self._places(folded)

    def _every_place(self, folded: str) -> tuple[Mention, ...]:
        return tuple(one for start in range(len(folded)) for one in self.at(folded, start))

    def at(self, folded: str, start: int) -> Iterator[Mention]:
        """Yield the words that begin at one place, the longest first."""
        for length in self._lengths.get(folded[start], ()):
            meaning = self.meanings.get(folded[start : start + length])
            if meaning is not None and start + length <= len(folded):
                yield Mention(start, start + length, meaning)

    def bounded(self, text: Text) -> Text:
        """Return `text` up to where it has named `MOST_NAMES` things: reading must end in time."""
        names = self.find(text.folded)
        last = next(islice(names, MOST_NAMES, None), None)
        return text if last is None else text.until(last.start)

    def names_only(self, line: str) -> bool:
        """Tell whether a folded line is foods and what joins them, and nothing else."""
        line = line.strip()
        if not line or len(line) > LONGEST_LIST:
            return False
        place = names = 0
        while place < len(line):
            found = next(
                (len(each) for each in self.at(line, place) if each.meaning.kind in FOODS), 0
            )
            if found:
                place, names = place + found, names + 1
            elif joint := BETWEEN_NAMES.match(line, place):
                place = joint.end()
            else:
                return False
        return names > 0

    def names_any(self, line: str) -> bool:
        """Tell whether a folded line may name a food anywhere."""
        return any(
            each.meaning.kind in FOODS and (len(each) > 1 or KANJI.match(line, each.start))
            for each in self.find(line)
        )

    def begins_with_name(self, line: str) -> bool:
        """Tell whether a folded line begins with the name of a food, and so with a word."""
        line = line.lstrip()
        return bool(line) and any(each.meaning.kind in FOODS for each in self.at(line, 0))

    def _add(self, spelled: Iterable[str], meaning: Meaning) -> None:
        for word in spelled:
            self.written.add(word)
            self.meanings.setdefault(fold(word), meaning)

    def _add_foods(self) -> None:
        for food in words.FOOD_WORDS:
            meaning = Meaning(
                "food",
                food.words.split()[0],
                wish=food.wish,
                excluded=frozenset(food.excluded.split()),
                allergens=frozenset(food.allergens.split()),
                allergy_allergens=frozenset(food.allergy.split()),
                diet=food.diet,
            )
            self._add(food.words.split(), meaning)
        meanings = {
            name: _meaning(ingredient) for name, ingredient in self.cookbook.ingredients.items()
        }
        for spelling, name in self.cookbook.spellings.items():
            self._add([spelling], meanings[name])
            self.written.update(self.cookbook.ingredients[name].aliases)
            self._leave_out_too(spelling, self.cookbook.ingredients[name])

    def _leave_out_too(self, spelling: str, ingredient: Ingredient) -> None:
        """Let a word that means more leave out an ingredient of that very name as well.

        An operator may call a food of his own by a word that stands for others here.
        """
        known = self.meanings[fold(spelling)]
        is_called_so = spelling in map(fold, (ingredient.name, *ingredient.aliases))
        if is_called_so and not known.excluded & {ingredient.name, *ingredient.groups}:
            excluded = known.excluded | {ingredient.name}
            self.meanings[fold(spelling)] = replace(known, excluded=excluded)

    def _add_dishes(self) -> None:
        folded = {name: fold(name) for name in self.cookbook.dishes}
        for dish in self.cookbook.dishes.values():
            alike = {name for name, spelled in folded.items() if folded[dish.name] in spelled}
            meaning = Meaning(
                "dish",
                dish.name,
                wish=dish.name,
                dishes=frozenset(alike),
                allergy_allergens=self.cookbook.allergens(dish),
            )
            self._add([*_dish_spellings(dish.name), dish.reading], meaning)
        for word in words.DISH_WORDS:
            alike = {name for name, spelled in folded.items() if fold(word) in spelled}
            wish = word if alike else None
            meaning = Meaning("dish", word, wish=wish, dishes=frozenset(alike))
            self._add(_dish_spellings(word), meaning)
        for method, spelled in words.METHODS.items():
            alike = {
                dish.name
                for dish in self.cookbook.dishes.values()
                if dish.method == method and dish.role != Role.SOUP
            }
            self._add(
                spelled.split(), Meaning("dish", method, wish=method, dishes=frozenset(alike))
            )
        for spelled, pattern in words.FAMILIES.items():
            alike = {name for name in folded if re.search(pattern, name)}
            name = spelled.split()[0]
            wish = name if alike and name not in words.REFUSED_ALONE else None
            held = [self.cookbook.allergens(self.cookbook.dishes[one]) for one in sorted(alike)]
            meaning = Meaning(
                "dish",
                name,
                wish=wish,
                dishes=frozenset(alike),
                # What all of them hold: who has an allergy to うどん has one to wheat.
                allergy_allergens=held[0].intersection(*held) if held else frozenset(),
            )
            self._add(spelled.split(), meaning)
            for word in spelled.split():
                self._serve_as_well(word, meaning)

    def _serve_as_well(self, word: str, family: Meaning) -> None:
        """Let a word that only leaves out be wished for, as the dishes that are served so: 刺身.

        What it leaves out stays, and how it is read as left out: it is a food.
        """
        known = self.meanings[fold(word)]
        if known.kind == "food" and known.wish is None:
            served = replace(known, name=family.name, wish=family.wish, dishes=family.dishes)
            self.meanings[fold(word)] = served

    def _add_more(self) -> None:
        """Add words that are rare or wide; what is no spelling of an ingredient is never wished."""
        for spelled, excluded, allergens, allergy in _more_words():
            name = spelled[0]
            if excluded == "-":  # no dish has it; who names it is understood all the same
                meaning = Meaning("food", name, excluded=frozenset({name}), is_in_no_dish=True)
            elif excluded.startswith("="):
                ingredient = self.cookbook.ingredients.get(excluded[1:])
                if ingredient is None:
                    continue
                meaning = _meaning(ingredient)
            else:
                meaning = Meaning(
                    "food",
                    name,
                    excluded=frozenset(excluded.split()),
                    allergens=frozenset(allergens.split()),
                    allergy_allergens=frozenset(allergy.split()),
                )
            self._add(spelled, meaning)

    def _add_kitchens(self, cuisine: Meaning) -> None:
        """Add what a cuisine's homes cook: who asks for イタリアン gets such a dish of the 洋食.

        It leads the meal; left out are side dishes and soups of that home, too.
        """
        for home in words.HOMES[cuisine.name].split():
            pattern = words.KITCHENS.get(home)
            alike = {name for name in cuisine.dishes if pattern and re.search(pattern, name)}
            if alike:
                spelled = [*words.KITCHEN_NAMES.get(home, "").split(), *_of_a_home(home)]
                meaning = replace(cuisine, wish=spelled[0], dishes=frozenset(alike))
                self._add(spelled, meaning)

    def _dishes_of(self, cuisine: str) -> frozenset[str]:
        """Return the dishes of a cuisine, less plain rice and the like, which go with any."""
        return frozenset(
            dish.name
            for dish in self.cookbook.dishes.values()
            if dish.cuisine == cuisine
            and (dish.role != Role.STAPLE or len(dish.ingredients) >= INGREDIENTS_OF_A_MEAL)
        )


@lru_cache(maxsize=4)
def lexicon(cookbook: Cookbook) -> Lexicon:
    """Return the lexicon of `cookbook`, built once."""
    return Lexicon(cookbook)


def _more_words() -> Iterator[tuple[list[str], str, str, str]]:
    """Yield the rows of `more_words.tsv`: words, and what they leave out.

    "=NAME" is what that ingredient leaves out; "-" a food that no dish has.
    """
    table = files("chef_llm.reading").joinpath(MORE_WORDS).read_text("utf-8")
    for row in table.splitlines()[1:]:
        spelled, excluded, allergens, allergy = row.split("\t")
        yield spelled.split("|"), excluded, allergens, allergy


def _meaning(ingredient: Ingredient) -> Meaning:
    name = ingredient.name
    spelled = {fold(word) for word in (name, *ingredient.aliases)}
    allergens = {word for word in ALLERGENS if fold(word) in spelled} & ingredient.allergens
    if name in words.ALLERGEN_FOODS:
        allergens.add(words.ALLERGEN_FOODS[name])
    relatives = [base for base, forms in words.FORMS.items() if name in forms.split()]
    family = {
        other for base in (name, *relatives) for other in (base, *words.FORMS.get(base, "").split())
    }
    made = {food for other in family for food in words.MADE_FROM.get(other, "").split()}
    return Meaning(
        "food",
        name,
        wish=None if name in words.NEVER_WISHED else name,
        excluded=frozenset({name, *words.FORMS.get(name, "").split()}),
        allergens=frozenset(allergens),
        allergy_excluded=frozenset(family | made),
        # Who is allergic to そば is so to そば alone, not to the wheat in it.
        allergy_allergens=frozenset() if allergens else ingredient.allergens,
    )


def _dish_spellings(name: str) -> set[str]:
    spellings = {name}
    for part, other in words.DISH_SPELLINGS:
        spellings |= {spelled.replace(part, other) for spelled in spellings}
    return spellings


def _of_their_homes(cuisine: str) -> Iterator[str]:
    """Yield how a cuisine is called by where it is at home: タイ風, タイやベトナム."""
    homes = words.HOMES[cuisine].split()
    for home in homes:
        yield from _of_a_home(home)
        yield from (f"{home}{joint}{other}" for joint in "やと・" for other in homes)


def _of_a_home(home: str) -> Iterator[str]:
    return (f"{home}{taste}" for taste in words.TASTES)
