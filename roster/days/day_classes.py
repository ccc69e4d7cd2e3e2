"""The class of each date as the enterprise has listed it, and as it is for people of a work pattern."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time

from sqlalchemy import select

from core.calendar.holidays import DayClass
from core.db import db
from people import queries as people
from people.models import WorkPattern
from planning.problem import NormalHours
from roster.days.workdays import MARGIN, Week, classes_by_pattern
from roster.sources.models import HolidayDay


def listed(first: date, last: date) -> dict[date, DayClass]:
    """The listed class of each date from ``first`` to ``last`` (inclusive), over all sets."""
    rows = db.session.scalars(select(HolidayDay).where(HolidayDay.on_date.between(first, last)))
    found: dict[date, DayClass] = {}
    for row in rows:
        found[row.on_date] = row.day_class  # type: ignore[assignment]
    return found


def weeks() -> dict[str, Week]:
    """Work pattern → weekday (Monday 0) → ordinary hours as local spans, from the enterprise's own table."""
    return {row.code: week_of(row.hours) for row in people.work_patterns()}


def normal_hours() -> tuple[NormalHours, ...]:
    """Return what the enterprise chose as normal hours of its work patterns."""
    return tuple(each for row in people.work_patterns() for each in chosen_hours(row))


def chosen_hours(row: WorkPattern) -> tuple[NormalHours, ...]:
    """Return what the enterprise chose as normal hours of one, the oldest first."""
    return tuple(
        NormalHours(row.code, date.fromisoformat(each["since"]), each["day"], each["week"]) for each in row.normal_hours
    )


def week_of(hours: Mapping[str, list[list[str]]]) -> Week:
    """Return what a row keeps (``{"0": [["07:30", "11:30"]]}``) as times."""
    return {
        int(day): [(time.fromisoformat(since), time.fromisoformat(until)) for since, until in spans]
        for day, spans in hours.items()
        if spans
    }


def by_pattern(first: date, last: date, days: Mapping[date, DayClass] | None = None) -> dict[str, dict[date, DayClass]]:
    """Work pattern → class of each date for its people, for the patterns to which some date is of another class.

    ``days``: in place of those that are listed, from ``MARGIN`` before ``first`` on.
    """
    return classes_by_pattern(first, last, listed(first - MARGIN, last) if days is None else days, weeks())
