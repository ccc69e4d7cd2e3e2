"""A database that fails in the middle of a call loses no call: wherever it strikes, the step is done again, whole."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import SQLAlchemyError

from core.db import db as database, transaction
from core.models import AuditEntry
from core.storage import writing
from incidents.escalation import engine, pages, requests
from incidents.escalation.models import Ask, CoverageGap
from incidents.escalation.requests import NewAsk
from incidents.escalation.targets import as_duty_person
from incidents.record.models import Incident, Page, TimelineEntry
from incidents.response import arrivals, handover, lifecycle
from notify.models import Message
from people.models import Person
from roster.models import Duty
from tests.support.failing_database import KINDS, failing
from tests.support.tet_night import NIGHT, Night

pytestmark = pytest.mark.both_dbs("each driver has faults of its own")
LATER = NIGHT + engine.AFTER_A_FAULT
EVERY_KIND = sorted({kind for kinds in KINDS.values() for kind in kinds})


@pytest.fixture
def night(app: Flask, night: Night, monkeypatch: pytest.MonkeyPatch) -> Night:
    """Two people on operations duty; nobody waits for a lock that will not come, nor does chores besides."""
    monkeypatch.setattr(writing, "WAIT_FOR_LOCK", 0.0)
    monkeypatch.setattr(engine, "LONGEST_TURN", 3600.0)  # a busy machine ends no turn early
    for chore in ("end_rehearsals", "keep_deadlines_near"):
        monkeypatch.setattr(engine, chore, _no_chore)
    app.config.update(MAIL_URL="smtp://127.0.0.1:9", MAIL_FROM="truc@buudien.example")
    night.publish("operations", "EM1")
    return night


@pytest.fixture(params=[pytest.param(12, id="each-twelfth"), pytest.param(1, id="each", marks=pytest.mark.rest)])
def every(request: pytest.FixtureRequest) -> int:
    """At which statements the database fails: the walk over all of them is long, and places beside each other alike."""
    return int(request.param)


@pytest.fixture
def first(every: int, dialect: str) -> int:
    """Where the walk begins: PostgreSQL is struck in the middle between the places at which SQLite is."""
    return 1 + every // 2 if dialect == "postgresql" else 1


def _no_chore(_now: datetime) -> None:
    """Their statements would only be struck besides."""


def calls(incident: Incident, purpose: str = "call") -> list[tuple[str, str, int]]:
    """(person, channel, letters) of every call that stands."""
    database.session.rollback()
    rows = database.session.execute(
        select(Person.code, Page.channel, func.count(Message.id))
        .join(Person, Person.id == Page.person_id)
        .outerjoin(Message, Message.id == Page.message_id)
        .where(Page.incident_id == incident.id, Page.purpose == purpose)
        .group_by(Page.id, Person.code, Page.channel)
        .order_by(Person.code)
    )
    return [tuple(row) for row in rows]


def letters(topic: str) -> int:
    database.session.rollback()
    return database.session.scalar(select(func.count()).select_from(Message).where(Message.topic == topic)) or 0


def struck_everywhere(
    kind: str,
    once: bool,
    make: Callable[[], Any],
    work: Callable[[], Any],
    check: Any,
    *,
    every: int = 1,
    first: int = 1,
) -> None:
    """Let the database fail at the first statement of ``work``, at the second, … and always work again afterwards."""
    for place in itertools.count(first, every):
        made = make()
        database.session.remove()
        with failing(database.engine, kind, at=place, once=once) as fault:
            with suppress(SQLAlchemyError):
                work()
            database.session.remove()
        work()
        database.session.remove()
        check(made)
        if not fault.struck:
            break
        with transaction() as session:  # over: or each look would read more than the one before, and never end
            session.execute(update(Incident).values(status="resolved"))
    assert place > 15 + every - 1, "it was struck at too few places to mean anything"


def escalate() -> None:
    """Two ticks of the worker: what failed at the first is due again at the second."""
    engine.escalate_due(NIGHT)
    engine.escalate_due(LATER)


def alone() -> None:
    """One step with each person's call in a savepoint, as it is done after the first fault."""
    for each in engine.due(LATER):
        engine.fire(each, NIGHT)


def kinds_here(kind: str) -> None:
    if kind not in KINDS[database.engine.dialect.name]:
        pytest.skip("no such fault there")


@pytest.mark.parametrize(
    ("kind", "once", "work"),
    [(kind, True, alone) for kind in EVERY_KIND]
    + [("disk full", True, escalate), ("disk full", False, escalate), ("line lost", False, escalate)],
)
def test_a_step_calls_everybody_once_wherever_the_database_fails(
    night: Night, kind: str, once: bool, work: Callable[[], None], every: int, first: int
) -> None:
    kinds_here(kind)

    def everybody_once(incident: Incident) -> None:
        assert calls(incident) == [("BI1", "email", 1), ("EM1", "email", 1)]
        assert letters(f"incident/{incident.id}") == 2
        fresh = database.session.get_one(Incident, incident.id)
        assert (fresh.escalation.step, fresh.escalation.cycle) == (1, 1)
        kinds = select(TimelineEntry.kind).where(TimelineEntry.incident_id == incident.id).order_by(TimelineEntry.id)
        assert list(database.session.scalars(kinds)) == ["logged", "called"]
        audited = select(func.count()).where(AuditEntry.action == "incident.call", AuditEntry.thing_id == incident.code)
        assert database.session.scalar(audited) == 1

    # Where not each statement has its turn, kinds beside each other strike at other places.
    step, first = (2 * every, first + every * (EVERY_KIND.index(kind) % 2)) if every > 1 else (1, 1)
    struck_everywhere(kind, once, night.log, work, everybody_once, every=step, first=first)


@pytest.mark.parametrize("step", [14, pytest.param(7, marks=pytest.mark.rest)])
def test_a_fault_in_a_backlog_costs_no_other_incident_its_calls(night: Night, step: int) -> None:
    def make() -> list[Incident]:
        return [night.log(title=f"Sự cố {number}") for number in range(engine.FEW + 1)]

    def everybody_once(incidents: list[Incident]) -> None:
        for incident in incidents:
            assert calls(incident) == [("BI1", "email", 1), ("EM1", "email", 1)]

    struck_everywhere("disk full", True, make, escalate, everybody_once, every=step)


def test_a_gap_is_noticed_although_the_database_failed_when_it_was_met(night: Night, every: int, first: int) -> None:
    def make() -> Incident:
        night.withdraw("operations")
        with transaction() as session:
            session.query(CoverageGap).delete()
        return night.log()

    def noticed(incident: Incident) -> None:
        assert calls(incident) == [("EM1", "email", 1)]
        assert database.session.scalars(select(CoverageGap.duty)).all() == ["operations"]

    struck_everywhere("disk full", True, make, escalate, noticed, every=every, first=first)


def test_a_question_is_put_once_wherever_the_database_fails(night: Night, every: int, first: int) -> None:
    def make() -> tuple[Incident, int]:
        incident = night.log()
        with transaction() as session:
            held = session.get_one(Incident, incident.id)
            held.escalation.next_at = NIGHT + timedelta(hours=1)
            person = as_duty_person(session.get_one(Person, night.ids["AN1"]))
            [ask] = requests.put(
                session, held, NewAsk("more", "thử", rule="person", by="x"), persons=[person], now=NIGHT, call=False
            )
            ask.next_at = NIGHT
        return incident, ask.id

    def asked_once(made: tuple[Incident, int]) -> None:
        incident, ask_id = made
        assert calls(incident, "more") == [("AN1", "email", 1)]
        assert database.session.get_one(Ask, ask_id).turn == 1

    struck_everywhere("disk full", True, make, lambda: requests.ask_due(NIGHT), asked_once, every=every, first=first)


def test_whoever_comes_on_duty_is_asked_once_wherever_the_database_fails(night: Night, every: int, first: int) -> None:
    with transaction() as session:
        for duty in session.query(Duty).filter(Duty.person_id == night.ids["BI1"]):
            duty.cancelled_at = NIGHT

    def make() -> Incident:
        incident = night.log()
        lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT)
        with transaction() as session:
            session.get_one(Incident, incident.id).escalation.held_duty = "operations"
        return incident

    def asked_once(incident: Incident) -> None:
        assert calls(incident, "handover") == [("EM1", "email", 1)]

    struck_everywhere("disk full", True, make, lambda: handover.look(NIGHT), asked_once, every=every, first=first)


def test_who_is_late_is_asked_once_wherever_the_database_fails(night: Night, every: int, first: int) -> None:
    def make() -> Incident:
        incident = night.log()
        lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT)
        with transaction() as session:
            session.get_one(Incident, incident.id).escalation.arrives_at = NIGHT - timedelta(minutes=1)
        return incident

    def asked_once(incident: Incident) -> None:
        assert calls(incident, "arrival") == [("BI1", "email", 1)]

    struck_everywhere("disk full", True, make, lambda: arrivals.look(NIGHT), asked_once, every=every, first=first)


def test_what_is_wrong_with_one_persons_data_is_still_theirs_alone(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value that does not fit would fail for ever: the others are called, and this one is called by hand."""
    incident, real = night.log(), pages.outbox.fresh

    def breaks(*args: Any, **given: Any) -> Message:
        message = real(*args, **given)
        if message.address == "bi1@buudien.example":
            message.subject = None  # type: ignore[assignment]
        return message

    monkeypatch.setattr(pages.outbox, "fresh", breaks)
    assert engine.escalate_due(NIGHT) == 1
    assert calls(incident) == [("BI1", "none", 0), ("EM1", "email", 1)]
