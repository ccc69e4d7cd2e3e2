"""When not everything can leave at once: an incident of which nobody knows yet comes before all reminders."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import db as database, transaction
from incidents.escalation import engine, requests
from incidents.escalation.requests import NewAsk
from incidents.escalation.targets import as_duty_person
from incidents.policies import drafts
from incidents.record import transitions
from incidents.record.models import Incident
from incidents.response import lifecycle
from notify import delivery, precedence
from notify.models import Message
from people.models import Person
from tests.support.policies import set_policy
from tests.support.smtp_sink import smtp_sink
from tests.support.tet_night import ADMIN, NIGHT, Night

pytestmark = pytest.mark.both_dbs
MINUTE = timedelta(minutes=1)
AN, BI, CH = "an1@buudien.example", "bi1@buudien.example", "ch1@buudien.example"


@pytest.fixture
def night(app: Flask, night: Night) -> Night:
    """In BDA Bình is called, then An, and again after ten minutes; in BDC Chi."""
    app.config.update(MAIL_URL="smtp://127.0.0.1:9", MAIL_FROM="truc@buudien.example")
    step = drafts.StepSpec
    steps = {"BDA": [step(0, person="BI1"), step(60, person="AN1")], "BDC": [step(0, person="CH1")]}
    for unit, each in steps.items():
        set_policy(night.ids[unit], each, repeat_after_seconds=600, ack_timeout_seconds=1800, actor=ADMIN, now=NIGHT)
    return night


def log(night: Night, now: datetime, unit: str = "BDA") -> Incident:
    return night.log(unit=unit, now=now)


def ranks(incident: Incident) -> list[tuple[str, int]]:
    database.session.rollback()
    rows = database.session.execute(
        select(Message.address, Message.rank)
        .where(Message.idempotency_key.startswith(f"incident/{incident.id}/"))
        .order_by(Message.id)
    )
    return [tuple(row) for row in rows]


def test_the_first_call_of_a_new_incident_leaves_before_a_storm_of_repeats(app: Flask, night: Night) -> None:
    with smtp_sink() as mail:
        app.config["MAIL_URL"] = mail.url
        for minute in range(10):
            if minute < 8:
                log(night, NIGHT + minute * MINUTE)
            engine.escalate_due(NIGHT + minute * MINUTE)
            with clock.travel(NIGHT + minute * MINUTE):
                delivery.deliver_due(owner="test/0/1")
        assert len(mail.arrivals) == 16, "everybody knows, nobody answers"
    for minute in range(10, 45, 5):  # nothing leaves
        engine.escalate_due(NIGHT + minute * MINUTE)
    new, later = log(night, NIGHT + 45 * MINUTE, "BDC"), NIGHT + 46 * MINUTE
    engine.escalate_due(NIGHT + 45 * MINUTE)
    log(night, later)
    engine.escalate_due(later)
    with smtp_sink() as mail:
        app.config["MAIL_URL"] = mail.url
        with clock.travel(later):
            delivery.deliver_due(owner="test/0/1", should_stop=lambda: len(mail.arrivals) >= 2)
        assert mail.arrivals[0].recipient == CH and new.code in mail.subjects[0]
        assert len(mail.arrivals) == 2 and mail.arrivals[1].recipient == BI, "then the other new one, before reminders"


@pytest.mark.parametrize("together", [1, engine.FEW + 2])
def test_opening_first_and_again_are_told_apart(night: Night, together: int) -> None:
    incidents = [log(night, NIGHT) for _each in range(together)]
    for minute in (0, 1, 11, 12):
        engine.escalate_due(NIGHT + minute * MINUTE)
    for incident in incidents:
        assert ranks(incident) == [
            (BI, precedence.OPENING),
            (AN, precedence.FIRST),
            (BI, precedence.AGAIN),
            (AN, precedence.AGAIN),
        ]


def test_what_is_opened_again_is_new(night: Night) -> None:
    incident, later = log(night, NIGHT), NIGHT + 20 * MINUTE
    engine.escalate_due(NIGHT)
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT)
    with transaction() as session:
        transitions.start_over(session, transitions.exclusively(session, incident.id), now=later)
    engine.escalate_due(later)
    assert ranks(incident) == [(BI, precedence.OPENING), (BI, precedence.OPENING)]


def test_a_question_is_first_once_and_a_reminder_after_that(night: Night) -> None:
    incident = log(night, NIGHT)
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT)
    with transaction() as session:
        held = transitions.exclusively(session, incident.id)
        person = as_duty_person(session.get_one(Person, night.ids["AN1"]))
        requests.put(session, held, NewAsk("more", "thử", rule="person", by="x"), persons=[person], now=NIGHT)
    requests.ask_due(NIGHT + 10 * MINUTE)
    assert ranks(incident) == [(AN, precedence.FIRST), (AN, precedence.AGAIN)]


def test_who_cannot_be_written_to_opens_nothing(night: Night) -> None:
    """The next one is the first whom words can reach."""
    with transaction() as session:
        for contact in session.get_one(Person, night.ids["BI1"]).contacts:
            session.delete(contact)
    incident = log(night, NIGHT)
    for minute in (0, 1):
        engine.escalate_due(NIGHT + minute * MINUTE)
    assert ranks(incident) == [(AN, precedence.OPENING)]
