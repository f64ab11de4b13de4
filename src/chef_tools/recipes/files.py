"""Writes a new dish into a folder of one's own, once the whole folder is right with it."""

import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

from chef_llm.cookbook import Cookbook, Ingredient, Nutrients
from chef_llm.cookbook.loader import INGREDIENT_COLUMNS, read_cookbook
from chef_llm.errors import InvalidRequest
from chef_tools.recipes.dishes import NewDish

# Of a file's name on any disk.
NO_FILE_NAME: Final = re.compile(r'[\\/:*?"<>|\s.]+')


def add_dish(folder: Path, new: NewDish, source: str, package: Cookbook) -> Path:
    """Write a dish and its new ingredients below `folder`, and return the dish's file.

    Raises `CookbookError` where the folder would be wrong with it; nothing is written then.
    """
    name = f"{NO_FILE_NAME.sub('_', new.fields['name'])}.toml"
    if (folder / "dishes" / name).exists():
        raise InvalidRequest(f"{folder / 'dishes' / name} がもうあります。")
    with tempfile.TemporaryDirectory() as scratch:
        trial = Path(scratch) / "cookbook"
        if folder.is_dir():
            shutil.copytree(folder, trial)
        _write(trial, name, new, source)
        read_cookbook(trial, package)
    _write(folder, name, new, source)
    return folder / "dishes" / name


def _write(folder: Path, name: str, new: NewDish, source: str) -> None:
    (folder / "dishes").mkdir(parents=True, exist_ok=True)
    (folder / "dishes" / name).write_text(dish_toml(new.fields, source), encoding="utf-8")
    if not new.ingredients:
        return
    table = folder / "ingredients.tsv"
    before = table.read_text(encoding="utf-8-sig") if table.exists() else ""
    rows = before.splitlines() or ["\t".join(INGREDIENT_COLUMNS)]
    rows += [ingredient_row(one) for one in new.ingredients]
    table.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")


def dish_toml(fields: dict[str, Any], source: str) -> str:
    """Return a dish as a table of TOML; JSON's strings and lists are TOML's too."""
    lines = [f"# {' '.join(source.split())}", "[[dish]]"]
    for key, value in fields.items():
        if key in ("ingredients", "steps"):
            rows = "".join(f"  {json.dumps(one, ensure_ascii=False)},\n" for one in value)
            lines.append(f"{key} = [\n{rows}]")
        else:
            lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def ingredient_row(one: Ingredient) -> str:
    """Return a row of `ingredients.tsv`."""
    cells = {
        "name": one.name,
        "reading": one.reading,
        "aliases": "|".join(one.aliases),
        "section": one.section,
        "food_number": one.food_number,
        **{name: f"{getattr(one.per_100g, name):g}" for name in Nutrients.model_fields},
        "allergens": "|".join(sorted(one.allergens)),
        "groups": "|".join(sorted(one.groups)),
        "measures": "|".join(f"{unit}={grams:g}" for unit, grams in one.measures.items()),
    }
    return "\t".join(cells[column] for column in INGREDIENT_COLUMNS)
