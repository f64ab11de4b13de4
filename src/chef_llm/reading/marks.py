"""What labels, cells and marks say of what they stand over: it is left out, or it is fine.

All patterns are matched against letters alone or against folded text: hiragana, lower case.
"""

import re
from typing import Final, Literal

from chef_llm.reading.patterns import any_of

Verdict = Literal["refused", "fine", "none"]

# The stems of harm: whoever writes one speaks of what somebody must not eat.
HARM: Final = any_of(
    "あれるぎー? あれるげん あるれぎ allergy allergi(?:c|es) allerg alerg arerug あなふぃ "
    "anaphyla 蕁麻疹 じんましん えぴぺん epipen "
    "不耐 過敏 intoleran"
)
# The stems of refusal. As a label they speak of what stands under them.
REFUSAL: Final = any_of(
    r"(?:食べ|たべ)ら?れ(?:な|ませ|ず|ん(?=$|[^な])|へん) "
    "(?:食べ|たべ)(?:な[いく](?!と)|ませ|ず(?!嫌)|たくな(?!る|っ)|させな|ちゃだめ|てはいけ) "
    "食え(?:な|ん|ませ) 食わ(?:な|ん|ず) 飲め(?:な|ませ|ん) 飲ま(?:な|ず) "
    "使(?:わな[いく](?!と|ちゃ)|わず|えな|いませ|えませ|いたくな|ってはいけ|用(?:しな|不可|禁止|"
    "できな)) "
    "つかわな 入れ(?:な[いく]|ませ|ず|たくな|ちゃだめ) いれな 含まな 含めな 加えな "
    "出(?:さな|せな|しませ|さず) 避け さけ(?:る|て|たい) 除外 除去 除[いくけ] 排除 "
    "(?<![手砂種骨水筋油湯息気血])抜[きいく] (?<![て砂種骨])ぬき "
    "禁止 禁忌 厳禁 禁じ 不可(?!欠) ng(?![a-z]) だめ 駄目 苦手 にがて 嫌い 嫌な 嫌う "
    "きらい(?!ず) ぎらい 不得意 "
    "要らな いらな 不要 不使用 受け?付けな 受けつけな 無理 口にできな 摂れな 摂らな 摂取不可 "
    "控え(?!め) "
    "外[しす] はず[しす] のぞ[いく] 削除 地雷 拒否 お断り あかん "
    "(?<![a-z])avoid exclu without dislik hate forbid prohibit cannot cant donot dont "
    r"(?<![a-z])ban(?![a-z]) omit remove never notallowed (?<![a-z])bad(?![a-z]) nogo free(?=$|\s) "
    "(?<![a-z])no(?=$|[^a-z]) restrict"
)
# A label may refuse with less: 「なし」, 「×」, 「制限」, 「注意」.
_LABEL_ONLY: Final = any_of(
    r"(?<!もて)なし(?=$|の|で|\s) 無し 無い ない(?=$|\s|もの|物|食材|調味料|材料|具) なかった "
    r"切ら?して 切れて "
    "(?<!手)抜 制限 やだ 飽き 残さ 残す 注意 敵 除 避 禁 嫌 対応 配慮"
)
REFUSING_LABEL: Final = re.compile(f"{HARM}|{REFUSAL}|{_LABEL_ONLY}")
# 「使う食材」, 「食べられるもの」, 「好物」: what stands under it is fine or wished for.
FINE_LABEL: Final = re.compile(
    any_of(
        "(?:食べ|たべ)ら?れる (?:食べ|使っ|入れ)て(?:も)?(?:いい|良い|よい|ok|大丈夫) 使える "
        "大丈夫 "
        "食べる(?!な) (?<!不)可能? ok(?![a-z]) 問題な 好(?!き嫌い) 使いたい 使い切 使う(?!な) "
        "つかう 食べたい "
        r"冷蔵庫 冷凍庫 在庫 手元 ある(?:もの|食材) あるもの 余り 残り 消費 希望 りくえすと "
        r"食材(?=$|\s) 材料(?=$|\s) "
        "主菜 副菜 主食 汁物 めいん めにゅー 献立 "
        "(?<![a-z])(?:like|want|have|use|include|ingredient|favou?rite|prefer|fridge|pantry|stock)"
    )
)
# Of these it is said outright, whatever a heading above says.

STRONGLY_FINE: Final = re.compile(
    any_of(
        "(?:食べ|たべ)ら?れる (?:食べ|使っ|入れ)て(?:も)?(?:いい|良い|よい|ok|大丈夫) 使える "
        "大丈夫 "
        "(?<!不)可 ok(?![a-z]) 問題な 好(?!き嫌い) 使いたい 使い切 使う(?!な) 食べたい 希望 "
        "りくえすと "
        "(?<![a-z])(?:like|want|use|include|favou?rite|prefer)"
    )
)
HARM_STEMS: Final = re.compile(HARM)
SIGNALS: Final = re.compile(f"(?P<harm>{HARM})|(?P<refusal>{REFUSAL})")
# What no food is: 「花粉アレルギー」, 「犬アレルギー」.
NO_FOOD: Final = re.compile(
    any_of(
        "花粉 すぎ 杉 ひのき 檜 ぶたくさ いね科 だに はうすだすと ほこり 埃 犬 猫 いぬ ねこ 動物 "
        "ぺっと 金属 薬 薬物 "
        "ぺにしりん 抗生物質 日光 紫外線 寒冷 寒暖差 らてっくす ごむ 化粧品 洗剤 蜂 虫 鼻 季節性"
    )
    + "(?:の|性)?$"
)
# Behind harm or refusal: there is none. 「アレルギーはありません」, 「苦手なものは特になし」.
DENIED: Final = re.compile(
    r"(?:体質|持ち|症状|反応|の心配|など|等|の有無|が出る|な(?:もの|物|食材|食べ物|人|子|の)|"
    r"の?(?:もの|物|食材|食べ物|食品)|情報|対応|品目|"
    r"の(?:人|子|方|ある人|子ども|家族))*"
    r"(?:[はがも]|では|じゃ|でも|って|とか|[::、=→|\s])*(?:家族|みんな|全員|誰|だれ|うち|"
    r"今のところ|いまのところ)?(?:に|に?は|も)?"
    r"(?:特に|とくに|まったく|全く|全然|一切|何も|なにも|別に|ほぼ|今は|もう)*(?:、|\s)*"
    r"(?:な(?:い(?!と|かも|か\?|で(?:しょうか|すか))|し|く(?!な[いら])|かった)|無(?:い|し|"
    r"く)?(?=$|[^\w]|です|、)|ありません(?!か)|ございません|いない|いません|"
    r"ゼロ|ぜろ|none|no(?![a-z])|0|だった(?:けど|が)|大丈夫|平気|治|克服|卒業|陰性|でした(?:が|"
    r"けど)|n/?a|-)"
)
# Harm is only asked about where somebody has it: 「アレルギーがあります」, not 「アレルギーとは?」.
ASSERTED: Final = re.compile(
    r"(?:体質|反応|症状|の?(?:もの|食材|食べ物|食品|子|子ども|人|方|お客様?|"
    r"ゲスト))*(?:[がはも、→:=|\s])*(?:の?(?:もの|食材)が?)?"
    r"(?:少し|ひどい|重い|軽い|色々|いろいろ|たくさん|複数|いくつか)?(?:あり(?!ませ)|ある(?!か|"
    r"の\?)|有(?!無)|持ち|もち|です(?!か)|だから|だし|なので|"
    r"なん(?:です|だ)|っ子|出(?:る|ます|て)|に(?:配慮|対応|気)|配慮|対応|いる(?!か)|います(?!か)|"
    r"おり(?!ませ)|×|○|true|yes|1)"
)
NOT_ASSERTED: Final = re.compile(
    r"いませ|いない|いなか|ありませ|ない(?!と|か)|なし|なかった|無(?![理料し])|ぜろ|0|"
    r"該当(?:なし|者)|陰性|解除|完治|治|いいえ|"
    r"(?<![a-z])no|none|false|ございませ|何でも|なんでも|花粉|はうすだすと|犬|猫|ぺっと|薬|"
    r"らてっくす|ごむ|蜂|動物|ぺにしりん|鼻炎|金属|－|-$"
)
# A cell or value that is nothing but a verdict. 「なし」 denies what it is said of.
_NOTHING: Final = (
    r"(?:特に|とくに|今のところ|現在)?(?:なし|無し|無|ない|無い|ありません|ないです|ございません|"
    r"なしです|"
    r"いません|いない|該当なし|該当せず)(?:です)?|いいえ|none|no|false|null|nil|n/?a|nothing|0|"
    r"ー|-{1,3}|―|空欄|不明"
)
DENYING: Final = re.compile(rf"\W*(?:{_NOTHING})\W*")
SAYING_NO: Final = re.compile(r"\W*(?:いいえ|いや|no|false|n|✗|×)\W*")
FINE: Final = re.compile(
    r"\W*(?:ok|okay|おっけー|おーけー|大丈夫|だいじょうぶ|可|食べられ(?:る|ます)|問題(?:な[いし]|"
    r"ありません)|平気|"
    r"好き|大好き|○|〇|◯|◎|👍|✅|🆗)(?:です|だよ|よ)?\W*"
)
AFFIRMING: Final = re.compile(
    r"\W*(?:あり|有り?|ある|あります|はい|yes|true|1|該当|陽性|要|○|〇|◯|●|◎|レ|v|x|✓|✔|☑|✅|☒|■)"
    r"(?:です)?\W*"
)
REFUSING_MARK: Final = re.compile(
    r"\W*?[×✕✖❌✗✘🚫🙅☒⛔❎]\W*|(?:x|ばつ|ぺけ|batsu|no|never)(?:です|!)?"
)
TICKS: Final = re.compile(r"\s*[○〇◯⭕◎✅👌🙆]\s*")
# Of a stock: there is none of it. 「牛乳 0」, 「卵:切れ」.
NONE_LEFT: Final = re.compile(
    r"\s?[:=→(]?\s?(?:0(?:個|本|g|ml|ぱっく|袋|枚|丁|束)?(?![\d.%])|ぜろ|(?:品|売り)?切れ(?:た|"
    r"てる|ています?|ました)?|切らして|使い切|空(?:っぽ)?(?![^\W。])|からっぽ|在庫なし|"
    r"終わ[りっ]|"
    r"無し?(?=$|[\s。)])|欠品)(?!では)"
)
CROSSES: Final = re.compile(r"[×✕✖❌✗✘🚫🙅⛔]")
# What may follow a food under a refusing label and makes it fine: 「卵 → 大丈夫」, 「乳:なし」.
FINE_AFTER: Final = re.compile(
    r"\s?(?:[はもが]|だけは|なら|については)?\s?[:=→>|(]{0,2}\s?"
    r"(?:(?:大丈夫|だいじょうぶ|ok|おっけー|平気|問題(?:な[いし]|ありません)|可(?!能性)|"
    r"食べら?れ(?:る|ます)|"
    r"(?:大)?好き|克服|いけ(?:る|ます)|○|〇|◯)(?!で(?:は|も)な|じゃな|と(?:は|思|い)|か|\?|か?ど)"
    r"|(?:[:=→]|はあれるぎー)\s?(?:特に)?(?:なし|無し|ありません|ない)(?=$|[^ぁ-ん]))"
)
# Said of a food by itself, with nothing taken back: 「ツナは大丈夫」, 「肉は食べるけど」.
FINE_OUTRIGHT: Final = re.compile(
    r"[」』]?\s?(?:[はもが]|なら|だけは?)\s?(?:大丈夫|だいじょうぶ|ok|おっけー|平気|"
    r"問題(?:な[いし]|ありません)|食べら?れ(?:る|ます)|"
    r"いけ(?:る|ます)|可(?!能)|食べ(?:る|ます)(?=けど|が、|けれど))(?!で(?:は|も)な|じゃな|"
    r"と(?:は|思|い)|か|\?)"
)
# Before a food of a list of boxes: this one is not ticked.
UNTICKED: Final = re.compile(r"(?:[□☐▢⬜]|\[\s?\])\s?$")
LETTER: Final = re.compile(r"[^\W_]")
LONGEST_VERDICT: Final = 10


def letters(text: str) -> str:
    """Return the letters and digits of a text alone."""
    return "".join(LETTER.findall(text))


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
