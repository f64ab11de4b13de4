"""How people write a wish, and how kondate answers it."""

import random
import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from chef_llm.cookbook import Cookbook, Dish
from chef_llm.cookbook.model import KATAKANA_TO_HIRAGANA, fold
from chef_llm.menus.title import Title
from chef_train.wishes import EXCLUDABLE_GROUPS, VEGETARIAN, Menu, Wish
from chef_train.wording import Half, exclusions, vocabulary, wordings

HIRAGANA_TO_KATAKANA: Final = {hira: kata for kata, hira in KATAKANA_TO_HIRAGANA.items()}
KANJI_NUMBERS: Final = {1: "一", 2: "二", 3: "三", 4: "四", 5: "五", 6: "六"}

# Forms around words that no template has: {a} and {b} are scraps of the recipes' own sentences,
# which teach that what stands around an ingredient may be anything.
UNFAMILIAR_TEMPLATES: Final = (
    "{a}{ing}{b}。{pre}{n}{meal}{ask}{post}",
    "{a}{ing}{b}、{pre}{n}{meal}{ask}{post}",
    "{a}{ing}です。{pre}{n}{meal}{ask}{post}",
    "{a}で{ing}を{b}。{pre}{n}{meal}{ask}{post}",
    "{ing}{a}ので、{pre}{n}{meal}{ask}{post}",
    "{ing}{a}{b}。{pre}{n}{meal}{ask}{post}",
    "{pre}{n}{meal}に{a}。{ing}を{b}{ask}{post}",
    "{pre}{ing}を{a}{n}{meal}{ask}{post}",
)
UNFAMILIAR_RECIPES: Final = (
    "{a}{dish}{b}",
    "{dish}を{a}",
    "{a}。{dish}",
    "{dish}の{a}を教えて",
    "{a}ので{dish}を{b}",
    "{n}{dish}を{a}、{b}",
    "{a}、{n}{dish}{b}",
)
# Sentences of scraps that name neither food nor dish: whatever they are about, it is not dinner.
UNFAMILIAR_DECLINES: Final = (
    "{a}{b}",
    "{a}、{b}?",
    "{x}{a}",
    "{x}を{a}{b}",
    "{a}{x}{b}",
    "{a}。{x}{b}",
    "{x}と{y}{a}",
    "{x}の{a}を教えて",
    "{x}が{a}ので{b}",
)
# How often training draws a form around scraps, and how often a frame with the words of others.
UNFAMILIAR_SHARE: Final = 0.25
SCRAMBLED_SHARE: Final = 0.25
# How often a word of a scrambled frame gives way to another's.
SCRAMBLED_WORDS: Final = 0.5
# How often training says what is left out before all else, in a sentence of its own.
SAID_FIRST_SHARE: Final = 0.15
ASIDE_SHARE: Final = 0.18
INGREDIENT_JOINTS: Final = ("と", "と", "と", "、", "、", "・", "や", "とか", " ", "に", "+")
INVITATION: Final = "食材や人数を教えていただければ、献立を考えます。"
UNKNOWN_DISH: Final = "申し訳ありません。その料理は料理帳にありません。"
GREETING: Final = "こんにちは。献立を考えるシェフです。"
SLOT: Final = re.compile(r"(\{\w+\})")


class Writer:
    """Writes requests as people do and answers as kondate should.

    With `varied` many requests stand in unfamiliar words: frames that hold the words of other
    frames, or scraps of sentences. It is how training learns to read what it never saw.
    """

    def __init__(self, cookbook: Cookbook, half: Half = "train", *, varied: bool = False) -> None:
        self.cookbook = cookbook
        self.wordings = wordings(half)
        self.exclusions = exclusions("train")
        self.varied = varied

    def request(self, wish: Wish, rng: random.Random) -> str:
        """Return a request for `wish`."""
        template, scraps = self._form(
            rng,
            self.wordings.menus if wish.ingredients else self.wordings.open_menus,
            UNFAMILIAR_TEMPLATES if wish.ingredients else (),
        )
        before, after = self._conditions(wish, rng)
        first = ""
        if self.varied and after and rng.random() < SAID_FIRST_SHARE:
            first, after = after.removeprefix("。").rstrip("。") + "。", ""
        text = template.format(
            ing=self._ingredients(wish.ingredients, rng),
            n=servings_phrase(wish.servings, rng),
            meal=rng.choice(vocabulary().meals[wish.meal]),
            ask=rng.choice(vocabulary().asks),
            pre=before,
            post=after,
            **scraps,
        )
        text = first + tidy(text)
        if rng.random() < ASIDE_SHARE:
            text = with_aside(text, rng)
        return noisy(text, rng)

    def _form(
        self, rng: random.Random, frames: Sequence[str], unfamiliar: Sequence[str]
    ) -> tuple[str, dict[str, str]]:
        """Return a form to fill and its scraps: a frame, or now and then an unfamiliar form."""
        chance = rng.random() if self.varied else 1.0
        if chance < UNFAMILIAR_SHARE and unfamiliar:
            return rng.choice(unfamiliar), self._scraps(rng)
        if UNFAMILIAR_SHARE <= chance < UNFAMILIAR_SHARE + SCRAMBLED_SHARE:
            return scrambled(rng.choice(frames), rng), {}
        return rng.choice(frames), {}

    def _scraps(self, rng: random.Random) -> dict[str, str]:
        return {name: rng.choice(scraps_of(self.cookbook)) for name in "ab"}

    def _conditions(self, wish: Wish, rng: random.Random) -> tuple[str, str]:
        words = vocabulary()
        before: list[str] = []
        after = ""
        if wish.excluded == VEGETARIAN:
            before.append(rng.choice(words.vegetarian))
        elif wish.excluded is not None:
            ways = self.exclusions
            forms = (
                (ways.allergies_before, ways.allergies_after)
                if wish.is_allergy
                else (ways.before, ways.after)
            )
            word = self.spelling(wish.excluded, rng, varied=0.25)
            if rng.random() < 0.5:
                before.append(rng.choice(forms[0]).format(ex=word))
            else:
                after = rng.choice(forms[1]).format(ex=word)
        if wish.minutes is not None:
            before.append(rng.choice(words.minutes).format(m=wish.minutes))
        if wish.cuisine is not None:
            before.append(rng.choice(words.cuisines[wish.cuisine]))
        if wish.season is not None:
            before.append(rng.choice(words.seasons).format(s=wish.season))
        if wish.style is not None:
            before.append(rng.choice(words.styles[wish.style]))
        # A clause that ends in a comma stands before one that leans on the noun.
        before.sort(key=lambda clause: not clause.endswith("、"))
        return "".join(before), ("。" + after if after else "")

    def _ingredients(self, names: Sequence[str], rng: random.Random) -> str:
        joint = rng.choice(INGREDIENT_JOINTS)
        return joint.join(self.spelling(name, rng) for name in names)

    def spelling(self, name: str, rng: random.Random, varied: float = 0.4) -> str:
        """Return a way to write an ingredient or group: mostly its name, else alias or kana."""
        if name not in self.cookbook.ingredients:
            return EXCLUDABLE_GROUPS.get(name, name)
        if rng.random() > varied:
            return name
        record = self.cookbook.ingredients[name]
        kana = (record.reading, record.reading.translate(HIRAGANA_TO_KATAKANA))
        return rng.choice((*record.aliases, *record.aliases, *kana))

    def recipe_request(self, dish: str, rng: random.Random) -> str:
        """Return a request for the recipe of one dish."""
        template, scraps = self._form(rng, self.wordings.recipes, UNFAMILIAR_RECIPES)
        servings = servings_phrase(rng.choice((1, 2, 3, 4, 5)), rng)
        return noisy(tidy(template.format(dish=dish, n=servings, **scraps)), rng)

    def off_topic(self, rng: random.Random) -> str:
        """Return a question that is none for a menu chef."""
        words = self.wordings
        if rng.random() < 0.5:
            return noisy(rng.choice(words.declines), rng)
        x, y = rng.sample(words.subjects, 2)
        template, scraps = self._form(rng, words.questions, UNFAMILIAR_DECLINES)
        return noisy(tidy(template.format(x=x, y=y, **scraps)), rng)

    def addition(self, name: str, rng: random.Random) -> str:
        """Return a second turn that asks for one more ingredient."""
        ways = self.wordings.changes.addition
        if self.varied:
            ways = (*ways, *mentions())
        template, _ = self._form(rng, ways, ())
        return template.format(x=self.spelling(name, rng))

    def removal(self, name: str, rng: random.Random) -> str:
        """Return a second turn that asks to leave something out."""
        ways = self.wordings.changes.exclusion
        if self.varied:
            ways = (*ways, *self.exclusions.after, *self.exclusions.allergies_after)
        return rng.choice(ways).format(ex=self.spelling(name, rng, varied=0.25))

    def title(self, wish: Wish) -> str:
        """Return the opening line, as code writes it too where it plans the menu itself."""
        excluded = [EXCLUDABLE_GROUPS.get(wish.excluded, wish.excluded)] if wish.excluded else []
        return str(
            Title(
                ingredients=wish.ingredients,
                servings=wish.servings,
                meal=wish.meal,
                excluded=excluded,
                minutes=wish.minutes,
                cuisine=wish.cuisine,
                season=wish.season,
                style=wish.style,
            )
        )

    def answer(self, title: str, menu: Menu) -> str:
        """Return the whole answer: opening line, a line per dish, one tip."""
        return f"{self.summary(title, menu)}\nポイント: {menu.main.tip}"

    def summary(self, title: str, menu: Menu) -> str:
        """Return the answer as a later prompt holds it: opening line and dish lines."""
        lines = [title, *(f"{dish.role.value}: {dish.name}" for dish in menu.dishes)]
        return "\n".join(lines)

    def recipe_answer(self, dish: Dish) -> str:
        """Return the answer to a request for one recipe."""
        return f"{dish.name}の作り方です。\n料理: {dish.name}\nポイント: {dish.tip}"


@cache
def scraps_of(cookbook: Cookbook) -> list[str]:
    """Return short pieces of sentences that name no ingredient: of recipes and of small talk."""
    names = [spelling for spelling in cookbook.spellings if len(spelling) > 1]
    names += "肉魚鶏豚牛卵豆"
    text = "".join(step for dish in cookbook.dishes.values() for step in dish.steps[:2])
    text += "。".join((*wordings("train").declines, *vocabulary().asides))
    pieces = dict.fromkeys(re.findall("[ぁ-んァ-ヶー一-龥]{2,7}", text))
    folded = {piece: fold(piece) for piece in pieces}
    return [piece for piece in pieces if not any(name in folded[piece] for name in names)]


@cache
def stretches() -> tuple[str, ...]:
    """Return what stands between the slots of training's frames, each as often as it does."""
    frames = (*wordings("train").menus, *wordings("train").open_menus, *wordings("train").recipes)
    return tuple(part for frame in frames for part in SLOT.split(frame)[::2] if part)


@cache
def mentions() -> tuple[str, ...]:
    """Return the sentences of training's frames that only say that one has {x}."""
    sentences = [
        f"{sentence}。" for frame in wordings("train").menus for sentence in frame.split("。")[:-1]
    ]
    return tuple(
        sentence.replace("{ing}", "{x}")
        for sentence in sentences
        if SLOT.findall(sentence) == ["{ing}"]
    )


def scrambled(frame: str, rng: random.Random) -> str:
    """Put the words of other frames between the slots of one, here and there."""
    parts = SLOT.split(frame)
    for index, part in enumerate(parts):
        if part and not SLOT.fullmatch(part) and rng.random() < SCRAMBLED_WORDS:
            parts[index] = rng.choice(stretches())
    return "".join(parts)


def servings_phrase(servings: int | None, rng: random.Random) -> str:
    """Return how one says for how many people, "" for None."""
    if servings is None:
        return ""
    number = rng.choice((str(servings), str(servings), KANJI_NUMBERS[servings]))
    phrases = [
        f"{number}人分の",
        f"{number}人分の",
        f"{number}人前の",
        f"{number}人分",
        f"{number}人の",
    ]
    if servings >= 3:
        phrases += [f"家族{number}人の", f"{number}人家族の"]
    if servings == 1:
        phrases += ["一人暮らしの", "ひとり分の"]
    if servings == 2:
        phrases += ["ふたり分の", "夫婦二人の"]
    return rng.choice(phrases)


def tidy(text: str) -> str:
    """Mend the seams of a filled template: doubled and dangling punctuation."""
    for wrong, right in (
        ("。。", "。"),
        ("?。", "?"),
        ("、。", "。"),
        ("。、", "。"),
        ("、、", "、"),
        ("のの", "の"),
        ("のを", "を"),
        ("の。", "。"),
        ("のは何", "は何"),
        ("のお願い", "お願い"),
        ("のどう", "どう"),
        ("、を", "を"),
        ("。を", "。"),
        ("。は何", "。何"),
        ("。の", "。"),
        ("でを", "で"),
    ):
        text = text.replace(wrong, right)
    return text.strip("、 ").removeprefix("。")


def with_aside(text: str, rng: random.Random) -> str:
    """Put an aside before or behind a request."""
    aside = rng.choice(vocabulary().asides)
    if rng.random() < 0.6 or not aside.endswith("。"):
        return aside + text
    return f"{text}{'' if text.endswith(('。', '?')) else '。'}{aside}"


def noisy(text: str, rng: random.Random) -> str:
    """Now and then write as a hurried thumb does: no full stop, ！, full-width digits, a slip."""
    chance = rng.random()
    if chance < 0.12:
        return text.rstrip("。")
    if chance < 0.18:
        return text.replace("。", "！")
    if chance < 0.22:
        return text.translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    if chance < 0.25:
        return text.replace("。", "\n").strip()
    if chance < 0.29 and len(text) > 12:
        slip = rng.randrange(4, len(text) - 1)
        return text[:slip] + text[slip + 1] + text[slip] + text[slip + 2 :]
    return text
