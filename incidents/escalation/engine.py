"""What the worker does: fire every step that is due; of a backlog many in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from core import audit, clock
from core.actor import SYSTEM
from core.db import db, transaction
from core.storage.failpoints import hit
from incidents.endings import services as endings
from incidents.escalation import calling, requests, unserved
from incidents.escalation.deadlines import keep_deadlines_near
from incidents.escalation.decide import PERSON_RULE, EscalationPosition, decide
from incidents.escalation.lookups import EscalationLookups
from incidents.escalation.targets import TargetDirectory, TargetPeople, marked
from incidents.policies import selection
from incidents.record import states, timeline, transitions
from incidents.record.models import Escalation, Incident
from roster.models import Rehearsal
from roster.resolver import resolver

log = logging.getLogger(__name__)
AFTER_A_FAULT = timedelta(seconds=5)
MOST_AT_ONCE = 1000
FEW = 8
"""So many due steps are fired one by one: each call leaves as soon as it can."""
TOGETHER = 50
"""Of a backlog, so many in one transaction; on SQLite nobody else writes meanwhile."""
LONGEST_TURN = 5.0
"""Seconds of firing after which the caller gets a turn (a heartbeat, other jobs); what is left stays due."""


@dataclass(frozen=True)
class DueEscalation:
    """An escalation as it was read: what a claim must still find."""

    incident_id: int
    fired: int
    next_at: datetime


def escalate_due(now: datetime, *, called: Callable[[], None] = lambda: None) -> int:
    """Fire the due step of every incident whose moment has come; how many were fired here.

    Several workers may run it at once: each due step is claimed by one. A fault of one incident is logged and
    audited, tried again soon, and stops no other. Housekeeping comes after the calls and cannot stop them.
    ``called()`` after each commit: its messages need not wait until the last one of a long backlog is written.
    """
    fired, ends = 0, clock.monotonic() + LONGEST_TURN
    waiting = due(now)
    size = TOGETHER if len(waiting) > FEW else 1
    for place in range(0, len(waiting), size):
        here = _safely(waiting[place : place + size], now, ends)
        if here:
            fired += here
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


def due(now: datetime) -> Sequence[DueEscalation]:
    """Return what is due, the longest overdue first; of what fell due together, what was reported first."""
    rows = db.session.execute(
        select(Escalation.incident_id, Escalation.fired, Escalation.next_at)
        .where(Escalation.next_at <= now)
        .order_by(Escalation.next_at, Escalation.incident_id)
        .limit(MOST_AT_ONCE)
    )
    return [DueEscalation(*row) for row in rows]


def fire(each: DueEscalation, now: datetime) -> bool:
    """Claim and fire one due step in one transaction; whether it was still there to claim."""
    return _fire([each], now, careful=True) == 1


def _fire(batch: Sequence[DueEscalation], now: datetime, *, careful: bool = False) -> int:
    """Claim and fire due steps, all in one transaction; how many of them called somebody.

    ``careful``: what can go wrong with one person's call is kept apart in a savepoint. Else all rows are written
    together in the end, which costs a fraction; whatever goes wrong undoes the whole batch.
    """
    with transaction() as session, session.no_autoflush, resolver.asking_once():
        claimed = {each.incident_id: each for each in claim(session, batch)}
        incidents = {each.id: each for each in session.scalars(_CLAIMED, {"ids": list(claimed)})} if claimed else {}
        firing = _Firing(session, now, careful)
        firing.look_up(incidents.values())
        for incident_id, each in claimed.items():
            incidents[incident_id].escalation.fired += 1
            hit("escalation.claimed")
            firing.fire(incidents[incident_id], late=now - each.next_at)
        unserved.notice(session, firing.met, now=now)
        session.flush()
        for _each in range(firing.fired):
            hit("escalation.called")
    if firing.fired:
        hit("escalation.fired")
    return firing.fired


def claim(session: Session, batch: Sequence[DueEscalation]) -> list[DueEscalation]:
    """Take the steps that are still as they were read, until commit: of all workers one holds such a row, and the
    others neither wait for it nor find it unchanged afterwards."""
    held = select(Escalation.incident_id, Escalation.fired, Escalation.next_at)
    held = held.where(Escalation.incident_id.in_([each.incident_id for each in batch]))
    rows = session.execute(held.order_by(Escalation.incident_id).with_for_update(skip_locked=True))
    there = {DueEscalation(*row) for row in rows}
    return [each for each in batch if each in there]


_CLAIMED = (
    select(Incident)
    .where(Incident.id.in_(bindparam("ids", expanding=True)))
    .options(joinedload(Incident.escalation), joinedload(Incident.unit), joinedload(Incident.rehearsal))
    .execution_options(populate_existing=True)
)


@dataclass
class _Firing:
    """What the steps that are fired in one transaction share."""

    session: Session
    now: datetime
    careful: bool
    fired: int = 0
    met: list[unserved.UnservedSteps] = field(default_factory=list)
    directories: dict[int, TargetDirectory] = field(default_factory=dict)
    """Whom each incident can call."""

    def look_up(self, incidents: Collection[Incident]) -> None:
        """Whom they will call, and how, in a few statements for all."""
        if not incidents:
            return
        known = EscalationLookups()
        known.meet_all(incidents)
        self.directories = {
            each.id: TargetDirectory(each, self.now, known.policy(each).steps, known) for each in incidents
        }
        real = [each for each in self.directories.values() if each.incident.rehearsal_id is None]
        resolver.ask_together({pair for each in real for pair in each.duties()}, self.now)
        everybody = {person_id for each in self.directories.values() for person_id in each.everybody()}
        known.ladders(everybody)
        known.meet_people(everybody)

    def fire(self, incident: Incident, *, late: timedelta) -> None:
        """The step of an incident that is claimed; nothing when there is no step to fire any more."""
        now, session = self.now, self.session
        if incident.status not in states.UNFINISHED:
            incident.escalation.next_at = None
            return
        if incident.is_exercise_over(now):
            _end(session, incident, now)
            return
        self.fired += 1
        if incident.escalation.snoozed_until is not None:
            _return(session, incident, now)
        if incident.status == "acknowledged":
            if _ask_the_holder(session, incident, now):
                return
            _time_out(session, incident, now)
        self._call_next(incident, late=late)

    def _call_next(self, incident: Incident, *, late: timedelta) -> None:
        now, session = self.now, self.session
        escalation, directory = incident.escalation, self.directories[incident.id]
        policy = directory.known.policy(incident)
        position = EscalationPosition(escalation.step, escalation.cycle, escalation.fired_at, escalation.since)
        decision = decide(policy, position, directory.who, now=now)
        pages = calling.call(session, incident, decision, directory, now=now, late=late, careful=self.careful)
        if decision.skipped:
            self.met.append(unserved.met(incident, policy, decision.skipped))
        if decision.fired is not None:
            escalation.fired_at = now
            if policy.steps[decision.fired].all_must:
                requests.must_confirm(session, incident, pages, now=now)
        escalation.step, escalation.cycle = decision.next_step, decision.next_cycle
        escalation.next_at, escalation.waits_for = decision.next_at, "step"
        told = {"step": decision.fired, "cycle": decision.cycle, "skipped": list(decision.skipped)}
        audit.record(SYSTEM, "incident.call", "incident", incident.code, now=now, **told)


def end_rehearsals(now: datetime) -> int:
    """Close what is left of exercises that are over; nobody is called for them any more."""
    over = select(Rehearsal.id).where((Rehearsal.ended_at.is_not(None)) | (Rehearsal.ends_at <= now))
    left = db.session.scalars(
        select(Incident.id).where(Incident.rehearsal_id.in_(over), Incident.status != "closed").order_by(Incident.id)
    ).all()
    for incident_id in left:
        with transaction() as session:
            incident = transitions.exclusively(session, incident_id)
            _end(session, incident, now)
    return len(left)


def _end(session: Session, incident: Incident, now: datetime) -> None:
    following = states.after(incident.status, "end")
    if following is not None:
        incident.status, incident.closed_at = following, now
        was_running = incident.resolved_at is None
        transitions.stop(incident, now=now)
        timeline.write(session, incident, "ended", SYSTEM, now=now)
        if was_running:
            endings.over(session, incident, off=True, by=(), now=now)


def _safely(batch: Sequence[DueEscalation], now: datetime, ends: float) -> int:
    """Fire them together; when that fails, each alone, for one incident's fault must not silence the others. Where it
    is the database that fails, each may wait for long: at ``ends`` what is left stays due."""
    try:
        return _fire(batch, now)
    except Exception:
        log.warning("steps of %s incidents are fired one by one", len(batch), exc_info=True)
    fired = 0
    for each in batch:
        fired += _alone(each, now)
        if clock.monotonic() > ends:
            break
    return fired


def _alone(each: DueEscalation, now: datetime) -> bool:
    try:
        return fire(each, now)
    except Exception as fault:
        log.exception("escalation of incident %s failed", each.incident_id)
        try:
            _postpone(each, fault, now)
        except Exception:
            log.exception("and could not be put off")
        return False


def _postpone(each: DueEscalation, fault: Exception, now: datetime) -> None:
    with transaction() as session:
        if claim(session, [each]):
            row = session.get_one(Escalation, each.incident_id, populate_existing=True)
            row.fired, row.next_at = row.fired + 1, now + AFTER_A_FAULT
            code = session.get_one(Incident, each.incident_id).code
            audit.record(SYSTEM, "incident.fault", "incident", code, now=now, fault=type(fault).__name__)


def _return(session: Session, incident: Incident, now: datetime) -> None:
    """What was put off comes back by itself: to the holder first, else to the policy."""
    timeline.write(session, incident, "returned", SYSTEM, now=now, person=incident.acknowledged_by)
    transitions.wake_up(incident)


def _ask_the_holder(session: Session, incident: Incident, now: datetime) -> bool:
    """Inactive, or back from being put off: the holder is called first and has a little time to answer.

    Nobody waits for somebody recorded absent: one message that does not ring, and the steps go on at once.
    """
    escalation, holder = incident.escalation, incident.acknowledged_person
    if escalation.waits_for not in ("alive", "snooze") or holder is None or not holder.active:
        return False
    person = marked(incident, holder, now)
    meant, is_away = TargetPeople(PERSON_RULE, (person,)), person.away_until is not None
    calling.put(
        session,
        incident,
        meant,
        calling.ExtraCall("alive", escalation.held_duty, then="held" if is_away else ""),
        now=now,
    )
    if is_away:
        return False
    escalation.next_at, escalation.waits_for = now + selection.policy_of(incident).grace, "grace"
    audit.record(SYSTEM, "incident.alive", "incident", incident.code, now=now)
    return True


def _time_out(session: Session, incident: Incident, now: datetime) -> None:
    """Acknowledged and forgotten: open again, from the first step."""
    timeline.write(session, incident, "timed_out", SYSTEM, now=now, person=incident.acknowledged_by)
    transitions.open_again(incident)
    transitions.end_asks(incident, "handover", "reassign", "arrival", now=now)
    escalation = incident.escalation
    escalation.step, escalation.cycle = 0, escalation.cycle + 1
    escalation.since = escalation.cycle
    endings.reopened(session, incident, by=(), now=now)
