"""The result of a call by hand is taken back: who was being called is called again, and the steps wait for them all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from core.clock import local_date
from core.db import db, transaction
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine, gone_since, requests
from incidents.paging import manual_results, manual_undo
from incidents.record import queries
from incidents.record.models import Escalation, Incident, Page
from incidents.response import lifecycle, responders
from notify import outbox
from notify.models import Message
from people.models import Absence, Person
from tests.support.tet_night import ADMIN, NIGHT, Night

pytestmark = pytest.mark.both_dbs

MINUTE = timedelta(minutes=1)
TAPPED, UNDONE, LATER = NIGHT + MINUTE, NIGHT + 2 * MINUTE, NIGHT + 3 * MINUTE


@pytest.fixture
def night(night: Night) -> Night:
    """Bình and Em are both on the first step's duty, An is called after them; nothing leaves."""
    night.withdraw("emergency")
    night.publish("operations", "EM1")
    return night


@pytest.fixture
def incident(night: Night) -> Incident:
    """Bình and Em have been called."""
    facts: dict[str, Any] = {"title": "Mất điện", "category": "power", "unit_id": night.ids["BDA"]}
    made = creation.log(IncidentReport(**facts, actor=ADMIN), now=NIGHT)[0]
    engine.escalate_due(NIGHT)
    assert {page.person.code for page in queries.pages(made.id)} == {"BI1", "EM1"}
    return made


def says(incident: Incident, night: Night, person: str, outcome: Any, *, now: Any = TAPPED) -> None:
    manual_results.result(manual_results.CalledAbout([incident]), night.ids[person], outcome, actor=ADMIN, now=now)


def undo(incident: Incident, night: Night, person: str = "BI1") -> None:
    manual_undo.undo([incident], night.ids[person], actor=ADMIN, now=UNDONE)


def is_ill(night: Night, *people: str) -> None:
    day = local_date(NIGHT)
    with transaction() as session:
        for person in people:
            known = {"kind": "sick", "recorded_at": TAPPED}
            session.add(Absence(person_id=night.ids[person], from_on=day, to_on=day, **known))


def present(incident: Incident) -> Incident:
    db.session.rollback()
    return db.session.get_one(Incident, incident.id, populate_existing=True)


def newest(incident: Incident) -> dict[str, Page]:
    """Person → what the last number called, the absent too."""
    number = present(incident).escalation.fired
    return {page.person.code: page for page in queries.pages(incident.id) if page.fired == number}


def unsent(night: Night, person: str) -> list[Message]:
    """What may still reach that person."""
    theirs = db.session.query(Message).filter_by(person_id=night.ids[person])
    return theirs.filter(Message.state.in_(outbox.UNSENT)).all()


def story(incident: Incident, kind: str) -> list[dict[str, Any]]:
    return [entry.params for entry in queries.timeline(incident.id) if entry.kind == kind]


@pytest.mark.parametrize(("one", "other"), [("BI1", "EM1"), ("EM1", "BI1")])
def test_the_next_step_waits_for_everybody_who_is_called_again(
    night: Night, incident: Incident, one: str, other: str
) -> None:
    waits = present(incident).escalation.next_at
    says(incident, night, "BI1", "taken")
    undo(incident, night)
    assert set(newest(incident)) == {"BI1", "EM1"}, "under one number"
    assert len({page.fired for page in queries.pages(incident.id)}) == 2
    says(incident, night, one, "no_answer", now=LATER)
    assert present(incident).escalation.next_at == waits, "the other is still being rung"
    says(incident, night, other, "refused", now=LATER)
    assert present(incident).escalation.next_at == LATER, "nobody is left to wait for"


def test_those_of_two_steps_are_called_again_as_they_were_called_and_under_one_number(
    night: Night, incident: Incident
) -> None:
    due = present(incident).escalation.next_at
    assert due is not None
    engine.escalate_due(due)
    second = newest(incident)
    assert set(second) == {"AN1"}
    manual_results.result(manual_results.CalledAbout([incident]), night.ids["AN1"], "taken", actor=ADMIN, now=due)
    manual_undo.undo([incident], night.ids["AN1"], actor=ADMIN, now=due + MINUTE)
    again = newest(incident)
    assert set(again) == {"AN1", "BI1", "EM1"}
    assert {again["BI1"].duty, again["EM1"].duty} == {"operations"}
    assert (again["BI1"].step, again["AN1"].step) == (0, second["AN1"].step)
    assert again["AN1"].duty == second["AN1"].duty != "operations"


def test_whoever_is_recorded_absent_meanwhile_is_not_rung(night: Night, incident: Incident) -> None:
    waits = present(incident).escalation.next_at
    says(incident, night, "BI1", "taken")
    is_ill(night, "EM1")
    undo(incident, night)
    called = {person: page.away for person, page in newest(incident).items()}
    assert called == {"BI1": False, "EM1": True}, "the first word to Em never left: one is written, and rings nobody"
    assert len(unsent(night, "BI1")) == len(unsent(night, "EM1")) == 1
    assert [(each["people"], each["then"]) for each in story(incident, "away")] == [(["Rơ Châm Em"], "others")]
    assert present(incident).escalation.next_at == waits, "Bình is there"
    assert gone_since.look(LATER) == 0, "nothing is left to take back"


def test_when_all_of_them_are_absent_meanwhile_the_next_step_follows_at_once(night: Night, incident: Incident) -> None:
    says(incident, night, "BI1", "taken")
    is_ill(night, "BI1", "EM1")
    undo(incident, night)
    assert [page.away for page in newest(incident).values()] == [True, True], "told, as their first word never left"
    assert present(incident).escalation.next_at == UNDONE
    assert [(each["people"], each["then"]) for each in story(incident, "away")] == [
        (["Trần Thị Bình", "Rơ Châm Em"], "next")
    ]
    engine.escalate_due(UNDONE)
    assert set(newest(incident)) == {"AN1"}


def test_while_a_message_that_left_waits_for_an_answer_absent_people_hurry_nothing(
    night: Night, incident: Incident
) -> None:
    with transaction() as session:
        session.execute(update(Message).where(Message.person_id == night.ids["EM1"]).values(state="sent"))
    waits = present(incident).escalation.next_at
    says(incident, night, "BI1", "taken")
    is_ill(night, "BI1")
    undo(incident, night)
    assert len(unsent(night, "BI1")) == 1 and newest(incident)["BI1"].away
    assert [each["then"] for each in story(incident, "away")] == [""]
    assert present(incident).escalation.next_at == waits, "Em has been told, and may answer"


def test_what_was_put_off_until_an_hour_is_hurried_by_no_absence(night: Night, incident: Incident) -> None:
    until = NIGHT + 20 * MINUTE
    with transaction() as session:  # by a version that still put off what nobody had
        asleep = update(Escalation).where(Escalation.incident_id == incident.id)
        session.execute(asleep.values(snoozed_until=until, next_at=until))
    says(incident, night, "EM1", "no_answer", now=NIGHT + MINUTE / 2)
    says(incident, night, "BI1", "taken")
    is_ill(night, "BI1")
    undo(incident, night)
    assert (present(incident).status, present(incident).escalation.next_at) == ("open", until)


def test_whoever_has_left_meanwhile_is_not_called(night: Night, incident: Incident) -> None:
    says(incident, night, "BI1", "taken")
    with transaction() as session:
        session.execute(update(Person).where(Person.code == "EM1").values(active=False))
    undo(incident, night)
    assert set(newest(incident)) == {"BI1"}


def test_an_exercise_knows_of_no_absence(night: Night, incident: Incident) -> None:
    rehearsal = night.rehearse(now=NIGHT)
    with transaction() as session:
        session.execute(update(Incident).where(Incident.id == incident.id).values(rehearsal_id=rehearsal.id))
    says(incident, night, "BI1", "taken")
    is_ill(night, "EM1")
    undo(incident, night)
    assert not any(page.away for page in newest(incident).values())


def test_what_somebody_put_off_who_never_had_it_is_put_off_no_more(night: Night, incident: Incident) -> None:
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT)
    before = present(incident).escalation.next_at
    responders.reassign(incident.id, person_id=night.ids["EM1"], actor=ADMIN, now=NIGHT)
    says(incident, night, "EM1", "taken")
    responders.snooze(
        incident.id, until=NIGHT + 20 * MINUTE, reason="Chờ thợ", actor=night.actor("EM1"), now=TAPPED + MINUTE / 2
    )
    undo(incident, night, "EM1")
    now = present(incident)
    assert (now.acknowledged_by, now.escalation.snoozed_until) == ("Trần Thị Bình", None)
    assert now.escalation.next_at == before and len(requests.mine(incident.id, night.ids["EM1"])) == 1


def test_what_the_holder_had_put_off_is_put_off_again(night: Night, incident: Incident) -> None:
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT)
    until = NIGHT + 20 * MINUTE
    responders.snooze(incident.id, until=until, reason="Chờ thợ", actor=night.actor("BI1"), now=NIGHT)
    responders.reassign(incident.id, person_id=night.ids["EM1"], actor=ADMIN, now=NIGHT)
    says(incident, night, "EM1", "taken")
    undo(incident, night, "EM1")
    now = present(incident)
    assert (now.acknowledged_by, now.escalation.next_at) == ("Trần Thị Bình", until)
    assert (now.escalation.snoozed_until, now.escalation.snooze_reason) == (until, "Chờ thợ")
    assert (now.escalation.snoozed_by, now.escalation.waits_for) == ("BI1", "snooze")
