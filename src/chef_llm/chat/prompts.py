"""What a model reads: the prompt of a conversation, in its template and inside its context."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from chef_llm.chat.chat_template import NEUTRAL, ChatTemplate, shipped
from chef_llm.engines import Engine
from chef_llm.errors import InvalidRequest, ModelUnavailable, PromptTooLong
from chef_llm.models.catalogue import Model
from chef_llm.reading.conversation import Message

# Fewer tokens than this cannot hold a menu: a prompt that leaves less is refused.
FEWEST_ANSWER_TOKENS: Final = 32
# However many tokens a caller allows, earlier turns are dropped for no more than these.
MOST_RESERVED_TOKENS: Final = 256
# A special token that a user spells out becomes its full-width double: the same characters to
# read, and after NFKC the same pieces to kondate and dolly, but no longer one special id. Nearly
# all have brackets; for one that has none ("### End") every printable ASCII character changes.
FULL_WIDTH: Final = tuple(
    {code: code + 0xFEE0 for code in codes} for codes in (map(ord, "<>[]|"), range(0x21, 0x7F))
)
# Special to kondate, to dolly and to what dolly was made from: none brings a chat template.
DOLLY_TOKENS: Final = ["<s>", "[SEP]"]


class PromptWriter:
    """Writes the prompts of one model; what callers say never becomes a special token in them."""

    def __init__(self, engine: Engine, model: Model) -> None:
        """Take the model's template; raises `ModelUnavailable` when it has none."""
        self._engine = engine
        self._template = _chat_template(engine, model)
        self._special_of_silent: dict[tuple[Message, ...], list[str]] = {}

    @property
    def line_break(self) -> str:
        """How the model writes a line break."""
        return self._template.line_break

    def fitting(self, messages: Sequence[Message], answer_tokens: int) -> list[int]:
        """Return the prompt's ids, with the oldest turns dropped until the answer fits too.

        Raises `PromptTooLong` when the last turn alone leaves no room for an answer.
        """
        safe = self._without_special(messages)
        head, turns = (safe[:1], safe[1:]) if safe[0].role == "system" else ([], safe)
        while True:
            text = self._template.render((*head, *turns))
            prompt = self._engine.tokenize(text, special=True)
            room = self._engine.context_length - len(prompt)
            if room >= min(answer_tokens, MOST_RESERVED_TOKENS):
                break
            if len(turns) == 1:
                self._refuse_too_long(prompt)
                break
            # A question goes with its answer.
            turns = turns[2:] if len(turns) > 2 else turns[-1:]  # noqa: PLR2004
        self._refuse_new_special(text, (*head, *turns))
        return prompt

    def write(self, messages: Sequence[Message]) -> str:
        """Return the prompt of a conversation, whatever its length."""
        safe = self._without_special(messages)
        prompt = self._template.render(safe)
        self._refuse_new_special(prompt, safe)
        return prompt

    def _refuse_too_long(self, prompt: Sequence[int]) -> None:
        most = self._engine.context_length - FEWEST_ANSWER_TOKENS
        if len(prompt) > most:
            raise PromptTooLong(
                f"文章が長すぎます: {len(prompt)}トークンあります。"
                f"{most}トークンまでにしてください。"
            )

    def _without_special(self, messages: Sequence[Message]) -> list[Message]:
        return [replace(turn, content=self._harmless(turn.content)) for turn in messages]

    def _harmless(self, text: str) -> str:
        """Return `text` so that the tokenizer finds no special token in it."""
        for harmless in (text, *map(text.translate, FULL_WIDTH)):
            special, plain = (self._engine.tokenize(harmless, special=one) for one in (True, False))
            if special == plain:
                return harmless
        raise _spells_special()

    def _refuse_new_special(self, prompt: str, messages: Sequence[Message]) -> None:
        """Compare with the same conversation in which nobody says anything.

        A template may put a turn so close to its own text, or change it so, that together they
        spell a special token.
        """
        silent = tuple(
            replace(turn, content=NEUTRAL) if turn.content.strip() else turn for turn in messages
        )
        if silent not in self._special_of_silent:
            text = self._template.render(silent)
            self._special_of_silent[silent] = self._engine.special_tokens(text)
        if self._engine.special_tokens(prompt) != self._special_of_silent[silent]:
            raise _spells_special()


def _chat_template(engine: Engine, model: Model) -> ChatTemplate:
    """Return the catalogue's template for `model`, else its own, else dolly's if it speaks that."""
    if model.chat_template:
        return shipped(model.chat_template)
    if own := engine.own_template:
        return ChatTemplate(own.source, own.bos_token, own.eos_token)
    if engine.special_tokens("".join(DOLLY_TOKENS)) == DOLLY_TOKENS:
        return shipped("dolly")
    raise ModelUnavailable(
        f"モデル {model.name} にはチャットテンプレートがありません。フォルダには "
        "chat_template.jinja を置き、.gguf には tokenizer.chat_template を入れ、"
        "カタログのモデルには models.toml の chat_template に名前を書いてください。"
    )


def _spells_special() -> InvalidRequest:
    return InvalidRequest(
        "文章に、このモデルの特別な記号として読まれる文字列があります。", param="messages"
    )
