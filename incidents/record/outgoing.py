"""What was written about an incident before it turned out what it is about, and waits to leave or is still read aloud.
The title goes out of it."""

from __future__ import annotations

from typing import Any

from flask_babel import force_locale
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from incidents.record import naming, transitions
from incidents.record.models import Incident
from notify.models import Message

WAITING = ("pending", "leased", "held")
FETCHED_LATER = "voice"
"""Providers ask for the words when somebody picks up."""


def withhold(session: Session, incident: Incident, title: str = "") -> None:
    """Withhold its words, in the caller's transaction, once it is known. ``title``: as it was before; its own when none
    is given. Does nothing to what everybody may read."""
    title = title or incident.title
    if not title or not naming.wants_reading(incident):
        return
    topic = transitions.topic(incident.id)
    about = or_(Message.topic == topic, Message.topic.startswith(f"{topic}/", autoescape=True))
    is_told = or_(Message.state.in_(WAITING), and_(Message.state == "sent", Message.channel == FETCHED_LATER))
    for row in session.scalars(select(Message).where(about, is_told)):
        with force_locale(str(row.facts.get("language") or "vi")):
            neutral = naming.outside(incident)
        row.subject, row.body = row.subject.replace(title, neutral), row.body.replace(title, neutral)
        row.facts = {name: _without(value, title, neutral) for name, value in row.facts.items()}


def _without(value: Any, title: str, neutral: str) -> Any:
    return value.replace(title, neutral) if isinstance(value, str) else value
