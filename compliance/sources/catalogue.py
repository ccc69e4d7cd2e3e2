"""What proves by itself that something is done; a requirement names one by its code."""

from __future__ import annotations

from compliance.computed import FindingSource
from compliance.sources import duty, incidents, points

SOURCES: tuple[FindingSource, ...] = (*duty.SOURCES, *incidents.SOURCES, *points.SOURCES)
_by_code = {each.code: each for each in SOURCES}


def source(code: str) -> FindingSource | None:
    return _by_code.get(code)
