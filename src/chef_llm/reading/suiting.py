"""Reads what a meal is said to be, and which dishes a cook thinks of then: a feast, home cooking.

And what is told of those who eat, or cook, and of the day: somebody is ill, it is freezing. What a
cook does then stands in `menus.fitting`.

What is named itself (a dish, a family of dishes) is a wish and stands in `words.py`; here any dish
of a row suits, leading the meal and beside it, and what must be kept is kept before it. Rows are
(words of folded text, names of dishes), both patterns.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from chef_llm.cookbook import Cookbook
from chef_llm.cookbook.model import fold
from chef_llm.reading.patterns import any_of
from chef_llm.reading.seasons import OF_THE_PAST
from chef_llm.reading.text import Text, right_before


class Suiting(NamedTuple):
    """Words for a meal, and the dishes that suit it."""

    words: str
    dishes: str


# The names of what is told that a meal is made otherwise for.
OUTING: Final = "行楽"
QUICK: Final = "時短"
_OUTINGS: Final = (
    "花見 運動会 遠足 ぴくにっく 行楽 体育祭 発表会 お楽しみ会 野球の試合 紅葉狩り 芋掘り 潮干狩り"
)
# What goes into the box of an outing.
OF_AN_OUTING: Final = (
    "いなり寿司|おにぎり|鶏.*から揚げ|^卵焼き|肉巻き|豚肉のアスパラ巻き"
    "|えのきの豚肉巻き|ポークピカタ|ささみのピカタ"
    "|えびフライ|^ハンバーグ|鶏(?:ひき肉.*)?つくね|塩つくね|鶏.*照り焼き$|ヒレカツ"
    "|チキンカツ|肉だんご|ウインナー|アスパラガスのベーコン巻き"
    "|ブロッコリーの(?:ごまあえ|チーズ|おかか)|いんげんのごまあえ|にんじんのグラッセ"
    "|にんじんしりしり|ポテトサラダ|マカロニサラダ"
    "|さつまいものレモン煮|コーンとツナ|ゆでとうもろこし|ミニトマト"
)
# Of one day: no week is all Christmas.
FEASTS: Final = (
    Suiting(
        any_of("正月 元旦 元日 三が日 三箇日 松の内 新年会"),
        "雑煮|松風焼き|たいの塩焼き|筑前煮|ぶりの照り焼き|すき焼き|刺身の盛り合わせ|手巻き寿司"
        "|煮しめ|栗きんとん|黒豆"
        "|大根なます|数の子|たたきごぼう|伊達巻|田作り|茶碗蒸し|れんこんの甘酢漬け|すまし汁$|潮汁",
    ),
    Suiting(
        any_of("節分 恵方巻 豆まき 豆撒き"),
        "恵方巻|いわしの(?!ハン)|大豆とじゃこ|けんちん汁|つみれ汁|大豆のご汁|おひたし$"
        "|からしあえ$|すまし汁$",
    ),
    Suiting(
        any_of("ひな祭り 雛祭り 雛まつり ひなまつり 桃の節句 ひなの節句"),
        "ちらし寿司|手巻き寿司|潮汁|すまし汁$|菜の花|茶碗蒸し|若竹煮",
    ),
    Suiting(
        any_of("こどもの日 子どもの日 子供の日 端午 鯉のぼり"),
        "^ハンバーグ|えびフライ|ちらし寿司|手巻き寿司|鶏のから揚げ|オムライス|若竹煮"
        "|ポテトサラダ|茶碗蒸し|すまし汁$|コーンスープ",
    ),
    Suiting(any_of("七夕"), "七夕|そうめん$|ちらし寿司|天ぷら|オクラ"),
    Suiting(any_of("土用 丑の日"), "うな|すまし汁$|きゅうり.*酢の物|もずく酢|おひたし$"),
    Suiting(
        any_of("十五夜 月見 中秋"),
        "月見うどん|きぬかつぎ|里いも|鶏つくね|塩つくね|さつまいも|けんちん汁",
    ),
    Suiting(any_of("はろうぃん"), "かぼちゃ"),
    Suiting(
        any_of(
            "七五三 入学式 入学祝 卒業式 卒業祝 入園 卒園 成人式 成人の日 敬老 還暦 古希 喜寿 米寿"
        ),
        "たいの塩焼き|手巻き寿司|ちらし寿司|天ぷら|すき焼き|えびフライ|茶碗蒸し|煮しめ|筑前煮"
        "|湯葉|潮汁|すまし汁$|沢煮椀",
    ),
    Suiting(
        any_of("くりすます 聖夜 いぶの"),
        "クリスマス|ミートローフ|ビーフシチュー|^ステーキ$|アクアパッツァ|ビーフストロガノフ"
        "|ポークソテー"
        "|チキンソテー|えびフライ|オニオン.*スープ|ポタージュ|クラムチャウダー|マリネ|シーザー"
        "|キャロットラペ|水菜とりんご",
    ),
    Suiting(
        any_of("誕生日 たんじょうび ばーすでー 記念日 周年"),
        "茶碗蒸し|すまし汁$|潮汁|^ハンバーグ|煮込みハンバーグ|えびフライ|鶏のから揚げ|グラタン"
        "|ラザニア|ちらし寿司"
        "|手巻き寿司|オムライス|ドリア|^ステーキ$"
        "|ビーフシチュー|ビーフストロガノフ|アクアパッツァ|ミートローフ|すき焼き|ポタージュ"
        "|コーンスープ|オニオン.*スープ"
        "|ポテトサラダ|シーザー|マリネ|ミモザ|水菜とりんご",
    ),
    Suiting(any_of("冬至"), "かぼちゃ|^寄せ鍋|ぶり|みぞれ"),
    Suiting(any_of("大晦日 大みそか 年越し 除夜"), "年越しそば|天ぷら|かき揚げ|おひたし$|白あえ"),
    Suiting(
        any_of("三回忌 七回忌 一周忌 四十九日 法事 法要 お盆 お彼岸 お通夜 葬 初七日"),
        "煮しめ|筑前煮|白あえ|けんちん汁|すまし汁$|沢煮椀|がんも|高野豆腐の|ごまあえ|おひたし$|天ぷら"
        "|いなり寿司|ちらし寿司|煮びたし|湯葉|茶碗蒸し|揚げ出し豆腐|ごま豆腐",
    ),
    Suiting(any_of(_OUTINGS), OF_AN_OUTING),
)
# Late at night somebody eats one light thing; not where it is refused.
_AT_NIGHT: Final = any_of(
    r"夜食(?![べうわっいえおこ]|[はもをが]?[^。\n]{0,12}(?:いら|要ら|い?りません|不要|なし|やめ|我慢|抜き|控え|買[いうっ]))",
    "(?:夜中|深夜|真夜中|寝る前|夜遅く)に[^。\n、]{0,8}(?:食べ(?!な|る?の?(?:は|を)|て(?:しま|は))|食い|小腹|つまみ|ほしい)",
    r"(?:深夜|夜中)(?:の?(?:めし|飯|ご飯|ごはん)|の?(?:0|1|2|3|11|12|零|一|二|三)時(?=[、。に]))",
)
CLASSICS: Final = (
    "^肉じゃが|豚肉じゃが|しょうが焼き|^ハンバーグ|おろしハンバーグ|鶏のから揚げ|^とんかつ"
    "|^コロッケ|さばのみそ煮|さばの塩焼き"
    "|(?:鶏|ぶり|めかじき).*照り焼き$|肉豆腐|^麻婆豆腐|回鍋肉|焼きぎょうざ|鮭の塩焼き"
    "|鮭のムニエル|筑前煮|親子煮|豚バラ大根|ピーマンの肉詰め|肉野菜炒め"
    "|さんまの塩焼き|ロールキャベツ|ホワイトシチュー|チキン南蛮|メンチカツ|ぶり大根|青椒肉絲"
)
MANNERS: Final = (
    Suiting(
        _AT_NIGHT,
        "^(?:月見|きつね|かき玉|力)うどん|雑炊|お茶漬け|にぎり(?!ずし)|にゅうめん|がゆ$|^おかゆ$|^そうめん$",
    ),
    Suiting(
        "おふくろの味|(?:母|お母さん|ばあちゃん|祖母|実家|家庭|田舎)の(?:味|ご飯|ごはん|料理"
        "|おかず)|母が(?:よく)?作って(?:くれ|い)"
        r"|家庭(?:料理|的)|懐かし[いの]|昔ながら",
        "^肉じゃが|筑前煮|さばのみそ煮|ぶり大根|豚肉のしょうが焼き|大根の煮物|肉豆腐|煮つけ"
        "|豚バラ大根|親子煮|^コロッケ"
        "|さばの塩焼き|鮭の塩焼き|さんまの塩焼き|里いもの煮物|豚の角煮|そぼろ煮|きんぴらごぼう"
        "|ひじきの煮物|煮っころがし|白あえ"
        "|卯の花|かぼちゃの煮物|五目豆|ほうれん草の(?:おひたし|ごまあえ)|煮びたし|けんちん汁"
        "|豚汁|のみそ汁$",
    ),
    Suiting(
        r"洋食屋|洋食店|れすとらん(?:風|の味|みたい|っぽ)",
        "^ハンバーグ|煮込みハンバーグ|オムライス|えびフライ|ビーフシチュー|コロッケ"
        "|ハヤシライス|ナポリタン|ドリア|グラタン"
        "|ポークソテー|ポークチャップ|メンチカツ|ミートソース|ビーフストロガノフ"
        "|ロールキャベツ|チキンカツ|たらのフライ"
        "|ポテトサラダ|コールスロー|マカロニサラダ|グラッセ|粉ふきいも|コーンスープ"
        "|コンソメスープ|ポタージュ",
    ),
    Suiting(
        "(?:かふぇ|喫茶)(?:風|ご飯|ごはん|めし|みたい|っぽ|らんち|飯)|おしゃれ|お洒落"
        "|わんぷれーと|映え",
        "ロコモコ|ガパオ|タコライス|オムライス|ドリア|カオマンガイ|スパゲッティ|パスタ"
        "|アボカド|ピカタ|アクアパッツァ"
        "|カルパッチョ|レモン|香草|チキンソテー|ポークソテー|マリネ|キャロットラペ|シーザー"
        "|ミモザ|かぼちゃとクリームチーズ"
        "|水菜とりんご|ポタージュ|ミネストローネ|オニオンスープ",
    ),
    Suiting(
        r"わいん|ばる(?:風|みたい)",
        "マリネ|アヒージョ|カルパッチョ|カプレーゼ|ピクルス|ガーリック|チーズ|シーザー"
        "|ジャーマン|バターソテー|ペースト|ディップ"
        "|^ステーキ$|ムニエル|アクアパッツァ|チキンソテー|ポークソテー|ポタージュ|ラタトゥイユ"
        "|ほたてのグラタン|キャロットラペ"
        "|ペペロン",
    ),
    Suiting(
        r"(?:日本酒|焼酎)(?!を(?:使|入|加|少))|冷酒|熱燗|ぬる燗|燗酒|地酒",
        r"塩焼き|刺身|煮つけ|^おでん$|湯豆腐|揚げ出し|田楽|酢の物|あえ$|おひたし$|きんぴら|やっこ"
        r"|たたき|西京|照り焼き$|茶碗蒸し|焼きびたし|煮びたし|すまし汁$|潮汁|みそ汁$|漬け$",
    ),
    Suiting(r"お椀|椀物|椀もの", r"すまし汁$|潮汁|沢煮椀|かきたま汁"),
    Suiting(
        r"定食",
        "豚肉のしょうが焼き|とんかつ|から揚げ|塩焼き$|みそ煮$|(?:鶏|ぶり|めかじき).*照り焼き$"
        "|^ハンバーグ|おろしハンバーグ|コロッケ|肉豆腐|チキン南蛮|フライ$"
        "|回鍋肉|^麻婆豆腐|煮つけ|肉野菜炒め|おろし添え|油淋鶏",
    ),
    Suiting(
        "定番|王道|おなじみ|ありふれた|失敗(?:し(?:な|たくな|にく)|なし|知らず)|料理(?:初心者"
        "|が苦手)|家族みんな"
        r"|(?:普通|ふつう|いつも)の(?:夕|晩|夜|ご飯|ごはん|おかず|献立|家庭)",
        CLASSICS,
    ),
)
# 「片手で食べられる」「手づかみで」「手でつまめる」, whatever keeps the other hand busy.
_BY_HAND: Final = any_of(
    "片手で[^。\\n、]{0,4}(?:食|持て|いけ|つまめ|つかめ|つまみ|済) 片手(?:飯|めし|ごはん|ご飯)",
    "(?<!の)手で(?:持って)?(?:食べ(?!させ)|食え|つまめ|つまむ|つまみ|持て|つかめ) 手づかみ",
    "わんはんど お?箸[をはが]?(?:使わ|使えな|いら|なしで|持て(?:な|ん))",
    "手[がをは]?汚(?:れ|さ)(?:な|ん|ず)",
)
# 「冷めてもおいしい」「汁気のない」「持ち運べる」, as what is packed is.
_COLD_OR_DRY: Final = any_of(
    "(?:冷め|さめ)て(?:も|から)[^。\\n、]{0,4}(?:おいし|美味し|うま|旨|いけ|大丈夫|ok|固くな|硬くな)",
    "(?:冷め|さめ)て(?:も|から)(?:でも)?食(?:べら|べれ|え)",
    "汁気[のがはを]?(?:な[いし]|少な|控え|ng|無|×|だめ|とば|飛ば)",
    "汁(?:もれ|漏れ|だれ|こぼれ)(?:し(?:な|ま?せ|にく)|な[いし]|ng|×|厳禁)",
    "汁が(?:出|垂れ|漏れ|もれ|こぼれ)(?:な|ん|ず|にく) こぼれ(?:な|にく|ん)",
    "持ち運(?:べ|び(?:やす|でき)) 持って(?:行|い)け(?:る|そう)",
)
# Whatever tells how it is eaten.
HOW_EATEN: Final = re.compile(f"{_BY_HAND}|{_COLD_OR_DRY}")
_OF_THE_HAND: Final = (
    "おにぎり|いなり寿司|恵方巻|サンド|ホットドッグ|トースト|ピザ$|タコス風|焼き鳥|つくね|春巻き|巻き$"
    "|鶏.*から揚げ|コロッケ|ピカタ|だし巻き卵|^卵焼き|フライドポテト|^枝豆$|磯辺揚げ|せんべい"
    "|ゆでとうもろこし|ウインナー"
)
AT_NIGHT: Final = "夜食"
BY_HAND: Final = "手で食べる"
_BELLY: Final = r"(?:胃|お?腹|おなか|はら|胸|むね)"
# Behind what is hot: it is what somebody cannot eat, or one dish of several.
_NOT_THAT: Final = (
    r"(?![はがもを、と]?[^。\n]{0,6}(?:無理|しみ|だめ|駄目|苦手|こわ|怖|ぱす|以外|控え|避け"
    "|なし|食べられ|ng|やめ)|[0-9一二三])"
)
# What is told, by the name that `menus.fitting` has for it.
TOLD: Final[Mapping[str, str]] = {
    OUTING: any_of(_OUTINGS),
    QUICK: any_of(
        "時短 短時間 手早 手抜き 手間(?:なし|いらず|を?かけ(?:な|ず)) ずぼら 速攻 そっこう 秒で "
        "(?:ぱぱ|ちゃちゃ|ささ|さく|ぱ)[ー〜]?っと(?!揚|焼|した|しな|見|衣|食感) "
        "さっと(?:食|作れ|作り|でき|済|出せ|用意) すぐ(?:に)?(?:食べ|食え|でき|出来|出せ|作れ) "
        "(?:もう|今日は)[^。\n]{0,6}(?:作り|動き|何もし|台所に立ち)たくな "
        "作る(?:気|元気|気力)[がもは]?(?:な|ぜろ|起き) 寝そう 動けない へとへと くたくた "
        "くったくた "
        "疲れ(?:た|て|切|果) 時間が?な[いくしさ] 急い 急ぐ 帰宅なう "
        r"(?:帰って|帰ったら)[^。\n]{0,4}(?:すぐ|秒) (?<!のー)残業 (?:今|いま)帰(?:宅|った|り)"
    ),
    "食欲がない": any_of(
        "食欲[がはも]?(?:な[いくさし]|わか|湧か|落ち|出な|減|不振|低下|いまいち) 夏ばて 暑気あたり "
        "暑(?:くて|さで)[^。\n]{0,8}(?:食べ|食う|何も|ばて|しんど|無理|だる)"
    ),
    "暑い": any_of(r"暑(?:い(?!け)|くて|すぎ|さ(?!対)|っ) 猛暑 酷暑 真夏日 熱帯夜"),
    "におい": any_of(
        "人(?:に|と)会う 会食の前 面接(?!に?落) 接客 商談 歯医者 口臭 "
        "(?:にお|匂|臭)い(?:が|の|は)?(?:きつ|残|気にな|するもの|しない|控え|出な)"
    ),
    "病気": any_of(
        "熱(?:が|も)?(?:ある|あって|出[たてしる]|でた|でて|っぽ|下がら) 発熱 高熱 微熱 "
        r"3[789](?:\.\d)?(?:度|°c)(?!で|に(?:予熱|温)) "
        "風邪(?!予防|を?(?:ひか|引か)|の(?:季節|予防)) いんふる(?!だらけ|えんざ?(?:の?予防"
        "|が流行)|の?予防) 寝込(?:んで|み) 病み上がり "
        "病人(?:が|に(?!なっ)|の(?:食|ご飯|ごはん)) (?:体調|(?<!の)具合)[がはもを]?(?:悪|わる"
        "|崩|すぐれ|優れ|いまいち) "
        r"下痢(?:気味|中|してい|が続) 胃腸炎 お?(?:腹|なか)[がはも]?(?:ゆる|緩)(?:い|くて) "
        "お?(?:腹|なか)を?(?:下し|くだし)(?:た|て) (?:喉|のど)[がはも]?(?:痛|いた)"
    ),
    "胃もたれ": any_of(
        rf"{_BELLY}[がはもにをの]?(?:もたれ|しんど|つら|重[いたくかて]|おも[いたく]|焼け|やけ|むかむか"
        "|きりきり|痛|いた[いくむ]|疲れ|つかれ|弱|の調子|壊し[たてち]|こわし[たてち]) "
        rf"{_BELLY}に(?:やさし|優し) 胃薬 消化[にのが](?:いい|良|よ|やさし|優し) (?:飲み"
        "|のみ)(?:過ぎ|すぎ) 暴[飲食] 二日酔い "
        r"(?:昨日|昨夜|昨晩|ゆうべ|夕べ|さっき|昼に?|今日)[^。\n]{0,8}(?:食べ|たべ"
        "|食い)(?:過ぎ|すぎ)"
    ),
    "猫舌": any_of(
        "猫舌 ねこじた 熱い(?:の|もの|物)[がはも]?(?:苦手|だめ|駄目|無理|食べられ|飲め|しみ) "
        "熱いと(?:泣|食べな|嫌)"
    ),
    "寒い": any_of(
        r"寒(?:い|く(?!な)|う(?:て|なっ)|か(?!ら|った)|すぎ|っ|ー|\.|みが) さむ(?:い|っ|ー|\."
        "|すぎ) (?<!冷)凍え (?<!冷)凍りそう "
        r"冷え(?:込|切|きっ|性|症) 体が?冷え (?:底|花)冷え 氷点下 まいなす\d "
        r"[-−]\d{1,2}\s?(?:°c|度) (?:雪|吹雪)(?:が|だ|や|で|の(?:日|夜)|降) しばれ "
        rf"(?:熱々|あつあつ|熱い(?:の|もの|もん|やつ|汁|すーぷ)){_NOT_THAT} "
        "(?:温|あたた|あった)か(?:い|くて)(?:もの|もん|の|ん|やつ|汁|すーぷ|料理|おかず|ご飯"
        r"|ごはん|飯|めし|食|主菜|鍋|麺|うどん|そば|お?昼|夕|夜|やさし|優し|[。、\n]"
        rf"|$){_NOT_THAT} "
        "(?:温|あたた|あった)か(?:飯|めし|ご飯|ごはん) あったま[るり] 温まる あたたまる "
        "温もる ぽかぽか"
    ),
    "初心者": any_of(
        "初心者 不器用 (?:料理|自炊)歴[がは]?(?:ぜろ|0|な[いくし]|浅) "
        r"料理[^。\n]{0,6}(?:苦手|初めて|はじめて|下手|へた|できな|出来な|不慣れ"
        "|経験[がは]?(?:な|ぜろ)|した(?:こと)(?:が)?な) "
        r"自炊[^。\n]{0,4}(?:初めて|はじめて|始め|はじめ|1年|一年|初|でびゅー) (?:包丁"
        r"|台所)[^。\n]{0,10}(?:以来|握ったこと|持ったこと|立ったこと|使ったこと) "
        r"家庭科(?:以来|で習)"
    ),
    "前もって": any_of(
        "前もって 前日(?:に|から|の(?:うち|夜))[^。\n]{0,6}(?:作|準備|用意|仕込) あらかじめ ",
        "事前に(?:作|準備|用意|仕込) (?:朝|夜|先|昼|出かける前)に?仕込 仕込んで(?:お|から|帰|出)",
    ),
    "来客": any_of(
        r"(?:義理の(?:両親|父母?|母|姉|兄)|義(?:両親|父母?|母|姉|兄)|姑|舅|上司|恩師|取引先"
        r"|(?:彼氏?|彼女|婚約者|娘|息子)の(?:ご?両親|親))(?:たち|さん|夫婦|様)?(?:が|を|も|と)?"
        r"[^。\n]{0,14}(?:来|きます|いらっ|見え|泊ま|呼[びんぶ]|招|もてな|迎え) "
        r"食事会 招[くいか待] お招き おもてなし お礼に お礼の(?:食事|昼|夕|晩|会|席) "
        r"お客(?:さん|様)?[がを][^。\n]{0,6}(?:来る|来ます|くる|見え|いらっ|迎え) お客(?:さん"
        "|様)に出す(?:お|昼|夕|料理) 来客(?:が|用|に|なので) "
        r"顔合わせ 結納 挨拶に(?:来|くる|見え) ごちそうしたい 御馳走 ご馳走(?!に|様)"
    ),
    "キャンプ": any_of(
        "きゃんぷ(?!後|から帰|の(?:後|あと)|場の近) わんばーなー しんぐるばーなー 焚き?火 "
        "野営 山ご(?:はん|飯) 車中泊 飯盒 飯ごう かせっとこんろ"
    ),
    "節約": any_of(
        "質素 つつまし 慎ましく (?<!代)節約(?!じゃ|というより|料理研究|ぶろぐ) 節制 倹約 金欠 "
        "きんけつ 貧乏 びんぼう 給料日?(?:前|まで) 月末 "
        r"財布[^。\n]{0,8}(?:\d|軽|薄|空|寒|さみし|寂し) 懐(?:が)?(?:寒|さむ|厳し) (?:お金"
        "|(?<![月火水木金土日])金)[がも]?(?:な[いく]|足り) "
        r"安上がり (?<!が)安く(?:て|す|済|上|あげ|あが|作|つく) 食費 家計(?!簿) 一番安い とにかく安"
    ),
    AT_NIGHT: _AT_NIGHT,
    BY_HAND: _BY_HAND,
    "切り身": "切り?身",
    "冷たい": any_of(
        "冷たい(?:もの|物|の|料理|副菜|主菜|さらだ|つまみ|おつまみ|一品|[1-9]品|おかず|汁|麺"
        rf"|やつ|すーぷ){_NOT_THAT} ひんやり 冷製(?:で|の|料理) きんきん"
    ),
    "子ども": any_of(
        r"(?:子ども|子供|こども|孫|園児|幼児)(?:たち)?\s?(?:が)?(?:[1-9一二三四五]人|も一緒"
        "|と(?:食べ|夕|昼|晩|一緒)|がい[るて]|の(?:夕|晩|昼|朝|ご飯|ごはん|弁当)) "
        "幼児 園児 いやいや期 (?:保育園|幼稚園)(?:児|の子|から帰|が休み) "
        "小(?:学)?[1-4一二三四](?!時|個|本|匹|つ|口|皿|鉢|分|人) 年[長中少](?!期) "
        "小学生(?:の(?:子|娘|息子|孫))?(?:たち)?(?:[1-9一二三]人)?"
        "(?:と|が|も|に|の(?:[夕昼晩朝]|ご?飯|弁当)) "
        "(?:子ども|子供|こども)の(?:お?迎え|送り迎え|習い事|寝かしつけ|塾)"
    ),
}
# What a dish may taste of, by the names of `menus.clashes.FLAVOURS`.
FLAVOURS: Final[Mapping[str, str]] = {
    "トマト": "とまと",
    "クリーム": "くりーむ",
    "カレー": "かれー",
    "みそ": "(?:みそ|味噌)",
    "キムチ": "きむち",
    "チーズ": "ちーず",
    "ココナッツ": "ここなっつ(?:みるく)?",
    "梅": "梅(?:干し|肉|しそ)?",
    "ごま": "(?:ごま|胡麻)",
    "にんにく": "(?:にんにく|がーりっく)",
    "マヨネーズ": "まよ(?:ねーず)?",
}
_OF_A_FLAVOUR: Final = "(?:系|味|風味|べーす|そーす|仕立て)"
_NOT_WANTED: Final = any_of("なし なく 抜き 苦手 嫌 だめ ng 控え 少な 使わ 続")
_IS_WANTED: Final = f"(?!(?:の(?:もの|料理))?[はがも]?{_NOT_WANTED}|付け|噌)"
# Behind the words: it is not that, or over.
NOT_SO: Final = re.compile(
    "(?:料理|めにゅー)?(?:以外|[にはも]?(?:飽き|あき)|じゃな|ではな|まで|前|明け|過ぎ|すぎ"
    "|太り|疲れ|の(?:残り|豆が余)"
    r"|が終わ|は終わ|と違|[にで]?ない)"
)


def read_suiting(text: Text, cookbook: Cookbook, *, is_one_day: bool) -> frozenset[str]:
    """Return the dishes that suit what a meal is said to be, of the first that is said.

    Of a feast those that suit how it is said to be, too, where there are any: with wine. How it is
    eaten goes before that.
    """
    of_rows = list(_as_it_is_eaten(text, cookbook))
    of_rows += [
        _named(row.dishes, cookbook)
        for rows in (FEASTS if is_one_day else (), MANNERS)
        for row in [next((row for row in rows if any(_said(text, row.words))), None)]
        if row
    ]
    return frozenset.intersection(*of_rows) or of_rows[0] if of_rows else frozenset()


def _as_it_is_eaten(text: Text, cookbook: Cookbook) -> Iterator[frozenset[str]]:
    """Yield what is eaten by hand, and what is as good cold and lets nothing drip."""
    if any(_said(text, _BY_HAND)):
        yield _named(_OF_THE_HAND, cookbook)
    if any(_said(text, _COLD_OR_DRY)):
        yield frozenset(name for name, dish in cookbook.dishes.items() if "弁当" in dish.tags)


def _named(pattern: str, cookbook: Cookbook) -> frozenset[str]:
    """Return the dishes whose names a pattern finds."""
    return frozenset(name for name in cookbook.dishes if re.search(pattern, name))


def read_flavour(text: Text) -> tuple[str | None, frozenset[int]]:
    """Return what the meal is to taste of, where it is one thing, and where that is said."""
    found: dict[str, set[int]] = {}
    for name, words in FLAVOURS.items():
        for match in _places(text, f"{words}{_OF_A_FLAVOUR}{_IS_WANTED}"):
            found.setdefault(name, set()).add(match.start())
    if len(found) != 1:
        return None, frozenset()
    [(name, places)] = found.items()
    return name, frozenset(places)


def read_told(text: Text) -> frozenset[str]:
    """Return what is told of those who eat or cook, and of the day."""
    told = {name for name, words in TOLD.items() if any(_said(text, words))}
    return frozenset(told - {"寒い"} if "猫舌" in told else told)


def _said(text: Text, words: str) -> Iterator[bool]:
    yield from (True for _ in _places(text, words))


def _places(text: Text, words: str) -> Iterator[re.Match[str]]:
    """Yield where words are said, and not that it is not so, or over."""
    for match in re.finditer(fold(words), text.folded):
        is_past = right_before(OF_THE_PAST, text.folded, match.start()) is not None
        if not is_past and not NOT_SO.match(text.folded, match.end()):
            yield match
