"""A request as written and as compared, character by character."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from chef_llm.cookbook.model import KATAKANA_TO_HIRAGANA

HIRAGANA: Final = re.compile(r"[ぁ-ゖー]+")
# One character that can only be hiragana.
KANA: Final = re.compile(r"[ぁ-ゖ]")
KATAKANA: Final = re.compile(r"[ァ-ヺー]+")
KATAKANA_BEFORE: Final = re.compile(r"[ァ-ヺ][ァ-ヺー]*$")
KANA_ONLY: Final = re.compile(r"[ぁ-ヺー]+")
KANJI: Final = re.compile(r"[㐀-鿿々]")
# A character with the voicing marks that belong to it: ｶﾞ is one character when folded.
CLUSTER: Final = re.compile(r".[\u3099\u309a\uff9e\uff9f]*", re.DOTALL)
INVISIBLE: Final = "Cf"


@dataclass(frozen=True)
class Text:
    """A request: `plain` (NFKC) tells the scripts apart, `folded` is what words are compared in."""

    original: str
    plain: str
    folded: str
    places: tuple[int, ...]

    def words(self, start: int, end: int) -> str:
        """Return the original words at a place of the folded text."""
        return self.original[self.places[start] : self.places[end]].strip()


def read_text(original: str) -> Text:
    """Fold a request as `cookbook.model.fold` does, and remember where each character stood."""
    plain: list[str] = []
    places: list[int] = []
    for cluster in CLUSTER.finditer(original):
        for character in unicodedata.normalize("NFKC", cluster[0]):
            # A zero-width space inside a word must not hide it.
            if unicodedata.category(character) != INVISIBLE:
                plain.append(character)
                places.append(cluster.start())
    lower = [small if len(small := each.lower()) == 1 else each for each in plain]
    folded = "".join(lower).translate(KATAKANA_TO_HIRAGANA)
    return Text(original, "".join(plain), folded, (*places, len(original)))
