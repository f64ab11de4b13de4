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
    "晩ごはんのヒントください",
    "今日の夜、何にしようかなあ",
    "メニューがまったく浮かばないので助けてください",
    "定番でいいから夕食を考えて",
    "料理する気が起きないけど何か作らないと…",
    "今夜の食卓、ぜんぶ任せた!",
    "そろそろ台所に立つ時間。何作るべき?",
    "夕食の相談にのってもらえますか",
    "ひとり暮らし、今夜の自炊メニュー希望",
    "家族みんなが喜びそうな晩ごはん、ある?",
    # Foods that are there.
    "豚バラと大根で一品、それに合う献立も",
    "手羽元が特売だったので買いました。どう食べよう",
    "ちくわとピーマンが余ってるんですけど",
    "長ねぎ、豆腐、豚ひき肉でおすすめある?",
    "たらの切り身を使った夕食を教えてください",
    "アスパラと新玉ねぎをいただいたので、おいしく食べたい",
    "ささみとブロッコリーならあるんだが",
    "れんこんと鶏ひき肉を今日中に使いたいです",
    "きゅうりが畑でどっさり、何かいい食べ方ない?",
    "あじを3尾さばいてもらったから夕飯にしたい",
    "春雨と卵とニラが家にあるよ、何ができる?",
    "牛肉の薄切りとごぼうを使って献立を立ててください",
    # Wishes for dishes.
    "オムライス作りたいんだけど、添えるものは何がいい?",
    "今晩はおでんにしようと思ってます",
    "コロッケをおかずにした夕食でお願いします",
    "そばかそうめん、麺類で済ませたい",
    "生姜焼き定食みたいな感じで組んで",
    "ちらし寿司に合うおかずとお吸い物が知りたい",
    "肉じゃがが恋しい。ほかに何を並べよう",
    "天ぷらを揚げる予定です。ほかの品も決めてください",
    # How it is to be.
    "子どものお迎えのあと15分で出せるごはん",
    "お財布にやさしい夕食を教えて、もやしとか歓迎",
    "夜遅い食事なので軽めに済ませたいのですが",
    "食べ盛りの男子3人、量が多くて食べごたえのあるもの",
    "風邪気味なので、しょうがとか入ったぽかぽかの献立",
    "2歳児と一緒に食べる薄味でやわらかめの晩ごはん",
    "クリスマスに家族で囲むごちそうメニューを考えて",
    "サラダや温野菜をもりもり食べたい日です",
    "焼き魚におひたし、みたいな純和風で頼みます",
    "フレンチ風のおしゃれな晩ごはんに挑戦したい",
    "中国料理の献立をひとそろい、家庭向きで",
    "韓国ドラマ見てたら向こうのごはんが食べたくなった",
    "ナンプラー買ったからアジアンなおかずを作ってみたい",
    "フライパンひとつで作れて洗い物が少ないのがいい",
    # For whom.
    "うちの子、そばと落花生のアレルギーがあります。夕食を提案して",
    "私、高血圧ぎみ…しょうゆや塩を減らしたごはんがいいな",
    "産後の体重を戻したい、ヘルシーでも満足感のあるもの",
    "妊娠7か月です。生ものは避けた夕食にしてください",
    "75歳の父向けに、消化がよくて食べやすいおかずを",
    "ヴィーガンなので動物性の食材なしでお願いできますか",
    "マラソンの練習中で、疲労回復とたんぱく質を意識したい",
    "姑が糖尿病なので糖質を控えた献立を知りたいです",
    # Other courses and meals.
    "一汁一菜のシンプルな食事で十分です",
    "主食は要らないので、主菜1つと副菜2つをお願いします",
    "スープはつけなくていいから、メインとサラダだけ",
    "ワインに合う簡単なつまみを4品教えてください",
    "忙しい朝に5分で食べられる朝食ない?",
    "遠足に持っていくお弁当、6歳の子が喜ぶもの",
    "土曜のランチ、夫婦でゆっくり食べたいな",
    "来週月曜から水曜までの夜の献立がほしい",
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
