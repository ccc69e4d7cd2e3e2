"""Open incidents in minutes: as they stand when these are signed, and how they go to the incoming person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core import audit
from core.actor import Actor
from core.db import db, transaction
from incidents.handovers import content, queries
from incidents.handovers.content import OpenIncident
from incidents.handovers.models import Handover
from incidents.record import naming, queries as record, timeline, transitions
from incidents.record.models import Escalation, Incident, TimelineEntry
from incidents.response import assignment
from incidents.triage import followup
from people.models import Person


def as_signed(incidents: Sequence[Incident]) -> list[OpenIncident]:
    """Return what the minutes keep of each: an official document, so in Vietnamese, and neutral where few may see."""
    with force_locale("vi"):
        return [_kept(each) for each in incidents]


def _kept(incident: Incident) -> OpenIncident:
    items = [] if incident.restricted else followup.checklist(incident)
    said = None if incident.restricted else _last_words(incident.id)
    return OpenIncident(
        code=incident.code,
        title=naming.inside(incident),
        severity=incident.severity,
        special=naming.wants_reading(incident) and not incident.restricted,
        restricted=incident.restricted,
        since=incident.created_at.isoformat(),
        note=said.note if said else "",
        note_by=said.who if said else "",
        note_at=said.at.isoformat() if said else "",
        todo=tuple(item["vi"] for item in items if item["done"] is None),
        had_list=bool(items),
    )


def shown(kept: Sequence[OpenIncident]) -> list[OpenIncident]:
    """Return them as they were signed; of those that only few may see by now the code alone, because minutes are read
    by many."""
    codes = [each.code for each in kept if not each.restricted]
    since = select(Incident).where(Incident.code.in_(codes), Incident.restricted)
    hidden = {each.code: naming.inside(each) for each in db.session.scalars(since)} if codes else {}
    return [
        OpenIncident(each.code, hidden[each.code], each.severity, special=False, restricted=True, since=each.since)
        if each.code in hidden
        else each
        for each in kept
    ]


def _last_words(incident_id: int) -> TimelineEntry | None:
    written = select(TimelineEntry).where(TimelineEntry.incident_id == incident_id, TimelineEntry.note != "")
    return db.session.scalar(written.order_by(TimelineEntry.id.desc()).limit(1))


def movable(row: Handover, now: datetime) -> list[Incident]:
    """Return the incidents in the signed minutes that the outgoing person has still: what accepting moves. Half a day
    after the change none: whoever is on duty by then has been asked about them."""
    return list(db.session.scalars(_movable(row, now)))


def exclusively(session: Session, row: Handover, now: datetime) -> list[Incident]:
    """The same, until commit nobody else's to change."""
    before = session.scalars(_movable(row, now).with_only_columns(Incident.id)).all()
    transitions.all_exclusively(session, before)
    return [each for each in movable(row, now) if each.id in before]


def _movable(row: Handover, now: datetime) -> Select[tuple[Incident]]:
    codes = [each.code for each in content.incidents_of(row.content)] if now < row.changes_at + queries.AFTER else []
    still = select(Incident).where(
        Incident.code.in_(codes),
        Incident.status == "acknowledged",
        Incident.acknowledged_by_id == row.outgoing_id,
        Incident.joined_to_id.is_(None),
    )
    return still.order_by(Incident.severity, record.kt1_first(), Incident.id)


def move(
    session: Session, row: Handover, moved: Sequence[Incident], person: Person, *, actor: Actor, now: datetime
) -> list[str]:
    """They are ``person``'s from now on; the codes. In the caller's transaction, which holds minutes and incidents."""
    for incident in moved:
        before = incident.acknowledged_by
        assignment.take(session, incident, person, person.full_name, by=actor.person_id, now=now)
        timeline.write(
            session,
            incident,
            "handed_over",
            actor,
            now=now,
            person=person.full_name,
            person_id=person.id,
            before=before,
            minutes=row.label,
        )
        audit.record(actor, "incident.handover", "incident", incident.code, now=now, handover=row.id)
    return [each.code for each in moved]


def bind(now: datetime) -> int:
    """Whoever accepted before their shift began has the incidents by that duty from now on, so that they are
    handed over again at its end; how many. Changes nothing when nothing is left to change."""
    begun = (
        select(Escalation.incident_id, Handover.duty, Handover.accepted_at)
        .join(Incident, Incident.id == Escalation.incident_id)
        .join(Handover, Handover.accepted_by_id == Incident.acknowledged_by_id)
        .where(Handover.state == "accepted", Handover.accepted_at == Incident.acknowledged_at)
        .where(Handover.changes_at <= now, Handover.changes_at > now - queries.AFTER)
        .where(Handover.accepted_at < Handover.changes_at, Incident.status == "acknowledged")
        .where(Escalation.held_duty.is_(None) | (Escalation.held_duty != Handover.duty))
    )
    found = {incident_id: (duty, at) for incident_id, duty, at in db.session.execute(begun).tuples()}
    bound = 0
    if found:
        with transaction() as session:
            for incident_id, incident in transitions.all_exclusively(session, found).items():
                duty, at = found[incident_id]
                # Somebody may have taken it since it was looked at.
                if incident.status == "acknowledged" and incident.acknowledged_at == at:
                    incident.escalation.held_duty = duty
                    bound += 1
    return bound
