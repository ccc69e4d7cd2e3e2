"""Somebody has it: until when they may be silent, and by which duty they have it. In the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from incidents.policies import selection
from incidents.record import transitions
from incidents.record.models import Incident, Page
from people import queries as people
from roster.resolver import resolver

ON_DUTY = ("assigned", "substitute")


def begin(session: Session, incident: Incident, person_id: int | None, *, now: datetime) -> None:
    """They have just taken it: the acknowledge time-out runs, and questions who else takes it have lost their sense."""
    escalation = incident.escalation
    escalation.next_at, escalation.waits_for = now + selection.of(incident).ack_timeout, "taken"
    escalation.held_duty = _duty(session, incident, person_id, now) if person_id is not None else None
    escalation.arrives_at = escalation.arrived_at = None
    transitions.wake_up(incident)
    transitions.end_asks(incident, "handover", "reassign", "arrival", now=now)


def heard(incident: Incident, *, now: datetime) -> None:
    """A sign of life (a note, a fact, an expected arrival): the time until they are asked begins anew."""
    escalation = incident.escalation
    if incident.status != "acknowledged" or escalation.snoozed_until is not None:
        return
    policy = selection.of(incident)
    escalation.waits_for = "alive" if policy.alive is not None else "taken"
    wait = policy.alive or policy.ack_timeout
    escalation.next_at = now + wait
    if escalation.arrives_at is not None and escalation.arrived_at is None:
        # On the way: nobody types at the wheel. The promised hour is asked about by itself.
        promised = min(escalation.arrives_at, now + selection.snooze_most(incident))
        escalation.next_at = max(now, promised) + wait


def no_later(incident: Incident, *, now: datetime) -> None:
    """It follows another policy from now on: no wait of the old one is longer than the new one allows.

    What was put off until an hour, or waits for an arrival, keeps what was agreed.
    """
    escalation, policy = incident.escalation, selection.of(incident)
    on_the_way = escalation.arrives_at is not None and escalation.arrived_at is None
    if escalation.next_at is None or escalation.snoozed_until is not None or on_the_way:
        return
    held = max(policy.ack_timeout, policy.alive or policy.ack_timeout)
    longest = held if incident.status == "acknowledged" else policy.longest
    escalation.next_at = min(escalation.next_at, now + longest)


def _duty(session: Session, incident: Incident, person_id: int, now: datetime) -> str | None:
    """The duty kind by which the person serves the incident's unit now: the one that called them, else any."""
    called = session.execute(
        select(Page.duty, Page.rule)
        .where(Page.incident_id == incident.id, Page.person_id == person_id, Page.duty.is_not(None))
        .order_by(Page.id.desc())
        .limit(1)
    ).first()
    rehearsed = incident.rehearsal_id is not None
    if rehearsed:
        return called.duty if called is not None and called.rule in ON_DUTY else None
    above = set(people.ancestor_ids(incident.unit_id))
    served = [duty for duty, unit_id in resolver.on_duty_roles(person_id, now) if unit_id in above]
    if called is not None and called.duty in served:
        return str(called.duty)
    return served[0] if served else None
