"""Note who stood in for the holder of a duty who had not come: one word of a manager, no revision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core import audit, i18n
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from duty.attendance.deputies import fitness, notices
from duty.attendance.deputies.fitness import Warned
from duty.attendance.services import one_at_a_time
from people import queries as people
from people.access import guard
from roster.models import Duty
from roster.presence.models import NoShow, StandIn

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Stood:
    """``person``: code; from when (aware), until when: None: until the holder comes, or the end of the duty."""

    person: str
    from_at: datetime
    until_at: datetime | None = None


@dataclass(frozen=True)
class Noted:
    """``warned``: what speaks against it; it is noted all the same."""

    row: StandIn
    warned: Warned


def note(duty_id: int, stood: Stood, *, actor: Actor, now: datetime) -> Noted:
    """They are told, and so is whoever it was said of before. Said again it replaces what was said.

    Raises NotFound ``presence.changed``, ``person.unknown``; Forbidden; Conflict
    ``stand_in.not_missed``; Invalid ``stand_in.holder``, ``stand_in.from``, ``stand_in.until``.
    """
    warned = _weighed(duty_id, stood, actor, now)
    with transaction() as session:
        duty = _opened(duty_id, actor, now)
        if session.get(NoShow, duty_id) is None:
            raise Conflict("stand_in.not_missed")
        person = people.person_by_code(stood.person)
        if person.id == duty.person_id:
            raise Invalid("stand_in.holder", field="person", name=person.full_name)
        _ensure_fits(duty, stood, now)
        row = session.get(StandIn, duty_id)
        before = (row.person_id, row.from_at, row.until_at) if row is not None else None
        row = row or StandIn(duty_id=duty_id)
        row.person_id, row.from_at, row.until_at = person.id, stood.from_at, stood.until_at
        row.noted_at, row.noted_by = now, actor.name
        session.add(row)
        session.flush()
        times = {"from": stood.from_at.isoformat(), "until": stood.until_at.isoformat() if stood.until_at else None}
        rules = {"warned": list(warned.rules)} if warned.rules else {}
        audit.record(actor, "duty.stand_in", "seat", duty.seat_id, now=now, person=person.id, **times, **rules)
        if before is not None and before[0] != person.id:
            _tell_gone(before[0], duty, before[1], actor, now=now)
        if before != (person.id, stood.from_at, stood.until_at):
            notices.tell(person, duty, "noted", stood.from_at, actor=actor, now=now)
        return Noted(row, warned)


def withdraw(duty_id: int, *, actor: Actor, now: datetime) -> None:
    """It was not so; they are told. Raises as ``note``; Conflict ``stand_in.none``."""
    with transaction() as session:
        duty = _opened(duty_id, actor, now)
        row = session.get(StandIn, duty_id)
        if row is None:
            raise Conflict("stand_in.none")
        audit.record(actor, "duty.stand_in_withdrawn", "seat", duty.seat_id, now=now, person=row.person_id)
        _tell_gone(row.person_id, duty, row.from_at, actor, now=now)
        session.delete(row)


def _tell_gone(person_id: int, duty: Duty, from_at: datetime, actor: Actor, *, now: datetime) -> None:
    notices.tell(people.person_by_id(person_id), duty, "withdrawn", from_at, actor=actor, now=now)


def _weighed(duty_id: int, stood: Stood, actor: Actor, now: datetime) -> Warned:
    """Thought of before anything is locked; what cannot be noted at all is refused there."""
    duty = db.session.get(Duty, duty_id)
    if duty is None or duty.cancelled_at is not None or db.session.get(NoShow, duty_id) is None:
        return Warned()
    guard.refuse_unless(actor, "duty.correct", duty.unit_id, now=now)
    person = people.person_by_code(stood.person)
    if person.id == duty.person_id:
        return Warned()
    _ensure_fits(duty, stood, now)
    return fitness.check_fitness(duty, person, stood.from_at, stood.until_at, now=now)


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
