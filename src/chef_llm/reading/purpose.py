"""Whether somebody asks for dishes, or asks what an allergy is, says thanks, talks of a film.

Logistic regression over short n-grams of characters and kinds of words, trained on requests that
people wrote by hand (`chef_train.purpose`). In doubt it is an order: that a menu comes to who
wanted none does no harm.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from chef_llm.reading.hashed import buckets_of, table
from chef_llm.reading.lexicon import Lexicon
from chef_llm.reading.text import read_text

BUCKETS: Final = 1 << 15
WEIGHTS: Final = "purpose.bin"
# `benchmarks/orders.py`: above this stand nearly half of all talk, and 2 of 788 orders.
NO_ORDER_ABOVE: Final = 0.0
# Below this stand 98 of 100 orders, and a third of all talk.
ORDER_BELOW: Final = -1.5
# Foods and dishes are one character, so that none of them is a reason by itself.
FOOD: Final = "◆"
GRAMS: Final = (1, 2, 3, 4)
# What a turn asks or says, in whatever words: of each kind one feature, so that a word which few
# have written counts as those that many have. Matched against folded text.
KINDS: Final[Mapping[str, re.Pattern[str]]] = {
    "why": re.compile(r"なぜ|なんで|何で(?!も)|どうして|のはなんや|理由|原因|わけ[?は]"),
    "safe": re.compile(
        r"大丈夫|平気|食べられる[?の]|食べれる[?の]|食え(?:る|っか|ん)|いけ(?:る|ます)|だめ(?:です|な|かな|か|\?)|"
        r"あかん(?:か|の|かな)|ええ(?:の|か|んか)|よか(?:と|ね)\?|危な|毒|生焼け|腐|かび|賞味期限|消費期限"
    ),
    "keeps": re.compile(
        r"保存|日持ち|何日(?:もつ|いけ|くら)|いつまで|もつ\?|持つ\?|冷凍(?:でき|して|しても)|冷蔵庫に"
    ),
    "instead": re.compile(
        r"代わり|かわり|代用|なくても|なしでも|じゃだめ|でもいい\?|でもよか|切らし"
    ),
    "measure": re.compile(
        r"何(?:g|ぐらむ|合|玉|個|枚|杯|cc|ml|度|分|時間|cm|番|割)|なん(?:合|分|玉|g)|割合|水加減|大さじ|小さじ|どのくらい|どれくらい|比率"
    ),
    "fails": re.compile(
        r"焦げ|割れる|崩れ|水っぽ|固くな|かたくな|ぱさ|べちゃ|くっつ|膨らま|す(?:が)?入|芯が残|生っぽ|決まらん|味がせん|うまくいか|失敗"
    ),
    "craft": re.compile(
        r"あく抜き|灰汁|下ゆで|下処理|火加減|解凍|ゆで(?:る|時間)|むき方|切り方|研ぎ|戻し方|とろみ|臭み|砂抜き|落とし蓋|余熱|コツ|こつ"
    ),
    "meaning": re.compile(
        r"って何|ってなに|とは[?何なに。]|の違い|違うの|どう違|由来|という意味|本当(?:です|でしょう|に\?|か)"
    ),
    "thanks": re.compile(
        r"ありがと|おおきに|感謝|かたじけな|ごちそうさ|おいしかった|美味しかった|うまかった|旨かった|助かっ|さすが|天才|褒め|ほめ|喜ん|完食|最高|おやすみ|了解|承知"
    ),
    "elsewhere": re.compile(
        r"line|めーる|面接|動画|あぷり|試合|野球|選手|映画|天気|電車|仕事の|彼氏|元彼|宿題|算数|英語|履歴書|投資|保険|税|選挙|旅行|歌|絵|詩|占い|こーど|ぷろぐらむ|ぺっと|犬|猫|写真"
    ),
    "body": re.compile(
        r"病院|医者|医師|薬|症状|痛い|痛く|熱が|血圧|血糖|検査|健診|診断|かゆ|しびれ|めまい|眠れ"
    ),
    "wish": re.compile(
        r"献立|めにゅー|人分|人前|夕飯|夕食|晩ごはん|晩ご飯|晩飯|昼ごはん|昼飯|朝ごはん|お?弁当|食べたい|作って|つくって|お願い|おねがい|頼む|たのむ|"
        r"何がいい|なにがいい|何か|なんか(?:ない|作)|おかず|つまみ|れしぴ|作り方|品(?:で|を|ほし)|主菜|副菜|汁物|すーぷ|替えて|変えて|にして|使って|使い"
    ),
}
ASKS: Final = re.compile(r"[??]|か[。\n]?$|(?:かな|かね|と|の)$")
# A purpose is told at the beginning and at the end.
LONGEST_READ: Final = 400
END: Final = 14
END_GRAMS: Final = (2, 3, 4)
LENGTHS: Final = (8, 16, 40, 100)


def talk_logit(text: str, lexicon: Lexicon) -> float:
    """Return the logit of a turn being talk: no wish for dishes, or for a change of those proposed.

    `NO_ORDER_ABOVE` and `ORDER_BELOW` part what is talk, what is an order, and what may be either.
    """
    return table(WEIGHTS).logit(features(text, lexicon))


def features(text: str, lexicon: Lexicon) -> set[int]:
    """Return the buckets of all features of a turn."""
    read = _masked(read_text(text).folded[:LONGEST_READ], lexicon)
    return buckets_of(_named(read), BUCKETS)


def _named(read: str) -> Iterator[str]:
    framed = f"^{read}$"
    for length in GRAMS:
        for at in range(len(framed) - length + 1):
            yield framed[at : at + length]
    end = framed[-END:]
    for length in END_GRAMS:
        for at in range(len(end) - length + 1):
            yield f"$ {end[at : at + length]}"
    kinds = [kind for kind, pattern in KINDS.items() if pattern.search(read)]
    asks = "?" if ASKS.search(read) else "."
    yield f"% {asks}"
    for kind in kinds:
        yield f"% {kind}"
        yield f"% {kind}{asks}"
        yield f"% {kind} {'wish' in kinds}"
    if not kinds:
        yield f"% nothing{asks}"
    yield f"# {sum(len(read) >= length for length in LENGTHS)}"


def _masked(folded: str, lexicon: Lexicon) -> str:
    shown: list[str] = []
    place = 0
    while place < len(folded):
        ends = [
            mention.end
            for mention in lexicon.at(folded, place)
            if mention.meaning.kind in ("food", "dish")
        ]
        end = max(ends, default=0)
        if end - place > 1:
            shown.append(FOOD)
            place = end
        else:
            shown.append(folded[place])
            place += 1
    return "".join(shown)
