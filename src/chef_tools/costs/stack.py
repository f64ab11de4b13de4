"""The numbers of template.yaml that decide what a stack costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import yaml

ALARM: Final = "AWS::CloudWatch::Alarm"
# Answered without the model: from the cookbook, or by its tokenizer.
SHORT: Final = frozenset({"/v1/recipes", "/tokenize"})


class BadTemplate(Exception):
    """The template or a parameter for it cannot be used; the message says why."""


class CloudFormationLoader(yaml.SafeLoader):  # type: ignore[misc]  # it comes without types
    """YAML with CloudFormation's short forms, `!Ref X` read as `{"Ref": "X"}`."""


def _short_form(loader: CloudFormationLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


CloudFormationLoader.add_multi_constructor("!", _short_form)


@dataclass(frozen=True)
class Stack:
    """What one stack may use; `reserved_concurrency` 0 reserves none.

    An alarm over several metrics is paid for each of them: `alarm_metrics`.
    """

    memory_gb: float
    timeout_seconds: int
    has_snapshot: bool
    is_traced: bool
    needs_key: bool
    authorizer_gb: float
    authorizer_kept_seconds: int
    throttle_rate: float
    throttle_burst: float
    reserved_concurrency: int
    menu_routes: int
    other_routes: int
    has_dashboard: bool
    alarm_metrics: int

    @classmethod
    def read(cls, template: Path, parameters: Mapping[str, str]) -> Self:
        """Read the template, with its parameters' defaults and `parameters` in their place.

        Raises `BadTemplate`.
        """
        if not template.is_file():
            raise BadTemplate(f"{template} がありません。--template で場所を指定してください。")
        try:
            document = CloudFormationLoader(template.read_text(encoding="utf-8")).get_single_data()
            return cls._of(document, parameters)
        except yaml.YAMLError as error:
            raise BadTemplate(f"{template} はYAMLではありません: {error}") from error
        except (KeyError, TypeError) as error:
            raise BadTemplate(f"{template} は献立シェフのテンプレートではありません。") from error

    @classmethod
    def _of(cls, document: Mapping[str, Any], parameters: Mapping[str, str]) -> Self:
        values = _values(document["Parameters"], parameters)
        resources = document["Resources"]
        api = resources["ChefApi"]["Properties"]["DefinitionBody"]
        chef = resources["ChefFunction"]["Properties"]
        [scheme] = _branch(api["components"]["securitySchemes"]).values()
        routes = [
            (path, method)
            for path, methods in api["paths"].items()
            for method, operation in methods.items()
            # Open ones have throttles of their own, and answer without the model.
            if operation["security"] != []
        ]
        menus = [
            path
            for path, method in routes
            if method == "post" and "{" not in path and path not in SHORT
        ]
        needs_key = values["AuthMode"] == "key"
        return cls(
            memory_gb=_number(values, "MemorySize") / 1024,
            timeout_seconds=chef["Timeout"],
            has_snapshot=values["SnapStart"] == "PublishedVersions",
            is_traced=values["Tracing"] == "Active",
            needs_key=needs_key,
            authorizer_gb=resources["AuthorizerFunction"]["Properties"]["MemorySize"] / 1024,
            authorizer_kept_seconds=scheme["x-amazon-apigateway-authorizer"][
                "authorizerResultTtlInSeconds"
            ],
            throttle_rate=_number(values, "ThrottleRate"),
            throttle_burst=_number(values, "ThrottleBurst"),
            reserved_concurrency=int(_number(values, "ReservedConcurrency")),
            menu_routes=len(menus),
            other_routes=len(routes) - len(menus),
            has_dashboard=values["Dashboard"] == "yes",
            alarm_metrics=sum(
                _watched_metrics(resource["Properties"])
                for resource in resources.values()
                if resource["Type"] == ALARM
                and (needs_key or resource.get("Condition") != "NeedsKey")
            ),
        )


def _values(declared: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    """Return the value of each parameter as CloudFormation has it, a text."""
    if unknown := given.keys() - declared.keys():
        allowed = "、".join(declared)
        raise BadTemplate(f"パラメーター {min(unknown)} はありません。使えるもの: {allowed}")
    return {name: str(given.get(name, one["Default"])) for name, one in declared.items()}


def _number(values: Mapping[str, str], name: str) -> float:
    try:
        return float(values[name])
    except ValueError:
        message = f"パラメーター {name} は数にしてください: {values[name]!r}"
        raise BadTemplate(message) from None


def _watched_metrics(alarm: Mapping[str, Any]) -> int:
    """Return how many metrics an alarm watches: one, or those that its expression computes with."""
    return sum("MetricStat" in one for one in alarm.get("Metrics", [])) or 1


def _branch(choice: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands where the condition of an `!If` holds."""
    branch: dict[str, Any] = choice["If"][1]
    return branch
