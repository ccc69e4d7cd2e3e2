"""Who may act on an incident: by role and unit, by duty (grants), or because the incident called them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from core.actor import Actor
from core.db import db
from incidents.models import Incident, Page
from people import guard


def was_called(incident: Incident, person_id: int | None) -> bool:
    """Whether the incident has called this person: then it is theirs to answer, wherever they sit."""
    if person_id is None:
        return False
    called = select(Page.id).where(Page.incident_id == incident.id, Page.person_id == person_id).limit(1)
    return db.session.scalar(called) is not None


def ensure_act(actor: Actor, incident: Incident, *, now: datetime) -> None:
    """Acknowledge for oneself, note, resolve. A link was made for one person and one incident: it is enough."""
    if actor.via not in ("link", "system") and not was_called(incident, actor.person_id):
        guard.ensure(actor, "incident.act", incident.unit_id, now=now)


def ensure_dispatch(actor: Actor, incident: Incident, *, now: datetime) -> None:
    """Act for others, call the next step now, record calls made by hand."""
    if actor.via != "system":
        guard.ensure(actor, "incident.dispatch", incident.unit_id, now=now)


def ensure_close(actor: Actor, incident: Incident, *, now: datetime) -> None:
    """Put it away for good."""
    if actor.via != "system":
        guard.ensure(actor, "incident.close", incident.unit_id, now=now)


def may(actor: Actor, action: str, incident: Incident, *, now: datetime) -> bool:
    """For pages: whether to offer it. ``incident.act`` also by having been called."""
    if action == "incident.act" and was_called(incident, actor.person_id):
        return True
    return bool(guard.allowed(actor, action, incident.unit_id, now=now))
