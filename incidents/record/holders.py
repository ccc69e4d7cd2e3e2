"""Who had which incidents from when to when, read from the timelines: for figures, and for the hours of people called
while they serve at home (``roster.call_outs.queries``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, or_, select

from core.db import db
from incidents.record import held
from incidents.record.models import Incident, TimelineEntry
from roster.call_outs.called import IncidentHolding


def holders_by_incident(ids: Select[tuple[int]]) -> dict[int, list[held.HeldIncident]]:
    """Incident id → everybody who had it, by time."""
    rows = db.session.execute(
        select(TimelineEntry.incident_id, TimelineEntry.at, TimelineEntry.kind, TimelineEntry.params)
        .where(TimelineEntry.incident_id.in_(ids), TimelineEntry.kind.in_(held.KINDS))
        .order_by(TimelineEntry.incident_id, TimelineEntry.id)
    )
    lines: defaultdict[int, list[held.TimelineLine]] = defaultdict(list)
    for incident_id, at, kind, params in rows:
        lines[incident_id].append(held.TimelineLine(at, kind, params))
    return {incident_id: held.spans(own) for incident_id, own in lines.items()}


def holdings_of_people(person_ids: Collection[int], since: datetime, until: datetime) -> Sequence[IncidentHolding]:
    """Return what these people had for some moment of [since, until), exercises left out. An incident that only few may
    know of is not named."""
    ran = (
        Incident.rehearsal_id.is_(None),
        Incident.created_at < until,
        or_(Incident.resolved_at.is_(None), Incident.resolved_at > since),
    )
    spans = holders_by_incident(select(Incident.id).where(*ran))
    wanted = set(person_ids)
    named = dict(
        db.session.execute(select(Incident.id, Incident.code).where(*ran, ~Incident.restricted)).tuples().all()
    )
    return [
        IncidentHolding(each.person, each.starts_at, each.ends_at, named.get(incident_id, ""))
        for incident_id, found in spans.items()
        for each in found
        if each.person in wanted and each.starts_at < until and (each.ends_at is None or each.ends_at > since)
    ]
