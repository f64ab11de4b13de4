import dataclasses

import pytest

from chef_llm.errors import Misconfigured
from chef_llm.settings import Settings, lambda_initialization, quiet_observability


def test_everything_has_a_default_that_works() -> None:
    settings = Settings.from_env({})

    assert settings.model == "kondate"
    # The catalogue knows how many threads suit a model.
    assert settings.threads is None
    assert settings.most_body_bytes == 262_144
    assert settings.most_prompt_characters == 65_536
    assert settings.most_answer_tokens == 1024
    assert settings.answer_seconds == 28


def test_the_environment_of_the_process_is_read_when_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CHEF_MODEL", "elsewhere.gguf")

    assert Settings.from_env().model == "elsewhere.gguf"


@pytest.mark.parametrize(
    ("name", "value", "field", "meant"),
    [
        ("CHEF_MODEL", "/opt/models/dolly.gguf", "model", "/opt/models/dolly.gguf"),
        ("CHEF_MODEL", "", "model", "kondate"),
        ("CHEF_THREADS", "1", "threads", 1),
        ("CHEF_THREADS", "16", "threads", 16),
        ("CHEF_MOST_BODY_BYTES", "1024", "most_body_bytes", 1024),
        ("CHEF_MOST_BODY_BYTES", "", "most_body_bytes", 262_144),
        ("CHEF_MOST_PROMPT_CHARACTERS", "500", "most_prompt_characters", 500),
        ("CHEF_MOST_ANSWER_TOKENS", "64", "most_answer_tokens", 64),
    ],
)
def test_a_variable_decides_its_field(name: str, value: str, field: str, meant: object) -> None:
    assert getattr(Settings.from_env({name: value}), field) == meant


@pytest.mark.parametrize(
    "name",
    [
        "CHEF_THREADS",
        "CHEF_MOST_BODY_BYTES",
        "CHEF_MOST_PROMPT_CHARACTERS",
        "CHEF_MOST_ANSWER_TOKENS",
    ],
)
@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5", " 2", "1e3", "²"])
def test_what_is_no_number_is_an_error_that_names_variable_and_value(name: str, value: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        Settings.from_env({name: value})
    assert caught.value.message == f"環境変数 {name} は1以上の整数にしてください: {value!r}"


@pytest.mark.parametrize(
    ("environment", "initialization"),
    [
        ({}, None),
        ({"AWS_LAMBDA_FUNCTION_NAME": "chef"}, "on-demand"),
        (
            {
                "AWS_LAMBDA_FUNCTION_NAME": "chef",
                "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start",
            },
            "snap-start",
        ),
    ],
)
def test_lambda_says_how_it_starts_the_process(
    environment: dict[str, str], initialization: str | None
) -> None:
    assert lambda_initialization(environment) == initialization


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().model = "other"  # type: ignore[misc]


def test_a_terminal_sees_no_metrics_and_logs_unless_the_caller_wants_them() -> None:
    environment = {"POWERTOOLS_LOG_LEVEL": "DEBUG"}

    quiet_observability(environment)

    assert environment == {
        "POWERTOOLS_METRICS_DISABLED": "true",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "POWERTOOLS_LOG_LEVEL": "DEBUG",
    }
