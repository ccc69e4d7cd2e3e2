"""Put somebody beside the holder of a published seat, or take them off again; they are told in the same transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from core import audit
from core.actor import Actor
from core.db import db, insert_into, transaction
from core.errors import Conflict, NotFound
from core.security import throttle
from people import queries as people
from people.absences import spans
from people.access import guard
from people.models import Person
from roster.campaigns import holders
from roster.models import Duty
from roster.shadows import notices, queries
from roster.shadows.models import Shadow
from roster.shadows.notices import About

ACTION = "campaign.write"


def add(seat_id: int, person: str, *, actor: Actor, now: datetime) -> Shadow:
    """``person``: code. Whoever is there already is not told twice.

    Raises NotFound ``person.unknown``, ``duty.unknown_seat``; Conflict ``seat.empty``, ``seat.over``,
    ``shadow.left``, ``shadow.serves``, ``shadow.busy``, ``shadow.away``; Forbidden for a seat or a person of a unit
    elsewhere.
    """
    who = people.person_by_code(person)
    with transaction():
        duty = holders.duty_on_seat(seat_id)
        guard.ensure(actor, ACTION, duty.unit_id, now=now)
        guard.ensure(actor, ACTION, who.unit_id, now=now)
        # Two at once for one person: the second sees what the first has written.
        throttle.hold(throttle.key_of("shadows", str(who.id)))
        if (known := _running(seat_id, who.id)) is not None:
            return known
        _ensure_free(who, duty, now)
        insert = insert_into(Shadow)
        row = {"seat_id": seat_id, "person_id": who.id, "added_at": now, "added_by": actor.name}
        row |= {"told_starts_at": duty.starts_at, "told_ends_at": duty.ends_at}
        added = db.session.scalars(insert.values(row).returning(Shadow)).one()
        audit.record(actor, "shadow.add", "seat", seat_id, now=now, person=who.id)
        notices.tell(who, About.from_duty(duty), added.id, "begins", now=now)
    return added


def end(shadow_id: int, *, actor: Actor, now: datetime) -> Person:
    """Take them off it; who it was. Done twice it is done once.

    Raises NotFound ``shadow.unknown``; Conflict ``seat.over``; Forbidden.
    """
    with transaction():
        row = db.session.get(Shadow, shadow_id)
        duty = db.session.scalar(select(Duty).where(Duty.seat_id == row.seat_id, _current())) if row else None
        if row is None or duty is None:
            raise NotFound("shadow.unknown", id=shadow_id)
        guard.ensure(actor, ACTION, duty.unit_id, now=now)
        who = people.person_by_id(row.person_id)
        holders.ensure_not_over(duty, now=now)
        ended = db.session.scalar(
            update(Shadow)
            .where(Shadow.id == shadow_id, Shadow.ended_at.is_(None))
            .values(ended_at=now)
            .returning(Shadow.id)
        )
        if ended is not None:
            audit.record(actor, "shadow.end", "seat", row.seat_id, now=now, person=who.id)
            notices.tell(who, About.from_duty(duty), shadow_id, "ends", now=now)
    return who


def shift_of(seat_id: int | None = None, shadow_id: int | None = None) -> int | None:
    """Return on which shift a seat, or the seat of a shadow, is held."""
    wanted = select(Duty.shift_id).where(_current())
    if shadow_id is not None:
        return db.session.scalar(wanted.join(Shadow, Shadow.seat_id == Duty.seat_id).where(Shadow.id == shadow_id))
    return db.session.scalar(wanted.where(Duty.seat_id == seat_id))


def _current() -> ColumnElement[bool]:
    return Duty.cancelled_at.is_(None)


def _running(seat_id: int, person_id: int) -> Shadow | None:
    wanted = select(Shadow).where(Shadow.seat_id == seat_id, Shadow.person_id == person_id, Shadow.ended_at.is_(None))
    return db.session.scalar(wanted)


def _ensure_free(who: Person, duty: Duty, now: datetime) -> None:
    holders.ensure_not_over(duty, now=now)
    if not who.active:
        raise Conflict("shadow.left", name=who.full_name)
    own = select(Duty.shift_id).where(
        Duty.person_id == who.id, _current(), Duty.starts_at < duty.ends_at, Duty.ends_at > duty.starts_at
    )
    shifts = set(db.session.scalars(own))
    if duty.shift_id in shifts:
        raise Conflict("shadow.serves", name=who.full_name)
    if shifts or queries.overlapping(who.id, duty.starts_at, duty.ends_at, but_seat=duty.seat_id):
        raise Conflict("shadow.busy", name=who.full_name)
    away = spans.during({who.id}, duty.starts_at, duty.ends_at).get(who.id, ())
    if spans.hit(away, duty.starts_at, duty.ends_at) is not None:
        raise Conflict("shadow.away", name=who.full_name)
