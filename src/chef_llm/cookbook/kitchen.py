"""What people ask beside menus, as data: `knowledge/*.toml`, read and checked like the dishes."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError

from chef_llm.cookbook.faults import CookbookError
from chef_llm.cookbook.loader import package_cookbook
from chef_llm.cookbook.model import Cookbook, Frozen, fold

Kind = Literal[
    "代用",
    "保存",
    "救済",
    "火の通り",
    "計量",
    "切り方",
    "選び方",
    "取り合わせ",
    "ご飯・麺",
    "解凍",
    "衛生",
    "下ごしらえ",
    "言葉",
]
Words = Annotated[str, Field(min_length=1)]
# Of an entry of this kind `foods` are what is not at hand; of all others, what is eaten.
SUBSTITUTES: Final = "代用"
MOST_SENTENCES: Final = 4
MOST_CHARACTERS: Final = 240
SENTENCE: Final = re.compile(r"[^。]+。")
# Stands for a food of an entry, in the ways of asking that a whole file shares.
ANY_FOOD: Final = "＊"


class Entry(Frozen):
    """An answer, the ways to ask for it, and what it is about, by names of the cookbook."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    kind: Kind
    question: Words
    asked: tuple[Words, ...] = Field(min_length=1)
    answer: Words
    # Ways of asking that its whole file shares, with `ANY_FOOD` for any of its foods.
    asked_of_any: tuple[Words, ...] = ()
    foods: tuple[str, ...] = ()
    dishes: tuple[str, ...] = ()

    @property
    def is_substitute(self) -> bool:
        """Whether it tells what stands in for its foods."""
        return self.kind == SUBSTITUTES

    @property
    def phrasings(self) -> tuple[str, ...]:
        """Its own ways of being asked for."""
        return (self.question, *self.asked)


@cache
def load_knowledge() -> tuple[Entry, ...]:
    """Return the entries of this package, read and checked once per process."""
    return read_knowledge(files("chef_llm.cookbook") / "knowledge", package_cookbook())


def read_knowledge(folder: Traversable, cookbook: Cookbook) -> tuple[Entry, ...]:
    """Read the entries of all `*.toml` in `folder`.

    Raises `CookbookError` for an unknown food or dish, an answer that is too long, an id or a way
    of asking that stands twice, or anything else that is not as `docs/cookbook.md` describes.
    """
    entries: dict[str, Entry] = {}
    owners: dict[str, str] = {}
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if not path.name.endswith(".toml"):
            continue
        for entry in _read_entries(path):
            where = f"{path.name}: {entry.id}"
            _check_entry(entry, cookbook, where)
            if entry.id in entries:
                raise CookbookError(f"{where}: this id stands twice")
            for phrasing in entry.phrasings:
                owner = owners.setdefault(fold(phrasing), entry.id)
                if owner != entry.id:
                    raise CookbookError(f"{where}: {phrasing!r} also asks for {owner}")
            entries[entry.id] = entry
    return tuple(entries.values())


def _read_entries(path: Traversable) -> list[Entry]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        kind, rows = table["kind"], table["entry"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise CookbookError(f"{path.name}: {error}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CookbookError(f"{path.name}: entries are wanted, each below a line [[entry]]")
    shared = table.get("asked", [])
    for way in shared:
        if ANY_FOOD not in way:
            raise CookbookError(f"{path.name}: {way!r} is shared by all and lacks {ANY_FOOD}")
    return [_entry({**row, "kind": kind, "asked_of_any": shared}, path.name) for row in rows]


def _entry(row: dict[str, Any], file_name: str) -> Entry:
    try:
        return Entry(**row)
    except ValidationError as error:
        first = error.errors()[0]
        reason = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise CookbookError(f"{file_name}: {row.get('id')}: {reason}") from error


def _check_entry(entry: Entry, cookbook: Cookbook, where: str) -> None:
    for food in entry.foods:
        if food not in cookbook.ingredients:
            raise CookbookError(f"{where}: unknown ingredient {food!r}")
    for dish in entry.dishes:
        if dish not in cookbook.dishes:
            raise CookbookError(f"{where}: unknown dish {dish!r}")
    if "".join(SENTENCE.findall(entry.answer)) != entry.answer:
        raise CookbookError(f"{where}: an answer is sentences, each with its 「。」")
    if len(SENTENCE.findall(entry.answer)) > MOST_SENTENCES:
        raise CookbookError(f"{where}: more than {MOST_SENTENCES} sentences")
    if len(entry.answer) > MOST_CHARACTERS:
        raise CookbookError(f"{where}: more than {MOST_CHARACTERS} characters")
