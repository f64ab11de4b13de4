"""Reads what holds for single days or meals alone: 木曜だけ15分, 水曜は4人分, 土曜は昼も."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chef_llm.cookbook.vocabulary import Range, Role
from chef_llm.reading.dates import dates_of_a_plan
from chef_llm.reading.days import days_from_today, ordered_days
from chef_llm.reading.wanted_days import is_unwanted, meals_of_row, numbers_of_days
from chef_llm.reading.week import (
    COMMA,
    GOES_ON,
    MEAL,
    DayMention,
    Places,
    cells_of,
    day_mentions,
    day_of,
    is_said_of,
    last_day_before,
)

# So far behind the name of a meal its minutes or people may stand: 「朝は忙しいので10分」.
MEAL_REACH: Final = 22
# 「3人分の夕食と4人分の朝食」: the meal stands behind its number.
MEAL_BEHIND: Final = re.compile(r"(?:以内)?の")
SENTENCE_END: Final = re.compile(r"[。\n!?;]")
# Between days and their meal: 「土曜の」「土曜は」「(土)」.
TO_A_MEAL: Final = re.compile(r"(?:の|は|も|だけ|に|:|=|→|[\s、。()（）・]|曜日?){0,4}$")
# 「1日目は到着が遅いので夜だけ」「土曜は昼まで寝てるので昼夜」
FOR_A_REASON: Final = re.compile(
    r"[はがも、][^。\n]{1,30}?(?:ので|から|ため|けど|けん|さかい|し)、?\s?お?$|"
    # 「水曜が運動会のお弁当」「木曜は振替休日で家で昼ごはん」
    r"[はが][^。、\n]{1,16}[での]お?$"
)
# 「昼まで寝てるので」「昼すぎに出ます」: no meal.
AS_A_TIME: Final = re.compile(
    r"まで(?:寝|仕事|ばいと|授業|学校|用事|出|いな|外)|(?:すぎ|過ぎ|前)(?:に|まで)|休み"
)
# 「土曜の昼は運動会の弁当」
IS_PACKED: Final = re.compile(r"は[^。、\n]{0,12}お?弁当")
# 「土の三食」「2日目は3食とも」
ALL_THREE: Final = re.compile(r"(?:の|は|も|に|:)?\s?[三3]食(?!分)")
BEHIND_ITS_MEALS: Final = re.compile(r"だけ|のみ|も|を|、|。|で|[^\S\n]|$")
A_NEW_START: Final = re.compile(r"(?:食|飯|ごはん|弁当)(?:を|分)?、$")
JOINED: Final = re.compile(r"[の、・,と/\s]*")
# Behind the name of a meal of which alone something is said: 「朝は」, 「朝食(3人)」, 「夜だけ」.
OF_IT: Final = re.compile(r"\s?(?:は|だけ|のみ|が|[:=(→]|\d|[一二三四五六七八九十]|ひとり|ふたり)")
# 「■朝：」「・夜ごはん＝」: what stands on its line is of that meal, up to a sentence's end.
MEAL_AS_A_LABEL: Final = re.compile(
    r"[^\w\n]{0,3}(?:お?(?:朝|昼|夕|夜|晩)(?:食|飯|ご飯|ごはん|めし)?|お?弁当)\s?[:=→|][^。\n]*$"
)
# A line is looked at no longer than that, that a text of one line is read in time.
LONGEST_LINE: Final = 120
ALSO: Final = re.compile(r"も")
# 「明日の晩から三日」
FROM_THEN: Final = re.compile(r"(?:の?[朝昼晩夜])?から")
# 「昼食（しっかり）」「昼・夜」 in a cell.
MEAL_OF_A_CELL: Final = re.compile(
    r"\s?(?:(?:お?(?:朝|昼|夜|晩|夕)(?:食|ごはん|ご飯|めし|飯)?|お?弁当)(?:と|・|、|,|\+|/)?)+(?:だけ|のみ)?\s?"
    r"(?:\([^()\n]*\)|(?::|、|\d{1,2}人)[^\n]*)?\s?"
)
# 「土日の朝・昼・夜。土曜の夜は4人」: of a meal that every day has, something is told.
IS_TOLD_OF: Final = re.compile(r"は|が|に(?!して)|:|(?:だけ|のみ)(?![、。でに\n]|$)")
# 「土曜は昼から、日曜は昼まで家にいる」: the meals from that one on, or up to it.
FROM_THAT_MEAL: Final = re.compile(r"から(?:家|うち|い[るま]|お願|[、。\n]|$)")
UP_TO_THAT_MEAL: Final = re.compile(
    r"まで(?:家|うち)?(?:に|で)?(?:い[るま]|おる|食べ|お願|[、。\n]|$)"
)

# A meal is of the day that is named in its sentence, or in the one before it.
NEAR: Final = 2
LINE: Final = re.compile(r"[^\n]+?(?=。?(?:\n|$))")
JOINTS: Final = ("", "と", "・", "、", "や", "+", "/")
IN_A_DAY: Final = ("朝食", "昼食", "夕食")
BY_THEMSELVES: Final = {"今夜": "夕食", "今晩": "夕食", "翌朝": "朝食", "次の朝": "朝食"}


@dataclass(frozen=True)
class Scope:
    """The days and meals of which something is said; None where it is of all of them."""

    days: frozenset[int] | None = None
    meals: frozenset[str] | None = None

    @property
    def is_of_all(self) -> bool:
        """Tell whether it is of all."""
        return self.days is None and self.meals is None


OF_ALL: Final = Scope()


@dataclass(frozen=True)
class Term:
    """What holds for the meals of a scope alone."""

    scope: Scope
    max_minutes: int | None = None
    max_total_minutes: int | None = None
    servings: int | None = None
    excluded: frozenset[str] = frozenset()
    excluded_dishes: frozenset[str] = frozenset()
    roles: tuple[Role, ...] = ()
    tools_only: frozenset[str] = frozenset()
    tools_without: frozenset[str] = frozenset()
    limits: tuple[tuple[str, Range], ...] = ()
    aims: tuple[tuple[str, Range], ...] = ()

    def holds_for(self, day: int, meal: str) -> bool:
        """Tell whether it is said of a meal."""
        of_day = self.scope.days is None or day in self.scope.days
        return of_day and (self.scope.meals is None or meal in self.scope.meals)


class Scopes:
    """Of which days and meals things in a text are said, for a plan of so many days and meals."""

    def __init__(
        self, folded: str, days: int, meals: Sequence[str], places: Places | None = None
    ) -> None:
        """Take the text, and the days of an answered plan where it is of one."""
        self.folded = folded
        self.meals = meals
        self.places = places or read_places(folded, days)
        self.mentions = day_mentions(folded)

    @property
    def is_of_several(self) -> bool:
        """Tell whether the plan has more than one meal."""
        return self.places.count > 1 or len(self.meals) > 1

    def of_all(self, folded: str, said: re.Pattern[str]) -> str:
        """Return a folded text with blanks for what is said of single days or meals alone."""
        if not self.is_of_several:
            return folded
        return said.sub(self._unless_of_some, folded)

    def _unless_of_some(self, match: re.Match[str]) -> str:
        return match[0] if self.at(*match.span()).is_of_all else " " * len(match[0])

    def at(self, start: int, end: int) -> Scope:
        """Return of what the words between two places are said."""
        mention = day_of(self.folded, start)
        days = self._days_of_list(mention) if mention else None
        return Scope(days, self._meals_at(start, end, mention) if len(self.meals) > 1 else None)

    def clauses(self, said: re.Pattern[str]) -> Iterator[tuple[Scope, int, int]]:
        """Yield what is said of single days or meals alone with its place, clause by clause."""
        found: dict[tuple[Scope, int], int] = {}
        for match in said.finditer(self.folded) if self.is_of_several else ():
            scope = self.at(*match.span())
            if not scope.is_of_all:
                start, end = self._clause(match.start(), match.end(), scope)
                found[scope, start] = max(end, found.get((scope, start), 0))
        yield from ((scope, start, end) for (scope, start), end in found.items())

    def _clause(self, start: int, end: int, scope: Scope) -> tuple[int, int]:
        """Return the place of what is said of a day or meal, behind its name."""
        one = day_of(self.folded, start) if scope.days else None
        broken = SENTENCE_END.search(self.folded, end)
        last = one.reach if one else broken.start() if broken else len(self.folded)
        if one is None or not (one.is_row or one.is_label):
            comma = next(
                (
                    match.start()
                    for match in COMMA.finditer(self.folded, end, last)
                    if not GOES_ON.search(self.folded[max(end, match.start() - 6) : match.start()])
                ),
                last,
            )
            last = max(end, comma)
        if scope.meals is None:
            return (one.end if one else start), last
        first = max(one.end if one else 0, start - MEAL_REACH)
        meals = [match.end() for match in MEAL.finditer(self.folded, first, start)]
        following = MEAL.search(self.folded, end, last)
        return (meals[-1] if meals else start), (following.start() if following else last)

    def days_of(self, mention: DayMention) -> frozenset[int] | None:
        """Return the days of the plan that are named, None where these are all or none of them."""
        days = self.places.of(mention, self.mentions)
        return days if days and len(days) < self.places.count else None

    def _days_of_list(self, last: DayMention) -> frozenset[int] | None:
        """Return the days of a list that ends with a name: 「土夜・日朝・日夜を6人で」."""
        place = bisect_left(self.mentions, last.start, key=lambda one: one.start)
        days = self.days_of(last)
        while days and place and self._is_joined(self.mentions[place - 1], self.mentions[place]):
            place -= 1
            days |= self.days_of(self.mentions[place]) or frozenset()
        return days if days and len(days) < self.places.count else None

    def _is_joined(self, one: DayMention, other: DayMention) -> bool:
        """Tell whether nothing but meals stands between two names of days."""
        if any(key.kind == "rest" for key in (*one.keys, *other.keys)):
            return False
        between = self.folded[one.end : other.start]
        # 「明日と明後日の夕食、明日は魚」 begins anew behind the meal.
        return not A_NEW_START.search(between) and bool(JOINED.fullmatch(MEAL.sub("", between)))

    def _meals_of_cell(self, place: int, row: DayMention) -> frozenset[str] | None:
        """Return the meal that stands over a cell of a table."""
        for over, start, end in cells_of(self.folded, row):
            if start <= place <= end and (meal := MEAL.fullmatch(over)):
                return frozenset({meal.lastgroup or ""})
        return None

    def _meal_of_line(self, place: int) -> frozenset[str] | None:
        """Return the meal that is the label of the line that a place is on: 「朝：5分、火なし」."""
        first = self.folded.rfind("\n", 0, place) + 1
        if place - first > LONGEST_LINE:
            return None
        label = MEAL_AS_A_LABEL.match(self.folded, first, place)
        meal = MEAL.search(self.folded, first, label.end()) if label else None
        if meal is None or meal.lastgroup not in self.meals:
            return None
        others = MEAL.finditer(self.folded, meal.end(), place)
        if any(OF_IT.match(self.folded, other.end()) for other in others):
            return None
        return frozenset({meal.lastgroup or ""})

    def _meals_at(self, start: int, end: int, mention: DayMention | None) -> frozenset[str] | None:
        if behind := MEAL_BEHIND.match(self.folded, end):
            meal = MEAL.match(self.folded, behind.end())
            if meal and meal.lastgroup in self.meals:
                return frozenset({meal.lastgroup or ""})
        if mention and mention.is_row:
            of_row = self._meals_of_cell(start, mention)
            if of_row:
                return of_row
        if of_line := self._meal_of_line(start):
            return of_line if len(self.meals) > 1 else None
        first = max(mention.end if mention else 0, start - MEAL_REACH)
        breaks = [match.end() for match in SENTENCE_END.finditer(self.folded, first, start)]
        first = breaks[-1] if breaks else first
        named = [
            match
            for match in MEAL.finditer(self.folded, first, start)
            if match.lastgroup in self.meals and is_said_of(self.folded, match.start(), start)
        ]
        if not named or not OF_IT.match(self.folded, named[-1].end()):
            return None
        # 「朝と夜は20分」 are both; 「昼は一人、夜は二人」 the last.
        meals = {named[-1].lastgroup or ""}
        for before, after in zip(named[-2::-1], named[:0:-1], strict=False):
            if after.start() - before.end() > 1:
                break
            meals.add(before.lastgroup or "")
        return frozenset(meals) if meals and len(meals) < len(self.meals) else None


def read_places(folded: str, days: int) -> Places:
    """Return so many days by the names that a text gives them."""
    from_today = days_from_today(folded)
    weekdays = ordered_days(folded) or (range(7) if days == 7 else ())  # noqa: PLR2004
    return Places(
        days,
        weekdays if len(weekdays) == days else (),
        from_today if len(from_today) == days else _from_today_on(folded, days),
        numbers_of_days(folded, days),
        dates if len(dates := dates_of_a_plan(folded)) == days else (),
    )


def _from_today_on(folded: str, days: int) -> tuple[int, ...]:
    """Return the days of a plan that begins today or tomorrow: 「今夜から4日分、明日は卵」."""
    named = [one for one in day_mentions(folded) if one.keys[0].kind == "from today"]
    told = {one.keys[0].number for one in named}
    begun = [one.keys[0].number for one in named if FROM_THEN.match(folded, one.end)]
    first = begun[0] if begun else min(told, default=0)
    in_a_row = tuple(range(first, first + days))
    return in_a_row if len(told) > 1 and max(told) < first + days else ()


def meals_by_day(
    scopes: Scopes, named: Iterable[tuple[int, str]]
) -> tuple[dict[int, frozenset[str]], frozenset[str]]:
    """Return the meals of the days that have their own, and those of all other days.

    `named` are the meals that are asked for and their places: 「金曜は夜だけ、土曜は昼と夜」.
    """
    kinds, bound = _meals_of_days(scopes)
    asked = frozenset(scopes.meals)
    own = kinds["own"]
    for mention in scopes.mentions:
        for day, meals in _of_span(mention, scopes.places).items():
            own.setdefault(day, meals)
    of_a_day = {place for start, end in bound for place in range(start, end)}
    unbound = {meal for place, meal in named if place not in of_a_day}
    general = asked & unbound or asked
    for day, meals in kinds["told"].items():
        # 「土日の朝・昼・夜。土曜の夜は4人」 has them all on Saturday, too.
        if len(unbound) == 1 or not meals <= unbound:
            own.setdefault(day, set()).update(meals)
    found = {day: asked & meals for day, meals in own.items()}
    for day, meals in kinds["more"].items():
        found[day] = asked & meals.union(own.get(day) or general)
    for day, meals in kinds["less"].items():
        # 「土曜の昼から月曜の朝まで、日曜の昼は外」
        found[day] = (found.get(day) or general) - meals
    _add_lost(found, general, scopes, named)
    return {day: meals for day, meals in found.items() if meals}, general


def _meals_of_days(
    scopes: Scopes,
) -> tuple[Mapping[str, dict[int, set[str]]], list[tuple[int, int]]]:
    """Return the meals behind the names of days by what is said of them, and their places.

    They are the day's own, more than its own, less, or only told of.
    """
    kinds: dict[str, dict[int, set[str]]] = {"own": {}, "more": {}, "less": {}, "told": {}}
    bound: list[tuple[int, int]] = []
    for mention in scopes.mentions:
        days = scopes.days_of(mention)
        if days is None or mention.ends:
            continue
        meals, end = _meals_behind(scopes.folded, mention)
        if "昼食" in meals and IS_PACKED.match(scopes.folded, end, mention.reach):
            meals = meals - {"昼食"} | {"お弁当"}
        bound.append((mention.start, end))
        if is_unwanted(scopes.folded, mention):
            kind = "less"
        elif ALSO.match(scopes.folded, end):
            kind = "more"
        else:
            kind = "told" if _is_told_of(scopes.folded, mention, end) else "own"
        for day in days:
            kinds[kind].setdefault(day, set()).update(meals)
    return kinds, bound


def _is_told_of(folded: str, mention: DayMention, end: int) -> bool:
    """Tell whether something is told of the meal of a day, as 「土曜の夜は4人」."""
    is_of_it = not (mention.is_row or mention.ends) and end > mention.end
    is_its_meal = is_of_it and folded.startswith("の", mention.end)
    return is_its_meal and IS_TOLD_OF.match(folded, end) is not None


def _add_lost(
    found: dict[int, frozenset[str]],
    general: frozenset[str],
    scopes: Scopes,
    named: Iterable[tuple[int, str]],
) -> None:
    """Add a meal that no day has to the day that was named before it, if any was.

    「土曜が運動会。弁当は5人分で、その日の夜は簡単に」
    """
    if sum(map(bool, found.values())) < scopes.places.count:
        return
    lost = general.difference(*found.values())
    for place, meal in named:
        before = last_day_before(scopes.folded, place) if meal in lost else None
        between = SENTENCE_END.split(scopes.folded[before.end : place]) if before else []
        for day in scopes.days_of(before) or () if before and len(between) <= NEAR else ():
            found[day] |= {meal}


def _of_span(mention: DayMention, places: Places) -> dict[int, set[str]]:
    """Return the meals from one to another: 「金曜の晩から日曜の昼まで」."""
    days = sorted(places.of(mention))
    if mention.ends is None or len(days) < len(mention.keys):
        return {}
    first, last = mention.ends
    found = {day: set(IN_A_DAY) for day in days}
    found[days[0]] &= set(IN_A_DAY[IN_A_DAY.index(first) :])
    found[days[-1]] &= set(IN_A_DAY[: IN_A_DAY.index(last) + 1])
    return found


def _meals_behind(folded: str, mention: DayMention) -> tuple[set[str], int]:
    """Return the meals right behind the name of days, and where they end.

    Of a row of a table those over its cells, or in a cell of their own.
    """
    if mention.is_row:
        over = {meal for meal, is_wanted in meals_of_row(folded, mention) if is_wanted}
        places = [(start, end) for _, start, end in cells_of(folded, mention)]
        # Under a day by itself stand lines: 「土曜 / 昼: パスタ / 夜: 鍋」.
        places = places or [
            match.span() for match in LINE.finditer(folded, mention.end, mention.reach)
        ]
        cells = [MEAL_OF_A_CELL.fullmatch(folded, *place) for place in places]
        named = {meal.lastgroup or "" for cell in cells if cell for meal in MEAL.finditer(cell[0])}
        return over or named, mention.end
    found, end = set(), mention.end
    if of_all := ALL_THREE.match(folded, mention.end):
        return set(IN_A_DAY), of_all.end()
    if meal := BY_THEMSELVES.get(folded[mention.start : mention.end]):
        found.add(meal)
    is_behind_a_reason = False
    for match in MEAL.finditer(folded, mention.end, mention.reach):
        between = folded[end : match.start()]
        if AS_A_TIME.match(folded, match.end()):
            continue
        if not (is_to_a_meal(between) if end == mention.end else between in JOINTS):
            if found:
                break
            continue
        if not found:
            is_behind_a_reason = TO_A_MEAL.fullmatch(between) is None
        found.add(match.lastgroup or "")
        end = match.end()
    if len(found) == 1 and found <= {*IN_A_DAY}:
        [meal] = found
        place = IN_A_DAY.index(meal)
        if FROM_THAT_MEAL.match(folded, end):
            found = set(IN_A_DAY[place:])
        elif UP_TO_THAT_MEAL.match(folded, end):
            found = set(IN_A_DAY[: place + 1])
    if is_behind_a_reason and not BEHIND_ITS_MEALS.match(folded, end):
        return set(), mention.end
    return found, end


def is_to_a_meal(between: str) -> bool:
    """Tell whether a meal is that of a day, by what stands between them: a particle, a reason."""
    return bool(TO_A_MEAL.fullmatch(between) or FOR_A_REASON.fullmatch(between))
