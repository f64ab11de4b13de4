"""The environment, read in one place."""

import os
import re
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from chef_llm.errors import Misconfigured

ENGINES: Final = ("llama_cpp", "transformers")
PERSONAS: Final = ("chef", "plain")
# How Lambda says that it is taking the snapshot of a new version, or has started from one.
SNAP_START: Final = "snap-start"
MODELS_FOLDER: Final = "~/.cache/chef_llm/models"
# Of bucket names as S3 allows them; a key is any line of text.
S3_URI: Final = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(.+)")
# A folder: what stands below the prefix, "" for the whole bucket.
S3_PREFIX: Final = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/((?:[^\n]+/)?)")
DECIMAL: Final = re.compile(r"[0-9]+(\.[0-9]+)?")
# A prompt and the menu after it do not fit into less.
FEWEST_CONTEXT: Final = 512
MOST_TEMPERATURE: Final = 2.0
SHA256: Final = re.compile("[0-9a-f]{64}", re.IGNORECASE)


@dataclass(frozen=True)
class ModelObject:
    """Where a model's file is in S3, and the SHA-256 (lower-case hex) that it must have."""

    bucket: str
    key: str
    sha256: str

    @property
    def uri(self) -> str:
        """The object's name, for the operator."""
        return f"s3://{self.bucket}/{self.key}"


@dataclass(frozen=True)
class ModelChoices:
    """What the operator decides about a model; None leaves it to the catalogue or to the file.

    `context_length` is in tokens. `chat_template` is the name of one of `chat/templates`, or a
    file that ends with `.jinja`: beside the model's, at a path, or at `s3://bucket/key`.
    """

    context_length: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    chat_template: str | None = None


@dataclass(frozen=True)
class Settings:
    """What the operator decides; everything has a default that works.

    `model` is a name of the catalogue or one added to it (`chef models add`), or the path of a GGUF
    file or (for the engine "transformers") of a checkpoint's folder; `model_object` None reads its
    file from disk, else `model` is any name; `choices` take the place of the model's defaults;
    `threads` None is the catalogue's number for it. Limits are those of one request;
    `answer_seconds` is the HTTP API's time, which is less than any other's.
    `persona` "plain" lets the model answer as itself, without chef and guarantee.
    `models_folder` is where `chef models pull` puts files.
    """

    model: str = "kondate"
    model_object: ModelObject | None = None
    choices: ModelChoices = ModelChoices()
    engine: str = "llama_cpp"
    persona: str = "chef"
    threads: int | None = None
    most_body_bytes: int = 256 * 1024
    most_prompt_characters: int = 65_536
    most_answer_tokens: int = 1024
    answer_seconds: float = 28.0
    # os.path's, which leaves the path alone where there is no home (Path's raises).
    models_folder: Path = Path(os.path.expanduser(MODELS_FOLDER))  # noqa: PTH111

    @classmethod
    def from_env(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read `CHEF_*`; raises `Misconfigured` that names a variable with a wrong value."""
        model_object = _model_object(environment)
        engine = _one_of(ENGINES, environment, "CHEF_ENGINE") or cls.engine
        if model_object and engine != cls.engine:
            raise Misconfigured(
                f"環境変数 CHEF_MODEL_URI は CHEF_ENGINE={cls.engine} とだけ使えます"
                f"（今の値: {engine!r}）"
            )
        return cls(
            model=environment.get("CHEF_MODEL") or cls.model,
            model_object=model_object,
            choices=ModelChoices(
                context_length=_number(environment, "CHEF_CONTEXT_LENGTH", FEWEST_CONTEXT),
                temperature=_decimal(environment, "CHEF_TEMPERATURE", MOST_TEMPERATURE),
                top_p=_decimal(environment, "CHEF_TOP_P", 1.0),
                chat_template=environment.get("CHEF_CHAT_TEMPLATE") or None,
            ),
            engine=engine,
            persona=_one_of(PERSONAS, environment, "CHEF_PERSONA") or cls.persona,
            threads=_number(environment, "CHEF_THREADS") or cls.threads,
            most_body_bytes=_number(environment, "CHEF_MOST_BODY_BYTES") or cls.most_body_bytes,
            most_prompt_characters=_number(environment, "CHEF_MOST_PROMPT_CHARACTERS")
            or cls.most_prompt_characters,
            most_answer_tokens=_number(environment, "CHEF_MOST_ANSWER_TOKENS")
            or cls.most_answer_tokens,
            answer_seconds=_number(environment, "CHEF_ANSWER_SECONDS") or cls.answer_seconds,
            models_folder=Path(environment.get("CHEF_MODELS_DIR") or cls.models_folder),
        )


def _model_object(environment: Mapping[str, str]) -> ModelObject | None:
    """Read where the model's file is; the address stands in no message, callers would see it."""
    uri, sha256 = environment.get("CHEF_MODEL_URI"), environment.get("CHEF_MODEL_SHA256")
    if not uri and not sha256:
        return None
    if not uri:
        raise Misconfigured("環境変数 CHEF_MODEL_SHA256 には CHEF_MODEL_URI が要ります")
    if not sha256:
        raise Misconfigured("環境変数 CHEF_MODEL_URI には CHEF_MODEL_SHA256 が要ります")
    place = S3_URI.fullmatch(uri)
    if not place:
        raise Misconfigured(
            "環境変数 CHEF_MODEL_URI は s3://バケット/キー の形にしてください",
            detail=f"CHEF_MODEL_URI={uri!r}",
        )
    if not SHA256.fullmatch(sha256):
        raise Misconfigured(f"環境変数 CHEF_MODEL_SHA256 は16進数64桁にしてください: {sha256!r}")
    return ModelObject(bucket=place[1], key=place[2], sha256=sha256.lower())


def _number(environment: Mapping[str, str], name: str, least: int = 1) -> int | None:
    text = environment.get(name)
    if not text:
        return None
    if not text.isdecimal() or int(text) < least:
        raise Misconfigured(f"環境変数 {name} は{least}以上の整数にしてください: {text!r}")
    return int(text)


def _decimal(environment: Mapping[str, str], name: str, most: float) -> float | None:
    text = environment.get(name)
    if not text:
        return None
    if not DECIMAL.fullmatch(text) or float(text) > most:
        raise Misconfigured(f"環境変数 {name} は0から{most:g}までの数にしてください: {text!r}")
    return float(text)


def _one_of(values: Sequence[str], environment: Mapping[str, str], name: str) -> str | None:
    text = environment.get(name)
    if text and text not in values:
        allowed = "、".join(values)
        raise Misconfigured(
            f"環境変数 {name} は次のどれかにしてください: {allowed}（今の値: {text!r}）"
        )
    return text


def cookbook_uri(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return where the operator's own dishes are: a folder's path, or `s3://bucket/prefix/`."""
    return environment.get("CHEF_COOKBOOK_URI") or None


def choose_model(name: str, environment: MutableMapping[str, str] = os.environ) -> None:
    """Let this process answer with another model than the environment says."""
    environment["CHEF_MODEL"] = name


def lambda_initialization(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return how Lambda started this process ("on-demand", "snap-start"…), None elsewhere."""
    if "AWS_LAMBDA_FUNCTION_NAME" not in environment:
        return None
    # The emulator, which `sam local` uses as well, does not say.
    return environment.get("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")


def metrics_namespace(environment: Mapping[str, str] = os.environ) -> str:
    """Return the namespace of this stack's metrics in CloudWatch."""
    return environment.get("POWERTOOLS_METRICS_NAMESPACE") or "ChefLlm"


def quiet_observability(environment: MutableMapping[str, str] = os.environ) -> None:
    """Keep metrics, traces and logs out of a terminal; what the caller has set stays."""
    environment.setdefault("POWERTOOLS_METRICS_DISABLED", "true")
    environment.setdefault("POWERTOOLS_TRACE_DISABLED", "true")
    environment.setdefault("POWERTOOLS_LOG_LEVEL", "CRITICAL")
