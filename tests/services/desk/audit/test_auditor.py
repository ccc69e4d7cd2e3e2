"""The auditor: each promise that the engine breaks is found, told once by a channel that works, and its end too."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from core import clock
from core.db import db as database, transaction
from core.models import SystemFault
from core.observability import heartbeat
from desk.audit import auditor, metrics
from desk.audit.findings import KINDS, findings
from incidents.record.models import Escalation
from notify import outbox
from notify.gateways import breakers
from notify.gateways.breakers import GatewayTrial
from notify.models import Message
from people.models import User
from people.notification_rules.rules import Rung
from roster.solving.models import SolveRun
from tests.support.tet_night import NIGHT, Night

pytestmark = pytest.mark.both_dbs("faults are locked while they are told")
MINUTE = timedelta(minutes=1)
AN = "an1@buudien.example"


def open_faults() -> list[SystemFault]:
    wanted = select(SystemFault).where(SystemFault.ended_at.is_(None)).order_by(SystemFault.since)
    return list(database.session.scalars(wanted))


@pytest.fixture
def night(app: Flask, night: Night) -> Night:
    """An is the administrator; the worker beats."""
    app.config.update(MAIL_URL="smtp://127.0.0.1:9", MAIL_FROM="truc@buudien.example")
    with transaction() as session:
        session.query(User).filter(User.role == "admin").update({"active": False})
        session.add(User(login="qt", name="An", role="admin", person_id=None, created_at=NIGHT))
        session.query(User).filter(User.person_id == night.ids["AN1"]).update({"role": "admin", "active": True})
    beat(NIGHT)
    return night


def beat(now: datetime) -> None:
    heartbeat.beat(heartbeat.WORKER, now=now)


def inspect(now: datetime) -> list[str]:
    beat(now)
    return [each.kind for each in auditor.inspect(now)]


def log(night: Night, now: datetime = NIGHT) -> int:
    return night.log(severity=2, now=now).id


def told() -> list[tuple[str, str, str]]:
    database.session.rollback()
    rows = database.session.execute(
        select(Message.channel, Message.address, Message.subject)
        .where(Message.topic.startswith("system/"))
        .order_by(Message.id)
    )
    return [tuple(row) for row in rows]


def test_nothing_is_wrong_in_a_quiet_night(night: Night) -> None:
    log(night)
    assert inspect(NIGHT + timedelta(seconds=59)) == []
    assert told() == []


def overdue(night: Night) -> None:
    log(night)


def unscheduled(night: Night) -> None:
    incident_id = log(night)
    with transaction() as session:
        session.execute(update(Escalation).where(Escalation.incident_id == incident_id).values(next_at=None))


def message(key: str = "a", *, urgent: bool = True) -> Message:
    return outbox.enqueue(
        topic="roster/1",
        urgent=urgent,
        key=key,
        channel="email",
        address="x@buudien.example",
        recipient="X",
        subject="s",
        body="b",
        now=NIGHT,
    )


def waiting(night: Night) -> None:
    message()


def leased(night: Night) -> None:
    with transaction() as session:
        session.execute(
            update(Message)
            .where(Message.id == message().id)
            .values(state="leased", lease_owner="dead/0/1", leased_until=NIGHT)
        )


def solving(night: Night) -> None:
    with transaction() as session:
        session.add(
            SolveRun(
                campaign_id=night.campaign,
                status="running",
                seconds=5,
                seed=1,
                requested_at=NIGHT,
                requested_by="x",
                lease_owner="dead",
                leased_until=NIGHT,
            )
        )


@pytest.mark.parametrize(
    ("kind", "break_it"),
    [
        ("incidents_overdue", overdue),
        ("incidents_unscheduled", unscheduled),
        ("messages_waiting", waiting),
        ("leases_expired", leased),
        ("leases_expired", solving),
    ],
)
def test_a_broken_promise_is_found_kept_and_told_to_the_administrator(
    night: Night, kind: str, break_it: Callable[[Night], None]
) -> None:
    break_it(night)
    later = NIGHT + MINUTE + timedelta(seconds=1)
    assert kind in KINDS
    assert inspect(later) == [kind]
    assert [(row.kind, row.since, row.told) for row in open_faults()] == [(kind, later, 1)]
    assert [(channel, address) for channel, address, _subject in told()] == [("email", AN)]


def test_a_phone_tree_to_hundreds_turns_nothing_red_and_is_said_when_it_is_really_late(
    night: Night, client: FlaskClient
) -> None:
    for number in range(288):
        message(str(number), urgent=False)
    with transaction() as session:
        gone = update(Message).where(Message.idempotency_key == "0")
        session.execute(gone.values(state="leased", lease_owner="dead/0/1", leased_until=NIGHT))
    for minutes in (2, 14):
        assert inspect(NIGHT + minutes * MINUTE) == []
    late = NIGHT + 16 * MINUTE
    assert inspect(late) == ["notices_waiting"]
    assert [fault.count for fault in open_faults()] == [288]
    assert told() == [("email", AN, "[Trực Tết] Tin không khẩn gửi chậm")]
    with clock.travel(late):
        answer = client.get("/readyz")
        assert (answer.status_code, answer.get_json()["reasons"]) == (200, [])
        waits = next(each for each in metrics.collect(late) if each.name == "tructet_due_lag_seconds")
    assert {each.labels["what"]: each.value for each in waits.samples} == {"escalation": 0, "message": 0, "notice": 960}


def test_one_call_among_them_is_red_after_a_minute(night: Night, client: FlaskClient) -> None:
    message("notice", urgent=False)
    message("call")
    late = NIGHT + 2 * MINUTE
    assert inspect(late) == ["messages_waiting"]
    with clock.travel(late):
        assert client.get("/readyz").status_code == 503


def test_a_worker_that_hangs_is_found_by_the_auditor_beside_it(night: Night) -> None:
    beat(NIGHT)
    assert [each.kind for each in findings(now=NIGHT + timedelta(seconds=30))] == []
    assert [each.kind for each in auditor.inspect(NIGHT + timedelta(seconds=31))] == ["worker_late"]


def test_a_beat_from_the_future_is_no_sign_of_life(night: Night) -> None:
    beat(NIGHT + timedelta(hours=2))
    assert [each.kind for each in findings(now=NIGHT)] == ["worker_late"]


def test_the_same_fault_is_told_again_every_hour_and_its_end_once(night: Night) -> None:
    message_id = message().id
    for minutes in (2, 3, 4, 62, 63):
        assert inspect(NIGHT + minutes * MINUTE) == ["messages_waiting"]
    assert len(told()) == 2
    with transaction() as session:
        session.execute(update(Message).where(Message.id == message_id).values(state="sent", sent_at=NIGHT))
        session.execute(update(Message).where(Message.topic.startswith("system/")).values(state="sent"))
    for minutes in (64, 65):
        assert inspect(NIGHT + minutes * MINUTE) == []
    assert open_faults() == []
    assert [subject for _channel, _address, subject in told()][-1] == "[Trực Tết] Đã hết lỗi hệ thống"
    assert len(told()) == 3


def test_two_auditors_at_the_same_moment_tell_once(night: Night) -> None:
    message()
    inspect(NIGHT + 2 * MINUTE)
    inspect(NIGHT + 2 * MINUTE)
    assert len(told()) == 1
    assert len(database.session.scalars(select(SystemFault)).all()) == 1


def test_administrators_are_told_by_another_channel_than_the_failing_one(night: Night) -> None:
    ladder = [Rung(channel, channel, timedelta(0), 1, True) for channel in ("sms", "voice", "email")]
    assert [rung.channel for rung in auditor.ways(ladder, ())] == ["email", "sms"]
    assert [rung.channel for rung in auditor.ways(ladder, ("email",))] == ["sms", "voice"]
    assert [rung.channel for rung in auditor.ways(ladder, ("email", "sms"))] == ["voice", "email"]
    assert [rung.channel for rung in auditor.ways(ladder[2:], ("email",))] == ["email"], "better than nothing"


def test_what_waits_for_a_gateway_that_is_down_is_said_after_a_minute(night: Night) -> None:
    """It goes on being tried: its next attempt never lies a minute back, and it is late all the same."""
    waits = message()
    with transaction() as session:
        for_ever = {"waits_for": "email", "next_at": NIGHT + 3 * MINUTE}
        session.execute(update(Message).where(Message.id == waits.id).values(for_ever))
    breakers.note([GatewayTrial("email", "no route")] * 3, now=NIGHT)
    assert inspect(NIGHT + timedelta(seconds=59)) == []
    assert inspect(NIGHT + MINUTE) == ["messages_waiting"]


def test_what_has_left_by_another_channel_waits_for_no_gateway(night: Night) -> None:
    for rung, values in enumerate(({"waits_for": "email"}, {"state": "sent", "sent_at": NIGHT})):
        row = message(str(rung))
        with transaction() as session:
            given = values | {"ladder": "incident/1/1/1", "rung": rung, "next_at": NIGHT + 3 * MINUTE}
            session.execute(update(Message).where(Message.id == row.id).values(given))
    breakers.note([GatewayTrial("email", "no route")] * 3, now=NIGHT)
    assert inspect(NIGHT + 2 * MINUTE) == []


@pytest.fixture
def watchdog(app: Flask) -> Iterator[list[str]]:
    """Somebody outside who waits to be asked; the paths that were."""
    asked: list[str] = []

    class Outside(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Outside)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    app.config["WATCHDOG_URL"] = f"http://127.0.0.1:{server.server_port}/ping/abc"
    yield asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_watchdog_outside_hears_of_us_only_while_all_is_well(night: Night, watchdog: list[str]) -> None:
    assert inspect(NIGHT) == []
    assert watchdog == ["/ping/abc"]
    message()
    assert inspect(NIGHT + 2 * MINUTE) == ["messages_waiting"]
    assert watchdog == ["/ping/abc"]


def test_a_watchdog_that_does_not_answer_stops_no_audit(app: Flask, night: Night) -> None:
    app.config["WATCHDOG_URL"] = "http://127.0.0.1:9/ping"
    assert inspect(NIGHT) == []
    assert heartbeat.last_beat(auditor.BEAT) == NIGHT
