"""The part of Tết in which an incident falls: before, during or after the break of a campaign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from core import clock
from core.db import db
from people import queries as people
from roster import holidays
from roster.days.projected import break_over
from roster.models import HolidaySet, Rehearsal


def phase_at(unit_id: int, at: datetime, rehearsal: Rehearsal | None) -> str | None:
    """before, during or after the break, while a campaign of the unit or above runs; in a rehearsal: its day."""
    if rehearsal is None:
        return phase_on(people.ancestor_ids(unit_id), clock.local_date(at))
    day = clock.local_date(at + timedelta(seconds=rehearsal.offset_seconds))
    break_of = db.session.scalar(select(HolidaySet).where(HolidaySet.year == rehearsal.campaign.tet_year))
    return holidays.phase(day, break_of.starts_on, break_of.ends_on) if break_of else None


def phase_on(unit_ids: Sequence[int], day: date) -> str | None:
    break_of = break_over(unit_ids, day)
    return holidays.phase(day, *break_of) if break_of else None
