"""PURE which hours hold on a day: what was said of the day itself comes before any weekday, the nearer unit first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time as time_of_day

_TIME = re.compile(r"(\d{1,2})\s*[:hH.]\s*(\d{2})")


@dataclass(frozen=True)
class OpeningHours:
    """``opens`` empty: closed. Times are local, "07:30"."""

    opens: str = ""
    closes: str = ""
    last_acceptance: str = ""

    @property
    def closed(self) -> bool:
        return not self.opens


def is_to_open(hours: OpeningHours | None, at: time_of_day) -> bool:
    """Whether at that local time of the day the doors are still to open: who says then that they opened in time says
    what nobody can know. Where nobody has said when it opens, nothing is known to be too early."""
    return hours is not None and not hours.closed and f"{at:%H:%M}" < hours.opens


Key = tuple[int, int | date]
"""(unit id, weekday or day)."""


def on(day: date, units: Sequence[int], rows: Mapping[Key, OpeningHours]) -> OpeningHours | None:
    """``units``: the point and what is above it, the point first. ``None``: nobody has said."""
    for key in (day, day.weekday()):
        for unit_id in units:
            if (unit_id, key) in rows:
                return rows[unit_id, key]
    return None


def time(typed: str) -> str | None:
    """ "7h30", "07:30" → "07:30"; ``None`` when it is no time of day."""
    found = _TIME.fullmatch(typed.strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return f"{int(found[1]):02}:{found[2]}"


def fault(hours: OpeningHours) -> str | None:
    """The field that cannot be right: closing before opening, a last acceptance outside."""
    if hours.closed:
        return None
    if not hours.closes or hours.closes <= hours.opens:
        return "closes"
    if hours.last_acceptance and not hours.opens <= hours.last_acceptance <= hours.closes:
        return "last_acceptance"
    return None
