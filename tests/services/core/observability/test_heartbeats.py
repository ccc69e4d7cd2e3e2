"""Several workers, each with a heartbeat of its own: a hung one is named, one that stopped is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db as database
from core.observability import heartbeat
from core.server import worker_slot
from desk.audit.findings import findings
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.record.models import Page
from tests.support.enterprise import sign_in
from tests.support.statements import statements
from tests.support.tet_night import ADMIN, NIGHT, Night
from worker import Worker, jobs

SECOND = timedelta(seconds=1)


@pytest.fixture
def worker(app: Flask, tmp_path: Path) -> Iterator[Worker]:
    app.config["DATA_DIR"] = tmp_path
    made = Worker(app)
    yield made
    made.stop.set()
    made.senders.join(lambda: 10)
    made._idle.deafen()
    made._solves.deafen()
    made.slot.release()


def housekeeping(now: datetime) -> None:
    for job in jobs("housekeeping"):
        job.run(now)


@pytest.mark.both_dbs
def test_one_of_two_workers_hangs_and_is_named(app: Flask) -> None:
    heartbeat.beat(heartbeat.worker("aa11/0/"), now=NIGHT, host="may-chu-1")
    heartbeat.beat(heartbeat.worker("bb22/0/"), now=NIGHT, host="may-chu-2")
    later = NIGHT + 61 * SECOND
    assert [each.kind for each in findings(now=later)] == ["worker_late"], "none beats: that is what matters"
    heartbeat.beat(heartbeat.worker("aa11/0/"), now=later, host="may-chu-1")
    [found] = findings(now=later)
    assert (found.kind, found.count, found.example) == ("worker_hung", 1, "may-chu-2 (bb22/0)")
    heartbeat.beat(heartbeat.worker("bb22/0/"), now=later, host="may-chu-2")
    assert findings(now=later) == []


def test_people_and_prometheus_see_each_worker(client: FlaskClient, app: Flask) -> None:
    night = Night()
    del night
    for name, at in (("aa11/0", NIGHT), ("bb22/0", NIGHT - 90 * SECOND)):
        heartbeat.beat(heartbeat.worker(name), now=at, host="may-chu")
    with clock.travel(NIGHT):
        sign_in(client, "an1")
        page = client.get("/system/").get_data(as_text=True)
    assert "may-chu (aa11/0)" in page
    assert "may-chu (bb22/0)" in page
    assert "không còn dấu hiệu hoạt động (may-chu (bb22/0))" in page


def test_a_machine_that_was_taken_away_is_forgotten_after_a_day(app: Flask) -> None:
    heartbeat.beat(heartbeat.worker("aa11/0"), now=NIGHT)
    heartbeat.beat("auditor", now=NIGHT)
    housekeeping(NIGHT + heartbeat.KEPT)
    assert len(heartbeat.workers()) == 1
    housekeeping(NIGHT + heartbeat.KEPT + SECOND)
    assert heartbeat.workers() == []
    assert heartbeat.last_beat("auditor") == NIGHT


def test_a_killed_worker_of_this_machine_is_forgotten_once_its_slot_is_seen_free(worker: Worker, app: Flask) -> None:
    killed = worker_slot.take_slot(app.config["DATA_DIR"])
    heartbeat.beat(heartbeat.worker(killed.prefix), now=NIGHT)
    heartbeat.beat(heartbeat.worker(worker.slot.prefix), now=NIGHT)
    worker_slot.forget_idle(app.config["DATA_DIR"])
    assert len(heartbeat.workers()) == 2, "both hold their slots"
    killed.release()
    worker_slot.forget_idle(app.config["DATA_DIR"])
    assert [each.name for each in heartbeat.workers()] == [heartbeat.worker(worker.slot.prefix)]


def test_a_worker_at_rest_asks_nothing_until_something_is_written(worker: Worker, app: Flask) -> None:
    night = Night()
    worker._idle.listen()
    worker.tick()
    worker.tick()  # what the first one wrote itself may be looked at once more
    with statements() as asked:
        worker.tick()
        assert asked == [], "nothing was written and nothing is due"
        incident, _created = creation.log(
            IncidentReport(title="Mất điện", category="power", severity=2, unit_id=night.ids["BDA"], actor=ADMIN),
            now=clock.now(),
        )
        worker.tick()
    assert database.session.scalars(select(Page.incident_id)).first() == incident.id


def test_a_worker_at_rest_looks_when_a_step_comes_due(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    worker.tick()
    worker._idle.begin()
    steady = clock.monotonic()
    worker._idle.rest(3.0)
    assert not worker._idle.is_over()
    monkeypatch.setattr(clock, "monotonic", lambda: steady + 3.1)
    assert worker._idle.is_over()


def test_one_that_stops_in_order_takes_its_heartbeat_along(worker: Worker) -> None:
    worker.tick()
    assert len(heartbeat.workers()) == 1
    worker.stop.set()
    database.session.rollback()
    scheduler = worker._scheduler()
    scheduler.start(paused=True)
    worker._finish(scheduler)
    assert heartbeat.workers() == []
