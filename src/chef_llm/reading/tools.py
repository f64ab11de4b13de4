"""Reads what can be cooked with: 電子レンジだけ, IH1口, オーブンなし, 火を使わない, 包丁いらず."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from chef_llm.cookbook.tools import HEATING
from chef_llm.reading.patterns import any_of
from chef_llm.reading.terms import Scopes
from chef_llm.reading.text import Text
from chef_llm.reading.understood import Found, Understood, found

_ON_A_FIRE: Final = frozenset({"コンロ", "フライパン", "鍋", "圧力鍋", "魚焼きグリル"})
_NOTHING: Final = frozenset[str]()
# 「鍋」 is a dish as often as a pot: 「鍋ひとつで」「小さい鍋だけ」, and no 「キムチ鍋」.
_A_POT: Final = (
    r"(?:(?<![一-鿿ぁ-ん])|(?<=[いなとやかてで]))(?:鍋|なべ)(?="
    + any_of(
        r"[1-3一二]?(?:つ|個)?(?:ひとつ)?(?:だけ|しか|のみ|で(?=$|[。、\n])|[、,と・])",
        r"[はがも](?:[1-3一二](?:つ|個)|ひとつ)(?:だけ|しか)",
        r"ひとつ [1一](?:つ|個) \s?(?:も)?な[いし]",
    )
    + ")"
)
# What people call a tool, in folded text, and what of `cookbook.tools` it can do. Of a fire
# anything may be cooked that stands on one; no dish of the cookbook is made in the last ones.
NAMES: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "電子レンジ": (
        r"(?:卓上|電子)?れんじ(?!ゃ)|microwave|まいくろうぇーぶ",
        frozenset({"電子レンジ"}),
    ),
    "トースター": (r"(?:おーぶん)?とーすたー|toaster", frozenset({"トースター"})),
    "オーブン": (
        r"(?<!だっち)おーぶん(?!とーすたー)|(?<![a-z])oven|すちこん|すちーむこんべくしょん(?:おーぶん)?",
        frozenset({"オーブン"}),
    ),
    "魚焼きグリル": (r"(?:魚焼き)?ぐりる(?!ど)", frozenset({"魚焼きグリル", "コンロ"})),
    "炊飯器": (r"炊飯(?:器|じゃー)|すいはん(?:き|器)|rice ?cooker", frozenset({"炊飯器"})),
    "圧力鍋": (r"圧力(?:鍋|なべ)", frozenset({"圧力鍋", "鍋", "コンロ"})),
    "フライパン": (
        r"ふらいぱん|わんぱん(?!ま)|すきれっと|鉄板",
        frozenset({"フライパン", "コンロ"}),
    ),
    "ホットプレート": (r"ほっとぷれーと", frozenset({"フライパン", "コンロ"})),
    "鍋": (
        any_of(
            "(?:片手|両手|大|小|土|電気|中華)鍋 だっちおーぶん くっかー 蒸し(?:器|釜) ",
            "飯(?:ごう|盒) めすてぃん せいろ",
        )
        + f"|{_A_POT}",
        frozenset({"鍋", "コンロ"}),
    ),
    "ミキサー": (r"みきさー|ふーどぷろせっさー|ぶれんだー", frozenset({"ミキサー"})),
    "包丁": (r"包丁|ほうちょう", frozenset({"包丁"})),
    "コンロ": (
        any_of(
            "(?:かせっと|がす|(?<![a-z])ih|電気|みに)?(?:こんろ|くっきんぐひーたー) ",
            "火口 stove burner (?:しんぐる|わん)?ばーなー 焚き?火台? 薪すとーぶ かまど 電熱器",
            "(?:[1-2一二]|ひと)口の?(?:がす|ih|こんろ) (?<![a-z])ih(?![a-z]) がす(?=[1-3一二ひ])",
            "火(?=[1-3一二]口)",
        ),
        _ON_A_FIRE,
    ),
    "電気ポット": (
        r"(?:電気)?(?:けとる|ぽっと(?!らっく))|(?:電気の?)?湯沸かし(?:ぽっと|器)?|kettle",
        _NOTHING,
    ),
    "エアフライヤー": (r"(?:えあ|のん|電気)?ふらいやー|air ?fryer", _NOTHING),
    "やかん": (r"やかん", _NOTHING),
    "たこ焼き器": (r"たこ焼き(?:器|機)", _NOTHING),
    "自動調理鍋": (r"(?:自動|電気)調理鍋|ほっとくっく", _NOTHING),
    "ホットサンドメーカー": (r"ほっとさんどめーかー", _NOTHING),
    "ピーラー": (r"ぴーらー", _NOTHING),
    "おろし器": (r"おろし(?:器|金)", _NOTHING),
    "まな板": (r"まな板|まないた", _NOTHING),
}
# Who has only those cooks nothing with them.
NO_HEAT: Final = frozenset({"包丁", "ミキサー", "ピーラー", "おろし器", "まな板"})
_KINDS: Final = tuple(NAMES)
TOOL: Final = re.compile(
    "|".join(f"(?P<t{number}>{NAMES[name][0]})" for number, name in enumerate(_KINDS))
)
_ANY: Final = "|".join(words for words, _ in NAMES.values())
_COUNTED: Final = (
    r"(?:は|が|の)?\s?\(?(?:[1-9一二三]|ひと|ふた)(?:つ|個|台|枚|口|くち|升|合)?(?:炊き)?\)?"
)
# In a list: more tools no kitchen has, and a text of nothing else must be read in time.
MOST_LISTED: Final = 9
# 「小さい鍋」「薄い鍋」
_OF_WHAT_KIND: Final = r"(?:[ぁ-ん一-鿿]{1,3}[いな])?"
_LIST: Final = (
    rf"(?P<tools>(?:{_ANY})(?:{_COUNTED})?"
    rf"(?P<more>(?:(?:だけ)?(?:か|と|や|とか|も|・|、(?:あと)?|/|,|＋|\+|および|\s|あり、)\s?{_OF_WHAT_KIND}(?:{_ANY})(?:{_COUNTED})?){{0,{MOST_LISTED}}}))"
)
# Behind tools, of who has no others: 「レンジだけで」「電子レンジのレシピ」「炊飯器の保温で」
# 「炊飯器に入れるだけ」「ホットプレート囲むやつ」「IH1口」「コンロは2台」「火口もひとつ」.
_WAYS: Final = any_of(
    r"\s?だけ \s?のみ \s?しか(?!け) おんりー \s?only _only (?<=調理)(?=$|[。、\n])",
    r"に(?:入れ|ぶち込|放り込|かけ|突っ込)[^。\n、]{0,8}?だけ",
    r"の(?:やつ|れしぴ|保温) (?<=[1-3一二三つ個枚])まで (?:を)?囲(?:む|ん|み)",
    r"で\s?(?:済|いけ(?!な|ま?せん)|やれ(?!な|ま?せん)|でき(?!な|ま?せん)|作れ(?!な|ません))",
    r"で(?:間に合|なんとか|何とか|こさえ|こしらえ|仕上|終わ|ちん|つくれ|作る|完結|調理|勝手)",
    r"で(?:全部|焼(?:く|け|き)|揚げ|いい|良い|よか) でええ",
    r"で(?=\s?(?:$|[。、,!?\n)]|お願|頼|たの|やり|やる|何|なに|主菜|副菜|おかず|[0-9]{1,2}分))",
    r"(?:を)?使(?:って(?:み|作)|いたい) 使用(?=で|$|[。、,\n]) (?<=[1-3一二三とが火]口) (?<=くち)",
    r"(?<=ほっとぷれーと)を?出(?:す(?!の)|し(?:て|た|ま))",
    r"(?:は|が|も|の)?\s?(?:ひと|1|一|2|二|3)(?:つ|個|台|枚)(?:で|だけ|しか|のみ|$|[。、,\n])",
    # A tool of its own kind is named for what is made in it.
    r"(?<=炊飯器)で(?!ご飯|ごはん|米|炊|も|は) (?:(?<=ほっとぷれーと)|(?<=ふらいやー))で(?!も|は)",
)
ONLY: Final = re.compile(
    rf"{_LIST}(?:調理|加熱|専用)?(?:{_WAYS})(?!.{{0,2}}(?:解凍|じゃな|食べられる(?:状態|よう))|[^。\n、]{{0,12}}(?:温め|あっため|あたため)(?!や))"
    r"|(?P<chin>れんちん|れんじちん|ちんするだけ)(?!か|(?:で|して)?(?:食べ|食え|あたため|温め))"
)
# 「レンジと炊飯器はある」「器具: レンジ、フライパン」: who counts what he has has no more.
THERE_IS: Final = re.compile(
    rf"{_LIST}(?:は|が|なら)?(?:[^。\n、,]{{0,8}}?(?:に|まで))?\s?(?:ある|あり|使え(?!な|ん|ませ|へん)|使用可|で|に|$|[。\n<]|/\s)"
)
STOVE_RINGS: Final = re.compile(
    rf"(?P<tools>(?:{NAMES['コンロ'][0]})(?:は|が|も|の|ひーたー)?\s?[:=(]?\s?(?:が|ひと|[1-3一二三])(?:口|くち|つ|台|\)|の一口)|"
    r"single (?:ih )?burner|(?:[12一二]|ひと)口の?(?:がす|ih|こんろ)|"
    r"(?:こんろ|火口|ih)(?:は|が|も)?(?:がすの)?(?:[1-3一二]口|ひとくち|ひとつ))"
)
_LABEL: Final = (
    r"(?:道具|器具|調理器具|設備|調理|方法|加熱|heat|stove|cookware|tools?|equipment|kitchen)"
)
# 「使えるのは電子レンジと電気ポット」「あるのは鍋1つ」
_WHAT_THERE_IS: Final = (
    r"(?:使える|ある|持って(?:い)?る|そろって(?:い)?る|手元にある)(?:の|道具|もの|調理器具)は、?"
)
LABELLED: Final = re.compile(
    rf"(?:{_LABEL}s?\"?は?\s?[:：=＝?？→】]+\s?[\[\"→「]*\s?|{_WHAT_THERE_IS})"
    # 「器具: オーブンあり」 does not count them all.
    rf"{_LIST}(?!は?\s?(?:なし|無|ng|×|あり(?!、)|有))"
)
# 使わない, ない, 壊れた, だめ, 要らない, こわい, 「オーブン: ×」
_UNUSED: Final = any_of(
    "使わ(?!せて|れ) つかわ 使い?(?:たくな|ません|まへん|とうな) 使え(?:な|ません|ん|へん)",
    "使用(?:不可|しな|でき) 使うな つかうな 封印 (?:には|に)?(?:入れられない|触りたくな)",
    r"なし(?!で(?:も|は)) 無し 無い 無(?=[,、\s)]|$) な[いく](?!と) なか(?!っ|な|の)",
    "ありません あらへん あれへん 出てこ(?:な|ん) 持って(?:い)?な 持ち(?:たくな|とうな)",
    "持て(?:ない|ん) 壊れ こわれ 故障 死ん 撤去 外され 不可 禁止 だめ ng 不要",
    "いら(?:ず|ない|ん|ぬ) 握れ 握りた 怖 触れ",
    r"[=:：×✕]\s?(?:0|なし|無|不可|×|no|false) [×✕](?!\s?[1-9]) 以外(?=[^。\n]{0,6}(?:ある|使え))",
)
# 「オーブンは大きすぎて収納に」「食洗機専用なので」: between a tool and that it is not used.
_ITS_PLACE: Final = (
    r"(?:は|が|も|を|で|ば|いま|もう|今[日月週]?|しばらく|当分|の|場所)*\s?"
    r"(?:(?!同時|一緒|いっしょ)[^。\n、,はがをで]{0,5}に(?:は)?)?"
    r"(?:[^。\n、,はがをで]{0,8}専用なので|食洗機に入れられないので)?"
)
# 「包丁出すのもだるい」「火を使う気力がない」: who does not want to, does not.
_NOT_UP_TO_IT: Final = r"(?:の|こと|気力?|元気)(?:は|が|も|すら|さえ)?(?:ちょっと|もう)?" + any_of(
    "だる 面倒 めんど おっくう 億劫 いや 嫌 しんど 無理 きつい つら 怖 こわ な[いく]"
)
# Without a tool being named.
_NO_KNIFE: Final = any_of(
    "切る(?:もの|物|作業)(?:は|が)?(?:なし|無し|いら) 切らず (?:手|指)を切(?:り|っ) 包丁で手",
    "(?<![一-鿿をが])切ら(?:ん|ない)で?(?:も?(?:いい|ええ|済|よか|良い)|やつ|もの|料理|おかず)",
    rf"(?:包丁|ほうちょう)[をは]?(?:出す|使う|持つ|握る|洗う){_NOT_UP_TO_IT}",
)
_NO_POWER: Final = any_of(
    "停電(?!しそう|するかも|は?し(?:て(?:い)?)?(?:な|ま?せ)|に(?:備|なっても)|の日に)",
    "電気(?:は|を|も|が|の)?(?:一切)?(?:使わ|使え(?:ない|ん)|来(?:な|ん))",
)
_NO_FIRE: Final = any_of(
    # 「ガス止められてる」「ガスがまだ開通してない」
    "がす(?:代|が|は|を|も)?[^。、\n]{0,8}?"
    + any_of("止めら 止まっ とめら とまっ 使え(?:な|ん|ま) 来て(?:い)?な 切れ(?:た|て|ち)")
    + "|がす(?:が|は)?[^。、\n]{0,4}(?:開通|契約)(?:し|され)て(?:い)?な",
    rf"火を?使う{_NOT_UP_TO_IT}",
    r"火(?:は|を|も|が|ば|の)?(?:一切|電気も)?"
    + any_of(
        "使わ つかわ 使い?(?:たくな|ません) 使え(?:な|ん|ません) 使うな つかうな 使う手間",
        "使う(?:の|こと)?(?:は|が)?(?:ng|だめ|無理|禁止|不可|いや|怖) なし 無し な[くい](?!と)",
        "禁止 気(?:使用|は)?(?:不可|厳禁|禁止|なし) つけ(?:ない|ず) (?:が)?出(?:ない|ん)",
        "前に立(?:ち|て)(?:たくな|な|ん|とうな) そばにい(?:られ|れ)",
    ),
)
WITHOUT: Final = re.compile(
    rf"{_LIST}(?:など)?{_ITS_PLACE}{_UNUSED}|(?<![a-z])(?:no|without)\s(?P<foreign>{_ANY})"
    rf"|(?P<knife>{_NO_KNIFE})|(?P<power>{_NO_POWER})|(?P<fire>{_NO_FIRE})"
)
# 「洗い物を少なく」「洗うのはボウル1つまで」「鍋1つで」: few tools, whichever.
_FEW: Final = any_of(
    "少な 減ら 出(?:したく|ない|にく|さ) いや 嫌 面倒 めんど 最小 [0-9一二三] なし したくない 楽",
    "だけ まで ≦ 増や",
)
FEW_TO_WASH: Final = re.compile(
    rf"洗い?(?:物|もん|もの)(?:は|が|を|も)?[^。\n、]{{0,10}}{_FEW}|洗うのは?[^。\n]{{0,12}}(?:だけ|まで)|"
    r"わんぱん|(?:鍋|ふらいぱん)(?:[1一]つ|ひとつ|[1一]枚|[1一]個)で|食洗機"
)
COUNTED: Final = re.compile(r"(?:[1-9一二三]|ひと|ふた)(?:つ|個|台|枚|口|くち)?(?=[、,・/\s])")
FEW: Final = re.compile(r"[12一二]|ひと|ふた")
# 「1品は火を使わない」「うち2品は火を使わない」「副菜=レンジ調理」
OF_SOME_DISHES: Final = re.compile(
    r"(?:(?:[1-9一二三四]|ひと|ふた)(?:品|つ)|主食|主菜|めいん|副菜|汁物)(?:だけ)?(?:は|が|:|=)\s?$"
    r"|そのうち[のは、]?\s?$"
)
# 「オーブンは壊れてるので、フライパンで」: instead of what is not there, and not alone.
BY_THE_WAY: Final = re.compile(
    r"(?<!ま)で(?:いけ|やれ|でき|作|つく|焼|調理|いい|良い|ええ|よか)?$|使(?:ってみ|って作|いたい)$"
)
# What is made ahead, and eaten by who does not cook.
WARMED: Final = re.compile(r"温め|あたため|あっため|で食べられる(?:状態|よう)")
# 「火を使わないもの2品以上」
SO_MANY_SUCH: Final = re.compile(
    r"[^。\n、]{0,8}?(?:もの|もん|料理|やつ|おかず|の)(?:を|が|は)?\s?"
    r"(?:[1-9一二三四]|ひと|ふた)(?:品|つ)(?:以上|(?:は|も)?(?:入れ|ほし|欲し|あると|あれば))"
    # 「火を使わない日を1日は」
    r"|[^。\n、]{0,4}?日[をがは]?\s?(?:[1-7一二三四五])(?:日|回)|[^。\n、]{0,6}?[1-7一二三四五](?:日|回)は(?:入れ|ほし|欲し|作)"
)
# Whatever tells what can be cooked with.
# 「火は電子レンジだけ」 is of no Tuesday.
SAID: Final = re.compile(
    rf"(?<![月水木金土日・])火は{_LIST}|{_ANY}|火(?=[はをもがばのつ気な禁])|れんちん|停電|切らず"
)
FIRE: Final = frozenset({"コンロ"})
POWERED: Final = frozenset({"電子レンジ", "トースター", "オーブン", "炊飯器", "ミキサー"})
KNIFE: Final = frozenset({"包丁"})
MICROWAVE: Final = frozenset({"電子レンジ"})
# What is meant where no tool is named: 「レンチンで」「火を使わずに」.
FIRST_OF: Final = {"だけ": "電子レンジ", "を使わない": "火"}


@dataclass(frozen=True)
class ToolsRead:
    """What may be used alone (none where all may), what may not be used.

    `unknown` are words for tools of which the cookbook knows nothing, and no other is named. With
    `few_to_wash` few tools are to be used, whichever.
    """

    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    words: tuple[Found, ...] = ()
    unknown: str | None = None
    few_to_wash: bool = False


def read_tools(text: Text, scopes: Scopes | None = None) -> ToolsRead:
    """Return what a text says that every meal can be cooked with."""
    text = replace(text, folded=scopes.of_all(text.folded, SAID)) if scopes else text
    only: set[str] = set()
    without: set[str] = set()
    words: list[Found] = []
    unknown: str | None = None
    taken: list[tuple[int, int]] = []
    for match in WITHOUT.finditer(text.folded):
        if _is_of_some_dishes(match) or _is_for_children_to_warm(match):
            continue
        named = _named(match)
        if len(named) > 1 and COUNTED.search(match["tools"]):
            # 「コンロ1口、包丁なし」: what is counted is there, and few of it is all there is.
            if FEW.search(match["tools"]):
                only |= frozenset().union(*(able for _, able in named[:-1]))
            named = named[-1:]
        # Without a fire nothing that stands on one can be used; without a knife, the knife.
        lost = (
            (FIRE if match["fire"] else _NOTHING)
            | (POWERED if match["power"] else _NOTHING)
            | (KNIFE if match["knife"] else _NOTHING)
            | {name for name, able in named if able}
        )
        taken.append(match.span())
        if lost:
            without |= lost
            words.append(_found(text, match, "を使わない"))
        else:
            unknown = unknown or text.words(*match.span())
    for match in _only(text.folded):
        if any(match.start() < end and start < match.end() for start, end in taken):
            continue
        if _is_of_some_dishes(match) or (
            without & HEATING and BY_THE_WAY.search(match[0]) and _are_on_a_fire(match)
        ):
            continue
        taken.append(match.span())
        chin = match.groupdict().get("chin")
        able = frozenset().union(*(able for _, able in _named(match))) if not chin else MICROWAVE
        if able - NO_HEAT:
            only |= able
            words.append(_found(text, match, "だけ"))
        elif not {name for name, _ in _named(match)} <= NO_HEAT:
            unknown = unknown or text.words(*match.span())
    only -= without
    few = FEW_TO_WASH.search(text.folded)
    if few is not None:
        words.append(found(text, few, "effort", "洗い物少なめ"))
    return ToolsRead(
        frozenset(only),
        frozenset(without),
        tuple(words),
        None if only or without else unknown,
        few is not None,
    )


def _is_of_some_dishes(match: re.Match[str]) -> bool:
    """Tell whether it is said of one or some of the dishes alone."""
    start = match.start()
    before = OF_SOME_DISHES.search(match.string, max(0, start - 6), start)
    return before is not None or SO_MANY_SUCH.match(match.string, match.end()) is not None


def _are_on_a_fire(match: re.Match[str]) -> bool:
    """Tell whether all tools of a list stand on a stove, as in any kitchen."""
    return all(able >= FIRE for _, able in _named(match))


def _is_for_children_to_warm(match: re.Match[str]) -> bool:
    """Tell whether nobody who cooks is kept from a fire: 「火は使わせません」 of what is warmed."""
    is_let = match["fire"] and match.string.startswith("せ", match.end())
    return bool(is_let) and WARMED.search(match.string) is not None


def _only(folded: str) -> list[re.Match[str]]:
    """Return where somebody says with what alone he cooks, the surest first."""
    lists = [
        match
        for match in THERE_IS.finditer(folded)
        if len({name for name, _ in _named(match)} - NO_HEAT) > 1
    ]
    found = [pattern.finditer(folded) for pattern in (LABELLED, STOVE_RINGS, ONLY)]
    return [*lists, *(match for matches in found for match in matches)]


def _named(match: re.Match[str]) -> list[tuple[str, frozenset[str]]]:
    """Return the tools that stand in the list of a match, each with what it can do."""
    groups = match.groupdict()
    group = "tools" if groups.get("tools") else "foreign" if groups.get("foreign") else None
    if group is None:
        return []
    named: dict[str, frozenset[str]] = {}
    for tool in TOOL.finditer(match.string, match.start(group)):
        if tool.start() >= match.end(group):
            break
        name = _KINDS[int((tool.lastgroup or "t0")[1:])]
        named[name] = NAMES[name][1]
    return list(named.items())


def _found(text: Text, match: re.Match[str], how: str) -> Found:
    names = "・".join(name for name, _ in _named(match))
    value = (names or (FIRST_OF[how])) + how
    return match.start(), Understood("tools", value, text.words(match.start(), match.end()))
