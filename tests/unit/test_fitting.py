"""What a cook serves to nobody of whom something is told, and what is told."""

import random
import re
from dataclasses import replace

import pytest

from chef_llm.cookbook import Dish, Role, load_cookbook
from chef_llm.cookbook.tools import RICE_COOKER, tools_of
from chef_llm.engines import Deadline
from chef_llm.menus.clashes import flavours_of
from chef_llm.menus.fitting import told_of, unfit_dishes
from chef_llm.menus.planner import Planner
from chef_llm.reading.conversation import Message
from chef_llm.reading.reader import read_order
from guarantees import choosing_at_random

COOKBOOK = load_cookbook()
PLANNER = Planner(COOKBOOK)
SEEDS = 8


def served(text: str, seed: int) -> list[Dish]:
    order = replace(read_order([Message("user", text)], COOKBOOK), variety=seed)
    plan = PLANNER.plan(order, choosing_at_random(random.Random(seed)), Deadline.after(60))
    return [dish for meal in plan.meals for dish in meal.dishes]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("熱ある嫁に夕食を", {"病気"}),
        ("受験生に風邪ひかせられん。夕食", set()),
        ("はらもたれてんねん", {"胃もたれ"}),
        ("牛乳でお腹を壊すので豆乳で夕食", set()),
        ("猫舌なので熱々でない夕食", {"猫舌"}),
        ("今日は寒うてかないません", {"寒い"}),
        ("外 -8℃。夕食", {"寒い"}),
        ("冷凍えびで夕食", set()),
        ("寒天で何か", set()),
        ("月末の3日だけ質素に", {"節約"}),
        ("電気代節約したい夕食", set()),
        ("包丁は中学の家庭科以来です。夕食", {"初心者"}),
        ("冷たい副菜を三つ", {"冷たい"}),
        ("ぶりの切り身で夕食", {"切り身"}),
        ("子ども2人と夕食", {"子ども"}),
        ("パパッと食べれるお昼", {"時短"}),
        ("ささっと作れるお昼ごはん", {"時短"}),
        ("帰ったら秒で出せる晩ごはん", {"時短"}),
        ("もう作りたくない。夕食", {"時短"}),
        ("白菜をさっと煮て夕食に", set()),
        ("さくっと揚がるコツは？夕食", set()),
        ("暑くて何も食べたくない。夕食", {"暑い", "食欲がない"}),
        ("夏バテ気味。夕食", {"食欲がない"}),
        ("食欲旺盛な息子に夕食", set()),
        ("明日人に会うのでにんにくなしの夕食", {"におい"}),
        ("お腹がゆるいので夕食", {"病気"}),
        ("花見のお弁当", {"行楽"}),
        ("料理歴ゼロです。夕食", {"初心者"}),
        ("義理の両親が晩ごはん食べに来ます", {"来客"}),
        ("来週、彼女の両親が挨拶に来ます。夕食", {"来客"}),
        ("上司を家に招きます。夕食", {"来客"}),
        ("義母に電話した。夕食", set()),
        ("前もって作っておける夕食", {"前もって"}),
        ("朝仕込んで帰ったら焼くだけの夕食", {"前もって"}),
        ("二日酔いで胃がしんどい。昼", {"胃もたれ"}),
        ("小学生の子と食べる夕食", {"子ども"}),
        ("子どものお迎えのあとの夕食", {"子ども"}),
        ("小学生のころ好きだった夕食", set()),
    ],
)
def test_what_is_told_of_those_who_eat(text: str, told: set[str]) -> None:
    assert read_order([Message("user", text)], COOKBOOK).told == told


@pytest.mark.parametrize(
    "text",
    [
        "熱がある妻に夕食を",
        "胃もたれしてるので夕食はやさしいもの",
        "猫舌です。夕食",
        "寒い！夕食",
        "節約したい夕食",
        "料理初心者です。夕食",
        "4歳の子と夕食",
        "80歳の母と夕食",
        "朝食",
        "キャンプの夕食",
        "夏バテで食欲がない。夕食",
        "パパッと夕食",
        "明日は面接。夕食",
        "水曜が運動会のお弁当",
        "義理の両親が来る。夕食",
        "友達が来るので前もって作っておける夕食",
        "二日酔いで胃がしんどい。昼",
        "クリスマスに小学生の子と夕食",
        "夫が飲み会で私ひとり。夕食",
        "自炊始めたばかり。失敗しない晩飯",
    ],
)
def test_what_does_not_fit_is_not_served_where_there_is_a_choice(text: str) -> None:
    order = read_order([Message("user", text)], COOKBOOK)
    unfit = unfit_dishes(told_of(order, order.slots[0]), COOKBOOK)
    assert unfit
    for seed in range(SEEDS):
        assert not {dish.name for dish in served(text, seed)} & unfit


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("運動会のお弁当、6人分", 3),
        ("花見のお弁当、2人分", 2),
        ("遠足のお弁当、1人分", 2),
        ("お弁当", 1),
    ],
)
def test_a_box_for_an_outing_has_more_beside_its_main(text: str, sides: int) -> None:
    for seed in range(SEEDS):
        assert sum(dish.role == Role.SIDE for dish in served(text, seed)) == sides


@pytest.mark.parametrize(
    "text", ["パパッと食べれるお昼", "簡単なお昼ごはん", "ささっと済ませたいお昼ごはん"]
)
def test_who_has_no_time_at_noon_has_a_bowl(text: str) -> None:
    assert all(served(text, seed)[0].is_one_bowl for seed in range(SEEDS))


@pytest.mark.parametrize("text", ["誕生日の夕食", "クリスマスの夕食", "暑くて食欲ない。夕食"])
def test_what_is_told_leaves_more_than_one_dinner(text: str) -> None:
    assert len({served(text, seed)[1].name for seed in range(2 * SEEDS)}) > 1


def test_each_of_two_main_dishes_of_a_dinner_is_one() -> None:
    for seed in range(SEEDS):
        mains = [dish for dish in served("夕食の主菜を2品", seed) if dish.role == Role.MAIN]
        assert len(mains) == 2
        assert not any("朝食" in dish.tags and dish.keywords[0] == "卵" for dish in mains)


def test_who_is_cold_gets_something_hot() -> None:
    assert all("温まる" in served("寒い。夕食", seed)[1].tags for seed in range(SEEDS))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("一人暮らしの夕食", "鍋$|すき焼き|しゃぶしゃぶ|おでん|かき揚げ"),
        ("自炊始めたばかり。夕食", "チャウダー|フライ$|カツ|コロッケ|グラタン"),
        ("義両親が来る。夕食", "納豆|雑煮|お好み焼き|丼"),
        ("友達が来る。前もって作っておける夕食", "しゃぶ|鍋$|刺身|天ぷら"),
        ("二日酔いで胃がしんどい。昼", "ミルク|ポタージュ|マッシュ|フライ"),
        ("クリスマスイブに小学生の子と夕食", "いか|セロリ|マリネ"),
        ("朝食。パンで", "みそ汁|すまし汁|おひたし"),
        ("土鍋買ったから鍋以外にも使ってみたい", "(?<!回)鍋$|おでん|すき焼き"),
        ("レンジだけで作れる夕食", "刺身|カルパッチョ|山かけ"),
    ],
)
def test_what_is_on_no_such_table(text: str, names: str) -> None:
    for seed in range(SEEDS):
        assert not [dish.name for dish in served(text, seed) if re.search(names, dish.name)]


@pytest.mark.parametrize(
    ("text", "flavour"),
    [
        ("パスタ食べたい!トマト系で", "トマト"),
        ("みそ味の鍋で夕食", "みそ"),
        ("クリーム系のパスタ", "クリーム"),
        ("カレー味の炒め物で夕食", "カレー"),
        ("トマト味はなしで夕食", None),
        ("トマト系以外のパスタ", None),
        ("味付けはおまかせ。トマトで夕食", None),
        ("トマト味とクリーム味のどちらかで夕食", None),
    ],
)
def test_what_leads_tastes_as_is_asked(text: str, flavour: str | None) -> None:
    assert read_order([Message("user", text)], COOKBOOK).flavour == flavour
    for seed in range(SEEDS if flavour else 0):
        first = served(text, seed)
        main = next((dish for dish in first if dish.role == Role.MAIN), first[0])
        assert flavour in flavours_of(main)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("年越しそばのほかに何を出したらいい?", {Role.MAIN, Role.SIDE}),
        ("カレーのほかに何を出したらいい?", {Role.SIDE, Role.SOUP}),
    ],
)
def test_beside_a_bowl_that_is_there_is_no_other_staple(text: str, roles: set[Role]) -> None:
    assert {dish.role for dish in served(text, 1)} == roles


def test_a_rice_cooker_cooks_a_bowl() -> None:
    for seed in range(SEEDS):
        [bowl, _] = served("炊飯器に入れてほっとくだけの夕食", seed)
        assert bowl.is_one_bowl
        assert RICE_COOKER in tools_of(bowl)


def test_a_dish_of_another_cuisine_is_called_alike() -> None:
    for seed in range(SEEDS):
        main = served("きのこ嫌いの彼に夕食。和風ハンバーグとか好きみたい", seed)[1]
        assert "ハンバーグ" in main.name
        assert main.cuisine == "和"


def test_where_there_is_no_rice_a_japanese_dinner_is_of_noodles() -> None:
    for seed in range(SEEDS):
        names = {dish.name for dish in served("和食の夕食、米なしで", seed)}
        assert "ガーリックトースト" not in names


def test_a_food_that_no_dish_has_is_named() -> None:
    notes = read_order([Message("user", "マンゴーをもらった。夕食に使いたい")], COOKBOOK).notes
    assert any("「マンゴー」" in note for note in notes)
    assert not read_order([Message("user", "鮭をもらった。夕食に使いたい")], COOKBOOK).notes
