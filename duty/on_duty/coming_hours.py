"""Who serves in the coming hours, with the people, for a list that is read when the line is gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core.db import db
from people import queries as people
from people.models import Person
from roster.coverage import unsure
from roster.coverage.words import why
from roster.models import Duty

AHEAD = timedelta(hours=24)


def doubts(unit_id: int, now: datetime) -> dict[int, str]:
    """Seat id → why nobody can be sure of its holder, of those duties."""
    seats = unsure.coming(people.ancestor_ids(unit_id), now=now, days=AHEAD.days)
    return {each.seat_id: why(each.doubt, now) for each in seats}


def duties(unit_id: int, now: datetime) -> Sequence[Duty]:
    """Published duties of the unit and of those above it from now on for ``AHEAD``, the earliest first."""
    return db.session.scalars(
        select(Duty)
        .options(joinedload(Duty.person).options(selectinload(Person.contacts)), joinedload(Duty.unit))
        .where(
            Duty.unit_id.in_(people.ancestor_ids(unit_id)),
            Duty.cancelled_at.is_(None),
            Duty.ends_at > now,
            Duty.starts_at < now + AHEAD,
        )
        .order_by(Duty.starts_at, Duty.duty, Duty.id)
    ).all()
