"""Write what `make ask` prints into both READMEs.

    make readme        # or: python tests/refresh_readme.py
    python tests/refresh_readme.py --check

With `--check` nothing is written: what a README shows otherwise is an error, with the difference.
"""

import argparse
import difflib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from chef_llm.cli import DEFAULT_QUESTION

ROOT: Final = Path(__file__).parents[1]
READMES: Final = (ROOT / "README.md", ROOT / "README.ja.md")
ASK: Final = re.compile(r"(?<=<!-- ask -->\n).*?(?=<!-- /ask -->\n)", re.DOTALL)


def ask_block() -> str:
    """Return the fenced block: the command and all that it prints, on the shipped model."""
    settings = ("CHEF_", "POWERTOOLS_")
    clean = {name: text for name, text in os.environ.items() if not name.startswith(settings)}
    chef = Path(sys.executable).with_name("chef")
    printed = subprocess.check_output([chef, "ask", DEFAULT_QUESTION], env=clean, encoding="utf-8")
    return f'```text\n$ make ask Q="{DEFAULT_QUESTION}"\n{printed}```\n'


def main() -> None:
    """Refresh or check both files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    is_check = parser.parse_args().check
    block = ask_block()
    for path in READMES:
        text = path.read_text(encoding="utf-8")
        [shown] = ASK.findall(text)
        if not is_check:
            path.write_text(ASK.sub(lambda _: block, text), encoding="utf-8")
        elif shown != block:
            texts = shown.splitlines(), block.splitlines()
            lines = difflib.unified_diff(*texts, path.name, "chef ask", lineterm="")
            sys.exit("\n".join(["Run `make readme`:", *lines]))


if __name__ == "__main__":
    main()
