"""Pieces of patterns that several tables share: people, adverbs, endings of verbs.

All patterns are matched against folded text (`cookbook.model.fold`): hiragana, lower case, NFKC.
In the tables a space parts alternatives.
"""

from typing import Final


def any_of(*tables: str) -> str:
    """Return a pattern that matches one of the alternatives of the tables, which spaces part."""
    return f"(?:{'|'.join(' '.join(tables).split())})"


PEOPLE: Final = any_of(
    "子ども 子供 こども 子 息子 娘 [長次三][男女] 夫 妻 旦那 主人 嫁 彼氏 彼女 孫 祖?[父母] "
    "義[父母] 両親 家族 私 わたし 僕 自分 俺 おれ 弟 妹 兄貴? 姉 甥(?:っ子)? 姪(?:っ子)? 赤ちゃん "
    "お?じいちゃん お?ばあちゃん お?客 友人 友達 友だち 職員 みんな 全員 誰 だれ [1一]人 "
    "主治医 お?医者 医師 病院 先生"
)
# 卵は[子どもが]食べられません
OF_SOMEONE: Final = (
    r"(?:(?:うちの|私の|わたしの|上の|下の|[一二三四五六七八九十\d]{1,2}歳の)?"
    rf"{PEOPLE}(?:たち|さん|ちゃん|くん|様)?(?:だけ)?(?:が|には|は|も|に|の)?)?"
)
_HOW_STRICTLY: Final = (
    "絶対に? ぜったいに? 一切 いっさい 決して けっして なるべく できれば できるだけ 極力 完全に?"
)
_HOW_MUCH: Final = (
    "あまり あんまり まったく 全く 断固(?:として)? 一口も 一度も 一生 全然 ぜんぜん どうしても "
    "どうにも どうも とても すごく かなり ちょっと 少し 本当に ほんとに 大の 大っ 大(?=嫌|苦手) "
    "重度の 軽度の 重い 軽い ひどい ひどく 強い 強く めっちゃ なまら まじで? ほんまに? "
    "ばり でら でー なんも よう(?=食|飲|使) 食物"
)
_FOR_NOW: Final = (
    "今回は? 今日は 今は いま(?![すしせ]) ちょうど たまたま あいにく しばらく 当分 当面 どこも"
)
_BY_NATURE: Final = "宗教上 宗教的に 体質的に"
_IN_ANY_FORM: Final = (
    "少しでも(?:入ると|入っていると)? 入っていても 微量でも 加熱しても 火を通しても 必ず "
    "全て すべて 全部 どちらも どっちも 両方(?:とも)? どれも 共に ともに"
)
# [やっぱり], [子どもの頃から], [健康のために]
_AS_EVER_OR_WHY: Final = (
    "どうか 特に とくに やっぱり やはり まだ もう 決まって 基本的に 昔から "
    "(?:子ども|小さい|幼い)の?(?:頃|ころ|とき)から 材料から りすとから 生理的に "
    "昨日で? 昨夜で? きのう さっき 食卓に (?:健康|体|節約|環境)のために (?:当方|うち)では? "
    "(?:規則|規定|方針)で 値段が落ち着くまで"
)
# 卵は[絶対に]食べられません
ADVERBS: Final = (
    any_of(_HOW_STRICTLY, _HOW_MUCH, _FOR_NOW, _BY_NATURE, _IN_ANY_FORM, _AS_EVER_OR_WHY) + "{0,3}"
)
# 卵は[家に]ありません
PLACE: Final = (
    "(?:"
    + any_of("家 うち いえ 我が家 冷蔵庫 冷凍庫 手元 台所 近所 近く 店 すーぱー ここ")
    + "(?:の(?:中|店|すーぱー))?[にで](?:は|も)?(?:もう|今|まだ)?)?"
)
# 「早く使わないといけない」, 「使わなきゃ」, 「使わない手はない」 ask for it.
_MUST: Final = (
    r"きゃ|くちゃ|くては|けれ|い(?:手|わけ)|"
    r"いと[^。、]{0,4}怒|いと(?:いけ|なら|だめ|もったい|腐|くさ|傷|痛|悪|わる|まず|困|駄|損|"
    r"[。、!\s]|$)"
)
# 使って[ない], and not 「使ってなんか作って」.
NAI: Final = "な(?:[いく]|かっ)"
# Of dialects: 使わ[ん], 使わ[ねえ], and neither 「使わんと」 nor 「使わねば」 nor 「使わんか」.
_NOT_IN_DIALECT: Final = (
    r"ん(?!ば|か(?!ら)|し|なら|なん|き?ゃ|こん|げん|と(?!い|っ))|ね(?=[えぇーでどがしよ]|けど|から)"
)
# Endings of a verb: 使わ[ない], 入れ[ず], 食べ[ません], 使い[たくない], 入れ[てほしくない]
NOT: Final = any_of(
    rf"な(?!{_MUST}) ず(?!にはいら|嫌|ぎら|つ|っと) ぬ ませ へん んとい {_NOT_IN_DIALECT} "
    rf"たくな(?!る|り|っ) てほしくな て欲しくな てい?{NAI} ていませ て(?:くれ|"
    rf"もらえ)(?:な(?!い\?)|ませ(?!んか)|へん(?![?か])|るな(?!ら))"
)
# 「使えない?」 and 「使えませんか」 ask for it.
UNABLE: Final = any_of(
    r"な(?!い(?:\?|か(?!ら)|で(?:す|しょう)か)) ませ(?!んか(?!ら)|んでしょうか) ず ん(?![かし]) "
    "ね[えぇー] へん(?![?か])"
)
# 食べられ[ない]: here a question counts, too.
NOT_ABLE: Final = "(?:な|ませ|ず|ぬ|ん|ね[えぇー]|へん)"
# 使うの[はやめて]
NO_WAY: Final = r"(?:や|な[しい]|避|控|だめ|ng|禁|不可|遠慮)"
