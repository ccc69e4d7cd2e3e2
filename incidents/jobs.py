"""What the worker does: fire every step that is due, each in a transaction of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, noload

from core import audit, clock
from core.actor import SYSTEM
from core.db import db, is_sqlite, transaction
from core.failpoints import hit
from incidents import asking, coverage_gaps, paging, policies, records, states
from incidents.answering import Directory, Meant, as_duty_person
from incidents.escalation import PERSON_RULE, decide
from incidents.models import Escalation, Incident
from incidents.models_policy import SNOOZE_MOST, PolicyStep, PolicyVersion
from roster.models import Rehearsal

log = logging.getLogger(__name__)
AFTER_A_FAULT = timedelta(seconds=5)
MOST_AT_ONCE = 200
LONGEST_TURN = 5.0
"""Seconds of firing after which whoever asked gets a turn (a heartbeat, other jobs); what is left stays due."""


@dataclass(frozen=True)
class Due:
    """An escalation as it was read: what a claim must still find."""

    incident_id: int
    fired: int
    next_at: datetime


def escalate_due(now: datetime, *, called: Callable[[], None] = lambda: None) -> int:
    """Fire the due step of every incident whose moment has come; how many were fired here.

    Several workers may run it at once: each due step is claimed by one. A fault of one incident is logged and
    audited, tried again soon, and stops no other. Housekeeping comes after the calls and cannot stop them.
    ``called()`` after each: its messages need not wait until the last one of a long backlog is written.
    """
    fired, ends = 0, clock.monotonic() + LONGEST_TURN
    for each in due(now):
        if _safely(each, now):
            fired += 1
            called()
        if clock.monotonic() > ends:
            break
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
        if incident.escalation.snoozed_until is not None:
            _return(session, incident, now)
        if incident.status == "acknowledged":
            if _ask_whoever_has_it(session, incident, now):
                return True
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
    """On SQLite the host's clock may have jumped back: no deadline is farther away than the longest wait allows.

    Only what is too far at ``now`` and still so by the clock as it is when nobody else can write: a deadline that was
    set while this ran was counted from a later moment than ``now``, and is as far away as it should be.
    """
    if not is_sqlite():
        return 0
    pulled = 0
    for suspect in [incident_id for incident_id, wait, next_at in _waiting(now) if next_at > now + wait]:
        with transaction() as session:
            incident, present = records.exclusively(session, suspect), clock.now()
            for _same, wait, next_at in _waiting(present, suspect):
                if next_at > present + wait:
                    incident.escalation.next_at, pulled = present + wait, pulled + 1
                    log.warning("clock jumped back: %s is due at %s", incident.code, present + wait)
    return pulled


def _waiting(now: datetime, incident_id: int | None = None) -> list[tuple[int, timedelta, datetime]]:
    """(incident, longest wait that its policy allows, deadline) of every deadline ahead, in one statement."""
    longest_step = (
        select(func.max(PolicyStep.after_seconds))
        .where(PolicyStep.policy_id == Escalation.policy_id)
        .correlate(Escalation)
        .scalar_subquery()
    )
    ahead = (
        select(Incident.id, Incident.status, Incident.severity, Escalation, PolicyVersion, longest_step, Rehearsal)
        .join(Escalation, Escalation.incident_id == Incident.id)
        .join(PolicyVersion, PolicyVersion.id == Escalation.policy_id)
        .outerjoin(Rehearsal, Rehearsal.id == Incident.rehearsal_id)
        .options(noload(PolicyVersion.steps))
        .where(Escalation.next_at > now)
    )
    if incident_id is not None:
        ahead = ahead.where(Incident.id == incident_id)
    return [
        (found, _longest_wait(status == "acknowledged", severity, escalation, version, step or 0, rehearsal), next_at)
        for found, status, severity, escalation, version, step, rehearsal in db.session.execute(ahead)
        if (next_at := escalation.next_at) is not None
    ]


def _longest_wait(
    taken: bool, severity: int, escalation: Escalation, version: PolicyVersion, step: int, rehearsal: Rehearsal | None
) -> timedelta:
    bare = policies.waits(version, severity)
    wait = max(bare.pause(escalation.cycle - escalation.since + 1), timedelta(seconds=step))
    if taken:
        wait = max(bare.ack_timeout, bare.alive or bare.ack_timeout)
    if rehearsal is not None:
        wait = min(wait, timedelta(seconds=rehearsal.step_seconds * (10 if taken else 1)))
    if escalation.snoozed_until is not None or (escalation.arrives_at is not None and escalation.arrived_at is None):
        wait += timedelta(seconds=(version.snooze_most or SNOOZE_MOST)[severity - 1])
    return wait


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


def _return(session: Session, incident: Incident, now: datetime) -> None:
    """What was put off comes back by itself: to whoever has it first, else to the policy."""
    records.write(session, incident, "returned", SYSTEM, now=now, person=incident.acknowledged_by)
    records.wake_up(incident)


def _ask_whoever_has_it(session: Session, incident: Incident, now: datetime) -> bool:
    """Inactive, or back from being put off: whoever has it is called first and has a little time to answer."""
    escalation, holder = incident.escalation, incident.acknowledged_person
    if escalation.waits_for not in ("alive", "snooze") or holder is None or not holder.active:
        return False
    meant = Meant(PERSON_RULE, (as_duty_person(holder),))
    paging.put(session, incident, meant, "alive", duty=escalation.held_duty, now=now)
    escalation.next_at, escalation.waits_for = now + policies.of(incident).grace, "grace"
    audit.record(SYSTEM, "incident.alive", "incident", incident.code, now=now)
    return True


def _time_out(session: Session, incident: Incident, now: datetime) -> None:
    """Acknowledged and forgotten: open again, from the first step."""
    records.write(session, incident, "timed_out", SYSTEM, now=now, person=incident.acknowledged_by)
    records.open_again(incident)
    records.end_asks(incident, "handover", "reassign", "arrival", now=now)
    escalation = incident.escalation
    escalation.step, escalation.cycle = 0, escalation.cycle + 1
    escalation.since = escalation.cycle


def _call_next(session: Session, incident: Incident, now: datetime, *, late: timedelta) -> None:
    policy, escalation = policies.of(incident), incident.escalation
    directory = Directory(incident, now, policy.steps)
    decision = decide(
        policy, escalation.step, escalation.cycle, directory.who, now, escalation.fired_at, escalation.since
    )
    pages = paging.call(session, incident, policy, decision, directory, now=now, late=late)
    coverage_gaps.notice(session, incident, policy, decision.skipped, now=now)
    if decision.fired is not None:
        escalation.fired_at = now
        if policy.steps[decision.fired].all_must:
            asking.must_confirm(session, incident, pages, now=now)
    escalation.step, escalation.cycle = decision.next_step, decision.next_cycle
    escalation.next_at, escalation.waits_for = decision.next_at, "step"
    audit.record(
        SYSTEM, "incident.call", "incident", incident.code, now=now, step=decision.fired, cycle=decision.cycle,
        skipped=list(decision.skipped),
    )  # fmt: skip
