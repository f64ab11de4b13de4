import dataclasses
from pathlib import Path

import pytest

from chef_llm.errors import Misconfigured
from chef_llm.settings import (
    ModelChoices,
    ModelObject,
    Settings,
    lambda_initialization,
    quiet_observability,
)

URI = "s3://my-models/dolly/q4_0.gguf"
SHA256 = "0123456789abcdef" * 4


def test_everything_has_a_default_that_works() -> None:
    settings = Settings.from_env({})

    assert settings.model == "kondate"
    assert settings.model_object is None
    # The catalogue knows how many threads suit a model.
    assert settings.threads is None
    assert settings.most_body_bytes == 262_144
    assert settings.most_prompt_characters == 65_536
    assert settings.most_answer_tokens == 1024
    assert settings.answer_seconds == 28
    assert settings.models_folder.parts[-3:] == (".cache", "chef_llm", "models")


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
        ("CHEF_MODELS_DIR", "models", "models_folder", Path("models")),
        ("CHEF_MODELS_DIR", "", "models_folder", Settings.models_folder),
        ("CHEF_MOST_PROMPT_CHARACTERS", "500", "most_prompt_characters", 500),
        ("CHEF_MOST_ANSWER_TOKENS", "64", "most_answer_tokens", 64),
        ("CHEF_ANSWER_SECONDS", "60", "answer_seconds", 60),
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
        "CHEF_ANSWER_SECONDS",
    ],
)
@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5", " 2", "1e3", "²"])
def test_what_is_no_number_is_an_error_that_names_variable_and_value(name: str, value: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        Settings.from_env({name: value})
    assert caught.value.message == f"環境変数 {name} は1以上の整数にしてください: {value!r}"


@pytest.mark.parametrize(
    ("uri", "sha256", "bucket", "key"),
    [
        (URI, SHA256, "my-models", "dolly/q4_0.gguf"),
        (URI, SHA256.upper(), "my-models", "dolly/q4_0.gguf"),
        ("s3://a.b-3/x", SHA256, "a.b-3", "x"),
        ("s3://models/モデル 1/s3://x", SHA256, "models", "モデル 1/s3://x"),
    ],
)
def test_a_model_s_file_is_an_object_with_a_checksum(
    uri: str, sha256: str, bucket: str, key: str
) -> None:
    settings = Settings.from_env({"CHEF_MODEL_URI": uri, "CHEF_MODEL_SHA256": sha256})

    assert settings.model_object == ModelObject(bucket, key, SHA256)
    assert settings.model_object.uri == uri


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"CHEF_MODEL_URI": URI}, "CHEF_MODEL_SHA256 が要ります"),
        ({"CHEF_MODEL_URI": URI, "CHEF_MODEL_SHA256": ""}, "CHEF_MODEL_SHA256 が要ります"),
        ({"CHEF_MODEL_SHA256": SHA256}, "CHEF_MODEL_URI が要ります"),
    ],
)
def test_an_object_without_a_checksum_and_the_reverse_is_an_error(
    environment: dict[str, str], named: str
) -> None:
    with pytest.raises(Misconfigured, match=named):
        Settings.from_env(environment)


@pytest.mark.parametrize(
    "uri",
    [
        "my-models/dolly.gguf",
        "https://my-models.s3.amazonaws.com/dolly.gguf",
        "s3:/my-models/dolly.gguf",
        "s3://my-models",
        "s3://my-models/",
        "s3:///dolly.gguf",
        "s3://My-Models/dolly.gguf",
        "s3://my_models/dolly.gguf",
        "s3://ab/dolly.gguf",
        "s3://my-models/dolly.gguf\n",
        " s3://my-models/dolly.gguf",
    ],
)
def test_a_wrong_uri_is_named_and_shown_to_the_operator_alone(uri: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        Settings.from_env({"CHEF_MODEL_URI": uri, "CHEF_MODEL_SHA256": SHA256})
    assert (
        caught.value.message == "環境変数 CHEF_MODEL_URI は s3://バケット/キー の形にしてください"
    )
    assert caught.value.detail == f"CHEF_MODEL_URI={uri!r}"


@pytest.mark.parametrize("sha256", [SHA256[1:], SHA256 + "0", "g" + SHA256[1:], f"{SHA256}\n"])
def test_a_wrong_checksum_is_an_error_that_names_variable_and_value(sha256: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        Settings.from_env({"CHEF_MODEL_URI": URI, "CHEF_MODEL_SHA256": sha256})
    assert (
        caught.value.message == f"環境変数 CHEF_MODEL_SHA256 は16進数64桁にしてください: {sha256!r}"
    )


def test_a_model_from_s3_is_for_llama_cpp_alone() -> None:
    environment = {"CHEF_MODEL_URI": URI, "CHEF_MODEL_SHA256": SHA256}

    with pytest.raises(Misconfigured, match="CHEF_ENGINE=llama_cpp"):
        Settings.from_env({**environment, "CHEF_ENGINE": "transformers"})


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


@pytest.mark.parametrize(
    ("name", "value", "choices"),
    [
        ("CHEF_CONTEXT_LENGTH", "2048", ModelChoices(context_length=2048)),
        ("CHEF_CONTEXT_LENGTH", "", ModelChoices()),
        ("CHEF_TEMPERATURE", "0", ModelChoices(temperature=0.0)),
        ("CHEF_TEMPERATURE", "0.7", ModelChoices(temperature=0.7)),
        ("CHEF_TOP_P", "0.95", ModelChoices(top_p=0.95)),
        ("CHEF_CHAT_TEMPLATE", "llama2", ModelChoices(chat_template="llama2")),
        ("CHEF_CHAT_TEMPLATE", "", ModelChoices()),
    ],
)
def test_what_is_decided_about_the_model_is_read(
    name: str, value: str, choices: ModelChoices
) -> None:
    assert Settings.from_env({name: value}).choices == choices


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHEF_CONTEXT_LENGTH", "511"),
        ("CHEF_CONTEXT_LENGTH", "4k"),
        ("CHEF_TEMPERATURE", "2.1"),
        ("CHEF_TEMPERATURE", "-1"),
        ("CHEF_TEMPERATURE", "nan"),
        ("CHEF_TOP_P", "1.01"),
        ("CHEF_TOP_P", "９"),
    ],
)
def test_a_choice_that_no_model_takes_is_named(name: str, value: str) -> None:
    with pytest.raises(Misconfigured, match=f"環境変数 {name} は.*{value}"):
        Settings.from_env({name: value})
