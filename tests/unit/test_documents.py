"""The documents lead where they say: their links, their anchors, and the files that they name."""

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DOCUMENTS: Final = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK: Final = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
HEADING: Final = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
FENCED: Final = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
# A file of this repository, named in a text from its root.
NAMED_FILE: Final = re.compile(r"`((?:src|tests|docs|benchmarks|events)/[\w./-]+\.\w+)`")
NAMED_TEST: Final = re.compile(r"`(test_\w+)`")
# Made by a build, or named as what used to be.
NOT_THERE: Final = frozenset({"docs/decisions/NNNN-title.md"})


def anchor(heading: str) -> str:
    """Return the anchor that GitHub gives to a heading."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def anchors(path: Path) -> set[str]:
    """Return the anchors of all headings of a document."""
    text = FENCED.sub("", path.read_text(encoding="utf-8"))
    return {anchor(heading) for heading in HEADING.findall(text)}


def test_every_link_leads_somewhere() -> None:
    broken = []
    for document in DOCUMENTS:
        for file, place in LINK.findall(FENCED.sub("", document.read_text(encoding="utf-8"))):
            target = (document.parent / file).resolve() if file else document
            if not target.exists():
                broken.append(f"{document.relative_to(ROOT)}: {file}")
            elif place and target.suffix == ".md" and place not in anchors(target):
                broken.append(f"{document.relative_to(ROOT)}: {file}#{place}")

    assert not broken, broken


def test_every_file_that_a_document_names_is_there() -> None:
    missing = [
        f"{document.relative_to(ROOT)}: {name}"
        for document in DOCUMENTS
        # What changed, and what was decided, names what was there then.
        if document.name != "CHANGELOG.md" and document.parent.name != "decisions"
        for name in NAMED_FILE.findall(document.read_text(encoding="utf-8"))
        if not (ROOT / name).exists() and name not in NOT_THERE
    ]

    assert not missing, missing


def test_every_difference_from_other_servers_is_shown_by_a_test_that_is_there() -> None:
    text = (ROOT / "docs/compatibility.md").read_text(encoding="utf-8")
    named = set(NAMED_TEST.findall(text))
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    assert len(named) > 20
    assert not {name for name in named if f"def {name}(" not in tests}


def test_every_document_has_something_to_check() -> None:
    assert len(DOCUMENTS) > 20
    assert sum(len(LINK.findall(path.read_text(encoding="utf-8"))) for path in DOCUMENTS) > 100
