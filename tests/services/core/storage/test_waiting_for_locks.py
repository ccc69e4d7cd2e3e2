"""Somebody holds on PostgreSQL what others want: a request waits for a bounded time, is tried again, and is never lost
without a word."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import psycopg
import pytest
from flask import Flask, current_app, request
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from werkzeug.test import TestResponse

from core import clock, tried_again
from core.db import db as database, transaction
from core.models import Setting, Throttle
from core.security import tokens
from core.storage import faults, postgresql
from desk.audit import locks
from incidents.escalation import engine
from incidents.intake import sources
from incidents.intake.models import IntakeEvent
from incidents.public_reports import codes
from incidents.record.models import Incident, Page, TimelineEntry
from people import queries as people
from people.accounts import keys
from tests.support import counter
from tests.support.beside import Somebody
from tests.support.cast import ADMIN, NIGHT
from tests.support.enterprise import sign_in
from tests.support.failing_database import POSTGRESQL, failing
from tests.support.tet_night import Night
from tests.support.whole_copy import until

BRIEF = {**postgresql.OF_REQUESTS, "lock_timeout": "200ms"}
GIVEN_UP = {"lock time-out": "55P03", "deadlock": "40P01", "two at once": "40001", "paused too long": "25P03"}


pytestmark = pytest.mark.both_dbs("locks, and how long the server bears with whom")


@pytest.fixture(autouse=True)
def _web(app: Flask, dialect: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Connections are those of a web server that has little patience."""
    if dialect == "sqlite":
        pytest.skip("has one writer, and whoever waits for it is told so")
    monkeypatch.setattr(postgresql, "OF_REQUESTS", BRIEF)
    for fault, state in GIVEN_UP.items():
        monkeypatch.setitem(POSTGRESQL, fault, state)
    app.config["PROGRAM"] = "web"
    database.engine.dispose()
    yield
    database.session.remove()
    database.engine.dispose()


def address() -> str:
    return database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def held(statement: str) -> Iterator[psycopg.Connection]:
    """Somebody's transaction that has said this and stays open."""
    database.session.rollback()
    with psycopg.connect(address(), application_name="somebody") as line:
        line.execute(statement)
        yield line
        line.rollback()


@contextmanager
def held_for_a_second(statement: str) -> Iterator[None]:
    """Longer than one try waits, and not as long as all of them together."""
    with held(statement) as line:
        lets_go = threading.Timer(1.0, line.rollback)
        lets_go.start()
        yield
        lets_go.join()


def count(model: Any) -> int:
    database.session.rollback()
    return database.session.scalar(select(func.count()).select_from(model)) or 0


NUMBER = "SELECT * FROM settings WHERE key LIKE 'incident.number.%' FOR UPDATE"
INCIDENTS = "SELECT * FROM incidents FOR UPDATE"
LINK = "mot-cham"


class Doors:
    """By which people and machines write what nobody may lose; each answers what a client was told."""

    def __init__(self, client: FlaskClient, night: Night) -> None:
        self._client, self._sent = client, 0
        self.key = sources.create(sources.NewSource("Giám sát", "generic", night.ids["BDA"]), actor=ADMIN, now=NIGHT)[1]
        _row, secret = keys.create_api_key(keys.NewApiKey("máy", "admin"), now=NIGHT, actor=ADMIN)
        self._bearer = {"Authorization": f"Bearer {secret}"}
        self.sheet = f"/bao/{codes.token_of(people.unit_by_id(night.ids['BDA-1']), 1)}"
        self.code = self.report().json["code"]
        engine.escalate_due(NIGHT)
        with transaction() as session:
            called = session.scalars(select(Page).order_by(Page.id).limit(1)).one()
            called.link_digest = tokens.digest(LINK)
        sign_in(client, "bi1")

    def alarm(self) -> TestResponse:
        self._sent += 1
        machine = current_app.test_client()  # that brings no cookie along
        return machine.post(f"/intake/generic/{self.key}", json={"title": f"Mất điện {self._sent}"})

    def report(self) -> TestResponse:
        said = {"title": "Mất điện trung tâm", "category": "power", "severity": 3, "unit": "BDA"}
        return self._client.post("/api/v1/incidents", json=said, headers=self._bearer)

    def repeatable_report(self) -> TestResponse:
        self._sent += 1
        said = {"title": "Cháy kho", "category": "power", "severity": 3, "unit": "BDA"}
        head = self._bearer | {"Idempotency-Key": f"lần {self._sent}"}
        return self._client.post("/api/v1/incidents", json=said, headers=head)

    def one_tap(self) -> TestResponse:
        return self._client.post(f"/a/{LINK}", data={"do": "take"})

    def note_on_the_page(self) -> TestResponse:
        self._sent += 1
        return self._client.post(f"/incidents/{self.code}/note", data={"note": f"Đã gọi điện lực lần {self._sent}"})

    def by_the_sheet(self) -> TestResponse:
        self._sent += 1
        sent = {"form_key": f"phiếu {self._sent}", "category": "vehicle", "title": "Xe hỏng"}
        photo = (BytesIO(counter.picture()), "xe.jpg")
        return self._client.post(self.sheet, data=sent | {"photos": photo}, content_type="multipart/form-data")


KINDS = {
    "alarm": (NUMBER, 202),
    "report": (NUMBER, 201),
    "repeatable_report": (NUMBER, 201),
    "one_tap": (INCIDENTS, 200),
    "note_on_the_page": (INCIDENTS, 303),
    "by_the_sheet": (NUMBER, 303),
}
"""Door → what somebody else holds that it needs, and what is said when all is well."""


@pytest.fixture
def doors(client: FlaskClient, night: Night) -> Iterator[Doors]:
    with clock.travel(NIGHT):
        yield Doors(client, night)


@pytest.mark.parametrize("kind", KINDS)
def test_what_meets_a_lock_that_lasts_is_done_when_it_ends(doors: Doors, kind: str) -> None:
    statement, well = KINDS[kind]
    with held_for_a_second(statement):
        assert getattr(doors, kind)().status_code == well


def test_a_report_that_is_tried_again_counts_once_against_its_sheet(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held_for_a_second(NUMBER):
        assert doors.by_the_sheet().status_code == 303
    database.session.rollback()
    assert set(database.session.scalars(select(Throttle.attempts).where(Throttle.key.startswith("report")))) == {1}


@pytest.mark.parametrize("kind", KINDS)
def test_what_meets_a_lock_that_does_not_end_is_told_to_come_again_and_was_not_written(
    doors: Doors, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tried_again, "WITHIN", 0.3)
    statement, well = KINDS[kind]
    before = count(Incident), count(TimelineEntry), count(IntakeEvent)
    with held(statement):
        told = getattr(doors, kind)()
        assert (told.status_code, told.headers["Retry-After"].isdigit()) == (503, True)
    assert (count(Incident), count(TimelineEntry), count(IntakeEvent)) == before
    assert getattr(doors, kind)().status_code == well, "and then it can be"


@pytest.mark.parametrize("fault", GIVEN_UP)
def test_wherever_the_database_gives_an_alarm_up_it_is_written_once(doors: Doors, fault: str) -> None:
    doors.alarm()
    before, sent, at = count(Incident), 0, 1
    while True:
        with failing(database.engine, fault, at=at) as struck:
            assert doors.alarm().status_code == 202
        sent += 1
        if not struck.struck:
            break
        at += 1
    assert at > 3, "it was given up in several places"
    assert count(Incident) == before + sent


@pytest.mark.parametrize("fault", GIVEN_UP)
@pytest.mark.parametrize("kind", ["repeatable_report", "note_on_the_page"])
def test_wherever_the_database_gives_up_what_somebody_writes_it_is_written_once(
    doors: Doors, kind: str, fault: str
) -> None:
    before, sent, at, lost = count(TimelineEntry), 0, 1, 0
    while True:
        with failing(database.engine, fault, at=at) as struck:
            told = getattr(doors, kind)().status_code
        assert told in (KINDS[kind][1], 503)
        sent, lost = sent + 1, lost + (told == 503)
        written = count(TimelineEntry) - before
        assert sent - lost <= written <= sent, "what was answered well is there once"
        if not struck.struck:
            break
        at += 3


def test_nothing_is_done_twice_of_what_was_committed_once(app: Flask) -> None:
    calls = list[int]()

    def view() -> None:
        calls.append(1)
        with transaction() as session:
            session.add(Setting(key="một", value=1))
        with transaction() as session:
            session.execute(text("SELECT * FROM settings WHERE key = 'hai' FOR UPDATE"))

    with transaction() as session:
        session.add(Setting(key="hai", value=2))
    somebody = held("SELECT * FROM settings WHERE key = 'hai' FOR UPDATE")
    with somebody, app.test_request_context(), pytest.raises(DBAPIError, match="lock timeout"):
        tried_again.request_whole(view)
    assert calls == [1]


def test_a_file_that_was_sent_is_read_again_from_its_beginning(app: Flask) -> None:
    read = list[bytes]()

    def view() -> None:
        read.append(request.files["photo"].read())
        with transaction() as session:
            session.execute(text("SELECT * FROM settings WHERE key = 'hai' FOR UPDATE"))

    with transaction() as session:
        session.add(Setting(key="hai", value=2))
    sent = {"photo": (BytesIO(b"image"), "photo.jpg")}
    somebody = held_for_a_second("SELECT * FROM settings WHERE key = 'hai' FOR UPDATE")
    with somebody, app.test_request_context(method="POST", data=sent):
        tried_again.request_whole(view)
    assert len(read) > 1
    assert set(read) == {b"image"}


def test_who_has_only_read_hears_nothing_of_a_line_that_the_server_ended_meanwhile(app: Flask) -> None:
    pid = database.session.scalar(text("SELECT pg_backend_pid()"))
    with psycopg.connect(address(), autocommit=True) as line:
        line.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
    database.session.remove()
    assert database.session.scalar(text("SELECT pg_backend_pid()")) != pid


def test_a_pause_of_a_writer_is_ended_by_the_server_and_one_of_a_reader_is_not(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(postgresql.WRITERS_PAUSE, "web", 1)
    with pytest.raises(DBAPIError) as given_up, transaction() as session:
        session.execute(text("SELECT 1"))
        with psycopg.connect(address(), autocommit=True) as line:
            ours = "application_name LIKE 'truc-tet web%' AND state LIKE 'idle in%'"
            gone = f"SELECT count(*) = 0 FROM pg_stat_activity WHERE {ours}"
            until(lambda: line.execute(gone).fetchone() == (True,), "the server has ended the writer's line")
        session.execute(text("SELECT 1"))
    assert faults.passes(given_up.value)
    shown = database.session.scalar(text("SHOW idle_in_transaction_session_timeout"))
    assert shown == postgresql.OF_REQUESTS["idle_in_transaction_session_timeout"].replace("60s", "1min")


@pytest.mark.parametrize(
    ("program", "lock", "statement"), [("web", "200ms", "1min"), ("worker", "0", "0"), ("backup", "0", "0")]
)
def test_only_requests_wait_for_a_bounded_time_and_each_program_says_its_name(
    app: Flask, program: str, lock: str, statement: str
) -> None:
    database.session.remove()
    database.engine.dispose()
    app.config["PROGRAM"] = program
    settings = ("lock_timeout", "statement_timeout", "application_name")
    asked = ", ".join(f"current_setting('{each}')" for each in settings)
    found = database.session.execute(text(f"SELECT {asked}")).one()
    assert tuple(found[:2]) == (lock, statement)
    assert found[2].startswith(f"truc-tet {program} {os.getpid()}@")


def test_what_the_address_of_the_database_says_holds(app: Flask) -> None:
    given = {"application_name": "sở", "connect_timeout": "9", "options": "-c lock_timeout=1s"}
    said = postgresql.arguments("web", given)
    assert "application_name" not in said and "connect_timeout" not in said
    assert said["options"].endswith("-c lock_timeout=1s"), "of two the last one holds"


def test_readyz_says_who_holds_what_others_wait_for(
    app: Flask, client: FlaskClient, doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BRIEF, "lock_timeout", "60s")  # so that it is seen whenever one looks
    database.session.remove()
    database.engine.dispose()
    with held(NUMBER) as line:
        other = Somebody(app, lambda: app.test_client().post(f"/intake/generic/{doors.key}", json={"title": "Cháy"}))
        other.begin()
        with clock.travel(datetime.now(UTC) + 2 * locks.LONG):
            told = client.get("/readyz")
        pid = line.info.backend_pid
        line.rollback()
        [kept] = other.end()
    assert (told.status_code, "database_locked" in told.json["reasons"]) == (503, True)
    assert told.json["database"] == "PostgreSQL"
    [lock] = told.json["locks"]
    assert (lock["pid"], lock["application"], lock["table"], lock["waiting"]) == (pid, "somebody", "settings", 1)
    assert kept.status_code == 202
    assert "locks" not in client.get("/readyz").json


@pytest.mark.parametrize("kind", ["alarm", "note_on_the_page"])
def test_a_line_that_is_lost_before_the_commit_is_another_try_and_one_lost_with_it_is_told(
    doors: Doors, kind: str
) -> None:
    doors.alarm()
    before, at, lost, sent = count(TimelineEntry), 1, 0, 0
    while True:
        with failing(database.engine, "line lost", at=at) as struck:
            told = getattr(doors, kind)().status_code
        assert told in (KINDS[kind][1], 503)
        sent, lost, at = sent + 1, lost + (told == 503), at + 1
        written = count(TimelineEntry) - before
        assert sent - lost <= written <= sent, "what was answered well is there once"
        if not struck.struck:
            break
    assert lost < sent / 2, "most places are before the commit"
