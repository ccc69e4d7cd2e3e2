"""What is wrong with the engine at this moment: a handful of indexed look-ups, without locks. Nothing here writes.

It asks what was promised, not how it is done: is every open incident called in time, is every message on its way, does
the worker beat. ``/readyz``, ``/metrics`` and the auditor all ask here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, TextClause, and_, exists, func, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute, aliased

from core.db import db
from core.observability import heartbeat
from core.storage import sqlite
from desk.audit import locks, untold
from desk.backups import schedule
from incidents.escalation.resuming import waiting
from incidents.mailboxes import services as mailboxes
from incidents.record import states
from incidents.record.models import Escalation, Incident
from notify import pause
from notify.gateways.models import Breaker
from notify.models import HAS_DIED, Delivery, Message
from roster.coverage import unsure
from roster.models import SolveRun

UNREAD = timedelta(minutes=5)
"""So long a mail server may be away before administrators are told."""
LATE = timedelta(seconds=60)
"""So long may anything be late before it is said to be wrong."""
NOTICE_LATE = timedelta(minutes=15)
"""So long may what is not urgent: nobody waits for it as for a call, and calls leave before it."""
KINDS = (
    "sending_paused",
    "incidents_overdue",
    "incidents_unscheduled",
    "incidents_untold",
    "leases_expired",
    "messages_waiting",
    "messages_deadly",
    "notices_waiting",
    "worker_late",
    "worker_hung",
    "database_unsound",
    "database_locked",
    "backup_late",
    "duty_unsure",
    "mailbox_unread",
    "mailbox_unvisited",
)
NOT_CALLING = frozenset({"notices_waiting", "backup_late", "duty_unsure", "mailbox_unread", "mailbox_unvisited"})
"""Wrong, but the people on duty are still called: told to administrators, no reason to say that nothing works."""
UNTOLD = frozenset({"duty_unsure"})
"""No fault of the engine: administrators are sent no letter about it, a coverage incident calls who can mend it."""


@dataclass(frozen=True)
class Finding:
    """``kind`` is one of ``KINDS``, ``count`` how many things it is about, ``example`` names one of them."""

    kind: str
    count: int
    example: str = ""
    channels: tuple[str, ...] = ()
    """Channels that may be the ones at fault: administrators are told by another."""

    @property
    def grave(self) -> bool:
        return self.kind not in NOT_CALLING


def findings(*, now: datetime) -> Sequence[Finding]:
    """Everything that is wrong at ``now``, in the order of ``KINDS``; empty when all is well."""
    if (stopped := pause.current()) is not None:
        # What is late follows from it, and is late on purpose.
        found = [Finding("sending_paused", waiting(stopped, now=now).incidents), _silent_worker(now), _late_copy(now)]
        return [each for each in found if each is not None]
    found = [
        _counted("incidents_overdue", _open_incidents().where(Escalation.next_at < now - LATE)),
        _counted("incidents_unscheduled", _open_incidents().where(Escalation.next_at.is_(None))),
        _untold(now),
        _leases(now),
        _waiting(now),
        _deadly(),
        _notices(now),
        _silent_worker(now),
        _late_copy(now),
        _unsound_database(),
        _locked_database(now),
        _hung(now),
        _unsure(now),
        _unread(now),
        _unvisited(now),
    ]
    return [each for each in found if each is not None]


def _open_incidents() -> Select[Any]:
    """Count and an example of open incidents that have, or should have, a deadline."""
    return (
        select(func.count(), func.min(Incident.code))
        .select_from(Escalation)
        .join(Incident, Incident.id == Escalation.incident_id)
        .where(Incident.status.in_(sorted(states.UNFINISHED)))
    )


def _counted(kind: str, statement: Select[Any]) -> Finding | None:
    count, example = db.session.execute(statement).one()
    return Finding(kind, count, example or "") if count else None


def _untold(now: datetime) -> Finding | None:
    """Incidents of which nobody has heard a minute after the first call was due."""
    found = untold.untold(now=now, after=LATE)
    if not found:
        return None
    return Finding("incidents_untold", len(found), found[0][1], untold.channels([each for each, _code in found]))


def _leases(now: datetime) -> Finding | None:
    """Claims that outlived their owner and were taken over by nobody."""
    letters = db.session.execute(
        select(Message.channel, func.count())
        .where(Message.urgent, Message.state == "leased", Message.leased_until < now - LATE)
        .group_by(Message.channel)
    ).all()
    solves = db.session.scalar(
        select(func.count()).where(SolveRun.status == "running", SolveRun.leased_until < now - LATE)
    )
    count = sum(row[1] for row in letters) + (solves or 0)
    channels = tuple(sorted(row[0] for row in letters))
    return Finding("leases_expired", count, ", ".join(channels), channels) if count else None


def _waiting(now: datetime) -> Finding | None:
    """Calls that are due and were not even tried, and those that wait for a gateway which has failed for so long,
    unless the same words have left by another way. What one address alone refuses waits for its next attempt."""
    untried = and_(Message.next_at < now - LATE, Message.waits_for == "")
    late = Message.urgent, Message.state == "pending", or_(untried, _waits_for_a_gateway(now - LATE))
    return _by_channel("messages_waiting", *late)


def _deadly() -> Finding | None:
    """Calls that have killed the process that carried them, alone, and that have left by no other way."""
    unsent = Message.urgent, Message.state.in_(("pending", "leased")), ~_left_by_another()
    return _by_channel("messages_deadly", text(HAS_DIED), Message.deaths_alone > 0, *unsent)


def _notices(now: datetime) -> Finding | None:
    """The same of what is not urgent, later: a phone tree to hundreds leaves behind all calls."""
    before = now - NOTICE_LATE
    untried = and_(Message.state == "pending", Message.next_at < before, Message.waits_for == "")
    stuck = and_(Message.state == "pending", _waits_for_a_gateway(before))
    left = and_(Message.state == "leased", Message.leased_until < before)
    return _by_channel("notices_waiting", ~Message.urgent, or_(untried, stuck, left))


def _by_channel(kind: str, *which: ColumnElement[bool] | InstrumentedAttribute[bool] | TextClause) -> Finding | None:
    counted = select(Message.channel, func.count()).where(*which).group_by(Message.channel)
    rows = db.session.execute(counted).all()
    channels = tuple(sorted(row[0] for row in rows))
    return Finding(kind, sum(row[1] for row in rows), ", ".join(channels), channels) if rows else None


def _waits_for_a_gateway(before: datetime) -> ColumnElement[bool]:
    tried = exists().where(Delivery.message_id == Message.id, Delivery.at <= before)
    is_open = exists().where(Breaker.name == Message.waits_for, Breaker.opened_at <= before)
    # A notice may wait for the host of one person's own: that is nobody's fault here.
    ours = or_(Message.urgent, Message.channel.in_(untold.GATEWAYS))
    return and_(Message.waits_for != "", Message.created_at <= before, ours, or_(tried, is_open), ~_left_by_another())


def _left_by_another() -> ColumnElement[bool]:
    other = aliased(Message)
    return exists().where(other.ladder == Message.ladder, other.ladder != "", other.state == "sent")


def _silent_worker(now: datetime) -> Finding | None:
    return None if heartbeat.is_alive(now=now) else Finding("worker_late", 1)


def _late_copy(now: datetime) -> Finding | None:
    why = schedule.late(now=now)
    return Finding("backup_late", 1, why) if why else None


def _unsure(now: datetime) -> Finding | None:
    """Those who should be on duty at this moment and may not be: absent, gone, or not of that duty any more."""
    seats = unsure.serving(now=now)
    return Finding("duty_unsure", len(seats), f"{seats[0].name}, {seats[0].unit}") if seats else None


def _unread(now: datetime) -> Finding | None:
    """Mailboxes of sources that cannot be read: what monitors write there is heard by nobody."""
    failing = mailboxes.failing(now - UNREAD)
    return Finding("mailbox_unread", len(failing), failing[0].intake.name) if failing else None


def _unvisited(now: datetime) -> Finding | None:
    """Mailboxes that nobody came back from for three turns: whoever looks hangs, or nobody looks."""
    found = mailboxes.unvisited(now)
    return Finding("mailbox_unvisited", len(found), found[0].intake.name) if found else None


def _unsound_database() -> Finding | None:
    """A file whose journal this SQLite may spoil (``core.storage.sqlite``), left by another library."""
    found = sqlite.state(db.session.connection())
    return None if found is None or found.is_sound else Finding("database_unsound", 1, str(found))


def _locked_database(now: datetime) -> Finding | None:
    """Somebody keeps others waiting: one that stands still, or does too much at once."""
    found = locks.held(now=now)
    return Finding("database_locked", sum(each.waiting for each in found), str(found[0])) if found else None


def _hung(now: datetime) -> Finding | None:
    """One of several workers is silent."""
    silent = heartbeat.hung(now=now)
    return Finding("worker_hung", len(silent), ", ".join(map(heartbeat.title, silent))) if silent else None
