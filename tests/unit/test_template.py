"""The SAM template against the application, and the recorded events against both."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from chef_llm.app import ROUTES

ROOT: Final = Path(__file__).parents[2]
EVENTS: Final = sorted((ROOT / "events").glob("*.json"))
# The API's routes for what the application does not know. OPTIONS is API Gateway's own, for CORS.
OTHER_ROUTES: Final = {("GET", "/")} | {
    (method, "/{proxy+}") for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
}


class CloudFormationLoader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, `!Ref X` read as `{"Ref": "X"}`."""


def short_form(loader: CloudFormationLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


CloudFormationLoader.add_multi_constructor("!", short_form)


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    loader = CloudFormationLoader((ROOT / "template.yaml").read_text(encoding="utf-8"))
    document: dict[str, Any] = loader.get_single_data()
    return document


@pytest.fixture(scope="module")
def function(template: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = template["Resources"]["ChefFunction"]["Properties"]
    return properties


@pytest.fixture(scope="module")
def routes(function: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Map method and path of each route to its properties."""
    events = function["Events"].values()
    assert {event["Type"] for event in events} == {"HttpApi"}
    properties = [event["Properties"] for event in events]
    return {(route["Method"], route["Path"]): route for route in properties}


def test_each_route_of_the_application_is_a_route_of_the_api(routes: dict[Any, Any]) -> None:
    assert set(routes) - OTHER_ROUTES == {(method, path) for path, method in ROUTES.items()}


def test_each_route_has_29_seconds_on_the_api_with_cors(
    template: dict[str, Any], routes: dict[Any, Any]
) -> None:
    for route in routes.values():
        assert route["TimeoutInMillis"] == 29000
        assert route["ApiId"] == {"Ref": "ChefApi"}
    cors = template["Resources"]["ChefApi"]["Properties"]["CorsConfiguration"]
    assert {"content-type", "authorization"} <= set(cors["AllowHeaders"])
    assert set(ROUTES.values()) <= set(cors["AllowMethods"])


def test_wrong_paths_and_methods_reach_the_application_and_preflights_do_not(
    routes: dict[Any, Any],
) -> None:
    assert set(routes) >= OTHER_ROUTES
    assert not {method for method, _ in routes} & {"ANY", "OPTIONS"}
    assert not {path for _, path in routes} & {"$default"}


def test_the_function_is_traced_and_outlives_its_answer(function: dict[str, Any]) -> None:
    assert function["Handler"] == "chef_llm.app.lambda_handler"
    assert function["Runtime"] == "python3.13"
    assert function["Architectures"] == ["x86_64"]
    assert function["Timeout"] == 30
    assert function["Tracing"] == "Active"


def test_memory_threads_and_model_are_parameters(
    template: dict[str, Any], function: dict[str, Any]
) -> None:
    variables = function["Environment"]["Variables"]
    assert function["MemorySize"] == {"Ref": "MemorySize"}
    assert variables["CHEF_THREADS"] == {"Ref": "Threads"}
    assert variables["CHEF_MODEL"] == {"Ref": "Model"}
    parameters = template["Parameters"]
    assert all(parameter["Description"] for parameter in parameters.values())
    defaults = {name: parameter["Default"] for name, parameter in parameters.items()}
    assert (defaults["MemorySize"], defaults["Threads"], defaults["Model"]) == (1769, 1, "kondate")


def test_logs_are_kept_for_a_limited_time(
    template: dict[str, Any], function: dict[str, Any]
) -> None:
    assert function["LoggingConfig"]["LogGroup"] == {"Ref": "ChefLogs"}
    logs = template["Resources"]["ChefLogs"]["Properties"]
    assert logs["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    assert template["Parameters"]["LogRetentionDays"]["Default"] > 0


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_an_event_is_one_that_the_api_sends(path: Path, routes: dict[Any, Any]) -> None:
    event = json.loads(path.read_text(encoding="utf-8"))
    http = event["requestContext"]["http"]
    assert event["version"] == "2.0"
    assert (http["method"], http["path"]) in routes
    assert event["rawPath"] == http["path"]
    assert event["routeKey"] == event["requestContext"]["routeKey"]
    assert event["routeKey"] == f"{http['method']} {http['path']}"
    assert int(event["headers"]["content-length"]) == len(event.get("body", "").encode())
