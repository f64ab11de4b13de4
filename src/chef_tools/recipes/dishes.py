"""A Recipe of schema.org as a dish of one's own; what it does not tell is asked."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, get_args

from chef_llm.cookbook import ALLERGENS, Cookbook, Ingredient, Nutrients, Role
from chef_llm.cookbook.loader import usual_shop_row
from chef_llm.cookbook.model import SEASONINGS, Method, Section, fold
from chef_llm.cookbook.vocabulary import CUISINES
from chef_llm.reading.lexicon import lexicon
from chef_tools.recipes.lines import Part, read_line
from chef_tools.recipes.questions import Questions, all_of, number, one_of

NEW: Final = "新しい食材"
NONE: Final = "なし"
UNKNOWN: Final = "不明"
FEWEST_STEPS, MOST_STEPS = 3, 7
MOST_KEYWORDS: Final = 3
LONGEST_TIP: Final = 60
HIRAGANA: Final = re.compile("[ぁ-んー]+")
SERVINGS: Final = re.compile(r"\d+")
DURATION: Final = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:[\d.]+S)?")
NUMBERING: Final = re.compile(
    r"^\s*(?:\d+[.)）、:：]|[①-⑳]|STEP\s*\d+|手順\s*\d+)\s*", re.IGNORECASE
)
SENTENCE: Final = re.compile(r"[^。\n]+。?")
# What a recipe's category or name says of its place; the longest word first.
ROLE_WORDS: Final[Mapping[str, Role]] = {
    **dict.fromkeys(("主食", "ご飯もの", "丼", "チャーハン", "パスタ", "うどん"), Role.STAPLE),
    **dict.fromkeys(("主菜", "メインのおかず", "main dish", "main course"), Role.MAIN),
    **dict.fromkeys(("副菜", "サラダ", "あえもの", "和え物", "side dish", "salad"), Role.SIDE),
    **dict.fromkeys(("汁物", "スープ", "みそ汁", "味噌汁", "soup"), Role.SOUP),
}
METHOD_WORDS: Final[Mapping[str, str]] = {
    "炒める": "炒め|いため|ソテー",
    "煮る": "煮|スープ|汁|カレー|シチュー",
    "揚げる": "揚げ|フライ|天ぷら|カツ",
    "蒸す": "蒸し",
    "ゆでる": "ゆで|茹で|おひたし",
    "あえる": "あえ|和え|サラダ",
    "炊く": "炊き",
    "電子レンジ": "レンジ",
    "漬ける": "漬け|マリネ",
    "焼く": "焼き|焼|グリル|グラタン",
}
# What is eaten raw only where somebody says so.
OF_ANIMALS: Final = frozenset({"肉", "魚介", "卵"})
CUISINE_WORDS: Final[Mapping[str, str]] = {
    "japan": "和", "italian": "洋", "french": "洋", "american": "洋", "western": "洋",
    "chinese": "中", "korean": "韓", "thai": "エスニック", "vietnam": "エスニック",
    "indian": "エスニック",
}  # fmt: skip


@dataclass
class NewDish:
    """A dish as the fields of its TOML table, and the ingredients that are new with it."""

    fields: dict[str, Any]
    ingredients: list[Ingredient] = field(default_factory=list)


def dish_of(recipe: Mapping[str, Any], cookbook: Cookbook, questions: Questions) -> NewDish:
    """Return a Recipe as a dish; `questions.open` is what keeps it from being one."""
    name = questions.settle("name", _text(recipe.get("name")), "料理の名前") or ""
    servings = _servings(recipe, questions)
    new: list[Ingredient] = []
    parts = list(_parts(recipe, cookbook, questions, new))
    known = Cookbook({**cookbook.ingredients, **{one.name: one for one in new}}, cookbook.dishes)
    ingredients = _ingredients(parts, servings)
    main = _keywords(ingredients, known)
    role = _role(recipe, name, questions)
    is_bowl = role == Role.STAPLE and any(known.is_protein(one) for one in main)
    fields = {
        "name": name,
        "reading": _reading(name, recipe, questions),
        "role": role,
        "cuisine": _cuisine(recipe, name, cookbook, questions),
        "method": _method(recipe, name, questions),
        "minutes": _minutes(recipe, questions),
        "seasons": [],
        "tags": ["一皿"] if is_bowl else [],
        "keywords": main,
        "raw": _raw(ingredients, known, questions),
        "tip": _tip(recipe, cookbook, questions),
        "ingredients": ingredients,
        "steps": _steps(recipe, questions),
    }
    return NewDish(fields, new)


def _text(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("text") or value.get("name") or ""
    plain = re.sub(r"<[^>]+>", "", html.unescape("" if value is None else str(value)))
    return plain.strip()


def _texts(value: object) -> list[str]:
    return [_text(one) for one in value] if isinstance(value, list) else [_text(value)]


def _servings(recipe: Mapping[str, Any], questions: Questions) -> int:
    given = " ".join(_texts(recipe.get("recipeYield")))
    numbers = [int(one) for one in SERVINGS.findall(given)]
    found = str(numbers[0]) if len(set(numbers)) == 1 and numbers[0] > 0 else None
    question = f"何人分のレシピですか（「{given}」）"
    return max(1, int(float(questions.settle("servings", found, question, number) or 1)))


def _parts(
    recipe: Mapping[str, Any], cookbook: Cookbook, questions: Questions, new: list[Ingredient]
) -> Iterator[Part]:
    """Yield the foods of all lines, for all servings; those that are unclear are asked for."""
    lines = _texts(recipe.get("recipeIngredient") or recipe.get("ingredients") or [])
    for count, line in enumerate((one for one in lines if one), start=1):
        for place, read in enumerate(read_line(line, cookbook), start=1):
            key = f"{count}" if place == 1 else f"{count}-{place}"
            yield from _clear(read, line, key, cookbook, questions, new)


def _clear(  # noqa: PLR0913, PLR0917  # one line, and who knows more of it
    part: Part,
    line: str,
    key: str,
    cookbook: Cookbook,
    questions: Questions,
    new: list[Ingredient],
) -> Iterator[Part]:
    known = {**cookbook.ingredients, **{one.name: one for one in new}}
    if part.food is None:
        question = (
            f"「{line}」の「{part.words}」はどの食材ですか"
            f"（料理帳の食材の名前、表にない食材なら「{NEW}」、材料でなければ「{NONE}」）"
        )

        def food(text: str) -> str:
            name = cookbook.spellings.get(fold(text), text)
            if name not in known and text not in (NEW, NONE):
                raise ValueError(f"「{text}」という食材はありません")
            return name

        answer = questions.ask(f"food.{key}", question, food)
        if answer is None or answer == NONE:
            return
        if answer == NEW:
            one = _new_ingredient(part.words, key, cookbook, questions)
            if one is None:
                return
            new.append(one)
            known[one.name] = one
            answer = one.name
        again = Cookbook(known, {})
        part = next(iter(read_line(line, again, answer)), part)
    if part.grams is None:
        question = f"「{line}」の{part.food}は、全部で何gですか"
        answer = questions.ask(f"grams.{key}", question, number)
        if answer is None:
            return
        part = Part(part.words, part.food, float(answer), said=part.said)
    yield part


def _new_ingredient(
    words: str, key: str, cookbook: Cookbook, questions: Questions
) -> Ingredient | None:
    """Return an ingredient that the table lacks; what is not known of it counts as contained."""
    reading = questions.ask(f"reading.{key}", f"「{words}」の読み（ひらがな）", _hiragana)
    sections: tuple[str, ...] = get_args(Section)
    section = questions.ask(f"section.{key}", f"「{words}」の売り場", one_of(sections))

    def like(text: str) -> str:
        name = cookbook.spellings.get(fold(text))
        if name is None:
            raise ValueError(f"「{text}」という食材はありません")
        return name

    near = questions.ask(
        f"like.{key}",
        f"「{words}」に栄養の近い食材（料理帳の食材の名前。栄養成分を借ります）",
        like,
    )
    held = questions.ask(
        f"allergens.{key}",
        f"「{words}」に含まれるアレルゲン（表示を見て。なければ「{NONE}」。わからなければ「{UNKNOWN}」"
        "と答えると、すべて含むものとします）",
        all_of(tuple(ALLERGENS), NONE, UNKNOWN),
    )
    if not (reading and section and near and held):
        return None
    allergens = set(ALLERGENS) if held == UNKNOWN else set(held.split("、")) - {NONE}
    base = cookbook.ingredients[near]
    return Ingredient(
        name=words,
        reading=reading,
        aliases=(),
        section=section,
        food_number="-",
        per_100g=Nutrients(**dict(base.per_100g)),
        allergens=frozenset(allergens),
        groups=_groups(base, section, allergens, cookbook, is_unknown=held == UNKNOWN),
        measures=dict(base.measures),
        sold=usual_shop_row(section, cookbook),
    )


def _groups(
    base: Ingredient, section: str, allergens: set[str], cookbook: Cookbook, *, is_unknown: bool
) -> frozenset[str]:
    """Return the food groups by which a new ingredient is left out: those of what it is like."""
    known = {group for one in cookbook.ingredients.values() for group in one.groups}
    groups = {group for group in base.groups if group not in ALLERGENS or group in allergens}
    # 大豆 is the group of what is made of soy, and no more than labelled in other foods.
    groups |= (allergens & known) - {"大豆"}
    groups |= {section} & OF_ANIMALS
    if is_unknown:
        of_animals = ("肉", "魚介", "卵・乳製品")
        for one in cookbook.ingredients.values():
            groups |= one.groups if one.section in of_animals else set()
    return frozenset(groups)


def _hiragana(text: str) -> str:
    if not HIRAGANA.fullmatch(text):
        raise ValueError("ひらがなと「ー」だけで答えてください")
    return text


def _ingredients(parts: list[Part], servings: int) -> list[list[Any]]:
    """Return the lines of a dish, for one serving; what stands twice is one line."""
    found: dict[str, list[Any]] = {}
    for part in parts:
        name, grams = str(part.food), round((part.grams or 0) / servings, 2)
        if name in found:
            grams = round(found[name][1] + grams, 2)
            found[name] = [name, grams, f"{grams:g}g"]
        else:
            found[name] = [name, grams, part.measure(servings)]
    return list(found.values())


def _keywords(ingredients: list[list[Any]], cookbook: Cookbook) -> list[str]:
    """Return what a dish is mainly made of: meat, fish and the like first, then by weight."""
    foods = [
        (not cookbook.is_protein(name), -grams, name)
        for name, grams, _ in ingredients
        if cookbook.ingredients[name].section not in (SEASONINGS, "粉・製菓")
    ]
    return [name for _, _, name in sorted(foods)[:MOST_KEYWORDS]]


def _said(recipe: Mapping[str, Any], *fields: str) -> str:
    return " ".join(text for one in fields for text in _texts(recipe.get(one))).lower()


def _role(recipe: Mapping[str, Any], name: str, questions: Questions) -> str | None:
    of_texts = (
        {role.value for word, role in ROLE_WORDS.items() if word in said}
        for said in (_said(recipe, "recipeCategory"), name)
    )
    found = next((role for roles in of_texts if len(roles) == 1 for role in roles), None)
    return questions.settle("role", found, f"「{name}」は献立のどれですか", one_of(tuple(Role)))


def _cuisine(
    recipe: Mapping[str, Any], name: str, cookbook: Cookbook, questions: Questions
) -> str | None:
    said = _said(recipe, "recipeCuisine")
    found = {
        mention.meaning.name
        for mention in lexicon(cookbook).find(fold(said))
        if mention.meaning.kind == "cuisine"
    } | {cuisine for word, cuisine in CUISINE_WORDS.items() if word in said}
    one = found.pop() if len(found) == 1 else None
    return questions.settle("cuisine", one, f"「{name}」はどの料理ですか", one_of(tuple(CUISINES)))


def _method(recipe: Mapping[str, Any], name: str, questions: Questions) -> str | None:
    methods: tuple[str, ...] = get_args(Method)
    said = _said(recipe, "cookingMethod")
    of_name = [method for method, words in METHOD_WORDS.items() if re.search(words, name)]
    found = of_name[0] if len(of_name) == 1 else None
    question = f"「{name}」のおもな調理法"
    return questions.settle("method", said if said in methods else found, question, one_of(methods))


def _minutes(recipe: Mapping[str, Any], questions: Questions) -> int | None:
    total = _duration(recipe.get("totalTime"))
    steps = [_duration(recipe.get(one)) for one in ("prepTime", "cookTime")]
    minutes = total or sum(one or 0 for one in steps)
    question = "作り始めてから食卓に出すまで何分かかりますか"
    answer = questions.settle("minutes", str(minutes) if minutes else None, question, number)
    return round(float(answer)) if answer else None


def _duration(value: object) -> int | None:
    match = DURATION.fullmatch(_text(value))
    if match is None:
        return None
    days, hours, minutes = (int(one or 0) for one in match.groups())
    return (days * 24 + hours) * 60 + minutes


def _reading(name: str, recipe: Mapping[str, Any], questions: Questions) -> str | None:
    spelled = (fold(said) for said in (name, _text(recipe.get("alternateName"))))
    found = next((said for said in spelled if HIRAGANA.fullmatch(said)), None)
    return questions.settle("reading", found, f"「{name}」の読み（ひらがな）", _hiragana)


def _raw(ingredients: list[list[Any]], cookbook: Cookbook, questions: Questions) -> list[str]:
    """Return what is eaten raw or soft; where there may be any, only people know."""
    foods = tuple(
        name
        for name, _, _ in ingredients
        if OF_ANIMALS & cookbook.ingredients[name].groups
        and cookbook.ingredients[name].section in ("肉", "魚介", "卵・乳製品")
    )
    if not foods:
        return []
    answer = questions.ask(
        "raw",
        f"生や半熟で食べるもの（中まで火を通すなら「{NONE}」）",
        all_of(foods, NONE),
    )
    return [] if answer in (None, NONE) else str(answer).split("、")


def _tip(recipe: Mapping[str, Any], cookbook: Cookbook, questions: Questions) -> str | None:
    first = next(iter(SENTENCE.findall(_text(recipe.get("description")))), "").strip()
    names_other = any(name in first for name in cookbook.dishes)
    will_do = first.endswith("。") and len(first) <= LONGEST_TIP and not names_other
    answer = questions.settle("tip", first if will_do else None, "作るときのこつを一文で")
    return answer if not answer or answer.endswith("。") else f"{answer}。"


def _steps(recipe: Mapping[str, Any], questions: Questions) -> list[str]:
    steps = [
        text if text.endswith(("。", "）")) else f"{text}。"
        for one in _instructions(recipe.get("recipeInstructions"))
        if (text := NUMBERING.sub("", one).strip())
    ]
    if len(steps) < FEWEST_STEPS:
        steps = [one.strip() for step in steps for one in SENTENCE.findall(step) if one.strip()]
    if len(steps) < FEWEST_STEPS:
        answer = questions.ask(
            "steps", f"手順が{len(steps)}つしかありません。{FEWEST_STEPS}つ以上に「|」で区切って"
        )
        steps = [one.strip() for one in (answer or "").split("|") if one.strip()]
    # Neighbours share a step, as evenly as can be.
    while len(steps) > MOST_STEPS:
        place = min(range(len(steps) - 1), key=lambda n: len(steps[n]) + len(steps[n + 1]))
        steps[place : place + 2] = [steps[place] + steps[place + 1]]
    return steps


def _instructions(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _instructions(one)
    elif isinstance(value, dict) and "itemListElement" in value:
        yield from _instructions(value["itemListElement"])
    else:
        yield from (line for line in _text(value).splitlines() if line.strip())
