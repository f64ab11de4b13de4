"""What a cook does not serve to somebody, or at some meal, while there is anything else.

A row for each meal, style, condition (`conditions.toml`) and thing that is told (`suiting.TOLD`).
Nothing that must be kept: dishes that fit go first wherever there is a choice of them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from chef_llm.cookbook import Cookbook, Dish, Role
from chef_llm.cookbook.tools import tools_of
from chef_llm.cookbook.vocabulary import PLAIN_RICE
from chef_llm.menus.clashes import flavours_of
from chef_llm.reading.order import Order, Slot
from chef_llm.reading.suiting import OF_AN_OUTING, OUTING


@dataclass(frozen=True)
class Unfit:
    """What does not fit: dishes by their names (a pattern), how they are cooked, what they hold.

    Of a food or group so many grams are in a dish that holds it. `most_yen` is what a serving of a
    main or bowl may cost, any other dish a third of it, `most_minutes` how long any may take,
    `most_steps` and `most_ingredients` how much of a recipe it may be; what is made `ahead` keeps;
    `sides` are names beside what leads alone. `leading` is the tag that is wished for of what
    leads.
    """

    names: str = "(?!)"
    sides: str = "(?!)"
    methods: frozenset[str] = frozenset()
    foods: frozenset[str] = frozenset()
    flavours: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    tools: frozenset[str] = frozenset()
    raw: bool = False
    most_yen: float | None = None
    most_minutes: int | None = None
    most_steps: int | None = None
    most_ingredients: int | None = None
    ahead: bool = False
    cuisines: frozenset[str] = frozenset()
    leading: str | None = None


# It fits everybody.
WHITE_RICE: Final = "ご飯"
FRIED: Final = frozenset({"揚げる"})
SOFT: Final = "やわらかい"
MINCED: Final = "ひき肉"
GENTLE: Final = frozenset({"煮る", "蒸す", "ゆでる", "電子レンジ"})
HELD_GRAMS: Final = 8.0
# Beside what keeps for days: cooked or marinated before, and warmed up or cut when they come.
MADE_AHEAD: Final = (
    "シチュー|煮込み|ミートローフ|ローストチキン|マリネ|ラペ|コールスロー|(?:ポテト|マカロニ)サラダ"
)
OTHERS_SHARE: Final = 3
# Fish with its bones, wings and shanks.
_BONES: Final = (
    "手羽|あじの(?:塩焼き|開き|南蛮)|さんま(?!の(?:蒲焼き|炊き込み))|いわしの(?:梅煮|塩焼き)"
    "|かれい|ししゃも|たいの塩焼き|アクアパッツァ"
    r"|せんば汁|かす汁|みぞれ汁|三平汁|潮汁|^煮つけ|スペアリブ|小魚|田作り"
)
_HARD: Final = (
    "もつ|レバ|サラダチキン|ささみ|^ステーキ$|トンテキ|まぐろのガーリック|するめ|たこ"
    "|いか(?!な)|ごぼう|きんぴら|れんこんの(?!はさみ)|たたき|せんべい"
    "|ピーナッツ|アーモンド|カシューナッツ|切り干し|はりはり|こんにゃく|しらたき|たくあん"
    "|ジャーキー|ナッツ"
)
_BITTER: Final = (
    "春菊|ゴーヤ|菜の花|セロリ|みょうが|らっきょう|ふき|わさび|からし(?!み)|ゆずこしょう"
    "|クレソン|パクチー|ハーブ|高菜|レバ|もつ|ピリ辛|五目豆"
    r"|ピーマン(?!の肉詰め)|塩昆布|かいわれ|ルッコラ"
    r"|大豆とじゃこ|ミックスビーンズ|蒸し大豆|黒豆|納豆汁|きくらげ|クミン|スパイス|梅おかか"
)
_ILL: Final = Unfit(
    names=rf"{_HARD}|ピーマン|もやし|かす汁|レタス|セロリ|水菜|ぶり|ハム|肉吸い|粕汁|角煮|焼肉"
    "|カツ|鍋(?!焼き)|カレー|キムチ|コチュジャン|チゲ|麻婆|担々|サンラ|ガーリック|にんにく"
    "|ベーコン|ウインナー|ナムル"
    "|きくらげ|ひじき|わかめ|めかぶ|もずく|きのこの|しいたけ|たけのこ|コーン(?!ス|ポ)"
    "|豆もやし|ラーメン|刺身|カルパッチョ|なめろう"
    "|にら|ニラ|ねぎ塩|揚げ出し|照り焼き|蒲焼き|から揚げ|マヨ|チーズ|グラタン|クリーム|バター"
    "|ココナッツ|冷|さば|納豆|かに玉|とん平|オムレツ|焼き豚|ぎょうざ|れんこん|塩昆布",
    methods=FRIED | {"生", "漬ける", "炒める"},
    flavours=frozenset({"酢", "カレー", "キムチ", "にんにく", "ココナッツ", "マヨネーズ"}),
    tags=frozenset({"辛い", "こってり"}),
    foods=frozenset(
        {"いか・たこ", "ごぼう", "れんこん", "たけのこ", "こんにゃく", "内臓", "いか", "たこ"}
    ),
    raw=True,
)
_HOT: Final = Unfit(
    names="鍋|シチュー|グラタン|ドリア|チャウダー|おでん|豚汁|かす汁|粕汁|ポタージュ|煮込み|角煮",
    tags=frozenset({"温まる"}),
)
UNFIT: Final[dict[str, Unfit]] = {
    "朝食": Unfit(
        names="かき揚げ|天ぷら|から揚げ|カツ|フライ|マリネ|南蛮|酢の物|甘酢|なます|チャウダー"
        "|シチュー|ガーリック|にんにく|コチュジャン|キムチ"
        "|ピリ辛|からし|わさび|担々|サンラ|カレー(?!トースト)|かす汁|角煮|もつ|レバー|チゲ"
        "|ユッケジャン|トムヤムクン|エスニック|ナンプラー|ココナッツ"
        r"|アヒージョ|田楽|つみれ|せんば|みぞれ|三平|大根もち|すいとん|オイスター|ナムル",
        methods=FRIED,
        foods=frozenset({"いか・たこ", "いか", "たこ"}),
        tags=frozenset({"辛い", "こってり", "行事"}),
    ),
    "病気": _ILL,
    "胃もたれ": replace(
        _ILL,
        names=rf"{_ILL.names}|ポタージュ|チャウダー|ハンバーグ|ロールキャベツ|重ね煮|フレンチ"
        "|いも(?!と玉)|マッシュ|しゅうまい|ミルク|スクランブル",
        foods=_ILL.foods | {"乳"},
    ),
    "冷たい": Unfit(
        names=r"鍋|煮|あんかけ|スープ(?!.*冷)|汁$(?<!冷や汁)|スパゲッティ|うどん|南蛮そば",
        methods=FRIED | {"煮る", "焼く", "炒める", "蒸す"},
    ),
    "冬": Unfit(names=r"冷たい|ヴィシソワーズ|ガスパチョ|冷や(?!や)|冷製|^冷やし"),
    "切り身": Unfit(names=r"しゃぶ|刺身|カルパッチョ|たたき|なめろう|山かけ"),
    "洋": Unfit(
        names="魚肉ソーセージ|ちくわ|たことじゃがいも|サラダチキン|目玉焼き|巣ごもり"
        "|大豆と(?:トマト|ひじき)|油揚げ|ぎょうざの皮|さば缶|レンジ"
    ),
    "やわらかい": Unfit(
        names=rf"{_BONES}|{_HARD}|(?<!かぼちゃ)サラダ|ナムル|ラペ|しりしり|きのこ|もやし|えのき|しめじ|ひじき"
        "|たけのこ|焼肉|カツ|春雨|にら|水菜|玄米|麦ご飯",
        methods=FRIED | {"生", "漬ける"},
    ),
    # What everybody knows for its salt, however little is in a serving.
    "減塩": Unfit(
        names="三平汁|ちゃんこ|粕汁|塩鮭|塩さば|開き|浅漬け|たくあん|たらこ|明太子|キムチ|塩昆布|梅"
        "|ラーメン|ハム|ベーコン|ウインナー|ちくわ|はんぺん"
    ),
    "高齢": Unfit(
        names=f"{_BONES}|{_HARD}|カシュー|むね肉の(?:照|ソテー|塩麹|塩から)",
        methods=FRIED,
        tags=frozenset({"辛い"}),
    ),
    "飲み込む力が弱い": Unfit(names=f"{_BONES}|{_HARD}|角煮", methods=FRIED),
    "3歳未満の子": Unfit(names=f"{_BONES}|{_BITTER}|{_HARD}|梅|キムチ|しゃぶ$", raw=True),
    "3〜5歳の子": Unfit(
        names=f"{_BONES}|{_BITTER}|キムチ",
        foods=frozenset({"大豆水煮", "蒸し大豆", "ミックスビーンズ", "黒豆水煮", "春菊", "ゴーヤ"}),
    ),
    "子ども向け": Unfit(
        names=f"{_BITTER}|せんば|かす汁|さば缶|酢の物|なます", tags=frozenset({"辛い"})
    ),
    "子ども": Unfit(
        names=f"{_BITTER}|マリネ|ピクルス|めかぶ|もずく|とろろ昆布|なめこおろし",
        tags=frozenset({"辛い"}),
    ),
    "猫舌": Unfit(
        names="あん(?!かけ焼き鳥)|鍋|グラタン|ドリア|シチュー|チャウダー|ポタージュ|ラーメン"
        "|(?<!サラダ)うどん|雑炊|がゆ|かゆ|おでん|チゲ|スンドゥブ|麻婆"
        "|湯豆腐|とろみ|すき焼き|しゃぶ(?!サラダ|おろし)|たこ焼き|ちゃんぽん|タンメン|担々"
        "|サンラ|フォー|にゅうめん|クッパ|アヒージョ|ラザニア|豆乳煮|クリーム煮"
        r"|小籠|揚げ出し|茶碗蒸し|グリル|サムゲタン|力うどん",
        tags=frozenset({"温まる"}),
    ),
    "寒い": Unfit(
        names="冷|サラダ(?!チキン)|刺身|カルパッチョ|たたき(?!ごぼう)|なめろう|棒棒鶏"
        "|よだれ鶏|ざる",
        sides="マリネ|酢の物|甘酢|なます|浅漬け|ピクルス|やっこ|しらすおろし|おろしあえ|ラペ"
        "|コールスロー|短冊|とろろ|もずく|めかぶ|ヨーグルト|レタス",
        methods=frozenset({"生", "漬ける"}),
        leading="温まる",
    ),
    "温まる": Unfit(
        names=r"冷|サラダ(?!チキン)|刺身|カルパッチョ",
        sides="マリネ|酢の物|なます|浅漬け|ピクルス|やっこ|しらすおろし|ラペ|コールスロー"
        "|短冊|もずく|めかぶ|ヨーグルト|レタス",
        methods=frozenset({"生", "漬ける"}),
        leading="温まる",
    ),
    "初心者": Unfit(
        names="フライ(?!パン|ドポテト)|カツ|コロッケ|春巻き|ぎょうざ(?!の皮)|ロールキャベツ"
        "|ポタージュ|ヴィシソワーズ|肉詰め|はさみ|グラタン|ラザニア|ドリア|だし巻き|茶碗蒸し"
        "|しゅうまい|天ぷら|かき揚げ|マヨ$|角煮|巻き(?!寿司|おにぎり)|あんかけ|伊達巻|寿司"
        "|がんも|かば焼き|オムライス|オムレツ|なめろう|茶巾|コーンスープ|^すいとん|つみれ"
        "|酢豚|八宝菜|もつ|レバ|あさり|すね肉|チャウダー|シチュー|クリーム煮|豆乳|芋煮|卯の花"
        "|アボカド|アクアパッツァ|ココナッツ|ナンプラー|サンラ|かす汁|せんば",
        methods=FRIED,
        tools=frozenset({"ミキサー", "圧力鍋", "オーブン"}),
        cuisines=frozenset({"エスニック"}),
        most_minutes=35,
        most_steps=5,
        most_ingredients=12,
    ),
    # What is cooked for many, or not worth the oil.
    "一人": Unfit(
        names="(?<!回)鍋$|すき焼き|しゃぶ(?!サラダ|おろし)|おでん|水炊き|煮豚|煮しめ|筑前煮"
        "|ローストチキン|ミートローフ|ロールキャベツ|手巻き|ちらし寿司|盛り合わせ|なます"
        "|天ぷら|かき揚げ|コロッケ|春巻き|ラザニア",
    ),
    # What is made before the guests come, or in the morning.
    "前もって": Unfit(
        names="鍋|しゃぶ(?!サラダ)|すき焼き|刺身|カルパッチョ|たたき(?!ごぼう)|ステーキ",
        methods=FRIED | {"生"},
        ahead=True,
    ),
    "来客": Unfit(
        names="そばめし|^焼きそば|焼きうどん|卵かけ|納豆|目玉焼き|ハムエッグ|お茶漬け|おかゆ"
        "|雑炊|おにぎり|缶|魚肉ソーセージ|ウインナー|もやしの|ちくわ|はんぺん|かにかま"
        "|やみつき|とん平|たこ焼き|お好み焼き"
        r"|雑煮|高野豆腐(?!と)|麻婆|オムレツ|チャーハン|丼|レンジ|卵とじ|巣ごもり|スクランブル|油揚げの",
    ),
    "おもてなし": Unfit(
        names=r"そばめし|卵かけ|納豆|目玉焼き|ハムエッグ|魚肉ソーセージ|缶|もやしの|とん平|お茶漬け"
    ),
    "キャンプ": Unfit(
        names="卵かけ|茶碗蒸し|天ぷら|フライ(?!パン)|から揚げ|カツ|レンジ|ポタージュ|鉄火"
        "|寿司|海鮮丼|しらす丼",
        methods=FRIED | {"電子レンジ", "漬ける"},
        tools=frozenset({"オーブン", "電子レンジ", "ミキサー", "魚焼きグリル", "トースター"}),
        raw=True,
    ),
    "行楽": Unfit(names=rf"^(?!.*(?:{OF_AN_OUTING}))"),
    "お弁当": Unfit(
        names="キムチ|ガーリック|にんにく|にら|チャプチェ|納豆",
        flavours=frozenset({"にんにく", "キムチ"}),
    ),
    "におい": Unfit(
        names="キムチ|ガーリック|にんにく|にら|ニラ|らっきょう|ねぎ塩|納豆|ぎょうざ|チャプチェ|焼肉"
        "|カレー|玉ねぎの(?:おかか)?サラダ|オニオンスライス|くさや|もつ|レバ|ホルモン|麻婆",
        flavours=frozenset({"にんにく", "キムチ", "カレー"}),
    ),
    "時短": Unfit(
        names="角煮|煮込み|シチュー|ロールキャベツ|肉詰め|はさみ|グラタン|ラザニア|ドリア|ポタージュ"
        "|ヴィシソワーズ|コロッケ|カツ(?!オ)|フライ(?!パン|ドポテト)|から揚げ|天ぷら|かき揚げ"
        "|春巻き|ぎょうざ(?!の皮)|しゅうまい|おでん|筑前煮|茶碗蒸し|寿司|すき焼き|ハンバーグ|つくね"
        "|チャウダー",
        methods=FRIED,
        tools=frozenset({"オーブン", "圧力鍋", "ミキサー"}),
        most_minutes=25,
    ),
    "食欲がない": replace(
        _HOT,
        names=rf"{_HOT.names}|カレー|にんにく|ガーリック|クリーム|チーズ|バター|麻婆|担々|あんかけ|クミン"
        "|スパイス|ステーキ|ハンバーグ|焼肉",
        methods=FRIED,
        tags=frozenset({"温まる", "こってり"}),
        flavours=frozenset({"クリーム", "ココナッツ", "にんにく"}),
        cuisines=frozenset({"エスニック", "韓"}),
    ),
    "暑い": _HOT,
    "節約": Unfit(
        names="ほたて|牛|たい(?:の|めし)|うなぎ|かに(?!風味|かま)|うに|いくら|まぐろ|えび"
        "|かき(?!た|揚)|刺身|ステーキ|アボカド|アスパラ",
        most_yen=210.0,
    ),
    "糖尿病": Unfit(
        names="かぼちゃ|さつまいも|甘煮|甘辛|甘酢|大学いも|はちみつ|いとこ煮|きんとん"
        "|照り焼き|蒲焼き|角煮|じゃがいもの|ポテト|マカロニ|餅|もち$|春雨",
    ),
    "低糖質": Unfit(
        names="れんこん|かぼちゃ|いも|春雨|マカロニ|ポテト|コーン|とうもろこし|甘煮|甘酢"
        "|大学いも|餅|もち$"
    ),
}


def told_of(order: Order, slot: Slot) -> frozenset[str]:
    """Return the names of all rows that hold for a meal."""
    constraints = order.constraints
    told: set[str] = {slot.meal, *order.told, *constraints.conditions}
    if order.servings_of(slot) == 1 and slot.meal in ("昼食", "夕食"):
        told.add("一人")
    if slot.meal != "お弁当":
        told.discard(OUTING)
    told |= {word for word in (order.style, constraints.cuisine, constraints.season) if word}
    if "carbohydrate_g" in {**order.constraints_of(slot).limits, **order.aims_of(slot)}:
        told.add("低糖質")
    if order.buys_nothing:
        # What is there costs nothing more.
        told.discard("節約")
    if "low_salt" in constraints.diets:
        told.add("減塩")
    return frozenset(told & UNFIT.keys())


def is_soft(dish: Dish, cookbook: Cookbook) -> bool:
    """Tell whether a dish is eaten without much chewing.

    By its tag, or simmered or steamed: beside the main anything, as a main what holds no pieces of
    meat.
    """
    if SOFT in dish.tags:
        return True
    if dish.method not in GENTLE:
        return False
    foods = [cookbook.ingredients[name] for name in dish.keywords]
    is_main = dish.role == Role.MAIN or dish.is_one_bowl
    return not is_main or not any(
        food.section == "肉" and MINCED not in food.groups for food in foods
    )


@lru_cache(maxsize=64)
def unfit_dishes(told: frozenset[str], cookbook: Cookbook) -> frozenset[str]:
    """Return the names of the dishes that do not fit what is told."""
    rows = [UNFIT[name] for name in sorted(told)]
    return frozenset(
        dish.name
        for dish in cookbook.dishes.values()
        if dish.name != WHITE_RICE
        and any(
            re.search(row.names, dish.name)
            if dish.name in PLAIN_RICE
            else any(_reasons(dish, row, cookbook))
            for row in rows
        )
    )


def leads_by(told: Iterable[str]) -> frozenset[str]:
    """Return the tags of which what leads the meal is to have one."""
    return frozenset(filter(None, (UNFIT[name].leading for name in told)))


def _is_made_ahead(dish: Dish) -> bool:
    """Tell whether a dish is as good some hours after it was cooked."""
    return bool(dish.keeps) or re.search(MADE_AHEAD, dish.name) is not None


def _reasons(dish: Dish, row: Unfit, cookbook: Cookbook) -> Iterator[bool]:
    """Yield whether each kind of reason holds against a dish."""
    yield bool(re.search(row.names, dish.name))
    is_leading = dish.role == Role.MAIN or dish.is_one_bowl
    yield not is_leading and dish.role == Role.SIDE and bool(re.search(row.sides, dish.name))
    yield dish.method in row.methods
    yield bool(row.tags & dish.tags)
    yield row.raw and bool(dish.raw)
    yield bool(row.tools) and bool(row.tools & tools_of(dish))
    yield bool(row.flavours) and not row.flavours.isdisjoint(flavours_of(dish))
    yield bool(row.foods) and any(
        part.grams >= HELD_GRAMS
        and (part.name in row.foods or row.foods & cookbook.ingredients[part.name].groups)
        for part in dish.ingredients
    )
    yield dish.cuisine in row.cuisines
    yield row.most_minutes is not None and dish.all_minutes > row.most_minutes
    yield row.most_steps is not None and len(dish.steps) > row.most_steps
    yield row.most_ingredients is not None and len(dish.ingredients) > row.most_ingredients
    yield row.ahead and dish.role in (Role.MAIN, Role.SIDE) and not _is_made_ahead(dish)
    if row.most_yen is not None:
        most = row.most_yen if is_leading else row.most_yen / OTHERS_SHARE
        yield cookbook.price_yen(dish).usual > most
