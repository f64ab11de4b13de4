"""What people call foods in a request: groups, forms of one food, and words that only look alike.

All tables are data for `mentions`; the test suite holds their names against the cookbook.
"""

from typing import Final, NamedTuple

from chef_llm.cookbook import ALLERGENS, MANDATORY

NUTS: Final = "落花生 くるみ アーモンド カシューナッツ ピスタチオ マカダミアナッツ"


def _words(spelled: str) -> tuple[str, ...]:
    return tuple(spelled.split())


class FoodWords(NamedTuple):
    """Words for one food or kind of food; every field but `wish` and `diet` is space-separated.

    `excluded` are ingredient and group names to leave out, `allergens` words of the rule,
    `allergy` the allergens that go too when the words are of an allergy. `wish` is the ingredient
    that the words stand for when nothing more exact is said (鶏肉 is mostly 鶏もも肉).
    """

    words: str
    excluded: str = ""
    allergens: str = ""
    allergy: str = ""
    wish: str | None = None
    diet: str | None = None


FOOD_WORDS: Final = (
    # 肉
    FoodWords(
        "肉 お肉 肉類 おにく にく ミート 畜肉", "肉", allergy="鶏肉 豚肉 牛肉 ゼラチン", wish="肉"
    ),
    FoodWords("鶏肉 鶏 とり肉 とりにく 鳥肉 若鶏 チキン 鶏肉類", "鶏肉", "鶏肉", wish="鶏肉"),
    FoodWords("豚肉 豚 ぶた肉 ぶたにく ぶた ポーク", "豚肉", "豚肉", wish="豚肉"),
    FoodWords("牛肉 牛 ぎゅう肉 ぎゅうにく ビーフ", "牛肉", "牛肉", wish="牛肉"),
    FoodWords(
        "ひき肉 挽き肉 挽肉 引き肉 ひきにく ミンチ ミンチ肉",
        "ひき肉",
        allergy="鶏肉 豚肉 牛肉",
        wish="ひき肉",
    ),
    FoodWords("加工肉 肉加工品 食肉加工品", "加工肉", allergy="豚肉"),
    FoodWords("内臓 内臓類 内臓肉 ホルモン もつ もつ類 臓物", "内臓", allergy="鶏肉"),
    # 魚介
    FoodWords(
        "魚介 魚介類 魚貝 魚貝類 魚かい類 シーフード 海鮮 海鮮類 海産物 海の幸",
        "魚介",
        allergy="えび かに いか さば さけ いくら あわび",
    ),
    FoodWords(
        "魚 お魚 魚類 さかな おさかな 鮮魚 フィッシュ", "魚", allergy="さば さけ いくら", wish="魚"
    ),
    FoodWords(
        "青魚 青背の魚 青背魚 光り物 光物 ひかりもの あおざかな",
        "青魚",
        allergy="さば",
        wish="青魚",
    ),
    FoodWords("白身魚 白身の魚 白身", "たら かれい たい めかじき さわら", wish="白身魚"),
    FoodWords("甲殻類 甲殻 甲かく類 こうかく類", "甲殻類", "えび かに"),
    FoodWords("貝 貝類 二枚貝", "貝", "あわび", wish="貝"),
    FoodWords("いか・たこ 軟体類 軟体動物 頭足類", "いか・たこ", "いか"),
    FoodWords("魚卵 魚の卵 魚卵類", "魚卵", "いくら"),
    FoodWords("練り物 練物 ねりもの 練り製品 魚肉練り製品", "練り物", allergy="えび かに さば"),
    FoodWords("魚介だし 魚介のだし 魚のだし 魚だし", "だし汁 顆粒和風だし めんつゆ 白だし 煮干し"),
    FoodWords("生もの なまもの 生物 生 生食 刺身 お刺身 刺し身 お刺し身 さしみ おさしみ", "生"),
    FoodWords("生魚 生の魚 生肉 生の肉 生野菜", "生"),
    # 卵・乳
    FoodWords("卵類 卵製品 卵黄 卵白 黄身 玉子類 たまご類", "卵", "卵", wish="卵"),
    FoodWords("乳 乳製品 乳製品類 乳類 乳成分 乳糖 乳たんぱく ラクトース", "乳", "乳"),
    FoodWords(
        "チーズ チーズ類",
        "ピザ用チーズ 粉チーズ クリームチーズ モッツァレラチーズ",
        allergy="乳",
        wish="ピザ用チーズ",
    ),
    # 豆・ナッツ・ごま
    FoodWords("大豆 大豆製品 大豆食品 大豆類 だいず ソイ", "大豆", "大豆", wish="大豆水煮"),
    FoodWords("豆 豆類 お豆 まめ 豆製品", "豆", allergy="大豆 落花生"),
    FoodWords(
        "豆腐 お豆腐 とうふ おとうふ 豆腐類",
        "木綿豆腐 絹ごし豆腐 焼き豆腐 厚揚げ 高野豆腐",
        allergy="大豆",
        wish="木綿豆腐",
    ),
    FoodWords("ナッツ ナッツ類 木の実 種実 種実類 ミックスナッツ", "ナッツ", NUTS),
    FoodWords("ピーナッツバター ピーナツバター", "ピーナッツ", "落花生"),
    FoodWords("アーモンドミルク アーモンドプードル", "アーモンド", "アーモンド"),
    FoodWords("ピスタチオ", allergens="ピスタチオ"),
    FoodWords("マカダミアナッツ マカダミア マカデミアナッツ", allergens="マカダミアナッツ"),
    FoodWords("あわび 鮑", allergens="あわび"),
    FoodWords("ごま 胡麻 セサミ ごま類", allergens="ごま", wish="いりごま"),
    # 穀物
    FoodWords("小麦 こむぎ 小麦製品 小麦類 小麦成分 小麦たんぱく", allergens="小麦"),
    FoodWords("麦 麦類", "大麦", "小麦"),
    # A mild miso or vinegar may be of barley.
    FoodWords("大麦", "大麦", wish="押し麦"),
    FoodWords("グルテン グルテン類", diet="gluten_free"),
    FoodWords(
        "冷やご飯 冷ご飯 冷やごはん 冷ごはん 残りご飯 残りごはん パックご飯",
        "ご飯 米 もち米 玄米ご飯",
        wish="ご飯",
    ),
    FoodWords("粉もの 粉物 小麦粉もの", "小麦粉もの", allergy="小麦"),
    FoodWords("パン パン類", "パン", allergy="小麦 卵 乳 大豆", wish="食パン"),
    FoodWords("麺 麺類 めん類 ヌードル", "麺", allergy="小麦 卵 そば", wish="麺"),
    FoodWords("パスタ パスタ類", "スパゲッティ マカロニ", allergy="小麦 卵", wish="スパゲッティ"),
    # 野菜・果物・きのこ・海藻
    FoodWords("野菜 お野菜 やさい 野菜類", "野菜"),
    FoodWords("葉物 葉物野菜 葉野菜 青菜 葉もの", "葉物", wish="葉物"),
    FoodWords("根菜 根菜類", "根菜", wish="根菜"),
    FoodWords("香味野菜 薬味", "香味野菜"),
    FoodWords("ハーブ ハーブ類", "パセリ バジル パクチー ローリエ"),
    FoodWords("コリアンダー 香草", "パクチー", wish="パクチー"),
    FoodWords("ねぎ 葱 おねぎ ねぎ類 葱類", "ねぎ類", wish="長ねぎ"),
    FoodWords("芋 いも お芋 おいも 芋類 いも類", "いも", allergy="やまいも", wish="いも"),
    FoodWords("コーン", "コーン缶 とうもろこし", wish="コーン缶"),
    FoodWords(
        "えんどう エンドウ豆",
        "さやえんどう スナップえんどう グリーンピース 豆苗",
        wish="グリーンピース",
    ),
    FoodWords("きのこ 茸 きのこ類 茸類", "きのこ", wish="きのこ"),
    FoodWords("韓国のり 韓国海苔", "焼きのり 青のり", wish="焼きのり"),
    FoodWords("海藻 海草 海藻類 海草類 かいそう", "海藻", wish="海藻"),
    FoodWords(
        "果物 くだもの フルーツ 果実 果物類",
        "果物",
        allergy="りんご バナナ オレンジ キウイフルーツ もも",
    ),
    FoodWords("柑橘 柑橘類 かんきつ かんきつ類", "柑橘", allergy="オレンジ"),
    FoodWords("梅 うめ", "梅干し", wish="梅干し"),
    # 調味料
    FoodWords("唐辛子 とうがらし 唐辛子類", "唐辛子"),
    FoodWords(
        "辛いもの 辛い物 辛いの 辛いやつ 辛い系 からいもの全般 辛い調味料 辛い料理 辛い味 "
        "辛い食べ物 辛いおかず 辛味 辛み 辛さ "
        "激辛 ピリ辛 ぴり辛 スパイシー料理 スパイシーなもの スパイシーな料理",
        "唐辛子 練りからし 練りわさび",
    ),
    # からいも is a sweet potato, too: in doubt both are left out.
    FoodWords("からいもの", "唐辛子 練りからし 練りわさび さつまいも"),
    FoodWords(
        "香辛料 スパイス スパイス類",
        "唐辛子 練りからし 練りわさび カレー粉 こしょう 粗びき黒こしょう 粉山椒 五香粉 クミン",
    ),
    FoodWords("アルコール アルコール類 酒類 お酒類 洋酒 アルコール分", "アルコール"),
    FoodWords("ワイン", "白ワイン 赤ワイン"),
    FoodWords("油 油類 オイル あぶら", "油"),
    FoodWords("だし", "だし"),
    FoodWords(
        "中華だし 中華スープの素 ウェイパー 味覇", "鶏がらスープの素", wish="鶏がらスープの素"
    ),
    FoodWords(
        "酸っぱいもの すっぱいもの 酸っぱい物 酸味 酸っぱいの すっぱいの 酸っぱい系 酸っぱい料理 "
        "酸っぱい味",
        "酸味",
    ),
    FoodWords(
        "甘い味付け 甘い味つけ 甘いおかず 甘い料理 甘い味 甘辛い味 甘辛い味付け 甘辛い煮物", "甘味"
    ),
    FoodWords(
        "しょっぱいもの しょっぱい物 しょっぱいの しょっぱいおかず しょっぱい味 塩味", "塩味"
    ),
    FoodWords("ココナッツ", "ココナッツミルク", wish="ココナッツミルク"),
    FoodWords("シーチキン", "ツナ缶", wish="ツナ缶"),
    # 動物性
    FoodWords(
        "動物性 動物性食品 動物性食材 動物性のもの 動物性たんぱく質 動物性原料", diet="vegan"
    ),
    FoodWords(
        "アレルゲン 特定原材料 7品目 8品目 9品目 7大アレルゲン 8大アレルゲン 9大アレルゲン "
        "特定原材料7品目 特定原材料8品目 特定原材料9品目",
        allergens=" ".join(MANDATORY),
    ),
    FoodWords("28品目 29品目 アレルゲン28品目 アレルゲン29品目", allergens=" ".join(ALLERGENS)),
)

# What foods are called in English (by those who write so here, and in fields and keys of data), to
# a word of the tables above or of the cookbook that means the same.
ENGLISH: Final = {
    "egg eggs": "卵",
    "milk": "牛乳",
    "dairy lactose": "乳製品",
    "cheese": "チーズ",
    "wheat": "小麦",
    "flour": "小麦粉",
    "shrimp shrimps prawn prawns": "えび",
    "crab crabs": "かに",
    "shellfish crustacean crustaceans": "甲殻類",
    "peanut peanuts groundnut groundnuts": "落花生",
    "nut nuts treenut treenuts": "ナッツ",
    "walnut walnuts": "くるみ",
    "cashew cashews": "カシューナッツ",
    "almond almonds": "アーモンド",
    "pistachio pistachios": "ピスタチオ",
    "macadamia macadamias": "マカダミアナッツ",
    "soy soya soybean soybeans": "大豆",
    "buckwheat soba": "そば",
    "sesame": "ごま",
    "fish": "魚",
    "seafood": "魚介",
    "squid": "いか",
    "octopus": "たこ",
    "oyster oysters": "かき",
    "clam clams": "あさり",
    "scallop scallops": "ほたて",
    "mackerel": "さば",
    "salmon": "鮭",
    "tuna": "まぐろ",
    "beef": "牛肉",
    "pork": "豚肉",
    "chicken": "鶏肉",
    "meat": "肉",
    "liver": "レバー",
    "bacon": "ベーコン",
    "ham": "ハム",
    "sausage sausages": "ウインナー",
    "apple apples": "りんご",
    "banana bananas": "バナナ",
    "orange oranges": "オレンジ",
    "kiwi kiwifruit": "キウイフルーツ",
    "peach peaches": "もも",
    "yam": "やまいも",
    "gelatin gelatine": "ゼラチン",
    "tomato tomatoes": "トマト",
    "onion onions": "玉ねぎ",
    "leek leeks": "長ねぎ",
    "garlic": "にんにく",
    "ginger": "しょうが",
    "mushroom mushrooms": "きのこ",
    "eggplant eggplants aubergine": "なす",
    "carrot carrots": "にんじん",
    "potato potatoes": "じゃがいも",
    "cabbage": "キャベツ",
    "spinach": "ほうれん草",
    "cucumber cucumbers": "きゅうり",
    "cilantro coriander": "パクチー",
    "tofu": "豆腐",
    "natto": "納豆",
    "butter": "バター",
    "honey": "はちみつ",
    "mayo mayonnaise": "マヨネーズ",
    "bread": "パン",
    "rice": "米",
    "spicy": "辛いもの",
    "alcohol": "アルコール",
}
# Ingredients that stand for an allergen, besides those that are spelled like one (落花生).
ALLERGEN_FOODS: Final = {"牛乳": "乳", "小麦粉": "小麦", "むきえび": "えび", "桜えび": "えび"}
# The same food in another form: who leaves out the first leaves out these, too.
FORMS: Final = {
    "レタス": "サニーレタス",
    "白菜": "白菜キムチ",
    "さやえんどう": "スナップえんどう",
    "グリーンピース": "さやえんどう スナップえんどう",
    "とうもろこし": "コーン缶",
    "コーン缶": "とうもろこし",
    "トマト": "ミニトマト トマト水煮缶 トマトケチャップ",
    "ピーマン": "赤パプリカ",
    "玉ねぎ": "新玉ねぎ",
    "新玉ねぎ": "玉ねぎ",
    "長ねぎ": "小ねぎ",
    "小ねぎ": "長ねぎ",
    "大根": "切り干し大根 かいわれ大根 たくあん",
    "もやし": "豆もやし",
    "しょうが": "紅しょうが",
    "こんにゃく": "しらたき",
    "しいたけ": "干ししいたけ",
    "大豆水煮": "蒸し大豆",
    "わかめ": "めかぶ",
    "昆布": "塩昆布 とろろ昆布 昆布だし",
    "焼きのり": "青のり",
    "ご飯": "米 もち米 玄米ご飯",
    "豚バラ薄切り肉": "豚バラかたまり肉",
    "豚ロース厚切り肉": "豚ロース薄切り肉 豚肩ロースかたまり肉",
    "豚ひき肉": "合いびき肉",
    "牛ひき肉": "合いびき肉",
    "鶏レバー": "内臓",
    "牛レバー": "内臓",
    "豚もつ": "内臓",
    "甘塩たらこ": "明太子",
    "いわし": "つみれ 煮干し ごまめ",
    "ごまめ": "煮干し",
    "あじ": "あじの開き",
    "あじの開き": "あじ",
    "小豆": "つぶあん",
    "つぶあん": "小豆",
    "栗の甘露煮": "生栗",
    "生栗": "栗の甘露煮",
    "マカロニ": "ラザニアシート",
    "ロールパン": "パン",
    "まぐろ": "ツナ缶",
    "かつお": "かつお節",
    "しらす干し": "ちりめんじゃこ",
    "ちりめんじゃこ": "しらす干し",
    "ほたて": "ゆでほたて",
    "ゆでほたて": "ほたて",
    "かまぼこ": "かに風味かまぼこ",
    "しょうゆ": "薄口しょうゆ ポン酢しょうゆ めんつゆ 白だし",
    "みそ": "白みそ さばみそ煮缶 だしなしみそ だしなし白みそ",
    "白みそ": "だしなし白みそ",
    "だしなしみそ": "みそ",
    "だしなし白みそ": "白みそ",
    "ごま油": "純正ごま油",
    "純正ごま油": "ごま油",
    # Blended oil may be of any of them.
    "米油": "サラダ油",
    "酢": "すし酢 ポン酢しょうゆ",
    "酒": "アルコール",
    "カレー粉": "カレールウ",
    "こしょう": "粗びき黒こしょう",
    "赤唐辛子": "唐辛子",
    "粉唐辛子": "唐辛子",
    "七味唐辛子": "唐辛子",
    "ゆず": "ゆずこしょう",
    "だし汁": "だし",
}
# What is made from a food and no longer looks like it: left out when the words are of an allergy.
MADE_FROM: Final = {
    "トマト": "ウスターソース 中濃ソース お好み焼きソース 焼肉のたれ カレールウ シチュールウ",
    "玉ねぎ": "トマトケチャップ ウスターソース 中濃ソース お好み焼きソース 焼肉のたれ コンソメ "
    "鶏がらスープの素 カレールウ シチュールウ",
    "じゃがいも": "片栗粉 マロニー 春雨",
    "とうもろこし": "カレールウ シチュールウ ベーキングパウダー",
    "いわし": "しらす干し ちりめんじゃこ だし汁 顆粒和風だし",
    "かつお": "だし汁 めんつゆ ポン酢しょうゆ 顆粒和風だし 白だし",
    "昆布": "だし汁 めんつゆ ポン酢しょうゆ 顆粒和風だし 白だし",
    "かき": "オイスターソース",
    "ほたて": "オイスターソース",
    "たこ": "いか・たこ",
}
# Words for dishes that are no single dish of the cookbook: left out, all that are called so.
DISH_WORDS: Final = _words(
    "カレー シチュー パスタ サラダ みそ汁 スープ 丼 どんぶり から揚げ フライ カツ 天ぷら ナムル "
    "マリネ "
    "グラタン ポタージュ きんぴら ぎょうざ 寿司 酢の物 おひたし ムニエル 照り焼き 塩焼き "
    "しょうが焼き "
    "南蛮漬け チャンプルー 炊き込みご飯 おにぎり オムレツ ハンバーグ コロッケ 浅漬け ソテー "
    "クリーム煮 ごまあえ 白あえ ホイル焼き 煮びたし 焼きびたし 揚げびたし 肉詰め 肉だんご 潮汁 "
    "クッパ 蒲焼き ピカタ 角煮 竜田揚げ 煮つけ 混ぜご飯 トースト ディップ アヒージョ なめろう "
    "カルパッチョ アクアパッツァ 西京焼き 酒蒸し 磯辺揚げ コールスロー ピクルス カプレーゼ "
    "ペペロンチーノ ガーリックライス レバニラ ロコモコ 田楽 なめたけ 煮っころがし グラッセ "
    "コンポート 茶碗蒸し せんべい チャウダー かす汁 ブルスケッタ バインミー タコス サムゲタン "
    "しぐれ煮 つくね つみれ汁 リゾット おろしあえ なます 天ぷら きんとん だんご"
)
METHODS: Final = {
    "揚げる": "揚げ物 揚げもの あげもの フライもの 揚げたもの 揚げた物 揚げたやつ",
    "炒める": "炒め物 炒めもの いためもの",
    "煮る": "煮物 煮もの にもの",
    "蒸す": "蒸し物 蒸しもの むしもの",
}
# Words for dishes of several names, by a pattern of those names.
FAMILIES: Final = {
    "おせち おせち料理 お節 お節料理 正月料理 お正月料理": r"伊達巻|田作り|黒豆|数の子|栗きんとん"
    r"|煮しめ|たたきごぼう|^大根なます|松風焼き|甘酢漬け$|筑前煮|たいの塩焼き",
    "クリスマス料理 クリスマスメニュー": r"クリスマス|ミートローフ|ビーフシチュー",
    "鍋物 鍋もの 鍋料理 お鍋 鍋": r"(?<!回)鍋$|すき焼き|しゃぶしゃぶ|おでん|水炊き|湯豆腐",
    "焼き魚 焼魚": r"(?:鮭|さば|さんま|あじ|ぶり|さわら|ほっけ|たら|いわし|めかじき|魚)"
    r".*(?:塩焼き|西京焼き|照り焼き|の干物|焼き$)",
    "煮魚 煮ざかな": r"(?:さば|かれい|いわし|ぶり|たら|あじ|めばる|金目).*(?:煮|煮つけ)$",
    "刺身 お刺身 刺し身 お刺し身 さしみ おさしみ お造り お作り": r"刺身|カルパッチョ|たたき$",
    "冷しゃぶ 冷しゃぶサラダ 豚の冷しゃぶ": r"豚しゃぶサラダ",
    "うどん": r"うどん",
    "ラーメン らーめん": r"ラーメン",
    "チャーハン 焼き飯 炒飯": r"チャーハン",
    "サンドイッチ サンド": r"サンド",
    "雑炊 おじや": r"雑炊",
    "おかゆ お粥 かゆ 粥": r"[かが]ゆ$",
    "焼きそば": r"焼きそば",
    "あえ物 和え物 あえもの": r"あえ$",
    "豚汁 とん汁": r"豚汁",
    "お好み焼き": r"お好み焼き",
    "すまし汁 お吸い物 吸い物": r"すまし汁|お吸い物|吸い物|潮汁",
    "甘いもの 甘い物 甘いもん 甘いやつ 甘いの 甘味 スイーツ 菓子 お菓子 菓子類": r"きんとん"
    r"|甘煮$|バナナ|フルーツヨーグルト|おはぎ|ホットケーキ|小倉トースト|フレンチトースト|いとこ煮"
    r"|プリン|ゼリー",
}
# What is wished for by these is a course of its own (`courses.py`), and no dish of this family.
REFUSED_ALONE: Final = frozenset({"甘いもの"})
# Who wishes for one of these means no such dish; who refuses it may mean them, too.
NOT_WISHED_BY: Final = {
    "焼き魚": r"缶|つくね|巻|ピカタ",
    "サラダ": r"サラダ(?:チキン|うどん)",
    "から揚げ": r"^(?!鶏)",
}
# How else a part of a dish's name is written.
DISH_SPELLINGS: Final = (
    ("みそ", "味噌"),
    ("しょうが", "生姜"),
    ("から揚げ", "唐揚げ"),
    ("から揚げ", "空揚げ"),
    ("揚げ", "あげ"),
    ("ぎょうざ", "餃子"),
    ("あえ", "和え"),
    ("ごま", "胡麻"),
    ("ねぎ", "葱"),
    ("えび", "海老"),
    ("なす", "茄子"),
    ("にんじん", "人参"),
    ("さば", "鯖"),
    ("ぶり", "鰤"),
    ("あじ", "鯵"),
    ("いわし", "鰯"),
    ("さんま", "秋刀魚"),
    ("たら", "鱈"),
    ("かき", "牡蠣"),
    ("里いも", "里芋"),
    ("じゃがいも", "じゃが芋"),
    ("きゅうり", "胡瓜"),
    ("ご飯", "ごはん"),
    ("卵", "玉子"),
    ("卵", "たまご"),
    ("チャーハン", "炒飯"),
    ("寿司", "すし"),
    ("春巻き", "春巻"),
    ("照り焼き", "照焼き"),
    ("煮つけ", "煮付け"),
    ("肉だんご", "肉団子"),
    ("麻婆", "マーボー"),
    ("冷ややっこ", "冷奴"),
    ("みそ汁", "おみそ汁"),
    ("味噌汁", "お味噌汁"),
    ("豚肉のしょうが焼き", "豚のしょうが焼き"),
    ("豚肉のしょうが焼き", "豚の生姜焼き"),
)
CUISINES: Final = {
    "和": "和食 和風 日本料理 日本食 和の料理 和食系 和風料理",
    "洋": "洋食 洋風 西洋料理 洋風料理 洋食系",
    "中": "中華 中華料理 中華風 中華系",
    "韓": "韓国 韓国料理 韓国風 韓国系 コリアン",
    "エスニック": "エスニック エスニック料理 エスニック風 アジアン",
}
# Kitchens within a cuisine, by their homes, and a pattern of the names of their dishes.
KITCHENS: Final = {
    "イタリア": r"(?<!和風)(?:スパゲッティ|パスタ|ペンネ|ラザニア|リゾット|ピザ$)|カプレーゼ"
    r"|カルパッチョ|ミネストローネ|アクアパッツァ|ピカタ|ペペロン|カルボナーラ|ボンゴレ|ブルスケッタ"
    r"|マカロニのトマト煮|香草パン粉焼き|モッツァレラ|なすのマリネ|赤パプリカのマリネ",
    "フランス": r"ムニエル|ラタトゥイユ|ポトフ|ビーフシチュー|ヴィシソワーズ|ポタージュ"
    r"|クロックムッシュ|キャロットラペ|オニオングラタンスープ|クリーム煮|グラッセ|ミモザサラダ|グラタン$",
    "スペイン": r"アヒージョ|パエリア|ガスパチョ|スペイン風|パンスープ|ガーリック炒め",
    "ドイツ": r"ジャーマン|ザワークラウト|ウインナーのチーズ焼き",
    "アメリカ": r"タコライス|ロコモコ|ミートローフ|ホットドッグ|コールスロー|ステーキ"
    r"|フライドポテト|チリコンカン|クラムチャウダー",
    "タイ": r"タイ風|トムヤム|カオマンガイ|ガパオ|ナンプラー|スイートチリ|バジル炒め"
    r"|春雨とえびのエスニック",
    "ベトナム": r"ベトナム|フォー$|バインミー|レタス巻き",
    "インド": r"キーマカレー|バターチキン|タンドリー|クミン|スパイス蒸し炒め|チキンカレー"
    r"|ヨーグルトサラダ",
    "インドネシア": r"ナシゴレン|ピーナッツだれ",
    "メキシコ": r"タコス|タコライス|チリコンカン|アボカドのディップ|コーンのスパイスチーズ",
    "四川": r"麻婆|担々|回鍋肉|棒々鶏|えびのチリ|エビチリ|よだれ鶏",
    "台湾": r"台湾|ルーロー|魯肉",
}
# Names that stand for a cuisine where a word of taste follows (タイの屋台) or another such name
# does (タイやベトナム); alone, タイ is a fish.
HOMES: Final = {
    "和": "日本 和",
    "洋": "イタリア フランス スペイン ドイツ アメリカ ギリシャ ヨーロッパ 欧風 地中海 洋",
    "中": "中国 台湾 四川 広東 上海 香港",
    "韓": "韓国",
    "エスニック": "タイ ベトナム インド インドネシア メキシコ マレーシア シンガポール フィリピン "
    "ネパール アジア 東南アジア 南国",
}
# What a kitchen is called besides.
KITCHEN_NAMES: Final = {
    "イタリア": "イタリアン",
    "フランス": "フレンチ",
    "アメリカ": "アメリカン",
    "メキシコ": "メキシカン",
}
# Of three characters at most: タイやベトナム must be longer than ベトナムみたい to be read.
TASTES: Final = _words("料理 風 ふう の味 っぽ みたい らしい の屋台 の食堂 の家庭 のご飯")
MEALS: Final = {
    "朝食": "朝食 朝ご飯 朝ごはん 朝御飯 朝飯 朝めし あさごはん あさめし モーニング ちょうしょく "
    "朝の献立 朝のメニュー 朝のおかず",
    "昼食": "昼食 昼ご飯 昼ごはん 昼御飯 昼飯 昼めし お昼ご飯 お昼ごはん お昼 ランチ ひるごはん "
    "ちゅうしょく ひるめし 昼の献立 昼のメニュー 昼のおかず",
    "夕食": "夕食 夕ご飯 夕ごはん 夕御飯 夕飯 夕めし 晩ご飯 晩ごはん 晩御飯 晩飯 晩めし 夜ご飯 "
    "夜ごはん 夜御飯 夜飯 夜めし よるめし ばんめし ゆうめし "
    "ディナー ばんごはん ゆうごはん よるごはん ゆうしょく ゆうはん 今晩 今夜 晩の献立 "
    "晩のメニュー 晩のおかず 夜の献立 夜のメニュー 夜のおかず",
    "お弁当": "お弁当 弁当 おべんとう べんとう 塾弁 部活弁 園弁 ランチボックス 🍱",
    "朝食 昼食 夕食": "朝昼晩 朝昼夕 朝昼夜 朝・昼・夕 朝・昼・晩 朝・昼・夜 朝、昼、夕 "
    "朝、昼、晩 朝、昼、夜 三食 3食 毎食",
}
# Ordinary words that a food's name hides in; a mention that lies inside one is none.
ORDINARY_WORDS: Final = _words(
    "のりのり そばにあ そばにい そばのす いかがで いかがな いかがか いかがお過 いかが? いかが。 "
    "いかが! いかにも いかにして "
    "いかに簡単 いかなる "
    "いかん いかほど もちもち もちろん 気もち 日もち 腹もち 長もち 金もち 子もち "
    "静かに 確かに 豊かに 細かに 僅かに 何かに 誰かに 遥かに はるかに わずかに しずかに "
    "たしかに ゆたかに "
    "静かな 確かな 豊かな 細かな いくらでも いくらくらい いくらぐらい いくらです いくらかか "
    "いくらあって いくら食べ "
    "いくらなんで いくらなんと いくらなんだ いくらに いくら? いくらする いくらした 金魚 昭和の "
    "令和の 平和の "
    "になると くなると なるとです となると まだこの まだこれ きらずに おからだ おもちゃ "
    "るでしょうが いでしょうが たでしょうが うでしょうが ましょうが "
    "しょうがな フライパン バタバタ 糖質オフ カロリーオフ 塩分オフ 脂質オフ タイプ タイミング "
    "タイム たいへん たいてい "
    "たいした のそばに そばに置 そばで見 そばに住 日ぶり 年ぶり 月ぶり 週間ぶり 久しぶり "
    "久々ぶり タイに旅 タイに行 タイへ のりのいい のりの良 ふとした ふとし 母乳 授乳 "
    "離乳 搾乳 筋肉 皮肉 一味違 小豆島 かき混ぜ かき回 かき氷 かき揚げ "
    "かきあげ なすべき パンパン かぶって かぶる かぶり かぶらず かき玉 かきたま "
    "あじつけ あじ付け ライスペーパー "
    "ミルクティー オレンジ色 もものすご "
    # An adjective and もの, and no potato: 食べられな[いもの], 甘[いもの].
    "ないもの たいもの しいもの らいもの まいもの くいもの かいもの わいもの いいもの ぱいもの "
    "甘いもの 辛いもの 硬いもの 固いもの 堅いもの 重いもの 軽いもの 熱いもの 濃いもの 薄いもの "
    "やすいもの づらいもの "
    "苦いもの 臭いもの 強いもの 弱いもの 安いもの 高いもの 良いもの 多いもの 太いもの 細いもの "
    "丸いもの 古いもの 赤いもの 青いもの 白いもの 黒いもの 色いもの 酸いもの 渋いもの 粗いもの "
    "怖いもの 早いもの 若いもの 嫌いもの ないもん たいもん らいもん まいもん "
    # An itch, and no gruel.
    "かゆい かゆく かゆみ かゆか かゆう かゆさ かゆけ かゆが かゆな かゆっ かゆ〜 "
    "かぶれ かぶせ かぶとむし 浮かぶ まぶた まぶたが ぜんぶた かきむし 雪かき 汗をかき フォーク "
    "フォーム コメント つなぎ つないだ つながり はむしろ さばけ さばく さばいて つまめ つまんで "
    "もつらい においも しおれ ありがたい めでたい まだいけ おしゃぶり においからして"
)
# Short words that ordinary sentences are full of (食べ「たい」, 作っ「たら」): read with more care.
SHY_WORDS: Final = frozenset(
    _words(
        "いか たい たら たこ かに のり もち なす ふき かき もも さけ みそ しお こめ いも はす "
        "あじ そば しそ うめ もつ にく まめ だし ふ す みず おふ ばた"
    )
)
# May stand behind a word of katakana, as in トマトソース.
KATAKANA_TAILS: Final = _words(
    "ソース スープ サラダ カレー パスタ ライス フライ カツ ピラフ グラタン ドリア リゾット "
    "プラス ステーキ ソテー ベース オンリー アレンジ リメイク "
    "マリネ ケーキ ゼリー ジュース サンド トースト オムレツ チャーハン ラーメン メニュー レシピ "
    "メイン "
    "アレルギー フリー レス パーティー チャウダー パウダー バーグ ボール キムチ スティック"
)
# Without it there is no menu: 「野菜嫌いの子でも食べられる献立」 does not ask for one without.
NEVER_DISPENSABLE: Final = frozenset({"野菜"})
# Basics that nobody means by naming them; read only when they are left out.
NEVER_WISHED: Final = frozenset(
    {"水", "塩", "砂糖", "酒", "ご飯", "米", "サラダ油", "米油"}
    # Recipes name these for those who need them.
    | {"純正ごま油", "だしなしみそ", "だしなし白みそ"}
)
