"""The words of menus, once: what people may choose, and what it is called in either language.

Schemas, answers, command line and page have them from here; the page by way of `vocabulary_json`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal

Cuisine = Literal["和", "洋", "中", "韓", "エスニック"]
Season = Literal["春", "夏", "秋", "冬"]
Meal = Literal["朝食", "昼食", "夕食", "お弁当"]
DietName = Literal["vegetarian", "vegan", "gluten_free", "low_salt", "high_protein", "low_calorie"]
# (least, most) of a nutrient in a meal, per serving.
Range = tuple[float | None, float | None]


class Role(StrEnum):
    """The place of a dish in a Japanese meal (一汁三菜)."""

    STAPLE = "主食"
    MAIN = "主菜"
    SIDE = "副菜"
    SOUP = "汁物"


@dataclass(frozen=True)
class Label:
    """What something is called, and how else people may write it in a field."""

    japanese: str
    english: str
    other_spellings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Nutrient:
    """What a figure of `Nutrients` is called, its unit, and how much of it a day asks for.

    `a_day` is None where there is no reference.
    """

    label: Label
    unit: str
    a_day: float | None = None


@dataclass(frozen=True)
class Diet:
    """A diet in figures: what is left out, and limits of a meal's nutrients per serving.

    `style` is what an opening line calls it.
    """

    label: Label
    without_groups: frozenset[str] = frozenset()
    without_allergens: frozenset[str] = frozenset()
    limits: Mapping[str, Range] = field(default_factory=dict)
    style: str | None = None


RULE: Final = "食品表示基準（2026年4月1日施行の改正: 特定原材料9品目、準ずるもの20品目）"
# 特定原材料: labelling is mandatory. カシューナッツ moved here with the revision of 2026.
MANDATORY: Final[Mapping[str, str]] = {
    "えび": "Shrimp",
    "かに": "Crab",
    "くるみ": "Walnut",
    "小麦": "Wheat",
    "そば": "Buckwheat",
    "卵": "Egg",
    "乳": "Milk",
    "落花生": "Peanut",
    "カシューナッツ": "Cashew",
}
# 特定原材料に準ずるもの: labelling is recommended. ピスタチオ came in with the revision of 2026.
RECOMMENDED: Final[Mapping[str, str]] = {
    "アーモンド": "Almond",
    "あわび": "Abalone",
    "いか": "Squid",
    "いくら": "Salmon roe",
    "オレンジ": "Orange",
    "キウイフルーツ": "Kiwi",
    "牛肉": "Beef",
    "ごま": "Sesame",
    "さけ": "Salmon",
    "さば": "Mackerel",
    "大豆": "Soy",
    "鶏肉": "Chicken",
    "バナナ": "Banana",
    "ピスタチオ": "Pistachio",
    "豚肉": "Pork",
    "マカダミアナッツ": "Macadamia",
    "もも": "Peach",
    "やまいも": "Yam",
    "りんご": "Apple",
    "ゼラチン": "Gelatin",
}
ALLERGENS: Final[tuple[str, ...]] = (*MANDATORY, *RECOMMENDED)
CUISINES: Final[Mapping[str, Label]] = {
    "和": Label("和食", "Japanese", ("和風",)),
    "洋": Label("洋食", "Western", ("洋風",)),
    "中": Label("中華", "Chinese", ("中国料理", "中華料理")),
    "韓": Label("韓国風", "Korean", ("韓国", "韓国料理")),
    "エスニック": Label("エスニック", "South-East Asian"),
}
MEALS: Final[Mapping[str, Label]] = {
    "朝食": Label("朝食", "Breakfast", ("朝",)),
    "昼食": Label("昼食", "Lunch", ("昼",)),
    "夕食": Label("夕食", "Dinner", ("夕", "晩", "夜")),
    "お弁当": Label("お弁当", "Lunch box", ("弁当",)),
}
ROLES: Final[Mapping[str, Label]] = {
    "主食": Label("主食", "Staple"),
    "主菜": Label("主菜", "Main"),
    "副菜": Label("副菜", "Side"),
    "汁物": Label("汁物", "Soup"),
    # In the place of a role where one recipe was asked for.
    "料理": Label("料理", "Dish"),
}
SEASONS: Final[Mapping[str, Label]] = {
    "春": Label("春", "Spring"),
    "夏": Label("夏", "Summer"),
    "秋": Label("秋", "Autumn"),
    "冬": Label("冬", "Winter"),
}
# A day of an adult. 栄養素等表示基準値 of the Food Labelling Standards (食品表示基準 別表第10), 18
# years and older, at 2,200 kcal, which follow 日本人の食事摂取基準（2020年版）. Salt: the goal for
# women of the editions of 2020 and 2025, below 6.5 g; that for men is 7.5 g, and the stricter one
# is shown.
NUTRIENTS: Final[Mapping[str, Nutrient]] = {
    "energy_kcal": Nutrient(Label("エネルギー", "Energy"), "kcal", 2200),
    "protein_g": Nutrient(Label("たんぱく質", "Protein"), "g", 81),
    "fat_g": Nutrient(Label("脂質", "Fat"), "g", 62),
    "carbohydrate_g": Nutrient(Label("炭水化物", "Carbohydrate"), "g", 320),
    "fibre_g": Nutrient(Label("食物繊維", "Fibre"), "g", 19),
    "salt_g": Nutrient(Label("食塩", "Salt"), "g", 6.5),
    "calcium_mg": Nutrient(Label("カルシウム", "Calcium"), "mg", 680),
    "iron_mg": Nutrient(Label("鉄", "Iron"), "mg", 6.8),
}
# The names of vegetables and of a budget among the limits of a meal, and all that may be limited.
# Vegetables of a day: 健康日本21（第三次）.
VEGETABLES: Final = "vegetables_g"
# Plain rice, which is eaten every day and goes with dishes of any cuisine.
RICE: Final = "ご飯"
OTHER_RICE: Final = frozenset({"玄米ご飯", "麦ご飯"})
PLAIN_RICE: Final = OTHER_RICE | {RICE}
PRICE: Final = "price_yen"
LIMITED: Final[Mapping[str, Nutrient]] = {
    **NUTRIENTS,
    VEGETABLES: Nutrient(Label("野菜", "Vegetables"), "g", 350),
    PRICE: Nutrient(Label("材料費の目安", "Estimated cost"), "円"),
}
# What is told of a dish and a meal, in the order of a card.
FIGURES: Final[Mapping[str, Nutrient]] = {
    **{name: NUTRIENTS[name] for name in ("energy_kcal", "protein_g", "fat_g", "carbohydrate_g")},
    "net_carbohydrate_g": Nutrient(Label("糖質", "Net carbohydrate"), "g"),
    **{name: NUTRIENTS[name] for name in ("fibre_g", "calcium_mg", "iron_mg", "salt_g")},
    VEGETABLES: LIMITED[VEGETABLES],
}
DIETS: Final[Mapping[str, Diet]] = {
    # 2.5 g is a third of the day's 7.5 g for men (日本人の食事摂取基準 2025).
    "low_salt": Diet(Label("減塩", "Low salt"), limits={"salt_g": (None, 2.5)}, style="減塩"),
    "high_protein": Diet(
        Label("高たんぱく", "High protein"),
        limits={"protein_g": (25.0, None)},
        style="高たんぱく",
    ),
    "low_calorie": Diet(
        Label("低カロリー", "Low calorie"),
        limits={"energy_kcal": (None, 500.0)},
        style="ヘルシー",
    ),
    # No meat, no fish, and no stock or gelatine made of them.
    "vegetarian": Diet(Label("ベジタリアン", "Vegetarian"), frozenset({"肉", "魚介"})),
    "vegan": Diet(
        Label("ヴィーガン", "Vegan"),
        frozenset({"肉", "魚介", "卵", "乳", "はちみつ"}),
        frozenset({"卵", "乳"}),
    ),
    "gluten_free": Diet(
        Label("グルテンフリー", "Gluten-free"), frozenset({"大麦"}), frozenset({"小麦"})
    ),
}
# What people ask for without saying more, and the food group and shop section that it means: any
# of them will do. What holds a trace of it (納豆, with the stock in its sauce) is none.
WISHED_GROUPS: Final[Mapping[str, tuple[str, str]]] = {
    "肉": ("肉", "肉"),
    "豚肉": ("豚肉", "肉"),
    "鶏肉": ("鶏肉", "肉"),
    "牛肉": ("牛肉", "肉"),
    "ひき肉": ("ひき肉", "肉"),
    "魚": ("魚", "魚介"),
    "青魚": ("青魚", "魚介"),
    "白身魚": ("魚", "魚介"),
    "貝": ("貝", "魚介"),
    "きのこ": ("きのこ", "野菜・果物"),
    "葉物": ("葉物", "野菜・果物"),
    "根菜": ("根菜", "野菜・果物"),
    "いも": ("いも", "野菜・果物"),
    "海藻": ("海藻", "乾物・海藻"),
    "麺": ("麺", "米・パン・麺"),
}
# Of a group that the table of ingredients has not.
WHITE_FISH: Final = frozenset({"たら", "かれい", "たい", "めかじき", "さわら"})
# What is sold as a bag of several: cooked dishes that it stands in, as any of these; what it holds.
MIXES: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "シーフードミックス": (
        frozenset({"むきえび", "いか", "ほたて", "ゆでほたて"}),
        frozenset({"えび", "むきえび", "いか", "あさり", "ほたて", "ゆでほたて"}),
    ),
}
# What an order is made of, by the names of its fields in the API and of what was understood.
PARTS: Final[Mapping[str, Label]] = {
    "ingredients": Label("食材", "Ingredient"),
    "ingredient": Label("食材", "Ingredient"),
    "dish": Label("料理", "Dish"),
    "servings": Label("人数", "Servings"),
    "meal": Label("食事", "Meal"),
    "allergens": Label("アレルギー", "Allergy"),
    "allergen": Label("アレルギー", "Allergy"),
    "exclude": Label("使わないもの", "Left out"),
    "exclude_dish": Label("使わないもの", "Left out"),
    "diet": Label("体のために", "Health"),
    "max_minutes": Label("時間", "Time"),
    "max_total_minutes": Label("食卓までの時間", "Time to the table"),
    "cuisine": Label("料理の種類", "Cuisine"),
    "season": Label("季節", "Season"),
    "style": Label("好み", "Style"),
    "budget_yen": Label("予算（1食・1人分、円）", "Budget (yen)"),
    "roles": Label("品数と組み合わせ", "Courses"),
    "proposals": Label("案の数", "Proposals"),
    "share": Label("日ごとの指定", "Some of the days"),
    "tools": Label("使う道具", "Tools"),
    "only_tools": Label("使う道具", "Tools"),
    "without_tools": Label("使わない道具", "Tools left out"),
    "nutrition": Label("栄養", "Nutrition"),
    "budget": Label("予算", "Budget"),
    "condition": Label("体調・年齢", "Health or age"),
    **{
        f"nutrition.{name}": Label(
            f"{one.label.japanese}（{one.unit}）", f"{one.label.english} ({one.unit})"
        )
        for name, one in LIMITED.items()
        if name != PRICE
    },
}


def canonical(labels: Mapping[str, Label]) -> dict[str, str]:
    """Return every way to write one of `labels`, with its name."""
    return {
        spelling: name
        for name, label in labels.items()
        for spelling in (name, label.japanese, *label.other_spellings)
    }


def vocabulary_json() -> str:
    """Return all of it for the page: names in order, each with its two labels."""
    lists = {
        "mandatory": {name: (name, english) for name, english in MANDATORY.items()},
        "recommended": {name: (name, english) for name, english in RECOMMENDED.items()},
        "cuisines": _pairs(CUISINES),
        "meals": _pairs(MEALS),
        "roles": _pairs(ROLES),
        "seasons": _pairs(SEASONS),
        "diets": {name: (diet.label.japanese, diet.label.english) for name, diet in DIETS.items()},
        "nutrients": {
            name: (one.label.japanese, one.label.english, one.unit, one.a_day)
            for name, one in FIGURES.items()
        },
        "parts": _pairs(PARTS),
    }
    return json.dumps(lists, ensure_ascii=False, separators=(",", ":"))


def _pairs(labels: Mapping[str, Label]) -> dict[str, tuple[str, str]]:
    return {name: (label.japanese, label.english) for name, label in labels.items()}
