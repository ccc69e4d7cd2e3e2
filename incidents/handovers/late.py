"""The worker looks whether a changed shift was accepted: a quarter of an hour later both are reminded, once."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import audit
from core.actor import SYSTEM
from core.db import db, transaction
from core.models import AuditEntry
from core.security import throttle
from incidents.handovers import acting, moving, notices, queries
from incidents.handovers.models import Handover, HandoverNote
from people.models import Person
from roster.models import Duty

LATE = timedelta(minutes=15)
LOOKED_BACK = timedelta(hours=2)
"""A worker that was away tells of changes of shift until then; later it is of no use to anybody."""
EVERY = timedelta(minutes=1)


def look(now: datetime) -> int:
    """Remind of what has become late since the last look, and bind what was accepted early to the duty that has begun;
    how many."""
    bound = moving.bind(now)
    before: datetime | None = current_app.extensions.get(__name__)
    if before is not None and before <= now < before + EVERY:
        return bound
    since = before if before is not None and now - LOOKED_BACK < before <= now else now - LOOKED_BACK
    ended = queries.likely(Duty.ends_at <= now - LATE, Duty.ends_at > since - LATE)
    reminded = sum(_remind(duty_id, now) for duty_id in ended)
    _tell_who_came_later(now)
    current_app.extensions[__name__] = now
    return bound + reminded


def _tell_who_came_later(now: datetime) -> None:
    """Somebody may have fallen ill after the signature: whoever has their seat now hears that minutes wait."""
    rows = db.session.scalars(queries.waiting().where(Handover.changes_at > now - queries.AFTER)).all()
    for row_id, coming in queries.incoming_each(rows).items():
        with transaction() as session:
            row = acting.exclusively(session, row_id)
            if row.state == "signed":
                notices.tell_others_who_come(row, coming, now=now)


def _remind(duty_id: int, now: datetime) -> bool:
    with transaction() as session:
        wanted = select(Duty).options(joinedload(Duty.unit), joinedload(Duty.person).selectinload(Person.contacts))
        duty = session.scalars(wanted.where(Duty.id == duty_id)).one()
        throttle.hold(throttle.key_of("handover", str(duty.seat_id), str(duty.person_id)))
        found = next(iter(queries.wanted([duty])), None)
        if found is None or _is_told(duty):
            return False
        row = found.row
        if row is not None:
            if row.state == "accepted" or any(note.kind == "late" for note in row.notes):
                return False
            session.add(HandoverNote(handover_id=row.id, at=now, who=SYSTEM.name, kind="late"))
        notices.tell_late(duty, duty.person, found.incoming, row, now=now)
        audit.record(SYSTEM, "handover.late", "seat", duty.seat_id, now=now, person=duty.person_id)
        return True


def _is_told(duty: Duty) -> bool:
    """Also where there are no minutes to note it in: a worker may have begun anew."""
    about = select(AuditEntry.id).where(AuditEntry.thing == "seat", AuditEntry.thing_id == str(duty.seat_id))
    told = db.session.execute(about.where(AuditEntry.action == "handover.late").with_only_columns(AuditEntry.detail))
    return any(detail.get("person") == duty.person_id for (detail,) in told)
