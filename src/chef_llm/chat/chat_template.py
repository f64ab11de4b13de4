"""From a conversation to a prompt: the chef's system prompt and the models' Jinja templates."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Final

from jinja2 import TemplateError, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

from chef_llm.errors import InvalidRequest, ModelUnavailable
from chef_llm.reading.conversation import Message

CHEF_SYSTEM_PROMPT: Final = "あなたは献立を考えるシェフです。"
# A turn that says nothing, and that no template takes for an empty one.
NEUTRAL: Final = "。"


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

    def render(self, messages: Sequence[Message]) -> str:
        """Return the prompt for `messages` (system first, if any; a user's turn last).

        A template that knows no system message gets it at the head of the first user's turn.
        Raises `InvalidRequest` with the template's own words when it refuses the conversation.
        """
        if messages[0].role == "system" and not self._takes_system:
            messages = _with_system_in_first_question(messages)
        try:
            return self._template.render(self._variables(messages))
        except Exception as error:
            raise InvalidRequest(
                f"このモデルのチャットテンプレートは、この会話を受け付けません: {error}",
                param="messages",
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

    def _variables(self, messages: Sequence[Message]) -> dict[str, Any]:
        return {
            "messages": [asdict(message) for message in messages],
            "add_generation_prompt": True,
            "tools": None,
            "documents": None,
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


def _with_system_in_first_question(messages: Sequence[Message]) -> list[Message]:
    system, *turns = messages
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
