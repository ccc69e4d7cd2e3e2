"""Sections of docs/benchmarks.md that runs write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def replace(marks: tuple[str, str], lines: Sequence[str]) -> None:
    """What stands between the two marks, anew. Raises ValueError where they are missing: nothing else is touched."""
    begin, end = marks
    text = DOCUMENT.read_text("utf-8")
    before, found, rest = text.partition(begin)
    _old, ended, after = rest.partition(end)
    if not (found and ended):
        raise ValueError(f"{DOCUMENT.name} has no {begin} … {end}")
    DOCUMENT.write_text(before + "\n".join([begin, "", *lines, "", end]) + after, "utf-8")
