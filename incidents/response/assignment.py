"""Somebody has it: until when they may be silent, and by which duty they have it. In the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from incidents.endings import services as endings
from incidents.escalation import requests
from incidents.policies import selection
from incidents.record import leadership, timeline, transitions
from incidents.record.models import Incident, Page
from people import queries as people
from people.models import Person
from roster.resolver import resolver

ON_DUTY = ("assigned", "substitute")


def begin(session: Session, incident: Incident, person_id: int | None, *, now: datetime) -> None:
    """They have just taken it: the acknowledge time-out runs, and questions who else takes it have lost their sense."""
    escalation = incident.escalation
    escalation.next_at, escalation.waits_for = now + selection.policy_of(incident).ack_timeout, "taken"
    escalation.held_duty = _duty(session, incident, person_id, now) if person_id is not None else None
    escalation.arrives_at = escalation.arrived_at = None
    transitions.wake_up(incident)
    transitions.end_asks(incident, "handover", "reassign", "arrival", now=now)


def heard(incident: Incident, *, now: datetime) -> None:
    """A sign of life (a note, a fact, an expected arrival): the time until they are asked begins anew."""
    escalation = incident.escalation
    if incident.status != "acknowledged" or escalation.snoozed_until is not None:
        return
    policy = selection.policy_of(incident)
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
    escalation, policy = incident.escalation, selection.policy_of(incident)
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


def take(
    session: Session, incident: Incident, person: Person | None, name: str, *, by: int | None, now: datetime
) -> None:
    """``person`` (named ``name``) has it; what has not left stays unsent, and the others hear of it. ``by``: whoever
    wrote it down. Raises ``Conflict``."""
    expected, before = incident.status, incident.acknowledged_by_id
    if not _claim(session, incident, person, name, now=now):
        # A repeated report also changes the version: that is no reason to refuse.
        session.refresh(incident)
        if incident.status != expected or not _claim(session, incident, person, name, now=now):
            timeline.refuse(session, incident)
    transitions.silence(incident, now=now)
    if person is not None:
        answer(session, incident, person.id, "taken", now=now)
        requests.settle(session, incident, person.id, *requests.OF_ONESELF, state="accepted", now=now)
    begin(session, incident, person.id if person else None, now=now)
    endings.taken(session, incident, before=before, by=(person.id if person else None, by), now=now)


def _claim(session: Session, incident: Incident, person: Person | None, name: str, *, now: datetime) -> bool:
    """Whether the row was still as it was read."""
    taken = session.execute(
        update(Incident)
        .where(Incident.id == incident.id, Incident.status == incident.status, Incident.version == incident.version)
        .values(
            status="acknowledged",
            acknowledged_at=now,
            acknowledged_by=name,
            acknowledged_by_id=person.id if person else None,
        )
    )
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def answer(session: Session, incident: Incident, person_id: int, said: str, *, now: datetime) -> bool:
    """Note what a person said, on their newest call and on any that is unanswered; whether that is news."""
    mine = [Page.incident_id == incident.id, Page.person_id == person_id]
    newest = session.scalar(select(func.max(Page.id)).where(*mine))
    news = Page.answer.is_(None) | ((Page.id == newest) & (Page.answer != said))
    done = session.execute(update(Page).where(*mine, news).values(answer=said, answered_at=now))
    if said in leadership.HEARD:
        leadership.heard(incident, person_id, now=now)
    return bool(done.rowcount)  # type: ignore[attr-defined]
