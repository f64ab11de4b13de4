"""Reads what a meal is said to be, and which dishes a cook thinks of then: a feast, home cooking.

What is named itself (a dish, a family of dishes) is a wish and stands in `words.py`; here any dish
of a row suits, leading the meal and beside it, and what must be kept is kept before it. Rows are
(words of folded text, names of dishes), both patterns.
"""

import re
from collections.abc import Iterator
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


# Of one day: no week is all Christmas.
FEASTS: Final = (
    Suiting(
        any_of("正月 元旦 元日 三が日 三箇日 松の内 新年会"),
        "雑煮|松風焼き|たいの塩焼き|筑前煮|ぶりの照り焼き|すき焼き|刺身の盛り合わせ|手巻き寿司|煮しめ|栗きんとん|黒豆"
        "|大根なます|数の子|たたきごぼう|伊達巻|田作り|茶碗蒸し|れんこんの甘酢漬け|すまし汁$|潮汁",
    ),
    Suiting(
        any_of("節分 恵方巻 豆まき 豆撒き"),
        "恵方巻|いわしの(?!ハン)|大豆とじゃこ|けんちん汁|つみれ汁|大豆のご汁|おひたし$|からしあえ$|すまし汁$",
    ),
    Suiting(
        any_of("ひな祭り 雛祭り 雛まつり ひなまつり 桃の節句 ひなの節句"),
        "ちらし寿司|手巻き寿司|潮汁|すまし汁$|菜の花|茶碗蒸し|若竹煮",
    ),
    Suiting(
        any_of("こどもの日 子どもの日 子供の日 端午 鯉のぼり"),
        "^ハンバーグ|えびフライ|ちらし寿司|手巻き寿司|鶏のから揚げ|オムライス|若竹煮|ポテトサラダ|茶碗蒸し|すまし汁$|コーンスープ",
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
        "たいの塩焼き|手巻き寿司|ちらし寿司|天ぷら|すき焼き|えびフライ|茶碗蒸し|煮しめ|筑前煮|湯葉|潮汁|すまし汁$|沢煮椀",
    ),
    Suiting(
        any_of("くりすます 聖夜 いぶの"),
        "クリスマス|ミートローフ|ビーフシチュー|^ステーキ$|アクアパッツァ|ビーフストロガノフ|ポークソテー"
        "|チキンソテー|えびフライ|オニオン.*スープ|ポタージュ|クラムチャウダー|マリネ|シーザー|キャロットラペ|水菜とりんご",
    ),
    Suiting(
        any_of("誕生日 たんじょうび ばーすでー 記念日"),
        "^ハンバーグ|煮込みハンバーグ|えびフライ|鶏のから揚げ|グラタン|ラザニア|ちらし寿司|手巻き寿司|オムライス|ドリア|^ステーキ$"
        "|ビーフシチュー|ビーフストロガノフ|アクアパッツァ|ミートローフ|すき焼き|ポタージュ|コーンスープ|オニオン.*スープ"
        "|ポテトサラダ|シーザー|マリネ|ミモザ|水菜とりんご",
    ),
    Suiting(any_of("冬至"), "かぼちゃ|^寄せ鍋|ぶり|みぞれ"),
    Suiting(any_of("大晦日 大みそか 年越し 除夜"), "年越しそば|天ぷら|かき揚げ|おひたし$|白あえ"),
    Suiting(
        any_of("花見 運動会 遠足 ぴくにっく 行楽"),
        "いなり寿司|から揚げ|卵焼き|肉巻き|ピカタ|えびフライ|^ハンバーグ|アスパラ|つくね|照り焼き|ウインナー"
        "|肉だんご|ごまあえ|ブロッコリーのおかか|さつまいも|かぼちゃの(?:煮物|茶巾|レンジ煮)",
    ),
)
CLASSICS: Final = (
    "^肉じゃが|豚肉じゃが|しょうが焼き|^ハンバーグ|おろしハンバーグ|鶏のから揚げ|^とんかつ|^コロッケ|さばのみそ煮|さばの塩焼き"
    "|(?:鶏|ぶり|めかじき).*照り焼き$|肉豆腐|^麻婆豆腐|回鍋肉|焼きぎょうざ|鮭の塩焼き|鮭のムニエル|筑前煮|親子煮|豚バラ大根|ピーマンの肉詰め|肉野菜炒め"
    "|さんまの塩焼き|ロールキャベツ|ホワイトシチュー|チキン南蛮|メンチカツ|ぶり大根|青椒肉絲"
)
MANNERS: Final = (
    Suiting(
        r"おふくろの味|(?:母|お母さん|ばあちゃん|祖母|実家|家庭|田舎)の(?:味|ご飯|ごはん|料理|おかず)|母が(?:よく)?作って(?:くれ|い)"
        r"|家庭(?:料理|的)|懐かし[いの]|昔ながら",
        "^肉じゃが|筑前煮|さばのみそ煮|ぶり大根|豚肉のしょうが焼き|大根の煮物|肉豆腐|煮つけ|豚バラ大根|親子煮|^コロッケ"
        "|さばの塩焼き|鮭の塩焼き|さんまの塩焼き|里いもの煮物|豚の角煮|そぼろ煮|きんぴらごぼう|ひじきの煮物|煮っころがし|白あえ"
        "|卯の花|かぼちゃの煮物|五目豆|ほうれん草の(?:おひたし|ごまあえ)|煮びたし|けんちん汁|豚汁|のみそ汁$",
    ),
    Suiting(
        r"洋食屋|洋食店|れすとらん(?:風|の味|みたい|っぽ)",
        "^ハンバーグ|煮込みハンバーグ|オムライス|えびフライ|ビーフシチュー|コロッケ|ハヤシライス|ナポリタン|ドリア|グラタン"
        "|ポークソテー|ポークチャップ|メンチカツ|ミートソース|ビーフストロガノフ|ロールキャベツ|チキンカツ|たらのフライ"
        "|ポテトサラダ|コールスロー|マカロニサラダ|グラッセ|粉ふきいも|コーンスープ|コンソメスープ|ポタージュ",
    ),
    Suiting(
        r"(?:かふぇ|喫茶)(?:風|ご飯|ごはん|めし|みたい|っぽ|らんち|飯)|おしゃれ|お洒落|わんぷれーと|映え",
        "ロコモコ|ガパオ|タコライス|オムライス|ドリア|カオマンガイ|スパゲッティ|パスタ|アボカド|ピカタ|アクアパッツァ"
        "|カルパッチョ|レモン|香草|チキンソテー|ポークソテー|マリネ|キャロットラペ|シーザー|ミモザ|かぼちゃとクリームチーズ"
        "|水菜とりんご|ポタージュ|ミネストローネ|オニオンスープ",
    ),
    Suiting(
        r"わいん|ばる(?:風|みたい)",
        "マリネ|アヒージョ|カルパッチョ|カプレーゼ|ピクルス|ガーリック|チーズ|シーザー|ジャーマン|バターソテー|ペースト|ディップ"
        "|^ステーキ$|ムニエル|アクアパッツァ|チキンソテー|ポークソテー|ポタージュ|ラタトゥイユ|ほたてのグラタン|キャロットラペ"
        "|ペペロン",
    ),
    Suiting(
        r"定食",
        "豚肉のしょうが焼き|とんかつ|から揚げ|塩焼き$|みそ煮$|(?:鶏|ぶり|めかじき).*照り焼き$|^ハンバーグ|おろしハンバーグ|コロッケ|肉豆腐|チキン南蛮|フライ$"
        "|回鍋肉|^麻婆豆腐|煮つけ|肉野菜炒め|おろし添え|油淋鶏",
    ),
    Suiting(
        r"定番|王道|おなじみ|ありふれた|失敗(?:し(?:な|たくな|にく)|なし|知らず)|料理(?:初心者|が苦手)|家族みんな"
        r"|(?:普通|ふつう|いつも)の(?:夕|晩|夜|ご飯|ごはん|おかず|献立|家庭)",
        CLASSICS,
    ),
)
# Behind the words: it is not that, or over.
NOT_SO: Final = re.compile(
    r"(?:料理|めにゅー)?(?:以外|[にはも]?(?:飽き|あき)|じゃな|ではな|まで|前|明け|過ぎ|すぎ|太り|疲れ|の(?:残り|豆が余)"
    r"|が終わ|は終わ|と違|[にで]?ない)"
)


def read_suiting(text: Text, cookbook: Cookbook, *, is_one_day: bool) -> frozenset[str]:
    """Return the dishes that suit what a meal is said to be, of the first that is said."""
    for row in (*(FEASTS if is_one_day else ()), *MANNERS):
        if any(_said(text, row.words)):
            return frozenset(name for name in cookbook.dishes if re.search(row.dishes, name))
    return frozenset()


def _said(text: Text, words: str) -> Iterator[bool]:
    for match in re.finditer(fold(words), text.folded):
        is_past = right_before(OF_THE_PAST, text.folded, match.start()) is not None
        if not is_past and not NOT_SO.match(text.folded, match.end()):
            yield True
