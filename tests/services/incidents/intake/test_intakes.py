"""Sources that report by themselves: one open incident a key, calls as for any other, silence noticed once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.actor import Actor
from core.db import db as database
from core.errors import Forbidden, Invalid, NotFound, Unavailable
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine
from incidents.intake import heartbeats, ingest, refusals, sources
from incidents.intake.formats import Alarm
from incidents.intake.models import Intake, IntakeEvent
from incidents.record.models import Incident, Page
from incidents.response import lifecycle
from tests.support.in_parallel import in_parallel
from tests.support.tet_night import ADMIN, NIGHT, Night

pytestmark = pytest.mark.both_dbs
SEC, MIN = timedelta(seconds=1), timedelta(minutes=1)
DOWN = Alarm("trigger", "bc-12", "Bưu cục 12 mất mạng", severity=3)


@pytest.fixture
def source(night: Night) -> Intake:
    return make(night, "pagerduty")


def make(night: Night, kind: str, **more: Any) -> Intake:
    actor, now = more.pop("actor", ADMIN), more.pop("now", NIGHT - timedelta(days=1))
    new = sources.NewSource(**({"name": "Giám sát mạng", "kind": kind, "unit_id": night.ids["BDA"]} | more))
    return sources.create(new, actor=actor, now=now)[0]


def send(source: Intake, alarm: Alarm = DOWN, now: datetime = NIGHT) -> ingest.Received:
    return ingest.receive(source.id, alarm, b'{"x": 1}', now=now)


def incidents() -> list[Incident]:
    database.session.rollback()
    return list(
        database.session.scalars(select(Incident).order_by(Incident.id).execution_options(populate_existing=True))
    )


def outcomes() -> list[str]:
    database.session.rollback()
    return list(database.session.scalars(select(IntakeEvent.outcome).order_by(IntakeEvent.id)))


def test_an_alarm_calls_whoever_is_on_duty(source: Intake) -> None:
    assert send(source).outcome == "created"
    assert engine.escalate_due(NIGHT) == 1
    (incident,) = incidents()
    assert (incident.title, incident.severity, incident.created_by) == (DOWN.title, 3, "Giám sát mạng")
    called = database.session.scalars(select(Page).where(Page.incident_id == incident.id)).all()
    assert [page.person.code for page in called] == ["BI1"]


def test_one_open_incident_a_key_and_a_new_one_after_it_is_over(source: Intake) -> None:
    assert [send(source).outcome, send(source).outcome] == ["created", "known"]
    assert send(source, Alarm("resolve", "bc-12"), NIGHT + MIN).outcome == "resolved"
    assert send(source, Alarm("resolve", "bc-12"), NIGHT + MIN).outcome == "ignored"
    assert send(source, now=NIGHT + 2 * MIN).outcome == "created"
    assert [each.status for each in incidents()] == ["resolved", "open"]
    assert outcomes() == ["created", "known", "resolved", "ignored", "created"]


def test_what_is_resolved_calls_nobody_any_more(source: Intake) -> None:
    send(source)
    send(source, Alarm("resolve", "bc-12"), NIGHT + SEC)
    assert engine.escalate_due(NIGHT + timedelta(hours=1)) == 0


def test_the_same_key_of_two_sources_is_two_things(night: Night, source: Intake) -> None:
    other = make(night, "generic", name="Khác")
    assert [send(source).outcome, send(other).outcome] == ["created", "created"]


def test_nobody_else_can_use_a_sources_key(source: Intake, night: Night) -> None:
    send(source)
    with pytest.raises(Invalid, match="dedup_key"):
        creation.log(
            IncidentReport(
                title="x",
                category="other",
                unit_id=night.ids["BDA"],
                dedup_key=f"intake/{source.id}/bc-12",
                actor=ADMIN,
            ),
            now=NIGHT,
        )


def test_acknowledged_by_the_tool_stops_calls_until_the_time_out(source: Intake) -> None:
    send(source)
    engine.escalate_due(NIGHT)
    assert send(source, Alarm("acknowledge", "bc-12"), NIGHT + SEC).outcome == "acknowledged"
    assert send(source, Alarm("acknowledge", "bc-12"), NIGHT + 2 * SEC).outcome in ("acknowledged", "known")
    assert engine.escalate_due(NIGHT + 10 * MIN) == 0
    (incident,) = incidents()
    assert (incident.status, incident.acknowledged_by) == ("acknowledged", "Giám sát mạng")


def test_a_human_who_has_it_keeps_it(source: Intake, night: Night) -> None:
    incident = send(source).incident
    assert incident is not None
    lifecycle.acknowledge(incident.id, actor=ADMIN, now=NIGHT, person_id=night.ids["BI1"])
    assert send(source, Alarm("acknowledge", "bc-12"), NIGHT + SEC).outcome == "known"
    assert incidents()[0].acknowledged_by == "Trần Thị Bình"


def test_a_category_that_does_not_exist_loses_no_alarm(source: Intake) -> None:
    send(source, Alarm("trigger", "a", "Nóng", category="volcano"))
    send(source, Alarm("trigger", "b", "Nóng", category="power"))
    assert [each.category for each in incidents()] == ["other", "power"]


@pytest.mark.both_dbs("many report at once, behind a lock")
def test_sixty_four_first_reports_at_once_are_one_incident(app: Flask, source: Intake) -> None:
    told = in_parallel(app, 64, lambda _n: send(source).outcome)
    assert sorted(told) == ["created"] + 63 * ["known"]
    assert len(incidents()) == 1 and len(outcomes()) == 64


def test_a_source_that_sends_too_much_is_asked_to_come_back(source: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "MOST_A_MINUTE", 3)
    for _ in range(3):
        send(source)
    with pytest.raises(Unavailable):
        send(source)
    assert len(outcomes()) == 3
    assert send(source, now=NIGHT + MIN).outcome == "known"


def test_the_payload_is_kept_up_to_a_size_and_forgotten_after_a_month(source: Intake) -> None:
    raw = b"\x00\xff" + b"x" * ingest.PAYLOAD_KEPT
    ingest.receive(source.id, DOWN, raw, now=NIGHT)
    (event,) = database.session.scalars(select(IntakeEvent)).all()
    assert event.size == len(raw) and event.payload.startswith("\ufffd\ufffdxx") and len(event.payload) <= len(raw)
    assert sources.forget_before(NIGHT + SEC) == 1
    assert database.session.scalar(select(func.count()).select_from(IntakeEvent)) == 0


def test_a_revoked_key_opens_nothing(night: Night) -> None:
    source, key = sources.create(sources.NewSource("Cũ", "generic", night.ids["BDA"]), actor=ADMIN, now=NIGHT)
    assert sources.by_key(key, "generic") is not None
    assert sources.by_key(key, "pagerduty") is None
    sources.revoke(source.id, actor=ADMIN, now=NIGHT)
    assert sources.by_key(key, "generic") is None


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": " "}, "intake.name"),
        ({"kind": "pigeon"}, "intake.kind"),
        ({"kind": "heartbeat"}, "intake.rhythm"),
        ({"kind": "heartbeat", "due_by": "08:00", "every_minutes": 5}, "intake.rhythm"),
        ({"kind": "heartbeat", "due_by": "8h"}, "intake.time"),
        ({"kind": "heartbeat", "every_minutes": 99_999}, "intake.minutes"),
        ({"kind": "generic", "due_by": "08:00"}, "intake.no_rhythm"),
    ],
)
def test_a_source_that_makes_no_sense_is_refused(night: Night, wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as error:
        make(night, **({"kind": "generic"} | wrong))
    assert error.value.code == code
    with pytest.raises(NotFound):
        make(night, "generic", category="volcano")


def test_only_managers_of_the_unit_make_sources(night: Night) -> None:
    stranger = Actor(name="Lạ", role="manager", via="session", unit_id=night.ids["BDC"])
    with pytest.raises(Forbidden):
        make(night, "generic", actor=stranger)


# --- heartbeats ----------------------------------------------------------------------------------------------------

EIGHT = datetime(2020, 1, 25, 8, tzinfo=clock.VN)  # Mùng 1, local


@pytest.fixture
def post(night: Night) -> Intake:
    return make(night, "heartbeat", name="Bưu cục A1", due_by="08:00")


def beat(source: Intake, now: datetime) -> str:
    return ingest.receive(source.id, ingest.BEAT, b"", now=now).outcome


def test_a_post_office_that_reports_in_time_is_left_alone(post: Intake) -> None:
    assert beat(post, EIGHT - 5 * MIN) == "heard"
    assert heartbeats.raise_silent(EIGHT + MIN) == 0 and incidents() == []


@pytest.mark.both_dbs("one of several workers raises it, behind a lock")
def test_silence_past_the_deadline_is_one_incident_until_it_is_heard(post: Intake) -> None:
    assert heartbeats.raise_silent(EIGHT - SEC) == 0
    assert [heartbeats.raise_silent(EIGHT + n * MIN) for n in range(3)] == [1, 0, 0]
    (incident,) = incidents()
    assert (incident.title, incident.category, incident.status) == (
        "Bưu cục A1 chưa báo trước 08:00",
        "connectivity",
        "open",
    )
    assert engine.escalate_due(EIGHT + MIN) == 1
    assert beat(post, EIGHT + 5 * MIN) == "resolved"
    assert [each.status for each in incidents()] == ["resolved"]
    assert heartbeats.raise_silent(EIGHT + 6 * MIN) == 0


def test_each_day_counts_anew(post: Intake) -> None:
    beat(post, EIGHT - MIN)
    day = timedelta(days=1)
    assert heartbeats.raise_silent(EIGHT + day - SEC) == 0
    assert heartbeats.raise_silent(EIGHT + day) == 1
    # Nobody heard of it for another day: a deadline of its own, and the incident is still the same open one.
    assert heartbeats.raise_silent(EIGHT + 2 * day) == 1
    assert len(incidents()) == 1


def test_what_a_human_closed_is_not_raised_again_for_the_same_deadline(post: Intake) -> None:
    heartbeats.raise_silent(EIGHT)
    lifecycle.resolve(incidents()[0].id, actor=ADMIN, now=EIGHT + MIN)
    assert heartbeats.raise_silent(EIGHT + 2 * MIN) == 0


def test_a_word_of_last_evening_does_not_count_and_a_source_made_too_late_is_not_late(
    night: Night, post: Intake
) -> None:
    beat(post, EIGHT - timedelta(hours=9))  # 23:00 of the day before
    new = make(night, "heartbeat", name="Mới", due_by="08:00", now=EIGHT + MIN)
    assert heartbeats.raise_silent(EIGHT + 2 * MIN) == 1
    assert heartbeats.missed(new, EIGHT + 2 * MIN) is None


def test_the_longest_silence_in_minutes(night: Night) -> None:
    server = make(night, "heartbeat", name="Máy chủ", every_minutes=10, now=NIGHT)
    assert heartbeats.raise_silent(NIGHT + 9 * MIN) == 0
    assert [heartbeats.raise_silent(NIGHT + n * MIN) for n in (10, 30)] == [1, 0]
    assert incidents()[0].title == "Máy chủ im lặng quá 10 phút"
    beat(server, NIGHT + 31 * MIN)
    assert [heartbeats.raise_silent(NIGHT + n * MIN) for n in (40, 41)] == [0, 1]


def test_a_revoked_source_may_be_silent(post: Intake) -> None:
    sources.revoke(post.id, actor=ADMIN, now=NIGHT)
    assert heartbeats.raise_silent(EIGHT) == 0


def test_a_fault_of_one_source_hides_no_other(night: Night, post: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    make(night, "heartbeat", name="Bưu cục A2", due_by="08:00")
    title = heartbeats.title

    def broken(source: Intake) -> str:
        if source.id == post.id:
            raise RuntimeError("hỏng")
        return title(source)

    monkeypatch.setattr(heartbeats, "title", broken)
    with pytest.raises(RuntimeError):
        heartbeats.raise_silent(EIGHT)
    assert [each.title for each in incidents()] == ["Bưu cục A2 chưa báo trước 08:00"]
    monkeypatch.undo()
    assert heartbeats.raise_silent(EIGHT + SEC) == 1, "and the other is tried again"


def test_several_workers_raise_a_silence_once(app: Flask, post: Intake) -> None:
    assert sum(in_parallel(app, 8, lambda _n: heartbeats.raise_silent(EIGHT))) == 1
    assert len(incidents()) == 1


@pytest.mark.both_dbs("two processes count what no row is there for yet: ON CONFLICT, also where the source is NULL")
def test_refusals_are_counted_once_each_whoever_counts(app: Flask, night: Night) -> None:
    source, key = sources.create(sources.NewSource("A", "generic", night.ids["BDA"]), actor=ADMIN, now=NIGHT)
    for _process in range(2):
        app.extensions.pop("intake.refusals", None)
        in_parallel(app, 4, lambda _n: refusals.count(refusals.why(key, "alertmanager")))
        in_parallel(app, 4, lambda _n: refusals.count(refusals.why("in_x", "generic")))
    database.session.rollback()
    assert [(each.why, each.times) for each in refusals.list_refusals(source.id)] == [("door", 8)]
    assert [(each.why, each.times) for each in refusals.list_refusals(None)] == [("key", 8)]
