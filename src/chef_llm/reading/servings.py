"""For how many people: read from the words of a request (「二人」「4人前」「夫と私、娘が2人」)."""

import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from chef_llm.reading.numbers import KANJI_DIGITS

DEFAULT_SERVINGS: Final = 2
MOST_SERVINGS: Final = 12
WORDS: Final = {"ひとり": 1, "独り": 1, "ふたり": 2, "さんにん": 3, "よにん": 4, "ごにん": 5}
CHILDREN: Final = ("子ども", "子供", "こども", "幼児", "園児", "小学生", "中学生", "高校生")
ADULTS: Final = ("大人", "おとな", "夫婦", "両親", "祖父母", "男性", "女性")
# 「大人は2人、子どもが1人」
_KIND: Final = rf"(?:(?P<kind>{'|'.join(ADULTS + CHILDREN)})[がは]?)?"
_NUMBER: Final = (
    r"(?P<number>(?<![\d.])\d{1,9}(?:\.\d{1,9})?"
    r"|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
)
# 人 must not run on into 人参, 人気 or 二人目, nor にん into にんじん.
_COUNTER: Final = r"(?:人前|人(?![参気間形物種目])|にん(?!じん|にく)|名(?![物前])|食分)"
_WORD: Final = rf"(?P<word>{'|'.join(WORDS)})(?!じん|にく|で(?:に|来)|親)"
# 「大人2子4」「家族6」: people are counted without a counter, too; 「子ども3歳」 counts none.
_BARE: Final = (
    rf"(?P<people>{'|'.join(ADULTS + CHILDREN)}|(?<![一-鿿])子|家族|全員で)[:：=]?\s?"
    r"(?P<bare>\d{1,2})(?![\d.]|\s?(?:人|にん|名|歳|才|さい|か月|ヶ月|カ月|年|時|つ|品|g|円|日|回|食|度|/\d))"
)
# 「人数: 1」, 「servings: 2」, 「弁当1個」, 「30食」 of a kitchen.
_LABELLED: Final = (
    r"(?:人数|食数|(?<![一-鿿])人|[Ss]ervings|people|persons|portions|cook_for)[\"']?\s?[:=→は]?\s?\[?"
    r"(?P<labelled>\d{1,3})(?![\d.]|\s?(?:円|歳|分|[〜~-]))"
    r"|弁当(?:を|が)?\s?(?:[x×]\s?)?(?P<boxes>\d{1,2})(?:個(?!入)|つ)"
    r"|(?<![\d.])(?P<plates>1[3-9]|[2-9]\d|[1-9]\d\d)食(?!分|目)"
)
MENTION: Final = re.compile(
    rf"{_KIND}(?:{_NUMBER}\s?{_COUNTER}|{_WORD})(?:分|ぶん)?|(?P<couple>夫婦)(?=[とでの、])|{_BARE}|{_LABELLED}"
)
# Between the kinds of people that are added up.
JOINT: Final = re.compile(r"[と、,・+&\s]*")
# 「一人あたり500円」 and 「1人500kcal」 measure a serving; they count no one.
PER_PERSON: Final = re.compile(
    r"(?<![\d.一二三四五六七八九十])(?:[1一]人|ひとり)"
    r"(?:(?:分|前)?(?:[あ当]たり|当り|につき|ずつ)|\d|に[1一]|[分前]?\d+円)"
)
# One person of whom something is told is one of those who eat, and no number of them: 「お一人ごま
# アレルギーの方が」「小麦がだめな子が一人」; 「ひとり分」「一人で」 are portions.
ONE: Final = re.compile(r"(?:[1一]人|[1一]名|ひとり|独り)")
IS_A_PORTION: Final = re.compile(
    r"(?:様|さま)?(?:分|ぶん|前|で|用|暮らし|ぐらし|だけ|のみ|きり|もん)|"
    r"(?:様|さま)(?:の[夜夕昼朝晩食献ご]|ごはん|ご飯|向け|めし|鍋)"
)
TOLD_OF: Final = re.compile(
    r"、?[^。、,\n]{0,14}?(?:アレルギ|あれるぎ|食べ(?:な|られ|れ|ん)|召し上が|だめ|ダメ|無理|NG|ng|苦手|嫌い|欠席|不可|"
    r"いらっしゃ|おいで|かゆ|足し|増え|加わ|入り|入っ|除去|対応)"
)
# Who comes besides: 「さらに二人来る」「5人前に1人足して」.
IS_ADDED: Final = re.compile(
    r"(?:分|前)?(?:を|が|も)?[^。、,に\n]{0,2}(?:足し|増え|増や|加わ|加え|追加)"
)
BESIDES: Final = re.compile(r"(?:さらに|プラス|\+|あとから|追加で)(?:もう)?\s?$")
TOLD_BEFORE: Final = re.compile(r"(?:[がも、]|うち|お|さん|のは)$")
# Of fewer people than were counted, something is said; a number of portions counts anew.
PORTIONS: Final = re.compile(r"(?:分|ぶん|人前|食分)$")
ANEW: Final = re.compile(
    r"(?:やっぱり?|今[日夜回]は|今晩は|明日は|訂正|変更|→|じゃなく|ではなく|急に|減っ|減り)[^。\n]{0,8}$"
)
BECOMES: Final = re.compile(r"(?:に(?:して|変|な[りっる]|減|直|戻)|で(?:お願|頼|いい|$))")
# Persons that are told one by one.
_PAIR: Final = r"(?:義|老|叔父)?(?:夫婦|両親|父母)|祖父母|双子|親子|父子|母子"
_GRADE: Final = (
    r"(?:小|中|高|大)学?[1-6一二三四五六](?:年生?)?|年[長中少](?:さん)?|\d{1,2}[歳才](?:半|児)?"
)
_PERSON: Final = (
    r"(?:わたくし|わたし|あたし|私|僕|ぼく|俺|おれ|オレ|自分|わし|ワシ|うち(?=\d)|夫|旦那(?:さん)?|妻|嫁(?:さん)?|"
    r"主人|家内|義母|義父|母|父|おふくろ|祖母|祖父|じいさん|ばあさん|じいじ|ばあば|じい|ばあ|長女|長男|次女|次男|三女|三男|"
    r"娘|息子|坊主|姉|兄|弟|妹|彼女|彼氏?|友人|友だち|友達|孫|甥|姪|赤ちゃん|子(?:ども|供)?|こども|"
    r"おとな|大人|利用者(?:様|さん)?|職員|支援員|男子|女子|親)"
)
# They count for themselves: 「子は小4・小1」.
_TOLD_BY_AGE: Final = rf"(?!子(?:ども|供)?(?:は|が|:)?\s?{_GRADE})"
_COUNT: Final = (
    r"(?:[がは:×x]?\s?(?P<count>\d{1,2}|[一二三四五六七八九]|ひとり|ふたり|三人|二人)"
    r"(?:人|名)?(?![歳才年月分日時匹本個枚品/]))?"
)
_ASIDE: Final = r"(?:\s?\([^()\n]{0,30}\))?"
PERSONS: Final = re.compile(
    rf"(?:(?:{_GRADE})の?(?:(?P<twins>双子)|{_PERSON}|男の子|女の子)?|(?P<pair>{_PAIR})|{_TOLD_BY_AGE}(?P<one>{_PERSON})(?:の{_PERSON})?)"
    rf"{_ASIDE}{_COUNT}{_ASIDE}"
)
PERSONS_JOINT: Final = re.compile(r"\s?(?:と、?|、|,|・|\+|/|&|プラス|に|は|\s|)\s?")
# For one who eats alone.
ALONE: Final = re.compile(
    r"自分(?:用|の(?:分|弁当|ごはん|ご飯)|を励)|単身(?!赴任の)|(?<!二|2)一人暮らし|"
    r"[Ff]or (?:one|me)(?![a-z])|"
    r"(?:私|わたし|俺|僕|おれ|ぼく|母|父|夫|妻|娘|息子)(?:ひとり)?(?:だけ(?:が)?(?:食べ|の|。|、|$)|のみ(?!そ)|専用)|"
    rf"(?:いちにんまえ|一人前)|(?<![、と・])(?:{_PERSON}|オカン|オトン)の(?:お?弁当)(?!と)|"
    r"(?:家|いえ)に(?:誰|だれ)もいな|俺だけ|独身|独居|ぼっち|独り身|ひとり身|"
    r"(?<![とや、・])(?:私|わたし|俺|僕|おれ|ぼく|自分)の(?:昼|夜|晩|朝|夕|分(?!も|と|だけ))"
)


# Kinds of people with their numbers: 「利用者様9名と職員2名」「部員22、コーチ1」.
_MANY: Final = (
    r"(?:[一-鿿]{1,3}(?:員|者|生|客|様)|先生|教授|常食|スタッフ|マネ(?:ージャー)?|コーチ|リーダー|スカウト|ゲスト|"
    r"後輩|先輩|同僚|役者|いとこ|(?:わたし|私|俺|僕|うち)(?:たち|ら)|友だち|友達|友人|"
    r"親族|親戚|お坊さん|お客(?:さん|様)?|客)(?:さん|様|の方|たち)?"
)
_COUNTED: Final = (
    r"\s?[:(×x]?\s?(?P<many>\d{1,3})(?:人|名|食)?\)?(?![歳才年月分日時匹本個枚品杯円g%./\d])"
)
MANY: Final = re.compile(rf"{_MANY}(?:\([^()\n]{{0,16}}\))?{_COUNTED}")
# Of a table so many cells stand between two of them.
MOST_CELLS: Final = 4
# A line that begins with a person, as in a list or table of them: 「・父45歳」「| 妻 | なし |」.
LINE_OF_A_PERSON: Final = re.compile(
    rf"(?m)^[\s・\-*●○◆■|「]{{0,4}}(?P<who>{_PERSON}|{_GRADE})(?=[\s:：…(|→/」。]|\d|は|$)"
)


class Group(NamedTuple):
    """Persons told one by one, their place, and how many they are."""

    start: int
    end: int
    number: int


def read_servings(text: str) -> int | None:
    """Return the number of servings that `text` asks for, or None when it says nothing.

    The last number wins (「2人分、やっぱり4人分で」) and kinds of people are added up (「大人2人と
    子ども1人」, 「夫と私、娘が2人」). The number is kept between 1 and 12.
    """
    servings = read_people(text)
    return None if servings is None else max(1, min(MOST_SERVINGS, servings))


def read_people(text: str) -> int | None:
    """Return how many people `text` asks to cook for, however many they are."""
    folded = PER_PERSON.sub(_blank, unicodedata.normalize("NFKC", text))
    servings: int | None = None
    # Where the last kind of people ended; a number of people of no kind takes it away.
    kind_end: int | None = None
    is_of_portions = False
    last = (0, 0)
    for mention in MENTION.finditer(folded):
        if servings is not None and _is_added(folded, mention):
            servings += _value(mention)
            last = mention.span()
            continue
        if is_one_of_them(folded, mention):
            continue
        kind = mention["kind"] or mention["couple"] or _kind(mention["people"])
        is_added = kind and kind_end and JOINT.fullmatch(folded, kind_end, mention.start())
        kind_end = mention.end() if kind else None
        portions = PORTIONS.search(mention[0]) or mention["labelled"] or mention["plates"]
        if servings is None or is_added:
            servings = (servings or 0) + _value(mention)
        # 「4人家族、子どもは2人」, 「4人分。1人は卵が苦手」: these are counted already.
        elif (
            kind in CHILDREN
            or folded.startswith("は", mention.end())
            or (
                not portions
                and (
                    is_of_portions or (_value(mention) < servings and not _is_anew(folded, mention))
                )
            )
        ):
            continue
        else:
            servings = _value(mention)
        is_of_portions = is_of_portions or portions is not None
        last = mention.span()
    if is_of_portions:
        return servings
    # 「娘3人とワシ」 are more than three; 「父、小3、小1の3名」 are told twice.
    groups = [
        group
        for group in _groups(folded)
        if servings is None or (group.start <= last[0] < group.end or group.start > last[1] + 1)
    ]
    largest = max((group.number for group in groups), default=0)
    if largest > (servings or 1):
        return largest
    if servings is None and ALONE.search(folded):
        return 1
    return servings


def _is_added(text: str, mention: re.Match[str]) -> bool:
    """Tell whether people come besides those that were counted."""
    before = BESIDES.search(text, max(0, mention.start() - 8), mention.start())
    return before is not None or IS_ADDED.match(text, mention.end()) is not None


def is_one_of_them(text: str, mention: re.Match[str]) -> bool:
    """Tell whether a person is counted of whom something is told, and who eats with the others."""
    if not ONE.fullmatch(mention[0]) or IS_A_PORTION.match(text, mention.end()):
        return False
    is_polite = text.startswith("お", mention.start() - 1) and mention.start() > 0
    if is_polite or not (told := TOLD_OF.match(text, mention.end())):
        return is_polite
    before = TOLD_BEFORE.search(text, max(0, mention.start() - 4), mention.start())
    return before is not None or "、" not in told[0]


def _is_anew(folded: str, mention: re.Match[str]) -> bool:
    """Tell whether a smaller number takes the place of the one before it."""
    before = ANEW.search(folded, max(0, mention.start() - 16), mention.start())
    return before is not None or BECOMES.match(folded, mention.end()) is not None


def _groups(folded: str) -> Iterator[Group]:
    """Yield the persons that are told one by one, two or more at a time."""
    yield from _lists(folded)
    yield from _numbers(folded)
    group: list[re.Match[str]] = []
    for person in [*PERSONS.finditer(folded), None]:
        if person and group and PERSONS_JOINT.fullmatch(folded, group[-1].end(), person.start()):
            group.append(person)
            continue
        if len(group) > 1:
            number = sum(map(_persons, group))
            yield Group(group[0].start(), group[-1].end(), number)
        group = [person] if person else []


def _lists(text: str) -> Iterator[Group]:
    """Yield the lists and tables of persons, one a line."""
    run: list[re.Match[str]] = []
    for line in [*LINE_OF_A_PERSON.finditer(text), None]:
        if line and run and text.count("\n", run[-1].end(), line.end()) <= MOST_CELLS:
            run.append(line)
            continue
        # Who stands in two lists is one.
        count = len({one["who"] for one in run})
        if count > 1:
            yield Group(run[0].start(), run[-1].end(), count)
        run = [line] if line else []


def _numbers(text: str) -> Iterator[Group]:
    """Yield kinds of people that are counted one after another."""
    run: list[tuple[int, int, int]] = []
    for place in [*sorted(_counted_kinds(text)), None]:
        if place and run and place[0] < run[-1][1]:
            continue
        if (
            place
            and run
            and (place[0] == run[-1][1] or PERSONS_JOINT.fullmatch(text, run[-1][1], place[0]))
        ):
            run.append(place)
            continue
        if len(run) > 1:
            yield Group(run[0][0], run[-1][1], sum(number for _, _, number in run))
        run = [place] if place else []


def _counted_kinds(text: str) -> Iterator[tuple[int, int, int]]:
    for match in MANY.finditer(text):
        yield match.start(), match.end(), int(match["many"])
    for match in MENTION.finditer(text):
        if match["kind"] or match["people"]:
            yield match.start(), match.end(), _value(match)


def _persons(match: re.Match[str]) -> int:
    """Return how many persons an entry of a list of them stands for."""
    if count := match["count"]:
        return WORDS.get(count) or KANJI_DIGITS.get(count[0]) or int(count)
    # Who drinks milk alone is cooked for by nobody.
    return 2 if match["pair"] or match["twins"] else int(match["one"] != "赤ちゃん")


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _kind(people: str | None) -> str | None:
    """Return the kind of people that a bare number counts, None where it counts all."""
    if people == "子":
        return CHILDREN[0]
    return people if people in ADULTS + CHILDREN else None


def _value(mention: re.Match[str]) -> int:
    if number := mention["bare"] or mention["labelled"] or mention["boxes"] or mention["plates"]:
        return int(number)
    if mention["couple"]:
        return 2
    if mention["word"]:
        return WORDS[mention["word"]]
    number = mention["number"]
    if "十" in number:
        tens, _, ones = number.partition("十")
        return KANJI_DIGITS.get(tens, 1) * 10 + KANJI_DIGITS.get(ones, 0)
    return KANJI_DIGITS.get(number) or math.ceil(float(number))
