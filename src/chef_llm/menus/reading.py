"""Reads a request in free text: what is wished, for whom, and above all what must be left out.

Deterministic code, no model: what it finds, the planner guarantees. Where the words can be read in
two ways, the stricter one counts; a wrong exclusion costs a dish, a missed one may cost a life.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from chef_llm.cookbook import Cookbook
from chef_llm.menus.language.lexicon import Meaning, lexicon
from chef_llm.menus.language.mentions import LeftOut, Mentions, find_mentions
from chef_llm.menus.language.text import Text, read_text
from chef_llm.menus.servings import KANJI_DIGITS, MENTION, PER_PERSON, read_servings

UnderstoodKind = Literal[
    "ingredient",
    "servings",
    "allergen",
    "exclude",
    "exclude_dish",
    "cuisine",
    "max_minutes",
    "season",
    "diet",
    "meal",
    "style",
    "dish",
]
NUMBER: Final = r"(?:\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
# 「15分以内」「30分で」「1時間半くらい」; 「30分煮る」 and 「十分な量」 are no limits.
TIME_LIMIT: Final = re.compile(
    rf"(?<![\d.一二三四五六七八九十])(?:(?:小?(?P<hours>{NUMBER})時間(?:(?P<half>半)|(?P<more>{NUMBER})分)?)"
    rf"|(?P<minutes>{NUMBER})分|(?P<half_hour>半時間))"
    r"(?=\s?(?:以内|以下|未満|まで|くらい|ぐらい|程度|ほど(?!煮|焼|置|お)|前後|弱|あれば|もあれば|しか|だけ|も(?:かけ|かか)|かから|後に|内に|"
    r"の?(?:料理|献立|れしぴ|めにゅー|ごはん|ご飯|夕食|夕飯|晩|昼|朝|おかず|時短|くっきんぐ)|(?P<by>で(?!す|な|は?足))))"
)
ENOUGH: Final = re.compile(r"(?:以内|以下|くらい|ぐらい|程度|で(?:作|でき|つく|簡単))")
DAYS: Final = re.compile(
    rf"(?<![\d.])(?P<days>{NUMBER})日(?:間(?:分|ぶん)?|分|ぶん|の(?:献立|夕食|晩|夕飯|めにゅー|お弁当))"
    rf"|(?P<weeks>{NUMBER})週間(?!前|後|ぶり|ほど前|以内)(?:分|ぶん)?|(?P<week>(?:今|来)週(?:分|ぶん|間|の|は)|週間献立|一?ヶ?週間献立)"
)
SEASON: Final = re.compile(
    r"(?<![一-鿿々])(?:旬の|初|真|晩)?(?P<season>[春夏秋冬])"
    r"(?=お願|どう|らし|っぽ|の|に|を|が旬|野菜|向|場|先|口|休み|ばて|ならでは|限定|定番|めにゅー|献立|れしぴ|[、。\s]|だ|です|は|も|で|$)"
)
_A_LOT: Final = r"(?:を|が|は|も|の)?(?:多|しっかり|たっぷり|豊富|摂|とれ|とり|重視)"
_LITTLE: Final = (
    r"量?[をがはも]?(?:かなり|少し|なるべく|できるだけ)?"
    r"(?:(?:控え?|ひかえ|少な|すくな|抑え|おさえ|低)[めたてく]?|かっと|おふ|制限|減ら|へら)"
)
DIETS: Final = {
    "vegetarian": re.compile(r"べじたりあん|菜食|vegetarian"),
    "vegan": re.compile(r"ゔぃーがん|びーがん|ゔぃがん|完全菜食|vegan|ぷらんとべーす|精進料理"),
    "low_salt": re.compile(
        rf"減塩|低塩|塩分制限|(?:塩分|えんぶん|塩|なとりうむ){_LITTLE}|高血圧|血圧が"
    ),
    "high_protein": re.compile(
        rf"高(?:たんぱく|蛋白)|(?:たんぱく質|蛋白質|ぷろていん){_A_LOT}|筋とれ|筋肉を(?:つけ|増)"
    ),
    "low_calorie": re.compile(
        rf"低かろりー|かろりー{_LITTLE}|だいえっと|減量中|(?:やせ|痩せ)たい|かろりーおふ"
    ),
    "gluten_free": re.compile(r"せりあっく"),
}
STYLES: Final = {
    "あっさり": re.compile(r"あっさり|さっぱり|軽め"),
    "こってり": re.compile(r"こってり|がっつり|ぼりゅーむ|食べごたえ"),
    "ヘルシー": re.compile(r"へるしー|体にいい|体に良い"),
    "節約": re.compile(r"節約|安く|給料日前|お金のかから"),
    "子ども向け": re.compile(
        r"(?:子ども|子供|こども|幼児|お子さん)(?:が喜|が好き|も喜|向け|も食べ|に人気)"
    ),
    "やわらかい": re.compile(r"やわらか|柔らか|お年寄り|高齢|噛みやす"),
    "温まる": re.compile(r"温ま|あたたま|温かい|ぽかぽか"),
    "作り置き": re.compile(r"作り置き|つくりおき|常備菜|日持ち"),
    "時短": re.compile(r"時短|簡単|かんたん|すぐでき|手抜き|手軽"),
    "辛い": re.compile(r"辛い|辛め|ぴり辛|すぱいしー|激辛"),
    "おもてなし": re.compile(r"おもてなし|お客|来客|豪華"),
}
SPICY: Final = re.compile(r"辛く(?:な[いくら]|し(?:な|ませ)|せず)|辛さ(?:控え|ひかえ|なし|ぜろ)")
NOT_SO: Final = re.compile(r"ー?(?:じゃ|では)(?:な[いく]|ありません)(?!か|と)")
NO_SUCH_MEAL: Final = re.compile(r"(?:は|を)?(?:なし|抜き|いら|要ら|不要|以外)")
TONIGHT: Final = ("今夜", "今晩")
MINUTES_IN_AN_HOUR: Final = 60
DAYS_IN_A_WEEK: Final = 7
MOST_DAYS: Final = 31


@dataclass(frozen=True)
class Understood:
    """One thing that was understood: its canonical `value`, and the `words` it was read from."""

    kind: UnderstoodKind
    value: str
    words: str


@dataclass(frozen=True)
class Reading:
    """What a request asks for; names are the cookbook's own, `allergens` words of the rule.

    `excluded` holds names of ingredients and of groups. The group 生 is none of the cookbook: it
    stands for dishes whose method is 生. What the request names and forbids at once is in neither
    `ingredients` nor `dishes`.
    """

    ingredients: tuple[str, ...]
    dishes: tuple[str, ...]
    servings: int | None
    meals: tuple[str, ...]
    days: int | None
    allergens: frozenset[str]
    excluded: frozenset[str]
    excluded_dishes: frozenset[str]
    cuisine: str | None
    max_minutes: int | None
    season: str | None
    diets: frozenset[str]
    understood: tuple[Understood, ...]

    @property
    def is_guarded(self) -> bool:
        """Tell whether an allergen, an exclusion or a diet is named: the planner must answer."""
        return bool(self.allergens or self.excluded or self.excluded_dishes or self.diets)


# (place in the text, what was understood)
Found = tuple[int, Understood]


def read_request(text: str, cookbook: Cookbook) -> Reading:
    """Return what `text` asks for and what it leaves out, by the names of `cookbook`."""
    request = read_text(text)
    mentions = find_mentions(request, lexicon(cookbook))
    exclusions = list(_diets(request, mentions))
    diet_places = {place for place, _ in exclusions}
    excluded_dishes: frozenset[str] = frozenset()
    for entry in mentions.left_out:
        if entry.mention.start not in diet_places:  # 「塩を控えて」 is low_salt
            exclusions += _exclusions(entry, request)
            excluded_dishes |= entry.mention.meaning.dishes
    if spicy := SPICY.search(request.folded):
        exclusions.append(_found(request, spicy, "exclude", "唐辛子"))
    allergens = _values(exclusions, "allergen")
    excluded = _values(exclusions, "exclude")

    def is_forbidden(name: str) -> bool:
        ingredient = cookbook.ingredients[name]
        return bool({name, *ingredient.groups} & excluded or ingredient.allergens & allergens)

    def is_dish_forbidden(name: str) -> bool:
        return name in excluded_dishes or any(
            is_forbidden(each) for each in cookbook.dishes[name].ingredient_names
        )

    wishes = list(_wishes(request, mentions, allergens, excluded, excluded_dishes))
    foods = [wish.value for _, wish in wishes if wish.kind == "ingredient"]
    dishes = [wish.value for _, wish in wishes if wish.kind == "dish"]
    frame = [
        *_meals(request, mentions),
        *_cuisines(request, mentions),
        *_servings(request),
        *_minutes(request),
        *_seasons(request, mentions),
        *_styles(request, mentions),
    ]
    minutes = [int(value) for value in _values(frame, "max_minutes")]
    servings = _first(frame, "servings")
    return Reading(
        ingredients=tuple(dict.fromkeys(name for name in foods if not is_forbidden(name))),
        dishes=tuple(dict.fromkeys(name for name in dishes if not is_dish_forbidden(name))),
        servings=int(servings) if servings else None,
        meals=tuple(dict.fromkeys(thing.value for _, thing in frame if thing.kind == "meal")),
        days=_days(request),
        allergens=allergens,
        excluded=excluded,
        excluded_dishes=excluded_dishes,
        cuisine=_first(frame, "cuisine"),
        max_minutes=min(minutes, default=None),
        season=_first(frame, "season"),
        diets=_values(exclusions, "diet"),
        understood=_in_order([*wishes, *exclusions, *frame]),
    )


def _found(request: Text, match: re.Match[str], kind: UnderstoodKind, value: str) -> Found:
    return match.start(), Understood(kind, value, request.words(match.start(), match.end()))


def _values(found: list[Found], kind: UnderstoodKind) -> frozenset[str]:
    return frozenset(thing.value for _, thing in found if thing.kind == kind)


def _first(found: list[Found], kind: UnderstoodKind) -> str | None:
    return min(
        ((place, thing.value) for place, thing in found if thing.kind == kind),
        default=(0, None),
    )[1]


def _in_order(found: list[Found]) -> tuple[Understood, ...]:
    """Return what was understood in the order of the text, each thing once."""
    once: dict[tuple[str, str], Understood] = {}
    for _, thing in sorted(found, key=lambda each: each[0]):
        once.setdefault((thing.kind, thing.value), thing)
    return tuple(once.values())


def _exclusions(entry: LeftOut, request: Text) -> Iterator[Found]:
    meaning = entry.mention.meaning
    said = request.words(entry.start, entry.end)
    allergens, excluded = meaning.allergens, meaning.excluded
    if entry.strictness == "allergy":
        allergens |= meaning.allergy_allergens
        excluded |= meaning.allergy_excluded
    place = entry.mention.start
    for name in sorted(allergens):
        yield place, Understood("allergen", name, said)
    for name in sorted(excluded):
        yield place, Understood("exclude", name, said)
    if meaning.dishes:
        yield place, Understood("exclude_dish", meaning.name, said)
    if meaning.diet:
        yield place, Understood("diet", meaning.diet, said)


def _wishes(
    request: Text,
    mentions: Mentions,
    allergens: frozenset[str],
    excluded: frozenset[str],
    excluded_dishes: frozenset[str],
) -> Iterator[Found]:
    """Yield what is asked for, less what the same words leave out elsewhere."""
    for mention in mentions.wished:
        meaning = mention.meaning
        if meaning.wish is None or _is_taken_back(meaning, allergens, excluded, excluded_dishes):
            continue
        kind: UnderstoodKind = "dish" if meaning.kind == "dish" else "ingredient"
        yield (
            mention.start,
            Understood(kind, meaning.wish, request.words(mention.start, mention.end)),
        )


def _is_taken_back(
    meaning: Meaning,
    allergens: frozenset[str],
    excluded: frozenset[str],
    excluded_dishes: frozenset[str],
) -> bool:
    return bool(
        meaning.wish in excluded or meaning.wish in excluded_dishes or meaning.allergens & allergens
    )


def _diets(request: Text, mentions: Mentions) -> Iterator[Found]:
    """Yield the diets; 減塩しょうゆ is none."""
    foods = [*mentions.named, *(entry.mention for entry in mentions.left_out)]
    for diet, pattern in DIETS.items():
        for match in pattern.finditer(request.folded):
            is_food = any(each.start <= match.start() and match.end() <= each.end for each in foods)
            if not is_food and not NOT_SO.match(request.folded, match.end()):
                yield _found(request, match, "diet", diet)


def _meals(request: Text, mentions: Mentions) -> Iterator[Found]:
    named = [
        (mention, request.words(mention.start, mention.end))
        for mention in mentions.named
        if mention.meaning.kind == "meal" and not NO_SUCH_MEAL.match(request.folded, mention.end)
    ]
    # 「今夜は…の昼食」: the meal is named by its name.
    clear = [each for each in named if each[1] not in TONIGHT]
    for mention, said in clear or named:
        for meal in mention.meaning.name.split():
            yield mention.start, Understood("meal", meal, said)


def _cuisines(request: Text, mentions: Mentions) -> Iterator[Found]:
    for mention in mentions.named:
        if mention.meaning.kind == "cuisine":
            said = request.words(mention.start, mention.end)
            yield mention.start, Understood("cuisine", mention.meaning.name, said)


def _servings(request: Text) -> Iterator[Found]:
    servings = read_servings(request.plain)
    if servings is None:
        return
    counted = PER_PERSON.sub(lambda match: " " * len(match[0]), request.plain)
    places = [match.span() for match in MENTION.finditer(counted)]
    start, end = places[0][0], places[-1][1]
    yield start, Understood("servings", str(servings), request.words(start, end))


def _minutes(request: Text) -> Iterator[Found]:
    for match in TIME_LIMIT.finditer(request.folded):
        if match["minutes"] == "十" and not ENOUGH.match(request.folded, match.end()):
            continue  # 十分 is also "enough"
        minutes = _number(match["minutes"]) + _number(match["more"])
        minutes += MINUTES_IN_AN_HOUR * _number(match["hours"])
        if match["half"] or match["half_hour"]:
            minutes += MINUTES_IN_AN_HOUR // 2
        if minutes:
            yield _found(request, match, "max_minutes", str(minutes))


def _days(request: Text) -> int | None:
    match = DAYS.search(request.folded)
    if match is None:
        return None
    if match["week"]:
        return DAYS_IN_A_WEEK
    days = _number(match["days"]) + DAYS_IN_A_WEEK * _number(match["weeks"])
    return min(days, MOST_DAYS) or None


def _seasons(request: Text, mentions: Mentions) -> Iterator[Found]:
    for match in SEASON.finditer(request.folded):
        if not mentions.covers(match.start("season"), match.end()):
            yield _found(request, match, "season", match["season"])


def _styles(request: Text, mentions: Mentions) -> Iterator[Found]:
    for style, pattern in STYLES.items():
        match = pattern.search(request.folded)
        if match and not any(each.start <= match.start() < each.end for each in mentions.left_out):
            yield _found(request, match, "style", style)


def _number(written: str | None) -> int:
    if not written:
        return 0
    if "十" in written:
        tens, _, ones = written.partition("十")
        return KANJI_DIGITS.get(tens, 1) * 10 + KANJI_DIGITS.get(ones, 0)
    return KANJI_DIGITS.get(written) or int(written)
