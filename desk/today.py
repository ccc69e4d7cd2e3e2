"""Who serves today, from midnight to midnight: the strip on the wall, a line a kind of duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core import clock
from core.i18n import named, t
from incidents.diary import services as diary
from people.models import Unit
from roster.models import Duty

MINUTE = timedelta(minutes=1)
DAY = 24 * 60
STEP = 5
"""Minutes: the line that says what time it is moves so often, and the page is news no oftener."""


@dataclass(frozen=True)
class TimelineBar:
    """``[x, x + width)`` in minutes of the day; ``said``: who serves, from when to when."""

    x: int
    width: int
    names: str
    said: str


def strip(unit: Unit, *, now: datetime) -> dict[str, Any] | None:
    """Return what templates/desk/_today.html draws; None where nothing is published for today."""
    span = diary.whole_day(clock.local_date(now))
    lines = [
        {"kind": kind.code, "letter": kind.letter, "name": named(kind), "bars": _bars(rows, span.starts_at)}
        for kind, rows in diary.duties(unit, span)
    ]
    at = (now - span.starts_at) // MINUTE // STEP * STEP
    return {"lines": lines, "at": at, "day": DAY} if lines else None


def _bars(rows: Sequence[Duty], midnight: datetime) -> list[TimelineBar]:
    """Those who serve the same hours are one bar."""
    together = dict[tuple[datetime, datetime], list[str]]()
    for row in rows:
        together.setdefault((row.starts_at, row.ends_at), []).append(row.person.full_name)
    return [_bar(starts_at, ends_at, names, midnight) for (starts_at, ends_at), names in together.items()]


def _bar(starts_at: datetime, ends_at: datetime, names: Sequence[str], midnight: datetime) -> TimelineBar:
    begins, ends = max(0, (starts_at - midnight) // MINUTE), min(DAY, (ends_at - midnight) // MINUTE)
    said = f"{', '.join(names)} {t(starts_at)}–{t(ends_at)}"
    return TimelineBar(begins, ends - begins, ", ".join(_called(name) for name in names), said)


def _called(name: str) -> str:
    """By what somebody is called: the last word of three, two of longer names; names of two words stand."""
    words = name.split()
    return name if len(words) < 3 else " ".join(words[-2 if len(words) > 3 else -1 :])
