"""The part of Tết in which a day falls: before, during or after the break of a campaign; and whether that break is
decided yet, for else the phase is printed as "dự kiến"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Date, Select, bindparam, func, select

from core import clock
from core.calendar import holidays
from core.db import db
from people import queries as people
from roster.campaigns.models import Campaign
from roster.models import Rehearsal
from roster.sources.models import HolidaySet

UNDECIDED = (None, "projected")
"""Statuses of a break that nobody has decided yet; None: of a year without a set."""


def phase_at(unit_id: int, at: datetime, rehearsal: Rehearsal | None) -> str | None:
    """before, during or after the break, while a campaign of the unit or above runs; in a rehearsal: its day."""
    if rehearsal is None:
        return phase_on(people.ancestor_ids(unit_id), clock.local_date(at))
    day = clock.local_date(at + timedelta(seconds=rehearsal.offset_seconds))
    break_of = db.session.scalar(select(HolidaySet).where(HolidaySet.year == rehearsal.campaign.tet_year))
    return holidays.phase(day, break_of.starts_on, break_of.ends_on) if break_of else None


def phase_on(unit_ids: Sequence[int], day: date) -> str | None:
    """The same on a local day, by the campaign that runs over one of the units."""
    break_of = db.session.execute(_BREAK, {"unit_ids": list(unit_ids), "day": day}).tuples().one_or_none()
    return holidays.phase(day, *break_of) if break_of else None


def break_is_projected(tet_year: int) -> bool:
    """Whether the break of that Tết is a projection; a year without a set is one by nature."""
    status = db.session.scalar(select(HolidaySet.status).where(HolidaySet.year == tet_year))
    return status in UNDECIDED


def phase_is_projected(unit_id: int, at: date | datetime) -> bool:
    """The same for the campaign that runs over a unit on that (local) day; False when none does."""
    year = tet_year_on(unit_id, clock.local_date(at) if isinstance(at, datetime) else at)
    return year is not None and break_is_projected(year)


def phases_are_projected(asked: Collection[tuple[int, date]]) -> dict[tuple[int, date], bool]:
    """``phase_is_projected`` for each of many (unit id, local day), in two statements."""
    if not asked:
        return {}
    above = people.ancestors_of({unit_id for unit_id, _day in asked})
    days = [day for _unit_id, day in asked]
    campaigns = db.session.execute(
        select(Campaign.unit_id, Campaign.starts_on, Campaign.ends_on, Campaign.tet_year, HolidaySet.status)
        .outerjoin(HolidaySet, HolidaySet.year == Campaign.tet_year)
        .where(
            Campaign.unit_id.in_({each for found in above.values() for each in found}),
            Campaign.starts_on <= max(days),
            Campaign.ends_on >= min(days),
        )
    ).all()
    found = dict[tuple[int, date], bool]()
    for unit_id, day in asked:
        over = [each for each in campaigns if each.unit_id in above[unit_id] and each.starts_on <= day <= each.ends_on]
        latest = max(over, key=lambda each: each.tet_year, default=None)
        found[unit_id, day] = latest is not None and latest.status in UNDECIDED
    return found


def tet_year_on(unit_id: int, day: date) -> int | None:
    """The Tết of the campaign that runs over the unit on that local day."""
    return db.session.scalar(_tet_year(people.ancestor_ids(unit_id), day))


def _tet_year(unit_ids: Sequence[int] | BindParameter[Any], day: date | BindParameter[date]) -> Select[tuple[int]]:
    return select(func.max(Campaign.tet_year)).where(
        Campaign.unit_id.in_(unit_ids), Campaign.starts_on <= day, Campaign.ends_on >= day
    )


_BREAK = select(HolidaySet.starts_on, HolidaySet.ends_on).where(
    HolidaySet.year == _tet_year(bindparam("unit_ids", expanding=True), bindparam("day", type_=Date)).scalar_subquery()
)
"""Asked with every incident: built once."""
