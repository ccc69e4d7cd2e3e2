"""The days of a campaign, and which of them a list shows at once: all, or as many as a page can hold of a province."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from core import clock
from core.calendar.holidays import DayClass, Phase, day_class, phase
from core.db import db
from core.fast_path import shared_cache
from roster.campaigns.models import Campaign
from roster.days.day_classes import listed as day_classes
from roster.sources.models import HolidaySet

MOST = 400
"""Seats listed at once; a single day may have more."""


@dataclass(frozen=True)
class GridDay:
    """One local date of the campaign."""

    on: date
    phase: Phase
    kind: DayClass
    is_today: bool

    @property
    def is_free(self) -> bool:
        return self.kind in ("holiday", "substitute")


def days_of(campaign: Campaign, *, now: datetime) -> tuple[GridDay, ...]:
    """Return the campaign's dates with phase and class; kept until somebody changes the days off."""
    memory, span = shared_cache.kept_now(shared_cache.PLAN), (campaign.starts_on, campaign.ends_on)
    key = ("days", *span, campaign.tet_year)
    found: Sequence[tuple[date, Phase, DayClass]] | None = memory.get(key)
    if found is None:
        found = memory[key] = _classed(campaign.tet_year, *span)
    today = clock.local_date(now)
    return tuple(GridDay(on, phase, kind, on == today) for on, phase, kind in found)


def _classed(year: int, first: date, last: date) -> list[tuple[date, Phase, DayClass]]:
    tet, classes = db.session.scalar(select(HolidaySet).filter_by(year=year)), day_classes(first, last)
    dates = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [(on, phase(on, tet.starts_on, tet.ends_on) if tet else "before", day_class(on, classes)) for on in dates]


@dataclass(frozen=True)
class DayWindow:
    """``days`` in a row; ``before`` and ``after``: the first day of the pages beside this one."""

    days: tuple[GridDay, ...]
    before: date | None = None
    after: date | None = None


def window(days: Sequence[GridDay], seats: Sequence[int], on: date | None) -> DayWindow:
    """The page with ``on``, else with today, else the first; ``seats``: how many each day has. All, when they fit.

    Pages are cut from today on, and from today back: none overlaps another, and today always begins one.
    """
    if sum(seats) <= MOST:
        return DayWindow(tuple(days))
    today = next((n for n, day in enumerate(days) if day.is_today), 0)
    starts = _starts(seats, today)
    asked = next((n for n, day in enumerate(days) if day.on == on), today)
    page = max(n for n, start in enumerate(starts) if start <= asked)
    first, *later = starts[page:]
    end = later[0] if later else len(days)
    return DayWindow(
        tuple(days[first:end]), days[starts[page - 1]].on if page else None, days[end].on if later else None
    )


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


def _fitting(seats: Sequence[int]) -> int:
    """How many days from the first one fit; at least one."""
    total = 0
    for number, each in enumerate(seats):
        total += each
        if number and total > MOST:
            return number
    return len(seats)
