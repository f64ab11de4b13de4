"""What no cook puts on one table."""

import pytest

from chef_llm.cookbook import load_cookbook
from chef_llm.menus.clashes import (
    DESSERT,
    FOREIGN,
    ONE_FLAVOUR,
    ONE_FOOD,
    ONE_PROTEIN,
    SECOND_MAIN,
    STRANGE_BESIDE,
    STRANGE_CUISINES,
    THREE_CUISINES,
    TWO_FRIED,
    TWO_SIMMERED,
    TWO_SOUPY,
    clashes,
)

COOKBOOK = load_cookbook()


@pytest.mark.parametrize(
    ("dishes", "found"),
    [
        ("ご飯 肉じゃが ほうれん草のおひたし 豆腐とわかめのみそ汁", []),
        ("雑炊 鮭の塩焼き ほうれん草のおひたし 豆腐とわかめのみそ汁", [TWO_SOUPY]),
        ("ご飯 キムチ鍋 ほうれん草のナムル わかめスープ", [TWO_SOUPY]),
        ("ご飯 鮭とかぼちゃのクリームシチュー キャロットラペ コーンスープ", [TWO_SOUPY]),
        ("ガーリックトースト 麻婆豆腐 ほうれん草のおひたし 中華卵スープ", [THREE_CUISINES]),
        ("ご飯 揚げ出し豆腐 大根サラダ 豆腐とわかめのみそ汁", [ONE_PROTEIN]),
        ("ご飯 鶏のから揚げ なすの焼きびたし 豚汁", []),
        ("ご飯 鮭のフライ フライドポテト コーンスープ", [TWO_FRIED]),
        ("ご飯 鮭の塩焼き ほうれん草のおひたし コーンスープ", [FOREIGN]),
        ("ご飯 鮭の塩焼き プリン 麩のすまし汁", [DESSERT]),
        ("ご飯 豚こまとキャベツの回鍋肉 やみつき塩キャベツ 麩のすまし汁", [ONE_FOOD]),
        ("ご飯 鶏肉とキャベツのみそ炒め 冷やしトマト 豆腐とわかめのみそ汁", [ONE_FLAVOUR]),
        ("ご飯 豚キムチ たことキムチのあえ物 わかめスープ", [ONE_FLAVOUR]),
        ("ご飯 えびのココナッツカレー煮 大根の浅漬け かぼちゃのココナッツスープ", [ONE_FLAVOUR]),
        ("ご飯 鶏肉のピーナッツだれ焼き 大根の浅漬け", [STRANGE_CUISINES]),
        ("ご飯 鶏のから揚げ キャベツのコールスロー 豆腐とわかめのみそ汁", []),
        ("ご飯 鶏肉とキャベツのトマト鍋 かぶとりんごのマリネ かぼちゃのポタージュ", [TWO_SOUPY]),
        ("豚しゃぶおろしうどん れんこんの塩きんぴら 麩のすまし汁", [TWO_SOUPY]),
        ("焼きうどん れんこんの塩きんぴら 麩のすまし汁", []),
        ("きのこの炊き込みご飯 ポークピカタ かぼちゃサラダ", [FOREIGN]),
        ("ガーリックトースト ポークピカタ かぼちゃサラダ コンソメスープ", []),
        ("ご飯 ほたてのバター焼き ゆで野菜のピーナッツだれ コンソメスープ", [STRANGE_CUISINES]),
        ("ご飯 タンドリーチキン キャベツのコールスロー", []),
        ("ご飯 酢豚 ブロッコリーのかにかまあんかけ もずくと卵のサンラースープ", [ONE_FLAVOUR]),
        ("ご飯 ぶり大根 ほうれん草のおひたし 切り干し大根と油揚げのみそ汁", [ONE_FOOD]),
        ("ご飯 塩さばのおろし添え キャベツの塩昆布あえ つみれとごぼうのしょうが汁", [ONE_PROTEIN]),
        ("ご飯 肉野菜炒め さつまいもとりんごの煮物 中華卵スープ", [DESSERT]),
        ("ご飯 鶏のから揚げ さつまいものレモン煮 豆腐とわかめのみそ汁", []),
        ("ご飯 鮭の塩焼き 大学いも 豆腐とわかめのみそ汁", [DESSERT]),
        ("ご飯 さばのみそ煮 ひじきの煮物 麩のすまし汁", [TWO_SIMMERED]),
        ("ご飯 おでん 小松菜と油揚げの煮びたし", [TWO_SIMMERED]),
        ("ご飯 鮭のムニエル キャロットラペ にんにくと卵のパンスープ", [STRANGE_BESIDE]),
        ("ご飯 鮭の塩焼き コーンバター 麩のすまし汁", [STRANGE_BESIDE]),
        ("ご飯 鮭の塩焼き 納豆おろし餅 麩のすまし汁", [STRANGE_BESIDE]),
        ("ご飯 ホワイトシチュー れんこんの梅あえ", [STRANGE_BESIDE]),
        ("ホットケーキ フルーツヨーグルト", []),
        ("フレンチトースト セロリといかのマリネ", [STRANGE_BESIDE]),
        ("ツナマヨトースト もやしとわかめのポン酢あえ", [STRANGE_BESIDE]),
        ("ご飯 鶏むね肉とキャベツの塩炒め 大根もち 中華卵スープ", [STRANGE_BESIDE]),
        ("ご飯 豚肉の塩麹焼き かぶのそぼろあん 麩のすまし汁", []),
        ("ご飯 鶏肉のみぞれ煮 かぼちゃの茶巾 たらと春菊のすまし汁", [SECOND_MAIN]),
        ("ご飯 豚の角煮 ほうれん草のおひたし 鶏手羽元とかぶの塩麹スープ", [SECOND_MAIN]),
        ("牛丼 ほうれん草のおひたし さつま汁", [SECOND_MAIN]),
        ("ご飯 冷ややっこ ほうれん草のおひたし ぶりのかす汁", []),
        ("ご飯 鶏のから揚げ ほうれん草のおひたし しじみのみそ汁", []),
        ("ご飯 豚肉と豆苗のレモン蒸し ささみとセロリのオレンジマリネ 麩のすまし汁", [ONE_FLAVOUR]),
        ("ご飯 鶏のから揚げ さつまいものレモン煮 もずく酢", []),
        ("ご飯 ビーフシチュー アボカドとほたてのグラタン", [STRANGE_BESIDE]),
        ("ナポリタン 油揚げのピザ コーンスープ", [STRANGE_BESIDE]),
        ("ご飯 えびとブロッコリーの塩炒め 野菜のかき揚げ セロリの中華卵スープ", [STRANGE_BESIDE]),
        ("ご飯 生鮭のレモン塩焼き 野菜のかき揚げ コンソメスープ", [STRANGE_BESIDE]),
        ("ご飯 はんぺんのチーズはさみ焼き ブロッコリーのチーズ焼き", [ONE_FLAVOUR]),
        ("ご飯 ホワイトシチュー かぼちゃサラダ", [STRANGE_BESIDE]),
        ("ご飯 ほたてのバター焼き キャロットラペ かぶとりんごのマリネ", [ONE_FLAVOUR]),
    ],
)
def test_a_clash_is_told_by_its_kind(dishes: str, found: list[str]) -> None:
    served = [COOKBOOK.dishes[name] for name in dishes.split()]
    kinds = clashes(served, COOKBOOK)
    assert [kind for kind in found if kind not in kinds] == []
    assert bool(kinds) == bool(found)


def test_plain_rice_goes_with_any_cuisine() -> None:
    names = ("ご飯", "麻婆豆腐", "中華卵スープ")
    assert clashes([COOKBOOK.dishes[name] for name in names], COOKBOOK) == []
