"""The chef: from a conversation to an answer, inside context and deadline."""

import secrets
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any, Final

from chef_llm.chat.chat_template import CHEF_SYSTEM_PROMPT
from chef_llm.chat.choosing import choose_text, texts_inside
from chef_llm.chat.prompts import PromptWriter
from chef_llm.chat.text_stream import (
    LineBreaks,
    StopStrings,
    Thought,
    Trimmed,
    thoughts_apart,
    through,
)
from chef_llm.cookbook import Cookbook, load_cookbook
from chef_llm.engines import Completion, Deadline, Engine, Grammar, Sampling, complete
from chef_llm.engines.gbnf import spell
from chef_llm.errors import InvalidRequest
from chef_llm.menus.answer import parse_answer
from chef_llm.menus.plan import Plan
from chef_llm.menus.planner import Planner
from chef_llm.menus.products import cookbook_for
from chef_llm.models.catalogue import Model
from chef_llm.models.loading import load
from chef_llm.reading.conversation import Message, ToolCall
from chef_llm.reading.order import NO_FIELDS, Fields, Order
from chef_llm.settings import Settings

# Room for a menu that is written inside a grammar, and how its dishes are drawn.
MENU_TOKENS: Final = 256
# It learned how likely each dish is, and chooses so: the likeliest alone would come daily.
CHOOSING: Final = Sampling(max_tokens=MENU_TOKENS, temperature=1.0)
PROBE_SECONDS: Final = 5.0
VARIETY_BITS: Final = 32
# What stands for a character that a model has no tokens to write, with its number.
STAND_IN: Final = "#{}#"
# Unicode gives them no meaning; their bytes differ.
PRIVATE_CHARACTERS: Final = ("\ue000", "\uf8f1")


@dataclass(frozen=True)
class Reply:
    """An answer: `text` is what the caller gets, `completion` what the model wrote.

    `guaranteed` tells that the planner made it, inside the constraints of the request. `thought` is
    what the model thought before, `tool_calls` what it wants done; both of a plain answer alone.
    """

    text: str
    completion: Completion
    guaranteed: bool = False
    thought: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    # The caller's own stop string that ended it.
    stopped_at: str | None = None


@dataclass(frozen=True)
class Question:
    """What the chef is asked, by whichever route; without `recipes` the cards are left out.

    The answer ends before the first of `stops` that comes up in it, and is inside `form` if there
    is one. `fields` say what must be kept beside the words. With `plain` it is the model as itself
    who answers: no chef, no planner, no guarantee.

    The rest is of plain questions. `variables` are the template's; of `tools` the model may call
    any, or must call one of `must_call`. `beginning` is a text to go on with, in no template.
    """

    messages: Sequence[Message]
    sampling: Sampling
    stops: Sequence[str] = ()
    recipes: bool = True
    form: Grammar | None = None
    fields: Fields = NO_FIELDS
    plain: bool = False
    variables: Mapping[str, Any] = field(default_factory=dict)
    tools: Sequence[Mapping[str, Any]] = ()
    must_call: Sequence[str] = ()
    beginning: str | Sequence[int] | None = None

    @property
    def is_continued(self) -> bool:
        """Whether the answer goes on with a text that is begun."""
        return self.beginning is not None or self.messages[-1].role == "assistant"


class Chef:
    """Answers conversations with one model; built once per process."""

    def __init__(self, engine: Engine, model: Model, cookbook: Cookbook) -> None:
        self.engine = engine
        self.model = model
        self.cookbook = cookbook
        self.prompts = PromptWriter(engine, model)

    def reply(self, question: Question, deadline: Deadline) -> Generator[str, None, Reply]:
        """Write an answer to the last user turn, and return it whole.

        It is the chef who answers, under whatever system message, with his own system prompt. A
        plain question is answered by the model as itself, under the caller's system message if
        there is one. Raises `PromptTooLong` and `DeadlineExceeded`.
        """
        started = time.monotonic()
        prompt = self._prompt(question)
        prompt_seconds = time.monotonic() - started
        if question.sampling.max_tokens == 0:
            return Reply("", Completion("", "length", len(prompt), 0))
        calls = self.prompts.call_form if question.tools else None
        form = question.form
        if calls and question.must_call:
            form = calls.grammar(
                [one for one in question.tools if one["function"]["name"] in question.must_call]
            )
        writing = self.engine.write(
            prompt, self._fitted(question.sampling, len(prompt)), form, deadline
        )
        # A grammar says itself how a line break is spelled.
        breaks = LineBreaks("\n" if form is not None else self.prompts.line_break)
        stages = (breaks,) if question.is_continued else (breaks, Trimmed())

        written: list[str] = []
        thought: list[str] = []
        called: list[ToolCall] = []

        def spoken() -> Iterator[str]:
            is_thinking = question.beginning is None and self.prompts.opens_thinking(
                question.variables
            )
            pieces: Iterator[str] = iter(writing)
            if form is None and question.beginning is None:
                pieces = thoughts_apart(pieces, is_thinking=is_thinking)
            if calls:
                pieces = calls.apart(pieces, question.tools, called)
            for piece in through(pieces, *stages):
                if isinstance(piece, Thought):
                    thought.append(piece)
                    if question.plain:
                        yield piece
                    continue
                written.append(piece)
                yield piece

        stops, given = StopStrings(question.stops), []
        with closing(writing):
            for piece in through(spoken(), stops):
                if not isinstance(piece, Thought):
                    given.append(piece)
                yield piece
        completion = writing.completion
        return Reply(
            "".join(given),
            replace(
                completion,
                text="".join(written),
                finish_reason="stop" if stops.is_done else completion.finish_reason,
                timings=replace(completion.timings, prompt_seconds=prompt_seconds),
            ),
            thought="".join(thought).strip(),
            tool_calls=tuple(called),
            stopped_at=stops.found,
        )

    def _prompt(self, question: Question) -> list[int]:
        most = question.sampling.max_tokens
        if isinstance(question.beginning, str):
            return self.prompts.free(question.beginning, most)
        if question.beginning is not None:
            return list(question.beginning)
        if not question.plain:
            return self.prompts.fitting(_for_the_chef(question.messages), most)
        variables = dict(question.variables)
        if question.tools and self.prompts.call_form:
            variables["tools"] = list(question.tools)
        return self.prompts.fitting(question.messages, most, variables)

    def _fitted(self, sampling: Sampling, prompt_tokens: int) -> Sampling:
        """Return `sampling` for what room the prompt leaves, in the model's own line breaks."""
        room = self.engine.context_length - prompt_tokens
        stop = tuple(stop.replace("\n", self.prompts.line_break) for stop in sampling.stop)
        return replace(sampling, max_tokens=min(sampling.max_tokens, room), stop=stop)

    def plan(self, order: Order, deadline: Deadline, seed: int | None) -> Plan:
        """Plan what is ordered, for each `seed` otherwise, and without one another time otherwise.

        Raises `NoMenu`, `DeadlineExceeded`.
        """
        order = replace(order, variety=chance() if seed is None else seed)
        return Planner(cookbook_for(order, self.menu_cookbook), self.unlearned).plan(
            order,
            lambda request, opening, grammar, until: self.choose(
                request, opening, grammar, until, seed
            ),
            deadline,
        )

    def choose(
        self, request: str, opening: str, grammar: Grammar, deadline: Deadline, seed: int | None
    ) -> Completion:
        """Let the model write on from `opening`, inside `grammar` (both with plain line breaks).

        The opening is the answer's first line, written by code: the model chooses dishes as if it
        had said itself what was understood. Of a request that is too long it reads the end: what
        must be kept was read from all of it before.
        """
        started = time.monotonic()
        spelling = self.prompts.line_break

        def prompt_before(begun: str) -> list[int]:
            messages = (Message("system", CHEF_SYSTEM_PROMPT), Message("user", request))
            # One text, as in training: by itself the opening would begin with a dummy space.
            text = self.prompts.write(messages) + opening.replace("\n", spelling) + begun
            return self.engine.tokenize(text, special=True)

        while True:
            prompt = prompt_before("")
            if not request or self.engine.context_length - len(prompt) >= MENU_TOKENS:
                break
            request = request[len(request) // 2 + 1 :]
        prompt_seconds = time.monotonic() - started
        sampling = replace(CHOOSING, seed=seed)
        form = spell(grammar, "\n", spelling)
        for character, stand_in in self._stand_ins.items():
            form = spell(form, character, stand_in)
        if self.model.writes_menus:
            completion = complete(self.engine, prompt, sampling, form, deadline)
        else:
            completion = choose_text(
                self.engine, prompt_before, texts_inside(form), sampling, deadline
            )
        text = completion.text.replace(spelling, "\n")
        for character, stand_in in self._stand_ins.items():
            text = text.replace(stand_in, character)
        return replace(
            completion,
            text=text,
            timings=replace(completion.timings, prompt_seconds=prompt_seconds),
        )

    @cached_property
    def unlearned(self) -> frozenset[str]:
        """The dishes that the model's weights know nothing of.

        In a kitchen vocabulary every dish that the model was trained on is one piece; it never saw
        those that it spells out. Of any other model they are the operator's own.
        """
        pieces = {
            name: len(self.engine.tokenize(name, special=False)) for name in self.cookbook.dishes
        }
        # A tokenizer may put a piece of its own before any text.
        one = len(self.engine.tokenize("。", special=False))
        learned = {name for name, count in pieces.items() if count == one}
        if not self.model.writes_menus or not learned:
            return self.cookbook.own
        return frozenset(pieces.keys() - learned)

    @cached_property
    def menu_cookbook(self) -> Cookbook:
        """The cookbook without the dishes that the model cannot write, not even with stand-ins.

        A grammar that asks for such a dish would end half-way through its name.
        """
        missing = self._missing - self._stand_ins.keys()
        if not missing:
            return self.cookbook
        dishes = {
            name: dish
            for name, dish in self.cookbook.dishes.items()
            if missing.isdisjoint(name + dish.tip)
        }
        return self.cookbook.with_dishes(dishes)

    @cached_property
    def _missing(self) -> set[str]:
        """The characters of dishes' names and tips that the model has no tokens to write."""
        texts = (name + dish.tip for name, dish in self.cookbook.dishes.items())
        return self.unwritable("".join(texts))

    @cached_property
    def _stand_ins(self) -> dict[str, str]:
        """What is written for each of them in a grammar, none where that cannot be written."""
        if not self._missing or self.unwritable(f"0123456789{STAND_IN.format('')}"):
            return {}
        return {one: STAND_IN.format(n) for n, one in enumerate(sorted(self._missing))}

    def unwritable(self, text: str) -> set[str]:
        """Return the characters of `text` that the model has no tokens to write."""
        characters = sorted(set(text))
        unknown = self._unknown_token()
        # One by one: a whole name may be a token while its characters are not.
        if unknown not in self.engine.tokenize(" ".join(characters), special=False):
            return set()
        return {
            character
            for character in characters
            if unknown in self.engine.tokenize(character, special=False)
            and not self._can_write(character)
        }

    def _can_write(self, text: str) -> bool:
        """Try it: a model may have bytes to write what it cannot read."""
        prompt = self.engine.tokenize("。", special=False)
        try:
            complete(self.engine, prompt, Sampling(), text, Deadline.after(PROBE_SECONDS))
        except InvalidRequest:
            return False
        return True

    def _unknown_token(self) -> int | None:
        """Return the token of every unknown character, None if there is none: all can be spelled.

        Two characters that no vocabulary has end alike only if both become that token.
        """
        first, second = (self.engine.tokenize(mark, special=False) for mark in PRIVATE_CHARACTERS)
        return first[-1] if first[-1] == second[-1] else None


def chance() -> int:
    """Return what tells one menu to the same words from another, where nobody gives a seed.

    It is the system's own chance: a process that goes on from a snapshot would repeat itself.
    """
    return secrets.randbits(VARIETY_BITS)


def _for_the_chef(messages: Sequence[Message]) -> list[Message]:
    """Return a conversation under the chef's system prompt, his earlier answers shortened."""
    turns = [turn for turn in messages if turn.role not in {"system", "tool"}]
    return [Message("system", CHEF_SYSTEM_PROMPT), *map(_shortened, turns)]


def _shortened(message: Message) -> Message:
    """Return an earlier answer of the chef's as its title and dish names."""
    if message.role != "assistant":
        return message
    answer = parse_answer(message.content)
    return replace(message, content=answer.summary) if answer.dishes else message


@cache
def load_chef() -> Chef:
    """Return this process's chef; the model is loaded at the first call.

    An error is not kept: after one, the next call tries again.
    """
    engine, model = load(Settings.from_env())
    return Chef(engine, model, load_cookbook())
