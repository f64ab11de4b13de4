"""`chef cost`: the estimates as tables for a terminal."""

import unicodedata
from collections.abc import Sequence
from typing import Final

from chef_tools.costs.estimates import (
    ACCOUNT_CONCURRENCY,
    Attack,
    Line,
    Measured,
    attacks,
    million_menus,
    total_usd,
)
from chef_tools.costs.prices import PRICES
from chef_tools.costs.stack import Stack

# Of `python benchmarks/duration.py` on one thread (AVX2), November 2026: larger of /generate and
# /v1/menus. Not measured, for want of an account: the authorizer on a fourteenth of a vCPU, the
# three lines that Lambda logs for a request (350 bytes), and the gateway's line (350 bytes).
MEASURED: Final = Measured(
    menu_seconds=0.028,
    other_seconds=0.0006,
    init_seconds=0.78,
    authorizer_seconds=0.1,
    response_bytes=7300,
    log_bytes=1600 + 350,
    gateway_log_bytes=350,
)
# Below it a quantity has decimals.
SMALL: Final = 100
Row = Sequence[str]


def report(stack: Stack, measured: Measured) -> str:
    """Return what a million menus and an hour or a day of attacks cost, and the prices."""
    lines = million_menus(stack, measured)
    sections = [
        _conditions(stack, measured),
        "■ 献立100万食（1か月に均等、鍵1つ、ルート1つ）",
        _menus_table(lines),
        "■ 攻撃されたときの上限（流量制限いっぱいの要求）",
        _attacks_table(attacks(stack, measured)),
        "■ 単価（us-east-1、x86_64。無料枠・割引・税は含まない）",
        _prices_table(),
    ]
    return "\n\n".join(sections)


def _conditions(stack: Stack, measured: Measured) -> str:
    routes = stack.menu_routes + stack.other_routes
    throttle = f"毎秒 {stack.throttle_rate:g} 回、瞬間 {stack.throttle_burst:g} 回"
    concurrency = f"{stack.reserved_concurrency}（予約）"
    if not stack.reserved_concurrency:
        concurrency = f"{ACCOUNT_CONCURRENCY}（予約なし、アカウント全体の上限）"
    return "\n".join(
        [
            f"メモリー {stack.memory_gb * 1024:.0f} MB、1食 {measured.menu_seconds:g} 秒",
            f"流量制限 ルートごとに{throttle}（{routes} ルート、うち献立は {stack.menu_routes}）",
            f"同時実行 {concurrency}",
        ]
    )


def _menus_table(lines: list[Line]) -> str:
    rows = [
        (_named(line), _quantity(line.quantity), line.price.unit, f"{line.usd:,.2f}")
        for line in lines
    ]
    total = ("合計", "", "", f"{total_usd(lines):,.2f}")
    return _table(("項目", "量", "単位", "ドル"), [*rows, total], right=(1, 3))


def _quantity(quantity: float) -> str:
    return f"{quantity:,.0f}" if quantity >= SMALL else f"{quantity:.3g}"


def _named(line: Line) -> str:
    return f"{line.price.name}（{line.note}）" if line.note else line.price.name


def _attacks_table(found: list[Attack]) -> str:
    rows = [(one.name, f"{one.hour_usd:,.2f}", f"{one.day_usd:,.2f}") for one in found]
    return _table(("だれが", "1時間（ドル）", "1日（ドル）"), rows, right=(1, 2))


def _prices_table() -> str:
    rows = [
        (price.name, f"{price.usd:.10f}".rstrip("0"), price.unit, price.source, price.as_of)
        for price in PRICES
    ]
    return _table(("項目", "ドル", "単位", "出典", "価格表"), rows, right=(1,))


def _table(heads: Row, rows: Sequence[Row], right: Sequence[int]) -> str:
    """Lay out columns; those of `right` are aligned to the right."""
    widths = [max(map(_width, column)) for column in zip(heads, *rows, strict=True)]
    rule = ["-" * width for width in widths]
    return "\n".join(
        "  ".join(
            _padded(cell, width, to_the_right=number in right)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (heads, rule, *rows)
    )


def _padded(text: str, width: int, *, to_the_right: bool) -> str:
    gap = " " * (width - _width(text))
    return gap + text if to_the_right else text + gap


def _width(text: str) -> int:
    """Return the columns of a terminal that a text takes: Japanese characters take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "FWA" else 1 for sign in text)
