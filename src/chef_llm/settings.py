"""The environment, read in one place."""

import os
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from chef_llm.errors import Misconfigured

ENGINES: Final = ("llama_cpp", "transformers")


@dataclass(frozen=True)
class Settings:
    """What the operator decides; everything has a default that works.

    `model` is a name of the catalogue, or the path of a GGUF file or (for the engine
    "transformers") of a checkpoint's folder; `threads` None is the catalogue's number for it.
    Limits are those of one request.
    """

    model: str = "kondate"
    engine: str = "llama_cpp"
    threads: int | None = None
    most_body_bytes: int = 256 * 1024
    most_prompt_characters: int = 65_536
    most_answer_tokens: int = 1024
    answer_seconds: float = 28.0

    @classmethod
    def from_env(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read `CHEF_*`; raises `Misconfigured` that names a variable with a wrong value."""
        return cls(
            model=environment.get("CHEF_MODEL") or cls.model,
            engine=_one_of(ENGINES, environment, "CHEF_ENGINE") or cls.engine,
            threads=_number(environment, "CHEF_THREADS") or cls.threads,
            most_body_bytes=_number(environment, "CHEF_MOST_BODY_BYTES") or cls.most_body_bytes,
            most_prompt_characters=_number(environment, "CHEF_MOST_PROMPT_CHARACTERS")
            or cls.most_prompt_characters,
            most_answer_tokens=_number(environment, "CHEF_MOST_ANSWER_TOKENS")
            or cls.most_answer_tokens,
        )


def _number(environment: Mapping[str, str], name: str) -> int | None:
    text = environment.get(name)
    if not text:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise Misconfigured(f"環境変数 {name} は1以上の整数にしてください: {text!r}")
    return int(text)


def _one_of(values: Sequence[str], environment: Mapping[str, str], name: str) -> str | None:
    text = environment.get(name)
    if text and text not in values:
        allowed = "、".join(values)
        raise Misconfigured(
            f"環境変数 {name} は次のどれかにしてください: {allowed}（今の値: {text!r}）"
        )
    return text


def lambda_initialization(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return how Lambda started this process ("on-demand", "snap-start"…), None elsewhere."""
    if "AWS_LAMBDA_FUNCTION_NAME" not in environment:
        return None
    # The emulator, which `sam local` uses as well, does not say.
    return environment.get("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")


def quiet_observability(environment: MutableMapping[str, str] = os.environ) -> None:
    """Keep metrics, traces and logs out of a terminal; what the caller has set stays."""
    environment.setdefault("POWERTOOLS_METRICS_DISABLED", "true")
    environment.setdefault("POWERTOOLS_TRACE_DISABLED", "true")
    environment.setdefault("POWERTOOLS_LOG_LEVEL", "CRITICAL")
