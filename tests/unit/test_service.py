"""Who answers in chat: the planner, the model in free text, or a sentence that serves nothing."""

import pytest
from fakes import FakeEngine

from chef_llm.chat import chef
from chef_llm.chat.chef import Chef, Question, Reply
from chef_llm.chat.service import answer, whole
from chef_llm.chat.talk import NOTHING_ELSE, THANKS, WHAT_HE_DOES
from chef_llm.cookbook import load_cookbook
from chef_llm.engines import Deadline, Sampling
from chef_llm.menus.answer import parse_answer
from chef_llm.models.catalogue import find_model
from chef_llm.reading.conversation import Message

COOKBOOK = load_cookbook()


def ask(engine: FakeEngine, *said: str) -> Reply:
    """Let the chef answer the last of what a user and he said in turn."""
    turns = [Message("assistant" if place % 2 else "user", text) for place, text in enumerate(said)]
    chef = Chef(engine, find_model("kondate"), COOKBOOK)
    return whole(answer(Question(turns, Sampling(seed=1)), chef, Deadline.after(60)))


@pytest.mark.parametrize(
    ("text", "days"), [("1週間分の夕食", 7), ("月〜金の夕食、4人分", 5), ("2週間分の晩ご飯", 14)]
)
def test_several_days_are_planned(text: str, days: int) -> None:
    reply = ask(FakeEngine(), text)
    assert reply.guaranteed
    assert reply.text.count("主菜: ") == reply.text.count("日目 夕食】") == days


@pytest.mark.parametrize(
    "text",
    [
        "ビールのつまみ",
        "時間がない",
        "夏バテで食欲がない",
        "20分でできる和食",
        "疲れた。何か夕食を",
    ],
)
def test_who_names_no_food_gets_a_menu_and_no_refusal(text: str) -> None:
    reply = ask(FakeEngine(answer=NOTHING_ELSE), text)
    assert parse_answer(reply.text).dishes


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("1食400円以上で豆腐の夕食を", "予算", "400円以上"),
        ("亜鉛が多めの鶏むね肉の夕食を", "栄養の目安", "亜鉛が多め"),
        ("肉は少なめで夕食を", "控えめにすること", "肉は少なめ"),
        ("10歳の子と食べる豆腐の夕食", "年齢", "10歳"),
    ],
)
def test_what_is_not_considered_is_said_with_its_words(text: str, name: str, words: str) -> None:
    reply = ask(FakeEngine(), text)
    [line] = [one for one in reply.text.splitlines() if one.startswith("考えに入れていないこと: ")]
    assert name in line
    assert words in line


def test_a_condition_is_kept_and_what_it_cannot_promise_is_said() -> None:
    reply = ask(FakeEngine(), "妊娠中の妻と腎臓病の父と、豆腐の夕食を")
    assert reply.guaranteed
    assert "確認: 妊娠中とのことなので、" in reply.text
    assert "確認: 腎臓の病気の食事は約束できません。" in reply.text
    assert "考えに入れていないこと" not in reply.text


def test_who_cannot_swallow_well_is_served_soft_dishes_alone() -> None:
    reply = ask(FakeEngine(), "母は飲み込みが弱いです。夕食をお願いします")
    names = [name for _, name in parse_answer(reply.text).dishes]
    has_pot = any(COOKBOOK.is_soupy(COOKBOOK.dishes[name]) for name in names)
    assert len(names) == 4 - has_pot
    assert all("やわらかい" in COOKBOOK.dishes[name].tags for name in names)


@pytest.mark.parametrize(
    "text",
    [
        "新鮮なやつなら鶏刺しもいけるよね。レシピよろ",
        "とりわさが食べたい",
        "豚肉を生で食べる料理を夕食に",
        "鹿肉って生で食えるよね。今夜作って",
    ],
)
def test_raw_meat_is_refused_with_the_reason(text: str) -> None:
    assert (
        "お出しできません。生や半生の肉は食中毒のおそれがあります。" in ask(FakeEngine(), text).text
    )


@pytest.mark.parametrize(
    "text",
    ["生の鶏肉がある。夕食を", "まぐろの刺身で夕食を", "鶏わさび焼きで夕食", "たたきごぼうと鶏肉"],
)
def test_meat_that_will_be_cooked_is_no_raw_meat(text: str) -> None:
    assert "生や半生" not in ask(FakeEngine(), text).text


@pytest.mark.parametrize(
    "text",
    [
        "卵アレルギーとは何ですか？",
        "卵アレルギーの検査はどこで受けられますか",
        "乳アレルギーの表示、「乳化剤」も乳なんですか？",
    ],
)
def test_a_question_about_an_allergy_gets_no_menu(text: str) -> None:
    reply = ask(FakeEngine(), text)
    assert reply.guaranteed
    assert not parse_answer(reply.text).dishes
    assert reply.text in (THANKS, f"{NOTHING_ELSE}\n{WHAT_HE_DOES}")


def test_thanks_after_a_menu_get_no_other_menu() -> None:
    reply = ask(
        FakeEngine(), "卵アレルギーです。夕食を", "主菜: 鮭の塩焼き", "ありがとう、助かりました"
    )
    assert not parse_answer(reply.text).dishes


@pytest.mark.parametrize(
    "text", ["卵アレルギーです。夕食をお願いします", "えびアレルギーの友達に豆腐で何か作って"]
)
def test_an_allergy_beside_a_wish_gets_its_menu(text: str) -> None:
    assert parse_answer(ask(FakeEngine(), text).text).dishes


def test_the_recipe_of_a_dish_comes_from_the_cookbook() -> None:
    reply = ask(FakeEngine(), "肉じゃがの作り方")
    assert reply.guaranteed
    assert parse_answer(reply.text).dishes == (("料理", "肉じゃが"),)
    assert "■ 肉じゃが（2人分" in reply.text


def test_an_order_that_the_model_would_decline_is_planned() -> None:
    engine = FakeEngine(answer=f"{NOTHING_ELSE}また今度。")
    reply = ask(engine, "トマトとなすで、イタリアンの夕食")
    assert reply.guaranteed
    assert parse_answer(reply.text).dishes
    assert NOTHING_ELSE not in reply.text


@pytest.mark.parametrize("text", ["今日の天気は？", "フランスの首都はどこですか"])
def test_what_the_model_says_to_talk_is_the_answer(text: str) -> None:
    reply = ask(FakeEngine(answer=NOTHING_ELSE), text)
    assert reply.text == NOTHING_ELSE
    assert not reply.guaranteed


@pytest.mark.parametrize("text", ["今日の天気は？", "鶏むね肉が安かった"])
def test_dishes_come_from_the_planner_even_where_the_model_alone_sees_an_order(text: str) -> None:
    reply = ask(FakeEngine(), text)
    assert parse_answer(reply.text).dishes
    assert reply.guaranteed


def test_a_usual_meal_of_named_foods_is_planned_too() -> None:
    engine = FakeEngine()
    reply = ask(engine, "鶏むね肉とキャベツで、2人分の夕食をお願いします")
    assert reply.guaranteed
    assert engine.requests
    assert all(request.constraint is not None for request in engine.requests)


def test_who_asks_what_to_give_a_baby_is_told_what_the_cookbook_has_not() -> None:
    reply = ask(FakeEngine(), "離乳食後期の9ヶ月の子に何を作ればいい？")
    assert reply.text.startswith("料理帳に離乳食はありません。")
    assert "以外はお答えできません" not in reply.text
    assert "外しました" not in reply.text


@pytest.mark.parametrize(
    ("text", "has_dishes"),
    [
        ("10か月の赤ちゃん、手づかみ食べの離乳食メニュー教えて", False),
        ("離乳食の初期に何をあげたらいい？", False),
        ("離乳食中期の子と家族の夕食", True),
        ("離乳食に取り分けられる夕食を3人分", True),
    ],
)
def test_of_baby_food_alone_nothing_is_served(text: str, has_dishes: bool) -> None:
    reply = ask(FakeEngine(), text)
    assert bool(parse_answer(reply.text).dishes) is has_dishes
    assert "離乳食はありません" in reply.text


@pytest.mark.parametrize(("numbers", "are_others"), [((1, 2, 3, 4), True), ((1, 1, 1, 1), False)])
def test_without_a_seed_chance_offers_other_menus_to_the_same_words(
    monkeypatch: pytest.MonkeyPatch, numbers: tuple[int, ...], are_others: bool
) -> None:
    given = iter(numbers)
    monkeypatch.setattr(chef, "chance", lambda: next(given))
    engine = FakeEngine()
    cook = Chef(engine, find_model("kondate"), COOKBOOK)
    question = Question([Message("user", "夕食をお願いします")], Sampling(), recipes=False)
    for _ in numbers:
        whole(answer(question, cook, Deadline.after(60)))
    offered = {str(request.constraint) for request in engine.requests}
    assert (len(offered) > 1) is are_others
