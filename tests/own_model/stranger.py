"""The model that is in no catalogue: where its file is, and what it is called here."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
WEIGHTS: Final = ROOT / "build" / "smollm2" / "SmolLM2-135M-Instruct.Q4_1.gguf"
NAME: Final = "my-model"
# On a busy machine an answer takes many times what it takes on an idle one.
ANSWER_SECONDS: Final = 240
