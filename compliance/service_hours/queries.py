"""Opening hours as pages, posters and calls ask for them: of many points and days in two statements."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import or_, select

from compliance.service_hours import rules
from compliance.service_hours.models import ServiceHours
from compliance.service_hours.rules import OpeningHours
from core.db import db
from people import reference


def hours_by_day(unit_ids: Collection[int], days: Collection[date]) -> dict[tuple[int, date], OpeningHours | None]:
    """(unit, day) → its hours; ``None`` where nobody has said them."""
    above = reference.ancestors_of(frozenset(unit_ids))
    everybody = {each for found in above.values() for each in found}
    wanted = select(
        ServiceHours.unit_id,
        ServiceHours.weekday,
        ServiceHours.day,
        ServiceHours.opens,
        ServiceHours.closes,
        ServiceHours.last_acceptance,
    ).where(ServiceHours.unit_id.in_(everybody), or_(ServiceHours.day.is_(None), ServiceHours.day.in_(days)))
    known: dict[rules.Key, OpeningHours] = {}
    for unit_id, weekday, day, *times in db.session.execute(wanted):
        known[unit_id, weekday if day is None else day] = OpeningHours(*times)
    return {(unit_id, day): rules.on(day, above[unit_id], known) for unit_id in unit_ids for day in days}


def said_days(unit_ids: Collection[int], since: date, until: date) -> dict[int, list[date]]:
    """Days of which something special is said, at the point or above it, by point."""
    above = reference.ancestors_of(frozenset(unit_ids))
    everybody = {each for found in above.values() for each in found}
    wanted = select(ServiceHours.unit_id, ServiceHours.day).where(
        ServiceHours.unit_id.in_(everybody), ServiceHours.day >= since, ServiceHours.day <= until
    )
    days: dict[int, set[date]] = {}
    for unit_id, day in db.session.execute(wanted):
        days.setdefault(unit_id, set()).add(day)
    return {each: sorted(set().union(*(days.get(one, set()) for one in above[each]))) for each in unit_ids}
