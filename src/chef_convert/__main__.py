"""Convert a checkpoint of any architecture that is known here.

    python -m chef_convert CHECKPOINT_FOLDER OUTPUT.gguf --type Q8_0 --note license=MIT

Exit code 1, with the reason as the last line on stderr, when it cannot be converted.
"""

import argparse
import sys
from pathlib import Path

from chef_convert import ConversionError, convert


def main() -> int:
    """Convert from the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m chef_convert", description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--type", default="Q8_0", help="F32, Q8_0 or Q4_0")
    parser.add_argument("--note", action="append", default=[], help="general.KEY of the file")
    arguments = parser.parse_args()
    metadata = dict(note.split("=", 1) for note in arguments.note)
    try:
        convert(arguments.checkpoint, arguments.output, arguments.type, metadata)
    except ConversionError as error:
        print(error, file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        print(f"{error.name} is missing: pip install -e '.[convert]'", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
