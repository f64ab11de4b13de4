"""What the soak computes, and how reports get into their pages."""

import random
from pathlib import Path

import pytest

from reports import as_table, write_report
from soak import memory_slope
from soak_requests import Case, soak_cases


def test_a_leak_of_a_kilobyte_a_request_is_a_thousand_kilobytes_per_thousand() -> None:
    slope = memory_slope(range(150_000, 152_000))
    assert slope.kb == pytest.approx(1000)
    assert slope.margin_kb == pytest.approx(0, abs=0.01)


def test_memory_that_only_goes_up_and_down_has_no_slope() -> None:
    rng = random.Random(1)
    slope = memory_slope([150_000 + rng.randint(-500, 500) for _ in range(2000)])
    assert abs(slope.kb) < slope.margin_kb < 100


def test_a_soak_of_the_same_seed_asks_the_same() -> None:
    def bodies(seed: int) -> list[object]:
        return [case.event["body"] for case in soak_cases(50, seed)]

    assert bodies(1) == bodies(1) != bodies(2)


@pytest.mark.parametrize(
    ("case", "response", "is_fault"),
    [
        (Case("GET", {}), {"statusCode": 200, "body": ""}, False),
        (Case("GET", {}), {"statusCode": 503, "body": ""}, True),
        (Case("GET", {}), {"errorType": "Runtime.ExitError"}, True),
        (
            Case("bad input", {}, 422, "no_menu"),
            {"statusCode": 422, "body": '{"error": {"code": "invalid_value"}}'},
            True,
        ),
        (Case("stream", {}), {"statusCode": 200, "body": "data: {}\n\n"}, True),
        (
            Case("menu", {}, forbidden_allergen="卵"),
            {"statusCode": 200, "body": '{"menus": [{"allergens": ["卵"]}]}'},
            True,
        ),
    ],
    ids=["as expected", "error", "dead process", "another error", "no end", "allergen"],
)
def test_an_answer_other_than_the_expected_one_is_a_fault(
    case: Case, response: dict[str, object], is_fault: bool
) -> None:
    assert (case.fault(response) is not None) == is_fault


def test_a_report_is_written_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- soak -->\nold\n<!-- /soak -->\nafter\n")
    write_report("soak", as_table(["a", "b"], [["c", "1"]]), page)
    assert page.read_text() == (
        "before\n<!-- soak -->\n| a | b |\n| --- | ---: |\n| c | 1 |\n<!-- /soak -->\nafter\n"
    )


def test_a_page_without_the_marks_is_an_error(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- soak -->\n")
    with pytest.raises(ValueError, match="0 places for the report 'soak'"):
        write_report("soak", "new", page)
