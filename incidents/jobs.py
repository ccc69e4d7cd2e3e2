"""What the worker does: fire every step that is due, each in a transaction of its own."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import audit
from core.actor import SYSTEM
from core.db import db, is_sqlite, transaction
from core.failpoints import hit
from incidents import paging, policies, records, states
from incidents.answering import Directory
from incidents.escalation import Policy, decide
from incidents.models import Escalation, Incident, PolicyStep, PolicyVersion
from roster.models import Rehearsal

log = logging.getLogger(__name__)
AFTER_A_FAULT = timedelta(seconds=5)
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Due:
    """An escalation as it was read: what a claim must still find."""

    incident_id: int
    fired: int
    next_at: datetime


def escalate_due(now: datetime) -> int:
    """Fire the due step of every incident whose moment has come; how many were fired here.

    Several workers may run it at once: each due step is claimed by one. A fault of one incident is logged and
    audited, tried again soon, and stops no other. Housekeeping comes after the calls and cannot stop them.
    """
    fired = sum(_safely(each, now) for each in due(now))
    for chore in (end_rehearsals, keep_deadlines_near):
        try:
            chore(now)
        except Exception:
            db.session.rollback()
            log.exception("%s failed", chore.__name__)
    return fired


def due(now: datetime) -> Sequence[Due]:
    """What is due, the longest overdue first."""
    rows = db.session.execute(
        select(Escalation.incident_id, Escalation.fired, Escalation.next_at)
        .where(Escalation.next_at <= now)
        .order_by(Escalation.next_at)
        .limit(MOST_AT_ONCE)
    )
    return [Due(*row) for row in rows]


def fire(each: Due, now: datetime) -> bool:
    """Claim and fire one due step in one transaction; whether it was still there to claim."""
    with transaction() as session:
        if not claim(session, each, now):
            return False
        hit("escalation.claimed")
        incident = records.exclusively(session, each.incident_id)
        if incident.status not in states.UNFINISHED:
            incident.escalation.next_at = None
            return False
        if policies.rehearsal_over(incident, now):
            _end(session, incident, now)
            return False
        if incident.status == "acknowledged":
            _time_out(session, incident, now)
        _call_next(session, incident, now, late=now - each.next_at)
        hit("escalation.called")
    hit("escalation.fired")
    return True


def claim(session: Session, each: Due, now: datetime) -> bool:
    """Take the step: only one of all workers finds the row still as it was read."""
    taken = session.execute(
        update(Escalation)
        .where(
            Escalation.incident_id == each.incident_id,
            Escalation.fired == each.fired,
            Escalation.next_at == each.next_at,
        )
        .values(fired=Escalation.fired + 1)
    )
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def keep_deadlines_near(now: datetime) -> int:
    """On SQLite the host's clock may have jumped back: no deadline is farther away than the longest wait allows."""
    if not is_sqlite():
        return 0
    far = [incident_id for incident_id, wait, next_at in _waiting(now) if next_at > now + wait]
    for incident_id in far:
        with transaction() as session:
            incident = records.exclusively(session, incident_id)
            nearest = now + _longest_wait(incident)
            if incident.escalation.next_at is not None and incident.escalation.next_at > nearest:
                incident.escalation.next_at = nearest
                log.warning("clock jumped back: %s is due at %s", incident.code, nearest)
    return len(far)


def _waiting(now: datetime) -> list[tuple[int, timedelta, datetime]]:
    """(incident, longest wait that its policy allows, deadline) of every deadline ahead, in one statement."""
    longest_step = (
        select(func.max(PolicyStep.after_seconds))
        .where(PolicyStep.policy_id == Escalation.policy_id)
        .correlate(Escalation)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Incident.id, Incident.status, Escalation.next_at, PolicyVersion.repeat_after_seconds,
            PolicyVersion.ack_timeout_seconds, longest_step, Rehearsal.step_seconds,
        )
        .join(Escalation, Escalation.incident_id == Incident.id)
        .join(PolicyVersion, PolicyVersion.id == Escalation.policy_id)
        .outerjoin(Rehearsal, Rehearsal.id == Incident.rehearsal_id)
        .where(Escalation.next_at > now)
    )  # fmt: skip
    found = []
    for incident_id, status, next_at, repeat, time_out, step, hurry in rows:
        taken = status == "acknowledged"
        wait = time_out if taken else max(repeat, step or 0)
        if hurry is not None:
            wait = min(wait, 10 * hurry if taken else hurry)
        found.append((incident_id, timedelta(seconds=wait), next_at))
    return found


def end_rehearsals(now: datetime) -> int:
    """Close what is left of exercises that are over; nobody is called for them any more."""
    over = select(Rehearsal.id).where((Rehearsal.ended_at.is_not(None)) | (Rehearsal.ends_at <= now))
    left = db.session.scalars(
        select(Incident.id).where(Incident.rehearsal_id.in_(over), Incident.status != "closed").order_by(Incident.id)
    ).all()
    for incident_id in left:
        with transaction() as session:
            incident = records.exclusively(session, incident_id)
            _end(session, incident, now)
    return len(left)


def _end(session: Session, incident: Incident, now: datetime) -> None:
    following = states.after(incident.status, "end")
    if following is not None:
        incident.status, incident.closed_at = following, now
        records.stop(incident, now=now)
        records.write(session, incident, "ended", SYSTEM, now=now)


def _safely(each: Due, now: datetime) -> bool:
    try:
        return fire(each, now)
    except Exception as fault:  # one incident's fault must not silence the others
        log.exception("escalation of incident %s failed", each.incident_id)
        try:
            _postpone(each, fault, now)
        except Exception:
            log.exception("and could not be put off")
        return False


def _postpone(each: Due, fault: Exception, now: datetime) -> None:
    with transaction() as session:
        if claim(session, each, now):
            row = session.get(Escalation, each.incident_id, populate_existing=True)
            if row is not None:
                row.next_at = now + AFTER_A_FAULT
            audit.record(SYSTEM, "incident.fault", "incident", each.incident_id, now=now, fault=type(fault).__name__)


def _time_out(session: Session, incident: Incident, now: datetime) -> None:
    """Acknowledged and forgotten: open again, from the first step."""
    records.write(session, incident, "timed_out", SYSTEM, now=now, person=incident.acknowledged_by)
    incident.status = states.after("acknowledged", "time_out") or "open"
    incident.acknowledged_at = incident.acknowledged_by_id = None
    incident.acknowledged_by = ""
    incident.escalation.step, incident.escalation.cycle = 0, incident.escalation.cycle + 1


def _call_next(session: Session, incident: Incident, now: datetime, *, late: timedelta) -> None:
    policy, escalation = policies.of(incident), incident.escalation
    directory = Directory(incident, now)
    decision = decide(policy, escalation.step, escalation.cycle, directory.who, now, escalation.fired_at)
    paging.call(session, incident, policy, decision, directory, now=now, late=late)
    if decision.fired is not None:
        escalation.fired_at = now
    escalation.step, escalation.cycle = decision.next_step, decision.next_cycle
    escalation.next_at = decision.next_at
    audit.record(
        SYSTEM, "incident.call", "incident", incident.code, now=now, step=decision.fired, cycle=decision.cycle,
        skipped=list(decision.skipped),
    )  # fmt: skip


def _longest_wait(incident: Incident) -> timedelta:
    policy: Policy = policies.of(incident)
    if incident.status == "acknowledged":
        return policy.ack_timeout
    return max(policy.repeat_after, *(step.after for step in policy.steps))
