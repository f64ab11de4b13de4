"""Each recorded event goes through the built function by `sam local invoke`."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from local_api import ROOT, environment

EVENTS = sorted((ROOT / "events").glob("*.json"))
SAM = ROOT / ".venv" / "bin" / "sam"
# The others are answered.
REFUSED = {"bad_json": 400}


def invoke(event: Path) -> dict[str, object]:
    """Return what the function answers, the last line that the SAM CLI prints."""
    options = os.environ.get("SAM_LOCAL_OPTIONS", "").split()
    done = subprocess.run(
        [SAM, "local", "invoke", "ChefFunction", "--event", event, *options],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    response: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return response


def test_there_are_events() -> None:
    assert {event.stem for event in EVENTS} > REFUSED.keys()


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.stem)
def test_an_event_is_answered(event: Path) -> None:
    response = invoke(event)
    assert response["statusCode"] == REFUSED.get(event.stem, 200), response
