"""Convert a checkpoint from the command line.

python -m chef_convert CHECKPOINT_FOLDER OUTPUT.gguf --type Q8_0
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
    arguments = parser.parse_args()
    try:
        convert(arguments.checkpoint, arguments.output, arguments.type)
    except ConversionError as error:
        sys.exit(f"chef_convert: {error}")


if __name__ == "__main__":
    main()
