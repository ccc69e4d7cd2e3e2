"""Whether the engine is well, for watchdogs, Prometheus and people; and forms that the database could not take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update

from core import clock
from core.db import db as database, transaction
from core.observability import heartbeat
from core.storage import sqlite, writing
from desk.audit import auditor
from desk.backups import schedule
from incidents.record.models import Escalation, Incident
from incidents.response import lifecycle
from notify import outbox
from people.accounts import keys
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN, NIGHT, Night

MINUTE = timedelta(minutes=1)


@pytest.fixture
def key(night: Night) -> dict[str, str]:
    """What Prometheus shows: the key of the least of roles will do."""
    secret = keys.create_api_key(keys.NewApiKey("Prometheus", "viewer"), now=NIGHT, actor=ADMIN)[1]
    return {"Authorization": f"Bearer {secret}"}


def numbers(client: FlaskClient, key: dict[str, str]) -> dict[str, float]:
    page = client.get("/metrics", headers=key)
    assert page.status_code == 200 and page.content_type.startswith("text/plain; version=0.0.4")
    lines = [line for line in page.get_data(as_text=True).splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _space, value in (line.rpartition(" ") for line in lines)}


def log(night: Night) -> int:
    return night.log(severity=2).id


def reasons(client: FlaskClient) -> list[str]:
    answer = client.get("/readyz")
    found: list[str] = answer.get_json()["reasons"]
    assert answer.status_code == (503 if found else 200)
    return found


@pytest.mark.both_dbs
def test_prometheus_reads_numbers_with_a_key_and_nobody_without(
    client: FlaskClient, night: Night, key: dict[str, str]
) -> None:
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer nobody"}).status_code == 401
    incident_id = log(night)
    heartbeat.beat(heartbeat.WORKER, now=NIGHT)
    with clock.travel(NIGHT + 2 * MINUTE):
        seen = numbers(client, key)
    assert seen['tructet_incidents_open{severity="2",status="open"}'] == 1
    assert seen['tructet_due_lag_seconds{what="escalation"}'] == 120
    assert seen['tructet_audit_findings{kind="incidents_overdue"}'] == 1
    assert seen['tructet_heartbeat_age_seconds{name="worker"}'] == 120
    lifecycle.acknowledge(incident_id, person_id=night.ids["BI1"], actor=ADMIN, now=NIGHT)
    seen = numbers(client, key)
    assert seen['tructet_incidents_open{severity="2",status="open"}'] == 0
    assert seen['tructet_incidents_open{severity="2",status="acknowledged"}'] == 1
    assert seen['tructet_due_lag_seconds{what="escalation"}'] == 0


@pytest.mark.both_dbs
def test_a_watchdog_outside_is_told_why_we_are_not_ready(client: FlaskClient, night: Night) -> None:
    assert reasons(client) == ["worker_late"]
    heartbeat.beat(heartbeat.WORKER, now=NIGHT)
    assert reasons(client) == []
    incident_id = log(night)
    with clock.travel(NIGHT + MINUTE + timedelta(seconds=1)):
        heartbeat.beat(heartbeat.WORKER, now=clock.now())
        assert reasons(client) == ["incidents_overdue"]
    with transaction() as session:
        session.execute(update(Escalation).where(Escalation.incident_id == incident_id).values(next_at=None))
    heartbeat.beat(heartbeat.WORKER, now=NIGHT)
    assert reasons(client) == ["incidents_unscheduled"]


def test_every_page_says_in_red_that_the_worker_is_silent(client: FlaskClient, night: Night) -> None:
    sign_in(client, "bi1")
    heartbeat.beat(heartbeat.WORKER, now=NIGHT - timedelta(seconds=30))
    alarm = "Máy báo động không chạy."
    assert alarm not in client.get("/incidents/").get_data(as_text=True)
    heartbeat.beat(heartbeat.WORKER, now=NIGHT - timedelta(seconds=31))
    for path in ("/", "/incidents/", "/me/", "/roster/"):
        assert alarm in client.get(path).get_data(as_text=True), path


def all_was_looked_at(app: Flask) -> None:
    """The auditor ran, a copy was taken, mail is connected and has carried something."""
    heartbeat.beat(auditor.BEAT, now=NIGHT)
    heartbeat.beat(schedule.GOOD, now=NIGHT)
    app.config.update(MAIL_URL="smtp://127.0.0.1:9")
    letter = {"subject": "Thử", "body": "Thử", "recipient": "An", "address": "an1@buudien.example"}
    with transaction():
        outbox.enqueue(topic="trial", key="trial", channel="email", now=NIGHT, **letter).state = "sent"


def test_an_administrator_reads_what_was_wrong_and_since_when(client: FlaskClient, night: Night) -> None:
    sign_in(client, "an1")
    heartbeat.beat(heartbeat.WORKER, now=NIGHT)
    page = client.get("/system/").get_data(as_text=True)
    assert "Không thấy lỗi nào." not in page, "nothing was looked at yet"
    for unseen in ("tự kiểm tra chưa chạy lần nào", "Chưa có bản sao dữ liệu nào", "Chưa nối cổng gửi nào"):
        assert unseen in page
    all_was_looked_at(client.application)
    assert "Không thấy lỗi nào." in client.get("/system/").get_data(as_text=True)
    log(night)
    later = NIGHT + 2 * MINUTE
    with clock.travel(later):
        heartbeat.beat(heartbeat.WORKER, now=later)
        auditor.inspect(later)
        page = client.get("/system/").get_data(as_text=True)
    assert "1 sự cố đã quá giờ gọi người trực hơn một phút (ví dụ SC-2020-0001)." in page
    assert "chưa hết" in page


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writers wait no longer than a moment."""
    monkeypatch.setattr(writing, "WAIT_FOR_LOCK", 0.05)


@contextmanager
def locked(app: Flask) -> Iterator[None]:
    """Another program has the database to itself."""
    database.session.remove()
    other = sqlite.connect(database.engine)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()
        database.session.remove()


def test_a_report_that_the_database_could_not_take_stays_on_the_page_and_is_sent_again(
    app: Flask, client: FlaskClient, night: Night, impatient: None
) -> None:
    sign_in(client, "bi1")
    heartbeat.beat(heartbeat.WORKER, now=NIGHT)
    form = {
        "title": 'Xe thư "chết máy" <đèo An Khê>',
        "category": "vehicle",
        "unit": "BDA",
        "severity": "2",
        "description": "Dòng một\nDòng hai",
        "client_key": "a" * 32,
    }
    with locked(app):
        refused = client.post("/incidents/new", data=form)
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    page = refused.get_data(as_text=True)
    assert "Chưa lưu được." in page and "Gửi lại" in page
    kept = hidden(page)
    assert kept == form
    sent = client.post("/incidents/new", data=kept)
    assert sent.status_code == 303
    database.session.rollback()
    assert [(row.title, row.description) for row in database.session.query(Incident)] == [
        (form["title"], form["description"])
    ]


def hidden(page: str) -> dict[str, str]:
    """The fields of the form on the page, as a browser would send them."""

    inside = page[page.index('<form method="post" action="/incidents/new"') :].split("</form>")[0]
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', inside, re.DOTALL)
    return {unescape(name): unescape(value) for name, value in fields if name != "csrf_token"}


def test_a_program_that_reports_is_told_to_come_again(
    app: Flask, client: FlaskClient, night: Night, key: dict[str, str], impatient: None
) -> None:
    secret = keys.create_api_key(keys.NewApiKey("Giám sát", "admin"), now=NIGHT, actor=ADMIN)[1]
    report = {"title": "Mất điện", "category": "power", "unit": "BDA"}
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "a" * 32}
    with locked(app):
        refused = client.post("/api/v1/incidents", json=report, headers=headers)
    assert (refused.status_code, refused.content_type) == (503, "application/problem+json")
    assert int(refused.headers["Retry-After"]) > 0
    answer = client.post("/api/v1/incidents", json=report, headers=headers)
    assert answer.status_code == 201
    assert [row.title for row in database.session.query(Incident)] == ["Mất điện"]


def test_a_full_disk_takes_nothing_and_loses_nothing(client: FlaskClient, night: Night) -> None:
    sign_in(client, "bi1")
    heartbeat.beat(heartbeat.WORKER, now=NIGHT)
    database.session.remove()
    form = {"title": "Mất điện", "category": "power", "unit": "BDA", "client_key": "b" * 32}
    form["description"] = ("Dòng dài " * 400).strip()
    raw = database.engine.raw_connection()
    raw.execute("VACUUM")  # what migrations left free would still take a row
    full = raw.execute("PRAGMA page_count").fetchone()[0]

    @event.listens_for(database.engine, "checkout")
    def no_room(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={full}")

    raw.close()
    try:
        refused = client.post("/incidents/new", data=form)
    finally:
        event.remove(database.engine, "checkout", no_room)
        database.session.remove()
        database.engine.dispose()
    assert refused.status_code == 503
    kept = hidden(refused.get_data(as_text=True))
    assert kept == form
    assert database.session.query(Incident).count() == 0
    assert client.post("/incidents/new", data=kept).status_code == 303


def test_a_password_is_on_no_error_page(app: Flask, client: FlaskClient, night: Night, impatient: None) -> None:
    with locked(app):
        refused = client.post("/login", data={"identifier": "bi1", "password": "hoa-dao-2020"})
    assert refused.status_code == 503
    assert "hoa-dao-2020" not in refused.get_data(as_text=True)
