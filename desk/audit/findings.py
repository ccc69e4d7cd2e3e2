"""The one list of checks about this installation, and those about the engine: a handful of indexed look-ups,
without locks. Nothing here writes.

They ask what was promised, not how it is done: is every open incident called in time, is every message on its way, does
the worker beat. Each surface picks its own: ``/readyz`` what is cheap and means that nobody may be called; the auditor,
``/system/`` and ``/metrics`` what is cheap; readiness what it gives points for; ``doctor`` everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, TextClause, and_, exists, func, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute, aliased

from core.db import db
from core.observability import heartbeat
from core.storage import sqlite
from desk.audit import locks, schema, shut_channels, untold, watchdog
from desk.health_checks import copies, lines, machine, set_up, settings
from desk.health_checks.check import CheckFinding, CheckPassed, HealthCheck, examine
from desk.health_checks.machine import TABLES
from incidents.escalation.resuming import waiting
from incidents.mailboxes import services as mailboxes
from incidents.record import states
from incidents.record.models import Escalation, Incident
from notify import pause
from notify.gateways.models import Breaker
from notify.models import HAS_DIED, Delivery, Message
from notify.queries import IS_CALL
from roster.coverage import unsure
from roster.solving.models import SolveRun

UNREAD = timedelta(minutes=5)
"""So long a mail server may be away before administrators are told."""
LATE = timedelta(seconds=60)
"""So long may anything be late before it is said to be wrong."""
NOTICE_LATE = timedelta(minutes=15)
"""So long may what is not urgent: nobody waits for it as for a call, and calls leave before it."""


def _open_incidents() -> Select[Any]:
    """Count and an example of open incidents that have, or should have, a deadline."""
    return (
        select(func.count(), func.min(Incident.code))
        .select_from(Escalation)
        .join(Incident, Incident.id == Escalation.incident_id)
        .where(Incident.status.in_(sorted(states.UNFINISHED)))
    )


def _counted(kind: str, statement: Select[Any]) -> CheckFinding | None:
    count, example = db.session.execute(statement).one()
    return CheckFinding(kind, count, example or "") if count else None


def _untold(now: datetime) -> CheckFinding | None:
    """Incidents of which nobody has heard a minute after the first call was due."""
    found = untold.untold(now=now, after=LATE)
    if not found:
        return None
    return CheckFinding("incidents_untold", len(found), found[0][1], untold.channels([each for each, _code in found]))


def _leases(now: datetime) -> CheckFinding | None:
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
    return CheckFinding("leases_expired", count, ", ".join(channels), channels) if count else None


def _waiting(now: datetime) -> CheckFinding | None:
    """Calls that are due and were not even tried, and those that wait for a gateway which has failed for so long,
    unless the same words have left by another way. What one address alone refuses waits for its next attempt."""
    untried = and_(Message.next_at < now - LATE, Message.waits_for == "")
    late = IS_CALL, Message.state == "pending", or_(untried, _waits_for_a_gateway(now - LATE))
    return _by_channel("messages_waiting", *late)


def _deadly(_now: datetime) -> CheckFinding | None:
    """Calls that have killed the process that carried them, alone, and that have left by no other way."""
    unsent = Message.urgent, Message.state.in_(("pending", "leased")), ~_left_by_another()
    return _by_channel("messages_deadly", text(HAS_DIED), Message.deaths_alone > 0, *unsent)


def _notices(now: datetime) -> CheckFinding | None:
    """The same of what is not urgent, later: a phone tree to hundreds leaves behind all calls."""
    before = now - NOTICE_LATE
    untried = and_(Message.state == "pending", Message.next_at < before, Message.waits_for == "")
    stuck = and_(Message.state == "pending", _waits_for_a_gateway(before))
    left = and_(Message.state == "leased", Message.leased_until < before)
    return _by_channel("notices_waiting", ~IS_CALL, or_(untried, stuck, left))


def _by_channel(
    kind: str, *which: ColumnElement[bool] | InstrumentedAttribute[bool] | TextClause
) -> CheckFinding | None:
    counted = select(Message.channel, func.count()).where(*which).group_by(Message.channel)
    rows = db.session.execute(counted).all()
    channels = tuple(sorted(row[0] for row in rows))
    return CheckFinding(kind, sum(row[1] for row in rows), ", ".join(channels), channels) if rows else None


def _waits_for_a_gateway(before: datetime) -> ColumnElement[bool]:
    tried = exists().where(Delivery.message_id == Message.id, Delivery.at <= before)
    is_open = exists().where(Breaker.name == Message.waits_for, Breaker.opened_at <= before)
    # A notice may wait for the host of one person's own: that is nobody's fault here.
    ours = or_(IS_CALL, Message.channel.in_(untold.GATEWAYS))
    return and_(Message.waits_for != "", Message.created_at <= before, ours, or_(tried, is_open), ~_left_by_another())


def _left_by_another() -> ColumnElement[bool]:
    other = aliased(Message)
    return exists().where(other.ladder == Message.ladder, other.ladder != "", other.state == "sent")


def _silent_worker(now: datetime) -> CheckFinding | None:
    return None if heartbeat.is_alive(now=now) else CheckFinding("worker_late", 1, since=heartbeat.last_beat())


def _unsure(now: datetime) -> CheckFinding | None:
    """Return those who should be on duty at this moment and may not be: absent, gone, or not of that duty any more."""
    seats = unsure.serving(now=now)
    return CheckFinding("duty_unsure", len(seats), f"{seats[0].name}, {seats[0].unit}") if seats else None


def _unread(now: datetime) -> CheckFinding | None:
    """Mailboxes of sources that cannot be read: what monitors write there is heard by nobody."""
    failing = mailboxes.failing(now - UNREAD)
    since = failing[0].failing_since if failing else None
    return CheckFinding("mailbox_unread", len(failing), failing[0].intake.name, since=since) if failing else None


def _unvisited(now: datetime) -> CheckFinding | None:
    """Mailboxes that nobody came back from for three turns: whoever looks hangs, or nobody looks."""
    found = mailboxes.unvisited(now)
    return (
        CheckFinding("mailbox_unvisited", len(found), found[0].intake.name, since=found[0].visited_at)
        if found
        else None
    )


def _unsound_database(_now: datetime) -> CheckFinding | None:
    """A file whose journal this SQLite may spoil (``core.storage.sqlite``), left by another library."""
    found = sqlite.state(db.session.connection())
    return None if found is None or found.is_sound else CheckFinding("database_unsound", 1, str(found))


def _locked_database(now: datetime) -> CheckFinding | None:
    """Somebody keeps others waiting: one that stands still, or does too much at once."""
    found = locks.held(now=now)
    return CheckFinding("database_locked", sum(each.waiting for each in found), str(found[0])) if found else None


def _hung(now: datetime) -> CheckFinding | None:
    """One of several workers is silent."""
    silent = heartbeat.hung(now=now)
    if not silent:
        return None
    since = min(row.beat_at for row in silent)
    return CheckFinding("worker_hung", len(silent), ", ".join(map(heartbeat.title, silent)), since=since)


def _paused(now: datetime) -> CheckFinding | None:
    stopped = pause.current()
    if stopped is None:
        return None
    return CheckFinding("sending_paused", waiting(stopped, now=now).incidents, since=stopped.since)


def _overdue(now: datetime) -> CheckFinding | None:
    return _counted("incidents_overdue", _open_incidents().where(Escalation.next_at < now - LATE))


def _unscheduled(_now: datetime) -> CheckFinding | None:
    return _counted("incidents_unscheduled", _open_incidents().where(Escalation.next_at.is_(None)))


def _outdated(_now: datetime) -> CheckFinding | CheckPassed:
    found, wanted = schema.found(), schema.needed()
    return CheckPassed(str(found)) if found == wanted else CheckFinding(TABLES, 1, f"{found or '-'} / {wanted}")


SENDS = (TABLES, "sending_paused")
"""What is late while sending is paused is late on purpose."""
ENGINE = (
    HealthCheck(TABLES, "tables", "ground", "calls", "cheap", _outdated, (machine.DATABASE,)),
    HealthCheck("sending_paused", "sending", "engine", "calls", "cheap", _paused, (TABLES,)),
    HealthCheck("incidents_overdue", "sending", "engine", "calls", "cheap", _overdue, SENDS),
    HealthCheck("incidents_unscheduled", "sending", "engine", "calls", "cheap", _unscheduled, SENDS),
    HealthCheck("incidents_untold", "sending", "engine", "calls", "cheap", _untold, SENDS),
    HealthCheck("leases_expired", "sending", "engine", "calls", "cheap", _leases, SENDS),
    HealthCheck("messages_waiting", "sending", "engine", "calls", "cheap", _waiting, SENDS),
    HealthCheck("messages_deadly", "sending", "engine", "calls", "cheap", _deadly, SENDS),
    HealthCheck("notices_waiting", "sending", "engine", "fault", "cheap", _notices, SENDS),
    HealthCheck("worker_late", "worker", "engine", "calls", "cheap", _silent_worker, (TABLES,)),
    HealthCheck("worker_hung", "worker", "engine", "calls", "cheap", _hung, (TABLES, "worker_late")),
    HealthCheck("database_unsound", "database", "engine", "calls", "cheap", _unsound_database, (machine.DATABASE,)),
    HealthCheck("database_locked", "database", "engine", "calls", "cheap", _locked_database, (machine.DATABASE,)),
    copies.LATE,
    HealthCheck("duty_unsure", "roster", "engine", "note", "cheap", _unsure, (TABLES,), told=False),
    *lines.CHECKS,
    HealthCheck("mailbox_unread", "mailboxes", "lines", "fault", "cheap", _unread, (*SENDS, "mailbox_failing")),
    HealthCheck("mailbox_unvisited", "mailboxes", "lines", "fault", "cheap", _unvisited, SENDS),
)
CHECKS = (
    *machine.GROUND,
    *ENGINE,
    *copies.CHECKS,
    *watchdog.CHECKS,
    *machine.CHECKS,
    *shut_channels.CHECKS,
    *settings.CHECKS,
    *set_up.CHECKS,
)
"""The list. What a check needs stands above it."""
BY_NAME = {each.name: each for each in CHECKS}
KEPT = tuple(each for each in CHECKS if each.cost == "cheap" and each.kind != "ground")
"""What the auditor keeps, ``/system/`` shows and ``/metrics`` counts. A program that could ask has its ground."""
READYZ = tuple(each for each in CHECKS if each.cost == "cheap" and each.severity == "calls")
KINDS = tuple(each.name for each in KEPT)
NOT_CALLING = frozenset(each.name for each in CHECKS if each.severity != "calls")
"""Wrong, but the people on duty are still called: told to administrators, no reason to say that nothing works."""
UNTOLD = frozenset(each.name for each in CHECKS if not each.told)
"""No fault of the engine: administrators are sent no letter about it, a coverage incident calls who can mend it."""


def findings(*, now: datetime, checks: Sequence[HealthCheck] = KEPT) -> Sequence[CheckFinding]:
    """Everything of ``checks`` that is wrong at ``now``, in the order of the list; empty when all is well."""
    answers = examine(checks, now=now)
    return [answer.outcome for answer in answers if isinstance(answer.outcome, CheckFinding)]
