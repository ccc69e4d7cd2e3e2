"""Who of many incidents has nobody left who is there: asked for all of them in as many statements as for a few."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from core.db import db, transaction
from desk import alarm
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine, everybody_absent
from incidents.escalation.targets import TargetDirectory
from incidents.policies import selection
from incidents.record import queries
from incidents.record.models import Escalation, Incident
from people.models import Absence, Person, Unit, UnitHead
from tests.support.statements import statements
from tests.support.tet_night import ADMIN, NIGHT, Night

FIRST, LAST = date(2020, 1, 24), date(2020, 1, 26)
EVERYWHERE = ("BDT", "BDA", "BDC", "BDA-1")


@pytest.fixture
def night(app: Flask, night: Night) -> Night:
    app.config.update(MAIL_URL="smtp://mail.vidu.vn")
    return night


def storm(night: Night, many: int) -> list[Incident]:
    """So many incidents, all over the enterprise, whose steps were all called."""
    for number in range(many):
        unit = night.ids[EVERYWHERE[number % len(EVERYWHERE)]]
        facts = {"title": f"Mất điện {number}", "category": "power", "severity": 1 + number % 4}
        creation.log(IncidentReport(**facts, unit_id=unit, actor=ADMIN), now=NIGHT)
    engine.escalate_due(NIGHT)
    with transaction() as session:
        session.query(Escalation).update({Escalation.cycle: Escalation.since + 1})
    return found()


def found() -> list[Incident]:
    db.session.rollback()
    db.session.expunge_all()
    return queries.unfinished(limit=200)


def is_ill(*but: int) -> None:
    """Everybody, except ``but``."""
    with transaction() as session:
        for person_id in session.scalars(db.select(Person.id).where(Person.id.not_in(but))):
            session.add(Absence(person_id=person_id, from_on=FIRST, to_on=LAST, kind="sick"))


def asked(night: Night, many: int) -> int:
    """How many statements the alarm of so many incidents takes."""
    incidents = storm(night, many)
    assert len(incidents) == many
    with statements() as seen:
        made = alarm.alarm_for(incidents, now=NIGHT)
    assert len(made.red) == many
    return len(seen)


@pytest.mark.both_dbs
@pytest.mark.parametrize("ill", [True, False], ids=["all are absent", "all are there"])
def test_fifty_incidents_ask_no_more_than_five(night: Night, ill: bool) -> None:
    if ill:
        is_ill()
    few = asked(night, 5)
    with transaction() as session:
        session.query(Incident).update({Incident.status: "resolved"})
    many = asked(night, 50)
    assert many == few <= 40


@pytest.mark.both_dbs
def test_it_says_the_same_as_the_last_resort_of_each_whoever_is_there(night: Night) -> None:
    with transaction() as session:
        session.merge(UnitHead(unit_id=night.ids["BDC"], person_id=night.ids["DU1"]))
    is_ill()
    storm(night, 8)
    for there in ("nobody", "BI1", "EM1", "AN1", "QT1", "DU1"):
        with transaction() as session:
            session.query(Absence).delete()
        is_ill(*([night.ids[there]] if there != "nobody" else []))
        incidents = found()
        resorts = {
            each.id: TargetDirectory(each, NIGHT, selection.policy_of(each).steps).last_resort() for each in incidents
        }
        alone = {number for number, resort in resorts.items() if resort.all_away}
        assert everybody_absent.among(incidents, NIGHT) == alone, there
        assert {each.id for each in incidents if everybody_absent.is_everybody_absent(each, NIGHT)} == alone, there
        assert len(alone) == (8 if there == "nobody" else len(alone)) and (there != "QT1" or not alone), there


def test_nothing_is_asked_about_no_incident_and_nobody_to_call_is_no_absence(night: Night) -> None:
    with statements() as seen:
        assert everybody_absent.among([], NIGHT) == set()
    assert seen == []
    with transaction() as session:
        session.query(Person).update({Person.active: False})
        assert session.query(Unit).count() >= len(EVERYWHERE)
    assert everybody_absent.among(storm(night, 2), NIGHT) == set()
