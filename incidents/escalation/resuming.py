"""After a restore: what becomes of steps that fell due while nobody was called, and who lets the calls go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session

from core import audit
from core.actor import Actor
from core.db import db, transaction
from incidents.record import states
from incidents.record.models import Escalation, Incident
from notify import pause
from notify.models import Message

How = Literal["call-now", "skip"]
WAYS: tuple[How, ...] = ("call-now", "skip")
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(minutes=30)
"""Bounds of the wait that a skipped step gets anew."""


@dataclass(frozen=True)
class WaitingWork:
    """What a choice is about: steps that are due, and messages that nobody has carried."""

    steps: int
    messages: int
    incidents: int
    """Open incidents, due or not."""


@dataclass(frozen=True)
class Resumed:
    cancelled: int
    put_off: int


def waiting(stopped: pause.Pause, *, now: datetime) -> WaitingWork:
    unfinished = Incident.status.in_(sorted(states.UNFINISHED))
    due = select(func.count()).select_from(Escalation).where(_overdue(stopped, now))
    letters = select(func.count()).where(Message.state.in_(("pending", "leased")), Message.created_at < stopped.since)
    incidents = select(func.count()).where(unfinished)
    return WaitingWork(*(db.session.scalar(each) or 0 for each in (due, letters, incidents)))


def resume(how: How, *, actor: Actor, now: datetime) -> Resumed | None:
    """Let messages leave again; ``None`` when somebody had done so already.

    ``call-now``: as after downtime, every overdue step fires once, marked late, and waiting messages go. ``skip``: what
    was written before the restore is taken back, and overdue incidents are called after the wait that they had.
    Whatever was reported since the restore is called in any case.
    """
    with transaction() as session:
        stopped = pause.end(session)
        if stopped is None:
            return None
        done = Resumed(0, 0)
        if how == "skip":
            done = Resumed(pause.cancel_older(session, stopped.since), _put_off(session, stopped, now))
        audit.record(
            actor,
            "sending.resume",
            "system",
            "sending",
            now=now,
            how=how,
            cancelled=done.cancelled,
            put_off=done.put_off,
        )
        return done


def wait_anew(next_at: datetime, before: datetime) -> timedelta:
    """The wait that was set when something last happened, within bounds."""
    return min(max(next_at - before, SHORTEST), LONGEST)


def _overdue(stopped: pause.Pause, now: datetime) -> ColumnElement[bool]:
    older = select(Incident.id).where(Incident.created_at < stopped.since)
    return and_(Escalation.next_at <= now, Escalation.incident_id.in_(older))


def _put_off(session: Session, stopped: pause.Pause, now: datetime) -> int:
    rows = session.execute(
        select(Escalation.incident_id, Escalation.next_at, Escalation.fired_at, Incident.created_at)
        .join(Incident, Incident.id == Escalation.incident_id)
        .where(_overdue(stopped, now))
    ).all()
    for incident_id, next_at, fired_at, created_at in rows:
        until = now + wait_anew(next_at, fired_at or created_at)
        session.execute(
            update(Escalation)
            .where(Escalation.incident_id == incident_id)
            .values(next_at=until, put_off_at=now, put_off_until=until, fired=Escalation.fired + 1)
            .execution_options(synchronize_session=False)
        )
    return len(rows)
