"""What menus and attacks cost: pure arithmetic over a stack's numbers and AWS's prices."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from chef_llm.custom_metrics import OF_AN_ANSWER
from chef_tools.costs import prices
from chef_tools.costs.prices import Price
from chef_tools.costs.stack import Stack

HOUR_SECONDS: Final = 3600
DAY_SECONDS: Final = 24 * HOUR_SECONDS
MONTH_SECONDS: Final = 30 * DAY_SECONDS
GB: Final = 1024**3
# AWS's own example of SnapStart's price supposes that one request in a hundred restores a snapshot.
COLD_START_SHARE: Final = 0.01
# X-Ray's default rule: the first request of each second, and this share of the others.
TRACED_SHARE: Final = 0.05
# Concurrent executions that an account has, unless AWS holds a new one to fewer.
ACCOUNT_CONCURRENCY: Final = 1000
# The authorizer reads the current and the previous key.
READS_OF_KEYS: Final = 2
# Custom metrics of one route, one model and the finish reason "stop": those of an answer, and the
# cold start or the restore. Those of API Gateway for one route in detail.
FUNCTION_METRICS: Final = len(OF_AN_ANSWER) + 1
ROUTE_METRICS: Final = 6


@dataclass(frozen=True)
class Measured:
    """What one request takes; `other_seconds` is that of one which asks nothing of the model.

    Log bytes are those of one invocation, and of the line that the gateway writes.
    """

    menu_seconds: float
    other_seconds: float
    init_seconds: float
    authorizer_seconds: float
    response_bytes: int
    log_bytes: int
    gateway_log_bytes: int


@dataclass(frozen=True)
class Line:
    """How much of something is used."""

    price: Price
    quantity: float
    note: str = ""

    @property
    def usd(self) -> float:
        """The cost in dollars."""
        return self.quantity * self.price.usd


@dataclass(frozen=True)
class Attack:
    """Requests at the most that the throttle lets through, for a while."""

    name: str
    hour_usd: float
    day_usd: float


def total_usd(lines: list[Line]) -> float:
    """Return the sum in dollars."""
    return math.fsum(line.usd for line in lines)


def billed_seconds(seconds: float) -> float:
    """Return the time that Lambda bills: whole milliseconds, rounded up."""
    # Rounded first: 0.035 s are 35 ms and no floating-point crumb more.
    return math.ceil(round(seconds * 1000, 6)) / 1000


def million_menus(stack: Stack, measured: Measured, menus: int = 1_000_000) -> list[Line]:
    """Return what `menus` cost, spread evenly over a month, asked with one key on one route."""
    cold_starts = COLD_START_SHARE * menus
    lines = [
        _running(stack.memory_gb, measured.menu_seconds, menus),
        Line(prices.LAMBDA_REQUESTS, menus),
        Line(prices.HTTP_API, menus),
    ]
    if stack.needs_key:
        # A verdict is kept for each key and route; when it is forgotten, the next menu asks again.
        checks = min(menus, MONTH_SECONDS / stack.authorizer_kept_seconds)
        lines += _checks(stack, measured, checks)
        lines.append(Line(prices.SECRET_READS, READS_OF_KEYS * checks))
        lines.append(Line(prices.SECRETS, 1))
    if stack.has_snapshot:
        lines.append(Line(prices.SNAPSHOT_CACHE, stack.memory_gb * MONTH_SECONDS, "1か月"))
        lines.append(Line(prices.SNAPSHOT_RESTORE, stack.memory_gb * cold_starts, "1%と仮定"))
    else:
        lines.append(
            _running(stack.memory_gb, measured.init_seconds, cold_starts, "初期化、1%と仮定")
        )
    lines.append(_logs(menus, measured.log_bytes + measured.gateway_log_bytes))
    lines.append(Line(prices.METRICS, FUNCTION_METRICS + ROUTE_METRICS, "1ルート"))
    lines.append(Line(prices.ALARMS, stack.alarm_metrics))
    if stack.has_dashboard:
        lines.append(Line(prices.DASHBOARDS, 1, "3枚まで無料"))
    if stack.is_traced:
        lines.append(Line(prices.TRACES, traces(menus, MONTH_SECONDS), "最大"))
    lines.append(Line(prices.TRANSFER, menus * measured.response_bytes / GB))
    return lines


def attacks(stack: Stack, measured: Measured) -> list[Attack]:
    """Return what strangers, and whoever is let in, can cost at most."""
    longest = replace(measured, menu_seconds=float(stack.timeout_seconds))
    whose = "漏れた鍵" if stack.needs_key else "だれでも"
    served = [
        _attack(f"{whose}: 普通の献立", stack, measured, _served),
        _attack(f"{whose}: 1回{stack.timeout_seconds}秒かかる依頼", stack, longest, _served),
    ]
    if not stack.needs_key:
        return served
    return [
        _attack("鍵なし（401）", stack, measured, _unchecked),
        _attack("でたらめな鍵（403）", stack, measured, _refused),
        *served,
    ]


def _attack(
    name: str,
    stack: Stack,
    measured: Measured,
    lines: Callable[[Stack, Measured, int], list[Line]],
) -> Attack:
    hour, day = (total_usd(lines(stack, measured, span)) for span in (HOUR_SECONDS, DAY_SECONDS))
    return Attack(name, hour, day)


def _unchecked(stack: Stack, measured: Measured, seconds: int) -> list[Line]:
    """Return what requests without a key cost: they end at the gateway."""
    requests = most_requests(stack.menu_routes + stack.other_routes, stack, seconds)
    return [Line(prices.HTTP_API, requests), _logs(requests, measured.gateway_log_bytes)]


def _refused(stack: Stack, measured: Measured, seconds: int) -> list[Line]:
    """Return what wrong keys cost, each another, so that no verdict is known yet."""
    requests = most_requests(stack.menu_routes + stack.other_routes, stack, seconds)
    return [
        *_unchecked(stack, measured, seconds),
        *_checks(stack, measured, requests),
        _logs(requests, measured.log_bytes),
    ]


def _served(stack: Stack, measured: Measured, seconds: int) -> list[Line]:
    """Return what requests cost that are let in, on all routes; verdicts are known."""
    menus = most_requests(stack.menu_routes, stack, seconds)
    others = most_requests(stack.other_routes, stack, seconds)
    busy_seconds = menus * measured.menu_seconds + others * measured.other_seconds
    # What finds no execution environment is refused, whichever request it is.
    share = min(1.0, most_busy_seconds(stack, seconds) / busy_seconds)
    menus, others = share * menus, share * others
    requests = menus + others
    lines = [
        *_unchecked(stack, measured, seconds),
        _running(stack.memory_gb, measured.menu_seconds, menus),
        _running(stack.memory_gb, measured.other_seconds, others),
        Line(prices.LAMBDA_REQUESTS, requests),
        _logs(requests, measured.log_bytes),
        Line(prices.TRANSFER, menus * measured.response_bytes / GB),
    ]
    if stack.has_snapshot:
        restored_gb = COLD_START_SHARE * requests * stack.memory_gb
        lines.append(Line(prices.SNAPSHOT_RESTORE, restored_gb))
    if stack.is_traced:
        lines.append(Line(prices.TRACES, traces(requests, seconds)))
    return lines


def _running(memory_gb: float, seconds: float, times: float, note: str = "") -> Line:
    return Line(prices.LAMBDA_SECONDS, times * memory_gb * billed_seconds(seconds), note)


def _checks(stack: Stack, measured: Measured, times: float) -> list[Line]:
    return [
        _running(stack.authorizer_gb, measured.authorizer_seconds, times, "鍵の確認"),
        Line(prices.LAMBDA_REQUESTS, times, "鍵の確認"),
    ]


def _logs(times: float, size_bytes: int) -> Line:
    return Line(prices.LOGS, times * size_bytes / GB)


def most_requests(routes: int, stack: Stack, seconds: float) -> float:
    """Return the requests that the throttles let through: each its burst, then its rate."""
    return routes * (stack.throttle_burst + stack.throttle_rate * seconds)


def most_busy_seconds(stack: Stack, seconds: float) -> float:
    """Return the most seconds of running that the concurrency allows."""
    return (stack.reserved_concurrency or ACCOUNT_CONCURRENCY) * seconds


def traces(requests: float, seconds: float) -> float:
    """Return the most traces that X-Ray's default sampling records."""
    first_of_second = min(requests, seconds)
    return first_of_second + TRACED_SHARE * (requests - first_of_second)
