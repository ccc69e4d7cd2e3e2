"""How far away a deadline may be: as far as its policy allows, also after the host's clock has jumped back."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import noload

from core import clock
from core.db import db, is_sqlite, transaction
from incidents.policies import selection
from incidents.policies.models import SNOOZE_MOST, PolicyStep, PolicyVersion
from incidents.record import transitions
from incidents.record.models import Escalation, Incident
from roster.models import Rehearsal

log = logging.getLogger(__name__)


def keep_deadlines_near(now: datetime) -> int:
    """On SQLite the host's clock may have jumped back: no deadline is farther away than the longest wait allows.

    Only what is too far at ``now`` and still so by the clock as it is when nobody else can write: a deadline that was
    set while this ran was counted from a later moment than ``now``, and is as far away as it should be.
    """
    if not is_sqlite() or not any(next_at > now + wait for _id, wait, next_at in _waiting(now, by_kind=True)):
        return 0
    pulled = 0
    for suspect in [incident_id for incident_id, wait, next_at in _waiting(now) if next_at > now + wait]:
        with transaction() as session:
            incident, present = transitions.exclusively(session, suspect), clock.now()
            for _same, wait, next_at in _waiting(present, suspect):
                if next_at > present + wait:
                    incident.escalation.next_at, pulled = present + wait, pulled + 1
                    log.warning("clock jumped back: %s is due at %s", incident.code, present + wait)
    return pulled


def _waiting(
    now: datetime, incident_id: int | None = None, *, by_kind: bool = False
) -> list[tuple[int, timedelta, datetime]]:
    """(incident, longest wait that its policy allows, deadline) of every deadline ahead, in one statement.

    ``by_kind``: only the farthest of all that may wait equally long, which are few however many incidents are open.
    """
    longest_step = (
        select(func.max(PolicyStep.after_seconds))
        .where(PolicyStep.policy_id == Escalation.policy_id)
        .correlate(Escalation)
        .scalar_subquery()
    )
    taken, turn = Incident.status == "acknowledged", Escalation.cycle - Escalation.since + 1
    # Else it may be the pause after a turn, or after the longer policy that it followed until now.
    between = or_(Escalation.step > 0, and_(Escalation.cycle == Escalation.since, Escalation.fired_at.is_(None)))
    put_off = or_(
        Escalation.snoozed_until.is_not(None),
        and_(Escalation.arrives_at.is_not(None), Escalation.arrived_at.is_(None)),
    )
    deadline = func.max(Escalation.next_at) if by_kind else Escalation.next_at
    ahead = (
        select(Incident.id, taken, Incident.severity, turn, between, put_off, PolicyVersion, longest_step, Rehearsal)
        .add_columns(deadline)
        .join(Escalation, Escalation.incident_id == Incident.id)
        .join(PolicyVersion, PolicyVersion.id == Escalation.policy_id)
        .outerjoin(Rehearsal, Rehearsal.id == Incident.rehearsal_id)
        .options(noload(PolicyVersion.steps))
        .where(Escalation.next_at > now)
    )
    if incident_id is not None:
        ahead = ahead.where(Incident.id == incident_id)
    if by_kind:
        ahead = ahead.group_by(taken, Incident.severity, turn, between, put_off, PolicyVersion.id, Rehearsal.id)
    return [(found, _longest_wait(*facts), next_at) for found, *facts, next_at in db.session.execute(ahead)]


def _longest_wait(
    taken: bool,
    severity: int,
    turn: int,
    between: bool,
    put_off: bool,
    version: PolicyVersion,
    step: int | None,
    rehearsal: Rehearsal | None,
) -> timedelta:
    bare, wait = selection.waits(version, severity), timedelta(seconds=step or 0)
    if not between:
        wait = max(wait, bare.pause(turn))
    if taken:
        wait = max(bare.ack_timeout, bare.alive or bare.ack_timeout)
    if rehearsal is not None:
        wait = min(wait, timedelta(seconds=rehearsal.step_seconds * (10 if taken else 1)))
    if put_off:
        wait += timedelta(seconds=(version.snooze_most or SNOOZE_MOST)[severity - 1])
    return wait
