"""Who holds a published seat now: the one place that finds them, and says why an answer about the seat is not taken."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from core.actor import Actor
from core.db import db
from core.errors import Conflict, NotFound
from people import queries as people
from roster.models import Duty, Seat


def duty_on_seat(seat_id: int) -> Duty:
    """Raises NotFound ``duty.unknown_seat``; Conflict ``seat.empty``."""
    duty = db.session.scalar(select(Duty).where(Duty.seat_id == seat_id, Duty.cancelled_at.is_(None)))
    if duty is not None:
        return duty
    if db.session.get(Seat, seat_id) is None:
        raise NotFound("duty.unknown_seat", id=seat_id)
    raise Conflict("seat.empty", state={"person": None})


def ensure_theirs(duty: Duty, person: str | None, actor: Actor) -> None:
    """``person``: code of whom it is said; None: of whoever says it, where that is somebody. Raises Conflict
    ``seat.anothers``."""
    meant = people.person_by_code(person).id if person else actor.person_id or duty.person_id
    if meant != duty.person_id:
        raise Conflict("seat.anothers", state={"person": duty.person.code}, name=duty.person.full_name)


def ensure_not_over(duty: Duty, *, now: datetime) -> None:
    """Raises Conflict ``seat.over``."""
    if duty.ends_at <= now:
        raise Conflict("seat.over", state={"ends_at": duty.ends_at.isoformat()})
