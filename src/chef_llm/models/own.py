"""The operator's own models on this machine: `models.own.toml` says where each one's file is."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Final

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from chef_llm.errors import ModelUnavailable
from chef_llm.settings import ModelChoices

OWN_FILE: Final = "models.own.toml"


@dataclass(frozen=True)
class OwnFile:
    """A GGUF file that was added, what it was then, and what was decided about it."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    path: Path
    bytes: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    context_length: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    chat_template: str | None = None

    @property
    def choices(self) -> ModelChoices:
        """What was decided when it was added."""
        return ModelChoices(self.context_length, self.temperature, self.top_p, self.chat_template)

    def require(self, name: str) -> None:
        """Raise `ModelUnavailable` unless the file is still there, in its size."""
        if not self.path.is_file():
            raise ModelUnavailable(f"モデル {name} のファイルがありません: {self.path}")
        if self.path.stat().st_size != self.bytes:
            raise ModelUnavailable(
                f"モデル {name} のファイルは、追加したときと大きさが違います: {self.path}。"
                f"`chef models add {self.path} --name {name}` で追加し直してください。"
            )


def read_own(models_folder: Path) -> dict[str, OwnFile]:
    """Return the files of that folder's list; raises `ModelUnavailable` when it is broken."""
    path = models_folder / OWN_FILE
    if not path.exists():
        return {}
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return TypeAdapter(dict[str, OwnFile]).validate_python(tables)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise ModelUnavailable(f"{path} を読めません: {error}") from error
