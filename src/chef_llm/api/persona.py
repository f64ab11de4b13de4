"""Who is to answer: the chef, or the model as itself."""

from typing import Final

from chef_llm.api.envelope import shown
from chef_llm.api.openai import ModelCard
from chef_llm.chat.chef import Chef
from chef_llm.errors import ModelNotFound
from chef_llm.settings import Settings

# Behind a model's name: the model as itself.
PLAIN: Final = ":plain"


CHEF_DESCRIPTION: Final = (
    "献立を考えるシェフ。条件を読み取り、必ず守る献立を立てます。"
    "system メッセージは条件として読みます。"
)
PLAIN_DESCRIPTION: Final = (
    "モデルそのもの。モデルのテンプレートと、呼び出し側の system メッセージで答えます。"
    "献立の条件は保証しません。"
)


def model_cards(chef: Chef, settings: Settings) -> list[ModelCard]:
    """Return who answers here, under which name: the model by the setting, and as itself."""
    name = chef.model.name
    return [_card(one, chef, settings) for one in (name, f"{name}{PLAIN}")]


def _card(name: str, chef: Chef, settings: Settings) -> ModelCard:
    plain = is_plain(name, chef, settings)
    return ModelCard(
        id=name,
        persona="plain" if plain else "chef",
        description=PLAIN_DESCRIPTION if plain else CHEF_DESCRIPTION,
        context_length=chef.engine.context_length,
    )


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
