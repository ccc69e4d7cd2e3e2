"""Who is looking at an incident now, so that two at a desk do not both begin with the same one.

The page asks for news by itself every few seconds: that is what tells. Whoever may not see an incident sees neither
its row nor its page, and so nobody who looks at it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError

from core.actor import Actor
from core.db import db, insert_into, transaction
from core.sweeping import forget
from incidents.board.models import IncidentWatch
from incidents.record.models import Incident
from people.models import User

SHOWN = timedelta(seconds=45)
"""So long is a look worth something: a few turns of the page, in case one is lost."""
RENEWED = timedelta(seconds=20)
"""A look is written down again only after that: most turns of a page write nothing."""
KEPT = timedelta(hours=1)
PATIENCE = 0.2
"""Seconds for which a page waits to write it down: while a long roster is published it opens all the same."""


def look(incident: Incident, *, actor: Actor, now: datetime) -> list[str]:
    """``actor`` has its page before their eyes; the names of the others who do, by account."""
    found = db.session.execute(
        select(IncidentWatch.user_id, IncidentWatch.at, User.name)
        .join(User, User.id == IncidentWatch.user_id)
        .where(IncidentWatch.incident_id == incident.id, IncidentWatch.at > now - SHOWN, IncidentWatch.at <= now)
        .order_by(User.name, IncidentWatch.user_id)
    ).all()
    others = [name for user_id, _at, name in found if user_id != actor.user_id]
    mine = next((at for user_id, at, _name in found if user_id == actor.user_id), None)
    if actor.user_id is not None and (mine is None or mine <= now - RENEWED):
        _remember(incident.id, actor.user_id, now)
    return others


def at_each(incident_ids: Collection[int], *, actor: Actor, now: datetime) -> dict[int, Sequence[str]]:
    """The names of those who look at each of these, ``actor`` left out; only of those that somebody looks at."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    watched = (
        select(IncidentWatch.incident_id, IncidentWatch.user_id, User.name)
        .join(User, User.id == IncidentWatch.user_id)
        .where(IncidentWatch.at > now - SHOWN, IncidentWatch.at <= now)
        .order_by(User.name, IncidentWatch.user_id)
    )
    wanted = set(incident_ids)
    for incident_id, user_id, name in db.session.execute(watched):
        if incident_id in wanted and user_id != actor.user_id:
            found[incident_id].append(name)
    return dict(found)


def forget_before(moment: datetime) -> int:
    """Housekeeping: looks of long ago tell nobody anything; how many there were."""
    return forget(IncidentWatch, IncidentWatch.at < moment)


def _remember(incident_id: int, user_id: int, now: datetime) -> None:
    mine = insert_into(IncidentWatch).values(user_id=user_id, incident_id=incident_id, at=now)
    key = ["user_id", "incident_id"]
    try:
        with transaction(PATIENCE) as session:
            session.execute(
                mine.on_conflict_do_update(index_elements=key, set_={"at": now}, where=IncidentWatch.at < now)
            )
    except (IntegrityError, OperationalError):
        # Nobody's page stays closed in the night because this could not be written down.
        return
