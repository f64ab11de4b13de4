"""Write what commands print into the pages that show it: `make ask`, `chef cost`.

    make readme        # or: python tests/refresh_readme.py
    python tests/refresh_readme.py --check

With `--check` nothing is written: what a page shows otherwise is an error, with the difference.
"""

import argparse
import difflib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from chef_tools.cli import DEFAULT_QUESTION

ROOT: Final = Path(__file__).parents[1]
# Between `<!-- name -->` and `<!-- /name -->`: the command shown, and that which is run for it.
SHOWN: Final = {
    "ask": (f'make ask Q="{DEFAULT_QUESTION}"', ["ask", "--seed", "1", DEFAULT_QUESTION]),
    "cost": (".venv/bin/chef cost", ["cost"]),
}
PAGES: Final = {"README.md": "ask", "README.ja.md": "ask", "docs/operations.md": "cost"}


def block(name: str) -> str:
    """Return the fenced block: the command and all that it prints, on the shipped model."""
    shown, arguments = SHOWN[name]
    settings = ("CHEF_", "POWERTOOLS_")
    clean = {name: text for name, text in os.environ.items() if not name.startswith(settings)}
    chef = Path(sys.executable).with_name("chef")
    printed = subprocess.check_output([chef, *arguments], env=clean, encoding="utf-8")
    return f"```text\n$ {shown}\n{printed}```\n"


def main() -> None:
    """Refresh or check all pages."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    is_check = parser.parse_args().check
    blocks = {name: block(name) for name in SHOWN}
    for page, name in PAGES.items():
        path = ROOT / page
        text = path.read_text(encoding="utf-8")
        place = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->\n)", re.DOTALL)
        [shown] = place.findall(text)
        if not is_check:
            path.write_text(place.sub(lambda _, new=blocks[name]: new, text), encoding="utf-8")
        elif shown != blocks[name]:
            texts = shown.splitlines(), blocks[name].splitlines()
            lines = difflib.unified_diff(*texts, page, f"chef {name}", lineterm="")
            sys.exit("\n".join(["Run `make readme`:", *lines]))


if __name__ == "__main__":
    main()
