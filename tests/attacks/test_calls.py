"""Calls, attacked: one test for each line of what was found (C1 to C5; C4 in tests/journeys/test_serve.py)."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.engine import URL, make_url

from core import clock
from core.db import transaction
from core.observability import heartbeat
from incidents.escalation import engine
from incidents.record.models import Page
from notify import delivery
from notify.models import Message
from tests.support.reach_story import ReachStory
from tests.support.smtp_sink import smtp_sink, wait_until
from tests.support.tet_night import NIGHT, Night
from tests.support.worker import running_worker

ONLY_POSTGRESQL = pytest.mark.parametrize(
    "dialect", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
PATIENCE = 60  # seconds after which it hangs; nothing is measured

DISK_FULL = """
    CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
    END $$;
    CREATE TRIGGER disk_full BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION disk_full();
"""


@ONLY_POSTGRESQL
def test_c1_full_disk_loses_no_call(app: Flask, db: Any, night: Night, api: Any) -> None:
    """PostgreSQL has no room for one message of a step that is due. The call became a page "by hand" that nobody saw,
    and the step counted as fired; with room again, nobody was ever called."""
    app.config.update(MAIL_URL="smtp://127.0.0.1:9", MAIL_FROM="truc@buudien.example")
    body = {"title": "Mất điện", "category": "power", "severity": 2, "unit": "BDA"}
    assert api("admin")("POST", "/incidents", body).status_code == 201
    with transaction() as session:
        session.execute(text(DISK_FULL))
    engine.escalate_due(NIGHT)
    db.session.rollback()
    assert db.session.scalars(select(Page.channel)).all() == [], "a call that was not made is noted as one"
    with transaction() as session:
        session.execute(text("DROP FUNCTION disk_full CASCADE"))
    with clock.travel(NIGHT + timedelta(seconds=30)):
        engine.escalate_due(clock.now())
    db.session.rollback()
    called = db.session.execute(select(Page.step, Page.cycle, Page.channel, Message.address).join(Page.message)).all()
    assert (0, 1, "email", "bi1@buudien.example") in [tuple(row) for row in called], called


def test_c2_a_dead_gateway_is_said_while_somebody_waits(app: Flask, client: FlaskClient) -> None:
    """The only gateway is dead for 100 seconds and an open incident has reached nobody. The watchman's page said 200,
    all is well."""
    with ExitStack() as stack:
        story = ReachStory(app, stack)
        stack.callback(story.close)
        heartbeat.beat("worker", now=story.now)
        assert client.get("/readyz").status_code == 200, "the control: all is well before"
        story.mail.close()
        stack.callback(story.mail.open)
        story.log()
        for second in range(0, 101, 5):
            story.at(second)
            story.pulse()
            heartbeat.beat("worker", now=story.now)
        answer = client.get("/readyz")
        assert story.mail.arrivals == []
        assert answer.status_code == 503 and answer.json["reasons"], answer.json


def test_c3_first_calls_leave_before_repeats_and_the_oldest_first(app: Flask, db: Any) -> None:
    """The mail server was away. When it is back, incidents of which nobody has heard yet wait behind the repeats of
    others and behind everything that was logged later."""
    with ExitStack() as stack:
        story = ReachStory(app, stack)
        stack.callback(story.close)
        night = story.night
        heard = story.log("Đã gọi rồi", unit_id=night.ids["BDC"])
        story.pulse()
        assert [each for each in story.mail.subjects if "Đã gọi rồi" in each], "the control: it was heard of"
        story.mail.close()
        waiting = [("Chưa ai biết một", "BDA"), ("Chưa ai biết hai", "BDT")]
        for second, (title, unit) in enumerate(waiting, start=290):
            story.at(second)
            story.log(title, unit_id=night.ids[unit])
            engine.escalate_due(story.now)
        story.at(310)
        for _again in range(3):
            engine.escalate_due(story.now)  # the repeat of what was heard of is made now
        assert _pending(db, heard.id), "the control: a repeat waits, younger than the first calls"
        del story.mail.arrivals[:]
        story.mail.open()
        story.at(320)
        for _again in range(4):
            delivery.deliver_due(owner="story")
        order = [
            next(title for title in ("một", "hai", "Đã gọi") if title in each)
            for each in story.mail.subjects
            if any(title in each for title in ("Chưa ai biết", "Đã gọi"))
        ]
        firsts = [order.index(each) for each in ("một", "hai")]
        assert firsts == sorted(firsts), order
        assert "Đã gọi" not in order or order.index("Đã gọi") > max(firsts), order


def _pending(db: Any, incident_id: int) -> list[int]:
    db.session.rollback()
    wanted = select(Message.id).where(Message.topic == f"incident/{incident_id}", Message.state == "pending")
    return list(db.session.scalars(wanted))


class Relay:
    """A line to the database that can be cut, and counts who asks for it meanwhile."""

    def __init__(self, target: URL) -> None:
        folder, port = str(target.query["host"]), target.port or 5432
        self._where, self.cut, self.turned_away = f"{folder}/.s.PGSQL.{port}", False, 0
        self._lines: list[socket.socket] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = target.set(host="127.0.0.1", port=self._server.getsockname()[1], query={})
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                here, _address = self._server.accept()
            except OSError:
                return
            if self.cut:
                self.turned_away += 1
                here.close()
                continue
            there = socket.socket(socket.AF_UNIX)
            there.connect(self._where)
            self._lines += [here, there]
            for pair in ((here, there), (there, here)):
                threading.Thread(target=self._carry, args=pair, daemon=True).start()

    @staticmethod
    def _carry(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            end.close()

    def away(self) -> None:
        self.cut = True
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.away()
        self._server.close()


@contextmanager
def relay(target: URL) -> Iterator[Relay]:
    made = Relay(target)
    try:
        yield made
    finally:
        made.close()


@ONLY_POSTGRESQL
def test_c5_an_outage_of_the_database_is_a_line_a_minute(
    app: Flask, db: Any, night: Night, api: Any, tmp_path: Path
) -> None:
    """PostgreSQL is away for two minutes, and the worker writes a traceback at each of its ticks: nineteen megabytes
    in which nobody finds anything. When it is back, somebody is called about what was reported meanwhile."""
    there = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if "host" not in there.query:
        pytest.skip("a PostgreSQL of one's own, behind a socket in a folder, is needed")

    def beats() -> Any:
        db.session.rollback()
        return heartbeat.last_beat()

    def called() -> Any:
        db.session.rollback()
        return db.session.scalars(select(Page.id)).all()

    with relay(there) as line, smtp_sink() as sink:
        app.config.update(MAIL_URL=sink.url, MAIL_FROM="truc@buudien.example")
        address = line.url.render_as_string(hide_password=False)
        with running_worker(app, tmp_path, DATABASE_URL=address, TICK_SECONDS="0.1") as worker:
            wait_until(beats, seconds=PATIENCE, what="a first beat")
            before = len(worker.log.read_text())
            line.away()
            wait_until(lambda: line.turned_away >= 6, seconds=2 * PATIENCE, what="a worker that asks for its database")
            said = worker.log.read_text()[before:]
            body = {"title": "Mất điện", "category": "power", "severity": 2, "unit": "BDA"}
            assert api("admin")("POST", "/incidents", body).status_code == 201
            assert not called()
            line.cut = False
            wait_until(called, seconds=PATIENCE, what="a call about what was reported meanwhile")
    assert len(re.findall(r"^Traceback", said, re.MULTILINE)) <= 2, said[:3000]
    assert len(said.splitlines()) <= 12, said[:3000]
