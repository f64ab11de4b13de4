"""Reads the cookbook from its data files and refuses what cannot be right."""

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from statistics import median
from typing import Any, Final, cast

from pydantic import ValidationError

from chef_llm.cookbook.checks import (
    wrong_with_dish,
    wrong_with_ingredient,
    wrong_with_own_ingredient,
    wrong_with_part,
)
from chef_llm.cookbook.faults import CookbookError, DishLines, Faults, Where, of_toml
from chef_llm.cookbook.measures import FRACTION, Cut
from chef_llm.cookbook.model import (
    Cookbook,
    Dish,
    DishIngredient,
    Ingredient,
    Nutrients,
    Pack,
    Plain,
    Products,
    Section,
    Sold,
    Stock,
    Yen,
    fold,
)
from chef_llm.cookbook.own import own_folder
from chef_llm.cookbook.plate import EATEN, Way
from chef_llm.errors import Misconfigured
from chef_llm.settings import cookbook_uri

INGREDIENT_COLUMNS: Final = (
    *("name", "reading", "aliases", "section", "food_number"),
    *Nutrients.model_fields,
    *("allergens", "groups", "measures"),
)
SHOP_COLUMNS: Final = (
    *("name", "cut", "form", "refuse_percent", "sold", "instead"),
    *("yen_low", "yen", "yen_high"),
)
PLATE_COLUMNS: Final = ("dish", "way", "ingredients")
PART: Final = ("name", "grams", "measure")
INGREDIENTS, SHOP, PLATE, PRODUCTS, DISHES = (
    *("ingredients.tsv", "shop.tsv", "plate.tsv", "products.toml"),
    "dishes",
)
# Of a folder of one's own. What has another ending is nobody's mistake: a README, a picture.
READ_FILES: Final = (INGREDIENTS, SHOP, PLATE, PRODUCTS)
ENDINGS: Final = (".toml", ".tsv")
EMPTY: Final = Cookbook({}, {})


def load_cookbook() -> Cookbook:
    """Return the cookbook: that of this package, and with it the operator's own, if there is one.

    Read and checked once per process. Raises `Misconfigured` for a folder of the operator's with
    anything wrong in it.
    """
    return _with_own(cookbook_uri())


@cache
def package_cookbook() -> Cookbook:
    """Return the cookbook of this package alone."""
    return read_cookbook(files("chef_llm.cookbook"))


@cache
def _with_own(uri: str | None) -> Cookbook:
    if uri is None:
        return package_cookbook()
    folder = own_folder(uri)
    try:
        return read_cookbook(folder, package_cookbook())
    except CookbookError as error:
        more = len(error.faults) - 1
        others = f"（ほかに{more}件。`chef cookbook check` ですべて見られます）" if more else ""
        raise Misconfigured(
            f"環境変数 CHEF_COOKBOOK_URI の料理帳に誤りがあります: {error.faults[0]}{others}",
            detail=f"{uri}: {error}",
        ) from error


def read_cookbook(folder: Traversable, base: Cookbook = EMPTY) -> Cookbook:
    """Read `ingredients.tsv`, `shop.tsv`, `dishes/*.toml`, `plate.tsv` and `products.toml`.

    The last two need not be there. With a `base`, what is read is merged with it: of the folder
    only `dishes` must be there, and a name of the base may not be taken.

    Raises `CookbookError`, with all faults at once, for an unknown ingredient, a missing step, a
    doubtful amount, a name that stands twice, or anything else that is not as `docs/cookbook.md`
    describes.
    """
    return _Reader(folder, base).cookbook()


class _Reader:
    """Reads one folder, noting every fault on the way."""

    def __init__(self, folder: Traversable, base: Cookbook) -> None:
        self.folder = folder
        self.base = base
        self.is_own = base is not EMPTY
        self.faults = Faults()

    def cookbook(self) -> Cookbook:
        if self.is_own:
            self._refuse_what_is_not_read()
        sold = self._sold()
        ingredients = {**self.base.ingredients, **self._ingredients(sold)}
        self._check_sold(sold, ingredients)
        products = self._products(ingredients)
        known = Cookbook(ingredients, dict(self.base.dishes), products)
        # Dishes are judged with ingredients that are right: else one slip would be told often.
        dishes = {**self.base.dishes, **self._dishes(known)}
        ways = {**self.base.ways, **self._ways(dishes)}
        self.faults.require_none()
        own = frozenset(dishes) - frozenset(self.base.dishes) if self.is_own else frozenset()
        return Cookbook(ingredients, dishes, products, ways=ways, own=own)

    def _refuse_what_is_not_read(self) -> None:
        """Note files that look like a part of a cookbook and would be passed over in silence."""
        for path in _listed(self.folder):
            if path.name == DISHES or path.name in READ_FILES or path.name.startswith("."):
                continue
            if path.name == "knowledge" or path.name.endswith(ENDINGS):
                self.faults.add(
                    Where(path.name),
                    f"読まれません（読むのは {DISHES}/*.toml と {'、'.join(READ_FILES)} です）",
                )

    # The tables.

    def _rows(self, name: str, columns: tuple[str, ...]) -> Iterator[tuple[Where, dict[str, str]]]:
        """Yield the rows of a table that have all columns, each with its place."""
        path = self.folder / name
        if self.is_own and not path.is_file():
            return
        text = self._text(path)
        if text is None:
            return
        reader = csv.DictReader(text.splitlines(), delimiter="\t", restkey="", restval="")
        header = reader.fieldnames or ()
        for column in columns:
            if column not in header:
                self.faults.add(
                    Where(name, 1), f"列「{column}」がありません（列はタブで区切ります）"
                )
        for column in header:
            if column not in columns:
                known = "、".join(columns)
                self.faults.add(Where(name, 1), f"列「{column}」は読まれません（列: {known}）")
        if set(header) != set(columns):
            return
        for row in reader:
            where = Where(name, reader.line_num, row[columns[0]])
            if "" in row:
                self.faults.add(where, f"列が{len(columns)}より多くあります")
                continue
            yield where, row

    def _text(self, path: Traversable) -> str | None:
        """Return the text of a file; spreadsheets put a mark of the encoding before it."""
        try:
            return path.read_bytes().decode("utf-8-sig")
        except FileNotFoundError:
            self.faults.add(Where(path.name), "ファイルがありません")
        except UnicodeDecodeError:
            self.faults.add(Where(path.name), "文字コードがUTF-8ではありません")
        return None

    def _sold(self) -> dict[str, tuple[Where, Sold]]:
        found: dict[str, tuple[Where, Sold]] = {}
        for where, row in self._rows(SHOP, SHOP_COLUMNS):
            if row["name"] in found:
                self.faults.add(where, "同じ名前が2回あります")
                continue
            with self.faults.noted(where):
                sold = Sold(
                    cut=cast(Cut, row["cut"]),
                    form=row["form"],
                    refuse_percent=_number(row, "refuse_percent"),
                    packs=tuple(map(_pack, _words(row["sold"]))),
                    instead=_grams_by_word(row["instead"]),
                    yen=Yen(
                        low=_number(row, "yen_low"),
                        usual=_number(row, "yen"),
                        high=_number(row, "yen_high"),
                    ),
                )
                found[row["name"]] = where, sold
        return found

    def _check_sold(
        self, sold: Mapping[str, tuple[Where, Sold]], ingredients: Mapping[str, Ingredient]
    ) -> None:
        for name, (where, one) in sold.items():
            if name in self.base.ingredients:
                self.faults.add(where, "もとの料理帳の食材です。買い方や値段は変えられません")
            elif name not in ingredients:
                self.faults.add(where, f"この名前の食材は {INGREDIENTS} にありません")
            for other in one.instead:
                if other not in ingredients:
                    self.faults.add(where, f"食材「{other}」は食材の表にありません")
            yen = one.yen
            if not yen.low <= yen.usual <= yen.high:
                between = f"{yen.low:g}円と{yen.high:g}円"
                self.faults.add(where, f"{yen.usual:g}円が{between}の間にありません")

    def _ingredients(self, sold: Mapping[str, tuple[Where, Sold]]) -> dict[str, Ingredient]:
        ingredients: dict[str, Ingredient] = {}
        owners = {
            fold(word): one.name
            for one in self.base.ingredients.values()
            for word in (one.name, *one.aliases)
        }
        for where, row in self._rows(INGREDIENTS, INGREDIENT_COLUMNS):
            name = row["name"]
            if name in self.base.ingredients:
                self.faults.add(where, "もとの料理帳にある食材です。そのまま材料に書けます")
            elif name in ingredients:
                self.faults.add(where, "同じ名前が2回あります")
            elif name not in sold and not self.is_own:
                self.faults.add(Where(SHOP, name=name), "この食材の行がありません")
            else:
                with self.faults.noted(where):
                    shop = (
                        sold[name][1] if name in sold else usual_shop_row(row["section"], self.base)
                    )
                    ingredients[name] = _ingredient(row, shop)
                    self._check_ingredient(ingredients[name], where, owners)
        return ingredients

    def _check_ingredient(self, one: Ingredient, where: Where, owners: dict[str, str]) -> None:
        """Note what is wrong with one by itself; `owners` are the spellings that are taken."""
        reasons = [*wrong_with_ingredient(one)]
        if self.is_own:
            reasons += wrong_with_own_ingredient(one, self.base)
        for spelling in dict.fromkeys(fold(word) for word in (one.name, *one.aliases)):
            owner = owners.setdefault(spelling, one.name)
            if owner != one.name:
                reasons.append(f"「{spelling}」は食材「{owner}」のことでもあります")
        for reason in reasons:
            self.faults.add(where, reason)

    def _ways(self, dishes: Mapping[str, Dish]) -> dict[tuple[str, str], Way]:
        """Return what is not eaten whole, by dish and ingredient."""
        ways: dict[tuple[str, str], Way] = {}
        if not (self.folder / PLATE).is_file():
            return ways
        for where, row in self._rows(PLATE, PLATE_COLUMNS):
            dish, way = row["dish"], cast(Way, row["way"])
            if dish in self.base.dishes:
                self.faults.add(where, "もとの料理帳の料理です。食べ方は変えられません")
            elif dish not in dishes:
                self.faults.add(where, "この名前の料理はありません")
            elif way not in EATEN:
                known = "、".join(EATEN)
                self.faults.add(where, f"食べ方「{way}」はありません（使える言葉: {known}）")
            else:
                for name in _words(row["ingredients"]):
                    if name not in dishes[dish].ingredient_names:
                        self.faults.add(where, f"「{name}」はこの料理の材料にありません")
                    elif (dish, name) in ways:
                        self.faults.add(where, f"「{name}」が2回あります")
                    ways[dish, name] = way
        return ways

    def _products(self, ingredients: Mapping[str, Ingredient]) -> Products:
        base = self.base.products
        path = self.folder / PRODUCTS
        if not path.is_file() or (text := self._text(path)) is None:
            return base
        where = Where(PRODUCTS)
        plain: list[Plain] = []
        stocks: list[Stock] = []
        try:
            tables = tomllib.loads(text)
            with self.faults.noted(where):
                plain = [Plain(**table) for table in tables.get("plain", ())]
                if "stock" in tables:
                    said = tables["said"]["granules"]
                    stocks = [Stock(**table, said=said) for table in tables["stock"]]
        except tomllib.TOMLDecodeError as error:
            line, reason = of_toml(error)
            self.faults.add(Where(PRODUCTS, line), reason)
        except (KeyError, TypeError) as error:
            self.faults.add(where, f"形が違います: {error}")
        drawn_from = [name for stock in stocks for name, _ in stock.drawn_from]
        named = [name for one in plain for name in (one.food, one.instead)]
        for name in (*named, *drawn_from, *(x for one in stocks for x in (one.food, one.granules))):
            if name not in ingredients:
                self.faults.add(where, f"食材「{name}」は食材の表にありません")
        for food in (*(one.food for one in plain), *(one.food for one in stocks)):
            if food in self.base.ingredients:
                self.faults.add(where, f"「{food}」はもとの料理帳の食材です。変えられません")
        return Products(
            {**base.plain, **{one.food: one for one in plain}},
            {**base.stocks, **{one.food: one for one in stocks}},
        )

    # The dishes.

    def _dishes(self, known: Cookbook) -> dict[str, Dish]:
        """Return the dishes of all files; `known` has what they may be made of."""
        dishes: dict[str, Dish] = {}
        paths = [path for path in _listed(self.folder / DISHES) if path.name.endswith(".toml")]
        if not paths:
            self.faults.add(Where(f"{DISHES}/"), "料理のファイル（*.toml）がありません")
        for path in paths:
            if (text := self._text(path)) is None:
                continue
            lines = DishLines(text)
            for number, table in enumerate(self._tables(path.name, text)):
                name = str(table.get("name"))
                where = Where(path.name, lines.line(number), name)
                if name in dishes:
                    self.faults.add(where, "同じ名前の料理が2つあります")
                    continue
                # By themselves, so that they are told of a dish that is wrong elsewhere, too.
                reasons = [
                    reason for part in _parts(table) for reason in wrong_with_part(part, known)
                ]
                with self.faults.noted(where, partial(lines.line, number)):
                    dish = _dish(table)
                    dishes[dish.name] = dish
                    reasons += wrong_with_dish(dish, known)
                    if self.is_own:
                        reasons += _taken(dish, (*self.base.dishes.values(), *dishes.values()))
                for pattern, reason in reasons:
                    place = Where(path.name, lines.line(number, pattern), name)
                    self.faults.add(place, reason)
        return dishes

    def _tables(self, file_name: str, text: str) -> list[dict[str, Any]]:
        try:
            tables = tomllib.loads(text).get("dish")
        except tomllib.TOMLDecodeError as error:
            line, reason = of_toml(error)
            self.faults.add(Where(file_name, line), reason)
            return []
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self.faults.add(Where(file_name), "料理は、それぞれ [[dish]] の行の下に書いてください")
            return []
        return tables


def _taken(dish: Dish, others: Iterable[Dish]) -> Iterator[tuple[str, str]]:
    """Yield where a dish of one's own cannot be told from another when it is asked for."""
    spelled = {fold(dish.name), fold(dish.reading)}
    for other in others:
        if other is not dish and spelled & {fold(other.name), fold(other.reading)}:
            both = f"「{other.name}」（{other.reading}）"
            yield "name", f"料理{both}がもうあり、名前か読みが同じです。別の名前にしてください"


def _listed(folder: Traversable) -> list[Traversable]:
    """Return what is in a folder, by name; nothing where there is none."""
    return sorted(folder.iterdir(), key=lambda path: path.name) if folder.is_dir() else []


def _ingredient(row: dict[str, str], sold: Sold) -> Ingredient:
    return Ingredient(
        name=row["name"],
        reading=row["reading"],
        aliases=_words(row["aliases"]),
        section=cast(Section, row["section"]),
        food_number=row["food_number"],
        per_100g=Nutrients(**{name: _number(row, name) for name in Nutrients.model_fields}),
        allergens=frozenset(_words(row["allergens"])),
        groups=frozenset(_words(row["groups"])),
        measures=_grams_by_word(row["measures"]),
        sold=sold,
    )


def usual_shop_row(section: str, base: Cookbook) -> Sold:
    """Return how most of a section is cut and what it usually costs, for want of a row."""
    alike = [one.sold for one in base.ingredients.values() if one.section == section]
    if not alike:
        # Whatever stands here, the section itself is refused.
        return Sold(
            cut="parts",
            form="",
            refuse_percent=0,
            packs=(),
            instead={},
            yen=Yen(low=0, usual=0, high=0),
        )
    [(cut, _)] = Counter(one.cut for one in alike).most_common(1)
    return Sold(
        cut=cut,
        form="",
        refuse_percent=0,
        packs=(),
        instead={},
        yen=Yen(
            low=median(one.yen.low for one in alike),
            usual=median(one.yen.usual for one in alike),
            high=median(one.yen.high for one in alike),
        ),
    )


def _number(row: Mapping[str, str], column: str) -> float:
    try:
        return float(row[column])
    except ValueError:
        raise ValueError(f"{column} は数にしてください（今の値: {row[column]!r}）") from None


def _pack(words: str) -> Pack:
    """Read one size (1/2個=500, 本（1L）=1030)."""
    label, _, grams = words.rpartition("=")
    count = re.match(FRACTION, label)
    unit = label[count.end() :] if count else label
    return Pack(
        count=Fraction(count[0]) if count else Fraction(1), unit=unit, grams=_grams(grams, words)
    )


def _words(cell: str) -> tuple[str, ...]:
    return tuple(word for word in cell.split("|") if word)


def _grams_by_word(cell: str) -> dict[str, float]:
    pairs = {pair: pair.partition("=") for pair in _words(cell)}
    return {word: _grams(grams, pair) for pair, (word, _, grams) in pairs.items()}


def _grams(written: str, whole: str) -> float:
    try:
        return float(written)
    except ValueError:
        raise ValueError(f"「{whole}」は 大さじ=15 のように、=とグラム数を書いてください") from None


def _dish(table: dict[str, Any]) -> Dish:
    """Return the dish of a table; raises pydantic's error for whatever has another form."""
    given = table.get("ingredients")
    if not isinstance(given, list):
        return Dish(**table)
    return Dish(**{**table, "ingredients": [_part(part) for part in given]})


def _parts(table: dict[str, Any]) -> Iterator[DishIngredient]:
    """Yield the ingredients of a table that have the right form."""
    given = table.get("ingredients")
    for part in given if isinstance(given, list) else ():
        with suppress(ValidationError):
            yield DishIngredient.model_validate(_part(part))


def _part(part: object) -> object:
    if not isinstance(part, list) or len(part) != len(PART):
        return part
    return dict(zip(PART, part, strict=True))
