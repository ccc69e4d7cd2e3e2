"""Who is on duty costs the same after a month and after years: what the database reads is counted, not seconds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from core.db import db as database, is_sqlite, transaction
from roster.models import Duty, Seat, Shift
from roster.resolver import published_duties
from tests.support.tet_night import NIGHT, Night

pytestmark = pytest.mark.both_dbs
KINDS = ("leadership", "operations", "emergency", "support")
HOURS = timedelta(hours=12)


def publish(night: Night, first: datetime, how_many: int) -> None:
    """Shifts of half a day for every kind, one after the other from ``first``."""
    starts = [(KINDS[number % len(KINDS)], first + HOURS * (number // len(KINDS))) for number in range(how_many)]
    shared = {"campaign_id": night.campaign, "unit_id": night.ids["BDA"], "form": "onsite"}
    with transaction() as session:
        shifts = [
            {
                **shared,
                "duty": kind,
                "template": f"ca {at}",
                "starts_at": at,
                "ends_at": at + HOURS,
                "local_on": date(2020, 1, 24),
                "phase": "during",
                "headcount": 1,
                "published_for": 1,
            }
            for kind, at in starts
        ]
        shift_ids = session.scalars(insert(Shift).returning(Shift.id, sort_by_parameter_order=True), shifts).all()
        seats = [{"shift_id": shift, "position": 1} for shift in shift_ids]
        seat_ids = session.scalars(insert(Seat).returning(Seat.id, sort_by_parameter_order=True), seats).all()
        people = [night.ids[code] for code in ("BI1", "EM1", "AN1", "PH1")]
        session.execute(
            insert(Duty),
            [
                {
                    **shared,
                    "seat_id": seat,
                    "shift_id": shift,
                    "person_id": people[number % 4],
                    "duty": kind,
                    "template": f"ca {at}",
                    "starts_at": at,
                    "ends_at": at + HOURS,
                    "sequence": 1,
                    "changed_at": NIGHT,
                }
                for number, (shift, seat, (kind, at)) in enumerate(zip(shift_ids, seat_ids, starts, strict=True))
            ],
        )
    if not is_sqlite():  # which keeps no statistics by itself, and must do without
        with database.engine.connect() as connection:
            connection.execute(text("ANALYZE"))
            connection.commit()


def work(night: Night) -> int:
    """What the database does to answer: steps of SQLite's machine, or rows that PostgreSQL reads."""
    units, asked = [night.ids["BDA"], night.ids["BDT"]], list(KINDS)
    database.session.rollback()
    if is_sqlite():
        connection = database.session.connection().connection.driver_connection
        assert connection is not None
        steps: list[int] = []
        connection.set_progress_handler(lambda: steps.append(1), 10)
        try:
            published_duties.around(units, asked, NIGHT)
        finally:
            connection.set_progress_handler(None, 0)
        return len(steps)
    asked_for: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        asked_for.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", hear)
    try:
        published_duties.around(units, asked, NIGHT)
    finally:
        event.remove(database.engine, "before_cursor_execute", hear)
    return sum(_rows(statement, parameters) for statement, parameters in asked_for)


def _rows(statement: str, parameters: Any) -> int:
    explain = database.session.connection().exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
    return sum(_buffers_read(node) for node in _nodes(explain.scalar_one()[0]["Plan"]))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", []):
        yield from _nodes(below)


def _buffers_read(node: dict[str, Any]) -> int:
    if node.get("Relation Name") != "duties":
        return 0
    return round((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])


def test_the_look_up_reads_no_more_when_there_is_a_hundred_times_as_much(night: Night) -> None:
    publish(night, NIGHT - 10 * HOURS, 80)
    before = work(night)
    answered = published_duties.around([night.ids["BDA"]], KINDS, NIGHT)
    publish(night, NIGHT - 1200 * HOURS, 4_640)
    publish(night, NIGHT + 100 * HOURS, 3_280)
    assert work(night) <= before * 1.2
    assert published_duties.around([night.ids["BDA"]], KINDS, NIGHT).keys() == answered.keys()
