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
    "献立のアイデアください",
    "夜ごはんが決まらない、助けて",
    "もう5時なのにまだ何も考えてない…",
    "お腹すいた〜、何がいいと思う?",
    "本日の献立を一式お願いいたします",
    "毎日同じものばかりになっちゃう。何かない?",
    "おすすめの晩めしある?",
    "子どもに「今日のごはん何?」って聞かれて答えられない",
    "買い物に行く前にメニューを決めておきたいんですが",
    "ふたり暮らしの普段の夕食、適当に見つくろって",
    # Foods that are there.
    "鶏もも肉が2枚あるので主菜にしたいです",
    "合いびき肉と豆腐が残ってる。これでいける?",
    "小松菜と油揚げを早めに食べたい",
    "実家からさつまいもが大量に届きました、使い道を教えて",
    "かぼちゃ4分の1とれんこんがあるよ",
    "ぶりの切り身で何かできますか",
    "卵がいっぱいあるんで卵を使ったおかずで",
    "豚ロースとレタスときゅうりがある。晩のおかずになりますか",
    "いかと里芋が手に入りました",
    "冷凍庫に鶏ひき肉、野菜室にごぼうとにんじん",
    "ブロッコリーとえび、どう料理しよう",
    "牛こま、玉ねぎ、きのこ類があるときの夕飯って?",
    # Wishes for dishes.
    "親子丼にするつもり。あと何をつけたらいい?",
    "うどんが食べたい気分なんだけど",
    "シチューを中心に献立を組んでください",
    "炒飯と、それに合うものを何か",
    "とんかつの日の付け合わせや汁物まで決めてほしい",
    "お刺身を食べたいので、ほかのおかずを考えて",
    "炊き込みごはん作りたいな〜秋だし",
    "グラタンが無性に食べたい",
    # How it is to be.
    "疲れて帰ってきたからレンジとかで手早く済ませたい",
    "4人で1000円以内に収まる晩ごはんがいいです",
    "胃が重いのでおなかに優しいごはんを",
    "とにかく肉!腹いっぱいになるやつ頼む",
    "雪が降ってきたから、あったかい汁物が欲しいなあ",
    "幼稚園児がぱくぱく食べてくれそうな夕食",
    "主人の誕生日なのでちょっと豪華にしたいです",
    "緑黄色野菜をしっかりとれるメニューにして",
    "おばあちゃんちみたいな昔ながらの日本のおかず",
    "イタリアンっぽい夕食をおうちで楽しみたい",
    "四川風とか、辛い中華でお願いします",
    "ビビンバとかチゲとか、韓国っぽいのが好き",
    "ベトナム風の献立ってできる?",
    "夏バテ気味。冷たくてつるっといけるものない?",
    # For whom.
    "息子が牛乳アレルギーなので乳製品抜きで考えて",
    "小麦がだめなんですが、夕食は何にできますか",
    "腎臓のことで減塩するよう医者に言われました。薄味の献立を",
    "健康診断でひっかかったので脂質と糖質を抑えたい",
    "つわりが落ち着いてきた妊婦です、鉄分のとれるごはんを",
    "入れ歯の祖父でも食べやすい夕食を教えてください",
    "お肉を食べない彼女に作る晩ごはん。魚もなしで",
    "ジム帰りです。たんぱく質多めで脂は少なめに",
    # Other courses and meals.
    "一汁二菜でさらっと立ててもらえると助かります",
    "副菜だけあと1品、何か足したい",
    "味噌汁はいらない。おかず中心で3品",
    "日本酒のあてを2つ3つ見つくろってほしい",
    "朝ごはん、和風でちゃんとしたのを食べてから出勤したい",
    "夫のお弁当に入れる、冷めてもおいしいおかず",
    "在宅勤務のお昼、ひとり分ぱぱっと作れるもの",
    "平日5日分の晩ごはんをまとめて決めたいです",
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
