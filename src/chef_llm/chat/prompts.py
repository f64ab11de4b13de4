"""What a model reads: the prompt of a conversation, in its template and inside its context."""

import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any, Final

from chef_llm.chat.chat_template import NEUTRAL, NOTHING_MORE, ChatTemplate, shipped, shipped_names
from chef_llm.chat.text_stream import THINKING_BEGINS, THINKING_ENDS
from chef_llm.chat.tool_calls import CallForm
from chef_llm.engines import Engine, OwnTemplate
from chef_llm.errors import InvalidRequest, Misconfigured, ModelUnavailable, PromptTooLong
from chef_llm.models.catalogue import Model
from chef_llm.reading.conversation import Message

# Fewer tokens than this cannot hold a menu: a prompt that leaves less is refused.
FEWEST_ANSWER_TOKENS: Final = 32
# However many tokens a caller allows, earlier turns are dropped for no more than these.
MOST_RESERVED_TOKENS: Final = 256
# Conversations are remembered by who speaks and who says nothing; most are alike.
MOST_SILENT_CONVERSATIONS: Final = 64
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
        self._special_of_silent = lru_cache(MOST_SILENT_CONVERSATIONS)(self._special_when_silent)

    @property
    def line_break(self) -> str:
        """How the model writes a line break."""
        return self._template.line_break

    @cached_property
    def call_form(self) -> CallForm | None:
        """How the model calls tools, None where its template knows of none."""
        form = self._template.call_form
        # What a special token begins is never seen in the text.
        if form is None or self._engine.special_tokens(form.opening + form.closing):
            return None
        return form

    def opens_thinking(self, more: Mapping[str, Any]) -> bool:
        """Tell whether the prompt itself begins what the model thinks before it answers."""
        prompt = self._template.render([Message("user", NEUTRAL)], more)
        return THINKING_BEGINS in prompt.rpartition(THINKING_ENDS)[2]

    def fitting(
        self,
        messages: Sequence[Message],
        answer_tokens: int,
        more: Mapping[str, Any] = NOTHING_MORE,
    ) -> list[int]:
        """Return the prompt's ids, with the oldest turns dropped until the answer fits too.

        `more` are the template's variables, `tools` among them; no special token comes of them.
        Raises `PromptTooLong` when the last question alone leaves no room for an answer.
        """
        more = self._without_special_in(more)
        heads = next((place for place, turn in enumerate(messages) if turn.role != "system"), 0)
        head = self._without_special(messages[:heads])
        # A turn has a token at least: of more turns than tokens the first cannot fit. An odd
        # number, so that the first is a question.
        most_turns = self._engine.context_length | 1
        turns = self._without_special(messages[heads:][-most_turns:])
        most = self._engine.context_length - min(answer_tokens, MOST_RESERVED_TOKENS)

        def rendered(start: int) -> tuple[str, list[int]]:
            text = self._template.render((*head, *turns[start:]), more)
            return text, self._engine.tokenize(text, special=True)

        # A question goes with what came of it; the last stays, however long.
        starts = [place for place, turn in enumerate(turns) if place == 0 or turn.role == "user"]
        last = starts[-1]
        text, prompt = rendered(start := 0)
        if len(prompt) > most:
            fits = bisect_left(starts, True, key=lambda start: len(rendered(start)[1]) <= most)
            start = starts[min(fits, len(starts) - 1)]
            text, prompt = rendered(start)
        if start == last:
            self._refuse_too_long(prompt)
        self._refuse_new_special(text, (*head, *turns[start:]), more)
        return prompt

    def free(self, text: str, answer_tokens: int) -> list[int]:
        """Return the ids of a text that the model is to go on with, in no template.

        Raises `PromptTooLong` when it leaves no room for an answer.
        """
        prompt = [*self._engine.start_tokens, *self._engine.tokenize(text, special=False)]
        self._refuse_too_long(prompt, min(answer_tokens, FEWEST_ANSWER_TOKENS))
        return prompt

    def write(self, messages: Sequence[Message]) -> str:
        """Return the prompt of a conversation, whatever its length."""
        safe = self._without_special(messages)
        prompt = self._template.render(safe)
        self._refuse_new_special(prompt, safe)
        return prompt

    def _refuse_too_long(self, prompt: Sequence[int], room: int = FEWEST_ANSWER_TOKENS) -> None:
        most = self._engine.context_length - room
        if len(prompt) > most:
            raise PromptTooLong(
                f"文章が長すぎます: {len(prompt)}トークンあります。"
                f"{most}トークンまでにしてください。",
                len(prompt),
                self._engine.context_length,
            )

    def _without_special(self, messages: Sequence[Message]) -> list[Message]:
        return [
            replace(
                turn,
                content=self._harmless(turn.content),
                tool_calls=tuple(
                    replace(call, name=self._harmless(call.name), arguments=arguments)
                    for call in turn.tool_calls
                    for arguments in [self._harmless_json(call.arguments)]
                ),
            )
            for turn in messages
        ]

    def _without_special_in(self, value: Any) -> Any:
        """Return a value of JSON whose texts hold no special token."""
        if isinstance(value, str):
            return self._harmless(value)
        if isinstance(value, list):
            return [self._without_special_in(one) for one in value]
        if isinstance(value, Mapping):
            return {
                self._harmless(name): self._without_special_in(one) for name, one in value.items()
            }
        return value

    def _harmless_json(self, text: str) -> str:
        try:
            value = json.loads(text)
        except json.JSONDecodeError:
            return self._harmless(text)
        return json.dumps(self._without_special_in(value), ensure_ascii=False)

    def _harmless(self, text: str) -> str:
        """Return `text` so that the tokenizer finds no special token in it."""
        for harmless in (text, *map(text.translate, FULL_WIDTH)):
            special, plain = (self._engine.tokenize(harmless, special=one) for one in (True, False))
            if special == plain:
                return harmless
        raise _spells_special()

    def _refuse_new_special(
        self, prompt: str, messages: Sequence[Message], more: Mapping[str, Any] = NOTHING_MORE
    ) -> None:
        """Compare with the same conversation in which nobody says anything.

        A template may put a turn so close to its own text, or change it so, that together they
        spell a special token.
        """
        silent = tuple(
            replace(turn, content=NEUTRAL) if turn.content.strip() else turn for turn in messages
        )
        if self._engine.special_tokens(prompt) != self._special_of_silent(
            silent, json.dumps(dict(more))
        ):
            raise _spells_special()

    def _special_when_silent(self, silent: tuple[Message, ...], more: str) -> list[str]:
        return self._engine.special_tokens(self._template.render(silent, json.loads(more)))


def _chat_template(engine: Engine, model: Model) -> ChatTemplate:
    """Return the template that the operator chose for `model`, else the catalogue's, else its own.

    Without any of them it is dolly's, if the model speaks that. Raises `Misconfigured` for a choice
    that there is not, and where the catalogue's is not what the model's own file writes.
    """
    own = engine.own_template
    if file := model.template_file:
        return ChatTemplate(file.source, file.bos_token, file.eos_token)
    if name := model.chosen_template:
        return chosen_template(name)
    if model.chat_template:
        template = shipped(model.chat_template)
        if own and not _is_same(template, own):
            raise Misconfigured(
                f"{model.name} のチャットテンプレートは {model.chat_template} ですが、"
                "このファイルのものは違います。このファイルを動かすには、CHEF_MODEL（Lambda では "
                "Model）をカタログにない名前にするか、CHEF_CHAT_TEMPLATE（ChatTemplate）に "
                f"{model.chat_template} を指定してください。"
            )
        return template
    if own:
        return ChatTemplate(own.source, own.bos_token, own.eos_token)
    if engine.special_tokens("".join(DOLLY_TOKENS)) == DOLLY_TOKENS:
        return shipped("dolly")
    raise ModelUnavailable(
        f"モデル {model.name} にはチャットテンプレートがありません。CHEF_CHAT_TEMPLATE（Lambda "
        f"では ChatTemplate）に、{'、'.join(shipped_names())} のどれかか、.jinja ファイルを指定して"
        "ください。チェックポイントのフォルダには chat_template.jinja を置いても構いません。"
    )


def chosen_template(name: str) -> ChatTemplate:
    """Return the shipped template that the operator names; raises `Misconfigured` for no such."""
    if name not in shipped_names():
        raise Misconfigured(
            "環境変数 CHEF_CHAT_TEMPLATE は次のどれかか、.jinja ファイルにしてください: "
            f"{'、'.join(shipped_names())}（今の値: {name!r}）"
        )
    return shipped(name)


def _is_same(template: ChatTemplate, own: OwnTemplate) -> bool:
    """Tell whether both write the same, but for blanks and for what every prompt begins with."""
    question = [Message("user", NEUTRAL)]
    first, second = (
        "".join(each.render(question).removeprefix(own.bos_token).split())
        for each in (template, ChatTemplate(own.source, own.bos_token, own.eos_token))
    )
    return first == second


def _spells_special() -> InvalidRequest:
    return InvalidRequest(
        "文章に、このモデルの特別な記号として読まれる文字列があります。",
        param="messages",
        english="There is text that this model would read as one of its special tokens.",
    )
