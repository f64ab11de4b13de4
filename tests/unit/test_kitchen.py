"""What is known of the kitchen: what its loader refuses, what is found, and to whom it is said."""

import re
from pathlib import Path

import pytest
from fakes import FakeEngine

from chef_llm.chat.chef import Chef, Question, Reply
from chef_llm.chat.kitchen_talk import FOR_TASTE_ALONE, answer_of, find
from chef_llm.chat.service import answer, whole
from chef_llm.cookbook import CookbookError, load_cookbook
from chef_llm.cookbook.kitchen import MOST_CHARACTERS, Entry, load_knowledge, read_knowledge
from chef_llm.engines import Deadline, Sampling
from chef_llm.menus.answer import parse_answer
from chef_llm.models.catalogue import find_model
from chef_llm.reading.conversation import Message
from chef_llm.reading.lexicon import lexicon
from chef_llm.reading.order import NO_FIELDS, Constraints, Fields
from chef_llm.reading.purpose import talk_logit

COOKBOOK = load_cookbook()
ENTRIES = {entry.id: entry for entry in load_knowledge()}
TABLE = """
kind = "保存"
asked = ["＊の日持ち"]

[[entry]]
id = "tofu"
question = "豆腐はどう保存しますか"
asked = ["豆腐が残った"]
answer = "水につけて冷蔵庫に入れます。2日で使います。"
foods = ["木綿豆腐"]
dishes = ["冷ややっこ"]
"""


def read(folder: Path, *tables: str) -> tuple[Entry, ...]:
    for number, table in enumerate(tables):
        (folder / f"{number}.toml").write_text(table, encoding="utf-8")
    return read_knowledge(folder, COOKBOOK)


def ask(*said: str, fields: Fields = NO_FIELDS) -> Reply:
    """Let the chef answer the last of what a user and he said in turn."""
    turns = [Message("assistant" if place % 2 else "user", text) for place, text in enumerate(said)]
    chef = Chef(FakeEngine(), find_model("kondate"), COOKBOOK)
    question = Question(turns, Sampling(seed=1), fields=fields)
    return whole(answer(question, chef, Deadline.after(60)))


# The loader.


def test_a_table_becomes_an_entry_with_the_ways_of_asking_that_its_file_shares(
    tmp_path: Path,
) -> None:
    [entry] = read(tmp_path, TABLE)

    assert entry.phrasings == ("豆腐はどう保存しますか", "豆腐が残った")
    assert (entry.kind, entry.asked_of_any) == ("保存", ("＊の日持ち",))


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('foods = ["木綿豆腐"]', 'foods = ["豆腐よう"]', "unknown ingredient '豆腐よう'"),
        ('dishes = ["冷ややっこ"]', 'dishes = ["豆腐丼"]', "unknown dish '豆腐丼'"),
        ('kind = "保存"', 'kind = "占い"', "0.toml: tofu: kind"),
        ('kind = "保存"', "", "0.toml: 'kind'"),
        ('id = "tofu"', 'id = "豆腐"', "0.toml: 豆腐: id"),
        ('asked = ["豆腐が残った"]', "", "0.toml: tofu: asked"),
        ('asked = ["豆腐が残った"]', 'aksed = ["豆腐が残った"]', "0.toml: tofu: "),
        ("2日で使います。", "2日で使います", "each with its 「。」"),
        ("2日で使います。", "2日で。使う。早く。必ず。", "more than 4 sentences"),
        (
            "2日で使います。",
            f"{'長' * MOST_CHARACTERS}。",
            f"more than {MOST_CHARACTERS} characters",
        ),
        ('asked = ["＊の日持ち"]', 'asked = ["日持ち"]', "'日持ち' is shared by all and lacks ＊"),
        ("[[entry]]", "[entry]", "each below a line [[entry]]"),
        ("[[entry]]", "[[entry", "0.toml: "),
    ],
)
def test_the_loader_names_file_and_entry_of_what_it_refuses(
    tmp_path: Path, right: str, wrong: str, message: str
) -> None:
    assert right in TABLE
    with pytest.raises(CookbookError, match=re.escape(message)):
        read(tmp_path, TABLE.replace(right, wrong, 1))


def test_an_id_stands_once(tmp_path: Path) -> None:
    other = TABLE.replace("豆腐はどう", "豆腐をどう").replace("豆腐が", "豆腐の半分が")
    with pytest.raises(CookbookError, match=r"1\.toml: tofu: this id stands twice"):
        read(tmp_path, TABLE, other)


def test_a_way_of_asking_asks_for_one_entry(tmp_path: Path) -> None:
    other = TABLE.replace('"tofu"', '"tofu-mo"').replace("豆腐はどう", "豆腐をどう")
    with pytest.raises(CookbookError, match="'豆腐が残った' also asks for tofu"):
        read(tmp_path, TABLE, other)


# What is written down.


def test_there_are_some_four_hundred_entries_of_every_kind() -> None:
    kinds = Entry.model_fields["kind"].annotation
    assert len(ENTRIES) >= 400
    assert {entry.kind for entry in ENTRIES.values()} == set(kinds.__args__)


def test_what_a_spoon_weighs_is_what_the_cookbook_counts_with() -> None:
    weights = [entry for entry in ENTRIES.values() if entry.id.startswith("omosa-")]
    wrong = [
        (entry.id, unit, grams)
        for entry in weights
        for unit, grams in re.findall(r"(大さじ|小さじ|カップ)1で(\d+)g", entry.answer)
        if COOKBOOK.ingredients[entry.foods[0]].measures[unit] != float(grams)
    ]
    assert len(weights) > 20
    assert not wrong


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        # 厚生労働省: meat at 75 ℃ for a minute, shellfish at 85 to 90 ℃ for 90 seconds.
        ("toriniku-hi hikiniku-hi butaniku-hi lever-hi kanetsu-75 karaage-nama", "75℃"),
        ("kaki-hi kaki-arai kanetsu-75", "85〜90℃で90秒以上"),
        ("anisakis", "−20℃で24時間以上"),
        ("reizoko-ondo", "10℃以下"),
        ("hachimitsu-akachan hachimitsu-nashi", "1歳未満|砂糖"),
        ("niku-arau", "洗わないで"),
    ],
)
def test_what_keeps_people_safe_is_said(words: str, needed: str) -> None:
    assert not [one for one in words.split() if not re.search(needed, ENTRIES[one].answer)]


def test_who_is_told_to_use_honey_is_told_of_babies() -> None:
    advised = [
        entry.id
        for entry in ENTRIES.values()
        if "はちみつ" in entry.answer and entry.foods != ("はちみつ",)
    ]
    assert advised
    assert not [one for one in advised if "1歳未満" not in ENTRIES[one].answer]


# What is found.


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("みりんの代わりになるものってある？", "mirin-nashi"),
        ("生クリームがないんですが何で代用できますか", "nama-cream-nashi"),
        ("炊いたご飯の冷凍のしかたを教えてください", "gohan-hozon"),
        ("開けた牛乳って何日もつの", "gyunyu-hozon"),
        ("煮物がしょっぱい。どう直す？", "nimono-shoppai"),
        ("鶏むね肉を柔らかくする方法は？", "munehiniku-katai"),
        ("鶏肉に火が通ったかどうやって見分けるの？", "toriniku-hi"),
        ("ゆで卵は何分茹でればいい？", "yudetamago-fun"),
        ("大さじ1って何mlですか", "osaji-ml"),
        ("しょうゆ大さじ1は何グラムですか", "omosa-shoyu"),
        ("乱切りってどんな切り方？", "rangiri"),
        ("アボカドの食べごろはどう見分けますか", "avocado-erabi"),
        ("米は何分くらい水につければいいですか", "kome-shinsui"),
        ("解凍した肉をもう一度冷凍していい？", "saireitou"),
        ("じゃがいもの芽って毒なの？", "jagaimo-me"),
        ("あさりの砂抜きってどうやるの", "asari-sunanuki"),
        ("「ひたひた」とはどれくらいですか", "hitahita"),
        # The question stands in one sentence of several.
        ("ありがとうございます。ところで、大根の下ゆでは何分ですか？", "daikon-yude"),
    ],
)
def test_a_question_of_the_kitchen_finds_its_entry(question: str, wanted: str) -> None:
    found = find(question, COOKBOOK)
    assert found is not None
    assert found.id == wanted


@pytest.mark.parametrize(
    "text",
    [
        "鶏むね肉で夕食を作ってください",
        "卵がないので、卵なしの朝食をお願いします",
        "みりんを使わない煮物の献立",
        "じゃがいもと玉ねぎが余っています。今夜の献立を考えて",
        "冷凍したご飯で何か作れますか",
        "固い鶏むね肉がおいしくなるレシピをお願いします",
        "作り置きのおかずを5日分",
        "ゆで卵を使ったサラダが食べたい",
        "卵アレルギーとは何ですか",
        "9か月の子にはちみつを食べさせました。病院に行くべきですか",
        "ありがとうございました。助かりました",
        "明日の東京の天気は？",
        "",
    ],
)
def test_an_order_and_other_talk_find_none(text: str) -> None:
    assert find(text, COOKBOOK) is None


@pytest.mark.parametrize(
    "question",
    [
        "ズッキーニは冷凍できますか",
        "プリンは何日もつ？",
        "クミンの代わりになるものは？",
        "アーティチョークは何分ゆでますか",
        # No food that anybody knows.
        "ケールの選び方を教えてください",
        "切手がないときは何で代用できますか",
        "スマホの保存方法は？",
    ],
)
def test_what_is_known_of_one_food_is_not_said_of_another(question: str) -> None:
    assert find(question, COOKBOOK) is None


def test_a_long_story_is_no_question_of_the_kitchen() -> None:
    question = "鶏むね肉を柔らかくする方法は？"
    assert find(question, COOKBOOK)
    assert find("昨日は雨でした。" * 30 + question, COOKBOOK) is None


def test_what_is_said_is_an_order_however_near_an_entry_is() -> None:
    order = "みりんなしの照り焼きの献立をお願いします。みりんの代用は酒と砂糖で。2人分の夕食です"
    assert talk_logit(order, lexicon(COOKBOOK)) < -4
    assert find(order, COOKBOOK) is None


# Who is told what.


def test_a_question_of_the_kitchen_gets_its_entry_and_no_menu() -> None:
    reply = ask("ひたひたの水ってどれくらい？")
    assert reply.text == ENTRIES["hitahita"].answer
    assert reply.guaranteed
    assert not parse_answer(reply.text).dishes


@pytest.mark.parametrize(
    "fields", [Fields(servings=4), Fields(days=3), Fields(ingredients=[("大根", None)])]
)
def test_fields_that_ask_for_dishes_make_an_order_of_it(fields: Fields) -> None:
    reply = ask("ひたひたの水ってどれくらい？", fields=fields)
    assert reply.text != ENTRIES["hitahita"].answer


@pytest.mark.parametrize(
    "text", ["子供が喜ぶクリスマスのごはん、大人2人子ども2人", "主菜と副菜だけ、ご飯に合うもの"]
)
def test_who_says_how_many_eat_or_what_courses_gets_a_meal(text: str) -> None:
    assert "主菜: " in ask(text).text


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        (("卵アレルギーです。夕食をお願いします", "はい。", "マヨネーズの代わりは？"), NO_FIELDS),
        (("パン粉の代わりになるものは？",), Fields(allergens=["小麦"])),
        (("バターの代わりになるものは？",), Fields(exclude=["オリーブ油"])),
        (("牛乳の代わりになるものは？",), Fields(allergens=["大豆"])),
    ],
)
def test_a_food_that_the_conversation_excludes_is_named(
    said: tuple[str, ...], fields: Fields
) -> None:
    text = ask(*said, fields=fields).text
    if fields is NO_FIELDS:
        # Nothing of that answer holds egg.
        assert "ご注意" not in text
    else:
        assert re.search("ご注意：.*(食パン|オリーブ油|豆乳).*使わないでください", text)
    assert FOR_TASTE_ALONE in text


@pytest.mark.parametrize(
    ("entry", "constraints", "names"),
    [
        ("mirin-nashi", Constraints(allergens=frozenset({"卵"})), ""),
        ("katakuriko-nashi", Constraints(allergens=frozenset({"小麦"})), "「小麦粉」"),
        # What is replaced is not there, what replaces it is.
        ("butter-nashi", Constraints(allergens=frozenset({"乳"})), ""),
        ("mayo-nashi", Constraints(allergens=frozenset({"乳"})), "「プレーンヨーグルト」"),
        ("tenmenjan-nashi", Constraints(allergens=frozenset({"大豆"})), "「みそ」"),
        ("tamagoyaki-kogeru", Constraints(allergens=frozenset({"卵"})), "「卵」"),
        # 半熟 is no food of its own.
        (
            "yudetamago-fun",
            Constraints(allergens=frozenset({"卵"})),
            "「卵」「ゆで卵」「味玉」は、",
        ),
        ("sakana-kusai", Constraints(diets=frozenset({"vegetarian"})), "「ぶり」「さば」「たら」"),
        ("niku-herb", Constraints(excluded=frozenset({"肉"})), "「鶏もも肉」「鶏むね肉」"),
    ],
)
def test_whatever_an_answer_names_is_compared_with_what_is_excluded(
    entry: str, constraints: Constraints, names: str
) -> None:
    said = answer_of(ENTRIES[entry], constraints, COOKBOOK)
    warned = re.search("ご注意：(.*?)は、うかがっている", said)
    assert bool(warned) == bool(names), said
    assert not names or names in said


def test_a_substitute_for_an_allergen_is_called_no_safety_advice() -> None:
    nothing = Constraints()
    assert FOR_TASTE_ALONE in answer_of(ENTRIES["tamago-tsunagi"], nothing, COOKBOOK)
    assert FOR_TASTE_ALONE not in answer_of(ENTRIES["mirin-nashi"], nothing, COOKBOOK)
    assert FOR_TASTE_ALONE not in answer_of(ENTRIES["tamago-hozon"], nothing, COOKBOOK)


@pytest.mark.parametrize(
    "text",
    [
        "みりんを使わない夕食をお願いします",
        "鶏むね肉と大根で何か作って",
        "卵アレルギーです。3日分の夕食を考えてください",
        "作り置きできるおかずで1週間分の献立を",
    ],
)
def test_an_order_gets_dishes(text: str) -> None:
    engine = FakeEngine(answer="主食: ご飯\n主菜: 肉じゃが\n副菜: きんぴらごぼう\n汁物: 豚汁")
    turns = [Message("user", text)]
    chef = Chef(engine, find_model("kondate"), COOKBOOK)
    reply = whole(answer(Question(turns, Sampling(seed=1)), chef, Deadline.after(60)))
    assert parse_answer(reply.text).dishes
