"""A conversation edits its menu: what stays, what comes anew, what is asked about it."""

from datetime import date

import pytest
from fakes import FakeEngine

from chef_llm.chat.chef import Chef, Question
from chef_llm.chat.service import answer, whole
from chef_llm.cookbook import Cookbook, Role, load_cookbook
from chef_llm.engines import Deadline, Sampling
from chef_llm.menus.answer import parse_answer
from chef_llm.menus.constraints import breach
from chef_llm.models.catalogue import find_model
from chef_llm.reading.changes import read_about
from chef_llm.reading.conversation import Message
from chef_llm.reading.earlier import Line, read_earlier
from chef_llm.reading.order import Order, Slot
from chef_llm.reading.reader import read_order
from chef_llm.reading.text import read_text

COOKBOOK: Cookbook = load_cookbook()
MENU = "主食: ご飯\n主菜: 鶏肉と大根の煮物\n副菜: ほうれん草のごまあえ\n汁物: きのこのみそ汁"
ANSWER = f"鶏肉を使った、2人分の夕食です。\n{MENU}\nポイント: 火を止めて冷まします。"
THREE_DAYS = "\n\n".join(
    f"【{day}日目 夕食】\n2人分の夕食です。\n主食: ご飯\n主菜: {main}\n副菜: {side}\n汁物: {soup}"
    for day, main, side, soup in (
        (1, "鶏肉と大根の煮物", "ほうれん草のごまあえ", "きのこのみそ汁"),
        (2, "豚肉のしょうが焼き", "ポテトサラダ", "かきたま汁"),
        (3, "さばの塩焼き", "きんぴらごぼう", "あさりのみそ汁"),
    )
)


def after(said: str, earlier: str = ANSWER, first: str = "鶏肉で夕食") -> str:
    chef = Chef(FakeEngine(), find_model("kondate"), COOKBOOK)
    turns = [Message("user", first), Message("assistant", earlier), Message("user", said)]
    question = Question(turns, Sampling(seed=1), recipes=False)
    return whole(answer(question, chef, Deadline.after(60))).text


def dishes(text: str) -> dict[str, str]:
    return dict(parse_answer(text).dishes)


BEFORE = dishes(ANSWER)
TWO_DAYS = (
    "【1日目 夕食】\n2人分の夕食です。\n主食: ご飯\n主菜: カレー鍋\n副菜: れんこんのきんぴら\n\n"
    "【2日目 夕食】\n2人分の夕食です。\n主食: ご飯\n主菜: たらのホイル焼き\n"
    "副菜: キャベツとわかめのあえ物\n汁物: 高野豆腐と干ししいたけのすまし汁"
)


@pytest.mark.parametrize("said", ["段取りを教えて", "4人分にして", "副菜だけ変えて"])
def test_a_hotpot_of_one_day_takes_no_soup_from_another(said: str) -> None:
    changed = after(said, TWO_DAYS, "2日分の夕食")

    assert "カレー鍋" in changed
    assert "高野豆腐と干ししいたけのすまし汁" in changed


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("副菜だけ変えて", {"副菜"}),
        ("主菜を別のものに。あとはそのままで", {"主菜"}),
        ("やっぱり魚がいい", {"主菜"}),
        ("4人分にして", set()),
        ("ほうれん草のごまあえは昨日食べた", {"副菜"}),
        ("卵アレルギーでした", set()),
        ("大根は使わないで", {"主菜"}),
        ("汁物はトマトのスープにして", {"汁物"}),
        ("煮物は変えて、ほかはそのままで", {"主菜"}),
        # A part of the name that no other dish has.
        ("ごまあえは園で残してくる", {"副菜"}),
        # Another of a course, by what it is to be instead or by a dish of that course.
        ("味噌汁じゃなくてスープにしてもらえる？", {"汁物"}),
        ("なんか茶色い。サラダとかに替えて", {"副菜"}),
        # What is praised stays, and what nobody wants to change.
        ("鶏じゃなくて豚に変えられる？副菜と汁はいい感じ", {"主菜"}),
        ("予算がきついから豚にして。他の料理は変えなくていい", {"主菜"}),
        # Why it is asked for is no wish for another kind of meal.
        ("子どもも食べるから大根は入れないで", {"主菜"}),
    ],
)
def test_what_is_not_to_change_stays(said: str, changed: set[str]) -> None:
    now = dishes(after(said))
    assert now.keys() == BEFORE.keys()
    assert {role for role in BEFORE if now[role] != BEFORE[role]} == changed


@pytest.mark.parametrize("month", [1, 4, 8, 11])
def test_what_stays_does_so_when_the_season_has_turned(month: int) -> None:
    turns = [
        Message("user", "鶏肉で夕食"),
        Message("assistant", ANSWER),
        Message("user", "副菜だけ変えて"),
    ]
    order = read_order(turns, COOKBOOK, today=date(2026, month, 1))
    for name in ("鶏肉と大根の煮物", "きのこのみそ汁"):
        assert breach(order.constraints, COOKBOOK.dishes[name], COOKBOOK) is None


@pytest.mark.parametrize("said", ["別の案をお願い", "全部変えて", "もっとさっぱりしたのがいい"])
def test_another_menu_has_other_dishes(said: str) -> None:
    now = dishes(after(said))
    # A soup by itself, such as a hotpot, has no other beside it.
    assert {role for role in BEFORE if now.get(role) == BEFORE[role]} <= {"主食"}


def test_a_course_can_be_dropped_and_stays_dropped() -> None:
    without = after("汁物はいらない")
    assert "汁物" not in dishes(without)
    assert "汁物" not in dishes(after("4人分で", without))


def test_a_course_can_be_added() -> None:
    names = [role for role, _ in parse_answer(after("もう一品ほしい")).dishes]
    assert names.count("副菜") == 2


@pytest.mark.parametrize(
    "said",
    [
        "もう一品ほしい。さっぱりしたやつ",
        "あったかい副菜も足してください",
        "漬物もほしくなった。ごはんはそのままで",
    ],
)
def test_what_is_added_may_be_of_a_kind_and_the_rest_stays(said: str) -> None:
    now = after(said)
    assert all(f"{role}: {name}" in now for role, name in BEFORE.items())


def test_a_change_of_one_day_leaves_the_others() -> None:
    text = after("2日目の主菜を魚にして", THREE_DAYS, "3日分の夕食")
    earlier, now = read_earlier(THREE_DAYS, COOKBOOK), read_earlier(text, COOKBOOK)
    assert earlier is not None
    assert now is not None
    for day in (1, 3):
        assert now.meals[Slot(day, "夕食")] == earlier.meals[Slot(day, "夕食")]
    main = now.meals[Slot(2, "夕食")][1].dish
    assert main is not None
    assert COOKBOOK.uses(main, "魚")


def test_days_that_are_added_come_after_those_that_are_there() -> None:
    text = after("5日分にして", THREE_DAYS, "3日分の夕食")
    earlier, now = read_earlier(THREE_DAYS, COOKBOOK), read_earlier(text, COOKBOOK)
    assert earlier is not None
    assert now is not None
    assert len(now.meals) == 5
    assert all(now.meals[slot] == dishes for slot, dishes in earlier.meals.items())


def order_after(said: str, earlier: str = THREE_DAYS, first: str = "月火水の夕食、2人分") -> Order:
    turns = [Message("user", first), Message("assistant", earlier), Message("user", said)]
    return read_order(turns, COOKBOOK)


MAINS = ("鶏肉と大根の煮物", "豚肉のしょうが焼き", "さばの塩焼き")


@pytest.mark.parametrize(
    ("said", "weekdays", "mains"),
    [
        ("水曜なくして。外で食べることになった", "月火", "12"),
        ("2日目は外で食べることになったから消して", "月水", "13"),
        ("火曜だけ飲み会入った。火曜消して", "月水", "13"),
        ("月曜の夜はキャンセルで", "火水", "23"),
        ("2日目の晩は出かけるので不要でした", "月水", "13"),
        ("1・3日目だけ残して", "月水", "13"),
        ("月火だけでいいです", "月火", "12"),
        ("やっぱり3日じゃなくて2日でいいです", "月火", "12"),
        ("木曜も追加で", "月火水木", "123"),
        ("金曜の夜も追加してください", "月火水金", "123"),
        ("水曜は外食になりました。代わりに木曜を入れてください。月火は変更なしで", "月火木", "12"),
        ("あと2日足して", "月火水木金", "123"),
        ("5日分に増やして", "月火水木金", "123"),
        ("月曜と水曜を入れ替えて", "月火水", "321"),
        ("1日目と2日目、逆にして", "月火水", "213"),
        # A day that is only named stays, and so do the others.
        ("水曜は飲み会だから軽いものにして", "月火水", "12"),
        ("火曜の汁物はいらない", "月火水", "123"),
        ("月曜の煮物はやめて、鍋にして", "月火水", "23"),
        ("どこか一日、牛肉のごちそうを", "月火水", ""),
        ("2日目だけ豆腐にして", "月火水", "13"),
        ("火曜もう一人増えます。ほかの日はそのまま", "月火水", "123"),
        ("2日目以外はそのままで、2日目は魚にして", "月火水", "13"),
        ("この献立を5日分に広げて。1日目はこれで、4日目は焼き魚", "月火水木金", "123"),
        ("汁物、毎日だとしんどい。火水はなしにして", "月火水", "123"),
    ],
)
def test_a_change_of_days_leaves_the_other_days(said: str, weekdays: str, mains: str) -> None:
    order = order_after(said)
    assert "".join(order.weekdays) == weekdays
    assert [slot.day for slot in order.slots] == [*range(1, len(weekdays) + 1)]
    kept = [name for slot in order.slots for name in order.kept.get(slot, ())]
    assert [name for name in kept if name in MAINS] == [MAINS[int(one) - 1] for one in mains]


@pytest.mark.parametrize(
    ("said", "of_all", "of_some"),
    [
        ("水曜もう一人増えます。ほかの日はそのまま", 2, {3: 3}),
        ("2日目の夜、娘夫婦が来ることになったので4人分にして", 2, {2: 4}),
        ("火曜に友達が2人来ることになったの。4人分でお願い", 2, {2: 4}),
        ("やっぱり4人分で", 4, {}),
        ("友達が2人来ることになった", 4, {}),
        ("月曜は消して。水曜は1人分で", 2, {2: 1}),
    ],
)
def test_people_of_one_day_change_no_other_day(
    said: str, of_all: int, of_some: dict[int, int]
) -> None:
    order = order_after(said)
    assert order.servings == of_all
    assert {
        slot.day: terms.servings for slot, terms in order.terms.items() if terms.servings
    } == of_some


@pytest.mark.parametrize(
    "headers",
    [
        ("【土曜 夕食】", "【日曜 夕食】"),
        ("【土曜日の夕食】", "【日曜日の夕食】"),
        ("【土】", "【日】"),
        ("土曜", "日曜"),
        ("【1日目 夕食】", "【2日目 夕食】"),
    ],
)
def test_days_of_an_answer_are_known_by_number_or_by_name(headers: tuple[str, str]) -> None:
    answer = (
        f"3人分の夕食です。\n{headers[0]}\n{MENU}\n{headers[1]}\n主食: ご飯\n主菜: さばの塩焼き"
    )
    order = order_after("土曜だけ鍋にして", answer, "土日の夜、3人分で")
    assert order.slots == (Slot(1, "夕食"), Slot(2, "夕食"))
    assert "さばの塩焼き" in order.kept[Slot(2, "夕食")]
    assert "鶏肉と大根の煮物" not in order.kept.get(Slot(1, "夕食"), ())
    assert [(share.value, share.days) for share in order.shares] == [("鍋物", (1,))]


def test_days_of_an_answer_may_stand_before_their_dishes() -> None:
    answer = "月曜 主菜: 肉じゃが 副菜: ポテトサラダ\n火曜 主菜: さばの塩焼き"
    earlier = read_earlier(answer, COOKBOOK)
    assert earlier is not None
    assert [len(earlier.meals[Slot(day, "夕食")]) for day in (1, 2)] == [2, 1]
    assert earlier.weekdays == (0, 1)


def test_the_shopping_list_is_that_of_the_menu() -> None:
    text = after("買い物リストを出して")
    assert text.startswith("買い物リスト（2人分）")
    assert "大根" in text
    assert "ほうれん草" in text


def test_the_calories_are_those_of_the_menu() -> None:
    text = after("カロリーはどのくらい？")
    assert all(f"{name}: エネルギー" in text for name in BEFORE.values())
    assert "合計（1人分）" in text


def test_the_recipes_are_those_of_the_menu() -> None:
    assert "■ 鶏肉と大根の煮物（2人分" in after("作り方を教えて")


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("段取りを教えて", "work"),
        ("夕食の献立と段取りを教えて", "work"),
        ("作る順番おしえて", "work"),
        ("調理の順番は？", "work"),
        ("どういう順番で作ればいい？", "work"),
        ("手順を並行して教えて", "work"),
        ("同時進行で作りたい", "work"),
        ("何から作ればいい？", "work"),
        ("段取りのいい献立を教えて", "work"),
        ("レシピの手順を教えて", "recipes"),
        ("手順番号つきで", "recipes"),
        ("同時進行むりなので一品で", None),
        ("コンロが一口で、同時に二品作れません", None),
        ("番号順に1日1つ使って", None),
        ("順番どおりに夕食をください", None),
        ("味付け10種を順番に作りたい", None),
    ],
)
def test_the_order_of_work_is_asked_for_in_many_words(said: str, about: str | None) -> None:
    assert read_about(read_text(said).folded) == about


def test_a_recipe_is_that_of_the_dish_that_is_named() -> None:
    text = after("肉じゃがの作り方を教えて", "こんにちは。", "こんにちは")
    assert dishes(text) == {"料理": "肉じゃが"}


def test_a_dish_that_nobody_knows_is_said_to_be_unknown() -> None:
    chef = Chef(FakeEngine(), find_model("kondate"), COOKBOOK)
    question = Question([Message("user", "北京ダックのレシピを教えて")], Sampling(seed=1))
    text = whole(answer(question, chef, Deadline.after(60))).text
    assert "「北京ダック」は料理帳にありません" in text


def test_what_was_refused_before_is_in_no_changed_menu() -> None:
    text = after("別の案を", first="卵アレルギーです。鶏肉で夕食")
    for name in dishes(text).values():
        assert "卵" not in COOKBOOK.allergens(COOKBOOK.dishes[name])


def test_a_dish_of_an_earlier_answer_that_breaks_a_constraint_does_not_stay() -> None:
    text = after("ごまアレルギーなのを忘れていました")
    now = dishes(text)
    assert now["副菜"] != BEFORE["副菜"]
    assert now["主菜"] == BEFORE["主菜"]


UNKNOWN = """2人分の夕食です。
主食: ご飯
主菜: 鶏もも肉の照り焼き
副菜: 秘伝のナムル
汁物: わかめのみそ汁
ポイント: 皮から焼きます。"""


def test_a_dish_that_the_cookbook_lacks_leaves_its_place_and_is_named() -> None:
    text = after("主菜を魚にして", UNKNOWN)
    # Beside a hotpot there is no soup.
    assert [line.role.value for line in lines(text)][:3] == ["主食", "主菜", "副菜"]
    assert "「秘伝のナムル」は料理帳にありません" in text


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        ("わかめは昨日食べた", "わかめのみそ汁"),
        ("わかめを切らしてる。ほかはそのままで", "わかめのみそ汁"),
        ("汁だけ替えて", "わかめのみそ汁"),
    ],
)
def test_a_food_that_is_named_away_takes_its_dish_along(said: str, gone: str) -> None:
    menu = UNKNOWN.replace("秘伝のナムル", "ほうれん草のごまあえ")
    before, now = lines(menu), lines(after(said, menu))
    assert {line.name for line in before} - {line.name for line in now} == {gone}
    assert not any("わかめ" in line.name for line in now if "わかめ" in said)


@pytest.mark.parametrize(
    ("said", "role"),
    [
        ("それに合う副菜と汁をひとつずつ", "副菜"),
        ("ご飯足して", "主食"),
        ("デザートも一つ足して", "副菜"),
    ],
)
def test_what_comes_beside_the_dish_that_is_there_is_added(said: str, role: str) -> None:
    menu = "2人分の主菜です。\n主菜: 鶏もも肉の照り焼き\nポイント: 皮から焼きます。"
    now = lines(after(said, menu))
    assert role in {line.role.value for line in now}
    assert "鶏もも肉の照り焼き" in {line.name for line in now}


def lines(text: str) -> tuple[Line, ...]:
    earlier = read_earlier(text, COOKBOOK)
    assert earlier is not None
    return next(iter(earlier.meals.values()))


@pytest.mark.parametrize(
    ("said", "roles"),
    [
        ("ごまあえのほうは消して", ["主食", "主菜", "汁物"]),
        ("主菜とお汁だけにしてください", ["主菜", "汁物"]),
        ("ご飯と、主菜とお汁だけにして", ["主食", "主菜", "汁物"]),
        ("ごまあえはやめて、代わりに別の副菜を", ["主食", "主菜", "副菜", "汁物"]),
    ],
)
def test_a_dish_or_course_goes_without_another_in_its_place(said: str, roles: list[str]) -> None:
    now = lines(after(said))
    assert [line.role.value for line in now] == roles
    assert "ほうれん草のごまあえ" not in {line.name for line in now}


def test_courses_minutes_and_tools_of_one_day_leave_the_other_days() -> None:
    order = order_after("汁物、毎日だとしんどい。火水はなしにして")
    assert [slot.day for slot in order.slots] == [1, 2, 3]
    own = {slot.day: Role.SOUP in (order.roles_of(slot) or Role) for slot in order.slots}
    assert own == {1: True, 2: False, 3: False}
    order = order_after("火曜、帰りが遅くなりそう。20分以内にできる主菜に替えて")
    minutes = {slot.day: order.constraints_of(slot).max_minutes for slot in order.slots}
    assert minutes == {1: None, 2: 20, 3: None}
    order = order_after("水曜はレンジだけで作れるものにして")
    tools = {slot.day: order.constraints_of(slot).tools_only for slot in order.slots}
    assert tools == {1: frozenset(), 2: frozenset(), 3: {"電子レンジ"}}


def test_days_are_added_to_a_menu_of_one() -> None:
    turns = [Message("user", "夕食"), Message("assistant", ANSWER)]
    said = Message("user", "同じ条件であと4日分追加して、全部で5日にしたい")
    assert len(read_order([*turns, said], COOKBOOK).slots) == 5


@pytest.mark.parametrize(
    ("said", "staying"),
    [
        # Of the dish that comes: whatever stays is cooked as before.
        ("主菜だけレンジで作れるものに替えて", {"ほうれん草のごまあえ", "きのこのみそ汁"}),
        ("副菜もう1品ふやせる？火使わないやつで", {"鶏肉と大根の煮物", "きのこのみそ汁"}),
        ("あと一品足したい、レンジでできる野菜のおかずで", {"鶏肉と大根の煮物", "きのこのみそ汁"}),
    ],
)
def test_tools_that_are_said_of_a_dish_are_of_no_other(said: str, staying: set[str]) -> None:
    assert staying <= {line.name for line in lines(after(said))}


def test_a_kitchen_without_a_stove_has_none_for_what_was_to_stay() -> None:
    turns = [Message("user", "夕食"), Message("assistant", ANSWER)]
    order = read_order([*turns, Message("user", "コンロが壊れた。副菜をもう1品")], COOKBOOK)
    assert not order.constraints.of_any_tool & {"鶏肉と大根の煮物", "きのこのみそ汁"}


def test_days_that_change_places_keep_what_they_had_whatever_the_reason() -> None:
    order = order_after("月曜と水曜を入れ替えて。月曜は牛肉の特売なんで")
    kept = [name for slot in order.slots for name in order.kept.get(slot, ()) if name in MAINS]
    assert kept == [MAINS[2], MAINS[1], MAINS[0]]
    assert not order.shares


@pytest.mark.parametrize(
    ("said", "servings"),
    [
        ("二人は遅いから温め直せるのがいい", 4),
        ("食べ盛りが2人いるから、もう一品", 4),
        ("3人分にして", 3),
        ("やっぱり2人で", 2),
        ("5人になった", 5),
    ],
)
def test_some_of_those_who_eat_are_no_new_number(said: str, servings: int) -> None:
    assert order_after(said, first="月火水の夕食、4人で").servings == servings
