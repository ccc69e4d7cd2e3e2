"""An incident of which nothing leaves is a fault that is said within a minute, whatever the reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from core import clock
from core.db import db as database, transaction
from core.observability import heartbeat
from desk.audit import auditor, words as auditor_words
from desk.audit.findings import CheckFinding, findings
from incidents.escalation import engine
from incidents.record import transitions
from incidents.record.models import Escalation, Page
from incidents.response import lifecycle
from notify import delivery
from notify.models import Message
from people.models import ContactMethod, Person
from tests.support.live import dead_port
from tests.support.smtp_sink import smtp_sink
from tests.support.tet_night import ADMIN, NIGHT, Night

pytestmark = pytest.mark.both_dbs
SEC = timedelta(seconds=1)


@pytest.fixture
def night(app: Flask, night: Night) -> Iterator[Night]:
    """A mail gateway that is not there."""
    with dead_port() as port:
        app.config.update(MAIL_URL=f"smtp://127.0.0.1:{port}", MAIL_FROM="truc@buudien.example")
        yield night


def work(now: datetime) -> None:
    """What the worker does in a tick."""
    with clock.travel(now):
        engine.escalate_due(now)
        delivery.pass_ladders(now=now)
        delivery.deliver_due(owner="test/0/1")
    heartbeat.beat(heartbeat.WORKER, now=now)


def found(now: datetime) -> dict[str, CheckFinding]:
    database.session.rollback()
    heartbeat.beat(heartbeat.WORKER, now=now)
    return {each.kind: each for each in findings(now=now)}


def test_the_only_gateway_dead_is_said_after_a_minute_and_until_something_leaves(app: Flask, night: Night) -> None:
    incident, asked = night.log(), []
    for seconds in range(0, 60, 5):
        work(NIGHT + seconds * SEC)
        assert "incidents_untold" not in found(NIGHT + seconds * SEC)
    for seconds in (60, 75, 100):
        work(NIGHT + seconds * SEC)
        untold = found(NIGHT + seconds * SEC)["incidents_untold"]
        assert (untold.count, untold.example, untold.channels) == (1, incident.code, ("email",))
    with smtp_sink() as mail:
        app.config["MAIL_URL"] = mail.url
        for seconds in (160, 161):
            work(NIGHT + seconds * SEC)
        asked += mail.subjects
    assert any(incident.code in subject for subject in asked)
    assert found(NIGHT + 162 * SEC) == {}


def test_readiness_pages_and_watchdog_say_so(
    app: Flask, night: Night, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["WATCHDOG_URL"] = "http://127.0.0.1:9/ping"
    pinged: list[str] = []
    monkeypatch.setattr(auditor.watchdog, "ping", pinged.append)
    incident, later = night.log(), NIGHT + 100 * SEC
    for seconds in (0, 5, 15, 30, 60, 100):
        work(NIGHT + seconds * SEC)
    with clock.travel(later):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["reasons"]) == (503, ["incidents_untold", "messages_waiting"])
    assert [each.kind for each in auditor.inspect(later)] == ["incidents_untold", "messages_waiting"]
    assert pinged == []
    sentence = auditor_words.sentence(found(later)["incidents_untold"])
    assert incident.code in sentence and "chưa ai được báo" in sentence


def test_an_answer_or_a_call_by_hand_is_enough(night: Night) -> None:
    by_hand, taken, put_off, untold = night.log(), night.log(), night.log(), night.log()
    work(NIGHT)
    lifecycle.log_call(by_hand.id, person_id=night.ids["BI1"], outcome="busy", actor=ADMIN, now=NIGHT + 10 * SEC)
    lifecycle.acknowledge(taken.id, actor=night.actor("BI1"), now=NIGHT + 10 * SEC)
    with transaction() as session:
        asleep = update(Escalation).where(Escalation.incident_id == put_off.id)
        session.execute(asleep.values(snoozed_until=NIGHT + timedelta(hours=1)))
    only = found(NIGHT + 61 * SEC)["incidents_untold"]
    assert (only.count, only.example) == (1, untold.code)


def test_what_was_told_before_it_was_opened_again_is_no_longer_enough(night: Night) -> None:
    incident, later = night.log(), NIGHT + timedelta(hours=1)
    work(NIGHT)
    with transaction() as session:
        session.execute(update(Message).values(state="sent", sent_at=NIGHT))
    assert found(NIGHT + 120 * SEC) == {}
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT + 120 * SEC)
    with transaction() as session:
        transitions.start_over(session, transitions.exclusively(session, incident.id), now=later)
    work(later)
    assert "incidents_untold" not in found(later + 59 * SEC)
    assert found(later + 60 * SEC)["incidents_untold"].count == 1


def test_a_first_step_that_waits_is_not_late_before_it_is_due(night: Night) -> None:
    incident = night.log()
    with transaction() as session:
        waits = update(Escalation).where(Escalation.incident_id == incident.id)
        session.execute(waits.values(next_at=NIGHT + timedelta(minutes=10)))
    assert found(NIGHT + timedelta(minutes=9)) == {}


def test_people_without_any_address_are_a_fault_until_somebody_rings(night: Night) -> None:
    with transaction() as session:
        session.query(ContactMethod).delete()
    incident = night.log()
    work(NIGHT)
    assert set(database.session.scalars(select(Page.channel))) == {"none"}
    assert found(NIGHT + 61 * SEC)["incidents_untold"].example == incident.code


def test_held_is_a_fault_unless_this_copy_is_not_meant_to_reach_anybody(app: Flask, night: Night) -> None:
    """In production a missing gateway is the fault; a copy for development has none on purpose."""
    app.config["MAIL_URL"] = None
    night.log()
    work(NIGHT)
    assert set(database.session.scalars(select(Message.state))) == {"held"}
    assert found(NIGHT + 61 * SEC) == {}
    app.config["APP_ENV"] = "production"
    assert set(found(NIGHT + 61 * SEC)) == {"incidents_untold"}


def test_people_of_the_demo_are_not_meant_to_be_reached(app: Flask, night: Night) -> None:
    app.config["MAIL_URL"] = "smtp://mail.vidu.vn"
    with transaction() as session:
        session.execute(update(Person).values(is_demo=True))
    night.log()
    work(NIGHT)
    assert set(database.session.scalars(select(Message.hold_reason))) == {"demo_not_local"}
    assert found(NIGHT + 61 * SEC) == {}
