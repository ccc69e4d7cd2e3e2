"""A backlog after downtime: letters leave while the rest is still worked out, and nothing else waits for its end.

And whoever acts while the worker looks is not taken for a jump of the clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.db import db as database
from incidents import jobs, moving, policies, services
from incidents.models import Escalation, Incident
from notify.models import Message
from tests.support.smtp_sink import SmtpSink, smtp_sink
from tests.support.tet_night import ADMIN, NIGHT, Night
from worker import Worker

SEC = timedelta(seconds=1)


@pytest.fixture
def sink(app: Flask) -> Iterator[SmtpSink]:
    with smtp_sink() as server:
        app.config.update(MAIL_URL=server.url, MAIL_FROM="truc@buudien.example")
        yield server


@pytest.fixture
def night(sink: SmtpSink) -> Night:
    return Night()


def log(night: Night) -> Incident:
    incident, _created = services.log(
        title="Mất điện", category="power", severity=2, unit_id=night.ids["BDA"], actor=ADMIN, now=NIGHT
    )
    return incident


def waiting() -> int:
    database.session.rollback()
    return database.session.scalar(select(func.count()).where(Message.state == "pending")) or 0


def next_in(incident: Incident) -> timedelta:
    database.session.rollback()
    at: datetime = database.session.scalars(
        select(Escalation.next_at).where(Escalation.incident_id == incident.id)
    ).one()  # type: ignore[assignment]
    return at - NIGHT


def test_each_call_of_a_backlog_may_leave_as_soon_as_it_is_written(night: Night) -> None:
    for _each in range(3):
        log(night)
    seen: list[int] = []
    assert jobs.escalate_due(NIGHT, called=lambda: seen.append(waiting())) == 3
    assert seen == [1, 2, 3]


def test_senders_are_woken_before_the_pulse_is_over(app: Flask, night: Night, sink: SmtpSink, tmp_path: Path) -> None:
    app.config["DATA_DIR"] = tmp_path
    worker = Worker(app)
    log(night)
    worker.senders.start()
    worker._escalate(NIGHT)  # the first of a pulse's jobs that writes letters; nothing after it runs here
    try:
        sink.wait_for(1)
    finally:
        worker.stop.set()
        worker.senders.join(lambda: 10)
        worker.slot.release()


def test_a_long_backlog_is_fired_in_turns_so_that_the_heartbeat_is_not_late(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LONGEST_TURN", -1.0)
    for _each in range(3):
        log(night)
    assert [jobs.escalate_due(NIGHT) for _turn in range(4)] == [1, 1, 1, 0]


def test_what_is_taken_or_put_off_while_the_worker_looks_is_no_jump_of_the_clock(night: Night) -> None:
    taken, put_off, called_again = log(night), log(night), log(night)
    jobs.escalate_due(NIGHT)
    later = NIGHT + 2 * SEC  # after the worker has read its clock, before it looks at these
    for incident in (taken, put_off):
        services.acknowledge(incident.id, actor=night.actor("BI1"), now=later)
    until = later + policies.snooze_most(database.session.get_one(Incident, put_off.id))
    moving.snooze(put_off.id, until=until, reason="Chờ thợ điện", actor=night.actor("BI1"), now=later)
    services.escalate_now(called_again.id, actor=ADMIN, now=later)
    with clock.travel(later + SEC):
        jobs.escalate_due(later + SEC)
        assert jobs.keep_deadlines_near(NIGHT) == 0
    assert next_in(taken) == 602 * SEC
    assert next_in(put_off) == until - NIGHT
    assert next_in(called_again) == 123 * SEC
