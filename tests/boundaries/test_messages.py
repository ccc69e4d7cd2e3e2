"""Every error code that the source raises has a sentence for the reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from core import errors

ROOT = Path(__file__).parents[2]
PACKAGES = ("core", "desk", "incidents", "notify", "people", "roster")
RAISED = re.compile(
    r"\b(?:Invalid|NotFound|Forbidden|Conflict|Gone|Throttled|Unavailable)\(\s*\"([a-z0-9_]+(?:\.[a-z0-9_]+)*)\""
    r"|\bFieldError\(\s*[^,()]+,\s*\"([a-z0-9_.]+)\""
)


def raised() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for found in RAISED.finditer(path.read_text("utf-8")):
                yield found[1] or found[2], str(path.relative_to(ROOT))


def test_the_search_finds_codes() -> None:
    assert ("campaign.unknown", "roster/campaigns/queries.py") in set(raised())


def test_every_code_has_a_sentence(app: Flask) -> None:
    known = errors.known_codes()
    assert {(code, path) for code, path in raised() if code not in known} == set()
