"""The recorded events of `events/`: requests as API Gateway hands them to the function."""

import json
from pathlib import Path
from typing import Any, Final

EVENTS: Final = sorted((Path(__file__).parents[1] / "events").glob("*.json"))
# The others are answered with 200.
REFUSED: Final = {"bad_json": 400, "embeddings": 400}


def recorded(event: Path) -> dict[str, Any]:
    """Return an event as the function gets it."""
    read: dict[str, Any] = json.loads(event.read_text(encoding="utf-8"))
    return read


def status_of(event: Path) -> int:
    """Return the status that an event is answered with."""
    return REFUSED.get(event.stem, 200)
