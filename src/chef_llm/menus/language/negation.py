"""How one says in Japanese that a food is to be left out: the patterns, and nothing else.

All patterns are matched against folded text (`cookbook.model.fold`): hiragana, lower case, NFKC.
In the tables a space parts alternatives. A negation is of an allergy, of what one cannot eat, or
plain; the first two are read more strictly.
"""

import re
from typing import Final


def _any(alternatives: str) -> str:
    return f"(?:{'|'.join(alternatives.split())})"


# What stands between a food and its negation

_EMOJI: Final = "[\U0001f300-\U0001faff]{0,2}"
# 卵（加熱も）, 「卵」
_CLOSING: Final = (
    r"(?:\([^()。]{0,30}\))?(?:[^()。]{0,8}\))?[\s」』】\]'\"”’.…~〜–—\U0001f300-\U0001faff]{0,3}"
)
# 卵を使った料理, 卵入りのもの, 卵など, 卵やその加工品
_CONTAINING: Final = (
    r"(?:[をがの]?"
    + _any("使った つかった 使用した 入った 入って(?:い)?る はいった 含んだ 含む ふくむ 入り いり")
    + "の?)?"
)
_KINDS: Final = _any(
    "料理 りょうり もの 物 食品 食材 製品 加工品 類 系 成分 全般 全部 など 等 とか なんか なんて "
    "ばかりで? ばっかりで? 由来 "
    "風味 味 "
    "めにゅー おかず 出番 そのもの 自体 関係 関連"
)
_SUFFIX: Final = (
    rf"{_CONTAINING}[のな]?{_KINDS}{{0,3}}"
    r"(?:(?:や|と|及び)その(?:加工品|製品|仲間))?(?:だけ|のみ|さえ)?"
)
_PARTICLE: Final = (
    _any(
        "については に関しては に対して に対する への だけは とかは には では とは って は が を "
        "も に の"
    )
    + "?"
)
# 卵は[子どもが]食べられません
_PEOPLE: Final = _any(
    "子ども 子供 こども 子 息子 娘 [長次三][男女] 夫 妻 旦那 主人 嫁 彼氏 彼女 孫 祖?[父母] 両親 "
    "家族 私 わたし "
    "僕 自分 弟 妹 兄 姉 友人 友達 みんな 全員 誰 だれ [1一]人"
)
_OF_SOMEONE: Final = (
    r"(?:(?:うちの|私の|わたしの|上の|下の|[一二三四五六七八九十\d]{1,2}歳の)?"
    rf"{_PEOPLE}(?:たち|さん|ちゃん|くん)?(?:だけ)?(?:が|は|も|に|には|の)?)?"
)
_ADVERBS: Final = (
    _any(
        "絶対に? ぜったいに? 一切 いっさい 決して けっして なるべく できれば できるだけ 極力 "
        "あまり あんまり まったく 全く "
        "全然 ぜんぜん どうしても とても すごく かなり ちょっと 少し 本当に ほんとに 大の 重度の "
        "軽度の 重い 軽い ひどい 強い "
        "食物 今回は 今日は 今は 宗教上 宗教的に 体質的に 少しでも(?:入ると|入っていると)? "
        "入っていても 微量でも 加熱しても "
        "火を通しても 必ず 全て すべて 全部 どちらも どっちも 両方(?:とも)? どれも 共に ともに "
        "どうか 特に とくに やっぱり やはり まだ もう "
        "基本的に 昔から"
    )
    + "{0,3}"
)
# 卵は[家に]ありません
_PLACE: Final = (
    "(?:"
    + _any("家 うち いえ 我が家 冷蔵庫 冷凍庫 手元 台所 近所 近く 店 すーぱー ここ")
    + "(?:の(?:中|店|すーぱー))?[にで](?:は|も)?)?"
)

# The negations

# 「早く使わないといけない」, 「使わなきゃ」 ask for it.
_MUST: Final = (
    r"きゃ|くちゃ|くては|けれ|"
    r"いと(?:いけ|なら|だめ|もったい|腐|くさ|傷|痛|悪|わる|まず|困|駄|損|[。、!\s]|$)"
)
# 使って[ない], and not 「使ってなんか作って」.
_NAI: Final = "な(?:[いく]|かっ)"
# Endings of a verb: 使わ[ない], 入れ[ず], 食べ[ません], 使い[たくない], 入れ[てほしくない]
_NOT: Final = _any(
    rf"な(?!{_MUST}) ず(?!にはいら|つ|っと) ぬ ませ へん んとい たくな(?!る|り|っ) "
    rf"て(?:ほし|欲し)くな てい?{_NAI} ていませ"
)
_NO_WAY: Final = r"(?:や|な[しい]|避|控|だめ|ng|禁|不可)"
_ILL: Final = _any(
    "じんましん 蕁麻疹 かゆ 痒 発疹 湿疹 ぶつぶつ 吐 具合 体調 気分が悪 お腹 おなか 腹痛 下痢 "
    "腫れ 苦し 息が 咳 せき 喘息 ぜんそく 鼻水 しびれ 赤く 倒れ あなふぃらき"
)
_EATEN: Final = (
    "(?:(?:食べ|たべ|飲ん|飲む|飲み|触れ|触る|触っ|摂る|摂っ|摂取し|摂取する)"
    "|口に(?:し|する|入れ|入る|入っ))"
)
_ALLERGY: Final = _any(
    "あれるぎ あるれぎ あれぎる あれるーぎ あれるげん allerg あなふぃらき 不耐 過敏 除去 "
    "じんましん 蕁麻疹 命に 危険 危ない 陽性 反応(?:が|を|し|あ) "
    # 「卵がやめられない」 is said of a delight.
    "(?:止め|とめ)られ(?!な|ませ) 禁じられ どくたーすとっぷ "
    rf"{_EATEN}[ぁ-ん]{{0,3}}[とばでら]、?[^。、]{{0,8}}{_ILL}"
)
_CANNOT: Final = _any(
    "(?:食べ|たべ)ら?れ(?:な|ませ|ず|ぬ|ん|へん) 飲め(?:な|ませ|ず) 摂れ(?:な|ませ) "
    "摂取(?:でき|不可|しな) 口にでき "
    "受け付け(?:な|ませ) (?:体質|体)に合(?:わな|いませ) ng 不可(?!欠) 禁 厳禁 だめ 駄目 "
    "無理(?!な[くい]|せず|のな) "
    r"(?<=[はがもを])むり(?!な[くい]) あかん あうと [✕✖❌✗🚫🙅] ×(?=$|[\s。、,)」!])"
)
_USE: Final = "(?:使|つか)" + _any(
    rf"わ(?:れ(?:てい?)?|せ)?{_NOT} ってい?(?:{_NAI}|ませ) って(?:ほし|欲し)くな っては(?:いけ|だめ) "
    rf"いませ "
    rf"いたくな(?!る|り|っ) え(?:な|ませ|ず) うな(?!ら|ん|の|ど|あ|に) うの?[はを]{_NO_WAY}"
)
_PUT: Final = "(?:入れ|いれ)" + _any(rf"{_NOT} るな(?!ら|ん|の|ど) るの?[はを]{_NO_WAY}")
_CONTAIN: Final = _any(
    f"(?:入|はい)ら(?:な|ず|ぬ) (?:入|はい)ってい?(?:{_NAI}|ませ|ほしくな) "
    f"(?:含|ふく)ま(?:れ(?:てい?)?)?(?:{_NAI}|ず|ませ) "
    f"(?:含|ふく)んでい?(?:{_NAI}|ませ) 含みませ"
)
_EAT: Final = _any(
    rf"(?:食べ|たべ)(?:させ(?:ら|たくな)|させ)?{_NOT} (?:食べ|たべ)させられ "
    rf"(?:食べ|たべ)ては?(?:いけ|だめ) "
    "(?:食べ|たべ)るのは?が?(?:苦手|嫌|無理|だめ) 飲ま(?:な|ず) 飲みませ "
    rf"口にし{_NOT} 口に入れ{_NOT}"
)
# 卵を[食べる人がいない], 卵を[使うことなく]
_NEVER: Final = (
    "(?:使う|つかう|食べる|たべる|飲む|入れる|用いる|加える|口にする|好む|好きな)"
    + _any(
        "(?:人|者|方|子|家族)[がはも]?(?:誰も|[1一]人も)?(?:い(?:な|ませ)|お(?:ら|りませ)) "
        f"(?:こと|習慣|予定|つもり|気)(?:が|は|も)?(?:{_NAI}|ありませ|でき(?:な|ませ))"
    )
)
_LEAVE_OUT: Final = _any(
    "なし(?!ょ) 無し ぬき 抜き 抜[いか] ぬい[てた] 不使用 未使用 "
    "使用(?:不可|禁止|し(?:な|ませ|ず)|せず|なし) "
    rf"使用[はを]?{_NO_WAY} 用い{_NOT} (?:加え|のせ|混ぜ|添え|かけ|載せ){_NOT} "
    rf"(?:足さ|出さ|選ば|買わ){_NOT} "
    "避け さけ[てたるま] 取り除 とりのぞ 除[いきくけ] 除外 のぞ[いきく] 外[しす] はず[しす] "
    "省[いきく] はぶ[いきく] "
    "控え(?!め) ひかえ(?!め) ご?遠慮 要ら(?:な|ず|ん) 要りませ いら(?:な|ず|ん) いりませ 不要 "
    "必要な[いくし] "
    "必要ありませ やめ(?:て|ま|と|る|よ|た[。、方ほい]) 止め(?:て|ま|と|る|よ) 勘弁 かんべん "
    "断ち 拒否 お断り 回避 "
    "ぱす(?!た|て) 結構です けっこうです 以外 いがい ぜろ れす(?!とらん) ふりー(?!ず|ざ|らん) "
    "注意 気を[つ付]け "
    r"(?<=は)(?:もう)?いい(?:です|や)(?=[。!\s]|$) "
    f"(?<=に)し(?:{_NAI}|ませ|たくな) (?:じゃ|では?)(?:な[いく]|ありませ) の?(?:代わり|かわり|替わり)"
)
_DISLIKE: Final = _any(
    "嫌(?!がらせ) きらい ぎらい 苦手 にがて いや(?:です|だ|が|なの|。|!|$) 敬遠 怖い こわい "
    "好まな 弱い "
    # 卵が入ってるのは変えて
    "(?:(?<=のは)|(?<=のを)|(?<=ものは)|(?<=ものを))(?:変|替|代|換|か)え[てたまる] "
    "の?気分(?:じゃ|では)な (?:得意|好き|好み)(?:じゃ|では?)(?:な|あり) "
    "お?口に合(?:わ[なずん]|いませ) (?:喉|のど)を?通(?:ら[なずん]|りませ) "
    # 卵を残すので, 卵が入っていると家族が残す
    "残す(?:ので|から|ん|こと) 残しがち "
    "(?:入|はい)ってい?(?:ると|たら|れば)[^。、]{0,10}?"
    "(?:残[すさし]|嫌|いや|だめ|無理|困|(?:食べ|たべ)(?:な|ませ|ら?れ(?:な|ませ))) "
    "飽き(?:た|て|ま(?!せ)|気味|ちゃ)"
)
_LACK: Final = _any(
    "無[いく] な[いく](?!と(?:困|こま|だめ|いけ|寂|物足)) ありませ ございませ 切らし "
    "あらへん 手に入(?:ら|りま) 売り切れ 品切れ 買え(?:な|ませ|ず) "
    f"(?:売って|残って|余って|置いて)い?(?:{_NAI}|ませ)"
)
_PLAIN: Final = _any(" ".join((_USE, _PUT, _CONTAIN, _EAT, _NEVER, _LEAVE_OUT, _DISLIKE, _LACK)))
# Behind a comma these begin a new thought (「豚肉とピーマン、苦手なものは卵です」).
_NEW_THOUGHT: Final = (
    "(?!"
    + _any("苦手 嫌い きらい ng あれるぎー 食べら?れない")
    + "(?:食材|な|の)?(?:もの|物|食材|食べ物|[はも:]))"
)
# What stands behind a food that is left out, from the food's end on.
NEGATION: Final = re.compile(
    rf"{_CLOSING}{_SUFFIX}{_CLOSING}(?P<link>{_PARTICLE}[:\s]?(?:、{_NEW_THOUGHT})?)"
    rf"{_OF_SOMEONE}{_ADVERBS}{_PLACE}[\s「(]?"
    rf"(?:(?P<allergy>{_ALLERGY})|(?P<cannot>{_CANNOT})|(?P<plain>{_PLAIN}))"
    rf"|{_CLOSING}で(?P<reaction>あれるぎー(?:[がをに]|反応)|{_ILL})"
)
ALLERGY: Final = re.compile(_ALLERGY)
CANNOT: Final = re.compile(_CANNOT)
# Negations that only a noun carries, at its very end; the others need care behind a short word.
ATTACHED: Final = re.compile(_any("あれるぎ なし 無し 抜き ぬき 不使用 除去 ふりー れす"))
# Negations that also end a verb (「いかない」): behind a short word they need a particle.
VERBAL: Final = re.compile(_any("な[いく] 無 ありませ"))
# What the patterns leave of a word.
TAIL: Final = re.compile(r"(?:ー|ィ|いで|い|ん|て)?")

# Negations that are taken back

DENIABLE: Final = re.compile(
    _any(
        "あれるぎ 苦手 にがて 嫌 きらい ぎらい だめ 駄目 ng 無理 不可 じんましん 蕁麻疹 不耐 過敏 "
        "陽性"
    )
)
# 「卵アレルギーはありません」; 「ないとは言えない」 and 「ないかも」 take nothing back.
DENIAL: Final = re.compile(
    r"(?:(?:持ち|もち|体質|症状|反応|の心配|など|等|の経験)?(?:の(?:人|子|子ども|子供|者|家族|方))?"
    r"|な(?:もの|物|食材|の)|というわけ)?"
    r"(?:[はがも]|では|じゃ|でも|とか)?(?:特に|とくに|まったく|全く|全然|一切|今は|もう)?"
    r"(?:な(?:い|し)|無(?:い|し)|ありません|ございません|いない|いません)"
    r"(?=です|でした|の?で(?!は)|から|し[、。]|けど|けれど|が|んだ|よ|ね|[、。!\s)」]|$)"
    r"(?!(?:です|ん|の|よ|ね){0,2}(?:か|\?))"
)
# 「卵アレルギーはないのですが、苦手です」
RENEWED: Final = re.compile(_any("苦手 嫌い ら?れ(?:な|ませ) 避け 抜 使わな なし だめ ng"))
# 「ピーマンを克服したい」
OVERCOME: Final = re.compile(r"を?(?:克服|直し|なおし)")
# 「ピーマン嫌いの子でも食べられるピーマン料理」: for those who do not like it, it is asked for.
FOR_THE_UNWILLING: Final = re.compile(
    rf"[なの]?(?:{_PEOPLE}|人|方|お子さん)?(?:さん|様|たち)?で?も、?"
    + _any("食べ 喜 おいし 美味し ぱくぱく 大好き 好き")
)
DISLIKED: Final = re.compile(_any("苦手 にがて 嫌 きらい ぎらい"))
# 「卵は好きですが、アレルギーがあります」: the food is the topic and what is said of it comes late.
LATE: Final = re.compile(
    r"(?:は|も|って|が(?=大?好))[^。!?\n]{1,25}?"
    r"(?<!料理が)(?<!料理は)(?<!のは)(?<!のが)(?<!ものは)(?<!ことは)(?P<negation>"
    + _any(
        rf"あれるぎ (?<!を)(?:食べ|たべ)(?:ら?れ(?:な|ませ)|{_NOT}) 苦手 嫌い 避け 抜い "
        rf"(?<!を)使わ{_NOT} (?<!を)使いたくな(?!る|り|っ) (?<!を)入れ{_NOT}"
    )
    + ")"
)

# 「牛乳を豆乳に替えて」
REPLACED: Final = re.compile(r"を[^。、\n]{1,10}に(?P<negation>(?:置き換|変|替|代|換|か)え)")

# Negations before the foods

_THINGS: Final = (
    _any("もの 物 食材 食べ物 食品 品目 情報 項目 野菜 具材 具 素材 の(?:原因|もと)? な") + "{0,2}"
)
_SEPARATOR: Final = r"\s?(?:は|が|[:=→(「])[\s:、「(]{0,2}"
# 「アレルギーは卵と乳です」, 「NG: えび」, 「苦手なトマト」
HEAD: Final = re.compile(
    rf"(?:あれるぎー|あれるげん)(?:[がの]ある|あり|有り?|対応)?{_THINGS}(?:{_SEPARATOR}|\s)|"
    rf"(?:陽性(?:だった|な)?|(?:止め|とめ)られてい?る){_THINGS}{_SEPARATOR}|"
    + _any("苦手 嫌い きらい ng だめ 駄目 不可 禁止 除外 除去食? 使用不可 抜き なし")
    + rf"{_THINGS}{_SEPARATOR}|"
    + _any("食べら?れない 使わない 使えない 避けたい 避ける 入れない 抜く 抜いて いらない 除く")
    + rf"(?:で|て)?(?:ほしい|欲しい)?{_THINGS}{_SEPARATOR}"
    + "|(?P<attribute>"
    + _any("嫌いな きらいな 苦手な 食べら?れない あれるぎーの(?:ある)? (?<![ぁ-ん])のん")
    + r")|(?<![^\s、。(])[×✕✖❌🚫] ?"
    # 「以下の食材は使わないでください。」
    rf"|(?:以下|次の|下記)[^。\n]{{0,20}}(?:{_CANNOT}|{_USE}|{_PUT}|あれるぎー|避け|除|抜|苦手)"
    r"[^。:\n]{0,12}[。:\n]\s?"
)
# 「アレルギーがあります。卵です。」
CONFESSION: Final = re.compile(r"あれるぎー[がは]?(?:あり|有り)(?:ます|まして)?[。、\n(]\s?")
CONFESSED: Final = re.compile(r"(?:です|だ|で、|[。)\n]|$|の)")
# 「アレルギーで卵と玉ねぎが食べられません」: what follows is of an allergy, if it is left out.
REASON: Final = re.compile(
    r"あれるぎー(?:体質)?(?:で|があって|があり|があるので|なので|のため|のせいで)、?"
)
AFTER_HEAD: Final = re.compile(_OF_SOMEONE + _ADVERBS)
# Between the members of a list. A comma or a space may as well part two thoughts.
JOINT: Final = re.compile(
    rf"{_EMOJI}(?:\([^()。]{{0,20}}\))?(?:類|系|など|製品|等)?[」』\])]?(?:"
    r"(?P<strong> ?(?:と|や|とか|か|も|・|/|\+|&|及び|および|または|又は|or|and|だの|やら) ?、?)"
    rf"|(?P<comma> ?[、,] ?(?:そして|それから|それに|あと|また)?、?{_OF_SOMEONE})"
    r"|(?P<space> {1,2}))[「『\[(]?"
)
BULLET: Final = re.compile(r" ?\n ?[・\-*●] ?")
# A line that is a member of a list and nothing else.
LINE: Final = re.compile(r" ?\n")
FIRST_BULLET: Final = re.compile(r"[・\-*●] ?")

# Neither left out nor asked for

# 「卵は大丈夫」, 「卵アレルギーはありません」
TOLERATED: Final = re.compile(
    rf"{_SUFFIX}(?:は|も|なら|が|だけは|については)?(?:、{_NEW_THOUGHT})?"
    + _any(
        "大丈夫 だいじょうぶ ok おっけ おーけー 平気 へいき 問題(?:な|あり) 食べら?れ(?:る|ます) "
        "いけ(?:る|ます) 可(?!能) "
        "あれるぎ 苦手 嫌い きらい だめ ng"
    )
)
# 「ご飯に合う」, 「お酒のつまみ」: said of something else.
BESIDE_THE_POINT: Final = re.compile(
    _any(
        "に(?:よく|も|ぴったり)?合[うわっい](?!び|挽) の(?:お供|おとも|あて|つまみ|おつまみ|肴) "
        "が(?:すす|進) を(?:飲み|のみ)ながら"
    )
)
