"""How far away a deadline may be: as far as its policy allows, also after the host's clock has jumped back."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, case, func, null, or_, select
from sqlalchemy.orm import noload

from core import clock
from core.db import db, is_sqlite, transaction
from incidents.policies import selection
from incidents.policies.models import SNOOZE_MOST, PolicyStep, PolicyVersion
from incidents.record import transitions
from incidents.record.models import Escalation, Incident
from roster.models import Rehearsal

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Deadline:
    """``wait``: the longest that its policy allows. ``put_off_at``: when somebody put the calls off until ``at``."""

    incident_id: int
    wait: timedelta
    at: datetime
    put_off_at: datetime | None

    @property
    def allowed(self) -> timedelta:
        """What a person put off after a restore may wait longer than the policy says: decided then, and no jump."""
        return self.wait if self.put_off_at is None else max(self.wait, self.at - self.put_off_at)

    def is_too_far(self, now: datetime) -> bool:
        return self.at > now + self.allowed


def keep_deadlines_near(now: datetime) -> int:
    """On SQLite the host's clock may have jumped back: no deadline is farther away than the longest wait allows.

    Only what is too far at ``now`` and still so by the clock as it is when nobody else can write: a deadline that was
    set while this ran was counted from a later moment than ``now``, and is as far away as it should be.
    """
    if not is_sqlite() or not any(each.is_too_far(now) for each in _ahead(now, by_kind=True)):
        return 0
    pulled = 0
    for suspect in [each.incident_id for each in _ahead(now) if each.is_too_far(now)]:
        with transaction() as session:
            incident, present = transitions.exclusively(session, suspect), clock.now()
            for each in _ahead(present, suspect):
                if each.is_too_far(present):
                    _pull(incident, each, present)
                    pulled += 1
    return pulled


def _pull(incident: Incident, deadline: _Deadline, now: datetime) -> None:
    """As far away as it may be, by the clock as it is now; what was put off keeps its own wait."""
    incident.escalation.next_at = now + deadline.allowed
    if deadline.put_off_at is not None:
        incident.escalation.put_off_at, incident.escalation.put_off_until = now, now + deadline.allowed
    log.warning("clock jumped back: %s is due at %s", incident.code, now + deadline.allowed)


def _ahead(now: datetime, incident_id: int | None = None, *, by_kind: bool = False) -> Iterator[_Deadline]:
    """Every deadline ahead, in one statement.

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
    # Put off together they are too far together: when the clock stands before that moment.
    resumed = case((Escalation.put_off_until == Escalation.next_at, Escalation.put_off_at), else_=null())
    deadline = func.max(Escalation.next_at) if by_kind else Escalation.next_at
    ahead = (
        select(Incident.id, taken, Incident.severity, turn, between, put_off, PolicyVersion, longest_step, Rehearsal)
        .add_columns(deadline, resumed)
        .join(Escalation, Escalation.incident_id == Incident.id)
        .join(PolicyVersion, PolicyVersion.id == Escalation.policy_id)
        .outerjoin(Rehearsal, Rehearsal.id == Incident.rehearsal_id)
        .options(noload(PolicyVersion.steps))
        .where(Escalation.next_at > now)
    )
    if incident_id is not None:
        ahead = ahead.where(Incident.id == incident_id)
    if by_kind:
        kinds = taken, Incident.severity, turn, between, put_off, PolicyVersion.id, Rehearsal.id, resumed
        ahead = ahead.group_by(*kinds)
    for found, *facts, at, put_off_at in db.session.execute(ahead):
        yield _Deadline(found, _longest_wait(_Waiting(*facts)), at, put_off_at)


class _Waiting(NamedTuple):
    """An incident whose next call is ahead. ``step``: seconds of the longest step of its policy."""

    taken: bool
    severity: int
    turn: int
    between: bool
    put_off: bool
    version: PolicyVersion
    step: int | None
    rehearsal: Rehearsal | None


def _longest_wait(row: _Waiting) -> timedelta:
    bare, wait = selection.waits(row.version, row.severity), timedelta(seconds=row.step or 0)
    if not row.between:
        wait = max(wait, bare.pause(row.turn))
    if row.taken:
        wait = max(bare.ack_timeout, bare.alive or bare.ack_timeout)
    if row.rehearsal is not None:
        wait = min(wait, timedelta(seconds=row.rehearsal.step_seconds * (10 if row.taken else 1)))
    if row.put_off:
        wait += timedelta(seconds=(row.version.snooze_most or SNOOZE_MOST)[row.severity - 1])
    return wait
