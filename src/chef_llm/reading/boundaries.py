"""Where a short word begins and ends: いか is squid in 「いかと大根」, nothing in 「いかがですか」.

Japanese puts no spaces between words. A name with kanji, or a long one, is a word wherever it
stands; a short one in kana is, when what stands around it says so: a particle, another script, a
mark, the end. What is left out is held to less: better one exclusion too many.
"""

import re
from typing import Final, Literal

from chef_llm.reading.lexicon import Mention
from chef_llm.reading.patterns import any_of
from chef_llm.reading.text import HIRAGANA, KANA, KANA_ONLY, KANJI, KATAKANA, KATAKANA_BEFORE, Text
from chef_llm.reading.words import KATAKANA_TAILS, SHY_WORDS

Left = Literal["free", "attribute", "particle", "kanji", "bound"]
# Up to these lengths a name in one script may be part of another word.
SHORT_KATAKANA: Final = 3
SHORT_HIRAGANA: Final = 4
VERY_SHORT: Final = 2
# No name is longer.
LONG: Final = 16
# Kanji behind a short word that speak of cooking or of having it: なす炒め, いか入り, 卵料理.
KITCHEN_KANJI: Final = frozenset(
    "鍋炒煮焼揚蒸丼汁飯料入使抜無不禁以食嫌苦駄味玉缶和冷余残買中安消切解半縛有希必多少摂追投救込忘"
)
# 「肉三日」「魚二回」
COUNT: Final = re.compile(r"[一二三四五六七][日回晩品食]")
# Short names that may stand in a row without anything between: えびかにいか.
MOST_IN_A_ROW: Final = 3
# Kanji right before a short word that begin it: 生いか, 冷凍たら, 妻いか苦手.
FRESH_KANJI: Final = frozenset(
    "生新旬秋夏春冬凍産鮮干今昔年月日曜昨分上方人那俺私妻夫母父娘子私僕弟妹兄姉孫嫁男女"
)
# Kanji that are part of many words that name no food (先生, 香水).
# 俺水アレルギー
SPEAKER: Final = frozenset("俺私方")
COMMON_KANJI: Final = frozenset("生水湯米酒")
TAILS: Final = re.compile("|".join(sorted(KATAKANA_TAILS, key=len, reverse=True)))
_PARTICLE_BEHIND: Final = "と(?!て)|や(?!っ)|[のをがは]|も(?!っ)|で(?!き[るなまたて])|に(?!く)"
# 「いか[なし]」, 「いか[だけ]」
_AS_FAR_AS: Final = "なし|など|なんか|だけ(?!ど)|しか|くらい|ぐらい|ばかり|まるごと"
# 「いか[ある]」, 「いか[ぬき]」, 「いか[だいすき]」
_SAID_OF_IT: Final = (
    "ある|あり|あった|たくさん|いっぱい|つか|たべ|いれ|いり|いがい|ぬき|から|より|ください|だよ|"
    "ほしい|どちら|どっち|どう|どない|だいすき|すき|きらい|にがて|あまって|のこって"
)
# 「いか[なら]」, 「いか[たっぷり]」, 「いか[じゃん]」
_SPOKEN: Final = (
    "って|なら|だった|です|みたいな|のような|たっぷり|ばっか|くれ|もら|なんぞ|じゃん|かー|まで|ぶっこ|"
    "ば(?=足|入|使|食|ど)|さえ|あげ|かな(?!り)|あたり|こうて|なん(?:です|だ|や)"
)
WORD_END: Final = re.compile(f"{_PARTICLE_BEHIND}|{_AS_FAR_AS}|{_SAID_OF_IT}|{_SPOKEN}")
PARTICLES: Final = frozenset("はがをにでとやのもへ")
# Words in hiragana that are known to end before a food, and those before its particle.
LEADS: Final = re.compile(
    any_of(
        "っと との とか もの のは から れば ので のに 使って ただし しかし でも なお もし また",
        "ですが ますが けど まして やっぱり? やはり とりあえず せっかく とにかく どうしても それと",
        "あとは なるべく たくさん やたら ついでに そこに そこへ おまけに あと どこかに ほんで",
        "までに たら ただ なんか なんだか なら 言うと では すまんが まだ により によって ところ",
        "えー ちなみに 帰りに うわ あたし (?<!た)おれ (?<!あ)わて (?<![こま])わし",
    )
    + "$"
)
# 「とりあえず」 is the longest.
LONGEST_LEAD: Final = 5
NOUNS: Final = re.compile(
    r"(?:うち|いえ|これ|それ|あと|ほか|ここ|きょう|ども|おかず|はん|さん|ちゃん|くん|さま)$"
)
ATTRIBUTIVE_ENDS: Final = frozenset("るむぶすうくぐつたないてば")
# 「ないか」, 「書いたら」: ends of verbs that run on into what looks like a short food.
RUN_ON: Final = {
    "い": frozenset("いなくてるた"),
    "た": frozenset("いてばう"),
}


# Between two foods of a list; a comma also stands behind 「買いに行ったら」.
LIST_JOINT: Final = re.compile(r"[とや・]")
# Even then these end a verb: 「食べたいと豚肉を買ってきた」.
VERB_ENDS: Final = frozenset({"たい", "たら"})
# They begin ordinary words, too: 「いかがですか」, 「しょうがない」.
READ_ANYWAY: Final = ("いかが", "しょうがなん")
VERB_STEMS: Final = VERB_ENDS | {"いか"}
# Only a noun is followed so.
OBJECT: Final = re.compile(
    "[をはもが]|に(?:は|つき)|だけ[はも]|"
    "の(?=こと|匂い|におい|食感|味|気分|見た目|くさみ|賞味|期限)|以外|ぎらい"
)
# Of what harms, any particle will do.
CAUSE: Final = re.compile("[をはもがでにのば]")


class Boundaries:
    """The boundaries of the candidates of one text."""

    def __init__(self, text: Text, candidates: list[Mention], ordinary: list[Mention]) -> None:
        self.text = text
        self.starts: dict[int, list[Mention]] = {}
        self.ends: dict[int, list[Mention]] = {}
        for each in candidates:
            self.starts.setdefault(each.start, []).append(each)
            self.ends.setdefault(each.end, []).append(each)
        self._ordinary: dict[int, list[Mention]] = {}
        self._ordinary_ends = {word.end for word in ordinary}
        for word in ordinary:
            for place in range(word.start, word.end):
                self._ordinary.setdefault(place, []).append(word)

    def hides(self, mention: Mention) -> bool:
        """Tell whether a name lies inside of a longer word that is none: ごはん in 昼ごはん."""
        return any(
            len(word) > len(mention) and word.start <= mention.start and mention.end <= word.end
            for word in self._ordinary.get(mention.start, ())
        )

    def spelled(self, mention: Mention) -> str:
        """Return the mention as written, in its own script."""
        return self.text.plain[mention.start : mention.end]

    def stands_alone(self, mention: Mention) -> bool:
        """Tell whether a name is a word by itself and no part of another."""
        spelled, length = self.spelled(mention), len(mention)
        if KATAKANA.fullmatch(spelled):
            is_long = length > SHORT_KATAKANA
            return is_long or (length > 1 and self._is_word_of_katakana(mention))
        if HIRAGANA.fullmatch(spelled):
            return length > SHORT_HIRAGANA or (self._begins(mention) and self._ends(mention))
        if length == 1:
            return self._is_word_of_one_kanji(mention)
        return True

    def is_certain(self, mention: Mention) -> bool:
        """Tell whether this is a food and no chance likeness."""
        is_kana = HIRAGANA.fullmatch(self.spelled(mention))
        return (len(mention) > 1 or not is_kana) and self.stands_alone(mention)

    def is_named(self, mention: Mention, *, harms: bool) -> bool:
        """Tell whether this is a food, also where a particle says so: 「そこまでいかを」."""
        if self._is_part_of_a_verb(mention):
            return False
        is_noun = self._is_a_noun(mention, CAUSE if harms else OBJECT)
        return self.is_certain(mention) or (
            len(mention) > 1 and (is_noun or self._follows_a_mark(mention))
        )

    def _may_be_a_verb(self, mention: Mention) -> bool:
        """「いかない」, 「たらない」 are verbs; 「なすない」 is none."""
        return self.text.folded[mention.start : mention.end] in VERB_STEMS

    def _is_part_of_a_verb(self, mention: Mention) -> bool:
        """Tell whether it begins an ordinary word: かぶ in かぶって; いか is read in any case."""
        return any(
            word.start == mention.start and word.end > mention.end
            for word in self._ordinary.get(mention.start, ())
            if not self.text.folded.startswith(READ_ANYWAY, word.start)
        )

    def _is_a_noun(self, mention: Mention, following: re.Pattern[str]) -> bool:
        """Tell whether it is followed as only a noun is: いかを, なすは."""
        word = self.text.folded[mention.start : mention.end]
        is_kana = HIRAGANA.fullmatch(self.spelled(mention))
        is_followed = is_kana and following.match(self.text.folded, mention.end)
        return bool(is_followed) and word not in VERB_ENDS and not self._ends_ordinary_word(mention)

    def may_be_left_out(
        self, mention: Mention, *, attached: bool, linked: bool, harms: bool = False
    ) -> bool:
        """Tell whether a negation right behind may be of this mention; in doubt it is.

        An `attached` negation is carried by nouns alone and touches this one (抜き); others are
        carried by verbs, too (ない), unless `linked` to the noun by a particle.
        """
        if self._ends_ordinary_word(mention):
            return False
        if not KANA_ONLY.fullmatch(self.spelled(mention)):
            return len(mention) > 1 or not self._ends_in_common_kanji(mention)
        if len(mention) == 1:
            return self._follows_a_mark(mention)
        if attached or self._is_a_noun(mention, CAUSE if harms else OBJECT):
            return True
        return self._may_be_left_out_in_kana(mention, linked=linked)

    def _may_be_left_out_in_kana(self, mention: Mention, *, linked: bool) -> bool:
        if KATAKANA.fullmatch(self.spelled(mention)):
            before = self.text.plain[mention.start - 1 : mention.start]
            is_apart = not KATAKANA.match(before) or self._is_word_of_katakana(mention)
            return len(mention) > SHORT_KATAKANA or is_apart
        left = self._left(mention)
        if self._is_shy(mention):
            is_apart = self._follows_a_mark(mention) and not self._may_be_a_verb(mention)
            return is_apart or (linked and left in ("free", "attribute", "particle"))
        return linked or len(mention) > VERY_SHORT or left != "bound"

    def may_be_listed(self, mention: Mention) -> bool:
        """Tell whether this may be a member of a list whose last member is left out."""
        if len(mention) == 1:
            is_kanji = bool(KANJI.match(self.spelled(mention)))
            return is_kanji and self.spelled(mention) not in COMMON_KANJI
        return self.may_be_left_out(mention, attached=False, linked=True)

    def _follows_a_mark(self, mention: Mention) -> bool:
        return not mention.start or self.text.plain[mention.start - 1] in "、・ 。+\n「"

    def _is_shy(self, mention: Mention) -> bool:
        return self.text.folded[mention.start : mention.end] in SHY_WORDS

    def _ends_in_common_kanji(self, mention: Mention) -> bool:
        before = self.text.plain[mention.start - 1 : mention.start]
        return self.spelled(mention) in COMMON_KANJI and bool(
            KANJI.match(before) and before not in SPEAKER
        )

    def _ends_ordinary_word(self, mention: Mention) -> bool:
        """気もち ends in もち; いかが only begins with いか and may be いか with が."""
        return any(
            word.start < mention.start and mention.end == word.end
            for word in self._ordinary.get(mention.start, ())
        )

    def _is_word_of_one_kanji(self, mention: Mention) -> bool:
        plain = self.text.plain
        before, after = (
            plain[mention.start - 1 : mention.start],
            plain[mention.end : mention.end + 1],
        )
        begins = (
            not KANJI.match(before)
            or before in FRESH_KANJI
            or mention.start in self.ends
            or mention.start in self._ordinary_ends
        )
        return begins and (
            not KANJI.match(after)
            or after in KITCHEN_KANJI
            or mention.end in self.starts
            or COUNT.match(plain, mention.end) is not None
        )

    def _is_word_of_katakana(self, mention: Mention) -> bool:
        """Tell whether what stands around it in katakana are known words, as in トマトソース."""
        before = KATAKANA_BEFORE.search(
            self.text.plain, max(0, mention.start - LONG), mention.start
        )
        behind = KATAKANA.match(self.text.plain, mention.end, mention.end + LONG)
        return all(
            part[0] != self.spelled(mention) and self._are_names(*part.span())
            for part in (before, behind)
            if part
        )

    def _are_names(self, place: int, end: int) -> bool:
        while place < end:
            ends = [each.end for each in self.starts.get(place, ()) if len(each) > 1]
            if tail := TAILS.match(self.text.plain, place, end):
                ends.append(tail.end())
            reached = max((each for each in ends if each <= end), default=place)
            if reached == place:
                return False
            place = reached
        return True

    def _begins(self, mention: Mention) -> bool:
        left = self._left(mention)
        if len(mention) == 1:
            return self._follows_a_mark(mention)
        if len(mention) > VERY_SHORT or not self._is_shy(mention):
            return left != "bound"
        return left in ("free", "attribute") or self._leads_a_list(mention)

    def _leads_a_list(self, mention: Mention) -> bool:
        """Tell whether it is listed with a food that is certain: 「昨日買ったいかと大根」."""
        if self.text.folded[mention.start : mention.end] in VERB_ENDS:
            return False
        joint = LIST_JOINT.match(self.text.plain, mention.end)
        return joint is not None and any(
            len(each) > 1 and not self._is_shy(each) and self.stands_alone(each)
            for each in self.starts.get(joint.end(), ())
        )

    def _ends(self, mention: Mention) -> bool:
        if mention.end == len(self.text.plain):
            return True
        after = self.text.plain[mention.end]
        if len(mention) == 1:
            return after in "、・ 。+をと"
        if any(len(each) > 1 for each in self.starts.get(mention.end, ())):
            return True
        if after == "か" and mention.end + 1 in self.starts:
            return True
        if HIRAGANA.match(after):
            return bool(WORD_END.match(self.text.folded, mention.end))
        is_long = len(mention) > VERY_SHORT
        return is_long or not KANJI.match(after) or after in KITCHEN_KANJI

    def _left(self, mention: Mention, depth: int = 0) -> Left:
        """Say what stands before a word in hiragana."""
        plain, start = self.text.plain, mention.start
        if start > 1 and plain[start - 1] == "お":  # おなす
            start -= 1
        before = plain[start - 1 : start]
        is_kanji, is_kana = KANJI.match(before), KANA.match(before)
        if (
            not (is_kanji or is_kana)
            or before in FRESH_KANJI
            or start in self._ordinary_ends
            or LEADS.search(plain, max(0, start - LONGEST_LEAD), start)
            or (before == "か" and start - 1 in self.ends)
            or any(self._is_word_before(each, depth) for each in self.ends.get(start, ()))
        ):
            return "free"
        if is_kanji:
            return "kanji"
        if before in PARTICLES:
            return "free" if before == "の" or self._is_noun_before(start - 1) else "particle"
        first = self.text.folded[mention.start]
        runs_on = len(mention) <= VERY_SHORT and before in RUN_ON.get(first, ())
        return "attribute" if before in ATTRIBUTIVE_ENDS and not runs_on else "bound"

    def _is_word_before(self, mention: Mention, depth: int) -> bool:
        if len(mention) > VERY_SHORT or KANJI.match(self.text.plain, mention.start):
            return True
        return depth < MOST_IN_A_ROW and self._left(mention, depth + 1) == "free"

    def _is_noun_before(self, place: int) -> bool:
        plain = self.text.plain
        return (
            not KANA.match(plain[place - 1 : place])
            or place in self.ends
            or bool(NOUNS.search(plain, max(0, place - 3), place))
        )
