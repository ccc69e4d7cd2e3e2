"""docs/documents.md shows each kind of document that the product makes, in small pictures."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

from documents import kinds

DOCS = Path(__file__).parents[2] / "docs"
LARGEST = 60_000


def test_each_kind_has_its_line_and_picture(app: Flask) -> None:
    page = (DOCS / "documents.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| \*\*([\w.]+)\*\*", page, re.MULTILINE)) == set(kinds.by_code())
    named = re.findall(r'src="(images/documents/[\w.-]+)"', page)
    assert {path.removeprefix("images/documents/").removesuffix(".png") for path in named} >= set(kinds.by_code())
    for path in named:
        assert 0 < (DOCS / path).stat().st_size <= LARGEST, path
    kept = {f"images/documents/{path.name}" for path in (DOCS / "images" / "documents").iterdir()}
    assert kept == set(named)
