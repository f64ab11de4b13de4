"""How people write a wish, and how kondate answers it: all wording of the corpus."""

import random
import re
from collections.abc import Sequence
from functools import cached_property
from typing import Final

from chef_llm.cookbook import Cookbook, Dish
from chef_llm.cookbook.model import KATAKANA_TO_HIRAGANA, fold
from chef_llm.menus.title import Title
from chef_train.wishes import EXCLUDABLE_GROUPS, Menu, Wish

HIRAGANA_TO_KATAKANA: Final = {hira: kata for kata, hira in KATAKANA_TO_HIRAGANA.items()}
KANJI_NUMBERS: Final = {1: "一", 2: "二", 3: "三", 4: "四", 5: "五", 6: "六"}

# {ing} ingredients, {n} servings, {meal}, {ask}, {pre} and {post} the other conditions.
# The two lists share no template: HELD_OUT is for the evaluation alone.
TEMPLATES: Final = (
    "{pre}{ing}で、{n}{meal}{ask}{post}",
    "{pre}{ing}で{n}{meal}{ask}{post}",
    "{pre}{ing}を使った{n}{meal}{ask}{post}",
    "{pre}{ing}を使って、{n}{meal}{ask}{post}",
    "{pre}{ing}を使って{n}{meal}{ask}{post}",
    "{ing}があります。{pre}{n}{meal}{ask}{post}",
    "{ing}がある。{pre}{n}{meal}{ask}{post}",
    "冷蔵庫に{ing}があります。{pre}{n}{meal}{ask}{post}",
    "冷蔵庫に{ing}が残っています。{pre}{n}{meal}{ask}{post}",
    "家に{ing}があるので、{pre}{n}{meal}{ask}{post}",
    "{ing}が余っているので、{pre}{n}{meal}{ask}{post}",
    "{ing}を使い切りたいです。{pre}{n}{meal}{ask}{post}",
    "{ing}を消費したい。{pre}{n}{meal}{ask}{post}",
    "{ing}をたくさんもらいました。{pre}{n}{meal}{ask}{post}",
    "{ing}を買ってきた。{pre}{n}{meal}{ask}{post}",
    "今日は{ing}で{pre}{n}{meal}{ask}{post}",
    "今日の{meal}、{ing}で{pre}{n}{ask}{post}",
    "{n}{meal}{ask}{ing}を使いたいです。{pre}{post}",
    "{pre}{n}{meal}{ask}{ing}があります。{post}",
    "{pre}{n}{meal}{ask}材料は{ing}です。{post}",
    "{n}{meal}。{ing}を使いたい。{pre}{post}",
    "材料: {ing}。{pre}{n}{meal}{ask}{post}",
    "食材は{ing}。{pre}{n}{meal}{ask}{post}",
    "{ing}メインで、{pre}{n}{meal}{ask}{post}",
    "{ing}が食べたい。{pre}{n}{meal}{ask}{post}",
    "{ing}で何か作りたいです。{pre}{n}{meal}{ask}{post}",
    "{ing}を入れた{pre}{n}{meal}{ask}{post}",
    "{ing} {n}{meal} {pre}{post}",
    "{ing} {pre}{n}{meal}{post}",
    "{ing}の{n}{meal}{ask}{pre}{post}",
    "{ing}しかないんだけど、{pre}{n}{meal}{ask}{post}",
    "スーパーで{ing}が安かった。{pre}{n}{meal}{ask}{post}",
    "{pre}{n}{meal}に{ing}を使いたい。{ask}{post}",
    "{pre}{n}{meal}{ask}できれば{ing}を使って。{post}",
    "{ing}がたくさんあるので{pre}{n}{meal}{ask}{post}",
    "{ing}を早く使いたいです。{pre}{n}{meal}{ask}{post}",
    "{ing}の賞味期限が近いので、{pre}{n}{meal}{ask}{post}",
    "{ing}と、あとは調味料くらいしかありません。{pre}{n}{meal}{ask}{post}",
    "うちに{ing}あるんだけど{pre}{n}{meal}{ask}{post}",
    "{ing}を解凍した。{pre}{n}{meal}{ask}{post}",
    "{ing}を中心に、{pre}{n}{meal}{ask}{post}",
    "{ing}入りの{pre}{n}{meal}{ask}{post}",
    "{pre}{ing}料理で{n}{meal}{ask}{post}",
    "{pre}{n}{meal}{ask}使いたい食材は{ing}です。{post}",
    "{pre}{n}{meal}{ask}家にあるもの: {ing}。{post}",
    "{ing}。これで{pre}{n}{meal}{ask}{post}",
    "{ing}でなにつくれる? {pre}{n}{meal}{post}",
    "{ing}を食べたいので{pre}{n}{meal}{ask}{post}",
    "{pre}{n}{meal}に{ing}を使うとしたら?{post}",
    "今夜は{ing}にしたい。{pre}{n}{meal}{ask}{post}",
    "{ing}がお買い得でした。{pre}{n}{meal}{ask}{post}",
    "実家から{ing}が届きました。{pre}{n}{meal}{ask}{post}",
    "畑で{ing}がとれた。{pre}{n}{meal}{ask}{post}",
    "{ing}をどうにかしたい。{pre}{n}{meal}{ask}{post}",
    "夫が{ing}を買ってきました。{pre}{n}{meal}{ask}{post}",
    "{n}{meal}で{ing}を使うなら?{pre}{post}",
    "{ing}→{pre}{n}{meal}{post}",
)
# What people say besides; it changes nothing of what they ask for.
ASIDES: Final = [
    "すみません、",
    "えっと、",
    "シェフ、",
    "あのー、",
    "いつもありがとう。",
    "今日は暑いですね。",
    "今日は寒い。",
    "雨が降っています。",
    "仕事で疲れました。",
    "お腹がすいた。",
    "スーパーに行ってきました。",
    "冷蔵庫を整理したいです。",
    "困っています。",
    "助けてください。",
    "料理は苦手です。",
    "料理初心者です。",
    "急いでいます。",
    "毎日考えるのが大変です。",
    "妻が留守です。",
    "主人の誕生日です。",
    "明日は早起きです。",
    "マンネリです。",
    "よろしく。",
    "お願いがあります。",
    "いつもの感じで。",
    "何でもいいです。",
    "できれば簡単に。",
    "野菜も食べたい。",
    "買い物には行けません。",
    "テスト期間です。",
    "実は",
    "相談です。",
    "ちょっと",
    "ねえ、",
    "ところで、",
    "週末なので、",
    "今日は家にいるので、",
    "子どもが帰ってきます。",
    "節分が近いですね。",
    "台所が狭いです。",
    "オーブンはありません。",
    "フライパンしかない。",
]
HELD_OUT_TEMPLATES: Final = (
    "{ing}が冷蔵庫にあるのですが、{pre}{n}{meal}{ask}{post}",
    "{pre}{n}{meal}に迷っています。{ing}を使う献立{ask}{post}",
    "特売で{ing}を買いました。{pre}{n}{meal}{ask}{post}",
    "{ing}が傷みそうなので、{pre}{n}{meal}{ask}{post}",
    "{pre}{ing}を活かした{n}{meal}{ask}{post}",
    "手元にあるのは{ing}です。{pre}{n}{meal}{ask}{post}",
    "{ing}がいいな。{pre}{n}{meal}{ask}{post}",
    "{ing}あるよ。{pre}{n}{meal}{ask}{post}",
)
# Forms around words that no template has: {a} and {b} are scraps of the recipes' own sentences,
# which teach that what stands around an ingredient may be anything.
UNFAMILIAR_TEMPLATES: Final = (
    "{a}{ing}{b}。{pre}{n}{meal}{ask}{post}",
    "{a}{ing}{b}、{pre}{n}{meal}{ask}{post}",
    "{a}{ing}です。{pre}{n}{meal}{ask}{post}",
    "{a}で{ing}を{b}。{pre}{n}{meal}{ask}{post}",
    "{ing}{a}ので、{pre}{n}{meal}{ask}{post}",
    "{ing}{a}{b}。{pre}{n}{meal}{ask}{post}",
    "{pre}{n}{meal}に{a}。{ing}を{b}{ask}{post}",
    "{pre}{ing}を{a}{n}{meal}{ask}{post}",
)
UNFAMILIAR_SHARE: Final = 0.4
# Requests that name no ingredient.
OPEN_TEMPLATES: Final = (
    "{pre}{n}{meal}{ask}{post}",
    "今日の{meal}、{pre}{n}{ask}{post}",
    "{pre}今日の{n}{meal}{ask}{post}",
    "{meal}が思いつきません。{pre}{n}{ask}{post}",
    "{pre}何か{n}{meal}{ask}{post}",
    "明日の{meal}は{pre}{n}{ask}{post}",
)
MEAL_WORDS: Final = {
    "夕食": (
        "夕食",
        "夕食",
        "夕飯",
        "夕ご飯",
        "夕ごはん",
        "晩ご飯",
        "晩ごはん",
        "夜ご飯",
        "夜ごはん",
        "献立",
        "献立",
        "夕食の献立",
        "晩ご飯の献立",
        "ディナー",
        "おかず",
        "ばんごはん",
    ),
    "昼食": ("昼食", "昼ご飯", "お昼ごはん", "ランチ", "お昼", "昼食の献立"),
    "朝食": ("朝食", "朝ご飯", "朝ごはん", "モーニング", "朝食の献立"),
    "お弁当": ("お弁当", "弁当", "お弁当のおかず", "お弁当の献立"),
}
ASKS: Final = (
    "をお願いします。",
    "をお願いします",
    "お願いします。",
    "をお願い。",
    "を考えてください。",
    "を考えて",
    "を考えてほしいです。",
    "を教えてください。",
    "を教えて",
    "を教えて。",
    "を作りたいです。",
    "を作りたい",
    "は何がいい?",
    "は何がいいですか?",
    "を提案してください。",
    "を提案して。",
    "を決めて。",
    "どうしよう。",
    "のおすすめは?",
    "をください。",
    "、よろしくお願いします。",
    "",
    "。",
)
INGREDIENT_JOINTS: Final = ("と", "と", "と", "、", "、", "・", "や", "とか", " ", "に", "+")
EXCLUSIONS_BEFORE: Final = (
    "{ex}なしで、",
    "{ex}抜きで、",
    "{ex}を使わずに、",
    "{ex}が苦手なので、",
    "{ex}アレルギーなので、",
    "{ex}が食べられないので、",
    "{ex}以外で、",
)
EXCLUSIONS_AFTER: Final = (
    "{ex}は使わないでください。",
    "{ex}は使わないで。",
    "{ex}なしで。",
    "{ex}抜きで",
    "{ex}は苦手です。",
    "{ex}は避けてください。",
    "{ex}アレルギーがあります。",
    "{ex}NG",
    "{ex}は入れないで。",
    "{ex}は食べられません。",
    "{ex}は嫌い。",
    "ただし{ex}は抜いてください。",
)
MINUTES: Final = (
    "{m}分で、",
    "{m}分以内で、",
    "{m}分以内に作れる",
    "{m}分でできる",
    "{m}分くらいで、",
)
CUISINES: Final = {
    "和": ("和食で、", "和風の", "和食の", "日本料理で、"),
    "洋": ("洋食で、", "洋風の", "洋食の", "イタリアンっぽく、"),
    "中": ("中華で、", "中華風の", "中華料理で、", "中華の"),
    "韓": ("韓国風の", "韓国料理で、", "韓国風で、"),
    "エスニック": ("エスニック風の", "エスニックで、", "アジア料理で、"),
}
SEASONS: Final = ("{s}らしい", "{s}の", "{s}にぴったりの", "旬の{s}の")
STYLES: Final = {
    "あっさり": ("あっさりした", "さっぱりした", "軽めの", "あっさり系で、"),
    "こってり": ("こってりした", "がっつりした", "ボリュームのある", "食べごたえのある"),
    "ヘルシー": ("ヘルシーな", "ダイエット中なので、", "カロリー控えめの", "体にいい"),
    "減塩": ("減塩の", "塩分控えめの", "塩分を控えた", "血圧が気になるので、"),
    "高たんぱく": ("高たんぱくの", "高タンパクな", "筋トレ中なので、", "たんぱく質が多い"),
    "節約": ("節約できる", "安く済む", "給料日前なので、", "お金のかからない"),
    "子ども向け": ("子どもが喜ぶ", "子供が好きな", "子ども向けの", "幼児も食べられる"),
    "やわらかい": ("やわらかい", "お年寄りにも食べやすい", "噛みやすい", "高齢の母も食べられる"),
    "温まる": ("体が温まる", "温かい", "ぽかぽかする", "寒いので、"),
    "作り置き": ("作り置きできる", "作り置きの", "常備菜になる", "日持ちする"),
    "時短": ("時短の", "簡単な", "すぐできる", "疲れているので簡単な", "手抜きで、"),
    "おもてなし": ("おもてなしの", "お客様に出す", "来客用の", "ちょっと豪華な"),
    "辛い": ("辛い", "ピリ辛の", "スパイシーな", "辛めの"),
}
RECIPE_REQUESTS: Final = (
    "{dish}の作り方を教えてください。",
    "{dish}の作り方を教えて",
    "{dish}の作り方",
    "{dish}のレシピを教えてください。",
    "{dish}のレシピ",
    "{dish}を作りたい",
    "{dish}を作りたいです。{n}でお願いします。",
    "{dish}はどうやって作りますか?",
    "{dish}の材料は?",
    "{n}{dish}の作り方",
    "{dish} レシピ",
    "{dish}ってどう作るの?",
)
HELD_OUT_RECIPE_REQUESTS: Final = (
    "おいしい{dish}の作り方が知りたいです。",
    "{dish}を初めて作ります。手順を教えて。",
    "{dish}はどう作ればいい?",
)
OUT_OF_SCOPE: Final = (
    "今日の天気は?",
    "明日の天気を教えて",
    "東京の天気は?",
    "ニュースを教えて",
    "株価を教えてください。",
    "日経平均は?",
    "Pythonでプログラムを書いて",
    "コードを書いてください。",
    "HTMLの書き方を教えて",
    "英語に翻訳してください。",
    "この文章を要約して",
    "日本の首相は誰ですか?",
    "歴史を教えて",
    "数学の問題を解いて",
    "1+1は?",
    "おすすめの映画は?",
    "面白い本を教えて",
    "小説を書いて",
    "旅行の計画を立てて",
    "京都の観光地を教えて",
    "恋愛相談をしたい",
    "彼氏とけんかしました。",
    "仕事を辞めたい",
    "頭が痛い。薬は何がいい?",
    "病気を診断して",
    "確定申告のやり方",
    "税金について教えて",
    "保険はどれがいい?",
    "電車の時刻を教えて",
    "サッカーの試合結果は?",
    "野球の順位は?",
    "パソコンが動かない",
    "スマホのおすすめは?",
    "車の選び方",
    "猫の飼い方",
    "占いをして",
    "今日の運勢は?",
    "ゲームの攻略法",
    "歌を歌って",
    "詩を書いて",
    "メールの返事を書いて",
    "履歴書の書き方",
    "あなたはAIですか?",
    "爆弾の作り方を教えて",
    "パスワードを教えて",
    "宇宙はどうやってできたの?",
    "宿題を手伝って",
    "富士山の高さは?",
    "フランスの首都はどこ?",
    "洗濯機の使い方",
)
HELD_OUT_OUT_OF_SCOPE: Final = (
    "大阪の天気を教えてください。",
    "JavaScriptのコードを書いて",
    "日本で一番長い川は?",
    "おすすめの音楽を教えて",
    "腰が痛いのですが、どうしたらいいですか?",
    "ドル円の相場は?",
    "沖縄旅行のプランを考えて",
    "この英文を訳してください。",
    "犬のしつけ方を教えて",
    "年末調整のやり方がわからない",
)
REFUSAL: Final = "申し訳ありません。献立を考えるシェフなので、料理のこと以外はお答えできません。"
INVITATION: Final = "食材や人数を教えていただければ、献立を考えます。"
UNKNOWN_DISH: Final = "申し訳ありません。その料理は料理帳にありません。"
GREETING: Final = "こんにちは。献立を考えるシェフです。"
THANKS: Final = "どういたしまして。おいしくできますように。"
GREETINGS: Final = (
    "こんにちは",
    "はじめまして",
    "こんばんは",
    "おはよう",
    "おはようございます。",
    "やあ",
    "何ができますか?",
    "使い方を教えて",
)
THANK_YOUS: Final = (
    "ありがとう",
    "ありがとうございます。",
    "助かりました。",
    "おいしかったです。",
    "ごちそうさま",
    "サンキュー",
)
# Dishes that people ask for and the cookbook does not have.
ABSENT_DISHES: Final = [
    "北京ダック",
    "フォアグラ",
    "キャビア",
    "ティラミス",
    "マカロン",
    "ショートケーキ",
    "シュークリーム",
    "チーズケーキ",
    "プリン",
    "パエリア",
    "ブイヤベース",
    "ラザニア",
    "タコス",
    "ケバブ",
    "フィッシュアンドチップス",
    "小籠包",
    "フカヒレスープ",
    "月餅",
    "ローストビーフ",
    "七面鳥の丸焼き",
    "すっぽん鍋",
    "ふぐ刺し",
    "くじらの竜田揚げ",
    "馬刺し",
    "もんじゃ焼き",
    "たこ焼き",
    "ラーメン",
]
HELD_OUT_ABSENT_DISHES: Final = ("カヌレ", "ボルシチ", "アップルパイ", "ナシゴレン")
# Second turns: what is asked, and which role changes (None: the wish changes).
CHANGE_ROLE: Final = {
    "主菜": (
        "主菜を変えて",
        "メインを変えてください。",
        "別の主菜にして",
        "メインは別のものがいい",
    ),
    "副菜": ("副菜を変えて", "副菜は別のものにしてください。", "もう一品を変えて", "副菜を他のに"),
    "汁物": ("汁物を変えて", "スープを変えてください。", "別の汁物がいい", "お味噌汁以外にして"),
}
CHANGE_ALL: Final = (
    "別の献立にして",
    "他の案をください。",
    "もう一つ考えて",
    "ほかには?",
    "全部変えて",
)
CHANGE_TO: Final = {
    "魚介": ("魚に変えて", "魚にしてください。", "主菜を魚にして", "お魚がいいな"),
    "肉": ("肉に変えて", "お肉にして", "主菜を肉料理にしてください。", "肉がいい"),
    "豆腐": ("豆腐に変えて", "豆腐の料理にして"),
}
CHANGE_SERVINGS: Final = ("{n}にして", "{n}に変えてください。", "やっぱり{n}で", "{n}分にして")


class Writer:
    """Writes requests as people do and answers as kondate should."""

    def __init__(self, cookbook: Cookbook, unfamiliar_share: float = 0.0) -> None:
        self.cookbook = cookbook
        self.unfamiliar_share = unfamiliar_share

    @cached_property
    def scraps(self) -> list[str]:
        """Short pieces of the recipes' sentences that name no ingredient."""
        names = [spelling for spelling in self.cookbook.spellings if len(spelling) > 1]
        names += "肉魚鶏豚牛卵豆"
        text = "".join(step for dish in self.cookbook.dishes.values() for step in dish.steps[:2])
        pieces = dict.fromkeys(re.findall("[ぁ-ん一-龥]{2,7}", text))
        return [piece for piece in pieces if not any(name in fold(piece) for name in names)]

    def request(self, wish: Wish, rng: random.Random, *, held_out: bool = False) -> str:
        """Return a request for `wish`; with `held_out` in a wording that training never sees."""
        templates = HELD_OUT_TEMPLATES if held_out else TEMPLATES
        scraps: dict[str, str] = {}
        if not wish.ingredients:
            templates = OPEN_TEMPLATES
        elif not held_out and rng.random() < self.unfamiliar_share:
            templates = UNFAMILIAR_TEMPLATES
            scraps = {name: rng.choice(self.scraps) for name in "ab"}
        before, after = self._conditions(wish, rng)
        text = rng.choice(templates).format(
            ing=self._ingredients(wish.ingredients, rng),
            n=servings_phrase(wish.servings, rng),
            meal=rng.choice(MEAL_WORDS[wish.meal]),
            ask=rng.choice(ASKS),
            pre=before,
            post=after,
            **scraps,
        )
        text = tidy(text)
        if rng.random() < 0.18:
            text = with_aside(text, rng)
        return noisy(text, rng)

    def _conditions(self, wish: Wish, rng: random.Random) -> tuple[str, str]:
        before: list[str] = []
        after = ""
        if wish.excluded is not None:
            word = self.spelling(wish.excluded, rng, varied=0.25)
            if rng.random() < 0.5:
                before.append(rng.choice(EXCLUSIONS_BEFORE).format(ex=word))
            else:
                after = rng.choice(EXCLUSIONS_AFTER).format(ex=word)
        if wish.minutes is not None:
            before.append(rng.choice(MINUTES).format(m=wish.minutes))
        if wish.cuisine is not None:
            before.append(rng.choice(CUISINES[wish.cuisine]))
        if wish.season is not None:
            before.append(rng.choice(SEASONS).format(s=wish.season))
        if wish.style is not None:
            before.append(rng.choice(STYLES[wish.style]))
        # A clause that ends in a comma stands before one that leans on the noun.
        before.sort(key=lambda clause: not clause.endswith("、"))
        return "".join(before), ("。" + after if after else "")

    def _ingredients(self, names: Sequence[str], rng: random.Random) -> str:
        joint = rng.choice(INGREDIENT_JOINTS)
        return joint.join(self.spelling(name, rng) for name in names)

    def spelling(self, name: str, rng: random.Random, varied: float = 0.4) -> str:
        """Return a way to write an ingredient or group: mostly its name, else alias or kana."""
        if name not in self.cookbook.ingredients:
            return EXCLUDABLE_GROUPS.get(name, name)
        if rng.random() > varied:
            return name
        record = self.cookbook.ingredients[name]
        kana = (record.reading, record.reading.translate(HIRAGANA_TO_KATAKANA))
        return rng.choice((*record.aliases, *record.aliases, *kana))

    def recipe_request(self, dish: str, rng: random.Random, *, held_out: bool = False) -> str:
        """Return a request for the recipe of one dish."""
        templates = HELD_OUT_RECIPE_REQUESTS if held_out else RECIPE_REQUESTS
        servings = servings_phrase(rng.choice((1, 2, 3, 4, 5)), rng)
        return noisy(tidy(rng.choice(templates).format(dish=dish, n=servings)), rng)

    def title(self, wish: Wish) -> str:
        """Return the opening line, as code writes it too where it plans the menu itself."""
        excluded = [EXCLUDABLE_GROUPS.get(wish.excluded, wish.excluded)] if wish.excluded else []
        return str(
            Title(
                ingredients=wish.ingredients,
                servings=wish.servings,
                meal=wish.meal,
                excluded=excluded,
                minutes=wish.minutes,
                cuisine=wish.cuisine,
                season=wish.season,
                style=wish.style,
            )
        )

    def answer(self, title: str, menu: Menu) -> str:
        """Return the whole answer: opening line, a line per dish, one tip."""
        return f"{self.summary(title, menu)}\nポイント: {menu.main.tip}"

    def summary(self, title: str, menu: Menu) -> str:
        """Return the answer as a later prompt holds it: opening line and dish lines."""
        lines = [title, *(f"{dish.role.value}: {dish.name}" for dish in menu.dishes)]
        return "\n".join(lines)

    def recipe_answer(self, dish: Dish) -> str:
        """Return the answer to a request for one recipe."""
        return f"{dish.name}の作り方です。\n料理: {dish.name}\nポイント: {dish.tip}"


def servings_phrase(servings: int | None, rng: random.Random) -> str:
    """Return how one says for how many people, "" for None."""
    if servings is None:
        return ""
    number = rng.choice((str(servings), str(servings), KANJI_NUMBERS[servings]))
    phrases = [
        f"{number}人分の",
        f"{number}人分の",
        f"{number}人前の",
        f"{number}人分",
        f"{number}人の",
    ]
    if servings >= 3:
        phrases += [f"家族{number}人の", f"{number}人家族の"]
    if servings == 1:
        phrases += ["一人暮らしの", "ひとり分の"]
    if servings == 2:
        phrases += ["ふたり分の", "夫婦二人の"]
    return rng.choice(phrases)


def tidy(text: str) -> str:
    """Mend the seams of a filled template: doubled and dangling punctuation."""
    for wrong, right in (
        ("。。", "。"),
        ("?。", "?"),
        ("、。", "。"),
        ("。、", "。"),
        ("、、", "、"),
        ("のを", "を"),
        ("の。", "。"),
        ("のは何", "は何"),
        ("のお願い", "お願い"),
        ("のどう", "どう"),
        ("、を", "を"),
        ("。を", "。"),
        ("。は何", "。何"),
        ("。の", "。"),
        ("?。", "?"),
        ("でを", "で"),
    ):
        text = text.replace(wrong, right)
    return text.strip("、 ").removeprefix("。")


def with_aside(text: str, rng: random.Random) -> str:
    """Put an aside before or behind a request."""
    aside = rng.choice(ASIDES)
    if rng.random() < 0.6 or not aside.endswith("。"):
        return aside + text
    return f"{text}{'' if text.endswith('。') else '。'}{aside}"


def noisy(text: str, rng: random.Random) -> str:
    """Now and then write as a hurried thumb does: no full stop, ！, full-width digits, a slip."""
    chance = rng.random()
    if chance < 0.12:
        return text.rstrip("。")
    if chance < 0.18:
        return text.replace("。", "！")
    if chance < 0.22:
        return text.translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    if chance < 0.25:
        return text.replace("。", "\n").strip()
    if chance < 0.29 and len(text) > 12:
        slip = rng.randrange(4, len(text) - 1)
        return text[:slip] + text[slip + 1] + text[slip] + text[slip + 2 :]
    return text
