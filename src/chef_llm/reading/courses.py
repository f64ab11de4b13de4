"""Reads of which courses a meal should be: 一汁三菜, 汁物なし, 副菜2品, おつまみ3品, あと一品.

Where nothing is said, custom decides (`menus.meals.STRUCTURES`).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from chef_llm.cookbook.vocabulary import Role
from chef_llm.reading.course_words import (
    A_COURSE,
    A_FEW,
    ANY_ROLE,
    COUNTER,
    JOINT,
    MAIN,
    MENTION,
    OF_A_MEAL,
    ROLES,
    SHIME,
    Counted,
    count_of,
    few_of,
    role_of,
)
from chef_llm.reading.numbers import FEW, number_of
from chef_llm.reading.patterns import any_of
from chef_llm.reading.proposals import PROPOSALS
from chef_llm.reading.sweets import MEAL_AND_SWEET, SNACK, SWEET, read_snack_alone, read_sweet
from chef_llm.reading.terms import Scopes
from chef_llm.reading.text import Text, right_before
from chef_llm.reading.understood import Found, Understood

LONGEST_WORDS: Final = 30
# All patterns are matched against folded text.
# 「お弁当のすきま、何詰めよ」: little dishes between those that are there.
GAP: Final = re.compile(r"(?:すき間|すきま|隙間)(?!時間|風)")
# What makes a meal where it stands in a row with courses: 「ごはんとおかず二つと汁」.
_RICE: Final = (
    r"(?<![一-鿿])(?:白い?)?(?:ご飯|ごはん|米|めし|飯|ぱん|おにぎり(?:的なもの)?)"
    r"(?!を?炊|炊|もの|物|もん|に(?:も)?(?:合|あ[うっわ]|添))"
)
# 「白いごはんと、しょっぱいおかず、スープ」「メシ、肉、汁」: a main dish in a row of courses.
DISH_BESIDE: Final = re.compile(rf"(?:おかず|(?<=[、・])肉){JOINT}(?:{'|'.join(ROLES.values())})")
# 「白めしが止まらんおかず」
FOR_RICE: Final = re.compile(
    r"(?:ご飯|ごはん|めし|米|(?<!揚げ)ぱん)(?:に|が)[^。\n、]{0,8}おかず(?!.{0,3}[1-9一二三四五])"
)
RICE_BESIDE: Final = re.compile(
    rf"{_RICE}(?:1種|[1一]つ)?(?={JOINT}(?:[^、。\n]{{0,6}}[いのな])?(?:{A_COURSE}|肉、))"
    rf"|(?:(?:{A_COURSE})(?:[をは]?{A_FEW}{COUNTER})?{JOINT})(?P<rice>{_RICE})"
)
ONE_DISH_OF_RICE: Final = re.compile(r"一汁一飯")
# 「丼ものひとつで」「麺だけで」
A_BOWL_ALONE: Final = re.compile(
    r"(?:丼|どんぶり|麺)(?:もの|物|類)?\s?(?:(?:[1一]|ひと)(?:つ|品|皿|杯)?|だけ){1,2}(?:で|に|(?<=だけ)(?=[、。,\n]|$))"
    # 「土日＝丼もの一品」「一皿で済むもの」
    r"|(?:丼|どんぶり)(?:もの|物)?\s?(?:[1一]|ひと)(?:つ|品|皿|杯)(?=[。\n]|$)"
    r"|(?:[1一]|ひと)皿(?:で(?:済|完結|まとま|終わ)|もの(?=[をでに。、\n]|$))"
)
# 「汁物はいりません」「ご飯は炊いてあります」「味噌汁抜き」「ごはんとみそ汁はばあちゃんがやるから」
_THERE: Final = any_of(
    "あ(?:る(?!の?で?(?:もの|やつ)|か|と(?!して))|ります(?!か)|るん) 用意 仕込ん いんすたんと",
    r"[^。\n、はも]{1,8}が(?:作って|用意|炊いて|担当|持って)",
    "(?:ばあちゃん|母|妻|夫|義母|先生|むこう|向こう)が",
    "炊(?:いて|く|かな|ぐ|担当) それぞれ 各自 並んで(?:い)?(?:る|ます)",
    r"持参 (?:[^。\n、]{0,6}で)?持って(?:く|行|い|ぐ) 作って(?:ある|あり|お)",
    "(?:自分|こちら|こっち)で(?:や|作|用意|詰め|盛)",
)
_NOT: Final = any_of(
    "なし(?!でも|だと|(?:では|じゃ)[^。、]{0,3}(?:さび|寂|物足|もの足)) 無し",
    "ナシ 不要 不可 結構 いら 要ら い?り?ません 要りません 抜き 抜いて 抜く",
    r"ぱす(?!た) なくて 無くて 付けな つけな 作りません 作らな 出しません 出さな か?無理",
    r"\[?\]?false 別に(?:ある|用意) [^。\n、/]{0,8}?決まって 省[いく] ええわ ええで",
    "考えな(?:い|くて) 遠慮",
)
# 「汁もん、やっぱ要らんわ」
_AFTER_ALL: Final = r"(?:、?\s?(?:やっぱ(?:り|し)?|もう|今日は|今回は)、?)?\s?"
# 「副菜はデパ地下のサラダある」「汁物は昨日のが残ってる」
_SOMETHING_THERE: Final = (
    r"[^。\n、はがも]{1,12}(?:が|を)?(?:あ(?:る|ります)|残って(?:い)?(?:る|ます)|買って(?:あ|き|る))"
    r"(?=から|ので|んで|けど|けん|し|よ|[。、]|$)(?![^。\n]{0,14}(?:それ|使|入れ|消費|で作))"
)
_NO: Final = (
    r"(?:(?:など|とか|系)?(?:は|も|を|が|だけ)?"
    r"(?:(?!の?(?:被|かぶ|だぶ|重|繰り返し))[^。\n、/]{0,14}(?=不要|いりません|いらない|なし))?\s?"
    rf"{_AFTER_ALL}{_NOT}|(?:の|が|を)?(?:かわり|代わり)に|じゃない(?:ばーじょん|もの|やつ|の)|じゃなく|"
    rf"(?:は|が|も)(?:(?:もう|いつもの|こちらで|別に)?{_THERE}|{_SOMETHING_THERE})|以外|→\s?(?:なし|不要)|\s?[×✕❌🙅])"
)
_ALL_COURSES: Final = "|".join((*ROLES.values(), "でざーと", "おやつ"))
NOT_WANTED: Final = re.compile(
    # 「熱い汁物はパス」 leaves cold ones.
    rf"(?P<roles>(?<![いな])(?<!同じ)(?<!おなじ)(?:(?:{_ALL_COURSES})[:：=→>]*[^\S\n]?(?:[と・、やも])?){{1,3}}){_NO}"
    rf"|soup\"?\s?[:=>]\s?\"?(?P<data>false|no|none|0|不要|なし|いらな|いりま)"
    rf"|(?:out of scope|対象外|不要なもの|いらないもの)\s?[:：]\s?(?P<listed>[^\n。]{{1,30}})"
)
# The staple goes by what it is, too. Rice, bread or noodles that are not eaten are foods that are
# left out, and rice that is there uncooked is cooked: 「米なし」「米は5合持参」「米はある」.
_IS_THERE: Final = any_of(
    "炊い(?:て(?!な|ま?せ)|た(?=から|ので|けん|し)) 炊けて 炊く 炊きます 炊きました 炊かない 炊ぐ",
    "炊飯担当 自分で炊 各自(?!の実家|\\d) 別に 別で 持って",
    "(?:自分|こちら|こっち)で(?:や|作|用意|詰め|盛|炊)",
    "(?:もう|寮に|家に|いつものが)?(?<!米)(?<!米[はがも])"
    "あ(?:る(?!の?で(?!す)|もの|やつ|か)|ります(?!か)|るん)",
    "冷凍が?あ(?:る|り) 考えな(?:い|く) (?:こちらで)?用意",
    r"[^。\n、]{0,4}(?:ばあちゃん|母|義母|妻|夫)が [^。\n、]{0,6}が炊",
)
_WITH_IT: Final = r"(?:(?:と|、|・|も)(?:お?汁物?|みそ汁|味噌汁|すーぷ|漬物|漬けもん)){0,2}"
NO_STAPLE: Final = re.compile(
    rf"(?:(?<![今晩夕昼朝])(?:白?ご飯|ごはん|白米)|主食|〆|🍚){_WITH_IT}(?:は|も|なら|だけ|が)?\s?"
    rf"(?:なし(?!も)|なくし(?:て|たい)|無し|不要|[:：=]?\s?(?:いら(?!ん[^。、]{{0,3}}か)|要ら)|いり?ません|抜き|抜いて|持参|{_IS_THERE})"
    rf"|(?:お?米(?!粉|なす|酢|油|びつ)){_WITH_IT}(?:は|も|なら|だけ|が)?\s?(?:{_IS_THERE}|なし(?=\(あ))"
    r"|米\sぱん\s麺|ぱん\s?麺\s?芋\s?全部なし"
    # 「おかずだけ知りたい」, and not 「おかずだけでは足りない」
    r"|おかず(?:だけ|のみ)(?=を?\s?(?:お?願|教|知り|考|頼|作|ほし|欲し|くださ|提案)|で(?:いい|ええ|よか|ok|お願|頼)|[。\n]|$)"
)
# 「おかずいらないやつで」: what is eaten without a dish beside it.
NO_DISHES: Final = re.compile(
    r"(?<![^。、\n\s()はもとで])おかず[はもなが]?(?:いら(?:な|ん)|要ら|不要|なし(?!に)|抜き)(?![^。\n]{0,4}\?)"
)
# 「主菜以外いらん」
NOTHING_ELSE: Final = re.compile(
    r"以外[のはをもが]?(?:もの)?(?:全部|ぜんぶ|すべて)?\s?(?:いら|要ら|い?りません|不要|なし|無し|抜き|消|外)"
)
# 「主菜以外は決まってる」: it is what is asked for.
BUT_IT_IS_THERE: Final = re.compile(
    r"以外[のはをもが]?[^。\n、]{0,6}?(?:決ま|あ(?:る|り)|そのまま|このまま|用意|買|作って)"
)
# Said of a role without asking for it alone: 「汁つき」「副菜も」「主菜は魚で」「汁物は毎日」.
BESIDE: Final = re.compile(
    r"\s?"
    + any_of(
        r"[】\])] 「[x✓✔]」 あり(?!ま) つき 付き?  込み も には 毎 を?(?:含|添) : = → らしい 派",
        r"に(?!し(?:て|た|よ|ちゃ)|なる|合|$|。) が(?:いつも|同じ|毎) を?[^。\n]{0,6}流用",
        r"は(?!\s?[1-9一二三四五六七八九](?:品|つ|種)|どう|何|なに|\s?[?。]|$)",
        r"の?(?:具(?!材?(?:の組|、|を(?!変|替|か[えわ])|は何|だけ))|味|野菜|代わり|かわり|冷めない)",
        "(?:だけ|のみ)?(?:を|は)?(?:変|替|か[えわ]|換|簡単|飲み(?!た|で))",
        "の(?:中|なか|肉|魚|反復|重複|かぶり|使い回し)",
    )
)
# 「主食はご飯」「主菜は豆腐か野菜で」
IS_SO: Final = re.compile(
    r"は(?![^。、\n]{0,8}(?:別|決ま|考え|なし|いら|要ら|不要|ある|あり|買|用意|各自|持|ぱす|無理))"
)
# 「主菜に合う」「スープとパンに合う」
FITTING: Final = re.compile(
    rf"(?:{JOINT}[^。\n、に]{{1,8}}?)?(?:に(?:も)?(?:合|あ)[うっわ]|と(?:も)?合[うわ])"
)
ADDED: Final = re.compile(
    r"(?:だけ)?(?:も|を|が)?\s?(?:(?:[1-9一二三]|ひと|ふた)(?:つ|品|種|皿)(?:だけ|くらい)?(?:を|は)?\s?)?"
    r"(?:つけ|付け|足し|追加|加え|増や|ふや|ほし[いくか]|欲しい|欲しく|もう|入れて)"
)
# 「味噌汁じゃなくてスープに」「スープの代わりにお吸い物を」
INSTEAD: Final = re.compile(r"(?:じゃな|かわり|代わり|なく)[^。\n]{0,4}$")
OF_A_COURSE: Final = re.compile(rf"[^。\n]{{0,10}}?(?:{ANY_ROLE})")
# 「ご飯足して」「ごはんものを足して」
RICE_ADDED: Final = re.compile(
    r"(?:ご飯|ごはん|米|ぱん|麺)(?:もの|もん)?(?:だけ)?(?:も|を)?\s?(?:足し|追加|加え|つけ)"
)
# 「漬物もほしくなった」: a side that is called by its kind.
SIDE_ADDED: Final = re.compile(
    r"(?:さらだ|お?漬け?物|お新香|おひたし|(?:和|あ)え物)(?:だけ)?も\s?(?:足し|追加|加え|つけ|付け|ほし|欲し)"
)
ALONE: Final = re.compile(
    r"(?:だけ|のみ|を(?=[、。]|$)|をひと|を一|の(?:候補|案|れしぴ)|[をば](?:お願|教え|考え|頼|作)|に(?:し(?:た|ちゃ|よ)|でき)|ば)"
)
# 「夕飯の副菜」「昼食の主菜」: a course of the meal, and not the meal.
OF_THE_MEAL: Final = re.compile(
    r"(?:献立|めにゅー|夕食|夕飯|夕ご?はん|晩ご?はん|晩ご飯|夕ご飯|昼食|昼|朝食|朝|夜|晩|お?弁当|給食)の$"
)
# 「ごはん物を1つだけ」, and not 「副菜は1品だけでいい」
ONLY_SO_MANY: Final = re.compile(r"(?:だけ|のみ)(?!で(?:いい|よい|良い|ええ|十分|じゅうぶん|ok))")
OF_MISO: Final = re.compile("味噌汁|みそ汁")
# 「5種類のスープ」
NUMBER_BEFORE: Final = re.compile(rf"(?P<count>{A_FEW})(?:種類?|つ|品)の$")
# 「それに合う副菜と汁」「横に並べるもの」: what comes beside the menu that is there.
BESIDE_IT: Final = re.compile(r"(?:それ|これ|横)に(?:も)?(?:合|添|並べ|つけ)|にも合う")
SOUP_AND: Final = re.compile(
    rf"(?P<soups>{FEW})汁(?P<dishes>{FEW})菜|(?P<dishes_first>{FEW})菜(?P<soups_last>{FEW})汁"
)
# Whatever tells of which courses a meal is.
COURSE: Final = re.compile(
    rf"{A_BOWL_ALONE.pattern}|{A_COURSE}|{FEW}汁{FEW}菜|{SNACK.pattern}|(?:ご飯|ごはん|米|ぱん)(?=は?(?:なし|抜き))|{A_FEW}(?:品|皿)"
)
# Dishes, whatever their course: 「おかず3つ」「皿数は4」「大皿2つ」.
_THINGS: Final = (
    r"おかず|おばんざい|お?惣菜|お菜|(?<![一-鿿])料理|大皿(?:料理)?|皿数|dishes[\"']?[:=]?|(?<![一-鿿])皿(?=[をば])|品数|鍋(?=[をは]?[2-9二三四]種)|"
    r"(?:ほか|他|それ|以外)の?(?:もの|皿|料理)"
)
# A thing without a name takes a counter, to be told from pieces of food: 「つまめるもの5種」.
_SOMETHING: Final = (
    r"(?:(?<!揚げ)(?<!和え)(?<!丼)(?<!どんぶり)(?:もの|もん)|(?<!お)やつ|(?<=[るうくすむい])の|(?<=[るうたかい])と(?=[をば])|"
    r"一口さいず)"
)
_PUT: Final = (
    r"\s?(?:\d日(?:分|ぶん))?(?:を|は|が|ば|、|:|で|どーんと)?\s?"
    r"(?:\d{1,3}分(?:以内|まで|くらい)?で)?"
    r"(?:各|毎日|計|あと|もう|全部で)?\s?"
)
_OF_DISHES: Final = r"(?:つ|種類?|品|個|通り)(?!目|切れ|ずつ)"
_BARE: Final = r"(?!\d)(?=まで|[はとでをずほくおかだにもがば]|[、。,()・/\s]|$)(?!時|分)"
# 「残り2品」「残り2つを考えて」, and not 「卵は残り2個」
_THE_REST: Final = (
    r"残り(?:の|は)?"
    r"(?=[1-9一二三四](?:品|皿)|(?:[1-9一二三四]|ひと|ふた)つ(?:を|は)?(?:考|決|教|お願|何))"
)
COUNTED: Final[Mapping[str, re.Pattern[str]]] = {
    # 「あと2品」「もう一皿」
    "more": re.compile(
        rf"(?:もう|あと(?:の)?|追加で|ぷらす|ほかに?|他に?|何か|なんか|軽いおかずを?|{_THE_REST})\s?(?P<count>{A_FEW})"
        rf"(?:(?:品|皿)(?!料理|案|に|種)|(?<!か[1一])(?<!かひと){_OF_DISHES}(?=[。、,!\n?]|$|[をはで]|お願|足|だけ|ほし|欲し|考|何|くらい))"
    ),
    "snack": re.compile(
        rf"(?:お?つまみ|肴|あて){_PUT}(?P<count>{A_FEW})(?:{_OF_DISHES}|こ|$|(?=[、。]))"
    ),
    "dish": re.compile(rf"(?:{_THINGS}){_PUT}(?P<count>{A_FEW})(?:{_OF_DISHES}|{_BARE})"),
    "thing": re.compile(rf"{_SOMETHING}{_PUT}(?P<count>{A_FEW}){_OF_DISHES}(?!は)"),
    "of": re.compile(rf"(?P<count>{A_FEW})(?:種類?|つ|品)の(?:おかず|お?つまみ|料理|小皿)"),
    # 「お漬物を三種。」「2種類ほどお願いします」
    "kinds": re.compile(
        rf"(?<!野菜)(?<!材料)(?<![味具肉魚])(?:を|は)?\s?(?P<count>{A_FEW})種類?(?:ほど|くらい|ばかり)?"
        r"(?=[。!]|$|お?願|教|ほし|欲し|考え|くださ|いただ|頼|つく|作)"
    ),
    # 「3品で」「四品に汁」
    "total": re.compile(
        rf"(?:(?<![一-鿿\d大])|(?<=夕[食飯])|(?<=[朝昼]食)|(?<=[晩夜])|(?<=[1一毎]日)|(?<=合計)|(?<=総計))(?<!料理は)(?!(?:1|一|ひと)(?:皿(?!だけ|、)|品ずつ))(?:各|計|全部で|全)?(?P<count>{A_FEW})\s?(?:品|皿)(?!目|種|以内|料理|盛|もの|に(?!汁)|まで(?:に|の)|数|あたり|当たり|につき|\d{{1,2}}分)"
    ),
}
# 「うち2品は酢の物」「火を使わないもの2品以上」: some of those that are counted already.
OF_THEM: Final = re.compile(r"うち\s?$|そのうち[^。\n\d]{0,14}$")
AT_LEAST: Final = re.compile(r"以上")
# 「5品ほしい。うそ、4品でいい」「おかず3つ、卵焼きは決定だから残り2つ」: the last number is it.
CORRECTED: Final = re.compile(
    r"(?:て(?:い)?た|だった)(?:けど|けれど|が、|ので|んで)|うそ|嘘|いや[、,。]|やっぱ|やはり|訂正|間違え|まちがえ|じゃなく|残り"
)
# 「汁物と温かい一品」: a dish beside a course.
AND_A_DISH: Final = re.compile(
    rf"(?:と|＋|\+|プラス)[^。\n、とはがを]{{0,8}}?(?P<count>{A_FEW})(?:品|皿)(?!目)"
)
# 「主菜は刺身があるので」「メインは惣菜のとんかつ買ってきた」
MAIN_IS_THERE: Final = re.compile(
    rf"(?:{MAIN})(?:の[^。\n、はがをも]{{1,8}})?(?:は|も|って)"
    r"[^。\n]{0,14}?(?:買っ|買う|決まっ|決まり|決めて(?:あ|い|る|お)|決定|確定|あ(?:る|ります)(?=から|ので|けん|し|。|$)|"
    r"作っ|予約|取っ|頼んで|用意)"
)
# 「メインはすき焼きなので軽く」: beside so many others.
MAIN_IS_SO: Final = re.compile(rf"(?:{MAIN})は[^。\n、]{{1,10}}(?:なので|だから|やけん|やし|だし)")
# 「煮物とあえ物を一つずつ」
EACH: Final = re.compile(
    r"(?P<list>[^。\n、]{1,14}(?:と|、|・)[^。\n]{1,14}?)(?:を|ば|、)?\s?(?:一|1|ひと)(?:つ|品|個)ずつ"
)
# What is there already, or comes from elsewhere, so that only what goes with it is asked for:
# 「ハンバーグに合う副菜」「お寿司は取るから、あと2品」「おはぎは買うて、ほかに二つ」.
OTHERS: Final = re.compile(
    any_of(
        "に(?:も)?合(?:う|い|わせ) 添え(?!書) に(?:そえ) 付け?合わ?せ つけあわせ 横に 横で",
        "受け止める (?:ほか|他)(?:に|の(?:皿|料理|おかず|もの))(?!は?な)",
        "あと(?=[はの]?(?:[1-9一二三何汁])|もう) もう(?:一|ひと|1)(?:皿|品|つ|個)",
        "それ(?:以外(?:に|の?(?:品|皿|おかず|料理))|に添え)",
        "足りんのは 足りないのは だけ考え 残り[二三四2-9] のほかに 以外に 何を添え と、?もう",
        "つまむ(?:もん|もの)もう",
        SHIME,
    )
)
# 「ハンバーグに合う」「〆の」「カレーにした」
_GOES_WITH: Final = (
    rf"の(?:{SHIME})|に(?:し(?:た(?!い)|よう|ました|て)|する)|"
    rf"(?:の残り)?(?:(?:{JOINT}[^。\n、に]{{1,8}}?)?に(?:も)?(?:合(?!計)|添|そえ)|"
    r"がめいん|のほか|の(?:横|付け?合わ?せ|つけあわせ)|→[^\n]{1,4}(?:担当|が)"
)
# 「唐揚げは買ってある」「刺身と天ぷらに決定」
_IS_SETTLED: Final = any_of(
    "あ(?:る|ります)(?!もの) 買 決ま 決め(?!て(?:[。、\\d]|$|くだ|ほし|欲し|お願|頼)) 決定 担当",
    "注文 作(?:る|り(?!た)|っ) 持(?:って|ち) 取(?:る|り|っ) 頼(?:む|み|ん) 用意 炊 でき 残",
    "仕込 焼い する(?:から|ので|けん|し) する予定 確定 もら",
)
GIVEN: Final = re.compile(
    rf"{_GOES_WITH}|(?:と[^。\n、]{{1,8}})?(?:に|で)(?:決|確定)"
    rf"|(?:と[^。\n、]{{1,8}})?(?:は|も|を|が|って)[^。\n、]{{0,12}}?{_IS_SETTLED})"
)
# 「唐揚げは買ってある」「お寿司は頼んであるから」: right behind a dish.
DISH_IS_THERE: Final = re.compile(
    r"(?:と[^。\n、はがをも]{1,8})?(?:は|も|を|が|って)[^。、\n]{0,8}?"
    + any_of(
        "(?:買って|買うて|頼んで|作って|焼いて|揚げて|煮て|仕込んで|予約して|注文して)"
        "(?:あ(?:る|り)|お(?:い|く)|き(?:た(?!い)|ま)|くる|帰|もら)",
        "買った(?=から|ので|んで|けど|けん|し|。|$) 注文(?:し(?:た|まし)|済) 予約(?:した|済)",
        "(?:取る|とる|頼む|買う)(?=から|ので|んで|けど|けん|し[、。])",
        "(?:残って|並んで)(?:い)?(?:る|ます)",
        "もらった(?=から|ので|んで|けど|けん|し|。|$)",
    )
)
# So many dishes beside plain rice make these meals.
MEALS_OF: Final = {
    1: (Role.STAPLE, Role.MAIN),
    2: (Role.STAPLE, Role.MAIN, Role.SIDE),
    3: (Role.STAPLE, Role.MAIN, Role.SIDE, Role.SOUP),
    4: (Role.STAPLE, Role.MAIN, Role.SIDE, Role.SIDE, Role.SOUP),
    5: (Role.STAPLE, Role.MAIN, Role.SIDE, Role.SIDE, Role.SIDE, Role.SOUP),
    6: (Role.STAPLE, Role.MAIN, Role.MAIN, Role.SIDE, Role.SIDE, Role.SIDE, Role.SOUP),
}
# Of dishes that make no meal there may be more than those.
MOST_OF_A_MEAL: Final = max(MEALS_OF)
MOST_DISHES: Final = 9
FULL: Final = (Role.STAPLE, Role.MAIN, Role.SIDE, Role.SOUP)


@dataclass(frozen=True)
class Courses:
    """The roles of the dishes of a meal, none where nothing is said of it.

    `is_snack`: つまみ are wanted, `is_sweet`: a dessert is one of the sides. With `asks_beside`
    something is there already, which what is asked for goes with.
    """

    roles: tuple[Role, ...] = ()
    is_snack: bool = False
    is_sweet: bool = False
    asks_beside: bool = False
    removed: frozenset[Role] = frozenset()
    words: tuple[Found, ...] = ()


def read_courses(text: Text, scopes: Scopes | None = None, *, has_given: bool = False) -> Courses:
    """Return of which courses every meal should be; what single meals have is not read.

    With `has_given` a dish is there already (`DISH_IS_THERE`).
    """
    folded = scopes.of_all(text.folded, COURSE) if scopes else text.folded
    removed = removed_roles(folded)
    is_beside = asks_beside(folded) or has_given
    named, counted = _named(folded, removed), _standing(folded, _counted(folded))
    snack = SNACK.search(folded)
    sweet = read_sweet(folded)
    if sweet is not None:
        # 「メイン1、スープ1、デザート1の4品」
        counted = [
            replace(one, count=one.count - sweet.count)
            if one.kind == "total" and sweet.place < one.place
            else one
            for one in counted
        ]
    is_snack = snack is not None
    plain = Courses(is_snack=is_snack, asks_beside=is_beside, removed=frozenset(removed))
    roles = _roles(
        folded,
        named,
        counted,
        removed,
        no_main=is_beside or is_snack or Role.MAIN in removed,
    )
    if sweet is None and not roles:
        sweet = read_snack_alone(folded)
    patterns = (SOUP_AND, ONE_DISH_OF_RICE, A_BOWL_ALONE, *([] if counted else [FOR_RICE]))
    places = [match.span() for match in (one.search(folded) for one in patterns) if match]
    places += [one.place for one in counted] if roles else []
    places += [named.place] if roles and named.place else []
    if not roles and (gap := GAP.search(folded)):
        roles, places = [Role.SIDE], [gap.span()]
    if not roles and snack is not None and sweet is None and not OF_A_MEAL.search(folded):
        roles, places = [Role.SIDE, Role.SIDE], [snack.span()]
    if (each := EACH.search(folded)) and (sweet is None or roles) and not PROPOSALS.search(folded):
        joints = r"・" if "・" in each["list"] else r"と|、"
        left = len(re.findall(joints, each["list"])) + 1 - len(roles)
        if left > 0:
            roles = [*roles, *_of_dishes(left, is_side=is_beside or Role.MAIN in roles)]
            places.append(each.span())
    if sweet is not None:
        is_alone = not (OF_A_MEAL.search(folded) or MEAL_AND_SWEET.search(folded))
        roles = [*(roles or ([] if is_alone else FULL)), *[Role.SIDE] * sweet.count]
        places.append(sweet.place)
    if removed and not roles:
        roles = list(FULL)
    kept = [role for role in roles if role not in removed]
    if not kept or (removed and not places and len(kept) == len(roles)):
        return plain
    in_order = tuple(sorted(kept, key=FULL.index))[: MOST_DISHES + 1]
    places += list(removed.values())
    start, end = min(places)[0], max(end for _, end in places)
    words = text.words(start, end) if end - start < LONGEST_WORDS else text.words(*min(places))
    found = (start, Understood("roles", "・".join(in_order), words))
    return replace(plain, roles=in_order, is_sweet=sweet is not None, words=(found,))


@dataclass(frozen=True)
class Named:
    """The courses that are named: each once for each dish, which of them are counted, and where.

    With `is_list` each stands under its own label, so that they are all.
    """

    roles: tuple[Role, ...] = ()
    counted: frozenset[Role] = frozenset()
    place: tuple[int, int] | None = None
    places: tuple[tuple[int, int], ...] = ()
    is_list: bool = False


def _roles(
    folded: str,
    named: Named,
    counted: Sequence[Counted],
    removed: Collection[Role],
    *,
    no_main: bool,
) -> list[Role]:
    """Return the courses that names and numbers come to, removed ones among them."""
    if by_custom := _by_custom(folded, named, counted):
        return by_custom
    is_meal = OF_A_MEAL.search(folded) is not None
    total = next((one for one in counted if one.kind == "total"), None)
    others = [one for one in counted if one.kind != "total"]
    if _is_apposed(folded, named, counted):
        others = []
    roles = list(named.roles)
    if len(roles) == 1 and not named.counted and [one.kind for one in others] == ["kinds"]:
        # 「汁物だけ日替わりで5種類」
        return roles * min(others[0].count, MOST_DISHES)
    if DISH_BESIDE.search(folded) and roles and Role.MAIN not in roles and not others:
        roles.append(Role.MAIN)
    no_main = no_main or Role.MAIN in roles
    if others:
        is_side = no_main or all(one.kind == "more" for one in others)
        count = min(sum(one.count for one in others), MOST_DISHES)
        # 「おかず4品（主菜2、副菜2）」 counts them once more.
        if not (named.counted and count == len(roles)):
            roles += _of_dishes(count, is_side=is_side)
    elif total is not None:
        # 「5品、うち汁1」「4品（主菜2、副菜2）」; 「四品に汁」 has it beside them.
        last = named.places[-1][1] if named.places else None
        is_side = last is not None and AND_A_DISH.match(folded, last) is not None
        is_more = is_side or ADDS.match(folded, total.place[1])
        left = total.count - (0 if is_more else len(roles))
        if is_meal and not roles:
            return _of_a_meal(total.count, removed)
        roles += _of_dishes(min(left, MOST_DISHES), is_side=no_main or is_side)
    elif named.counted and is_meal and not asks_beside(folded) and not _are_all(named, folded):
        # 「夕食を、副菜は2品で」: the other courses are as usual.
        return [*roles, *(role for role in FULL if role not in roles)]
    if roles and Role.STAPLE not in roles and RICE_BESIDE.search(folded):
        roles = [Role.STAPLE, *roles]
    return roles


def _is_apposed(folded: str, named: Named, counted: Sequence[Counted]) -> bool:
    """Tell whether one dish more is told by its course.

    「あと一品だけ、野菜のおかずを」「副菜を何かもう一つ」, and not 「みそ汁と、もう一皿」.
    """
    if len(counted) != 1 or len(named.roles) != 1 or not named.places:
        return False
    [one], [(start, end), *_] = counted, named.places
    if one.kind != "more" or one.count != 1:
        return False
    return start > one.place[0] or AND_THAT.fullmatch(folded, end, one.place[0]) is not None


def _by_custom(folded: str, named: Named, counted: Sequence[Counted]) -> list[Role]:
    """Return the courses of what has a name of its own, and those that stand under labels."""
    if soup_and := SOUP_AND.search(folded):
        soups = number_of(soup_and["soups"] or soup_and["soups_last"])
        dishes = number_of(soup_and["dishes"] or soup_and["dishes_first"])
        return [Role.STAPLE, Role.MAIN, *[Role.SIDE] * (dishes - 1), *[Role.SOUP] * soups]
    if ONE_DISH_OF_RICE.search(folded):
        return [Role.STAPLE, Role.SOUP]
    if A_BOWL_ALONE.search(folded):
        return [Role.STAPLE]
    if FOR_RICE.search(folded) and not named.roles and not counted:
        return [Role.MAIN]
    if named.is_list:
        return [*named.roles, *([] if Role.STAPLE in named.roles else [Role.STAPLE])]
    return []


def _of_a_meal(count: int, removed: Collection[Role]) -> list[Role]:
    """Return the courses of a meal of so many dishes: 「汁物なしで3品」 has a side in its place."""
    roles = [role for role in MEALS_OF[min(count, MOST_OF_A_MEAL)] if role not in removed]
    dishes = sum(role != Role.STAPLE for role in roles)
    return [*roles, *_of_dishes(min(count, MOST_DISHES) - dishes, is_side=True)]


def _of_dishes(count: int, *, is_side: bool) -> list[Role]:
    """Return the courses of so many dishes: sides, or a main dish, from five on two, with sides."""
    if count <= 0:
        return []
    mains = 0 if is_side else 2 if count >= MOST_OF_A_MEAL - 1 else 1
    return [Role.MAIN] * mains + [Role.SIDE] * (count - mains)


def _counted(folded: str) -> Iterator[Counted]:
    """Yield the numbers of dishes that are of no course, each place once."""
    taken = bytearray(len(folded) + 1)
    for match in (
        *(one for one in MENTION.finditer(folded) if count_of(one)),
        *SWEET.finditer(folded),
    ):
        taken[match.start() : match.end()] = b"\1" * len(match[0])
    for kind, pattern in COUNTED.items():
        for match in pattern.finditer(folded):
            start, end = match.span("count")
            if any(taken[start:end]):
                continue
            taken[match.start() : match.end()] = b"\1" * len(match[0])
            yield Counted(kind, few_of(match["count"]), match.span())


def _standing(folded: str, counted: Iterable[Counted]) -> list[Counted]:
    """Return the numbers that stand: none of parts of others, and of a corrected one the last."""
    standing: list[Counted] = []
    for one in sorted(counted, key=lambda each: each.place):
        start, end = one.place
        is_in_total = standing and standing[-1].kind == "total" and one.kind == "thing"
        if right_before(OF_THEM, folded, start) or (standing and AT_LEAST.match(folded, end)):
            continue
        if is_in_total and one.count <= standing[-1].count:
            continue
        if standing and CORRECTED.search(folded, standing[-1].place[1], start + 2):
            standing = []
        standing.append(one)
    return standing


# 「主菜：魚」 is a label, 「副菜：？」 one to be filled in.
LABEL: Final = re.compile(r"】?\s?(?:[:=…]|\.\.)")
OPEN: Final = re.compile(r"】?\s?[:=….]+\s?(?:[?_]|【\s*】|「\s*」|なし\s?→|$)")
JOINED: Final = re.compile(r"(?:と|や|、|・)")
# 「四品に汁」「3品と汁物」
ADDS: Final = re.compile(r"(?:に|と|\+|プラス)")
# 「もう一品肉のおかず追加で」
ADDS_A_MAIN: Final = re.compile(
    r"(?:(?<!ひき)肉|魚|たんぱく質)(?:系|っぽい)?の?(?:おかず|料理|もの|もん|やつ|[1一ひ]と?品)"
)
AND_THAT: Final = re.compile(r"[をがは]?\s?(?:何か|なんか|なにか)?")
BESIDE_DISHES: Final = re.compile(rf"{A_FEW}(?:品|皿|つ|種)(?:に|と|\+)$")


def role_places(folded: str) -> Iterator[tuple[Role, int, int]]:
    """Yield every role that is named, with where."""
    for match in MENTION.finditer(folded):
        role = role_of(match)
        yield role, match.start(), match.end(role.name)


def added_roles(folded: str) -> list[Role]:
    """Return the roles that a later turn adds: 「汁物もつけて」「もう一品」."""
    added = [
        role
        for role, _, end in role_places(folded)
        if ADDED.match(folded, end) and role not in removed_roles(folded)
    ]
    more = sum(one.count for one in _counted(folded) if one.kind == "more")
    if (sweet := read_sweet(folded)) is not None:
        more += sweet.count
    if RICE_ADDED.search(folded):
        added.append(Role.STAPLE)
    if SIDE_ADDED.search(folded) and Role.SIDE not in added:
        added.append(Role.SIDE)
    if BESIDE_IT.search(folded):
        added += [role for role in _named(folded, removed_roles(folded)).roles if role not in added]
    leading = [Role.MAIN] if more and ADDS_A_MAIN.search(folded) else []
    return added + leading + [Role.SIDE] * (more - len(leading))


def removed_roles(folded: str) -> dict[Role, tuple[int, int]]:
    """Return the roles that are not wanted, with where it is said."""
    removed = {}
    for match in NOT_WANTED.finditer(folded):
        if match["data"]:
            removed[Role.SOUP] = match.span()
        written = match["roles"] or match["listed"] or ""
        if match[0].endswith("以外"):
            # 「みそ汁以外」 is another soup.
            if OF_MISO.search(written) or BUT_IT_IS_THERE.match(folded, match.end() - 2):
                continue
            if NOTHING_ELSE.match(folded, match.end() - 2):
                staying = {role_of(one) for one in MENTION.finditer(written)}
                removed |= dict.fromkeys(set(Role) - staying, match.span())
                continue
        is_exchanged = INSTEAD.search(match[0]) is not None
        for named in MENTION.finditer(written):
            after = OF_A_COURSE.match(folded, match.end()) if is_exchanged else None
            # 「味噌汁じゃなくてスープに」 is another soup.
            if after is None or role_of(after) != role_of(named):
                removed[role_of(named)] = match.span()
    if staple := NO_STAPLE.search(folded):
        removed[Role.STAPLE] = staple.span()
        for named in MENTION.finditer(staple[0]):
            removed[role_of(named)] = staple.span()
    if no_dishes := NO_DISHES.search(folded):
        soup = {role_of(one) for one in MENTION.finditer(folded)} & {Role.SOUP}
        removed |= dict.fromkeys({*Role} - {Role.STAPLE} - soup, no_dishes.span())
    return removed


@lru_cache(maxsize=2)
def asks_beside(folded: str) -> bool:
    """Tell whether what is asked for goes with something that is there already."""
    return OTHERS.search(folded) is not None or bool(_settled(folded))


@lru_cache(maxsize=2)
def _settled(folded: str) -> tuple[tuple[int, int], ...]:
    """Return where it is said what the main dish is that is there already."""
    patterns = (MAIN_IS_THERE, *([] if OF_A_MEAL.search(folded) else [MAIN_IS_SO]))
    return tuple(match.span() for one in patterns for match in one.finditer(folded))


def is_given(folded: str, end: int) -> bool:
    """Tell whether what stands before `end` is there already, and others are to go with it."""
    if any(start < end < last for start, last in _settled(folded)):
        return True
    return GIVEN.match(folded, end) is not None and asks_beside(folded)


def _are_all(named: Named, folded: str) -> bool:
    """Tell whether the courses that are named are all: several with the main one, or a meal's."""
    if Role.MAIN in named.roles and len(set(named.roles)) > 1:
        return True
    return any(
        right_before(OF_THE_MEAL, folded, start) or ONLY_SO_MANY.match(folded, end)
        for start, end in named.places
    )


def _named(folded: str, removed: Mapping[Role, tuple[int, int]]) -> Named:
    """Return the courses that are asked for by name.

    A number asks for that many, whatever stands beside it.
    """
    roles: list[Role] = []
    counted: set[Role] = set()
    labelled: dict[Role, int] = {}
    wanted: set[Role] = set()
    described: list[Role] = []
    places: list[tuple[int, int]] = []
    for match in MENTION.finditer(folded):
        role = role_of(match)
        if any(start <= match.start() < end for start, end in removed.values()):
            continue
        before = right_before(NUMBER_BEFORE, folded, match.start())
        count, end = count_of(match), match.end(role.name)
        if before:
            count = few_of(before["count"])
        # 「主菜、副菜、汁物の3品」 are three in all.
        is_joined = bool(places) and JOINED.fullmatch(folded, places[-1][1], match.start())
        is_total = count is not None and is_joined and folded.startswith("の", end)
        count = None if is_total else count
        if LABEL.match(folded, end):
            labelled[role] = count or 1
            wanted |= {role} if OPEN.match(folded, end) else set()
        # 「つけあわせとスープも」 asks for both.
        is_by_the_way = BESIDE.match(folded, match.end()) and not is_joined
        if is_by_the_way and IS_SO.match(folded, end) and not is_given(folded, end):
            described.append(role)
        if not count and (is_by_the_way or FITTING.match(folded, match.end())):
            continue
        if is_given(folded, end):
            continue
        if count:
            # 「主菜を2種、副菜は…。主菜は…」: what has a number says how many.
            roles = [*(one for one in roles if one != role), *[role] * count]
            counted.add(role)
        elif is_total or role not in roles:
            roles.append(role)
        places.append(match.span())
    if wanted or len(labelled) > 1:
        of_list = [role for role, count in labelled.items() for _ in range(count)]
        listed = [role for role in of_list if role in (wanted or labelled)]
        place = places[0] if places else next((m.span() for m in MENTION.finditer(folded)), None)
        # What is to be filled in is all that is asked for.
        return Named(tuple(listed), frozenset(), place, (), is_list=not wanted)
    # 「夕食を、汁物は毎日」: a role by the way does not make a meal of it alone.
    is_alone = len(roles) == 1 and not counted and OF_A_MEAL.search(folded)
    if is_alone and not (
        ALONE.match(folded, places[-1][1])
        or AND_A_DISH.match(folded, places[-1][1])
        or right_before(OF_THE_MEAL, folded, places[-1][0])
        or right_before(BESIDE_DISHES, folded, places[-1][0])
    ):
        return Named()
    if counted or len(set(roles)) > 1:
        # 「主菜は魚で、副菜2品と汁物」: where the courses are told, each that is told of is one.
        roles += [role for role in dict.fromkeys(described) if role not in roles]
    place = (places[0][0], places[-1][1]) if places else None
    return Named(tuple(roles), frozenset(counted), place, tuple(places))
