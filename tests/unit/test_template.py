"""The SAM template against the application, and the recorded events against both.

What CloudFormation makes of the template is tested in tests/integration/test_stack.py.
"""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from chef_llm.app import ROUTES
from chef_llm.settings import Settings
from chef_llm.web import PAGE_ROUTES
from cloudformation import ROOT, read_template

TEMPLATE: Final = read_template()
PARAMETERS: Final[dict[str, dict[str, Any]]] = TEMPLATE["Parameters"]
RESOURCES: Final[dict[str, dict[str, Any]]] = TEMPLATE["Resources"]
EVENTS: Final = sorted((ROOT / "events").glob("*.json"))
# The API's routes for what the application does not know. OPTIONS is API Gateway's own, for CORS.
OTHER_ROUTES: Final = {
    (method, "/{proxy+}") for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
}
PAGE: Final = {("GET", "/"), ("GET", "/page/{proxy+}")}
# Read by what fetches a model's file.
MODEL_FILE: Final = {"CHEF_MODEL_URI", "CHEF_MODEL_SHA256"}


def properties(resource: str) -> dict[str, Any]:
    found: dict[str, Any] = RESOURCES[resource]["Properties"]
    return found


def routes() -> set[tuple[str, str]]:
    """Return method and path of each route."""
    paths = properties("ChefApi")["DefinitionBody"]["paths"]
    return {(method.upper(), path) for path in paths for method in paths[path]}


# Routes


def test_each_route_of_the_application_is_a_route_of_the_api() -> None:
    # A path with a parameter comes through {proxy+}, as what the application does not know.
    fixed = {(method, path) for path, method in ROUTES.items() if "{" not in path}
    assert routes() - OTHER_ROUTES == fixed | PAGE


def test_health_and_the_page_are_open_and_nothing_else_is() -> None:
    paths = properties("ChefApi")["DefinitionBody"]["paths"]
    is_open = {
        (method.upper(), path)
        for path in paths
        for method, operation in paths[path].items()
        if operation["security"] == []
    }
    assert is_open == PAGE | {("GET", "/health")}


def test_each_route_of_the_page_is_an_open_one_of_the_api() -> None:
    patterns = [re.escape(path).replace(r"\{proxy\+\}", ".+") for _, path in PAGE]
    assert [path for path in PAGE_ROUTES if not any(re.fullmatch(p, path) for p in patterns)] == []


def test_wrong_paths_and_methods_reach_the_application_and_preflights_do_not() -> None:
    assert routes() >= OTHER_ROUTES
    assert not {method for method, _ in routes()} & {"ANY", "OPTIONS", "X-AMAZON-APIGATEWAY-ANY"}
    assert not {path for _, path in routes()} & {"$default"}


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_an_event_is_one_that_the_api_sends(path: Path) -> None:
    event = json.loads(path.read_text(encoding="utf-8"))
    http = event["requestContext"]["http"]
    assert event["version"] == "2.0"
    assert (http["method"], http["path"]) in routes()
    assert event["rawPath"] == http["path"]
    assert event["routeKey"] == event["requestContext"]["routeKey"]
    assert event["routeKey"] == f"{http['method']} {http['path']}"
    assert int(event["headers"]["content-length"]) == len(event.get("body", "").encode())


# The function


def test_the_function_outlives_its_answer() -> None:
    function = properties("ChefFunction")
    everywhere = TEMPLATE["Globals"]["Function"]
    assert function["Handler"] == "chef_llm.app.lambda_handler"
    assert (everywhere["Runtime"], everywhere["Architectures"]) == ("python3.13", ["x86_64"])
    assert function["Timeout"] == 30


def test_each_variable_of_the_function_is_one_that_is_read() -> None:
    read = set()

    class Environment(dict[str, str]):
        def get(self, name: str, default: Any = None) -> Any:
            read.add(name)
            return default

    Settings.from_env(Environment())
    variables = properties("ChefFunction")["Environment"]["Variables"]
    assert {name for name in variables if name.startswith("CHEF_")} <= read | MODEL_FILE


def test_the_limits_of_a_request_are_those_of_the_settings() -> None:
    variables = properties("ChefFunction")["Environment"]["Variables"]
    settings = Settings()
    assert variables["CHEF_MOST_BODY_BYTES"] == settings.most_body_bytes
    assert variables["CHEF_MOST_PROMPT_CHARACTERS"] == settings.most_prompt_characters
    assert variables["CHEF_MOST_ANSWER_TOKENS"] == settings.most_answer_tokens


@pytest.mark.parametrize("function", ["ChefFunction", "AuthorizerFunction"])
def test_sam_build_has_a_target_for_each_function(function: str) -> None:
    assert RESOURCES[function]["Metadata"]["BuildMethod"] == "makefile"
    makefile = ROOT / properties(function)["CodeUri"] / "Makefile"
    assert f"build-{function}:" in makefile.read_text(encoding="utf-8")


def test_the_authorizer_installs_what_the_chef_installs() -> None:
    chef, authorizer = (
        set(requirements.read_text(encoding="utf-8").splitlines()[1:])
        for requirements in (ROOT / "src/requirements.txt", ROOT / "authorizer/requirements.txt")
    )
    assert authorizer < chef


# Parameters


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_has_a_description_a_default_and_bounds(name: str) -> None:
    parameter = PARAMETERS[name]
    assert parameter["Description"].endswith((".", "none", '"'))
    assert "Default" in parameter
    assert parameter.keys() & {"AllowedPattern", "AllowedValues", "MinValue"}


def test_every_parameter_stands_in_one_group() -> None:
    interface = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]
    grouped = [name for group in interface["ParameterGroups"] for name in group["Parameters"]]
    assert grouped == list(PARAMETERS)


def test_the_api_is_closed_unless_told_otherwise() -> None:
    assert PARAMETERS["AuthMode"]["Default"] == "key"
    assert "EVERYONE" in PARAMETERS["AuthMode"]["Description"]


SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        (
            "Model",
            ["kondate", "dolly-japanese-gpt-1b", "qwen3-0.6b"],
            ["", "a b", "../x", "モデル"],
        ),
        (
            "ModelUri",
            ["", "s3://bucket/key.gguf", "s3://my.bucket-1/a/b=1/model_Q4.gguf"],
            [
                "bucket/key",
                "https://bucket/key",
                "s3://bucket",
                "s3://bucket/",
                "s3://Bucket/key",
                "s3://bucket/*",
                "s3://bucket/models/?.gguf",
                "s3://bucket/${aws:username}",
                "s3://bucket/a b",
            ],
        ),
        ("ModelSha256", ["", SHA256], [SHA256[:-1], SHA256.upper(), f"{SHA256}0", "g" * 64]),
        (
            "AllowedOrigins",
            ["", "*", "https://a.example", "http://localhost:5173,https://a.example"],
            ["a.example", "https://a.example/", "https://a.example, https://b.example", "*,*"],
        ),
        ("StageName", ["$default", "prod", "v1_2-x"], ["", "$other", "a/b", "a b"]),
        (
            "DomainName",
            ["", "chef.example.com"],
            ["example", "Chef.example.com", "https://x.example"],
        ),
        (
            "CertificateArn",
            ["", "arn:aws:acm:eu-west-1:123456789012:certificate/12ab-34cd"],
            ["12ab-34cd", "arn:aws:iam::123456789012:server-certificate/x"],
        ),
        ("BasePath", ["", "chef", "v1/kitchen"], ["/chef", "chef/", "a//b", "a b"]),
        ("Environment", ["dev", "prod-2"], ["", "a b"]),
    ],
)
def test_a_pattern_takes_what_is_meant_and_nothing_else(
    name: str, good: list[str], bad: list[str]
) -> None:
    pattern = re.compile(PARAMETERS[name]["AllowedPattern"])
    assert pattern.match(PARAMETERS[name]["Default"])
    assert [value for value in good if not pattern.match(value)] == []
    assert [value for value in bad if pattern.match(value)] == []


def test_what_belongs_together_is_asked_for_together() -> None:
    rules = TEMPLATE["Rules"].values()
    told = " ".join(rule["Assertions"][0]["AssertDescription"] for rule in rules)
    assert all(name in told for name in ("ModelSha256", "CertificateArn", "BasePath"))


# Outputs


def test_outputs_tell_url_function_alias_and_where_the_key_is() -> None:
    assert {"ApiUrl", "FunctionName", "FunctionAlias", "ApiKeySecret"} <= set(TEMPLATE["Outputs"])
