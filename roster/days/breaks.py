"""PURE the days of a Tết break that is decided anew: which class each date has then.

The five statutory days stand where they are known or projected to stand, moved into the break where it leaves some of
them out; weekends beside them are weekly rest, other days substitutes. A day of both breaks that the enterprise has
listed otherwise stays as it listed it, so a break that is moved and moved back is what it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from core.calendar.holidays import TET_NAME, DayClass, HolidaySetSpec

STATUTORY = 5
Span = tuple[date, date]


def usual(spec: HolidaySetSpec, rest: Span) -> dict[date, DayClass]:
    """Date → class in a break of that year, both ends inclusive."""
    first = statutory_from(spec, rest)
    found: dict[date, DayClass] = {}
    for on in dates(rest):
        if first <= on < first + timedelta(days=STATUTORY):
            found[on] = "holiday"
        else:
            found[on] = "weekly_rest" if on.weekday() >= 5 else "substitute"
    return found


def statutory_from(spec: HolidaySetSpec, rest: Span) -> date:
    """The first of the five: as known, else as near to that as the break allows."""
    known = min(row.on for row in spec.rows if row.day_class == "holiday" and row.name == TET_NAME)
    return max(rest[0], min(known, rest[1] - timedelta(days=STATUTORY - 1)))


def moved(
    spec: HolidaySetSpec, listed: Mapping[date, DayClass], was: Span, becomes: Span
) -> dict[date, DayClass | None]:
    """The dates whose class changes; None: listed no more."""
    before, after = usual(spec, was), usual(spec, becomes)
    found: dict[date, DayClass | None] = {on: None for on in before if on not in after and on in listed}
    for on, kind in after.items():
        stays = on in listed and before.get(on) == kind
        if not stays and listed.get(on) != kind:
            found[on] = kind
    return dict(sorted(found.items()))


def dates(span: Span) -> list[date]:
    return [span[0] + timedelta(days=n) for n in range((span[1] - span[0]).days + 1)]
