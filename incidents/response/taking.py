"""Somebody takes an incident: a conditional update, so that of many who press at once one has it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from incidents.escalation import assignment, requests
from incidents.policies import leadership
from incidents.record import transitions
from incidents.record.models import Incident, Page
from people.models import Person


def take(session: Session, incident: Incident, person: Person | None, name: str, *, now: datetime) -> None:
    """``person`` (named ``name``) has it; what has not left stays unsent. Raises ``Conflict``."""
    expected = incident.status
    if not _claim(session, incident, person, name, now=now):
        # A repeated report also changes the version: that is no reason to refuse.
        session.refresh(incident)
        if incident.status != expected or not _claim(session, incident, person, name, now=now):
            transitions.refuse(session, incident)
    transitions.silence(incident, now=now)
    if person is not None:
        answer(session, incident, person.id, "taken", now=now)
        requests.settle(session, incident, person.id, *requests.OF_ONESELF, state="accepted", now=now)
    assignment.begin(session, incident, person.id if person else None, now=now)


def _claim(session: Session, incident: Incident, person: Person | None, name: str, *, now: datetime) -> bool:
    """Whether the row was still as it was read."""
    taken = session.execute(
        update(Incident)
        .where(Incident.id == incident.id, Incident.status == incident.status, Incident.version == incident.version)
        .values(
            status="acknowledged",
            acknowledged_at=now,
            acknowledged_by=name,
            acknowledged_by_id=person.id if person else None,
        )
    )
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def answer(session: Session, incident: Incident, person_id: int, said: str, *, now: datetime) -> bool:
    """Note what a person said, on their newest call and on any that is unanswered; whether that is news."""
    mine = [Page.incident_id == incident.id, Page.person_id == person_id]
    newest = session.scalar(select(func.max(Page.id)).where(*mine))
    news = Page.answer.is_(None) | ((Page.id == newest) & (Page.answer != said))
    done = session.execute(update(Page).where(*mine, news).values(answer=said, answered_at=now))
    if said in leadership.HEARD:
        leadership.heard(incident, person_id, now=now)
    return bool(done.rowcount)  # type: ignore[attr-defined]
