"""The tokenizer of a checkpoint, as llama.cpp reads it out of a GGUF file."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import gguf
from sentencepiece import sentencepiece_model_pb2

from chef_convert.checkpoint import Config, ConversionError
from chef_tools.checkpoint import template_source

BYTE_PIECE: Final = re.compile("<0x[0-9A-F]{2}>")
# Special to dolly's Hugging Face tokenizer and to kondate's, whatever type the piece has.
SPECIAL_PIECES: Final = ("<s>", "</s>", "[PAD]", "[CLS]", "[SEP]", "[MASK]")
# Of a row of the embedding that no token has.
UNUSED_SCORE: Final = -1000.0
# How text is cut before it is merged: the pattern in tokenizer.json, and llama.cpp's name for it.
PRE_TOKENIZERS: Final = {
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+": "llama-bpe",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+": "qwen2",
}


@dataclass(frozen=True)
class Token:
    """One row of the vocabulary."""

    text: str
    type: gguf.TokenType
    score: float = 0.0


def add_tokenizer(writer: gguf.GGUFWriter, folder: Path, config: Config) -> None:
    """Write the tokenizer of `folder`, and its chat template if it has one.

    Raises `ConversionError` for a tokenizer that llama.cpp does not have.
    """
    for name in ("spiece.model", "tokenizer.model"):
        if (folder / name).is_file():
            tokens = _add_sentencepiece(writer, folder / name)
            break
    else:
        if not (folder / "tokenizer.json").is_file():
            raise ConversionError(
                f"{folder}: neither spiece.model nor tokenizer.model nor tokenizer.json is there"
            )
        tokens = _add_byte_pairs(writer, folder / "tokenizer.json")
    _add_tokens(writer, _with_added(folder, tokens), config["vocab_size"])
    _add_ends(writer, folder, config, [token.text for token in tokens])
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)
    if source := template_source(folder):
        writer.add_chat_template(source)


def _add_sentencepiece(writer: gguf.GGUFWriter, path: Path) -> list[Token]:
    """Write how a SentencePiece model cuts text; return its pieces.

    A unigram model is what llama.cpp calls `t5`, a byte-pair one `llama`. To `t5` a character
    without a piece is unknown, where SentencePiece may spell its bytes.
    """
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString(path.read_bytes())
    kinds = {model.trainer_spec.UNIGRAM: "t5", model.trainer_spec.BPE: "llama"}
    if model.trainer_spec.model_type not in kinds:
        raise ConversionError(f"{path}: neither a unigram nor a byte-pair model")
    kind = kinds[model.trainer_spec.model_type]
    # As `llama` the ids of a third of the cookbook's names and steps would differ.
    if kind == "t5" and not model.normalizer_spec.add_dummy_prefix:
        raise ConversionError(
            f"{path}: a unigram model without a dummy prefix, which llama.cpp always adds"
        )
    writer.add_tokenizer_model(kind)
    writer.add_tokenizer_pre("default")
    writer.add_add_space_prefix(model.normalizer_spec.add_dummy_prefix)
    writer.add_remove_extra_whitespaces(model.normalizer_spec.remove_extra_whitespaces)
    if model.normalizer_spec.precompiled_charsmap:
        writer.add_precompiled_charsmap(model.normalizer_spec.precompiled_charsmap)
    return [Token(piece.piece, _piece_type(piece), piece.score) for piece in model.pieces]


def _piece_type(piece: Any) -> gguf.TokenType:
    if piece.piece in SPECIAL_PIECES:
        return gguf.TokenType.CONTROL
    # kondate's bytes are unused to SentencePiece, so that it reads an unknown character as <unk>
    # like llama.cpp; as bytes, llama.cpp can write them where a grammar asks for a new character.
    if BYTE_PIECE.fullmatch(piece.piece):
        return gguf.TokenType.BYTE
    return gguf.TokenType(piece.type)


def _add_byte_pairs(writer: gguf.GGUFWriter, path: Path) -> list[Token]:
    """Write how a byte-level byte-pair tokenizer cuts and merges text; return its pieces."""
    tokenizer = json.loads(path.read_text(encoding="utf-8"))
    model = tokenizer["model"]
    if model.get("type") != "BPE":
        raise ConversionError(f"{path}: model of type {model.get('type')!r}; only 'BPE' is known")
    # llama.cpp composes no characters (NFC); what people type is composed as a rule.
    normalizer = (tokenizer.get("normalizer") or {}).get("type", "NFC")
    if normalizer != "NFC":
        raise ConversionError(f"{path}: normalizer of type {normalizer!r}; only 'NFC' is known")
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(_pre_tokenizer(path, tokenizer.get("pre_tokenizer") or {}))
    merges = model["merges"]
    writer.add_token_merges([one if isinstance(one, str) else " ".join(one) for one in merges])
    ids = sorted(model["vocab"].items(), key=lambda item: item[1])
    return [Token(text, gguf.TokenType.NORMAL) for text, _ in ids]


def _pre_tokenizer(path: Path, described: dict[str, Any]) -> str:
    """Return llama.cpp's name for how text is cut before it is merged."""
    steps = described.get("pretokenizers", [described])
    byte_level = steps[-1]
    if byte_level.get("type") == "ByteLevel" and not byte_level.get("add_prefix_space"):
        if len(steps) == 1 and byte_level.get("use_regex", True):
            return "gpt-2"
        if len(steps) == 2 and steps[0].get("type") == "Split":  # noqa: PLR2004
            pattern = steps[0]["pattern"].get("Regex")
            if pattern in PRE_TOKENIZERS:
                return PRE_TOKENIZERS[pattern]
    raise ConversionError(f"{path}: unknown pre_tokenizer {json.dumps(described)}")


def _with_added(folder: Path, tokens: list[Token]) -> list[Token]:
    """Return the vocabulary with the tokens that tokenizer.json adds to it, or calls special."""
    file = folder / "tokenizer.json"
    if not file.is_file():
        return tokens
    rows = dict(enumerate(tokens))
    for added in json.loads(file.read_text(encoding="utf-8")).get("added_tokens", ()):
        row = rows.get(added["id"])
        if row and row.type not in (gguf.TokenType.NORMAL, gguf.TokenType.USER_DEFINED):
            continue
        kind = gguf.TokenType.CONTROL if added["special"] else gguf.TokenType.USER_DEFINED
        rows[added["id"]] = Token(added["content"], kind, row.score if row else UNUSED_SCORE)
    missing = set(range(max(rows) + 1)) - rows.keys()
    if missing:
        raise ConversionError(f"{file}: no token has the id {min(missing)}")
    return [rows[row] for row in range(len(rows))]


def _add_tokens(writer: gguf.GGUFWriter, tokens: list[Token], vocabulary_size: int) -> None:
    if len(tokens) > vocabulary_size:
        raise ConversionError(
            f"the tokenizer has {len(tokens)} tokens, vocab_size {vocabulary_size}"
        )
    # A checkpoint may round its embedding up; the rest of its rows are no tokens.
    rest = range(len(tokens), vocabulary_size)
    unused = [Token(f"<unused_{row}>", gguf.TokenType.UNUSED, UNUSED_SCORE) for row in rest]
    tokens = tokens + unused
    writer.add_token_list([token.text.encode() for token in tokens])
    writer.add_token_scores([token.score for token in tokens])
    writer.add_token_types([token.type for token in tokens])


def _add_ends(writer: gguf.GGUFWriter, folder: Path, config: Config, texts: list[str]) -> None:
    """Write which tokens begin and end a text: as configured, but for dolly and kondate.

    Those two are known by [SEP], and their pieces by their names.
    """
    if "<unk>" in texts:
        writer.add_unk_token_id(texts.index("<unk>"))
    if "[SEP]" in texts and "<s>" in texts:
        writer.add_bos_token_id(texts.index("<s>"))
        writer.add_eos_token_id(texts.index("</s>"))
        writer.add_pad_token_id(texts.index("[PAD]"))
        return
    generation = folder / "generation_config.json"
    settings = json.loads(generation.read_text(encoding="utf-8")) if generation.is_file() else {}
    first = _ids(settings.get("bos_token_id", config.get("bos_token_id")))
    ends = _ids(settings.get("eos_token_id", config.get("eos_token_id")))
    for number in first[:1]:
        writer.add_bos_token_id(number)
    for add, number in zip((writer.add_eos_token_id, writer.add_eot_token_id), ends, strict=False):
        add(number)


def _ids(value: int | Iterable[int] | None) -> list[int]:
    if value is None:
        return []
    return [value] if isinstance(value, int) else list(value)
