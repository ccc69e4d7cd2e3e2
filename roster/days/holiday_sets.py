"""The holidays of a year as the enterprise keeps them; years that nobody has entered start from what is announced."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from core.calendar.holidays import HolidaySetSpec, known_break
from core.db import db, transaction
from roster.sources.models import HolidayDay, HolidaySet

FIRST_YEAR, LAST_YEAR = 1969, 2099
"""Years whose every day has a lunar date."""


def holiday_set(year: int) -> HolidaySet:
    """The year's holidays; when nobody has entered them, those announced or else projected are written down first.

    Call inside a transaction. ValueError outside the lunar calendar.
    """
    found = db.session.scalar(select(HolidaySet).where(HolidaySet.year == year))
    if found is None:
        found = _from_spec(known_break(year))
        db.session.add(found)
        db.session.flush()
    return found


def known(years: Collection[int]) -> dict[int, HolidaySet]:
    """The sets of these years. Years that nobody has entered are written down now, apart from what needs them."""
    wanted = select(HolidaySet).where(HolidaySet.year.in_(years))
    found = {row.year: row for row in db.session.scalars(wanted)}
    if found.keys() >= set(years):
        return found
    with transaction():
        return {year: holiday_set(year) for year in sorted(years)}


def _from_spec(spec: HolidaySetSpec) -> HolidaySet:
    days = [
        HolidayDay(on_date=row.on, day_class=row.day_class, name=row.name, status=row.status, source=row.source)
        for row in spec.rows
    ]
    return HolidaySet(
        year=spec.year,
        starts_on=spec.break_start,
        ends_on=spec.break_end,
        status=spec.status,
        source=spec.source,
        days=days,
    )
