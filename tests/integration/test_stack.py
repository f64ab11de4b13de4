"""What CloudFormation would get: the template as SAM's transform leaves it, for chosen parameters.

Without aws-sam-cli the tests are skipped, with CHEF_REQUIRE_PACKAGE=1 they fail.
"""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

import pytest

from chef_llm.app import ROUTES
from cloudformation import SAM, STREAMING_LAYER, Stack, Translator, read_template
from required import unavailable

TEMPLATE: Final = read_template()
Deploy = Callable[..., Stack]
OPEN_ROUTES: Final = {
    *(("get", "/health"), ("head", "/health")),
    *(("get", "/"), ("head", "/"), ("get", "/page/{proxy+}")),
}
DOMAIN: Final = {
    "DomainName": "chef.example.com",
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1234",
}
MODEL_FILE: Final = {"ModelUri": "s3://my-models/dolly/Q4_0.gguf", "ModelSha256": "0" * 64}
MODEL_KEY: Final = {"ModelKmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/1234abcd"}
TEMPLATE_FILE: Final = {"ChatTemplate": "s3://my-models/dolly/mine.jinja"}
COOKBOOK: Final = {"CookbookUri": "s3://my-kitchen/dishes/"}
STREAMING: Final = {"StreamingAdapterLayerArn": STREAMING_LAYER}
# Each way to deploy that changes which resources there are.
VARIANTS: Final[dict[str, dict[str, str]]] = {
    "defaults": {},
    "open": {"AuthMode": "none"},
    "model file": MODEL_FILE,
    "own model": {**MODEL_FILE, **MODEL_KEY, **TEMPLATE_FILE, "Model": "my-model"},
    "own dishes": COOKBOOK,
    "domain": DOMAIN,
    "named stage": {"StageName": "prod"},
    "no snapshot": {"SnapStart": "None"},
    "reserved": {"ReservedConcurrency": "5"},
    "streaming": STREAMING,
    "watched": {"AlarmEmail": "cook@example.com", "Dashboard": "no"},
}
# Actions on every resource, each with the reason why none can be named.
STARRED: Final = {
    **dict.fromkeys(
        (
            "xray:PutTraceSegments",
            "xray:PutTelemetryRecords",
            "xray:GetSamplingRules",
            "xray:GetSamplingTargets",
        ),
        "X-Ray has no resources to name",
    ),
    "cloudwatch:DescribeAlarms": "it is asked for many alarms at once",
}
# What is below a resource of this stack (versions of the function, its deployment group), or in the
# folder of one's own dishes.
BELOW_OURS: Final = re.compile(
    r"\$\{(ChefFunction\.Arn|ServerlessDeploymentApplication)\}[:/]\*|:::my-kitchen/dishes/\*"
)
VERSION: Final = "AWS::Lambda::Version"
PLACES: Final = "AWS::AppConfig::HostedConfigurationVersion"
# By CloudFormation's own schema: a changed value makes a new resource.
REGISTRY_SCHEMA: Final = """
import json
import sys
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER as schemas

schema = schemas.get_resource_schema("us-east-1", sys.argv[1]).schema
print(json.dumps(schema["createOnlyProperties"]))
"""


@pytest.fixture(scope="module")
def stack() -> Iterator[Deploy]:
    """Give the function that transforms the template for parameters."""
    if not SAM.is_dir():
        unavailable("there is no aws-sam-cli in .venv/sam: run `make sam-validate`")
    with Translator() as translator:
        yield cache(translator.stack)


def operations(deployment: Stack) -> dict[tuple[str, str], dict[str, Any]]:
    """Map method and path of each route to its operation in the API's OpenAPI document."""
    paths = deployment.of_type("AWS::ApiGatewayV2::Api")["ChefApi"]["Body"]["paths"]
    return {(method, path): paths[path][method] for path in paths for method in paths[path]}


def statements(deployment: Stack, role: str) -> Iterator[dict[str, Any]]:
    for policy in deployment.of_type("AWS::IAM::Role")[role]["Policies"]:
        yield from policy["PolicyDocument"]["Statement"]


def actions(statement: dict[str, Any]) -> list[str]:
    action = statement["Action"]
    return action if isinstance(action, list) else [action]


# Routes


@pytest.mark.parametrize("variant", [name for name in VARIANTS if name != "open"])
def test_every_route_has_the_authorizer_unless_it_is_listed_as_open(
    stack: Deploy, variant: str
) -> None:
    routes = operations(stack(**VARIANTS[variant]))
    unlocked = {route for route, operation in routes.items() if not operation["security"]}
    assert unlocked == OPEN_ROUTES
    locks = [operation["security"] for route, operation in routes.items() if route not in unlocked]
    assert all(lock == [{"api-key": []}] for lock in locks)
    assert len(locks) > len(ROUTES)


def test_the_authorizer_is_asked_once_a_minute_for_each_key_and_route(stack: Deploy) -> None:
    body = stack(**VARIANTS["defaults"]).of_type("AWS::ApiGatewayV2::Api")["ChefApi"]["Body"]
    [authorizer] = [
        scheme["x-amazon-apigateway-authorizer"]
        for scheme in body["components"]["securitySchemes"].values()
    ]
    assert "AuthorizerFunction.Arn" in authorizer.pop("authorizerUri")
    assert authorizer == {
        "type": "request",
        "authorizerPayloadFormatVersion": "2.0",
        "enableSimpleResponses": True,
        "identitySource": "$request.header.Authorization, $context.routeKey",
        "authorizerResultTtlInSeconds": 60,
    }


def test_auth_mode_none_removes_the_lock_everywhere_and_says_so(stack: Deploy) -> None:
    deployment = stack(**VARIANTS["open"])
    body = deployment.of_type("AWS::ApiGatewayV2::Api")["ChefApi"]["Body"]
    assert body["components"]["securitySchemes"] == {}
    assert not any(operation["security"] for operation in operations(deployment).values())
    assert not {name for name in deployment.resources if "Authorizer" in name or "Key" in name}
    assert "at your expense" in deployment.outputs["Warning"]["Value"]
    assert "ApiKeySecret" not in deployment.outputs
    assert "Warning" not in stack(**VARIANTS["defaults"]).outputs


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_integration_waits_29_seconds_for_the_alias(stack: Deploy, variant: str) -> None:
    integrations = [
        operation["x-amazon-apigateway-integration"]
        for operation in operations(stack(**VARIANTS[variant])).values()
    ]
    assert len(integrations) > len(ROUTES)
    assert {integration["timeoutInMillis"] for integration in integrations} == {29000}
    assert {integration["payloadFormatVersion"] for integration in integrations} == {"2.0"}
    assert all("${ChefFunction.Arn}:live/" in integration["uri"] for integration in integrations)


@pytest.mark.parametrize("variant", VARIANTS)
def test_preflights_stay_with_the_gateway(stack: Deploy, variant: str) -> None:
    methods = {method for method, _ in operations(stack(**VARIANTS[variant]))}
    assert methods == {"get", "head", "post", "put", "patch", "delete"}


@pytest.mark.parametrize(
    ("origins", "allowed"),
    [
        ("*", ["*"]),
        ("https://a.example,https://b.example", ["https://a.example", "https://b.example"]),
    ],
)
def test_a_browser_may_send_the_key_and_what_the_openai_sdk_adds(
    stack: Deploy, origins: str, allowed: list[str]
) -> None:
    body = stack(AllowedOrigins=origins).of_type("AWS::ApiGatewayV2::Api")["ChefApi"]["Body"]
    cors = body["x-amazon-apigateway-cors"]
    assert cors["allowOrigins"] == allowed
    assert {"content-type", "authorization", "x-stainless-lang"} <= set(cors["allowHeaders"])
    assert set(ROUTES.values()) <= set(cors["allowMethods"])


def test_without_origins_no_page_may_call(stack: Deploy) -> None:
    body = stack(AllowedOrigins="").of_type("AWS::ApiGatewayV2::Api")["ChefApi"]["Body"]
    assert body["x-amazon-apigateway-cors"] == {}


@pytest.mark.parametrize("variant", VARIANTS)
def test_routes_are_throttled_and_open_ones_more_than_others(stack: Deploy, variant: str) -> None:
    stage = stack(**VARIANTS[variant]).of_type("AWS::ApiGatewayV2::Stage")["ChefApiStage"]
    default = stage["DefaultRouteSettings"]
    assert default["ThrottlingRateLimit"] == "10"
    assert default["ThrottlingBurstLimit"] == "20"
    for method, path in OPEN_ROUTES:
        settings = stage["RouteSettings"][f"{method.upper()} {path}"]
        assert settings["ThrottlingRateLimit"] < 10
        assert settings["ThrottlingBurstLimit"] < 20


def test_the_access_log_is_json_without_address_agent_or_key(stack: Deploy) -> None:
    stage = stack(**VARIANTS["defaults"]).of_type("AWS::ApiGatewayV2::Stage")["ChefApiStage"]
    fields = json.loads(stage["AccessLogSettings"]["Format"])
    assert {"requestId", "routeKey", "status", "responseLatency"} <= set(fields)
    variables = " ".join(fields.values())
    assert not [word for word in ("identity", "header", "path") if word in variables]


# Functions


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_function_has_retention_timeout_memory_and_tracing(
    stack: Deploy, variant: str
) -> None:
    deployment = stack(**VARIANTS[variant])
    logs = deployment.of_type("AWS::Logs::LogGroup")
    functions = deployment.of_type("AWS::Lambda::Function")
    assert int(functions["ChefFunction"]["Timeout"]) == 30
    for function in functions.values():
        assert logs[function["LoggingConfig"]["LogGroup"]["Ref"]]["RetentionInDays"] == "30"
        assert 0 < int(function["Timeout"]) <= (120 if function["Handler"] == "run.sh" else 75)
        assert int(function["MemorySize"]) >= 128
        assert function["TracingConfig"] == {"Mode": "Active"}


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_log_group_forgets(stack: Deploy, variant: str) -> None:
    groups = stack(**VARIANTS[variant]).of_type("AWS::Logs::LogGroup").values()
    assert {group["RetentionInDays"] for group in groups} == {"30"}


def test_the_authorizer_is_small_and_has_no_model(stack: Deploy) -> None:
    authorizer = stack(**VARIANTS["defaults"]).of_type("AWS::Lambda::Function")[
        "AuthorizerFunction"
    ]
    assert authorizer["MemorySize"] == 128
    assert not [name for name in authorizer["Environment"]["Variables"] if "MODEL" in name]
    # API Gateway waits ten seconds for it.
    assert authorizer["Timeout"] <= 10


@pytest.mark.parametrize(("variant", "reserved"), [("defaults", None), ("reserved", "5")])
def test_concurrency_is_reserved_only_when_asked_for(
    stack: Deploy, variant: str, reserved: str | None
) -> None:
    function = stack(**VARIANTS[variant]).of_type("AWS::Lambda::Function")["ChefFunction"]
    assert function.get("ReservedConcurrentExecutions") == reserved


# Streaming


def test_nothing_streams_unless_the_adapters_layer_is_given(stack: Deploy) -> None:
    deployment = stack(**VARIANTS["defaults"])
    assert not {name for name in deployment.resources if "Streaming" in name}
    assert "StreamingUrl" not in deployment.outputs


def test_the_streaming_function_has_the_layer_and_a_url_that_streams(stack: Deploy) -> None:
    deployment = stack(**STREAMING)
    streaming = deployment.of_type("AWS::Lambda::Function")["StreamingFunction"]
    assert streaming["Layers"] == [STREAMING_LAYER]
    variables = streaming["Environment"]["Variables"]
    assert variables["AWS_LAMBDA_EXEC_WRAPPER"] == "/opt/bootstrap"
    assert variables["AWS_LWA_INVOKE_MODE"] == "response_stream"
    [url] = deployment.of_type("AWS::Lambda::Url").values()
    assert (url["InvokeMode"], url["AuthType"]) == ("RESPONSE_STREAM", "AWS_IAM")
    assert url["TargetFunctionArn"] == {"Ref": "StreamingFunction"}
    assert deployment.outputs["StreamingUrl"]["Value"] == {
        "Fn::GetAtt": ["StreamingFunctionUrl", "FunctionUrl"]
    }


def test_the_streaming_function_has_the_models_file_too(stack: Deploy) -> None:
    functions = stack(**STREAMING, **MODEL_FILE).of_type("AWS::Lambda::Function")
    variables = functions["StreamingFunction"]["Environment"]["Variables"]
    assert variables["CHEF_MODEL_URI"] == MODEL_FILE["ModelUri"]
    assert variables["CHEF_MODEL_SHA256"] == MODEL_FILE["ModelSha256"]
    assert functions["StreamingFunction"]["Role"] == functions["ChefFunction"]["Role"]


def test_only_who_asks_for_it_opens_the_stream_to_everyone(stack: Deploy) -> None:
    def open_actions(deployment: Stack) -> dict[str, dict[str, Any]]:
        permissions = deployment.of_type("AWS::Lambda::Permission").values()
        return {
            permission["Action"]: permission
            for permission in permissions
            if permission["Principal"] == "*"
        }

    assert open_actions(stack(**STREAMING)) == {}
    reserved = {"ReservedConcurrency": "5"}
    deployment = stack(**STREAMING, **reserved, StreamingAuthType="NONE")
    opened = open_actions(deployment)
    assert opened["lambda:InvokeFunctionUrl"]["FunctionUrlAuthType"] == "NONE"
    assert opened["lambda:InvokeFunction"]["InvokedViaFunctionUrl"] is True
    functions = deployment.of_type("AWS::Lambda::Function")
    assert functions["StreamingFunction"]["ReservedConcurrentExecutions"] == "5"


# Versions


@pytest.mark.parametrize(
    ("before", "changed"),
    [
        ({}, {"Model": "dolly-japanese-gpt-1b"}),
        ({}, MODEL_FILE),
        (MODEL_FILE, {"ModelUri": "s3://my-models/other.gguf"}),
        (MODEL_FILE, {"ModelSha256": "1" * 64}),
        (MODEL_FILE, TEMPLATE_FILE),
        ({}, COOKBOOK),
        (COOKBOOK, {"CookbookUri": "s3://my-kitchen/dishes-2/"}),
        ({}, {"ChatTemplate": "plain"}),
        ({}, {"ContextLength": "2048"}),
        ({}, {"Temperature": "0.5"}),
        ({}, {"TopP": "0.5"}),
        ({}, {"MaxAnswerTokens": "256"}),
        ({}, {"MemorySize": "3008"}),
        ({}, {"Threads": "2"}),
        ({}, {"SnapStart": "None"}),
        ({}, {"Tracing": "PassThrough"}),
    ],
    ids=lambda parameters: ", ".join(parameters) or "defaults",
)
def test_two_values_of_a_parameter_are_two_versions(
    stack: Deploy, before: dict[str, str], changed: dict[str, str]
) -> None:
    assert is_another_version(stack(**before), stack(**(before | changed)))


@pytest.mark.parametrize("before", [{}, MODEL_FILE], ids=["defaults", "model file"])
def test_the_same_parameters_are_the_same_version(stack: Deploy, before: dict[str, str]) -> None:
    assert not is_another_version(stack(**before), stack(**before, ThrottleRate="50"))


def is_another_version(before: Stack, after: Stack) -> bool:
    """Tell whether CloudFormation makes a new version: by itself, or for its number of places."""
    [old] = before.of_type(VERSION).items()
    [new] = after.of_type(VERSION).items()
    places = [stack.of_type(PLACES).get("ModelPlaces") for stack in (before, after)]
    if None not in places and is_another_resource(PLACES, *((PLACES, one or {}) for one in places)):
        # Its number stands in the description.
        return "${ModelPlaces}" in new[1]["Description"]
    return is_another_resource(VERSION, old, new)


def is_another_resource(
    kind: str, before: tuple[str, dict[str, Any]], after: tuple[str, dict[str, Any]]
) -> bool:
    """Tell whether CloudFormation makes a new one: another id, or a value made only once."""
    if before[0] != after[0]:
        return True
    return any(before[1].get(name) != after[1].get(name) for name in create_only_properties(kind))


@cache
def create_only_properties(kind: str) -> list[str]:
    """Return the properties of a type that CloudFormation cannot change in place."""
    command = [SAM / "bin" / "python", "-c", REGISTRY_SCHEMA, kind]
    output = subprocess.check_output(command, text=True)
    paths: list[str] = json.loads(output)
    return [path.removeprefix("/properties/") for path in paths]


def test_every_parameter_that_configures_the_function_is_in_the_versions_description() -> None:
    properties = TEMPLATE["Resources"]["ChefFunction"]["Properties"]
    description, parts = properties.pop("VersionDescription")["Fn::Sub"]
    places = TEMPLATE["Resources"]["ModelPlaces"]["Properties"]["Content"]["Fn::Sub"]
    assert parts == {"Places": {"Fn::If": ["HasPlaces", {"Ref": "ModelPlaces"}, "-"]}}
    named = set(re.findall(r"\$\{(\w+)\}", f"{description} {places}"))
    del properties["ReservedConcurrentExecutions"]  # of the function, not of a version
    del properties["DeploymentPreference"]  # of the alias
    used = {name for name in TEMPLATE["Parameters"] if f'"Ref": "{name}"' in json.dumps(properties)}
    in_globals = {"Tracing"}
    assert used | in_globals == named - {"Places"}


def test_the_longest_description_of_a_version_is_one_that_lambda_takes(stack: Deploy) -> None:
    longest = {
        "Model": "m" * 64,
        "ModelUri": "s3://bucket/" + "k" * 1012,
        "ModelSha256": "0" * 64,
        "ChatTemplate": "s3://bucket/" + "k" * 1006 + ".jinja",
        "ContextLength": "1" * 7,
        "Temperature": "1.25",
        "TopP": "0.95",
        "MaxAnswerTokens": "8192",
        "MemorySize": "10240",
        "Tracing": "PassThrough",
    }
    for name in ("Model", "ModelUri", "ChatTemplate"):
        assert len(longest[name]) == TEMPLATE["Parameters"][name]["MaxLength"]
    [version] = stack(**longest).of_type(VERSION).values()
    # The number of the places grows by one with each change.
    assert len(version["Description"].replace("${ModelPlaces}", "1" * 7)) <= 256


@pytest.mark.parametrize(
    ("variant", "applied"), [("defaults", "PublishedVersions"), ("no snapshot", "None")]
)
def test_the_alias_live_points_to_the_version_with_its_snapshot(
    stack: Deploy, variant: str, applied: str
) -> None:
    deployment = stack(**VARIANTS[variant])
    assert deployment.of_type("AWS::Lambda::Function")["ChefFunction"]["SnapStart"] == {
        "ApplyOn": applied
    }
    [version] = deployment.of_type("AWS::Lambda::Version")
    [alias] = deployment.of_type("AWS::Lambda::Alias").values()
    assert alias["Name"] == "live"
    assert alias["FunctionVersion"] == {"Fn::GetAtt": [version, "Version"]}


# The roll-out


ROLLOUTS: Final = TEMPLATE["Parameters"]["Rollout"]["AllowedValues"]


@pytest.mark.parametrize("rollout", ROLLOUTS)
def test_codedeploy_moves_the_alias_as_it_was_told(stack: Deploy, rollout: str) -> None:
    deployment = stack(Rollout=rollout)
    [alias] = [one for one in deployment.resources.values() if one["Type"] == "AWS::Lambda::Alias"]
    update = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
    assert update["BeforeAllowTrafficHook"] == {"Ref": "RolloutHookFunction"}
    assert update["DeploymentGroupName"] == {"Ref": "ChefFunctionDeploymentGroup"}
    [group] = deployment.of_type("AWS::CodeDeploy::DeploymentGroup").values()
    assert group["DeploymentConfigName"] == f"CodeDeployDefault.Lambda{rollout}"
    assert group["ServiceRoleArn"] == {"Fn::GetAtt": ["RolloutRole", "Arn"]}


@pytest.mark.parametrize("variant", VARIANTS)
def test_any_alarm_takes_a_version_back(stack: Deploy, variant: str) -> None:
    deployment = stack(**VARIANTS[variant])
    [group] = deployment.of_type("AWS::CodeDeploy::DeploymentGroup").values()
    named = [one["Name"]["Ref"] for one in group["AlarmConfiguration"]["Alarms"]]
    assert sorted(named) == sorted(deployment.of_type("AWS::CloudWatch::Alarm"))
    assert group["AlarmConfiguration"]["Enabled"]
    assert group["AutoRollbackConfiguration"]["Enabled"]
    assert {"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"} <= set(
        group["AutoRollbackConfiguration"]["Events"]
    )


def test_the_hook_is_told_which_version_is_new(stack: Deploy) -> None:
    deployment = stack()
    [version] = deployment.of_type("AWS::Lambda::Version")
    hook = deployment.of_type("AWS::Lambda::Function")["RolloutHookFunction"]
    assert hook["Environment"]["Variables"]["CHEF_NEW_VERSION"] == {"Ref": version}


def test_the_hook_may_ask_the_chef_and_tell_codedeploy_and_nothing_else(stack: Deploy) -> None:
    granted = {
        action: statement["Resource"]
        for statement in statements(stack(), "RolloutHookRole")
        for action in actions(statement)
        if not action.startswith(("logs:", "xray:"))
    }
    assert set(granted) == {
        "lambda:InvokeFunction",
        "codedeploy:PutLifecycleEventHookExecutionStatus",
    }
    assert granted["lambda:InvokeFunction"] == "${ChefFunction.Arn}:*"


def test_codedeploy_may_move_this_alias_and_no_other(stack: Deploy) -> None:
    [move] = [
        statement
        for statement in statements(stack(), "RolloutRole")
        if "lambda:UpdateAlias" in actions(statement)
    ]
    assert move["Resource"] == [{"Fn::GetAtt": ["ChefFunction", "Arn"]}, "${ChefFunction.Arn}:*"]


# Roles


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_policy_is_for_every_resource_without_a_reason(stack: Deploy, variant: str) -> None:
    deployment = stack(**VARIANTS[variant])
    for role in deployment.of_type("AWS::IAM::Role"):
        for statement in statements(deployment, role):
            assert not [action for action in actions(statement) if "*" in action]
            if statement["Resource"] == "*":
                assert set(actions(statement)) <= STARRED.keys()
            else:
                assert "*" not in BELOW_OURS.sub("", str(statement["Resource"]))


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_role_has_a_managed_policy(stack: Deploy, variant: str) -> None:
    roles = stack(**VARIANTS[variant]).of_type("AWS::IAM::Role").values()
    assert not [role for role in roles if "ManagedPolicyArns" in role]


def test_the_authorizer_reads_the_keys_and_the_chef_does_not(stack: Deploy) -> None:
    deployment = stack(**VARIANTS["defaults"])
    [secret] = [
        statement
        for statement in statements(deployment, "AuthorizerRole")
        if actions(statement) == ["secretsmanager:GetSecretValue"]
    ]
    assert secret["Resource"] == {"Ref": "ApiKey"}
    chef = [action for entry in statements(deployment, "ChefRole") for action in actions(entry)]
    assert {action.partition(":")[0] for action in chef} == {"logs", "xray"}


def test_the_chef_may_read_just_the_models_file(stack: Deploy) -> None:
    [read] = [
        statement
        for statement in statements(stack(**VARIANTS["model file"]), "ChefRole")
        if actions(statement) == ["s3:GetObject"]
    ]
    assert read["Resource"] == "arn:${AWS::Partition}:s3:::my-models/dolly/Q4_0.gguf"


def test_the_chef_may_read_a_model_of_ones_own_its_template_and_its_key(stack: Deploy) -> None:
    granted = {
        statement["Sid"]: statement
        for statement in statements(stack(**VARIANTS["own model"]), "ChefRole")
    }
    template = granted["ReadTheTemplate"]
    assert template["Action"] == "s3:GetObject"
    assert template["Resource"] == "arn:${AWS::Partition}:s3:::my-models/dolly/mine.jinja"
    key = granted["DecryptTheModel"]
    assert key["Action"] == "kms:Decrypt"
    assert key["Resource"] == MODEL_KEY["ModelKmsKeyArn"]
    through_s3 = {"StringEquals": {"kms:ViaService": "s3.${AWS::Region}.amazonaws.com"}}
    assert key["Condition"] == through_s3
    without = statements(stack(**VARIANTS["model file"]), "ChefRole")
    assert not {"ReadTheTemplate", "DecryptTheModel"} & {one["Sid"] for one in without}


def test_the_chef_may_read_and_list_just_the_folder_of_ones_own_dishes(stack: Deploy) -> None:
    granted = {
        statement["Sid"]: statement
        for statement in statements(stack(**COOKBOOK), "ChefRole")
        if statement["Action"] in ("s3:GetObject", "s3:ListBucket")
    }
    read, listed = granted.pop("ReadTheCookbook"), granted.pop("ListTheCookbook")
    assert read["Resource"] == "arn:${AWS::Partition}:s3:::my-kitchen/dishes/*"
    assert listed["Resource"] == "arn:${AWS::Partition}:s3:::my-kitchen"
    assert listed["Condition"] == {"StringEquals": {"s3:prefix": "dishes/"}}
    assert not granted


def test_a_template_of_ours_is_read_from_the_package(stack: Deploy) -> None:
    deployment = stack(ChatTemplate="llama2")
    assert "ReadTheTemplate" not in {one["Sid"] for one in statements(deployment, "ChefRole")}
    variables = deployment.of_type("AWS::Lambda::Function")["ChefFunction"]["Environment"]
    assert variables["Variables"]["CHEF_CHAT_TEMPLATE"] == "llama2"


def test_places_are_numbered_only_where_there_are_some(stack: Deploy) -> None:
    assert not [name for name in stack().resources if name.startswith("ModelPlaces")]
    assert "ModelPlaces" in stack(**VARIANTS["own model"]).resources


@pytest.mark.parametrize("variant", [name for name in VARIANTS if name != "open"])
def test_only_this_api_may_call_the_functions(stack: Deploy, variant: str) -> None:
    permissions = stack(**VARIANTS[variant]).of_type("AWS::Lambda::Permission")
    assert len(permissions) == 2
    for permission in permissions.values():
        assert permission["Principal"] == "apigateway.amazonaws.com"
        assert ":${ChefApi}/" in permission["SourceArn"]


# The address


def test_a_domain_of_ones_own_switches_the_default_endpoint_off(stack: Deploy) -> None:
    deployment = stack(**VARIANTS["domain"])
    body = deployment.of_type("AWS::ApiGatewayV2::Api")["ChefApi"]["Body"]
    [settings] = [
        entry["x-amazon-apigateway-endpoint-configuration"] for entry in body.get("servers", [body])
    ]
    assert settings == {"disableExecuteApiEndpoint": True}
    [domain] = deployment.of_type("AWS::ApiGatewayV2::DomainName").values()
    assert domain["DomainName"] == DOMAIN["DomainName"]
    [configuration] = domain["DomainNameConfigurations"]
    assert configuration["CertificateArn"] == DOMAIN["CertificateArn"]
    assert configuration["SecurityPolicy"] == "TLS_1_2"
    [mapping] = deployment.of_type("AWS::ApiGatewayV2::ApiMapping").values()
    assert mapping["Stage"] == {"Ref": "ChefApiStage"}
    assert "ApiMappingKey" not in mapping


def test_without_a_domain_the_default_endpoint_stays(stack: Deploy) -> None:
    deployment = stack(**VARIANTS["defaults"])
    body = deployment.of_type("AWS::ApiGatewayV2::Api")["ChefApi"]["Body"]
    [settings] = [
        entry["x-amazon-apigateway-endpoint-configuration"] for entry in body.get("servers", [body])
    ]
    assert settings == {"disableExecuteApiEndpoint": False}
    assert not deployment.of_type("AWS::ApiGatewayV2::DomainName")


@pytest.mark.parametrize(
    ("parameters", "url"),
    [
        ({}, {"Fn::GetAtt": ["ChefApi", "ApiEndpoint"]}),
        ({"StageName": "prod"}, "${ChefApi.ApiEndpoint}/prod"),
        (DOMAIN, "https://chef.example.com"),
        ({**DOMAIN, "BasePath": "kitchen/chef"}, "https://chef.example.com/kitchen/chef"),
    ],
    ids=["default", "stage", "domain", "domain and path"],
)
def test_the_url_among_the_outputs_is_the_one_to_call(
    stack: Deploy, parameters: dict[str, str], url: object
) -> None:
    deployment = stack(**parameters)
    assert deployment.outputs["ApiUrl"]["Value"] == url
    mappings = deployment.of_type("AWS::ApiGatewayV2::ApiMapping").values()
    keys = [mapping["ApiMappingKey"] for mapping in mappings if "ApiMappingKey" in mapping]
    assert keys == [parameters[name] for name in ("BasePath",) if name in parameters]


# Tags


@pytest.mark.parametrize(
    "kind",
    [
        "AWS::Lambda::Function",
        "AWS::ApiGatewayV2::Stage",
        "AWS::Logs::LogGroup",
        "AWS::SecretsManager::Secret",
        "AWS::IAM::Role",
        "AWS::CloudWatch::Alarm",
        "AWS::CodeDeploy::DeploymentGroup",
    ],
)
def test_what_costs_money_or_opens_doors_is_tagged(stack: Deploy, kind: str) -> None:
    resources = stack(Environment="staging").of_type(kind).values()
    assert resources
    for resource in resources:
        tags = resource["Tags"]
        if isinstance(tags, list):
            tags = {tag["Key"]: tag["Value"] for tag in tags}
        assert (tags["project"], tags["environment"]) == ("chef-llm", "staging")
