"""From the outbox to the mailbox: real worker processes, a real mail server, and power cuts in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from core import clock
from core.db import db, transaction
from core.observability import heartbeat
from notify import outbox
from notify.models import Message
from tests.support.live import free_port
from tests.support.smtp_sink import SmtpSink, smtp_sink, wait_until
from tests.support.worker import running_worker

pytestmark = pytest.mark.both_dbs("workers share the outbox by locks, and die holding them")


@pytest.fixture
def sink(app: Flask) -> Iterator[SmtpSink]:
    with smtp_sink() as server:
        app.config.update(MAIL_URL=server.url, MAIL_FROM="truc@vidu.vn")
        yield server


def put(key: str = "a", **changes: Any) -> Message:
    facts = {
        "topic": f"incident/{key}",
        "channel": "email",
        "address": f"{key}@vidu.vn",
        "recipient": "Nguyễn Thị An",
        "subject": f"Sự cố {key}",
        "body": "Đề nghị tiếp nhận.",
        "urgent": True,
    }
    return outbox.enqueue(key=key, now=clock.now(), **{**facts, **changes})


def states() -> Counter[str]:
    db.session.rollback()
    rows = db.session.execute(select(Message.state, func.count()).group_by(Message.state)).all()
    return Counter({row[0]: row[1] for row in rows})


def row(message: Message) -> Message:
    db.session.rollback()
    query = select(Message).where(Message.id == message.id).execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def beats() -> bool:
    db.session.rollback()
    return heartbeat.last_beat() is not None


def all_sent(count: int) -> None:
    wait_until(lambda: states() == {"sent": count}, seconds=120, what=f"the note that {count} messages were sent")


def test_a_commit_wakes_the_worker_long_before_its_next_tick(app: Flask, sink: SmtpSink, tmp_path: Path) -> None:
    with running_worker(app, tmp_path, TICK_SECONDS=3600) as worker:
        wait_until(beats, seconds=120, what="the first heartbeat")
        message = put()
        arrival = sink.wait_for(1)[0]
        all_sent(1)
        assert (arrival.recipient, arrival.message_id) == ("a@vidu.vn", message.message_id)
        assert worker.terminate() == 0


@pytest.mark.parametrize(
    ("failpoint", "arrivals", "attempts"),
    [("outbox.claimed", 1, 2), ("outbox.opened", 1, 2), ("outbox.accepted", 2, 2), ("outbox.marked", 1, 1)],
)
def test_a_power_cut_anywhere_loses_nothing(
    app: Flask, sink: SmtpSink, tmp_path: Path, failpoint: str, arrivals: int, attempts: int
) -> None:
    """Only a cut between acceptance and our note of it sends again, with the same Message-ID."""
    message = put()
    with running_worker(app, tmp_path, FAILPOINT=failpoint) as worker:
        assert worker.wait() == 137
    assert states() == {"leased" if attempts == 2 else "sent": 1}
    with running_worker(app, tmp_path):
        all_sent(1)
    assert [arrival.message_id for arrival in sink.arrivals] == [message.message_id] * arrivals
    assert row(message).attempts == attempts


def test_kills_at_any_moment_lose_nothing(app: Flask, sink: SmtpSink, tmp_path: Path) -> None:
    count = 30
    expected = {put(f"p{number}").message_id for number in range(count)}
    for enough in (3, 10, 20):
        with running_worker(app, tmp_path) as worker:
            sink.wait_for(enough, seconds=120)
            worker.kill()
    with running_worker(app, tmp_path):
        all_sent(count)
    arrived = Counter(arrival.message_id for arrival in sink.arrivals)
    assert set(arrived) == expected
    # At most one per sender thread (4) and kill (3).
    assert sum(arrived.values()) - count <= 12


def test_a_kill_while_the_gateway_hangs_loses_nothing(app: Flask, sink: SmtpSink, tmp_path: Path) -> None:
    sink.script[:] = ["hang"]
    message = put()
    with running_worker(app, tmp_path) as worker:
        wait_until(lambda: not sink.script, seconds=120, what="the letter")
        worker.kill()
    with running_worker(app, tmp_path):
        all_sent(1)
    assert [arrival.message_id for arrival in sink.arrivals] == [message.message_id]


@pytest.mark.both_dbs
def test_told_to_stop_it_finishes_the_letter_on_its_way_and_begins_no_other(
    app: Flask, sink: SmtpSink, tmp_path: Path
) -> None:
    sink.script[:] = ["slow"] * 4
    for number in range(8):
        put(f"p{number}")
    with running_worker(app, tmp_path) as worker:
        wait_until(lambda: not sink.script, seconds=120, what="four letters")
        assert worker.terminate() == 0
    assert states() == {"sent": 4, "pending": 4}
    assert len(sink.arrivals) == 4


def test_two_workers_share_the_work_and_send_nothing_twice(app: Flask, sink: SmtpSink, tmp_path: Path) -> None:
    with running_worker(app, tmp_path) as worker, running_worker(app, tmp_path):
        # One alone would have sent all before the other has started.
        wait_until(lambda: worker.log.read_text().count(" runs\n") == 2, seconds=120, what="two workers at work")
        expected = sorted(put(f"p{number}").message_id for number in range(40))
        all_sent(40)
    assert sorted(arrival.message_id for arrival in sink.arrivals) == expected
    assert sorted(path.name for path in tmp_path.glob("worker-*.lock")) == ["worker-0.lock", "worker-1.lock"]


@pytest.mark.both_dbs
def test_a_gateway_that_comes_back_gets_what_waited(app: Flask, tmp_path: Path) -> None:
    port = free_port()
    app.config.update(MAIL_URL=f"smtp://127.0.0.1:{port}", MAIL_FROM="truc@vidu.vn")
    message = put()
    with running_worker(app, tmp_path):
        wait_until(
            lambda: row(message).attempts == 1 and row(message).state == "pending", seconds=120, what="a refusal"
        )
        with smtp_sink(port) as sink:
            sink.wait_for(1, seconds=120)
            all_sent(1)


def test_a_worker_of_another_schema_version_stops_and_says_why(app: Flask, sink: SmtpSink, tmp_path: Path) -> None:
    with running_worker(app, tmp_path) as worker:
        wait_until(beats, seconds=120, what="the first heartbeat")
        with transaction() as session:
            session.execute(text("UPDATE alembic_version SET version_num = '20991231_future'"))
        assert worker.wait() == 1
    message = put()
    with running_worker(app, tmp_path) as worker:
        assert worker.wait() == 1
    assert "20991231_future" in worker.log.read_text()
    assert "db upgrade" in worker.log.read_text()
    assert row(message).state == "pending"
