"""Reads how a meal should be: in what diet, which is kept, and in what style, which is a wish."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from chef_llm.reading.mentions import Mentions
from chef_llm.reading.text import Text
from chef_llm.reading.understood import Found, found

# All patterns are matched against folded text: hiragana, lower case.
_A_LOT: Final = r"(?:を|が|は|も|の)?(?:多|しっかり|たっぷり|豊富|摂|とれ|とり|重視)"
_LITTLE: Final = (
    r"量?[をがはも]?(?:かなり|少し|なるべく|できるだけ)?"
    r"(?:(?:控え?|ひかえ|少な|すくな|抑え|おさえ|低)[めたてく]?|かっと|おふ|制限|減ら|へら)"
)
_WEIGHT: Final = r"体重(?:が気にな|[がを](?:落|減|へら)|を?(?:管理|制限))"
# A word of figures or of health is a diet, which is kept: in doubt the stricter reading.
DIETS: Final = {
    "vegetarian": re.compile(
        r"べじたりあん|菜食|vegetarian|(?<!食)べじ(?!たぶる|ぶろす|ふぁーすと|[ゃゅょ])"
    ),
    "vegan": re.compile(
        r"ゔぃーがん|びーがん|ゔぃがん|完全菜食|vegan|ぷらんとべーす|精進(?!揚げ|[しすを]|あけ)"
    ),
    "low_salt": re.compile(
        rf"減塩|低塩|塩分制限|(?:塩分|えんぶん|塩|なとりうむ){_LITTLE}|高血圧|血圧(?:が|[はも]?高)"
        r"|薄味|うす味|味(?:付け|つけ)?[はもをが]?(?:薄|うす)[くめ]|しょっぱくな|塩辛くな"
    ),
    "high_protein": re.compile(
        rf"高(?:たんぱく|蛋白)|(?:たんぱく質|蛋白質|ぷろていん){_A_LOT}|筋とれ|筋肉を(?:つけ|増)"
    ),
    "low_calorie": re.compile(
        rf"低かろりー|かろりー{_LITTLE}|だいえっと|減量中|(?:やせ|痩せ)たい|{_WEIGHT}"
    ),
    "gluten_free": re.compile(r"せりあっく"),
}
NOT_SO: Final = re.compile(r"ー?(?:じゃ|では)(?:な[いく]|ありません)(?!か|と)")
_CHILDREN: Final = r"(?:子ども|子供|こども|お子さ[んま]|幼児|園児|ちびっ子|小さ[いな]子)"
# Those who eat: 「子ども2人と私」, 「小学生の弁当」, 「園児と食べる」; no 「子どものお迎え」.
_CHILDREN_EAT: Final = (
    rf"(?:{_CHILDREN}|小学生|年[長中少](?:さん)?)(?:たち)?"
    r"(?:\s?[1-9一二三四五六][人名]?(?:と|で|が|の|も|、|。|$)"
    r"|(?:の|用の?|向けの?)(?:朝|昼|夕|晩|夜|お?弁当|ご飯|ごはん|おかず|献立|運動会|遠足|食事)"
    r"|と(?:一緒|食べ|囲|私|わたし|夫|妻|大人|家族|ご飯|ごはん|夕|晩|昼|朝)|に(?:食べさせ|作る|出す))"
)
# 「おばあちゃんちみたいな」 is of no one who eats.
_ELDERS: Final = (
    r"(?:お年寄り|高齢|祖父母|祖母|祖父|おばあ|おじい)"
    r"(?!ちゃんち|さんち|(?:ちゃん|さん)?(?:の(?:家|うち|味)|みたい|風|が(?:よく)?作))"
)
_VISITORS: Final = (
    r"(?:義父母|義両親|義母|義父|上司|先輩|友人|友達|友だち|彼氏|彼女|まま友|親戚)(?:たち|さん|夫婦)?"
    r"(?:が|を|も)?[^。\n、]{0,8}(?:来る|来ます|来て|遊びに|泊ま|集ま|呼[びん]|(?:うち|家|自宅)で)"
)
# The cookbook's tags.
STYLES: Final = {
    "あっさり": re.compile(
        r"あっさり|さっぱり|軽め|軽い(?![^。、]{0,6}(?:症状|あれるぎ))|軽く(?:食べ|し|済|お願|で|$|[。、\n])|軽う"
        r"|(?:油|脂|あぶら)っこくな|夏ば(?:て|テ)|(?:暑|夏)[^。\n]{0,10}食欲[がはも]?(?:な|わか|落ち)|飲み過ぎ|飲みすぎ|つわり"
    ),
    "こってり": re.compile(
        r"こってり|がっつり|がつんと|ぼりゅーむ|食べ(?:ごた|応)え|食べ盛り|濃厚"
        r"|腹(?:にたま|もち|持ち|いっぱい)|腹ぺこ|はらぺこ|お(?:腹|なか)(?:が)?ぺこ|部活|大盛り|よく食べる|食欲旺盛"
        r"|(?:中学生|高校生|大学生)の?(?:息子|男子|男の子)|男子(?:中学|高校|大学)生|(?:力|精)の?(?:つく|付く)|すたみな"
    ),
    "ヘルシー": re.compile(
        r"へるしー|体に(?:いい|良い|やさし|優し)|健康(?:的|を|に(?:いい|良い|気))|罪悪感の?な"
    ),
    "節約": re.compile(
        r"節約|安く|安い(?!の?で|から|と|ん)|安上がり|給料日前|お金のかから|財布に(?:やさし|優し)"
        r"|食費|家計|(?:低|少な)い?予算|予算が(?:な|少な|厳し)"
    ),
    "子ども向け": re.compile(
        rf"{_CHILDREN}(?:たち|さん|ちゃん)?"
        r"(?:[がも][^。\n、]{0,8}食べてくれ|が喜|が好き|がよろこ|も喜|向け|受け|に人気|がい[るて]|で?も食べ(?:ら?れる|やす|る))"
        rf"|{_CHILDREN_EAT}"
    ),
    "やわらかい": re.compile(
        rf"やわら[かけ]|柔ら[かけ]|{_ELDERS}|(?:噛|か)み(?:やす|切れる)"
        r"|噛ま(?:な|ず)|歯[がはも](?:悪|弱|な)|入れ歯"
        # Who is ill eats what is easy to eat; in the heat it is what is light.
        r"|風邪(?!予防|を?(?:ひか|引か)な)|(?:微|高)熱|熱が(?:あ|出|下)|体調[がはもを]?(?:悪|崩|すぐれ|優れ)"
        r"|食欲[がはも]?(?:な|わか|落ち)|二日酔い|胃(?:もたれ|腸|[がはも](?:もたれ|重|痛|疲)|にやさし|に優し)"
        r"|お?腹に?(?:の調子|を壊|をこわ|にやさし|に優し|やさし|優し)|消化"
    ),
    "温まる": re.compile(
        r"温ま|あたたま|あったま|温かい|あったか|あたたか|温も|ぽかぽか|湯気"
        r"|ほっと(?:する|し|でき|なる)|ほっこり|じんわり|(?:寒い|冷える)(?:の|から)|(?<!冷)凍え|冷え性|底冷え"
    ),
    "作り置き": re.compile(
        r"(?:作り|つくり)(?:置|お)き|(?:作って|つくって)お(?:け|く(?!れ))|(?:作り|つくり)(?:だめ|溜め)|まとめて作|常備菜|日持ち"
        r"|温め(?:直|なお)|温める(?:だけ|の)|温めて(?:食|出)|ちんして(?:食|出)|(?<!ん)ちんする(?:だけ|の)"
        r"|保存が?(?:き|効|利|でき)|日(?:か|間|は)?(?:もつ|持つ|保つ)|仕込んでお"
    ),
    "時短": re.compile(
        r"時短|短時間|楽な(?:の|やつ|もの|もん|料理|ごはん|ご飯)|(?:焼く|炒める|和える|あえる|のせる|混ぜる)だけ(?:の|で)|手早|早くでき|すぐに?食[えべ]|(?:簡単|かんたん)(?!そう)|すぐ(?:に)?でき|手抜き|手軽|さ?さっと(?:作|でき|つく)|時間がな"
        r"|手間?(?:の|が|を)?(?:かから|かけ(?:な|ず)|いらず)|あっという間|へとへと|くたくた|ぐったり"
        r"|疲れ(?:た|て|切|果|気味|ま)|(?<!のー)残業|忙し|ばたばた|だる[いく]|やる気(?:が|も)?(?:な|出な|起き)|余裕が?な"
    ),
    "おもてなし": re.compile(
        r"おもてなし|お客|来客|(?:ちょっと|少し)(?:いい|良い|よい)(?:もの|もん|やつ|ごはん|ご飯|料理|肉|夕[食飯])|豪華|(?:見栄え|見映え)|贅沢|豪勢|を招[いくか]|ぱーてぃ|ごちそう|ご馳走|手の込んだ"
        rf"|誕生日|記念日|お?祝い(?!金)|くりすます|特別な(?:日|夜|夕)|女子会|{_VISITORS}"
    ),
    "おつまみ": re.compile(
        r"晩酌|[宅家]飲み|つまみ(?:っぽ|になる|系)|(?:お?酒|びーる|日本酒|焼酎|わいん|はいぼーる)(?:に(?:も)?(?:合|あ)|の(?:あて|とも|お供))"
    ),
    "辛い": re.compile(r"辛い|辛め|ぴり辛|すぱいしー|激辛|辛さの?(?:きい|効い|利い)"),
}


def read_diets(text: Text, mentions: Mentions) -> Iterator[Found]:
    """Yield the diets; 減塩しょうゆ is none."""
    foods = [*mentions.named, *(entry.mention for entry in mentions.left_out)]
    for diet, pattern in DIETS.items():
        for match in pattern.finditer(text.folded):
            is_food = any(each.start <= match.start() and match.end() <= each.end for each in foods)
            if not is_food and not NOT_SO.match(text.folded, match.end()):
                yield found(text, match, "diet", diet)


def read_styles(
    text: Text, mentions: Mentions, of_some_days: Collection[int] = ()
) -> Iterator[Found]:
    """Yield the styles, each once; 「辛いものは苦手」 is none, nor is that of some days alone."""
    for style, pattern in STYLES.items():
        matches = pattern.finditer(text.folded)
        first = next((one for one in matches if one.start() not in of_some_days), None)
        if first and not any(
            one.start <= first.start() < one.end
            for one in (entry.mention for entry in mentions.left_out)
        ):
            yield found(text, first, "style", style)
