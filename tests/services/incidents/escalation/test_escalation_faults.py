"""Late calls, clocks that jump, faults, many workers at once: nobody is forgotten, nobody is called twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from core import clock
from core.db import db as database
from core.models import AuditEntry
from incidents.escalation import engine, pages
from incidents.policies import drafts
from incidents.record.models import Escalation, TimelineEntry
from incidents.response import lifecycle
from tests.support.in_parallel import in_parallel
from tests.support.incident_facts import called, mails, next_in
from tests.support.policies import set_policy
from tests.support.tet_night import ADMIN, NIGHT, Night

on_both = pytest.mark.both_dbs("many at once: locks")
SEC = timedelta(seconds=1)


def test_a_fault_of_one_persons_call_leaves_the_others_theirs(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    night.publish("operations", "EM1")
    incident, real = night.log(), pages.page_words.text_for

    def breaks(channel: str, incident: Any, page: Any, person: Any, *args: Any, **kwargs: Any) -> Any:
        if person.code == "BI1":
            raise RuntimeError("hỏng")
        return real(channel, incident, page, person, *args, **kwargs)

    monkeypatch.setattr(pages.page_words, "text_for", breaks)
    assert engine.escalate_due(NIGHT) == 1
    assert sorted(called(incident)) == [(0, "BI1", "none"), (0, "EM1", "email")]
    entry = database.session.scalar(select(TimelineEntry).where(TimelineEntry.kind == "called"))
    assert entry is not None and entry.params["by_hand"] == ["Trần Thị Bình"]


def test_after_downtime_one_step_fires_and_says_that_it_is_late(night: Night) -> None:
    incident = night.log()
    late = NIGHT + timedelta(hours=2)
    assert [engine.escalate_due(late), engine.escalate_due(late)] == [1, 0]
    assert called(incident) == [(0, "BI1", "email")]
    assert "trễ 2 giờ" in mails()[0].subject and "trễ 2 giờ" in mails()[0].body
    assert next_in(incident, late) == 300 * SEC


def test_a_clock_that_jumps_back_costs_at_most_the_longest_wait(night: Night) -> None:
    steps = [drafts.StepSpec(0, duty="operations"), drafts.StepSpec(60, duty="emergency")]
    waits = {"repeat_after_seconds": 900, "ack_timeout_seconds": 1800}
    set_policy(night.ids["BDA"], steps, **waits, actor=ADMIN, now=NIGHT)
    incident, uncalled = night.log(), night.log()
    engine.escalate_due(NIGHT)
    with database.engine.begin() as line:
        line.execute(
            update(Escalation).where(Escalation.incident_id == uncalled.id).values(step=0, fired_at=None, next_at=NIGHT)
        )
    earlier = NIGHT - timedelta(hours=2)
    with clock.travel(earlier):
        engine.escalate_due(earlier)
    assert next_in(uncalled, earlier) == 60 * SEC, "nobody was called yet: that is no pause between two turns"
    assert next_in(incident, earlier) == 60 * SEC, "between two steps nobody waits as long as between two turns"
    engine.escalate_due(earlier + 60 * SEC)
    again = earlier - timedelta(hours=2)
    with clock.travel(again):
        engine.escalate_due(again)
    assert next_in(incident, again) == 900 * SEC


def test_a_clock_that_jumps_back_respects_the_time_out_and_the_hurry_of_an_exercise(night: Night) -> None:
    taken, drill = night.log(), night.log(rehearsal=night.rehearse(now=NIGHT, minutes=600))
    engine.escalate_due(NIGHT)
    lifecycle.acknowledge(taken.id, actor=night.actor("BI1"), now=NIGHT)
    earlier = NIGHT - timedelta(hours=2)
    with clock.travel(earlier):
        assert [engine.keep_deadlines_near(earlier), engine.keep_deadlines_near(earlier)] == [2, 0]
    assert (next_in(taken, earlier), next_in(drill, earlier)) == (1800 * SEC, 20 * SEC)


def test_watching_the_clock_takes_one_statement_however_many_are_open(night: Night) -> None:
    for _ in range(3):
        night.log()
    engine.escalate_due(NIGHT)
    database.session.rollback()
    asked: list[str] = []
    listener = lambda *args: asked.append(args[2])  # noqa: E731
    event.listen(database.engine, "before_cursor_execute", listener)
    try:
        assert engine.keep_deadlines_near(NIGHT) == 0
    finally:
        event.remove(database.engine, "before_cursor_execute", listener)
    assert len([each for each in asked if each != "BEGIN"]) == 1


@pytest.mark.parametrize("chore", ["end_rehearsals", "keep_deadlines_near"])
def test_a_fault_of_the_housekeeping_stops_no_call(night: Night, monkeypatch: pytest.MonkeyPatch, chore: str) -> None:
    incident = night.log()

    def breaks(now: datetime) -> int:
        raise RuntimeError("hỏng")

    breaks.__name__ = chore
    monkeypatch.setattr(engine, chore, breaks)
    assert engine.escalate_due(NIGHT) == 1
    assert len(called(incident)) == 1


def test_one_faulty_incident_stops_no_other(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = night.log(), night.log()
    real = engine.decide

    def breaks(policy: Any, *args: Any, **facts: Any) -> Any:
        if database.session.get(Escalation, bad.id).fired and not database.session.get(Escalation, good.id).fired:  # type: ignore[union-attr]
            raise RuntimeError("hỏng")
        return real(policy, *args, **facts)

    monkeypatch.setattr(engine, "decide", breaks)
    assert engine.escalate_due(NIGHT) == 1
    assert (called(bad), len(called(good))) == ([], 1)
    assert database.session.scalar(select(AuditEntry.action).where(AuditEntry.action == "incident.fault"))
    monkeypatch.undo()
    assert engine.escalate_due(NIGHT + engine.AFTER_A_FAULT) == 1
    assert len(called(bad)) == 1


@on_both
def test_eight_workers_at_once_call_once(night: Night, app: Flask) -> None:
    incidents = [night.log(title=f"Sự cố {n}") for n in range(3)]
    fired = in_parallel(app, 8, lambda _n: engine.escalate_due(NIGHT))
    assert sum(fired) == 3
    assert [len(called(each)) for each in incidents] == [1, 1, 1]


@on_both
def test_a_step_that_somebody_else_has_claimed_is_not_fired_again(night: Night) -> None:
    night.log()
    (seen,) = engine.due(NIGHT)
    assert [engine.fire(seen, NIGHT), engine.fire(seen, NIGHT)] == [True, False]
    assert len(mails()) == 1


@pytest.mark.both_dbs("the order of rows that were written again")
def test_of_what_is_due_at_one_moment_the_first_reported_is_called_first(night: Night) -> None:
    first, second = night.log(), night.log()
    with database.engine.begin() as line:
        line.execute(update(Escalation).where(Escalation.incident_id == first.id).values(step=0))
    assert [each.incident_id for each in engine.due(NIGHT)] == [first.id, second.id]
