"""Words that say something of the foods around them, each of a class: refused, wished, fine.

Two sentences in quite other words often have the same classes in the same order: 「◆は苦手だった
けど今は好き」 is refusal, past, but, wish. The second reader learns from these orders what it could
not learn from letters alone. All stems are folded: hiragana, lower case.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from chef_llm.cookbook.model import fold


class Signal(NamedTuple):
    """A word of a class at a place."""

    start: int
    end: int
    kind: str


_NOT: Final = "ない なく なかっ ませ ず ぬ ん へん ねえ ねー ねぇ"
# Verbs before ない: 使わない, 入れません.
_UNDONE: Final = (
    "使わ つかわ 入れ いれ 食べ たべ 食わ くわ 飲ま のま 出さ 加え 足さ のせ 載せ 混ぜ かけ 振ら "
    "用い 買わ 選ば "
    "口にし 摂ら とら 取ら 触ら 要ら いら 好ま 好か 受け付け 受けつけ うけつけ 許さ 手をつけ "
    "手を付け 手を出さ 頼ら "
    "提案し 提供し 使用し 含ま 含め 利用し 登場し 食卓に出さ 盛り付け 添え 飾ら まぜ 食べさせ "
    "あげ 与え 混ざら 入ら "
    "入ってい 入って 使ってい 食べてい 含んでい ご遠慮し 欲し 見てい"
)
# Verbs of being able before ない: 食べられない.
_UNABLE: Final = (
    "食べられ 食べれ たべられ たべれ 食え くえ 飲め のめ 飲み込め 噛め 噛み切れ かみ切れ かめ "
    "摂れ 使え つかえ "
    "出せ 入れられ 召し上がれ いただけ 頂け 口にでき 消化でき 受け付けられ 食べさせられ 使用でき "
    "摂取でき 許せ "
    "体に合わ 口に合わ 好きになれ 克服でき 食べることができ 喉を通ら のどを通ら 扱え 提供でき "
    "対応でき"
)
_TABLES: Final = {
    # Refused.
    "R": "抜き ぬき 抜いて 抜く 抜け 抜いた 抜か なしで なしの なしに なしが なし、 なし。 無し "
    "不要 不使用 禁止 禁忌 厳禁 "
    "ng 不可 除外 除去 除い 除く 除き 取り除 とりのぞ 外し 外す はずし はずす 省い 省く はぶ "
    "避け さけて さけた さける "
    "やめて やめと やめま やめる やめた やめよう 止めて 控え ひかえ 遠慮 勘弁 かんべん お断り "
    "断り 法度 却下 ぼつ ぱす "
    "苦手 にがて 嫌い きらい ぎらい 嫌 いやだ いやで いやな いや。 いや、 やだ 大嫌い 好きじゃ "
    "好きでは 好きでな 得意じゃ "
    "得意では 得意でな 不得意 不得手 だめ 駄目 あかん いかん 食べてはいけ 食べちゃいけ "
    "食べちゃだめ 使っちゃだめ "
    "使ってはいけ 入れちゃだめ 無理 むりで むりだ むりな むり。 天敵 敵で 敵だ 地雷 飽き あきた "
    "あきま うんざり もういい もうええ "
    "もうたくさん もう十分 もう結構 お腹いっぱい 結構です けっこうです 残す 残し 吐き出 ぺっ "
    "べーっ よけて よける よけます "
    "のけて 別のもの 別の食材 ほかの食材 他の食材 違うもの 代わりに 代わりの かわりに 替えて "
    "替え 差し替え 変更 変えて 置き換え "
    "以外 いがい 退場 封印 断ち 断って 拒否 拒絶 お休み 休みに 見送 論外 ごめんだ ごめんです "
    "すかん 好かん よして よしと "
    "食べたくな 使いたくな 入れたくな 見たくな 見たくも 飲みたくな 出したくな 食いたくな "
    "欲しくな ほしくな たくない てほしくな "
    "とらうま 臭い くさい くさくて 匂いが においが 食感が 怖い こわい 敬遠 抵抗が 使うのは "
    "入れるのは 口にしな やめておき やめとき "
    "出さないで 入れないで 使わないで 忌避 忌み 控えめに せずに 使用禁止 いらん 要らん 用なし "
    "除け 却下 不採用 やめたい "
    "あうと 中止 停止 撤去 反対 堪忍 しんどい なしや なしじゃ なしだ むり。 むり、 ぺけ ばつ "
    "却下済 やりたくな 揚げな 食いきら 食べきら "
    "食べられまへ たべられへ 食えね 入れね 飽きまし 食べすぎ 食べ過ぎ 重い 反対！ 納品なし "
    "未入荷 控えたい いらぬ 要らぬ 食わぬ 食べぬ "
    "頼まな 注文しな 全滅 未開始 未導入 未摂取 out 反対派 くれるな "
    "否 否： 没 ぶぶー ぶー ☓ 御法度 無用 用無し 対象外 引き算 引いて 引く 抜きま 抜こう 抜きた "
    "離れたい 遠ざけ 距離を置 さよなら さようなら さらば おさらば お別れ 別れよう 別れま 決別 "
    "縁を切 "
    "縁がな 無縁 他人 こりごり 懲り 降参 ぎぶ 許して 見逃し 御免 ごめんこうむ お忘れ 忘れて 引っ込 "
    "追い出 出入り 門前払 やんだ いやじゃ いやや いやさ いやです いやん きもい きしょ まずい "
    "まずく "
    "まずか 不味 うけつけ 苦痛 拷問 罰げーむ 地獄 お腹いっぱ 見るだけ 見ただけ 匂いだけ 認めん "
    "認めな "
    "いらねえ いらねー 要らねえ 食わん 食べん 食べへん 使わんと 入れんと 入れんで 入れんとい "
    "使わんで "
    "出さんで 出すな 入れるな 使うな 載せるな 乗せるな のせるな かけるな 混ぜるな やめろ やめや "
    "やめなはれ せんといて 避けたい 避けよ 控えてい 控えま 断つ 断ちま 絶ち 絶って 絶つ 我慢 "
    "がまん "
    "諦め あきらめ 手を出さな 手をつけ 箸をつけ 箸が止 箸が進まな 残される 残されま 残しちゃ "
    "残しま "
    "売るほど 引退 戦力外 不合格 落選 見限 もうええわ もうええねん いいわ、 "
    "avoid without exclude no not dislike hate allerg free banned forbid skip omit never",
    # Harm, illness, who forbids it.
    "H": "あれるぎー あれるげん あれ: アレ持ち あれ持ち 蕁麻疹 じんましん 発疹 湿疹 かゆ 痒 腫れ "
    "はれて はれる ぶつぶつ ぷつぷつ 咳 せき込 息苦し 呼吸 "
    "ぜーぜー ぜえぜえ あなふぃ えぴぺん しょっく 吐く 吐い 吐き気 嘔吐 下痢 壊す 壊し こわす "
    "腹痛 お腹が痛 おなかが痛 ごろごろ "
    "ぐるぐる 気持ち悪 気持ちが悪 気分が悪 具合が悪 体調を崩 不耐 過敏 医者 医師 先生に 先生から "
    "どくたー 主治医 病院 救急 "
    "検査 陽性 禁じ 止められ とめられ 制限 つわり 妊娠 授乳 体質 痛風 高血圧 血圧 糖尿 腎 透析 "
    "術後 手術 飲み合わせ わーふぁりん "
    "宗教 はらる はらーる 戒律 信仰 いすらむ むすりむ ゔぃーがん べじたりあん 詰まらせ 詰まる "
    "のどに詰 喉に詰 入れ歯 反応 "
    "腫 ぷっくり ぷくっ ぱんぱん ぼこぼこ ぼこっ ぶわっ ぶわー ぶわぁ ぽつぽつ ぽつっ ひりひり "
    "むずむず むずがゆ ちくちく ひゅー ぜろぜろ ぜいぜい くしゃみ 鼻水 涙目 紅潮 動悸 化膿 血便 "
    "嘔吐 おう吐 戻して 戻した もどして もどした といれに といれから お腹を下 おなかを下 腹を下 "
    "下した くだす きりきり しくしく 鼻血 喘息 ぜんそく 喉がしま 喉が締 のどがしま 気道 気管 "
    "えずく えずい 意識 けいれん 痙攣 救急車 運ばれ 駆け込 点滴 発熱 膨れ みみず腫 ただれ 爛れ "
    "かぶれ "
    "肌荒れ むくみ むくむ 結石 尿酸 痛む 痛くな 痛みま 痛いで しみる 沁みる 出血 誤嚥 むせ 発赤 "
    "赤い斑点 斑点 赤み 赤いの 充血 真っ赤っか まっか 赤くは 荒れる 荒れて だるく 免疫 抗がん "
    "抗凝固 服薬 移植 憩室 胆のう 胆石 膵 肝 痔 術前 かるて 処方 除去食 断食 らまだん こーしゃ "
    "喪中 精進 四旬節 菜食 戒め 教え 教義 "
    "症状 発作 しびれ ぴりぴり いがいが 赤くなる 赤くなり 真っ赤 頭痛 胃もたれ もたれ 胸やけ "
    "胸焼け ひどい目 当たっ あたった "
    "あたって あたり 命に 死ぬ 倒れ hives 除去食 アナフィ 体に合わ 体に良くな 寝込 入院",
    # Not there.
    "L": "切らし きらし 切れて 切れた きれて 持ってな 持ってませ 持っていな 持っていませ "
    "置いてな 置いてませ 置いてあり 売ってな "
    "売っていな 売ってませ 売ってなく 売り切れ うりきれ 品切れ 品薄 買い忘れ かいわすれ 買えな "
    "買えませ 買えず 手に入らな 手に入りませ "
    "使い切った 使い切りまし 使い切って 使いきった 使っちゃっ 使ってしま 食べちゃっ 食べてしま "
    "食べきっ 底をつ ぜろ 空っぽ からっぽ "
    "消えた 消えて 消えてい 切れてる 切れとる 切らしと 切れちゃ 切れま すとっく切れ 在庫切れ "
    "在庫なし "
    "無くなり なくなりま 使い果た 使いはた 空です 空だ 空に 割れた 割れて かびて かびが かび生 "
    "カビ "
    "傷んだ 傷んでい 臭った 臭って 処分 凍って 凍った 凍りつ 解凍忘れ 解凍し忘 冷凍のまま 高騰 "
    "高い "
    "高く 高かっ 手が出な 財布 予算おーばー 買う余裕 買ってな 買っていな 買い忘 買いそび 届いてな "
    "先を越さ 奪わ 盗ま 盗ら 取られ 人にやっ 譲った 譲って あげちゃ あげてし 横流し ごみ箱 "
    "賞味期限 "
    "未入荷 入荷がな 完売 空振り 行方不明 落とし 落っこと こぼし こぼれ "
    "腐っ 傷んで 期限切れ がない がなく がなかっ がありませ はない はなく はありませ もない "
    "もなく もありませ ないので ないから ないけど "
    "ないんだ ないんで ないです 無いので 無いから 無いけど 無いです 無くて 無い なくて なかった "
    "ございませ 見当たら 残ってな 残っていな "
    "あらへん なくなっ 無くなっ 捨て 間に合わ 届かな 忘れて 値上が 高すぎ 高くて 高いので "
    "高いから 食べ過ぎ 続いて 続きで ばかり ばっかり",
    # Fine.
    "K": "大丈夫 だいじょうぶ 平気 へいき ok おっけー おーけー 問題な 問題あり もんだいな "
    "食べられる 食べられます 食べられた 食べられれ "
    "食べれる 食べれます たべられる 食べてい 食べても 食べます いけます いける 可能 可です 可。 "
    "なくても 無くても かまわ 構わ 気にしな 関係な どちらでも どっちでも 飲める 飲めます "
    "入っていても 入ってても 使って大丈夫 使っていい "
    "使ってもいい 使っても 入れても はありません ではありません じゃない "
    "じゃありません ではない でもない わけでは "
    "ことはない ことはあり 何でも食べ なんでも食べ 好き嫌いはな 好き嫌いな fine",
    # It is over, or never was.
    "V": "克服した 克服し 克服済 克服！ 克服でき 克服 治っ 治り なおっ 直っ 完治 寛解 解除 解禁 "
    "陰性 異常なし 卒業 "
    "くりあ 合格 ようになっ ようになり 好きになっ 好きになり 平気になっ 大丈夫になっ 目覚め "
    "ついに食べ "
    "勘違い 思い込 思い過ご 違った 違いまし 間違い 誤り 晴れ 引っかからな ひっかからな 異常は "
    "何ともな "
    "なんともな 昔の話 去年まで 先月まで 昔は 以前は 子供の頃 子どもの頃 小さい頃 小さいころ "
    "むかしは 終了 終わりまし 終わって 終わった 取り消 撤回 訂正 返上 おしまい はずの 復活 "
    "outgrown outgrew",
    # Of one who does not eat with them.
    "Z": "来ない 来ません 来られな 来られません 来なく 来れな 欠席 不在 留守 出張 単身赴任 赴任中 "
    "合宿 修学旅行 "
    "旅行中 旅行で 外食 飲み会 別居 離れて 別世帯 別々 引っ越 同居して 暮らしてい 暮らしてな "
    "住んでい 亡くな 他界 "
    "故人 実家 泊まり いないので いないから いません いないけど いないし いないうち いない日 "
    "今日いな 今日はいな おらん おらへん おらず 参加しな "
    "帰国 退去 転園 転校 転職 異動 退職 夜勤 同居じゃ 同居では 別の家 不参加 食べてくる 食べて帰 "
    "他人 よその 関係なし 関係な 関係あ",
    # Others than those who eat.
    "O": "友人 友達 友だち 同僚 上司 先輩 後輩 知人 知り合い 隣の お隣 大家 近所 職場 会社の "
    "くらすの 世の中 世間 芸能人 "
    "てれび ねっと ニュース とある 犬 猫 ぺっと",
    # Told, thought or asked by somebody.
    "J": "という人 って人 な人 って言う という話 って話 話をして らしい そうです だそう って聞 "
    "と聞 と言われ と思っ かと思 "
    "疑い 疑われ 疑っ なんて なんているの 人がい 人の気 派 噂 有名 流行 ぶーむ",
    # Not yet.
    "M": "まだ 未だ いまだ なかなか 継続 様子見 様子を見 保留 当面 引き続き 途中 かけ 次の診察 "
    "次回 受診まで 予定",
    # Wished, at hand, praised.
    "W": "使いた つかいた 使って つかって 使い切りた 使いきりた 使おう 使う 使い道 使い方 使いま "
    "食べたい 食べたく たべたい 食べさせた "
    "好き 大好き だいすき 好物 大好物 余って 余り あまって あります あるので あるから あるけど "
    "ある。 ある、 あるん あって もらっ もらい いただい "
    "頂い 買った 買って 買いま 届い 入れて 入れた 入り たっぷり たくさん いっぱい めいん 主役 "
    "消費 欲しい ほしい 楽しみ 歓迎 希望 りくえすと 期限 "
    "安かっ 安い 特売 旬 残って 冷蔵庫 冷凍庫 喜 おいし 美味し うまい 止まらな やめられ やみつき "
    "外せな 欠かせ 必須 必ず しかない like love use",
    # Asked for, whatever it is.
    "A": "作って 作り方 作りた 作れ 作る つくって お願い おねがい 教えて どうかな どうです 何か "
    "なにか れしぴ 献立 めにゅー 夕食 夕飯 晩ご飯 "
    "晩ごはん 昼ご飯 昼ごはん 朝ごはん 弁当 でいい がいい にして にする にしよう を中心 だけ "
    "しか want",
    # What turns it round.
    "N": "ない なく なかっ ませ なし 無し わけ はず",
    "B": "けど けれど が、 ですが ますが ものの のに でも しかし ただし ただ、 一方 逆に より "
    "だけど だけでな だけじゃ",
    "P": "昔 以前 前は だった でした かった ころ 頃 去年 先月 昨日 きのう 今は いまは 最近 もう "
    "今回 今日 きょう 当分 しばらく",
    "Q": "? ですか ますか かな でしょうか かしら って本当 とは",
    "X": "なら たら れば ても 場合 とき 時は",
    "Y": "だから なので ので から ため ゆえ んで けん さかい し、 くて",
    "G": "もの 物 やつ 系 類 料理 人 子 方 味 風",
    "F": "◆",
    ",": "、 , ・ ; /",
    ".": "。 ! \n",
    ">": "> : → =",
    "×": "× ✕ ✖ ❌ ✗ ✘ 🚫 🙅 ⛔ 👎 🆖",
}
# Classes that decide; all others only turn or join.
DECISIVE: Final = frozenset("RCHLKVW×")
# What the second reader looks for anywhere behind a food.
TELLING: Final = "VZOJMKB"
REFUSING: Final = frozenset("RCHL×")


def _stems() -> dict[str, str]:
    """Return every stem with its class; what stands first keeps a stem that two classes have."""
    stems: dict[str, str] = {}
    for kind, verbs in (("R", _UNDONE), ("C", _UNABLE)):
        for verb in verbs.split():
            for ending in _NOT.split():
                stems.setdefault(verb + ending, kind)
    for kind, words in _TABLES.items():
        for word in words.split(" ") if kind == "." else words.split():
            stems.setdefault(fold(word), kind)
    return stems


STEMS: Final = _stems()


def _lengths(stems: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return how long the stems are that begin with each character, the longest first."""
    found: dict[str, set[int]] = {}
    for stem in stems:
        found.setdefault(stem[0], set()).add(len(stem))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}


_LENGTHS: Final = _lengths(STEMS)

# Words that decide nothing, and tell what is spoken of: a body, who knows of illness, how somebody
# behaves before food, who it is, since when.
_TOPICS: Final = {
    "i": "唇 くちびる 喉 のど 舌 口の中 口のまわり 口の周り 口まわり 口が 口元 口角 上あご 顎 "
    "顔 ほっぺ "
    "頬 目の 目が まぶた 耳 首 腕 手首 指 肌 皮膚 全身 体中 からだじゅう 体が 体に 背中 お腹 "
    "おなか 腹が "
    "胃 腸 肺 鼻 歯 心臓 頭が 息が 呼吸 血 尿 関節 足の 足が",
    "d": "医師 医者 先生 保健師 栄養士 薬剤師 小児科 内科 皮膚科 歯科 くりにっく 病院 健診 検診 "
    "診断 指導 "
    "処方 数値 かりうむ ぷりん体 塩分 脂質 免疫 薬 離乳食 月齢 か月 ヶ月 一歳前 1歳 妊婦 妊娠 "
    "授乳 園で 保育園 "
    "幼稚園 給食 連絡帳 主治医 血液 検査 負荷試験",
    "s": "泣く 泣き 泣い 泣け 逃げ 怒る 怒り 怒ら 怒ら 叱ら 渋い顔 しかめ 眉 鼻をつま 目をそら "
    "思い出 虫の "
    "石鹸 靴下 草の味 砂利 消しごむ ごむみたい すぽんじ 悪夢 嫌な顔 ため息 機嫌 黙 無言 固ま "
    "震え 鳥肌 "
    "ぞっと 滅入 萎え 苦行 敵陣 裏切 罪 しんど 眠れ 悲鳴 べそ 涙 口をあけ 口を開け 口を閉 "
    "飲み込 吐 ぺっ "
    "えー うえ げっ おえ",
    "e": "娘 息子 夫 妻 旦那 だんな 主人 母 父 祖父 祖母 孫 子ども 子供 弟 妹 兄 姉 彼 彼女 "
    "家族 長男 次男 "
    "私 わたし 俺 僕 義母 義父 嫁 甥 姪 うちの わし あたし お客 客人 来客 げすと",
    "t": "以来 当分 しばらく 中なので 期間 から今 までは 毎日 連日 日連続 日続 週連続 今週 最近 "
    "いつも 毎回 "
    "必ず 絶対 どうしても 一切 断じて 二度と 金輪際 生まれつき 昔から 子どもの頃から "
    "子供の頃から 前から "
    "ずっと 一生 もう三日 もう二",
    "q": "たっぷり 多め 山ほど どっさり がっつり もりもり ぱくぱく ぺろり おかわり 完食 夢中 "
    "幸せ 最高 "
    "止まら ご褒美 楽し 嬉し うれし 好評 定番 いつもの 名物 お祝い 祝い 記念 待望 念願 ぜひ "
    "是非 恋し",
}


def _topics() -> dict[str, str]:
    """Return every word that tells what is spoken of, with its letter."""
    return {fold(word): kind for kind, words in _TOPICS.items() for word in words.split()}


TOPICS: Final = _topics()
_TOPIC: Final = re.compile(
    "|".join(re.escape(word) for word in sorted(TOPICS, key=len, reverse=True))
)


def topics_of(characters: str) -> str:
    """Return the letters of what is spoken of there, each once, in alphabetical order."""
    return "".join(sorted({TOPICS[match[0]] for match in _TOPIC.finditer(characters)}))


COUNTED: Final = re.compile(r"×\s?\d")


def find_signals(characters: str) -> Iterator[Signal]:
    """Yield the signals of a text from the left, the longest at each place."""
    place, size = 0, len(characters)
    while place < size:
        for length in _LENGTHS.get(characters[place], ()):
            if characters[place] == "×" and COUNTED.match(characters, place):
                continue  # ×3: so many of it
            kind = STEMS.get(characters[place : place + length])
            if kind is not None:
                yield Signal(place, place + length, kind)
                place += length
                break
        else:
            place += 1
