"""The form of a request: headings, labels, lists, tables and data give scope.

A text comes in; out comes the same text cut into clauses, each on a line of its own that no reading
crosses, with the labels that stand over it. Marks of form (Markdown, brackets, bullets) are gone.
Lines are read here, because people's lists begin with ・, ① or an emoji, and their tables lack what
a Markdown parser asks for (decision 24); data in braces is YAML's to parse, of which JSON is part.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import yaml

from chef_llm.reading.lexicon import Lexicon
from chef_llm.reading.marks import (
    AFFIRMING,
    HARM_STEMS,
    REFUSING_MARK,
    is_somebody,
    is_verdict,
    verdict_of_label,
)
from chef_llm.reading.text import Text, read_text
from chef_llm.reading.week import begins_with_a_day

# Prose runs on; an item, a cell and a value are read for themselves; a label speaks of others.
Kind = Literal["prose", "item", "value", "cell", "label"]
Span = tuple[int, int]
# Between clauses: no pattern of the reader crosses it.
HARD_BREAK: Final = "。\n"

QUOTE: Final = re.compile(r"\s*(?:>\s?)+")
FENCE: Final = re.compile(r"\s*(?:```|~~~)[\w-]*\s*$")
RULE: Final = re.compile(r"\s*[-=*_~―─━—・.+|:\s]{3,}$")
UNDERLINE: Final = re.compile(r"\s*(?:={3,}|-{3,}|─{3,}|━{3,}|―{3,})\s*$")
HEADING: Final = re.compile(r"\s*(#{1,6})\s*(?=[^#\s])")
_DOT: Final = r"[*+](?=\s)\s*|[-–—−└├┗┣│┃※](?!\d)\s*|[•‣⁃∙◦・●◆◇▪▫■►▶➤➢▸▹▽▼★☆🔸🔹🔺🔻👉📌✳❖]\s*"
# 「1.」, 「(2)」, 「3位」, 「No. 4」
_COUNT: Final = r"\(?\d{1,3}[.):](?!\d)\s*|\d{1,2}位[.:]?\s*|no\.?\s?\d{1,2}[.:]?\s+"
# 「(a)」, 「a)」
_BY_LETTER: Final = r"\([a-zあ-ん]\)\s*|[a-z][.)]\s+"
# Marks that open a member of a list; ×, ○ and ticks say something and stay.
BULLET: Final = re.compile(rf"(\s*)(?:{_DOT}|{_COUNT}|{_BY_LETTER})+(?=\S)")
LONGEST_TITLE: Final = 16
# Over a list of foods it may be longer.
LONGEST_TITLE_OF_FOODS: Final = 24
_ARROWS: Final = "⇒→➡⇨➜▶►»👉"
ARROW: Final = re.compile(f"=+>|-+>|[{_ARROWS}]")
# 「[すみません、]アレルギー:卵」
_BEFORE_LABEL: Final = rf"\s*(?:[^:=>{_ARROWS}…。!?\n|]{{0,60}}[(、,])??"
_LABEL: Final = (
    rf"(?P<label>[^\s:=>。!?\n|、,(][^:=>{_ARROWS}…。!?\n|(]{{0,23}}?(?:\([^()\n:]{{0,16}}\))?)"
)
_COLON: Final = (
    rf"\s*(?::|=+>|-+>|=|[{_ARROWS}]|[↓⬇👇](?=\s*$|\s*\n)|\.{{3,}}|…{{1,3}}|・{{3,}})\s*(?=\S?)"
)
LABEL: Final = re.compile(_BEFORE_LABEL + _LABEL + _COLON)
# A label without a mark: 「NG 卵」, 「嫌い ホルモン」.
BARE_LABEL: Final = re.compile(
    r"\s*(?P<label>[^\s、。,:]{1,12}(?<![はがをにでもとなてだ])) +(?=\S)"
)
# 「抜くもの【紅しょうが】【青のり】」
BEFORE_FRAMES: Final = re.compile(
    r"\s*(?P<label>[^\s、。,:()\[【「]{2,12})(?=[【「][^】」\n]{1,12}[】」])"
)
# 「×卵」, 「❌ ひき肉」, 「○鶏肉」: a mark at the head of a line is its label.
MARK_LABEL: Final = re.compile(
    r"\s*(?:[-・*]\s*)?(?P<label>[×✕✖❌✗✘🚫🙅⛔○〇◯⭕✅👌🙆])\s*(?=[^\s×✕○〇◯])"
)
# Answers take over what their question was about; so does 「内容:」 behind 「アレルギー:有」.
ASKED: Final = re.compile(r"(?:\?|ありますか|ございますか|ですか|教えてください)[。」)]?\s*$")
DETAIL: Final = re.compile(
    r"内容|詳細|具体|品目|種類|原因|食材名?|何|名称|対象|detail|what|which|item|回答|答え?|^a(?=$)"
)
# 「■アレルギー」; with another box in the line it is a choice: 「□和食 ☑洋食」.
_BEHIND_A_MARK: Final = r"[■◆▼●◇□★☆◎▶🔸🔹📌📝⚠🍽]\s*(?=[^\s])(?P<marked>[^。、:□☐■☑]{1,24})"
# 「【アレルギー】」, 「== 苦手 ==」
_IN_A_FRAME: Final = (
    r"(?:[【《〔\[<]|={2,}|-{2,}|\*+|_{2,}|~{2,}|『|「)\s*"
    r"(?P<framed>[^【】《》〔〕\[\]<>=*。]{1,30}?)"
    r"\s*(?:[】》〕\]>]|={2,}|-{2,}|\*+|_{2,}|~{2,}|』|」)\s*:?\s*"
)
TITLED: Final = re.compile(rf"\s*(?:{_BEHIND_A_MARK}|{_IN_A_FRAME})\s*")
# 【アレルギー】卵, [NG] 卵, <苦手>卵
BRACKETED: Final = re.compile(
    r"\s*[【\[《〔<]\s*(?P<label>[^【】\[\]《》〔〕<>\n]{1,40}?)\s*[】\]》〕>]\s*[::]?\s*"
)
# A second label on the same line: 「名前:太郎 アレルギー:卵」.
NEXT_LABEL: Final = re.compile(
    r"(?<=[\s、,;/|。])([^\s、,;/|。:=(){}]{1,16})(?::|=|→|⇒|➡)(?=\s?[^\s/])|(?=[【《])"
)
# 「18:30」, with what stands before and behind the colon.
TIME: Final = re.compile(r"\d{2}$")
CELLS: Final = re.compile(r"[|\t]")
COMMA: Final = re.compile(",")
# The last of the blanks between two columns of marks.
BLANKS: Final = re.compile(r" (?=\S)")
MARK: Final = re.compile(r"(?:[○◯〇◎×✕✗✘△▲✓✔-]|ok|ng|可|不可|なし|あり)", re.I)
CELL_KEY: Final = re.compile(r"\s*(?P<key>[^:=|、。\n]{1,16})[:=]")
# 「avoid = 卵, 乳」 is no head of a table.
KEY: Final = re.compile(r"[:=→]")
DELIMITER_ROW: Final = re.compile(r"[\s|:\-+─┼━═=]+$")
# Open brackets of data.
DATA: Final = re.compile(r"[{\[]")
MOST_DATA_DEPTH: Final = 64
# Brackets and quotation marks of every kind are one kind; emphasis opens and closes it.
MARKS: Final = re.compile(
    r"(?P<opening>[「『“‘„‚〝«‹｢〈《【〔\[{]|<(?!=))|(?P<closing>[」』”’〟»›｣〉》】〕\]}]|>(?!=))|"
    r"(?P<either>\*+|`+|~~|__+|\"|(?<![a-z0-9])_|_(?![a-z0-9])|(?<![a-z])'|'(?![a-z]))|(?P<bar>\|)"
)
LETTER: Final = re.compile(r"[^\W_]|[×✕✖❌✗✘🚫🙅○〇◯◎✅]")
ENDS_SENTENCE: Final = re.compile(r"[。.!?…♪☆)」』]\s*$")
ENDS_WITH_JOINT: Final = re.compile(r"[とや、,・&+]\s*$")
BEGINS_WITH_PARTICLE: Final = re.compile(
    r"\s*(?:[はがをにでともやのへ、,。ーっゃゅょぁぃぅぇぉん)」』]|です|ます)"
)
# 「以下」, 「次の」: the sentence speaks of what follows.
POINTS_AHEAD: Final = re.compile("以下|次の|下記|下の|こちら|これら|つぎの|:$")
# Under a heading of what is left out, a sentence that asks for something begins anew.
ASKS: Final = re.compile(
    "お願い|おねがい|ください|下さい|作って|つくって|教えて|考えて|ほしい|欲しい|たのむ|頼む|"
    "献立|夕食|晩|夕飯|昼|朝|めにゅー|れしぴ"
)


@dataclass(frozen=True)
class Clause:
    """A part of a request that is read by itself; places are those of the canonical text.

    `labels` stand over it, outermost first; of a "label: value" the label is the first part of the
    clause.
    """

    start: int
    end: int
    labels: tuple[Span, ...]
    kind: Kind


# Depths of labels: headings by their level, then lines of their own, then members of lists.
FRAMED: Final = 7
LEAD: Final = 40
TITLE: Final = 50
VALUED: Final = 60
MEMBER: Final = 100


@dataclass
class _Open:
    """A label that stands over what comes: its depth, and how many clauses came under it yet."""

    depth: int
    span: Span
    holds: int = 0

    @property
    def is_heading(self) -> bool:
        return self.depth <= FRAMED


class _Canonical:
    """Writes the canonical text, clause by clause, and keeps every character's place."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.plain: list[str] = []
        self.folded: list[str] = []
        self.places: list[int] = []
        self.clauses: list[Clause] = []

    def copy(self, start: int, end: int) -> Span:
        """Write what stands there without its marks of form, and return where it stands now."""
        begin = len(self.plain)
        place = start
        opened: set[str] = set()
        for match in MARKS.finditer(self.text.folded, start, end):
            self._take(place, match.start())
            place = match.end()
            if match["bar"]:
                self.write(" ", match.start())
            else:
                is_closing = bool(match["closing"]) or match[0] in opened
                opened ^= {match[0]} if match["either"] else set()
                self.write("」" if is_closing else "「", match.start())
        self._take(place, end)
        return begin, len(self.plain)

    def write(self, literal: str, place: int) -> None:
        """Write what is not in the request, as if it stood at `place`."""
        for character in literal:
            self.plain.append(character)
            self.folded.append(character)
            self.places.append(self.text.places[place])

    def _take(self, start: int, end: int) -> None:
        self.plain.extend(self.text.plain[start:end])
        self.folded.extend(self.text.folded[start:end])
        self.places.extend(self.text.places[start:end])

    def result(self) -> Text:
        """Return the canonical text."""
        places = (*self.places, self.text.places[-1])
        return Text(
            self.text.original,
            "".join(self.plain),
            "".join(self.folded),
            places,
            self.text.is_cut,
        )


class _Forms:
    """Reads the lines of one text."""

    def __init__(self, text: Text, lexicon: Lexicon) -> None:
        self.text = text
        self.folded = text.folded
        self.is_foods = lexicon.names_only
        self.begins_with_food = lexicon.begins_with_name
        self.names_food = lexicon.names_any
        self.out = _Canonical(text)
        self.open: list[_Open] = []
        # Where lines of prose that run on began, and where they end.
        self.prose: list[Span] = []
        self.table: list[list[Span]] = []
        self.after_blank = False
        self.in_list = False
        # The question or the affirmed label that the next line answers.
        self.question: Span | None = None

    # From lines to clauses

    def read(self) -> tuple[Text, tuple[Clause, ...]]:
        """Return the canonical text and its clauses."""
        place = 0
        for start, end in _data_blocks(self.folded):
            self._lines(place, start)
            if self._data(start, end):
                place = end
            else:
                self._lines(start, end)
                place = end
        self._lines(place, len(self.folded))
        self._end_block()
        return self.out.result(), tuple(self.out.clauses)

    def _lines(self, start: int, end: int) -> None:
        lines = []
        while start < end:
            stop = self.folded.find("\n", start, end)
            stop = end if stop < 0 else stop
            lines.append((start, stop))
            start = stop + 1
        between = dict.fromkeys(self._spaced(lines), BLANKS)
        between |= dict.fromkeys(self._comma_separated(lines), COMMA)
        for number, (start, stop) in enumerate(lines):
            following = lines[number + 1] if number + 1 < len(lines) else None
            if number in between:
                self._end_prose()
                self.table.append(
                    self._row_of_blanks(start, stop)
                    if between[number] is BLANKS
                    else list(_cells(self.folded[start:stop], start, COMMA))
                )
            else:
                self._line(start, stop, following)

    def _row_of_blanks(self, start: int, end: int) -> list[Span]:
        line = self.folded[start:end]
        if CELLS.search(line):
            return []
        start += len(line) - len(line.lstrip())
        return list(_cells(line.strip(), start, BLANKS))

    def _spaced(self, lines: list[Span]) -> Iterator[int]:
        """Yield the lines that are rows of a table parted by blanks: foods over marks."""
        rows = [
            [self.folded[slice(*cell)] for cell in self._row_of_blanks(*line)] for line in lines
        ]
        head: list[str] = []
        for number, row in enumerate(rows):
            marked = len(row) > 1 and all(MARK.fullmatch(cell) for cell in row[1:])
            if marked and len(row) == len(head) and any(map(self.is_foods, head[1:])):
                if head is rows[number - 1]:
                    yield number - 1
                yield number
            else:
                head = row

    def _comma_separated(self, lines: list[Span]) -> set[int]:
        """Return the lines that are rows of CSV: a head that says verdicts, and as many commas."""
        rows: set[int] = set()
        # Commas in the cells of a table part nothing.
        counts = [
            0 if CELLS.search(self.folded, start, stop) else self.folded.count(",", start, stop)
            for start, stop in lines
        ]
        stop = 0
        for number, count in enumerate(counts):
            if number < stop or not count:
                continue
            # Each run of lines with as many commas is looked at once.
            stop = next(
                (at for at in range(number, len(counts)) if counts[at] != count), len(counts)
            )
            block = [self.folded[slice(*line)] for line in lines[number:stop]]
            if not any(
                verdict_of_label(cell) != "none" for row in block for cell in row.split(",")
            ):
                continue
            heads = (
                at for at, row in enumerate(block) if not (KEY.search(row) or self.is_foods(row))
            )
            head = next(heads, len(block))
            if len(block) - head > 1:
                rows.update(range(number + head, stop))
        return rows

    def _line(self, start: int, end: int, following: Span | None) -> None:
        line = self.folded[start:end]
        if not line.strip():
            self._blank()
            return
        if FENCE.fullmatch(line):
            return
        if quote := QUOTE.match(line):
            start += quote.end()
            line = self.folded[start:end]
            if not line.strip():
                self._blank()
                return
        if RULE.fullmatch(line):
            self._end_prose()
            return
        if self._row(start, end):
            return
        self._end_table()
        if self._heading(start, end, following):
            return
        self._text_line(start, end)

    def _blank(self) -> None:
        self._end_block()
        self.after_blank = True
        self.in_list = False
        # A label without a value speaks of the block that follows it, and of no other.
        self.open = [
            each
            for each in self.open
            if each.is_heading or (each.depth < VALUED and not each.holds)
        ]

    def _end_block(self) -> None:
        self._end_prose()
        self._end_table()

    # Headings

    def _heading(self, start: int, end: int, following: Span | None) -> bool:
        line = self.folded[start:end]
        depth = None
        if marked := HEADING.match(line):
            depth, start = len(marked[1]), start + marked.end()
        elif following and UNDERLINE.fullmatch(self.folded[slice(*following)]):
            depth = 1
        elif following and self._is_title(line, self.folded[slice(*following)]):
            self._end_block()
            self.open = [each for each in self.open if each.is_heading]
            self.open.append(_Open(TITLE, self._clause(start, end, "label")))
            return True
        elif titled := TITLED.fullmatch(line):
            name = "marked" if titled["marked"] else "framed"
            # 「■卵」 is a member of a list, 「■アレルギー」 a heading.
            if self.names_food(titled[name]) or not verdict_or_noun(titled[name]):
                return False
            depth = FRAMED
            start, end = start + titled.start(name), start + titled.end(name)
        if depth is None:
            return False
        self._end_block()
        self.open = [each for each in self.open if each.is_heading and each.depth < depth]
        if label := LABEL.match(self.folded, start, end):
            # 「## アレルギー: 卵」
            span = self._label_and_value(start, end, label)
        else:
            span = self._clause(start, end, "label")
        self.open.append(_Open(depth, span))
        self.after_blank = False
        self.in_list = False
        return True

    def _is_title(self, line: str, following: str) -> bool:
        """Tell whether a line is a label without a mark: 「NG」 above foods or a list."""
        bullet = BULLET.match(following)
        is_over_foods = bullet is not None and self.is_foods(following[bullet.end() :])
        return bool(
            len(line) <= (LONGEST_TITLE_OF_FOODS if is_over_foods else LONGEST_TITLE)
            and not self.is_foods(line)
            and not BULLET.match(line)
            and verdict_of_label(line) != "none"
            and not re.search(r"[。、!?:→=]|です|ます|ください", line)
            and (
                self.is_foods(following)
                or bullet
                or (
                    (label := LABEL.match(following)) and verdict_of_label(label["label"]) == "none"
                )
            )
        )

    # Items, labels and prose

    def _text_line(self, start: int, end: int) -> None:
        line = self.folded[start:end]
        if whole := MARK_LABEL.match(self.folded, start, end):
            self._end_prose()
            self._close_for_prose(MEMBER, "")
            self._label_and_value(start, end, whole)
            return
        bullet = BULLET.match(line)
        depth = MEMBER + (len(bullet[1].expandtabs(4)) if bullet else _indent(line))
        if bullet:
            self._end_prose(before_list=True)
            self._close(depth)
            self.in_list = True
            start += bullet.end()
        else:
            self._close_for_prose(depth, line)
        label = self._label_of(start, end)
        if label is not None or bullet:
            self._end_prose()
        if label is not None:
            self._labelled(start, end, label, depth)
        elif bullet:
            span = self._clause(start, end, "item")
            self.open.append(_Open(depth, span))
        else:
            self.prose.append((start, end))
        self.after_blank = False

    def _label_of(self, start: int, end: int) -> re.Match[str] | None:
        bracketed = BRACKETED.match(self.folded, start, end)
        if bracketed and not self.is_foods(bracketed["label"]):
            return bracketed
        label = LABEL.match(self.folded, start, end)
        if label is None:
            bare = BARE_LABEL.match(self.folded, start, end)
            if (
                bare
                and self.begins_with_food(self.folded[bare.end() : end])
                and not self.begins_with_food(bare["label"])
                and verdict_of_label(bare["label"]) != "none"
            ):
                return bare
            framed = BEFORE_FRAMES.match(self.folded, start, end)
            if framed and verdict_of_label(framed["label"]) != "none":
                return framed
            return None
        value = self.folded[label.end() : end]
        if re.search(r"https?$", label["label"]) or TIME.search(label["label"] + value[:1]):
            return None
        return label if LETTER.search(value) or not value.strip() else None

    def _labelled(self, start: int, end: int, label: re.Match[str], depth: int) -> None:
        """Read 「label: value」, 「label:」 over what follows, and several of them on one line."""
        if not self.folded[label.end() : end].strip():
            self._before_label(start, label)
            span = self._clause(*label.span("label"), "label")
            depth = depth + 1 if self.in_list else TITLE
            self.open = [each for each in self.open if each.depth < depth]
            self.open.append(_Open(depth, span))
            return
        pieces = [start]
        for match in NEXT_LABEL.finditer(self.folded, label.end(), end):
            framed = BRACKETED.match(self.folded, match.start(), end)
            if not (framed and self.is_foods(framed["label"])):
                pieces.append(match.start())
        pieces.append(end)
        spans = []
        # What is refused of all goes on over each of them: 「アレルギー:兄→乳、妹→卵」.
        over: tuple[Span, ...] = ()
        for one, other in pairwise(pieces):
            inner = self._label_of(one, other)
            name = inner["label"] if inner is not None else self.folded[one:other].strip(" :=→")
            over = over if is_somebody(name) else ()
            if inner is not None and inner.end() < other:
                spans.append(self._label_and_value(one, other, inner, over))
            elif self.folded[one:other].strip():
                spans.append(self._clause(one, other, "value"))
            if spans and not over and verdict_of_label(name) == "refused":
                over = (spans[-1],)
        # 「アレルギー:卵」 over lines of foods that follow.
        if spans:
            depth = depth + 1 if self.in_list else VALUED
            self.open = [each for each in self.open if each.depth < depth]
            self.open.append(_Open(depth, spans[-1], holds=1))

    def _label_and_value(
        self, start: int, end: int, label: re.Match[str], over: tuple[Span, ...] = ()
    ) -> Span:
        self._before_label(start, label)
        begin = len(self.out.plain)
        name = self.out.copy(*label.span("label"))
        is_arrow = ARROW.search(self.folded, label.end("label"), label.end())
        self.out.write("→" if is_arrow else ": ", label.end("label") - 1)
        self.out.copy(label.end(), end)
        self._finish(begin, "value", extra=(*over, name), place=max(start, end - 1))
        return name

    def _before_label(self, start: int, label: re.Match[str]) -> None:
        """Write what stands before a label in its line: 「和食で(アレルギー:卵)」."""
        before = self.folded[start : label.start("label")]
        if LETTER.search(before):
            self._clause(start, label.start("label"), "value")

    def _close(self, depth: int) -> None:
        """Close what an item of this depth does not stand under."""
        self.open = [each for each in self.open if each.is_heading or each.depth < depth]
        if self.open:
            self.open[-1].holds += 1

    def _close_for_prose(self, depth: int, line: str) -> None:
        """Close what a line of text does not stand under."""
        is_foods = self.is_foods(line)
        kept = [each for each in self.open if self._stands_over(each, depth, line, is_foods)]
        if kept != self.open:
            self._end_prose()
            self.open = kept
        if self.open and not self.prose:
            self.open[-1].holds += 1
        self.in_list = any(each.depth >= MEMBER for each in self.open)

    def _stands_over(self, label: _Open, depth: int, line: str, is_foods: bool) -> bool:
        """Tell whether a label still stands over a line of text that is no member of a list."""
        if label.is_heading:
            begins_anew = label.holds and self.after_blank and ASKS.search(line)
            return is_foods or not begins_anew or verdict_of_label(line) == "refused"
        if label.depth >= MEMBER:
            return depth > MEMBER + 1 and label.depth < depth
        # 「アレルギー:」 over lines of foods, till a line says something else.
        named = LABEL.match(line)
        is_of_someone = (
            label.depth == TITLE and named and verdict_of_label(named["label"]) == "none"
        )
        return is_foods or not label.holds or bool(is_of_someone and not self.in_list)

    # Prose

    def _end_prose(self, *, before_list: bool = False) -> None:
        """Write the lines of prose that ran on as one clause, wrapped words made whole."""
        if not self.prose:
            return
        lines, self.prose = self.prose, []
        begin = len(self.out.plain)
        for number, (start, end) in enumerate(lines):
            self.out.copy(start, end)
            if number + 1 < len(lines) and not self._runs_on(lines[number], lines[number + 1]):
                self.out.write("\n", end)
        span = self._finish(begin, "prose", place=lines[-1][1] - 1)
        said = self.folded[lines[-1][0] : lines[-1][1]]
        is_lead = POINTS_AHEAD.search(said) or (before_list and not self.names_food(said))
        if said.rstrip().endswith(":") or (is_lead and verdict_of_label(said) == "refused"):
            self.open = [each for each in self.open if each.depth < LEAD]
            self.open.append(_Open(LEAD, span))

    def _runs_on(self, line: Span, following: Span) -> bool:
        """Tell whether a line was wrapped, so that its last word goes on in the next."""
        said, next_said = self.folded[slice(*line)], self.folded[slice(*following)]
        if ENDS_SENTENCE.search(said):
            return False
        if ENDS_WITH_JOINT.search(said):
            return True
        if self.begins_with_food(next_said) or begins_with_a_day(next_said):
            return False
        if BEGINS_WITH_PARTICLE.match(next_said):
            return True
        return not (self.is_foods(said) or self.is_foods(next_said))

    # Tables

    def _row(self, start: int, end: int) -> bool:
        line = self.folded[start:end]
        cells = list(_cells(line, start))
        if len(cells) <= 1 and not (self.table and CELLS.search(line)):
            return False
        keys = self._keys(cells)
        if any(verdict_of_label(self.folded[slice(*key)]) != "none" for key in keys):
            return False  # 「NG: 卵 | OK: 鶏肉」
        self._end_prose()
        if cells and not DELIMITER_ROW.fullmatch(line):
            self.table.append(cells)
        return True

    def _end_table(self) -> None:
        if not self.table:
            return
        rows, self.table = self.table, []
        if self.open:
            self.open[-1].holds += 1
        keyed = [self._keys(cells) for cells in rows]
        rows = [
            [(key[1] + 1, cell[1]) for key, cell in zip(keys, cells, strict=True)]
            if keys
            else cells
            for keys, cells in zip(keyed, rows, strict=True)
        ]
        head: list[Span] = []
        if len(rows) > 1 and not keyed[0] and not self._says_a_verdict(rows[0]):
            head = [self._clause(*cell, "label") for cell in rows.pop(0)]
        for keys, cells in zip(keyed[len(keyed) - len(rows) :], rows, strict=True):
            head = [self._clause(*key, "label") for key in keys] or head
            place = self._named_in(cells)
            first = self._clause(*cells[place], "cell", extra=tuple(head[place : place + 1]))
            for column, cell in enumerate(cells):
                if column != place and self.folded[slice(*cell)].strip():
                    over = head[column : column + 1]
                    self._clause(*cell, "cell", extra=(*over, first))

    def _keys(self, cells: Sequence[Span]) -> list[Span]:
        """Return the keys of a row whose cells all have one: 「item: 豆苗 | qty: 0」."""
        found = [CELL_KEY.match(self.folded, *cell) for cell in cells]
        return [match.span("key") for match in found if match] if all(found) else []

    def _named_in(self, cells: Sequence[Span]) -> int:
        """Return the cell that a row is about: the first, or the food that another one refuses.

        「父 | そば | アナフィラキシー」, 「1 | いわし | ×」.
        """
        said = [self.folded[slice(*cell)] for cell in cells]
        foods = [place for place, cell in enumerate(said) if self.names_food(cell)]
        is_told = any(
            REFUSING_MARK.fullmatch(cell.partition("(")[0]) or HARM_STEMS.search(cell)
            for place, cell in enumerate(said)
            if place not in foods
        )
        return foods[0] if len(foods) == 1 and is_told else 0

    def _says_a_verdict(self, cells: Sequence[Span]) -> bool:
        """Tell whether a row is no head: it says of a food that it is refused, or fine.

        「卵 | ×」, 「使わない | 卵、乳」.
        """
        first, *others = (self.folded[slice(*cell)] for cell in cells)
        if self.names_food(first) or self._named_in(cells):
            return self._named_in(cells) > 0 or any(map(is_verdict, others))
        return verdict_of_label(first) != "none" and any(map(self.names_food, others))

    # Data

    def _data(self, start: int, end: int) -> bool:
        """Read JSON, or YAML in braces; False where it is neither."""
        source = self.text.plain[start:end]
        try:
            root = yaml.compose(source.replace("\t", " "), Loader=_LOADER)
        except (yaml.YAMLError, RecursionError, ValueError):
            return False
        if root is None or isinstance(root, yaml.ScalarNode) or not _says_keys(root):
            return False
        self._end_block()
        self._node(root, start, ())
        return True

    def _node(self, node: yaml.Node, offset: int, labels: tuple[Span, ...]) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                self._entry(key, value, offset, labels)
        elif isinstance(node, yaml.SequenceNode):
            for each in node.value:
                self._node(each, offset, labels)
        else:
            self._scalar(node, offset, labels)

    def _entry(
        self, key: yaml.Node, value: yaml.Node, offset: int, labels: tuple[Span, ...]
    ) -> None:
        if not isinstance(key, yaml.ScalarNode):
            self._node(key, offset, labels)
            self._node(value, offset, labels)
            return
        begin = len(self.out.plain)
        name = self._spelled(key, offset)
        if isinstance(value, yaml.ScalarNode) and value.value.strip():
            self.out.write(": ", offset + value.start_mark.index)
            self._spelled(value, offset)
            place = offset + value.start_mark.index
            self._finish(begin, "value", place=place, over=(*labels, name))
            return
        empty = isinstance(value, yaml.ScalarNode) or not value.value
        if empty:
            self.out.write(": なし", offset + value.start_mark.index)
        self._finish(begin, "label", place=offset + key.start_mark.index, over=labels)
        if not empty:
            self._node(value, offset, (*labels, name))

    def _scalar(self, node: yaml.ScalarNode, offset: int, labels: tuple[Span, ...]) -> None:
        begin = len(self.out.plain)
        self._spelled(node, offset)
        self._finish(begin, "item", place=offset + node.start_mark.index, over=labels)

    def _spelled(self, node: yaml.ScalarNode, offset: int) -> Span:
        """Write a key or value as it is meant, escapes undone, where it stands."""
        start, end = offset + node.start_mark.index, offset + node.end_mark.index
        if node.style in ("'", '"'):
            start, end = start + 1, end - 1
        if "\\" not in self.folded[start:end]:
            return self.out.copy(start, end)
        begin = len(self.out.plain)
        meant = read_text(node.value)
        for plain, folded in zip(meant.plain, meant.folded, strict=True):
            self.out.plain.append(plain)
            self.out.folded.append(folded)
            self.out.places.append(self.text.places[start])
        return begin, len(self.out.plain)

    # Writing

    def _clause(self, start: int, end: int, kind: Kind, extra: tuple[Span, ...] = ()) -> Span:
        begin = len(self.out.plain)
        self.out.copy(start, end)
        return self._finish(begin, kind, extra=extra, place=max(start, end - 1))

    def _finish(
        self,
        begin: int,
        kind: Kind,
        *,
        place: int,
        extra: tuple[Span, ...] = (),
        over: tuple[Span, ...] | None = None,
    ) -> Span:
        """End the clause that began at `begin`; an empty one is none."""
        span = begin, len(self.out.plain)
        labels = (*(each.span for each in self.open), *(extra if over is None else over))
        said = "".join(self.out.folded[begin:])
        if self.question and kind != "label":
            labels = (self.question, *labels)
        self.question = self._asked(said, kind, labels, span)
        self.out.clauses.append(Clause(*span, labels, kind))
        self.out.write(HARD_BREAK, min(place, len(self.folded) - 1))
        return span

    def _asked(self, said: str, kind: Kind, labels: tuple[Span, ...], span: Span) -> Span | None:
        """Return the label that the next clause answers: a question, or 「アレルギー:有」."""
        if kind in ("cell", "label") or self.names_food(said):
            return None
        if ASKED.search(said) and verdict_of_label(said) == "refused":
            return span
        own = next((each for each in labels if each[0] == span[0]), None)
        if own and AFFIRMING.fullmatch(said[own[1] - own[0] :].lstrip(":→ ")):
            label = "".join(self.out.folded[slice(*own)])
            return own if verdict_of_label(label) == "refused" else None
        return None


_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_forms(text: Text, lexicon: Lexicon) -> tuple[Text, tuple[Clause, ...]]:
    """Return `text` cut into clauses, and these; `lexicon` knows what names a food."""
    return _Forms(text, lexicon).read()


def verdict_or_noun(title: str) -> bool:
    """Tell whether a line by itself is a title: it says a verdict or is short, and no sentence."""
    return verdict_of_label(title) != "none" or not re.search(r"[。!?]|です|ます|ください", title)


def _indent(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())


def _cells(line: str, offset: int, between: re.Pattern[str] = CELLS) -> Iterator[Span]:
    """Yield where the cells of a row stand; the outer bars of a table bound nothing."""
    bars = [match.start() for match in between.finditer(line)]
    if not bars:
        return
    stripped = line.strip()
    edges = [-1, *bars, len(line)]
    if stripped.startswith("|"):
        edges.pop(0)
    if stripped.endswith("|") and len(edges) > 1:
        edges.pop()
    for one, other in pairwise(edges):
        start, end = one + 1, other
        while start < end and line[start] == " ":
            start += 1
        while end > start and line[end - 1] == " ":
            end -= 1
        yield offset + start, offset + end


def _data_blocks(folded: str) -> Iterator[Span]:
    """Yield the outermost pairs of braces that are not too deep."""
    depth, start, deepest = 0, 0, 0
    for match in re.finditer(r"[{}\[\]]", folded):
        if match[0] in "{[":
            if depth == 0:
                start, deepest = match.start(), 0
            depth += 1
            deepest = max(deepest, depth)
        elif depth:
            depth -= 1
            if depth == 0 and deepest <= MOST_DATA_DEPTH and folded[start] == "{":
                yield start, match.end()


def _says_keys(node: yaml.Node) -> bool:
    if isinstance(node, yaml.MappingNode):
        return True
    return any(map(_says_keys, node.value)) if isinstance(node, yaml.SequenceNode) else False
