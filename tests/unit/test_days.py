"""Days, meals, minutes and portions: of which of them each thing in a text is said."""

import random
from datetime import date

import pytest

from chef_llm.cookbook import Role, load_cookbook
from chef_llm.cookbook.tools import tools_of
from chef_llm.engines import Deadline
from chef_llm.menus.answer import shopping_text
from chef_llm.menus.notes import plan_notes
from chef_llm.menus.planner import Planner
from chef_llm.menus.using_up import grams_left
from chef_llm.reading.conversation import Message
from chef_llm.reading.free_text import read_request
from chef_llm.reading.order import Fields, Order
from chef_llm.reading.reader import read_order
from guarantees import choosing_at_random

COOKBOOK = load_cookbook()
PLANNER = Planner(COOKBOOK)
TODAY = date(2026, 11, 30)


def order_of(text: str, fields: Fields | None = None) -> Order:
    return read_order([Message("user", text)], COOKBOOK, fields or Fields(), TODAY)


def days_of(text: str) -> int:
    return len({slot.day for slot in order_of(text).slots})


@pytest.mark.parametrize(
    ("text", "weekdays"),
    [
        ("月〜金の夕食", "月火水木金"),
        ("月火木金の晩、水曜は要らん", "月火木金"),
        ("来週の夕食。土日は実家なので抜き。月曜から金曜", "月火水木金"),
        ("平日の夜、金曜は外食", "月火水木"),
        ("火の夜・水の朝だけ", "火水"),
        ("水曜と金曜はヘルパーさんが来るからいらない。火曜と木曜の晩だけ", "火木"),
        ("土日月の夕食", "土日月"),
        ("月\u3000残業\n火\u3000魚\n水\u3000外食\n木\u3000なんでも\nで夕食", "月火木"),
        ("Mon, Tue and Thu の夕食", "月火木"),
        ("木曜から日曜の晩", "木金土日"),
        ("日曜にまとめて作って、月〜木の夜に食べる", "月火水木"),
        ("今日は月曜。水木の夕食", "水木"),
        # A list with a meal is the plan; other days are told by the way.
        ("来週の夕飯（火〜金）。買い物は日曜に済ます", "火水木金"),
        ("平日の晩を月曜から木曜まで。金曜は家に帰ります", "月火水木"),
        ("水木は残業。月曜と金曜の夜だけ、2人分お願いします", "月金"),
        ("月〜金の夕食2人分。火木だけ、4人", "月火水木金"),
        ("3/24(月)〜3/28(金)の昼", "月火水木金"),
        ("今日は月曜や。水曜まで、晩だけ", "月火水"),
        ("木曜までの4日分", "月火水木"),
        ("平日5日間の夕食。金曜は外食の予定なので4日分でOK", "月火水木"),
        ("週末の夕食2回分、土曜は来客で6人", "土日"),
        # Who eats on a day is cooked for, whoever is out.
        ("月〜金の夕食。金曜は夫が飲み会なのでやっぱり3人。4人家族", "月火水木金"),
        ("月曜から土曜の晩。土曜は娘が外食するので2人", "月火水木金土"),
        ("水木金の三日、五人分の晩飯。金曜だけ一人帰省するんで四人", "水木金"),
        ("平日の昼、夫と私の2人分。金曜は夫が外食なので私の分だけ", "月火水木金"),
        ("月：4人、魚\n火：3人（パパ飲み会）\n水：4人\n夕食", "月火水"),
        ("月火水の3食。月曜の夜だけ会食なので除いて", "月火水"),
        ("弁当、月〜金。水曜は社食の日だから作らない", "月火木金"),
        ("日曜に3時間とってまとめて仕込む。月〜木の夜", "月火水木"),
        ("母が木曜だけデイサービスで昼いらん。月から金までの昼、木曜は私だけ", "月火水木金"),
        ("金土日と弟が泊まりに来る。晩だけ3日", "金土日"),
        # Of several days one or two are for something.
        ("水・木・金の夕食。お魚は一日だけで結構です", "水木金"),
        ("夕飯、肉の日3日と魚の日2日で平日うめて", "月火水木金"),
        ("来週の夕食を5日分。木曜は麺", "月火水木金"),
        ("《弁当》\n月｜肉\n火｜なし（半日）\n水｜卵", "月水"),
        # Needless is a day, and not what goes with it.
        ("火水の夕食。木曜だけ汁つき、火曜はいらない", "火水"),
        ("月〜水の夕食。水曜は汁物いらない", "月火水"),
        ("月〜水の夕食。汁物は火曜だけいらない", "月火水"),
        (
            "月曜から金曜の夕食。火曜は避難訓練のため、その場で配れるものにしますので不要です",
            "月水木金",
        ),
        ("水木金土日の晩。土曜は娘が外で食べますので私ひとり分で", "水木金土日"),
        # Days by what was said of them.
        ("月曜は在宅、火曜は出社、水曜は在宅。在宅の日の昼だけ頼みます", "月水"),
        # Rows of a table, and marks in them.
        (
            "|曜|予定|夕食|\n|--|--|--|\n|月|塾|?|\n|火|なし|?|\n|水|外食|-|\n?のところ、3人で",
            "月火",
        ),
        # The head of a column is no Sunday.
        (
            "| 日 | 食べる人 | 備考 |\n|--|--|--|\n| 月 | 4人 | 塾 |\n| 火 | 3人 | 魚 |\n夕食",
            "月火",
        ),
        ("| 曜日 | 昼 | 夜 |\n|--|--|--|\n| 月 | いらない | 魚 |\n| 火 | 麺 | 肉 |", "月火"),
        ("木曜から日曜までの晩めし、肉は2日でいい", "木金土日"),
        ("今週末の朝昼晩ぜんぶお願い。日曜の夜は鍋がいい", "土日"),
        ("月曜日と金曜日は肉なし、あいだの3日は自由に。夕食", "月火水木金"),
        ("期間: 月〜日（夕食のみ）\n* 日曜は鍋\n* 金曜は1人分", "月火水木金土日"),
        (
            "月、火、木。木曜 肉 金曜 もやし 土曜 発表会のあと焼肉屋 日曜 あっさり 以上の夜を",
            "月火木金日",
        ),
        ("今週あと木金しかないけど厚揚げを二日で食べきりたい。夜", "木金"),
        ("迎え火の晩。塩分6g/日で", ""),
        ("火曜と木曜はデイサービスがあるので昼はいりません。それ以外の平日の昼", "月水金"),
        ("夕食、月火木金の4日（水はピザを取る）。買うものを日曜にまとめて書いて", "月火木金"),
    ],
)
def test_weekdays_are_those_on_which_something_is_wanted(text: str, weekdays: str) -> None:
    assert "".join(order_of(text).weekdays) == weekdays
    assert days_of(text) == (len(weekdays) or 1)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("今日は月曜や。水曜まで、晩だけ", 3),
        ("明日と明後日の夜", 2),
        ("今晩なに明日なにあさってなに", 3),
        ("晩と翌朝で食べきれる量で", 2),
        ("盆の13・14・15日の夜", 3),
        ("5/3 家\n5/4 家\n5/5 家\n昼ごはん", 3),
        ("夏休みの昼×5", 5),
        ("16日の晩は家で", 1),
        ("その日だけ温めるだけで", 1),
        ("3連休、初日と最終日は外食。中日の昼と夜だけ", 1),
        ("あしたから4日分の晩。あさっては姑が作るけん、その日は抜いて", 3),
        ("1日目＝魚、2日目＝肉、3日目＝外食。すべて夜", 2),
        ("明日から夏休み。お昼を5日分", 5),
        ("朝食を1週間分。平日はパン、土日はご飯", 7),
        ("来週の夕食、火曜と金曜は遅いので15分、あとは30分まで", 7),
        ("晩と明日の朝、ひとり分", 2),
        ("夜ごはんを週3回分", 3),
        ("親子遠足の前日から当日。前日の夕食：軽め\n当日の朝食：10分", 2),
        ("7/3 絹豆腐\n7/5 豚ロース\n今夜", 1),
        ("火を使わず、水は少なめで", 1),
        ("主菜の案を5つ", 1),
        ("大根が丸ごと1本。今夜と明日で食べきりたい", 2),
        ("今日明日で食べ切れる?大根1本", 2),
        ("今日明日でやっつけたい", 1),
        ("買い物なしで2日しのぐ、夜だけ", 2),
        ("10日間続ける。とりあえず前半の5日の晩飯", 5),
        ("明日の弁当×2", 1),
        ("にんにくは平日NG、週末ならOK。夕飯を", 1),
        ("平日なので40分が限度。火曜の夕食", 1),
        ("週末の買い出し前で冷蔵庫がスカスカ。昼を", 1),
        ("月曜から金曜の5日分、火曜は不要。夕食", 4),
        ("10日（水）復活、朝昼晩", 1),
        # Dates.
        ("年末29、30、31の晩ごはん。31日は年越しそば。肉1日魚1日で", 3),
        ("13日の夜と14日の朝昼夜。14日の昼はそうめんの予定だから考えなくて大丈夫", 2),
        ("四日、五日、六日の晩はあっさり。七日は鍋", 4),
        ("1月1日から3日までの昼。2日は9人", 3),
        ("盆の三日は精進。13日から16日まで晩だけ", 4),
        ("2日の夜ご飯", 2),
        ("26日の夜だけ来客", 1),
        # So many days beside a week are some of it.
        ("1週間の夕飯、肉3日魚3日、あと1日は麺", 7),
        ("1週間分の夜ごはん、魚の日が最低2日", 7),
        ("帰省で3泊。初日の夜、2日目は3食、最終日は朝だけ", 4),
        ("2泊3日でキャンプ。2日目の夜は缶詰で。朝は2回とも簡単に", 3),
        ("朝と夜、2日ずつ", 2),
        ("らいしゅうの ばんごはん みっかぶん", 3),
        ("あしたと あさっての ひる ふたりぶん", 2),
        ("年末の31日から2日まで、2人の夕食", 3),
        ("1週間分の夕食。平日は30分以内", 7),
        ("DAY1 夕: 肉\nDAY2 夕: 魚\nDAY3 夕: 卵", 3),
        ("明日の晩と、次の日の夫の弁当", 2),
        ("ソロキャン1泊2日。着いた日の夜と次の朝", 2),
        ("今日の夜は別のもの食べるんで、明日あさっての夜", 2),
        ("週末に仕込んで冷凍したい、お弁当のおかず5品", 1),
    ],
)
def test_days_are_counted_however_they_are_named(text: str, days: int) -> None:
    order = order_of(text)
    assert order.is_proposals or days_of(text) == days


@pytest.mark.parametrize(
    ("text", "meals"),
    [
        ("金曜は晩だけ、土曜は昼と夜、日曜は朝だけ", ["金夕", "土昼", "土夕", "日朝"]),
        ("土夜・日朝・日夜を6人で", ["土夕", "日朝", "日夕"]),
        ("金曜の晩から日曜の昼まで", ["金夕", "土朝", "土昼", "土夕", "日朝", "日昼"]),
        ("木と金の夕食、金曜は朝も", ["木夕", "金朝", "金夕"]),
        (
            "土曜の昼から月曜の朝まで、途中の日曜昼は外",
            ["土昼", "土夕", "日朝", "日夕", "月朝"],
        ),
        ("土曜の昼：焼きそば\n土曜の夜：？\n日曜の昼：？\n「？」だけ埋めて", ["土夕", "日昼"]),
        ("金夜・土3食・日朝昼、2人", ["金夕", "土朝", "土昼", "土夕", "日朝", "日昼"]),
        ("金の夜・土の三食・日の朝だけ", ["金夕", "土朝", "土昼", "土夕", "日朝"]),
        # For a reason.
        ("土曜は到着が遅いので夜だけ、日曜は朝だけ", ["土夕", "日朝"]),
        ("土曜は昼まで寝てるので昼夜、日曜は彼が来るので夜だけ", ["土昼", "土夕", "日夕"]),
        ("水曜が運動会のお弁当、木曜は振替休日で家で昼ごはん", ["水お", "木昼"]),
        # From a meal on, or up to it; what is told of one meal leaves the others.
        ("土曜は朝昼晩ぜんぶ、日曜は昼まで家にいる", ["土朝", "土昼", "土夕", "日朝", "日昼"]),
        ("土曜は昼から、日曜は朝だけ。朝昼夜", ["土昼", "土夕", "日朝"]),
        ("土日の朝・昼・夜。土曜の夜は4人", ["土朝", "土昼", "土夕", "日朝", "日昼", "日夕"]),
        ("土曜が運動会で弁当は5人分、その日の夜は簡単に。金曜の夜", ["土夕", "土お", "金夕"]),
        ("## 土曜\n昼：パスタ\n夜：鍋\n## 日曜\n昼のみ、2人", ["土昼", "土夕", "日昼"]),
        # Over the cells of a table, or in them.
        (
            "| 曜日 | 昼 | 夜 |\n|--|--|--|\n| 月 | いらない | 魚 |\n| 火 | 麺 | 肉 |",
            ["月夕", "火昼", "火夕"],
        ),
        (
            "|曜日|勤務|ほしい食事|\n|--|--|--|\n|水|日勤|夕食|\n|木|夜勤|昼食（しっかり）|",
            ["水夕", "木昼"],
        ),
    ],
)
def test_a_day_may_have_meals_of_its_own(text: str, meals: list[str]) -> None:
    order = order_of(text)
    assert [f"{order.weekdays[slot.day - 1]}{slot.meal[0]}" for slot in order.slots] == meals


@pytest.mark.parametrize(
    ("text", "meals"),
    [
        ("昼を3日分", "昼"),
        ("朝と夜の2食、ひとり分", "朝夕"),
        ("昼＋夜、2日で4食", "昼夕"),
        ("おひるに食べたい", "昼"),
        ("昼の膳を二人分", "昼"),
        ("朝おにぎりと何か一品", "朝"),
        ("MEALS=lunch,dinner", "昼夕"),
        ("塾弁を1つ", "お"),
        ("社食を担当しています。日替わり定食を5日分", "昼"),
        ("給食の献立を1日分", "昼"),
        ("夜だけ3日分。朝はパン、昼は社食です", "夕"),
        ("お昼は麺類、夜は魚料理で3日分", "昼夕"),
        ("お昼は麺類で3日分。夜は外で食べます", "昼"),
        # Taken care of, over, or told by the way.
        ("昼は弁当屋に頼みました。朝と夜を3日", "朝夕"),
        ("昼は両日とも仕出しを頼んであるから要らん。夜は家で", "夕"),
        ("明日の朝はパンで、明日の昼はおにぎりがあるから、夜だけ決めて", "夕"),
        ("昼に唐揚げ弁当を食べた。夜なに食べよう", "夕"),
        ("カレーは前の晩。日曜の昼を6人で", "昼"),
        ("副菜だけ1日1品、弁当にも入れられるもの", "夕"),
        ("お食事：□朝 □昼 ■夜", "夕"),
        ("23食分の夕食", "夕"),
        ("給食にカレーが出たので、夕食はほかのものを", "夕"),
        ("先週のランチで失敗した。夜を2人分", "夕"),
        # A lunch that is packed is one meal.
        ("平日の昼、会社に持ってく弁当", "お"),
        ("朝昼晩、昼は弁当で", "朝夕お"),
        ("あしたの朝、トースト以外", "朝"),
        # What is told of another meal.
        ("朝：トーストと卵\n昼：お弁当\n夜：？\n夜だけ考えてください", "夕"),
        ("・朝：パン ・昼：うどん ・夜：？\n夜だけ決まりません", "夕"),
        ("汁物を味噌汁以外で。朝も味噌汁だった", "夕"),
        ("朝昼はそれぞれ、夜だけ5人で食べます", "夕"),
        ("昼がカレーだったので夜は和風で", "夕"),
        ("茶色い弁当ばっかだったから緑のもの食べさせたい", "夕"),
        ("明日の朝くらいはまともなの出したい", "朝"),
        ("卵と牛乳はある。朝これで何かできないかな", "朝"),
        ("毎食野菜150グラム以上で昼と夜", "昼夕"),
        ("朝は5時半に弁当3つ作ります。主菜だけ決めて", "お"),
        ("【1】朝：ごはん派\n【2】昼：弁当\n【3】夜：肉", "朝夕お"),
        ("朝は10分以内、昼は弁当、夜は3品", "朝夕お"),
        ("塾の講習で弁当がいります", "お"),
        ("食パンとツナで朝なんか作りたい", "朝"),
        ("日曜に作って月〜水の弁当に回したい", "お"),
        ("水曜日の夜と木曜日の弁当", "夕お"),
        ("あしたの夜とあさっての昼", "昼夕"),
        ("明日の晩と、その次の日の夫の弁当", "夕お"),
        ("着いた日の夜と次の朝", "朝夕"),
        ("朝は寝てるから昼と夜を3日分", "昼夕"),
        ("運動会の弁当の残りを使った夕飯", "夕"),
        ("学校が弁当週間なので夕飯は簡単に", "夕"),
        ("昼：お参りのあと11人、仕出しを頼み済\n夜：うちで7人", "夕"),
    ],
)
def test_meals_are_those_that_are_asked_for(text: str, meals: str) -> None:
    assert {slot.meal[0] for slot in order_of(text).slots} == set(meals)


@pytest.mark.parametrize(
    ("text", "of_all", "of_some"),
    [
        ("月〜金の夕食、木曜だけ15分", None, {4: 15}),
        ("月〜金の夕食、木曜は会議で遅いので15分で", None, {4: 15}),
        ("月〜金の夕食を毎日15分以内で", 15, {}),
        ("月〜金の夕食、15分", 15, {}),
        ("月〜水の夕食。水曜は在宅、ほかの日は30分以内", None, {1: 30, 2: 30}),
        ("月〜水の夕食を20分で、水曜だけ40分", 20, {3: 40}),
        ("3日分の夕食、2日目は10分で", None, {2: 10}),
        ("月〜水の夕食。月曜は残業、残業の日は15分で", None, {1: 15}),
        ("月水は私、火木は夫が作る夕食4日。夫の番は20分で", None, {2: 20, 4: 20}),
        ("今夜は20分で", 20, {}),
        ("豆腐で、15分", 15, {}),
        ("夕食。徒歩15分のスーパー", None, {}),
        ("夕食\ntime: 20", 20, {}),
    ],
)
def test_minutes_are_of_the_days_that_they_are_said_of(
    text: str, of_all: int | None, of_some: dict[int, int]
) -> None:
    order = order_of(text)
    assert order.constraints.max_minutes == of_all
    assert {
        slot.day: terms.max_minutes for slot, terms in order.terms.items() if terms.max_minutes
    } == of_some


@pytest.mark.parametrize(
    ("text", "of_all", "of_some"),
    [
        ("月〜金の夕食2人分、水曜は4人分", 2, {(3, "夕食"): 4}),
        ("月〜水の夕食2人分、水曜は友達が2人来ます", 2, {(3, "夕食"): 4}),
        # Nothing is said of all: each meal has its own.
        ("昼と夜の献立。昼は1人分、夜は3人分", 2, {(1, "昼食"): 1, (1, "夕食"): 3}),
        ("3日分、朝昼晩、5人", 5, {}),
        ("月〜金のお昼、1人分", 1, {}),
        ("土曜は昼夜、日曜は朝だけ、3人で", 3, {}),
        ("3泊4日、初日の夕食から最終日の朝食まで、5人", 5, {}),
        # Who eats alone, on a day or at a meal.
        ("月〜金の夕食2人分、水曜は私だけ", 2, {3: 1}),
        ("昼と夜の献立。昼は自分だけ、夜は3人分", 2, {(1, "昼食"): 1, (1, "夕食"): 3}),
        ("水金の晩ごはん。水曜は2人分金曜は3人分", 2, {1: 2, 2: 3}),
        ("月〜水の夕食2人分、水曜は夫だけで作る", 2, {}),
        # A column of people.
        ("| 曜日 | 人数 |\n|--|--|\n| 土 | 4 |\n| 日 | 2 |\n夕食を", 2, {1: 4, 2: 2}),
        (
            "|曜日|人数|メモ|\n|--|--|--|\n|月|4|ふつう|\n|火|2|私と下の子だけ|\n|水|4|魚|\n夕飯",
            4,
            {1: 4, 2: 2, 3: 4},
        ),
        # Who is not there on a day.
        ("水曜は私がいない、金曜は両親が不在、あとは全員5人。月〜金の夜ご飯", 5, {3: 4, 5: 3}),
        ("月〜水の夕食、大人2人と子ども1人。月曜だけ夫がいないので大人は私だけ", 3, {1: 2}),
        ("木金土日の夕食、木・金は3人、土日は4人", 3, {1: 3, 2: 3, 3: 4, 4: 4}),
    ],
)
def test_portions_are_of_the_meals_that_they_are_said_of(
    text: str, of_all: int, of_some: dict[int | tuple[int, str], int]
) -> None:
    order = order_of(text)
    expected = {(key, "夕食") if isinstance(key, int) else key: n for key, n in of_some.items()}
    assert order.servings == of_all
    assert {
        (slot.day, slot.meal): terms.servings
        for slot, terms in order.terms.items()
        if terms.servings
    } == expected


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("夕飯を。18:40に家に着いて19:10には食べさせたい", 30),
        ("木曜の夜。19時半帰宅、20時いただきます", 30),
        ("夕食を。18時に帰って、寝るのは22時", None),
        ("夕食を。17:30に先に子どもだけ食べる", None),
    ],
)
def test_from_the_door_to_the_table_by_the_clock(text: str, minutes: int | None) -> None:
    assert order_of(text).constraints.max_total_minutes == minutes


STAPLE, MAIN, SIDE, SOUP = Role
WITHOUT_SOUP = (STAPLE, MAIN, SIDE)


@pytest.mark.parametrize(
    ("text", "of_all", "of_some"),
    [
        ("月〜金の夕食、水曜は丼だけ", (), {3: (STAPLE,)}),
        ("月〜金の夕食、月と木は汁物だけ、ほかは普通に", (), {1: (SOUP,), 4: (SOUP,)}),
        ("3日分の夕食、2日目は一汁一菜で", (), {2: (STAPLE, MAIN, SOUP)}),
        ("土日の夕食、日曜は主食なし", (), {2: (MAIN, SIDE, SOUP)}),
        ("月:主菜/副菜/汁、火:主菜/汁。夕食で", (), {1: (MAIN, SIDE, SOUP), 2: (MAIN, SOUP)}),
        ("水〜金の夕食。金曜は副菜2つだけ作って", (), {3: (SIDE, SIDE)}),
        # No other day has it.
        ("火水木の夕食、木曜だけ汁つき", (), {1: WITHOUT_SOUP, 2: WITHOUT_SOUP}),
        # Of all days, and what dishes are made of.
        ("月〜水の夕食、汁物なしで", WITHOUT_SOUP, {}),
        ("月曜は味噌汁と焼き魚、火曜はカレーとサラダ、夕食で", (), {}),
        ("今晩と明日の夕食。今晩は親子丼と副菜1品、明日は魚", (), {}),
    ],
)
def test_courses_are_of_the_days_that_they_are_said_of(
    text: str, of_all: tuple[Role, ...], of_some: dict[int, tuple[Role, ...]]
) -> None:
    order = order_of(text)
    assert order.roles == of_all
    own = {slot.day: terms.roles for slot, terms in order.terms.items() if terms.roles}
    assert own == of_some


@pytest.mark.parametrize(
    ("text", "of_all", "of_some"),
    [
        (
            "火曜と木曜はレンジで、あとは普通の夕食を月〜金で",
            set(),
            {2: {"電子レンジ"}, 4: {"電子レンジ"}},
        ),
        (
            "平日5日の夕食。月火はレンジだけ、水木は作る気ある",
            set(),
            {1: {"電子レンジ"}, 2: {"電子レンジ"}},
        ),
        ("3日分の夕食、2日目は電子レンジだけで", set(), {2: {"電子レンジ"}}),
        ("3日分の夕食、電子レンジだけで", {"電子レンジ"}, {}),
    ],
)
def test_tools_are_of_the_days_that_they_are_said_of(
    text: str, of_all: set[str], of_some: dict[int, set[str]]
) -> None:
    order = order_of(text)
    assert order.constraints.tools_only == of_all
    own = {slot.day: terms.tools_only for slot, terms in order.terms.items() if terms.tools_only}
    assert own == of_some


@pytest.mark.parametrize("seed", range(3))
def test_a_plan_has_the_courses_and_tools_of_each_day(seed: int) -> None:
    order = order_of("月〜木の夕食、水曜は汁物だけ、木曜はレンジだけで、火曜は汁物なし")
    plan = PLANNER.plan(order, choosing_at_random(random.Random(seed)), Deadline.after(60))
    monday, tuesday, wednesday, thursday = plan.meals
    assert SOUP not in {dish.role for dish in tuesday.dishes}
    assert [dish.role for dish in wednesday.dishes] == [SOUP]
    assert all(not tools_of(dish) & {"コンロ", "フライパン", "鍋"} for dish in thursday.dishes)
    assert len(monday.dishes) > 1


def test_a_day_may_have_minutes_for_its_meal_as_a_whole() -> None:
    order = order_of("月〜金の夕食、木曜だけ全部で15分")
    own = {slot.day: order.constraints_of(slot).max_total_minutes for slot in order.slots}
    assert own == {1: None, 2: None, 3: None, 4: 15, 5: None}
    assert {order.constraints_of(slot).max_minutes for slot in order.slots} == {None}
    stricter = order_of("月〜金の夕食、木曜だけ全部で40分", Fields(max_total_minutes=30))
    assert {stricter.constraints_of(slot).max_total_minutes for slot in stricter.slots} == {30}


def test_a_field_holds_for_every_day_where_it_is_stricter() -> None:
    order = order_of("月〜水の夕食、水曜だけ40分", Fields(max_minutes=20, servings=3))
    assert {order.constraints_of(slot).max_minutes for slot in order.slots} == {20}
    assert {order.servings_of(slot) for slot in order.slots} == {3}


@pytest.mark.parametrize("seed", range(12))
def test_what_a_day_is_told_holds_for_its_dishes(seed: int) -> None:
    rng = random.Random(seed)
    days = rng.sample("月火水木金", 2)
    minutes, other = rng.choice([10, 15, 20]), rng.choice([25, 30])
    portions = rng.choice([1, 3, 5])
    text = f"月〜金の夕食2人分、{days[0]}曜だけ{minutes}分、{days[1]}曜は{portions}人分で{other}分"
    order = order_of(text)
    plan = PLANNER.plan(order, choosing_at_random(rng), Deadline.after(60))
    for meal in plan.meals:
        day = "月火水木金"[meal.slot.day - 1]
        most = {days[0]: minutes, days[1]: other}.get(day)
        servings = portions if day == days[1] else 2
        assert most is None or all(dish.all_minutes <= most for dish in meal.dishes)
        assert f"{servings}人分の夕食です。" in meal.title
        assert (f"どれも{most}分以内" in meal.title) == (most is not None)


def test_a_shopping_list_is_for_those_who_eat_at_each_meal() -> None:
    two, five = (order_of(f"月と火の夕食2人分、火曜は{number}人分") for number in ("2", "5"))
    plan = PLANNER.plan(five, choosing_at_random(random.Random(3)), Deadline.after(60))
    assert "買い物リスト（2人分・5人分）" in shopping_text(plan, five, COOKBOOK)
    assert [count for _, count in plan.portions(five)] != [count for _, count in plan.portions(two)]


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("月：魚\n火：肉\n水：カレー\n夕食", {"魚": (1,), "肉": (2,), "カレー": (3,)}),
        ("月〜金の夕食、水曜は夫の好きなとんかつ", {"とんかつ": (3,)}),
        ("鮭が10枚。火曜と金曜に2切れずつ、夫婦の晩に", {"生鮭": (1, 2)}),
        ("鶏もも2枚を今夜と明日の夜に1枚ずつ使いたい", {"鶏もも肉": (1, 2)}),
        ("あじ12匹。半分は今晩、半分はあしたの晩に", {"あじ": (1, 2)}),
        ("今夜と明日の夜、鮭は今夜使う", {"生鮭": (1,)}),
        ("今夜は魚、明日の夜は肉で", {"魚": (1,), "肉": (2,)}),
    ],
)
def test_what_a_single_day_is_for_is_its_share(text: str, shares: dict[str, tuple[int]]) -> None:
    order = order_of(text)
    assert {share.value: share.days for share in order.shares} == shares
    assert not order.constraints.excluded


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("5日分の夕食、魚多めで", 3, None),
        ("4日分の夕食、和食中心", 2, None),
        ("7日分の夕食。魚 ≥ 3日", 3, None),
        ("7日分の夕食。魚 ≤ 2日", 0, 2),
    ],
)
def test_much_of_something_is_half_of_the_days(text: str, least: int, most: int | None) -> None:
    [share] = order_of(text).shares
    assert (share.least, share.most) == (least, most)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("鶏もも肉1kgと白菜を使い切りたい。夕食3日分", {"鶏もも肉", "白菜"}),
        ("期限が今日の豚こまで夕食", {"豚こま切れ肉"}),
        ("鶏もも肉と白菜で夕食", set()),
    ],
)
def test_what_is_to_be_used_up_is_read(text: str, names: set[str]) -> None:
    assert set(order_of(text).use_up) == names


@pytest.mark.parametrize("seed", range(4))
def test_what_is_to_be_used_up_comes_first_and_what_is_left_is_said(seed: int) -> None:
    order = order_of("夕食4日分、2人。豆腐と鶏もも肉1kgがあります。鶏もも肉は使い切りたい")
    plan = PLANNER.plan(order, choosing_at_random(random.Random(seed)), Deadline.after(60))
    first = plan.meals[0].dishes
    assert any(COOKBOOK.uses(dish, "鶏もも肉") for dish in first)
    left = grams_left("鶏もも肉", 1000, plan.portions(order), COOKBOOK)
    said = [note for note in plan_notes(plan, order, COOKBOOK) if "鶏もも肉は1000g" in note]
    assert bool(said) == (left > 200)
    assert all(f"約{left:.0f}g" in note for note in said)


def test_a_number_of_people_that_is_too_large_is_said() -> None:
    order = order_of("25名分の夕食")
    assert order.servings == 12
    assert [one.words for one in order.not_considered] == ["25人分"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("義母（74）と小5の娘の夕食", {"高齢"}),
        ("八十二のじじいがひとりで作れる昼", {"高齢"}),
        ("長女（5）と私の夕食", {"3〜5歳の子"}),
        ("夫婦と乳児（5か月、ミルク）の夕食", {"乳児"}),
        ("70代女性の夕食", {"高齢"}),
        ("80代の母の夕食", {"高齢"}),
        ("大人（2）子ども（1）の夕食", set()),
        ("私（37）と夫（39）の夕食", set()),
    ],
)
def test_an_age_in_brackets_is_an_age(text: str, names: set[str]) -> None:
    assert order_of(text).constraints.conditions == names


@pytest.mark.parametrize(
    ("text", "servings", "days"),
    [
        ("【日付】　　月　　日\n【人数】（　4　）人\n夕飯です", 4, None),
        ("人数：（３）人。＿月＿日の夕食", 3, None),
        ("（1）人参2本\n（2）卵\n夕食", None, None),
        ("月・日の夕食、2人分", 2, 2),
    ],
)
def test_blanks_of_a_printed_form_are_no_days_and_what_fills_them_counts(
    text: str, servings: int | None, days: int | None
) -> None:
    reading = read_request(text, load_cookbook())
    assert (reading.servings, reading.days) == (servings, days)
