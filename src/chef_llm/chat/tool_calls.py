"""How a model calls tools: learned from its chat template, which writes such calls itself.

Most templates write a call as one JSON object that names the tool and its arguments, between fixed
texts (`<tool_call>` … `</tool_call>`). Which texts, and under which names, is seen in what the
template makes of a call that we know.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chef_llm.chat.json_grammar import json_grammar
from chef_llm.chat.text_stream import Thought
from chef_llm.engines import Grammar, InOrder, OneOf
from chef_llm.reading.conversation import ToolCall

MARKED_TEXT: Final = "\ue000"
MARKED_NAME: Final = "a_tool"
MARKED_ARGUMENTS: Final = '{"an_argument": "a_value"}'
MARKED_DESCRIPTION: Final = "\uf8f1"
MARKED_TOOL: Final[Mapping[str, Any]] = {
    "type": "function",
    "function": {
        "name": MARKED_NAME,
        "description": MARKED_DESCRIPTION,
        "parameters": {"type": "object", "properties": {"an_argument": {"type": "string"}}},
    },
}


@dataclass(frozen=True)
class CallForm:
    """`opening`, an object with the name under `name` and the arguments there, `closing`."""

    opening: str
    name: str
    arguments: str
    closing: str

    def grammar(self, tools: Sequence[Mapping[str, Any]]) -> Grammar:
        """Return the grammar of one call of one of `tools`, whose arguments keep their schema.

        Raises `InvalidRequest` for a schema that cannot be kept.
        """
        calls = []
        for place, tool in enumerate(tools):
            function = tool["function"]
            schema = function.get("parameters") or {"type": "object", "properties": {}}
            if not schema.get("properties"):
                schema = {**schema, "additionalProperties": False}
            arguments = json_grammar(schema, f"tools.{place}.function.parameters")
            named = f"{json.dumps(self.name)}: {json.dumps(function['name'], ensure_ascii=False)}"
            calls.append(InOrder((f"{{{named}, {json.dumps(self.arguments)}: ", arguments, "}")))
        return InOrder((self.opening, OneOf(tuple(calls)), self.closing))

    def begins_in(self, text: str) -> int:
        """Return where in a text a call may begin, its length where none does."""
        mark = self.opening.strip()
        if not mark:
            return 0 if text.lstrip().startswith(("{", "[")) or not text.strip() else len(text)
        place = text.find(mark)
        if place >= 0:
            return place
        lengths = range(min(len(mark) - 1, len(text)), 0, -1)
        held = next((length for length in lengths if text.endswith(mark[:length])), 0)
        return len(text) - held

    def apart(
        self, pieces: Iterable[str], tools: Sequence[Mapping[str, Any]], calls: list[ToolCall]
    ) -> Iterator[str]:
        """Yield the text of `pieces` without its calls, which come into `calls` at the end."""
        held = ""
        for piece in pieces:
            if isinstance(piece, Thought):
                yield piece
                continue
            held += piece
            place = self.begins_in(held)
            if place:
                yield held[:place]
                held = held[place:]
        said, found = self.read(held, tools)
        calls += found
        if said:
            yield said

    def read(self, text: str, tools: Sequence[Mapping[str, Any]]) -> tuple[str, list[ToolCall]]:
        """Return what a text says beside its calls, and the calls; what is no call stays text."""
        known = {tool["function"]["name"] for tool in tools}
        start = self.begins_in(text)
        said, rest, calls = text[:start], text[start:].strip(), list[ToolCall]()
        mark = self.opening.strip()
        while rest.startswith(mark) and "{" in rest:
            inner = rest[len(mark) :].lstrip()
            try:
                written, end = json.JSONDecoder().raw_decode(inner)
            except json.JSONDecodeError:
                break
            if not isinstance(written, dict) or written.get(self.name) not in known:
                break
            arguments = json.dumps(written.get(self.arguments, {}), ensure_ascii=False)
            calls.append(ToolCall("", written[self.name], arguments))
            rest = inner[end:].strip().removeprefix(self.closing.strip()).strip()
        return (said.strip(), calls) if calls else (text, [])


def arguments_of(call: ToolCall) -> Any:
    """Return a call's arguments as the object that they are, or as text where they are none."""
    try:
        return json.loads(call.arguments)
    except json.JSONDecodeError:
        return call.arguments


def read_call_form(with_text: str, with_call: str) -> CallForm | None:
    """Return how a template writes a call, None where it is in no way that we know.

    `with_text` and `with_call` are the same conversation, which the assistant ends with
    `MARKED_TEXT` or with a call of `MARKED_TOOL`.
    """
    head, _, tail = with_text.rpartition(MARKED_TEXT)
    head, tail = head.rstrip(), tail.strip()
    if not with_call.startswith(head):
        return None
    written = with_call[len(head) :].strip().removesuffix(tail)
    for brace in re.finditer("{", written):
        try:
            call, end = json.JSONDecoder().raw_decode(written[brace.start() :])
        except json.JSONDecodeError:
            continue
        names = {value if isinstance(value, str) else "": name for name, value in call.items()}
        arguments = [name for name, value in call.items() if value == json.loads(MARKED_ARGUMENTS)]
        if MARKED_NAME in names and arguments and len(call) == len(names) == 2:  # noqa: PLR2004
            opening, closing = written[: brace.start()], written[brace.start() + end :]
            return CallForm(opening, names[MARKED_NAME], arguments[0], closing.rstrip())
    return None
