"""The class of each date as the enterprise has listed it, and as it is for people of a work pattern."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from core.db import db
from roster.holidays import DayClass
from roster.models import HolidayDay


def listed(first: date, last: date) -> dict[date, DayClass]:
    """The listed class of each date from ``first`` to ``last`` (inclusive), over all sets."""
    rows = db.session.scalars(select(HolidayDay).where(HolidayDay.on_date.between(first, last)))
    found: dict[date, DayClass] = {}
    for row in rows:
        found[row.on_date] = row.day_class  # type: ignore[assignment]
    return found


def by_pattern(first: date, last: date, days: Mapping[date, DayClass]) -> dict[str, Mapping[date, DayClass]]:
    """Work pattern → class of each date for its people, for the patterns to which some date is of another class."""
    return {}
