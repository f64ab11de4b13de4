"""Reads what a later turn changes of the menu that was answered: what stays, what comes anew."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from chef_llm.cookbook import Cookbook
from chef_llm.cookbook.model import fold
from chef_llm.cookbook.tools import tools_of
from chef_llm.cookbook.vocabulary import MEALS, Role
from chef_llm.reading.budget import asks_for_less
from chef_llm.reading.changed_courses import ChangedCourses, read_changed_courses
from chef_llm.reading.changed_days import ChangedDays
from chef_llm.reading.courses import ADDED, added_roles, removed_roles, role_places
from chef_llm.reading.earlier import Earlier, Line, named_lines
from chef_llm.reading.free_text import Reading, role_of_family
from chef_llm.reading.lexicon import Lexicon
from chef_llm.reading.not_considered import SWEET
from chef_llm.reading.numbers import FEW, number_of
from chef_llm.reading.order import About, Slot
from chef_llm.reading.patterns import any_of
from chef_llm.reading.servings import adds_people
from chef_llm.reading.terms import read_places
from chef_llm.reading.text import Text, read_text
from chef_llm.reading.week import Places, day_mentions

# All patterns below are matched against folded text of the last turn.
ANEW: Final = re.compile(
    r"別の|別案|ほか(?:の(?!日|曜|は|[\d一-九]日)|に(?!も))|他の(?!日|曜|は|[\d一-九]日)|違う|ちがう|全部(?:変|替|か[えわ])|まるごと|一から|もう(?:一度|1度|いちど|一回|1回)|"
    r"もっかい|作り?直|やり直|(?:昨日|前)と同じ|気分じゃな|飽き|もう(?:ひと|1|一)(?:つ|案|ぱたーん)|別で"
)
# Behind or before what is added: 「もっと軽くして、汁物もつけて」 is of the whole meal.
OF_ALL: Final = re.compile(
    r"もっと[^。\n]{0,10}(?:して|しろ|せえ|変え)|全体|全部(?:変|替|か[えわ])|まるごと|一から|作り?直|やり直"
)
KEEP: Final = re.compile(
    r"[はもをが]?(?:[^。、\n]{0,6})?(?:そのまま|このまま|残し(?!て(?:くる|き|帰|しま)|が)|のこし|変え(?:な|ず)|変更(?:なし|不要)|同じ(?:で|まま)|"
    r"気に入|大好き|好き|いい(?:ね|感じ)|よさそう|良さそう|おいしそう|美味しそう|問題な|おっけー|ok|それで|でいい|で良い|決まり|採用|のまま|決定|決ま|大丈夫|合格|よろし|結構|飲む(?!と)|"
    r"もう?作って(?:し|あ))"
)
# Behind the name of a day: 「月火は変更なしで」.
STAYS: Final = re.compile(
    r"の?[朝昼夜晩]?(?:は|も)(?:その(?:まま|日の)|この(?:まま|献立)|これ(?:で|の|を)|変え(?:な|ず)|変更(?:なし|不要)|同じ|それで|残し)"
)
REST_STAYS: Final = re.compile(
    r"(?:(?:ほか|他|残り|それ以外)(?:は|の[^。\n、]{1,4}は?)?|あと(?:は|の[^。\n、]{1,4}は?))"
    r"(?:全部|みんな|すべて|絶対|このままで)?(?:その|この|これで)?"
    + any_of(
        "まま ok いい ええ よか 同じ 結構 残 採用 決定 固定 ありがたく 見事 おいし 美味し",
        "変え(?:な|ず) 変更(?:なし|不要) いじら 触ら さわら",
    )
    + "|rest is perfect"
)
# 「れんこんは昨日食べた」「酢が切れとった」「牛は今月きびしい」: not that again.
NOT_AGAIN: Final = re.compile(
    r"(?:料理|もん|もの|類)?(?:は|が|って|て|も|を|、)?[^。\n、]{0,8}?(?:昨日|きのう|昨晩|ゆうべ|食べた|食った|飲んだ|炊いた|飽き|続|つづ|切らし|切れ|"
    r"高[いす]|高騰|買え(?:な|ま)|手に入(?:ら|りま[せな])|な(?:い(?!と)|くて)|どこ(?:で|に)?売|きびし|厳し|重たい|分に過ぎ|商売道具|気分じゃ)"
)
# 「量を倍にして」; 「夫の分だけ倍」 is no more people.
DOUBLED: Final = re.compile(r"(?<!だけ)(?:2|二)?倍(?:に|で|の?量|だと|作)")
# 「朝に食べる」「明日の朝にまわす」: when something else is eaten.
AS_A_TIME: Final = re.compile(r"に(?!し|変|替|直|も?(?:お願|頼|欲し|ほし))")
# Of proposals.
NTH: Final = re.compile(r"(?P<nth>\d{1,2}|[一二三四五六七])(?:日目|つ目|番目)|案(?P<proposal>\d)")
# 「1つ目でお願いします」「案2にします」「最初の案がいい」: one of them is it.
_CHOSEN: Final = (
    r"(?:の)?(?:案|献立|めにゅー|ほう|方|やつ|の)?\s?(?:"
    + any_of(
        "で(?![もはき]) に(?:し(?!た(?:ら|場合))|する|決|きめ)",
        "を(?:選|採用|お願|作|いただ|もら) 採用",
        "決定 が(?:いい|良い|よさ|良さ|ええ|好き|気に入)",
    )
    + ")"
)
CHOSEN: Final = re.compile(
    rf"(?:案\s?(?P<proposal>\d)|(?P<nth>{FEW})(?:つ目|番目|個目|案目|番の案|つ目の案)"
    rf"|(?P<first>最初|はじめ|初め|前者|先)|(?P<last>最後|後者|後))(?:の案)?{_CHOSEN}"
)
# 「あと2案ほしい」「別の案を3つ出して」
MORE_PROPOSALS: Final = re.compile(
    r"(?:あと|ほか|他|別|もう|追加|新し|違う|ちがう)[^。\n]{0,8}(?:案|候補|ぱたーん|選択肢)"
    r"|(?:案|候補|ぱたーん|選択肢)(?:を|が)?[^。\n]{0,6}"
    r"(?:ほし|欲し|出して|くださ|お?願|考え|見せ|教え|追加|作って|増や)"
)
# 「一番安くできるのはどれ？それで決まり」
CHEAPEST: Final = re.compile(r"(?:一番|いちばん|最も)(?:お?安[いく]|お財布)")
# What is asked about the menu that is there.
SHOPPING: Final = re.compile(
    r"買い?物(?:りすと|めも|一覧)|買うもの|買い出し|材料(?:の)?(?:りすと|一覧)|何を?買"
)
NUTRITION: Final = re.compile(
    r"(?:かろりー|kcal|栄養価?|塩分|たんぱく質|脂質|糖質)(?:は|って|を|も)?(?:いくら|いくつ|どれ?くらい|どのくらい|何|教|計算|だい|出し|知り|[??]|$)"
)
# 「段取り」「作る順番を教えて」「同時進行で」, and not 「同時に二品作れません」「番号順に」.
WORK: Final = re.compile(
    r"(?:段取り|だんどり|たいむらいん)(?!悪)|(?:作|つく|調理|料理|仕込)[^。\n、]{0,6}(?<!番号)順(?!番?(?:通|どお))|"
    r"(?<!手)順番?(?:に|を|で|は|だけ)?[^。\n、]{0,6}(?:教|おしえ|知り|説明|書いて|確認|[??]$)|"
    r"何から(?:作|つく|始め|はじめ|手を|取りかか|やれ|やる)|"
    r"(?:同時|並行|平行)(?:進行|調理|作業)?(?:に|で|して)?(?:作|つく|調理|進め|仕上|する|したい|で|して)"
    r"(?![^。\n]{0,12}(?:無理|むり|でき(?:な|ま)|出来(?:な|ま)|作れ(?:な|ま)|不可|だめ|苦手))"
)
RECIPES: Final = re.compile(r"作り方|つくりかた|れしぴ|手順|どうやって(?:作|つく)")
ABOUT: Final[Mapping[About, re.Pattern[str]]] = {
    "shopping_list": SHOPPING,
    "nutrition": NUTRITION,
    "work": WORK,
    "recipes": RECIPES,
}
# Nobody is tired of rice.
EVERYDAY: Final = frozenset({"ご飯", "玄米ご飯", "麦ご飯"})
RECIPE_OF: Final = re.compile(r"(?P<name>[^\s。、,「」]{2,20}?)の(?:作り方|つくり方|レシピ|れしぴ)")
# Who wishes for a dish of a foreign name names a dish, whether anybody here knows it or not.
WISHED_NAME: Final = re.compile(
    r"(?<![ァ-ヶー])(?P<name>[ァ-ヶー]{4,}(?:[・＝][ァ-ヶー]+)?)[がをはも]?"
    r"(?:(?:食べ|飲み|食い|作り|つくり)た[いく]|(?:作|つく)って)"
)
# 「レンジでできる主菜に替えて」「火を使わないやつで」: how the dish is cooked that comes.
OF_A_DISH: Final = re.compile(
    r"[^。\n、]{0,8}?(?:やつ|もの|もん|の(?=[がをにで])|料理|おかず|[1-9一]品|主菜|副菜|めいん|汁)"
)
SEVERAL: Final = 2
# So many characters behind a name belong to it.
REACH: Final = 14


@dataclass(frozen=True)
class Change:
    """What becomes of an earlier menu: its slots, the dishes that stay, and those to avoid.

    `roles` are the courses where they are not the usual ones, `roles_of` those of meals that alone
    lose or gain some. `about` names what is asked about a
    menu that stays as it is (`order.About`). `unwished` are foods that are
    named to be rid of them, `of_any_tool` dishes that stay whatever those that come are cooked
    with, `unknown` dishes that cannot stay, for the cookbook has none such.
    `times` is 2 where twice as much is to be cooked. `meant` are the slots that the change is of,
    `days` what becomes of the days.
    """

    slots: tuple[Slot, ...]
    days: ChangedDays
    meant: frozenset[Slot] = frozenset()
    kept: Mapping[Slot, tuple[str, ...]] = field(default_factory=dict)
    avoided: frozenset[str] = frozenset()
    roles: tuple[Role, ...] = ()
    roles_of: Mapping[Slot, tuple[Role, ...]] = field(default_factory=dict)
    is_proposals: bool = False
    about: About | None = None
    unwished: frozenset[str] = frozenset()
    of_any_tool: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()
    times: int = 1
    # Who comes besides is counted with those who were there: 「もう一人増えます」.
    adds_people: bool = False
    # What a serving of a meal cost before, where it is to cost less now.
    yen_before: float | None = None
    servings_before: int | None = None

    @property
    def is_of_some(self) -> bool:
        """Tell whether the change is of single meals."""
        return 0 < len(self.meant) < len(self.slots)


def chosen(earlier: Earlier, words: str, cookbook: Cookbook) -> Earlier:
    """Return the one proposal that is chosen, the menu as it is where none or several are."""
    folded = read_text(words).folded
    named = {number for numbers, _ in _proposals_named(folded) for number in numbers}
    if not earlier.is_proposals or len(named) >= SEVERAL:
        return earlier
    slots = sorted(earlier.meals, key=lambda slot: slot.day)
    if match := CHOSEN.search(folded):
        nth = match["nth"] or match["proposal"]
        place = number_of(nth) - 1 if nth else 0 if match["first"] else len(slots) - 1
    elif CHEAPEST.search(folded):
        yen = [_yen_of(earlier.meals[slot], cookbook) for slot in slots]
        place = yen.index(min(yen))
    else:
        return earlier
    if not 0 <= place < len(slots):
        return earlier
    lines = earlier.meals[slots[place]]
    return replace(earlier, meals={Slot(1, slots[place].meal): lines}, is_proposals=False)


def read_change(
    words: str, last: Reading, earlier: Earlier, cookbook: Cookbook, days: ChangedDays
) -> Change:
    """Return what the last turn, in its words and as it was read, changes of an earlier menu.

    `days` are those of that menu, and what becomes of them.
    """
    folded = read_text(words).folded
    slots = tuple(earlier.meals)
    meant = _meant(folded, earlier, days)
    about = read_about(folded)
    if last.proposals > 1 and MORE_PROPOSALS.search(folded) and len(days.numbers) == 1:
        return _of_proposals(last.proposals, earlier, days)
    # Two days that change places have all that they had: 「明日ひき肉の特売なので」 is the reason.
    unwished = frozenset(last.ingredients if days.exchanged else _unwished(folded, last))
    changing = frozenset[Slot]() if days.exchanged else meant
    freed = {
        slot: {line.name for line in lines if slot in changing}
        & _freed(folded, last, lines, cookbook)
        for slot, lines in earlier.meals.items()
    }
    is_changed = any(freed.values())
    if about and not is_changed:
        # What the cookbook does not have cannot be told about.
        known = {
            slot: tuple(one for one in lines if one.dish) for slot, lines in earlier.meals.items()
        }
        earlier = replace(earlier, meals=known)
    kept = {
        slot: tuple(line.name for line in lines if line.dish and line.name not in freed[slot])
        for slot, lines in earlier.meals.items()
    }
    courses = read_changed_courses(folded, earlier, last)
    is_of_some = len(meant) < len(slots)
    kept = {
        slot: courses.staying(earlier.meals[slot], names) if slot in meant else names
        for slot, names in kept.items()
    }
    # A hotpot has no soup beside it; the meal of most courses tells what all have.
    fullest = max(earlier.meals.values(), key=len)
    roles = (ChangedCourses() if is_of_some else courses).of(fullest)
    own_roles = {slot: courses.of(earlier.meals[slot]) for slot in meant} if is_of_some else {}
    roles_of = {slot: own for slot, own in own_roles.items() if own != roles}
    if not earlier.is_proposals:
        slots, kept = _on_changed_days(slots, kept, days)
        roles_of = {
            Slot(days.numbers[slot.day], slot.meal): own
            for slot, own in roles_of.items()
            if slot.day in days.days
        }
        meant = {Slot(days.numbers[slot.day], slot.meal) for slot in meant if slot.day in days.days}
    slots, kept = _of_another_meal(folded, slots, kept, last, earlier)
    tired = (
        name
        for name, dish in cookbook.dishes.items()
        if any(cookbook.uses(dish, food) for food in unwished)
    )
    return Change(
        slots=slots,
        days=days,
        meant=frozenset(meant),
        kept={slot: names for slot, names in kept.items() if names and slot in slots},
        avoided=frozenset().union(*freed.values(), tired) - EVERYDAY,
        roles=roles,
        roles_of=roles_of,
        is_proposals=earlier.is_proposals,
        about=None if is_changed else about,
        unwished=unwished,
        of_any_tool=_of_any_tool(folded, earlier, last)
        if is_changed or courses.added
        else frozenset(),
        unknown=tuple(
            line.name
            for slot, lines in earlier.meals.items()
            for line in lines
            if line.dish is None and line.name not in freed[slot]
        ),
        times=2 if DOUBLED.search(folded) and not adds_people(words) else 1,
        adds_people=adds_people(words),
        yen_before=_yen_before(earlier, cookbook) if asks_for_less(folded) else None,
    )


def _of_proposals(count: int, earlier: Earlier, days: ChangedDays) -> Change:
    """Return so many others to choose from, in the place of what there was."""
    meal = next(iter(earlier.meals)).meal
    return Change(
        slots=tuple(Slot(number, meal) for number in range(1, count + 1)),
        days=days,
        avoided=frozenset(line.name for lines in earlier.meals.values() for line in lines)
        - EVERYDAY,
        is_proposals=True,
    )


def _yen_of(lines: Iterable[Line], cookbook: Cookbook) -> float:
    """Return what a serving of those dishes costs that are known."""
    return sum(cookbook.price_yen(line.dish).usual for line in lines if line.dish)


def _yen_before(earlier: Earlier, cookbook: Cookbook) -> float | None:
    """Return what a serving of an earlier meal costs, the mean of those that are known whole."""
    known = [lines for lines in earlier.meals.values() if all(line.dish for line in lines)]
    yen = [_yen_of(lines, cookbook) for lines in known]
    return sum(yen) / len(yen) if yen else None


def places_before(earlier: Earlier, said: str) -> Places:
    """Return the days of an earlier menu, by the names that it or what was `said` gives them."""
    count = max(slot.day for slot in earlier.meals)
    told = read_places(read_text(said).folded, count)
    return Places(count, earlier.weekdays or told.weekdays, told.from_today)


def _on_changed_days(
    slots: Sequence[Slot], kept: Mapping[Slot, tuple[str, ...]], days: ChangedDays
) -> tuple[tuple[Slot, ...], dict[Slot, tuple[str, ...]]]:
    """Return the meals of the days as they are now, and what stays of each."""
    one, other = days.exchanged or (0, 0)
    place_of = {one: other, other: one}
    meals_of: dict[int, list[str]] = {}
    for slot in slots:
        meals_of.setdefault(slot.day, []).append(slot.meal)
    all_meals = list(dict.fromkeys(slot.meal for slot in slots))
    for day, meal in days.more_meals:
        meals_of[day] = sorted({*meals_of.get(day, ()), meal}, key=[*MEALS].index)
    changed = tuple(
        Slot(number, meal)
        for day, number in days.numbers.items()
        for meal in meals_of.get(day, all_meals)
        if meal not in days.meals_gone
    )
    staying = {}
    for slot, names in kept.items():
        number = days.numbers.get(place_of.get(slot.day, slot.day))
        if number is not None:
            staying[Slot(number, slot.meal)] = names
    return changed, staying


def _of_another_meal(
    folded: str,
    slots: tuple[Slot, ...],
    kept: dict[Slot, tuple[str, ...]],
    last: Reading,
    earlier: Earlier,
) -> tuple[tuple[Slot, ...], dict[Slot, tuple[str, ...]]]:
    """Return the meals where the last turn asks for another one than there was: 「明日の朝も」."""
    before = {slot.meal for slot in slots}
    if len(before) != 1 or len(last.meals) != 1 or earlier.is_proposals or last.meals_of:
        return slots, kept
    meal = last.meals[0]
    said = next(fold(one.words) for one in last.understood if one.kind == "meal")
    if AS_A_TIME.match(folded, folded.find(said) + len(said)):
        return slots, kept
    return (
        tuple(Slot(slot.day, meal) for slot in slots),
        {Slot(slot.day, meal): names for slot, names in kept.items()},
    )


def read_about(folded: str) -> About | None:
    """Return what is asked about dishes, if no menu of them is."""
    return next((about for about, pattern in ABOUT.items() if pattern.search(folded)), None)


def _meant(folded: str, earlier: Earlier, days: ChangedDays) -> set[Slot]:
    """Return the meals that a change is of: those of a day that is named, else all.

    「月火はそのまま」 names days that it is not of.
    """
    slots = tuple(earlier.meals)
    changed: set[int] = set()
    staying: set[int] = set()
    named = _proposals_named(folded) if earlier.is_proposals else _days_named(folded, days.places)
    for numbers, end in named:
        (staying if STAYS.match(folded, end) else changed).update(numbers)
    every = {slot.day for slot in slots}
    if changed and not changed & every:
        # 「5日分に広げて、4日目は焼き魚」 is of a day that comes.
        return set()
    meant = (changed or every) - staying
    return {slot for slot in slots if slot.day in meant} or set(slots)


def _proposals_named(folded: str) -> Iterator[tuple[set[int], int]]:
    """Yield the proposals that are named, and where each name ends."""
    for match in NTH.finditer(folded):
        yield {number_of(match["nth"] or match["proposal"])}, match.end()


def _days_named(folded: str, places: Places) -> Iterator[tuple[set[int], int]]:
    """Yield the days of the menu before that are named, and where each name ends."""
    mentions = day_mentions(folded)
    for one in mentions:
        if days := set(places.of(one, mentions)):
            yield days, one.end


def _unwished(folded: str, last: Reading) -> Iterator[str]:
    """Yield the foods that the last turn names because there was or is none of them to be had."""
    for food, end in _foods(folded, last):
        if NOT_AGAIN.match(folded, end):
            yield food


def _foods(folded: str, last: Reading) -> Iterator[tuple[str, int]]:
    """Yield the foods that are named as if they were wished for, and where each word ends."""
    for one in last.understood:
        place = folded.find(fold(one.words)) if one.kind == "ingredient" else -1
        if place >= 0:
            yield one.value, place + len(fold(one.words))


def _freed(folded: str, last: Reading, lines: Sequence[Line], cookbook: Cookbook) -> set[str]:
    """Return the dishes of a meal that do not stay.

    What breaks a constraint may not be among them: the planner finds it out.
    """
    staying: set[str] = set()
    leaving: set[str] = set()
    for line, _, end in named_lines(folded, lines, last):
        (staying if KEEP.match(folded, end, end + REACH) else leaving).add(line.name)
    for role, start, end in role_places(folded):
        of_role = {line.name for line in lines if line.role == role}
        if KEEP.match(folded, end, end + REACH):
            staying |= of_role
        elif not (_is_removed(folded, start, end) or ADDED.match(folded, end)):
            leaving |= of_role
    if not leaving:
        of_foods = _by_foods(folded, last, lines, cookbook)
        staying, leaving = staying | of_foods[0], of_foods[1]
    if leaving or (staying and REST_STAYS.search(folded)):
        return leaving - staying
    breaking = {line.name for line in lines if _breaks(line, last, cookbook)}
    if (added_roles(folded) or breaking) and not OF_ALL.search(folded):
        # 「もう一品、さっぱりしたやつ」「子どもも食べるから辛くないのに」: how it is to be is said
        # of what is added, or of what does not do any more.
        return breaking
    if REST_STAYS.search(folded):
        return _in_the_place_of(last, lines, cookbook) - staying
    if of_course := _in_the_place_of_families(last, lines, cookbook):
        return of_course - staying
    everything = {line.name for line in lines} - EVERYDAY
    is_chosen = CHEAPEST.search(folded) is not None
    is_another = not is_chosen and (_asks_for_another_taste(last) or asks_for_less(folded))
    if staying or ANEW.search(folded) or is_another:
        return everything - staying
    return _in_the_place_of(last, lines, cookbook)


def _by_foods(
    folded: str, last: Reading, lines: Sequence[Line], cookbook: Cookbook
) -> tuple[set[str], set[str]]:
    """Return the dishes that stay, and those that leave, by what is said of a food in them."""
    staying: set[str] = set()
    leaving: set[str] = set()
    for food, end in _foods(folded, last):
        words = next(fold(one.words) for one in last.understood if one.value == food and one.words)
        holding = {line.name for line in lines if line.holds(food, words, cookbook)}
        if KEEP.match(folded, end, end + REACH):
            staying |= holding
        elif NOT_AGAIN.match(folded, end):
            leaving |= holding
    return staying, leaving


def _breaks(line: Line, last: Reading, cookbook: Cookbook) -> bool:
    """Tell whether a dish has in it what the last turn leaves out."""
    if line.dish is None:
        # 「えびのやつ別のものに」, of a dish that nobody here knows.
        return any(name in line.name for name in (*last.excluded, *last.allergens))
    is_left_out = line.name in last.excluded_dishes
    return is_left_out or any(cookbook.uses(line.dish, food) for food in last.excluded)


def _in_the_place_of_families(last: Reading, lines: Sequence[Line], cookbook: Cookbook) -> set[str]:
    """Return the sides or soups that make room for a dish of theirs: 「サラダにして」."""
    families = (names for word, names in last.families.items() if word != SWEET)
    roles = {role_of_family(names, cookbook) for names in families}
    if not roles or not roles <= {Role.SIDE, Role.SOUP}:
        return set()
    return {line.name for line in lines if line.role in roles}


def unknown_dishes(text: Text, reading: Reading, words: Lexicon) -> Iterator[str]:
    """Yield the names of dishes that are asked for, or their recipes, which nobody here knows."""
    for wished in WISHED_NAME.finditer(text.plain):
        if all(len(one) < len(wished["name"]) for one in words.at(fold(wished["name"]), 0)):
            yield wished["name"]
    match = RECIPE_OF.search(text.plain)
    named = reading.dishes or reading.families or reading.ingredients or reading.excluded
    # Of raw meat the answer says already that it is not served.
    if match and not named and not reading.raw_meat:
        yield match["name"]


def _of_any_tool(folded: str, earlier: Earlier, last: Reading) -> frozenset[str]:
    """Return the dishes that are cooked as before where tools are said of those that come.

    「オーブンは壊れた」 is of all, and whatever takes one does not stay.
    """
    tools = [one for one in last.understood if one.kind == "tools"]
    of_all = [
        one
        for one in tools
        if not OF_A_DISH.match(folded, folded.find(fold(one.words)) + len(fold(one.words)))
    ]
    if not tools or any(one.value.endswith("だけ") for one in of_all):
        return frozenset()
    lacking = last.tools.without if of_all else frozenset[str]()
    return frozenset(
        line.name
        for lines in earlier.meals.values()
        for line in lines
        if line.dish and not tools_of(line.dish) & lacking
    )


def _is_removed(folded: str, start: int, end: int) -> bool:
    return any(first <= start and end <= last for first, last in removed_roles(folded).values())


def _asks_for_another_taste(last: Reading) -> bool:
    """Tell whether a meal is to be of another kind as a whole: lighter, quicker, with more iron."""
    kinds = {one.kind for one in last.understood}
    of_all = {"style", "nutrition", "budget", "cuisine", "season", "max_total_minutes"}
    return bool(kinds & of_all) or bool(last.families.keys() - {SWEET})


def _in_the_place_of(last: Reading, lines: Sequence[Line], cookbook: Cookbook) -> set[str]:
    """Return what makes room for foods that are asked for now: a main dish for meat, or a side."""
    dishes = [line.dish for line in lines if line.dish]
    new = [
        name for name in last.ingredients if not any(cookbook.uses(dish, name) for dish in dishes)
    ]
    roles = {Role.MAIN if cookbook.is_protein(name) else Role.SIDE for name in new}
    leaving = {line.name for line in lines if line.role in roles}
    if new and not leaving:
        return {lines[0].name} | {dish.name for dish in dishes if dish.is_one_bowl}
    return leaving
