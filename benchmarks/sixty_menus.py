"""Sixty menus to sixty requests of different kinds, to be read as a cook reads them.

    python benchmarks/sixty_menus.py > docs/sixty-menus.md

Each is planned with its number as the seed, on 30 November; of several meals all are shown.
"""

from datetime import date
from typing import Final

from chef_llm.chat.chef import load_chef
from chef_llm.cookbook.vocabulary import VEGETABLES
from chef_llm.engines import Deadline
from chef_llm.errors import ChefError
from chef_llm.reading.conversation import Message
from chef_llm.reading.reader import read_order

DAY: Final = date(2026, 11, 30)
REQUESTS: Final = (
    # Nothing, or hardly anything.
    "今日の晩ご飯何がいい？",
    "2人分の夕食をお願いします",
    "4人家族の晩ごはんを考えて",
    "一人暮らしの夕飯、何か作りたい",
    "夕食の献立、おまかせで",
    # Foods that are there.
    "鶏むね肉とキャベツで夕食",
    "豚こまと玉ねぎと卵がある。今夜は？",
    "大根が1本あまっている。夕食で使いたい",
    "生鮭ときのこで晩ごはん",
    "さば缶とトマト缶で何か夕飯を",
    "豆腐とひき肉で夕食をお願いします",
    "ぶりの切り身を買ってきた。夕食の献立を",
    "えびとブロッコリーを使って、ちょっと洋風の夕食",
    "白菜を使い切りたい。4人分の夕食",
    "牛肉の切り落としとごぼうで夕食",
    # Wishes for dishes.
    "カレーが食べたい。夕食",
    "ハンバーグの献立",
    "肉じゃがに合う献立を考えて",
    "麻婆豆腐の夕食",
    "鍋がいい。家族4人",
    "焼き魚の定食みたいな夕食",
    "パスタの夕食",
    # How it is to be.
    "あっさりした和食の夕食",
    "がっつり食べたい男子高校生の夕食",
    "体が温まる晩ごはん",
    "疲れて帰ってきた。15分で作れる夕食",
    "30分以内で作れる夕食を4人分",
    "節約したい。安くすむ夕食",
    "子どもが喜ぶ夕食。5歳と8歳",
    "野菜をたっぷりとりたい夕食",
    "胃が疲れているので、やさしい夕食",
    "辛いものが食べたい。夕食",
    "中華の夕食",
    "韓国料理の夕食を2人分",
    "洋食の夕食をお願いします",
    "エスニックな夕食",
    # For whom, for what.
    "卵アレルギーの子がいます。夕食を4人分",
    "小麦と乳が食べられません。夕食を",
    "ベジタリアンの友人が来ます。夕食",
    "減塩の夕食。父が高血圧です",
    "ダイエット中。500kcal以下の夕食",
    "高たんぱくの夕食。筋トレしています",
    "糖質40g以下の夕食",
    "お客さまが来る。おもてなしの夕食を6人分",
    "誕生日の夕食。4人",
    "晩酌のつまみを3品",
    "ビールに合うおつまみを2品",
    "80歳の母と食べる、やわらかい夕食",
    "妊娠中の妻と食べる夕食",
    # Other courses and meals.
    "一汁三菜の夕食",
    "主菜と副菜だけお願いします",
    "汁物なしの夕食",
    "鶏肉で、夕食の案を3つ",
    "朝ごはんの献立",
    "和の朝食を2人分",
    "お弁当のおかずも含めた明日のお弁当",
    "昼ごはん、丼もので",
    "昼食にうどんを",
    "3日分の夕食",
    "月曜から金曜の夕食。魚を2回",
)


def main() -> None:
    """Print the page."""
    chef = load_chef()
    print("# Sixty menus\n")
    print("`python benchmarks/sixty_menus.py` wrote this page; what it shows is measured in")
    print("[menus.md](menus.md#what-300-dinners-are-made-of). Salt and vegetables are grams a")
    print("serving of all dishes of the meal.\n")
    print("| | Request | Menu | Salt | Vegetables |\n| --- | --- | --- | --- | --- |")
    for number, text in enumerate(REQUESTS, start=1):
        order = read_order([Message("user", text)], chef.cookbook, today=DAY)
        try:
            meals = chef.plan(order, Deadline.after(60), number).meals
        except ChefError as error:
            print(f"| {number} | {text} | {error} | | |")
            continue
        served = chef.cookbook.for_servings(order.servings)
        for place, meal in enumerate(meals):
            salt = sum(served.nutrition(dish).salt_g for dish in meal.dishes)
            vegetables = sum(served.limited(dish, VEGETABLES) for dish in meal.dishes)
            names = "、".join(dish.name for dish in meal.dishes)
            asked = (str(number), text) if place == 0 else ("", "")
            cells = (*asked, names, f"{salt:.1f}", f"{vegetables:.0f}")
            print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
