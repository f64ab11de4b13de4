"""The chef: from a conversation to an answer, inside context and deadline."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Final

from chef_llm.catalog import Model, all_models, find_model
from chef_llm.chat_template import CHEF_SYSTEM_PROMPT, Message
from chef_llm.cookbook import Cookbook, load_cookbook
from chef_llm.engines import Completion, Deadline, Engine, Grammar, Sampling
from chef_llm.engines.gbnf import spell
from chef_llm.engines.llama_cpp import LlamaCppEngine
from chef_llm.errors import InvalidRequest, Misconfigured, ModelUnavailable
from chef_llm.menus.answer import parse_answer
from chef_llm.menus.cards import named_dishes, recipe_cards
from chef_llm.menus.servings import DEFAULT_SERVINGS, read_servings
from chef_llm.model_store import fetch
from chef_llm.prompts import PromptWriter
from chef_llm.settings import ModelObject, Settings

# Room for a menu that is written inside a grammar, and how its dishes are drawn.
MENU_TOKENS: Final = 256
CHOOSING: Final = Sampling(max_tokens=MENU_TOKENS, temperature=0.2)
PROBE_SECONDS: Final = 5.0
# Unicode gives them no meaning; their bytes differ.
PRIVATE_CHARACTERS: Final = ("\ue000", "\uf8f1")


@dataclass(frozen=True)
class Reply:
    """An answer: `text` is what the caller gets, `completion` what the model wrote.

    `guaranteed` tells that the planner made it, inside the constraints of the request.
    """

    text: str
    completion: Completion
    guaranteed: bool = False


class Generator:
    """Answers conversations with one model; built once per process."""

    def __init__(self, engine: Engine, model: Model, cookbook: Cookbook) -> None:
        self.engine = engine
        self.model = model
        self.cookbook = cookbook
        self.prompts = PromptWriter(engine, model)

    def reply(  # noqa: PLR0913  # the last three by name
        self,
        messages: Sequence[Message],
        sampling: Sampling,
        deadline: Deadline,
        *,
        recipes: bool = True,
        plain: bool = False,
        constraint: Grammar | None = None,
        on_text: Callable[[str], bool] = lambda _: False,
    ) -> Reply:
        """Answer the last user turn of `messages`, with `constraint` inside that grammar.

        It is the chef who answers, under whatever system message: with his own system prompt, and
        with recipe cards behind the model's text unless `recipes` is False. With `plain` it is the
        model as itself, under the caller's system message if there is one.
        `on_text` gets the text as it is written and stops the decoding by returning True.
        Raises `PromptTooLong` and `DeadlineExceeded`.
        """
        started = time.monotonic()
        is_chef = not plain
        if is_chef:
            turns = [turn for turn in messages if turn.role != "system"]
            messages = (Message("system", CHEF_SYSTEM_PROMPT), *map(_shortened, turns))
        prompt = self.prompts.fitting(messages, sampling.max_tokens)
        prompt_seconds = time.monotonic() - started
        room = self.engine.context_length - len(prompt)
        sampling = replace(
            sampling,
            max_tokens=min(sampling.max_tokens, room),
            stop=tuple(stop.replace("\n", self.prompts.line_break) for stop in sampling.stop),
        )
        # A grammar says itself how a line break is spelled.
        spelling = "\n" if constraint is not None else self.prompts.line_break
        breaks, edges = LineBreaks(spelling), Edges()
        written: list[str] = []
        reader_is_gone = False

        def give(readable: str) -> bool:
            nonlocal reader_is_gone
            if readable and not reader_is_gone:
                reader_is_gone = on_text(readable)
            return reader_is_gone

        def take(text: str) -> bool:
            written.append(edges.feed(breaks.feed(text)))
            return give(written[-1])

        completion = self.engine.complete(prompt, sampling, constraint, deadline, take)
        written.append(edges.feed(breaks.rest()))
        give(written[-1])
        completion = replace(
            completion,
            text="".join(written),
            timings=replace(completion.timings, prompt_seconds=prompt_seconds),
        )
        text = completion.text
        if is_chef and recipes and (cards := self._cards(text, messages)):
            give(f"\n\n{cards}")
            text = f"{text}\n\n{cards}"
        return Reply(text, completion)

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
        while True:
            messages = (Message("system", CHEF_SYSTEM_PROMPT), Message("user", request))
            # One text, as in training: by itself the opening would begin with a dummy space.
            text = self.prompts.write(messages) + opening.replace("\n", spelling)
            prompt = self.engine.tokenize(text, special=True)
            if not request or self.engine.context_length - len(prompt) >= MENU_TOKENS:
                break
            request = request[len(request) // 2 + 1 :]
        prompt_seconds = time.monotonic() - started
        sampling = replace(CHOOSING, seed=seed)
        completion = self.engine.complete(
            prompt, sampling, spell(grammar, "\n", spelling), deadline, lambda _: False
        )
        return replace(
            completion,
            text=completion.text.replace(spelling, "\n"),
            timings=replace(completion.timings, prompt_seconds=prompt_seconds),
        )

    @cached_property
    def menu_cookbook(self) -> Cookbook:
        """The cookbook without the dishes that the model has no tokens to write.

        A grammar that asks for such a dish would end half-way through its name.
        """
        texts = {name: name + dish.tip for name, dish in self.cookbook.dishes.items()}
        missing = self.unwritable("".join(texts.values()))
        if not missing:
            return self.cookbook
        dishes = {
            name: dish
            for name, dish in self.cookbook.dishes.items()
            if missing.isdisjoint(texts[name])
        }
        return Cookbook(self.cookbook.ingredients, dishes)

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
            self.engine.complete(
                prompt, Sampling(), text, Deadline.after(PROBE_SECONDS), lambda _: False
            )
        except InvalidRequest:
            return False
        return True

    def _unknown_token(self) -> int | None:
        """Return the token of every unknown character, None if there is none: all can be spelled.

        Two characters that no vocabulary has end alike only if both become that token.
        """
        first, second = (self.engine.tokenize(mark, special=False) for mark in PRIVATE_CHARACTERS)
        return first[-1] if first[-1] == second[-1] else None

    def _cards(self, answer: str, messages: Sequence[Message]) -> str:
        asked = [read_servings(turn.content) for turn in messages if turn.role == "user"]
        servings = next((count for count in reversed(asked) if count), DEFAULT_SERVINGS)
        return recipe_cards(named_dishes(answer, self.cookbook), servings, self.cookbook)


class LineBreaks:
    """Turns a model's spelling of a line break (dolly: backslash, n) into one, piece by piece."""

    def __init__(self, spelling: str) -> None:
        self.spelling = spelling
        self._held = ""

    def feed(self, text: str) -> str:
        """Return what is readable so far; the start of a possible line break is held back."""
        text = (self._held + text).replace(self.spelling, "\n")
        self._held = ""
        for length in range(len(self.spelling) - 1, 0, -1):
            if text.endswith(self.spelling[:length]):
                self._held = text[-length:]
                return text[:-length]
        return text

    def rest(self) -> str:
        """Return what was held back at the end."""
        held, self._held = self._held, ""
        return held


class Edges:
    """Leaves out the white space around a text that comes piece by piece."""

    def __init__(self) -> None:
        self._is_begun = False
        self._held = ""

    def feed(self, text: str) -> str:
        """Return what is readable so far; white space is held back until something follows it."""
        text = self._held + text if self._is_begun else text.lstrip()
        readable = text.rstrip()
        self._is_begun = self._is_begun or bool(readable)
        self._held = text[len(readable) :]
        return readable


def _shortened(message: Message) -> Message:
    """Return an earlier answer of the chef's as its title and dish names."""
    if message.role != "assistant":
        return message
    answer = parse_answer(message.content)
    return replace(message, content=answer.summary) if answer.dishes else message


@cache
def generator() -> Generator:
    """Return this process's generator; the model is loaded at the first call.

    An error is not kept: after one, the next call tries again.
    """
    settings = Settings.from_env()
    model = find_model(settings.model)
    threads = settings.threads or model.threads
    if settings.model_object:
        engine = _engine_from_s3(settings.model_object, model, threads)
    else:
        engine = _engine(settings.engine, model, threads)
    return Generator(engine, model, load_cookbook())


def _engine_from_s3(source: ModelObject, model: Model, threads: int) -> Engine:
    known = all_models()
    if model not in known:
        names = "、".join(entry.name for entry in known)
        raise Misconfigured(
            f"環境変数 CHEF_MODEL_URI を使うとき、CHEF_MODEL は次のどれかにしてください: {names}"
        )
    with fetch(source) as file:
        try:
            # llama.cpp maps the file: it stays in memory, once, when its descriptor is closed.
            return LlamaCppEngine(file.path, model.context_length, threads)
        except ModelUnavailable as error:
            raise ModelUnavailable(
                f"モデル {model.name} を起動できません。", detail=f"{source.uri}: {error.message}"
            ) from error


def _engine(name: str, model: Model, threads: int) -> Engine:
    if model.hub_id and not model.path.exists():
        raise ModelUnavailable(
            f"モデル {model.name} はまだ取得していません。"
            f"`chef models pull {model.name}` で取得してください。"
        )
    is_checkpoint = model.path.is_dir()
    if name == "llama_cpp":
        if is_checkpoint:
            raise ModelUnavailable(
                f"{model.path} はチェックポイントのフォルダです。CHEF_ENGINE=transformers を"
                "指定するか、chef_convert で .gguf に変換してください。"
            )
        return LlamaCppEngine(model.path, model.context_length, threads)
    if not is_checkpoint:
        raise ModelUnavailable(
            f"CHEF_ENGINE={name} には、CHEF_MODEL にチェックポイントのフォルダを指定してください: "
            f"{model.path} はフォルダではありません。"
        )
    try:
        from chef_llm.engines.transformers import TransformersEngine  # noqa: PLC0415  # torch
    except ImportError as error:
        raise ModelUnavailable(
            f"CHEF_ENGINE={name} には torch と transformers が要ります: pip install -e '.[train]'"
        ) from error
    return TransformersEngine(model.path, model.context_length, threads)
