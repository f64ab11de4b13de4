"""Reads the season that a request implies: by an occasion, a date, the weather.

A season that is named stands in `frame.py`, and counts before these.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from chef_llm.reading.mentions import Mentions
from chef_llm.reading.numbers import number_of
from chef_llm.reading.patterns import any_of
from chef_llm.reading.text import Text, right_before
from chef_llm.reading.understood import Found, found

# All patterns are matched against folded text: hiragana, lower case.
# Occasions by the month that has them, so that the dishes of a feast are served at it.
OCCASIONS: Final[Mapping[int, re.Pattern[str]]] = {
    1: re.compile(
        any_of(
            "雑煮 正月 元旦 元日 三が日 三箇日 松の内 おせち 七草 七種 初詣 鏡開き 成人式",
            "成人の日 新年会 年始 どんど焼き 書初め 書き初め",
        )
    ),
    2: re.compile(any_of("節分 恵方巻 ばれんたいん 豆まき 建国記念", "豆撒き")),
    3: re.compile(
        any_of(
            "ひな祭り 雛祭り ひなまつり 雛まつり 桃の節句 ひなの節句 卒業式 卒業祝",
            "卒園(?!児) ほわいとでー 春休み 春分",
        )
    ),
    4: re.compile(
        any_of(
            "花見 入学式 入学祝 (?<!新)入園 新学期 いーすたー 復活祭 聖金曜日 新生活",
            r"桜(?!納豆|えび|もち|餅|でんぶ|肉|鯛|色|漬)",
        )
    ),
    5: re.compile(
        any_of(
            "こどもの日 子どもの日 子供の日 端午 鯉のぼり 母の日 田植え 新茶 茶摘み",
            "ごーるでんうぃーく",
            r"(?<![a-z])gw(?![a-z])",
        )
    ),
    6: re.compile(any_of("梅雨 父の日 衣替え 六月灯 夏至", "入梅")),
    7: re.compile(any_of("七夕 土用 丑の日 夏祭り 祇園 山笠 海の日 海開き 山開き", "花火")),
    8: re.compile(
        any_of(
            "お盆休み 送り火 迎え火 精霊流し 夏休み 夏期講習 夏合宿 海水浴 新盆 初盆",
            r"(?:旧|新)?盆(?=に|の|は|も|と|で|休|$)",
        )
    ),
    9: re.compile(
        any_of(
            "敬老 十五夜 月見 中秋 秋祭り 秋分", r"新米(?!まま|ぱぱ|患者|の?(?:先生|職員|教|社))"
        )
        + "(?!うどん|そば|ばーがー|とろろ)"
    ),
    10: re.compile(any_of("はろうぃん はろうぃーん 芋煮会 紅葉", "もみじ狩り")),
    11: re.compile(any_of("七五三 酉の市 勤労感謝", "ひやおろし 冷やおろし")),
    12: re.compile(
        any_of(
            "くりすます 冬至 大晦日 大みそか 年越し 年の瀬 年末 忘年会 お歳暮 除夜 冬休み",
            "聖夜 仕事納め あどべんと",
            r"(?<![一-鿿ぁ-ん])いぶ(?=の|に|は|、|。|$)",
        )
    ),
}
# 「12月の献立」「九月の行事」「4/3〜4/6」「7/22(火)」; 「7か月」 and 「白菜1/2」 are none.
_MONTH: Final = r"(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])"
MONTH: Final = re.compile(
    rf"(?<![\d一二三四五六七八九十.,年度生])(?P<month>{_MONTH})月(?!前|後|齢|間|目|分|ぶり|曜|号|生ま|[にのから]{{0,2}}(?:引っ越|生ま))"
    rf"|(?<![\d/])(?P<date>{_MONTH})/\d{{1,2}}(?=\s?(?:\([月火水木金土日]|[〜~\-–]\s?\d{{1,2}}/))"
)
# 「正月に飽きるほど食べた」「煮しめは正月でもうええ」「正月に取っておく」
IS_OVER: Final = re.compile(
    r"(?:に|で|は)?[^。、\n]{0,10}?(?:食べた(?![いく])|食べました|食った|飽き|もうええ|もういい|取っと|取ってお|でした)"
)
OF_THE_PAST: Final = re.compile(
    r"(?:去年|昨年|一昨年|おととし|先月|昔|毎年|年前)の?[^。\n、,]{0,6}$"
)
# 「暑い」「暑うて」「暑か」
WEATHER: Final[Mapping[str, re.Pattern[str]]] = {
    "夏": re.compile(
        any_of(
            "猛暑 酷暑 残暑 真夏日 熱帯夜 熱中症 汗だく 扇風機 くーらー(?!ぼっくす) 夏ばて 炎天下",
            r"(?:暑|あつ|あぢ)(?:い日|い夜|くて食|くて火|すぎ|過ぎ)|暑(?:い|く(?!な)|うて|か|さ)|夏(?=や(?:か|け|の|し)|じゃ|だけ|めく)",
            r"(?<!熱)(?<!熱[がは])(?<!\d)(?:3[5-9]|4\d)(?:度|℃|°c)(?!で|の(?:お?湯|油|熱)|出|を?超|台?の?熱)",
        )
    ),
    "冬": re.compile(
        any_of(
            "吹雪 大雪 初雪 雪かき 雪の日 しばれ (?<!冷)凍え 底冷え 木枯らし こたつ 冬ごもり",
            "すきー(?:場|宿|旅行|合宿|帰り|で) すとーぶ 寒造り 霜",
            r"寒(?:い|く(?!な)|うて|か(?!った[けがで])|さ|波|すぎ)|さむ(?:い|くて|…|\.\.|すぎ)|さみ[いぐく]",
            r"(?<![一-鿿])雪(?=で|が|は|も|の|や|だ|降|ふ|、|。|$)|(?:外|気温)[^。\n]{0,4}[-−マイナス]\d{1,2}(?:度|℃|°c)",
        )
    ),
}
SEASON_OF_MONTH: Final = "冬春夏秋"
MONTHS_OF_A_SEASON: Final = 3


@dataclass(frozen=True)
class Implied:
    """The season that a text implies, with its words, and the month where one is meant."""

    found: Found
    month: int | None = None

    @property
    def season(self) -> str:
        """Its name: 春, 夏, 秋 or 冬."""
        return self.found[1].value


def season_of_month(month: int) -> str:
    """Return the season of a month in Japan: spring is March to May."""
    return SEASON_OF_MONTH[month % 12 // MONTHS_OF_A_SEASON]


def read_implied_season(text: Text, mentions: Mentions) -> Implied | None:
    """Return the season of an occasion, else of a date, else of the weather that is told of."""
    implied = [*_occasions(text), *_dates(text), *_weather(text, mentions)]
    return implied[0] if implied else None


def _occasions(text: Text) -> Iterator[Implied]:
    matches = [
        (match.start(), month, match)
        for month, pattern in OCCASIONS.items()
        for match in pattern.finditer(text.folded)
        if not _is_past(text, match)
    ]
    for _, month, match in sorted(matches, key=lambda each: each[0]):
        yield Implied(found(text, match, "season", season_of_month(month)), month)


def _dates(text: Text) -> Iterator[Implied]:
    for match in MONTH.finditer(text.folded):
        if not _is_past(text, match):
            month = number_of(match["month"] or match["date"])
            yield Implied(found(text, match, "season", season_of_month(month)), month)


def _weather(text: Text, mentions: Mentions) -> Iterator[Implied]:
    for season, pattern in WEATHER.items():
        for match in pattern.finditer(text.folded):
            if not mentions.covers(match.start(), match.end()):
                yield Implied(found(text, match, "season", season))


def _is_past(text: Text, match: re.Match[str]) -> bool:
    """Tell whether it is told of, and not to be cooked for."""
    before = right_before(OF_THE_PAST, text.folded, match.start())
    return before is not None or IS_OVER.match(text.folded, match.end()) is not None
