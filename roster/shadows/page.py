"""What the page of a shift says of shadows: who stands beside whom, and whom the reader could put there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.actor import Actor
from core.db import db
from people.access import guard
from people.models import Person
from roster.models import Duty, Shift
from roster.shadows import queries, services
from roster.shadows.queries import ShadowSeat

OFFERED = 50
"""Of the unit itself; whoever else the reader answers for is typed by code."""


@dataclass(frozen=True)
class OfShift:
    """``holders``: published duties of the shift, by seat; ``offered``: whom the reader may put there."""

    listed: Sequence[ShadowSeat]
    holders: Sequence[Duty]
    offered: Sequence[Person]


def shadows_on_shift(shift: Shift, *, actor: Actor, now: datetime) -> OfShift | None:
    """None while nobody holds a published seat of it."""
    mine = select(Duty).options(joinedload(Duty.person)).where(Duty.shift_id == shift.id, Duty.cancelled_at.is_(None))
    holders = db.session.scalars(mine.order_by(Duty.seat_id)).all()
    if not holders:
        return None
    listed = queries.list_for_shift(shift.id)
    offered: Sequence[Person] = ()
    if shift.ends_at > now and guard.allowed(actor, services.ACTION, shift.unit_id, now=now):
        but = {each.person_id for each in holders} | {each.person_id for each in listed}
        offered = queries.offered(shift.unit_id, but=but, most=OFFERED)
    return OfShift(listed, holders, offered)
