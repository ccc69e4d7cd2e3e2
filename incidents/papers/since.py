"""Papers of a shift that tell of what only few may see since: issued before, with its title, they go out of sight.

Which incidents stand in minutes is known; in a page of the diary those may that ran on its day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from core.actor import Actor
from core.clock import local_date
from core.db import db
from incidents.handovers import content
from incidents.handovers.models import Handover
from incidents.record import access
from incidents.record.models import Incident, TimelineEntry
from people import queries as people

CHANGED = ("restricted", "reclassified")
"""By which entry in its log an incident that others have read about becomes one for few."""
AROUND = timedelta(days=1)
"""A page of the diary holds a night as well, and what the last one left."""


def minutes_without(rows: Mapping[int, Handover], actor: Actor, now: datetime) -> set[int]:
    """Ids of those minutes that tell of nothing that the actor may not see any more."""
    told = {
        number: {each.code for each in content.incidents_of(row.content) if not each.restricted}
        for number, row in rows.items()
    }
    hidden = {each.code for each in _hidden(actor, now)} if any(told.values()) else set()
    return {number for number, codes in told.items() if not codes & hidden}


def pages_without(pages: Mapping[str, tuple[int, date]], actor: Actor, now: datetime) -> set[str]:
    """The same of pages of the diary, each a unit and a day."""
    hidden = _hidden(actor, now) if pages else []
    above = people.ancestors_of({each.unit_id for each in hidden}) if hidden else {}
    return {
        name
        for name, (unit_id, day) in pages.items()
        if not any(unit_id in above[each.unit_id] and _ran_on(each, day) for each in hidden)
    }


def _hidden(actor: Actor, now: datetime) -> list[Incident]:
    """Return those that were for everybody once, and are not for the actor."""
    changed = select(TimelineEntry.incident_id).where(TimelineEntry.kind.in_(CHANGED))
    those = or_(Incident.id.in_(changed), Incident.joined_to_id.in_(changed))
    # Not by NOT: who has an incident, or wrote it down, may be nobody.
    shown = select(Incident.id).where(access.visible_to(actor, now=now))
    wanted = select(Incident).where(Incident.restricted, those, Incident.id.not_in(shown))
    return list(db.session.scalars(wanted))


def _ran_on(incident: Incident, day: date) -> bool:
    begun = local_date(min(incident.detected_at, incident.created_at)) - AROUND
    return begun <= day and (incident.closed_at is None or day <= local_date(incident.closed_at) + AROUND)
