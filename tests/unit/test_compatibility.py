"""What the page about other servers says of the checks that llama.cpp's own is asked, too."""

import re
from pathlib import Path
from typing import Final

import pytest

from own_model.checks import CHECKS
from own_model.differences import OURS_ALONE, THEIRS_ALONE, UNMET

DOCS: Final = Path(__file__).parents[2] / "docs"
OTHERWISE: Final = {
    **dict.fromkeys(THEIRS_ALONE, ("no", "yes")),
    **dict.fromkeys(OURS_ALONE, ("yes", "no")),
    **dict.fromkeys(UNMET, ("no", "no")),
}


def test_every_check_that_differs_stands_in_the_table_with_its_reason() -> None:
    page = (DOCS / "compatibility.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z0-9 ]+) \| (yes|no) \| (yes|no) \| (.+) \|$", page, re.MULTILINE)
    reasons = {**THEIRS_ALONE, **OURS_ALONE, **UNMET}

    assert {check: (here, there) for check, here, there, _ in rows} == OTHERWISE
    assert {check: why for check, _, _, why in rows} == reasons
    assert OTHERWISE.keys() <= CHECKS.keys()


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        (
            "compatibility.md",
            "as {} checks ([`checks.py`](../tests/own_model/checks.py)): {} pass ",
        ),
        ("compatibility.ja.md", "llama-serverの説明書にある{}項目のうち、ここでは{}、"),
    ],
)
def test_the_page_counts_the_checks(page: str, sentence: str) -> None:
    passed = len(CHECKS) - len(THEIRS_ALONE) - len(UNMET)

    assert sentence.format(len(CHECKS), passed) in (DOCS / page).read_text(encoding="utf-8")
