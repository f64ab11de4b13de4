"""From a conversation to a prompt: the chef's system prompt and the models' Jinja templates."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal

from jinja2 import TemplateError, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

from chef_llm.chat.tool_calls import (
    MARKED_ARGUMENTS,
    MARKED_DESCRIPTION,
    MARKED_NAME,
    MARKED_TEXT,
    MARKED_TOOL,
    CallForm,
    arguments_of,
    read_call_form,
)
from chef_llm.errors import InvalidRequest, ModelUnavailable
from chef_llm.reading.conversation import Message, ToolCall

CHEF_SYSTEM_PROMPT: Final = "あなたは献立を考えるシェフです。"
# A turn that says nothing, and that no template takes for an empty one.
NEUTRAL: Final = "。"
NOTHING_MORE: Final[Mapping[str, Any]] = MappingProxyType({})


class ChatTemplate:
    """A Jinja template, rendered as `transformers.apply_chat_template` renders it.

    Raises `ModelUnavailable` when it cannot be read or cannot write a prompt of one question.
    """

    def __init__(self, source: str, bos_token: str = "", eos_token: str = "") -> None:
        self._tokens = {"bos_token": bos_token, "eos_token": eos_token}
        try:
            self._template = _environment().from_string(source)
        except TemplateSyntaxError as error:
            raise ModelUnavailable(
                f"チャットテンプレートの{error.lineno}行目を読めません: {error.message}"
            ) from error
        try:
            self._module = self._template.make_module(self._variables([Message("user", NEUTRAL)]))
        except Exception as error:  # a model's own template may do anything
            raise ModelUnavailable(f"チャットテンプレートが使えません: {error}") from error

    @property
    def line_break(self) -> str:
        r"""How the model writes a line break; a template may `{% set line_break = '\\n' %}`."""
        return str(getattr(self._module, "line_break", "\n"))

    def render(
        self,
        messages: Sequence[Message],
        more: Mapping[str, Any] = NOTHING_MORE,
        *,
        is_open: bool = True,
    ) -> str:
        """Return the prompt for `messages`; `more` are variables, as `tools` and `enable_thinking`.

        An assistant's last turn is left open, to be continued. Without `is_open` the conversation
        is written as one that has ended. Where a template knows no system message, or only one,
        what they say is put together, and at the head of the first user's turn. Raises
        `InvalidRequest` with the template's own words when it refuses the conversation.
        """
        begun = ""
        if is_open and messages[-1].role == "assistant" and not messages[-1].tool_calls:
            *messages, last = messages
            begun = last.content
        if not self._takes_tools:
            messages = _without_tools(messages)
        if sum(turn.role == "system" for turn in messages) > 1 and not self._takes_later_systems:
            messages = _with_one_system(messages)
        if messages and messages[0].role == "system" and not self._takes_system:
            messages = _with_system_in_first_question(messages)
        variables = {**self._variables(messages), **more, "add_generation_prompt": is_open}
        try:
            return self._template.render(variables) + begun
        except Exception as error:
            together = _with_a_question(_with_one_turn_at_a_time(messages))
            if together != list(messages):
                return self.render(together, more, is_open=is_open) + begun
            raise InvalidRequest(
                f"このモデルのチャットテンプレートは、この会話を受け付けません: {error}",
                param="messages",
                english=f"The model's chat template refuses this conversation: {error}",
            ) from error

    @cached_property
    def _takes_system(self) -> bool:
        marker = "\ue000"  # of private use: no template writes it itself
        try:
            prompt = self._template.render(
                self._variables([Message("system", marker), Message("user", NEUTRAL)])
            )
        except Exception:  # noqa: BLE001  # as a rule "System role not supported"
            return False
        return marker in prompt

    @cached_property
    def _takes_later_systems(self) -> bool:
        """Whether a second and a later system message come into the prompt, as no one else's."""
        marks = ("\ue000", "\uf8f1")
        roles: tuple[Literal["system", "user", "assistant"], ...] = ("system", "user", "assistant")
        try:
            as_system, *as_others = (
                self._template.render(
                    self._variables(
                        [
                            Message("system", NEUTRAL),
                            Message(role, marks[0]),
                            Message("user", NEUTRAL),
                            Message("assistant", NEUTRAL),
                            Message(role, marks[1]),
                            Message("user", NEUTRAL),
                        ]
                    )
                )
                for role in roles
            )
        except Exception:  # noqa: BLE001  # as a rule "System message must be at the beginning"
            return False
        return all(mark in as_system for mark in marks) and as_system not in as_others

    @cached_property
    def _takes_tools(self) -> bool:
        return self.call_form is not None

    @cached_property
    def call_form(self) -> CallForm | None:
        """How a model of this template calls a tool; None where the template knows of no tools."""
        asked = [Message("user", NEUTRAL)]
        told = Message("assistant", MARKED_TEXT)
        called = Message("assistant", "", (ToolCall("call00000", MARKED_NAME, MARKED_ARGUMENTS),))
        variables = {"tools": [MARKED_TOOL], "add_generation_prompt": False}
        try:
            with_text, with_call = (
                self._template.render(self._variables([*asked, last]) | variables)
                for last in (told, called)
            )
        except Exception:  # noqa: BLE001  # a template may do anything with what it does not know
            return None
        if MARKED_DESCRIPTION not in with_text:
            return None
        return read_call_form(with_text, with_call)

    def _variables(self, messages: Sequence[Message]) -> dict[str, Any]:
        return {
            "messages": [_turn(message) for message in messages],
            "add_generation_prompt": True,
            "tools": None,
            "documents": None,
            # Who wants a model to think first says so.
            "enable_thinking": False,
            **self._tokens,
        }


def render(template: str, messages: Sequence[Message]) -> str:
    """Return the prompt that the shipped template of that name writes for `messages`."""
    return shipped(template).render(messages)


@cache
def shipped(name: str) -> ChatTemplate:
    """Return a template of `chef_llm/templates`; `name` is its file's, without the ending."""
    return ChatTemplate(shipped_source(name))


def shipped_names() -> list[str]:
    """Return the names of the templates of `chat/templates`."""
    found = files("chef_llm.chat.templates").iterdir()
    return sorted(one.name.removesuffix(".jinja") for one in found if one.name.endswith(".jinja"))


def shipped_source(name: str) -> str:
    """Return the text of a template of `chef_llm/templates`."""
    return files("chef_llm.chat.templates").joinpath(f"{name}.jinja").read_text(encoding="utf-8")


def _turn(message: Message) -> dict[str, Any]:
    """Return a message as templates know it: what it does not have is not in it."""
    turn: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.tool_calls:
        # As objects: nearly all templates write them as JSON themselves.
        turn["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": arguments_of(call)},
            }
            for call in message.tool_calls
        ]
    if message.tool_call_id is not None:
        turn["tool_call_id"] = message.tool_call_id
    return turn


def _without_tools(messages: Sequence[Message]) -> list[Message]:
    """Return the conversation for a template without tools: what they said, the user says."""
    return [
        replace(turn, role="user", tool_call_id=None)
        if turn.role == "tool"
        else replace(turn, content=_with_calls(turn), tool_calls=())
        for turn in messages
    ]


def _with_calls(turn: Message) -> str:
    calls = (f"{call.name}({call.arguments})" for call in turn.tool_calls)
    return "\n".join(filter(None, (turn.content, *calls)))


def _with_one_system(messages: Sequence[Message]) -> list[Message]:
    systems = [turn.content for turn in messages if turn.role == "system"]
    turns = [turn for turn in messages if turn.role != "system"]
    return [Message("system", "\n\n".join(filter(None, systems))), *turns]


def _with_a_question(messages: Sequence[Message]) -> list[Message]:
    """Return a conversation in which the user says something: what is last, if he does not."""
    if not messages or any(turn.role == "user" for turn in messages):
        return list(messages)
    return [*messages[:-1], replace(messages[-1], role="user")]


def _with_one_turn_at_a_time(messages: Sequence[Message]) -> list[Message]:
    """Return the conversation with what one side said twice in a row as one turn."""
    together: list[Message] = []
    for turn in messages:
        before = together[-1] if together else None
        if before and before.role == turn.role and not (before.tool_calls or turn.tool_calls):
            content = "\n\n".join(filter(None, (before.content, turn.content)))
            together[-1] = replace(before, content=content)
        else:
            together.append(turn)
    return together


def _with_system_in_first_question(messages: Sequence[Message]) -> list[Message]:
    system, *turns = messages
    if all(turn.role != "user" for turn in turns):
        return [replace(system, role="user"), *turns]
    first = next(place for place, turn in enumerate(turns) if turn.role == "user")
    if system.content:
        content = f"{system.content}\n\n{turns[first].content}"
        turns[first] = replace(turns[first], content=content)
    return turns


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    """Return what transformers (`utils/chat_template_utils.py`) offers a template, and no more."""
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols]
    )
    environment.filters["tojson"] = _to_json
    environment.globals.update(
        raise_exception=_raise_exception,
        strftime_now=_strftime_now,
        dict=_new_dict,
        namespace=_GuardedNamespace,
    )
    return environment


class _Generation(Extension):
    """`{% generation %}`: marks the assistant's part for training, and is else nothing."""

    tags = {"generation"}  # noqa: RUF012  # Jinja's own type

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _GuardedNamespace(Namespace):
    """Jinja's namespace without the underscored names by which a template could break out."""

    def __init__(self, /, *pairs: Any, **attributes: Any) -> None:
        attributes = dict(*pairs, **attributes)
        for name in attributes:
            _refuse_underscore(name)
        super().__init__(attributes)

    def __setitem__(self, name: str, value: Any) -> None:
        _refuse_underscore(name)
        super().__setitem__(name, value)


def _refuse_underscore(name: str) -> None:
    if name.startswith("_"):
        raise SecurityError(f"namespace: {name!r}")


def _to_json(value: Any, *, ensure_ascii: bool = False, **options: Any) -> str:
    """Jinja's own filter would escape for HTML."""
    return json.dumps(value, ensure_ascii=ensure_ascii, **options)


def _raise_exception(message: str) -> None:
    raise TemplateError(message)


def _strftime_now(form: str) -> str:
    return datetime.now().strftime(form)


def _new_dict(*pairs: Any, **items: Any) -> dict[str, Any]:
    """Stand in for the class `dict`, which has attributes that no template needs."""
    return dict(*pairs, **items)
