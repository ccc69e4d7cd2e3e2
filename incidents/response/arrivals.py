"""The holder said when they would be there: overdue, they are asked, and then the desk."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import ColumnElement, select

from core.db import db, transaction
from incidents.escalation import requests
from incidents.escalation.decide import PERSON_RULE
from incidents.escalation.models import Ask
from incidents.escalation.requests import NewAsk
from incidents.escalation.targets import marked
from incidents.record import timeline, transitions
from incidents.record.models import Escalation, Incident

log = logging.getLogger(__name__)


def look(now: datetime) -> int:
    """Ask about every arrival that is overdue, each promise once (``asking`` repeats); how many."""
    asked = 0
    for incident_id in db.session.scalars(select(Incident.id).join(Escalation).where(*_overdue(now))).all():
        try:
            asked += _ask(incident_id, now)
        except Exception:
            db.session.rollback()
            log.exception("the arrival of incident %s could not be asked about", incident_id)
    return asked


def _overdue(now: datetime) -> list[ColumnElement[bool]]:
    asked = select(Ask.id).where(
        Ask.incident_id == Escalation.incident_id, Ask.kind == "arrival", Ask.created_at >= Escalation.arrives_at
    )
    return [
        Incident.status == "acknowledged",
        Escalation.arrives_at <= now,
        Escalation.arrived_at.is_(None),
        ~asked.exists(),
    ]


def _ask(incident_id: int, now: datetime) -> bool:
    with transaction() as session:
        incident = transitions.exclusively(session, incident_id)
        still = session.scalar(select(Incident.id).join(Escalation).where(Incident.id == incident_id, *_overdue(now)))
        holder, due = incident.acknowledged_person, incident.escalation.arrives_at
        if still is None or holder is None or due is None:
            return False
        timeline.write(
            session, incident, "arrival_overdue", "worker", now=now, person=holder.full_name, at=due.isoformat()
        )
        person = marked(incident, holder, now)
        asked = requests.put(
            session,
            incident,
            NewAsk("arrival", due.isoformat(), rule=PERSON_RULE, by="worker"),
            persons=[person],
            now=now,
        )
        if person.away_until is not None:
            requests.ask_further(session, incident, asked, now=now)
        return True
