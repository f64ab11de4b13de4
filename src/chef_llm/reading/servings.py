"""For how many people: read from the words of a request (「二人」「4人前」「夫と私、娘が2人」)."""

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from chef_llm.reading.numbers import KANJI_DIGITS, number_of
from chef_llm.reading.text import right_before

DEFAULT_SERVINGS: Final = 2
MOST_SERVINGS: Final = 12
WORDS_OF_THINGS: Final = {"ひと": 1, "ふた": 2}
WORDS: Final = {"ひとり": 1, "独り": 1, "ふたり": 2, "さんにん": 3, "よにん": 4, "ごにん": 5}
CHILDREN: Final = (
    "お子様",
    "お子さま",
    "お子さん",
    "子ども",
    "子供",
    "こども",
    "幼児",
    "園児",
    "小学生",
    "中学生",
    "高校生",
)
ADULTS: Final = ("大人", "おとな", "夫婦", "両親", "祖父母", "年寄り", "男性", "女性")
# 「大人は2人、子どもが1人」
_KIND: Final = rf"(?:(?P<kind>{'|'.join(ADULTS + CHILDREN)})(?P<also>も)?[がは]?)?"
_NUMBER: Final = (
    r"(?P<number>(?<![\d.])\d{1,9}(?:\.\d{1,9})?"
    r"|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
)
# 人 must not run on into 人参, 人気 or 二人目, nor にん into にんじん.
_COUNTER: Final = (
    r"(?:人前|人(?![参気間形物種目])|にん(?!じん|にく)|名(?![物前])|(?<![1一])食分|"
    r"折(?![りれっ半]))"
)
_WORD: Final = rf"(?P<word>{'|'.join(WORDS)})(?!じん|にく|で(?:に|来)|親)"
# 「大人2子4」「家族6」「大人四」「大人（2）」: people are counted without a counter, too;
# 「子ども3歳」 counts none.
_BARE: Final = (
    rf"(?P<people>{'|'.join(ADULTS + CHILDREN)}|(?<![一-鿿])子|家族|全員で)[\"']?[:：=]?\s?"
    r"(?:\((?P<bracketed>\d)(?=\)|・[小中高年])|(?P<bare>\d{1,2})(?![\d.]|\s?(?:人|にん|名|歳|才|さい|か月|ヶ月|カ月|年|時|つ|品|g|円|日|回|食|度|/\d))"
    r"|(?P<kanji>[一二三四五六七八九十])(?=$|[\s、。・,)]))"
)
# 「人数: 1」, 「servings: 2」, 「参加: 6」, 「弁当1個」, 「dinner 3p」; so many plates that
# they are of a kitchen or a feast: 「30食」「豚汁40杯」.
_IN_ENGLISH: Final = r"\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
# 「dinner for three」 and 「a family of four」, not 「for two days」.
_ENGLISH: Final = (
    r"(?:[Ff]or|[Ff]eeds?|[Ff]amily of|[Pp]arty of|[Tt]here (?:are|will be)|[Ww]e are|[Ww]e're)"
    rf" (?:the )?(?P<english>{_IN_ENGLISH}|one)(?: of us)?"
    r"(?!\s?(?:\d|[:/]\d)|[- ](?:more |small |main |side |quick )?"
    r"(?:da[yi]|night|evening|week|month|year|hour|min|meal|dinner|lunch|breakfast|dish|course|side|"
    r"soup|option|idea|recipe|menu|bento|times|yen|o'clock|pm|am|kids? bento))"
    rf"|(?P<persons_in_english>{_IN_ENGLISH}|one) (?:people|persons?|adults|servings?|portions?)"
)
_BOXES: Final = r"(?P<boxes>\d{1,2}|[一二三四五六七八九]|ひと(?=つ)|ふた(?=つ))(?:個(?!入)|つ|折)"
_LABELLED: Final = (
    r"(?:何[人名](?:分)?(?:ですか)?\s?\?(?:\s?A\.?)?|人数|食数|数量|参加(?:者|人数|見込み)?|定員|members|headcount|family_size|(?<![一-鿿])人|[Ss]ervings|people|persons|portions|cook_for|"
    r"(?<![A-Za-z])n(?=[\"']?\s?[:=]))"
    r"[\"']?\s?[:=→は]?\s?[\[「]?"
    r"(?P<labelled>\d{1,3})(?![\d.]|\s?(?:円|歳|分|[〜~-]))"
    rf"|(?:弁当(?:を|が|は|、)?|(?:の|ご)(?:分|ぶん)(?:を|が|は|、)?|弁当[^。\n]{{1,60}}?[。\n])\s?(?:[x×]\s?)?{_BOXES}"
    r"(?!ずつ入|目|以上|以内)"
    r"|(?<![\d.])(?P<packed>\d{1,2}|[一二三四五六七八九])(?:個|つ)の(?=お?弁当(?!の|箱))"
    # 「お弁当を5日分、中学生と高校生と旦那の3つ」, 「1日12食」, 「昼に10食」, 「5杯分」
    rf"|弁当[^。\n]{{1,40}}?[^。\n、\d]の(?P<each>[2-9二三四五])つ(?=[。、\s]|$|分)"
    r"|(?:1日|毎日|ランチ|昼|定食)(?:は|を|に|で|、)?\s?(?P<served>1[0-2])食(?!分)"
    r"|(?<![\d.])(?P<cups>\d{1,2}|[一二三四五六])杯(?=分|ぶん|で(?:いい|良い|十分))"
    r"|(?<![\d.A-Za-z])(?P<persons>\d{1,2})(?:p|pax|ppl)(?![A-Za-z])"
    rf"|(?<![A-Za-z])(?:{_ENGLISH})(?![A-Za-z])"
    r"|(?<![\d.])(?P<plates>1[3-9]|[2-9]\d|[1-9]\d\d)(?:食(?!分|目)|杯|世帯|皿|膳)"
)
MENTION: Final = re.compile(
    rf"{_KIND}(?:{_NUMBER}\s?{_COUNTER}|{_WORD})(?:分|ぶん)?|(?P<couple>夫婦)(?=[とでの、だ])|{_BARE}|{_LABELLED}"
)
# The groups of a mention that are a number of portions, and need no other word for it.
_OF_PORTIONS: Final = (
    *("labelled", "plates", "boxes", "packed", "each", "served", "cups", "persons"),
    *("english", "persons_in_english"),
)
# 「（うち1人は飲めない）」「うち子ども[2]」: they are counted already.
AMONG_THEM: Final = re.compile(
    r"\((?:うち(?!の)|内)[^()\n]{0,30}\)|(?<=[\s\])、])うち(?=子ども|子供|大人)[^\n、。]{0,8}"
)
# 「人数: 8（大人4、小学生3、2歳1）」: once more, by their kinds.
BROKEN_DOWN: Final = re.compile(
    r"(?P<all>(?:人数|食数|何人)\s?[:=は]?\s?\d{1,2}(?:人|名)?\s?)(?P<parts>\((?![+プと])[^()\n]{1,40}\))"
)
# Between the kinds of people that are added up.
JOINT: Final = re.compile(r"[と、,・+&)\s]*")
# 「一人あたり500円」 and 「1人500kcal」 measure a serving; they count no one.
PER_PERSON: Final = re.compile(
    r"(?<![\d.一二三四五六七八九十])(?:[1一]人|ひとり)"
    r"(?:(?:分|前)?(?:[あ当]たり|当り|につき)|ずつ|\d|に[1一]|[分前]?\d+(?:円|kcal|g))"
)
# One person of whom something is told is one of those who eat, and no number of them: 「お一人ごま
# アレルギーの方が」「小麦がだめな子が一人」; 「ひとり分」「一人で」 are portions.
ONE: Final = re.compile(r"(?:[1一]人|[1一]名|ひとり|独り)")
IS_A_PORTION: Final = re.compile(
    r"(?:様|さま)?(?:分|ぶん|前|で|用|暮らし|ぐらし|だけ|のみ|きり|もん)|"
    r"(?:様|さま)(?:$|[。、]|の[夜夕昼朝晩食献ご]|ごはん|ご飯|向け|めし|鍋)"
)
TOLD_OF: Final = re.compile(
    r"、?[^。、,\n]{0,14}?(?:アレルギ|あれるぎ|食べ(?:な|られ|れ|ん)|召し上が|だめ|ダメ|無理|NG|ng|苦手|嫌い|欠席|不可|"
    r"いらっしゃ|おいで|かゆ|足し|増え|加わ|入り|入っ|除去|対応)"
)
# Who comes besides: 「さらに二人来る」「5人前に1人足して」.
IS_ADDED: Final = re.compile(
    r"(?:分|前)?(?:を|が|も)?[^。、,に\n]{0,2}(?:足し|増え|ふえ|増や|ふや|加わ|加え|追加)"
)
BESIDES: Final = re.compile(
    r"(?:さらに|プラス|\+(?![^、。\n]{0,10}[での]$)[^、。\n]{0,10}|あとから|追加で)(?:もう)?\s?$"
)
# Guests eat with those who have them: 「友達が3人来る」, and not 「お友だちに一人」.
GUESTS: Final = re.compile(
    r"(?:友(?:達|だち|人)?|ともだち|ツレ|同僚|先輩|後輩|部下|仲間|知り合い|知人|親戚|親せき|親族|身内|兄弟|若いもん|若い衆)"
    r"(?:の人|さん|たち)?(?:が|も|に|を|、|\s)?[^、。\n\d]{0,6}$"
)
COME: Final = re.compile(
    r"(?:ほど|ばかり|くらい)?(?:が|も|を|で)?[^。、\n\d]{0,8}?(?:来(?![週月年])|く[るら](?![うい])|きます|きて(?:くれ|、)|泊まり|泊まる|呼[びんぶ]|招|と(?:一緒|いっしょ|食べ|飲|宅飲|鍋|集ま|遊))"
)
# 「子ども2人が巻きます。大人2人もいっしょ」
EAT_TOO: Final = re.compile(r"も(?:いっしょ|一緒|同席|参加|食べ(?:ます|る))")
ONE_MORE: Final = re.compile(r"(?:もう|さらに|プラス)\s?$")
MORE_PORTIONS: Final = re.compile(r"(?:分|ぶん|前)(?:を|も)?(?:お願い|作|欲し|ほし|頼)")
TOLD_BEFORE: Final = re.compile(r"(?:[がも、]|うち|お|さん|のは)$")
# 「今夜と明日の昼の2食分」「この2食分」: so many meals, where so many were named.
OF_MEALS: Final = re.compile(r"食(?:分|ぶん)")
THESE: Final = re.compile(r"(?:この|計|合計|合わせて|あわせて|全部で)\s?$")
TIME_OF_DAY: Final = re.compile(r"朝|昼|[夜晩夕]|弁当")
# Of fewer people than were counted, something is said; a number of portions counts anew.
PORTIONS: Final = re.compile(r"(?:分|ぶん|人前|食分)$")
SOME_OF_THEM: Final = re.compile(
    r"(?:は|とも|が|も)?[^。、\n]{0,6}?(?:い(?:る|て|ます)|遅|早)|は|が"
)
# What some of them like, or do: 「父と母はパン派」; 「夫と私だけ」 are all that eat.
OF_THEIRS: Final = re.compile(
    r"(?:さん|ちゃん)?(?:は|が|も)[^。、\n]{0,10}(?:派|苦手|嫌い|好き|食べな|食べれ|食べられ|いらな|遅|早|あと|後)"
)
ANEW: Final = re.compile(
    r"(?:やっぱり?|今[日夜回]は|今晩は|明日は|訂正|変更|→|じゃなく|ではなく|急に|減っ|減り)[^。\n]{0,8}$"
)
# 「子どもは寝た。わたしひとりのごはん」
MYSELF: Final = re.compile(r"(?:私|わたし|あたし|俺|おれ|僕|ぼく|自分)(?:は|が)?\s?$")
OF_ONE: Final = re.compile(r"(?:の(?!時|とき|間)|だけ(?!が)|で食|、|。|$)")
BECOMES: Final = re.compile(r"(?:に(?:して|変|な[りっる]|減|直|戻)|で(?:お願|頼|いい|$))")
# Persons that are told one by one.
_PAIR: Final = (
    r"(?:義|老|叔父|私たち|わたしたち|自分たち)?(?:夫婦|両親|父母)|"
    r"祖父母|双子|ふたご|親子|父子|母子"
)
_GRADE: Final = (
    r"(?:小|中|高|大)学?[1-6一二三四五六](?:年生?)?|年[長中少](?:さん)?|\d{1,2}(?:[歳才]|さい)(?:半|児|\d{1,2}[かヶカ]月)?|"
    r"(?:小|中|高|大)学?生|園児|幼児"
)
_PERSON: Final = (
    r"(?:わたくし|わたし|あたし|私|僕|ぼく|俺|おれ|オレ|自分|わし|ワシ|うち(?=\d)|夫|旦那(?:さん)?|妻|嫁(?:さん)?|"
    r"主人|家内|義母|義父|母|父|おふくろ|祖母|祖父|じいさん|ばあさん|じいじ|ばあば|じい|ばあ|長女|長男|次女|次男|三女|三男|"
    r"娘|息子|坊主|姉(?!妹)|兄(?!弟)|(?<!兄)弟|(?<!姉)妹|彼女|彼氏?|友人|友だち|友達|孫|甥|姪|赤ちゃん|子(?:ども|供)?|こども|"
    r"おとな|大人|利用者(?:様|さん)?|職員|支援員|男子|女子|男児|女児|親|パパ|ママ|シングル(?:マザー|ファザー)|とうちゃん|かあちゃん|父ちゃん|母ちゃん|"
    r"オカン|オトン|おかん|おとん|むすめ|むすこ|婿|舅|姑|義姉|義兄|義妹|義弟|相方|パートナー|うち(?=[。、\s]|$|の(?:分|ぶん)))"
)
# They count for themselves: 「子は小4・小1」.
_TOLD_BY_AGE: Final = rf"(?!子(?:ども|供)?(?:は|が|:)?\s?{_GRADE})"
_COUNT: Final = (
    r"(?:[がは:×x]?\s?(?P<count>\d{1,2}(?!\d)|[一二三四五六七八九]|ひとり|ふたり|三人|二人)"
    r"(?:人|名)?(?![歳才年月分日時匹本個枚品/]))?"
)
_ASIDE: Final = r"(?:\s?\([^()\n]{0,30}\))?"
# Who cooks for another: 「娘に僕が」.
_COOKS: Final = r"(?!(?<=に)(?:私|わたし|俺|おれ|僕|ぼく|自分|夫|妻)が)"
# 「夫 46歳」「娘小3」 is one.
_AGE: Final = rf"(?:\s?(?:[2-9]\d|1\d\d)[歳才]|{_GRADE})?"
PERSONS: Final = re.compile(
    rf"(?:(?:{_GRADE})(?:の?(?:(?P<twins>双子)|{_PERSON}|男の子|女の子))?|(?P<pair>{_PAIR})|{_TOLD_BY_AGE}{_COOKS}(?P<one>{_PERSON})(?:の{_PERSON})?{_AGE})"
    rf"{_ASIDE}{_COUNT}{_ASIDE}"
)
# 「子2人と在宅の私」「家族3人＋その子」
_WHO_IS: Final = r"(?:[そこあ]の|(?:[ァ-ヶー一-鿿]{1,4}|[ぁ-ん]{2,3})[のた])?"
PERSONS_JOINT: Final = re.compile(
    rf"[\"']?\s?(?:と、?|、|,|・|\+|/|&|プラス|に|は|\s|){_WHO_IS}\s?[\"']?"
)
# People of any kind with their number in a row of persons: 「職人さん2人と私」「夫、いとこ3人」.
# Without a word for them they stand first, 「夫と2人」 being two.
NUMBERED: Final = re.compile(
    rf"(?P<whose>(?!合計|合わせ|計|全|総勢|家族)(?:[一-鿿ァ-ヶー]{{1,6}}|いとこ|ともだち|おじ|おば)(?:さん|たち|様)?)?"
    rf"{_NUMBER}(?:人|名){_ASIDE}"
)
BEHIND_A_NUMBER: Final = re.compile(
    rf"(?:きょうだい|兄弟|姉妹|組)?\s?(?:と|\+|&|・|プラス){_WHO_IS}\s?"
)
SINGLE: Final = (
    r"(?:私|わたし|わたくし|俺|おれ|僕|ぼく|自分|わし|あたし|小生|夫|旦那|主人|妻|嫁|女房|家内|かみさん|父|母|親父|おふくろ|祖母|祖父|義母|義父|"
    r"パパ|ママ|オカン|オトン|おかん|おとん|娘|息子|むすめ|むすこ|長男|長女|次男|次女|三男|三女|姉|兄|弟|妹|孫|甥|姪|彼女?|彼氏|うちの子|坊主)"
    r"(?:さん|ちゃん|っ子|くん|殿|様)?"
)
# What somebody eats without the others, who are at work or at school.
_OF_HIS_OWN: Final = (
    r"(?:お?弁当(?!と|屋|箱)|夜食|(?:朝|昼)(?:食|ごはん|ご飯|飯|めし)"
    r"(?!と|の?(?:支度|準備|係|当番)))"
)
# For one who eats alone.
ALONE: Final = re.compile(
    r"自分(?:用|の(?:分|弁当|ごはん|ご飯)|を励)|単身(?!赴任の)|(?<!二|2)一人暮らし|"
    r"[Ff]or me(?![a-z])|"
    rf"(?<![と・])(?<![昼夜朝晩日曜]は){SINGLE}(?:だけ(?:が)?(?:食べ|の(?!分|ぶん)|に|で[す。、]|[。、\n]|$)|のみ(?!そ)|専用|(?<![方採])用(?:に(?!もう)|の|で|、|。|\s|$))|"
    rf"(?<![とや・、]){SINGLE}の(?:分|ぶん)(?:だけ(?=[。、\n]|$|な[のん]|で)|を[^。\n]{{0,6}}(?:作|考|お願|頼)|で|。|$)|"
    rf"(?:いちにんまえ|一人前)|(?<![と・]){SINGLE}の[^。、\n]{{0,5}}?(?:お?弁当)(?!と)|"
    # 「私が食べるものです」
    rf"(?<![と・]){SINGLE}が(?:ひとりで|一人で)?食べる(?:もの|やつ|分|お?弁当|ごはん|ご飯|だけ)|"
    # 「娘に僕が作ります」「病み上がりの夫へ」
    rf"{SINGLE}(?:に(?:、?{SINGLE}が?[^。\n]{{0,6}}作|持たせ|送)|へ(?:[。\n]|送))|"
    # 「who: me」「だれ：わたし」
    rf"(?:who|for|だれ|誰|食べる人|対象|人)\"?\s?[:=：>]\s?\"?(?:me|[^。、\n]{{0,4}}{SINGLE})(?!(?:さん|ちゃん)?[^\S\n]?[と、・,+&／/])|"
    r"(?:家|いえ)に(?:誰|だれ)もいな|俺だけ|独身|独居|ぼっち|独り身|ひとり身|"
    r"(?<![とや・、])(?:私|わたし|わし|俺|僕|おれ|ぼく|自分)の(?:昼|夜|晩|朝|夕|分(?!も|と|だけ))|"
    # 「母の昼ごはん」「小1の弁当」「食の細い子(小1)の朝食」
    rf"(?<![とや・、]){SINGLE}(?:\([^()\n]{{1,12}}\))?の{_OF_HIS_OWN}|"
    rf"(?<![とや・、])(?:小|中|高)[1-6](?:の(?:息子|娘|子))?の{_OF_HIS_OWN}|"
    rf"(?<![とや・、])(?:の子|男子|女子)\([^()\n]{{1,12}}\)の{_OF_HIS_OWN}|"
    r"ソロキャン|おひとり様|おひとりさま|お一人様"
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


def read_servings_now(text: str, before: int | None) -> int | None:
    """Return the number of servings that a later turn asks for, where there were so many before.

    「2人は遅い」「食べ盛りが2人いる」 are some of those who were there.
    """
    servings = read_servings(text)
    if servings is None or before is None or servings >= before:
        return servings
    folded = unicodedata.normalize("NFKC", text)
    mentions = list(MENTION.finditer(folded))
    are_some = all(
        SOME_OF_THEM.match(folded, one.end())
        and not PORTIONS.search(one[0])
        and not _is_anew(folded, one)
        for one in mentions
    )
    if not mentions:
        # 「じいじとばあばはご飯派」
        groups = list(_groups(folded))
        are_some = bool(groups) and all(OF_THEIRS.match(folded, one.end) for one in groups)
    return None if are_some else servings


def read_people(text: str) -> int | None:
    """Return how many people `text` asks to cook for, however many they are."""
    folded = AMONG_THEM.sub(_blank, PER_PERSON.sub(_blank, unicodedata.normalize("NFKC", text)))
    folded = BROKEN_DOWN.sub(lambda match: match["all"] + " " * len(match["parts"]), folded)
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
        if is_one_of_them(folded, mention) or counts_meals(folded, mention):
            continue
        kind = mention["kind"] or mention["couple"] or _kind(mention["people"])
        # 「ママ友3人が来ます。子どもも3人」
        is_next = kind and kind_end and JOINT.fullmatch(folded, kind_end, mention.start())
        is_too = kind and EAT_TOO.match(folded, mention.end())
        is_added = mention["also"] or is_next or is_too
        kind_end = mention.end() if kind else None
        portions = PORTIONS.search(mention[0]) or next(
            filter(None, map(mention.group, _OF_PORTIONS)), None
        )
        if servings is None or is_added:
            servings = (servings or 0) + _value(mention) + _host(folded, mention)
        # 「4人家族、子どもは2人」, 「4人分。1人は卵が苦手」: these are counted already.
        elif (
            kind in CHILDREN
            or folded.startswith("ずつ", mention.end())
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


def adds_people(text: str) -> bool:
    """Tell whether all that a text counts are people who come besides others."""
    plain = unicodedata.normalize("NFKC", text)
    mentions = list(MENTION.finditer(plain))
    return bool(mentions) and all(_is_added(plain, one) for one in mentions)


def _is_added(text: str, mention: re.Match[str]) -> bool:
    """Tell whether people come besides those that were counted."""
    before = BESIDES.search(text, max(0, mention.start() - 14), mention.start())
    return (
        before is not None
        or IS_ADDED.match(text, mention.end()) is not None
        or _is_one_more(text, mention)
        or _are_guests(text, mention)
    )


def _is_one_more(text: str, mention: re.Match[str]) -> bool:
    """Tell whether more people come than there were: 「もう一人増えます」, not 「もう一名は」."""
    if right_before(ONE_MORE, text, mention.start()) is None:
        return False
    return any(behind.match(text, mention.end()) for behind in (IS_ADDED, COME, MORE_PORTIONS))


def _are_guests(text: str, mention: re.Match[str]) -> bool:
    """Tell whether those who are counted come to eat: 「友達3人くる」."""
    before = GUESTS.search(text, max(0, mention.start() - 16), mention.start())
    return before is not None and COME.match(text, mention.end()) is not None


def _host(text: str, mention: re.Match[str]) -> int:
    """Return how many those who have guests are where nobody tells: at least one."""
    return int(_are_guests(text, mention))


def is_one_of_them(text: str, mention: re.Match[str]) -> bool:
    """Tell whether a person is counted of whom something is told, and who eats with the others."""
    if not ONE.fullmatch(mention[0]) or IS_A_PORTION.match(text, mention.end()):
        return False
    if _is_one_more(text, mention):
        return False
    is_polite = text.startswith("お", mention.start() - 1) and mention.start() > 0
    if is_polite or not (told := TOLD_OF.match(text, mention.end())):
        return is_polite
    before = TOLD_BEFORE.search(text, max(0, mention.start() - 4), mention.start())
    return before is not None or "、" not in told[0]


def counts_meals(text: str, mention: re.Match[str]) -> bool:
    """Tell whether a number is that of the meals before it: 「明日の夜とあさっての昼、2食分」."""
    if not mention["number"] or not OF_MEALS.search(mention[0]):
        return False
    if right_before(THESE, text, mention.start()):
        return True
    return len(set(TIME_OF_DAY.findall(text, 0, mention.start()))) == _value(mention)


def _is_anew(folded: str, mention: re.Match[str]) -> bool:
    """Tell whether a smaller number takes the place of the one before it."""
    if right_before(MYSELF, folded, mention.start()) and OF_ONE.match(folded, mention.end()):
        return True
    before = ANEW.search(folded, max(0, mention.start() - 16), mention.start())
    return before is not None or BECOMES.match(folded, mention.end()) is not None


def _groups(folded: str) -> Iterator[Group]:
    """Yield the persons that are told one by one, two or more at a time."""
    yield from _lists(folded)
    yield from _numbers(folded)
    group: list[re.Match[str]] = []
    for person in [*_entries(folded), None]:
        if person and group and _is_joined(folded, group[-1], person):
            group.append(person)
            continue
        if len(group) > 1:
            yield Group(group[0].start(), group[-1].end(), _number_of(group))
        group = [person] if person else []


def _number_of(group: Sequence[re.Match[str]]) -> int:
    """Return how many the persons of a row are: 「じいさんばあさん二人」 are two."""
    are_persons = all(one.re is PERSONS for one in group)
    is_told = are_persons and not any(one["count"] for one in group[:-1])
    is_joined = all(one.end() == other.start() for one, other in pairwise(group))
    # 「小5と小2がふたりで」
    are_grades = is_told and not any(one["one"] or one["pair"] for one in group)
    is_of_both = are_grades and re.search("[がは]", group[-1][0]) is not None
    if is_told and (is_joined or is_of_both) and _persons(group[-1]) == len(group):
        return len(group)
    return sum(map(_persons, group))


def _entries(folded: str) -> list[re.Match[str]]:
    """Return persons and numbers of people from the left, each place once."""
    persons = list(PERSONS.finditer(folded))
    taken = {place for match in persons for place in range(*match.span())}
    numbers = [match for match in NUMBERED.finditer(folded) if match.start() not in taken]
    # 「2人（4歳と6歳）」 are told of once.
    told = {place for match in numbers for place in range(*match.span())}
    return sorted(
        [*(match for match in persons if match.start() not in told), *numbers], key=re.Match.start
    )


def _is_joined(folded: str, one: re.Match[str], other: re.Match[str]) -> bool:
    """Tell whether persons stand in a row."""
    if other.re is NUMBERED and not other["whose"]:
        return False
    joint = BEHIND_A_NUMBER if one.re is NUMBERED else PERSONS_JOINT
    return joint.fullmatch(folded, one.end(), other.start()) is not None


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
    if match.re is NUMBERED:
        return number_of(match["number"])
    if match["one"] == "赤ちゃん":
        # Who drinks milk alone is cooked for by nobody.
        return 0
    if count := match["count"]:
        return WORDS.get(count) or KANJI_DIGITS.get(count[0]) or int(count)
    return 2 if match["pair"] or match["twins"] else 1


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _kind(people: str | None) -> str | None:
    """Return the kind of people that a bare number counts, None where it counts all."""
    if people == "子":
        return CHILDREN[0]
    return people if people in ADULTS + CHILDREN else None


def _value(mention: re.Match[str]) -> int:
    names = ("bare", "bracketed", "kanji", *_OF_PORTIONS)
    if number := next(filter(None, map(mention.group, names)), None):
        return WORDS_OF_THINGS.get(number) or number_of(number)
    if mention["couple"]:
        return 2
    if mention["word"]:
        return WORDS[mention["word"]]
    number = mention["number"]
    if "十" in number:
        tens, _, ones = number.partition("十")
        return KANJI_DIGITS.get(tens, 1) * 10 + KANJI_DIGITS.get(ones, 0)
    return KANJI_DIGITS.get(number) or math.ceil(float(number))
