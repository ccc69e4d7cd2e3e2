"""Whether a phase rests on a break that nobody has decided yet: then it is printed as "dự kiến"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Date, Select, bindparam, func, select

from core import clock
from core.db import db
from people import queries as people
from roster.models import Campaign, HolidaySet


def break_is_projected(tet_year: int) -> bool:
    """Whether the break of that Tết is a projection; a year without a set is one by nature."""
    status = db.session.scalar(select(HolidaySet.status).where(HolidaySet.year == tet_year))
    return status is None or status == "projected"


def phase_is_projected(unit_id: int, at: date | datetime) -> bool:
    """The same for the campaign that runs over a unit on that (local) day; False when none does."""
    year = tet_year_on(unit_id, clock.local_date(at) if isinstance(at, datetime) else at)
    return year is not None and break_is_projected(year)


def tet_year_on(unit_id: int, day: date) -> int | None:
    """The Tết of the campaign that runs over the unit on that local day."""
    return db.session.scalar(_tet_year(people.ancestor_ids(unit_id), day))


def break_over(unit_ids: Sequence[int], day: date) -> tuple[date, date] | None:
    """First and last day of the break of the campaign that runs over one of the units on that local day."""
    found = db.session.execute(_BREAK, {"unit_ids": list(unit_ids), "day": day}).one_or_none()
    return (found[0], found[1]) if found else None


def _tet_year(unit_ids: Sequence[int] | BindParameter[Any], day: date | BindParameter[date]) -> Select[tuple[int]]:
    return select(func.max(Campaign.tet_year)).where(
        Campaign.unit_id.in_(unit_ids), Campaign.starts_on <= day, Campaign.ends_on >= day
    )


_BREAK = select(HolidaySet.starts_on, HolidaySet.ends_on).where(
    HolidaySet.year == _tet_year(bindparam("unit_ids", expanding=True), bindparam("day", type_=Date)).scalar_subquery()
)
"""Asked with every incident: built once."""
