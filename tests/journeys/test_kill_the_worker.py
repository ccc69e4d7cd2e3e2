"""Power cuts: a worker that dies between any two of its steps, and the next one that carries on.

Escalation and delivery are cut in one life of one incident, so that every cut also has to bear the ones before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from core import clock
from core.db import db as database, transaction
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.policies import drafts
from incidents.record.models import Escalation, Incident, Page
from incidents.response import lifecycle
from notify.models import Message
from roster.models import DraftAssignment, Seat
from roster.solving import services as solving
from roster.solving.models import SolveRun
from roster.solving.services import SolveRequest
from tests.support import factories
from tests.support.policies import set_policy
from tests.support.smtp_sink import SmtpSink, smtp_sink, wait_until
from tests.support.tet_night import ADMIN, Night
from tests.support.worker import running_worker

pytestmark = pytest.mark.both_dbs("what a dead worker's connection held is let go by each database in its own way")

BINH, EM = "bi1@buudien.example", "em1@buudien.example"
KILLED = 137
CUTS = ["escalation.claimed", "escalation.called", "escalation.fired", "outbox.accepted"]
"""The cuts of one call's life; test_delivery.py has every cut of a letter's."""
PATIENCE = 40


@pytest.fixture
def sink(app: Flask) -> Iterator[SmtpSink]:
    with smtp_sink() as server:
        app.config.update(MAIL_URL=server.url, MAIL_FROM="truc@buudien.example")
        yield server


@pytest.fixture
def tonight(app: Flask) -> Night:
    """The same enterprise on duty right now, since a worker's clock cannot travel."""
    tonight, start = Night(), clock.now() - timedelta(hours=3)
    tonight.withdraw("operations", "emergency", "leadership")
    for duty, code in (("operations", "BI1"), ("emergency", "EM1"), ("leadership", "AN1")):
        tonight.publish(duty, code, start=start)
    return tonight


def report(tonight: Night, *, emergency_after: int = 600) -> int:
    """Something breaks; the incident's id."""
    steps = [("operations", 0), ("emergency", emergency_after), ("leadership", 600)]
    set_policy(
        tonight.ids["BDA"],
        [drafts.StepSpec(duty=duty, after_seconds=wait) for duty, wait in steps],
        repeat_after_seconds=600,
        ack_timeout_seconds=600,
        actor=ADMIN,
        now=clock.now(),
    )
    incident, _created = creation.log(
        IncidentReport(title="Mất điện", category="power", severity=2, unit_id=tonight.ids["BDA"], actor=ADMIN),
        now=clock.now(),
    )
    return incident.id


def rows(statement: Any) -> list[Any]:
    """Read afresh what other processes have written."""
    database.session.rollback()
    return list(database.session.execute(statement.execution_options(populate_existing=True)).all())


def everything_sent() -> bool:
    states = [row.state for row in rows(select(Message.state))]
    return bool(states) and set(states) == {"sent"}


def test_a_worker_that_dies_at_every_step_in_turn_loses_nothing_and_calls_once(
    app: Flask, tonight: Night, sink: SmtpSink, tmp_path: Path
) -> None:
    incident_id = report(tonight)
    for cut in CUTS:
        with running_worker(app, tmp_path, FAILPOINT=cut) as worker:
            assert worker.wait() == KILLED, worker.log.read_text()
    with running_worker(app, tmp_path):
        wait_until(everything_sent, seconds=PATIENCE, what="the note that it was sent")
    assert [(page.step, page.cycle) for (page,) in rows(select(Page).filter_by(incident_id=incident_id))] == [(0, 1)]
    # Bình was called once; the letter came twice, as one letter, because one cut fell between "taken" and our note.
    assert [arrival.recipient for arrival in sink.arrivals] == [BINH] * 2
    assert len({arrival.message_id for arrival in sink.arrivals}) == 1


def test_the_step_that_fell_due_while_it_was_dead_is_called_when_it_is_back(
    app: Flask, tonight: Night, sink: SmtpSink, tmp_path: Path
) -> None:
    incident_id = report(tonight, emergency_after=1)
    with running_worker(app, tmp_path, FAILPOINT="escalation.claimed@2") as worker:
        assert worker.wait() == KILLED  # about to call the second step
    assert [arrival.recipient for arrival in sink.arrivals] in ([], [BINH])  # the sender may not have got to it
    due = select(Escalation.next_at).filter_by(incident_id=incident_id)
    wait_until(lambda: rows(due)[0].next_at < clock.now(), what="the moment of the second step")
    with running_worker(app, tmp_path):
        wait_until(lambda: {a.recipient for a in sink.arrivals} == {BINH, EM}, seconds=PATIENCE, what="both letters")
        wait_until(everything_sent, seconds=PATIENCE, what="the note that they were sent")
    called = rows(select(Page.step, Page.cycle).filter_by(incident_id=incident_id).order_by(Page.id))
    assert [tuple(call) for call in called] == [(0, 1), (1, 1)]
    assert len({arrival.message_id for arrival in sink.arrivals}) == 2


def test_an_acknowledgement_while_it_was_dead_is_kept_and_nobody_is_called_after(
    app: Flask, tonight: Night, sink: SmtpSink, tmp_path: Path
) -> None:
    incident_id = report(tonight, emergency_after=1)
    with running_worker(app, tmp_path, FAILPOINT="outbox.claimed") as worker:
        assert worker.wait() == KILLED
    lifecycle.acknowledge(incident_id, person_id=tonight.ids["BI1"], actor=ADMIN, now=clock.now())
    # Another one shows that the new worker has been through everything that was due.
    canary = tonight.log("Xe hỏng", "vehicle", "BDC", severity=2, now=clock.now())
    code = database.session.get_one(Incident, canary.id).code
    with running_worker(app, tmp_path):
        wait_until(lambda: any(code in subject for subject in sink.subjects), seconds=PATIENCE, what="the other call")
    first = database.session.get_one(Incident, incident_id).code
    assert [subject for subject in sink.subjects if first in subject] == []
    assert rows(select(Incident.status).filter_by(id=incident_id))[0].status == "acknowledged"


def test_a_roster_is_thought_again_until_it_is_written(app: Flask, tmp_path: Path) -> None:
    unit = factories.make_unit()
    factories.make_round_the_clock(unit)
    for number in range(1, 11):
        factories.make_person(f"P{number:02d}", unit, duties=("leadership", "operations", "emergency"))
    campaign = factories.make_campaign(unit)
    run_id = solving.request_solve(campaign.id, SolveRequest(seconds=1, seed=1), actor=ADMIN, now=clock.now()).id
    for cut in ("solve.claimed", "solve.thought", "solve.finished"):
        with running_worker(app, tmp_path, FAILPOINT=cut) as worker:
            assert worker.wait() == KILLED, worker.log.read_text()
        with transaction() as session:  # half a minute passes: whoever had it is not coming back
            dead = update(SolveRun).where(SolveRun.status == "running")
            session.execute(dead.values(leased_until=clock.now() - timedelta(seconds=1)))
    assert rows(select(SolveRun.status).filter_by(id=run_id))[0].status in ("optimal", "feasible")
    assert len(rows(select(DraftAssignment.seat_id))) == len(rows(select(Seat.id))) == 18
