"""Kinds of what is asked, each told in several ways: people, meals, days, dishes, foods."""

import random

import pytest

from chef_llm.cookbook import Role, load_cookbook
from chef_llm.engines import Deadline
from chef_llm.menus.notes import figures_line, plan_notes
from chef_llm.menus.planner import Planner
from chef_llm.reading.conversation import Message
from chef_llm.reading.not_considered import EACH_DAY, SWEET
from chef_llm.reading.order import Order, Slot
from chef_llm.reading.reader import read_order
from guarantees import choosing_at_random

COOKBOOK = load_cookbook()
PLANNER = Planner(COOKBOOK)
STAPLE, MAIN, SIDE, SOUP = Role
BOX = "冷めてもおいしいお弁当です。\n主食: 鮭おにぎり\n主菜: 鶏のから揚げ\n副菜: 卵焼き"
LUNCH_WITHOUT_A_NAME = "主食: きつねうどん\n副菜: ほうれん草のおひたし"


def read(text: str) -> Order:
    return read_order([Message("user", text)], COOKBOOK)


def changed(asked: str, answer: str, said: str) -> Order:
    turns = [Message("user", asked), Message("assistant", answer), Message("user", said)]
    return read_order(turns, COOKBOOK)


@pytest.mark.parametrize(
    ("text", "servings"),
    [
        # One of whom something is told is one of those who eat.
        ("7人分の夕食。お一人えびアレルギーの方がいます", 7),
        ("6人で鍋。小麦がだめな子が一人います", 6),
        ("家族5人の晩ごはん、1人は魚が苦手", 5),
        ("夕食を4人分。2組の子も一人、そばアレルギーだそうです", 4),
        # Whoever eats alone says so.
        ("一人でゆっくり食べる夕食", 1),
        ("ひとり分の昼ごはん、卵アレルギーです", 1),
        ("独身、金曜の夜、肉", 1),
        ("旦那の弁当に入れるおかず", 1),
        ("お弁当、娘と旦那の二人分", 2),
        # Kinds of people one after another.
        ("利用者様7名と職員3名の昼食", 10),
        ("部員8、コーチ2の夕食", 10),
        ("わたしたち3人祖父母2人の夕食", 5),
        ("夕食／大人2・中学生1・小学生2／魚", 5),
        # Lists and tables of them.
        ("・夫（辛いもの好き）\n・私 なんでも\n・息子 トマト嫌い\nの夕食", 3),
        ("| 父 | 52 |\n| 母 | 50 |\n| 長女 | 17 |\n| 次女 | 14 |\n\n今夜の献立", 4),
        # Who comes besides.
        ("4人分の予定に1人足して、夕食", 5),
        ("三人の鍋、さらに二人来ることに", 5),
    ],
)
def test_all_who_eat_are_counted_once(text: str, servings: int) -> None:
    assert read(text).servings == servings


@pytest.mark.parametrize(
    ("asked", "answer", "said", "meals"),
    [
        ("明日の弁当", BOX, "卵焼きは昨日も入れたので別のに", ["お弁当"]),
        ("昼、うどんがいい", LUNCH_WITHOUT_A_NAME, "おひたしはほかのに", ["昼食"]),
        ("昼、うどんがいい", LUNCH_WITHOUT_A_NAME, "よかった。明日の朝もお願い", ["朝食"]),
        ("昼、うどんがいい", LUNCH_WITHOUT_A_NAME, "おひたしは朝に食べるので別の副菜を", ["昼食"]),
        ("夕食を", "2人分の夕食です。\n主菜: 肉じゃが", "夕食じゃなく昼食の間違いでした", ["昼食"]),
    ],
)
def test_a_change_is_of_the_meal_that_there_was(
    asked: str, answer: str, said: str, meals: list[str]
) -> None:
    assert [slot.meal for slot in changed(asked, answer, said).slots] == meals


@pytest.mark.parametrize(
    ("said", "servings"), [("量を倍にして", 6), ("2倍だとどうなる？", 6), ("夫の分だけ倍で", 3)]
)
def test_twice_as_much_is_for_twice_as_many(said: str, servings: int) -> None:
    answer = "3人分の夕食です。\n主食: ご飯\n主菜: 肉じゃが"
    assert changed("3人分の夕食を", answer, said).servings == servings


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("3時のおやつ、子ども4人分", (SIDE,)),
        ("卵も乳も使わないおやつを1つ", (SIDE,)),
        ("なんか甘いもの食べたい", (SIDE,)),
        ("お茶うけ2種類", (SIDE, SIDE)),
        ("おやつをオーブンなしで作りたい", (SIDE,)),
        ("デザートは果物以外のものを", (SIDE,)),
        # Beside a meal it is one dish more.
        ("保育園の昼とおやつ、8人分", (STAPLE, MAIN, SIDE, SIDE, SOUP)),
        ("夕食とデザートを", (STAPLE, MAIN, SIDE, SIDE, SOUP)),
        # Nobody asks for what he has, or does not want.
        ("おやつはいらないので夕食を", ()),
        ("おやつを食べ過ぎたので夕飯は軽く", ()),
        ("甘いものが苦手です", ()),
    ],
)
def test_a_snack_is_asked_for_where_it_is_named(text: str, roles: tuple[Role, ...]) -> None:
    order = read(text)
    assert order.roles == roles
    assert (SWEET in order.families) == (bool(roles))


def test_a_snack_is_called_one_and_is_sweet() -> None:
    order = read("3時のおやつ、子ども4人分")
    plan = PLANNER.plan(order, choosing_at_random(random.Random(1)), Deadline.after(60))
    assert plan.meals[0].title.startswith("4人分のおやつです。")
    assert {dish.name for meal in plan.meals for dish in meal.dishes} <= order.families[SWEET]


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("鶏と豚を1日ずつ、魚を1日、3日分の夜", {("鶏肉", 1, ()), ("豚肉", 1, ()), ("魚", 1, ())}),
        ("和洋中を一日ずつ、3日", {("和", 1, ()), ("洋", 1, ()), ("中", 1, ())}),
        ("5日分の夕食、和3洋2で", {("和", 3, ()), ("洋", 2, ())}),
        ("六日分。和を四日、洋を二日", {("和", 4, ()), ("洋", 2, ())}),
        (
            "夕食3日、主菜は魚→肉→豆腐の順で",
            {("魚", 1, (1,)), ("肉", 1, (2,)), ("木綿豆腐", 1, (3,))},
        ),
        ("5日分の夕食、肉と魚を交互に", {("肉", 1, (1, 3, 5)), ("魚", 1, (2, 4))}),
        ("木金土の夜。木は洋、土は和", {("洋", 1, (1,)), ("和", 1, (3,))}),
        ("月〜水の夕食、月は軽め、水はがっつり", {("あっさり", 1, (1,)), ("こってり", 1, (3,))}),
        ("2日分の夜、2日目は子どもが喜ぶもの", {("子ども向け", 1, (2,))}),
        # What is for a day may stand before it.
        ("土日の夜。鮭は土曜の夜に", {("生鮭", 1, (1,))}),
        ("7日分の夕食、魚は買ってすぐの1日目と2日目に", {("魚", 1, (1, 2))}),
        ("明日と明後日の夕食、明日は魚、明後日は肉で", {("魚", 1, (1,)), ("肉", 1, (2,))}),
        (
            "魚は月曜と木曜に。ほかの日は肉で、月〜金の夕食",
            {("魚", 1, (1, 4)), ("肉", 1, (2, 3, 5))},
        ),
        ("明日と明後日の夕食、明日は魚、明後日は肉で", {("魚", 1, (1,)), ("肉", 1, (2,))}),
        ("6日間の夕食、2日に1回は魚を", {("魚", 3, ())}),
        ("月から金の夕食。1日置きくらいで魚が食べたい", {("魚", 2, ())}),
        ("5日間のうち3日は和食で、残りは洋食", {("和", 3, ()), ("洋", 2, ())}),
        # On a labelled line, and within brackets, a comma parts nothing.
        (
            "月→参観日で私くたくた、丼で\n火→魚\n夜ごはん",
            {("時短", 1, (1,)), ("丼", 1, (1,)), ("魚", 1, (2,))},
        ),
        (
            "月火の夕食。火曜は誕生日（カレー、豆腐）",
            {("おもてなし", 1, (2,)), ("カレー", 1, (2,)), ("木綿豆腐", 1, (2,))},
        ),
        # A day that was named before, and one that is counted from today on.
        ("火木の夜。夜勤が火曜で、その日は温めるだけのもの", {("作り置き", 1, (1,))}),
        ("今夜から4日分。今夜は肉、明日は卵", {("肉", 1, (1,)), ("卵", 1, (2,))}),
        ("来週の晩、七日。肉三日、魚二日", {("肉", 3, ()), ("魚", 2, ())}),
        ("5日分の夕食、どこかで一日はカレー", {("カレー", 1, ())}),
        ("火木の夜。木曜だけ辛いもの抜き", set()),
        # A grade at school and a style of all days are no share of them.
        ("中1と小3と私の夕食、3日分", set()),
        ("月〜水の夕食、さっぱりしたもの", set()),
    ],
)
def test_days_have_what_is_theirs(text: str, shares: set[tuple[str, int, tuple[int, ...]]]) -> None:
    assert {(one.value, one.least, one.days) for one in read(text).shares} == shares


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("2日分の昼と夜。昼は鶏、夜は魚で", {("鶏肉", ("昼食",)), ("魚", ("夕食",))}),
        ("土日の朝と夜。朝はパン", {("食パン", ("朝食",))}),
        ("土日の昼と夜、昼は麺で、夜は鍋", {("麺", ("昼食",)), ("鍋物", ("夕食",))}),
        ("1日分の朝昼晩。夜は軽めで", {("あっさり", ("夕食",))}),
        ("朝昼晩の献立。朝は和食、昼は麺", {("和", ("朝食",)), ("麺", ("昼食",))}),
        # Where there is but one meal, it is of each day of it.
        ("夕食は魚で、3日分", {("魚", ())}),
    ],
)
def test_meals_have_what_is_theirs(text: str, shares: set[tuple[str, tuple[str, ...]]]) -> None:
    assert {(one.value, one.meals) for one in read(text).shares} == shares


def test_a_meal_is_of_what_is_its_own() -> None:
    order = read("2日分の昼と夜。昼は鶏、夜は魚で")
    plan = PLANNER.plan(order, choosing_at_random(random.Random(2)), Deadline.after(60))
    for meal in plan.meals:
        assert COOKBOOK.uses(meal.main, "鶏肉" if meal.slot.meal == "昼食" else "魚")
    assert not plan.unmet


@pytest.mark.parametrize(
    ("text", "varied"),
    [
        ("3日分の夜、味は毎日変えて", ("味",)),
        ("5日分の夕食、同じ味はいや", ("味",)),
        ("3日の夜。甘辛い味ばかりにならないように", ("味",)),
        ("火水木の晩、3日とも違う国っぽいのがいい", ("料理の国",)),
        ("4日分、毎日違うメイン食材で", ("主な食材",)),
        ("3日分の夕食。味は変えられるので気にしない", ()),
        ("3日分の夕食。国産の肉で", ()),
    ],
)
def test_what_is_to_be_another_each_day_is_read(text: str, varied: tuple[str, ...]) -> None:
    assert read(text).varied == varied


def test_days_differ_in_what_is_to_be_another_each_day() -> None:
    order = read("火水木の晩、3日とも違う国の料理で")
    plan = PLANNER.plan(order, choosing_at_random(random.Random(5)), Deadline.after(60))
    assert len({meal.main.cuisine for meal in plan.meals}) == 3
    assert not [note for note in plan_notes(plan, order, COOKBOOK) if "重なる" in note]


def test_a_change_of_one_day_lets_the_others_stay() -> None:
    answer = (
        "【1日目 夕食】\n主食: ご飯\n主菜: 肉じゃが\n【2日目 夕食】\n主食: ご飯\n主菜: ぶり大根\n"
        "【3日目 夕食】\n主食: ご飯\n主菜: 鶏のから揚げ"
    )
    for said, staying in (
        ("水曜だけ別のものに", {1, 3}),
        ("火曜はそのまま、ほかの日は別の料理で", {1}),
        ("3日目を別のにして", {1, 2}),
    ):
        order = changed("火水木の夕食、主菜だけ", answer, said)
        whole = {slot.day for slot, names in order.kept.items() if set(names) - {"ご飯"}}
        assert whole == staying, said


def test_a_day_is_of_the_style_that_is_its_own() -> None:
    order = read("3日分の夕食、1日目はこってり、3日目はあっさり")
    plan = PLANNER.plan(order, choosing_at_random(random.Random(2)), Deadline.after(60))
    assert "こってり" in plan.meals[0].main.tags
    assert "あっさり" in plan.meals[2].main.tags
    assert not plan.unmet


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("月〜金の夕食、火曜は片手で食べるもの", ["火曜は片手で食べるもの"]),
        ("3日分の夜、2日目だけ冷めてもおいしいもの", ["2日目だけ冷めてもおいしいもの"]),
        ("3日分の夜、2日目だけ手づかみで", ["2日目だけ手づかみで"]),
        ("月火水の晩、火はレンジだけで", ["火はレンジだけで"]),
        # What was read of a day is kept, and of these nothing is said.
        ("月〜金の夕食、火曜は温め直せるもの", []),
        ("3日分の夜、2日目だけ肉なし", []),
        ("月〜金の夕食、火曜は魚、木曜は15分", []),
        ("月〜金の夕食、水曜は外食", []),
        ("月曜と火曜の夜をお願いします", []),
        ("土日の昼と夜、日曜は普通でいい", []),
    ],
)
def test_what_is_said_of_a_day_and_not_kept_for_it_is_told(text: str, told: list[str]) -> None:
    assert [one.words for one in read(text).not_considered if one.name == EACH_DAY] == told


@pytest.mark.parametrize(
    ("text", "food", "days"),
    [
        ("火曜と木曜の夕食。木曜は肉を使わない", "肉", {2}),
        ("平日5日の夕食。火曜はごみの日前なので魚を出さない", "魚", {2}),
        ("月〜水の夕食。水曜だけ辛いもの抜きで", "唐辛子", {3}),
        ("3日分の夜、2日目だけ肉なし", "肉", {2}),
        ("月火の夜\n月：おまかせ\n火：おまかせ（ごみの日なので魚なし）", "魚", {2}),
        # In any doubt it is left out of all days.
        ("月〜水の夕食、水曜は4人、肉なしで", "肉", {1, 2, 3}),
        ("月〜水の夕食。水曜は義母が来て、肉は食べられない", "肉", {1, 2, 3}),
        ("月〜水の夕食。水曜は娘が苦手なので魚なし", "魚", {1, 2, 3}),
        ("月〜水の夕食。水曜は肉なし。夫は肉が嫌い", "肉", {1, 2, 3}),
        ("3日分の夕食。今日は肉なしで", "肉", {1, 2, 3}),
        ("月〜水の夕食。水曜はえびなしで", "えび", {1, 2, 3}),
        ("月〜水の夕食。水曜は夫が肉アレルギーなので肉なしで", "肉", {1, 2, 3}),
    ],
)
def test_what_is_left_out_on_a_day_is_beyond_doubt_of_it_or_of_all(
    text: str, food: str, days: set[int]
) -> None:
    order = read(text)
    kept = {slot.day: order.constraints_of(slot) for slot in order.slots}
    left = {day for day, one in kept.items() if food in one.excluded | one.allergens}
    assert left == days


def test_a_day_has_nothing_of_what_is_left_out_on_it_alone() -> None:
    order = read("火曜と木曜の夕食。火曜は肉で、木曜は肉を使わない")
    plan = PLANNER.plan(order, choosing_at_random(random.Random(3)), Deadline.after(60))
    tuesday, thursday = (meal.dishes for meal in plan.meals)
    assert any(COOKBOOK.uses(dish, "肉") for dish in tuesday)
    assert not any(COOKBOOK.uses(dish, "肉") for dish in thursday)


@pytest.mark.parametrize(
    ("text", "days", "weekdays"),
    [
        # Of several numbers the one that is asked for.
        ("休みは10日あるけど、まず3日分の昼ごはん", 3, ""),
        ("来週の夜を7日分、やっぱり5日でお願い", 5, ""),
        ("合宿は5日の予定でしたが4日に短縮になりました。夕食を", 4, ""),
        ("来週の晩4回、主菜を", 4, ""),
        ("8日間のうち夜5回を考えて", 5, ""),
        # A date, an absence and a use-by day last for nothing.
        ("二十日の昼だけ、五人", 1, ""),
        ("16日。夕食をお願い", 1, ""),
        ("豆乳は開けてから2日、夕食に使って", 1, ""),
        ("料理係になって3週間。今夜の夕食", 1, ""),
        ("メニュー3日、朝昼晩", 3, ""),
        ("野菜1kgを3日に分けて夜に食べたい", 3, ""),
        ("期間：夕食\n日数：4", 4, ""),
        # Water, fire, wood, gold and earth are no days.
        ("粉と水、卵で何か", 1, ""),
        ("火は使わない夕食", 1, ""),
        ("日付:15日(水)\n昼食25人分", 1, "水"),
        # One list of as many days as are asked for.
        ("平日の夕食を、火・水・木の3日で", 3, "火水木"),
        ("火〜木の3日。金曜は外食です", 3, "火水木"),
        ("月水金の3日、土曜は自分で作る", 3, "月水金"),
    ],
)
def test_as_many_days_are_planned_as_are_asked_for(text: str, days: int, weekdays: str) -> None:
    order = read(text)
    assert max(slot.day for slot in order.slots) == days
    assert "".join(order.weekdays) == weekdays


@pytest.mark.parametrize(
    ("text", "at_hand"),
    [
        # By amounts, however they are told.
        ("出雲そば(乾麺)2束で昼", {"そば"}),
        ("明太子1腹で何か", {"明太子"}),
        ("ベーコンひと袋、夕食に", {"ベーコン"}),
        ("もやし少々、夕食に", {"もやし"}),
        # In a row most of which is counted.
        ("卵2、木綿豆腐1丁、しなびたレタス\n今夜の夕食", {"卵", "木綿豆腐", "レタス"}),
        ("| にんじん | 2本 |\n| 卵 | 3個 |\n今夜の夕食", {"にんじん", "卵"}),
        ("have: にら、もやし\n夕食", {"にら", "もやし"}),
        ("バナナ真っ黒2本、おやつに", {"バナナ"}),
        ("ｷｬﾍﾞﾂ ﾊﾝﾌﾞﾝ ﾄ ｳｲﾝﾅｰ 1ﾌｸﾛ", {"キャベツ", "ウインナー"}),
        ("納豆3パックと卵があれば朝はなんとかなる？", {"納豆", "卵"}),
        ("なすの副菜を2つ", set()),
        # What is wished for has to be bought.
        ("豚肉と大根で夕食を", set()),
        ("鶏肉、玉ねぎ、にんじんの煮物", set()),
    ],
)
def test_what_is_counted_is_at_hand(text: str, at_hand: set[str]) -> None:
    assert set(read(text).at_hand) == at_hand


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("大根を使い切りたい", True),
        ("買いすぎた豆腐、捨てる前に何とか食べたい", True),
        ("しなびたなす、週末までに食べたい", True),
        ("もらいすぎた小松菜で夕食を", True),
        ("白菜と鶏肉、全部使って鍋にしたい", True),
        ("冷凍庫の豚肉を消化したい", True),
        ("高菜が余ったので夕食を", True),
        ("冷凍の豚こま、解凍しちゃいました。夕食", True),
        ("ピーマン5個、今日で全部いなくなってほしい", True),
        ("使うもの：鶏ひき肉400g（全部）。夕食", True),
        ("みかん10個、早う食べてしまわんといかん", True),
        ("ｷｬﾍﾞﾂ ﾂｶｲｷﾘﾀｲ", True),
        ("卵と牛乳、今日のうちにはかしたい", True),
        # That there is some of it is no wish that all should go.
        ("茶碗が空になるおかずを、なすで", False),
        ("そうめんの束が4つ残ってる。温かい食べ方で", False),
        ("たこ焼き用のたこ余った。酒のあてに", False),
        ("大根が冷蔵庫に余っている。夕食を", False),
        ("カレーの残りとうどんで昼", False),
        ("使いかけの小松菜があります。夕食を", False),
    ],
)
def test_all_is_to_go_where_it_is_said(text: str, is_so: bool) -> None:
    assert bool(read(text).use_up) == is_so


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("夕食 500±50kcal", {"energy_kcal": (450, 550)}),
        ("塩分は1食2g", {"salt_g": (None, 2)}),
        ("昼ごはん、700kcalは要る", {"energy_kcal": (700, None)}),
        ("protein 30g以上, fat 8g以下の夕食", {"protein_g": (30, None), "fat_g": (None, 8)}),
        ('{"meal": "夕食", "kcal": ">=900"}', {"energy_kcal": (900, None)}),
        # Of a day a meal gets a third, whatever stands beside it.
        ("1日1800kcal以下 脂質60g以下", {"energy_kcal": (None, 600), "fat_g": (None, 20)}),
        ("3食で1500kcal以内", {"energy_kcal": (None, 500)}),
        ("朝と昼と夜、夜は軽く 1日1500kcal以内", {"energy_kcal": (None, 500)}),
        # What is eaten already is no wish.
        ("昼に900kcal食べたので夜は軽め", {}),
    ],
)
def test_a_figure_is_of_a_meal(text: str, limits: dict[str, tuple[float | None, float]]) -> None:
    assert read(text).constraints.limits == limits


@pytest.mark.parametrize(
    ("text", "slot", "name", "ends"),
    [
        ("朝と夜を2日分。夜は野菜が120g以上", Slot(2, "夕食"), "vegetables_g", (120, None)),
        ("昼は550kcalまで、夜は450kcalまで", Slot(1, "昼食"), "energy_kcal", (None, 550)),
        ("月〜水の夜。火曜は500kcal以下で", Slot(2, "夕食"), "energy_kcal", (None, 500)),
        (
            "朝だけ糖質控えめに、夜はそのままで。朝夜1日分",
            Slot(1, "朝食"),
            "carbohydrate_g",
            (None, 70),
        ),
        ("月火は野菜多めに、水木金は好きに。夜", Slot(1, "夕食"), "vegetables_g", (175, None)),
    ],
)
def test_a_meal_has_figures_of_its_own(
    text: str, slot: Slot, name: str, ends: tuple[float | None, float | None]
) -> None:
    order = read(text)
    figures = {
        one: {**order.aims_of(one), **order.constraints_of(one).limits}.get(name)
        for one in order.slots
    }
    assert figures[slot] == ends
    assert any(of_one != ends for of_one in figures.values())


def test_what_stands_under_a_meal_is_of_it_whatever_commas_part() -> None:
    order = read("■朝：5分、火を使わない\n■夜：主菜と汁物、オーブンなし\n2日分、1人")
    without = {slot.meal: order.constraints_of(slot).tools_without for slot in order.slots}
    assert without == {"朝食": {"コンロ"}, "夕食": {"オーブン"}}
    order = read("朝：パン、昼：10分で、夜：普通に\n1日分")
    minutes = {slot.meal: order.constraints_of(slot).max_minutes for slot in order.slots}
    assert minutes == {"朝食": None, "昼食": 10, "夕食": None}


def test_a_meal_keeps_figures_of_its_own_and_tells_them() -> None:
    order = read("昼と夜を1人分。夜は450kcalまで")
    chosen = PLANNER.plan(order, choosing_at_random(random.Random(1)), Deadline.after(60))
    noon, night = chosen.meals
    served = COOKBOOK.for_servings(1)
    assert sum(served.limited(dish, "energy_kcal") for dish in night.dishes) <= 450
    assert figures_line(noon, order, COOKBOOK) is None
    assert "kcal" in (figures_line(night, order, COOKBOOK) or "")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("・腹持ちがいい\n・15分\nどんなのがある？", 15),
        ("あと30分でできる夕食", 30),
        ("<time>40</time>\n夕食", None),
        ("meal: 夕食\ntime_max: 35", 35),
        ("毎回15分と3品、夕食", 15),
        ("腹八分の夕食", None),
    ],
)
def test_minutes_are_read_in_forms_too(text: str, minutes: int | None) -> None:
    assert read(text).constraints.max_minutes == minutes


@pytest.mark.parametrize(
    ("text", "cuisine"),
    [
        ("洋じゃなくて、和のものを一品", "和"),
        ("やっぱり和で。夕食", "和"),
        ("日本のおかずを教えて", "和"),
        ("3人で20分、和。以上です", "和"),
        ("和・汁つき・やわらか", "和"),
        ("今夜食べるんで、洋で一食", "洋"),
        # A pan, and what is eaten elsewhere or at another meal.
        ("中華鍋が使えません。炒め物を", None),
        ("中華以外で夕食", None),
        ("朝と夜を2日分、朝は和食で", None),
        ("和ものの器で食べたい夕食", None),
    ],
)
def test_a_cuisine_is_read_by_its_character_with_what_it_is_of(
    text: str, cuisine: str | None
) -> None:
    assert read(text).constraints.cuisine == cuisine


@pytest.mark.parametrize(
    "text",
    [
        "締切前、片手で食べられる夕食",
        "昼に手でつまめるもの",
        "手づかみで食べられる昼ごはん",
        "箸を使わず食べられる夕食",
        "手が汚れない夕食",
        "ゲーム中なので片手でいけるものを夕食に",
    ],
)
def test_what_is_eaten_by_hand_has_no_bowl_of_rice_and_no_soup(text: str) -> None:
    order = read(text)
    plan = PLANNER.plan(order, choosing_at_random(random.Random(1)), Deadline.after(60))
    dishes = plan.meals[0].dishes
    assert dishes[0].name in order.suiting
    assert {dish.role for dish in dishes} <= {STAPLE, SIDE}
    assert not [note for note in plan_notes(plan, order, COOKBOOK) if "汁物" in note]


@pytest.mark.parametrize(
    ("text", "is_packed"),
    [
        ("冷めてもおいしい夕食を", True),
        ("会社に持って行けるもの、汁気のないおかず", True),
        ("汁もれしない昼", True),
        ("冷めてからでも食べられる主菜", True),
        ("夕食が冷めてしまう前に食べたい", False),
        ("子どもの手づかみ食べはもう終わった。夕食", False),
    ],
)
def test_what_is_as_good_cold_is_as_what_is_packed(text: str, is_packed: bool) -> None:
    packed = {name for name, dish in COOKBOOK.dishes.items() if "弁当" in dish.tags}
    assert (read(text).suiting == packed) == is_packed


@pytest.mark.parametrize(
    ("text", "foods", "told"),
    [
        # Of leaves of a root the cookbook has no dish; of other parts a dish takes the whole.
        ("大根の葉が大量にある。夕食", set(), "「大根の葉」を使う料理は料理帳にない"),
        ("かぶの葉っぱも使いたい。夕食", set(), "「かぶの葉っぱ」を使う料理は料理帳にない"),
        ("ブロッコリーの茎、捨てたくないので使う。夕食", {"ブロッコリー"}, "ブロッコリーの茎"),
        ("キャベツの芯だけ余った。夕食", {"キャベツ"}, "キャベツの芯"),
        ("里いもの皮をむくのが面倒。夕食", {"里いも"}, ""),
        ("大根の葉と大根があります。夕食", {"大根"}, "「大根の葉」"),
    ],
)
def test_parts_of_foods_are_told(text: str, foods: set[str], told: str) -> None:
    order = read(text)
    assert set(order.ingredients) == foods
    said = [*order.notes, *(one.words for one in order.not_considered)]
    assert bool(said) == bool(told)
    assert told in "".join(said)


def test_leaves_of_a_root_that_are_refused_leave_out_the_root() -> None:
    assert "大根" in read("大根の葉は抜いて夕食を").constraints.excluded


def test_a_past_summer_is_no_season() -> None:
    assert read("去年の夏に海老で救急車。今夜の夕食を").named_season is None


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("すき焼きの〆、何がいい", (STAPLE,)),
        ("〆さばで一杯、つまみ2品", (SIDE, SIDE)),
        ("パンに合うおかず", (MAIN,)),
        ("副菜2つと、パンに合うスープ", (SIDE, SIDE, SOUP)),
        ("スープとデザートはなしで夕食", (STAPLE, MAIN, SIDE)),
        ("あったかい汁を飲みたい", (SOUP,)),
        ("みそ汁の具の組み合わせ、3パターン", (SOUP,)),
        ("漬物を三種類お願い", (MAIN, SIDE, SIDE)),
        # So long for each dish is no number of dishes.
        ("月〜木の夜、1品あたり20分まで", ()),
        ("1品15分までで夕食", ()),
        # What is there already is not cooked once more.
        ("唐揚げは買ってある。副菜2つお願い", (SIDE, SIDE)),
        ("お寿司は頼んであるから汁物とおかず2つだけ作りたい", (SIDE, SIDE, SOUP)),
        ("汁物だけ足したい。アジフライと千切りキャベツはもう並んでる", (SOUP,)),
        ("メインだけ教えて。副菜はデパ地下のサラダある", (MAIN,)),
        ("鶏肉は買ってある。おかずを2つ", (MAIN, SIDE)),
        ("ご飯は自分で詰めるので、主菜1つと副菜2つ", (MAIN, SIDE, SIDE)),
        ("米はあるからおかずだけ知りたい", (MAIN, SIDE, SOUP)),
        ("おかずいらないやつで夕食", (STAPLE,)),
        ("主菜以外いらん", (MAIN,)),
        ("みそ汁なしだとさびしいので、汁物込みで夕食", ()),
        ("夕食、汁物は遠慮します", (STAPLE, MAIN, SIDE)),
        ("夕食の汁もん、やっぱ要らんわ", (STAPLE, MAIN, SIDE)),
        ("足りんのは野菜のおかず、一つでいい", (SIDE,)),
        ("サブおかずを3品", (SIDE, SIDE, SIDE)),
        ("塩むすびと汁、あと一品", (SIDE, SOUP)),
        ("1週間分の夕食、同じおかずはなしで", ()),
        ("脂っこいおかずはいらない。夕食", ()),
        ("主菜とデザートだけ手作りしたい", (MAIN, SIDE)),
        ("夕食。副菜は冷蔵庫にトマトがあるのでそれで", ()),
        ("一皿で済む夕食", (STAPLE,)),
        ("条件\n・丼もの一品", (STAPLE,)),
        ('{"dishes": 3, "soup": false}', (MAIN, SIDE, SIDE)),
    ],
)
def test_courses_are_those_that_are_asked_for(text: str, roles: tuple[Role, ...]) -> None:
    assert read(text).roles == roles


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("何案か出して、主菜", 3),
        ("夕食を、和・洋・中で1案ずつ出して", 3),
        ("夕食を、肉と魚で一案ずつ", 2),
        ("候補をいくつか、夕食", 3),
        ("夕食の献立を4案", 4),
        ("夕食を", 1),
    ],
)
def test_as_many_proposals_are_made_as_are_asked_for(text: str, count: int) -> None:
    order = read(text)
    assert (len(order.slots), order.is_proposals) == (count, count > 1)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        # A blank of a form asks for nothing.
        ("予算：＿＿円\n人数：4\n夕食", set()),
        ("予算：指定なし、夕食", set()),
        ("予算は少なめで夕食", {"予算"}),
        ("夕食を2案、安く済む案とちょっと贅沢な案", {"案ごとの指定"}),
        ("主菜の候補を2案（肉1、魚1）。夕食", {"案ごとの指定"}),
        ("夕食を、和・洋・中で1案ずつ出して", {"案ごとの指定"}),
        ("夕食を3案", set()),
        ("デザートはいらないので夕食", set()),
    ],
)
def test_what_is_left_aside_was_asked_for(text: str, names: set[str]) -> None:
    assert {one.name for one in read(text).not_considered} == names


@pytest.mark.parametrize(
    ("text", "is_wished"),
    [
        ("今夜は刺身が食べたい", True),
        ("夕食に刺身", True),
        ("お刺身と汁物", True),
        ("好きな物: 刺身を一つ\n夕食", True),
        ("今夜は蒸し物で", False),
        # Told of, not asked for.
        ("半額の刺身が3パックある。夕食", False),
        ("刺身は持ってくる。熱いものを2つ", False),
        ("刺身用サーモンが半額。火を通して夕食に", False),
        ("刺身以外で夕食", False),
    ],
)
def test_what_is_served_raw_is_wished_where_it_is_said(text: str, is_wished: bool) -> None:
    order = read(text)
    assert ("刺身" in order.families) is is_wished
    assert not (is_wished and "生" in order.constraints.excluded)


@pytest.mark.parametrize("text", ["刺身NG。夕食", "生ものはだめ。夕食", "さしみ抜きで夕食"])
def test_what_is_served_raw_is_left_out_as_raw(text: str) -> None:
    assert "生" in read(text).constraints.excluded


@pytest.mark.parametrize(
    ("text", "servings"),
    [
        ("木〜日の晩。木・金は3人、土日は4人", 3),
        ("朝9人、昼6人、夜11人。今日一日分", 2),
        ("朝は3人、夜は5人。明日の分", 2),
    ],
)
def test_a_number_that_most_meals_have_is_that_of_all(text: str, servings: int) -> None:
    assert read(text).servings == servings


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("18:40に家に着いて19:10には食べさせたい", 30),
        ("19時半帰宅→20時いただきます", 30),
        ("作る時間は7時から7時20分。朝食", 20),
        ("6時に帰って10時に寝る。夕食", None),
        ("仕事は9時から18時。夕食", None),
        ("19時に食べたい。夕食", None),
    ],
)
def test_from_coming_home_to_the_table_are_minutes(text: str, minutes: int | None) -> None:
    assert read(text).constraints.max_total_minutes == minutes


def test_what_is_asked_for_is_of_the_boxes_that_are_ticked() -> None:
    order = read(
        "人数 [5] うち子ども [2]\n時間 [ ]15分 [x]30分\n汁物 [x]いる [ ]いらない\n食事 [ ]昼 [x]夕"
    )
    assert order.servings == 5
    assert order.constraints.max_minutes == 30
    assert [slot.meal for slot in order.slots] == ["夕食"]
    assert not order.roles


@pytest.mark.parametrize("text", ["アレルギー: □卵 ■乳\n夕食", "アレルギー: ■乳 □卵\n夕食"])
def test_an_allergy_is_kept_whichever_box_is_ticked(text: str) -> None:
    assert "乳" in read(text).constraints.allergens


def test_of_a_form_with_boxes_what_is_ticked_is_asked_for() -> None:
    order = read(
        "☑夕食 □昼食\n□和食 ☑洋食 □中華\n人数：2\nアレルギー：☑なし □あり\n"
        "メイン食材：□牛 ☑豚 □鶏 □魚\n苦手：☑セロリ □しいたけ"
    )

    assert [slot.meal for slot in order.slots] == ["夕食"]
    assert order.constraints.cuisine == "洋"
    assert order.ingredients == ("豚肉",)
    assert order.servings == 2
    assert "セロリ" in order.constraints.excluded
