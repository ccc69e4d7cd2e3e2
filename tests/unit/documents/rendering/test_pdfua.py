"""What of PDF/UA-1 a machine can see, judged by a stranger to our templates: pdfua finds nothing in any paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pdfua import validate

from documents.paper import Code, Paper
from documents.rendering import pdf as typesetting
from tests.support import office_papers

PAPERS: dict[str, Paper] = {
    "notice": office_papers.notice(9),
    "draft": replace(office_papers.letter(5), mark="draft"),
    "older": office_papers.letter(9, "tt01-2011"),
    "minutes": office_papers.minutes(),
    "sheet": office_papers.sheet(20, 23),
    "names": office_papers.saying(*office_papers.NAMES, *office_papers.LIKE_MARKUP),
    "code": replace(office_papers.minutes(), blocks=(Code("https://example.vn/p/BDA", "Quét mã"),)),
}
STUMBLES = {"UA-14-001"}
"""About an array that typst writes and ISO 32000 allows: the rule raises an error of its own."""


@pytest.mark.parametrize("name", PAPERS)
def test_it_finds_nothing(node: Path, name: str) -> None:
    made = node / "paper.pdf"
    made.write_bytes(typesetting.pdf(PAPERS[name]))
    report = validate(made)
    assert [f"{each.rule_id}: {each.message}" for each in report.findings] == []
    assert len(report.outcomes) > 10 and {each.rule_id for each in report.skipped} <= STUMBLES
