"""What ends a refusal within its sentence: it is over, or of somebody who does not eat with them.

「卵アレルギーは治りました」, 「えびが苦手な姉は今日は来ません」. Only facts count.
With a hope, a condition, a part of it (「加熱すれば」), somebody else of whom it is said, or
a refusal that is renewed the food stays left out. All patterns are matched against folded text; in
the tables a space parts alternatives.
"""

import re
from typing import Final

from chef_llm.reading.patterns import PEOPLE, any_of

_DONE: Final = "(?:[たて。、!)」→]|まし|済|ちゃ|です|$)"
# 「治った」, 「克服した」, 「解除になりました」, 「卒業」
_CURED: Final = any_of(
    "(?:治|なお|直)(?:った|って|りまし|っちゃ) 完治 寛解 解禁 "
    f"克服(?:でき|し|を?果た|した|に成功し)?{_DONE} 卒業(?:し)?{_DONE} "
    "解除(?:に?なっ[たて]|に?なりまし|とな[っり]|され[たてま]|した|しまし|を?もらっ|が?出|の許可|"
    "済|"
    "[。、!)」→]|$) "
    "[がもは](?:すっかり|もう|完全に)?(?:良|よ)くな(?:った|って|りまし) "
    "(?:除去|制限|治療|療法)[はがも]?(?:もう|すべて|全て|全部)?(?:終わ[っり]|終了|なくな|不要に) "
    "(?:試験|検査)[はをにも]?(?:無事|全部|すべて)?(?:くりあ|合格|通過|ぱす)"
)
# 「陰性でした」, 「勘違いだった」: it never was one.
_NEVER_WAS: Final = any_of(
    "陰性 (?:引っ|ひっ)かからな 異常(?:は|が)?な[しいく] (?:何|なん)ともな[しいく] くらす?0 "
    "(?:疑い|心配|容疑|懸念)[はがも]?(?:晴れ|なくな|消え) 勘違い 思い違い 思い過ごし 思い込[みん] "
    "(?:ではな|じゃな|でな)(?:いと(?:分か|わか|判|言わ|診)|かった) "
    "(?:ではな|じゃな)いとのこと 返上 outgrown outgrew 違(?:った|いまし|うと(?:分か|わか|言わ|診|"
    "判)) 間違いだ 間違いでし 誤りで 冗談 別人"
)
# 「食べられるようになった」, 「今は大好物」, 「ついに食べた」
_LIKED_NOW: Final = any_of(
    "(?:られる|食べれる|飲める|食べる|飲む|いける|喜ぶ|好む|使える|おかわりする)ように(?:も)?"
    "な(?:った|りまし|って|れた) "
    "(?:大?好き|大?好物|平気|大丈夫|ok)に(?:な(?:った|りまし|って|れた)) "
    "目覚め(?:た|まし|て) ついに(?:食べ|完食) (?:主義|断ち|生活)[、をは]{0,2}やめ(?:た|まし)",
)
_NOW: Final = any_of(
    "今は 今では 今じゃ 今や いまは いまでは 今(?![日夜晩週月年回度朝]) 現在は? 最近は? この頃は? "
    "もう "
    "むしろ"
)
_FINE_NOW: Final = any_of(
    "大?好き 大?好物 一番好 平気 大丈夫 へっちゃら 問題(?:な[いくし]|ありませ) 何でも食べ "
    "ok(?![a-z]) 完食 "
    "おかわり もりもり ぱくぱく (?:食べ|飲)て(?:い)?(?:る|ます) 普通に "
    "(?:食べら?れ|飲め|いけ)(?:る|ます)"
)
_OVER: Final = re.compile(
    f"{_CURED}|{_NEVER_WAS}|{_LIKED_NOW}|{_NOW}[^。!?\n]{{0,12}}?{_FINE_NOW}"
    "|(?:昔|過去|子供の頃|小さい頃)の(?:話|こと)|のは(?:昔|去年まで|過去)"
)
# They live elsewhere, or no more: also of a plan of many days.
_ELSEWHERE: Final = any_of(
    "別居 離れて(?:暮|住) 別世帯 別々に(?:暮|住) 別の家 独立し[たて] 家を出[たて] 同居(?:では|"
    "じゃ)な "
    "(?:一緒に|いっしょに|同居)(?:は)?(?:暮らし|住ん|し)?[てで](?:は)?(?:い)?(?:な[いく]|ませ) "
    "引っ越し(?:た(?!て)|て(?:い|行)っ) 転[園校勤居]し(?:た(?!て)|て(?:い|行)っ|まし) 退去 "
    "亡くな 他界 故人 下宿(?:し|中|先) 単身赴任 海外赴任 家族では(?:な|あり)"
)
# They are away. An event (合宿, 飲み会) may as well be what is cooked for.
_OUT: Final = any_of(
    "来(?:ら?れ)?(?:な[いく]|ませ|ず) 欠席 不在 留守 赴任中 入院中 帰省中 参加し(?:な|ませ) 不参加 "
    "(?:今日|今夜|今晩|今週|今回|今|家に|うちに|ここに|もう)[はもに]?(?:い(?:ない|ません)|"
    "おら[んず]|居な[いく]) "
    "出張(?:で|中|に(?:行|出)|だ|です|[。)]|$) (?:修学)?旅行(?:中|に(?:行|出)|で(?:い|不在|留守)) "
    "(?:合宿|飲み会)(?:で(?:い|不在|留守|夕|晩)|に(?:行|出)) 夜勤(?:で|な|だ|[。、)]|$) "
    "外食(?:です|だ|する|し(?:て|ます)|の(?:ため|予定)|[。、)]|$) "
    "泊まりに(?:行|出) 泊まりで(?:い|行|出) 泊まる(?:ので|から|[。、]|$)"
)
_EATING_APART: Final = any_of(
    "(?:外|別|よそ|他)で食べ 先に食べ(?:て|る|ま) 食べて(?:くる|きま|帰) "
    "(?:ここ|うち|家)では?食べ(?:な|ませ) 一緒に(?:は)?食べ(?:な|ませ)"
)
_AWAY: Final = f"(?:{_OUT}|{_EATING_APART})"
_ELSEWHERE_OR_AWAY: Final = re.compile(f"(?P<elsewhere>{_ELSEWHERE})|{_AWAY}")
_PERSON: Final = any_of(
    PEOPLE,
    "同僚 上司 先輩 後輩 知人 知り合い 仲間 隣 大家 ご近所 近所 人 方 子 さん 君 くん ちゃん 様 "
    "部長 課長 "
    "社長 先生 おば おじ いとこ 従兄弟 従姉妹 同居人 るーむめいと 彼 義姉 義兄 義妹 義弟 孫 母 父 "
    "祖父 祖母",
)
_SOMEBODY: Final = re.compile(_PERSON)
# 「苦手[な姉]は」: whose it is.
_WHOSE: Final = re.compile(
    rf"(?:(?:な|だった|でした|がある|のある|持ち)?(?:はず)?の?|い|"
    rf"という)[^、。はがも]{{0,8}}?{_PERSON}"
)
# Somebody else of whom something is said: 「母はそばアレルギー、父は出張」.
_ANOTHER: Final = re.compile(rf"{_PERSON}(?:たち|さん|ちゃん|くん|様)?(?:だけ)?[はがもの]")
# No fact yet, or of a part alone.
_UNSETTLED: Final = re.compile(
    any_of(
        "まだ いまだ 未だ なかなか 完全に(?:は|では) かも はず だろう でしょう らしい そうです "
        "(?:治|なお|直|克服|卒業|解除)(?:し|り|って|され|にな)?(?:たい|たら|れば|ても|るまで|かけ|"
        "つつ|そう|ら[なずん]|って(?:い)?(?:な|ませ)|りませ|ませ|な[いく]|て(?:い)?(?:な[いく]|"
        "ませ)) "
        "[てで]い?ませ [てで]い?な[いく] 中(?:です|な|の) 目指 予定 次第 [てで](?:もらい|ほし|"
        "欲し|やりた) "
        "加熱 火を 火が よく焼 少し 少量 量(?:を|が|なら) 一部 微量 つなぎ 以外 だけ(?:は|なら) "
        "半分 "
        "とは限ら とも限ら もし (?<=陰性)(?:では|じゃ) 別の 代わり かわり 代替 除去(?:食|を|中|"
        "し) 食べる(?:人|子|者|家族) "
        "たら れば ばいい までは? 失敗 企画 挑戦 訓練 頑張 がんば か(?:どうか)?(?:不明|わから|"
        "分から)"
    )
)
# 「アレルギーなので」: it holds. 「アレルギーでも食べられる」 is said of others.
_IN_FORCE: Final = re.compile(
    "(?:体質|持ち|です|だ|なの|な|である|があ(?:る|り)|ます|ん)*"
    "(?:ので|から|ため|んで|もので|けん|さかい|につき|でも)"
)
# 「もう治ったけど念のため抜いて」
_RENEWED: Final = re.compile(
    any_of(
        "苦手 嫌い 嫌 ら?れ(?:な[いく]|ませ) 避け 抜[いきく] ぬき 使わ(?:な|ず) 使いませ "
        "入れ(?:な|ず) "
        "(?<!問題)(?<!特に)(?<!関係)(?<!制限)なし(?:で(?!ok|大)|に|の|$) だめ 駄目 ng 念の(?:為|"
        "ため) 控え 除[いくけ] 除去 "
        "禁 無理 怖 不安 心配 反応が 症状が 再発 ぶり返 かゆ あれるぎ 同じ 同様 やめて 出さ(?:な|"
        "ず) "
        "(?:食べ|たべ)(?:な[いく]|ませ|させな) 遠慮 変わら 合わせ 逆に(?!食|好|大) 今度は 新たに"
    )
)
# Of others a contrast follows: 「兄は治りましたが、弟が」.
_CONTRAST: Final = re.compile(
    f"(?:が|けど|けれど|ものの|一方|でも|ただ)[^。]{{0,12}}?{PEOPLE}(?:たち|さん|ちゃん|"
    f"くん)?[はがも]"
)
_MANY_DAYS: Final = re.compile(
    r"[2-9二三四五六七]\s?日|\d\d日|週間|[1一]週|日分|来週|今週|作り置き|明日|あさって|毎日|今月|"
    r"来月"
)
# What a sentence begins with that goes on with the one before.
GOES_ON: Final = re.compile(
    "[。!\n、\\s]+(?:でも|けど|けれど|ただ|しかし|ですが|が、)?、?(?:今は|今では|現在|いまは|もう|"
    "先日|この前|"
    "(?:先月|先週|最近|去年|昨年|今年)[、の]?|検査|医師|負荷試験|すっかり|完全に|無事)"
)
# 「除去[が終了]」, 「断ち[は先月でおしまい]」
_ENDED: Final = re.compile(
    r"[はがもを]?(?:もう|無事|すべて|(?:先[月週]|昨日|今[月週]|[昨去]年|\d+月)[でにの]?)?(?:終了|"
    r"終わ[っり]|おしまい|"
    "やめ(?:た|まし))"
)
# Its own illness, and no food's: 「風邪が治った」.
_OTHER_ILLS: Final = re.compile(
    any_of(
        "風邪 かぜ 熱 花粉症? 怪我 けが 虫歯 二日酔い いんふる(?:えんざ)? 胃腸?炎? 腰痛 病気 口内炎"
    )
    + "[がはもの]{0,2}[ぁ-ん]{0,4}$"
)


def is_over(folded: str, said_end: int, stop: int, after: int) -> bool:
    """Tell whether what is refused up to `said_end` is said to be over, up to `stop`.

    Up to `after` nothing may renew it.
    """
    if _IN_FORCE.match(folded, said_end):
        return False
    match = _ENDED.match(folded, said_end, stop) or _OVER.search(folded, said_end, stop)
    return (
        match is not None
        and not _OTHER_ILLS.search(folded, said_end, match.start())
        and _is_settled(folded, said_end, match, after)
    )


def is_of_another(folded: str, start: int, said_end: int, stop: int, after: int) -> bool:
    """Tell whether the refusal is of somebody who does not eat with them.

    `start` is where the sentence begins; `stop` and `after` are those of `is_over`. Who is away
    today eats of a plan of many days.
    """
    if _IN_FORCE.match(folded, said_end):
        return False
    match = _ELSEWHERE_OR_AWAY.search(folded, said_end, stop)
    return (
        match is not None
        and bool(_SOMEBODY.search(folded, start, match.start()))
        and _is_settled(folded, said_end, match, after)
        and (
            bool(match["elsewhere"])
            or not (
                _MANY_DAYS.search(folded, match.end()) or _MANY_DAYS.search(folded, 0, said_end)
            )
        )
    )


def _is_settled(folded: str, said_end: int, match: re.Match[str], after: int) -> bool:
    whose = _WHOSE.match(folded, said_end, match.start())
    return not (
        _ANOTHER.search(folded, whose.end() if whose else said_end, match.start())
        or _UNSETTLED.search(folded, said_end, min(after, match.end() + 8))
        or _RENEWED.search(folded, match.end(), after)
        or _CONTRAST.search(folded, match.end(), after)
    )
