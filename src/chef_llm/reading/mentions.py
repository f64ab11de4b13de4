"""Finds what a text names, longest match first, and which of it is left out.

Where a sentence can be read in two ways, the stricter reading is taken.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

from chef_llm.reading import negation
from chef_llm.reading.boundaries import COMMON_KANJI, SHORT_KATAKANA, Boundaries
from chef_llm.reading.by_food_alone import told_by_food_alone
from chef_llm.reading.eaten import had_lately
from chef_llm.reading.forms import Clause
from chef_llm.reading.lexicon import Lexicon, Mention
from chef_llm.reading.marks import (
    FINE_LABEL,
    FINE_OUTRIGHT,
    REFUSING_MARK,
    TICKS,
    UNTICKED,
    denies,
    verdict_of_label,
)
from chef_llm.reading.net import Backstop, Caught, Form, Signal, by_predicate, shared
from chef_llm.reading.over import GOES_ON, is_of_another, is_over
from chef_llm.reading.second_reader import (
    CERTAIN_ABOVE,
    DENIED_REFUSED_ABOVE,
    DISH_REFUSED_ABOVE,
    NEVER,
    REFUSED_ABOVE,
    SUSPECT_ABOVE,
    WINDOW_BEFORE,
    WINDOW_BEHIND,
    WISHED_BELOW,
    logits_of,
)
from chef_llm.reading.signals import REFUSING, find_signals
from chef_llm.reading.text import KANA, KANA_ONLY, Text
from chef_llm.reading.week import is_plan_of_a_day
from chef_llm.reading.words import NEVER_DISPENSABLE

# Of an allergy, of what one cannot eat, of what one does not want: read less and less strictly.
Strictness = Literal["allergy", "cannot", "plain"]
Joint = Literal["strong", "comma", "space", "none"]
# Joints beside which a comma parts two thoughts.
APART: Final = ("strong", "space")
# Where the second reader is certain, a name of so many letters is one.
LONG_NAME: Final = 4
# Kinds of words that can be left out.
NAMES: Final = ("food", "dish", "cuisine")
# How far before a mention a longer name may begin that holds it and its negation.
MOST_BEFORE: Final = 12
SENTENCE: Final = re.compile(r"[^。!?\n]+")
# Right before a food these are said of something else: 砂抜きあさり, しいたけ以外のきのこ.
OF_ANOTHER: Final = ("以外の", "砂抜き", "種抜き", "骨抜き", "水抜き", "不使用")
# 「いくら安くても」, 「【いくら】一人400円」; 「いくら以外なら何でも」 refuses.
HOWEVER: Final = re.compile(
    r"(?!あれるぎ|嫌い|きらい|苦手|以外|抜き|ぬき|無し|不使用|除|ng)"
    r"(?:[^、。のはがをとにでもやなだ\n][^、。\n]{0,8}(?:ても|でも)|"
    r"[】\])::=→]{1,2}\s?(?:(?:1|一|ひと)(?:人|り)|合計|全部で|予算)?\s?\d{2,5}円)"
)
LATIN: Final = re.compile("[a-z]")
REST_OF_SENTENCE: Final = re.compile(r"[^。!?\n]*")
# How much of a sentence before and behind a refusal tells whether it is over.
PAST_BEFORE: Final = 40
PAST_BEHIND: Final = 60


@dataclass(frozen=True)
class LeftOut:
    """A mention that is left out; `start` and `end` frame the words that say so.

    `is_unclear` tells that it is only left out because nothing better was found.
    """

    mention: Mention
    strictness: Strictness
    start: int
    end: int
    is_unclear: bool = False


@dataclass(frozen=True)
class Mentions:
    """What a text names in its order: what stands for itself, and what is left out."""

    named: tuple[Mention, ...]
    left_out: tuple[LeftOut, ...]
    # The named ones that are asked for, less those that are merely no problem.
    wished: tuple[Mention, ...]
    taken: bytes
    # Words of harm (or else of refusal) of which nobody can tell what they are to leave out.
    unclear: tuple[Signal, ...] = ()

    def covers(self, start: int, end: int) -> bool:
        """Tell whether these places belong to a mention or to the words that leave it out."""
        return any(self.taken[start:end])


def find_mentions(text: Text, clauses: Sequence[Clause], lexicon: Lexicon) -> Mentions:
    """Read the mentions of `text` and decide of each whether it is left out."""
    found = _names(text, lexicon)
    reader = _RuleReader(text, found)
    left_out, unclear = _left_out(text, clauses, reader)
    taken = bytearray(len(text.folded))
    for start, end in reader.negations:
        taken[start:end] = b"\1" * (end - start)
    for entry in left_out:
        taken[entry.mention.start : entry.mention.end] = b"\1" * len(entry.mention)
    named = []
    for mention in sorted(found, key=lambda each: (-len(each), each.start)):
        is_free = not any(taken[mention.start : mention.end])
        if is_free and (mention.meaning.is_phrase or reader.boundaries.stands_alone(mention)):
            taken[mention.start : mention.end] = b"\1" * len(mention)
            named.append(mention)
    named.sort(key=lambda mention: mention.start)
    for mention in named:
        if mention.meaning.kind not in ("food", "dish"):
            taken[mention.start : mention.end] = bytes(len(mention))
    refused = reader.refused_places(clauses)
    wished = [
        each
        for each in reader.wished(named)
        if not any(refused[each.start : each.end])
        and not negation.NOTHING.match(text.folded, each.end)
        and not UNTICKED.search(text.folded, max(0, each.start - 4), each.start)
    ]
    return Mentions(tuple(named), tuple(left_out), tuple(wished), bytes(taken), tuple(unclear))


def read_foods(
    text: Text, clauses: Sequence[Clause], lexicon: Lexicon
) -> tuple[Form, dict[Mention, tuple[str, ...]]]:
    """Return the foods of a text, and what the rules and its form say of each.

    What the second reader is trained on, just as it finds it at work.
    """
    found = _names(text, lexicon)
    reader = _RuleReader(text, found)
    form = Form(text, clauses, reader.foods())
    by_rules = reader.by_rules(form)
    return form, _flags(form, by_rules, _caught(form), reader.taken_back)


def _caught(form: Form) -> list[Caught]:
    """Return what the form of a text leaves out, and what stands for an allergy by itself."""
    return [*form.caught(), *told_by_food_alone(form)]


def _flags(
    form: Form,
    by_rules: Mapping[Mention, LeftOut],
    caught: Sequence[Caught],
    taken_back: Collection[Mention],
) -> dict[Mention, tuple[str, ...]]:
    """Return what was found of each food already: by a rule, by the form, by a predicate.

    Of those that a rule takes back: that it does.
    """
    ruled = bytearray(len(form.text.folded) + 1)
    for mention in by_rules:
        ruled[mention.start : mention.end] = b"\1" * len(mention)
    by_form = {each.mention for each in caught}
    predicates = {each.mention for each in by_predicate(form)}
    flags: dict[Mention, tuple[str, ...]] = {}
    for food in form.foods:
        said = (
            ("rule", any(ruled[food.start : food.end])),
            ("form", food in by_form),
            ("predicate", food in predicates),
        )
        if names := tuple(name for name, holds in said if holds):
            flags[food] = names
    flags |= dict(_named_again(form, flags))
    denied = {food: (*flags.get(food, ()), "denied") for food in form.foods if food in taken_back}
    return flags | denied


def _named_again(
    form: Form, flags: Mapping[Mention, tuple[str, ...]]
) -> Iterator[tuple[Mention, tuple[str, ...]]]:
    """Yield the refused foods that are named again, by themselves or in a dish, and not refused."""
    last: dict[str, int] = {}
    for food in form.foods:
        if not flags.get(food):
            meaning = food.meaning
            names = {meaning.name, *meaning.allergens, *meaning.allergy_allergens}
            last |= dict.fromkeys(names, food.start)
    for food in form.foods:
        names = {food.meaning.name, *food.meaning.allergens}
        if flags.get(food) and any(last.get(name, -1) > food.start for name in names):
            yield food, (*flags[food], "again")


def _left_out(
    text: Text, clauses: Sequence[Clause], reader: "_RuleReader"
) -> tuple[list[LeftOut], list[Signal]]:
    """Return what rules, form, second reader and backstop leave out, and what stays unclear."""
    form = Form(text, clauses, reader.foods())
    by_rules, caught = reader.by_rules(form), _caught(form)
    mean, highest = logits_of(form, _flags(form, by_rules, caught, reader.taken_back))
    logits = shared(form, mean)
    by_form = {each.mention for each in caught}
    wished = {
        mention
        for mention, entry in by_rules.items()
        if mention not in by_form and _is_wished_for(entry, form, highest, logits)
    }
    # What refuses one member of a list refuses all of it.
    refusing = {entry.end for mention, entry in by_rules.items() if mention not in wished}
    entries = {
        mention: entry
        for mention, entry in by_rules.items()
        if (mention not in wished or entry.end in refusing)
        and (mention in by_form or not _is_to_be_fed(mention, text))
    }
    for one in caught:
        strictness: Strictness = "allergy" if one.is_allergy else "plain"
        entries.setdefault(one.mention, LeftOut(one.mention, strictness, one.start, one.end))
    eaten = {food for food in had_lately(text, form.foods) if not _is_spoken_ill_of(food, form)}
    for food in form.foods:
        is_used = MADE_OTHERWISE.match(text.folded, food.end) is not None
        if food in eaten or is_used or _is_to_be_fed(food, text):
            continue
        least = DISH_REFUSED_ABOVE if food.meaning.kind == "dish" else REFUSED_ABOVE
        if food in reader.taken_back or MUST_BE_USED.match(text.folded, food.end):
            least = DENIED_REFUSED_ABOVE
        # 「納豆のねぎ抜き」: it is what the dish is made of.
        whose = reader.boundaries.starts.get(food.end + 1, ())
        if text.folded.startswith("の", food.end) and any(each in by_rules for each in whose):
            least = CERTAIN_ABOVE
        logit = logits.get(food, NEVER)
        if logit > least and reader.is_open_to_doubt(food, is_certain=logit > CERTAIN_ABOVE):
            entries.setdefault(food, LeftOut(food, "plain", *form.sentence_of(food)))
    entries |= dict(_refused_too(form, entries))
    spans = [(each.start, each.end) for each in entries]
    told = bytearray(len(text.folded))
    for start, end in (*reader.negations, *((e.start, e.end) for e in entries.values())):
        told[start:end] = b"\1" * (end - start)
    unclear = []
    for signal in Backstop(form, spans, bytes(told)).unbound():
        there = [food for food in form.foods_in(*signal.sentence) if reader.is_open_to_doubt(food)]
        there = [food for food in there if not form.is_fine(food)]
        for food in there:
            if signal.is_harm or logits.get(food, NEVER) > SUSPECT_ABOVE:
                strictness = "allergy" if signal.is_harm else "plain"
                unsure = LeftOut(food, strictness, *signal.sentence, is_unclear=True)
                entries.setdefault(food, unsure)
        if signal.is_asserted and not form.foods_in(*signal.sentence):
            explained = _explained_by(signal, form, entries) if signal.is_harm else []
            entries |= {one: replace(entries[one], strictness="allergy") for one in explained}
            if not explained:
                unclear.append(signal)
    return reader.strictly(entries.values()), unclear


def _refused_too(
    form: Form, entries: Mapping[Mention, LeftOut]
) -> Iterator[tuple[Mention, LeftOut]]:
    """Yield the foods that end a sentence in も behind one that refuses all its foods."""
    for food in form.foods:
        if food in entries or not TOO.match(form.text.folded, food.end):
            continue
        sentence = form.sentence_of(food)
        before = form.sentence_before(sentence)
        refused = [entries.get(one) for one in form.foods_in(*before)] if before else []
        if refused and (last := refused[-1]) and all(refused):
            yield food, LeftOut(food, last.strictness, *sentence)


def _explained_by(signal: Signal, form: Form, entries: Mapping[Mention, LeftOut]) -> list[Mention]:
    """Return what the sentence before leaves out, where one that speaks of harm says why."""
    before = form.sentence_before(signal.sentence) if signal.is_reason else None
    if before is None:
        return []
    return [one for one in form.foods_in(*before) if one in entries and not entries[one].is_unclear]


def _is_wished_for(
    entry: LeftOut, form: Form, highest: Mapping[Mention, float], logits: Mapping[Mention, float]
) -> bool:
    """Tell whether second reader and encoder are sure of a wish where a plain rule refuses.

    「チーズがない人生なんて考えられない」. Where harm is spoken of nothing overrules a rule.
    """
    mention = entry.mention
    logit = max(highest.get(mention, 0.0), logits.get(mention, 0.0))
    if logit >= WISHED_BELOW or entry.strictness == "allergy":
        return False
    return not _is_spoken_ill_of(mention, form, "H")


def _is_to_be_fed(mention: Mention, text: Text) -> bool:
    """Tell whether somebody eats none of what no menu does without."""
    is_basic = mention.meaning.name in NEVER_DISPENSABLE
    return is_basic and WHO_EATS_NONE.match(text.folded, mention.end) is not None


def _is_spoken_ill_of(mention: Mention, form: Form, kinds: Collection[str] = REFUSING) -> bool:
    """Tell whether words of some kinds, those of harm or of any refusal, stand around a food."""
    low = max(0, mention.start - WINDOW_BEFORE)
    around = form.text.folded[low : mention.end + WINDOW_BEHIND]
    return any(word.kind in kinds for word in find_signals(around))


# 「鶏もも肉[で唐揚げ以外]の夕食」: it is the dish that is left out.
MADE_OTHERWISE: Final = re.compile(
    r"(?:を使って|を使った|で)[^。、\n]{1,10}以外(?!で?も|の(?:肉|魚))"
)
# 「野菜[食べない4歳児に]」: whoever does not eat them is to be served some all the same.
WHO_EATS_NONE: Final = re.compile(
    r"(?:を|は)?(?:ぜんぜん|全然|あまり|なかなか|ほとんど|まったく)?食べ(?:ない|てくれない|たがらない)"
    r"(?:\d|子|息子|娘|園児|幼児|旦那|夫|男子|女子|人)"
)
# 「卵[を使わないと夫が怒る]」「キャベツ[、早く食べないと傷む]」
MUST_BE_USED: Final = re.compile(
    r"[もをはが、]?[^。、\n]{0,6}(?:使わ|食べ|入れ|出さ|消費し|片付け)(?:ないと|なきゃ)[^。\n]{0,8}"
    r"(?:怒|すね|拗ね|文句|泣|腐|傷|悪く|もったい|駄目|だめ|いけ|まず|やば)"
)
# 「卵はだめです。あとえび[も。]」
TOO: Final = re.compile(r"(?:とか|なんか)?も(?:です|だ|ね|な)?(?=[。!\n]|$)")


class _RuleReader:
    """Decides what one text leaves out."""

    def __init__(self, text: Text, found: list[Mention]) -> None:
        self.folded = text.folded
        self.candidates = [each for each in found if each.meaning.kind in NAMES]
        ordinary = [each for each in found if each.meaning.kind not in NAMES]
        self.boundaries = Boundaries(text, self.candidates, ordinary)
        # The words of negation that belong to a mention, whether they hold or are taken back.
        self.negations: list[tuple[int, int]] = []
        # The mentions whose negation is taken back.
        self.taken_back: set[Mention] = set()
        # Those of them that stand right behind it: they lead nothing else.
        self.touching: list[tuple[int, int]] = []
        # Where words begin that leave out what they lead: 「アレルギーは」, 「苦手な」.
        self.heads = set(self._heads())
        self.blamed = set(self._blamed())

    def foods(self) -> list[Mention]:
        """Return every place that may name a food, the longest at each, from the left."""
        found: list[Mention] = []
        taken = bytearray(len(self.folded))
        for mention in sorted(self.candidates, key=lambda each: (-len(each), each.start)):
            if (
                not any(taken[mention.start : mention.end])
                and not self.boundaries.hides(mention)
                and (
                    self.boundaries.may_be_listed(mention)
                    or self.boundaries.stands_alone(mention)
                    or self.boundaries.is_named(mention, harms=True)
                )
            ):
                found.append(mention)
                taken[mention.start : mention.end] = b"\1" * len(mention)
        return sorted(found, key=lambda each: each.start)

    def refused_places(self, clauses: Sequence[Clause]) -> bytearray:
        """Return where a label stands that refuses: nothing there is wished for.

        Nor is what a table of marks lets through: 「名前|卵|えび⏎ゆう|×|○」.
        """
        places = bytearray(len(self.folded) + 1)
        cells = [clause for clause in clauses if clause.kind == "cell"]
        if any(REFUSING_MARK.fullmatch(self.folded, one.start, one.end) for one in cells):
            for clause in cells:
                said = [self.folded[slice(*label)] for label in clause.labels]
                is_mark = TICKS.fullmatch(self.folded, clause.start, clause.end)
                if is_mark and not any(map(FINE_LABEL.search, said)):
                    for start, end in clause.labels:
                        places[start:end] = b"\1" * (end - start)
        for clause in clauses:
            for start, end in clause.labels:
                if verdict_of_label(self.folded[start:end]) == "refused":
                    places[clause.start : clause.end] = b"\1" * (clause.end - clause.start)
                elif FINE_LABEL.search(self.folded[start:end]):
                    places[clause.start : clause.end] = bytes(clause.end - clause.start)
        return places

    def is_open_to_doubt(self, food: Mention, *, is_certain: bool = False) -> bool:
        """Tell whether a food may be left out on suspicion: a word by itself, not called fine."""
        return (
            (self.boundaries.stands_alone(food) or (is_certain and self._may_be_a_name(food)))
            and (is_certain or self.folded[food.start : food.end] not in COMMON_KANJI)
            and food.meaning.kind != "cuisine"
            and not FINE_OUTRIGHT.match(self.folded, food.end)
            and not negation.NOTHING.match(self.folded, food.end)
            and not UNTICKED.search(self.folded, max(0, food.start - 4), food.start)
            and not self.folded.endswith(OF_ANOTHER, 0, food.start)
            and not is_plan_of_a_day(self.folded, food.start, food.end)
        )

    def _may_be_a_name(self, food: Mention) -> bool:
        """Tell whether it is named, or too long to be part of another word: 母さんしいたけ."""
        return len(food) >= LONG_NAME or self.boundaries.is_named(food, harms=True)

    def by_rules(self, form: Form) -> dict[Mention, LeftOut]:
        """Return what sentences leave out by the rules.

        A heading speaks of what stands under it, and never of the line before: in
        「使う食材⏎・鶏肉⏎使わない食材⏎・卵」 the chicken stays.
        """
        found: dict[Mention, LeftOut] = {}
        for mention in self.candidates:
            if self._is_of_a_meal(mention):
                continue
            if entry := self._read_what_follows(mention):
                found[mention] = entry
        for entry in self._behind_heads():
            found.setdefault(entry.mention, entry)
        self._spread_through_lists(found)
        headings = sorted(
            {
                start
                for clause in form.clauses
                for start, _ in clause.labels
                if form.foods_in(clause.start, clause.end)
            }
        )
        return {
            mention: entry
            for mention, entry in found.items()
            if not any(
                "\n" in self.folded[mention.end : heading]
                for heading in headings[
                    bisect_left(headings, mention.end) : bisect_left(headings, entry.end)
                ]
            )
        }

    def _is_of_a_meal(self, mention: Mention) -> bool:
        """Tell whether it is rice by its letters alone: 「家でごはん食べない」."""
        return mention.meaning.name == "ご飯" and self.boundaries.hides(mention)

    def strictly(self, entries: Iterable[LeftOut]) -> list[LeftOut]:
        """Return the entries with the longest mention at each place, harm read strictly."""
        longest: list[LeftOut] = []
        reach = -1
        strict = self._read_strictly(list(entries))
        for entry in sorted(strict, key=lambda each: (each.mention.start, -each.mention.end)):
            if entry.mention.end > reach:
                longest.append(entry)
                reach = entry.mention.end
        return [each for entry in longest for each in (entry, *self._foods_of_the_dish(entry))]

    def _read_strictly(self, found: list[LeftOut]) -> Iterator[LeftOut]:
        """Yield what is left out; of an allergy where the sentence speaks of harm."""
        harmful = self._harmful(found) if found else []
        for entry in found:
            is_harmful = any(start <= entry.mention.start < end for start, end in harmful)
            yield replace(entry, strictness="allergy") if is_harmful else entry

    def _harmful(self, found: list[LeftOut]) -> list[tuple[int, int]]:
        """Return the sentences that speak of a harm which is of no other food.

        One that names no food speaks of its neighbours: 「卵は厳禁!蕁麻疹が出ます」.
        """
        told = {place for start, end in self.touching for place in range(start, end)}
        harms = [
            match.start()
            for match in negation.SPEAKS_OF_HARM.finditer(self.folded)
            if match.start() not in told and not self._is_harmless(match.start(), match.end())
        ]
        sentences = [match.span() for match in SENTENCE.finditer(self.folded)] if harms else []
        spoken = []
        for number, (start, end) in enumerate(sentences):
            if any(start <= place < end for place in harms):
                spoken.append((start, end))
                if not any(start <= entry.mention.start < end for entry in found):
                    spoken += sentences[max(0, number - 1) : number + 2]
        return spoken

    def _is_harmless(self, start: int, end: int) -> bool:
        """Tell whether what stands there is said not to be: 「アレルギーはありません」.

        「さえ避ければ蕁麻疹は出ません」 says that it is.
        """
        tail = negation.TAIL.match(self.folded, end)
        if not negation.DENIAL.match(self.folded, tail.end() if tail else end):
            return False
        before = max(self.folded.rfind(mark, 0, start) for mark in "。\n") + 1
        return negation.AVOIDED.search(self.folded, max(before, start - PAST_BEFORE), start) is None

    def wished(self, named: list[Mention]) -> list[Mention]:
        """Return what is asked for, less 「卵と牛乳は大丈夫」 and 「お酒に合う」."""
        wished: list[Mention] = []
        tolerated: set[int] = set()
        for mention in reversed(named):
            joint = self._joint(mention)
            if negation.TOLERATED.match(self.folded, mention.end) or (
                joint and joint[0] != "none" and joint[1] in tolerated
            ):
                tolerated.add(mention.start)
            elif (
                # Of a dish the reader of courses tells whether it is there: 「肉じゃがに合う献立」.
                mention.meaning.kind == "dish"
                or not negation.BESIDE_THE_POINT.match(self.folded, mention.end)
            ):
                wished.insert(0, mention)
        return wished

    # Negation behind a mention

    def _read_what_follows(self, mention: Mention) -> LeftOut | None:
        match = negation.NEGATION.match(self.folded, mention.end)
        if match is None:
            return self._read_what_follows_late(mention)
        kind = str(match.lastgroup)
        said = match[kind]
        nothing = negation.NOTHING.match(self.folded, mention.end)
        # 「乳：なし」 is of an allergy, 「カレー：なし」 of what is to be served.
        if nothing and mention.meaning.kind != "dish":
            self.negations.append(nothing.span())
            self.taken_back.add(mention)
            return None
        if self._is_part_of_a_name(mention.start, match.start(kind)):
            return None
        is_blamed = mention in self.blamed
        if not is_blamed and not self.boundaries.may_be_left_out(
            mention,
            attached=bool(negation.ATTACHED.match(self.folded, mention.end)),
            harms=kind in ("allergy", "reaction"),
            linked=match.start(kind) > mention.end or not negation.VERBAL.match(said),
        ):
            return self._read_what_follows_late(mention)
        if match.start(kind) <= mention.end + 1 and self.folded[mention.end] != " ":
            self.touching.append((mention.end, match.end()))
        strictness: Strictness = (
            "allergy"
            if is_blamed or kind in ("allergy", "reaction")
            else "cannot"
            if kind == "cannot"
            else "plain"
        )
        return self._left_out_unless_denied(mention, strictness, said, match.end())

    def _is_part_of_a_name(self, start: int, negation_start: int) -> bool:
        """Tell whether a longer name holds the food and its negation, as 食塩不使用バター."""
        return any(
            each.end > negation_start
            for place in range(max(0, start - MOST_BEFORE), start + 1)
            for each in self.boundaries.starts.get(place, ())
        )

    def _read_what_follows_late(self, mention: Mention) -> LeftOut | None:
        """Read 「卵は好きですが、アレルギーがあります」."""
        replaced = negation.REPLACED.match(self.folded, mention.end)
        if replaced and self._next_mention(mention.end, replaced.end()) < replaced.end():
            return LeftOut(mention, "plain", mention.start, replaced.end())
        for pattern in (negation.LATE, negation.ELLIPSIS):
            match = pattern.match(self.folded, mention.end)
            if match is None:
                continue
            kind = str(match.lastgroup)
            start, harms = match.start(kind), kind in ("harm", "event")
            if not self.boundaries.is_named(mention, harms=harms):
                continue
            if start in self.heads or self._next_mention(mention.end, start) < start:
                continue
            said = match[kind]
            strictness = "allergy" if harms else _strictness(said)
            return self._left_out_unless_denied(mention, strictness, said, match.end())
        return None

    def _left_out_unless_denied(
        self, mention: Mention, strictness: Strictness, said: str, end: int
    ) -> LeftOut | None:
        tail = negation.TAIL.match(self.folded, end)
        end = tail.end() if tail else end
        self.negations.append((mention.end, end))
        if self._is_denied(mention, said, end):
            self.taken_back.add(mention)
            return None
        return LeftOut(mention, strictness, mention.start, end)

    def _is_denied(self, mention: Mention, said: str, end: int) -> bool:
        """Tell whether the negation is taken back, and the sentence does not renew it."""
        if self._is_past(mention, end) or (
            negation.REMOVAL.match(said) and negation.KEPT_IN.match(self.folded, end)
        ):
            return True
        back = negation.TAKEN_BACK.match(self.folded, end)
        # Whoever writes that an allergy is cured is believed by no one but a doctor.
        if back and not (negation.ALLERGY.match(said) and negation.CURED.search(back[0])):
            rest = REST_OF_SENTENCE.match(self.folded, back.end())
            return not negation.RENEWED.search(
                self.folded, back.end(), rest.end() if rest else back.end()
            )
        if not negation.DENIABLE.match(said):
            return False
        if negation.DISLIKED.match(said) and self._is_liked_yet(mention, end):
            return True
        denial = negation.DENIAL.match(self.folded, end)
        if denial is None or negation.AVOIDED.search(self.folded, mention.end, end - len(said)):
            return False
        rest = REST_OF_SENTENCE.match(self.folded, denial.end())
        stop = self._next_mention(denial.end(), rest.end() if rest else denial.end())
        return not negation.RENEWED.search(self.folded, denial.end(), stop)

    def _is_liked_yet(self, mention: Mention, end: int) -> bool:
        """Tell whether one is to come to like it, or whoever does not is to be served it."""
        if negation.OVERCOME.match(self.folded, end):
            return True
        unwilling = negation.FOR_THE_UNWILLING.match(self.folded, end)
        return bool(unwilling and self._is_asked_for(mention, unwilling.end()))

    def _is_past(self, mention: Mention, end: int) -> bool:
        """Tell whether the refusal is over, or of one who does not eat with them.

        Another food in between has what follows said of itself.
        """
        stop = self._sentence_end(end)
        after = self._sentence_end(stop + 1)
        if goes_on := GOES_ON.match(self.folded, stop):
            stop, after = after, self._sentence_end(after + 1)
            after = max(stop, after, goes_on.end())
        other = self._next_other(mention, end, after)
        stop, after = min(stop, other), min(after, other)
        begin = max(
            0,
            mention.start - PAST_BEFORE,
            *(self.folded.rfind(e, 0, mention.start) for e in "。\n"),
        )
        return is_over(self.folded, end, stop, after) or is_of_another(
            self.folded, begin, end, stop, after
        )

    def _sentence_end(self, place: int) -> int:
        """Return where the sentence ends that `place` is in, or where reading on is useless."""
        rest = REST_OF_SENTENCE.match(self.folded, place, place + PAST_BEHIND)
        return rest.end() if rest else place

    def _next_other(self, mention: Mention, start: int, end: int) -> int:
        """Return where the next food begins whose name does not hold this one's; else `end`."""
        own = mention.meaning
        for place in range(start, min(end, len(self.folded))):
            for each in self.boundaries.starts.get(place, ()):
                meaning = each.meaning
                spelled = self.folded[mention.start : mention.end]
                is_own = meaning.name == own.name or spelled in self.folded[place : each.end]
                if not is_own and self.boundaries.is_certain(each):
                    return place
        return end

    def _is_asked_for(self, mention: Mention, start: int) -> bool:
        """Tell whether the sentence names the food again: 「〜嫌いでも食べられる〜料理」."""
        rest = REST_OF_SENTENCE.match(self.folded, start)
        return mention.meaning.name in NEVER_DISPENSABLE or any(
            each.meaning is mention.meaning
            for place in range(start, rest.end() if rest else start)
            for each in self.boundaries.starts.get(place, ())
        )

    def _next_mention(self, start: int, end: int) -> int:
        """Return where the next certain mention behind `start` begins, else `end`."""
        for place in range(start, end):
            if any(map(self.boundaries.is_certain, self.boundaries.starts.get(place, ()))):
                return place
        return end

    def _heads(self) -> Iterator[int]:
        for pattern in (negation.HEAD, negation.REASON):
            for match in pattern.finditer(self.folded):
                if next(self._members(match.end()), None):
                    yield match.start()

    def _blamed(self) -> Iterator[Mention]:
        """Yield what is listed behind 「アレルギーで」, but not behind 「卵アレルギーで」."""
        for match in negation.REASON.finditer(self.folded):
            if match.start() not in self.boundaries.ends:
                yield from self._members(match.end())

    # Lists

    def _behind_heads(self) -> Iterator[LeftOut]:
        """Yield what is listed behind 「アレルギーは」, 「NG: 」, 「苦手な」."""
        used = bytearray(len(self.folded) + 1)
        for start, end in self.touching:
            used[start:end] = b"\1" * (end - start)
        for match in negation.HEAD.finditer(self.folded):
            if used[match.start("subject" if match["subject"] else 0)]:
                continue
            if denies(self.folded, match.end()) or denies(self.folded, match.start()):
                continue
            members = list(self._members(match.end()))
            for mention in members[:1] if match["attribute"] else members:
                yield LeftOut(mention, _strictness(match[0]), match.start(), mention.end)
        for match, members in self._listed(negation.INVERSION, negation.INVERTED):
            for mention in members:
                yield LeftOut(mention, _strictness(match["said"]), match.start(), mention.end)
        for match, members in self._listed(negation.ENOUGH, negation.ENOUGH_SAID):
            for mention in members:
                yield LeftOut(mention, "plain", match.start(), mention.end)
        for match in negation.CONFESSION.finditer(self.folded):
            members = list(self._members(match.end()))
            is_free = members and not used[match.start()]
            if is_free and negation.CONFESSED.match(self.folded, members[-1].end):
                for mention in members:
                    yield LeftOut(mention, "allergy", match.start(), mention.end)

    def _listed(
        self, before: re.Pattern[str], behind: re.Pattern[str]
    ) -> Iterator[tuple[re.Match[str], list[Mention]]]:
        """Yield the lists between two patterns, with the match before them."""
        for match in before.finditer(self.folded):
            members = list(self._members(match.end()))
            if members and behind.match(self.folded, members[-1].end):
                yield match, members

    def _members(self, place: int) -> Iterator[Mention]:
        """Yield the members of the list that begins at `place`."""
        if first := negation.FIRST_BULLET.match(self.folded, place):
            place = first.end()
        while True:
            lead = negation.AFTER_HEAD.match(self.folded, place)
            starts = self.boundaries.starts
            members = starts.get(place) or starts.get(lead.end() if lead else place)
            if not members:
                return
            yield members[0]
            end = members[0].end
            joint = negation.BULLET.match(self.folded, end) or negation.JOINT.match(
                self.folded, end
            )
            if joint is None and (line := negation.LINE.match(self.folded, end)):
                joint = line if self._is_line(line.end()) else None
            if joint is None:
                return
            place = joint.end()

    def _is_line(self, place: int) -> bool:
        """Tell whether a mention stands there alone on its line."""
        return any(
            self.folded[each.end : each.end + 1] in ("", "\n")
            for each in self.boundaries.starts.get(place, ())
        )

    def _spread_through_lists(self, found: dict[Mention, LeftOut]) -> None:
        """Let the members of a list share the negation behind its last: 「卵、乳、小麦抜き」."""
        joints: dict[Mention, tuple[Joint, int]] = {}
        before: dict[int, list[tuple[Joint, Mention]]] = {}
        for mention in self.candidates:
            if joint := self._joint(mention):
                joints[mention] = joint
                before.setdefault(joint[1], []).append((joint[0], mention))
        joined_by: dict[Mention, Joint] = {}
        for mention in sorted(joints, key=lambda each: each.start, reverse=True):
            if mention in found or not self.boundaries.may_be_listed(mention):
                continue
            kind, place = joints[mention]
            others = [each for joint, each in before.get(mention.start, []) if joint in APART]
            for following in self._named_at(place):
                entry = found.get(following)
                # What leads a list does not reach back before itself.
                if entry is None or entry.start < following.start:
                    continue
                if joined_by.get(following) == "space":
                    others.append(following)
                if _shares(mention, following, kind, others):
                    found[mention] = replace(entry, mention=mention, start=mention.start)
                    joined_by[mention] = kind
                    break

    def _named_at(self, place: int) -> Iterator[Mention]:
        """Yield what begins at a place, and what that only tells more of: 生の[玉ねぎ]."""
        for mention in self.boundaries.starts[place]:
            yield mention
            if self.folded.startswith("の", mention.end):
                yield from self.boundaries.starts.get(mention.end + 1, ())

    def _joint(self, mention: Mention) -> tuple[Joint, int] | None:
        """Return what joins a mention to the next one, and where that begins."""
        match = negation.JOINT.match(self.folded, mention.end)
        if match and match.end() in self.boundaries.starts:
            kind: Joint = "strong" if match["strong"] else "comma" if match["comma"] else "space"
            return kind, match.end()
        return ("none", mention.end) if mention.end in self.boundaries.starts else None

    def _foods_of_the_dish(self, entry: LeftOut) -> Iterator[LeftOut]:
        """Yield the foods in the name of a dish that one cannot eat: えび of えびフライ."""
        if entry.strictness == "plain" or entry.mention.meaning.kind != "dish":
            return
        place = entry.mention.start
        while place < entry.mention.end:
            for mention in self.boundaries.starts.get(place, ()):
                is_part = (
                    mention.meaning.wish
                    and mention.meaning.kind == "food"
                    and self.boundaries.may_be_listed(mention)
                )
                if is_part and mention.end <= entry.mention.end:
                    yield replace(entry, mention=mention)
                    place = mention.end - 1
                    break
            place += 1


# 「月：肉⏎水：卵」, a cell 「水」 beside 「火」
A_DAY: Final = re.compile(r"(?<![^\W_])[月火木金](?![^\W_])")
WEDNESDAY: Final = re.compile(r"(?<![^\W_])水(?![^\W_])")


def _names(text: Text, lexicon: Lexicon) -> list[Mention]:
    """Return what the lexicon knows in a text, less what only happens to be spelled so."""
    found = [each for each in lexicon.find(text.folded) if _is_one_word(each, text, lexicon)]
    if A_DAY.search(text.folded):
        days = {match.start() for match in WEDNESDAY.finditer(text.folded)}
        found = [each for each in found if each.start not in days or each.meaning.kind not in NAMES]
    return found


def _is_one_word(  # noqa: PLR0911  # one for each likeness
    mention: Mention, text: Text, lexicon: Lexicon
) -> bool:
    """Tell a word from a chance likeness across two scripts: ミニトマト in 「シジミにトマト」."""
    spelled = text.plain[mention.start : mention.end]
    if spelled.isascii():
        around = (
            text.folded[max(0, mention.start - 1) : mention.start]
            + text.folded[mention.end : mention.end + 1]
        )
        return not LATIN.search(around)  # no nut in minute
    if text.folded.startswith("ただし", mention.start - 1 if mention.start else 0):
        return False  # no だし
    if text.folded.startswith(("でしょうがな", "てしょうがな"), mention.start - 1):
        return False  # no しょうが
    if text.folded.startswith("いくら", mention.start) and HOWEVER.match(text.folded, mention.end):
        return False
    if spelled in lexicon.written or not KANA_ONLY.fullmatch(spelled):
        return True
    is_katakana = [character >= "ァ" for character in spelled.replace("ー", "")]
    switches = sum(one != other for one, other in pairwise(is_katakana))
    is_name = mention.meaning.kind in NAMES and len(mention) > SHORT_KATAKANA
    if KANA.match(spelled) and KANA.match(text.plain[mention.start - 1 : mention.start]):
        return False  # ちなみにトマト
    return switches == 0 or (switches == 1 and is_name)


def _shares(mention: Mention, following: Mention, joint: Joint, others: list[Mention]) -> bool:
    """Tell whether `mention` is left out with the `following` one, to which `joint` leads.

    と, や and ・ bind. A comma may part two thoughts; it does when something else binds `others` to
    either of them (「豚肉とピーマン、卵抜きで」). A space binds nothing but allergens.
    """
    if joint == "strong":
        return True
    if joint == "comma" and not others:
        return mention.meaning.kind == following.meaning.kind
    asked = [mention, following, *(others if joint == "comma" else ())]
    return all(each.meaning.is_typical_allergen for each in asked)


def _strictness(said: str) -> Strictness:
    if negation.ALLERGY.search(said):
        return "allergy"
    return "cannot" if negation.CANNOT.search(said) else "plain"
