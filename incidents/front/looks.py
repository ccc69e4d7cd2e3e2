"""What is new since one looked: a mark for each account and incident, moved by pages that were read for a moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from core.actor import Actor
from core.db import db, transaction
from incidents.front.models import IncidentLook
from incidents.record.models import Incident, TimelineEntry

READ_AFTER = 5
"""Seconds in front of somebody after which a page counts as read."""
OF_THE_CALLS = frozenset({"called", "skipped", "away", "vacant"})
"""Lines of the log that the machine writes as it calls: the card above says the same as it stands now."""


def mark_of(incident: Incident, actor: Actor) -> IncidentLook | None:
    """How far the account has read; None: it never has, or nobody in particular reads."""
    if actor.user_id is None:
        return None
    return db.session.get(IncidentLook, (actor.user_id, incident.id))


def new_since(entries: Sequence[TimelineEntry], mark: int, actor: Actor) -> list[TimelineEntry]:
    """Return the lines of the log after ``mark`` (id) that somebody else wrote, the newest first."""
    later = [entry for entry in reversed(entries) if entry.id > mark and entry.who != actor.name]
    return [entry for entry in later if entry.kind not in OF_THE_CALLS]


def remember(incident: Incident, entry_id: int, *, actor: Actor, now: datetime) -> None:
    """The account has read as far as ``entry_id``, which is no further than there is anything to read; a page that is
    behind another one moves nothing back."""
    if actor.user_id is None:
        return
    newest = select(func.max(TimelineEntry.id)).where(TimelineEntry.incident_id == incident.id)
    entry_id = min(entry_id, db.session.scalar(newest) or 0)
    key = (IncidentLook.user_id == actor.user_id) & (IncidentLook.incident_id == incident.id)
    try:
        with transaction() as session:
            if session.get(IncidentLook, (actor.user_id, incident.id)) is None:
                session.add(IncidentLook(user_id=actor.user_id, incident_id=incident.id, entry_id=entry_id, at=now))
                session.flush()
                return
            further = update(IncidentLook).where(key, IncidentLook.entry_id < entry_id)
            session.execute(further.values(entry_id=entry_id, at=now))
    except IntegrityError:
        # Two tabs said so at once: the other one's mark stands.
        return
