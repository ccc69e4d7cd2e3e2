"""PURE The lists behind figures, as they are kept: runs instead of rows.

A summary of a thousand points counts some sixty thousand days and shifts; nearly all follow one another.
"shift:12", "shift:13", "shift:14" are kept as "shift:12-14"; days of points, "check:7@2027-01-20" and the day after,
as "check:7@2027-01-20..2027-01-21", and points one after another with the same days as "check:7-9@…". What is no
number and no day ("incident:SC-2027-0001") stays as it is, and so do lists that were kept before there were runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

Run = tuple[str, int, int, int, int]
"""Kind, first and last number, first and last day as ordinals; without days 0."""
_ROW = re.compile(r"(\w+):(\d+)(?:@(\d{4}-\d\d-\d\d))?")
_RUN = re.compile(r"(\w+):(\d+)(?:-(\d+))?(?:@(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?)?")


def packed(refs: Sequence[str]) -> list[str]:
    """The same list in fewer words; its order stays."""
    found: list[str | Run] = []
    for ref in refs:
        match = _ROW.fullmatch(ref)
        if match is None:
            found.append(ref)
            continue
        kind, number, day = match[1], int(match[2]), date.fromisoformat(match[3]).toordinal() if match[3] else 0
        before = found[-1] if found else None
        if isinstance(before, tuple) and _follows(before, kind, number, day):
            found[-1] = (kind, before[1], number, before[3], day)
        else:
            found.append((kind, number, number, day, day))
    return [each if isinstance(each, str) else _said(each) for each in _joined(found)]


def unpacked(kept: Sequence[str]) -> list[str]:
    """One reference a row, in the order of the figure."""
    return [ref for each in kept for ref in _rows(each)]


def _follows(before: Run, kind: str, number: int, day: int) -> bool:
    if kind != before[0]:
        return False
    if day == 0 or before[4] == 0:
        return day == before[4] and number == before[2] + 1
    return number == before[2] and day == before[4] + 1


def _joined(found: Sequence[str | Run]) -> Iterator[str | Run]:
    """Points one after another that have the same days."""
    waiting: Run | None = None
    for each in found:
        if isinstance(each, str) or not each[3]:
            if waiting is not None:
                yield waiting
            waiting = None
            yield each
        elif waiting is not None and waiting[0] == each[0] and waiting[2] + 1 == each[1] and waiting[3:] == each[3:]:
            waiting = (waiting[0], waiting[1], each[2], each[3], each[4])
        else:
            if waiting is not None:
                yield waiting
            waiting = each
    if waiting is not None:
        yield waiting


def _said(run: Run) -> str:
    kind, first, last, since, until = run
    numbers = f"{first}-{last}" if last > first else f"{first}"
    if not since:
        return f"{kind}:{numbers}"
    days = date.fromordinal(since).isoformat()
    return f"{kind}:{numbers}@{days}" + (f"..{date.fromordinal(until).isoformat()}" if until > since else "")


def _rows(each: str) -> Iterator[str]:
    match = _RUN.fullmatch(each)
    if match is None:
        yield each
        return
    kind, first, last, since, until = match.groups()
    for number in range(int(first), int(last or first) + 1):
        if since is None:
            yield f"{kind}:{number}"
            continue
        ends = date.fromisoformat(until or since).toordinal()
        for day in range(date.fromisoformat(since).toordinal(), ends + 1):
            yield f"{kind}:{number}@{date.fromordinal(day).isoformat()}"
