"""A JSON schema as a grammar, for the schemas whose values can be listed.

A small model that may write any string writes nonsense and finds no end; of listed values it
chooses one. So a string needs an `enum`, and a list a `maxItems`.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from chef_llm.engines import Grammar, InOrder, OneOf
from chef_llm.errors import InvalidRequest

# Keywords that say nothing about what may be written.
NOTES: Final = frozenset({"title", "description", "default", "examples", "$schema", "$id"})
KEYWORDS: Final[Mapping[str, frozenset[str]]] = {
    "enum": frozenset({"enum", "type"}),
    "const": frozenset({"const", "type"}),
    "anyOf": frozenset({"anyOf"}),
    "object": frozenset({"type", "properties", "required", "additionalProperties"}),
    "array": frozenset({"type", "items", "minItems", "maxItems"}),
    "boolean": frozenset({"type"}),
    "null": frozenset({"type"}),
}
MOST_ITEMS: Final = 32
# Values, properties and items in all: llama.cpp reads such a grammar in milliseconds.
MOST_PARTS: Final = 2000
LONGEST_PLACE: Final = 120


def json_grammar(schema: Any, param: str) -> Grammar:
    """Return the grammar of the JSON texts that keep `schema`, without needless white space.

    Raises `InvalidRequest` that names the place, below `param`, of what cannot be listed.
    """
    return _SchemaReader(param).read(schema, param)


def texts_of(grammar: Grammar) -> Iterator[str]:
    """Yield every text that stands in a grammar."""
    if isinstance(grammar, str):
        yield grammar
    else:
        parts = grammar.options if isinstance(grammar, OneOf) else grammar.parts
        for part in parts:
            yield from texts_of(part)


class _SchemaReader:
    """Reads one schema; counts its parts as it goes."""

    def __init__(self, param: str) -> None:
        self.param = param
        self.parts = 0

    def read(self, schema: Any, place: str) -> Grammar:
        kind = _kind(schema, place)
        self._count(1)
        if kind == "enum":
            return self._values(schema["enum"], f"{place}.enum")
        if kind == "const":
            return self._values([schema["const"]], f"{place}.const")
        if kind == "anyOf":
            options = _list(schema["anyOf"], f"{place}.anyOf")
            return OneOf(
                tuple(self.read(one, f"{place}.anyOf.{index}") for index, one in enumerate(options))
            )
        if kind == "object":
            return self._object(schema, place)
        if kind == "array":
            return self._array(schema, place)
        return OneOf(("true", "false")) if kind == "boolean" else "null"

    def _values(self, values: Any, place: str) -> Grammar:
        self._count(len(_list(values, place)))
        return OneOf(tuple(dict.fromkeys(_spelled(value) for value in values)))

    def _object(self, schema: Mapping[str, Any], place: str) -> Grammar:
        properties = schema.get("properties", {})
        if not isinstance(properties, dict):
            raise _refused(f"{place}.properties", "オブジェクト {…} にしてください")
        # As OpenAI's strict mode wants it: what may be missing makes ever so many forms.
        required = schema.get("required", [])
        if not isinstance(required, list) or sorted(map(str, required)) != sorted(properties):
            raise _refused(f"{place}.required", "properties のすべての名前を並べてください")
        if schema.get("additionalProperties") is not False:
            raise _refused(f"{place}.additionalProperties", "false にしてください")
        parts: list[Grammar] = []
        for name, value in properties.items():
            parts.append(f"{', ' if parts else ''}{_spelled(name)}: ")
            parts.append(self.read(value, f"{place}.properties.{name}"))
        return InOrder(("{", *parts, "}"))

    def _array(self, schema: Mapping[str, Any], place: str) -> Grammar:
        least = _item_count(schema.get("minItems", 0), f"{place}.minItems")
        most = _item_count(schema.get("maxItems"), f"{place}.maxItems")
        if least > most:
            raise _refused(f"{place}.minItems", "maxItems 以下にしてください")
        before = self.parts
        item = self.read(schema.get("items"), f"{place}.items")
        # Lists of lists of lists: a grammar holds the item as many times as it may stand there.
        self._count((self.parts - before) * most)
        # From the last item to the first: each may be followed by another, or by the end.
        rest: Grammar = "]"
        for count in range(most, 0, -1):
            another = InOrder((", " if count > 1 else "", item, rest))
            rest = another if count <= least else OneOf((another, "]"))
        return InOrder(("[", rest))

    def _count(self, parts: int) -> None:
        self.parts += parts
        if self.parts > MOST_PARTS:
            raise _refused(self.param, f"値を全部で{MOST_PARTS}個以下にしてください")


def _kind(schema: Any, place: str) -> str:
    """Return which of the known forms a schema has; refuse a keyword that would be left unkept."""
    if not isinstance(schema, dict):
        raise _refused(place, "スキーマ {…} にしてください")
    kind = next((name for name in ("enum", "const", "anyOf") if name in schema), None)
    kind = kind or str(schema.get("type"))
    if kind not in KEYWORDS:
        known = "、".join(KEYWORDS)
        raise _refused(
            place, f"値を数えあげられる形（{known}）にしてください（文字列や数は enum で）"
        )
    unknown = sorted(schema.keys() - KEYWORDS[kind] - NOTES)
    if unknown:
        raise _refused(f"{place}.{unknown[0][:40]}", "使えません")
    return kind


def _item_count(count: Any, place: str) -> int:
    if type(count) is not int or not 0 <= count <= MOST_ITEMS:
        raise _refused(place, f"0以上{MOST_ITEMS}以下の整数にしてください")
    return count


def _list(values: Any, place: str) -> list[Any]:
    if not isinstance(values, list) or not values:
        raise _refused(place, "空でないリスト […] にしてください")
    return values


def _spelled(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _refused(place: str, wanted: str) -> InvalidRequest:
    place = place if len(place) <= LONGEST_PLACE else f"{place[:LONGEST_PLACE]}…"
    return InvalidRequest(f"{place} は{wanted}。", param=place)
