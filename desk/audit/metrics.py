"""/metrics for Prometheus: every number is read from the database, so each process of each node says the same.

The caller shows an API key (``Authorization: Bearer``); any role will do, since these are counts without names.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute
from werkzeug.exceptions import Unauthorized

from core import clock
from core.api import callers, problems
from core.db import db
from core.errors import DomainError
from core.models import Heartbeat, SystemFault
from core.observability import heartbeat, prometheus
from core.observability.prometheus import Metric, Sample
from desk.audit.auditor import BEAT
from desk.audit.findings import KINDS, findings
from desk.backups import schedule
from incidents.record import states
from incidents.record.models import Escalation, Incident
from notify.gateways import breakers, standings
from notify.models import Delivery, Message
from notify.queries import IS_CALL
from roster.coverage import unsure
from roster.reachability import report
from roster.solving.models import SolveRun

bp = Blueprint("metrics", __name__)
FAR = 10**9
"""Seconds that stand for "never"."""


@bp.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Numbers about incidents, the outbox and the engine."""
    now = clock.now()
    try:
        callers.ensure_scope(callers.known().actor, (None,), reads=True)
    except (DomainError, Unauthorized) as fault:
        return problems.from_exception(fault)
    answer = Response(prometheus.render(collect(now)), content_type=prometheus.CONTENT_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    return answer


metrics.required_action = "any_key"  # type: ignore[attr-defined]


def collect(now: datetime) -> Iterable[Metric]:
    """Everything there is to say at ``now``."""
    yield _incidents()
    yield _due(now)
    yield _by("tructet_messages", "Messages of the outbox by state and channel.", Message.state, Message.channel)
    yield _attempts()
    yield _leases(now)
    yield _breakers(now)
    yield from _standings(now)
    yield _found(now)
    yield _faults()
    yield _beats(now)
    yield _copies(now)
    yield _seats(now)
    yield _by("tructet_solve_runs", "Automatic assignments by status.", SolveRun.status)


def _incidents() -> Metric:
    counted = select(Incident.severity, Incident.status, func.count()).group_by(Incident.severity, Incident.status)
    rows = db.session.execute(counted.where(Incident.status.in_(states.UNFINISHED)))
    counts = {(severity, status): count for severity, status, count in rows}
    samples = tuple(
        Sample(counts.get((severity, status), 0), {"severity": str(severity), "status": status})
        for severity in range(1, 5)
        for status in states.UNFINISHED
    )
    return Metric("tructet_incidents_open", "gauge", "Incidents that are not over, by level and status.", samples)


def _due(now: datetime) -> Metric:
    """How late the latest thing is: 0 while nothing is due. Notices apart: they may be late while no call is."""
    samples = []
    step = select(func.min(Escalation.next_at))
    letter = select(func.min(Message.next_at)).where(Message.state == "pending")
    calls, notices = letter.where(IS_CALL), letter.where(~IS_CALL)
    for what, statement in (("escalation", step), ("message", calls), ("notice", notices)):
        earliest = db.session.scalar(statement)
        late = max(0.0, (now - earliest).total_seconds()) if earliest is not None else 0.0
        samples.append(Sample(round(late, 3), {"what": what}))
    return Metric("tructet_due_lag_seconds", "gauge", "How long the oldest thing that is due waits.", tuple(samples))


def _seats(now: datetime) -> Metric:
    """Count the places of the coming week that nobody fills, and those whose holder is recorded absent."""
    missing = sum(each.missing for each in report.short(None, now=now))
    away = len(unsure.coming(None, now=now, days=report.DAYS))
    samples = (Sample(missing, {"state": "missing"}), Sample(away, {"state": "unsure"}))
    return Metric("tructet_seats_uncovered", "gauge", "Published seats of 7 days that are not covered.", samples)


def _by(name: str, help_text: str, *columns: InstrumentedAttribute[str]) -> Metric:
    rows = db.session.execute(select(*columns, func.count()).group_by(*columns).order_by(*columns)).all()
    labels = [column.key for column in columns]
    return Metric(
        name,
        "gauge",
        help_text,
        tuple(Sample(row[-1], dict(zip(labels, row[:-1], strict=True))) for row in rows),
    )


def _attempts() -> Metric:
    rows = db.session.execute(
        select(Message.channel, Delivery.accepted, func.count())
        .join(Message, Message.id == Delivery.message_id)
        .group_by(Message.channel, Delivery.accepted)
    ).all()
    samples = tuple(Sample(row[2], {"channel": row[0], "accepted": "yes" if row[1] else "no"}) for row in rows)
    return Metric("tructet_delivery_attempts_total", "counter", "Attempts to hand a message to a gateway.", samples)


def _leases(now: datetime) -> Metric:
    def count(*conditions: ColumnElement[bool]) -> int:
        return db.session.scalar(select(func.count()).select_from(Message).where(*conditions)) or 0

    held = count(Message.state == "leased", Message.leased_until > now)
    over = count(Message.state == "leased", Message.leased_until <= now)
    samples = (Sample(held, {"state": "held"}), Sample(over, {"state": "expired"}))
    return Metric("tructet_message_leases", "gauge", "Messages in a sender's hands.", samples)


def _breakers(now: datetime) -> Metric:
    samples = tuple(
        Sample(int(row.probe_at is not None and row.probe_at > now), {"gateway": row.name}) for row in breakers.known()
    )
    return Metric("tructet_gateway_blocked", "gauge", "1 while a gateway that failed is not tried.", samples)


def _standings(now: datetime) -> Iterable[Metric]:
    """How gateways do, as the worker saw it last."""
    rows = standings.known()
    slow = tuple(Sample(int(standings.is_slow(row, now)), {"gateway": row.gateway}) for row in rows)
    yield Metric(
        "tructet_gateway_slow", "gauge", "1 while its texts arrive late: a quick one, if any, goes first.", slow
    )
    texts = tuple(
        Sample(count, {"gateway": row.gateway, "what": what})
        for row in rows
        for what, count in (("judged", row.judged), ("late", row.late))
    )
    left = tuple(Sample(row.left, {"gateway": row.gateway}) for row in rows if row.left is not None)
    yield Metric("tructet_gateway_left", "gauge", "What the provider said last is left, in its own unit.", left)
    yield Metric("tructet_gateway_texts", "gauge", "Texts by whose receipts a gateway is judged now.", texts)


def _found(now: datetime) -> Metric:
    counts = {each.kind: each.count for each in findings(now=now)}
    samples = tuple(Sample(counts.get(kind, 0), {"kind": kind}) for kind in KINDS)
    return Metric("tructet_audit_findings", "gauge", "What is wrong now, as /readyz says it.", samples)


def _faults() -> Metric:
    rows = db.session.execute(select(SystemFault.kind, func.count()).group_by(SystemFault.kind)).all()
    samples = tuple(Sample(row[1], {"kind": row[0]}) for row in rows)
    return Metric("tructet_audit_faults_total", "counter", "Faults that the auditor has found, ever.", samples)


def _beats(now: datetime) -> Metric:
    beats = {row.name: row.beat_at for row in db.session.scalars(select(Heartbeat))}
    each = {name: at for name, at in beats.items() if name.startswith(f"{heartbeat.WORKER}/")}
    latest = {heartbeat.WORKER: heartbeat.last_beat(), BEAT: beats.get(BEAT)}
    samples = tuple(
        Sample(round((now - at).total_seconds(), 3) if at is not None else FAR, {"name": name})
        for name, at in (latest | each).items()
    )
    return Metric("tructet_heartbeat_age_seconds", "gauge", "Seconds since the last sign of life.", samples)


def _copies(now: datetime) -> Metric:
    good = schedule.last_good()
    samples = tuple(
        Sample(round((now - good[name]).total_seconds(), 3) if name in good else FAR, {"folder": folder})
        for name, folder in ((schedule.GOOD, "data"), (schedule.SECOND, "second"))
        if folder == "data" or schedule.second_folder() is not None
    )
    return Metric("tructet_backup_age_seconds", "gauge", "Seconds since the last good copy in each folder.", samples)
