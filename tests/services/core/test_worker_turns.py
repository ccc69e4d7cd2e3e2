"""A backlog after downtime: letters leave while the rest is still worked out, and nothing else waits for its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.db import db as database
from core.observability import heartbeat
from incidents.escalation import engine
from incidents.record.models import Incident
from notify.models import Message
from tests.support.smtp_sink import SmtpSink, smtp_sink
from tests.support.tet_night import NIGHT, Night
from worker import Worker


@pytest.fixture
def sink(app: Flask) -> Iterator[SmtpSink]:
    with smtp_sink() as server:
        app.config.update(MAIL_URL=server.url, MAIL_FROM="truc@buudien.example")
        yield server


@pytest.fixture
def night(sink: SmtpSink, night: Night) -> Night:
    """Whoever is called is written to."""
    return night


def log(night: Night) -> Incident:
    return night.log(severity=2)


def waiting() -> int:
    database.session.rollback()
    return database.session.scalar(select(func.count()).where(Message.state == "pending")) or 0


def end(worker: Worker) -> None:
    worker.stop.set()
    worker.senders.join(lambda: 10)
    worker.slot.release()


def test_each_call_of_a_backlog_may_leave_as_soon_as_it_is_written(night: Night) -> None:
    for _each in range(3):
        log(night)
    seen: list[int] = []
    assert engine.escalate_due(NIGHT, called=lambda: seen.append(waiting())) == 3
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
        end(worker)


def test_a_long_backlog_is_fired_in_turns_so_that_the_heartbeat_is_not_late(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LONGEST_TURN", -1.0)
    for _each in range(3):
        log(night)
    assert [engine.escalate_due(NIGHT) for _turn in range(4)] == [1, 1, 1, 0]


def test_turn_follows_turn_until_nothing_is_due(
    app: Flask, night: Night, sink: SmtpSink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LONGEST_TURN", -1.0)
    app.config["DATA_DIR"] = tmp_path
    worker = Worker(app)
    for _each in range(3):
        log(night)
    with clock.travel(NIGHT):
        worker.pulse()
        assert engine.due(NIGHT) == []
        assert heartbeat.last_beat() == NIGHT
        sink.wait_for(3)
        end(worker)


def test_a_woken_pulse_that_goes_from_turn_to_turn_is_no_silence(
    app: Flask, night: Night, sink: SmtpSink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LONGEST_TURN", -1.0)
    app.config["DATA_DIR"] = tmp_path
    worker = Worker(app)
    with clock.travel(NIGHT):
        log(night)
        worker.pulse(beat=False)
        assert heartbeat.last_beat() is None, "one that is over at once leaves the beat to the tick"
        for _each in range(2):
            log(night)
        worker.pulse(beat=False)
        assert heartbeat.last_beat() == NIGHT
        end(worker)
