"""Reports of scripts, in the pages that show them."""

import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "operations.md"


def as_table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of Markdown; all columns but the first are figures."""
    rule = ["---", *["---:"] * (len(heading) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heading, rule, *rows))


def machine() -> str:
    """Return what the figures were measured on: processor, cores, Python."""
    names = re.findall(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    processor = names[0] if names else platform.machine()
    return f"{processor}, {os.cpu_count()} cores; Python {platform.python_version()}"


def write_report(name: str, block: str, document: Path = DOCUMENT) -> None:
    """Put `block` between the marks of that name; raises `ValueError` where they are not."""
    place = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->\n)", re.DOTALL)
    text, count = place.subn(lambda _: f"{block}\n", document.read_text(encoding="utf-8"))
    if count != 1:
        raise ValueError(f"{document} has {count} places for the report {name!r}, not one")
    document.write_text(text, encoding="utf-8")
