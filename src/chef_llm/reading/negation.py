"""How one says in Japanese that a food is to be left out: the patterns, and nothing else.

All patterns are matched against folded text (`cookbook.model.fold`): hiragana, lower case, NFKC.
In the tables a space parts alternatives. A negation is of an allergy, of what one cannot eat, or
plain; the first two are read more strictly.
"""

import re
from typing import Final

from chef_llm.reading import harm, refusal
from chef_llm.reading.patterns import ADVERBS, NOT, OF_SOMEONE, PEOPLE, PLACE, any_of

# What stands between a food and its negation

_EMOJI: Final = "[\U0001f300-\U0001faff]{0,2}"
# 卵（加熱も）, 「卵」
_CLOSING: Final = (
    r"(?:\([^()。]{0,30}\))?(?:[^()。]{0,8}\))?"
    r"[\s」』】\]'\"”’.…※・~〜–—\U0001f300-\U0001faff]{0,3}"
)
# 卵[を使った]料理, 卵[入りの]もの
_CONTAINING: Final = (
    r"(?:[をがの]?"
    + any_of(
        "使った つかった 使用した 使う 使って(?:い)?る 入れる 入った 入って(?:い)?る はいった "
        "含んだ 含む ふくむ 入り いり",
        "出てくる 材料に(?:ある|入った|入って(?:い)?る)",
    )
    + "の?)?"
)
# 卵[など], 卵[料理], 卵の[匂い]
_KINDS: Final = any_of(
    "料理 りょうり もの 物 食品 食材 製品 加工品 類 系 成分 全般 全部 など 等 とか なんか なんて",
    "ばかりで? ばっかりで? れしぴ 由来 風味 味 感 めにゅー おかず 出番 そのもの 自体 関係 関連 "
    "やつ "
    "部分",
    "匂い におい 臭い 食感 舌触り 見た目 くさみ 臭み 在庫 調味料 存在 気配 名前 姿 おいしさ",
    "持ち込み 配達 すとっく 使用 ご使用 下ごしらえ 一品 えきす こと",
)
# 卵[やその加工品]
_SUFFIX: Final = (
    rf"{_CONTAINING}[のな]?{_KINDS}{{0,3}}"
    r"(?:(?:や|と|及び)その(?:加工品|製品|仲間))?(?:だけ|のみ|さえ)?"
)
_PARTICLE: Final = (
    any_of(
        "については につきましては に関しては に対して に対する への だけは とかは には では とは",
        "って なら(?!な) すら さえ は が を も に の ば さ",
    )
    + "?"
)
# Behind a comma these begin a new thought (「豚肉とピーマン、苦手なものは卵です」).
_NEW_THOUGHT: Final = (
    "(?!"
    + any_of("苦手 嫌い きらい ng あれるぎー あれるげん 食べら?れない")
    + "(?:食材|な|の)?(?:もの|物|食材|食べ物|[はも:]))"
)
# What stands behind a food that is left out, from the food's end on.
NEGATION: Final = re.compile(
    rf"{_CLOSING}{_SUFFIX}{_CLOSING}(?P<link>{_PARTICLE}[:\s→]?(?:、{_NEW_THOUGHT})?)"
    rf"{OF_SOMEONE}{ADVERBS}{PLACE}[\s「(]?"
    rf"(?:(?P<allergy>{harm.ALLERGY})|(?P<cannot>{refusal.CANNOT})|(?P<plain>{refusal.PLAIN}))"
    rf"|{_CLOSING}で(?P<reaction>あれるぎー(?:[がをに]|反応)|{harm.ILL})"
)
ALLERGY: Final = re.compile(harm.ALLERGY)
SPEAKS_OF_HARM: Final = re.compile(harm.SPEAKS_OF_HARM)
CANNOT: Final = re.compile(refusal.CANNOT)
# Negations that only a noun carries, at its very end; the others need care behind a short word.
ATTACHED: Final = re.compile(
    any_of("あれるぎ なし 無し 抜き ぬき 不使用 除去 ふりー れす 嫌い 無理 ng")
)
# Negations that also end a verb (「いかない」): behind a short word they need a particle.
VERBAL: Final = re.compile(any_of("な(?:[いく]|かっ) 無 ありませ"))
# What the patterns leave of a word.
TAIL: Final = re.compile(r"(?:ー|ィ|いで|い|ん|て)?")

# Negations that are taken back

DENIABLE: Final = re.compile(
    any_of(
        "あれるぎ 苦手 にがて 嫌 きらい ぎらい だめ 駄目 ng 無理 不可",
        "じんましん 蕁麻疹 不耐 過敏 陽性 かゆ 痒 湿疹 発疹 症状",
        "切ら きら きれて 売り切れ 品切れ 禁 制限 除去 避け さけ お?控え ひかえ 飽き 腐 傷",
    )
)
# 「卵アレルギー[持ちの子は]いません」, 「苦手[なものは]ありません」
_OF_WHAT: Final = (
    r"(?:(?:持ち|もち|体質|症状|反応|の心配|など|等|の経験)?(?:の(?:人|子|子ども|子供|者|家族|方))?"
    r"|な(?:もの|物|食材|の)|というわけ)?(?:[はがも]|では|じゃ|でも|とか)?"
)
_AT_ALL: Final = r"(?:特に|とくに|まったく|全く|全然|一切|今は|もう)?"
_THERE_IS_NONE: Final = (
    r"(?:な(?:い|し|かった(?!ら|か))|無(?:い|し)|ありません|ございません|いない|いません)"
)
# 切らし[ては]ない, 禁じ[られていません], 症状は[出なかった], かゆく[なったりしません]
_NOT_SO: Final = (
    r"(?:く?(?:は|も)?(?:なら|なったり(?:は|も)?し|なり(?=ま)|がら)|(?:出|起き|起こら|現れ)(?:て(?:は|も)?い?)?"
    r"|止?(?:し|じ|さ|え|け|き|っ|られ|され)?(?<!て)[てで](?:は|も)?い?|(?<=て)(?:は|も)?い?|止(?:じゃ|では))"
    r"(?:な(?:い|かった(?!ら|か))|ません|へん)"
)
_OUTRIGHT: Final = (
    r"(?=です|でした|の?で(?!は)|から|し[、。]|けど|けれど|が|んだ|よ(?!う)|ね|[、。!\s)」]|$)"
)
_UNASKED: Final = r"(?!(?:です|ん|の|よ|ね){0,2}(?:か|\?))"
# 「卵アレルギーはありません」; 「ないとは言えない」 and 「ないかも」 take nothing back.
DENIAL: Final = re.compile(
    _OF_WHAT + _AT_ALL + f"(?:{_THERE_IS_NONE}|{_NOT_SO})" + _OUTRIGHT + _UNASKED
)
# 「卵[さえ避ければ]蕁麻疹は出ません」: without it there is no harm.
AVOIDED: Final = re.compile(
    any_of(
        "さえ 避け さけ 抜[いきくけか] 除[いきくけか] 控え なけれ なし やめ",
        "[れけえめせ]ば たら なら",
    )
)
# 「卵アレルギーはないのですが、苦手です」
RENEWED: Final = re.compile(
    any_of("苦手 嫌い ら?れ(?:な|ませ) 避け 抜 使わな なし だめ ng あれるぎ 念の")
)
# 「ピーマンを克服したい」
OVERCOME: Final = re.compile(r"を?(?:克服|直し|なおし)")
# 「ピーマン嫌いの子でも食べられるピーマン料理」: for those who do not like it, it is asked for.
FOR_THE_UNWILLING: Final = re.compile(
    rf"[なの]?(?:{PEOPLE}|人|方|お子さん)?(?:さん|様|たち)?で?も、?"
    + any_of("食べ 喜 おいし 美味し ぱくぱく 大好き 好き")
)
# 「乳:なし」 is how a form says that there is no such allergy.
NOTHING: Final = re.compile(
    r"[」』]?(?:(?:あれるぎー)?\s?[:→=]\s?(?:特に)?(?:なし|無し?|ない|ありません)"
    r"|あれるぎー\s?[:→=]\s?(?:いいえ|no|false))(?=[。、,/\s]|$)"
)
# What the refusal leaves of its word: 嫌[いな]わけではない
_REST_OF_WORD: Final = r"[ーいくてんだなしき]{0,2}"
# 苦手な[わけではない]
_NOT_QUITE: Final = (
    r"(?:わけ|こと|もの)(?:では|じゃ|でも|は)(?:一度も)?(?:な[いく]|ありませ)(?!か|ですか)"
)
# なくて[も大丈夫]
_WELL_WITHOUT: Final = (
    r"(?:ても(?:可|構|かまわ|大丈夫|いい|良い|よい|ok|平気|問題|どちら|どっち|でき|"
    r"[^。、]{0,4}どちら)"
    # 「なしでも作れる料理」 asks for one without.
    r"|でも(?:可|構|かまわ|大丈夫|いい|良い|よい|ok|平気|問題|どちら|どっち|あり)(?!な|\?|です?か))"
)
# 卵がない[と一日が始まらない]
_NO_DAY_WITHOUT: Final = r"とは?[^。、]{0,16}(?:始まら|生き|落ち着か|物足り|寂し|考えられ|やってい)"
# 卵なし[の人生なんて考えられない]
_NO_LIFE_WITHOUT: Final = (
    r"(?:の|な)(?:生活|人生|毎日|世界|食卓|日々)[^。]{0,14}"
    r"(?:考えられ|無理|ありえ|あり得|嫌|いや|つら)"
)
# 苦手[だったけど、食べられるようになった]
_NO_LONGER: Final = (
    r"(?:だった|でした)(?!ので|から|ため|もので)(?![^。、]{0,8}でも)(?:(?!ほか|他|以外)[^。!\n]){0,30}?(?:ようになっ|"
    r"大好き|好きになっ|平気|"
    r"大丈夫|克服|治っ|食べられる|食べられます|飲める|いける|今は(?:大?好き))"
)
# アレルギー[かと思ったら、陰性でした]
_WRONGLY_SUSPECTED: Final = (
    r"(?:だった|だと思|かと思|かと心配|だと心配|の疑い|疑い|の検査|の有無)(?:(?!ほか|他|以外)[^。!\n]){0,26}(?:違|"
    r"陰性(?!では|じゃ)|"
    r"異常な|異常は|ではな|じゃな|大丈夫|勘違い|間違い|何とも|なんとも|ただの)"
)
# アレルギー[がすっかり治った]
_IS_CURED: Final = (
    r"(?:[がはも])?(?:すっかり)?(?:治|なお|直|克服|完治)(?:っ|り|し|さ)(?!たい|てほしい|ますか)"
)
# 卵嫌い[を直したい], 卵嫌い[を克服する]
_TO_BE_CURED: Final = r"を?(?:治し|直し|なおし|克服し)(?:たい|て)|を(?:治す|直す|克服)"
# 卵が嫌い[な人なんていない]
_NOBODY: Final = (
    r"(?:という|な)?(?:人|子|ひと|方)(?:なんて|など|は|が)?"
    r"(?:い(?:な|ませ|るの(?:か|\?)|ますか|るか\?)|おら)"
    r"|(?:という|な)?(?:人|子|ひと)の(?:気が?(?:しれ|知れ)|気持ちがわから|気持ちが分から)"
)
# 卵抜き[なんてありえない]
_UNTHINKABLE: Final = r"(?:だ)?(?:なんて|って)(?:言わ(?:ず|ない)|信じ|もったい|あり得|ありえ)"
# 卵がない[と思ったらあった]
_FOUND_AFTER_ALL: Final = r"と(?:思っ|思い)[^。]{0,12}あ(?:った|りました)"
# アレルギー[の心配はない]
_NO_FEAR: Final = r"(?:の心配|の可能性)[^。、]{0,4}(?:な[いく]|ありませ)"
# What takes a refusal back somewhere behind it: 「苦手だったけど今は大好き」, 「なくても可」.
TAKEN_BACK: Final = re.compile(
    f"{_REST_OF_WORD}(?:{_NOT_QUITE}|{_WELL_WITHOUT}|{_NO_DAY_WITHOUT}|{_NO_LIFE_WITHOUT}|"
    f"{_NO_LONGER}|{_WRONGLY_SUSPECTED}|{_IS_CURED}|{_TO_BE_CURED}|{_NOBODY}|{_UNTHINKABLE}|"
    f"{_FOUND_AFTER_ALL}|{_NO_FEAR})"
)
# 「抜かずに」, 「除去しなくていい」, 「控えないで」
REMOVAL: Final = re.compile(
    any_of("抜 ぬ 除 のぞ 外 はず 省 はぶ 避 さけ お?控え ひかえ ご?遠慮 制限 やめ 止め 排除")
)
KEPT_IN: Final = re.compile(
    r"[かさしけ]?(?:ず(?=に|。|、|$)|ないで(?!す)|"
    r"なくても?(?:いい|良い|よい|大丈夫|ok|構|かまわ|結構|平気|可))"
)
CURED: Final = re.compile("治|なお|直|克服|完治")
DISLIKED: Final = re.compile(any_of("苦手 にがて 嫌 きらい ぎらい"))
_UNWILLING: Final = any_of(
    rf"(?<!を)(?:食べ|たべ)(?:ら?れ(?:な|ませ)|{NOT}) (?<!好き)(?<!食わず)嫌い 苦手 避け 抜い "
    rf"(?<!を)使わ{NOT} (?<!を)使いたくな(?!る|り|っ) (?<!を)入れ{NOT} 受け?[付つ]け(?:な|ませ|ね) "
    r"解除(?:に?な|され|し)っ?て?(?:い)?(?:な[いく]|ませ) 様子(?:見|を見(?:て|る)) "
    r"(?:無理|だめ)(?:[。!\s]|$|で(?:[すし。、]|$)|だ|な[んの])"
)
# Of a topic: 「卵[は好きですが、アレルギー]があります」
_OF_A_TOPIC: Final = (
    r"(?:は|も|って|が(?=大?好))[^。!?\n]{1,25}?"
    r"(?<!料理が)(?<!料理は)(?<!のは)(?<!のが)(?<!ものは)(?<!ことは)"
    rf"(?P<topic>{harm.HARM}|{_UNWILLING})"
)
# 「卵[を食べた夜は必ずかゆく]なる」, where no comma stands between
_OF_HARM: Final = (
    rf"(?:[がをにでのはばも]|さえ|と(?=同じ))[^。、!?\n]{{1,20}}?(?P<harm>{harm.HARM})"
)
# 「えび[で夜中に救急]車」, 「えび[を食べると、倒れ]ます」
_OF_WHAT_HAPPENED: Final = (
    rf"(?:{harm.CAUSE}[^。、!?\n]{{0,20}}?|{harm.EATING}[^。!?\n]{{0,20}}?)"
    rf"(?P<event>{harm.EVENT}|{harm.HARM})"
)
# 「卵[が死ぬほど嫌い]」
_OF_DISLIKE: Final = rf"[がを][^。、!?\nがはをので]{{1,10}}?(?P<dislike>{_UNWILLING})"
# What comes late.
LATE: Final = re.compile(f"[」』)]?(?:{_OF_A_TOPIC}|{_OF_HARM}|{_OF_WHAT_HAPPENED}|{_OF_DISLIKE})")
# 「卵は[この前食べて、もう飽きた]ので外して」
_WHY: Final = r"(?:[^。!?\n、]{0,30}(?:、[^。!?\n、はがを]{0,12})?)??"
_THEREFORE: Final = (
    r"(?:ので|から[ねなよさ]?|ため|んで|もので|けん|けえ|さかい|すけ|がら|けど|って|じゃん|じゃ|"
    r"[。、!\s])"
    r"[。、!\s]{0,2}"
)
_THIS_TIME: Final = (
    r"(?:だから|なので|それ(?:は|を|抜きで)?|今日は|今回は|初めから|最初から|完全に|全部|"
    r"絶対に?)?、?"
)
# 「卵は飽きたので外して」
ELLIPSIS: Final = re.compile(
    rf"[」』)]?{_SUFFIX}{_PARTICLE}{_WHY}{_THEREFORE}{_THIS_TIME}(?P<ellipsis>{refusal.ELLIPSIS})"
)

# 「牛乳を豆乳に替えて」
REPLACED: Final = re.compile(r"を[^。、\n]{1,10}に(?:置き換|変|替|代|換|か)え")

# Negations before the foods

_THINGS: Final = (
    any_of("もの 物 食材 食べ物 食品 品目 情報 項目 野菜 具材 具 素材 の(?:原因|もと)? な")
    + "{0,2}"
)
_SEPARATOR: Final = r"\s?(?:は|が|[:=→(「】\]])[\s:、「(?]{0,3}"
# 「アレルギーのあるものは」
_ALLERGY_TO: Final = (
    rf"(?:あれるぎー|あれるげん)(?:[がの]ある|あり|有り?|対応)?{_THINGS}(?:{_SEPARATOR}|\s)"
)
# 「除去の対象食材は」
_SUBJECT_TO: Final = (
    r"(?:あれるぎー|除去)[^。\n]{0,16}?(?P<subject>対象)(?:食材|食品|品目)?(?:は|が|[:=])\s?"
)
# 「天敵は」, 「ノー卵」, 「no 卵」
_ENEMY_OR_NO: Final = r"(?<!無)敵は|(?<![ぁ-ん])のー|(?<![a-z])no\s"
# 「食べると腫れるものは」
_WHAT_HARMS: Final = (
    r"(?:怖い|どくたーすとっぷ(?:がかかってい?る)?|腫れる|かゆくなる|引っかかった)"
    r"(?:もの|食材|の)は"
)
_WHAT_A_DOCTOR_FORBIDS: Final = (
    rf"(?:陽性(?:だった|な)?|(?:止め|とめ)られてい?る){_THINGS}{_SEPARATOR}"
)
# 「苦手なものは」, 「NG: 」
_UNWANTED: Final = (
    any_of("苦手 嫌い きらい ng だめ 駄目 不可 禁止 除外 除去食? 使用不可 抜き なし")
    + _THINGS
    + _SEPARATOR
)
# 「使わないでほしい食材は」
_NOT_TO_BE_USED: Final = (
    any_of("食べら?れない 使わない 使えない 避けたい 避ける 入れない 抜く 抜いて いらない 除く")
    + rf"(?:で|て)?(?:ほしい|欲しい)?{_THINGS}{_SEPARATOR}"
)
_ATTRIBUTE: Final = any_of(
    "嫌いな きらいな 苦手な 食べら?れない あれるぎーの(?:ある)? (?<![ぁ-ん])のん"
)
_CROSS: Final = r"(?<![^\s、。(])[×✕✖❌🚫] ?"
# 「以下の食材は使わないでください。」
_AS_FOLLOWS: Final = (
    r"(?:以下|次の|下記)[^。\n]{0,20}"
    rf"(?:{refusal.CANNOT}|{refusal.USE}|{refusal.PUT}|あれるぎー|避け|除|抜|苦手)"
    r"[^。:\n]{0,12}[。:\n]\s?"
)
# 「アレルギーは卵と乳です」, 「NG: えび」, 「苦手なトマト」
HEAD: Final = re.compile(
    f"{_ALLERGY_TO}|{_SUBJECT_TO}|{_ENEMY_OR_NO}|{_WHAT_HARMS}|{_WHAT_A_DOCTOR_FORBIDS}|"
    f"{_UNWANTED}|{_NOT_TO_BE_USED}|(?P<attribute>{_ATTRIBUTE})|{_CROSS}|{_AS_FOLLOWS}"
)
# アレルギー[があります], アレルギー[持ちです]
_THERE_IS_ONE: Final = (
    r"(?:[がは]?(?:あり|有り|ある|あって)(?:ます|まして|んです(?:が|けど)?|んだけど)?"
    r"|持ち(?:です)?|は\?)?"
)
# 「アレルギーがあります。卵です。」, 「アレルギーといえば卵です」, 「エピペン持ってます。卵です」
CONFESSION: Final = re.compile(
    rf"(?<!花粉)あれるぎー{_THERE_IS_ONE}[。、\n(→]\s?"
    r"|あれるぎーといえば|えぴぺん[^。、]{0,14}[。、]|指導表に"
)
CONFESSED: Final = re.compile(
    r"(?:です|だ|で、|[。)\n]|$|の|なん(?:です|だ|や)|でし|に。|と(?:記載|書))"
)
# 「絶対だめなんです、卵は。」, 「顔が腫れちゃうの、卵で。」
INVERSION: Final = re.compile(
    rf"(?P<said>{harm.HARM}|{refusal.CANNOT}|命取り|死ぬ|苦手|嫌い)"
    r"[^。、\n]{0,6}?(?:ん(?:です|だ)(?:よ|ね)?|のよ?|です)、\s?"
)
# 「もう卵はいい」
ENOUGH: Final = re.compile(r"もう、?")
ENOUGH_SAID: Final = re.compile(
    r"(?:とか|なんか|ばっか(?:り)?|類)?は?(?:もう)?(?:いい|ええ|結構|けっこう|十分|じゅうぶん|"
    r"たくさん)"
    r"(?:です|や|わ|よ|かな?|って)*(?=[。!、\s]|$)"
)
INVERTED: Final = re.compile(r"(?:[がはでに]|だけは|を?食べると|とか)?\s?(?:[。!\n]|$)")
# 「アレルギーで卵と玉ねぎが食べられません」: what follows is of an allergy, if it is left out.
REASON: Final = re.compile(
    r"あれるぎー(?:体質)?(?:で(?![すし])|があって|があり|があるので|なので|のため|のせいで)、?"
)
AFTER_HEAD: Final = re.compile(OF_SOMEONE + ADVERBS + "[「(]?")
# Between the members of a list. A comma or a space may as well part two thoughts.
JOINT: Final = re.compile(
    rf"{_EMOJI}(?:\([^()。]{{0,20}}\))?(?:類|系|など|製品|等)?[」』\])]?(?:"
    r"(?P<strong> ?(?:と|や|とか|か|も|・|/|\+|&|及び|および|または|又は|or|and|だの|やら) ?、?)"
    rf"|(?P<comma> ?[、,] ?(?:そして|それから|それに|あと|また)?、?{OF_SOMEONE})"
    r"|(?P<space> {1,2}))[「『\[(]?"
)
BULLET: Final = re.compile(r" ?\n ?[・\-*●] ?")
# A line that is a member of a list and nothing else.
LINE: Final = re.compile(r" ?\n")
FIRST_BULLET: Final = re.compile(r"[・\-*●] ?")

# Neither left out nor asked for

# The last ones are denied: 「卵アレルギーはありません」, 「卵は嫌いではない」
_NO_TROUBLE: Final = any_of(
    "大丈夫 だいじょうぶ ok おっけ おーけー 平気 へいき 問題(?:な|あり) 陰性",
    r"食べら?れ(?:る|ます) いけ(?:る|ます)(?!\?|か) 可(?!能)",
    "あれるぎ 苦手 嫌い きらい だめ ng",
)
# 「卵は大丈夫」, 「卵アレルギーはありません」
TOLERATED: Final = re.compile(
    rf"{_SUFFIX}(?:は|も|なら|が|だけは|については)?(?:、{_NEW_THOUGHT})?{_NO_TROUBLE}"
)
# 「ご飯に合う」, 「お酒のつまみ」: said of something else.
BESIDE_THE_POINT: Final = re.compile(
    any_of(
        "に(?:よく|も|ぴったり)?合[うわっい](?!び|挽) の(?:お供|おとも|あて|つまみ|おつまみ|肴)",
        "が(?:すす|進) を(?:飲み|のみ)ながら",
    )
)
