"""The shipped cookbook keeps its rules, and the loader refuses what breaks them."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from chef_llm.cookbook import (
    ALLERGENS,
    MANDATORY,
    RECOMMENDED,
    RULE,
    Cookbook,
    CookbookError,
    Dish,
    DishIngredient,
    Ingredient,
    Nutrients,
    Role,
    load_cookbook,
)
from chef_llm.cookbook.checks import MOST_ENERGY_KCAL, MOST_SALT_GRAMS
from chef_llm.cookbook.loader import read_cookbook
from chef_llm.cookbook.model import Method, fold
from chef_llm.cookbook.plate import Way, eaten_share
from chef_llm.cookbook.vocabulary import Cuisine
from chef_llm.menus.constraints import allowed_dishes
from chef_llm.reading.order import Constraints

COOKBOOK = load_cookbook()
DISHES = list(COOKBOOK.dishes.values())
INGREDIENTS = list(COOKBOOK.ingredients.values())


# The shipped cookbook.


def test_the_cookbook_is_read_once_per_process() -> None:
    assert load_cookbook() is COOKBOOK


def test_every_role_has_dishes_to_choose_from() -> None:
    fewest = {Role.STAPLE: 20, Role.MAIN: 70, Role.SIDE: 70, Role.SOUP: 25}
    dishes = Counter(dish.role for dish in DISHES)

    assert not {role: dishes[role] for role in fewest if dishes[role] < fewest[role]}


def test_the_cookbook_has_two_hundred_dishes() -> None:
    assert len(DISHES) >= 200


def test_every_cuisine_has_a_staple_or_a_main() -> None:
    cuisines = {dish.cuisine for dish in DISHES if dish.role in (Role.STAPLE, Role.MAIN)}

    assert cuisines == set(get_args(Cuisine))


def test_every_cooking_method_is_used() -> None:
    assert {dish.method for dish in DISHES} == set(get_args(Method))


def faults_of_dish(dish: Dish) -> Iterator[str]:
    """Yield what keeps a dish from being cooked as the cookbook says."""
    nutrition = COOKBOOK.nutrition(dish)
    rules = {
        "3 to 7 steps": 3 <= len(dish.steps) <= 7,
        "a step is a sentence": all(
            step == step.strip() and step.endswith(("。", "）")) for step in dish.steps
        ),
        "ingredients are of the table": dish.ingredient_names <= COOKBOOK.ingredients.keys(),
        "keywords are ingredients": set(dish.keywords) <= dish.ingredient_names,
        "the tip is a sentence": dish.tip.endswith("。"),
        "name and tip are a line each": "\n" not in dish.tip + dish.name,
        "energy": 0 < nutrition.energy_kcal <= MOST_ENERGY_KCAL,
        "salt": nutrition.salt_g <= MOST_SALT_GRAMS,
    }
    yield from (f"{dish.name}: {rule}" for rule, is_kept in rules.items() if not is_kept)


def faults_of_ingredient(ingredient: Ingredient) -> Iterator[str]:
    """Yield what cannot be true of an ingredient."""
    number, per_100g = ingredient.food_number, ingredient.per_100g
    parts = per_100g.protein_g + per_100g.fat_g + per_100g.carbohydrate_g + per_100g.salt_g
    rules = {
        "food number": number == "-" or (len(number) == 5 and number.isdecimal()),
        "allergens are of the rule": ingredient.allergens <= set(ALLERGENS),
        "energy": per_100g.energy_kcal <= 921,
        # Acids, alcohol and rounding: the parts may miss 100 g, but never pass it by much.
        "parts of 100 g": parts <= 101,
        "fibre is carbohydrate": per_100g.fibre_g <= per_100g.carbohydrate_g + 1,
    }
    yield from (f"{ingredient.name}: {rule}" for rule, is_kept in rules.items() if not is_kept)


def test_every_dish_can_be_cooked_from_what_the_cookbook_says() -> None:
    faults = [fault for dish in DISHES for fault in faults_of_dish(dish)]

    assert not faults, faults[:10]


def test_every_ingredient_has_figures_that_can_be_true() -> None:
    faults = [fault for ingredient in INGREDIENTS for fault in faults_of_ingredient(ingredient)]

    assert not faults, faults[:10]


def test_no_two_dishes_sound_the_same() -> None:
    readings = Counter(dish.reading for dish in DISHES)

    assert [reading for reading, count in readings.items() if count > 1] == []


def test_no_alias_means_two_ingredients() -> None:
    owners: dict[str, set[str]] = {}
    for ingredient in INGREDIENTS:
        for word in (ingredient.name, *ingredient.aliases):
            owners.setdefault(fold(word), set()).add(ingredient.name)

    assert {word: names for word, names in owners.items() if len(names) > 1} == {}


def test_an_ingredient_is_found_as_people_type_it() -> None:
    typed = {
        "鶏胸肉": "鶏むね肉",
        "とりむね": "鶏むね肉",
        "鶏むね": "鶏むね肉",
        "とりむねにく": "鶏むね肉",
        "きゃべつ": "キャベツ",
        "ｷｬﾍﾞﾂ": "キャベツ",
        "人参": "にんじん",
        "ニンジン": "にんじん",
        "玉葱": "玉ねぎ",
        "タマネギ": "玉ねぎ",
        "たまご": "卵",
        "玉子": "卵",
        "醤油": "しょうゆ",
        "味噌": "みそ",
        # 酒 reads さけ too; people who write it in kana mean the fish.
        "さけ": "生鮭",
        "酒": "酒",
    }

    assert {word: COOKBOOK.spellings.get(fold(word)) for word in typed} == typed


# Allergens.


def test_the_allergen_rule_is_that_of_2026() -> None:
    assert "2026年4月1日" in RULE
    assert len(MANDATORY) == 9
    assert len(RECOMMENDED) == 20
    assert len(set(ALLERGENS)) == 29
    assert "カシューナッツ" in MANDATORY
    assert "ピスタチオ" in RECOMMENDED
    assert "まつたけ" not in ALLERGENS


# What common brands label; a plain food has nothing to label.
LABELLED = {
    "しょうゆ": "小麦 大豆",
    "みそ": "大豆 さば",
    "白みそ": "大豆 さば",
    "酢": "小麦 りんご",
    "すし酢": "小麦",
    "ポン酢しょうゆ": "小麦 大豆",
    "めんつゆ": "小麦 大豆 さば",
    "白だし": "小麦 大豆 さば",
    "顆粒和風だし": "小麦 大豆 乳 さば",
    "コンソメ": "小麦 大豆 乳 鶏肉 豚肉 牛肉",
    "鶏がらスープの素": "小麦 大豆 乳 鶏肉 豚肉",
    "カレールウ": "小麦 乳 大豆 りんご バナナ 牛肉 鶏肉 豚肉",
    "シチュールウ": "小麦 乳 大豆",
    "焼肉のたれ": "小麦 大豆 ごま りんご",
    "コチュジャン": "小麦 大豆",
    "豆板醤": "大豆",
    "甜麺醤": "小麦 大豆",
    "オイスターソース": "小麦 大豆",
    "ウスターソース": "大豆 りんご バナナ",
    "中濃ソース": "大豆 りんご バナナ",
    "お好み焼きソース": "小麦 大豆 りんご もも",
    "マヨネーズ": "卵 大豆 りんご",
    "ナンプラー": "えび さば",
    "ごま油": "ごま 大豆",
    "サラダ油": "大豆",
    "ねりごま": "ごま 落花生 大豆",
    "ココナッツミルク": "乳",
    "梅干し": "小麦 大豆 りんご",
    "ラー油": "ごま 大豆",
    "バター": "乳",
    "生クリーム": "乳",
    "ピザ用チーズ": "乳",
    "プレーンヨーグルト": "乳",
    "パン粉": "小麦 卵 乳 大豆",
    "食パン": "小麦 卵 乳 大豆",
    "お好み焼き粉": "小麦 乳 やまいも さば",
    "ぎょうざの皮": "小麦",
    "そば": "そば 小麦 卵",
    "うどん": "小麦",
    "スパゲッティ": "小麦 卵",
    "麩": "小麦",
    "ちくわ": "小麦 卵 大豆 えび かに 鶏肉 豚肉",
    "かまぼこ": "小麦 卵 大豆 えび かに 鶏肉 豚肉",
    "はんぺん": "卵 やまいも 鶏肉 豚肉",
    "さつま揚げ": "小麦 卵 大豆 鶏肉 豚肉",
    "つみれ": "小麦 卵 大豆 鶏肉 豚肉",
    # Shrimp and crabs live among them and are caught with them.
    **dict.fromkeys(("あさり", "はまぐり", "しじみ", "かき"), "えび かに"),
    **dict.fromkeys(("焼きのり", "青のり", "わかめ", "めかぶ", "ひじき", "もずく"), "えび かに"),
    **dict.fromkeys(("しらす干し", "ちりめんじゃこ", "煮干し", "ごまめ"), "えび かに いか さば"),
    "ベーコン": "卵 乳 大豆 豚肉",
    "ウインナー": "豚肉 卵 乳 大豆",
    "白菜キムチ": "小麦 大豆 えび さば りんご",
    "木綿豆腐": "大豆",
    "油揚げ": "大豆",
    "納豆": "大豆",
    "豆乳": "大豆",
    "生鮭": "さけ",
    "さば": "さば",
    "えび": "えび",
    "いか": "いか",
    "長いも": "やまいも",
    "カシューナッツ": "カシューナッツ",
    "ピーナッツ": "落花生 乳 大豆",
    "アーモンド": "アーモンド",
    "合いびき肉": "牛肉 豚肉",
    "ゼラチン": "ゼラチン",
    "あじの開き": "小麦 さば 大豆",
    "牛ステーキ肉": "牛肉 乳 小麦 大豆 ゼラチン",
    "つぶあん": "大豆",
    "天かす": "小麦 卵 乳 えび いか 大豆 鶏肉 豚肉",
    "スイートチリソース": "小麦 大豆 りんご えび かに いか さば",
}
PLAIN = ("ご飯", "米", "キャベツ", "玉ねぎ", "塩", "砂糖", "水")


def test_an_ingredient_carries_the_allergens_that_its_brands_label() -> None:
    missing = {
        name: unlabelled
        for name, allergens in LABELLED.items()
        if (unlabelled := set(allergens.split()) - COOKBOOK.ingredients[name].allergens)
    }

    assert not missing


def test_a_plain_ingredient_carries_no_allergen() -> None:
    assert not {name for name in PLAIN if COOKBOOK.ingredients[name].allergens}


@pytest.mark.parametrize(
    ("dish", "allergens"),
    [
        ("豆腐とわかめのみそ汁", {"大豆", "小麦", "さば", "えび", "かに"}),
        ("納豆", {"大豆", "小麦"}),
        ("焼肉", {"牛肉", "大豆"}),
        ("鶏むね肉の照り焼き", {"鶏肉", "小麦", "大豆"}),
        ("卵焼き", {"卵", "小麦", "大豆"}),
        ("ご飯", set()),
    ],
)
def test_a_dish_has_the_allergens_of_its_seasonings_too(dish: str, allergens: set[str]) -> None:
    assert COOKBOOK.allergens(COOKBOOK.dishes[dish]) == allergens


@pytest.mark.parametrize(
    ("dish", "plain", "granules", "allergens"),
    [
        ("焼肉", {"サラダ油"}, set(), {"牛肉"}),
        ("豆腐とわかめのみそ汁", {"みそ"}, set(), {"大豆", "小麦", "えび", "かに"}),
        (
            "豆腐とわかめのみそ汁",
            {"みそ"},
            {"だし汁"},
            {"大豆", "小麦", "えび", "かに", "乳", "さば"},
        ),
        ("ご飯", {"みそ", "サラダ油"}, {"だし汁"}, set()),
    ],
)
def test_other_products_hold_other_allergens(
    dish: str, plain: set[str], granules: set[str], allergens: set[str]
) -> None:
    other = COOKBOOK.with_products(frozenset(plain), frozenset(granules))

    assert other.allergens(other.dishes[dish]) == allergens


def test_a_kind_that_holds_less_holds_nothing_more() -> None:
    for food, kind in COOKBOOK.products.plain.items():
        fuller, plain = COOKBOOK.ingredients[food], COOKBOOK.ingredients[kind.instead]
        assert plain.allergens < fuller.allergens or plain.groups < fuller.groups, food
        assert plain.allergens <= fuller.allergens, food
        assert plain.groups <= fuller.groups, food
        assert fuller.measures.keys() <= plain.measures.keys(), food


def test_no_natto_dish_takes_the_sauce_of_the_pack() -> None:
    """The row of 納豆 is that of the beans alone."""
    dishes = [dish for dish in DISHES if "納豆" in dish.ingredient_names]

    assert dishes
    without = re.compile("たれ(?:を入れず|は使わず|は入れず|は使わない)")
    assert not [one.name for one in dishes if not without.search("".join((*one.steps, one.tip)))]


def test_soy_allergy_concerns_every_dish_with_miso() -> None:
    with_miso = [dish for dish in DISHES if "みそ" in dish.ingredient_names]

    assert with_miso
    assert not [dish.name for dish in with_miso if "大豆" not in COOKBOOK.allergens(dish)]


@pytest.mark.parametrize(
    ("name", "minutes", "waiting"),
    [
        ("卵焼き", 12, 0),
        ("大根の浅漬け", 10, 30),
        ("あさりのみそ汁", 15, 120),
        ("数の子の土佐漬け", 20, 2880),
        ("鶏のから揚げ", 25, 15),
        ("豆ご飯", 50, 30),
        ("みかんの牛乳ゼリー", 35, 60),
        ("ボンゴレビアンコ", 30, 120),
    ],
)
def test_a_wait_is_told_apart_from_the_work(name: str, minutes: int, waiting: int) -> None:
    dish = COOKBOOK.dishes[name]
    assert (dish.minutes, dish.waiting) == (minutes, waiting)
    assert dish.all_minutes == minutes + waiting


def test_what_is_overnight_is_in_no_menu_of_half_an_hour() -> None:
    quick = {dish.name for dish in allowed_dishes(Constraints(max_minutes=30), COOKBOOK)}
    assert {"卵焼き", "ご飯"} <= quick
    assert not quick & {"味玉", "タンドリーチキン", "さわらの西京焼き", "あさりの酒蒸し"}


@pytest.mark.parametrize(
    ("month", "named", "served"),
    [
        (11, (), False),
        (12, (), False),
        (2, (), True),
        (11, ("恵方巻",), True),
        (11, ("きゅうり",), False),
    ],
)
def test_a_feast_s_dish_is_served_at_its_time(
    month: int, named: tuple[str, ...], served: bool
) -> None:
    season = "冬春夏秋"[month % 12 // 3]
    kept = Constraints(season=season, month=month, of_any_season=frozenset(named))
    assert (COOKBOOK.dishes["恵方巻"] in allowed_dishes(kept, COOKBOOK)) is served


# Nutrition: one serving by hand, from the figures per 100 g of the food composition table.


@pytest.mark.parametrize(
    ("dish", "energy_kcal", "protein_g", "salt_g"),
    [
        # 精白米のめし 156 kcal, 2.5 g of protein: 150 g.
        ("ご飯", 156 * 1.50, 2.5 * 1.50, 0.0),
        # 絹ごし豆腐 56 kcal, 5.3 g: 150 g; しょうが 28, 0.9: 3 g; 小ねぎ 26, 2.0: 5 g;
        # しょうゆ 77, 7.7, salt 14.5: 6 g.
        (
            "冷ややっこ",
            56 * 1.50 + 28 * 0.03 + 26 * 0.05 + 77 * 0.06,
            5.3 * 1.50 + 0.9 * 0.03 + 2.0 * 0.05 + 7.7 * 0.06,
            14.5 * 0.06,
        ),
        # 卵 142 kcal, 12.2 g, salt 0.4: 75 g; だし 2, 0.3, 0.1: 15 g; 砂糖 391: 3 g; しょうゆ 2 g;
        # 油 886: 2 g.
        (
            "卵焼き",
            142 * 0.75 + 2 * 0.15 + 391 * 0.03 + 77 * 0.02 + 886 * 0.02,
            12.2 * 0.75 + 0.3 * 0.15 + 7.7 * 0.02,
            0.4 * 0.75 + 0.1 * 0.15 + 14.5 * 0.02,
        ),
    ],
)
def test_nutrition_of_a_serving_is_the_sum_of_its_ingredients(
    dish: str, energy_kcal: float, protein_g: float, salt_g: float
) -> None:
    nutrition = COOKBOOK.nutrition(COOKBOOK.dishes[dish])

    assert nutrition.energy_kcal == pytest.approx(energy_kcal)
    assert nutrition.protein_g == pytest.approx(protein_g)
    assert nutrition.salt_g == pytest.approx(salt_g)


# The loader.

NUTRIENTS = list(Nutrients.model_fields)
HEADER = [
    *("name", "reading", "aliases", "section", "food_number"),
    *NUTRIENTS,
    *("allergens", "groups", "measures"),
]
CABBAGE = {
    "name": "キャベツ",
    "reading": "きゃべつ",
    "aliases": "甘藍|春キャベツ",
    "section": "野菜・果物",
    "food_number": "06061",
    "energy_kcal": "21",
    "protein_g": "1.3",
    "fat_g": "0.2",
    "carbohydrate_g": "5.2",
    "fibre_g": "1.8",
    "salt_g": "0",
    "calcium_mg": "43",
    "iron_mg": "0.3",
    "allergens": "",
    "groups": "野菜",
    "measures": "枚=50|個=1000",
}
SALT = {
    **dict.fromkeys(NUTRIENTS, "0"),
    "name": "塩",
    "reading": "しお",
    "aliases": "食塩",
    "section": "調味料・油",
    "food_number": "17012",
    "salt_g": "99.5",
    "allergens": "",
    "groups": "",
    "measures": "小さじ=6|大さじ=18",
}
LARD = {
    **SALT,
    "name": "ラード",
    "reading": "らーど",
    "aliases": "豚脂",
    "section": "肉",
    "energy_kcal": "885",
    "salt_g": "0",
    "measures": "枚=100",
}
SHOP_HEADER = [
    *("name", "cut", "form", "refuse_percent", "sold", "instead"),
    *("yen_low", "yen", "yen_high"),
]
SOLD = {
    **{"cut": "parts", "form": "", "refuse_percent": "0", "sold": "1/2個=500|個=1000"},
    **{"instead": "", "yen_low": "10", "yen": "15", "yen_high": "20"},
}
DISH: dict[str, Any] = {
    "name": "塩もみキャベツ",
    "reading": "しおもみきゃべつ",
    "role": "副菜",
    "cuisine": "和",
    "method": "生",
    "minutes": 10,
    "seasons": [],
    "tags": ["時短"],
    "keywords": ["キャベツ"],
    "tip": "水気をよくしぼります。",
    "ingredients": [["キャベツ", 100, "2枚"], ["塩", 1, "小さじ1/6"]],
    "steps": ["キャベツを切る。", "塩でもむ。", "水気をしぼる。"],
}


def write_cookbook(
    folder: Path,
    dishes: list[dict[str, Any]],
    ingredients: tuple[dict[str, str], ...] = (CABBAGE, SALT, LARD),
) -> Path:
    """Write a small cookbook; every dish stands in a file of its own, `1.toml` and on."""
    rows = [HEADER, *([row[column] for column in HEADER] for row in ingredients)]
    table = "".join("\t".join(row) + "\n" for row in rows)
    (folder / "ingredients.tsv").write_text(table, encoding="utf-8")
    names = dict.fromkeys(one["name"] for one in ingredients)
    write_shop(folder, [{**SOLD, "name": name} for name in names])
    (folder / "dishes").mkdir()
    (folder / "dishes" / "README.md").write_text("Not a file of dishes.", encoding="utf-8")
    for number, dish in enumerate(dishes, start=1):
        lines = [f"{key} = {_toml(value)}" for key, value in dish.items()]
        text = "\n".join(["[[dish]]", *lines])
        (folder / "dishes" / f"{number}.toml").write_text(text, encoding="utf-8")
    return folder


def write_shop(folder: Path, sold: list[dict[str, str]]) -> None:
    rows = [SHOP_HEADER, *([row[column] for column in SHOP_HEADER] for row in sold)]
    table = "".join("\t".join(row) + "\n" for row in rows)
    (folder / "shop.tsv").write_text(table, encoding="utf-8")


def write_plate(folder: Path, *rows: tuple[str, str, str]) -> None:
    table = "".join("\t".join(row) + "\n" for row in (("dish", "way", "ingredients"), *rows))
    (folder / "plate.tsv").write_text(table, encoding="utf-8")


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def test_a_cookbook_is_read_from_any_folder(tmp_path: Path) -> None:
    cookbook = read_cookbook(write_cookbook(tmp_path, [DISH]))

    assert isinstance(cookbook, Cookbook)
    assert list(cookbook.dishes) == ["塩もみキャベツ"]
    assert cookbook.spellings[fold("春きゃべつ")] == "キャベツ"
    assert cookbook.ingredients["キャベツ"].measures == {"枚": 50, "個": 1000}
    assert cookbook.nutrition(cookbook.dishes["塩もみキャベツ"]).salt_g == pytest.approx(0.995)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"ingredients": [["白菜", 100, "1枚"]]}, "食材「白菜」は食材の表にありません"),
        ({"steps": ["切る。", "もむ。"]}, "steps"),
        ({"steps": ["切る。", " ", "もむ。"]}, "空の手順があります"),
        ({"steps": ["切る。"] * 8}, "steps"),
        (
            {"ingredients": [["キャベツ", 100, "2枚"], ["塩", 500, "大さじ28"]]},
            "塩が1人分に500gあります（60gまで）",
        ),
        (
            {"ingredients": [["キャベツ", 100, "2枚"], ["塩", 12, "小さじ2"]]},
            "1人分の食塩が11.9gです（6.5gまで）",
        ),
        (
            {"ingredients": [["キャベツ", 100, "2枚"], ["ラード", 200, "2枚"]]},
            "1人分が1791kcalです（1100kcalまで）",
        ),
        ({"ingredients": [["キャベツ", 900, "18枚"]]}, "キャベツが1人分に900gあります（350gまで）"),
        ({"ingredients": [["キャベツ", 100, "1枚"]]}, "キャベツの1枚は50gで、100gではありません"),
        (
            {"ingredients": [["キャベツ", 100, "1/2本"]]},
            "キャベツの単位「本」はわかりません（使える単位: 枚、個、g）",
        ),
        ({"ingredients": [["キャベツ", 100, "すこし"]]}, "キャベツの分量「すこし」を読めません"),
        ({"ingredients": [["キャベツ", 0, "2枚"]]}, "grams"),
        ({"ingredients": [["キャベツ", "100", "2枚", ""]]}, '["食材", 1人分のg, "分量"] の形に'),
        ({"ingredients": [["キャベツ", 50, "1枚"]] * 2}, "同じ食材が2回あります"),
        ({"ingredients": []}, "ingredients"),
        (
            {"keywords": ["塩", "白菜"]},
            "keywords の「白菜」は材料にありません（材料: キャベツ、塩）",
        ),
        ({"keywords": []}, "keywords"),
        ({"reading": "塩もみ"}, "reading はひらがなと「ー」だけで書いてください"),
        ({"role": "デザート"}, "role に使えるのは 主食 主菜 副菜 汁物 です（今の値: デザート）"),
        ({"cuisine": "仏"}, "cuisine に使えるのは 和 洋 中 韓 エスニック です"),
        ({"method": "燻製"}, "method"),
        ({"seasons": ["梅雨"]}, "seasons"),
        ({"tags": ["おいしい"]}, "tags"),
        ({"minutes": 0}, "minutes は1以上の数にしてください（今の値: 0）"),
        ({"calories": 20}, "calories という項目はありません"),
    ],
)
def test_a_dish_that_cannot_be_right_is_an_error_that_names_file_and_dish(
    tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    other = {**DISH, "name": "もう一品"}
    folder = write_cookbook(tmp_path, [other, {**DISH, **change}])

    with pytest.raises(CookbookError) as error:
        read_cookbook(folder)

    [line] = {fault.partition(": ")[0] for fault in error.value.faults if reason in fault}
    text = (folder / "dishes" / "2.toml").read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"2\.toml:\d+", line)
    # The line of the field, where the dish has it.
    assert next(iter(change)) in text[int(line.partition(":")[2]) - 1]
    assert f"{line}: 塩もみキャベツ: " in str(error.value)
    assert reason in str(error.value)


@pytest.mark.parametrize("field", [field for field in DISH if field != "name"])
def test_a_field_that_is_missing_is_an_error_that_names_file_and_dish(
    tmp_path: Path, field: str
) -> None:
    dish = {key: value for key, value in DISH.items() if key != field}

    with pytest.raises(CookbookError, match=f"^1.toml:1: 塩もみキャベツ: {field} がありません"):
        read_cookbook(write_cookbook(tmp_path, [dish]))


def test_a_dish_name_that_stands_twice_is_an_error_that_names_the_second_file(
    tmp_path: Path,
) -> None:
    with pytest.raises(CookbookError, match=r"^2.toml:1: 塩もみキャベツ: 同じ名前の料理が2つ"):
        read_cookbook(write_cookbook(tmp_path, [DISH, DISH]))


@pytest.mark.parametrize("text", ["[[dish", 'name = "x"', 'dish = "x"', 'dish = ["x"]', "[dish]"])
def test_a_file_that_holds_no_dishes_is_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    folder = write_cookbook(tmp_path, [DISH])
    (folder / "dishes" / "2.toml").write_text(text, encoding="utf-8")

    with pytest.raises(CookbookError, match=r"^2.toml(:1)?: "):
        read_cookbook(folder)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            {"allergens": "小麦|米"},
            "アレルゲン「米」は表示のきまりにありません（使える名前: えび、",
        ),
        ({"aliases": "食塩"}, "「食塩」は食材「塩」のことでもあります"),
        # Full-width, half-width and both kana are one spelling.
        ({"aliases": "シオ|ｼｮｸｴﾝ|塩"}, "「塩」は食材「塩」のことでもあります"),
        ({"name": "塩"}, "同じ名前が2回あります"),
        ({"salt_g": "?"}, "salt_g は数にしてください（今の値: '?'）"),
        ({"salt_g": "-1"}, "salt_g"),
        ({"reading": "甘藍"}, "reading"),
        ({"section": "おやつ"}, "section"),
        ({"measures": "枚"}, "「枚」は 大さじ=15 のように"),
        ({"measures": "枚=0"}, "measures"),
    ],
)
def test_an_ingredient_that_cannot_be_right_is_an_error_that_names_file_and_ingredient(
    tmp_path: Path, row: dict[str, str], reason: str
) -> None:
    cabbage = {**CABBAGE, **row}
    folder = write_cookbook(tmp_path, [DISH], (SALT, cabbage))

    with pytest.raises(CookbookError) as error:
        read_cookbook(folder)

    assert str(error.value).startswith(f"ingredients.tsv:3: {cabbage['name']}: ")
    assert reason in str(error.value)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"cut": "slices"}, "cut"),
        ({"refuse_percent": "100"}, "refuse_percent"),
        ({"refuse_percent": ""}, "refuse_percent は数にしてください"),
        ({"sold": "個"}, "「個」は 大さじ=15 のように"),
        ({"sold": "個=0"}, "grams"),
        ({"instead": "だいこん=1"}, "食材「だいこん」は食材の表にありません"),
        ({"yen": "9"}, "9円が10円と20円の間にありません"),
        ({"yen_low": "-1"}, "low"),
        ({"yen": "安い"}, "yen は数に"),
        ({"name": "はくさい"}, "この名前の食材は ingredients.tsv にありません"),
        ({"name": "塩"}, "同じ名前が2回あります"),
    ],
)
def test_a_row_of_the_shop_that_cannot_be_right_is_an_error_that_names_file_and_ingredient(
    tmp_path: Path, row: dict[str, str], reason: str
) -> None:
    folder = write_cookbook(tmp_path, [DISH])
    wrong = {**SOLD, "name": "キャベツ", **row}
    names = ["塩", "ラード"] + (["キャベツ"] if "name" in row else [])
    write_shop(folder, [*({**SOLD, "name": name} for name in names), wrong])

    with pytest.raises(CookbookError) as error:
        read_cookbook(folder)

    assert any(
        re.match(rf"shop\.tsv:[45]: {wrong['name']}: ", fault) for fault in error.value.faults
    )
    assert reason in str(error.value)


def test_an_ingredient_without_a_row_in_the_shop_is_an_error_that_names_it(
    tmp_path: Path,
) -> None:
    folder = write_cookbook(tmp_path, [DISH])
    write_shop(folder, [{**SOLD, "name": name} for name in ("キャベツ", "ラード")])

    with pytest.raises(CookbookError, match=r"^shop.tsv: 塩: この食材の行がありません"):
        read_cookbook(folder)


def test_what_is_squeezed_out_is_not_eaten(tmp_path: Path) -> None:
    folder = write_cookbook(tmp_path, [DISH])
    whole = served(folder)
    write_plate(folder, (DISH["name"], "絞る", "塩"))
    eaten = served(folder)

    assert eaten.salt_g == pytest.approx(0.6 * whole.salt_g)
    assert eaten.energy_kcal == whole.energy_kcal


def served(folder: Path) -> Nutrients:
    cookbook = read_cookbook(folder)
    return cookbook.nutrition(cookbook.dishes[DISH["name"]])


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("冷やしキャベツ", "絞る", "塩")], "冷やしキャベツ: この名前の料理はありません"),
        (
            [("塩もみキャベツ", "こぼす", "塩")],
            "塩もみキャベツ: 食べ方「こぼす」はありません（使える言葉: 絞る、",
        ),
        ([("塩もみキャベツ", "絞る", "酢")], "塩もみキャベツ: 「酢」はこの料理の材料にありません"),
        ([("塩もみキャベツ", "絞る", "塩|塩")], "塩もみキャベツ: 「塩」が2回あります"),
    ],
)
def test_a_way_that_cannot_be_right_is_an_error_that_names_file_and_dish(
    tmp_path: Path, rows: list[tuple[str, str, str]], reason: str
) -> None:
    folder = write_cookbook(tmp_path, [DISH])
    write_plate(folder, *rows)

    with pytest.raises(CookbookError) as error:
        read_cookbook(folder)

    assert str(error.value).startswith("plate.tsv:2: ")
    assert reason in str(error.value)


def test_alcohol_boils_off_where_there_is_heat() -> None:
    sake = COOKBOOK.ingredients["酒"].per_100g.energy_kcal
    for method, kcal in (
        ("煮る", sake - 12.3 * 7 * 0.6),
        ("炒める", sake - 12.3 * 7 * 0.25),
        ("漬ける", sake),
    ):
        part = DishIngredient(name="酒", grams=100, measure="100g")
        dish = COOKBOOK.dishes["肉じゃが"].model_copy(
            update={"name": method, "method": method, "ingredients": (part,)}
        )
        assert COOKBOOK.nutrition(dish).energy_kcal == pytest.approx(kcal)


def test_nutrition_follows_the_eggs_that_the_card_says() -> None:
    dish = COOKBOOK.dishes["卵焼き"]
    raw = COOKBOOK.nutrition(dish).energy_kcal
    egg = COOKBOOK.ingredients["卵"].per_100g.energy_kcal / 100
    assert COOKBOOK.for_servings(2).nutrition(dish).energy_kcal == pytest.approx(raw)
    # 7.5 eggs for five are 8 on the card, half an egg of 50 g more for all.
    more = COOKBOOK.for_servings(5).nutrition(dish).energy_kcal - raw
    assert more == pytest.approx(25 / 5 * egg)


@pytest.mark.parametrize(
    ("name", "dry", "boiled", "nutrients"),
    [
        ("わかめを戻す", "09044", "09058", ("salt_g",)),
        ("ひじきを戻す", "09050", "09051", ("salt_g", "iron_mg")),
    ],
)
def test_soaked_seaweed_keeps_what_two_rows_of_the_tables_say(
    name: Way, dry: str, boiled: str, nutrients: tuple[str, ...]
) -> None:
    # Per 100 g; what the boiled food weighs more follows from its calcium, which stays.
    rows = {
        "09044": {"calcium_mg": 870, "salt_g": 23.5},
        "09058": {"calcium_mg": 76, "salt_g": 0.8},
        "09050": {"calcium_mg": 1000, "salt_g": 4.7, "iron_mg": 6.2},
        "09051": {"calcium_mg": 96, "salt_g": 0.1, "iron_mg": 0.3},
    }
    weight = rows[dry]["calcium_mg"] / rows[boiled]["calcium_mg"]
    for nutrient in nutrients:
        kept = rows[boiled][nutrient] * weight / rows[dry][nutrient]
        assert eaten_share(nutrient, name) == pytest.approx(kept, abs=0.006)
    assert eaten_share("energy_kcal", name) == 1


def test_a_price_is_the_sum_of_its_ingredients_and_stock_that_of_what_it_is_made_of() -> None:
    yen = COOKBOOK.ingredients
    rice = COOKBOOK.price_yen(COOKBOOK.dishes["ご飯"])
    assert rice.usual == pytest.approx(1.5 * yen["ご飯"].sold.yen.usual)
    assert rice.low < rice.usual < rice.high
    for ingredient in yen.values():
        parts = ingredient.sold.instead
        if parts:
            made = sum(share * yen[name].sold.yen.usual for name, share in parts.items())
            assert ingredient.sold.yen.usual == pytest.approx(made, abs=0.5), ingredient.name


def test_half_of_a_noodle_soup_leaves_half_of_its_seasonings_salt() -> None:
    dish = COOKBOOK.dishes["月見うどん"]
    left = COOKBOOK.salt_left_in_soup_g(dish)
    assert left is not None
    assert 0.5 < left < COOKBOOK.nutrition(dish).salt_g / 2
    for name in ("ざるそば", "肉じゃが", "豆腐とわかめのみそ汁"):
        assert COOKBOOK.salt_left_in_soup_g(COOKBOOK.dishes[name]) is None
