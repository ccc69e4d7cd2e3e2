"""Write what stands behind rosters and is not imported: Tết breaks, desk phones; take back demand and holidays."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Invalid, NotFound
from people import queries as people
from people.guard import ensure
from roster.campaigns import holiday_set
from roster.models import Demand, DeskPhone, HolidayDay, HolidaySet

LONGEST_BREAK = 30


def save_break(
    year: int, *, starts_on: date, ends_on: date, status: str, source: str, actor: Actor, now: datetime
) -> HolidaySet:
    """The Tết break of a year: campaigns made from now on take their phases from it; existing shifts never change."""
    if ends_on < starts_on or (ends_on - starts_on).days >= LONGEST_BREAK:
        raise Invalid("holiday.break_span", field="ends_on", days=LONGEST_BREAK)
    with transaction():
        ensure(actor, "holiday.write", None, now=now)
        row = holiday_set(year)
        row.starts_on, row.ends_on, row.status, row.source = starts_on, ends_on, status, source.strip()
        audit.record(
            actor, "holiday.break", "holiday_set", year, now=now, starts_on=starts_on.isoformat(), status=status
        )
        return row


def delete_holiday(on: date, *, actor: Actor, now: datetime) -> None:
    """The date is an ordinary day or a weekend again."""
    with transaction() as session:
        ensure(actor, "holiday.write", None, now=now)
        for row in session.scalars(select(HolidayDay).filter_by(on_date=on)):
            session.delete(row)
        audit.record(actor, "holiday.delete", "holiday", on.isoformat(), now=now)


def delete_demand(demand_id: int, *, actor: Actor, now: datetime) -> None:
    """Campaigns made from now on ask for it no more; existing shifts never change."""
    with transaction() as session:
        row = db.session.get(Demand, demand_id)
        if row is None:
            raise NotFound("demand.unknown", id=demand_id)
        ensure(actor, "campaign.write", row.unit_id, now=now)
        audit.record(actor, "demand.delete", "demand", row.id, now=now, duty=row.duty, template=row.template)
        session.delete(row)


def save_desk_phone(unit: str, duty: str, phone: str, *, actor: Actor, now: datetime) -> None:
    """The number of a duty desk; an empty one takes it away."""
    with transaction() as session:
        unit_id = people.unit_by_code(unit).id
        ensure(actor, "dutykind.write", unit_id, now=now)
        row = session.get(DeskPhone, (unit_id, duty))
        wanted = phone.strip()
        if not wanted and row is not None:
            session.delete(row)
        if wanted:
            session.merge(DeskPhone(unit_id=unit_id, duty=duty, phone=wanted))
        audit.record(actor, "desk_phone.save", "unit", unit_id, now=now, duty=duty, phone=wanted)
