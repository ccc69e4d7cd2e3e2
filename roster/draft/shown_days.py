"""Which days of a campaign a list shows at once: all, or as many as a page can hold of a province."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from roster.draft.grid import Day
from roster.publishing.sheet import DaySheet

MOST = 400
"""Seats listed at once; a single day may have more."""


@dataclass(frozen=True)
class Window:
    """``days`` in a row; ``before`` and ``after``: the first day of the pages beside this one."""

    days: tuple[Day, ...]
    before: date | None = None
    after: date | None = None


def window(days: Sequence[Day], seats: Sequence[int], on: date | None) -> Window:
    """The page with ``on``, else with today, else the first; ``seats``: how many each day has. All, when they fit.

    Pages are cut from today on, and from today back: none overlaps another, and today always begins one.
    """
    if sum(seats) <= MOST:
        return Window(tuple(days))
    today = next((n for n, day in enumerate(days) if day.is_today), 0)
    starts = _starts(seats, today)
    asked = next((n for n, day in enumerate(days) if day.on == on), today)
    page = max(n for n, start in enumerate(starts) if start <= asked)
    first, *later = starts[page:]
    end = later[0] if later else len(days)
    return Window(tuple(days[first:end]), days[starts[page - 1]].on if page else None, days[end].on if later else None)


def _starts(seats: Sequence[int], today: int) -> list[int]:
    """The day with which each page begins, in order."""
    starts, here = [], today
    while here < len(seats):
        starts.append(here)
        here += _fitting(seats[here:])
    here = today
    while here > 0:
        here -= _fitting(seats[:here][::-1])
        starts.append(here)
    return sorted(starts)


def of_sheet(sheet: Sequence[DaySheet], on: date | None) -> tuple[Window, tuple[DaySheet, ...], int]:
    """The window of a sheet, its days, and how many days with shifts come before them."""
    known = [(each.day, sum(entry.required for entry in each.entries)) for each in sheet if each.day is not None]
    found = window([day for day, _seats in known], [seats for _day, seats in known], on)
    dates = {day.on for day in found.days}
    first = min(dates, default=None)
    earlier = sum(1 for each in sheet if each.lines and first is not None and each.on < first)
    return found, tuple(each for each in sheet if each.on in dates), earlier


def _fitting(seats: Sequence[int]) -> int:
    """How many days from the first one fit; at least one."""
    total = 0
    for number, each in enumerate(seats):
        total += each
        if number and total > MOST:
            return number
    return len(seats)
