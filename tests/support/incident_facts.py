"""What became of an incident: read anew each time, past what the session still remembers."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from core.db import db
from incidents.record.models import Incident, Page, TimelineEntry
from notify.models import Message
from people.models import Person
from tests.support.cast import NIGHT


def fresh(incident: Incident) -> Incident:
    db.session.rollback()
    return db.session.get_one(Incident, incident.id, populate_existing=True)


def next_in(incident: Incident, since: datetime = NIGHT) -> timedelta | None:
    """How long after ``since`` its next step is due; None: never."""
    at = fresh(incident).escalation.next_at
    return at - since if at else None


def called(incident: Incident) -> list[tuple[int, str, str]]:
    """(step, person, channel) of every call, in order."""
    db.session.rollback()
    rows = db.session.execute(
        select(Page.step, Person.code, Page.channel)
        .join(Person, Person.id == Page.person_id)
        .where(Page.incident_id == incident.id)
        .order_by(Page.id)
    )
    return [tuple(row) for row in rows]


def kinds(incident: Incident) -> list[str]:
    """What its timeline tells, in order."""
    db.session.rollback()
    mine = select(TimelineEntry.kind).where(TimelineEntry.incident_id == incident.id).order_by(TimelineEntry.id)
    return list(db.session.scalars(mine))


def mails() -> list[Message]:
    """Every message, in order."""
    db.session.rollback()
    return list(db.session.scalars(select(Message).order_by(Message.id)))
