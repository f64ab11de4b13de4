import pytest
from hypothesis import given
from hypothesis import strategies as st

from chef_llm.reading.servings import MOST_SERVINGS, read_servings


@pytest.mark.parametrize(
    ("text", "servings"),
    [
        # Digits and counters.
        ("鶏むね肉とキャベツで、2人分の夕食をお願いします", 2),
        ("4人前の晩ごはん", 4),
        ("家族5人の献立", 5),
        ("Q2. 何人？ → 1", 1),
        ("Q. 何人?→6", 6),
        # Told by name, or of one of them alone.
        ("じいさんばあさん二人の夕食", 2),
        ("親1子2の夜ごはん", 3),
        ("子ども2人は爆睡。わたしひとりの自由なごはん", 1),
        ("病院の付き添いで私が食べるものです", 1),
        ("父の分だけなので少量で", 1),
        ("年寄り二人と子ども1人", 3),
        # Somebody more, and one of those who are there.
        ("3人分。もう一人増えます", 4),
        ("5人で食べます。もう一名は少量で", 5),
        ("5人家族です", 5),
        ("1人暮らしのごはん", 1),
        ("３人分でお願いします", 3),
        ("１０人で集まります", 10),
        ("2 人分", 2),
        ("3名です", 3),
        ("3名様のおもてなし", 3),
        ("2食分つくりたい", 2),
        ("6人くらいで", 6),
        ("4人前後で", 4),
        ("1.5人前", 2),
        ("4にんぶん", 4),
        # An age counts nobody.
        ("母が80歳です", None),
        ("父が75歳で夕食を", None),
        ("妻が46歳", None),
        # Kanji and kana.
        ("二人", 2),
        ("二人分のお弁当", 2),
        ("二人暮らしの夕飯", 2),
        ("一人前だけ", 1),
        ("お一人様ごはん", 1),
        ("おひとりさまの夜食", 1),
        ("ひとり分", 1),
        ("独り身です", 1),
        ("ふたり分のお昼", 2),
        ("ふたり暮らし", 2),
        ("さんにん分", 3),
        ("よにん家族", 4),
        ("十人", 10),
        ("十一人", 11),
        # A range is cooked for its upper end.
        ("二、三人分", 3),
        ("2〜3人分", 3),
        ("3~4人前", 4),
        # Kinds of people are added up, their sum is not.
        ("大人2人と子ども1人", 3),
        ("お弁当を5日分、中学生と高校生と旦那の3つ", 3),
        ("日替わりランチ、1日12食で", 12),
        ("ぜんざいを5杯分", 5),
        ("members: 6", 6),
        ("モーニング、1人前400kcal以下", None),
        ("人数: 8（大人4、小学生3、2歳1）", 8),
        ("3人きょうだいと親2人が同じものを食べる夕食", 5),
        ("大人2人と5さいの子", 3),
        ("1歳2か月と私たち夫婦で", 3),
        ("ママ友3人が来ます。子どもも3人。私も入れて", 7),
        ("3日分のお弁当 夫用 同じおかずが続く", 1),
        ("大人2人、子ども2人の夕食", 4),
        ("大人二人と子供三人で", 5),
        ("大人2人分と子ども1人分", 3),
        ("大人は2人、子どもは1人です", 3),
        ("夫婦2人と小学生1人", 3),
        ("大人2人と中学生1人と幼児1人", 4),
        ("夫婦の夕食", 2),
        ("夫婦ふたりの食卓", 2),
        ("夫婦と子ども2人", 4),
        ("夫婦と子どもの3人家族", 3),
        ("大人2人と子ども2人の4人分", 4),
        # The last word counts, but those who are told of are no new guests.
        ("2人分、やっぱり4人分で", 4),
        ("4人家族ですが今日は2人です", 2),
        ("4人家族で、子どもが2人います", 4),
        ("4人分お願いします。1人は卵アレルギーです", 4),
        ("共働き夫婦です。4人分を30分で", 4),
        ("4人分、1人あたり500円で", 4),
        ("4人分、一人500kcalまで", 4),
        # A number behind a label, in brackets or without a counter.
        ("大人（2）子ども（1・小3）", 3),
        ("大人四、子ども二の夕食", 6),
        ("参加:6 火口:2", 6),
        ("人数 [5] うち子ども [2]", 5),
        ("dinner 3p, no egg", 3),
        ("{'n': 1, 'meal': '昼'}", 1),
        # Boxes and plates are portions.
        ("明日の弁当ふたつ", 2),
        ("3個のお弁当", 3),
        ("父母と兄弟3人", 5),
        ("姉妹2人で", 2),
        ("おひとりさま", 1),
        ("差し入れの弁当を頼まれました。8個。主菜は鶏で", 8),
        ("娘のぶん1つ", 1),
        ("お弁当、十折", 10),
        ("豚汁40杯分", MOST_SERVINGS),
        ("3人分＋温め直せる1人分", 4),
        ("1人分ずつ", 1),
        ("2人それぞれ1人分ずつ", 2),
        # Who has guests eats with them.
        ("友達3人くる、なんか映えるやつ", 4),
        ("ママ友が2人遊びに来るのでお昼を", 3),
        ("5人家族。長男の仲間が4人来る", 9),
        ("同僚3人と宅飲み", 4),
        ("友達3人で鍋", 3),
        ("大人2名、お子様1名", 3),
        ("シングルマザー、子ども2人", 3),
        ("友だち2人来ることになった。3人分で", 3),
        # Persons in a row, whoever they are.
        ("職人さん2人と私の昼", 3),
        ("子2人と在宅の私", 3),
        ("家族3人＋その子で夕食", 4),
        ("夫婦と中学生の娘で", 3),
        ("祖父母・両親・叔父夫婦・いとこ3人（小6、小3、5歳）・私", 10),
        ("2人（4歳と6歳）と私で夜", 3),
        ("夫と2人", 2),
        ('"people":["妻","夫","義姉"]', 3),
        ("2歳の双子とわたし", 3),
        ("夫46歳と私", 2),
        ("孫5歳3歳、じいじ、ばあば", 4),
        ("夫と私、子は小1と年中の4人", 4),
        ("大人9人、赤ちゃん1人（4か月、ミルクのみ）", 9),
        # One alone, whoever it is.
        ("主人のぶんだけ", 1),
        ("妻用に、温かくて食べやすいもの", 1),
        ("息子の部活弁当、2段で", 1),
        ("早く出る娘に僕が作ります", 1),
        ("病み上がりの夫へ。今夜", 1),
        ("<for>夫 46歳 運転手</for>", 1),
        ("▼人：わたし", 1),
        # More than a kitchen cooks for, and fewer.
        ("二十人の宴会", MOST_SERVINGS),
        ("100人前", MOST_SERVINGS),
        ("0人分", 1),
        # English.
        ("Dinner for three, no egg.", 3),
        ("lunch for me. pasta", 1),
        ("We are a family of four", 4),
        ("bento for the 3 of us", 3),
        ("dinner for 4 people with salmon", 4),
        ("Plan for two: pork", 2),
        ("six portions of curry", 6),
        # Meals are no people, and one eats his own lunch.
        ("あしたの夜とあさっての昼、2食分だけ。親が来るので4人", 4),
        ("小5と小2がふたりで食べます", 2),
        ("夫婦と中学生2人", 4),
        ("恵方巻きは子ども2人が巻きます。大人2人もいっしょ", 4),
        ("人数もう一人ふえた。3人分で", 3),
        ("母の昼ごはん、小鉢を3つ", 1),
        ("小1の弁当を3日", 1),
        ("部活男子（高2・サッカー）の朝食", 1),
        ("味噌汁だけ。三杯分", 3),
        ("ソロキャンの夜ごはん", 1),
    ],
)
def test_servings_are_read_from_the_words_of_a_request(text: str, servings: int) -> None:
    assert read_servings(text) == servings


@pytest.mark.parametrize(
    "text",
    [
        "",
        "鶏むね肉とキャベツで夕食をお願いします",
        "人参2本と玉ねぎ1個",
        "2人参",
        "にんじん3本",
        "たくさんにんじんがあります",
        "りんごとごにんにく",
        "一人当たり500円で",
        "3日分の作り置き",
        "10分で作れるもの",
        "卵2個と豆腐1丁",
        "大人気の料理",
        "一人気のメニュー",
        "二人目の子が生まれました",
        "名物料理を1つ",
        "共働き夫婦なので簡単に",
        "2回分",
        "一食分の献立",
        "手伝いを頼まれた料理",
        "お弁当 おかず 3つ",
        "夫の好物で",
        "私だけ足りないので、私用にもう一品",
        "俺の分だけ仕上げになんか足す",
        "a menu for two days",
        "side dishes for five weekday dinners",
        "ready for 7 pm",
        "it took me for one minute",
        "for three-day camping",
    ],
)
def test_a_request_without_a_number_of_people_has_no_servings(text: str) -> None:
    assert read_servings(text) is None


@given(st.text(alphabet="一二十人前分名様食にんふたりひ大子どもと、は夫婦0159. 参あ"))
def test_servings_of_any_words_stay_inside_the_bounds(text: str) -> None:
    servings = read_servings(text)

    assert servings is None or 1 <= servings <= MOST_SERVINGS


@pytest.mark.parametrize("text", ["9", "9 ", "人", " ", "大人", "2人は", "大人2人と"])
def test_a_long_text_is_read_in_linear_time(text: str) -> None:
    assert read_servings(text * 100_000) in (None, 2, MOST_SERVINGS)
