"""What a request says of courses, figures, tools, days and amounts, in whatever words."""

import random
import re
from dataclasses import replace
from datetime import date

import pytest

from chef_llm.cookbook import Role, load_cookbook
from chef_llm.cookbook.tools import tools_of
from chef_llm.cookbook.vocabulary import PRICE, Range
from chef_llm.engines import Deadline
from chef_llm.errors import NoMenu
from chef_llm.menus.clashes import clashes
from chef_llm.menus.notes import figures_line, plan_notes, taken_by
from chef_llm.menus.plan import Plan
from chef_llm.menus.planner import Planner
from chef_llm.reading.conversation import Message
from chef_llm.reading.not_considered import TOOLS
from chef_llm.reading.order import Order
from chef_llm.reading.reader import read_order
from guarantees import choosing_at_random

COOKBOOK = load_cookbook()
PLANNER = Planner(COOKBOOK)
STAPLE, MAIN, SIDE, SOUP = Role
TODAY = date(2026, 11, 30)


FIRE = {"コンロ", "フライパン", "鍋", "圧力鍋", "魚焼きグリル"}
FIRE_AND_RICE = {"コンロ", "フライパン", "鍋", "炊飯器"}


def read(text: str) -> Order:
    return read_order([Message("user", text)], COOKBOOK)


def plan(order: Order, seed: int = 1) -> Plan:
    return PLANNER.plan(order, choosing_at_random(random.Random(seed)), Deadline.after(60))


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("一汁三菜の夕食をお願いします", (STAPLE, MAIN, SIDE, SIDE, SOUP)),
        ("一汁一菜でいい", (STAPLE, MAIN, SOUP)),
        ("鮭の夕食を。汁物はいりません", (STAPLE, MAIN, SIDE)),
        ("味噌汁なしで鶏肉の晩ごはん", (STAPLE, MAIN, SIDE)),
        ("ご飯は炊いてあるので、豚肉の夕食を", (MAIN, SIDE, SOUP)),
        ("主菜と副菜だけお願い", (MAIN, SIDE)),
        ("夕食を。副菜は2品で、汁物は不要", (STAPLE, MAIN, SIDE, SIDE)),
        ("作り置き、主菜2つと副菜3つ", (MAIN, MAIN, SIDE, SIDE, SIDE)),
        ("おつまみ3品", (SIDE, SIDE, SIDE)),
        ("ビールの肴を2つ", (SIDE, SIDE)),
        ("あと一品ほしい", (SIDE,)),
        ("おかずを3品", (MAIN, SIDE, SIDE)),
        ("夕食を4品で", (STAPLE, MAIN, SIDE, SIDE, SOUP)),
        ("ハンバーグに合う汁物", (SOUP,)),
        # Soup behind another dish, whatever follows it.
        ("おかず2つと汁大鍋で", (MAIN, SIDE, SOUP)),
        ("四品に汁。夕食", (MAIN, SIDE, SIDE, SIDE, SOUP)),
        # What is told of beside courses that are named is one of them.
        ("主菜は豆腐か野菜で、副菜2品と汁物", (MAIN, SIDE, SIDE, SOUP)),
        ("主菜を2種、副菜は全員共通で2種。主食はご飯", (STAPLE, MAIN, MAIN, SIDE, SIDE)),
        ("あと一品だけ、野菜のおかずを", (SIDE,)),
        ("みそ汁ともう一品", (SIDE, SOUP)),
        ("副菜を何かもう一つ", (SIDE,)),
        ("味噌汁は作ってあるので、おかずを2つ", (MAIN, SIDE)),
        ("野菜のおかず2つと甘いもん1つ", (SIDE, SIDE, SIDE)),
        ("作り置きのおかず3つと当日作るの1つ", (MAIN, SIDE, SIDE, SIDE)),
        ("煮物と和えもん、一つずつ", (MAIN, SIDE)),
        ("赤・緑・黄で1品ずつ", (MAIN, SIDE, SIDE)),
        ("グラタンにするので、付け合わせとスープを決めて", (SIDE, SOUP)),
        ("□ 主食…ご飯\n□ 主菜…【　】\n□ 副菜…ひじき煮", (MAIN,)),
        # Whichever way round, and a total behind the courses.
        ("二菜一汁で夕食", (STAPLE, MAIN, SIDE, SOUP)),
        ("主菜、副菜、汁物の3品構成", (MAIN, SIDE, SOUP)),
        ("前菜、メイン、デザートの3品", (MAIN, SIDE, SIDE)),
        ("前菜と付け合わせの2品だけ", (SIDE, SIDE)),
        ("合計5品のコース", (MAIN, MAIN, SIDE, SIDE, SIDE)),
        ("メインのおかずを1つと副菜を2つ", (MAIN, SIDE, SIDE)),
        ("メイン1品、サブ2品", (MAIN, SIDE, SIDE)),
        ("ご飯と汁物は用意するので、おかずを2品", (MAIN, SIDE)),
        ("カレーに合うサラダ", (SIDE,)),
        # What a course is made of, its repetition and one dish of all are no number of courses.
        ("鶏メインで", ()),
        ("同じ主菜の反復は避けて、4日分の夜", ()),
        ("卵料理は1品まで。夕食", ()),
        ("昼、一皿でフォークだけで食べられるもの", ()),
        # Rice or bread that is not eaten is a food, and cold soup is left.
        ("米なしで腹いっぱいになる夜", ()),
        ("夜は揚げ物抜きで、パンも抜き", ()),
        ("米は各自5合持参するので買いません。夕食", ()),
        ("今晩ごはんいらないと言われた。ひとりで食べる", ()),
        ("熱い汁物はパス。夕食", ()),
        ("塩は1g以下で、汁物はなしでも可。夕食", ()),
        ("汁物があると満足する。夕食", ()),
        # Of some days or meals alone.
        ("月〜金の夜。金曜は一汁一菜で", ()),
        ("朝と夜を2日分、夜はスープだけ", ()),
        ("月〜水の夕食。水曜は副菜2つだけ", ()),
        # So many dishes, by whatever noun and however they are counted.
        ("おかず4品、大人3人", (MAIN, SIDE, SIDE, SIDE)),
        ("おかずを三つ", (MAIN, SIDE, SIDE)),
        ("大皿2つで", (MAIN, SIDE)),
        ("手でつまめるものを3種", (MAIN, SIDE, SIDE)),
        ("焼酎のあて、二つ", (SIDE, SIDE)),
        ("主菜1と副菜2", (MAIN, SIDE, SIDE)),
        ("副菜になるのを3つ", (SIDE, SIDE, SIDE)),
        ("汁1、おばんざい3、2人", (MAIN, SIDE, SIDE, SOUP)),
        ("5種類のスープ", (SOUP,) * 5),
        ("煮物とあえ物を一つずつ", (MAIN, SIDE)),
        ("週末のおかず4品（主菜2、副菜2）", (MAIN, MAIN, SIDE, SIDE)),
        ("7品の小鉢で晩酌", (SIDE,) * 7),
        # A number of something else.
        ("豆腐2個と卵3つで夕食", ()),
        ("洗い物は皿4枚まで、夕食を", ()),
        ("おやつは200kcalまで、夕食の献立を", ()),
        ("揚げものは一つなら。夕食を", ()),
        # Beside what is there already.
        ("お寿司は取るから、お吸い物と小鉢ふたつ", (SIDE, SIDE, SOUP)),
        ("おはぎは買うて、ほかに二つ", (SIDE, SIDE)),
        ("主菜は決めてある。付け合わせとスープも", (SIDE, SOUP)),
        ("肉じゃがと、ほかに2品", (MAIN, SIDE, SIDE)),
        ("みそ汁と、もう一皿", (SIDE, SOUP)),
        # Rows, labels, and a course of a meal.
        ("ごはんとおかず二つと汁", (STAPLE, MAIN, SIDE, SOUP)),
        ("とにかく米と汁", (STAPLE, SOUP)),
        ("白いごはんと、しょっぱいおかず、スープ", (STAPLE, MAIN, SOUP)),
        ("丼ものひとつで済ませたい", (STAPLE,)),
        ("ハンバーグに合う副菜は？", (SIDE,)),
        ("主菜：肉\n副菜：4品\n汁物：なし", (STAPLE, MAIN, SIDE, SIDE, SIDE, SIDE)),
        ("主菜:鶏の宝袋\n副菜:？\n汁:？\n2人前", (SIDE, SOUP)),
        ("夕飯の副菜を二つばかり", (SIDE, SIDE)),
        ("昼食の献立を。汁はみそ汁以外で", ()),
        ("汁なし麺の昼ごはん", ()),
        ("汁の多いものはなしで、夕食を", ()),
        ("夕食を。ごはんとみそ汁は母が作ります", (MAIN, SIDE)),
        ("夕食を。汁はインスタントで済ます", (STAPLE, MAIN, SIDE)),
        # Desserts are sides of the cookbook.
        ("おやつを2つ", (SIDE, SIDE)),
        ("夕食とデザートをお願い", (STAPLE, MAIN, SIDE, SIDE, SOUP)),
        ("デザートは市販なのでいりません。夕食を", ()),
        # As many dishes as are asked for, without the course that is not wanted.
        ("汁物なしで3品、大人2人の夕食", (STAPLE, MAIN, SIDE, SIDE)),
        ("夕食を4品で、ごはんと汁はなし", (MAIN, SIDE, SIDE, SIDE)),
        # A number that is corrected, and numbers of some of them.
        ("5品ほしい。うそ、4品でいい", (MAIN, SIDE, SIDE, SIDE)),
        ("おかず4つ、1つは決めてあるから残り3つを考えて", (SIDE, SIDE, SIDE)),
        ("料理5品、うち2品は冷たいもの", (MAIN, MAIN, SIDE, SIDE, SIDE)),
        ("常備菜を3品。火を使うのは1品だけで", (MAIN, SIDE, SIDE)),
        # What a course is like, and how many of it.
        ("小鉢っぽいの5つくらい並べたい", (SIDE,) * 5),
        ("汁物1つとサラダ系2つ", (SIDE, SIDE, SOUP)),
        ("副菜だけ2つ追加したい", (SIDE, SIDE)),
        ("お昼に持ち寄り、わたしはサイドメニュー2つの担当", (SIDE, SIDE)),
        # The main dish is there, whatever is said of it.
        ("副菜を2つ。メインは惣菜のとんかつを買ってきた", (SIDE, SIDE)),
        ("副菜を二つだけ考えて。主菜の焼き魚は決めてあります", (SIDE, SIDE)),
        ("前菜を3種類。メインはすき焼きなので軽く", (SIDE, SIDE, SIDE)),
        ("スープとパンに合うおかず1品", (SIDE,)),
        ("夕食。汁物と温かい一品だけ作ります", (SIDE, SOUP)),
        # A snack alone, rice that is not cooked yet, and rice beside which one drinks.
        ("カロリー低めのおやつ、ひとつ教えて", (SIDE,)),
        ("夕食を。ごはん炊いてない", ()),
        ("夕食を。ごはん：いらない", (MAIN, SIDE, SOUP)),
        ("晩のおかずを。ごはんと汁は自分でやります", (MAIN, SIDE)),
        ("晩ごはん、一汁二菜で。ご飯は冷凍があるから考えなくていい", (MAIN, SIDE, SOUP)),
        ("夕食\nSoup: いらない", (STAPLE, MAIN, SIDE)),
        ("夕食のみ。副菜：1品だけでいい", (STAPLE, MAIN, SIDE, SOUP)),
        ("汁物だけ日替わりで5種類ほしい", (SOUP,) * 5),
        ("ワインに合うものを30分以内で3つくらい", (SIDE, SIDE, SIDE)),
        ("夕食\n品数：2（ご飯は別で炊く）", (MAIN, SIDE)),
        ("主菜：魚\n副菜：2品\n汁：みそ汁以外", (STAPLE, MAIN, SIDE, SIDE, SOUP)),
        ("夕食をお願いします", ()),
        ("汁物は毎日つけて、3日分の夕食", ()),
        ("夕食を。主菜は魚で", ()),
        ("肉汁たっぷりのハンバーグの夕食", ()),
    ],
)
def test_the_courses_that_are_asked_for_are_read(text: str, roles: tuple[Role, ...]) -> None:
    assert read(text).roles == roles


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("鶏むね肉のレシピを3つ", 3),
        ("夕食の献立を3案", 3),
        ("敬老の日の献立、案を三つ", 3),
        ("豆腐の食べ方を五つ", 5),
        ("朝ごはんのパターンを3つください", 3),
        ("夕食を", 1),
    ],
)
def test_so_many_proposals_are_made_and_each_has_what_is_asked(text: str, count: int) -> None:
    order = read(text)
    assert order.is_proposals == (count > 1)
    meals = plan(order).meals
    assert len(meals) == count
    for meal in meals:
        assert all(
            any(COOKBOOK.uses(dish, name) for dish in meal.dishes) for name in order.ingredients
        )
    mains = [meal.main.name for meal in meals]
    assert len(set(mains)) == count


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("500kcal以下の夕食", {"energy_kcal": (None, 500.0)}),
        ("塩分2g未満、たんぱく質は25g以上", {"salt_g": (None, 2.0), "protein_g": (25.0, None)}),
        ("脂質10gまでで、P30g以上", {"fat_g": (None, 10.0), "protein_g": (30.0, None)}),
        ("糖質は1食50gまで", {"carbohydrate_g": (None, 50.0)}),
        ("1日の塩分6g以下で夕食", {"salt_g": (None, 2.0)}),
        ("塩分は1日6g以下で夕食", {"salt_g": (None, 2.0)}),
        ("300kcal台の夜ごはん", {"energy_kcal": (None, 399.0)}),
        ("kcal≦600", {"energy_kcal": (None, 600.0)}),
        ("400〜600kcalの昼食", {"energy_kcal": (400.0, 600.0)}),
        ("塩小さじ1で味つけ", {}),
        ("鉄のフライパン1つ", {}),
        ("野菜120g以上の夕食", {"vegetables_g": (120.0, None)}),
        ("野菜350gの3分の1がとれる夕食", {"vegetables_g": (350 / 3, None)}),
        ("野菜は1日350g以上とりたい", {"vegetables_g": (350 / 3, None)}),
        ("1食に野菜を100g以上", {"vegetables_g": (100.0, None)}),
        ("冷凍野菜200gがあります", {}),
        # What no meal has is of a day.
        (
            "エネルギー 1,800kcal以下、食塩 6g未満の献立",
            {"energy_kcal": (None, 600.0), "salt_g": (None, 2.0)},
        ),
        ("1日1,950kcal ± 90", {"energy_kcal": (620.0, 680.0)}),
        # So few grams are of the salt that was named before.
        ("塩だけは気にしている。夜は1g以下で", {"salt_g": (None, 1.0)}),
        ("塩分を控える企画。1日6g以内で夕食", {"salt_g": (None, 2.0)}),
        ("塩は少なめ、脂質が気になる。1食15g以内", {}),
        ("たんぱく質はちゃんと20g", {"protein_g": (20.0, None)}),
        ("たんぱく質25gいける夕食", {"protein_g": (25.0, None)}),
        # Of some days alone.
        ("月〜水の夜。火曜は500kcal以下で", {}),
    ],
)
def test_figures_with_a_bound_are_limits(text: str, limits: dict[str, Range]) -> None:
    assert read(text).constraints.limits == limits


@pytest.mark.parametrize(
    ("text", "yen"),
    [
        ("1食400円以内で豆腐の夕食を", 400),
        ("¥350以内で夜1人前", 350),
        ("ふたりで一食500円。夕食", 250),
        ("予算は1人300円で、4人分の夕食", 300),
        ("一人あたり350円以下の昼食", 350),
        ("500円以下の夕食を2人分", 250),
        ("4人分の夕食を1,000円で", 250),
        ("4人家族です。ワンコインで夕食を", 125),
        ("千円以内で、2人分の夕食", 500),
        ("夕食を3日分、2人で。1日800円まで", 400),
        ("1日1200円で、朝食と昼食と夕食を2人分", 200),
        ("5人分の夕食 / 金額=2200まで", 440),
        ("300円台で作れる夕食を1人分", 399),
        ("夕食の案を3つ、2人分。600円以内", 300),
        ("夕食を2人分。予算:500円/人", 500),
        ("2人分の夕食を材料費８００円くらいで", 400),
        ("2人分のおつまみ3品、ぜんぶで500円", 250),
        ("晩ごはんに使えるのは1日400円、2人です", 200),
        ('{"budget_yen": 600, "servings": 1}の夕食', 600),
        ("予算:2人で600。夕食", 300),
        ("会費 ひとり500円、7人で昼", 500),
        ("記念に肉。3000円出す。2人で夕食", 1500),
        ("財布の中2100円。1人分の夕食", 2100),
        ("ひとり150円×5人=750円で晩ごはん", 150),
        ("一人100円ずつ出して500円で5人分の夕食", 100),
        ("1個200円くらいのお弁当を2人分", 200),
        ("900円で一日三食、1人分", 300),
        ("2人で今夜1000円ぽっきり。夕食", 500),
        ("2000円あれば4人で食べられる鍋", 500),
        ("先月の食費が8万超えたので、2人分の夕食を600円以内で", 300),
        ("先月の食費が8万を超えた。夕食", None),
        ("平日の夜5日分、4人。毎日1000円以内、金曜は1500円まで", 250),
        ("肉は100g150円以下のもので夕食", None),
        ("鶏皮（1パック120円でつい買った）で夕食", None),
        ("ぶりのあら、500円で山盛り。夕食", None),
        ("豆腐とねぎがあります。買い足しは500円までで夕食を", None),
        ("1パック198円で買った豚こまで夕食", None),
        ("100円ショップの鍋で夕食", None),
        ("豚こまが特売で100g98円でした。夕食を", None),
        ("500円玉くらいのハンバーグ", None),
        ("【予算】（　　　）円\n夕飯を4人分", None),
        ("1人1000円以上のごちそうで夕食", None),
        ("2人分、500kcal以内の夕食", None),
    ],
)
def test_a_budget_is_a_limit_of_a_serving_of_one_meal(text: str, yen: float | None) -> None:
    order = read(text)
    assert order.constraints.limits.get(PRICE, (None, None)) == (None, yen)
    assert order.average_yen is None
    assert ("budget" in {one.kind for one in order.understood}) == (yen is not None)
    if yen is not None:
        assert "予算" not in {one.name for one in order.not_considered}


@pytest.mark.parametrize(
    ("text", "yen"),
    [
        ("2人分の夕食を3日分、合計3000円以内で", 3000),
        ("週3500円、夜だけ7日、2人分", 3500),
        ("給料日まで夕食を3日分、2人で。財布の中2100円", 2100),
        ("3日分の夕食を2400円で、2人です", 2400),
        ("今月あと6日で残り4,000円。夕飯を6日分、1人分", 4000),
        ("1人分の夕食を5日分。食材費は1週間ぜんぶで3500円以内", 3500),
        ("月〜金の夕食2人分、金曜は4人分。食費は全部で6000円以内", 6000),
        ("3日分の夕食を2人分。予算は全部で1人1200円", 2400),
        ("食費残り: 4000円\n夕食を5日分、1人分", 4000),
        ("今週あと3000円しかない。木金土日の夜、2人", 3000),
        ("月〜金の夕食、3人で1週間7000円", 7000),
    ],
)
def test_a_budget_of_several_days_is_one_of_all_meals_together(text: str, yen: float) -> None:
    order = read(text)
    assert PRICE not in order.constraints.limits
    assert order.budget_yen == pytest.approx(yen)
    assert "予算" not in {one.name for one in order.not_considered}


def test_a_plan_keeps_its_budget_in_all_and_tells_what_it_costs() -> None:
    order = read("月〜金の夕食を2人分、予算は全部で4000円以内")
    dearest = []
    for seed in range(4):
        result = plan(replace(order, variety=seed), seed)
        yen = [
            sum(COOKBOOK.price_yen(dish).usual * 2 for dish in meal.dishes) for meal in result.meals
        ]
        assert sum(yen) <= 4000
        told = f"全部で約{sum(yen):,.0f}円です（予算4,000円）"
        assert told in "".join(plan_notes(result, order, COOKBOOK))
        dearest.append(max(yen))
    # One meal may cost more than a fifth.
    assert max(dearest) > 800


def test_a_budget_for_which_there_is_no_plan_is_named() -> None:
    with pytest.raises(NoMenu) as caught:
        plan(read("月〜金の夕食を2人分、食費は全部で200円以内"))
    assert caught.value.param == "budget_yen"


def test_a_meal_keeps_its_budget_and_tells_what_it_costs() -> None:
    order = read("1食250円以内、野菜120g以上の夕食を2人分")
    [meal] = plan(order).meals
    assert sum(COOKBOOK.price_yen(dish).usual for dish in meal.dishes) <= 250
    assert sum(COOKBOOK.vegetables_grams(dish) for dish in meal.dishes) >= 120
    line = figures_line(meal, order, COOKBOOK)
    assert line is not None
    assert re.fullmatch(r"栄養（1人分）: 野菜\d+g、材料費の目安\d+円", line)


@pytest.mark.parametrize(
    ("text", "nutrients"),
    [
        ("鉄分多めの夕食", {"iron_mg"}),
        ("貧血気味なので何か", {"iron_mg"}),
        ("カルシウムをしっかりとれる夕食", {"calcium_mg"}),
        ("600kcalくらいの夕食", {"energy_kcal"}),
        ("脂質控えめの夕食", {"fat_g"}),
        ("食物繊維の多いのは避けたい", set()),
        ("脂質異常症の父と食べる夕食", set()),
        ("夜のカロリーは目安600", {"energy_kcal"}),
        ("生もの・食物繊維多めのもの抜きで夕食", set()),
        ("木〜土の夕食。金曜は炭水化物多め", set()),
    ],
)
def test_figures_without_a_bound_are_aimed_at(text: str, nutrients: set[str]) -> None:
    assert set(read(text).aims) == nutrients


def test_what_is_aimed_at_is_told_and_what_is_missed_is_said() -> None:
    order = read("カルシウムをしっかりとれる夕食")
    served = plan(order)
    line = figures_line(served.meals[0], order, COOKBOOK)
    assert line is not None
    assert "カルシウム" in line
    beyond = read("夕食を。たんぱく質は100gくらい")
    assert any("たんぱく質" in note for note in plan_notes(plan(beyond), beyond, COOKBOOK))


def test_who_eats_little_carbohydrate_gets_no_staple() -> None:
    assert read("糖質制限中の夕食").roles == (MAIN, SIDE, SIDE, SOUP)
    # So does who counts it, without a bound.
    assert read("1食 P:30g/F:12g/C:45g で夕食").roles == (MAIN, SIDE, SIDE, SOUP)


@pytest.mark.parametrize(
    ("text", "only", "without"),
    [
        ("電子レンジだけで作れる夕食", {"電子レンジ"}, set()),
        ("レンチンで済む昼ごはん", {"電子レンジ"}, set()),
        ("火を使わない昼食", set(), {"コンロ"}),
        ("包丁なし、オーブンも使えない", set(), {"包丁", "オーブン"}),
        ("炊飯器で作れる夕食", {"炊飯器"}, set()),
        ("オーブンが壊れたので", set(), {"オーブン"}),
        ("電子レンジを買いました。夕食を", set(), set()),
        (
            "IH1口なので夕食は簡単に",
            {"コンロ", "フライパン", "鍋", "圧力鍋", "魚焼きグリル"},
            set(),
        ),
        ("レンジと炊飯器はある。昼を", {"電子レンジ", "炊飯器"}, set()),
        ("器具：レンジ、トースター\n夕食", {"電子レンジ", "トースター"}, set()),
        ("レンジかトースターで。夕食", {"電子レンジ", "トースター"}, set()),
        ("オーブンはあるので夕食を", set(), set()),
        ("包丁もまな板もない。夕食", set(), {"包丁"}),
        ("切るものなしで夕食", set(), {"包丁"}),
        ("電子レンジがこわれた。夕食を", set(), {"電子レンジ"}),
        ("火の前に立ちたくない。夕食", set(), {"コンロ"}),
        ("炊飯器でご飯を炊いて、鮭の夕食を", set(), set()),
        # What is counted beside a tool that is lacking is there.
        ("ホットプレート1台、包丁なし", {"フライパン", "コンロ"}, {"包丁"}),
        ("コンロ3口、オーブンなし", set(), {"オーブン"}),
        ("フライパン ひとつ だけ あります", {"フライパン", "コンロ"}, set()),
        ("使えるのは電子レンジと電気ポット", {"電子レンジ"}, set()),
        ("トースターと電子レンジは明日の朝まで使える", {"トースター", "電子レンジ"}, set()),
        ("電気コンロと薄い鍋だけで昼を", FIRE, set()),
        ("大鍋と鉄板、炊飯器5升。夕食", FIRE_AND_RICE, set()),
        ("飯ごうとかまど、あと大鍋。", FIRE, set()),
        ("火は電子レンジとホットプレートだけ", {"電子レンジ", "フライパン", "コンロ"}, set()),
        ("もう全部レンジのやつに", {"電子レンジ"}, set()),
        ("フードプロセッサーは学校にありません", set(), {"ミキサー"}),
        # Food is warmed with it, and not cooked.
        ("電子レンジしかない職場で温めて食べる弁当", set(), set()),
        ("レンジは同時に使えない", set(), set()),
        ("停電はしていない。夕食", set(), set()),
        ("炊飯器しかけるだけの朝食", set(), set()),
        ("カセットコンロと鍋だけ", FIRE, set()),
        ("フライパンは壊れて鍋しかない", {"コンロ", "鍋"}, {"フライパン"}),
        ("ワンパンで", {"コンロ", "フライパン"}, set()),
        ("一人暮らしの1口コンロ", FIRE, set()),
        ("炊飯器に入れるだけ", {"炊飯器"}, set()),
        ("焚き火調理", FIRE, set()),
        ("火を使うのはNG", set(), {"コンロ"}),
        # Of one dish or one day alone.
        ("副菜=レンジ調理、主菜=鶏", set(), set()),
        ("つまみ3品、1品は火を使わない", set(), set()),
        ("4品ほしい、うち2品は火を使わないもので夕食", set(), set()),
        ("料理5品、火を使わないもの2品以上", set(), set()),
        # With what it is made, however that is said.
        ("帰りが遅いのでレンジで済む夕飯を", {"電子レンジ"}, set()),
        ("レンジでいけるなら最高。夕食", {"電子レンジ"}, set()),
        ("みんなでホットプレートを囲む夕食", {"フライパン", "コンロ"}, set()),
        ("まだフライパンが出てこない。夕食", set(), {"フライパン"}),
        ("器具: オーブンあり。夕食", set(), set()),
        # Children who warm what was made ahead cook nothing.
        ("留守番の子がレンジで温めて食べる昼ごはん、火は使わせません", set(), set()),
        ("小5が一人で作る昼ごはん、火は使わせません", set(), {"コンロ"}),
        ("月〜水の夜。火曜はレンジだけ", set(), set()),
        ("つまみを6品、そのうち火を使わないのが3品あると助かる", set(), set()),
        # Who does not want to, does not.
        ("包丁はもう怖いので使いません。夕食", set(), {"包丁"}),
        ("包丁いらんやつで夕食", set(), {"包丁"}),
        ("包丁を出すのもだるい日の飯", set(), {"包丁"}),
        ("切らんでええやつで夕食", set(), {"包丁"}),
        ("火を使う気力がない。夕食", set(), {"コンロ"}),
        ("ガス止められてる。夕食", set(), {"コンロ"}),
        ("引っ越したばかりでガスがまだ使えません。夕食", set(), {"コンロ"}),
        ("ガス代が高いので夕食は節約で", set(), set()),
        ("肉じゃが、圧力鍋使用、4人前", {"圧力鍋", "鍋", "コンロ"}, set()),
        ("鍋は一個しかない。夕食", {"鍋", "コンロ"}, set()),
        ("すいはんきで できる 夕食", {"炊飯器"}, set()),
        ("朝は火を使わず、夜は普通に。2日分の朝と夜", set(), set()),
    ],
)
def test_what_there_is_to_cook_with_is_read(text: str, only: set[str], without: set[str]) -> None:
    constraints = read(text).constraints
    assert constraints.tools_only == only
    assert constraints.tools_without == without


@pytest.mark.parametrize("text", ["電子レンジだけで夕食", "火を使わない昼食", "包丁なしの夕食"])
def test_a_meal_takes_no_other_tool(text: str) -> None:
    order = read(text)
    for seed in range(5):
        for dish in plan(order, seed).meals[0].dishes:
            needed = tools_of(dish)
            assert not needed & order.constraints.tools_without, dish.name
            if order.constraints.tools_only:
                assert not needed & {"コンロ", "オーブン", "トースター"}, dish.name


@pytest.mark.parametrize(
    ("name", "tools"),
    [
        ("肉じゃが", {"コンロ", "鍋", "包丁"}),
        ("冷ややっこ", {"包丁"}),
        ("ご飯", {"炊飯器", "電子レンジ"}),
        ("鶏のから揚げ", {"コンロ", "鍋", "包丁"}),
    ],
)
def test_a_dish_takes_the_tools_of_its_steps(name: str, tools: set[str]) -> None:
    assert tools_of(COOKBOOK.dishes[name]) == tools


def test_what_only_some_days_are_for_is_planned_so() -> None:
    order = read("月〜金の夕食。火曜は魚、木曜はカレー、揚げ物は週1まで。和食を3日")
    result = plan(order)
    assert result.unmet == ()
    mains = [meal.main for meal in result.meals]
    assert COOKBOOK.uses(mains[1], "魚")
    assert any("カレー" in dish.name for dish in result.meals[3].dishes)
    assert sum(main.cuisine == "和" for main in mains) >= 3
    fried = [meal for meal in result.meals if any(d.method == "揚げる" for d in meal.dishes)]
    assert len(fried) <= 1


@pytest.mark.parametrize(
    ("text", "days", "shares"),
    [
        ("和食3日・洋食2日", 5, [("cuisine", "和", 3), ("cuisine", "洋", 2)]),
        ("1週間、和食4:洋食2:中華1で", 7, [("cuisine", n, c) for n, c in zip("和洋中", (4, 2, 1))]),  # noqa: B905
        ("魚を週2回、夕食7日", 7, [("food", "魚", 2)]),
        ("和食を5日分", 5, []),
        ("和食か洋食で3日分", 3, [("cuisine", "和", 1), ("cuisine", "洋", 1)]),
        (
            "5日分の夕食。和食3、洋1、中華1",
            5,
            [("cuisine", n, c) for n, c in zip("洋和中", (1, 3, 1))],  # noqa: B905
        ),
        ("火〜土の夕食。木曜だけ魚、あとは肉で", 5, [("food", "魚", 1), ("food", "肉", 1)]),
        ("月曜豚、火曜魚、水曜鶏。夕飯", 3, [("food", f, 1) for f in ("豚肉", "魚", "鶏肉")]),
        ("月：和／火：中／水：洋\n夕食", 3, [("cuisine", n, 1) for n in "和中洋"]),
    ],
)
def test_shares_of_the_days_are_read(
    text: str, days: int, shares: list[tuple[str, str, int]]
) -> None:
    order = read(text)
    assert len({slot.day for slot in order.slots}) == days
    assert [(one.kind, one.value, one.least) for one in order.shares] == shares


def test_a_day_that_cannot_be_as_asked_is_said() -> None:
    order = read("3日分の夕食。2日目は魚。魚介アレルギーです")
    result = plan(order)
    assert all("魚介" not in COOKBOOK.groups(d) for meal in result.meals for d in meal.dishes)


@pytest.mark.parametrize(
    ("text", "at_hand"),
    [
        ("鶏もも肉300gで夕食", {"鶏もも肉": 300.0}),
        ("キャベツ1/4個と豚こま200gがある", {"キャベツ": 250.0, "豚こま切れ肉": 200.0}),
        ("卵が3個、冷蔵庫に大根がある", {"卵": 150.0, "大根": None}),
        ("玉ねぎで夕食", {}),
        # Whatever stands between a food and its amount.
        ("豚こま300とキャベツで", {"豚こま切れ肉": 300.0}),
        ("里いも（下ゆで済み）300g", {"里いも": 300.0}),
        ("ぶり切り身(2)", {"ぶり": None}),
        ("|食材|量|\n|--|--|\n|牛乳|200ml|", {"牛乳": 200.0}),
        # Whatever tells that it is there, and the list below it.
        ("卵と梅干しでなんとか", {"卵": None, "梅干し": None}),
        ("お味噌はございます。夕食を", {"みそ": None}),
        ("新玉ねぎ、実家の畑から30個", {"新玉ねぎ": None}),
        (
            "【冷凍庫】\nブロッコリー／ほうれん草\n\n夕食を2人分",
            {"ブロッコリー": None, "ほうれん草": None},
        ),
        ("あまりもの棚卸し\n・長ねぎの青いとこ\n・大根", {"長ねぎ": None, "大根": None}),
        # What one of the days alone is to have is there, too.
        ("月→豚こま500g\n火→塩さば\nで夕食2日", {"豚こま切れ肉": 500.0}),
    ],
)
def test_what_is_at_hand_is_read_from_words(text: str, at_hand: dict[str, float | None]) -> None:
    assert read(text).at_hand == at_hand


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("カレーが食べたい", "カレー"),
        ("夕食はグラタン", "グラタン"),
        ("サラダのある夕食", "サラダ"),
    ],
)
def test_a_word_for_many_dishes_is_met_by_one_of_them(text: str, part: str) -> None:
    meal = plan(read(text)).meals[0]
    assert sum(part in dish.name for dish in meal.dishes) >= 1


def test_what_cannot_be_served_is_said_by_name() -> None:
    order = read("えびフライが食べたい。3歳の子はえびアレルギーです。えびフライとみそ汁の夕食")
    notes = plan_notes(plan(order), order, COOKBOOK)
    assert not any("みそ汁" in note for note in notes)


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("義父母が泊まりに来るので夕食を", "おもてなし"),
        ("娘の誕生日の夕食", "おもてなし"),
        ("残業続きでへとへと。夕食を", "時短"),
        ("夏バテで食欲がない", "あっさり"),
        ("晩酌に合う一品", "おつまみ"),
        ("友人は卵が苦手だそうです。夕食を", None),
        ("子ども2人と私だけの晩ごはん", "子ども向け"),
        ("小学生2人の夕食", "子ども向け"),
        ("10分でできる子どもの朝ごはん", "子ども向け"),
        ("幼稚園児のお弁当", "子ども向け"),
        ("子どもと食べる夕食", "子ども向け"),
        ("子どものお迎えのあとに作る夕食", None),
        ("1歳半の子と食べる夕食", "やわらかい"),
        ("なんかほっとするご飯が食べたい。夕食で", "温まる"),
        ("冷凍えびで夕食", None),
        ("部活帰りで腹ペコの息子の夕食", "こってり"),
        ("ママ友3人とうちでランチ", "おもてなし"),
    ],
)
def test_a_mood_or_an_occasion_is_a_style(text: str, style: str | None) -> None:
    assert read(text).style == style


@pytest.mark.parametrize(
    ("text", "among"),
    [
        ("ひな祭りの献立", {"五目ちらし寿司", "はまぐりの潮汁"}),
        ("節分の夕食を考えて", {"恵方巻"}),
        ("クリスマスイブのディナー", {"ビーフシチュー", "クリスマスのローストチキン"}),
        ("おふくろの味が食べたい。夕食を", {"肉じゃが", "さばのみそ煮", "ひじきの煮物"}),
        ("洋食屋さんみたいな夕食", {"ハンバーグ", "コーンスープ"}),
        ("ちゃんとした和定食が食べたい", {"さばの塩焼き", "豚肉のしょうが焼き"}),
        ("失敗しない夕食を", {"豚肉のしょうが焼き"}),
        ("イタリアンの夕食", {"トマトのカプレーゼ", "ミネストローネ"}),
        ("ワインに合うつまみを4品", {"きのこのアヒージョ"}),
        ("おせちに飽きたので夕食を", set()),
        ("クリスマスまでにやせたい。夕食を", set()),
        ("クリスマスの週の夕食を7日分", set()),
        ("定番に飽きたので違う夕食を", set()),
        ("夕食をお願いします", set()),
    ],
)
def test_what_a_meal_is_said_to_be_is_met_by_dishes_that_suit(text: str, among: set[str]) -> None:
    suiting = read(text).suiting
    assert among <= suiting
    assert bool(among) == bool(suiting)


def test_a_feast_is_led_by_a_dish_that_suits_it() -> None:
    for text in ("ひな祭りの献立", "節分の夕食を考えて", "洋食屋さんみたいな夕食"):
        order = read(text)
        assert plan(order).meals[0].main.name in order.suiting


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("カレーの付け合わせ考えて", ("カレーライス",)),
        ("ハンバーグに合う副菜は？", ("ハンバーグ",)),
        ("冷しゃぶに合わせる副菜は？", ("豚しゃぶサラダ",)),
        ("ハンバーグの夕食", ()),
    ],
)
def test_what_is_there_already_is_a_dish_that_others_go_with(
    text: str, given: tuple[str, ...]
) -> None:
    order = read(text)
    assert order.given == given
    there = [COOKBOOK.dishes[name] for name in given]
    served = plan(order).meals[0].dishes
    assert not given or not clashes([*there, *served], COOKBOOK)


def test_of_two_foods_one_of_which_will_do_the_first_is_wished() -> None:
    assert read("肉か魚がほしい。夕食を").ingredients == ("肉",)
    assert read("肉とか魚で夕食").ingredients != ()


def test_a_lunch_that_is_packed_is_one_meal() -> None:
    assert [slot.meal for slot in read("お昼のお弁当をお願い").slots] == ["お弁当"]
    assert [slot.meal for slot in read("お昼とお弁当をお願い").slots] == ["昼食", "お弁当"]


def test_the_second_day_of_a_feast_is_one_day() -> None:
    assert len(read("お正月の2日目の夜、何にしよう").slots) == 1
    assert len(read("1日目は和食、2日目は洋食").slots) == 2


def test_of_what_is_to_be_seldom_nothing_is_wished() -> None:
    order = read("卵は週3個まで。3日分の夕食")
    assert order.ingredients == ()
    assert order.not_considered


@pytest.mark.parametrize(
    ("text", "ingredients"),
    [
        ("肉より豆腐の夕食がいい", ("豆腐",)),
        ("豚肉よりも鶏肉で夕食を", ("鶏肉",)),
        ("いつもより肉を多めに夕食を", ("肉",)),
    ],
)
def test_what_another_food_is_preferred_to_is_no_wish(
    text: str, ingredients: tuple[str, ...]
) -> None:
    assert [name.removeprefix("木綿") for name in read(text).ingredients] == list(ingredients)


@pytest.mark.parametrize(
    "text",
    [
        "メインはさんまの塩焼きに決めた。添える小皿を3つ",
        "さんまの塩焼きに合う副菜を3つ",
        "さんまの塩焼きは買ってある。ほかに3品",
    ],
)
def test_a_dish_that_others_are_to_go_with_is_not_cooked_nor_said_to_be_missing(text: str) -> None:
    order = read(text)
    assert order.dishes == ()
    assert order.roles == (SIDE, SIDE, SIDE)
    assert not any("入れられません" in note for note in plan_notes(plan(order), order, COOKBOOK))


def test_who_asks_for_raw_meat_is_told_of_that_alone() -> None:
    order = read("鶏刺しのレシピを。たれの作り方も")
    assert order.unknown_dishes == ()
    assert any("食中毒" in note for note in order.notes)


@pytest.mark.parametrize(
    ("text", "word", "one", "other"),
    [
        ("イタリアンで夕食", "イタリアン", "たいのアクアパッツァ", "えびフライ"),
        ("イタリア料理がいいな", "イタリアン", "カルボナーラ", "ナポリタン"),
        ("フレンチの夕食", "フレンチ", "鮭のムニエル", "フレンチトースト"),
        ("タイ料理が食べたい", "タイ料理", "ガパオライス", "鶏のフォー"),
        ("四川料理で", "四川料理", "麻婆豆腐", "ぎょうざ"),
    ],
)
def test_a_kitchen_of_a_cuisine_is_a_wish_for_one_of_its_dishes(
    text: str, word: str, one: str, other: str
) -> None:
    order = read(text)
    assert order.constraints.cuisine is not None
    family = order.families[word]
    assert one in family
    assert other not in family
    assert [dish for dish in plan(order).meals[0].dishes if dish.name in family]


def test_a_kitchen_that_is_refused_leaves_the_rest_of_its_cuisine() -> None:
    constraints = read("イタリアンは苦手なので、それ以外の洋食で").constraints
    assert "カルボナーラ" in constraints.excluded_dishes
    assert "ビーフシチュー" not in constraints.excluded_dishes


@pytest.mark.parametrize("text", ["おせちに入れる料理を教えて", "お正月のおせち料理の献立"])
def test_dishes_of_the_new_year_are_a_family(text: str) -> None:
    order = read(text)
    [names] = order.families.values()
    assert {"伊達巻", "田作り", "栗きんとん", "筑前煮"} <= names


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("風邪をひいた。夕食を", "やわらかい"),
        ("食欲がないので、夕食を", "やわらかい"),
        ("お腹にやさしい夕食", "やわらかい"),
        ("夏バテで食欲がない", "あっさり"),
        ("4歳の子と食べる夕食", "子ども向け"),
        ("4歳の子と、あっさりした夕食", "あっさり"),
    ],
)
def test_who_eats_decides_on_the_style(text: str, style: str) -> None:
    assert read(text).style == style


@pytest.mark.parametrize("age", [0, 1, 2, 3, 5])
def test_a_small_child_gets_nothing_hot_or_raw(age: int) -> None:
    order = read(f"{age}歳の子と家族の夕食")
    for seed in range(3):
        for dish in plan(order, seed).meals[0].dishes:
            assert "辛い" not in dish.tags
            assert not dish.raw


@pytest.mark.parametrize(
    ("text", "season", "month"),
    [
        ("お花見のお弁当", "春", 4),
        ("梅雨でだるい。夕食を", "夏", 6),
        ("暑くて食欲がない", "夏", None),
        ("39度ってなに。夕食", "夏", None),
        ("七夕の夕食", "夏", 7),
        ("十五夜らしい一品", "秋", 9),
        ("10月の献立", "秋", 10),
        ("7/22(火)の夕食", "夏", 7),
        ("雪だ。夕食", "冬", None),
        ("クリスマスの夕食", "冬", 12),
        ("正月の二日目の夕食", "冬", 1),
        ("子どもが39度の熱。雑炊を", None, None),
        ("寒天サラダの夕食", None, None),
        ("7か月の赤ちゃんがいる。夕食を", None, None),
        ("白菜1/2で夕食", None, None),
        ("去年の正月は鍋だった。夕食を", None, None),
        ("外 -8℃。夕食", "冬", None),
        ("お雑煮とおかず", "冬", 1),
        ("スキー帰りの夕食", "冬", None),
        ("煮しめは正月でもういい。夕食を", None, None),
        ("白みそは正月に取っておく。夕食を", None, None),
        ("寒かったけど朝市に行った。夕食を", None, None),
        ("クーラーボックスに氷だけ。夕食", None, None),
        ("新米ママです。夕食を", None, None),
    ],
)
def test_an_occasion_a_date_or_the_weather_implies_a_season(
    text: str, season: str | None, month: int | None
) -> None:
    order = read_order([Message("user", text)], COOKBOOK, today=TODAY)
    assert order.named_season == season
    assert order.constraints.month == (month if season else TODAY.month)


def test_what_is_asked_for_by_name_is_served_in_an_implied_season_too() -> None:
    order = read_order([Message("user", "暑い。たらの夕食")], COOKBOOK, today=TODAY)
    assert order.named_season == "夏"
    assert any(COOKBOOK.uses(dish, "たら") for dish in plan(order).meals[0].dishes)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "パパはトマトだめ、子どもは辛いの無理。夕食を",
            "トマト（パパ）、辛いの（子ども）は、全員",
        ),
        ("下の子が卵アレルギーで、夫はきのこが苦手です", "卵（下の子）、きのこ（夫）は、全員"),
        ("20人分の夕食", "12人分までしか計算できない"),
        ("大人10人、子ども8人で夕食", "「大人10人、子ども8人」"),
    ],
)
def test_what_holds_for_all_and_what_cannot_be_is_said(text: str, said: str) -> None:
    assert said in "\n".join(read(text).notes)


@pytest.mark.parametrize("text", ["私は卵アレルギーです。夕食を", "12人分の夕食", "卵なしの夕食"])
def test_of_what_goes_without_saying_nothing_is_said(text: str) -> None:
    assert "全員" not in "".join(read(text).notes)
    assert "人分まで" not in "".join(read(text).notes)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("エアフライヤーで何か主菜", TOOLS),
        ("ホットサンドメーカーしかない。朝食を", TOOLS),
        ("クッキーを焼きたい", "焼き菓子"),
    ],
)
def test_what_the_cookbook_cannot_do_is_said_by_name(text: str, name: str) -> None:
    assert [one.name for one in read(text).not_considered] == [name]


def test_who_asks_for_a_dessert_gets_one_of_those_that_there_are() -> None:
    order = read("夕食とデザートをお願い")
    served = {dish.name for dish in plan(order).meals[0].dishes}
    assert served & order.families["おやつ"]


def test_little_to_wash_takes_few_pans_and_says_which() -> None:
    usual, little = read("鶏肉の夕食"), read("洗い物少なめで、鶏肉の夕食")

    def pans(order: Order) -> int:
        return sum(len(taken_by(plan(order, seed).meals[0])) for seed in range(8))

    assert pans(little) < pans(usual)
    assert any("火にかける道具" in note for note in plan_notes(plan(little), little, COOKBOOK))


@pytest.mark.parametrize(
    ("text", "cuisine", "meal"),
    [
        ("和の朝食", "和", "朝食"),
        ("洋朝食を2人分", "洋", "朝食"),
        ("和のお弁当", "和", "お弁当"),
        ("昭和の夕食", None, "夕食"),
    ],
)
def test_a_cuisine_right_before_a_meal_is_read(text: str, cuisine: str | None, meal: str) -> None:
    order = read(text)
    assert (order.constraints.cuisine, order.slots[0].meal) == (cuisine, meal)


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("グリーンカレー食べたい", ("グリーンカレー",)),
        ("ボルシチが飲みたい", ("ボルシチ",)),
        ("シェパーズパイ作って", ("シェパーズパイ",)),
        ("グラタン食べたい", ()),
        ("ハンバーグが食べたい", ()),
    ],
)
def test_a_dish_that_nobody_here_knows_is_said_by_name(text: str, unknown: tuple[str, ...]) -> None:
    order = read(text)
    assert order.unknown_dishes == unknown
    assert not order.is_talk


def test_what_goes_with_a_dish_is_a_menu_with_it_or_courses_without() -> None:
    assert read("肉じゃがに合う献立").dishes == ("肉じゃが",)
    assert read("肉じゃがに合う副菜").dishes == ()


@pytest.mark.parametrize(
    ("text", "has_staple"),
    [
        ("米はある。夕食を", True),
        ("お米があります。夕食を", True),
        ("ご飯は炊いてあるので、夕食を", False),
    ],
)
def test_rice_that_is_not_cooked_yet_is_cooked(text: str, has_staple: bool) -> None:
    order = read(text)
    assert (not order.roles or STAPLE in order.roles) is has_staple


@pytest.mark.parametrize(
    ("name", "met_by", "not_by"),
    [
        ("牛肉", "牛こま切れ肉", "ベーコン"),
        ("豚肉", "豚バラ薄切り肉", "ウインナー"),
        ("鶏肉", "鶏もも肉", "ロースハム"),
        ("牛肉", "合いびき肉", "牛レバー"),
    ],
)
def test_a_wish_for_a_kind_of_meat_is_met_by_its_cuts(name: str, met_by: str, not_by: str) -> None:
    assert met_by in COOKBOOK.members(name)
    assert not_by not in COOKBOOK.members(name)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("パスタをメインにした夕食", ()),
        ("鍋がメインの献立", ()),
        ("鶏もも肉を主菜にしたいです", ()),
        ("メインを2品", (Role.MAIN, Role.MAIN)),
        ("主菜だけお願いします", (Role.MAIN,)),
    ],
)
def test_what_is_to_lead_a_meal_asks_for_the_whole_of_it(
    text: str, roles: tuple[Role, ...]
) -> None:
    assert read(text).roles == roles


@pytest.mark.parametrize(
    ("text", "foods"),
    [
        ("いかと里芋が手に入りました。夕食を", {"いか", "里いも"}),
        ("ぶりが手に入りませんでした。夕食を", set()),
        ("さっぱりして食べやすいものを", set()),
        ("里いもとにんじんで夕食", {"里いも", "にんじん"}),
    ],
)
def test_what_came_into_the_house_is_there(text: str, foods: set[str]) -> None:
    assert set(read(text).ingredients) == foods


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("週末に友達が4人来るのでおもてなし料理を", 1),
        ("週末に両親を招きます。夕食を", 1),
        ("週末の夕食", 2),
    ],
)
def test_guests_at_the_weekend_come_once(text: str, days: int) -> None:
    assert len(read(text).slots) == days


@pytest.mark.parametrize(
    ("word", "is_one", "is_none"),
    [
        ("焼き魚", "鮭の塩焼き", "さば缶と豆腐のつくね焼き"),
        ("サラダ", "大根サラダ", "サラダチキン"),
        ("サラダ", "ポテトサラダ", "ツナとトマトのサラダうどん"),
    ],
)
def test_a_family_has_what_is_called_so_and_nothing_of_another_kind(
    word: str, is_one: str, is_none: str
) -> None:
    family = read(f"{word}が食べたい").families[word]
    assert is_one in family
    assert is_none not in family
    # Who refuses it may mean them, too.
    assert {is_one, is_none} <= read(f"{word}は食べられません").constraints.excluded_dishes


@pytest.mark.parametrize(
    "text",
    ["野菜たっぷりの夕食", "最近野菜不足です。夕食を", "野菜をいっぱい食べたい", "野菜多めで"],
)
def test_who_wants_much_of_vegetables_is_to_have_half_a_day_of_them(text: str) -> None:
    assert read(text).aims["vegetables_g"] == (175.0, None)


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("おばあちゃんちみたいな昔ながらのおかず", None),
        ("80歳の祖母と食べます", "やわらかい"),
        ("暑くて食欲がないので食べやすいものを", "あっさり"),
        ("風邪で食欲がない", "やわらかい"),
        ("薄味でやわらかめの晩ごはん", "やわらかい"),
        ("幼稚園児がぱくぱく食べてくれそうな夕食", "子ども向け"),
    ],
)
def test_who_eats_and_how_he_is_decides_on_the_style(text: str, style: str | None) -> None:
    assert read(text).style == style


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("飲みたい、でも胃は重い", "やわらかい"),
        ("歯も弱くなった父と食べます", "やわらかい"),
        ("食欲もないです。夕食を", "やわらかい"),
        ("夏は食欲がない", "あっさり"),
    ],
)
def test_how_somebody_is_may_stand_behind_any_particle(text: str, style: str) -> None:
    assert read(text).style == style


@pytest.mark.parametrize("text", ["味はうすめに", "味付け薄めで夕食を", "薄味の夕食"])
def test_a_mild_taste_is_little_salt(text: str) -> None:
    assert "low_salt" in read(text).constraints.diets


@pytest.mark.parametrize(
    "text", ["5日分、かぶり無しで", "料理がかぶらず3日分", "メニューのかぶりNG"]
)
def test_dishes_that_are_not_to_repeat_leave_out_no_fish_and_no_turnip(text: str) -> None:
    assert not read(text).constraints.excluded


@pytest.mark.parametrize(
    ("text", "is_left_out"),
    [("ぶり無しで", "ぶり"), ("かぶ、ぶり抜きで", "ぶり"), ("かぶは抜きで", "かぶ")],
)
def test_fish_and_turnip_by_name_are_left_out_all_the_same(text: str, is_left_out: str) -> None:
    assert is_left_out in read(text).constraints.excluded


def test_a_table_is_told_as_not_considered_and_a_surface_is_not() -> None:
    assert [one.name for one in read("3日分の献立を表で").not_considered] == ["表の形"]
    assert read("鮭の表に塩をふって焼きたい").not_considered == ()


def test_what_is_raw_is_called_so_in_the_opening_line() -> None:
    order = read("妊娠中なので生は避けた夕食を")
    title = plan(order).meals[0].title
    assert "生のもの" in title
    assert "と生は" not in title


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("選択肢を3つ", 3),
        ("アイデアをいくつか", 3),
        ("2、3個候補を", 3),
        ("鶏むね肉のレシピ5選", 5),
        ("案をふたつ", 2),
        ("おすすめを4つ", 4),
        ("複数の案を見たい", 3),
        ("proposals: 3\nmeal: 夕食", 3),
        ("フライは飽きた。簡単なのを三つ教えて", 3),
        # Dishes, and one of those that there were.
        ("おかずを二つほど教えて", 1),
        ("おかず3品", 1),
        ("2つ目の案で", 1),
    ],
)
def test_so_many_to_choose_from_are_read_in_many_words(text: str, count: int) -> None:
    order = read(text)
    assert (len(order.slots) if order.is_proposals else 1) == count
