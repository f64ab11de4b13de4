"""The words of harm: a symptom, an event, a test, a doctor. Who says them speaks of an allergy."""

from typing import Final

from chef_llm.reading.patterns import NAI, any_of

_ON_THE_SKIN: Final = (
    "じんま(?:しん|疹) 蕁麻疹 かゆ[いくみなうっが] 痒 発疹 湿疹 ぶつぶつ 腫れ かぶれ 斑点"
)
_FITS: Final = (
    "あなふぃらき さぶいぼ ぜーぜー ぜえぜえ ぜいぜい 呼吸[がの]?(?:困難|苦|でき) "
    "意識(?:を失|がな|がもうろう) 喘息 ぜんそく 発作 いがいが かきむし えぴぺん"
)
# 「舌がぴりぴり」, 「息が苦しい」, 「喉がふさがる」
_OF_A_PART: Final = (
    "舌が[^。、]{0,2}(?:ぴりぴり|しびれ) 息[がの]?(?:苦|でき(?!る)|つま|詰) "
    "(?:全身|顔|体|肌|手|口)[^。、]{0,5}(?:真っ赤|赤く|荒れ) "
    "(?:喉|のど|口の中|舌|唇)[^。、]{0,5}(?:変|ぴりぴり|もぞもぞ|違和感|しびれ) "
    "(?:喉|のど|気道)が(?:ふさ|つま|詰|締|しま) (?:喉|のど)[にへさ]?(?:つま|詰) "
    "(?:顔|目|口|唇|まぶた)[^。、]{0,6}(?:ぱんぱん|はれ)"
)
# What a body does that bears a food ill, whatever else is said of it.
_SYMPTOMS: Final = any_of(
    _ON_THE_SKIN, _FITS, _OF_A_PART, "しょっく(?:を起|症状|になり|状態) 症状(?:が|の)出"
)
_COLLAPSE: Final = (
    "救急 病院(?:送り|に運|に通|へ運) 入院(?!中) 死にかけ 死ぬ(?!ほど|まで|気) 倒れ 寝込 真っ赤にな"
)
_UPSET: Final = (
    "吐[いく] 戻し(?:て|ち) 下痢 腹痛 お?腹(?:が|を|の)(?:こわ|壊|ごろ|痛|下) "
    "具合(?:が|を)(?:悪|わる) 体調(?:を|が)(?:崩|悪) 気分が悪 悪化 気持ちが?悪くな "
    "(?:胃|頭)が(?:痛|荒れ) 反応"
)
_DANGER: Final = (
    "(?<![口手日心])(?:当た|あた)[っる] 命取り 命に(?:関|かか) 大変なこと えらい目 やばいこと "
    "引き金 眠れ(?:な|ませ)"
)
# What happens to whom it harms; also said of much else.
_EVENTS: Final = any_of(_COLLAPSE, _UPSET, _DANGER)
_ILL: Final = any_of(
    "気分が悪 (?:お腹|おなか)(?!いっぱ|を?(?:満た|すか|空か)|がす) しびれ 赤く 咳 せき 鼻水 "
    "(?<!家計が)(?<!生活が)苦し 息が 吐 体調 具合"
)
ILL: Final = any_of(f"{_SYMPTOMS} {_EVENTS} {_ILL}")
_EATEN: Final = (
    "(?:(?:食べ|たべ|食っ|食う|飲ん|飲む|飲み|触れ|触る|触っ|とる(?=と)|摂る|摂っ|"
    "摂取し|摂取する|召し上が)|口に(?:し|する|入れ|入る|入っ))(?!た[いく])"
)
# 陽性, 負荷試験: who names a test of a food may not have it yet.
_TESTS: Final = any_of(
    "陽性 ige くらす[1-6] (?:引っ|ひっ)かか 負荷試験 免疫療法 除去(?:食|中) 指導表 既往",
    f"どくたーすとっぷ 許可[^。、]{{0,10}}(?:て|され)て?い?(?:{NAI}|ませ)",
)
_ALLERGIC: Final = (
    "(?<!→)あれるぎ あれるぎ(?!ー?は) あるれぎ あれぎる あれるーぎ (?<!→)あれるげん "
    "あれるげん(?!は) allerg あれ(?=持ち|っ子|だ(?:から|し|けど)|なので|です|の(?:子|人)|[。、!)]|"
    "$) 不耐 過敏 "
    "持ち(?=で[すあ、]|な[のん]|だ[かがけしっよ。、]|[。、!)]|$|の(?:子|息子|娘|人|夫|妻|友|孫)) "
    "っ子(?=で[すあ、]|な[のん]|だ[かけ]|[がの、。]|$) "
    "の?(?:だぶる|とりぷる)(?=っ子|持ち|の子|で[すあ、。]|な[のん]|だ|$) "
    "と同じ(?:まな板|包丁|鍋|ふらいぱん|油|器具)[^。、]{0,8}(?:だめ|無理|いけな)"
)
_DANGEROUS: Final = "敏感 要注意 引き金 命に 命取り 危険 危ない"
# 卵に[該当], 卵の[数値], 卵に[反応し]た
_ON_RECORD: Final = "該当 除去 数値 抗体 反応(?:が(?!よ|良|い)|を|し|す|あ) 誤食"
# 「卵がやめられない」 is said of a delight.
_FORBIDDEN: Final = "(?:止め|とめ)られ(?!な|ませ) 禁じられ"
# 「卵に[当たった]」
_POISONED: Final = "(?<=[にで])(?:当た|あた)[っるり]"
# 「卵を[食べると、具合が悪く]なる」
_ILL_OF_EATING: Final = rf"{_EATEN}[ぁ-ん]{{0,3}}[とばでら]、?[^。、]{{0,12}}{ILL}"
# Right behind a food.
ALLERGY: Final = any_of(
    _ALLERGIC,
    _DANGEROUS,
    _ON_RECORD,
    _FORBIDDEN,
    _POISONED,
    _TESTS,
    _SYMPTOMS,
    _ILL_OF_EATING,
)
# In what is said of a food, somewhere behind it.
HARM: Final = any_of(
    "(?<!花粉)あれるぎ 過敏 敏感 要注意 (?:止め|とめ)られ(?!な|ませ) 禁止 禁じ",
    f"お?腹(?:が|を|の)(?:こわ|壊|ごろ|下) {_TESTS} {_SYMPTOMS}",
)
# The same where the food is the cause: 「卵で」, 「卵を食べると」, 「卵のせいで」.
CAUSE: Final = "(?:でも?|に)(?!、)"
EATING: Final = any_of(
    "のせいで を?初めてあげ を?あげた(?:とき|ら) だけで さえ",
    "[がをはばさも]?(?:なんぞ)?(?:少しでも|微量でも)?"
    "(?:食べ|たべ|食う|食っ|食[とた]|飲ん|飲む|とる|触る|触っ|摂|召し上が"
    "|口に|入れ|入る|入っ|混ざ|混じ)(?!切|きり|きれ|た[いく])",
)
EVENT: Final = _EVENTS
# Anywhere in a sentence: what is left out in it is left out strictly.
SPEAKS_OF_HARM: Final = any_of(
    f"{HARM} {_EVENTS} あれるげん 医師 医者 主治医 先生(?:に|の|から|が) [一-龠]科(?:で|の|に|医)",
    "診断 病気 通院 退院 病院 かかりつけ 体質 救急 命に 死に",
)
