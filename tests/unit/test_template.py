"""The SAM template against the application, and the recorded events against both.

What CloudFormation makes of the template is tested in tests/integration/test_stack.py.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from fakes import FakeEngine

from chef_llm.app import ROUTES, lambda_handler
from chef_llm.asgi import LocalContext
from chef_llm.settings import ModelChoices, Settings, cookbook_uri
from chef_llm.web import PAGE_ROUTES
from cloudformation import ROOT, STREAMING_LAYER, read_template
from recorded import EVENTS, recorded, status_of

TEMPLATE: Final = read_template()
PARAMETERS: Final[dict[str, dict[str, Any]]] = TEMPLATE["Parameters"]
RESOURCES: Final[dict[str, dict[str, Any]]] = TEMPLATE["Resources"]
# The API's routes for what the application does not know. OPTIONS is API Gateway's own, for CORS.
OTHER_ROUTES: Final = {
    (method, "/{proxy+}") for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
}
PAGE: Final = {("GET", "/"), ("HEAD", "/"), ("GET", "/page/{proxy+}")}
HEALTH: Final = {("GET", "/health"), ("HEAD", "/health")}
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
    assert routes() - OTHER_ROUTES == fixed | PAGE | HEALTH


def test_health_and_the_page_are_open_and_nothing_else_is() -> None:
    paths = properties("ChefApi")["DefinitionBody"]["paths"]
    is_open = {
        (method.upper(), path)
        for path in paths
        for method, operation in paths[path].items()
        if operation["security"] == []
    }
    assert is_open == PAGE | HEALTH


def test_each_route_of_the_page_is_an_open_one_of_the_api() -> None:
    patterns = [re.escape(path).replace(r"\{proxy\+\}", ".+") for _, path in PAGE]
    assert [path for path in PAGE_ROUTES if not any(re.fullmatch(p, path) for p in patterns)] == []


def test_wrong_paths_and_methods_reach_the_application_and_preflights_do_not() -> None:
    assert routes() >= OTHER_ROUTES
    assert not {method for method, _ in routes()} & {"ANY", "OPTIONS", "X-AMAZON-APIGATEWAY-ANY"}
    assert not {path for _, path in routes()} & {"$default"}


def test_a_page_elsewhere_may_send_and_read_the_headers_of_the_clients() -> None:
    _, cors, _ = properties("ChefApi")["CorsConfiguration"]["Fn::If"]
    assert {"authorization", "x-stainless-lang", "anthropic-version"} <= set(cors["AllowHeaders"])
    written = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    table = written.partition("## Headers of an answer")[2].partition("## Errors")[0]
    documented = set(re.findall(r"^\| `([\w-]+)", table, re.M)) - {"allow"}
    assert set(cors["ExposeHeaders"]) == documented


def faults_of_event(event: dict[str, Any]) -> Iterator[str]:
    """Yield what the API would send otherwise."""
    http = event["requestContext"]["http"]
    route = f"{http['method']} {http['path']}"
    is_named = (http["method"], http["path"]) in routes()
    key = route if is_named else f"{http['method']} /{{proxy+}}"
    rules = {
        "version": event["version"] == "2.0",
        "path": event["rawPath"] == http["path"],
        "route": event["routeKey"] == event["requestContext"]["routeKey"] == key,
        "parameters": event.get("pathParameters")
        == (None if is_named else {"proxy": http["path"][1:]}),
        "length": int(event["headers"]["content-length"]) == len(event.get("body", "").encode()),
    }
    yield from (rule for rule, is_kept in rules.items() if not is_kept)


def test_every_event_is_one_that_the_api_sends() -> None:
    faults = {path.stem: list(faults_of_event(recorded(path))) for path in EVENTS}

    assert faults
    assert not {name: wrong for name, wrong in faults.items() if wrong}


def test_every_route_has_an_event() -> None:
    sent = {
        (one["requestContext"]["http"]["method"], one["rawPath"]) for one in map(recorded, EVENTS)
    }
    lacking = [
        (method, path)
        for path, method in {**ROUTES, "/": "GET"}.items()
        if not any(
            method == other and re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), asked)
            for other, asked in sent
        )
    ]

    assert not lacking


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.stem)
def test_the_application_answers_an_event_and_knows_all_of_its_fields(
    engine: FakeEngine, logs: Callable[[], list[dict[str, Any]]], event: Path
) -> None:
    response = lambda_handler(recorded(event), LocalContext())

    assert response["statusCode"] == status_of(event), response["body"]
    assert not [line for line in logs() if line["message"].startswith("unknown fields")]


# The function


def test_the_function_outlives_its_answer() -> None:
    function = properties("ChefFunction")
    everywhere = TEMPLATE["Globals"]["Function"]
    assert function["Handler"] == "chef_llm.app.lambda_handler"
    assert (everywhere["Runtime"], everywhere["Architectures"]) == ("python3.13", ["x86_64"])
    assert function["Timeout"] == 30


def test_each_variable_of_a_function_is_one_that_is_read() -> None:
    read = set()

    class Environment(dict[str, str]):
        def get(self, name: str, default: Any = None) -> Any:
            read.add(name)
            return default

    Settings.from_env(Environment())
    cookbook_uri(Environment())
    for function in ("ChefFunction", "StreamingFunction"):
        variables = properties(function)["Environment"]["Variables"]
        assert {name for name in variables if name.startswith("CHEF_")} <= read | MODEL_FILE


def test_the_limits_of_a_request_are_those_of_the_settings() -> None:
    variables = properties("ChefFunction")["Environment"]["Variables"]
    settings = Settings()
    assert variables["CHEF_MOST_BODY_BYTES"] == settings.most_body_bytes
    assert variables["CHEF_MOST_PROMPT_CHARACTERS"] == settings.most_prompt_characters
    assert variables["CHEF_MOST_ANSWER_TOKENS"] == {"Ref": "MaxAnswerTokens"}
    assert PARAMETERS["MaxAnswerTokens"]["Default"] == settings.most_answer_tokens


def test_the_streaming_function_is_the_same_package_with_the_same_variables() -> None:
    chef, streaming = properties("ChefFunction"), properties("StreamingFunction")
    assert streaming["CodeUri"] == ".aws-sam/build/ChefFunction"
    assert RESOURCES["StreamingFunction"]["Metadata"]["SkipBuild"] is True
    shared = chef["Environment"]["Variables"]
    variables = streaming["Environment"]["Variables"]
    assert shared.items() <= variables.items()
    for name in ("MemorySize", "Role", "LoggingConfig", "ReservedConcurrentExecutions"):
        assert streaming[name] == chef[name]


def test_the_streaming_function_starts_the_server_that_the_package_holds() -> None:
    handler = ROOT / "src" / properties("StreamingFunction")["Handler"]
    assert handler.stat().st_mode & 0o111 == 0o111
    command = handler.read_text(encoding="utf-8")
    assert "chef_llm.asgi:application" in command
    assert "$AWS_LWA_PORT" in command


def test_the_streaming_function_outlives_its_answer() -> None:
    most = PARAMETERS["StreamedAnswerSeconds"]["MaxValue"]
    assert properties("StreamingFunction")["Timeout"] >= most + 10
    variables = properties("StreamingFunction")["Environment"]["Variables"]
    assert variables["CHEF_ANSWER_SECONDS"] == {"Ref": "StreamedAnswerSeconds"}


FUNCTIONS: Final = [
    name
    for name, one in RESOURCES.items()
    if one["Type"] == "AWS::Serverless::Function" and "SkipBuild" not in one.get("Metadata", {})
]


def has_target(function: str) -> bool:
    """Tell whether `sam build` finds a target for a function in its Makefile."""
    makefile = ROOT / properties(function)["CodeUri"] / "Makefile"
    return f"build-{function}:" in makefile.read_text(encoding="utf-8")


def test_sam_build_has_a_target_for_each_function() -> None:
    methods = {function: RESOURCES[function]["Metadata"]["BuildMethod"] for function in FUNCTIONS}

    assert set(methods.values()) == {"makefile"}
    assert not [function for function in FUNCTIONS if not has_target(function)]


@pytest.mark.parametrize("folder", ["authorizer", "rollout_hook"])
def test_a_small_function_installs_what_the_chef_installs(folder: str) -> None:
    chef, small = (
        set(requirements.read_text(encoding="utf-8").splitlines()[1:])
        for requirements in (ROOT / "src/requirements.txt", ROOT / folder / "requirements.txt")
    )
    assert small < chef


def test_the_hook_waits_as_long_as_the_gateway_and_outlives_two_answers() -> None:
    hook = properties("RolloutHookFunction")
    seconds = hook["Environment"]["Variables"]["CHEF_ANSWER_SECONDS"]
    paths = properties("ChefApi")["DefinitionBody"]["paths"]
    gateway = paths["/health"]["get"]["x-amazon-apigateway-integration"]["timeoutInMillis"]
    assert seconds * 1000 == gateway
    assert hook["Timeout"] > 2 * seconds


# Parameters


def test_every_parameter_has_a_description_a_default_and_bounds() -> None:
    bounds = {"AllowedPattern", "AllowedValues", "MinValue"}
    wrong = [
        name
        for name, parameter in PARAMETERS.items()
        if not parameter["Description"].endswith((".", "none", '"'))
        or "Default" not in parameter
        or not parameter.keys() & bounds
    ]

    assert not wrong


def test_every_parameter_stands_in_one_group() -> None:
    interface = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]
    grouped = [name for group in interface["ParameterGroups"] for name in group["Parameters"]]
    assert grouped == list(PARAMETERS)


def test_the_api_is_closed_unless_told_otherwise() -> None:
    assert PARAMETERS["AuthMode"]["Default"] == "key"
    assert "EVERYONE" in PARAMETERS["AuthMode"]["Description"]


KMS_KEY_OF_MANY_REGIONS = "arn:aws-cn:kms:cn-north-1:123456789012:key/mrk-1234abcd"
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        (
            "Model",
            ["kondate", "dolly-japanese-gpt-1b", "qwen3-0.6b", "SmolLM2-135M-Instruct.Q4_1"],
            ["", "a b", "../x", "モデル", "mine:plain", "-x"],
        ),
        (
            "ModelKmsKeyArn",
            ["", "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab", KMS_KEY_OF_MANY_REGIONS],
            ["1234abcd", "alias/mine", "arn:aws:kms:us-east-1:123456789012:alias/mine", "*"],
        ),
        (
            "ChatTemplate",
            ["", "llama2", "dolly_v2", "s3://bucket/a/mine.jinja"],
            ["mine.jinja", "s3://bucket/mine.txt", "s3://bucket/*.jinja", "a b", "../x"],
        ),
        ("ContextLength", ["", "512", "32768"], ["0", "-1", "12", "4k", "1.5"]),
        ("Temperature", ["", "0", "0.7", "1.25", "2", "2.0"], ["3", "2.5", ".7", "-1", "0.123"]),
        ("TopP", ["", "0.95", "1", "1.0", "0"], ["1.1", "2", ".9", "95%"]),
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
        (
            "CookbookUri",
            ["", "s3://bucket/dishes/", "s3://my.bucket-1/a_b=1/"],
            ["s3://bucket/", "s3://bucket/a", "s3://bucket/a/b/", "s3://bucket/*/", "/cookbook"],
        ),
        ("ModelSha256", ["", SHA256], [SHA256[:-1], SHA256.upper(), f"{SHA256}0", "g" * 64]),
        (
            "AllowedOrigins",
            ["", "*", "https://a.example", "http://localhost:5173,https://a.example"],
            ["a.example", "https://a.example/", "https://a.example, https://b.example", "*,*"],
        ),
        (
            "StreamingAdapterLayerArn",
            ["", STREAMING_LAYER, "arn:aws-cn:lambda:cn-north-1:041581134020:layer:A_b-1:2"],
            [STREAMING_LAYER.rpartition(":")[0], "LambdaAdapterLayerX86:30", "latest"],
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
        (
            "AlarmEmail",
            ["", "cook@example.com"],
            ["cook", "cook@example", "a b@example.com", "@x.y"],
        ),
    ],
)
def test_a_pattern_takes_what_is_meant_and_nothing_else(
    name: str, good: list[str], bad: list[str]
) -> None:
    pattern = re.compile(PARAMETERS[name]["AllowedPattern"])
    assert pattern.match(PARAMETERS[name]["Default"])
    assert [value for value in good if not pattern.match(value)] == []
    assert [value for value in bad if pattern.match(value)] == []


@pytest.mark.parametrize("name", ["ModelUri", "ChatTemplate"])
def test_a_place_in_s3_may_have_1024_characters(name: str) -> None:
    assert PARAMETERS[name]["MaxLength"] == 1024
    longest = "s3://bucket/" + "k" * 1006 + ".jinja"
    assert len(longest) == 1024
    assert re.match(PARAMETERS[name]["AllowedPattern"], longest)


def test_what_the_template_takes_the_settings_take() -> None:
    settings = Settings.from_env(
        {
            "CHEF_CONTEXT_LENGTH": "8192",
            "CHEF_TEMPERATURE": "2.00",
            "CHEF_TOP_P": "0.95",
            "CHEF_CHAT_TEMPLATE": "llama2",
        }
    )
    assert settings.choices == ModelChoices(8192, 2.0, 0.95, "llama2")


def test_what_belongs_together_is_asked_for_together() -> None:
    rules = TEMPLATE["Rules"].values()
    told = " ".join(rule["Assertions"][0]["AssertDescription"] for rule in rules)
    assert all(
        name in told
        for name in (
            "ModelSha256",
            "ModelKmsKeyArn",
            "CertificateArn",
            "BasePath",
            "ReservedConcurrency",
        )
    )


# Outputs


def test_outputs_tell_url_function_alias_and_where_the_key_is() -> None:
    named = {"ApiUrl", "FunctionName", "FunctionAlias", "ApiKeySecret", "DashboardUrl"}
    assert named <= set(TEMPLATE["Outputs"])
