"""The environment, read in one place."""

import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Final, Self

# Half a vCPU more than the memory's share only makes llama.cpp's threads wait for each other.
MOST_THREADS: Final = 6


@dataclass(frozen=True)
class Settings:
    """What the operator decides; everything has a default that works.

    `model` is a name of the catalogue or the path of a GGUF file. Limits are those of one request.
    """

    model: str = "kondate"
    threads: int = 2
    most_body_bytes: int = 256 * 1024
    answer_seconds: float = 28.0

    @classmethod
    def from_env(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read `CHEF_*`; raises `ValueError` that names a variable which is no number."""
        return cls(
            model=environment.get("CHEF_MODEL") or cls.model,
            threads=_number(environment, "CHEF_THREADS", min(os.cpu_count() or 1, MOST_THREADS)),
            most_body_bytes=_number(environment, "CHEF_MOST_BODY_BYTES", cls.most_body_bytes),
        )


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"{name}={text!r}: a whole number from 1 on is wanted")
    return int(text)


def quiet_observability(environment: MutableMapping[str, str] = os.environ) -> None:
    """Keep metrics, traces and logs out of a terminal; what the caller has set stays."""
    environment.setdefault("POWERTOOLS_METRICS_DISABLED", "true")
    environment.setdefault("POWERTOOLS_TRACE_DISABLED", "true")
    environment.setdefault("POWERTOOLS_LOG_LEVEL", "CRITICAL")
