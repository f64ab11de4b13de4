"""Reads which meals are asked for: by their names, by times of day, by what is cooked for them.

A time of day stands for its meal (「夜だけ」「朝と昼を3日」) unless that is taken care of (「昼は社
食」). Beside a meal that is named in full it counts in a list alone, or as a label.
"""

import re
from collections.abc import Iterator
from typing import Final

from chef_llm.reading.mentions import Mentions
from chef_llm.reading.servings import SINGLE
from chef_llm.reading.terms import IN_A_DAY, is_to_a_meal
from chef_llm.reading.text import Text, right_before
from chef_llm.reading.understood import Found, Understood, found, values
from chef_llm.reading.wanted_days import ELSEWHERE, NEEDLESS, REASON
from chef_llm.reading.week import day_mentions, day_of, last_day_before

# All patterns are matched against folded text: hiragana, lower case.
EACH_MEAL: Final = "毎食"
TONIGHT: Final = ("今夜", "今晩")
# 「昼を5日分」「夜だけ」「給食ない日の昼」「明日の朝と昼」: a time of day that stands for its meal.
_ANOTHER_DAY: Final = (
    r"(?:翌日?の?|(?:その)?次の(?:日の)?|明日の|あしたの|明後日の|あさっての|"
    r"[月火水木金土日](?:曜日?)?の?)?"
    rf"(?:{SINGLE}の)?"
)
_NEXT_MEAL: Final = (
    rf"(?:と、|[とやも・、,/+])?\s?{_ANOTHER_DAY}"
    r"(?:朝|昼|夜|晩|夕|ひる|よる|ばん|おやつ|間食|お?弁当)"
)
_MEALS_IN_ALL: Final = r"(?:計|全部?で?|合計)?[\d二三四五六]{1,2}(?:食|回)"
_MEAL_FOLLOWS: Final = (
    rf"(?={_NEXT_MEAL}|の?(?:分|ぶん|回|献立|おかず|まかない|丼|汁|{_MEALS_IN_ALL})|"
    r"の(?:お?膳|席|お祝い|集まり|ねた|ぱん|定食|案)|(?:給食|案)|は|を|だけ|のみ|が|も|に|"
    r"で(?!き)|\d|[\s。、,)）」・:/;!?\n+×]|x\d|$|なに|なんか|何|どう|お願|頼|限定|用|作|つく|一品|ひとり|ふたり|"
    r"[一二三四五六]人|おにぎり|粥|がゆ|らー|すぐ|くらい|ぐらい|これ|それ|ここ)"
)
BARE_MEALS: Final = {
    "朝食": re.compile(
        rf"(?<![毎今早])(?:翌|毎)?朝(?:餉|げ)?{_MEAL_FOLLOWS}|日の出前|明け方に食|"
        r"(?<![a-z])breakfast(?![a-z])"
    ),
    "昼食": re.compile(
        rf"(?<![真])(?:昼餉|お?昼|(?<![ぁ-んー])お?ひる){_MEAL_FOLLOWS}|昼過ぎに食|正午|昼休み(?=に|\d)|"
        r"(?<![a-z])lunch(?![a-z]|[\s_-]?box)|"
        # What a school or a canteen cooks is a lunch.
        r"給食(?=せんたー|案|の?献立|の日の|\d食|室|を担当)|社食を?担当|(?:児童|園児|くらす)の?[^。]{0,6}給食"
    ),
    "夕食": re.compile(
        rf"(?<![今徹深])(?<!前の)(?:夕餉|夜|晩|夕|(?<![ぁ-んー])よる|(?<=[朝昼])よる){_MEAL_FOLLOWS}|"
        r"(?<![a-z])dinner(?![a-z])"
    ),
    "お弁当": re.compile(r"(?<![a-z])lunch[\s_-]?box"),
}
# Beside a meal that is named in full, a time of day is a meal in a list alone: 「夕飯と明日の朝」.
IN_A_LIST: Final = re.compile(
    rf"お?(?:朝|昼|夜|晩|夕)(?:{_NEXT_MEAL}|[とや・]\s?{_ANOTHER_DAY}お?(?:弁当|夕飯|夕食|昼食|朝食|晩ご?飯)|"
    rf"の?(?:分|ぶん|\d?回分|{_MEALS_IN_ALL})|\d回)"
)
BEHIND_A_LIST: Final = re.compile(
    rf"(?:夕飯|夕食|昼食|朝食|弁当|晩ご?飯|ごはん|ご飯)\d?[個つ]?分?[と+&・、]\s?{_ANOTHER_DAY}$"
)
# At the head of its line: 「夜：夫婦2人」.
LABEL: Final = re.compile(r"お?[朝昼夜晩夕]\s?[:=…]")
AT_THE_HEAD: Final = re.compile(r"(?:^|\n)\W{0,3}(?:\d{1,2}\W{1,2})?$")
# 「夜だけ決めて」「晩飯だけ頼む」「夜：ここだけ」: no other meal, whatever is said of them.
THIS_ALONE: Final = re.compile(
    r"(?:ごはん|ご飯|めし|飯)?(?:(?:だけ|のみ)(?=\d{1,2}(?:日|回|晩|食|人)|でい|でお|です|で良|お願|頼|たの|決め|決ま|考え|組|埋め|出|[\s。、)!?(]|$)"
    # 「夜：？」「dinner: null」 beside what the others are.
    r"|\s?:?\s?→?\s?ここ(?:だけ|を)|\s?[:=→]\s?(?:\?|null|未定|まだ))"
)
# 「昼は社食」「夜は外で食べます」「朝はパンで決まり」
NOT_WANTED: Final = re.compile(
    # 「朝昼は給食」: of a list its end is told of all.
    r"(?:[と・]?お?(?:昼|夜|夕|晩)(?:食|ごはん|ご飯)?(?![：:]))*(?:"
    rf"(?:ごはん|ご飯|食)?(?:分)?(?:を|は|が|も|だけ)?(?:以外|{NEEDLESS}|じゃな|ではな)|"
    rf"(?:ごはん|ご飯|食)?(?:は|が|も|に)?[^。\n、,!?]{{0,12}}?(?:{ELSEWHERE}|"
    r"社食|別会計|学食|給食(?!室|だ|せ)|食堂|出る|出ます|食べな|食べません|済[まむみん]|いいとして|ええとして|何とか|"
    r"食べた(?!い|く)|食べて|いったけ|いってもう|取って|とって|取った|頼ん[だで]|頼みました|注文済|それぞれの家|"
    r"決定|各自|飛ばし|参考|のこ?り(?:が|を)?ある|寝て(?:る|い)|起き(?:な|られ|れな)|いつも|買い置き|仕込|出かけ|買い出|寝る(?!前)|苦手|飽き)|"
    rf"[^。\n]{{0,20}}?{REASON}\s?{NEEDLESS}|"
    r"屋|週間|の(?:残り|のこり|余り|余りもん)(?!の?日)|"
    # 「昼：お参りのあと11人、仕出しを頼み済」
    r"\s?:[^。\n]{0,30}?(?:仕出し(?!風)|注文済|頼み?済|頼んで?あ|予約済)|"
    r"に(?:も)?回|に(?:も|まとめて)(?:入れ|作|食べ)|"
    # What is told of another meal: 「朝も味噌汁だった」「昼がカレーだったので夜は」.
    r"も[^。\n]{0,12}(?:だった|でした)|[はが][^。、\n]{1,12}(?:なので|だから|なんで|(?:だった|でした)(?:ので|から|し|けど))、?[^。、\n]{0,4}(?:夜|晩|夕)|"
    r"(?:ごはん|ご飯)?の[^。、\n]{1,8}が?(?:残って|残っと|余って|余っと)|ば(?:っか|かり)(?:だった|でした|だから|なので|で[。、])|"
    r"は?(?:それぞれ|ばらばら|めいめい)(?=[。、で])|は?\d{1,2}時[^。、\n]{0,6}(?:起き|作|弁当|出[るて]))"
)
# 「月〜水の弁当に回したい」: the boxes of days that are named.
GOES_INTO: Final = re.compile(r"に回")
# 「朝は10分、昼は弁当、夜は3品」: how each meal of the day is to be.
HOW_IT_IS: Final = re.compile(
    r"は\s?(?:\d{1,2}分|[\d一二三四]品|一汁|主菜|お?弁当|和食|洋食|麺|ぱん|魚|肉|丼|軽[めく]|しっかり|がっつり|簡単)"
)
# 「□朝 □昼 ■夜」
NOT_TICKED: Final = re.compile(r"(?:[□☐]|\[\s?\])\s?$")
TOLD_OF_THE_PAST: Final = re.compile(r"(?:先週|先月|昨日|きのう|前回|去年)の?$")
# A lunch that is packed is one meal, unless it is named beside another one.
BOTH: Final = re.compile(
    r"昼(?:食|ご飯|ごはん|飯|めし)?(?:と|・|、|\+|/)お?弁当|弁当(?:と|・|、|\+|/)お?昼"
)
MEAL_REACH: Final = 16
LONGEST_REASON: Final = 40


def read_meals(text: Text, mentions: Mentions) -> Iterator[Found]:
    """Yield the meals that are asked for, each with its place and words."""
    folded = text.folded
    named = [
        (mention, text.words(mention.start, mention.end))
        for mention in mentions.named
        if mention.meaning.kind == "meal" and _is_wanted(folded, mention.start, mention.end)
    ]
    # 「今夜は…の昼食」: the meal is named by its name.
    clear = [each for each in named if each[1] not in TONIGHT]
    # 「毎食野菜150g以上で、昼と夜」: each of those that are asked for.
    others = [each for each in clear if each[1] != EACH_MEAL]
    if len(others) < len(clear) and (others or any(_times_of_day(text))):
        clear = others
        named = others
    meals = [
        (mention.start, Understood("meal", meal, said))
        for mention, said in clear or named
        for meal in mention.meaning.name.split()
    ]
    names = values(meals, "meal")
    # 「お昼は麺、夜は魚」: of each something is asked.
    topics = [mention.start for mention, _ in clear if folded.startswith("は", mention.end)]

    times = list(_times_of_day(text))
    of_each = [place for place, meal in times if HOW_IT_IS.match(folded, place + len(meal.words))]

    def _is_beside(place: int) -> bool:
        if len(of_each) > 1 and place in of_each:
            return True
        return bool(topics) and folded.startswith("は", place + 1)

    meals += [
        (place, meal)
        for place, meal in times
        if not clear
        or _is_alone(folded, place + len(meal.words))
        or (meal.value not in names and (_is_listed(folded, place) or _is_beside(place)))
    ]
    spans = [one for one in day_mentions(folded) if one.ends]
    if spans and len(spans[0].keys) > 1:
        # 「金曜の晩から日曜の昼まで」: every meal between them.
        said = text.words(spans[0].start, spans[0].end)
        meals += [(spans[0].start, Understood("meal", meal, said)) for meal in IN_A_DAY]
    meals = _alone(meals, text) or meals
    days_of_boxes = {_day_of(folded, place) for place, one in meals if one.value == "お弁当"}
    # 「水曜は家で昼、木曜は弁当」
    is_packed = days_of_boxes and not BOTH.search(folded)
    named_days_of_boxes = days_of_boxes - {None}
    for place, one in meals:
        day = _day_of(folded, place)
        is_parted = day is not None and named_days_of_boxes and day not in named_days_of_boxes
        if not (is_packed and one.value == "昼食" and not is_parted):
            yield place, one


def _day_before(folded: str, place: int) -> int | None:
    """Return where the day stands that a meal is named as that of, None if there is none."""
    one = last_day_before(folded, place)
    is_near = one is not None and place < min(one.reach, one.end + LONGEST_REASON)
    is_of_it = is_near and one is not None and is_to_a_meal(folded[one.end : place])
    return one.start if one and is_of_it else None


def _is_alone(folded: str, end: int) -> bool:
    """Tell whether a time of day is what is asked for: 「夜だけ考えて」, not 「朝だけ、洋食で」."""
    alone = THIS_ALONE.match(folded, end)
    return alone is not None and not folded.startswith("、", alone.end())


def _day_of(folded: str, place: int) -> int | None:
    """Return where the day stands that a meal is told of, None if there is none."""
    one = last_day_before(folded, place)
    return one.start if one and place < one.reach else None


def _is_wanted(folded: str, start: int, end: int) -> bool:
    """Tell whether a meal that is named is to be planned."""
    is_of_its_day = GOES_INTO.match(folded, end) and _is_of_a_weekday(folded, start)
    is_unwanted = NOT_WANTED.match(folded, end) is not None and not is_of_its_day
    if is_unwanted or right_before(NOT_TICKED, folded, start):
        return False
    # 「合わせて23食」 are no three meals a day.
    is_number = folded[start].isdigit() and folded[start - 1 : start].isdigit()
    return not is_number and right_before(TOLD_OF_THE_PAST, folded, start) is None


def _is_of_a_weekday(folded: str, start: int) -> bool:
    one = last_day_before(folded, start)
    return one is not None and one.keys[0].kind == "week" and folded[one.end : start] in ("", "の")


def _is_listed(folded: str, place: int) -> bool:
    """Tell whether a time of day stands for a meal, beside one that is named in full."""
    if BEHIND_A_LIST.search(folded, max(0, place - MEAL_REACH), place):
        return True
    if IN_A_LIST.match(folded, place):
        return True
    if LABEL.match(folded, place) and right_before(AT_THE_HEAD, folded, place):
        return True
    one = last_day_before(folded, place)
    is_of_a_day = one is not None and folded[one.end : place] in ("", "の", "は")
    return is_of_a_day and folded[place + 1 : place + 2] != "に"


def _alone(meals: list[Found], text: Text) -> list[Found]:
    """Return the meals that are asked for and no others: 「昼と夜だけ」."""
    alone: list[Found] = []
    meals = sorted(meals, key=lambda meal: meal[0])
    for number, (place, meal) in enumerate(meals):
        end = place + len(meal.words)
        if THIS_ALONE.match(text.folded, end) and not _is_of_a_day(text.folded, place):
            alone.append(meals[number])
            for before in meals[number - 1 :: -1] if number else ():
                if place - before[0] - len(before[1].words) > 1:
                    break
                alone.append(before)
                place = before[0]  # noqa: PLW2901  # the next one is joined to this
    # 「昼だけお願いします。水は家で、木は弁当」: a box is a lunch.
    if {meal.value for _, meal in alone} == {"昼食"}:
        alone += [one for one in meals if one[1].value == "お弁当"]
    return alone


def _is_of_a_day(folded: str, place: int) -> bool:
    """Tell whether a meal is named as that of a single day: 「金曜は夜だけ」."""
    return day_of(folded, place) is not None and _day_before(folded, place) is not None


def _times_of_day(text: Text) -> Iterator[Found]:
    """Yield the meals that are named by their time alone."""
    for meal, pattern in BARE_MEALS.items():
        for match in pattern.finditer(text.folded):
            if _is_wanted(text.folded, match.start(), match.end()):
                yield found(text, match, "meal", meal)
