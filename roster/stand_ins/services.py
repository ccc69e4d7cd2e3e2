"""Note who stood in for the holder of a duty who had not come: one word of a manager, no revision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core import audit, i18n
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from people import queries as people
from people.access import guard
from roster.models import Duty, NoShow, StandIn
from roster.presence.services import one_at_a_time

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Stood:
    """``person``: code; from when (aware), until when: None: until the holder comes, or the end of the duty."""

    person: str
    from_at: datetime
    until_at: datetime | None = None


def note(duty_id: int, stood: Stood, *, actor: Actor, now: datetime) -> StandIn:
    """Said again it replaces what was said. Raises NotFound ``presence.changed``, ``person.unknown``; Forbidden;
    Conflict ``stand_in.not_missed``; Invalid ``stand_in.holder``, ``stand_in.from``, ``stand_in.until``."""
    with transaction() as session:
        duty = _opened(duty_id, actor, now)
        if session.get(NoShow, duty_id) is None:
            raise Conflict("stand_in.not_missed")
        person = people.person_by_code(stood.person)
        if person.id == duty.person_id:
            raise Invalid("stand_in.holder", field="person", name=person.full_name)
        _ensure_fits(duty, stood, now)
        row = session.get(StandIn, duty_id) or StandIn(duty_id=duty_id)
        row.person_id, row.from_at, row.until_at = person.id, stood.from_at, stood.until_at
        row.noted_at, row.noted_by = now, actor.name
        session.add(row)
        session.flush()
        times = {"from": stood.from_at.isoformat(), "until": stood.until_at.isoformat() if stood.until_at else None}
        audit.record(actor, "duty.stand_in", "seat", duty.seat_id, now=now, person=person.id, **times)
        return row


def withdraw(duty_id: int, *, actor: Actor, now: datetime) -> None:
    """It was not so. Raises as ``note``; Conflict ``stand_in.none``."""
    with transaction() as session:
        duty = _opened(duty_id, actor, now)
        row = session.get(StandIn, duty_id)
        if row is None:
            raise Conflict("stand_in.none")
        audit.record(actor, "duty.stand_in_withdrawn", "seat", duty.seat_id, now=now, person=row.person_id)
        session.delete(row)


def _opened(duty_id: int, actor: Actor, now: datetime) -> Duty:
    duty = db.session.get(Duty, duty_id)
    if duty is None or duty.cancelled_at is not None:
        raise NotFound("presence.changed")
    guard.ensure(actor, "duty.correct", duty.unit_id, now=now)
    one_at_a_time(duty.person_id)
    db.session.refresh(duty)
    return duty


def _ensure_fits(duty: Duty, stood: Stood, now: datetime) -> None:
    latest = min(now, duty.ends_at - _MINUTE)
    if not duty.starts_at <= stood.from_at <= latest:
        raise Invalid("stand_in.from", field="from", first=i18n.dt(duty.starts_at), last=i18n.dt(latest))
    if stood.until_at is not None and not stood.from_at < stood.until_at <= min(now, duty.ends_at):
        raise Invalid("stand_in.until", field="until", last=i18n.dt(min(now, duty.ends_at)))
