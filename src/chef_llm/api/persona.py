"""Who is to answer: the chef, or the model as itself."""

from typing import Final

from chef_llm.api.envelope import shown
from chef_llm.chat.chef import Chef
from chef_llm.errors import ModelNotFound
from chef_llm.settings import Settings

# Behind a model's name: the model as itself.
PLAIN: Final = ":plain"


def is_plain(asked: str | None, chef: Chef, settings: Settings) -> bool:
    """Tell whether the model is to answer as itself: `"model": "NAME:plain"`, or the setting.

    Raises `ModelNotFound` for a plain model of another name; of the chef's any name will do.
    """
    if asked is None or not asked.endswith(PLAIN):
        return settings.persona == "plain"
    if asked != f"{chef.model.name}{PLAIN}":
        raise ModelNotFound(
            f"モデル {shown(asked)} はありません。使えるモデル: "
            f"{chef.model.name}、{chef.model.name}{PLAIN}。",
            param="model",
            english=f"There is no such model; there are {chef.model.name} and "
            f"{chef.model.name}{PLAIN}.",
        )
    return True
