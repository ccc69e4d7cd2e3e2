"""What second rings cost while nobody is called, and that none waits for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import event, insert, select, text

from core.db import db, transaction
from notify import outbox, routes
from notify.models import Message
from notify.redial import services as redial

NOW = datetime(2020, 1, 24, 10, tzinfo=UTC)


WORDS = {"topic": "t", "channel": "sms", "address": "0900000102", "recipient": "B", "subject": "s", "body": "Thử"}


def test_a_storm_of_messages_is_not_read_for_second_rings_in_every_pulse(app: Flask, dialect: str) -> None:
    with transaction() as session:
        row = outbox.composed(outbox.Carriers(), key="", now=NOW, **WORDS) | {"state": "pending"}
        session.execute(insert(Message), [row | {"idempotency_key": f"{number}"} for number in range(3000)])
        if dialect == "postgresql":
            session.execute(text("ANALYZE messages"))
    asked: list[tuple[str, Any]] = []

    def listen(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        assert redial.drop_late(now=NOW + timedelta(minutes=1)) == 0
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    [(statement, parameters)] = asked
    explain = "EXPLAIN QUERY PLAN " if dialect == "sqlite" else "EXPLAIN "
    with transaction() as session:
        plan = "\n".join(str(row) for row in session.connection().exec_driver_sql(explain + statement, parameters))
    assert "ix_messages_good_until" in plan or "ix_messages_again" in plan
    assert "ix_messages_due" not in plan and "ix_messages_topic" not in plan


def test_after_a_long_outage_no_second_ring_seems_due_for_ever(app: Flask) -> None:
    long_ago = NOW - timedelta(days=8)
    with transaction() as session:
        row = outbox.composed(outbox.Carriers(), key="k", now=long_ago, **WORDS)
        session.execute(insert(Message), row | {"state": "pending", "again_of": 1, "good_until": long_ago})
    assert redial.drop_late(now=NOW) == 0
    housekeeping = [job for job in routes.JOBS if job.when == "housekeeping"]
    for job in housekeeping:
        job.run(NOW)
    db.session.rollback()
    assert db.session.scalars(select(Message.state)).one() == "cancelled"
