"""The exercise that an incident belongs to, and whether it is over."""

from __future__ import annotations

from datetime import datetime

from core.db import db
from incidents.record.models import Incident
from roster.models import Rehearsal


def rehearsal_of(incident: Incident) -> Rehearsal | None:
    """The exercise that the incident belongs to."""
    return db.session.get(Rehearsal, incident.rehearsal_id) if incident.rehearsal_id is not None else None


def rehearsal_over(incident: Incident, now: datetime) -> bool:
    """Whether the exercise that it belongs to has ended; never for a real incident."""
    rehearsal = rehearsal_of(incident)
    if rehearsal is None:
        return incident.rehearsal_id is not None
    return rehearsal.ended_at is not None or rehearsal.ends_at <= now
