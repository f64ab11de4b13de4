"""What a chef must not answer with a menu, or not without a warning.

Somebody is choking, swollen or has swallowed what is no food, now: read in the last turn alone.
What happened once (「去年、餅を詰まらせたので」) or happens each time (「食べると腫れる」) is a
condition of a menu, and no emergency. And what somebody found in the woods, or for an animal.
"""

import re
from typing import Final

from chef_llm.reading.patterns import any_of
from chef_llm.reading.text import Text

_CHOKING: Final = "(?:つま|詰ま)(?:らせ(?:た|ちゃ|てし|まし)|っ(?:た|ちゃ|てる|てい|てし)|りまし)"
_BREATH: Final = (
    "息が(?:でき|苦し) 呼吸が(?:苦し|おかし|荒|はや) ぜー?ぜー ぜえぜえ ぜいぜい "
    "咳が?(?:止ま|と)らな 声[がも](?:少し)?(?:枯れ|かれ|かす|出な) 胸が(?:苦し|痛) 胸を押さえ"
)
_SWELLING: Final = (
    "(?:唇|くちびる|まぶた|顔|目|舌|喉|のど)[がもはを]?"
    "(?:ぱんぱん|腫れ|はれ|紫|真っ赤|真っ青|赤い) "
    "(?:首|体|全身)を?(?:かゆが|痒が|かきむし) 蕁麻疹 じんましん 発疹 ぶつぶつ"
)
_COLLAPSE: Final = (
    "吐(?:いて|き続|きまし)[^。]{0,12}ぐったり ぐったりし(?:て|だ) 意識[がも] けいれん 痙攣 ふらつ "
    "反応[がも]?(?:ない|なく|うす|薄|にぶ|鈍) 倒れ(?:て|まし|た)"
)
# What is no food, and was swallowed.
_SWALLOWED: Final = (
    "(?:びー玉|電池|硬貨|小銭|ぼたん|たばこ|煙草|洗剤|漂白剤|乾燥剤|磁石|おもちゃ|ぴあす)を?[^。、]{0,6}"
    "(?:飲ん|飲み込|のみ込|のんだ|食べ(?:た|ちゃ|て)|口に(?:入|し))"
)
ACUTE: Final = re.compile(any_of(_CHOKING, _BREATH, _SWELLING, _COLLAPSE, _SWALLOWED))
NOW: Final = re.compile(
    any_of(
        "さっき (?<!昨)今(?![日夜晩朝週月年度回後まはだのも]) いま(?!まで|は) 急に 突然",
        "て(?:き|い)(?:た|ます|まし) てる っぽい みたい かも まだ(?=[^。]{0,8}(?:止ま|引か))",
        "(?:飲ん|飲み込ん|詰まらせ|食べ)(?:だ|た|ちゃ)",
    )
)
ASKS_FOR_HELP: Final = re.compile(
    any_of(
        "どう(?:し(?:たら|よ)|すれば|対処|声) 何を?(?:飲ませ|食べさせ|した|すれ|すべ) まず何",
        "飲ませ(?:て|れば|たら) 救急 119 病院[にへ]?行 様子見 様子を見 やば 助けて",
        "大丈夫(?:です|かな|\\?) 平気(?:です|かな|\\?) れば(?:いい|よか|ええ) かもしれん",
    )
)
SENTENCE_END: Final = re.compile(r"[。!?\n]")
# A longer turn tells of something else.
LONGEST: Final = 160
# It was once, comes each time, is feared, or is how hungry somebody is.
NOT_NOW: Final = re.compile(
    any_of(
        "去年 昨年 一昨年 昔 以前 前に 前回 先月 先週 先日 この前 年前 の頃 ことが?あ 経験",
        "毎回 たびに",
        "救急[にへで]?(?:行った|行きまし|運ば|要請) 運ばれ 翌日 早退 来週",
        "ように ないよう やすい 心配 怖い(?:ので|から) たく(?:な|あり) 治(?:っ|ま|り) 落ち着",
        "引いた 引きまし",
        "(?:抜き|なし)の 使わな 入れな 食べられな",
    )
)

# 厚生労働省「自然毒のリスクプロファイル」: each year people die of what looks like these.
_POISONOUS_KIN: Final = "(?:きのこ|行者にんにく|ぎぼうし|野草|山菜|野蒜|のびる|せり|球根)"
_FOUND: Final = (
    "(?:採っ|採れ|とっ|取っ|摘ん|拾っ|生えて)(?:て(?:い|き)?|た|だ|まし|できた)[^。\n、と]{0,4}"
)
FORAGED: Final = re.compile(
    "|".join(
        (
            f"{_FOUND}(?:の)?[^。\\n、と]{{0,6}}{_POISONOUS_KIN}",
            f"{_POISONOUS_KIN}[^。\\n、]{{0,6}}(?:採[れっ]|摘ん|拾っ|生えて)",
            f"(?:野生|天然)の{_POISONOUS_KIN}",
            "釣[^。\\n、]{0,6}ふぐ|ふぐ[^。\\n、]{0,6}(?:釣|さばい)",
        )
    )
)
_ANIMALS: Final = any_of(
    "犬 猫 わんこ にゃんこ わんちゃん 猫ちゃん ねこちゃん 愛犬 愛猫 ぺっと うさぎ はむすたー いんこ"
)
_THEIR_FOOD: Final = "(?:ごはん|ご飯|おやつ|餌|ふーど|食事|れしぴ)"
# 「猫に[あげるごはん]」, 「犬の[手作りおやつ]」; 「犬も食べるので玉ねぎなし」 is for people.
FOR_AN_ANIMAL: Final = re.compile(
    f"{_ANIMALS}(?:に(?:あげる|食べさせる|作る)|用?の(?:手作り|れしぴ)){_THEIR_FOOD}"
)


def asks_for_an_animal(text: Text) -> bool:
    """Tell whether what is asked for is for an animal, of whose needs nothing is known here."""
    return FOR_AN_ANIMAL.search(text.folded) is not None


def read_foraged(text: Text) -> str | None:
    """Return the words for what somebody has found outside that has poisonous kin."""
    match = FORAGED.search(text.folded)
    return text.words(match.start(), match.end()) if match else None


def read_emergency(text: Text) -> str | None:
    """Return the sentence that tells what is happening to somebody right now, if any does."""
    folded = text.folded
    match = ACUTE.search(folded)
    if match is None or len(folded) > LONGEST or NOT_NOW.search(folded):
        return None
    if not (NOW.search(folded) and ASKS_FOR_HELP.search(folded)):
        return None
    start = 1 + max(folded.rfind(mark, 0, match.start()) for mark in "。!?\n")
    end = SENTENCE_END.search(folded, match.end())
    return text.words(start, end.start() if end else len(folded)).strip()
