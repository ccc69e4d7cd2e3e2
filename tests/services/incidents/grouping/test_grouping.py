"""Alarms of one source that come close together: one incident, called anew for a worse one or a new place."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db as database, transaction
from incidents.alarms.models import IncidentAlarm
from incidents.grouping import rules, services as grouping, settings
from incidents.grouping.rules import CallState
from incidents.intake import ingest, sources
from incidents.intake.formats import Alarm
from incidents.intake.models import Intake, IntakeEvent
from incidents.intake.rules import IntakeRule
from incidents.intake_rules import services as ruling
from incidents.record.models import Incident
from incidents.response import lifecycle
from tests.support.in_parallel import in_parallel
from tests.support.incident_facts import fresh, kinds, next_in
from tests.support.statements import statements
from tests.support.tet_night import ADMIN, NIGHT, Night

MIN = timedelta(minutes=1)


@pytest.fixture
def source(night: Night) -> Intake:
    made, _key = sources.create(
        sources.NewSource("Giám sát mạng", "generic", night.ids["BDA"], category="software"), actor=ADMIN, now=NIGHT
    )
    return settings.set_minutes(made, 10, actor=ADMIN, now=NIGHT)


def alarm(key: str, level: int = 3, action: str = "trigger", category: str | None = None) -> Alarm:
    return Alarm(action, key, f"Trạm {key} mất kết nối", severity=level, category=category)  # type: ignore[arg-type]


def send(source: Intake, *alarms: Alarm, now: datetime = NIGHT) -> list[str]:
    with transaction() as session:
        [held] = ingest.hold(session, ids=[source.id], now=now)
        done = ingest.receive_all(session, [ingest.IntakeDelivery(held, each) for each in alarms])
        return [each.outcome for each in done if isinstance(each, ingest.Received)]


def at(source: Intake, unit_id: int, key: str, now: datetime) -> None:
    """An alarm of another place, as a rule of the intake would have it."""
    with transaction() as session:
        [held] = ingest.hold(session, ids=[source.id], now=now)
        report = ingest._report(session, ingest.IntakeDelivery(held, alarm(key)), key)
        grouping.log_all(session, [grouping.Firing(held.intake, key, replace(report, unit_id=unit_id))], now=now)


def incidents() -> list[Incident]:
    database.session.rollback()
    return list(database.session.scalars(select(Incident).order_by(Incident.id)))


@pytest.mark.both_dbs("the incident that is joined is held while others act on it")
def test_a_storm_is_one_incident_in_few_statements_and_over_with_its_last_alarm(source: Intake) -> None:
    with statements() as asked:
        told = send(source, *[alarm(f"{n}", 2 if n == 77 else 3) for n in range(200)])
    assert told == ["created", *["known"] * 199]
    assert len(asked) < 40
    (storm,) = incidents()
    assert (storm.title, storm.severity) == ("Trạm 0 mất kết nối", 2), "the first one's name, the worst one's level"
    assert database.session.query(IncidentAlarm).count() == 200
    assert database.session.query(IntakeEvent).filter_by(incident_id=storm.id).count() == 200

    assert send(source, *[alarm(f"{n}", action="resolve") for n in range(199)], now=NIGHT + MIN) == ["cleared"] * 199
    assert send(source, alarm("5"), alarm("new"), now=NIGHT + 2 * MIN) == ["known", "known"], "5 came back"
    last = [alarm(key, action="resolve") for key in ("199", "5", "new")]
    assert send(source, *last, now=NIGHT + 3 * MIN) == ["resolved", "cleared", "cleared"]
    assert fresh(storm).status == "resolved"
    assert kinds(storm) == ["logged", "alarm_joined", "alarm_cleared", "reported_again", "resolved"]
    assert send(source, alarm("5"), now=NIGHT + 4 * MIN) == ["created"], "what is over is not joined"


def test_the_window_the_category_and_what_stands_apart_make_incidents_of_their_own(source: Intake) -> None:
    send(source, alarm("a"), alarm("b"))
    assert send(source, alarm("c"), now=NIGHT + 9 * MIN) == ["known"]
    assert send(source, alarm("d"), alarm("a"), now=NIGHT + 10 * MIN) == ["created", "known"]
    apart = [alarm("e", category="power"), alarm("f", category="kt1"), alarm("g", category="kt1")]
    assert send(source, *apart, now=NIGHT + 11 * MIN) == ["created"] * 3
    state = replace(alarm("h"), title="Tủ hàng của cơ quan Đảng mở")
    assert send(source, state, now=NIGHT + 11 * MIN) == ["created"]
    # Off again: what belongs to a group still does, and nothing joins it.
    settings.set_minutes(source, None, actor=ADMIN, now=NIGHT)
    assert send(source, alarm("i"), alarm("b", action="resolve"), now=NIGHT + 11 * MIN) == ["created", "cleared"]


@pytest.mark.both_dbs("the incident that is joined is held while others act on it")
def test_a_worse_alarm_or_a_new_place_takes_it_from_whoever_took_less(source: Intake, night: Night) -> None:
    from incidents.escalation import engine

    for duty, code in (("operations", "BI1"), ("emergency", "EM1"), ("leadership", "AN1")):
        night.publish(duty, code, unit="BDC")
    send(source, alarm("a"))
    (it,) = incidents()
    engine.escalate_due(NIGHT)
    lifecycle.acknowledge(it.id, person_id=night.ids["BI1"], actor=ADMIN, now=NIGHT + MIN)
    send(source, alarm("b"), now=NIGHT + 2 * MIN)
    assert fresh(it).status == "acknowledged", "no news for whoever has it"
    send(source, alarm("c", 2), now=NIGHT + 3 * MIN)
    assert (fresh(it).status, it.severity, next_in(it)) == ("open", 2, 3 * MIN)
    engine.escalate_due(NIGHT + 3 * MIN)
    at(source, night.ids["BDA-1"], "d", NIGHT + 4 * MIN)
    assert next_in(it) != 4 * MIN, "being called about anyhow: the next step is not put off"
    lifecycle.acknowledge(it.id, person_id=night.ids["BI1"], actor=ADMIN, now=NIGHT + 5 * MIN)
    at(source, night.ids["BDA-1"], "e", NIGHT + 6 * MIN)
    assert fresh(it).status == "acknowledged", "a place that is known"
    at(source, night.ids["BDC"], "f", NIGHT + 7 * MIN)
    assert (fresh(it).status, next_in(it), it.escalation.step) == ("open", 7 * MIN, 0)
    assert kinds(it).count("called_anew") == 2


@pytest.mark.both_dbs("the key of a group's first alarm passes to the incident of its own")
def test_one_of_a_group_that_is_kt1_by_now_is_an_incident_of_its_own_and_calls(source: Intake) -> None:
    from incidents.escalation import engine

    send(source, alarm("a"), alarm("b"), alarm("c"))
    engine.escalate_due(NIGHT)
    (group,) = incidents()
    state = replace(alarm("c"), title="Xe chở KT1 mất tín hiệu")
    for n, told in enumerate((alarm("a", category="kt1"), alarm("b", category="kt1"), state)):
        assert send(source, told, now=NIGHT + MIN) == ["created"], told
        assert send(source, told, now=NIGHT + MIN) == ["known"], "told again it is its own, not the group's"
        assert len(incidents()) == n + 2
    _group, first, second, third = incidents()
    assert [each.category for each in (first, second, third)] == ["kt1", "kt1", "software"]
    assert all(next_in(each) == MIN for each in (first, second, third)), "the calls begin with the next tick"
    assert kinds(group).count("alarm_apart") == 1, "one line, which counts"
    assert send(source, alarm("d"), now=NIGHT + 2 * MIN) == ["known"], "the group goes on"
    assert {each.times for each in database.session.scalars(select(IncidentAlarm))} == {1}

    over = [alarm(key, action="resolve") for key in ("a", "b", "c")]
    assert send(source, *over, now=NIGHT + 3 * MIN) == ["resolved"] * 3
    assert [fresh(each).status for each in (first, second, third)] == ["resolved"] * 3
    assert fresh(group).status == "open", "d still fires"
    assert send(source, alarm("d", action="resolve"), now=NIGHT + 4 * MIN) == ["resolved"]
    assert fresh(group).status == "resolved"


def test_told_as_both_in_one_breath_it_is_both(source: Intake) -> None:
    assert send(source, alarm("a"), alarm("b"), alarm("a", category="kt1")) == ["created", "known", "created"]
    assert [each.category for each in incidents()] == ["software", "kt1"]


@pytest.mark.both_dbs("rules of a source are read with what holds it")
def test_what_a_rule_puts_where_others_serve_is_theirs_and_joins_nothing(night: Night) -> None:
    made, _key = sources.create(sources.NewSource("Tỉnh", "generic", night.ids["BDT"]), actor=ADMIN, now=NIGHT)
    source = settings.set_minutes(made, 10, actor=ADMIN, now=NIGHT)
    rule = IntakeRule(how="always", unit_from="don_vi")
    ruling.write(source.id, [rule], seen=ruling.stamp(source), actor=ADMIN, now=NIGHT)

    def there(key: str, unit: str) -> Alarm:
        return replace(alarm(key), details=(("don_vi", unit),))

    together = [there("a", "BDA"), there("b", "BDC"), there("c", "BDA-1"), there("d", "BDC")]
    assert send(source, *together) == ["created", "created", "known", "known"]
    assert send(source, there("e", "BDC"), there("f", "BDA-1"), now=NIGHT + MIN) == ["known", "known"]
    assert [each.unit_id for each in incidents()] == [night.ids["BDA"], night.ids["BDC"]], "both districts are called"


@pytest.mark.both_dbs("many at once: one incident, and none of its alarms is lost")
def test_side_by_side_they_are_one_incident(app: Flask, source: Intake) -> None:
    source_id = source.id
    database.session.rollback()

    in_parallel(app, 8, lambda n: ingest.receive(source_id, alarm(f"{n}"), b"{}", now=NIGHT))
    assert len(incidents()) == 1
    assert database.session.query(IncidentAlarm).count() == 8


def test_calls_begin_anew_only_where_that_tells_somebody_something() -> None:
    coming, held = CallState(True, None), CallState(False, NIGHT)
    lately, long_ago = CallState(True, NIGHT), CallState(True, NIGHT - rules.REST)
    cases = {
        (coming, True, True): False,
        (held, False, False): False,
        (held, False, True): True,
        (held, True, False): True,
        (lately, False, True): False,
        (lately, True, False): True,
        (long_ago, False, True): True,
    }
    for (standing, worse, elsewhere), anew in cases.items():
        assert rules.calls_anew(standing, is_worse=worse, is_elsewhere=elsewhere, now=NIGHT) is anew
