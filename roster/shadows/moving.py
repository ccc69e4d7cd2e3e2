"""When a seat is published at other hours, or is nobody's any more, whoever stands beside it hears of it.

What they were told last stands in their row, so that whatever changed the seat (an amendment, a swap of a part, a
withdrawal) is noticed; it changes in the transaction that writes the message, so that they hear once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, or_, select, update

from core import audit
from core.actor import SYSTEM
from core.db import db, transaction
from people import queries as people
from people.models import Person, Unit
from roster.models import Duty, Seat, Shift
from roster.shadows import notices, queries
from roster.shadows.models import Shadow
from roster.shadows.notices import About


def look(now: datetime) -> int:
    """Tell those whose hours are not what they were told; how many."""
    return sum(_tell(row, now) for row in _moved(now))


def _moved(now: datetime) -> Sequence[Row[Any]]:
    ahead = or_(Shadow.told_ends_at > now, and_(Shadow.told_ends_at.is_(None), Duty.ends_at > now))
    differs = or_(
        Shadow.told_starts_at.is_distinct_from(Duty.starts_at), Shadow.told_ends_at.is_distinct_from(Duty.ends_at)
    )
    return db.session.execute(
        select(
            Shadow.id,
            Shadow.seat_id,
            Shadow.person_id,
            Shadow.told_starts_at,
            Shadow.told_ends_at,
            Shift.duty,
            Unit.name.label("unit"),
            Duty.starts_at,
            Duty.ends_at,
        )
        .join(Seat, Seat.id == Shadow.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Unit, Unit.id == Shift.unit_id)
        .join(Person, Person.id == Shadow.person_id)
        .outerjoin(Duty, and_(*queries.runs()))
        .where(Shadow.ended_at.is_(None), Person.active, ahead, differs)
        .order_by(Shadow.id)
    ).all()


def _tell(row: Row[Any], now: datetime) -> bool:
    with transaction():
        noted = db.session.scalar(
            update(Shadow)
            .where(
                Shadow.id == row.id,
                Shadow.ended_at.is_(None),
                Shadow.told_starts_at.is_not_distinct_from(row.told_starts_at),
                Shadow.told_ends_at.is_not_distinct_from(row.told_ends_at),
            )
            .values(told_starts_at=row.starts_at, told_ends_at=row.ends_at)
            .returning(Shadow.id)
        )
        holder = db.session.scalar(select(Duty).where(Duty.seat_id == row.seat_id, Duty.cancelled_at.is_(None)))
        serves_now = row.starts_at is None and holder is not None
        if noted is None or serves_now or (row.ends_at is not None and row.ends_at <= now):
            return False
        who = people.person_by_id(row.person_id)
        if row.starts_at is None:
            lost = About(row.duty, row.unit, "", row.told_starts_at, row.told_ends_at)
            notices.tell(who, lost, row.id, "ends", mark=now.isoformat(), now=now)
        else:
            verb: notices.Verb = "moves" if row.told_starts_at else "begins"
            name = holder.person.full_name if holder else ""
            held = About(row.duty, row.unit, name, row.starts_at, row.ends_at)
            notices.tell(who, held, row.id, verb, mark=now.isoformat(), now=now)
        audit.record(SYSTEM, "shadow.told", "seat", row.seat_id, now=now, person=who.id)
    return True
