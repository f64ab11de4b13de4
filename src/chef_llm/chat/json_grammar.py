"""A JSON schema as a grammar: whatever the model writes inside it keeps the schema.

Every property that is described is written, required or not, in the order of the schema. Blanks
between them are the model's own choice, as far as they end: in the form that it was taught it finds
the ends of its texts. A keyword that could not be kept is refused.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from chef_llm.engines import (
    Blanks,
    Grammar,
    InOrder,
    Named,
    OneCharacter,
    OneOf,
    Repeated,
    Rules,
)
from chef_llm.errors import InvalidRequest

# Keywords that say nothing about what may be written, or, like `format`, need not.
NOTES: Final = frozenset(
    {
        "title",
        "description",
        "default",
        "examples",
        "example",
        "format",
        "discriminator",
        "deprecated",
        "readOnly",
        "writeOnly",
        "strict",
        "$schema",
        "$id",
        "$comment",
        "$defs",
        "definitions",
    }
)
KEYWORDS: Final[Mapping[str, frozenset[str]]] = {
    "$ref": frozenset({"$ref"}),
    "enum": frozenset({"enum", "type"}),
    "const": frozenset({"const", "type"}),
    "anyOf": frozenset({"anyOf"}),
    # All that is written fits one of them; that it fits no other is left to the schema's author.
    "oneOf": frozenset({"oneOf"}),
    "allOf": frozenset({"allOf"}),
    "object": frozenset({"type", "properties", "required", "additionalProperties"}),
    "array": frozenset({"type", "items", "minItems", "maxItems"}),
    "string": frozenset({"type", "minLength", "maxLength"}),
    "integer": frozenset(
        {"type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
    ),
    "number": frozenset({"type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}),
    "boolean": frozenset({"type"}),
    "null": frozenset({"type"}),
    "any": frozenset(),
}
# What a schema with one of these and no `type` is of.
IMPLIED: Final = {
    "properties": "object",
    "additionalProperties": "object",
    "items": "array",
    "minLength": "string",
    "maxLength": "string",
}
# Up to here a list is a choice after each item, which every engine knows.
MOST_CHOSEN_ITEMS: Final = 32
MOST_REPEATED: Final = 1000
# Values, properties and items in all: llama.cpp reads such a grammar in milliseconds.
MOST_PARTS: Final = 2000
MOST_LISTED_NUMBERS: Final = 500
BOUNDS: Final = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf")
# As far as numbers go that a program holds exactly.
LARGEST: Final = 10**15 - 1
LONGEST_PLACE: Final = 120
ANY: Final = "any"
STRING: Final = "string"

DIGIT: Final = OneCharacter("0-9")
DIGITS: Final = Repeated(DIGIT, 0, 14)
WHOLE: Final = OneOf((InOrder((OneCharacter("1-9"), DIGITS)), "0"))
FRACTION: Final = Repeated(InOrder((".", Repeated(DIGIT, 1, 15))), 0, 1)
SIGN: Final = Repeated("-", 0, 1)
ESCAPED: Final = InOrder(("\\", OneOf((OneCharacter(r'"\\/bfnrt'),))))
CHARACTER: Final = OneOf((ESCAPED, OneCharacter(r'^"\\\x00-\x1F\x7F')))
TEXT: Final = InOrder(('"', Repeated(CHARACTER), '"'))
INSIDE: Final = Blanks("")
NEXT: Final = InOrder((",", Blanks(" ")))
IS: Final = InOrder((":", Blanks(" ")))
# In each choice the last option is the one that holds least.
ANYTHING: Final[tuple[tuple[str, Grammar], ...]] = (
    (STRING, TEXT),
    (
        ANY,
        OneOf(
            (
                Named("object"),
                InOrder(
                    (
                        "[",
                        INSIDE,
                        Repeated(
                            InOrder((Named(ANY), Repeated(InOrder((NEXT, Named(ANY)))), INSIDE)),
                            0,
                            1,
                        ),
                        "]",
                    )
                ),
                InOrder((SIGN, WHOLE, FRACTION)),
                "true",
                "false",
                Named(STRING),
                "null",
            )
        ),
    ),
    (
        "object",
        InOrder(
            (
                "{",
                INSIDE,
                Repeated(
                    InOrder(
                        (
                            Named(STRING),
                            IS,
                            Named(ANY),
                            Repeated(InOrder((NEXT, Named(STRING), IS, Named(ANY)))),
                            INSIDE,
                        )
                    ),
                    0,
                    1,
                ),
                "}",
            )
        ),
    ),
)
ANY_OBJECT: Final[Grammar] = Rules(Named("object"), ANYTHING)


def json_grammar(schema: Any, param: str) -> Grammar:
    """Return the grammar of the JSON texts that keep `schema`.

    Raises `InvalidRequest` that names the place, below `param`, of what cannot be kept.
    """
    reader = _SchemaReader(schema, param)
    start = reader.read(schema, param)
    named = (*reader.named.items(), *(ANYTHING if reader.has_free_parts else ()))
    return Rules(start, tuple(named)) if named else start


def texts_of(grammar: Grammar) -> Iterator[str]:
    """Yield every text that stands in a grammar."""
    match grammar:
        case str():
            yield grammar
        case OneOf(parts) | InOrder(parts):
            for part in parts:
                yield from texts_of(part)
        case Repeated(part):
            yield from texts_of(part)
        case Rules(start, named):
            for part in (start, *(body for _, body in named)):
                yield from texts_of(part)


class _SchemaReader:
    """Reads one schema; counts its parts as it goes.

    `named` are the schemas that `$ref` names, `has_free_parts` tells that `ANYTHING` is needed.
    """

    def __init__(self, root: Any, param: str) -> None:
        self.root = root
        self.param = param
        self.parts = 0
        self.named: dict[str, Grammar] = {}
        self.has_free_parts = False

    def read(self, schema: Any, place: str) -> Grammar:  # noqa: PLR0911  # one for each kind
        kind = _kind(schema, place)
        self._count(1)
        match kind:
            case "$ref":
                return self._reference(schema["$ref"], f"{place}.$ref")
            case "enum":
                return self._values(schema["enum"], f"{place}.enum")
            case "const":
                return self._values([schema["const"]], f"{place}.const")
            case "anyOf" | "oneOf":
                options = _list(schema[kind], f"{place}.{kind}")
                places = (f"{place}.{kind}.{index}" for index in range(len(options)))
                return OneOf(tuple(map(self.read, options, places)))
            case "allOf":
                [only] = self._single(schema["allOf"], f"{place}.allOf")
                return self.read(only, f"{place}.allOf.0")
            case "types":
                options = _list(schema["type"], f"{place}.type")
                return OneOf(tuple(self.read(_of_type(schema, one), place) for one in options))
            case "object":
                return self._object(schema, place)
            case "array":
                return self._array(schema, place)
            case "string":
                return self._string(schema, place)
            case "integer" | "number":
                return _number(schema, place)
            case "any":
                return self._free(ANY)
        return OneOf(("true", "false")) if kind == "boolean" else "null"

    def _free(self, name: str) -> Grammar:
        self.has_free_parts = True
        return Named(name)

    def _reference(self, reference: Any, place: str) -> Grammar:
        if not isinstance(reference, str) or not reference.startswith("#"):
            raise _refused(place, "このスキーマの中（#/…）を指してください")
        target: Any = self.root
        for step in reference.removeprefix("#").strip("/").split("/") if reference != "#" else ():
            name = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(target, dict) or name not in target:
                raise _refused(place, "このスキーマの中にあるものを指してください")
            target = target[name]
        if reference not in self.named:
            # Before it is read: it may hold itself.
            self.named[reference] = ""
            self.named[reference] = self.read(target, place)
            if self.named[reference] == Named(reference):
                raise _refused(place, "自分だけを指さないようにしてください")
        return Named(reference)

    def _values(self, values: Any, place: str) -> Grammar:
        self._count(len(_list(values, place)))
        return OneOf(tuple(dict.fromkeys(_spelled(value) for value in values)))

    def _single(self, values: Any, place: str) -> list[Any]:
        if len(_list(values, place)) > 1:
            raise _refused(place, "一つだけにしてください")
        return list(values)

    def _object(self, schema: Mapping[str, Any], place: str) -> Grammar:
        properties = schema.get("properties", {})
        if not isinstance(properties, dict):
            raise _refused(f"{place}.properties", "オブジェクト {…} にしてください")
        required = schema.get("required", [])
        if not isinstance(required, list) or not set(map(str, required)) <= properties.keys():
            raise _refused(f"{place}.required", "properties にある名前を並べてください")
        more = schema.get("additionalProperties", True)
        if not properties and more is not False:
            return self._mapping(more, f"{place}.additionalProperties")
        parts: list[Grammar] = []
        for name, value in properties.items():
            written = self.read(value, f"{place}.properties.{name}")
            parts += [NEXT if parts else INSIDE, _spelled(name), IS, written]
        return InOrder(("{", *parts, INSIDE, "}"))

    def _mapping(self, values: Any, place: str) -> Grammar:
        """Return an object whose names the model chooses."""
        if values is True:
            return self._free("object")
        entry = InOrder((self._free(STRING), IS, self.read(values, place)))
        more = Repeated(InOrder((NEXT, entry)))
        return InOrder(("{", INSIDE, Repeated(InOrder((entry, more, INSIDE)), 0, 1), "}"))

    def _array(self, schema: Mapping[str, Any], place: str) -> Grammar:
        least = _count_of(schema, "minItems", place) or 0
        most = _count_of(schema, "maxItems", place)
        if most is not None and least > most:
            raise _refused(f"{place}.minItems", "maxItems 以下にしてください")
        before = self.parts
        item = self.read(schema["items"], f"{place}.items") if "items" in schema else None
        item = self._free(ANY) if item is None else item
        if most is None or most > MOST_CHOSEN_ITEMS:
            return _repeated_items(item, least, most)
        # Lists of lists of lists: a grammar holds the item as many times as it may stand there.
        self._count((self.parts - before) * most)
        # From the last item to the first: each may be followed by another, or by the end.
        end = InOrder((INSIDE, "]"))
        rest: Grammar = end
        for count in range(most, 0, -1):
            another = InOrder((NEXT if count > 1 else INSIDE, item, rest))
            rest = another if count <= least else OneOf((another, end))
        return InOrder(("[", rest))

    def _string(self, schema: Mapping[str, Any], place: str) -> Grammar:
        least = _count_of(schema, "minLength", place) or 0
        most = _count_of(schema, "maxLength", place)
        if most is not None and least > most:
            raise _refused(f"{place}.minLength", "maxLength 以下にしてください")
        if not least and most is None:
            return self._free(STRING)
        return InOrder(('"', Repeated(CHARACTER, least, most), '"'))

    def _count(self, parts: int) -> None:
        self.parts += parts
        if self.parts > MOST_PARTS:
            raise _refused(self.param, f"値を全部で{MOST_PARTS}個以下にしてください")


def _repeated_items(item: Grammar, least: int, most: int | None) -> Grammar:
    rest = Repeated(InOrder((NEXT, item)), max(0, least - 1), None if most is None else most - 1)
    items = InOrder((item, rest, INSIDE))
    return InOrder(("[", INSIDE, items if least else Repeated(items, 0, 1), "]"))


def _number(schema: Mapping[str, Any], place: str) -> Grammar:
    """Return the numbers that keep the bounds, or of those with a fraction many of them."""
    bounds = {name: schema[name] for name in BOUNDS if name in schema}
    for name, bound in bounds.items():
        if type(bound) not in (int, float):
            raise _refused(f"{place}.{name}", "数にしてください")
    is_whole = schema["type"] == "integer"
    if not bounds:
        return InOrder((SIGN, WHOLE)) if is_whole else InOrder((SIGN, WHOLE, FRACTION))
    least, most = _whole_bounds(bounds)
    if step := bounds.get("multipleOf"):
        if least is None or most is None or most - least > MOST_LISTED_NUMBERS:
            raise _refused(
                f"{place}.multipleOf", f"範囲が{MOST_LISTED_NUMBERS}個以下の整数とだけ使えます"
            )
        whole = range(least, most + 1)
        options: list[Grammar] = [str(number) for number in whole if number % step == 0]
    else:
        options = _range(
            -LARGEST if least is None else least, LARGEST if most is None else most, is_whole
        )
    if not options:
        raise _refused(place, "当てはまる数があるようにしてください")
    return OneOf(tuple(options))


def _whole_bounds(bounds: Mapping[str, Any]) -> tuple[int | None, int | None]:
    least = [-int(-bounds["minimum"] // 1)] if "minimum" in bounds else []
    least += [int(bounds["exclusiveMinimum"] // 1) + 1] if "exclusiveMinimum" in bounds else []
    most = [int(bounds["maximum"] // 1)] if "maximum" in bounds else []
    most += [-int(-bounds["exclusiveMaximum"] // 1) - 1] if "exclusiveMaximum" in bounds else []
    return max(least, default=None), min(most, default=None)


def _range(least: int, most: int, is_whole: bool) -> list[Grammar]:
    """Return the numbers from `least` to `most`; with a fraction those between two whole ones."""
    signs = (("", max(least, 0), most), ("-", max(-most, 1 if is_whole else 0), -least))
    options: list[Grammar] = []
    for sign, low, high in signs:
        # A fraction makes a number larger, so that the last one has none.
        last = high if is_whole else high - 1
        for digits in range(len(str(low)), len(str(max(high, 0))) + 1):
            first = max(low, 10 ** (digits - 1) if digits > 1 else 0)
            end = min(last, 10**digits - 1)
            if first <= end:
                whole = _same_length(str(first), str(end))
                options.append(InOrder((sign, whole) if is_whole else (sign, whole, FRACTION)))
        if not is_whole and high >= max(low, 0 if not sign else 1):
            options.append(f"{sign}{high}")
    return options


def _same_length(low: str, high: str) -> Grammar:
    """Return the digits from `low` to `high`, which has as many of them."""
    if low == high:
        return low
    head, low_rest, high_rest = low[0], low[1:], high[1:]
    if head == high[0]:
        return InOrder((head, _same_length(low_rest, high_rest)))
    rest = len(low_rest)
    if low_rest == "0" * rest and high_rest == "9" * rest:
        first = OneCharacter(f"{head}-{high[0]}")
        return InOrder((first, Repeated(DIGIT, rest, rest))) if rest else first
    options: list[Grammar] = [InOrder((head, _same_length(low_rest, "9" * rest)))]
    if int(high[0]) - int(head) > 1:
        between = OneCharacter(f"{int(head) + 1}-{int(high[0]) - 1}")
        options.append(InOrder((between, Repeated(DIGIT, rest, rest))))
    return OneOf((*options, InOrder((high[0], _same_length("0" * rest, high_rest)))))


def _kind(schema: Any, place: str) -> str:
    """Return which of the known forms a schema has; refuse a keyword that would be left unkept."""
    if schema is True:
        return ANY
    if not isinstance(schema, dict):
        raise _refused(place, "スキーマ {…} にしてください")
    told = ("$ref", "enum", "const", "anyOf", "oneOf", "allOf")
    kind = next((name for name in told if name in schema), None)
    if kind is None and isinstance(schema.get("type"), list):
        return "types"
    implied = next((IMPLIED[name] for name in schema if name in IMPLIED), ANY)
    kind = kind or str(schema.get("type", implied))
    if kind not in KEYWORDS:
        known = "、".join(KEYWORDS)
        raise _refused(place, f"次のどれかの形にしてください: {known}")
    allowed = KEYWORDS[kind]
    # Of several types each takes its own.
    unknown = sorted(schema.keys() - allowed - NOTES)
    if unknown:
        raise _refused(f"{place}.{unknown[0][:40]}", "使えません")
    return kind


def _of_type(schema: Mapping[str, Any], wanted: Any) -> dict[str, Any]:
    """Return one of the types of a schema of several, without what is said of the others."""
    of_others = frozenset[str]().union(*(KEYWORDS.get(str(one), ()) for one in schema["type"]))
    left_out = of_others - KEYWORDS.get(str(wanted), frozenset())
    return {name: schema[name] for name in schema if name not in left_out} | {"type": wanted}


def _count_of(schema: Mapping[str, Any], name: str, place: str) -> int | None:
    if name not in schema:
        return None
    count = schema[name]
    if type(count) is not int or not 0 <= count <= MOST_REPEATED:
        raise _refused(f"{place}.{name}", f"0以上{MOST_REPEATED}以下の整数にしてください")
    return count


def _list(values: Any, place: str) -> list[Any]:
    if not isinstance(values, list) or not values:
        raise _refused(place, "空でないリスト […] にしてください")
    return values


def _spelled(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _refused(place: str, wanted: str) -> InvalidRequest:
    place = place if len(place) <= LONGEST_PLACE else f"{place[:LONGEST_PLACE]}…"
    return InvalidRequest(
        f"{place} は{wanted}。", param=place, english=f"{place} cannot be kept as it is."
    )
