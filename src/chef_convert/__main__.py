"""Convert a checkpoint from the command line.

    python -m chef_convert CHECKPOINT_FOLDER OUTPUT.gguf --type Q8_0 --note license=MIT

Exit code 1, with the reason as the last line on stderr, when it cannot be converted.
"""

import argparse
import sys
from pathlib import Path

from chef_convert import QUANTIZATIONS, ConversionError, convert


def main() -> None:
    """Convert, or say in one line why not."""
    parser = argparse.ArgumentParser(prog="chef_convert", description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--type", choices=QUANTIZATIONS, default="Q8_0")
    parser.add_argument("--note", action="append", default=[], help="KEY=VALUE of the file's facts")
    arguments = parser.parse_args()
    metadata = dict(note.split("=", 1) for note in arguments.note)
    try:
        convert(arguments.checkpoint, arguments.output, arguments.type, metadata)
    except ConversionError as error:
        sys.exit(f"chef_convert: {error}")


if __name__ == "__main__":
    main()
