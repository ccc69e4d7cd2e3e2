"""Windows: what they hold, what they never hold, what becomes of it when they are over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, strategies as st
from sqlalchemy import select

from core.actor import Actor
from core.db import db as database
from core.errors import Conflict, Forbidden, Invalid, NotFound
from incidents.alarms import queries as alarms
from incidents.alarms.models import IncidentDetails
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine
from incidents.grouping import settings
from incidents.intake import heartbeats, ingest, sources
from incidents.intake.formats import Alarm
from incidents.intake.models import Intake, IntakeEvent
from incidents.intake.rules import IntakeRule
from incidents.intake_rules import services as ruling
from incidents.maintenance import held_alarms, judging, notices, programs, queries, rules, services, silencing, sweeping
from incidents.maintenance.models import HeldAlarm, MaintenanceWindow
from incidents.maintenance.services import MaintenancePlan
from incidents.record.models import Incident
from incidents.triage import derivation
from notify.models import Message
from tests.support.in_parallel import in_parallel
from tests.support.incident_facts import kinds
from tests.support.tet_night import ADMIN, NIGHT, Night

MIN, HOUR = timedelta(minutes=1), timedelta(hours=1)


def source(night: Night, kind: str = "generic", **more: Any) -> Intake:
    new = sources.NewSource(**({"name": "Giám sát mạng", "kind": kind, "unit_id": night.ids["BDA"]} | more))
    return sources.create(new, actor=ADMIN, now=NIGHT - 24 * HOUR)[0]


def window(night: Night, unit: str = "BDA", hours: float = 2, **more: Any) -> MaintenanceWindow:
    given = {"starts_at": NIGHT, "ends_at": NIGHT + hours * HOUR, "reason": "Thay bộ chuyển mạch"} | more
    confirmed = given.pop("confirmed", True)
    return services.plan(MaintenancePlan(night.ids[unit], **given), confirmed=confirmed, actor=ADMIN, now=NIGHT)


def send(to: Intake, key: str, now: datetime = NIGHT + MIN, action: str = "trigger", level: int | None = 3) -> str:
    alarm = Alarm(action, key, f"{key} mất mạng", severity=level)  # type: ignore[arg-type]
    return ingest.receive(to.id, alarm, b"{}", now=now).outcome


def incidents() -> list[Incident]:
    database.session.rollback()
    return list(database.session.scalars(select(Incident).order_by(Incident.id)))


@pytest.mark.both_dbs("windows are locked between a source and its incidents")
def test_what_still_fires_at_its_end_is_called_about_and_what_went_away_is_not(night: Night) -> None:
    tool = source(night)
    assert send(tool, "old", NIGHT - MIN) == "created"
    made = window(night, unit="BDT")
    assert [send(tool, key) for key in ("a", "b", "b", "c")] == ["held"] * 4
    assert send(tool, "old") == "known", "what is open already goes on"
    assert send(tool, "a", action="resolve") == "cleared"
    assert len(incidents()) == 1 and held_alarms.release_due(NIGHT + HOUR) == 0
    (shown,) = queries.about(night.ids["BDA"], NIGHT + HOUR)
    assert (shown.held, shown.firing, shown.is_holding) == (3, 2, True)

    services.end(made.id, actor=ADMIN, now=NIGHT + HOUR)
    assert send(tool, "d", NIGHT + HOUR) == "created", "nothing is put into what is over"
    assert held_alarms.release_due(NIGHT + HOUR) == 2
    assert held_alarms.release_due(NIGHT + HOUR) == 0
    _old, new, b, _c = incidents()
    assert (b.title, b.detected_at, kinds(b)[-1]) == ("b mất mạng", NIGHT + MIN, "was_held")
    sent = database.session.scalars(select(IntakeEvent.incident_id).filter_by(dedup_key="b"))
    assert set(sent) == {b.id}, "what came leads to what it became"
    assert engine.escalate_due(NIGHT + HOUR) == 4
    assert send(tool, "b", NIGHT + HOUR, "resolve") == "resolved"
    assert new.title == "d mất mạng"
    with pytest.raises(Conflict, match="over"):
        services.end(made.id, actor=ADMIN, now=NIGHT + HOUR)


@pytest.mark.both_dbs("windows are locked between a source and its incidents")
def test_it_is_let_go_as_a_group_once_and_by_one_worker(app: Flask, night: Night) -> None:
    tool = settings.set_minutes(source(night), 30, actor=ADMIN, now=NIGHT)
    window(night, hours=1, intake_id=tool.id)
    later = window(night, hours=3, category="connectivity")
    assert [send(tool, f"{n}") for n in range(6)] == ["held"] * 6
    assert sum(in_parallel(app, 4, lambda _n: held_alarms.release_due(NIGHT + HOUR))) == 1
    (storm,) = incidents()
    assert kinds(storm) == ["logged", "alarm_joined", "was_held"]
    assert {each.fired_at for each in alarms.list_for_incident(storm)} == {NIGHT + MIN}, (
        "since when they fire, not when it was let go"
    )
    assert database.session.query(HeldAlarm).filter_by(incident_id=storm.id).count() == 6
    beat = source(night, "heartbeat", every_minutes=30, name="BC 12")
    assert heartbeats.raise_silent(NIGHT + 2 * HOUR) == 1 and len(incidents()) == 1, "a silence is held too"
    assert ingest.receive(beat.id, ingest.BEAT, b"", now=NIGHT + 2 * HOUR).outcome == "heard"
    assert held_alarms.release_due(later.ends_at) == 0, "it was heard of meanwhile"


@pytest.mark.both_dbs("alarms that come while a window is ended: each is held and let go, or called about at once")
def test_no_alarm_is_lost_between_the_end_of_a_window_and_what_it_lets_go(app: Flask, night: Night) -> None:
    tools, ended = [source(night, name=f"Nguồn {n}").id for n in range(3)], NIGHT + HOUR
    made = window(night).id

    def work(n: int) -> None:
        if n == 6:
            services.end(made, actor=ADMIN, now=ended)
        elif n == 7:
            held_alarms.release_due(ended)
        else:
            ingest.receive(tools[n % 3], Alarm("trigger", f"{n}", f"Trạm {n}"), b"{}", now=ended)

    in_parallel(app, 8, work)
    held_alarms.release_due(ended + MIN)
    assert sorted(each.title for each in incidents()) == [f"Trạm {n}" for n in range(6)]
    assert database.session.scalars(select(HeldAlarm.id).where(HeldAlarm.incident_id.is_(None))).all() == []


def test_the_page_of_a_source_says_what_holds_it_and_what_is_to_come(night: Night) -> None:
    tool = source(night)
    window(night, unit="BDT")
    window(night, intake_id=tool.id, starts_at=NIGHT + 3 * HOUR, ends_at=NIGHT + 4 * HOUR)
    holds, coming = silencing.silencing_for(tool, ADMIN, NIGHT)["lines"]
    assert holds == "Đang bảo trì: Bưu điện tỉnh đến 04:10, chưa có tin nào"
    assert coming.startswith("Sắp bảo trì: Giám sát mạng · Bưu điện huyện A, 05:10")
    assert len(silencing.silencing_for(tool, ADMIN, NIGHT + 2 * HOUR)["lines"]) == 1


def test_another_window_goes_on_holding_what_the_first_held(night: Night) -> None:
    tool = source(night)
    window(night, hours=1)
    assert send(tool, "a") == "held"
    longer = window(night, hours=3, unit="BDT")
    assert held_alarms.release_due(NIGHT + HOUR) == 0
    assert database.session.scalars(select(HeldAlarm.window_id)).one() == longer.id
    assert held_alarms.release_due(NIGHT + 3 * HOUR) == 1


@pytest.mark.both_dbs("what came along is a JSON column, written in bulk when a window lets go")
def test_what_is_told_again_is_one_as_bad_as_it_ever_was_with_what_came_along(night: Night) -> None:
    tool = source(night, category="power")
    first = Alarm("trigger", "a", "a mất điện", severity=4, form="zabbix", details=(("host", "bc-12"),))
    window(night, hours=1)
    ingest.receive(tool.id, first, b"{}", now=NIGHT + MIN)
    longer = window(night, hours=3, unit="BDT")
    assert send(tool, "a", level=None) == "held", "as bad as its category, which is worse than 4"
    assert send(tool, "a", level=4) == "held"
    (shown,) = [each for each in queries.about(night.ids["BDA"], NIGHT + MIN) if each.held]
    assert (shown.window.id, shown.held) == (longer.id, 1), "counted once"
    assert held_alarms.release_due(NIGHT + HOUR) == 0
    assert held_alarms.release_due(NIGHT + 3 * HOUR) == 1
    (it,) = incidents()
    assert it.severity == derivation.kind_of("power").default_severity < 4
    kept = database.session.get(IncidentDetails, it.id)
    assert kept is not None and (kept.form, kept.rows) == ("zabbix", [["host", "bc-12"]])


def test_a_source_of_the_province_is_held_where_one_district_repairs(night: Night) -> None:
    tool = source(night, unit_id=night.ids["BDT"])
    rule = IntakeRule(how="always", unit_from="don_vi")
    ruling.write(tool.id, [rule], seen=ruling.stamp(tool), actor=ADMIN, now=NIGHT)
    window(night, intake_id=tool.id)

    def sent(key: str, unit: str) -> str:
        alarm = Alarm("trigger", key, f"{key} mất mạng", details=(("don_vi", unit),))
        return ingest.receive(tool.id, alarm, b"{}", now=NIGHT + MIN).outcome

    assert [sent("a", "BDA-1"), sent("b", "BDC"), send(source(night), "c")] == ["held", "created", "created"]
    offered = queries.sources_about([night.ids["BDA"], night.ids["BDA-1"]])
    assert tool.id in [each.id for each in offered]


def test_a_program_that_knows_anothers_key_cannot_keep_their_alarm_held_for_longer(night: Night) -> None:
    window(night)
    window(night, unit="BDC", hours=48)
    for unit in ("BDA", "BDC"):
        actor = Actor(name="phần mềm", role="staff", via="api_key", unit_id=night.ids[unit])
        report = IncidentReport(
            "Máy chủ chậm", "software", night.ids[unit], actor, dedup_key="srv", detected_at=NIGHT - HOUR
        )
        assert programs.hold(report, now=NIGHT + MIN, stamp=None)
    assert held_alarms.release_due(NIGHT + 2 * HOUR) == 1
    (it,) = incidents()
    assert (it.unit_id, it.detected_at) == (night.ids["BDA"], NIGHT - HOUR), "noticed when the program says so"


def test_over_obligatory_hours_it_holds_once_somebody_who_may_has_confirmed_it(night: Night) -> None:
    tool = source(night)
    staff = Actor("Bình", "staff", "session", person_id=night.ids["BI1"], unit_id=night.ids["BDA"])
    leader = Actor("An", "staff", "session", person_id=night.ids["AN1"], unit_id=night.ids["BDA-1"])
    made = services.plan(
        MaintenancePlan(night.ids["BDA"], NIGHT, NIGHT + 2 * HOUR, "Thay nguồn"), confirmed=True, actor=staff, now=NIGHT
    )
    assert (made.obligatory_minutes, made.confirmed_at) == (120, None)
    assert send(tool, "a") == "created"
    with pytest.raises(Forbidden):
        services.confirm(made.id, actor=staff, now=NIGHT)
    # An leads this night: the duty lends it.
    assert services.confirm(made.id, actor=leader, now=NIGHT + MIN).confirmed_by == "An"
    assert send(tool, "b", NIGHT + 2 * MIN) == "held"
    calm = NIGHT + timedelta(days=30)
    quiet = window(night, starts_at=calm, ends_at=calm + HOUR, confirmed=False)
    assert quiet.obligatory_minutes == 0
    night.publish("emergency", "EM1", start=calm, hours=1)
    judging.judge_anew(NIGHT)
    database.session.expire_all()
    assert database.session.get_one(MaintenanceWindow, quiet.id).obligatory_minutes == 60, "judged anew by the roster"


@pytest.mark.both_dbs("windows are locked between a source and its incidents")
def test_duty_that_is_demanded_once_it_runs_is_not_held_back_unasked(night: Night) -> None:
    calm, tool = NIGHT + timedelta(days=30), source(night)
    made = window(night, starts_at=calm, ends_at=calm + 8 * HOUR, confirmed=False)
    assert send(tool, "a", calm + MIN) == "held"
    night.publish("emergency", "EM1", start=calm + 4 * HOUR, hours=2)
    judging.judge_anew(calm + HOUR)
    assert send(tool, "b", calm + HOUR + MIN) == "created"
    assert held_alarms.release_due(calm + HOUR + MIN) == 1 and held_alarms.release_due(calm + HOUR + MIN) == 0
    assert sorted(each.title for each in incidents()) == ["a mất mạng", "b mất mạng"]
    assert services.confirm(made.id, actor=ADMIN, now=calm + 2 * HOUR).obligatory_minutes == 120
    assert send(tool, "c", calm + 2 * HOUR) == "held", "somebody said so"


def test_what_is_never_held_and_what_cannot_be_planned(night: Night) -> None:
    tool = source(night)
    window(night)
    assert [send(tool, "fire"), send(tool, "fire", level=1)] == ["held", "created"], "it is worse than it seemed"
    assert send(tool, "fire", action="resolve") == "resolved"
    kt1 = Alarm("trigger", "kt1", "Xe KT1 dừng", severity=3)
    assert ingest.receive(tool.id, kt1, b"", now=NIGHT).outcome == "created"
    elsewhere = source(night, unit_id=night.ids["BDC"])
    assert send(elsewhere, "x") == "created"
    wrong: list[tuple[dict[str, Any], type[Exception], str]] = [
        ({"ends_at": NIGHT}, Invalid, "order"),
        ({"starts_at": NIGHT - HOUR}, Invalid, "past"),
        ({"hours": 24 * 8}, Invalid, "long"),
        ({"starts_at": NIGHT + 91 * 24 * HOUR, "ends_at": NIGHT + 92 * 24 * HOUR}, Invalid, "far"),
        ({"reason": "  "}, Invalid, "reason"),
        ({"reason": "x" * 201}, Invalid, "reason"),
        ({"reason": "Xe hỏa tốc, người gửi: ông A"}, Invalid, "secret"),
        ({"intake_id": elsewhere.id}, Invalid, "source_elsewhere"),
        ({"intake_id": 999}, NotFound, "intake"),
        ({"category": "volcano"}, NotFound, "category"),
    ]
    for more, error, code in wrong:
        with pytest.raises(error, match=code):
            window(night, **more)
    with pytest.raises(Invalid, match="long"):
        services.silence(tool.id, hours=9, reason="Báo giả", actor=ADMIN, now=NIGHT)
    chi = Actor("Chi", "manager", "session", unit_id=night.ids["BDC"])
    with pytest.raises(Forbidden):
        services.silence(tool.id, hours=1, reason="Báo giả", actor=chi, now=NIGHT)
    lent = Actor("An", "staff", "session", person_id=night.ids["AN1"], unit_id=night.ids["BDC"])
    with pytest.raises(Invalid, match="lent"):
        services.plan(
            MaintenancePlan(night.ids["BDA"], NIGHT + 6 * HOUR, NIGHT + 9 * HOUR, "Thay nguồn"), actor=lent, now=NIGHT
        )
    quiet = services.silence(tool.id, hours=1, reason="Báo giả", actor=lent, now=NIGHT)
    assert quiet.confirmed_by == "An"
    again = services.silence(tool.id, hours=1, reason="Báo giả", actor=lent, now=NIGHT + timedelta(seconds=3))
    assert again.id == quiet.id, "tapped twice"


spans = st.lists(st.tuples(st.integers(-100, 700), st.integers(1, 300)), max_size=6)


@given(spans)
def test_minutes_inside_are_each_counted_once(told: list[tuple[int, int]]) -> None:
    given = [(NIGHT + start * MIN, NIGHT + (start + length) * MIN) for start, length in told]
    covered = {minute for start, length in told for minute in range(start, start + length) if 0 <= minute < 600}
    assert rules.minutes_within(given, NIGHT, NIGHT + 600 * MIN) == len(covered)


@pytest.mark.both_dbs("deleted in batches, and counted in the same commit")
def test_what_went_away_is_forgotten_after_a_month_and_how_much_it_was_is_not(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 2)
    tool, made = source(night), window(night)
    assert {send(tool, f"{n}") for n in range(6)} == {"held"}
    for n in range(5):
        send(tool, f"{n}", action="resolve")
    held_alarms.release_due(NIGHT + 2 * HOUR)
    released = NIGHT + 2 * HOUR
    assert sweeping.forget_before(released) == 0
    assert sweeping.forget_before(released + MIN) == 5
    database.session.rollback()
    (left,) = database.session.scalars(select(HeldAlarm))
    assert left.incident_id == incidents()[0].id, "kept as long as its incident"
    (shown,) = queries.shown([queries.by_id(made.id)], released + HOUR)
    assert (shown.held, shown.firing) == (6, 1)
    assert sweeping.forget_before(released + MIN) == 0


def test_hours_that_became_obligatory_are_asked_about_once(night: Night) -> None:
    quiet = {"starts_at": NIGHT + 40 * 24 * HOUR, "ends_at": NIGHT + 40 * 24 * HOUR + 2 * HOUR}
    made = services.plan(
        MaintenancePlan(night.ids["BDA"], reason="Thay bộ chuyển mạch", **quiet), actor=ADMIN, now=NIGHT
    )
    asked = select(Message.recipient).where(Message.topic == notices.topic(made.id))
    assert not database.session.scalars(asked).all()
    night.publish("leadership", "AN1", start=quiet["starts_at"])
    for _again in range(2):
        judging.judge_anew(NIGHT + HOUR)
    assert database.session.scalars(asked).all() == ["Nguyễn Văn An"]
    services.confirm(made.id, actor=ADMIN, now=NIGHT + HOUR)
    states = select(Message.state).where(Message.topic == notices.topic(made.id))
    assert database.session.scalars(states).all() == ["cancelled"]
