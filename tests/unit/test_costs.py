"""What menus and attacks cost, against values worked out by hand."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from chef_tools.cli import TEMPLATE, main
from chef_tools.costs import prices
from chef_tools.costs.estimates import (
    MONTH_SECONDS,
    Line,
    Measured,
    attacks,
    billed_seconds,
    million_menus,
    most_requests,
    total_usd,
    traces,
)
from chef_tools.costs.prices import Price
from chef_tools.costs.stack import BadTemplate, Stack

STACK = Stack(
    memory_gb=2.0,
    timeout_seconds=30,
    has_snapshot=True,
    is_traced=True,
    needs_key=True,
    authorizer_gb=0.125,
    authorizer_kept_seconds=60,
    throttle_rate=10,
    throttle_burst=20,
    reserved_concurrency=0,
    menu_routes=7,
    other_routes=10,
    has_dashboard=True,
    alarm_metrics=7,
)
MEASURED = Measured(
    menu_seconds=0.5,
    other_seconds=0.001,
    init_seconds=1.0,
    authorizer_seconds=0.1,
    response_bytes=5000,
    log_bytes=2000,
    gateway_log_bytes=0,
)


def quantities(lines: Sequence[Line], price: Price) -> list[float]:
    return [line.quantity for line in lines if line.price == price]


def priced(stack: Stack, price: Price, measured: Measured = MEASURED) -> float:
    """Return the dollars that a million menus cost at one price."""
    return sum(line.usd for line in million_menus(stack, measured) if line.price == price)


# A million menus


@pytest.mark.parametrize(
    ("price", "usd"),
    [
        # A million times half a second of 2 GB, and 43,200 checks of 0.1 s with 0.125 GB.
        (prices.LAMBDA_SECONDS, 16.6667 + 540 * 0.0000166667),
        (prices.LAMBDA_REQUESTS, 0.20 + 43_200 * 0.0000002),
        (prices.HTTP_API, 1.00),
        # 2 GB for 2,592,000 s; 10,000 restores of 2 GB.
        (prices.SNAPSHOT_CACHE, 5_184_000 * 0.0000015046),
        (prices.SNAPSHOT_RESTORE, 20_000 * 0.0001397998),
        (prices.SECRETS, 0.40),
        (prices.SECRET_READS, 86_400 * 0.000005),
        # A GB has 2 to the 30th bytes.
        (prices.LOGS, 2e9 / 1_073_741_824 * 0.50),
        # 8 of the function (test_observability.py counts them), 6 of the route.
        (prices.METRICS, 14 * 0.30),
        (prices.ALARMS, 0.70),
        (prices.DASHBOARDS, 3.00),
        # At 0.4 requests a second, each is the first of its second.
        (prices.TRACES, 5.00),
        (prices.TRANSFER, 5e9 / 1_073_741_824 * 0.09),
    ],
    ids=lambda value: value.name if isinstance(value, Price) else "",
)
def test_a_million_menus_cost_what_the_price_lists_say(price: Price, usd: float) -> None:
    assert priced(STACK, price) == pytest.approx(usd, rel=1e-4)


def test_every_price_is_asked_for() -> None:
    assert {line.price for line in million_menus(STACK, MEASURED)} == set(prices.PRICES)


def test_an_open_stack_pays_for_no_authorizer() -> None:
    lines = million_menus(replace(STACK, needs_key=False), MEASURED)
    assert quantities(lines, prices.LAMBDA_REQUESTS) == [1_000_000]
    assert not quantities(lines, prices.SECRETS)


def test_a_dashboard_that_is_left_out_costs_nothing() -> None:
    lines = million_menus(replace(STACK, has_dashboard=False), MEASURED)
    assert not quantities(lines, prices.DASHBOARDS)


def test_verdicts_are_kept_so_that_few_menus_need_a_check() -> None:
    lines = million_menus(STACK, MEASURED)
    assert quantities(lines, prices.LAMBDA_REQUESTS) == [1_000_000, MONTH_SECONDS / 60]


def test_of_few_menus_each_needs_a_check() -> None:
    lines = million_menus(STACK, MEASURED, menus=10)
    assert quantities(lines, prices.LAMBDA_REQUESTS) == [10, 10]


def test_without_a_snapshot_cold_starts_pay_for_loading_the_model() -> None:
    stack = replace(STACK, has_snapshot=False)
    # 10,000 times 1 s of 2 GB.
    loading = 20_000 * prices.LAMBDA_SECONDS.usd
    assert priced(stack, prices.SNAPSHOT_CACHE) == 0
    added = priced(stack, prices.LAMBDA_SECONDS) - priced(STACK, prices.LAMBDA_SECONDS)
    assert added == pytest.approx(loading)


@pytest.mark.parametrize(
    ("seconds", "billed"), [(0.0001, 0.001), (0.035, 0.035), (0.0351, 0.036), (2.0, 2.0)]
)
def test_lambda_bills_whole_milliseconds(seconds: float, billed: float) -> None:
    assert billed_seconds(seconds) == billed


@pytest.mark.parametrize(
    ("requests", "seconds", "traced"),
    [(100, 3600, 100), (3600, 3600, 3600), (7200, 3600, 3600 + 180)],
)
def test_traces_are_one_a_second_and_a_twentieth_of_the_rest(
    requests: int, seconds: int, traced: int
) -> None:
    assert traces(requests, seconds) == traced


# Attacks


def test_a_throttle_lets_its_burst_and_its_rate_through() -> None:
    assert most_requests(3, STACK, 60) == 3 * (20 + 600)


def hour_usd(name: str, stack: Stack, measured: Measured = MEASURED) -> float:
    [attack] = [one for one in attacks(stack, measured) if one.name == name]
    assert attack.day_usd > 23 * attack.hour_usd
    return attack.hour_usd


BARE = replace(STACK, is_traced=False, has_snapshot=False)
SILENT = replace(MEASURED, log_bytes=0, response_bytes=0)
# 17 routes of 20 + 36,000 requests; 7 of them ask the model.
REQUESTS, MENUS, OTHERS = 17 * 36_020, 7 * 36_020, 10 * 36_020


def test_a_stranger_without_a_key_costs_the_gateway_alone() -> None:
    assert hour_usd("鍵なし（401）", BARE, SILENT) == pytest.approx(REQUESTS * 1e-6)


def test_a_stranger_with_wrong_keys_costs_a_check_each() -> None:
    check = 0.0125 * 0.0000166667 + 0.2e-6
    expected = REQUESTS * (1e-6 + check)
    assert hour_usd("でたらめな鍵（403）", BARE, SILENT) == pytest.approx(expected)


def test_a_leaked_key_costs_menus_at_the_throttle() -> None:
    running = (MENUS * 0.5 + OTHERS * 0.001) * 2 * 0.0000166667
    expected = REQUESTS * 1.2e-6 + running
    assert hour_usd("漏れた鍵: 普通の献立", BARE, SILENT) == pytest.approx(expected)


def test_reserved_concurrency_caps_what_long_requests_cost() -> None:
    capped = replace(BARE, reserved_concurrency=2)
    name = "漏れた鍵: 1回30秒かかる依頼"
    # Two environments, busy all the hour, each with 2 GB.
    running = 2 * 3600 * 2 * 0.0000166667
    assert hour_usd(name, capped, SILENT) == pytest.approx(running + REQUESTS * 1e-6, rel=1e-2)
    assert hour_usd(name, BARE, SILENT) > 100 * running


def test_an_open_stack_is_attacked_by_anyone() -> None:
    names = [one.name for one in attacks(replace(STACK, needs_key=False), MEASURED)]
    assert names == ["だれでも: 普通の献立", "だれでも: 1回30秒かかる依頼"]


# The template


def test_the_numbers_are_those_of_the_template() -> None:
    stack = Stack.read(TEMPLATE, {})
    assert stack == replace(
        STACK, memory_gb=1769 / 1024, has_snapshot=True, is_traced=True, needs_key=True
    )


def test_parameters_take_the_place_of_defaults() -> None:
    given = {
        "MemorySize": "3008",
        "SnapStart": "None",
        "Tracing": "PassThrough",
        "AuthMode": "none",
        "ThrottleRate": "2",
        "ThrottleBurst": "4",
        "ReservedConcurrency": "5",
        "Dashboard": "no",
    }
    stack = Stack.read(TEMPLATE, given)
    # The authorizer's alarm has two metrics.
    assert (stack.has_dashboard, stack.alarm_metrics) == (False, 5)
    assert stack.memory_gb == 3008 / 1024
    assert not (stack.has_snapshot or stack.is_traced or stack.needs_key)
    assert (stack.throttle_rate, stack.throttle_burst, stack.reserved_concurrency) == (2, 4, 5)


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"Memory": "1"}, "パラメーター Memory はありません。使えるもの: Model、"),
        ({"MemorySize": "much"}, "パラメーター MemorySize は数にしてください: 'much'"),
    ],
)
def test_a_wrong_parameter_is_named(parameters: dict[str, str], told: str) -> None:
    with pytest.raises(BadTemplate, match=told):
        Stack.read(TEMPLATE, parameters)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Parameters: [", "はYAMLではありません"),
        ("", "献立シェフのテンプレートではありません"),
        ("Parameters: {}\nResources: {}", "献立シェフのテンプレートではありません"),
    ],
)
def test_what_is_no_template_of_the_chef_is_refused(tmp_path: Path, text: str, told: str) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(text, encoding="utf-8")
    with pytest.raises(BadTemplate, match=told):
        Stack.read(template, {})


# The command


def test_cost_prints_menus_attacks_and_prices(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--seconds", "0.5", "--parameter", "MemorySize=2048"]) == 0
    printed = capsys.readouterr().out
    assert "メモリー 2048 MB、1食 0.5 秒" in printed
    assert re.search(r"^Lambda 実行時間 +1,000,000  GB秒 +16\.67$", printed, flags=re.M)
    assert "合計" in printed
    assert "漏れた鍵" in printed
    assert "aws.amazon.com/lambda/pricing" in printed


def test_the_total_is_the_sum_of_its_lines() -> None:
    lines = [Line(prices.HTTP_API, 1e6), Line(prices.SECRETS, 2)]
    assert total_usd(lines) == pytest.approx(1.80)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--template", "no/template.yaml"], "no/template.yaml がありません。"),
        (["--parameter", "Memory=1"], "パラメーター Memory はありません。"),
    ],
)
def test_what_cannot_be_estimated_is_told_on_stderr(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cost", *arguments]) == 1
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [["--seconds", "0"], ["--seconds", "fast"], ["--seconds", "nan"], ["--parameter", "x"]],
    ids=str,
)
def test_a_wrong_option_is_exit_code_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["cost", *arguments])
    assert exit_.value.code == 2
