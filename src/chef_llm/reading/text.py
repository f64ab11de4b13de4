"""A request as words are compared in: invisible characters gone, scripts and widths made equal.

What people's machines put into a text (invisible characters, stray marks, radicals for kanji, HTML)
says nothing, and must hide nothing. Every character keeps the place where it stood.
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from chef_llm.cookbook.model import KATAKANA_TO_HIRAGANA

HIRAGANA: Final = re.compile(r"[ぁ-ゖー]+")
# How far before a place something may stand that is looked for right before it.
LONGEST_BEFORE: Final = 24
# One character that can only be hiragana.
KANA: Final = re.compile(r"[ぁ-ゖ]")
KATAKANA: Final = re.compile(r"[ァ-ヺー]+")
KATAKANA_BEFORE: Final = re.compile(r"[ァ-ヺ][ァ-ヺー]*$")
KANA_ONLY: Final = re.compile(r"[ぁ-ヺー]+")
KANJI: Final = re.compile(r"[㐀-鿿々]")
# Blanks of a printed form, filled in or not: 「【人数】（ 4 ）人」, 「【日付】　　月　　日」.
FILLED_IN: Final = re.compile(
    r"[(（]\s{0,8}(\d{1,2})\s{0,8}[)）]\s{0,2}(?=人(?![参気形間])|名(?![物産前]))"
)
NO_DATE: Final = re.compile(r"(?<![\d一-鿿])月(?:\s{2,8}|[_＿]{1,8})日(?!曜)")
_OPEN_BOX: Final = r"(?:[□☐▢⬜◻]|\[ ?\])"
_TICKED_BOX: Final = r"(?:[■☑✓✔✅☒◼]|\[[xX✓✔レv]\])"
_ANSWER: Final = (
    r"(?:あり|なし|有り?|無し?|はい|いいえ|OK|NG|可|不可|好き|嫌い|苦手|大丈夫|だめ|ダメ|重度|中等?度|軽度"
    r"|(?:食べ|たべ)(?:る|ない|られる|られない)|[Yy]es|[Nn]o|YES|NO)(?![\w])"
)
_BETWEEN: Final = r"[\s/／・、,]{0,3}"
# Of the answers of a form only the ticked one is given: 「卵アレルギー：☐あり ☑なし」.
ANSWERS_BEFORE: Final = re.compile(
    rf"(?:{_OPEN_BOX}\s?{_ANSWER}{_BETWEEN}){{1,3}}{_TICKED_BOX}\s?({_ANSWER})"
)
ANSWERS_BEHIND: Final = re.compile(
    rf"{_TICKED_BOX}\s?({_ANSWER})(?:{_BETWEEN}{_OPEN_BOX}\s?{_ANSWER}){{1,3}}"
)
ATTRIBUTE: Final = re.compile(r"""\s([^\s=<>"']{1,30})\s?=\s?["']([^"'<>\n]{1,100})["']""")
# 「Q1 」, 「問2：」, 「回答１」 at the head of a line say which question it is; and the 「A 」 of
# an answer.
NUMBERED_QUESTION: Final = re.compile(
    r"^[^\S\n]{0,4}(?:[QqＱAaＡ]|問い?|質問|設問|回答|答え?)[^\S\n]?[0-9０-９]{1,2}"
    r"(?:[.．:：)）、][^\S\n]*|[^\S\n]+)|(?<=[?？]\n)[AaＡ][^\S\n]+",
    re.MULTILINE,
)
# A mark that stands for what must not be eaten, unlike the one that mostly does.
LEGEND: Final = re.compile(
    r"(?P<mark>[☑✓✔✅●○◯〇▲△★☆◆■▶])[^\S\n]?(?:[＝=:：]|は)[^\S\n]?「?(?:食物)?"
    r"(?:アレルギー|アレルゲン|除去|食べられない|食べない|NG|ＮＧ|不可|だめ|ダメ|使わない|使用しない|禁止|苦手|嫌い)"
    r"(?!(?:は|が)?(?:なし|無|ない|では|じゃ|以外|解除))(?:が?あり|がある|もの)?"
)
# A character that is none to read: it is passed over wherever it stands.
NOT_READ: Final = "\u200b"
# So much of a text is read: a menu's request is far shorter, and reading must end in time.
MOST_CHARACTERS: Final = 10_000

# Default_Ignorable_Code_Point (Unicode 16) that is not of the categories below: fillers,
# U+034F, variation selectors. U+2800 is the braille pattern without dots.
IGNORABLE: Final = frozenset(
    chr(code)
    for first, last in (
        (0x034F, 0x034F),
        (0x115F, 0x1160),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0x2065, 0x2065),
        (0x2800, 0x2800),
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),
        (0xFFA0, 0xFFA0),
        (0xFFF0, 0xFFFD),
        (0xE0100, 0xE01EF),
    )
    for code in range(first, last + 1)
)
# Controls, formats, surrogates, private and unassigned code points; marks that stand alone.
SILENT_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Mc", "Me"})
LINE_BREAKS: Final = frozenset("\n\x0b\x0c\x85\u2028\u2029")
SPACING: Final = frozenset({"Zs"})
# ゛ and ゜, combining, spacing and half-width, to the combining mark.
VOICING: Final = {
    "\u3099": "\u3099",
    "\u309a": "\u309a",
    "\u309b": "\u3099",
    "\u309c": "\u309a",
    "\uff9e": "\u3099",
    "\uff9f": "\u309a",
}
# The CJK radicals that NFKC leaves as they are, to the ideograph that each stands for
# (EquivalentUnifiedIdeograph.txt of the Unicode Character Database); fish and chicken as in Japan.
RADICALS: Final = str.maketrans(
    "⺁⺅⺇⺉⺊⺌⺍⺎⺐⺒⺓⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺫⺬⺭⺯⺱⺲⺵⺶⺹⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻆⻇⻉⻊⻌⻍⻎⻏⻐⻑⻒⻓⻕⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻫⻭⻯⻱⻲鱼鸡雞鷄",
    "厂亻几刂卜小小兀尢巳幺彐忄心扌攵旡日月歺民氵氺灬爫爫丬牛犭王目示礻糸罓罒冗羊耂聿肉臼艹艹艹虎衤覀西角角貝足辶辶辶邑金長镸長阜阝雨青韋頁風飛食飠飠馬骨鬼魚鳥卤麦黄斉歯竜龜亀魚鶏鶏鶏",
)
# Numbers in circles and brackets open a member of a list wherever they stand, save 「弟①：乳」.
NUMBERED: Final = re.compile(r"[①-⒛❶-➓⓫-⓿㉑-㉟㊱-㊿](?!(?<=[^\W\d_].) ?[:：→⇒=は])")
# What ends a sentence of Latin letters: 「I have pork. My son ...」, not 「e.g.」.
LATIN_STOP: Final = re.compile(r"(?<=[A-Za-z]{2})\.(?=\s|$)|(?<=\))\.(?=\s|$)")
TAG: Final = re.compile(
    r"<(/?)([^\W\d][\w.-]{0,30})(?:\s[^<>\n]{0,300})?/?>|<!--[^<>]{0,300}-->|<!\[cdata\[|\]\]>",
    re.I,
)
# What HTML's tags are in plain text; all others are labels of what they hold.
INLINE_TAGS: Final = frozenset(
    [
        "a",
        "abbr",
        "b",
        "big",
        "bdi",
        "bdo",
        "body",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "head",
        "html",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "p",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "style",
        "sub",
        "sup",
        "tbody",
        "thead",
        "tfoot",
        "time",
        "title",
        "tt",
        "u",
        "var",
        "wbr",
        "font",
        "xml",
    ]
)
TAGS: Final = {
    **dict.fromkeys(
        [
            "br",
            "p",
            "div",
            "tr",
            "ul",
            "ol",
            "table",
            "hr",
            "section",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "dl",
            "dt",
            "dd",
        ],
        "\n",
    ),
    "li": "\n・",
    "td": "|",
    "th": "|",
}
ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
# A line break that a program has written out.
WRITTEN_BREAK: Final = re.compile(r"\\r\\n|\\n|\r\n?")
UNREAD: Final = re.compile("|".join(pattern.pattern for pattern in (TAG, ENTITY, WRITTEN_BREAK)))
_GAP: Final = r"[^\w\n、。]{0,2}"
_DASHES: Final = r"[ー\-‐‑‒–—―−─━〜~_]"
# アレルギー with dashes, blanks or slips in it: ア レ ル ギ ー, アレルギ―, アルレギー, アレギルー.
_ALLERGY_STEM: Final = (
    rf"(?:あ{_GAP}れ{_GAP}る{_GAP}ぎ|ある(?:れぎ|ーれぎ)|あれ(?:ぎる|るーぎ|ーるぎ|りぎ|るぎゅ))"
)
# The い of アレルギい is no いか.
_LAST_VOWEL: Final = (
    rf"(?:{_GAP}ー|{_DASHES}+|[ぃい](?=[^ぁ-ゖ]|[でがはもをにと]|の|な[のしいん]|あ[りる]|$))?ー*"
)
ALLERGY: Final = re.compile(_ALLERGY_STEM + _LAST_VOWEL)
# A dash that stands for a long vowel: マヨネ―ズ, チ-ズ. A hyphen also parts two names (エビ-カニ).
LONG_VOWEL: Final = re.compile(
    r"(?<=[ァ-ヺ])[―─━]"
    r"|(?<=[ァ-ヺ])[-‐‑‒–—−](?=[ァ-ヺ](?![ァ-ヺー]))|(?<=[^ァ-ヺー][ァ-ヺ])[-‐‑‒–—−](?=[ァ-ヺ])"
)
CANONICAL_ALLERGY: Final = ("アレルギー", "あれるぎー")
# Behind a word, in kana: 「からあげいがいの」.
BUT: Final = re.compile(r"(?<=[^\W\d_])いがい(?=[のではを]|なら)")
CANONICAL_BUT: Final = ("以外", "以外")


@dataclass(frozen=True)
class Text:
    """A request: `plain` (NFKC) tells the scripts apart, `folded` is what words are compared in.

    `places` holds where each of their characters stood in `original`; `is_cut` tells that the
    request was longer than what is read.
    """

    original: str
    plain: str
    folded: str
    places: tuple[int, ...]
    is_cut: bool = False

    def words(self, start: int, end: int) -> str:
        """Return the original words at a place of the folded text."""
        if end <= start:
            return ""
        # What comes behind the last character, invisible marks of it too, may be another line.
        return self.original[self.places[start] : self._end(end)].strip()

    def _end(self, end: int) -> int:
        following = self.places[end] if end < len(self.places) else len(self.original)
        last = self.places[end - 1]
        return following if following > last else last + 1

    def until(self, place: int) -> "Text":
        """Return the text up to a place: what is behind it is not read."""
        return Text(
            self.original,
            self.plain[:place],
            self.folded[:place],
            self.places[: place + 1],
            is_cut=True,
        )


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    """Return what one character is in plain text; nothing, where it says nothing."""
    if character in IGNORABLE:
        return ""
    character = character.translate(RADICALS)
    read: list[str] = []
    for each in unicodedata.normalize("NFKC", character):
        category = unicodedata.category(each)
        if category in SILENT_CATEGORIES and each not in VOICING:
            continue
        if category in SPACING:
            read.append(" ")
        elif each.isascii() or each >= "぀":
            read.append(each)
        else:  # é is e, and 'Ⅳ' was letters already
            bare = unicodedata.normalize("NFD", each)[0]
            read.append(bare if bare.isascii() else each)
    return "".join(read)


class _Plain:
    """Collects plain characters with their places."""

    def __init__(self) -> None:
        self.characters: list[str] = []
        self.places: list[int] = []

    def add(self, text: str, place: int) -> None:
        """Take what one character of the original is."""
        for character in text:
            self.characters.append(character)
            self.places.append(place)

    def voice(self, mark: str) -> None:
        """Join ゛ or ゜ to the kana before it; there is none: it says nothing."""
        if self.characters:
            joined = unicodedata.normalize("NFC", self.characters[-1] + mark)
            if len(joined) == 1:
                self.characters[-1] = joined

    def open_member(self, place: int) -> None:
        """Begin a member of a list, on a line of its own."""
        at_start = not self.characters or self.characters[-1] == "\n"
        self.add("・" if at_start else "\n・", place)


def read_text(original: str) -> Text:
    """Return at most the first `MOST_CHARACTERS` of a request, made plain and folded."""
    read = _without_blanks(original[:MOST_CHARACTERS])
    plain = _Plain()
    place = 0
    for match in UNREAD.finditer(read):
        _read_characters(read, place, match.start(), plain)
        _read_markup(match[0], match.start(), plain)
        place = match.end()
    _read_characters(read, place, len(read), plain)
    return _canonical(original, plain, is_cut=len(original) > len(read))


def _as_its_legend_says(text: str) -> str:
    """Return a text with × for the marks that its legend explains so: 「（☑＝アレルギーあり）」."""
    for legend in LEGEND.finditer(text):
        start, end = legend.span()
        read = text[:start], NOT_READ * (end - start), text[end:]
        text = "".join(piece.replace(legend["mark"], "×") for piece in read)
    return text


def _without_blanks(text: str) -> str:
    """Return a text of the same length in which the blanks of a printed form are not read."""
    text = _as_its_legend_says(text)
    for pattern in (FILLED_IN, NO_DATE, ANSWERS_BEFORE, ANSWERS_BEHIND, NUMBERED_QUESTION):
        text = pattern.sub(_unread, text)
    return text


def _unread(match: re.Match[str]) -> str:
    kept = match.re.groups and match.span(1)
    return "".join(
        character if kept and kept[0] <= place < kept[1] else NOT_READ
        for place, character in enumerate(match[0], match.start())
    )


def _read_characters(text: str, start: int, end: int, plain: _Plain) -> None:
    for place in range(start, end):
        character = text[place]
        if character in LINE_BREAKS:
            plain.add("\n", place)
        elif character == "\t":
            plain.add("\t", place)
        elif character in VOICING:
            plain.voice(VOICING[character])
        elif NUMBERED.match(text, place):
            plain.open_member(place)
        elif character == "." and LATIN_STOP.match(text, place):
            plain.add("。", place)
        else:
            plain.add(_fold_character(character), place)


def _read_markup(markup: str, place: int, plain: _Plain) -> None:
    if markup.startswith("&"):
        for character in html.unescape(markup):
            plain.add(_fold_character(character), place)
    elif tag := TAG.fullmatch(markup):
        name = (tag[2] or "").lower()
        if name in TAGS:
            # A closing tag ends what it closes only where that is a block.
            plain.add("" if tag[1] and TAGS[name] != "\n" else TAGS[name], place)
        elif name and name not in INLINE_TAGS:
            plain.add("\n" if tag[1] else "\n" + "".join(map(_fold_character, tag[2])) + ":", place)
            # 「<member ng="卵"/>」: an attribute says as much as a tag.
            for key, value in ATTRIBUTE.findall(markup):
                said = "".join(map(_fold_character, f"{key}: {value}"))
                plain.add(f"\n{said}\n", place)
    else:
        plain.add("\n", place)


def _canonical(original: str, plain: _Plain, *, is_cut: bool) -> Text:
    """Fold case and kana, and spell アレルギー and 以外 as they are, however they were typed."""
    characters = LONG_VOWEL.sub("ー", "".join(plain.characters))
    lower = [small if len(small := each.lower()) == 1 else each for each in characters]
    folded = "".join(lower).translate(KATAKANA_TO_HIRAGANA)
    places = plain.places
    parts: list[tuple[str, str, list[int]]] = []
    done = 0
    spelled = [(match.span(), CANONICAL_ALLERGY) for match in ALLERGY.finditer(folded)]
    spelled += [(match.span(), CANONICAL_BUT) for match in BUT.finditer(folded)]
    for (start, end), canonical in sorted(spelled):
        spread = [places[min(start + step, end - 1)] for step in range(len(canonical[0]))]
        parts.append((characters[done:start], folded[done:start], places[done:start]))
        parts.append((*canonical, spread))
        done = end
    parts.append((characters[done:], folded[done:], places[done:]))
    return Text(
        original,
        "".join(part[0] for part in parts),
        "".join(part[1] for part in parts),
        (*(place for part in parts for place in part[2]), min(len(original), MOST_CHARACTERS)),
        is_cut,
    )


def right_before(pattern: re.Pattern[str], folded: str, place: int) -> re.Match[str] | None:
    """Return what a pattern that ends with `$` finds right before a place, without a long way."""
    return pattern.search(folded, max(0, place - LONGEST_BEFORE), place)
