"""The net under the reader: refused by form, by what is said later, or in words that bind to none.

The rules of `mentions` read sentences. Here a label, a heading or a table says of what stands under
it that it is left out; a second reader looks at each food and what surrounds it; and where somebody
speaks of harm or refusal and nothing was found that he could mean, all foods of the place are left
out, or the answer asks. Whatever any of them leaves out is left out.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from chef_llm.reading import marks
from chef_llm.reading.forms import Clause, Span
from chef_llm.reading.lexicon import Mention
from chef_llm.reading.marks import verdict_of_label
from chef_llm.reading.over import is_over
from chef_llm.reading.signals import DECISIVE, REFUSING, find_signals
from chef_llm.reading.signals import Signal as Word
from chef_llm.reading.text import Text

SENTENCE: Final = re.compile(r"[^。!?\n]+")
LINE: Final = re.compile(r"[^\n|]*")
# How far behind a food its line may say that it is over.
MOST_OF_A_LINE: Final = 40
# 「×(におう)」: the verdict is what stands before it.
REMARK: Final = re.compile(r"(?<=\S)\s?\([^()]{1,20}\)\s*$")
UNTIL_VALUE: Final = re.compile(r"\s*[:→]\s*")


@dataclass(frozen=True)
class Caught:
    """A food that the net leaves out, and why; `is_allergy` where harm is spoken of."""

    mention: Mention
    is_allergy: bool
    start: int
    end: int


class Form:
    """What the form of a text says: the labels over each clause and their verdicts."""

    def __init__(self, text: Text, clauses: Sequence[Clause], foods: Sequence[Mention]) -> None:
        self.text = text
        self.clauses = clauses
        self.foods = foods
        self._starts = [food.start for food in foods]
        self._sentences = [match.span() for match in SENTENCE.finditer(text.folded)]
        self._sentence_starts = [start for start, _ in self._sentences]
        self._verdicts: dict[Span, marks.Verdict] = {}

    def foods_in(self, start: int, end: int) -> Sequence[Mention]:
        """Return the foods that stand there."""
        return self.foods[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def sentence_at(self, place: int) -> Span:
        """Return the sentence that holds a place."""
        index = bisect_right(self._sentence_starts, place) - 1
        return self._sentences[index] if index >= 0 else (place, place)

    def sentence_before(self, sentence: Span) -> Span | None:
        """Return the sentence before one, if there is any."""
        index = bisect_left(self._sentence_starts, sentence[0]) - 1
        return self._sentences[index] if index >= 0 else None

    def sentence_of(self, food: Mention) -> Span:
        """Return the sentence that names a food."""
        return self.sentence_at(food.start)

    def verdict(self, label: Span) -> marks.Verdict:
        """Return what a label says of what stands under it."""
        if label not in self._verdicts:
            self._verdicts[label] = verdict_of_label(self.text.folded[slice(*label)])
        return self._verdicts[label]

    def refusing_label(self, clause: Clause) -> Span | None:
        """Return the label that refuses what a clause holds: the innermost that says anything."""
        for label in reversed(clause.labels):
            verdict = self.verdict(label)
            if verdict == "refused":
                return label
            if verdict == "fine" and marks.STRONGLY_FINE.search(
                marks.letters(self.text.folded[slice(*label)])
            ):
                return None
        return None

    def value_start(self, clause: Clause) -> int:
        """Return where the value of a "label: value" begins; else where the clause does."""
        own = next((end for start, end in clause.labels if start == clause.start), None)
        if own is None:
            return clause.start
        gap = UNTIL_VALUE.match(self.text.folded, own)
        return gap.end() if gap else own

    def caught(self) -> Iterator[Caught]:
        """Yield what stands under a label that refuses it."""
        for clause in self.clauses:
            start = self.value_start(clause)
            value = self.text.folded[start : clause.end]
            yield from self._by_verdict(clause, value)
            for food in self.foods_in(clause.start, clause.end):
                if marks.NONE_LEFT.match(self.text.folded, food.end):
                    yield Caught(food, False, food.start, food.end)
            label = self.refusing_label(clause)
            if label is None or label[0] >= clause.end:
                continue
            if clause.kind == "label" and label[0] == clause.start:
                continue
            if marks.denies(self.text.folded, start):
                continue
            is_allergy = bool(marks.HARM_STEMS.search(self.text.folded[slice(*label)]))
            for food in self.foods_in(start, clause.end):
                if not self.is_fine(food):
                    yield Caught(food, is_allergy, clause.start, clause.end)

    def is_fine(self, food: Mention) -> bool:
        """Tell whether what stands beside a food calls it fine: 「卵 → 大丈夫」, □卵."""
        folded = self.text.folded
        return bool(
            marks.FINE_AFTER.match(folded, food.end)
            or marks.UNTICKED.search(folded, max(0, food.start - 4), food.start)
            or self.is_over(food.end)
        )

    def is_over(self, start: int) -> bool:
        """Tell whether what stands there, up to the line's end or a food, is over: 卵（治った）."""
        return self._is_over(start, start + MOST_OF_A_LINE)

    def _is_over(self, start: int, end: int) -> bool:
        line = LINE.match(self.text.folded, start, end)
        stop = line.end() if line else start
        stop = next((food.start for food in self.foods_in(start, stop)), stop)
        return is_over(self.text.folded, start, stop, stop)

    def _by_verdict(self, clause: Clause, value: str) -> Iterator[Caught]:
        """Yield the foods of the labels over a verdict: 「卵 | ×」, 「乳: true」."""
        if clause.kind not in ("cell", "value") or not value.strip():
            return
        labels = [label for label in clause.labels if self.foods_in(*label)]
        if not labels:
            return
        value = REMARK.sub("", value)
        over = [self.verdict(label) for label in clause.labels]
        is_stock = any(
            marks.STOCK.fullmatch(self.text.folded[slice(*label)]) for label in clause.labels
        )
        if marks.REFUSING_MARK.fullmatch(value) or (is_stock and marks.NO_STOCK.fullmatch(value)):
            is_refused = True
        elif marks.DENYING.fullmatch(value):
            # 「食べる? | いいえ」
            is_refused = "fine" in over and bool(marks.SAYING_NO.fullmatch(value))
        elif marks.AFFIRMING.fullmatch(value):
            is_refused = "refused" in over
        else:
            refusing = verdict_of_label(value) == "refused" and not self.foods_in(
                self.value_start(clause), clause.end
            )
            is_refused = (
                refusing
                and not marks.FINE.fullmatch(value)
                and not self._is_over(self.value_start(clause), clause.end)
            )
        if not is_refused:
            return
        harm = marks.HARM_STEMS.search(value) or any(
            marks.HARM_STEMS.search(self.text.folded[slice(*label)]) for label in clause.labels
        )
        for food in self.foods_in(*labels[-1]):
            yield Caught(food, bool(harm), clause.start, clause.end)


_THINGS: Final = "(?:もの|物|食材|食べ物|食品|具材?|やつ|の)"
_HOW_MANY: Final = "(?:[がはも]|いくつか|少し|色々|いろいろ|けっこう|結構)*"
_THERE_ARE: Final = "(?:ある|あり|有り|多|いくつか|たくさん)"
# Where somebody says that there is something, and not what: 苦手[なものが少しあり]ます
GENERIC: Final = re.compile(f"(?:[なのが]|(?:ある|あり))*{_THINGS}{_HOW_MANY}{_THERE_ARE}")
LETTER: Final = re.compile(r"[^\W_]|[。!?\n]")
LONGEST_REASON: Final = 12
# At the end of a sentence that says why.
REASON: Final = re.compile(r"(?:から|ので|んで|ため|さかい|けん|し)(?:です|ね|な|さ|よ)?\W*$")


@dataclass(frozen=True)
class Signal:
    """Words of harm or refusal that bind to no food: where they stand, and in which sentence."""

    start: int
    end: int
    is_harm: bool
    sentence: Span
    # There is something that nobody may be served, and it is not said what.
    is_asserted: bool = False
    # It is why something was left out: 「小麦なしで。妹がアレルギーなので」.
    is_reason: bool = False


class Backstop:
    """Finds words of harm and refusal to which nothing that was left out belongs."""

    def __init__(self, form: Form, left_out: Sequence[Span], told: bytes) -> None:
        self.form = form
        self.folded = form.text.folded
        self._left_out = sorted(start for start, _ in left_out)
        self._told = told
        self._starts = [clause.start for clause in form.clauses]

    def unbound(self) -> Iterator[Signal]:
        """Yield the signals that bind to no food, in the order of the text."""
        letters = [match.span() for match in LETTER.finditer(self.folded)]
        spoken = "".join(self.folded[start] for start, _ in letters)
        for match in marks.SIGNALS.finditer(spoken):
            start, end = letters[match.start()][0], letters[match.end() - 1][1]
            is_harm = match.lastgroup == "harm"
            if self._is_denied(start, end, is_harm=is_harm):
                continue
            sentence = self.form.sentence_at(start)
            clause = self._clause(start)
            if self._holds_left_out(sentence) or self._is_answered(clause, start):
                continue
            is_asserted = self._is_asserted(end, sentence, is_harm)
            last = max(end, sentence[1] - LONGEST_REASON)
            is_reason = bool(REASON.search(self.folded, last, sentence[1]))
            yield Signal(start, end, is_harm, sentence, is_asserted, is_reason)

    def _is_denied(self, start: int, end: int, *, is_harm: bool) -> bool:
        if any(self._told[start:end]):
            return True
        before = self.folded[max(0, start - 8) : start]
        return bool(
            marks.DENIED.match(self.folded, end) or (is_harm and marks.NO_FOOD.search(before))
        )

    def _is_asserted(self, end: int, sentence: Span, is_harm: bool) -> bool:
        """Tell whether somebody says that there is something, and not that there is nothing."""
        pattern = marks.ASSERTED if is_harm else GENERIC
        return bool(
            pattern.match(self.folded, end)
            and not marks.NOT_ASSERTED.search(self.folded, *sentence)
        )

    def _holds_left_out(self, span: Span) -> bool:
        return bisect_left(self._left_out, span[0]) < bisect_left(self._left_out, span[1])

    def _is_answered(self, clause: Clause | None, start: int) -> bool:
        """Tell whether what stands under a label says what is left out, or that nothing is."""
        if clause is None:
            return False
        label = next((each for each in clause.labels if each[0] <= start < each[1]), None)
        if label is None and clause.kind == "label":
            label = clause.start, clause.end
        if label is None:
            return False
        under = [each for each in self.form.clauses if label in each.labels] or [clause]
        return all(
            self._holds_left_out((each.start, each.end))
            or not (value := self.folded[self.form.value_start(each) : each.end]).strip()
            or marks.DENYING.fullmatch(value)
            or marks.FINE.fullmatch(value)
            or marks.DENIED.match(value)
            or each.kind == "label"
            for each in under
        )

    def _clause(self, place: int) -> Clause | None:
        index = bisect_right(self._starts, place) - 1
        return self.form.clauses[index] if index >= 0 else None


# 卵[類], 卵[を使った料理]
_KIND: Final = (
    "(?:系|類|全般|全部|など|とか|なんか|なんて|そのもの|自体|だけ|入り|味|"
    "[をがの]?(?:使った|入った|入り)?(?:もの|料理))?"
)
_PARTICLE: Final = "って|には|では|とは|も|は|が|を|の|で|に|と|や|、|:|→|(?=[^ぁ-ん])|"
# Between a food and what is said of it.
LINK: Final = re.compile(rf"[」)\s]{{0,2}}{_KIND}[」)\s]{{0,2}}(?P<particle>{_PARTICLE})")
# Words behind a food that are looked at.
MOST_BEHIND: Final = 24
JOINED: Final = re.compile(
    r"[」)\s]{0,2}(?:類|系|など|とか)?"
    r"(?:と|や|、|・|とか|か|も、?|/|,|だの|やら|および|及び)?[「(\s]{0,2}"
)
TOPICS: Final = frozenset({"は", "も", "が", "って", "には", "とは", "、", ":", "→", ""})


BOUND: Final = re.compile(r"[」)\s]?(?:と|や|・|とか|および|及び)[「(\s]?")


def shared(form: Form, logits: Mapping[Mention, float]) -> dict[Mention, float]:
    """Return the logits with those of foods that と, や and ・ bind evened out.

    What is said of one member of a list is said of all of them.
    """
    evened = dict(logits)
    group: list[Mention] = []
    for food, following in pairwise((*form.foods, None)):
        if food is None or food not in logits:
            group = []
            continue
        group.append(food)
        joint = BOUND.match(form.text.folded, food.end)
        if following is None or joint is None or joint.end() != following.start:
            mean = sum(logits[one] for one in group) / len(group)
            evened |= dict.fromkeys(group, mean)
            group = []
    return evened


def by_predicate(form: Form) -> Iterator[Caught]:
    """Yield the foods whose sentence comes to refuse them: 「卵は高いので今回は使いません」.

    Of what is said behind a food the first word that decides counts, and another one behind a
    「けど」; a request (「夕食をお願い」) decides nothing of a topic. Another food ends it.
    """
    signals = list(find_signals(form.text.folded))
    starts = [signal.start for signal in signals]
    for food in form.foods:
        sentence = form.sentence_of(food)
        first = bisect_left(starts, food.end)
        behind = signals[first : min(first + MOST_BEHIND, bisect_left(starts, sentence[1]))]
        if (said := _decision(form, food, behind)) and said.kind in REFUSING:
            yield Caught(food, said.kind == "H", food.start, said.end)


def _decision(form: Form, food: Mention, behind: Sequence[Word]) -> Word | None:
    folded = form.text.folded
    link = LINK.match(folded, food.end)
    particle = link["particle"] if link else ""
    following = form.foods_in(food.end, behind[-1].end if behind else food.end)
    group_end = food.end
    limit = len(folded)
    for other in following:
        joint = JOINED.match(folded, group_end)
        if joint and joint.end() == other.start:
            group_end = other.end
            inner = LINK.match(folded, group_end)
            particle = inner["particle"] if inner else ""
        else:
            limit = other.start
            break
    decided: Word | None = None
    turned = False
    for word in behind:
        if word.start < group_end:
            continue
        if word.start >= limit:
            break
        if word.kind == "B":
            turned = True
        elif word.kind == "N":
            if decided and word.start <= decided.end + 4 and decided.kind in "RCH":
                decided = Word(decided.start, word.end, "K")
        elif word.kind == "A":
            if particle not in TOPICS and decided is None:
                return None
        elif word.kind in DECISIVE and (decided is None or turned):
            decided, turned = word, False
    return decided
