"""Who is called, in which order and when, on the real resolver and roster."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from core.db import db as database, transaction
from incidents.escalation import engine
from incidents.policies import drafts
from incidents.record.models import Page
from people.models import Person
from roster.resolver import resolver
from tests.support.incident_facts import called, kinds, mails, next_in
from tests.support.policies import set_policy
from tests.support.tet_night import ADMIN, NIGHT, Night

SEC = timedelta(seconds=1)


def test_whoever_is_on_duty_is_called_step_by_step_and_then_again(night: Night) -> None:
    incident = night.log()
    for minutes in (0, 5, 10, 15):
        assert engine.escalate_due(NIGHT + timedelta(minutes=minutes) - SEC) == 0
        assert engine.escalate_due(NIGHT + timedelta(minutes=minutes)) == 1
    assert called(incident) == [(0, "BI1", "email"), (1, "EM1", "email"), (2, "AN1", "email"), (0, "BI1", "email")]
    assert [page.cycle for page in database.session.scalars(select(Page).order_by(Page.id))] == [1, 1, 1, 2]


def test_a_step_with_nobody_published_is_recorded_and_skipped_at_once(night: Night) -> None:
    night.withdraw("operations", "emergency")
    incident = night.log()
    engine.escalate_due(NIGHT)
    assert called(incident) == [(2, "AN1", "email")]
    assert kinds(incident) == ["logged", "skipped", "called"]


def test_with_nobody_published_at_all_the_chain_is_called_and_called_again(night: Night) -> None:
    night.withdraw("operations", "emergency", "leadership")
    incident = night.log()
    engine.escalate_due(NIGHT)
    engine.escalate_due(NIGHT + 300 * SEC)
    assert called(incident) == [(0, "AN1", "email"), (0, "QT1", "email")] * 2
    assert {page.rule for page in database.session.scalars(select(Page))} == {"standing_chain"}


def test_the_roster_is_asked_when_the_step_fires_not_when_it_is_logged(night: Night) -> None:
    incident = night.log()
    night.withdraw("emergency")
    night.publish("emergency", "BI1")
    engine.escalate_due(NIGHT)
    engine.escalate_due(NIGHT + 300 * SEC)
    assert called(incident)[1] == (1, "BI1", "email")


def test_a_person_without_mail_is_shown_as_to_be_called_by_hand_and_costs_no_time(night: Night) -> None:
    night.withdraw("operations")
    night.publish("operations", "PH1")
    incident = night.log()
    engine.escalate_due(NIGHT)
    engine.escalate_due(NIGHT)
    assert called(incident) == [(0, "PH1", "none"), (1, "EM1", "email")]
    assert len(mails()) == 1


def only_phones(night: Night, *codes: str) -> None:
    with transaction() as session:
        for code in codes:
            person = session.get(Person, night.ids[code])
            person.contacts = [each for each in person.contacts if each.channel == "phone"]


def test_people_with_phones_only_also_bring_the_chain_that_has_mail(night: Night) -> None:
    only_phones(night, "BI1", "EM1")
    night.withdraw("leadership")
    incident = night.log()
    for _ in range(2):
        engine.escalate_due(NIGHT)
    assert called(incident) == [(0, "BI1", "none"), (1, "EM1", "none"), (1, "AN1", "email"), (1, "QT1", "email")]
    assert kinds(incident) == ["logged", "called", "called", "called"]
    assert next_in(incident) == 0 * SEC
    engine.escalate_due(NIGHT)
    assert next_in(incident) == 300 * SEC


def test_a_first_step_that_waits_calls_nobody_before(night: Night) -> None:
    steps = [drafts.StepSpec(60, duty="operations"), drafts.StepSpec(120, duty="leadership")]
    set_policy(night.ids["BDA"], steps, repeat_after_seconds=600, ack_timeout_seconds=600, actor=ADMIN, now=NIGHT)
    incident = night.log()
    assert next_in(incident) == 60 * SEC
    assert engine.escalate_due(NIGHT + 59 * SEC) == 0 and called(incident) == []
    assert engine.escalate_due(NIGHT + 60 * SEC) == 1
    assert [(step, person) for step, person, _channel in called(incident)] == [(0, "BI1")]
    assert next_in(incident) == 180 * SEC


def test_a_chain_with_phones_only_brings_the_catch_all_and_the_administrators(night: Night) -> None:
    set_policy(
        night.ids["BDA"],
        [drafts.StepSpec(0, duty="operations")],
        repeat_after_seconds=60,
        ack_timeout_seconds=600,
        catch_all=["CH1"],
        actor=ADMIN,
        now=NIGHT,
    )
    leaders = [person.code for person in resolver.standing_chain(night.ids["BDA"])]
    only_phones(night, "BI1", *leaders)
    incident = night.log()
    engine.escalate_due(NIGHT)
    assert called(incident)[:2] == [(0, "BI1", "none"), (0, "CH1", "email")]


def test_an_enterprise_without_anybody_keeps_trying(night: Night) -> None:
    with transaction() as session:
        for person in session.query(Person):
            person.active = False
    incident = night.log()
    engine.escalate_due(NIGHT)
    assert (called(incident), kinds(incident)) == ([], ["logged", "skipped", "nobody"])
    assert next_in(incident) == 300 * SEC
