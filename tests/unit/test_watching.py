"""Dashboard and alarms of the template, against the metrics that the code emits."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from chef_llm.custom_metrics import CUSTOM_METRICS, SERVICE
from chef_tools.costs import prices
from cloudformation import Resolver, read_template

TEMPLATE: Final = read_template()
NAMESPACE: Final = "chef-llm"
VALUES: Final = {
    "AWS::StackName": NAMESPACE,
    "AWS::Region": "us-east-1",
    "ChefFunction": "chef-function",
    "AuthorizerFunction": "authorizer-function",
    "ChefApi": "api-id",
}
# What AWS itself counts: metrics and dimensions of its pages on HTTP APIs and Lambda.
AWS_METRICS: Final = {
    "AWS/ApiGateway": {"4xx", "5xx", "Count", "Latency", "IntegrationLatency", "DataProcessed"},
    "AWS/Lambda": {"Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"},
}
API: Final = {"ApiId": "api-id", "Stage": "$default"}
ALIAS: Final = {"FunctionName": "chef-function", "Resource": "chef-function:live"}
Metric = tuple[str, str, dict[str, str]]


def resolver(**parameters: str) -> Resolver:
    defaults = {name: str(one["Default"]) for name, one in TEMPLATE["Parameters"].items()}
    return Resolver(TEMPLATE["Conditions"], {**defaults, **VALUES, **parameters})


def resources(kind: str, **parameters: str) -> dict[str, dict[str, Any]]:
    """Return the properties of the resources of a type, as CloudFormation would have them."""
    of_kind = {
        name: resource
        for name, resource in TEMPLATE["Resources"].items()
        if resource["Type"] == kind
    }
    found = resolver(**parameters).present(of_kind)
    return {name: resource["Properties"] for name, resource in found.items()}


def dashboard(**parameters: str) -> list[dict[str, Any]]:
    [properties] = resources("AWS::CloudWatch::Dashboard", **parameters).values()
    widgets: list[dict[str, Any]] = json.loads(properties["DashboardBody"])["widgets"]
    return widgets


def alarms(**parameters: str) -> dict[str, dict[str, Any]]:
    return resources("AWS::CloudWatch::Alarm", **parameters)


def shown(widgets: list[dict[str, Any]]) -> Iterator[Metric]:
    """Yield namespace, name and dimensions of each metric in the graphs."""
    for widget in widgets:
        for namespace, *rest in widget["properties"].get("metrics", []):
            if isinstance(namespace, dict):
                yield from searched(namespace["expression"])
            else:
                name, *pairs = [one for one in rest if isinstance(one, str)]
                yield namespace, name, dict(zip(pairs[::2], pairs[1::2], strict=True))


def searched(expression: str) -> Iterator[Metric]:
    """Yield what a SEARCH finds, with any value ("*") for its dimensions."""
    for quoted, dimensions, name in re.findall(
        r"""SEARCH\('\{"([^"]+)",([^}]+)\} MetricName="(\w+)"'""", expression
    ):
        yield quoted, name, dict.fromkeys(dimensions.split(","), "*")


def watched(alarm: dict[str, Any]) -> Iterator[Metric]:
    """Yield namespace, name and dimensions of each metric of an alarm."""
    metrics = [
        one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one
    ]
    for metric in metrics or [alarm]:
        pairs = {one["Name"]: one["Value"] for one in metric.get("Dimensions", [])}
        yield metric["Namespace"], metric["MetricName"], pairs


def filtered() -> dict[str, str]:
    """Return name and namespace of the metrics that are counted in a log."""
    return {
        one["MetricName"]: one["MetricNamespace"]
        for properties in resources("AWS::Logs::MetricFilter").values()
        for one in properties["MetricTransformations"]
    }


def everything() -> list[Metric]:
    return [*shown(dashboard()), *(one for alarm in alarms().values() for one in watched(alarm))]


# Metrics


def test_dashboard_and_alarms_show_what_is_counted_and_everything_that_is() -> None:
    emitted = {metric.name for metric in CUSTOM_METRICS} | filtered().keys()
    assert {name for namespace, name, _ in everything() if namespace == NAMESPACE} == emitted


def test_custom_metrics_are_asked_for_with_the_dimensions_that_they_have() -> None:
    table = {metric.name: metric.dimensions for metric in CUSTOM_METRICS}
    table |= {name: [] for name in filtered()}
    custom = [(name, dimensions) for space, name, dimensions in everything() if space == NAMESPACE]
    wrong = [
        (name, dimensions)
        for name, dimensions in custom
        if list(dimensions) != table[name]
        or dimensions.get("service", SERVICE) not in (SERVICE, "*")
        or dimensions.get("model", "kondate") != "kondate"
    ]

    assert custom
    assert not wrong


def test_the_namespace_is_the_one_that_the_function_emits_to() -> None:
    variables = TEMPLATE["Resources"]["ChefFunction"]["Properties"]["Environment"]["Variables"]
    assert resolver().resolved(variables)["POWERTOOLS_METRICS_NAMESPACE"] == NAMESPACE
    assert set(filtered().values()) == {NAMESPACE}


def test_metrics_of_aws_are_those_that_it_has() -> None:
    functions = [{"FunctionName": "chef-function"}, {"FunctionName": "authorizer-function"}]
    of = {"AWS/ApiGateway": [API], "AWS/Lambda": [ALIAS, *functions]}
    shown_of_aws = [metric for metric in everything() if metric[0] != NAMESPACE]
    wrong = [
        (space, name, dimensions)
        for space, name, dimensions in shown_of_aws
        if name not in AWS_METRICS[space] or dimensions not in of[space]
    ]

    assert shown_of_aws
    assert not wrong


# The dashboard


def test_the_dashboard_asks_four_questions_from_top_to_bottom() -> None:
    texts = [widget for widget in dashboard() if widget["type"] == "text"]
    assert [one["y"] for one in texts] == sorted(one["y"] for one in texts)
    assert [one["properties"]["markdown"].splitlines()[0] for one in texts] == [
        "# Is it up?",
        "# Is it fast?",
        "# What does it cost?",
        "# What is refused?",
    ]


def test_every_question_has_graphs_and_no_widget_lies_on_another() -> None:
    cells = [
        (x, y)
        for widget in dashboard()
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    assert len(cells) == 24 * (1 + max(y for _, y in cells))


@pytest.mark.parametrize("mode", ["key", "none"])
def test_the_dashboard_shows_every_alarm_that_there_is(mode: str) -> None:
    [widget] = [one for one in dashboard(AuthMode=mode) if one["type"] == "alarm"]
    expected = {f"${{{name}.Arn}}" for name in alarms(AuthMode=mode)}
    assert set(widget["properties"]["alarms"]) == expected


def test_expressions_name_the_metrics_beside_them() -> None:
    compared = 0
    for widget in dashboard():
        metrics = widget["properties"].get("metrics", [])
        ids = {one[-1]["id"] for one in metrics if isinstance(one[-1], dict) and "id" in one[-1]}
        for expression in [one[0]["expression"] for one in metrics if isinstance(one[0], dict)]:
            if not expression.startswith("SEARCH("):
                words = set(re.findall(r"\b[a-z]+\b", expression))
                assert words == ids - {"dollars"}
                compared += 1
    assert compared


def test_the_dollars_of_the_dashboard_are_those_of_chef_cost() -> None:
    [expression] = [
        one[0]["expression"]
        for widget in dashboard(MemorySize="1024")
        for one in widget["properties"].get("metrics", [])
        if isinstance(one[0], dict) and one[0]["id"] == "dollars"
    ]
    used = {"requests": 3e6, "calls": 2e6, "running": 5e8, "restores": 1e5}
    formula = re.sub(r"FILL\((\w+), 0\)", r"\1", expression)
    assert re.fullmatch(r"[\w\s.*/+]+", formula)
    dollars = eval(formula, {"__builtins__": {}}, used)  # noqa: S307  # checked above
    assert dollars == pytest.approx(
        3e6 * prices.HTTP_API.usd
        + 2e6 * prices.LAMBDA_REQUESTS.usd
        + 5e5 * prices.LAMBDA_SECONDS.usd
        + 1e5 * prices.SNAPSHOT_RESTORE.usd
    )


def test_the_dashboard_can_be_left_out() -> None:
    assert not resources("AWS::CloudWatch::Dashboard", Dashboard="no")
    assert TEMPLATE["Outputs"]["DashboardUrl"]["Condition"] == "HasDashboard"


# The alarms


def test_there_is_an_alarm_for_each_way_to_fail() -> None:
    found = {name: [one[:2] for one in watched(alarm)] for name, alarm in alarms().items()}
    assert found == {
        "ServerErrorsAlarm": [("AWS/ApiGateway", "5xx")],
        "FunctionErrorsAlarm": [("AWS/Lambda", "Errors")],
        "SlowAnswersAlarm": [("AWS/ApiGateway", "Latency")],
        "ThrottlesAlarm": [("AWS/Lambda", "Throttles")],
        "DeadlineStopsAlarm": [(NAMESPACE, "DeadlineStops")],
        "AuthorizerAlarm": [("AWS/Lambda", "Errors"), (NAMESPACE, "AuthorizerFailures")],
    }
    assert "AuthorizerAlarm" not in alarms(AuthMode="none")


def test_silence_is_no_alarm_and_every_alarm_has_a_name_and_says_what_it_means() -> None:
    names = {alarm["AlarmName"] for alarm in alarms().values()}
    assert len(names) == len(alarms())
    for alarm in alarms().values():
        assert alarm["TreatMissingData"] == "notBreaching"
        assert alarm["AlarmName"].startswith(f"{NAMESPACE}-")
        assert alarm["AlarmDescription"].endswith(".")


def test_the_slow_alarm_is_about_the_99th_percentile_and_the_operators_limit() -> None:
    alarm = alarms(SlowMilliseconds="20000")["SlowAnswersAlarm"]
    assert (alarm["ExtendedStatistic"], alarm["Threshold"]) == ("p99", "20000")
    assert alarm["DatapointsToAlarm"] <= alarm["EvaluationPeriods"]


def test_alarms_are_sent_by_mail_only_where_there_is_an_address() -> None:
    assert not resources("AWS::SNS::Topic")
    assert not [one for one in alarms().values() if "AlarmActions" in one or "OKActions" in one]
    mailed = {"AlarmEmail": "cook@example.com"}
    [topic] = resources("AWS::SNS::Topic", **mailed).values()
    assert topic["Subscription"] == [{"Protocol": "email", "Endpoint": "cook@example.com"}]
    for alarm in alarms(**mailed).values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "AlarmTopic"}]


def test_the_authorizers_errors_are_found_in_its_log() -> None:
    [metric_filter] = resources("AWS::Logs::MetricFilter").values()
    authorizer = TEMPLATE["Resources"]["AuthorizerFunction"]["Properties"]
    assert authorizer["LoggingConfig"]["LogFormat"] == "JSON"
    assert metric_filter["LogGroupName"] == authorizer["LoggingConfig"]["LogGroup"]
    assert metric_filter["FilterPattern"] == '{ $.level = "ERROR" }'
