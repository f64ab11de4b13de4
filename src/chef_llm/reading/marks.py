"""What labels, cells and marks say of what they stand over: it is left out, or it is fine.

All patterns are matched against letters alone or against folded text: hiragana, lower case.
"""

import re
from typing import Final, Literal

from chef_llm.reading.patterns import any_of

Verdict = Literal["refused", "fine", "none"]

# The stems of harm: whoever writes one speaks of what somebody must not eat.
HARM: Final = any_of(
    "あれるぎー? あれるげん あるれぎ allergy allergi(?:c|es) allerg alerg arerug",
    "あなふぃ anaphyla 蕁麻疹 じんましん えぴぺん epipen 不耐 過敏 intoleran",
)
_NOT_EATEN: Final = (
    r"(?:食べ|たべ)ら?れ(?:な|ませ|ず|ん(?=$|[^な])|へん) "
    "(?:食べ|たべ)(?:な[いく](?!と)|ませ|ず(?!嫌)|たくな(?!る|っ)|させな|ちゃだめ|てはいけ) "
    "食え(?:な|ん|ませ) 食わ(?:な|ん|ず) 飲め(?:な|ませ|ん) 飲ま(?:な|ず)"
)
_NOT_USED: Final = (
    "使(?:わな[いく](?!と|ちゃ)|わず|えな|いませ|えませ|いたくな|ってはいけ|"
    "用(?:しな|不可|禁止|できな)) "
    "つかわな 入れ(?:な[いく]|ませ|ず|たくな|ちゃだめ) いれな 含まな 含めな 加えな "
    "出(?:さな|せな|しませ|さず)"
)
_KEPT_OUT: Final = (
    "避け さけ(?:る|て|たい) 除外 除去 除[いくけ] 排除 "
    "(?<![手砂種骨水筋油湯息気血])抜[きいく] (?<![て砂種骨])ぬき"
)
_FORBIDDEN: Final = "禁止 禁忌 厳禁 禁じ 不可(?!欠) ng(?![a-z]) だめ 駄目"
_DISLIKED: Final = "苦手 にがて 嫌い 嫌な 嫌う きらい(?!ず) ぎらい 不得意"
_UNWANTED: Final = (
    "未(?:開始|導入|摂取|経験|解除) 要らな いらな 不要 不使用 受け?付けな 受けつけな 無理 "
    "口にできな 摂れな 摂らな 摂取不可 "
    "控え(?!め) 外[しす] はず[しす] のぞ[いく] 削除 地雷 拒否 お断り あかん"
)
_IN_ENGLISH: Final = (
    "(?<![a-z])avoid exclu without dislik hate forbid prohibit cannot cant donot dont "
    r"(?<![a-z])ban(?![a-z]) omit remove never notallowed (?<![a-z])bad(?![a-z]) nogo free(?=$|\s) "
    "(?<![a-z])no(?=$|[^a-z]) restrict not_?ok unsafe must_?not block_?list black_?list deny_?list "
    "disallow reject refuse out_?of_?stock expired unavailable"
)
# The stems of refusal. As a label they speak of what stands under them.
REFUSAL: Final = any_of(
    _NOT_EATEN, _NOT_USED, _KEPT_OUT, _FORBIDDEN, _DISLIKED, _UNWANTED, _IN_ENGLISH
)
# A label may refuse with less: 「なし」, 「×」, 「制限」, 「注意」.
_LABEL_ONLY: Final = any_of(
    r"(?<!もて)なし(?=$|の|で|\s) 無し 無い ない(?=$|\s|もの|物|食材|調味料|材料|具) なかった",
    "切ら?して 切れて (?<!手)抜 制限 やだ 飽き 残さ 残す 注意 敵 (?<!解)除 避 禁 嫌 対応 配慮",
    # ストック切れ, きらしてるもの, 却下, おことわり
    "(?:すとっく|在庫|品|売り|期限)切れ きらして きれて 却下 (?:お)?ことわり まっぴら "
    "没(?=$|案|食材)",
    # 欠品, 触るな, 原因食物, お預け
    "欠品 未納 未着 入荷待ち 廃棄 (?:触|さわ)るな 封印 自粛 お(?:預|あず)け 原因(?:食物|食品|食材)",
    "むり(?!な|せ|や) まだ(?:$|食べ)",
)
REFUSING_LABEL: Final = re.compile(f"{HARM}|{REFUSAL}|{_LABEL_ONLY}")
_EDIBLE: Final = (
    "(?:食べ|たべ)ら?れる (?:食べ|使っ|入れ)て(?:も)?(?:いい|良い|よい|ok|大丈夫) 使える 大丈夫"
)
_WELCOME: Final = "ok(?![a-z]) 問題な 好(?!き嫌い) 使いたい 使い切 使う(?!な)"
_AT_HAND: Final = (
    "冷蔵庫 冷凍庫 在庫 手元 ある(?:もの|食材) あるもの 余り 残り 消費 希望 りくえすと "
    r"食材(?=$|\s) 材料(?=$|\s)"
)
_OF_A_MENU: Final = "主菜 副菜 主食 汁物 めいん めにゅー 献立"
# 「使う食材」, 「食べられるもの」, 「好物」: what stands under it is fine or wished for.
FINE_LABEL: Final = re.compile(
    any_of(
        f"{_EDIBLE} 食べる(?!な) (?<!不)可能? {_WELCOME} つかう 食べたい {_AT_HAND} {_OF_A_MENU}",
        "(?<![a-z])(?:like|want|have|use|include|ingredient|favou?rite|prefer|fridge|pantry|stock)",
    )
)
# Of these it is said outright, whatever a heading above says.
STRONGLY_FINE: Final = re.compile(
    any_of(
        f"{_EDIBLE} (?<!不)可 {_WELCOME} 食べたい 希望 りくえすと",
        "(?<![a-z])(?:like|want|use|include|favou?rite|prefer)",
    )
)
HARM_STEMS: Final = re.compile(HARM)
SIGNALS: Final = re.compile(f"(?P<harm>{HARM})|(?P<refusal>{REFUSAL})")
# What no food is: 「花粉アレルギー」, 「犬アレルギー」.
NO_FOOD: Final = re.compile(
    any_of(
        "花粉 すぎ 杉 ひのき 檜 ぶたくさ いね科 だに はうすだすと ほこり 埃 犬 猫 いぬ ねこ 動物",
        "ぺっと 金属 薬 薬物 ぺにしりん 抗生物質 日光 紫外線 寒冷 寒暖差 らてっくす ごむ 化粧品",
        "洗剤 蜂 虫 鼻 季節性",
    )
    + "(?:の|性)?$"
)
# アレルギー[体質]ではない, 苦手[なもの]はない
_OF_WHAT: Final = (
    r"(?:体質|持ち|症状|反応|の心配|など|等|の有無|が出る|な(?:もの|物|食材|食べ物|人|子|の)|"
    r"の?(?:もの|物|食材|食べ物|食品)|情報|対応|品目|の(?:人|子|方|ある人|子ども|家族))*"
    r"(?:[はがも]|では|じゃ|でも|って|とか|[::、=→|\s])*"
)
# アレルギーは[誰も]ない
_IN_ANYBODY: Final = r"(?:家族|みんな|全員|誰|だれ|うち|今のところ|いまのところ)?(?:に|に?は|も)?"
_AT_ALL: Final = (
    r"(?:特に|とくに|まったく|全く|全然|一切|何も|なにも|別に|ほぼ|今は|もう)*(?:、|\s)*"
)
_NONE: Final = (
    r"な(?:い(?!と|かも|か\?|で(?:しょうか|すか))|し|く(?!な[いら])|かった) "
    r"無(?:い|し|く)?(?=$|[^\w]|です|、) ありません(?!か) ございません いない いません "
    "ゼロ ぜろ none no(?![a-z]) 0"
)
_NO_LONGER: Final = "だった(?:けど|が) 大丈夫 平気 治 克服 卒業 陰性 でした(?:が|けど)"
# Behind harm or refusal: there is none. 「アレルギーはありません」, 「苦手なものは特になし」.
DENIED: Final = re.compile(_OF_WHAT + _IN_ANYBODY + _AT_ALL + any_of(_NONE, _NO_LONGER, "n/?a -"))
# アレルギー[の子が], アレルギー[:]
_OF_WHOM: Final = (
    r"(?:体質|反応|症状|の?(?:もの|食材|食べ物|食品|子|子ども|人|方|お客様?|ゲスト))*"
    r"(?:[がはも、→:=|\s])*(?:の?(?:もの|食材)が?)?"
)
_HOW_MUCH: Final = r"(?:少し|ひどい|重い|軽い|色々|いろいろ|たくさん|複数|いくつか)?"
_THERE_IS: Final = any_of(
    r"あり(?!ませ) ある(?!か|の\?) 有(?!無) 持ち もち です(?!か) だから だし なので",
    "なん(?:です|だ) っ子 出(?:る|ます|て) に(?:配慮|対応|気) 配慮 対応 いる(?!か) います(?!か)",
    "おり(?!ませ) × ○ true yes 1",
)
# Harm is only asked about where somebody has it: 「アレルギーがあります」, not 「アレルギーとは?」.
ASSERTED: Final = re.compile(_OF_WHOM + _HOW_MUCH + _THERE_IS)
_THERE_IS_NOT: Final = (
    r"いませ|いない|いなか|ありませ|ない(?!と|か)|なし|なかった|無(?![理料し])|ぜろ|0|"
    "該当(?:なし|者)"
)
_IS_OVER: Final = "陰性|解除|完治|治"
_ANSWERED_NO: Final = r"いいえ|(?<![a-z])no|none|false|ございませ|何でも|なんでも"
_OF_NO_FOOD: Final = (
    "花粉|はうすだすと|犬|猫|ぺっと|薬|らてっくす|ごむ|蜂|動物|ぺにしりん|鼻炎|金属"
)
NOT_ASSERTED: Final = re.compile(f"{_THERE_IS_NOT}|{_IS_OVER}|{_ANSWERED_NO}|{_OF_NO_FOOD}|－|-$")
# A cell or value that is nothing but a verdict. 「なし」 denies what it is said of.
_NOTHING: Final = (
    r"(?:特に|とくに|今のところ|現在)?"
    r"(?:なし|無し|無|ない|無い|ありません|ないです|ございません|なしです|いません|いない|"
    r"該当なし|該当せず)(?:です)?"
    r"|いいえ|none|no|false|null|nil|n/?a|nothing|0|ー|-{1,3}|―|空欄|不明"
)
DENYING: Final = re.compile(rf"\W*(?:{_NOTHING})\W*")
# 「NG：なし（えびも可）」: it is said of the label, and what follows takes nothing back.
DENIED_VALUE: Final = re.compile(
    r"\s*(?:特に|とくに)?(?:なし|無し?|ない|ありません)(?:です|よ)?\s*(?=[(。→])"
)
TAKES_BACK: Final = re.compile(
    "以外|ただし|但し|だけ|のみ|除[いくき]|けど|でも|ものの|控え|避け|少し|苦手|嫌い|ng|不可|だめ|"
    "あれるぎ|未(?!使用)|まだ|注意|→"
)
WELCOME_THERE: Final = re.compile(
    "可|ok|大丈夫|平気|好き|食べ|使|入荷|入れ|解除|解禁|解消|陰性|飽き|済|くりあ|克服|歓迎|欠席|不在|治"
)
LINE_END: Final = re.compile(r"[^\n]*")


def denies(folded: str, place: int) -> bool:
    """Tell whether a label's value that begins there is none, and its line takes nothing back."""
    denied = DENIED_VALUE.match(folded, place)
    line = LINE_END.match(folded, place)
    if denied is None or line is None or TAKES_BACK.search(folded, denied.end(), line.end()):
        return False
    # 「なし（卵）」 may mean either.
    is_explained = not folded.startswith("(", denied.end())
    return is_explained or WELCOME_THERE.search(folded, denied.end(), line.end()) is not None


SAYING_NO: Final = re.compile(r"\W*(?:いいえ|いや|no|false|n|✗|×)\W*")
FINE: Final = re.compile(
    r"\W*(?:ok|okay|おっけー|おーけー|大丈夫|だいじょうぶ|可|食べられ(?:る|ます)|"
    r"問題(?:な[いし]|ありません)|平気|好き|大好き|○|〇|◯|◎|👍|✅|🆗)(?:です|だよ|よ)?\W*"
)
AFFIRMING: Final = re.compile(
    r"\W*(?:あり|有り?|ある|あります|はい|yes|true|1|該当|陽性|要|○|〇|◯|●|◎|レ|v|x|✓|✔|☑|✅|☒|■)"
    r"(?:です)?\W*"
)
REFUSING_MARK: Final = re.compile(
    r"(?:否|あうと|却下|ぼつ|ぶぶー|ぶー|不採用|落選)(?:です|!)?|\W*?[×☓✕✖❌✗✘🚫🙅☒⛔❎👎🆖]\W*|(?:x|ばつ|ぺけ|batsu|no|never)(?:です|!)?"
)
TICKS: Final = re.compile(r"\s*[○〇◯⭕◎✅👌🙆]\s*")
# 「0」, 「0個」, and not 「0.5個」
_ZERO: Final = r"0(?:個|本|g|ml|ぱっく|袋|枚|丁|束)?(?![\d.%])|ぜろ"
_USED_UP: Final = (
    r"(?:品|売り)?切れ(?:た|てる|ています?|ました)?|切らして|使い切|空(?:っぽ|瓶|袋|箱)?(?![^\W。])|"
    r"からっぽ|在庫なし|終わ[りっ]|無し?(?=$|[\s。)])|欠品|終売"
)
# Of a stock: there is none of it. 「牛乳 0」, 「卵:切れ」.
NONE_LEFT: Final = re.compile(rf"\s?[:=→(]?\s?(?:{_ZERO}|{_USED_UP})(?!では)")
# A column that says how much of a food there is, and that there is none.
STOCK: Final = re.compile(
    r"\W*(?:在庫|数量|残り|残量|残数|個数|手持ち|状態|状況|有無|qty|quantity|stock|count|left)数?\W*"
)
NO_STOCK: Final = re.compile(
    rf"\W*(?:{_ZERO}|なし|無し?|ない|(?:在庫|品)?切れ(?:た|て(?:い)?る|ました)?|使い切った|"
    r"空(?:っぽ|瓶|袋|箱)?|終売|廃棄|破棄|処分|×|none|no|out)\W*"
)
CROSSES: Final = re.compile(r"[☓✕✖❌✗✘🚫🙅⛔👎🆖]|×(?!\s?\d)")
_PRAISE: Final = (
    r"(?:大丈夫|だいじょうぶ|ok|おっけー|平気|問題(?:な[いし]|ありません)|可(?!能性)|"
    r"食べら?れ(?:る|ます)|(?:大)?好き|克服|いけ(?:る|ます)|○|〇|◯)"
)
# 大丈夫[ではな]い, 大丈夫[と思]う, 大丈夫[か]
_TAKEN_BACK: Final = r"で(?:は|も)な|じゃな|と(?:は|思|い)|か|\?"
# 「乳:なし」, 「卵はアレルギーなし」
_NOT_HAD: Final = (
    r"(?:[:=→]|はあれるぎー)\s?(?:特に|もともと|元々|現在|今は|もう)?(?:制限|問題|除去)?"
    r"(?:なし|無し|ありません|ない)(?=$|[^ぁ-ん])"
)
# What may follow a food under a refusing label and makes it fine: 「卵 → 大丈夫」, 「乳:なし」.
FINE_AFTER: Final = re.compile(
    r"\s?(?:[はもが]|だけは|なら|については)?\s?[:=→>|(]{0,2}\s?"
    rf"(?:{_PRAISE}(?!{_TAKEN_BACK}|か?ど)|{_NOT_HAD})"
)
_SAID_TO_BE_FINE: Final = (
    r"(?:大丈夫|だいじょうぶ|ok|おっけー|平気|問題(?:な[いし]|ありません)|食べら?れ(?:る|ます)|"
    r"飲め(?:る|ます)|いけ(?:る|ます)|可(?!能)|食べ(?:る|ます)(?=けど|が、|けれど))"
)
# Said of a food by itself, with nothing taken back: 「ツナは大丈夫」, 「肉は食べるけど」.
FINE_OUTRIGHT: Final = re.compile(
    rf"[」』]?\s?(?:[はもが]|なら|だけは?)\s?{_SAID_TO_BE_FINE}(?!{_TAKEN_BACK})|"
    # 「卵を入れませんか」 is an invitation.
    r"[」』]?を(?:入れ|使わ|食べ)(?:ませんか|んか|へんか)(?=[。?!\s]|$)"
)
# Before a food of a list of boxes: this one is not ticked.
UNTICKED: Final = re.compile(r"(?:[□☐▢⬜]|\[\s?\])\s?$")
LETTER: Final = re.compile(r"[^\W_]")
LONGEST_VERDICT: Final = 10
# 「アレルギー:兄→乳、妹→卵」, 「苦手: A=なす、たろうくん=トマト」
_ONE_PERSON: Final = (
    r"(?:お|うちの)?(?:(?:長|次|三|末)[男女]|[兄弟姉妹夫妻嫁父母孫娘](?!\S*(?:丼|煮))|息子|主人|旦那|義?[父母両]親?"
    r"|祖[父母]|上の子|下の子|末っ子|子ども|子供|こども|ぱぱ|まま|じい|ばあ|じじ|ばば|友人|友達|彼氏?|彼女"
    r"|私|僕|俺|自分|本人|大人|[a-z]|[^\s、。:=→]{1,6}(?=さん|ちゃん|くん|君|様|たん))"
    r"(?:さん|ちゃん|くん|君|様|たち|たん)?(?:\s?\(?\d{1,2}(?:歳|才)?\)?)?"
)
SOMEBODY: Final = re.compile(rf"(?:{_ONE_PERSON}の)?{_ONE_PERSON}")


def letters(text: str) -> str:
    """Return the letters and digits of a text alone."""
    return "".join(LETTER.findall(text))


def is_somebody(label: str) -> bool:
    """Tell whether a label names a person: what is said of all of them goes on over it."""
    return SOMEBODY.fullmatch(label.strip()) is not None


def verdict_of_label(label: str) -> Verdict:
    """Return what a label says of all that stands under it, in doubt that it is refused."""
    # Letters alone, whatever stands between them; and as words, which English needs.
    spoken = f"{letters(label)} {label.replace('_', ' ')}"
    if REFUSING_LABEL.search(spoken) or CROSSES.search(label):
        return "refused"
    return "fine" if FINE_LABEL.search(spoken) or TICKS.fullmatch(label) else "none"


def is_verdict(value: str) -> bool:
    """Tell whether a cell is nothing but a verdict."""
    return any(
        pattern.fullmatch(value) for pattern in (DENYING, FINE, AFFIRMING, REFUSING_MARK)
    ) or (len(value) <= LONGEST_VERDICT and verdict_of_label(value) != "none")
