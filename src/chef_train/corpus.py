"""Write the training corpus of kondate: conversations with their answers, from the cookbook.

    python -m chef_train.corpus build/corpus.jsonl --examples 400000 --seed 1

One JSON object a line: `{"prompt": …, "answer": …, "kind": …, "choices": […]}`. The prompt is the
text that the model reads, rendered by the same template as at run time; a line break in the answer
is the two characters backslash and n. `choices` has an entry for each labelled line of the answer
(`主菜: …`, `ポイント: …`): what might stand behind the label, with its share. The same seed writes
the same bytes.
"""

import argparse
import json
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from chef_llm.chat.chat_template import CHEF_SYSTEM_PROMPT, render
from chef_llm.chat.talk import NOTHING_ELSE, THANKS
from chef_llm.cookbook import Cookbook, Dish, Role, load_cookbook
from chef_llm.menus.answer import parse_answer
from chef_llm.reading.conversation import Message
from chef_train import phrasing
from chef_train.phrasing import Writer
from chef_train.wishes import Choices, Menu, Teacher, Wish, holds_out
from chef_train.wording import vocabulary

TEMPLATE: Final = "dolly"
# How often each kind of conversation is drawn, in percent.
KIND_WEIGHTS: Final = {"menu": 60, "recipe": 13, "change": 16, "decline": 9, "courtesy": 2}
# What a second turn changes, as often as it stands here.
CHANGES: Final = ("role", "all", "protein", "servings", "exclude", "exclude", "add", "add", "style")
# A corpus is drawn in parts of so many examples, each with a seed of its own, by all cores.
EXAMPLES_PER_PART: Final = 10_000
SHARE_DIGITS: Final = 3


@dataclass(frozen=True)
class Example:
    """A conversation that ends with a user's turn, and the answer to it.

    `wish` is what the conversation asks for in all, where it asks for a menu; `choices` is what
    might stand in each labelled line of the answer, in order.
    """

    messages: tuple[Message, ...]
    answer: str
    kind: str
    wish: Wish | None = None
    dish: str | None = None
    choices: tuple[Choices, ...] = ()

    @property
    def prompt(self) -> str:
        """The text that the model reads."""
        return render(TEMPLATE, (Message("system", CHEF_SYSTEM_PROMPT), *self.messages))


class Corpus:
    """Draws examples without end; with `held_out` only such as training never sees.

    Held out are the sentences named so in `wordings/*.toml` and one ingredient pair in eight
    (`wishes.is_held_out`). A held-out menu has both; everything else has a held-out wording.
    """

    def __init__(self, cookbook: Cookbook, seed: int | str, *, held_out: bool = False) -> None:
        self.cookbook = cookbook
        self.rng = random.Random(f"{seed}/{held_out}")
        self.held_out = held_out
        self.teacher = Teacher(cookbook)
        self.writer = Writer(cookbook, "held_out" if held_out else "train", varied=not held_out)
        self.wordings = self.writer.wordings
        self._wishes = self.teacher.wishes(self.rng, held_out=held_out)

    def examples(self, kinds: dict[str, int] = KIND_WEIGHTS) -> Iterator[Example]:
        """Draw examples of the given kinds and weights."""
        while True:
            kind = self.rng.choices(list(kinds), list(kinds.values()))[0]
            yield getattr(self, f"_{kind}")()

    def _planned(self) -> tuple[Wish, Menu]:
        while True:
            wish = next(self._wishes)
            menu = self.teacher.plan(wish, self.rng)
            if menu is not None:
                return wish, menu

    def _menu(self) -> Example:
        wish, menu = self._planned()
        return self._example(wish, menu, self.writer.request(wish, self.rng))

    def _example(self, wish: Wish, menu: Menu, *texts: str, kind: str = "menu") -> Example:
        """Build the example of one menu; `texts` are the user's turn, or three turns."""
        roles = ("user", "assistant", "user")
        messages = tuple(Message(roles[turn], text) for turn, text in enumerate(texts))  # type: ignore[arg-type]
        answer = self.writer.answer(self.writer.title(wish), menu)
        choices = (*menu.choices, menu.tips)
        return Example(messages, answer, kind, wish=wish, choices=choices)

    def _recipe(self) -> Example:
        if self.rng.random() < 0.08:
            name = self.rng.choice(self.wordings.absent_dishes)
            answer = f"{phrasing.UNKNOWN_DISH}{phrasing.INVITATION}"
            kind, dish_name = "decline", None
            choices: tuple[Choices, ...] = ()
        else:
            dish = self.rng.choice(list(self.cookbook.dishes.values()))
            name, answer, kind = dish.name, self.writer.recipe_answer(dish), "recipe"
            dish_name = dish.name
            choices = ({dish.name: 1.0}, {dish.tip: 1.0})
            if self.rng.random() < 0.12:
                name = dish.reading
        text = self.writer.recipe_request(name, self.rng)
        return Example((Message("user", text),), answer, kind, dish=dish_name, choices=choices)

    def _decline(self) -> Example:
        text = self.writer.off_topic(self.rng)
        answer = f"{NOTHING_ELSE}{phrasing.INVITATION}"
        return Example((Message("user", text),), answer, "decline")

    def _courtesy(self) -> Example:
        if self.rng.random() < 0.5:
            text, answer = (
                self.rng.choice(self.wordings.greetings),
                phrasing.GREETING + phrasing.INVITATION,
            )
        else:
            text, answer = self.rng.choice(self.wordings.thanks), THANKS
        return Example((Message("user", text),), answer, "courtesy")

    def _change(self) -> Example:
        """Draw a second turn that changes the menu of the first; the rest of it stays."""
        while True:
            wish, menu = self._planned()
            changed = self._changed(wish, menu)
            if changed is None:
                continue
            text, new_wish, new_menu = changed
            if holds_out(new_wish.ingredients) != self.held_out and len(new_wish.ingredients) > 1:
                continue
            first = self.writer.request(wish, self.rng)
            earlier = self.writer.answer(self.writer.title(wish), menu)
            summary = parse_answer(earlier).summary
            text = phrasing.noisy(text, self.rng)
            return self._example(new_wish, new_menu, first, summary, text, kind="change")

    def _changed(self, wish: Wish, menu: Menu) -> tuple[str, Wish, Menu] | None:
        return getattr(self, f"_change_{self.rng.choice(CHANGES)}")(wish, menu)

    def _change_role(self, wish: Wish, menu: Menu) -> tuple[str, Wish, Menu] | None:
        role = self.rng.choice(list(self.wordings.changes.role))
        old = next((dish for dish in menu.dishes if dish.role == role), None)
        if old is None:
            return None
        text = self.rng.choice(self.wordings.changes.role[role])
        return self._replaced(text, wish, menu, [old])

    def _change_all(self, wish: Wish, menu: Menu) -> tuple[str, Wish, Menu] | None:
        text = self.rng.choice(self.wordings.changes.all)
        new = self.teacher.plan(wish, self.rng)
        if new is None or {dish.name for dish in new.dishes} == {dish.name for dish in menu.dishes}:
            return None
        return text, wish, new

    def _change_protein(self, wish: Wish, menu: Menu) -> tuple[str, Wish, Menu] | None:
        group = self.rng.choice(list(self.wordings.changes.protein))
        old = next((dish for dish in menu.dishes if dish.role == Role.MAIN), None)
        if old is None or wish.excluded == group:
            return None
        text = self.rng.choice(self.wordings.changes.protein[group])
        kept = tuple(dish for dish in menu.dishes if dish is not old)
        stays = tuple(name for name in wish.ingredients if _uses(kept, name))
        new_wish = replace(wish, ingredients=stays)
        new = self.teacher.plan(
            new_wish, self.rng, kept, lambda dish: dish is not old and self._is_of(dish, group)
        )
        return (text, new_wish, new) if new is not None else None

    def _change_servings(self, wish: Wish, menu: Menu) -> tuple[str, Wish, Menu] | None:
        servings = self.rng.choice((1, 2, 3, 4, 5, 6))
        number = self.rng.choice(
            (f"{servings}人", f"{phrasing.KANJI_NUMBERS[servings]}人", f"{servings}人前")
        )
        text = self.rng.choice(self.wordings.changes.servings).format(n=number)
        return text, replace(wish, servings=servings), menu

    def _change_exclude(self, wish: Wish, menu: Menu) -> tuple[str, Wish, Menu] | None:
        if wish.excluded is not None:
            return None
        present = [
            name
            for name in self.teacher.excludable
            if any(self.teacher.has(dish, name) for dish in menu.dishes)
            and name not in wish.ingredients
        ]
        if not present:
            return None
        excluded = self.rng.choice(present)
        text = self.writer.removal(excluded, self.rng)
        old = [dish for dish in menu.dishes if self.teacher.has(dish, excluded)]
        return self._replaced(text, replace(wish, excluded=excluded), menu, old)

    def _change_add(self, wish: Wish, menu: Menu) -> tuple[str, Wish, Menu] | None:
        names, weights = list(self.teacher.askable), list(self.teacher.askable.values())
        added = self.rng.choices(names, weights)[0]
        if added in wish.ingredients or len(wish.ingredients) > 2 or _uses(menu.dishes, added):
            return None
        text = self.writer.addition(added, self.rng)
        new_wish = replace(wish, ingredients=(*wish.ingredients, added))
        for role in (Role.SIDE, Role.SOUP, Role.MAIN):
            old = [dish for dish in menu.dishes if dish.role == role]
            if old and not any(_uses(old, name) for name in wish.ingredients):
                return self._replaced(text, new_wish, menu, old)
        return None

    def _change_style(self, wish: Wish, menu: Menu) -> tuple[str, Wish, Menu] | None:
        if wish.style or wish.cuisine or wish.season:
            return None
        style = self.rng.choice(("あっさり", "こってり", "ヘルシー", "時短", "子ども向け", "辛い"))
        leaning = [word for word in vocabulary().styles[style] if not word.endswith("、")]
        sentence = self.rng.choice(self.wordings.changes.style)
        text = sentence.format(x=self.rng.choice(leaning))
        old = [dish for dish in menu.dishes if dish.role == Role.MAIN]
        return self._replaced(text, replace(wish, style=style), menu, old)

    def _replaced(
        self, text: str, wish: Wish, menu: Menu, old: list[Dish]
    ) -> tuple[str, Wish, Menu] | None:
        """Plan anew what stood in the place of `old`; the other dishes stay."""
        kept = tuple(dish for dish in menu.dishes if dish not in old)
        if any(dish.role == Role.STAPLE for dish in old) or not old:
            return None
        new = self.teacher.plan(wish, self.rng, keep=kept)
        if new is None or any(dish in new.dishes for dish in old):
            return None
        if {dish.role for dish in new.dishes} != {dish.role for dish in menu.dishes}:
            return None
        return text, wish, new

    def _is_of(self, dish: Dish, group: str) -> bool:
        if group == "豆腐":
            return any("豆腐" in keyword for keyword in dish.keywords)
        return any(group in self.cookbook.ingredients[name].groups for name in dish.keywords)


def _uses(dishes: tuple[Dish, ...] | list[Dish], name: str) -> bool:
    return any(name in dish.ingredient_names for dish in dishes)


def written(answer: str) -> str:
    """Return an answer as the model writes it: its line break is backslash and n."""
    return answer.replace("\n", "\\n")


def lines(part_seed: str, count: int) -> str:
    """Return `count` examples as the lines of the corpus file."""
    examples = islice(Corpus(load_cookbook(), part_seed).examples(), count)
    return "".join(f"{json.dumps(_record(one), ensure_ascii=False)}\n" for one in examples)


def _record(example: Example) -> dict[str, Any]:
    return {
        "prompt": example.prompt,
        "answer": written(example.answer),
        "kind": example.kind,
        "choices": [
            {name: round(share, SHARE_DIGITS) for name, share in choices.items()}
            for choices in example.choices
        ],
    }


def main() -> None:
    """Write the corpus from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=Path)
    parser.add_argument("--examples", type=int, default=400_000)
    parser.add_argument("--seed", default="1")
    arguments = parser.parse_args()
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    starts = range(0, arguments.examples, EXAMPLES_PER_PART)
    seeds = [f"{arguments.seed}/{start}" for start in starts]
    counts = [min(EXAMPLES_PER_PART, arguments.examples - start) for start in starts]
    with ProcessPoolExecutor() as pool, arguments.output.open("w", encoding="utf-8") as file:
        file.writelines(pool.map(lines, seeds, counts))


if __name__ == "__main__":
    main()
