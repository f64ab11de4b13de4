"""A cookbook of a few dishes, for what must be impossible: no dish that is added makes it so."""

from typing import Final

from chef_llm.cookbook import Cookbook, load_cookbook

NAMES: Final = (
    *(
        "ご飯",
        "玄米ご飯",
        "おにぎり",
        "ガーリックトースト",
        "チャーハン",
        "カレーライス",
        "ざるそば",
    ),
    *("肉じゃが", "鮭の塩焼き", "ハンバーグ", "麻婆豆腐", "プルコギ", "卵とトマトの炒め物"),
    *("きのこの麻婆豆腐", "ひよこ豆と野菜のトマト煮", "豆腐ステーキ きのこあん"),
    *("ささみの梅しそ巻き", "鮭のフライ", "牛肉のごぼう巻き", "枝豆とひじきのがんもどき"),
    *("卵焼き", "ほうれん草のナムル", "もやしのナムル", "キャベツの浅漬け", "にんじんのグラッセ"),
    *("いんげんのソテー", "冷ややっこ", "大根サラダ", "フルーツヨーグルト", "フライドポテト"),
    *("豆腐とわかめのみそ汁", "わかめスープ", "中華卵スープ", "コーンスープ", "麩のすまし汁"),
    *("とうもろこしの豆乳ポタージュ", "春雨ときくらげのしょうがスープ"),
)


def few_dishes() -> Cookbook:
    cookbook = load_cookbook()
    return Cookbook(cookbook.ingredients, {name: cookbook.dishes[name] for name in NAMES})
