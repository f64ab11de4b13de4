"""Reads how much of a food is at hand: 鶏もも肉300g, 卵3個, 冷蔵庫に大根がある."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from chef_llm.cookbook import Cookbook
from chef_llm.cookbook.model import fold
from chef_llm.reading.lexicon import Mention
from chef_llm.reading.mentions import Mentions
from chef_llm.reading.numbers import KANJI_DIGITS
from chef_llm.reading.patterns import any_of
from chef_llm.reading.text import Text

# Between a food and its amount: 「ぶり切り身(2)」「里いも（下ゆで済み）300g」「長ねぎ ラスト1本」.
_TO_ITS_AMOUNT: Final = (
    r"(?:切り?身|の?(?:塊|かたまり|ぶろっく|薄切り|すらいす|細切れ))?(?:\([^()\n\d]{1,10}\))?"
    r"(?:。\n|の残り|が|は|を|も|:|\(|\s|約|×|x|あと|らすと|残り){0,3}"
)
# 「バナナ真っ黒2本」「大根、しなびたの1本」
_AS_IT_IS: Final = (
    r"[、\s]?"
    + any_of(
        "真っ黒 黒い しなび(?:た|かけ) 冷凍 半額 期限(?:切れ|今日|間近) 大きい でか[いっ] 小さい",
        "太い 立派 新鮮 残り物 残った 余った もらった",
    )
    + "(?:な|の|やつ)*\\s?"
)
# Right behind a food, in folded text: 「が300g」「1/2本」「半分」「3個」; so many of meat or fish
# without a unit are grams: 「豚こま300」.
AMOUNT: Final = re.compile(
    rf"{_TO_ITS_AMOUNT}"
    r"(?:(?P<top>\d{1,2})/(?P<bottom>\d)|(?P<number>\d{1,4}(?:\.\d)?)|(?P<kanji>[一二三四五六七八九])|(?P<half>半))"
    r"\s?(?P<unit>kg|きろ|g|ぐらむ|ml|cc|l|りっとる|(?![とにでをがはの])[ぁ-んー一-鿿]{1,3})"
    rf"|{_TO_ITS_AMOUNT}(?P<grams>[1-9]\d{{2,3}})(?=[とで、,。\n・/\s]|$)"
)
# Said of what is there: it need not be bought.
THERE: Final = re.compile(
    any_of(
        "が?あ(?:る|り(?:ます|まし|まっせ)|った|ります) ござい でなんとか でどうにか",
        "があれば[^。\n]{0,10}(?:なんとか|何とか|どうにか|何が|何か|なにか|作れ|でき|いけ)",
        "使うもの?[:] しか(?:な[いかく]|無[いく]|あら|あり|残って|ね[えー]) (?<!で)あれば[:.…]",
        "家に(?=[^。、]{1,8}[・、とが]) 家にある 家の(?:を|で)使 我が家に 常温 手元 手持ち",
        "(?<![一-鿿])棚[:。] (?:畑|庭|実家|田舎|ふるさと納税|生協|こーぷ)(?:から|で|の|に)",
        "売るほど あるもの",
        "残って 残り 残った 残っと 余って 余り 余った 余っと 転がっ 使いかけ らすと leftover",
        "冷蔵庫 冷凍庫 野菜室 棚卸 在庫 荷物 持ち物 段ボール だんぼーる 戦利品 available",
        "もら(?:った|い) もろ(?:た|うた) いただ(?:いた|き) 頂い くれた くれて 差し入れ おすそ分け",
        "買って(?:ある|あり|しま|き|もうた) 買うてもうた 買っちゃ 買い過ぎ 買った(?:もの|物)",
        "使い切 消費 処分 届い 届き 採れ 獲れ とれた 釣れ 釣った 収穫 出てき 見つけ",
        "送って(?:きた|くれ) (?<![a-z])(?:have|got)(?![a-z])",
        "(?:以下|次|下|この)の?(?:食材|材料) (?:食材|材料)の?(?:りすと|一覧|[:])",
    )
)
# 「あと卵と厚揚げ」: more of what is there, and no wish for anything else.
AND_MORE: Final = re.compile(
    r"\s*(?:あと(?!は?(?:任|ま[かか]|何|[1-9一二三]))は?|それと|それから|ほかに|他に)、?"
    r"(?!.*(?:入れ|使|ほし|欲し|食べ|買|お?願|たい|教|つけ|足し|追加|なし|抜き|ng|だめ|い[らり]))"
)
# What begins a list of what is there, and an entry of one.
HEADING: Final = re.compile(
    r"(?:以下|次|下)の?(?:食材|材料)|[:】\]〕>)」…。]\s*$|(?:ちぇっく|棚卸し?|中身|もの|在庫|戦利品|残り|りすと(?:\([^()\n]*\))?|の?は、?)\s*$|^\s*\S{1,8}\s*$"
)
ENTRY: Final = re.compile(r"\s*[・\-*●○□▪◆■◇上中下一二三冷野]")
# A line of a list that begins with a food is an entry, its mark being gone.
LONGEST_ENTRY: Final = 30
BEFORE_A_FOOD: Final = 4
# A number that counts pieces, whatever the cookbook measures the food in.
COUNTED: Final = re.compile(
    rf"(?:{_TO_ITS_AMOUNT}|{_AS_IT_IS})"
    r"(?:(?:\d{1,4}(?:/\d|\.\d)?|[一二三四五六七八九十数]|半|ひと|ふた)\s?"
    r"(?:匹|尾|本|束|枚|玉|個|こ(?![とろ])|袋|ぱっく|缶|切れ|丁|房|株|把|箱|びん|瓶|節|片|かけ|ぱい|"
    r"杯|羽|つ|ふくろ|たま|まい|ほん|ぴき|びき|腹|足|連|分(?!間|以)|(?=[と、,。\n)・/\s]|$))"
    r"|(?:少し|少々|ちょっと)(?=[、。\n\s]|$)|まるごと|丸ごと|半分|はんぶん|の切れ端)"
)
# A row of foods of which most are counted is of what there is: 「卵2、豆腐1丁、しなびたレタス」.
NEXT_IN_A_ROW: Final = re.compile(
    r"[^。をでがはにも]{0,10}?(?:と|や|、|,|・|/|\n[・\-*●○ ]?|。\n)[^。\n、をでがはにも]{0,8}"
)
MOST_COUNTED: Final = 2
# Said of what is to be eaten before anything else. That there is much or something left of it is no
# wish that all should go.
USE_UP: Final = re.compile(
    any_of(
        "(?:使|つか)い(?:切|き[りるっれ]) 使い?回し 使って(?:しま|ちゃ|ほし|片) 使っちゃ",
        "はかした 冷蔵庫[をはも]?(?:空|から)に(?!な) 期限切れる?順",
        "使い(?:道|途)に困",
        "(?:全部|ぜんぶ|ありったけ)[^。、]{0,6}(?:使|入れ) 消費(?!期限|税|者|電) 一掃 やっつけ",
        "片(?:付|づ)け(?!が|は|も|を|最) かたづけ 減らしたい からに(?:し|せ)",
        "(?<!茶碗が)空(?:に|っぽに)(?!は)",
        "食べ(?:切|き[りるっれ]) (?:食べ|飲み|食い)?きれ(?:な|ん|へん|そう) 飲みき",
        "解凍し(?:ちゃ|てしま|ても[うた]) \\((?:全部|ぜんぶ|全量)\\) いなくなって(?:ほし|欲し)",
        "今日で(?:全部|ぜんぶ) (?:食べて|使って|片づけて)しまわ(?:ん|な)",
        "(?:早|はよ)[くう]?(?:に)?(?:食べ|使わ|食わ)(?:て(?:しま|ほし)|な(?:いと|きゃ|くちゃ)|んと)",
        "食べ(?:て(?:しま|ちゃ)|ちゃ)いた 余ら[せさ] 傷(?:む|み|んで) ぶよぶよ 食べごろ 食べ頃",
        "(?:個|本|袋|枚|玉|ぱっく|庫に|山に)[^。、]{0,4}たま(?:って|り)",
        "今のうちに[^。、]{0,4}(?:使|食)",
        "黒(?:くなり|うな|ずん) 腐(?:る|り|らせ|っ) 足が早 しけっ 溶けかけ なりかけ やわく 乾い",
        r"期限(?:が|は|:|の)?[^。\n]{0,4}(?:近|迫|切れ|今日|明日|昨日|順|やば) 賞味期限 消費期限",
        r"今(?:日|晩|夜|週|月)(?:中|じゅう|まで|いっぱい)(?:に|で)?(?:使|食|消|片|[。\n、]|$)",
        "週末までに 年内に食 で(?:しまい|おしまい)に 救い 消えてほし 傷もの 山ほど",
        "もったいな(?!い[、。]|くて(?:洗|取|冷|とっ|しま))",
        "捨て(?:る前|たくな|とう[はも]?な|るのは) (?:作り|もらい|ゆで|炊き|送られ|届き)すぎ",
        "余った(?:ので|から|けん|さかい|んで|が) 消化した 減らな 減る(?:もの|やつ) 一気に減",
    )
)
SENTENCE: Final = re.compile(r"[^。\n]+")
LITRE_GRAMS: Final = 1000.0
GRAMS: Final = {
    **dict.fromkeys(("g", "ぐらむ", "ml", "cc"), 1.0),
    **dict.fromkeys(("kg", "きろ", "l", "りっとる"), LITRE_GRAMS),
}
MOST_GRAMS: Final = 50_000.0


def read_at_hand_in_words(
    text: Text, mentions: Mentions, cookbook: Cookbook
) -> dict[str, float | None]:
    """Return the grams of each food that is at hand, None for enough of it."""
    found: dict[str, float | None] = {}
    foods = {one.start for one in mentions.wished if one.meaning.kind == "food"}
    there = [*_places_of_what_is_there(text.folded, foods), *_rows(text.folded, mentions)]
    for mention in mentions.wished:
        name = mention.meaning.wish
        if mention.meaning.kind != "food" or name is None:
            continue
        if (grams := _grams(text, mention, name, cookbook)) is not None:
            found[name] = min(grams, MOST_GRAMS)
        elif COUNTED.match(text.folded, mention.end) or any(
            start <= mention.start < end for start, end in there
        ):
            found.setdefault(name, None)
    return found


def _rows(folded: str, mentions: Mentions) -> Iterator[tuple[int, int]]:
    """Yield the rows of foods that tell what is there by the amounts of most of them."""
    foods = [mention for mention in mentions.wished if mention.meaning.kind == "food"]
    row: list[Mention] = []
    for food in [*foods, None]:
        if food and row and NEXT_IN_A_ROW.fullmatch(folded, row[-1].end, food.start):
            row.append(food)
            continue
        counted = sum(COUNTED.match(folded, one.end) is not None for one in row)
        if counted >= MOST_COUNTED and counted * 2 >= len(row):
            yield row[0].start, row[-1].end
        row = [food] if food else []


def _places_of_what_is_there(folded: str, foods: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield the sentences that tell what is there, and the lists below them.

    `foods` are where foods begin.
    """
    is_list = says_so = False
    end = 0
    for match in SENTENCE.finditer(folded):
        # An empty line ends a list.
        is_list = is_list and "\n\n" not in folded[end : match.start()]
        is_more = says_so and AND_MORE.match(match[0]) is not None
        says_so = is_more or THERE.search(match[0]) is not None
        is_entry = is_list and (
            ENTRY.match(match[0]) is not None or _begins_with_food(match, foods)
        )
        if says_so or is_entry:
            yield match.span()
        is_list = (says_so and HEADING.search(match[0]) is not None) or is_entry
        end = match.end()


def _begins_with_food(sentence: re.Match[str], foods: Collection[int]) -> bool:
    """Tell whether a short line begins with a food: 「冷凍ほうれん草」."""
    start = sentence.start()
    return len(sentence[0]) <= LONGEST_ENTRY and any(
        place in foods for place in range(start, start + BEFORE_A_FOOD)
    )


def read_use_up(text: Text, mentions: Mentions, names: Collection[str]) -> tuple[str, ...]:
    """Return the foods of `names` that are to be used up: those that it is said of, or all."""
    if not USE_UP.search(text.folded):
        return ()
    said = [match.span() for match in SENTENCE.finditer(text.folded) if USE_UP.search(match[0])]
    there = [
        mention.meaning.wish
        for mention in mentions.wished
        if mention.meaning.wish in names
        and any(start <= mention.start < end for start, end in said)
    ]
    return tuple(dict.fromkeys(name for name in there if name)) or tuple(names)


def _grams(text: Text, mention: Mention, name: str, cookbook: Cookbook) -> float | None:
    match = AMOUNT.match(text.folded, mention.end)
    if match is None:
        return None
    if match["grams"]:
        is_weighed = cookbook.is_protein(name)
        return float(match["grams"]) if is_weighed else None
    if match["half"]:
        count = 0.5
    elif match["kanji"]:
        count = float(KANJI_DIGITS[match["kanji"]])
    elif match["top"]:
        count = int(match["top"]) / max(int(match["bottom"]), 1)
    else:
        count = float(match["number"])
    return next(
        (count * grams for unit, grams in _units(name, cookbook) if match["unit"].startswith(unit)),
        None,
    )


def _units(name: str, cookbook: Cookbook) -> Iterator[tuple[str, float]]:
    """Yield the units of a food, folded, with their grams."""
    yield from GRAMS.items()
    ingredient = cookbook.ingredients.get(name)
    if ingredient is not None:
        yield from ((fold(unit), grams) for unit, grams in ingredient.measures.items())
