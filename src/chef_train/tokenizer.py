"""Build kondate's SentencePiece model: a small unigram model plus a kitchen vocabulary.

    python -m chef_train.tokenizer build/corpus.jsonl build/spiece.model

Every dish, every ingredient with its aliases and readings, every tip and each fixed phrase of
prompts and answers is one piece, which makes the choice of a dish one step of the model and
shortens an example from about 110 tokens to 45. The pieces are NORMAL with a score near zero:
llama.cpp splits text at USER_DEFINED pieces and puts a space after each, SentencePiece does not.
"""

import argparse
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import sentencepiece
from sentencepiece import sentencepiece_model_pb2

from chef_llm.chat.chat_template import CHEF_SYSTEM_PROMPT
from chef_llm.chat.talk import NOTHING_ELSE, THANKS
from chef_llm.cookbook import Cookbook, load_cookbook
from chef_llm.cookbook.vocabulary import CUISINES
from chef_llm.menus.title import STYLE_SENTENCES
from chef_train import phrasing
from chef_train.phrasing import HIRAGANA_TO_KATAKANA
from chef_train.wishes import EXCLUDABLE_GROUPS, MEALS

# Those of rinna/japanese-gpt-1b, which dolly-japanese-gpt-1b inherits, under the same ids.
SPECIAL_TOKENS: Final = ("<unk>", "<s>", "</s>", "[PAD]", "[CLS]", "[SEP]", "[MASK]")
SPECIAL_PATTERN: Final = re.compile(f"({'|'.join(map(re.escape, SPECIAL_TOKENS[1:]))})")
BASE_PIECES: Final = 3600
KITCHEN_SCORE: Final = -0.1
# A two-letter reading such as たら also stands inside 作ったら: it gets the score of a common
# piece, so that the text around it decides.
SHORT_KANA_SCORE: Final = -7.0
UNUSED: Final = sentencepiece_model_pb2.ModelProto.SentencePiece.UNUSED
# What an answer's lines begin with, before what was chosen.
LABELS: Final = tuple(
    f"\\n{label}: " for label in ("主食", "主菜", "副菜", "汁物", "料理", "ポイント")
)
# Whole stretches of the prompt between special tokens, and the seams inside them.
FIXED_PHRASES: Final = (
    "\\n以下は、タスクを説明する指示と、文脈のある入力の組み合わせです。要求を適切に満たす応答を書きなさい。\\n",
    f"\\n指示:\\n{CHEF_SYSTEM_PROMPT}\\n",
    "\\n入力:\\nUser:",
    "\\n応答:\\n",
    "\\nAssistant:",
    "User:",
    "\\n",
    *LABELS,
    *(f"{count}人分の{meal}です。" for count in range(1, 13) for meal in MEALS),
    *STYLE_SENTENCES.values(),
    *(f"{cuisine.japanese}でまとめました。" for cuisine in CUISINES.values()),
    *(f"{season}らしい献立です。" for season in "春夏秋冬"),
    *(f"どれも{minutes}分以内で作れます。" for minutes in (10, 15, 20, 30, 40)),
    "を使った、",
    "は使いません。",
    "の作り方です。",
    NOTHING_ELSE,
    phrasing.INVITATION,
    phrasing.UNKNOWN_DISH,
    phrasing.GREETING,
    THANKS,
)


class Tokenizer:
    """A SentencePiece model with special tokens, as llama.cpp reads it."""

    def __init__(self, path: Path) -> None:
        self.pieces = sentencepiece.SentencePieceProcessor(model_file=str(path))
        self.size = self.pieces.vocab_size()
        self.end = self.pieces.PieceToId("</s>")
        self.pad = self.pieces.PieceToId("[PAD]")

    def names(self) -> list[str]:
        """Return the pieces in the order of their ids."""
        return [self.pieces.IdToPiece(number) for number in range(self.size)]

    def encode(self, prompt: str, *, sampled: bool = False) -> list[int]:
        """Encode a rendered prompt; each fragment between special tokens stands by itself.

        With `sampled` the pieces are drawn (subword regularisation): a wording that training
        never saw falls into small pieces, and the model should know those too.
        """
        options = {"enable_sampling": True, "alpha": 0.2, "nbest_size": -1} if sampled else {}
        ids: list[int] = []
        for fragment in SPECIAL_PATTERN.split(prompt):
            if fragment in SPECIAL_TOKENS:
                ids.append(self.pieces.PieceToId(fragment))
            elif fragment:
                ids += self.pieces.Encode(fragment, **options)
        return ids

    def encode_answer(self, answer: str) -> list[int]:
        """Encode what follows the prompt, without the dummy space of a new fragment."""
        lead = self._answer_lead
        ids = self.pieces.Encode("\\n応答:\\n" + answer)
        if ids[: len(lead)] != lead:
            raise ValueError(f"the answer merges into the prompt: {answer[:20]!r}")
        return [*ids[len(lead) :], self.end]

    def choice_positions(self, answer: list[int]) -> list[int]:
        """Return where in an answer's ids something chosen begins: behind each label."""
        return [index + 1 for index, piece in enumerate(answer) if piece in self._labels]

    @cache  # noqa: B019  # a tokenizer lives as long as the program
    def first_piece(self, chosen: str) -> int:
        """Return the piece with which a dish or a tip begins behind its label."""
        ids = self.pieces.Encode(LABELS[0] + chosen)
        return int(ids[self.choice_positions(ids)[0]])

    @cached_property
    def _labels(self) -> frozenset[int]:
        return frozenset(self.pieces.PieceToId(normalized(label)) for label in LABELS)

    @cached_property
    def _answer_lead(self) -> list[int]:
        return list(self.pieces.Encode("\\n応答:\\n"))


def build(texts: Iterable[str], cookbook: Cookbook) -> bytes:
    """Train the unigram model on `texts` and add the kitchen vocabulary; returns the model file.

    The first ids are those of `SPECIAL_TOKENS`, then 256 byte pieces. The bytes are there to be
    written (by a grammar that names a dish with a new character) and never read: llama.cpp reads
    an unknown character as `<unk>`, so SentencePiece is made to do the same.
    """
    kitchen = kitchen_pieces(cookbook)
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString(_train(texts, cookbook))
    specials, learned = model.pieces[: len(SPECIAL_TOKENS)], model.pieces[len(SPECIAL_TOKENS) :]
    pieces = [(piece.piece, piece.score, piece.type) for piece in specials]
    pieces += [(f"<0x{byte:02X}>", -100.0, UNUSED) for byte in range(256)]
    pieces += [(p.piece, kitchen.pop(p.piece, p.score), p.type) for p in learned]
    pieces += [(piece, score, 1) for piece, score in kitchen.items()]
    del model.pieces[:]
    for text, score, kind in pieces:
        model.pieces.add(piece=text, score=score, type=kind)
    return model.SerializeToString()


def kitchen_pieces(cookbook: Cookbook) -> dict[str, float]:
    """Return the kitchen vocabulary with its scores, each a little below the last: no ties."""
    words: list[str] = [*FIXED_PHRASES, *cookbook.dishes]
    words += [dish.tip for dish in cookbook.dishes.values()]
    words += [dish.reading for dish in cookbook.dishes.values()]
    words += EXCLUDABLE_GROUPS.values()
    for ingredient in cookbook.ingredients.values():
        kana = ingredient.reading.translate(HIRAGANA_TO_KATAKANA)
        words += [ingredient.name, *ingredient.aliases, ingredient.reading, kana]
    scores: dict[str, float] = {}
    for word in words:
        piece = normalized(word)
        short = len(piece) <= 2 and re.fullmatch("[ぁ-ん]+", piece)
        if len(piece) > 1 and piece not in scores:
            base = SHORT_KANA_SCORE if short else KITCHEN_SCORE
            scores[piece] = base - 1e-4 * len(scores)
    return scores


def normalized(text: str) -> str:
    """Return `text` as SentencePiece's normaliser leaves it: NFKC, a space as ▁."""
    return unicodedata.normalize("NFKC", text).replace(" ", "▁")


def _train(texts: Iterable[str], cookbook: Cookbook) -> bytes:
    output = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_writer=output,
        vocab_size=BASE_PIECES,
        model_type="unigram",
        character_coverage=1.0,
        required_chars="".join(sorted(_characters(cookbook))),
        normalization_rule_name="nmt_nfkc",
        hard_vocab_limit=False,
        unk_id=0,
        bos_id=1,
        eos_id=2,
        pad_id=3,
        pad_piece="[PAD]",
        control_symbols=["[CLS]", "[SEP]", "[MASK]"],
        minloglevel=2,
        num_threads=2,
    )
    return output.getvalue()


def _characters(cookbook: Cookbook) -> set[str]:
    """Return every character of the cookbook: what a grammar may ask the model to write."""
    text = "".join(
        f"{dish.name}{dish.reading}{dish.tip}{''.join(dish.steps)}"
        for dish in cookbook.dishes.values()
    )
    text += "".join(
        f"{item.name}{item.reading}{''.join(item.aliases)}"
        for item in cookbook.ingredients.values()
    )
    kana = "".join(
        chr(code) for code in (*range(ord("ぁ"), ord("ん") + 1), *range(ord("ァ"), ord("ー") + 1))
    )
    ascii_text = "".join(chr(code) for code in range(33, 127))
    return set(normalized(text + kana + ascii_text)) - {"▁"}


def _texts(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            yield from re.findall(r"User:(.*?)(?=\\n|\[SEP\])", record["prompt"])
            yield record["answer"].replace("\\n", "\n").split("\n")[0]


def main() -> None:
    """Build the tokenizer from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    arguments.output.write_bytes(build(_texts(arguments.corpus), load_cookbook()))
    print(f"{arguments.output}: {Tokenizer(arguments.output).size} pieces")


if __name__ == "__main__":
    main()
