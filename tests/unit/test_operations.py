"""The operator's page against what it is about: alarms, parameters, logs and links."""

import json
import logging
import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from awslambdaric.lambda_runtime_log_utils import JsonFormatter
from fakes import CrashingEngine, FakeEngine

from chef_tools.costs import prices
from cloudformation import ROOT, read_template
from over_http import call

PAGE: Final = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
TEMPLATE: Final = read_template()
QUERIES: Final = re.findall(r"```insights\n# log group: (\S+)\n(.*?)```", PAGE, flags=re.DOTALL)
COMMANDS: Final = {"fields", "filter", "stats", "sort", "limit", "parse"}
FUNCTIONS: Final = {"count", "pct", "max", "ispresent"}
WORDS: Final = {"by", "as", "and", "or", "like", "asc", "desc"} | COMMANDS | FUNCTIONS
# What Logs Insights finds in any line, and in Lambda's own.
OF_EVERY_LINE: Final = {"@timestamp", "@message"}
OF_LAMBDA: Final = {"@type", "@requestId", "@duration", "@maxMemoryUsed", "@memorySize"}
Logs = Callable[[], list[dict[str, Any]]]


def group_of(log_group: str) -> str:
    """Return the logical id of a log group by its name."""
    names = {
        resource["Properties"]["LogGroupName"]["Fn::Sub"].replace(
            "${AWS::StackName}", "STACK"
        ): name
        for name, resource in TEMPLATE["Resources"].items()
        if resource["Type"] == "AWS::Logs::LogGroup"
    }
    return names[log_group]


@pytest.fixture
def fields(
    serve: Callable[[FakeEngine], FakeEngine],
    logs: Logs,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> dict[str, set[str]]:
    """Map each log group to the fields of the lines in it."""
    for engine in (FakeEngine(), CrashingEngine(), FakeEngine(pieces_in_time=0)):
        serve(engine)
        call("POST", "/generate", {"input": "鮭で"})
    monkeypatch.setenv("CHEF_MODEL_URI", "nowhere")
    monkeypatch.setenv("CHEF_MODEL_SHA256", "0" * 64)
    call("GET", "/health")
    lines = [*logs(), *map(json.loads, capsys.readouterr().out.splitlines())]
    chef = {name for line in lines for name in line} | {"stack.0"}
    api = TEMPLATE["Resources"]["ChefApi"]["Properties"]["AccessLogSettings"]["Format"]
    record = logging.LogRecord("name", logging.ERROR, "", 1, "words", None, None)
    small = set(json.loads(JsonFormatter().format(record)))
    return {
        "ChefLogs": chef | OF_EVERY_LINE | OF_LAMBDA,
        "ApiLogs": set(json.loads(api)) | OF_EVERY_LINE,
        "AuthorizerLogs": small | OF_EVERY_LINE,
        "RolloutHookLogs": small | OF_EVERY_LINE,
    }


def test_there_are_queries_for_every_log_group(fields: dict[str, set[str]]) -> None:
    assert {group_of(log_group) for log_group, _ in QUERIES} == set(fields)


def asked_for(query: str) -> set[str]:
    """Return the fields that a query takes from the log."""
    defined = set(re.findall(r"\?<(\w+)>", query)) | set(re.findall(r"\bas (\w+)", query))
    bare = re.sub(r'"[^"]*"|/(?:[^/\n]|\\/)+/(?=$|\s)', " ", query, flags=re.MULTILINE)
    return set(re.findall(r"@?[A-Za-z_][\w.]*", bare)) - WORDS - defined


def is_pipe_of_commands(query: str) -> bool:
    first, *others = query.strip().splitlines()
    return (
        all(line.startswith("| ") for line in others)
        and {line.removeprefix("| ").split()[0] for line in (first, *others)} <= COMMANDS
        and query.count("(") == query.count(")")
        and set(re.findall(r"\b(\w+)\(", re.sub(r"/.*/", "", query))) <= FUNCTIONS
    )


def test_every_query_asks_for_fields_that_are_logged(fields: dict[str, set[str]]) -> None:
    unlogged = {
        query: names
        for log_group, query in QUERIES
        if (names := asked_for(query) - fields[group_of(log_group)])
    }

    assert not unlogged


def test_every_query_is_a_pipe_of_commands() -> None:
    assert not [query for _, query in QUERIES if not is_pipe_of_commands(query)]


def test_the_page_asks_the_dashboards_questions_in_its_order() -> None:
    body = TEMPLATE["Resources"]["ChefDashboard"]["Properties"]["DashboardBody"]["Fn::Sub"][0]
    asked = re.findall(r'"markdown": "# ([^\\]+\?)\\n', body)
    assert len(asked) == 4
    assert re.findall(r"^### (.+\?)$", PAGE, flags=re.MULTILINE) == asked


def test_every_alarm_has_a_row_that_says_what_to_do() -> None:
    names = {
        resource["Properties"]["AlarmName"]["Fn::Sub"].replace("${AWS::StackName}", "STACK")
        for resource in TEMPLATE["Resources"].values()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
    }
    rows = re.findall(r"^\| `(STACK-[\w-]+)` \|(.+)\|$", PAGE, flags=re.MULTILINE)
    assert {name for name, _ in rows} == names
    assert all(len(cells.split("|")) == 3 for _, cells in rows)


def test_every_parameter_is_in_the_table() -> None:
    table = PAGE[PAGE.index("### Parameters") : PAGE.index("### What a new account")]
    assert set(re.findall(r"`([A-Z]\w+)`(?=[,| ].*\|.*\|)", table)) >= set(TEMPLATE["Parameters"])


def test_commands_set_parameters_that_there_are() -> None:
    pairs = [
        pair.split("=", 1)
        for command in re.findall(r"--parameter-overrides (.+)", PAGE)
        for pair in command.split()
    ]

    assert pairs
    assert {name for name, _ in pairs} <= TEMPLATE["Parameters"].keys()
    # The SAM CLI takes "" for an empty value, and refuses none at all.
    assert not [name for name, value in pairs if not value]


def test_what_an_old_version_costs_is_a_line_of_chef_cost() -> None:
    assert f"`{prices.SNAPSHOT_CACHE.name}`" in PAGE


def test_links_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", PAGE, flags=re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}
    links = [one for one in re.findall(r"\]\(([^)]+)\)", PAGE) if not one.startswith("https://")]
    dead = [
        target
        for target in links
        for path, _, anchor in [target.partition("#")]
        if not ((ROOT / "docs" / path).is_file() if path else anchor in anchors)
    ]

    assert links
    assert not dead
